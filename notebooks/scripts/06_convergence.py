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
# # 06 · Convergence: why two players who know the way still miss
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/06_convergence.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/06_convergence.ipynb)
#
# The smallest GAN there is has two numbers: θ says where all fakes lie, ψ how D slopes. All data lies at 0, and the
# only good end is the × in the middle. **Drag the square**, then choose the regulariser **R1** and slide its strength.

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

from gan_edu.core.device import setup
from gan_edu.core.figures import DISCRIMINATOR, GENERATOR, INK, LINES, SOFT, show, subplots
from gan_edu.widgets import PhasePortrait

setup()
portrait = PhasePortrait()
portrait

# %% [markdown]
# **After this chapter you can**
#
# - say, from the eigenvalues of a small matrix, whether gradient steps will arrive, circle or fly apart,
# - explain what R1, instance noise and consensus change, and why WGAN-GP still circles,
# - say what "until it converges" can mean for a GAN, and what practitioners watch instead.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | lesson (the default) | about 1 minute on two cores | 6 small GANs on the ring |
# | full (`GAN_EDU_PACE=full`) | about 2 minutes on two cores | 10 of them |
#
# It takes 50 minutes to read and play, and needs no network. You should know chapter 01, what an eigenvalue is, and the
# chain rule.

# %% [markdown]
# ## 1 · A game with two numbers
#
# The **Dirac-GAN** (狄拉克 GAN) of Mescheder et al. (2018): the data is the single point 0, every fake is the point θ,
# and $D(x) = \psi x$. With $f(t) = -\log(1 + e^{-t})$ the value that D raises and G lowers is
#
# $$L(\theta, \psi) = f(\psi\theta) + f(0)$$
#
# As in that paper, a large D(x) says *fake* here. Each player steps along its own slope. Together the two slopes are
# arrows in the plane, the **vector field** (向量场)
#
# $$v(\theta, \psi) = (-\partial_\theta L,\ \partial_\psi L) = (-\psi f'(\psi\theta),\ \theta f'(\psi\theta))$$
#
# **Predict:** at (1, 1), which way does the arrow point? Towards the × at (0, 0)?

# %%
from gan_edu.convergence import dirac, field

v = field(dirac())                                    # by autograd, from the two losses
theta, psi = torch.tensor(1.0), torch.tensor(1.0)
slope = 1 / (1 + math.exp(1))                         # f'(1) = σ(−1)
print("v(1, 1) =", [round(float(each), 4) for each in v(theta, psi)], "by hand:", [round(-slope, 4), round(slope, 4)])
assert all(abs(float(ours) - hand) < 1e-6 for ours, hand in zip(v(theta, psi), (-slope, slope), strict=True))

# %% [markdown]
# It points neither in nor out: at a right angle to the line to the ×. That is so everywhere:
# $v \cdot (\theta, \psi) = (-\psi\theta + \theta\psi) f' = 0$. Nothing in this field pulls to the middle.

# %%
# NBVAL_CHECK_OUTPUT
places = torch.randn(50, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
inward = [sum(a * b for a, b in zip(v(*place), place, strict=True)) for place in places]      # v · (θ, ψ)
assert max(abs(pull) for pull in inward) < 1e-15
print("no pull towards the middle, or away from it, at", len(places), "places")

# %% [markdown]
# ## 2 · Infinitely small steps, and real ones
#
# **Predict:** follow the arrows with steps that are infinitely small. Where is the point after a long time? And with
# steps of 0.2, both players at once? And by turns, G first?

# %%
from gan_edu.convergence import Rule, flow, radius, trajectory

ways = {"infinitely small steps": flow(v, 1.0, 1.0, time=100, count=500),
        "both at once": trajectory(v, 1.0, 1.0, Rule("simultaneous", step=0.2), 500),
        "by turns": trajectory(v, 1.0, 1.0, Rule("alternating", step=0.2), 500)}
for name, way in ways.items():
    print(f"{name:24s} distance to (0, 0): first {radius(way)[0]:.3f}, last {radius(way)[-1]:.3f}")
assert abs(radius(ways["infinitely small steps"])[-1] - math.sqrt(2)) < 1e-6
assert radius(ways["both at once"])[-1] > 3 and radius(ways["by turns"])[-50:].min() > 1.2

# %%
figure, axes = subplots(figsize=(7.2, 3.4))
for (name, way), (colour, line) in zip(ways.items(), ((INK, ":"), (DISCRIMINATOR, "-"), (GENERATOR, "--")), strict=True):
    axes.plot(radius(way), line, color=colour, label=name)
axes.set(title="Three ways to follow the same arrows", xlabel="step of 0.2", ylabel="distance to (0, 0)")
axes.legend()
show(figure, "Distance to the middle over 500 steps. With infinitely small steps it stays at 1.41. With both at once it grows "
             "past 3. By turns it swings a little below 1.42.")

# %% [markdown]
# Even perfect, infinitely small steps circle for ever. Real steps leave the circle on a straight line, so that both at
# once drift out. (The plateaus of that curve are no rest: far out $f'$ is nearly 0, and a step is tiny until the point
# has come round.) By turns the errors nearly cancel, and for 500 steps of 0.2 the players circle. No learning rate mends
# this: the arrows themselves turn.
#
# > **Common misreading.** "Train until it converges." Here G and D are as simple as can be, their optimum is unique,
# > and plain gradient steps do not converge to it, at any learning rate.

# %%
for step in (0.2, 0.05, 0.01):
    way = trajectory(v, 1.0, 1.0, Rule("simultaneous", step=step), int(100 / step))
    print(f"steps of {step}: after the same time the distance is {radius(way)[-1]:.3f}")
    assert radius(way)[-1] > math.sqrt(2)

# %% [markdown]
# ## 3 · Eigenvalues tell the end
#
# Near its rest point a field is linear: $v(z) \approx J z$, where $J$ is the **Jacobian** (雅可比矩阵). Its
# **eigenvalues** (特征值) λ decide. Along each, the flow goes as $e^{\lambda t}$: in if Re λ < 0, out if Re λ > 0,
# and round in a circle if λ is imaginary.
#
# **Predict** the eigenvalues of the Dirac-GAN, whose flow is a circle.

# %%
from gan_edu.convergence import eigenvalues, jacobian

J = jacobian(v, 0.0, 0.0)
print("J =", J.tolist(), "  λ =", [f"{each:.3f}" for each in eigenvalues(J)])
assert torch.allclose(eigenvalues(J), torch.tensor([0.5j, -0.5j], dtype=torch.complex128))

# %% [markdown]
# $\lambda = \pm i f'(0) = \pm i/2$: no real part, so nothing is damped. A step is a map too. Both at once, a step
# $z \leftarrow z + h\,v(z)$ has the eigenvalues $\mu = 1 + h\lambda$. It comes in if all $|\mu| < 1$, the
# inside of the unit circle, and goes out if one $|\mu| > 1$.
#
# **Predict:** can $|1 + h\lambda| < 1$ hold for an imaginary λ?

# %%
from gan_edu.convergence import spectral_radius, turn_jacobian

for order in ("simultaneous", "alternating"):
    one_turn = turn_jacobian(v, 0.0, 0.0, Rule(order, step=0.2))        # by autograd on the turn itself
    print(f"{order:13s} μ = {[f'{m:.4f}' for m in eigenvalues(one_turn).tolist()]},",
          f"largest |μ| = {spectral_radius(one_turn):.6f}")
assert math.isclose(spectral_radius(turn_jacobian(v, 0.0, 0.0, Rule(step=0.2))), math.hypot(1, 0.1))
assert math.isclose(spectral_radius(one_turn), 1)

# %% [markdown]
# At once: $|\mu| = \sqrt{1 + h^2/4} > 1$ for every $h$, so it drifts out. By turns: |μ| = 1 exactly. *On* the unit
# circle the eigenvalues leave it open, and what is not linear decides.
#
# **Predict:** three losses, all with |μ| = 1 by turns, and now with large steps of 1. Do they circle?

# %%
ends = {}
for loss in ("WGAN", "GAN", "NSGAN"):
    game, rule = field(dirac(loss)), Rule("alternating", step=1.0)
    distances = radius(trajectory(game, 1.0, 1.0, rule, 2000))
    ends[loss] = distances[-50:].mean()
    print(f"{loss:6s} largest |μ| {spectral_radius(turn_jacobian(game, 0.0, 0.0, rule)):.4f}; mean distance",
          f"over the first 50 steps {distances[1:51].mean():.2f}, over the last {ends[loss]:.2f}")
assert abs(ends["WGAN"] - radius(trajectory(field(dirac("WGAN")), 1.0, 1.0, rule, 50))[1:].mean()) < 0.05
assert ends["GAN"] > 3 and ends["NSGAN"] < 0.3

# %% [markdown]
# WGAN's field *is* linear, and it circles. The GAN creeps out, and the non-saturating GAN creeps in. Try it in the
# control at the top: by turns, with a step size of 1 and 2,000 steps.
#
# ## 4 · A brake: R1
#
# R1 adds $\tfrac{\gamma}{2}\,\mathbb E\lVert\nabla_x D(x)\rVert^2$, taken at the data, to D's loss. Here
# $D(x) = \psi x$ has the slope ψ, so D pays $\tfrac{\gamma}{2}\psi^2$ and feels a pull $-\gamma\psi$. In $J$ one
# zero becomes −γ:
#
# $$\lambda = -\frac{\gamma}{2} \pm \sqrt{\frac{\gamma^2}{4} - f'(0)^2}$$
#
# **Predict:** twice the brake, twice as fast? Slide the strength below, past the mark, and watch the largest |μ|.

# %%
braked = PhasePortrait(penalty="R1", gamma=0.3)
braked

# %%
from gan_edu.convergence import critical_gamma, dirac_eigenvalues

gammas = torch.linspace(0, 3, 121).tolist()
pairs = [dirac_eigenvalues("GAN", gamma) for gamma in gammas]
by_autograd = [eigenvalues(jacobian(field(dirac("GAN", "R1", gamma)), 0.0, 0.0)).tolist() for gamma in gammas]
assert all(abs(ours - found) < 1e-6 for pair, two in zip(pairs, by_autograd, strict=True)
           for ours, found in zip(pair, two, strict=True))
slowest = [max(each.real for each in pair) for pair in pairs]
fastest_gamma = gammas[slowest.index(min(slowest))]
print(f"comes in fastest at γ = {fastest_gamma:.3f}; 2 |f'(0)| = {critical_gamma():.3f}")
assert abs(fastest_gamma - critical_gamma()) < 0.03

# %%
figure, (left, right) = subplots(1, 2, figsize=(7.2, 3.2))
for place in (0, 1):
    left.plot([pair[place].real for pair in pairs], [pair[place].imag for pair in pairs], ".",
              color=(INK, SOFT)[place], markersize=3)
for gamma, nudge in ((0.0, (6, 0)), (1.0, (-40, -14)), (3.0, (-2, 9))):               # where the upper one is
    λ = dirac_eigenvalues("GAN", gamma)[0]
    left.plot(λ.real, λ.imag, "o", color=DISCRIMINATOR)
    left.annotate(f"γ = {gamma:g}", (λ.real, λ.imag), nudge, textcoords="offset points")
left.axvline(0, color=LINES)
left.set(title="Both λ while γ goes from 0 to 3", xlabel="real part", ylabel="imaginary part", xlim=(-3, 0.6))
right.plot(gammas, slowest, color=INK)
right.axvline(critical_gamma(), color=DISCRIMINATOR, linestyle=":")
right.set(title="Larger real part: lowest at γ = 1", xlabel="γ", ylabel="real part")
show(figure, "Left: the two eigenvalues start at plus and minus i/2 for gamma 0, follow a half circle to −1/2 at gamma 1 and part "
             "along the real axis; at gamma 3 one has come back near 0. Right: the larger real part falls to −1/2 at gamma 1 and "
             "rises again from there.")

# %% [markdown]
# Up to the **critical** $\gamma = 2|f'(0)| = 1$ the brake helps: both eigenvalues move left. Beyond it they part on the
# real axis, and one of them comes back towards 0: G is slowed because D hardly dares to slope. Too much R1 is slow, as
# long as steps are small. Large steps overshoot along the *other* eigenvalue, near −γ:

# %%
strong = field(dirac("GAN", "R1", 3.0))
small, large = (spectral_radius(turn_jacobian(strong, 0.0, 0.0, Rule(step=step))) for step in (0.2, 0.7))
print(f"γ = 3: largest |μ| {small:.3f} with steps of 0.2, {large:.3f} with steps of 0.7")
assert small < 1 < large
for h in (0.2, 0.7, 1.0):                             # where one λ is −2/h, and 1 + hλ = −1
    border = 2 / h + h / 8
    below, above = (spectral_radius(turn_jacobian(field(dirac("GAN", "R1", share * border)), 0.0, 0.0, Rule(step=h)))
                    for share in (0.99, 1.01))
    assert below < 1 < above

# %% [markdown]
# With both at once γ has to stay below $2/h + h/8$, so below about $2/h$.
#
# ## 5 · The nine verdicts
#
# Now the whole table of the paper, at its settings: steps of 0.2 from (1, 1), 500 of them, by turns with G first. The
# largest radius of the last 50 steps decides, here as in the control. "Converges": it is at most 0.1 % of the start's.
# "Stays close": at most 5 %. "Slowly": it still fell by a tenth since the middle of the run. **Predict** which of these
# converge: GAN, non-saturating, WGAN with clipping, WGAN-GP, instance noise (1,000 draws a step), R1, consensus.

# %%
from gan_edu.convergence import verdicts

rows = verdicts()
for row in rows:
    print(f"{row.method:23s} {row.order:13s} {row.least:8.2g} to {row.largest:<8.2g} {row.verdict}")
assert [row.verdict for row in rows if row.method.startswith("WGAN")] == ["does not converge"] * 4
assert all(row.verdict == "converges" for row in rows if "R1" in row.method or "consensus" in row.method)

# %% [markdown]
# - **The loss alone decides nothing.** Minimax circles. Non-saturating comes in by turns, slower and slower, and both at
#   once it is caught in a small circle. Chapter 02's better slope is about the start of training, not about its end.
# - **WGAN circles too.** Its f is a straight line. Clipping only bounds the circle.
# - **WGAN-GP** wants D's slope to be 1. At the equilibrium a D that is right is flat. So the penalty pushes it away from
#   where it should rest.
# - **R1** wants slope 0 *at the data*: exactly what D has at the equilibrium. Hence it converges.
# - **Instance noise** makes points into clouds that overlap: f bends, and that is a brake as well. Drawn noise keeps the
#   point moving, so that it only stays close; how close differs from draw to draw. (The control takes the mean over all
#   noise, and there it converges.)
# - **Consensus** (Mescheder et al. 2017) makes both players also shorten the arrows.
#
# Choose WGAN and WGAN-GP in the control, and look at where the path ends.

# %%
restless = PhasePortrait("WGAN", "WGAN-GP", gamma=0.7)
restless

# %% [markdown]
# ## 6 · Other steps on the same field
#
# One can also change the step. **Extra-gradient** (外梯度法) looks one step ahead and steps with the slope from there.
# **Momentum** (动量) goes on in the old direction. **Predict:** which helps a player who circles: momentum of +0.5 or of
# −0.5?

# %%
rules = {"by turns": Rule("alternating"), "momentum +0.5": Rule("alternating", momentum=0.5),
         "momentum −0.5": Rule("alternating", momentum=-0.5), "extra-gradient": Rule("extra-gradient")}
for name, rule in rules.items():
    largest = spectral_radius(turn_jacobian(v, 0.0, 0.0, rule))
    last = radius(trajectory(v, 1.0, 1.0, rule, 500))[-1]
    print(f"{name:15s} largest |μ| {largest:.4f}, after 500 steps {last:.3f}")
    assert (last < 1) == (name in ("momentum −0.5", "extra-gradient")) and (largest < 0.9999) == (last < 1)

# %% [markdown]
# A point on a circle that keeps going straight leaves it. Positive momentum does that, already at 0.5 in this game;
# negative momentum brakes (Gidel et al. 2019). Many GAN recipes lower Adam's β₁ from 0.9 to 0.5 or 0. Only 0 fits this
# picture. And Adam is not plain momentum: take it as a hint, not as a proof.
#
# ## 7 · More than a point: a Gaussian
#
# Is the Dirac-GAN too special? Let the data be $\mathcal N(1, 1)$, $G(z) = az + b$ and $D(x) = \psi_1 x + \psi_2 x^2$.
# The expectations are sums over 64 nodes (Gauss–Hermite quadrature), so everything is exact to many digits. At the
# equilibrium $a = b = 1$ and $\psi = 0$.
#
# **Predict:** does the plain GAN converge here? Does WGAN?

# %%
from gan_edu.convergence import gaussian

games = {"GAN": gaussian("GAN"), "WGAN": gaussian("WGAN"), "WGAN + R1, γ 0.3": gaussian("WGAN", "R1", 0.3)}
for name, game in games.items():
    found = eigenvalues(jacobian(field(game), [1.0, 1.0], [0.0, 0.0]))
    way = trajectory(field(game), [0.5, 0.0], [0.0, 0.0], Rule("alternating", step=0.05), 3000)
    away = (way.theta[-1] - 1).norm()
    print(f"{name:17s} largest real part of λ {found[0].real + 0.0:8.4f}; from a = 0.5, b = 0 it ends {away:.2g} away")
    assert (found[0].real < -1e-9) == (away < 1e-2)

# %% [markdown]
# The eigenvalues tell the end again. Spread data bends the GAN's loss for D ($f'' < 0$), and that is a brake: the GAN
# converges. WGAN's f does not bend, and it circles until R1 brakes it. Mescheder's theorem for the general case: with R1
# a GAN converges *near* an equilibrium at which $p_g = p_{data}$, if the step is small enough and D can represent what
# it must. It says nothing about the way there, and nothing about networks too small to have such an equilibrium.

# %% [markdown]
# ## 8 · A real GAN
#
# A GAN with two hidden layers of 16 in each player learns the ring. Its Jacobian has some 700 rows, a large GAN's has
# millions. But a product $Jw$ costs only a few passes backward, and that is all Arnoldi's method needs to find the
# outermost eigenvalues. We train with plain gradient descent, so that the field is the one we know, and look at the
# fastest turning pair: how much does it turn for each bit that it comes in, $|\mathrm{Im}\,\lambda / \mathrm{Re}\,\lambda|$?
#
# **Predict:** which changes with R1: the turning, the braking, or both?

# %%
from gan_edu.core.distributions import Draws, ring
from gan_edu.core.networks import mlp
from gan_edu.core.pace import claims, pace
from gan_edu.losses import non_saturating
from gan_edu.training_loop import GAN, train
from gan_edu.tricks import r1

def on_ring(seed, gamma):
    """A small GAN on the ring with plain gradient descent, and its batches."""
    torch.manual_seed(seed)
    G, D = mlp([2, 16, 16, 2]), mlp([2, 16, 16, 1], slope=0.2)
    descent = [torch.optim.SGD(net.parameters(), lr=0.05) for net in (G, D)]
    penalties = [r1(gamma)] if gamma else []
    return GAN(G, D, 2, non_saturating, *descent, d_penalties=penalties, seed=seed), Draws(ring(), 256, seed)

# %%
from gan_edu.convergence import Linearised, leading_eigenvalues
from gan_edu.core.coverage import Coverage

real = next(Draws(ring(), 256, seed=100))
z = torch.randn(256, 2, generator=torch.Generator().manual_seed(100))
turning, stretching, length, modes, last = {0.0: [], 1.0: []}, {0.0: [], 1.0: []}, {0.0: [], 1.0: []}, {0.0: [], 1.0: []}, {}
for seed in range(pace(test=1, lesson=3, full=5)):
    for gamma in turning:
        gan, batches = on_ring(seed, gamma)
        for _ in train(gan, batches, pace(test=20, lesson=1500, full=1500)):
            pass
        turning[gamma].append(leading_eigenvalues(gan, real, z, 2, "imaginary")[0])
        stretching[gamma].append(leading_eigenvalues(gan, real, z, 1, "real")[0].real)
        length[gamma].append(float(Linearised(gan, real, z).v.norm()))
        modes[gamma].append(Coverage(ring()).measure(gan.generate(gan.latents(10_000)))["modes"])
        last[gamma] = gan

# %% [markdown]
# First the samples. In each picture D says *real* where it is blue, *fake* where it is orange, and ½ where it is white;
# its levels 0.1, ½ and 0.9 are dotted, solid and dashed. ● are real points, ▲ fakes.

# %%
from gan_edu.core.figures import field as draw_field

figure, axes = subplots(1, 2, figsize=(7.2, 3.4))
for place, (gamma, trained) in zip(axes, last.items(), strict=True):
    draw_field(place, trained.discriminator, real, trained.generate(z), f"R1, γ = {gamma:g}" if gamma else "without R1")
show(figure, "The last seed. Without R1 all fakes sit in one clump beside a cluster, and D's field slopes across the picture. With "
             "R1 they are spread over and around the eight clusters, and D says about one half everywhere.")

# %% [markdown]
# That is what a learner sees, here on the last seed: one clump that D drives about, and a cloud around the clusters. And
# this is what samples and eigenvalues say of the same GANs, seed by seed:

# %%
print("of the ring's 8 modes are found:", {f"γ = {gamma:g}": found for gamma, found in modes.items()})
for gamma, found in turning.items():
    print(f"γ = {gamma:g}: fastest turning λ", [f"{each:.2f}" for each in found], "|Im/Re|",
          [f"{abs(each.imag / each.real):.1f}" for each in found])
if claims():
    assert min(modes[1.0]) > max(modes[0.0])
    for plain, braked_one in zip(turning[0.0], turning[1.0], strict=True):         # seed by seed
        assert abs(braked_one.imag) < abs(plain.imag) and abs(braked_one.imag / braked_one.real) < abs(plain.imag / plain.real)

# %%
figure, axes = subplots(figsize=(7.2, 3.2))
for (gamma, found), (colour, marker) in zip(turning.items(), ((SOFT, "o"), (INK, "D")), strict=True):
    axes.plot([each.real for each in found], [abs(each.imag) for each in found], marker, color=colour, linestyle="",
              label=f"R1, γ = {gamma:g}" if gamma else "without R1")
axes.axvline(0, color=LINES)
axes.set(title="The fastest turning eigenvalue, one mark a seed", xlabel="real part: braking",
         ylabel="imaginary part: turning")
axes.set_ylim(0, 1.15 * axes.get_ylim()[1])
axes.legend()
show(figure, "The fastest turning eigenvalue of a trained GAN for each seed: each mark with R1 lies lower than the one without "
             "it.")

# %% [markdown]
# For each seed, R1 makes the fastest pair turn less, and less for each bit that it comes in: the picture of the
# Dirac-GAN, in a GAN of hundreds of weights. (That it also brakes more holds for these seeds, not for all that we
# tried.) But is this GAN at an equilibrium, where v = 0? And would it stay there? **Predict** the length of v, and the
# largest real part of all eigenvalues, with R1 and without.

# %%
print(sum(w.numel() for net in (gan.generator, gan.discriminator) for w in net.parameters()), "weights")
for gamma in turning:
    print(f"γ = {gamma:g}: length of v", [f"{each:.3f}" for each in length[gamma]], "largest real part",
          [f"{each:.2f}" for each in stretching[gamma]])
if claims():
    assert min(length[1.0]) > 0.01 and all(calm < wild for wild, calm in zip(length[0.0], length[1.0], strict=True))
    assert min(stretching[1.0]) > 0 and all(calm < wild for wild, calm in zip(stretching[0.0], stretching[1.0], strict=True))

# %% [markdown]
# v is not 0: the game is still on its way. And the largest real part is above 0: near here some directions are
# stretched. With R1 both are smaller, on every seed. Eigenvalues describe the game as it is at this step, not where it
# will end.

# %% [markdown]
# ## 9 · What "converged" can mean
#
# | meaning | when it is guaranteed | how you would see it |
# |---|---|---|
# | the parameters come to rest | near an equilibrium, with R1 or the like, with small steps | steps become short |
# | the average of the parameters comes to rest | for convex-concave games; in practice often (EMA, chapter 05) | samples of the average stop changing |
# | the samples get as good as they can | no theorem promises it | FID on fresh samples, over the epochs (chapter 07) |
# | losses come to rest | not a sign of quality: see below | do not rely on it |
#
# > **Common misreading.** "The losses are flat, so it has converged" and "the losses swing, so it has not". The losses
# > measure one player against the other, not the samples against the data.
#
# A run that never comes to rest, recorded: both players learn fast, with Adam's β₁ = 0.5. **Predict:** do the losses
# tell when the samples were best? Slide, and compare JS with the losses.

# %%
from gan_edu.core.recording import shipped
from gan_edu.widgets import PlaneReplay

PlaneReplay(shipped("plane/circling"))

# %%
film = shipped("plane/circling")
curves = {name: torch.tensor(values, dtype=torch.float64) for name, values in film.meta["curves"].items()}
at = [int((curves["step"] - step).abs().argmin()) for step in film.steps]            # the place of each frame in the curves
late = [(score["js"], step, float(curves["d_loss"][k]), float(curves["g_loss"][k]))
        for step, score, k in zip(film.steps, film.scores, at, strict=True) if step >= 1000]
for what, (js, step, d_loss, g_loss) in (("best", min(late)), ("worst", max(late))):
    print(f"{what:5s} JS {js:.2f} at step {step:,}: loss of D {d_loss:.2f}, of G {g_loss:.2f}")
d_losses, best_of_all = [row[2] for row in late], 2 * math.log(2)
print(f"loss of D from step 1,000 on: {min(d_losses):.2f} to {max(d_losses):.2f}; 2 log 2 = {best_of_all:.2f}")
assert max(abs(loss - best_of_all) for loss in d_losses) < 0.03 and max(late)[0] > 3 * min(late)[0]

# %% [markdown]
# They do not. From step 1,000 on D's loss lies within 0.03 of 2 log 2, what it would be at the equilibrium, and G's
# near log 2. JS meanwhile goes from 0.13 to 0.52 and back. The *best* D would have a loss of 2 log 2 − 2 JS (chapter 01),
# as low as 0.35. This D is far from it, and its loss tells how far it is, not how good the samples are.
#
# Practitioners watch samples from fixed latents, FID with its floor, and the norm of D's gradient; they keep the best
# checkpoint, not the last; and they brake: R1, an average of G, and β₁ near 0.

# %% [markdown]
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason.
#
# ### 1 · Another critical γ (5 minutes, easy)
# A loss has $f(t) = -(t - 1)^2 / 2$. At which γ of R1 does the Dirac-GAN with this loss stop turning?

# %%
from gan_edu.exercises import convergence as exercises

gamma_critical = ...
exercises.critical(gamma_critical)

# %% [markdown]
# <details><summary>Hint</summary>
#
# You need $f'(0)$, and the γ at which the root is 0.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# # solution 1
# gamma_critical = 2 * 1                    # f'(t) = 1 − t
# verdict = exercises.critical(gamma_critical)
# ```
#
# </details>
#
# ### 2 · The largest step (10 minutes, medium)
# GAN with R1, γ = 0.3: $\lambda = -0.15 \pm 0.477i$. Both players step at once. Below which step size $h$ does it
# converge? Try your answer in the second control, too.

# %%
h_largest = ...
exercises.largest_step(h_largest)

# %% [markdown]
# <details><summary>Hint</summary>
#
# $|1 + h\lambda|^2 = 1 + 2h\,\mathrm{Re}\,\lambda + h^2|\lambda|^2$, and $|\lambda|^2 = f'(0)^2$.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# # solution 2
# h_largest = 2 * 0.15 / 0.25
# verdict = exercises.largest_step(h_largest)
# ```
#
# </details>
#
# ### 3 · Who converges? (5 minutes, easy)
# With small enough steps, near the equilibrium, and without any regulariser in the first two: a GAN on a Gaussian, a
# WGAN on a Gaussian, the Dirac-GAN with R1. Answer True or False for each.

# %%
gan_on_gaussian, wgan_on_gaussian, dirac_with_r1 = ..., ..., ...
exercises.who_converges(gan_on_gaussian, wgan_on_gaussian, dirac_with_r1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Section 7 prints the largest real parts.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# # solution 3
# gan_on_gaussian, wgan_on_gaussian, dirac_with_r1 = True, False, True
# verdict = exercises.who_converges(gan_on_gaussian, wgan_on_gaussian, dirac_with_r1)
# ```
#
# </details>
#
# ### 4 · Look ahead yourself (10 minutes, medium)
# Write one extra-gradient step: take $v$ at the place where a plain step of size $h$ would lead, and step with it from
# where you are. `v(theta, psi)` gives the pair of slopes.

# %%
def my_step(v, theta, psi, h):
    return ...

exercises.own_extra_gradient(my_step)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Two calls of v: one here, one ahead. The first is used only to look.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# # solution 4
# def my_step(v, theta, psi, h):
#     by_theta, by_psi = v(theta, psi)
#     by_theta, by_psi = v(theta + h * by_theta, psi + h * by_psi)
#     return theta + h * by_theta, psi + h * by_psi
#
#
# verdict = exercises.own_extra_gradient(my_step)
# ```
#
# </details>

# %% [markdown]
# ## Summary
#
# - A GAN's two slopes make a field that can turn. Then the flow circles, and steps circle or drift out.
# - The eigenvalues of the field's Jacobian, and of one turn, tell the end near an equilibrium, unless they lie on the
#   border.
# - R1 brakes, best at $\gamma = 2|f'(0)|$ in the Dirac-GAN. WGAN and WGAN-GP circle; noise and consensus come in.
# - Negative momentum and extra-gradient brake by the way they step.
# - "Converged" is no property of the losses. Watch samples and scores, and keep the best.
#
# **Read.** Mescheder, Geiger and Nowozin (2018), *Which training methods for GANs do actually converge?*, arXiv
# 1801.04406. Mescheder, Nowozin and Geiger (2017), *The numerics of GANs*, arXiv 1705.10461. Gidel et al. (2019),
# *Negative momentum for improved game dynamics*, arXiv 1807.04740, and *A variational inequality perspective on GANs*,
# arXiv 1802.10551.
#
# **Next.** Chapter 07 asks how good the samples are, and how one would know.
