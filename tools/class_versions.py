#!/usr/bin/env python3
"""Writes the notebooks for a class: python tools/class_versions.py student (`make student`), or instructor.

The student's version has neither outputs nor solutions; its checks answer as ever. The instructor's has what the last
lesson stored, a solution in a cell below each exercise, and notes: tools/teacher_notes.py. Both go to build/, as a
folder and as an archive to hand out: all chapters that the list has whole, the glossary, the licence and a page on how
to begin. A chapter that fails is named, and the others are written.
"""

import argparse
import re
import sys
from pathlib import Path
from posixpath import normpath
from zipfile import ZIP_DEFLATED, ZipFile

import claims
from chapter_list import chapters
from course import Refused, named
from course_files import CHECKED
from exercise_cells import SOLUTION, exercises
from links import BRANCH, repository
from nbformat.v4 import new_code_cell, new_markdown_cell
from notebook_files import form, read
from teacher_notes import exercise_note, guess_note, guesses, overview

from gan_edu.core.safety import durable

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("student", "instructor")
BADGE = re.compile(r"^\[!\[Open in [^\n]*\n+", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:\s]+)(#[^)\s]*)?\)")
GLOSSARY = "glossary.md"
BEGIN = """\
# GANs to play with: {kind} version

Once, with Python 3.10 or newer: `python -m pip install "gan_edu[work] @ git+{address}" jupyterlab`
Then, in this folder: `python -m jupyterlab 00_start_here.ipynb`

On Colab upload a notebook: its first cell installs what is needed. {more}

Texts and figures CC BY 4.0, code MIT, by the gan_edu authors: see LICENSE. The course: {address}
"""
MORE = {
    "student": "The check below each exercise says whether your answer is right, as often as you like.",
    "instructor": "Notes for teachers have the tag `teacher`, cells with solutions the tag `solution`.",
}


def written_out(root):
    """{name: row of the list} of the chapters that are whole."""
    rows = {row.notebook: row for row in chapters(root) if row.whole}
    return {name: row for name, row in rows.items() if (root / "notebooks" / f"{name}.ipynb").exists()}


# What both versions have


def bare(book, root, there):
    """Take from a notebook what is the course's own: metadata, badges, links to what is not handed out. there: what is.

    A badge opens the course's own notebook, with all solutions.
    """
    book.metadata.pop("gan_edu", None)
    for cell in book.cells:
        if cell.cell_type == "markdown":
            cell.source = linked(BADGE.sub("", cell.source), root, there)
        elif tags := cell.metadata.get("tags"):
            cell.metadata.tags = [tag for tag in tags if tag != CHECKED]


def linked(text, root, there):
    """A text of notebooks/, whose links to files that are not handed out lead to the repository."""

    def led(found):
        place = normpath(f"notebooks/{found[1]}")
        if found[1] in there or not (root / place).exists():
            return found[0]
        return f"]({repository(root)}/blob/{BRANCH}/{place}{found[2] or ''})"

    return LINK.sub(led, text)


def student(book, row, root, there):
    """Make of a chapter what students get."""
    exercises(book, row.notebook)  # of another form, its solution might stay
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        else:
            cell.source = SOLUTION.sub("", cell.source)
    bare(book, root, there)


def instructor(book, row, root, there):
    """Make of a chapter what a teacher gets."""
    asked = {each.at: each for each in exercises(book, row.notebook)}
    entries = claims.entries(root / "tests" / "claims" / f"{row.number}.toml")
    notes = note(overview(book, row, entries, asked.values()), "overview")
    cells = [book.cells[0], notes]
    for at, cell in enumerate(book.cells[1:], 1):
        if cell.cell_type == "code" and guesses(cell):
            cells.append(note(guess_note(cell), f"guess-{at}"))
        cells.append(cell)
        if exercise := asked.get(at):
            cells.append(note(exercise_note(exercise), f"exercise-{exercise.number}"))
            name, tags = f"solution-{exercise.number}", {"tags": ["solution"]}
            cells.append(new_code_cell(exercise.solution, id=name, metadata=tags))
            book.cells[at + 1].source = SOLUTION.sub("", book.cells[at + 1].source, count=1)
    book.cells = cells
    bare(book, root, there)


def note(text, name):
    """A cell for the teacher."""
    return new_markdown_cell(text, id=f"teacher-{name}", metadata={"tags": ["teacher"]})


# The folder


def build(root, folder, version):
    """Write a version of the chapters into a folder, and the archive of it. Returns their paths, and who failed.

    Raises OSError where nothing can be written, ValueError without an address of the repository.
    """
    durable.ask(folder)
    failed: list[str] = []
    rows, texts = written_out(root), others(root, version)
    there = {*texts, *(f"{name}.ipynb" for name in rows)}
    for name, row in rows.items():
        path = root / "notebooks" / f"{name}.ipynb"
        with named(path, failed):
            book = read(path)
            {"student": student, "instructor": instructor}[version](book, row, root, there)
            texts[path.name] = form(book)
    if GLOSSARY in texts:
        texts[GLOSSARY] = linked(texts[GLOSSARY], root, there)
    paths = [durable.write(folder / name, text.encode()) for name, text in texts.items()]
    return [*paths, archive(paths, folder)], failed


def others(root, version):
    """{name: text} of what goes beside the notebooks."""
    begin = BEGIN.format(kind=version, address=repository(root), more=MORE[version])
    files = {GLOSSARY: root / "notebooks" / GLOSSARY, "LICENSE": root / "LICENSE"}
    return {"README.md": begin} | {name: path.read_text("utf-8") for name, path in files.items() if path.exists()}


def archive(paths, folder):
    """The files in one archive beside their folder, student.zip: in a folder that tells whose they are."""
    place = folder.with_suffix(".zip")
    with ZipFile(place, "w", ZIP_DEFLATED) as packed:
        for path in paths:
            packed.write(path, f"gan_edu_{folder.name}/{path.name}")
    return place


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", choices=VERSIONS)
    version = parser.parse_args().version
    try:
        paths, failed = build(ROOT, ROOT / "build" / version, version)
    except (OSError, ValueError, Refused) as reason:
        sys.exit(str(reason))
    size = paths[-1].stat().st_size / 1e6
    folder, packed = (path.relative_to(ROOT) for path in (paths[0].parent, paths[-1]))
    print(f"{folder}: {len(paths) - 1} files; the same in {packed}, {size:.1f} MB")
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
