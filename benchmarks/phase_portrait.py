"""How long a change takes in the phase portrait: γ slides; path, field and eigenvalues are painted, in a browser."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.replay_frames import FLAGS
from benchmarks.summary import summary
from gan_edu.widgets import PhasePortrait

MEASURE = """async (count) => {
  const root = document.querySelector("main > div").shadowRoot;
  const slider = root.querySelector("input[aria-label='strength of the regulariser']");
  const painted = () => new Promise((done) => requestAnimationFrame(() => {      // the frame that holds the change …
    const channel = new MessageChannel();                                       // … has been painted when this arrives
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  }));
  const times = [];
  for (let k = 0; k < count; k++) {
    const before = performance.now();
    slider.value = 0.02 + (k * 37 % 290) / 100;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    times.push(await painted() - before);
    await new Promise((done) => setTimeout(done, 3 + (k * 7) % 17));             // at any moment between two refreshes
  }
  return times;
}"""
CASES = {
    "R1": {"penalty": "R1"},
    "instance noise, alternating, momentum, 2000 steps": {
        "penalty": "instance noise",
        "order": "G first",
        "momentum": 0.5,
        "steps": 2000,
    },
}


def measure(**options) -> dict:
    """{case: measure_in of it} in a browser of its own: the usual case, and the one with most to compute."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        try:
            return {name: measure_in(browser, PhasePortrait(**case), **options) for name, case in CASES.items()}
        finally:
            browser.close()


def measure_in(browser, portrait: PhasePortrait, count: int = 200, width: int = 1000) -> dict:
    """Median, p95 and worst of `count` moves of the slider, in ms, the wait for the screen's next refresh included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "phase.html"
        portrait.to_html(path)
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(path.as_uri())
        times = page.evaluate(MEASURE, count)[5:]  # the first few warm up
        page.close()
    return {"changes": len(times), **summary(times)}


if __name__ == "__main__":
    print(measure())
