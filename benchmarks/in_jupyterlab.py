"""What a learner feels in a real JupyterLab while a GAN trains: Pause, drags, views a second.

`python -m benchmarks.in_jupyterlab` measures it in a minute and prints JSON: kernel, server and browser together.
live.py and plane.py measure the kernel's part alone.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from benchmarks.replay_frames import FLAGS
from benchmarks.summary import summary
from gan_edu.core.safety.strict_json import as_json

LIVE = """import torch
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import train
from gan_edu.widgets import Live
torch.set_num_threads(1)
Live(lambda: (textbook(), textbook_batches()), train, "live")"""
PLANE = """import torch
from gan_edu.losses import minimax, non_saturating
from gan_edu.training_loop import GAN, LINES, d_step, g_step, substeps, train
from gan_edu.widgets import Plane
torch.set_num_threads(1)
Plane(GAN, train, {"non-saturating": non_saturating, "minimax": minimax}, d_step=d_step, g_step=g_step,
      substeps=substeps, lines=LINES)"""
INSIDE = """(name) => {
  window.inside = [...document.querySelectorAll("*")].find((n) => n.shadowRoot?.querySelector(name)).shadowRoot;
  window.step = () => +(inside.querySelector(".where").textContent.match(/step ([\\d,]+)/)?.[1] || "0")
    .replace(",", "");
}"""
PAUSE = """() => new Promise((done) => {                     // from the click to the word that it stands still
  const button = inside.querySelector(".acts .main"), clicked = performance.now();
  const watch = new MutationObserver(() => {
    if (button.textContent !== "Start") return;
    watch.disconnect();
    done(performance.now() - clicked);
  });
  watch.observe(button, {childList: true, subtree: true, characterData: true});
  button.click();
})"""
DRAG = """([name, place]) => new Promise((done) => {         // until the kernel has told the new value
  const input = inside.querySelector(`.${name} input`), setting = input.closest("label"), dragged = performance.now();
  input.value = place;
  for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind));          // moved and let go
  const wait = () => setting.dataset.told === String(place) ? done(performance.now() - dragged) : setTimeout(wait, 1);
  wait();
})"""
VIEWS = """(seconds) => new Promise((done) => {              // steps that were shown
  const views = new Set(), since = performance.now();
  const watch = new MutationObserver(() => views.add(step()));
  watch.observe(inside.querySelector(".where"), {childList: true, subtree: true, characterData: true});
  setTimeout(() => { watch.disconnect(); done(views.size / (performance.now() - since) * 1000); }, seconds * 1000);
})"""


@contextmanager
def opened(cell: str, root: str):
    """A page of JupyterLab with the control that `cell` shows; `inside`, in the page, is its shadow root."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from helpers.lab import Notebook, lab, write_notebook
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home, course = Path(folder) / "home", Path(folder) / "course"
        home.mkdir()
        course.mkdir()
        write_notebook(course / "measured.ipynb", cell)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        with lab(course, home) as address:
            page = browser.new_page(viewport={"width": 1400, "height": 1400})
            Notebook(page, address, "measured.ipynb").run_all()
            page.locator(f"{root} .acts .main").wait_for(timeout=90_000)
            page.evaluate(INSIDE, root)
            yield page
            page.close()
        browser.close()


def pauses(count: int = 40) -> dict:
    """From the click on Pause to the control standing still, while the textbook GAN trains live; in ms."""
    with opened(LIVE, ".living") as page:
        times = []
        for k in range(count):
            frames = page.evaluate("+inside.querySelector('input[type=range]').max")
            page.locator(".living .acts .main").click()
            page.wait_for_function("(n) => +inside.querySelector('input[type=range]').max > n", arg=frames)
            page.wait_for_timeout(13 * (k % 7))
            times.append(page.evaluate(PAUSE))
    return {"pauses": count, **summary(times)}


def plane(rounds: int = 10, seconds: float = 8) -> dict:
    """Views a second of the plane while it trains, and how soon a drag on its sliders is answered; in ms."""
    with opened(PLANE, ".plane-view") as page:
        page.locator(".plane-view .acts .main").click()
        page.wait_for_function("step() > 100")
        views, times = page.evaluate(VIEWS, seconds), []
        for k in range(rounds):
            for name, place in [("d_lr", 7), ("g_lr", 6), ("batch_size", 4), ("d_steps", 0), ("g_steps", 0)]:
                times.append(page.evaluate(DRAG, [name, place + k % 2]))
                page.wait_for_timeout(20 + 7 * (len(times) % 9))
    return {"views_a_second": round(views, 1), "drag": {"drags": len(times), **summary(times)}}


def measure() -> dict:
    """All of it."""
    return {"pause": pauses(), "plane": plane()}


def rows(found: dict) -> list[tuple[str, str, str]]:
    """What was measured beside the bars, for the README's table."""
    pause, drag, views = found["pause"], found["plane"]["drag"], found["plane"]["views_a_second"]
    return [
        ("in JupyterLab: Pause while it trains live, click to frozen", f"p95 {pause['p95_ms']:.0f} ms", "≤ 500 ms"),
        ("in JupyterLab: a drag on the plane's sliders while it trains", f"p95 {drag['p95_ms']:.0f} ms", "≤ 150 ms"),
        ("in JupyterLab: the plane's views a second while it trains", f"{views:.0f}", "≥ 20"),
    ]


if __name__ == "__main__":
    print(as_json(measure(), indent=1))
