"""What the laws and the tools look at: the course's files, and what counts in a notebook."""

import hashlib
import json
import os
import re
from pathlib import Path

from links import TAG

CHAPTER = re.compile(r"[0-9]{2}_[a-zA-Z]\w*")
CHECKED = "nbval-check-output"  # the tag of a cell whose output nbval compares with the stored one
TEXT_FILES = {".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".ipynb", ".js", ".css", ".json", ".cff", ".cfg"}


def notebooks(root):
    """The chapters' notebooks, in the order of the course."""
    return chapters(root / "notebooks", ".ipynb")


def every(root):
    """Paths of all notebooks, those that so far exist as a script only among them."""
    folder = root / "notebooks"
    scripts = chapters(folder / "scripts", ".py")
    return sorted({*notebooks(root), *(folder / f"{script.stem}.ipynb" for script in scripts)})


def chapters(folder, suffix):
    """Files named as a chapter, 04_mnist_gan; a copy that JupyterLab makes of one, 04_mnist_gan-Copy1, is none."""
    return sorted(path for path in folder.glob(f"*{suffix}") if CHAPTER.fullmatch(path.stem))


def script_of(path):
    return path.parent / "scripts" / f"{path.stem}.py"


def about(cell):
    """What the course notes of a cell, and both sides of a pair keep: tags, whether its code is folded, its slide.

    JupyterLab folds by jupyter.source_hidden, Colab by cellView. What else they note there is of one moment.
    """
    given = cell.metadata
    hidden = given.get("jupyter", {}).get("source_hidden")
    slide = given.get("slideshow", {}).get("slide_type")
    noted = {
        "tags": list(given.get("tags", [])),
        "jupyter": {"source_hidden": True} if hidden is True else {},
        "slideshow": {"slide_type": slide} if slide and slide != "-" else {},
        "cellView": "form" if given.get("cellView") == "form" else "",
    }
    return {name: value for name, value in noted.items() if value}


def content(book):
    """What a pair must share: each cell's type, source and notes. jupytext cannot keep blank lines at a cell's end."""
    return [(cell.cell_type, cell.source.strip("\n"), json.dumps(about(cell))) for cell in book.cells]


def code(book):
    """(number, cell) of the code cells that hold code, numbered as in the notebook, from 1."""
    return [(n, cell) for n, cell in enumerate(book.cells, 1) if cell.cell_type == "code" and cell.source.strip()]


def lesson_code(book):
    """The code cells without the one that installs the course on Colab, which does nothing where notebooks are run."""
    return [(n, cell) for n, cell in code(book) if TAG not in cell.metadata.get("tags", [])]


def fingerprint(book):
    """Changes when code changes: stored as metadata.gan_edu.executed by `course.py lessons`."""
    return hashlib.sha256("\0".join(cell.source for _, cell in lesson_code(book)).encode()).hexdigest()


def outputs(book):
    return [(n, output) for n, cell in code(book) for output in cell.outputs]


def said(output, mime):
    """The alt text of an output in this form, "" without one."""
    about = output.get("metadata", {}).get(mime)
    alt = about.get("alt") if isinstance(about, dict) else ""
    return alt.strip() if isinstance(alt, str) else ""


def files(root):
    """Text files of the repository, without hidden folders other than the CI's and without what is built."""
    for folder, folders, names in os.walk(root):
        folders[:] = [
            name
            for name in sorted(folders)
            if name in {".ci", ".github"}
            or not (
                name.startswith(".")
                or name.endswith(".egg-info")
                or name
                in {"__pycache__", "build", "bundles", "class", "dist", "node_modules", "pages", "runs", "slides"}
            )
        ]
        paths = [Path(folder) / name for name in sorted(names) if Path(name).suffix in TEXT_FILES | {""}]
        yield from (path for path in paths if path.is_file())
