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
# # 06 · Convergence: why two players who know the way still miss
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/06_convergence.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/06_convergence.ipynb)
#
# <!-- near -->
# ← [05 the tricks](05_tricks.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [07 evaluation](07_evaluation.ipynb) →
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# The smallest GAN there is has two numbers: θ says where all fakes lie, ψ how D slopes. All data lies at 0, and the
# only good end is (0, 0), marked ×: neither player is pulled away from there. **Drag the square:** does the path come to
# the × from any start? Then choose the regulariser **R1** and slide its strength.

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
# @title Show the phase portrait
import math

import torch

from gan_edu.core.training import setup
from gan_edu.core.notebook import DISCRIMINATOR, GENERATOR, INK, LINES, SOFT, show, subplots
from gan_edu.widgets import PhasePortrait

setup()
portrait = PhasePortrait()
portrait

# %% [markdown]
# **After this chapter you can**
#
# - say, from the eigenvalues of a small matrix, whether gradient steps near an equilibrium arrive or leave, and when the
#   eigenvalues do not tell,
# - explain what R1, instance noise and consensus change, and why WGAN-GP misses the ×,
# - say what "until it converges" can mean for a GAN, and what you can watch instead.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | lesson (the default) | about 2 minutes on two cores | 10 small GANs on the ring |
# | full (`GAN_EDU_PACE=full`) | about 2 minutes on two cores | the same |
#
# It takes 50 minutes to read and play, and needs no network. You should know chapter 01, what an eigenvalue is, and the
# chain rule.

# %% [markdown]
# ## 1 · A game with two numbers
#
# The **Dirac-GAN** (狄拉克 GAN) of Mescheder et al. (2018): the data is the single point 0, every fake is the point θ, and
# D's logit is $l(x) = -\psi x$. As ever, $D(x) = \sigma(l(x))$ is the probability that x is real. So $1 - D(\theta)$ is
# $\sigma(\psi\theta)$. The value that D raises and G lowers is
#
# $$L(\theta, \psi) = f(\psi\theta) + f(0), \qquad f(t) = \log\sigma(t) = -\log(1 + e^{-t})$$
#
# **Mind the sign.** That of ψ is the paper's. A positive ψ says *fake* to the right of 0, and *real* to the left. The
# first term of L is $\log(1 - D(\theta))$, the second $\log D(0)$. That is V of the Dirac-GAN in chapter 01: its g is
# θ, and its d is −ψ.
#
# Each player steps along its own slope. Together the two slopes are arrows in the plane, the **vector field** (向量场)
#
# $$v(\theta, \psi) = (-\partial_\theta L,\ \partial_\psi L) = (-\psi f'(\psi\theta),\ \theta f'(\psi\theta))$$
#
# **Predict:** at (1, 1), which way does the arrow point? Towards the × at (0, 0)?

# %%
from gan_edu.convergence import dirac, field
from gan_edu.value_function import dirac as v_of_chapter_1

v = field(dirac())                                    # by autograd, from the two losses
theta, psi = torch.tensor(1.0), torch.tensor(1.0)
slope = 1 / (1 + math.exp(1))                         # f'(1) = σ(−1)
print("v(1, 1) =", [round(float(each), 4) for each in v(theta, psi)],
      "by hand:", [round(-slope, 4), round(slope, 4)])

# %%
for ours, hand in zip(v(theta, psi), (-slope, slope), strict=True):
    assert abs(float(ours) - hand) < 1e-6, (
        "autograd and the formula by hand give different arrows")
assert torch.isclose(-dirac().d(theta, psi), v_of_chapter_1(-psi, theta)), \
    "L is not chapter 01's V with d = −ψ, g = θ"

# %% [markdown]
# It points neither in nor out: at a right angle to the line to the ×. That is so everywhere:
# $v \cdot (\theta, \psi) = (-\psi\theta + \theta\psi) f' = 0$. Nothing in this field pulls to the middle, or away from it.

# %% tags=["nbval-check-output"] jupyter={"source_hidden": true} cellView="form"
# @title Check: at 50 places no arrow pulls in or out
places = torch.randn(50, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
inward = [sum(a * b for a, b in zip(v(*place), place, strict=True))         # v · (θ, ψ)
          for place in places]
assert max(abs(pull) for pull in inward) < 1e-15, (
    "at one of the places the arrow pulls in or out")
print("no pull towards the middle, or away from it, at", len(places), "places")

# %% [markdown]
# ## 2 · Infinitely small steps, and real ones
#
# A **round** is a step of each player. (The control counts rounds as "steps".) They can step *both at once*
# (simultaneous): each looks at where the other stood before. Or *by turns* (alternating): the second looks at where the
# first now stands.
#
# The path of infinitely small steps is the **flow of the field** (流), for short the flow.
#
# **Predict:** follow the flow. Where is the point after a long time? And with
# steps of 0.2, both players at once? And by turns, G first?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Play and plot: three ways to follow the same arrows
from gan_edu.convergence import Rule, flow, radius, trajectory

ways = {"infinitely small steps": flow(v, 1.0, 1.0, time=100, count=500),
        "both at once": trajectory(v, 1.0, 1.0, Rule("simultaneous", step=0.2), 500),
        "by turns": trajectory(v, 1.0, 1.0, Rule("alternating", step=0.2), 500)}
lengths = {name: radius(way) for name, way in ways.items()}
for name, far in lengths.items():
    print(f"{name:24s} distance to (0, 0): first {far[0]:.3f}, least {far.min():.3f}, most {far.max():.3f}, last {far[-1]:.3f}")
assert (lengths["infinitely small steps"] - math.sqrt(2)).abs().max() < 1e-6, "the flow leaves its circle"
assert lengths["both at once"][-1] > 3, "with both at once the players do not drift out past 3"
assert lengths["by turns"].min() > 1.34 and lengths["by turns"].max() < 1.43, "by turns the players leave 1.34 to 1.43"

figure, axes = subplots(figsize=(7.2, 3.4))
for (name, far), (colour, line) in zip(lengths.items(), ((INK, ":"), (DISCRIMINATOR, "-"), (GENERATOR, "--")), strict=True):
    axes.plot(far, line, color=colour, label=name)
axes.set(title="Three ways to follow the same arrows", xlabel="round (steps of 0.2)", ylabel="distance to (0, 0)")
axes.legend()
show(figure, "Distance to the middle over 500 rounds. With infinitely small steps it stays at 1.41. With both at once it grows "
             "past 3. By turns it swings between 1.34 and 1.42.")

# %% [markdown]
# Even with perfect, infinitely small steps the players circle for ever. With real steps the order counts.
#
# - **Both at once.** A step has the length $h\lVert v\rVert$, where h is the learning rate. It stands at a right angle to
#   the line to the ×. By Pythagoras the distance grows: $r^2$ becomes $r^2 + h^2\lVert v\rVert^2$. That holds at every
#   place and for every h. (The flat parts of the curve are no rest. Where ψθ is large and positive, $f'$ is nearly 0, and
#   the players move very slowly.)
# - **By turns.** In these 500 rounds the distance only swings. Far longer runs creep out: to between 1.5 and 1.6 in
#   100,000 rounds, to about 4 in 1,000,000.
#
# > **Common misreading.** "Train long enough, and it converges." Here G and D are as simple as can be, and they have one
# > equilibrium only. Still, each step of both at once leads away from it, at any learning rate.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Check: each step of both at once leads away, however small
for step in (1.0, 0.2, 0.05, 0.01):
    way = trajectory(v, 1.0, 1.0, Rule("simultaneous", step=step), int(100 / step))
    by_g, by_d = v(way.theta[:-1], way.psi[:-1])
    print(f"steps of {step}: after the same time the distance is {radius(way)[-1]:.3f}")
    assert torch.allclose(radius(way).square().diff(), step ** 2 * (by_g ** 2 + by_d ** 2)), \
        "a step does not lengthen the distance as Pythagoras says"
    assert (radius(way).diff() > -1e-12).all(), "one of the steps came nearer to the middle"

# %% [markdown]
# ## 3 · Eigenvalues tell the end
#
# Where v = 0, nobody moves: that is a **rest point** (平衡点). Near one, with z counted from it, a field is nearly
# linear: $v(z) \approx J z$, where $J$ is the **Jacobian** (雅可比矩阵). The
# **eigenvalues** (特征值) $\lambda = a + ib$ of $J$ say how this linear part flows, along each as $e^{at} e^{ibt}$:
#
# - $a < 0$: it comes in. $a > 0$: it goes out. And $b$ is how fast it goes round.
# - $a = 0$: the linear part neither comes in nor goes out, as long as no λ occurs twice.
#
# If all $a < 0$, the flow comes in from every start that is near enough. If one $a > 0$, it leaves from almost every start
# nearby. In between, with one $a = 0$ and none above, the **remainder** (余项) decides: the part
# of v that $J$ leaves out.
#
# **Predict** the eigenvalues of the Dirac-GAN, whose flow is a circle.

# %%
from gan_edu.convergence import eigenvalues, jacobian

J = jacobian(v, 0.0, 0.0)
print("J =", J.tolist(), "  λ =", [f"{each:.3f}" for each in eigenvalues(J)])
half = torch.tensor([0.5j, -0.5j], dtype=torch.complex128)
assert torch.allclose(eigenvalues(J), half), "λ is not ±i/2"

# %% [markdown]
# $\lambda = \pm i f'(0) = \pm i/2$. There is no real part: nothing brakes the linear part.
#
# A round is a map too. Near the × its own eigenvalues, μ, decide. If all $|\mu| < 1$, inside the unit circle $|\mu| = 1$,
# the players come in. If one $|\mu| > 1$, they leave its neighbourhood from almost every start close to it. With both at
# once a round is $z \leftarrow z + h\,v(z)$, so that $\mu = 1 + h\lambda$. The largest |μ| is the **spectral
# radius** (谱半径) of the round.
#
# **Predict:** can $|1 + h\lambda| < 1$ hold for an imaginary λ?

# %%
from gan_edu.convergence import spectral_radius, round_jacobian

def largest_mu(v, rule):
    """The largest |μ| of one round at (0, 0), by autograd on the round itself."""
    return spectral_radius(round_jacobian(v, 0.0, 0.0, rule))

for order in ("simultaneous", "alternating"):
    rule = Rule(order, step=0.2)
    found = eigenvalues(round_jacobian(v, 0.0, 0.0, rule)).tolist()
    print(f"{order:13s} μ = {[f'{m:.4f}' for m in found]}, "
          f"largest |μ| = {largest_mu(v, rule):.6f}")

# %% jupyter={"source_hidden": true} cellView="form"
# @title Check: the largest |μ| with other steps
for h in (0.2, 1.0, 3.9):
    at_once, by_turns = (largest_mu(v, Rule(step=h)),
                         largest_mu(v, Rule("alternating", step=h)))
    assert math.isclose(at_once, math.hypot(1, h / 2)), "both at once |μ| is not √(1 + h²/4)"
    assert math.isclose(by_turns, 1), "by turns |μ| is not 1"
assert largest_mu(v, Rule("alternating", step=4.1)) > 1.5, (
    "by turns steps above 4 do not throw them out")

# %% [markdown]
# - **Both at once:** $|\mu| = \sqrt{1 + h^2/4} > 1$ for every $h$.
# - **By turns:** |μ| = 1 exactly, up to h = 4. In the linear part G's step slides each point along θ, by an amount that
#   only ψ sets. D's step slides along ψ. Neither changes an area. So the two μ have the product 1. Their sum is
#   $2 - h^2/4$. Up to h = 4 it lies between −2 and 2, so they are complex conjugate, each with |μ| = 1 (at h = 4 both
#   are −1).
#
# If the largest |μ| is 1, the eigenvalues do not tell the end. Again the remainder decides.
#
# **Predict:** three losses, all with |μ| = 1 by turns, and now with large steps of 1. Do they circle?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Play: three losses by turns, with steps of 1
rule, seen = Rule("alternating", step=1.0), {}
for loss, start in (("WGAN", (1.0, 1.0)), ("GAN", (1.0, 1.0)), ("GAN", (0.3, 0.1)), ("NSGAN", (1.0, 1.0))):
    game = field(dirac(loss))
    seen[loss, start] = far = radius(trajectory(game, *start, rule, 2000))
    print(f"{loss:5s} from {start}: |μ| {largest_mu(game, rule):.4f}; distance in rounds 1 to 50 {far[1:51].min():.2f} to",
          f"{far[1:51].max():.2f}, in the last 50 {far[-50:].min():.2f} to {far[-50:].max():.2f}")
    assert math.isclose(largest_mu(game, rule), 1), "one of the losses has another |μ| than 1"
assert abs(seen["WGAN", (1.0, 1.0)][-50:].mean() - seen["WGAN", (1.0, 1.0)][1:51].mean()) < 0.05, "WGAN leaves its circle"
far = seen["GAN", (1.0, 1.0)]
print(f"GAN from (1, 1): at most {far[:501].max():.2f} in 500 rounds, past 3 in round {(far > 3).nonzero()[0].item()}")
assert far[:701].max() > 3 and far[700:].min() > 2, "from (1, 1) the GAN does not creep out past 3 within 700 rounds"
assert seen["GAN", (0.3, 0.1)].min() > 0.26 and seen["GAN", (0.3, 0.1)].max() < 0.34, "from (0.3, 0.1) 2,000 rounds show more"
assert seen["NSGAN", (1.0, 1.0)][-50:].max() < 0.1, "the non-saturating GAN does not creep in"

# %% [markdown]
# WGAN's field *is* linear, and it goes round an ellipse. The GAN creeps out from (1, 1): within 700 rounds it is
# past 3. (Where it is after 2,000 depends on rounding errors: another computer may print another number.) From (0.3, 0.1)
# 2,000 rounds show nothing: it swings between 0.26 and 0.34. But in 2,000,000 the largest distance creeps from 0.337
# to 0.340. In these runs it is slower from nearby. The non-saturating GAN creeps in. Appendix A derives it. You can try
# it in the control of section 4.

# %% [markdown]
# ## 4 · A brake: R1
#
# R1 adds $\tfrac{\gamma}{2}\,\mathbb E\lVert\nabla_x l(x)\rVert^2$, taken at the data, to D's loss. Here the logit has
# the slope −ψ, so D pays $\tfrac{\gamma}{2}\psi^2$ and feels a pull $-\gamma\psi$. In $J$ one zero becomes −γ:
#
# $$J = \begin{pmatrix} 0 & -f'(0) \\ f'(0) & -\gamma \end{pmatrix}, \qquad
# \lambda = -\frac{\gamma}{2} \pm \sqrt{\frac{\gamma^2}{4} - f'(0)^2}$$
#
# **Predict:** twice the brake, twice as fast? The larger real part of the two λ says how fast the flow comes in: the
# lower, the faster. Draw your guess below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: the eigenvalues while γ grows
from gan_edu.convergence import critical_gamma, dirac_eigenvalues
from gan_edu.widgets import Guess

guess = Guess.curve("brake", "How does the larger real part of λ change with the strength γ of R1?", (0, 3), (-1, 0.2),
                    labels=("γ", "larger real part of λ"))
gammas = torch.linspace(0, 3, 121).tolist()
pairs = [dirac_eigenvalues("GAN", gamma) for gamma in gammas]
by_autograd = [eigenvalues(jacobian(field(dirac("GAN", "R1", gamma)), 0.0, 0.0)).tolist() for gamma in gammas]
assert all(abs(ours - found) < 1e-6 for pair, two in zip(pairs, by_autograd, strict=True)
           for ours, found in zip(pair, two, strict=True)), "the formula for λ and autograd do not agree"
slowest = [max(each.real for each in pair) for pair in pairs]
fastest_gamma = gammas[slowest.index(min(slowest))]
with guess:
    print(f"the larger real part is lowest at γ = {fastest_gamma:.3f}; 2 |f'(0)| = {critical_gamma():.3f}")
assert abs(fastest_gamma - critical_gamma()) < 0.03, "the larger real part is lowest at another γ than 2 |f'(0)|"

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
guess.answer((gammas, slowest), show(
    figure, "Left: the two eigenvalues start at plus and minus i/2 for gamma 0, follow a quarter of a circle each to −1/2 at gamma 1 and "
            "part along the real axis; at gamma 3 one has come back near 0. Right: the larger real part falls to −1/2 at gamma 1 and "
            "rises again from there."))

# %% [markdown]
# Now slide the strength, past the mark, and watch the largest |μ|. Later, try the three losses of section 3: set the
# regulariser to "none" and the order to "alternating, G first", take a step size of 1 and 2,000 steps, choose the loss,
# and drag the square.

# %%
braked = PhasePortrait(penalty="R1", gamma=0.3)
braked

# %% [markdown]
# Up to the **critical** $\gamma = 2|f'(0)| = 1$ more brake helps: both eigenvalues move left. Beyond it both are real, and
# one of them comes back towards 0. So in the long run the flow comes in fastest at the critical γ. (Rounds by turns with
# h < 4 are fastest at γ = 1 − h/4. And in a run that ends, a slightly smaller γ can be nearer.) Too much R1 is slow: D's
# slope soon stays near $\psi = \theta f'(0)/\gamma$, which is small, and G moves only as fast as $\psi f'(0)$. And too
# much R1 is dangerous with large steps. They overshoot along the *other* eigenvalue, near −γ:

# %% jupyter={"source_hidden": true} cellView="form"
# @title Check: too much R1, and too little
strong = field(dirac("GAN", "R1", 3.0))
found, along = torch.linalg.eig(jacobian(strong, 0.0, 0.0))
slow = found.real.argmax()
print(f"γ = 3: λ = {found.real[slow]:.3f} and {found.real[1 - slow]:.3f}; on the slow way in ψ/θ =",
      f"{(along[1, slow] / along[0, slow]).real:.3f}, and f'(0)/γ = {0.5 / 3:.3f}")
assert abs((along[1, slow] / along[0, slow]).real - 0.5 / 3) < 0.01, "D's slope does not stay near θ f'(0)/γ"
small, large = (largest_mu(strong, Rule(step=step)) for step in (0.2, 0.7))
print(f"γ = 3: largest |μ| {small:.3f} with steps of 0.2, {large:.3f} with steps of 0.7")
assert small < 1 < large, "steps of 0.2 should come in, and steps of 0.7 go out"
for h in (0.2, 0.7, 1.0, 3.0):
    too_little, too_much = h / 4, 2 / h + h / 8       # |1 + hλ| = 1 of a complex pair; 1 + hλ = −1 of a real λ
    for gamma, inside in ((0.99 * too_little, False), (1.01 * too_little, True), (0.99 * too_much, True),
                          (1.01 * too_much, False)):
        assert (largest_mu(field(dirac("GAN", "R1", gamma)), Rule(step=h)) < 1) == inside, "the border lies elsewhere"
    print(f"both at once, h = {h}: |μ| < 1 for γ between {too_little:.3f} and {too_much:.3f}")
for h in (4.1, 6.0):
    assert all(largest_mu(field(dirac("GAN", "R1", k / 10)), Rule(step=h)) > 1 for k in range(40)), "some γ helps steps above 4"

# %% [markdown]
# With both at once all |μ| < 1 for γ between $h/4$ and $2/h + h/8$: then the players come in near the ×. On the two borders
# the remainder decides. For $h \ge 4$ there is no γ between them.
#
# ## 5 · The nine outcomes
#
# Now nine games, at the settings of the paper's code: 500 rounds from (1, 1) with steps of 0.2. We play each both
# at once and by turns with G first. The largest distance in the last 50 rounds decides, here as in the control.
# "Converges": it is at most 0.1 % of the start's. "Stays close": at most 5 %. "Slowly": it still fell by a tenth or more
# since the middle of the run. These are words for 500 rounds, not theorems. **Predict** which of these converge: GAN,
# non-saturating, WGAN with clipping, WGAN-GP, instance noise (1,000 draws a step), R1, consensus.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Play: nine games, each at once and by turns
from gan_edu.convergence import outcomes

rows = outcomes()
for row in rows:
    print(f"{row.method:23s} {row.order:13s} "
          f"{row.least:8.2g} to {row.largest:<8.2g} {row.outcome}")

def ends(*words):
    """The outcomes of the games that have one of these words in their name."""
    return [row.outcome for row in rows if any(word in row.method for word in words)]

assert ends("WGAN") == ["does not converge"] * 4, "a WGAN converges"
assert set(ends("R1", "consensus")) == {"converges"}, "R1 or consensus does not converge"
assert ends("noise") == ["stays close"] * 2, "drawn noise does not stay close"
assert ([row.outcome for row in rows[:4]]
        == ["does not converge"] * 3 + ["converges slowly"]), (
    "a loss without a brake ends otherwise than the text says")

# %% [markdown]
# - **No loss alone converges fast.** Minimax goes round by turns, and drifts out with both at once. Non-saturating
#   creeps in by turns. With both at once it is caught in a small circle. In a unit of time the flow shortens $r^2$ by
#   $r^4/8$, on average. The steps lengthen it by $h\lVert v\rVert^2 \approx h r^2/4$. The two are equal at $r =
#   \sqrt{2h} = 0.63$.
# - **WGAN circles too.** Its field is linear, with λ = ±i: no remainder is there to brake it. Clipping only keeps ψ
#   between −1 and 1, and the path bounded.
# - **WGAN-GP** wants D's slope to be 1. At the equilibrium the right D is flat. So the penalty pushes D away from where
#   it should rest. With γ < 2 its flow goes round. From 2 on it no longer does, and tends to |θ| = γ.
# - **R1** wants slope 0 *at the data*: exactly what D has at the equilibrium. So it does not push there, and brakes at
#   every other ψ.
# - **Instance noise** makes points into clouds that overlap. Now D feels that f bends, and that is a brake:
#   $f''(0)\,\sigma^2$ takes the place of $-\gamma/2$. Drawn noise keeps the point moving, so that it only stays close. How
#   close it ends is chance: other draws, another distance. (The control takes the mean over all noise. There, with σ = 0.7
#   as here, it converges.) Appendix B takes its cause, and WGAN-GP's, away.
# - **Consensus** (Mescheder et al. 2017) makes both players also shorten the arrows. From (1, 1) it comes in. From
#   (1.5, 1.5) it runs out: arrows are short there too. R1 comes in from both.
#
# ## 6 · Other steps on the same field
#
# One can also change the step. **Extra-gradient** (外梯度法) looks one step ahead and steps with the slope from there.
# **Momentum** (动量) β adds β times the last step to the next. **Predict:** which helps a player who circles: momentum
# of +0.5 or of −0.5? Does it matter whether both step at once or by turns? Guess below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Play: momentum and extra-gradient
rules = {f"{order}, momentum {beta:+.1f}": Rule(order, momentum=beta)
         for order in ("alternating", "simultaneous") for beta in (0.5, 0.0, -0.5)} | {"extra-gradient": Rule("extra-gradient")}
arrives = ("alternating, momentum -0.5", "extra-gradient")
guess = Guess.choice("momentum", "Which lets the circling players come in?",
                     ["+0.5, both at once", "+0.5, by turns", "−0.5, both at once", "−0.5, by turns"])
with guess:
    for name, rule in rules.items():
        mu, last = largest_mu(v, rule), radius(trajectory(v, 1.0, 1.0, rule, 500))[-1]
        print(f"{name:27s} largest |μ| {mu:.4f}, after 500 rounds {last:.3f}")
        assert (mu < 0.9999) == (last < 1) == (name in arrives), "another rule brakes than the text says"
    for beta in (-0.9, -0.7, -0.5, -0.3, -0.1, 0.1, 0.3, 0.5, 0.7, 0.9):
        assert (largest_mu(v, Rule("alternating", momentum=beta)) < 1) == (beta < 0), "by turns it is not the sign that decides"
        assert largest_mu(v, Rule("simultaneous", momentum=beta)) > 1, "with both at once some momentum brakes"
    for border, how in ((0.4, {"order": "alternating", "momentum": -0.9}), (2.0, {"order": "alternating", "momentum": -0.5}),
                        (2.0, {"order": "extra-gradient"})):
        below, above = (largest_mu(v, Rule(step=step * border, **how)) for step in (0.99, 1.01))
        print(f"{how['order']:13s} β {how.get('momentum', 0):+.1f}: |μ| {below:.3f} with steps of {0.99 * border:.3f},",
              f"{above:.3f} with {1.01 * border:.3f}")
        assert below < 1 < above, "the largest step that still brakes is another than the text says"
guess.answer("−0.5, by turns")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# - **By turns** negative momentum brakes (Gidel et al. 2019) while $h|\lambda| < 2(1 + \beta)$. Positive momentum drives the
#   players out: a point on a circle that keeps going straight leaves it.
# - **Both at once** no momentum brakes. μ solves $\mu^2 - (1 + \beta + h\lambda)\mu + \beta = 0$. For β = 0 one root is
#   $1 + h\lambda$, outside the unit circle. As λ is imaginary here, a root *on* the circle needs $h\lambda = 0$. So while
#   β moves between −1 and 1, no root crosses the circle, and one stays outside.
# - **Extra-gradient** brakes while $h|\lambda| < 1$.
#
# </details>
#
# Try it in the control of section 4: set the regulariser to "none" and the order to "alternating, G first", and slide β.
# Then change the order to "simultaneous", and slide again.
#
# Many GAN recipes lower Adam's β₁ from 0.9 to 0.5 or 0. By turns, in this game, 0.5 makes |μ| > 1. And 0 leaves it at
# 1, up to h = 4 (section 3). But Adam is not plain momentum, and a GAN is not this game: take it as a hint, not as a proof.
#
# ## 7 · More than a point
#
# Appendix C plays the game with a Gaussian in place of the point. Mescheder's theorem for the general case: take an
# equilibrium at which $p_g = p_{data}$ and D says ½ on and around the data. If a GAN with R1 *starts* near enough to it, its weights converge to it, or to another equilibrium beside it.
# This needs small enough steps, exact expectations, and some conditions on the loss and both players (the paper's
# assumptions I to III). It says nothing about a start far away, and nothing about networks too small to have such an
# equilibrium.
#
# ## 8 · A real GAN
#
# A GAN with two hidden layers of 16 in each player is trained on the ring. Its Jacobian has some 700 rows and as many columns,
# a large GAN's has millions. How does one find eigenvalues of a matrix that nobody can write down?
#
# - One product $Jw$ is cheap. It says how v changes when the weights move a little along w. Autograd computes that in a
#   few passes backward, without J.
# - Multiply a random vector by J again and again: $w, Jw, J^2w, \dots$ Directions with a large |λ| grow most.
#   **Arnoldi's method** (阿诺尔迪方法) reads a few eigenvalues from these vectors. They lie at the rim of the cloud of all
#   eigenvalues: the farthest to the right, say, or the highest.
#
# We train with plain gradient descent, so that the field is the one we know. We look at the pair $a \pm ib$ that
# rotates fastest, with the largest b. In a unit of time it rotates by b radians, and its length is multiplied by
# $e^{a}$. So, where a < 0, $|b/a|$ is the angle by which it rotates while its length falls to 1/e.
#
# **Predict:** we train on five seeds, without R1 and with it. On how many does the pair rotate more slowly with R1? On
# how many is it braked more? The training takes about 39 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Helper: a small GAN on the ring, with plain gradient descent
from gan_edu.core.data import Draws, ring
from gan_edu.core.training import mlp
from gan_edu.core.notebook import claims, pace
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

# %% jupyter={"source_hidden": true} cellView="form"
# @title Train on five seeds, without R1 and with it
from gan_edu.convergence import Linearised, leading_eigenvalues
from gan_edu.core.measures import Coverage

real, many = next(Draws(ring(), 2048, seed=100)), next(Draws(ring(), 8192, seed=101))
z, many_z = (torch.randn(len(batch), 2, generator=torch.Generator().manual_seed(100)) for batch in (real, many))
measure, last, bare = Coverage(ring()).measure, {}, []
rotating, stretching, length, scores = ({0.0: [], 1.0: []} for _ in range(4))
for seed in range(pace(test=1, lesson=5, full=5)):
    for gamma in rotating:
        gan, batches = on_ring(seed, gamma)
        for _ in train(gan, batches, pace(test=20, lesson=1500, full=1500)):
            pass
        rotating[gamma].append(leading_eigenvalues(gan, real, z, 2, "imaginary")[0])
        stretching[gamma].append(leading_eigenvalues(gan, real, z, 1, "real")[0].real)
        length[gamma].append(float(Linearised(gan, many, many_z).v.norm()))
        scores[gamma].append(measure(gan.generate(gan.latents(10_000))))
        last[gamma] = gan
    pull, gan.d_penalties = gan.d_penalties, []       # the weights with R1, and v without its pull
    bare.append(leading_eigenvalues(gan, real, z, 2, "imaginary")[0])
    gan.d_penalties = pull

# %% [markdown]
# First the samples. In each picture D says *real* where it is blue, *fake* where it is orange, and ½ where it is white.
# Its levels 0.1, ½ and 0.9 are dotted, solid and dashed. ● are real points, ▲ fakes.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: samples and D's map of the last seed
from gan_edu.core.notebook import probability_map

figure, axes = subplots(1, 2, figsize=(7.2, 3.4))
for place, (gamma, trained) in zip(axes, last.items(), strict=True):
    probability_map(place, trained.discriminator, real[:256], trained.generate(z[:256]), f"R1, γ = {gamma:g}" if gamma else "without R1")
show(figure, "The last seed. Without R1 all fakes lie on one thin streak, and D leans to real on the right and to fake along "
             "the streak. With R1 the fakes are spread over and around the eight clusters, and D says "
             "about one half everywhere.")

# %% [markdown]
# That is what a learner sees, here on the last seed: one streak, and one cloud. How good are they? We ask for three
# numbers: JS, the share of samples near a mode (within 3σ), and the modes that are covered. Near a covered mode lies at
# least half of its fair share. Beside them stands what needs no GAN at all: noise all over the picture, a wide
# Gaussian, and the data.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: how good the samples are
draws = torch.Generator().manual_seed(7)
without_gan = {"uniform noise": 3 * torch.rand(10_000, 2, generator=draws) - 1.5,
               "a wide Gaussian": math.sqrt(0.5) * torch.randn(10_000, 2, generator=draws), "the data": next(Draws(ring(), 10_000, 7))}
rivals = {name: measure(samples) for name, samples in without_gan.items()}
for name, each in [*rivals.items(), *((f"seed {seed}, γ = {gamma:g}", each) for gamma, found in scores.items()
                                      for seed, each in enumerate(found))]:
    print(f"{name:16s} JS {each['js']:.2f}, near a mode {each['quality']:6.1%}, covered {each['modes']} of 8")
wide = rivals["a wide Gaussian"]
if claims():
    for each, plain in zip(scores[1.0], scores[0.0], strict=True):
        assert each["js"] < plain["js"], "on one seed the JS with R1 is not below that without"
        assert 0.035 < wide["js"] - each["js"] < 0.075, "R1's JS is not 0.04 to 0.07 below the wide Gaussian's"
        assert 1.55 < each["quality"] / wide["quality"] < 2.45 and each["modes"] == 0, "R1's samples are not near 1.6 to 2.4 times as often"

# %% [markdown]
# Neither GAN is good. On each seed the JS with R1 is below that of the run without R1. But it is only 0.04 to 0.07
# below that of one wide Gaussian. Samples of the GAN with R1 are near a mode 1.6 to 2.4 times as often as the
# Gaussian's. But it covers no mode, while some of the runs without R1 cover one or two. It is calmer, though, and that
# is what this section is about. What do the eigenvalues say of the same GANs, seed by seed?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: the fastest rotating eigenvalue of each GAN
measured = {"without R1": rotating[0.0], "R1, γ = 1": rotating[1.0], "those weights, R1 taken out": bare}
for name, found in measured.items():
    print(f"{name}: fastest λ", "  ".join(f"{each:.2f}" for each in found))
    print(f"{'':{len(name)}}      |b/a| ", "  ".join(f"{abs(each.imag / each.real):11.1f}" for each in found))
if claims():
    assert all(each.real < 0 for found in measured.values() for each in found), "one of the fastest pairs goes out"
    more = sum(with_r1.real < plain.real for plain, with_r1 in zip(rotating[0.0], rotating[1.0], strict=True))
    assert more == 4, "R1's pair is braked more on another number of seeds than four"
    for plain, with_r1, no_pull in zip(*measured.values(), strict=True):
        assert with_r1.imag < min(plain.imag, no_pull.imag), "on one seed R1 does not slow the rotation"
        assert abs(with_r1.imag / with_r1.real) < abs(plain.imag / plain.real), "on one seed R1's pair rotates farther"
        assert abs(with_r1.imag / with_r1.real) < abs(no_pull.imag / no_pull.real) / 2, "the pull itself changes little"
        assert with_r1.real < no_pull.real, "on one seed the pull does not brake"

figure, axes = subplots(figsize=(7.2, 3.2))
for (name, found), (colour, marker) in zip(measured.items(), ((SOFT, "o"), (INK, "D"), (DISCRIMINATOR, "x")), strict=True):
    axes.plot([each.real for each in found], [abs(each.imag) for each in found], marker, color=colour, linestyle="", label=name)
for pair in zip(rotating[1.0], bare, strict=True):
    axes.plot([each.real for each in pair], [abs(each.imag) for each in pair], color=LINES, linewidth=1, zorder=0)
axes.axvline(0, color=LINES)
axes.set(title="The fastest rotating eigenvalue: a line joins the same weights", xlabel="real part: braking",
         ylabel="imaginary part: rotating")
axes.set_ylim(0, 1.15 * axes.get_ylim()[1])
axes.legend()
show(figure, "The fastest rotating eigenvalue of a trained GAN, three marks for each seed. The mark with R1 lies lower than the one "
             "without it. A line joins it to that of the same weights with R1 taken out, which lies higher, and near the line of "
             "no braking.")

# %% [markdown]
# With R1 the fastest pair rotates more slowly than without it, and its $|b/a|$ is smaller, on each of the five seeds.
# On four of them it is also braked more. But these are two runs whose weights went to different places. So take the
# weights that R1 led to, and take only R1's pull out of v. Then the fastest pair rotates faster, and is braked less, on
# each seed. It is the pull itself, as in the Dirac-GAN, here in a GAN of hundreds of weights.
#
# But is this GAN at an equilibrium, where v = 0? And would it stay there? **Predict** the length of v, and the largest
# real part of all eigenvalues, with R1 and without.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: the length of v, and the largest real part
count = sum(w.numel() for net in (gan.generator, gan.discriminator) for w in net.parameters())
print(count, "weights")
assert 650 < count < 750, "the GAN has not some 700 weights"
for gamma in rotating:
    print(f"γ = {gamma:g}: length of v      ", "  ".join(f"{each:.3f}" for each in length[gamma]))
    print("       largest real part", "  ".join(f"{each:.3f}" for each in stretching[gamma]))
noisy = [float(Linearised(last[1.0], real[256 * k:][:256], z[256 * k:][:256]).v.norm()) for k in range(8)]
print("length of v with R1, the last seed, on eight batches of 256:")
print("                        ", "  ".join(f"{each:.3f}" for each in noisy))
if claims():
    assert all(calm < wild / 10 for wild, calm in zip(length[0.0], length[1.0], strict=True)), "with R1 v is not ten times shorter"
    assert all(0.01 < calm < wild / 3 for wild, calm in zip(stretching[0.0], stretching[1.0], strict=True)), \
        "R1 does not stretch less, or stretches nothing"
    assert all(0.015 < each < 0.065 for each in stretching[1.0]), "with R1 a largest real part is not 0.02 to 0.06"
    assert min(stretching[0.0]) > 0.1, "without R1 nothing stretches"
    assert 1.6 < sum(noisy) / len(noisy) / length[1.0][-1] < 2.5, "on a batch of 256 v is not about twice as long"

# %% [markdown]
# Without R1 v is long: the game is on its way. And the largest real part is well above 0: small differences grow here. With
# R1 both are smaller, on every seed. v is more than ten times shorter, but not 0. The real part is still above 0, 0.02 to
# 0.06: small differences still grow here, only more slowly. (We took 8,192 points for v. On a batch of 256 it looks about
# twice as long, on the last seed: there a large part of it is chance.) Eigenvalues describe the game as it is at this
# round, not where it will end.

# %% [markdown]
# ## 9 · What "converged" can mean
#
# | meaning | when it is guaranteed | how you would see it |
# |---|---|---|
# | the parameters come to rest | near an equilibrium, with R1 or the like, with small steps and exact expectations, under the paper's assumptions (section 7) | v becomes short and stays so |
# | the average of the parameters, each weighted by its step, gets as good as an equilibrium | for convex-concave games on bounded sets, with steps that shrink to 0 while their sum grows without bound | neither player gains much by a move of its own |
# | the samples get as good as they can | if D is at its best at each step and $p_g$ itself can move freely, in small steps; for networks we know no such theorem | FID on fresh samples, over the epochs (chapter 07) |
# | losses come to rest | not a sign of quality: see below | do not rely on it |
#
# Here two of the three conditions of the second line are missing. WGAN's Dirac-GAN is convex-concave, but on the whole
# plane, and our steps do not shrink. Does the average of its path rest?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Play: the average of a path of WGAN's Dirac-GAN
for order in ("simultaneous", "alternating"):
    way = trajectory(field(dirac("WGAN")), 1.0, 1.0, Rule(order, step=0.1), 2000)
    average = torch.stack(way[:2]).cumsum(1) / torch.arange(1, 2002)
    far = {k: float(average[:, k - 100:k + 1].norm(dim=0).max()) for k in (500, 1000, 2000)}    # 100 rounds: more than once round
    print(f"{order:13s} largest distance of the average in the last 100 of k rounds:",
          "".join(f"\n{'':13s} k = {k:4d}: {each:7.3f}" for k, each in far.items()))
    if order == "alternating":
        assert all(0.4 < far[2 * k] / far[k] < 0.6 for k in (500, 1000)), "by turns the average is not about half as far after twice the rounds"
        assert radius(way)[-100:].min() > 1, "by turns the players come to rest"
    else:
        assert far[2000] > 100, "with both at once the average does not run away"

# %% [markdown]
# By turns the average comes in: with twice the rounds it is about half as far away, while the players go on circling.
# With both at once the players run away, and the average with them. In chapter 05 the average of G's weights (EMA) had a
# lower JS on the grid on all five seeds. On MNIST, after about 12 epochs, its FID was better on 2 of 5 only. That was
# seen, not guaranteed.
#
# > **Common misreading.** "The losses are flat, so the samples are good" and "the losses swing, so they are bad". A loss
# > measures one player against the other. Only where D is at its best does its loss measure the samples against the data
# > (chapter 01).
#
# A run that does not come to rest in its 4,000 rounds, recorded: both players learn with Adam, β₁ = 0.5 and large steps.
# **Predict:** do the losses tell when the samples were best? Slide, and compare JS with the losses.

# %%
from gan_edu.core.recording import shipped
from gan_edu.widgets import PlaneReplay

PlaneReplay(shipped("plane/circling"))

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: JS beside the losses
film = shipped("plane/circling")
curves = {name: torch.tensor(values, dtype=torch.float64) for name, values in film.meta["curves"].items()}
late = curves["step"] >= 1000
for name, at_rest, near in (("d_loss", 2 * math.log(2), 0.04), ("g_loss", math.log(2), 0.07)):
    losses = curves[name][late]
    print(f"{name} from round 1,000 on: {losses.min():.2f} to {losses.max():.2f}; at the equilibrium {at_rest:.2f}")
    assert (losses - at_rest).abs().max() < near, "a loss goes farther from where it would be at the equilibrium"
js = [(score["js"], step) for step, score in zip(film.steps, film.scores, strict=True) if step >= 1000]
worst, least = max(js), min(js)
after = min(each for each in js if each[1] > worst[1])
print(", ".join(f"JS {each:.2f} in round {step:,}" for each, step in (least, worst, after)))
print(f"2 log 2 − 2 JS at the worst: {2 * math.log(2) - 2 * worst[0]:.2f}")
scored = torch.tensor([each for each, _ in js], dtype=torch.float64)
at = torch.isin(curves["step"], torch.tensor([step for _, step in js], dtype=torch.float64))

def with_js(values):
    return float(torch.corrcoef(torch.stack([scored, torch.as_tensor(values, dtype=torch.float64)]))[0, 1])

together = {name: with_js(curves[name][at]) for name in ("d_loss", "g_loss")}
print("correlation of JS with D's loss {d_loss:.2f}, with G's {g_loss:.2f}".format(**together))
assert max(map(abs, together.values())) < 0.2, "a loss goes with JS"
means = [with_js(curves[name].unfold(0, k, 1).mean(1)[at[k - 1:]]) for name in together for k in range(2, 26)]
slope_of_d = with_js([score["d_grad"] for score, step in zip(film.scores, film.steps, strict=True) if step >= 1000])
print(f"with means over 16 to 200 rounds {min(means):.2f} to {max(means):.2f}; with the norm of D's gradient {slope_of_d:.2f}")
assert min(means) > -0.5 and max(means) < 0.15, "a mean over more rounds goes with JS"
assert abs(slope_of_d + 0.3) < 0.05, "the norm of D's gradient goes with JS otherwise than the text says"
assert [round(each, 2) for each, _ in (least, worst, after)] == [0.16, 0.51, 0.20] and least[1] < worst[1], \
    "JS does not go from 0.16 up to 0.51 and down to 0.20"
assert 2 * math.log(2) - 2 * worst[0] < 0.4 < 1.3 < curves["d_loss"][late].min(), "this D is not far from the best D"

# %% [markdown]
# We see no clear sign. Over the 35 frames from round 1,000 on, the correlation of JS with either loss is below 0.2 in
# size. (Each loss is the mean over the last 8 rounds. Means over the last 16 to 200 rounds give other numbers, from
# −0.5 to 0.1.) We average the losses over 8 rounds. From round 1,000 on D's lies within 0.04 of 2 log 2, and G's within
# 0.07 of log 2: what they would be at the equilibrium. JS meanwhile swings: it goes from 0.16 up to 0.51, and down to
# 0.20. The *best* D would have a loss of 2 log 2 − 2 JS (chapter 01): below 0.4 where JS is 0.51. This D is far from
# it. So a loss near 2 log 2 tells neither how far D is from its best, nor how good the samples are. (A loss of D far
# below 2 log 2 would tell one thing: JS is at least log 2 minus half of it.)
#
# So watch samples from fixed latents, and FID with its floor (chapter 07). (In this film the norm of D's gradient does not
# tell either: its correlation with JS is −0.3.) Keep the best checkpoint, not the last. Brake with R1. Try a low β₁: in
# the small game positive momentum drives out. Show samples of an average of G.

# %% [markdown]
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason.
#
# ### 1 · Another critical γ (5 minutes, easy)
# A loss has $f(t) = -(t - 1)^2 / 2$. With this loss, from which γ of R1 on are the eigenvalues of the Dirac-GAN real?
# Then it comes in near the × without going round.

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
# from gan_edu.exercises import convergence as exercises
#
# gamma_critical = 2 * 1                    # f'(t) = 1 − t
# exercises.critical(gamma_critical)
# ```
#
# </details>
#
# ### 2 · The largest step (10 minutes, medium)
# GAN with R1, γ = 0.3: $\lambda = -0.15 \pm 0.477i$. Both players step at once. Below which step size $h$ does it
# come in near (0, 0)? In the control of section 4, with γ back at 0.3 and the order "simultaneous", slide the step
# size, and watch where max |μ| passes 1.

# %%
from gan_edu.exercises import convergence as exercises

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
# from gan_edu.exercises import convergence as exercises
#
# h_largest = 2 * 0.15 / 0.25
# exercises.largest_step(h_largest)
# ```
#
# </details>
#
# ### 3 · Who converges? (5 minutes, easy)
# Follow the flow from any start that is near enough to the equilibrium. Does it come in? Three games: the GAN and the
# WGAN of appendix C, both without a regulariser, and the Dirac-GAN with R1. Answer True or False for each.

# %%
from gan_edu.exercises import convergence as exercises

gan_on_gaussian, wgan_on_gaussian, dirac_with_r1 = ..., ..., ...
exercises.who_converges(gan_on_gaussian, wgan_on_gaussian, dirac_with_r1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Appendix C has the first two, section 4 the third.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import convergence as exercises
#
# gan_on_gaussian, wgan_on_gaussian, dirac_with_r1 = True, False, True
# exercises.who_converges(gan_on_gaussian, wgan_on_gaussian, dirac_with_r1)
# ```
#
# </details>
#
# ### 4 · Look ahead yourself (10 minutes, medium)
# Write one extra-gradient step. Take $v$ at the place where a plain step of size $h$ would lead. Then step with it from
# where you are. `v(theta, psi)` gives the pair of slopes.

# %%
from gan_edu.exercises import convergence as exercises

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
# from gan_edu.exercises import convergence as exercises
#
# def my_step(v, theta, psi, h):
#     by_theta, by_psi = v(theta, psi)
#     by_theta, by_psi = v(theta + h * by_theta, psi + h * by_psi)
#     return theta + h * by_theta, psi + h * by_psi
#
#
# exercises.own_extra_gradient(my_step)
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
# - A GAN's two slopes make a field that can go round. In the Dirac-GAN with minimax the flow circles. Steps of both at
#   once drift out. Steps by turns keep |μ| = 1 up to h = 4: the eigenvalues do not decide. In the runs we saw, the
#   players creep out, more slowly from nearby. With steps of 1, from (1, 1) they are past 3 within 700 rounds. From
#   (0.3, 0.1) they hardly move out in 2,000,000.
# - The eigenvalues of the field's Jacobian, and of one round's, tell the end near an equilibrium. On the border (real part
#   0, |μ| = 1) they do not: the remainder decides.
# - R1 brakes. In the long run the Dirac-GAN's flow comes in fastest at $\gamma = 2|f'(0)|$. At the settings of section 5
#   WGAN and WGAN-GP circle. With drawn noise the players come close, with the mean over all noise they come in. With
#   consensus they come in.
# - With small steps extra-gradient brakes by the way it steps; so does negative momentum, by turns only.
# - "Converged" is no property of the losses. Watch samples and scores, and keep the best.
#
# **Read.** Mescheder, Geiger and Nowozin (2018), *Which training methods for GANs do actually converge?*, arXiv
# 1801.04406. Mescheder, Nowozin and Geiger (2017), *The numerics of GANs*, arXiv 1705.10461. Gidel et al. (2019),
# *Negative momentum for improved game dynamics*, arXiv 1807.04740, and *A variational inequality perspective on GANs*,
# arXiv 1802.10551.
#
# **Next.** Chapter 07 asks how good the samples are, and how one would know.

# %% [markdown]
# ## Appendix
#
# Derivations and measurements behind sections 3, 5 and 7. Nothing later needs them. Run all cells first: these build on
# the cells above.

# %% [markdown]
# ### A · Why the non-saturating GAN comes in
#
# Its G climbs $f(-\psi\theta)$ where the minimax G descends $f(\psi\theta)$.
# Write $t = \psi\theta$. Then $v = (-\psi f'(-t),\ \theta f'(t))$, and $f'(t) = \sigma(-t)$. Follow its flow and watch the
# distance r:
#
# $$\tfrac12 (r^2)' = \theta v_\theta + \psi v_\psi = t\,(f'(t) - f'(-t)) = -t \tanh\tfrac t2 \le 0$$
#
# It never grows. But for small t this is only $-t^2/2$: small as $r^4$. On average over a circle it is $-r^4/16$, so
# after a long time T the distance is about $\sqrt{8/T}$. The nearer, the slower.

# %%
def pull(loss, theta, psi):
    """½ (r²)' = θ v_θ + ψ v_ψ along the flow."""
    by_g, by_d = field(dirac(loss))(theta, psi)
    return theta * by_g + psi * by_d

t = places[:, 0] * places[:, 1]
assert torch.allclose(pull("NSGAN", *places.T), -t * torch.tanh(t / 2)), (
    "½ (r²)' is not −t tanh(t/2)")

# %%
creeping = radius(flow(field(dirac("NSGAN")), 1.0, 1.0, time=400, count=4))
for time, far in zip((100, 400), creeping[[1, 4]].tolist(), strict=True):
    print(f"the flow of the non-saturating GAN is {far:.3f} away at time {time}; "
          f"√(8 / {time}) = {math.sqrt(8 / time):.3f}")
    assert abs(far / math.sqrt(8 / time) - 1) < 0.02, "the distance is not about √(8/T)"

# %% [markdown]
# ### B · The causes, taken away
#
# In section 5 WGAN-GP and instance noise come with a cause. Take the cause away. One game is a WGAN-GP that wants
# slope 0. The other has noise on WGAN, whose f does not bend. (Its f is also twice as steep at 0, which only makes it go
# round faster.)

# %%
from gan_edu.convergence import consensus, outcome

without = {"WGAN-GP that wants slope 1": dirac("WGAN", "WGAN-GP", 0.7, target=1.0),
           "WGAN-GP that wants slope 0": dirac("WGAN", "WGAN-GP", 0.7, target=0.0),
           "GAN, mean over noise": dirac("GAN", noise=0.7),
           "WGAN, mean over noise": dirac("WGAN", noise=0.7)}
ends = {name: radius(trajectory(field(game), 1.0, 1.0, Rule("alternating"), 500))
        for name, game in without.items()}
for name, far in ends.items():
    print(f"{name:27s} distance in the last 50 rounds at most "
          f"{far[-50:].max():.2g}: {outcome(far)}")
assert [outcome(far) for far in ends.values()] == [
    "does not converge", "converges", "converges", "does not converge"], (
    "with the cause taken away the end is the same")
caught = radius(trajectory(
    field(dirac("NSGAN")), 1.0, 1.0, Rule(step=0.2), 500))[-50:].mean()
assert abs(caught - math.sqrt(2 * 0.2)) < 0.01, (
    "the non-saturating GAN is not caught at √(2h)")
for name, helped in {"consensus, γ 1": consensus(v, 1.0),
                     "R1, γ 0.3": field(dirac("GAN", "R1", 0.3))}.items():
    near, afar = (radius(trajectory(helped, start, start, Rule("alternating"), 500))[-1]
                  for start in (1.0, 1.5))
    print(f"{name:14s} after 500 rounds: {near:.2g} from (1, 1), {afar:.2g} from (1.5, 1.5)")
    assert near < 1e-3, "from (1, 1) consensus or R1 does not come in"
    assert afar > 5 if "consensus" in name else afar < 1e-3, (
        "from (1.5, 1.5) consensus comes in, or R1 does not")

restless = PhasePortrait("WGAN", "WGAN-GP", gamma=0.7)
restless

# %% [markdown]
# Without the cause, the effect is gone. The control shows the WGAN-GP that wants slope 1: look at where its path ends,
# and drag its start.

# %% [markdown]
# ### C · More than a point: a Gaussian
#
# Is the Dirac-GAN too special? Let the data be $\mathcal N(1, 1)$, $G(z) = az + b$, and D's logit $l(x) = -\psi_1 x -
# \psi_2 x^2$. The expectations are sums over 64 nodes (Gauss–Hermite quadrature) in place of samples, so there is no
# noise. At the equilibrium $a = b = 1$ and $\psi = 0$. (There is a second one, with a = −1 and the same distribution of
# samples.)
#
# **Predict:** does the plain GAN converge here? Does WGAN?

# %%
from gan_edu.convergence import gaussian

games = {"GAN": gaussian("GAN"), "WGAN": gaussian("WGAN"),
         "WGAN + R1, γ 0.3": gaussian("WGAN", "R1", 0.3)}
for name, game in games.items():
    found = eigenvalues(jacobian(field(game), [1.0, 1.0], [0.0, 0.0]))
    way = trajectory(field(game), [0.5, 0.0], [0.0, 0.0],
                     Rule("alternating", step=0.05), 3000)
    away = torch.cat([way.theta - 1, way.psi], 1).norm(dim=1)[-1000:]  # from (1, 1), ψ = 0
    print(f"{name:17s} largest real part of λ {found[0].real + 0.0:8.4f}; "
          f"from a = 0.5, b = 0 it is {away.min():.2g} to",
          f"{away.max():.2g} away in the last 1,000 rounds")
    assert (found[0].real < -0.05) == (away.max() < 1e-3) == (name != "WGAN"), (
        "an end is not as its eigenvalues and the text say")
    assert name != "WGAN" or (abs(found.real).max() < 1e-9 and away.min() > 0.7), (
        "WGAN comes nearer than 0.7")
theta, psi = torch.tensor([0.5, 0.0]), torch.tensor([0.3, -0.2])
(there, up), (back, same) = (field(games["WGAN"])(theta, each) for each in (psi, -psi))
assert torch.equal(back, -there) and torch.equal(same, up), (
    "ψ → −ψ does not turn WGAN's flow round")
for deviation in (1.0, 0.3, 0.1):
    narrow = eigenvalues(jacobian(field(gaussian("GAN", mean=0.0, deviation=deviation)),
                                  [deviation, 0.0], [0.0, 0.0]))
    print(f"GAN, data N(0, {deviation:g}²): largest real part of λ {narrow[0].real:.5f}")
    assert abs(narrow[0].real + min(deviation ** 2, 3 * deviation ** 4) / 4) < 1e-9, (
        "the brake is not as weak as the spread says")

# %% [markdown]
# Where all real parts are below 0, the players come in here, with steps of 0.05. In the Dirac-GAN the logit at 0 is 0
# whatever ψ is, so at rest D does not feel that f bends. Here the logit is not 0 all over the data. As $f'' < 0$, L
# bends down in ψ. That brakes D, as in the first game of chapter 01, section 9: the GAN converges.
#
# WGAN's largest real part is 0: that does not tell. But its L is linear in ψ. Put −ψ for ψ, and $v_\theta$ changes its sign
# while $v_\psi$ does not: the flow runs backwards in time. So beside each path into a rest point with ψ = 0 there is one
# out of it, and the point does not attract. With R1 the WGAN comes in.
#
# The last lines take the spread away: the data shrinks towards a point at 0, where the logit is 0 whatever ψ is. The
# GAN's brake fades.
#
# <!-- near -->
# ← [05 the tricks](05_tricks.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [07 evaluation](07_evaluation.ipynb) →
# <!-- /near -->
