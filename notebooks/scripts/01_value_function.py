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
# # 01 · The value function: what the two players play for
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/01_value_function.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/01_value_function.ipynb)
#
# Here is the whole theory of this chapter as something to play with. Blue is where the data lies, orange is where the
# generator's samples lie. **Drag the circle or the triangle**, and watch two numbers that always agree.

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
from gan_edu.core.distributions import gaussian, grid, on_line, ring, uniform
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
# It takes 45 minutes to read and play, and about a minute to run, at any pace. It needs no network. You should know
# what a probability density, an expectation and a derivative are.

# %% [markdown]
# ## 1 · Guess first
#
# The control below hides its numbers. Choose each **situation** from its menu and write down your guesses, then turn
# **numbers** on. V is what D earns when it plays as well as possible.
#
# 1. *too narrow* and *one of two modes*: in which does D earn more?
# 2. *far apart*: D is right about everything. How large is V? And how does V change if you move the two closer, to a
#    distance of 4?
# 3. *equal*: D can do no better than a coin. What is V then? It is not 0.

# %%
guess = DensityPlayer(numbers=False)
guess

# %% [markdown]
# ## 2 · Two short sums
#
# A **generator** (生成器) G turns random numbers $z$ into samples. A **discriminator** (判别器) D gives each sample $x$ a
# probability $D(x)$ that it is real. Show D four real samples and four fakes. For each real one it earns $\log D(x)$,
# for each fake $\log(1 - D(x))$. Both are at most 0: a perfect D earns 0, and a D that is sure and wrong pays without
# limit.

# %%
# NBVAL_CHECK_OUTPUT
D_of_real = torch.tensor([0.9, 0.8, 0.6, 0.7])
D_of_fake = torch.tensor([0.1, 0.5, 0.3, 0.2])
first_sum = D_of_real.log().mean()
second_sum = (1 - D_of_fake).log().mean()
print(f"real {first_sum:.3f} + fake {second_sum:.3f} = {first_sum + second_sum:.3f}")

# %% [markdown]
# That is the **value function** (值函数), estimated from eight samples. With all samples there are, the two sums become
# two expectations:
#
# $$V(D, G) = \mathbb E_{x}[\log D(x)] + \mathbb E_{z}[\log(1 - D(G(z)))]$$
#
# **Predict:** what does a D earn that says ½ to everything? Then: what if it says 0.99 to everything?

# %%
# NBVAL_CHECK_OUTPUT
for says in (0.5, 0.99):
    print(f"D = {says} everywhere: V = {math.log(says) + math.log(1 - says):.3f}")
assert math.isclose(2 * math.log(0.5), -math.log(4))

# %% [markdown]
# The coin earns $2 \log \tfrac12 = -\log 4 = -1.386$. Remember this number. Trusting everybody is much worse.
#
# > **Common misreading.** "G minimises D(G(z))." G *minimises V*. It can move only the second term, and
# > $\log(1 - D(G(z)))$ is small when $D(G(z))$ is large. So G *maximises* D(G(z)).

# %% [markdown]
# ## 3 · From samples to integrals
#
# G's samples have a density, $p_g$. An expectation over $z$ is then one over $x$: we need not know $z$ any more.
#
# $$\mathbb E_{z}[f(G(z))] = \int p_g(x)\, f(x)\, dx$$
#
# Check it for $G(z) = 1 + z/2$ with $z \sim \mathcal N(0, 1)$, whose samples have the density $\mathcal N(1, \tfrac14)$,
# and for the D with the logit $l(x) = 1 - x$. (The **logit**, 对数几率, is $\log(D / (1 - D))$.)

# %%
from gan_edu.core.quadrature import points

p_g = gaussian(1.0, 0.5)
z = torch.randn(100_000, generator=torch.Generator().manual_seed(0))
def f(x):
    return (1 - (1 - x).sigmoid()).log()                        # log(1 − D(x))

x, weight = points(p_g)                                         # (N, 1) and (N,): a sum that stands for ∫ dx
over_x = (p_g.density(x) * f(x[:, 0]) * weight).sum()
print(f"over 100,000 z: {f(1 + z / 2).mean():.4f}    over x: {over_x:.4f}")
assert abs(f(1 + z / 2).mean() - over_x) < 0.005

# %% [markdown]
# So V is a sum of two integrals over the same line, and `value` computes it by **quadrature** (数值积分): a sum over
# well-chosen points. A GAN has only samples, so what it sees is an estimate with a **standard error** (标准误).
#
# **Predict:** with 100 times as many samples, how much smaller is the error?

# %%
from gan_edu.value_function import value, value_by_monte_carlo

p_data, p_g = gaussian(-1, 1), gaussian(1, 1)
def D(x):
    return -1.5 * x                                             # some D, by its logit

stream = torch.Generator().manual_seed(0)
print(f"quadrature: V = {value(p_data, p_g, D):.4f}")
for count in (64, 6_400, 640_000):
    V, error = value_by_monte_carlo(p_data, p_g, D, count, stream)
    print(f"{count:7,} samples: V = {V:.4f} ± {error:.4f}")
    assert abs(V - value(p_data, p_g, D)) < 4 * error

# %% [markdown]
# Ten times smaller. A batch of 64 knows V only to the first decimal. That is one reason why the losses of a GAN jump.
#
# ## 4 · What min and max mean
#
# $$\min_G \max_D V(D, G)$$
#
# Read it from the inside. For **each** G, D may answer with its best. G then chooses the G whose answer hurts least.
# So we first hold $p_g$ still and look for the best D.
#
# ### The best answer at one place
#
# Write $V = \int [\, p_{data}(x) \log D(x) + p_g(x) \log(1 - D(x)) \,]\, dx$. If D may be any function, its value at
# one $x$ binds it nowhere else. So at each place, with $a = p_{data}(x)$ and $b = p_g(x)$, find the $y$ that makes
# $a \log y + b \log(1 - y)$ largest.

# %%
# NBVAL_CHECK_OUTPUT
import sympy as sp

a, b, y = sp.symbols("a b y", positive=True)
f = a * sp.log(y) + b * sp.log(1 - y)
best = sp.solve(sp.diff(f, y), y)
bend = sp.simplify(sp.diff(f, y, 2).subs(y, best[0]))
print("slope 0 at y =", best, "  second derivative there:", sp.factor(bend))
assert best == [a / (a + b)] and bend.is_negative

# %% [markdown]
# One place with slope 0, and the curve bends down there: a maximum. Both ends fall to −∞. Here are three such curves.

# %%
from gan_edu.core.figures import DISCRIMINATOR, FAKE, INK, PAPER, SOFT, show, subplots

line = torch.linspace(0.005, 0.995, 400)
figure, axes = subplots()
for (p, q), style in zip(((0.4, 0.1), (0.3, 0.3), (0.05, 0.35)), ("-", "--", ":"), strict=True):
    height = p * line.log() + q * (1 - line).log()
    axes.plot(line, height, style, color=INK, label=f"a = {p}, b = {q}")
    axes.plot(line[height.argmax()], height.max(), "D", color=DISCRIMINATOR, markersize=8)
    assert abs(line[height.argmax()] - p / (p + q)) < 0.005
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
# **Predict:** push $D^*$ a little, in any way you like. What happens to V?

# %%
from gan_edu.value_function import optimal_discriminator, optimal_logit

def pushed(push):
    """V, where push(x) was added to the logit of D*."""
    return value(p_data, p_g, lambda x: optimal_logit(p_data, p_g, x) + push(x[:, 0]))

V_best = value(p_data, p_g)                                     # without a D: the best one
print(f"V(D*) = {V_best:.5f}")
pushes = {"up": lambda x: 0 * x + 0.2, "down": lambda x: 0 * x - 0.2, "in waves": lambda x: 0.2 * (3 * x).sin(),
          "to be steeper": lambda x: -0.2 * x, "to be flatter": lambda x: 0.2 * x}
for name, push in pushes.items():
    print(f"pushed {name:13s} V = {pushed(push):.5f}")
    assert pushed(push) < V_best

# %% [markdown]
# Every push costs. Scroll up to the player: the dotted green line is $D^*$, and it is ½ exactly where blue and orange
# cross. Press **Train D**: a small network that sees only samples climbs towards it, and its V never passes V(D*).
#
# ## 6 · What the best D leaves to G
#
# Put $D^*$ into V. To see what it means, compare each density with the **mixture** (混合分布)
# $m = \tfrac12 (p_{data} + p_g)$. The algebra at one place, again with $a$ and $b$:

# %%
# NBVAL_CHECK_OUTPUT
m = (a + b) / 2
at_best = a * sp.log(a / (a + b)) + b * sp.log(b / (a + b))
rewritten = -(a + b) * sp.log(2) + a * sp.log(a / m) + b * sp.log(b / m)
difference = sp.simplify(sp.expand_log(at_best - rewritten, force=True))
print("difference:", difference)
assert difference == 0

# %% [markdown]
# Integrate both sides. $\int (a + b)\, dx = 2$, so the first part gives $-2 \log 2 = -\log 4$. The others are two
# **Kullback–Leibler divergences** (KL 散度), $\mathrm{KL}(p \,\|\, q) = \int p \log (p / q)$. Half their sum has a name, the
# **Jensen–Shannon divergence** (JS 散度):
#
# $$V(D^*, G) = -\log 4 + 2\,\mathrm{JS}(p_{data}, p_g), \qquad
#   \mathrm{JS}(p, q) = \tfrac12 \mathrm{KL}(p \,\|\, m) + \tfrac12 \mathrm{KL}(q \,\|\, m)$$
#
# Both sides, each by its own definition, for densities that have little in common:

# %%
from gan_edu.value_function import js, kl

two = on_line("two bumps", [-2, 2], [0.5, 0.8], [0.3, 0.7])
for p, q in ((p_data, p_g), (two, gaussian(0, 2)), (gaussian(0, 0.1), gaussian(0, 3)), (uniform(0, 2), uniform(1, 4))):
    left, right = value(p, q), -math.log(4) + 2 * js(p, q)
    print(f"{p.name:10s} against {q.name:9s} V(D*) = {left:.6f}   −log 4 + 2 JS = {right:.6f}")
    assert abs(left - right) < 1e-6

# %% [markdown]
# It is no matter of one dimension. In the plane, and for a die:

# %%
print(f"ring against grid: V(D*) = {value(ring(), grid()):.4f} by quadrature, "
      f"{value_by_monte_carlo(ring(), grid(), count=20_000, stream=stream).value:.4f} from samples")
fair, loaded = [1 / 6] * 6, [0.1, 0.1, 0.1, 0.1, 0.1, 0.5]
print(f"fair against loaded die: V(D*) = {value(fair, loaded):.4f}, −log 4 + 2 JS = {-math.log(4) + 2 * js(fair, loaded):.4f}")
print("D* for each face:", [round(share, 2) for share in optimal_discriminator(fair, loaded).tolist()])
assert abs(value(fair, loaded) + math.log(4) - 2 * js(fair, loaded)) < 1e-9

# %% [markdown]
# ## 7 · Where G's best is, and why it is −log 4
#
# A KL is never negative, and 0 only for equal densities. So JS is at least 0, and $V(D^*, G) \ge -\log 4$, with equality
# only at $p_g = p_{data}$. There $D^* = \tfrac12$ everywhere: the coin of section 2.
#
# **Predict:** 2,000 random pairs of dice. How many fall below −log 4?

# %%
dice = torch.distributions.Dirichlet(torch.full((6,), 0.5, dtype=torch.float64))
torch.manual_seed(0)
values = torch.tensor([value(p, q) for p, q in zip(dice.sample((2000,)), dice.sample((2000,)), strict=True)])
print(f"least {values.min():.3f}, largest {values.max():.3f}; below −log 4 = −1.386: {(values < -math.log(4)).sum()}")
assert values.min() > -math.log(4) and values.max() <= 1e-9

# %% [markdown]
# None. Now let G do its part: move $p_g$'s mean and width, and let the best D answer each time.

# %%
means, widths = torch.linspace(-3, 3, 25), torch.linspace(0.3, 2.5, 23)
V_star = torch.tensor([[value(gaussian(), gaussian(mean, width)) for mean in means] for width in widths])
figure, axes = subplots()
filled = axes.contourf(means, widths, V_star, 20, cmap="cividis")
figure.colorbar(filled, label="V(D*, G), nats")
axes.plot(0, 1, "X", color=FAKE, markeredgecolor=PAPER, markersize=12)
axes.set(title="max over D of V, for data N(0, 1)", xlabel="mean of $p_g$", ylabel="width of $p_g$")
at = V_star.argmin()
assert abs(means[at % 25]) < 0.01 and abs(widths[at // 25] - 1) < 0.01 and abs(V_star.min() + math.log(4)) < 1e-4
show(figure, "Contours of V at the best D over the mean and width of p_g: one valley, whose lowest point, marked by a cross, "
             "is mean 0 and width 1, where p_g equals p_data.")

# %% [markdown]
# Now the answers to section 1. In *too narrow*, D earns −1.01; in *one of two modes* −0.96: nearly the same. A G that
# forgets half of the data pays about as much as one that draws everything too narrow. JS is a single number: it does
# not say *what* is wrong. *Far apart*: 0, all that D can earn, and at a distance of 4 it is still 0 to three decimals.
# *Equal*: −1.386.

# %%
situations = {
    "too narrow": (gaussian(0, 1.2), gaussian(0, 0.4)),
    "one of two modes": (on_line("two", [-2, 2], [0.6, 0.6]), gaussian(-2, 0.6)),
    "far apart": (gaussian(-3, 0.5), gaussian(3, 0.5)),
    "at a distance of 4": (gaussian(-2, 0.5), gaussian(2, 0.5)),
}
V_of = {name: value(p, q) for name, (p, q) in situations.items()}
print({name: round(V, 4) + 0.0 for name, V in V_of.items()})
assert abs(V_of["one of two modes"] - V_of["too narrow"]) < 0.06 and V_of["at a distance of 4"] > -0.001

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

# %%
from gan_edu.core.pace import claims, pace
from gan_edu.losses import cross_entropy_d

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

# %%
from torch.nn import Linear, Sequential, Tanh

print(f"V of the best D: {value(p, q):.3f}    −log 4 = {-math.log(4):.3f}")
for seed in range(3):
    torch.manual_seed(seed)
    line_D = value(p, q, trained(Linear(1, 1), p, q, stream))
    net_D = value(p, q, trained(Sequential(Linear(1, 32), Tanh(), Linear(32, 1)), p, q, stream))
    print(f"seed {seed}: V of the straight line {line_D:.3f}, of the network {net_D:.3f}")
    assert max(line_D, net_D) < value(p, q)
    if claims():
        assert abs(line_D + math.log(4)) < 0.03 and value(p, q) - net_D < 0.08

# %% [markdown]
# The line earns no more than a coin: seen from it, G is perfect. It compares means only, and both are 0. What a weak D
# cannot see, G is not asked to mend.
#
# ### G's gradient is taken with D held fixed
#
# G does not descend the curve $-\log 4 + 2\,\mathrm{JS}$. It takes its slope of V with D frozen. Let $p_g = \mathcal N(\theta, 1)$,
# freeze the best D of $\theta_0 = 2$, and move $\theta$.

# %%
data, theta_0 = gaussian(0, 1), 2.0
def frozen(x):
    return optimal_logit(data, gaussian(theta_0), x)

thetas = torch.linspace(-3, 4, 71).tolist()
held = [value(data, gaussian(t), frozen) for t in thetas]
theorem = [value(data, gaussian(t)) for t in thetas]
def slope(F, t, h=1e-4):
    return (F(t + h) - F(t - h)) / (2 * h)

of_frozen = slope(lambda t: value(data, gaussian(t), frozen), theta_0)
of_js = slope(lambda t: 2 * js(data, gaussian(t)), theta_0)
print(f"slopes at θ₀: V with D frozen {of_frozen:.5f}, 2 JS {of_js:.5f}")
assert abs(of_frozen - of_js) < 1e-5 and all(h <= t + 1e-9 for h, t in zip(held, theorem, strict=True))

# %%
figure, axes = subplots()
axes.plot(thetas, theorem, "-", color=INK, label="−log 4 + 2 JS: D always at its best")
axes.plot(thetas, held, "--", color=DISCRIMINATOR, label="V with the D of θ₀ = 2 held fixed")
axes.plot(theta_0, value(data, gaussian(theta_0)), "D", color=INK)
axes.set(title="The slope agrees at one point only", xlabel="θ, the mean of $p_g$", ylabel="V, nats", ylim=(-4, 0.1))
axes.legend()
show(figure, "Two curves over the mean of p_g touch at theta 2. The one with D always at its best has its lowest point at 0. "
             "The one with D held fixed falls ever further to the left, below −3.")

# %% [markdown]
# At $\theta_0$ the slopes agree: there G's step is the step down the divergence. Away from it they part. With D frozen, G
# would run past the data at 0 and never stop. So D must follow.
#
# > **Common misreading.** "Training minimises the difference between G and D." There is no such difference. *At the
# > best D* the minimax loss is a divergence between two **distributions**, $p_g$ and $p_{data}$. Training need not
# > lower it: D is never quite at its best, and each step of G changes what is best.
#
# ### The densities overlap
#
# Slide two boxes of width 1 apart. **Predict:** how does JS go on after they have lost touch? Try it: drag the triangle.

# %%
boxes = DensityPlayer(uniform(-3, -2), uniform(-2.5, -1.5))
boxes

# %%
gaps = torch.linspace(0, 3, 61).tolist()
of_boxes = [js(uniform(0, 1), uniform(gap, gap + 1)) for gap in gaps]
of_bells = [js(gaussian(0, 0.2), gaussian(gap, 0.2)) for gap in gaps]
figure, axes = subplots()
axes.plot(gaps, of_boxes, "-", color=INK, label="boxes of width 1")
axes.plot(gaps, of_bells, "--", color=SOFT, label="Gaussians of width 0.2")
axes.axhline(math.log(2), color=DISCRIMINATOR, linestyle=":", label="log 2")
axes.set(title="JS, while $p_g$ slides away", xlabel="distance", ylabel="JS, nats")
axes.legend()
assert all(abs(J - math.log(2)) < 1e-12 for J in of_boxes[21:]) and of_boxes[10] < math.log(2)
show(figure, "JS over the distance: for boxes it rises in a straight line to log 2 at distance 1 and is flat from there. For "
             "Gaussians of width 0.2 it rises faster and is flat from about 1 on.")

# %%
def js_of_boxes(gap):
    return js(uniform(0, 1), uniform(gap, gap + 1))

def js_of_bells(gap):
    return js(gaussian(0, 0.2), gaussian(gap, 0.2))

for gap in (0.5, 1.5, 3.0):
    print(f"distance {gap}: slope of JS {slope(js_of_boxes, gap):.4f} for boxes, {slope(js_of_bells, gap):.1e} for Gaussians")
assert abs(slope(js_of_boxes, 1.5)) < 1e-9 and abs(slope(js_of_bells, 3.0)) < 1e-6
print("KL of boxes that share nothing:", kl(uniform(0, 1), uniform(2, 3)))

# %% [markdown]
# Where two supports share nothing, JS is log 2, exactly, at any distance. A constant has no slope: the best D tells G
# that it is wrong and not where to go. KL is worse: infinite. In a space of many dimensions, pictures lie on thin
# sheets, and two thin sheets hardly ever overlap (Arjovsky and Bottou 2017, arXiv 1701.04862). Chapter 02 changes the
# loss, chapter 05 adds noise, chapter 09 changes the divergence: this plot is the reason.

# %% [markdown]
# ## 9 · The saddle
#
# What does a game with a max and a min look like? Give each player **one number**. Two places, data on each with ½:
#
# $$D = (\sigma(d), \sigma(-d)), \qquad p_g = (q, 1 - q), \quad q = \sigma(g)$$
#
# so that $V(d, g) = \tfrac12 \log \sigma(d) + \tfrac12 \log \sigma(-d) + q \log \sigma(-d) + (1 - q) \log \sigma(d)$.

# %%
def my_two_points(d, g):
    q, log_sigmoid = g.sigmoid(), torch.nn.functional.logsigmoid
    return (log_sigmoid(d) + log_sigmoid(-d)) / 2 + q * log_sigmoid(-d) + (1 - q) * log_sigmoid(d)


at_0 = torch.zeros(2, dtype=torch.float64)
bends = torch.linalg.eigvalsh(torch.autograd.functional.hessian(lambda w: my_two_points(w[0], w[1]), at_0))
print(f"V(0, 0) = {my_two_points(*at_0):.4f}; curvatures there: {bends[0]:.3f} and {bends[1]:.3f}")
assert bends[0] < 0 < bends[1]

# %% [markdown]
# One curvature down, one up: a **saddle point** (鞍点), and V = −log 4 on it. Its rival is the **Dirac-GAN** of
# Mescheder et al. (2018): all data at 0, all fakes at $g$, and $D(x) = \sigma(d x)$. The two share no place unless
# $g = 0$. Then $V = -\log 2 + \log \sigma(-d g)$.
#
# **Predict:** both players take gradient steps, D up and G down. Do they reach the saddle, at the ×? Drag the start, change the
# step, then choose the other game.

# %%
from gan_edu.value_function import dirac

saddle = Saddle({"two points": my_two_points, "Dirac-GAN": dirac})
saddle

# %%
from gan_edu.core.two_players import path

for name, game in saddle.games.items():
    for order in ("simultaneous", "alternating"):
        radius = path(game, (-1, 1), step=0.2, count=500, order=order).norm(dim=1)
        print(f"{name:10s} {order:12s} distance to the saddle: {radius[0]:.2f}, after 500 turns {radius[-50:].mean():.2g}")
        assert radius[-1] < 1e-3 if game is my_two_points else radius[-50:].min() > 1.3

# %% [markdown]
# In the first game the players arrive: its V bends down in $d$, which brakes D. The Dirac-GAN's V does not bend along the
# axes, and its players circle for ever, or drift out. They know where each other stands, and still miss. Knowing the optimum is
# one thing, getting there another: chapter 06.

# %% [markdown]
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason.
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
# # solution 1
# best_D = [1, 0.5, 0]
# V_of_best = 0.5 * math.log(1) + 0.5 * math.log(0.5) + 0.5 * math.log(0.5) + 0.5 * math.log(1)
# verdict = exercises.by_hand(best_D, V_of_best)
# ```
#
# </details>
#
# ### 2 · Three fakes for each real one (5 minutes, medium)
# Someone shows D three fakes for each real sample and adds up all terms: $V_3 = \mathbb E_x[\log D] + 3\,\mathbb E_z[\log(1 - D)]$.
# At a place with $p_{data}(x) = 0.3$ and $p_g(x) = 0.1$, what does the best D say?

# %%
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
# # solution 2
# answer = 0.3 / (0.3 + 3 * 0.1)
# verdict = exercises.three_fakes(answer)
# ```
#
# </details>
#
# ### 3 · What a trained D proves (5 minutes, medium)
# Your network D reaches V(D, G) = −0.9. What is the least that JS can be?

# %%
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
# # solution 3
# least_js = (-0.9 + math.log(4)) / 2
# verdict = exercises.what_it_proves(least_js)
# ```
#
# </details>
#
# ### 4 · Your own JS (10 minutes, medium)
# Write a function that takes two lists of probabilities and gives JS in nats. The check tries it on pairs with zeros in
# them.

# %%
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
# # solution 4
# def my_js(p, q):
#     p, q = torch.tensor(p), torch.tensor(q)
#     m = ((p + q) / 2).clamp_min(1e-12)
#     return (torch.special.xlogy(p, p / m) + torch.special.xlogy(q, q / m)).sum().item() / 2
# verdict = exercises.own_js(my_js)
# ```
#
# </details>
#
# ### 5 · Play (5 minutes, medium)
# Find densities in the player for which V(D*, G) lies between −1.0 and −0.9, though $p_{data}$ and $p_g$ have the same
# mean. Give the player to the check.

# %%
my_player = ...
exercises.same_mean(my_player)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Put both circles at 0 and make one density narrow. Or give the data two modes and put G between them.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# # solution 5
# my_player = DensityPlayer(gaussian(0, 1.2), gaussian(0, 0.35))
# verdict = exercises.same_mean(my_player)
# ```
#
# </details>

# %% [markdown]
# ## Summary
#
# - V adds two means: $\log D$ over the data and $\log(1 - D)$ over the fakes. D makes it large, G makes it small.
# - For a fixed G the best D is $p_{data} / (p_{data} + p_g)$, and it earns $-\log 4 + 2\,\mathrm{JS}$: least at $p_g = p_{data}$.
# - A trained D earns less. G's slope is that of the divergence only at the best D, with D held fixed.
# - Without overlap JS is log 2 and has no slope.
# - The optimum is a saddle. Gradient steps may lead to it, or circle it for ever.
#
# **Read.** Goodfellow et al. (2014), *Generative adversarial nets*, arXiv 1406.2661, section 4. Arjovsky and Bottou
# (2017), *Towards principled methods for training generative adversarial networks*, arXiv 1701.04862. Mescheder et al.
# (2018), *Which training methods for GANs do actually converge?*, arXiv 1801.04406.
#
# **Next.** Chapter 02 turns V into the losses that are minimised.
