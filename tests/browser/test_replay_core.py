"""The replay on a blank page, with a small model in place of a notebook's."""

import base64
import io
import json
import re
from bisect import bisect_right

import numpy as np
import pytest
from helpers.bundles import module
from helpers.lab import settle
from helpers.look import CONTRAST, OUTSIDE, THEMES
from helpers.page_model import MODEL
from helpers.synthetic import recording
from PIL import Image

from gan_edu.core.notebook.words import catalogue
from gan_edu.core.recording.recording import Recording, checksum
from gan_edu.widgets.kit.scripts import bundle

pytestmark = pytest.mark.browser

HARNESS = (
    MODEL
    + f"window.words = {json.dumps(catalogue('replay'))};"
    + """
window.unpack = (list) => list.map(({meta, atlas}) => {
  const bytes = Uint8Array.from(atob(atlas), (c) => c.charCodeAt(0));
  return {meta, atlas: new DataView(bytes.buffer)};          // as a notebook hands bytes over
});
window.taken = (got) => ({metas: got.map((r) => r.meta), atlases: got.map((r) => r.atlas)});
window.view = (got, state = {}) => {
  const still = {frame: 0, playing: false, speed: 1, loop: false, verdict: false, numbers: true};
  window.model ||= new Model({...still, words, ...taken(got), ...state});
  const el = document.createElement("div");
  document.getElementById("box").append(el);
  return (window.cleanup = widget.render({model, el}));
};
window.show = (got, state) => {
  view(got, state);
  window.frames_seen = [];
  model.on("change:frame", () => frames_seen.push(model.get("frame")));
};
window.grow = (got) => Object.entries(taken(got)).forEach(([name, value]) => model.set(name, value));
window.go = (frame) => {
  const slider = root().querySelector("input[type=range]");
  slider.value = frame;
  slider.dispatchEvent(new Event("input"));
};
"""
)


@pytest.fixture(scope="session")
def run():
    return recording(count=40, epochs=20)


def packed(*recordings):
    return [{"meta": r.meta, "atlas": base64.b64encode(r.atlas).decode()} for r in recordings]


def blank(new_page, **context):
    page = new_page(**context)
    page.set_content("<!doctype html><meta charset=utf-8><body style='margin:0'><div id=box></div></body>")
    page.add_script_tag(content=module("replay") + HARNESS, type="module")
    page.wait_for_function("Boolean(window.show)")
    return page


def ready(page):
    page.wait_for_function("root().querySelector('.message').hidden")
    return settle(page)


@pytest.fixture
def show(new_page):
    """show(recording, …, options, **context): a page with the replay of them, drawn."""

    def make(*recordings, options=None, **context):
        page = blank(new_page, **context)
        page.evaluate("([list, state]) => show(unpack(list), state)", [packed(*recordings), options or {}])
        return ready(page)

    return make


def frame(page):
    return page.evaluate("model.get('frame')")


def text(page, selector):
    return settle(page).locator(selector).first.inner_text()


def numbers(page):
    """{label: what it says now} of the first panel."""
    return dict(
        settle(page).evaluate("""[...root().querySelector('.numbers').querySelectorAll('tr:has(th)')].map((row) =>
        [row.querySelector('th').innerText.trim(), row.querySelector('td').innerText])""")
    )


def pixels(page, panel=0):
    """What a grid's canvas holds, (height, width, 3)."""
    url = settle(page).evaluate(
        """(k) => root().querySelectorAll('canvas')[k]
        .toDataURL('image/png')""",
        panel,
    )
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("RGB")).astype(float)


def distance(page, run, k, panel=0):
    """Mean difference, of 255, between what a grid shows and frame k."""
    return distances(page, run, [k], panel)[0]


def distances(page, run, frames, panel=0):
    """Mean differences, of 255, between what a grid shows and these frames."""
    shown = Image.fromarray(pixels(page, panel).astype(np.uint8)).convert("L").resize((224, 224), Image.Resampling.BOX)
    return [np.abs(np.asarray(shown, float) - np.asarray(run.frame(k).convert("L"), float)).mean() for k in frames]


def curve(meta, name, step):
    steps = np.array(meta["curves"]["step"])
    return meta["curves"][name][int(np.abs(steps - step).argmin())]


def edited(recording_, change):
    """The same recording with `change(meta)` applied."""
    meta = json.loads(json.dumps(recording_.meta))
    change(meta)
    meta["checksum"] = checksum(meta)
    return Recording(meta, atlas=recording_.atlas)


# ---------------------------------------------------------------- what it shows


@pytest.mark.parametrize("at", [0, 7, 25, 39])
def test_it_draws_that_frame_and_says_its_numbers(show, run, at):
    page = show(run, options={"frame": at})
    wrong = distances(page, run, range(len(run)))
    assert wrong[at] < 12
    assert at == int(np.argmin(wrong))
    said, step = numbers(page), run.steps[at]
    for label, name in [
        ("loss of D", "d_loss"),
        ("loss of G", "g_loss"),
        ("D(x) on real", "d_real"),
        ("D(G(z)) on fake", "d_fake"),
    ]:
        assert float(said[label]) == pytest.approx(curve(run.meta, name, step), abs=0.0051)


def test_early_frames_speak_of_steps_and_later_ones_of_epochs(show, run):
    page = show(run)
    assert text(page, ".big") == "step 0"
    early = next(i for i, s in enumerate(run.steps) if 0 < s < 9)
    for at, big in [(early, f"step {run.steps[early]}"), (39, "epoch 20")]:
        page.evaluate("(i) => go(i)", at)
        assert text(page, ".big") == big
    assert text(page, ".small") == "of 20 · step 18,740"
    middle = next(i for i, s in enumerate(run.steps) if s / 937 > 0.02)
    page.evaluate("(i) => go(i)", middle)
    assert text(page, ".big") == f"epoch {run.steps[middle] / 937:.2f}"


def test_the_optimum_stands_beside_the_measured(show, run):
    page = show(run)
    ideal = page.locator("td.ideal").all_inner_texts()
    assert ideal[:4] == ["1.386", "0.693", "½", "½"]
    assert "floor 0.41" in ideal


def test_scores_are_those_of_the_newest_scored_frame_and_say_which(show, run):
    at = 22  # not scored itself: every third is
    scored = max(i for i in range(at + 1) if run.scores[i])
    assert scored != at
    page = show(run, options={"frame": at})
    assert float(numbers(page)["FID"]) == pytest.approx(run.scores[scored]["fid"], rel=0.01)
    assert f"step {run.steps[scored]:,}" in text(page, ".note")
    label = page.locator(".balance").get_attribute("aria-label")
    assert f"3: {round(run.scores[scored]['histogram'][3] * 100)} %" in label
    assert page.locator(".bars i").count() == 10


@pytest.mark.parametrize(
    "options, has, lacks",
    [
        ({"count": 1}, ["step 0", "loss of D"], ["Play"]),
        ({"count": 9, "epochs": 2, "scores": False}, ["loss of D", "Play"], ["FID", "what it draws"]),
        ({"count": 9, "epochs": 2, "curves": False, "scores": False}, ["Play"], ["loss", "click a curve"]),
        ({"count": 9, "epochs": 2, "per_epoch": None}, ["step 0", "of 1,874"], ["epoch"]),
        ({"count": 9, "epochs": 2, "channels": 3}, ["step 0", "Play"], []),
    ],
    ids=["one frame", "no scores", "no curves", "no epochs", "colour"],
)
def test_what_a_recording_lacks_is_left_out(show, options, has, lacks):
    page = show(recording(**options))
    said = page.locator(".replay").inner_text()
    assert all(word in said for word in has), said
    assert not any(word in said for word in lacks), said


def test_gaps_in_curves_and_logits_are_gaps(show, run):
    def holes(meta):
        meta["curves"]["g_loss"][:] = [None] * len(meta["curves"]["step"])
        meta["curves"]["d_loss"][-3:] = [None] * 3
        meta["frames"]["logits"][39][5] = None

    page = show(edited(run, holes), options={"frame": 39, "verdict": True})
    assert numbers(page)["loss of D"] == "not a number"
    assert "loss of G" not in numbers(page)


def test_further_values_of_a_run_are_told_and_drawn(show, run):
    """A penalty, a reward: each has a row and a chart of its own, and one that no run has leaves no trace."""

    def more(meta):
        count = len(meta["curves"]["step"])
        meta["curves"]["R1"] = [0.5 * k / count for k in range(count)]
        meta["curves"]["reward"] = [None] * count

    page = show(edited(run, more), options={"frame": 39})
    told, titles = numbers(page), page.locator(".chart .legend b").all_inner_texts()
    assert float(told["R1"]) == pytest.approx(0.5, abs=0.01) and "reward" not in told
    assert titles[:3] == ["loss", "D’s mean", "R1"] and "reward" not in titles
    drawn = (
        page.locator(".chart")
        .nth(2)
        .locator("svg.plot path")
        .evaluate_all("(all) => all.map((p) => p.getAttribute('d'))")
    )
    line = max(drawn, key=len)
    ends = [float(each) for each in re.findall(r"[ML][\d.]+[ ,]([\d.]+)", line)]
    assert len(ends) > 100 and ends[0] > ends[-1] + 30  # it rises, and up is up
    assert "R1" not in numbers(show(run))


def test_text_of_a_recording_stays_text(show, run):
    evil = "<img src=x onerror=window.broken=1></script><b>&amp;"

    def change(meta):
        meta["title"] = meta["subtitle"] = meta["name"] = evil
        meta["scoring"]["reference"] = evil

    page = show(edited(run, change), edited(run, change))
    assert page.locator("h4 span").first.inner_text() == evil
    assert page.locator(".legend .entry").last.inner_text().endswith(evil)
    assert page.locator("img").count() == 0
    assert page.evaluate("window.broken") is None


def test_a_broken_picture_says_so_and_the_rest_works(new_page, run):
    page = blank(new_page)
    data = packed(run)
    data[0]["atlas"] = base64.b64encode(b"no picture").decode()
    page.evaluate("([list]) => show(unpack(list))", [data])
    page.get_by_text("could not be decoded").wait_for()
    page.get_by_label("frame of the recording").press("End")
    assert frame(page) == 39
    assert text(page, ".big") == "epoch 20"


# ---------------------------------------------------------------- moving it


def test_dragging_the_slider_moves_picture_and_numbers(show, run):
    page = show(run)
    box, before = page.get_by_label("frame of the recording").bounding_box(), pixels(page)
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, y, steps=6)
    page.mouse.up()
    at = frame(page)
    left, right = 40, box["width"] - 8  # the axis of the charts
    step = run.steps[-1] * (box["width"] * 0.7 - left) / (right - left)
    assert run.steps[at] == min(run.steps, key=lambda s: abs(s - step)) and at != round(0.7 * 39)
    assert float(numbers(page)["loss of G"]) == pytest.approx(curve(run.meta, "g_loss", run.steps[at]), abs=0.0051)
    assert np.abs(pixels(page) - before).mean() > 5
    said = page.get_by_label("frame of the recording").get_attribute("aria-valuetext")
    assert f"step {run.steps[at]:,}" in said
    assert f"D loss {numbers(page)['loss of D']}" in said


def test_keys_move_it_and_stay_inside(show):
    page = show(recording(count=40, epochs=20, scores=False))
    slider = page.get_by_label("frame of the recording")
    slider.focus()
    for key, at in [
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("PageUp", 11),
        ("PageUp", 21),
        ("PageDown", 11),
        ("End", 39),
        ("ArrowRight", 39),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("ArrowUp", 1),
    ]:
        slider.press(key)
        assert frame(page) == at, key
    page.keyboard.press("b")  # in a notebook: insert a cell
    assert page.evaluate("keys_out") == []
    page.keyboard.press("Control+s")  # the notebook's own
    assert "s" in page.evaluate("keys_out")


def test_keys_work_wherever_the_focus_is_inside(show, run):
    page = show(run)
    page.locator("h3").click()  # plain text: the panel itself takes the focus
    page.keyboard.press("PageUp")
    assert frame(page) == 10
    page.get_by_role("button", name="one frame on").press("ArrowRight")
    assert frame(page) == 11
    page.get_by_role("button", name="one frame on").press(" ")  # a button's own key
    assert frame(page) == 12


def test_a_hundred_quick_moves_lose_nothing(show, run):
    page = show(run)
    moves = [int(k) for k in np.random.default_rng(0).integers(0, 40, 100)]
    page.evaluate("(moves) => moves.forEach((k) => go(k))", moves)
    assert page.evaluate("frames_seen") == [b for a, b in zip([0] + moves, moves, strict=False) if a != b]
    assert frame(page) == moves[-1]
    assert str(moves[-1]) == page.get_by_label("frame of the recording").input_value()
    expected = curve(run.meta, "d_loss", run.steps[moves[-1]])
    assert float(numbers(page)["loss of D"]) == pytest.approx(expected, abs=0.0051)


@pytest.mark.parametrize("wrong, right", [(-5, 0), (9999, 39), (2.6, 3), (float("nan"), 0)])
def test_frames_that_do_not_exist_are_pulled_in(show, run, wrong, right):
    page = show(run)
    page.evaluate("(k) => model.set('frame', k)", wrong)
    assert frame(page) == right


@pytest.mark.parametrize("chart", [0, 1, 2])
def test_a_click_on_a_curve_goes_there(show, run, chart):
    page = show(run)
    box = page.locator(".chart-box").nth(chart).bounding_box()
    left, right = 40, box["width"] - 8
    page.mouse.click(box["x"] + left + (right - left) * 0.5, box["y"] + 30)
    middle = run.steps[-1] / 2
    assert run.steps[frame(page)] == min(run.steps, key=lambda s: abs(s - middle))
    assert frame(page) != 20  # by step, not by index: early frames stand closer


def test_dragging_along_a_curve_follows(show, run):
    page = show(run)
    box = page.locator(".chart-box").first.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 200, box["y"] + 300, steps=5)
    assert frame(page) == 39
    page.mouse.up()
    page.mouse.move(box["x"] + 60, box["y"] + 30)
    assert frame(page) == 39
    cursors = settle(page).evaluate("""[...root().querySelectorAll('.cursor')]
        .map((c) => c.getAttribute('transform'))""")
    assert len(cursors) == 3
    assert len(set(cursors)) == 1  # one linked cursor


def test_a_finger_moves_it(show, run):
    page = show(run, has_touch=True, viewport={"width": 360, "height": 1500})
    box = page.locator(".chart-box").first.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 10, box["y"] + 30)
    assert frame(page) == 39
    page.get_by_role("button", name="one frame back").tap()
    assert frame(page) == 38


# ---------------------------------------------------------------- playing


def short(count=8):
    return recording(count=count, epochs=2, scores=False)


def test_nothing_plays_by_itself(show):
    page = show(short())
    page.wait_for_timeout(500)
    assert page.evaluate("frames_seen") == []
    assert not page.evaluate("model.get('playing')")


def test_play_runs_to_the_end_and_stops(show):
    page = show(short(), options={"speed": 4})
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play").wait_for()
    assert frame(page) == 7
    assert page.evaluate("frames_seen") == sorted(set(page.evaluate("frames_seen")))
    assert page.locator(".live").inner_text().startswith("paused at epoch 2 of 2")
    page.get_by_role("button", name="Play").click()  # from the end: begin again
    page.wait_for_function("model.get('frame') < 7")


def test_pause_freezes_and_tells(show):
    page = show(recording(count=40, epochs=20, scores=False))
    page.locator("h3").click()
    page.keyboard.press(" ")
    page.wait_for_function("model.get('frame') > 1")
    assert page.locator(".live").inner_text() == ""
    page.keyboard.press(" ")
    at = frame(page)
    page.wait_for_timeout(400)
    assert frame(page) == at
    assert page.locator(".live").inner_text().startswith("paused at")


def test_moving_it_while_it_plays_goes_on_from_there(show, run):
    page = show(run, options={"speed": 2})
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("model.get('frame') >= 12")
    page.get_by_label("frame of the recording").press("Home")
    page.wait_for_function("frames_seen.at(-1) > 0 && frames_seen.includes(0)")
    seen = page.evaluate("frames_seen")
    assert 1 <= seen[seen.index(0) + 1] < 12
    page.evaluate("go(20)")
    page.wait_for_function("model.get('frame') > 21")


def test_loop_goes_round(show):
    page = show(short(), options={"speed": 1})
    page.get_by_role("button", name="loop").click()
    assert page.get_by_role("button", name="loop").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("frames_seen.filter((k, i, all) => i && k < all[i - 1]).length >= 2")
    assert page.evaluate("model.get('playing')")


def test_speed_goes_round_its_four_values(show):
    page, seen = show(short()), []
    button = page.locator("button.speed")
    for _ in range(5):
        seen.append(button.inner_text())
        button.click()
    assert seen == ["1×", "2×", "4×", "0.5×", "1×"]


def test_who_wants_less_motion_gets_steps(show):
    page = show(short(), reduced_motion="reduce")
    assert page.get_by_role("button", name="Play").count() == 0
    page.get_by_role("button", name="Step", exact=True).click()
    page.locator("h3").click()
    page.keyboard.press(" ")
    page.evaluate("model.set('playing', true)")
    page.wait_for_timeout(300)
    assert frame(page) == 2
    page.emulate_media(reduced_motion="no-preference")
    page.get_by_role("button", name="Play").wait_for()


# ---------------------------------------------------------------- D's verdict


def test_the_verdict_frames_each_sample_by_what_d_thinks(show, run):
    page = show(run, options={"frame": 30}, device_scale_factor=2)
    before = pixels(page)
    page.get_by_role("switch", name="D’s verdict").click()
    after = pixels(page)
    assert np.abs(after - before).max() > 60
    size = after.shape[0] / 8
    for tile, logit in enumerate(run.meta["frames"]["logits"][30]):
        if abs(logit) < 1.5:
            continue
        row, column = divmod(tile, 8)
        edge = after[int(row * size + 2) : int(row * size + 5), int(column * size + 6) : int((column + 1) * size - 6)]
        red, blue = edge[..., 0].mean(), edge[..., 2].mean()
        assert (blue > red + 15) if logit > 0 else (red > blue + 15), (tile, logit, red, blue)
    real = sum(logit >= 0 for logit in run.meta["frames"]["logits"][30])
    assert text(page, ".readout").split() == ["looks", "real", str(real), "looks", "fake", str(64 - real)]
    page.get_by_role("switch", name="D’s verdict").click()
    assert np.array_equal(pixels(page), before)


def test_real_is_solid_and_fake_is_dashed(show, run):
    def change(meta):
        meta["frames"]["logits"][0] = [6.0, -6.0] + [0.0] * 62

    page = show(edited(run, change), options={"verdict": True}, device_scale_factor=2)
    shown, size = pixels(page), pixels(page).shape[0] / 8

    def share(tile, channel, other):  # of the upper edge that carries the colour
        edge = shown[3:5, int(tile * size + 8) : int((tile + 1) * size - 8)]
        return ((edge[..., channel] - edge[..., other]) > 60).any(axis=0).mean()

    assert share(0, 2, 0) > 0.97
    assert 0.3 < share(1, 0, 2) < 0.9


def test_pointing_at_a_sample_tells_its_probability(show, run):
    page = show(run, options={"frame": 30})
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 8 * 2.5, box["y"] + box["height"] / 8 * 1.5)
    logit = run.meta["frames"]["logits"][30][10]
    p = 1 / (1 + np.exp(-logit))
    assert text(page, ".readout").strip() == f"sample 11: D says {p:.2f}, looks {'real' if p > 0.5 else 'fake'}"
    page.mouse.move(2, 2)
    assert text(page, ".readout") == "point at a sample"


def test_keys_walk_over_the_samples_of_a_focused_grid(show, run):
    page = show(run, options={"frame": 30})
    page.get_by_role("switch").focus()
    page.keyboard.press("Tab")
    assert text(page, ".readout").strip().startswith("sample 1:")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    assert text(page, ".readout").strip().startswith("sample 17:")
    assert frame(page) == 30
    page.keyboard.press("PageDown")
    assert frame(page) == 20


def test_after_a_click_arrows_go_by_frame_on_the_slider_and_by_sample_on_the_picture(show, run):
    """Notebook 00's table of keys speaks of the slider."""
    page = show(run)
    slider = page.get_by_label("frame of the recording")
    slider.click()
    at = frame(page)
    page.keyboard.press("ArrowRight")
    assert frame(page) == at + 1
    page.locator("canvas").click(position={"x": 5, "y": 5})
    page.keyboard.press("ArrowRight")
    assert frame(page) == at + 1 and text(page, ".readout").strip().startswith("sample 2:")


# ---------------------------------------------------------------- a run that grows, runs side by side


def part(run, count):
    def cut(meta):
        for name in ("step", "epoch", "logits", "scores"):
            meta["frames"][name] = meta["frames"][name][:count]
        meta["atlas"]["frames"] = count

    return edited(run, cut)


def test_who_looks_at_the_newest_frame_follows_a_growing_run(show, run):
    page = show(part(run, 10), options={"frame": 9})
    page.evaluate("(list) => grow(unpack(list))", packed(part(run, 14)))
    assert frame(page) == 13
    assert page.evaluate("frames_seen") == [13]
    assert page.get_by_label("frame of the recording").get_attribute("max") == "13"


def test_who_looks_back_stays_there_while_it_grows(show, run):
    page = show(part(run, 20), options={"frame": 15})
    before = pixels(page)
    page.evaluate("(list) => grow(unpack(list))", packed(run))
    assert np.array_equal(pixels(page), before)  # no flicker while the new picture decodes
    assert frame(page) == 15
    page.wait_for_timeout(200)
    assert np.array_equal(pixels(page), before)
    page.get_by_label("frame of the recording").press("End")
    assert frame(page) == 39
    assert text(page, ".big") == "epoch 20"


def test_a_picture_that_comes_too_late_is_not_shown(new_page):
    """Decoding may take longer for an older picture than for the one that replaced it."""
    old, new = recording("Old", steps=(0, 100), seed=1), recording("New", steps=(0, 100), seed=2)
    page = blank(new_page)
    page.evaluate(
        """([old, now]) => {
        const decode = createImageBitmap;
        let calls = 0;
        const late = new Promise((now) => { window.release = now; });
        window.late = 0;
        window.createImageBitmap = async (blob) => {
          const first = !calls++, bitmap = await decode(blob);
          if (first) { await late; window.late = 1; }
          return bitmap;
        };
        show(unpack(old), {frame: 1});
        grow(unpack(now));
      }""",
        [packed(old), packed(new)],
    )
    assert distance(ready(page), new, 1) < 12
    page.evaluate("release()")
    page.wait_for_function("window.late")
    assert distance(settle(page), new, 1) < 12


def test_a_recording_may_come_in_pieces(new_page, run):
    """One picture a frame, as a live view sends them: only new ones are decoded."""

    def png(k):
        buffer = io.BytesIO()
        run.frame(k).save(buffer, "PNG")
        return base64.b64encode(buffer.getvalue()).decode()

    page, meta = blank(new_page), json.loads(json.dumps(run.meta))
    meta["atlas"].update(columns=1, rows=1)
    page.evaluate(
        """([meta, pieces]) => {
        window.pieces = pieces.map((p) => unpack([{atlas: p}])[0].atlas);
        window.decoded = 0;
        const decode = createImageBitmap;
        window.createImageBitmap = (...a) => { decoded++; return decode(...a); };
        show([{meta, atlas: window.pieces.slice(0, -1)}], {frame: 30});
      }""",
        [meta, [png(k) for k in range(40)]],
    )
    ready(page)
    assert distance(page, run, 30) < 12
    page.wait_for_function("decoded === 39")
    page.evaluate("(meta) => grow([{meta, atlas: window.pieces}])", meta)
    page.wait_for_function("decoded >= 40")
    assert settle(page).evaluate("decoded") == 40


def test_compared_runs_stand_at_the_same_step(show):
    a, b = short(9), recording("Other", steps=(0, 100, 300, 800, 1200), scores=False, seed=3)
    page = show(a, b)
    union = sorted({*a.steps, *b.steps})
    assert page.get_by_label("frame of the recording").get_attribute("max") == str(len(union) - 1)
    for at in (0, 4, len(union) - 1):
        page.evaluate("(k) => go(k)", at)
        own = settle(page).locator(".own").all_inner_texts()
        for run_, said in zip((a, b), own, strict=True):
            assert f"frame of step {run_.steps[bisect_right(run_.steps, union[at]) - 1]:,}" in said
    assert own[1].endswith("its last")
    assert distance(page, b, 4, panel=1) < 15


def test_compared_runs_share_one_fid_chart_and_their_ranges(show):
    runs = [recording(f"Run {k}", count=10, epochs=2, seed=k, level=k + 1) for k in range(3)]
    page = show(*runs)
    titles = ["FID", "loss of D", "loss of G", "D(x) on real", "D(G(z)) on fake"]
    assert page.locator(".chart .legend > b").all_inner_texts() == titles
    for chart in page.locator(".chart").all():
        assert chart.locator(".series").count() == 3
        assert sorted(chart.locator(".letter").all_text_contents()) == ["A", "B", "C"]
    assert page.locator(".chart .entry").all_inner_texts() == [f"{c}Run {k}" for k, c in enumerate("ABC")]  # once
    assert page.locator("canvas").count() == 3


def test_a_run_that_starts_later_says_so(show):
    a, b = short(9), recording("Late", steps=(1000, 1500), scores=False)
    page = show(a, b)
    assert "starts at step 1,000" in page.locator(".message").nth(1).inner_text()
    assert "not started" in page.locator(".own").nth(1).inner_text()


# ---------------------------------------------------------------- as a widget


@pytest.fixture
def widget(new_page):
    def make(*recordings, state=None, **context):
        page = blank(new_page, **context)
        page.evaluate("([list, state]) => { view(unpack(list), state); }", [packed(*recordings), state or {}])
        return ready(page)

    return make


def test_the_frame_trait_goes_both_ways(widget, run):
    page = widget(run, state={"frame": 12})
    slider = page.get_by_label("frame of the recording")
    assert slider.input_value() == "12"
    slider.press("ArrowRight")
    assert page.evaluate("model.get('frame')") == 13
    assert page.evaluate("model.saved.at(-1)") == {"frame": 13}  # the bytes are never sent back
    saved = page.evaluate("model.saved.length")
    page.evaluate("model.set('frame', 30)")  # a linked slider, or the kernel
    assert slider.input_value() == "30"
    assert page.evaluate("model.saved.length") == saved  # no echo


def test_the_other_traits_go_both_ways(widget, run):
    page = widget(run)
    page.get_by_role("switch").click()
    page.get_by_role("button", name="loop").click()
    page.locator("button.speed").click()
    page.get_by_role("button", name="Play").click()
    assert page.evaluate("['verdict', 'loop', 'speed', 'playing'].map((n) => model.get(n))") == [True, True, 2, True]
    page.evaluate("model.set('playing', false); model.set('verdict', false); model.set('speed', 0.5)")
    page.get_by_role("button", name="Play").wait_for()
    assert page.get_by_role("switch").get_attribute("aria-checked") == "false"
    assert page.locator("button.speed").inner_text() == "0.5×"


def test_two_views_of_one_model_play_at_single_speed(widget, run):
    page = widget(run)
    page.evaluate("(list) => { view(unpack(list)); }", packed(run))
    page.evaluate("() => { window.times = []; model.on('change:frame', () => times.push(performance.now())); }")
    page.get_by_role("button", name="Play").first.click()
    page.wait_for_function("times.length > 8")
    assert np.median(np.diff(page.evaluate("times"))) > 90  # milliseconds: 8 frames a second, not 16
    assert page.get_by_role("button", name="Pause").count() == 2
    page.get_by_role("button", name="Pause").nth(1).click()
    at = page.evaluate("model.get('frame')")
    page.wait_for_timeout(400)
    assert page.evaluate("model.get('frame')") == at


def test_a_model_that_grows_updates_its_view_once(widget, run):
    page = widget(part(run, 10), state={"frame": 9})
    page.evaluate(
        "(list) => grow(unpack(list))",
        packed(run),
    )
    page.wait_for_function("model.get('frame') === 39")


def test_a_closed_view_leaves_nothing(widget, run):
    page = widget(run)
    page.get_by_role("button", name="Play").click()
    page.evaluate("cleanup()")
    assert page.locator(".replay").count() == 0
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
    page.evaluate("model.set('frame', 3); document.body.dataset.jpThemeLight = 'false'")
    page.wait_for_timeout(200)


# ---------------------------------------------------------------- looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("several", [False, True])
def test_all_text_has_contrast(show, run, scheme, several):
    runs = [short(), short(6)] if several else [run]
    page = show(*runs, options={"verdict": True, "loop": True}, color_scheme=scheme)
    found = page.evaluate(CONTRAST)
    assert len(found) > 30
    assert min(found)[0] >= 4.5, sorted(found)[:5]


def test_lines_have_contrast_too(show, run):
    for scheme in ("light", "dark"):
        page = show(run, color_scheme=scheme)
        found = page.evaluate(
            CONTRAST.replace(
                "const out = [];",
                """const out = [];
          for (const node of root().querySelectorAll('.series, .cursor, .sign .line')) {
            const [a, b] = [luminance(parse(getComputedStyle(node).stroke)), luminance(ground(node))];
            out.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), 'line']);
          } return out;""",
            )
        )
        assert len(found) > 6
        assert min(found)[0] >= 3


def test_it_follows_the_host_theme_live(show, run):
    page = show(run)
    for change, scheme, theme in THEMES:
        page.emulate_media(color_scheme=scheme)
        page.evaluate(change)
        page.wait_for_function(f"root().querySelector('.replay').dataset.theme === '{theme}'")
        ground = page.locator(".replay").evaluate("(n) => getComputedStyle(n).backgroundColor")
        assert ground == ("rgb(30, 34, 39)" if theme == "dark" else "rgb(255, 255, 255)"), theme


BESIDE = """(several) => {
  const box = (name) => [...root().querySelectorAll(name)].at(-1).getBoundingClientRect();
  const [picture, next] = several ? [root().querySelector('.grid').getBoundingClientRect(), box('.grid')]
    : [box('.grid'), box('.plots')];
  return next.left >= picture.right && next.top < picture.bottom; }"""


@pytest.mark.parametrize("several", [False, True])
def test_it_fits_every_width(show, run, several):
    long = recording("A long name for a run, spectrally normalised", count=5, epochs=2)
    page = show(*([short(5), long] if several else [run]))
    for width in (320, 360, 481, 520, 560, 700, 900, 1300):
        page.set_viewport_size({"width": width, "height": 700})
        settle(settle(page))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == [], width
        assert page.evaluate(BESIDE, several) == (width > 677 or several), width
        box = page.locator("canvas").first.evaluate("(n) => [n.width, n.clientWidth * devicePixelRatio]")
        assert box[0] == pytest.approx(box[1], abs=1)  # drawn at the screen's own pixels


def test_a_moment_of_being_hidden_does_no_harm(show, run):
    """JupyterLab hides its notebooks while it changes its theme; the size is back before anyone is told."""
    page = show(run, options={"frame": 30})
    page.evaluate("""() => new Promise((done) => {
        const box = document.getElementById("box");
        box.style.width = "700px";                         // told at the end of this frame, drawn in the next …
        requestAnimationFrame(() => setTimeout(() => {
          box.style.display = "none";                      // … which finds nothing
          requestAnimationFrame(() => { box.style.display = ""; done(); });
        }));
      })""")
    assert pixels(page).shape[0] > 200
    assert distance(page, run, 30) < 12


def test_every_control_has_a_name(show, run):
    page = show(run)
    names = page.evaluate("""[...root().querySelectorAll('button, input, canvas')].map((n) =>
        n.getAttribute('aria-label') || n.innerText)""")
    assert all(names), names
    assert page.get_by_role("slider").count() == 1
    assert page.locator("button.main").count() == 1  # one strong button
    assert page.locator("[aria-live]").count() == 1


def test_the_core_asks_for_nothing_outside_itself():
    text = bundle("replay")
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "innerHTML" not in text
    assert "</script" not in text
    assert not re.search(r"\bimport\b", text)
