"""What a learner waits for: `import gan_edu`, and from the start of a kernel to the first picture of the replay."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

IMPORT = "import time; t = time.perf_counter(); import gan_edu; print(time.perf_counter() - t)"
SHOW = (
    "from gan_edu.core.recording.recording import shipped\nfrom gan_edu.widgets import Replay\n"
    "display(Replay(shipped('mnist_textbook')))"
)


def import_seconds(times: int = 7) -> float:
    """Median seconds of `import gan_edu` in a fresh interpreter."""
    runs = [
        subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True) for _ in range(times)
    ]
    return round(statistics.median(float(run.stdout) for run in runs), 4)


def kernel_seconds(times: int = 5) -> float:
    """Median seconds from asking for a kernel to its having sent the replay with all its pictures."""
    from jupyter_client.manager import start_new_kernel

    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        manager, client = start_new_kernel(kernel_name="python3")
        try:
            reply = client.execute_interactive(SHOW, output_hook=lambda message: None, timeout=60)
            seconds.append(time.perf_counter() - start)
            if reply["content"]["status"] != "ok":
                raise RuntimeError(f"the cell failed: {reply['content']['evalue']}")
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    return round(statistics.median(seconds), 2)


def browser_seconds(times: int = 5) -> float:
    """Median seconds in the browser from opening the replay's page to the first frame being drawn."""
    import shutil
    import tempfile
    from pathlib import Path

    from playwright.sync_api import sync_playwright

    from benchmarks.replay_frames import FLAGS
    from gan_edu.core.recording.recording import shipped
    from gan_edu.widgets import Replay

    seconds = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "replay.html"
        Replay(shipped("mnist_textbook")).to_html(path)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for _ in range(times):
            page, start = browser.new_page(), time.perf_counter()
            page.goto(path.as_uri())
            page.locator(".message").wait_for(state="hidden")
            seconds.append(time.perf_counter() - start)
            page.close()
        browser.close()
    return round(statistics.median(seconds), 2)
