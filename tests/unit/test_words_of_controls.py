"""What a notebook tells a reader to press is what the control says, and no cell alters a control that is theirs."""

import ast
import re
from pathlib import Path

import pytest
from chapter_list import NEAR
from helpers.bold import BOLD_BUT_NO_TERM
from notebook_files import read, tree

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
SAID = ("widgets/**/*.js", "widgets/**/*.py", "words/en.json", "tricks.py")
SOURCES = "\n".join(path.read_text(encoding="utf-8") for each in SAID for path in (ROOT / "gan_edu").glob(each))
REPLAYS = {"Play", "Play."}
FIRST = (
    "First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still "
    "picture."
)
ALTERING = {"run", "start", "set", "reset", "load", "draw"}
MEANT = {("03_training_loop", "own")}  # its text says that a cell trains it


def prose(path):
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def bold(path):
    captions = {each.strip() for each in BOLD_BUT_NO_TERM["captions of controls"].split("|")}
    return {text for text in re.findall(r"\*\*([^*\n]+)\*\*", prose(path)) if text in captions}


def test_every_caption_that_a_notebook_names_stands_in_a_control():
    named = set().union(*map(bold, NOTEBOOKS))
    assert len(named) > 12
    said = ["[\"'`>]" + re.escape(text.rstrip(".")).replace("'", "['’]") for text in named]
    assert [text for text in said if not re.search(text, SOURCES, re.IGNORECASE)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_button_that_begins_is_called_as_the_control_calls_it(path):
    """Live's says Start, and so does the theatre's; that of the plane and of a replay Play."""
    code = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "code")
    shown = set(re.findall(r"\b(Live|Plane|theatre)\(", code))
    assert ("Start" in bold(path)) <= bool({"Live", "theatre"} & shown)
    if shown == {"Plane"}:
        assert bold(path) & REPLAYS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_first_words_say_how_controls_come_to_life(path):
    opening = NEAR.sub("", read(path).cells[0].source).split("\n\n")
    assert opening[2] == FIRST and opening[1].startswith("[![")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_cell_alters_a_control_that_an_earlier_one_shows(path):
    """Run All leaves it as the reader left it; a cell that works with one makes one of its own."""
    shown, altered = set(), set()
    for cell in read(path).cells:
        if cell.cell_type != "code":
            continue
        body = tree(cell.source).body
        for node in ast.walk(ast.Module(body, [])):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ALTERING:
                altered |= {(path.stem, name) for name in shown & {ast.unparse(node.func.value)}}
        if body and isinstance(body[-1], ast.Expr) and isinstance(body[-1].value, ast.Name):
            shown.add(body[-1].value.id)
    assert altered <= MEANT, altered
