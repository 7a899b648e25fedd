"""The mask painter on a blank page: its pixels against Python's, painting, a kernel, none, its look."""

import base64
import io
import re

import numpy as np
import pytest
from helpers.controls import blurred, drawings, painter
from helpers.lab import eventually, settle
from helpers.look import CONTRAST, OUTSIDE, follows_the_theme
from helpers.value_page import drag, nameless, packed, page_with, touch
from PIL import Image
from playwright.sync_api import expect

from gan_edu.core.notebook.words import set_language
from gan_edu.widgets import MaskPainter
from gan_edu.widgets.mask_painter.holes import PRESETS, hole_of

pytestmark = pytest.mark.browser
PURPLE, ORANGE, WHITE, BLUE = (0xA0, 0x45, 0x8A), (0xE5, 0x9B, 0x61), (255, 255, 255), (0x61, 0xA8, 0xCF)


class Kernel:
    """A page with a control, and the control as its kernel: it answers when it is told to."""

    def __init__(self, page, control):
        self.page, self.control = page, control
        page.evaluate("() => { window.asked = []; model.send = (wish) => asked.push(structuredClone(wish)); }")

    def asked(self):
        return settle(self.page).evaluate("asked.length")

    def answers(self):
        """What was asked, each with its answer given back."""
        settle(self.page)
        asked = self.page.evaluate("asked.splice(0)")
        for wish in asked:
            self.control._handle_custom_msg(wish, [])
            give = "(answer) => model.set('answer', inside('unpacked')(answer))"
            self.page.evaluate(give, packed(self.control.answer))
        settle(self.page)
        return [wish["asked"] for wish in asked]


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        control = control or painter()
        page = page_with(new_page, control, **{"viewport": {"width": 850, "height": 700}, **context})
        return page, Kernel(page, control)

    return make


def canvas(page, which):
    return page.locator(f".four .{which} canvas")


def pixels(page, which):
    """What a picture shows, (28, 28, 3)."""
    url = settle(page) and canvas(page, which).evaluate("(node) => node.toDataURL('image/png')")
    picture = Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("RGBA")
    seen = np.asarray(picture, int)
    assert seen.shape == (28, 28, 4)
    return None if seen[..., 3].max() == 0 else seen[..., :3]  # None: nothing stands there


def shows(page, control):
    """Everything that is shown belongs to what the control says in Python."""
    real, left, made = (each.numpy().astype(int) for each in control.restored())
    hole = hole_of(control.hole).numpy() if control.tab == 0 else np.zeros((28, 28), bool)
    assert (pixels(page, "real") == real[..., None]).all() and (pixels(page, "restored") == made[..., None]).all()
    seen = pixels(page, "left")
    assert (seen[hole] == PURPLE).all() and (seen[~hole] == left[~hole][:, None]).all()
    error, share = pixels(page, "error"), (made - real)[..., None] / 255
    ends = (np.array(each) for each in (ORANGE, WHITE, BLUE))
    low, middle, high = ends
    wanted = np.where(share < 0, middle + share * (middle - low), middle + share * (high - middle))
    assert np.abs(error - wanted).max() <= 1
    score = page.locator(".four .restored .words").inner_text().replace("−", "-")
    assert float(re.search(r"(-?[\d.]+) dB", score)[1]) == pytest.approx(control.psnr(), abs=0.051)


def traits(page, *names):
    return page.evaluate("(names) => names.map((name) => model.get(name))", names)


def tells(kernel, *names):
    """Python hears of what was set in the browser."""
    for name in names or ("own", "which", "tab", "strength", "hole", "weight"):
        setattr(kernel.control, name, kernel.page.evaluate("(name) => model.get(name)", name))


# ---------------------------------------------------------------- what is shown


@pytest.mark.parametrize("state", [{}, {"hole": "stripes", "which": 2, "weight": 1}, {"tab": 1, "strength": 1}])
def test_it_opens_with_what_python_says(show, state):
    control = painter(**state)
    page, kernel = show(control)
    shows(page, control)
    assert kernel.asked() == 0  # the answer came with it
    score = page.locator(".four .left .words").inner_text()
    assert ("in the hole" in score) == (control.tab == 0) and score.endswith("dB")


def test_a_choice_is_asked_for_once_and_shown(show):
    page, kernel = show()
    page.get_by_role("button", name="picture 2").click()
    page.get_by_role("button", name="right half").click()
    page.get_by_label("adversarial weight λ").fill("1")
    expect(page.locator(".weights output")).to_have_text("0.1")
    kernel.answers()
    kernel.answers()
    tells(kernel)
    assert (kernel.control.which, kernel.control.hole, kernel.control.weight) == (1, "right", 1)
    shows(page, kernel.control)
    page.get_by_label("adversarial weight λ").fill("0")  # another network: another answer
    assert kernel.asked() == 1 and pixels(page, "restored") is None
    kernel.answers()
    tells(kernel)
    shows(page, kernel.control)
    page.get_by_role("button", name="noise").click()
    page.get_by_label("strength").fill("1")
    while kernel.answers():
        pass
    tells(kernel)
    shows(page, kernel.control)
    assert page.locator(".choice", has_text="stripes").is_hidden() and pixels(page, "left") is not None
    page.get_by_role("button", name="hole", exact=True).click()  # known by now
    assert kernel.asked() == 0
    tells(kernel)
    shows(page, kernel.control)


# ---------------------------------------------------------------- painting


def test_a_stroke_is_one_question_at_a_time_and_the_newest_is_answered(show):
    page, kernel = show(painter(hole="0" * 196))
    expect(page.locator(".note")).to_have_text("Nothing is missing: paint on “what is left”.")
    assert pixels(page, "restored") is None and kernel.asked() == 0
    box = canvas(page, "left").bounding_box()
    x, y, wide = box["x"], box["y"], box["width"] / 28
    page.mouse.move(x + 5 * wide, y + 10 * wide)
    page.mouse.down()
    for k in range(6, 24):
        page.mouse.move(x + k * wide, y + 10 * wide)
        assert kernel.asked() == 1  # however many there are on the way
    page.mouse.up()
    seen = (pixels(page, "left") == PURPLE).all(-1)
    assert seen[10, 5:23].all() and not seen[10, :2].any() and not seen[15:].any() and 60 < seen.sum() < 110
    assert pixels(page, "restored") is None and pixels(page, "error") is None  # never of another hole
    expect(page.locator(".four .restored .words")).to_have_text("computing …")
    [first] = kernel.answers()
    assert hole_of(first["hole"]).sum() < seen.sum() and pixels(page, "restored") is None
    [last] = kernel.answers()
    assert (hole_of(last["hole"]).numpy() == seen).all() and kernel.answers() == []
    tells(kernel)
    shows(page, kernel.control)


def test_shift_the_switch_and_the_button_take_the_hole_away(show):
    page, kernel = show()
    page.keyboard.down("Shift")
    drag(page, canvas(page, "left"), 1)
    page.keyboard.up("Shift")
    tells(kernel)
    hole = hole_of(kernel.control.hole)
    assert not hole[14, 14] and hole[8, 8] and 100 < hole.sum() < 144
    page.get_by_role("switch", name="erase").click()
    page.get_by_label("brush, pixels").fill("4")
    drag(page, canvas(page, "left"), 1)
    assert hole_of(traits(page, "hole")[0]).sum() < hole.sum() - 20
    page.get_by_role("button", name="Clear the hole").click()
    assert traits(page, "hole") == ["0" * 196] and pixels(page, "restored") is None
    page.get_by_role("switch", name="erase").click()
    drag(page, canvas(page, "left"), 1)
    assert 40 < hole_of(traits(page, "hole")[0]).sum() < 64  # a disc 8 wide


def test_keys_move_the_brush_and_paint(show):
    page, kernel = show(painter(hole="0" * 196))
    node = canvas(page, "left")
    node.focus()
    for key in ["ArrowLeft"] * 2 + ["Shift+ArrowUp"] * 2 + [" "]:
        page.keyboard.press(key)
    hole = hole_of(settle(page) and traits(page, "hole")[0])
    assert hole.nonzero().float().mean(0).tolist() == pytest.approx([5.5, 11.5])  # 14 − 8, 14 − 2, between pixels
    assert page.locator(".live").inner_text().startswith(f"what is left: {int(hole.sum())} pixels are missing")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Backspace")
    assert 0 < hole_of(settle(page) and traits(page, "hole")[0]).sum() < hole.sum()
    assert page.evaluate("keys_out") == [] and kernel.asked() == 1
    ring, box = page.locator(".left .ring").bounding_box(), node.bounding_box()
    at = [(ring[e] + ring[s] / 2 - box[e]) / box[s] * 28 for e, s in (("x", "width"), ("y", "height"))]
    assert at == pytest.approx([12, 7], abs=0.1)


def test_a_finger_paints(show):
    page, kernel = show(painter(hole="0" * 196), has_touch=True)
    touch(page, canvas(page, "left"), 50)
    eventually(lambda: int(hole_of(traits(page, "hole")[0])[14, 14:20].sum()), 6)


def test_ones_own_picture_is_drawn_and_restored(show):
    page, kernel = show()
    page.get_by_role("button", name="your own picture").click()
    expect(page.locator(".four .real .words")).to_have_text("Draw here.")
    drag(page, canvas(page, "real"), 40)
    while kernel.answers():
        pass
    tells(kernel, "own", "which")
    shows(page, kernel.control)
    real = kernel.control.restored()[0]
    assert real[14, 14:19].min() == 255 and real[22].max() == 0
    own = page.locator(".mine canvas").evaluate("(n) => n.getContext('2d').getImageData(15, 14, 1, 1).data[0]")
    assert own == 255
    page.get_by_role("button", name="noise").click()
    page.get_by_role("button", name="Clear the drawing").click()
    assert traits(page, "own") == [""] and settle(page) and pixels(page, "real").max() == 0


# ---------------------------------------------------------------- what may go wrong


def test_what_went_wrong_is_said(show):
    def moody(seen, known):
        if known.sum() < 500:
            raise RuntimeError("too much <b>is missing</b>")
        return blurred(seen, known)

    page, kernel = show(MaskPainter(drawings(), {"0": moody}))
    page.get_by_role("button", name="right half").click()
    kernel.answers()
    expect(page.locator(".note")).to_have_text("It could not be restored: RuntimeError: too much <b>is missing</b>")
    assert pixels(page, "restored") is None
    page.get_by_role("button", name="middle").click()
    expect(page.locator(".note")).to_have_text("")
    expect(page.get_by_label("adversarial weight λ")).to_be_hidden()  # there is one


def test_a_kernel_that_is_silent_is_told_and_what_comes_late_is_shown(show):
    page, kernel = show()
    page.evaluate("window.setTimeout = ((set) => (act, ms) => set(act, ms / 50))(window.setTimeout)")
    page.get_by_role("button", name="lower").click()
    expect(page.locator(".note")).to_contain_text("No answer from the kernel yet")
    kernel.answers()
    expect(page.locator(".note")).to_have_text("")
    tells(kernel)
    shows(page, kernel.control)


# ---------------------------------------------------------------- without a kernel


def test_a_page_shows_stored_answers_and_a_stroke_brings_the_nearest_hole(new_page, tmp_path):
    control = painter()
    control.to_html(tmp_path / "page.html")
    page = new_page(viewport={"width": 850, "height": 700})
    page.goto((tmp_path / "page.html").as_uri() + "#which=1&hole=right&weight=1")
    expect(page.get_by_role("button", name="right half")).to_have_attribute("aria-pressed", "true")
    control.which, control.weight, control.hole = 1, 1, "right"
    shows(page, control)
    expect(page.locator(".note")).to_contain_text("the nearest of 6 stored holes")
    drag(page, canvas(page, "left"), 2)  # a dab in the middle
    control.hole = "centre"
    shows(page, control)
    box = canvas(page, "left").bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 0.75 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + 0.75 * box["height"], steps=8)
    page.mouse.up()
    shown = (pixels(page, "left") == PURPLE).all(-1)
    assert any((shown == hole.numpy()).all() for hole in PRESETS.values()) and shown[21, 14]
    page.get_by_role("button", name="darker").click()
    control.tab = 2
    shows(page, control)
    page.get_by_role("button", name="noise").click()
    page.get_by_label("strength").fill("1")
    control.tab, control.strength = 1, 1
    shows(page, control)
    own = page.get_by_role("button", name="your own picture")
    expect(own).to_have_attribute("aria-disabled", "true")
    expect(own).to_have_attribute("title", "A picture of your own needs a kernel: run the notebook.")
    page.wait_for_url(re.compile("tab=1"))


# ---------------------------------------------------------------- its look


@pytest.mark.parametrize("width, lang", [(320, "en"), (420, "zh"), (850, "en"), (1400, "zh")])
def test_it_fits_has_names_and_can_be_read(show, width, lang):
    try:
        set_language(lang)
        page, _ = show(painter(), viewport={"width": width, "height": 900})
    finally:
        set_language("en")
    for tab in (0, 1):
        page.evaluate("(tab) => model.set('tab', tab)", tab)
        for theme in ("true", "false"):
            page.evaluate("(theme) => { document.body.dataset.jpThemeLight = theme; }", theme)
            settle(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OUTSIDE) == [] and nameless(page) == []
            assert "{" not in page.evaluate("root().querySelector('.replay').outerHTML")
            assert [each for each in page.evaluate(CONTRAST) if each[0] < 4.5] == []
    assert width != 850 or page.locator(".replay").bounding_box()["height"] <= 560


def test_it_follows_the_theme_and_goes_quietly(show):
    page, _ = show()
    follows_the_theme(page)
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
