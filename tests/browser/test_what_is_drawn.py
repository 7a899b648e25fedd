"""What the controls draw, read from the screen: up is up, left is left, blue discs are real, orange triangles are fake.

One page a control, opened as it is written for where no kernel is. `only_so` shows for each check that it fails on a
picture turned over, mirrored, or with the colours swapped. Each of these breaks of the drawing was seen to fail:

    plane       map upside down, mirrored, inks swapped · marks upside down, mirrored, of one colour, all triangles, on
                their tip · pulls downwards · sheet transposed · probe upside down · scale or its words reversed
    saddle      map upside down, mirrored, scale reversed · start upside down · G climbs · surface as a pit, mirrored
    density     axes reversed, ticks beside their values · curves' colours or legend's signs swapped · D* for 1 − D* ·
                integrand with the other's logarithm
    smoothing   α for β in D* · the arrow backwards · the lines of α alone and of both swapped
    earth       piles swapped, upside down · ribbons mirrored · price backwards · clouds mirrored, of one colour
    lens        map upside down, mirrored, less ink for more · rows upside down, mirrored
    board       rows for columns, mirrored, upside down · the way backwards · the label's bars mirrored
    losses      loss upside down, mirrored · loss and slope swapped · colours of the two swapped
    phases      axes reversed · path transposed · arrows backwards, upside down · start upside down · roots mirrored
    scores      marks or ticks reversed · colours swapped · rows in the other order, seeds too
    recipes     the tile before for the one now · curve upside down, mirrored, now for before · map upside down,
                mirrored, its dots in another column
    replay      frame k + 1 for k · verdict in the row from below, colours swapped · bars in the other order · curves
                upside down, mirrored, beside their ticks, colours swapped
    latent      sheet mirrored · walk from B to A · plane from D to A · lengths upside down, arc for line
"""

import re

import numpy as np
import pytest
import torch
from helpers.controls import TABLES
from helpers.known_pictures import (
    CORNERS,
    FAKE_AT,
    REAL_AT,
    SEEN,
    STEPS,
    grey_recording,
    lightness,
    plane_recording,
    top_and_foot,
)
from helpers.lab import settle
from helpers.pixels import FAKE, REAL, colour_at, hue, ink, near as near_colour, only_so, spots
from helpers.screen import graph, opened, shot, tick_value
from helpers.small_recipes import png
from playwright.sync_api import expect

from gan_edu import widgets
from gan_edu.losses import Loss
from gan_edu.widgets.phase_portrait import math as phase_math

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
    start, end = page.get_by_label("the start of both players").or_(page.locator(".start")), page.locator(".end").first

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
    (top, foot), (other_top, other_foot) = (
        (np.flatnonzero(each)[0], np.flatnonzero(each)[-1]) for each in (left, right)
    )
    assert top < other_top - 20 and foot < other_foot - 20
    size = np.array([drawn.shape[1], drawn.shape[0]])
    light_at(((0.25, (top + foot) / 2 / size[1]), (0.75, (other_top + other_foot) / 2 / size[1])))(picture)


# ---------------------------------------------------------------- charts: each value stands where the ticks say

GREEN, PURPLE, RED, BROWN, DARK, SOFT = "#00795A", "#A0458A", "#C2255C", "#8A6100", "#1B1F24", "#5B6570"
TURNS = "upside down", "mirrored"


def draws(*places):
    """A check of a chart: (x, y, colour) of what is drawn, and with a fourth, False, of what is not."""

    def check(seen):
        for x, y, colour, *there in places:
            assert seen.drawn(x, y, colour) == (there != [False]), (x, y, colour)

    return check


def charts(page, *names):
    """The charts that a screen reader is told by these words."""
    return [graph(page.get_by_role("img", name=name)) for name in names]


def normal(x, mean, width):
    return np.exp(-(((x - mean) / width) ** 2) / 2) / width / np.sqrt(2 * np.pi)


def legend_shows_real_and_fake(page):
    for words, colour, shape in (("pdata", REAL, "disc"), ("pg", FAKE, "triangle")):
        mark, *_ = spots(shot(page.locator(".entry").filter(has_text=re.compile(f"^{words}$")).first), colour["light"])
        assert mark.shape == shape, words


def test_the_density_player(page_of):
    """p_data left and narrow, p_g right and wide; D* is high at the data; the integrands hang where both are."""
    page = page_of(widgets.DensityPlayer(data_mean_1=-2.0, data_width_1=0.5, fake_mean_1=1.0, fake_width_1=1.0))
    densities, d, integrands = (
        graph(page.get_by_role("img", name=name))
        for name in ("the densities", "D over the line", "the integrands of V")
    )
    real, fake = REAL["light"], FAKE["light"]
    peaks = (-2, normal(0, 0, 0.5), real), (1, normal(0, 0, 1), fake)
    sides = (-2.5, normal(0.5, 0, 0.5), real), (0, normal(1, 0, 1), fake)  # where no handle stands
    none = (1, 0.2, real, False), (-2, 0.2, fake, False)
    only_so(draws(*peaks, *sides, *none), densities, *TURNS, "real for fake")
    only_so(draws((-3, 1, GREEN), (3, 0, GREEN)), d, *TURNS)

    def terms(x):
        p, q = normal(x, -2, 0.5), normal(x, 1, 1)
        return (x, p * np.log(p / (p + q)), real), (x, q * np.log(q / (p + q)), fake)

    only_so(draws(*terms(-0.7), *terms(-1.3)), integrands, *TURNS, "real for fake")
    legend_shows_real_and_fake(page)
    for name, place in (("data_mean_1", peaks[0]), ("fake_mean_1", peaks[1])):
        at = middle_of(page.locator(f"[data-name={name}] .grip"), page.get_by_role("img", name="the densities"))
        wide, high = np.array(densities.picture.shape[1::-1]) / densities.scale
        assert (at[0] * wide, at[1] * high) == pytest.approx(densities.place(*place[:2]), abs=3)


def test_the_smoothing_player(page_of):
    """D* goes from α at the data, left, to β at the fakes, right; the pull on a fake there is to the left, below 0."""
    control = widgets.SmoothingPlayer(0.9, 0.1, data_mean=-1.0, fake_mean=1.0, data_width=1.0, fake_width=1.0)
    page = page_of(control)
    densities, d, pull = (
        graph(page.get_by_role("img", name=name))
        for name in ("the densities", "D over the line", "the pull of the best D")
    )
    peak = normal(0, 0, 1)
    shown = (-1, peak, REAL["light"]), (2, normal(1, 0, 1), FAKE["light"]), (1, peak / 2, REAL["light"], False)
    only_so(draws(*shown), densities, *TURNS, "real for fake")
    only_so(draws((-3, 0.9, GREEN), (3, 0.1, GREEN)), d, *TURNS)
    x = torch.tensor([[0.2], [4.0]], dtype=torch.float64)
    (near, _), (_, far) = control.pull(x).tolist(), control.pull(x, smoothed=False).tolist()
    assert near < -0.5 and far < -1.5
    only_so(draws((0.2, near, PURPLE), (4.0, 0, PURPLE), (4.0, far, DARK)), pull, *TURNS)
    legend_shows_real_and_fake(page)
    over = shot(page.get_by_role("img", name="the densities"))
    arrow = np.nonzero(near_colour(over, PURPLE))[1].mean() / densities.scale
    assert arrow < densities.place(1, 0)[0] - 2, "the arrow points left of ▲"


def test_moving_earth_on_a_line(page_of):
    """Earth stands left above, orange; holes hang right below, blue; the price rises from the one to the other."""
    fake, data = ([20 * (k in places) for k in range(40)] for places in ((8, 9), (28, 29)))
    page = page_of(widgets.MovingEarth(fake=fake, data=data))
    piles = shot(page.get_by_role("img", name="earth around"))

    def stands(picture):
        for colour, share, way in ((FAKE, 0.28, -1), (REAL, 0.72, 1)):
            down, right = np.argwhere(near_colour(picture, colour["light"], 20)).mean(0)
            assert (
                right / picture.shape[1] == pytest.approx(share, abs=0.04) and way * (down / len(picture) - 0.46) > 0.1
            )
        grey = np.abs(picture - colour_at(picture, 0.02, 0.5)).max(-1) > 40
        height, width = grey.shape
        above, below = (
            np.flatnonzero(grey[round(height * share), width // 5 : 9 * width // 10]).mean() for share in (0.36, 0.55)
        )
        assert above < below - width / 8  # the ribbon

    only_so(stands, piles, *TURNS, "real for fake")
    (price,) = charts(page, "the price of earth over the line")
    only_so(draws((4.75, 2.5, GREEN), (8, 5, GREEN), (1, 0, GREEN), (8, 0, GREEN, False)), price, *TURNS)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_moving_earth_in_a_plane(page_of, theme):
    """Orange triangles at the left below, blue discs at the right above; a line leads from each to its own."""
    fake, data = ([(x, y + 0.05 * k) for k in range(12)] for x, y in ((-4, -3), (4, 2)))
    page = page_of(widgets.MovingEarth("plane", fake_points=fake, real_points=data), color_scheme=theme)
    clouds = shot(page.get_by_role("img", name="two clouds"))

    def lie(picture):
        for colour, side in ((FAKE, -1), (REAL, 1)):
            down, right = np.argwhere(near_colour(picture, colour[theme], 20)).mean(0)
            assert side * (right / picture.shape[1] - 0.5) > 0.2 and side * (0.5 - down / len(picture)) > 0.1

    only_so(lie, clouds, *TURNS, "real for fake")

    def is_dear_where_holes_are(picture):
        assert hue(colour_at(picture, 0.1, 0.9)) == "fake" and hue(colour_at(picture, 0.95, 0.1)) == "real"

    only_so(is_dear_where_holes_are, clouds, "mirrored", "real for fake")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_overlap_lens(page_of, theme):
    """The first weight is strong, the next weak, none overlap: in each square of the map the corner left above has most
    ink, and so has the first output of each four. Of the three inputs above them the middle one is lit."""
    weights = [2.0, 0.5, 0.5, 0.6, 1.0, 1.0, 1.0]
    control = widgets.OverlapLens(kernel=4, stride=4, inputs=3, weighted=True, weights=weights, output=5)
    page = page_of(control, color_scheme=theme)
    most, corners = 0 if theme == "light" else 255, ((0, 0), (1, 0), (0, 1), (3, 3))

    def has_most_ink_in_the_corners(picture):
        for k in range(3):
            seen = [colour_at(picture, *(((4 * k + at) + 0.5) / 12 for at in place)).mean() for place in corners]
            assert abs(seen[0] - most) < 90, (k, seen)
            assert all(abs(each - most) > 120 for each in seen[1:]), (k, seen)

    breaks = "upside down", "mirrored", "dark for light"
    only_so(has_most_ink_in_the_corners, shot(page.get_by_role("img", name="what equal inputs become")), *breaks)

    fan = page.get_by_role("img", name="3 inputs above, 12 outputs below")
    rows = shot(fan)
    cells = fan.locator(".cell").evaluate_all(
        "(all) => all.map((n) => ['x', 'width', 'y', 'height'].map((name) => +n.getAttribute(name)))"
    )
    high, wide = (round(each) for each in (fan.bounding_box()["height"], fan.bounding_box()["width"]))

    def stands_above_what_it_writes(picture):
        places = [((x + width / 2) / wide, (y + height / 2) / high) for x, width, y, height in cells[3:]]
        inks = [abs(colour_at(picture, *place).mean() - most) < 90 for place in places]
        assert inks == [k % 4 == 0 for k in range(12)]

    only_so(stands_above_what_it_writes, rows, *breaks)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_condition_board(page_of, theme):
    """A class is a bright column, further right for each; a style how far down it reaches. The large picture and the
    bars below it are of the label, two thirds of the second class and one of the sixth; the way leads from left to
    right."""

    def columns(z, y):
        lit = torch.nn.functional.pad(y, (1, 1))[:, None, :].expand(-1, 8, -1)  # (N, 8, 8), dark at both sides
        return (2 * lit * (torch.arange(8) < z[:, :1])[:, :, None] - 1)[:, None]

    z = torch.tensor([[2.0], [5.0]])
    page = page_of(widgets.ConditionBoard(columns, z, list("abcdef"), style=1, a=1, b=5, step=2), color_scheme=theme)
    cells = page.get_by_role("gridcell").locator("canvas").all()
    places = [(row, column) for row in range(2) for column in range(6)]
    middles = np.array([middle(cell) for cell in cells]).reshape(2, 6, 2)
    assert (np.diff(middles[..., 0], axis=1) > 30).all() and (np.diff(middles[..., 1], axis=0) > 30).all()

    def is_bright(picture, wanted, down):
        """The brightness of the picture's columns at a height."""
        seen = [colour_at(picture, (k + 1.5) / 8, down).mean() / 255 for k in range(6)]
        assert seen == pytest.approx([wanted.get(k, 0) for k in range(6)], abs=0.12)

    for cell, (row, column) in zip(cells, places, strict=True):
        breaks = ("upside down", "mirrored", "dark for light")
        picture = shot(cell)
        only_so(lambda seen, c=column: is_bright(seen, {c: 1}, 0.08), picture, *breaks)
        is_bright(picture, {column: 1} if row else {}, 0.55)

    large = shot(page.locator(".right canvas"))
    only_so(lambda seen: is_bright(seen, {1: 2 / 3, 5: 1 / 3}, 0.5), large, "mirrored", "dark for light")
    bars = [bar.bounding_box() for bar in page.locator(".bars i").all()]
    assert [bar["height"] for bar in bars] == pytest.approx([0, 20, 0, 0, 0, 10], abs=0.6)
    assert [bar["x"] for bar in bars] == sorted(bar["x"] for bar in bars)
    way = page.locator(".strip canvas").all()
    for step, canvas in enumerate(way):
        is_bright(shot(canvas), {1: 1 - step / 6, 5: step / 6}, 0.3)
    assert [middle(canvas)[0] for canvas in way] == sorted(middle(canvas)[0] for canvas in way)


def test_the_loss_explorer(page_of):
    """One loss falls along a line, the other is a parabola; beside them their slopes. ● stands at the logit."""
    losses = {
        "line": Loss("line", lambda r, f: f.mean(), lambda f, r: -f.mean()),
        "parabola": Loss("parabola", lambda r, f: f.mean(), lambda f, r: 0.1 * (f + 2).square().mean()),
    }
    page = page_of(widgets.LossExplorer(losses, logit=-4.0))
    loss, slope = (graph(page.locator(".loss-box").nth(k)) for k in range(2))
    line = (-6, 6, DARK), (5, -5, DARK), (-6, -6, DARK, False)
    bowl = (6, 6.4, BROWN), (2, 1.6, BROWN), (-6, 1.6, BROWN), (-4, 0.4, BROWN)
    only_so(draws(*line, *bowl), loss, *TURNS)
    only_so(draws((5, -1, DARK), (-6, -0.8, BROWN), (6, 1.6, BROWN), (-6, 1.6, BROWN, False)), slope, *TURNS)


def arrow_points(x, y, way):
    """A check of a chart: at (x, y) stands an arrow whose head is on this side of it."""

    def check(seen):
        right, down = (round(t * seen.scale) for t in seen.place(x, y))
        by = round(9 * seen.scale)
        patch = seen.picture[down - by : down + by + 1, right - by : right + by + 1]
        at = np.argwhere(patch.sum(-1) < 600) - by  # the arrow's ink, down and right of its middle
        along, off = at @ np.array([-way[1], way[0]]), np.abs(at @ np.array([way[0], way[1]])) / np.hypot(*way)
        assert along[off > 1.5 * seen.scale].mean() > 0

    return check


def test_the_phase_portrait(page_of):
    """The path stands at its points, arrows point where the players step, eigenvalues left of 0 are to the left."""
    control = widgets.PhasePortrait(penalty="R1", gamma=0.5, start=(-1.0, 0.5), steps=50)
    page = page_of(control)
    field, flow, round_ = (
        graph(page.get_by_role("img", name=name))
        for name in ("the field over θ", "eigenvalues of the field", "unit circle")
    )
    way = control.path()
    only_so(draws(*((*point, DARK) for point in way[1:12])), field, *TURNS)  # the rim: its inside tells the time
    for x, y in ((0.4, 2.4), (2.4, 0.4)):  # on the lattice of arrows
        v = phase_math.field(x, y, "GAN", "R1", 0.5)
        only_so(arrow_points(x, y, v), field, "upside down" if y < 1 else "mirrored")
    page_box = page.get_by_role("img", name="the field over θ")
    wide, high = np.array(field.picture.shape[1::-1]) / field.scale
    start = middle_of(page.get_by_label("start at θ").first, page_box)
    assert (start[0] * wide, start[1] * high) == pytest.approx(field.place(-1, 0.5), abs=2)
    for seen, roots in zip((flow, round_), control.eigenvalues(), strict=True):
        only_so(draws(*((root.real, root.imag, RED) for root in roots)), seen, "mirrored")
    radius = graph(page.get_by_role("img", name="distance to"), log=(False, True))
    only_so(draws(*((k, np.hypot(*way[k]), RED) for k in (0, 20, 45))), radius, *TURNS)


def test_the_score_table(page_of):
    """Sorted, the best row stands on top; each seed's mark stands at its value, in the colour of its row."""
    page = page_of(widgets.ScoreTable(TABLES, sort="fid"))
    head, rows = page.get_by_role("columnheader").nth(1), page.get_by_role("row")
    assert [rows.nth(k).locator("b").first.inner_text() for k in (1, 2)] == ["Good", "Base"]
    ticks = [(tick_value(each.inner_text()), middle(each)[0]) for each in head.locator(".lane span").all()]
    slope, at = np.polyfit(*zip(*ticks, strict=True), 1)
    assert slope > 0 and "← better" in head.inner_text()
    for row, values, colour in ((rows.nth(1), (1, 2, 3), PURPLE), (rows.nth(2), (3, 4, 5), DARK)):
        dots = row.get_by_role("button", name=re.compile("seed")).all()
        places = [middle(dot) for dot in dots]
        assert [x for x, _ in places] == pytest.approx([slope * value + at for value in values], abs=1.5)
        assert sorted(places, key=lambda place: place[1]) == places, "the first seed is the highest mark"
        for dot in dots:
            assert near_colour(shot(dot), colour).mean() > 0.3
        assert middle(row.locator(".base"))[0] == pytest.approx(slope * 4 + at, abs=1.5)


def test_the_recipe_board(page_of):
    """The best recipe is the first and the lowest of the map, with its dots; its curve and samples are its own."""
    tiles = {"": png(np.tile([255, 0], (28, 14))), "a": png(np.r_[np.full((14, 28), 255), np.zeros((14, 28))])}
    way = [{"cpu_seconds": t, "fid": 100.0 / t} for t in (1.0, 10.0)]
    best = {"on": ["a"], "fid": 10.0, "recall": 0.5, "steps": 3, "cpu_seconds": 10.0, "way": way}
    plain = {**best, "on": [], "fid": 80.0, "way": [{**look, "fid": 80.0} for look in way]}
    table = {
        **{"seconds": 10, "samples": 100, "floor": {"fid": 15.0}, "ingredients": ["a"], "tiles": tiles},
        "runs": [{**each, "seed": seed} for each in (best, plain) for seed in range(3)],
    }
    page = page_of(widgets.RecipeBoard(table, {"a": ("the one", "a=True")}, on=["a"], before=[]))
    now, before = (shot(page.locator(f".samples .{which} canvas")) for which in ("now", "before"))

    def half(seen):
        assert colour_at(seen, 0.5, 0.25).mean() > 240 and colour_at(seen, 0.5, 0.75).mean() < 15

    only_so(half, now, "upside down", "dark for light")
    assert 60 < before[8:-8, 8:-8].mean() < 200 and np.ptp(before[8:-8, 8:-8].mean((0, 2))) > 100  # columns
    curve = graph(page.locator(".plot-box.fid svg"), log=(False, True))
    only_so(
        draws((1, 100, PURPLE), (10, 10, PURPLE), (1, 80, SOFT), (10, 80, SOFT), (5, 15, REAL["light"])), curve, *TURNS
    )
    chart = page.locator(".plot-box.order svg")
    chosen, dot, other = (
        middle(chart.locator(f"path.{kind}")) for kind in ("chosen-median", "cell-chosen", "neighbour")
    )
    assert chosen[0] < other[0] and chosen[1] > other[1]
    assert dot[0] == pytest.approx(chosen[0], abs=1) and dot[1] > chosen[1]
    box = chart.bounding_box()
    for x, y in (chosen, dot):
        place = (x - box["x"]) / box["width"], (y - box["y"]) / box["height"]
        assert near_colour(colour_at(shot(chart), *place)[None, None], PURPLE).any()


def middle(node):
    box = node.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# ---------------------------------------------------------------- pictures in a grid


def grid_is(lightness):
    """A check of a grid of samples: the first is white, the last is black, one between them as light as that."""

    def check(picture):
        first, between, last = (
            colour_at(picture, *place).mean() for place in ((0.16, 0.25), (0.5, 0.25), (0.84, 0.75))
        )
        assert first > 240 and last < 15 and abs(between - lightness) < 8

    return check


def test_the_replay(page_of):
    """Frame k of the film is frame k; samples go by rows from the top; curves stand by their ticks."""
    page = page_of(widgets.Replay(grey_recording()))
    page.locator(".message").wait_for(state="hidden")
    samples, slider = (
        page.get_by_role("img", name=re.compile("samples of")),
        page.get_by_label("frame of the recording"),
    )
    for k in (0, 1, 2, 3):
        slider.fill(str(k))
        settle(page)
        assert page.locator(".now").inner_text().split()[:2] == ["step", f"{STEPS[k]:,}"]
        only_so(grid_is(lightness(k)), shot(samples), "upside down", "mirrored", "dark for light")
    boxes = page.locator(".chart-box")
    loss, sure = (graph(boxes.nth(k), below=boxes.last) for k in range(2))
    only_so(draws((100, 2, GREEN), (800, 0.68, GREEN), (100, 0.4, PURPLE), (800, 1.57, PURPLE)), loss, *TURNS)
    means = (100, 0.9, REAL), (800, 0.7, REAL), (100, 0.1, FAKE), (800, 0.4, FAKE)
    only_so(draws(*((x, y, colour["light"]) for x, y, colour in means)), sure, *TURNS, "real for fake")

    page.get_by_role("switch").click()
    settle(page)
    only_so(verdicts, shot(samples), "upside down", "mirrored", "real for fake")
    fid = graph(boxes.last)
    only_so(draws((0, 100, DARK), (1000, 25, DARK), (900, 90, DARK, False)), fid, *TURNS)
    bars = [bar.bounding_box()["height"] for bar in page.locator(".bars i").all()]
    assert bars[0] == max(bars) > 2 * bars[1] and bars[-1] == 0


def verdicts(picture):
    """D's verdict: the first sample is framed in blue, the last in orange, the others, undecided, hardly."""
    high, wide = picture.shape[0] // 2, picture.shape[1] // 3
    for part, colour in ((picture[:high, :wide], REAL), (picture[-high:, -wide:], FAKE)):
        other = FAKE if colour is REAL else REAL
        assert near_colour(part, colour["dark"]).sum() > 100 > near_colour(part, other["dark"]).sum()


def test_the_latent_explorer(page_of):
    """Samples in their places; A at the left of the walk, B at the right; C and D below A and B on the plane."""
    page = page_of(widgets.LatentExplorer(top_and_foot, CORNERS, position=0))
    tiles = page.get_by_role("group", name="samples").locator("canvas")
    page.wait_for_function("() => !window.decoding")
    settle(page)
    for k, name in enumerate("ABCD"):
        assert halves(shot(tiles.nth(k))) == SEEN[name], name
    only_so(lambda picture: is_halves(picture, SEEN["A"]), shot(tiles.nth(0)), "upside down", "dark for light")

    slider, walk = page.get_by_label("where on the walk"), page.get_by_role("img", name=re.compile("path at t ="))
    for place, name in ((0, "A"), (32, "B")):
        slider.fill(str(place))
        settle(page)
        assert [halves(shot(walk.nth(k))) for k in (0, 1)] == [SEEN[name]] * 2
    strip = page.locator(".strip canvas")
    assert [halves(shot(strip.nth(k))) for k in (0, 8, 9, 17)] == [SEEN[name] for name in "ABAB"]
    plot = graph(page.locator(".length-box"), words={"A": 0.0, "halfway": 16.0, "B": 32.0})
    chord = [float(torch.lerp(CORNERS[0], CORNERS[1], k / 32).norm()) for k in (10, 16)]  # dips below the arc's 3
    only_so(draws((10, chord[0], DARK), (10, 3, DARK), (16, chord[1], DARK), (16, 3, DARK)), plot, "upside down")

    xs = np.arange(4, 28, 0.1)
    line = torch.lerp(CORNERS[:1], CORNERS[1:2], torch.tensor(xs[:, None] / 32, dtype=torch.float32)).norm(dim=1)
    assert all(plot.drawn(x, 3, DARK, 0.5) for x in xs), "the arc is solid"
    assert not all(plot.drawn(x, y, DARK, 0.5) for x, y in zip(xs, line.tolist(), strict=True)), "the line is dashed"

    page.get_by_role("tab", name="Plane").click()
    settle(page)
    cells = page.locator(".field canvas")
    assert [halves(shot(cells.nth(k))) for k in (0, 6, 42, 48)] == [SEEN[name] for name in "ABCD"]
    boxes = [middle(cells.nth(k)) for k in (0, 6, 42, 48)]
    assert boxes[0][0] < boxes[1][0] - 50 and boxes[0][1] < boxes[2][1] - 50
    badges = [middle(page.locator(".field .badge", has_text=name)) for name in "ABCD"]
    assert badges[0][0] < badges[1][0] and badges[2][0] < badges[3][0] and badges[0][1] < badges[2][1]


def halves(picture):
    """ "light" or "dark", of the upper and of the lower half of a sample."""
    return tuple("light" if colour_at(picture, 0.5, down).mean() > 128 else "dark" for down in (0.25, 0.75))


def is_halves(picture, wanted):
    assert halves(picture) == wanted
