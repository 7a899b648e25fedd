"""Where a notebook opens, and where it leads: its badges and its first code cell, written from one address; the map of
the course, and links to the chapters before and after, written from the list of chapters.

The address is [project.urls] Repository in pyproject.toml. A fork changes it there and runs
`python tools/course.py links`, which rewrites both sides of every pair, README.md and CITATION.cff.
"""

import re

from chapter_list import NEAR, START, mapped, neighbours
from dependencies import installed_on_colab
from nbformat.v4 import new_code_cell, new_markdown_cell

BRANCH = "main"
TAG = "colab"  # of the first code cell; nothing but this module writes it
EXTRAS = installed_on_colab()
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # JupyterLab and others; Colab, which shows the title
CELL = """\
# @title Set-up: run this first
from importlib.util import find_spec
from os import environ

if not find_spec("gan_edu"):  # Colab: add the course to what is there, upgrade nothing
    source = environ.get("GAN_EDU_SRC", "git+{repository}")
    use = ({extras})
    lacking = [{{"ot": "POT"}}.get(name, name) for name in use if not find_spec(name)]
    %pip install -q --no-deps "{{source}}" {{" ".join(lacking)}}

from gan_edu.core.training import wait_briefly

wait_briefly()  # before torch is loaded: a busy program beside this one shall do little harm"""
TITLE = re.compile(r"\A(# [^\n]+\n)\n*(?:\[!\[Open in [^\n]*\n?\n*)*")


def repository(root):
    """The address in pyproject.toml, or None where there is no such file. Raises ValueError for one not on GitHub."""
    path = root / "pyproject.toml"
    if not path.exists():
        return None
    found = re.search(r'^Repository = "([^"]*)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    if not found or not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", found[1]):
        raise ValueError(
            'pyproject.toml must hold Repository = "https://github.com/OWNER/NAME", without an end such '
            "as .git: Colab's and Binder's addresses are made of it"
        )
    return found[1]


def badges(address, name, folder=""):
    """The badges that open notebook `name`, a line each; folder: where the notebooks lie, seen from the text."""
    place = address.removeprefix("https://github.com/")
    hosts = {
        "Colab": f"https://colab.research.google.com/github/{place}/blob/{BRANCH}/notebooks/{name}.ipynb",
        "Binder": f"https://mybinder.org/v2/gh/{place}/HEAD?urlpath=lab/tree/notebooks/{name}.ipynb",
    }
    return "\n".join(f"[![Open in {host}]({folder}badges/{host.lower()}.png)]({url})" for host, url in hosts.items())


def first_cell(address):
    return CELL.format(repository=address, extras=", ".join(f'"{name}"' for name in EXTRAS))


def titled(text, line, name="it"):
    """A text with the badges under its title, in place of those that were there. Raises ValueError without a title."""
    if not TITLE.match(text):
        raise ValueError(f"{name} must begin with its title, '# …', under which the badges stand")
    return TITLE.sub(lambda found: f"{found[1]}\n{line}\n\n", text).rstrip("\n")


def opens(book):
    """The code cells that carry the tag."""
    return [cell for cell in book.cells if TAG in cell.metadata.get("tags", [])]


def write(book, name, root):
    """Put badges, first cell, map and neighbours into a notebook. Returns whether anything changed; a second time
    nothing does."""
    address = repository(root)
    before = seen(book)
    if not book.cells:
        raise ValueError("it holds no cells")
    for cell in book.cells:
        if cell.cell_type == "markdown":
            cell.source = mapped(NEAR.sub("", cell.source), root, "")
    near = neighbours(root, name)
    title = book.cells[0].source if book.cells[0].cell_type == "markdown" else ""
    book.cells[0].source = titled(title, "\n\n".join(filter(None, [badges(address, name), near])))
    mine = opens(book)[:1] or [new_code_cell(metadata={"tags": [TAG]})]
    mine[0].metadata.update(FOLDED)
    if mine[0].source != first_cell(address):
        mine[0].source, mine[0].outputs, mine[0].execution_count = first_cell(address), [], None
    book.cells[1:] = mine + [cell for cell in book.cells[1:] if cell not in opens(book)]
    if near:
        closed(book, near)
    return before != seen(book)


def seen(book):
    return [(cell.cell_type, cell.source, dict(cell.metadata)) for cell in book.cells]


def closed(book, near):
    """Put the links to the neighbours at the notebook's end, too."""
    if book.cells[-1].cell_type != "markdown":
        book.cells.append(new_markdown_cell())
    book.cells[-1].source = f"{book.cells[-1].source}\n\n{near}".strip()


def texts(root):
    """(path, what it should hold) of the other files that name the repository; README.md's badges say what it was."""
    address, readme = repository(root), root / "README.md"
    if not address or not readme.exists():
        return
    text = readme.read_text(encoding="utf-8")
    named = re.search(r"colab\.research\.google\.com/github/([\w.-]+/[\w.-]+)/blob/", text)
    was = f"https://github.com/{named[1]}" if named else address
    text = mapped(titled(text, badges(address, START, "notebooks/"), readme.name) + "\n", root, "notebooks/")
    yield readme, renamed(text, was, address)
    for path in (root / "CONTRIBUTING.md", root / "CITATION.cff", root / "notebooks" / "README.md"):
        if path.exists():
            text = renamed(path.read_text(encoding="utf-8"), was, address)
            yield path, re.sub(r"^(repository-code:) .*", rf'\1 "{address}"', text, flags=re.MULTILINE)


def renamed(text, was, address):
    return re.sub(re.escape(was) + r"(?![\w-])", address, text)
