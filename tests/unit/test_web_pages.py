"""The pages of `make pages`: a chapter that fails is named, with its cell, and the others are written."""

import re

import nbformat
import pytest
import web_pages as pages
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="


@pytest.fixture
def course(tmp_path):
    """course(chapter, …): pages of a course of these chapters, each a list of cells or the text of a file."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "pyproject.toml").write_text('Repository = "https://github.com/a/b"\n')

    def build(*chapters):
        for n, cells in enumerate(chapters):
            book = cells if isinstance(cells, str) else nbformat.writes(new_notebook(cells=cells))
            (tmp_path / "notebooks" / f"{n:02}_x.ipynb").write_text(book)
        made, failed = pages.build(tmp_path, tmp_path / "pages")
        return {path.stem: path.read_text() for path in made}, failed

    return build


def prose(text, **more):
    return new_markdown_cell(f"# Title\n\n{text}", **more)


BAD = {
    "a formula": ([prose("x"), prose("$\\nosuch{x}$")], "cell 2 cannot be shown: ValueError: this formula"),
    "no formula": ([prose("x"), prose("$$ $$")], "cell 2 cannot be shown: NoAvailableTokensError"),
    "a folder for a picture": ([prose("![a](../notebooks)")], "cell 1 cannot be shown: IsADirectoryError"),
    "a picture that is not there": ([prose("![a](attachment:a.png)")], "cell 1 cannot be shown: InvalidNotebook"),
    "no cells": ([], "01_x.ipynb holds no cells"),
    "half a character": (nbformat.writes(new_notebook(cells=[prose("∀")])).replace("∀", "\\ud800"), "is no notebook"),
    "an error": ([prose("x"), new_code_cell("1 / 0")], "stopped at cell 2 .1 / 0[\\s\\S]*ZeroDivisionError"),
    "a dead kernel": ([prose("x"), new_code_cell("import os; os._exit(1)")], "stopped at cell 2 .import os"),
}


@pytest.mark.parametrize("cells, words", BAD.values(), ids=BAD)
def test_a_chapter_that_fails_is_named_and_the_others_are_written(course, capsys, cells, words):
    made, failed = course([prose("First")], cells, [prose("Last")])
    assert failed == ["01_x"] and set(made) == {"00_x", "02_x", "index"}
    assert re.search(f"01_x: FAILED.*{words}", capsys.readouterr().err, re.DOTALL)
    assert "02_x.html" in made["00_x"] and "01_x" not in made["00_x"] + made["index"]


def test_what_cannot_be_shown_is_said_before_the_runs(course, monkeypatch):
    done, prose_of = [], pages.prose
    monkeypatch.setattr(pages, "prose", lambda book, root: done.append("prose") or prose_of(book, root))
    monkeypatch.setattr(pages, "enliven", lambda book, folder: done.append("run"))
    course([prose("First")], [prose("$$ $$")])
    assert done == ["prose", "prose", "run"]


def test_what_a_cell_holds_is_shown(course):
    """A pasted picture, links away from here, what looks like a control's mark."""
    cells = [
        prose(
            "![a](attachment:a.png) [x](//x.org) [y](/y) [z](z.py) <i>control 3</i> $x$",
            attachments={"a.png": {"image/png": DOT}},
        )
    ]
    page = course(cells)[0]["00_x"]
    assert f'src="data:image/png;base64,{DOT}"' in page and "<i>control 3</i>" in page and "<math" in page
    assert [re.search(rf'href="([^"]*)">{word}<', page)[1] for word in "xyz"] == [
        "//x.org",
        "/y",
        "https://github.com/a/b/blob/main/notebooks/z.py",
    ]


@pytest.mark.parametrize(
    "spoil, error, words",
    [
        (lambda root: (root / "pages").touch(), OSError, "pages"),
        (
            lambda root: (root / "pyproject.toml").write_text('Repository = "https://x.org/a/b"'),
            ValueError,
            "OWNER/NAME",
        ),
    ],
)
def test_what_stops_every_page_is_said_before_the_runs(course, tmp_path, monkeypatch, spoil, error, words):
    monkeypatch.setattr(pages, "enliven", None)
    spoil(tmp_path)
    with pytest.raises(error, match=words):
        course([prose("First")])
