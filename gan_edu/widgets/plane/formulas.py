"""What a loss says of itself: the formula in its functions' docstrings, or what a learner's own function returns.

Belongs to notebook 03_training_loop.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from typing import Any

FORMULA = re.compile(r"L_[DG] = (?:(?!, in nats|, for |: ).)+")


def formulas(loss: Any) -> list[str | None]:
    """Those of D and of G; None where a function does not say."""
    return [_formula(letter, function) for letter, function in (("D", loss.d), ("G", loss.g))]


def _formula(letter: str, function: Callable) -> str | None:
    first = (inspect.getdoc(function) or "").partition("\n")[0]
    if found := FORMULA.match(first):
        return found[0].rstrip(".")
    returned = _returned(function)
    return f"L_{letter} = {returned}" if returned else None


def _returned(function: Callable) -> str | None:
    """The expression that a function of one line returns, as it is written."""
    try:
        (defined,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except (OSError, TypeError, SyntaxError, ValueError):  # typed in a console, or a part of a line
        return None
    if not isinstance(defined, ast.FunctionDef):
        return None
    body = defined.body[1:] if ast.get_docstring(defined) else defined.body
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        return None
    return ast.unparse(body[0].value)
