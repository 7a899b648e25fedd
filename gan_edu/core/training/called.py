"""A piece of a run as it would be written: a call that can be made, or be a line of a program, by the names in it.

What was handed in goes by its own name: that of its module, of the notebook, or its place in a table there, as
LOSSES['KL']. A dataclass without one, a `Loss` say, is written out by its fields.
Belongs to notebook 03_training_loop, where the plane writes its run as code.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Any

from gan_edu.core.safety.checked import short

NOTEBOOK = "__main__"
PLAIN = (str, int, float, type(None))


@dataclass(frozen=True)
class Call:
    """make(*given, **named), not called yet. given: plain values, things that have a name, other calls, lists of all
    these."""

    make: Callable
    given: tuple = ()
    named: dict[str, Any] = field(default_factory=dict)


def made(expression: Any) -> Any:
    """What an expression stands for: each call in it is made."""
    if isinstance(expression, Call):
        return expression.make(
            *map(made, expression.given), **{name: made(each) for name, each in expression.named.items()}
        )
    return [made(each) for each in expression] if isinstance(expression, list) else expression


class Names:
    """What things are called in one program, and the lines that import them."""

    def __init__(self) -> None:
        self._from: dict[str, set[str]] = {}  # module: names

    def __call__(self, thing: object) -> str:
        """What a thing is called in the program, which imports it from now on.

        Raises ValueError for one that no program could call: a lambda, a partial or a function within a function that
        no name of the notebook stands for.
        """
        if (known := _found(thing)) is not None:
            module, called = known
            if module != NOTEBOOK:
                self._from.setdefault(module, set()).add(called.split("[")[0])
            return called
        if is_dataclass(thing) and not isinstance(thing, type):
            return self.written(_as_call(thing))
        raise ValueError(
            f"no program can be written with {short(thing)}, as it has no name there: define it with def "
            "in the notebook, or give it a name, my_name = …, before it is handed over"
        )

    def written(self, expression: Any) -> str:
        """An expression as code: `smooth(minimax, real=0.9)`. Raises ValueError for what has no name."""
        if isinstance(expression, Call):
            named = [f"{name}={self.written(each)}" for name, each in expression.named.items()]
            return f"{self(expression.make)}({', '.join([*map(self.written, expression.given), *named])})"
        if isinstance(expression, list):
            return f"[{', '.join(map(self.written, expression))}]"
        if isinstance(expression, tuple):
            return f"({', '.join(map(self.written, expression))}{',' if len(expression) == 1 else ''})"
        return repr(expression) if isinstance(expression, PLAIN) else self(expression)

    def imports(self) -> list[str]:
        """The lines that import what was named so far."""
        return [
            f"from {module} import {', '.join(sorted(names, key=str.lower))}"
            for module, names in sorted(self._from.items())
        ]


def _as_call(thing: Any) -> Call:
    """A dataclass as the call that makes it; fields that are as they would be anyway are left out."""
    given, named = [], {}
    for each in (each for each in fields(thing) if each.init):
        value = getattr(thing, each.name)
        if each.default is MISSING and each.default_factory is MISSING:
            given.append(value)
        elif value != each.default:
            named[each.name] = value
    return Call(type(thing), tuple(given), named)


def _found(thing: object) -> tuple[str, str] | None:
    """(module, name) of a thing, or None: the name it was defined by, or one that stands for it there or here."""
    called, module = getattr(thing, "__name__", ""), getattr(thing, "__module__", "")
    own = module == NOTEBOOK and "<" not in getattr(thing, "__qualname__", "<")  # its cell may have run again
    if called.isidentifier() and (own or getattr(sys.modules.get(module), called, None) is thing):
        return module, called
    places = [*sorted(_homes(thing), key=lambda each: each.count(".")), NOTEBOOK]  # a chapter's name before a room's
    named = [(place, *each) for place in places for each in _public(place)]
    tabled = (
        (place, f"{table}[{key!r}]", value)
        for place, table, content in named
        if isinstance(content, dict)
        for key, value in list(content.items())
        if isinstance(key, str)
    )
    return next(((place, name) for place, name, value in [*named, *tabled] if value is thing), None)


def _homes(thing: object) -> set[str]:
    """The modules that a thing may be found in: its own, those of the functions in it."""
    parts = vars(thing).values() if is_dataclass(thing) and not isinstance(thing, type) else ()
    return {
        module
        for each in (thing, *(part for part in parts if callable(part)))
        if isinstance(module := getattr(each, "__module__", None), str) and module != NOTEBOOK
    }


def _public(place: str) -> Iterator[tuple[str, object]]:
    module = sys.modules.get(place)
    for name, value in list(vars(module).items()) if module else ():
        if not name.startswith("_"):
            yield name, value
