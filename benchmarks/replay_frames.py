"""How long one change of frame takes in the replay: from the key press to the painted picture, in a real browser."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.summary import summary
from gan_edu.core.recording.recording import Recording, shipped
from gan_edu.widgets import Replay

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MEASURE = """async (count) => {
  const root = document.querySelector("#replay > div").shadowRoot, slider = root.querySelector("input[type=range]");
  const painted = () => new Promise((done) => requestAnimationFrame(() => {      // the frame that holds the change …
    const channel = new MessageChannel();                                       // … has been painted when this arrives
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  }));
  const times = [], last = +slider.max;
  for (let k = 0; k < count; k++) {
    const before = performance.now();
    slider.value = (k * 37 + 1) % (last + 1);               // far apart, so that nothing is drawn already
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    times.push(await painted() - before);
    await new Promise((done) => setTimeout(done, 3 + (k * 7) % 17));             // at any moment between two refreshes
  }
  return times;
}"""


def measure(recording: Recording | None = None, **options) -> dict:
    """Start a browser and measure in it; `recording` is by default the shipped textbook run. See measure_in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        try:
            return measure_in(browser, recording or shipped("mnist_textbook"), **options)
        finally:
            browser.close()


def measure_in(browser, recording: Recording, count: int = 200, verdict: bool = False, width: int = 900) -> dict:
    """Median, p95 and worst of `count` changes of frame, in ms, the wait for the screen's next refresh included.

    verdict: with D's verdict drawn. width: of the page, in pixels.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "replay.html"
        Replay(recording, verdict=verdict).to_html(path)
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(path.as_uri())
        page.locator(".message").wait_for(state="hidden")  # decoded
        times = page.evaluate(MEASURE, count)[5:]  # the first few warm up
        page.close()
    return {"frames": len(recording), "changes": len(times), **summary(times)}


if __name__ == "__main__":
    print(measure())
