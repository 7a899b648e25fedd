"""Markets that might have been: QuantGAN, and what it is measured with. Belongs to notebook 17_finance.

    market = Market.of(split(market("sp500")).learned.values)         log-returns, and their way to nearly normal ones
    G, D = Paths(length=128), WindowCritic(length=128)
    gan = GAN(G, D, G.latent_dim, wasserstein, d_steps=3, d_penalties=[wgan_gp(10.0)])
    train(gan, market.batches(128), steps)                            simulated: no price is forecast

    G, D = Paths(length=16, past=64), WindowCritic(length=16, past=64)
    train(GAN(G, D, G.latent_dim, …), market.batches(16, past=64), steps)          given the last 64 returns

    x_t = σ_t ε_t + μ_t,     (σ_t, μ_t) = TCN(z_(t−1), z_(t−2), …),     ε_t = f(z_t)         here |μ_t| ≤ σ_t/2

so that whoever knows the noise knows size and mean of a day the evening before. In GARCH whoever knows the returns
does, and here with a condition. The network is of convolutions that look back 1, 2, 4 … days. Wiese et al. (2020),
"Quant GANs: deep generation of financial time series", arXiv 1907.06673, smaller here; Bai et al. (2018), arXiv
1803.01271, for temporal convolutions; Koshiyama et al. (2019), arXiv 1901.01751, for a
condition. A critic sees returns and their sizes.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from gan_edu.core.data.batches import Batches
from gan_edu.core.data.lambert_w import Gaussianised, heavy, lambert_w, light
from gan_edu.core.data.returns import Returns, Split, both, followed, log_returns, market, series, split, windows
from gan_edu.core.measures.stylised_facts import FACTS, autocorrelation, correlation, facts, intervals, within
from gan_edu.core.measures.value_at_risk import Risk, at_risk, christoffersen, conditional, joint_loss, kupiec
from gan_edu.core.rivals import garch
from gan_edu.core.safety import durable
from gan_edu.core.safety.checked import flag, integer, kind, path
from gan_edu.core.training import pieces
from gan_edu.core.training.checkpoint import unpacked
from gan_edu.core.training.networks import MOST_UNITS
from gan_edu.core.training.streams import looking
from gan_edu.core.training.tensors import NUMBERS, tensor
from gan_edu.losses import wasserstein
from gan_edu.tricks import wgan_gp

__all__ = [
    "FACTS",
    "Gaussianised",
    "Market",
    "Parts",
    "Paths",
    "Returns",
    "Risk",
    "SHIPPED",
    "Split",
    "Trained",
    "WindowCritic",
    "at_risk",
    "autocorrelation",
    "both",
    "christoffersen",
    "conditional",
    "correlation",
    "facts",
    "followed",
    "garch",
    "heavy",
    "intervals",
    "joint_loss",
    "kupiec",
    "lambert_w",
    "light",
    "log_returns",
    "market",
    "markets",
    "risk_each_day",
    "shuffled",
    "simulated",
    "split",
    "wasserstein",
    "wgan_gp",
    "windows",
    "within",
]
SHIPPED = Path(__file__).parent / "data" / "markets.pt"
ONE = 0.5413  # softplus of it is 1: every day's σ at the start


# ------------------------------------------------------------------ the generator


class LookingBack(nn.Module):
    """(N, C, T + reach − 1) → (N, outputs, T): place t sees the `reach` columns up to its own, and none after it.

    Layer k adds to each column what it makes of it and of that 2ᵏ before, so that K layers see 2ᴷ. reach: a power of 2.
    """

    def __init__(self, channels: int, outputs: int, width: int, reach: int):
        super().__init__()
        self.reach, layers = reach, reach.bit_length() - 1
        self.start = nn.Conv1d(channels, width, 1)
        self.layers = nn.ModuleList(nn.Conv1d(width, width, 2, dilation=2**k) for k in range(layers))
        self.end = nn.Conv1d(width, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        h, length = self.start(x), x.shape[2] - self.reach + 1
        told = h[..., -length:]
        for k, layer in enumerate(self.layers):
            h = h[..., 2**k :] + torch.tanh(layer(h))  # as many columns shorter
            told = told + h[..., -length:]
        return self.end(told / (len(self.layers) + 1))


class Parts(NamedTuple):
    """What a path is made of, each (N, S, T): x = scale · shock + mean."""

    scale: Tensor
    mean: Tensor
    shock: Tensor

    @property
    def path(self) -> Tensor:
        """σ ε + μ."""
        return self.scale * self.shock + self.mean


class Paths(nn.Module):
    """G(z) → paths (N, S, length) of S series, nearly normal ones; with past > 0 G(z, condition (N, S, past)).

    z: (N, latent_dim), `noise` numbers a day, for as many days more as σ looks back on. With a past, σ of the first day
    knows that alone, and later days the noise of those between. reach: days that σ looks back, a power of 2; with a
    past as many as that. width: maps. Raises ValueError for others.
    """

    def __init__(
        self, series: int = 1, length: int = 128, past: int = 0, noise: int = 3, width: int = 32, reach: int = 128
    ):
        super().__init__()
        self.series, self.length = integer("series", series, 1, 100), integer("length", length, 1, 10_000)
        self.past, self.noise = integer("past", past, 0, 1024), integer("noise", noise, series, 100)
        self.reach = self.past or integer("reach", reach, 2, 1024)
        if self.reach & (self.reach - 1) or self.past == 1:
            name = "past" if self.past else "reach"
            raise ValueError(f"{name} must be a power of 2, from 2 to 1024 days that σ looks back, got {self.reach}")
        width = integer("width", width, 1, MOST_UNITS)
        self.latent_dim = self.noise * (self.length + (0 if self.past else self.reach))
        channels = self.noise + (2 * self.series + 1 if self.past else 0)
        self.volatility = LookingBack(channels, 2 * self.series, width, self.reach)
        self.shock = nn.Sequential(nn.Conv1d(self.noise, 16, 1), nn.Tanh(), nn.Conv1d(16, self.series, 1))

    def forward(self, z: Tensor, *condition: Tensor) -> Tensor:
        return self.parts(z, *condition).path

    def parts(self, z: Tensor, condition: Tensor | None = None) -> Parts:
        """σ, μ and ε of each day. z may be of other days than `length`: (N, noise · T), without a past reach more."""
        z = z.unflatten(1, (self.noise, -1))  # (N, noise, days)
        if self.past and (condition is None or condition.shape[1:] != (self.series, self.past)):
            got = None if condition is None else tuple(condition.shape)
            raise ValueError(f"paths go on from a condition (N, {self.series}, {self.past}), got {got}")
        seen, new = (z, z[..., self.reach :]) if condition is None else (_told(z, condition), z)
        scale, mean = self.volatility(seen[..., :-1]).chunk(2, 1)  # of the days before: (N, S, T) each
        scale = softplus(scale + ONE)
        return Parts(scale, scale * torch.tanh(mean) / 2, self.shocks(new))

    def shocks(self, z: Tensor) -> Tensor:
        """ε (N, S, T) of each day's own noise (N, noise, T)."""
        return z[:, : self.series] + self.shock(z)


def _told(z: Tensor, condition: Tensor) -> Tensor:
    """Columns of days: returns and their sizes up to today, noise from tomorrow on, and which of the two it is."""
    known = torch.cat([condition, condition.abs(), torch.ones_like(condition[:, :1])], 1)  # (N, 2S + 1, past)
    known = torch.cat([known.new_zeros(len(z), z.shape[1], known.shape[2]), known], 1)
    unknown = torch.cat([z, z.new_zeros(len(z), known.shape[1] - z.shape[1], z.shape[2])], 1)
    return torch.cat([known, unknown], 2)


# ------------------------------------------------------------------ the critic


class WindowCritic(nn.Module):
    """D: windows (N, S, length), and the past before them where there is one, → (N, 1), by convolutions of stride 2.

    It is shown r and |r|: what a linear layer makes of r alone has no clustering in it. size: whether |r| is shown.
    width: maps. length: 8 days or more, with a past 1 or more.
    """

    def __init__(self, series: int = 1, length: int = 128, past: int = 0, width: int = 32, size: bool = True):
        super().__init__()
        self.past, self.size = integer("past", past, 0, 1024), flag("size", size)
        days = integer("length", length, 1 if self.past else 8, 10_000) + self.past
        width, maps = integer("width", width, 1, MOST_UNITS), integer("series", series, 1, 100) * (1 + self.size)
        layers: list[nn.Module] = []
        while days > 8:
            layers += [nn.Conv1d(maps, width, 5, 2, 2), nn.LeakyReLU(0.2)]
            maps, days = width, (days + 1) // 2
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps * days, 64), nn.LeakyReLU(0.2))
        self.out = nn.Linear(64, 1)

    def forward(self, x: Tensor, *condition: Tensor) -> Tensor:
        x = torch.cat([*condition, x], 2)  # (N, S, past + length)
        return self.out(self.layers(torch.cat([x, x.abs()], 1) if self.size else x))


# ------------------------------------------------------------------ from a market to batches, and from G to a market


class Market(NamedTuple):
    """Log-returns (T, S), and the way to the nearly normal numbers that a GAN learns."""

    returns: Tensor
    way: Gaussianised

    @classmethod
    def of(cls, returns: Tensor, transform: bool = True) -> Market:
        """returns: (T,) or (T, S), with an error as `series`. transform: Lambert W's, or mean and deviation alone."""
        made = Gaussianised.of if flag("transform", transform) else Gaussianised.scaled
        return cls(series("returns", returns), made(returns))

    def batches(self, length: int = 128, past: int = 0, batch_size: int = 64, seed: int = 0) -> Batches:
        """Windows (N, S, length) as they begin on each day; with a past they have the days before as condition."""
        x, length = self.way(self.returns), integer("length", length, 1, 10_000)
        if not integer("past", past, 0, 10_000):
            return Batches(windows(x, length), batch_size, seed)
        samples, condition = followed(x, length, past)
        return Batches(samples, batch_size, seed, conditions=condition)


def simulated(generator: nn.Module, way: Gaussianised, count: int, days: int, seed: int = 0) -> Tensor:
    """(count, S, days) log-returns of an unconditional `Paths`, of any number of days: its layers know no place.

    Disturbs nothing; the same seed gives the same.
    """
    G = _paths(generator, False)
    days = integer("days", days, 1, 100_000)
    stream = torch.Generator().manual_seed(integer("seed", seed))
    made = []
    with looking(G):
        for _ in range(integer("count", count, 1, 100_000)):
            z = torch.randn(1, G.noise * (G.reach + days), generator=stream)
            made.append(kind("way", way, Gaussianised).back(G(z.to(next(G.parameters()))).cpu()))
    return torch.cat(made)


def risk_each_day(
    generator: nn.Module, way: Gaussianised, returns: Tensor, level: float = 0.01, draws: int = 20_000, seed: int = 0
) -> Risk:
    """VaR and shortfall of each day after the first `past`, (T − past,), each known the evening before.

    generator: a conditional `Paths` of one series. returns: (T,) or (T, 1), log-returns. Of the next day μ and σ are
    numbers, and only ε is drawn, `draws` of it for all days.
    """
    G = _paths(generator, True)
    if (r := series("returns", returns)).shape[1] != 1 or G.series != 1:
        raise ValueError(f"risk is told of one series, got {r.shape[1]} and a generator of {G.series}")
    days = windows(way(r)[:-1], G.past)  # (T − past, 1, past)
    stream = torch.Generator().manual_seed(integer("seed", seed))
    z = torch.randn(integer("draws", draws, 100, 10**7), G.noise, 1, generator=stream)
    with looking(G):
        first = [G.parts(torch.zeros(len(part), G.noise), part) for part in days.split(1000)]
        shocks = G.shocks(z)[:, 0, 0]
    mean, scale = (torch.cat([part[k][:, 0, 0] for part in first]) for k in (1, 0))
    return conditional(mean, scale, shocks, level, lambda x: way.back(x.reshape(-1, 1)).reshape(x.shape))


def _paths(generator: nn.Module, past: bool) -> Paths:
    pieces.network("generator", generator)
    G = kind("generator", generator, Paths)
    if bool(G.past) != past:
        raise ValueError(f"this generator has a past of {G.past} days: take one {'with' if past else 'without'} a past")
    return G


def shuffled(paths: Tensor, seed: int = 0) -> Tensor:
    """The same days in another order, (…, T): what is left is the histogram; clustering is gone."""
    x = tensor("paths", paths, NUMBERS)
    stream = torch.Generator().manual_seed(integer("seed", seed))
    return x[..., torch.randperm(x.shape[-1], generator=stream)]


# ------------------------------------------------------------------ networks that come with the course


class Trained(NamedTuple):
    """A generator that has learned, in eval mode, and the way from what it makes to log-returns."""

    generator: Paths
    way: Gaussianised


def markets(source: str | Path = SHIPPED) -> dict[str, Trained]:
    """{name of the arm: Trained}. `make bench-finance` trains them; no day of a market is in the file.

    Raises OSError where the file is missing or damaged.
    """
    about, content = durable.shipped_pair(source := path("source", source), "run python -m benchmarks.finance ship")
    states, found = unpacked(content, str(source)), {}
    for name, told in about["networks"].items():
        generator = Paths(**told["given"])
        generator.load_state_dict({key: value.float() for key, value in states[name].items()})
        mu, sigma = (torch.tensor(each, dtype=torch.float64) for each in (told["mu"], told["sigma"]))
        way = Gaussianised(mu, sigma, tuple(told["delta"]))
        found[name] = Trained(generator.requires_grad_(False).eval(), way)
    return found
