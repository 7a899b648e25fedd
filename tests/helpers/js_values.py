"""Values that Python computes and `node --test tests/js` holds JavaScript to: one file a subject, tests/js/NAME.json.

`GAN_EDU_WRITE_VALUES=1 python -m pytest tests/unit/test_js_values.py` writes them anew.
"""

import json
import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "js"


def held(name, values):
    """The stored values are those of today."""
    path, text = FOLDER / f"{name}.json", json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    if os.environ.get("GAN_EDU_WRITE_VALUES"):
        path.write_text(text + "\n", encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == alike(json.loads(text))


def alike(value):
    """The same, its numbers to within the last digits."""
    if isinstance(value, dict):
        return {key: alike(each) for key, each in value.items()}
    if isinstance(value, list):
        return [alike(each) for each in value]
    return pytest.approx(value, rel=1e-9, abs=1e-12) if isinstance(value, float) else value
