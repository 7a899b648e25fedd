"""Texts: why nothing flows back through a letter, and three ways round. Belongs to notebook 14_text.

    G, D = Writer(NAMES), Reader(NAMES)                            a GRU that draws letters; D reads whole texts
    gan = GAN(G, D, G.latent_dim, latent="uniform")                u ~ U[−1, 1] decides each draw
    train(gan, Batches(NAMES.encode(names)), steps, step=likelihood())      no GAN: the next letter of the data
    train(gan, …, step=policy(rollouts=4))                         SeqGAN: a text's reward is D's, ∇E[R] = E[R ∇log p]
    train(gan, …, step=straight_through(1.0))                      Gumbel-softmax: draws, with a slope made up
    GAN(Babbler(NAMES), D, 64, wasserstein, d_steps=5, d_penalties=[wgan_gp(10.0)])      no draws: shares of letters

    G.complete("mc", temperature=0.8), D.judge(["smith", "xqzt"])

A discriminator learns from real samples and fakes, and G from D's slope; a drawn letter has none. Reinforcement
learning needs no slope of the reward: the page from zero is `bandit_gradient` to `best_baseline`.

Yu et al. (2017), "SeqGAN: sequence generative adversarial nets with policy gradient", arXiv 1609.05473; Williams
(1992), "Simple statistical gradient-following algorithms for connectionist reinforcement learning"; Jang et al. (2017),
arXiv 1611.01144; Gulrajani et al. (2017), arXiv 1704.00028; Caccia et al. (2020), "Language GANs falling short", arXiv
1811.02549. Networks are in `core.training.sequences`, texts in `core.data.texts`, scores in
`core.measures.text_scores`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from gan_edu.core.data.letter_counts import LetterCounts
from gan_edu.core.data.texts import NAMES, VERSE, Alphabet, split, surnames, verse
from gan_edu.core.safety import durable
from gan_edu.core.safety.checked import function, integer, path, real
from gan_edu.core.training.checkpoint import unpacked
from gan_edu.core.training.contract import GAN, Batches, Record
from gan_edu.core.training.pieces import first, type_name
from gan_edu.core.training.sequences import Babbler, Reader, Writer, alive, drawn_token, gumbel_softmax
from gan_edu.core.training.step import Pair, draw, learn, loss_of_d, loss_of_g, noise, one_step, values_of
from gan_edu.core.training.step_checks import drawn, judged
from gan_edu.core.training.tensors import tensor
from gan_edu.losses import wasserstein
from gan_edu.tricks import wgan_gp

__all__ = [
    "NAMES",
    "SHIPPED",
    "VERSE",
    "Alphabet",
    "Babbler",
    "Estimates",
    "LetterCounts",
    "Reader",
    "Writer",
    "alive",
    "bandit_gradient",
    "best_baseline",
    "chosen",
    "drawn_token",
    "estimates",
    "gumbel_softmax",
    "likelihood",
    "nudged",
    "policy",
    "reader",
    "reinforced",
    "rewards",
    "split",
    "straight_through",
    "surnames",
    "variance",
    "verse",
    "wasserstein",
    "wgan_gp",
    "writers",
]
SHIPPED = Path(__file__).parent / "data" / "writers.pt"
N = TypeVar("N", bound=nn.Module)
JUDGE = "judge"  # the name of D among the networks that come with the course


# ------------------------------------------------------------------ why discrete data breaks the chain rule


def chosen(logits: Tensor) -> Tensor:
    """The likeliest token, one-hot (…, V). A small change of the logits changes nothing: its slope is 0, or not there.

    A draw, `drawn_token(logits, u)`, has as little: with the same u it stays the same, or jumps.
    """
    return one_hot(tensor("logits", logits).argmax(-1), logits.shape[-1]).to(logits)


def nudged(value: Callable[[Tensor], Tensor], at: Tensor, size: float = 1e-3) -> Tensor:
    """(f(a + h e_k) − f(a − h e_k)) / 2h for each k, (K,): the slope of f, without a chain rule.

    value: f, (K,) → a scalar. at: a (K,). size: h > 0. Raises TypeError or ValueError for others.
    """
    function("value", value, "(K,) → a scalar")
    if tensor("at", at).ndim != 1:
        raise ValueError(f"at must be (K,), got {tuple(at.shape)}")
    steps = real("size", size, above=0) * torch.eye(len(at)).to(at)
    return torch.stack([torch.as_tensor((value(at + h) - value(at - h)) / (2 * size)) for h in steps])


# ------------------------------------------------------------------ reinforcement learning in one page: a bandit
#
# K arms; arm a pays r_a. A policy π = softmax(θ) draws an arm. What is wanted is more of J(θ) = E[r_a] = Σ π_a r_a.


def bandit_gradient(logits: Tensor, rewards: Tensor) -> Tensor:
    """∇J = Σ_a r_a ∇π_a, (K,): ∂J/∂θ_k = π_k (r_k − J). Of all arms at once, which a learner who draws cannot see.

    logits: θ (K,), rewards: r (K,). Raises ValueError for others.
    """
    p, rewards = _bandit(logits, rewards)
    return p * (rewards - (p * rewards).sum())


def reinforced(logits: Tensor, rewards: Tensor, arms: Tensor, baseline: float = 0.0) -> Tensor:
    """(r_a − b) ∇log π_a for each drawn arm a, (N, K); ∂ log π_a/∂θ_k = [k = a] − π_k. Its mean over draws is ∇J.

    arms: (N,) whole numbers below K. baseline: b, any number that does not depend on the arm: E[b ∇log π_a] = b ∇ Σ π_a
    = 0. Williams (1992). Raises ValueError for others.
    """
    p, rewards = _bandit(logits, rewards)
    log_slope = one_hot(arms, len(p)).to(p) - p  # (N, K)
    return (rewards[arms] - real("baseline", baseline))[:, None] * log_slope


class Estimates(NamedTuple):
    """Of many estimates from one draw each: their mean (K,), and their variance, summed over the arms."""

    mean: Tensor
    variance: float


def estimates(logits: Tensor, rewards: Tensor, count: int, baseline: float = 0.0, seed: int = 0) -> Estimates:
    """REINFORCE from one draw, `count` times. Raises ValueError for numbers out of range."""
    stream = torch.Generator().manual_seed(integer("seed", seed))
    p, _ = _bandit(logits, rewards)
    arms = torch.multinomial(p, integer("count", count, 2, 10**7), replacement=True, generator=stream)
    found = reinforced(logits, rewards, arms, baseline)
    return Estimates(found.mean(0), found.var(0).sum().item())


def variance(logits: Tensor, rewards: Tensor, baseline: float = 0.0) -> float:
    """Σ_a π_a |(r_a − b)(e_a − π)|² − |∇J|²: the variance of one draw's estimate, summed over the arms, exactly."""
    p, rewards = _bandit(logits, rewards)
    found = reinforced(logits, rewards, torch.arange(len(p)), baseline)  # (K, K): of each arm
    return ((p * found.square().sum(1)).sum() - bandit_gradient(logits, rewards).square().sum()).item()


def best_baseline(logits: Tensor, rewards: Tensor) -> float:
    """b = Σ π_a r_a |e_a − π|² / Σ π_a |e_a − π|²: where `variance`, a parabola in b, is least.

    E[r] is near it where no arm is nearly certain.
    """
    p, rewards = _bandit(logits, rewards)
    weight = p * (torch.eye(len(p)).to(p) - p).square().sum(1)
    return ((weight * rewards).sum() / weight.sum()).item()


def _bandit(logits: Tensor, rewards: Tensor) -> tuple[Tensor, Tensor]:
    """(π, r) (K,), float64."""
    if tensor("logits", logits).ndim != 1 or tensor("rewards", rewards).shape != logits.shape or len(logits) < 2:
        raise ValueError(
            f"logits and rewards must both be (K,), K ≥ 2, got {tuple(logits.shape)} and {tuple(rewards.shape)}"
        )
    return logits.double().softmax(0), rewards.double()


# ------------------------------------------------------------------ the steps


def likelihood() -> Callable[[GAN, Batches], Record]:
    """A step for `train`: G learns the data's next token, given those before; a D that is there does not learn.

        L_G = −E[Σ_t log p(x_t | x_1 … x_(t−1))] / E[tokens]        in nats a token, the end counted

    Batches are one-hot texts (N, T, V), as for all steps here; G is a `Writer`.
    """

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        G, x = _writer(gan), drawn(batches)[0]
        loss = -G.log_probability(x).sum() / alive(x).sum()
        learn(gan, "generator", loss)
        return {"g_loss": loss}

    return step


def policy(rollouts: int = 1) -> Callable[[GAN, Batches], Record]:
    """A step for `train`: D learns `d_steps` times from real texts and drawn ones, then G by REINFORCE.

        ∇ E[R] = E[Σ_t (Q_t − b_t) ∇ log p(x_t | x_1 … x_(t−1))],    Q_t = E[R of texts that begin with x_1 … x_t]

    R = σ(D). Q_t: the mean of `rollouts` ≥ 1 texts that G goes on to; at the end R itself. b_t: the batch's mean Q_t.
    Yu et al. (2017), algorithm 1, where a copy of G goes on and there is no b. Records hold the mean reward.
    """
    count = integer("rollouts", rollouts, 1, 1000)

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        G = _writer(gan)
        for _ in range(gan.d_steps):
            pair = draw(gan, batches, graph=False)
            d = loss_of_d(gan, pair)
            learn(gan, "discriminator", d.loss, *d.logits)
        for _ in range(gan.g_steps):
            x = G(noise(gan, pair.real))
            value, on = rewards(gan, x, count), alive(x)  # (N, T)
            base = (value * on).sum(0) / on.sum(0).clamp(min=1)  # (T,)
            loss = -((value - base) * G.log_probability(x)).sum(1).mean()
            learn(gan, "generator", loss)
        real_logits, fake_logits = (first(each) for each in d.logits)
        return {
            "d_loss": d.loss,
            "g_loss": loss,
            "reward": value[:, -1].mean(),
            "real_logits": real_logits,
            "fake_logits": fake_logits,
            **d.penalties,
        }

    return step


@torch.no_grad()
def rewards(gan: GAN, x: Tensor, rollouts: int = 1) -> Tensor:
    """Q_t of drawn texts x (N, T, V): (N, T), from the GAN's noise. From a text's end on it is σ(D(x))."""
    G, places, rollouts = _writer(gan), x.shape[1], integer("rollouts", rollouts, 1, 1000)
    whole = judged(gan.discriminator, x)
    value = first(whole).sigmoid().expand(-1, places).clone()  # (N, T)
    goes_on = (alive(x)[:, :-1] - x[:, :-1, 0]) > 0.5  # (N, T − 1): not yet ended, and a place to write
    row, place = goes_on.nonzero(as_tuple=True)
    if len(row):
        kept = torch.arange(places, device=x.device) <= place[:, None]  # (M, T)
        begun = (x[row] * kept[..., None]).repeat(rollouts, 1, 1)  # (rollouts · M, T, V)
        made = G.write(gan.latents(len(begun), gan.noise_stream), begun)
        value[row, place] = first(judged(gan.discriminator, made)).sigmoid().view(rollouts, -1).mean(0)
    return value


def straight_through(temperature: float = 1.0) -> Callable[[GAN, Batches], Record]:
    """A step for `train`: as `train_step`, of texts drawn by `Writer.relaxed`, whose slope is that of a softmax.

    temperature: τ > 0 of `gumbel_softmax`; the lower, the nearer is the slope to that of the draws, and the larger its
    variance (Jang et al. 2017, section 2.1, of soft draws). D sees one-hot texts.
    """
    temperature = real("temperature", temperature, above=0)

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        G = _writer(gan)

        def pair(graph: bool) -> Pair:
            x = drawn(batches)[0]
            u = torch.empty_like(x).uniform_(-1, 1, generator=gan.noise_stream)
            with torch.set_grad_enabled(graph):
                return Pair(x, G.relaxed(u, temperature), None)

        for _ in range(gan.d_steps):
            d = loss_of_d(gan, pair(graph=False))
            learn(gan, "discriminator", d.loss, *d.logits)
        for _ in range(gan.g_steps):
            g = loss_of_g(gan, pair(graph=True))
            learn(gan, "generator", g.loss, *g.logits)
        return values_of(d, g)

    return step


def _writer(gan: GAN) -> Writer:
    if not isinstance(gan.generator, Writer):
        raise TypeError(f"the generator must be a gan_edu.text.Writer, which draws, got {type_name(gan.generator)}")
    return gan.generator


# ------------------------------------------------------------------ networks that come with the course


def writers(source: str | Path = SHIPPED) -> dict[str, Writer]:
    """{label: a trained `Writer` of surnames}, in eval mode. `make bench-text` trains them.

    Raises OSError where the file is missing or damaged.
    """
    about, states = _shipped(source)
    return {name: _filled(Writer(NAMES, about["width"]), state) for name, state in states.items() if name != JUDGE}


def reader(source: str | Path = SHIPPED) -> Reader:
    """The D that SeqGAN's writer learned from, in eval mode: `reader().judge(texts)`. Raises as `writers`."""
    about, states = _shipped(source)
    return _filled(Reader(NAMES, about["maps"]), states[JUDGE])


def _shipped(source: str | Path) -> tuple[dict, dict]:
    about, content = durable.shipped_pair(source := path("source", source), "run python -m benchmarks.text ship")
    return about["network"], unpacked(content, str(source))


def _filled(network: N, state: dict) -> N:
    network.load_state_dict({name: value.float() for name, value in state.items()})
    return network.requires_grad_(False).eval()
