"""Where the data that the course ships comes from: `python -m gan_edu provenance`.

Each file has the command that makes it anew, or who made it. What a file says itself of its making (PyTorch, device) is
read from it, or from the JSON beside it; many scores say nothing of it. `--rebuild NAME` trains the first steps of a
recording again and says whether its curves are those that are stored.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from gan_edu.core.notebook.shipped_files import PACKAGE
from gan_edu.core.recording.recording import Recording, shipped
from gan_edu.recordings.recipes import RECIPES
from gan_edu.widgets.kit.still import told

MEASURES = "python -m benchmarks.{0} && python -m benchmarks.{0} ship"  # in a checkout: no wheel has them
UNCHANGED, BY_HAND = "LeCun, Cortes and Burges, unchanged", "written by hand"
BESIDE = {"mnist_textbook": ("mnist_textbook_generator",)}  # what a recipe stores in other folders than its own
MADE: dict[str, Sequence[str]] = {  # what makes files that say nothing themselves: patterns of these, below gan_edu/
    **{
        f"python -m gan_edu record {name}": [f"recordings/{folder}/*" for folder in (name, *BESIDE.get(name, ()))]
        for name in RECIPES
    },
    MEASURES.format("scaling"): ["data/machines.json"],
    "python -m benchmarks.transfer_board": ["data/few_images.json"],
    "make bench-tricks && cp benchmarks/results/tricks.json gan_edu/data": ["data/tricks.json"],
    "python tools/texts.py": ["data/text/*.gz"],
    "python -m benchmarks.running_text": ["data/text/*.bz2"],
    "python tools/course.py shipped": ["data/shipped.txt"],
    UNCHANGED: ["data/mnist/*.gz"],
    BY_HAND: ["core/notebook/palette.json", "core/notebook/tex.json", "data/text/lexicon_*.txt"],
}
WHOLE = {  # recordings of which a short run tells nothing
    "mnist_textbook_steps": "it holds single steps, and no curves",
    "collapse_theatre": "its films hold no curves",
    "rivals": "its learning rates fall over the whole of a run",
}
CLOSE = 2e-4  # curves are stored with four decimals


class Origin(NamedTuple):
    """Files of one command. torch: the versions that they say they were made with."""

    command: str
    names: list[str]
    size: int
    torch: list[str]


def data_files() -> list[str]:
    """All files below gan_edu/ that are data and no program, by their path from there."""
    paths = (path for room in ("core", "data", "recordings") for path in (PACKAGE / room).rglob("*"))
    left_out = {".py", ".pyc", ".md", ".part", ".lock"}
    return sorted(
        path.relative_to(PACKAGE).as_posix() for path in paths if path.is_file() and path.suffix not in left_out
    )


def made_by(name: str) -> str | None:
    """The command that makes a file anew, or who made it; None where nobody knows.

    A network names it in the JSON beside it. Scores of a chapter are called as the benchmark that measures them.
    """
    for command, patterns in MADE.items():
        if any(fnmatchcase(name, pattern) for pattern in patterns):
            return command
    own = str(said(name).get("command", ""))
    if benchmark := re.fullmatch(r"python -m benchmarks\.(\w+)", own) or re.fullmatch(r"data/(\w+)\.json", name):
        return MEASURES.format(benchmark[1])
    return own or None


def said(name: str) -> Mapping:
    """What a file says of its making: of a recording its provenance, of others the head of their JSON."""
    path = (PACKAGE / name).with_suffix(".json")
    if path.with_name("recording.json").is_file():
        path = path.with_name("recording.json")
    with suppress(OSError, ValueError, AttributeError):
        head = json.loads(path.read_text(encoding="utf-8"))
        return {**head.get("settings", {}), **head, **head.get("provenance", {})}
    return {}


def origins() -> list[Origin]:
    """All data, by the command that makes it. Raises ValueError for a file that no command makes."""
    by: dict[str, list[str]] = {}
    for name in data_files():
        if not (command := made_by(name)):
            raise ValueError(f"gan_edu/{name} has no origin: name what makes it in gan_edu/recordings/provenance.py")
        by.setdefault(command, []).append(name)
    return [
        Origin(
            command,
            names,
            sum((PACKAGE / name).stat().st_size for name in names),
            sorted({str(its["torch"]) for name in names if "torch" in (its := said(name))}),
        )
        for command, names in by.items()
    ]


def table() -> Iterator[str]:
    """What `origins` finds, in lines."""
    for command, names, size, torch in origins():
        untrained = command in (UNCHANGED, BY_HAND) or all(name.endswith(("z", "bz2", "txt")) for name in names)
        by = f"PyTorch {', '.join(torch)}" if torch else "PyTorch was not noted"
        files = names[0] if len(names) == 1 else f"{os.path.commonprefix(names)}…, {len(names)} files"
        yield f"{command}\n    {files}, {size / 1e3:,.0f} KB{'' if untrained else f'; {by}'}"


def rebuilt(name: str, epochs: int = 1) -> Iterator[str]:
    """Train the beginning of a recording anew and compare it with the one that is shipped, in lines.

    epochs: as `record` takes them; of the plane thousands of steps. Raises ValueError for one that cannot be compared.
    """
    if name not in RECIPES or name in WHOLE:
        known = ", ".join(each for each in RECIPES if each not in WHOLE)
        raise ValueError(f"{name} cannot be compared by a short run ({WHOLE.get(name, 'there is none')}); {known} can")
    with TemporaryDirectory() as place:
        RECIPES[name](name, epochs=epochs, into=Path(place))
        for path in sorted(Path(place).rglob("recording.json")):
            own = path.parent.relative_to(place).as_posix()
            yield f"{own}: {compared(shipped(own), Recording.load(path.parent))}"


def compared(stored: Recording, short: Recording) -> str:
    """Whether the beginning of a run is that of another, by all its curves, in words."""
    then, now = stored.meta["provenance"], short.meta["provenance"]
    steps, curves = on_steps_of(stored.meta["curves"]["step"], short.meta["curves"])
    if not steps:
        return "too short to be compared: more epochs"
    differing = [
        (step, name, old, new)
        for name, values in curves.items()
        for step, old, new in zip(steps, stored.meta["curves"].get(name, []), values, strict=False)
        if (old is None) != (new is None) or (old is not None and abs(old - new) > CLOSE)
    ]
    place = f"stored: {then.get('torch')}, {then.get('device')}; here: {now.get('torch')}, {now.get('device')}"
    if missing := sorted(set(curves) ^ (set(stored.meta["curves"]) - {"step"})):
        return f"DIFFERS: one of them alone has {', '.join(missing)} ({place})"
    if not differing:
        return f"the same in {len(curves)} curves up to step {steps[-1]:,} ({place})"
    step, name, *both = min(differing)
    old, new = (told(value, ".6g", "none") for value in both)
    most = max((abs(old - new) for _, _, old, new in differing if None not in (old, new)), default=None)
    apart = f"at most {told(most, '.2g', 'nothing')} apart up to step {steps[-1]:,}"
    return f"DIFFERS from step {step:,} on: {name} was {old}, is {new}; {apart} ({place})"


def on_steps_of(wanted: Sequence[int], curves: Mapping[str, list]) -> tuple[list[int], dict[str, list]]:
    """(steps, curves): means over as many steps as those of a longer run are, as far as the shorter one goes."""
    own = curves["step"]
    steps = [step for step in wanted if step in set(own)]
    if not steps:
        return [], {}
    many = own.index(steps[0]) + 1  # numbers of the shorter run that one of the longer is the mean of
    parts = {
        name: [values[k * many : (k + 1) * many] for k in range(len(steps))]
        for name, values in curves.items()
        if name != "step"
    }
    return steps, {name: [_mean(part) for part in each] for name, each in parts.items()}


def _mean(values: list) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
