"""Molecules with an objective: a writer of SELFIES or SMILES, a reader of them, and QED. Belongs to 16_molecules.

    learned, _ = split(nci())
    batches = Batches(SELFIES.alphabet.encode([SELFIES.written(each) for each in learned]), 64)
    G, D = Writer(SELFIES.alphabet), Reader(SELFIES.alphabet)
    gan = GAN(G, D, G.latent_dim, latent="uniform")
    train(gan, batches, steps, step=likelihood())                  as in chapter 14: the next symbol
    prior = copied(G)                                              what G knows of molecules, before it wants anything
    step = organ(drug_like(SELFIES), share=0.5, prior=prior, pull=0.02, same=SELFIES.molecule_of)
    train(gan, batches, steps, step=step)
    organ(drug_like(SELFIES), share=0.0, …)                        D off; share=1: the objective off

ORGAN is REINFORCE, as in chapter 14. Its reward has two parts: D says how like the data a molecule is; a function that
nobody can differentiate says what it is worth. Guimaraes et al. (2017), "Objective-reinforced generative adversarial
networks (ORGAN) for sequence generation models", arXiv 1705.10843; Olivecrona et al. (2017), "Molecular de novo design
through deep reinforcement learning", arXiv 1704.07555 (a prior that is kept near); Krenn et al. (2020), arXiv
1905.13741 (SELFIES). Molecules are read in `core.data.molecules` and scored in `core.measures.molecule_scores`; both
need rdkit and selfies. Training with an objective of one's own does not.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

import torch
from torch import Tensor

from gan_edu.core.data.molecules import SELFIES, SMILES, Writing, canonical, molecule, nci
from gan_edu.core.data.texts import Alphabet, split
from gan_edu.core.measures.molecule_scores import (
    Known,
    alerts,
    diversity,
    nearest,
    novel,
    properties,
    qed,
    scaffold,
    unique,
    valid,
)
from gan_edu.core.safety.checked import function, integer, kind, real, several
from gan_edu.core.training.contract import GAN, Batches, Record
from gan_edu.core.training.graphs import GraphForm, GraphReader, GraphWriter, relational_step
from gan_edu.core.training.pieces import first, type_name
from gan_edu.core.training.sequences import Reader, Writer, alive
from gan_edu.core.training.step import draw, learn, loss_of_d, noise, one_step
from gan_edu.core.training.step_checks import drawn, judged
from gan_edu.core.training.tensors import tensor
from gan_edu.text import likelihood

__all__ = [
    "SELFIES",
    "SMILES",
    "GraphForm",
    "GraphReader",
    "GraphWriter",
    "Known",
    "Reader",
    "Writer",
    "Writing",
    "alerts",
    "canonical",
    "copied",
    "diversity",
    "divided",
    "drug_like",
    "likelihood",
    "molecule",
    "nci",
    "nearest",
    "novel",
    "organ",
    "properties",
    "qed",
    "random_walk",
    "relational_step",
    "scaffold",
    "split",
    "unique",
    "valid",
]
Objective = Callable[[list[str]], Sequence[float]]  # texts → what each is worth, 0 to 1
MOST_KEPT = 200_000  # molecules whose worth is kept in mind


# ------------------------------------------------------------------ what is wanted


def drug_like(writing: Writing, score: Callable[[str | None], float] = qed) -> Objective:
    """An objective: texts in a writing → the score of the molecule of each, computed once.

    score: canonical SMILES, or None for what is no molecule → 0 to 1.
    """
    function("score", score, "canonical SMILES or None → 0 to 1")
    read = kind("writing", writing, Writing).molecule_of
    worth = lru_cache(MOST_KEPT)(lambda each: score(read(each)))
    return lambda texts: [worth(each) for each in texts]


def divided(values: Tensor, texts: Sequence[str], same: Callable[[str], str | None] | None = None) -> Tensor:
    """Each text's value (N,), divided by how often it comes among them: who writes one molecule N times earns once.

    same: a text → what it stands for, as two texts can be one molecule; None where it stands for nothing but itself.
    Guimaraes et al. (2017), section 3.
    """
    if (shape := tuple(tensor("values", values).shape)) != (len(texts),):
        raise ValueError(f"values must be ({len(texts)},), one a text, got {shape}")
    if same is not None:
        function("same", same, "a text → what it stands for")
    keys = [(same and same(each)) or each for each in texts]
    counts = Counter(keys)
    return values / values.new_tensor([counts[key] for key in keys])


def copied(G: Writer) -> Writer:
    """A copy of a writer that does not learn."""
    return copy.deepcopy(kind("G", G, Writer)).requires_grad_(False)


# ------------------------------------------------------------------ the step


def organ(
    objective: Callable[[list[str]], Sequence[float]] | None,
    share: float = 0.5,
    prior: Writer | None = None,
    pull: float = 0.0,
    same: Callable[[str], str | None] | None = None,
) -> Callable[[GAN, Batches], Record]:
    """A step for `train`: D learns `d_steps` times from real texts and drawn ones, then G by REINFORCE.

        R(x) = (λ σ(D(x)) + (1 − λ) O(x)) / (how often x is in the batch)
        J = E[R(x)] − β KL(G ‖ prior),      KL = E[log p(x) − log p₀(x)]
        ∇J = E[Σ_t (Q_t − b_t) ∇ log p(x_t | x_1 … x_(t−1))],   Q_t = R(x) − β Σ_(s ≥ t) log (p/p₀)(x_s | x_1 … x_(s−1))

    objective: O, texts → what each is worth, 0 to 1; None where share is 1. share: λ, 0 to 1; with 0 D is off: it is
    not asked, does not learn, and may be None. prior, pull: G₀ and β ≥ 0. same: of `divided`. b_t: the batch's mean
    Q_t. A text's reward comes when it is whole: no rollouts, each of which would need its own O. Records hold the mean
    reward, and of what it is made: "judged", "objective", and "kl" in nats a text. Raises ValueError for numbers out of
    range, and for an objective that returns anything but a finite number from 0 to 1 for each text.
    """
    share, pull = _checked(objective, share, prior, pull, same)

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        G = _writer(gan, prior)
        values: dict[str, Tensor] = {}
        for _ in range(gan.d_steps if share else 0):
            pair = draw(gan, batches, graph=False)
            d = loss_of_d(gan, pair)
            learn(gan, "discriminator", d.loss, *d.logits)
            real_logits, fake_logits = (first(each) for each in d.logits)
            values = {"d_loss": d.loss, "real_logits": real_logits, "fake_logits": fake_logits, **d.penalties}
        real_texts = pair.real if share else drawn(batches)[0]
        for _ in range(gan.g_steps):
            x = G(noise(gan, real_texts))
            parts = mixed_rewards(gan, x, objective, share, same)
            log_p, on = G.log_probability(x), alive(x)  # (N, T)
            gap = torch.zeros_like(log_p) if prior is None else _gap(log_p, prior, x)
            value = parts["reward"][:, None] - pull * gap.flip(1).cumsum(1).flip(1)  # (N, T): what is still to come
            base = (value * on).sum(0) / on.sum(0).clamp(min=1)  # (T,)
            loss = -((value - base) * log_p).sum(1).mean()
            learn(gan, "generator", loss)
        values |= {name: each.mean() for name, each in parts.items()}
        return {"g_loss": loss, **values, **({} if prior is None else {"kl": gap.sum(1).mean()})}

    return step


def _checked(
    objective: Objective | None,
    share: float,
    prior: Writer | None,
    pull: float,
    same: Callable[[str], str | None] | None,
) -> tuple[float, float]:
    """share and pull, once all that `organ` takes has been looked at."""
    share, pull = real("share", share, 0, 1), real("pull", pull, 0)
    if share < 1 or objective is not None:
        function("objective", objective, "texts → what each is worth, 0 to 1")
    if same is not None:
        function("same", same, "a text → what it stands for")
    if pull and prior is None:
        raise ValueError("a pull needs a prior to pull to: hand over copied(G), taken before the first of these steps")
    if prior is not None:
        kind("prior", prior, Writer)
    return share, pull


@torch.no_grad()
def mixed_rewards(
    gan: GAN, x: Tensor, objective: Objective | None, share: float, same: Callable[[str], str | None] | None
) -> dict[str, Tensor]:
    """Of drawn texts (N, T, V): "reward" (N,), and its parts before they are mixed and divided."""
    texts, found = _writer(gan).alphabet.decode(x), dict[str, Tensor]()
    mixed = x.new_zeros(len(x))
    if share:
        found["judged"] = first(judged(gan.discriminator, x)).sigmoid()[:, 0]
        mixed = mixed + share * found["judged"]
    if share < 1 and objective is not None:
        worth = several("objective(texts)", objective(texts), lambda name, each: real(name, each, 0, 1), len(texts))
        found["objective"] = x.new_tensor(worth)
        mixed = mixed + (1 - share) * found["objective"]
    return {"reward": divided(mixed, texts, same), **found}


@torch.no_grad()
def _gap(log_p: Tensor, prior: Writer, x: Tensor) -> Tensor:
    """log p − log p₀ of each drawn symbol, (N, T)."""
    return log_p.detach() - prior.log_probability(x)


def _writer(gan: GAN, prior: Writer | None = None) -> Writer:
    if not isinstance(gan.generator, Writer):
        raise TypeError(f"the generator must be a gan_edu.text.Writer, which draws, got {type_name(gan.generator)}")
    if prior is gan.generator:
        raise ValueError("the prior is the generator itself, which learns: hand over copied(G)")
    if prior is not None and prior.alphabet != gan.generator.alphabet:
        raise ValueError("the prior writes in another alphabet than the generator")
    return gan.generator


# ------------------------------------------------------------------ what needs no network


def random_walk(alphabet: Alphabet, lengths: Sequence[int], seed: int = 0) -> list[str]:
    """One text for each length, of symbols that are drawn evenly. In SELFIES each with an atom is a molecule.

    lengths: 1 to the alphabet's places.
    """
    symbols = kind("alphabet", alphabet, Alphabet).symbols
    stream = random.Random(integer("seed", seed))
    counts = several("lengths", lengths, lambda name, each: integer(name, each, 1, alphabet.length))
    return ["".join(stream.choices(symbols, k=count)) for count in counts]
