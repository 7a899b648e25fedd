"""Recordings whose every picture is known: where D is sure, where real and fake lie, which frame is which."""

import numpy as np
import torch
from PIL import Image

from gan_edu.core.recording import point_frames
from gan_edu.core.recording.points_look import pack, whole
from gan_edu.core.recording.recording import build

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


STEPS, ROWS, COLUMNS = (0, 10, 500, 1000), 2, 3  # of the recording of pictures


def lightness(k):
    """Of the samples between the first, which is white, and the last, which is black, at frame k."""
    return 60 + 40 * k


def grey_recording(title="Known"):
    """A recording of pictures: the losses cross, D is sure of the first sample and of the last."""
    side, line = 28, np.linspace(0, 1, 11)
    frames = []
    for k in range(len(STEPS)):
        picture = np.full((ROWS * side, COLUMNS * side), lightness(k), np.uint8)
        picture[:side, :side], picture[-side:, -side:] = 255, 0
        frames.append(Image.fromarray(picture))
    histogram = [0.2, 0.05] + [0.1] * 7 + [0.0]
    scores = [{"fid": 100.0 / (k + 1), "confidence": 0.5, "histogram": histogram} for k in range(len(STEPS))]
    ends = {"d_loss": (2.2, 0.3), "g_loss": (0.25, 1.9), "d_real": (0.93, 0.64), "d_fake": (0.06, 0.48)}
    return build(
        frames,
        {
            "name": "known",
            "title": title,
            "subtitle": "",
            "kind": "images",
            "steps_per_epoch": None,
            "grid": {"rows": ROWS, "columns": COLUMNS, "tile_height": side, "tile_width": side, "channels": 1},
            "frames": {
                "step": list(STEPS),
                "epoch": [],
                "logits": [[6.0, 0.0, 0.0, 0.0, 0.0, -6.0]] * len(STEPS),
                "scores": scores,
            },
            "curves": {"step": [int(1000 * t) for t in line]}
            | {name: [low + (high - low) * t for t in line] for name, (low, high) in ends.items()},
            "scoring": None,
            "optimum": {},
            "log": [],
            "provenance": {},
        },
        quality=100,
    )


# four latents of a generator that paints the upper half of a picture by the first number, the lower by the second
CORNERS = torch.tensor([[2.0, -2.0, 1.0], [-2.0, 2.0, 1.0], [2.0, 2.0, 1.0], [-2.0, -2.0, 1.0]])
SEEN = {"A": ("light", "dark"), "B": ("dark", "light"), "C": ("light", "light"), "D": ("dark", "dark")}


def top_and_foot(z):
    """Pictures (N, 1, 4, 4) of latents (N, 3), whose third number is not seen."""
    return z[:, :2].tanh().repeat_interleave(2, 1)[:, None, :, None].expand(-1, 1, 4, 4)
