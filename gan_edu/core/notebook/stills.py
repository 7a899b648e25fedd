"""A still in a notebook: a PNG, then its words for screen readers, as JupyterLab itself gives pictures no alt text.

Where it stands in for a control, the words carry a style sheet, so that a notebook shows one of the two. Words with
letters that no font here could draw are to be seen by all. No torch here.
"""

from __future__ import annotations

import base64
import html

from gan_edu.core.notebook.fonts import LOST, readable

HEARD, SEEN = '<p class="jp-sr-only', '<p class="gan-edu-words'  # what the second output begins with
INSTEAD = " gan-edu-still"  # its class after the picture of a control
SPOILS = " gan-edu-spoils"  # and after a picture that shows what the control holds back

# A control in a notebook is three outputs: its view, its picture, the picture's words. The view holds an element once
# the control is there. Until then, and for ever where its kernel is gone, it holds a text: "Loading widget…", "Error
# displaying widget: model not found". The first two rules take such views away, and the room of outputs that are
# nothing else, those of plain ipywidgets too; the next two take away what follows a view that is there, and the last a
# picture that spoils, while its view is still awaited: one that failed has a class of ipywidgets.
STYLE = """<style>
.jp-Notebook:has(.gan-edu-still) .jp-OutputArea-child:has(> VIEW):not(:has(> VIEW > *)),
.jp-Notebook:has(.gan-edu-still) .jp-Cell-outputWrapper:not(:has(.jp-OutputArea-output:not(.lm-Panel), VIEW > *)),
.jp-OutputArea-child:has(> VIEW > *) + .jp-OutputArea-child:has(+ * .gan-edu-still),
.jp-OutputArea-child:has(> VIEW > *) + * + .jp-OutputArea-child:has(.gan-edu-still),
.jp-OutputArea-child:has(> VIEW:not(.jupyter-widgets)) + .jp-OutputArea-child:has(+ * .gan-edu-spoils),
.jp-OutputArea-child:has(> VIEW:not(.jupyter-widgets)) + * + .jp-OutputArea-child:has(.gan-edu-spoils) { display: none }
</style>
""".replace("VIEW", ".jp-OutputArea-output.lm-Panel")

# A drawing is told apart from a photograph by the note that Jupyter has for pictures on light ground. In a dark theme
# light and dark change places; turned by half a circle, hues are as they were: blue is real, orange is fake.
DRAWN = {"needs_background": "light"}
TURNED = """<style>
[data-jp-theme-light="false"] .jp-RenderedImage img.jp-needs-light-background {
  filter: invert(0.9) hue-rotate(180deg); border-radius: 6px
}
</style>
"""


def picture(png: bytes, alt: str, name: str | None = None, drawn: bool = False) -> tuple[dict, dict]:
    """Display data of a PNG, and its metadata. name: what those see who see no pictures; by default the words.

    drawn: lines and text on light ground, which follow a dark theme; a photograph does not.
    """
    data = {"image/png": base64.b64encode(png).decode(), "text/plain": name or alt}
    return data, {"image/png": {"alt": alt}, **(DRAWN if drawn else {})}


def words(alt: str, drawn: bool = False) -> dict:
    """Display data of the words, heard and not seen, that follow a picture."""
    return {"text/html": _paragraph(alt) + (TURNED if drawn else "")}


def words_instead(alt: str, spoils: bool = False) -> dict:
    """The same after the picture of a control. spoils: the picture shows what the control holds back."""
    return {"text/html": _paragraph(alt, INSTEAD + SPOILS * spoils) + STYLE}


def _paragraph(alt: str, kind: str = "") -> str:
    drawn = readable(alt).count(LOST) == alt.count(LOST)
    return f'{HEARD if drawn else SEEN}{kind}">{html.escape(alt)}</p>'


def are_words(data: dict) -> bool:
    """Whether display data are the words of a picture, of either kind."""
    return data.get("text/html", "").startswith((HEARD, SEEN))
