"""A molecule as a small SVG: RDKit's drawing without all that a page has no use for, in the page's own colours.

    drawing("CCO")      one path of bonds, a text a letter; about a kilobyte

Lines have the colour of the text around them, letters `var(--atom-N)` and the like where a page has such colours: N, O,
S, P, and X of a halogen. Its size is that of its viewBox, about 29 units a bond. Atoms of carbon have no letter but
where they stand alone. Stereochemistry and lone electrons are not drawn. Used in notebook 16_molecules.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from gan_edu.core.data.molecules import chemistry, molecule

SCALE, LETTERS, MARGIN = 20, 0.8, 2  # units an ångström; height of letters, as a share of that; units around all
COLOURED = {"N": "N", "O": "O", "S": "S", "P": "P", "F": "X", "Cl": "X", "Br": "X", "I": "X"}
SVG = "{http://www.w3.org/2000/svg}"
MINUS = "−"


def drawing(smiles: str) -> str:
    """The SVG of one molecule: a path and texts. Raises as `molecule`: ValueError, ImportError without rdkit."""
    found = molecule(smiles)
    chemistry().RemoveStereochemistry(found)
    drawn = ElementTree.fromstring(_drawn(found))
    bonds = [path for path in drawn.iter(f"{SVG}path") if "bond-" in path.get("class", "")]
    lines = "".join(_line(path.get("d", "")) for path in bonds)
    letters = "".join(_letter(each, found) for each in drawn.iter(f"{SVG}text"))
    _, _, width, height = map(float, drawn.get("viewBox", "").split())
    box = f"{-MARGIN} {-MARGIN} {width + 2 * MARGIN:g} {height + 2 * MARGIN:g}"
    stroke = 'fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"'
    path = f'<path d="{lines}" {stroke}/>' if lines else ""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" fill="currentColor">{path}{letters}</svg>'


def _drawn(found: Any) -> str:
    """RDKit's own SVG, in black, its letters as texts."""
    from rdkit.Chem.Draw import rdMolDraw2D

    pen = rdMolDraw2D.MolDraw2DSVG(-1, -1, -1, -1, True)  # as large as it needs; letters as texts, not as outlines
    options: Any = pen.drawOptions()  # rdkit types its options as themselves
    options.useBWAtomPalette()  # a bond is one line, not two halves
    options.clearBackground = options.includeRadicals = False
    options.scalingFactor, options.baseFontSize = SCALE, LETTERS
    pen.DrawMolecule(found)
    pen.FinishDrawing()
    return pen.GetDrawingText()


def _line(d: str) -> str:
    """RDKit's "M 1.0,2.5 L 3.0,4.0" as "M1 2.5L3 4"."""
    numbers = [_brief(each) for each in re.findall(r"-?[\d.]+", d)]
    places = [" ".join(pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
    return "".join(f"M{a}L{b}" for a, b in zip(places, places[1:], strict=False))


def _letter(each: ElementTree.Element, found: Any) -> str:
    place = re.search(r"atom-(\d+)", each.get("class", ""))
    symbol = found.GetAtomWithIdx(int(place[1])).GetSymbol() if place else ""
    fill = f' fill="var(--atom-{COLOURED[symbol]})"' if symbol in COLOURED else ""
    size = re.search(r"font-size:([\d.]+)px", each.get("style", ""))
    about = (
        f'x="{_brief(each.get("x", "0"))}" y="{_brief(each.get("y", "0"))}" font-size="{size[1] if size else SCALE}"'
    )
    return f"<text {about}{fill}>{(each.text or '').strip().replace('-', MINUS)}</text>"


def _brief(number: str) -> str:
    return f"{round(float(number), 1) + 0.0:g}"  # no −0
