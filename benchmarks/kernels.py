"""Many learners on one machine: eight kernels with notebook 04's replay, eight pages, and one of them is slid."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from benchmarks.replay_frames import FLAGS, measure_in
from benchmarks.start import SHOW
from gan_edu.core.recording.recording import shipped
from gan_edu.widgets import Replay


@contextmanager
def kernel():
    """A kernel that has shown the replay; yields its memory in MB."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3")
    try:
        reply = client.execute_interactive(SHOW, output_hook=lambda message: None, timeout=120)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"the cell failed: {reply['content']['evalue']}")
        yield psutil.Process(manager.provisioner.pid).memory_info().rss / 1e6
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def measure(count: int = 8) -> dict:
    """One change of frame while `count` kernels and as many pages with the replay are open."""
    from playwright.sync_api import sync_playwright

    film = shipped("mnist_textbook")
    with ExitStack() as stack:
        memory = [stack.enter_context(kernel()) for _ in range(count)]
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        path = Path(folder) / "replay.html"
        Replay(film).to_html(path)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        stack.callback(browser.close)
        for _ in range(count - 1):
            page = browser.new_page()
            page.goto(path.as_uri())
            page.locator(".message").wait_for(state="hidden")
        return {"kernels": count, "mb_a_kernel": round(max(memory)), **measure_in(browser, film)}


if __name__ == "__main__":
    print(measure())
