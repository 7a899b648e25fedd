"""A stored drawing of a molecule, looked at before a page shows it: lines and letters, and nothing else.

What `core.notebook.molecule_drawing.drawing` writes is taken apart here; a view builds it anew from numbers, so that no
markup of a file gets into a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree

from gan_edu.core.safety.checked import short, text

LONGEST = 40_000  # characters of a drawing: 200 atoms need half of them
SVG, CURE = "{http://www.w3.org/2000/svg}", "core.notebook.molecule_drawing.drawing(smiles)"
NUMBER = r"-?[0-9]{1,4}(?:\.[0-9])?"
LINES = re.compile(f"(?:M{NUMBER} {NUMBER}L{NUMBER} {NUMBER})+")
ATTRIBUTES = {
    "svg": {"viewBox": f"{NUMBER} {NUMBER} {NUMBER} {NUMBER}", "fill": "currentColor"},
    "path": {
        **{"d": LINES.pattern, "fill": "none", "stroke": "currentColor"},
        **{"stroke-width": NUMBER, "stroke-linecap": "round"},
    },
    "text": {"x": NUMBER, "y": NUMBER, "font-size": NUMBER, "fill": r"var\(--atom-[NOSPX]\)"},
}
LETTER = re.compile(r"[A-Za-z0-9+−*:#]{1,3}")


class Drawing(NamedTuple):
    """box: x, y, width, height. path: M x y L x y, again and again. letters: [x, y, size, letter, colour's name]."""

    box: list[float]
    path: str
    letters: list[list]

    @property
    def lines(self) -> list[list[float]]:
        """Each line as x, y, x, y."""
        found = [float(each) for each in re.findall(NUMBER, self.path)]
        return [found[k : k + 4] for k in range(0, len(found), 4)]


def taken_apart(name: str, svg: object) -> Drawing:
    """The lines and letters of a drawing. Raises ValueError for what is not as `drawing` writes it."""
    if len(given := text(name, svg)) > LONGEST:
        raise ValueError(
            f"{name} is an SVG of {len(given):,} characters, {LONGEST:,} are allowed: take what {CURE} gives"
        )
    if "<!" in given or "<?" in given:
        raise ValueError(f"{name} holds a declaration, a comment or an entity: take what {CURE} gives")
    try:
        root = ElementTree.fromstring(given)
    except ElementTree.ParseError as error:
        raise ValueError(f"{name} is no SVG ({error}): take what {CURE} gives") from None
    about = _attributes(name, root, "svg", ("viewBox",))
    box = [float(each) for each in about["viewBox"].split()]
    if min(box[2:]) <= 0:
        raise ValueError(f"{name}: its viewBox must have a width and a height, got {about['viewBox']}")
    paths, letters = [], []
    for each in root:
        if len(each) or (each.tail or "").strip():
            raise ValueError(f"{name} holds more than lines and letters: take what {CURE} gives")
        if each.tag == f"{SVG}text":
            letters.append(_letter(name, each))
        else:
            paths.append(_attributes(name, each, "path", ("d",))["d"])
    return Drawing(box, "".join(paths), letters)


def _letter(name: str, node: ElementTree.Element) -> list:
    about = _attributes(name, node, "text", ("x", "y", "font-size"))
    if not LETTER.fullmatch(node.text or ""):
        raise ValueError(f"{name}: a letter must be one of an atom, got {short(node.text)}")
    return [*(float(about[each]) for each in ("x", "y", "font-size")), node.text, about.get("fill", "")[11:-1]]


def _attributes(name: str, node: ElementTree.Element, tag: str, needs: tuple[str, ...]) -> Mapping[str, str]:
    """A node's attributes, if it is what it should be and all of them are allowed."""
    if node.tag != SVG + tag:
        raise ValueError(
            f"{name} holds {short(str(node.tag).removeprefix(SVG))} where {tag} is allowed: take what {CURE} gives"
        )
    if (tag != "text" and (node.text or "").strip()) or any(each not in node.attrib for each in needs):
        raise ValueError(f"{name}: {tag} must have {', '.join(needs)} and no text of its own: take what {CURE} gives")
    for key, value in node.attrib.items():
        if not re.fullmatch(ATTRIBUTES[tag].get(key, "(?!)"), value):
            raise ValueError(
                f"{name}: {tag} has {short(key)}={short(value)}, which is not allowed: take what {CURE} gives"
            )
    return node.attrib
