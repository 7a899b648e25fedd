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
# # 01 · The value function: what the two players play for
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/01_value_function.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/01_value_function.ipynb)
#
# <!-- near -->
# ← [00 start here](00_start_here.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [02 losses](02_losses.ipynb) →
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# Here is this chapter's theorem as something to play with. Blue is where the data lies, orange is where the
# generator's samples lie. **Drag the circle or the triangle**, and watch two numbers in the table that always agree:
# V(D*, G) and −log 4 + 2 JS. What they are, and why they agree, is the subject of sections 2 to 6.

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
import math
from itertools import pairwise

import torch

from gan_edu.core.training import setup
from gan_edu.core.data import Mixture, gaussian, grid, on_line, ring, uniform
from gan_edu.widgets import DensityPlayer, Saddle

setup()
player = DensityPlayer()
player

# %% [markdown]
# **After this chapter you can**
#
# - say what each sign in $\min_G \max_D V(D, G)$ means, and compute V from samples,
# - derive the best discriminator and the number that it leaves to the generator, and check each step by machine,
# - say what the theorem assumes, and what happens where an assumption fails.
#
# It takes 45 minutes to read and play, and one or two minutes to run, at any pace. It needs no network. You should know
# chapter 00, and what a probability density, an expectation and a derivative are.

# %% [markdown]
# ## 1 · Guess first
#
# The control below hides its numbers. Choose each **situation** from its menu and write down your guesses, then turn
# **numbers** on. V is what D earns when it plays as well as possible. It earns $\log D(x)$ for a real sample and
# $\log(1 - D(x))$ for a fake, where $D(x)$ is how sure it is that $x$ is real, from 0 to 1. The answers are in section 7.
#
# 1. *too narrow* and *one of two modes*: in which does D earn more?
# 2. *far apart*: D is right about everything. How large is V? And how does V change if you move the two closer, to a
#    distance of 4?
# 3. *equal*: D can do no better than a coin. What is V then? It is not 0.

# %%
hidden = DensityPlayer(numbers=False)
hidden

# %% [markdown]
# ## 2 · Two short sums
#
# A **generator** (生成器) G turns random numbers $z$ into samples. A **discriminator** (判别器) D gives each sample $x$ a
# probability $D(x)$ that it is real, between 0 and 1. Show D four real samples and four fakes. For each real one it
# earns $\log D(x)$, for each fake $\log(1 - D(x))$. Both are at most 0. A D that says 1 to each real sample and 0 to
# each fake earns 0. A D that is sure and wrong pays without limit. All logarithms are natural: V is counted in **nats**
# (奈特). Each sum is divided by the number of its samples, so that it is a mean.

# %% tags=["nbval-check-output"]
D_of_real = torch.tensor([0.9, 0.8, 0.6, 0.7])
D_of_fake = torch.tensor([0.1, 0.5, 0.3, 0.2])
first_sum = D_of_real.log().mean()
second_sum = (1 - D_of_fake).log().mean()
print(f"real {first_sum:.3f} + fake {second_sum:.3f} = {first_sum + second_sum:.3f}")

# %% [markdown]
# That is the **value function** (值函数), estimated from eight samples. With ever more samples the two means become
# two expectations, over data $x$ and over latents $z$:
#
# $$V(D, G) = \mathbb E_{x}[\log D(x)] + \mathbb E_{z}[\log(1 - D(G(z)))]$$
#
# **Predict:** what does a D earn that says ½ to everything? Then: what if it says 0.99 to everything?
# Guess the first below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: what a coin earns
from gan_edu.widgets import Guess

guess = Guess.number("coin", "What does a D earn that says ½ to everything?", -5.0, 0.0, unit="nats", near=0.2)
with guess:
    for says in (0.5, 0.99):
        print(f"D = {says} everywhere: V = {math.log(says) + math.log(1 - says):.3f}")
assert math.isclose(2 * math.log(0.5), -math.log(4)), "the coin does not earn −log 4"
assert round(math.log(0.99) + math.log(0.01), 3) == -4.615, "trusting everybody does not earn −4.615"
guess.answer(2 * math.log(0.5))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# A D that says ½ to everything is as good as a coin. It earns $2 \log \tfrac12 = -\log 4 = -1.386$. Remember this number.
# To trust everybody earns much less: −4.615.
#
# </details>
#
# > **Common misreading.** "G minimises D(G(z))." G *minimises V*. It can move only the second term, and
# > $\log(1 - D(G(z)))$ is small when $D(G(z))$ is large. So G pushes D(G(z)) *up*.

# %% [markdown]
# ## 3 · From samples to integrals
#
# Call the density of the data $p_{data}$. Suppose that G's samples have a density too, and call it $p_g$. (Pictures may
# have none: the end of section 8.) Then an expectation over $z$ is one over $x$, and we need not know $z$ any more.
#
# $$\mathbb E_{z}[f(G(z))] = \int p_g(x)\, f(x)\, dx$$
#
# Check it for $G(z) = 1 + z/2$ with $z \sim \mathcal N(0, 1)$. Its samples have the density $\mathcal N(1, \tfrac14)$: the
# first number is the mean, the second the variance. (`gaussian(1.0, 0.5)` takes the mean and the standard deviation,
# called *width* from here on.)
#
# D is given by its **logit** (对数几率), here $l(x) = 1 - x$. Logit and probability say the same in two ways:
#
# $$l = \log\frac{D}{1 - D}, \qquad D = \sigma(l) = \frac{1}{1 + e^{-l}}$$
#
# The **sigmoid** σ takes any number to one between 0 and 1. A logit of 0 means ½, a large one means "real", one far
# below 0 means "fake".

# %%
from gan_edu.core.data import nodes

p_g = gaussian(1.0, 0.5)
z = torch.randn(100_000, generator=torch.Generator().manual_seed(0))
def f(x):
    return (1 - (1 - x).sigmoid()).log()      # log(1 − D(x))

x, weight = nodes(p_g)                        # (N, 1) and (N,): a sum that stands for ∫ dx
over_x = (p_g.density(x) * f(x[:, 0]) * weight).sum()
print(f"over 100,000 z: {f(1 + z / 2).mean():.4f}    over x: {over_x:.4f}")
assert abs(f(1 + z / 2).mean() - over_x) < 0.005, (
    "the mean over z and the integral over x differ")

# %% [markdown]
# So V is a sum of two integrals over the same numbers, and `value` computes it by **quadrature** (数值积分): a sum over
# well-chosen points. A GAN has only samples, so what it sees is an estimate with a **standard error** (标准误): how far
# such an estimate is off, typically.
#
# **Predict:** with 100 times as many samples, how many times smaller is the error? Guess below.

# %%
from gan_edu.value_function import value, value_by_monte_carlo

p_data, p_g = gaussian(-1, 1), gaussian(1, 1)
def D(x):
    return -1.5 * x                                             # some D, by its logit

print(f"quadrature: V = {value(p_data, p_g, D):.4f}")

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: the error of a mean over more samples
stream, errors = torch.Generator().manual_seed(0), []
guess = Guess.number("error", "With 100 times as many samples, how many times smaller is the error?", 1, 1000,
                     unit="times", step=1, near=1.5, log=True)
with guess:
    for count in (64, 6_400, 640_000):
        V, error = value_by_monte_carlo(p_data, p_g, D, count, stream)
        print(f"{count:7,} of each kind: V = {V:.4f} ± {error:.4f}")
        assert abs(V - value(p_data, p_g, D)) < 4 * error, "the estimate is off by more than four standard errors"
        errors.append(error)
assert 7 < errors[0] / errors[1] < 14 and 7 < errors[1] / errors[2] < 14, "100 times the samples: not about a tenth"
guess.answer(10)                                                # the law; here it is 8.5 and 9.7 times

# %% jupyter={"source_hidden": true} cellView="form"
# @title Measure: V over 200 batches of 64
batches = torch.tensor([value_by_monte_carlo(p_data, p_g, D, 64, stream).value for _ in range(200)])
print(f"200 batches of 64, one D, one G: V from {batches.min():.2f} to {batches.max():.2f}, "
      f"standard deviation {batches.std():.2f}")
assert 0.05 < batches.std() < 0.15, "the estimates of batches do not scatter by about 0.1"

# %% [markdown]
# <details><summary>After your guess</summary>
#
# About ten times smaller: the error goes with $1 / \sqrt N$.
#
# </details>

# %% [markdown]
# For this D and G, a batch of 64 tells V to about ± 0.1. So the losses of a GAN jump from step to step even where D and G
# stand still.
#
# ## 4 · What min and max mean
#
# $$\min_G \max_D V(D, G)$$
#
# Read it from the inside out. First hold G still. D looks for its best answer: the D with the largest V. So **each** G has
# a number of its own, the largest V that it allows. Then compare the Gs by this number. The best G is the one for which
# it is smallest.
#
# We follow this order: first hold $p_g$ still, and look for the best D.
#
# ### The best answer at one place
#
# Write $V = \int [\, p_{data}(x) \log D(x) + p_g(x) \log(1 - D(x)) \,]\, dx$. If D may be any function, we may choose its
# value at each place alone: the choice at one $x$ changes nothing at another. So look at one place, with
# $a = p_{data}(x)$ and $b = p_g(x)$, both above 0, and find the $y = D(x)$ that makes $a \log y + b \log(1 - y)$ largest.

# %% tags=["nbval-check-output"]
import sympy as sp

a, b, y = sp.symbols("a b y", positive=True)
f = a * sp.log(y) + b * sp.log(1 - y)
best = sp.solve(sp.diff(f, y), y)
bend = sp.simplify(sp.diff(f, y, 2).subs(y, best[0]))
print("slope 0 at y =", best, "  second derivative there:", sp.factor(bend))
assert best == [a / (a + b)] and bend.is_negative, (
    "the slope is not 0 at a / (a + b) alone, or the curve does not bend down")
assert sp.limit(f, y, 0, "+") == sp.limit(f, y, 1, "-") == -sp.oo, (
    "the curve does not fall to −∞ at both ends")

# %% [markdown]
# One place with slope 0, and the curve bends down there: a maximum. Towards y = 0 and towards y = 1 it falls
# to −∞. (Where only data lies, $b = 0$ and $y = 1$ is best; where only fakes lie, $y = 0$. Where neither lies, $D(x)$ does not count.) Here are three such curves.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: what D earns at one place
from gan_edu.core.notebook import DISCRIMINATOR, FAKE, INK, PAPER, SOFT, show, subplots

line = torch.linspace(0.005, 0.995, 400)
figure, axes = subplots()
for (p, q), style in zip(((0.4, 0.1), (0.3, 0.3), (0.05, 0.35)), ("-", "--", ":"), strict=True):
    height = p * line.log() + q * (1 - line).log()
    axes.plot(line, height, style, color=INK, label=f"a = {p}, b = {q}")
    axes.plot(line[height.argmax()], height.max(), "D", color=DISCRIMINATOR, markersize=8)
    assert abs(line[height.argmax()] - p / (p + q)) < 0.005, "the top does not lie at a / (a + b)"
axes.set(title="What D earns at one place", xlabel="y = D(x)", ylabel="a log y + b log(1 − y), nats", ylim=(-1.5, 0))
axes.legend()
show(figure, "Three curves over D's answer y. Each has one top, marked by a diamond, at y = a / (a + b): 0.8, 0.5 and 0.125.")

# %% [markdown]
# ## 5 · The best discriminator
#
# $$D^*(x) = \frac{p_{data}(x)}{p_{data}(x) + p_g(x)}$$
#
# It is the **optimal discriminator** (最优判别器): the share of the data among all that lies at $x$. Its logit is
# $l^*(x) = \log p_{data}(x) - \log p_g(x)$, the log of a ratio of two densities.
#
# **Predict:** push $D^*$ a little, in any way you like. What happens to V? Guess below.

# %%
from gan_edu.value_function import optimal_discriminator, optimal_logit

def pushed(push):
    """V, where push(x) was added to the logit of D*."""
    return value(p_data, p_g, lambda x: optimal_logit(p_data, p_g, x) + push(x[:, 0]))

V_best = value(p_data, p_g)                                     # without a D: the best one
print(f"V(D*) = {V_best:.5f}, pushed by 0: {pushed(lambda x: 0 * x):.5f}")

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: what a push does to V
pushes = {"up": lambda x: 0 * x + 0.2, "down": lambda x: 0 * x - 0.2, "in waves": lambda x: 0.2 * (3 * x).sin(),
          "to be steeper": lambda x: -0.2 * x, "to be flatter": lambda x: 0.2 * x}
guess = Guess.choice("push", "Push D* a little, in any way. What happens to V?",
                     ["it always falls", "it always rises", "it depends on the push"])
with guess:
    for name, push in pushes.items():
        print(f"pushed {name:13s} V = {pushed(push):.5f}")
        assert pushed(push) < V_best, "this push costs nothing"
guess.answer("it always falls")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Every push costs that moves D where samples lie: there $y$ leaves the top of its curve.
#
# </details>

# %% [markdown]
# Now scroll up to the player of section 1, and turn its **numbers** on. The
# dotted green line is $D^*$. It is ½ exactly where blue and orange are equally high and above 0. Press **Train D**: a
# small network that sees only samples climbs towards it. The table gives its V on the densities themselves, which is
# never above V(D*, G).
#
# ## 6 · What the best D leaves to G
#
# Put $D^*$ into V. To see what it means, compare each density with the **mixture** (混合分布)
# $m = \tfrac12 (p_{data} + p_g)$. The algebra at one place, again with $a$ and $b$:

# %% tags=["nbval-check-output"]
m = (a + b) / 2
at_best = a * sp.log(a / (a + b)) + b * sp.log(b / (a + b))
rewritten = -(a + b) * sp.log(2) + a * sp.log(a / m) + b * sp.log(b / m)
difference = sp.simplify(sp.expand_log(at_best - rewritten, force=True))
print("difference:", difference)
assert difference == 0, "the two expressions differ"

# %% [markdown]
# Integrate both sides. $\int (a + b)\, dx = 2$, so the first part gives $-2 \log 2 = -\log 4$. The others are two
# **Kullback–Leibler divergences** (KL 散度), $\mathrm{KL}(p \,\|\, q) = \int p \log (p / q)$. Half their sum has a name, the
# **Jensen–Shannon divergence** (JS 散度):
#
# $$V(D^*, G) = -\log 4 + 2\,\mathrm{JS}(p_{data}, p_g), \qquad
#   \mathrm{JS}(p, q) = \tfrac12 \mathrm{KL}(p \,\|\, m) + \tfrac12 \mathrm{KL}(q \,\|\, m)$$
#
# Check it on four pairs of densities. The left side integrates with $D^*$. For the right side we build the mixture as a
# density of its own, and take the two KL by their definition:

# %% jupyter={"source_hidden": true} cellView="form"
# @title Check: what the best D earns, in two ways
from gan_edu.value_function import js, kl

def mixture(p, q):
    """m = ½ (p + q): the bumps of both, each with half its weight."""
    return Mixture("m", torch.cat([p.centres, q.centres]), torch.cat([p.scales, q.scales]),
                   torch.cat([p.weights, q.weights]) / 2, p.kernel)

two = on_line("two bumps", [-2, 2], [0.5, 0.8], [0.3, 0.7])
for p, q in ((p_data, p_g), (two, gaussian(0, 2)), (gaussian(0, 0.1), gaussian(0, 3)), (uniform(0, 2), uniform(1, 4))):
    left, right = value(p, q), -math.log(4) + kl(p, mixture(p, q)) + kl(q, mixture(p, q))
    print(f"{p.name:10s} against {q.name:9s} V(D*) = {left:.6f}   −log 4 + 2 JS = {right:.6f}")
    assert abs(left - right) < 1e-6, "V of the best D is not −log 4 + 2 JS"

# %% [markdown]
# ## 7 · Where G's best is, and why it is −log 4
#
# A KL is never negative, and 0 only for equal densities. So JS is at least 0, and $V(D^*, G) \ge -\log 4$, with equality
# only at $p_g = p_{data}$. Then $D^* = \tfrac12$ wherever there is data: the coin of section 2.
#
# **Predict:** 2,000 random pairs of dice. How many fall below −log 4?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Check: V of 2,000 random pairs of dice
dice = torch.distributions.Dirichlet(torch.full((6,), 0.5, dtype=torch.float64))
torch.manual_seed(0)
values = torch.tensor([
    value(p, q) for p, q in zip(dice.sample((2000,)), dice.sample((2000,)), strict=True)])
print(f"least {values.min():.3f}, largest {values.max():.3f}; "
      f"below −log 4 = −1.386: {(values < -math.log(4)).sum()}")
assert values.min() > -math.log(4) and values.max() <= 1e-9, (
    "a V lies below −log 4 or above 0")

# %% [markdown]
# None. Now let G do its part: move $p_g$'s mean and width, and let the best D answer each time.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: V of the best D, over mean and width of p_g
means, widths = torch.linspace(-3, 3, 25), torch.linspace(0.3, 2.5, 23)
V_star = torch.tensor([[value(gaussian(), gaussian(mean, width)) for mean in means] for width in widths])
figure, axes = subplots()
filled = axes.contourf(means, widths, V_star, torch.linspace(-math.log(4) - 1e-6, 0, 21), cmap="cividis")
figure.colorbar(filled, label="V(D*, G), nats", ticks=[-1.386, -1.2, -1, -0.8, -0.6, -0.4, -0.2, 0])
axes.plot(0, 1, "X", color=FAKE, markeredgecolor=PAPER, markersize=12)
axes.set(title="max over D of V, for data N(0, 1)", xlabel="mean of $p_g$", ylabel="width of $p_g$")
at = V_star.argmin()
assert abs(means[at % 25]) < 0.01 and abs(widths[at // 25] - 1) < 0.01, "V is not least at mean 0 and width 1"
assert abs(V_star.min() + math.log(4)) < 1e-4, "the least V is not −log 4"
show(figure, "Contours of V at the best D over the mean and width of p_g: one valley, whose lowest point, marked by a cross, "
             "is mean 0 and width 1, where p_g equals p_data.")

# %% [markdown]
# Now the answers to section 1.
#
# 1. In *too narrow*, D earns −1.01; in *one of two modes* a little more, −0.96. That is so for the widths in the menu. A
#    $p_g$ of width 0.2 in place of 0.4 earns D −0.70, one of width 0.6 only −1.20. JS is a single number: it says *how
#    much* is wrong, and not *what*.
# 2. *Far apart*: 0 to seven decimals, and 0 is all that D can earn. At a distance of 4 it is still 0 to three decimals.
# 3. *Equal*: −1.386.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Check: V in the situations of section 1
situations = {
    "too narrow": (gaussian(0, 1.2), gaussian(0, 0.4)),
    "the same, width 0.2": (gaussian(0, 1.2), gaussian(0, 0.2)),
    "the same, width 0.6": (gaussian(0, 1.2), gaussian(0, 0.6)),
    "one of two modes": (on_line("two", [-2, 2], [0.6, 0.6]), gaussian(-2, 0.6)),
    "far apart": (gaussian(-3, 0.5), gaussian(3, 0.5)),
    "at a distance of 4": (gaussian(-2, 0.5), gaussian(2, 0.5)),
    "equal": (gaussian(), gaussian()),
}
for name, (p, q) in situations.items():
    print(f"{name:20s} V(D*) = {round(value(p, q), 4) + 0.0:.4f}")
expected = (-1.0133, -0.7049, -1.2008, -0.9557, 0, -0.0002, -1.3863)
assert all(abs(value(*pair) - V) < 6e-5 for pair, V in zip(situations.values(), expected, strict=True)), "the text is out of date"
assert abs(value(*situations["far apart"])) < 5e-8, "far apart, V is not 0 to seven decimals"

# %% [markdown]
# > **Common misreading.** "Converged means that the losses are at 0." At the optimum V is −1.386, not 0. V near 0 is
# > the opposite: D tells everything apart.
#
# ## 8 · What the theorem assumes
#
# ### D may be any function
#
# A real D is a network, and trained only so far. Then V(D, G) is **a lower bound** (下界) of
# $-\log 4 + 2\,\mathrm{JS}$. Train two: one is a straight line $l = wx + c$, one has a hidden layer. The data has two
# modes, and G draws between them. **Predict:** what does the straight line earn?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Helper: train D for some steps, on fresh samples
from gan_edu.core.notebook import claims, pace
from gan_edu.losses import cross_entropy_d                          # −V, from logits of real and of fake samples

def trained(D, p, q, stream):
    """D after some steps of Adam on L_D = −V, from fresh samples."""
    optimizer = torch.optim.Adam(D.parameters(), lr=0.02)
    for _ in range(steps):
        optimizer.zero_grad()
        cross_entropy_d(D(p.sample(256, stream).float()), D(q.sample(256, stream).float())).backward()
        optimizer.step()
    return D

p, q = on_line("two modes", [-2, 2], [0.5, 0.5]), gaussian(0, 1)
steps = pace(test=20, lesson=600, full=600)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Train: a straight line, and a network with a hidden layer
from torch.nn import Linear, Sequential, Tanh

print(f"V of the best D: {value(p, q):.3f}    −log 4 = {-math.log(4):.3f}")
for seed in range(3):
    torch.manual_seed(seed)
    line_D = value(p, q, trained(Linear(1, 1), p, q, stream))
    net_D = value(p, q, trained(Sequential(Linear(1, 32), Tanh(), Linear(32, 1)), p, q, stream))
    print(f"seed {seed}: V of the straight line {line_D:.3f}, of the network {net_D:.3f}")
    assert max(line_D, net_D) < value(p, q), "a trained D earns more than the best D"
    if claims():
        assert abs(line_D + math.log(4)) < 0.03, "the line does not earn what a coin earns"
        assert value(p, q) - net_D < 0.08, "the network stays far below the best D"

# %% [markdown]
# The straight line earns no more than a coin: it finds no fault in G. We can say why. V bends down in $w$ and $c$ (it is
# concave), so a place with slope 0 is its top. At $w = c = 0$ the slope in $c$ is 0, and the slope in $w$ is half the
# difference of the two means. Both means are 0 here, so a D that says ½ everywhere is already the best line, whatever
# else differs. Move G's mean, and the slope is there:

# %% jupyter={"source_hidden": true} cellView="form"
# @title Measure: the line's slope in w
def slope(F, t, h=1e-4):
    return (F(t + h) - F(t - h)) / (2 * h)

for mean in (0.0, 0.5, -1.0):
    def of_line(w, mean=mean):
        return value(p, gaussian(mean, 1), lambda x: w * x)

    print(f"mean of the fakes {mean:4}: slope of V in w at 0 is {slope(of_line, 0.0):.4f}")
    assert abs(slope(of_line, 0.0) - (0 - mean) / 2) < 1e-6, "the slope is not half the difference of the means"
    assert abs(value(p, gaussian(mean, 1), lambda x: 0 * x) + math.log(4)) < 1e-6, "D says ½ everywhere, yet V changes with G"

# %% [markdown]
# A D that says ½ everywhere gives G no slope: V stays −log 4 wherever G moves.
#
# ### G's gradient is taken with D held fixed
#
# G does not descend the curve $-\log 4 + 2\,\mathrm{JS}$. It takes its slope of V with D frozen. Let $p_g = \mathcal N(\theta, 1)$,
# freeze the best D of $\theta_0 = 2$, and move $\theta$.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Measure and plot: D frozen, and D always at its best
data, theta_0 = gaussian(0, 1), 2.0
def frozen(x):
    return optimal_logit(data, gaussian(theta_0), x)

thetas = torch.linspace(-3, 4, 71).tolist()
held = [value(data, gaussian(t), frozen) for t in thetas]
theorem = [value(data, gaussian(t)) for t in thetas]
of_frozen = slope(lambda t: value(data, gaussian(t), frozen), theta_0)
of_js = slope(lambda t: 2 * js(data, gaussian(t)), theta_0)
print(f"slopes at θ₀: V with D frozen {of_frozen:.5f}, 2 JS {of_js:.5f}")
assert abs(of_frozen - of_js) < 1e-5, "at θ₀ the two slopes differ"
assert all(h <= t + 1e-9 for h, t in zip(held, theorem, strict=True)), "a frozen D earns more than the best one"
assert all(left < right for left, right in pairwise(held)), "with D frozen, V does not fall all the way to the left"

figure, axes = subplots()
axes.plot(thetas, theorem, "-", color=INK, label="−log 4 + 2 JS: D always at its best")
axes.plot(thetas, held, "--", color=DISCRIMINATOR, label="V with the D of θ₀ = 2 held fixed")
axes.plot(theta_0, value(data, gaussian(theta_0)), "D", color=INK)
axes.set(title="The slope agrees at one point only", xlabel="θ, the mean of $p_g$", ylabel="V, nats", ylim=(-4, 0.1))
axes.legend()
show(figure, "Two curves over the mean of p_g touch at theta 2. The one with D always at its best has its lowest point at 0. "
             "The one with D held fixed falls all the way to the left, and out of the picture below.")

# %% [markdown]
# At $\theta_0$ the slopes agree: there G's step is the step down the divergence. Away from it they differ. With D frozen, G
# would run past the data at 0 and never stop. So D must be trained along with G.
#
# > **Common misreading.** "Training minimises the difference between G and D." There is no such difference. *At the
# > best D* V is −log 4 + 2 JS, and JS compares two **distributions**, $p_g$ and $p_{data}$. Training need
# > not lower JS: each step of G changes which D is best, and D takes only a few steps towards it. In the Dirac-GAN of
# > section 9, JS is log 2 wherever G stands, except at its goal.
#
# ### The densities overlap
#
# Slide two boxes of width 1 apart. **Predict:** what does JS do once they overlap no more? Draw your guess below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: JS, while p_g slides away
gaps = torch.linspace(0, 3, 61).tolist()
of_boxes = [js(uniform(0, 1), uniform(gap, gap + 1)) for gap in gaps]
of_bells = [js(gaussian(0, 0.2), gaussian(gap, 0.2)) for gap in gaps]
figure, axes = subplots()
axes.plot(gaps, of_boxes, "-", color=INK, label="boxes of width 1")
axes.plot(gaps, of_bells, "--", color=SOFT, label="Gaussians of width 0.2")
axes.axhline(math.log(2), color=DISCRIMINATOR, linestyle=":", label="log 2")
axes.set(title="JS, while $p_g$ slides away", xlabel="distance", ylabel="JS, nats")
axes.legend()
guess = Guess.curve("boxes", "Two boxes of width 1 slide apart. How does JS grow with the distance?",
                    (0, 3), (0, 1), labels=("distance", "JS, nats"))
guess.answer((gaps, [max(0.0, each) for each in of_boxes]), show(
    figure, "JS over the distance: for boxes it rises in a straight line to log 2 at distance 1 and is flat from there. For "
            "Gaussians of width 0.2 it starts flat, overtakes the boxes before 0.3 and nears log 2 from about 1.2 on."))

# %% [markdown]
# Now move it yourself: drag the triangle, and watch −log 4 + 2 JS. (The player's *width* of a box is half of it, 0.5 here.)

# %%
boxes = DensityPlayer(uniform(-3, -2), uniform(-2.5, -1.5))
boxes

# %% jupyter={"source_hidden": true} cellView="form"
# @title Check: the slope of JS at some distances
def js_of_boxes(gap):
    return js(uniform(0, 1), uniform(gap, gap + 1))

def js_of_bells(gap):
    return js(gaussian(0, 0.2), gaussian(gap, 0.2))

for gap in (0.5, 1.5, 2.5):
    print(f"distance {gap}: slope of JS {slope(js_of_boxes, gap):.4f} for boxes, {slope(js_of_bells, gap):.1e} for Gaussians")
print("KL of boxes that share nothing:", kl(uniform(0, 1), uniform(2, 3)))
assert all(abs(J - min(gap, 1) * math.log(2)) < 1e-9 for gap, J in zip(gaps, of_boxes, strict=True)), "boxes: no straight line to log 2"
assert abs(slope(js_of_boxes, 1.5)) < 1e-9 and abs(slope(js_of_boxes, 3.0)) < 1e-9, "apart, JS of the boxes has a slope"
assert 0.9e-8 < slope(js_of_bells, 2.5) < 1.1e-8 and kl(uniform(0, 1), uniform(2, 3)) == math.inf, "the Gaussians, or KL, do otherwise"
assert of_bells[5] < of_boxes[5] and of_bells[6] > of_boxes[6] and of_bells[24] > math.log(2) - 0.005, "the alt text is out of date"

# %% [markdown]
# The **support** (支撑集) of a density is where it is above 0. Where there is a gap between two supports, JS is log 2,
# exactly, however wide the gap. A constant has no slope: the best D tells G that it is wrong, and not where to go. KL
# is infinite there. Gaussians reach everywhere and always overlap: once they stand apart, their slope is not 0, but
# it soon becomes too small to use.
#
# Pictures are like the boxes: JS is log 2 too where what is shared has probability 0 under both. Fewer latents than
# pixels put all of G's pictures on a thin sheet in the space of pixels, and then they have no density there. Real
# pictures, it is thought, lie near thin sheets too. Two such sheets in general position (move one a little, at
# random) share next to nothing: a part of size 0 (Arjovsky and Bottou 2017, arXiv 1701.04862, section 2). Chapter 05
# adds noise, which widens the sheets; chapter 09 replaces JS by a distance that has a slope.

# %% [markdown]
# ## 9 · The saddle
#
# What does a game with a max and a min look like? Give each player **one number**. There are two places, A and B, and
# the data lies on each with probability ½.
#
# - D's number is $d$, its logit at A. At B it says the opposite: $D(A) = \sigma(d)$ and $D(B) = \sigma(-d) = 1 - \sigma(d)$.
# - G's number is $g$. G draws A with probability $q = \sigma(g)$, and B with probability $1 - q$.
#
# The data earns D $\tfrac12 \log D(A) + \tfrac12 \log D(B)$. A fake at A earns it $\log(1 - D(A)) = \log \sigma(-d)$, a fake at B
# $\log \sigma(d)$. Together:
#
# $$V(d, g) = \tfrac12 \log \sigma(d) + \tfrac12 \log \sigma(-d) + q \log \sigma(-d) + (1 - q) \log \sigma(d), \qquad q = \sigma(g)$$
#
# (Chapter 06 writes θ for $g$ and −ψ for $d$, after its papers.)

# %%
def my_two_points(d, g):
    q, log_sigmoid = g.sigmoid(), torch.nn.functional.logsigmoid
    return ((log_sigmoid(d) + log_sigmoid(-d)) / 2
            + q * log_sigmoid(-d) + (1 - q) * log_sigmoid(d))


at_0 = torch.zeros(2, dtype=torch.float64)
bends = torch.linalg.eigvalsh(torch.autograd.functional.hessian(
    lambda w: my_two_points(w[0], w[1]), at_0))
print(f"V(0, 0) = {my_two_points(*at_0):.4f}; "
      f"curvatures there: {bends[0]:.3f} and {bends[1]:.3f}")
assert bends[0] < 0 < bends[1], "V does not bend down one way and up another"

# %% [markdown]
# One curvature down, one up: a **saddle point** (鞍点), and V = −log 4 on it. A second game is the **Dirac-GAN** of
# Mescheder et al. (2018): all data at 0, all fakes at $g$, and $D(x) = \sigma(d x)$. Real and fake share no place unless
# $g = 0$. Its value is $V(d, g) = -\log 2 + \log \sigma(-d g)$.
#
# **Predict:** both players take gradient steps, D up and G down. Do they reach the saddle, at the ×? A *round* is one step of
# each: both at once (*simultaneous*), or D first and then G (*alternating*). Drag the start, change the step, then choose
# the other game.

# %%
from gan_edu.value_function import dirac

saddle = Saddle({"two points": my_two_points, "Dirac-GAN": dirac})
saddle

# %% jupyter={"source_hidden": true} cellView="form"
# @title Measure: how far from the saddle the players end
from gan_edu.core.games import path

def last_distance(game, order):
    """The mean distance to the saddle in the last 50 of 500 rounds with steps of 0.2, from (−1, 1)."""
    return path(game, (-1, 1), step=0.2, count=500, order=order).norm(dim=1)[-50:].mean().item()

print(f"at the start the distance is {math.sqrt(2):.2f}")
ends = {name: [last_distance(game, order) for order in ("simultaneous", "alternating")] for name, game in saddle.games.items()}
for name, (at_once, by_turns) in ends.items():
    print(f"{name:10s} after 500 rounds: simultaneous {at_once:.2g}, alternating {by_turns:.2g}")
assert max(ends["two points"]) < 1e-3, "in the first game the players do not arrive"
assert ends["Dirac-GAN"][0] > 2.5 and 1.3 < ends["Dirac-GAN"][1] < 1.6, "the Dirac-GAN neither drifts out nor circles"

# %% [markdown]
# From this start, with steps of 0.2, the players of the first game arrive. In the Dirac-GAN they circle (alternating,
# drifting out very slowly) or drift out (simultaneous). What makes the difference, the appendix shows in part B.
#
# To know the optimum is one thing, to get there is another: chapter 06.

# %% [markdown]
# ## Exercises
#
# Each check says "not attempted yet", "not yet" with what is wrong, or "correct" with the reason.
#
# ### 1 · By hand (5 minutes, easy)
# Three places. $p_{data} = (\tfrac12, \tfrac12, 0)$ and $p_g = (0, \tfrac12, \tfrac12)$. What is $D^*$ at each place, and V(D*, G)?

# %%
from gan_edu.exercises import value_function as exercises

best_D, V_of_best = [..., ..., ...], ...
exercises.by_hand(best_D, V_of_best)

# %% [markdown]
# <details><summary>Hint</summary>
#
# $D^*$ is the share of the data at a place. In V, what has probability 0 does not count.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import math
#
# from gan_edu.exercises import value_function as exercises
#
# best_D = [1, 0.5, 0]
# V_of_best = 0.5 * math.log(1) + 0.5 * math.log(0.5) + 0.5 * math.log(0.5) + 0.5 * math.log(1)
# exercises.by_hand(best_D, V_of_best)
# ```
#
# </details>
#
# ### 2 · Three fakes for each real one (5 minutes, medium)
# Someone shows D three fakes for each real sample, adds up all terms and divides by the number of real samples:
# $V_3 = \mathbb E_x[\log D] + 3\,\mathbb E_z[\log(1 - D)]$.
# At a place with $p_{data}(x) = 0.3$ and $p_g(x) = 0.1$, what does the best D say?

# %%
from gan_edu.exercises import value_function as exercises

answer = ...
exercises.three_fakes(answer)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Section 4 with another $b$.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import value_function as exercises
#
# answer = 0.3 / (0.3 + 3 * 0.1)
# exercises.three_fakes(answer)
# ```
#
# </details>
#
# ### 3 · What a trained D proves (5 minutes, medium)
# Your network D reaches V(D, G) = −0.9, measured without error. What is the least that JS can be?

# %%
from gan_edu.exercises import value_function as exercises

least_js = ...
exercises.what_it_proves(least_js)

# %% [markdown]
# <details><summary>Hint</summary>
#
# V(D, G) ≤ −log 4 + 2 JS. Solve for JS.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import math
#
# from gan_edu.exercises import value_function as exercises
#
# least_js = (-0.9 + math.log(4)) / 2
# exercises.what_it_proves(least_js)
# ```
#
# </details>
#
# ### 4 · Your own JS (10 minutes, medium)
# Write a function that takes two lists of probabilities and gives JS in nats. The check tries it on pairs with zeros in
# them.

# %%
from gan_edu.exercises import value_function as exercises

my_js = ...
exercises.own_js(my_js)

# %% [markdown]
# <details><summary>Hint</summary>
#
# $0 \log 0$ counts as 0: `torch.special.xlogy(p, p / m)` knows that.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import torch
#
# from gan_edu.exercises import value_function as exercises
#
# def my_js(p, q):
#     p, q = torch.tensor(p), torch.tensor(q)
#     m = ((p + q) / 2).clamp_min(1e-12)
#     return (torch.special.xlogy(p, p / m) + torch.special.xlogy(q, q / m)).sum().item() / 2
# exercises.own_js(my_js)
# ```
#
# </details>
#
# ### 5 · Play (5 minutes, medium)
# Find densities in the player for which V(D*, G) lies between −1.0 and −0.9, though $p_{data}$ and $p_g$ have the same
# mean. Give the player to the check: that of section 1 is called `hidden`, so write `my_player = hidden`.

# %%
from gan_edu.exercises import value_function as exercises

my_player = ...
exercises.same_mean(my_player)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Put the circle and the triangle at 0 and make $p_g$ narrow. Or give the data two modes around 0, not too far apart, and
# put the triangle between them.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.core.data import gaussian
# from gan_edu.exercises import value_function as exercises
# from gan_edu.widgets import DensityPlayer
#
# my_player = DensityPlayer(gaussian(0, 1.2), gaussian(0, 0.35))
# exercises.same_mean(my_player)
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
# - V adds two means: $\log D$ over the data and $\log(1 - D)$ over the fakes. D tries to make it large, G small.
# - For a fixed G the best D is $p_{data} / (p_{data} + p_g)$, and it earns $-\log 4 + 2\,\mathrm{JS}$: least at $p_g = p_{data}$.
# - A trained D earns no more than that. With the best D, held fixed, G's slope is that of 2 JS.
# - Where there is a gap between two densities, JS is log 2 and has no slope.
# - In both small games the optimum is a saddle. Gradient steps reached it where V bends down in $d$ at the saddle, and
#   circled it or left it where V does not.
#
# **Read.** Goodfellow et al. (2014), *Generative adversarial nets*, arXiv 1406.2661, section 4. Arjovsky and Bottou
# (2017), *Towards principled methods for training generative adversarial networks*, arXiv 1701.04862. Mescheder et al.
# (2018), *Which training methods for GANs do actually converge?*, arXiv 1801.04406.
#
# **Next.** Chapter 02 turns V into the losses that are minimised.

# %% [markdown]
# ## Appendix
#
# What the chapter leaves out. Nothing later needs it.

# %% [markdown]
# ### A · Other spaces: the plane, and dice
#
# So far $x$ was a number. The same holds for two densities in the plane, eight bumps on a ring against 25 on a grid, and
# for two dice:

# %%
of_ring = (value(ring(), grid()),
           -math.log(4) + sum(kl(p, mixture(ring(), grid())) for p in (ring(), grid())))
print("ring against grid:       V(D*) = {:.5f}   −log 4 + 2 JS = {:.5f}".format(*of_ring))
fair, loaded = [1 / 6] * 6, [0.1, 0.1, 0.1, 0.1, 0.1, 0.5]
middle = [(p + q) / 2 for p, q in zip(fair, loaded, strict=True)]
of_dice = value(fair, loaded), -math.log(4) + kl(fair, middle) + kl(loaded, middle)
print("fair against loaded die: V(D*) = {:.5f}   −log 4 + 2 JS = {:.5f}".format(*of_dice))
print("D* for each face:",
      [round(share, 3) for share in optimal_discriminator(fair, loaded).tolist()])
assert abs(of_ring[0] - of_ring[1]) < 1e-6 and abs(of_dice[0] - of_dice[1]) < 1e-9, (
    "the two sides differ")


# %% [markdown]
# ### B · What makes the players of section 9 arrive?
#
# The first game of section 9 can be written in two
# parts, $V = [\log \sigma(d) + \log \sigma(-d)] - (q - \tfrac12)\, d$.
# The first part bends down in $d$; only the second joins the players. The Dirac-GAN's V does not bend along either axis
# through the saddle. Is it the bend? **Predict** what happens when we take it from the one game and give it to the other.

# %%
def without_bend(d, g):
    # the first part held at its value for d = 0
    return -math.log(4) - (g.sigmoid() - 0.5) * d

def with_bend(d, g):
    # curvature −½ in d, as the first game has at 0
    return dirac(d, g) - d ** 2 / 4

d, g = torch.randn(2, 100, dtype=torch.float64)
first_part = d.sigmoid().log() + (-d).sigmoid().log()
assert torch.allclose(my_two_points(d, g), first_part + math.log(4) + without_bend(d, g)), (
    "the two parts do not add up to V")
on_line_d = torch.linspace(-6, 6, 121, dtype=torch.float64)
assert (on_line_d.sigmoid().log() + (-on_line_d).sigmoid().log()).diff(n=2).max() < 0, (
    "the first part does not bend down in d")
assert without_bend(on_line_d, g[:1]).diff(n=2).abs().max() < 1e-12, (
    "the second part bends in d")
changed = {"two points without its bend": without_bend, "Dirac-GAN with a bend": with_bend}
ends = {name: [last_distance(game, order) for order in ("simultaneous", "alternating")]
        for name, game in changed.items()}
for name, (at_once, by_turns) in ends.items():
    print(f"{name:27s} after 500 rounds: "
          f"simultaneous {at_once:.2g}, alternating {by_turns:.2g}")
assert min(ends["two points without its bend"]) > 1.3, (
    "without the bend the players arrive all the same")
assert max(ends["Dirac-GAN with a bend"]) < 1e-3, "with a bend the Dirac-GAN does not arrive"

# %% [markdown]
# In these two games it is the bend: it brakes D. Without it, each player knows where the other stands, and still they
# miss the saddle.
#
# <!-- near -->
# ← [00 start here](00_start_here.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [02 losses](02_losses.ipynb) →
# <!-- /near -->
