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
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/18_transfer.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/18_transfer.ipynb)
#
# <!-- near -->
# ← [17 finance](17_finance.ipynb) · [all chapters](00_start_here.ipynb#The-map)
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# A GAN shall learn the digits 5 to 9 from twenty pictures, or a hundred. It may start anew, or from a GAN that has learned 0 to 4. Two methods stand side by side: samples above, and under each the training picture that it is nearest to. Slide the number of pictures down. Which samples are good, and which are copies?

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
# @title Show few images
from statistics import median

import torch

from gan_edu.core.measures import measured
from gan_edu.core.notebook import FAKE, INK, REAL, SOFT, claims, pace, show, subplots
from gan_edu.core.training import setup
from gan_edu.widgets import FewImages, Guess, Guesses

setup()
FewImages(measured("few_images"), n=500, a="scratch", b="tuned")

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
# **Transfer learning** (迁移学习) starts from weights that another task left. In a GAN there are two networks to start from. The hope is that strokes are strokes, whatever the digit, for the G that draws them and for the D that looks for them. Train on 0 to 4; it takes about 40 seconds on two cores.

# %%
from gan_edu.core.data import Batches, mnist
from gan_edu.training_loop import GAN, train
from gan_edu.transfer import few, pair, transferred
from gan_edu.tricks import EMA, two_time_scales

images, labels = mnist()
old = images[labels < 5]                                         # learned first: 0 to 4
new, _ = few(images, labels, range(5, 10), 20, out_of=50_000)    # a hundred of 5 to 9
torch.manual_seed(0)
G, D = pair()                                                    # 135,000 weights together
rates = two_time_scales(G, D, 2e-3, 1e-3, (0.5, 0.99))
before = GAN(G, D, 24, **rates, after_step=[EMA(0.99)])
for record in train(before, Batches(old, 32), pace(test=2, lesson=1200, full=1500)):
    pass

# %% [markdown]
# `transferred` takes both networks over. Optimisers begin anew: their averages belong to the old task. Below, 600 steps, about 20 seconds on two cores.

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
# @title Plot: the same eight latents after 0, 30, 150 and 600 steps, from 0–4 to 5–9
from gan_edu.core.notebook import pictures

pictures(torch.cat(looks), "Eight pictures a row, of the same latents: at the top digits from 0 to 4, before the first step; below them, after 30, 150 and 600 steps, shapes that turn into digits from 5 to 9", columns=8)

# %% [markdown]
# **FreezeD** (Mo et al. 2020) holds D's lower layers still. The authors' idea: what does not move cannot learn twenty pictures by heart. Section 3 will test it. The gradient still goes *through* these layers, to G.

# %%
frozen = transferred(before, frozen=2)
still = [not w.requires_grad for w in frozen.discriminator.parameters()]
print(sum(still), "of", len(still), "tensors of D stay")
kept = [w.clone() for w in frozen.discriminator.parameters()]
for record in train(frozen, Batches(new, 32), 3):
    pass
pairs = zip(kept, frozen.discriminator.parameters(), strict=True)
moved = [not torch.equal(a, b) for a, b in pairs]
assert moved == [not each for each in still], "what is frozen moves, or what is not stays"

# %% [markdown]
# ## 2 · Change what D sees
#
# With few pictures D may learn them by heart. `DiffAugment` ([chapter 11](11_modern.ipynb)) shows D each picture changed, real and fake alike. **ADA** (自适应判别器增广; Karras et al. 2020) makes each kind of change with a probability $p$, and steers $p$ by how sure D is of its own training pictures:
#
# $$r = \mathbb{E}\,\text{sign}\,D(T_p(x)), \qquad p \leftarrow \text{clip}\Big(p + \text{sign}(r - 0.6)\,\frac{4}{\text{rise}},\ 0,\ 0.8\Big) \quad \text{each 4th step}$$
#
# It takes about 12 seconds on two cores. $D(x)$ is a logit here: where D calls every training picture real, $r = 1$. In `rise` steps $p$ can go from 0 to 1. The kinds here are mirror images, quarter turns, shifts, and other greys.

# %%
from gan_edu.transfer import ADA

view = ADA(new, rise=100, empty=-1)                              # outside it is black
tuned, ps, rs = transferred(before, view=view), [0.0], []
for record in train(tuned, Batches(new, 32), pace(test=8, lesson=400, full=400)):
    if record.step % 4 == 0:
        up = (view.sign > 0.6) - (view.sign < 0.6)
        by_hand = ps[-1] + up * 4 / 100
        ps, rs = [*ps, view.p], [*rs, view.sign]
        assert abs(view.p - min(0.8, max(0.0, by_hand))) < 1e-9, "p goes another way"

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: r of D, and the p that follows
figure, axes = subplots(figsize=(8, 2.2))
at = [4 * k for k in range(len(ps))]
axes.plot(at[1:], rs, color=REAL, linewidth=0.8, label="r")
axes.plot(at, ps, color=INK, label="p")
axes.axhline(0.6, color=SOFT, linestyle=":")
axes.set(xlabel="step", ylim=(-0.5, 1.05))
axes.legend(ncols=2)
if claims():
    assert 0 < max(ps) < 0.6 and min(rs) < 0.6 < max(rs), "p goes straight up, or stays"
show(figure, "Over 400 steps r goes up and down around its target, a dotted line at 0.6, between about 0 and 1; p follows in steps of 0.04 and stays below one half")

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
    print(f"p = {p}: eigenvalues {sizes[0].abs():.1f} and {sizes[3]:.1f};",
          f"seen apart by {gap:.1f} of 2")
    right = torch.tensor([1 - p] * 3 + [1.0])
    assert torch.allclose(sizes, right, atol=1e-6), "other eigenvalues"

# %% [markdown]
# For all $p < 1$: then $T_p$ has an inverse, and the one distribution that looks right is the right one. At $p = 1$ all data look alike. But by *how much* they differ falls with $1 - p$, and a D of few data may miss small gaps. The authors call leaks unlikely in practice below 0.8, which is the limit above. Not each change is so kind. Let black and white be swapped with probability $p$: the matrix of these two
# ways has the eigenvalue $1 - 2p$, so that at $p = ½$ nothing tells the one from the other.
#
# ## 3 · Few pictures, six methods
#
# All six learn from n pictures of 5 to 9 by 1,200 steps of 32 (or of all 20), on five seeds, which choose the pictures, too. Three start from scratch, three from a GAN of the digits 0 to 4. By a rule written beforehand each had four trials at n = 100, judged on training pictures (and two to four earlier ones, which did not count); the best settings were kept for all n, so that methods differ in rates and β₁, too. DiffAugment came out with shifts alone; ADA has
# all its kinds, and $p$ rarely over 0.3. FID is taken against 1,000 test pictures, by the average of G, with features of a small digit network: compare within this table only.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: FID of six methods, five seeds
stored = measured("transfer")
guess = Guess.choice("transfer", "At 20 pictures: what has the lowest FID, in the median of five seeds?", ["from scratch, DiffAugment", "from scratch, ADA", "fine-tuned", "FreezeD", "fine-tuned, DiffAugment", "the 20 pictures, drawn by heart"])
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
        if "longer" not in arm:
            print(f"{about['label']:28s}", *(f"{spread([run[name] for run in runs_of(n, arm)], form):>20s}" for n in counts))

with guess:
    table("fid", ".0f")
    floors = stored["floors"]
    print(f"{'the n pictures, by heart':28s}", *(f"{spread(floors[n]['the n pictures']['fids']):>20s}" for n in COUNTS))
    for label in ("n others", "real pictures", "the GAN before"):
        print(f"{label:28s}", *(f"{floors[n][label]['fid']:20.0f}" for n in COUNTS))
    print("\ncoverage")
    table("coverage", ".2f")
    print(f"{'the n pictures, by heart':28s}", *(f"{floors[n]['the n pictures']['coverage']:20.2f}" for n in COUNTS))
fid = {(n, arm): [run["fid"] for run in runs_of(n, arm)] for n in COUNTS for arm in stored["arms"][n]}

def wins(a, b):
    """Of 15 pairs, three counts and five seeds, those where the FID of a is below that of b."""
    return sum(x < y for n in COUNTS for x, y in zip(fid[n, a], fid[n, b], strict=True))

assert all(len(each) == 5 for each in fid.values()), "not five seeds"
assert sum(min(fid[n, arm][k] for arm in stored["arms"]["500"]) == fid[n, "tuned+diff"][k] for n in COUNTS for k in range(5)) == 14, "another is best"
assert wins("tuned", "scratch") == 14 and wins("scratch+diff", "scratch") == 15 and wins("frozen", "tuned") == 6 and wins("scratch+ada", "scratch") == 9, "another count of pairs"
lower = {n: sum(a < b for a, b in zip(floors[n]["the n pictures"]["fids"], fid[n, "tuned+diff"], strict=True)) for n in COUNTS}
assert lower == {"20": 4, "100": 5, "500": 5}, "by heart has another FID"
assert median(floors["20"]["the n pictures"]["fids"]) < min(median(fid["20", arm]) for arm in stored["arms"]["20"]), "by heart has another FID"
assert floors["20"]["the n pictures"]["coverage"] < 0.1 < min(run["coverage"] for run in runs_of("20", "tuned+diff")), "by heart covers as much"
guess.answer("the 20 pictures, drawn by heart")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# *By heart*: the n training pictures, drawn again and again. Their FID is lower than that of the best method: at 20 pictures on four seeds of five, with more on all. *n others*, one draw of unseen pictures, have such a FID, too. So a low FID needs no new picture. Coverage ([chapter 07](07_evaluation.ipynb)) sees what is lacking: .06 by heart at 20, .38 of the best method.
#
# Of the methods it is fine-tuned with DiffAugment: lowest in 14 of 15 cases, three counts and five seeds. Each part alone beats a plain start from scratch, too: fine-tuning in 14 of 15, DiffAugment in 15 of 15. (Each with rates of its own; in trials at the rates of scratch fine-tuning was worse.) FreezeD is no gain here: it beats plain fine-tuning in 6 of 15. ADA, from scratch, beats no change at all on each seed at 500 pictures, and in 4 of 10 cases with fewer.
#
# </details>

# %% [markdown]
# And time? Fine-tuning had 1,500 steps more, those of the GAN before. **Predict:** a hundred pictures, from scratch, as many steps as both together (2,700, not 1,200).

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: FID over pictures, and over steps
guess = Guess.choice("longer", "From scratch, 2,700 steps in place of 1,200: what does FID do?", ["it falls on, plain and with DiffAugment", "plain it rises, with DiffAugment it falls on", "it rises in both cases"])
LABELLED = {arm: about["label"] for arm, about in stored["arms"]["100"].items()}
DRAWN = {"scratch": (REAL, "-"), "scratch+diff": (REAL, "--"), "scratch+ada": (REAL, ":"), "tuned": (FAKE, "-"), "tuned+diff": (FAKE, "--"), "frozen": (FAKE, ":"), "longer": (INK, "-"), "longer+diff": (INK, "--")}
figure, (left, right) = subplots(1, 2, figsize=(9, 3.6), sharey=True)
for arm, (colour, style) in DRAWN.items():
    look = {"color": colour, "linestyle": style, "marker": "o", "markersize": 3, "linewidth": 1.2, "label": LABELLED[arm]}
    ways = [run["way"] for run in runs_of("100", arm)]
    spent = 1500 if arm in ("tuned", "frozen", "tuned+diff") else 0
    right.plot([spent + look["step"] for look in ways[0]], [median(way[k]["fid"] for way in ways) for k in range(4)], **look)
    if "longer" not in arm:
        left.plot([int(n) for n in COUNTS], [median(fid[n, arm]) for n in COUNTS], **look)
left.set(xscale="log", yscale="log", xlabel="pictures", ylabel="FID, medians")
right.set(xlabel="steps, with the 1,500 of the GAN before")
right.set_title("100 pictures", fontsize=10)
for axis, places in ((left.xaxis, [int(n) for n in COUNTS]), (left.yaxis, (60, 100, 200, 400))):
    axis.set_ticks(places, [str(each) for each in places])
    axis.set_ticks([], minor=True)
longer, with_diff = ([[look["fid"] for look in run["way"]] for run in runs_of("100", arm)] for arm in ("longer", "longer+diff"))
assert [round(median(way[k] for way in longer)) for k in (2, 3)] == [153, 261] and round(median(way[3] for way in with_diff)) == 57, "a longer run goes otherwise"
assert all(way[3] > ends for way, ends in zip(longer, fid["100", "scratch"], strict=True)), "longer is no worse on a seed"
assert all(way[3] < ends for way, ends in zip(with_diff, fid["100", "scratch+diff"], strict=True)), "longer with DiffAugment is no better on a seed"
assert sum(way[3] < ends for way, ends in zip(with_diff, fid["100", "tuned+diff"], strict=True)) == 3, "transfer is no longer level"
assert round(median(fid["100", "scratch"])) == 150 and round(median(fid["100", "scratch+diff"])) == 104 and round(median(fid["100", "tuned+diff"])) == 67, "another FID"
cost = {arm: median(run["cpu_seconds"] for run in runs_of("100", arm)) for arm in ("scratch", "scratch+diff", "scratch+ada")}
assert 1.2 < cost["scratch+ada"] / cost["scratch"] < 1.5 and cost["scratch+diff"] / cost["scratch"] < 1.15, "a step costs otherwise"
assert max(fid["100", "scratch+diff"]) < min(median(fid["100", arm]) for arm in ("tuned", "frozen")), "plain fine-tuning is better"
figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize=8)
guess.answer("plain it rises, with DiffAugment it falls on", show(figure, "Left, FID over the number of pictures for six methods, falling for all; blue lines start from scratch, orange ones from a GAN; fine-tuned with DiffAugment, dashed orange, lies lowest at each number, ADA, dotted blue, highest at 20 and 100. Right, at 100 pictures, FID over steps. Blue lines fall within 1,200 steps, the dashed one, with DiffAugment, to 104. Black lines go on from scratch to 2,700: the plain one falls to 153 and rises to 261, the dashed one falls to 57. Orange lines begin after 1,500 steps and end at 2,700; dashed orange ends at 67"))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Plain it rises: half-way it is at 153, at the end at 261, on each seed above that of 1,200 steps. With DiffAugment it falls on, to 57 (50–84). Fine-tuned with DiffAugment, which took as many steps in all, has 67 (58–80): above that on three seeds, below it on two. So here transfer is a *head start*. Whoever has the first GAN already gets 67 in 1,200 steps, and not 104. Who trains it first might as well have begun from scratch, with
# changed pictures. (At 100 pictures; other methods were not run so long. A step costs about the same for all, with ADA a third more.) Plain fine-tuning, 2,700 steps in all, does not even reach 1,200 from scratch with DiffAugment.
#
# </details>
#
# ### Good, or copied?
#
# A GAN could get its FID by heart, too. So ask each sample for its nearest training picture. It counts as a copy where it lies nearer than all but 1 % of real pictures that nobody has learned from. (With fewer pictures to be near to, that is farther out.)

# %%
from gan_edu.core.data.pixels import scaled
from gan_edu.transfer import copied

held = scaled(images[50_000:][labels[50_000:] >= 5][:1000])      # and few took others
unlike, by_heart = (copied(x, new, held).share for x in (held, scaled(new)))
ours = copied(gan.generate(before.latents(200)), new, held)
print(f"unseen pictures {unlike:.3f}, by heart {by_heart:.3f}, ours {ours.share:.3f}")
assert abs(unlike - 0.01) < 2e-3 and by_heart == 1, "what is a copy is another"

# %% [markdown]
# **Predict:** which methods learn 20 pictures by heart?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: how many samples are copies
guess = Guess.choice("copies", "At 20 pictures: whose samples are copies most often?", ["plain from scratch", "from a GAN, nothing changed", "with DiffAugment", "with ADA"])
with guess:
    print("copies, share of samples")
    table("copied", ".2f")
    print("\nnearer to a training picture than to an unseen one, of as many")
    table("memorised", ".2f")
    print("\nread surely as 5 to 9, and lying where real ones do (of real ones .90)")
    table("recognised", ".2f")
share = {(n, arm): median(run["copied"] for run in runs_of(n, arm)) for n in COUNTS for arm in stored["arms"][n]}
at_twenty = {arm: [run["copied"] for run in runs_of("20", arm)] for arm in stored["arms"]["20"]}
more = {arm: sum(a > b for a, b in zip(at_twenty[arm], at_twenty["scratch"], strict=True)) for arm in ("tuned", "frozen")}
assert more == {"tuned": 3, "frozen": 5}, "from scratch copies otherwise"
assert max(at_twenty["tuned+diff"] + at_twenty["scratch+diff"] + at_twenty["scratch+ada"]) < 0.12, "changed pictures are copied"
assert max(value for (n, arm), value in share.items() if n != "20" and "longer" not in arm) < 0.02 < 0.1 < share["100", "longer"], "others copy"
read = {arm: median(run["recognised"] for run in runs_of("20", arm)) for arm in stored["arms"]["20"]}
assert max(read["scratch"], read["scratch+diff"], read["scratch+ada"]) < 0.27 < 0.35 < min(read["tuned"], read["frozen"], read["tuned+diff"]) and read["scratch+ada"] == min(read.values()), "others are read best"
near = {arm: median(run["memorised"] for run in runs_of("100", arm)) for arm in ("scratch", "tuned", "frozen")}
assert min(near.values()) > 0.76 and max(share[n, arm] for n, arm in share if n != "20" and "longer" not in arm) < 0.0135, "other samples are near"
assert [round(share["20", arm], 2) for arm in ("tuned", "frozen", "scratch", "tuned+diff")] == [0.4, 0.44, 0.28, 0.06], "other shares are copies"
guess.answer("from a GAN, nothing changed")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Those from a GAN whose pictures are not changed: .40 of the fine-tuned ones' samples, .44 of FreezeD's, .28 from scratch. (FreezeD copies more than scratch on each seed, fine-tuning on three of five.) So what was held still did not keep D from learning by heart. With DiffAugment it is .06, and as many samples are read surely (the third table). ADA's are copies least often, and are read surely least often.
#
# From 100 pictures on the median is at most .013, and unseen pictures have .01. But look at the second table: without a change, .77 and more of the samples at 100 lie nearer to training pictures than to unseen ones. Only the long run (not in the table) copies .12 there.
#
# </details>
#
# And from far away? All settings are those from digits; now the GAN of digits goes on to ten kinds of clothes.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: from digits to clothes
guess = Guess.choice("clothes", "A hundred clothes, from the GAN of digits: is fine-tuning better than to start from scratch?", ["better", "about the same", "worse"])
far = {arm: [[look["fid"] for look in run["way"]] for run in runs_of("fashion", arm)] for arm in stored["arms"]["fashion"]}
with guess:
    print(f"{'FID of clothes after':28s}", *(f"{step:>16,} steps" for step in (150, 300, 600, 1200)))
    for arm, ways in far.items():
        print(f"{stored['arms']['fashion'][arm]['label']:28s}", *(f"{spread(each):>22s}" for each in zip(*ways, strict=True)))
assert all(sum(a[k] < b[k] for a, b in zip(far["tuned"], far["scratch"], strict=True)) == led for k, led in ((0, 4), (2, 0), (3, 0))), "fine-tuning leads otherwise"
assert all(a[3] > b[3] for a, b in zip(far["tuned+diff"], far["scratch+diff"], strict=True)) and [round(median(way[3] for way in far[arm])) for arm in far] == [221, 417, 487, 155, 176], "another FID on clothes"
guess.answer("worse")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Worse. At step 150 fine-tuning leads on four seeds of five; from 600 on it is behind on all, and ends at 417, where a start from scratch ends at 221. With D's lower layers frozen it is 487. DiffAugment makes the gap small, and keeps its sign on each seed: 176 and 155. (Rates are those of digits, each method's own.) Near data are a head start. Of far data, measure first.
#
# </details>

# %% [markdown]
# ## 4 · A D that names classes
#
# D looks at all pictures, with labels or without. In **semi-supervised learning** (半监督学习) it names classes as well (Salimans et al. 2016): K logits $l_k$, and "fake" is one class more, whose logit is held at 0. With $Z = \sum_k e^{l_k}$
#
# $$P(k|x) = \frac{e^{l_k}}{Z + 1}, \qquad P(\text{fake}|x) = \frac{1}{Z + 1}, \qquad D(x) = \frac{Z}{Z + 1} = σ(\log Z)$$
#
# So $\log Z$ is D's logit, and the game of chapter 01 is played with it. A few labels add $-\log P(y|x, \text{not fake})$, the cross-entropy of the K classes alone.

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
namer = NamesClasses(body(), 128, 10)
logit, _, l = namer.eval()(torch.randn(5, 1, 14, 14))
all_eleven = torch.cat([l, torch.zeros(5, 1)], 1).softmax(1)     # the last is "fake"
real = logit.sigmoid()[:, 0]
assert torch.allclose(real, 1 - all_eleven[:, 10]), "D is no class of eleven"

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
last = (nn.Linear(256, 196), nn.Tanh(), nn.Unflatten(1, (1, 14, 14)))
maker = nn.Sequential(nn.Linear(64, 256), *norm, *last)
players = (adam(each, 3e-3, (0.5, 0.999)) for each in (maker, namer))
game = GAN(maker, namer, 64, feature_matching, *players)
both = Together(Batches(small, 100), Batches(x, 50, conditions=y))
steps = pace(test=2, lesson=1000, full=4000)
for record in train(game, both, steps, step=semi_supervised()):
    pass

# %%
from gan_edu.transfer import Probe, named_rightly

tests, truth = mnist(train=False)
tests = avg_pool2d(scaled(tests), 2)
with torch.no_grad():
    by_d = named_rightly(namer.eval().classifier(tests), truth)
by_pixels = named_rightly(Probe(x.flatten(1), y, penalty=10)(tests.flatten(1)), truth)
print(f"of 10,000 test digits, with 100 labels: D {by_d:.2f}, pixels {by_pixels:.2f}")
if claims():
    assert by_d > by_pixels + 0.03, "what has no label is worth nothing"

# %% [markdown]
# Who else could use 60,000 pictures without labels? Take D of an ordinary game, and put a linear classifier on the features of its first hidden layer (deeper ones were worse in trials). Is that better than a D that has never been trained? Networks have one shape; rates and penalties were tried on other pictures, four to ten settings each, but for *D names classes, moved*, which has those of the line above. *Moved*: by up to a pixel, anew in each step.

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
    for arm, label in {**named["arms"]["digits"], "shifted": "from scratch, pictures moved", "semi shifted": "D names classes, moved"}.items():
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
# Within a few percent; and so is one on the features of a D that was never trained. One guess: to tell real from fake, this small D need not know which digit it sees. (Radford et al. 2016 found features of much use in large D of photographs.)
#
# The D that *names classes*, in one game, is right for .86 of the test digits with 100 labels. The same network from labels alone gets .74; at 50 and 100 labels no seed of the one reaches a seed of the other. At 10 labels the ranges overlap. It takes 36 CPU-seconds, where labels alone take one. Moved pictures, with a rate of their own,
# are worth .02 to the network from scratch at 50 and 100 labels; to D they do a little harm. Salimans et al. report fewer than 100 wrong of 10,000 with 100 labels: larger networks, whole digits, much longer training.
#
# </details>
#
# ## 5 · Where does a picture come from?
#
# Whoever trains a generator can mark what it makes. A **watermark** (水印) of spread spectrum (Cox et al. 1997) needs a secret key, $k = ±1$ at each pixel: add $0.03\,k$, where black is 0 and white 1. (Black cannot get darker: there only half of the mark is left.) To find it, look at $r$, how each pixel differs from the mean of the nine around it, cut at ± 0.02, and ask whether $r$ goes along with $k$:
#
# $$z = \frac{\sum k\,r}{\sqrt{\sum r^2}}$$
#
# For a picture made without $k$, and keys drawn at random, $\mathbb{E}\,(\sum k r)^2 = \sum r^2$: z has mean 0 and variance 1.

# %%
from gan_edu.mnist_gan import trained_textbook
from gan_edu.transfer import Marked, evidence, in_bytes, key, threshold

k, textbook = key(seed=5), trained_textbook()
noise = textbook.latents(500, torch.Generator().manual_seed(0))
both_ways = (textbook.generator, Marked(textbook.generator, k, 0.03))
with torch.no_grad():                                            # 256 levels, as in files
    unmarked, marked = (in_bytes((each(noise) + 1) / 2) for each in both_ways)
least = threshold(0.01)                                          # z of one key in a hundred
for label, some in (("marked", marked), ("not marked", unmarked)):
    share = (evidence(some, k) > least).double().mean().item()
    print(f"{label:10s} found {share:.3f}, at z > {least:.2f}")
assert 0.02 < share < 0.04, "unmarked pictures are found otherwise"

# %% [markdown]
# Of unmarked pictures this key finds 3 %, and not 1: the law is about *keys*. Test it so, on one picture.

# %%
one = unmarked[:1]
over_keys = torch.cat([evidence(one, key(seed)) for seed in range(1000)])
mean, variance = over_keys.mean(), over_keys.var()
print(f"one picture, 1,000 keys: mean {mean:+.2f}, variance {variance:.2f}")
assert mean.abs() < 0.1 and 0.87 < variance < 1.13, "the law over keys is another"

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: a picture, its mark ten times as strong, and the evidence
figure, axes = subplots(1, 4, figsize=(9, 2.6), width_ratios=(1, 1, 1, 2.2))
for ax, picture, title in zip(axes, (unmarked[0, 0], marked[0, 0], 10 * (marked - unmarked)[0, 0] + 0.5), ("as made", "marked", "difference × 10"), strict=False):
    ax.imshow(picture, cmap="gray", vmin=0, vmax=1)
    ax.set_title(title, fontsize=9)
    ax.set_axis_off()
for some, colour, label in ((unmarked, SOFT, "not marked"), (marked, FAKE, "marked")):
    axes[3].hist(evidence(some, k), bins=30, color=colour, alpha=0.7, label=label)
axes[3].axvline(least, color=INK, linestyle=":")
axes[3].set(xlabel="z", ylabel="pictures")
axes[3].legend(fontsize=8)
show(figure, "A generated digit, the same one marked, which looks alike but for a faint grain, and their difference, grey with darker and lighter pixels; beside them two histograms of z: not marked around 0, marked far to the right of the dotted threshold")

# %% [markdown]
# Pictures travel. A *fine* key has a sign for each pixel, a coarse one for each block of 2 × 2. Which of these ways takes the fine mark away? (All keys and seeds were fixed beforehand; test digits stand for pictures that are not ours.)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: marks found after compression, scaling and a move
sent = measured("provenance")
guess = Guess.choice("ways", "Which way takes the fine mark (± 0.03) away most surely?", ["JPEG of quality 50", "noise of σ 0.1 (white is 1)", "scaled to 14 × 14 and back", "moved down and right by one pixel"])
MARKS = {"fine": "fine ± 0.03", "strong": "fine ± 0.05", "coarse strong": "2 × 2 ± 0.05", "learned": "± 0.05, learned"}
WAYS = {"as it is": "as it is", "JPEG 50": "JPEG 50", "JPEG 20": "JPEG 20", "28 → 14 → 28": "halved", "noise": "noise", "moved": "moved"}

def arrived(arm, way, name="found", place=0):
    """Of each seed: [found at the threshold, real ones found, found where 1 % of real ones are]."""
    return [run[name][way][place] for run in sent["runs"] if (run["data"], run["arm"]) == ("marks", arm)]

with guess:
    print(f"{'share found':16s}", *(f"{way:>9s}" for way in (*WAYS.values(), "searched")))
    for arm, label in MARKS.items():
        cells = [median(arrived(arm, way)) for way in WAYS] + [median(arrived(arm, "moved", "looked for"))]
        print(f"{label:16s}", *(f"{each:9.2f}" for each in cells))
    false = [x for arm in MARKS for way in WAYS for x in arrived(arm, way, place=1)]
    print(f"\nreal digits found: {min(false):.3f} to {max(false):.3f}, over all of these and five seeds")
    law = {arm: [[run[name] for run in sent["runs"] if run["arm"] == arm] for name in ("over keys", "worst key")] for arm in ("strong", "coarse strong")}
    for arm, (mean, worst) in law.items():
        print(f"real digits found by 50 other keys, {MARKS[arm]}: {100 * min(mean):.1f} to {100 * max(mean):.1f} % on average, {100 * max(worst):.1f} % by the worst")
assert max(arrived("fine", "moved")) == 0 and min(arrived("fine", "moved", "looked for")) > 0.99, "a move is no harm, or cannot be searched for"
assert all(max(arrived("fine", "moved")) < min(arrived("fine", way)) for way in ("JPEG 50", "28 → 14 → 28", "noise")), "another way takes more"
assert min(arrived("coarse strong", "28 → 14 → 28")) > max(arrived("strong", "28 → 14 → 28")) and max(arrived("coarse strong", "noise")) < min(arrived("strong", "noise")), "blocks live otherwise"
assert 0.02 < max(false) < 0.035 and min(false) == 0, "real digits are found otherwise"
assert all(0.007 < min(mean) < max(mean) < 0.013 for mean, _ in law.values()), "the law over keys is another"
assert round(100 * max(law["strong"][1])) == 4 and round(100 * max(law["coarse strong"][1])) == 12, "the worst key is another"
assert round(median(arrived("fine", "28 → 14 → 28")), 2) == 0.06, "half the size leaves more"
guess.answer("moved down and right by one pixel")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# The move: beside its place a fine key finds nothing at all. But who searches the nine places within a pixel finds the mark again (the last column; nine tries ask for a higher threshold, and elsewhere cost some findings). Half the size and back leaves 6 %. Blocks of 2 × 2 outlive that better, and noise less well. A mark can also be *learned*: show a GAN marked
# training pictures only (Yu et al. 2021), and it marks what it makes.
#
# Mind the last lines. Theory promises 1 % false findings *over keys*, and so it is. A single key may do worse, 4 % of the fine ones and 12 % of the coarse: digits resemble each other. Before you accuse anyone, count on pictures that are not marked.
#
# </details>
#
# What does a finding prove? Let somebody have marked pictures, our method, but no key. They guess its signs from the mean of $r$, less that of other digits, mark real pictures with the guess, and subtract it from ours. And if nobody marks anything, can a network tell? Four small ones learned from 4,000 real digits and as many of one GAN, clean, or *damaged* in five ways as well.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: someone without the key, and someone without a mark
guess = Guess.choice("detector", "A network has learned to tell one GAN's digits from real ones. How many of another GAN's does it find, where it calls 1 % of real ones fake?", ["about as many as of its own", "about half as many", "hardly any"])
HEADS = ("of its GAN", "of the other", "its, JPEG 20")
marks = [run for run in sent["runs"] if (run["data"], run["arm"]) == ("marks", "fine")]
with guess:
    print(f"{'the key guessed from':28s} {'signs right':>18s} {'real digits pass':>18s} {'marks left':>18s}")
    for n in ("1", "10", "100"):
        right, forged, left = (median(run["copied"][n][name] for run in marks) for name in ("right", "forged", "left"))
        print(f"{n + ' of our pictures':28s} {right:18.2f} {forged:18.2f} {left:18.2f}")
    print(f"\n{'fakes found, 1 % of real':28s}", *(f"{head:>18s}" for head in HEADS))
    detectors = [run for run in sent["runs"] if run["data"] == "detectors"]
    for of, other in (("textbook", "convolutional"), ("convolutional", "textbook")):
        for how in ("clean", "handled"):
            at = [run[f"{of}, {how}"] for run in detectors]
            cells = (spread([each[way][who] for each in at], ".2f") for way, who in (("as it is", of), ("as it is", other), ("JPEG 20", of)))
            print(f"{of + ', ' + how.replace('handled', 'damaged'):28s}", *(f"{cell:>18s}" for cell in cells))
    fids = {of: [run["fid"][of] for run in detectors] for of in ("textbook", "convolutional")}
    print("FID: " + ", ".join(f"{of} {spread(values)}" for of, values in fids.items()))
assert min(run["copied"]["1"]["right"] for run in marks) > 0.75 and min(run["copied"]["1"]["forged"] for run in marks) > 0.99 and max(run["copied"]["1"]["left"] for run in marks) == 0, "one picture is not enough"
crossed = [run[f"textbook, {how}"]["as it is"]["convolutional"] for run in detectors for how in ("clean", "handled")] + [run[f"convolutional, {how}"]["as it is"]["textbook"] for run in detectors for how in ("clean", "handled")]
own = [run["textbook, clean"]["as it is"]["textbook"] for run in detectors]
assert max(crossed) < 0.03 and min(own) > 0.9, "detectors generalise"
assert round(median(run["convolutional, clean"]["as it is"]["convolutional"] for run in detectors), 2) == 0.26 and min(fids["textbook"]) > 1.9 * max(fids["convolutional"]), "the better GAN is as easily found"
clean, damaged = ([run[f"textbook, {how}"]["JPEG 20"]["textbook"] for run in detectors] for how in ("clean", "handled"))
assert round(median(clean), 2) == 0.15 and abs(median(clean) - median(damaged)) < 0.01, "damaged pictures help"
guess.answer("hardly any")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Hardly any: 1 or 2 %, about as many as real ones. Of its own GAN's digits the one that learned from the textbook GAN finds .94, the one that learned from the convolutional GAN .26; the latter GAN is nearer to real ones by FID. A JPEG of quality 20 takes .94 to .15, and damaged pictures to learn from did not help, in as many steps. These are small networks. Wang et al. (2020) found that a large one,
# trained on one GAN's photographs with care, finds many other GANs' too.
#
# And from one marked picture .82 of the key is guessed: enough to pass real pictures off as ours, and to clean that picture. The guess needs no key, but it knows how the mark was made.
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
# | [02 losses](02_losses.ipynb) | Where D is sure that samples are fake, the saturating loss leaves G no slope. The non-saturating one does. |
# | [03 training loop](03_training_loop.ipynb) | Both losses near 0 are no success. The loop by hand and the one of all chapters make the same steps. |
# | [04 MNIST GAN](04_mnist_gan.ipynb) | Five seeds of the textbook GAN are five different runs, and one collapsed. |
# | [05 tricks](05_tricks.ipynb) | Whether a trick helps is a question for seeds and equal time, not for one picture. |
# | [06 convergence](06_convergence.ipynb) | In the Dirac-GAN minimax circles, and R1 comes to rest, in the long run fastest at $γ = 2\lvert f'(0)\rvert$. |
# | [07 evaluation](07_evaluation.ipynb) | Each score is blind to something. FID sees means and covariances, and nothing else. |
# | [08 mode collapse](08_mode_collapse.ipynb) | Losses do not tell of it. A sign of variety beside one of quality does. |
# | [09 Wasserstein](09_wasserstein.ipynb) | W1 grows with the distance where JS is at its end. Between pictures its estimate is nearly all floor. |
# | [10 convolutional](10_convolutional.ipynb) | Asked for a digit, G draws it, after a minute and a half in 97 cases of 100 or more. |
# | [11 modern](11_modern.ipynb) | A loss on pairs of pictures did harm in a minute of one core. On a card, with R1, R2 and more steps, they were best. |
# | [12 scaling](12_scaling.ipynb) | Two processes are the same run in float64. In float32 rounding grows to the third digit. |
# | [13 restoration](13_restoration.ipynb) | With a D answers look real, and are right less often. |
# | [14 text](14_text.ipynb) | SeqGAN makes an early writer better. The same time spent on likelihood makes it better by far, and a table of counts is nearer than both. |
# | [15 translation](15_translation.ipynb) | A GAN reads a cipher without one pair. With whole lexicons it nearly fails, and words spelled alike do better. |
# | [16 molecules](16_molecules.ipynb) | A paid-for score is gamed. To draw many and sort is a strong rival. |
# | [17 finance](17_finance.ipynb) | GARCH, fitted in a second, says risk better than our GANs on each seed; at 1 % that may be luck. |
# | 18 transfer | A GAN of near data is a head start. The time that it took does as well from scratch, with changed pictures. |

# %% [markdown]
# ## 7 · An outlook, from the course's own numbers
#
# Where do GANs stand? No prophecies here: each line below is from the file that its chapter stored, of five seeds, in chapter 11 of three.

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

def lines(title, name, data, arms, score, form=".0f"):
    """A heading and its lines: {arm: a number of each seed}."""
    print(f"\n{title}")
    return {arm: line(f"  {words}", stored_there(name, data, arm, score), form) for arm, words in arms.items()}

tricks = lines("stability: FID on MNIST, lower is better, after the same computing time (05)", "tricks", "mnist", {"baseline": "the textbook GAN", "best": "R1, average, other rates, batch and precision"}, lambda run: run["fid"])
rivals = lines("models: FID on MNIST after about a minute of one core (11)", "rivals", "mnist", {"gan": "GAN", "pixels": "pixel after pixel", "diffusion": "diffusion, 20 passes", "vae": "VAE", "student": "a student of that diffusion, one pass, a minute more"}, lambda run: run["fid"])
recall = lines("the same: recall, higher is better", "rivals", "mnist", {"gan": "GAN", "pixels": "pixel after pixel", "diffusion": "diffusion, 20 passes", "student": "its student"}, lambda run: run["recall"], ".2f")
text = lines("reinforcement: surnames, distance to held-out ones, lower is better (14)", "text", "names", {"early": "an early writer", "seqgan": "then SeqGAN", "mle": "then likelihood, the same time"}, lambda run: run["at"]["1"]["divergence"], ".3f")
paid = lines("reinforcement: QED of molecules, higher is better (16)", "molecules", "selfies", {"prior": "likelihood", "both": "ORGAN, half D and half QED", "d_off": "QED alone", "best": "the best by QED of as many draws"}, lambda run: run["scores"]["qed"], ".2f")
assert {len(each) for each in (*tricks.values(), *text.values(), *paid.values())} == {5} and {len(each) for each in rivals.values()} == {3}, "other seeds"
assert max(tricks["best"]) < min(tricks["baseline"]) / 20 and max(rivals["student"]) < min(rivals["diffusion"]), "another outlook"
assert max(rivals["gan"]) < min(rivals["student"] + rivals["pixels"]) and min(rivals["vae"]) > max(rivals["diffusion"]), "another outlook"
assert max(text["mle"]) < min(text["seqgan"]) < max(text["seqgan"]) < min(text["early"]), "another outlook"
assert max(paid["prior"]) < min(paid["both"]) and max(paid["both"]) < min(paid["best"] + paid["d_off"]), "another outlook"
assert min(recall["pixels"]) > max(recall["gan"] + recall["diffusion"]) and max(recall["student"]) < min(recall["diffusion"]), "another outlook"

# %% [markdown]
# **Stability.** Small games are understood: near an equilibrium eigenvalues tell, and R1 brakes ([06](06_convergence.ipynb)). For networks we have recipes, and measure: on MNIST one brought the median FID from 1165 to 18. A proof that a GAN of real size ends where it should is open.
#
# **Models.** After a minute a GAN led by FID. But it has no likelihood, and recall was highest for pixel after pixel. Ask what you need: one pass, or bits, or all kinds.
#
# **With reinforcement learning.** A policy gradient finds a slope where letters have none ([14](14_text.ipynb)), and lets any score be paid for, with or without D ([16](16_molecules.ipynb)). The cheap rivals were strong: more likelihood beat SeqGAN, and draw-and-sort beat ORGAN's half and half, and was level with QED alone, at that pull to the data. What is paid for is what comes.
#
# **With diffusion.** Diffusion models passed GANs on ImageNet in 2021 (Dhariwal and Nichol). The two go together since: with a D, and a minute more, one pass had a lower FID than twenty, and less recall ([11](11_modern.ipynb), after Sauer et al. 2023), and the autoencoder below latent diffusion is trained with a D (Rombach et al. 2022). We would look for the next GANs there: as a *loss* for other models.
#
# **Evaluation.** Each score is blind to something ([07](07_evaluation.ipynb)). In this chapter a few pictures by heart had a lower FID than the methods, and coverage told. Two scores that ask different questions, floors beside them, rivals with the same time, seeds: that will outlive each of our models.
#
# ## 8 · What is said of GANs, and what runs here
#
# The course grew from a short text, which praised GANs as such texts do. Here are its sentences on strengths (1.3), uses (6) and what is to come (7; it breaks off in 7.2), and what became of each.
#
# <details><summary>Sentence by sentence</summary>
#
# | it says | what runs here | what is missing, and why |
# |---|---|---|
# | 1.3 samples of high quality, very close to the data, whose structure they learn | digits and clothes of 28 × 28, from two cores ([04](04_mnist_gan.ipynb), [10](10_convolutional.ipynb), [11](11_modern.ipynb)); how close is measured, and it depends on whom you ask ([07](07_evaluation.ipynb)) | large photographs: days of many cards |
# | 1.3 no distribution is assumed, so more kinds of data and tasks | true of the formula. The network and the noise assume one: gaps between modes are hard ([08](08_mode_collapse.ipynb)), heavy tails too ([17](17_finance.ipynb)), and letters need a detour ([14](14_text.ipynb)) | – |
# | 1.3 easily extended to large data and models | two processes, data from disk, a model of cost ([12](12_scaling.ipynb)) | a cluster; and "easily" |
# | 6.1 realistic pictures of faces, landscapes, objects | digits, clothes, and stacked digits of a thousand classes | colour photographs: data that we may not ship, and more computing |
# | 6.1 restoration: noise and damage taken away | holes, strokes, noise and two sizes, undone by one network ([13](13_restoration.ipynb)) | it invents, so no evidence may come of it |
# | 6.1 super-resolution | from 7 × 7 to 28 × 28 ([13](13_restoration.ipynb)) | photographs |
# | 6.2 text: poems, code, dialogue | surnames, and lines of a book ([14](14_text.ipynb)) | poems, code and dialogue: we know of no GAN that does it as well as language models by likelihood |
# | 6.2 better machine translation | a cipher, a lexicon, numbers in words ([15](15_translation.ipynb)) | D made it no better here |
# | 6.3 drugs with given properties | molecules by QED: how it is gamed, and what holds it back ([16](16_molecules.ipynb)) | whether one can be made, and what it binds to |
# | 6.3 simulated markets, "for instance to predict prices" | simulated markets, and risk ([17](17_finance.ipynb)) | a forecast of prices: we found next to none |
# | 7.1 more stable training | penalties, pairs, spectral norm, averages ([05](05_tricks.ipynb), [06](06_convergence.ipynb), [11](11_modern.ipynb)) | a proof beyond small games |
# | 7.1 new models for new fields | U-Nets, GRUs, graphs, temporal convolutions ([13](13_restoration.ipynb) to [17](17_finance.ipynb)) | – |
# | 7.1 with reinforcement learning they get better | SeqGAN and ORGAN ([14](14_text.ipynb), [16](16_molecules.ipynb)): better than where they began, not than cheap rivals | – |
# | 7.1 with transfer learning they get better | section 3: sooner, from near data | networks that learned from millions of photographs |
# | 7.2 mode collapse | an alarm, causes, cures ([08](08_mode_collapse.ipynb)) | a cure for all causes |
# | 7.2 no perfect score | a table of scores, each with what it is blind to ([07](07_evaluation.ipynb)) | – |
#
# </details>

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
# M generators mark what they make, each with a key of its own. Of one picture you have the differences `r`, (d,), and all keys, (M, d), of ±1. Write `traced(r, keys, chance)`, which returns two things: $z$ of each key, (M,), and a threshold. It should be as low as may be, and yet: if nobody marked the picture, the largest of the M lies above it with a probability of at most `chance`. To share the chance out among the keys (Bonferroni) is near enough.

# %%
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
# - A GAN of near data is a head start: for as many steps, fine-tuning with DiffAugment was best at 20, 100 and 500 pictures. As long in all, from scratch with DiffAugment, was level at 100. From far data plain fine-tuning was worse than a start from scratch.
# - Few pictures by heart have a low FID. Ask for coverage, and ask each sample for its nearest training picture.
# - ADA steers by D's own verdict on what it learns from. In theory a change leaks only where it has no way back.
# - D as a classifier of K classes and "fake" makes 50 or 100 labels worth more. The features of a plain D did not.
# - A mark is found by a law over keys. Halved, or moved and not searched for, it is lost, and it can be forged by who has seen one picture. Our small detectors know the generator that they learned from, and no other.
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
# ← [17 finance](17_finance.ipynb) · [all chapters](00_start_here.ipynb#The-map)
# <!-- /near -->
