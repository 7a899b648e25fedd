"""The plane in a browser, fed with what the kernel sends: every control, its values asserted."""

import json
import re

import pytest
from helpers.lab import settle
from helpers.live_page import deliver, sent
from helpers.look import NARROW, looks
from helpers.plane_page import click, page_of, plane, record, tab, whole_of
from playwright.sync_api import expect

from gan_edu.widgets import PlaneReplay

pytestmark = pytest.mark.browser
RANGED = [
    "batch_size",
    "d_depth",
    "d_width",
    "d_lr",
    "d_steps",
    "g_depth",
    "g_width",
    "g_lr",
    "g_steps",
    "latent_dim",
    "d_beta1",
    "d_beta2",
    "g_beta1",
    "g_beta2",
]


@pytest.fixture(scope="module")
def run():
    """A film at step 0, and what was sent: 150 steps, a change, a step of D, slow motion, the code, a refusal."""
    opening, parts, live = record(
        60,
        lambda p: click(p, "set", name="d_lr", value=5e-4),
        90,
        lambda p: click(p, "d"),
        lambda p: click(p, "slow"),
        lambda p: click(p, "code"),
        lambda p: click(p, "set", name="batch_size", value=7e9),
        lambda p: click(p, "beside", name="plane/mode_collapse"),
    )
    yield opening, parts, live
    live.close()


@pytest.fixture
def page(new_page, run):
    return page_of(new_page, run[0])


def grown(page, run, parts=4):
    for part in run[1][:parts]:
        deliver(page, *part)
    return page


def moment(page):
    return page.locator(".moment").inner_text()


def pixels(page, which="canvas.plane"):
    return settle(page).evaluate(f"root().querySelector('{which}').toDataURL()")


def choose(page, where, value):
    page.locator(where).first.select_option(value)
    return settle(page)


def drag(page, name, place):
    page.evaluate(
        """([name, place]) => { const input = root().querySelector(`.${name} input`);
        input.value = place;
        for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind)); }""",
        [name, place],
    )
    return settle(page)


# ---------------------------------------------------------------- what it shows


def test_it_opens_with_the_first_frame_and_the_settings(page, run):
    assert page.locator("h3").inner_text() == "The plane"
    assert page.locator(".where").inner_text().split() == ["step", "0", "seed", "0"]
    assert page.locator(".main").inner_text() == "Play"
    for name in RANGED:
        control = run[0]["controls"][name]
        node = page.locator(f".{name} input").first
        assert control["values"][int(node.input_value())] == run[0]["status"]["settings"][name], name
        assert node.get_attribute("aria-label") and node.get_attribute("aria-valuetext")
    assert page.locator(".data select").input_value() == "ring of 8"
    label = page.locator("canvas.plane").first.get_attribute("aria-label")
    assert "step 0" in label and "JS 0.6" in label
    assert re.search(r"of 8 modes covered, \d+ % of the samples near one", label)


def test_it_grows_and_the_numbers_are_those_of_the_kernel(page, run):
    before = pixels(page)
    grown(page, run, 3)
    assert pixels(page) != before and moment(page) == "now"
    scores = run[2].recorder.frames["scores"][run[2].recorder.frames["step"].index(150)]
    few = {"js": f"{scores['js']:.3f} nat", "modes": f"{scores['modes']} / 8"}
    few["quality"] = f"{round(100 * scores['quality'])} %"
    for name, text in few.items():
        assert page.locator(f".measured .{name} td").inner_text() == text
    assert page.locator(".measured tr >> visible=true").count() == 3  # few, and the rest on demand
    page.get_by_text("more numbers").click()
    assert page.locator(".measured .kl td").inner_text() == f"{scores['kl']:.2f} nat"
    assert page.locator(".measured .modes").get_attribute("title") == (
        "with at least 50 % of its fair share of the samples within 3σ"
    )
    assert "2,500 samples, 30 × 30 cells" in page.locator(".measured .how").inner_text()
    assert page.locator(".charts .series").count() == 6


def test_a_view_of_this_very_step_is_shown_and_not_kept(page, run):
    grown(page, run, 1)
    news = json.loads(json.dumps(run[1][0][-1][0]))
    count, frame = int(page.locator(".history input").get_attribute("max")), run[0]["pictures"][0]
    at = page.evaluate("model.get('film').film")
    news["news"].update(
        version=news["news"]["version"] + 1,
        film=at,
        log=[],
        now={"step": 77, "scores": {"pull": 1.5, "most": 2.0}},
        frames={"keep": None, "from": count, "step": [], "scores": []},
        curves={**news["news"]["curves"], "from": news["news"]["curves"]["from"]},
    )
    news["status"].update(phase="training", rate=412.3)
    deliver(page, [news, [frame]])
    assert moment(page) == "now" and int(page.locator(".history input").get_attribute("max")) == count
    assert "step 77" in page.locator(".where").inner_text() and "412 steps/s" in page.locator(".where").inner_text()
    assert page.locator(".pull td").text_content() == "1.50" and page.locator(".main").inner_text() == "Pause"


def test_scrub_back_and_return_to_now(page, run):
    grown(page, run, 3)
    now = pixels(page)
    slider = page.locator(".history input")
    slider.focus()
    page.keyboard.press("Home")
    settle(page)
    assert moment(page) == "step 0" and pixels(page) != now
    assert page.locator(".measured td").first.inner_text().startswith("0.69")
    page.keyboard.press("ArrowRight")
    settle(page)
    assert moment(page) == "step 1" and "step 1" in slider.get_attribute("aria-valuetext")
    deliver(page, *run[1][3])
    assert moment(page) == "step 1"
    page.get_by_label("go to the newest step").click()
    settle(page)
    assert moment(page) == "now" and "step 151" in page.locator(".where").inner_text()


def test_the_sliders_end_is_now_also_where_steps_came_since_it_was_drawn(page, run):
    grown(page, run, 1)
    page.locator(".history input").press("Home")
    settle(page)
    page.evaluate(
        """async (all) => { all.forEach(([message, buffers]) => model.deliver(message, buffers));
        await new Promise(requestAnimationFrame);          // the view has the steps, and draws them in the next frame
        const slider = root().querySelector(".history input");
        slider.value = slider.max;
        slider.dispatchEvent(new Event("input")); }""",
        [*run[1][1], *run[1][2]],
    )
    settle(page)
    assert moment(page) == "now" and "step 150" in page.locator(".where").inner_text()


@pytest.mark.parametrize("name", ["real", "fake", "field", "sheet", "pulls"])
def test_each_layer_is_a_switch_that_changes_the_picture(page, run, name):
    tab(grown(page, run, 1), "Layers")
    before = pixels(page)
    box = page.locator(f".layer.{name} input")
    was = box.is_checked()
    box.click()
    settle(page)
    assert box.is_checked() != was and pixels(page) != before
    box.click()
    settle(page)
    assert pixels(page) == before


def test_the_noise_turns_into_its_image(page, run):
    grown(page, run, 1)
    assert page.locator(".layer.sheet input").is_checked()
    image = pixels(page)
    page.evaluate("(i => { i.value = 0; i.dispatchEvent(new Event('input')) })(root().querySelector('.morph input'))")
    settle(page)
    noise = pixels(page)
    assert noise != image and "0 %" in page.locator(".morph input").get_attribute("aria-valuetext")


def test_hover_says_what_lies_there_by_mouse_and_by_keys(page, run):
    grown(page, run, 1)
    box = page.locator("canvas.plane").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.25)
    settle(page)
    text = page.locator(".stage .readout").inner_text()
    assert re.match(r"x \(0\.7\d, 0\.7\d\) · D\(x\) = 0\.\d\d, looks (real|fake)", text), text
    page.mouse.move(5, 5)
    page.locator("canvas.plane").first.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    settle(page)
    assert page.locator(".stage .readout").inner_text().startswith("x (0.20, 0.05)")
    assert page.evaluate("keys_out") == []


# ---------------------------------------------------------------- what it asks for


def test_buttons_ask(page, run):
    for words, what in [
        ("D step", "d"),
        ("G step", "g"),
        ("Both", "step"),
        ("Slow motion", "slow"),
        ("Reset", "reset"),
        ("Play", "start"),
    ]:
        page.locator(".acts button", has_text=words).first.click()
        assert sent(page)[-1] == {"do": what}, words


@pytest.mark.parametrize("name", RANGED)
def test_a_drag_sends_the_value_of_its_place(page, run, name):
    values = run[0]["controls"][name]["values"]
    drag(page, name, len(values) - 1)
    assert sent(page)[-1] == {"do": "set", "name": name, "value": values[-1]}
    words = page.locator(f".{name} b").first.text_content().split()[0].replace(",", "").replace("−", "-")
    assert float(words) == values[-1]


def test_choices_send_their_words(page, run):
    groups = {"data": "Data", "loss": "Loss", "latent": "Generator", "d_optimizer": "Discriminator"}
    for name, value in [("data", "swiss roll"), ("loss", "minimax"), ("latent", "uniform"), ("d_optimizer", "SGD")]:
        tab(page, groups[name])
        if name == "d_optimizer":
            page.locator("summary >> visible=true").first.click()
        choose(page, f".{name} select", value)
        assert sent(page)[-1] == {"do": "set", "name": name, "value": value}


def test_a_drag_keeps_one_message_under_way_and_sends_the_last(page, run):
    page.evaluate("model.hears = false")
    for place in (3, 5, 9, 12):
        drag(page, "g_lr", place)
    values = run[0]["controls"]["g_lr"]["values"]
    assert [each["value"] for each in sent(page)] == [values[3]]
    page.evaluate("(model.hears = true, model.deliver({heard: model.sent.at(-1).token}, []))")
    assert [each["value"] for each in sent(page)] == [values[3], values[12]]


def test_what_the_kernel_refuses_stands_at_the_control(page, run):
    grown(page, run, 7)
    words = "batch size must be a whole number from 8 to 1,024, got 7000000000.0"
    expect(page.locator(".wrong", has_text=words)).to_be_visible()


def test_a_change_is_marked_in_the_curves(page, run):
    grown(page, run, 3)
    expect(page.locator(".charts .change")).to_have_count(4)


def test_draw_your_own_by_mouse_and_by_keys(page, run):
    choose(page, ".data select", "draw your own …")
    learn = page.get_by_role("button", name="Done: learn it")
    assert learn.is_disabled()
    box = page.locator("canvas.plane").first.bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.5 * box["height"], steps=6)
    page.mouse.up()
    learn.click()
    asked = sent(page)[-1]
    assert asked["name"] == "data" and len(asked["value"]) > 15
    assert all(abs(y) < 0.02 and -0.01 <= x <= 0.78 for x, y in asked["value"])
    choose(page, ".data select", "draw your own …")
    for key in ("Enter", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Done: learn it").click()
    assert len(sent(page)[-1]["value"]) == 2


def test_draw_your_own_from_a_shape_and_cancel(page, run):
    choose(page, ".data select", "draw your own …")
    page.get_by_role("button", name="heart").click()
    page.get_by_role("button", name="Done: learn it").click()
    assert len(sent(page)[-1]["value"]) == 160
    choose(page, ".data select", "draw your own …")
    page.keyboard.press("Escape")
    assert page.locator(".drawing").is_hidden() and page.locator(".data select").input_value() == "ring of 8"


def test_draw_by_touch(new_page, run):
    page = page_of(new_page, run[0], has_touch=True)
    choose(page, ".data select", "draw your own …")
    box = page.locator("canvas.plane").first.bounding_box()
    page.touchscreen.tap(box["x"] + 0.5 * box["width"], box["y"] + 0.25 * box["height"])
    page.get_by_role("button", name="Done: learn it").tap()
    ((x, y),) = sent(page)[-1]["value"]
    assert abs(x) < 0.02 and abs(y - 0.75) < 0.02


def test_while_it_is_drawn_that_is_plain_to_see(new_page, run):
    page = page_of(new_page, run[0], viewport={"width": 1180, "height": 620})
    before = pixels(page)
    choose(page, ".data select", "draw your own …")
    chosen = "(select) => select.selectedOptions[0].textContent"
    assert page.locator(".data select").evaluate(chosen) == "your own drawing"
    for words in ("Done: learn it", "Undo", "Back, without it"):
        node = page.get_by_role("button", name=words).bounding_box()
        assert node["y"] >= 0 and node["y"] + node["height"] <= 620, words
    expect(page.locator(".banner")).to_contain_text("Draw here")
    banner, picture = (page.locator(each).first.bounding_box() for each in (".banner", "canvas.plane"))
    assert picture["y"] - 1 <= banner["y"] and banner["y"] + banner["height"] < picture["y"] + 50  # within the picture
    tab(page, "Layers").locator(".layer.real input").click()
    empty = pixels(page)
    page.locator(".layer.real input").click()
    tab(page, "Data")
    assert empty != pixels(page) != before  # the data so far is there, and paler
    deliver(page, *run[1][0])  # it trains on meanwhile: the menu says what is done
    assert page.locator(".data select").evaluate(chosen) == "your own drawing"
    page.get_by_role("button", name="star").click()
    expect(page.locator(".drawing")).to_contain_text("160 points")
    page.get_by_role("button", name="Back, without it").click()
    assert page.locator(".drawing").is_hidden() and page.locator(".data select").input_value() == "ring of 8"
    choose(page, ".data select", "draw your own …")
    expect(page.locator(".drawing")).to_contain_text("160 points")  # what was drawn is still there
    choose(page, ".data select", "line")  # another choice leads out of it
    assert page.locator(".drawing").is_hidden() and sent(page)[-1]["value"] == "line"


def test_how_much_of_a_drawing_is_learned_is_said(page):
    choose(page, ".data select", "draw your own …")
    box, told = page.locator("canvas.plane").first.bounding_box(), page.locator(".drawing")
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    for k in range(16):  # to and fro, 90 points a way
        page.mouse.move(box["x"] + (box["width"] - 5 if k % 2 == 0 else 5), box["y"] + 10 + 20 * k)
        if k == 5:
            expect(told).to_contain_text("one in 2, evenly")
    page.mouse.up()
    expect(told).to_contain_text("1,500 points, the most there can be; learned is one in 4, evenly")


def test_a_drawing_that_was_learned_can_be_chosen_again(new_page):
    opening, parts, live = record(
        3, lambda p: p.set(data=[[0, 0], [0.5, 0.5]]), lambda p: p.set(data="ring of 8"), title="drawn"
    )
    live.close()
    page = page_of(new_page, opening)
    for part in parts[:2]:
        deliver(page, *part)
    assert page.locator(".data select").input_value() == "your own drawing"
    deliver(page, *parts[2])
    assert page.locator(".data select").input_value() == "ring of 8"
    choose(page, ".data select", "your own drawing")
    assert sent(page)[-1] == {"do": "set", "name": "data", "value": [[0, 0], [0.5, 0.5]]}


# ---------------------------------------------------------------- nothing is lost unasked


@pytest.mark.parametrize("words, what", [("Reset", "reset"), ("Defaults", "defaults")])
def test_what_begins_anew_asks_where_something_was_trained(page, run, words, what):
    button = page.locator(f".acts .{what}")
    button.click()  # nothing is lost yet
    assert sent(page) == [{"do": what}] and button.inner_text() == words
    grown(page, run, 1)
    button.click()
    assert sent(page) == [{"do": what}] and "What was trained is lost" in button.get_attribute("aria-label")
    expect(button).to_have_text(re.compile("^Really"))
    button.click()
    assert sent(page) == 2 * [{"do": what}] and button.inner_text() == words


def test_a_question_that_is_not_answered_goes(page, run):
    grown(page, run, 1)
    page.locator(".acts .reset").click()
    expect(page.locator(".acts .reset")).to_have_text("Reset")
    assert sent(page) == []


def test_settings_that_were_chosen_are_not_thrown_away_unasked(new_page, run):
    opening = json.loads(json.dumps(run[0]))
    opening["status"]["settings"]["g_lr"] = 1e-3
    page = page_of(new_page, opening)
    page.locator(".acts .defaults").click()
    assert sent(page) == []


@pytest.mark.parametrize("answer, value", [("Begin anew", 64), ("Keep them", 32)])
def test_what_needs_fresh_networks_asks_where_something_was_trained(page, run, answer, value):
    tab(page, "Generator")
    place = page.locator(".g_width input")
    place.press("ArrowRight")
    assert sent(page)[-1]["value"] == 64  # untrained networks are no loss
    place.press("ArrowLeft")
    page.evaluate("model.sent.length = 0")
    grown(page, run, 1)
    place.press("ArrowRight")
    question = page.locator(".question >> visible=true")
    assert "60 steps have trained would be lost" in question.inner_text() and sent(page) == []
    grown(page, run, 3)  # what is told meanwhile moves nothing
    values = run[0]["controls"]["g_width"]["values"]
    assert values[int(place.input_value())] == 64
    question.get_by_role("button", name=answer).click()
    assert question.count() == 0 and values[int(place.input_value())] == value
    assert [each["value"] for each in sent(page)] == ([64] if answer == "Begin anew" else [])


def test_a_drag_is_one_change(page):
    tab(page, "Generator")
    box = page.locator(".g_lr input").bounding_box()
    assert box["width"] >= 140  # a stop is wider than a finger is unsteady
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    page.mouse.down()
    seen = set()
    for k in range(10):
        page.mouse.move(box["x"] + box["width"] * (0.3 + 0.06 * k), box["y"] + box["height"] / 2)
        seen.add(page.locator(".g_lr b").inner_text())
    assert len(seen) > 5 and sent(page) == []  # it says what it would be
    page.mouse.up()
    (told,) = sent(page)
    assert told["name"] == "g_lr" and told["value"] > 1e-3


def test_a_click_that_nobody_answers_is_told_of(page):
    page.evaluate("model.hears = false")
    page.locator(".main").click()
    expect(page.locator(".hint")).to_contain_text("No answer from the kernel yet")
    page.evaluate("model.deliver({heard: model.sent.at(-1).token}, [])")
    expect(page.locator(".hint")).to_be_hidden()


def test_steps_of_one_player_alone_are_told_apart(page, run):
    grown(page, run, 3)
    assert "alone" not in page.locator(".where").inner_text()
    grown(page, run, 4)
    expect(page.locator(".where")).to_contain_text("step 151 (1 of D alone)")


# ---------------------------------------------------------------- slow motion, code, two runs


def test_slow_motion_walks_through_the_lines(new_page, run):
    page = page_of(new_page, run[0], reduced_motion="reduce")
    grown(page, run, 5)
    lines = page.locator(".loop .line")
    assert page.locator(".code legend").inner_text() == "Sub-step 1 of 8"
    seen = []
    for k in range(8):
        on = page.locator(".loop .line.on")
        assert on.count() == 1 and on.get_attribute("aria-current") == "step"
        assert on.inner_text() == lines.nth(k).inner_text()
        assert page.locator(".says").inner_text().startswith(run[0]["lines"][k][1])
        seen.append(pixels(page))
        if k < 7:
            page.get_by_label("next sub-step").click()
            settle(page)
    assert seen[4] != seen[3] and seen[7] != seen[6] and seen[2] == seen[3]
    assert "L_D = " in page.locator(".says").inner_text() and "L_G = " in page.locator(".says").inner_text()
    page.get_by_label("next sub-step").click()
    assert sent(page)[-1] == {"do": "slow"}
    page.get_by_label("one sub-step back").click()
    settle(page)
    assert page.locator(".code legend").inner_text() == "Sub-step 7 of 8"
    page.get_by_role("button", name="leave slow motion").click()
    settle(page)
    assert page.locator(".loop .on").count() == 0 and page.locator(".code legend").inner_text() == "The loop"


def test_on_a_phone_the_marked_line_stands_below_the_picture(new_page, run):
    page = grown(page_of(new_page, run[0], **NARROW, reduced_motion="reduce"), run, 5)
    for width in (320, 360, 480):
        page.set_viewport_size({"width": width, "height": 900})
        settle(settle(page))
        picture, loop = (page.locator(each).first.bounding_box() for each in ("canvas.plane", ".loop"))
        assert picture["y"] + picture["height"] < loop["y"] and loop["y"] + loop["height"] - picture["y"] < width + 300
        tabs = page.get_by_role("tablist").bounding_box()
        assert loop["y"] + loop["height"] < tabs["y"] < page.locator(".charts.first").bounding_box()["y"]


def test_slow_motion_goes_on_by_itself_until_it_is_held(page, run):
    grown(page, run, 5)
    expect(page.locator(".code legend")).not_to_have_text("Sub-step 1 of 8")
    page.get_by_label("let the sub-steps").click()
    held = settle(page).locator(".code legend").inner_text()
    assert held != "Sub-step 8 of 8"
    page.wait_for_timeout(1700)
    assert page.locator(".code legend").inner_text() == held
    while page.locator(".code legend").inner_text() != "Sub-step 8 of 8":
        page.get_by_label("next sub-step").click()
        settle(page)
    page.get_by_label("next sub-step").click()
    assert sent(page)[-1] == {"do": "slow"}
    deliver(page, *run[1][4])  # the next step begins, and waits for a hand as this one did
    expect(page.locator(".code legend")).to_have_text("Sub-step 1 of 8")
    page.wait_for_timeout(1700)
    assert page.locator(".code legend").inner_text() == "Sub-step 1 of 8"


def test_show_the_code(page, run):
    page.get_by_role("button", name="the run as a program").click()
    assert sent(page)[-1] == {"do": "code"}
    grown(page, run, 6)
    text = page.locator(".program").inner_text()
    for words in ("torch.manual_seed(0)", "set_rate(gan, gan.d_optimizer, 0.0005)", "d_step(gan, batches)"):
        assert words in text


def test_two_runs_at_the_same_step(page, run):
    grown(page, run, 1)
    choose(page, ".compare", "pin")
    assert page.locator("canvas.plane").count() == 2
    assert pixels(page) == page.evaluate("root().querySelectorAll('canvas.plane')[1].toDataURL()")
    for part in run[1][1:4]:
        deliver(page, *part)
    titles = page.locator(".pictures h4").all_inner_texts()
    assert titles == ["A this run, step 151", "B pinned at step 60, step 60, its last"]
    slider = page.locator(".history input")
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    settle(page)
    titles = page.locator(".pictures h4").all_inner_texts()
    assert [re.search(r", step (\d+)", each)[1] for each in titles] == ["1", "1"]
    choose(page, ".compare", "off")
    assert page.locator("canvas.plane >> visible=true").count() == 1


def test_a_shipped_run_beside_this_one(page, run):
    assert len(page.locator(".compare option").all_inner_texts()) == 10
    choose(page, ".compare", "plane/mode_collapse")
    assert sent(page)[-1] == {"do": "beside", "name": "plane/mode_collapse"}
    grown(page, run, 3)
    deliver(page, *run[1][7])
    expect(page.locator(".pictures h4").nth(1)).to_contain_text("Mode collapse")
    assert page.locator("canvas.plane >> visible=true").count() == 2
    expect(page.locator(".charts .series.run2")).to_have_count(2)


def test_two_runs_of_unlike_length_have_numbers_and_charts_of_their_own(new_page, run):
    shorter, _, other = record(40, title="short", seed=1)
    short, long = other.recording(), run[2].recording()
    other.close()
    for first, second in ((short, long), (long, short)):
        page = new_page(viewport={"width": 1200, "height": 900})
        page.set_content(PlaneReplay(first, second).to_html().data)
        inner = page.frame_locator("iframe")
        inner.locator("canvas.plane >> visible=true").nth(1).wait_for()
        inner.locator(".history input").press("End")
        titles = inner.locator(".pictures h4")
        expect(titles.nth(0 if first is short else 1)).to_contain_text("step 40, its last")
        expect(titles.nth(1 if first is short else 0)).not_to_contain_text("its last")
        for name, digits in (("js", 3), ("kl", 2)):
            shown = [f"{each.scores[-1][name]:.{digits}f}" for each in (first, second)]
            expect(inner.locator(f".measured .{name} td")).to_have_text(shown)
        assert inner.locator(".measured .head td").all_inner_texts() == ["A", "B"]
        for title in ("loss", "gradient norms"):
            charts = inner.locator(".chart", has_text=title)
            assert [text.split()[0][0] for text in charts.locator(".legend > b").all_inner_texts()] == ["A", "B"]
            for chart in charts.all():
                assert chart.locator(".series").count() == 2
        for title in ("JS", "KL"):
            letters = inner.locator(".chart", has_text=title).first.locator(".letter")
            assert sorted(letters.all_text_contents()) == ["A", "B"]


# ---------------------------------------------------------------- without a kernel, in every dress


def test_the_page_without_a_kernel(new_page, run, tmp_path):
    PlaneReplay(run[2].recording()).to_html(tmp_path / "plane.html")
    page = new_page()
    page.goto(f"file://{tmp_path}/plane.html")
    page.locator("canvas.plane").first.wait_for()
    expect(page.locator(".moment")).to_have_text("step 0")  # a recording opens at its start
    page.locator(".history input").press("End")
    expect(page.locator(".moment")).to_have_text(re.compile("step 15[12]"))
    page.locator(".history input").press("Home")
    page.locator(".main").click()
    expect(page.locator(".moment")).not_to_have_text("step 0")
    assert page.get_by_role("tablist").count() == 0


def test_two_recordings_in_a_frame(new_page, run):
    page = new_page()
    page.set_content(PlaneReplay(run[2].recording(), run[2].recording()).to_html().data)
    inner = page.frame_locator("iframe")
    inner.locator("canvas.plane >> visible=true").nth(1).wait_for()
    assert inner.locator(".pictures h4").count() == 2
    expect(inner.locator(".pictures h4").nth(1)).to_contain_text("step 0")


def test_words_of_the_kernel_never_become_markup(new_page):
    live = plane("<img src=x onerror=alert(1)>")
    page = page_of(new_page, whole_of(live))
    live.close()
    assert page.locator("h3").inner_text() == "<img src=x onerror=alert(1)>" and page.locator("img").count() == 0


def test_it_fits_every_width(new_page, run):
    page = grown(page_of(new_page, run[0], **NARROW), run, 3)
    for width, scheme in looks(page, (320, 480, 700, 1000, 1400)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        outside = page.evaluate("""() => { const own = root().querySelector('.replay').getBoundingClientRect();
            return [...root().querySelectorAll('button, input, select, canvas, .chart')].filter((n) => n.offsetParent)
              .map((n) => n.getBoundingClientRect())
              .filter((b) => b.left < own.left - 1 || b.right > own.right + 1).length; }""")
        assert outside == 0, width
        assert page.evaluate("root().querySelector('.replay').dataset.theme") == scheme


HIDDEN_WHILE = """(theme) => new Promise((done) => {
    const box = document.getElementById("box");
    box.style.display = "none";                            // found so by what paints in the next frame …
    document.documentElement.setAttribute("theme", theme);
    setTimeout(() => requestAnimationFrame(() => { box.style.display = ""; done(); }));    // … and back before it ends
  })"""


def test_a_theme_that_comes_while_it_is_hidden_is_drawn(page):
    """JupyterLab hides its notebooks while it changes its theme."""
    seen = {"light": pixels(page)}
    for theme in ("dark", "light", "dark", "light"):
        page.evaluate(HIDDEN_WHILE, theme)
        settle(settle(settle(page)))
        assert page.evaluate("root().querySelector('.replay').dataset.theme") == theme
        assert pixels(page) == seen.setdefault(theme, pixels(page))
    assert seen["light"] != seen["dark"]


def test_removed_from_the_page_it_leaves_nothing_behind(page, run):
    page.evaluate("cleanup.then ? cleanup.then((end) => end()) : cleanup()")
    settle(page)
    assert page.locator("canvas.plane").count() == 0
    grown(page, run, 1)
