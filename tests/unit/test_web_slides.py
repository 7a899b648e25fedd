"""The rule by which a notebook becomes slides, and what a cell says of itself."""

import re

import pytest
import web_slides
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from web_cells import prose
from web_pages import ROOT

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="


def deck(*cells):
    """The slides that these cells become: for each the words that are shown, and those of its notes."""
    book = new_notebook(cells=[text(cell) if isinstance(cell, str) else cell for cell in cells])
    web_slides.split(book)
    prose(book, ROOT, set())
    found = re.findall(r'<section class="([^"]*)"[^>]*>(.*?)</section>', web_slides.deck(book.cells), re.DOTALL)
    return [
        (kind == "slide section", *(words(part) for part in [*content.partition("<aside")][::2]))
        for kind, content in found
    ]


def words(html):
    return " ".join(re.sub(r"<[^>]*>|^[^<]*>", " ", html).replace("¶", "").split())


def text(source, kind=None):
    return new_markdown_cell(source, metadata={"slideshow": {"slide_type": kind}} if kind else {})


def result(source, data):
    return new_code_cell(source, outputs=[new_output("display_data", data)])


def test_headings_begin_slides_and_further_paragraphs_are_notes():
    assert deck(
        "# Title\n\n[![Open in x](a.png)](b)\n\nFirst.\n\nSecond.\n\n- a\n- b\n\n## More\nHere\n\n### Deep\n\n**Bold.**"
    ) == [
        (True, "Title First. a b", "Second."),
        (True, "More", "Here"),
        (False, "Deep Bold.", ""),
    ]


def test_a_picture_has_a_slide_of_its_own_with_its_code_folded_and_so_has_what_follows():
    picture = result("draw()", {"image/png": DOT, "text/plain": "x"})
    assert deck("# Title\n\nLook.", picture, "It is a dot.") == [
        (True, "Title Look.", ""),
        (False, "Code In [ ]: draw ()", ""),
        (False, "It is a dot.", ""),
    ]


def test_code_that_only_prints_stays_with_its_text():
    assert deck(
        "# Title\n\nAdd.",
        new_code_cell("x = 1"),
        result("x + 1", {"text/plain": "2"}),
        result("9", {"text/plain": "9"}),
    ) == [
        (True, "Title Add. In [ ]: x = 1 In [ ]: x + 1 2", ""),
        (False, "In [ ]: 9 9", ""),
    ]


@pytest.mark.parametrize(
    "kind, wanted",
    [
        ("slide", [(True, "Title", ""), (True, "One. Two.", "")]),
        ("subslide", [(True, "Title", ""), (False, "One. Two.", "")]),
        ("skip", [(True, "Title", "")]),
        ("notes", [(True, "Title", "One. Two.")]),
        ("-", [(True, "Title One. Two.", "")]),
        ("fragment", [(True, "Title One. Two.", "")]),
    ],
)
def test_a_cell_may_say_what_it_is(kind, wanted):
    assert deck("# Title", text("One.\n\nTwo.", kind)) == wanted


def test_what_is_folded_fenced_or_a_formula_stays_whole():
    fenced, formula = "```\na\n\n# b\n```\n", "$$\nx\n\n= y\n$$\n"
    folded = "<details><summary>Hint</summary>\n\nInside.\n\n</details>\n"
    assert web_slides.blocks(f"{fenced}\n{folded}\n{formula}\nEnd.") == [fenced, folded, formula, "End.\n"]
