"""What JavaScript computes is held to what Python does: here Python's side, tests/js the other."""

import torch
from helpers.js_values import held

from gan_edu.core.games.two_numbers import path, slopes
from gan_edu.value_function import dirac, two_points

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
