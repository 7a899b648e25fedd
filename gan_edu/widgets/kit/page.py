"""What the controls of densities and tables share: the page without a kernel."""

from __future__ import annotations

import html

from gan_edu.widgets.kit.scripts import data
from gan_edu.widgets.replay.widget import POLICY


def page(title: str, script: str, call: str, state: dict) -> str:
    """A page that holds the script and a state, and nothing that leaves it. call: the function of (element, store)."""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{html.escape(title)}</title><style>body {{ margin: 0 }}</style></head>
<body><main></main><script type="application/json" id="data">{data(state)}</script>
<script type="module">{script}
const main = document.querySelector("main");
{call}(main, pageStore(JSON.parse(document.getElementById("data").textContent)));
const tell = () => parent !== window && parent.postMessage(Math.ceil(main.getBoundingClientRect().height), "*");
new ResizeObserver(tell).observe(main);
addEventListener("load", tell);
</script></body></html>
"""
