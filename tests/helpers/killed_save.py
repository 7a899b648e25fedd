"""Saving under attack: `killed_save.py FOLDER WHAT:HOW …` saves again and again and is killed, or cut off, at it.

WHAT is saved: recording, checkpoint, features, generator, live. HOW: events (SIGKILL before each touch of a file),
moments=30 (SIGKILL at so many random moments of it), full (no file may grow past some size), interrupts (Ctrl-C at
each touch of a file), two (two processes save at once while a third reads), disk (FOLDER is a small file system of its
own: it is filled, then made read-only). After each, what lies there must be whole, the old or the new, and saving must
go on.
Prints {"WHAT:HOW": {"struck", "underway", "old", "new"}} as JSON: strikes, those that found files half exchanged, and
what was there after them. Anything else than whole ends in a traceback.
"""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.truncate"}


# What is saved: each makes (save(version), check() → version, names of the files that stay)


def recording(folder):
    from PIL import Image

    from gan_edu.core.recording.recording import Recording, build

    noise = random.Random(0).randbytes(90 * 90)

    def save(version):
        frame = Image.frombytes("L", (90, 90), noise).point(lambda grey: (grey + version) % 256)
        meta = {
            "name": "run",
            "title": str(version),
            "curves": {},
            "provenance": {},
            "frames": {"step": [version], "scores": [None]},
            "grid": {"rows": 1, "columns": 1, "tile_width": 90, "tile_height": 90, "channels": 1},
        }
        build([frame], meta, quality=90).save(folder)

    def check():
        film = Recording.load(folder)
        assert film.frame(0).size == (90, 90) and film.meta["title"] == str(film.steps[0])
        return film.steps[0]

    return save, check, {"recording.json", "frames.webp"}


def checkpoint(folder):
    import torch

    from gan_edu.core.training import checkpoint

    class Part:
        def state_dict(self):
            return {"version": self.version, "weights": torch.full((2000,), float(self.version))}

        def load_state_dict(self, state):
            self.version = state["version"]
            assert bool((state["weights"] == self.version).all())

    def save(version):
        part.version = version
        checkpoint.save(folder / "run.ckpt", part=part)

    def check():
        checkpoint.load(folder / "run.ckpt", part=part)
        return part.version

    part = Part()
    part.version = 0
    return save, check, {"run.ckpt"}


def features(folder):
    import torch

    from gan_edu.core.measures import mnist_scores

    digits = torch.randint(0, 256, (128, 1, 28, 28), dtype=torch.uint8), torch.arange(128) % 10
    about = mnist_scores.DATA["mnist"]._replace(load=lambda train: digits, weights=folder / "features.pt")
    mnist_scores.DATA["mnist"] = about
    cpu = torch.device("cpu")  # once: what is under attack is the writing
    fresh = [mnist_scores.trained(about, 1, seed, lambda line: None, cpu) for seed in range(2)]
    mnist_scores.trained = lambda data, epochs, seed, say, device: fresh[seed % 2]

    def save(version):
        mnist_scores.train_features(1, version, lambda line: None)

    def check():
        mnist_scores.feature_net.cache_clear()
        mnist_scores.feature_net()
        return json.loads((folder / "features.json").read_text())["seed"]

    return save, check, {"features.pt", "features.json"}


def generator(folder):
    from gan_edu import mnist_gan
    from gan_edu.recordings.recipes import store_generator

    mnist_gan.SHIPPED = folder.parent
    gans = [mnist_gan.textbook(seed) for seed in range(2)]

    def save(version):
        gan = gans[version % 2]
        gan.step = version
        store_generator(gan, folder)

    return save, lambda: mnist_gan.trained_textbook().step, {"generator.pt", "generator.json"}


def live(folder):
    import torch

    from gan_edu.core.data.batches import Batches
    from gan_edu.core.recording.recording import Recording
    from gan_edu.core.training import checkpoint
    from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
    from gan_edu.training_loop import GAN, train
    from gan_edu.widgets import Live

    def build():
        digits = torch.randint(0, 256, (64, 1, 28, 28), dtype=torch.uint8)
        return GAN(MLPGenerator(4, hidden=(8,)), MLPDiscriminator(hidden=(8,)), 4), Batches(digits, 32)

    def save(version):
        run.train_to(version)
        run.save(folder)

    def check():
        film, step = Recording.load(folder), checkpoint.read(folder / "run.ckpt")["gan"]["step"]
        assert film.frame(-1).size and film.steps[-1] <= step
        return step

    run = Live(build, train, rows=2, columns=2, every=1)
    return save, check, {"recording.json", "frames.webp", "run.ckpt"}


# How it is attacked


class Attack:
    """One folder, saved into; `version` is the last one that was saved in peace."""

    def __init__(self, folder, what):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.version, self.found = folder, 1, {"struck": 0, "underway": 0, "old": 0, "new": 0}
        self.save, self.check, self.names = globals()[what](folder)
        self.save(1)
        assert self.check() == 1

    def judge(self):
        """After a strike: the old or the new version, whole; the next save in peace leaves its files and no others."""
        self.found["struck"] += 1
        self.found["underway"] += not self.exchanged()
        seen = self.check()
        assert seen >= self.version, f"version {seen} after {self.version}"
        self.found["new" if seen > self.version else "old"] += 1
        self.version = seen + 1
        self.save(self.version)
        assert self.check() == self.version
        assert self.exchanged()

    def exchanged(self):
        """Whether only what was saved lies there: nobody is writing, or was killed at it."""
        return {path.name for path in self.folder.iterdir()} == self.names

    def child(self, work):
        """A fork that does the work and ends: status 0, or 3 where it raised OSError or KeyboardInterrupt."""
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            work()
            status = 0
        except (OSError, KeyboardInterrupt):
            status = 3
        finally:
            os._exit(status)

    def at_each_event(self, strike, expected):
        for k in range(1, 1000):

            def work(k=k):
                sys.addaudithook(hook_at(k, self.folder, strike))
                self.save(self.version + 1)

            _, status = os.waitpid(self.child(work), 0)
            if status == 0:
                return
            assert status == expected, f"event {k}: status {status}"
            self.judge()

    def events(self):
        self.at_each_event(lambda: os.kill(os.getpid(), signal.SIGKILL), signal.SIGKILL)

    def interrupts(self):
        def strike():
            raise KeyboardInterrupt

        self.at_each_event(strike, 3 << 8)

    def moments(self, count):
        dice = random.Random(1)

        def work():
            for version in range(self.version + 1, self.version + 1_000):
                self.save(version)
            time.sleep(60)

        while self.found["struck"] < count:
            pid = self.child(work)
            for wait in (lambda: self.check() == self.version, self.exchanged):  # it has begun, it is at its files
                while wait():
                    assert os.waitpid(pid, os.WNOHANG) == (0, 0), "it ended by itself"
                time.sleep(dice.uniform(0, 0.02))
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            assert status == signal.SIGKILL, f"it ended by itself: status {status}"
            self.judge()

    def full(self):
        """No file may grow past a size: a write fails on the way, as on a full disk."""
        sizes = sorted(path.stat().st_size for path in self.folder.iterdir())
        for limit in sorted({0, *(size // 2 for size in sizes), *(size - 1 for size in sizes)}):

            def work(limit=limit):
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
                self.save(self.version + 1)

            _, status = os.waitpid(self.child(work), 0)
            assert status == 3 << 8, f"limit {limit}: status {status}"
            assert self.exchanged()
            self.judge()
        assert self.found["new"] == 0

    def disk(self):
        filler, room = self.folder / "filler", shutil.disk_usage(self.folder).free
        for left in (0, 4096, 8192):  # nothing, one file, not all files
            with open(filler, "wb", buffering=0) as file:
                file.write(bytes(room - left))
            self.refused("No space left")
            filler.unlink()
            self.judge()
        subprocess.run(["mount", "-o", "remount,ro", self.folder], check=True)
        self.refused("Read-only file system")
        assert self.check() == self.version and self.found["new"] == 0

    def refused(self, words):
        try:
            self.save(self.version + 1)
        except OSError as error:
            assert words in str(error) and "what was there is as it was" in str(error), error
        else:
            raise AssertionError("it was saved")

    def two(self):
        def work(first):
            for version in range(first, first + 100, 2):
                self.save(version)

        pids = [self.child(lambda first=first: work(self.version + first)) for first in (1, 2)]
        seen = set()
        while pids:
            seen.add(self.check())
            for pid in list(pids):
                ended, status = os.waitpid(pid, os.WNOHANG)
                assert status == 0, f"status {status}"
                pids = [each for each in pids if each != ended]
        assert len(seen) > 10 and {version % 2 for version in seen} == {0, 1}, seen
        self.judge()


def hook_at(k, folder, strike):
    """Strikes at the k-th time that a file of the folder is touched."""
    seen, prefix = 0, str(folder)

    def hook(event, arguments):
        nonlocal seen
        if event in EVENTS and str(arguments[0]).startswith(prefix):
            seen += 1
            if seen == k:
                strike()

    return hook


def main(root, *attacks):
    found = {}
    for name in attacks:
        what, how = name.split(":")
        how, _, count = how.partition("=")
        attack = Attack(root if how == "disk" else root / f"mnist_textbook_{what}", what)
        getattr(attack, how)(*[int(count)] if count else [])
        found[name] = attack.found
    print(json.dumps(found))


if __name__ == "__main__":
    os.environ |= {"OMP_NUM_THREADS": "1", "GAN_EDU_DRIVER": "inline"}
    main(Path(sys.argv[1]), *sys.argv[2:])
