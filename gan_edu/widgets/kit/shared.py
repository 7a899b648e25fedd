"""What a link to a control's page may set, and within what bounds: kit/shared.js reads it from the page's address."""

from __future__ import annotations

from collections.abc import Iterable

import traitlets

from gan_edu.widgets.kit.valid_state import Finite, Whole

MOVES = {"playing", "training"}  # nothing moves by itself: a link does not start it


def within(least: float, most: float, whole: bool = False, empty: bool = False) -> dict:
    """A number, or a list of numbers, in [least, most]. whole: without a fraction. empty: None will do, too."""
    return {"least": least, "most": most, "whole": whole, "empty": empty}


def one_of(values: Iterable, most: int | None = None) -> dict:
    """One of these values; of a trait that is a list some of them, at most so many."""
    return {"of": list(values), "most": most}


def rules_of(control: traitlets.HasTraits) -> dict[str, dict]:
    """What may be set of the traits whose kind tells their bounds: numbers between two, choices, switches."""
    found = {name: _rule(trait) for name, trait in control.traits(sync=True).items() if name not in MOVES}
    return {name: rule for name, rule in found.items() if rule}


def _rule(trait: traitlets.TraitType) -> dict | None:
    match trait:
        case traitlets.Bool():
            return one_of((False, True))
        case traitlets.Enum():
            return one_of(trait.values or ())
        case Finite() | Whole() if None not in (trait.min, trait.max):
            return within(trait.min, trait.max, isinstance(trait, Whole), trait.allow_none)
    return None
