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
# # 16 · Molecules: generation with an objective
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/16_molecules.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/16_molecules.ipynb)
#
# <!-- near -->
# ← [15 translation](15_translation.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [17 finance](17_finance.ipynb) →
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# A network draws molecules. Two judges pay it: a discriminator, for what looks like known molecules, and a formula, for what looks like a drug. Slide λ from one judge to the
# other, and slide through the training. Which molecules does each want? Point at one to see its numbers: *QED*, how like a drug; *SA*, how hard to make; *logP*, above 0 where it likes oil more than water. Section 3 has more of them.

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
# @title Show the molecule board
from statistics import fmean, median

import torch

from gan_edu.core.measures import measured
from gan_edu.core.notebook import FAKE, GENERATOR, INK, claims, leave_out, pace, show, subplots
from gan_edu.core.training import setup
from gan_edu.widgets import Guess, Guesses, MoleculeBoard

setup()
leave_out("rdkit", "selfies")
stored = measured("molecules")
MoleculeBoard(stored["board"])

# %% [markdown]
# **After this chapter you can**
#
# - write a molecule as a text that can hardly be invalid, or as a graph, and say what that is worth,
# - pay a generator by a function that has no slope, beside a discriminator (ORGAN),
# - take an objective apart that is gamed, and a score that means nothing alone,
# - hold a trained generator against a rival that learns nothing from the objective.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | lesson (the default) | about 2 minutes on two cores | a writer of molecules; ORGAN from there, with D and without |
# | full (`GAN_EDU_PACE=full`) | about 5 minutes on two cores | the same; ORGAN twice as long |
#
# It takes 60 minutes to read and play, and needs no network. You should know chapters 08, 09 and 14. Molecules are read by
# the packages rdkit and selfies, which the set-up installs. Where they are missing, cells that need them say so and are left out.

# %% [markdown]
# ## 1 · A molecule as a text, and as a graph
#
# Chemists draw a molecule as a **molecular graph** (分子图): atoms are its nodes, bonds its edges, and hydrogen is left out. **SMILES** (Weininger 1988) writes
# the graph as a text: walk along the bonds and write down the atoms. `=` and `#` are double and triple bonds, brackets hold a branch, two equal digits close a ring. Small letters are atoms of an *aromatic* ring, whose double bonds
# belong to all of it; the one of six carbon atoms, `c1ccccc1`, is called benzene.

# %% tags=["nbval-check-output"]
# needs rdkit
from gan_edu.molecules import canonical, molecule

for text in ("OCC", "C(C)O", "CCO"):
    print(f"{text:6s} is {canonical(text)}")

aspirin = molecule("CC(=O)Oc1ccccc1C(=O)O")
atoms = "".join(atom.GetSymbol() for atom in aspirin.GetAtoms())
bonds = [(b.GetBeginAtomIdx(), b.GetEndAtomIdx()) for b in aspirin.GetBonds()]
print(f"aspirin: atoms {atoms}, {len(bonds)} bonds: {bonds[:4]} …")

# %% [markdown]
# One molecule has many SMILES. rdkit has a rule that picks one of them, the *canonical* one, so that two texts can be compared. What is no molecule gets a reason. Each atom has so many bonds to give, its *valence*: carbon four, nitrogen three, oxygen
# two, fluorine one. (We refuse two things more: several pieces, as salts have, and *isotopes*, atoms of another weight.)

# %% tags=["nbval-check-output"]
# needs rdkit
for text in ("CC(C", "C1CC", "CF(C)C", "CC(=O)O.[Na]", "[13CH4]"):
    try:
        molecule(text)
    except ValueError as error:
        print(error)

# %% [markdown]
# ## 2 · Valid by grammar, or by learning
#
# Most texts in the letters of SMILES are no molecule: a bracket stays open, an atom has too many bonds. **SELFIES** (Krenn et al. 2020) is another
# writing. Each symbol says what to add, *as far as there is room*: where an atom has too few free bonds, the symbol is read as less, and where it has none, reading ends. So each text with an atom in it is a molecule.
#
# Throw symbols at random in both writings. **Predict:** which share of 500 texts in SMILES is a molecule?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: random texts in both writings
# needs rdkit, selfies
from gan_edu.molecules import SELFIES, SMILES, qed, random_walk, valid

guess = Guess.number("random", "Which share of 500 random texts in SMILES is a molecule?", 0, 1, step=0.01, near=0.03)
shares, walked = {}, {}
for writing in (SELFIES, SMILES):
    texts = random_walk(writing.alphabet, [20] * 500)
    walked[writing.name] = [writing.molecule_of(each) for each in texts]
    shares[writing.name] = valid(walked[writing.name])
with guess:
    for name, share in shares.items():
        print(f"{name:8s} molecules: {share:.3f}, such as", *[each for each in walked[name] if each][:3] or ["none"])
assert shares["SELFIES"] > 0.99, "not all texts in SELFIES are molecules"
assert shares["SMILES"] < 0.03, "more random SMILES are molecules"
guess.answer(round(shares["SMILES"], 2))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# None of 500, or hardly one. And of SELFIES all. But look at them: charges side by side, three atoms and no more. *Valid* says only that the bonds add up. A grammar gives it for nothing, so it is no
# merit of a network that writes SELFIES.
#
# </details>
#
# ## 3 · Scores, and what noise gets
#
# - *valid*: the share of texts that are molecules. *unique*: how many different molecules, as a share of the molecules; it falls as more are drawn (the board counts 300, we 2,000). *novel*: those that it did not learn from, as a share
#   of the different ones.
# - **QED** (类药性), drug-likeness, 0 to 1 (Bickerton et al. 2012): eight numbers of a molecule (weight, oil or water, rings, …), each by how common its value is among
#   drugs taken by mouth, and their weighted geometric mean.
# - *scaffolds*: different scaffolds, the rings of a molecule with what joins them, as a share of the molecules.
# - *SA* (Ertl and Schuffenhauer 2009): how hard to make, from 1, easy, to 10: rare fragments and tangled rings cost. *alerts* (Brenk et al. 2008): the share with a group that chemists
#   distrust: unstable, reactive or toxic.
# - **Tanimoto similarity** (谷本相似度) compares two **molecular fingerprints** (分子指纹), lists of the surroundings that the atoms have: how many both have, by how many either has.
#   *nearest*: the similarity to the nearest molecule learned from. *diversity*: 1 less the mean similarity of two draws.
#
# %%
# needs rdkit
from gan_edu.molecules import alerts, properties

aspirin = canonical("CC(=O)Oc1ccccc1C(=O)O")
for name, value in properties(aspirin)._asdict().items():
    print(f"{name:7s} {value:6.2f}")
print("alerts ", *alerts(aspirin))

# %% [markdown]
# Aspirin is a drug, of middling QED and with an alert. Keep that in mind.
#
# Learned from are 2,816 small molecules, of 5 to 22 atoms without hydrogen, from a public list of the American National Cancer Institute, which rdkit
# brings; 970 others are held out. Scored are 2,000 of each row (and all held-out ones); alerts, nearest and diversity are of the first 300. **Predict:** take random SELFIES again. Which of *valid*, *unique* and *novel* are 1?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: what data, chance and one molecule score
guess = Guess.choice("floors", "Random SELFIES: which of the three shares are 1?", ["valid alone", "valid and novel", "all three", "none"])
SHOWN = ("valid", "unique", "novel", "qed", "sa", "alerts", "nearest", "diversity")
floors = stored["floors"]
with guess:
    print(f"{'':22s}", *(f"{name:>9s}" for name in SHOWN))
    for name, scores in floors.items():
        print(f"{name:22s}", *(f"{scores[key]:9.2f}" if scores["valid"] or key == "valid" else f"{'–':>9s}" for key in SHOWN))
noise, data = floors["random SELFIES"], floors["held-out molecules"]
assert noise["valid"] == noise["novel"] == 1 and 0.5 < noise["unique"] < 0.7, "noise has other shares"
assert floors["random SMILES"]["valid"] < 0.01, "random SMILES are valid"
assert noise["qed"] < data["qed"] - 0.2 and noise["sa"] > data["sa"] + 3 and noise["nearest"] < 0.2 < 0.5 < data["nearest"], "noise is as drug-like, as easy to make, or as near"
assert 3.5 < noise["atoms"] < 4, "random SELFIES are larger or smaller"
assert noise["diversity"] > data["diversity"] + 0.05, "noise is less varied"
assert floors["one molecule"]["qed"] > 0.9 and floors["one molecule"]["unique"] < 0.001 and floors["one molecule"]["diversity"] == 0, "one molecule scores otherwise"
guess.answer("valid and novel")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# Valid and novel: two scores that papers report, and noise has both in full. (Unique is 0.6: a random symbol soon fills the last free bond. So these molecules have four atoms
# in the mean, and many come twice.) Noise is even the most diverse. What tells it from the data is QED, SA, and that it is near to nothing. One molecule over and over has QED 0.93, and is all alike. So read quality
# and variety together, as in [chapter 14](14_text.ipynb).
#
# </details>
#
# ## 4 · A writer of molecules
#
# First without a GAN. The network is chapter 14's: a GRU that is given each symbol and says the next one's logits, by maximum likelihood. Its letters are now SELFIES's 28 symbols.

# %%
# needs rdkit, selfies
from gan_edu.core.data import Batches
from gan_edu.molecules import Reader, Writer, likelihood, nci, split
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import CosineDecay

learned, held_out = split(nci())
texts = [SELFIES.written(each) for each in learned]
batches = Batches(SELFIES.alphabet.encode(texts), 64)           # (N, 41, 29), one-hot

# %% [markdown]
# It takes about 35 seconds on two cores. (None stands for a text without an atom.)

# %%
# needs rdkit, selfies
torch.manual_seed(0)
steps = pace(test=4, lesson=1500, full=1500)
G = Writer(SELFIES.alphabet, 128)
gan = GAN(G, None, G.latent_dim, g_optimizer=adam(G, 5e-3, (0.9, 0.99)),
          latent="uniform", after_step=[CosineDecay(steps, floor=0.05)])
for record in train(gan, batches, steps, step=likelihood()):
    if record.step in (1, 100, 500, 1500):
        some = map(SELFIES.molecule_of, G.complete(count=3))
        print(f"{record.step:5d} {record.g_loss:.2f} nats a symbol:", *some)

# %% [markdown]
# The same network can learn SMILES. Then validity is learned, symbol by symbol. **Predict:** after as many steps, which share of its texts is a molecule? (Five seeds, stored.)

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: grammar or learning
guess = Guess.number("smiles", "Which share of the SMILES writer's texts are molecules?", 0, 1, step=0.01, near=0.08)

def runs_of(data, arm):
    """The runs of an arm, by seed."""
    return sorted((run for run in stored["runs"] if (run["data"], run["arm"]) == (data, arm)), key=lambda run: run["seed"])

def at(data, arm, name):
    """A score of each seed."""
    return [run["scores"][name] for run in runs_of(data, arm)]

def spread(values, form=".2f"):
    """Median (least – largest)."""
    return f"{median(values):{form}} ({min(values):{form}}–{max(values):{form}})"

with guess:
    for each in ("selfies", "smiles"):
        print(f"{each:8s} valid {spread(at(each, 'prior', 'valid'))}, SA {spread(at(each, 'prior', 'sa'))}, nearest {spread(at(each, 'prior', 'nearest'))}")
    print(f"held-out molecules: SA {data['sa']:.2f}, nearest {data['nearest']:.2f}")
assert min(at("selfies", "prior", "valid")) > 0.999, "texts in SELFIES are no molecules"
assert 0.6 < min(at("smiles", "prior", "valid")) < max(at("smiles", "prior", "valid")) < 0.75, "another share of SMILES is learned"
assert max(at("smiles", "prior", "sa")) < data["sa"] + 0.1 and min(at("selfies", "prior", "sa")) > data["sa"] + 0.5, "SA of one is as far from the data's as of the other"
assert min(at("smiles", "prior", "nearest")) > data["nearest"] - 0.03 and max(at("selfies", "prior", "nearest")) < data["nearest"] - 0.05, "one is as near to the data as the other"
assert min(at("smiles", "both", "valid")) > max(at("smiles", "prior", "valid")) + 0.1 and 0.88 < median(at("smiles", "both", "valid")) < 0.92, "ORGAN does not raise it so far"
guess.answer(round(median(at("smiles", "prior", "valid")), 2))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# About 0.69: it has learned most of the grammar, and three texts of ten are lost. But look at what is left: those that can be read are as easy to make as held-out molecules, and as near to what was learned
# from. SELFIES's are harder to make, and farther off. That fits what Skinnider (2024) found with larger writers: a slip in SMILES is thrown away, a slip in SELFIES becomes a molecule, an odd one. When he let SELFIES write what is
# invalid, and threw it away, its molecules came nearer to the data.
#
# Validity can be paid for, too. Pay the writer of SMILES by QED and D, as in the next section; what is no molecule earns nothing by QED. Then 0.9 are valid (median of five seeds).
#
# </details>
#
# ## 5 · ORGAN: two judges and a prior
#
# Now it shall write *better* ones. What is better says an **objective** (目标函数) $O$: here QED. It is a program, and has no slope, as a drawn symbol has none. REINFORCE needs neither
# ([chapter 14](14_text.ipynb)). **ORGAN** (Guimaraes et al. 2017) mixes it with a discriminator that learns on:
#
# $$R(x) = \frac{λ\,σ(D(x)) + (1 - λ)\,O(x)}{\text{how often } x \text{ is in the batch}}$$
#
# Who writes one good molecule 64 times earns once. We add a third thing, from Olivecrona et al. (2017): the **prior** (先验), a copy of the writer as likelihood left it. To leave it costs
# β for each nat, symbol by symbol:
#
# $$J = \mathbb{E}[R] - β\,\mathrm{KL}(G \,\|\, G_0), \qquad Q_t = R(x) - β \sum_{s \ge t} \log\frac{p(x_s \mid x_1 … x_{s-1})}{p_0(x_s \mid x_1 … x_{s-1})}$$
#
# $Q_t$ takes the place of chapter 14's. We leave out the paper's rollouts: a reward comes when a molecule is whole. (Olivecrona et al. write the pull as a square, $(\log p_0 + σ S - \log p)^2$ with a score $S$; on the writer's own draws its
# slope points as ours does, with $β = 1/σ$.)

# %%
# needs rdkit, selfies
from gan_edu.molecules import copied, divided, drug_like, organ

objective = drug_like(SELFIES)                                  # texts → QED of each, 0 to 1
prior = copied(G)
x = ["[C][C][O]", "[O][C][C]", "[C][=C][C][=C][C][=C][Ring1][=Branch1]"]
worth = torch.tensor(objective(x))
print("QED:              ", *(f"{each:.3f}" for each in worth))
shared = divided(worth, x, same=SELFIES.molecule_of)
print("shared by copies: ", *(f"{each:.3f}" for each in shared))
assert torch.allclose(shared[:2], worth[:2] / 2), "two texts of one molecule do not share"

# %% [markdown]
# The first two texts are one molecule, ethanol, written from its two ends. So they share.
#
# Train twice from the same writer: with D off (λ = 0, D is not even asked) and with both (λ = ½). It takes about 30 seconds on two cores. **Predict:** which one reaches the higher QED?

# %%
# needs rdkit, selfies
from copy import deepcopy

steps = pace(test=2, lesson=120, full=300)
writers, way = {}, {}
for share in (0.0, 0.5):
    torch.manual_seed(1)
    H, D = deepcopy(G), Reader(SELFIES.alphabet)
    gan = GAN(H, D, H.latent_dim, latent="uniform", g_optimizer=adam(H, 1e-3, (0.9, 0.99)),
              d_optimizer=adam(D, 1e-3, (0.5, 0.99)))
    step = organ(objective, share, prior, pull=0.02, same=SELFIES.molecule_of)
    records = list(train(gan, batches, steps, step=step))
    way[share] = [float(record.values["objective"]) for record in records]
    writers[share] = H

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers and plot: QED on the way
# needs rdkit, selfies
figure, axes = subplots(figsize=(6.4, 3))
for share, colour, mark in ((0.0, FAKE, "o"), (0.5, GENERATOR, "x")):
    axes.plot(range(1, steps + 1), way[share], mark, markersize=3.5, color=colour, label=f"λ = {share:g}")
    made = [SELFIES.molecule_of(each) for each in writers[share].complete(count=200)]
    print(f"λ = {share:g}: QED of 200 draws {fmean(map(qed, made)):.2f}, different {len(set(made))}:", *made[:3])
axes.axhline(floors["training molecules"]["qed"], color=INK, linestyle=":", label="training molecules")
axes.set(xlabel="step", ylabel="mean QED of 64 draws", ylim=(0.4, 0.9))
axes.legend()
if claims():
    first, last = ({share: fmean(values[part]) for share, values in way.items()} for part in (slice(0, 10), slice(-10, None)))
    assert last[0.0] > first[0.0] + 0.1, "with D off QED does not rise"
    assert first[0.5] < last[0.5] < last[0.0], "with D the QED rises as much, or does not"
show(figure, "Mean QED of 64 draws over steps: both climb alike at first; then with D off the dots climb on, and with D the crosses fall back; a dotted line marks training molecules")

# %% [markdown]
# At λ = ½ QED climbs for some forty steps as with D off, and then falls back; we did not test why. This is one seed, and a short run.

# %% [markdown]
# ## 6 · The ablation: which judge did what?
#
# One run tells little. Below are five seeds. On each, all rows begin with the same writer, *likelihood*, and 300 steps of 64 draws follow. ORGAN's first three rows differ in λ alone (with D on, D first learns 50
# steps alone), the next in the pull. *Longer* goes on with likelihood. ORGAN's settings were tried on seed 0, three trials with D off and three with both; D's own rate was not tuned. **Predict:** with D off, how many different molecules do 2,000 draws hold, as a share?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: five seeds, D off, the objective off, both
guess = Guess.number("unique", "D off, 300 steps: how many different molecules, as a share of 2,000 draws?", 0, 1, step=0.01, near=0.08)
COLUMNS = ("unique", "qed", "sa", "alerts", "scaffolds", "diversity", "nearest")
ROWS = ("prior", "longer", "objective_off", "both", "d_off", "half")
with guess:
    print(f"{'medians':24s}", *(f"{name:>9s}" for name in COLUMNS), "seeds")
    for arm in ROWS:
        print(f"{stored['arms']['selfies'][arm]:24s}", *(f"{median(at('selfies', arm, name)):9.2f}" for name in COLUMNS), f"{len(runs_of('selfies', arm)):5d}")
    print(f"QED, all seeds: D off {spread(at('selfies', 'd_off', 'qed'))}, both {spread(at('selfies', 'both', 'qed'))}, objective off {spread(at('selfies', 'objective_off', 'qed'))}")
each = {arm: {name: at("selfies", arm, name) for name in COLUMNS} for arm in ROWS}
assert all(len(each[arm]["qed"]) == 5 for arm in ROWS[:-1]) and len(each["half"]["qed"]) == 3, "an arm has other seeds"
assert min(each["d_off"]["qed"]) > max(each["both"]["qed"]) + 0.1 and min(each["both"]["qed"]) > max(each["objective_off"]["qed"]) + 0.02, "QED follows another order"
assert 0.55 < min(each["d_off"]["unique"]) < max(each["d_off"]["unique"]) < 0.8, "with D off another share is different"
assert min(each["both"]["unique"]) > max(each["d_off"]["unique"]) + 0.05 and max(each["d_off"]["scaffolds"]) < min(each["both"]["scaffolds"]) - 0.05, "with D there is less variety"
assert max(each["d_off"]["diversity"]) < min(each["both"]["diversity"]) - 0.05 and max(each["d_off"]["alerts"]) < min(each["both"]["alerts"]), "with D off diversity or alerts are others"
alone, begun = each["objective_off"], each["prior"]
assert max(abs(a - b) for a, b in zip(alone["qed"], begun["qed"], strict=True)) < 0.02 and all(a < b for a, b in zip(alone["unique"], begun["unique"], strict=True)), "D alone moves QED, or not the copies"
assert max(abs(a - b) for name in ("qed", "unique", "diversity") for a, b in zip(each["longer"][name], begun[name], strict=True)) < 0.02, "longer likelihood changes something"
assert all(a < 0.75 * b for name in ("alerts", "sa") for a, b in zip(each["d_off"][name], begun[name], strict=True)), "with D off alerts or SA do not fall"
assert 0.4 < median(each["d_off"]["scaffolds"]) / median(begun["scaffolds"]) < 0.6, "with D off other scaffolds are left"
gain = {arm: median(each[arm]["qed"]) - median(begun["qed"]) for arm in ("both", "d_off")}
assert 0.28 < gain["both"] / gain["d_off"] < 0.38 and min(each["both"]["unique"]) > 0.885, "both gain another share"
assert min(each["half"]["qed"]) > max(each["both"]["qed"]) + 0.05 and max(each["half"]["unique"]) < min(each["both"]["unique"]), "half the objective does what D does"
assert max(each["half"]["qed"]) < min(each["d_off"]["qed"]) and min(each["half"]["unique"]) > max(each["d_off"]["unique"]), "twice the pull holds nothing back"
guess.answer(round(median(at("selfies", "d_off", "unique")), 2))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# About seven of ten.
#
# - *D off.* QED rises from 0.53 to 0.79. Variety pays for it: copies, half as many scaffolds, less diversity. Alerts and SA fall; QED counts alerts itself.
# - *Objective off.* D alone, with these settings, moves little. QED stays within 0.02, and a few more are copies on each seed.
# - *Both.* QED rises by a third of what it rises by with D off, and 89 to 97 of 100 are different.
# - *D off, twice the pull.* λ = ½ halves the objective beside the pull, too. Here only that is done, and D stays off (three seeds). QED reaches 0.72, and more are copies than with D. So it is D that holds back the rest.
# - *Longer.* The same steps of likelihood leave QED, copies and diversity as they were.
#
# </details>
#
# ## 7 · How QED is gamed
#
# Take the brakes off one by one: first D, then the pull to the prior, then the sharing by copies. The drawings are of one seed, after 300 steps.
# **Predict:** copies earn all, and nothing else holds the writer: how many of 2,000 draws are different?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Show what is drawn without brakes
from gan_edu.widgets.molecule_board.drawn import taken_apart

guess = Guess.choice("copies", "D off, no pull, and copies earn all. How many of 2,000 draws are different?", ["nearly all", "about half", "about 300", "a hundred at most"])
def sketch(ax, svg, scale=0.42):
    """One stored drawing, each as large as the others. scale: points a unit."""
    drawing = taken_apart("svg", svg)
    x, y, width, height = drawing.box
    for a, b, c, d in drawing.lines:
        ax.plot((a, c), (b, d), color=INK, linewidth=1)
    for a, b, size, letter, _ in drawing.letters:
        ax.text(a, b, letter, fontsize=scale * size, color=FAKE)
    across, down = (72 * each / scale / 2 for each in (2, 1.3))  # half of a place of 2 × 1.3 inches, in units
    ax.set(xlim=(x + width / 2 - across, x + width / 2 + across), ylim=(y + height / 2 + down, y + height / 2 - down))

gamed, ROWS = stored["gamed"], ("prior", "best", "d_off", "no_pull", "repeats")
figure, axes = subplots(len(gamed), 5, figsize=(10, 5.1))
for line, (arm, made) in zip(axes, gamed.items(), strict=True):
    line[0].set_title(stored["arms"]["selfies"][arm], loc="left", fontsize=9)
    for ax in line:
        ax.axis("off")
    for ax, each in zip(line, made.values(), strict=False):
        sketch(ax, each["svg"])
        ax.text(0.5, -0.1, f"QED {each['qed']:.2f}", transform=ax.transAxes, ha="center", fontsize=8)
rings = {arm: [run["two_rings"] for run in runs_of("selfies", arm)] for arm in ROWS}
known_rings = stored["two_rings"]["training molecules"]
with guess:
    print(f"{'':31s} {'QED':16s} {'different':16s} {'SA':16s} two benzene rings")
    for arm in ROWS:
        cells = [spread(at("selfies", arm, name)) for name in ("qed", "unique", "sa")]
        print(f"{stored['arms']['selfies'][arm]:31s}", *(f"{each:16s}" for each in cells), spread(rings[arm]))
    print(f"{'molecules learned from':82s} {known_rings:.2f}\n(rings: of the first 24 different drawings of each seed)")
of = {arm: {name: at("selfies", arm, name) for name in ("qed", "unique", "scaffolds", "sa", "nearest")} for arm in gamed}
assert max(rings["prior"]) < known_rings < 0.2 and min(*rings["d_off"], *rings["best"]) > 0.4 and 0.6 < median(rings["d_off"]) < 0.7 and min(*rings["no_pull"], *rings["repeats"]) > 0.85, "other shares have two benzene rings"
assert max(of["repeats"]["unique"]) < 0.05 and min(of["repeats"]["qed"]) > 0.85, "when copies earn all it sends others"
assert min(of["no_pull"]["qed"]) > max(of["d_off"]["qed"]) + 0.05 and min(of["no_pull"]["sa"]) > max(of["d_off"]["sa"]) + 0.3 and of["no_pull"]["sa"][0] > 2 * of["d_off"]["sa"][0], "without the pull they are as easy to make"
assert max(of["no_pull"]["nearest"]) < min(of["d_off"]["nearest"]) - 0.1, "without the pull they stay as near"
guess.answer("a hundred at most", show(figure, "Three rows of five drawings: with D off one or two benzene rings with something on them; without the pull to the prior benzene rings and cages of joined rings; where copies earn all, one frame of two benzene rings with small changes"))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# A hundred at most: 32 to 76 on three seeds. On the seed drawn here it is one frame, two benzene rings with small changes.
#
# How was it gamed? Three of QED's eight numbers are the molecule's weight, its aromatic rings and its alerts. Two benzene rings with a little something on them are what high QED has here. Of the molecules learned from a fifth have them, of the prior's hardly any; with D off, two
# thirds of the drawings do; without the pull, nearly all. So the writer found a *recipe*. (It is QED's, not REINFORCE's: who only sorts by QED, *the best of as many draws*, section 8, finds it, too.) Without the pull SA rises on each of three seeds, on the one drawn here
# to more than twice: cages of joined rings that QED does not mind.
#
# None of this is a fault of REINFORCE. It did what it was paid for.
#
# </details>

# %% [markdown]
# ## 8 · Draw more, keep the best
#
# ORGAN saw 300 × 64 = 19,200 molecules and asked for the QED of each. Do the same and learn nothing from it: draw as many from the prior, and keep the 2,000 best different ones. **Predict:** whose mean QED is higher?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: ORGAN and the best of as many draws
guess = Guess.choice("best", "Whose 2,000 molecules have the higher mean QED?", ["ORGAN's, λ = ½", "the best of 19,200 draws", "the seeds do not agree"])
with guess:
    print(f"{'':27s} {'QED':16s} {'its best 100':16s} {'diversity':16s} SA")
    for arm in ("both", "d_off", "no_pull", "best", "seen"):
        cells = [spread(at("selfies", arm, name)) for name in ("qed", "top_qed", "diversity", "sa")]
        print(f"{stored['arms']['selfies'][arm]:27s}", *(f"{each:16s}" for each in cells))
by = {arm: {name: at("selfies", arm, name) for name in ("qed", "top_qed", "diversity", "sa")} for arm in ("both", "d_off", "no_pull", "best", "seen")}
assert min(by["best"]["qed"]) > max(by["both"]["qed"]) + 0.1, "ORGAN with both is as good as the best of as many"
assert all(abs(a - b) < 0.05 for a, b in zip(by["d_off"]["qed"], by["best"]["qed"], strict=True)), "D off is not level with the best of as many"
assert min(by["best"]["diversity"]) > max(by["d_off"]["diversity"]) + 0.02 and max(by["d_off"]["sa"]) < min(by["best"]["sa"]) - 0.5, "the best of as many are less varied, or as easy to make"
assert min(by["no_pull"]["qed"]) > max(by["best"]["qed"]) + 0.05 and sum(a > b for a, b in zip(by["no_pull"]["sa"], by["best"]["sa"], strict=False)) == 2, "without the pull it is no better, or as easy to make"
assert min(by["seen"]["qed"]) > max(by["best"]["qed"]) + 0.05 and max(by["seen"]["sa"]) < min(by["best"]["sa"]) - 0.4 and max(by["seen"]["diversity"]) < min(by["best"]["diversity"]) - 0.04, "sorted as well, D off finds no more"
guess.answer("the best of 19,200 draws")

# %% [markdown]
# <details><summary>After your guess</summary>
#
# The best of as many draws, by far: 0.79 beside 0.62, higher on each seed. With D off, at this pull, ORGAN is level in QED, less varied, and easier to make. Without the pull it wins by QED, 0.86 to 0.92, and two of three seeds are harder to make.
#
# But is that fair? It sets a sorted list beside unsorted draws. The last row sorts what D off itself drew on its way: as many questions, and the 2,000 best are at 0.87, easier to make, and less varied (three seeds). So with as many questions REINFORCE finds more, in a narrower
# corner; and its writer goes on, with nothing to sort.
#
# If you want 2,000 varied molecules once, draw and sort. It is the rival to beat first.
#
# </details>

# %% [markdown]
# ## 9 · Graphs at one stroke: MolGAN
#
# A text is written one symbol after the other, so each sees what stands before it. **MolGAN** (De Cao and Kipf 2018) gives the whole graph at once: for each of A places a kind of atom or none, for each pair
# of places a kind of bond or none. G is an MLP. D must not care in which order the atoms stand. So each atom $i$ hears its neighbours $j$ along each kind of bond $k$ by its own matrix, and at the end all atoms are summed (a **relational graph
# convolution**, 关系图卷积, after Schlichtkrull et al. 2018, who take means; D's last sum lets each atom say how much it counts):
#
# $$h'_i = W_0\,h_i + \sum_k \sum_j \text{bond}_{ijk}\, W_k\, h_j$$

# %%
from gan_edu.molecules import GraphForm, GraphReader, GraphWriter, relational_step

def relational(h, bonds, own, by_bond):
    """The formula: h (N, A, K), bonds (N, A, A, B), kind 0 is no bond."""
    heard = torch.einsum("nijk,klm,njm->nil", bonds[..., 1:], by_bond, h)
    return h @ own.T + heard

torch.manual_seed(0)
form = GraphForm(atoms=10, kinds=12, bonds=4)                   # kind 0: none
write, D = GraphWriter(form), GraphReader(form).double()
graph = write(torch.rand(1, write.latent_dim) * 2 - 1)
nodes, bonds = form.parts(graph)                                # (1, 10, 12), (1, 10, 10, 4)
own, by_bond = torch.randn(5, 12), torch.randn(3, 5, 12)
h = relational(nodes, bonds, own, by_bond)
same = relational_step(nodes, bonds, own, by_bond)              # the module's
assert torch.allclose(h, same, atol=1e-5), "the module differs"

# %%
order = torch.randperm(10)                                      # the same, renumbered
turned = form.packed(nodes[:, order], bonds[:, order][:, :, order])
mixed = form.packed(nodes[:, order], bonds)                     # atoms moved, bonds not
apart = [(D(graph.double()) - D(x.double())).abs().item() for x in (turned, mixed)]
print(f"D's logits: renumbered {apart[0]:.0e} apart, another molecule {apart[1]:.2f}")
assert apart[0] < 1e-12 < 1e-3 < apart[1], "D cares for the order, or for nothing"

# %% [markdown]
# What D sees are shares of kinds (softmax), or draws with a made-up slope (Gumbel-softmax, chapter 14). Both are trained as a WGAN-GP on 1,187 molecules of at most 12 atoms; 423 are
# held out. (Of at most 9, as in the paper, the whole list has only 646.) **Predict:** how many different molecules does the softmax write, as a share of its valid ones?

# %% jupyter={"source_hidden": true} cellView="form"
# @title Numbers: MolGAN, five seeds
guess = Guess.number("molgan", "MolGAN by softmax: how many different ones, as a share of its valid molecules?", 0, 1, step=0.01, near=0.06)
graphs = measured("molecule_graphs")

def of_graphs(arm, name):
    """A score of each seed."""
    return [run["scores"][name] for run in sorted(graphs["runs"], key=lambda run: run["seed"]) if run["arm"] == arm]

with guess:
    print(f"{'':25s} {'valid':16s} {'unique':16s} {'different':14s} broken valence, in pieces")
    for arm in ("softmax", "gumbel"):
        cells = [spread(of_graphs(arm, name)) for name in ("valid", "unique")]
        broken = [f"{median(of_graphs(arm, name)):.2f}" for name in ("valence", "pieces")]
        print(f"{graphs['arms']['graphs'][arm]:25s}", *(f"{each:16s}" for each in cells), f"{spread(of_graphs(arm, 'different'), '.0f'):14s}", *broken)
    for name, row in graphs["floors"]["graphs"].items():
        print(f"{name:25s} {row['valid']:<16.3g} {row['unique']:<16.3g} {row['different']:<14d} {row['valence']:.2f} {row['pieces']:.2f}")
shares = {arm: {name: of_graphs(arm, name) for name in ("valid", "unique", "commonest", "valence", "pieces", "different")} for arm in ("softmax", "gumbel")}
assert all(len(each["valid"]) == 5 for each in shares.values()) and graphs["learned"] == 1187 and graphs["floors"]["graphs"]["held-out molecules"]["different"] == 423, "other seeds, or other data"
assert max(shares["softmax"]["unique"]) < 0.25 and 0.1 < median(shares["softmax"]["commonest"]) < 0.2 and max(shares["softmax"]["different"]) < 150, "the softmax writes more molecules"
assert min(shares["gumbel"]["unique"]) > max(shares["softmax"]["unique"]) + 0.1 and median(shares["gumbel"]["unique"]) > 0.9, "Gumbel draws are as much alike"
assert sum(each > 0.6 for each in shares["gumbel"]["unique"]) == 4 and 270 < median(shares["gumbel"]["different"]) < 310, "Gumbel draws hold other molecules"
assert median(shares["gumbel"]["valid"]) < 0.2 < 0.3 < median(shares["softmax"]["valid"]) < 0.4 and max(*shares["gumbel"]["valid"], *shares["softmax"]["valid"]) < min(at("smiles", "prior", "valid")), "other shares are valid"
assert max(row["valid"] for name, row in graphs["floors"]["graphs"].items() if name.startswith("frequencies")) < 0.03 < min(shares["gumbel"]["valid"]), "chance is as often valid"
guess.answer(round(median(of_graphs("softmax", "unique")), 2))

# %% [markdown]
# <details><summary>After your guess</summary>
#
# A sixth. 2,000 draws of the softmax hold about a hundred molecules (54 to 129), and one of seven valid ones is the same. That is mode collapse ([chapter 08](08_mode_collapse.ipynb)); De Cao and Kipf say it of their own
# MolGAN. By Gumbel draws fewer are valid, 15 %, but on four of five seeds most of these differ, and there are about 290 molecules. Random graphs with the data's frequencies (all places alike, or each its own) are valid in 3 of 100 cases at most. In both ways valences break and graphs fall into pieces; we did not test
# why. It is no law of graphs: De Cao and Kipf report nearly all valid, from 134,000 molecules, with a reward for it.
#
# (400 steps, 23 seconds of computing. On seed 0 Gumbel draws had seven trials and softmax two; both have the settings of the former.)
#
# </details>

# %% [markdown]
# ## 10 · Novel is not useful
#
# Renz et al. (2020) made a "generator" of one line: take a known molecule and put a carbon atom somewhere into its SMILES, until it can be read and is new. **Predict:** how does it score?

# %%
# needs rdkit, selfies
from random import Random

from gan_edu.molecules import novel, properties, unique

draw, known = Random(0), set(learned) | set(held_out)

def with_carbon(smiles):
    """A new molecule: a known one with a carbon atom put in at a random place."""
    places = draw.sample(range(len(smiles) + 1), len(smiles) + 1)
    for k in places:
        each = canonical(smiles[:k] + "C" + smiles[k:])
        if each and each not in known:
            return each

made = [with_carbon(each) for each in draw.choices(learned, k=200)]

# %% tags=["nbval-skip"]
# needs rdkit, selfies
found = [each for each in made if each]
print(f"valid {valid(made):.2f}, unique {unique(made):.2f},",
      f"novel {novel(made, learned):.2f}")
print(f"QED {fmean(map(qed, found)):.2f}, of the data {data['qed']:.2f}")
print(f"SA {fmean(properties(each).sa for each in found):.2f}, of the data {data['sa']:.2f}")
assert min(valid(made), unique(made), novel(made, learned)) > 0.95, "a carbon scores worse"

# %% [markdown]
# All three shares say "perfect", and QED is that of the data. All its chemistry is rdkit's check. (SA is not the data's.)
#
# What would a chemist ask of a list of molecules?
#
# 1. *Can it be made?* SA is a guess from fragments. Gao and Coley (2020) asked a program that plans syntheses: for several objectives it found no way to make many of the
#    molecules that generators proposed, though they scored well. (It does not find each way: of known molecules it finds one for 57 to 89 %.)
# 2. *Does it do anything?* QED knows no disease. What counts is whether a molecule binds to one protein and not to others: by simulation, then in a test tube.
# 3. *How many did you have to try?* A measurement costs days and money. Gao et al. (2022) gave 25 methods 10,000 questions each, on 23 objectives: most newer methods did not beat older ones. They call QED too easy
#    an objective.
# 4. *Is it safe, does it dissolve, who owns it?* Nothing here asks that.
#
# Two rivals that lasted have no D: writers like section 4's, with a policy gradient and a prior (Olivecrona et al. 2017, REINVENT), and searches that cross and change molecules without any
# network (Jensen 2019, on graphs).
#
# <details><summary>Common misreading: "99 % valid, 99 % novel, so it found new drugs"</summary>
#
# Noise in SELFIES has both, an added carbon atom, too. A drug is what is tested for years after somebody *chose* it, made it, and it worked.
#
# </details>
#
# <details><summary>Common misreading: "the objective rose, so the molecules got better"</summary>
#
# They got better *by the objective*. Look at what was not in it: variety, alerts, scaffolds. What is measured is what you get, and all else may be sold for it.
#
# </details>

# %% [markdown]
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason. None needs rdkit.
#
# ### 1 · Three shares (10 minutes, easy)
# Write `shares(made, learned)`, which returns valid, unique and novel. `made` is a list of canonical SMILES, with None where a text is no molecule. Where nothing is a
# molecule, all three are 0.

# %%
from gan_edu.exercises import molecules as exercises

def shares(made, learned):
    return ...

exercises.own_shares(shares)

# %% [markdown]
# <details><summary>Hint</summary>
#
# First a list without None, then a set of it. Each share has another number below the line.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import molecules as exercises
#
# def shares(made, learned):
#     found = [each for each in made if each is not None]
#     if not found:
#         return 0.0, 0.0, 0.0
#     kinds = set(found)
#     new = kinds - set(learned)
#     return len(found) / len(made), len(kinds) / len(found), len(new) / len(kinds)
#
# exercises.own_shares(shares)
# ```
#
# </details>
#
# ### 2 · Tanimoto similarity (10 minutes, easy)
# Write `tanimoto(a, b)` of two fingerprints, tensors (K,) of True and False: $|a \cap b| / |a \cup b|$.

# %%
from gan_edu.exercises import molecules as exercises

def tanimoto(a, b):
    return ...

exercises.own_tanimoto(tanimoto)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `a & b` and `a | b`, and then how many are True.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import molecules as exercises
#
# def tanimoto(a, b):
#     return (a & b).sum() / (a | b).sum()
#
# exercises.own_tanimoto(tanimoto)
# ```
#
# </details>
#
# ### 3 · Copies share (15 minutes, medium)
# Write `shared(values, molecules)`: each value divided by how often its molecule stands in the list. `values` is (N,); `molecules` are N SMILES, or None; count None like a molecule.

# %%
from gan_edu.exercises import molecules as exercises

def shared(values, molecules):
    return ...

exercises.own_shared(shared)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `collections.Counter` counts a list. Make a tensor of the counts, one for each text.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from collections import Counter
#
# from gan_edu.exercises import molecules as exercises
#
# def shared(values, molecules):
#     counts = Counter(molecules)
#     return values / values.new_tensor([counts[each] for each in molecules])
#
# exercises.own_shared(shared)
# ```
#
# </details>
#
# ### 4 · The pull to the prior (15 minutes, medium)
# Write `to_go(reward, gap, pull)`: $Q_t = R - β \sum_{s \ge t} \text{gap}_s$. `reward` is (N,), `gap` is (N, T): $\log p - \log p_0$ of each symbol. Return (N, T).

# %%
from gan_edu.exercises import molecules as exercises

def to_go(reward, gap, pull):
    return ...

exercises.own_to_go(to_go)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `cumsum` sums from the front. Turn the places round with `flip(1)`, before and after.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import molecules as exercises
#
# def to_go(reward, gap, pull):
#     ahead = gap.flip(1).cumsum(1).flip(1)
#     return reward[:, None] - pull * ahead
#
# exercises.own_to_go(to_go)
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
# - SELFIES makes each text a molecule, SMILES leaves that to learning, and what SMILES keeps is nearer to the data. Valid and novel are had by noise, too.
# - An objective needs no slope: ORGAN pays a writer by D and by QED, by REINFORCE, with copies that share and a pull to the prior.
# - On five seeds: with D off QED rises most, and variety pays for it. D holds that back, and alone moves little.
# - What is paid for is what comes: two benzene rings; without the pull more that is hard to make; where copies earn all, a few dozen molecules again and again.
# - Draw as many from the prior and keep the best: a rival that learns nothing from QED beats λ = ½, and is level with D off at this pull. Sorted as well, what D off drew is better, and less varied.
# - Our graphs at one stroke, in 400 steps, collapse (softmax), or mostly break (Gumbel draws).
# - Novel is not useful. Ask whether it can be made, what it binds to, and how many had to be tried.
#
# **Read.**
#
# - Texts and graphs: Weininger (1988), SMILES. Krenn et al. (2020), SELFIES, arXiv 1905.13741. Skinnider (2024), "Invalid SMILES are beneficial rather than detrimental to chemical language models", Nature Machine Intelligence 6. De Cao and Kipf (2018), MolGAN, arXiv 1805.11973.
# - An objective: Guimaraes et al. (2017), ORGAN, arXiv 1705.10843. Olivecrona et al. (2017), REINVENT, arXiv 1704.07555. Jensen (2019), a genetic algorithm on
#   graphs, Chemical Science 10.
# - Scores: Bickerton et al. (2012), QED, Nature Chemistry 4. Ertl and Schuffenhauer (2009), SA. Brenk et al. (2008), alerts. Brown et al. (2019), GuacaMol, arXiv
#   1811.09621. Polykovskiy et al. (2020), MOSES, arXiv 1811.12823.
# - What scores miss: Renz et al. (2020), "On failure modes in molecule generation and optimization". Gao and Coley (2020), arXiv 2002.07007. Gao et al. (2022), PMO, arXiv
#   2206.12411.
#
# **Next.** Part IV goes on with simulated markets.
#
# <!-- near -->
# ← [15 translation](15_translation.ipynb) · [all chapters](00_start_here.ipynb#The-map) · [17 finance](17_finance.ipynb) →
# <!-- /near -->
