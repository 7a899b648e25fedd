"""latent.js on a blank page. A small model stands for the notebook's; behind it answers the real LatentExplorer."""

import base64
import io

import numpy as np
import pytest
import torch
from helpers.bundles import module
from helpers.controls import LATENT_NAMES
from helpers.lab import eventually, rooted, settle
from helpers.look import CONTRAST, follows_the_theme
from helpers.page_model import MODEL
from PIL import Image

from gan_edu.widgets import LatentExplorer
from gan_edu.widgets.kit.scripts import bundle

pytestmark = pytest.mark.browser

HARNESS = (
    MODEL
    + """
window.Model = class extends Model {
  async answer(changes, wish) {
    if (window.silent) return;
    for (const [name, value] of Object.entries(unpacked(await window.kernel(changes, wish)))) this.set(name, value);
    this.changed = {};
  }
  save_changes() {
    const changes = this.changed;
    this.changed = {};
    this.saved.push(changes);
    this.answer(changes, null);
  }
  send(wish) { this.saved.push(wish); this.answer({}, wish); }
};
window.view = (state) => {
  window.model ||= new Model(unpacked(state));
  const el = document.createElement("div");
  document.getElementById("box").append(el);
  window.cleanup = widget.render({model, el});
};
"""
)


def generate(z):
    """Pictures of which each differs plainly: two bars, at places that the latent tells, as bright as it is long."""
    rows, columns = torch.arange(28.0)[:, None], torch.arange(28.0)
    left, top = 14 + 6 * z[:, 0, None, None], 14 + 6 * z[:, 1, None, None]
    bright = (z.norm(dim=1) / 12)[:, None, None]
    shape = torch.maximum(torch.exp(-((columns - left) ** 2) / 8), torch.exp(-((rows - top) ** 2) / 8)) * bright
    return (2 * shape - 1)[:, None].clamp(-1, 1)


def nearest(samples, count):
    return torch.stack([samples[0] * k / count for k in range(1, count + 1)])[None]


def latents(count=24, seed=0):
    return torch.randn(count, 100, generator=torch.Generator().manual_seed(seed))


def packed(value):
    if isinstance(value, dict):
        return {key: packed(each) for key, each in value.items()}
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


@pytest.fixture
def show(new_page):
    """show(…): a page with an explorer in it; page.explorer is the kernel's side."""

    def make(explorer=None, **context):
        page = new_page(**context)
        page.explorer = explorer = explorer or LatentExplorer(generate, latents(), nearest)
        known = {name: getattr(explorer, name) for name in LATENT_NAMES}

        def kernel(changes, wish):
            explorer.set_state(changes)
            if wish:
                explorer._handle_msg({"content": {"data": {"method": "custom", "content": wish}}, "buffers": []})
            new = {name: getattr(explorer, name) for name in LATENT_NAMES if getattr(explorer, name) is not known[name]}
            known.update(new)
            return packed(new)

        page.expose_function("kernel", kernel)
        page.set_content("<!doctype html><meta charset=utf-8><body style='margin:0'><div id=box></div></body>")
        page.add_script_tag(content=module("latent") + HARNESS, type="module")
        page.wait_for_function("Boolean(window.view)")
        page.evaluate("(state) => view(state)", packed(known))
        return ready(page)

    return make


def ready(page):
    """Until all that was asked for is there, decoded and drawn."""
    page.wait_for_function("!root().querySelector('.panel:not([hidden]).stale')")
    return settle(page)


def sample(page, k):
    return page.locator(".tiles button").nth(k)


def pixels(page, selector, k=0):
    """What a canvas holds, as 28 × 28."""
    url = settle(page).evaluate("([s, k]) => root().querySelectorAll(s)[k].toDataURL('image/png')", [selector, k])
    picture = Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("L")
    return np.asarray(picture.resize((28, 28), Image.Resampling.BOX), float)


def frame(answer, k):
    atlas = Image.open(io.BytesIO(answer["png"])).convert("L")
    x, y = k % answer["columns"] * 28, k // answer["columns"] * 28
    return np.asarray(atlas.crop((x, y, x + 28, y + 28)), float)


def apart(page, selector, k, answer, place):
    """Mean difference, of 255, between canvas k and frame `place` of an answer."""
    return np.abs(pixels(page, selector, k) - frame(answer, place)).mean()


def traits(page, *names):
    return page.evaluate("(names) => names.map((n) => model.get(n))", list(names))


PATHS, WALK = ".pair-of-paths canvas", "where on the walk from A to B"


# ---------------------------------------------------------------- the walk


def test_it_shows_the_samples(show):
    page = show()
    assert page.locator(".tiles button").count() == 24
    for k in (0, 7, 23):
        assert apart(page, ".tiles canvas", k, page.explorer.tiles, k) < 6
    assert sample(page, 0).get_attribute("aria-label") == "sample 0, A, selected"
    assert sample(page, 1).get_attribute("aria-label") == "sample 1, B"


def test_two_picks_make_a_walk(show):
    page = show()
    sample(page, 5).click()
    sample(page, 9).click()
    ready(page)
    assert traits(page, "a", "b", "selected") == [5, 9, 9]
    assert page.explorer.walk["of"] == [5, 9]
    walk = page.explorer.walk
    assert apart(page, PATHS, 0, walk, 16) < 6 and apart(page, PATHS, 1, walk, 33 + 16) < 6
    assert apart(page, PATHS, 0, walk, 33 + 16) > 6  # the line's picture is another: it is darker
    assert sample(page, 5).locator(".badge").inner_text() == "A"
    assert sample(page, 9).locator(".badge").inner_text() == "B"
    sample(page, 2).click()  # the third pick is a new A
    ready(page)
    assert traits(page, "a", "b") == [2, 9]


def test_sliding_shows_each_frame_and_asks_the_kernel_for_nothing(show):
    page = show()
    slider, walk = page.get_by_label(WALK), page.explorer.walk
    calls = []
    page.explorer.generate = lambda z: calls.append(z) or generate(z)
    for key, k in (("Home", 0), ("ArrowRight", 1), ("End", 32), ("ArrowLeft", 31)):
        slider.press(key)
        assert slider.input_value() == str(k)
        assert apart(page, PATHS, 0, walk, k) < 6 and apart(page, PATHS, 1, walk, 33 + k) < 6
        line, arc = walk["norms"][k], walk["norms"][33 + k]
        words = settle(page).locator(".pair-of-paths .words").all_inner_texts()
        assert words[0].startswith(f"length {line:.1f}") and words[1].startswith(f"length {arc:.1f}")
        assert page.locator(".t").inner_text() == f"t = {k / 32:.2f}"
        told = slider.get_attribute("aria-valuetext")
        assert told.startswith(f"t = {k / 32:.2f} from A to B, linear: length {line:.1f}")
    assert traits(page, "position") == [31] and page.explorer.position == 31 and calls == []
    assert page.evaluate("model.saved.every((m) => Object.keys(m).join() === 'position')")
    page.evaluate("model.set('position', 8)")  # a linked slider, or the kernel
    assert settle(page).locator(".t").inner_text() == "t = 0.25" and slider.input_value() == "8"


def test_halfway_the_line_is_below_the_band_and_the_arc_in_it(show):
    page = show()
    words = page.locator(".pair-of-paths .words").all_inner_texts()
    assert words[0].endswith("below the band: shorter than in training") and words[1].endswith("in the band")
    assert "8.2 to 11.8" in page.locator(".lengths .legend").inner_text()
    low, high = page.evaluate("""() => { const band = root().querySelector('.band').getBoundingClientRect();
        const marks = [...root().querySelectorAll('.length-box .mark')].map((m) => m.getBoundingClientRect());
        return marks.map((m) => (m.top + m.bottom) / 2 < band.bottom); }""")
    assert (low, high) == (False, True)


def test_strip_and_plot_lead_there(show):
    page = show()
    for selector, share, k in ((".strip", 0.02, 0), (".strip", 0.99, 32), (".strip", 0.5, 16)):
        box = page.locator(selector).bounding_box()
        page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 3)
        assert traits(page, "position") == [k]
    box = page.locator(".length-box").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 40, steps=3)
    page.mouse.up()
    assert traits(page, "position") == [32]
    assert apart(page, ".strip canvas", 9 + 4, page.explorer.walk, 33 + 16) < 12


def test_until_the_kernel_answers_the_old_walk_is_marked(show):
    page = show()
    page.evaluate("window.silent = true")
    sample(page, 6).click()
    assert "stale" in settle(page).locator(".panel.walk").get_attribute("class")
    page.evaluate("window.silent = false; model.answer({a: 6, selected: 6}, null)")
    ready(page)
    assert page.explorer.walk["of"] == [6, 1]


def test_the_nearest_pictures_stand_beside_the_selected_sample(show):
    page = show()
    sample(page, 3).click()
    ready(page)
    assert page.explorer.near["of"] == 3
    assert page.locator(".near p").inner_text().startswith("sample 3, length")
    told = [float(words) for words in page.locator(".near figcaption").all_inner_texts()[1:]]
    assert told == pytest.approx(page.explorer.near["distances"], abs=0.051)
    assert apart(page, ".near canvas", 0, page.explorer.tiles, 3) < 12
    assert apart(page, ".near canvas", 2, page.explorer.near, 1) < 12


def test_without_nearest_there_is_none(show):
    page = show(LatentExplorer(generate, latents(4)))
    assert page.locator(".near figure:visible").count() == 1
    assert page.locator(".near p").inner_text() == f"sample 0, length {page.explorer.tiles['norms'][0]:.1f}"


# ---------------------------------------------------------------- the plane, and more like this


def test_four_picks_span_a_plane(show):
    page = show()
    page.get_by_role("tab", name="Plane").click()
    ready(page)
    for k in (4, 8, 12, 16):
        sample(page, k).click()
    ready(page)
    assert page.explorer.plane["of"] == [4, 8, 12, 16] == traits(page, "a", "b", "c", "d")
    plane = page.explorer.plane
    for place in (0, 6, 24, 48):
        assert apart(page, ".field canvas", place, plane, place) < 12
    assert apart(page, ".plane .beside canvas", 0, plane, 24) < 6
    page.get_by_label("across, from A to B").press("End")
    page.get_by_label("down, from A to C").press("Home")
    assert apart(page, ".plane .beside canvas", 0, plane, 6) < 6
    box = page.locator(".field").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.9)
    assert apart(page, ".plane .beside canvas", 0, plane, 6 * 7 + 1) < 6
    assert page.get_by_label("down, from A to C").input_value() == "6"


def test_more_like_this(show):
    page = show()
    page.get_by_role("tab", name="More like this").click()
    ready(page)
    sample(page, 11).click()
    ready(page)
    more, around = page.explorer.more, ".around canvas"
    assert more["of"] == [11, 0] and traits(page, "a", "b") == [0, 1]  # here a pick marks nothing
    assert apart(page, around, 5, more, 3 * 16 + 5) < 8
    strength = page.get_by_label("strength: how far from the sample")
    strength.press("Home")
    for k in (0, 9):
        assert apart(page, around, k, page.explorer.tiles, 11) < 8  # s = 0: the sample itself
    strength.press("End")
    assert apart(page, around, 5, more, 10 * 16 + 5) < 8
    assert "s = 1.0; correlation with z: 0.00" in page.locator(".more .words").nth(1).inner_text()
    page.get_by_role("button", name="another 16").click()
    ready(page)
    assert page.explorer.more["of"] == [11, 1]
    assert apart(page, around, 5, page.explorer.more, 10 * 16 + 5) < 8


def test_a_neighbour_is_kept_by_a_click(show):
    page = show()
    page.get_by_role("tab", name="More like this").click()
    ready(page)
    before = page.explorer.more
    page.get_by_role("button", name="neighbour 6: keep it").click()
    page.wait_for_function("root().querySelectorAll('.tiles button').length === 25")
    ready(page)
    assert traits(page, "selected") == [24] and len(page.explorer.latents) == 25
    assert apart(page, ".tiles canvas", 24, before, 3 * 16 + 5) < 12
    assert page.explorer.more["of"] == [24, 0]
    page.get_by_role("tab", name="Walk").click()
    ready(page)
    sample(page, 24).click()
    ready(page)
    assert page.explorer.walk["of"] == [24, 1]


# ---------------------------------------------------------------- keys, errors, life and death


def test_keys_walk_over_the_samples_and_pick(show):
    page = show()
    sample(page, 0).focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    focused = page.evaluate("root().activeElement.getAttribute('aria-label')")
    assert focused == "sample 7"  # six columns
    page.keyboard.press("Enter")
    ready(page)
    assert traits(page, "a", "b") == [7, 1]
    page.keyboard.press("End")
    page.keyboard.press("b")
    ready(page)
    assert traits(page, "a", "b") == [7, 23] and page.explorer.walk["of"] == [7, 23]
    page.keyboard.press("ArrowDown")  # there is none below
    assert page.evaluate("root().activeElement.getAttribute('aria-label')").startswith("sample 23")
    assert page.evaluate("root().querySelectorAll('.tiles button[tabindex=\"0\"]').length") == 1


def test_tabs_and_places_go_by_arrows(show):
    page = show()
    page.get_by_role("tab", name="Walk").focus()
    page.keyboard.press("ArrowRight")
    ready(page)
    assert traits(page, "view") == ["plane"]
    assert page.get_by_role("tabpanel").count() == 1
    page.get_by_role("radio", name="A").focus()
    page.keyboard.press("ArrowLeft")
    assert page.get_by_role("radio", name="D").get_attribute("aria-checked") == "true"
    sample(page, 20).click()
    ready(page)
    assert traits(page, "d") == [20] and page.explorer.plane["of"] == [0, 1, 2, 20]


def test_no_key_reaches_the_notebook_but_its_own(show):
    page = show()
    sample(page, 0).focus()
    for key in ("ArrowRight", "a", "b", "x", "Enter", "Home"):
        page.keyboard.press(key)
    page.get_by_label(WALK).press("ArrowRight")
    assert page.evaluate("keys_out") == []
    page.keyboard.press("Control+s")
    page.keyboard.press("Shift+Enter")
    assert [key for key in page.evaluate("keys_out") if key not in ("Control", "Shift")] == ["s", "Enter"]


def test_an_error_is_told_as_text(show):
    evil = "<img src=x onerror=window.broken=1>"
    page = show()

    def broken(z):
        raise RuntimeError(evil)

    page.explorer.generate = broken
    sample(page, 4).click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert alert.inner_text() == f"That could not be drawn. RuntimeError: {evil}"
    assert page.locator("img").count() == 0 and page.evaluate("window.broken") is None
    page.explorer.generate = generate
    sample(page, 5).click()
    alert.wait_for(state="hidden")
    ready(page)
    assert page.explorer.walk["of"] == [4, 5]


def test_a_picture_that_cannot_be_decoded_is_told(show):
    page = show()
    page.evaluate("model.set('walk', {...model.get('walk'), png: new DataView(new ArrayBuffer(9))})")
    page.get_by_role("alert").wait_for()
    assert "could not be drawn" in page.get_by_role("alert").inner_text()
    sample(page, 5).click()
    page.get_by_role("alert").wait_for(state="hidden")


def test_two_views_of_one_model_agree(show):
    page = show()
    page.evaluate("() => view({})")
    page.locator(".tiles button").nth(24 + 13).click()  # in the second view
    ready(page)
    assert sample(page, 13).locator(".badge").inner_text() == "A"
    page.get_by_label(WALK).first.press("End")
    assert settle(page).locator(".t").nth(1).inner_text() == "t = 1.00"


def test_a_closed_view_leaves_nothing(show):
    page = show()
    sample(page, 3).click()
    page.evaluate("cleanup()")
    assert page.locator(".latent").count() == 0
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
    page.evaluate("model.set('position', 3); document.body.dataset.jpThemeLight = 'false'")
    page.wait_for_timeout(200)


def test_few_and_many_samples(show):
    for count in (2, 64):
        page = show(LatentExplorer(generate, latents(count)), viewport={"width": 360, "height": 800})
        assert page.locator(".tiles button").count() == count
        assert apart(page, ".tiles canvas", count - 1, page.explorer.tiles, count - 1) < 25


# ---------------------------------------------------------------- looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_contrast(show, scheme):
    page = show(color_scheme=scheme)
    for tab in ("Walk", "Plane", "More like this"):
        page.get_by_role("tab", name=tab).click()
        found = ready(page).evaluate(CONTRAST)
        assert len(found) > 20
        assert min(found)[0] >= 4.5, sorted(found)[:5]


def test_it_follows_the_host_theme_live(show):
    page = show()
    follows_the_theme(page, ".latent")


OUTSIDE = """() => { const box = root().querySelector('.latent').getBoundingClientRect();
  return [...root().querySelectorAll('.latent *')].filter((n) => !n.closest('.live') && n.getClientRects().length)
    .filter((n) => { const r = n.getBoundingClientRect(); return r.right > box.right + 1 || r.left < box.left - 1; })
    .map((n) => n.localName + '.' + (n.getAttribute('class') || '')); }"""


def test_it_fits_every_width(show):
    page = show()
    for tab in ("Walk", "Plane", "More like this"):
        page.get_by_role("tab", name=tab).click()
        ready(page)
        for width in (320, 360, 481, 560, 719, 760, 900, 1300):
            page.set_viewport_size({"width": width, "height": 700})
            settle(settle(page))
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OUTSIDE) == [], (tab, width)


def test_every_control_has_a_name_and_touch_finds_it(show):
    page = show(viewport={"width": 360, "height": 800}, has_touch=True)
    names = page.evaluate("""[...root().querySelectorAll('button, input, select, canvas[role]')]
        .filter((n) => n.getClientRects().length).map((n) => n.getAttribute('aria-label') || n.innerText)""")
    assert all(names) and len(names) > 28, names
    sample(page, 10).tap()
    ready(page)
    assert traits(page, "a") == [10]


def test_the_core_asks_for_nothing_outside_itself():
    text = bundle("latent")
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "innerHTML" not in text and "</script" not in text


# ---------------------------------------------------------------- without a kernel


@pytest.fixture
def still(new_page, tmp_path):
    explorer = LatentExplorer(generate, latents(), nearest)
    explorer.b = 7
    explorer.a = 4
    explorer.to_html(tmp_path / "explorer.html")
    page = new_page(viewport={"width": 900, "height": 800})
    page.goto((tmp_path / "explorer.html").as_uri())
    rooted(page, "#latent > div")
    page.explorer = explorer
    return ready(page)


def test_the_page_shows_the_walks_that_were_made(still):
    choice = still.get_by_label("a walk that was made")
    assert choice.locator("option").all_inner_texts() == [
        f"sample {a} → sample {b}" for a, b in ((0, 1), (0, 7), (4, 7))
    ]
    still.get_by_label(WALK).press("End")
    assert apart(still, PATHS, 1, still.explorer.tiles, 7) < 8
    choice.select_option("0")
    ready(still)
    assert apart(still, PATHS, 0, still.explorer.tiles, 1) < 8
    assert sample(still, 1).locator(".badge").inner_text() == "B"
    for tab, canvas in (("Plane", ".field canvas"), ("More like this", ".around canvas")):
        still.get_by_role("tab", name=tab).click()
        assert pixels(ready(still), canvas).max() > 60


def test_the_iframe_takes_its_height_and_asks_for_nothing(new_page, tmp_path):
    explorer = LatentExplorer(generate, latents(8))
    (tmp_path / "page.html").write_text(f"<!doctype html><meta charset=utf-8><body>{explorer.to_html().data}")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri())
    inside = page.frame_locator("iframe")
    inside.get_by_label(WALK).press("Home")
    inner = inside.locator("#latent")
    eventually(lambda: abs(page.locator("iframe").bounding_box()["height"] - inner.bounding_box()["height"]) <= 2, True)


@pytest.mark.parametrize(
    "view, ask, answered",
    [
        ("walk", "sample 6", [{"a": 6, "selected": 6}, None]),
        ("more", "another 16", [{"fresh": 1}, None]),
        ("more", "neighbour 6: keep it", [{}, {"keep": 5}]),
    ],
)
def test_a_kernel_that_is_gone_is_told_and_one_that_answers_after_all_takes_it_back(show, view, ask, answered):
    page, errors = show(), []
    page.on("pageerror", lambda error: errors.append(error))
    page.evaluate("(view) => { model.set('view', view); model.save_changes() }", view)
    ready(page)
    page.evaluate("""() => { window.silent = true; model.was = model.send;
        model.send = () => { throw new Error("Cannot send") } }""")
    page.get_by_role("button", name=ask).first.click()
    page.wait_for_function("root().querySelector('.alert').textContent.startsWith('No answer from the kernel yet')")
    assert page.locator(".alert").is_visible() and not errors
    page.evaluate("() => { window.silent = false; model.send = model.was }")
    page.evaluate("([changes, wish]) => { model.answer(changes, wish) }", answered)
    page.wait_for_function("root().querySelector('.alert').hidden")
    ready(page)
