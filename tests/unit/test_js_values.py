"""What JavaScript computes is held to what Python does: here Python's side, tests/js the other."""

import torch
from helpers.js_values import held

from gan_edu.core.games.two_numbers import path, slopes
from gan_edu.value_function import dirac, two_points
from gan_edu.widgets.mask_painter.answers import decibels
from gan_edu.widgets.mask_painter.holes import PRESETS, text_of

SIDE, REACH = 41, 4.0


def test_the_saddles_game():
    """V and its slopes on a grid and between its points, paths, and D's best answer: d = −2 artanh(σ(g) − ½)."""
    line = torch.linspace(-REACH, REACH, SIDE, dtype=torch.float64)
    g, d = torch.meshgrid(line, line, indexing="ij")
    places = [(-3.97, 3.93), (0.013, -0.027), (2.22, -1.31), (3.999, -3.999)]
    found = {"side": SIDE, "reach": REACH}
    for name, game in (("two points", two_points), ("Dirac-GAN", dirac)):
        at = [[t.item() for t in slopes(game, *torch.tensor(place, dtype=torch.float64))] for place in places]
        ways = {
            order: path(game, (-2, 2), 0.3, 12, order).double().tolist() for order in ("simultaneous", "alternating")
        }
        values = torch.stack(slopes(game, d, g)).float().double().flatten()
        found[name] = {
            "values": [round(each, 6) for each in values.tolist()],
            "places": places,
            "at": at,
            "paths": ways,
        }
    found["best"] = [(-2 * torch.atanh(each.sigmoid() - 0.5)).item() for each in line]
    held("saddle", found)


def test_the_mask_painters_holes_and_scores():
    """Holes as text; PSNR in a hole; the intersection over union of a stroke with each stored hole."""
    stream = torch.Generator().manual_seed(0)
    stroke = torch.zeros(28, 28, dtype=torch.bool)
    stroke[15:19, 3:25] = True
    real, made = torch.randint(0, 256, (2, 28, 28), generator=stream).to(torch.uint8)
    holes = {**PRESETS, "stroke": stroke}
    held(
        "mask_painter",
        {
            "holes": [{"name": name, "bits": text_of(hole)} for name, hole in holes.items()],
            "rows": {name: hole.int().sum(1).tolist() for name, hole in holes.items()},
            "columns": {name: hole.int().sum(0).tolist() for name, hole in holes.items()},
            "shared": {name: ((stroke & hole).sum() / (stroke | hole).sum()).item() for name, hole in PRESETS.items()},
            "real": real.flatten().tolist(),
            "made": made.flatten().tolist(),
            "psnr": {name: decibels(real, made, hole) for name, hole in {**holes, "": None}.items()},
        },
    )
