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
# # 12 · Scaling: from two cores to many GPUs
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/12_scaling.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/12_scaling.ipynb)
#
# <!-- near -->
# ← [11 modern](11_modern.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [13 restoration and editing](13_restoration.ipynb) →
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# A step of training takes milliseconds. Where do they go? Drag the point below: wider networks, larger batches, half the
# bits. Sometimes a step waits for memory, sometimes for arithmetic, often for neither. Which is it at a width of 64, and at 2,048?

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
# @title Show where a step stands: arithmetic above, memory at the left
from statistics import median

import torch

from gan_edu.core.measures import measured
from gan_edu.core.notebook import FAKE, INK, SOFT, claims, pace, show, subplots
from gan_edu.core.training import setup
from gan_edu.core.training.device import bfloat16_is_fast
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import train, train_step
from gan_edu.widgets import Guess, Roofline

device = setup()
threads = torch.get_num_threads()
stored = measured("scaling")
Roofline()

# %% [markdown]
# **After this chapter you can**
#
# - say where the time of a step goes, and predict what a step costs that nobody has timed,
# - judge what a larger batch, half the bits, a compiler or a graph brings, and what each may spoil,
# - train one GAN in several processes, and prove that it is the same run,
# - train from more pictures than memory holds.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | lesson (the default) | about 2 minutes on two cores | steps that are timed; two short runs in two processes |
# | full (`GAN_EDU_PACE=full`) | about 10 minutes on two cores | the same, each timed for longer |
#
# It takes 60 minutes to read and play, and needs no network. You should know chapters 03 and 04. Numbers under "stored" are from
# other machines, which the cells name, and from different days: compare within a line. Yours will differ; that is the point.

# %% [markdown]
# ## 1 · Where the time of a step goes
#
# torch's profiler tells how long each operation took. What is left of the clock's time is Python: the loop, the modules' calls,
# checks. **Predict:** of a step of the textbook's GAN (chapter 04), what takes the largest part?
# (It takes about 15 seconds on two cores.)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers and plot: where a step's time goes (about 15 seconds on two cores)
from gan_edu.core.data import Batches
from gan_edu.core.training import mlp
from gan_edu.scaling import layers_of, where_time_goes
from gan_edu.training_loop import GAN

def gan_of(sizes_g, sizes_d, **more):
    """A GAN of two MLPs with these sizes, and batches of random numbers: a step takes as long with them."""
    torch.manual_seed(0)
    G, D = (mlp(sizes).to(device) for sizes in (sizes_g, sizes_d))
    data = torch.rand(1024, sizes_d[0], device=device) * 2 - 1
    return GAN(G, D, sizes_g[0], **more), Batches(data, 64)

guess = Guess.choice("parts", "A step of the textbook's GAN: what takes the largest part?", ["products", "optimiser", "casts and copies", "noise", "activations and losses", "Python"])
GANS = {"plane: 2 → 16 → 2": gan_of((2, 16, 2), (2, 16, 1)), "textbook": (textbook(0, device), textbook_batches(0, device)),
        "width 2,048": gan_of(*layers_of(pace(test=128, lesson=2048, full=2048)))}
goes = {name: where_time_goes(*each, steps=pace(test=1, lesson=40 if name[0] == "p" else 4, full=40)) for name, each in GANS.items()}
parts = list(goes["textbook"])
with guess:
    print(f"{'ms a step':26s}", *(f"{name:>18s}" for name in GANS))
    for part in parts:
        print(f"{part:26s}", *(f"{each[part]:18.2f}" for each in goes.values()))
    print(f"{'whole':26s}", *(f"{sum(each.values()):18.2f}" for each in goes.values()))
if claims() and device.type == "cpu" and threads <= 2:
    share = {name: {part: ms / sum(each.values()) for part, ms in each.items()} for name, each in goes.items()}
    assert max(share["textbook"], key=share["textbook"].get) == "products" == max(share["width 2,048"], key=share["width 2,048"].get), "something else takes most"
    assert share["plane: 2 → 16 → 2"]["Python"] > 0.3 and share["plane: 2 → 16 → 2"]["products"] < 0.2, "a small step's time goes elsewhere"
figure, axes = subplots(figsize=(7.2, 2.5))
left = [0.0] * len(goes)
for part, shade, hatch in zip(parts, (FAKE, INK, SOFT, SOFT, SOFT, "none"), ("", "", "", "///", "...", ""), strict=True):
    widths = [each[part] / sum(each.values()) for each in goes.values()]
    axes.barh(list(goes), widths, left=left, color=shade, edgecolor=INK, hatch=hatch, linewidth=0.5, label=part)
    left = [a + b for a, b in zip(left, widths, strict=True)]
axes.set(xlabel="share of the step", xlim=(0, 1), title="Where the time of a step goes")
axes.invert_yaxis()
figure.legend(fontsize=7, ncols=6, loc="outside lower center")
guess.answer(max(parts, key=goes["textbook"].get), show(figure, "Three bars, the share of each part of a step: a small GAN, the textbook's, a wide one. The wider, the more of it are products, and the less is Python"))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# On two cores the products: $xW^\top$ on the way forward, and two more for the gradients. In a small GAN they are a tenth. There
# Python sets the pace, and what it calls: each operation costs some microseconds, however small its tensors are. Faster
# arithmetic would change little there. What counts is different for each size; so measure before you change anything.
#
# </details>
#
# ## 2 · Count, then predict
#
# Two things can be counted without a clock. First the *operations* of the products. A layer from $a$ to $b$ numbers costs
# a batch of $B$ samples $2Bab$: one multiplication and one addition for each weight. A step does that forward, again for the
# weights' gradients, and again for what flows back to the layer before.

# %%
from itertools import pairwise

def operations_of(G, D, batch):
    """Of a step of two MLPs. First layers need no gradient of what they are given."""
    g, d = ([a * b for a, b in pairwise(sizes)] for sizes in (G, D))
    G_learns = 2 * batch * (sum(g) + sum(g) + sum(g[1:]))  # forward, weights, back
    D_learns = 4 * batch * (sum(d) + sum(d) + sum(d[1:]))  # the same, of real and fake
    G_asks_D = 2 * batch * (sum(d) + sum(d))               # forward, and back to the fakes
    return G_learns + D_learns + G_asks_D

# %% tags=["nbval-check-output"] jupyter={"source_hidden": true} cellView="form"
# @title Numbers: by hand, by the module, and as torch counts what a step really does
from gan_edu.scaling import operations, work_of_mlps

layers = (100, 128, 256, 512, 784), (784, 512, 256, 1)
by_hand, by_torch = operations_of(*layers, 64), operations(textbook(), textbook_batches())
by_module = work_of_mlps(*layers, 64).operations
print(f"by hand {by_hand:,}; torch counts {by_torch:,}; the module {by_module:,}")
assert by_hand == by_torch == by_module, "the counts differ"

# %% [markdown]
# Second the *bytes* that go between memory and processor. A network's weights are read by each product. And the optimiser
# has its own traffic. **Predict:** Adam in float32, 4 bytes a number. Count what one update reads for each weight, its
# gradient too, and what it writes: how many bytes?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: what Adam moves for each weight
guess = Guess.number("adam", "Adam, float32: bytes that one update reads and writes for each weight, its gradient among them", 4, 64, step=4, near=4)
reads, writes = ["weight", "gradient", "mean of gradients", "mean of squares"], ["weight", "mean of gradients", "mean of squares"]
moved = 4 * (len(reads) + len(writes))
with guess:
    print("reads", ", ".join(reads), "· writes", ", ".join(writes), f"· {moved} bytes")
guess.answer(moved)

# %% [markdown]
# <details><summary>After your guess</summary>
#
# 28: four numbers read, three written back. The gradient was written before, which makes 32. A product of batch 64 does 128
# operations with a weight that it reads once. Adam does about a dozen with its 28 bytes: nearly all traffic, hardly any arithmetic.
#
# </details>
#
# Now a model with three numbers of *your* processor: $t = \dfrac{\text{operations}}{\text{throughput}} +
# \dfrac{\text{bytes}}{\text{bandwidth}} + \text{overhead}$. Eleven steps are timed, and the three are fitted. All take turns,
# so that a slow moment meets all alike (about 20 seconds on two cores).

# %%
from gan_edu.scaling import fitted, of_width, timed

TIMED = [(width, 64) for width in (64, 128, 256, 512, 1024, 2048)]      # (width, batch)
TIMED += [(256, 16), (256, 256), (512, 16), (512, 256), (1024, 256)]
HELD = [(width, 64) for width in (96, 192, 384, 768, 1536)]             # never fitted

ROUNDS, TURN = pace(test=1, lesson=5, full=15), pace(test=0.001, lesson=0.06, full=0.15)
seconds = timed({key: of_width(*key) for key in TIMED + HELD}, ROUNDS, TURN)
work = {(width, batch): work_of_mlps(*layers_of(width), batch) for width, batch in seconds}
machine = fitted([work[key] for key in TIMED], [seconds[key] for key in TIMED])
print(f"{machine.throughput / 1e9:.0f} billion operations a second,",
      f"{machine.bandwidth / 1e9:.1f} GB a second, {1e3 * machine.overhead:.2f} ms a step")

# %% [markdown]
# **Predict:** five widths were left out. How far off is such a model for these? First on the stored processor, then on yours.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: what the model says of steps that it has not seen, stored
from gan_edu.core.measures.step_cost import Machine

guess = Guess.number("held", "Stored, one thread, float32: median error of the model on five widths that it has not seen, percent", 0, 100, step=1, near=3)
with guess:
    print(f"{stored['processor'] + ', idle; percent off, by width':45s}    96   192   384   768 1,536 median")
    for count, fits in stored["model"].items():
        for bits, fit in fits.items():
            print(f"{count + ', ' + bits:45s}", *(f"{error:+5.0%}" for error in fit["held"].values()), f"{fit['held_out_error']:6.0%}")
assert max(fit["held_out_error"] for fits in stored["model"].values() for fit in fits.values()) <= 0.07, "stored errors are larger than told"
assert max(abs(error) for fits in stored["model"].values() for fit in fits.values() for error in fit["held"].values()) < 0.165, "a width is further off than told"
shares = [Machine(**stored["model"]["one thread"]["float32"]["machine"]).parts(work_of_mlps(*layers_of(wide), 64)) for wide in (64, 2048)]
assert [max(share, key=share.get) for share in shares] == ["overhead", "products"], "another part takes most at these widths"
assert 0.6 < shares[0]["overhead"] / sum(shares[0].values()) < 0.7 and 0.35 < shares[1]["memory"] / sum(shares[1].values()) < 0.4, "parts take other shares"
guess.answer(round(100 * stored["model"]["one thread"]["float32"]["held_out_error"]))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# 4 to 6 percent by the median, from three numbers, on cores that did nothing else; single widths up to 16. Where it is off
# tells something, too: a small network's weights stay in the processor's cache, a large one's do not, and the model knows one
# bandwidth only.
#
# </details>

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers and plot: your machine's steps, and what the model says of them
errors = {key: machine.seconds(work[key]) / seconds[key] - 1 for key in HELD}
middle = median(map(abs, errors.values()))
print(f"{'width':>6s} {'measured':>10s} {'model':>10s} {'error':>7s}   products + memory + overhead")
for key in HELD:
    summands = " + ".join(f"{1e3 * part:.1f}" for part in machine.parts(work[key]).values())
    print(f"{key[0]:6,d} {1e3 * seconds[key]:7.1f} ms {1e3 * machine.seconds(work[key]):7.1f} ms {errors[key]:+7.0%}   {summands} ms")
print(f"{middle:.0%} by the median", "" if middle <= 0.15 else "(so far off: does the machine do something else, too?)")
depths = timed({depth: of_width(256, 64, depth) for depth in (1, 2, 4, 6)}, ROUNDS, TURN)
figure, axes = subplots(1, 3, figsize=(7.2, 2.6), sharey=True)
curves = {"width (batch 64)": ([key for key in sorted(work) if key[1] == 64], 0), "batch (width 256)": ([key for key in sorted(work) if key[0] == 256], 1)}
for place, (title, (keys, which)) in zip(axes, curves.items(), strict=False):
    place.loglog([key[which] for key in keys], [1e3 * machine.seconds(work[key]) for key in keys], "-", color=SOFT, label="model")
    for held, mark in ((False, "o"), (True, "s")):
        some = [key for key in keys if (key in HELD) == held]
        place.plot([key[which] for key in some], [1e3 * seconds[key] for key in some], mark, color=FAKE if held else INK, markersize=4, label="not fitted" if held else "fitted")
    ticks = (64, 256, 1024) if which == 0 else (16, 64, 256)
    place.set_xticks(ticks, labels=[f"{tick:,}" for tick in ticks])
    place.set(xlabel=title)
    place.xaxis.set_minor_formatter("")
axes[2].plot(list(depths), [1e3 * machine.seconds(work_of_mlps(*layers_of(256, depth), 64)) for depth in depths], "-", color=SOFT)
axes[2].plot(list(depths), [1e3 * took for took in depths.values()], "s", color=FAKE, markersize=4)
axes[2].set(xlabel="layers within (width 256)")
axes[0].set(ylabel="ms a step")
axes[0].set_yticks((5, 20, 80), labels=("5", "20", "80"))
axes[0].yaxis.set_minor_formatter("")
axes[0].legend(fontsize=7)
show(figure, "Milliseconds a step over width, batch and depth: marks near the model's line, also those that were not fitted")

# %% [markdown]
# Your machine, and your steps as dots:

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show your machine
Roofline(machine, dots=[{"width": width, "batch": batch, "precision": "float32", "ms": 1e3 * each} for (width, batch), each in seconds.items()])

# %% [markdown]
# (The H100's row is no measurement. Its data sheet tells peaks, so its times are bounds, which no step reaches.)
# The line is the **roofline** (屋顶线模型; Williams et al. 2009): no step should lie above it, unless a cache spares it bytes. At the
# left memory sets the pace, at the right arithmetic. What moves your point to the right? Batch: weights are read once for all
# samples. Width moves it up, where the overhead no longer counts, and a little to the right.
#
# ## 3 · A larger batch
#
# So a sample of a large batch costs less. Does a GAN also *learn* as much from it? Below chapter 11's convolutional GAN (β₁ = 0) with
# four batch sizes in bfloat16, on three seeds, for as many steps as 40 seconds of one core allow by a timing beforehand: 11.7, 26.4,
# 86 and 325 ms a step. Its rates were tuned for 64. For another batch they stay, or go with its square root (as Malladi et al. 2022
# have for Adam, whose β they change, too), or with the batch (Goyal et al. 2017, for SGD).
# **Predict:** which batch has the lowest FID after the same *time*?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers and plot: batches of 16 to 1,024, stored
batches = stored["batches"]
runs = {name: [run for run in batches["runs"] if run["arm"] == name] for name in dict.fromkeys(run["arm"] for run in batches["runs"])}

def spread(values, places=0):
    """Median (least – largest)."""
    return f"{median(values):,.{places}f} ({min(values):,.{places}f} – {max(values):,.{places}f})"

def at(run, samples):
    """FID of a run when it had seen so many samples, None where it did not."""
    return next((look["fid"] for look in run["way"] if look["samples"] >= samples), None)

LOOK = batches["at"][1]  # samples
guess = Guess.choice("batch", "40 seconds of one core, rates by the best rule tried: which batch has the lowest FID?", ["16", "64", "256", "1,024"])
with guess:
    print(f"{'batch, rate':18s} {'FID at the end':>20s} {f'FID at {LOOK:,} samples':>24s} {'samples':>10s} {'steps':>7s}")
    for arm, of in runs.items():
        told = spread([at(run, LOOK) for run in of])
        print(f"{arm:18s} {spread([run['fid'] for run in of]):>20s} {told:>24s} {median(run['samples'] for run in of):10,.0f} {median(run['steps'] for run in of):7,.0f}")
end = {arm: [run["fid"] for run in of] for arm, of in runs.items()}
last = {f"{int(arm.split()[0]):,}": arm for arm in sorted(runs, key=lambda arm: -median(end[arm]))}  # of each batch, the best rule
best = dict(sorted(last.items(), key=lambda pair: median(end[pair[1]])))
then = {arm: [at(run, LOOK) for run in runs[arm]] for arm in ("64", "16 constant")}
assert list(best) == ["64", "16", "256", "1,024"] and max(end["64"]) > min(end["16 constant"]), "another order of medians"
assert max(then["16 constant"]) > min(then["64"]) and median(then["16 constant"]) < median(then["64"]), "at equal samples 16 is another"
assert min(end["1024 root"] + end["1024 constant"]) > max(end["64"] + end["16 constant"] + end["256 constant"]), "1,024 is not behind on each seed"
assert min(end["256 linear"]) > 200 and sum(at(run, 90_000) < 50 for run in runs["256 linear"]) == 2, "the linear rule does otherwise"
assert round(runs["64"][0]["samples"] / runs["16 constant"][0]["samples"], 1) == 1.8 and runs["1024 root"][0]["steps"] == 123, "samples cost otherwise"
figure, axes = subplots(1, 2, figsize=(7.2, 3.2), sharey=True)
for (size, arm), style, colour, (right, up) in zip(best.items(), ("-", "--", "-.", ":"), (FAKE, INK, INK, INK), ((-4, -4), (-4, -9), (-4, 2), (-4, 0)), strict=True):
    for place, over in zip(axes, ("seconds", "samples"), strict=True):
        looks = list(zip(*(run["way"] for run in runs[arm]), strict=True))  # each look, of all seeds
        across, fids = [look[0][over] for look in looks], [sorted(seed["fid"] for seed in look) for look in looks]
        place.loglog(across, [median(each) for each in fids], style, color=colour, linewidth=1.6)
        place.fill_between(across, [each[0] for each in fids], [each[-1] for each in fids], color=colour, alpha=0.15, linewidth=0)
        place.annotate(size, (across[0], median(fids[0])), (right, up), textcoords="offset points", ha="right", va="center", fontsize=8, color=colour)
for place, ticks, title, unit in zip(axes, ((5, 10, 20, 40), (25_000, 50_000, 100_000)), ("at equal time", "at equal samples"), ("seconds of one core", "samples seen"), strict=True):
    place.set_xticks(ticks, labels=[f"{tick:,}" for tick in ticks])
    place.set_yticks((30, 100, 300), labels=("30", "100", "300"))
    place.set(xlabel=unit, title=title, xlim=(ticks[0] * 0.75, ticks[-1] * 1.3), ylabel="FID" if place is axes[0] else "")
    place.xaxis.set_minor_formatter(""), place.yaxis.set_minor_formatter("")
guess.answer(next(iter(best)), show(figure, "FID over seconds and over samples for four batch sizes, median and range of three seeds: 64 and 16 fall to about 30, 256 to 42, 1,024 to 135"))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# By the median 64, for which the rates were tuned; three seeds do not tell it from 16. At equal samples 16 is at least as good: it takes
# more steps with them. But each of its samples costs 1.8 times as much, so it sees fewer. A batch of 1,024 has the cheapest samples.
# After its 123 steps it is behind the others with their best rule, on each seed. The linear rule at 256 is well on its way on two seeds after
# 90,000 samples, and has broken down on all three at the end. A rule says what to try, not what will work.
#
# On large data, with many machines, batches of 2,048 made BigGAN better (Brock et al. 2019) and less stable. There a larger batch
# costs little more time, as each machine does its part.
#
# </details>

# %% [markdown]
# ## 4 · Half the bits
#
# bfloat16 has the range of float32 and 8 bits for the digits, where float32 has 24. Half the bytes; and a processor with
# instructions for it does products about twice as fast (stored). `GAN(…, precision="bfloat16")` lets the networks compute so, while
# weights, optimiser, losses and penalties stay float32: **mixed precision** (混合精度; Micikevicius et al. 2018). Why do the weights? **Predict:** a weight of 1, and a
# hundred steps of +0.002: where does it end in bfloat16?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: a hundred small steps
guess = Guess.number("small", "A bfloat16 weight of 1, a hundred times + 0.002: where does it end?", 0.8, 1.4, step=0.01, near=0.02)
weight = {dtype: torch.ones((), dtype=dtype) for dtype in (torch.float32, torch.bfloat16)}
for _ in range(100):
    for dtype in weight:
        weight[dtype] = weight[dtype] + 0.002
with guess:
    print(*(f"{str(dtype)[6:]} {each.item():.3f}" for dtype, each in weight.items()), f"· the next number after 1 in bfloat16: {1 + torch.finfo(torch.bfloat16).eps:g}")
assert weight[torch.bfloat16] == 1 and abs(weight[torch.float32].item() - 1.2) < 1e-4, "small steps end elsewhere"
guess.answer(1.0)

# %% [markdown]
# <details><summary>After your guess</summary>
#
# At 1. The next number after 1 is 1.0078, and 1.002 is rounded back, a hundred times. So weights stay float32, and each
# pass forward makes a copy in half the bits. That copy costs time, too.
#
# </details>
#
# Penalties are the other trap. A gradient penalty asks for the slope of D, and $(\|\nabla D\| - 1)^2$ for a small difference. The
# next cell has R1 of a D in half the bits, and a slope that is rounded to them. (The course computes penalties in float32.)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: penalties in half the bits
import copy

from gan_edu.core.data import mnist, scaled

digits = mnist(train=True)[0][:4096]

def r1_gradient(D, x, half):
    """The gradient of E|∇D(x)|² in D's weights, with D under autocast or not."""
    x = x.clone().requires_grad_()
    with torch.autocast(x.device.type, torch.bfloat16, enabled=half):
        logits = D(x)
    slope, = torch.autograd.grad(logits.sum(dtype=x.dtype), x, create_graph=True)
    cost, weights = slope.square().sum(1).mean(), [w for w in D.parameters() if w.ndim > 1]
    return torch.cat([g.flatten() for g in torch.autograd.grad(cost, weights)]).double()

errors, batches_apart = {False: [], True: []}, []
for seed in range(3):
    torch.manual_seed(seed)
    D, x, other = mlp((784, 512, 256, 1), 0.2), *scaled(digits[:128]).flatten(1).split(64)
    exact, of_other = (r1_gradient(copy.deepcopy(D).double(), each.double(), False) for each in (x, other))
    batches_apart.append(((of_other - exact).norm() / exact.norm()).item())
    for half in errors:
        errors[half].append(((r1_gradient(D, x, half) - exact).norm() / exact.norm()).item())
print(f"R1's gradient is off by {max(errors[False]):.0e} in float32, by {min(errors[True]):.1%} to {max(errors[True]):.1%} with D in bfloat16;")
print(f"of another 64 digits it is {min(batches_apart):.0%} to {max(batches_apart):.0%} away")
for slope in (1.001, 1.003, 1.006, 1.01):
    print(f"slope {slope}: (slope − 1)² = {(slope - 1) ** 2:.1e}, of a bfloat16 slope {(torch.tensor(slope).bfloat16().float() - 1).item() ** 2:.1e}")
assert torch.tensor(1.003).bfloat16() == 1 and torch.tensor(1.006).bfloat16() == 1 + 2**-7, "slopes are rounded otherwise"
assert max(errors[False]) < 1e-5 < 0.002 < min(errors[True]) <= max(errors[True]) < min(batches_apart) / 3, "other errors than told"

# %% [markdown]
# R1 bears it: from one batch to another its gradient differs by more than that. The penalty around slope 1 would not
# bear a rounded slope: 1.003 becomes 1, which costs nothing, and 1.006 becomes 1.0078.
#
# What does it bring? **Predict** for the stored processor, which has such instructions: how many times as fast is the
# step of width 1,024 in bfloat16?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: float32 and bfloat16 by width, stored
WIDTHS = (64, 256, 1024)

def stored_ms(count, bits, wide):
    """Milliseconds of a step of this width, batch 64."""
    return next(dot["ms"] for dot in stored["model"][count][bits]["dots"] if (dot["width"], dot["batch"]) == (wide, 64))

guess = Guess.number("half", "Stored, one thread: a step of width 1,024, batch 64: how many times as fast in bfloat16?", 0.2, 8, step=0.1, near=0.3)
brings = {wide: stored_ms("one thread", "float32", wide) / stored_ms("one thread", "bfloat16", wide) for wide in WIDTHS}
with guess:
    print(f"{stored['processor']}, one thread; ms a step")
    for wide, brought in brings.items():
        print(f"width {wide:5,d}: {stored_ms('one thread', 'float32', wide):6.1f}, in bfloat16 {stored_ms('one thread', 'bfloat16', wide):6.1f}: {brought:.1f} ×")
assert brings[64] < 0.9 < 1.3 < brings[1024] < 2, "half the bits bring otherwise"
guess.answer(round(brings[1024], 1))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Less than the products alone would say. Adam's bytes stay float32, and the copies come on top. A small step has little else
# to gain by, and gets slower. (Your machine has its turn in section 7.)
#
# </details>
#
# ## 5 · Layout and compilers
#
# Two switches that many tutorials praise. *channels_last* stores a picture's channels beside each other, as
# convolutions on many machines like it. `torch.compile` makes one program of many operations. **Predict** for chapter 10's
# networks on the stored processor: is channels_last faster?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: channels last, and a compiled step, stored
guess = Guess.choice("layout", "Stored: chapter 10's networks, float32, one thread: channels last is …", ["faster (by 5 % or more)", "about the same", "slower (by 5 % or more)"])
with guess:
    print("one thread, ms a step")
    for name, ms in stored["layout"].items():
        print(f"{name:26s} {ms:6.1f}")
    print(f"{'':26s} {'eager':>6s} {'compiled':>9s} {'seconds to compile':>19s} {'weights apart after a step':>27s}")
    for name, of in stored["compiled"].items():
        print(f"{name:26s} {of['eager']:6.1f} {of['compiled']:9.1f} {of['seconds_to_compile']:19.0f} {of['apart_after_a_step']:27.0e}")
layouts_of, of = stored["layout"], stored["compiled"]
assert 0.9 < of["textbook MLPs"]["compiled"] / of["textbook MLPs"]["eager"] < 1.2 < of["convolutions"]["compiled"] / of["convolutions"]["eager"], "the compiler does otherwise"
assert round(layouts_of["float32, channels first"] / layouts_of["float32, channels last"], 2) == 1.08 and round(layouts_of["bfloat16, channels first"] / layouts_of["bfloat16, channels last"], 2) == 1.01, "the layout does otherwise"
assert [round(of[each]["seconds_to_compile"]) for each in of] == [16, 26], "compiling took another time"
ratio = layouts_of["float32, channels first"] / layouts_of["float32, channels last"]
guess.answer("faster (by 5 % or more)" if ratio > 1.05 else "slower (by 5 % or more)" if ratio < 0.95 else "about the same")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# What a layout brings depends on the machine and the networks; stored it is 8 percent in float32, 1 in bfloat16. The compiler brought
# nothing on this processor: the step of the MLPs takes as long, that of the convolutions longer, after 16 and 26 seconds of
# compiling. (On a GPU, where a compiled step asks for fewer kernels, it was not tried here.)
#
# </details>
#
# A compiler may be wrong, and silently: so hold it against eager before you believe it. And not everything can be compiled. A
# gradient penalty takes the gradient of a gradient:

# %%
D = mlp((784, 64, 1), 0.2).to(device)
D.compile(backend="aot_eager")          # the compiler's first half, which takes a second
x = torch.rand(8, 784, device=device, requires_grad=True)
slope, = torch.autograd.grad(D(x).sum(), x, create_graph=True)
try:
    slope.square().sum().backward()
    print("this torch can")
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")

# %% [markdown]
# Where it is refused, compile networks without penalties only. The next section does better.
#
# ## 6 · The whole step as one graph
#
# A GPU does the products of a small step in microseconds. Python takes milliseconds to ask for them, kernel by kernel. A **CUDA
# graph** (CUDA 图) records the step once: noise, both networks, penalties, gradients, optimisers. Then one call replays all.
#
# ```python
# for record in train(gan, batches, steps, step=captured(train_step)): …
# ```
#
# The next table has four loops: a plain one of few lines, without checks; `train`, with all of them; `train` with its step
# captured; the same in bfloat16. **Predict:** on an H100, how many times as fast as the textbook's own loop (chapter 04) is
# the captured step?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: a step on a graphics card, stored
card = stored["gpu"]
mlps = card["parts"]["textbook MLPs"]["arms"]
guess = Guess.number("graph", "The textbook's GAN on an H100: how many times as fast as the textbook's loop is a captured step?", 1, 100, log=True, near=2)
with guess:
    print(f"{card['card']}, torch {card['torch']}, {card['date']}; ms a step, medians of rounds")
    print(f"{'':28s} {'plain loop':>10s} {'train':>7s} {'captured':>9s} {'and bfloat16':>13s}")
    for name in ("textbook MLPs", "convolutional, batch 64", "convolutional, batch 256", "modern, compact", "modern, residual"):
        ms = [card["parts"][name]["arms"][arm]["ms_a_step"] for arm in ("plain loop", "train", "captured", "captured bfloat16")]
        print(f"{name:28s} {ms[0]:10.2f} {ms[1]:7.2f} {ms[2]:9.2f} {ms[3]:13.2f}")
    print(f"the textbook's loop {mlps['textbook loop']['ms_a_step']:.2f}; how many times as fast, each round for itself, then the median:")
    print(", ".join(f"{arm} {mlps[arm]['times_as_fast']:.1f}" for arm in ("plain loop", "train", "captured", "captured bfloat16")))
times = {arm: mlps[arm]["times_as_fast"] for arm in mlps}
assert (round(times["captured"]), round(times["plain loop"], 1), round(times["captured"] / times["plain loop"])) == (31, 3.5, 9), "a graph brings otherwise"
assert round(mlps["textbook loop"]["ms_a_step"] / mlps["captured"]["ms_a_step"]) == 36, "the table's quotient is another"
assert 0.95 < card["parts"]["modern, residual"]["arms"]["captured"]["times_as_fast"] < 1.05, "a graph helps where kernels are long"
guess.answer(round(times["captured"]))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# 31 times, by the median of rounds. A leaner loop alone (batches in memory, losses on logits, fused Adam) is 3.5 times as fast
# as the textbook's; the captured step is 9 times as fast as that. (The table's milliseconds give 36: each is the median of
# its own rounds.) Where a step's kernels are long, as with residual networks at batch 256, nothing is gained: the card was busy all the time.
# So a graph cures overhead, and only that.
#
# What changes from step to step, as learning rates and noise levels, must be a tensor on the card, or it is frozen in the graph. A
# penalty that is asked on each fourth step only makes steps of two kinds: two graphs.
#
# </details>
#
# Is a captured step the same step? With a card the next cell holds it against the plain one. Without a card there is no
# graph, and `captured` takes the plain step: then it shows nothing, and says so.

# %%
from gan_edu.scaling import captured

ends, steps = [], pace(test=3, lesson=20, full=20)
for step in (train_step, captured(train_step)):
    gan = textbook(0, device)
    for record in train(gan, textbook_batches(0, device), steps, step=step):
        pass
    ends.append(list(gan.generator.parameters()))
assert all(map(torch.equal, *ends)), "a captured step is another step"
print("the same to the bit" if device.type == "cuda" else "no card: nothing was captured")

# %% [markdown]
# ## 7 · Threads
#
# A product can be cut into parts for several cores. At its end they wait for each other. How they wait matters: a thread
# that *spins* asks again and again and goes on at once; one that *sleeps* frees its core, and has to be woken, which takes tens
# of microseconds. **Predict** for the stored processor: from which width on do two threads bring a tenth or more?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: one thread and two, by width, stored
guess = Guess.choice("threads", "Stored, two cores, batch 64: from which of these widths on are two threads faster than one by a tenth or more?", ["64", "256", "1,024", "at none of these"])
with guess:
    print(f"{stored['processor']}, float32; ms a step")
    for wide in WIDTHS:
        one_ms, two_ms = (stored_ms(count, "float32", wide) for count in ("one thread", "two threads"))
        print(f"width {wide:5,d}: one thread {one_ms:5.1f}, two {two_ms:5.1f}: {one_ms / two_ms:.2f} ×")
    beside = stored["neighbour"]["float32"]["ms_per_step"]
    print("the textbook's GAN; ms a step            one thread   all  as the course chooses")
    for name, of in (("alone", "alone"), ("beside a program that holds a core", "beside")):
        print(f"{name:40s} {beside[f'one, {of}']:10.1f} {beside[f'all as installed, {of}']:5.1f} {beside[f'chosen, {of}']:14.1f}")
narrow, wide_one = ([stored_ms(count, "float32", wide) for count in ("one thread", "two threads")] for wide in (64, 1024))
assert narrow[1] > 2 * narrow[0] and 1.2 * wide_one[1] < wide_one[0], "threads gain otherwise"
assert beside["all as installed, beside"] > 2 * beside["one, beside"] and beside["chosen, beside"] < 1.2 * beside["one, beside"], "another program does other harm"
guess.answer(next((f"{wide:,}" for wide in WIDTHS if stored_ms("one thread", "float32", wide) >= 1.1 * stored_ms("two threads", "float32", wide)), "at none of these"))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Stored, a wide step gains, from 62 to 49 ms at 1,024, and a narrow one *loses*, from 5 to 12 at 64: its parts are over before the
# other thread has been woken. Worse is a *busy* machine.
# Then one of two threads gets no core, and the other spins until it does, in each of a step's products: all threads took more than
# twice as long as one. So the course lets threads spin only briefly before they sleep (`wait_briefly` in the first cell), and before
# a run tries one thread against all. The count then stays: sums in another order would make another run.
#
# </details>
#
# And your machine? Here are the same steps, by bits, threads and layout (about 10 seconds on two cores):

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: your machine, by bits, threads and layout (about 10 seconds on two cores)
from gan_edu.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.core.training.threads import cores

ALL = max(2, min(8, cores()))
PLACES = {"float32": device, "bfloat16": device, "1 thread": "cpu", f"{ALL} threads": "cpu"}
arms = {}
for name, where in PLACES.items():
    torch.set_num_threads({"1 thread": 1, f"{ALL} threads": ALL}.get(name, threads))  # each keeps the count that it began with
    arms |= {(name, wide): of_width(wide, precision="bfloat16" if name == "bfloat16" else "float32", device=where) for wide in WIDTHS}
torch.set_num_threads(threads)

def convolutional(form):
    """A step of chapter 10's networks in this memory format."""
    torch.manual_seed(0)
    G, D = (network.to(device, memory_format=form) for network in (ConvGenerator(width=16), ConvDiscriminator(width=16)))
    run = train(GAN(G, D, 100), textbook_batches(0, device), 10**9)
    return lambda: next(run)

own_ms = {key: 1e3 * took for key, took in timed(arms, ROUNDS, TURN).items()}
layouts = timed({"first": convolutional(torch.contiguous_format), "last": convolutional(torch.channels_last)}, ROUNDS, 4 * TURN)
print(f"{'ms a step':14s}", *(f"{name:>10s}" for name in PLACES))
for wide in WIDTHS:
    print(f"width {wide:8,d}", *(f"{own_ms[name, wide]:10.2f}" for name in PLACES))
print(f"channels first {1e3 * layouts['first']:.1f} ms, last {1e3 * layouts['last']:.1f} ms")
if not bfloat16_is_fast(device):
    print("this processor has no instructions for bfloat16: it is slower with it")

# %% [markdown]
# ## 8 · Many processes
#
# One machine has several GPUs, a cluster many machines. The simplest way to use them: each process has the same weights, takes its
# part of every batch, and all average their gradients: **data parallelism** (数据并行; Li et al. 2020). Is it still the *same run*? A loss that is a mean
# over samples says so:
#
# $$\nabla \frac{1}{B}\sum_{i=1}^{B} L_i = \frac{1}{N}\sum_{r=1}^{N} \nabla \frac{N}{B}\sum_{i \in \text{part } r} L_i$$
#
# But random numbers must be those of one process, too, and layers that see a whole batch must get it. Two processes are started below,
# as copies of this kernel. Both call `lesson`.

# %%
from gan_edu.scaling import joined, launch, shared

AT = pace(test=(1, 2), lesson=(1, 10, 100), full=(1, 10, 100))  # weights are kept then

def lesson(path):
    """Train the textbook's GAN, all processes together; the first one stores G's weights."""
    kept = {}
    with joined() as here:
        for dtype in (torch.float64, torch.float32):
            gan, batches = of_type(dtype)
            for record in train(gan, batches, AT[-1], step=shared(train_step, here)):
                if record.step in AT:
                    weights = [w.detach().flatten() for w in gan.generator.parameters()]
                    kept[dtype, record.step] = torch.cat(weights)
        if here.first:
            torch.save({"processes": here.count, "weights": kept}, path)

# %% [markdown]
# **Predict:** after 100 steps in float32, how far apart are the weights of one process and of two, as a share of their size?
# (It takes about 15 seconds on two cores.)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Train: one process and two, in float64 and in float32 (about 15 seconds on two cores)
from pathlib import Path
from tempfile import TemporaryDirectory

def of_type(dtype):
    """The textbook's GAN in numbers of this type, and its batches."""
    own = textbook(0)
    return GAN(own.generator.to(dtype), own.discriminator.to(dtype), 100), Batches(scaled(digits).to(dtype), 64)

guess = Guess.number("apart", "Float32, 100 steps: how far apart are one process and two?", 1e-8, 1, log=True, near=3)
before, apart = environ.get("GAN_EDU_DEVICE"), {}
environ["GAN_EDU_DEVICE"] = "cpu"                 # two processes on this machine's processor, also where there is one GPU
try:
    with TemporaryDirectory() as folder:
        for count in (1, 2):
            launch(count, lesson, Path(folder, f"{count}.pt"))
        one, two = (torch.load(Path(folder, f"{count}.pt")) for count in (1, 2))
    assert (one["processes"], two["processes"]) == (1, 2), "not as many processes as told"
    for (dtype, step), w in one["weights"].items():
        apart.setdefault(dtype, {})[step] = ((two["weights"][dtype, step] - w).norm() / w.norm()).item()
finally:
    environ.pop("GAN_EDU_DEVICE") if before is None else environ.update(GAN_EDU_DEVICE=before)
with guess:
    print("after steps", *(f"{step:9d}" for step in AT))
    for dtype, of in apart.items():
        print(f"{str(dtype)[6:]:11s}", *(f"{share:9.0e}" for share in of.values()))
assert max(apart[torch.float64].values()) < 1e-14, "two processes are another run"
if claims():
    assert apart[torch.float32][1] < 1e-6 and 1e-4 < apart[torch.float32][100] < 1e-2, "rounding grows otherwise"
guess.answer(apart[torch.float32][AT[-1]])

# %% [markdown]
# <details><summary>After your guess</summary>
#
# About a thousandth. In float64 they are the same run, to the last digits. So the *mathematics* is the same, and what
# grows in float32 is rounding: sums in another order differ in the eighth digit, and a hundred steps later in the third. Adding up the
# samples of a batch in another order, in one process, does as much. A GAN's run can be repeated on the same machine with the same
# settings, to the bit; anywhere else it is another run of the same kind.
#
# </details>
#
# Are two processes faster? Each has a core of its own, but all gradients must be sent in each step:

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: one process and two, stored
kinds = list(next(iter(stored["processes"].values())))
print(f"{stored['processor']}, two cores; ms a step")
print(f"{'':24s}", *(f"{kind:>21s}" for kind in kinds))
for name, of in stored["processes"].items():
    print(f"{name:24s}", *(f"{of[kind]:21.1f}" for kind in kinds))
    one, all_threads, two = of.values()
    assert (two < one) == name.endswith("512") and all_threads < two, "processes gain otherwise"

# %% [markdown]
# On a processor, hardly. With batches of 64 two processes lose: sending gradients takes longer than the second core saves. With
# batches of 512 they gain on one thread, and two threads in one process gain more. Threads are for the cores of one machine,
# processes for several GPUs and machines, where nothing else will do. (Those were not at hand here.)
#
# From the command line it is one word more, and under `torchrun`, on several machines, the same recipe:
#
# ```
# python -m gan_edu train mnist_textbook --processes 2
# torchrun --nproc-per-node 2 -m gan_edu train mnist_textbook
# ```
#
# If one process is killed, the others end within seconds, and the run goes on from its checkpoint. What couples the samples of a
# batch (batch normalisation, minibatch statistics) is gathered from all processes; what cannot be is refused. See
# [docs/many_processes.md](https://github.com/gan-edu/gan_edu/blob/main/docs/many_processes.md).
#
# ## 9 · More than memory holds
#
# MNIST fits into memory a hundred times. A million photographs do not. `Streamed` reads batches from disk while the GAN
# trains: from one array in a file, a folder of pictures, a dataset of torchvision or Hugging Face. It takes the place of `Batches`.
# **Predict:** a million pictures lie in one file of 784 MB, which was just written. How long is a step of the textbook's GAN
# with batches from that file?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: from a file and from memory, stored
guess = Guess.choice("disk", "A step with batches from the file takes, against batches in memory, …", ["as long, within a tenth", "a quarter longer", "twice as long", "ten times as long"])
big = stored["streamed"]
with guess:
    print(f"{'batches from':36s} ms a step  MB of memory of its own")
    for name, arm in (("memory", "memory"), ("one file", ".npy, 0")):
        print(f"{name + ', ' + format(big['pictures'], ',') + ' pictures':36s} {big['ms_a_step'][arm]:9.1f} {big['growth_mb'][arm]['own']:24d}")
    for name, arm in (("", "PNG, 0"), (", two workers", "PNG, 2")):
        print(f"{format(big['files'], ',') + ' PNG files' + name:36s} {big['ms_a_step'][arm]:9.1f}")
    print(f"one file, read for the first time: {big['cold_samples_a_second']['.npy, 0']:,} samples a second; again: {big['samples_a_second']['.npy, 0']:,}")
longer = big["ms_a_step"][".npy, 0"] / big["ms_a_step"]["memory"]
assert big["growth_mb"]["memory"]["own"] > 20 * big["growth_mb"][".npy, 0"]["own"] and 0.9 < longer < 1.1, "streaming costs otherwise"
assert big["ms_a_step"]["PNG, 0"] > 1.3 * big["ms_a_step"]["PNG, 2"] > 1.3 * big["ms_a_step"][".npy, 0"], "single files cost otherwise"
assert 10 < big["samples_a_second"][".npy, 0"] / big["cold_samples_a_second"][".npy, 0"] < 15 and big["cold_samples_a_second"][".npy, 0"] > 2 * 64e3 / big["ms_a_step"][".npy, 0"], "the cache does otherwise"
guess.answer("as long, within a tenth")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# As long, but not because disks are fast: what was just written or read lies in the system's own cache, in memory (the *page
# cache*), as far as there is room. A batch of 50 KB is copied from there. From the disk itself the first batches came at less
# than a tenth of that pace, still twice what a step asks for. Single files are another matter: each must be opened and
# decoded. There *workers* help, processes that read ahead.
#
# </details>
#
# A file of your own, smaller; it, too, is read from the cache that it was just written to:

# %%
import numpy as np

from gan_edu.core.data import Streamed

COUNT = pace(test=2_000, lesson=200_000, full=1_000_000)
disk = TemporaryDirectory()
path = Path(disk.name, "pictures.npy")
made = np.lib.format.open_memmap(path, "w+", np.uint8, (COUNT, 1, 28, 28))
for start in range(0, COUNT, 10_000):
    part = made[start : start + 10_000]
    part[:] = np.random.default_rng(start).integers(0, 256, part.shape, np.uint8)
made.flush()

batches = Streamed(path, device=device)
for record in train(textbook(0, device), batches, 20):
    pass
state = batches.state_dict()                       # goes into a checkpoint
again = Streamed(path, device=device)
again.load_state_dict(state)
same = torch.equal(next(again), next(batches))
assert same, "it goes on with another batch"
print(f"{path.stat().st_size / 1e6:.0f} MB on disk; another that goes on from",
      f"{len(state)} entries has the same next batch: {same}")

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: your step, from memory and from the file
sources_on = {"memory": textbook_batches(0, device), "file": Streamed(path, device=device)}
steps_on = {name: train(textbook(0, device), source, 10**9) for name, source in sources_on.items()}
took = timed({name: lambda run=run: next(run) for name, run in steps_on.items()}, ROUNDS, 4 * TURN)
print(f"from memory {1e3 * took['memory']:.2f} ms a step, from the file {1e3 * took['file']:.2f} ms")
disk.cleanup()

# %% [markdown]
# What to go on from is small: a seed's stream, and how many batches of this pass were taken. No worker's place need be
# known, as the order is drawn here and workers are told what to read.

# %% [markdown]
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason.
#
# ### 1 · Count (5 minutes, easy)
# Write `operations(sizes, batch)`: how many multiplications and additions are in the matrix products of an MLP, for
# one forward pass of a batch and the gradients of all its weights? The sizes go from input to output, say
# `(100, 512, 784)`, and there may be any number of them. Leave out biases and activations. Nobody asks for the
# gradient of the input.

# %%
from gan_edu.exercises import scaling as exercises

def operations(sizes, batch):
    return ...

exercises.own_operations(operations)

# %% [markdown]
# <details><summary>Hint</summary>
#
# A layer from a to b numbers has three products, each of a · b multiplications and as many additions for a sample: its
# output, the gradient of its weights, and the gradient of its input. Which of these does the first layer not need?
# `zip(sizes, sizes[1:])` has all neighbours.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import scaling as exercises
#
# def operations(sizes, batch):
#     layers = [a * b for a, b in zip(sizes, sizes[1:])]
#     return 2 * batch * (3 * sum(layers) - layers[0])
#
# exercises.own_operations(operations)
# ```
#
# </details>
#
# ### 2 · Put parts together (10 minutes, easy)
# Some processes share a batch, and not all have as many samples. `gradients[r]` is process r's list of tensors, one for
# each weight: the gradient of the mean loss over its own `counts[r]` samples. Write `combined(gradients, counts)`: the
# list of gradients of the mean loss over *all* samples. Leave what you are given as it is.

# %%
from gan_edu.exercises import scaling as exercises

def combined(gradients, counts):
    return ...

exercises.own_combined(combined)

# %% [markdown]
# <details><summary>Hint</summary>
#
# A mean times its count is a sum over samples. Add the sums, then divide by the number of all samples.
# `zip(*gradients)` has, for each weight, the tensors of all processes.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import scaling as exercises
#
# def combined(gradients, counts):
#     return [sum(count * each for count, each in zip(counts, of_one_weight)) / sum(counts)
#             for of_one_weight in zip(*gradients)]
#
# exercises.own_combined(combined)
# ```
#
# </details>
#
# ### 3 · Which roof? (10 minutes, medium)
# A step does so many operations and moves so many bytes. A machine does `throughput` operations a second and moves
# `bandwidth` bytes a second. At best it does both at once: then the longer of the two times is the step's (Williams
# et al., 2009). Write `roof(operations, bytes, throughput, bandwidth)`: the seconds of the step, and which of the two
# takes longer, `"products"` or `"memory"`.

# %%
from gan_edu.exercises import scaling as exercises

def roof(operations, bytes, throughput, bandwidth):
    return ...

exercises.own_roof(roof)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Compute both times first. Then compare the two, not operations with bytes: 5 operations a byte are many for one
# machine and few for another.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import scaling as exercises
#
# def roof(operations, bytes, throughput, bandwidth):
#     products, memory = operations / throughput, bytes / bandwidth
#     return (products, "products") if products > memory else (memory, "memory")
#
# exercises.own_roof(roof)
# ```
#
# </details>
#
# ### 4 · Small steps in half the bits (15 minutes, medium)
# In bfloat16 the number after 1 is 1.0078, and the one before it is 0.9961. What happens to a step of 0.0007? Write
# `learn(weight, gradient, rate, steps)`: the bfloat16 weights after so many steps of weight − rate · gradient. The
# weight is a bfloat16 tensor; the gradient is float32 and stays the same all the time. No step may get lost, however
# small. Leave what you are given as it is.

# %%
from gan_edu.exercises import scaling as exercises

def learn(weight, gradient, rate, steps):
    return ...

exercises.own_learn(learn)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `weight.float()` is a copy in float32. When is the right time for `.bfloat16()`: after each step, or once?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import scaling as exercises
#
# def learn(weight, gradient, rate, steps):
#     exact = weight.float()
#     for _ in range(steps):
#         exact = exact - rate * gradient
#     return exact.bfloat16()
#
# exercises.own_learn(learn)
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
# - Where does a step wait? On one thread of the stored processor at a width of 64 for neither: two thirds are overhead. At
#   2,048 products take most, memory more than a third. Measure before you change anything.
# - Operations and bytes can be counted. Three numbers of a machine then say what a step costs.
# - A larger batch makes a sample cheaper. What the GAN learns from it is another question: see section 3.
# - Half the bits are for products. Weights stay float32, and so do penalties with small differences.
# - A compiler may be wrong or refuse: hold it against eager. A graph cures overhead, and only that.
# - Two processes are the same run in float64. In float32 rounding grows, to the third digit in a hundred steps.
# - Data need not fit into memory, and a run that streams it can go on where it stopped.
#
# **Read.** Williams et al. (2009), "Roofline", CACM 52(4). Micikevicius et al. (2018), mixed precision, arXiv 1710.03740. Goyal
# et al. (2017), large batches and the linear rule, arXiv 1706.02677. Malladi et al. (2022), the square root for Adam, arXiv
# 2205.10287. Brock et al. (2019), BigGAN, arXiv 1809.11096. Li et al. (2020), PyTorch distributed, arXiv 2006.15704.
#
# **Next.** Chapter 13 begins the applications: pictures that lack something.
#
# <!-- near -->
# ← [11 modern](11_modern.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [13 restoration and editing](13_restoration.ipynb) →
# <!-- /near -->
