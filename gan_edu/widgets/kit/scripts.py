"""The controls' JavaScript: a bundle each, made by tools/bundle.mjs, for a control and for a page without a kernel."""

from __future__ import annotations

from pathlib import Path

from gan_edu.core.safety.strict_json import as_json

BUNDLES = Path(__file__).parents[1] / "bundles"


def bundle(control: str) -> str:
    """The module of a control, with its styles and all that it imports. It shows what a page holds by itself."""
    return (BUNDLES / f"{control}.js").read_text(encoding="utf-8")


def data(value: object) -> str:
    """`value` as the JSON in a page's script element: valid whatever it holds, and no text in it ends the script."""
    return as_json(value).replace("<", "\\u003c")
