"""Marks and formulas of a quiz, in Python and in JavaScript: tests/js/quiz.json, which tests/js/quiz.test.mjs reads."""

from helpers.js_values import held

from gan_edu.core.notebook.marked import KNOWN, in_signs, parts

TEXTS = ["no marks", "so $a*b$ and `x*y` *it is*", "$x$", "*a* `b` $c$", "a *b c* d*"[:-1], "½ of 2 × 3"]
FORMULAS = [
    *(rf"a\{name} b" for name in (*KNOWN["signs"], *KNOWN["names"])),
    *(rf"\{name}{{AB}} + \{name} C" for name in KNOWN["alphabets"]),
    r"-\log 4 + 2\,\mathrm{JS}(p_{data}, p_g) \le \tfrac12",
    r"\log(1 + e^{10}) - h^2\lVert v\rVert^2",
    r"\sigma(\log \sum_k e^{l_k})",
    r"\mathbb E[b\,\nabla \log \pi] = 0",
    r"D^* = M^\top M, f'(0)/\gamma",
    "",
]


def test_marks_and_formulas():
    held(
        "quiz",
        {
            "texts": [[text, [list(part) for part in parts(text)]] for text in TEXTS],
            "formulas": [[formula, in_signs(formula)] for formula in FORMULAS],
        },
    )
