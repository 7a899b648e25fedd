"""The PNG that each control leaves in a saved notebook: up is up, left is left, blue is real, orange is fake.

`only_so` shows for each check that it fails on the picture turned over, mirrored, or with its colours swapped.
"""

import numpy as np
import pytest
from helpers.known_pictures import FAKE_AT, REAL_AT, plane_recording
from helpers.pixels import FAKE, REAL, colour_at, cut, hue, near, only_so, panels, picture_of, spots
from PIL import ImageColor

from gan_edu import widgets
from gan_edu.core.notebook.figures import INK


def known_planes():
    return plane_recording(lambda x, y: x < 0, "Left"), plane_recording(lambda x, y: y > 0, "Above")


def test_the_planes_sheet_has_a_row_a_run_and_its_moments_from_left_to_right():
    moments = ["real fake real fake", "fake real fake real", "real real fake fake", "fake fake real real"]

    def check(picture):
        boxes = panels(picture)
        assert len({box[0] for box in boxes}) == 2 and len(boxes) == 4  # two rows of two moments
        for box, words in zip(boxes, moments, strict=True):
            one = cut(picture, box)
            assert [hue(colour_at(one, x, y)) for y in (0.2, 0.7) for x in (0.3, 0.9)] == words.split()

    sheet = picture_of(widgets.PlaneReplay(*known_planes()).picture())
    only_so(check, sheet, "upside down", "mirrored", "real for fake")


def test_the_planes_sheet_has_a_blue_disc_for_real_and_an_orange_triangle_for_fake():
    def check(picture):
        one = cut(picture, panels(picture)[0])
        for colour, (x, y), grows in ((REAL["light"], REAL_AT, False), (FAKE["light"], FAKE_AT, True)):
            (mark, *_) = spots(one, colour, least=5, within=55)
            assert (mark.right, mark.down) == pytest.approx((x / 3 + 0.5, 0.5 - y / 3), abs=0.02), colour
            wide = [each for each in near(one, colour, 55).sum(1) if each]  # of a few pixels: from its top to its foot
            assert (wide[-1] - wide[0] >= 2) == grows, "a triangle grows wider downwards, a disc does not"

    sheet = picture_of(widgets.PlaneReplay(known_planes()[0]).picture())
    only_so(check, sheet, "upside down", "mirrored", "real for fake")


# ---------------------------------------------------------------- the saddle


def test_the_saddles_picture_has_the_high_side_light_as_its_scale_says():
    """V falls to the right, or rises upwards; the scale beside it is light at its top, where the large numbers are."""

    def check(words):
        def of(picture):
            field, scale = sorted((cut(picture, box) for box in panels(picture, 12)), key=np.size)[:-3:-1]
            assert scale.shape[1] < field.shape[1] / 4 and scale.shape[0] > 0.9 * field.shape[0]
            light = [colour_at(field, x, y).mean() for y in (0.1, 0.9) for x in (0.1, 0.9)]
            assert ["high" if each > 130 else "low" for each in light] == words.split()
            assert colour_at(scale, 0.4, 0.05).mean() > 130 > colour_at(scale, 0.4, 0.95).mean()
            start = colour_at(field, 0.5 + 1 / 8, 0.5 - 2 / 8)  # d = 1, g = 2
            assert np.abs(start - ImageColor.getrgb(INK)).max() < 30

        return of

    left, above = (
        widgets.Saddle({"known": v}, d=1.0, g=2.0) for v in (lambda d, g: -d + 0 * g, lambda d, g: g + 0 * d)
    )
    only_so(check("high low high low"), picture_of(left.picture()), "mirrored", "upside down", "dark for light")
    only_so(check("high high low low"), picture_of(above.picture()), "mirrored", "upside down", "dark for light")
