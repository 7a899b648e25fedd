"""Valid JSON from whatever a run did. JSON has no NaN and no infinity: one of them and a browser shows an empty page.

Each such number becomes null, which the views draw as a gap and call "not a number". Used wherever numbers leave for a
file, a page or a widget.
"""

from __future__ import annotations

import json
import math
from pathlib import PurePath
from typing import Any

from gan_edu.core.safety.checked import short, table


def plain(value: object) -> Any:  # as json.loads returns it: of any depth
    """The same as JSON can hold it, in dicts, lists and tuples at any depth: None in the place of a number that is not
    finite, Python's numbers for those of numpy and torch, the text of a path, a device or a dtype."""
    if hasattr(value, "tolist") and not isinstance(value, memoryview):
        value = value.tolist()
    if isinstance(value, dict):
        return {plain(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, PurePath) or type(value).__module__ == "torch":
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def rounded(value: object, digits: int) -> Any:
    """Numbers for JSON: rounded, and None for what is not finite."""
    if isinstance(value, dict):
        return {key: rounded(each, digits) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each, digits) for each in value]
    if isinstance(value, float):
        return round(value, digits) if value == value and abs(value) != float("inf") else None
    return value


def as_json(value: object, **layout: Any) -> str:
    """`value` as JSON. layout: indent, separators or ensure_ascii, as `json.dumps` takes them."""
    return json.dumps(plain(value), allow_nan=False, **layout)


def kept(name: str, value: dict) -> dict:
    """Settings as a file will keep them, plain. Raises ValueError for what JSON cannot hold."""
    for key, each in table(name, value).items():
        try:
            as_json(each)
        except (TypeError, ValueError, RecursionError) as error:
            raise ValueError(
                f"{name}: {key} must be a text, a number, or a list or dict of these, got {short(each)} ({error})"
            ) from None
    return json.loads(as_json(value))
