"""Setting up destroys nothing: what stood before tools/setup_venv.py ran still stands after, however that ends.

Real processes and real environments, made without pip; in place of pip, torch and the network stand the tools below.
An environment finds them by a line in its site-packages, as set-up lets it see nothing else.
GAN_EDU_KILLS=30 kills at that many moments of each run, in place of a few.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import setup_venv as setup
import venv_packages as packages

ROOT = Path(__file__).parent.parent.parent
KILLS = int(os.environ.get("GAN_EDU_KILLS", "3"))
pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills processes and makes links as POSIX does")

TOOLS = {
    # The file "order" holds: work, fail, wait in venv, wait in pip. Who waits goes on when a file "go" is there.
    "orders.py": """
        import pathlib, sys, time
        def obey(tool):
            tree = pathlib.Path(__file__).parent.parent
            order = (tree / "order").read_text()
            if order == "wait in " + tool:
                (tree / "begun").touch()
                while not (tree / "go").exists():
                    time.sleep(0.01)
            if order == "fail" and tool == "pip":
                sys.exit("no network")
            return tree
    """,
    "ensurepip.py": "",
    "jupyterlab.py": "",
    "torch.py": "",
    "torchvision.py": "",
    "venv.py": """
        import sys, sysconfig
        if __name__ == "__main__":
            sys.path.insert(0, sysconfig.get_path("stdlib"))
            sys.modules.pop("venv", None)
            import venv
            venv.EnvBuilder(clear="--clear" in sys.argv, symlinks=True).create(sys.argv[-1])
            import orders, pathlib
            orders.obey("venv")
            site, = pathlib.Path(sys.argv[-1]).glob("lib/*/site-packages")
            (site / "tools.pth").write_text("../../../../tools")
            open(sys.argv[-1] + "/with-pip", "w").close()
    """,
    # Installs requirements.txt by copying it into the environment, and says so in a log.
    "pip.py": """
        import pathlib, sys
        if not (pathlib.Path(sys.prefix) / "with-pip").exists():
            raise ImportError("No module named pip")
        if __name__ == "__main__" and sys.argv[1] == "install":
            import orders
            tree = orders.obey("pip")
            site, = pathlib.Path(sys.prefix).glob("lib/*/site-packages")
            (site / "gan_edu.pth").write_text(str(tree))
            (pathlib.Path(sys.prefix) / "package").write_text((tree / "requirements.txt").read_text())
            with open(tree / "log", "a") as log:
                print(sys.prefix, file=log)
    """,
}


class Tree:
    """A clone with nothing in it but what set-up needs."""

    def __init__(self, root):
        self.root, self.venv = root, root / ".venv"

    def make(self):
        for folder in ("gan_edu", "tests", "tools"):
            (self.root / folder).mkdir(parents=True)
        (self.root / "gan_edu" / "__init__.py").touch()
        for name in ("setup_venv.py", "venv_packages.py", "venv_place.py"):
            shutil.copy(ROOT / "tools" / name, self.root / "tools")
        shutil.copy(ROOT / "Makefile", self.root)
        for name, text in TOOLS.items():
            (self.root / "tools" / name).write_text("\n".join(line[8:] for line in text.split("\n")))
        (self.root / "pyproject.toml").touch()
        return self.asks_for("before").orders("work")

    def asks_for(self, packages):
        (self.root / "requirements.txt").write_text(packages)
        return self

    def orders(self, pip):
        (self.root / "order").write_text(pip)
        return self

    def copy(self, root):
        shutil.copytree(self.root, root, symlinks=True)
        return Tree(root)

    def environment(self, **more):
        return {**os.environ, "PYTHONPATH": str(self.root / "tools"), "PYTHONDONTWRITEBYTECODE": "1", **more}

    def start(self, *options, sent=signal.SIGKILL, moment=0, python=sys.executable, **more):
        script = Path(__file__).parents[1] / "helpers" / "killed_setup.py"
        command = [str(python), str(script), str(self.root), str(int(sent)), str(moment), *options]
        return subprocess.Popen(
            command,
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *options, **more):
        """(exit code, what was said)"""
        process = self.start(*options, **more)
        said, _ = process.communicate(timeout=400)
        return process.returncode, said

    def installed(self):
        """What its .venv has installed, said by its own Python; None where that does not run."""
        code = "import pathlib, sys; print((pathlib.Path(sys.prefix) / 'package').read_text())"
        try:
            done = subprocess.run([str(self.venv / "bin/python"), "-c", code], capture_output=True, text=True)
        except OSError:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    def names(self):
        return {path.name for path in self.root.iterdir() if path.name.startswith(".venv")} - {".venv.lock"}

    def log(self):
        return (self.root / "log").read_text().splitlines() if (self.root / "log").exists() else []


def content(folder):
    """Every path below, with what it holds."""
    return {
        str(path.relative_to(folder)): os.readlink(path)
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else None
        for path in folder.rglob("*")
    }


def until(condition):
    limit = time.monotonic() + 100
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def bare(tmp_path):
    """A tree without .venv."""
    tree = Tree(tmp_path / "tree").make()
    yield tree
    (tree.root / "go").touch()  # a pip that waits does not outlive a test that failed


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    tree = Tree(tmp_path_factory.mktemp("finished") / "tree").make()
    code, said = tree.run()
    assert code == 0, said
    return tree


@pytest.fixture
def tree(finished, tmp_path):
    """A tree with a .venv that is up to date but for its path."""
    return finished.copy(tmp_path / "tree")


def foreign(folder):
    """A folder of somebody's, with a Python that does not run."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text("no program")
    (folder / "thesis.txt").write_text("three years")
    return content(folder)


# What set-up did not make is never cleared


def test_a_link_is_neither_cleared_nor_followed(bare, tmp_path):
    before = foreign(tmp_path / "mine")
    bare.venv.symlink_to(tmp_path / "mine")
    code, said = bare.run()
    assert content(tmp_path / "mine") == before and bare.venv.is_symlink()
    assert code == 1 and f"a link to {tmp_path / 'mine'}" in said and "Move it away" in said


def test_a_link_to_an_environment_that_works_is_brought_up_to_date_and_never_made_anew(tree, tmp_path):
    tree.venv.rename(tmp_path / "elsewhere")
    tree.venv.symlink_to(tmp_path / "elsewhere")
    assert tree.asks_for("more").run()[0] == 0
    assert tree.installed() == "more"
    before = content(tmp_path / "elsewhere")
    code, said = tree.run("--torch", "cuda")
    assert code == 1 and "a link to" in said
    assert content(tmp_path / "elsewhere") == before and tree.venv.is_symlink() and tree.installed() == "more"


def test_a_link_that_leads_nowhere_is_said(bare, tmp_path):
    bare.venv.symlink_to(tmp_path / "nowhere")
    code, said = bare.run()
    assert code == 1 and "a link to" in said and bare.venv.is_symlink() and not (tmp_path / "nowhere").exists()


def test_a_folder_without_a_mark_of_ours_is_left_as_it_is(bare):
    before = foreign(bare.venv)
    code, said = bare.run()
    assert content(bare.venv) == before
    assert code == 1 and "a folder that set-up did not make" in said and "Move it away" in said


def test_a_file_in_its_place_is_left_as_it_is(bare):
    bare.venv.write_text("notes")
    code, said = bare.run()
    assert code == 1 and ".venv is a file" in said and bare.venv.read_text() == "notes"


def test_an_environment_made_by_hand_gets_the_packages_but_stays_its_makers(bare):
    subprocess.run([sys.executable, "-m", "venv", str(bare.venv)], check=True, env=bare.environment())
    (bare.venv / "thesis.txt").write_text("three years")
    (bare.venv / "gan_edu.stamp.part").touch()  # a first run that was killed came no further
    code, said = bare.run()
    assert code == 0 and bare.installed() == "before", said
    code, said = bare.run("--torch", "cuda")
    assert code == 1 and "did not make" in said
    assert bare.installed() == "before" and (bare.venv / "thesis.txt").exists()


def test_without_pip_a_folder_of_ours_is_made_anew_and_another_is_explained(tree):
    (tree.venv / "with-pip").unlink()
    stranger = tree.copy(tree.root.with_name("stranger"))
    code, said = tree.run()
    assert code == 0 and "there is no pip in it" in said and (tree.venv / "with-pip").exists()
    (stranger.venv / "gan_edu.stamp").unlink()
    code, said = stranger.run()
    assert code == 1 and "there is no pip in it" in said and "did not make" in said
    assert stranger.installed() == "before"


@pytest.mark.parametrize("name", ["gan_edu.stamp", "gan_edu.unfinished"])
def test_what_earlier_versions_made_is_ours(bare, name):
    foreign(bare.venv)
    (bare.venv / name).write_text("0123abc auto" if name == "gan_edu.stamp" else "")
    code, said = bare.run()
    assert code == 0 and bare.installed() == "before" and not (bare.venv / "thesis.txt").exists(), said


@pytest.mark.parametrize("name", [".venv.old", ".venv.gone"])
def test_folders_of_the_names_that_set_up_needs_are_left_as_they_are(tree, name):
    before = foreign(tree.root / name)
    code, said = tree.run("--torch", "cuda")
    assert content(tree.root / name) == before and tree.installed() == "before"
    assert code == 1 and f"{name} is in the way" in said


# All is asked before anything is changed


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere no index is asked")
@pytest.mark.parametrize(
    "options, more, advice",
    [
        (["--torch", "cpu"], {}, "does not answer"),
        (["--torch", "cuda"], {"GAN_EDU_ROOM": "1e9"}, "Make room"),
    ],
)
def test_without_index_or_room_an_environment_that_works_is_not_touched(tree, options, more, advice):
    before = content(tree.venv)
    code, said = tree.run(*options, **more)
    assert content(tree.venv) == before and tree.names() == {".venv"}
    assert code == 1 and advice in said


# The new one stands before the old one goes


def test_a_new_one_takes_the_old_ones_place(tree):
    (tree.venv / "of-old").touch()
    code, said = tree.asks_for("after").run("--torch", "cuda")
    assert code == 0 and tree.installed() == "after" and tree.names() == {".venv"}, said
    assert not (tree.venv / "of-old").exists()
    assert "making" not in tree.run()[1] and len(tree.log()) == 2  # and nothing is done twice


def test_where_the_new_one_fails_the_old_one_is_back_and_works(tree):
    before = content(tree.venv)
    code, said = tree.asks_for("after").orders("fail").run("--torch", "cuda")
    assert code == 1 and "no network" in said and "back in its place" in said
    assert content(tree.venv) == before and tree.installed() == "before" and tree.names() == {".venv"}


def test_a_first_one_whose_pip_fails_goes_on_from_there(bare):
    code, said = bare.orders("fail").run()
    assert code == 1 and "run the same command again" in said
    code, said = bare.orders("work").run()
    assert code == 0 and bare.installed() == "before" and "making" not in said


def test_an_update_that_fails_goes_on_with_what_works_and_is_tried_again(tree):
    """Without network after `git pull`: a lesson begins all the same."""
    assert tree.run()[0] == 0
    for asked in ("after", "after", "before"):  # and before: pip got an unknown way
        code, said = tree.asks_for(asked).orders("fail").run()
        assert code == 0 and "goes on with the packages it has" in said and tree.installed() == "before"
    code, said = tree.asks_for("after").orders("work").run()
    assert code == 0 and tree.installed() == "after" and "making" not in said


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere no index is asked")
def test_an_update_without_the_index_that_was_chosen_once_goes_on_too(bare):
    assert bare.run("--torch", "cpu", GAN_EDU_INDEX="data:,")[0] == 0  # an index that answers
    code, said = bare.asks_for("after").run()
    assert code == 0 and "does not answer" in said and "goes on with the packages it has" in said


@pytest.mark.parametrize(
    "why, file, text, options",
    [
        ("other versions were asked for", "constraints.txt", "", ["--pins"]),
        ("it was never complete", ".venv/gan_edu.stamp", "stale auto", []),
        ("torch does not start", "tools/torch.py", "raise OSError", []),
    ],
)
def test_an_update_that_fails_is_a_fault_where_the_old_one_will_not_do(tree, why, file, text, options):
    assert tree.run()[0] == 0
    (tree.root / file).write_text(text)
    code, said = tree.asks_for("after").orders("fail").run(*options)
    assert code == 1 and "goes on with the packages" not in said, said


def test_a_copied_clone_does_not_go_on_with_the_package_of_the_other(tree):
    """An environment holds the path of the folder it was made in."""
    assert tree.orders("fail").run()[0] == 1


@pytest.mark.parametrize("damage", [b"", b"\0\xff\x80 \n\x07", b"hello", b"0123abc auto and more", None])
def test_a_stamp_that_says_nothing_is_as_good_as_none(tree, damage):
    stamp = tree.venv / "gan_edu.stamp"
    stamp.unlink()
    if damage is None:
        stamp.mkdir()
        (tree.venv / "gan_edu.stamp.part").mkdir()
    else:
        stamp.write_bytes(damage)
    code, said = tree.run()
    assert code == 0 and "making" not in said and tree.installed() == "before", said
    assert tree.run("--torch", "cuda")[0] == 0  # and it is still ours


def test_a_clean_up_that_fails_does_not_hide_why(tree, monkeypatch, capsys):
    """pip says what is wrong; that the new .venv cannot be removed either is second."""
    use(tree, monkeypatch)
    tree.orders("fail")
    rename = os.rename

    def only_at_first(source, target):
        if Path(source).name != ".venv.old" and not (tree.root / ".venv.old").exists():
            return rename(source, target)
        raise PermissionError(13, "Permission denied", source)

    monkeypatch.setattr(os, "rename", only_at_first)
    assert setup.main() == 1
    shown = capsys.readouterr()
    assert "pip could not install" in shown.err and "could not be put in order" in shown.out


def test_an_old_one_that_cannot_be_removed_does_not_stop_the_new_one(tree, monkeypatch, capsys):
    use(tree, monkeypatch)
    rename = os.rename

    def busy(source, target):
        if Path(source).name == ".venv.old":
            raise PermissionError(13, "in use", source)
        return rename(source, target)

    monkeypatch.setattr(os, "rename", busy)
    for _ in range(2):
        assert setup.main() == 0
        assert "could not be put in order" in capsys.readouterr().out


def test_set_up_run_by_the_environment_itself_makes_another(tree):
    code, said = tree.asks_for("after").run("--torch", "cuda", python=tree.venv / "bin/python")
    assert code == 0 and tree.installed() == "after", said


@pytest.mark.parametrize("broken", ["rename", "mkdir"])
def test_a_folder_that_cannot_be_changed_loses_nothing(tree, monkeypatch, capsys, broken):
    """The tests may run as root, who may write everywhere: so the call itself fails."""
    before = content(tree.venv)

    def fail(*arguments, **more):
        raise PermissionError(13, "Permission denied", str(arguments[0]))

    use(tree, monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(os, broken, fail)
        assert setup.main() == 1
    assert "Permission denied" in capsys.readouterr().err
    assert content(tree.venv) == before and tree.names() == {".venv"}


def test_a_folder_that_cannot_be_written_is_advised(tree, monkeypatch, capsys):
    def fail(path, mode="r", **more):
        raise OSError(30, "Read-only file system", path)

    use(tree, monkeypatch)
    monkeypatch.setattr(setup.place, "open", fail, raising=False)
    assert setup.main() == 1 and "must write in" in capsys.readouterr().err and tree.installed() == "before"


def use(tree, monkeypatch):
    """Let this process set up a tree anew."""
    for name, value in {"ROOT": tree.root, "VENV": tree.venv, "VENV_PYTHON": tree.venv / "bin/python"}.items():
        monkeypatch.setattr(setup, name, value)
    monkeypatch.setattr(packages, "GIGABYTES", {"default": 0})
    monkeypatch.setenv("PYTHONPATH", str(tree.root / "tools"))
    monkeypatch.setattr(sys, "argv", ["setup_venv.py", "--torch", "cuda"])


# Stopped at any moment


@pytest.mark.parametrize(
    "begin, options, sent",
    [
        pytest.param("bare", [], signal.SIGKILL, id="first-killed"),
        pytest.param("finished", [], signal.SIGKILL, id="update-killed"),
        pytest.param("finished", ["--torch", "cuda"], signal.SIGKILL, id="anew-killed"),
        pytest.param("finished", ["--torch", "cuda"], signal.SIGINT, id="anew-interrupted"),
    ],
)
def test_stopped_at_any_moment_nothing_is_lost_and_the_next_run_ends_it(request, tmp_path, begin, options, sent):
    start = request.getfixturevalue(begin).copy(tmp_path / "start").asks_for("after")
    code, said = start.copy(tmp_path / "whole").run(*options)
    assert code == 0, said
    moments = int(said.split()[-2])
    for moment in sorted({round(1 + k * (moments - 1) / max(1, KILLS - 1)) for k in range(KILLS)}):
        tree = start.copy(tmp_path / f"at-{moment}")
        code, said = tree.run(*options, sent=sent, moment=moment)
        assert code == (-signal.SIGKILL if sent == signal.SIGKILL else 130), (moment, said)
        if begin == "finished":
            check_offline(tree, *options)
        check_next(tree, *options)


def check_offline(tree, *options):
    """What worked before works on where nothing can be installed."""
    code, said = tree.orders("fail").run(*options)
    assert tree.installed() in ("before", "after") and (code == 1 or tree.installed() == "after"), said


def check_next(tree, *options):
    code, said = tree.orders("work").run(*options)
    assert code == 0 and tree.installed() == "after" and tree.names() == {".venv"}, said
    assert "waiting" not in said  # a lock that nobody holds holds nobody up


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL], ids=["interrupted", "killed"])
@pytest.mark.parametrize("begin, where", [("bare", "venv"), ("tree", "pip")])
def test_stopped_together_with_what_it_started(request, begin, where, sent):
    """As Ctrl-C in a terminal does; in the first seconds, there is a Python and no pip yet."""
    tree = request.getfixturevalue(begin).asks_for("after").orders(f"wait in {where}")
    process = tree.start("--torch", "cuda")
    until((tree.root / "begun").exists)
    os.killpg(process.pid, sent)
    said, _ = process.communicate(timeout=400)
    assert process.returncode == (130 if sent == signal.SIGINT else -sent), said
    if begin == "tree":
        assert sent == signal.SIGKILL or tree.installed() == "before"  # interrupted, it puts it back itself
        check_offline(tree, "--torch", "cuda")
    check_next(tree, "--torch", "cuda")


def test_an_update_cut_off_within_pip_is_not_trusted(tree):
    """Its packages may be half replaced: it stays until a new one is whole, and no pip goes on in it."""
    process = tree.asks_for("after").orders("wait in pip").start()
    until((tree.root / "begun").exists)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=400)
    code, said = tree.orders("fail").run()
    assert code == 1 and "the last installation was cut off" in said and tree.installed() == "before"
    code, said = tree.orders("work").run()
    assert code == 0 and "the last installation was cut off" in said and tree.installed() == "after"


# Two at once


def test_the_second_waits_and_finds_everything_done(bare):
    first = bare.orders("wait in pip").start()
    until((bare.root / "begun").exists)
    second = bare.start()
    line = second.stdout.readline()
    assert "waiting" in line and str(first.pid) in line
    (bare.root / "go").touch()
    assert "done" in first.communicate(timeout=400)[0] and first.returncode == 0
    said, _ = second.communicate(timeout=400)
    assert second.returncode == 0 and "installing" not in said and "making" not in said
    assert len(bare.log()) == 1 and bare.installed() == "before"


def test_a_pip_that_outlives_its_set_up_is_waited_for(bare):
    first = bare.orders("wait in pip").start()
    until((bare.root / "begun").exists)
    first.kill()
    first.wait()
    second = bare.start()
    assert "waiting" in second.stdout.readline() and not bare.log()
    (bare.root / "go").touch()
    said, _ = second.communicate(timeout=400)
    assert second.returncode == 0 and bare.installed() == "before", said
    assert bare.log()  # pip came to its end before the second began


SPOILT = {
    "no mark of an environment": lambda venv: (venv / "pyvenv.cfg").unlink(),
    "no packages": lambda venv: shutil.rmtree(venv / "lib"),
    "no package": lambda venv: next(venv.glob("lib/*/site-packages/gan_edu.pth")).unlink(),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_stamp_that_outlived_its_packages_is_not_believed(bare, spoil):
    assert bare.run()[0] == 0 and "installing" not in bare.run()[1]
    spoil(bare.venv)
    code, said = bare.run()
    assert code == 0 and "installing" in said, said
    assert setup.succeeds(bare.venv / "bin/python", "import gan_edu") and "installing" not in bare.run()[1]


def test_without_what_make_lab_opens_all_is_installed_again(bare):
    assert bare.run()[0] == 0
    (bare.root / "tools" / "jupyterlab.py").unlink()
    assert "installing" in bare.run()[1]


# The Makefile


@pytest.mark.parametrize("python", ["/bin/false", "/bin/true", "/usr/bin", "no-such-python"])
def test_what_is_no_python_is_said(bare, python):
    done = subprocess.run(
        ["make", "venv", f"PYTHON={python}"], cwd=bare.root, env=bare.environment(), capture_output=True, text=True
    )
    assert done.returncode and f"no Python here that runs as '{python}'" in done.stdout
    assert not bare.names()


@pytest.mark.parametrize("name", ["`touch pwned` 'it' # 漢 $(touch pwned)", 'quo"te %s ü;b&c|d *[x]\\'])
def test_no_path_is_taken_for_commands(bare, tmp_path, name):
    """The whole of `make lab`, in a folder and with a Python of odd names."""
    tree = bare.copy(tmp_path / name)
    (tree.root / "notebooks").mkdir()
    (tree.root / "tools" / "jupyterlab.py").write_text(
        "import os, sys; open('lab', 'w').write(os.path.abspath(sys.argv[1].partition('=')[2]))"
    )
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / name
    python.symlink_to(sys.executable)
    for value in ({"PYTHON": str(python)}, {}):
        done = subprocess.run(
            ["make", "lab", "TORCH=cuda"], cwd=tree.root, env=tree.environment(**value), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tree.root / "lab").read_text() == str(tree.root)
    assert not list(tmp_path.rglob("pwned"))


def test_no_recipe_holds_what_a_variable_says(tmp_path):
    """Pasted into a recipe, the name of a folder or a program is read by a shell. LAB alone is meant to be."""
    shutil.copytree(ROOT, tmp_path / "strange", ignore=lambda folder, names: set(names) - {"Makefile"})
    targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"lab", "venv", "test", "clean"} < set(targets)
    values = [f"{name}=strange" for name in ("PYTHON", "TORCH", "PINS", "RUN", "CH", "DUE")]
    make = ["make", "--no-print-directory", "--dry-run", *targets, *values]
    done = subprocess.run(make, cwd=tmp_path / "strange", capture_output=True, text=True, check=True)
    assert "strange" not in done.stdout and "--torch" in done.stdout


@pytest.mark.parametrize(
    "value, on", [("", False), ("0", False), ("no", False), ("false", False), ("1", True), ("yes", True)]
)
def test_a_switch_may_be_turned_off(value, on, tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for given in ([f"PINS={value}", f"RUN={value}"], []):
        done = subprocess.run(
            ["make", "--dry-run", "venv", "pages", *given],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PINS": value, "RUN": value},
        )
        assert ("--pins" in done.stdout, "--run" in done.stdout) == (on, on)


def clean(tree):
    return subprocess.run(
        ["make", "-C", str(tree.root), "clean", f"PYTHON={sys.executable}"],
        check=True,
        env=tree.environment(),
        capture_output=True,
        text=True,
    ).stdout


def test_clean_removes_what_set_up_made(tree):
    (tree.root / "tests" / "__pycache__").mkdir()
    clean(tree)
    assert not tree.names() and not (tree.root / "tests" / "__pycache__").exists()


def test_clean_removes_of_a_link_the_link_alone(bare, tmp_path):
    before = foreign(tmp_path / "mine")
    (tmp_path / "mine" / "__pycache__").mkdir()
    bare.venv.symlink_to(tmp_path / "mine")
    clean(bare)
    assert not bare.names() and content(tmp_path / "mine") == {**before, "__pycache__": None}


def test_clean_leaves_what_set_up_did_not_make(bare):
    (bare.venv / "__pycache__").mkdir(parents=True)
    before = foreign(bare.venv)
    assert ".venv stays" in clean(bare)
    assert content(bare.venv) == before
