"""A page with a collapse theatre that is fed by hand: what the kernel would send is recorded from a real run."""

import json

from gan_edu.core.notebook.words import catalogue
from gan_edu.mode_collapse import cures, stages, theatre
from gan_edu.training_loop import train, train_step
from gan_edu.widgets import CollapseTheatre
from helpers.bundles import module
from helpers.lab import settle
from helpers.live_page import HARNESS, packed, whole_of

OF_DIGITS = {"rows": 2, "columns": 3}


def own(title="A theatre", **options):
    """A theatre of a chapter's stages and cures that has no films."""
    return CollapseTheatre(stages(), cures(), with_step, train_step, title, **options)


def with_step(gan, batches, steps, step):
    return train(gan, batches, steps, step=step)


def record(*acts, **options):
    """A run: (the film as it opens, the messages after each act, the theatre). An act is a number of steps, or a
    function of the theatre."""
    live, sent, parts = theatre(**options), [], []
    opening = whole_of(live)
    live.send = lambda content, buffers=None: sent.append([json.loads(json.dumps(content)), packed(buffers or [])])
    for act in acts:
        live.driver.train_for(act) if isinstance(act, int) else act(live)
        live.driver.call(lambda: None)
        live.driver.idle.wait(120)
        parts.append(sent[:])
        sent.clear()
    return opening, parts, live


def page_of(new_page, whole, **context):
    """A blank page with one view of a film."""
    page = new_page(**{"viewport": {"width": 850, "height": 680}, **context})
    page.set_content("<!doctype html><meta charset=utf-8><body style='margin:0'><div id=box></div></body>")
    words = f"window.words = {json.dumps(catalogue('live', 'collapse_theatre'))};"
    page.add_script_tag(content=module("collapse_theatre") + HARNESS + words, type="module")
    page.wait_for_function("Boolean(window.open_live)")
    page.evaluate("(whole) => open_live(whole)", whole)
    page.wait_for_function("root().querySelector('.sentence').textContent")
    return settle(page)
