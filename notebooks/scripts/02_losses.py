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
# # 02 · Losses: from the value function to what is minimised
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/02_losses.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/02_losses.ipynb)
#
# <!-- near -->
# ← [01 the value function](01_value_function.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [03 the training loop](03_training_loop.ipynb) →
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# Below are twelve losses for GANs. **Drag the point** to the left: there D rates a sample as fake. Which losses still
# have a slope there? Without a slope G does not learn. The open circles show where ten gradient steps lead.


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

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid, softplus

from gan_edu.losses import LOSSES, Loss
from gan_edu.widgets import LossExplorer

LossExplorer(LOSSES, picked=["minimax", "non-saturating", "least squares"], logit=-4.0)

# %% [markdown]
# **After this chapter you can**
#
# - derive the losses of D and G from the value function, and say what each measures at its best D,
# - say why G does not descend the loss of its own game, and what it descends instead,
# - write each loss so that it fails only where its terms, or their sum, do not fit the number type.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | every pace | about a minute on two cores | no network: densities on a line, and integrals |
#
# It needs chapter 01: the value function, the best discriminator D*, KL and JS. All logarithms are natural: a loss that
# is made of logarithms is in nats.
#
# ## 1 · From V to two losses
#
# The value function of the game is an expectation over real samples and one over latents:
#
# $$\min_G \max_D\; V(D, G) = \mathbb E_x[\log D(x)] + \mathbb E_z[\log(1 - D(G(z)))]$$
#
# Two things turn it into something a program can minimise. A mean over a batch stands for each expectation (an
# **empirical** loss, 经验损失). And where a player wants the largest value, we minimise the negative one:
#
# $$L_D = -\frac1N \sum_i \log D(x_i) - \frac1N \sum_i \log\bigl(1 - D(G(z_i))\bigr), \qquad
#   L_G = \frac1N \sum_i \log\bigl(1 - D(G(z_i))\bigr)$$
#
# The first sum of V does not contain G. So $L_G$ leaves it out: it has no gradient for G.
#
# A discriminator returns a **logit** (对数几率) $l$, any number, and $D = \sigma(l) = 1/(1 + e^{-l})$. This logit, say, is
# the best one for two Gaussians, $l = \log p_{data}(x) - \log p_g(x)$. **Predict:** how far is a mean over 100,000
# samples from the integral?

# %%
from gan_edu.core.data import gaussian

p_data, p_g = gaussian(0, 1), gaussian(1, 1.5)
x = torch.linspace(-15, 17, 5001, dtype=torch.float64)[:, None]   # (5001, 1), for integrals

def integral(values: Tensor) -> float:
    """∫ values dx by the trapezoid rule, values (5001,)."""
    return torch.trapezoid(values, x[:, 0]).item()

def logit(at: Tensor) -> Tensor:
    """log p_data − log p_g at points (N, 1): (N, 1)."""
    return (p_data.log_density(at) - p_g.log_density(at))[:, None]

# %% tags=["nbval-check-output"]
p, q, l = p_data.density(x), p_g.density(x), logit(x)[:, 0]               # each (5001,)
V = integral(p * logsigmoid(l)) + integral(q * logsigmoid(-l))            # 1 − σ(l) = σ(−l)
stream = torch.Generator().manual_seed(0)
real, fake = logit(p_data.sample(100_000, stream)), logit(p_g.sample(100_000, stream))
terms = logsigmoid(real) + logsigmoid(-fake)                              # (100000, 1)
error = terms.std() / len(terms) ** 0.5
print(f"V = {V:.4f} by quadrature, {terms.mean():.4f} ± {error:.4f} by samples")
assert abs(terms.mean() - V) < 4 * error, (
    "the mean over the samples is further from V than chance explains")
assert torch.allclose(LOSSES["minimax"].d(real, fake), -terms.mean()), (
    "D's loss is not minus V over the batch")

# %% [markdown]
# ### $L_D$ is a cross entropy
#
# D is an ordinary classifier: label 1 for real, 0 for fake. Its cross entropy with logits is
#
# $$\mathrm{BCE}(l, y) = -y \log \sigma(l) - (1 - y) \log(1 - \sigma(l))$$
#
# Put in $y = 1$ for real and $y = 0$ for fake: each term of $L_D$ appears.

# %% tags=["nbval-check-output"]
bce = (binary_cross_entropy_with_logits(real, torch.ones_like(real))
       + binary_cross_entropy_with_logits(fake, torch.zeros_like(fake)))
L_D = LOSSES["non-saturating"].d(real, fake)
print(f"L_D = {L_D:.6f} = {bce:.6f} = BCE(real, 1) + BCE(fake, 0)")
assert torch.allclose(L_D, bce), "D's loss is not the cross entropy with the labels 1 and 0"

# %% [markdown]
# ## 2 · The slope with respect to the logit
#
# Whatever D and G are made of, the loss sees a sample through its logit only. Let $L$ be the loss of one sample and $w$ a
# weight. By the chain rule, the sample adds $\frac{\partial L}{\partial l} \cdot \frac{\partial l}{\partial w}$ to the
# gradient, and a batch takes the mean. The second factor belongs to the networks. The first belongs to the loss: the slope
# $\partial L / \partial l$ tells how hard the loss pushes this logit. By hand, with $\sigma' = \sigma (1 - \sigma)$:
#
# $$\frac{\partial}{\partial l} \log(1 - \sigma(l)) = \frac{-\sigma(1 - \sigma)}{1 - \sigma} = -\sigma(l), \qquad
#   \frac{\partial}{\partial l} \bigl(-\log \sigma(l)\bigr) = -\frac{\sigma (1 - \sigma)}{\sigma} = -(1 - \sigma(l))$$
#
# The first is the game's own loss for G, called **saturating** (饱和); in the explorer and in code it is *minimax*. The second is the **non-saturating** (非饱和) one,
# $L_G = -\mathbb E_z[\log D(G(z))]$. Sympy agrees:

# %% tags=["nbval-check-output"]
import sympy as sp

s = sp.Symbol("l", real=True)
sigma = 1 / (1 + sp.exp(-s))
for name, loss, by_hand in (("saturating", sp.log(1 - sigma), -sigma),
                            ("non-saturating", -sp.log(sigma), sigma - 1)):
    assert sp.simplify(sp.diff(loss, s) - by_hand) == 0, (
        f"the slope of the {name} loss is not what we found by hand")
    print(f"{name:14s} slope at −∞: {sp.limit(by_hand, s, -sp.oo)}, "
          f"at 0: {by_hand.subs(s, 0)}, at +∞: {sp.limit(by_hand, s, sp.oo)}")

# %% [markdown]
# And autograd agrees, on the very functions that train:

# %% tags=["nbval-check-output"]
def slope(loss, l: float, dtype=torch.float64) -> float:
    """dL/dl of G's loss for one fake sample with the logit l."""
    logits = torch.tensor([[l]], dtype=dtype, requires_grad=True)          # (1, 1)
    return torch.autograd.grad(loss(logits), logits)[0].item()

print("   l    D(G(z))   saturating   non-saturating")
for l0 in (-10.0, -4.0, 0.0, 4.0):
    d = 1 / (1 + math.exp(-l0))
    saturating, not_so = (slope(LOSSES["minimax"].g, l0),
                          slope(LOSSES["non-saturating"].g, l0))
    print(f"{l0:4.0f}   {d:8.6f}   {saturating:10.6f}   {not_so:14.6f}")
    assert abs(saturating + d) < 1e-9 and abs(not_so + 1 - d) < 1e-9, (
        "the slopes are not −σ(l) and −(1 − σ(l))")
at_ten = [slope(LOSSES[name].g, -10.0) for name in ("minimax", "non-saturating")]
assert abs(at_ten[1] / at_ten[0] - math.exp(10)) < 0.01, (
    "at l = −10 the two slopes do not differ by the factor e¹⁰")
at_half = [LOSSES[name].g(torch.zeros(1, 1)).item()
           for name in ("minimax", "non-saturating")]
print(f"where D says ½, the losses are {at_half[0]:.3f} and {at_half[1]:.3f}")

# %% [markdown]
# Read the line of −10. D is sure, and right: the sample is fake, and $D(G(z)) = 0.000045$. Against a good D, this is what
# the samples of a bad generator get. Here it must learn. The saturating loss has the slope −0.000045. The slope of the
# other loss is about 22,000 times as large: the factor is $e^{10}$.
#
# Both slopes are negative: both losses want the logit *up*. They differ only in how much a sample counts.
#
# > **Common misreading.** "Training G with BCE against the label 1 is the same as descending log(1 − D)." The direction
# > for one sample is the same; the weights are not: $1 - \sigma(l)$ against $\sigma(l)$. The weights agree only at
# > $D = \tfrac12$, and even there the losses differ: 0.693 and −0.693. In this course D(x) is the probability that x is
# > real. So with both losses G wants D(G(z)) to be *large*.
#
# ## 3 · Same fixed point, other dynamics
#
# How much does that matter? Let G be one number: it shifts a Gaussian by θ, and $p_{data}$ stands at 0. Let D be the
# best one at each step. **Predict:** G starts at θ = 8. After 300 steps of size 0.1, where is it with each loss?
# Draw your guess for the saturating loss below.

# %%
def best_logit(theta: float) -> Tensor:
    """D*'s logit on the line (5001, 1) when p_g = N(theta, 1)."""
    return (p_data.log_density(x) - gaussian(theta, 1).log_density(x))[:, None]

def pull(name: str, theta: float, share: float = 1.0) -> float:
    """−dL_G/dθ with D's logit l held at `share` of the best: E_q of −slope(l) · dl/dx,
    as a shift moves each x by dθ."""
    l = (share * best_logit(theta)).requires_grad_()                       # (5001, 1)
    weight = torch.autograd.grad(LOSSES[name].g(l) * len(l), l)[0][:, 0]    # slope at each x
    # the best l is θ²/2 − θx: dl/dx = −θ
    return -integral(gaussian(theta, 1).density(x) * weight * -theta * share)

# %%
from gan_edu.core.notebook import G_LINE, INK, SOFT, show, subplots
from gan_edu.widgets import Guess

guess = Guess.curve("home", "G starts at θ = 8 and takes 300 steps of 0.1 on the saturating "
                    "(minimax) loss. Where is it at each step?",
                    (0, 300), (0, 10), labels=("step", "θ"))
paths = {}
for name in ("minimax", "non-saturating"):
    paths[name] = [8.0]
    for _ in range(300):
        paths[name].append(paths[name][-1] + 0.1 * pull(name, paths[name][-1]))
with guess:
    print({name: f"θ = {path[-1]:.3f}" for name, path in paths.items()})

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: how hard each loss pulls G, and where G goes
assert paths["minimax"][-1] > 7.9, "the saturating G has moved by more than 0.1"
assert abs(paths["non-saturating"][-1]) < 0.01, "the non-saturating G has not come home"
assert pull("minimax", 0.0) == pull("non-saturating", 0.0) == 0, "G is pulled although it is at the data"
shifts = torch.linspace(0.1, 8, 80).tolist()
figure, (left, right) = subplots(1, 2)
for name, line, colour in (("minimax", "-", SOFT), ("non-saturating", "--", G_LINE["color"])):
    pulls = [abs(pull(name, t)) for t in shifts]
    left.semilogy(shifts, pulls, line, color=colour, label=name)
    right.plot(paths[name], line, color=colour, label=name)
    top = shifts[pulls.index(max(pulls))]
    assert pulls[-1] < 0.001 and 1.5 < top < 1.7 if name == "minimax" else pulls == sorted(pulls), f"{name}: another curve"
left.set(title="How hard G is pulled", xlabel="shift θ of p_g", ylabel="|dL_G / dθ|, nats per unit")
right.set(title="Where G goes", xlabel="step of size 0.1", ylabel="shift θ")
right.axhline(0, color=INK, linestyle=":", label="p_g = p_data")
right.legend()
guess.answer((range(301), paths["minimax"]), show(
    figure, "Left, on a log scale: the saturating pull is highest near 1.6 and below a thousandth at 8, the "
            "non-saturating one grows. Right: from 8 the saturating G hardly moves, the other reaches 0."))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Both pulls are 0 at θ = 0, where $p_g = p_{data}$: a G that is there stays there. Such a place is a **fixed point**, and
# the two losses share it. The way there they do not share. From 8, the saturating loss hardly moves G, though D is perfect.
#
# </details>

# %% [markdown]
# **Predict:** would a worse D pull the saturating G harder? Take a D whose logit is only a share of the best: a tenth,
# say. Guess below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: which D pulls hardest
guess = Guess.choice("worse", "At θ = 8: which D pulls the saturating G hardest?", [
    "the best D", "a D with a tenth of its logit", "a D with a twentieth of its logit", "a D with a hundredth of its logit"])
shares, by_share = (0.001, 0.01, 0.05, 0.1, 1.0, 10.0), {}
with guess:
    print("share of the best logit  ", *(f"{share:8g}" for share in shares))
    for theta in (1.0, 8.0):
        by_share[theta] = [abs(pull("minimax", theta, share)) for share in shares]
        print(f"saturating pull at θ = {theta:.0f}  ", *(f"{value:8.4f}" for value in by_share[theta]))
at_1, at_8 = by_share.values()
assert 90 < at_8[3] / at_8[4] < 120, "far away the best D does not pull a hundredth as hard as a tenth of its logit does"
assert at_8[0] < at_8[1] < at_8[2] == max(at_8) and at_8[5] > at_8[4], "far away another share pulls hardest"
assert at_1 == sorted(at_1), "near the data a larger logit does not pull harder"
guess.answer("a D with a twentieth of its logit")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# At θ = 8 the best D teaches the saturating G about a hundredth of what the D with a tenth of its logit does. But weaker
# is not always better: of these, a twentieth pulls hardest. Near the data, at θ = 1, a larger logit pulls harder, and one
# that is ten times too large harder still.
#
# </details>
#
# ## 4 · What a loss measures at its best D
#
# Chapter 01 shows that at D* the value function is $-\log 4 + 2\,\mathrm{JS}(p_{data}, p_g)$. Other losses measure
# something else. For many the recipe is: fix x, find the output of D that is best there, put it back, integrate.
#
# Write $u = p_{data}(x)/p_g(x)$ for the ratio of the densities at x. Where D's output is no logit but just a number, we
# call it C. The star marks the best one. Three losses to begin with; section 6 ends with the table of all.
#
# | loss | best D at x | what remains |
# |---|---|---|
# | cross entropy | $l^* = \log u$ | $-L_D^* = 2\,\mathrm{JS} - \log 4$ |
# | hinge | $C^* = \mathrm{sign}(p_{data} - p_g)$ | $-L_D^* = 2\,\mathrm{TV} - 2$ |
# | least squares, targets $a, b$ | $C^* = (b\,p_{data} + a\,p_g)/(p_{data} + p_g)$ | see section 5 |
#
# TV is the **total variation** (全变差距离), $\tfrac12 \int |p_{data} - p_g|\,dx$: half the area between the curves.
# Check the first two lines by quadrature. `best` searches the logit at each x among 3,001 numbers, and knows nothing of
# the formulas.

# %%
GRID = torch.linspace(-15, 15, 3001, dtype=torch.float64)

def each(of_logits) -> Tensor:
    """A term at each logit of GRID: (3001,)."""
    return torch.stack([of_logits(l.view(1, 1)) for l in GRID])

def best(loss: Loss, p: Tensor, q: Tensor) -> float:
    """The least L_D: at each x the smallest of p·(real term) + q·(fake term) over GRID,
    integrated."""
    zero, d = torch.zeros(1, 1, dtype=torch.float64), loss.d
    a, b = (each(lambda l: d(l, zero)),
            each(lambda l: d(zero, l) - d(zero, zero)))            # the constant counts once
    return integral(torch.stack([(pi * a + qi * b).min()
                                 for pi, qi in zip(p, q, strict=True)]))

# %% tags=["nbval-check-output"]
m = (p + q) / 2
JS = integral(0.5 * p * (p / m).log() + 0.5 * q * (q / m).log())
TV = integral((p - q).abs()) / 2
for name, closed in (("minimax", math.log(4) - 2 * JS), ("hinge", 2 - 2 * TV)):
    found = best(LOSSES[name], p, q)
    print(f"{name:8s} least L_D: {found:.4f} by search, {closed:.4f} by the formula")
    assert abs(found - closed) < 2e-4, f"{name}: the search and the formula do not agree"
assert abs(V - (2 * JS - math.log(4))) < 1e-9, (
    "section 1's V at the best D is not 2 JS − log 4")

# %% [markdown]
# In both lines the search and the formula agree. Two more families are in the appendix: the relativistic loss, which
# compares pairs (A), and the f-GANs, which begin with the divergence (B).
#
# ## 5 · Least squares: a term that has no gradient for G
#
# Mao et al. (2017) choose targets: D wants $a$ for fake and $b$ for real, G wants D to say $c$. Pointwise, the best D is
# the weighted mean of its two targets. They prove: with $b - c = 1$ and $b - a = 2$,
#
# $$\mathbb E_x[(C^*(x) - c)^2] + \mathbb E_z[(C^*(G(z)) - c)^2] = \int \frac{(p_{data} - p_g)^2}{p_{data} + p_g}\,dx
#   = \chi^2_{\text{Pearson}}(2 p_g\,\|\,p_{data} + p_g)$$
#
# This is Pearson's χ² as in the f-GAN family, $\int q\,(p/q - 1)^2\,dx$: the second argument stands below the
# fraction bar. Mao et al. write its two arguments the other way round, $\chi^2(p_{data} + p_g\,\|\,2 p_g)$, for the same
# integral. Look at the integral, not at the order.

# %% tags=["nbval-check-output"]
from gan_edu.losses import F_DIVERGENCES, least_squares_with

C = (p - q) / (p + q)                                       # a = −1, b = 1; then c = 0
found = best(least_squares_with(a=-1, b=1, c=0), p, q)
by_formula = integral(0.5 * p * (C - 1) ** 2 + 0.5 * q * (C + 1) ** 2)
assert abs(found - by_formula) < 1e-4, (
    "the search finds a better D than the weighted mean of the targets")
with_real, without = integral(p * C ** 2) + integral(q * C ** 2), integral(q * C ** 2)
pearson = F_DIVERGENCES["Pearson χ²"].f
chi2, of_both = integral((p + q) * pearson(2 * q / (p + q))), integral(q * pearson(p / q))
print(f"with the real term {with_real:.4f}, χ²(2q ‖ p + q) {chi2:.4f}; "
      f"without it {without:.4f}; χ²(p ‖ q) {of_both:.4f}")
assert abs(with_real - chi2) < 1e-9, "the sum of both terms is not Pearson's χ²"
assert abs(without - chi2) > 0.05 and abs(of_both - chi2) > 0.05, (
    "G's term alone, or χ²(p ‖ q), is χ² as well")

# %% [markdown]
# The identity needs the real term $\mathbb E_x[(C(x) - c)^2]$. It has no gradient for G while D is held fixed. So the usual
# $L_G$ leaves it out, and the *number* $L_G$ is not the divergence. Nor is its *gradient* that of the divergence: in
# appendix C it makes a narrow G narrower.
#
# > **Common misreading.** "LSGAN minimises χ² between $p_{data}$ and $p_g$." The χ² is between their sum and $2 p_g$
# > (the two densities may change places in it). It needs the targets above; the usual 0, 1, 1 are others. It needs the
# > real term. And with D held, $L_G$ does not descend it: a G that was too narrow got narrower.
#
# ## 6 · Wasserstein: no best value at a point
#
# $L_D = -\mathbb E_x[C(x)] + \mathbb E_z[C(G(z))]$ is at each x a *straight line* in C: $(p_g - p_{data})\,C(x)$.
# Where the two densities differ, this line has no lowest point: the search runs to the edge of its grid. So something
# else must hold C: its slope from point to point, up or down, may be 1 at most. Such a C is called a **critic**
# (评论家).
#
# Let x be a single number, and let F be the distribution function: F(x) is the share of samples below x. Then the best
# critic is known. It climbs with slope 1 where $F_g > F_{data}$ and falls with slope 1 where $F_g < F_{data}$. What it
# reaches is the **Wasserstein distance** (瓦瑟斯坦距离) $W_1 = \int |F_{data} - F_g|\,dx$.

# %% tags=["nbval-check-output"]
for reach in (1, 10, 100):
    l = torch.linspace(-reach, reach, 201, dtype=torch.float64)
    lowest = [l[((qi - pi) * l).argmin()].item()
              for pi, qi in zip(p[2000:3000:400], q[2000:3000:400], strict=True)]
    print(f"C allowed in ±{reach:3d}: the best C at three points is {lowest}")
    assert all(abs(c) == reach for c in lowest), (
        "the search has stopped before the edge of its grid")

# %% tags=["nbval-check-output"]
dx = (x[1] - x[0]).item()
F_data, F_g = (torch.cumsum(density, 0) * dx for density in (p, q))   # (5001,)
critic = torch.cumsum(torch.sign(F_g - F_data), 0) * dx               # slope ±1 everywhere
reached, W1 = integral(p * critic) - integral(q * critic), integral((F_data - F_g).abs())
pair = [d.sample(50_000, torch.Generator().manual_seed(k)).sort(0).values
        for k, d in enumerate((p_data, p_g))]
by_sorting = (pair[0] - pair[1]).abs().mean().item()
print(f"E[C(x)] − E[C(G(z))] = {reached:.3f}, W1 = {W1:.3f}, "
      f"by sorting 50,000 samples of each {by_sorting:.2f}")
assert abs(reached - W1) < 5e-3, "this critic does not reach W1"
assert abs(by_sorting - W1) < 0.03, "the sorted samples are not W1 apart"
at_0, at_3 = torch.tensor([[0.0]]), torch.tensor([[-3.0]])     # C(x) = −|x| at 0 and at 3
assert -LOSSES["Wasserstein"].d(at_0, at_3) == 3, (
    "W1 of two point masses is not their distance")

# %% [markdown]
# So `wasserstein` alone is no complete recipe: it needs something that holds the slope of C. Chapter 09 is about that.
#
# ### All of them in one table
#
# As before $u = p_{data}/p_g$, TV is the total variation, $p \otimes q$ the density of a pair.
#
# | loss | best D | what remains |
# |---|---|---|
# | cross entropy | $l^* = \log u$ | $-L_D^* = 2\,\mathrm{JS} - \log 4$ |
# | hinge | $C^* = \mathrm{sign}(p_{data} - p_g)$ | $-L_D^* = 2\,\mathrm{TV} - 2$ |
# | least squares, targets $a, b$ | $C^* = (b\,p_{data} + a\,p_g)/(p_{data} + p_g)$ | with $b - c = 1$, $b - a = 2$ and the real term: $\chi^2$ |
# | relativistic | $C^* = \log u + \text{const}$ | $-L_D^* = \mathrm{JS}(p_{data} \otimes p_g,\; p_g \otimes p_{data}) - \log 2$ |
# | f-GAN | $g_f(l^*) = f'(u)$ | $-L_D^* = D_f(p_{data}\,\|\,p_g)$ |
# | Wasserstein | none at a single x; a critic | $-L_D^* = W_1$ |
#
# ## 7 · What the non-saturating loss descends
#
# With D held at D*, the saturating loss descends 2 JS (chapter 01). And the other? Arjovsky and Bottou (2017, theorem 2.5)
# find, with D* held fixed (here for densities that are positive everywhere):
#
# $$\nabla_\theta\, \mathbb E_z[-\log D^*(G_\theta(z))] = \nabla_\theta\,
#   \bigl[\mathrm{KL}(p_g\,\|\,p_{data}) - 2\,\mathrm{JS}(p_{data}, p_g)\bigr]$$
#
# Why? As $D^* = p_{data}/(p_{data} + p_g)$, we have $-\log D^* = \log\frac{p_g}{p_{data}} - \log\frac{p_g}{p_{data} + p_g}$.
# The mean of the first part over $p_g$ is KL. The second part is $-\log(1 - D^*)$: minus the saturating loss, so its
# gradient is that of −2 JS. One thing remains. D is held fixed, so the gradient leaves out the $p_g$ inside the first
# logarithm. That changes nothing, as this $p_g$ has no part in the gradient of KL: $\int p_g\, \nabla \log p_g\,dx = \nabla \int p_g\,dx = 0$.
#
# **Predict** the sign of each part. Then check with autograd through the integrals: once with D held fixed, once through
# the divergences.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Helper: derivatives of integrals for the mean of p_g
line = x[:, 0]

def fake_density(theta: Tensor) -> Tensor:
    """p_g = N(theta, 1) on the line, (5001,), with a gradient for theta."""
    return torch.exp(-0.5 * (line - theta) ** 2) / math.sqrt(2 * math.pi)

def d_theta(value) -> float:
    """The derivative with respect to theta of ∫ value(p_g) dx."""
    theta = torch.tensor(THETA, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(torch.trapezoid(value(fake_density(theta)), line), theta)[0].item()

def js(q: Tensor) -> Tensor:
    """The integrand of JS."""
    return 0.5 * p * (p / ((p + q) / 2)).log() + 0.5 * q * (q / ((p + q) / 2)).log()

# %% tags=["nbval-check-output"]
for THETA in (0.5, 1.0, 2.0, 3.0):
    held = fake_density(torch.tensor(THETA, dtype=torch.float64))
    D, not_D = p / (p + held), held / (p + held)  # the best D for this θ, and 1 − D: fixed
    ns, game = (d_theta(lambda q, D=D: -q * D.log()),
                d_theta(lambda q, not_D=not_D: q * not_D.log()))
    of_kl, of_js = d_theta(lambda q: q * (q / p).log()), d_theta(lambda q: 2 * js(q))
    print(f"θ = {THETA}: non-saturating {ns:7.4f} = KL {of_kl:7.4f} − 2 JS {of_js:7.4f}; "
          f"saturating {game:7.4f}")
    assert abs(ns - (of_kl - of_js)) < 1e-6, (
        "the non-saturating gradient is not that of KL − 2 JS")
    assert abs(game - of_js) < 1e-6, "the saturating gradient is not that of 2 JS"
    assert of_kl > of_js > 0, "the JS part is not the weaker one, or it has another sign"

# %% [markdown]
# The KL part pulls G home. It is the mean of $\log(p_g/p_{data})$ over G's samples: those where there is hardly any data
# cost a lot. The JS part comes with a *minus*: it pushes the densities apart, here more weakly than KL pulls. That
# looks like a fault. But with the mixture $m = \tfrac12(p_{data} + p_g)$ the logarithms add up to one divergence
# (Shannon et al. 2020 study it):
#
# $$\mathrm{KL}(p_g\,\|\,p_{data}) - 2\,\mathrm{JS}(p_{data}, p_g) = 2\,\mathrm{KL}(m\,\|\,p_{data})$$
#
# It is 0 only where $p_g = p_{data}$. So at the best D the non-saturating loss descends a softened reverse KL. Whether that explains
# why GANs lose modes, appendix D asks.
#
# > **Common misreading.** "GAN training minimises the difference between generator and discriminator." At the best D the
# > game's value is, up to constants, a divergence between two *distributions*, $p_{data}$ and $p_g$. And training need
# > not lower it: in practice D is not the best, and both players move (chapter 06).
#
# ## 8 · Smoothed labels
#
# Give D the target α for real and β for fake, in place of 1 and 0. What is the best D then?

# %% tags=["nbval-check-output"]
D, a, b, alpha, beta = sp.symbols("D p_data p_g alpha beta", positive=True)
score = (a * (alpha * sp.log(D) + (1 - alpha) * sp.log(1 - D))
         + b * (beta * sp.log(D) + (1 - beta) * sp.log(1 - D)))
best_D = sp.solve(sp.diff(score, D), D)[0]
print("D* =", sp.factor(best_D))
assert sp.simplify(best_D - (alpha * a + beta * b) / (a + b)) == 0, (
    "the best D is another one")

# %% [markdown]
# With **one-sided** smoothing (单侧标签平滑), β = 0: $D^* = \alpha\, p_{data} / (p_{data} + p_g)$, the old one on a smaller
# scale. With β > 0 the fake density stands in the numerator. **Predict:** at x = 6 there is hardly any data. How does
# smoothing change the slope of −log D* there? It is what pulls a bad sample home.

# %% tags=["nbval-check-output"]
pulls = []
far = torch.tensor([[6.0]], dtype=torch.float64, requires_grad=True)
for alpha_, beta_ in ((1.0, 0.0), (0.9, 0.0), (0.9, 0.1)):
    a, b = p_data.density(far), p_g.density(far)
    D_star = (alpha_ * a + beta_ * b) / (a + b)
    pulls.append(torch.autograd.grad((-D_star.log()).sum(), far)[0].item())
    print(f"α = {alpha_}, β = {beta_}: D*(6) = {D_star.item():.6f}, "
          f"slope of −log D* at 6: {pulls[-1]:.4f}")
assert abs(pulls[1] - pulls[0]) < 1e-9, "smoothing the real labels changes the slope"
assert 0 < pulls[2] < pulls[0] / 1000, "smoothing the fake labels leaves the sample a pull"

# %% [markdown]
# Smoothed real labels leave the slope as it is: α is a constant factor, and the logarithm makes it a constant term. With
# β = 0.1 the best D says about 0.1 wherever the fakes are much denser than the data. It is flat there, and the sample
# feels hardly any pull home (Salimans et al. 2016, section 3.4). Smooth the real labels only.
#
# ## 9 · The textbook form, breaking
#
# Many books write the losses as they look: a sigmoid, then a logarithm. On paper it is the same function of l. No
# notebook of this course trains with it. **Predict:** at which logit does it fail in float32?

# %%
def textbook_d(real: Tensor, fake: Tensor) -> Tensor:
    return -real.sigmoid().log().mean() - (1 - fake.sigmoid()).log().mean()

textbook = {
    "minimax": Loss("log(1 − σ)", textbook_d,
                    lambda fake, real=None: (1 - fake.sigmoid()).log().mean()),
    "non-saturating": Loss("−log σ", textbook_d,
                           lambda fake, real=None: -fake.sigmoid().log().mean())}

print("   l     log(1 − σ(l))  slope       −log σ(l)  slope       softplus forms")
for l0 in (-104.0, -89.0, -88.0, 0.0, 16.0, 17.0):
    at = torch.tensor([[l0]])
    row = [v for name in textbook for v in (
        textbook[name].g(at).item(), slope(textbook[name].g, l0, torch.float32))]
    cured = [LOSSES[name].g(at).item() for name in textbook]
    print(f"{l0:5.0f}  {row[0]:12.3f}  {row[1]:8.3g}  {row[2]:12.3f}  {row[3]:8.3g}     "
          f"{cured[0]:8.3f} {cured[1]:8.3f}")
    assert l0 != 17 or (row[0] == -math.inf and math.isnan(row[1])), (
        "at 17 log(1 − σ) is not −∞ with the slope NaN")
    assert l0 != -88 or (row[2] == 88 and 0 < at.sigmoid() < torch.finfo(at.dtype).tiny), (
        "at −88 σ is a normal number")
    assert l0 != -89 or (at.sigmoid() == 0 and math.isnan(row[3])), (
        "at −89 σ is not 0, or the slope is a number")

# %% [markdown]
# In float32 it fails on both sides, at 17 and at −89, just below the last that works:
#
# - $l = 17$: $1 + e^{-17}$ rounds to 1, and so σ to 1. Then 1 − σ = 0 and the logarithm is −∞. Its slope is NaN, and a step
#   with a NaN makes NaN of each weight that it reaches.
# - $l = -88$: the value is still right. But σ is below the smallest normal number, where numbers have fewer digits.
# - $l = -89$: $e^{89}$ does not fit float32. σ = 0 exactly, its slope is 0, the logarithm's slope is 1/0, and 0 · ∞ = NaN.
#
# float16 has fewer digits and a shorter range. Let the machine find the first logit that fails:

# %% tags=["nbval-check-output"] jupyter={"source_hidden": true} cellView="form"
# @title Measure: the first logit at which each form fails
def first_failure(loss, dtype, sign: int) -> float | None:
    """The logit nearest to 0 on one side, in steps of ½,
    whose value or slope is no number."""
    for l0 in torch.arange(0, 800, 0.5).tolist() + [10_000.0]:
        value = loss(torch.tensor([[sign * l0]], dtype=dtype)).item()
        if not (math.isfinite(value) and math.isfinite(slope(loss, sign * l0, dtype))):
            return sign * l0
    return None

for dtype in (torch.float64, torch.float32, torch.float16):
    fails = (first_failure(textbook["minimax"].g, dtype, 1),
             first_failure(textbook["non-saturating"].g, dtype, -1))
    cured = (first_failure(LOSSES["minimax"].g, dtype, 1),
             first_failure(LOSSES["non-saturating"].g, dtype, -1))
    never = "never" if cured == (None, None) else cured
    print(f"{str(dtype):14s} log(1 − σ) fails from {fails[0]}, −log σ from {fails[1]}; "
          f"softplus fails {never}")
    assert cured == (None, None), f"softplus fails in {dtype}"

# %% [markdown]
# The cure is algebra, not a patch: $-\log \sigma(l) = \log(1 + e^{-l}) = \mathrm{softplus}(-l)$ and
# $-\log(1 - \sigma(l)) = \mathrm{softplus}(l)$. PyTorch's softplus takes one short cut: above 20 it returns l itself. Then
# it is off by less than $e^{-20}$. float64 can see that; in float32 it is less than a rounding.

# %% tags=["nbval-check-output"] jupyter={"source_hidden": true} cellView="form"
# @title Check: where PyTorch's softplus takes its short cut
large = torch.linspace(15, 40, 2501, dtype=torch.float64)
off = large + torch.log1p(torch.exp(-large)) - softplus(large)             # log(1 + eˡ) = l + log(1 + e⁻ˡ)
assert 1e-9 < off.max() < math.exp(-20), "PyTorch's softplus is exact, or off by more than e⁻²⁰"
print(f"softplus is off by at most {off.max():.1e} nats, first at {large[off > 1e-12][0]:.2f}; e⁻²⁰ is {math.exp(-20):.1e}")
assert off[large <= 20].abs().max() < 1e-13, "PyTorch's softplus is off below 20 already"

# %% [markdown]
# Now play. **Predict**, then switch between float32 and float16, and between the axes: where does each textbook form
# end? The broad pale line is the textbook's, and the shaded part is where it gives no number.

# %%
explorer = LossExplorer(LOSSES, textbook, picked=["minimax", "non-saturating"],
                        precision="float16", reach=24, logit=9.0)
explorer


# %% [markdown]
# ## 10 · Your own loss
#
# A `Loss` is a pair of functions. Write one, and look at it beside the others. This one has smoothed real labels. The
# explorer shows D's loss on a real sample ("D on real"). **Predict:** where is its lowest point? Then drag the point there:
# the slope is 0.

# %%
def smooth_d(real: Tensor, fake: Tensor, alpha: float = 0.9) -> Tensor:
    """−E[α log D(x) + (1 − α) log(1 − D(x))] − E[log(1 − D(G(z)))] from logits."""
    return (binary_cross_entropy_with_logits(real, torch.full_like(real, alpha))
            + LOSSES["minimax"].d(torch.full_like(real, 1e4), fake))   # its first term is 0

mine = Loss("mine: smoothed", smooth_d, LOSSES["non-saturating"].g)
LossExplorer({**LOSSES, mine.name: mine}, picked=["non-saturating", mine.name],
             term="real", logit=-2.0)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Check: the lowest point
at_rest = slope(lambda real: smooth_d(real, torch.zeros_like(real)), math.log(9))
assert abs(at_rest) < 1e-9, "the lowest point is not at log 9"

# %% [markdown]
# <details><summary>After your guess</summary>
#
# It is at $l = \log 9 \approx 2.2$. There σ(l) is 0.9, the smoothed label: a D that is surer than its label pays for it.
#
# </details>
#
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason.
#
# ### 1 · Two slopes (3 minutes, easy)
# D gives a fake sample the probability 0.2. What are the slopes $\partial L_G / \partial l$ of the saturating and of the
# non-saturating loss?

# %%
from gan_edu.exercises import losses as exercises

saturating_slope, non_saturating_slope = ..., ...
exercises.two_slopes(saturating_slope, non_saturating_slope)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Section 2: they are $-\sigma(l)$ and $-(1 - \sigma(l))$, and $\sigma(l)$ is what D says.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import losses as exercises
#
# saturating_slope, non_saturating_slope = -0.2, -(1 - 0.2)
# exercises.two_slopes(saturating_slope, non_saturating_slope)
# ```
#
# </details>
#
# ### 2 · The smoothed judge (3 minutes, easy)
# At some x the data is three times as dense as the fakes. Labels are smoothed on one side, α = 0.9. What does the best D
# say there?

# %%
from gan_edu.exercises import losses as exercises

smoothed_best_d = ...
exercises.smoothed_judge(smoothed_best_d)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Section 8, with β = 0. Divide numerator and denominator by $p_g$.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import losses as exercises
#
# smoothed_best_d = 0.9 * 3 / (3 + 1)
# exercises.smoothed_judge(smoothed_best_d)
# ```
#
# </details>
#
# ### 3 · Repair a loss (10 minutes, medium)
# A colleague writes D's smoothed loss for real samples as
# `-(0.9 * l.sigmoid().log() + 0.1 * (1 - l.sigmoid()).log()).mean()`. Write it so that it is finite, with the right slope,
# for any logit in any float type. Use neither sigmoid nor log.

# %%
from torch import Tensor

from gan_edu.exercises import losses as exercises

def repaired(logits: Tensor) -> Tensor:
    return ...

exercises.repaired(repaired)

# %% [markdown]
# <details><summary>Hint</summary>
#
# $-\log \sigma(l) = \mathrm{softplus}(-l)$ and $-\log(1 - \sigma(l)) = \mathrm{softplus}(l)$, from `torch.nn.functional`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from torch.nn.functional import softplus
#
# from gan_edu.exercises import losses as exercises
#
# def repaired(logits):
#     return (0.9 * softplus(-logits) + 0.1 * softplus(logits)).mean()
#
# exercises.repaired(repaired)
# ```
#
# </details>
#
# ### 4 · A seventh member (20 minutes, hard)
# Total variation is an f-divergence (appendix B): $f(u) = \tfrac12 |u - 1|$. For which t is $u\,t - f(u)$ highest at
# some $u > 0$? Find the conjugate $f^*(t)$ there. Then find an activation $g_f$ that rises at every logit and maps it
# into that interval. It must come as near to the interval's ends as you like. Hand both functions to the check.

# %%
from torch import Tensor

from gan_edu.exercises import losses as exercises

def conjugate_of_tv(t: Tensor) -> Tensor:
    return ...

def activation_of_tv(l: Tensor) -> Tensor:
    return ...

exercises.seventh_divergence(activation_of_tv, conjugate_of_tv)

# %% [markdown]
# <details><summary>Hint</summary>
#
# $u\,t - \tfrac12 |u - 1|$ for $u \ge 0$ is two straight pieces with a corner at $u = 1$. It has a highest point there
# only where the slope is ≥ 0 before the corner and ≤ 0 after it: $-\tfrac12 \le t \le \tfrac12$.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import torch
#
# from gan_edu.exercises import losses as exercises
#
# def conjugate_of_tv(t):
#     return t                                # at u = 1: 1 · t − 0
#
# def activation_of_tv(l):
#     return 0.5 * torch.tanh(l)              # into (−½, ½)
#
# exercises.seventh_divergence(activation_of_tv, conjugate_of_tv)
# ```
#
# </details>

# %% [markdown]
# ## Summary
#
# - $L_D$ is −V over a batch: a cross entropy with labels 1 and 0.
# - The slopes of the saturating and the non-saturating loss agree where D says ½; the losses there are −0.693 and 0.693.
#   They share the fixed point. Where D is sure that G's samples are fake, only the second keeps its slope.
# - At its best D a loss measures something: 2 JS − log 4, total variation, $D_f$, JS of pairs. Wasserstein has no best D at
#   a point. Least squares needs a term that the usual $L_G$ leaves out: with D held, $L_G$ does not descend its χ².
# - At the best D, the non-saturating gradient is that of KL$(p_g\,\|\,p_{data})$ − 2 JS, which is 2 KL$(m\,\|\,p_{data})$.
#   It is lowest at the data where G can make them. Where G cannot, it may leave out a mode that G can make. Whether it has a
#   part in mode collapse is open.
# - Losses take logits. Sigmoid and log give infinities and NaN at large ones. Softplus is right there, up to
#   rounding, and in float64 to within $e^{-20}$.
#
# **Read.** Goodfellow et al. (2014), *Generative adversarial nets*, arXiv 1406.2661. Nowozin, Cseke and Tomioka (2016),
# *f-GAN*, arXiv 1606.00709. Mao et al. (2017), *Least squares GANs*, arXiv 1611.04076. Arjovsky and Bottou (2017),
# *Towards principled methods for training GANs*, arXiv 1701.04862. Arjovsky et al. (2017), *Wasserstein GAN*,
# arXiv 1701.07875. Lim and Ye (2017), *Geometric GAN* (hinge), arXiv 1705.02894. Jolicoeur-Martineau (2018), *The
# relativistic discriminator*, arXiv 1807.00734. Salimans et al. (2016), *Improved techniques for training GANs* (label
# smoothing), arXiv 1606.03498. Goodfellow (2016), *NIPS 2016 tutorial: generative adversarial networks* (sections 3.2.5 and
# 5.1.1 on lost modes), arXiv 1701.00160. Shannon et al. (2020), *Non-saturating GAN training as divergence minimization*, arXiv
# 2010.08029.
#
# **Next.** Chapter 03 puts the two losses into a loop, by hand, and then breaks it on purpose.

# %% [markdown]
# ## Appendix
#
# More losses, and what was left out of sections 4, 5, 7 and 9. Exercise 4 needs part B; nothing else here is needed later.

# %% [markdown]
# ### A · The relativistic loss compares pairs
#
# $L_D = -\mathbb E_{x, z}[\log \sigma(C(x) - C(G(z)))]$ asks of a *pair*: which of the two is real?
#
# - Write $p \otimes q$ for the density $p(x)\,q(y)$ of a pair $(x, y)$. Pairs with the real sample first have the density
#   $p_{data} \otimes p_g$. Pairs with the real sample second have $p_g \otimes p_{data}$.
# - To tell these two apart is the game of 2014, with the logit $C(x) - C(y)$. For each pair $(x, y)$ of the first kind
#   there is the pair $(y, x)$ of the second, with the opposite logit. So both terms of V are equal, and V is $-2\,L_D$.
# - Its best logit is the logarithm of the ratio of the two densities, $\log u(x) - \log u(y)$. So $C^* = \log u$ is best for
#   all pairs at once, and so is $\log u$ plus any constant.
# - What remains is half of $2\,\mathrm{JS} - \log 4$: $\;-L_D^* = \mathrm{JS}(p_{data} \otimes p_g,\; p_g \otimes p_{data}) - \log 2$.
#
# Check it. A function is **convex** if no straight line between two points of its graph runs below the graph. The loss is
# convex in C: if its gradient is 0 at $\log u$, no other C is better.

# %% tags=["nbval-check-output"]
coarse = x[::10]                                                # (501, 1)
a, b, dx = p_data.density(coarse), p_g.density(coarse), (coarse[1] - coarse[0]).item()
C = logit(coarse)[:, 0].requires_grad_()                        # (501,)
mass = a[:, None] * b * dx ** 2                                 # (501, 501): x real, y fake
L_D = (mass * -torch.nn.functional.logsigmoid(C[:, None] - C)).sum()
middle = (mass + mass.T) / 2
JS_of_pairs = 0.5 * (mass * (mass / middle).log() + mass.T * (mass.T / middle).log()).sum()
gradient, = torch.autograd.grad(L_D, C)
print(f"L_D = {L_D:.5f}, log 2 − JS of the pairs = {math.log(2) - JS_of_pairs:.5f}, "
      f"largest gradient {gradient.abs().max():.0e}")
assert abs(L_D + JS_of_pairs - math.log(2)) < 1e-6, (
    "the loss at log u is not log 2 − JS of the pairs")
assert gradient.abs().max() < 1e-9, "log u is not the best C: the loss has a gradient there"

# %% [markdown]
# ### B · The f-GAN family: choose the divergence first
#
# So far we took a loss and asked what it measures. Nowozin et al. (2016) go the other way: they choose what to measure, and
# get the loss. An **f-divergence** (f-散度) is made from a convex function f with $f(1) = 0$:
#
# $$D_f(p\,\|\,q) = \int q(x)\, f(u(x))\,dx, \qquad u = p/q$$
#
# With $f(u) = u \log u$ it is KL$(p\,\|\,q)$. With $f(u) = -\log u$ it is KL$(q\,\|\,p)$, the reverse one. Where $p = q$
# everywhere, u is 1 and the divergence is 0. But a program has samples, not densities: it cannot compute u. Three steps
# lead to a loss.
#
# **Step 1: tangents.** A convex curve lies nowhere below its tangents, and each tangent touches it. The tangent with the
# slope t is the line $u\,t - f^*(t)$. The number $f^*(t) = \sup_u\,(u\,t - f(u))$ tells how far the line $u\,t$ must be
# lowered until it only touches. (**sup** is the least number that no value exceeds: the largest value, where there is one.)
# The function $f^*$ is called the **conjugate** (共轭函数) of f. So the height of the curve at u is the height of the
# highest tangent there:
#
# $$f(u) = \sup_t\, (u\,t - f^*(t))$$
#
# The highest is the tangent that touches at u. Its slope is $t = f'(u)$.
#
# **Step 2: one slope for each x.** Multiply by q. As $q\,u = p$, the integrand is $q f(u) = \sup_t\,(p\,t - q f^*(t))$.
# At each x we may choose another t, and no choice disturbs another. So the integral is largest where t is best at each x.
# Call the chosen slopes T(x):
#
# $$D_f(p_{data}\,\|\,p_g) = \sup_T\; \mathbb E_x[T(x)] - \mathbb E_z[f^*(T(G(z)))], \qquad T^*(x) = f'(u(x))$$
#
# Both parts are means over samples, and no ratio is needed to compute them. The network D computes T. If it cannot be every
# function, its expectations may reach less than $D_f$, never more: they are a lower bound. Means over a few samples may
# show more by chance, and those over D's own training samples do so easily.
#
# **Step 3: stay in the domain.** $f^*(t)$ may be finite for some t only, its **domain**: for the reverse KL, $t < 0$.
# An output activation $g_f$ rises with the logit, maps every logit there, and reaches, or comes near, every slope
# $f'(u)$: $T = g_f(l)$. Now everything is a loss of logits:
#
# $$L_D = -\mathbb E_x[g_f(l(x))] + \mathbb E_z[f^*(g_f(l(G(z))))], \qquad L_G = -\mathbb E_z[f^*(g_f(l(G(z))))]$$
#
# At the best D, $L_D$ is $-D_f$. Here are the three parts of the reverse KL:

# %% tags=["nbval-check-output"]
from gan_edu.losses import F_DIVERGENCES

u = sp.Symbol("u", positive=True)
t = sp.Symbol("t", negative=True)
f = -sp.log(u)
best_u = sp.solve(sp.diff(u * t - f, u), u)[0]
conjugate = sp.simplify((u * t - f).subs(u, best_u))
print(f"f(u) = {f}: the supremum is at u = {best_u}, so f*(t) = {conjugate}")
slope_there = sp.diff(f, u)
composed = sp.expand_log(conjugate.subs(t, -sp.exp(-s)), force=True)
print(f"the best T is f'(u) = {slope_there}; "
      f"with g_f(l) = −exp(−l), f*(g_f(l)) = {sp.simplify(composed)}")
assert sp.simplify(conjugate - (-1 - sp.log(-t))) == 0, "f*(t) is not −1 − log(−t)"
assert sp.simplify(u * slope_there - conjugate.subs(t, slope_there) - f) == 0, (
    "the tangent f'(u) does not touch f at u")
assert sp.simplify(sp.diff(u * t - conjugate, t).subs(t, slope_there)) == 0, (
    "at u another tangent is higher")
assert sp.simplify(composed - (s - 1)) == 0, "f*(g_f(l)) is not l − 1"

# %% [markdown]
# The course has six members of this family, each with its own f. **Predict:** which is largest for our two densities: KL,
# reverse KL, Pearson χ², squared Hellinger, JS or GAN? The search over logits knows only the losses; the integral on the
# right knows only f.

# %% tags=["nbval-check-output"]
ratio = p / q
for name, family in F_DIVERGENCES.items():
    found, by_f = -best(LOSSES[name], p, q), integral(torch.nan_to_num(q * family.f(ratio)))
    print(f"{name:18s} −L_D at the best D {found:8.4f}   ∫ q f(p/q) {by_f:8.4f}")
    assert abs(found - by_f) < 1e-3, f"{name}: the best D does not reach the divergence"
assert abs(integral(q * F_DIVERGENCES["JS"].f(ratio)) - 2 * JS) < 1e-6, (
    "the member called JS does not give 2 JS")
equal = {name: integral(q * family.f(torch.ones_like(q)))
         for name, family in F_DIVERGENCES.items()}
assert abs(equal.pop("GAN") + math.log(4)) < 1e-6, (
    "at equal densities the member called GAN is not −log 4")
assert max(map(abs, equal.values())) < 1e-9, "a divergence of equal densities is not 0"


# %% [markdown]
# > **Common misreading.** "The f-GAN called JS minimises JS." Its f gives *twice* JS. The one called GAN has
# > $f(1) = -\log 4$, not 0, so it is no divergence: it gives $2\,\mathrm{JS} - \log 4$, which is negative where the
# > densities are equal. Its loss is the minimax loss of section 1 under another name, and JS differs from it by
# > constants only. Check constants before you compare curves.

# %% [markdown]
# ### C · Least squares: what G descends
#
# Let the data be N(0, 1) and G be N(0, s²), and let D be the best one at each step, then held. **Predict:** G starts too narrow,
# at s = ½. Where does it go?

# %% tags=["nbval-check-output"]
def slopes_of_width(s: float, a: float, b: float, c: float) -> list[float]:
    """d/ds of E[(C* − c)²] over G's samples with C* held,
    and of ∫ (p − p_g)²/(p + p_g) dx."""
    s = torch.tensor(s, dtype=torch.float64, requires_grad=True)
    moving = torch.exp(-0.5 * (x[:, 0] / s) ** 2) / (s * math.sqrt(2 * math.pi))
    held = moving.detach()
    terms = (moving * ((b * p + a * held) / (p + held) - c) ** 2,
             (p - moving) ** 2 / (p + moving))
    return [torch.autograd.grad(torch.trapezoid(v, x[:, 0]), s, retain_graph=True)[0].item()
            for v in terms]

of_held, of_chi2 = slopes_of_width(0.5, -1, 1, 0)
ends = {}
for targets in ((-1, 1, 0), (0, 1, 1)):
    width = 0.5
    for _ in range(400):
        width -= 0.1 * slopes_of_width(width, *targets)[0]
    ends[targets] = width
    print(f"targets {targets}: after 400 steps of 0.1 s = {width:.3f}")
print(f"at s = 0.5, targets (-1, 1, 0): "
      f"slope with D held {of_held:.3f}, of χ² {of_chi2:.3f}")
assert of_held > 0.1 and of_chi2 < -1, (
    "with D held, L_G does not want G narrower where χ² wants it wider")
assert abs(slopes_of_width(ends[-1, 1, 0], -1, 1, 0)[0]) < 1e-3, (
    "the narrow G has not come to rest")
assert abs(ends[-1, 1, 0] - 0.34) < 0.005 and abs(ends[0, 1, 1] - 1) < 1e-3, (
    "the widths end elsewhere than we say")

# %% [markdown]
# With the targets −1, 1, 0 the slopes have opposite signs. G gets *narrower*, and stops at 0.34. With 0, 1, 1 it reaches
# the data's 1.

# %% [markdown]
# ### D · Does the reverse KL explain lost modes?
#
# A **mode** is a place where samples are frequent. Let the data have two, of equal weight. **Predict:** where does each divergence put G, if G is a single Gaussian? And
# if G can make both modes, in any shares: which shares are best?

# %%
near = torch.linspace(-10, 10, 2001, dtype=torch.float64)

def bump(at: float, std: float = 0.5) -> Tensor:
    """N(at, std²) on the line `near`, (2001,)."""
    return torch.exp(-0.5 * ((near - at) / std) ** 2) / (std * math.sqrt(2 * math.pi))

def kl(a: Tensor, b: Tensor) -> float:
    return torch.trapezoid(a * (a / b).log(), near).item()

MEASURES = {"KL(data ‖ G)": kl, "KL(G ‖ data)": lambda d, g: kl(g, d),
            "2 JS": lambda d, g: kl(d, (d + g) / 2) + kl(g, (d + g) / 2),
            "2 KL(m ‖ data)": lambda d, g: 2 * kl((d + g) / 2, d)}

# %% tags=["nbval-check-output"]
chosen = {}
# means from 0 to 3.5, widths from 0.4 to 3.5
singles = [(i / 10, j / 10) for i in range(36) for j in range(4, 36)]
for place in (2.0, 3.0):
    data = (bump(-place) + bump(place)) / 2
    print(f"modes at ±{place:.0f}      best single Gaussian     "
          "G makes both, 100:0   90:10   50:50")
    for name, of in MEASURES.items():
        mean, std = chosen[name, place] = min(
            singles, key=lambda s, of=of, data=data: of(data, bump(*s)))
        shares = [of(data, share * bump(-place) + (1 - share) * bump(place))
                  for share in (1, 0.9, 0.5)]
        print(f"{name:15s}  mean {mean:.1f}, width {std:.1f}  "
              f"{shares[0]:22.2f} {shares[1]:7.2f} {abs(shares[2]):7.2f}")
        assert shares[0] > shares[1] > 0.01 and abs(shares[2]) < 1e-9, (
            f"{name}: G's best shares are not the data's")
    assert abs(kl(bump(place), data) - MEASURES["2 JS"](data, bump(place))
               - shares[0]) < 1e-9, "KL − 2 JS is not 2 KL(m ‖ data)"
    of_one = [chosen[name, place][0] for name in MEASURES]
    assert of_one[0] == 0 and of_one[1] == of_one[3] == place, (
        "another Gaussian is best, not the one we describe")
assert chosen["2 JS", 2.0][0] == 0 and chosen["2 JS", 3.0][0] == 3, (
    "JS does not change its choice with the distance")

# %% [markdown]
# A single Gaussian cannot have both modes. Here KL$(p_{data}\,\|\,p_g)$ spreads it over both, and over the empty middle.
# The reverse KL and the softened one put it on one mode. JS spreads G at ±2, and chooses one mode at ±3. Look at the
# column 100:0: a mode left out costs the softened divergence only 0.26.
#
# But where G can make the data, each of the four is lowest there, at 0. And if every G with both modes also puts samples
# between them? Let a share of its samples lie on a bridge from −3 to 3. **Predict:** which measure gives up a mode?
# Guess below, for a share of a tenth.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Guess: which measure gives up a mode
guess = Guess.choice("bridge", "With a tenth of the samples on the bridge, which measure gives up a mode?", list(MEASURES))
bridge = (near.abs() <= 3).double()
bridge, cost = bridge / torch.trapezoid(bridge, near), {}
for share in (0.1, 0.2):
    both = (1 - share) * data + share * bridge                              # data: the modes at ±3
    cost[share] = {name: (of(data, both), of(data, bump(3.0))) for name, of in MEASURES.items()}
with guess:
    for share, row in cost.items():
        print(f"a share of {share} on the bridge   both modes   one mode")
        for name, (two, one) in row.items():
            print(f"{name:29s} {two:12.3f} {one:10.3f}")
gives_up = {share: [name for name, (two, one) in row.items() if one < two] for share, row in cost.items()}
assert gives_up[0.1] == ["2 KL(m ‖ data)"], "with a tenth on the bridge others than the softened one give up a mode"
assert gives_up[0.2] == ["KL(G ‖ data)", "2 KL(m ‖ data)"], "with a fifth others than the two reverse ones give up a mode"
guess.answer(gives_up[0.1][0])

# %% [markdown]
# <details><summary>After your guess</summary>
#
# With a fifth on the bridge both reverse measures choose one mode, and the softened one does so with a tenth: 0.292 against
# 0.262. So they may leave out a mode that G can make. KL$(p_{data}\,\|\,p_g)$ and JS keep both here.
#
# </details>
#
# > **What is known, and what is a guess.** Real GANs often draw fewer modes than G can make: mode collapse (chapter
# > 08). Is the divergence to blame? Goodfellow (2016, sections 3.2.5 and 5.1.1) argues against it. He writes that the
# > reverse KL prefers as many modes as the model is able to make. And GANs made for KL$(p_{data}\,\|\,p_g)$ lose modes
# > too, he adds. He suspects the training. Shannon et al. (2020) hold that a divergence close to the reverse KL helps
# > to explain it. Our tables show only what a *best* D and G would choose. How much of the collapse of real GANs comes
# > from the divergence, we do not know.

# %% [markdown]
# ### E · More ways to lose numbers
#
# A patch, in place of the algebra of section 9, loses the gradient in silence:

# %% tags=["nbval-check-output"]
def patched(l):
    return -(l.sigmoid() + 1e-8).log().mean()

def clamped(l):
    return torch.nn.functional.binary_cross_entropy(l.sigmoid(), torch.ones_like(l))

right = LOSSES["non-saturating"].g
lost = 1 - slope(patched, -20.0, torch.float32) / slope(right, -20.0, torch.float32)
print(f"log(σ + 1e-8) at l = −20: {lost:.0%} of the slope is lost")
print(f"BCELoss at l = −60: slope {slope(clamped, -60.0, torch.float32):.0e}, "
      f"right is {slope(right, -60.0):.0f}")
assert 0.8 < lost < 0.86, "the patch loses another part of the slope"
assert abs(slope(clamped, -60.0, torch.float32)) < 1e-13, "BCELoss keeps its slope"

# %% [markdown]
# Some losses overflow however they are written: KL's contains $e^{l-1}$, and where $e^{l-1}$ does not fit the type, no
# form can help. Seven of the twelve losses are finite up to |l| = 10,000 in every type. Here is float16, which has the shortest range:

# %% tags=["nbval-check-output"]
finite = {}
for name, loss in LOSSES.items():
    sure = torch.tensor([[1e4]], dtype=torch.float16)
    values = [loss.d(sure, -sure), loss.d(-sure, sure),
              loss.g(sure, -sure), loss.g(-sure, sure)]
    finite[name] = all(v.isfinite() for v in values)
    told = "finite" if finite[name] else "overflows, as its value does not fit"
    print(f"{name:18s} at |l| = 10,000 in float16: {told}")
assert sum(finite.values()) == 7, "another number of losses than seven is finite"

# %% [markdown]
# ### Your guesses

# %%
from gan_edu.widgets import Guesses

Guesses()

# %% [markdown]
# <!-- near -->
# ← [01 the value function](01_value_function.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [03 the training loop](03_training_loop.ipynb) →
# <!-- /near -->
