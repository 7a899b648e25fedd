"""A small recording of plain frames, whose every number a test can tell."""

import numpy as np
from PIL import Image

from gan_edu.core.recording.recording import build


def recording(title="Run", steps=(0, 1, 5, 50, 500, 1000), per_epoch=100, noise=False, channels=1, fid=True):
    rng, frames = np.random.default_rng(0), []
    for k in range(len(steps)):
        pixels = rng.integers(0, 256, (224, 224, 3)) if noise else np.full((224, 224, 3), 255 * k // len(steps))
        frames.append(Image.fromarray(pixels.astype(np.uint8)).convert("RGB" if channels == 3 else "L"))
    scores = [{"fid": 300.0 / (k + 1), "confidence": 0.5, "histogram": [0.1] * 10} for k in range(len(steps))]
    return build(
        frames,
        {
            "name": "run",
            "title": title,
            "subtitle": "",
            "kind": "images",
            "steps_per_epoch": per_epoch,
            "grid": {"rows": 8, "columns": 8, "tile_height": 28, "tile_width": 28, "channels": channels},
            "frames": {
                "step": list(steps),
                "epoch": [],
                "logits": [[0.0] * 64] * len(steps),
                "scores": scores if fid else [None] * len(steps),
            },
            "curves": {"step": [1, 500, 1000], "d_loss": [1.0, 1.25, None], "g_loss": [2.0, 1.5, 0.7]},
            "scoring": None,
            "optimum": {},
            "log": [],
            "provenance": {},
        },
    )
