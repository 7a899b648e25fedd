#!/usr/bin/env python3
"""Writes the exercises of a chapter as an nbgrader assignment: python tools/assignment.py 04 (`make assignment CH=04`).

The sheet holds the exercises alone, so that marking thirty of them takes minutes and no change elsewhere in a chapter
costs points. Each has the cell for its answer and a locked one, which calls the same check once more and gives the
points: 1 where it is easy, 2 medium, 3 hard. In class/ (or --folder) stand afterwards nbgrader's own folders: source/,
with solutions, and release/, to hand out. Its settings, nbgrader_config.py, are written once and then the teacher's.

nbgrader needs Python 3.11 or newer and lives in an environment of its own; students' answers run in the course's.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from chapter_list import chapters
from course import Refused, chosen
from course_files import about
from exercise_cells import alone, exercises, parted
from links import opens
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from notebook_files import KERNEL, Unreadable, read

from gan_edu.core.safety import durable

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = """\
# Settings of nbgrader for this class, written once: change what you like.
import os
import sys

c = get_config()
c.CourseDirectory.course_id = "gan_edu"
c.Execute.timeout = 600  # seconds a cell: some answers train
c.ClearSolutions.code_stub = {"python": ""}  # the place for an answer stands above its solution already
# c.LateSubmissionPlugin.penalty_method = "zero"  # points of what comes late; else it is only told
# c.Exchange.root = "/srv/nbgrader/exchange"  # where students on one machine fetch and submit

# Answers run in the environment of the course; nbgrader's own programs lie beside its Python.
os.environ["JUPYTER_PATH"] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "jupyter")
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", "")
"""
ABOUT = """\
# {title}: exercises

They belong to chapter {number} and speak of its sections: work through the chapter first, or keep it open beside.
Replace each `...`, and run the cell: its check says what is wrong as often as you like. The locked cell below each
exercise asks the same check once more, and gives the points. Add cells where you want, and leave the locked ones."""
MARK = """\
# {points} point{s}: the check once more. Leave this cell as it is.
from gan_edu.exercises import {module} as exercises

verdict = {call}
assert verdict.correct, verdict"""
MISSING = """\
{source} is written. For the release, nbgrader must be there; it needs Python 3.11 or newer:
    python3 -m venv .venv.teach && .venv.teach/bin/pip install "nbgrader>=0.9.5"
and then the same command again (one that is elsewhere is named by NBGRADER=/path/to/nbgrader)."""
DONE = """\
{folder}/release/{name}: {count} exercises, {points} points{due}
Hand it out, and lay what comes back in submitted/STUDENT/{name}/ (docs/teaching.md has other ways). Then:
    cd {folder}
    {nbgrader} autograde {name}
    {nbgrader} generate_feedback {name}
    {nbgrader} export"""


# The sheet


def sheet(book, row):
    """The source version of a chapter's exercises, with solutions between nbgrader's marks."""
    cells = [
        new_markdown_cell(ABOUT.format(title=f"{row.number} · {row.title.capitalize()}", number=row.number), id="about")
    ]
    cells += [code_cell(cell.source, cell.id, **about(cell)) for cell in opens(book)]
    for each in exercises(book, row.notebook):
        above, given = book.cells[: each.start], book.cells[each.start + 1 : each.at]
        given = [code_cell(alone(cell.source, above), cell.id, **about(cell)) for cell in given]
        cells += [asked(each), *given, answer(each), new_markdown_cell(each.hint, id=f"hint-{each.number}"), mark(each)]
    return new_notebook(cells=cells, metadata={"kernelspec": dict(KERNEL), "language_info": {"name": "python"}})


def code_cell(source, name, **notes):
    return new_code_cell(source, id=name, metadata=notes)


def asked(exercise):
    many = "point" if exercise.points == 1 else "points"
    more = f"({exercise.minutes} minutes, {exercise.level}, {exercise.points} {many})"
    text = f"## {exercise.number} · {exercise.title} {more}\n\n{exercise.task}"
    return new_markdown_cell(text, id=f"asked-{exercise.number}")


def answer(exercise):
    """The cell for an answer: what stands in the chapter, and below it a solution, which nbgrader takes out."""
    place, solution = (parted(source)[0].rstrip() for source in (exercise.stub, exercise.solution))
    source = f"{place}\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION\n{exercise.call}"
    notes = graded(f"exercise-{exercise.number}", solution=True, grade=False, locked=False)
    return code_cell(source, f"answer-{exercise.number}", nbgrader=notes)


def mark(exercise):
    """The locked cell that gives the points."""
    s = "" if exercise.points == 1 else "s"
    source = MARK.format(points=exercise.points, s=s, module=exercise.module, call=exercise.call)
    name = f"check-{exercise.number}"
    notes = graded(name, solution=False, grade=True, locked=True, points=exercise.points)
    return code_cell(source, name, nbgrader=notes)


def graded(name, **notes):
    """nbgrader's notes of a cell."""
    return {"schema_version": 3, "grade_id": name, "task": False, **notes}


# The class's folder


def write(root, folder, name):
    """Write the source version of a chapter's assignment, the settings where there are none, and the kernel.

    Returns the source's folder and the notebook. Raises OSError, and Unreadable for an exercise of another form.
    """
    row = next(row for row in chapters(root) if row.notebook == name)
    book = sheet(read(root / "notebooks" / f"{name}.ipynb"), row)
    nbformat.validate(book)
    if not (folder / "nbgrader_config.py").exists():
        durable.write(folder / "nbgrader_config.py", SETTINGS.encode())
    durable.write(
        folder / "jupyter" / "kernels" / "python3" / "kernel.json", json.dumps(kernel(folder), indent=1).encode()
    )
    path = folder / "source" / name / f"{name}_exercises.ipynb"
    durable.write(path, (nbformat.writes(book) + "\n").encode())
    return path.parent, book


def kernel(folder):
    """The course's Python; of exercises solved there nothing is noted for the teacher's own progress."""
    state = str(folder / "jupyter" / "state")
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    return {
        "argv": argv,
        "display_name": KERNEL["display_name"],
        "language": "python",
        "env": {"XDG_STATE_HOME": state, "LOCALAPPDATA": state},
    }


def nbgrader_at(root):
    """The nbgrader to use, None where there is none: NBGRADER's, that of .venv.teach, or one on the path."""
    here = [root / ".venv.teach" / place / "nbgrader" for place in ("bin", "Scripts")]
    given = [os.environ["NBGRADER"]] if os.environ.get("NBGRADER") else [*here, "nbgrader"]
    return next((str(Path(found).absolute()) for each in given if (found := shutil.which(each))), None)


def release(nbgrader, folder, name, due):
    """Let nbgrader write the release version. Raises Refused with its words where it does not."""
    ask(nbgrader, folder, "generate_assignment", name, "--force")
    if due:
        ask(nbgrader, folder, "db", "assignment", "add", name, f"--duedate={due}")


def ask(nbgrader, folder, *words):
    done = subprocess.run([nbgrader, *words], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"nbgrader {' '.join(words)} failed:\n{done.stdout}{done.stderr}")


def main(arguments=None, root=ROOT):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapter", help="its number or name: 04, mnist_gan")
    parser.add_argument("--due", help='when it is due: "2026-12-01 12:00 UTC"')
    parser.add_argument("--folder", type=Path, default=root / "class", help="of the class; default: class")
    options = parser.parse_args(arguments)
    if not options.chapter.strip():
        parser.error("which chapter? make assignment CH=04")
    (path,), folder = chosen(root, [options.chapter]), options.folder.absolute()
    try:
        source, book = write(root, folder, path.stem)
        if not (nbgrader := nbgrader_at(root)):
            raise Refused(MISSING.format(source=source))
        release(nbgrader, folder, path.stem, options.due)
    except (OSError, ValueError, Refused, Unreadable) as reason:
        sys.exit(str(reason))
    points = [cell.metadata.nbgrader.points for cell in book.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    due = f", due {options.due}" if options.due else ""
    told = {"folder": folder, "name": path.stem, "count": len(points), "points": sum(points), "due": due}
    print(DONE.format(nbgrader=nbgrader, **told))


if __name__ == "__main__":
    main()
