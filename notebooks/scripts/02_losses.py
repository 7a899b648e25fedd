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
# # 02 · Losses: from the value function to what is minimised
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/02_losses.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/02_losses.ipynb)
#
# Below are twelve losses that GANs are trained with. **Drag the point** to the left: there D is sure that a sample is
# fake. Which losses still have a slope there, so that G learns? The circles show where ten gradient steps lead.

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
import math

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from gan_edu.losses import LOSSES, Loss
from gan_edu.widgets import LossExplorer

LossExplorer(LOSSES, picked=["minimax", "non-saturating", "least squares"], logit=-4.0)

# %% [markdown]
# **After this chapter you can**
#
# - derive the losses of D and G from the value function, and say what each measures at its best D,
# - say why G does not descend the loss of its own game, and what it descends instead,
# - write each loss so that no logit, however large, makes it infinite or NaN.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | every pace | less than a minute on two cores | no network: densities on a line, and integrals |
#
# It needs chapter 01: the value function, the best discriminator D*, KL and JS. All logarithms are natural, so losses
# are in nats.
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
from gan_edu.core.distributions import gaussian

p_data, p_g = gaussian(0, 1), gaussian(1, 1.5)
x = torch.linspace(-15, 17, 5001, dtype=torch.float64)[:, None]           # (5001, 1), for integrals

def integral(values: Tensor) -> float:
    """∫ values dx by the trapezoid rule, values (5001,)."""
    return torch.trapezoid(values, x[:, 0]).item()

def logit(at: Tensor) -> Tensor:
    """log p_data − log p_g at points (N, 1): (N, 1)."""
    return (p_data.log_density(at) - p_g.log_density(at))[:, None]

# %%
# NBVAL_CHECK_OUTPUT
p, q, l = p_data.density(x), p_g.density(x), logit(x)[:, 0]                # each (5001,)
V = integral(p * l.sigmoid().log()) + integral(q * (1 - l.sigmoid()).log())
stream = torch.Generator().manual_seed(0)
real, fake = logit(p_data.sample(100_000, stream)), logit(p_g.sample(100_000, stream))
terms = real.sigmoid().log() + (1 - fake.sigmoid()).log()                 # (100000, 1)
error = terms.std() / len(terms) ** 0.5
print(f"V = {V:.4f} by quadrature, {terms.mean():.4f} ± {error:.4f} by samples")
assert abs(terms.mean() - V) < 4 * error
assert torch.allclose(LOSSES["minimax"].d(real, fake), -terms.mean())

# %% [markdown]
# ### $L_D$ is a cross entropy
#
# D is an ordinary classifier: label 1 for real, 0 for fake. Its cross entropy with logits is
#
# $$\mathrm{BCE}(l, y) = -y \log \sigma(l) - (1 - y) \log(1 - \sigma(l))$$
#
# Put in $y = 1$ for real and $y = 0$ for fake: each term of $L_D$ appears.

# %%
# NBVAL_CHECK_OUTPUT
bce = (binary_cross_entropy_with_logits(real, torch.ones_like(real))
       + binary_cross_entropy_with_logits(fake, torch.zeros_like(fake)))
L_D = LOSSES["non-saturating"].d(real, fake)
print(f"L_D = {L_D:.6f} = {bce:.6f} = BCE(real, 1) + BCE(fake, 0)")
assert torch.allclose(L_D, bce)

# %% [markdown]
# ## 2 · The slope with respect to the logit
#
# Whatever D and G are made of, the gradient reaches them through the logit. So one number tells how strongly a sample
# teaches: the slope $\partial L / \partial l$. By hand, with $\sigma' = \sigma (1 - \sigma)$:
#
# $$\frac{\partial}{\partial l} \log(1 - \sigma(l)) = \frac{-\sigma(1 - \sigma)}{1 - \sigma} = -\sigma(l), \qquad
#   \frac{\partial}{\partial l} \bigl(-\log \sigma(l)\bigr) = -\frac{\sigma (1 - \sigma)}{\sigma} = -(1 - \sigma(l))$$
#
# The first is the game's own loss for G, called **saturating** (饱和). The second is the **non-saturating** (非饱和) one,
# $L_G = -\mathbb E_z[\log D(G(z))]$. Sympy agrees:

# %%
# NBVAL_CHECK_OUTPUT
import sympy as sp

s = sp.Symbol("l", real=True)
sigma = 1 / (1 + sp.exp(-s))
for name, loss, by_hand in (("saturating", sp.log(1 - sigma), -sigma), ("non-saturating", -sp.log(sigma), sigma - 1)):
    assert sp.simplify(sp.diff(loss, s) - by_hand) == 0
    print(f"{name:14s} slope at −∞: {sp.limit(by_hand, s, -sp.oo)}, at 0: {by_hand.subs(s, 0)}, "
          f"at +∞: {sp.limit(by_hand, s, sp.oo)}")

# %% [markdown]
# And autograd agrees, on the very functions that train:

# %%
# NBVAL_CHECK_OUTPUT
def slope(loss, l: float, dtype=torch.float64) -> float:
    """dL/dl of G's loss for one fake sample with the logit l."""
    logits = torch.tensor([[l]], dtype=dtype, requires_grad=True)          # (1, 1)
    return torch.autograd.grad(loss(logits), logits)[0].item()

print("   l    D(G(z))   saturating   non-saturating")
for l0 in (-10.0, -4.0, 0.0, 4.0):
    d = 1 / (1 + math.exp(-l0))
    saturating, not_so = slope(LOSSES["minimax"].g, l0), slope(LOSSES["non-saturating"].g, l0)
    print(f"{l0:4.0f}   {d:8.6f}   {saturating:10.6f}   {not_so:14.6f}")
    assert abs(saturating + d) < 1e-9 and abs(not_so + 1 - d) < 1e-9

# %% [markdown]
# Read the first line. D is sure, and right: the sample is fake, $D(G(z)) = 0.00005$. This is where a bad generator must
# learn. The saturating loss gives it a slope of 0.00005, the other one 20,000 times as much.
#
# Both slopes are negative: both losses want the logit *up*. They differ only in how much a sample counts.
#
# > **Common misreading.** "Training G with BCE against the label 1 is the same as descending log(1 − D)." The direction
# > for one sample is the same; the weights are not: $1 - \sigma(l)$ against $\sigma(l)$. They agree only at
# > $D = \tfrac12$. And both make G *maximise* D(G(z)): no generator wants D's output on its samples to be small.
#
# ## 3 · Same fixed point, other dynamics
#
# How much does that matter? Let G be one number: it shifts a Gaussian by θ, and $p_{data}$ stands at 0. Let D be the
# best one at each step. **Predict:** G starts at θ = 8. After 300 steps of size 0.1, where is it with each loss?

# %%
def best_logit(theta: float) -> Tensor:
    """D*'s logit on the line (5001, 1) when p_g = N(theta, 1)."""
    return (p_data.log_density(x) - gaussian(theta, 1).log_density(x))[:, None]

def pull(name: str, theta: float) -> float:
    """−dL_G/dθ with D held at its best: E_q of −slope(l) · dl/dx, where a shift moves each sample by dx = dθ."""
    l = best_logit(theta).requires_grad_()                                 # (5001, 1)
    weight = torch.autograd.grad(LOSSES[name].g(l) * len(l), l)[0][:, 0]    # slope at each x
    return -integral(gaussian(theta, 1).density(x) * weight * -theta)      # l = θ²/2 − θx, so dl/dx = −θ

# %%
from gan_edu.core.figures import G_LINE, INK, SOFT, show, subplots

paths = {}
for name in ("minimax", "non-saturating"):
    paths[name] = [8.0]
    for _ in range(300):
        paths[name].append(paths[name][-1] + 0.1 * pull(name, paths[name][-1]))
print({name: f"θ = {path[-1]:.3f}" for name, path in paths.items()})
assert paths["minimax"][-1] > 7.5 and abs(paths["non-saturating"][-1]) < 0.5
assert pull("minimax", 0.0) == pull("non-saturating", 0.0) == 0

# %%
shifts = torch.linspace(0, 8, 81).tolist()
figure, (left, right) = subplots(1, 2)
for name, line, colour in (("minimax", "-", SOFT), ("non-saturating", "--", G_LINE["color"])):
    left.semilogy(shifts[1:], [abs(pull(name, t)) for t in shifts[1:]], line, color=colour, label=name)
    right.plot(paths[name], line, color=colour, label=name)
left.set(title="How hard G is pulled", xlabel="shift θ of p_g", ylabel="|dL_G / dθ|, nats per unit")
right.set(title="Where G goes", xlabel="step of size 0.1", ylabel="shift θ")
right.axhline(0, color=INK, linestyle=":", label="p_g = p_data")
right.legend()
show(figure, "Left, on a log scale: the saturating pull falls below a thousandth when the densities are 8 apart, the "
             "non-saturating one grows. Right: from 8 the saturating G hardly moves, the other reaches 0.")

# %% [markdown]
# Both pulls are 0 at θ = 0, where $p_g = p_{data}$: the fixed point is shared. The way there is not. Far away the
# saturating loss lets G starve, though its D is perfect. A *better* discriminator teaches it *less*.
#
# ## 4 · What a loss measures at its best D
#
# Chapter 01 shows that at D* the value function is $-\log 4 + 2\,\mathrm{JS}(p_{data}, p_g)$. Other losses measure
# something else. The recipe is always the same: fix x, find the logit that is best there, put it back, integrate.
#
# | loss | best D at x, with $u = p_{data}/p_g$ | what remains |
# |---|---|---|
# | cross entropy | $l^* = \log u$ | $-L_D^* = 2\,\mathrm{JS} - \log 4$ |
# | least squares, targets $a, b$ | $C^* = (b\,p_{data} + a\,p_g)/(p_{data} + p_g)$ | see section 5 |
# | hinge | $C^* = \mathrm{sign}(p_{data} - p_g)$ | $-L_D^* = 2\,\mathrm{TV} - 2$ |
# | relativistic | $C^* = \log u + \text{const}$ | $-L_D^* = \mathrm{JS}(p_{data} \otimes p_g,\; p_g \otimes p_{data}) - \log 2$ |
# | Wasserstein | none at a single x: section 6 | the distance $W_1$ |
# | f-GAN | $g_f(l^*) = f'(u)$ | $-L_D^* = D_f(p_{data}\,\|\,p_g)$ |
#
# TV is the **total variation** (全变差距离), $\tfrac12 \int |p_{data} - p_g|\,dx$: half the area between the curves.
# Check the first and the third line by quadrature. `best` searches the logit at each x among 3,001 numbers, and knows
# nothing of the formulas.

# %%
GRID = torch.linspace(-15, 15, 3001, dtype=torch.float64)

def each(of_logits) -> Tensor:
    """A term at each logit of GRID: (3001,)."""
    return torch.stack([of_logits(l.view(1, 1)) for l in GRID])

def best(loss: Loss, p: Tensor, q: Tensor) -> float:
    """The least L_D: at each x the smallest of p·(real term) + q·(fake term) over GRID, integrated."""
    zero, d = torch.zeros(1, 1, dtype=torch.float64), loss.d
    a, b = each(lambda l: d(l, zero)), each(lambda l: d(zero, l) - d(zero, zero))       # the constant counts once
    return integral(torch.stack([(pi * a + qi * b).min() for pi, qi in zip(p, q, strict=True)]))

# %%
# NBVAL_CHECK_OUTPUT
m = (p + q) / 2
JS = integral(0.5 * p * (p / m).log() + 0.5 * q * (q / m).log())
TV = integral((p - q).abs()) / 2
for name, closed in (("minimax", math.log(4) - 2 * JS), ("hinge", 2 - 2 * TV)):
    found = best(LOSSES[name], p, q)
    print(f"{name:8s} least L_D: {found:.4f} by search, {closed:.4f} by the formula")
    assert abs(found - closed) < 2e-4

# %% [markdown]
# ### The relativistic loss compares pairs
#
# $L_D = -\mathbb E_{x, z}[\log \sigma(C(x) - C(G(z)))]$ asks of a *pair*: which of the two is real? Take the pair $(x, y)$
# once with $x$ real and once with $y$ real. Up to the factor ½ this is the game of 2014 with the densities
# $p_{data}(x)\,p_g(y)$ and $p_g(x)\,p_{data}(y)$. So the best difference is $\log u(x) - \log u(y)$, and $C = \log u$
# gives all of them at once. The loss is convex in C, so it is enough to see that the gradient is 0 there.

# %%
# NBVAL_CHECK_OUTPUT
coarse = x[::10]                                                            # (501, 1)
a, b, dx = p_data.density(coarse), p_g.density(coarse), (coarse[1] - coarse[0]).item()
C = logit(coarse)[:, 0].requires_grad_()                                   # (501,)
mass = a[:, None] * b * dx ** 2                                            # (501, 501): x real, y fake
L_D = (mass * -torch.nn.functional.logsigmoid(C[:, None] - C)).sum()
middle = (mass + mass.T) / 2
JS_of_pairs = 0.5 * (mass * (mass / middle).log() + mass.T * (mass.T / middle).log()).sum()
gradient, = torch.autograd.grad(L_D, C)
print(f"L_D = {L_D:.5f}, log 2 − JS of the pairs = {math.log(2) - JS_of_pairs:.5f}, "
      f"largest gradient {gradient.abs().max():.0e}")
assert abs(L_D + JS_of_pairs - math.log(2)) < 1e-6 and gradient.abs().max() < 1e-9

# %% [markdown]
# ### The f-GAN family: choose the divergence first
#
# An **f-divergence** (f-散度) is $D_f(p\,\|\,q) = \int q\, f(p/q)\,dx$ with a convex f, $f(1) = 0$. Each convex function is
# the highest of its tangents, $f(u) = \sup_t\, (u\,t - f^*(t))$, with the **conjugate** (共轭函数)
# $f^*(t) = \sup_u\, (u\,t - f(u))$. Put that under the integral, with a function T(x) for t:
#
# $$D_f(p_{data}\,\|\,p_g) = \sup_T\; \mathbb E_x[T(x)] - \mathbb E_z[f^*(T(G(z)))]$$
#
# D is T. An output activation $g_f$ keeps it inside the domain of $f^*$: $T = g_f(l)$. That is all of Nowozin et al.
# (2016). Here are the reverse KL divergence's three parts, and what they become as a loss:

# %%
# NBVAL_CHECK_OUTPUT
from gan_edu.losses import F_DIVERGENCES

u = sp.Symbol("u", positive=True)
t = sp.Symbol("t", negative=True)
f = -sp.log(u)
best_u = sp.solve(sp.diff(u * t - f, u), u)[0]
conjugate = sp.simplify((u * t - f).subs(u, best_u))
print(f"f(u) = {f}: the supremum is at u = {best_u}, so f*(t) = {conjugate}")
assert sp.simplify(conjugate - (-1 - sp.log(-t))) == 0
assert sp.simplify(sp.expand_log(conjugate.subs(t, -sp.exp(-s)), force=True) - (s - 1)) == 0    # f*(g_f(l)) = l − 1

# %% [markdown]
# **Predict:** which of the six divergences is largest for our two densities? The search over logits knows only the losses;
# the integral on the right knows only f.

# %%
# NBVAL_CHECK_OUTPUT
ratio = p / q
for name, family in F_DIVERGENCES.items():
    found, by_f = -best(LOSSES[name], p, q), integral(torch.nan_to_num(q * family.f(ratio)))
    print(f"{name:18s} −L_D at the best D {found:8.4f}   ∫ q f(p/q) {by_f:8.4f}")
    assert abs(found - by_f) < 1e-3
assert abs(integral(q * F_DIVERGENCES["JS"].f(ratio)) - 2 * JS) < 1e-6

# %% [markdown]
# > **Common misreading.** "The f-GAN called JS minimises JS." Its f gives *twice* JS; and the one called GAN gives
# > $2\,\mathrm{JS} - \log 4$, which is negative where the densities are equal. Check constants before you compare curves.
#
# ## 5 · Least squares: a term that has no gradient for G
#
# Mao et al. (2017) choose targets: D wants $a$ for fake and $b$ for real, G wants D to say $c$. Pointwise, the best D is
# the weighted mean of its two targets. They prove: with $b - c = 1$ and $b - a = 2$,
#
# $$\mathbb E_x[(C^*(x) - c)^2] + \mathbb E_z[(C^*(G(z)) - c)^2] = \int \frac{(p_{data} - p_g)^2}{p_{data} + p_g}\,dx
#   = \chi^2_{\text{Pearson}}(2 p_g\,\|\,p_{data} + p_g)$$
#
# This is Pearson's χ² as in the f-GAN family above, $\int q\,(p/q - 1)^2\,dx$: the second argument stands below the
# fraction bar. Mao et al. write its two arguments the other way round, $\chi^2(p_{data} + p_g\,\|\,2 p_g)$, for the same
# integral. Look at the integral, not at the order.

# %%
# NBVAL_CHECK_OUTPUT
from gan_edu.losses import least_squares_with

C = (p - q) / (p + q)                                                       # a = −1, b = 1; then c = 0
found = best(least_squares_with(a=-1, b=1, c=0), p, q)
assert abs(found - integral(0.5 * p * (C - 1) ** 2 + 0.5 * q * (C + 1) ** 2)) < 1e-4     # so C is the best D
with_real, without = integral(p * C ** 2) + integral(q * C ** 2), integral(q * C ** 2)
pearson = F_DIVERGENCES["Pearson χ²"].f
chi2, of_both = integral((p + q) * pearson(2 * q / (p + q))), integral(q * pearson(p / q))
print(f"with the real term {with_real:.4f}, χ²(2q ‖ p + q) {chi2:.4f}; without it {without:.4f}; χ²(p ‖ q) {of_both:.4f}")
assert abs(with_real - chi2) < 1e-9 and abs(without - chi2) > 0.05

# %% [markdown]
# The identity needs the real term $\mathbb E_x[(C(x) - c)^2]$. No program computes it for G, as it has no gradient for G
# while D is held fixed. So the *number* $L_G$ is not the divergence.
#
# > **Common misreading.** "LSGAN minimises χ² between $p_{data}$ and $p_g$." The χ² is between their sum and $2 p_g$,
# > with one choice of targets; the usual 0, 1, 1 is another choice; and it holds for the sum with the real term.
#
# ## 6 · Wasserstein: no best value at a point
#
# $L_D = -\mathbb E_x[C(x)] + \mathbb E_z[C(G(z))]$ is at each x a *straight line* in C: $(p_g - p_{data})\,C(x)$. A line has no
# lowest point: the search always runs to the edge of its grid. What bounds C is its slope between points: at most 1.
#
# On a line the best such critic is known. It climbs with slope 1 where $F_g > F_{data}$ (the distribution functions),
# falls elsewhere, and what it reaches is the **Wasserstein distance** (瓦瑟斯坦距离) $W_1 = \int |F_{data} - F_g|\,dx$.

# %%
# NBVAL_CHECK_OUTPUT
for reach in (1, 10, 100):
    l = torch.linspace(-reach, reach, 201, dtype=torch.float64)
    lowest = [l[((qi - pi) * l).argmin()].item() for pi, qi in zip(p[2000:3000:400], q[2000:3000:400], strict=True)]
    print(f"C allowed in ±{reach:3d}: the best C at three points is {lowest}")
    assert all(abs(c) == reach for c in lowest)

# %%
# NBVAL_CHECK_OUTPUT
dx = (x[1] - x[0]).item()
F_data, F_g = (torch.cumsum(density, 0) * dx for density in (p, q))         # (5001,)
critic = torch.cumsum(torch.sign(F_g - F_data), 0) * dx                     # slope ±1 everywhere
reached, W1 = integral(p * critic) - integral(q * critic), integral((F_data - F_g).abs())
pair = [d.sample(50_000, torch.Generator().manual_seed(k)).sort(0).values for k, d in enumerate((p_data, p_g))]
by_sorting = (pair[0] - pair[1]).abs().mean().item()
print(f"E[C(x)] − E[C(G(z))] = {reached:.3f}, W1 = {W1:.3f}, by sorting 50,000 samples of each {by_sorting:.2f}")
assert abs(reached - W1) < 5e-3 and abs(by_sorting - W1) < 0.03
at_0, at_3 = torch.tensor([[0.0]]), torch.tensor([[-3.0]])                  # C(x) = −|x| at two points, 0 and 3
assert -LOSSES["Wasserstein"].d(at_0, at_3) == 3                            # W1 of two point masses: their distance

# %% [markdown]
# So `wasserstein` alone is no complete recipe: it needs something that holds the slope of C. Chapter 09 is about that.
#
# ## 7 · What the non-saturating loss descends
#
# With D held at D*, the saturating loss descends 2 JS. And the other? Arjovsky and Bottou (2017, theorem 2.5) find
#
# $$\nabla_\theta\, \mathbb E_z[-\log D^*(G_\theta(z))] = \nabla_\theta\,
#   \bigl[\mathrm{KL}(p_g\,\|\,p_{data}) - 2\,\mathrm{JS}(p_{data}, p_g)\bigr]$$
#
# Why: $-\log D^* = \log\frac{p_g}{p_{data}} - \log\frac{p_g}{p_{data} + p_g}$. The first part gives KL, the second
# $\log(1 - D^*)$, whose gradient is that of 2 JS. **Predict** the sign of each part. Then check with autograd through the
# integrals: once with D held fixed, once through the divergences.

# %%
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

# %%
# NBVAL_CHECK_OUTPUT
for THETA in (0.5, 1.0, 2.0, 3.0):
    held = fake_density(torch.tensor(THETA, dtype=torch.float64))
    D, not_D = p / (p + held), held / (p + held)                            # the best D for this θ, and 1 − D: fixed
    ns, game = d_theta(lambda q, D=D: -q * D.log()), d_theta(lambda q, not_D=not_D: q * not_D.log())
    kl, two_js = d_theta(lambda q: q * (q / p).log()), d_theta(lambda q: 2 * js(q))
    print(f"θ = {THETA}: non-saturating {ns:7.4f} = KL {kl:7.4f} − 2 JS {two_js:7.4f}; saturating {game:7.4f}")
    assert abs(ns - (kl - two_js)) < 1e-6 and abs(game - two_js) < 1e-6

# %% [markdown]
# The KL part pulls G home; it costs most where G puts samples that the data does not have. The JS part comes with a
# *minus*: it pushes the densities apart, only more weakly. That looks like a fault. But with the mixture
# $m = \tfrac12(p_{data} + p_g)$ the logarithms add up to one divergence (Shannon et al. 2020):
#
# $$\mathrm{KL}(p_g\,\|\,p_{data}) - 2\,\mathrm{JS}(p_{data}, p_g) = 2\,\mathrm{KL}(m\,\|\,p_{data})$$
#
# It is 0 only where $p_g = p_{data}$. So at the best D the non-saturating loss descends a softened
# KL$(p_g\,\|\,p_{data})$. Its gradient is large where G is bad, and it forgives a mode that G leaves out: one root of
# mode collapse (chapter 08).
#
# > **Common misreading.** "GAN training minimises the difference between generator and discriminator." At the best D a
# > loss is a divergence between two *distributions*, $p_{data}$ and $p_g$. And training need not lower it: D is never
# > the best, and both players move (chapter 06).
#
# ## 8 · Smoothed labels
#
# Give D the target α for real and β for fake, in place of 1 and 0. What is the best D then?

# %%
# NBVAL_CHECK_OUTPUT
D, a, b, alpha, beta = sp.symbols("D p_data p_g alpha beta", positive=True)
score = a * (alpha * sp.log(D) + (1 - alpha) * sp.log(1 - D)) + b * (beta * sp.log(D) + (1 - beta) * sp.log(1 - D))
best_D = sp.solve(sp.diff(score, D), D)[0]
print("D* =", sp.factor(best_D))
assert sp.simplify(best_D - (alpha * a + beta * b) / (a + b)) == 0

# %% [markdown]
# With **one-sided** smoothing (单侧标签平滑), β = 0: $D^* = \alpha\, p_{data} / (p_{data} + p_g)$, the old one on a smaller
# scale. With β > 0 the fake density stands in the numerator. **Predict:** far from the data, at x = 6, how does D*'s
# slope change for G? There a bad sample should feel a pull.

# %%
# NBVAL_CHECK_OUTPUT
far = torch.tensor([[6.0]], dtype=torch.float64, requires_grad=True)
for alpha_, beta_ in ((1.0, 0.0), (0.9, 0.0), (0.9, 0.1)):
    a, b = p_data.density(far), p_g.density(far)
    D_star = (alpha_ * a + beta_ * b) / (a + b)
    pull_on_sample, = torch.autograd.grad((-D_star.log()).sum(), far)
    print(f"α = {alpha_}, β = {beta_}: D*(6) = {D_star.item():.6f}, slope of −log D* at 6: {pull_on_sample.item():.4f}")
assert pull_on_sample < 0.01

# %% [markdown]
# With β = 0.1 the best D says 0.1 to everything far away, flat: the sample feels no pull home (Salimans et al. 2016,
# section 3.4). Smooth the real labels only.
#
# ## 9 · The textbook form, breaking
#
# Many books write the losses as they look: a sigmoid, then a logarithm. This is the only place in the course where it
# stands in code. It is the same function of l. **Predict:** at which logit does it fail in float32?

# %%
def textbook_d(real: Tensor, fake: Tensor) -> Tensor:
    return -real.sigmoid().log().mean() - (1 - fake.sigmoid()).log().mean()

textbook = {
    "minimax": Loss("log(1 − σ)", textbook_d, lambda fake, real=None: (1 - fake.sigmoid()).log().mean()),
    "non-saturating": Loss("−log σ", textbook_d, lambda fake, real=None: -fake.sigmoid().log().mean())}

print("   l     log(1 − σ(l))  slope       −log σ(l)  slope       softplus forms")
for l0 in (-104.0, -89.0, -88.0, 0.0, 16.0, 17.0):
    at = torch.tensor([[l0]])
    row = [v for name in textbook for v in (textbook[name].g(at).item(), slope(textbook[name].g, l0, torch.float32))]
    cured = [LOSSES[name].g(at).item() for name in textbook]
    print(f"{l0:5.0f}  {row[0]:12.3f}  {row[1]:8.3g}  {row[2]:12.3f}  {row[3]:8.3g}     {cured[0]:8.3f} {cured[1]:8.3f}")

# %% [markdown]
# Three deaths, one after the other:
#
# - $l = 17$: $1 + e^{-17}$ rounds to 1, and so σ to 1. Then 1 − σ = 0 and the logarithm is −∞. One step later the
#   weights are NaN.
# - $l = -88$: the value still holds; but σ is below the smallest normal number, and digits go.
# - $l = -89$: $e^{89}$ does not fit float32. σ = 0 exactly, its slope is 0, the logarithm's slope is 1/0, and 0 · ∞ = NaN.
#
# float16 has fewer digits and a shorter range. Let the machine find the first logit that fails:

# %%
# NBVAL_CHECK_OUTPUT
def first_failure(loss, dtype, sign: int) -> float | None:
    """The logit nearest to 0 on one side, in steps of ½, whose value or slope is no number."""
    for l0 in torch.arange(0, 800, 0.5).tolist() + [10_000.0]:
        value = loss(torch.tensor([[sign * l0]], dtype=dtype)).item()
        if not (math.isfinite(value) and math.isfinite(slope(loss, sign * l0, dtype))):
            return sign * l0
    return None

for dtype in (torch.float64, torch.float32, torch.float16):
    fails = first_failure(textbook["minimax"].g, dtype, 1), first_failure(textbook["non-saturating"].g, dtype, -1)
    cured = first_failure(LOSSES["minimax"].g, dtype, 1), first_failure(LOSSES["non-saturating"].g, dtype, -1)
    print(f"{str(dtype):14s} log(1 − σ) fails from {fails[0]}, −log σ from {fails[1]}; softplus: {cured}")
    assert cured == (None, None)

# %% [markdown]
# The cure is algebra, not a patch: $-\log \sigma(l) = \log(1 + e^{-l}) = \mathrm{softplus}(-l)$ and
# $-\log(1 - \sigma(l)) = \mathrm{softplus}(l)$. Patches lose the gradient in silence:

# %%
# NBVAL_CHECK_OUTPUT
def patched(l):
    return -(l.sigmoid() + 1e-8).log().mean()

def clamped(l):
    return torch.nn.functional.binary_cross_entropy(l.sigmoid(), torch.ones_like(l))

right = LOSSES["non-saturating"].g
lost = 1 - slope(patched, -20.0, torch.float32) / slope(right, -20.0, torch.float32)
print(f"log(σ + 1e-8) at l = −20: {lost:.0%} of the slope is lost")
print(f"BCELoss at l = −60: slope {slope(clamped, -60.0, torch.float32):.0e}, right is {slope(right, -60.0):.0f}")
assert 0.8 < lost < 0.86 and abs(slope(clamped, -60.0, torch.float32)) < 1e-13

# %% [markdown]
# Now play. **Predict**, then switch between float32 and float16, and between the axes: where does each textbook form
# end? The broad pale line is the textbook's, and the shaded part is where it gives no number.

# %%
explorer = LossExplorer(LOSSES, textbook, picked=["minimax", "non-saturating"], precision="float16", reach=24, logit=9.0)
explorer

# %% [markdown]
# Overflow of another kind is honest: KL's loss contains $e^{l-1}$, and where $e^{l-1}$ does not fit the type, no form can
# help. Seven of the twelve losses are finite up to |l| = 10,000 in every type. For the rest:

# %%
# NBVAL_CHECK_OUTPUT
for name, loss in LOSSES.items():
    sure = torch.tensor([[1e4]], dtype=torch.float16)
    values = [loss.d(sure, -sure), loss.d(-sure, sure), loss.g(sure, -sure), loss.g(-sure, sure)]
    told = "finite" if all(v.isfinite() for v in values) else "overflows, as its value does not fit"
    print(f"{name:18s} at |l| = 10,000 in float16: {told}")

# %% [markdown]
# ## 10 · Your own loss
#
# A `Loss` is a pair of functions. Write one, and look at it beside the others. This one has smoothed real labels. Switch
# "whose loss" to "D on real": where is its lowest point, and why there?

# %%
def smooth_d(real: Tensor, fake: Tensor, alpha: float = 0.9) -> Tensor:
    """−E[α log D(x) + (1 − α) log(1 − D(x))] − E[log(1 − D(G(z)))] from logits."""
    return (binary_cross_entropy_with_logits(real, torch.full_like(real, alpha))
            + LOSSES["minimax"].d(torch.full_like(real, 1e4), fake))        # the first term of the second is 0

mine = Loss("mine: smoothed", smooth_d, LOSSES["non-saturating"].g)
LossExplorer({**LOSSES, mine.name: mine}, picked=["non-saturating", mine.name], term="real", logit=2.25)

# %% [markdown]
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
# # solution 1
# saturating_slope, non_saturating_slope = -0.2, -(1 - 0.2)
# verdict = exercises.two_slopes(saturating_slope, non_saturating_slope)
# ```
#
# </details>
#
# ### 2 · The smoothed judge (3 minutes, easy)
# At some x the data is three times as dense as the fakes. Labels are smoothed on one side, α = 0.9. What does the best D
# say there?

# %%
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
# # solution 2
# smoothed_best_d = 0.9 * 3 / (3 + 1)
# verdict = exercises.smoothed_judge(smoothed_best_d)
# ```
#
# </details>
#
# ### 3 · Repair a loss (10 minutes, medium)
# A colleague writes D's smoothed loss for real samples as
# `-(0.9 * l.sigmoid().log() + 0.1 * (1 - l.sigmoid()).log()).mean()`. Write it so that it is finite, with the right slope,
# for any logit in any float type. Use neither sigmoid nor log.

# %%
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
# # solution 3
# from torch.nn.functional import softplus
#
# def repaired(logits):
#     return (0.9 * softplus(-logits) + 0.1 * softplus(logits)).mean()
#
# verdict = exercises.repaired(repaired)
# ```
#
# </details>
#
# ### 4 · A seventh divergence (20 minutes, hard)
# Total variation is an f-divergence: $f(u) = \tfrac12 |u - 1|$. Find its conjugate $f^*(t)$ on its domain, and an activation
# $g_f$ that rises and maps every logit into that domain. Hand both functions to the check.

# %%
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
# # solution 4
# def conjugate_of_tv(t):
#     return t                                # at u = 1: 1 · t − 0
#
# def activation_of_tv(l):
#     return 0.5 * torch.tanh(l)              # into (−½, ½)
#
# verdict = exercises.seventh_divergence(activation_of_tv, conjugate_of_tv)
# ```
#
# </details>

# %% [markdown]
# ## Summary
#
# - $L_D$ is −V over a batch: a cross entropy with labels 1 and 0.
# - Saturating and non-saturating loss agree where D says ½, and share the fixed point. Far from it only the second teaches.
# - At its best D each loss measures something: 2 JS − log 4, total variation, $D_f$, JS of pairs. Wasserstein has no best
#   D at a point; least squares needs a term that G's program does not compute.
# - The non-saturating gradient is that of KL$(p_g\,\|\,p_{data})$ − 2 JS, which is 2 KL$(m\,\|\,p_{data})$.
# - Losses take logits. Softplus is exact where sigmoid and log give −∞ and NaN.
#
# **Read.** Goodfellow et al. (2014), *Generative adversarial nets*, arXiv 1406.2661. Nowozin, Cseke and Tomioka (2016),
# *f-GAN*, arXiv 1606.00709. Mao et al. (2017), *Least squares GANs*, arXiv 1611.04076. Arjovsky and Bottou (2017),
# *Towards principled methods for training GANs*, arXiv 1701.04862. Arjovsky et al. (2017), *Wasserstein GAN*,
# arXiv 1701.07875. Lim and Ye (2017), *Geometric GAN* (hinge), arXiv 1705.02894. Jolicoeur-Martineau (2018), *The
# relativistic discriminator*, arXiv 1807.00734. Salimans et al. (2016), *Improved techniques for training GANs* (label
# smoothing), arXiv 1606.03498. Shannon et al. (2020), *Non-saturating GAN training as divergence minimization*, arXiv
# 2010.08029.
#
# **Next.** Chapter 03 puts the two losses into a loop, by hand, and then breaks it on purpose.
