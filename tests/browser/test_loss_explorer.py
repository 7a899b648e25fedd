"""loss_explorer.js on a blank page: what is read at the point is what Python computes from the losses."""

import base64
import json

import pytest
import torch
from helpers.bundles import module
from helpers.lab import settle
from helpers.look import CONTRAST, OUTSIDE, follows_the_theme
from helpers.page_model import MODEL

from gan_edu.losses import LOSSES, Loss
from gan_edu.widgets import LossExplorer

pytestmark = pytest.mark.browser

TEXTBOOK = {
    "minimax": Loss("log(1 − σ)", LOSSES["minimax"].d, lambda f, r=None: (1 - f.sigmoid()).log().mean()),
    "non-saturating": Loss("−log σ", LOSSES["minimax"].d, lambda f, r=None: -f.sigmoid().log().mean()),
}
HARNESS = (
    MODEL
    + """
window.view = (state) => {
  const bytes = Uint8Array.from(atob(state.table), (c) => c.charCodeAt(0)), odd = new Uint8Array(bytes.length + 3);
  odd.set(bytes, 3);                                          // as a message holds it: at any place
  window.model ||= new Model({...state, table: new DataView(odd.buffer, 3)});
  const el = document.createElement("div");
  document.getElementById("box").append(el);
  window.cleanup = widget.render({model, el});
};
"""
)
NAMES = ("words", "spec", "picked", "term", "logit", "precision", "reach", "rate", "steps")


@pytest.fixture
def show(new_page):
    def make(losses=LOSSES, textbook=TEXTBOOK, state=None, **context):
        explorer = LossExplorer(losses, textbook, **{"logit": -4.0, **(state or {})})
        page = new_page(**context)
        page.explorer = explorer
        page.set_content("<!doctype html><meta charset=utf-8><body style='margin:0'><div id=box></div></body>")
        page.add_script_tag(content=module("loss_explorer") + HARNESS, type="module")
        page.wait_for_function("Boolean(window.view)")
        given = {name: getattr(explorer, name) for name in NAMES}
        page.evaluate("(state) => view(state)", {**given, "table": base64.b64encode(explorer.table).decode()})
        return settle(page)

    return make


def number(text):
    return float(text.replace("beyond ", "").replace("−", "-").replace("∞", "inf"))


def row(page, name):
    """[loss, slope, l after the steps] as a learner reads them."""
    shown = {"JS": "Jensen–Shannon", "GAN": "2014’s game"}.get(name, name)
    cells = settle(page).locator("tbody tr", has=page.get_by_role("rowheader", name=shown)).first.locator("td")
    return [number(text) for text in cells.all_inner_texts()]


def form(page, k=0):
    return settle(page).locator("tr.form").nth(k).locator("td").all_inner_texts()


def by_python(name, term, l, losses=LOSSES, dtype=torch.float32):
    """(loss, slope) by autograd, from the Loss itself."""
    loss, x = losses[name], torch.tensor([[l]], dtype=dtype, requires_grad=True)
    zero = torch.zeros_like(x)
    value = {
        "real": lambda: loss.d(x, zero),
        "fake": lambda: loss.d(zero, x),
        "g": lambda: loss.g(x, zero if loss.g_needs_real else None),
    }[term]()
    return value.item(), torch.autograd.grad(value, x)[0].item()


def drag(page, logit, chart=0, reach=8):
    """Drag the point in a chart to a logit."""
    box = page.locator(".loss-box").nth(chart).bounding_box()

    def x(l):
        return box["x"] + 40 + (l + reach) / (2 * reach) * (box["width"] - 60)

    page.mouse.move(x(-2.0), box["y"] + 60)
    page.mouse.down()
    page.mouse.move(x(logit) + 1, box["y"] + 80, steps=4)
    page.mouse.up()
    return settle(page)


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize("chart", [0, 1])
def test_a_dragged_point_reads_what_python_computes(show, chart):
    page = show(state={"picked": ["minimax", "non-saturating", "least squares", "KL"]})
    for logit in (-6.0, -0.5, 3.0):
        drag(page, logit, chart)
        landed = page.evaluate("model.get('logit')")
        assert landed == pytest.approx(logit, abs=0.13) and landed * 8 == int(landed * 8)
        for name in ("minimax", "non-saturating", "least squares", "KL"):
            assert row(page, name)[:2] == pytest.approx(by_python(name, "g", landed), rel=2e-3, abs=1e-6)
    assert page.evaluate("model.saved.every((m) => Object.keys(m).join() === 'logit')")


@pytest.mark.parametrize("term, words", [("real", "D on real"), ("fake", "D on fake"), ("g", "G")])
def test_each_players_loss_and_every_loss_of_the_chapter(show, term, words):
    page = show(state={"logit": -2.5})
    page.get_by_role("group", name="whose loss").get_by_role("button", name=words, exact=True).click()
    assert page.evaluate("model.get('term')") == term
    names = list(LOSSES)
    for some in (names[:5], names[5:10], names[10:]):
        page.evaluate("(names) => model.set('picked', names)", some)
        for name in some:
            assert row(page, name)[:2] == pytest.approx(by_python(name, term, -2.5), rel=2e-3, abs=1e-6), name


def test_the_slider_by_keys_and_what_it_says(show):
    page = show(state={"logit": -4.0})
    slider = page.get_by_label("logit", exact=True)
    for key, l in (("ArrowRight", -3.875), ("ArrowLeft", -4.0), ("End", 8.0), ("Home", -8.0)):
        slider.press(key)
        settle(page)
        assert page.evaluate("model.get('logit')") == l
        loss, slope = by_python("non-saturating", "g", l)
        told = slider.get_attribute("aria-valuetext").replace("−", "-")
        assert told.startswith(f"l = {l:g}; minimax: loss")
        said = told.split("non-saturating: ")[1].split(";")[0].replace("loss ", "").replace("slope ", "").split(", ")
        assert [float(x) for x in said[:2]] == pytest.approx([loss, slope], rel=2e-3, abs=1e-6)
    slider.press("b")
    assert page.evaluate("keys_out") == []  # JupyterLab would insert a cell
    slider.press("Control+s")
    assert "s" in page.evaluate("keys_out")


def descent(name, l, rate, steps):
    for _ in range(steps):
        l -= rate * by_python(name, "g", l)[1]
    return l


def test_steps_lead_where_gradient_descent_leads(show):
    page = show(state={"picked": ["minimax", "non-saturating", "least squares", "hinge"], "logit": -6.0})
    for rate, steps in ((1, 1), (0.5, 10), (1, 10), (0.1, 100)):
        page.get_by_role("group", name="step size").get_by_role("button", name=str(rate), exact=True).click()
        page.get_by_role("group", name="steps", exact=True).get_by_role("button", name=str(steps), exact=True).click()
        for name in ("minimax", "non-saturating", "least squares", "hinge"):
            assert row(page, name)[2] == pytest.approx(descent(name, -6.0, rate, steps), abs=0.02), (name, rate, steps)
    assert row(page, "minimax")[2] < -5.9 < -0.5 < row(page, "non-saturating")[2]  # the first hardly moves


def test_marks_stand_on_their_curves(show):
    page = show(state={"picked": ["least squares", "hinge"], "logit": 2.0})
    for chart in (0, 1):
        found = page.evaluate(
            """(chart) => { const box = root().querySelectorAll('.loss-box')[chart];
          return [0, 1].map((k) => { const path = box.querySelector(`.series.run${k}`), n = path.getTotalLength();
            const mark = new DOMMatrix(getComputedStyle(box.querySelector(`.mark.run${k}`)).transform);
            let best = 1e9; for (let i = 0; i <= 4000; i++) { const p = path.getPointAtLength(n * i / 4000);
              best = Math.min(best, Math.hypot(p.x - mark.e, p.y - mark.f)); } return best; }); }""",
            chart,
        )
        assert max(found) < 1.5


# ---------------------------------------------------------------- where the textbook form breaks


def shaded(page):
    """The stretches without numbers, as [from, to] of the logit, of the loss chart."""
    return settle(page).evaluate("""() => [...root().querySelectorAll('.loss-box')[0].querySelectorAll('.broken')]
        .map((r) => [+r.dataset.from, +r.dataset.to])""")


def test_float16_and_float32_break_at_their_own_logits(show):
    page = show(state={"picked": ["minimax", "non-saturating"], "logit": 20.0, "reach": 24})
    assert shaded(page) == [[16.75, 24]]  # log(1 − σ) in float32
    assert form(page, 0)[:2] == ["−∞", "NaN"] and row(page, "minimax")[:2] == [-20, -1]
    page.get_by_role("button", name="float16").click()
    first = shaded(page)
    assert first[0][0] == 8.375 and first[1][1] == -11.125  # of minimax from above, of non-saturating from below
    page.get_by_role("button", name="float32").click()
    page.get_by_role("button", name="±100").click()
    assert shaded(page)[1] == [-100, -89]  # log σ in float32
    page.get_by_label("logit", exact=True).press("Home")
    assert form(page, 1)[:2] == ["∞", "NaN"] and row(page, "non-saturating")[:2] == [100, -1]
    assert form(page, 1)[2] == "NaN" and "its textbook form fails" in page.get_by_label(
        "logit", exact=True
    ).get_attribute("aria-valuetext")


def test_shaded_stretches_are_those_where_python_fails(show):
    page = show(state={"picked": ["minimax"], "precision": "float16", "reach": 24})
    ((start, end),) = shaded(page)
    for l, fine in ((start - 0.125, True), (start, False), (end, False)):
        assert torch.tensor(by_python("minimax", "g", l, TEXTBOOK, torch.float16)).isfinite().all() == fine, l


STRUCK = """() => [...root().querySelectorAll(".plot .halo")].filter((word) => {
  const box = word.getBBox(), plot = word.ownerSVGElement;
  return [...plot.querySelectorAll(".series:not(.textbook)")].some((curve) => {
    for (let s = 0, end = curve.getTotalLength(); s < end; s += 2) {
      const {x, y} = curve.getPointAtLength(s);
      if (x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height) return true;
    }
    return false;
  });
}).length"""


@pytest.mark.parametrize("width", [360, 900])
@pytest.mark.parametrize("reach", [24, 100])
def test_no_curve_strikes_the_words_through(show, width, reach):
    for precision in ("float16", "float32"):
        page = show(
            state={"picked": ["minimax", "non-saturating"], "precision": precision, "reach": reach},
            viewport={"width": width, "height": 900},
        )
        assert page.locator(".plot .halo").count() >= 2 and page.evaluate(STRUCK) == 0


# ---------------------------------------------------------------- picking, own losses, life and death


def test_picking_up_to_five(show):
    page = show(state={"picked": ["minimax"]})
    chips = page.get_by_role("group", name="losses to show")
    for name in ("hinge", "KL", "Jensen–Shannon (f-GAN)", "2014’s game as f-GAN"):
        chips.get_by_role("button", name=name, exact=True).click()
    assert page.evaluate("model.get('picked')") == ["minimax", "hinge", "KL", "JS", "GAN"]
    page.get_by_role("button", name="Wasserstein").click(force=True)
    assert page.evaluate("model.get('picked').length") == 5
    assert page.locator(".live").inner_text() == "5 losses are the most: take one away first"
    chips.get_by_role("button", name="KL", exact=False).first.click()
    assert page.evaluate("model.get('picked')") == ["minimax", "hinge", "JS", "GAN"]
    assert page.locator("tbody tr").count() == 5  # four, and minimax' textbook form
    page.evaluate("model.set('picked', [])")
    assert settle(page).locator("tbody tr").count() == 0


def formula(page, name):
    """What stands beside a loss, an index in brackets."""
    row = settle(page).locator("tbody tr", has=page.get_by_role("rowheader", name=name)).first
    return row.locator(".formula").evaluate("(n) => n.innerHTML").replace("<sub>", "[").replace("</sub>", "]")


def test_the_formula_of_each_loss_is_that_of_the_player_on_show(show):
    page = show(state={"picked": ["minimax", "least squares", "KL"]})
    assert formula(page, "minimax") == "L[G] = E[log(1 − D(G(z)))]"
    assert formula(page, "least squares") == "L[G] = ½ E[(C(G(z)) − 1)²]"
    assert formula(page, "KL") == "L[G] = −E[exp(l(G(z)) − 1)]"
    page.get_by_role("button", name="D on real").click()
    assert formula(page, "minimax") == "L[D] = −E[log D(x)] − E[log(1 − D(G(z)))]"
    assert formula(page, "KL") == "L[D] = −E[l(x)] + E[exp(l(G(z)) − 1)]"


def test_a_learners_own_loss_is_shown_and_its_name_is_text(show):
    name = "<img src=x onerror=alert(1)> mine"
    own = {name: Loss(name, lambda r, f: (r.tanh() - f.tanh()).mean(), lambda f, r=None: (f**4).mean() / 4)}
    page = show(own, {}, {"logit": 1.5})
    assert row(page, "mine")[:2] == pytest.approx(by_python(name, "g", 1.5, own), rel=1e-3)
    assert page.locator("img").count() == 0 and name in page.locator(".chip").inner_text()


def test_the_kernel_may_set_everything(show):
    page = show()
    page.evaluate("""model.set('reach', 24); model.set('logit', 12); model.set('precision', 'float16');
                     model.set('picked', ['hinge'])""")
    assert row(page, "hinge")[:2] == [-12, -1]
    assert page.get_by_label("logit", exact=True).input_value() == "12"
    assert page.get_by_role("button", name="float16").get_attribute("aria-pressed") == "true"
    page.evaluate("cleanup()")
    assert page.evaluate("document.querySelectorAll('#box *').length") == 1
    page.evaluate("model.set('logit', 3); model.set('reach', 8)")  # nobody listens any more


def test_the_page_without_a_kernel_is_alive(new_page, tmp_path):
    LossExplorer(LOSSES, TEXTBOOK, logit=1.0).to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri())
    settle(page).get_by_label("logit", exact=True).press("ArrowRight")
    assert row(page, "minimax")[:2] == pytest.approx(by_python("minimax", "g", 1.125), rel=1e-3)
    page.get_by_role("button", name="hinge").click()
    assert row(page, "hinge")[:2] == [-1.125, -1]
    state = json.loads(page.locator("#gan-edu-state").text_content())
    assert state["logit"] == 1.0


# ---------------------------------------------------------------- the look


def test_it_fits_every_width(show):
    page = show(state={"picked": list(LOSSES)[:5], "precision": "float16", "reach": 24, "logit": 20.0})
    for width in (320, 360, 480, 620, 760, 1000, 1300):
        page.set_viewport_size({"width": width, "height": 700})
        assert settle(settle(page)).evaluate(OUTSIDE) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_words_have_contrast(show):
    for scheme in ("light", "dark"):
        page = show(
            color_scheme=scheme, state={"picked": list(LOSSES)[:5], "precision": "float16", "reach": 24, "logit": 20.0}
        )
        found = page.evaluate(CONTRAST)
        assert len(found) > 30 and min(found)[0] >= 4.5, sorted(found)[:5]


def test_it_follows_the_host_theme(show):
    page = show()
    follows_the_theme(page)


def test_everything_is_reached_by_tab_and_has_a_name(show):
    page = show()
    nameless = page.evaluate("""() => [...root().querySelectorAll('button, input')]
        .filter((n) => !(n.getAttribute('aria-label') || n.textContent.trim()) || n.tabIndex < 0).length""")
    assert nameless == 0
    page.get_by_role("button", name="hinge").focus()
    page.keyboard.press("Enter")
    assert "hinge" in page.evaluate("model.get('picked')")
