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
# # 14 · Text: letters without a slope, and learning from reward
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/14_text.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/14_text.ipynb)
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# Three small networks have read 15,000 surnames. Type a beginning and let them go on; turn the temperature. Then be the
# discriminator yourself: which name is real?

# %% tags=["colab"] jupyter={"source_hidden": true} cellView="form"
# @title Set-up: run this first
from importlib.util import find_spec
from os import environ

if not find_spec("gan_edu"):  # Colab: add the course to what is there, upgrade nothing
    source = environ.get("GAN_EDU_SRC", "git+https://github.com/gan-edu/gan_edu")
    needed = ("anywidget", "psygnal", "ot", "torchmetrics", "lightning_utilities")
    lacking = [{"ot": "POT"}.get(name, name) for name in needed if not find_spec(name)]
    # %pip install -q --no-deps "{source}" {" ".join(lacking)}

from gan_edu.core.training import wait_briefly

wait_briefly()  # before torch is loaded: a busy program beside this one shall do little harm

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show the name machine
import torch

from gan_edu.core.data import Batches
from gan_edu.core.measures import measured
from gan_edu.core.notebook import claims, pace
from gan_edu.core.training import setup
from gan_edu.text import NAMES, reader, split, surnames, writers
from gan_edu.widgets import Guess, NameMachine

setup()
learned, held_out = split(surnames())
stored, networks = measured("text"), writers()
NameMachine(networks, real=held_out, judge=reader().judge)

# %% [markdown]
# **After this chapter you can**
#
# - show why no gradient flows through a drawn letter, and name three ways round,
# - derive REINFORCE for a bandit, and measure what a baseline does to its variance,
# - write a step of SeqGAN, with rollouts, in ten lines,
# - judge a text generator: quality *and* diversity, at every temperature, beside maximum likelihood.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | lesson (the default) | about TODO minutes on two cores | TODO |
# | full (`GAN_EDU_PACE=full`) | about TODO minutes on two cores | TODO |
#
# It takes 60 minutes to read and play, and needs no network. You should know chapters 03, 05 and 09.

# %% [markdown]
# ## 1 · A letter has no slope
#
# A picture is made of numbers: push a pixel a little, and D's verdict moves a little. That is the slope that G learns
# from. A text is made of **tokens**: letters here. G gives each a probability, and then one is *taken*. Take the likeliest,
# or draw one: nudge the logits a little, and the same letter comes out.
#
# Below, letter $a$ is worth $r_a$. How does the worth of what comes out change with each logit? No chain rule is used: both
# sides are tried, $\frac{f(θ + h e_k) - f(θ - h e_k)}{2h}$. **Predict:** which of the three rows is not zero?

# %% tags=["nbval-check-output"]
from gan_edu.text import chosen, drawn_token, nudged

logits, worth = torch.tensor([0.3, -0.5, 1.1]).double(), torch.tensor([1.0, 2.0, 5.0]).double()
u = torch.tensor([[0.4]]).double()              # the luck of one draw
rows = {
    "the likeliest": lambda x: chosen(x) @ worth,
    "one draw": lambda x: drawn_token(x[None], u)[0] @ worth,
    "the mean of all draws": lambda x: x.softmax(0) @ worth,
}
slopes = {name: nudged(value, logits) for name, value in rows.items()}
for name, slope in slopes.items():
    print(f"{name:22s}", *(f"{each:+.3f}" for each in slope))
assert not slopes["one draw"].any() and not slopes["the likeliest"].any(), "a letter has a slope"
assert (slopes["the mean of all draws"] != 0).all(), "the mean has no slope"

# %% [markdown]
# The *mean* over draws has a slope: more weight on what is worth more. One draw has none. So the task is to find the slope
# of a mean from draws that have none. There are three ways round:
#
# 1. **Do not draw.** Show D the probabilities themselves, and D must not see the difference: WGAN-GP, section 7.
# 2. **Draw, and make a slope up:** Gumbel-softmax, straight-through, section 6.
# 3. **Draw, and ask for no slope:** reinforcement learning, sections 4 and 5.

# %% [markdown]
# ## 2 · First without a GAN: the next letter
#
# A text's probability is a product, $p(x) = \prod_t p(x_t \mid x_1 … x_{t-1})$. A **GRU**, a network with a memory, reads
# letter after letter and gives the next one's logits. **Maximum likelihood** makes the data likely:
#
# $$L_G = -\frac{1}{T}\sum_t \log p(x_t \mid x_1 … x_{t-1})$$
#
# Token 0 is the end. No D, no draws while it learns.

# %%
from gan_edu.text import Reader, Writer, likelihood
from gan_edu.training_loop import GAN, adam, train

torch.manual_seed(0)
G = Writer(NAMES)
gan = GAN(G, None, G.latent_dim, latent="uniform", g_optimizer=adam(G, 5e-3))
batches = Batches(NAMES.encode(learned), 64)
for record in train(gan, batches, pace(test=4, lesson=250, full=2000), step=likelihood()):
    if record.step in (1, 50, 250, 2000):
        print(f"{record.step:5d} {record.g_loss:.2f} nats a letter:", *G.complete(count=6))

# %% [markdown]
# ## 3 · Is it good? Four numbers, and what noise gets
#
# - **3-gram divergence:** how often each three letters come in a row, beside held-out names; Jensen–Shannon, in bits.
# - **unique:** the share of different names. **copied:** the share that stands among the names it learned from.
# - **BLEU** to held-out names, and **self-BLEU** to each other: quality, and sameness.
#
# No score means anything alone. So we score what we know: real names, letters as frequent as in names, any letters, and one
# name over and over.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: what training names, chance and one name score
SHOWN = ("divergence", "unique", "copied", "valid", "bleu", "self_bleu")
print(f"{'':22s}", *(f"{name:>10s}" for name in SHOWN))
for name, row in stored["floors"].items():
    print(f"{name:22s}", *(f"{row[key]:10.3f}" for key in SHOWN))
floor = stored["floors"]

# %% [markdown]
# TODO: one paragraph. Training names are not at 0: two samples of one distribution differ; that is the floor. One name has
# BLEU 1: quality alone can be bought by saying one thing.

# %% [markdown]
# ## 4 · Reinforcement learning in one page
#
# A machine has K arms; arm $a$ pays $r_a$. A **policy** $π = \mathrm{softmax}(θ)$ says how often each is drawn. Wanted:
# more of $J = \sum_a π_a r_a$. Who knows all rewards has the exact gradient,
#
# $$\frac{\partial J}{\partial θ_k} = π_k (r_k - J).$$
#
# Who only draws sees one reward at a time. **REINFORCE** (Williams 1992): since $\nabla π_a = π_a \nabla \log π_a$,
#
# $$\nabla J = \sum_a π_a\, r_a \nabla \log π_a = \mathbb{E}\big[r_a \nabla \log π_a\big],\qquad
# \frac{\partial \log π_a}{\partial θ_k} = [k = a] - π_k.$$
#
# The reward's slope is never asked for. And any number $b$ may be taken from $r_a$, as $\mathbb{E}[b\,\nabla \log π_a] =
# b\,\nabla\sum_a π_a = 0$: a **baseline**. **Predict:** arms pay 10, 11 and 12. What does the mean as a baseline do to the variance?

# %% tags=["nbval-check-output"]
from gan_edu.text import bandit_gradient, best_baseline, estimates, variance

θ, pays = torch.tensor([0.2, -0.3, 0.5]), torch.tensor([10.0, 11.0, 12.0])
J = (θ.softmax(0) * pays).sum().item()
print("exact gradient      ", *(f"{each:+.3f}" for each in bandit_gradient(θ, pays)))
for name, b in (("no baseline", 0.0), ("b = E[r]", J), ("the best b", best_baseline(θ, pays))):
    found = estimates(θ, pays, 100_000, b)
    print(f"{name:12s} {b:6.2f} ", *(f"{each:+.3f}" for each in found.mean),
          f" variance {found.variance:7.3f}, reckoned {variance(θ, pays, b):7.3f}")
assert variance(θ, pays) > 100 * variance(θ, pays, J), "the baseline does little"

# %% [markdown]
# All three have the right mean. Without a baseline every draw says "more of this", however bad it was.

# %% [markdown]
# ## 5 · SeqGAN: the reward is D's
#
# A name is a chain of such draws, and D's probability of "real" is what it pays, at its end. How good was letter $t$?
# **Rollouts** tell: let G go on from $x_1 … x_t$ to the end, and ask D (Yu et al. 2017, arXiv 1609.05473):
#
# $$\nabla \mathbb{E}[R] = \mathbb{E}\Big[\sum_t (Q_t - b_t)\,\nabla \log p(x_t \mid x_1 … x_{t-1})\Big],\qquad
# Q_t = \mathbb{E}\big[\,σ(D)\text{ of names that begin with } x_1 … x_t\big]$$

# %%
from gan_edu.core.training.step import draw, learn, loss_of_d, noise, one_step
from gan_edu.text import alive, rewards

@one_step
def seqgan(gan, batches):
    d = loss_of_d(gan, draw(gan, batches, graph=False))
    learn(gan, "discriminator", d.loss, *d.logits)              # D, as ever
    x = gan.generator(noise(gan, next(batches)))                # (N, T, V), drawn: no slope
    Q, on = rewards(gan, x, rollouts=1), alive(x)               # (N, T); on: 1 up to the end
    b = (Q * on).sum(0) / on.sum(0).clamp(min=1)                # (T,)
    loss = -((Q - b) * gan.generator.log_probability(x)).sum(1).mean()
    learn(gan, "generator", loss)
    return {"d_loss": d.loss, "g_loss": loss, "reward": Q[:, -1].mean()}

# %% [markdown]
# TODO: run it for a lesson-minute from section 2's writer; print the reward's curve and names.
#
# ### What each letter earned
# TODO: one figure: Q_t along two names, a real-looking and an odd one.

# %% [markdown]
# ## 6 · Gumbel-softmax: draws with a slope that is made up
#
# Add $g = -\log(-\log u)$ to each logit, $u$ uniform: the largest sum is a draw from the softmax. The draw goes forward;
# backward goes the slope of $\mathrm{softmax}((θ + g)/τ)$ (Jang et al. 2017). The gradient is that of another function:
# biased, but of low variance.

# %% tags=["nbval-check-output"]
from gan_edu.text import gumbel_softmax

many = torch.rand(100_000, 3, generator=torch.Generator().manual_seed(0)).double()
for τ in (2.0, 0.5, 0.1):
    x = gumbel_softmax(logits.expand(100_000, 3), many, τ)
    shares = x.mean(0)
    print(f"τ = {τ}: shares", *(f"{each:.3f}" for each in shares), "· softmax", *(f"{each:.3f}" for each in logits.softmax(0)))

# %% [markdown]
# TODO: beside it the mean slope at each τ against the exact gradient, and its variance (a table of both).

# %% [markdown]
# ## 7 · No draws at all: WGAN-GP babbles
#
# Gulrajani et al. (2017), section 5.4: G gives all places' shares at once; the critic sees shares from G and one-hot letters
# from the data. TODO: names of the stored run, and why: each place is decided without knowing the others' draws.

# %% [markdown]
# ## 8 · At equal cost
#
# TODO: table of stored runs, five seeds, median (range): early, mle, seqgan, gumbel, late, wgan; a Guess before it.

# %% [markdown]
# ## 9 · Quality against diversity
#
# TODO: the plane, BLEU against self-BLEU, temperature 0.5 … 1.4, five seeds; after Caccia et al. (2020), arXiv 1811.02549.

# %% [markdown]
# ## 10 · Poems, code, dialogue
#
# TODO: a writer of verse (VERSE, likelihood, lesson-minute), words known; what longer texts would need, and what won there:
# likelihood and attention, then reinforcement learning from people's preferences, where the reward is a network that was
# trained on comparisons, and a KL term keeps G near the likelihood's solution.

# %% [markdown]
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason.
#
# ### 1 · A bandit's gradient (10 minutes, easy)
# Write `gradient(logits, rewards)`: $π_k (r_k - J)$ for each arm, with $π = \mathrm{softmax}$ of the logits.

# %%
from gan_edu.exercises import text as exercises

def gradient(logits, rewards):
    return ...

exercises.own_gradient(gradient)

# %% [markdown]
# <details><summary>Hint</summary>
#
# J is the mean of the rewards, each weighted by its π.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import text as exercises
#
# def gradient(logits, rewards):
#     p = logits.softmax(0)
#     return p * (rewards - (p * rewards).sum())
#
# exercises.own_gradient(gradient)
# ```
#
# </details>
#
# ### 2 · REINFORCE's loss (15 minutes, medium)
# Write `loss(log_p, value, on)`, all (N, T): $-\frac1N\sum_n\sum_t \text{on}\,(Q_t - b_t)\log p$, where $b_t$ is the mean
# of the values that are on at place t.

# %%
from gan_edu.exercises import text as exercises

def loss(log_p, value, on):
    return ...

exercises.own_loss(loss)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `(value * on).sum(0) / on.sum(0)` is the baseline of each place.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import text as exercises
#
# def loss(log_p, value, on):
#     base = (value * on).sum(0) / on.sum(0)
#     return -((value - base) * log_p * on).sum() / len(log_p)
#
# exercises.own_loss(loss)
# ```
#
# </details>
#
# ### 3 · Gumbel-softmax (10 minutes, medium)
# Write `gumbel(logits, u, temperature)`: $\mathrm{softmax}((θ + g)/τ)$ over the tokens, $g = -\log(-\log u)$.

# %%
from gan_edu.exercises import text as exercises

def gumbel(logits, u, temperature):
    return ...

exercises.own_gumbel(gumbel)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Both the logits and the noise are divided by τ.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import text as exercises
#
# def gumbel(logits, u, temperature):
#     g = -(-u.log()).log()
#     return ((logits + g) / temperature).softmax(1)
#
# exercises.own_gumbel(gumbel)
# ```
#
# </details>
#
# ### 4 · A divergence of shares (15 minutes, medium)
# Write `divergence(p, q)`: $\frac12\sum p\log_2\frac{p}{m} + \frac12\sum q\log_2\frac{q}{m}$, $m = (p + q)/2$. Some shares are 0.

# %%
from gan_edu.exercises import text as exercises

def divergence(p, q):
    return ...

exercises.own_divergence(divergence)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `torch.special.xlogy(p, p / m)` is $p \ln(p/m)$, and 0 where p is 0.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import math
#
# import torch
#
# from gan_edu.exercises import text as exercises
#
# def divergence(p, q):
#     m = (p + q) / 2
#     sides = [torch.special.xlogy(each, each / m).sum() for each in (p, q)]
#     return sum(sides) / 2 / math.log(2)
#
# exercises.own_divergence(divergence)
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
# - A drawn letter has no slope; the mean over draws has one.
# - REINFORCE finds it from draws and rewards alone; a baseline leaves its mean and takes away variance.
# - TODO: what our numbers say of SeqGAN, Gumbel-softmax and WGAN-GP beside likelihood, at equal cost and at all temperatures.
#
# **Read.** Williams (1992), "Simple statistical gradient-following algorithms for connectionist reinforcement learning". Yu et
# al. (2017), SeqGAN, arXiv 1609.05473. Jang et al. (2017), Gumbel-softmax, arXiv 1611.01144. Gulrajani et al. (2017), arXiv
# 1704.00028, section 5.4. Zhu et al. (2018), Texygen, arXiv 1802.01886. Caccia et al. (2020), arXiv 1811.02549.
#
# **Next.** Chapter 15 translates, without pairs.
