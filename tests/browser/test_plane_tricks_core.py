"""The plane's tricks in a browser: each switch sends its number, and what cannot go together is told beside it."""

import pytest
from helpers.lab import settle
from helpers.live_page import deliver, sent
from helpers.plane_page import click, page_of, record, tab
from playwright.sync_api import expect

from gan_edu.tricks import TRICKS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def run():
    """A film with R1 on, and what was sent: 40 steps, WGAN-GP beside it, spectral norm, fresh networks with it."""
    opening, parts, live = record(
        40,
        lambda p: click(p, "set", name="wgan_gp", value=1.0),
        lambda p: click(p, "set", name="r1", value=2.0),
        lambda p: click(p, "set", name="spectral_norm", value="on"),
        tricks=TRICKS,
        r1=1.0,
    )
    yield opening, parts, live
    live.close()


@pytest.fixture
def page(new_page, run):
    page = page_of(new_page, run[0])
    tab(page, "Tricks").get_by_role("tabpanel", name="Tricks").locator("summary").click()  # the seldom used, too
    return settle(page)


def place(page, name, at):
    page.locator(f".{name} input").evaluate(
        "(input, at) => { input.value = at; for (const kind of ['input', 'change']) "
        "input.dispatchEvent(new Event(kind)); }",
        at,
    )
    return settle(page)


def test_all_switches_stand_in_their_group_and_say_what_they_are_now(page):
    tricks = page.get_by_role("tabpanel", name="Tricks")
    for name, trick in TRICKS.items():
        assert tricks.locator(f".setting.{name}").is_visible(), name
        assert trick.label in tricks.locator(f".setting.{name}").inner_text()
    assert tricks.locator(".setting.r1 b").inner_text() == "1"
    assert {tricks.locator(f".setting.{name} b").inner_text() for name in ("r2", "wgan_gp", "noise", "ema")} == {"off"}


@pytest.mark.parametrize("name", sorted(set(TRICKS) - {"spectral_norm"}))
def test_a_slider_sends_the_number_of_its_place(page, name):
    values = TRICKS[name].values
    at = 0 if values[-1] == TRICKS[name].off else len(values) - 1
    place(page, name, at)
    assert sent(page)[-1] == {"do": "set", "name": name, "value": values[at]}
    words = page.locator(f".setting.{name} b").text_content().replace(",", "")
    assert float(words) == values[at]


def test_spectral_norm_is_chosen_by_its_word(page):
    page.locator(".spectral_norm select").select_option("on")
    assert sent(page)[-1] == {"do": "set", "name": "spectral_norm", "value": "on"}


def test_what_cannot_go_together_is_told_at_the_switch_and_the_switch_goes_back(page, run):
    place(page, "wgan_gp", 8)
    for part in run[1][:2]:
        deliver(page, *part)
    page.wait_for_timeout(1300)  # as long as a learner's own value stays
    deliver(page, *run[1][1])
    wrong = page.locator(".wrong", has_text="draws D's slope to")
    expect(wrong).to_be_visible()
    assert wrong.locator("xpath=..").locator(".setting.wgan_gp").count() == 1


def test_a_change_and_fresh_networks_are_shown(page, run):
    for part in run[1][:3]:
        deliver(page, *part)
    expect(page.locator(".setting.r1 b")).to_have_text("2")
    expect(page.locator(".pieces")).to_have_text("And on top: added to loss_D, R1, γ 2.")
    assert page.locator(".where").inner_text().count("step 40") == 1
    charts = page.locator(".charts.rest .legend b").all_inner_texts()
    assert charts[-1] == "R1" and "WGAN-GP" not in charts  # what the run paid for is drawn
