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
# # 14 · Text, with reinforcement learning: letters without a slope
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/14_text.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/14_text.ipynb)
#
# <!-- near -->
# ← [13 restoration and editing](13_restoration.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [15 translation](15_translation.ipynb) →
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# Three small networks have read 15,000 surnames, a letter at a time. *early* has learned for a short while, *likelihood* seventeen times as long, and *SeqGAN*
# is early, taught on by a discriminator. Type a beginning and let them go on. Turn the *temperature* T, which divides the logits before each draw: below 1 likely letters
# come more often. Then be the discriminator yourself: which name is real? (D there is SeqGAN's.)

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
# @title Show the name machine
import torch

from gan_edu.core.data import Batches
from gan_edu.core.measures import measured
from gan_edu.core.notebook import (
    DISCRIMINATOR,
    FAKE,
    GENERATOR,
    INK,
    REAL,
    SOFT,
    claims,
    pace,
    show,
    subplots,
)
from gan_edu.core.training import setup
from gan_edu.text import NAMES, reader, split, surnames, writers
from gan_edu.widgets import Guess, NameMachine

setup()
learned, held_out = split(surnames())
stored, networks = measured("text"), writers()
NameMachine(networks, real=held_out, known=learned, judge=reader().judge)

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
# | lesson (the default) | about 1 minute on two cores | a writer of names, SeqGAN for 300 steps, a babbler, a writer of verse |
# | full (`GAN_EDU_PACE=full`) | about 8 minutes on two cores | the same; SeqGAN, the babbler and the writer of verse two to eight times as long |
#
# It takes 60 minutes to read and play, and needs no network. You should know chapters 03, 05 and 09.

# %% [markdown]
# ## 1 · A letter has no slope
#
# A picture is made of numbers: push a pixel a little, and D's verdict moves a little. That is the slope that G learns
# from. A text is made of **tokens** (词元): letters here. G gives each a probability, and then one is *taken*: the likeliest, or one that is drawn.
#
# Below, letter $a$ is worth $r_a$. How does the worth of what comes out change with each logit? No chain rule is used: both
# sides are tried, $\frac{f(θ + h e_k) - f(θ - h e_k)}{2h}$. **Predict:** which of the three rows is not zero?

# %%
from gan_edu.text import chosen, drawn_token, nudged

logits = torch.tensor([0.3, -0.5, 1.1]).double()
worth = torch.tensor([1.0, 2.0, 5.0]).double()
u = torch.tensor([[0.4]]).double()              # the luck of one draw

rows = {
    "the likeliest": lambda x: chosen(x) @ worth,
    "one draw": lambda x: drawn_token(x[None], u)[0] @ worth,
    "the mean of all draws": lambda x: x.softmax(0) @ worth,
}

# %% tags=["nbval-check-output"]
slopes = {name: nudged(value, logits) for name, value in rows.items()}
for name, slope in slopes.items():
    print(f"{name:22s}", *(f"{each:+.3f}" for each in slope))
assert not slopes["one draw"].any(), "a drawn letter has a slope"
assert not slopes["the likeliest"].any(), "the likeliest letter has a slope"
assert (slopes["the mean of all draws"] != 0).all(), "the mean has no slope"

# %% [markdown]
# Nudge the logits a little, and the same letter comes out: no slope. The *mean* over draws has one: more weight on what is worth more. So the task is to find the slope
# of a mean from draws that have none. There are three ways round:
#
# 1. *Do not draw.* Show D the probabilities themselves, and D must not see the difference: WGAN-GP, section 7.
# 2. *Draw, and make a slope up:* Gumbel-softmax, straight-through, section 6.
# 3. *Draw, and ask for no slope:* reinforcement learning, sections 4 and 5.

# %% [markdown]
# ## 2 · First without a GAN: the next letter
#
# A text's probability is a product, $p(x) = \prod_t p(x_t \mid x_1 … x_{t-1})$. A **GRU** (门控循环单元), a network with a memory, reads
# letter after letter and gives the next one's logits. Maximum likelihood makes the data likely:
#
# $$L_G = -\frac{1}{n}\sum_t \log p(x_t \mid x_1 … x_{t-1})$$
#
# The sum goes over all $n$ tokens of a batch. Token 0 is the end. No D, no draws while it learns.

# %%
from gan_edu.text import Reader, Writer, likelihood
from gan_edu.training_loop import GAN, adam, train

torch.manual_seed(0)
G = Writer(NAMES)
gan = GAN(G, None, G.latent_dim, latent="uniform",
          g_optimizer=adam(G, 5e-3, (0.9, 0.99)))
batches = Batches(NAMES.encode(learned), 64)

# %%
steps = pace(test=4, lesson=250, full=250)
for record in train(gan, batches, steps, step=likelihood()):
    if record.step in (1, 50, 250):
        names = " ".join(G.complete(count=6))
        print(f"{record.step:5d} {record.g_loss:.2f} nats a letter: {names}")

# %% [markdown]
# ## 3 · Is it good? Scores, and what noise gets
#
# *n-grams* are n letters in a row.
#
# - **3-gram divergence** (三元组散度): how often each 3-gram comes, beside held-out names; Jensen–Shannon, in bits.
# - *unique*: the share of different names. *copied*: the share that stands among the names it learned from.
# - **BLEU** to held-out names: which of a name's 1- to 4-grams stand in some held-out name. The same beside each other is **self-BLEU**
#   (自 BLEU). Quality, and sameness.
#
# No score means anything alone. So we score what we know: real names, letters as frequent as in names, any letters, one
# name over and over. And the oldest rival: *count* which letter follows each two or three, and draw from the counts (Shannon 1948).

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: what training names, chance, one name and counts score
SHOWN = ("divergence", "unique", "copied", "valid", "bleu", "self_bleu")
print(f"{'':24s}", *(f"{name:>10s}" for name in SHOWN))
for name, row in stored["floors"].items():
    print(f"{name:24s}", *(f"{row[key]:10.3f}" for key in SHOWN))
floor = stored["floors"]
assert 0.07 < floor["training names"]["divergence"] < 0.09, "the floor lies elsewhere"
assert floor["any letters"]["valid"] > 0.75 and floor["any letters"]["unique"] == 1, "any letters are less valid, or less unique"
assert floor["one name"]["bleu"] == floor["one name"]["self_bleu"] == 1 and floor["one name"]["divergence"] > 0.99, "one name is scored otherwise"
assert max(floor[f"counts after {each}"]["divergence"] for each in ("two letters", "three")) < floor["training names"]["divergence"] + 0.01, "counts are farther from held-out names"

# %% [markdown]
# Training names are not at 0, but at 0.08: two samples of one distribution differ, too. That is the floor. This one name, over and over, has BLEU 1: whoever is judged by
# quality alone says one good thing for ever. *valid* hardly fails: any letters are valid to four fifths (3 to 12 letters, a vowel or y,
# none thrice in a row). *unique* does not see noise: any letters are all different.
#
# And the counts come to within 0.01 of the floor. Look how, and at what price. **Predict:** the more letters they ask, the nearer the names. What else rises?

# %%
from gan_edu.core.measures.text_scores import copied, ngram_divergence
from gan_edu.text import LetterCounts

for after in (1, 2, 3, 5):
    made = LetterCounts(learned, after).complete(count=4000)
    scores = [ngram_divergence(made, held_out, n) for n in (3, 4)]
    print(f"after {after}: 3-grams {scores[0]:.2f}, 4-grams {scores[1]:.2f}, "
          f"copied {copied(made, learned):.2f}:", *made[:5])
assert copied(made, learned) > 0.7, "counts after five letters copy less"

# %% [markdown]
# After five letters most of its names are copies. So a score by n-grams is read beside *copied*; and a network that is farther from the held-out
# names than a table of counts has no merit by that score. We shall see how many are.

# %% [markdown]
# ## 4 · Reinforcement learning in one page
#
# **Reinforcement learning** (强化学习) learns from rewards for what was done. The smallest case is a **bandit** (多臂老虎机): a
# machine with K arms; arm $a$ pays $r_a$. A **policy** (策略) $π = \mathrm{softmax}(θ)$ says how often each is drawn. Wanted:
# more of $J = \sum_a π_a r_a$. Who knows all rewards has the exact gradient,
#
# $$\frac{\partial J}{\partial θ_k} = π_k (r_k - J).$$
#
# Who only draws sees one reward at a time. **REINFORCE** (Williams 1992): since $\nabla π_a = π_a \nabla \log π_a$,
#
# $$\nabla J = \sum_a π_a\, r_a \nabla \log π_a = \mathbb{E}\big[r_a \nabla \log π_a\big],\qquad
# \frac{\partial \log π_a}{\partial θ_k} = [k = a] - π_k.$$
#
# The reward's slope is never asked for. And any number $b$ that does not depend on the draw may be taken from $r_a$, as $\mathbb{E}[b\,\nabla \log π_a] =
# b\,\nabla\sum_a π_a = 0$: a **reward baseline** (奖励基线). **Predict:** arms pay 10, 11 and 12. What does the mean as a baseline do to the variance?

# %%
from gan_edu.text import bandit_gradient, best_baseline, estimates, variance

θ, pays = torch.tensor([0.2, -0.3, 0.5]), torch.tensor([10.0, 11.0, 12.0])
J = (θ.softmax(0) * pays).sum().item()
true = bandit_gradient(θ, pays)

# %% tags=["nbval-check-output"]
print("exact gradient      ", *(f"{each:+.3f}" for each in true))
bases = {"no baseline": 0.0, "b = E[r]": J, "the best b": best_baseline(θ, pays)}
for name, b in bases.items():
    found = estimates(θ, pays, 100_000, b)
    print(f"{name:12s} {b:6.2f} ", *(f"{each:+.3f}" for each in found.mean),
          f" variance {found.variance:7.3f}, by formula {variance(θ, pays, b):7.3f}")
    assert (found.mean - true).abs().max() < 0.1, "REINFORCE has another mean"
assert variance(θ, pays) > 100 * variance(θ, pays, J), "the baseline does little"

# %% [markdown]
# All three aim at the exact gradient; without a baseline 100,000 draws still miss it in the second decimal. There every draw says "more of this", however
# bad it was: all rewards are near 11. With E[r] taken away, only the difference is left, and the variance is more than a hundred times smaller.

# %% [markdown]
# ## 5 · SeqGAN: the reward is D's
#
# A name is a chain of such draws. At its end comes the reward: D's probability of "real". **SeqGAN** (Yu et al. 2017) learns from that
# alone. But how good was letter $t$? A **rollout** (展开采样) tells: let G go on from $x_1 … x_t$ to the end, and ask D.
#
# $$\nabla \mathbb{E}[R] = \mathbb{E}\Big[\sum_t (Q_t - b_t)\,\nabla \log p(x_t \mid x_1 … x_{t-1})\Big],\qquad
# Q_t = \mathbb{E}\big[\,σ(D)\text{ of names that begin with } x_1 … x_t\big]$$

# %%
from gan_edu.core.training.step import draw, learn, loss_of_d, noise, one_step
from gan_edu.text import alive, rewards

def reinforce(gan, batches):
    x = gan.generator(noise(gan, next(batches)))                # (N, T, V), drawn: no slope
    Q, on = rewards(gan, x, rollouts=1), alive(x)               # (N, T); on: 1 up to the end
    b = (Q * on).sum(0) / on.sum(0).clamp(min=1)                # (T,)
    log_p = gan.generator.log_probability(x)                    # (N, T), 0 after the end
    loss = -((Q - b) * log_p).sum(1).mean()
    learn(gan, "generator", loss)
    return {"g_loss": loss, "reward": Q[:, -1].mean()}

@one_step
def seqgan(gan, batches):
    for _ in range(gan.d_steps):                                # D, as ever
        d = loss_of_d(gan, draw(gan, batches, graph=False))
        learn(gan, "discriminator", d.loss, *d.logits)
    return {"d_loss": d.loss, **reinforce(gan, batches)}

# %% [markdown]
# $b_t$ is the batch's mean: it holds each name's own $Q_t$, too, which makes the steps a little shorter, by about one part in 64.
#
# G is section 2's writer, D is new: first D learns alone for a while, then both. A copy is kept for later.

# %%
from copy import deepcopy

from gan_edu.training_loop import d_step
from gan_edu.tricks import EMA, CosineDecay

first = pace(test=2, lesson=200, full=200)                      # steps of D alone
steps = pace(test=2, lesson=300, full=600)
before = G.complete(count=4000)
D = Reader(NAMES)
gan = GAN(G, D, G.latent_dim, latent="uniform", d_steps=3,
          g_optimizer=adam(G, 1e-3), d_optimizer=adam(D, 3e-3, (0.5, 0.99)),
          after_step=[EMA(0.99), CosineDecay(first + steps, floor=0.1)])

# %% [markdown]
# It takes about 25 seconds on two cores. **Predict:** G is paid by reward. Will the reward rise?

# %%
for _ in train(gan, batches, first, step=d_step):
    pass
still = deepcopy(gan)
paid = [float(record.values["reward"])
        for record in train(gan, batches, steps, step=seqgan)]

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers and plot: the reward on the way, and the divergence before and after
def way(axes, paid, colour, label=""):
    axes.plot(range(1, len(paid) + 1), paid, ".", color=colour, markersize=3, label=label)
    axes.set(xlabel="step", ylabel="mean reward, σ(D)", ylim=(0, 1))

def mean(values):
    return sum(values) / len(values)

after = gan.shown.complete(count=4000)
moved = [ngram_divergence(texts, held_out) for texts in (before, after)]
print(f"3-gram divergence to held-out names: {moved[0]:.3f} before, {moved[1]:.3f} after; of training names {stored['floors']['training names']['divergence']:.3f}")
print("before:", *before[:8])
print("after: ", *after[:8])
if claims():
    assert moved[1] < moved[0] - 0.003, "SeqGAN's names are not nearer than those it began with"
    assert mean(paid[-50:]) < mean(paid[:50]) + 0.02, "the reward climbs"
figure, axes = subplots(figsize=(6.4, 2.2))
way(axes, paid, FAKE)
show(figure, "The mean reward of each batch over the steps: scattered around 0.46, and not rising")

# %% [markdown]
# <details><summary>After your prediction</summary>
#
# It does not climb, and yet the names came nearer. Is it because D learns, too? Then it should climb where D stands still.
#
# </details>
#
# The copy from before, the same steps, but of G alone: about 10 seconds on two cores. **Predict:** what does the reward do, and what do the names look like?

# %%
easy = [float(record.values["reward"])
        for record in train(still, batches, steps, step=one_step(reinforce))]
fooling = still.shown.complete(count=4000)
print(f"reward {easy[0]:.2f} to {easy[-1]:.2f}; "
      f"divergence {ngram_divergence(fooling, held_out):.2f}:", *fooling[:8])

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: both rewards
figure, axes = subplots(figsize=(6.4, 2.2))
way(axes, easy, SOFT, "D stands still")
way(axes, paid, FAKE, "D learns")
axes.legend(loc="lower right")
if claims():
    assert mean(easy[-50:]) > mean(paid[-50:]) + 0.2 and ngram_divergence(fooling, held_out) > moved[0] + 0.3, "a D that stands still teaches well, too"
show(figure, "The mean reward over the steps: with a D that stands still it climbs far above that of a D that learns")

# %% [markdown]
# <details><summary>After your prediction</summary>
#
# Now it climbs, and the names are ruined: G has found what *this* D takes for real, and writes little else. So a high reward is no good name, and a reward that stands is no
# standstill. D must learn on; and whether G gets better, the divergence to held-out names says. Section 8 has five seeds.
#
# </details>
#
# ### What each letter earned
#
# Six hundred held-out names of six letters; the same with another fourth letter; and six hundred names of G. **Predict:** from which letter on does D's
# reward for the first two part?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: Q after each letter
import random

luck = random.Random(0)
six = [text for text in held_out if len(text) == 6][:600]
kinds = {
    "held out": (six, REAL, "o"),
    "another fourth letter": ([text[:3] + luck.choice(NAMES.letters.replace(text[3], "")) + text[4:] for text in six], INK, "^"),
    "G's own": ([text for text in gan.generator.complete(count=6000) if len(text) == 6][:600], FAKE, "s"),
}
figure, axes = subplots(figsize=(6.4, 2.8))
Qs = {}
for kind, (texts, ink, sign) in kinds.items():
    Qs[kind] = rewards(gan, NAMES.encode(texts), rollouts=pace(test=1, lesson=5, full=50))[:, :7]
    middle, error = Qs[kind].mean(0), 2 * Qs[kind].std(0) / len(texts) ** 0.5
    axes.errorbar(range(7), middle, error, marker=sign, color=ink, markersize=4, label=kind)
axes.set_xticks(range(7), labels=["1st", "2nd", "3rd", "4th", "5th", "6th", "end"])
axes.set(xlabel="the letter that was just written", ylabel="Q, mean reward", ylim=(0.38, 0.6))
axes.legend(fontsize=8)
if claims():
    gap = (Qs["another fourth letter"] - Qs["held out"]).mean(0)
    assert gap[:3].abs().max() < 0.015 and gap[3:].max() < -0.008, "they part elsewhere"
    assert Qs["G's own"][:, -1].mean() < Qs["another fourth letter"][:, -1].mean() < 0.53, "G's own names are paid as well"
    assert Qs["held out"][:, -1].std() > 0.1, "D is sure of each name"
show(figure, "Mean Q over the letters, with bars of two standard errors: held-out names and those with another fourth letter are alike up to the third, then the former lie above; G's own lie below both at the end")

# %% [markdown]
# Up to the third letter both begin alike, and Q differs only by the luck of the rollouts. At the fourth they part: what G goes on to
# from the odd letter pleases D less. The letters before it get no blame. Those after it share it: they stand in a name that is
# spoiled already. (The difference $Q_t - Q_{t-1}$ would blame the odd letter alone.)
#
# Look at the scale, too. D gives held-out names little more than spoiled ones, and only on average: of single names it is often wrong. It has learned to tell *G's*
# names from the data's, not what a name is.
#
# ## 6 · Gumbel-softmax: draws with a slope that is made up
#
# **Gumbel-softmax** adds $g = -\log(-\log u)$ to each logit, $u$ uniform: the largest sum is a draw from the softmax. That draw goes forward; backward
# goes the slope of $\mathrm{softmax}((θ + g)/τ)$ (Jang et al. 2017). Drawing forward, smooth backward is called **straight-through** (直通估计); the
# slope is that of another function. **Predict** what the temperature τ does to it.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: slopes of the mean worth, by two kinds of draws
from gan_edu.text import gumbel_softmax

guess = Guess.choice("gumbel", "τ goes from 2 down to 0.1. On average the made-up slope comes …", ["nearer to the true one; it scatters less", "nearer to the true one; it scatters more", "farther from it; it scatters less", "farther from it; it scatters more"])
draws = 1_000_000
many = torch.rand(draws, 3, generator=torch.Generator().manual_seed(0)).double()
exact = bandit_gradient(logits, worth)
bias, scatter = {}, {}
with guess:
    print("exact slope               ", *(f"{each:+.3f}" for each in exact))
    for τ in (2.0, 1.0, 0.5, 0.1):
        θs = logits.expand(draws, 3).clone().requires_grad_()
        x = gumbel_softmax(θs, many, τ)
        (x @ worth).sum().backward()
        bias[τ], scatter[τ] = (θs.grad.mean(0) - exact).norm().item(), θs.grad.var(0).sum().item()
        print(f"Gumbel-softmax, τ = {τ:<6g}", *(f"{each:+.3f}" for each in θs.grad.mean(0)), f" off by {bias[τ]:.3f}, variance {scatter[τ]:6.2f}")
        assert (x.detach().mean(0) - logits.softmax(0)).abs().max() < 0.005, "the draws are not the softmax's"
    for name, b in (("REINFORCE", 0.0), ("REINFORCE, b = E[r]", (logits.softmax(0) @ worth).item())):
        print(f"{name:26s}", *(f"{each:+.3f}" for each in estimates(logits, worth, draws, b).mean), f" variance {variance(logits, worth, b):6.2f}")
assert list(bias.values()) == sorted(bias.values(), reverse=True) and bias[0.1] < 0.02, "the bias does not fall with τ"
assert list(scatter.values()) == sorted(scatter.values()) and scatter[0.1] > variance(logits, worth), "it does not scatter more as τ falls"
guess.answer("nearer to the true one; it scatters more")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Nearer on average, and it scatters more. The draws are the softmax's at every τ; only their slope is made up. At τ = 2 it is small and far off. At τ =
# 0.1 its mean is off by less than 0.02, and it scatters more than REINFORCE, even without a baseline. Here the worth is linear in the letter. With a
# D that is curved, the way from the drawn letter to another is taken for straight: then the slope is biased at every τ.
#
# </details>

# %% [markdown]
# ## 7 · No draws at all: WGAN-GP babbles
#
# Gulrajani et al. (2017) draw nothing: from z, G gives the shares of all letters at all places at once, and the critic sees
# these shares beside one-hot letters of the data. Each name is read off by its largest shares. No likelihood first.

# %%
from gan_edu.text import Babbler, wasserstein, wgan_gp

torch.manual_seed(1)
B, C = Babbler(NAMES), Reader(NAMES)
shares = GAN(B, C, 64, wasserstein, adam(B, 3e-3, (0.5, 0.9)), adam(C, 3e-3, (0.5, 0.99)),
             d_steps=5, d_penalties=[wgan_gp(10.0)])

# %% [markdown]
# Train it: about 12 seconds on two cores.

# %%
for _ in train(shares, batches, pace(test=2, lesson=150, full=450)):
    pass
z = shares.latents(1000, torch.Generator().manual_seed(1))
x = shares.generate(z)                                          # (N, T, V)
print(*NAMES.decode(x)[:12])
largest = x.max(2).values.mean(0)                               # (T,), at each place
print("mean largest share at place 1, 2, …:", *(f"{each:.2f}" for each in largest))
if claims():
    assert largest[:2].max() < 0.95, "its first shares are as sure as letters"

# %% [markdown]
# It babbles. At the first places its shares are far from one letter; in the data each place has a share of 1. The critic may look at that rather than at spelling. (Near the end
# nearly all is padding, and the shares are sure.) And a letter at one place does not know which letter is *read off* at the next; only z ties them. These are guesses at why: no experiment here removes
# one of them. What five seeds do show, in section 8: the divergence still falls when the time is up. It learns, slowly.

# %% [markdown]
# ## 8 · At equal cost
#
# Now all of them, five seeds each. Four writers begin with the same short likelihood (250 steps). *early* stops there. The others
# go on: *SeqGAN*, *Gumbel-softmax*, or *likelihood*, which just goes on and gets no more CPU-seconds than SeqGAN. *WGAN-GP* gets the time for
# itself. **Predict:** which is nearest to held-out names?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: five ways, five seeds
from statistics import median

guess = Guess.choice("cost", "Which writer's 3-grams are nearest to held-out names?", ["SeqGAN", "Gumbel-softmax", "WGAN-GP", "likelihood", "no clear winner"])

def runs_of(data, arm):
    """The runs of an arm, by seed."""
    return sorted((run for run in stored["runs"] if (run["data"], run["arm"]) == (data, arm)), key=lambda run: run["seed"])

def at(data, arm, name, temperature="1"):
    """A score of each seed."""
    return [run["at"][temperature][name] for run in runs_of(data, arm)]

def spread(values, places=3):
    """Median (least – largest)."""
    return f"{median(values):.{places}f} ({min(values):.{places}f} – {max(values):.{places}f})"

with guess:
    print(f"{'':24s} {'divergence':>21s} {'unique':>6s} {'copied':>6s} {'BLEU':>6s} {'self':>6s} {'steps':>5s} {'CPU-s':>5s} {'trials':>6s}")
    for name, row in stored["floors"].items():
        print(f"{name:24s} {row['divergence']:21.3f} {row['unique']:6.3f} {row['copied']:6.3f} {row['bleu']:6.3f} {row['self_bleu']:6.3f}")
    for data, arms in stored["arms"].items():
        for arm, about in arms.items():
            last = [median(run[key] for run in runs_of(data, arm)) for key in ("steps", "cpu_seconds")]
            print(f"{about:24s} {spread(at(data, arm, 'divergence')):>21s}", *(f"{median(at(data, arm, name)):6.3f}" for name in ("unique", "copied", "bleu", "self_bleu")),
                  f"{last[0]:5.0f} {last[1]:5.0f} {stored['trials'][data].get(arm, 0):6d}")
far = {arm: at("names", arm, "divergence") for arm in stored["arms"]["names"]}
spent = {arm: [run["cpu_seconds"] for run in runs_of("names", arm)] for arm in far}
assert all(len(each) == 5 for each in far.values()) and max(far["mle"]) < 0.1 < 0.14 < min(far["seqgan"]), "likelihood does not lead on every seed"
assert all(a < b for a, b in zip(far["seqgan"], far["early"], strict=True)), "on some seed SeqGAN is no better than its start"
assert sorted(a < b - 0.002 for a, b in zip(far["gumbel"], far["early"], strict=True)) == [False] * 2 + [True] * 3, "Gumbel-softmax is better than its start on other than three seeds"
assert min(far["wgan"]) > 0.5, "WGAN-GP writes better than that"
assert all(run["curve"][-1][2] < run["curve"][-2][2] for run in runs_of("names", "wgan")), "WGAN-GP has stopped learning"
assert all(a < b for a, b in zip(spent["mle"], spent["seqgan"], strict=True)), "likelihood had more time"
assert stored["trials"]["names"] == {"early": 1, "mle": 7, "seqgan": 13, "gumbel": 8, "wgan": 7}, "other trials"
assert max(floor[f"counts after {each}"]["divergence"] for each in ("two letters", "three")) < min(far["mle"]), "a network is nearer than counts"
guess.answer("likelihood")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Likelihood, on every seed, by far: about 0.09, where training names themselves have 0.08. SeqGAN brings its start from 0.154 to 0.143, and does so on each
# of five seeds. Gumbel-softmax betters its start on three of five by more than 0.002, which is about what two samples of one writer differ by. WGAN-GP is above 0.5.
#
# **And no network reaches the table of counts.** On 15,000 short names it is hard to beat.
#
# **Is that a fair comparison?** Settings were searched on seed 0: SeqGAN had ten trials there, Gumbel-softmax five, WGAN-GP four, and likelihood four and 36 looks
# at its curve at three rates, which were not stored. What was chosen was then tried on seeds 0 to 2. The ways differ in more than how they find G's slope: rates, R1, the steps of D.
# The runs of likelihood and SeqGAN have fewer steps than their best comparable trials, so that likelihood costs no more.
#
# </details>
#
# ### Does likelihood lead by copying?
#
# A tenth of its names stand among the training names. But common names may be hit without being learned by heart: three of
# four names are training names. Let us count both, in 20,000 names of each writer. **Predict**, before you answer: leave all training names out of the samples. Who is then nearest to
# held-out names?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: names hit, and the divergence without copies
guess = Guess.choice("copies", "Without its training names: whose sample is nearest?", ["early's", "SeqGAN's", "likelihood's", "that of counts after three letters"])
known, unseen = set(learned), set(held_out)
ratio, own = {}, {}
with guess:
    print(f"{'':24s} names hit of the list           divergence without the learned")
    print(f"{'':20s} {'learned':>9s} {'held out':>9s} {'to one':>7s} {'3-grams':>12s} {'4-grams':>8s}")
    for label, writer in {**networks, "counts after two": LetterCounts(learned, 2), "counts after three": LetterCounts(learned, 3)}.items():
        made = writer.complete(count=20_000)
        hits = sum(name in known for name in made), sum(name in unseen for name in made)
        ratio[label], new = hits[0] / hits[1], [name for name in made if name not in known][:4000]
        own[label] = [ngram_divergence(new, held_out, n) for n in (3, 4)]
        print(f"{label:20s} {hits[0]:9d} {hits[1]:9d} {ratio[label]:7.1f} {own[label][0]:12.3f} {own[label][1]:8.3f}")
    print(f"{'the lists':20s} {len(learned):9d} {len(held_out):9d} {len(learned) / len(held_out):7.1f}")
assert min(ratio["likelihood"], ratio["counts after three"]) > 4 > max(ratio["early"], ratio["SeqGAN"]), "likelihood hits training names no more often than an early writer"
assert own["likelihood"][0] < own["SeqGAN"][0] - 0.03 and own["likelihood"][1] < own["SeqGAN"][1] - 0.03, "likelihood's lead is gone without its copies"
assert all(own["counts after three"][n] < min(own[label][n] for label in networks) for n in (0, 1)), "counts after three letters are not the nearest"
guess.answer("that of counts after three letters")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Whoever never saw the list hits both parts as their lengths have it, three to one. The early writer and SeqGAN are about there. Likelihood hits training names about
# five to one. But so does the table of counts after three letters, which holds no name whole: this does not show names learned by heart. Leave all training names
# out of the samples: likelihood still leads SeqGAN, and the counts still lead both, by 3-grams and by 4-grams. (One seed.)
#
# </details>
#
# ### Where likelihood has converged
#
# Yu et al. (2017) let SeqGAN begin from likelihood. How much of it matters: they begin where likelihood hardly falls any more, on texts that a network had drawn, and gain there.
# The last two rows of the table are ours: 3,000 steps of likelihood whose rate falls to a fiftieth, which come about as near as *likelihood* above, then SeqGAN.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: what SeqGAN adds, by where it begins
added = {}
for about, start, end in (("after 250 steps", ("names", "early"), ("names", "seqgan")), ("after 3,000 steps", ("converged", "start"), ("converged", "seqgan"))):
    added[about] = [b - a for a, b in zip(at(*start, "divergence"), at(*end, "divergence"), strict=True)]
    print(f"{about:18s} SeqGAN changes the divergence by, a seed each:", *(f"{each:+.4f}" for each in added[about]))
early_gain, late_gain = added.values()
assert abs(median(at("converged", "start", "divergence")) - median(far["mle"])) < 0.005, "3,000 steps come less near than likelihood above"
assert max(early_gain) < -0.005, "SeqGAN adds nothing to the early start on some seed"
assert len(late_gain) == 5 and 0 < min(late_gain) < max(late_gain) < 0.003, "SeqGAN gains on a converged start, or the seeds are not five"

# %% [markdown]
# From the early start SeqGAN gains on every seed. From the converged one it gains on none of five: it is a little worse on each, by about what two samples differ by. (Its settings
# there are those of the early start with half the rate, and had no trials.) So who reports what a GAN adds to likelihood must say *how long* that likelihood had learned.
#
#
# ## 9 · Quality against diversity
#
# One temperature is one point. Cooled, a writer takes likely letters: better names, and more alike. So a "better BLEU" can be had by turning a
# knob. Caccia et al. (2020) therefore compare *whole curves*: BLEU (quality) over self-BLEU (sameness), here from temperature 0.5 to 1.4.
# **Predict:** cool the early writer and SeqGAN until both have self-BLEU 0.7. Whose BLEU is higher?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: all temperatures
guess = Guess.choice("plane", "Both cooled to self-BLEU 0.7: whose BLEU is higher?", ["the early writer's", "SeqGAN's", "the seeds do not agree"])
degrees = list(runs_of("names", "early")[0]["at"])
LOOK = {"early": (SOFT, "o"), "mle": (INK, "^"), "seqgan": (FAKE, "s"), "gumbel": (GENERATOR, "D")}

def curve(arm, name):
    """Medians of a score over all temperatures."""
    return [median(at("names", arm, name, each)) for each in degrees]

def bleu_at(run, sameness=0.7):
    """BLEU where the run's self-BLEU is so, on the straight line between two temperatures."""
    points = sorted((of["self_bleu"], of["bleu"]) for of in run["at"].values())
    (a, low), (b, high) = next(two for two in zip(points, points[1:], strict=False) if two[0][0] <= sameness <= two[1][0])
    return low + (high - low) * (sameness - a) / (b - a)

figure, axes = subplots(1, 2, figsize=(9.2, 3.6))
for arm, (colour, mark) in LOOK.items():
    label = stored["arms"]["names"][arm]
    axes[0].plot(curve(arm, "self_bleu"), curve(arm, "bleu"), f"{mark}-", color=colour, markersize=4, label=label)
    axes[0].plot(at("names", arm, "self_bleu"), at("names", arm, "bleu"), mark, color=colour, fillstyle="none", markersize=7, label="each seed at temperature 1" if arm == "mle" else None)
    axes[1].plot([float(each) for each in degrees], curve(arm, "divergence"), f"{mark}-", color=colour, markersize=4, label=label)
axes[0].plot(at("names", "wgan", "self_bleu"), at("names", "wgan", "bleu"), "x", color=DISCRIMINATOR, label="WGAN-GP")
for k in (0, -1):
    axes[0].annotate(f"{degrees[k]}", (curve("mle", "self_bleu")[k], curve("mle", "bleu")[k]), xytext=(-6, 5), textcoords="offset points", ha="right", fontsize=8)
floor = stored["floors"]["training names"]
axes[0].plot(floor["self_bleu"], floor["bleu"], "*", color=INK, markersize=10, label="training names")
axes[1].axhline(floor["divergence"], color=INK, linestyle=":", label="training names")
axes[0].set(xlabel="self-BLEU (left: more varied)", ylabel="BLEU (up: nearer to held-out names)", ylim=(0.38, 0.98))
axes[1].set(xlabel="temperature", ylabel="3-gram divergence, bits", ylim=(0, 0.28))
axes[0].legend(fontsize=7, loc="lower left"), axes[1].legend(fontsize=8)
levels = {each: {arm: [bleu_at(run, each) for run in runs_of("names", arm)] for arm in LOOK} for each in (0.6, 0.65, 0.7, 0.75, 0.8)}
equal = levels[0.7]
with guess:
    for arm, values in equal.items():
        print(f"{stored['arms']['names'][arm]:26s} BLEU at self-BLEU 0.7: {spread(values)}")
for of in levels.values():
    assert all(a > b for a, b in zip(of["seqgan"], of["early"], strict=True)), "on some seed the cooled start is as good"
    assert min(of["mle"]) > max(*of["seqgan"], *of["gumbel"]), "a GAN reaches likelihood's curve"
gains = [a - b for a, b in zip(equal["seqgan"], equal["early"], strict=True)]
assert 0.005 < min(gains) < max(gains) < 0.035, "SeqGAN's gain is another"
assert max(plain := [curve(arm, "self_bleu")[degrees.index("1")] for arm in LOOK if arm != "mle"]) - min(plain) < 0.03, "at temperature 1 one is more varied"
assert max(max(curve(arm, "divergence")) for arm in LOOK) < 0.28 and all(max(far["mle"]) < min(curve(arm, "divergence")) for arm in LOOK if arm != "mle"), "cooling closes the gap"
guess.answer("SeqGAN's", show(figure, "Left: BLEU over self-BLEU; the curve of likelihood lies above, SeqGAN's a little above those of early and Gumbel-softmax; WGAN-GP far below on the right; training names on the curve of likelihood. Right: divergence over temperature, lowest near 0.9 for each; likelihood at 0.09, the others at 0.14 and more"))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# SeqGAN's, by about 0.02, on every seed: what it learned is more than a colder temperature. (Each line is the median of five seeds. Hollow marks are the seeds at
# temperature 1.) But likelihood's curve lies above both GANs', at each
# self-BLEU from 0.6 to 0.8, and no temperature brings a GAN's divergence down to likelihood's. Caccia et al. found the same of the text GANs of their day: at equal diversity plain likelihood wrote better texts. De Masson
# d'Autume et al. (2019) later trained one without likelihood before it, with large batches, a reward at each word and a regularised D, that scored about as well as likelihood
# on two sets of texts.
#
# </details>
#
# <details><summary>Common misreading: "the GAN's texts are better, so the GAN is better"</summary>
#
# They may only be colder. (Here nobody was: at temperature 1 early, SeqGAN and Gumbel-softmax are about equally varied.) Turn the temperature of the other writer down until both are equally varied, then compare. And compare it with a likelihood that
# was given the same time: early likelihood is a weak rival.
#
# </details>

# %% [markdown]
# ## 10 · Poems, code, dialogue
#
# Longer texts, the same writer: 3,930 lines of Psalms, Proverbs and songs, a letter a token (about 10 seconds on two cores). **Predict:** which share of its words is found
# in the lines it learned from?

# %% jupyter={"source_hidden": true} cellView="form"
# @title A writer of verse
from gan_edu.text import VERSE, verse

guess = Guess.number("verse", "Which share of its words are words of the data?", 0, 1, step=0.01, near=0.05)
lines, kept = split(verse())
torch.manual_seed(0)
poet = GAN(V := Writer(VERSE, 128), None, V.latent_dim, latent="uniform", g_optimizer=adam(V, 5e-3))
for _ in train(poet, Batches(VERSE.encode(lines), 64), pace(test=2, lesson=400, full=3000), step=likelihood()):
    pass
vocabulary = {word for line in lines for word in line.split()}

def known_words(texts):
    """The share of words that stand in the lines learned from."""
    words = " ".join(texts).split()
    return sum(word in vocabulary for word in words) / max(len(words), 1)

written = V.complete(count=400)
letters = torch.tensor([ord(letter) for line in lines for letter in line])
picked = letters[torch.randint(len(letters), (12_000,), generator=torch.Generator().manual_seed(0))]
chance = known_words(["".join(map(chr, picked.tolist()))])
with guess:
    print(*written[:5], sep="\n")
    print(f"words known: of its lines {known_words(written):.2f}, of held-out lines {known_words(kept):.2f}, of letters as frequent {chance:.2f}")
if claims():
    assert chance < 0.1 and 0.5 < known_words(written) < known_words(kept) - 0.1, "its words are the data's, or chance's"
guess.answer(round(known_words(written), 2))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# More than half of its words are words of the data, and hardly a line makes sense.
#
# </details>
#
# What would be needed for more, and what won in the three tasks?
#
# - *Poems.* Yu et al. (2017) wrote Chinese quatrains of 20 characters; people rated SeqGAN's 0.54 and likelihood's 0.42, poets' own lines 0.6. (We could not
#   repeat such a lead with names.) What won: likelihood with *attention*, networks that look back at each word at once (Vaswani et al. 2017), on much more text.
# - *Dialogue.* Li et al. (2017) rewarded answers that D took for a human's. What won: likelihood first, then reinforcement
#   learning from people's preferences (Christiano et al. 2017, in games; Ouyang et al. 2022, with texts). The idea is section 5's, with another judge: a network
#   that learned from *comparisons* by people, and a penalty $β\,\mathrm{KL}$ for leaving the likelihood's solution.
# - *Code.* Here a reward needs no D: run the program's tests. Codex (Chen et al. 2021) is likelihood on code; CodeRL (Le et
#   al. 2022) adds the tests' verdicts by policy gradients.
#
# So the *policy gradient*, as section 5's slope is called, stayed. Its judges now learn from people's comparisons, or run tests. They are not trained to tell G's texts from real ones.

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
# Gumbel's noise takes two logarithms and two minus signs. Dimension 1 is that of the tokens.
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
# Write `divergence(p, q)`: $\frac12\sum p\log_2\frac{p}{m} + \frac12\sum q\log_2\frac{q}{m}$, $m = (p + q)/2$. Some shares are 0, in one of the two or in both.

# %%
from gan_edu.exercises import text as exercises

def divergence(p, q):
    return ...

exercises.own_divergence(divergence)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `torch.special.xlogy(p, x)` is $p \ln x$, and 0 where p is 0 and x is a number. Where p and q are 0, p/m is 0/0: keep m above 0 by `clamp`.
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
#     m = ((p + q) / 2).clamp(min=1e-12)
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
# - REINFORCE finds it from draws and rewards alone; a good baseline leaves its mean and takes away variance.
# - Gumbel-softmax draws, and makes a slope up: for a worth that is linear biased at high τ, scattered at low τ.
# - D must learn on: G finds what a D that stands still takes for real, and writes little else.
# - SeqGAN makes an early writer better on every seed, at every equal diversity that we tried. The same time spent on likelihood makes it
#   better by far, and a table of counts is nearer than both. WGAN-GP on shares babbles for as long as we watched.
# - Texts are compared at equal diversity, over all temperatures, and beside a likelihood that had the same time.
#
# **Read.**
#
# - Shannon (1948), "A mathematical theory of communication". Williams (1992), "Simple statistical gradient-following algorithms for connectionist reinforcement
#   learning".
# - The three ways: Yu et al. (2017), SeqGAN, arXiv 1609.05473. Jang et al. (2017), Gumbel-softmax, arXiv 1611.01144. Gulrajani et al. (2017), arXiv
#   1704.00028, section 5.5.
# - How to judge: Zhu et al. (2018), self-BLEU, arXiv 1802.01886. Caccia et al. (2020), whole curves, arXiv 1811.02549. De Masson d'Autume et al. (2019), without
#   likelihood, arXiv 1905.09922.
# - Longer texts: Li et al. (2017), dialogue, arXiv 1701.06547. Vaswani et al. (2017), attention, arXiv 1706.03762. Christiano et al. (2017), preferences, arXiv
#   1706.03741. Ouyang et al. (2022), arXiv 2203.02155. Chen et al. (2021), code, arXiv 2107.03374. Le et al. (2022), CodeRL, arXiv 2207.01780.
#
# **Next.** Part IV goes on with translation.
#
# <!-- near -->
# ← [13 restoration and editing](13_restoration.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [15 translation](15_translation.ipynb) →
# <!-- /near -->
