"""Cells that need a package which is missing are left out, with a word, so that the others of a notebook run.

    leave_out("rdkit", "selfies")       once, near the top; then cells that begin so:

    # needs rdkit, selfies
    from gan_edu.molecules import nci

The line stands first in its cell, or below its title. As a plain script a cell runs, and its import says what is
missing. Used in notebook 16_molecules.
"""

from __future__ import annotations

import re
from importlib.util import find_spec

from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import text

MARK = re.compile(r"#\s*needs\s+([\w.-]+(?:\s*,\s*[\w.-]+)*)\s*")
TITLE = re.compile(r"#\s*@title\b")


def leave_out(*packages: str) -> list[str]:
    """Which of these packages are missing; from now on cells of this notebook that name one of them are left out.

    Says so, with the cure, where one is missing. Called again it begins anew. Raises ValueError for what is no text.
    """
    missing = [name for name in packages if find_spec(text("a package", name)) is None]
    transforms = _transforms()
    transforms[:] = [each for each in transforms if not isinstance(each, LeavesOut)]
    if missing:
        transforms.append(LeavesOut(missing))
        print(say("left_out", "missing", packages=", ".join(missing), install=" ".join(missing)))
    return missing


def _transforms() -> list:
    """What IPython does to a cell before it reads it; outside of IPython nothing."""
    try:
        from IPython import get_ipython
    except ImportError:
        return []
    shell = get_ipython()
    return [] if shell is None else shell.input_transformers_cleanup


class LeavesOut:
    """Of a cell's lines: a line that says what was left out, where the cell needs what is missing; else themselves."""

    def __init__(self, missing: list[str]):
        self.missing = missing

    def __call__(self, lines: list[str]) -> list[str]:
        lacking = [name for name in needed(lines) if name in self.missing]
        return [f"print({say('left_out', 'cell', packages=', '.join(lacking))!r})\n"] if lacking else lines


def needed(lines: list[str]) -> list[str]:
    """The packages that a cell says it needs, in its first line or below its title."""
    first = [line.strip() for line in lines if line.strip()][:2]
    if first and TITLE.match(first[0]):
        first = first[1:]
    found = MARK.fullmatch(first[0]) if first else None
    return re.split(r"\s*,\s*", found[1]) if found else []
