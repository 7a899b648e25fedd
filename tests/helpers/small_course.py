"""A course of four files in place of the real one, in any version, and a learner's folder that has seen some of it."""

import json

import gan_edu
from gan_edu.core.notebook import course_folder

FIRST, SECOND, THIRD, FOURTH = "00_a.ipynb", "01_b.ipynb", "02_c.ipynb", "03_d.ipynb"
PICTURE = "badges/x.png"


def book(version, name, outputs=(), more=""):
    """A notebook of one text and one cell."""
    text = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": [f"# {name}\n", f"version {version}{more}"]}
    code = {"cell_type": "code", "id": "c", "metadata": {}, "execution_count": 1, "source": "1 + 1"}
    whole = {"cells": [text, {**code, "outputs": list(outputs)}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1).encode()


def ran(data):
    """The notebook as somebody saved it who ran its cell."""
    whole = json.loads(data)
    whole["cells"][1] |= {"execution_count": 7, "outputs": [{"output_type": "stream", "name": "stdout", "text": "2"}]}
    return json.dumps(whole).encode()


def files(version):
    """{name: content} of a version."""
    names = (FIRST, SECOND, THIRD, FOURTH)
    return {**{name: book(version, name) for name in names}, PICTURE: f"picture {version}".encode() * 2000}


def becomes(version):
    """From now on the package is of this version."""
    gan_edu.__version__ = version
    course_folder.shipped = lambda folder=None: files(version)


def learner(folder):
    """Version 1 laid, one notebook edited, one run, one deleted, and notes of the learner's. Returns what is theirs."""
    becomes("1")
    course_folder.lay(folder)
    mine = {
        SECOND: book("1", SECOND, more=" and my note"),
        THIRD: ran(book("1", THIRD)),
        "notes.txt": b"mine",
        "badges/mine.png": b"mine",
    }
    for name, data in mine.items():
        (folder / name).write_bytes(data)
    (folder / FOURTH).unlink()
    return mine


def lies(folder):
    """{name: content} of all that lies there but the record, and a lock that the next save takes away."""
    hidden = (".gan_edu_course.json", ".saving.lock")
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name not in hidden)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
