"""Reads and stores notebooks and scripts, whichever program saved them: JupyterLab, Colab, VS Code, PyCharm, a merge.

Reading puts right in memory what differs from program to program: an older format, missing or doubled ids, line ends,
Colab's own badge. Storing leaves out what a program notes for itself. What holds no notebook raises `Unreadable`,
whose words name the file and, where there is one, the cell; nothing is written then.
"""

import hashlib
import json
import pickle
import re
from functools import cache, lru_cache

import jupytext
import nbformat
import syntax
from course_files import about
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import reader

KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
KEPT = {"gan_edu", "language_info"}
CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
COLABS_BADGE = "view-in-github"


class Unreadable(Exception):
    """A file holds no notebook that can be used; the message names it and says what to do."""


def read(path):
    """The notebook in a .ipynb or a .py file, in nbformat 4.5. Raises Unreadable."""
    try:
        return parsed(path.read_bytes().decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path.name} is not text in UTF-8: save it as such") from error
    except OSError as error:  # a folder, perhaps
        raise Unreadable(f"{path.name} cannot be read: {error.strerror}") from error


def parsed(text, path):
    """The notebook in a text that is, or is to be, the file at `path`. Raises Unreadable."""
    return pickle.loads(_pickled(text, path))  # a new one each time, which whoever asked may change


@lru_cache(maxsize=256)
def _pickled(text, path):
    """The same, read once: the laws ask for the same notebooks again and again."""
    text = text.replace("\r\n", "\n")
    if not text.strip():
        raise Unreadable(f"{path.name} is empty: delete it, and sync makes it anew from the other of the pair")
    if path.suffix == ".ipynb" and (found := CONFLICT.search(text)):
        raise Unreadable(
            f"{path.name}, line {text.count(chr(10), 0, found.start()) + 1}: a merge has left its marks, "
            "<<<<<<<: settle the script, and take one whole notebook, git checkout --ours or --theirs"
        )
    if path.suffix == ".py":
        check_lines(text, path.name)
    try:
        book = from_json(text) if path.suffix == ".ipynb" else jupytext.reads(text, fmt="py:percent")
    except Exception as error:  # of whatever kind: nbformat has many for what is no notebook
        cell = re.search(r"\['cells'\]\[(\d+)\]", str(error))
        raise Unreadable(
            f"{path.name}{f', cell {int(cell[1]) + 1}' if cell else ''} is no notebook: "
            f"{str(error).strip().partition(chr(10))[0]}"
        ) from error
    if not book.cells:
        raise Unreadable(f"{path.name} holds no cells")
    for n, cell in enumerate(book.cells, 1):
        check_lines(cell.source, f"{path.name}, cell {n}")
        if CONFLICT.search(cell.source):
            raise Unreadable(f"{path.name}, cell {n}: a merge has left its marks, <<<<<<<: keep one side of each place")
    return pickle.dumps(book)


def check_lines(text, place):
    """Raises Unreadable for a line end that is none to Python: jupytext would cut a comment there, and make it code."""
    for n, line in enumerate(text.split("\n"), 1):
        if line and line.splitlines() != [line]:
            raise Unreadable(
                f"{place}, line {n} holds a character that ends a line for some programs and not for "
                f"Python: {line!a:.60}. Write it otherwise"
            )


def from_json(text):
    """A notebook's JSON of any format as one of 4.5. Raises many kinds of errors."""
    book = nbformat.convert(reader.reads(text), 4)
    book.cells = [cell for cell in book.cells if cell.metadata.get("id") != COLABS_BADGE]
    identify(book.cells)
    book.nbformat_minor = 5
    nbformat.validate(book)
    if not isinstance(book.metadata.get("gan_edu", {}), dict):
        raise ValueError("metadata.gan_edu must be a table")
    json.dumps(book, ensure_ascii=False).encode()  # half a character, \ud800, could not be stored
    return book


def identify(cells):
    """Give each cell an id of its own, the one that Colab notes where there is one; and Unix's line ends."""
    taken = set()
    for n, cell in enumerate(cells):
        cell.source = cell.source.replace("\r\n", "\n")
        cell.id = str(cell.get("id") or cell.metadata.get("id", ""))
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", cell.id) or cell.id in taken:
            cell.id = hashlib.sha256(f"{n} {cell.source}".encode()).hexdigest()[:8]
        taken.add(cell.id)


def form(book):
    """The text that stores a notebook: the course's own metadata alone."""
    book.metadata = nbformat.from_dict({name: book.metadata[name] for name in KEPT & set(book.metadata)})
    book.metadata.kernelspec = dict(KERNEL)
    book.metadata.get("language_info", {}).pop("version", None)  # differs by machine, says nothing
    for cell in book.cells:
        jupytexts = {name: cell.metadata[name] for name in {"lines_to_next_cell"} & set(cell.metadata)}
        cell.metadata = nbformat.from_dict({**about(cell), **jupytexts})
    return nbformat.writes(book).rstrip("\n") + "\n"


@cache
@cache
def python(source):
    """A code cell's text with IPython's %magics, !shell lines and questions written as calls."""
    return TransformerManager().transform_cell(source)


@cache
def tree(source):
    """Its syntax tree. Raises SyntaxError."""
    return syntax.module(python(source))
