"""What the controls draw, read from the screen: up is up, left is left, blue discs are real, orange triangles are fake.

One page a control, opened as it is written for where no kernel is. `only_so` shows for each check that it fails on a
picture turned over, mirrored, or with the colours swapped.
"""

import re

import numpy as np
import pytest
from helpers.known_pictures import FAKE_AT, REAL_AT, plane_recording
from helpers.lab import settle
from helpers.pixels import FAKE, REAL, colour_at, hue, ink, only_so, spots
from helpers.screen import opened, shot
from playwright.sync_api import expect

from gan_edu import widgets

pytestmark = pytest.mark.browser


@pytest.fixture
def page_of(new_page, tmp_path):
    """page_of(control, **context): its page, settled."""
    return lambda control, **context: opened(new_page, control, tmp_path, **context)


# ---------------------------------------------------------------- the plane


def shares(x, y):
    """Where a point of the plane stands on its square, as shares of its sides, from the top left."""
    return x / 3 + 0.5, 0.5 - y / 3


def field_is(words):
    """A check of four places of the plane's map. words: above left, above right, below left, below right."""

    def check(picture):
        places = [shares(x, y) for y in (1.0, -0.6) for x in (-1.2, 1.2)]
        assert [hue(colour_at(picture, *place)) for place in places] == words.split()

    return check


def marks_are(theme):
    """A check of the two marks: a blue disc where the real point lies, an orange triangle where the fake one does."""

    def check(picture):
        for colour, place, shape in ((REAL, REAL_AT, "disc"), (FAKE, FAKE_AT, "triangle")):
            (mark,) = spots(picture, colour[theme])
            assert (mark.right, mark.down) == pytest.approx(shares(*place), abs=0.015) and mark.shape == shape

    return check


def layers(page, *names):
    """Switch on these layers of the plane, and no other."""
    for box in page.locator(".layer input").all():
        label = box.evaluate("(node) => node.closest('label').className")
        box.set_checked(any(name in label.split() for name in names))
    return settle(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_plane(page_of, theme):
    """Two runs: D is sure on the left in the first, above in the second; at the end the other way round."""
    runs = plane_recording(lambda x, y: x < 0, "Left"), plane_recording(lambda x, y: y > 0, "Above")
    page = page_of(widgets.PlaneReplay(*runs), device_scale_factor=3, color_scheme=theme)
    pictures = page.get_by_role("img", name=re.compile("The plane at step"))
    pictures.nth(1).wait_for()
    first, second = pictures.nth(0), pictures.nth(1)

    layers(page, "field")
    only_so(field_is("real fake real fake"), shot(first), "mirrored", "real for fake")
    only_so(field_is("real real fake fake"), shot(second), "upside down", "real for fake")
    page.get_by_label("history").press("End")
    settle(page)
    only_so(field_is("fake real fake real"), shot(first), "mirrored", "real for fake")
    only_so(field_is("fake fake real real"), shot(second), "upside down", "real for fake")

    layers(page, "real", "fake")
    for each in (first, second):
        only_so(marks_are(theme), shot(each), "upside down", "mirrored", "real for fake")
    for name, colour, shape in (("real", REAL, "disc"), ("fake", FAKE, "triangle")):  # the legend says the same
        (mark,) = spots(shot(page.locator(f".layer.{name}")), colour[theme])
        assert mark.shape == shape, name

    layers(page, "pulls")
    only_so(points_up_right_from_the_fake, shot(first), "upside down", "mirrored")
    layers(page, "sheet")
    only_so(lies_above_right_of_the_middle, shot(first), "upside down", "mirrored")

    box = page.locator(".ramp").bounding_box()
    low, high = (page.get_by_text(words).bounding_box() for words in ("0 looks fake", "1 looks real"))
    assert low["x"] < box["x"] < high["x"]
    only_so(ends_are("fake", "real"), shot(page.locator(".ramp")), "mirrored", "real for fake")

    page.get_by_label("history").press("Home")
    box = first.bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
    settle(page)
    expect(page.locator(".stage .readout")).to_contain_text("x (−0.90, 0.60) · D(x) = 1.00")


def points_up_right_from_the_fake(picture):
    """The arrow: from the fake a twentieth of the picture to the right and a tenth up."""
    x, y = shares(*FAKE_AT)
    assert ink(picture) == pytest.approx((x, y - 0.1, x + 0.05, y), abs=0.02)


def lies_above_right_of_the_middle(picture):
    """The sheet."""
    assert ink(picture, 20) == pytest.approx((*shares(0.2, 1.2), *shares(0.7, 0.9)), abs=0.02)


def ends_are(left, right):
    """A check of a colour scale that lies: what its ends stand for."""

    def check(picture):
        assert [hue(colour_at(picture, share, 0.5)) for share in (0.1, 0.9)] == [left, right]

    return check


# ---------------------------------------------------------------- the saddle


def light_at(*places):
    """A check: of each pair of places (right, down) the first is much lighter than the second. Dark is low."""

    def check(picture):
        for high, low in places:
            assert colour_at(picture, *high).mean() > colour_at(picture, *low).mean() + 60

    return check


LEFT_OVER_RIGHT = ((0.1, 0.1), (0.9, 0.1)), ((0.1, 0.9), (0.9, 0.9))
ABOVE_BELOW = ((0.1, 0.1), (0.1, 0.9)), ((0.9, 0.1), (0.9, 0.9))


def middle_of(node, box):
    """Where the middle of a node stands in a box, as shares of its sides."""
    a, b = node.bounding_box(), box.bounding_box()
    return (a["x"] + a["width"] / 2 - b["x"]) / b["width"], (a["y"] + a["height"] / 2 - b["y"]) / b["height"]


def test_the_saddle(page_of):
    """V falls to the right, and D climbs to the left; V rises upwards, and G descends."""
    games = {"left": lambda d, g: -d + 0 * g, "above": lambda d, g: g + 0 * d}
    page = page_of(widgets.Saddle(games, d=1.0, g=2.0, step=0.5, count=2, turn=0))
    above, height = page.get_by_role("img", name="V over d and g"), page.get_by_role("img", name="V as a surface")
    start, end = page.get_by_label("the start of both players").or_(page.locator(".start")), page.locator(".end")

    only_so(light_at(*LEFT_OVER_RIGHT), shot(above), "mirrored", "dark for light")
    assert middle_of(start, above) == pytest.approx((0.5 + 1 / 8, 0.5 - 2 / 8), abs=0.01)
    assert middle_of(end, above) == pytest.approx((0.5, 0.5 - 2 / 8), abs=0.01)
    only_so(falls_to_the_right, shot(height), "mirrored", "upside down", "dark for light")

    page.get_by_label("game", exact=True).select_option("above")
    settle(page)
    only_so(light_at(*ABOVE_BELOW), shot(above), "upside down", "dark for light")
    assert middle_of(end, above) == pytest.approx((0.5 + 1 / 8, 0.5 - 1 / 8), abs=0.01)
    only_so(light_at(((0.5, 0.15), (0.5, 0.85))), shot(height), "upside down", "dark for light")


def falls_to_the_right(picture):
    """A surface: its left side is light and stands higher, its right side is dark and lower."""
    drawn = np.abs(picture - colour_at(picture, 0.02, 0.02)).max(-1) > 30
    left, right = (drawn[:, round(share * drawn.shape[1])] for share in (0.25, 0.75))
    (top, foot), (other_top, other_foot) = ((np.flatnonzero(each)[0], np.flatnonzero(each)[-1]) for each in (left, right))
    assert top < other_top - 20 and foot < other_foot - 20
    size = np.array([drawn.shape[1], drawn.shape[0]])
    light_at(((0.25, (top + foot) / 2 / size[1]), (0.75, (other_top + other_foot) / 2 / size[1])))(picture)
