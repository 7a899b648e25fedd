"""A real JupyterLab (or Notebook 7) on this machine, with folders of its own, and helpers to drive it.

`lab(folder, home)` starts a server that serves `folder`; `Jupyter` lends one such server, and one page of JupyterLab,
to one test file after another; `Notebook(page)` wraps a page with a notebook open in it.
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
from urllib.parse import urlsplit

TOKEN = "gan-edu-tests"
OPTIONS = [
    "--no-browser",
    "--allow-root",
    "--ServerApp.port_retries=0",
    "--ServerApp.disable_check_xsrf=True",
    "--LabApp.expose_app_in_browser=True",
    "--JupyterNotebookApp.expose_app_in_browser=True",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
]


@contextlib.contextmanager
def lab(folder: Path, home: Path):
    """Start `jupyter lab` in `folder`, which brings Notebook 7 too; yields its address. `home` takes all it writes."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "GAN_EDU_DRIVER"},
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        *OPTIONS,
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={folder}",
    ]
    log = home / "server.log"
    for last in (False, False, False, True):  # between look and use, another program may take the port
        port = _free_port()
        with log.open("wb") as out:
            server = subprocess.Popen([*command, f"--port={port}"], env=environment, stdout=out, stderr=out, cwd=folder)
        try:
            if _answers(f"http://127.0.0.1:{port}/api?token={TOKEN}", server, home / "runtime"):
                yield f"http://127.0.0.1:{port}"
                return
            if last or "already in use" not in log.read_text():
                raise RuntimeError(f"the Jupyter server gave no answer: {log.read_text()[-2000:]}")
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()


class Jupyter:
    """A server, with one page for JupyterLab and one for Notebook 7, lent to one test file after another.

    Each is slow to start. context: of the browser; what its pages ask of other machines is noted, and refused
    (conftest.py). failed: a function that counts the tests that have failed; a page that saw one is not lent again.
    """

    def __init__(self, context, address: str, folder: Path, failed):
        self.context, self.address, self.folder, self.failed = context, address, folder, failed
        self.pages, self.outside = {}, []
        context.on("request", lambda request: is_local(request.url) or self.outside.append(request.url))

    @contextlib.contextmanager
    def open(self, name: str, *sources: str, **how):
        """A notebook, open, and closed at the end. sources: its cells, where it has yet to be written."""
        with self.desk(**how) as opened:
            yield opened(name, *sources)

    @contextlib.contextmanager
    def desk(self, app: str = "lab", width: int = 1280, height: int = 1000):
        """A function (name, *sources) that opens a notebook, once it has closed the one before."""
        before, page = self.failed(), self.pages.pop(app, None) or self.context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        self.outside.clear()
        last = []

        def opened(name, *sources):
            if sources:
                write_notebook(self.folder / f"{name}.ipynb", *sources)
            if last:
                last.pop().close()
            last.append(Notebook(page, self.address, f"{name}.ipynb", app))
            return last[0]

        yield opened
        if self.failed() == before:
            last.pop().close()
            self.pages[app] = page
        else:
            page.close()
        assert self.outside == [], f"requests left the machine: {self.outside}"


def is_local(url: str) -> bool:
    """Whether an address is on this machine; those of files, data and blobs have no host."""
    return urlsplit(url).hostname in {None, "", "localhost", "127.0.0.1"}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(url, server, runtime, seconds=480):
    """Whether the server comes to answer, this one and no other at its port; not if it ends before."""
    end = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < end:
        if any(runtime.glob("jpserver-*.json")):  # written once it has the port
            with contextlib.suppress(OSError):
                urllib.request.urlopen(url, timeout=2).close()
                return True
        time.sleep(0.2)
    return False


def cells_of(name: str, *words: str) -> list[str]:
    """Of a course notebook the code cells that hold one of these words, in its order; each word is in one cell."""
    book = json.loads((Path(__file__).parents[2] / "notebooks" / f"{name}.ipynb").read_text())
    sources = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    found = [source for source in sources if any(word in source for word in words)]
    assert len(found) == len(words), f"{len(found)} cells of {name} hold {words}"
    return found


def write_notebook(path: Path, *sources: str) -> Path:
    """A small notebook of code cells, with a kernelspec, without which a dialog blocks the page."""
    cells = [
        {"cell_type": "code", "id": f"c{i}", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for i, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    path.write_text(
        json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})
    )
    return path


def settle(page):
    """The page, once it has drawn what was asked of it, pictures too: it draws at the screen's next refresh."""
    page.evaluate("""async () => {
        const frame = () => new Promise(requestAnimationFrame);
        do { await frame(); await frame(); } while (window.decoding); }""")
    return page


def rooted(page, place: str = "main > *"):
    """The page of a control, once its code has run: `root()` is what it draws in, at this selector."""
    page.wait_for_function("place => document.querySelector(place)?.shadowRoot", arg=place)
    page.evaluate("place => { window.root = () => document.querySelector(place).shadowRoot; }", place)
    return page


def eventually(read, wanted, seconds: float = 120) -> None:
    """Read until it is `wanted`. What comes first is no fault: a busy machine tells things late."""
    end = time.monotonic() + seconds
    while (found := read()) != wanted:
        assert time.monotonic() < end, f"{found!r}, not {wanted!r}"
        time.sleep(0.1)


OPEN = """async (path) => {
  const widget = await window.jupyterapp.commands.execute("docmanager:open", {path, factory: "Notebook"});
  await widget.context.ready; }"""


class Notebook:
    """A notebook open in JupyterLab: run it, find its widgets, read their state."""

    def __init__(self, page, address: str, name: str, app: str = "lab"):
        self.page = page
        if app == "lab" and page.url.startswith(f"{address}/lab"):  # it is there: open one more notebook in it
            page.evaluate(OPEN, name)
        else:
            kind = "lab/tree" if app == "lab" else "notebooks"
            page.goto(f"{address}/{kind}/{name}?token={TOKEN}" + ("&reset" if app == "lab" else ""))
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=240_000)
        page.wait_for_function("() => window.jupyterapp", timeout=240_000)
        self.idle()

    def idle(self, seconds: float = 240) -> None:
        """Wait until a kernel is there and does nothing."""
        self.page.wait_for_function(
            """() => {
            const widget = window.jupyterapp.shell.currentWidget, kernel = widget?.sessionContext?.session?.kernel;
            return kernel?.status === "idle" && kernel?.connectionStatus === "connected"; }""",
            timeout=1000 * seconds,
        )

    def command(self, name: str) -> None:
        """Run one of JupyterLab's commands."""
        self.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)

    def run_all(self, seconds: float = 480) -> None:
        """Run all cells and wait for the end; an error in a cell is an error here."""
        self.page.evaluate(
            "() => { window.ran = null; window.jupyterapp.commands.execute('notebook:run-all-cells')"
            ".then(() => { window.ran = true; }); }"
        )
        self.page.wait_for_function("() => window.ran", timeout=1000 * seconds)
        errors = self.page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']")
        assert errors.count() == 0, errors.first.inner_text()

    def says(self, source: str) -> str:
        """What the kernel prints for some code, asked beside the notebook."""
        return self.page.evaluate(
            """async (code) => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel, texts = [];
            const future = kernel.requestExecute({code});
            future.onIOPub = (message) => message.header.msg_type === "stream" && texts.push(message.content.text);
            await future.done;
            return texts.join("").trim(); }""",
            source,
        )

    def comes_to_say(self, source: str, wanted: str) -> None:
        """Ask the kernel until it answers so: what a browser sends last may still be on its way."""
        eventually(lambda: self.says(source), wanted)

    def save(self) -> None:
        """Save, and wait until it is done."""
        self.command("docmanager:save")
        self.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")

    def theme(self, name: str) -> None:
        """`JupyterLab Light` or `JupyterLab Dark`, once its splash has gone: for half a second it covers the page."""
        self.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        light = "true" if "Light" in name else "false"
        self.page.wait_for_function(
            f"() => document.body.dataset.jpThemeLight === '{light}' && !document.getElementById('jupyterlab-splash')"
        )

    def close(self) -> None:
        """Close it unsaved, and let its kernel end; JupyterLab stays, as light as it was."""
        if self.page.evaluate("() => document.body.dataset.jpThemeLight") == "false":
            self.theme("JupyterLab Light")
        self.page.evaluate("""async () => {
            const widget = window.jupyterapp.shell.currentWidget;
            await widget.sessionContext.shutdown();
            widget.context.model.dirty = false;  // or it would ask
            widget.dispose(); }""")

    def cells(self) -> int:
        """How many cells the notebook has."""
        return self.page.evaluate("() => window.jupyterapp.shell.currentWidget.model.cells.length")
