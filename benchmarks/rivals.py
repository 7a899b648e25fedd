"""A GAN beside a VAE, pixel after pixel, a diffusion and its student, at equal cost: `make bench-rivals`, notebook 11.

    python -m benchmarks.rivals trial mnist ARM '{"lr": 0.001}'   one trial, on seed 0 unless it says "seed"; is stored
    python -m benchmarks.rivals run                               all runs that are not stored, seed by seed
    python -m benchmarks.rivals table                             medians and ranges
    python -m benchmarks.rivals ship                              writes `gan_edu/data/rivals.json`, for notebook 11

Each is trained on digits for a minute of one core, and as many trials were run of each before, on seed 0; runs are of
other seeds. A student has its teacher's minute and one of its own. CPU-milliseconds a sample are of 1,000 at once.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks import modern
from benchmarks.stored_runs import RESULTS, THREE, Arm, StoredRuns, command, spread
from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import scaled
from gan_edu.core.rivals import Diffusion, UNet, diffusion_bits, distil, pixel_bits, vae_bits
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.convolutional import ConvDiscriminator
from gan_edu.core.training.networks import copied
from gan_edu.core.training.streams import looking
from gan_edu.losses import non_saturating
from gan_edu.recordings.of_settings import Built, common, digits, rival
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import lazy, r1

RUNS = StoredRuns(RESULTS / "rivals.json", unshown=("tiles",))
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "rivals.json"
SAMPLES, FEWER, LIKELY, AT_ONCE = 10_000, 2_000, 1_000, 500
PASSES = (1, 2, 5, 10, 20, 50)  # of the diffusion: at the end FID of FEWER samples with each
START = {
    "kind": "vae",  # or "pixels", "diffusion", "student", "gan"
    "lr": 2e-3,
    "betas": [0.9, 0.99],
    "batch": 64,
    "ema": 0.998,
    "latent_dim": 32,  # of the VAE
    "beta": 1.0,
    "width": 24,  # of the U-Net
    "passes": 20,
    "weight": 0.0,  # of the teacher's pull
    "begun": True,  # a student with its teacher's weights
    "teacher": 2350,  # steps
    "steps": 1000,
}


def build(s: dict) -> Built:
    """(gan, batches, step) of these settings; a student's teacher is trained first."""
    return student(s) if s["kind"] == "student" else rival(s)


def student(s: dict) -> Built:
    """A one-pass G that a diffusion teaches, beside a D."""
    teacher = taught(s["seed"], s["teacher"])
    torch.manual_seed(s["seed"])
    own = copied(teacher.with_steps(1)).requires_grad_(True) if s["begun"] else Diffusion(UNet(s["width"]), 1)
    discriminator = ConvDiscriminator(1, 16)
    optimizers = [adam(each, s["lr"], s["betas"]) for each in (own, discriminator)]
    calm = [lazy(r1(0.5), 8)]
    gan = GAN(own, discriminator, 784, non_saturating, *optimizers, d_penalties=calm, **common(s))
    return gan, digits(s), distil(teacher, s["weight"])


@cache
def taught(seed: int, steps: int) -> Diffusion:
    """The diffusion of this seed, its average: the teacher of the students."""
    s = {**START, **ARMS["mnist"]["diffusion"].settings, "seed": seed, "steps": steps}
    gan, batches, step = build(s)
    for _ in train(gan, batches, steps, step=step):
        pass
    return gan.shown  # type: ignore[return-value]


# ------------------------------------------------------------------ scores


def made(gan: GAN, network: nn.Module, samples: int) -> tuple[Tensor, float]:
    """Pictures (N, 1, 28, 28) in [−1, 1], from latents that are the same at each call, and CPU-ms a sample."""
    z = gan.latents(samples, torch.Generator().manual_seed(20_250_110))
    begun = time.process_time()
    with looking(network):
        pictures = torch.cat([network(part).float().clamp(-1, 1) for part in z.split(AT_ONCE)])
    return pictures, 1e3 * (time.process_time() - begun) / samples


def bits(gan: GAN, s: dict) -> float | None:
    """−log₂ p(x) in bits a pixel of test digits, or a bound of it; None for a model without."""
    images = scaled(mnist(train=False)[0][:LIKELY])
    of: dict[str, Callable[[], float]] = {
        "vae": lambda: vae_bits(gan, images),
        "pixels": lambda: pixel_bits(gan, images),
        "diffusion": lambda: sum(diffusion_bits(gan, images, seed) for seed in range(5)) / 5,
    }
    return round(of[s["kind"]](), 4) if s["kind"] in of else None


def measured(_: str, settings: dict) -> dict:
    """Train once and score."""
    s = {**START, "seed": 0, **settings}
    gan, batches, step = build(s)
    begun = time.process_time()
    for _record in train(gan, batches, s["steps"], step=step):
        pass
    seconds = time.process_time() - begun
    trial = s["seed"] < 10
    pictures, ms = made(gan, gan.shown, FEWER if trial else SAMPLES)
    found = {**modern.scores("mnist", pictures, not trial), "ms": round(ms, 4), "bits": bits(gan, s)}
    if not trial and s["kind"] == "diffusion":
        found["passes"] = {str(count): of_passes(gan, count) for count in PASSES}
    tiles = {} if trial else {"tiles": modern.tile(pictures[:30])}
    return {**found, "cpu_seconds": round(seconds, 1), "steps": s["steps"], **tiles}


def of_passes(gan: GAN, count: int) -> dict:
    """FID of FEWER samples, and CPU-ms of one, in `count` passes."""
    pictures, ms = made(gan, gan.shown.with_steps(count), FEWER)  # type: ignore[operator]
    return {**modern.scores("mnist", pictures, whole=False), "ms": round(ms, 4)}


# ------------------------------------------------------------------ arms

DIFFUSION = {"kind": "diffusion", "lr": 2e-3, "batch": 16, "width": 32, "steps": 2350}
STUDENT = {"kind": "student", "betas": [0.0, 0.99], "batch": 16, "width": 32, "steps": 1700}
CALM = {"calm": 1.0, "schedules": True, "g_lr": 2e-3, "d_lr": 1e-3, "betas": [0.0, 0.99], "latent_dim": 32, "batch": 64}
PIXELS = {"kind": "pixels", "lr": 1e-2, "batch": 16, "ema": 0.99, "steps": 2420}
ARMS = {
    "mnist": {
        "gan": Arm("GAN", {"kind": "gan", **CALM, "steps": 1780}, THREE),
        "vae": Arm("VAE", {"lr": 4e-3, "steps": 2450}, THREE),
        "pixels": Arm("pixel after pixel", PIXELS, THREE),
        "diffusion": Arm("diffusion, 20 passes", DIFFUSION, THREE),
        "student": Arm("its student, 1 pass", STUDENT, THREE),
        "pulled": Arm("student that is pulled, too", {**STUDENT, "weight": 1.0}, THREE),
        "alone": Arm("student not begun from it", {**STUDENT, "begun": False}, THREE),
    }
}
COLUMNS: Sequence[str] = ("fid", "recall", "bits", "ms", "cpu_seconds")


def table() -> str:
    """Medians and ranges, as Markdown."""
    lines = [f"| | {' | '.join(COLUMNS)} | seeds |", "|---" * (len(COLUMNS) + 2) + "|"]
    for name, arm in ARMS["mnist"].items():
        if rows := RUNS.rows("mnist", name):
            cells = [spread([row[each] for row in rows]) if rows[0][each] is not None else "" for each in COLUMNS]
            lines.append(f"| {arm.label} | {' | '.join(cells)} | {len(rows)} |")
    return "\n".join(lines)


def ship() -> None:
    """Write what notebook 11 draws."""
    found = RUNS.read()
    content = {
        "samples": {"fid": SAMPLES, "passes": FEWER, "bits": LIKELY},
        "arms": {
            name: {"label": arm.label, "settings": {**START, **arm.settings}} for name, arm in ARMS["mnist"].items()
        },
        "runs": found["runs"],
        "trials": RUNS.trials(ARMS),
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def run(*wanted: str) -> None:
    """All runs that are not stored yet."""
    RUNS.run(measured, ARMS, wanted)


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(what, given, {"trial": partial(RUNS.trial, measured), "run": run, "table": table, "ship": ship})


if __name__ == "__main__":
    main(*sys.argv[1:])
