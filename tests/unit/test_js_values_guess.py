"""How far off a guess is, in Python and in JavaScript: tests/js/guess.json, which tests/js/guess.test.mjs reads."""

from helpers.js_values import held

from gan_edu.widgets.guess.compare import COLUMNS, brief, reading, resampled

NUMBER = {"kind": "number", "low": 0.0, "high": 10.0, "near": 0.1, "log": False}
WIDE = {"kind": "number", "low": 1.0, "high": 1000.0, "near": 0.1, "log": True}
CHOICE = {**NUMBER, "kind": "choice"}
CURVE = {"kind": "curve", "low": -1.0, "high": 3.0, "near": 0.1, "log": False}
TRUTH = resampled([0.0, 1.0, 4.0], [0.0, 2.5, -0.5], 0.0, 4.0)
LINES = [[k / 40 for k in range(COLUMNS)], TRUTH[::4], [y + 0.3 for y in TRUTH[::4]]]


def test_readings():
    numbers = [(5.0, 5.0), (5.0, 5.1), (5.0, 5.11), (2.0, 3.0), (3.0, 2.0), (0.0, 10.0)]
    factors = [(10.0, 10.0), (30.0, 10.0), (10.0, 19.0), (1.0, 1000.0)]
    asked = [{**NUMBER, "guess": guess, "truth": truth} for guess, truth in numbers]
    asked += [{**WIDE, "guess": guess, "truth": truth} for guess, truth in factors]
    asked += [{**CHOICE, "guess": guess, "truth": "a"} for guess in "ab"]
    asked += [{**CURVE, "guess": line, "truth": TRUTH} for line in LINES]
    numbers = [0.0, 1.0, -0.5, 7.34216, 1e-4, 12345.6, 99999.0, 123456.0, -2.5e-7, 1000.0]
    held(
        "guess",
        {
            "readings": [{"asked": each, "reading": reading(each)} for each in asked],
            "texts": [[x, brief(x)] for x in numbers],
        },
    )
