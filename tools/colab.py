#!/usr/bin/env python3
"""Runs notebooks as Colab does: python tools/colab.py [NAME ...], or `make colab`.

A fresh environment with Colab's old widgets, an empty folder that holds the notebook alone, and its first cell to
install the course from this checkout. Then every control is moved as a browser would. torch and what it needs are
lent by the environment that runs this: they are gigabytes. Needs the network, for pip, and one or two minutes.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import nbformat
from course import ROOT, Refused, chosen, execute
from dependencies import there_on_colab
from nbformat.v4 import new_code_cell
from notebook_files import Unreadable, read
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

STACK = ("ipython==7.34.0", "ipykernel==6.17.1", "traitlets==5.7.1")  # as they are on Colab, with what they need
WIDGETS = ("ipywidgets==7.7.1", "ipython-genutils==0.2.0", "anywidget==0.9.21", "psygnal")  # they alone
LENT = there_on_colab()
CONTROLS = """
import sys, types
import gan_edu, IPython, ipykernel, ipywidgets
from ipywidgets import Widget
from traitlets import Bool, Enum, Int

sys.modules["google.colab"] = types.ModuleType("google.colab")     # there a control is one output
assert "site-packages" in gan_edu.__file__, gan_edu.__file__
assert (ipywidgets.__version__, ipykernel.__version__, IPython.__version__) == ("7.7.1", "6.17.1", "7.34.0")
controls = [widget for widget in list(Widget.widgets.values()) if type(widget).__module__.startswith("gan_edu.")]
for control in controls:
    data, metadata = get_ipython().display_formatter.format(control)
    assert {"application/vnd.jupyter.widget-view+json", "image/png"} <= set(data), sorted(data)
    assert metadata["image/png"]["alt"]
    for name, trait in control.traits(sync=True).items():
        value, moved = getattr(control, name), None
        if isinstance(trait, Bool):
            moved = not value
        elif isinstance(trait, Enum):
            moved = next(other for other in trait.values if other != value)
        elif isinstance(trait, Int):
            moved = value - 1 if value else 1
        if moved is not None and not name.startswith("_"):
            control.set_state({name: moved})               # what a message from the browser comes to
            assert getattr(control, name) == moved, (control, name)
print(len(controls), "controls moved")
"""


def needs(names):
    """Installed distributions that the names need, themselves among them."""
    found, left = {}, list(names)
    while left:
        name = canonicalize_name(left.pop())
        if name not in found:
            try:
                found[name] = distribution(name)
            except PackageNotFoundError:
                continue  # of another platform, or an extra
            wanted = map(Requirement, found[name].requires or [])
            left += [each.name for each in wanted if not each.marker or each.marker.evaluate({"extra": ""})]
    return found


def make_environment(folder):
    """Colab's packages in `folder`; those of LENT are links to this environment's. Returns its Python."""
    venv.create(folder, with_pip=True, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    for lent in needs(LENT).values():
        for top in {file.parts[0] for file in lent.files or [] if file.parts[0] not in ("..", "__pycache__")}:
            if not (site / top).exists():
                (site / top).symlink_to(lent.locate_file(top))
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, *STACK], check=True)
    subprocess.run([*pip, "--no-deps", *WIDGETS], check=True)
    return python


def packages(python):
    out = subprocess.run([str(python), "-m", "pip", "list", "--format=json"], capture_output=True, check=True).stdout
    return {row["name"]: row["version"] for row in json.loads(out)}


def run_notebook(path, python, folder):
    """Run a notebook alone in `folder` at test pace. Returns what its last cell says. Raises for what goes wrong."""
    shutil.copy(path, folder)
    book = read(folder / path.name)
    book.cells.append(new_code_cell(CONTROLS))
    kernel = folder.parent / "kernels" / "colab"
    kernel.mkdir(parents=True, exist_ok=True)
    (kernel / "kernel.json").write_text(
        json.dumps(
            {
                "display_name": "Colab",
                "language": "python",
                "argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            }
        )
    )
    os.environ |= {"JUPYTER_PATH": str(folder.parent), "GAN_EDU_SRC": str(ROOT), "PYTHONPATH": ""}
    try:
        execute(book, folder, "test", kernel="colab")
    finally:
        nbformat.write(book, folder / path.name)
    return "".join(output.get("text", "") for output in book.cells[-1].outputs).strip()


def main(names):
    paths = chosen(ROOT, names)
    with tempfile.TemporaryDirectory() as home:
        python, alone = make_environment(Path(home) / "env"), Path(home) / "alone"
        before = packages(python)
        for path in paths:
            alone.mkdir()
            said, after = run_notebook(path, python, alone), packages(python)
            changed = {name: version for name, version in before.items() if after.get(name) != version}
            if changed or "gan_edu" not in after:
                raise RuntimeError(f"{path.stem}: the first cell changed {changed or 'nothing'}")
            added = sorted(set(after) - set(before))
            print(f"{path.stem}: {said}; installed {', '.join(added)}", flush=True)
            subprocess.run([str(python), "-m", "pip", "uninstall", "-q", "-y", *added], check=True)
            shutil.rmtree(alone)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (RuntimeError, Refused, Unreadable) as reason:
        sys.exit(str(reason))
