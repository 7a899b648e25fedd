"""Whether the tests would notice: one small fault after another is put into the code, and the tests are run on each.

    pip install --target /tmp/mutmut mutmut==3.8.1       only this program needs it, so no list of packages has it
    PYTHONPATH=/tmp/mutmut OMP_NUM_THREADS=1 nice python -m benchmarks.mutants [GROUP …]
    … python -m benchmarks.mutants again [GROUP …]       only those that survived, after tests were added

Of each group of files the same 40 faults are drawn, by a seed: mutmut's (a number plus one, < for ≤, + for −, `and` for
`or`, a text changed) and three more: a call left out, an argument left out, a condition turned round. Left aside are
those that any run of the line would meet, as None in a value's place, and what lies in a docstring, an annotation, an
error or its words. A fault is killed where a test fails, or takes three times as long as all of them without it. Tests
run in a copy of the working tree. What survives stands in benchmarks/results/mutants.json, with room for the reason,
which stays there when the fault is drawn again.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import (
    mutation_operators,
    operator_arg_removal,
    operator_assignment,
    operator_lambda,
    operator_string,
)

ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "benchmarks" / "results" / "mutants.json"
SEED, DRAWN = 14, 40
QUIET = ("-x", "-q", "-p", "no:cacheprovider", "--no-header")
PACKAGE, UNIT = "gan_edu", "tests/unit"
LONG = "not (killed or dtype1 or draws_the_digit or inpainter or inpainting or another_thread or knows_no)"


class Group(NamedTuple):
    """Files, and the tests that are to notice a fault in them, the likeliest first: of some only those so named."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


GROUPS = {
    "losses": Group(
        ("losses.py", "core/training/loss.py"),
        ("test_losses", "test_handed_over", "test_losses_divergences", "test_doors losses or loss"),
    ),
    "step": Group(
        ("core/training/step.py", "training_loop.py"),
        (
            "test_training_loop",
            "test_contract curves",
            "test_tricks penalt or lazy",
            "test_handed_over",
            "test_interrupts of_d or left",
        ),
    ),
    "penalties": Group(
        ("core/training/penalties.py",),
        (
            "test_tricks",
            "test_handed_over",
            "test_learners_networks slopes",
            "test_plane_tricks",
            "test_doors penalties",
        ),
    ),
    "gan": Group(
        ("core/training/gan.py",),
        (
            "test_checkpoint",
            "test_training_loop",
            "test_handed_over",
            "test_tricks",
            "test_untrusted_files no_run_has",
            "test_doors GAN or gan",
        ),
    ),
    "mixture scores": Group(
        ("core/measures/mixture_scores.py",),
        ("test_plane_measures", "test_not_a_number points", "test_doors mixture"),
    ),
    "recording": Group(
        ("core/recording/recorder.py", "core/recording/curves.py", "core/recording/grid_look.py"),
        (
            "test_recording",
            "test_looks",
            "test_checkpoint",
            "test_untrusted_files recorder",
            "test_contract denoiser",
            "test_doors recording",
        ),
    ),
}

# ------------------------------------------------------------------ faults


class Mutant(NamedTuple):
    """A fault: where, its line before and after, and the file's text with it."""

    file: str
    line: int
    before: str
    after: str
    text: str

    @property
    def told(self) -> tuple[str, str, str]:
        """By what it is known when lines have moved."""
        return self.file, self.before, self.after


def call_left_out(node: cst.Expr) -> Iterator[cst.BaseSmallStatement]:
    if isinstance(node.value, cst.Call):
        yield cst.Pass()


def argument_left_out(node: cst.Call) -> Iterator[cst.Call]:
    """The last one, or one that has a name: others would be met at once."""
    for k, each in enumerate(node.args):
        if len(node.args) > 1 and (each.keyword or k == len(node.args) - 1):
            kept = [*node.args[:k], *node.args[k + 1 :]]
            yield node.with_changes(args=[*kept[:-1], kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)])


def turned_round(node: cst.If) -> Iterator[cst.If]:
    whole = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    space = cst.SimpleWhitespace(" ")
    yield node.with_changes(test=cst.UnaryOperation(cst.Not(), whole), whitespace_before_test=space)


def text_changed(node: cst.SimpleString) -> Iterator[cst.BaseString]:
    yield from list(operator_string(node))[:1]


MET_AT_ONCE = (operator_arg_removal, operator_assignment, operator_lambda, operator_string)
OPERATORS = [
    *[each for each in mutation_operators if each[1] not in MET_AT_ONCE],
    (cst.SimpleString, text_changed),
    (cst.Call, argument_left_out),
    (cst.Expr, call_left_out),
    (cst.If, turned_round),
]
IN_WORDS = (cst.Annotation, cst.Import, cst.ImportFrom, cst.Raise, cst.FormattedString, cst.ConcatenatedString)


class Faults(cst.CSTVisitor):
    """All faults that a file can be given, each a node and what takes its place."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[cst.CSTNode, cst.CSTNode]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, IN_WORDS) or in_a_message(node):
            return False
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                self.found += [(node, other) for other in operator(node)]
        return called(node) not in ("isinstance", "len")


def in_a_message(node: cst.CSTNode) -> bool:
    """A docstring, a text assigned alone (an error's, mostly), __all__, or a remark."""
    if isinstance(node, cst.Expr):
        return isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString)) or called(node.value) == "remark"
    if isinstance(node, cst.Assign):
        target = node.targets[0].target
        return isinstance(target, cst.Name) and target.value in ("__all__", "MIXES", "DETACHED")
    return False


def called(node: cst.CSTNode) -> str:
    return node.func.value if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) else ""


def faults(file: str) -> list[Callable[[], Mutant | None]]:
    """All faults of a file, each to be called for: most are not drawn."""
    text = (ROOT / PACKAGE / file).read_text(encoding="utf-8")
    module = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    module.visit(visitor := Faults())
    return [partial(mutant, file, text, module.module, *each) for each in visitor.found]


def mutant(file: str, text: str, module: cst.Module, node: cst.CSTNode, other: cst.CSTNode) -> Mutant | None:
    """The fault, None where it does not compile or only changes by which name an error calls a value."""
    changed = module.deep_replace(node, other)
    code = changed.code if isinstance(changed, cst.Module) else text
    pairs = zip_longest(text.splitlines(), code.splitlines(), fillvalue="")
    line, before, after = next((k, a, b) for k, (a, b) in enumerate(pairs, 1) if a != b)
    if in_a_name(before, after) or not compiles(code):
        return None
    return Mutant(file, line, before.strip(), after.strip(), code)


def compiles(code: str) -> bool:
    try:
        compile(code, "mutant", "exec")
    except SyntaxError:
        return False
    return True


CHECKS = ("text", "function", "integer", "real", "flag", "several", "kind", "one_of", "series", "rising", "tensor")
CHECKS += ("table", "finite", "equal", "stream", "network", "optimizer", "callable_with", "changes", "settings", "kept")


def in_a_name(before: str, after: str) -> bool:
    """Whether a changed text is the first argument of a check, by which an error would name the value."""
    start = next((k for k, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    opened = before.rfind('("', 0, start + 2)
    inside = opened >= 0 and '"' not in before[opened + 2 : start]
    return inside and before[:opened].endswith(CHECKS)


def drawn(group: Group) -> list[Mutant]:
    """The faults of a group that are tried: at most two of a line, the same ones whenever the files are the same."""
    every = [each for file in group.files for each in faults(file)]
    random.Random(SEED).shuffle(every)
    taken: list[Mutant] = []
    while len(taken) < DRAWN and every:
        found = every.pop()()
        if found and sum((found.file, found.line) == (other.file, other.line) for other in taken) < 2:
            taken.append(found)
    return sorted(taken)


# ------------------------------------------------------------------ tests


class Trial:
    """A copy of the working tree, in which faults are put and tests are run."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0
        listed = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout
        for name in filter(None, names.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)

    def put(self, file: str, text: str) -> None:
        """Write a file, with a time of its own, so that nothing takes yesterday's bytecode for it."""
        path = self.folder / PACKAGE / file
        path.write_text(text, encoding="utf-8")
        self.count += 1
        os.utime(path, (self.count, self.count))

    def passes(self, tests: Iterable[str], seconds: float) -> bool | None:
        """Whether the tests pass; None where they take longer."""
        child = os.fork()
        if not child:
            self._test(tests)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status) == 0
            time.sleep(0.05)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None

    def _test(self, tests: Iterable[str]) -> None:
        os.setsid()
        os.chdir(self.folder)
        for name in [name for name in sys.modules if name.partition(".")[0] in ("gan_edu", "benchmarks")]:
            del sys.modules[name]
        here = str(self.folder)
        sys.path[:] = [here, *(each for each in sys.path if each and Path(each).resolve() != ROOT)]
        os.environ["PYTHONPATH"] = here
        log = os.open(self.folder.parent / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        import pytest

        for each in tests:  # one after the other: most faults are found in the first
            file, _, words = each.partition(" ")
            chosen = f"{LONG} and ({words})" if words else LONG
            if code := int(pytest.main([*QUIET, "-k", chosen, f"{UNIT}/{file}.py"])):
                os._exit(code)
        os._exit(0)


def try_all(trial: Trial, group: Group, mutants: list[Mutant]) -> Iterator[tuple[Mutant, bool]]:
    """Each fault, and whether it was killed. One that takes too long is tried again: the machine may be busy."""
    begun = time.monotonic()
    if not trial.passes(group.tests, 600):
        raise SystemExit(f"without any fault the tests fail:\n{(trial.folder.parent / 'log').read_text()[-3000:]}")
    clean = time.monotonic() - begun
    print(f"  the tests alone: {clean:.0f} s", flush=True)
    for each in mutants:
        whole, begun = (ROOT / PACKAGE / each.file).read_text(encoding="utf-8"), time.monotonic()
        trial.put(each.file, each.text)
        passed = trial.passes(group.tests, 3 * clean)
        if passed is None:
            passed = trial.passes(group.tests, 6 * clean)
        trial.put(each.file, whole)
        word = {True: "SURVIVED", False: "killed", None: "too long"}[passed]
        print(f"  {word:9}{time.monotonic() - begun:4.0f} s {each.file}:{each.line}: {each.after[:100]}", flush=True)
        yield each, passed is not True


def warm() -> None:
    """What every test needs is imported once, before the forks; of the course itself nothing."""
    import hypothesis
    import matplotlib
    import pytest
    import scipy.stats
    import sympy
    import torch
    import torchmetrics

    modules = hypothesis, matplotlib, pytest, scipy.stats, sympy, torch, torchmetrics
    print("with", ", ".join(f"{each.__name__}" for each in modules), flush=True)


# ------------------------------------------------------------------ results


def report(group: Group, tried: list[tuple[Mutant, bool]], before: dict) -> dict:
    """What is stored of a group. before: what was; the reasons in it stay."""
    reasons = {(each["file"], each["before"], each["after"]): each["reason"] for each in before.get("survivors", [])}
    survivors = [
        {"file": each.file, "line": each.line, "before": each.before, "after": each.after}
        | {"reason": reasons.get(each.told, "")}
        for each, killed in tried
        if not killed
    ]
    return {
        "files": list(group.files),
        "tests": list(group.tests),
        "mutants": len(tried),
        "killed": sum(killed for _, killed in tried),
        "survivors": survivors,
    }


def main(names: list[str]) -> None:
    again = names[:1] == ["again"]
    names = names[again:]
    if unknown := set(names) - set(GROUPS):
        raise SystemExit(f"there is no group {', '.join(unknown)}; there are: {', '.join(GROUPS)}")
    warm()
    with tempfile.TemporaryDirectory() as place:
        trial = Trial(Path(place) / "course")
        for name in names or GROUPS:
            print(name, flush=True)
            measure(trial, name, again)


def measure(trial: Trial, name: str, again: bool) -> None:
    """One group, whose results are stored at once. again: what was killed before counts as killed."""
    from gan_edu.core.safety import durable
    from gan_edu.core.safety.strict_json import as_json

    group, before = GROUPS[name], stored().get(name, {})
    survived = {(each["file"], each["before"], each["after"]) for each in before.get("survivors", [])}
    mutants = drawn(group)
    tried = list(try_all(trial, group, [each for each in mutants if not again or each.told in survived]))
    if again:
        tried += [(each, True) for each in mutants if each.told not in survived]
    found = {**stored(), name: report(group, tried, before)}
    durable.write(STORED, (as_json(found, indent=1) + "\n").encode())
    print(f"{name}: {found[name]['killed']} of {found[name]['mutants']} killed", flush=True)


def stored() -> dict:
    return json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}


if __name__ == "__main__":
    main(sys.argv[1:])
