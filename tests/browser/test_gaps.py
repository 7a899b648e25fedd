"""What was not finite is a gap in the browser, and is called so: pages without a kernel, made from wrecks."""

import base64
import copy
import io
import math
import re

import numpy as np
import pytest
import torch
from helpers.lab import settle
from helpers.synthetic import recording
from PIL import Image
from torch import nn

from gan_edu.core.data.distributions import ring
from gan_edu.core.recording.points_look import PointsLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import Recording, RecordingError, checksum
from gan_edu.core.training.networks import mlp
from gan_edu.core.training.streams import seeded
from gan_edu.training_loop import GAN
from gan_edu.widgets import PlaneReplay, Replay, ScoreTable, compare

pytestmark = pytest.mark.browser
LOST, SCORES_LOST = range(20, 40), (6, 12)  # points of the curves; frames whose scores are no numbers


@pytest.fixture(scope="module")
def wreck():
    """A recording whose losses, scores and logits are lost on the way, and found again at its end."""
    whole = recording(count=19, epochs=2, steps=(0, *range(100, 1900, 100)), per_epoch=937)
    meta = copy.deepcopy(whole.meta)
    for name in ("d_loss", "d_real"):
        for k in LOST:
            meta["curves"][name][k] = None
    for frame in SCORES_LOST:
        meta["frames"]["scores"][frame] = {"fid": None, "confidence": None, "histogram": [None] * 10}
    meta["frames"]["logits"][6][:30] = [None] * 30
    return Recording({**meta, "checksum": checksum(meta)}, atlas=whole.atlas)


@pytest.fixture
def opened(new_page, tmp_path):
    """opened(widget): its page, drawn."""

    def make(widget, **context):
        widget.to_html(tmp_path / "page.html")
        page = new_page(**{"viewport": {"width": 1100, "height": 1000}, **context})
        page.goto((tmp_path / "page.html").as_uri())
        return settle(page)

    return make


def strokes(path):
    """The pieces of a line, each a list of (x, y)."""
    pieces = [re.findall(r"[-\d.]+,[-\d.]+", piece) for piece in path.get_attribute("d").split("M")[1:]]
    return [[tuple(map(float, point.split(","))) for point in piece] for piece in pieces]


def go(page, frame):
    page.locator("input[type=range]").evaluate(
        "(slider, k) => { slider.value = k; slider.dispatchEvent(new Event('input')); }", frame
    )
    return settle(page)


def numbers(page):
    return dict(
        page.locator("tr:has(th)").evaluate_all(
            "rows => rows.map((row) => [row.querySelector('th').innerText.trim(), row.querySelector('td').innerText])"
        )
    )


def nothing_impossible(page):
    """No attribute of any drawing holds what is no number: a browser would drop the line without a word."""
    drawn = page.locator("svg").evaluate_all("all => all.map((svg) => svg.outerHTML).join('')")
    assert drawn and not re.search(r"NaN|Infinity|undefined|null", drawn)


def test_a_curve_has_a_gap_where_there_is_no_number(opened, wreck):
    page = opened(Replay(wreck))
    page.locator(".message").wait_for(state="hidden")
    first, last = (wreck.meta["curves"]["step"][k] for k in (LOST[0], LOST[-1]))
    lines = {kind: strokes(page.locator(f".chart path.series.{kind}").first) for kind in ("d", "g", "real")}
    assert [len(lines[kind]) for kind in ("d", "g", "real")] == [2, 1, 2]
    xs = [x for x, _ in lines["g"][0]]
    for kind in ("d", "real"):
        before, after = lines[kind]
        assert len(before) == LOST[0] and len(before) + len(after) == len(xs) - len(LOST)
        assert before[-1][0] == xs[LOST[0] - 1] and after[0][0] == xs[LOST[-1] + 1]
    lowest = page.locator(".chart path.axis").first.get_attribute("d")
    floor = float(re.match(r"M\S+ ([\d.]+)H", lowest).group(1))
    assert all(y < floor - 2 for piece in lines["d"] for _, y in piece)  # none of them is drawn as 0
    assert 0 < first < last
    nothing_impossible(page)


def test_scores_that_are_lost_leave_a_gap_and_words(opened, wreck):
    page = opened(Replay(wreck, frame=6, verdict=True))
    page.locator(".message").wait_for(state="hidden")
    found = numbers(page)
    assert found["FID"] == found["confidence"] == "not a number" != found["loss of G"]
    label = page.locator("figure.balance").get_attribute("aria-label")
    assert label.count("not a number") == 10 and "%" not in label
    assert page.locator("figure.balance .unknown").is_visible()
    real, fake, lost = map(int, re.findall(r"\d+", page.locator(".readout").inner_text()))
    logits = [logit for logit in wreck.meta["frames"]["logits"][6] if logit is not None]
    assert (real, fake, lost) == (sum(l >= 0 for l in logits), sum(l < 0 for l in logits), 30)
    assert "FID not a number" in page.locator("input[type=range]").get_attribute("aria-valuetext")
    scored = [k for k, each in enumerate(wreck.scores) if each]
    pieces = strokes(page.locator(".chart.fid path.series").first)
    assert [scored.index(k) for k in SCORES_LOST] == [2, 4]
    assert [len(piece) for piece in pieces] == [2, 1, len(scored) - 5]  # one stands alone between two gaps
    assert "h3" in page.locator(".chart.fid path.series").first.get_attribute("d")
    go(page, 9)
    assert numbers(page)["FID"] != "not a number" and page.locator("figure.balance .unknown").is_hidden()
    assert "not a number" not in page.locator(".readout").inner_text()
    nothing_impossible(page)


def test_a_loss_that_is_lost_is_said(opened, wreck):
    page = opened(Replay(wreck))
    steps = np.array(wreck.meta["curves"]["step"])
    frame = int(np.abs(np.array(wreck.steps) - steps[LOST[10]]).argmin())
    assert np.abs(steps - wreck.steps[frame]).argmin() in LOST  # the frame does lie in the gap
    go(page, frame)
    assert numbers(page)["loss of D"] == "not a number" and re.match(r"\d", numbers(page)["loss of G"])
    assert "D loss not a number" in page.locator("input[type=range]").get_attribute("aria-valuetext")
    marks = page.locator(".chart .over").first.locator(".mark")
    assert [marks.nth(k).get_attribute("visibility") for k in (0, 1)] == ["hidden", "visible"]


def test_a_run_with_no_number_at_all_has_axes_and_no_lines(opened, wreck):
    meta = copy.deepcopy(wreck.meta)
    for name in ("d_loss", "g_loss", "d_real", "d_fake"):
        meta["curves"][name] = [None] * len(meta["curves"]["step"])
    meta["frames"]["scores"] = [
        each and {"fid": None, "confidence": None, "histogram": [None] * 10} for each in meta["frames"]["scores"]
    ]
    meta["scoring"]["fid_floor"] = None
    lost = Recording({**meta, "checksum": checksum(meta)}, atlas=wreck.atlas)
    for widget in (Replay(lost), compare(wreck, lost)):
        page = opened(widget)
        assert page.locator(".chart.fid .plot text").count() >= 2
        nothing_impossible(page)


def test_nan_put_into_a_recording_by_hand_is_named(wreck):
    meta = copy.deepcopy(wreck.meta)
    meta["curves"]["g_loss"][3:6] = [math.nan, math.inf, -math.inf]
    with pytest.raises(RecordingError, match="holds NaN, infinity"):
        Recording({**meta, "checksum": checksum(meta)}, atlas=wreck.atlas)


# ------------------------------------------------------------------ the plane


def plane(lost=0.0, broken=False, scale=0.4, logit=None):
    """A recording of two frames: a sound one, and one whose samples, or whose D, are lost."""

    class G(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale, self.lost = nn.Parameter(torch.tensor(0.4)), 0.0

        def forward(self, z):
            return torch.where(torch.arange(len(z))[:, None] < self.lost * len(z), math.nan, self.scale * z)

    with seeded(0):
        gan = GAN(G(), mlp([2, 8, 1], slope=0.2), 2)
    recorder = Recorder(gan, [0, 1], "A wreck", PointsLook(ring()))
    recorder.keep()
    gan.step, gan.generator.lost = 1, lost
    gan.generator.scale.data.fill_(scale)
    if logit is not None:
        gan.discriminator[-1].bias.data.fill_(logit)
    if broken:
        gan.discriminator[0].weight.data.fill_(math.nan)
    recorder.keep()
    return recorder.recording()


def seen(page):
    url = settle(page).locator("canvas.plane").first.evaluate("(canvas) => canvas.toDataURL()")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("RGB")).astype(int)


def near(pixels, ink):
    return (np.abs(pixels - ink).sum(2) < 30).sum()


ORANGE = (213, 94, 0)


def layer(page, name, on):
    page.locator(f".layer.{name} input").set_checked(on)
    return settle(page)


def test_samples_that_are_lost_are_not_drawn_and_are_counted(opened):
    page = opened(PlaneReplay(plane(lost=1.0)))
    page.wait_for_function(
        "document.querySelector('main').firstChild?.shadowRoot.querySelector('canvas.plane')"
        "?.getAttribute('aria-label')"
    )
    page.get_by_text("more numbers").click()
    slider = page.locator(".history input[type=range]").first
    for name in ("field", "sheet", "pulls"):
        layer(page, name, False)
    told = {}
    for k in (0, 1):
        slider.evaluate("(node, k) => { node.value = k; node.dispatchEvent(new Event('input')); }", k)
        settle(page)
        told[k] = (
            near(seen(page), ORANGE),
            numbers(page),
            page.locator(".measured .note").inner_text(),
            page.locator("canvas.plane").first.get_attribute("aria-label"),
        )
    (sound, values, note, words), (lost, none, lost_note, lost_words) = told[0], told[1]
    assert sound > 500 and lost == 0
    assert values["JS(p_data, p_g)"].endswith("nat") and "not numbers" not in note + words
    assert {
        none[name]
        for name in ("JS(p_data, p_g)", "KL(p_data ‖ p_g)", "modes covered", "near a mode", "mean pull on fakes")
    } == {"not a number"}
    assert values["gradient of D, G"] == "–, –"  # before the first step there is none
    assert "256 of the 256 samples on show are not numbers" in lost_note and "JS not a number" in lost_words
    nothing_impossible(page)


def test_a_map_that_is_lost_is_chequered_and_named(opened):
    page = opened(PlaneReplay(plane(broken=True)))
    page.wait_for_function(
        "document.querySelector('main').firstChild?.shadowRoot.querySelector('canvas.plane')"
        "?.getAttribute('aria-label')"
    )
    for name in ("sheet", "pulls", "real", "fake"):
        layer(page, name, False)
    slider = page.locator(".history input[type=range]").first
    found = []
    for k in (0, 1):
        slider.evaluate("(node, k) => { node.value = k; node.dispatchEvent(new Event('input')); }", k)
        page.locator("canvas.plane").first.hover(position={"x": 60, "y": 60})
        settle(page)
        apart = seen(page)[200:500, 200:500].mean(2).std()  # of the brightness, away from the probe
        found.append((apart, page.locator(".stage .readout").first.inner_text()))
    (sound, words), (lost, lost_words) = found
    assert sound < 5 and lost > 10
    assert re.search(r"D\(x\) = 0\.\d\d, ", words) and "D(x) = not a number" in lost_words
    assert "undecided" not in lost_words


# ------------------------------------------------------------------ the score table


def test_a_score_that_was_lost_has_no_mark(opened):
    rows = [
        {"name": name, "title": name, "baseline": name == "base", "values": {"fid": [v, v + 1, v + 2]}}
        for name, v in (("base", 30.0), ("good", 10.0), ("bad", 50.0))
    ]
    columns = [{"key": "fid", "title": "FID", "better": "lower"}]
    table = ScoreTable({"T": {"columns": columns, "rows": rows}}, sort="fid")
    cell = table.tables["T"]["rows"][1]["cells"]["fid"]
    cell.update(values=[math.nan] * 3, low=math.nan, median=math.nan, high=math.nan, text="not a number")
    page = opened(table)
    lane = page.locator("[data-row=good] .lane")
    assert lane.locator(".dot").count() == 0 and page.locator("[data-row=bad] .lane .dot").count() == 3
    assert lane.locator(".middle").is_hidden() and lane.locator(".range").is_hidden()
    assert page.locator(".tbody [data-row]").evaluate_all("rows => rows.map((row) => row.dataset.row)") == [
        "base",
        "bad",
        "good",
    ]  # what has no median to sort by comes last
    ticks = page.locator(".thead .lane span").all_inner_texts()
    assert ticks and "0" not in ticks and all(float(tick) > 20 for tick in ticks)


# ------------------------------------------------------------------ what is there and cannot be seen


def test_fakes_that_have_left_the_picture_are_counted_and_named(opened):
    page = opened(PlaneReplay(plane(scale=1e4)))
    page.wait_for_function(
        "document.querySelector('main').firstChild?.shadowRoot.querySelector('canvas.plane')"
        "?.getAttribute('aria-label')"
    )
    note, over = page.locator(".measured .note"), page.locator(".over-note").first
    page.locator(".history input[type=range]").first.press("End")
    settle(page)
    told = r"All 256 fakes have left the picture, to all sides: about (\d+)\.\d from its middle; it ends at 1\.5"
    assert int(re.fullmatch(told, over.inner_text())[1]) > 30  # as far as a frame can tell
    words = "all 256 samples on show lie outside the picture"
    assert words in note.inner_text() and words in page.locator("canvas.plane").first.get_attribute("aria-label")
    page.locator(".history input[type=range]").first.press("Home")
    settle(page)
    assert over.inner_text() == "" and "outside" not in note.inner_text()
    layer(page, "fake", False)
    page.locator(".history input[type=range]").first.press("End")
    settle(page)
    assert over.inner_text() == ""  # who hides the fakes misses none


def test_points_stand_out_from_the_map_in_the_dark(opened):
    """The ink of the markers against D's map where it is as sure as can be."""

    def light(ink):
        return np.where(ink <= 0.03928, ink / 12.92, ((ink + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)

    for layer_, logit in (("real", 40.0), ("fake", -40.0)):
        recording = plane(logit=logit)
        page = opened(PlaneReplay(recording), color_scheme="dark")
        page.locator("canvas.plane").first.wait_for()
        settle(page)
        for name in ("real", "fake", "pulls", "sheet"):
            layer(page, name, False)
        field = light(seen(page)[200, 200] / 255)
        layer(page, layer_, True)
        marks = light(seen(page).reshape(-1, 3) / 255)
        contrast = (np.maximum(marks, field) + 0.05) / (np.minimum(marks, field) + 0.05)
        assert (contrast > 3).sum() > 300, (layer_, contrast.max())
