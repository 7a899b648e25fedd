"""An update of a learner's folder under attack: `killed_course.py FOLDER HOW`; see killed_save.py.

HOW: killed (SIGKILL before each touch of a file), interrupted (Ctrl-C at each fourth), full (no file may grow past some
size), disk (FOLDER is a small file system of its own: it is filled, then made read-only). After each strike every file
is whole, an old or a new one, and the learner's are as they were; the same command then comes to the end that it comes
to undisturbed, and so does that of a still newer version. Prints how often it struck.
"""

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from gan_edu.core.notebook import course_folder
from helpers import small_course as course
from helpers.killed_save import hook_at


def stop():
    raise KeyboardInterrupt


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


class Attack:
    def __init__(self, root):
        self.root, self.start, self.struck = root, root / "start", 0
        self.mine = course.learner(self.start)
        self.ends = {way: self.undisturbed(way) for way in ("2", "23")}

    def fresh(self):
        """The learner's folder once more, before the update."""
        shutil.rmtree(self.root / "tried", ignore_errors=True)
        return Path(shutil.copytree(self.start, self.root / "tried"))

    def undisturbed(self, versions):
        folder = self.fresh()
        for version in versions:
            course.becomes(version)
            course_folder.lay(folder)
        return course.lies(folder)

    def child(self, folder, prepare):
        """A fork that updates to version 2. Returns its status: 0, 3 for OSError, 4 for Ctrl-C, or its signal."""
        pid = os.fork()
        if pid:
            return os.waitpid(pid, 0)[1]
        status = 1
        try:
            course.becomes("2")
            prepare()
            course_folder.lay(folder)
            status = 0
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
            status = 3
        except KeyboardInterrupt:
            status = 4
        finally:
            os._exit(status)

    def judge(self, folder):
        """After a strike, for each way to go on."""
        self.struck += 1
        there = course.lies(folder)
        for name, data in self.mine.items():
            assert there[name] == data, f"{name} of the learner's"
        whole = {data for version in "12" for data in course.files(version).values()} | {*self.mine.values()}
        for name, data in there.items():
            assert data in whole or name.endswith((".part", ".lock")), f"{name} is half written"
        for way, end in self.ends.items():
            other = Path(shutil.copytree(folder, self.root / "other"))
            for version in way if way == "2" else way[1:]:
                course.becomes(version)
                course_folder.lay(other)
            found = course.lies(other)
            assert found == end, (way, {*found.items()} ^ {*end.items()})
            shutil.rmtree(other)

    def at_each_event(self, strike, expected, every=1):
        for k in range(1, 1000, every):
            folder = self.fresh()
            status = self.child(folder, lambda k=k, own=folder: sys.addaudithook(hook_at(k, own, strike)))
            if status == 0:
                return
            assert status == expected, f"event {k}: status {status}"
            self.judge(folder)

    def killed(self):
        self.at_each_event(kill, signal.SIGKILL)

    def interrupted(self):
        self.at_each_event(stop, 4 << 8, every=4)

    def full(self):
        for limit in (0, 300, 10_000, 100_000):
            folder = self.fresh()
            status = self.child(folder, lambda own=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (own, own)))
            assert status == (3 << 8 if limit < 100_000 else 0), f"limit {limit}: status {status}"
            self.judge(folder)

    def disk(self):
        course.becomes("2")
        with open(self.root / "filler", "wb", buffering=0) as file:
            file.write(bytes(shutil.disk_usage(self.root).free - 4096))
        refused(self.start, "MB are free: make room|No space left")
        (self.root / "filler").unlink()
        self.judge(self.start)
        subprocess.run(["mount", "-o", "remount,ro", self.root], check=True)
        refused(self.start, "Read-only file system.*make it writable")


def refused(folder, words):
    try:
        course_folder.lay(folder)
    except OSError as error:
        assert re.search(words, str(error)), error
    else:
        raise AssertionError("it was laid")


if __name__ == "__main__":
    os.fsync = lambda handle: None  # a kill loses nothing that was written; only a power cut does
    attack = Attack(Path(sys.argv[1]))
    getattr(attack, sys.argv[2])()
    print(attack.struck)
