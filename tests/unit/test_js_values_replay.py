"""What a recording says at a step, in Python; tests/js/replay.test.mjs holds the replay's run.js to it."""

from bisect import bisect_right

import numpy as np
from helpers.js_values import held

STEPS, MEASURED = [0, 1, 4, 20, 100, 400], [1, 3, 10, 50, 200, 400]
PER_EPOCH = 40


def recording():
    """The parts of a recording.json that a view reads: numbers with gaps, scores of every second frame."""
    rng = np.random.default_rng(0)
    logits = [[None if k == 2 else round(float(v), 3) for k, v in enumerate(rng.normal(0, 4, 5))] for _ in STEPS]
    scores = [{"fid": 100 - k, "confidence": None} if k % 2 else None for k in range(len(STEPS))]
    curves = {name: [round(float(v), 4) for v in rng.random(len(MEASURED))] for name in ("d_loss", "g_loss", "R1")}
    curves["g_loss"][3] = None
    curves["reward"] = [None] * len(MEASURED)
    return {
        "title": "A run",
        "steps_per_epoch": PER_EPOCH,
        "frames": {"step": STEPS, "epoch": [], "logits": logits, "scores": scores},
        "curves": {"step": MEASURED, **curves},
    }


def test_what_a_replay_reads():
    """Frames and scores at or before a step, the curve's nearest point (of two the earlier), and σ of D's logits."""
    meta, asked = recording(), [0, 2, 3, 6.5, 30, 125, 399, 1000]
    frames, curves = meta["frames"], meta["curves"]
    nearest = [int(np.argmin(np.abs(np.array(MEASURED) - step))) for step in asked]
    scored = [k for k, each in enumerate(frames["scores"]) if each]
    held(
        "replay",
        {
            "meta": meta,
            "asked": asked,
            "at": [bisect_right(STEPS, step) - 1 for step in [-1, *asked]],
            "curves": {name: [curves[name][k] for k in nearest] for name in ("d_loss", "g_loss", "R1")},
            "epochs": [step / PER_EPOCH for step in STEPS],
            "scored": [max([k for k in scored if k <= frame], default=-1) for frame in range(len(STEPS))],
            "probabilities": [
                [None if logit is None else float(1 / (1 + np.exp(-logit))) for logit in row]
                for row in frames["logits"]
            ],
            "others": ["R1"],
        },
    )
