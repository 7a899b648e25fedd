"""`make student` and `make instructor`: nothing of a solution is left in the one, nothing lacks in the other."""

import ast
import json
import re
from zipfile import ZipFile

import chapter_list
import class_versions as versions
import nbformat
import pytest
import teacher_notes as notes
from course_files import CHECKED, code
from exercise_cells import SOLUTION, exercises, parted
from links import repository
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from notebook_files import Unreadable, read

ROOT = versions.ROOT
NAMES = [row.notebook for row in chapter_list.chapters(ROOT) if row.whole]
LINK = re.compile(r"\]\(([\w./-]+\.\w+)[)#]")
HANDED_ON = ("README.md", "LICENSE", "glossary.md")


@pytest.fixture(scope="module")
def course():
    """{name: (its notebook, its exercises)}"""
    books = {name: read(ROOT / "notebooks" / f"{name}.ipynb") for name in NAMES}
    return {name: (book, exercises(book, name)) for name, book in books.items()}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """{version: (folder, {name: its notebook})} of all chapters."""
    found = {}
    for version in versions.VERSIONS:
        folder = tmp_path_factory.mktemp("built") / version
        paths, failed = versions.build(ROOT, folder, version)
        assert not failed and paths[-1] == folder.with_suffix(".zip")
        found[version] = folder, {name: nbformat.read(folder / f"{name}.ipynb", 4) for name in NAMES}
    return found


def whole(book):
    return "\n".join(cell.source for cell in book.cells)


# What both have


@pytest.mark.parametrize("version", versions.VERSIONS)
def test_what_is_handed_out_is_whole_and_valid(built, version):
    folder, books = built[version]
    names = {*HANDED_ON, *(f"{name}.ipynb" for name in NAMES)}
    assert {path.name for path in folder.iterdir()} == names
    with ZipFile(folder.with_suffix(".zip")) as packed:
        for name in names:
            assert packed.read(f"gan_edu_{version}/{name}") == (folder / name).read_bytes()
    for name, book in books.items():
        nbformat.validate(book)
        assert set(book.metadata) == {"kernelspec", "language_info"}, name
        assert not [cell.id for cell in book.cells if CHECKED in cell.metadata.get("tags", [])]
        assert "# @title Set-up: run this first" in code(book)[0][1].source


@pytest.mark.parametrize("version", versions.VERSIONS)
def test_each_link_leads_to_what_is_handed_out(built, version):
    """A badge opens the course's own notebook on Colab, with all solutions."""
    folder, books = built[version]
    for name, text in [
        *((name, whole(book)) for name, book in books.items()),
        ("", (folder / "README.md").read_text()),
    ]:
        assert "Open in Colab" not in text and "badges/" not in text, name
        for target in LINK.findall("\n".join(re.findall(r"^(?!    ).*$", text, re.MULTILINE))):
            assert (folder / target).is_file() or target.startswith("http"), (name, target)


def test_a_link_to_what_is_not_handed_out_leads_to_the_repository():
    text = "[a](../docs/contract.md#x) [b](02_losses.ipynb#y) [c](https://x.org/a.md) `G[0](glossary.md)` f[i](x)"
    at = f"{repository(ROOT)}/blob/main"
    assert versions.linked(text, ROOT, {"02_losses.ipynb"}) == (
        f"[a]({at}/docs/contract.md#x) [b](02_losses.ipynb#y) [c](https://x.org/a.md) "
        f"`G[0]({at}/notebooks/glossary.md)` f[i](x)"
    )


# The student's


def test_students_find_no_output(built):
    for _, book in built["student"][1].items():
        assert not any(cell.outputs or cell.execution_count for _, cell in code(book))


def test_students_find_each_exercise_with_its_check_and_its_hint(built, course):
    for name, (_, asked) in course.items():
        cells = [cell.source for _, cell in code(built["student"][1][name])]
        assert [source for source in cells if "\nexercises." in source] == [each.stub for each in asked], name
        assert asked and all(each.hint in whole(built["student"][1][name]) for each in asked)


def test_students_find_no_line_of_a_solution(built, course):
    """Each line of a solution that stands nowhere else in the course's own notebook stands nowhere in theirs."""
    for name, (book, asked) in course.items():
        everything, theirs = whole(book), whole(built["student"][1][name]).split("\n")
        assert "Solution</summary>" in everything and "Solution<" not in "\n".join(theirs), name
        solutions = "\n".join(each.solution for each in asked)
        own = {line for line in solutions.split("\n") if everything.count(line) == solutions.count(line)}
        assert len(own) >= len(asked), name
        assert not own & set(theirs), name


def test_the_rest_is_word_for_word_the_course_s(built, course):
    for name, (book, _) in course.items():
        theirs = [cell.source.strip() for cell in built["student"][1][name].cells]
        ours = [SOLUTION.sub("", cell.source).strip() for cell in book.cells]
        assert theirs[1:] == ours[1:], name


# The instructor's


def test_a_teacher_finds_a_solution_that_runs_below_each_exercise(built, course):
    for name, (_, asked) in course.items():
        cells = built["instructor"][1][name].cells
        at = [n for n, cell in enumerate(cells) if "\nexercises." in cell.source and "solution" not in tags(cell)]
        assert [cells[n].source for n in at] == [each.stub for each in asked]
        assert [tags(cells[n + 1]) for n in at] == [["teacher"]] * len(at)
        assert [cells[n + 2].source for n in at] == [each.solution for each in asked]
        assert [cells[n + 2].cell_type for n in at] == ["code"] * len(at)
        assert all(parted(each.solution)[1] == each.call for each in asked), f"{name}: a solution ends in its check"
        assert any(
            "image/png" in output.get("data", {})
            for _, cell in code(built["instructor"][1][name])
            for output in cell.outputs
        )


def tags(cell):
    return cell.metadata.get("tags", [])


def test_a_teacher_finds_the_answer_to_each_guess(built, course):
    """A question that gives a choice has an answer among its options, one that asks a number a number."""
    for name, (book, _) in course.items():
        told = dict(pair for _, cell in code(book) for pair in notes.guesses(cell))
        asked = {question: rest for _, cell in code(book) for question, rest in questions(cell.source)}
        assert set(told) == set(asked), name
        for question, (kind, options) in asked.items():
            if options:
                assert told[question] in options, (name, question)
            assert kind != "number" or re.match(r"[−-]?[\d.,]+", told[question]), (name, question)
            assert f"{question} Expected: **{told[question]}**" in whole(built["instructor"][1][name])


def questions(source):
    """(question, (kind, options)) of the guesses that a cell asks; no options where the cell computes them."""
    for node in ast.walk(ast.parse(re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.MULTILINE))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("Guess."):
            kind, options = node.func.attr, node.args[2] if node.func.attr == "choice" else None
            literal = options is not None and not any(isinstance(each, ast.Name) for each in ast.walk(options))
            yield ast.literal_eval(node.args[1]), (kind, [*ast.literal_eval(options)] if literal else [])


def test_a_check_names_each_mistake_that_the_course_has_words_for(course):
    """And the list of one exercise, as it is said when the answer is given."""
    from gan_edu.exercises import mnist_gan

    said = json.loads((ROOT / notes.WORDS).read_text(encoding="utf-8"))["exercises"]
    for name, (_, asked) in course.items():
        words = said[asked[0].module]
        named = {text for each in asked for text in notes.mistakes(each.module, each.check)}
        blamed = {notes.PLACE.sub(r"‹\1›", text) for key, text in words.items() if not key.endswith("Right")}
        praised = {text for key, text in words.items() if key.endswith("Right")}
        assert not named & praised and named <= blamed, name
        assert len(named) > 0.7 * len(blamed), (name, blamed - named)  # the others are parts of these
    first, second, _ = notes.mistakes("mnist_gan", "steps_of")
    assert [first, second] == [mnist_gan.steps_of(20 * n).text for n in (469, 937)]


def test_a_teacher_finds_the_misreadings_and_how_they_were_judged(built, course):
    for name, (book, _) in course.items():
        boxes = re.findall(r"\*\*Common misreading\.\*\*|<summary>Common misreading:", whole(book))
        overview = built["instructor"][1][name].cells[1]
        assert tags(overview) == ["teacher"]
        assert len(re.findall(r"^- \*.*“", overview.source, re.MULTILINE)) == len(boxes), name
    losses = built["instructor"][1]["02_losses"].cells[1].source
    assert "“LSGAN minimises χ² between $p_{data}$ and $p_g$.” How it was judged: " in losses


def test_minutes_are_the_chapter_s_and_waits_those_that_were_measured(built, course):
    minutes = {row.notebook: row.minutes for row in chapter_list.chapters(ROOT)}
    for name, (book, asked) in course.items():
        rows = re.findall(
            r"^\| (.*) \| (\d+) \| (\d*) \| (\d*) \|$", built["instructor"][1][name].cells[1].source, re.M
        )
        read = sum(int(row[1]) for row in rows if not row[0].startswith(("Exercises", "Appendix")))
        assert abs(read - minutes[name]) <= 0.5 * len(rows) and rows, name
        assert sum(int(row[2] or 0) for row in rows) == sum(book.metadata.gan_edu.slow.values()), name
        assert sum(int(row[1]) for row in rows if row[0] == "Exercises, besides") == sum(e.minutes for e in asked), name


# What goes wrong

TASK = "# 00 · X\n\n### 1 · Count (2 minutes, easy)\nHow many?"
STUB = "from gan_edu.exercises import losses as exercises\n\nn = ...\nexercises.smoothed_judge(n)"
END = "<details><summary>Hint</summary>\n\nh\n\n</details>\n<details><summary>Solution</summary>\n\n{}\n\n</details>"
SOLVED = END.format("```python\nn = 0.675\n```")


@pytest.mark.parametrize(
    "cells",
    [
        (TASK.replace("easy", "simple"), STUB, SOLVED),
        (TASK, STUB, "What comes next"),
        (TASK, STUB, END.format("It is 0.675.")),
        (TASK, STUB.replace(" as exercises", ""), SOLVED),
        (TASK, STUB),
    ],
)
def test_an_exercise_of_another_form_is_named_and_the_others_are_written(tmp_path, capsys, cells):
    """Its solution might stay."""
    small(tmp_path, (TASK, STUB, SOLVED), cells)
    paths, failed = versions.build(tmp_path, tmp_path / "build" / "student", "student")
    assert failed == ["01_b"] and [path.name for path in paths] == ["README.md", "00_a.ipynb", "student.zip"]
    assert re.search(r"01_b: FAILED.*01_b, cell 2: an exercise is a heading", capsys.readouterr().err, re.DOTALL)
    with pytest.raises(Unreadable, match="cell 2"):
        exercises(read(tmp_path / "notebooks" / "01_b.ipynb"), "01_b")


def small(root, *chapters):
    """A course of chapters that are made of a text, code, a text, …"""
    (root / "notebooks").mkdir()
    (root / "pyproject.toml").write_text('Repository = "https://github.com/a/b"\n')
    rows = [
        f'[[part.chapter]]\nnotebook = "0{n}_{"ab"[n]}"\ntitle = "x"\nplay = "x"\ncontrols = []\nminutes = 9\n'
        for n in (0, 1)
    ]
    (root / "notebooks" / "course.toml").write_text('[[part]]\ntitle = "P"\n' + "".join(rows))
    for name, cells in zip(("00_a", "01_b"), chapters, strict=True):
        made = [(new_code_cell if n % 2 else new_markdown_cell)(text) for n, text in enumerate(cells)]
        (root / "notebooks" / f"{name}.ipynb").write_text(nbformat.writes(new_notebook(cells=made)))
