# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: tags,-all
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
# # 00 · Start here
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/00_start_here.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/00_start_here.ipynb)
#
# This is a course on **generative adversarial networks** that you play with. Here is its main character: a GAN that
# learned to draw digits, recorded over 100 epochs. **Drag the slider**, or press Play.

# %% tags=["colab"]
from importlib.util import find_spec
from os import environ

if not find_spec("gan_edu"):  # Colab: add the course to what is there, upgrade nothing
    source = environ.get("GAN_EDU_SRC", "git+https://github.com/gan-edu/gan_edu")
    lacking = [name for name in ("anywidget", "psygnal", "torchmetrics", "lightning_utilities") if not find_spec(name)]
    # %pip install -q --no-deps "{source}" {" ".join(lacking)}

from gan_edu.core.waiting import wait_briefly

wait_briefly()  # before torch is loaded: a busy program beside this one shall do little harm

# %%
from gan_edu.core.recording import shipped
from gan_edu.widgets import Replay

film = shipped("mnist_textbook")
Replay(film)

# %% [markdown]
# **After this chapter you can**
#
# - use the controls, and choose how long the notebooks train,
# - say what supervised and unsupervised learning ask for,
# - say what explicit and implicit density models are, and where GANs stand.
#
# It takes 15 minutes to read and under a minute to run, at any pace. It needs no network, and no knowledge beyond
# Python and what a probability is.
#
# ## The controls
#
# | you want to | mouse or touch | keys, after a click on the picture |
# |---|---|---|
# | go to another moment | drag the slider, or click on a curve | ← → one frame, Page Up / Down ten, Home, End |
# | play, pause | Play | space |
# | see whom D believes | switch on *D's verdict* | Tab to the switch, then space |
#
# A control is alive while a kernel runs. In a saved notebook you see a contact sheet in its place; **Run → Run All
# Cells** brings it to life.
#
# ## Is everything there?
#
# The next cell looks at Python, PyTorch, the device and the data. Where something is missing, the cure stands beside
# it.

# %%
from gan_edu.core import environment

problems = [row for row in environment.report() if not row.ok]
print("everything is there" if not problems else "\n".join(f"{row.name}: {row.cure}" for row in problems))

# %% [markdown]
# `python -m gan_edu check` prints the whole table.
#
# ## Three paces
#
# Where a notebook trains, it says how long, three times over:

# %%
from gan_edu.core.pace import pace

steps = pace(test=20, lesson=10 * 937, full=100 * 937)
print(f"a training cell of chapter 04 would now take {steps:,} steps")

# %% [markdown]
# *lesson* is the default: about a minute a section on two processor cores. *full* is the whole run, better on a GPU:
# start Jupyter with `GAN_EDU_PACE=full`. *test* only shows that the cells run, and says so.
#
# ## The map
#
# | | chapter | what you play with | minutes |
# |---|---|---|---|
# | **The game** | 00 start here (this one) | the first replay | 15 |
# | | [01 the value function](01_value_function.ipynb) | two densities that you drag, and what D can earn from them | 45 |
# | | [02 losses](02_losses.ipynb) | twelve losses and their slopes | 60 |
# | | [03 the training loop](03_training_loop.ipynb) | the plane: a GAN of points, live and in slow motion | 60 |
# | | [04 the MNIST GAN](04_mnist_gan.ipynb) | train it, slide through its epochs, measure its faults | 60 |
# | **Making it work** | [06 convergence](06_convergence.ipynb) | drag a start, slide a brake, see eigenvalues move | 50 |
#
# In a hurry for pictures? Go to chapter 04 at once, and come back to 01 when you want to know why it works. The rest
# of *making it work*, *better GANs* and *GANs at work* are being written. Every term stands, with the Chinese one beside it,
# in the [glossary](glossary.md).
#
# ## What is asked for: supervised and unsupervised
#
# **Supervised** learning gets pairs: a picture $x$ and its label $y$. It asks: *which label?* That is $p(y \mid x)$.
# The network that scores this course's digits is of that kind.

# %%
# NBVAL_CHECK_OUTPUT
import torch

from gan_edu.core.data import mnist, scaled
from gan_edu.core.features import feature_net

test_images, test_labels = mnist(train=False)
net = feature_net()
with torch.no_grad():
    guess = net.classify(net(scaled(test_images[:8]))).argmax(1)
print("the network says", guess.tolist(), "and the labels are", test_labels[:8].tolist())

# %% [markdown]
# **Unsupervised** learning gets the pictures alone. It asks: *which pictures are likely?* That is $p(x)$. Whoever knows
# $p(x)$ can draw new pictures, fill a hole, or notice what does not belong.
#
# Nobody wrote labels for a GAN. D's question, "real or made?", has an answer for free: we know where each picture came
# from.
#
# ## Two kinds of density model
#
# An **explicit** model has a formula for $p(x)$. Here is a very simple one: each pixel is black or white
# on its own, with the probability seen in the training set. It gives any picture a log-probability.

# %%
images, labels = mnist(train=True)
white = (images > 127).float().mean(0).clamp(1e-3, 1 - 1e-3)             # (1, 28, 28), p(pixel is white)


def log_p(x):
    """log p(x) in nats under independent pixels; x: (N, 1, 28, 28), uint8."""
    on = (x > 127).float()
    return (on * white.log() + (1 - on) * (1 - white).log()).sum((1, 2, 3))


noise = torch.randint(0, 256, (100, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
print(f"mean log p: test digits {log_p(test_images).mean():.0f} nats, random noise {log_p(noise).mean():.0f} nats")
assert log_p(test_images).mean() > log_p(noise).mean() + 500

# %% [markdown]
# It knows that a digit is likelier than noise. **Predict:** what do *its own* pictures look like?

# %%
from gan_edu.core.figures import pictures

drawn = torch.bernoulli(white.expand(10, 1, 28, 28), generator=torch.Generator().manual_seed(0))
pictures(drawn * 2 - 1, "Ten pictures drawn pixel by pixel: clouds of white dots around the middle, no digits",
         columns=10)

# %% [markdown]
# An **implicit** model turns it round. It has no formula for $p(x)$; it has a machine that draws from it:
# $z \sim \mathcal N(0, I)$, then $x = G(z)$. Here is what the GAN of the film drew at the end.

# %%
tiles = torch.from_numpy(film.tiles(-1))
pictures(tiles[:10], "Ten samples of the GAN after 100 epochs: most can be read as digits, with some stray dots",
         columns=10)

# %% [markdown]
# The GAN draws far better, and you cannot ask it how likely a picture is. How much better? **FID** is a distance
# between 10,000 samples and the real test digits, as a network that reads digits sees them. Lower is better.

# %%
from gan_edu.core.features import Scorer

many = torch.bernoulli(white.expand(10_000, 1, 28, 28), generator=torch.Generator().manual_seed(1))
clouds, gan_score = Scorer(10_000).score_images(many * 2 - 1), film.scores[-1]
print(f"FID, 10,000 samples: pixel by pixel {clouds['fid']:.0f}, GAN {gan_score['fid']:.0f}, "
      f"real digits {film.meta['scoring']['fid_floor']:.1f}")
assert gan_score["fid"] < clouds["fid"] / 2

# %% [markdown]
# > **Common misreading.** "The reader is sure of its answer, so the picture is good." Look how sure it is of clouds:

# %%
print(f"mean confidence of the digit reader: pixel by pixel {clouds['confidence']:.2f}, GAN {gan_score['confidence']:.2f}")
assert clouds["confidence"] > 0.9

# %% [markdown]
# A network that has seen only digits must answer with a digit, whatever you show it. How to judge a generator is a
# question of its own: chapter 07.

# %% [markdown]
# ## Where GANs stand
#
# | model | has a formula for p(x) | draws a sample in | learns by |
# |---|---|---|---|
# | Gaussian, mixture, pixel model | yes | one pass | maximum likelihood |
# | autoregressive (language models) | yes | one pass a token | maximum likelihood |
# | normalising flow | yes | one pass | maximum likelihood |
# | variational autoencoder | a lower bound | one pass | maximising the bound |
# | diffusion | a lower bound | many passes (distilled: few) | removing noise |
# | **GAN** | **no** | **one pass** | **a game against D** |
#
# **Good at:** sharp pictures in one pass, so they are fast; a loss that is learned where no formula for "looks real"
# is known, as in super-resolution; making other generators fast.
#
# **Not good at:** they are hard to train and need care (chapters 05, 06); they may leave out part of the data
# (chapter 08); they give no likelihood, so it is hard to say how good they are (chapter 07); for discrete data such
# as text other models win (chapter 14 shows why). Since about 2021 diffusion models draw the best large pictures;
# GANs remain where speed counts, and as a loss inside other models.
#
# ## Exercises
#
# ### 1 · Which need no labels? (2 minutes, easy)
# (a) Which digit is this? (b) Which pictures look alike? (c) What will this house sell for? (d) Is this photograph
# unlike all others? Write the letters of the questions that can be asked without labels, such as `"ac"`.

# %%
from gan_edu.exercises import start_here as exercises

letters = ...
exercises.unsupervised(letters)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Ask of each: must a person have written down an answer beside each example?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# # solution 1
# letters = "bd"
# verdict = exercises.unsupervised(letters)
# ```
#
# </details>
#
# ### 2 · Explicit or implicit? (2 minutes, easy)
# A Gaussian fitted to heights; a GAN. Write `"explicit"` or `"implicit"` for each.

# %%
gaussian, gan = ..., ...
exercises.kinds_of_density(gaussian, gan)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Can you put in a value and get its density out?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# # solution 2
# gaussian, gan = "explicit", "implicit"
# verdict = exercises.kinds_of_density(gaussian, gan)
# ```
#
# </details>
#
# ### 3 · Read the film (5 minutes, medium)
# FID is a distance to the real digits: lower is better. At which recorded step is it below half of its start for the
# first time, and how large is it there? Slide, or use `film.steps` and `film.scores`.

# %%
step, fid = ..., ...
exercises.first_digits(step, fid, film)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `film.scores[0]["fid"]` is the FID before training. Frame `i` was taken at `film.steps[i]`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# # solution 3
# fids = [score["fid"] for score in film.scores]
# i = next(i for i, value in enumerate(fids) if value < fids[0] / 2)
# step, fid = film.steps[i], fids[i]
# verdict = exercises.first_digits(step, fid, film)
# ```
#
# </details>
#
# ## Words
#
# | term | what it means | 中文 |
# |---|---|---|
# | generator, G | network that turns a latent into a sample | 生成器 |
# | discriminator, D | network that judges whether a sample is real | 判别器 |
# | latent, z | the random numbers G starts from | 潜变量 |
# | sample | one thing drawn from a distribution | 样本 |
# | logit, l | D's output before the sigmoid: log D / (1 − D) | 对数几率 |
# | loss | the number a player makes small | 损失 |
# | value function, V(D, G) | what D maximises and G minimises | 值函数 |
# | adversarial training | two networks trained against each other | 对抗训练 |
# | step, epoch | one update of each player; one pass over the data | 步, 轮 |
# | batch | the samples that one step uses | 批 |
# | mode collapse | G draws only part of the data | 模式崩溃 |
# | label smoothing | asking D for 0.9 in place of 1 | 标签平滑 |
# | gradient penalty | a term that keeps D's slope small | 梯度惩罚 |
# | FID | Fréchet inception distance, between two sets of features | 弗雷歇初始距离 |
# | unsupervised learning | learning from examples without labels | 无监督学习 |
# | explicit, implicit density | with a formula for p(x); with samples only | 显式密度, 隐式密度 |

# %% [markdown]
# ## Summary
#
# - Supervised learning asks for p(y | x), unsupervised learning for p(x).
# - An explicit model answers "how likely?", an implicit one draws. GANs are implicit.
# - Every control in this course has its code beside it, and every claim a check.
#
# **Read.** Goodfellow (2016), *NIPS 2016 tutorial: generative adversarial networks*, arXiv 1701.00160, for the tree of
# density models. Mohamed and Lakshminarayanan (2016), *Learning in implicit generative models*, arXiv 1610.03483.
#
# **Next.** [Chapter 01](01_value_function.ipynb): what the two players play for. Or [chapter 04](04_mnist_gan.ipynb) at
# once: train this GAN yourself.
