"""What mybinder.org would build: repo2docker prints its Dockerfile here, without Docker and without the network."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from gan_edu.core.training import waiting

ROOT = Path(__file__).parents[2]
BINDER = ROOT / "binder"


def listed(path):
    lines = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return {r.name: r for r in (Requirement(line) for line in lines if line and not line.startswith("-"))}


@pytest.fixture(scope="module")
def dockerfile():
    pytest.importorskip("repo2docker", reason="pip install jupyter-repo2docker: it says what Binder would build")
    result = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(ROOT)],
        capture_output=True,
        text=True,
        timeout=480,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout + result.stderr


def test_python_is_one_the_course_is_tested_with_and_repo2docker_knows(dockerfile):
    (version,) = re.findall(r"Building conda environment for python=(\S+)", dockerfile)
    assert (BINDER / "runtime.txt").read_text().strip() == f"python-{version}"
    assert (3, 10) <= tuple(map(int, version.split("."))) <= (3, 13)
    assert f"environment-2epy-2d{version.replace('.', '-2e')}-2d" in dockerfile  # its list of packages


def test_packages_are_installed_after_the_repository_is_there_then_the_course(dockerfile):
    """The list names ../constraints.txt: copied alone, pip would not find it."""
    copy = dockerfile.index("COPY --chown=0:0 src/ ${REPO_DIR}/")
    install = dockerfile.index('pip install --no-cache-dir -r "binder/requirements.txt"')
    assert copy < install < dockerfile.index("RUN ./binder/postBuild")
    assert "--no-deps ." in (BINDER / "postBuild").read_text()


def test_the_folder_holds_only_what_is_read(dockerfile):
    read = {"apt.txt", "runtime.txt", "requirements.txt", "postBuild", "start"}
    assert {path.name for path in BINDER.iterdir()} == read


def test_fashion_mnist_is_there_without_a_download(dockerfile):
    """The base image is Ubuntu 24.04, as in continuous integration, which installs the same package."""
    assert (BINDER / "apt.txt").read_text().split() == ["dataset-fashion-mnist"]
    assert re.search(r"apt-get install --yes [^&]*dataset-fashion-mnist", dockerfile)


def test_it_installs_what_the_course_needs_and_not_its_tests():
    course, binder = listed(ROOT / "requirements.txt"), listed(BINDER / "requirements.txt")
    text = (ROOT / "requirements.txt").read_text()
    needed = {
        Requirement(line).name
        for line in text[: text.index("# Its tests")].splitlines()
        if line and not line.startswith("#")
    }
    assert set(binder) - {"ipykernel", "psutil"} == needed and needed <= set(course)


def test_pytorch_is_the_build_for_cpus_in_the_version_of_the_pins():
    """The one with CUDA takes 700 MB of memory before a notebook does anything."""
    lines = (BINDER / "requirements.txt").read_text().splitlines()
    assert "-c ../constraints.txt" in lines
    assert "--extra-index-url https://download.pytorch.org/whl/cpu" in lines
    python = {"python_full_version": (BINDER / "runtime.txt").read_text().strip().removeprefix("python-") + ".0"}
    pins = (Requirement(line) for line in (ROOT / "constraints.txt").read_text().splitlines() if line[0] != "#")
    pinned = {
        canonicalize_name(pin.name): str(pin.specifier) for pin in pins if not pin.marker or pin.marker.evaluate(python)
    }
    for name, requirement in listed(BINDER / "requirements.txt").items():
        if name in ("torch", "torchvision"):
            assert str(requirement.specifier) == f"{pinned[name]}+cpu"
        else:
            assert not requirement.specifier and pinned[canonicalize_name(name)]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no mark of what can be run")
@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_the_scripts_are_ones_that_linux_runs(name):
    script = BINDER / name
    assert script.stat().st_mode & 0o111
    assert script.read_bytes().startswith(b"#!/bin/bash\n") and b"\r" not in script.read_bytes()
    subprocess.run(["bash", "-n", str(script)], check=True)


@pytest.mark.parametrize(
    "given, told", [({}, waiting.SPINS), ({"GOMP_SPINCOUNT": "7"}, "7"), ({"OMP_WAIT_POLICY": "ACTIVE"}, "")]
)
def test_waiting_threads_sleep_soon_there_unless_somebody_chose(dockerfile, given, told):
    assert "binder/start" in dockerfile  # repo2docker starts Jupyter through it
    clean = {name: value for name, value in os.environ.items() if name not in (waiting.VARIABLE, waiting.POLICY)}
    run = subprocess.run(
        [str(BINDER / "start"), "bash", "-c", "printf '%s' \"$GOMP_SPINCOUNT\""],
        env={**clean, **given},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == told
