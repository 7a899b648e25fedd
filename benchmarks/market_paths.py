"""Simulated paths that notebook 17's market maker shows, and what a critic says of each and of its shuffle.

    python -m benchmarks.market_paths          trains two GANs as `benchmarks.finance` does, then writes their paths

GJR-GARCH-t and two GANs, fitted to the S&P 500 of 1999–2012, and days of Student's t without memory. No day of the
market is in them. The critic is one GAN's own, at the end of its training; of a path it says the mean over all windows.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from scipy.stats import t
from torch import Tensor

from benchmarks.finance import ARMS, BOARD, START, begun, days
from benchmarks.stored_runs import FIVE
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.streams import looking
from gan_edu.finance import Gaussianised, Market, Paths, WindowCritic, garch, windows
from gan_edu.training_loop import GAN, train
from gan_edu.widgets.market_maker.shuffle import game_order

NETWORKS = {"gan": "QuantGAN", "plain": "no Lambert W"}  # arms of benchmarks.finance's "paths", as the board calls them
JUDGE = "gan"  # whose critic it is; the other one prefers 7 to 11 of 20 paths of any model
COUNT, LENGTH = 20, 250  # paths of a model, days of a path: a year
DIGITS, SHOCKS = 5, 4000


class Made(NamedTuple):
    """Paths (N, T), and the deviation of each day, as the model has it."""

    key: str
    label: str
    paths: Tensor
    sigma: Tensor | None


def board() -> dict:
    """What `gan_edu.widgets.MarketMaker` takes."""
    learned = days("paths", True)[0][:, 0]
    trained = {arm: _trained(arm) for arm in NETWORKS}
    gans = [_gan(arm, *each) for arm, each in trained.items()]
    made = [_garch(learned, "gjr-t", "GJR-GARCH-t"), *gans, _alike(learned)]
    gan, of = trained[JUDGE]
    return {"days": LENGTH, "models": [_arranged(each, gan.discriminator, of.way) for each in made]}


def _trained(arm: str) -> tuple[GAN, Market]:
    s = {**START, **ARMS["paths"][arm].settings, "seed": min(FIVE)}
    gan, of = begun("paths", s)
    for _ in train(gan, of.batches(s["length"], 0, s["batch"], s["seed"]), s["steps"]):
        pass
    return gan, of


def _garch(learned: Tensor, name: str, label: str) -> Made:
    """σ by the model's own filter, from the days before."""
    model = garch.fit(learned, name)
    long = garch.paths(model, COUNT, LENGTH + 250, seed=min(FIVE))
    scales = torch.stack([garch.scales(model, each)[250:-1] for each in long])
    return Made(name, label, long[:, 250:], scales)


def _gan(arm: str, gan: GAN, of: Market) -> Made:
    """Of G's average; the deviation of each day's return by draws of its shock."""
    G: Paths = gan.shown
    stream = torch.Generator().manual_seed(min(FIVE))
    with looking(G):
        parts = G.parts(torch.randn(COUNT, G.noise * (G.reach + LENGTH), generator=stream))
        shocks = G.shocks(torch.randn(SHOCKS, G.noise, 1, generator=stream))[:, 0, 0]
    mean, scale = parts.mean[:, 0, :, None], parts.scale[:, 0, :, None]
    drawn = of.way.back((mean + scale * shocks).flatten()).view(COUNT, LENGTH, SHOCKS)
    return Made(arm, NETWORKS[arm], of.way.back(parts.path)[:, 0], drawn.std(-1))


def _alike(learned: Tensor) -> Made:
    """Days of Student's t, the likeliest, each drawn alone."""
    nu, middle, scale = t.fit(learned.numpy())
    stream = torch.Generator().manual_seed(min(FIVE))
    share = torch.rand(COUNT, LENGTH, generator=stream, dtype=torch.float64)
    return Made("alike", "no memory", torch.from_numpy(t.ppf(share.numpy(), nu, middle, scale)), None)


def _arranged(made: Made, critic: WindowCritic, way: Gaussianised) -> dict:
    numbers = _rounded(made.paths)
    judged = []
    for place, path in enumerate(torch.tensor(numbers, dtype=torch.float64)):
        pair = path, path[game_order(place, LENGTH)]
        judged.append([judged_by(critic, way, each) for each in pair])
    scales = None if made.sigma is None else _rounded(made.sigma)
    return {"key": made.key, "label": made.label, "paths": numbers, "sigma": scales, "judged": judged}


def _rounded(values: Tensor) -> list[list[float]]:
    return [[round(each, DIGITS) for each in row] for row in values.tolist()]


def judged_by(critic: WindowCritic, way: Gaussianised, path: Tensor) -> float:
    """What D says of the windows of a path (T,), their mean."""
    with looking(critic):
        found = critic(windows(way(path), START["length"])).mean().item()
    if not math.isfinite(found):
        raise ValueError("the critic's word is not finite: it has not been trained to its end")
    return round(found, 4)


def main() -> None:
    """Train, and write the file."""
    torch.set_num_threads(1)
    made = board()
    durable.write(BOARD, (as_json(made, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    for model in made["models"]:
        right = sum(a > b for a, b in model["judged"])
        print(f"{model['label']}: D prefers {right} of {COUNT} paths to their shuffle")


if __name__ == "__main__":
    main()
