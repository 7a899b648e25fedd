"""Badges and first cells come from one address; a fork renames it with one command, and a law sees what it forgot."""

import copy
import re

import course
import laws
import links
import nbformat
import pytest
from chapter_list import UNWRITTEN
from helpers.notebooks import picture, save, words
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HERE, FORK = "https://github.com/gan-edu/gan_edu", "https://github.com/ada/gan-course"


@pytest.fixture
def root(tmp_path):
    """A course of two chapters that has run; pyproject.toml, README.md and CITATION.cff name its repository."""
    (tmp_path / "notebooks" / "badges").mkdir(parents=True)
    for host in ("colab", "binder"):
        (tmp_path / "notebooks" / "badges" / f"{host}.png").touch()
    name(tmp_path, HERE)
    (tmp_path / "README.md").write_text(f"# gan_edu\n\nText.\n\n    git clone {HERE}\n[peer]({HERE}-2/x)\n")
    (tmp_path / "CITATION.cff").write_text('title: x\nrepository-code: "https://github.com/old/old"\n')
    for chapter in ("00_start_here", "01_first"):
        drawn = new_code_cell("draw()", outputs=[picture("curves"), words("curves")])
        book = new_notebook(cells=[new_markdown_cell("# Title\n\nFirst words."), drawn])
        save(tmp_path / "notebooks" / f"{chapter}.ipynb", book)
    return tmp_path


def name(root, address):
    (root / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{address}"\n')


def contents(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_command_puts_both_sides_in_order_and_a_second_time_does_nothing(root, capsys):
    assert course.main(["check"], root) == 1
    assert capsys.readouterr().out.count("course.py links") == 4
    assert course.main(["links"], root) == 0
    after = contents(root)
    assert course.main(["links"], root) == 0
    assert contents(root) == after
    assert list(laws.complaints(root)) == []  # it need not be run again: its outputs are still its own
    assert course.main(["sync"], root) == 0
    assert contents(root) == after


def test_badges_stand_under_the_title_and_the_cell_before_the_first_code(root):
    course.main(["links"], root)
    for path in laws.notebooks(root):
        for book in (laws.read(path), laws.read(laws.script_of(path))):
            first, opens, draw = book.cells
            assert re.match(r"# Title\n\n\[!\[Open in Colab\].*\n\[!\[Open in Binder\].*\n\nFirst words", first.source)
            assert f"/gan-edu/gan_edu/blob/main/notebooks/{path.name})" in first.source
            assert f"urlpath=lab/tree/notebooks/{path.name})" in first.source
            assert opens.metadata.tags == ["colab"] and opens.source.startswith("# @title ")
            assert opens.metadata.jupyter == {"source_hidden": True} and opens.metadata.cellView == "form"
            assert opens.source == links.first_cell(HERE)
    assert laws.read(path).cells[2].outputs  # kept


def test_a_fork_renames_everything_with_one_command(root):
    course.main(["links"], root)
    name(root, FORK)
    assert course.main(["check"], root) == 1
    assert course.main(["links"], root) == 0
    assert list(laws.complaints(root)) == []
    texts = {path.name: path.read_text() for path in root.rglob("*") if path.suffix in (".md", ".cff", ".ipynb", ".py")}
    for file, text in texts.items():
        assert text.count("gan-edu/gan_edu") == (file == "README.md"), file  # there: the peer, whose name is longer
        assert "ada/gan-course" in text, file
    assert f"git clone {FORK}\n" in texts["README.md"] and f"[peer]({HERE}-2/x)" in texts["README.md"]
    assert f'repository-code: "{FORK}"\n' in texts["CITATION.cff"]


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.cells.pop(1),
        lambda book: book.cells.insert(0, book.cells.pop(1)),
        lambda book: book.cells.append(new_code_cell(book.cells[1].source, metadata={"tags": ["colab"]})),
        lambda book: book.cells[1].update(source="pass"),
        lambda book: book.cells[1].update(metadata={"tags": ["colab"]}),
        lambda book: book.cells[0].update(source=book.cells[0].source.replace("colab.png", "x.png")),
    ],
    ids=["no cell", "too early", "twice", "edited", "unfolded", "another badge"],
)
def test_what_an_edit_spoils_is_seen_and_mended(root, change):
    course.main(["links"], root)
    good, path = contents(root), root / "notebooks" / "01_first.ipynb"
    book = laws.read(path)
    change(book)
    if book.cells[0].cell_type == "code":  # no title at the top: said, not guessed at
        with pytest.raises(ValueError, match="must begin with its title"):
            links.write(book, path.stem, root)
        return
    assert links.write(copy.deepcopy(book), path.stem, root)
    save(path, book)
    assert any("links" in line for line in laws.complaints(root))
    course.main(["links"], root)
    assert laws.script_of(path).read_bytes() == good[laws.script_of(path)]


@pytest.mark.parametrize("address", ["https://github.com/a/b.git/", "git@github.com:a/b", "https://gitlab.com/a/b", ""])
def test_an_address_that_colab_cannot_open_is_refused(root, address):
    name(root, address)
    with pytest.raises(ValueError, match="OWNER/NAME"):
        links.repository(root)


@pytest.mark.parametrize(
    "name, words",
    [
        ("README.md", "README.md must begin with its title"),
        ("notebooks/scripts/01_first.py", "01_first: FAILED.*must begin with its title"),
    ],
)
def test_nothing_is_written_where_one_text_has_no_title(root, capsys, name, words):
    (root / name).write_text((root / name).read_text().replace("# Title", "Title").replace("# gan_edu", "gan_edu"))
    course.main(["sync"], root)
    before = contents(root)
    assert course.main(["links"], root) == 1 and contents(root) == before
    assert re.search(words, capsys.readouterr().err)


def test_links_leaves_a_pair_alone_where_both_sides_changed(root, capsys):
    script = root / "notebooks" / "scripts" / "01_first.py"
    script.write_text(script.read_text().replace("draw()", "draw(1)"))
    book = laws.read(root / "notebooks" / "01_first.ipynb")
    book.cells[1].source = "draw(2)"
    nbformat.write(book, root / "notebooks" / "01_first.ipynb")
    before = contents(root)
    assert course.main(["links"], root) == 1
    assert contents(root)[script] == before[script]
    assert "both changed" in capsys.readouterr().err


LIST = """
[[part]]
title = "The game"
making = ["03_later"]
""" + "".join(
    f"""
[[part.chapter]]
notebook = "{name}"
title = "{title}"
play = "x"
controls = []
minutes = {minutes}
"""
    for name, title, minutes in (
        ("00_start_here", "start here", 1),
        ("01_first", "first", 2),
        ("02_begun", UNWRITTEN, 3),
    )
)


def test_each_notebook_leads_to_the_chapters_before_and_after_it_at_its_top_and_end(root):
    (root / "notebooks" / "course.toml").write_text(LIST)
    course.main(["links"], root)
    start, second = (laws.read(path).cells for path in laws.notebooks(root))
    for cell in (start[0], start[-1]):
        assert cell.source.count("<!-- near -->\n[01 first](01_first.ipynb) →\n<!-- /near -->") == 1
    for cell in (second[0], second[-1]):
        assert "\n← [00 start here](00_start_here.ipynb) · [all chapters](00_start_here.ipynb#The-map)\n" in cell.source
    assert "\n\n<!-- near -->" in start[0].source and "<!-- /near -->\n\nFirst words." in start[0].source
    after = contents(root)
    assert course.main(["links"], root) == 0 and contents(root) == after


def test_links_follow_a_change_of_the_list(root):
    (root / "notebooks" / "course.toml").write_text(LIST)
    course.main(["links"], root)
    (root / "notebooks" / "course.toml").write_text(LIST.replace('title = "first"', 'title = "second"'))
    assert ["00_start_here" in line for line in laws.complaints(root) if "its map" in line] == [True]
    course.main(["links"], root)
    assert "[01 second](01_first.ipynb) →" in laws.read(laws.notebooks(root)[0]).cells[0].source
