"""Valid JSON from whatever a run did. JSON has no NaN and no infinity: one of them and a browser shows an empty page.

Each such number becomes null, which the views draw as a gap and call "not a number". Used wherever numbers leave for a
file, a page or a widget.
"""
from __future__ import annotations

import json
import math


def plain(value):
    """The same, with None in the place of each number that is not finite, in dicts, lists and tuples at any depth."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def as_json(value, **layout) -> str:
    """`value` as JSON. layout: indent, separators or ensure_ascii, as `json.dumps` takes them."""
    return json.dumps(plain(value), allow_nan=False, **layout)
