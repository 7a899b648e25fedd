"""The PNG that each control leaves in a saved notebook: up is up, left is left, blue is real, orange is fake.

`only_so` shows for each check that it fails on the picture turned over, mirrored, or with its colours swapped. Each of
these breaks of the drawing was seen to fail:

    plane       map upside down, transposed, inks swapped · marks upside down, colours swapped, triangles on their tip ·
                runs in the other order
    saddle      V transposed, scale reversed, axis of g reversed · start at the other side
    density     colours swapped · 1 − D* for D* · axis reversed · integrands above 0
    smoothing   densities swapped · 1 − D* for D* · the pull to the other side
    losses      loss and slope swapped · axes reversed
    phases      axis of ψ reversed · start transposed · roots mirrored
    scores      rows in the other order · colours swapped
    replay      moments in the other order, a frame late · rows of the atlas reversed · each run's row the first run's
    latent      walk from B to A · line and arc swapped
"""

import numpy as np
import pytest
from helpers.controls import TABLES
from helpers.known_pictures import (
    CORNERS,
    FAKE_AT,
    REAL_AT,
    STEPS,
    grey_recording,
    lightness,
    plane_recording,
    top_and_foot,
)
from helpers.pixels import FAKE, REAL, colour_at, curve, cut, hue, near, only_so, panels, picture_of, spots
from PIL import ImageColor

from gan_edu import widgets
from gan_edu.core.notebook.figures import DISCRIMINATOR, GENERATOR, INK
from gan_edu.losses import Loss
from gan_edu.widgets.loss_explorer.widget import COLOURS


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


# ---------------------------------------------------------------- charts


def upper(picture, share):
    return picture[: round(share * len(picture))]


def lower(picture, share):
    return picture[-round(share * len(picture)) :]


def peak(picture, colour):
    """The top of a curve: (column, how far it stands above the curve's lowest point), in pixels."""
    columns, rows = curve(picture, colour)
    return columns[rows == rows.min()].mean(), rows.max() - rows.min()


def goes_down(picture, colour):
    """Whether a curve begins high at its left and ends low at its right."""
    columns, rows = curve(picture, colour)
    left, right = (rows[abs(columns - end) < 12].mean() for end in (columns.min(), columns.max()))
    return right - left > 20


def test_the_density_players_picture():
    """p_data at the left and twice as high, p_g at the right; D* is high at the data; integrands hang between."""
    control = widgets.DensityPlayer(data_mean_1=-2.0, data_width_1=0.5, fake_mean_1=1.0, fake_width_1=1.0)

    def check(picture):
        (left, high), (right, low) = (peak(upper(picture, 0.45), each["light"]) for each in (REAL, FAKE))
        assert high == pytest.approx(2 * low, rel=0.1)
        assert right - left == pytest.approx(3 / 12.6 * picture.shape[1], rel=0.15)  # three units of an axis of twelve
        rows, columns = np.nonzero(near(picture, DISCRIMINATOR))
        assert rows[abs(columns - left) < 9].mean() < rows[abs(columns - right) < 9].mean() - 20  # D*
        for colour in (REAL, FAKE):
            columns, rows = curve(lower(picture, 0.3), colour["light"])
            assert left < columns[rows == rows.max()].mean() < right and np.median(rows) < rows.mean()

    only_so(check, picture_of(control.picture()), "mirrored", "upside down", "real for fake")


def test_the_smoothing_players_picture():
    def check(picture):
        (left, _), (right, _) = (peak(upper(picture, 0.38), each["light"]) for each in (REAL, FAKE))
        assert left < right and goes_down(picture, DISCRIMINATOR)
        columns, rows = curve(lower(picture, 0.35), GENERATOR)
        middle = columns[rows == rows.max()].mean()  # the pull is below 0 between the two, and dies at the fakes
        assert left < middle < right and rows[columns > right].max() < rows.max() - 20

    only_so(check, picture_of(widgets.SmoothingPlayer(0.9, 0.1).picture()), "mirrored", "upside down", "real for fake")


def test_the_loss_explorers_picture():
    """A loss that falls along a line and a parabola; at the right the line's slope, below 0, and the rising other."""
    losses = {
        "line": Loss("line", lambda r, f: f.mean(), lambda f, r: -f.mean()),
        "parabola": Loss("parabola", lambda r, f: f.mean(), lambda f, r: 0.1 * f.square().mean()),
    }

    def check(picture):
        loss, slope = picture[:, : picture.shape[1] // 2], picture[:, picture.shape[1] // 2 :]
        columns, rows = curve(loss, COLOURS[1])
        assert goes_down(loss, COLOURS[0]) and abs(np.median(columns[rows > rows.max() - 3]) - columns.mean()) < 15
        (_, flat), (columns, rows) = curve(slope, COLOURS[0]), curve(slope, COLOURS[1])
        assert goes_down(slope[::-1], COLOURS[1]) and np.ptp(flat) < 15 and flat.mean() > np.median(rows) + 10

    only_so(check, picture_of(widgets.LossExplorer(losses).picture()), "mirrored", "upside down", "dark for light")


def test_the_phase_portraits_picture():
    """The path begins at the start's square, left of and above (0, 0); eigenvalues of a round stand right of 0."""
    control = widgets.PhasePortrait(penalty="R1", gamma=1.0, start=(-2.0, 1.0))

    def check(picture):
        left, right = picture[:, : picture.shape[1] // 2], picture[:, picture.shape[1] // 2 :]
        start, centre = spots(left, INK, 15)[:2]
        across, up = (start.right - centre.right) * left.shape[1], (centre.down - start.down) * len(left)
        assert across < -50 and up == pytest.approx(-across / 2, rel=0.1)
        columns, rows = curve(left, GENERATOR)  # it passes below (0, 0) on its way there
        assert columns.min() < start.right * left.shape[1] and rows.max() > centre.down * len(left) + 15
        columns, rows = curve(right, "#ECEFF2", 4)  # the disc |μ| < 1, with the eigenvalues in it
        roots = [mark for mark in spots(right, INK, 30) if columns.min() < mark.right * right.shape[1] < columns.max()]
        roots = [mark.right * right.shape[1] for mark in roots if rows.min() < mark.down * len(right) < rows.max()]
        assert roots and min(roots) > columns.mean() + 50

    only_so(check, picture_of(control.picture()), "mirrored", "upside down")


def test_the_score_tables_picture():
    """Sorted, the best row is on top, its marks at the left, where small numbers are; the first seed is the highest."""

    def check(picture):
        good, base = ([m for m in spots(picture, each, 8) if m.shape == "disc"] for each in (GENERATOR, INK))
        assert max(m.down for m in good) < max(m.down for m in base) and min(m.right for m in good) < 0.3
        by_value, by_seed = (sorted(good, key=key) for key in (lambda m: m.right, lambda m: m.down))
        assert len(good) >= 2 and by_value == by_seed

    only_so(
        check, picture_of(widgets.ScoreTable(TABLES, sort="fid").picture()), "mirrored", "upside down", "dark for light"
    )


# ---------------------------------------------------------------- grids


def test_a_contact_sheet_has_its_moments_in_order_and_its_samples_by_rows():
    def check(picture):
        boxes = panels(picture)
        assert len(boxes) == len(STEPS)
        for k, box in enumerate(boxes):
            first, between, last = (
                colour_at(cut(picture, box), *at).mean() for at in ((0.1, 0.2), (0.5, 0.2), (0.9, 0.8))
            )
            assert first > 240 and last < 15 and abs(between - lightness(k)) < 12, f"moment {k}"

    sheet = picture_of(widgets.Replay(grey_recording()).picture())
    only_so(check, sheet, "mirrored", "upside down", "dark for light")


def test_the_picture_of_a_walk_goes_from_a_at_the_left_to_b_at_the_right():
    """A is light above and dark below, B the other way round; the arc's pictures, below, change later and faster."""

    def check(picture):
        boxes = panels(picture)
        assert len(boxes) == 18
        shown = [[colour_at(cut(picture, box), 0.5, down).mean() for down in (0.25, 0.75)] for box in boxes]
        for row in (shown[:9], shown[9:]):
            assert row[0][0] > 180 > 90 > row[0][1] and row[-1][0] < 90 < 180 < row[-1][1]
        assert shown[2][0] < shown[11][0] - 3  # on the line it has come further by then

    control = widgets.LatentExplorer(top_and_foot, 0.4 * CORNERS)
    only_so(check, picture_of(control.picture()), "mirrored", "upside down", "dark for light")
