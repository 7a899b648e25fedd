"""Recordings made up for the tests: real digits under noise that lessens, and curves that tend to the optimum."""

import gzip
import io
import math
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

import gan_edu
from gan_edu.core.recording.recording import layout, sealed

MNIST = Path(gan_edu.__file__).parent / "data" / "mnist" / "t10k-images-idx3-ubyte.gz"


def log_spaced(last: int, count: int) -> list[int]:
    early = sorted({round(last * 10 ** (-4.5 + 3 * i / (count // 3))) for i in range(count // 3)} | {0})
    return sorted(set(early) | {round(last * (i + 1) / (count - len(early))) for i in range(count - len(early))})


@lru_cache
def digits(count: int, seed: int) -> np.ndarray:
    content = gzip.decompress(MNIST.read_bytes())
    images = np.frombuffer(content, np.uint8, offset=16).reshape(-1, 28, 28)
    return images[np.random.default_rng(seed).choice(len(images), count, replace=False)]


def pictures(steps, seed, channels) -> list:
    rng, real, frames = np.random.default_rng(seed), digits(64, seed) / 255, []
    for step in steps:
        sharp = min(1, step / steps[-1] * 1.6) if steps[-1] else 1
        sharp = sharp**0.35
        noise = np.where(rng.random(real.shape) < 0.25 * (1 - sharp) + 0.01, rng.random(real.shape), 0)
        tiles = np.clip(real * sharp + noise + (0.45 + 0.02 * rng.standard_normal(real.shape)) * (1 - sharp), 0, 1)
        grid = tiles.reshape(8, 8, 28, 28).transpose(0, 2, 1, 3).reshape(224, 224)
        if channels == 3:
            grid = np.stack([grid, grid * 0.7 + 0.1, 1 - grid * 0.8], axis=-1)
        frames.append(Image.fromarray((grid * 255).astype(np.uint8)))
    return frames


@lru_cache  # several tests look at the same one; who changes it changes a copy of its `meta`
def recording(
    title="Textbook GAN on MNIST",
    count=108,
    epochs=100,
    seed=0,
    channels=1,
    scores=True,
    curves=True,
    per_epoch: int | None = 937,
    steps=None,
    level=1.0,
):
    """A Recording with `count` frames (or the given `steps`). level: how far its FID comes down."""
    rng = np.random.default_rng(seed)
    steps = list(steps or ([0] if count == 1 else log_spaced(epochs * (per_epoch or 937), count)))
    last = max(steps[-1], 1)
    made = max(1, min(600, last))
    xs = sorted({round(1 + (last - 1) * i / max(1, made - 1)) for i in range(made)})
    t = np.array(xs) / last

    def noisy(values, spread):
        return [round(float(v), 4) for v in values + spread * rng.standard_normal(len(xs))]

    def scored(step):
        u, shares = step / last, rng.random(10) * (1.2 - step / last) + 0.6
        return {
            "fid": round(level * (4 + 380 * math.exp(-7 * u**0.5)), 2),
            "confidence": round(0.5 + 0.45 * u**0.3, 3),
            "histogram": [round(float(s), 4) for s in shares / shares.sum()],
        }

    def logits(step):
        return [round(float(v), 2) for v in rng.normal(-4 + 3.4 * (step / last) ** 0.3, 1.6, 64)]

    meta = {
        "name": "synthetic",
        "title": title,
        "subtitle": f"the same 64 latents at every frame · recorded, seed {seed}",
        "kind": "images",
        "steps_per_epoch": per_epoch,
        "grid": {"rows": 8, "columns": 8, "tile_height": 28, "tile_width": 28, "channels": channels},
        "frames": {
            "step": steps,
            "epoch": [round(s / per_epoch, 4) for s in steps] if per_epoch else [],
            "logits": [logits(step) for step in steps],
            "scores": [scored(s) if scores and (i % 3 == 0 or s == last) else None for i, s in enumerate(steps)],
        },
        "curves": {
            "step": xs,
            "d_loss": noisy(0.95 - 0.6 * np.exp(-t * 14), 0.05),
            "g_loss": noisy(1.3 + 3 * np.exp(-t * 18), 0.13),
            "d_real": noisy(np.clip(0.66 + 0.3 * np.exp(-t * 9), 0, 0.98), 0.015),
            "d_fake": noisy(np.clip(0.32 - 0.28 * np.exp(-t * 9), 0.02, 1), 0.015),
        }
        if curves
        else {},
        "scoring": {
            "samples": 10000,
            "reference": "MNIST test set, 10,000 images",
            "fid_floor": 0.41,
            "features": "made up",
        }
        if scores
        else None,
        "optimum": {"d_loss": 1.3863, "g_loss": 0.6931, "d_real": 0.5, "d_fake": 0.5} if curves else {},
        "log": [],
        "provenance": {"seed": seed},
    }
    return packed(pictures(steps, seed, channels), meta)


def packed(frames, meta):
    """What `build` makes, in a sixth of the time: WebP's quickest way of packing makes somewhat larger files."""
    width, height = frames[0].size
    columns, rows = layout(len(frames), width, height)
    sheet, buffer = Image.new(frames[0].mode, (columns * width, rows * height)), io.BytesIO()
    for i, frame in enumerate(frames):
        sheet.paste(frame, (i % columns * width, i // columns * height))
    sheet.save(buffer, "WEBP", quality=80, method=0)
    sides = {"columns": columns, "rows": rows, "frame_width": width, "frame_height": height}
    return sealed(meta, {"file": "frames.webp", **sides, "frames": len(frames)}, buffer.getvalue())
