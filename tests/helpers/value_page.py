"""A blank page with a control of the value function in it; a small model stands for the notebook's."""

import base64

from helpers.bundles import control_of, module
from helpers.lab import settle
from helpers.page_model import MODEL

HARNESS = (
    MODEL
    + """
window.view = (state) => {
  window.model ||= new Model(unpacked(state));
  const el = document.createElement("div");
  document.getElementById("box").append(el);
  window.cleanup = widget.render({model, el});
};
window.inside = (code) => eval(code);                   // with what the module itself knows
"""
)


def packed(value):
    if isinstance(value, dict):
        return {key: packed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [packed(each) for each in value]
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def page_with(new_page, control, names=(), **context):
    """A page that shows a control; page.evaluate("model") is the notebook's side of its traits.

    names: of these traits; without any, all that its view is sent.
    """
    names = names or ("words", *control.sent())
    page = new_page(**context)
    page.set_content("<!doctype html><meta charset=utf-8><body style='margin:0'><div id=box></div></body>")
    page.add_script_tag(content=module(control_of(control)) + HARNESS, type="module")
    page.wait_for_function("Boolean(window.view)")
    page.evaluate("(state) => view(state)", packed({name: getattr(control, name) for name in names}))
    return settle(page)


def drag(page, node, right, up=0, steps=5):
    """Take a node by its middle and drag it by so many pixels."""
    box = node.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for k in range(1, steps + 1):
        page.mouse.move(x + right * k / steps, y - up * k / steps)
    page.mouse.up()
    return settle(page)


def touch(page, node, right):
    """Drag a node that is large enough for a finger by so many pixels, with one."""
    box = node.bounding_box()
    assert box["width"] >= 24 and box["height"] >= 24
    client = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for kind, at in (("touchStart", x), ("touchMove", x + 0.3 * right), ("touchMove", x + right), ("touchEnd", None)):
        points = [] if at is None else [{"x": at, "y": y}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def nameless(page):
    """Controls and pictures that a screen reader could not name."""
    return page.evaluate("""() => [...root().querySelectorAll("button, input, select, [role=slider], [role=img]")]
        .filter((n) => !(n.getAttribute("aria-label") || n.textContent.trim())).map((n) => n.outerHTML)""")


def number(text):
    return {"∞": float("inf"), "−∞": float("-inf")}.get(text) if "∞" in text else float(text.replace("−", "-"))
