"""Corruptions in words, their names, what they do, each of their levels; and what each score asks, in a line."""

from __future__ import annotations

from collections.abc import Mapping

from gan_edu.core.notebook.words import say

TITLES = {
    "blur": "blur",
    "noise": "noise",
    "dropped classes": "dropped",
    "copies": "copies",
    "memorised": "memorised",
}
DOES = {
    "blur": "blurDoes",
    "noise": "noiseDoes",
    "dropped classes": "droppedDoes",
    "copies": "copiesDoes",
    "memorised": "memorisedDoes",
}
LEVELS = {
    "blur": "blurLevel",
    "noise": "noiseLevel",
    "dropped classes": "droppedLevel",
    "copies": "copiesLevel",
    "memorised": "memorisedLevel",
}

SCORES = {
    "FID": "fidIs",
    "FID∞": "fidInfinityIs",
    "KID": "kidIs",
    "MMD²": "mmdIs",
    "sliced W₂": "slicedIs",
    "Inception Score": "inceptionIs",
    "class KL": "classKlIs",
    "precision": "precisionIs",
    "recall": "recallIs",
    "density": "densityIs",
    "coverage": "coverageIs",
    "two-sample test": "twoSampleIs",
    "nearer to what G saw": "nearerIs",
    "W₂, exact": "exactIs",
    "Parzen": "parzenIs",
}


def in_a_line(score: str) -> str:
    """What a score of the course asks, "" for another."""
    return say("corruption_bench", SCORES[score]) if score in SCORES else ""


def about(corruptions: Mapping[str, Mapping], seen: Mapping[str, list[dict]]) -> list[dict]:
    """Each corruption of a table: its name and title, what it does, its levels in words, and what its pictures show.

    One that the course does not know stands there by its own name and unit.
    """
    return [
        {
            "name": name,
            "title": say("corruption_bench", TITLES[name]) if name in TITLES else name,
            "does": say("corruption_bench", DOES[name]) if name in DOES else "",
            "levels": [say("corruption_bench", "untouched"), *(_level(name, x, each) for x in each["levels"][1:])],
            "seen": seen[name],
        }
        for name, each in corruptions.items()
    ]


def _level(name: str, value: float, corruption: Mapping) -> str:
    if name not in LEVELS:
        return f"{value:g} {corruption['unit']}"
    told = 100 * value if name == "memorised" else value
    return say("corruption_bench", LEVELS[name], level=f"{told:g}")
