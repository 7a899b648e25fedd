r"""Questions as HTML for Moodle and Canvas: marks become tags, and formulas \(…\), which MathJax draws in both."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree as XML

from gan_edu.core.notebook.marked import Part, parts
from gan_edu.core.notebook.words import ENGLISH, language

TAGS = {"code": "code", "stressed": "em"}
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def own_name(chapter: str) -> str:
    """What a quiz is called by machines: imported anew it replaces itself, and not one in another language."""
    return f"gan_edu_{chapter}" + ("" if language() == ENGLISH else f"_{language()}")


def as_html(text: str) -> str:
    """A text with marks as a paragraph of HTML. Raises ValueError for a sign that no XML file may hold."""
    if odd := NOT_IN_XML.search(text):
        raise ValueError(f"U+{ord(odd[0]):04X} in {text!r} may stand in no XML file: take it out")
    return f"<p>{''.join(map(_tagged, parts(text)))}</p>"


def _tagged(part: Part) -> str:
    inside = html.escape(part.text, quote=False)
    if part.kind == "formula":
        return rf"\({inside}\)"
    return f"<{TAGS[part.kind]}>{inside}</{TAGS[part.kind]}>" if part.kind in TAGS else inside


def node(name: str, *inside: XML.Element | str, **attributes: str) -> XML.Element:
    """An XML element: texts are escaped when it is written. A trailing _ of an attribute's name is left out."""
    made = XML.Element(name, {key.rstrip("_"): value for key, value in attributes.items()})
    for each in inside:
        if isinstance(each, str):
            made.text = (made.text or "") + each
        else:
            made.append(each)
    return made


def written(root: XML.Element) -> bytes:
    """The whole file, indented: who keeps it under version control sees what changed."""
    XML.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + XML.tostring(root, encoding="utf-8") + b"\n"
