"""How long FID of 10,000 digits against 10,000 takes, features included: ours against torchmetrics, the same network.

    python -m benchmarks.scores [ROUNDS]

The arms take turns, on as many threads as the course sets; the ratios are those of one round each, as the machine is
noisy. "with its interval" is what a learner calls, `Score`: 21 FIDs.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor

from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.feature_scores import frechet
from gan_edu.core.measures.mnist_scores import FeatureNet, feature_net
from gan_edu.core.measures.score import PART, Score, embedded
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.device import describe, setup

COUNT, ROUNDS = 10_000, 7
SAME = 1e-5  # relative


def theirs(net: FeatureNet, real: Tensor, fake: Tensor) -> float:
    """torchmetrics, fed as many pictures a pass as ours."""
    from torchmetrics.image.fid import FrechetInceptionDistance

    fid = FrechetInceptionDistance(feature=net)  # it sums in float64; `set_dtype` would change the network, too
    for images, of_real in ((real, True), (fake, False)):
        for part in images.split(PART):
            fid.update(part, real=of_real)
    return fid.compute().item()


def measure(rounds: int = ROUNDS, count: int = COUNT) -> dict:
    """Seconds of each arm, medians; the medians of the ratios round by round. Raises where the numbers differ."""
    net, real, fake = feature_net(), *(scaled(mnist(train)[0][:count]) for train in (False, True))
    score = Score("FID", frechet, features=net)
    arms: dict[str, Callable[[], float]] = {
        "torchmetrics": lambda: theirs(net, real, fake),
        "ours": lambda: frechet(*(embedded(net, images).double() for images in (real, fake))),
        "ours, with its interval": lambda: score(real, fake).value,
    }
    times: dict[str, list[float]] = {name: [] for name in arms}
    for turn in range(rounds + 1):
        found = {}
        for name, arm in arms.items():
            start = time.perf_counter()
            found[name] = arm()
            if turn:  # the first warms up
                times[name].append(time.perf_counter() - start)
        if any(abs(value / found["torchmetrics"] - 1) > SAME for value in found.values()):
            raise AssertionError(f"the numbers differ: {found}")
    return {"FID": found["ours"], "device": describe(torch.device("cpu")), **summary(times)}


def summary(times: dict[str, list[float]]) -> dict:
    """Medians of the seconds, and of the ratios to torchmetrics."""
    ratios = {
        name: statistics.median(a / b for a, b in zip(each, times["torchmetrics"], strict=True))
        for name, each in times.items()
    }
    return {
        "seconds": {name: round(statistics.median(each), 2) for name, each in times.items()},
        "fastest": {name: round(min(each), 2) for name, each in times.items()},
        "ratio": {name: round(each, 3) for name, each in ratios.items()},
    }


if __name__ == "__main__":
    setup()
    print(as_json(measure(*map(int, sys.argv[1:2])), indent=1))
