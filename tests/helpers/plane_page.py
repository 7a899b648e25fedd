"""A page with the plane of a model that is fed by hand: what the kernel would send is recorded from a real run."""

import json

from gan_edu import losses
from gan_edu.training_loop import GAN, LINES, d_step, g_step, substeps, train
from gan_edu.widgets.plane.widget import Plane
from helpers.bundles import module
from helpers.lab import settle
from helpers.live_page import HARNESS, packed

LOSSES = {"non-saturating": losses.non_saturating, "minimax": losses.minimax}


def plane(title="The plane", **settings):
    """A plane over small networks, as a notebook makes it."""
    small = {"g_width": 32, "d_width": 32, **settings}
    return Plane(GAN, train, LOSSES, title, d_step=d_step, g_step=g_step, substeps=substeps, lines=LINES, **small)


def whole_of(live):
    """The trait `film`, ready for the page."""
    whole = live.whole()
    return json.loads(json.dumps({**whole, "pictures": packed(whole["pictures"])}))


def record(*acts, **settings):
    """A run: (the film when the view opens, the messages after each act, the Plane). An act is a number of steps or a
    function of the plane."""
    live, sent, parts = plane(**settings), [], []
    opening = whole_of(live)
    live.send = lambda content, buffers=None: sent.append([json.loads(json.dumps(content)), packed(buffers or [])])
    for act in acts:
        live.driver.train_for(act) if isinstance(act, int) else act(live)
        live.driver.call(lambda: None)
        live.driver.idle.wait(120)
        parts.append(sent[:])
        sent.clear()
    return opening, parts, live


def click(live, do, **more):
    """What the view sends for a click."""
    live.on_message(live, {"do": do, "token": "t", **more}, [])


def tab(page, name):
    """Open a group of settings, or the layers."""
    page.get_by_role("tab", name=name).click()
    return settle(page)


def page_of(new_page, whole, **context):
    """A blank page with one view of a film."""
    page = new_page(**{"viewport": {"width": 1200, "height": 900}, **context})
    page.set_content("<!doctype html><meta charset=utf-8><body style='margin:0'><div id=box></div></body>")
    page.add_script_tag(content=module("plane") + HARNESS, type="module")
    page.wait_for_function("Boolean(window.open_live)")
    page.evaluate("(whole) => open_live(whole)", whole)
    page.wait_for_function("root().querySelector('canvas.plane').getAttribute('aria-label')")
    return settle(page)
