"""Numbers of a step in words: three digits that count, and a prefix of the SI."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from gan_edu.core.notebook.words import say

PREFIXES = ("", *(f"\u00a0{letter}" for letter in "kMGTPE"))  # a space that no line breaks at


def three(x: float) -> str:
    """Three digits that count, never as a power of ten."""
    decimal = Decimal(f"{x:.3g}")
    return f"{decimal.normalize():f}"


def amount(x: float) -> str:
    """845,043,712 as "845 M"."""
    power = math.floor(math.log10(float(f"{x:.3g}")) / 3 + 1e-9) if x else 0
    k = min(len(PREFIXES) - 1, max(0, power))
    return three(x / 1000**k) + PREFIXES[k]


def time(seconds: float) -> str:
    """In milliseconds; from ten seconds on in seconds."""
    if seconds >= 10:
        return say("roofline", "seconds", value=three(seconds))
    if 0 < seconds < 1e-6:
        return say("roofline", "lessMs", value="0.001")
    return say("roofline", "ms", value=three(1000 * seconds))


def named(machine: Mapping) -> str:
    """A machine's name, with a mark where its numbers are a data sheet's."""
    return say("roofline", "bySheet", name=machine["name"]) if bounds(machine) else machine["name"]


def bounds(machine: Mapping) -> bool:
    """Whether a machine's times are bounds, which no step reaches: those of a data sheet."""
    return machine["source"] != "measured"


def time_on(seconds: float, machine: Mapping) -> str:
    """The time of a step on a machine: at least so long where it is a bound."""
    return say("roofline", "atLeast", value=time(seconds)) if bounds(machine) else time(seconds)


def percent(share: float) -> str:
    """In whole percents, or a tenth of one where it is less."""
    return say("roofline", "percent", value=f"{100 * share:.{0 if share >= 0.00995 else 1}f}")
