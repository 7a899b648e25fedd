"""Scores that a benchmark measured and the course ships: every run of every arm, read into tables and curves.

Used in notebook 05: `scores("tricks")` is what `gan_edu.widgets.ScoreTable` shows, `slopes("tricks")` how steep D was
over each run. The file is what `make bench-tricks` writes: {"settings", "arms": {data: {arm: …}}, "runs": [a seed's]}.
"""

from __future__ import annotations

import json
import math
import statistics
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from gan_edu.core.safety import checked

SHIPPED = Path(__file__).parents[2] / "data"
CURE = "install gan_edu anew, or measure again with `make bench-tricks` and hand over benchmarks/results/tricks.json"
PARTS = {"settings": dict, "arms": dict, "runs": list}
TITLES = {"mnist": "MNIST", "grid": "Grid of 25", "mnist long": "MNIST, twice the time"}
SETUPS = {
    "mnist": "The textbook's networks on MNIST; FID by the course's own small classifier.",
    "grid": "Small networks on 25 Gaussians in the plane, against the exact density.",
}
TIMES = {"salt": 10_000}  # what a stored share is shown as


@dataclass(frozen=True)
class Column:
    """A score of every run: where it is stored, and how it is shown. floor: the run's entry that holds its floor."""

    key: str
    title: str
    unit: str
    better: str = "lower"
    log: bool = False
    floor: str | None = None

    def told(self, runs: list[dict]) -> dict:
        """As a table has it: its floor is the middle one of these runs."""
        floor = self.floor and statistics.median(_finite(run, self.floor) for run in runs)
        return {**asdict(self), "floor": floor}


COLUMNS = {
    "mnist": [
        Column("fid", "FID", "own features", log=True, floor="fid_floor"),
        Column("class_kl", "class KL", "nat", log=True),
        Column("salt", "salt", "pixels in 10,000", log=True),
    ],
    "grid": [
        Column("js", "JS", "nat", log=True, floor="js_floor"),
        Column("kl", "skew KL", "nat"),
        Column("quality", "quality", "share within 3 σ of a mode", better="higher"),
    ],
}


def scores(source: str | Path = "tricks") -> dict[str, dict]:
    """{table's name: table} of a stored benchmark, as `ScoreTable` takes them; arms without a run are left out.

    source: the name of a shipped file, or a path. Raises FileNotFoundError or ValueError, with the cure.
    """
    path, found = _read(source)
    try:
        tables = {TITLES[data]: _table(data, found) for data in TITLES if _runs(found, data)}
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, error) from error
    if not tables:
        raise ValueError(f"{path} holds no runs yet: {CURE}")
    return tables


def slopes(source: str | Path = "tricks") -> dict[str, dict[str, np.ndarray]]:
    """D's mean slope |∇ₓD| at fakes over training: {"mnist" or "grid": {arm: (looks, seeds)}}, float64.

    The looks are spaced evenly over the run, the last at its end; `np.median(found, axis=1)` is the curve of an arm.
    Seeds stand in ascending order. Raises as `scores`.
    """
    path, found = _read(source)
    try:
        seen = {
            data: {
                arm: np.array([run["slopes"] for run in runs], dtype=np.float64).T
                for arm in arms
                if (runs := _runs(found, data, arm))
            }
            for data, arms in found["arms"].items()
        }
    except (KeyError, TypeError, AttributeError, ValueError) as error:  # ValueError: of different lengths
        raise _damaged(path, error) from error
    return {data: arms for data, arms in seen.items() if arms}


def cost(arm: str, data: str = "mnist", source: str | Path = "tricks") -> float:
    """How many steps of the baseline take as long as one of this arm. Raises as `scores`, KeyError for no such arm."""
    path, found = _read(source)
    if arm not in (arms := found["arms"].get(data, {})):
        raise KeyError(f"{path} has no arm {arm!r} on {data!r}; it has {', '.join(arms)}")
    return arms[arm]["ms_per_step"] / arms["baseline"]["ms_per_step"]


def trials(source: str | Path = "tricks") -> list[dict]:
    """Every trial of the search for the best combination: its settings and its score. Raises as `scores`."""
    return list(_read(source)[1].get("trials", []))


def measured(name: str) -> dict:
    """What a benchmark measured, all of it, as the course ships it: "modes", "wasserstein", "convolutional".

    Raises FileNotFoundError, with the cure, where there is no such file.
    """
    path = SHIPPED / f"{checked.text('name', name)}.json"
    if not path.is_file():
        raise FileNotFoundError(
            f"there are no scores at {path}: install gan_edu anew, or measure again, make bench-{name}"
        )
    return json.loads(path.read_text(encoding="utf-8"))


def _read(source: str | Path) -> tuple[Path, dict]:
    path = checked.path("source", source)
    if path.suffix != ".json":
        path = SHIPPED / f"{source}.json"
    if not path.is_file():
        raise FileNotFoundError(f"there are no scores at {path}: {CURE}")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(found[part], kind) for part, kind in PARTS.items()):
            raise TypeError("settings, arms or runs are not what they should be")
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, error) from error
    return path, found


def _damaged(path: Path, error: Exception) -> ValueError:
    return ValueError(f"{path} is damaged ({type(error).__name__}: {error}): {CURE}")


def _runs(found: dict, data: str, arm: str | None = None) -> list[dict]:
    """The runs on some data, of one arm or of all, by seed."""
    return sorted(
        (run for run in found["runs"] if run["data"] == data and arm in (None, run["arm"])), key=lambda run: run["seed"]
    )


def _table(data: str, found: dict) -> dict:
    runs, settings, kind = _runs(found, data), found["settings"], data.split()[0]
    seeds = sorted({run["seed"] for run in runs})
    rows = [_row(name, about, seeds, _runs(found, data, name), kind) for name, about in found["arms"][data].items()]
    return {
        "note": f"{SETUPS[kind]} Every arm made as many steps as fit into "
        f"{settings['budget_cpu_seconds'][data]:.0f} s of one core by the cost of its step, measured once; "
        f"{settings['samples']:,} samples a score.",
        "seeds": seeds,
        "columns": [column.told(runs) for column in COLUMNS[kind]],
        "rows": [row for row in rows if row],
    }


def _row(name: str, about: dict, seeds: list, runs: list, kind: str) -> dict | None:
    """An arm's numbers, None for a seed that was not run."""
    of = {run["seed"]: run for run in runs}
    values = {
        key: [_finite(of[seed], key) * TIMES.get(key, 1) if seed in of else None for seed in seeds]
        for key in (column.key for column in COLUMNS[kind])
    }
    return (
        {
            "name": name,
            "title": about["label"],
            "group": about.get("group", "other"),
            "values": values,
            "baseline": name == "baseline",
            "facts": {"steps": about["steps"], "ms a step": about["ms_per_step"]},
        }
        if runs
        else None
    )


def _finite(run: dict, key: str) -> float:
    if run[key] is None or not math.isfinite(run[key]):  # None: it was not, when it was stored
        raise TypeError(f"{key} of {run['arm']!r}, seed {run['seed']}, is {run[key]}")
    return run[key]
