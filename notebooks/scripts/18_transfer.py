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
# # 18 · Transfer, and an outlook
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# A GAN shall learn the digits 5 to 9 from twenty pictures, or a hundred. It may start anew, or from a GAN that has learned 0 to 4. Two methods stand side by side: samples above, and under each the training picture that it is nearest to. Slide the number of pictures down. Which samples are good, and which are copies?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show few images
from statistics import median

import torch

from gan_edu.core.measures import measured
from gan_edu.core.notebook import FAKE, INK, REAL, SOFT, claims, pace, show, subplots
from gan_edu.core.training import setup
from gan_edu.widgets import FewImages, Guess, Guesses

setup()
FewImages(measured("few_images"))

# %% [markdown]
# **After this chapter you can**
#
# - start a GAN from another's weights, and hold a part of D still (FreezeD),
# - change what D sees, as much as it overfits (ADA), and say when such changes leak,
# - tell a good sample from a copy,
# - make D a classifier that needs few labels,
# - mark what a generator makes, and say how sure a finding is,
# - look back on the whole course in two tables.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | lesson (the default) | about 2 minutes on two cores | a small GAN of 0 to 4, its way to 5 to 9, and a D that names classes |
# | full (`GAN_EDU_PACE=full`) | about 3 minutes on two cores | the same, longer |
#
# It takes 60 minutes to read and play, and needs no network. You should know chapters 05, 07 and 10.

# %% [markdown]
# ## 1 · A GAN that has learned something else
#
# **Transfer learning** (迁移学习) starts from weights that another task left. In a GAN there are two networks to start from: G's last maps draw strokes, D's first ones look for them, whatever the digit. Train on 0 to 4; it takes about 20 seconds on two cores.

# %%
from gan_edu.core.data import Batches, mnist
from gan_edu.training_loop import GAN, train
from gan_edu.transfer import few, pair, transferred
from gan_edu.tricks import EMA, two_time_scales

images, labels = mnist()
old = images[labels < 5]                                         # learned first: 0 to 4
new, _ = few(images, labels, range(5, 10), each=20, out_of=50_000)   # a hundred of 5 to 9
torch.manual_seed(0)
G, D = pair()                                                    # 135,000 weights together
before = GAN(G, D, 24, **two_time_scales(G, D, 2e-3, 1e-3, (0.5, 0.99)), after_step=[EMA(0.99)])
for record in train(before, Batches(old, 32), pace(test=2, lesson=1200, full=1500)):
    pass

# %% [markdown]
# `transferred` takes both networks over. Optimisers begin anew: their averages belong to the old task. Below, 600 steps, about 10 seconds on two cores.

# %%
gan = transferred(before, g_lr=1e-3, d_lr=5e-4, after_step=[EMA(0.99)])
same = all(map(torch.equal, gan.generator.parameters(), before.generator.parameters()))
assert same and gan.step == 0, "it does not start where the other stands"
z = before.latents(8)
looks = [before.generate(z)]
for record in train(gan, Batches(new, 32), pace(test=2, lesson=600, full=1200)):
    if record.step in (30, 150, 600):
        looks.append(gan.generate(z))

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: the same eight latents on their way from 0–4 to 5–9
from gan_edu.core.notebook import pictures

pictures(torch.cat(looks), "Eight pictures a row, of the same latents: at the top digits from 0 to 4, before the first step; below them, after 30, 150 and 600 steps, shapes that turn into digits from 5 to 9", columns=8)

# %% [markdown]
# **FreezeD** (Mo et al. 2020) holds D's lower layers still. What does not move cannot learn twenty pictures by heart. The gradient still goes *through* it, to G.

# %%
from gan_edu.transfer import freeze

frozen = transferred(before, frozen=2)
still = [not w.requires_grad for w in frozen.discriminator.parameters()]
print(sum(still), "of", len(still), "tensors of D stay")
kept = [w.clone() for w in frozen.discriminator.parameters()]
for record in train(frozen, Batches(new, 32), 3):
    pass
moved = [not torch.equal(a, b) for a, b in zip(kept, frozen.discriminator.parameters(), strict=True)]
assert moved == [not each for each in still], "what is frozen moves, or what is not stays"

# %% [markdown]
# ## 2 · Change what D sees
#
# With few pictures D learns them by heart, and then tells G nothing but where they lie. `DiffAugment` ([chapter 11](11_modern.ipynb)) shows D each picture changed, real and fake alike. **ADA** (自适应判别器增广; Karras et al. 2020) makes each kind of change with a probability $p$, and steers $p$ by how sure D is of its own training pictures:
#
# $$r = \mathbb{E}\,\text{sign}\,D(T_p(x)), \qquad p \leftarrow \text{clip}\Big(p + \text{sign}(r - 0.6)\,\frac{4}{\text{rise}}\Big) \quad \text{each 4th step}$$
#
# $D(x)$ is a logit here: where D calls every training picture real, $r = 1$.

# %%
from gan_edu.transfer import ADA

view = ADA(new, rise=100, empty=-1)                              # outside a picture it is black
tuned, ps = transferred(before, view=view), [0.0]
for record in train(tuned, Batches(new, 32), pace(test=8, lesson=400, full=400)):
    if record.step % 4 == 0:
        by_hand = ps[-1] + (1 if view.sign > 0.6 else -1 if view.sign < 0.6 else 0) * 4 / 100
        ps.append(view.p)
        assert abs(view.p - min(0.8, max(0.0, by_hand))) < 1e-9, "p goes another way"

# %% [markdown]
# G makes pictures so that, changed, they look like real ones, changed. Does it then make *changed* pictures? A change leaks where different data look the same once changed. Let pictures stand in four ways, upright or turned by a quarter, a half, three quarters, and let $q$ say how often each. A turn by a random quarter, made with probability $p$, is a matrix:
#
# $$T_p\,q = \Big((1-p)\,I + \frac{p}{4}\,\mathbf{1}\mathbf{1}^\top\Big)\,q$$
#
# **Predict:** all data stand upright. For which $p$ can D's view tell them from data that lie on their side?

# %%
upright, lying = torch.eye(4)[0], torch.eye(4)[1]
for p in (0.5, 0.9, 1.0):
    T = (1 - p) * torch.eye(4) + p / 4 * torch.ones(4, 4)
    sizes = torch.linalg.eigvalsh(T)                             # in rising order
    gap = (T @ upright - T @ lying).abs().sum()
    print(f"p = {p}: eigenvalues {sizes[0].abs():.1f} and {sizes[3]:.1f}; seen apart by {gap:.1f} of 2")
    assert torch.allclose(sizes, torch.tensor([1 - p] * 3 + [1.0]), atol=1e-6), "other eigenvalues"

# %% [markdown]
# For all $p < 1$: then $T_p$ has an inverse, and the one distribution that looks right is the right one. At $p = 1$ all data look alike. But *by how much* they differ falls with $1 - p$, and a D of finite data sees small gaps late. The authors call leaks unlikely in practice below 0.8; here `most` holds $p$ there. (A negative, made with probability ½, leaves nothing to tell: its matrix has the eigenvalue $1 - 2p$.)
#
# ## 3 · Few pictures, six methods
#
# All six learn from n pictures of 5 to 9 by 1,200 steps of 32, on five seeds, which choose the pictures, too. Three start from scratch, three from a GAN of the digits 0 to 4. Each had four trials at n = 100, judged on training pictures; the best settings were kept for all n. FID is taken against 1,000 test pictures, by the average of G, with features of a small digit network: compare within this table only.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: FID of six methods, five seeds
stored = measured("transfer")
guess = Guess.choice("transfer", "At 20 pictures: which method has the lowest FID?", ["from scratch, ADA", "fine-tuned", "FreezeD", "fine-tuned, DiffAugment"])
COUNTS = ("20", "100", "500")

def runs_of(data, arm):
    """The runs of an arm, by seed."""
    return sorted((run for run in stored["runs"] if (run["data"], run["arm"]) == (data, arm)), key=lambda run: run["seed"])

def spread(values, form=".0f"):
    """Median, and least to largest."""
    return f"{median(values):{form}} ({min(values):{form}}–{max(values):{form}})"

def table(name, form, counts=COUNTS):
    """One line a method, one column a number of pictures."""
    print(f"{'':28s}", *(f"{n + ' pictures':>20s}" for n in counts))
    for arm, about in stored["arms"]["100"].items():
        if arm != "longer":
            print(f"{about['label']:28s}", *(f"{spread([run[name] for run in runs_of(n, arm)], form):>20s}" for n in counts))

with guess:
    table("fid", ".0f")
    floors = stored["floors"]
    for label in ("real pictures", "the n pictures", "n others", "the GAN before", "noise"):
        print(f"{label:28s}", *(f"{floors[n][label]['fid']:20.0f}" for n in COUNTS))
fid = {(n, arm): [run["fid"] for run in runs_of(n, arm)] for n in COUNTS for arm in stored["arms"][n]}

def wins(a, b):
    """Of 15 pairs, three counts and five seeds, those where the FID of a is below that of b."""
    return sum(x < y for n in COUNTS for x, y in zip(fid[n, a], fid[n, b], strict=True))

assert all(len(each) == 5 for each in fid.values()), "not five seeds"
assert sum(min(fid[n, arm][k] for arm in stored["arms"]["500"]) == fid[n, "tuned+diff"][k] for n in COUNTS for k in range(5)) == 14, "another is best"
assert wins("tuned", "scratch") == 14 and wins("scratch+diff", "scratch") == 15 and wins("frozen", "tuned") == 6 and wins("scratch+ada", "scratch") == 9, "another count of pairs"
assert floors["20"]["the n pictures"]["fid"] < median(fid["20", "tuned+diff"]), "by heart has another FID"
guess.answer("fine-tuned, DiffAugment")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Fine-tuned, with DiffAugment: lowest in 14 of 15 cases, three counts and five seeds. Each part helps alone, too. Fine-tuning beats the same from scratch in 14 of 15, DiffAugment in 15 of 15. FreezeD is no gain here: it beats plain fine-tuning in 6 of 15. ADA, from scratch, beats no change at all on each seed at 500 pictures, and in 4 of 10 cases with fewer.
#
# Now look at the floors. *The n pictures* are drawn by heart, again and again: at 20 pictures their FID is 96, lower than the best method's median. FID pays for copies.
#
# </details>

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: FID over pictures, and over computing time
LABELLED = {arm: about["label"] for arm, about in stored["arms"]["100"].items()}
DRAWN = {"scratch": (REAL, "-"), "scratch+diff": (REAL, "--"), "scratch+ada": (REAL, ":"), "tuned": (FAKE, "-"), "tuned+diff": (FAKE, "--"), "frozen": (FAKE, ":"), "longer": (INK, "-.")}
figure, (left, right) = subplots(1, 2, figsize=(9, 3.6), sharey=True)
seconds = median(run["cpu_seconds"] for run in runs_of("before", "digits"))
for arm, (colour, style) in DRAWN.items():
    look = {"color": colour, "linestyle": style, "marker": "o", "markersize": 3, "linewidth": 1.2, "label": LABELLED[arm]}
    ways = [run["way"] for run in runs_of("100", arm)]
    spent = seconds if arm in ("tuned", "frozen", "tuned+diff") else 0
    right.plot([spent + median(way[k]["cpu_seconds"] for way in ways) for k in range(4)], [median(way[k]["fid"] for way in ways) for k in range(4)], **look)
    if arm != "longer":
        left.plot([int(n) for n in COUNTS], [median(fid[n, arm]) for n in COUNTS], **look)
left.set(xscale="log", yscale="log", xlabel="pictures", ylabel="FID, medians")
right.set(xlabel="CPU-seconds, with those of the GAN before")
right.set_title("100 pictures", fontsize=10)
for axis, places in ((left.xaxis, [int(n) for n in COUNTS]), (left.yaxis, (60, 100, 200, 400))):
    axis.set_ticks(places, [str(each) for each in places])
    axis.set_ticks([], minor=True)
longer = [run["way"] for run in runs_of("100", "longer")]
assert [round(median(way[k]["fid"] for way in longer)) for k in (2, 3)] == [153, 261], "a longer run goes otherwise"
assert all(way[3]["fid"] > ends for way, ends in zip(longer, fid["100", "scratch"], strict=True)), "longer is no worse on a seed"
assert round(median(fid["100", "scratch"])) == 150 and longer[0][3]["step"] == 2700, "a longer run goes otherwise"
figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize=8)
show(figure, "Left, FID over the number of pictures for six methods, falling for all; blue lines start from scratch, orange ones from a GAN; fine-tuned with DiffAugment, dashed orange, lies lowest at each number, ADA, dotted blue, highest at 20 and 100. Right, at 100 pictures, FID over CPU-seconds: from scratch it falls to 150 within 20 seconds, the black line of longer training falls as far and rises again, and the fine-tuned lines begin late and end lower, with DiffAugment lowest")

# %% [markdown]
# The black line is the fair rival in computing time: from scratch, as many steps as both trainings together (2,700). Half-way it is at 153, at the end at 261, and worse than 1,200 steps on each seed. So what transfer brings is not time. (Longer with DiffAugment was not run.)
#
# ### Good, or copied?
#
# A low FID may come of copying: look at the line *the n pictures* above, which are drawn by heart. So ask each sample for its nearest training picture. It counts as a copy where it lies nearer than all but 1 % of real pictures that nobody has learned from.

# %%
from gan_edu.core.data.pixels import scaled
from gan_edu.transfer import copied

held = scaled(images[50_000:][labels[50_000:] >= 5][:1000])      # and few took others
unlike, by_heart = (copied(x, new, held).share for x in (held, scaled(new)))
ours = copied(gan.generate(before.latents(200)), new, held)
print(f"unseen pictures {unlike:.3f}, pictures by heart {by_heart:.3f}, ours {ours.share:.3f}")
assert abs(unlike - 0.01) < 2e-3 and by_heart == 1, "what is a copy is another"

# %% [markdown]
# **Predict:** at 20 pictures, whose samples are copies most often?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: how many samples are copies
guess = Guess.choice("copies", "At 20 pictures: whose samples are copies most often?", ["from scratch", "the fine-tuned ones", "those with DiffAugment", "those with ADA"])
with guess:
    table("copied", ".2f")
    print("\nread surely as 5 to 9, and lying where real ones do")
    table("recognised", ".2f")
share = {(n, arm): median(run["copied"] for run in runs_of(n, arm)) for n in COUNTS for arm in stored["arms"][n]}
at_twenty = {arm: [run["copied"] for run in runs_of("20", arm)] for arm in stored["arms"]["20"]}
more = {arm: sum(a > b for a, b in zip(at_twenty[arm], at_twenty["scratch"], strict=True)) for arm in ("tuned", "frozen")}
assert more == {"tuned": 3, "frozen": 5}, "from scratch copies otherwise"
assert max(at_twenty["tuned+diff"] + at_twenty["scratch+diff"] + at_twenty["scratch+ada"]) < 0.12, "changed pictures are copied"
assert max(value for (n, arm), value in share.items() if n != "20" and arm != "longer") < 0.02 < 0.1 < share["100", "longer"], "others copy"
read = {arm: median(run["recognised"] for run in runs_of("20", arm)) for arm in stored["arms"]["20"]}
assert max(read["scratch"], read["scratch+diff"], read["scratch+ada"]) < 0.27 < 0.35 < min(read["tuned"], read["frozen"], read["tuned+diff"]) and read["scratch+ada"] == min(read.values()), "others are read best"
assert [round(share["20", arm], 2) for arm in ("tuned", "frozen", "scratch", "tuned+diff")] == [0.4, 0.44, 0.28, 0.06], "other shares are copies"
guess.answer("the fine-tuned ones")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# The fine-tuned ones, FreezeD among them: .40 and .44 of their samples, .28 from scratch (more than from scratch on three seeds of five, FreezeD on all). They are also read best: of 20 pictures, much of what looks good *is* one of the 20. With DiffAugment it is .06, and as many are read. ADA's samples are copies least often, and read least often. From 100 pictures on, 1 or 2 % are, which is what unseen pictures have. Only the long run (not in the
# table) copies .12 there.
#
# </details>
#
# And from far away? Six methods had their settings from digits; three of them now go from digits to ten kinds of clothes.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: from digits to clothes
guess = Guess.choice("clothes", "A hundred clothes, from the GAN of digits: is fine-tuning better than to start from scratch?", ["better", "about the same", "worse"])
with guess:
    for arm in ("scratch", "tuned", "frozen"):
        runs = runs_of("fashion", arm)
        print(f"{stored['arms']['fashion'][arm]['label']:20s} FID {spread([run['fid'] for run in runs])}, copies {spread([run['copied'] for run in runs], '.2f')}")
far = {arm: [run["fid"] for run in runs_of("fashion", arm)] for arm in ("scratch", "tuned", "frozen")}
assert all(a < min(b, c) for a, b, c in zip(*far.values(), strict=True)), "the digits' weights bring something on a seed"
assert [round(median(each)) for each in far.values()] == [221, 417, 487], "another FID on clothes"
guess.answer("worse")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Worse, on each seed: a FID of 417, where a start from scratch gets 221; with D's lower layers frozen, 487. At these settings, in 1,200 steps, the weights of digits are worth less than none. Near data help; of far data, measure first.
#
# </details>
#
# ## 4 · A D that names classes
#
# D looks at all pictures, with labels or without. In **semi-supervised learning** (半监督学习) it names classes as well (Salimans et al. 2016): K logits $l_k$, and "fake" is one class more, whose logit is held at 0. With $Z = \sum_k e^{l_k}$
#
# $$P(k|x) = \frac{e^{l_k}}{Z + 1}, \qquad P(\text{fake}|x) = \frac{1}{Z + 1}, \qquad D(x) = \frac{Z}{Z + 1} = σ(\log Z)$$
#
# So $\log Z$ is D's logit, and the game of chapter 01 is played with it. A few labels add their cross-entropy.

# %%
from itertools import pairwise

from torch import nn

from gan_edu.transfer import NamesClasses, Noise

def body(widths=(196, 256, 128, 128)):
    """D up to its last hidden layer, noise before each."""
    layers = [nn.Flatten(), Noise(0.6)]
    for inputs, outputs in pairwise(widths):
        layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2), Noise(0.5)]
    return nn.Sequential(*layers)

torch.manual_seed(0)
D = NamesClasses(body(), 128, 10)
logit, _, l = D.eval()(torch.randn(5, 1, 14, 14))
all_eleven = torch.cat([l, torch.zeros(5, 1)], 1).softmax(1)     # the last is "fake"
assert torch.allclose(logit.sigmoid()[:, 0], 1 - all_eleven[:, 10]), "D is no class of eleven"

# %% [markdown]
# Digits at half their size, a hundred labels, ten a class, and 60,000 pictures without. G matches D's features ([chapter 08](08_mode_collapse.ipynb)). It takes about 15 seconds on two cores.

# %%
from torch.nn.functional import avg_pool2d

from gan_edu.core.data.batches import Together
from gan_edu.mode_collapse import feature_matching
from gan_edu.training_loop import adam
from gan_edu.transfer import semi_supervised

small = avg_pool2d(scaled(images), 2)                            # (60000, 1, 14, 14)
x, y = few(small, labels, range(10), each=10)
norm = (nn.BatchNorm1d(256), nn.ReLU())
G = nn.Sequential(nn.Linear(64, 256), *norm, nn.Linear(256, 196), nn.Tanh(), nn.Unflatten(1, (1, 14, 14)))
gan = GAN(G, D, 64, feature_matching, adam(G, 3e-3, (0.5, 0.999)), adam(D, 3e-3, (0.5, 0.999)))
both = Together(Batches(small, 100), Batches(x, 50, conditions=y))
for record in train(gan, both, pace(test=2, lesson=1000, full=4000), step=semi_supervised()):
    pass

# %%
from gan_edu.transfer import Probe, named_rightly

tests, truth = mnist(train=False)
tests = avg_pool2d(scaled(tests), 2)
with torch.no_grad():
    by_d = named_rightly(D.eval().classifier(tests), truth)
by_pixels = named_rightly(Probe(x.flatten(1), y, penalty=10)(tests.flatten(1)), truth)
print(f"of 10,000 test digits, with 100 labels: D {by_d:.2f}, a linear classifier of pixels {by_pixels:.2f}")
if claims():
    assert by_d > by_pixels + 0.03, "what has no label is worth nothing"

# %% [markdown]
# Who else could use 60,000 pictures without labels? Take D of an ordinary game, and put a linear classifier on its features. Is that better than the features of a D that has never been trained? All arms have networks of one shape and four to six trials on other pictures; a run has all three counts of labels.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: labels against accuracy, five seeds
named = measured("few_labels")
guess = Guess.choice("labels", "100 labels. A linear classifier on the features of an ordinary GAN's D, against one on pixels?", ["much better", "within a few percent", "much worse"])
LABELS = ("10", "50", "100")

def accuracy(arm, count):
    """By seed."""
    return [run["accuracy"][count] for run in named["runs"] if run["arm"] == arm]

with guess:
    print(f"{'':30s}", *(f"{count + ' labels':>17s}" for count in LABELS))
    for arm, label in named["arms"]["digits"].items():
        print(f"{label:30s}", *(f"{spread(accuracy(arm, count), '.2f'):>17s}" for count in LABELS))
by = {(arm, count): accuracy(arm, count) for arm in named["arms"]["digits"] for count in LABELS}
assert all(len(each) == 5 for each in by.values()), "not five seeds"
for count in ("50", "100"):
    assert min(by["semi", count]) > max(by["scratch", count]), "on some seed the game brings nothing"
assert max(by["scratch", "10"]) > min(by["semi", "10"]), "at 10 labels the ranges lie apart"
middles = [median(by[arm, "100"]) for arm in ("pixels", "random", "probe", "scratch")]
assert max(middles) - min(middles) < 0.03, "D's features are better or worse"
spent = {arm: median(run["cpu_seconds"] for run in named["runs"] if run["arm"] == arm) / 3 for arm in ("semi", "scratch")}
assert 30 < spent["semi"] < 40 and 1 < spent["scratch"] < 1.4, "another time than told"
gains = {(arm, count): median(by[f"{arm} shifted".replace("scratch ", ""), count]) - median(by[arm, count]) for arm in ("scratch", "semi") for count in ("50", "100")}
assert all(0.015 < gains["scratch", count] < 0.025 and gains["semi", count] < 0 for count in ("50", "100")), "a move by a pixel is worth another number"
assert [round(median(by[arm, "100"]), 2) for arm in ("semi", "scratch")] == [0.86, 0.74], "another accuracy"
guess.answer("within a few percent")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Within a few percent; and so is one on the features of a D that was never trained. To tell real from fake, this small D need not know which digit it sees. (Radford et al. 2016 found features of much use in large D of photographs.)
#
# The D that *names classes*, in one game, is right for .86 of the test digits with 100 labels. The same network from labels alone gets .74; at 50 and 100 labels no seed of the one reaches a seed of the other. At 10 labels the ranges overlap. It takes 36 CPU-seconds, where labels alone take one. To see each
# picture moved by a pixel helps the network from scratch at 50 and 100 labels, by .02, and the other not. Salimans et al. report fewer than 100 wrong of 10,000 with 100 labels: larger networks, whole digits, much longer training.
#
# </details>
#
# ## 5 · Where does a picture come from?
#
# Whoever trains a generator can mark what it makes. A **watermark** (水印) of spread spectrum (Cox et al. 1997) needs a secret key, $k = ±1$ at each pixel: add $0.03\,k$. To find it, look at $r$, how each pixel differs from the mean of the nine around it, cut at ± 0.02, and ask whether $r$ goes along with $k$:
#
# $$z = \frac{\sum k\,r}{\sqrt{\sum r^2}}$$
#
# For a picture made without $k$, and keys drawn at random, $\mathbb{E}\,(\sum k r)^2 = \sum r^2$: z has mean 0 and variance 1.

# %%
from gan_edu.mnist_gan import trained_textbook
from gan_edu.transfer import Marked, evidence, in_bytes, key, threshold

k, maker = key(seed=5), trained_textbook()
z = maker.latents(500, torch.Generator().manual_seed(0))
with torch.no_grad():                                            # as files have them: 256 levels
    plain, with_mark = (in_bytes((G(z) + 1) / 2) for G in (maker.generator, Marked(maker.generator, k, 0.03)))
line = threshold(0.01)                                           # by chance for one key of a hundred
for label, x in (("marked", with_mark), ("not marked", plain)):
    print(f"{label:10s} found {(evidence(x, k) > line).double().mean():.3f}, at z > {line:.2f}")

# %%
one = plain[:1]
over_keys = torch.cat([evidence(one, key(seed)) for seed in range(1000)])
print(f"one picture, 1,000 keys: mean {over_keys.mean():+.2f}, variance {over_keys.var():.2f}")
assert over_keys.mean().abs() < 0.1 and 0.87 < over_keys.var() < 1.13, "the law over keys is another"

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: a picture, its mark ten times as strong, and the evidence
figure, axes = subplots(1, 4, figsize=(9, 2.6), width_ratios=(1, 1, 1, 2.2))
for ax, x, title in zip(axes, (plain[0, 0], with_mark[0, 0], 10 * (with_mark - plain)[0, 0] + 0.5), ("as made", "marked", "difference × 10"), strict=False):
    ax.imshow(x, cmap="gray", vmin=0, vmax=1)
    ax.set_title(title, fontsize=9)
    ax.set_axis_off()
for x, colour, label in ((plain, SOFT, "not marked"), (with_mark, FAKE, "marked")):
    axes[3].hist(evidence(x, k), bins=30, color=colour, alpha=0.7, label=label)
axes[3].axvline(line, color=INK, linestyle=":")
axes[3].set(xlabel="z", ylabel="pictures")
axes[3].legend(fontsize=8)
show(figure, "A generated digit, the same one marked, which looks alike but for a faint grain, and their difference, grey with darker and lighter pixels; beside them two histograms of z: not marked around 0, marked far to the right of the dotted threshold")

# %% [markdown]
# Pictures travel. Which of these ways takes the fine mark away? (All keys and seeds were fixed beforehand; test digits stand for pictures that are not ours.)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: marks found after compression, scaling and a move
sent = measured("provenance")
guess = Guess.choice("ways", "Which way takes the fine mark (± 0.03) away most surely?", ["JPEG of quality 50", "noise of σ 0.1", "scaled to 14 × 14 and back", "moved by one pixel"])
MARKS = {"fine": "fine, ± 0.03", "strong": "fine, ± 0.05", "coarse strong": "2 × 2, ± 0.05", "learned": "fine, learned by G"}
WAYS = ("as it is", "JPEG 50", "JPEG 20", "28 → 14 → 28", "noise", "moved")

def arrived(arm, way, name="found", place=0):
    """Of each seed: [found at the threshold, real ones found, found where 1 % of real ones are]."""
    return [run[name][way][place] for run in sent["runs"] if (run["data"], run["arm"]) == ("marks", arm)]

with guess:
    print(f"{'share found, medians':22s}", *(f"{way:>13s}" for way in (*WAYS, "searched")))
    for arm, label in MARKS.items():
        cells = [median(arrived(arm, way)) for way in WAYS] + [median(arrived(arm, "moved", "looked for"))]
        print(f"{label:22s}", *(f"{each:13.2f}" for each in cells))
    false = [x for arm in MARKS for way in WAYS for x in arrived(arm, way, place=1)]
    print(f"\nreal digits found: {min(false):.3f} to {max(false):.3f}, over all of these and five seeds")
assert max(arrived("fine", "moved")) == 0 and min(arrived("fine", "moved", "looked for")) > 0.99, "a move is no harm, or cannot be searched for"
assert all(max(arrived("fine", "moved")) < min(arrived("fine", way)) for way in ("JPEG 50", "28 → 14 → 28", "noise")), "another way takes more"
assert min(arrived("coarse strong", "28 → 14 → 28")) > max(arrived("strong", "28 → 14 → 28")) and max(arrived("coarse strong", "noise")) < min(arrived("strong", "noise")), "blocks live otherwise"
assert 0.02 < max(false) < 0.035 and min(false) == 0, "real digits are found otherwise"
by_key = [run[which] for run in sent["runs"] if run["arm"] == "fine" for which in ("over keys", "worst key")]
assert 0.009 < min(by_key) < max(by_key) < 0.042, "the law over keys is another"
assert round(median(arrived("fine", "28 → 14 → 28")), 2) == 0.06, "half the size leaves more"
guess.answer("moved by one pixel")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# The move: beside its place a fine key finds nothing at all. But who searches the nine places within a pixel finds the mark again (the last column; nine tries ask for a higher threshold, and elsewhere cost some findings). Half the size and back leaves 6 %. Blocks of 2 × 2 outlive that better, and noise less well. A mark can also be *learned*: show a GAN marked
# training pictures only (Yu et al. 2021), and it marks what it makes.
#
# Mind the last line. Theory promises 1 % false findings *over keys*: over 50 keys it is 0.9 to 1.1 %. One key on these digits may have up to 4 %, as digits resemble each other. Before you accuse anyone, count on pictures that are not marked.
#
# </details>
#
# What does a finding prove? Let somebody have marked pictures, our method, but no key. They guess the signs from the mean of $r$, less that of other digits, and mark real pictures with their guess. And if nobody marks anything: can a network tell? **Predict:** the question below.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: someone without the key, and someone without a mark
guess = Guess.choice("detector", "A network has learned to tell one GAN's digits from real ones. How many of another GAN's does it find, where it calls 1 % of real ones fake?", ["about as many as of its own", "about half as many", "hardly any"])
marks = [run for run in sent["runs"] if (run["data"], run["arm"]) == ("marks", "fine")]
with guess:
    print("the key guessed from marked pictures    signs right    real digits that then pass    marks left")
    for n in ("1", "10", "100"):
        right, forged, left = (median(run["copied"][n][name] for run in marks) for name in ("right", "forged", "left"))
        print(f"{n + ' pictures':38s} {right:12.2f} {forged:29.2f} {left:13.2f}")
    print("\na detector that learned from, at 1 % of real ones:  its own GAN   the other    its own, JPEG 20")
    detectors = [run for run in sent["runs"] if run["data"] == "detectors"]
    for of, other in (("textbook", "convolutional"), ("convolutional", "textbook")):
        for how in ("clean", "handled"):
            at = [run[f"{of}, {how}"] for run in detectors]
            cells = (spread([each[way][who] for each in at], ".2f") for way, who in (("as it is", of), ("as it is", other), ("JPEG 20", of)))
            print(f"{of + ', ' + how:34s}", *(f"{cell:>19s}" for cell in cells))
assert min(run["copied"]["1"]["right"] for run in marks) > 0.75 and min(run["copied"]["1"]["forged"] for run in marks) > 0.99 and max(run["copied"]["1"]["left"] for run in marks) == 0, "one picture is not enough"
crossed = [run[f"textbook, {how}"]["as it is"]["convolutional"] for run in detectors for how in ("clean", "handled")] + [run[f"convolutional, {how}"]["as it is"]["textbook"] for run in detectors for how in ("clean", "handled")]
own = [run["textbook, clean"]["as it is"]["textbook"] for run in detectors]
assert max(crossed) < 0.03 and min(own) > 0.9, "detectors generalise"
assert max(run["convolutional, clean"]["as it is"]["convolutional"] for run in detectors) < 0.4, "the better GAN is as easily found"
fids = {of: median(run["fid"][of] for run in detectors) for of in ("textbook", "convolutional")}
assert 110 < fids["textbook"] < 140 and 30 < fids["convolutional"] < 50, "the GANs have another FID"
clean, damaged = ([run[f"textbook, {how}"]["JPEG 20"]["textbook"] for run in detectors] for how in ("clean", "handled"))
assert round(median(clean), 2) == 0.15 and abs(median(clean) - median(damaged)) < 0.01, "damaged pictures help"
guess.answer("hardly any")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Hardly any: 1 or 2 %, about as many as it calls fake of the real ones. It has learned *this* generator. It finds .94 of its own textbook GAN's digits, and one in four of a convolutional GAN's, whose pictures are nearer to real ones (FID 41, not 125). A JPEG of quality 20 takes .94 to .15, and to learn from damaged pictures as well did not help, in as many steps.
#
# And one marked picture is enough to guess .82 of the key, to pass real pictures off as ours, and to take the mark away. Who guesses well needs the method alone.
#
# </details>
#
# <details><summary>Common misreading: "no mark was found, so the picture is real"</summary>
#
# A mark says something of pictures whose maker wanted to be known, and that were left alone. It says nothing of others. And one that is found proves little as long as it can be forged: so what is built for proof signs a file's history (C2PA) beside it.
#
# </details>
#
# ## 6 · What each chapter found
#
# Before an outlook, a look back. One finding a chapter, each measured or derived there.
#
# | chapter | what it found |
# |---|---|
# | [00 start here](00_start_here.ipynb) | A GAN draws samples, and cannot say how likely one is. |
# | [01 value function](01_value_function.ipynb) | At the best D the value is $-\log 4 + 2\,\mathrm{JS}$. Across a gap JS has no slope. |
# | [02 losses](02_losses.ipynb) | Where D is sure, only the non-saturating loss keeps a slope for G. |
# | [03 training loop](03_training_loop.ipynb) | Both losses near 0 are no success. The fast loop and the loop by hand end with the same weights. |
# | [04 MNIST GAN](04_mnist_gan.ipynb) | Five seeds of the textbook GAN are five different runs, and one collapsed. |
# | [05 tricks](05_tricks.ipynb) | Whether a trick helps is a question for seeds and equal time, not for one picture. |
# | [06 convergence](06_convergence.ipynb) | Minimax circles where R1 comes to rest, fastest at $γ = 2|f'(0)|$. |
# | [07 evaluation](07_evaluation.ipynb) | Each score is blind to something. FID sees means and covariances, and nothing else. |
# | [08 mode collapse](08_mode_collapse.ipynb) | Losses do not tell of it. A sign of variety beside one of quality does. |
# | [09 Wasserstein](09_wasserstein.ipynb) | W1 grows with the distance where JS is at its end. Between pictures its estimate is nearly all floor. |
# | [10 convolutional](10_convolutional.ipynb) | Asked for a digit, G draws it. How well, and how varied, are two questions. |
# | [11 modern](11_modern.ipynb) | Pairs raised FID in a minute of one core, and with R1 and R2 and more steps on a card they were best. |
# | [12 scaling](12_scaling.ipynb) | Two processes are the same run in float64. In float32 rounding grows to the third digit. |
# | [13 restoration](13_restoration.ipynb) | With a D answers look real, and are right less often. |
# | [14 text](14_text.ipynb) | SeqGAN makes an early writer better. The same time spent on likelihood makes it better by far. |
# | [15 translation](15_translation.ipynb) | A GAN reads a cipher without one pair. With whole lexicons it nearly fails, where words spelled alike do well. |
# | [16 molecules](16_molecules.ipynb) | A paid-for score is gamed. Draw many and sort is the rival to beat. |
# | [17 finance](17_finance.ipynb) | GARCH, fitted in a second, says risk better than our GANs do on each seed. Of tomorrow's price next to nothing is known. |
# | 18 transfer | From near weights, and with changed pictures, a GAN makes most of twenty. Pictures by heart have as low a FID. |

# %% [markdown]
# ## 7 · An outlook, from the course's own numbers
#
# Where do GANs stand? No prophecies here; each line below is from the file that its chapter stored, five seeds each.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: the outlook's, from the files of chapters 05, 11, 14 and 16
def stored_there(name, data, arm, score):
    """A number of each seed that another chapter reports."""
    runs = [run for run in measured(name)["runs"] if (run["data"], run["arm"]) == (data, arm)]
    return [score(run) for run in runs]

def line(words, values, form=".0f"):
    """One line of the outlook."""
    print(f"{words:62s} {spread(values, form)}")
    return values

fid, near = (lambda run: run["fid"]), (lambda run: run["at"]["1"]["divergence"])
qed = lambda run: run["scores"]["qed"]
print("stability: FID on MNIST after the same computing time (05)")
plain = line("  the textbook GAN", stored_there("tricks", "mnist", "baseline", fid))
best = line("  with R1, an average of G, and other rates", stored_there("tricks", "mnist", "best", fid))
print("models and diffusion: FID after about a minute of one core (11)")
rivals = {arm: line(f"  {words}", stored_there("rivals", "mnist", arm, fid)) for arm, words in {"gan": "GAN", "pixels": "pixel after pixel", "diffusion": "diffusion, 20 passes", "student": "its student, one pass, by a GAN's loss", "vae": "VAE"}.items()}
print("reinforcement: surnames, distance to held-out ones (14); molecules' QED (16)")
text = {arm: line(f"  {words}", stored_there("text", "names", arm, near), ".3f") for arm, words in {"early": "an early writer", "seqgan": "then SeqGAN", "mle": "then likelihood, the same time"}.items()}
paid = {arm: line(f"  {words}", stored_there("molecules", "selfies", arm, qed), ".2f") for arm, words in {"prior": "likelihood", "both": "ORGAN, λ = ½", "best": "the best of as many draws"}.items()}
assert max(best) < min(plain) / 20 and max(rivals["student"]) < min(rivals["diffusion"]), "another outlook"
assert max(rivals["gan"]) < min(rivals["student"] + rivals["pixels"]) and min(rivals["vae"]) > max(rivals["diffusion"]), "another outlook"
assert max(text["mle"]) < min(text["seqgan"]) < max(text["seqgan"]) < min(text["early"]), "another outlook"
assert max(paid["prior"]) < min(paid["both"]) and max(paid["both"]) < min(paid["best"]), "another outlook"

# %% [markdown]
# **Stability.** Small games are understood: near an equilibrium eigenvalues tell, and R1 brakes ([06](06_convergence.ipynb)). For networks we have recipes that work for stated reasons, and measure: on MNIST they took a median FID of 1165 to 18. A proof that a GAN of real size ends where it should is open.
#
# **Models.** After a minute a GAN led by FID. But it has no likelihood, and recall was highest for pixel after pixel. Ask what you need: one pass, or bits, or all kinds.
#
# **With reinforcement learning.** A policy gradient takes the slope that letters lack ([14](14_text.ipynb)), and lets any score be paid for, with or without D ([16](16_molecules.ipynb)). Twice the cheap rival won: more likelihood, or draw and sort. What is paid for is what comes.
#
# **With diffusion.** Diffusion models passed GANs on ImageNet in 2021 (Dhariwal and Nichol). The two go together since: a D brings twenty passes down to one ([11](11_modern.ipynb); Sauer et al. 2023), and the autoencoder below latent diffusion is trained with a D (Rombach et al. 2022). We would look for the next GANs there: as a *loss* for other models.
#
# **Evaluation.** Each score is blind to something ([07](07_evaluation.ipynb)). In this chapter the best FID of a row was had by heart: no score of a distribution notices copies, unless it is asked about the training set. Two scores that ask different questions, floors beside them, seeds: that will outlive each of our models.
#
# ## 8 · The document, sentence by sentence
#
# The course grew from a text of a few pages. Here is what its sections 1.3, 6 and 7 say of GANs, and what became of it.
#
# | it says | what runs here | what is missing, and why |
# |---|---|---|
# | 1.3 GANs make samples of high quality | digits and clothes of 28 × 28, from two cores ([04](04_mnist_gan.ipynb), [10](10_convolutional.ipynb), [11](11_modern.ipynb)) | faces of 1,024 pixels need days of many cards; the same losses are at work there |
# | 1.3 no distribution is assumed | true of the formula; the network and the noise assume one, and a gap between modes is hard ([08](08_mode_collapse.ipynb)), as are heavy tails ([17](17_finance.ipynb)) | – |
# | 1.3 they extend to large data and models | two processes, data from disk, cost by a model ([12](12_scaling.ipynb)) | a cluster |
# | 6.1 realistic pictures: faces, landscapes, objects | digits, clothes, and stacked digits of a thousand classes | colour photographs: data that nobody may ship, and more computing |
# | 6.1 restoration: noise, holes | three kinds of damage on one network ([13](13_restoration.ipynb)) | it invents: no evidence may come of it |
# | 6.1 super-resolution | from 7 × 7 to 28 × 28 ([13](13_restoration.ipynb)) | photographs |
# | 6.2 text: poems, code, dialogue | surnames, and lines of a book ([14](14_text.ipynb)) | poems and dialogue: language models by likelihood do that, and GANs do not |
# | 6.2 translation made better | a cipher, a lexicon, numbers in words ([15](15_translation.ipynb)) | it was not made better by D here |
# | 6.3 drugs with given properties | molecules by QED, gamed and held ([16](16_molecules.ipynb)) | whether one can be made, and what it binds to |
# | 6.3 markets, for instance to predict stock prices | simulated markets, and risk ([17](17_finance.ipynb)) | a forecast of prices: there is next to none |
# | 7.1 more stable training | penalties, pairs, spectral norm, EMA ([05](05_tricks.ipynb), [06](06_convergence.ipynb), [11](11_modern.ipynb)) | a proof beyond small games |
# | 7.1 new models for fields | U-Nets, GRUs, graphs, temporal convolutions ([13](13_restoration.ipynb) to [17](17_finance.ipynb)) | – |
# | 7.1 with reinforcement learning | SeqGAN, ORGAN ([14](14_text.ipynb), [16](16_molecules.ipynb)) | – |
# | 7.1 with transfer learning | sections 1 to 3 here | networks that learned from millions of photographs |
# | 7.2 mode collapse | an alarm, causes, cures ([08](08_mode_collapse.ipynb)) | a cure for all causes |
# | 7.2 no perfect score | eight scores, each with what it is blind to ([07](07_evaluation.ipynb)) | a perfect score |

# %% [markdown]
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason. None trains anything.
#
# ### 1 · A step of ADA (10 minutes, easy)
# Write `next_p(p, judged, target, step, most)`: $\text{clip}\big(p + \text{sign}(r - \text{target}) \cdot \text{step},\ 0,\ \text{most}\big)$. `judged`, (N, 1), are D's logits of real pictures; $r$ is the mean of their signs.

# %%
from gan_edu.exercises import transfer as exercises

def next_p(p, judged, target, step, most):
    return ...

exercises.own_next_p(next_p)

# %% [markdown]
# <details><summary>Hint</summary>
#
# First the signs of the logits, then their mean. Where r is the target, p stays.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import transfer as exercises
#
# def next_p(p, judged, target, step, most):
#     r = judged.sign().mean().item()
#     towards = (r > target) - (r < target)
#     return min(most, max(0.0, p + towards * step))
#
# exercises.own_next_p(next_p)
# ```
#
# </details>
#
# ### 2 · FreezeD by hand (10 minutes, medium)
# Write `held(D, layers)`: the list of those parameters of `D` that its optimiser gets where the first `layers` layers stay as they are. Layers are convolutional (`nn.Conv2d`) or linear (`nn.Linear`), in the order of `D.layers`. A norm stays with the layer before it. With 0 all learn. The gradient must still reach G.

# %%
from torch import nn

from gan_edu.exercises import transfer as exercises

def held(D, layers):
    return ...

exercises.own_held(held)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Go through `D.layers`, and count the layers that you have met. What comes before the next one after `layers` is held.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from torch import nn
#
# from gan_edu.exercises import transfer as exercises
#
# def held(D, layers):
#     met, learns = 0, []
#     for module in D.layers:
#         met += isinstance(module, (nn.Conv2d, nn.Linear))
#         if met > layers:
#             learns += module.parameters()
#     return learns
#
# exercises.own_held(held)
# ```
#
# </details>
#
# ### 3 · Real, by a classifier (10 minutes, medium)
# Write `real(logits)`: $P(\text{real}\,|\,x) = Z / (Z + 1)$, (N,), of class logits $l$, (N, K), with $Z = \sum_k e^{l_k}$. It must hold for logits of ±1,000, too, where $e^l$ is no number any more.

# %%
from gan_edu.exercises import transfer as exercises

def real(logits):
    return ...

exercises.own_real(real)

# %% [markdown]
# <details><summary>Hint</summary>
#
# $Z / (Z + 1) = σ(\log Z)$, and PyTorch finds $\log Z$ without $Z$.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import transfer as exercises
#
# def real(logits):
#     return logits.logsumexp(1).sigmoid()
#
# exercises.own_real(real)
# ```
#
# </details>
#
# ### 4 · Whose picture is it? (20 minutes, hard)
# M generators mark what they make, each with a key of its own. Of one picture you have the differences `r`, (d,), and all keys, (M, d), of ±1. Write `traced(r, keys, chance)`, which returns two things: $z$ of each key, (M,), and a threshold. It should be as low as may be, and yet: if nobody marked the picture, the largest of the M lies above it with a probability of at most `chance`. Bonferroni's is near enough.

# %%
from statistics import NormalDist

from gan_edu.exercises import transfer as exercises

def traced(r, keys, chance):
    return ...

exercises.own_traced(traced)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Section 5 has $z$ of one key. M keys are M tries, and each may take its share of the chance. `NormalDist().inv_cdf(q)` is what $N(0, 1)$ stays below with probability q.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from statistics import NormalDist
#
# from gan_edu.exercises import transfer as exercises
#
# def traced(r, keys, chance):
#     z = keys @ r / r.square().sum().sqrt()
#     return z, NormalDist().inv_cdf(1 - chance / len(keys))
#
# exercises.own_traced(traced)
# ```
#
# </details>

# %% [markdown]
# ## Your guesses

# %%
Guesses()

# %% [markdown]
# ## Summary
#
# - Begin from a GAN of near data, and change what D sees: at 20 pictures that was better than either alone. From far data, or with more steps, it was worse.
# - A low FID may be a copy's. Ask each sample for its nearest training picture, and unseen pictures, too.
# - ADA steers by D's own verdict on what it learns from. A change leaks only where it cannot be undone.
# - D as a classifier of K classes and "fake" makes 100 labels worth more. D's features alone did not.
# - A mark is found by a law over keys. It outlives what it was built for, and proves little where it can be forged. A detector knows its own generator.
# - What the course found stands in section 6, and what it left out in section 8.
#
# **Read.**
#
# - Few pictures: Mo, Cho and Shin (2020), "Freeze the discriminator", arXiv 2002.10964. Karras et al. (2020), ADA, arXiv 2006.06676. Zhao et al. (2020), DiffAugment, arXiv 2006.10738. Wang et al. (2018), "Transferring GANs", arXiv 1805.01677.
# - Few labels: Salimans et al. (2016), arXiv 1606.03498. Radford, Metz and Chintala (2016), DCGAN, arXiv 1511.06434.
# - Provenance: Cox et al. (1997), IEEE Transactions on Image Processing 6. Yu et al. (2021), "Artificial fingerprinting for generative models", arXiv 2007.08457. Wang et al. (2020), "CNN-generated images are surprisingly easy to spot… for now", arXiv 1912.11035.
# - With diffusion: Dhariwal and Nichol (2021), arXiv 2105.05233. Rombach et al. (2022), arXiv 2112.10752. Sauer et al. (2023), arXiv 2311.17042.
#
# **Next.** This was the last chapter. Take data of your own, and begin at [chapter 11](11_modern.ipynb)'s recipe, with [chapter 07](07_evaluation.ipynb)'s scores beside it.
#
# <!-- near -->
# <!-- /near -->
