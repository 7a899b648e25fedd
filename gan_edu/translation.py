"""Translation without a dictionary: ciphers, lexicons, a GAN after likelihood. Belongs to 15_translation.

    hidden = substituted(letters(text), key)                       nobody says the key
    G, D = Decipher(), Critic()                                    G: 27 × 27 logits; D: is this English?
    g_optimizer = SGD(G.parameters(), 2.0, 0.9)                    a symbol moves the more the commoner it is
    gan = GAN(G, D, 0, wasserstein, g_optimizer, d_steps=5, d_penalties=[wgan_gp(10.0)])
    train(gan, unpaired(plain, windows(hidden, 60)), steps)        G(condition): cipher text → text

    G = Rotation(100)                                              English vectors → Spanish vectors
    gan = GAN(G, Unconditional(mlp([100, 256, 1])), 0, after_step=[upright()])

In both the batch's condition is what G translates, and the samples are texts of the other kind: D never sees which
belongs to which, as nothing does. Gomez et al. (2018), "Unsupervised cipher cracking using discrete GANs", arXiv
1801.04883 (CipherGAN); Jang et al. (2017), "Categorical reparameterization with Gumbel-softmax", arXiv 1611.01144;
Conneau et al. (2018), "Word translation without parallel data", arXiv 1710.04087. What is measured of words is in
`core.measures.lexicons`, ciphers are in `core.data.ciphers`, the translator of sentences in `core.training.translator`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from gan_edu.core.data.batches import Batches
from gan_edu.core.data.ciphers import (
    ALPHABET,
    SYMBOLS,
    by_frequency,
    letters,
    new_key,
    spelled,
    substituted,
    undone,
    vigenere,
    windows,
)
from gan_edu.core.data.running_text import counted, running_text
from gan_edu.core.measures.lexicons import (
    csls,
    each_others_best,
    embedded_words,
    precision,
    procrustes,
    refined,
    spelled_alike,
    test_lexicon,
    wilson,
)
from gan_edu.core.safety.checked import integer, kind, one_of, real
from gan_edu.core.training import pieces
from gan_edu.core.training.contract import Logits
from gan_edu.core.training.cycle import cycling
from gan_edu.core.training.networks import MOST_UNITS
from gan_edu.core.training.tensors import NUMBERS, tensor
from gan_edu.losses import wasserstein
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import CosineDecay, wgan_gp

__all__ = [
    "ALPHABET",
    "Critic",
    "Decipher",
    "Read",
    "Rotation",
    "SYMBOLS",
    "Unconditional",
    "broken",
    "by_frequency",
    "counted",
    "csls",
    "cycling",
    "each_others_best",
    "embedded_words",
    "letters",
    "new_key",
    "precision",
    "procrustes",
    "read",
    "refined",
    "running_text",
    "sinkhorn",
    "spelled",
    "spelled_alike",
    "straight_through",
    "substituted",
    "test_lexicon",
    "undone",
    "unpaired",
    "upright",
    "vigenere",
    "wilson",
    "windows",
]
WAYS = ("gumbel", "softmax", "sinkhorn")
PART, LINE = 360_000, 60  # symbols of each half that `broken` learns from, and of a line


def unpaired(samples: Tensor, conditions: Tensor, batch_size: int = 32, seed: int = 0) -> Batches:
    """Batches (samples, conditions) that do not belong together: the conditions are dealt out anew, by this seed.

    samples, conditions: (N, …), (M, …); the longer of the two is cut. Raises ValueError as `Batches` does.
    """
    samples, conditions = tensor("samples", samples, NUMBERS), tensor("conditions", conditions, NUMBERS)
    count = min(len(samples), len(conditions))
    stream = torch.Generator().manual_seed(integer("seed", seed))
    dealt = torch.randperm(count, generator=stream).to(conditions.device)
    return Batches(samples[:count], batch_size, seed, conditions=conditions[:count][dealt])


class Unconditional(nn.Module):
    """A discriminator that is handed the condition and does not look: D(x, condition) = network(x)."""

    def __init__(self, network: nn.Module):
        super().__init__()
        pieces.network("network", network)
        self.network = network

    def forward(self, x: Tensor, condition: Tensor | None = None) -> Logits:
        return self.network(x)


# ------------------------------------------------------------------ ciphers


def straight_through(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """One-hot rows of the largest logits (…, K), with the gradient of softmax(logits / τ).

    What is seen is a choice, what is learned from is smooth. Of logits with Gumbel noise it is a sample of their
    softmax. τ = temperature > 0. Bengio et al. (2013), arXiv 1308.3432; with the noise
    Jang et al. (2017), arXiv 1611.01144, section 2.2.
    """
    soft = (logits / real("temperature", temperature, above=0)).softmax(-1)
    hard = torch.zeros_like(soft).scatter_(-1, logits.argmax(-1, keepdim=True), 1.0)
    return hard + (soft - soft.detach())


def gumbel(like: Tensor) -> Tensor:
    """g = −log(−log u), u ~ U(0, 1), in the shape of `like`: argmax(logits + g) is a sample of softmax(logits)."""
    return -torch.log(-torch.rand_like(like).clamp(1e-9, 1 - 1e-6).log())


def sinkhorn(logits: Tensor, rounds: int = 20) -> Tensor:
    """exp(logits), scaled by rows and columns in turn until all add up to 1, nearly: (…, K, K) → the same, > 0.

    rounds ≥ 1; the columns come last. Sinkhorn (1964); Mena et al. (2018), arXiv 1802.08665, let networks learn so.
    """
    for _ in range(integer("rounds", rounds, 1, 10_000)):
        logits = logits - logits.logsumexp(-1, keepdim=True)
        logits = logits - logits.logsumexp(-2, keepdim=True)
    return logits.exp()


class Decipher(nn.Module):
    """G: cipher text (N, 27, L), 1 where a symbol stands → text (N, 27, L). What it learns are logits (period, 27, 27).

    Row c holds what cipher symbol c may stand for; of place l it is matrix l mod period. way: "gumbel", one hard
    sample of the matrix for each sequence; "softmax" and "sinkhorn", soft rows. In eval mode each symbol stands for
    the one with the largest logit. Raises ValueError for a period outside 1 … 27, a temperature that is not above 0,
    and text whose length is no multiple of the period.
    """

    def __init__(self, period: int = 1, way: str = "gumbel", temperature: float = 1.0):
        super().__init__()
        self.period, self.way = integer("period", period, 1, SYMBOLS), one_of("way", way, WAYS)
        self.temperature = real("temperature", temperature, above=0)
        self.logits = nn.Parameter(0.01 * torch.randn(self.period, SYMBOLS, SYMBOLS))

    def forward(self, hidden: Tensor) -> Tensor:
        hidden = _texts(hidden, self.period)
        count = len(hidden)
        turns = hidden.view(count, SYMBOLS, -1, self.period)  # (N, 27, L / p, p)
        return torch.einsum("ncip,npct->ntip", turns, self._matrices(count)).reshape(hidden.shape)

    def _matrices(self, count: int) -> Tensor:
        """(N, p, 27, 27), rows that add up to 1."""
        logits = self.logits.expand(count, -1, -1, -1)
        if not self.training:
            return straight_through(logits, self.temperature)
        if self.way == "gumbel":
            return straight_through(logits + gumbel(logits), self.temperature)
        soft = self.logits / self.temperature
        rows = soft.softmax(-1) if self.way == "softmax" else sinkhorn(soft)
        return rows.expand(count, -1, -1, -1)

    @property
    def sure(self) -> Tensor:
        """softmax(logits), (period, 27, 27): how often each reading is drawn."""
        return self.logits.detach().softmax(-1)

    @property
    def reading(self) -> Tensor:
        """What each cipher symbol stands for, (period, 27)."""
        return self.logits.detach().argmax(-1)


class Critic(nn.Module):
    """D: text (N, 27, L) → one number (N, 1), D(x) = √L · mean over l of f(x_l, …, x_{l + reach − 1}).

    f is a network of one hidden layer, of `width` units: what a few symbols in a row are worth. With √L the norm of
    D's slope is about that of f's, however long the text is. The condition is not looked at. Raises ValueError for
    texts shorter than `reach`.
    """

    def __init__(self, width: int = 64, reach: int = 3):
        super().__init__()
        width, self.reach = integer("width", width, 1, 10_000), integer("reach", reach, 1, 30)
        self.one, self.out = nn.Linear(SYMBOLS * self.reach, width), nn.Linear(width, 1)

    def forward(self, x: Tensor, condition: Tensor | None = None) -> Tensor:
        places = x.shape[-1] - self.reach + 1
        if places < 1:
            raise ValueError(f"text must have at least reach = {self.reach} symbols, got {x.shape[-1]}")
        symbols = x.mT  # (N, L, 27)
        rows = torch.cat([symbols[:, k : k + places] for k in range(self.reach)], 2)  # (N, L − reach + 1, 27 reach)
        worth = leaky_relu(self.one(rows), 0.2).mean(1)  # (N, width)
        return x.shape[-1] ** 0.5 * self.out(worth)  # (N, 1)


class Read(NamedTuple):
    """Shares that are right, in [0, 1]. tokens: of the symbols of a text. types: of the 27 · period readings."""

    tokens: float
    types: float


def read(decipher: Decipher, hidden: Tensor, text: Tensor) -> Read:
    """How much of a cipher text a generator reads rightly. hidden, text: symbols (L,), of which text is the truth.

    Types count readings of symbols that occur. Raises ValueError for texts of two lengths.
    """
    period = kind("decipher", decipher, Decipher).period
    if hidden.shape != text.shape:
        raise ValueError(f"hidden and text must be one text, got {tuple(hidden.shape)} and {tuple(text.shape)}")
    place = torch.arange(len(hidden), device=hidden.device) % period
    right = decipher.reading[place, hidden] == text  # (L,)
    kinds = torch.unique(torch.stack([place, hidden, right.long()]), dim=1)[2]
    return Read(right.double().mean().item(), kinds.double().mean().item())


def broken(key: Tensor, steps: int = 500, seed: int = 0) -> Iterator[tuple[int, Tensor]]:
    """Break a key, (27,), while it is gone through: (step, how sure G is, (27, 27)), about 60 times.

    Two halves of English are at hand, which share no chapter; one is enciphered by the key, and nothing else is asked
    of it. steps ≥ 1. Raises ValueError for what is no key.
    """
    steps, seed = integer("steps", steps, 1), integer("seed", seed)
    text = letters(" ".join(running_text("en")))
    hidden = substituted(text[-PART:], key)
    torch.manual_seed(seed)
    G, D = Decipher(), Critic()
    yield 0, G.sure[0]
    optimizers = torch.optim.SGD(G.parameters(), 2.0, 0.9), adam(D, 3e-3, (0.5, 0.9))
    penalties, falling = [wgan_gp(10.0)], [CosineDecay(steps)]
    gan = GAN(G, D, 0, wasserstein, *optimizers, d_steps=5, d_penalties=penalties, after_step=falling, seed=seed)
    for record in train(gan, unpaired(windows(text[:PART], LINE), windows(hidden, LINE), seed=seed), steps):
        if record.step % max(1, steps // 60) == 0 or record.step == steps:
            yield record.step, G.sure[0]


# ------------------------------------------------------------------ words


class Rotation(nn.Module):
    """G: vectors of one language (N, size) → of the other, x W; W (size, size) begins as the identity."""

    def __init__(self, size: int):
        super().__init__()
        self.weight = nn.Parameter(torch.eye(integer("size", size, 1, MOST_UNITS)))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weight


def upright(beta: float = 0.01) -> Callable[[GAN], None]:
    """A hook of `after_step`: W ← (1 + β) W − β W Wᵀ W, which draws W's singular values to 1.

    Conneau et al. (2018), arXiv 1710.04087, equation 7. 0 ≤ β ≤ 0.5. Raises TypeError where G is no `Rotation`.
    """
    beta = real("beta", beta, 0, 0.5)

    @torch.no_grad()
    def after(gan: GAN) -> None:
        weight = kind("the generator", gan.generator, Rotation).weight
        weight.copy_((1 + beta) * weight - beta * weight @ weight.T @ weight)

    return after


def _texts(hidden: Tensor, period: int) -> Tensor:
    hidden = tensor("hidden", hidden, NUMBERS)
    if hidden.ndim != 3 or hidden.shape[1] != SYMBOLS or not hidden.shape[2] or hidden.shape[2] % period:
        raise ValueError(
            f"cipher text must be (N, {SYMBOLS}, L), L a multiple of {period}, as windows(text, L) gives it, got "
            f"{tuple(hidden.shape)}"
        )
    return hidden
