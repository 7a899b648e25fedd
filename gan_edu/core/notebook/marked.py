r"""Marks in a text: `$l = \log u$` is a formula, a pair of backticks holds code, a pair of stars what is stressed.

The formulas know a little of TeX: \tfrac12, ^ and _, and what tex.json holds, signs, names as \log, alphabets as
\mathbb E. widgets/quiz/marked.js reads the same marks and the same file.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal, NamedTuple

from gan_edu.core.safety.checked import short, text as a_text

KNOWN = json.loads(Path(__file__).with_name("tex.json").read_text(encoding="utf-8"))
MARK = re.compile(r"\$([^$]+)\$|`([^`]+)`|\*([^*\s](?:[^*]*[^*\s])?)\*")
COMMAND = re.compile(r"\\([A-Za-z]+|,)(?: (?=[A-Za-z\\]))?(?=(.?))")  # a space after it is TeX's own
POWER = re.compile(r"\^(?:(\d)|\{(\d+)\})")
HALF, MINUS = (r"\tfrac12", "½"), ("-", "−")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

Kind = Literal["plain", "formula", "code", "stressed"]
KINDS: tuple[Kind, ...] = ("formula", "code", "stressed")


class Part(NamedTuple):
    """A piece of a text, without its marks."""

    kind: Kind
    text: str


def parts(text: str) -> list[Part]:
    """The pieces of a text with marks, in their order. Raises ValueError for a mark that nothing closes."""
    found, end = [], 0
    for match in MARK.finditer(a_text("a text with marks", text)):
        kind = next(kind for kind, inside in zip(KINDS, match.groups(), strict=True) if inside)
        found += [Part("plain", text[end : match.start()]), Part(kind, match[match.lastindex or 0])]
        end = match.end()
    found = [part for part in [*found, Part("plain", text[end:])] if part.text]
    for part in found:
        if part.kind == "plain" and (open_ := re.search(r"[$`*]", part.text)):
            raise ValueError(f"{open_[0]} is opened and not closed in {short(text)}")
    return found


def plain(text: str) -> str:
    """The text without marks, its formulas in signs: for a picture, and for who has it read out."""
    return "".join(in_signs(part.text) if part.kind == "formula" else part.text for part in parts(text))


def in_signs(formula: str) -> str:
    """A formula in Unicode's signs, D(x) ≤ ½. Raises ValueError for a command that tex.json does not hold."""
    signs = COMMAND.sub(_sign, formula.replace(*HALF).replace(*MINUS))
    raised = POWER.sub(lambda match: (match[1] or match[2]).translate(RAISED), signs)
    return raised.replace("{", "").replace("}", "")


def _sign(match: re.Match[str]) -> str:
    name, after = match.groups()
    if name in KNOWN["alphabets"]:
        return ""
    if name in KNOWN["names"]:
        return f"{name} " if after.isalnum() or after == "\\" else name
    if name not in KNOWN["signs"]:
        raise ValueError(f"\\{name} is not in core/notebook/tex.json: write it there, or do without")
    return KNOWN["signs"][name]
