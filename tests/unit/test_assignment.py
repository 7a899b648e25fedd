"""`make assignment`: a sheet for nbgrader, and one round of it: release, submit, autograde, feedback."""

import ast
import builtins
import csv
import json
import os
import re
import subprocess
from datetime import datetime, timedelta, timezone

import assignment
import chapter_list
import nbformat
import pytest
from course_files import code
from exercise_cells import alone, exercises
from notebook_files import read, tree

ROOT = assignment.ROOT
ROWS = [row for row in chapter_list.chapters(ROOT) if row.whole]
NAME = "02_losses"  # its solutions take no second
NBGRADER = assignment.nbgrader_at(ROOT)


def chapter(name):
    return read(ROOT / "notebooks" / f"{name}.ipynb")


@pytest.fixture(scope="module")
def sheets():
    """{name: (the exercises of a chapter, its sheet)}"""
    books = {row.notebook: (row, chapter(row.notebook)) for row in ROWS}
    return {name: (exercises(book, name), assignment.sheet(book, row)) for name, (row, book) in books.items()}


def noted(sheet, **wanted):
    """nbgrader's notes of the cells that have such ones, each with its cell."""
    cells = [(cell.metadata.get("nbgrader", {}), cell) for cell in sheet.cells]
    return [(about, cell) for about, cell in cells if about and all(about[key] == wanted[key] for key in wanted)]


def test_each_exercise_has_a_cell_for_its_answer_and_a_locked_one_that_gives_its_points(sheets):
    points = {"easy": 1, "medium": 2, "hard": 3}
    for name, (asked, sheet) in sheets.items():
        nbformat.validate(sheet)
        answers, marks = noted(sheet, solution=True, locked=False), noted(sheet, grade=True, locked=True)
        assert len(answers) == len(marks) == len(asked) == len(noted(sheet)) / 2, name
        assert len({about["grade_id"] for about, _ in noted(sheet)}) == len(noted(sheet)), name
        for each, (_, answer), (about, mark) in zip(asked, answers, marks, strict=True):
            assert about["points"] == points[each.level] and not about["solution"], name
            assert sheet.cells.index(mark) > sheet.cells.index(answer)
            assert f"verdict = {each.call}\nassert verdict.correct, verdict" in mark.source
            assert f"import {each.module} as exercises" in mark.source
            open_ = re.sub(r"### BEGIN SOLUTION.*### END SOLUTION\n", "", answer.source, flags=re.DOTALL)
            assert open_.replace("\n\n", "\n") == each.stub.replace("\n\n", "\n") or ast.dump(
                ast.parse(open_)
            ) == ast.dump(ast.parse(each.stub)), name
            assert each.solution.rpartition("\n")[0].strip() in answer.source


def test_what_is_given_runs_without_the_chapter(sheets):
    """A figure to read stands above its exercise; in a sheet no cell of the chapter has run before."""
    given = 0
    for name, (asked, sheet) in sheets.items():
        cells = chapter(name).cells
        for each in asked:
            for cell in cells[each.start + 1 : each.at]:
                source = alone(cell.source, cells[: each.start])
                assert source in [cell.source for cell in sheet.cells], name
                assert not lacking(source), (name, lacking(source))
                given += 1
    assert given


def lacking(source):
    """Names that a program reads and nobody gives it."""
    nodes = list(ast.walk(tree(source)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    bound |= {
        alias.asname or alias.name for node in nodes for alias in getattr(node, "names", []) if hasattr(alias, "asname")
    }
    return {node.id for node in names} - bound - set(dir(builtins))


def test_a_cell_alone_has_the_imports_that_it_lacks_and_no_other():
    above = [nbformat.v4.new_code_cell("import os.path\nimport torch as t\nfrom a import b, c as d, e\ne = 1")]
    assert alone("e = 2\nb(d, t, e, os)", above).split("\n") == [
        *("from a import b", "from a import c as d", "import os.path", "import torch as t"),
        *("e = 2", "b(d, t, e, os)"),
    ]
    assert alone("import torch as t\nt(f)", above) == "import torch as t\nt(f)"


def test_a_worked_solution_in_its_sheet_gets_the_points(sheets):
    names = {}
    for cell in [cell for _, cell in code(sheets[NAME][1])][1:]:
        exec(cell.source, names)  # the locked ones assert
    assert names["verdict"].correct


def test_an_open_one_gets_none_and_is_told_why(sheets):
    (_, mark), *_ = noted(sheets[NAME][1], grade=True)
    with pytest.raises(AssertionError, match="not attempted yet"):
        exec(mark.source, {"saturating_slope": ..., "non_saturating_slope": ...})


def test_without_nbgrader_the_source_is_written_and_it_is_said_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(assignment, "nbgrader_at", lambda root: None)
    with pytest.raises(SystemExit, match=r"is written\. For the release(.|\n)*venv .venv.teach &&"):
        assignment.main(["04", "--folder", str(tmp_path)])
    assert nbformat.read(tmp_path / "source" / "04_mnist_gan" / "04_mnist_gan_exercises.ipynb", 4).cells


def test_a_teacher_s_settings_stay_and_an_unknown_chapter_is_told(tmp_path, monkeypatch, capsys):
    (tmp_path / "nbgrader_config.py").write_text("mine")
    assignment.write(ROOT, tmp_path, NAME)
    assert (tmp_path / "nbgrader_config.py").read_text() == "mine"
    with pytest.raises(SystemExit, match="no notebook 99; there are 00_start_here"):
        assignment.main(["99", "--folder", str(tmp_path)])
    with pytest.raises(SystemExit):
        assignment.main([""])
    assert "make assignment CH=04" in capsys.readouterr().err


@pytest.mark.parametrize("given, found", [("bin", ".venv.teach/bin/nbgrader"), ("env", "other/nbgrader"), (None, None)])
def test_nbgrader_is_the_one_that_is_named_or_the_course_s_own(tmp_path, monkeypatch, given, found):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("NBGRADER", raising=False)
    for place in [".venv.teach/bin/nbgrader", "other/nbgrader"] if given else []:
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).touch(0o755)
    if given == "env":
        monkeypatch.setenv("NBGRADER", str(tmp_path / "other" / "nbgrader"))
    assert assignment.nbgrader_at(tmp_path) == (str(tmp_path / found) if found else None)


# One round with nbgrader itself


class Class:
    """A class of students who fetch and submit by an exchange, as on one machine, each in a folder of their own."""

    def __init__(self, folder):
        self.folder, self.home = folder / "class", folder
        self.exchange = f"--Exchange.root={folder / 'exchange'}"
        (folder / "exchange").mkdir()
        (folder / "exchange").chmod(0o777)

    def ask(self, *words, at=None):
        environment = {**os.environ, "HOME": str(self.home), "JUPYTER_CONFIG_DIR": str(self.home / "jupyter")}
        done = subprocess.run(
            [NBGRADER, *words], cwd=at or self.folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"nbgrader {' '.join(words)}:\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def hands_in(self, student, answers):
        """A student fetches the release, writes into its cells, {nbgrader's name of a cell: code}, and submits it."""
        at = self.home / "students" / student
        at.mkdir(parents=True)
        own = [self.exchange, f"--Exchange.cache={at / 'cache'}", "--course=gan_edu", f"--student={student}"]
        self.ask("fetch_assignment", NAME, *own, at=at)
        path = at / NAME / f"{NAME}_exercises.ipynb"
        book = nbformat.read(path, 4)
        for about, cell in noted(book):
            cell.source = answers.get(about["grade_id"], cell.source)
        nbformat.write(book, path)
        self.ask("submit", NAME, *own, at=at)

    def grades(self):
        """{student: what the exported table says}"""
        self.ask("export", "--to=grades.csv")
        with open(self.folder / "grades.csv", newline="") as file:
            return {row["student_id"]: row for row in csv.DictReader(file)}

    def feedback(self, student):
        page = (self.folder / "feedback" / student / NAME / f"{NAME}_exercises.html").read_text()
        return re.sub(r"<[^>]+>", "", page).replace("&#39;", "'")


WRONG = {  # two mistakes that the checks know, a program that stops, and a check that was written over
    "exercise-1": "saturating_slope, non_saturating_slope = -0.8, -0.2",
    "exercise-2": "smoothed_best_d = 0.75",
    "exercise-3": "def repaired(logits):\n    return 1 / 0",
    "check-4": "pass",
}


@pytest.mark.slow
@pytest.mark.skipif(NBGRADER is None, reason="nbgrader is not here (docs/teaching.md says how it gets here)")
def test_a_round_of_a_right_a_wrong_an_empty_and_a_late_student(tmp_path, sheets, capsys):
    right = {f"exercise-{each.number}": each.solution for each in sheets[NAME][0]}
    school, day = Class(tmp_path), timedelta(days=1)
    due = f"{datetime.now(timezone.utc) + day:%Y-%m-%d %H:%M} UTC"
    assignment.main(["02", "--due", due, "--folder", str(school.folder)])
    assert "4 exercises, 7 points, due" in capsys.readouterr().out
    released = nbformat.read(school.folder / "release" / NAME / f"{NAME}_exercises.ipynb", 4)
    assert "SOLUTION" not in str(released) and "softplus(-logits)" not in str(released)
    school.ask("release_assignment", NAME, school.exchange)
    for student, answers in (("right", right), ("wrong", WRONG), ("empty", {})):
        school.hands_in(student, answers)
    school.ask("db", "assignment", "add", NAME, f"--duedate={datetime.now(timezone.utc):%Y-%m-%d %H:%M:%S.%f} UTC")
    school.hands_in("late", right)
    school.ask("collect", NAME, school.exchange)
    told = school.ask("autograde", NAME)
    assert set(re.findall(r"for (\w+)> is [\d.]+ seconds late", told)) == {"late"}
    school.ask("generate_feedback", NAME)
    grades = school.grades()
    assert {name: (float(row["score"]), float(row["max_score"])) for name, row in grades.items()} == {
        "right": (7, 7),
        "late": (7, 7),
        "wrong": (0, 7),
        "empty": (0, 7),
    }
    assert [name for name, row in grades.items() if row["timestamp"] > row["duedate"]] == ["late"]
    judge_feedback(school)


def judge_feedback(school):
    """What each student reads: the words of the checks."""
    words = json.loads((ROOT / "gan_edu" / "words" / "en.json").read_text(encoding="utf-8"))["exercises"]["losses"]
    pages = {student: school.feedback(student) for student in ("right", "wrong", "empty", "late")}
    for key in ("slopesRight", "smoothedRight", "repairedRight", "totalVariationRight"):
        assert words[key] in pages["right"] and words[key] in pages["late"]
    for said in (words["slopesSwapped"], words["smoothedWithout"], "ZeroDivisionError", "not attempted yet"):
        assert said in pages["wrong"], said
    assert pages["empty"].count("AssertionError: ○ not attempted yet") == 4
