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
# # 00 · Start here
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/00_start_here.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/00_start_here.ipynb)
#
# <!-- near -->
# [01 the value function](01_value_function.ipynb) →
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# This is a course on **generative adversarial networks**, GANs for short, that you play with. A GAN is two networks
# that learn against each other. The **generator** (生成器), G, turns random numbers into pictures. The
# **discriminator** (判别器), D, looks at a picture and says how sure it is that the picture is real.
#
# Below is one real step of their game. It plays once. Then **Step** shows it phase by phase, and the slider brings an
# earlier or a later step of the same training.

# %% tags=["colab"] jupyter={"source_hidden": true} cellView="form"
# @title Set-up: run this first
from importlib.util import find_spec
from os import environ

if not find_spec("gan_edu"):  # Colab: add the course to what is there, upgrade nothing
    source = environ.get("GAN_EDU_SRC", "git+https://github.com/gan-edu/gan_edu")
    use = ("anywidget", "psygnal", "ot", "num2words", "rdkit", "selfies", "arch", "torchmetrics", "lightning_utilities")
    lacking = [{"ot": "POT"}.get(name, name) for name in use if not find_spec(name)]
    # %pip install -q --no-deps "{source}" {" ".join(lacking)}

from gan_edu.core.training import wait_briefly

wait_briefly()  # before torch is loaded: a busy program beside this one shall do little harm

# %%
from gan_edu.widgets import GamePicture

GamePicture()

# %% [markdown]
# Many such steps make a GAN that draws digits. Here is the whole training, as a film.
# It was recorded over 100 **epochs** (轮次): an epoch is one pass over the
# training digits (here over all but 32 of the 60,000). **Drag the slider**, or press Play.

# %%
from gan_edu.core.recording import shipped
from gan_edu.widgets import Replay

film = shipped("mnist_textbook")
assert film.steps[-1] == 100 * film.meta["steps_per_epoch"], (
    "the film does not last 100 epochs")
Replay(film, numbers=False)

# %% [markdown]
# That was recorded. The next one learns before your eyes. Its data are points in a plane, here along a heart, and G is to
# draw such points. Blue dots are the data, orange triangles are G's. The number under *Measured* says how far the two are
# apart, and is to fall towards 0 (chapter 01 tells more). Press **Play**. After 1,000 steps, which take some seconds on an idle computer, its points lie along it.
# Then press *Draw* and give it a shape of your own.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show the plane, with a heart to learn
import torch

from gan_edu.losses import non_saturating
from gan_edu.training_loop import GAN, train
from gan_edu.widgets import Plane

t = torch.linspace(0, 2 * torch.pi, 200)
up = 13 * t.cos() - 5 * (2 * t).cos() - 2 * (3 * t).cos() - (4 * t).cos()
heart = torch.stack([1.2 * t.sin() ** 3, 0.075 * up + 0.15], 1)          # (200, 2)
Plane(GAN, train, {"non-saturating": non_saturating}, "A heart", data=heart, uses=["data"])

# %% [markdown]
# **After this chapter you can**
#
# - use the controls, and choose how long the notebooks train,
# - say what supervised and unsupervised learning ask for,
# - say what explicit and implicit density models are, and where GANs stand.
#
# It takes 20 minutes to read and one or two minutes to run, at any pace. It needs no network. You should know Python, and
# what a probability, a mean, a Gaussian and a logarithm are. The formula of FID also holds a covariance, a trace and the
# root of a matrix; you may skip it.
#
# ## The controls
#
# In the film the samples come from the same random numbers at every moment. *Show the numbers* opens its curves. They
# show the **loss** (损失) of each player: the number that it tries to make small. **FID** says how far G's digits are from real ones: lower is better. What it
# measures is told below.
#
# | you want to | mouse or touch | keys, once the slider is chosen (click on it, or Tab) |
# |---|---|---|
# | go to another moment | drag the slider, or click on a curve | ← → one frame, Page Up / Down ten, Home, End |
# | play, pause | Play | space |
# | see whom D believes | switch on *D's verdict* | Tab to the switch, then space |
#
# After a click on the samples the arrows go from one sample to the next. To move in time again, click on the slider.
#
# A control is alive while a **kernel** runs, the Python process behind a notebook. A saved notebook shows a still picture
# of some frames in its place; **Run → Run All Cells** brings it to life.
#
# ## Is everything there?
#
# The next cell looks at Python, PyTorch, the device, memory and the data. If something is missing, it says what to do.

# %%
from gan_edu.core.notebook import environment

problems = [row for row in environment.report() if not row.ok]
print("everything is there" if not problems else
      "\n".join(f"{row.name}: {row.value} → {row.cure}" for row in problems))

# %% [markdown]
# `python -m gan_edu check` prints the whole table.
#
# ## Three paces
#
# Where a notebook trains, it says how long, three times over:

# %%
from gan_edu.core.notebook import pace

steps = pace(test=20, lesson=10 * 937, full=100 * 937)
print(f"a training cell of chapter 04 would now take {steps:,} steps")

# %% [markdown]
# *lesson* is the default. A notebook then takes at most five minutes on two idle processor cores. *full*, where it
# differs, is the whole run, better on a GPU. Start Jupyter with `GAN_EDU_PACE=full` for it. *test* only shows that the
# cells run, and says so.
#
# ## What is checked
#
# Some sentences hold a number in figures, or a word such as *because* or *never*. For each of them the folder
# `tests/claims` says how it was judged. It was derived, computed again, looked up, or laid down by the course. What was
# looked up names its source. What was derived or computed names a cell or a test that is meant to fail if the sentence
# is false. A machine sees that one is named; whether it would fail is judged by a person. `make test` runs them at
# *test* pace, and so leaves out what only a real training run can show. That is checked by `make lessons`: on the public
# host every week, and before a release.
#
# ## The map
#
# <!-- map -->
# | part | chapter | you play with | minutes |
# | --- | --- | --- | --- |
# | The game | 00 start here (this one) | the game in one picture; a first film; a heart to learn; explicit and implicit densities | 20 |
# |  | [01 the value function](01_value_function.ipynb) | two densities that you drag, and what D can earn from them; a saddle | 45 |
# |  | [02 losses](02_losses.ipynb) | twelve losses and their slopes; where float16 breaks | 60 |
# |  | [03 the training loop](03_training_loop.ipynb) | the plane: a GAN of points, live, in slow motion, with your own loss | 60 |
# |  | [04 the MNIST GAN](04_mnist_gan.ipynb) | train it, slide through its epochs, walk between its digits, measure its faults | 60 |
# | Making it work | [05 the tricks](05_tricks.ipynb) | D's targets; penalties in the plane; a table of twelve arms over seeds; the best textbook MLP | 60 |
# |  | [06 convergence](06_convergence.ipynb) | a phase portrait: drag the start, slide the brake, see eigenvalues move | 50 |
# |  | [07 evaluation](07_evaluation.ipynb) | digits, spoiled in five ways, and what each score sees of it; averages that beat real digits; a score of your own | 60 |
# |  | [08 mode collapse](08_mode_collapse.ipynb) | a collapse, alive, and its cures; which of two losses is the collapsed one; a thousand modes; a cure of your own | 60 |
# | Better GANs | [09 Wasserstein](09_wasserstein.ipynb) | earth that you pull apart, its plan and its prices; cones; critics, and what their word is worth | 60 |
# |  | [10 convolutional and conditional](10_convolutional.ipynb) | a GAN that you ask for digits, live; which input writes which pixel; a board of digits and what lies between them; an MLP and convolutions on one slider | 60 |
# |  | [11 modern](11_modern.ipynb) | five ingredients, all 32 mixtures; a ladder from DCGAN; two digits mixed by style; four rivals on one slider | 75 |
# |  | [12 scaling](12_scaling.ipynb) | a step between arithmetic and memory, which you drag; your machine in three numbers; one GAN in two processes | 60 |
# | GANs at work | [13 restoration and editing](13_restoration.ipynb) | a hole that you paint, and who fills it; blur against invention, on a frontier; digits pushed thicker; thin ones drawn thick without pairs | 75 |
# |  | [14 text, with reinforcement learning](14_text.ipynb) | networks that make up surnames, and go on from your beginning; you as the discriminator; a bandit; quality against diversity, at every temperature | 60 |
# |  | [15 translation](15_translation.ipynb) | a secret message that a GAN learns to read, with a key of your own; one language's words laid onto another's; a translator that D judges | 60 |
# |  | [16 molecules](16_molecules.ipynb) | a board of molecules between two judges; texts that are always valid; QED, gamed; the cheapest rival; graphs at one stroke | 60 |
# |  | [17 finance](17_finance.ipynb) | a fan of prices that might have been, and a shuffle after which nothing clusters; GARCH, hard to beat; a GAN with heavy tails; risk said the evening before | 60 |
# |  | [18 transfer, and an outlook](18_transfer.ipynb) | six methods on twenty pictures, and what each sample is a copy of; a D that names digits from a few labels; a mark that you hide and forge; the course in two tables | 60 |
#
# All chapters are there.
# <!-- /map -->
#
# Where a text points to one of these, you have to wait.
#
# In a hurry for pictures? Go to chapter 04 first, and come back to 01 when you want to know why it works. The
# [glossary](glossary.md) holds the terms of all chapters, with the Chinese ones beside them.
#
# ## What is asked for: supervised and unsupervised
#
# **Supervised** learning (监督学习) gets pairs: a picture $x$ and its label $y$. It asks: *which label?* That is
# $p(y \mid x)$, the probability of $y$ for a given $x$. The network that scores this course's digits is of that kind: the
# *reading network*, or *the reader*. It turns a picture into 96 numbers, its **features** (特征), and these into a label.

# %% tags=["nbval-check-output"]
import torch

from gan_edu.core.data import mnist, scaled
from gan_edu.core.measures import feature_net

test_images, test_labels = mnist(train=False)
net = feature_net()
with torch.no_grad():
    guess = net.classify(net(scaled(test_images[:8]))).argmax(1)
print("the network says", guess.tolist(), "and the labels are", test_labels[:8].tolist())

# %% [markdown]
# **Unsupervised** learning (无监督学习) gets the pictures alone. In this course it asks: *which pictures are
# likely?* That is $p(x)$, the **density** (概率密度) of the pictures. A formula for $p(x)$ rates a picture that you have. (A
# Boltzmann machine's does so only up to an unknown factor.) It does not yet draw a new picture: for that you need a
# **sampler** (采样器), a machine that makes pictures with this density. Some formulas have an easy one. For others, such as a
# Boltzmann machine's, each sample takes a long chain of small random steps.
#
# Nobody wrote labels for a GAN. D's question, "real or made?", has an answer for free: we ourselves took each picture
# from the data or from G.
#
# ## Two kinds of density model
#
# An **explicit** model (显式密度模型) has a formula for $p(x)$. Here is a very simple one. Each pixel is black or white on
# its own. Its probability is the one seen in the training set, but at least 0.001. It gives any picture of black and
# white pixels a log-probability, here in **nats** (奈特), the unit of natural logarithms.

# %%
images, labels = mnist(train=True)
white = (images > 127).float().mean(0).clamp(1e-3, 1 - 1e-3)  # (1, 28, 28), p(white)


def log_p(x):
    """log p(x) in nats under independent pixels; x: (N, 1, 28, 28), uint8."""
    on = (x > 127).float()
    return (on * white.log() + (1 - on) * (1 - white).log()).sum((1, 2, 3))

# %% [markdown]
# **Predict:** which has the highest log-probability, a digit, noise or a picture that is all black? Guess below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: the likeliest of three pictures
from gan_edu.widgets import Guess

noise = torch.randint(0, 256, (1000, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
black = torch.zeros(2, 1, 28, 28, dtype=torch.uint8)
of_digits, of_noise, of_black = (log_p(each).mean().item() for each in (test_images, noise, black))
assert of_digits > of_noise + 500, "this model does not hold digits likelier than noise"
assert of_black > of_digits + 50, "this model does not hold a black picture likelier than a digit"
found = {"a digit": of_digits, "random noise": of_noise, "a picture that is all black": of_black}
guess = Guess.choice("density", "Which has the highest log-probability under this model?", list(found))
with guess:
    print(f"mean log p: test digits {of_digits:.0f} nats, random noise {of_noise:.0f} nats, black {of_black:.0f} nats")
guess.answer(max(found, key=found.get))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# It knows that a digit is likelier than noise. But it holds a black picture likelier still: a high density is no promise
# of a good picture.
#
# </details>

# %% [markdown]
# This model has an easy sampler, one draw for each pixel. **Predict:** what do *its own* pictures look like? Guess below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: pictures drawn pixel by pixel
from gan_edu.core.notebook import FAKE, FAKE_MARKER, PAPER, REAL, REAL_MARKER, pictures, show, subplots

drawn = torch.bernoulli(white.expand(10, 1, 28, 28), generator=torch.Generator().manual_seed(0))
guess = Guess.choice("pixels", "What do pictures drawn from this model look like?",
                     ["digits, a little blurred", "clouds of dots without a shape", "black, nearly all of them"])
guess.answer("clouds of dots without a shape", pictures(
    drawn * 2 - 1, "Ten pictures drawn pixel by pixel: clouds of white dots around the middle, no digits", columns=10))

# %% [markdown]
# An **implicit** model (隐式密度模型) goes the other way. It has no formula for $p(x)$. It *is* a sampler: draw a **latent
# vector** (隐变量) $z \sim \mathcal N(0, I)$, which means independent Gaussian random numbers of mean 0 and variance 1,
# then compute $x = G(z)$. Here is what the GAN of the film drew at the end.

# %%
tiles = torch.from_numpy(film.tiles(-1))    # (64, 1, 28, 28), its last frame
pictures(tiles[:10], "Ten samples of the GAN after 100 epochs: "
                     "most can be read as digits, with some stray dots",
         columns=10)

# %% [markdown]
# These look far more like digits, and you cannot ask the GAN how likely a picture is. How much better are they?
#
# ## FID, the number in the film
#
# The reading network turns each picture into a point, its 96 features, and so a set of pictures into a cloud of points.
# **FID**, the Fréchet inception distance (弗雷歇起始距离), describes each cloud by two things. Its mean $m$ says where it
# lies. Its covariance $C$ says how wide it is in each direction. FID is the *squared* distance between two such
# descriptions.
#
# $$\mathrm{FID} = |m_1 - m_2|^2 + \mathrm{tr}\left(C_1 + C_2 - 2\,(C_1 C_2)^{1/2}\right)$$
#
# Lower is better. It is 0 only when means and covariances agree.
#
# The next cell takes about 16 seconds on two cores.

# %%
def features(images):
    """What the reading network sees in each picture: (N, 1, 28, 28) → (N, 96)."""
    with torch.no_grad():
        return torch.cat([net(scaled(part)) for part in images.split(250)]).double()


def fid(a, b):
    """The squared distance between Gaussians
    with the means and covariances of features (N, K) and (M, K)."""
    C1, C2 = a.T.cov(), b.T.cov()
    # the trace of the root of C1 C2
    of_root = torch.linalg.eigvals(C1 @ C2).real.clamp_min(0).sqrt().sum()
    return ((a.mean(0) - b.mean(0)).square().sum()
            + C1.trace() + C2.trace() - 2 * of_root).item()


many = torch.bernoulli(white.expand(10_000, 1, 28, 28),
                       generator=torch.Generator().manual_seed(1))
real, clouds, drawn_by_gan = features(test_images), features(many * 2 - 1), features(tiles)
assert abs(fid(real, real)) < 1e-6, "the distance of a set to itself is not 0"
assert fid(real, real + 1) > 95, "a set with another mean is not at a distance"
assert fid(real, 2 * (real - real.mean(0)) + real.mean(0)) > 500, (
    "a set with another covariance is not at a distance")

# %% [markdown]
# Two of the 96 dimensions fit into a picture: the two directions in which real digits differ most. Each ellipse shows a
# mean and a covariance (two standard deviations).

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: features in a plane, with the mean and the covariance of each set
directions = torch.linalg.eigh(real.T.cov())[1][:, [-1, -2]]                  # (96, 2), the widest direction first
widest = torch.linalg.svdvals(real - real.mean(0))[:2].square() / (len(real) - 1)
assert torch.allclose((real @ directions).var(0), widest), "these are not the two directions in which real digits differ most"
angle = torch.linspace(0, 2 * torch.pi, 100, dtype=torch.float64)
circle = 2 * torch.stack([angle.cos(), angle.sin()])
figure, axes = subplots(1, 2, sharex=True, sharey=True, figsize=(7.2, 3.6))
flat = {}
for ax, (name, fake) in zip(axes, {"pixel by pixel": clouds, "GAN": drawn_by_gan}.items(), strict=True):
    for cloud, colour, marker, line in ((real, REAL, REAL_MARKER, "-"), (fake, FAKE, FAKE_MARKER, "--")):
        dots = cloud @ directions                                             # (N, 2)
        m, C = dots.mean(0), dots.T.cov()
        ax.plot(*dots[:200].T, marker, color=colour, markersize=3, alpha=0.5)
        ax.plot(*(m[:, None] + torch.linalg.cholesky(C) @ circle), line, color=colour)
        ax.plot(*m, marker, color=colour, markeredgecolor=PAPER, markersize=11)
    flat[name] = fid(real @ directions, fake @ directions)
    ax.set(title=f"real ● and {name} ▲:\nsquared distance {flat[name]:.0f}", xlabel="first direction")
axes[0].set(ylabel="second direction")
assert flat["GAN"] < flat["pixel by pixel"] / 2, "in this plane the GAN is not nearer to the real digits"
show(figure, "Features in a plane, twice. Real digits, blue dots, fill a wide ellipse. Left: the pixel model's orange triangles "
             "huddle in a small ellipse at its edge, far from its centre. Right: the GAN's triangles spread nearly as wide as "
             "the real digits, and their centre lies nearer to the real one.")

# %% [markdown]
# Above each picture stands the squared distance between its two ellipses, by the same formula, in these two dimensions.
# With all 96 dimensions it is FID (for the GAN the film's number, from 10,000 samples; the picture has 64). Other real
# digits score near 0, not 0: samples of one distribution differ by chance, as two random halves of the test digits do.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: FID of real digits, the GAN, the pixel model and junk
score_of = {"real training digits": film.meta["scoring"]["fid_floor"], "GAN": film.scores[-1]["fid"],
            "pixel by pixel": fid(real, clouds), "random noise": fid(real, features(noise)),
            "black pictures": fid(real, features(black))}
print("FID:", ", ".join(f"{name} {score:.1f}" for name, score in score_of.items()))
halves = real[torch.randperm(len(real), generator=torch.Generator().manual_seed(0))].chunk(2)
print(f"two halves of the test digits: {fid(*halves):.1f}")
worst = max(score_of["real training digits"] * 100, score_of["GAN"] * 5)
assert 0.1 < score_of["real training digits"] < 1, "real digits do not score near 0, or score exactly 0"
assert 0.3 < fid(*halves) < 2, "two random halves of the test digits do not differ a little"
assert min(score_of["pixel by pixel"], score_of["random noise"], score_of["black pictures"]) > worst, "junk scores too well"

# %% [markdown]
# The same formula gave the film's FIDs, each from 10,000 samples. Two sets can agree in mean and covariance and still
# differ: what else FID cannot see is a question for chapter 07.
#
# > **Common misreading.** "The reader is sure of its answer, so the picture is good." Look how sure it is of junk:

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: how sure the reader is of digits and of junk
def confidence(seen):
    """The mean probability that the reader gives to its own answer, from features (N, 96)."""
    return net.classify(seen.float()).softmax(1).amax(1).mean().item()


sure = {"real": confidence(real), "GAN": film.scores[-1]["confidence"], "pixel by pixel": confidence(clouds),
        "random noise": confidence(features(noise)), "black": confidence(features(black))}
print("mean confidence:", ", ".join(f"{name} {value:.3f}" for name, value in sure.items()))
assert min(sure["pixel by pixel"], sure["random noise"], sure["black"]) > sure["real"], "the reader is less sure of junk"

# %% [markdown]
# The reader is surer of noise than of real digits. It has ten answers, all of them digits, and no way to say "none of
# these". How to judge a generator is a question of its own: chapter 07.

# %% [markdown]
# ## Where GANs stand
#
# | model | has a formula for p(x) | draws a sample in | learns by |
# |---|---|---|---|
# | Gaussian, mixture, the pixel model above | yes | one pass | maximum likelihood |
# | autoregressive (language models) | yes | one pass a token | maximum likelihood |
# | normalising flow | yes | one pass (some kinds: many) | maximum likelihood |
# | variational autoencoder | a lower bound | one pass | maximising the bound |
# | diffusion | a lower bound (by an ODE: yes) | many passes (distilled: few) | removing noise |
# | **GAN** | **no** | **one pass** | **a game against D** |
#
# **Good at:** a sample in one pass, where diffusion takes many; a loss that is learned where nobody has a formula for
# "looks real", as in super-resolution (Ledig et al. 2017, arXiv 1609.04802); making other generators fast: a
# discriminator helped to bring a diffusion model down to 1–4 passes (Sauer et al. 2023, arXiv 2311.17042).
#
# **Not good at:** they are hard to train and need care (chapters 05, 06). They may leave out part of the data
# (chapter 08). They give no likelihood: how good they are has to be judged from their samples (chapter 07). For text
# other models do better (chapter 14). In 2021 diffusion models passed GANs on ImageNet, by FID (Dhariwal and
# Nichol 2021, arXiv 2105.05233). GANs are still used where one fast pass counts, and as a loss inside other models: the
# autoencoder of latent diffusion is trained with a discriminator too (Rombach et al. 2022, arXiv 2112.10752).
#
# ## Exercises
#
# Replace the dots by your answer and run the cell. It says what is wrong, or why you are right. What you solved is noted
# on this machine only. `import gan_edu; gan_edu.progress()` shows how far you are in each chapter, and how to delete it.
#
# ### 1 · Which need no labels? (2 minutes, easy)
# (a) Which digit is this? (b) Which pictures look alike? (c) What will this house sell for? (d) Is this photograph
# unlike all others? Write the letters of the questions that a machine can learn to answer without labels, such as `"ac"`.

# %%
from gan_edu.exercises import start_here as exercises

letters = ...
exercises.unsupervised(letters)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Ask of each: must somebody have noted the right answer beside each example?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import start_here as exercises
#
# letters = "bd"
# exercises.unsupervised(letters)
# ```
#
# </details>
#
# ### 2 · Explicit or implicit? (2 minutes, easy)
# A Gaussian fitted to heights; a GAN. Write `"explicit"` or `"implicit"` for each.

# %%
from gan_edu.exercises import start_here as exercises

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
# from gan_edu.exercises import start_here as exercises
#
# gaussian, gan = "explicit", "implicit"
# exercises.kinds_of_density(gaussian, gan)
# ```
#
# </details>
#
# ### 3 · Read the film (5 minutes, medium)
# FID is a distance to the real digits: lower is better. At which recorded step is it below half of its start for the
# first time, and how large is it there? Slide, or use `film.steps` and `film.scores`.

# %%
from gan_edu.core.recording import shipped
from gan_edu.exercises import start_here as exercises

film = shipped("mnist_textbook")
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
# from gan_edu.core.recording import shipped
# from gan_edu.exercises import start_here as exercises
#
# film = shipped("mnist_textbook")
# fids = [score["fid"] for score in film.scores]
# i = next(i for i, value in enumerate(fids) if value < fids[0] / 2)
# step, fid = film.steps[i], fids[i]
# exercises.first_digits(step, fid, film)
# ```
#
# </details>
#
# ## Your guesses

# %%
from gan_edu.widgets import Guesses

Guesses()

# %% [markdown]
# ## Words
#
# | term | what it means | 中文 |
# |---|---|---|
# | generator, G | network that turns a latent vector into a sample | 生成器 |
# | discriminator, D | network that says how sure it is that a sample is real | 判别器 |
# | adversarial training | two networks that are trained against each other | 对抗训练 |
# | latent vector, z | the random numbers that G is fed | 隐变量 |
# | sample | one thing drawn from a distribution | 样本 |
# | loss | the number that a player tries to make small | 损失 |
# | step | one update of each player | 步 |
# | epoch | one pass over the data | 轮次 |
# | features | the numbers that a network computes from a picture before its answer | 特征 |
# | FID | Fréchet inception distance, between the means and covariances of two sets of features | 弗雷歇起始距离 |
# | supervised, unsupervised learning | learning from examples with labels; without | 监督学习, 无监督学习 |
# | explicit, implicit density model | with a formula for p(x); with a sampler only | 显式密度模型, 隐式密度模型 |

# %% [markdown]
# ## Summary
#
# - Supervised learning asks for p(y | x), unsupervised learning, in this course, for p(x).
# - An explicit model answers "how likely?", an implicit one draws. GANs are implicit.
# - FID compares the means and covariances of two sets of features. Lower is better.
#
# **Read.** Goodfellow (2016), *NIPS 2016 tutorial: generative adversarial networks*, arXiv 1701.00160, for the tree of
# density models. Mohamed and Lakshminarayanan (2016), *Learning in implicit generative models*, arXiv 1610.03483.
#
# **Next.** [Chapter 01](01_value_function.ipynb): what the two players play for. Or [chapter 04](04_mnist_gan.ipynb)
# first: train this GAN yourself.
#
# <!-- near -->
# [01 the value function](01_value_function.ipynb) →
# <!-- /near -->
