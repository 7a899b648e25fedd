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
# # 11 · Modern: what a GAN looks like in 2026, and its rivals
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/11_modern.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/11_modern.ipynb)
#
# <!-- near -->
# ← [10 convolutional and conditional](10_convolutional.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [12 scaling](12_scaling.ipynb) →
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# A modern GAN is a recipe. Below are five ingredients. Switch one on, and see what it does: all 32 combinations have been
# tried, each on three seeds at least. Which switch changes most? Which one changes nothing?

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

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show the recipe: five ingredients, 32 combinations
import torch
from torch import nn

from gan_edu.core.data import Batches, mnist
from gan_edu.core.measures import measured
from gan_edu.core.notebook import claims, pace
from gan_edu.core.training import setup
from gan_edu.core.training.device import bfloat16_is_fast
from gan_edu.losses import non_saturating, relativistic
from gan_edu.modern import Beta2, calm
from gan_edu.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.recordings.of_settings import modern_gan
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import EMA, CosineDecay
from gan_edu.widgets import Guess, Live, RecipeBoard

device = setup()
precision = "bfloat16" if bfloat16_is_fast(device) else "float32"
images, labels = mnist(train=True)
stored = measured("modern")

def mixed(on, steps):
    """A GAN of these ingredients, as it was measured, and its batches."""
    arm = "+".join(each for each in stored["recipe"]["ingredients"] if each in on and each != "average") or "nothing"
    settings = {**stored["arms"]["mnist"][arm]["settings"], "steps": steps, "ema": 0.998 if "average" in on else 0.0, "seed": 0}
    return modern_gan(settings, device=device, precision=precision)[0], Batches(images, 64, device=device)

def train_live(on):
    """What is chosen, for a lesson-minute."""
    steps = pace(test=8, lesson=1000, full=10_000)
    live = Live(lambda: mixed(on, steps), train, " + ".join(ingredients[each][0] for each in on) or "the textbook's loss", rows=4, columns=10)
    live.start(steps)
    return live

ingredients = {
    "pairs": ("pairs", "loss=relativistic"),
    "penalties": ("R1 and R2", "d_penalties=calm(γ, γ, steps, every=4)"),
    "average": ("average of G", "after_step=[EMA(0.998)]"),
    "schedules": ("schedules", "after_step=[CosineDecay(steps, floor=0.25), Beta2(steps)]; γ falls, too: calm(γ, γ / 10, …)"),
    "residual": ("residual, no norm", "G, D = CompactGenerator(64), CompactDiscriminator()"),
}
assert len({tuple(run["on"]) for run in stored["recipe"]["runs"]}) == 32 and len(stored["recipe"]["runs"]) >= 3 * 32, "runs are lacking"
board = RecipeBoard(stored["recipe"], ingredients, train_live)
board

# %% [markdown]
# **After this chapter you can**
#
# - write the loss of a modern GAN in four lines, and say what each of its three terms does,
# - build networks without normalisation, and say what keeps their numbers in scale,
# - read a ladder of changes with care: what each brought *here*, and where nothing,
# - place a GAN beside its rivals: what each can say, what a sample costs, and what a minute of training buys.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | lesson (the default) | about 5 minutes on two cores | 800 steps of a G by style, six runs of 600 on 200 digits |
# | full (`GAN_EDU_PACE=full`) | about 20 minutes on two cores | 4,000 steps of a G by style, ten runs of 4,000 on 200 digits |
#
# It takes 75 minutes to read and play, and needs no network. You should know chapters 05 to 08, and of 10 the two networks.

# %% [markdown]
# ## 1 · Pairs
#
# Chapter 02 had a D that judges each sample alone. A relativistic D is asked another question: of *this pair*,
# one real and one fake, which is the more real (Jolicoeur-Martineau 2018)? With its numbers $C(x)$, which need not be
# logits of anything:
#
# $$L_D = \mathbb{E}\log\big(1 + e^{-(C(x) - C(G(z)))}\big),\qquad L_G = \mathbb{E}\log\big(1 + e^{\,C(x) - C(G(z))}\big)$$

# %% tags=["nbval-check-output"]
from torch.nn.functional import softplus

def pairs(real, fake):
    """(L_D, L_G) of C's numbers for real samples and for fakes, each (N, 1)."""
    ahead = real - fake                     # how much more real the real one is
    return softplus(-ahead).mean(), softplus(ahead).mean()

real, fake = torch.randn(2, 64, 1, generator=torch.Generator().manual_seed(0)).double()
ours, course = pairs(real, fake), (relativistic.d(real, fake), relativistic.g(fake, real))
print("by hand", *(f"{each:.6f}" for each in ours))
print("course ", *(f"{each:.6f}" for each in course))
assert all(map(torch.equal, ours, course)), "by hand it is another loss"

# %% [markdown]
# Suppose D has got carried away: it gives *every* sample 6, real or fake. **Predict:** how strong is G's gradient with
# respect to one of its numbers, $|\partial L_G / \partial C(G(z))|$ times the batch size, with the non-saturating loss and
# with pairs?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: a D that gives everything a 6
guess = Guess.choice("shift", "D gives every sample 6. Which loss still moves G?", ["non-saturating", "pairs", "both", "neither"])
pulls = {}
for level in (0.0, 6.0, -6.0):
    fakes, reals = torch.full((64, 1), level, dtype=torch.float64, requires_grad=True), torch.full((64, 1), level).double()
    for name, loss in (("non-saturating", non_saturating.g(fakes, reals)), ("pairs", relativistic.g(fakes, reals))):
        pulls[name, level] = 64 * torch.autograd.grad(loss, fakes)[0].abs().mean().item()
with guess:
    print("all numbers of D are", *(f"{level:8.0f}" for level in (0, 6, -6)))
    for name in ("non-saturating", "pairs"):
        print(f"{name:20s}", *(f"{pulls[name, level]:8.4f}" for level in (0.0, 6.0, -6.0)))
assert pulls["non-saturating", 6.0] < 0.003 < 0.4 < pulls["pairs", 6.0] == pulls["pairs", 0.0] == pulls["pairs", -6.0], "it moves otherwise"
guess.answer("pairs")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Pairs. Add a number to all of $C$, and nothing changes: only differences count. How high D's numbers lie means nothing, and
# what G learns is where its sample stands beside a real one. So the last layer of D needs no bias (`CompactDiscriminator` has
# none).
#
# </details>
#
# Huang et al. (2024), after Sun et al. (2020), give another reason. A plain D needs one border between real and fake, and G
# may push all its samples just across it, to one place. With pairs a fake is measured against real samples from everywhere. On
# stacked MNIST they report 693 modes without pairs, 1,000 with them, R1 and R2 there both times. On chapter 08's ring it was
# the penalties that helped: pairs alone covered now more modes than the textbook loss, now fewer.
#
# ## 2 · Two penalties, and a game that comes to rest
#
# Pairs alone need not converge. Chapter 06 showed how to see it: take the Dirac-GAN, data at 0, G at θ, $C(x) = ψx$, and look at
# the eigenvalues of the game at its equilibrium. R1 and R2 are both $\frac{γ}{2}ψ^2$ there, and as $C(0) = 0$, pairs have the
# slopes of the plain loss.

# %%
def vector(theta, psi, gamma):
    """Where G and D go: −∂L_G/∂θ and −∂L_D/∂ψ."""
    penalty = gamma / 2 * psi**2 + gamma / 2 * psi**2       # R1 at the data, R2 at the fake
    L_D = softplus(-(psi * 0 - psi * theta)) + penalty
    L_G = softplus(psi * 0 - psi * theta)
    return torch.stack([-torch.autograd.grad(L_G, theta, create_graph=True)[0],
                        -torch.autograd.grad(L_D, psi, create_graph=True)[0]])

def eigenvalues(gamma):
    """Of the game's Jacobian at θ = ψ = 0."""
    at = [torch.zeros((), dtype=torch.float64, requires_grad=True) for _ in range(2)]
    rows = [torch.autograd.grad(each, at, retain_graph=True) for each in vector(*at, gamma)]
    return torch.linalg.eigvals(torch.stack([torch.stack(row) for row in rows]))

# %% tags=["nbval-check-output"] jupyter={"source_hidden": true} cellView="form"
# @title Numbers: eigenvalues of the Dirac-GAN with pairs, without and with penalties
for gamma in (0.0, 0.1, 1.0):
    found = sorted(eigenvalues(gamma).tolist(), key=lambda each: (each.real, each.imag))
    print(f"γ = {gamma:<4g}", ",  ".join(f"{each.real + 0:+.3f} {each.imag:+.3f} i" for each in found))
    root = complex(gamma**2 - 0.25) ** 0.5
    assert all(min(abs(each - (-gamma + sign * root)) for sign in (1, -1)) < 1e-12 for each in found), "not −γ ± √(γ² − ¼)"

# %% [markdown]
# Without penalties the eigenvalues are imaginary: G and D go round each other for ever. With them the real parts are negative:
# they come to rest. They are $-γ \pm \sqrt{γ^2 - 1/4}$. Huang et al. prove that general networks do, with R1 or R2 alone, under
# the assumptions of chapter 06's theorem: G can make the data exactly, both begin near the equilibrium, and steps are small.
# Why both, then? *Far* from it R1 flattens D at the data only, and says nothing of its slope at the fakes. Of stacked MNIST
# they report 1,000 modes with both. With R1 alone the runs diverged, and D's slope at the fakes exploded.
#
# You know `relativistic`, `calm` (R1 and R2 with a γ that falls), `CosineDecay` and `EMA`. New is `Beta2`, which moves Adam's
# β₂. The function `recipe` puts them together:

# %% tags=["nbval-check-output"]
import inspect

from gan_edu.modern import recipe

print(inspect.getsource(recipe).partition("gamma = real")[2].partition("\n")[2])

# %% [markdown]
# | line | why |
# |---|---|
# | β₁ = 0 | no momentum: in chapter 06's small game it drives the players out; a hint, not a proof |
# | γ to a tenth | at first fakes are far from the data, and D must be kept flat; later it may be sharp |
# | rates to a quarter | large steps at first, to come near sooner |
# | β₂ from .9 to .99 | Adam's scale follows fast while rates are large, and is steady later |
# | `EMA` | the average of G's weights is what is shown (chapter 05) |
#
# What is said of γ, rates and β₂ are the authors' reasons. With them these are at their end after 8 to 20 percent of a run; here
# they take the whole of it.
#
# R3GAN's code draws *new* samples for G's turn, real ones and fakes, where `train_step` hands it the pairs that D has just
# learned. That is the step `fresh`: `train(gan, batches, steps, step=fresh)`.

# %% [markdown]
# ## 3 · Networks without normalisation
#
# Why did networks need normalisation? A deep one multiplies many layers. If each makes numbers a little larger, they
# explode; a little smaller, and they vanish. A norm forces them back into scale. Below *two* inputs of random numbers go
# through 3 × 3 convolutions with LeakyReLU. How far apart are they then, by the root mean square (RMS) of their difference?
# That is what a network can still tell them by. **Predict:** after 50 layers, as torch begins them?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers and plot: two inputs on their way through a deep network, four ways
from torch.nn.functional import leaky_relu

from gan_edu.core.notebook import FAKE, INK, SOFT, show, subplots
from gan_edu.core.training.residual import GAIN, ResidualBlock, begun

DEPTHS = (0, 1, 2, 5, 10, 20, 30, 40, 50)

def layer(x, scaled):
    """x through a new convolution, as torch begins it, or N(0, gain² / fan-in): then numbers stay as large as they are."""
    convolution = nn.Conv2d(32, 32, 3, padding=1, padding_mode="circular")
    return leaky_relu((begun(convolution, GAIN) if scaled else convolution).double()(x), 0.2)

WAYS = {"as torch begins": lambda x: layer(x, False), "begun in scale": lambda x: layer(x, True),
        "x + f(x), f in scale": lambda x: x + layer(x, True), "x + f(x), f = 0": lambda x: ResidualBlock(32, 1, 0).double()(x)}

def sizes(way, seed):
    """RMS of the difference of two inputs after so many layers, beside that at the start."""
    torch.manual_seed(seed)
    x, found = torch.randn(32, 32, 8, 8).double(), []
    with torch.no_grad():
        for depth in range(DEPTHS[-1] + 1):
            if depth in DEPTHS:
                found.append(((x[:16] - x[16:]).square().mean() / 2).sqrt().item())
            x = WAYS[way](x)
    return [each / found[0] for each in found]

guess = Guess.number("scale", "Two inputs, 1 apart. How far after 50 convolutions, as torch begins them?", 1e-24, 1e3, log=True, near=100)
rms = {way: torch.tensor([sizes(way, seed) for seed in range(3)]).median(0).values.tolist() for way in WAYS}
with guess:
    for way, found in rms.items():
        print(f"{way:22s} after 10: {found[DEPTHS.index(10)]:8.1e}   after 50: {found[-1]:8.1e}")
assert rms["as torch begins"][-1] < 1e-14 and rms["x + f(x), f in scale"][-1] > 1e6, "other distances"
assert 0.01 < rms["begun in scale"][-1] < 0.3 and abs(rms["x + f(x), f = 0"][-1] - 1) < 1e-9, "other distances"
figure, axes = subplots(figsize=(6.4, 2.8))
for (way, found), style in zip(rms.items(), (("--", INK), ("-", SOFT), (":", INK), ("-", FAKE)), strict=True):
    axes.semilogy(DEPTHS, found, style[0], color=style[1], label=way)
axes.set(xlabel="layers", ylabel="apart", title="How far two inputs stay apart")
axes.legend(fontsize=8)
guess.answer(rms["as torch begins"][-1], show(figure, "Four lines over depth. As torch begins them the distance falls to 1e-17; "
    "with x + f(x) it grows to a hundred million; begun in scale it falls to a twentieth; with f = 0 it stays 1."))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# 10⁻¹⁷: no more than rounding. Each layer, as torch begins it, leaves about two fifths of the difference (the biases, the
# same for both, are what remains). With the right scale far more is left, a twentieth. A **residual block** (残差块; He et
# al. 2015) does it otherwise: it *adds* to what it is given, $x + f(x)$. Left alone that grows: each block adds as much again,
# in squares. So let $f$ end in zeros. Then the network begins as if it had no blocks, at any depth, and each block grows
# into its work. *Fixup* (Zhang et al. 2019) also begins the other layers of $f$ smaller, the more blocks there are, so
# that a first step moves a deep network as far as a flat one.
#
# </details>
#
# Huang et al. build both networks of such blocks, without a single norm. That a block is wider inside they have from ConvNeXt
# (Liu et al. 2022), the groups from ResNeXt: to twice the maps, in groups, and back:

# %% tags=["nbval-check-output"]
print(ResidualBlock(32, expansion=2, group=16).branch)

# %% [markdown]
# A **grouped convolution** (分组卷积; Xie et al. 2017) has each map look at the 16 of its group only, not at all 64.
# **Predict** how many weights that saves in the 3 × 3 layer of this block.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: weights of a block, with groups and without
from gan_edu.core.training import parameter_count

guess = Guess.number("groups", "64 maps in groups of 16: the 3 × 3 layer has which share of the weights?", 0, 1, step=0.01, near=0.02)
layers = {group: parameter_count(ResidualBlock(32, 2, group).branch[2]) - 64 for group in (0, 16)}
narrow, wide = parameter_count(ResidualBlock(32, 1, 0)), parameter_count(ResidualBlock(32, 2, 16))
with guess:
    print(f"3 × 3, 64 maps: {layers[0]:,} weights; in groups of 16: {layers[16]:,}")
    print(f"whole block: {narrow:,} as narrow as its maps, {wide:,} twice as wide in groups")
assert layers == {0: 64 * 64 * 9, 16: 64 * 16 * 9} and round(wide / narrow, 1) == 1.2, "other counts"
guess.answer(layers[16] / layers[0])

# %% [markdown]
# <details><summary>After your guess</summary>
#
# A quarter. So a block may be twice as wide inside for 1.2 times the weights of a narrow one. In *time* it costs more
# on a processor: in section 4, where groups are of 8, a minute has 720 steps with wide blocks, 1,040 with narrow ones.
#
# </details>

# %% [markdown]
# ## 4 · The ladder: one change at a time
#
# Now climb from DCGAN to the modern recipe, one change a rung, each at the *same computing time* of one core. So a rung
# whose steps are dear gets fewer of them. Two things go along with a change: rates are those of a few trials for each kind
# of network, and with β₁ goes β₂, from .999 to .99. R1 and R2 are asked on each fourth step. On stacked digits all rungs
# are judged by the average of G. (With each eighth, Huang et al. report, stacked MNIST failed.) **Predict** which rung
# lowers FID most on digits, and which ones do nothing.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers and plot: ten rungs, three data sets
from itertools import pairwise
from statistics import median

RUNGS = [("DCGAN", "dcgan", " itself"), ("D without norm", "free", " itself"), ("β₁ = 0", "nothing", " itself"),
         ("pairs", "pairs", " itself"), ("R1 and R2", "pairs+penalties", " itself"), ("average of G", "pairs+penalties", ""),
         ("schedules", "pairs+penalties+schedules", ""), ("residual, no norm", "pairs+penalties+schedules+residual", ""),
         ("groups, wide inside", "grouped", ""), ("fresh samples", "fresh", "")]
SCORES = {"mnist": "fid", "fashion": "fid", "stacked": "kl"}

def of_rung(data, arm, which):
    """The score of each seed."""
    name = SCORES[data] + (which if data != "stacked" else "")
    return [run[name] for run in sorted(stored["runs"], key=lambda run: run["seed"]) if (run["data"], run["arm"]) == (data, arm)]

def spread(values, places):
    """Median (least – largest)."""
    return f"{median(values):.{places}f} ({min(values):.{places}f} – {max(values):.{places}f})"

guess = Guess.choice("rung", "Which rung lowers FID of digits most?", [name for name, *_ in RUNGS[1:]])
ladder = {data: {name: of_rung(data, arm, which) for name, arm, which in RUNGS} for data in SCORES}
with guess:
    print(f"{'':20s} {'MNIST, FID':>20s} {'Fashion, FID':>20s} {'stacked, KL':>19s} {'steps':>6s}")
    print(f"{'real pictures':20s}", *(f"{stored['floors'][data][score]:{width}.2f}" for (data, score), width in zip(SCORES.items(), (20, 20, 19), strict=True)))
    for name, arm, _ in RUNGS:
        steps = stored["arms"]["mnist"][arm]["settings"]["steps"]
        print(f"{name:20s} {spread(ladder['mnist'][name], 1):>20s} {spread(ladder['fashion'][name], 1):>20s}",
              f"{spread(ladder['stacked'][name], 2):>19s} {steps:6,d}")
    print("CPU-seconds a run", *stored["seconds"].values(), "· seeds, at least", *(min(map(len, of.values())) for of in ladder.values()), "· median (range)")
figure, axes = subplots(1, 3, figsize=(7.2, 3.2), sharey=True)
for place, (data, of) in zip(axes, ladder.items(), strict=True):
    for height, values in enumerate(of.values()):
        place.plot(values, [-height] * len(values), "o", color=INK, markersize=3, fillstyle="none")
        place.plot(median(values), -height, "|", color=FAKE, markersize=11, markeredgewidth=2)
    title, unit, ticks = {"mnist": ("MNIST", "FID", (20, 40, 80)), "fashion": ("Fashion-MNIST", "FID", (50, 70, 100)), "stacked": ("stacked MNIST", "KL, nats", (0.2, 0.4, 0.8))}[data]
    place.set(xscale="log", xlabel=unit, title=title)
    place.set_xticks(ticks, labels=map(str, ticks))
    place.xaxis.set_minor_formatter("")
axes[0].set(yticks=[-k for k in range(len(RUNGS))], yticklabels=[name for name, *_ in RUNGS])
climbs = {name: median(after) - median(before) for (_, before), (name, after) in pairwise(ladder["mnist"].items())}
assert min(climbs, key=climbs.get) == "R1 and R2" and max(climbs, key=climbs.get) == "pairs", "other rungs move FID most"
guess.answer(min(climbs, key=climbs.get), show(figure, "For each data set a rung a row, a mark for each seed: of digits pairs lie far to the right, R1 and R2 far to the left of them"))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# R1 and R2: from 61 back to 22, after pairs alone had raised it from 27 to 61; no seed of the one reaches a seed of the others.
# Groups, wide inside, raise it on each seed. (A step of theirs costs more, so they get fewer.) Of the other rungs five seeds do
# not tell that they do anything to digits. On clothes D without normalisation raises FID on each of five seeds, R1 and R2 lower it
# on each, residual networks raise it on each; of the other six rungs the seeds do not tell. The lowest medians: of digits D without
# normalisation, of clothes the average of G, of stacked digits, on three seeds only, β₁ = 0. In a minute of one core a DCGAN with a
# few repairs is hard to beat.
#
# </details>
#
# A ladder has one order. The board at the top has all: each ingredient can be switched on in 16 mixtures of the others.
# **Predict:** which one raises FID in *every* mixture?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: each ingredient, switched on in 16 mixtures of the others
from math import comb

assert (comb(10, 5), round(252 / (9 * 2)), comb(6, 3)) == (252, 14, 2 * 10), "of exercise 4: chances are others"
of_steps = {name: stored["arms"]["mnist"][arm]["settings"]["steps"] for name, arm, _ in RUNGS}
assert (of_steps["groups, wide inside"], of_steps["residual, no norm"]) == (720, 1040), "another number of steps in the minute"
digits, clothes, first = ladder["mnist"], ladder["fashion"], {data: min(of, key=lambda name: median(of[name])) for data, of in ladder.items()}
told = [("β₁ = 0", "pairs"), ("R1 and R2", "pairs"), ("residual, no norm", "groups, wide inside")]
of_clothes = [("DCGAN", "D without norm"), ("R1 and R2", "pairs"), ("schedules", "residual, no norm")]
for of, apart in ((digits, told), (clothes, of_clothes)):
    for lower, higher in apart:
        assert max(of[lower]) < min(of[higher]), f"the seeds of {lower} and {higher} overlap"
    overlap = [(one, other) for one, other in pairwise(of) if (one, other) not in apart and (other, one) not in apart]
    for one, other in overlap:
        assert max(min(of[one]), min(of[other])) < min(max(of[one]), max(of[other])), f"the seeds of {one} and {other} do not overlap"
    assert len(overlap) == 6 and {len(values) for values in of.values()} == {5}, "another number of rungs or of seeds"
assert [round(median(digits[name])) for name in ("β₁ = 0", "pairs", "R1 and R2")] == [27, 61, 22], "other medians"
assert list(first.values()) == ["D without norm", "average of G", "β₁ = 0"], "other rungs are first"
assert {len(values) for values in ladder["stacked"].values()} == {3}, "stacked digits have another number of seeds"

fids = {}
for run in stored["recipe"]["runs"]:
    fids.setdefault(frozenset(run["on"]), []).append(run["fid"])
middle = {on: median(of) for on, of in fids.items()}
guess = Guess.choice("raises", "Which ingredient raises the median FID in each of the 16 mixtures of the others?", list(ingredients))
changes = {name: sorted(middle[on | {name}] - middle[on] for on in middle if name not in on) for name in ingredients}
best = min(middle, key=middle.get)
with guess:
    for name, found in changes.items():
        print(f"{ingredients[name][0]:18s} raises it in {sum(each > 0 for each in found):2d} of {len(found)}; changes from {found[0]:+.0f} to {found[-1]:+.0f}, median {median(found):+.0f}")
    print("lowest:", f"{middle[best]:.1f}", *sorted(best))
assert min(changes["pairs"]) > 0 and max(sum(each > 0 for each in found) for name, found in changes.items() if name != "pairs") == 13, "pairs help somewhere"
calmed = {on: middle[on | {"penalties"}] - middle[on] for on in middle if "penalties" not in on}
assert sum(each < 0 for each in calmed.values()) == 13, "penalties lower it in another number of mixtures"
assert median(calmed[on] for on in calmed if "pairs" in on) < 3 * median(calmed[on] for on in calmed if "pairs" not in on) < 0, "penalties do as much without pairs"
assert best == {"penalties", "average", "schedules"}, "another mixture is best"
guess.answer("pairs")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Pairs. R1 and R2 lower FID in 13 of 16, most where pairs are: what they mend on the ladder is what pairs had broken. The lowest
# median has R1 and R2, the average and schedules, and neither pairs nor residual networks.
#
# </details>
#
# Is that the recipe's fault, or the minute's? The same ladder on a graphics card, stacked digits, 7 to 15 seconds a run: 1.6 to
# 3.6 times as many steps, in float32 (TF32 in convolutions). **Predict** which rung is best then.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: the same ladder on a graphics card
card = stored["card"]
guess = Guess.choice("card", "1.6 to 3.6 times as many steps: which rung has the lowest KL on stacked digits?", [name for name, *_ in RUNGS if name != "average of G"])
with guess:
    print(f"{card['card']}; {card['day']}" if card else "no graphics card was at hand: the columns are empty")
    print(f"{'stacked digits':20s} {'KL':>19s} {'covered':>16s} {'steps':>7s} {'samples a second':>17s}   (each step a CUDA graph)")
    for name, arm, _ in RUNGS:
        if card and name != "average of G":
            rung = card["rungs"][arm]
            kl, covered = ([run[what] for run in rung["runs"]] for what in ("kl", "covered"))
            print(f"{name:20s} {spread(kl, 2):>19s} {spread(covered, 0):>16s} {rung['runs'][0]['steps']:7,d} {rung['samples a second']:17,d}")
if card:
    kls = {name: [run["kl"] for run in card["rungs"][arm]["runs"]] for name, arm, _ in RUNGS if name != "average of G"}
    calmed = kls.pop("R1 and R2") + kls.pop("schedules")
    assert max(calmed) < min(kl for of in kls.values() for kl in of), "pairs with penalties are not the best rungs"
    assert round(card["rungs"]["nothing"]["runs"][0]["steps"] / card["rungs"]["free"]["runs"][0]["steps"], 1) == 1.3, "the two rungs with the same step do not differ by a third"
    more = [card["rungs"][arm]["runs"][0]["steps"] / stored["arms"]["stacked"][arm]["settings"]["steps"] for _, arm, _ in RUNGS]
    took = [run["seconds"] for rung in card["rungs"].values() for run in rung["runs"]]
    assert (round(min(more), 1), round(max(more), 1)) == (1.6, 3.6) and 7 < min(took) < max(took) < 15, "other steps, or another time"
    first, second = sorted(ladder["stacked"], key=lambda name: median(ladder["stacked"][name]))[:2]
    assert (first, second) == ("β₁ = 0", "DCGAN"), "on one core another rung was ahead"
guess.answer("R1 and R2")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Pairs with R1 and R2, with schedules or without: on each of three seeds KL is lower than on any of the other rungs'. In the
# minute and a half of one core the plain loss with β₁ = 0 had the lowest median of three, little before DCGAN. Two things are other here, steps and
# number format; which of them matters was not tried. The residual networks stay behind, at rates found for a minute of digits;
# others were not tried on the card. (How many steps a rung got was measured beside other programs: two with the same step, D
# without norm and β₁ = 0, differ by a third.)
#
# </details>
#
# <details><summary>Which of these are the paper's?</summary>
#
# Huang et al. start from StyleGAN2 on faces, and compare five configurations, one run of each:
#
# | theirs | what it is | FID | our rung |
# |---|---|---|---|
# | A | StyleGAN2 as it is, which has R1, β₁ = 0 and a D without norm | 7.52 | none: we start from DCGAN |
# | B | without its tricks: no style, no noise, no mixing, no path length, R1 on each step … | 12.46 | none |
# | C | + the loss: pairs, then R2 (R1 was there) | 11.65 | pairs; R1 and R2 |
# | D | + both networks of residual blocks 1 × 1, 3 × 3, 1 × 1, begun by Fixup | 9.95 | residual, no norm |
# | E | + groups, then wide inside: R3GAN | 7.05 | groups, wide inside |
#
# The average of G belongs to all five. The schedules came later, when E was trained to the end; fresh samples are in its code.
#
# </details>

# %% [markdown]
# ## 5 · Style: who decides what
#
# R3GAN leaves StyleGAN's style out. It is worth knowing all the same, as it opens G up. A small network, the **mapping
# network** (映射网络), turns z into a style w. The picture begins as a constant, and at each size w says how strongly each map
# counts: **modulation** (调制; Karras et al. 2019, 2020).
#
# $$w = f(z),\qquad w''_{oik} = \frac{s_i\, w_{oik}}{\sqrt{\sum_{i,k} (s_i\, w_{oik})^2 + 10^{-8}}},\qquad s = A w + b$$
#
# (A $w$ with three indices is a weight of the layer, as the authors write it. $b$ begins at 1.)

# %%
from torch.nn.functional import conv2d

def one_by_one(x, weight, style):
    """Each by weights of its own: x (N, I, H, W), weight (O, I, k, k), style (N, I)."""
    made = []
    for each, s in zip(x, style, strict=True):
        own = weight * s[None, :, None, None]                                 # s_i w_oik
        own = own / (own.square().sum((1, 2, 3), keepdim=True) + 1e-8).sqrt() # demodulated
        made.append(conv2d(each[None], own, padding=1))
    return torch.cat(made)

# %% tags=["nbval-check-output"] jupyter={"source_hidden": true} cellView="form"
# @title Numbers: the same as the module's, and blind to how strong a style is
from gan_edu.core.training.style import modulated

stream = torch.Generator().manual_seed(0)
x, weight, style = (torch.randn(*size, generator=stream).double() for size in ((3, 4, 8, 8), (5, 4, 3, 3), (3, 4)))
apart = (one_by_one(x, weight, style) - modulated(x, weight, style)).abs().max().item()
strong = (modulated(x, weight, 10 * style) - modulated(x, weight, style)).abs().max().item()
print(f"one by one and all at once: {apart < 1e-12}; ten times the style changes {'nothing' if strong < 1e-6 else 'the maps'}")
assert apart < 1e-12 and strong < 1e-6, "it is another convolution"

# %% [markdown]
# Ten times the style, and the same maps: demodulation looks at the *proportions* of a style only. (The last layer, which makes
# the picture of the maps, has none.) The next cell trains such
# a G, with pairs, both penalties and schedules (about 70 seconds on two cores).

# %%
from gan_edu.modern import StyleGenerator

steps = pace(test=4, lesson=800, full=4000)
torch.manual_seed(0)
G, D = StyleGenerator(64, styles=64, depth=2, bounded=True), ConvDiscriminator(width=16)
styled = GAN(G.to(device), D.to(device), 64, relativistic,
             adam(G, 5e-3, (0.0, 0.9)), adam(D, 2e-3, (0.0, 0.9)), precision=precision,
             d_penalties=calm(1.0, 0.1, steps, 4),
             after_step=[EMA(0.998), CosineDecay(steps, floor=0.25), Beta2(steps)])
for _ in train(styled, Batches(images, 64, device=device), steps):
    pass

# %% [markdown]
# Each size takes a style of its own: 7 × 7, 14 × 14, 28 × 28, and the last layer. So a picture may take the first of A, and
# the others of B: *style mixing*. Take the first *two* of A. **Predict:** how often is the mixture read as A's
# digit?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show mixtures, and what they are read as
from gan_edu.core.measures.mnist_scores import classes, feature_net
from gan_edu.core.notebook import pictures

net, shown = feature_net(device), styled.shown.eval()

def read(x):
    """The digit that each picture (N, 1, 28, 28) is read as."""
    return classes(net.classify(net(x.float()))).cpu()

guess = Guess.number("mixture", "The first two places of A, the others of B: how often is it A's digit?", 0, 1, step=0.01, near=0.05)
with torch.no_grad():
    w = shown.mapping(styled.latents(2000, torch.Generator(device).manual_seed(5)))
    first, second = w[:1000], w[1000:]
    A, B = read(shown.synthesise(first)), read(shown.synthesise(second))
    differ, as_A, as_B = A != B, {}, {}
    for crossover in range(shown.places + 1):
        digit = read(shown.synthesise(shown.mixed(first, second, crossover)))
        as_A[crossover] = (digit == A)[differ].double().mean().item()
        as_B[crossover] = (digit == B)[differ].double().mean().item()
    rows = [shown.synthesise(second[:10])]
    for k in (10, 11, 12, 13):
        left = shown.mixed(first[k : k + 1].expand(10, -1), second[:10], 2)
        rows.append(shown.synthesise(left))
    column = shown.synthesise(torch.cat([w.mean(0, keepdim=True), first[10:14]]))  # a corner, then each A
    grid = torch.cat([torch.cat([a[None], row]) for a, row in zip(column, rows, strict=True)])
with guess:
    print("places of A    ", *(f"{count:5d}" for count in as_A))
    print("read as A's    ", *(f"{each:5.0%}" for each in as_A.values()))
    print("read as B's    ", *(f"{each:5.0%}" for each in as_B.values()))
if claims():
    assert list(as_A.values()) == sorted(as_A.values()), "more places of A do not make it more like A"
    assert 0.45 < as_A[2] < 0.85 and as_A[3] > 0.85 and as_A[1] + as_B[1] < 0.55, "the digit is decided elsewhere"
guess.answer(as_A[2], pictures(grid.float().cpu().clamp(-1, 1), "Top left the mean style; on top ten B, left four A; between them A's first two places with B's others", columns=11, scale=2))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Half to three quarters: it differs from run to run. With 7 × 7 alone from A the mixture is as often B's digit as A's, and mostly
# *neither*: G makes a third one. With all but the last layer of A it is nearly always A's. So 14 × 14 and 28 × 28 both have a say
# in which digit it is, the last layer hardly any. On faces, with 18 places, Karras et al. find pose and face shape in the first
# four, colours in the last ten.
#
# </details>
#
# ### Typical or varied: truncation
#
# Styles have a middle, $\bar w$: the mean over many z. *Truncation* draws each w towards it: $\bar w + ψ (w - \bar
# w)$. **Predict** what ψ = 0.7 does to *precision* (samples that look like digits) and *recall* (digits that G can make),
# chapter 07's two halves of a score. (It takes about 14 seconds on two cores.)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers and pictures: ψ from 0.3 to 1.3
from gan_edu.core.measures.feature_scores import frechet, precision as precise, recall
from gan_edu.core.measures.score import embedded
from gan_edu.modern import mean_style, truncated

guess = Guess.choice("psi", "ψ from 1 to 0.7: what happens?", ["both rise", "precision rises, recall falls", "precision falls, recall rises", "both fall"])
PSI = (0.3, 0.5, 0.7, 1.0, 1.3)
real = embedded(net, mnist(train=False)[0][:2000].to(device)).double()
halves, rows = {}, []
with torch.no_grad():
    middle = mean_style(shown)
    for psi in PSI:
        x = shown.synthesise(truncated(w, middle, psi)).float()
        own = embedded(net, x).double()
        halves[psi] = precise(real, own), recall(real, own), frechet(real, own)
        rows.append(x[:12])
with guess:
    print("ψ         ", *(f"{psi:5.1f}" for psi in PSI))
    for k, (name, places) in enumerate({"precision": 2, "recall": 2, "FID": 0}.items()):
        print(f"{name:10s}", *(f"{halves[psi][k]:5.{places}f}" for psi in PSI))
if claims():
    assert halves[0.7][0] > halves[1.0][0] > halves[1.3][0] and halves[0.7][1] < halves[1.0][1] < halves[1.3][1], "ψ trades nothing"
    assert halves[0.7][2] > 1.05 * halves[1.0][2], "FID likes truncation"
guess.answer("precision rises, recall falls", pictures(torch.cat(rows).cpu().clamp(-1, 1), "Rows for ψ = 0.3 to 1.3: plain digits at first, then more slanted, bolder, and at last some broken ones", columns=12, scale=2))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Precision rises, recall falls. Near the middle there are fewer kinds of digits, and more typical ones; beyond ψ = 1 it is the
# other way round. FID counts both, and is higher at ψ = 0.7 here: truncation is for pictures to show.
#
# </details>

# %% [markdown]
# ## 6 · Few pictures
#
# With 200 digits D may do something else than judge what a digit is: learn these 200 by heart, and call all others fake.
# What G hears then is what sets these 200 apart, not what a digit is. **DiffAugment** (可微增强; Zhao et al. 2020) shows D each
# picture changed at random, real and fake alike: other colours, shifted, with a hole.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show what D sees
from gan_edu.core.data import scaled
from gan_edu.modern import DiffAugment

torch.manual_seed(0)
some = scaled(images[:10])
rows = [some, *(DiffAugment([kind], empty=-1.0)(some) for kind in ("colour", "translation", "cutout")), DiffAugment(empty=-1.0)(some)]
pictures(torch.cat(rows).clamp(-1, 1), "Ten digits; the same in other greys; moved; with a black square; all three", columns=10)

# %% [markdown]
# Both networks learn from it: T is differentiable, so G's gradient goes through it. And since fakes are changed as the data
# are, G need not draw changed digits: D cannot tell a shift that all have.
#
# Does D learn 200 digits by heart? Give it 200 others of the same kind, which it has never seen. **Predict** the share of
# these new digits that D holds for *less* real than a typical one of its own. (It takes about 160 seconds on two cores.)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Train: 200 digits, D alone and with DiffAugment, three seeds
few, others = images[:200], images[30_000:30_200]

def by_heart(view, seed):
    """(of 200 new digits the share that D judges below the median of those it learns from, FID of G's samples)."""
    steps = pace(test=3, lesson=600, full=4000)
    torch.manual_seed(seed)
    G, D = ConvGenerator(64, width=16, grow="resize", hidden=256), ConvDiscriminator(width=16)
    gan = GAN(G.to(device), D.to(device), 64, relativistic, adam(G, 2e-3, (0.0, 0.99)), adam(D, 1e-3, (0.0, 0.99)), seed=seed,
              precision=precision, view=view, d_penalties=calm(1.0, 1.0, steps, 4), after_step=[EMA(0.998)])
    for _ in train(gan, Batches(few, 64, seed, device=device), steps):
        pass
    with torch.no_grad():
        known, new = (gan.judge(scaled(each).to(device)).float() for each in (few, others))
        made = gan.generate(gan.latents(2000, torch.Generator(device).manual_seed(5))).float()
    return (new < known.median()).double().mean().item(), frechet(real, embedded(net, made).double())

guess = Guess.number("heart", "D without augmentation: how many of 200 new digits are below the median of its own?", 0.5, 1, step=0.01, near=0.05)
seeds = range(pace(test=1, lesson=3, full=5))
runs = {name: [by_heart(view, seed) for seed in seeds] for name, view in (("plain", None), ("DiffAugment", DiffAugment(empty=-1.0)))}
with guess:
    for name, found in runs.items():
        print(f"{name:12s} new digits below:", *(f"{share:5.0%}" for share, _ in found), "  FID:", *(f"{fid:4.0f}" for _, fid in found))
if claims():
    assert min(share for share, _ in runs["plain"]) > 0.8, "D has learned otherwise"
    assert all(0.3 < share < 0.7 for share, _ in runs["DiffAugment"]), "not about half: chance alone has a standard deviation of 5 %"
if claims() and pace(test=False, lesson=True, full=False):
    assert max(fid for _, fid in runs["plain"]) < min(fid for _, fid in runs["DiffAugment"]), "on some seed G is better with DiffAugment"
guess.answer(median(share for share, _ in runs["plain"]))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Nearly all. D puts them below a typical one of its own 200: it has learned these by heart, in 600 steps. With DiffAugment
# about half are below, as chance has it. Does G gain? Not in these steps: on each seed its FID is *higher* with DiffAugment.
# Zhao et al. report that FID falls a lot where pictures are few: of colour pictures, with larger networks and longer runs. Which of
# these makes the difference was not tried. Begin with the steps: at full pace the same runs take 4,000.
#
# </details>
#

# %% [markdown]
# ## 7 · Rivals
#
# A GAN maps z to a picture. So do its rivals! They differ in what z is, and in how they learn.
#
# | model | z | it learns to | a picture costs |
# |---|---|---|---|
# | GAN | 32 numbers | fool D | one pass |
# | **variational autoencoder** (变分自编码器; Kingma and Welling 2013) | 32 numbers | find each picture's z, near N(0, 1), and draw it back from there | one pass |
# | **autoregressive model** (自回归模型; van den Oord et al. 2016) | 784 numbers, one a pixel | tell each pixel from those before it | 784 small passes |
# | **diffusion model** (扩散模型; Ho et al. 2020) | 784 numbers: noise | tell noise from picture in a noisy one | 20 passes here |
#
# Each rival is a `G` in the course's `GAN`, without a D, and each is trained by the same `train`, with a *step* of its own. Here
# is that of the diffusion, from the room `core.rivals`:

# %% tags=["nbval-check-output"]
from gan_edu.core.rivals import diffusion

source = inspect.getsource(diffusion)
print(source.partition("@one_step\n")[2].partition("\n\n\ndef _generator")[0])

# %% [markdown]
# A picture $x$ and noise $ε$ are mixed by an angle: $x_t = α x + σ ε$ with $α = \cos\frac{π t}{2}$, $σ = \sin\frac{π t}{2}$. The
# network is to tell $v = α ε - σ x$, the direction in which $x_t$ turns. To draw, begin with noise at $t = 1$ and turn
# back, step by step. Nothing is drawn on the way, so z alone decides.
#
# **Predict:** each model has learned for *one minute of one core*, with settings found in seven trials (the GAN's
# networks and rates had those of chapter 10 and of section 4 before). Order them by the
# FID of their samples.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: four models after the same minute
rivals = measured("rivals")

def of_rival(arm, name):
    """A number of each seed."""
    return [run[name] for run in sorted(rivals["runs"], key=lambda run: run["seed"]) if run["arm"] == arm and run[name] is not None]

guess = Guess.choice("rivals", "One minute of one core. Which model's samples have the lowest FID?", ["GAN", "VAE", "pixel after pixel", "diffusion"])
FOUR = {"gan": "GAN", "vae": "VAE", "pixels": "pixel after pixel", "diffusion": "diffusion, 20 passes"}
with guess:
    print(f"{'':24s} {'FID':>22s} {'recall':>7s} {'bits a pixel':>13s} {'ms a sample':>12s} {'seeds':>6s} {'trials':>7s}")
    for arm, name in FOUR.items():
        likely = of_rival(arm, "bits")
        print(f"{name:24s} {spread(of_rival(arm, 'fid'), 1):>22s} {median(of_rival(arm, 'recall')):7.2f} {f'{median(likely):.2f}' if likely else '–':>13s}",
              f"{median(of_rival(arm, 'ms')):12.2f} {len(of_rival(arm, 'fid')):6d} {rivals['trials']['mnist'][arm]:7d}")
assert {rivals["trials"]["mnist"][arm] for arm in FOUR} == {7}, "unequal numbers of trials"
assert max(of_rival("gan", "fid")) < min(min(of_rival(arm, "fid")) for arm in ("vae", "pixels", "diffusion")), "on some seed the GAN is not ahead"
assert min(of_rival("vae", "fid")) > max(max(of_rival(arm, "fid")) for arm in ("gan", "pixels", "diffusion")), "the VAE is not last"
assert min(of_rival("pixels", "recall")) > max(max(of_rival(arm, "recall")) for arm in ("gan", "vae", "diffusion")), "another has the highest recall"
assert max(of_rival("pixels", "bits")) < min(of_rival("vae", "bits") + of_rival("diffusion", "bits")), "another needs fewer bits"
guess.answer("GAN")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# The GAN, on each seed. Its loss has no pairs here: so it won its trials. The VAE is last by FID. What is shown is the *mean* of
# all that its decoder holds possible, and a mean of digits is a blur. By recall the model that draws pixel after pixel is first:
# its digits are many kinds, not all well made. It also needs the fewest **bits a pixel** (每像素比特), $-\log_2 p(x)$ of test
# digits; those of VAE and diffusion are bounds, the true numbers may be lower. A GAN has none: no number in it says how probable a
# picture is. Which model is best? That depends on what you ask, and a minute is short for all of them.
#
# </details>
#
# The same minute as a film, the four on one slider: at each place all have trained for the same time.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show rivals on one slider
from gan_edu.core.recording import in_steps_of, shipped
from gan_edu.widgets import compare

of_gan = shipped("rivals/gan")
compare(of_gan, *(in_steps_of(of_gan, shipped(f"rivals/{name}")) for name in ("vae", "pixels", "diffusion")))

# %% [markdown]
# ### One pass against fifty
#
# A diffusion buys quality with passes. How many does it need? And can a GAN's loss make it one (Sauer et al. 2023)? A
# *student* begins with the weights of the trained diffusion, makes its picture in a single pass, and has a D
# against it for one minute more:

# %% tags=["nbval-check-output"]
source = inspect.getsource(diffusion.distil)
print(source.partition("@one_step\n")[2].rpartition("    return step")[0])

# %% [markdown]
# With `weight` 0 there is D alone; Sauer et al. have its teacher pull at the student, too. **Predict:** what does the student's
# one pass score, beside its teacher's fifty?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers and plot: FID over the time that a sample takes
PASSES = ("1", "2", "5", "10", "20", "50")
passes = [run["passes"] for run in rivals["runs"] if run["arm"] == "diffusion"]
STUDENTS = {"student": "student: D alone", "pulled": "student: D and the pull", "alone": "not begun from the teacher"}
teacher = {name: [median(run[count][name] for run in passes) for count in PASSES] for name in ("fid", "ms")}
guess = Guess.choice("student", "A student's one pass, beside its teacher's fifty: its FID is …", ["higher", "about the same (within a fifth)", "lower"])
with guess:
    print(f"{'diffusion, passes':27s}", *(f"{count:>7s}" for count in PASSES), f"   (FID of {rivals['samples']['passes']:,})")
    for title, name, places in (("FID", "fid", 0), ("ms a sample", "ms", 1)):
        print(f"{title:27s}", *(f"{each:7.{places}f}" for each in teacher[name]))
    for arm, name in STUDENTS.items():
        print(f"{name:27s} FID {spread(of_rival(arm, 'fid'), 0)}, recall {median(of_rival(arm, 'recall')):.2f}, {median(of_rival(arm, 'ms')):.1f} ms a sample")
    rates = {name: 1e3 / median(of_rival(arm, "ms")) for arm, name in FOUR.items() if median(of_rival(arm, "fid")) <= teacher["fid"][-1]}
    print(f"samples a second, at FID {teacher['fid'][-1]:.0f} or lower: diffusion {1e3 / teacher['ms'][-1]:,.0f},", ", ".join(f"{name} {rate:,.0f}" for name, rate in rates.items()))
best_teacher, students = min(min(each["fid"] for each in run.values()) for run in passes), of_rival("student", "fid")
assert max(students) < best_teacher and max(of_rival("student", "recall")) < min(of_rival("diffusion", "recall")), "the student is no better by FID, or no poorer by recall"
assert teacher["fid"] == sorted(teacher["fid"], reverse=True) and teacher["fid"][0] > 5 * teacher["fid"][-1], "more passes do not lower FID"
assert min(run["1"]["fid"] for run in passes) > 1000, "the teacher's single pass is better than told"
assert 70 < median(of_rival("student", "cpu_seconds") + of_rival("alone", "cpu_seconds")) < 82, "another time than told"
for name in ("fid", "recall"):
    assert max(min(of_rival("pulled", name)), min(of_rival("student", name))) < min(max(of_rival("pulled", name)), max(of_rival("student", name))), "the seeds tell the pull from D alone"
assert min(of_rival("alone", "fid")) > max(students), "the teacher's weights bring nothing"
figure, axes = subplots(figsize=(6.4, 3.2))
axes.plot(teacher["ms"], teacher["fid"], "o-", color=SOFT, markersize=3, label="diffusion, 1 to 50 passes")
for (arm, name), mark in zip({"gan": "GAN", "vae": "VAE", "pixels": "pixel after pixel", "student": "student"}.items(), "^sDv", strict=True):
    axes.plot(median(of_rival(arm, "ms")), median(of_rival(arm, "fid")), mark, color=FAKE if arm in ("gan", "student") else INK, label=name)
axes.set(xscale="log", yscale="log", xlabel="CPU-ms a sample", ylabel="FID", title="What a sample costs, and what it is worth")
axes.legend(fontsize=8)
guess.answer("lower", show(figure, "FID over milliseconds: the diffusion's line falls from about 1,200 at one pass to about 140 at fifty; GAN, student and pixels lie below its end, the GAN lowest and at the left"))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Lower. The teacher's own single pass scores above 1,000; a D and a minute more make it a picture whose FID is below that
# of fifty passes. This **distillation** (蒸馏) has its price: recall falls, the student makes fewer kinds. Begun from
# nothing, with the same D and in the same time, it comes out worse: what the teacher has learned is in the weights. Of its
# teacher's pull three seeds tell nothing, neither by FID nor by recall. (Both trained a little longer than the minute, about 75
# CPU-seconds.)
#
# </details>

# %% [markdown]
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason.
#
# ### 1 · Truncate (5 minutes, easy)
# Write `truncated(w, mean, psi)`: styles w (N, styles) are drawn towards the mean (1, styles). With psi = 0 they are the
# mean, with 1 as they were.

# %%
from gan_edu.exercises import modern as exercises

def truncated(w, mean, psi):
    return ...

exercises.own_truncation(truncated)

# %% [markdown]
# <details><summary>Hint</summary>
#
# How far is w from the mean? Take psi of that way.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import modern as exercises
#
# def truncated(w, mean, psi):
#     return mean + psi * (w - mean)
#
# exercises.own_truncation(truncated)
# ```
#
# </details>
#
# ### 2 · Both penalties (15 minutes, medium)
# Write `penalties(C, x, fake, gamma)`: $\frac{γ}{2}\mathbb{E}\|\nabla C(x)\|^2 + \frac{γ}{2}\mathbb{E}\|\nabla
# C(\text{fake})\|^2$, for samples (N, F). C is to learn from it.

# %%
from gan_edu.exercises import modern as exercises

def penalties(C, x, fake, gamma):
    return ...

exercises.own_penalties(penalties)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `torch.autograd.grad(C(x).sum(), x, create_graph=True)` has the slope of each sample; x must ask for gradients first. The
# norm's square is a sum over F, the E a mean over N.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import torch
#
# from gan_edu.exercises import modern as exercises
#
# def penalties(C, x, fake, gamma):
#     total = 0
#     for samples in (x, fake):
#         samples = samples.requires_grad_()
#         slope, = torch.autograd.grad(C(samples).sum(), samples, create_graph=True)
#         total = total + gamma / 2 * slope.square().sum(1).mean()
#     return total
#
# exercises.own_penalties(penalties)
# ```
#
# </details>
#
# ### 3 · One step of a diffusion (15 minutes, medium)
# Write `step(x_t, v, t, s)`: from the noisy x_t at time t, and the network's v, to x_s at an earlier time s. With $α_t =
# \cos\frac{πt}{2}$ and $σ_t = \sin\frac{πt}{2}$: $\hat x = α_t x_t - σ_t v$, $\hat ε = σ_t x_t + α_t v$, $x_s = α_s \hat x
# + σ_s \hat ε$.

# %%
from gan_edu.exercises import modern as exercises

def step(x_t, v, t, s):
    return ...

exercises.own_step(step)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `math.cos(math.pi * t / 2)`. Three lines, as the three formulas. (Or one: x_t and v are turned by the angle between t and s.)
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import math
#
# from gan_edu.exercises import modern as exercises
#
# def step(x_t, v, t, s):
#     angle = math.pi / 2 * (t - s)
#     return math.cos(angle) * x_t - math.sin(angle) * v
#
# exercises.own_step(step)
# ```
#
# </details>
#
# ### 4 · Which rungs do the seeds tell apart? (15 minutes, medium)
# Write `share(before, after)`: both are lists of FIDs, one a seed. In which share of all pairs (one of before, one of
# after) is after the lower? Equal ones count as half. 1: each seed is lower. 0.5: no difference.

# %%
from gan_edu.exercises import modern as exercises

def share(before, after):
    return ...

if exercises.own_share(share).correct:
    climbed = list(ladder["mnist"].items())
    for (_, before), (name, after) in pairwise(climbed):
        print(f"{name:20s} {share(before, after):.2f}")
exercises.own_share(share)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Two loops, or `for b in before for a in after`. In Python `True` counts as 1.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import modern as exercises
#
# def share(before, after):
#     pairs = [(b, a) for b in before for a in after]
#     return sum((a < b) + (a == b) / 2 for b, a in pairs) / len(pairs)
#
# exercises.own_share(share)
# ```
#
# With five seeds each, chance alone gives 1 or 0 in 2 of 252 cases: for nine steps of the ladder that is still one in
# fourteen. With three seeds it is one in ten *for each* rung.
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
# - A pair asks which of two is the more real. Only differences of D count, so its height means nothing.
# - R1 and R2 let the game come to rest. Pairs without them were the worst step of our ladder.
# - Without a norm something else must keep numbers in scale: a good start, and blocks x + f(x) that begin as x.
# - What a change is worth depends on data, size and time. In a minute of one core pairs raised FID in every mixture; with more
#   steps on a card, pairs with R1 and R2 were best, on three seeds.
# - Style opens G: each size has a w of its own. Truncation trades recall for precision.
# - With few pictures D learns them by heart; augmentation keeps it from that, and is no gift in a short run.
# - After the same minute a GAN led by FID, pixels by recall and bits. A GAN's loss made one pass of fifty.
#
# **Read.** Jolicoeur-Martineau (2018), relativistic losses, arXiv 1807.00734. Mescheder et al. (2018), R1 and R2, arXiv
# 1801.04406. Sun et al. (2020), why pairs, arXiv 2011.04926. Huang et al. (2024), R3GAN, arXiv 2501.05441. He et al.
# (2015), residual networks, arXiv 1512.03385. Xie et al. (2017), groups, arXiv 1611.05431. Liu et al. (2022), ConvNeXt,
# arXiv 2201.03545. Zhang et al. (2019), Fixup, arXiv 1901.09321. Karras et al. (2019, 2020), style, arXiv 1812.04948 and
# 1912.04958. Zhao et al. (2020), DiffAugment, arXiv 2006.10738. Kingma and Welling (2013), arXiv 1312.6114. Van den Oord et
# al. (2016), arXiv 1601.06759. Ho et al. (2020), arXiv 2006.11239. Sauer et al. (2023), arXiv 2311.17042.
#
# **Next.** Chapter 12 makes all this faster: from two cores to many GPUs.
#
# <!-- near -->
# ← [10 convolutional and conditional](10_convolutional.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [12 scaling](12_scaling.ipynb) →
# <!-- /near -->
