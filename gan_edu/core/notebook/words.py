"""What controls and checks say, in the language that a learner chose. Needs no torch.

A language is one file, gan_edu/words/en.json; a translation beside it may lack words, which are then English. A text
has places, `{step}`, and where it counts a form for each plural: {"one": "{count} frame", "other": "{count} frames"},
named as in Unicode's CLDR, so that JavaScript's Intl.PluralRules chooses among the same.
"""

from __future__ import annotations

import json
import os
import re
import warnings
from functools import cache
from pathlib import Path

import gan_edu
from gan_edu.core.safety.checked import one_of

FOLDER = Path(gan_edu.__file__).parent / "words"
ENGLISH, SHARED = "en", "kit"  # what every catalogue falls back to, and the section that all controls share
VARIABLE = "GAN_EDU_LANG"
PLACE = re.compile(r"\{(\w+)\}")

Text = str | dict[str, str]  # a text, or its forms by plural


def languages() -> list[str]:
    """The languages there are, as in `<html lang>`."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def set_language(name: str) -> None:
    """What is shown from now on is said in this language; a control that is there keeps its own until it is made anew.

    Raises ValueError that names the languages there are.
    """
    os.environ[VARIABLE] = one_of("the language", name, languages())


def language() -> str:
    """The language in force: what `set_language` chose, else GAN_EDU_LANG, else the notebook's own, else English.

    A notebook's kernel starts in its folder: one in notebooks/zh, or in any other folder of that name, is Chinese.
    """
    return _known(os.environ.get(VARIABLE) or _of_folder())


def _of_folder() -> str:
    try:
        name = Path.cwd().name
    except FileNotFoundError:  # the folder was removed meanwhile
        return ENGLISH
    return name if (FOLDER / f"{name}.json").is_file() else ENGLISH


@cache  # and so it warns once
def _known(name: str) -> str:
    if name in languages():
        return name
    warnings.warn(f"{VARIABLE}={name} is none of {', '.join(languages())}; English is shown", stacklevel=3)
    return ENGLISH


def say(section: str, key: str, /, **values: object) -> str:
    """A text in the language in force. section: as in en.json, "replay" or "exercises.losses".

    values: for its places; `count` chooses the plural. Raises KeyError for a text that English lacks, and ValueError
    for a place without a value.
    """
    english = _words(ENGLISH, section)
    if key not in english:
        raise KeyError(f"{section}: {key} is not in gan_edu/words/{ENGLISH}.json")
    text = _words(language(), section).get(key, english[key])
    if isinstance(text, dict):
        text = text["one"] if values.get("count") == 1 and "one" in text else text["other"]

    def value(place: re.Match) -> str:
        if place[1] not in values:
            raise ValueError(f"{section}: {key} has a place for {place[1]}, which was given no value: {text}")
        return shown(values[place[1]])

    return PLACE.sub(value, text)


def shown(value: object) -> str:
    """A number as Intl.NumberFormat shows it, thousands apart and at most three decimals; all else as its text."""
    if isinstance(value, float):
        whole, point, decimals = f"{value:,.3f}".partition(".")
        return (whole + point + decimals.rstrip("0")).removesuffix(".")
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def catalogue(*sections: str) -> dict[str, Text]:
    """What a control sends to its view: {"lang": "zh", key: text}, of these sections and of what all controls share."""
    found: dict[str, Text] = {"lang": language()}
    for section in (SHARED, *sections):
        found |= {**_words(ENGLISH, section), **_words(language(), section)}
    return found


@cache
def _words(name: str, section: str) -> dict[str, Text]:
    """A section of a language: {key: text}. Raises KeyError for one that English lacks."""
    found = _read(name)
    for part in section.split("."):
        if part not in found and name == ENGLISH:
            raise KeyError(f"gan_edu/words/{ENGLISH}.json has no section {section}")
        found = found.get(part, {})
    return found


@cache
def _read(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
