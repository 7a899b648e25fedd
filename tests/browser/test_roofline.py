"""The roofline on a blank page: its places by the axes' own ticks, against Python; dragged, by keys; its look."""

import re

import numpy as np
import pytest
from helpers.lab import settle
from helpers.look import CONTRAST, NARROW, OUTSIDE, follows_the_theme, looks
from helpers.screen import graph
from helpers.small_machines import FAST, HALF, SHEET, SLOW, TIMED, machines, stored
from helpers.value_page import drag, nameless, page_with
from playwright.sync_api import expect

from gan_edu.core.measures.step_cost import Machine
from gan_edu.core.measures.stored_machines import step
from gan_edu.core.notebook.words import set_language
from gan_edu.widgets import Roofline
from gan_edu.widgets.roofline.texts import amount, percent, three, time

pytestmark = pytest.mark.browser
OWN = Machine(8.1e10, 1.3e10, 1.8e-3)


@pytest.fixture
def made(tmp_path):
    return lambda *machine, **state: Roofline(*machine, source=stored(tmp_path), **state)


@pytest.fixture
def show(new_page, made):
    def open_(control=None, **context):
        return page_with(new_page, control or made(), **{"viewport": {"width": 850, "height": 700}, **context})

    return open_


def chart(page):
    """The plot, its places by its ticks; its numbers must grow right and up, by powers of ten."""
    return graph(settle(page).locator(".roofs svg"), log=(True, True))


def middle(page, node):
    """The middle of a node, in pixels of the plot."""
    box, plot = node.bounding_box(), page.locator(".roofs svg").bounding_box()
    return box["x"] + box["width"] / 2 - plot["x"], box["y"] + box["height"] / 2 - plot["y"]


def circles(page, kind):
    """The middles of all dots of a kind, from the left."""
    read = "(all) => all.map((node) => [+node.getAttribute('cx'), +node.getAttribute('cy')])"
    return sorted(page.locator(f".roofs circle.{kind}").evaluate_all(read))


def line(page, kind):
    """The points of a line."""
    return np.array(re.findall(r"(-?[\d.]+),(-?[\d.]+)", page.locator(f".roofs .{kind}").get_attribute("d")), float)


def stands(page):
    return [page.evaluate(f"model.get('{name}')") for name in ("width", "batch")]


def speed(machine, *setting):
    """(operations a byte, operations a second) of a step."""
    work = step(*setting)
    return work.intensity, work.operations / machine.seconds(work)


# ---------------------------------------------------------------- what is shown


@pytest.mark.parametrize("width, batch", [(512, 64), (16, 1), (4096, 4096), (4096, 1), (16, 4096), (500, 60)])
@pytest.mark.parametrize(
    "name, precision, numbers", [("one thread", "float32", SLOW), ("two threads", "bfloat16", HALF)]
)
def test_the_point_stands_where_python_predicts_it(show, made, width, batch, name, precision, numbers):
    page = show(made(width=width, batch=batch, precision=precision, chosen=name))
    place = chart(page).place(*speed(Machine(**numbers), width, batch, precision))
    assert middle(page, page.locator(".thumb")) == pytest.approx(place, abs=1.5)


def test_roofs_slope_by_bandwidth_are_flat_by_throughput_and_meet_at_the_ridge(show, made):
    page = show(made(chosen="two threads"))
    plot, machine = chart(page), Machine(**FAST)
    slope, flat = line(page, "roof.memory"), line(page, "roof.products")
    ridge = plot.place(machine.ridge, machine.throughput)
    assert tuple(slope[-1]) == pytest.approx(ridge, abs=1.5) and tuple(flat[0]) == pytest.approx(ridge, abs=1.5)
    assert flat[0][1] == flat[-1][1] and flat[-1][0] > slope[-1][0] > slope[0][0]
    x = 10 ** ((slope[0][0] - plot.across[1]) / plot.across[0])
    assert slope[0][1] == pytest.approx(plot.place(x, machine.bandwidth * x)[1], abs=1.5)
    assert page.locator(".roofs .roof.other").count() == 2  # of this precision
    expect(page.locator(".roofs")).to_contain_text(f"ridge {three(machine.ridge)}")


def test_steps_that_were_timed_are_dots(show, made):
    own = [{"width": 256, "batch": 128, "precision": "float32", "ms": 30.0}, TIMED[4]]
    page = show(made(dots=own))
    plot = chart(page)

    def places(dots):
        works = [(step(dot["width"], dot["batch"], dot["precision"]), dot["ms"] / 1000) for dot in dots]
        return [pytest.approx(plot.place(work.intensity, work.operations / s), abs=1.5) for work, s in works]

    assert circles(page, "stored") == sorted(places(TIMED[:4]), key=lambda each: each.expected[0])
    assert circles(page, "own") == places(own[:1])
    title = page.locator(".roofs circle.own title")
    assert title.text_content().replace("\u00a0", " ") == "timed: width 256, batch 128: 30 ms"
    page.evaluate("model.set('chosen', 'two threads')")
    page.evaluate("model.set('precision', 'bfloat16')")
    settle(page)
    assert circles(page, "stored") == circles(page, "own") == places(own[1:])


def test_the_same_step_on_other_machines_is_a_dot_and_a_row(show, made):
    page = show(made(OWN))
    plot, others = chart(page), [Machine(**each) for each in (SLOW, FAST, SHEET)]
    assert circles(page, "there") == [pytest.approx(plot.place(*speed(others[2], 512, 64)), abs=1.5)]  # others: inside
    rows = [row.inner_text().split("\t") for row in page.locator(".elsewhere tr").all()[1:]]
    seconds = [time(each.seconds(step(512, 64))) for each in others]
    assert [told for _, told in rows] == [*seconds[:2], f"≥ {seconds[2]}", "not measured"]
    sheets = [" (data sheet)" if each["from"] == "data sheet" else "" for each in machines()]
    names = [each["name"] + sheet for each, sheet in zip(machines(), sheets, strict=True)]
    assert page.locator(".elsewhere th[scope=row]").all_text_contents() == names
    cut = "(all) => all.filter((node) => node.scrollWidth > node.clientWidth).length"
    assert page.locator(".elsewhere th").evaluate_all(cut) == 0


def test_its_numbers_bar_and_share_are_pythons(show, made):
    for control in (made(), made(width=64, batch=4), made(precision="bfloat16", width=2048, batch=16)):
        page = show(control)
        work, parts = control.work, control.shown[1].parts(control.work)
        told = page.locator("table").first.locator("td").all_inner_texts()
        assert told == [
            amount(work.operations),
            amount(work.bytes),
            three(work.intensity),
            time(control.seconds),
            amount(work.operations / control.seconds),
        ]
        shares = [each / control.seconds for each in parts.values()]
        texts = page.locator(".shares b").all_inner_texts()
        assert texts == [f"{time(s)} · {percent(t)}" for s, t in zip(parts.values(), shares, strict=True)]
        wide = page.locator(".bar i").evaluate_all("(all) => all.map((node) => node.getBoundingClientRect().width)")
        assert np.array(wide) / sum(wide) == pytest.approx(shares, abs=0.003)
        expect(page.locator(".roofs .share")).to_have_text(f"{percent(control.of_the_roof)} of the roof")


def test_lines_lead_to_other_batches_and_widths(show):
    page = show()
    plot = chart(page)
    for kind, settings in (
        ("batches", [(512, 2**n) for n in range(13)]),
        ("widths", [(round(2 ** (k / 2)), 64) for k in range(8, 25)]),
    ):
        drawn = line(page, kind)
        for end, setting in ((0, settings[0]), (-1, settings[-1])):
            assert tuple(drawn[end]) == pytest.approx(plot.place(*speed(Machine(**SLOW), *setting)), abs=1.5)


def test_the_sentence_names_what_takes_longest(show, made):
    page = show(made(width=4096, batch=1, chosen="two threads"))
    sentence = page.locator(".sentence")
    machine, work = Machine(**FAST), step(4096, 1)
    seconds = machine.seconds(work)
    expect(sentence).to_contain_text(f"Memory takes {percent(machine.parts(work)['memory'] / seconds)}")
    twice = machine.seconds(step(4096, 2)) / seconds
    expect(sentence).to_contain_text(
        f"Twice the batch would take {three(twice)} times as long: a sample costs {percent(1 - twice / 2)} less."
    )
    half = Machine(**HALF).seconds(step(4096, 1, "bfloat16")) / seconds
    expect(sentence).to_contain_text(f"In bfloat16 it would take {three(half)} times as long.")
    page.get_by_label("batch", exact=True).fill("12")
    expect(sentence).to_contain_text("Products take")
    page.evaluate("model.set('width', 16); model.set('batch', 1); model.set('chosen', 'one thread')")
    expect(sentence).to_contain_text("Overhead takes")
    expect(sentence).not_to_contain_text("bfloat16")


# ---------------------------------------------------------------- moved by hand


def test_it_is_dragged_right_for_the_batch_and_up_for_the_width(show):
    page = show()
    plot, thumb = chart(page), page.locator(".thumb")
    doubling = plot.across[0] * np.log10(2), -plot.up[0] * np.log10(2)
    drag(page, thumb, round(2 * doubling[0]))
    assert stands(page) == [512, 256]
    drag(page, thumb, -round(4 * doubling[0]))
    assert stands(page) == [512, 16]
    drag(page, thumb, 0, up=40)
    assert stands(page)[0] > 512 and stands(page)[1] == 16
    drag(page, thumb, round(doubling[0]), up=-60)
    assert stands(page)[0] < 512 and stands(page)[1] == 32
    drag(page, thumb, -2000, up=-2000)
    assert stands(page) == [16, 1]
    drag(page, thumb, 2000, up=2000)
    assert stands(page) == [4096, 4096]
    place = chart(page).place(*speed(Machine(**SLOW), 4096, 4096))
    assert middle(page, thumb) == pytest.approx(place, abs=1.5)
    expect(page.locator(".live")).to_contain_text("98")  # told once it is let go


def test_the_point_follows_the_pointer_where_memory_sets_the_pace(show, made):
    page = show(made(width=4096, batch=1, chosen="a graphics card"))
    chart(page)
    before = middle(page, page.locator(".thumb"))
    drag(page, page.locator(".thumb"), 100)
    assert middle(page, page.locator(".thumb"))[0] - before[0] == pytest.approx(100, abs=25)


@pytest.mark.parametrize("up", [25, 60, 110, -60])
@pytest.mark.parametrize("width, batch", [(45, 16), (512, 64)])
def test_dragged_up_or_down_it_never_outruns_the_pointer(show, made, width, batch, up):
    """A width further would be as near to the pointer, or nearer: the point is at most half of that ahead."""
    page = show(made(width=width, batch=batch))
    plot, thumb = chart(page), page.locator(".thumb")
    before = middle(page, thumb)
    drag(page, thumb, 0, up=up)
    (now, still), moved = stands(page), np.hypot(*np.subtract(middle(page, thumb), before))
    widths = [round(2 ** (k / 2)) for k in range(8, 25)]
    beside = widths[widths.index(now) - (1 if up > 0 else -1)]
    last = np.hypot(*np.subtract(*(plot.place(*speed(Machine(**SLOW), each, batch)) for each in (now, beside))))
    assert still == batch and (now - width) * up > 0
    assert moved <= abs(up) + last / 2 + 2


def test_names_at_the_right_end_are_not_cut(show, made):
    """The ridge of a graphics card in bfloat16 lies where the picture ends."""
    page = show(made(chosen="a graphics card", precision="bfloat16"))
    for width in (850, 420):
        page.set_viewport_size({"width": width, "height": 700})
        settle(settle(page))  # it measures itself anew, and then draws
        box, plot = (page.locator(each).bounding_box() for each in (".ridge-name", ".roofs svg"))
        assert plot["x"] <= box["x"] and box["x"] + box["width"] <= plot["x"] + plot["width"]
    expect(page.locator(".roofs .chosen")).to_have_text("a graphics card (data sheet)")
    expect(page.locator(".words")).to_contain_text("not measured: bounds that no step reaches")
    told = page.locator("table").first.locator("td").all_inner_texts()
    assert told[3].startswith("≥ ") and told[4].startswith("≤ ")


def test_keys_move_it_and_stay_inside(show):
    page = show()
    thumb = page.locator(".thumb")
    for key, now in (
        ("ArrowRight", [512, 128]),
        ("Shift+ArrowLeft", [512, 8]),
        ("ArrowUp", [724, 8]),
        ("Shift+ArrowUp", [2896, 8]),
        ("Shift+ArrowUp", [4096, 8]),
        ("ArrowDown", [2896, 8]),
        ("Shift+ArrowLeft", [2896, 1]),
        ("b", [2896, 1]),
    ):
        thumb.press(key)
        settle(page)
        assert stands(page) == now, key
    assert page.evaluate("keys_out") == []
    label = thumb.get_attribute("aria-label").replace("\u00a0", " ")
    assert label.startswith("your step: width 2896, batch 1, ") and label.endswith("of the roof")


def test_where_a_key_led_is_told(show):
    page = show()
    before = page.locator(".sentence").text_content()
    page.locator(".thumb").press("Shift+ArrowLeft")
    said = settle(page).locator(".sentence").text_content()
    assert page.locator(".live").text_content() == said != before


def test_a_width_between_two_of_the_slider_stays_while_the_batch_is_moved(show, made):
    page = show(made(width=500, batch=60))
    page.locator(".thumb").press("ArrowRight")
    settle(page)
    assert stands(page) == [500, 128]
    expect(page.locator("output").first).to_have_text("500")


def test_sliders_precision_and_machines_are_heard_of(show):
    page = show()
    page.get_by_label("width", exact=True).fill("9")
    page.get_by_label("batch", exact=True).fill("3")
    settle(page)
    assert stands(page) == [23, 8]
    machine = page.get_by_label("machine")
    machine.select_option("two threads")
    half = page.get_by_role("button", name="bfloat16")
    half.click()
    settle(page)
    assert page.evaluate("[model.get('chosen'), model.get('precision')]") == ["two threads", "bfloat16"]
    expect(half).to_have_attribute("aria-pressed", "true")
    place = chart(page).place(*speed(Machine(**HALF), 23, 8, "bfloat16"))
    assert middle(page, page.locator(".thumb")) == pytest.approx(place, abs=1.5)


def test_what_was_not_measured_is_not_to_be_chosen_and_says_why(show):
    page = show()
    half = page.get_by_role("button", name="bfloat16")
    expect(half).to_have_attribute("aria-disabled", "true")
    expect(half).to_have_attribute("title", "bfloat16 was not measured on it.")
    expect(page.locator(".words")).to_contain_text("bfloat16 was not measured on it.")
    half.click(force=True)
    assert settle(page).evaluate("model.get('precision')") == "float32"
    options = page.locator("option")
    assert options.evaluate_all("(all) => all.map((each) => each.disabled)") == [False, False, False, True]
    assert options.all_text_contents()[3] == "halves only (data sheet) (float32 not measured)"
    page.get_by_label("machine").select_option("two threads")
    half.click()
    settle(page)
    assert options.evaluate_all("(all) => all.map((each) => each.disabled)") == [True, False, False, False]
    page.evaluate("model.set('chosen', 'one thread')")  # from Python: the other precision is shown
    expect(page.get_by_role("button", name="float32", exact=True)).to_have_attribute("aria-pressed", "true")
    place = chart(page).place(*speed(Machine(**SLOW), 512, 64))
    assert middle(page, page.locator(".thumb")) == pytest.approx(place, abs=1.5)


# ---------------------------------------------------------------- its look


def test_it_fits_has_names_and_can_be_read(show, made):
    page = show(made(OWN, dots=TIMED), **NARROW)
    for setting in ("model.set('width', 4096); model.set('batch', 4096)", "model.set('chosen', 'two threads')"):
        page.evaluate(setting)
        for width, scheme in looks(page, (320, 420, 850, 1400)):
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OUTSIDE) == [] and nameless(page) == [], width
            assert "{" not in page.evaluate("root().querySelector('.replay').outerHTML")  # a place without its value
            assert [each for each in page.evaluate(CONTRAST) if each[0] < 4.5] == [], (width, scheme)


def test_names_of_close_roofs_stand_over_one_another(show, made):
    page = show(made(OWN))
    boxes = [each.bounding_box() for each in page.locator(".roofs svg > .halo[text-anchor=end]").all()]
    tops = sorted(box["y"] for box in boxes)
    assert len(tops) == 4 and min(np.diff(tops)) >= 13
    assert tops[0] >= page.locator(".roofs svg").bounding_box()["y"]


def test_it_fits_a_notebook_beside_the_file_browser(show, made):
    page = show(made(OWN, dots=TIMED), viewport={"width": 850, "height": 620})
    for setting in (
        "model.set('width', 16)",
        "model.set('chosen', 'two threads')",
        "model.set('precision', 'bfloat16')",
    ):
        page.evaluate(setting)
        assert settle(page).evaluate("document.documentElement.scrollHeight") <= 620, setting


def test_it_works_without_a_kernel_and_a_link_sets_it(new_page, made, tmp_path):
    made().to_html(tmp_path / "page.html")
    page = new_page()
    page.goto(f"{(tmp_path / 'page.html').as_uri()}#width=64&batch=9999&chosen=two%20threads&precision=bfloat16")
    expect(page.get_by_label("machine")).to_have_value("two threads")
    expect(page.locator("output").all()[1]).to_have_text("4096")
    expect(page.get_by_role("button", name="bfloat16")).to_have_attribute("aria-pressed", "true")
    page.locator(".thumb").press("ArrowUp")
    page.wait_for_url(re.compile("width=91"))


def test_it_speaks_chinese(show, made):
    try:
        set_language("zh")
        page = show(made(OWN))
    finally:
        set_language("en")
    expect(page.locator(".sentence")).to_contain_text("矩阵乘积占 59%")
    expect(page.get_by_label("机器", exact=True)).to_have_value("你的机器")


def test_it_follows_the_theme_and_goes_quietly(show):
    page = show()
    follows_the_theme(page)
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
