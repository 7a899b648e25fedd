"""Moving earth on a blank page: its numbers against POT, drags, keys, piles drawn by hand, Play, its look."""

import math
import re

import numpy as np
import pytest
from helpers.lab import settle
from helpers.look import CONTRAST, NARROW, OUTSIDE, follows_the_theme, looks
from helpers.screen import graph
from helpers.value_page import drag, nameless, number, page_with, touch
from playwright.sync_api import expect

from gan_edu.widgets import MovingEarth
from gan_edu.widgets.moving_earth.earth import MIDDLES, cloud, hump

pytestmark = pytest.mark.browser
SPLIT = {"data": hump(2, 8, 31), "fake": hump(2.5, 19), "epsilon": 0.5, "p": 2}
BY_THE_SIDE = {"fake_points": cloud(-3, -1, 1), "real_points": cloud(-2.6, -0.8, 1.2)}


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        return page_with(new_page, control or MovingEarth(), **{"viewport": {"width": 900, "height": 800}, **context})

    return make


def told(page):
    """The five numbers: W, the plan's cost, what prices collect, JS and KL."""
    cells = settle(page).locator(".side td").all_inner_texts()
    return dict(zip(("w", "work", "collects", "js", "kl"), map(number, cells), strict=True))


def state(page):
    """The control as Python would have it."""
    return MovingEarth(**page.evaluate("(names) => Object.fromEntries(names.map((n) => [n, model.get(n)]))", SENT))


SENT = MovingEarth.sent()
PATHS = """() => [...document.querySelector("main").firstElementChild.shadowRoot.querySelectorAll("path")]
    .map((node) => node.getAttribute("d"))"""


def agrees(page):
    """The page's numbers are POT's for what stands there now; hands them on."""
    seen, wanted = told(page), state(page).carried()
    assert [seen[name] for name in ("w", "work", "js", "kl")] == pytest.approx(
        [wanted.w, wanted.work, wanted.js, wanted.kl], abs=6e-4
    )
    if wanted.work == wanted.least:
        assert seen["collects"] == pytest.approx(wanted.least, abs=6e-4)
    else:
        assert seen["collects"] >= seen["work"] >= round(wanted.least, 3)
    return seen


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    "setting",
    [
        {},
        {"p": 2},
        SPLIT,
        {"world": "plane"},
        {"world": "plane", "p": 2, "epsilon": 1.0, "lift": 1.0},
        {"world": "plane", **BY_THE_SIDE},
        {"shift": 4.0, "epsilon": 2.0},
    ],
    ids=str,
)
def test_its_numbers_are_those_of_pot(show, setting):
    agrees(show(MovingEarth(**setting)))


@pytest.mark.parametrize("world", ["line", "plane"])
def test_what_one_begins_with(show, world):
    page = show(MovingEarth(world))
    choice = page.get_by_label("begin with")
    expect(choice).to_have_value("apart")  # Python's own beginning is the first of them
    seen = {}
    for name in ("splits", "same", "twoPoints", "apart"):
        choice.select_option(name)
        seen[name] = agrees(page)
        expect(choice).to_have_value(name)
    assert seen["same"]["w"] == seen["same"]["js"] == seen["same"]["kl"] == 0
    assert seen["twoPoints"]["w"] == 3 and seen["twoPoints"]["js"] == pytest.approx(math.log(2), abs=1e-3)
    assert seen["twoPoints"]["kl"] == seen["apart"]["kl"] == math.inf


def test_its_sentence_says_what_is_seen(show):
    page = show(MovingEarth(shift=1.0))
    said = page.locator(".sentence")
    expect(said).to_contain_text("Earth goes 4.00 on average: W₁ = 4.00. The fair price f collects as much")
    expect(said).to_contain_text("JS is stuck at log 2")
    page.get_by_role("button", name="way²").click()
    expect(said).to_contain_text("so W₂ = √")
    page.get_by_label("entropy ε").fill("0")
    page.get_by_label("begin with").select_option("same")
    expect(said).to_have_text("Nothing has to be carried. JS is 0: each place has as much of both.")


def test_a_blur_that_is_free_says_why(show):
    """On a line, where all earth goes in one direction and a grain costs its way; nowhere else."""
    page = show(MovingEarth(epsilon=10.0))
    said = page.locator(".sentence")
    expect(said).to_contain_text("ε = 10.00 blurs the plan, and it still costs the least, 5.000: all earth goes in one")
    expect(said).to_contain_text(
        "Try “one splits in two”. JS is stuck"
    )  # and of prices, which collect the same, nothing
    page.get_by_label("begin with").select_option("splits")
    expect(said).not_to_contain_text("Blur is free")
    page.get_by_label("begin with").select_option("apart")
    page.get_by_role("button", name="way²").click()
    expect(said).to_contain_text("more than the least")
    page.get_by_role("button", name="way", exact=True).click()
    page.get_by_role("button", name="a plane").click()
    expect(said).to_contain_text("more than the least")


def test_the_numbers_of_a_blur_add_up(show):
    page = show(MovingEarth(data=hump(2, 8, 31), fake=hump(2.5, 19), epsilon=2.0))
    seen, least = agrees(page), round(state(page).carried().least, 3)
    words = page.locator(".sentence").inner_text()
    found = re.search(r"costs (\S+), which is (\S+) more .* collect (\S+): that cost, and (\S+) that ε charges", words)
    work, more, price, extra = map(float, found.groups())
    assert (work, price) == (seen["work"], seen["collects"]) and more > 0.1 < price
    assert work - more == pytest.approx(least, abs=1e-9) and work + extra == pytest.approx(price, abs=1e-9)
    carried = state(page).carried()  # what ε charges for: KL(plan ‖ all earth over all holes)
    plan = carried.plan[carried.plan > 0]
    spread = np.outer(carried.q, carried.p)[carried.plan > 0]
    assert extra == pytest.approx(2.0 * (plan * np.log(plan / spread)).sum(), abs=1.5e-3)
    page.get_by_label("entropy ε").fill("1")
    page.get_by_label("begin with").select_option("twoPoints")
    page.get_by_role("button", name="way²").click()
    expect(page.locator(".sentence")).to_contain_text(
        "ε = 0.10 blurs the plan; to three digits it still costs the least"
    )


def test_a_plan_that_has_not_settled_says_so(show):
    """ε far below what the slider has."""
    page = show(MovingEarth(**{**SPLIT, "epsilon": 0.001, "data": hump(9, 22), "fake": hump(7, 15)}))
    expect(page.locator(".sentence")).to_contain_text("has not settled yet")


# ---------------------------------------------------------------- flows, prices, areas


def flows(page, plot):
    """What is carried, as drawn: [from x, to x, width], in units of the axis and as shares of all."""
    paths = (
        settle(page)
        .locator(f".{plot} .flow")
        .evaluate_all("(all) => all.map((node) => [node.getAttribute('d'), node.getAttribute('stroke-width')])")
    )
    ends = [[float(t) for t in re.findall(r"-?[\d.]+", d)] for d, _ in paths]
    wide = np.array([float(width) for _, width in paths])
    room = page.locator(f".{plot} clipPath rect")
    left, across = (float(room.get_attribute(name)) for name in ("x", "width"))
    low, high = (0, 10) if plot == "piles" else (-6, 6)
    units = [[low + (high - low) * (x - left) / across for x in (each[0], each[-2])] for each in ends]
    return np.array(units), wide / wide.sum()


def test_the_ribbons_are_the_plan(show):
    """Each as wide as it is much; it begins in its bin of p_g and ends in its bin of p_data."""
    page = show(MovingEarth(p=2))
    plan = state(page).carried()
    ends, shares = flows(page, "piles")
    found = np.zeros_like(plan.plan)
    for (start, end), share in zip(ends, shares, strict=True):
        found[np.abs(plan.xs[:, 0] - start).argmin(), np.abs(plan.ys[:, 0] - end).argmin()] += share
    np.testing.assert_allclose(found, plan.plan, atol=0.004)
    assert np.abs(ends[:, 0][:, None] - plan.xs[:, 0]).min(1).max() < 0.125
    assert all(len(set(ends[:, side].round(2))) == len(ends) for side in (0, 1))  # side by side, none over another


def test_entropy_fans_the_flows_out(show):
    page = show(MovingEarth("plane"))
    assert len(flows(page, "clouds")[1]) == 12
    assert page.locator(".clouds .dot-fake").count() == page.locator(".clouds .dot-real").count() == 12
    page.get_by_label("entropy ε").fill("30")
    assert len(flows(page, "clouds")[1]) > 100
    agrees(page)


INFINITE = 2.4  # where the chart has it
TICKS = {"log 2": math.log(2), "∞": INFINITE}


def line_of(page, plot, kind):
    """A line of a plot as drawn, in units of its axes (n, 2)."""
    seen = graph(settle(page).locator(f".{plot}"), words=TICKS)
    d = page.locator(f".{plot} .{kind}").get_attribute("d")
    pixels = np.array(re.findall(r"-?[\d.]+", d), float).reshape(-1, 2)
    return np.stack([(pixels[:, k] - axis[1]) / axis[0] for k, axis in enumerate((seen.across, seen.up))], 1)


def test_the_fair_price_is_as_steep_as_it_may_be_where_earth_passes(show):
    page = show(MovingEarth(data=hump(2, 8, 31), fake=hump(2.5, 19)))
    steep = line_of(page, "price", "steep-line").reshape(-1, 2, 2)
    slopes = (steep[:, 1] - steep[:, 0])[:, 1] / (steep[:, 1] - steep[:, 0])[:, 0]
    np.testing.assert_allclose(np.abs(slopes), 1, atol=0.06)
    left = steep[:, :, 0].max(1) < 4.2
    assert (slopes[left] < 0).all() and (slopes[~left] > 0).mean() > 0.8  # dear at both heaps of holes
    earth, holes = (line_of(page, "price", f"level-{side}")[0, 1] for side in ("fake", "real"))
    assert earth == pytest.approx(0, abs=0.05) and holes == pytest.approx(told(page)["w"], abs=0.05)


def test_two_prices_where_way_is_squared(show):
    page = show(MovingEarth(p=2))
    assert page.locator(".buy-line").count() == page.locator(".sell-line").count() == 1
    assert page.locator(".steep-line").count() == 0


WIDE = {"data": hump(2, 8, 31), "fake": hump(2.5, 19)}
COVERED = """(texts) => {
  const shapes = [...root().querySelectorAll(".piles .flow, .piles .pile-fake, .piles .pile-real")];
  const thumbs = [...root().querySelectorAll(".piles .thumb")].map((node) => node.getBoundingClientRect());
  return texts.flatMap((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    const under = thumbs.filter((t) => t.left < right && t.right > left && t.top < bottom && t.bottom > top);
    const inside = [];
    for (let x = left; x <= right; x += 2) for (let y = top + 2; y <= bottom - 2; y += 2)
      for (const shape of shapes) {
        const at = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
        const flow = shape.classList.contains("flow");
        if (flow ? shape.isPointInStroke(at) : shape.isPointInFill(at)) inside.push(text.textContent);
      }
    return [...under.map(() => "handle"), ...inside];
  });
}"""


@pytest.mark.parametrize("setting", [{}, {"shift": 7.0}, {"shift": 3.0}, WIDE, {**WIDE, "shift": 3.0}], ids=str)
def test_the_names_of_the_piles_stand_free(show, setting):
    """No ribbon, bar or handle is where they are."""
    page = show(MovingEarth(**setting), viewport={"width": 420, "height": 900})
    texts = page.locator(".piles .halo")
    for width in (420, 850, 1100):
        page.set_viewport_size({"width": width, "height": 900})
        settle(settle(page))
        assert texts.all_text_contents() == ["pg, the earth", "pdata, the holes"]
        assert texts.evaluate_all(COVERED) == [], width


STRUCK = """(texts) => texts.map((text) => {
  const { left, right, top, bottom } = text.getBoundingClientRect();
  return [...root().querySelectorAll(".price :is(.buy-line, .sell-line, .critic-line)")].some((line) => {
    const all = line.getTotalLength(), to = line.getScreenCTM();
    return [...Array(600).keys()].some((k) => {
      const { x, y } = line.getPointAtLength((k / 599) * all).matrixTransform(to);
      return x > left && x < right && y > top + 4 && y < bottom - 4;
    });
  });
})"""
PRICES = [{}, {"p": 2}, {"epsilon": 10.0}, {**WIDE, "epsilon": 2.0}, {**WIDE, "p": 2}, {"shift": 7.0, "p": 2}]


@pytest.mark.parametrize("setting", PRICES, ids=str)
def test_prices_stay_in_their_frame_and_the_means_have_names(show, setting):
    page = show(MovingEarth(**setting), viewport={"width": 850, "height": 900})
    frame = page.locator(".price clipPath rect").bounding_box()
    for line in page.locator(".price :is(.buy-line, .sell-line, .critic-line)").all():
        box = line.bounding_box()
        assert box["y"] >= frame["y"] - 1 and box["y"] + box["height"] <= frame["y"] + frame["height"] + 1
    names = page.locator(".price .halo")
    assert names.all_text_contents() == ["mean over pdata", "mean over pg"]
    for side, text in zip(("real", "fake"), names.all(), strict=True):
        level, box = page.locator(f".price .level-{side}").bounding_box(), text.bounding_box()
        assert min(abs(level["y"] - box["y"]), abs(level["y"] - box["y"] - box["height"])) < 6  # at its own line
    assert names.evaluate_all(STRUCK) == [False, False]
    over = page.locator("figcaption", has_text="the fair price at each place").bounding_box()
    highest = min(text.bounding_box()["y"] for text in page.locator(".price text").all())
    assert highest >= over["y"] + over["height"] - 1


def test_the_area_between_the_distribution_functions_is_w1(show):
    page = show(MovingEarth(shift=2.0))
    x, y = line_of(page, "shares", "between").T
    area = abs((x * np.roll(y, 1) - y * np.roll(x, 1)).sum()) / 2
    assert area == pytest.approx(told(page)["w"], abs=0.03)
    expect(page.get_by_text("area between = W₁ = 3.000")).to_be_visible()


def test_the_charts_follow_the_pull(show):
    """W₁ in a straight line, JS at log 2 and KL at infinity, all 0 where the two are one."""
    page = show(MovingEarth(fake=[20 * (k == 12) for k in range(40)], data=[20 * (k == 24) for k in range(40)]))
    shifts, w = line_of(page, "way", "w-line").T
    np.testing.assert_allclose(w, np.abs(shifts - 3), atol=0.12)
    for kind, far in (("js-line", math.log(2)), ("kl-line", INFINITE)):
        shifts, nats = line_of(page, "odds", kind).T
        off = np.abs(shifts - 3)
        np.testing.assert_allclose(nats[off > 0.2], far, atol=0.06)
        np.testing.assert_allclose(nats[off < 0.05], 0, atol=0.06)


def test_a_finite_kl_is_drawn_as_high_as_it_is(show):
    page = show(MovingEarth(fake=[5] * 30 + [0] * 10, data=hump(2, 15)))
    shifts, kl = line_of(page, "odds", "kl-line").T
    assert kl[np.abs(shifts).argmin()] == pytest.approx(agrees(page)["kl"], abs=0.06)


# ---------------------------------------------------------------- moved by hand


def test_earth_is_dragged_and_w_falls_by_as_much(show):
    page = show()
    wide = page.locator(".piles clipPath rect").bounding_box()["width"]
    drag(page, page.locator(".piles .whole-fake"), wide / 5)
    assert page.evaluate("model.get('shift')") == pytest.approx(2)
    assert agrees(page)["w"] == pytest.approx(3)
    drag(page, page.locator(".piles .whole-real"), -wide / 10)
    assert agrees(page)["w"] == pytest.approx(2)
    assert np.average(MIDDLES, weights=page.evaluate("model.get('data')")) == pytest.approx(6.125, abs=0.01)


def test_keys_move_the_piles_and_stay_inside(show):
    page = show()
    page.locator(".piles .whole-fake").focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "b"):
        page.keyboard.press(key)
        settle(page)
    assert page.evaluate("model.get('shift')") == pytest.approx(1.5)
    for _ in range(30):
        page.keyboard.press("Shift+ArrowRight")
        settle(page)
    assert state(page).carried().xs[:, 0].max() == MIDDLES[-1] and page.evaluate("keys_out") == []
    agrees(page)
    label = page.locator(".piles .whole-fake").get_attribute("aria-label")
    assert label.startswith("p_g, the earth, with its middle at 8.6")


def test_keys_that_come_faster_than_it_draws_all_count_and_are_told(show):
    page = show()
    page.locator(".piles .whole-fake").evaluate(
        """(node) => { for (let k = 0; k < 5; k++)
        node.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true, cancelable: true})); }"""
    )
    assert page.evaluate("model.get('shift')") == pytest.approx(1.25)
    said = settle(page).locator(".sentence").get_attribute("data-said")
    assert page.locator(".live").text_content() == said and "3.75" in said


TOPMOST = """(node) => {
    const { left, top, width, height } = node.getBoundingClientRect();
    return root().elementFromPoint(left + width / 2, top + height / 2) === node;
}"""


@pytest.mark.parametrize("width", [900, 420])
@pytest.mark.parametrize("name", ["apart", "splits", "same", "twoPoints"])
def test_a_cloud_goes_with_the_middle_of_its_handle(show, name, width):
    """In each beginning: each handle lies on top, none over a point; a press at its middle takes the whole cloud."""
    page = show(MovingEarth("plane"), viewport={"width": width, "height": 900})
    page.get_by_label("begin with").select_option(name)
    settle(page)
    for side in ("fake", "real"):
        assert page.locator(f".clouds .whole-{side}").evaluate(TOPMOST)
        if (name, side) != ("same", "fake"):  # there, each point of p_g lies under one of p_data
            reached = [node.evaluate(TOPMOST) for node in page.locator(f".clouds .point-{side}").all()]
            assert reached == [True] * 12
    across = page.locator(".clouds clipPath rect").bounding_box()["width"] / 12
    start = page.evaluate("[model.get('fake_points'), model.get('real_points')]")
    for side, names in (("fake", ("shift", "lift")), ("real", ("real_points",))):
        drag(page, page.locator(f".clouds .whole-{side}"), across, across / 2)
        if side == "fake":
            assert page.evaluate(f"{list(names)}.map((n) => model.get(n))") == pytest.approx([1, 0.5], abs=0.06)
    fake, real = page.evaluate("[model.get('fake_points'), model.get('real_points')]")
    assert fake == start[0]  # no single point
    by = np.reshape(np.subtract(real, start[1]), (-1, 2))
    np.testing.assert_allclose(by, np.tile([1, 0.5], (12, 1)), atol=0.06)
    agrees(page)


def test_a_handle_stays_with_the_hand_that_holds_it(show):
    """Across the other cloud, and down until the lowest point is at the frame, though it hangs below its cloud."""
    page = show(MovingEarth("plane"))
    whole = page.locator(".clouds .whole-fake")
    across = page.locator(".clouds clipPath rect").bounding_box()["width"] / 12
    box = whole.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for k in range(1, 13):
        page.mouse.move(x + 0.5 * across * k, y - 0.25 * across * k)
        held = settle(page).locator(".clouds .whole-fake").bounding_box()
        assert held["x"] + held["width"] / 2 == pytest.approx(x + 0.5 * across * k, abs=1)
        assert held["y"] + held["height"] / 2 == pytest.approx(y - 0.25 * across * k, abs=1)
        assert page.locator(".clouds .whole-real").evaluate(TOPMOST)  # it gives way
    page.mouse.move(x + 6 * across, y + 9 * across)
    page.mouse.up()
    places = state(settle(page)).carried().xs
    assert places[:, 1].min() == pytest.approx(-4.5, abs=0.011)
    assert whole.evaluate(TOPMOST)  # and then hangs where there is room
    frame, at = page.locator(".clouds clipPath rect").bounding_box(), whole.bounding_box()
    assert at["y"] + at["height"] <= frame["y"] + frame["height"]


def test_clouds_are_dragged_whole_and_point_by_point(show):
    page = show(MovingEarth("plane"))
    across = page.locator(".clouds clipPath rect").bounding_box()["width"] / 12
    drag(page, page.locator(".clouds .whole-fake"), 2 * across, across)
    assert page.evaluate("[model.get('shift'), model.get('lift')]") == pytest.approx([2, 1], abs=0.06)
    agrees(page)
    drag(page, page.locator(".clouds .whole-real"), 0, across)
    before = page.evaluate("model.get('real_points')")
    assert before[1::2] == pytest.approx([y + 1 for y in cloud(3, 1, 1.4)[1::2]], abs=0.06)
    places = state(page).carried().xs
    drag(page, page.locator(".clouds .point-fake").nth(11), 0, up=-across)
    assert page.evaluate("[model.get('shift'), model.get('lift')]") == [0, 0]  # they stay where they were pulled to
    moved = np.reshape(page.evaluate("model.get('fake_points')"), (-1, 2))
    assert moved[:11] == pytest.approx(places[:11], abs=0.011) and moved[11, 1] == pytest.approx(
        places[11, 1] - 1, abs=0.06
    )
    agrees(page)


def test_keys_reach_each_point(show):
    page = show(MovingEarth("plane"))
    page.locator(".clouds .point-real").first.focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowUp")
    settle(page)
    found, start = page.evaluate("model.get('real_points')"), cloud(3, 1, 1.4)
    assert [k for k in range(24) if found[k] != start[k]] == [3] and found[3] == pytest.approx(start[3] + 0.2, abs=0.11)
    assert page.locator(".clouds .point-real").nth(1).get_attribute("aria-label").startswith("point 2 of 12 of p_data")
    assert page.locator(".clouds .thumb[tabindex='0']").count() == 2 and page.evaluate("keys_out") == []


def test_a_finger_drags_too(show):
    page = show(has_touch=True)
    touch(page, page.locator(".piles"), -60)  # where the plot is pressed, the nearer pile is brought
    assert 1.2 < agrees(page)["w"] < 2.5 and page.evaluate("model.get('data')[28]") < 20


def test_piles_are_drawn_and_taken_back(show):
    page = show(MovingEarth(shift=1.0))
    before = state(page).carried().w
    page.get_by_role("switch", name="draw the piles").click()
    settle(page)
    expect(page.get_by_text("Draw the earth above, the holes below")).to_be_visible()
    box = page.locator(".piles clipPath rect").bounding_box()
    place = lambda x, y: (box["x"] + box["width"] * x / 10, box["y"] + box["height"] * y)  # noqa: E731
    page.mouse.move(*place(6.1, 0.02))
    page.mouse.down()
    page.mouse.move(*place(8.1, 0.02), steps=4)
    page.mouse.up()
    settle(page)
    fake = page.evaluate("model.get('fake')")
    assert min(fake[24:32]) >= 19 and page.evaluate("model.get('shift')") == 0  # as it stood when it was pulled
    assert fake[:24] == [0] * 4 + hump(2, 8)[:20] and sum(fake[33:]) == 0
    assert agrees(page)["w"] < before
    page.get_by_role("button", name="Undo").click()
    assert agrees(page)["w"] == pytest.approx(before, abs=6e-4)
    page.mouse.click(*place(1.1, 0.9))
    settle(page)
    assert page.evaluate("model.get('data')[4]") >= 13
    page.get_by_role("switch", name="draw the piles").click()
    assert settle(page).locator(".pen:visible").count() == 0 and page.locator(".whole-fake:visible").count() == 1


def test_piles_are_drawn_by_keys_and_the_last_grain_stays(show):
    page = show(MovingEarth(fake=[1] + [0] * 39))
    page.get_by_role("switch", name="draw the piles").click()
    pen = page.get_by_role("slider", name="p_g, the earth")
    expect(pen).to_be_focused()
    for key in ("ArrowRight", "Shift+ArrowUp", "ArrowLeft", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
        settle(page)
    assert page.evaluate("model.get('fake').slice(19, 23)") == [0, 2, 5, 0]
    assert ": 2 of 20" in pen.get_attribute("aria-valuetext")
    page.get_by_role("slider", name="p_data, the holes").press("ArrowDown")  # deeper
    assert settle(page).evaluate("model.get('data')[20]") == hump(2.5, 28)[20] + 1
    pen.focus()
    for _ in range(20):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    settle(page)
    assert page.locator(".pen:visible").count() == 0 and page.evaluate("model.get('fake')[0]") == 0
    page.get_by_label("begin with").select_option("twoPoints")
    page.get_by_role("switch", name="draw the piles").click()
    box = settle(page).locator(".piles clipPath rect").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 3.1 / 10, box["y"] + box["height"] * 0.305)
    assert sum(settle(page).evaluate("model.get('fake')")) > 0
    agrees(page)


@pytest.mark.parametrize("width", [420, 760, 850])
def test_drawing_moves_nothing_else(show, width):
    page = show(viewport={"width": width, "height": 900})
    places = lambda: [page.locator(each).bounding_box() for each in (".piles", ".sentence", ".replay")]  # noqa: E731
    before = places()
    page.get_by_role("switch", name="draw the piles").click()
    assert settle(page).locator(".pen:visible").count() == 2 and places() == before
    expect(page.get_by_text("Drag either by its handle")).to_be_hidden()
    page.get_by_role("button", name="a plane").click()
    assert settle(page).get_by_role("button", name="Undo").count() == 0


@pytest.mark.parametrize("keys", ["Control+z", "Meta+z"])
def test_undo_by_keys_stays_in_the_control(show, keys):
    """After drawing has ended, too."""
    page = show()
    undo = page.get_by_role("button", name="Undo (Ctrl+Z)")
    expect(undo).to_have_attribute("aria-disabled", "true")
    page.get_by_role("switch", name="draw the piles").click()
    start = page.evaluate("model.get('fake')")
    seen = [start]
    box = settle(page).locator(".piles clipPath rect").bounding_box()
    for x in (5.1, 7.1):
        page.mouse.click(box["x"] + box["width"] * x / 10, box["y"] + box["height"] * 0.1)
        seen.append(settle(page).evaluate("model.get('fake')"))
    assert seen[0] != seen[1] != seen[2]
    page.keyboard.press(keys)
    assert settle(page).evaluate("model.get('fake')") == seen[1]
    page.get_by_role("switch", name="draw the piles").click()
    expect(undo).to_have_attribute("aria-disabled", "false")
    page.keyboard.press(keys)
    assert settle(page).evaluate("model.get('fake')") == start
    expect(undo).to_have_attribute("aria-disabled", "true")
    page.keyboard.press(keys)
    assert "z" not in page.evaluate("keys_out")


def test_a_stroke_that_changes_nothing_need_not_be_undone(show):
    page = show()
    page.get_by_role("switch", name="draw the piles").click()
    box = settle(page).locator(".piles clipPath rect").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.305)  # no earth, where there is none
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")


def test_wiping_out_a_pile_says_that_the_last_bar_stays(show):
    page = show()
    page.get_by_role("switch", name="draw the piles").click()
    box = settle(page).locator(".piles clipPath rect").bounding_box()
    x, ground = lambda at: box["x"] + box["width"] * at / 10, box["y"] + box["height"] * 0.305
    words = page.get_by_text("The last bar stays")
    assert words.count() == 0
    page.mouse.move(x(0.1), ground)
    page.mouse.down()
    page.mouse.move(x(6), ground, steps=3)  # many bars at once
    expect(page.locator(".piles .halo", has_text="The last bar stays")).to_be_visible()
    expect(page.locator(".live")).to_have_text("The last bar stays: a pile cannot be empty.")
    page.mouse.up()
    assert sum(each > 0 for each in settle(page).evaluate("model.get('fake')")) == 1
    expect(page.locator(".piles .halo", has_text="The last bar stays")).to_be_visible()  # until something else is done
    page.mouse.click(x(5.1), box["y"] + 5)
    assert settle(page).locator(".piles .halo", has_text="The last bar stays").count() == 0
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    assert settle(page).evaluate("model.get('fake')") == hump(2, 8)


@pytest.mark.parametrize("width", [420, 850])
def test_the_pull_stands_under_the_picture_a_row_wide(show, width):
    for world, plot in (("line", ".piles"), ("plane", ".clouds")):
        page = show(MovingEarth(world), viewport={"width": width, "height": 900})
        slider, picture = page.get_by_label("pull p_g by").bounding_box(), page.locator(plot).bounding_box()
        below = slider["y"] - picture["y"] - picture["height"]
        assert 0 <= below < 20 and slider["width"] >= 0.4 * picture["width"]
        row = page.locator(".pulls").bounding_box()
        assert row["width"] == pytest.approx(picture["width"], abs=1) and row["height"] < 44


def test_play_pulls_and_a_hand_takes_over(show):
    page = show(reduced_motion="reduce")
    seen = []
    page.get_by_role("button", name="Play", exact=True).click()
    for _ in range(3):
        seen.append(told(page)["w"])
        page.get_by_role("button", name="Next step").click()
    assert np.diff(seen) == pytest.approx([-0.25, -0.25]) and page.evaluate("model.get('shift')") == 0
    page.get_by_label("pull p_g by").fill("3")
    assert told(page)["w"] == pytest.approx(2) and page.evaluate("model.get('shift')") == 3
    page.get_by_role("button", name="Play", exact=True).wait_for()


def test_play_goes_to_the_end_by_itself(show):
    page = show()
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    assert told(page)["w"] == pytest.approx(5)


# ---------------------------------------------------------------- a page, a link, a look


def test_the_page_without_a_kernel_and_its_link(new_page, tmp_path):
    MovingEarth().to_html(tmp_path / "page.html")
    page = new_page()
    address = (tmp_path / "page.html").as_uri()
    page.goto(address)
    page.get_by_label("begin with").select_option("twoPoints")
    page.get_by_label("pull p_g by").fill("1")
    page.wait_for_url(re.compile("#.*shift=1"))
    other = new_page()
    other.goto(page.url)
    assert told(other)["w"] == told(page)["w"] == 2


@pytest.mark.parametrize(
    "link",
    ["data=" + ",".join("0" * 40), "fake=1,2", "epsilon=1e9&p=7&world=moon", "real_points=" + ",".join(["9e9"] * 24)],
)
def test_whatever_a_link_brings(new_page, tmp_path, link):
    MovingEarth().to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri() + "#" + link)
    for world in ("a plane", "a line"):
        page.get_by_role("button", name=world).click()
        assert all(not math.isnan(value) for value in told(page).values())
    paths = page.evaluate(PATHS)
    assert not any("NaN" in d or "Infinity" in d for d in paths if d)


@pytest.mark.parametrize("world", ["line", "plane"])
def test_it_fits_and_is_read_at_every_width(show, world):
    page = show(MovingEarth(world), **NARROW)
    for width, scheme in looks(page, (320, 420, 850, 1920)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width and page.evaluate(OUTSIDE) == []
        found = page.evaluate(CONTRAST)
        assert len(found) > 15 and min(found)[0] >= 4.5, (width, scheme, sorted(found)[:5])
        if width == 850:
            assert page.locator(".replay").bounding_box()["height"] <= 680


@pytest.mark.parametrize("world", ["line", "plane"])
def test_everything_has_a_name_it_follows_the_theme_and_goes_quietly(show, world):
    page = show(MovingEarth(world))
    assert nameless(page) == []
    follows_the_theme(page)
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
