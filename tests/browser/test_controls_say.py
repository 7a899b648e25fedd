"""What a control cannot show it says on the page: limits, what lies outside, what coincides, what is no number."""

import math
import re

import pytest
import torch
from helpers.controls import EXAMPLES, LATENT_NAMES
from helpers.lab import settle
from helpers.value_page import drag, page_with
from playwright.sync_api import expect

from gan_edu import losses, widgets
from gan_edu.core.data.distributions import on_line
from gan_edu.widgets import (
    DensityPlayer,
    LatentExplorer,
    LossExplorer,
    PhasePortrait,
    Saddle,
)
from gan_edu.widgets.kit.valid_state import Finite

pytestmark = pytest.mark.browser
GAMES = {"inside": lambda d, g: d * g - d**2, "Dirac-GAN": lambda d, g: -torch.nn.functional.softplus(-d * g)}
LOSS_NAMES = ("words", "spec", "table", "picked", "term", "logit", "precision", "reach", "rate", "steps")


def pictures(z):
    """A picture a latent: no two alike."""
    return z.mean(1)[:, None, None, None].expand(-1, 1, 4, 4).tanh()


def latents(**state):
    return LatentExplorer(pictures, torch.randn(6, 8, generator=torch.Generator().manual_seed(0)), **state)


def tell(page, **traits):
    """The kernel's side changes."""
    page.evaluate("(state) => Object.entries(state).forEach(([name, value]) => model.set(name, value))", traits)
    return settle(page)


# ---------------------------------------------------------------- what there is nothing to see of


def test_a_game_without_a_best_answer_says_so(new_page):
    page = page_with(new_page, Saddle(GAMES))
    told = page.locator(".answers")
    assert told.inner_text() == ""
    page.get_by_role("switch", name="best answer").click()
    expect(told).to_have_text("dashed: D’s best answer to each g")
    page.get_by_label("game").select_option("Dirac-GAN")
    expect(told).to_have_text("D has no best answer in here: V grows up to the edge")
    page.get_by_role("switch", name="best answer").click()
    expect(told).to_have_text("")


def test_how_many_losses_can_be_shown_stands_on_the_page(new_page):
    names = list(losses.LOSSES)
    page = page_with(new_page, LossExplorer(losses.LOSSES, picked=names[:4]), LOSS_NAMES)
    limit = page.locator(".limit")
    expect(limit).to_have_text("5 at most")
    page.locator(".chip", has_text=names[4]).first.click()
    expect(limit).to_have_text("5 are shown, the most: take one away to add another")
    page.locator(".chip", has_text=names[5]).first.click(force=True)
    assert page.evaluate("model.get('picked')") == names[:5]


@pytest.mark.parametrize(
    "state, outside",
    [
        ({"penalty": "R1", "gamma": 3.0, "step": 2.0}, {"update": "outside: −4.828", "flow": None}),
        ({"loss": "WGAN", "penalty": "consensus", "gamma": 3.0, "step": 1.5}, {"flow": None, "update": "±"}),
        ({"gamma": 1.0, "penalty": "R1", "step": 0.2}, {"flow": None, "update": None}),
    ],
)
def test_eigenvalues_beyond_the_picture_are_told_and_pointed_at(new_page, state, outside):
    control = PhasePortrait(**state)
    page = page_with(new_page, control)
    for kind, words in outside.items():
        box = page.locator(f".plot-box.{kind}")
        said = [text for text in box.locator("text").all_text_contents() if "outside" in text]
        assert [words in text for text in said] == ([] if words is None else [True]), said
        hidden = [root for root in box.locator("circle.root").all() if not within(root, box)]
        assert box.locator(".away").count() == len(hidden) == (0 if words is None else max(1, len(hidden)))
        assert all(within(arrow, box) for arrow in box.locator(".away").all())


def within(node, box):
    """Whether the middle of a node lies in the box, as it is drawn."""
    return node.evaluate(
        """(node, box) => { const [a, b] = [node, box].map((n) => n.getBoundingClientRect());
        const [x, y] = [a.x + a.width / 2, a.y + a.height / 2];
        return x >= b.left + 31 && x <= b.right - 7 && y >= b.top + 8 && y <= b.bottom - 20; }""",
        box.element_handle(),
    )


@pytest.mark.parametrize(
    "view, picks, words",
    [
        ("plane", {"b": 1, "c": 1}, "B = C, the same sample: the plane is folded"),
        ("plane", {"a": 0, "b": 1, "c": 0, "d": 1}, "A = C, B = D, the same sample"),
        ("walk", {"a": 3, "b": 3}, "A = B, the same sample: the walk stands still"),
        ("plane", {}, None),
        ("walk", {"c": 1}, None),
    ],
)
def test_places_that_hold_the_same_sample_are_told(new_page, view, picks, words):
    page = page_with(new_page, latents(view=view, **picks), LATENT_NAMES)
    told = page.locator(".twins")
    if words:
        expect(told).to_contain_text(words)
    else:
        expect(told).to_be_hidden()


def test_an_explorer_may_open_with_any_view(new_page, tmp_path):
    for view in ("walk", "plane", "more"):
        control = latents(view=view)
        assert control.alt.startswith("A walk from sample 0 to sample 1") and control.picture()
        control.to_html(tmp_path / "page.html")
        page = new_page()
        page.goto((tmp_path / "page.html").as_uri())
        chooser = page.get_by_label("a walk that was made", exact=True)
        expect(chooser).to_be_visible(visible=view == "walk")
        assert chooser.locator("option").count() == 1


# ---------------------------------------------------------------- what is hidden behind what


def box(mean, width=1.0, kernel="uniform"):
    return on_line("density", [mean], [width], kernel=kernel)


@pytest.mark.parametrize(
    "p, q",
    [
        (box(0), box(1)),
        (box(0), box(0)),
        (box(0, kernel="gaussian"),) * 2,
        (on_line("two", [0, 0.1], [1, 1]), on_line("two", [0, 0.1], [1, 1])),
    ],
)
@pytest.mark.parametrize("width", [360, 1000])
def test_no_handle_hides_another(new_page, p, q, width):
    page = page_with(new_page, DensityPlayer(p, q), viewport={"width": width, "height": 900})
    handles = page.locator(".handle[visibility=visible]")
    places = handles.evaluate_all("""all => all.map((node) => { const b = node.querySelector(".grip")
        .getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })""")
    assert len(places) == 2 * (len(p.weights) + len(q.weights))
    apart = min(math.dist(a, b) for k, a in enumerate(places) for b in places[:k])
    assert apart > 14
    x, y = places[0]
    name = handles.first.get_attribute("data-name")
    before = page.evaluate("(name) => model.get(name)", name)
    drag(page, handles.first, 40)
    assert page.evaluate("(name) => model.get(name)", name) != before


# ---------------------------------------------------------------- what is no number

KINDS = {name: getattr(widgets, name) for name in EXAMPLES}
ALSO = {"LatentExplorer": ["position"], "PhasePortrait": ["start"]}  # whole numbers, and pairs


def numbers(kind):
    """The traits of a control that are a number, and always one."""
    own = kind.class_own_traits(sync=True)
    return [name for name, trait in own.items() if isinstance(trait, Finite) and not trait.allow_none]


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if numbers(kind)])
def test_a_number_that_is_none_leaves_what_was_there(new_page, name):
    """As a link between two controls of a page may bring it, which no kernel checks."""
    names = [each for each in KINDS[name].class_own_traits(sync=True) if not each.startswith("_")]
    page = page_with(new_page, EXAMPLES[name](), names)
    before = page.evaluate("root().querySelector('.replay').innerText")
    for trait in [*numbers(KINDS[name]), *ALSO.get(name, [])]:
        page.evaluate(
            """(name) => { const kept = model.get(name);
            model.set(name, Array.isArray(kept) ? [NaN, kept[1]] : NaN); }""",
            trait,
        )
        settle(page)
        drawn = page.evaluate("[...root().querySelectorAll('svg')].map((svg) => svg.outerHTML).join('')")
        assert not re.search("NaN|undefined", drawn), trait
    assert page.evaluate("root().querySelector('.replay').innerText") == before
