"""The pages of `make pages`: a chapter that fails is named, with its cell, and the others are written."""

import re

import alive
import nbformat
import pytest
import web_pages as pages
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

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


def shown(source):
    """A cell that stores the picture of a control, and so is run."""
    about = {"image/png": {"alt": "a control"}}
    return new_code_cell(
        source, outputs=[new_output("display_data", {"image/png": DOT, "text/plain": "A()"}, metadata=about)]
    )


BAD = {
    "a formula": ([prose("x"), prose("$\\nosuch{x}$")], "cell 2 cannot be shown: ValueError: this formula"),
    "no formula": ([prose("x"), prose("$$ $$")], "cell 2 cannot be shown: NoAvailableTokensError"),
    "a folder for a picture": ([prose("![a](../notebooks)")], "cell 1 cannot be shown: IsADirectoryError"),
    "a picture that is not there": ([prose("![a](attachment:a.png)")], "cell 1 cannot be shown: InvalidNotebook"),
    "no cells": ([], "01_x.ipynb holds no cells"),
    "half a character": (nbformat.writes(new_notebook(cells=[prose("∀")])).replace("∀", "\\ud800"), "is no notebook"),
    "a dead kernel": ([prose("x"), shown("import os\nos._exit(1)")], "stopped at cell 2 .import os"),
}


@pytest.mark.parametrize("cells, words", BAD.values(), ids=BAD)
def test_a_chapter_that_fails_is_named_and_the_others_are_written(course, capsys, cells, words):
    made, failed = course([prose("First")], cells, [prose("Last")])
    assert failed == ["01_x"] and set(made) == {"00_x", "02_x", "index"}
    assert re.search(f"01_x: FAILED.*{words}", capsys.readouterr().err, re.DOTALL)
    assert "02_x.html" in made["00_x"] and "01_x" not in made["00_x"] + made["index"]


CONTROL = """
class Control:
    alt = "a control"
    def to_html(self):
        from IPython.display import HTML
        return HTML("<b>alive</b>")
Control()"""


def test_a_control_that_cannot_be_made_stays_a_picture_and_another_is_alive(course):
    page = course([prose("x"), shown("1 / 0"), shown(CONTROL)])[0]["00_x"]
    assert "<b>alive</b>" in page and page.count(DOT) == 1
    assert "ZeroDivisionError" not in page


def test_what_cannot_be_shown_is_said_before_the_runs(course, monkeypatch):
    done, prose_of = [], pages.prose
    monkeypatch.setattr(pages, "prose", lambda *given: done.append("prose") or prose_of(*given))
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


def test_texts_that_are_linked_to_are_pages_too(course, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "notebooks" / "glossary.md").write_text("# Words\n\n[deep](../docs/deep.md) [code](../x.py) $y$")
    (tmp_path / "docs" / "deep.md").write_text(
        "# Deep\n\n[back](../notebooks/00_x.ipynb) [words](../notebooks/glossary.md)"
    )
    pages_ = course([prose("[w](glossary.md#words) [none](none.md)")])[0]
    assert set(pages_) == {"00_x", "index", "glossary", "docs-deep"}
    assert 'href="glossary.html#words"' in pages_["00_x"] and "/blob/main/notebooks/none.md" in pages_["00_x"]
    assert 'href="docs-deep.html"' in pages_["glossary"] and "<math" in pages_["glossary"]
    assert 'href="00_x.html"' in pages_["docs-deep"] and 'href="glossary.html">words' in pages_["docs-deep"]
    assert all('<a href="glossary.html">Glossary</a>' in text for text in pages_.values())


def test_the_index_has_parts_pictures_and_sentences(course, tmp_path):
    row = 'notebook = "00_x"\ntitle = "x"\nplay = "a picture"\ncontrols = []\nminutes = 5\n'
    (tmp_path / "notebooks" / "course.toml").write_text(f'[[part]]\ntitle = "The game"\n\n[[part.chapter]]\n{row}')
    about = {"image/png": {"alt": 'a "dot"'}}
    picture = new_code_cell("1", outputs=[new_output("display_data", {"image/png": DOT}, metadata=about)])
    index = course([prose("First"), picture], [prose("Not in the list")])[0]["index"]
    assert "<h2>The game</h2>" in index and "A picture. 5 minutes." in index
    assert 'alt="a &quot;dot&quot;"' in index and "data:image/webp" in index and "01_x.html" in index


def needed(*cells):
    """What alive.py would run of a notebook's code, by the place of its cell."""
    book = new_notebook(cells=list(cells))
    made = alive.sources(book)
    return {n: made[cell.id].splitlines() for n, cell in enumerate(cells) if cell.id in made}


def test_only_what_a_control_needs_is_made_again():
    above = new_code_cell("import math\nx, y = 1, 2\nprint(y)\ntable = {}\ndef f(z):\n    y = z\n    return x + y")
    between = new_code_cell("table['a'] = f\ny = 5\ntable.b = y\nunused = 3")
    assert needed(above, between, shown("print('no')\nControl(table, f)")) == {
        0: ["import math", "x, y = (1, 2)", "table = {}", "def f(z):", "    y = z", "    return x + y"][1:],
        1: ["table['a'] = f", "y = 5", "table.b = y"],
        2: ["Control(table, f)"],
    }
    assert needed(new_code_cell("x = 1"), new_code_cell("x = 2"), shown("Control(x)")) == {
        1: ["x = 2"],
        2: ["Control(x)"],
    }


def test_what_is_printed_within_a_control_is_made_again():
    within = "guess = Guess('q')\nwith guess:\n    print(n)\nwith silent():\n    n += 1\nguess.answer(n)"
    made = needed(new_code_cell("n = 3"), shown(within))
    assert made == {0: ["n = 3"], 1: within.splitlines()}
    other = needed(shown("import torch\nwith torch.no_grad():\n    y = 1\nControl(torch)"))
    assert other == {0: ["import torch", "Control(torch)"]}  # who is only asked for something is not changed by it


def test_what_a_statement_brings_itself_is_made_by_no_other():
    """A name that a loop goes by, or that was set in it, is not the one of a cell above that trains."""
    above = new_code_cell("n = 3\nfor k in train(pace(test=1)):\n    pass\nt = pace(test=2)")
    within = "for k in range(n):\n    t = k\n    print(t)\nControl(k)"
    looped = needed(
        above,
        shown("guess = Guess('q')\nwith guess:\n    for k in [n]:\n        t = k\n        print(t)\nguess.answer(n)"),
    )
    assert looped[0] == ["n = 3"]
    assert needed(above, shown(within))[0] == ["n = 3"]
    assert needed(above, shown("for j in [n]:\n    print(t)\n    t = j\nControl(j)")) == {}  # read before it is set


def test_nothing_is_trained_for_a_page():
    steps, trained = new_code_cell("steps = pace(test=1, lesson=9)"), new_code_cell("run = train(steps)")
    free = shown("Control(2)")
    assert needed(steps, trained, shown("Control(run)"), free) == {3: ["Control(2)"]}
    assert needed(steps, trained, new_code_cell("Control(2)")) == {}  # no stored picture of a control
