"""Nothing that is saved is lost: killed, interrupted, on a full or read-only disk, by two at once."""

import ast
import hashlib
import importlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gan_edu.core.safety import durable
from gan_edu.core.safety.lock import InUse, locked

ROOT = Path(__file__).parents[2]
ATTACK = Path(__file__).parents[1] / "helpers" / "killed_save.py"
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process")


def attacked(folder, *attacks, before=()):
    """What `killed_save.py` counted; it fails with its words."""
    done = subprocess.run(
        [*before, sys.executable, str(ATTACK), str(folder), *attacks],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@forks
def test_a_recording_saved_over_another_outlives_every_attack(tmp_path):
    found = attacked(tmp_path, *(f"recording:{how}" for how in ("events", "interrupts", "full", "two")))
    for how in ("events", "interrupts"):
        assert found[f"recording:{how}"]["old"] >= 4 and found[f"recording:{how}"]["new"] >= 2, how
    assert found["recording:events"]["underway"] >= 4
    assert found["recording:full"]["old"] >= 4 and found["recording:two"]["new"] == 1


@forks
def test_whatever_else_is_saved_outlives_them_too(tmp_path):
    kinds = ("checkpoint", "features", "generator", "live")
    found = attacked(tmp_path, *(f"{kind}:events" for kind in kinds), "checkpoint:full", "features:full", "live:full")
    for kind in kinds:
        assert found[f"{kind}:events"]["old"] >= 4 and found[f"{kind}:events"]["new"] >= 1, kind
    assert min(each["old"] for attack, each in found.items() if attack.endswith("full")) >= 3


def test_a_disk_that_is_full_or_read_only_keeps_what_it_has(tmp_path):
    mount = [
        "unshare",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        'mount -t tmpfs -o size=256k none "$0" && exec "$@"',
        str(tmp_path),
    ]
    try:
        allowed = subprocess.run([*mount, "true"], capture_output=True, text=True)
    except OSError as error:
        pytest.skip(f"a small file system cannot be mounted here: {error}")
    if allowed.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {allowed.stderr.strip()}")
    assert attacked(tmp_path, "recording:disk", before=mount)["recording:disk"]["struck"] == 3


def writes(tree):
    """Lines of calls that write a file by themselves."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        modes = {text for each in ast.walk(call) if isinstance(text := getattr(each, "value", None), str)}
        if name in ("write_text", "write_bytes") or name == "open" and modes & {"w", "wb", "a", "ab", "x", "xb"}:
            yield call.lineno


def test_all_writers_of_the_package_write_through_one_place():
    found = {
        path.name: list(writes(ast.parse(path.read_text(encoding="utf-8"))))
        for path in (ROOT / "gan_edu").rglob("*.py")
    }
    assert {name for name, lines in found.items() if lines} == {"durable.py", "lock.py"}


# One file


def test_a_file_is_written_with_its_folder_and_keeps_its_mode(tmp_path):
    path = durable.write(tmp_path / "new" / "page.html", b"one")
    path.chmod(0o640)
    assert durable.write(str(path), b"two") == path
    assert path.read_bytes() == b"two" and (os.name == "nt" or path.stat().st_mode & 0o777 == 0o640)
    assert list(path.parent.iterdir()) == [path]


def test_what_cannot_be_written_is_said_and_changes_nothing(tmp_path):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "b").mkdir()
    durable.write(tmp_path / "a", b"old")
    with pytest.raises(OSError, match="nothing was written.*Not a directory.*choose another folder.*file/deeper"):
        durable.write(tmp_path / "file" / "deeper" / "a", b"x")
    with pytest.raises(OSError, match="nothing was written.*b is there and is no file.: choose another name, or move"):
        durable.write_together(tmp_path, {"a": b"new", "b": b"x"})
    with pytest.raises(OSError, match="nothing was written.*choose a shorter name"):
        durable.write(tmp_path / ("n" * 240), b"x")
    with pytest.raises(OSError, match="nothing was written.*choose another name, or move it away"):
        durable.write(tmp_path / "b", b"x")
    assert (tmp_path / "a").read_bytes() == b"old" and {path.name for path in tmp_path.iterdir()} == {"a", "b", "file"}


def test_a_folder_in_the_place_of_a_lock_is_named(tmp_path):
    (tmp_path / "a.lock").mkdir()
    with pytest.raises(IsADirectoryError, match="move it away.*a.lock"), locked(tmp_path / "a.lock"):
        pass


def test_a_first_rename_that_fails_changes_nothing(tmp_path, monkeypatch):
    durable.write_together(tmp_path, {"a": b"old", "b": b"old"})

    def fails(*_):
        raise PermissionError(13, "another program has it open")

    monkeypatch.setattr(durable.os, "replace", fails)
    with pytest.raises(PermissionError, match="nothing was written.*another program has it open"):
        durable.write_together(tmp_path, {"a": b"new", "b": b"new"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old", "b": b"old"}


def test_a_checksum_finds_the_file_that_waits_and_leads_nowhere_else(tmp_path):
    data, name = b"new", hashlib.sha256(b"new").hexdigest()
    (tmp_path / "a").write_bytes(b"old")
    assert durable.read_matching(tmp_path / "a", name) is None
    (tmp_path / f"a.{name[:16]}.part").write_bytes(data)
    assert durable.read_matching(tmp_path / "a", name) == data
    for crooked in ("", "../a", 5, None, name.upper()):
        assert durable.read_matching(tmp_path / "a", crooked) is None


def test_a_damaged_head_names_nothing(tmp_path):
    head = tmp_path / "a.json"
    for text in ("", "[]", "5", "{}", '{"sha256": 5}', "\xff"):
        head.write_text(text)
        assert durable.read_pair(head, tmp_path / "a")[1] is None, text


# Asked before


def test_a_folder_is_asked_before_the_work(tmp_path):
    durable.ask(tmp_path / "made" / "for it", room=1)
    assert not list((tmp_path / "made" / "for it").iterdir())
    with pytest.raises(OSError, match="MB are needed and .* MB are free: make room, or choose another folder.*made"):
        durable.ask(tmp_path / "made", room=10**18)
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="choose another folder"):
        durable.ask(tmp_path / "file" / "deeper")


# One at a time

HOLDER = (
    "import sys, pathlib; from gan_edu.core.safety.lock import locked\n"
    "with locked(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
)


def holder(path):
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_lock_dies_with_the_process_that_holds_it(tmp_path):
    path = tmp_path / "a.lock"
    with holder(path) as other:
        with (
            pytest.raises(InUse, match="the work is already under way in another process.*a.lock.*try again"),
            locked(path, "the work"),
        ):
            pass
        other.kill()
        other.wait()
        with locked(path, "the work"):
            assert path.exists()
    assert not path.exists()


def test_who_waits_for_a_lock_comes_next(tmp_path):
    path, order = tmp_path / "a.lock", []
    with holder(path) as other:
        waiting = threading.Event()

        def wait():
            waiting.set()
            with locked(path):
                order.append("second")

        thread = threading.Thread(target=wait)
        thread.start()
        waiting.wait()
        order.append("first")
        other.stdin.close()
        thread.join()
    assert order == ["first", "second"] and not path.exists()


def test_only_one_is_ever_inside(tmp_path):
    path, inside, most = tmp_path / "a.lock", [], []

    def enter():
        for _ in range(50):
            with locked(path):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 200 and max(most) == 1 and not path.exists()


def test_a_file_system_without_locks_is_said(tmp_path, monkeypatch):
    module = importlib.import_module("gan_edu.core.safety.lock")

    def knows_none(_):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(module, "_take", knows_none)
    with pytest.warns(UserWarning, match="a file system without locks .*one process at a time"), locked(tmp_path / "a"):
        pass


def test_asking_touches_nothing_that_is_there(tmp_path):
    (tmp_path / "there").write_bytes(b"mine")
    (tmp_path / ".trial").symlink_to(tmp_path / "there")
    durable.ask(tmp_path)
    assert (tmp_path / "there").read_bytes() == b"mine" and len(list(tmp_path.iterdir())) == 2


def test_a_link_is_written_through(tmp_path):
    (tmp_path / "big").mkdir()
    (tmp_path / "run.ckpt").symlink_to(tmp_path / "big" / "run.ckpt")
    assert durable.write(tmp_path / "run.ckpt", b"new") == tmp_path / "run.ckpt"
    assert (tmp_path / "run.ckpt").is_symlink() and (tmp_path / "big" / "run.ckpt").read_bytes() == b"new"
