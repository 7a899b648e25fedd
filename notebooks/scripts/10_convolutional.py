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
# # 10 · Convolutional and conditional: pictures from maps, digits as asked
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/10_convolutional.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/10_convolutional.ipynb)
#
# <!-- near -->
# ← [09 Wasserstein](09_wasserstein.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [11 modern](11_modern.ipynb) →
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# This G is *asked*. Each picture of the first column is asked for a 0, of the second for a 1, and so on to 9. Grey now:
# it has not learned yet. Once the cells run, it does. Watch the columns.

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
# @title Show a GAN that is asked for digits
import torch
from torch import nn

from gan_edu.convolutional import ConvDiscriminator, ConvGenerator, Labelled, Projection
from gan_edu.core.data import Batches, mnist, scaled
from gan_edu.core.notebook import pace
from gan_edu.core.training import setup
from gan_edu.core.training.device import bfloat16_is_fast
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import EMA, lazy, r1
from gan_edu.widgets import Guess, Live

device = setup()
images, labels = mnist(train=True)

def with_tricks(G, D, latent_dim, **others):
    """A GAN with chapter 05's tricks: lazy R1, an average of G, Adam without momentum."""
    precision = "bfloat16" if bfloat16_is_fast(device) else "float32"
    return GAN(G.to(device), D.to(device), latent_dim, g_optimizer=adam(G, 2e-3, (0.0, 0.99)), d_optimizer=adam(D, 1e-3, (0.0, 0.99)),
               d_penalties=[lazy(r1(0.5), 8)], after_step=[EMA(0.998)], precision=precision, **others)

def begin():
    """A GAN with labels, and its batches, as the run begins."""
    torch.manual_seed(0)
    G, D = Labelled(ConvGenerator(62 + 10, width=16, grow="resize", hidden=256)), Projection(ConvDiscriminator(width=16))
    return with_tricks(G, D, 62), Batches(images, 64, seed=0, conditions=labels, device=device)

asked = Live(begin, train, "Digits as asked", rows=4, columns=10, condition=torch.arange(10).repeat(4))
asked

# %% [markdown]
# **After this chapter you can**
#
# - say what a convolution shares, write one by hand, and turn it round to make pictures grow,
# - find where checkerboards come from, and measure them,
# - build a G that draws what it is asked for, and measure whether it does, and what is left of the variety.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | lesson (the default) | about 3 minutes on two cores | 1,500 steps of a GAN with labels, 600 of one in colour, 14 short runs |
# | full (`GAN_EDU_PACE=full`) | about 12 minutes on two cores | 10,000 steps with labels, 4,000 in colour, 30 short runs |
#
# It takes 60 minutes to read and play, and needs no network. You should know chapters 01 to 05, and of 07 what FID is.
#
# The next cell trains the GAN above, for about a minute on two cores. Read on meanwhile.

# %%
asked.train_to(pace(test=8, lesson=1500, full=10_000))
print(asked)

# %% [markdown]
# ## 1 · Why convolutions
#
# To the networks of chapter 04 a picture is 784 numbers in a row. Shuffle the pixels, the same way in all pictures, and
# they learn as well as before. What they do not know: which pixels are neighbours, and that a stroke looks the same
# wherever it lies.
#
# A **convolution** (卷积) knows both. It slides one small set of weights, its **convolution kernel** (卷积核), over the whole
# picture. At each place it multiplies, adds up, and writes one number. All these numbers make a **feature map** (特征图), or map
# for short. By hand:

# %%
from torch.nn.functional import conv1d, conv2d, conv_transpose1d

def convolve(x, kernel, stride=1):
    """x (H, W), kernel (k, k): the sum of products at each stride-th place."""
    k, (H, W) = len(kernel), x.shape
    rows, columns = range(0, H - k + 1, stride), range(0, W - k + 1, stride)
    return torch.stack([torch.stack([(x[i:i + k, j:j + k] * kernel).sum() for j in columns])
                        for i in rows])

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: a digit, its edges, and every second place of them
from gan_edu.core.notebook import claims, pictures, show, subplots

digit = (scaled(images[labels == 2][1]).squeeze() + 1) / 2      # (28, 28), 0 is black
edges = torch.tensor([[1.0, 1, 1], [0, 0, 0], [-1, -1, -1]])
found = {stride: convolve(digit, edges, stride) for stride in (1, 2)}
for stride, map_ in found.items():
    torchs = conv2d(digit[None, None], edges[None, None], stride=stride)[0, 0]
    print(f"stride {stride}: {tuple(map_.shape)}, by hand and by torch the same to {(map_ - torchs).abs().max():.0e}")
    assert torch.allclose(map_, torchs, atol=1e-5), "by hand it is not torch's convolution"
assert convolve(torch.ones(9, 9), edges).abs().max() == 0, "the kernel answers where nothing changes"
assert found[1][:, 5:20].max() > 2 and found[1][:, 5:20].min() < -2, "no edge is found"
figure, axes = subplots(1, 3, figsize=(6.4, 2.3))
for place, picture, title in zip(axes, (digit, found[1], found[2]), ("a digit, 28 × 28", "edges: upper dark, lower light", "the same at stride 2"), strict=True):
    place.imshow(picture, cmap="gray")
    place.set_title(title, fontsize=9)
    place.set(xticks=[], yticks=[])
    place.grid(visible=False)
show(figure, "A two, white on black. Its map: grey where nothing changes from row to row, dark along upper edges of strokes, light along lower ones. "
             "The third picture is the second one at every other row and column.", drawn=False)

# %% [markdown]
# The kernel has ones in its upper row, −1 in its lower one: it answers where a row differs from the row two below. Its nine
# numbers serve all 676 places. With **stride** (步长) 2 it looks at every second place only, and the map is half as high and half as wide.
# Zeros put around the picture are **padding** (填充).
#
# A layer has many kernels, and learns their numbers. **Predict:** one fully connected layer takes 784 pixels to 16 × 14
# × 14 numbers: 2.5 million weights. A convolution with kernels of 4 × 4, stride 2, padding 1 makes 16 maps of 14 × 14
# too. How many weights has it, one bias a map among them?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: weights of two layers
from gan_edu.core.training import parameter_count

guess = Guess.number("shared", "The convolution to 16 maps: how many weights?", 10, 1e7, log=True, near=1.5)
connected, sliding = nn.Linear(784, 16 * 14 * 14), nn.Conv2d(1, 16, 4, stride=2, padding=1)
assert sliding(torch.zeros(1, 1, 28, 28)).shape == (1, 16, 14, 14), "the maps have another size"
with guess:
    print(f"fully connected {parameter_count(connected):,}, convolution {parameter_count(sliding):,}")
assert parameter_count(connected) == 785 * 3136 and parameter_count(sliding) == 16 * 17, "the counts are others"
guess.answer(parameter_count(sliding))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# 16 · (4 · 4 + 1) = 272. Each kernel is used at 196 places. That is the whole trick: neighbours only, and the same
# weights everywhere.
#
# </details>
#
# ### Salt, before and after
#
# Chapter 04's fakes have salt: single light pixels in the black. In an MLP each pixel of the last layer has a row of weights of
# its own, so it *can* draw them. Now change the two networks, and nothing else: the same loss, Adam, rates, batches,
# seeds, 900 steps. The next cell takes about 45 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Train: chapter 04's recipe with two kinds of networks, and their salt
from gan_edu.core.measures import scores
from gan_edu.mnist_gan import salt, textbook, textbook_batches

def salt_of(kind, seed):
    """Salt in 10,000 pixels, of 500 samples, after 900 steps of chapter 04's recipe."""
    gan = textbook(seed, device)
    if kind == "convolutional":
        torch.manual_seed(seed)
        G, D = ConvGenerator(100, width=8, norm="none"), ConvDiscriminator(width=8, hidden=128)
        gan = GAN(G.to(device), D.to(device), 100, seed=seed)
    for _ in train(gan, textbook_batches(seed, device), pace(test=2, lesson=900, full=900)):
        pass
    return 1e4 * salt(gan.generate(gan.latents(500)))

specks = {kind: [salt_of(kind, seed) for seed in range(pace(test=1, lesson=3, full=5))] for kind in ("MLP", "convolutional")}
print("light pixels in 10,000, by seed")
for kind, found in specks.items():
    print(f"{kind}, 900 steps:", *(f"{each:.1f}" for each in found))
stored_salt = {row["name"]: row["values"]["salt"] for row in scores("tricks")["MNIST"]["rows"]}
for name, title in {"baseline": "MLP, 12 epochs", "r1": "the same with R1", "ema": "the same, the average of G"}.items():
    print(f"chapter 05, {title}: {min(stored_salt[name]):.1f} to {max(stored_salt[name]):.1f}")
top = 1e4 * salt(asked.gan.generate(asked.gan.latents(500), torch.arange(500) % 10).float())
print(f"the GAN at the top: {top:.1f}; real digits {1e4 * salt(images[:10_000]):.2f}")
assert max(stored_salt["ema"]) < 1 and max(stored_salt["r1"]) < 30 < 130 < min(stored_salt["baseline"]), "chapter 05's salt is another"
if claims():
    assert max(stored_salt["r1"]) < sorted(specks["convolutional"])[len(specks["convolutional"]) // 2], "R1 in a longer run left no less salt than convolutions"
    assert max(specks["convolutional"]) < min(specks["MLP"]), "convolutions have no less salt on each seed"
    assert min(specks["convolutional"]) > 10 * 0.25, "without MLPs there is no salt"
    assert top < 1, "the GAN at the top has salt"

# %% [markdown]
# After as many steps the convolutional networks have less salt, on each seed. Less, not none: it is still many times
# that of real digits. And what chapter 05 tried without any convolution left less, in longer runs: R1 did, and with the average of
# G's weights it is nearly gone. The GAN at the top has convolutions *and* such tricks. So salt is not what convolutions are for.

# %% [markdown]
# ## 2 · Backwards: how a picture grows
#
# D's convolution of stride 2 makes maps smaller. G needs the way up. Sliding, multiplying and adding is linear: a convolution is a
# matrix with many zeros. Here it is for 7 numbers along a line, kernel 3, stride 2; and its transpose, applied to 3 numbers:

# %% tags=["nbval-check-output"]
w = torch.tensor([1.0, 2, 3])[None, None]                       # (1, 1, 3)
M = conv1d(torch.eye(7)[:, None], w, stride=2)[:, 0].T          # (3, 7)
y = torch.tensor([1.0, 10, 100])
up = conv_transpose1d(y[None, None], w, stride=2)[0, 0]         # (7,)
print(M.int())
print("Mᵀ y by the matrix:", (M.T @ y).tolist())
print("conv_transpose1d:  ", up.tolist())
assert torch.equal(M.T @ y, up), "the transposed convolution is not the transpose"

# %% [markdown]
# Read Mᵀ by columns: a row of M, as printed, is a column of Mᵀ. Each input *writes* the whole kernel, times itself, two places further each time, and where two kernels
# overlap, they add up: 13 = 3 · 1 + 1 · 10. That is a **transposed convolution** (转置卷积). Some texts say "deconvolution"; but it undoes nothing:
#
# > **Common misreading.** "A transposed convolution is the inverse of a convolution." Mᵀ M is not the identity. It
# > gives back the *shape*, not the numbers.
#
# ## 3 · DCGAN's two networks
#
# Radford et al. (2016) found networks and settings that trained; they are called **DCGAN**. Here they are, small, as the
# module has them. `growing` and `normalising` choose a layer by name (sections 4 and 5).

# %% tags=["nbval-check-output"]
import inspect

def code(network, begin):
    """The lines of its __init__ from `begin` on."""
    lines = (begin + inspect.getsource(network).partition(begin)[2]).partition("\n\n")[0]
    return "\n".join(line.removeprefix(" " * 8) for line in lines.splitlines())

print("# G", code(ConvGenerator, "self.project ="), sep="\n")
print("\n# D", code(ConvDiscriminator, "self.layers ="), sep="\n")

# %% [markdown]
# | line | why |
# |---|---|
# | `project` | z becomes $2w$ maps of 7 × 7, by one fully connected layer. With `hidden` there is one more before it, as in InfoGAN's G for digits (section 7): section 9 measures it |
# | `growing` twice | 7 → 14 → 28. Fewer maps as they get larger |
# | `stride=2` in D | D learns how to make maps smaller; no pooling, as DCGAN recommends |
# | `norm="none"` in D | DCGAN has batch normalisation in both. Here D has none, unless asked: section 5 says why |
#
# With `side=32` the smallest map is 8 × 8; with `channels=3` pictures have colours. Follow one z:

# %% tags=["nbval-check-output"] jupyter={"source_hidden": true} cellView="form"
# @title Numbers: the way of one z, for 28 × 28 in grey and 32 × 32 in colour
for side, channels in ((28, 1), (32, 3)):
    G, D = ConvGenerator(100, channels, side=side), ConvDiscriminator(channels, side=side)
    z = torch.zeros(2, 100)
    small = G.project(z).unflatten(1, (G.wide, G.small, G.small))
    half, x = G.grow[:3](small), G(z)
    way = (small, half, x, D.layers[:2](x), D.layers[:5](x))
    print(" → ".join(str(tuple(each.shape[1:])) for each in way))
    print(f"    G {parameter_count(G):,} weights, D {parameter_count(D):,}")
    assert x.shape == (2, channels, side, side) and D(x).shape == (2, 1), "other shapes"
    assert parameter_count(D.layers[6]) > 0.9 * parameter_count(D), "they lie elsewhere"

# %% [markdown]
# Most of this D's weights are not in its convolutions, but in the fully connected layer behind them. DCGAN has no such layer; InfoGAN's D for digits has.
#
# ## 4 · Checkerboards
#
# Samples of early convolutional GANs often have a fine chequered pattern, a **checkerboard** (棋盘伪影). Odena et al. (2016) looked for its cause, and found
# it in the layer that grows. Count: how often is each output *written*? Along a line, with kernel 3 and stride 2, once or
# twice, in turn. **Predict:** in a picture, how often are those written that are written most?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: how often outputs are written, kernels 2 to 6, stride 2
from gan_edu.convolutional import overlap

guess = Guess.number("written", "Kernel 3 × 3, stride 2: how often are the outputs written that are written most?", 1, 12, step=1, near=1)
counts = {}
for kernel in range(2, 7):
    inside = overlap(12, kernel, 2)[6:-6]
    counts[kernel] = int(inside.min()), int(inside.max())
with guess:
    for kernel, (least, most) in counts.items():
        print(f"kernel {kernel}: along a line {least} to {most} times, in a picture {least**2} to {most**2}")
assert counts == {2: (1, 1), 3: (1, 2), 4: (2, 2), 5: (2, 3), 6: (3, 3)}, "outputs are written otherwise"
guess.answer(counts[3][1] ** 2)

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Four times, and their neighbours twice or once: both directions multiply. Where the kernel is a multiple of the stride,
# inside the border all are written equally often. The networks of section 3 have kernel 4 at stride 2.
#
# </details>
#
# Look for yourself. Set the kernel to 3, then to 5. Then choose three layers. Then *drag a weight* of the kernel. Weights of one letter
# land on the same outputs, and with inputs of 1 an output gets its letter's sum. Make the sums differ, and alike again.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show which input writes which output
from gan_edu.widgets import OverlapLens

OverlapLens(kernel=4, padding=1)

# %% [markdown]
# So far all weights were alike. A network begins with random ones. To *measure* a checkerboard, look at the spectrum of the
# pictures: a pattern that changes from pixel to pixel is a wave two pixels long, the shortest there is. `checkerboard`
# divides the power of these by that of the waves just longer:

# %%
def peak(images):
    """The power of waves two pixels long, beside those just longer, of (N, 1, H, W)."""
    power = torch.fft.fft2(images.double()).abs().square().mean((0, 1))   # (H, W)
    h, w = power.shape[0] // 2, power.shape[1] // 2
    shortest = power[h].sum() + power[:, w].sum()
    just_longer = power[h - 1].sum() + power[:, w - 1].sum()
    return shortest / just_longer

# %% [markdown]
# About 1 says: nothing special there. Four ways to grow:
#
# | way | what it does | inside the border each output is written |
# |---|---|---|
# | transposed, 3 × 3 | each input writes a kernel of 3 × 3 at every second place | not equally often |
# | transposed, 4 × 4 | the same with 4 × 4 | equally often |
# | resize | each pixel becomes 2 × 2 alike, then a convolution of 3 × 3 | equally often |
# | shuffle (Shi et al. 2016) | a convolution of 3 × 3 makes four maps; their pixels take turns | equally often |
#
# **Predict:** in networks that have not learned anything, which of the four shows no peak? The next cell trains some, too, for
# about 25 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Set-up: small generators that grow in four ways, untrained and after 300 steps
from gan_edu.convolutional import checkerboard

WAYS = ["transposed, 3 × 3", "transposed, 4 × 4", "resize", "shuffle"]
fixed = torch.randn(200, 100, generator=torch.Generator().manual_seed(1))

def growing_by(way, seed, width=8):
    """A small generator that grows in this way."""
    torch.manual_seed(seed)
    G = ConvGenerator(100, width=width, grow="transposed" if "transposed" in way else way)
    if "3 × 3" in way:
        for k in (0, 3):
            old = G.grow[k]
            G.grow[k] = nn.ConvTranspose2d(old.in_channels, old.out_channels, 3, stride=2, padding=1, output_padding=1)
    return G.eval()

def before_tanh(G, z):
    """What G's tanh is given."""
    return G.grow[:-1](G.project(z).unflatten(1, (G.wide, G.small, G.small)))

def taught_peaks(way, seed, steps):
    """After so many steps: the peak of pictures, that before the tanh, and how much of that lies beyond ±2."""
    G, D = growing_by(way, seed).train(), ConvDiscriminator(width=8, hidden=64)
    gan = GAN(G, D, 100, g_optimizer=adam(G, 2e-3, (0.0, 0.99)), d_optimizer=adam(D, 1e-3, (0.0, 0.99)), seed=seed)
    for _ in train(gan, Batches(images, 64, seed), steps):
        pass
    with torch.no_grad():
        given = before_tanh(G.eval(), fixed)
    return checkerboard(gan.generate(fixed)), checkerboard(given), (given.abs() > 2).float().mean().item()

drawn = {way: [growing_by(way, seed)(fixed).detach() for seed in range(5)] for way in WAYS}
taught_seeds, taught_steps = range(pace(test=1, lesson=2, full=5)), pace(test=3, lesson=300, full=300)
taught = {way: [taught_peaks(way, seed, taught_steps) for seed in taught_seeds] for way in WAYS}

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: untrained pictures and their peaks, and the same after 300 steps
from statistics import median

guess = Guess.choice("peak", "Untrained, which way to grow shows no peak at the shortest waves?", WAYS)
peaks = {way: [checkerboard(each) for each in of] for way, of in drawn.items()}
real_peak = checkerboard(scaled(images[:1000]))

def paired(G):
    """The same G, the 4 × 4 kernels' weights made alike two by two, so that odd and even places get the same ones."""
    for layer in (G.grow[0], G.grow[3]):
        layer.weight.data[:, :, 1::2] = layer.weight.data[:, :, ::2]
        layer.weight.data[..., 1::2] = layer.weight.data[..., ::2]
    return G

alike = [checkerboard(paired(growing_by("transposed, 4 × 4", seed))(fixed).detach()) for seed in range(5)]
with guess:
    print(f"{'':18s} {'untrained, five seeds':>24s} {'after 300 steps':>16s} {'before the tanh':>16s}\nreal digits {real_peak:30.2f}")
    for way in WAYS:
        print(f"{way:18s} {f'{median(peaks[way]):.1f} ({min(peaks[way]):.1f} – {max(peaks[way]):.1f})':>24s}",
              *(f"{', '.join(f'{each:.2f}' for each in of):>16s}" for of in list(zip(*taught[way], strict=True))[:2]))
    flat = [beyond for of in taught.values() for *_, beyond in of]
    print(f"of what the tanh is given then, {min(flat):.0%} to {max(flat):.0%} lies beyond ±2")
    print(f"4 × 4, weights alike two by two: {median(alike):.1f} ({min(alike):.1f} – {max(alike):.1f})")
figure, axes = subplots(1, 4, figsize=(6.8, 1.9))
for place, way in zip(axes, WAYS, strict=True):
    place.imshow(drawn[way][0][0, 0], cmap="gray")
    place.set_title(way, fontsize=9)
    place.set(xticks=[], yticks=[])
    place.grid(visible=False)
assert max(peaks["resize"]) < 1 and all(min(peaks[way]) > 1.5 for way in WAYS if way != "resize"), "resize has a peak, or another has none"
assert max(alike) < 1, "with weights alike two by two there is a peak"
assert abs(peak(drawn["shuffle"][0]) - peaks["shuffle"][0]) < 1e-6 * peaks["shuffle"][0], "the cell's peak is not the module's"
assert abs(real_peak - 1) < 0.1, "real digits have a peak"
if claims():
    assert max(after for of in taught.values() for after, *_ in of) < 2, "after 300 steps a peak is left"
    assert all((min(before for _, before, _ in taught[way]) > 1.3) == (way != "resize") for way in WAYS), "before the tanh it is otherwise"
    assert min(flat) > 0.5, "the tanh is not flat for most pixels"
guess.answer("resize", show(figure, "A picture by each, untrained. Both transposed ones and shuffle: a fine pattern of "
                                         "single pixels, in rows and columns. Resize: soft blots, larger than a pixel.", drawn=False))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Only resize. The 4 × 4 kernel writes all outputs equally often, and has a peak all the same: odd and even places get other
# weights of it, random ones. Make these alike, two by two, and the peak is gone (the last line). So written equally often
# is *not* enough: what is written at odd and at even places must sum alike, too. With shuffle each of the four maps has weights of its own (Aitken et al. 2017).
#
# But look at the two columns on the right. After 300 steps the pictures' peaks are about 1 to 1.4; that of real digits is 0.94. *Before* the tanh
# all but resize still have one. Most of what the tanh is given lies beyond ±2, where it is nearly flat: that hides much of the pattern. This is about small grey digits
# and two seeds; Odena et al. saw the pattern in trained networks, on photographs.
#
# </details>

# %% [markdown]
# ## 5 · Normalisation, and whose logit it is
#
# While a network learns, the numbers that reach a layer change in size. A normalisation brings them back to a mean of 0 and a
# spread of 1; pixel normalisation brings the mean of their squares to 1. They differ in *what* they average over, for maps of the shape (N, C, H, W):
#
# | norm | averages over | |
# |---|---|---|
# | batch normalisation (Ioffe and Szegedy 2015) | N, H, W | each map, over all samples of the batch |
# | **layer normalisation** (层归一化; Ba et al. 2016) | C, H, W | each sample, over all its maps |
# | **pixel normalisation** (像素归一化; Karras et al. 2018) | C | each pixel of each sample: divides by the root of the mean of its squares |
#
# Batch and layer normalisation then learn a scale and a shift for each map. One of the three looks at other samples. What does that
# do to D? Keep one picture, turn the 63 others of its batch into their negatives, and look at its logit:

# %%
from gan_edu.convolutional import NORMS

x = scaled(images[:64])
others_changed = torch.cat([x[:1], -x[1:]])
for norm in NORMS:
    torch.manual_seed(0)
    D, x = ConvDiscriminator(norm=norm), x.requires_grad_()
    moves = (D(x)[0] - D(others_changed)[0]).abs().item()
    own, = torch.autograd.grad(D(x)[0].sum(), x)                # of the first logit
    of_sum, = torch.autograd.grad(D(x).sum(), x)                # of all logits at once
    off = ((of_sum - own)[0].norm() / own[0].norm()).item()
    print(f"{norm:6s} the logit moves by {moves:.3f};",
          f"its slope, taken from the sum of all logits, is {off:.0%} off")
    assert (moves > 0.01) == (off > 0.01) == (norm == "batch"), "norms differ otherwise"

# %% [markdown]
# With batch normalisation a logit is no longer about *one* picture. A gradient penalty (chapter 05) prices the slope of each
# sample's own logit. It computes all slopes at once, from the sum of the logits, and that is right only where no logit
# depends on another sample. So the course refuses the pair:

# %%
try:
    with_tricks(ConvGenerator(100), ConvDiscriminator(norm="batch"), 100)
except ValueError as error:
    print(error)

# %% [markdown]
# In G batch normalisation may stay: no penalty looks there. But G has two modes, too. In training a picture depends on its
# batch. To look at samples, `generate` puts G into `eval` mode, with means that ran along in training (chapter 03). Does it
# matter? The G of the top has batch normalisation, and gets the label as ten more inputs beside z. Ask it for 100 times the *same* digit, in both modes. **Predict:** in which is it read as
# asked more often?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: batches of one digit, in both modes
from copy import deepcopy

from gan_edu.core.measures.conditions import read, spread_within
from gan_edu.core.measures.mnist_scores import feature_net

MODES = ["in eval mode", "in train mode", "equally often"]
guess = Guess.choice("modes", "Batches of 100 times one digit: in which mode is G's picture read as asked more often?", MODES)
gan, net = asked.gan, feature_net()
z = gan.latents(100).repeat(10, 1)                                                 # the same 100 for each digit
wanted = torch.arange(1000, device=device) // 100

def drawn_in(mode, z, labels):
    """G's pictures in batches of 100, without a trace in its running means."""
    G = deepcopy(gan.generator).train(mode == "in train mode")
    with torch.no_grad():
        return torch.cat([G(*each) for each in zip(z.split(100), labels.split(100), strict=True)]).float().cpu()

found = {mode: drawn_in(mode, z, wanted) for mode in MODES[:2]}
in_turn = wanted.view(10, 100).T.flatten()
mixed = drawn_in("in train mode", gan.latents(1000), in_turn)
by_batch = found["in train mode"].view(10, -1)
batches_alike = (by_batch - by_batch[0]).abs().max().item()
shares = [(read(net, x) == wanted.cpu()).float().mean().item() for x in found.values()]
with guess:
    for mode, share in zip(found, shares, strict=True):
        print(f"{mode}, one digit a batch: read as asked {share:.1%}")
    print(f"in train mode, ten digits in each batch: {(read(net, mixed) == in_turn.cpu()).float().mean():.1%}")
    print(f"in train mode, pixels of the batches of 1 to 9 less those of the batch of 0: at most {batches_alike:.0e}")
assert batches_alike < 1e-3, "in train mode a batch of ones is not that of zeros"
if claims():
    assert shares[0] > 0.95 and abs(shares[1] - 0.1) < 0.02, "the modes read otherwise"
    assert (read(net, mixed) == in_turn.cpu()).float().mean() > 0.95, "in train mode mixed batches are not read as asked"
guess.answer(MODES[2] if abs(shares[0] - shares[1]) < 0.02 else MODES[shares[1] > shares[0]])

# %% [markdown]
# <details><summary>After your guess</summary>
#
# In eval mode, by far. In train mode the batch of ones is the batch of zeros, to rounding: the label is *gone*! All
# 100 have the same one, so what it adds to the first layer is the same for all; and batch normalisation subtracts what all
# have in common. The same hundred pictures come for each of the ten digits, and each is right for one of them: 10 % in all. With ten digits in each batch the same weights in the same mode draw what
# they are asked for.
#
# </details>
#
# ## 6 · Ask for a digit
#
# MNIST has labels. So let both players know them: G draws $G(z, y)$, and D sees pairs $(x, y)$, the real picture with its
# label, the fake one with the label that it was asked for. Such a GAN is a **conditional GAN** (条件生成对抗网络; Mirza and Osindero 2014). G
# gets the label as a **one-hot vector** (独热编码), ten numbers of which one is 1, beside z. For D three ways are usual:
#
# - *Concatenation.* The label becomes ten maps, one of ones and nine of zeros, beside the picture.
# - A **projection discriminator** (投影判别器; Miyato and Koyama 2018) learns one vector $e_y$ for each class: $l(x, y) = w \cdot \varphi(x) + \langle e_y, \varphi(x) \rangle$,
#   where $\varphi(x)$ is D's last layer but one.
# - **AC-GAN** (Odena et al. 2017). D is not told y. It has to say it: a second head gives $P(y | x)$, and both players
#   learn to raise $\mathbb E \log P(y | x)$, D of real and fake pictures, G of its own.

# %%
from gan_edu.convolutional import Classifying, LabelledD

y = torch.tensor([3, 1, 4, 1, 5])
G = Labelled(ConvGenerator(62 + 10))
ways = {"concatenation": LabelledD(ConvDiscriminator(1 + 10)),
        "projection": Projection(ConvDiscriminator()),
        "AC-GAN": Classifying(ConvDiscriminator())}             # its logits, and log P(y|x)
for name, D in ways.items():
    heads = D(G(torch.randn(5, 62), y), y)
    shapes = [tuple(head.shape) for head in (heads if isinstance(heads, tuple) else [heads])]
    print(f"{name:13s} {parameter_count(D):,} weights, D(x, y):", *shapes)

# %% [markdown]
# <details><summary>Why a projection: derived</summary>
#
# For chapter 01's loss and a fixed G the best logit is $l^* = \log p(x, y) - \log q(x, y)$ (chapter 01), with p the data's
# density and q G's. Split both into label and picture:
#
# $$l^*(x, y) = \log \frac{p(y|x)}{q(y|x)} + \log \frac{p(x)}{q(x)}$$
#
# Let both $p(y|x)$ and $q(y|x)$ be a softmax of linear functions of one $\varphi(x)$: $\log p(y|x) = v_y \cdot \varphi(x) - \log Z_p(x)$, and
# $\log q(y|x) = u_y \cdot \varphi(x) - \log Z_q(x)$. Then
#
# $$l^*(x, y) = \langle v_y - u_y,\, \varphi(x) \rangle + \Big( \log \frac{Z_q(x)}{Z_p(x)} + \log \frac{p(x)}{q(x)} \Big)$$
#
# The bracket knows no y: a layer on $\varphi(x)$ stands for it. What is left of y is one vector a class, $e_y = v_y - u_y$.
#
# </details>
#
# The GAN at the top is of this kind. Now ask it. A row of the board is a latent z, a column a label. *Point* at a picture,
# then choose a second digit, and slide from the one to the other: the label goes in shares, half a 4 and half a 9.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show the board: what is drawn, and how
from functools import partial

from gan_edu.widgets import ConditionBoard

styles = gan.latents(pace(test=2, lesson=12, full=12))
ConditionBoard(gan.generate, styles, reads=partial(read, net))

# %% [markdown]
# Nobody told G that one z shall look alike for all labels, and on average it does (appendix D). *The label says what, the latent how.*
#
# Two numbers judge a conditional GAN. *Read as asked*: how often does a network that reads digits, and was trained on real ones alone, read the digit
# that was asked for? And *spread within a class*: how far do pictures of a class lie from their mean, beside real ones? It is 1
# where they are as varied. One number alone can be fooled: the table has rows that do. **Predict** G's spread, median of
# the ten classes.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: read as asked, and spread within a class
guess = Guess.number("spread", "How varied is G within a class, beside real digits (1: as varied)?", 0, 1.5, near=0.05)
count = pace(test=200, lesson=2000, full=10_000)
wanted, test_digits = torch.arange(count) % 10, mnist(train=False)
by_class = torch.cat([(labels == digit).nonzero()[:count // 10, 0] for digit in range(10)])
one_each = images[[(labels == digit).nonzero()[0, 0].item() for digit in range(10)]]
rows = {"this G": (gan.generate(gan.latents(count), wanted).float().cpu(), wanted),
        "real training digits": (images[by_class], labels[by_class]),
        "one real digit a class, again and again": (one_each[wanted], wanted),
        "noise": (torch.rand(count, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1, wanted)}
judged = {}
for name, (x, y) in rows.items():
    within = spread_within(x, y, *test_digits)
    judged[name] = (read(net, x) == y).float().mean().item(), within.median().item(), within.min().item()
with guess:
    print(f"{'':40s} as asked   spread: median, least")
    for name, (right, middle, least) in judged.items():
        print(f"{name:40s} {right:8.1%} {middle:12.2f} {least:8.2f}")
real_row, same_row, noise_row = list(judged.values())[1:]
assert real_row[0] > 0.98 and 0.95 < real_row[1] < 1.05, "real digits are not read, or not as varied as real digits"
assert same_row[0] == 1 and same_row[1] == 0 and noise_row[1] > 1.1 and noise_row[0] < 0.2, "the two that fool one number do not"
if claims():
    assert judged["this G"][0] > 0.97, "this G does not draw what it is asked for"
    assert 0.85 < judged["this G"][1] < 1.05, "this G's spread is another"
guess.answer(judged["this G"][1])

# %% [markdown]
# <details><summary>After your guess</summary>
#
# After a minute it draws what it is asked for nearly always, and is about as varied as real digits, or a little less. One digit a class, again and again, is read as asked every time, and has no spread at all. Noise has the most.
#
# </details>
#
# This is one seed. The stored runs have five, at one cost each. With them runs a control: the same networks, without
# labels. Labels are extra information, drawn uniformly at scoring; FID and "as asked" both come from a digit
# classifier: no fair win over an unlabelled net.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: three ways to say which digit, and none, five seeds each
from gan_edu.core.measures import measured

stored = measured("convolutional")
HEADS = {"fid": "FID", "asked": "as asked", "within": "spread", "narrowest": "least", "matched": "matched", "digits": "digits",
         "thickness": "thickness", "slant": "slant"}

def stored_runs(data, arm):
    """The stored runs of an arm, by seed."""
    return sorted((run for run in stored["runs"] if (run["data"], run["arm"]) == (data, arm)), key=lambda run: run["seed"])

DIGITS = {"fid": 1, "asked": 3, "digits": 0}

def spread(values, digits=2):
    """The median, and the range in brackets."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})" if values else ""

def table(data, columns):
    """Medians and ranges of all arms, with real digits above; below, how many runs, their time, and how many trials."""
    floor, arms = stored["floors"].get(data, {}), stored["arms"][data].items()
    lines = [["", *(HEADS[each] for each in columns)],
             ["real digits", *(f"{floor[each]:.{DIGITS.get(each, 2)}f}" if each in floor else "" for each in columns)]]
    for arm, about in arms:
        runs = stored_runs(data, arm)
        lines.append([about["label"], *(spread([run[each] for run in runs if each in run], DIGITS.get(each, 2)) for each in columns)])
    wide = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print(f"{line[0]:{wide[0]}s}", *(f"{cell:>{width + 1}s}" for cell, width in zip(line[1:], wide[1:], strict=True)))
    times = [median(run["cpu_seconds"] for run in stored_runs(data, arm)) for arm, _ in arms]
    print(f"{len(runs)} seeds each, {min(times):.0f} to {max(times):.0f} seconds of one core; settings tried before: {sum(stored['trials'][data].values())}")

def by_seed(data, arm, score):
    """A score of each stored run of an arm."""
    return [run[score] for run in stored_runs(data, arm)]

table("labels", ("fid", "asked", "within", "narrowest"))
told = ("concatenated", "projection", "classifier")
assert max(max(by_seed("labels", arm, "fid")) for arm in told) < 0.7 * min(by_seed("labels", "none", "fid")), "labels do not help FID"
assert max(by_seed("labels", "projection", "fid")) < min(by_seed("labels", arm, "fid")[k] for arm in ("concatenated", "classifier") for k in range(5)), (
    "the projection's FID is not the lowest")
assert min(by_seed("labels", "classifier", "asked")) > max(max(by_seed("labels", arm, "asked")) for arm in told[:2]), "AC-GAN is not read best"
assert max(by_seed("labels", "concatenated", "asked")) < min(by_seed("labels", "projection", "asked")), "concatenation is not read least"
assert all(min(by_seed("labels", arm, "within")) > 0.99 and min(by_seed("labels", arm, "narrowest")) > 0.95 for arm in told), (
    "a way has lost variety")

# %% [markdown]
# - *FID.* Told the label, all three are far below the same networks without. The projection's is the lowest: its highest seed
#   is below the lowest of the two others.
# - *Read as asked.* AC-GAN is read best, on each seed: its G learns to be read, by D's second head. Concatenation is read worst.
# - *Spread.* All three are about as varied as real digits. No class is below 0.95. AC-GAN is known to lose variety where
#   classes overlap (Gong et al. 2019, arXiv 1907.02690). In these runs it did not.
#
# One size of networks, one set of rates, which were tuned with the projection, and 100 seconds of one core: another budget may turn the order round.
#
# ## 7 · InfoGAN: find the classes by oneself
#
# And without labels? **InfoGAN** (Chen et al. 2016) gives G codes c, here one of ten categories and two numbers in [−1, 1], and asks
# that the picture *tell* them. The measure of that is the **mutual information** (互信息) of code and picture. It holds
# $p(c|x)$, which nobody knows. So a network Q guesses it, and gives a lower bound:
#
# $$I(c; x) \ge H(c) + \mathbb E_{c, x} \log Q(c|x)$$
#
# <details><summary>Derived</summary>
#
# $$\begin{aligned} I(c; x) &= H(c) - H(c|x) = H(c) + \mathbb E_{c, x} \log p(c|x) \\
# &= H(c) + \mathbb E_{c, x} \log Q(c|x) + \mathbb E_{c, x} \log \frac{p(c|x)}{Q(c|x)} \\
# &= H(c) + \mathbb E_{c, x} \log Q(c|x) + \mathbb E_x\, \mathrm{KL}\big(p(\cdot|x) \,\Vert\, Q(\cdot|x)\big) \\
# &\ge H(c) + \mathbb E_{c, x} \log Q(c|x) \end{aligned}$$
#
# In the paper Q shares D's convolutions. Here it is a network of its own.
#
# </details>
#
# What is lost is the KL, 0 where Q is right. With three codes and four "pictures" all of it can be counted:

# %% tags=["nbval-check-output"]
stream = torch.Generator().manual_seed(0)
joint = torch.rand(3, 4, generator=stream).double()
joint /= joint.sum()                                            # p(c, x)
p_c, p_x = joint.sum(1), joint.sum(0)
information = (joint * (joint / (p_c[:, None] * p_x)).log()).sum()
entropy = -(p_c * p_c.log()).sum()
some_q = torch.rand(3, 4, generator=stream).double().softmax(0)         # Q(c|x)
for name, Q in (("some Q", some_q), ("Q = p(c|x)", joint / p_x)):
    bound = entropy + (joint * Q.log()).sum()
    kl = (joint * (joint / p_x / Q).log()).sum()
    print(f"{name:11s} I {information:.4f}, bound {bound:.4f}, KL {kl:.4f}")
    assert abs(information - bound - kl) < 1e-12 and kl > -1e-12, "I is not bound plus KL"

# %% [markdown]
# G and Q *together* learn to raise the bound; D does not. H(c) is constant. That leaves Q's cross-entropy for the
# category and, with a Gaussian of fixed width for each of the numbers, a squared error, which weighs a tenth here. In code it is a third player and a step:
#
# ```python
# G, Q = Coded(ConvGenerator(62 + 10 + 2)), Reading(ConvDiscriminator())
# gan = GAN(G, D, 62 + 10 + 2, others={"reader": Player(Q, adam(Q))})
# train(gan, batches, steps, step=informed())
# ```
#
# Nobody says that codes shall be *digits*. Are they? Pair codes with digits one to one, as well as can be, and count
# the samples whose digit is that of their code. **Predict** it, for the median of the stored seeds. (About 0.1 is chance.)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: what InfoGAN's codes became, and without the bound
guess = Guess.number("codes", "What share of InfoGAN's samples show the digit of their code?", 0, 1, near=0.05)
informed_arms = [arm for arm, about in stored["arms"]["codes"].items() if about["settings"]["code_weight"] > 0]
with guess:
    table("codes", ("fid", "matched", "digits", "thickness", "slant"))
    for arm in informed_arms:
        print(stored["arms"]["codes"][arm]["label"], "by seed:", *(f"{run['matched']:.2f}" for run in stored_runs("codes", arm)))
assert max(by_seed("codes", "control", "matched")) < 0.2 < 0.5 < min(by_seed("codes", "informed", "matched")), "codes are otherwise digits"
assert max(by_seed("codes", "informed", "matched")) < 0.72 and max(by_seed("codes", "informed", "digits")) < 10, "every digit has its code"
for name in ("thickness", "slant"):
    assert max(by_seed("codes", "control", name)) < 0.12 < min(by_seed("codes", "informed", name)), "numbers follow otherwise"
    assert max(by_seed("codes", "informed", name)) < 0.4, "a number follows closely"
assert max(by_seed("codes", "control", "fid")) < min(by_seed("codes", "informed", "fid")), "the bound cost no FID"
guess.answer(median(run["matched"] for run in stored_runs("codes", informed_arms[0])))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# From 0.55 to 0.71: on each seed far above the control, and far from 1. Some codes share a digit: on no seed has each of the ten
# digits a code that draws it most. The numbers follow ink and slant loosely: more than in the control, and below 0.4. And here
# the bound had a price: FID is higher with it on each seed. So InfoGAN found something like digits without a label. It did not find *the* digits.
#
# "Digits" counts how many of the ten digits are the most frequent one of some code. "Thickness" and "slant" are rank correlations
# with the one of the two numbers that moves with them more, means over the ten categories (near 0: neither does, or the categories disagree). The control has the same codes, and weight 0 on the bound.
#
# </details>
#
# ## 8 · Your own pictures, in colour
#
# The same networks take pictures of 32 × 32 with three channels. `images_from_folder` reads any folder, crops to the
# middle square, and scales. To have a folder at hand, the next cell writes one: a thousand digits, each in one colour.
# *Put the path of yours in its place*: pictures of one kind of thing, with the thing in the middle. The cell after it takes about 20 seconds on two cores.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Set-up: write a folder of coloured digits, each in one colour
from colorsys import hsv_to_rgb
from pathlib import Path
from tempfile import mkdtemp

from gan_edu.core.data.pixels import as_image

folder = Path(mkdtemp())
for k, hue in enumerate(torch.rand(pace(test=70, lesson=1000, full=1000), generator=torch.Generator().manual_seed(0)).tolist()):
    ink = nn.functional.pad(images[k].float(), (2, 2, 2, 2))                       # (1, 32, 32), 0 to 255
    as_image((ink * torch.tensor(hsv_to_rgb(hue, 0.8, 1.0)).view(3, 1, 1)).byte()).save(folder / f"{k:04d}.png")

# %%
from gan_edu.core.data import images_from_folder

mine = images_from_folder(folder, size=32, colour=True)             # (N, 3, 32, 32)
torch.manual_seed(0)
G = ConvGenerator(62, channels=3, width=16, side=32, grow="resize", hidden=256)
D = ConvDiscriminator(channels=3, width=16, side=32)
in_colour, batches = with_tricks(G, D, 62), Batches(mine, 64, device=device)
for _ in train(in_colour, batches, pace(test=3, lesson=600, full=4000)):
    pass
fakes = in_colour.generate(in_colour.latents(500)).float().cpu()
pictures(torch.cat([scaled(mine[:12]), fakes[:12]]), columns=12, scale=2,
         alt="A row of coloured digits from the folder, a row by G")

# %% [markdown]
# Expect strokes and colours, but not yet what belongs together: in the folder a digit has *one* colour (appendix C).
#
# ## 9 · Measured: what are convolutions worth?
#
# Chapter 05 asked it: what is it worth to know which pixels are neighbours? Its best MLP, and convolutional networks with the same
# loss, rates, R1 and average of G, in half as large batches; both without labels. A, "Textbook networks with tricks", is that MLP.
# At each place of the slider both have had the same time; at its end that is about 260 seconds of one core:

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show the best MLP and convolutional networks at equal time
from gan_edu.core.recording import in_steps_of, shipped
from gan_edu.widgets import compare

textbook_film = shipped("mnist_textbook")
compare(*(in_steps_of(textbook_film, shipped(name)) for name in ("mnist_best", "mnist_convolutional")))

# %% [markdown]
# That is one seed. Below are five that nothing was tuned on, by the FID of 10,000 samples. A third arm is DCGAN's G: z goes to the first
# maps in *one* layer. The convolutional G of the film has one fully connected layer more before it (`hidden=256`). Leave it out,
# and change nothing else. **Predict** what G then reaches after 250 seconds of one core.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: MLP and convolutional at equal time
guess = Guess.number("plain", "Convolutional, without the one layer more: its FID after 250 seconds?", 1, 100, log=True, near=1.3)

def fid_at(arm, look):
    """FID by seed, half-way through (look 0) and at the end (1)."""
    return [run["way"][look]["fid"] for run in stored_runs("plain", arm)]

with guess:
    print(f"{'':15s} {'about 125 CPU-s':>20s} {'about 250 CPU-s':>20s}   seeds, trials (real digits {stored['floors']['plain']['fid']:.2f})")
    for arm, about in stored["arms"]["plain"].items():
        print(f"{about['label']:15s}", *(f"{spread(fid_at(arm, look), 1):>20s}" for look in (0, 1)),
              f"  {len(stored_runs('plain', arm))}, {stored['trials']['plain'].get(arm, 0)}")
assert 14 < median(fid_at("mlp", 1)) < 17, "the MLP's median is another"
assert all(max(fid_at("convolutional", look)) < min(fid_at("mlp", look)) for look in (0, 1)), "on some seed the MLP is as good"
assert all(min(fid_at("shallow", look)) > 1.5 * max(fid_at("convolutional", look)) for look in (0, 1)), "the layer does little"
assert 0.7 < median(fid_at("shallow", 1)) / median(fid_at("mlp", 1)) < 1.4, "without the layer it is not about where the MLP is"
guess.answer(median(fid_at("shallow", 1)))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# About where the MLP is! With the layer the convolutional G is far below both, on each seed and at both times. Neither convolutions
# alone nor a fully connected layer alone (the MLP has nothing else) did it: both together did. *Why*, we did not measure. One guess: the
# layer lets G settle what the digit shall be before it knows of places. (Settings were tried with the layer only. Without it others may do better.)
#
# The MLP's own settings were found in chapter 05, in 30 trials more. FID here is of one small classifier's features.
#
# </details>
#
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason.
#
# ### 1 · Down, and up again (5 minutes, easy)
# A convolution with kernel 7, stride 2 and padding 4 goes over a line of 32 numbers. How many come out? A transposed
# convolution with the same three numbers goes back from there. How many does it write?

# %%
from gan_edu.exercises import convolutional as exercises

down, up_again = ..., ...
exercises.sizes(down, up_again)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Down: with zeros at both ends the line has 32 + 2 · 4 places; where can a window of 7 begin? Up: the kernels begin 2 apart, the
# last one is written whole, and the padding cuts off both ends.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import convolutional as exercises
#
# down = (32 + 2 * 4 - 7) // 2 + 1
# up_again = (down - 1) * 2 - 2 * 4 + 7
# exercises.sizes(down, up_again)
# ```
#
# </details>
#
# ### 2 · What G is fed (10 minutes, easy)
# Write `my_input(z, y)`: latents z (N, d) and labels y (N,), whole numbers from 0 to 9, become (N, d + 10), z first, then the one-hot of y.

# %%
from gan_edu.exercises import convolutional as exercises

def my_input(z, y):
    return ...

exercises.own_input(my_input)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `torch.nn.functional.one_hot(y, 10)` and `torch.cat([…], 1)`. Leave the 10 out, and the width depends on the largest label
# of the batch.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import torch
# from torch.nn.functional import one_hot
#
# from gan_edu.exercises import convolutional as exercises
#
# def my_input(z, y):
#     return torch.cat([z, one_hot(y, 10).to(z)], 1)
#
# exercises.own_input(my_input)
# ```
#
# </details>
#
# ### 3 · The projection's logit (10 minutes, medium)
# Write `my_logit(phi, y, w, b, E)`: features phi (N, F), labels y (N,), weights w (F,), a bias b, and a vector for each class, E
# (10, F). It gives $w \cdot \varphi + b + \langle e_y, \varphi \rangle$ for each sample, (N, 1).

# %%
from gan_edu.exercises import convolutional as exercises

def my_logit(phi, y, w, b, E):
    return ...

exercises.own_logit(my_logit)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `E[y]` is (N, F). A scalar product for each sample is a product and a sum over dimension 1, with `keepdim=True`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import convolutional as exercises
#
# def my_logit(phi, y, w, b, E):
#     real = (phi * w).sum(1, keepdim=True) + b
#     fits = (phi * E[y]).sum(1, keepdim=True)
#     return real + fits
#
# exercises.own_logit(my_logit)
# ```
#
# </details>
#
# ### 4 · Read a spectrum (5 minutes, medium)
# Four sets of 200 pictures, and the mean power of their waves on a log scale. The longest waves are in the middle of each
# spectrum, the shortest at its edges; yellow is much power, blue is little. Which set has a checkerboard?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Plot: four spectra
import torch

from gan_edu.core.notebook import show, subplots
from gan_edu.exercises import convolutional as exercises

figure, axes = subplots(1, 4, figsize=(7.2, 2.4))
for place, (letter, spoiled) in zip(axes, exercises.four_sets().items(), strict=True):
    power = torch.fft.fft2(spoiled.double()).abs().square().mean((0, 1))
    place.imshow(torch.fft.fftshift(power).log(), cmap="cividis")
    place.set_title(letter, fontsize=10)
    place.set(xticks=[], yticks=[])
    place.grid(visible=False)
show(figure, "Four square maps of the power of waves, the longest in the middle, the shortest at the edges.", drawn=False)

# %%
from gan_edu.exercises import convolutional as exercises

with_checkerboard = ...
exercises.which_spectrum(with_checkerboard)

# %% [markdown]
# <details><summary>Hint</summary>
#
# A checkerboard changes from pixel to pixel: its waves are two pixels long. Where are those? Wherever pictures are multiplied by
# a wave, their spectrum comes again around that wave.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import convolutional as exercises
#
# with_checkerboard = "C"
# exercises.which_spectrum(with_checkerboard)
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
# - A convolution looks at neighbours only, and has the same weights everywhere. A transposed one writes where that one
#   reads: its matrix is the transpose.
# - Kernels that are no multiple of the stride write neighbours differently often. Those that are still need weights
#   whose sums agree. On digits the pattern was gone from the pictures after a few hundred steps, but not from what the tanh is given.
# - With batch statistics a logit is about a whole batch, and a gradient penalty computed from the sum of logits is wrong.
# - Told the label, G draws what it is asked for. Measure two things: is it read as asked, and how varied is it.
# - On digits, after 250 seconds of one core, these convolutional networks reach about a third of the best MLP's FID with one fully connected layer before
#   the maps, and about the MLP's without it.
# - InfoGAN raises a lower bound of what a picture tells of its code. Whether codes are digits, it does not promise.
#
# **Read.** Radford et al. (2016), *Unsupervised representation learning with deep convolutional generative adversarial
# networks*, arXiv 1511.06434. Dumoulin and Visin (2016), *A guide to convolution arithmetic for deep learning*, arXiv
# 1603.07285. Odena et al. (2016), *Deconvolution and checkerboard artifacts*, Distill, doi 10.23915/distill.00003. Shi et
# al. (2016), *Real-time single image and video super-resolution using an efficient sub-pixel convolutional neural
# network*, arXiv 1609.05158. Aitken et al. (2017), *Checkerboard artifact free sub-pixel convolution*, arXiv 1707.02937.
# Ioffe and Szegedy (2015), *Batch normalization*, arXiv 1502.03167. Ba et al. (2016), *Layer normalization*, arXiv
# 1607.06450. Karras et al. (2018), arXiv 1710.10196, section 4.2. Mirza and Osindero (2014),
# *Conditional generative adversarial nets*, arXiv 1411.1784. Odena et al. (2017), *Conditional image synthesis with auxiliary
# classifier GANs*, arXiv 1610.09585. Miyato and Koyama (2018), *cGANs with projection discriminator*, arXiv 1802.05637. Chen
# et al. (2016), *InfoGAN*, arXiv 1606.03657.
#
# **Next.** Chapter 11 takes what later GANs changed, one piece at a time.

# %% [markdown]
# ## Appendix
#
# Nothing later needs it. Run all cells first: it builds on the cells above.
#
# ### A · Settings of the stored runs
#
# Settings were tried on seed 0 alone. "Subpixel" were other networks, with maps of 7 × 7 all through, whose pixels become blocks of 4 × 4.
# A step of theirs cost less. They were dropped.

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: settings of the stored runs
for data, of in stored["arms"].items():
    print(f"{data}: {stored['samples']:,} samples")
    for about in of.values():
        s = about["settings"]
        networks = "chapter 04's MLPs" if s["form"] == "mlp" else (
            f"width {s['width']} and {s['d_width']}, G's hidden {s['g_hidden']}, grow {s['grow']}, norm of G {s['norm']}")
        print(f"    {about['label']}: {s['steps']:,} steps of {s['batch']}, rates G {s['g_lr']:g}, D {s['d_lr']:g}, Adam {tuple(s['betas'])},\n"
              f"        R1 {s['r1']:g} on each {s['every']}th, EMA {s['ema']:g}, {'rates fall by a cosine' if s['decay'] else 'constant rates'},\n        {networks}")
    print("    settings tried:", ", ".join(f"{arm} {count}" for arm, count in stored["trials"][data].items()))

# %% [markdown]
# ### B · How far a number sees
#
# A number of section 1's 16 maps saw 4 × 4 pixels. A second layer of the kind looks at 4 × 4 numbers of the first. The pixels that
# can reach a number are its **receptive field** (感受野). How wide is it after two layers, of kernel 4 and stride 2 each? Ask the
# gradient, which pixels it reaches:

# %% tags=["nbval-check-output"] jupyter={"source_hidden": true} cellView="form"
# @title Numbers: the receptive field after two layers
D = ConvDiscriminator()
x = torch.zeros(1, 1, 28, 28, requires_grad=True)
D.layers[:3](x)[0, :, 3, 3].sum().backward()    # one place of all maps of the second layer
reached = x.grad[0, 0] != 0
print("pixels high and wide:", int(reached.any(1).sum()), int(reached.any(0).sum()))
assert reached.any(1).sum() == reached.any(0).sum() == 10, "the receptive field is another"

# %% [markdown]
# It is four numbers of the first map, whose windows begin 2 pixels apart: 4 + 3 · 2 = 10.
#
# ### C · How many colours a digit has
#
# How far do the hues of a picture's pixels lie from their mean, weighed by their light? With one colour, 0:

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: how many colours a digit has
def many_coloured(x):
    """Mean distance of a picture's hues from their mean, by light, where there is light: 0 where it has one."""
    light = (scaled(x) + 1) / 2                                     # (N, 3, H, W)
    light = light * (light.amax(1, keepdim=True) > 0.3)             # neither haze nor black
    hue = light / light.sum(1, keepdim=True).clamp_min(0.05)        # shares of the colours
    weight = light.sum(1, keepdim=True) / light.sum((1, 2, 3), keepdim=True).clamp_min(1e-6)
    mean = (weight * hue).sum((2, 3), keepdim=True)
    return (weight * (hue - mean).norm(dim=1, keepdim=True)).sum((1, 2, 3)).mean().item()

halves = torch.cat([scaled(mine)[:, :, :16], scaled(mine).roll(1, 0)[:, :, 16:]], 2)    # the lower half is another digit's
found = {"in the folder": mine, "the same, behind a grey haze": scaled(mine) * 0.98 + 0.02,
         "upper and lower half of two colours": halves, "by G": fakes}
many = {name: many_coloured(x) for name, x in found.items()}
print(*(f"{name:36s} {each:.3f}" for name, each in many.items()), sep="\n")
if claims():
    one, hazy, two, by_G = many.values()
    assert max(one, hazy) < 0.25 * by_G and two / 3 < by_G, "G's digits have one colour"

# %% [markdown]
# After 600 steps G's digits change their colour on the way: by much more than those of the folder, haze or not, and by
# more than a third of what two halves of two colours do. At full pace
# it trains for longer. Look whether that goes away.
#
# ### D · Does a latent keep its hand?
#
# Does one z look alike for all labels? Take 300 latents, and rank each digit's pictures by
# ink (the mean of their pixels, "thickness" below) and by slant (how far they lean to the right for each row upwards). If a row has one hand, the ranks of two digits go together:

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: does a latent keep its hand?
from scipy.stats import spearmanr

from gan_edu.core.measures.conditions import slant, thickness

z = gan.latents(pace(test=20, lesson=300, full=300))
by_digit = [gan.generate(z, torch.full((len(z),), digit)).float().cpu() for digit in range(10)]
for of in (thickness, slant):
    ranks = torch.tensor(spearmanr(torch.stack([of(x) for x in by_digit], 1).numpy()).statistic)
    between = ranks[~torch.eye(10, dtype=torch.bool)]
    print(f"{of.__name__:10s} rank correlation of two digits with the same z: mean {between.mean():.2f}, least {between.min():.2f}")
    assert not claims() or between.mean() > 0.6, "a latent has no hand of its own"

# %% [markdown]
# On average it does, and no loss asked for it.

# %% [markdown]
# <!-- near -->
# ← [09 Wasserstein](09_wasserstein.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [11 modern](11_modern.ipynb) →
# <!-- /near -->
