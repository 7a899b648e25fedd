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
# # 07 · Evaluation: what each score sees, and what it is blind to
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/07_evaluation.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/07_evaluation.ipynb)
#
# <!-- near -->
# ← [06 convergence](06_convergence.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [08 mode collapse](08_mode_collapse.ipynb) →
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# Take digits that nobody can tell from real ones: they *are* real ones. Then spoil them in one known way. A good score
# should get worse. **Slide**, choose another way to spoil them, and watch which scores notice: fifteen of them
# were measured on twenty draws of digits.
# The control comes after about 8 seconds on two cores.

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
# @title Show real digits, spoiled in five ways
import math
from dataclasses import replace
from statistics import mean, median

import torch

from gan_edu.core.training import setup
from gan_edu.core.measures import feature_net
from gan_edu.core.notebook import INK, REAL, REAL_MARKER, claims, pace, pictures, show, subplots
from gan_edu.evaluation import CORRUPTIONS, corrupted, embedded, splits

setup()
from gan_edu.evaluation import bench
from gan_edu.widgets import CorruptionBench

the_bench: CorruptionBench = bench()
the_bench

# %% [markdown]
# **After this chapter you can**
#
# - compute FID, KID, the Inception Score, precision and recall in a few lines each,
# - say which failure each score sees, and which it is blind to,
# - name what a number must come with: the features, the count, the floor, an interval.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | lesson (the default) | about 2 minutes on two cores | nothing |
# | full (`GAN_EDU_PACE=full`) | about 2 minutes on two cores | nothing |
#
# It takes 60 minutes to read and play, and needs no network. You should know chapters 00 and 04, and what a mean, a
# variance and a Gaussian are.

# %% [markdown]
# ## 1 · Two sets and a network
#
# Most scores compare two sets of samples, real and fake. Few of them look at pixels. They look at **features**: a
# network turns each picture into a point. Ours reads digits, and gives 96 numbers a picture. In papers the network is
# mostly Inception, which reads photographs and gives 2,048. The formulas are the same, the numbers cannot be compared.
#
# Our "fakes" are real digits that are in no other set: what a perfect G would draw. So we know what a score should
# say. They are from MNIST's training set, and so is the third set, `seen`: what that G would have been trained on. The
# real ones are from the test set.

# %%
n = pace(test=150, lesson=1000, full=1000)
net, digits = feature_net(), splits(n)     # n digits each; no digit is in two of the sets
real, fake, seen = (embedded(net, x).double()
                    for x in (digits.real, digits.fake, digits.seen))
print("pictures", tuple(digits.real.shape), "→ features", tuple(real.shape))

# %% [markdown]
# ## 2 · FID: the distance of two Gaussians
#
# Describe each cloud of features by its mean $m$ and its covariance $C$, and forget the rest. That leaves two
# Gaussians. The **Wasserstein distance** $W_2$ asks: what is the cheapest way to carry one onto the other, if a unit
# of mass that moves by a length $s$ costs $s^2$? The least cost is $W_2^2$. For two Gaussians it has a formula, and
# this is **FID** (Heusel et al. 2017):
#
# $$\mathrm{FID} = W_2^2 = |m_1 - m_2|^2 + \mathrm{tr}\left(C_1 + C_2 - 2\,(C_1 C_2)^{1/2}\right)$$

# %%
from gan_edu.evaluation import frechet

def fid(a, b):
    """The least cost of carrying one Gaussian onto the other,
    from features (N, d) and (M, d)."""
    C1, C2 = a.T.cov(), b.T.cov()                                             # (d, d)
    of_root = torch.linalg.eigvals(C1 @ C2).real.clamp_min(0).sqrt().sum()    # tr (C1 C2)^½
    return ((a.mean(0) - b.mean(0)).square().sum()
            + C1.trace() + C2.trace() - 2 * of_root).item()

# %%
print(f"FID of {n:,} fakes that are real digits: {fid(real, fake):.2f}; "
      f"the library's: {frechet(real, fake):.2f}")
assert math.isclose(fid(real, fake), frechet(real, fake), rel_tol=1e-6), (
    "the formula and torchmetrics do not agree")

# %% [markdown]
# Where does the formula come from? The cheapest way is a map $T(x) = m_2 + A(x - m_1)$ with a symmetric $A$ that has no
# negative eigenvalue, and $A C_1 A = C_2$. Here it is. It carries the real cloud to one with the fakes' mean and
# covariance, and its mean cost is FID. Another map that does the same costs more.

# %%
def root(C):
    """The symmetric matrix whose square is C."""
    values, vectors = torch.linalg.eigh(C)
    return vectors * values.clamp_min(0).sqrt() @ vectors.T

C1, C2 = real.T.cov(), fake.T.cov()
A = torch.linalg.inv(root(C1)) @ root(root(C1) @ C2 @ root(C1)) @ torch.linalg.inv(root(C1))
other = torch.linalg.cholesky(C2) @ torch.linalg.inv(torch.linalg.cholesky(C1))

# %%
for name, way in {"the cheapest map": A, "another one": other}.items():
    path = (fake.mean(0) - real.mean(0)
            + (real - real.mean(0)) @ (way.T - torch.eye(len(way))))    # T(x) − x
    cost = (path.mean(0).square().sum() + path.T.cov().trace()).item()
    print(f"{name:17s} costs {cost:7.3f}; FID is {fid(real, fake):.3f}")
    assert torch.allclose((real + path).T.cov(), C2, atol=1e-6 * C2.abs().max()), (
        "the map leads to another covariance")
    assert torch.allclose((real + path).mean(0), fake.mean(0)), (
        "the map leads to another mean")
    assert math.isclose(cost, fid(real, fake), rel_tol=1e-6) == (way is A), (
        "its cost is FID, or that of A is not")

# %% [markdown]
# Here is a set of another kind: 96 Gaussian numbers a "sample", shifted and mixed until mean and covariance are those
# of the fakes. No picture belongs to them. **Predict** its FID. Guess below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: a Gaussian with the digits' own mean and covariance
from gan_edu.evaluation import coverage, precision, recall
from gan_edu.widgets import Guess

guess = Guess.choice("twin", "Gaussian numbers with the mean and covariance of digits: what is their FID?",
                     ["that of the digits", "about ten times as much", "about a hundred times as much"])
free = torch.randn(n, 96, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
white = (free - free.mean(0)) @ torch.linalg.inv(torch.linalg.cholesky(free.T.cov())).T     # mean 0, covariance 1
gaussian = fake.mean(0) + white @ torch.linalg.cholesky(C2).T
told = {name: (score(real, fake), score(real, gaussian))
        for name, score in {"FID": frechet, "precision": precision, "recall": recall, "coverage": coverage}.items()}
with guess:
    for name, (of_digits, of_gaussian) in told.items():
        print(f"{name:16s} {of_digits:8.3f} of the fakes, {of_gaussian:8.3f} of the Gaussian")
assert math.isclose(*told["FID"], rel_tol=1e-6), "FID sees a difference"
if claims():
    assert told["precision"][1] < 0.4 < 0.8 < told["precision"][0], "precision does not see it"
    assert told["coverage"][1] < 0.2, "coverage does not see it"
    assert told["recall"][1] > told["recall"][0] - 0.05, "recall sees it"
guess.answer("that of the digits")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# > **Common misreading.** "FID 0 means that the distributions are equal." It means that two means and two covariances
# > are equal. The features of digits are no Gaussian. Precision and coverage see it, recall does not: section 4 says
# > what they are.
#
# </details>
#
# ## 3 · The count belongs to the number
#
# Compare $n$ real digits with $n$ other real digits. A perfect G scores this, on average: it is the **floor**.
# **Predict:** is it the same for every n? What is it for n = 500? Guess below.
#
# The next cell takes about 10 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: FID of n real digits against n others
from gan_edu.core.data import mnist

many = pace(test=400, lesson=10_000, full=10_000)
stream = torch.Generator().manual_seed(0)
test_images, train_images = mnist(train=False)[0], mnist(train=True)[0]
chosen = torch.randperm(len(train_images), generator=stream)[:2 * many]
test = embedded(net, test_images[torch.randperm(len(test_images), generator=stream)[:many]]).double()
train = embedded(net, train_images[chosen]).double()
counts = pace(test=[50, 100], lesson=[100, 200, 500, 1000, 2000], full=[100, 200, 500, 1000, 2000])
floors = {k: [fid(test[i:i + k], train[i:i + k]) for i in range(0, 5 * k, k) if i + k <= many] for k in counts}
guess = Guess.number("floor", "500 real digits against 500 others: which FID?", 0.1, 100, log=True, near=1.5)
with guess:
    for k, found in floors.items():
        print(f"n = {k:5,}: FID {mean(found):5.1f} (from {min(found):.1f} to {max(found):.1f}); "
              f"n · FID = {k * mean(found):,.0f}")
figure, axes = subplots(figsize=(7.2, 3))
axes.plot(counts, [mean(found) for found in floors.values()], color=INK, label="mean of five")
for k, found in floors.items():
    axes.plot([k] * len(found), found, REAL_MARKER, color=REAL, markersize=5, label="one draw" if k == counts[0] else "")
axes.set(title="Real digits against other real digits", xlabel="n of each", ylabel="FID", xscale="log", yscale="log")
axes.set_xticks(counts, [f"{k:,}" for k in counts])
axes.set_yticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
axes.minorticks_off()
axes.legend()
if claims():
    assert all(4000 < k * mean(found) < 6500 for k, found in floors.items()), "the floor is not about 5,000 / n"
    assert 9 < mean(floors[500]) < 14, "the floor of 500 is another than the text says"
guess.answer(mean(floors.get(500, [11.0])), show(
    figure, "On two logarithmic axes FID falls along a straight line from about 50 at n = 100 to about "
            "2.4 at n = 2,000; the five draws of each n scatter around it."))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# The samples are perfect, and FID is not 0. Means and covariances of few samples are off by chance, and a distance
# cannot be below 0. So chance adds to it on average (for unequal sets, too, as FID is convex in them). This is FID's **finite-sample bias** (有限样本偏差): here about
# $5000/n$, for the counts of the plot. The bias falls like $1/n$. For larger ones FID falls more slowly: MNIST's test digits differ a little
# from its training digits, and no count takes that away. With other features the bias is another one. So write the
# count and the floor beside every FID, and compare only at the same count.
#
# </details>
#
# ### FID∞
#
# Compute FID of all fakes, of halves, of quarters, draw a line over $1/n$, and read it at
# $1/n = 0$: that is $\mathrm{FID}_\infty$ (Chong and Forsyth 2020).

# %%
import numpy as np

from gan_edu.evaluation import unbiased_frechet

def fid_infinity(real, fake):
    """FID of all fakes, of halves, of quarters, extrapolated to 1/n = 0."""
    inverse = [parts / len(fake) for parts in (1, 2, 4)]
    found = [mean(fid(real, fake[k::parts]) for k in range(parts)) for parts in (1, 2, 4)]
    return np.polyfit(inverse, found, 1)[1]                   # the line's value at 0

# %%
assert abs(fid_infinity(test, fake) - unbiased_frechet(test, fake)) < 1e-3, (
    "it is not the library's")
print(f"{n:,} fakes against {len(test):,} real: FID {fid(test, fake):.2f}, "
      f"FID∞ {fid_infinity(test, fake):.2f}")
if claims():
    assert fid(test, fake) < 0.75 * fid(real, fake), "more real digits do not lower FID"

# %% [markdown]
# FID of the same fakes is lower than in section 2: there are more real digits now, and their count has a bias, too.
#
# **Predict:** 2,000 digits with a little noise (σ = 0.07, of pixels in [−1, 1]), against 400 clean ones. Which has the
# lower FID? The next cell takes about 20 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: 2,000 noisy digits against 400 clean ones, five times
from gan_edu.core.data import mnist

most, least = pace(test=(100, 100), lesson=(2000, 400), full=(2000, 400))
pairs = []
for k in range(pace(test=1, lesson=5, full=5)):
    x = train_images[chosen[k * most:(k + 1) * most]].float() / 127.5 - 1
    noisy = (x + 0.07 * torch.randn(x.shape, generator=torch.Generator().manual_seed(k))).clamp(-1, 1)
    clean = train[many + k * least:many + (k + 1) * least]
    pairs.append([(score(test, embedded(net, noisy).double()), score(test, clean)) for score in (fid, fid_infinity)])
wrong = []
for place, name in enumerate(("FID", "FID∞")):
    of_noisy, of_clean = zip(*(pair[place] for pair in pairs), strict=True)
    wrong.append(sum(a < b for a, b in zip(of_noisy, of_clean, strict=True)))
    print(f"{name:4s} noisy {mean(of_noisy):5.2f} ({min(of_noisy):.2f} to {max(of_noisy):.2f}), "
          f"clean {mean(of_clean):5.2f}",
          f"({min(of_clean):.2f} to {max(of_clean):.2f}); "
          f"it prefers the noisy ones in {wrong[-1]} of {len(pairs)} draws")
if claims():
    assert abs(min(of_clean) + 2.3) < 0.1 and abs(max(of_clean) - 4.5) < 0.1, (
        "of the clean digits FID∞ goes from elsewhere to elsewhere")
    assert wrong == [4, 0], "FID or FID∞ prefers the noisy digits in other draws than the text says"

# %% [markdown]
# FID calls the noisy ones better in four of five draws: there are more of them. $\mathrm{FID}_\infty$ calls them
# worse in all five. It takes out most of the bias of the fakes' count. It takes out neither that of the real count nor
# chance: of the clean ones it goes from −2.3 to 4.5. Below 0 is no mistake: where the truth is near 0, an estimate
# with little bias must be free to fall on both sides of it.
#
# ## 4 · Other scores
#
# The **Inception Score** (Inception 分数; Salimans et al. 2016), IS, asks a classifier. Each picture should be of one
# class, and all classes should come:
#
# $$\mathrm{IS} = \exp\ \mathbb E_x\, \mathrm{KL}\big(p(c \mid x)\ \|\ p(c)\big), \qquad p(c) = \mathbb E_x\, p(c \mid x)$$
#
# It goes from 1 to the number of classes. **Predict:** take ten digits only, of each class the one that the
# classifier is surest of, and copy them until they are as many. Does IS rise or fall?

# %%
from gan_edu.evaluation import inception_score

def own_is(logits):
    """exp E[KL(p(c | x) ‖ p(c))], from logits (n, 10)."""
    p = logits.softmax(1)                                       # p(c | x)
    return (p * (p / p.mean(0)).log()).sum(1).mean().exp().item()

# %%
with torch.no_grad():
    logits = net.classify(fake.float()).double()                # (n, 10)
surest = logits.softmax(1).argmax(0)                            # one digit of each class
ten = logits[surest].repeat(n // 10, 1)                         # copied until they are n
print(f"Inception Score {own_is(logits):.3f}; of ten digits, copied {own_is(ten):.3f}; "
      "ten sure, balanced classes have 10")
assert math.isclose(own_is(logits), inception_score(logits, logits), rel_tol=1e-6), (
    "it is not torchmetrics'")
assert own_is(ten) > own_is(logits), "ten digits, copied, score lower"

# %% [markdown]
# > **Common misreading.** "A high Inception Score means that the samples are like the data." The formula never looks at
# > the data. Ten digits, well chosen and copied, score higher than a thousand different ones.
#
# **KID** (核起始距离; Bińkowski et al. 2018) asks how alike two samples are, by a **kernel function** (核函数)
# $k(x, y) = (x \cdot y / d + 1)^3$, where $d$ is the number of features. It compares the mean within each set with
# the mean between the sets:
#
# $$\mathrm{KID} = \mathbb E\,k(x, x') + \mathbb E\,k(y, y') - 2\,\mathbb E\,k(x, y)$$
#
# A sample is not compared with itself. So the estimate has no bias: for two sets of one distribution it is 0 on
# average, at any n. A single one may be below 0.

# %%
from gan_edu.evaluation import kernel_distance

def kid(real, fake):
    """The unbiased MMD² with a cubic kernel, of as many real samples as fakes."""
    def k(x, y):
        return (x @ y.T / x.shape[1] + 1) ** 3

    within = [(k(x, x).sum() - k(x, x).trace()) / (len(x) * (len(x) - 1))
              for x in (real, fake)]
    return (sum(within) - 2 * k(real, fake).mean()).item()

# %%
print(f"KID {kid(real, fake):.2f}; the library's {kernel_distance(real, fake):.2f}")
assert math.isclose(kid(real, fake), kernel_distance(real, fake), rel_tol=1e-6), (
    "it is not torchmetrics' KID")

# %%
stream = torch.Generator().manual_seed(0)
# 2,000 times two sets of 20 points
drawn = torch.randn(2000, 2, 20, 8, generator=stream, dtype=torch.float64)
for score in (kid, fid):
    found = torch.tensor([score(x, y) for x, y in drawn])
    error = found.std() / len(found) ** 0.5
    print(f"{score.__name__} of two sets of 20 from one Gaussian: "
          f"{found.mean():.3f} ± {error:.3f}; {(found < 0).double().mean():.0%} below 0")
    assert (found.mean() < 2 * error) == (score is kid), "FID has no bias, or KID has one"
    assert found.mean() > -2 * error, "KID or FID comes out too low"

# %% [markdown]
# One number mixes two questions. Are the samples good? Are they varied? **Precision and recall** (精确率与召回率;
# Kynkäänniemi et al. 2019) come near to one each. Around each real sample draw a ball that reaches to its fifth nearest real
# neighbour (in the paper, its third). Precision is the share of fakes that lie in some ball. For recall, exchange the
# two sets. Recall asks for variety, but bad samples lower it, too. **Coverage** (覆盖率; Naeem et al. 2020) is the share of the real balls that have a fake in them.

# %%
def in_balls(samples, centres, k=5):
    """The share of samples that lie in the ball of some centre,
    which reaches to its k-th nearest other centre."""
    reach = torch.cdist(centres, centres).kthvalue(k + 1, dim=1).values   # itself is nearest
    return (torch.cdist(centres, samples) < reach[:, None]).any(0).double().mean().item()

print(f"precision {in_balls(fake, real):.3f}, recall {in_balls(real, fake):.3f}")
assert in_balls(fake, real) == precision(real, fake), "it is not the library's precision"
assert in_balls(real, fake) == recall(real, fake), "it is not the library's recall"

# %% [markdown]
# Now the Gaussian of section 2 is no riddle. Most of its samples lie where no real ball reaches: low precision. But
# they lie far from each other, so their own balls are large, and hold nearly every real digit: high recall. **Predict**
# the precision of the grey pictures of an untrained G.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: untrained grey against ten sets of real digits
from gan_edu.core.recording import family, shipped
from gan_edu.evaluation import density

film = shipped("mnist_textbook")
grey = embedded(net, torch.from_numpy(film.tiles(0))).double()                       # 64 pictures before training
ten_sets = [test[i:i + many // 10] for i in range(0, many, many // 10)]
by_set = {score.__name__: [round(score(x, grey), 2) for x in ten_sets] for score in (precision, density)}
for name, found in by_set.items():
    print(f"{name:9s} of 64 grey pictures:", *found)
if claims():
    assert min(by_set["precision"]) == 0 and max(by_set["precision"]) == 1, "precision does not go from 0 to 1"
    assert sum(share == 1 for share in by_set["precision"]) == 2, "another number of sets calls all of them good"
    assert sum(share == 0 for share in by_set["precision"]) == 8, "another number of sets calls none of them good"
    assert max(by_set["density"]) <= 0.2, "density is above 0.2"
    for x, share in zip(ten_sets, by_set["precision"], strict=True):
        balls = torch.cdist(x, grey) < torch.cdist(x, x).kthvalue(6, dim=1).values[:, None]    # (1000, 64)
        assert balls.any(1).sum() == share, "it is not one ball that holds all grey pictures"
        largest = torch.cdist(x, x).kthvalue(6, dim=1).values.topk(len(x) // 20).indices
        assert not balls.any() or balls.any(1).nonzero().item() in largest, "the ball is not among the largest"
    assert 0.9 < density(real, fake) < 1.1, "density of real digits is not about 1"
reach = {name: torch.cdist(x, x).kthvalue(6, dim=1).values.median().item()
         for name, x in (("fakes", fake), ("Gaussian", gaussian))}
print("median reach of the balls:", ", ".join(f"{value:.1f} of the {name}" for name, value in reach.items()))
assert reach["Gaussian"] > 1.5 * reach["fakes"], "the Gaussian's balls are not much larger"

# %% [markdown]
# For eight sets of 1,000 real digits no grey picture is good, for two sets all are. One real digit decides: one with
# few others near it has a large ball. The **density score** (密度分数; Naeem et al. 2020) counts the balls that a fake lies in, divided by five. It is at most 0.2
# here: each grey picture lies in one ball, where it lies in any. For real digits it is about 1.
#
# ## 5 · What each score sees
#
# Now the test. A `Score` is a measure with its checks and its interval. `Score.moved` says how far a score moves when the fakes are spoiled, with its 95 % interval. The
# interval is by the **jackknife** (刀切法): leave out a part of the samples (here a tenth, by default a twentieth), one
# part after the other, and see how much the number changes. `verdict` reads it: "sees it" (worse), "blind" (the interval holds 0, it may be chance), or "fooled"
# (better!).
#
# Three rows are new. Class KL is the KL divergence of the fakes' shares of the classes from the real ones'. The
# **two-sample test** (双样本检验; Lopez-Paz and Oquab 2017): how often does a nearest-neighbour classifier tell real from
# fake? ½ is the best. "Nearer to what G saw" is of section 10.
#
# <details><summary>Three more scores of the bench</summary>
#
# The bench has three more. **MMD²** (最大均值差异) is KID's formula with another kernel, a Gaussian as wide as the median
# distance of real features. Exact $W_2$ is section 2's distance between the two sets themselves: the cheapest way to
# carry one onto the other. The **sliced Wasserstein distance** (切片 Wasserstein 距离), sliced $W_2$, looks along 200
# random lines, where that is easy, and takes the root of the mean of $W_2^2$. With infinitely many samples, these three are 0 for equal distributions alone.
# That is not so of FID. But with few samples both $W_2$ are above 0 for perfect fakes, too.
#
# </details>
#
# **Predict** one column: which of these scores sees that half of the fakes are digits from G's training set? Guess
# below. (The bench has shown it. Did you look there? Then say why it is so before you open the answer.) The next cell
# takes about 20 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: scores × failures, three draws of 500 digits each
from gan_edu.evaluation import Score, digit_scores, verdict

NAMES = ["FID", "KID", "Inception Score", "class KL", "precision", "recall", "coverage",
         "two-sample test", "nearer to what G saw"]
guess = Guess.choice("memory", "Half of the fakes are digits from G's training set. Which score sees it?",
                     ["FID", "precision", "recall", "the two-sample test", "none of these"])
size, draws, groups = pace(test=(100, 1, 2), lesson=(500, 3, 10), full=(500, 3, 10))
said = {}
for seed in range(draws):
    sets = splits(size, seed)
    x, y, z = (embedded(net, each) for each in (sets.real, sets.fake, sets.seen))
    spoiled = {way: embedded(net, corrupted(sets, way, CORRUPTIONS[way].levels[5])) for way in CORRUPTIONS}
    for name, score in digit_scores(z).items():
        for way in spoiled if name in NAMES else ():
            said.setdefault((name, way), []).append(
                verdict(score, replace(score, groups=groups).moved(x, y, spoiled[way])))
with guess:
    print(" " * 21, *(f"{way.removesuffix(' classes'):>11s}" for way in CORRUPTIONS))
    for name in NAMES:
        cells = ["/".join(dict.fromkeys(said[name, way])) for way in CORRUPTIONS]
        print(f"{name:21s}", *(f"{cell.replace('sees it', 'sees') if '/' in cell else cell:>11s}" for cell in cells))
guess.answer("none of these")

# %% [markdown]
# A cell with two words: the draws did not agree. Read it row by row.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Check: the rows, one by one
def all_say(name, *ways, word="sees it"):
    """Whether a score says so of these failures, in each draw."""
    return all(each == word for way in ways for each in said[name, way])

if claims():
    for name in ("FID", "KID", "recall", "coverage", "two-sample test", "Inception Score", "class KL"):
        assert all_say(name, "blur", "noise", "dropped classes", "copies"), f"{name} misses one of four"
    assert all_say("nearer to what G saw", "memorised"), "nearest neighbours do not see what G saw"
    assert all_say("nearer to what G saw", "blur", "noise", "dropped classes", "copies", word="blind"), (
        "nearest neighbours see another failure, or are fooled")
    assert all(all_say(name, "memorised", word="blind") for name in NAMES[:-1]), "another score is not blind to memory"
    assert all_say("precision", "noise") and set(said["precision", "blur"]) == {"blind", "sees it"}, (
        "of noise or blur precision says otherwise")
    assert all_say("precision", "dropped classes", "copies", word="blind"), "precision is not blind to them"
print("as the text says")

# %% [markdown]
# - FID, KID, recall, coverage and the two-sample test see four of the five, in each draw. So do IS and class KL, at
#   this level and with the same digits before and after.
# - Precision is blind to missing classes and to copies: each sample is good. It sees noise. On blur the draws disagree.
#
# <details><summary>After your guess</summary>
#
# - No score of the first eight sees what G remembers. Both halves are digits of one training set, so these scores
#   cannot tell them apart. The score that is told what G saw can. At this level it is blind to all the rest.
#
# </details>

# %% [markdown]
# No score here is perfect. Which failure do you fear? Take a score that sees it, and one that asks another question.
#
# <details><summary>How the bench judges</summary>
#
# The bench holds all fifteen scores, from twenty draws, and it has another rule than `verdict`. Take the least and the
# largest value of the draws, of untouched digits and of spoiled ones: where these two bars overlap, the score is
# *blind*. `moved` follows the same digits before and after, so it often sees smaller changes. Not always: on blur,
# precision is sure in the bench alone, which has 1,000 digits a draw where the table above has 500.
#
# </details>
#
# Now fill the table yourself, without code. Go [to the control at the top](#07-·-Evaluation:-what-each-score-sees,-and-what-it-is-blind-to)
# and choose *my table*. It judges at level 6 of 8 and 1,000 samples. One of its seventy-five cells says *fooled*. Choose each way to spoil, look at the bars, and mark
# what each score does. Then press *Check*, and at the end *Show answers*. Until a way is checked, *scores* keeps its
# verdicts of that level back. Appendix C has the answers.

# %% [markdown]
# ## 6 · The wrong range
#
# A picture in [0, 1] where [−1, 1] is meant looks the same on the screen, where a plot stretches its own range from
# black to white. **Predict** FID of perfect fakes, handed over
# so.

# %%
in_zero_one = (digits.fake + 1) / 2
without_a_check = fid(real, embedded(net, in_zero_one).double())
print(f"FID {fid(real, fake):.1f} in [−1, 1], {without_a_check:.0f} in [0, 1]")
try:
    Score("FID", frechet, features=net)(digits.real, in_zero_one)
except ValueError as error:
    print("refused:", error)
if claims():
    assert without_a_check > 200 * fid(real, fake), "the wrong range hardly matters"

# %% [markdown]
# A number of this size looks like a bad G, and it is a bad call. So the course's scores refuse such pictures.
# torchmetrics, for one, does not ask where the network is yours.
#
# ## 7 · Another network, another ranking
#
# Whose features? Two sets: digits with noise (σ = 0.5), and digits moved by two pixels. **Predict** which has the
# higher FID with our network, with the same network untrained, and with pixels, averaged two by two, in place of
# features? Guess below. The
# next cell takes about 10 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: two sets, three kinds of features, three draws
from gan_edu.core.measures.mnist_scores import FeatureNet

guess = Guess.choice("net", "Noise of 0.5, or a move by two pixels: for which features is the move the worse one?",
                     ["for none", "for the untrained network only", "for averaged pixels only", "for both of these"])
ratios = {}
for seed in range(pace(test=1, lesson=3, full=3)):
    torch.manual_seed(seed)
    kinds = {"trained network": net, "untrained network": FeatureNet().eval().requires_grad_(False),
             "pixels, 14 × 14": lambda x: torch.nn.functional.avg_pool2d(x, 2).flatten(1)}
    sets = splits(n, seed)
    two = corrupted(sets, "noise", 0.5), torch.roll(sets.fake, 2, dims=3)
    for name, kind in kinds.items():
        of_noise, of_move = (fid(embedded(kind, sets.real).double(), embedded(kind, x).double()) for x in two)
        ratios.setdefault(name, []).append(of_noise / of_move)
with guess:
    for name, found in ratios.items():
        print(f"{name:18s} FID of the noise over FID of the move: {median(found):6.2f} "
              f"({min(found):.2f} to {max(found):.2f})")
if claims():
    assert min(ratios["trained network"]) > 20, "the trained network does not mind noise far more"
    assert max(ratios["untrained network"] + ratios["pixels, 14 × 14"]) < 1, (
        "without training the noise is not the better one")
    assert fid(sets.real.flatten(1).double(), two[0].flatten(1).double()) > fid(
        sets.real.flatten(1).double(), two[1].flatten(1).double()), "to all pixels the noise is not the worse one"
guess.answer("for both of these")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Our trained network finds noise far worse. To the same network without training, and to pixels averaged two by two,
# the move is worse, in each draw. (The average takes out half of the noise. To all 784 pixels the noise is worse.)
# Which is right? The features decide what counts as a difference. So an FID without the name of its network says
# nothing, and numbers of two networks cannot be compared.
#
# </details>

# %% [markdown]
# ## 8 · Why two libraries disagree
#
# Same pictures, same network, same formula. What differs is in between. Before Inception reads a picture, it is
# resized. Here is what a way to 32 × 32 and back does, and other details.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: how much each detail changes FID
from torch.nn.functional import interpolate

def there_and_back(x, **how):
    """28 × 28 → 32 × 32 → 28 × 28."""
    return interpolate(interpolate(x, size=32, **how), size=28, **how)

def fid_of(x, kind=torch.float64, y=real):
    return fid(y.to(kind), embedded(net, x).to(kind))

bilinear = there_and_back(digits.fake, mode="bilinear")
details = {"as it is": fid_of(digits.fake),
           "bilinear": fid_of(bilinear),
           "bilinear, antialias": fid_of(there_and_back(digits.fake, mode="bilinear", antialias=True)),
           "nearest": fid_of(there_and_back(digits.fake, mode="nearest")),
           "bilinear, both sets": fid_of(
               bilinear, y=embedded(net, there_and_back(digits.real, mode="bilinear")).double()),
           "noise of 0.05": fid_of(corrupted(digits, "noise", 0.05)),
           "that, rounded to 0…255": fid_of(((corrupted(digits, "noise", 0.05) + 1) * 127.5).round().to(torch.uint8)),
           "float32 covariance": fid_of(digits.fake, torch.float32),
           "half as many, mean of 4": mean(fid(real[i::2], fake[j::2]) for i in (0, 1) for j in (0, 1))}
for name, found in details.items():
    print(f"{name:24s} FID {found:7.2f}")
if claims():
    times = [details[way] / details["as it is"] for way in ("bilinear", "bilinear, antialias", "nearest")]
    assert min(times) > 5 and max(times) < 30, "a resize does not make FID 5 to 30 times as large"
    assert details["bilinear, both sets"] <= details["as it is"], "the same resize of both raises FID"
    assert abs(details["that, rounded to 0…255"] / details["noise of 0.05"] - 1) < 0.02, "rounding matters"
    assert abs(details["float32 covariance"] / details["as it is"] - 1) < 0.01, "float32 matters more"
    assert 1.5 < details["half as many, mean of 4"] / details["as it is"] < 2.5, (
        "half as many samples do not make FID about twice as large")

# %% [markdown]
# - Resize. Done to the fakes alone, it makes FID 5 to 30 times as large, on this draw. Done to both sets alike, it
#   leaves FID as small as before, or smaller. Parmar et al. (2022) found large effects on the way to Inception's 299 × 299, too:
#   libraries resize in different ways.
#   *Antialias* smooths a picture before it shrinks.
# - n. Half as many samples: about twice the FID of perfect fakes, on average (section 3). Where FID is large, it
#   hardly matters.
# - dtype. FID from a covariance in float32 is off by less than 1 % here. Rounding to 0…255 changes nothing that we
#   can see.
#
# So write down the library, and let one program handle both sets.

# %% [markdown]
# ## 9 · Parzen windows
#
# In 2014 the first GAN was scored by **Parzen windows** (Parzen 窗). Put a Gaussian window around each fake picture.
# How likely are the test digits then? Higher counts as better. **Predict:** a
# thousand real digits, or a thousand averages of digits: which scores higher? The averages are by **k-means** (k 均值):
# each is about the mean of those of 10,000 training digits that are nearest to it. Guess below. The next cell takes about
# 20 seconds on two cores.

# %%
from gan_edu.evaluation import parzen

def k_means(x, centres, rounds=4):
    """Centres, each the mean of the samples that are nearest to it."""
    for _ in range(rounds):
        nearest = torch.cdist(x, centres).argmin(1)
        count = torch.bincount(nearest, minlength=len(centres))[:, None]
        sums = torch.zeros_like(centres).index_add_(0, nearest, x)
        centres = torch.where(count > 0, sums / count.clamp_min(1), centres)
    return centres

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: Parzen's score of real digits, and of averages
guess = Guess.choice("parzen", "Which scores higher by Parzen windows?",
                     ["1,000 real digits", "1,000 averages of digits"])
how_many, pool = pace(test=(50, 200), lesson=(1000, 10_000), full=(1000, 10_000))
likelihoods, nearest, averages = {}, {}, None
for seed in range(3):
    stream = torch.Generator().manual_seed(seed)
    pixels = (train_images[torch.randperm(60_000, generator=stream)[:pool + how_many]]
              .flatten(1).float() / 255)    # [0, 1], as in 2014
    asked = test_images[torch.randperm(10_000, generator=stream)[:how_many]].flatten(1).double() / 255
    averages = k_means(pixels[how_many:], pixels[how_many:2 * how_many])
    for name, centres in {"real digits": pixels[:how_many], "averages": averages}.items():
        likelihoods.setdefault(name, []).append(parzen(asked, centres.double()))
        nearest.setdefault(name, []).append(torch.cdist(asked, centres.double()).amin(1).median().item())
with guess:
    for name, found in likelihoods.items():
        print(f"{name:12s} {median(found):6.1f} nats ({min(found):.1f} to {max(found):.1f});",
              f"median distance from a test digit to the nearest {median(nearest[name]):.2f}")
if claims():
    assert pool == 10_000 > how_many == len(averages), "the averages are of another pool, or are not a thousand"
    assert max(nearest["averages"]) < min(nearest["real digits"]), "the averages lie farther from test digits"
    assert min(likelihoods["averages"]) > max(likelihoods["real digits"]) + 100, "averages do not win clearly"
guess.answer("1,000 averages of digits", pictures(
    2 * averages[:24].view(-1, 1, 28, 28) - 1,
    "Twenty-four averages of digits: soft, some of them smeared", columns=12))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Blurred averages beat real digits by more than 100 nats, on each of three draws. A window asks how near the nearest
# fakes lie, and an average lies nearer to a new digit than another digit does. Theis et al. (2016) showed this, and
# advise against the score. It is the one that blur fooled in the bench. A likelihood of the model itself would be another thing, but a GAN has none (chapter 00).
#
# </details>

# %% [markdown]
# ## 10 · Does it copy?
#
# A G that hands out its training set scores like a perfect one, by all of our scores but one. To see it, compare: is
# a fake nearer to what G saw, or to as many real digits that it did not see? One half means: no sign of memory (after
# Meehan et al. 2020). **Predict** the share for copies that are moved by one pixel, by pixels and by features.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: how many copies are nearer to what G saw, by pixels and by features
from gan_edu.evaluation import memorised

moved = torch.roll(digits.seen, 1, dims=3)                       # copies, moved by one pixel
for name, turned in {"pixels": lambda x: x.flatten(1).double(),
                     "features": lambda x: embedded(net, x).double()}.items():
    nearer = memorised(turned(digits.seen))
    found = {what: nearer(turned(digits.real), turned(x)) for what, x in
             {"new digits": digits.fake, "copies": digits.seen,
              "copies, moved by one pixel": moved}.items()}
    print(f"{name:8s} nearer to what G saw:",
          ", ".join(f"{what} {share:.0%}" for what, share in found.items()))
    assert found["copies"] == 1, "copies are not all nearer to what G saw"
    if not claims():
        continue
    assert abs(found["new digits"] - 0.5) < 0.1, "new digits score otherwise"
    least, most = (0.7, 0.9) if name == "pixels" else (0.9, 1)
    assert least < found["copies, moved by one pixel"] < most, (
        "a move hides more copies, or fewer")
print(f"FID of the moved copies {fid(real, embedded(net, moved).double()):.1f}, "
      f"of new digits {fid(real, fake):.1f}")

# %% [markdown]
# For copies the share is one. For copies moved by one pixel it is about four fifths by pixels, and nearly one by
# features. Count from one half, not from zero: of digits that nobody copied, half are nearer to what G saw. And a
# value of one half is no proof that nothing was copied. It may be that *these* features do not see it.
#
# ## 11 · Rank our own runs
#
# The course has stored nine moments of seven runs, with FID, the shares of classes, and how sure the reader is (each of 10,000
# samples), and 64 pictures of each, for precision and salt (chapter 04). **Predict:** which run is first by each of
# the five scores? Where is the untrained G?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: nine moments of the course's own runs
from gan_edu.mnist_gan import salt

tricks = shipped("mnist_best")
ends = {"textbook, untrained": (film, 0), "textbook, epoch 20": (film, film.steps.index(20 * 937)),
        "textbook, epoch 100": (film, -1), "with tricks": (tricks, -1),
        **{f"seed {k}, epoch 20": (run, -1) for k, run in enumerate(family("mnist_textbook_seeds"), 1)}}
table = {}
for name, (run, at) in ends.items():
    shown, stored = torch.from_numpy(run.tiles(at)), run.scores[at]
    f = embedded(net, shown).double()
    shares, of_data = torch.tensor(stored["histogram"]), torch.bincount(mnist(train=True)[1], minlength=10) / 60_000
    table[name] = {"FID": stored["fid"], "class KL": torch.xlogy(shares, shares / of_data).sum().item(),
                   "sure": stored["confidence"], "precision": precision(real, f), "salt": 1e4 * salt(shown)}
    assert run.meta["scoring"]["samples"] == 10_000 and len(shown) == 64, (
        "a run was scored by another count, or shows other than 64 pictures")
print(" " * 20, *(f"{name:>10s}" for name in table["with tricks"]))
for name, row in sorted(table.items(), key=lambda item: item[1]["FID"]):
    print(f"{name:20s}", *(f"{value:10.4g}" for value in row.values()))
better = {"FID": -1, "class KL": -1, "sure": 1, "precision": 1, "salt": -1}
first = {score: max(table, key=lambda name: sign * table[name][score]) for score, sign in better.items()}
for score, name in first.items():
    print(f"first by {score}: {name}")
orders = {score: sorted(table, key=lambda name: -better[score] * table[name][score]) for score in better}
assert orders["FID"] == orders["class KL"], "FID and class KL order the runs differently"
assert orders["FID"][-1] == first["sure"] == first["salt"] == "textbook, untrained", "no score puts the worst first"
assert orders["FID"][:2] == ["with tricks", "textbook, epoch 100"], "by FID others are ahead"
if claims():
    assert table["seed 3, epoch 20"]["precision"] == table["with tricks"]["precision"], (
        "seed 3 has not the precision of the best run")
    collapsed = embedded(net, torch.from_numpy(ends["seed 3, epoch 20"][0].tiles(-1))).double()
    balls = torch.cdist(real, collapsed) < torch.cdist(real, real).kthvalue(6, dim=1).values[:, None]
    assert balls.sum(1).max() >= 55, "no single ball holds seed 3"
assert film.scores[0]["histogram"][8] > 0.999, "grey is not read as an 8"
f, g = (embedded(net, torch.from_numpy(run.tiles(-1))).double() for run in (tricks, film))
both = [(precision(x, f), precision(x, g)) for x in ten_sets]
ahead, behind = sum(a > b for a, b in both), sum(a < b for a, b in both)
error = (precision(real, f) * (1 - precision(real, f)) / len(f)) ** 0.5          # of a share of 64 pictures
gap = abs(table["with tricks"]["precision"] - table["textbook, epoch 100"]["precision"])
assert not claims() or min(ahead, behind) > 1 and gap < 3 * error, "precision tells the first two apart"

# %% jupyter={"source_hidden": true} cellView="form"
# @title Pictures of four of the nine
four = [(film, 0), (family("mnist_textbook_seeds")[2], -1), (film, -1), (tricks, -1)]
pictures(torch.cat([torch.from_numpy(run.tiles(at))[:12] for run, at in four]),
         "Four rows of twelve pictures: untrained grey; one shape again and again; "
         "digits with stray dots; digits", columns=12)

# %% [markdown]
# The rows: untrained, seed 3, textbook at epoch 100, with tricks. Who is right?
#
# - FID and class KL give one and the same order. Your eyes will agree at both ends.
# - The reader's certainty puts untrained grey *first*: it must answer with a digit, and says 8. Salt does so too:
#   grey has none. Neither is a score of quality. Salt is a good question to ask of digits that pass the others.
# - Precision of 64 pictures cannot tell the first two apart. With these real digits it even gives the collapsed seed 3
#   as much as the best run: the ball of one real digit holds most of it, as in section 4.

# %% [markdown]
# ## 12 · Your own score
#
# A score is a function of two sets. `Score` adds the checks and the interval. Here is one in a few lines: salt,
# compared with that of real digits. **Predict** its row. The next cell takes about 10 seconds on two cores.

# %%
def more_salt(real, fake):
    """How far the share of salt pixels is from that of real digits, in 10,000 pixels."""
    return 1e4 * abs(salt(fake) - salt(real))

mine = Score("salt", more_salt, groups=10)
print(f"On one draw of {n:,} digits:")
for way in CORRUPTIONS:
    found = mine.moved(digits.real, digits.fake,
                       corrupted(digits, way, CORRUPTIONS[way].levels[5]))
    print(f"{way:16s} {verdict(mine, found):8s} moved by {found}")
    if claims():
        assert verdict(mine, found) == ("sees it" if way == "noise" else "blind"), (
            "its row is another")
bench({"salt": mine})

# %% [markdown]
# On this draw it sees noise and nothing else. Other draws may see the blur, too, or the copies. The control measured it at each level,
# of 200 digits, in three draws. So it opens at 200, with your row first. *My table* keeps to the course's scores.
#
# Now yours: put a number in the place of the dots. How light are the fakes, compared with real digits, say? A `Score`
# that is better when it is *higher* says so: `Score("light", light, better="higher")`. The next cell takes about
# 5 seconds on two cores, once the dots are gone.

# %%
def light(real, fake):
    """Your measure of two sets of pictures (N, 1, 28, 28) in [−1, 1]: a number."""
    return ...

written = light(digits.real, digits.fake) is not ...
bench({"light": Score("light", light)}) if written else "light is still to be written"

# %% [markdown]
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason.
#
# ### 1 · FID by hand (5 minutes, easy)
# In the plane, real features are $\mathcal N(0, I)$, fake ones $\mathcal N((3, 4), 4I)$. What is FID, of infinitely
# many samples?

# %%
from gan_edu.exercises import evaluation as exercises

fid_of_two_gaussians = ...
exercises.fid_by_hand(fid_of_two_gaussians)

# %% [markdown]
# <details><summary>Hint</summary>
#
# $C_1 C_2 = 4I$. Its root is $2I$, whose trace is 4.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import evaluation as exercises
#
# fid_of_two_gaussians = 3 ** 2 + 4 ** 2 + 2 * (1 - 2) ** 2
# exercises.fid_by_hand(fid_of_two_gaussians)
# ```
#
# </details>
#
# ### 2 · How many samples? (5 minutes, easy)
# You want a floor of FID below 1, with our features. By the rule of section 3, from about which n on is it?

# %%
from gan_edu.exercises import evaluation as exercises

samples_needed = ...
exercises.enough_samples(samples_needed)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Section 3 prints n · FID for each n. Take 5,000 / n: at the larger n of that print, the test set's own difference is
# in it, too.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import evaluation as exercises
#
# samples_needed = 5000 / 1
# exercises.enough_samples(samples_needed)
# ```
#
# </details>
#
# ### 3 · Which score? (5 minutes, easy)
# Three questions. Each sample is good, but half of the classes are missing: precision or recall? G hands out its
# training set: which score of the table tells? One G has 300 samples, the other 10,000: FID or KID? Answer with the
# names of the table.

# %%
from gan_edu.exercises import evaluation as exercises

half_missing, from_memory, unlike_counts = ..., ..., ...
exercises.which_score(half_missing, from_memory, unlike_counts)

# %% [markdown]
# <details><summary>Hint</summary>
#
# The rows of section 5, and the bias of section 3.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import evaluation as exercises
#
# half_missing, from_memory, unlike_counts = "recall", "nearer to what G saw", "KID"
# exercises.which_score(half_missing, from_memory, unlike_counts)
# ```
#
# </details>
#
# ### 4 · See the mirror (10 minutes, medium)
# Write a score `(real, fake)` of pictures (N, 1, 28, 28) in [−1, 1] that gets worse, that is larger, when the fakes
# are mirrored left to right. It must stay where it is for other real digits. No network.

# %%
from gan_edu.exercises import evaluation as exercises

def my_score(real, fake):
    return ...

exercises.own_score(my_score)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Handwriting slants. How do row and column of the light pixels go together in one picture? Take a mean over the
# pictures, then compare the two sets.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import torch
#
# from gan_edu.exercises import evaluation as exercises
#
# def slant(x):
#     light = (x.squeeze(1) + 1) / 2                      # (N, 28, 28)
#     light = light / light.sum((1, 2), keepdim=True)
#     place = torch.arange(28, dtype=x.dtype)
#     rows = place - (light.sum(2) @ place)[:, None]      # from the middle of the light
#     columns = place - (light.sum(1) @ place)[:, None]
#     return (light * rows[:, :, None] * columns[:, None, :]).sum((1, 2)).mean()
#
# def my_score(real, fake):
#     return abs(slant(real) - slant(fake)).item()
#
# exercises.own_score(my_score)
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
# - Most scores compare two sets of features. The features decide what they can see.
# - FID is $W_2^2$ of two Gaussians. It sees means and covariances, and nothing else. For few samples it is too high,
#   on average. Write beside it: the network, the library, n, the floor.
# - KID has no bias. The Inception Score never looks at the data. Precision asks for quality, recall and coverage for
#   variety (bad samples lower both).
# - Each score is blind to something. Take two that ask different questions, and look at the samples.
#
# **Read.** Heusel et al. (2017), which introduced FID, arXiv 1706.08500. Salimans et al. (2016), the Inception Score,
# arXiv 1606.03498. Bińkowski et al. (2018), KID, arXiv 1801.01401. Chong and Forsyth (2020), FID∞, arXiv 1911.07023.
# Kynkäänniemi et al. (2019), precision and recall, arXiv 1904.06991. Naeem et al. (2020), density and coverage, arXiv
# 2002.09797. Theis et al. (2016), *A note on the evaluation of generative models*, arXiv 1511.01844. Parmar et al.
# (2022), on resizing, arXiv 2104.11222. Lopez-Paz and Oquab (2017), the two-sample test, arXiv 1610.06545. Meehan et al.
# (2020), on copies, arXiv 2004.05675. Borji (2019), an overview, arXiv 1802.03446.
#
# **Next.** Chapter 08 is about mode collapse: what is lost when G draws few modes, and what helps.

# %% [markdown]
# ## Appendix
#
# Two scores for special cases, and the answers of your table. Nothing later needs them. Run all cells first: these build on the cells above.

# %% [markdown]
# ### A · When the modes are known
#
# The grid of chapter 03 has 25 modes. One can count the modes that a G has found. **Predict:** how many does uniform
# noise find?

# %%
from gan_edu.core.data import grid
from gan_edu.evaluation import captured_modes, covered_modes, reverse_divergence

data, stream = grid(), torch.Generator().manual_seed(0)
points = {"the data": data.sample(2500, stream).double(),
          "one mode": data.modes[:1].double().expand(2500, 2),
          "uniform noise":
              3 * torch.rand(2500, 2, generator=stream, dtype=torch.float64) - 1.5}
for name, x in points.items():
    found = [score(data)(points["the data"], x)
             for score in (captured_modes, covered_modes, reverse_divergence)]
    print(f"{name:13s} captured {found[0]:2.0f}, covered {found[1]:2.0f}, "
          f"reverse KL {found[2]:.3f} nats")
    assert found[:2] == {"the data": [25, 25], "one mode": [1, 1],
                         "uniform noise": [25, 0]}[name], "other counts"
    assert found[2] < 0.2 or name == "one mode" and abs(found[2] - math.log(25)) < 1e-6, (
        "another reverse KL")

# %% [markdown]
# Papers call a mode captured when one sample lies within 3σ of it. Uniform noise captures all 25. The course calls a
# mode covered when it has half of its fair share (chapter 03): noise covers none. Reverse KL over the modes is small
# for noise, too: each sample counts for the mode that is nearest, however far. Where all samples lie at one mode, it
# is log 25 = 3.22.

# %% [markdown]
# ### B · How smoothly G moves
#
# The **perceptual path length** (感知路径长度; Karras et al. 2019) asks how fast the features change while z walks from one
# latent to another:
#
# $$\mathbb E\ \lVert f(G(z_{t + \epsilon})) - f(G(z_t)) \rVert^2\, /\, \epsilon^2$$
#
# **Predict:** for the shipped generator, is it larger on the straight line or on the arc (chapter 04)? The next cell
# takes about 8 seconds on two cores.

# %%
from gan_edu.core.data import lerp, slerp
from gan_edu.evaluation import path_length
from gan_edu.mnist_gan import trained_textbook

artist, step = trained_textbook(), 1e-4

def lengths(way, a, b):
    """|f(G(z at t + step)) − f(G(z at t))|² / step², a t for each pair."""
    t = torch.arange(len(a), dtype=torch.float64) * (math.sqrt(5) - 1) / 2 % 1
    ends = [embedded(net, artist.generate(way(a, b, each).float())).double()
            for each in (t, t + step)]
    return ((ends[1] - ends[0]) / step).square().sum(1)

for seed in range(3):
    stream = torch.Generator().manual_seed(seed)
    a, b = (artist.latents(pace(test=20, lesson=500, full=500), stream).double()
            for _ in range(2))
    line, arc = lengths(lerp, a, b), lengths(slerp, a, b)
    print(f"line: mean {line.mean():6.0f}, median {line.median():5.0f}; "
          f"arc: mean {arc.mean():6.0f}, median {arc.median():5.0f}")
    library = path_length(lambda z: artist.generate(z.float()),
                          lambda x: embedded(net, x))(a, b)
    assert math.isclose(line.mean(), library, rel_tol=0.01), "it is not the library's"
    assert path_length(lambda z: 0 * z[:, :3], lambda x: x)(a, b) == 0, (
        "a constant G has a length")
    if claims():
        assert line.mean() < arc.mean() < 1.23 * line.mean(), (
            "the arc is not a little longer")
        squared = [((way(a, b, 0.501) - way(a, b, 0.5)) / 0.001).square().sum(1).mean()
                   for way in (lerp, slerp)]
        assert abs(squared[1] / squared[0] - (math.pi / 2) ** 2 / 2) < 0.05, (
            "z does not move 1.23 times as fast, squared")
        assert line.median() < line.mean() / 3, "a few pairs do not carry the mean"
        assert line.sort().values[-len(line) // 10:].sum() > line.sum() / 2, (
            "the tenth with the longest does not carry half")

# %% [markdown]
# The arc is longer, on three draws of 500 pairs. That is no fault of the arc: z itself moves faster there, and by
# more than that. Between two latents at a right angle the arc is π/2 / √2 = 1.11 times as long as the line, and
# squared that is 1.23. The medians are far below the means: a few pairs, at sharp borders between two digits perhaps,
# carry most of the length. A constant G has the length 0, so a small one alone is no merit.

# %% [markdown]
# ### C · The answers of your table
#
# What the bench says at level 6 of 8, of 1,000 samples: for each way to spoil, which scores do not see it.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: the answers of the bench, way by way
# {way: {score: …}} where it judges: level 6 of 8, 1,000 samples
says = the_bench.verdicts()
for way, marks in says.items():
    others = {name: mark for name, mark in marks.items() if mark != "sees it"}
    blind = ", ".join(name for name, mark in others.items() if mark == "blind")
    told = "all others are blind" if len(others) > 10 else f"blind: {blind}"
    fooled = [name for name, mark in others.items() if mark == "fooled"]
    print(f"{way:16s} {len(marks) - len(others):2d} of {len(marks)} see it; {told}",
          *(f"; fooled: {name}" for name in fooled), sep="")
perfect = [name for name in says["blur"]
           if all(marks[name] == "sees it" for marks in says.values())]
assert not perfect, "there is a perfect score"
assert ([name for name, mark in says["memorised"].items() if mark == "sees it"]
        == ["nearer to what G saw"]), "others see it"
assert ([(way, name) for way in says for name, mark in says[way].items() if mark == "fooled"]
        == [("blur", "Parzen")]), "another is fooled"

# %% [markdown]
# <!-- near -->
# ← [06 convergence](06_convergence.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [08 mode collapse](08_mode_collapse.ipynb) →
# <!-- /near -->
