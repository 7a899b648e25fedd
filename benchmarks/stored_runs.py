"""Trials and runs of a benchmark's arms: stored one by one, resumed, and taken by two processes side by side.

A file in benchmarks/results holds {"trials": […], "runs": […], "floors": {…}}. A trial is told by its settings, a run
by its data, arm and seed. What was tuned was tuned in trials, on seeds below 10; runs are of other seeds.
"""

from __future__ import annotations

import json
import os
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from gan_edu.core.safety import durable
from gan_edu.core.safety.lock import locked
from gan_edu.core.safety.strict_json import as_json

RESULTS = Path(__file__).parent / "results"
TEN, FIVE, THREE = tuple(range(10, 20)), tuple(range(10, 15)), (10, 11, 12)


@dataclass(frozen=True)
class Arm:
    """One row of a table. settings: what differs from START, as it was found in trials and then left."""

    label: str
    settings: dict
    seeds: tuple[int, ...]


Arms = Mapping[str, Mapping[str, Arm]]  # by data and by name
Measure = Callable[[str, dict], dict]  # (data, settings with a seed) → scores, and "cpu_seconds"


class StoredRuns:
    """What a benchmark has measured. path: the file; beside it stands a folder of what has been begun."""

    def __init__(self, path: Path, unshown: tuple[str, ...] = ()):
        self.path, self.begun, self.unshown = path, path.with_suffix(""), unshown

    def read(self) -> dict:
        """What was measured so far."""
        return json.loads(self.path.read_text()) if self.path.is_file() else {"trials": [], "runs": [], "floors": {}}

    def merge(self, change: Callable[[dict], object]) -> None:
        """Apply a change to what is stored, one process at a time; the file is replaced whole."""
        self.path.parent.mkdir(exist_ok=True)
        with locked(self.path.with_suffix(".lock")):
            found = self.read()
            change(found)
            durable.write(self.path, (as_json(found, indent=1, ensure_ascii=False) + "\n").encode())

    def floor(self, name: str, measure: Callable[[str], object]) -> None:
        """Measure what no network scores, unless it is stored."""
        if name not in self.read()["floors"]:
            value = measure(name)
            self.merge(lambda stored: stored["floors"].setdefault(name, value))

    def trial(self, measure: Measure, data: str, arm: str, given: str) -> dict:
        """One trial, stored with its settings, a text in JSON; seed 0 unless they say another."""
        settings = {**json.loads(given)}
        found = measure(data, {"seed": 0, **settings})
        row = {"data": data, "arm": arm, "settings": settings, **self._shown(found)}
        self.merge(lambda stored: stored["trials"].append(row))
        print(row, flush=True)
        return found

    def run(self, measure: Measure, arms: Arms, wanted: tuple[str, ...], floor: Callable | None = None) -> None:
        """All runs that are not stored and nobody else has begun, seed by seed: an early end leaves whole rows.

        floor: (data) → what no network scores, which is measured first.
        """
        minutes = {(row["data"], row["arm"]): row["cpu_seconds"] / 60 for row in self.read()["runs"]}
        asked = [name for name in arms if name in wanted or not wanted]
        for name in asked if floor else []:
            self.floor(name, floor)
        left = [key for key in _keys(arms, asked) if key not in self._done()]
        known = sum(minutes.get(key[:2], 0) for key in left)
        print(f"{len(left)} runs are left, about {known:.0f} CPU-minutes as far as their arms have run", flush=True)
        for data, arm, seed in left:
            if (data, arm, seed) not in self._done() and (mine := self._claimed(f"{data}_{arm}_{seed}")):
                try:
                    found = measure(data, {**arms[data][arm].settings, "seed": seed})
                    row = {"data": data, "arm": arm, "seed": seed, **found}
                    self.merge(lambda stored, row=row: stored["runs"].append(row))
                    print(self._shown(row), flush=True)
                finally:
                    mine.unlink()

    def rows(self, data: str, arm: str) -> list[dict]:
        """The runs of an arm."""
        return [row for row in self.read()["runs"] if (row["data"], row["arm"]) == (data, arm)]

    def trials(self, arms: Arms) -> dict[str, dict[str, int]]:
        """How many trials each arm had."""
        tried = Counter((each["data"], each["arm"]) for each in self.read()["trials"])
        return {data: {arm: n for (of, arm), n in tried.items() if of == data} for data in arms}

    def _shown(self, row: dict) -> dict:
        return {name: value for name, value in row.items() if name not in self.unshown}

    def _done(self) -> set[tuple[str, str, int]]:
        return {(row["data"], row["arm"], row["seed"]) for row in self.read()["runs"]}

    def _claimed(self, name: str) -> Path | None:
        """A file that says this run is begun, None where another process has it."""
        self.begun.mkdir(parents=True, exist_ok=True)
        try:
            os.close(os.open(place := self.begun / f"{name.replace(' ', '_')}.begun", os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return None
        return place


def command(what: str, given: tuple[str, ...], does: Mapping[str, Callable[..., object]]) -> None:
    """One command of a benchmark, by one thread. Without a word run and table; what returns a text has it printed."""
    torch.set_num_threads(1)
    if what and what not in does:
        *most, last = does
        raise SystemExit(f"{', '.join(most)} or {last}, got {what!r}")
    for name in [what] if what else ["run", "table"]:
        told = does[name](*given)
        if isinstance(told, str):
            print(told)


def listed(rows: Iterable) -> None:
    """Print what a trial looked at on its way, a line each."""
    for each in rows:
        print("   ", each)


def _keys(arms: Arms, asked: list[str]) -> list[tuple[str, str, int]]:
    """Data, arm and seed of each run: the seeds first that all arms have."""
    keys = [
        (arm.seeds.index(seed), place, data, name, seed)
        for place, data in enumerate(asked)
        for name, arm in arms[data].items()
        for seed in arm.seeds
    ]
    return [key[2:] for key in sorted(keys, key=lambda key: key[:2])]


def spread(values: list[float]) -> str:
    """Median, least and largest, for a table."""
    return f"{statistics.median(values):.4g} ({min(values):.4g} – {max(values):.4g})"
