"""How long the latent explorer's slider takes, input to painted pictures, and how long the kernel takes for a pick."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

import torch

from benchmarks.replay_frames import FLAGS
from benchmarks.summary import summary
from gan_edu.mnist_gan import textbook
from gan_edu.widgets import LatentExplorer

MEASURE = """async (count) => {
  const root = document.querySelector("#latent > div").shadowRoot;
  const slider = root.querySelector(".panel.walk input[type=range]"), times = [];
  const painted = () => new Promise((done) => requestAnimationFrame(() => {      // the frame that holds the change …
    const channel = new MessageChannel();                                       // … has been painted when this arrives
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  }));
  for (let k = 0; k < count; k++) {
    const before = performance.now();
    slider.value = (k * 13 + 1) % 33;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    times.push(await painted() - before);
    await new Promise((done) => setTimeout(done, 3 + (k * 7) % 17));             // at any moment between two refreshes
  }
  return times;
}"""


def measure(**options) -> dict:
    """Start a browser and measure in it. See measure_in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        try:
            return measure_in(browser, **options)
        finally:
            browser.close()


def measure_in(browser, count: int = 200, width: int = 900) -> dict:
    """Median, p95 and worst of `count` moves of the walk's slider, and the median of 20 picks in the kernel, in ms."""
    gan = textbook()
    explorer = LatentExplorer(gan.generate, gan.latents(24, torch.Generator().manual_seed(0)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "explorer.html"
        explorer.to_html(path)
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(path.as_uri())
        page.wait_for_timeout(500)  # decoded
        times = page.evaluate(MEASURE, count)[5:]  # the first few warm up
        page.close()
    return {"moves": len(times), **summary(times), **_picks(explorer)}


def _picks(explorer: LatentExplorer) -> dict:
    found = {}
    for view, trait in (("walk", "b"), ("plane", "d"), ("more", "fresh")):
        explorer.view, times = view, []
        for k in range(2, 22):
            before = time.perf_counter()
            setattr(explorer, trait, k)
            times.append(1000 * (time.perf_counter() - before))
        found[f"kernel_{view}_ms"] = round(statistics.median(times), 1)
    return found


if __name__ == "__main__":
    print(measure())
