"""The controls' JavaScript: a bundle each, made by tools/bundle.mjs, for a control and for a page without a kernel."""

from __future__ import annotations

from pathlib import Path

from gan_edu.core.safety.strict_json import as_json

BUNDLES = Path(__file__).parents[1] / "bundles"
NONE_YET = 'export default { render: ({ el }) => el.append("gan_edu/widgets/bundles/NAME.js: make js") };'


def bundle(control: str) -> str:
    """The module of a control, with its styles and all that it imports. It shows what a page holds by itself.

    Where there is none yet, as of a control that was just begun, a module that says what to do.
    """
    path = BUNDLES / f"{control}.js"
    return path.read_text(encoding="utf-8") if path.exists() else NONE_YET.replace("NAME", control)


def data(value: object) -> str:
    """`value` as the JSON in a page's script element: valid whatever it holds, and no text in it ends the script."""
    return as_json(value).replace("<", "\\u003c")
