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
# # 03 · The training loop: write it, break it, watch it
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/03_training_loop.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/03_training_loop.ipynb)
#
# <!-- near -->
# ← [02 losses](02_losses.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [04 the MNIST GAN](04_mnist_gan.ipynb) →
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# A few lines of code train a GAN. In this chapter you write them by hand. Then you break them, one thing at a time, and
# learn to tell from the outside what is broken.
#
# Here is a recorded run. Circles are real, triangles are fake; the map is what D says, from orange (fake) to blue
# (real). **Slide**, and watch the fakes spread to the eight clusters.

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
from gan_edu.core.recording import shipped
from gan_edu.widgets import Plane, PlaneReplay

PlaneReplay(shipped("plane/ring"))

# %% [markdown]
# **After this chapter you can**
#
# - write the training loop of a GAN from memory, and say what each line is for,
# - recognise six common bugs by what they do to losses, gradients and samples,
# - run experiments in the plane, and get the code of each.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | lesson (the default) | about 3 minutes on two cores | some sixty-five GANs in the plane, and some that run for up to 100 rounds |
# | full (`GAN_EDU_PACE=full`) | the same | the same |
#
# You should know what a loss is (chapter 02) and what `backward()` does. The data are points in the plane: you can see
# the samples, the noise they are made of, and what D says at every place. A run takes a few seconds.

# %% [markdown]
# ## 1 · Guess first
#
# 1. A **round** of the game is D's step and then G's. How often does one round change the weights of G? And those of D?
# 2. D learns from fakes. Should the gradient of D's loss flow back into G?
# 3. Somebody swaps the labels by mistake: D learns to call the fakes real. What do the two losses look like?
#
# Write down your guesses. The sections below answer them.

# %% [markdown]
# ## 2 · The data and the players
#
# The data are eight small Gaussians on a circle. Each is a **mode** (模态) of the distribution: a place where samples
# are frequent. A good generator draws from all eight, and equally often.

# %% tags=["nbval-check-output"]
import torch
from torch import nn

from gan_edu.core.data import Draws, ring

data = ring(8)
batches = Draws(data, batch_size=128, seed=0)
print(tuple(next(batches).shape), "·", len(data.modes), "modes ·",
      "next(batches) never ends")

# %% [markdown]
# The **generator** (生成器) makes a point out of two random numbers. The **discriminator** (判别器) makes one logit out of
# a point. Both are small multilayer perceptrons (多层感知机): layers of weights, and between two layers a function with a bend (ReLU or
# LeakyReLU). Each has an optimiser (优化器) of its own, and that optimiser knows only its own player's weights.
#
# The optimiser is **Adam**. It divides a weight's gradient by the usual size of that gradient, plus a tiny `eps` of
# 1e-8. So `lr` is about the length of one step of a weight, unless the gradient is as small as `eps`. The two `betas`
# say how much of the past Adam remembers. The first, 0.0, is for the gradient itself: only the newest counts, there is
# no momentum. The second, 0.9, is for its size: about the last ten steps count. `fused=True` changes no formula: it
# does the whole update in one pass over the weights.

# %%
from functools import partial

def players(seed=0):
    """G, D and an optimiser for each."""
    torch.manual_seed(seed)
    G = nn.Sequential(nn.Linear(2, 64), nn.ReLU(),
                      nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
    D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2),
                      nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
    adam = partial(torch.optim.Adam, lr=2e-3, betas=(0.0, 0.9), fused=True)
    return G, D, adam(G.parameters()), adam(D.parameters())

# %% [markdown]
# ## 3 · The loop, by hand
#
# [Chapter 00](00_start_here.ipynb) opens with these steps as one moving picture.
# Read the loop slowly: all that follows is built on this cell. Each round draws real points and noise. Then D learns. Then G
# learns *from the new D's answer to the same fakes*.

# %% tags=["by-hand"]
from torch.nn.functional import softplus

def train_by_hand(G, D, opt_G, opt_D, batches, noise, steps):
    """`steps` rounds of the game. noise: a torch.Generator. Returns the last two losses."""
    for _ in range(steps):
        real = next(batches)                                                    # (N, 2)
        z = torch.randn(len(real), 2, generator=noise, dtype=real.dtype)        # (N, 2)
        fake = G(z)                                                             # (N, 2)

        loss_D = softplus(-D(real)).mean() + softplus(D(fake.detach())).mean()  # D's step
        opt_D.zero_grad()
        loss_D.backward()
        opt_D.step()

        loss_G = softplus(-D(fake)).mean()                                      # G's step
        opt_G.zero_grad()
        loss_G.backward()
        opt_G.step()
    return loss_D.item(), loss_G.item()

# %% [markdown]
# `softplus(-l)` is $-\log D$ and `softplus(l)` is $-\log(1 - D)$, for a logit $l$. So these two losses are
#
# $$L_D = -\,\mathbb E_x[\log D(x)] - \mathbb E_z[\log(1 - D(G(z)))], \qquad L_G = -\,\mathbb E_z[\log D(G(z))]$$
#
# **Predict:** where will the fakes be after 0, 100, 300 and 2,500 rounds?

# %%
from gan_edu.core.training import setup
from gan_edu.core.notebook import FAKE, FAKE_MARKER, REAL, REAL_MARKER, show, subplots

logits = torch.linspace(-20, 20, 81, dtype=torch.float64)
assert torch.allclose(softplus(-logits), -logits.sigmoid().log()), (
    "softplus(−l) is not −log D")
assert torch.allclose(softplus(logits), -(1 - logits.sigmoid()).log(), rtol=1e-4), (
    "softplus(l) is not −log(1 − D)")
setup()
torch.set_num_threads(1)          # for networks this small, and the same numbers each time

# %% jupyter={"source_hidden": true} cellView="form"
# @title Helper: draw three hundred real and three hundred fake points
def scatter(axes, G, title):
    """Three hundred real and three hundred fake points."""
    real, fake = data.sample(300, torch.Generator().manual_seed(1)), samples(G, 300)
    axes.plot(*real.T, REAL_MARKER, color=REAL, markersize=3, alpha=0.6, label="real")
    axes.plot(*fake.T, FAKE_MARKER, color=FAKE, markersize=3, alpha=0.8, label="fake")
    axes.set(title=title, xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])

def samples(G, count):
    """Points of G for latents of their own stream, (count, 2)."""
    with torch.no_grad():
        return G(torch.randn(count, 2, generator=torch.Generator().manual_seed(9)))


# %% [markdown]
# The next cell takes about 8 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Train and plot: the fakes after four numbers of rounds
from gan_edu.core.notebook import claims, pace

G, D, opt_G, opt_D = players(seed=0)
batches, noise, done = Draws(data, batch_size=128, seed=0), torch.Generator().manual_seed(0), 0
figure, places = subplots(1, 4, figsize=(9, 2.6))
for axes, steps in zip(places, (0, 100, 300, pace(test=320, lesson=2500, full=2500)), strict=True):
    train_by_hand(G, D, opt_G, opt_D, batches, noise, steps - done) if steps else None
    done = steps
    scatter(axes, G, f"round {steps:,}")
figure.legend(*places[0].get_legend_handles_labels(), loc="outside right center", handletextpad=0, markerscale=2)
assert samples(players(seed=0)[0], 300).norm(dim=1).max() < 0.6, "at round 0 the fakes are no small clump in the middle"
show(figure, "Four panels. At round 0 the fake triangles form a small clump in the middle of the eight clusters of real "
             "circles; then they spread, and in the last panel most of them lie on the clusters.")

# %% [markdown]
# To say it in numbers: a sample is *good* if it lies within three standard deviations of a mode. A mode is *covered*
# if at least half of its fair share of the samples is good and nearest to it. Its fair share is what the data give
# it: here an eighth.

# %%
def score(points):
    """(share of good points, modes covered). points: (N, 2)."""
    distance, mode = torch.cdist(points, data.modes).min(1)
    good = distance < 3 * data.scales[0, 0]
    counts = mode[good].bincount(minlength=8)
    return good.float().mean().item(), int((counts >= len(points) / 8 / 2).sum())

def quality(G):
    """The same of 2,000 samples."""
    return score(samples(G, 2000))

# %% [markdown]
# A measure is worth something only if bad samples fail it. So score three things that you know beside G: noise spread
# evenly over the picture, one wide Gaussian, and the data themselves.

# %%
stream = torch.Generator().manual_seed(0)
known = {"uniform noise": 3 * torch.rand(2000, 2, generator=stream) - 1.5,
         "one wide Gaussian": 0.5 ** 0.5 * torch.randn(2000, 2, generator=stream),
         "the data": data.sample(2000, stream), f"G, {done:,} rounds": samples(G, 2000)}

# %% [markdown]
# **Predict:** what share of each is good, and how many modes does it cover? Guess one of these numbers below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: how many modes one wide Gaussian covers
from math import exp

from gan_edu.widgets import Guess

guess = Guess.number("wide", "One wide Gaussian over the picture: how many of the 8 modes does it cover?", 0, 8,
                     unit="modes", step=1, near=1)
found = {name: score(points) for name, points in known.items()}
with guess:
    for name, (share, modes) in found.items():
        print(f"{name:18} {share:4.0%} good, {modes} of 8 modes")
assert found["uniform noise"][1] == found["one wide Gaussian"][1] == 0, "noise covers a mode: the measure is too mild"
assert found["the data"][1] == 8, "the data fail their own measure: it is too strict"
assert abs(found["the data"][0] - (1 - exp(-9 / 2))) < 0.01, "the share of good data is not what the Gaussian gives"
if claims():
    assert share > 0.75 and modes == 8, "G has not learned all eight modes: run the cell above for longer"
guess.answer(found["one wide Gaussian"][1])

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Noise covers nothing, the data cover everything, and this G covers all eight. The data do not reach 100 %: of a Gaussian
# in the plane, $e^{-9/2}$, about 1 %, lies outside of three standard deviations.
#
# </details>
#
# One run says little about a GAN: another seed may end elsewhere. So here are five.
#
# The next cell takes about 9 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Train: the loop by hand on five seeds, as a table
SEEDS, ROUNDS = range(pace(test=1, lesson=5, full=5)), pace(test=20, lesson=1500, full=1500)

def by_hand(seed, rounds):
    """The loop by hand from one seed. Returns (G, L_D, L_G, D)."""
    G, D, opt_G, opt_D = players(seed)
    noise = torch.Generator().manual_seed(seed)
    return G, *train_by_hand(G, D, opt_G, opt_D, Draws(data, 128, seed), noise, rounds), D

def table(loop, **change):
    """Run a loop on several seeds. Prints and returns (share, modes, L_D, L_G, all that the loop returned) of each."""
    rows = []
    for seed in SEEDS:
        G, d, g, *_ = run = loop(seed, ROUNDS, **change)
        rows.append((*quality(G), d, g, run))
        print("seed {}: {:4.0%} good, {} of 8 modes, L_D {:7.3f}, L_G {:7.3f}".format(seed, *rows[-1][:4]))
    print(f"together {covered(rows)} of {8 * len(rows)} modes")
    return rows

def covered(rows):
    """How many modes the runs cover together."""
    return sum(row[1] for row in rows)

right = table(by_hand)
if claims():
    assert min(r[0] for r in right) > 0.65 and covered(right) >= 36, "the right loop misses more than a few modes"
    assert max(r[0] for r in right) - min(r[0] for r in right) > 0.02, "all seeds end alike: one run would do"

# %% [markdown]
# ## 4 · Break it, then diagnose it
#
# Now take the loop apart. Each part below leaves out or changes one thing. **Predict** first what will happen.
#
# ### Without `detach`
#
# `fake.detach()` is the same points, cut off from G. What if we forget it?

# %% tags=["nbval-check-output"]
G, D, opt_G, opt_D = players()
real, fake = next(batches), G(torch.randn(128, 2))
(softplus(-D(real)).mean() + softplus(D(fake)).mean()).backward()       # no detach
try:
    softplus(-D(fake)).mean().backward()
except RuntimeError as error:
    message = str(error)
    print(message[:62], "…")
assert "retain_graph=True" in message, "the message suggests something else"

# %% [markdown]
# Here PyTorch stops us. D's `backward` went on through G, and PyTorch has freed what it had kept of G's pass. The message
# goes on to suggest `retain_graph=True`. Before you follow it, look at what D's loss did to G:

# %%
torch.manual_seed(0)
z = torch.randn(128, 2)
opt_G.zero_grad()
softplus(D(G(z))).mean().backward()       # the fake part of L_D, no detach
from_D = G[0].weight.grad.clone()
opt_G.zero_grad()
(-softplus(D(G(z)))).mean().backward()    # the minimax loss of G: E[log(1 − D(G(z)))]
print("largest difference between one and minus the other:",
      (from_D + G[0].weight.grad).abs().max().item())
assert from_D.abs().max() > 0, "D's loss left no gradient in G"
assert torch.allclose(from_D, -G[0].weight.grad, atol=1e-8), (
    "the two gradients are not opposite")

# %% [markdown]
# D's loss has left a gradient in G, and it asks G to *help D*: it is minus the gradient of G's own minimax loss. With
# `detach` there is no such gradient. What `retain_graph=True` does in its place, appendix A shows.
#
# **How to diagnose.** Clear G's gradient, let D learn, and look: G must still have none.

# %% tags=["nbval-check-output"] jupyter={"source_hidden": true} cellView="form"
# @title Check: has D's step left a gradient in G?
def gradient_left_in_G(with_detach):
    G, D, opt_G, _ = players()
    fake = G(torch.randn(128, 2))
    opt_G.zero_grad()
    softplus(D(fake.detach() if with_detach else fake)).mean().backward()
    return any(weight.grad is not None for weight in G.parameters())

print("with detach:", gradient_left_in_G(True), "   without:", gradient_left_in_G(False))
assert gradient_left_in_G(False) and not gradient_left_in_G(True), "the check does not tell the two loops apart"

# %% [markdown]
# ### Without `zero_grad`
#
# `backward` *adds* to what is in `.grad`. **Predict:** what do the optimisers see in round 100 if nobody clears it?

# %% tags=["nbval-check-output"]
G, D, opt_G, opt_D = players()
first, second = (softplus(-D(data.sample(64, torch.Generator().manual_seed(s)))).mean()
                 for s in (1, 2))
alone = [torch.autograd.grad(loss, D[0].weight, retain_graph=True)[0]
         for loss in (first, second)]
first.backward()
second.backward()
print("the sum of both gradients:", torch.allclose(D[0].weight.grad, sum(alone), atol=1e-7))
assert torch.allclose(D[0].weight.grad, sum(alone), atol=1e-7), (
    "backward has not added the two gradients")

# %% [markdown]
# The sum over all rounds. The first gradient counts as much in round 1,000 as it did in round 1. Momentum lets old
# gradients fade; this sum lets nothing fade.
#
# And there is a second fault. G's `backward` goes through D, and leaves a gradient in D's weights as well. In the right
# loop, `opt_D.zero_grad()` throws it away. Without it, D takes that gradient for its own. To compare whole runs, here is
# the loop once more with its lines as switches.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Helper: the loop by hand, with its lines as switches
def learn(loss, optimizer, clear=True, only=None):
    """One step of a player down its loss. only: the weights that get a gradient (None: all that the loss reaches)."""
    if clear:
        optimizer.zero_grad()
    loss.backward(inputs=only)
    optimizer.step()

def broken(seed, rounds, clear=True, leak=True, swap=False, D_stops=None, D_steps=1):
    """The loop with one line changed. Returns (G, L_D, L_G) and, for a diagnosis, (D, opt_D, opt_G)."""
    G, D, opt_G, opt_D = players(seed)
    batches, noise, sign = Draws(data, 128, seed), torch.Generator().manual_seed(seed), -1 if swap else 1
    for done in range(rounds):
        for _ in range(D_steps):
            real, fake = next(batches), G(torch.randn(128, 2, generator=noise))
            loss_D = softplus(-sign * D(real)).mean() + softplus(sign * D(fake.detach())).mean()
            if D_stops is None or done < D_stops:
                learn(loss_D, opt_D, clear)
        loss_G = softplus(-D(fake)).mean()
        learn(loss_G, opt_G, clear, None if leak else list(G.parameters()))
    return G, loss_D.item(), loss_G.item(), (D, opt_D, opt_G)

def same(one, other):
    """Whether two networks have the same weights, bit for bit."""
    return all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))

assert same(broken(0, 20)[0], by_hand(0, 20)[0]), "with no switch on, this is not the loop by hand"

# %% [markdown]
# The next cell takes about 19 seconds on two cores.

# %%
print("no zero_grad at all:")
uncleared = table(broken, clear=False)
print("the same, but G's backward leaves D's gradient alone:")
summed = table(broken, clear=False, leak=False)
if claims():
    assert max(r[0] for r in uncleared + summed) < 0.25, (
        "a run without zero_grad has learned after all")

# %% [markdown]
# Both loops fail on all five seeds. So the sum alone is enough to break the loop; the foreign gradient is not needed
# for that.
#
# **How to diagnose.** Print the norm of D's gradient. Watch for growth that goes on and on:
#
# The next cell takes about 8 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Check: the norm of D's gradient in each round
def norms(seed, clear, rounds):
    """The norm of D's gradient in each round of the game."""
    G, D, opt_G, opt_D = players(seed)
    batches, noise, found = Draws(data, 128, seed), torch.Generator().manual_seed(seed), []
    for _ in range(rounds):
        real, fake = next(batches), G(torch.randn(128, 2, generator=noise))
        learn(softplus(-D(real)).mean() + softplus(D(fake.detach())).mean(), opt_D, clear)
        found.append(torch.cat([weight.grad.flatten() for weight in D.parameters()]).norm().item())
        learn(softplus(-D(fake)).mean(), opt_G, clear)
    return found

for seed in SEEDS:
    good, bad = (norms(seed, clear, min(ROUNDS, 300)) for clear in (True, False))
    for name, found in (("cleared", good), ("not cleared", bad)):
        print(f"seed {seed}, {name:12}", *(f"round {k}: {found[k - 1]:5.2f} " for k in (1, 10, 100, 300) if k <= len(found)))
    if claims():
        assert max(good) < 5, "the norm of a cleared gradient grows"
        assert bad[0] < 0.5 and bad[9] > 2 and bad[99] > 10 and bad[299] > 25, "the norm of a sum does not grow"

# %% [markdown]
# ### Labels swapped
#
# D learns to call fakes real and reals fake; G still wants to be called real. **Predict** both losses. Guess below.
#
# The next cell takes about 9 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: the losses with swapped labels, on five seeds
def away(G):
    """The mean distance of G's samples from the nearest mode."""
    return torch.cdist(samples(G, 2000), data.modes).min(1).values.mean().item()

guess = Guess.choice("swapped", "D learns to call fakes real. Where do the two losses end?",
                     ["both near 0", "both near 0.69", "D's near 0, G's large", "they swing"])
with guess:
    swapped = table(broken, swap=True)
    far = [away(run[0]) for *_, run in swapped]
    print(f"the samples are {min(far):.1f} to {max(far):.1f} away from the nearest mode")
if claims():
    assert max(r[0] for r in swapped) == 0 and min(far) > 8, "samples have stayed near the data"
    assert max(max(r[2:4]) for r in swapped) < 0.05, "a loss is not near 0"
guess.answer("both near 0")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Both losses go to 0, and there is not one good sample! Nobody opposes anybody: both players want D to call the fakes
# real. So G moves away from the data. But where such a loss is near 0, its slope is near 0 too. Adam makes up for small
# slopes, but not for those far below its `eps` of 1e-8. Then its steps shrink too, and G nearly comes to rest.
#
# With right labels both losses are near 0 only if D calls reals real and fakes fake ($L_D$), and also calls the same
# fakes real ($L_G$). No single D can do both: for each fake with logit $l$ the two losses together pay
# $\text{softplus}(l) + \text{softplus}(-l) \ge 2 \log 2$. So $L_D + L_G$ is at least about 1.39, unless D changes a
# lot in one step. If you see much less, look at the labels.
#
# </details>
#
# **How to diagnose.** Compare D's mean logits. After some hundred rounds D must say more to real than to fake, or nearly
# the same once G is good.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Check: does D say more to real than to fake?
def says_more_to_real(seed, **change):
    """Mean logit at real minus mean logit at fake, after 300 rounds."""
    G, _, _, (D, *_) = broken(seed, 300, **change)
    return (D(data.sample(1000, torch.Generator().manual_seed(1))).mean() - D(samples(G, 1000)).mean()).item()

least = (softplus(logits) + softplus(-logits)).min().item()
print(f"least value of softplus(l) + softplus(−l): {least:.3f}")
assert abs(least - 2 * torch.tensor(2.0).log().item()) < 1e-6, "the least value is not 2 log 2"
if claims():
    assert min(r[2] + r[3] for r in right) > 1.39, "the losses of the right loop are too small for one D"
for seed in SEEDS:
    good, bad = says_more_to_real(seed), says_more_to_real(seed, swap=True)
    print(f"seed {seed}: labels right {good:+.2f}, swapped {bad:+.2f}")
    assert good > 0 > bad, "the check does not tell swapped labels from right ones"

# %% [markdown]
# ### One player stands still
#
# Freeze D early, after 100 rounds, and let G go on. **Predict:** where do the fakes go?

# %%
frozen = table(broken, D_stops=100)
if claims():
    assert max(r[1] for r in frozen) <= 2 and min(r[0] for r in frozen) > 0.4, (
        "G has not collapsed against a frozen D")
    assert all(abs(r[2] - 1.44) < 0.05 and abs(r[3] - 0.63) < 0.05 for r in frozen), (
        "the losses end elsewhere")

# %% [markdown]
# The share of good samples may be high, but no run covers more than one or two modes! We have made **mode collapse**
# (模式崩溃) on purpose. Where do the samples sit? Does this D like that place best? And what would a D do that may learn
# again?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Measure: where G's samples sit, and what D says there
for seed, (*_, (G, _, _, (D, opt_D, _))) in zip(SEEDS, frozen, strict=True):
    batches, crowd = Draws(data, 128, 99), samples(G, 128)
    two = torch.cdist(crowd, data.modes).argmin(1).bincount(minlength=8).topk(2).values.sum().item() / 128
    likes, best_mode = D(crowd).mean().item(), D(data.modes).max().item()
    for _ in range(20):
        learn(softplus(-D(next(batches))).mean() + softplus(D(crowd)).mean(), opt_D)
    now = D(crowd).mean().item()
    print(f"seed {seed}: {two:4.0%} nearest to one of two modes; D's logit there {likes:+.2f} (best mode {best_mode:+.2f}),",
          f"20 steps later {now:+.2f}")
    if claims():
        assert two > 0.9, "the samples are spread over more than two modes"
        assert likes > best_mode - 0.015, "the samples are not where this D likes them best"
        assert now < 0 < likes, "D does not call the crowded place fake after 20 steps"

# %% [markdown]
# G went to one or two places that this D likes about as well as its best mode (within 0.015), or better. In the real game
# D would answer: let it learn again, and within 20 steps it calls the place fake.
#
# **How to diagnose.** Keep a copy of D, train on for a few rounds, and compare. Do D's weights move at all?

# %% tags=["nbval-check-output"] jupyter={"source_hidden": true} cellView="form"
# @title Check: do D's weights move?
def D_moves(**change):
    before, after = players(0)[1], broken(0, 5, **change)[3][0]
    return any(not torch.equal(a, b) for a, b in zip(before.parameters(), after.parameters(), strict=True))

print("D learns:", D_moves(), "  D frozen:", D_moves(D_stops=0))
assert D_moves() and not D_moves(D_stops=0), "the check does not tell a frozen D from one that learns"

# %% [markdown]
# ## 5 · The same loop, made fast
#
# `gan_edu.training_loop.train` is this algorithm. It adds no trick of training, only ways to save work. Where D judges
# each sample alone, real and fake go through it in one pass. And no gradient is computed that nobody needs. Here it is
# a little slower; it pays for networks as large as those of chapter 04. It also stops at NaN. It must end with the same
# weights, up to rounding. Let us see:

# %% tags=["nbval-check-output"]
from gan_edu.training_loop import GAN, train

G, D, opt_G, opt_D = players(seed=5)
train_by_hand(G, D, opt_G, opt_D, Draws(data, 128, seed=5),
              torch.Generator().manual_seed(5), steps=50)

G2, D2, opt_G2, opt_D2 = players(seed=5)
gan = GAN(G2, D2, latent_dim=2, g_optimizer=opt_G2, d_optimizer=opt_D2, seed=5)
for record in train(gan, Draws(data, 128, seed=5), steps=50):
    pass

apart = max((a - b).abs().max().item()
            for a, b in zip(G.parameters(), G2.parameters(), strict=True))
print("largest difference of a weight below 1e-5:", apart < 1e-5)
assert apart < 1e-5, "the two loops end with different weights"

# %% [markdown]
# `train(…)` gives an **iterator** (迭代器): it hands over a small record after each round and waits. So *to pause is to
# stop pulling*. A progress bar, a recorder, a live view and a plain `for` loop all pull at the same thing.

# %% tags=["nbval-check-output"]
records = train(gan, Draws(data, 128, seed=6), steps=1000)
print(next(records).step, next(records).step, "… and now it waits;", "gan.step is", gan.step)
assert gan.step == 52, "train has gone on without being asked"

# %% [markdown]
# All that was learned is in `gan`. A new `train(gan, …)` goes on where this one stopped.


# %% [markdown]
# ## 6 · The plane, live
#
# The laboratory of this course: the same loop, and you can change each part of it. Try these, and guess before each.
#
# 1. **Play.** After how many steps are all eight modes covered, and how large is the share of samples near a mode then?
#    It takes some thousand steps: wait a little. Then **Pause**, and slide back to see.
# 2. **Slow motion.** One round in eight sub-steps; the line of code that was just done is marked. At which line do the
#    fakes move? At which the map? Then press *Leave*.
# 3. **D step** twenty times, then **G step** twenty times. What moves, and what does not?
# 4. Make G's learning rate (tab *G*) ten times as large while it trains. Do the losses below the picture tell you what
#    the picture tells?
# 5. Draw data of your own: tab *Data*, then *Draw*.
# 6. **Let it circle**: where do the fakes run? Could you tell from the losses alone?

# %%
from gan_edu.losses import LOSSES
from gan_edu.training_loop import LINES, d_step, g_step, substeps

tools = {"d_step": d_step, "g_step": g_step, "substeps": substeps, "lines": LINES}
plane = Plane(GAN, train, LOSSES, loss="non-saturating",
              uses=["g_lr", "d_lr", "g_steps", "d_steps", "data", "loss"], **tools)
assert len(LINES) == 8, "slow motion has not eight lines"
plane

# %%
film = shipped("plane/ring")
first = next(step for step, scores in zip(film.steps, film.scores, strict=True)
             if scores["modes"] == 8)
near = film.scores[film.steps.index(first)]["quality"]
print(f"all eight modes for the first time at step {first:,}, "
      f"with {near:.0%} of the samples near a mode")
assert first == 2840 and 0.7 < near < 0.78, "the film covers its modes at another step"

# %% [markdown]
# This is the film at the top of the chapter: a run with the plane's first settings. After its first moments it keeps every
# 355th step. In the frame of step 2,840 all eight modes are covered for the first time, while a quarter of the samples
# still lies elsewhere. It is close: the rarest mode has 165 of 2,500 samples, and at least 157 are needed. Near the limit chance
# decides: with 2,500 other latents the same G had 7 modes. Your own run keeps more steps.
#
# Code does the same as the buttons. This cell has a plane of its own: yours stays as you left it. It takes about 13
# seconds on two cores, and shows nothing until it has ended. It trains, makes one change on the way, and reads what the
# plane measures. These are $\mathrm{JS}(p_{data}, p_g)$, the modes covered, and the share of samples near a mode.

# %%
from gan_edu.core.measures import Coverage

coded = Plane(GAN, train, LOSSES, "By code", loss="non-saturating", **tools)
coded.train_to(pace(test=20, lesson=3000, full=3000))
coded.set(g_lr=2e-4)
coded.train_to(coded.gan.step + pace(test=10, lesson=1000, full=1000))
scores = coded.look.see()["scores"]
print(coded)
print(f"JS {scores['js']:.2f}, {scores['modes']} of 8 modes, "
      f"{scores['quality']:.0%} of the samples near a mode")
js = {name: Coverage(ring(8)).measure(points)["js"] for name, points in known.items()}
print("JS of what you know:", ", ".join(f"{name} {value:.3f}" for name, value in js.items()))
assert js["the data"] < 0.02 < 0.5 < js["uniform noise"], (
    "JS does not tell noise from the data")
if claims():
    assert scores["modes"] == 8 and scores["js"] < 0.3, (
        "the plane's run has not learned all eight modes")

# %% [markdown]
# JS lies between 0 and $\log 2 = 0.693$. The plane estimates it from counts in small cells, so the data themselves do
# not score exactly 0. How it counts, and what the data score, stands under the numbers.

# %% [markdown]
# ### Show the code
#
# Every run in the plane is a few lines of PyTorch, changes included. **Predict:** run as a program, do these lines end
# with the same weights, or only with similar ones? Guess below.

# %%
print(coded.code)

# %% [markdown]
# The next cell takes about 11 seconds on two cores.

# %%
again = {}
exec(coded.code, again)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: the weights of the shown program
guess = Guess.choice("program", "Run as a program, do these lines end with the same weights?",
                     ["the same, bit for bit", "similar ones", "quite other ones"])
assert same(again["gan"].generator, coded.gan.generator), "the shown code ends with other weights than the plane"
guess.answer("the same, bit for bit")

# %% [markdown]
# ### Your own loss
#
# A loss is a pair of functions of D's logits. Write one, give it a name, and the plane trains with it. Here is the
# least-squares loss; change it while you like. The cell after it trains that plane for some seconds.

# %%
from gan_edu.losses import Loss

def my_d(real_logits, fake_logits):
    return ((real_logits - 1) ** 2).mean() / 2 + (fake_logits ** 2).mean() / 2

def my_g(fake_logits, real_logits):
    return ((fake_logits - 1) ** 2).mean() / 2

mine = Loss("my own", my_d, my_g)
own = Plane(GAN, train, {"my own": mine, **LOSSES}, "My own loss", uses=["loss"], **tools)
own

# %% [markdown]
# The next cell takes about 8 seconds on two cores.

# %%
own.train_to(pace(test=10, lesson=1500, full=1500))
seen = own.look.see()["scores"]
print(own, f"JS {seen['js']:.2f}, {seen['modes']} of 8 modes, "
           f"{seen['quality']:.0%} of the samples near a mode")

# %% [markdown]
# ## 7 · A card for the wall
#
# | what you see | likely bug | check |
# |---|---|---|
# | "backward through the graph a second time" | no `detach` in D's step | clear G's gradient, let D learn: G must still have none |
# | gradients grow and grow | no `zero_grad` | print a gradient's norm in each round |
# | both losses near 0, samples far away | labels swapped | D must say more to real than to fake |
# | all samples in one or two places | D does not learn | is `opt_D` made of D's weights? is its rate 0? |
# | a sample changes with its batch | `train` mode while showing | call `eval()` first |
# | many modes are missed, on every seed | both players step at once | which D judged G's fakes, the old or the new? |
#
# Other faults look alike. The check decides, not the look.

# %% [markdown]
# ## Exercises
#
# ### 1 · Count the steps (2 minutes, easy)
# `train(GAN(…, d_steps=3), batches, steps=200)`: how often are D's weights changed, and how often G's?

# %%
from gan_edu.exercises import training_loop as exercises

changes_of_D, changes_of_G = ..., ...
exercises.weight_changes(changes_of_D, changes_of_G)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `d_steps` is the number of D's steps in one round.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import training_loop as exercises
#
# changes_of_D, changes_of_G = 3 * 200, 200
# exercises.weight_changes(changes_of_D, changes_of_G)
# ```
#
# </details>
#
# ### 2 · Repair it (10 minutes, medium)
# This loop runs without an error, and G learns nothing. It has two bugs. Find both, and give the repaired function to the
# check, which trains with it.

# %%
import torch
from torch.nn.functional import softplus

from gan_edu.exercises import training_loop as exercises

def repaired(G, D, opt_G, opt_D, batches, noise, steps):
    for _ in range(steps):
        real = next(batches)
        fake = G(torch.randn(len(real), 2, generator=noise, dtype=real.dtype)).detach()
        loss_D = softplus(-D(real)).mean() + softplus(D(fake)).mean()
        opt_D.zero_grad()
        loss_D.backward()
        opt_D.step()
        loss_G = softplus(D(fake)).mean()
        opt_G.zero_grad()
        loss_G.backward()
        opt_G.step()

exercises.repair(repaired)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Where is the way from `loss_G` back to G's weights cut? And does G want D's logit to be high or low?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import torch
# from torch.nn.functional import softplus
#
# from gan_edu.exercises import training_loop as exercises
#
# def repaired(G, D, opt_G, opt_D, batches, noise, steps):
#     for _ in range(steps):
#         real = next(batches)
#         fake = G(torch.randn(len(real), 2, generator=noise, dtype=real.dtype))
#         loss_D = softplus(-D(real)).mean() + softplus(D(fake.detach())).mean()
#         opt_D.zero_grad()
#         loss_D.backward()
#         opt_D.step()
#         loss_G = softplus(-D(fake)).mean()
#         opt_G.zero_grad()
#         loss_G.backward()
#         opt_G.step()
#
# exercises.repair(repaired)
# ```
#
# </details>
#
# ### 3 · Detective (5 minutes, easy)
# Three runs, three bugs. Which is which? Answer with one of "no zero_grad", "labels swapped", "D frozen" for each:
#
# - **a**: $L_D$ = 0.000, $L_G$ = 0.000; the samples lie more than eight units away from the data.
# - **b**: $L_D$ is near 1.44 and $L_G$ near 0.63; the samples sit together in one or two places.
# - **c**: the norm of D's gradient is below 0.5 in round 1, above 2 in round 10, above 10 in round 100, and above 25 in
#   round 300.

# %%
from gan_edu.exercises import training_loop as exercises

a, b, c = ..., ..., ...
exercises.detective(a, b, c)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Section 4 has a table for each of them.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import training_loop as exercises
#
# a, b, c = "labels swapped", "D frozen", "no zero_grad"
# exercises.detective(a, b, c)
# ```
#
# </details>
#
# ### 4 · A loop of your own (15 minutes, medium)
# Write the loop for the *least-squares* GAN (chapter 02): $L_D = \tfrac12 \mathbb E[(D(x) - 1)^2] + \tfrac12 \mathbb
# E[D(G(z))^2]$ and $L_G = \tfrac12 \mathbb E[(D(G(z)) - 1)^2]$, where $D$ is the raw output. The check compares your
# weights with its own after 20 rounds.

# %%
import torch

from gan_edu.exercises import training_loop as exercises

def least_squares_by_hand(G, D, opt_G, opt_D, batches, noise, steps):
    ...

exercises.least_squares(least_squares_by_hand)


# %% [markdown]
# <details><summary>Hint</summary>
#
# Only the two lines that compute the losses change.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import torch
#
# from gan_edu.exercises import training_loop as exercises
#
# def least_squares_by_hand(G, D, opt_G, opt_D, batches, noise, steps):
#     for _ in range(steps):
#         real = next(batches)
#         fake = G(torch.randn(len(real), 2, generator=noise, dtype=real.dtype))
#         loss_D = ((D(real) - 1) ** 2).mean() / 2 + (D(fake.detach()) ** 2).mean() / 2
#         opt_D.zero_grad()
#         loss_D.backward()
#         opt_D.step()
#         loss_G = ((D(fake) - 1) ** 2).mean() / 2
#         opt_G.zero_grad()
#         loss_G.backward()
#         opt_G.step()
#
# exercises.least_squares(least_squares_by_hand)
# ```
#
# </details>

# %% [markdown]
# ## Your guesses

# %%
from gan_edu.widgets import Guesses

Guesses()

# %% [markdown]
# ## Summary
#
# - One round: draw real, draw noise; D's step with `detach`; G's step on the same fakes, judged by the new D.
# - `backward` adds, `zero_grad` clears, `detach` cuts, `eval` makes samples independent of their neighbours.
# - Both losses near 0 are no success: look at the labels.
# - `train` is the same algorithm as an iterator. To pause is to stop pulling.
#
# **Read.** Goodfellow et al. (2014), *Generative adversarial nets*, arXiv 1406.2661, algorithm 1. Kahng et al. (2019),
# *GAN Lab: understanding complex deep generative models using interactive visual experimentation*, arXiv 1809.01587.
#
# **Next.** Chapter 04 trains the same loop on handwritten digits.

# %% [markdown]
# ## Appendix
#
# More bugs, and more to look at. Nothing later needs it. Run all cells first: these build on the cells above.

# %% [markdown]
# ### A · `retain_graph=True` in place of `detach`
#
# Without `detach`, D's loss leaves a gradient in G (section 4). **Predict:** with `retain_graph=True` and no `detach`, what does this gradient do to the loop above?

# %%
def retaining(seed, rounds, early=False):
    """No detach, but retain_graph. early: opt_G is cleared at the top of a round.
    Returns (G, L_D, L_G, D)."""
    G, D, opt_G, opt_D = players(seed)
    batches, noise = Draws(data, 128, seed), torch.Generator().manual_seed(seed)
    for _ in range(rounds):
        real, fake = next(batches), G(torch.randn(128, 2, generator=noise))
        opt_D.zero_grad()
        opt_G.zero_grad()
        loss_D = softplus(-D(real)).mean() + softplus(D(fake)).mean()       # no detach
        loss_D.backward(retain_graph=True)
        opt_D.step()
        loss_G = softplus(-D(fake)).mean()
        if not early:
            opt_G.zero_grad()                                               # as by hand
        loss_G.backward()
        opt_G.step()
    return G, loss_D.item(), loss_G.item(), D

for seed in range(2):
    cut, kept = by_hand(seed, 100), retaining(seed, 100)
    print(f"seed {seed}: the weights of G and D with detach, bit for bit:",
          same(cut[0], kept[0]) and same(cut[3], kept[3]))
    assert same(cut[0], kept[0]) and same(cut[3], kept[3]), (
        "retain_graph in place of detach changes the weights")

# %% [markdown]
# It does nothing, as long as `opt_G.zero_grad()` stands between the two `backward` calls: that line throws D's
# gradient away. D's step only does more work: it computes a gradient that nobody uses. But some programs clear both
# players at the top of a round. **Predict** what happens then.
#
# The next cell takes about 11 seconds on two cores.

# %%
early = table(retaining, early=True)
if claims():
    assert covered(early) <= 32 < covered(right), "D's gradient in G does no harm"

# %% [markdown]
# Now D's gradient stays in G and is added to G's own, and the five runs together cover fewer modes. Use `detach`: then
# you may clear both players at the top of a round. (D must still be cleared between G's `backward` and its own next one.)

# %% [markdown]
# ### B · Both players at once
#
# The loop lets D step first, then G answers the *new* D. What if both compute their gradients first, and then both
# step? Look at a very small game: $V(d, g) = d \cdot g$. D climbs, G descends, with step size $\eta$.

# %% tags=["nbval-check-output"]
def play(alternating, rounds=100, eta=0.1, d=1.0, g=0.0):
    """Distance from the solution (0, 0) after some rounds."""
    for _ in range(rounds):
        new_d = d + eta * g
        d, g = new_d, g - eta * (new_d if alternating else d)
    return (d * d + g * g) ** 0.5

print(f"start 1.000   both at once {play(False):.3f}   by turns {play(True):.3f}")
assert abs(play(False) - (1 + 0.1 ** 2) ** 50) < 1e-12, (
    "the distance has not grown by √(1 + η²) a round")
assert all(0.97 < play(True, rounds) < 1.03 for rounds in range(500)), (
    "by turns the distance grows or shrinks")

# %% [markdown]
# Both at once: each round multiplies the distance by $\sqrt{1 + \eta^2}$, so the players spiral outwards. By turns, they
# go round at about the same distance, neither out nor in. (Chapter 06 asks why, and what else helps.) And in our game?
#
# The next cell takes about 9 seconds on two cores.

# %%
def at_once(seed, rounds):
    """Both gradients first, then both steps. Returns what `broken` returns."""
    G, D, opt_G, opt_D = players(seed)
    batches, noise = Draws(data, 128, seed), torch.Generator().manual_seed(seed)
    for _ in range(rounds):
        real, fake = next(batches), G(torch.randn(128, 2, generator=noise))
        loss_D = softplus(-D(real)).mean() + softplus(D(fake.detach())).mean()
        loss_G = softplus(-D(fake)).mean()                  # by D as it was before its step
        opt_D.zero_grad()
        opt_G.zero_grad()
        loss_D.backward(inputs=list(D.parameters()))
        loss_G.backward(inputs=list(G.parameters()))
        opt_D.step()
        opt_G.step()
    return G, loss_D.item(), loss_G.item(), (D, opt_D, opt_G)

simultaneous = table(at_once)
if claims():
    assert covered(simultaneous) < 20 and covered(right) >= 36, (
        "by turns is not better than at once")
    assert max(r[1] for r in simultaneous) <= 6, "at once, a run misses hardly any modes"

# %% [markdown]
# With these settings the five runs by turns cover nearly all of their 40 modes, and the five runs at once less than half.
# This is one data set and one learning rate. It is not a law.
#
# **How to diagnose.** Ask which D has judged G's fakes. In the first round the old D is the one that nobody has trained:

# %% tags=["nbval-check-output"]
def judged_by_the_old_D(loop):
    G, D, _, _ = players(0)
    fake = G(torch.randn(128, 2, generator=torch.Generator().manual_seed(0)))
    return abs(loop(0, 1)[2] - softplus(-D(fake)).mean().item()) < 1e-6     # L_G of round 1

print("at once:", judged_by_the_old_D(at_once), "  by turns:", judged_by_the_old_D(broken))
assert judged_by_the_old_D(at_once) and not judged_by_the_old_D(broken), (
    "the check does not tell the loops apart")

# %% [markdown]
# ### C · D learns more often
#
# Algorithm 1 of Goodfellow et al. (2014) lets D take $k$ steps for each of G's. **Predict:** does $k = 5$ help here?
#
# The next cell takes about 34 seconds on two cores.

# %%
often = table(broken, D_steps=5)
if claims():
    assert 1 <= covered(right) - covered(often) <= 12, (
        "five steps of D do not miss just a few modes more than one step")
    assert (abs(sum(r[0] - s[0] for r, s in zip(often, right, strict=True)))
            / len(right) < 0.1), "the shares differ much"

# %% [markdown]
# It costs five steps of D and five batches a round, and does not help here. About as many samples are good. But the
# five runs together miss a few modes that one step covers. Elsewhere it may: the critic of the Wasserstein GAN takes
# five steps by default (Arjovsky et al. 2017, arXiv 1701.07875, algorithm 1).
#
# **How to diagnose.** The optimisers count their steps. The ratio of the two counts is $k$.

# %% tags=["nbval-check-output"]
def steps_of_D_for_one_of_G(**change):
    _, opt_D, opt_G = broken(0, 10, **change)[3]
    counts = [next(iter(optimizer.state.values()))["step"].item()
              for optimizer in (opt_D, opt_G)]
    return counts[0] / counts[1]

print(steps_of_D_for_one_of_G(), "and", steps_of_D_for_one_of_G(D_steps=5))
assert steps_of_D_for_one_of_G() == 1 and steps_of_D_for_one_of_G(D_steps=5) == 5, (
    "the counts do not give k")

# %% [markdown]
# ### D · D against a G that stands still
#
# Freeze G, and D comes near the best D of chapter 01: $D^*(x) = p_{data}(x) / (p_{data}(x) + p_g(x))$. To check it we
# need a $p_g$ whose density we know. So let the "generator" be one wide Gaussian.

# %%
from gan_edu.core.data import blobs

p_data, p_g = ring(8, std=0.15), blobs(torch.zeros(1, 2), std=0.6)
D, stream = players()[1], torch.Generator().manual_seed(0)
opt_D = torch.optim.Adam(D.parameters(), lr=2e-3, fused=True)
for _ in range(pace(test=20, lesson=2000, full=2000)):
    learn(softplus(-D(p_data.sample(512, stream))).mean()
          + softplus(D(p_g.sample(512, stream))).mean(), opt_D)

# %%
x = torch.cat([p_data.sample(4000, stream), p_g.sample(4000, stream)])
best = (p_data.log_density(x) - p_g.log_density(x)).sigmoid()
error = (D(x)[:, 0].sigmoid() - best).detach().abs().mean().item()
half = (0.5 - best).abs().mean().item()
wrong = ((best > 0.5) != (torch.arange(8000) < 4000)).float().mean().item()
print(f"mean |D − D*| over 8,000 points: {error:.3f}; of a D that always says ½: {half:.3f}")
print(f"share of the points that D* itself judges wrongly: {wrong:.0%}")
assert half > 0.2 and 0.1 < wrong < 0.4, (
    "here D* is nearly ½ everywhere, or hardly ever wrong")
if claims():
    assert error < half / 3, "D has not come near D*: train it for longer"

# %% [markdown]
# > **Common misreading.** "D should be trained until it makes no mistakes." Even D*, the best of all, makes them wherever
# > both real and fake points fall. Where the two are equally likely it says ½.

# %% [markdown]
# ### E · `train` and `eval`
#
# Some layers behave differently while training. Batch normalisation (批归一化) uses the mean and the width of the *batch*
# in `train` mode, and running ones in `eval` mode. **Predict:** in `train` mode, does a sample depend on its neighbours?

# %% tags=["nbval-check-output"]
torch.manual_seed(0)
B = nn.Sequential(nn.Linear(2, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
z = torch.randn(8, 2)
mates, others = torch.randn(7, 2), 5 + torch.randn(7, 2)
for mode in ("train", "eval"):
    getattr(B, mode)()
    one, two = (B(torch.cat([z[:1], company]))[0] for company in (mates, others))
    alike = torch.allclose(one, two)
    print(f"{mode}: the same latent with other neighbours gives",
          "the same" if alike else "another", "point")
    assert alike == (mode == "eval"), (
        "a sample depends on its neighbours in eval mode, or not in train mode")

# %% [markdown]
# So: call `eval()` before you show samples, and `train()` before you go on. `gan.generate` in this course does the first,
# and then puts back the mode that it found. With a forgotten `eval()` each sample depends on the others beside it, and
# looking moves the running means. With a forgotten `train()` the running means stand still while you train.
#
# **How to diagnose.** Ask every layer which mode it is in, and look whether a running mean moves:

# %% tags=["nbval-check-output"]
for mode in ("train", "eval"):
    getattr(B, mode)()
    before = B[1].running_mean.clone()
    B(others)
    moved = not torch.equal(before, B[1].running_mean)
    print(f"training: {({layer.training for layer in B.modules()})}, "
          f"the running mean moves: {moved}")
    assert moved == (mode == "train"), (
        "the running mean stands still in train mode, or moves in eval mode")

# %% [markdown]
# In the plane, nothing that you watch, pause or slide disturbs a run: looking has a random stream of its own.
#
# ### F · Two runs side by side
#
# A is the ring that you know, B a run that fails; its title says how many modes it covers. The slider moves both.
# **Predict** two numbers of B's last frame: the share of samples near a mode, and JS. Then slide to the end.

# %%
PlaneReplay(shipped("plane/ring"), shipped("plane/mode_collapse"))

# %%
left, right_hand = (shipped(name).meta["provenance"]["settings"]
                    for name in ("plane/ring", "plane/mode_collapse"))
differ = {name: (value, right_hand[name]) for name, value in left.items()
          if value != right_hand[name]}
for name, (one, other) in differ.items():
    print(f"{name:8} {one} → {other}")
last = shipped("plane/mode_collapse").scores[-1]
print(f"the end of the right-hand run: {last['quality']:.0%} near a mode, "
      f"{last['modes']} of 8 modes, JS {last['js']}")
assert set(differ) == {"loss", "d_steps", "d_lr", "d_beta1", "d_beta2",
                       "g_beta1", "g_beta2"}, "other settings differ"
assert last["quality"] > 0.9 and last["modes"] == 1 and last["js"] > 0.4, (
    "the right-hand run has not collapsed")

# %% [markdown]
# The share of samples near a mode looks excellent. The count of modes and JS show the failure: all those samples are
# near the same mode. Seven settings differ between the two runs: the loss, how often D learns and how fast, and both
# betas of both players. So these two films do not say which of the seven made the samples collapse. To find out,
# change one at a time in the plane.
#
# <!-- near -->
# ← [02 losses](02_losses.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [04 the MNIST GAN](04_mnist_gan.ipynb) →
# <!-- /near -->
