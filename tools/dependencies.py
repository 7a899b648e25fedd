"""The table of packages in docs/dependencies.md: Colab's first cell is made of it, and other lists are held to it."""

import ast
import sys
from pathlib import Path
from typing import NamedTuple

import syntax
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from toml_reader import tomllib

ROOT = Path(__file__).resolve().parents[1]
TABLE = "docs/dependencies.md"
HEAD = "| package | kind | used by | Colab | Binder |"
APART = {"release"}  # extras that nobody needs who learns, teaches or tests: in no other list
PACKAGE_OF = {"PIL": "pillow", "ot": "POT"}  # modules that are not called as their package


class Package(NamedTuple):
    """A row of the table."""

    name: str
    kind: str
    used_by: str
    colab: str
    binder: str


def packages(root=ROOT):
    """The table's rows, in its order. Raises ValueError for a row with fewer fields, or with more."""
    rows = []
    for line in (root / TABLE).read_text(encoding="utf-8").partition(HEAD)[2].strip().splitlines()[1:]:
        if not line.startswith("|"):
            break
        fields = [field.strip() for field in line.strip().removeprefix("|").removesuffix("|").split("|")]
        if len(fields) != len(Package._fields):
            raise ValueError(f"{TABLE}: a row has the fields {HEAD}, got {line}")
        rows.append(Package(*fields))
    return rows


def installed_on_colab():
    """Modules that Colab lacks: what its first cell looks for. pip takes their names for those of their packages, but
    for PACKAGE_OF."""
    modules = {package: module for module, package in PACKAGE_OF.items()}
    return tuple(modules.get(row.name, row.name.replace("-", "_")) for row in packages() if row.colab == "first cell")


def there_on_colab():
    """Packages that Colab has, in whatever version."""
    return tuple(row.name for row in packages() if row.colab == "there")


def complaints(root):
    """(path, text) where a list of packages, or an import, differs from the table."""
    if not (root / TABLE).exists():
        return
    table = packages(root)
    for path, listed, wanted in lists(root, table):
        for name in sorted(listed - wanted):
            yield root / path, f"asks for {name}, which {TABLE} does not: add its row, or take it away here"
        for name in sorted(wanted - listed):
            yield root / path, f"lacks {name}, which {TABLE} has: add it, or take its row away there"
    known = {canonicalize_name(row.name) for row in table}
    for path in [*sorted((root / "gan_edu").rglob("*.py")), *sorted((root / "notebooks" / "scripts").glob("*.py"))]:
        for name in sorted(outside(path)):
            if canonicalize_name(PACKAGE_OF.get(name, name)) not in known:
                yield path, f"imports {name}, which has no row in {TABLE}"


def lists(root, table):
    """(path, the names it lists, the names that the table has for it)."""

    def of(wanted):
        return {canonicalize_name(row.name) for row in table if wanted(row)}

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {})
    yield "pyproject.toml", names(project["dependencies"]), of(lambda row: row.kind == "run")
    for extra, lines in extras.items():
        yield "pyproject.toml", names(lines), of(lambda row, extra=extra: row.kind == extra)
    asked = of(lambda row: row.kind in {"run", "lab", *extras} - APART)
    yield "requirements.txt", names(lines_of(root / "requirements.txt")), asked
    yield "binder/requirements.txt", names(lines_of(root / "binder" / "requirements.txt")), of(lambda row: row.binder)
    pinned = names(lines_of(root / "constraints.txt"))  # and what all these need in turn
    yield "constraints.txt", pinned & of(lambda row: True), of(lambda row: row.kind not in APART)
    unknown = of(lambda row: row.kind.partition(" ")[0] not in {"run", "lab", "with", *extras})
    yield "pyproject.toml", set(), unknown  # a kind that is no extra


def lines_of(path):
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("-")]


def names(lines):
    return {canonicalize_name(Requirement(line).name) for line in lines}


def outside(path):
    """Modules that a file imports which are neither Python's own nor of this repository."""
    found = set()
    for node in syntax.nodes(path.read_text(encoding="utf-8")):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"gan_edu"}
