"""A notebook as a deck of slides, with its controls alive: what begins a slide, what is told beside it.

Headings of level 1 and 2 begin a slide, those of level 3 a further one of the same section, and so do a picture, a
control, and what follows a result. Of the plain paragraphs in a cell the first is shown, and the others are the
speaker's notes; lists, formulas, tables, quotations and what begins in bold are shown. A cell that says in its metadata
which kind of slide it is (slideshow.slide_type: slide, subslide, fragment, skip, notes or -) is taken whole.
"""

import re

from nbformat.v4 import new_markdown_cell
from web_cells import Cells

KIND = "slide_type"
NOT_PLAIN = re.compile(r"#|\[!|[-*+] |\d+[.)] |\||>|\$\$|```|<|\*\*|!\[")
BADGES = "[![Open in"
BAR = """<nav class="bar" aria-label="Slides"><button type="button" data-do="list">Overview</button>
<button type="button" data-do="notes" aria-pressed="false">Notes</button><span class="about"></span>
<span class="count" role="status"></span><button type="button" data-do="back" aria-label="Previous slide">←</button>
<button type="button" data-do="next" aria-label="Next slide">→</button><i class="progress"></i></nav>
<dialog class="list" aria-label="Overview"><ol></ol></dialog>"""


def split(book):
    """Cut a notebook's texts into parts that are shown, told or left out: each a cell whose metadata say so."""
    book.cells = [part for cell in book.cells for part in parted(cell)]


def kind_of(cell):
    """What the cell itself says it is, "" where it says nothing."""
    return cell.metadata.get("slideshow", {}).get(KIND) or ""


def parted(cell):
    if cell.cell_type != "markdown" or kind_of(cell):
        return [cell]
    parts, plain = [], 0
    for text in blocks(cell.source):
        plain += not NOT_PLAIN.match(text)
        part = new_markdown_cell(text, metadata={"slideshow": {KIND: kind_of_block(text, plain)}})
        parts.append(part | {"attachments": cell.attachments} if "attachments" in cell else part)
    return parts


def kind_of_block(text, plain):
    """plain: how many plain paragraphs there are so far, with this one."""
    if text.startswith(BADGES):
        return "skip"
    if heading := re.match(r"(#+) ", text):
        return "slide" if len(heading[1]) < 3 else "subslide"
    return "notes" if plain > 1 and not NOT_PLAIN.match(text) else ""


def blocks(text):
    """A text's headings, and what stands between blank lines; what is fenced or folded, and a formula, stay whole."""
    found = [""]
    for line in text.split("\n"):
        inside = is_open(found[-1])
        if not inside and (not line.strip() or line.startswith("#") or found[-1].startswith("#")):
            found.append("")
        if line.strip() or inside:
            found[-1] += f"{line}\n"
    return [block for block in found if block]


def is_open(text):
    return bool(text.count("```") % 2 or text.count("$$") % 2 or text.count("<details") > text.count("</details>"))


def deck(cells):
    """The cells of a prepared notebook as slides: HTML of the page's body."""
    shown = Cells()
    slides: list[dict] = []
    full = False  # whether the slide holds a result
    for cell in cells:
        kind = kind_of(cell)
        if kind == "skip" or not cell.source.strip():
            continue
        text, is_result = piece(cell, shown)
        begins = kind in ("slide", "subslide") or not slides
        if begins or not kind and (full or "<img" in text or "<iframe" in text):
            slides.append({"section": kind == "slide" or not slides, "sheet": [], "notes": []})
            full = False
        full = full or is_result
        slides[-1]["notes" if kind == "notes" else "sheet"].append(
            f'<div class="fragment">{text}</div>' if kind == "fragment" else text
        )
    return f'<main class="deck">{"".join(slide(n, each) for n, each in enumerate(slides, 1))}</main>{BAR}'


def piece(cell, shown):
    """A cell as HTML, and whether it is a result. A picture comes before its code, which is folded."""
    if cell.cell_type != "code":
        return shown.shown(cell), False
    outputs = shown.outputs(cell)
    if "<img" in outputs or "<iframe" in outputs:
        return outputs + shown.folded(cell), True
    return shown.shown(cell), bool(cell.outputs)


def slide(number, made):
    notes = f'<aside class="notes" aria-label="Notes">{"".join(made["notes"])}</aside>' if made["notes"] else ""
    kind = "slide section" if made["section"] else "slide"
    sheet = f'<div class="sheet">{"".join(made["sheet"])}</div>'
    return f'<section class="{kind}" id="slide-{number}">{sheet}{notes}</section>'
