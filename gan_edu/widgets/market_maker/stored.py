"""What a market maker is handed: simulated returns of one or more models, looked at and put in the view's order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from gan_edu.core.safety.checked import integer, real, series, short, table, text

MOST_MODELS, MOST_PATHS, LEAST_DAYS, MOST_DAYS = 5, 100, 100, 2500  # lags go up to 60
LARGEST = 1.0  # of a day's log-return: e-fold
DIGITS = 6  # after the point: a hundredth of a basis point
LONGEST = 40  # letters of a label


def arranged(stored: object) -> dict[str, Any]:
    """The market as the view reads it: each model has as many paths, all of the same days. Raises ValueError."""
    given = table("stored", stored, "models", "days")
    days = integer("days", given["days"], LEAST_DAYS, MOST_DAYS)
    models = series("models", given["models"], partial(_model, days=days))
    if not 1 <= len(models) <= MOST_MODELS:
        raise ValueError(f"models must be 1 to {MOST_MODELS}, got {len(models)}")
    if len({each["key"] for each in models}) < len(models):
        raise ValueError(f"models must have keys that differ, got {short([each['key'] for each in models])}")
    if len(counts := {len(each["paths"]) for each in models}) > 1:
        raise ValueError(f"models must have as many paths each, got {short(sorted(counts))}")
    return {"days": days, "models": models}


def _model(name: str, value: object, days: int) -> dict[str, Any]:
    given = table(name, value, "key", "label", "paths")
    paths = series(f"{name}: paths", given["paths"], partial(_path, days=days))
    if not 2 <= len(paths) <= MOST_PATHS:
        raise ValueError(f"{name}: paths must be 2 to {MOST_PATHS}, got {len(paths)}")

    def each_path(key: str, each: Callable) -> list | None:
        some = given.get(key)
        return None if some is None else series(f"{name}: {key}", some, each, len(paths))

    return {
        "key": _name(f"{name}: key", given["key"]),
        "label": _name(f"{name}: label", given["label"]),
        "paths": paths,
        "sigma": each_path("sigma", partial(_scales, days=days)),
        "judged": each_path("judged", _judged),
    }


def _path(name: str, value: object, days: int) -> list[float]:
    """Log-returns whose sizes differ: else they have no autocorrelation."""
    each = partial(_rounded, least=-LARGEST, most=LARGEST)
    returns = series(name, value, each, days)
    if len({abs(r) for r in returns}) < 2:
        raise ValueError(f"{name} never changes its size: look at the model that made it")
    return returns


def _scales(name: str, value: object, days: int) -> list[float]:
    return series(name, value, partial(_rounded, above=0, most=LARGEST), days)


def _judged(name: str, value: object) -> list[float]:
    """What D says of the path, and of the path as the game shuffles it: more where it looks more real."""
    return series(name, value, real, 2)


def _rounded(name: str, value: object, **limits: float) -> float:
    return round(real(name, value, **limits), DIGITS)


def _name(name: str, value: object) -> str:
    if not 1 <= len(words := text(name, value).strip()) <= LONGEST:
        raise ValueError(f"{name} must be 1 to {LONGEST} letters, got {short(value)}")
    return words
