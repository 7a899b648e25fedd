"""What the plane's JavaScript computes is held to what Python does: here Python's side, tests/js the other."""

import base64

import numpy as np
import torch
from helpers.js_values import held

from gan_edu.core.recording.point_frames import LOST_LEVEL, UNIT, unpack
from gan_edu.core.recording.points_look import pack
from gan_edu.widgets.plane.log import note_alone
from gan_edu.widgets.plane.settings import drawing

EDGE, SIDE, FAKES, PULLS, ACROSS = 1.5, 8, 12, 5, 4
LONGEST = 30_000  # the largest component of packed pulls
PLACES = [(-1.4, -1.4), (1.4, -1.4), (-1.4, 1.4), (1.4, 1.4), (0.1, -0.7), (-2, 9)]


def frame():
    """A frame with lost numbers in each part, one sample beyond the edge, and a map that rises from left to right."""
    torch.manual_seed(0)
    fakes, pulls, image = torch.randn(FAKES, 2) / 3, torch.randn(PULLS, 2), torch.randn(ACROSS**2, 2)
    fakes[3], fakes[7], pulls[2], image[6] = torch.nan, torch.tensor([1.7, 0.1]), torch.inf, torch.nan
    line = (torch.arange(SIDE) + 0.5) * (2 * EDGE / SIDE) - EDGE
    y, x = torch.meshgrid(line, line, indexing="ij")
    sure = (2 * x + 0.4 * y).sigmoid().flatten()
    sure[SIDE + 1] = torch.nan
    most = pulls.nan_to_num(0, 0, 0).abs().max().item()
    return pack(fakes, sure, pulls * (LONGEST / UNIT / most), image), pulls, most, line.tolist()


def known(array):
    """Nested lists, None for what is no number."""
    return [[None if np.isnan(each) else float(each) for each in row] for row in array]


def test_the_planes_frame():
    packed, pulls, most, line = frame()
    grid = {"fakes": FAKES, "pulls": PULLS, "sheet": ACROSS**2, "field": SIDE, "edge": EDGE, "unit": UNIT}
    grid["lost_field"] = LOST_LEVEL
    seen = unpack({"grid": grid}, packed)
    cells = [[int(np.argmin(np.abs(np.subtract(line, each)))) for each in place] for place in PLACES]
    far = np.abs(seen["fakes"]).max(1)
    held(
        "plane_frame",
        {
            "grid": grid,
            "packed": base64.b64encode(packed).decode(),
            **{name: known(seen[name]) for name in ("fakes", "pulls", "sheet", "sure")},
            "lost": int(np.isnan(far).sum()),
            "away": int((far > EDGE).sum()),
            "places": PLACES,
            "levels": [float(seen["sure"][row, column]) for column, row in cells],
            "most": most,
            "lengths": [[float(each)] if each.isfinite() else [None] for each in pulls.norm(dim=1)],
        },
    )


def test_the_planes_sheet():
    """The noise on its way to its image, and the area of cells: half the cross product of the diagonals."""
    rng = np.random.default_rng(0)
    line = np.linspace(-1000, 1000, ACROSS).round()
    noise = np.stack(np.meshgrid(line, line), 2).reshape(-1, 2)
    image = (rng.normal(size=(ACROSS**2, 2)) * 500).round()
    half = (0.5 * 0.45 * noise + 0.5 * image) / UNIT
    corner = half.reshape(ACROSS, ACROSS, 2)
    first, second = corner[1:, 1:] - corner[:-1, :-1], corner[1:, :-1] - corner[:-1, 1:]
    areas = np.abs(first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]) / 2
    held(
        "plane_sheet",
        {
            "unit": UNIT,
            "noise": noise.flatten().tolist(),
            "image": image.flatten().tolist(),
            "half": half.tolist(),
            "areas": areas.flatten().tolist(),
            "on_a_line": (0.75 * np.stack([line, 0 * line], 1) + 0.25 * image[:ACROSS]).tolist(),
        },
    )


def test_the_planes_drawings():
    """Shapes, points along a stroke, how many of a drawing's points are learned; and steps of one player alone."""
    t = np.arange(160) / 160 * 2 * np.pi
    up = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    corners = np.arange(11)
    radius = np.where(corners % 2, 0.42, 1.05)
    star = [
        np.interp(t, corners * np.pi / 5, radius * of(corners * np.pi / 5)) for of in (np.sin, np.cos)
    ]  # straight from corner to corner
    shapes = {
        "heart": np.stack([1.2 * np.sin(t) ** 3, 0.075 * up + 0.15], 1),
        "star": np.stack(star, 1),
        "eight": np.stack([1.05 * np.sin(t), 0.525 * np.sin(2 * t)], 1),
    }
    log: list[dict] = []
    for before in (3, 4, 5, 11, 12):
        note_alone(log, before, "d")
    note_alone(log, 13, "g")
    held(
        "plane_drawings",
        {
            "shapes": {name: points.round(4).tolist() for name, points in shapes.items()},
            "stroke": np.linspace((0.0, 0.0), (0.3, 0.4), 18)[1:].tolist(),  # 0.5 long: 17 parts
            "counts": [1, 400, 401, 800, 801, 1500],
            "learned": [len(drawing([[0.0, 0.0]] * count)) for count in (1, 400, 401, 800, 801, 1500)],
            "log": log,
            "alone": [sum(step < now for step in (3, 4, 5, 11, 12)) for now in range(16)],
        },
    )
