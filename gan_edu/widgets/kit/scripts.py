"""The controls' JavaScript: small files, joined to the one module that a control or a page without a kernel loads."""

from __future__ import annotations

from pathlib import Path

from gan_edu.core.safety.strict_json import as_json

WIDGETS = Path(__file__).parents[1]
REPLAY = ("kit/dom", "replay/film_strip", "replay/plots", "replay/view", "kit/look")


def script(*names: str) -> str:
    """The replay's files, whose helpers all use, and after them those of these names; the last may hold an export."""
    return "".join((WIDGETS / f"{name}.js").read_text(encoding="utf-8") for name in (*REPLAY, *names))


def data(value: object) -> str:
    """`value` as the JSON in a page's script element: valid whatever it holds, and no text in it ends the script."""
    return as_json(value).replace("<", "\\u003c")
