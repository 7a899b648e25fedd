"""`python -m gan_edu provenance`: each file of data has what makes it; a short run tells what differs."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers.small_recording import recording

from gan_edu.__main__ import main
from gan_edu.recordings import provenance
from gan_edu.recordings.recipes import RECIPES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("origin", provenance.origins(), ids=lambda origin: origin.command)
def test_what_makes_a_file_is_there(origin):
    for command in origin.command.split(" && "):
        if found := re.fullmatch(r"python -m gan_edu record (\S+)", command):
            assert found[1] in RECIPES
        elif found := re.fullmatch(r"python -m benchmarks\.(\w+)( ship)?", command):
            text = (ROOT / "benchmarks" / f"{found[1]}.py").read_text(encoding="utf-8")
            assert not found[2] or "def ship(" in text
        elif found := re.fullmatch(r"make ([\w-]+)", command):
            assert f"\n{found[1]}:" in (ROOT / "Makefile").read_text()
        elif found := re.match(r"python (tools/\w+\.py)|cp (\S+)", command):
            assert (ROOT / (found[1] or found[2])).is_file()
        else:
            assert command.startswith("python -m gan_edu train-features") or command in (
                provenance.UNCHANGED,
                provenance.BY_HAND,
            )


def test_each_file_has_one_origin_and_all_are_there():
    names = [name for origin in provenance.origins() for name in origin.names]
    assert sorted(names) == provenance.data_files() and len(set(names)) == len(names)
    assert {"data/modern.json", "data/writers.pt", "recordings/plane/ring/frames.bin"} <= set(names)
    for command, patterns in provenance.MADE.items():
        assert any(origin.command == command for origin in provenance.origins()), (command, patterns)


@pytest.mark.parametrize("name", ["data/stray.bin", "core/measures/stray.pt", "recordings/stray/recording.json"])
def test_a_file_that_nobody_knows_is_named(name, tmp_path, monkeypatch, capsys):
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_bytes(b"{}")
    monkeypatch.setattr(provenance, "PACKAGE", tmp_path)
    assert provenance.made_by(name) is None
    assert main(["provenance"]) == 1 and f"gan_edu/{name} has no origin" in capsys.readouterr().err


def test_recordings_and_networks_say_with_which_torch(capsys):
    assert main(["provenance"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"record plane/ring\n    recordings/plane/ring/…, 2 files, \d+ KB; PyTorch 2\.\d+", told)
    assert "not noted" not in "".join(re.findall(r"(?:record|train-features).*\n.*\n", told))


# A short run beside a long one


def run(step, d_loss, name="d_loss"):
    """What is compared of a recording."""
    curves = {"step": list(step), name: list(d_loss)}
    return SimpleNamespace(meta={"curves": curves, "provenance": {"torch": "2.0", "device": "cpu"}})


LONG = run((4, 8, 12, 16), (2.5, 6.5, 10.5, 14.5))  # means over four steps of 1, 2, 3, …


def test_a_short_run_is_compared_over_as_many_steps():
    assert "the same in 1 curves up to step 8" in provenance.compared(LONG, run(range(1, 11), range(1, 11)))
    assert "the same in 1 curves up to step 8" in provenance.compared(LONG, run((2, 4, 6, 8), (1.5, 3.5, 5.5, 7.5)))


@pytest.mark.parametrize(
    "short, words",
    [
        (run(range(1, 9), (1, 2, 3, 4, 5, 6, 7, 8.01)), "DIFFERS from step 8 on: d_loss was 6.5, is 6.5025"),
        (
            run(range(1, 9), (1, 2, 3, 5, 5, 6, 7, 9)),
            "step 4 on: d_loss was 2.5, is 2.75; at most 0.25 apart up to step 8",
        ),
        (run(range(1, 9), (None,) * 8), "DIFFERS from step 4 on: d_loss was 2.5, is none"),
        (run(range(1, 9), range(1, 9), "g_loss"), "DIFFERS: one of them alone has d_loss, g_loss"),
        (run((1, 2, 3), (1, 2, 3)), "too short to be compared"),
    ],
)
def test_what_differs_is_named_with_its_step(short, words):
    assert words in provenance.compared(LONG, short)


def test_a_rebuilt_recording_is_compared_with_the_shipped_one(monkeypatch, capsys):
    monkeypatch.setitem(RECIPES, "plane/ring", lambda name, epochs, into: recording().save(into / name))
    assert main(["provenance", "--rebuild", "plane/ring"]) == 0
    assert capsys.readouterr().out == "plane/ring: too short to be compared: more epochs\n"
    assert main(["provenance", "--rebuild", "rivals"]) == 1
    assert "its learning rates fall over the whole of a run" in capsys.readouterr().err
    assert set(provenance.WHOLE) < set(RECIPES)
