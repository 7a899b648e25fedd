"""How many exercises of each chapter were solved on this machine: `gan_edu.progress()`."""

from __future__ import annotations

import re
from functools import partial
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import gan_edu.exercises
from gan_edu.core.notebook import solved, words

say = partial(words.say, "progress")


class Progress:
    """The exercises solved. rows: (chapter, solved, of); kept: the file that holds it, None without a home folder."""

    def __init__(self) -> None:
        self.kept, found = solved.place(), solved.read()
        asked = chapters().items()
        self.rows = [(chapter, len(names & set(found.get(each, []))), len(names)) for each, (chapter, names) in asked]

    def forget(self) -> Progress:
        """Delete the file; returns what is left. Raises OSError where it cannot be deleted."""
        if self.kept:
            self.kept.unlink(missing_ok=True)
        return Progress()

    def __repr__(self) -> str:
        together = (say("together"), sum(row[1] for row in self.rows), sum(row[2] for row in self.rows))
        wide = max(len(row[0]) for row in (*self.rows, together))
        lines = [f"{name:{wide}}  {say('solved', count=count, all=of)}" for name, count, of in (*self.rows, together)]
        where = say("kept", path=str(self.kept)) if self.kept else say("noPlace")
        return "\n".join([*lines, "", where])


def chapters() -> dict[str, tuple[str, set[str]]]:
    """{module: (its chapter's number and name, names of its checks)}, in the order of the course."""
    found = {}
    for each in iter_modules(gan_edu.exercises.__path__):
        module = import_module(f"{gan_edu.exercises.__name__}.{each.name}")
        if chapter := re.search(r"\b(\d\d_\w+)", module.__doc__ or ""):
            found[each.name] = (chapter[1].replace("_", " "), checks(module))
    return dict(sorted(found.items(), key=lambda item: item[1][0]))


def checks(module: ModuleType) -> set[str]:
    """Names of the checks of exercises that a module defines; `check` marks them."""
    return {name for name, each in vars(module).items() if getattr(each, "check_of", None) == module.__name__}
