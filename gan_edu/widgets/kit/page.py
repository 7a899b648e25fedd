"""A control without a kernel: a page that holds all it needs and asks nobody for more, and the frame it is shown in."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from IPython.display import HTML

from gan_edu.core.notebook.words import catalogue, language
from gan_edu.core.safety import durable
from gan_edu.widgets.kit.scripts import bundle, data

# nothing comes from elsewhere, nothing goes there
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
)
# keys that are told to the page around a control which has no use for them: a deck of slides has
OUT = ["Escape", "PageUp", "PageDown"]
# of the iframe, once it has loaded: it takes the height that its content tells
FIT = """const fit = (event) => {
  if (!this.isConnected) window.removeEventListener("message", fit);
  else if (event.source === this.contentWindow && event.data > 0) this.style.height = `${event.data}px`;
}; window.addEventListener("message", fit)"""


def html_page(control: str, title: str, state: dict, sections: Sequence[str] = ()) -> str:
    """A page with a control, whose bundle shows `state` there. sections: of words, beside those of the control."""
    state = {"words": catalogue(*sections, control), **state}
    return f"""<!doctype html>
<html lang="{language()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{html.escape(title)}</title><style>body {{ margin: 0 }}</style></head>
<body><main id="{control}" data-control="{control}"></main>
<script type="application/json" id="gan-edu-state">{data(state)}</script>
<script type="module">{bundle(control)}
const main = document.querySelector("main");
const tell = () => parent !== window && parent.postMessage(Math.ceil(main.getBoundingClientRect().height), "*");
new ResizeObserver(tell).observe(main);
addEventListener("load", tell);
addEventListener("keydown", (event) => {{
  const own = event.key !== "Escape" && event.composedPath()[0].type === "range";
  if (parent !== window && {OUT}.includes(event.key) && !own)
    setTimeout(() => event.defaultPrevented || parent.postMessage({{ key: event.key }}, "*"));
}}, true);
</script></body></html>
"""


def framed(text: str, alt: str, path: str | Path | None, height: int, fixed: bool = False) -> HTML:
    """A page in an iframe; path: also writes it there. height: in pixels, until its content tells its own, or fixed."""
    if path is not None:
        durable.write(path, text.encode())
    fit = "" if fixed else f'onload="{html.escape(FIT)}" '
    return HTML(
        f'<div><iframe sandbox="allow-scripts" title="{html.escape(alt)}" {fit}'
        f'srcdoc="{html.escape(text)}" style="width:100%;height:{height}px;border:0"></iframe></div>'
    )
