"""A real JupyterLab (or Notebook 7) on this machine, with folders of its own, and helpers to drive it.

`lab(folder, app)` starts a server that serves `folder`; `Notebook(page)` wraps a page with a notebook open in it.
"""
from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

TOKEN = "gan-edu-tests"
OPTIONS = ["--no-browser", "--allow-root", "--ServerApp.disable_check_xsrf=True", "--expose-app-in-browser",
           "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]


@contextlib.contextmanager
def lab(folder: Path, home: Path, app: str = "lab"):
    """Start `jupyter lab` or `jupyter notebook` in `folder`; yields its address. `home` takes all it writes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
                   "JUPYTER_RUNTIME_DIR": str(home / "runtime"), "IPYTHONDIR": str(home / "ipython"),
                   "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
                   "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
    command = [sys.executable, "-m", "jupyter", app, *OPTIONS, f"--port={port}", f"--IdentityProvider.token={TOKEN}",
               f"--ServerApp.root_dir={folder}"]
    log = open(home / "server.log", "wb")                # noqa: SIM115, closed with the server
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api?token={TOKEN}", server, home / "server.log")
        yield address
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
        log.close()


def _wait_for(url, server, log, seconds=60):
    for _ in range(seconds * 5):
        if server.poll() is not None:
            raise RuntimeError(f"the Jupyter server ended: {log.read_text()[-2000:]}")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.2)
    raise TimeoutError(f"no answer from the Jupyter server: {log.read_text()[-2000:]}")


def copy_notebook(name: str, folder: Path, cells: slice = slice(None), clear: bool = True) -> Path:
    """A copy of a course notebook in `folder`, with only some of its cells and without outputs."""
    source = Path(__file__).parents[2] / "notebooks" / f"{name}.ipynb"
    book = json.loads(source.read_text())
    book["cells"] = book["cells"][cells]
    for cell in book["cells"]:
        if clear and cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    (folder / source.name).write_text(json.dumps(book))
    return folder / source.name


def write_notebook(path: Path, *sources: str) -> Path:
    """A small notebook of code cells, with a kernelspec, without which a dialog blocks the page."""
    cells = [{"cell_type": "code", "id": f"c{i}", "source": source, "metadata": {}, "outputs": [],
              "execution_count": None} for i, source in enumerate(sources)]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    path.write_text(json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4,
                                "nbformat_minor": 5}))
    return path


def settle(page):
    """The page, once it has drawn what was asked of it: controls draw at the screen's next refresh, not at once."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page


class Notebook:
    """A notebook open in JupyterLab: run it, find its widgets, read their state."""

    def __init__(self, page, address: str, name: str, app: str = "lab"):
        self.page = page
        kind = "lab/tree" if app == "lab" else "notebooks"
        page.goto(f"{address}/{kind}/{name}?token={TOKEN}" + ("&reset" if app == "lab" else ""))
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        page.wait_for_function("() => window.jupyterapp", timeout=60_000)
        self.idle()

    def idle(self, seconds: float = 60) -> None:
        """Wait until a kernel is there and does nothing."""
        self.page.wait_for_function("""() => {
            const widget = window.jupyterapp.shell.currentWidget, kernel = widget?.sessionContext?.session?.kernel;
            return kernel?.status === "idle" && kernel?.connectionStatus === "connected"; }""",
                                    timeout=1000 * seconds)

    def command(self, name: str) -> None:
        """Run one of JupyterLab's commands."""
        self.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)

    def run_all(self, seconds: float = 120) -> None:
        """Run all cells and wait for the end; an error in a cell is an error here."""
        self.page.evaluate("() => { window.ran = null; window.jupyterapp.commands.execute('notebook:run-all-cells')"
                           ".then(() => { window.ran = true; }); }")
        self.page.wait_for_function("() => window.ran", timeout=1000 * seconds)
        errors = self.page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']")
        assert errors.count() == 0, errors.first.inner_text()

    def theme(self, name: str) -> None:
        """`JupyterLab Light` or `JupyterLab Dark`."""
        self.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        light = "true" if "Light" in name else "false"
        self.page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{light}'")

    def cells(self) -> int:
        """How many cells the notebook has."""
        return self.page.evaluate("() => window.jupyterapp.shell.currentWidget.model.cells.length")
