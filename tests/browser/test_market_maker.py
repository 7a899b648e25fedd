"""The market maker on a blank page: fan, returns, memory and histogram, the shuffle, keys, the game, its look."""

import re

import numpy as np
import pytest
from helpers import small_market as small
from helpers.lab import eventually, settle
from helpers.look import CONTRAST, NARROW, OUTSIDE, follows_the_theme, looks
from helpers.screen import graph
from helpers.value_page import nameless, page_with
from playwright.sync_api import expect

from gan_edu.widgets import MarketMaker
from gan_edu.widgets.market_maker.shuffle import order, rounds
from gan_edu.widgets.market_maker.widget import prices

pytestmark = pytest.mark.browser
INK, RED, SOFT = {"light": "#1B1F24", "dark": "#E8EAED"}, "#C2255C", "#5B6570"


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        context = {"viewport": {"width": 850, "height": 1000}, "color_scheme": "light", **context}
        return page_with(new_page, control or MarketMaker(small.stored()), **context)

    return make


def traits(page, *names):
    return page.evaluate("(names) => names.map((name) => model.get(name))", names or ("model", "path", "shuffle"))


def told(page):
    return settle(page).locator(".told").inner_text()


def path_of(model=0, path=0):
    return np.array(small.returns(model, path))


def plot(page, kind):
    return settle(page).locator(f".plot-box.{kind} .plot")


def numbers_in(page, kind):
    """The numbers of a path that a plot drew."""
    d = settle(page).locator(f".both .{kind}").first.get_attribute("d")
    return np.array([float(each) for each in re.findall(r"-?[\d.]+", d)])


# ---------------------------------------------------------------- what is drawn


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_path_stands_in_the_fan(show, theme):
    page = show(device_scale_factor=2, color_scheme=theme)
    page.get_by_label("path", exact=True).fill("2")
    chart, course = graph(plot(page, "fan")), prices(path_of(path=2))
    for day in (0, 30, 60, 90, 119):
        assert chart.drawn(day, course[day], INK[theme]), day


def test_the_fan_holds_nine_of_ten(show):
    page = show(device_scale_factor=2)
    control = MarketMaker(small.stored())
    chart, fan = graph(plot(page, "fan")), control.fan()
    low, high = numbers_in(page, "outer").reshape(-1, 2)[:, 1][[0, -1]]
    assert low == pytest.approx(high, abs=1)  # both begin at 1
    x, y = numbers_in(page, "outer").reshape(-1, 2).T
    for day in (40, 80, 120):
        at = [chart.place(day, fan[k, day]) for k in (0, 4)]
        for across, down in at:
            assert (np.hypot(x - across, y - down) < 1.5).any(), day


def test_each_day_has_its_stroke_and_its_two_sigma(show):
    page = show(device_scale_factor=2)
    chart, returns = graph(plot(page, "days")), path_of()
    for day in (10, 33, 77):
        assert chart.drawn(day + 1, 100 * returns[day] * 0.9, INK["light"], reach=1), day
    x, y = numbers_in(page, "sigma").reshape(-1, 2).T
    for day in (10, 33, 77):
        across, down = chart.place(day + 1, 200 * small.sigma(0, day))
        assert (np.hypot(x - across, y - down) < 1.5).any(), day


def test_a_model_without_sigma_says_nothing_of_it(show):
    page = show()
    key = page.get_by_text("± 2σ of the day")
    expect(key).to_be_visible()
    page.get_by_role("button", name="Alike").click()
    expect(key).to_be_hidden()
    assert page.locator(".both .sigma").count() == 0 and traits(page, "model") == ["even"]


def test_the_memory_is_pythons_and_falls_into_the_grey_band(show):
    page = show(device_scale_factor=2)
    chart = graph(plot(page, "memory"))
    sizes = np.abs(path_of()) - np.abs(path_of()).mean()
    for lag in (1, 20, 40):
        wanted = (sizes[lag:] * sizes[:-lag]).sum() / (sizes**2).sum()
        assert chart.drawn(lag, 0.8 * wanted, INK["light"], reach=2), lag
    before = np.ptp(numbers_in(page, "lag"))
    page.get_by_role("button", name="Shuffle", exact=True).click()
    assert told(page).startswith("Shuffle 1:") and traits(page, "shuffle") == [1]
    assert page.locator(".both .before").count() == 2  # of fan and memory
    y = chart.place(1, 0)[1] - numbers_in(page, "lag").reshape(-1, 3)[:, 2]  # "M x 0 V y"
    grey = abs(chart.place(1, 2 / small.DAYS**0.5)[1] - chart.place(1, 0)[1])
    assert (abs(y) < grey + 1).mean() > 0.85 and before > 2 * grey


def test_a_shuffle_keeps_histogram_and_end(show):
    page = show()
    bars, marks = page.locator(".bars"), page.locator(".end-mark")
    before = bars.get_attribute("d"), told(page).split("ends at")[1]
    way = page.locator(".now").get_attribute("d")
    for shuffle in (1, 2, 3):
        page.get_by_role("button", name="Shuffle", exact=True).click()
        control = MarketMaker(small.stored(), shuffle=shuffle)
        words = told(page)
        memory = f"{control.clustering:.2f}".replace("-0.00", "0.00").replace("-", "−")
        assert f"lags 1–20, {memory}; in order it was" in words
        assert bars.get_attribute("d") == before[0] and page.locator(".now").get_attribute("d") != way
        assert words.split("ends at")[1].split(".")[:2] == before[1].split(".")[:2]
        assert marks.count() == 1
    page.get_by_role("button", name="In order").click()
    assert settle(page).locator(".now").get_attribute("d") == way and traits(page, "shuffle") == [0]


def test_the_days_stand_in_the_order_that_python_knows(show):
    page = show(MarketMaker(small.stored(), shuffle=9), device_scale_factor=2)
    chart, returns = graph(plot(page, "days")), path_of()[order(small.DAYS, 9)]
    for day in (5, 50, 100):
        assert chart.drawn(day + 1, 90 * returns[day], INK["light"], reach=1), day


# ---------------------------------------------------------------- keys


def test_keys_go_over_paths_and_models_and_shuffle(show):
    page = show()
    page.locator(".replay").focus()
    for key, at in (
        *(("ArrowLeft", ["waves", 0, 0]), ("ArrowRight", ["waves", 1, 0]), ("ArrowDown", ["even", 1, 0])),
        *(("ArrowDown", ["even", 1, 0]), ("s", ["even", 1, 1]), ("s", ["even", 1, 2]), ("ArrowUp", ["waves", 1, 2])),
        ("o", ["waves", 1, 0]),
    ):
        page.keyboard.press(key)
        assert traits(settle(page)) == at, key
    page.get_by_label("path", exact=True).press("End")
    settle(page)
    assert (
        traits(page, "path") == [4]
        and page.get_by_label("path", exact=True).get_attribute("aria-valuetext") == "5 of 5"
    )
    assert page.evaluate("keys_out") == []


def test_python_moves_it(show):
    page = show()
    page.evaluate("Object.entries({model: 'even', path: 3, shuffle: 7}).forEach((each) => model.set(...each))")
    assert told(page).startswith("Shuffle 7:")
    expect(page.get_by_role("button", name="Alike")).to_have_attribute("aria-pressed", "true")


# ---------------------------------------------------------------- the game


def test_a_game_is_played_to_its_end_and_counted(show):
    page, dealt = show(), rounds(2, 5)
    control = MarketMaker(small.stored())
    for k, each in enumerate(dealt):
        assert f"Round {k + 1} of 10" in settle(page).locator(".game h4").inner_text()
        place = each.shuffled if k != 2 else 1 - each.shuffled
        page.locator(".card button").nth(place).click()
        control.guesses = [*control.guesses, place]
        assert settle(page).locator(".is-shuffled").count() == 1 and page.locator(".mine").count() == 1
        right = "You are right." if k != 2 else "You took the one in order"
        expect(page.locator(".result")).to_contain_text(right)
        expect(page.locator(".result")).to_contain_text("Waves" if each.model == 0 else "Alike")
        score = control.score
        said = settle(page).locator(".score").inner_text()
        assert f"you {score['you']} of {k + 1}, the simple judge {score['judge']} of {k + 1}" in said
        assert (f"D: {score['d']} of {score['judged']}" in said) == (score["judged"] > 0)
        if k < 9:
            page.get_by_role("button", name="Next").click()
    assert traits(page, "guesses") == [control.guesses] and page.get_by_role("button", name="Next").count() == 0
    page.get_by_role("button", name="Other rounds").click()
    assert traits(settle(page), "guesses", "deal") == [[], 1]
    assert "Round 1 of 10" in page.locator(".game h4").inner_text() and page.locator(".is-shuffled").count() == 0


def test_a_round_shows_a_path_and_its_shuffle_and_no_label(show):
    page = show()
    first = rounds(2, 5)[0]
    cards = page.locator(".card")
    assert cards.count() == 2 and page.locator(".card .verdict").all_inner_texts() == ["", ""]
    sizes = [np.abs(part).mean() for part in np.split(path_of(first.model, first.path), 10)]
    label = cards.nth(1 - first.shuffled).locator(".plot").get_attribute("aria-label")
    assert ", ".join(f"{100 * size:.1f}" for size in sizes) in label
    assert label.split(":")[1] != cards.nth(first.shuffled).locator(".plot").get_attribute("aria-label").split(":")[1]


def test_the_game_by_keys_and_by_a_press_on_a_series(show):
    page = show()
    page.locator(".game").focus()
    page.keyboard.press("2")
    page.keyboard.press("1")  # a second answer to a round counts not
    assert traits(settle(page), "guesses") == [[1]]
    page.keyboard.press("Enter")
    assert "Round 2" in settle(page).locator(".game h4").inner_text()
    page.keyboard.press("ArrowRight")
    assert traits(page, "path") == [0]
    page.locator(".series").first.click()
    assert traits(settle(page), "guesses") == [[1, 0]] and page.evaluate("keys_out") == []


# ---------------------------------------------------------------- a page of its own, its look


def test_it_is_alive_without_a_kernel_and_a_link_opens_it(new_page, tmp_path):
    MarketMaker(small.stored()).to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri() + "#model=even&path=3&shuffle=5")
    page.locator(".told").wait_for()
    assert told(page).startswith("Shuffle 5:")
    page.get_by_role("button", name="In order").click()
    eventually(lambda: set(page.evaluate("location.hash.slice(1)").split("&")), {"model=even", "path=3"})
    page.locator(".card button").first.click()
    expect(page.locator(".score")).to_contain_text("of 1")


def test_it_says_that_nothing_is_forecast(show):
    expect(show().get_by_text("Simulated paths. No forecast of any price.")).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_and_is_read(show, monkeypatch, lang):
    monkeypatch.setenv("GAN_EDU_LANG", lang)
    page = show(MarketMaker(small.stored(), shuffle=3), **NARROW)
    for width, scheme in looks(page, (320, 420, 850, 1400)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == [] and nameless(page) == [], width
        low = [(ratio, text) for ratio, text in page.evaluate(CONTRAST) if ratio < 4.5]
        assert low == [], (width, scheme)
        if width == 850:
            assert page.locator(".replay").bounding_box()["height"] <= MarketMaker.height


def test_nothing_moves_while_one_plays(show):
    for width in (850, 420):
        page = show(viewport={"width": width, "height": 1000})
        high = page.locator(".replay").bounding_box()["height"]
        page.get_by_role("button", name="Shuffle", exact=True).click()
        assert settle(page).locator(".replay").bounding_box()["height"] == high
        page.locator(".card button").first.click()
        assert settle(page).locator(".replay").bounding_box()["height"] == pytest.approx(high, abs=1), width


def test_it_follows_the_theme(show):
    follows_the_theme(show())


def test_a_view_goes_quietly(show):
    page = show()
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
