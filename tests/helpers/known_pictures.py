"""Recordings whose every picture is known: where D is sure, where real and fake lie, which frame is which."""

import numpy as np
import torch
from PIL import Image

from gan_edu.core.recording import point_frames
from gan_edu.core.recording.points_look import pack, whole

SIDE = 20  # cells of D's map a side
REAL_AT, FAKE_AT = (-0.9, 0.3), (0.6, -1.05)  # of the plane from −1.5 to 1.5
PULL = (15.0, 30.0)  # on the fake: right, and twice as far up


def plane_recording(sure, title="Known", steps=(0, 10)):
    """A recording of the plane. sure: D's probability at (x, y) at the first step; at the others it is 1 minus that."""
    line = (torch.arange(SIDE) + 0.5) * (3 / SIDE) - 1.5
    y, x = torch.meshgrid(line, line, indexing="ij")
    field = sure(x, y).float().flatten()
    noise = torch.tensor([[-1.0, -1], [1, -1], [-1, 1], [1, 1]])
    image = torch.tensor([[0.2, 0.9], [0.7, 0.9], [0.2, 1.2], [0.7, 1.2]])  # above, right of the middle
    frames = [
        pack(torch.tensor([FAKE_AT]), 1 - field if k else field, torch.tensor([PULL]), image) for k in range(len(steps))
    ]
    scores = [{"js": 0.5 - 0.04 * k, "kl": 2.0, "pull": 1.0, "most": 1.0} for k in range(len(steps))]
    floor = {"js": 0.05, "kl": 0.1}
    return point_frames.build(
        frames,
        {
            "name": "known",
            "title": title,
            "subtitle": "",
            "kind": "points",
            "steps_per_epoch": None,
            "grid": {"fakes": 1, "field": SIDE, "pulls": 1, "sheet": 4, "edge": 1.5, "unit": 1000, "lost_field": 255},
            "noise": {"dim": 2, "kind": "uniform", "points": whole(noise)},
            "reals": [
                {"from": 0, "name": "one", "points": whole(torch.tensor([REAL_AT])), "floor": floor, "modes": None}
            ],
            "scoring": {"samples": 100, "bins": 30, "edge": 1.5},
            "frames": {"step": list(steps), "scores": scores},
            "curves": {"step": [1, 10], "d_loss": [1.0, 1.0], "g_loss": [0.5, 0.5]},
            "optimum": {},
            "log": [],
            "provenance": {"seed": 0, "settings": {}},
        },
    )


def grey_frame(k, count, rows=2, columns=3, side=14):
    """Frame k of `count`: its first sample is white, its last black, all others grey, lighter from frame to frame."""
    picture = np.full((rows * side, columns * side), 60 + 120 * k // max(1, count - 1))
    picture[:side, :side], picture[-side:, -side:] = 255, 0
    return Image.fromarray(picture.astype(np.uint8))
