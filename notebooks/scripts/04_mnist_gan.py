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
# # 04 · The MNIST GAN: train it, and slide through its epochs
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/04_mnist_gan.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/04_mnist_gan.ipynb)
#
# <!-- near -->
# ← [03 the training loop](03_training_loop.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [05 the tricks](05_tricks.ipynb) →
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# Below is a whole training run: 100 epochs of the textbook GAN, recorded. By textbook GAN we mean two small MLPs
# (networks of fully connected layers) and the losses of Goodfellow et al. (2014). We call this recording a **film**, and
# each place on its slider a **frame**. **Drag the slider.** Nothing is computed while you slide, so go as fast as you
# like.

# %% tags=["colab"] jupyter={"source_hidden": true} cellView="form"
# @title Set-up: run this first
from importlib.util import find_spec
from os import environ

if not find_spec("gan_edu"):  # Colab: add the course to what is there, upgrade nothing
    source = environ.get("GAN_EDU_SRC", "git+https://github.com/gan-edu/gan_edu")
    needed = ("anywidget", "psygnal", "ot", "num2words", "rdkit", "selfies", "torchmetrics", "lightning_utilities")
    lacking = [{"ot": "POT"}.get(name, name) for name in needed if not find_spec(name)]
    # %pip install -q --no-deps "{source}" {" ".join(lacking)}

from gan_edu.core.training import wait_briefly

wait_briefly()  # before torch is loaded: a busy program beside this one shall do little harm

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show the recorded run
import torch
from IPython.display import display

from gan_edu.core.recording import family, shipped
from gan_edu.widgets import Replay, compare

film = shipped("mnist_textbook")
replay = Replay(film)
replay

# %% [markdown]
# **After this chapter you can**
#
# - train a GAN on MNIST and say what each line of the program does,
# - read its curves, and say what they do *not* tell,
# - measure what is wrong with its samples.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | lesson (the default) | about 4 minutes on two cores | about 12 epochs |
# | full (`GAN_EDU_PACE=full`) | about 20 minutes on two cores, less on a GPU | about 102 epochs |
#
# Once installed, sections 1 to 12 need no network: MNIST comes with the course. You should know what a neural network
# and a gradient step are. Chapter 03 takes the training loop apart; here you use it.

# %% [markdown]
# ## 1 · Guess first
#
# Write down your guesses, then look for the answers with the slider above. Sections 8 and 9 come back to them.
#
# 1. After how many **steps** do the first shapes appear that you would call digits? An epoch has 937 steps.
# 2. When the samples get better, do the two losses fall towards 0?
# 3. Of the ten digits, which does this GAN draw most often at the end?

# %% [markdown]
# ## 2 · The data
#
# MNIST's training set holds 60,000 handwritten digits, 28 × 28 pixels each; its test set holds 10,000 more. Our
# GAN sees only the pictures. The labels serve later, to measure.

# %%
from gan_edu.core.data import mnist
from gan_edu.core.notebook import pictures

images, labels = mnist(train=True)
pictures(images[:40], "Forty handwritten digits of MNIST, white on black, "
                      "in four rows of ten", columns=10)

# %% [markdown]
# The generator will end in a tanh, whose values lie in [−1, 1]. So the real pictures should have that range too. If they
# lay in [0, 1], each number below 0 would tell D "this is fake", whatever the picture shows. G must then learn the
# range, too.
#
# `Batches` keeps all pictures in memory, draws them in a new order each epoch, and scales them. Its **seed** is the
# number that its stream of random numbers starts from.

# %% tags=["nbval-check-output"]
from gan_edu.mnist_gan import textbook, textbook_batches

batches = textbook_batches(seed=0)
x = next(batches)
print(tuple(x.shape), "from", float(x.min()), "to", float(x.max()),
      "·", batches.steps_per_epoch, "steps an epoch")

# %% [markdown]
# Why 937? 60,000 / 64 = 937.5. The last half batch, 32 pictures, is left out. Each epoch has a new order, so another
# set of 32 is left out.
#
# ## 3 · Two networks
#
# The **generator** G turns a latent vector $z \sim \mathcal N(0, I)$ of 100 random numbers into a picture. The
# **discriminator** D turns a picture into one number, a **logit** $l$. The probability "this is real" is
# $D(x) = \sigma(l) = 1 / (1 + e^{-l})$.

# %% tags=["nbval-check-output"]
from gan_edu.core.training import parameter_count

gan = textbook(seed=0)
print(gan.generator)
print(gan.discriminator)
print(f"G learns {parameter_count(gan.generator):,} numbers, "
      f"D {parameter_count(gan.discriminator):,}")

# %% [markdown]
# Before training, what does G draw? Guess, then run.

# %%
untrained = gan.generate(gan.latents(20))            # (20, 1, 28, 28)
below = (untrained < 0).float().mean()
assert ((x + 1) / 2).min() >= 0, "data in [0, 1] should hold no number below 0"
assert 0.3 < below < 0.7 and untrained.abs().max() < 0.5, (
    "before training every pixel should be near 0, the middle grey")
print(f"{below:.0%} of its pixels are below 0: "
      "in data from [0, 1] each of them would tell D that it is a fake")
pictures(untrained, "Twenty pictures by the untrained generator: even grey, no shapes",
         columns=10)

# %% [markdown]
# ## 4 · What the players want
#
# D wants to be right about both kinds of pictures; G wants D to be wrong about its own:
#
# $$L_D = -\,\mathbb E_x[\log D(x)] - \mathbb E_z[\log(1 - D(G(z)))], \qquad L_G = -\,\mathbb E_z[\log D(G(z))]$$
#
# The logarithm is the natural one. Its unit is the **nat**.
#
# **Predict:** an untrained D says about ½ to everything. What are the two losses then?

# %%
logits_real = gan.judge(x)                       # (64, 1)
logits_fake = gan.judge(gan.generate(gan.latents(64)))
L_D = gan.loss.d(logits_real, logits_fake)
L_G = gan.loss.g(logits_fake)
print(f"L_D = {L_D:.2f} (a coin toss: 2 log 2 = 1.39)    "
      f"L_G = {L_G:.2f} (a coin toss: log 2 = 0.69)")
assert abs(L_D - 1.386) < 0.1 and abs(L_G - 0.693) < 0.1, (
    "an untrained D should be near a coin toss")

# %% [markdown]
# > **Common misreading.** "The generator minimises the discriminator's output on its samples." It is the other way
# > round: G *maximises* D(G(z)). It wants D to call its samples real.
#
# Here is what a logit on a fake means for G. Run the cell with other numbers: where does G's loss have a steep slope?

# %% tags=["nbval-check-output"]
for logit in (-4.0, 0.0, 4.0):
    l = torch.tensor([[logit]])
    print(f"logit {logit:+.0f}: D(G(z)) = {l.sigmoid().item():.3f}   "
          f"L_G = {gan.loss.g(l):.3f}")

# %% [markdown]
# ## 5 · Train
#
# In one step of `train`, D learns from 64 real and 64 fake pictures. Then G learns to make D call the same 64 fakes
# real. `train` hands over a small record after each step. You may stop the training cell at any time and run it again:
# it goes on where it stopped.
#
# Each player has an **optimiser**, which turns gradients into steps of the weights. Here it is **Adam** (chapter 03) with
# a learning rate of 2e-4.
#
# Watch your run in the view below. The cell after it trains to the end. Its film grows meanwhile, and a line says how
# long it takes until the first digits are usually seen. Let it run: the later sections need this GAN.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Set up: the device, a scorer of 1,000 samples, and how long to train
from gan_edu.core.training import setup
from gan_edu.core.measures import Scorer
from gan_edu.core.notebook import claims, pace

device = setup()
scorer = Scorer(samples=1000, device=device)
steps = pace(test=20, lesson=10 * 937, full=100 * 937)

# %% [markdown]
# The recorder looks between two steps: it shows the samples of 64 fixed latents. Looking changes nothing. A run that is
# recorded ends with exactly the weights of one that is not.

# %%
from gan_edu.mnist_gan import FIRST_DIGITS
from gan_edu.training_loop import train
from gan_edu.widgets import Live

def begin():
    """The GAN and its batches, as the run begins."""
    return textbook(seed=0, device=device), textbook_batches(seed=0, device=device)


main = Live(begin, train, "My textbook GAN", every=25,
            scorer=scorer, milestones=FIRST_DIGITS)
main

# %% [markdown]
# The next cell takes about 2 minutes on two cores.

# %%
main.train_to(steps)
gan, curves = main.gan, main.recorder.curves
print(f"step {gan.step}: L_D = {curves['d_loss'][-1]:.2f}, L_G = {curves['g_loss'][-1]:.2f}")

# %% [markdown]
# **Predict:** at which epoch would you call the shapes of your run digits? Slide. Then switch on **D's verdict**: a solid
# blue border means "looks real" to D, a dashed orange one "looks fake".

# %%
mine = main.recording()
Replay(mine, frame=len(mine) - 1)

# %% [markdown]
# Did it learn? Chapter 00 showed the **FID**, a distance between samples and real digits, as a network that reads digits
# sees them. Lower is better. Here it compares 1,000 of G's samples with the test set. The floor is what 1,000 *real*
# training digits score. Chapter 07 will explain FID and its limits.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: FID before and after
first, last = mine.scores[0]["fid"], scorer.score(gan)["fid"]
print(f"FID (1,000 samples): {first:.0f} before, {last:.0f} after {mine.steps[-1]:,} steps; "
      f"floor {mine.meta['scoring']['fid_floor']:.1f}")
if claims():
    assert last < 0.7 * first, (
        "the samples are hardly nearer to digits than grey is: train for more steps")

# %% [markdown]
# FID *rises* at first. In all six films of this chapter it is above twice its start within 50 steps. Then it swings: in
# the film it is near its start at steps 100 and 200, and nearly twice it at epoch 1. By FID even grey is nearer to the
# digits than the first noisy clouds are. So do not stop a run in its first epochs.

# %% [markdown]
# ## 6 · Train live
#
# Your run of section 5 was left alone. Here is another one, with another seed, to meddle with. Press **Start**. The film
# grows while it trains; slide back at any time, and press **Now** to follow it again. **Pause**, change a learning rate, go on. Each change is kept
# with its step.

# %%
def fresh():
    """A GAN and its batches, as a run begins."""
    return textbook(seed=1, device=device), textbook_batches(seed=1, device=device)


live = Live(fresh, train, "My live GAN", rows=3, every=25)
live

# %% [markdown]
# What the buttons do, code can do too: appendix A stops D on the way, and looks what becomes of G.
#
# To go on tomorrow: `live.save("runs/mine")` writes the film and everything the run needs, and
# `Live(fresh, train, resume="runs/mine")` goes on from there. With the same PyTorch on the same kind of device, with as
# many threads, it is bit for bit as if it had never stopped.
#
# ## 7 · Generate
#
# A trained generator makes new pictures in one pass: draw latents, apply G. G was trained on none of these
# 40 latents.

# %%
samples = gan.generate(gan.latents(1000)).cpu()
pictures(samples[:40], f"Forty new samples of the generator after {gan.step:,} steps",
         columns=10)

# %% [markdown]
# ## 8 · Back to the film
#
# Now the answers to section 1. You must judge the first by eye: FID cannot say when a shape is a digit. What it can
# say: where does it first fall below half of its start?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: where the film's FID falls below half of its start
fid = [score["fid"] for score in film.scores]
half = next(i for i, value in enumerate(fid) if value < fid[0] / 2)
print(f"FID {fid[0]:.0f} before training; {fid[half]:.0f} at step {film.steps[half]:,} "
      f"(epoch {film.steps[half] / 937:.1f}); {fid[-1]:.0f} at the end")
assert film.steps[half] == 11 * 937, (
    "in the film the FID is first below half of its start at epoch 11")

# %% [markdown]
# ### What the curves say, and what they do not

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: the losses and FID of the film
from gan_edu.core.notebook import D_LINE, G_LINE, INK, show, subplots

curves = film.meta["curves"]
six = film.steps.index(6 * 937) + 1                        # the frames of the first six epochs
assert min(fid[:six]) > fid[0] - 1 and max(fid[six:]) < fid[0], "FID should stay above its start, but for a point or less, for six epochs only"
figure, (left, right) = subplots(1, 2)
left.plot([s / 937 for s in curves["step"]], curves["d_loss"], label="$L_D$", **D_LINE)
left.plot([s / 937 for s in curves["step"]], curves["g_loss"], label="$L_G$", **G_LINE)
left.set(title="The losses", xlabel="epoch", ylabel="nats")
left.legend()
right.plot([s / 937 for s in film.steps], fid, color=INK)
right.axhline(film.meta["scoring"]["fid_floor"], color=INK, linestyle=":", label="floor: real digits")
right.set(title="FID: distance to real digits", xlabel="epoch", ylabel="FID, 10,000 samples", yscale="log")
right.legend()
show(figure, "Left: over 100 epochs the loss of D (means over 256 steps) stays between 0.1 and 1.2 nats and that of G "
             "above 1.2; neither tends to 0. Right: FID on a log scale first jumps up and down above its start for six "
             "epochs, then falls with ups and downs, and ends far above the dotted floor.")

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: the losses in three parts of the film
def mean_between(name, first, last):
    """Mean of a curve from epoch `first` to epoch `last`."""
    values = [v for s, v in zip(curves["step"], curves[name], strict=True) if first <= s / 937 <= last]
    return sum(values) / len(values)


parts = (6, 15), (20, 25), (95, 100)
d, g = ([mean_between(name, *part) for part in parts] for name in ("d_loss", "g_loss"))
scored = [fid[film.steps.index(end * 937)] for _, end in parts]
for (start, end), *row in zip(parts, d, g, scored, strict=True):
    print("epochs {:3d} to {:3d}: L_D {:.2f}   L_G {:.2f}   FID {:.0f}".format(start, end, *row))
assert scored[0] > scored[1] > scored[2], "the FID should fall from part to part"
five = sum(step <= 5 * 937 for step in curves["step"])                     # each point is a mean over 256 steps
early, early_g = curves["d_loss"][:five], curves["g_loss"][:five]
print(f"in the first five: L_D {min(early):.2f} to {max(early):.2f}   L_G {min(early_g):.2f} to {max(early_g):.2f}")
assert 0.1 < min(early) < 0.15 and 1.1 < max(early) < 1.2, "in the first epochs D's loss should go from 0.1 to 1.2"
assert 1.3 < min(early_g) < 1.45 and 6.5 < max(early_g) < 6.7, "in the first epochs G's loss should go from 1.4 to 6.6"
assert d[0] < 0.4 < d[1] < 0.6 and 1 < d[2] < 1.386, "L_D should rise from 0.4 to 1.0"
assert 4.2 > g[0] > 4 > g[1] > 2 and 1.4 > g[2] > 0.693, "L_G should fall from 4 to 1.3"
rise, fall = ([mean_between(name, n, n + 10) for n in range(15, 95, 10)] for name in ("d_loss", "g_loss"))
assert rise == sorted(rise) and fall == sorted(fall, reverse=True), "from epoch 15 on L_D should rise and L_G fall"
assert min(curves["d_loss"]) > 0.1 and max(curves["d_loss"]) < 1.2 < min(curves["g_loss"]), "the picture's words are off"

# %% [markdown]
# The samples get better, and neither loss tends to 0. Each point of the curves but the last is a mean over 256 steps.
# In the first five epochs of this run those of L_D swing between 0.1 and 1.2, those of L_G between 1.4 and 6.6. From
# about epoch 15 on, L_D *rises* from 0.4 to 1.0 while L_G falls from 4 to 1.3. Both go towards the values of a coin
# toss. So a D whose loss rises can be good news. Each loss is measured against an opponent that learns too. A loss
# tells who is ahead, not how good the pictures are.
#
# ## 9 · What is wrong with these samples?
#
# Look closely at the last frame: single light dots in the black. We call them **salt noise**, and count them: pixels
# that are much lighter than all eight neighbours (outside the picture counts as black). About 2 in 100 real digits hold
# one, that is 0.25 of 10,000 pixels. We speak of salt where there are ten times as many.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: salt in the last frame, in real digits, in noise
from gan_edu.mnist_gan import salt

tiles = torch.from_numpy(film.tiles(-1))                 # (64, 1, 28, 28), as the film shows them
noise = torch.rand(1000, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1
black = torch.full((1, 1, 28, 28), -1.0)
for name, x in {"last frame": tiles, "real digits": images[:10_000], "noise": noise, "black": black}.items():
    print(f"{name:12s} {1e4 * salt(x):6.2f} of 10,000 pixels are salt, {784 * salt(x):5.2f} a picture")
assert salt(tiles) > 10 * salt(images[:10_000]), "the last frame should hold ten times the salt of real digits"
assert salt(noise) > 10 * salt(tiles) and salt(black) == 0, "pure noise should hold far more, and black none"

# %% [markdown]
# Black pictures hold no salt at all. So little salt does not make a picture good.
#
# Where does the noise come from? Each output pixel has its own row of weights in G's last layer, and nothing in its
# layers says which pixels are neighbours. So this G *can* draw a single dot. But that cannot be the whole cause:
# appendix C trains the same networks in other ways.
#
# Next: which digits does it draw? A network that reads digits (99.6 % right on the test set) counts 10,000 samples.
# One number compares the shares $q_k$ of the samples with those of the training set, $p_k$: the KL divergence
# $\sum_k q_k \log(q_k / p_k)$, zero where they are equal.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: how often each digit appears
from gan_edu.core.notebook import FAKE, FAKE_MARKER, REAL, REAL_MARKER

real_share = torch.bincount(labels, minlength=10) / len(labels)
fake_share = torch.tensor(film.scores[-1]["histogram"])
figure, axes = subplots()
axes.plot(100 * real_share, REAL_MARKER, color=REAL, markersize=9, label="training set")
axes.plot(100 * fake_share, FAKE_MARKER, color=FAKE, markersize=9, label="textbook GAN, epoch 100")
axes.set(title="How often each digit appears", xlabel="digit", ylabel="% of 10,000 samples", xticks=range(10))
axes.set_ylim(bottom=0)
axes.legend()
show(figure, "Share of each digit: the training set's circles lie near 10 %, the GAN's triangles scatter, with "
             f"{100 * fake_share.max():.0f} % for the digit {int(fake_share.argmax())}.")

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: the commonest digit, and the KL divergence of the shares
kl = (fake_share * (fake_share / real_share).clamp_min(1e-12).log()).sum()
most = int(fake_share.argmax())
print(f"most frequent: {most} with {fake_share[most]:.0%} (training set: {real_share[most]:.0%}); "
      f"KL(samples ‖ training set) = {kl:.3f} nats; 0 if all shares are the training set's, 2.18 or more if one digit is all")
assert most == 1 and fake_share[1] > 2 * real_share[1], "the film should end with twice the share of 1s"
assert -real_share.max().log() > 2.18, "one digit only should give at least 2.18 nats"

# %% [markdown]
# At epoch 100 this film holds too many 1s. Whether it does so at other epochs, and with other seeds, appendix E asks.
#
# ## 10 · "My GAN does not look like yours"
#
# It should not. We made five runs that differ only in their seed, 20 epochs each.
# **Predict:** at epoch 20, how many times larger is the worst of five FIDs than the best? Guess below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: FID of five seeds
import numpy as np

from gan_edu.widgets import Guess

seeds = family("mnist_textbook_seeds")
guess = Guess.number("seeds", "At epoch 20, how many times larger is the worst of five FIDs than the best?",
                     1, 20, unit="×", log=True, near=1.3)
table = np.array([[run.scores[run.steps.index(epoch * 937)]["fid"] for epoch in (1, 5, 10, 20)] for run in seeds])
with guess:
    for epoch, row in zip((1, 5, 10, 20), table.T, strict=True):
        print(f"epoch {epoch:2d}: FID {row.mean():4.0f} ± {row.std(ddof=1):3.0f} (from {row.min():.0f} to {row.max():.0f})")
assert (table[:, -1] < table[:, 0]).all(), "each seed should be better at epoch 20 than at epoch 1"
assert table[:, -1].max() > 2 * table[:, -1].min(), "the worst FID should be more than twice the best"
assert all(run.scores[6]["fid"] > 2 * run.scores[0]["fid"] for run in (film, *seeds)), "FID should rise in 50 steps"
guess.answer(table[:, -1].max() / table[:, -1].min())

# %% [markdown]
# Here are the five runs on one slider. **Slide**, and look for the run that stays behind.

# %%
compare(*seeds)

# %% [markdown]
# At epoch 1 every run draws nearly the same cloud for all latents. Four of them move on. Seed 3 does not: at epoch 20 it
# draws nearly the same picture for all latents. That is **mode collapse**, with nothing changed but the seed. Chapter 08 will be about it.
#
# The *spread* of a pixel over the samples shows it: it is 0 if all are alike. With seed 3 it never passes 0.12 at the
# end of an epoch. A large spread does not mean good samples: noise has more than real digits. The classes show collapse
# less. A class is *covered* when it has at least half of its share of the training set. Seed 3 covers 2, but seed 4
# only 3.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: how much the samples differ, and the classes covered
def spread_of(x):
    """How much a pixel differs over the samples (N, 1, 28, 28), as a standard deviation, in [−1, 1]."""
    return (x.float() / 127.5 - 1).std(0).mean().item()


spreads = {n: [spread_of(torch.from_numpy(run.tiles(run.steps.index(n * 937)))) for run in seeds] for n in (1, 20)}
covered = [int((torch.tensor(run.scores[-1]["histogram"]) >= real_share / 2).sum()) for run in seeds]
third = [spread_of(torch.from_numpy(seeds[2].tiles(i))) for i, step in enumerate(seeds[2].steps) if step % 937 == 0]
for n in spreads:
    print(f"epoch {n:2d}: spread", *(f"{value:.2f}" for value in spreads[n]), f"· real digits {spread_of(images[:64]):.2f}")
without = {"noise": noise.std(0).mean().item(), "untrained grey": untrained.std(0).mean().item()}
print("without training: spread", *(f"{name} {value:.2f}" for name, value in without.items()))
print("classes covered at epoch 20:", covered, "of 10; untrained grey covers 1, the 8")
assert max(spreads[1]) < 0.12 and spreads[20][2] < 0.05, "at epoch 1, and with seed 3, all samples should be alike"
assert max(third) < 0.12, "with seed 3 the samples should be much alike at the end of each epoch"
assert all(spreads[20][i] > 0.2 for i in (0, 1, 3, 4)), "the other four seeds should differ by epoch 20"
assert without["noise"] > 1.4 * spread_of(images[:64]), "noise should differ more than real digits do"
assert without["untrained grey"] < 0.05, "untrained grey should be nearly the same for all latents"
assert covered == [5, 4, 2, 3, 5], "the covered classes should be as recorded"

# %% [markdown]
# One run of each of two methods tells little. A rule of thumb: their difference must be larger than the range over the
# seeds before it can mean much. With many seeds smaller differences can be seen. That is why comparisons of
# methods in this course use several seeds.
#
# ## 11 · Does it copy?
#
# Perhaps G has only memorised the training set. For eight samples, here is the nearest of 60,000 training digits.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: eight samples, each above the training digit nearest to it
from gan_edu.mnist_gan import nearest_digits

distances, indices = nearest_digits(tiles[:8], images)
pairs = torch.cat([tiles[:8], images[indices[:, 0]]])
pictures(pairs, "Top: eight samples of epoch 100. "
                "Bottom: the training digit nearest to each, alike but not equal",
         columns=8, scale=3)

# %% [markdown]
# Alike is not equal. How near would *new real* digits be? Take 64 from the test set and compare. Take a copy, noise and
# a black picture too. This takes about
# 12 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: how far sets of pictures are from the training digits
test_images, test_labels = mnist(train=False)
ones = test_images[test_labels == 1]
sets = {"samples": tiles, "new real digits": test_images[:64], "new real 1s": ones[:64], "copies": images[:64],
        "black": black, "noise": noise[:64]}
far = {name: nearest_digits(x, images)[0].median().item() for name, x in sets.items()}
print("median distance to the nearest training digit:")
print(", ".join(f"{name} {value:.1f}" for name, value in far.items()))
assert far["copies"] == 0 and abs(far["samples"] / far["new real digits"] - 1) < 0.05, "samples are nearer, or farther"
assert far["new real 1s"] < far["black"] < far["new real digits"] < far["noise"] / 2, "the order should be as the text says"

# %% [markdown]
# A copy has distance 0, and the samples are nowhere near that. As a set they are about as near as new real digits, in
# large draws a few percent nearer. Class by class they are about as far or a little farther, the 1s by about a tenth. But the
# samples hold many 1s, and 1s stand near each other. A small distance does not show quality: a black picture stands
# nearer than most real digits do. This measure shows copies that agree in each pixel. A copy that is moved by one pixel
# looks new to it. So it cannot prove that nothing was copied.

# %% [markdown]
# ## 12 · Walk through the latent space
#
# Here is the generator of the film after its 100 epochs, and the first 24 latents of the film's grid. **Predict:** you
# walk in even steps from the latent of one digit to the latent of another. What does G draw between: a fade from one
# picture to the other, or something else? Then click a sample for A, another for B, and slide.

# %%
from gan_edu.mnist_gan import trained_textbook
from gan_edu.widgets import LatentExplorer

def nearest(samples, count):
    """The training digits nearest to each sample, (N, count, 1, 28, 28)."""
    return images[nearest_digits(samples, images, count)[1]]

artist = trained_textbook()
explorer = LatentExplorer(artist.generate, artist.latents(24), nearest)
explorer

# %% [markdown]
# Between two digits stand other shapes, not two digits on each other. Halfway on the path that the control calls
# spherical, they are as much like digits as other samples are. We blend latents, not pictures, and G draws something
# for each latent. Measure it: a fade makes many grey pixels, a pen stroke makes few. How many pixels are neither
# black nor white? (A black picture has none either. Whether the shapes are digits is a question for FID, below.)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: grey pixels in a fade, on the walk, and in samples
from gan_edu.core.data import lerp, slerp

def grey(x):
    """Share of pixels that are neither nearly black nor nearly white."""
    return (x.abs() < 0.6).float().mean().item()

stream = torch.Generator().manual_seed(0)
a, b = artist.latents(2000, stream), artist.latents(2000, stream)          # 2,000 pairs of latents, (2000, 100) each
fade = (artist.generate(a) + artist.generate(b)) / 2
walk = artist.generate(slerp(a, b, 0.5))
print(f"grey pixels: {grey(fade):.1%} in the fade, {grey(walk):.1%} halfway on the walk, "
      f"{grey(artist.generate(a)):.1%} in samples")
assert grey(walk) < 0.5 * grey(fade), "the walk should have less than half of the fade's grey pixels"
assert abs(grey(walk) - grey(artist.generate(a))) < 0.01, "the walk should have the grey of samples, not of black"

# %% [markdown]
# The explorer offers two paths, a line and an arc. What becomes of the samples halfway on each, appendix D measures.
#
# Now try the other two tabs. **Plane** spreads four samples over a square. **More like this** takes steps from one
# sample: $z' = \sqrt{1 - s^2}\,z + s\,\varepsilon$ with new noise $\varepsilon$. Thanks to the root, if $z$ is drawn
# from $N(0, I)$, so is $z'$, for each $s$ from 0 to 1. Click a neighbour to keep it, then ask for more like that one.
#
# **Read.** White (2016), *Sampling generative networks*, arXiv 1609.04468.

# %% [markdown]
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason.
#
# ### 1 · Count steps (2 minutes, easy)
# How many steps are 20 epochs of MNIST at batch size 128?

# %%
from gan_edu.exercises import mnist_gan as exercises

steps_in_20_epochs = ...
exercises.steps_of(steps_in_20_epochs)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `Batches` drops the last batch of an epoch if it is not full.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import mnist_gan as exercises
#
# steps_in_20_epochs = 20 * (60_000 // 128)
# exercises.steps_of(steps_in_20_epochs)
# ```
#
# </details>
#
# ### 2 · The believer (5 minutes, easy)
# A lazy D answers $D(x) = 0.9$ to every picture, real or fake. What are L_D and L_G?

# %%
from gan_edu.exercises import mnist_gan as exercises

d_loss, g_loss = ..., ...
exercises.losses_of_a_believer(d_loss, g_loss)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Put 0.9 into both formulas of section 4. Or use `gan.loss` with the logit $\log(0.9 / 0.1)$.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import math
#
# from gan_edu.exercises import mnist_gan as exercises
#
# d_loss, g_loss = -math.log(0.9) - math.log(1 - 0.9), -math.log(0.9)
# exercises.losses_of_a_believer(d_loss, g_loss)
# ```
#
# </details>
#
# ### 3 · One digit only (10 minutes, medium)
# Train a GAN that draws one digit only, say 7, and give 100 samples to the check. The textbook's learning rate is 2e-4.
# Impatient? `adam` in `gan_edu.training_loop` makes an optimiser with a larger one.

# %%
from gan_edu.exercises import mnist_gan as exercises

digit = 7
my_samples = ...
exercises.one_digit(my_samples, digit)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Choose the pictures before you make batches: `Batches(images[labels == digit])`. Then `textbook()`, `train`, and
# `generate`, as in sections 5 and 7. With `adam(network, lr=1e-3, betas=(0.5, 0.999))` for both players it learns
# quickly, and goes on changing: after 1,500 steps 74 to 88 % were read as a 7 in four runs. 500 more steps with 1e-4
# let it come to rest: 91 to 97 %. (The two betas say how slowly Adam forgets earlier gradients, and their sizes.)
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.core.data import Batches, mnist
# from gan_edu.exercises import mnist_gan as exercises
# from gan_edu.mnist_gan import textbook
# from gan_edu.training_loop import adam, train
#
# digit, (images, labels) = 7, mnist()
# one = textbook(seed=1)
# one.g_optimizer = adam(one.generator, lr=1e-3, betas=(0.5, 0.999))
# one.d_optimizer = adam(one.discriminator, lr=1e-3, betas=(0.5, 0.999))
# batches = Batches(images[labels == digit], seed=1)
# for rate, steps in ((1e-3, 1500), (1e-4, 500)):
#     one.g_optimizer.param_groups[0]["lr"] = one.d_optimizer.param_groups[0]["lr"] = rate
#     for _ in train(one, batches, steps):
#         pass
# my_samples = one.generate(one.latents(100))
# exercises.one_digit(my_samples, digit)
# ```
#
# </details>
#
# ### 4 · Clothes (15 minutes, medium)
# Nothing in the GAN knows about digits. Train the same GAN on Fashion-MNIST (`gan_edu.core.data.fashion_mnist`) and
# give 100 samples to the check. If the data is not on your computer, it is downloaded once: this needs the network.

# %%
from gan_edu.exercises import mnist_gan as exercises

my_clothes = ...
exercises.fashion(my_clothes)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Only the pictures change: `Batches(fashion_mnist()[0])`. The optimisers of exercise 3's hint save time here too:
# with them 600 steps were enough in each of five runs.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.core.data import Batches, fashion_mnist
# from gan_edu.exercises import mnist_gan as exercises
# from gan_edu.mnist_gan import textbook
# from gan_edu.training_loop import adam, train
#
# clothes = textbook(seed=1)
# clothes.g_optimizer = adam(clothes.generator, lr=1e-3, betas=(0.5, 0.999))
# clothes.d_optimizer = adam(clothes.discriminator, lr=1e-3, betas=(0.5, 0.999))
# for _ in train(clothes, Batches(fashion_mnist()[0], seed=1), 1000):
#     pass
# my_clothes = clothes.generate(clothes.latents(100))
# exercises.fashion(my_clothes)
# ```
#
# </details>

# %% [markdown]
# ### 5 · A third of the way (5 minutes, easy)
# Two latents of 100 numbers are drawn from $\mathcal N(0, I)$. About how long is $z$ a third of the way from one to the
# other, on the straight line?

# %%
from gan_edu.exercises import mnist_gan as exercises

length_a_third_of_the_way = ...
exercises.length_on_the_line(length_a_third_of_the_way)

# %% [markdown]
# <details><summary>Hint</summary>
#
# $z = \tfrac23 a + \tfrac13 b$. Square it; $|a|^2$ and $|b|^2$ are near 100, and $a \cdot b$ is near 0. Or draw some and
# measure: `lerp(a, b, 1 / 3).norm(dim=1).mean()`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import mnist_gan as exercises
#
# length_a_third_of_the_way = (100 * (2 / 3) ** 2 + 100 * (1 / 3) ** 2) ** 0.5
# exercises.length_on_the_line(length_a_third_of_the_way)
# ```
#
# </details>

# %% [markdown]
# Your own pictures go in the same way: `images_from_folder("holiday")` in `gan_edu.core.data`.

# %% [markdown]
# ## A card for the wall
#
# | symptom | likely cause | check |
# |---|---|---|
# | L_D falls towards 0, L_G grows (seed 3 of section 10) | D is too strong | D(x) → 1, D(G(z)) → 0 in the replay; try a lower learning rate for D |
# | all samples look alike | the first epochs, or mode collapse | the spread of a pixel; move z and watch the picture |
# | samples stay grey | G learns nothing | was G's optimiser stepped? |
# | grey where black should be | the data lies in [0, 1] | `x.min()` of a batch; scale to [−1, 1] |
# | NaN or infinity in a loss | log(0), a learning rate too high | the error names the step; compute the loss from the logits, with `softplus` |
# | samples good, then worse | perhaps the game moves in circles | slide back: which step was best? (chapter 06) |
# | single light dots | plain training (here of an MLP) | `salt(samples)`; average G's weights (chapter 05) |
# | not like the pictures in a paper | perhaps another seed | run five seeds, compare their range |

# %% [markdown]
# ## Summary
#
# - One step: D learns from real and fake, then G learns from D's verdict on the same fakes.
# - The losses tell who is ahead, not how good the pictures are. Between epochs 15 and 100 of the
#   film D's loss rose, and the samples improved.
# - The textbook GAN learns digits, slowly, with salt noise, and with some digits far more often than others. All of that
#   can be counted. For salt we saw what real digits, noise and a black picture score.
# - Five seeds give five different runs, one of them collapsed. Compare methods only beside the range over seeds.
#
# **Read.** Goodfellow et al. (2014), *Generative adversarial nets*, arXiv 1406.2661. Radford et al. (2016),
# *Unsupervised representation learning with deep convolutional GANs*, arXiv 1511.06434. Heusel et al. (2017), which
# introduced FID, arXiv 1706.08500.
#
# **Next.** Chapter 05 adds tricks to this same GAN, one at a time, and measures what each of them does.

# %% [markdown]
# ## Appendix
#
# More to do, and what was left out of sections 6, 9 and 12. Nothing later needs it. Run all cells first: these build on the
# cells above.

# %% [markdown]
# ### A · Live, by code
#
# What the buttons of section 6 do, code can do too. Here is a second live run, for code. The first one stays as you
# left it. The next cell trains the new one to the end of its first epoch. You may stop the cell: the run pauses at the
# end of a step, and goes on when you run `coded.train_to(…)` again. You see the film at the end of this appendix.
#
# The next cell takes about 12 seconds on two cores.

# %%
coded = Live(fresh, train, "Live, by code", rows=3, every=25)
coded.train_to(pace(test=10, lesson=937, full=937))
before = scorer.score(coded.gan)["fid"]
print(coded, f"FID {before:.0f}")

# %% [markdown]
# **Predict:** now D stops learning, and G goes on against a D that stands still. Does L_G rise or fall? Do the samples
# get better? Guess below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: D stops learning, G goes on
guess = Guess.choice("still", "D stops learning, G goes on. What happens?", [
    "L_G falls, the samples get better", "L_G falls, the samples do not get better", "L_G rises"])
coded.set(d_lr=0)
coded.train_to(coded.gan.step + pace(test=4, lesson=300, full=300))
frozen, after = coded.recorder.curves["g_loss"][-1], scorer.score(coded.gan)["fid"]
with guess:
    print(f"L_G {coded.recorder.curves['g_loss'][0]:.2f} at the start, {frozen:.4f} now; FID {before:.0f} before, {after:.0f} now")
if claims():
    assert frozen < 0.01, "G has not beaten the D that stands still: train for more steps"
    assert after > 0.99 * before, "the samples got better although D stood still"
guess.answer("L_G falls, the samples do not get better")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# L_G falls to nearly 0, and the samples are no better. G has found what *this* D calls real, and this D does not learn
# from it. A low loss of G is a statement about D.
#
# Look where this began, though. After one epoch the samples are clouds of dots. In this run their FID is about three
# times that of untrained grey. The samples were poor already.
#
# </details>
#
# In this run D stops after one epoch, when the samples are still clouds of dots. **Predict:** what happens if it stops
# where G draws shapes already? Here is a copy of your run of section 5, with D's learning rate at 0.

# %%
copy = textbook(seed=0, device=device)
copy.load_state_dict(gan.state_dict())
copy.d_optimizer.param_groups[0]["lr"] = 0
for record in train(copy, textbook_batches(seed=1, device=device),
                    pace(test=4, lesson=300, full=300)):
    pass
stopped = scorer.score(copy)["fid"]
print(f"L_G {record.g_loss:.4f} at the end; FID {last:.0f} before, {stopped:.0f} now")
if claims():
    assert record.g_loss < 0.01, (
        "G has not beaten the D that stands still: train for more steps")
    assert stopped > 0.8 * last, "FID fell by a fifth or more although D stood still"

# %% [markdown]
# Again L_G falls to nearly 0: a D that no longer learns is sure that the samples are real. FID does not fall with it.
# It did not fall by a fifth in our run, nor in three other trials, where D stopped after 1,000 steps with a faster Adam.
# In one of these it became about five times as large.
#
# Back to the run by code. Let D learn again, and look at the film. Its list of changes gives the step of each change.

# %%
coded.set(d_lr=2e-4)
coded.train_to(coded.gan.step + pace(test=4, lesson=637, full=637))
for change in coded.recorder.log:
    print(f"step {change['step']}: {change['change']}")
Replay(coded.recording())

# %% [markdown]
# ### B · Link the film to controls of your own
#
# `frame` is a value of the widget, like a slider's value. Two lines tie it to a slider and a play button of ipywidgets. They talk to each
# other in the browser, without asking Python. The film below is the one at the top of the chapter: both move.

# %%
import ipywidgets as widgets

slider, play = (kind(max=len(film) - 1, description="frame")
                for kind in (widgets.IntSlider, widgets.Play))
links = [widgets.jslink((slider, "value"), (other, trait))
         for other, trait in ((replay, "frame"), (play, "value"))]
display(widgets.HBox([play, slider]), replay)

# %% [markdown]
# ### C · Where the salt comes from
#
# Chapter 05 trains the same two networks in other ways. Each made as many steps as fit into the same time, by the cost of its
# step, measured once. The steps of R1, a penalty on D, are slower, so it made fewer of them. Here is the salt, as
# median and range over five seeds:

# %%
from statistics import median

from gan_edu.core.measures import scores

salt_of = {row["name"]: row["values"]["salt"] for row in scores("tricks")["MNIST"]["rows"]}
fids = {row["name"]: row["values"]["fid"] for row in scores("tricks")["MNIST"]["rows"]}
for name, title in {"baseline": "the textbook, 12 epochs", "r1": "a penalty on D (R1)",
                    "ema": "the average of G's last weights"}.items():
    print(f"{title:32s} {median(salt_of[name]):6.1f} of 10,000 "
          f"(from {min(salt_of[name]):.1f} to {max(salt_of[name]):.1f})")
longer = [1e4 * salt(torch.from_numpy(film.tiles(film.steps.index(n * 937))))
          for n in (20, 50, 100)]
print("the film at epoch 20, 50, 100:", *(f"{value:.0f}" for value in longer))
fid_range = {name: (round(min(fids[name])), round(max(fids[name])))
             for name in ("baseline", "ema")}
print("FID: {} to {} plain, {} to {} with the average".format(
    *fid_range["baseline"], *fid_range["ema"]))
assert max(salt_of["r1"]) < min(salt_of["baseline"]) / 4, (
    "R1 should leave far less salt, on every seed")
assert (min(salt_of["ema"]), max(salt_of["ema"])) == (0, 0.5), (
    "with the average the salt should go from 0 to 0.5")
assert fid_range == {"baseline": (595, 1655), "ema": (661, 1404)}, (
    "the FIDs should be as the text says")
assert [round(value) for value in longer] == [90, 33, 9], (
    "longer training should leave the salt that the text says")

# %% [markdown]
# The networks are the same in each row, and the salt is not. The moving average of G's weights over its last steps is
# called **EMA** in chapter 05. It has hardly any salt: 0 to 0.5 of 10,000 pixels. Yet its FID is 661 to 1,404 (the
# plain row's: 595 to 1,655). From epoch 20 on, longer training alone removes most of the film's salt, too. Of 10,000
# pixels 90 are salt at epoch 20, 33 at epoch 50, 9 at the end. So this architecture allows the dots. How it is trained,
# for how long, and which weights are shown all change how many there are. Convolutions, which make neighbours partly
# from the same values, will come in chapter 10.

# %% [markdown]
# ### D · Two ways from A to B
#
# The **linear** path is the straight line. The **spherical** path is an arc. With the angle $\omega$ between $a$ and $b$,
# and $a$ and $b$ of one length, they are:
#
# $$z_{\text{lin}}(t) = (1-t)\,a + t\,b, \qquad
#   z_{\text{sph}}(t) = \frac{\sin((1-t)\,\omega)}{\sin\omega}\,a + \frac{\sin(t\,\omega)}{\sin\omega}\,b$$
#
# Two latents differ a little in length. `slerp` then lets the length go evenly from $|a|$ to $|b|$.
#
# **Predict:** a latent of 100 numbers from $\mathcal N(0, 1)$ is about 10 long, as $\mathbb E\,|z|^2 = 100$. How long is
# $z$ halfway on each path? Guess below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: how long z is halfway
from scipy.stats import chi

from gan_edu.core.notebook import INK, SOFT, show, subplots

halfway = {"linear": lerp(a, b, 0.5), "spherical": slerp(a, b, 0.5), "training": a}
length = {name: z.norm(dim=1) for name, z in halfway.items()}
guess = Guess.number("halfway", "Two latents are each about 10 long. How long is z halfway on the straight line?", 0, 12, near=0.5)
angle = torch.nn.functional.cosine_similarity(a, b).arccos().rad2deg()
shorter = chi(100).cdf(7.1)            # P(|z| < 7.1): |z| has the chi distribution
with guess:
    print("length of z:", ", ".join(f"{name} {values.mean():.2f} ± {values.std():.2f}" for name, values in length.items()))
    print(f"angle between two latents: {angle.mean():.0f}° ± {angle.std():.0f}°; "
          f"of 6 million latents of the film's training\nabout {6e6 * shorter:.0f} are expected to be shorter than 7.1")
assert abs(angle.mean() - 90) < 1 and angle.std() < 7 and shorter < 1e-5, "the latents should be as the text says"
assert abs(length["spherical"].mean() - length["training"].mean()) < 0.1, "the arc should stay in the shell"
figure, axes = subplots()
for (name, values), line, colour in zip(length.items(), ("--", "-", ":"), (INK, INK, SOFT), strict=True):
    axes.hist(values, bins=40, histtype="step", linestyle=line, color=colour, linewidth=2, label=name)
axes.set(title="How long the latents are halfway", xlabel="length of z", ylabel="of 2,000 latents")
axes.legend()
guess.answer(length["linear"].mean().item(), show(
    figure, "Three histograms of the length of z. Training lies around 10, nearly all of it between 8 and 12, and the "
            "spherical midpoint around the same middle; the linear midpoint lies near 7 and hardly touches them."))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# In 100 dimensions two random latents stand nearly at a right angle. So halfway
# $|z_{\text{lin}}|^2 \approx \tfrac14 \cdot 100 + \tfrac14 \cdot 100 = 50$, and the length is about 7.1. In training
# we expect fewer than one latent in 100,000 to be that short: the lengths of training form a thin shell, 10 ± 0.7. The
# arc stays in it.
#
# </details>
#
# **Predict:** does G mind? Compare the pictures halfway on the two paths with ordinary samples.

# %%
count = pace(test=100, lesson=2000, full=2000)
drawn = {name: artist.generate(z[:count])
         for name, z in {**halfway, "z·√½": a * 0.5 ** 0.5}.items()}
fid_of = {name: scorer.score_images(x)["fid"] for name, x in drawn.items()}
spread = {name: x.std(0).mean().item() for name, x in drawn.items()}
for name in drawn:
    print(f"{name:10s} FID {fid_of[name]:4.0f}   "
          f"spread of a pixel over the samples {spread[name]:.3f}")
assert 6.9 < length["linear"].mean() < 7.2, (
    "halfway on the line latents should be about 7.1 long")
assert spread["linear"] < 0.95 * min(spread["training"], spread["spherical"]), (
    "the line should give less variety")
if claims():
    assert fid_of["linear"] > 1.25 * fid_of["training"], (
        "the line should give a worse FID than training's latents")
    assert abs(fid_of["spherical"] / fid_of["training"] - 1) < 0.12, (
        "the arc should give about the FID of training's latents")
    assert abs(fid_of["z·√½"] / fid_of["linear"] - 1) < 0.2, (
        "shortened latents should do the same as the line")


# %% [markdown]
# By FID, the samples halfway on the arc are about as good as those of ordinary latents. A difference as small as this
# one also comes from the draw. Halfway on the line the samples are less varied, and their FID is higher by a quarter or
# more. Latents that are simply shortened by √½ do the same. They must do the same, because halfway on the line $z$ has
# their distribution, $\mathcal N(0, \tfrac12 I)$.
#
# > **Common misreading.** "The linear midpoint gives a broken picture." Look at single pictures in the explorer: many are
# > as good as other samples. What surely shrinks is the variety. BigGAN uses short latents on purpose, to trade variety
# > for better single samples: it draws again each number of $z$ that is far from 0. That is the *truncation trick* (Brock
# > et al. 2019, arXiv 1809.11096).

# %% [markdown]
# ### E · The commonest digit
#
# At epoch 100 this film holds too many 1s. Is it so at other epochs, and with other seeds? Look at the other frames,
# and at five other films.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: the commonest digit of other epochs and seeds
def commonest(run, epoch):
    """The digit that is read most often at an epoch, and its share."""
    histogram = run.scores[run.steps.index(epoch * 937)]["histogram"]
    return histogram.index(max(histogram)), max(histogram)


for run, epochs in ((film, (0, 10, 15, 20, 50, 100)), *((run, (20,)) for run in seeds)):
    print(run.meta["title"], *("· epoch {}: {} with {:.0%}".format(n, *commonest(run, n)) for n in epochs))
assert [commonest(run, 20)[0] for run in (film, *seeds)] == [8, 8, 8, 2, 8, 8], "the digits should be as the text says"
assert all(commonest(film, n)[0] == 1 for n in range(22, 101)), "from epoch 22 on the film should hold most 1s"
assert not any(commonest(film, n)[0] == 1 for n in range(22)), "before epoch 22 the 1s should not lead"
assert commonest(film, 0)[1] > 0.999, "untrained grey should be read as an 8"

# %% [markdown]
# Not everywhere. At epoch 20 the commonest answer is 8 in five of six films, and 2 in the sixth. In the film the 1s lead
# only from epoch 22 on. The count has a limit. The network must answer with a digit, whatever it is shown. It
# calls even untrained grey an 8. Look at the frames from epoch 10 to 15: how many of those "8s" do you read as 8?
#
# Why 1s at the end? One guess: a 1 is easy. It has the fewest white pixels of all digits, and it varies least. We have
# not tested whether that is the reason. Chapter 08 will be about what is lost when a generator prefers some samples.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: which digit has the fewest white pixels
pen = torch.stack([(images[labels == digit] > 127).float().mean((0, 1)) for digit in range(10)])      # (10, 28, 28)
white, varies = 784 * pen.mean((1, 2)), (pen * (1 - pen)).mean((1, 2))
print("white pixels:", ", ".join(f"{digit}: {white[digit]:.0f}" for digit in range(10)))
assert white.argmin() == 1 and varies.argmin() == 1, "a 1 should have the least white and vary least"


# %% [markdown]
# ### F · When is FID first below half of its start?
#
# The answer for the film is in section 8. And with other seeds?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: when FID is first below half of its start
def halved(run):
    """The first epoch whose FID is below half of the start's, None if there is none."""
    whole = (i for i, step in enumerate(run.steps) if step % 937 == 0)
    return next((run.steps[i] // 937 for i in whole if run.scores[i]["fid"] < run.scores[0]["fid"] / 2), None)


print("FID first below half of its start at epoch", [halved(run) for run in (film, *seeds)])
assert [halved(run) for run in (film, *seeds)] == [11, 14, 17, None, 13, 14], "the epochs should be as the text says"

# %% [markdown]
# So "half of the FID after eleven epochs" is true of one film. The others are first below half at epochs 13 to 17, seed
# 3 in none of its 20 epochs. Three of the six, the film too, then go above half again.

# %% [markdown]
# ### Your guesses

# %%
from gan_edu.widgets import Guesses

Guesses()

# %% [markdown]
# <!-- near -->
# ← [03 the training loop](03_training_loop.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [05 the tricks](05_tricks.ipynb) →
# <!-- /near -->
