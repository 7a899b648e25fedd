"""Simulated paths that notebook 17's market maker shows, and what a critic says of each and of its shuffle.

    python -m benchmarks.market_paths          trains one GAN as `benchmarks.finance` does, then writes its paths

GARCH, GJR-GARCH-t and a GAN, fitted to the S&P 500 of 1999–2012, and days of Student's t without memory. No day of the
market is in them. The critic is the GAN's own, at the end of its training; of a path it says the mean over all windows.
"""

from __future__ import annotations

import math

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

ARM = "gan"  # of benchmarks.finance's "paths"
COUNT, LENGTH = 20, 250  # paths of a model, days of a path: a year
DIGITS, SHOCKS = 5, 4000


def board(arm: str = ARM) -> dict:
    """What `gan_edu.widgets.MarketMaker` takes."""
    s = {**START, **ARMS["paths"][arm].settings, "seed": min(FIVE)}
    gan, of = begun("paths", s)
    for _ in train(gan, of.batches(s["length"], 0, s["batch"], s["seed"]), s["steps"]):
        pass
    learned = days("paths", True)[0][:, 0]
    made = [_garch(learned, "garch", "GARCH"), _garch(learned, "gjr-t", "GJR-GARCH-t"), _gan(gan, of), _alike(learned)]
    return {"days": LENGTH, "models": [_arranged(*each, gan, of) for each in made]}


def _garch(learned: Tensor, name: str, label: str) -> tuple[str, str, Tensor, Tensor]:
    """Paths (N, T) and the σ of each day, as the model has it: its own filter, from the days before."""
    model = garch.fit(learned, name)
    long = garch.paths(model, COUNT, LENGTH + 250, seed=min(FIVE))
    scales = torch.stack([garch.scales(model, each)[250:-1] for each in long])
    return name.replace("-t", ""), label, long[:, 250:], scales


def _gan(gan: GAN, of: Market) -> tuple[str, str, Tensor, Tensor]:
    """Paths (N, T) of G's average, and the deviation of each day's return, by draws of its shock."""
    G: Paths = gan.shown
    stream = torch.Generator().manual_seed(min(FIVE))
    with looking(G):
        parts = G.parts(torch.randn(COUNT, G.noise * (G.reach + LENGTH), generator=stream))
        shocks = G.shocks(torch.randn(SHOCKS, G.noise, 1, generator=stream))[:, 0, 0]
    mean, scale = parts.mean[:, 0, :, None], parts.scale[:, 0, :, None]
    drawn = of.way.back((mean + scale * shocks).flatten()).view(COUNT, LENGTH, SHOCKS)
    return "gan", "QuantGAN", of.way.back(parts.path)[:, 0], drawn.std(-1)


def _alike(learned: Tensor) -> tuple[str, str, Tensor, None]:
    """Days of Student's t, the likeliest, each drawn alone."""
    nu, middle, scale = t.fit(learned.numpy())
    stream = torch.Generator().manual_seed(min(FIVE))
    share = torch.rand(COUNT, LENGTH, generator=stream, dtype=torch.float64)
    return "alike", "days without memory", torch.from_numpy(t.ppf(share.numpy(), nu, middle, scale)), None


def _arranged(key: str, label: str, paths: Tensor, sigma: Tensor | None, gan: GAN, of: Market) -> dict:
    numbers = [[round(each, DIGITS) for each in path] for path in paths.tolist()]
    scales = None if sigma is None else [[round(each, DIGITS) for each in path] for path in sigma.tolist()]
    judged = []
    for place, path in enumerate(torch.tensor(numbers, dtype=torch.float64)):
        pair = path, path[game_order(place, LENGTH)]
        judged.append([judged_by(gan.discriminator, of.way, each) for each in pair])
    return {"key": key, "label": label, "paths": numbers, "sigma": scales, "judged": judged}


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
