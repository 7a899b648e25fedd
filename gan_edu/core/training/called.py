"""What a thing that was handed in is called in a program: a name that can be imported, or stands in the notebook.

Belongs to notebook 03_training_loop, where the plane writes its run as code.
"""

from __future__ import annotations

import sys
from itertools import chain

from gan_edu.core.safety.checked import short

NOTEBOOK = "__main__"


def found(thing: object, otherwise: str) -> tuple[str, str]:
    """What something handed in is called in code, and the module to import it from, "" for the notebook's own.

    It has a name, or a place in a table that has one, as LOSSES['KL'].
    """
    ours = (each for each in list(sys.modules) if each.startswith("gan_edu."))
    places = [*sorted(ours, key=lambda each: each.count(".")), NOTEBOOK]  # a chapter's name before a room's
    named = [
        (place, called, value)
        for place in places
        for called, value in list(vars(sys.modules.get(place, sys)).items())
        if not called.startswith("_")
    ]
    tabled = (
        (place, f"{called}[{key!r}]", value)
        for place, called, table in named
        if isinstance(table, dict)
        for key, value in list(table.items())
        if isinstance(key, str)
    )
    for place, called, value in chain(named, tabled):
        if value is thing:
            return called, "" if place == NOTEBOOK else place
    return otherwise, ""


def defined(thing: object) -> tuple[str, str]:
    """As `found`, for a function or class: first of all the name that it was defined by. ("", "") where it has none."""
    called, module = getattr(thing, "__name__", ""), getattr(thing, "__module__", "")
    own = module == NOTEBOOK and "<" not in getattr(thing, "__qualname__", "<")  # its cell may have run again
    if called.isidentifier() and (own or getattr(sys.modules.get(module), called, None) is thing):
        return called, "" if module == NOTEBOOK else module
    return found(thing, "")


def name_of(thing: object) -> str:
    """What a function or class is called in a program.

    Raises ValueError for one that no program could call: a lambda, a partial or a function within a function that
    no name of the notebook stands for.
    """
    called, _ = defined(thing)
    if not called:
        raise ValueError(
            f"no program can be written with {short(thing)}, as it has no name there: define it with def "
            "in the notebook, or give it a name, my_name = …, before it is handed over"
        )
    return called
