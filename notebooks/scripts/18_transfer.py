# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: tags,jupyter,slideshow,cellView,-all
#     notebook_metadata_filter: kernelspec,jupytext,-jupytext.text_representation.jupytext_version,-language_info,-widgets
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 18 · Transfer, and an outlook
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# A GAN shall learn the digits 5 to 9 from twenty pictures, or a hundred. It may start anew, or from a GAN that has learned 0 to 4. Two methods stand side by side: samples above, and under each the picture that it is nearest to. Slide the number of
# pictures down. Which samples are good, and which are copies?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show few images
from statistics import median

import torch

from gan_edu.core.measures import measured
from gan_edu.core.notebook import FAKE, GENERATOR, INK, REAL, claims, pace, show, subplots
from gan_edu.core.training import setup
from gan_edu.widgets import FewImages, Guess, Guesses

setup()
FewImages(measured("few_images"))

# %% [markdown]
# **After this chapter you can**
#
# - start a GAN from another's weights, and hold a part of D still (FreezeD),
# - change what D sees, as much as it overfits (ADA), and say when such changes leak,
# - tell a good sample from a copy,
# - make D a classifier that needs few labels,
# - mark what a generator makes, and say how sure a finding is,
# - read the whole course again, in two tables.
#
# ## 1 · A GAN that has learned something else
#
# **Transfer learning** (迁移学习) starts from weights that another task left. In a GAN there are two networks to start from; G's maps and D's features may both serve new classes.

# %%
from gan_edu.core.data import Batches, mnist
from gan_edu.training_loop import GAN, train
from gan_edu.transfer import few, pair, transferred

images, labels = mnist()
old = images[labels < 5]                                         # learned first: 0 to 4
new, _ = few(images, labels, range(5, 10), each=20)              # a hundred of 5 to 9

# %%
torch.manual_seed(0)
before = GAN(*pair(), 24)
for record in train(before, Batches(old, 32), pace(test=2, lesson=400, full=1500)):
    pass
gan = transferred(before)                                        # both networks; optimisers anew
same = all(map(torch.equal, gan.generator.parameters(), before.generator.parameters()))
assert same and gan.step == 0, "it does not start where the other stands"

# %% [markdown]
# **FreezeD** (Mo et al. 2020) holds D's lower layers still: strokes and edges are the same for all digits, and what does not move cannot overfit. The gradient still goes through them, to G.

# %%
from gan_edu.transfer import freeze

frozen = transferred(before, frozen=2)
still = [not w.requires_grad for w in frozen.discriminator.parameters()]
print(sum(still), "of", len(still), "tensors of D stay")
kept = [w.clone() for w in frozen.discriminator.parameters()]
for record in train(frozen, Batches(new, 32), 3):
    pass
moved = [not torch.equal(a, b) for a, b in zip(kept, frozen.discriminator.parameters(), strict=True)]
assert moved == [not each for each in still], "what is frozen moves, or what is not stays"

# %% [markdown]
# ## 2 · Change what D sees
#
# With few pictures D learns them by heart, and G is paid for copies. `DiffAugment` ([chapter 11](11_modern.ipynb)) shows D each picture changed, real and fake alike. **ADA** (自适应增广; Karras et al. 2020) changes it with a probability $p$, and steers $p$ by how sure D is of what it learns from:
#
# $$r = \mathbb{E}\,\text{sign}\,D(T_p(x)), \qquad p \leftarrow \text{clip}\big(p + \text{sign}(r - 0.6)\,\tfrac{\text{every}}{\text{rise}}\big)$$
#
# When does a change *leak* into the samples? Not as long as it can be undone as a map of distributions. A quarter turn with probability $p$ can: a turn of a quarter has the eigenvalues 1 and …, so that for $p < 1$ no other distribution looks the same.

# TODO cells: ADA by hand on a small D; the matrix of a turn, its eigenvalues 1 and 1 − p, singular at p = 1

# %% [markdown]
# ## 3 · Few pictures, six methods, five seeds
#
# TODO guess and table from measured("transfer"): fid, recognised, memorised, copied at n = 20, 100, 500; longer; fashion.
# What the runs say so far (three seeds): fine-tuned + DiffAugment best at each n (96, 65, 66); fine-tuning alone copies most at 20 (.41; FreezeD .47, scratch .28, + DiffAugment .10); FreezeD is no gain over
# fine-tuning; ADA at 20 pictures is worse than scratch in FID and copies nothing (.004); "longer" (scratch with pretraining's steps added) is *worse* than scratch at 1,200 steps (FID 261 against 143, copied .12 against .003): more steps with few pictures do harm.
# Clothes: from scratch FID 248, fine-tuned from digits 398, FreezeD 507: from far away transfer does harm, at these settings (tuned on digits).

# %% [markdown]
# ## 4 · A D that names classes
#
# TODO: semi-supervised: formula, D = σ(log Z), cell; table from measured("few_labels"): at 10, 50, 100 labels, five seeds: D names classes .49, .81, .86; from scratch .39, .67, .74; pixels .41, .67, .74; a GAN's D as features .42, .67, .74; an untrained D .40, .66, .72.
#
# ## 5 · Where does a picture come from?
#
# TODO: mark, evidence, threshold; table from measured("provenance"); misreading: "a watermark proves".
#
# ## 6 · What each chapter found
#
# Before an outlook, a look back. One finding a chapter, each measured or derived there.
#
# | chapter | what it found |
# |---|---|
# | [00 start here](00_start_here.ipynb) | A GAN draws samples, and cannot say how likely one is. |
# | [01 value function](01_value_function.ipynb) | At the best D the value is $-\log 4 + 2\,\mathrm{JS}$. Across a gap JS has no slope. |
# | [02 losses](02_losses.ipynb) | Where D is sure, only the non-saturating loss keeps a slope for G. |
# | [03 training loop](03_training_loop.ipynb) | Both losses near 0 are no success. The fast loop and the loop by hand end with the same weights. |
# | [04 MNIST GAN](04_mnist_gan.ipynb) | Five seeds of the textbook GAN are five different runs, and one collapsed. |
# | [05 tricks](05_tricks.ipynb) | Whether a trick helps is a question for seeds and equal time, not for one picture. |
# | [06 convergence](06_convergence.ipynb) | Minimax circles where R1 comes to rest, fastest at $γ = 2|f'(0)|$. |
# | [07 evaluation](07_evaluation.ipynb) | Each score is blind to something. FID sees means and covariances, and nothing else. |
# | [08 mode collapse](08_mode_collapse.ipynb) | Losses do not tell of it. A sign of variety beside one of quality does. |
# | [09 Wasserstein](09_wasserstein.ipynb) | W1 grows with the distance where JS is at its end. Between pictures its estimate is nearly all floor. |
# | [10 convolutional](10_convolutional.ipynb) | Asked for a digit, G draws it. How well, and how varied, are two questions. |
# | [11 modern](11_modern.ipynb) | Pairs raised FID in a minute of one core, and with R1 and R2 and more steps on a card they were best. |
# | [12 scaling](12_scaling.ipynb) | Two processes are the same run in float64. In float32 rounding grows to the third digit. |
# | [13 restoration](13_restoration.ipynb) | With a D answers look real, and are right less often. |
# | [14 text](14_text.ipynb) | SeqGAN makes an early writer better. The same time spent on likelihood makes it better by far. |
# | [15 translation](15_translation.ipynb) | A GAN reads a cipher without one pair. With whole lexicons it nearly fails, where words spelled alike do well. |
# | [16 molecules](16_molecules.ipynb) | A paid-for score is gamed. Draw many and sort is the rival to beat. |
# | [17 finance](17_finance.ipynb) | FINANCE_FINDING |
# | 18 transfer | TRANSFER_FINDING |
#
# ## 7 · The document, sentence by sentence
#
# This course grew from a text of a few pages. Here is what it says of GANs, and what became of it.
#
# | it says | what runs here | what is missing, and why |
# |---|---|---|
# | 1.3 GANs make samples of high quality | digits and clothes of 28 × 28, from two cores ([04](04_mnist_gan.ipynb), [10](10_convolutional.ipynb), [11](11_modern.ipynb)) | faces of 1,024 pixels need days of many cards; the same losses are at work there |
# | 1.3 no distribution is assumed | true of the formula; the network and the noise assume one, and a gap between modes is hard ([08](08_mode_collapse.ipynb)), as are heavy tails ([17](17_finance.ipynb)) | – |
# | 1.3 they extend to large data and models | two processes, data from disk, cost by a model ([12](12_scaling.ipynb)) | a cluster |
# | 6.1 realistic pictures: faces, landscapes, objects | digits, clothes, and stacked digits of a thousand classes | colour photographs: data that nobody may ship, and more computing |
# | 6.1 restoration: noise, holes | three kinds of damage on one network ([13](13_restoration.ipynb)) | it invents: no evidence may come of it |
# | 6.1 super-resolution | from 7 × 7 to 28 × 28 ([13](13_restoration.ipynb)) | photographs |
# | 6.2 text: poems, code, dialogue | surnames, and lines of a book ([14](14_text.ipynb)) | poems and dialogue: language models by likelihood do that, and GANs do not |
# | 6.2 translation made better | a cipher, a lexicon, numbers in words ([15](15_translation.ipynb)) | it was not made better by D here |
# | 6.3 drugs with given properties | molecules by QED, gamed and held ([16](16_molecules.ipynb)) | whether one can be made, and what it binds to |
# | 6.3 markets, for instance to predict stock prices | simulated markets, and risk ([17](17_finance.ipynb)) | a forecast of prices: there is next to none |
# | 7.1 more stable training | penalties, pairs, spectral norm, EMA ([05](05_tricks.ipynb), [06](06_convergence.ipynb), [11](11_modern.ipynb)) | a proof beyond small games |
# | 7.1 new models for fields | U-Nets, GRUs, graphs, temporal convolutions ([13](13_restoration.ipynb) to [17](17_finance.ipynb)) | – |
# | 7.1 with reinforcement learning | SeqGAN, ORGAN ([14](14_text.ipynb), [16](16_molecules.ipynb)) | – |
# | 7.1 with transfer learning | sections 1 to 3 here | networks that learned from millions of photographs |
# | 7.2 mode collapse | an alarm, causes, cures ([08](08_mode_collapse.ipynb)) | a cure for all causes |
# | 7.2 no perfect score | eight scores, each with what it is blind to ([07](07_evaluation.ipynb)) | a perfect score |
