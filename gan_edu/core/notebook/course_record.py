"""What the course laid into a learner's folder, so that an update knows what is the learner's own.

The record lies in the folder, as .gan_edu_course.json: of each file fingerprints of what was laid there. Without a
record, or with one that cannot be read, all that differs counts as the learner's. For `core.notebook.course_folder`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json

NAME = ".gan_edu_course.json"
FORMAT, VERSION = "gan_edu course", 1


class Print(NamedTuple):
    """Fingerprints of a file: of all that a learner may change in it, and of a notebook's texts and code alone."""

    whole: str
    text: str


def fingerprint(name: str, data: bytes) -> Print:
    """Of a notebook its cells count: all but the counts of their runs. What an editor notes of the whole notebook, such
    as the kernel it was opened with, is no edit; outputs are one. Of any other file each byte counts."""
    if name.endswith(".ipynb"):
        try:
            cells = [joined(cell) for cell in json.loads(data)["cells"]]
            texts = [(cell["cell_type"], cell["source"]) for cell in cells]
            return Print(_digest(as_json(cells, sort_keys=True).encode()), _digest(as_json(texts).encode()))
        except (ValueError, KeyError, TypeError, RecursionError):
            pass  # no notebook, or a damaged one: bytes
    return Print(_digest(data), "")


def joined(value: Any) -> Any:
    """A part of a notebook without counts of runs; lines that editors keep apart, or together, as one text."""
    if isinstance(value, dict):
        return {key: joined(each) for key, each in value.items() if key != "execution_count"}
    if isinstance(value, list):
        texts = bool(value) and all(isinstance(each, str) for each in value)
        return "".join(value) if texts else [joined(each) for each in value]
    return value


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Record:
    """laid: {name: {fingerprint: that of its text}} of all that was ever laid or offered under that name. begun: the
    same of what an update is about to lay, noted before it is. offers: {name of a file laid beside: [the file it is
    beside, its fingerprints]}. course: the version that was laid last; damaged: whether a record was of no use.
    """

    def __init__(self, folder: Path):
        self.path = folder / NAME
        self.laid: dict[str, dict[str, str]] = {}
        self.begun: dict[str, dict[str, str]] = {}
        self.offers: dict[str, list[str]] = {}
        self.course, self.damaged = "", False
        try:
            self._take(json.loads(self.path.read_bytes()))
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.damaged = True

    def _take(self, told: dict) -> None:
        if (told["format"], told["version"]) != (FORMAT, VERSION):
            raise ValueError(f"{self.path} is of another kind")
        laid, begun = ({name: dict(prints) for name, prints in told[key].items()} for key in ("laid", "begun"))
        offers = {place: [str(name), *map(str, prints)] for place, (name, *prints) in told["offers"].items()}
        self.laid, self.begun, self.offers, self.course = laid, begun, offers, str(told["course"])

    def write(self) -> None:
        """Whole, or the old one stays."""
        told = {"format": FORMAT, "version": VERSION, "course": self.course}
        told |= {"laid": self.laid, "begun": self.begun, "offers": self.offers}
        durable.write(self.path, (as_json(told, indent=1, sort_keys=True) + "\n").encode())

    def is_ours(self, name: str, there: Print) -> bool:
        """Whether what lies under this name is as the course laid it."""
        known = {**self.laid.get(name, {}), **self.begun.get(name, {})}
        return there.whole in known or there.whole in self.offers.get(name, [])[1:]

    def only_ran(self, name: str, there: Print) -> bool:
        """Whether texts and code are as the course laid them, and only what they put out differs."""
        return bool(there.text) and there.text in self.laid.get(name, {}).values()

    def was_offered(self, name: str, new: Print) -> bool:
        """Whether this content was laid under its name, or beside it, before."""
        return new.whole in self.laid.get(name, {})

    def begin(self, place: str, new: Print, name: str) -> None:
        """Note what is about to be laid, in its own place or beside it."""
        if place == name:
            self.begun.setdefault(name, {})[new.whole] = new.text
        else:
            self.offers.setdefault(place, [name]).append(new.whole)

    def note(self, name: str, new: Print) -> None:
        """Note what lies there now, or beside."""
        self.laid.setdefault(name, {})[new.whole] = new.text
