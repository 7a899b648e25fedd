"""The controls' JavaScript: small files, joined to the one module that a control or a page without a kernel loads."""
from __future__ import annotations

from pathlib import Path

from ..core.as_json import as_json

FOLDER = Path(__file__).parent
REPLAY = ("replay_words", "replay_film", "replay_plots", "replay", "replay_look")


def script(*names: str) -> str:
    """The replay's files, whose helpers all use, and after them those of these names; the last may hold an export."""
    return "".join((FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in (*REPLAY, *names))


def data(value) -> str:
    """`value` as the JSON in a page's script element: valid whatever it holds, and no text in it ends the script."""
    return as_json(value).replace("<", "\\u003c")
