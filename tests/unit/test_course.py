"""The laws see what breaks them; sync and lessons never lose an edit. Each test breaks a tiny course in one place."""

import json
import os
import re

import course
import laws
import nbformat
import pytest
from helpers.notebooks import PNG, picture, save, words
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gan_edu.core.notebook import stills

LIVE = {laws.WIDGET: {"model_id": "x"}}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for name in ("00_start_here", "01_first", "02_second"):
        book = new_notebook(
            cells=[
                new_markdown_cell("# Title\n\n[next](../README.md), $D[x](z)$"),
                new_code_cell("1 + 1"),
                new_code_cell("draw()", outputs=[picture(), words()]),
            ]
        )
        save(tmp_path / "notebooks" / f"{name}.ipynb", book)
    for name in ("__init__", "first", "second", "core/__init__", "core/data", "widgets/__init__", "exercises/first"):
        path = tmp_path / "gan_edu" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / "gan_edu" / "second.py").write_text("from . import first\nfrom .core.data import x\nimport torch\n")
    (tmp_path / "gan_edu" / "exercises" / "first.py").write_text("from ..first import f\n")
    (tmp_path / "README.md").write_text(
        "[start](notebooks/00_start_here.ipynb#top) <a href='https://x.org/home/a'>x</a>"
    )
    return tmp_path


def first(root):
    return root / "notebooks" / "01_first.ipynb"


def found(root):
    return list(laws.complaints(root))


def changed(root, change, **options):
    """What is found after `change(book)` on the first chapter's notebook."""
    book = laws.read(first(root))
    change(book)
    save(first(root), book, **options)
    return found(root)


def test_a_good_course_has_no_complaints(root):
    assert found(root) == []
    assert course.main(["check"], root) == 0


def test_check_exits_with_1_and_names_the_place(root, capsys):
    (root / "README.md").write_text("[x](nowhere.md)")
    assert course.main(["check"], root) == 1
    assert "README.md: links to nowhere.md" in capsys.readouterr().out


# Laws of one notebook


def last(**fields):
    def change(book):
        for name, value in fields.items():
            book.cells[-1][name] = value

    return change


def code_cell(source, **notes):
    return lambda book: book.cells.append(new_code_cell(source, metadata=notes))


FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}


BROKEN = {
    "an error": (last(outputs=[new_output("error", ename="E", evalue="e", traceback=[])]), "cell 3: its stored output"),
    "nothing to check": (code_cell("f()", tags=["nbval-check-output"]), "cell 4: the tag nbval-check-output without"),
    "a mark in a line": (code_cell("# NBVAL_CHECK_OUTPUT\nf()"), "cell 4: nbval's mark is a tag"),
    "folded in JupyterLab only": (code_cell("# @title A\nf()", jupyter=FOLDED["jupyter"]), "cell 4 is folded in one"),
    "folded on Colab only": (code_cell("# @title A\nf()", cellView="form"), "cell 4 is folded in one"),
    "folded without a title": (code_cell("f()", **FOLDED), "cell 4 is folded and does not say"),
    "a live view": (last(outputs=[new_output("display_data", LIVE)]), "cell 3: a live view"),
    "a live frame": (last(outputs=[new_output("display_data", {"text/html": "<iframe srcdoc='x'>"})]), "live view"),
    "no alt text": (last(outputs=[picture(alt=" ")]), "cell 3: a picture without alt"),
    "no words": (last(outputs=[picture(), picture(), words()]), "cell 3: a picture without its words"),
    "no alt in html": (last(outputs=[new_output("display_data", {"text/html": "<img alt=''>"})]), "without alt"),
    "no alt in prose": (lambda b: b.cells.append(new_markdown_cell("![](../README.md)")), "cell 4: a picture without"),
    "a hex colour": (code_cell("ax.plot(x, color=f('#ff0000'))"), "cell 4: the colour '#ff0000'"),
    "a named colour": (code_cell("ax.bar(x, color=['red'])"), "cell 4: the colour 'red'"),
    "a format string": (code_cell("%time 1\nax.plot(x, y, 'r--')"), "cell 4: the colour 'r--'"),
    "a long cell": (lambda b: [code_cell("\n".join(["x = 1"] * n))(b) for n in (*[1] * 9, 41)], "cell has 41"),
    "long cells": (lambda b: [code_cell("\n".join(["x = 1"] * 11))(b) for _ in range(3)], "median code cell has 11"),
    "many long cells": (lambda b: [code_cell("\n".join(["x = 1"] * n))(b) for n in (1, 1, 26)], "90th percentile"),
    "a wide line": (code_cell("x = 1\ny = '" + "–" * 89 + "'"), "cell 4, line 2 has 95 characters, at most 93"),
    "a wide line in a solution": (
        lambda b: b.cells.append(new_markdown_cell(f"`{'x' * 99}`\n\n```python\nx = 1\n# {'x' * 92}\n```")),
        "cell 4, line 5 has 94 characters, at most 93",
    ),
    "this machine": (code_cell("open('/ho' + 'me')  # /home/ada/x"), "path of one machine, /home/ada"),
    "a number where a line is broken": (
        lambda b: b.cells.append(new_markdown_cell("- He et al.\n  (see there,\n  2015) say\n\n1. one\n2. two")),
        "cell 4: a line begins with the number 2015",
    ),
    "a figure unseen": (code_cell("show(figure, 'a line')\nx = 1"), "cell 4: a figure that nobody sees"),
    "a silent assert": (code_cell("%time 1\nassert 1 < 2"), "cell 4: an assert without a message"),
    "an unjudged number": (lambda b: b.cells.append(new_markdown_cell("It is 2.5 times as fast.")), "no entry says"),
    "a pasted picture": (
        lambda b: b.cells.append(
            new_markdown_cell("![x](attachment:a.png)", attachments={"a.png": {"image/png": PNG}})
        ),
        "cell 4: its script cannot hold a pasted picture",
    ),
    "alt text that is a number": (last(outputs=[picture(alt=5)]), "cell 3: a picture without alt"),
    "no metadata": (
        last(outputs=[new_output("display_data", {"image/png": PNG}, metadata={"image/png": None})]),
        "cell 3: a picture without alt",
    ),
    "minutes in words": (
        lambda b: b.metadata["gan_edu"].update(minutes="five"),
        "the law 'executed' cannot be held to it: TypeError",
    ),
    "a broken link": (lambda b: b.cells.append(new_markdown_cell("[x](../gone.md)")), "links to ../gone.md"),
}


@pytest.mark.parametrize("change, complaint", BROKEN.values(), ids=BROKEN)
def test_what_breaks_a_notebook_is_seen(root, change, complaint):
    (line,) = changed(root, change)
    assert complaint in line and line.startswith("notebooks/01_first.ipynb: ")


@pytest.mark.parametrize(
    "source",
    [
        "plot(color=PALETTE['real'], label='red')",
        "ax.plot(x, y, '--', mfc='none')",
        "print('#1', 'b')",
        "ax.imshow(x, cmap='gray')",
    ],
)
def test_the_palettes_own_colours_are_welcome(root, source):
    assert changed(root, code_cell(source)) == []


def test_folded_code_and_prose_may_be_wide(root):
    wide = f"Words {'x' * 99}"
    assert changed(root, code_cell(f"# @title A\n# {wide}", **FOLDED)) == []
    assert changed(root, lambda b: b.cells.append(new_markdown_cell(f"```python\nf()\n```\n\n{wide}"))) == []


def test_an_error_that_the_lesson_wants_may_stay(root):
    def change(book):
        last(outputs=[new_output("error", ename="E", evalue="e", traceback=[])])(book)
        book.cells[-1].metadata["tags"] = ["raises-exception"]

    assert changed(root, change) == []


WAITS = {
    "nothing said": ("Look.", 40, False),
    "seconds": ("It takes about 40\nseconds on two cores.", 41, True),
    "a minute": ("It takes about a minute on two cores.", 70, True),
    "minutes": ("It takes about 2 minutes on two cores.", 100, True),
    "far less": ("It takes about 15 seconds on two cores.", 31, False),
    "far more": ("It takes about 2 minutes on two cores.", 59, False),
}


@pytest.mark.parametrize("prose, seconds, fits", WAITS.values(), ids=WAITS)
def test_a_slow_cell_says_before_how_long_it_takes(root, prose, seconds, fits):
    def change(book):
        book.cells.insert(-1, new_markdown_cell(prose))
        book.metadata["gan_edu"]["slow"] = {book.cells[-1].id: seconds}

    said = [line for line in changed(root, change) if "no entry says" not in line]
    assert said == [] if fits else "took" in said[0] and f"about {seconds} seconds on two cores" in said[0]


def test_what_is_said_stands_right_above_the_cell_or_above_what_is_folded_between(root):
    def change(between, notes):
        def insert(book):
            told = new_markdown_cell("It takes about a minute on two cores.")
            book.cells[-1:-1] = [told, new_code_cell(between, execution_count=1, metadata=notes)]
            book.metadata["gan_edu"]["slow"] = {book.cells[-1].id: 60}

        return insert

    assert not any("took" in line for line in changed(root, change("# @title A helper\n1", FOLDED)))
    assert any("took" in line for line in changed(root, change("2", {})))


def test_code_changed_since_it_ran_is_seen_and_prose_is_not(root):
    assert changed(root, lambda book: book.cells[0].update(source="# Other"), executed=False) == []
    told = changed(root, last(source="draw(2)"), executed=False)
    assert any("changed since" in line and line.endswith("python tools/course.py lessons 01") for line in told)


def test_outputs_of_another_pace_are_seen(root):
    book = laws.read(first(root))
    book.metadata["gan_edu"]["pace"] = "test"
    course.store(first(root), book)
    assert any("lesson pace" in line for line in found(root))


def test_a_lesson_that_took_too_long_is_seen(root):
    book = laws.read(first(root))
    book.metadata["gan_edu"]["minutes"] = 5.1
    course.store(first(root), book)
    assert any("5.1 minutes" in line for line in found(root))


def test_a_cell_that_never_ran_is_seen(root):
    book = laws.read(first(root))
    book.cells[1].execution_count = None
    course.store(first(root), book)
    assert found(root) == ["notebooks/01_first.ipynb: cell 2 never ran"]


# Laws of the tree


def test_a_pair_that_differs_or_lacks_one_side_is_seen(root):
    script = laws.script_of(first(root))
    script.write_text(script.read_text().replace("draw()", "draw(3)"))
    assert found(root) == ["notebooks/01_first.ipynb: differs from its script: make sync"]
    script.unlink()
    assert len(found(root)) == 1 and "is missing" in found(root)[0]
    laws.script_of(root / "notebooks" / "05_new.ipynb").write_text("# %%\n1\n")
    assert any("05_new" in line for line in found(root))


def test_tags_belong_to_the_pair(root):
    script = laws.script_of(first(root))
    script.write_text(script.read_text().replace("# %%\ndraw()", '# %% tags=["raises-exception"]\ndraw()'))
    assert any("differs" in line for line in found(root))


def test_large_notebooks_are_seen(root):
    def grow(size, **mark):
        def change(book):
            book.cells[-1].outputs[0].data["image/png"] = "A" * size
            book.metadata["gan_edu"].update(mark)

        return change

    assert any("600 KB" in line or "601 KB" in line or "602 KB" in line for line in changed(root, grow(600_000)))
    assert changed(root, grow(600_000, large="sixty frames")) == []
    assert len(changed(root, grow(1_000_000, large="sixty frames"))) == 1


@pytest.mark.parametrize(
    "path, source, complaint",
    [
        ("first.py", "def f():\n    from gan_edu.second import g", "imports second, which comes later"),
        ("first.py", "from gan_edu import second", "imports second, which comes later"),
        ("exercises/first.py", "import gan_edu.second", "imports second, which comes later"),
        ("core/data/datasets.py", "from ...first import f", "core knows no chapter, but imports first"),
        ("core/data/datasets.py", "from ...widgets import replay", "core knows no widget"),
        ("widgets/__init__.py", "from .. import first", "widgets knows no chapter, but imports first"),
        ("core/data/datasets.py", "from gan_edu.exercises import first", "exercises stand on the chapters"),
        ("first.py", "import gan_edu.exercises.first", "exercises stand on the chapters"),
    ],
)
def test_an_import_upwards_is_seen(root, path, source, complaint):
    (root / "gan_edu" / path).parent.mkdir(parents=True, exist_ok=True)
    (root / "gan_edu" / path).write_text(source)
    assert complaint in found(root)[0] and all("circle" in line for line in found(root)[1:])


def test_a_name_with_two_meanings_is_seen(root):
    def twice(book):
        book.cells[1].source, book.cells[2].source = "from a import field", "from b import field\nfrom a import g"

    assert any("field is imported from a.field and from b.field" in line for line in changed(root, twice))

    def once(book):
        book.cells[1].source, book.cells[2].source = "from a import field", "from a import field, g as h"

    assert not any("is imported from" in line for line in changed(root, once))


@pytest.mark.parametrize(
    "source, name",
    [
        ("from gan_edu.core.b import _own", "_own"),
        ("from gan_edu.core import b\nb._own()", "_own"),
        ("def f(thing):\n    return thing._kept", "_kept"),
    ],
)
def test_a_private_name_of_another_module_is_seen(root, source, name):
    (root / "gan_edu" / "core" / "b.py").write_text("def _own():\n    pass\nclass B:\n    def f(self): self._kept = 1")
    (root / "gan_edu" / "core" / "a.py").write_text(source)
    assert [line for line in found(root) if "private" in line] == [
        f"gan_edu/core/a.py: reaches for {name}, which is private to another module: "
        "give it a public name, or do without"
    ]


def test_ones_own_private_names_and_other_packages_are_welcome(root):
    (root / "gan_edu" / "core" / "b.py").write_text(
        "import torch\nfrom x import _theirs\ndef _own(): pass\n_own()\ntorch._foreach_sub\n"
        "class B:\n    def _f(self): super()._g()\n    def g(self, other): return self._f() or other._f()"
    )
    (root / "gan_edu" / "core" / "c.py").write_text("class C:\n    def f(self): return self._f()")
    assert found(root) == []


@pytest.mark.parametrize(
    "line",
    [
        "a(), b()",
        "[x] * (y > 1)",
        "(x,) * bool(y)",
        "[x] * torch.cuda.is_available()",
        "'s' * (a and b)",
        "'s' * (not a)",
        "f'{a}' * any(b)",
    ],
)
def test_an_idiom_that_must_be_read_twice_is_seen(root, line):
    (root / "tools").mkdir(exist_ok=True)
    (root / "tools" / "a.py").write_text(f"x = 1\nz = 2\n{line}\n")
    assert len(found(root)) == 1 and found(root)[0].startswith("tools/a.py: line 3: ")


def test_plain_lines_are_no_idioms(root):
    (root / "gan_edu" / "core" / "a.py").write_text("x = [0] * 3\na, b = 1, 2\n'-' * width\n[[0.0] * n]\n3 * (a > b)")
    assert found(root) == []


def test_a_circle_is_seen(root):
    (root / "gan_edu" / "core" / "a.py").write_text("from gan_edu.core import b")
    (root / "gan_edu" / "core" / "b.py").write_text("def f():\n    from .c import x")
    (root / "gan_edu" / "core" / "c.py").write_text("import gan_edu.core.a")
    assert [line.partition(":")[0] for line in found(root)] == [f"gan_edu/core/{name}.py" for name in "abc"]


def test_a_registrys_host_is_seen_in_any_file(root):
    (root / ".ci").mkdir()
    (root / ".ci" / "run").write_text("pip install --index-url https://" + laws.REGISTRIES[0])
    (root / ".venv").mkdir()
    (root / ".venv" / "x.txt").write_text(laws.REGISTRIES[0])
    assert found(root) == [f".ci/run: names the registry host {laws.REGISTRIES[0]}"]


def test_a_path_in_an_output_is_seen_and_base64_is_not(root):
    text = new_output("stream", name="stdout", text="saved to /tmp/x")
    assert any("/tmp/x" in line for line in changed(root, last(outputs=[text])))
    assert changed(root, last(outputs=[picture(**{"text/plain": "<Figure>"}), words()])) == []
    (root / "README.md").write_text("Unpack it under /home/ada/gan")
    assert any("README.md: bears a path" in line for line in found(root))


SPOILT = {
    "no Python": ("gan_edu/x.py", b"def (", "gan_edu/x.py: the law 'readable' cannot be held to it: SyntaxError"),
    "Latin-1": ("gan_edu/x.py", b"# \xe9", "gan_edu/x.py: the law 'readable' cannot be held to it: UnicodeDecode"),
    "a NUL": ("gan_edu/x.py", b"x = '\0'", "gan_edu/x.py: the law 'readable' cannot be held to it: "),
    "a text in Latin-1": ("notes.md", b"caf\xe9", "notes.md: the law 'readable' cannot be held to it: UnicodeDecode"),
    "a test in Latin-1": ("tests/test_x.py", b"# \xe9", "tests/test_x.py: the law 'readable'"),
    "a long link": ("notes.md", b"[x](" + b"y" * 5000 + b")", "notes.md: links to yyy"),
    "a link with a NUL": ("notes.md", b"[x](%00)", "notes.md: links to \0"),
    "a link to this machine": ("notes.md", b"[x](/etc)", "notes.md: links to /etc, which is a place of one machine"),
    "a link without a scheme": ("notes.md", b"[x](//x.org/y)", "notes.md: links to //x.org/y, which is a place of"),
    "no address": ("pyproject.toml", b'Repository = "git@x"\n', "held to it: ValueError: pyproject.toml must hold"),
    "no title": ("pyproject.toml", b'Repository = "https://github.com/a/b"\n', "ValueError: README.md must begin with"),
}


@pytest.mark.parametrize("name, data, complaint", SPOILT.values(), ids=SPOILT)
def test_what_no_law_can_be_held_to_is_a_line_that_names_it(root, name, data, complaint):
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_bytes(data)
    assert any(complaint in line for line in found(root))
    assert course.main(["check"], root) == 1


@pytest.mark.parametrize("which", [first, lambda root: laws.script_of(first(root))], ids=["notebook", "script"])
def test_a_folder_in_a_files_place_is_named(root, capsys, which):
    which(root).unlink()
    which(root).mkdir()
    for command in (["check"], ["sync"]):
        assert course.main(command, root) == 1
        shown = capsys.readouterr()
        assert f"{which(root).name} cannot be read: Is a directory" in shown.out + shown.err


# Sync


def edit_script(path, old="draw()", new="draw(7)"):
    script = laws.script_of(path)
    script.write_text(script.read_text().replace(old, new))


def edit_notebook(path, source):
    book = laws.read(path)
    book.cells[1].source = source
    nbformat.write(book, path)


def test_sync_carries_the_scripts_edit_and_keeps_the_other_outputs_and_ids(root):
    path, before = first(root), laws.read(first(root))
    edit_script(path, "1 + 1", "1 + 2")
    assert course.main(["sync", "01"], root) == 0
    after = laws.read(path)
    assert [cell.source for cell in after.cells[1:]] == ["1 + 2", "draw()"]
    assert [cell.id for cell in after.cells] == [cell.id for cell in before.cells]
    assert after.cells[2].outputs == before.cells[2].outputs
    edit_script(path)
    course.sync(path)
    assert laws.read(path).cells[2].outputs == [] and laws.read(path).cells[2].execution_count is None


@pytest.mark.parametrize("edit", [edit_script, lambda path: edit_notebook(path, "2 + 2")])
def test_a_sync_that_is_cut_off_loses_neither_side(root, monkeypatch, edit):
    path = first(root)
    edit(path)
    both = {each: each.read_bytes() for each in (path, laws.script_of(path))}

    def cut_off(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", cut_off)
        with pytest.raises(KeyboardInterrupt):
            course.sync(path)
    assert {each: each.read_bytes() for each in both} == both
    assert sorted(each.name for each in path.parent.iterdir() if "first" in each.name) == [path.name]
    assert course.main(["sync", "01"], root) == 0
    assert laws.content(laws.read(path)) == laws.content(laws.read(laws.script_of(path)))


def test_sync_carries_the_notebooks_edit(root):
    path = first(root)
    edit_notebook(path, "3 + 3")
    assert course.sync(path) == "01_first.py ← 01_first.ipynb"
    assert "3 + 3" in laws.script_of(path).read_text()
    edit_script(path, "3 + 3", "4 + 4")  # and again, without a commit in between
    assert course.sync(path) == "01_first.ipynb ← 01_first.py"
    assert course.sync(path) is None


def test_sync_refuses_when_both_sides_changed(root, capsys):
    path = first(root)
    edit_notebook(path, "3 + 3")
    edit_script(path)
    before = path.read_bytes(), laws.script_of(path).read_bytes()
    assert course.main(["sync"], root) == 1
    assert (path.read_bytes(), laws.script_of(path).read_bytes()) == before
    shown = capsys.readouterr().err
    assert "-3 + 3" in shown and "+draw(7)" in shown
    assert course.main(["sync", "first", "--from", "script"], root) == 0
    assert laws.read(path).cells[1].source == "1 + 1" and "draw(7)" in laws.read(path).cells[2].source


def test_sync_refuses_when_nothing_tells_which_side_is_newer(root):
    path = first(root)
    book = laws.read(path)
    del book.metadata["gan_edu"]["synced"]
    nbformat.write(book, path)
    edit_script(path)
    with pytest.raises(course.Refused):
        course.sync(path)


def test_a_pair_that_agrees_is_remembered_whoever_made_it_agree(root):
    path = first(root)
    book = laws.read(path)
    del book.metadata["gan_edu"]["synced"]
    nbformat.write(book, path)
    assert course.sync(path) is None
    edit_script(path)
    assert course.sync(path) == "01_first.ipynb ← 01_first.py"


def test_sync_makes_the_missing_side(root):
    path = first(root)
    content = laws.content(laws.read(path))
    laws.script_of(path).unlink()
    course.sync(path)
    assert laws.content(laws.read(laws.script_of(path))) == content
    path.unlink()
    course.sync(path)
    assert laws.content(laws.read(path)) == content


def test_what_jupytext_must_not_change_survives_the_trip(root):
    path = first(root)
    cells = [
        new_markdown_cell("a  \nb\n\n```python\n# %% no cell\n```\n"),
        new_code_cell("%pwd\nx = 1\n"),
        new_code_cell(""),
        new_code_cell("!ls", metadata={"tags": ["b", "a"], "jupyter": {"x": 1}}),
    ]
    save(path, new_notebook(cells=cells))
    assert laws.content(laws.read(laws.script_of(path))) == laws.content(laws.read(path))


KEPT_NOTES = {
    "tags": ["nbval-check-output", "colab"],
    "jupyter": {"source_hidden": True},
    "slideshow": {"slide_type": "subslide"},
    "cellView": "form",
}


@pytest.mark.parametrize("kind", [new_code_cell, new_markdown_cell])
@pytest.mark.parametrize("name", [*KEPT_NOTES, "all"])
def test_what_is_noted_of_a_cell_survives_the_trip_to_the_script_and_back(root, name, kind):
    notes = KEPT_NOTES if name == "all" else {name: KEPT_NOTES[name]}
    path = first(root)
    save(path, new_notebook(cells=[kind("pass", metadata=notes)]))
    path.unlink()  # so that it is made anew from the script alone
    course.sync(path)
    (cell,) = laws.read(path).cells
    assert {each: cell.metadata[each] for each in notes} == notes


@pytest.mark.parametrize("name", KEPT_NOTES)
def test_what_is_noted_of_a_cell_belongs_to_the_pair(root, name):
    path = first(root)
    book = laws.read(path)
    book.cells[-1].metadata[name] = KEPT_NOTES[name]
    path.write_text(course.form(book))
    assert any("differs from its script" in line for line in found(root))
    course.sync(path)
    assert laws.read(laws.script_of(path)).cells[-1].metadata[name] == KEPT_NOTES[name]


def test_what_front_ends_note_of_the_moment_is_left_out(root):
    path = first(root)
    before = path.read_bytes()
    book = laws.read(path)
    moment = {"jupyter": {"source_hidden": False, "outputs_hidden": True}, "slideshow": {"slide_type": "-"}}
    book.cells[-1].metadata.update({**moment, "cellView": "both", "collapsed": False, "trusted": True})
    nbformat.write(book, path)
    assert course.sync(path) is None and course.form(laws.read(path)).encode() == before


NOT_TO_BE_HELD = {
    "a cell's mark": "x = 1\n# %% a note\ny = 2",
    "a mark on top": "#%% a\nx = 1",
    "a mark within": "if 1:\n    # %% x\n    pass",
    "a mark in a file": "%%writefile a.py\n# %% x\ny",
    "blanks": "   ",
    **{f"{end!a}": f"x = 1  # a{end}b" for end in "\v\f\x1c\x1d\x1e\x85\u2028\u2029\r"},
    "an end at the end": "x = 1\u2028",
}


@pytest.mark.parametrize("kind", ["code", "markdown"])
@pytest.mark.parametrize("source", NOT_TO_BE_HELD.values(), ids=NOT_TO_BE_HELD)
def test_what_a_script_would_not_give_back_is_refused_and_nothing_is_written(root, capsys, source, kind):
    path = first(root)
    book = json.loads(path.read_text())
    book["cells"][1] |= {"cell_type": kind, "source": source}
    if kind == "markdown":
        del book["cells"][1]["outputs"], book["cells"][1]["execution_count"]
    path.write_text(json.dumps(book))
    before = path.read_bytes(), laws.script_of(path).read_bytes()
    code = course.main(["sync", "01"], root)
    if code:
        assert (path.read_bytes(), laws.script_of(path).read_bytes()) == before
        assert "cell 2" in capsys.readouterr().err
    assert code or laws.read(path).cells[1].source == source and course.sync(path) is None
    assert code == 1 or kind == "markdown" and source.isascii()


@pytest.mark.parametrize("end", ["\u2028", "\f", "\r"], ids=ascii)
def test_a_line_end_that_is_none_to_python_makes_no_code_of_a_scripts_comment(root, capsys, end):
    edit_script(first(root), new=f"draw()  # a{end}b")
    before = first(root).read_bytes()
    assert course.main(["sync", "01"], root) == 1 and first(root).read_bytes() == before
    assert "01_first.py, line" in capsys.readouterr().err


def test_a_copy_is_no_chapter(root):
    path = first(root)
    path.with_name("01_first-Copy1.ipynb").write_bytes(path.read_bytes())
    (line,) = found(root)
    assert "01_first-Copy1.ipynb: is no chapter's name" in line
    assert course.main(["sync"], root) == 0 and len(laws.every(root)) == 3


def test_a_name_that_is_no_notebook_is_refused(root):
    with pytest.raises(SystemExit, match="no notebook 77"):
        course.main(["sync", "77"], root)


# What other programs save

NOTES = {"execution": {"iopub.execute_input": "2026-01-01T00:00:00Z"}, "scrolled": True}


def as_colab(book):
    """Format 4.0 without ids, a badge on top, notes of its own; no kernel's language."""
    book["cells"].insert(
        0,
        {
            "cell_type": "markdown",
            "metadata": {"id": "view-in-github", "colab_type": "text"},
            "source": ['<a href="https://colab.research.google.com"><img alt="x"/></a>'],
        },
    )
    for n, cell in enumerate(book["cells"][1:]):
        del cell["id"]
        cell["metadata"] |= {"id": f"rLg2QMmR6TC{n}", "cellView": "both", "colab": {"base_uri": "x"}, "outputId": "y"}
    book["metadata"] |= {
        "colab": {"provenance": []},
        "accelerator": "GPU",
        "widgets": {"z": {}},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
    }
    book["nbformat_minor"] = 0


def as_vs_code(book):
    for cell in book["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "python"}
    book["metadata"]["kernelspec"] = {"name": "python3", "display_name": ".venv", "language": "python"}
    book["metadata"]["vscode"] = {"interpreter": {"hash": "1f2e"}}


def as_pycharm(book):
    for cell in book["cells"]:
        cell["metadata"]["pycharm"], cell["id"] = {"name": "#%%\n"}, "same"
    book["metadata"]["kernelspec"] = {"name": "pycharm-1f2e", "display_name": "PyCharm (x)", "language": "python"}


def as_notebook_of_2014(book):
    for cell in book["cells"]:
        del cell["id"]
        if cell["cell_type"] == "code":
            cell |= {"language": "python", "input": cell.pop("source"), "prompt_number": cell.pop("execution_count")}
            cell |= {"collapsed": False, "outputs": []}
    del book["nbformat_minor"]
    book |= {"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": book.pop("cells"), "metadata": {}}]}


SAVED = {
    "Colab": as_colab,
    "VS Code": as_vs_code,
    "PyCharm": as_pycharm,
    "JupyterLab": lambda book: [cell["metadata"].update(NOTES) for cell in book["cells"]],
    "state of controls": lambda book: book["metadata"].update(widgets={"application/vnd…": {}}),
    "no kernel": lambda book: book["metadata"].pop("kernelspec"),
    "Windows' line ends": lambda book: book["cells"][0].update(
        source=[line.replace("\n", "\r\n") for line in book["cells"][0]["source"]]
    ),
    "nbformat 3": as_notebook_of_2014,
}


def saved_by(change, path, edit=None, encoding="utf-8"):
    book = json.loads(path.read_text())
    change(book)
    if edit:
        (book.get("cells") or book["worksheets"][0]["cells"])[-1]["input" if "worksheets" in book else "source"] = edit
    path.write_bytes(json.dumps(book, indent=4).replace("\n", "\r\n").encode(encoding))


@pytest.mark.parametrize("change", SAVED.values(), ids=SAVED)
def test_what_another_program_saved_is_seen_and_brought_back_to_the_courses_form(root, change, capsys):
    path, good = first(root), first(root).read_bytes()
    kept = [cell.id for cell in laws.read(path).cells]
    saved_by(change, path, encoding="utf-8-sig")
    assert found(root) == [
        "notebooks/01_first.ipynb: another program has saved it in a form of its own: python tools/course.py tidy 01"
    ]
    assert course.main(["tidy", "01"], root) == 0 and course.main(["sync"], root) == 0
    ids = [cell.id for cell in laws.read(path).cells]
    assert len(set(ids)) == 3 and b"view-in-github" not in path.read_bytes()
    if change in (as_colab, as_pycharm, as_notebook_of_2014):
        assert ids[1:] != kept[1:]
    else:
        assert path.read_bytes() == good


@pytest.mark.parametrize("change", SAVED.values(), ids=SAVED)
def test_an_edit_in_another_program_is_carried_to_the_script_and_back(root, change):
    path = first(root)
    save_lines = json.loads(path.read_text())
    saved_by(change, path, edit="draw(5)")
    assert course.sync(path) in ("01_first.py ← 01_first.ipynb", None)
    script = laws.script_of(path).read_text()
    assert "draw(5)" in script and "display_name: Python 3 (ipykernel)" in script
    assert not re.search("colab|vscode|pycharm|\\r", script)
    edit_script(path, "draw(5)", "draw(6)")
    laws.script_of(path).write_bytes(b"\xef\xbb\xbf" + laws.script_of(path).read_bytes().replace(b"\n", b"\r\n"))
    assert course.sync(path) == "01_first.ipynb ← 01_first.py"
    book = json.loads(path.read_text())
    assert book["cells"][-1]["source"] == ["draw(6)"] and book["nbformat_minor"] == 5
    assert book["metadata"]["kernelspec"] == save_lines["metadata"]["kernelspec"]


MARKS = "<<<<<<< HEAD\n{0}\n=======\n{0}2\n>>>>>>> theirs\n"
NO_NOTEBOOK = {
    "empty": (".ipynb", lambda text: "", "01_first.ipynb is empty"),
    "empty script": (".py", lambda text: "\n", "01_first.py is empty"),
    "merge": (".ipynb", lambda text: text.replace(' "cells"', MARKS.format(' "cells"')), "01_first.ipynb, line 2: a"),
    "merge in a cell": (
        ".ipynb",
        lambda text: text.replace('"draw()"', json.dumps(MARKS.format("draw()"))),
        "01_first.ipynb, cell 3: a merge",
    ),
    "merge in the script": (
        ".py",
        lambda text: text.replace("draw()\n", MARKS.format("draw()")),
        "01_first.py, cell 3: a merge",
    ),
    "cut off": (".ipynb", lambda text: text[:200], "01_first.ipynb is no notebook: Notebook does not appear to be"),
    "a list": (".ipynb", lambda text: "[]", "01_first.ipynb is no notebook"),
    "a table": (".ipynb", lambda text: '{"cells": 3}', "01_first.ipynb is no notebook"),
    "nbformat 9": (".ipynb", lambda text: text.replace('"nbformat": 4', '"nbformat": 9'), "01_first.ipynb is no noteb"),
    "a strange cell": (
        ".ipynb",
        lambda text: text.replace('"execution_count": 2', '"told": 1, "execution_count": 2'),
        "01_first.ipynb, cell 3 is no notebook: Additional properties",
    ),
    "no cells": (
        ".ipynb",
        lambda text: '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        "01_first.ipynb holds no cells",
    ),
    "half a character": (".ipynb", lambda text: text.replace("draw()", "draw(\\ud800)"), "01_first.ipynb is no noteb"),
    "a list in a table's place": (
        ".ipynb",
        lambda text: re.sub(r'"gan_edu": {[^}]*}', '"gan_edu": [1]', text),
        "metadata.gan_edu must be a table",
    ),
    "another coding": (".ipynb", lambda text: text.encode("utf-16"), "01_first.ipynb is not text in UTF-8"),
}


@pytest.mark.parametrize("suffix, spoil, words", NO_NOTEBOOK.values(), ids=NO_NOTEBOOK)
def test_what_holds_no_notebook_is_named_and_nothing_is_written(root, capsys, suffix, spoil, words):
    place = first(root) if suffix == ".ipynb" else laws.script_of(first(root))
    made = spoil(place.read_text())
    place.write_bytes(made if isinstance(made, bytes) else made.encode())
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for command in (["check"], ["sync"], ["lessons", "01"], ["links"], *([["tidy"]] if suffix == ".ipynb" else [])):
        assert course.main(command, root) == 1
        shown = capsys.readouterr()
        assert words in shown.out + shown.err, command
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "source, words", [("x = (1", "cell 4, line 1"), ("1 +\n2 3", "cell 4, line"), ("a = [\n1\nfor", "cell 4, line")]
)
def test_a_cell_that_is_no_python_is_named(root, source, words):
    saw = changed(root, code_cell(source))
    assert len(saw) == 2 and all(words in line and "01_first." in line for line in saw)


@pytest.mark.parametrize(
    "source",
    [
        "%%time\n1",
        "%%bash\nfor x in 1 2; do echo $x; done",
        "x = !ls\n",
        "draw?",
        "!ls |\\\n wc",
        "%timeit draw()",
        "x = %pwd",
        "?draw",
        "await draw()",
    ],
)
def test_ipythons_own_lines_are_welcome(root, source):
    assert changed(root, code_cell(source)) == []


# Lessons

RICH = f"""import os, sys; from IPython.display import display
png = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAA"
       "AgABSK+kcQAAAABJRU5ErkJggg==")
display({{"image/png": png, "text/plain": "a dot", "text/html": "<iframe srcdoc='x'>",
         "{laws.WIDGET}": {{}}}},
        raw=True, metadata={{"image/png": {{"alt": "a dot"}}}})
display({{"{laws.WIDGET}": {{}}, "text/plain": "HBox()"}}, raw=True)
print(os.environ["GAN_EDU_PACE"], os.environ["GAN_EDU_DRIVER"],
      os.path.basename(os.getcwd()))
print("10%", file=sys.stderr); print("\\r50%\\r100%", file=sys.stderr)"""


def test_lessons_store_pictures_in_place_of_live_views(root):
    path = first(root)
    save(path, new_notebook(cells=[new_code_cell(RICH), new_markdown_cell("x")]), executed=False)
    assert course.main(["lessons", "01"], root) == 0
    book = laws.read(path)
    kept, heard, out, err = book.cells[0].outputs
    assert set(kept.data) == {"image/png", "text/plain"} and kept.metadata == {"image/png": {"alt": "a dot"}}
    assert heard.data == stills.words("a dot")
    assert (out.text, err.text) == ("lesson inline notebooks\n", "100%")
    assert "widgets" not in book.metadata and "execution" not in book.cells[0].metadata
    assert found(root) == [] and 0 <= book.metadata["gan_edu"]["minutes"] < 2


def test_tidy_sorts_the_words(root, capsys):
    path = root / "gan_edu" / "words" / "zh.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"b": {"y": "二", "x": "一"}, "a": {}}', encoding="utf-8")
    assert course.main(["tidy"], root) == 0 and capsys.readouterr().out == "zh.json\n"
    assert path.read_text(encoding="utf-8").split() == [
        "{",
        '"a":',
        "{},",
        '"b":',
        "{",
        '"x":',
        '"一",',
        '"y":',
        '"二"',
        "}",
        "}",
    ]
    assert course.main(["tidy"], root) == 0 and capsys.readouterr().out == ""


def test_tidy_brings_stored_outputs_to_the_same_form(root, capsys):
    """One bundle or three outputs, stored or fresh; code, counts and other outputs stay."""
    path, shown = first(root), {"image/png": PNG, "text/plain": "Replay()"}
    about = {"image/png": {"alt": "a film"}}
    one = new_output("execute_result", {**shown, **LIVE}, metadata=about, execution_count=3)
    three = [
        new_output("display_data", LIVE),
        new_output("display_data", shown, metadata=about),
        new_output("display_data", stills.words_instead("a film")),
    ]
    told = new_output("stream", name="stdout", text="1\n")
    cells = [new_code_cell("a", outputs=[told, one]), new_code_cell("b", outputs=[*three, told])]
    save(path, new_notebook(cells=cells))
    before = laws.read(path)
    assert course.main(["tidy"], root) == 0
    assert capsys.readouterr().out == "01_first.ipynb\n"
    after = laws.read(path)
    still = [new_output("display_data", shown, metadata=about), words("a film")]
    assert [cell.outputs for cell in after.cells] == [[told, *still], [*still, told]]
    assert [(cell.id, cell.source, cell.execution_count) for cell in after.cells] == [
        (cell.id, cell.source, cell.execution_count) for cell in before.cells
    ]
    assert found(root) == [] and course.main(["tidy"], root) == 0 and capsys.readouterr().out == ""


def test_a_lesson_that_fails_or_is_a_dry_run_stores_nothing(root, capsys):
    path = first(root)
    save(path, new_notebook(cells=[new_code_cell("x = 1"), new_code_cell("assert x == 2\n1"), new_code_cell("x")]))
    before = path.read_bytes()
    assert course.main(["lessons", "first"], root) == 1
    assert path.read_bytes() == before
    assert "01_first: FAILED" in (shown := capsys.readouterr().err) and "cell 2 (assert x == 2)" in shown
    save(path, new_notebook(cells=[new_code_cell("x = 1")]))
    before = path.read_bytes()
    assert course.main(["lessons", "first", "--pace", "test"], root) == 0
    assert path.read_bytes() == before


def test_what_goes_wrong_after_a_run_is_named_and_the_others_go_on(root, capsys, monkeypatch):
    """Also what nobody foresaw."""

    def spoil(book):
        if "first" in book.cells[0].source:
            raise KeyError("thing")

    monkeypatch.setattr(course, "tidy", spoil)
    for name in ("01_first", "02_second"):
        save(root / "notebooks" / f"{name}.ipynb", new_notebook(cells=[new_code_cell(f"1  # {name}")]), executed=False)
    before = first(root).read_bytes()
    assert course.main(["lessons", "01", "02"], root) == 1
    shown = capsys.readouterr()
    assert "01_first: FAILED, nothing stored: KeyError: 'thing'" in shown.err and "02_second: 0." in shown.out
    assert first(root).read_bytes() == before


def test_a_notebook_edited_while_it_runs_is_left_alone(root):
    path = first(root)
    source = "from pathlib import Path\np = Path('01_first.ipynb')\n_ = p.write_text(p.read_text() + ' ')"
    save(path, new_notebook(cells=[new_code_cell(source)]), executed=False)
    with pytest.raises(course.Refused, match="edited while it ran"):
        course.lesson(path, "lesson")
    assert path.read_text().endswith(" ")
