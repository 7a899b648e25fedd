"""A small translator of sentences, and two ways to go on teaching it: by likelihood, or by a discriminator's verdict.

    G, D = Translator(len(english), len(french)), SentenceCritic(len(english), len(french))
    train(GAN(G, None, 0), pairs, steps, step=by_likelihood())            max log p(y | x)
    train(GAN(G, D, 0), pairs, steps, step=by_verdict())                  E over sentences of its own of D's verdict

A sampled word has no gradient: L_G = −E[(R − b) log p(y | x)], R = D's probability of "a human's", b the mean of the
batch. Bahdanau et al. (2015), arXiv 1409.0473, with the dot product of Luong et al. (2015), arXiv 1508.04025; Williams
(1992) (REINFORCE); Yu et al. (2017), "SeqGAN", arXiv 1609.05473; Wu et al. (2018), "Adversarial neural machine
translation", arXiv 1704.06933; Yang et al. (2018), "BR-CSGAN", arXiv 1703.04887. Notebook 15_translation.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from gan_edu.core.safety.checked import integer, kind, real
from gan_edu.core.training import pieces
from gan_edu.core.training.contract import GAN, Batches, Record
from gan_edu.core.training.networks import MOST_UNITS
from gan_edu.core.training.step import Values, learn, one_step
from gan_edu.core.training.step_checks import drawn, judged, value_of
from gan_edu.core.training.streams import looking

PAD, START, END = 0, 1, 2  # symbols of every vocabulary: nothing, before the first, after the last


class Translator(nn.Module):
    """G: source (N, S), symbols → target (N, T). A GRU reads, a GRU writes and looks back at each word it read.

    sizes: symbols of both vocabularies. Raises ValueError for sizes below 4, units below 1, or most below 1.
    """

    def __init__(self, source: int, target: int, units: int = 64, most: int = 24):
        super().__init__()
        source, target = integer("source", source, 4, MOST_UNITS), integer("target", target, 4, MOST_UNITS)
        units, self.most = integer("units", units, 1, MOST_UNITS), integer("most", most, 1, 1000)
        self.read, self.written = nn.Embedding(source, units), nn.Embedding(target, units)
        self.reader, self.writer = nn.GRU(units, units, batch_first=True), nn.GRU(units, units, batch_first=True)
        self.say = nn.Linear(2 * units, target)

    def logits(self, source: Tensor, target: Tensor) -> Tensor:
        """Of each next word, where the words before it are the target's own: (N, S), (N, T) → (N, T, V)."""
        kept, state = self.reader(self.read(source))
        before = torch.cat([torch.full_like(target[:, :1], START), target[:, :-1]], 1)
        return self._next(self.writer(self.written(before), state)[0], kept, source)

    def _next(self, states: Tensor, kept: Tensor, source: Tensor) -> Tensor:
        """softmax(h kᵀ) k, what it looks back at, beside h: (N, T, d), (N, S, d) → (N, T, V)."""
        fit = (states @ kept.mT).masked_fill((source == PAD)[:, None], -torch.inf)  # (N, T, S)
        return self.say(torch.cat([states, fit.softmax(2) @ kept], 2))

    def forward(self, source: Tensor) -> Tensor:
        """The likeliest word after each, (N, T) int64, PAD behind the END; T ≤ most, as long as the longest is."""
        return self._said(source, lambda logits: logits.argmax(1, keepdim=True))

    def sampled(self, source: Tensor) -> Tensor:
        """Each word drawn by its probability, from torch's own stream, (N, T) int64, PAD behind the END, T ≤ most."""
        return self._said(source, lambda logits: logits.softmax(1).multinomial(1))

    def _said(self, source: Tensor, chosen: Callable[[Tensor], Tensor]) -> Tensor:
        kept, state = self.reader(self.read(source))
        word, ended, said = torch.full_like(source[:, :1], START), torch.zeros_like(source[:, :1]).bool(), []
        for _ in range(self.most):
            states, state = self.writer(self.written(word), state)
            word = chosen(self._next(states, kept, source)[:, 0]).masked_fill(ended, PAD)  # of (N, V)
            ended = ended | (word == END)
            said.append(word)
            if ended.all():
                break
        return torch.cat(said, 1)

    def translated(self, source: Tensor) -> Tensor:
        """The likeliest words, (N, T); disturbs nothing."""
        with looking(self):
            return self(source)


class SentenceCritic(nn.Module):
    """D: target (N, T) and its source (N, S), symbols → logit (N, 1): did a human write this for that?"""

    def __init__(self, source: int, target: int, units: int = 64):
        super().__init__()
        source, target = integer("source", source, 4, MOST_UNITS), integer("target", target, 4, MOST_UNITS)
        units = integer("units", units, 1, MOST_UNITS)
        self.read, self.written = nn.Embedding(source, units), nn.Embedding(target, units)
        self.reader, self.writer = nn.GRU(units, units, batch_first=True), nn.GRU(units, units, batch_first=True)
        self.layers = nn.Sequential(nn.Linear(2 * units, units), nn.LeakyReLU(0.2), nn.Linear(units, 1))

    def forward(self, target: Tensor, source: Tensor) -> Tensor:
        _, state = self.reader(self.read(source))
        states, _ = self.writer(self.written(target.long()), state)
        return self.layers(torch.cat([states.mean(1), states.amax(1)], 1))  # (N, 1)


def log_likelihood(translator: Translator, source: Tensor, target: Tensor) -> Tensor:
    """log p(y | x) = Σ_t log p(y_t | y_<t, x) of each sentence, (N,), in nats; PAD costs nothing."""
    logits = translator.logits(source, target)
    return -cross_entropy(logits.mT, target, ignore_index=PAD, reduction="none").sum(1)


def by_likelihood() -> Callable[[GAN, Batches], Record]:
    """A step for `train`: G learns −log p(y | x), in nats a word. Batches are (target as floats, source)."""

    @one_step
    def step(gan: GAN, batches: Batches) -> Values:
        target, source = _pair(batches)
        loss = _cost_a_word(_translator(gan), source, target)
        learn(gan, "generator", loss)
        return {"g_loss": loss}

    return step


def by_verdict(likelihood: float = 0.0, first: int = 0) -> Callable[[GAN, Batches], Record]:
    """A step for `train`: D learns to tell a human's sentences from sampled ones, G is rewarded with its verdict.

    likelihood ≥ 0: the weight of −log p(y | x) in nats a word beside it. first ≥ 0: of the GAN's steps as many, in
    which D learns alone. The record has the mean reward, and the loss of likelihood where it has a weight. Raises
    ValueError for a GAN without a discriminator, TypeError where G is no `Translator`.
    """
    weight, first = real("likelihood", likelihood, 0), integer("first", first, 0)

    @one_step
    def step(gan: GAN, batches: Batches) -> Values:
        if gan.discriminator is None:
            raise ValueError("a verdict needs a discriminator: GAN(Translator(…), SentenceCritic(…), 0)")
        G, (target, source) = _translator(gan), _pair(batches)
        with torch.no_grad():
            own = G.sampled(source)  # (N, T)
        own, target = _alike(own, target)
        told = _d_learns(gan, gan.discriminator, source, target, own)
        if gan.step < first:
            return told
        with torch.no_grad():
            reward = pieces.first(judged(gan.discriminator, own, source)).sigmoid()[:, 0]  # (N,)
        loss = -((reward - reward.mean()) * log_likelihood(G, source, own)).mean()  # −E[(R − b) log p(y | x)]
        values = {"reward": reward.mean()}
        if weight:
            values["likelihood"] = _cost_a_word(G, source, target)
            loss = loss + weight * values["likelihood"]
        learn(gan, "generator", loss)
        return {**told, "g_loss": loss, **values}

    return step


def _d_learns(gan: GAN, discriminator: nn.Module, source: Tensor, target: Tensor, own: Tensor) -> dict[str, Tensor]:
    real_logits, fake_logits = (pieces.first(judged(discriminator, said, source)) for said in (target, own))
    loss = value_of(gan.loss, gan.loss.d, real_logits, fake_logits)
    learn(gan, "discriminator", loss, real_logits, fake_logits)
    return {"d_loss": loss, "real_logits": real_logits, "fake_logits": fake_logits}


def _cost_a_word(translator: Translator, source: Tensor, target: Tensor) -> Tensor:
    return -log_likelihood(translator, source, target).sum() / (target != PAD).sum()


def _translator(gan: GAN) -> Translator:
    return kind("the generator", gan.generator, Translator)


def _pair(batches: Batches) -> tuple[Tensor, Tensor]:
    target, source = drawn(batches)
    if source is None or source.ndim != 2 or target.ndim != 2:
        raise ValueError("batches must be (target (N, T), source (N, S)): Batches(y.float(), 64, conditions=x)")
    return target.long(), source.long()


def _alike(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Both with PAD up to the longer one's length."""
    longest = max(one.shape[1], other.shape[1])
    return _padded(one, longest), _padded(other, longest)


def _padded(symbols: Tensor, length: int) -> Tensor:
    return torch.nn.functional.pad(symbols, (0, length - symbols.shape[1]), value=PAD)
