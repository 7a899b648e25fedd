"""How far a learner scrolls: each notebook's way to its exercises, as JupyterLab shows it before anything is run.

The window is 1280 × 800, with the file browser open as it is at first, so the notebook is some 930 px wide.
"""

import shutil
from pathlib import Path

import pytest
from helpers.lab import TOKEN, cut_off, lab, settle

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9][0-9]_*.ipynb"))
MOST = 12_000  # px
ALL_CELLS = '{"windowingMode": "none"}'  # JupyterLab's own default leaves cells out that are not on the screen

# Every markdown cell is there, with its formulas, and so is every picture.
DRAWN = """() => {
  const cells = window.jupyterapp?.shell.currentWidget?.content?.widgets ?? [];
  const texts = cells.filter((cell) => cell.model.type === "markdown");
  return texts.length > 0
    && texts.every((cell) => cell.node.querySelector(".jp-RenderedMarkdown > *"))
    && texts.filter((cell) => /^\\$\\$/m.test(cell.model.sharedModel.source))
      .every((cell) => cell.node.querySelector("mjx-container"))
    && [...document.querySelectorAll(".jp-Notebook img")].every((image) => image.complete); }"""

# [heading, px from the first cell's top] of each section.
SECTIONS = """() => {
  const top = document.querySelector(".jp-Notebook .jp-Cell").getBoundingClientRect().top;
  return [...document.querySelectorAll(".jp-Notebook :is(h1, h2)")].map((heading) =>
    [heading.textContent.replace("¶", ""), Math.round(heading.getBoundingClientRect().top - top)]); }"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("course")
    own = home / "settings" / "@jupyterlab" / "notebook-extension"
    own.mkdir(parents=True)
    (own / "tracker.jupyterlab-settings").write_text(ALL_CELLS)
    shutil.copytree(NOTEBOOKS[0].parent / "badges", folder / "badges")
    for path in NOTEBOOKS:
        shutil.copy(path, folder)
    with lab(folder, home) as found:
        yield found


@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
def test_the_way_to_the_exercises_is_short(chromium, address, name):
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    outside = cut_off(page, address)
    page.goto(f"{address}/lab/tree/{name}.ipynb?token={TOKEN}&reset")
    page.wait_for_function(DRAWN, timeout=120_000)
    found = None
    while found != (found := settle(page).evaluate(SECTIONS)):  # until it has come to rest
        pass
    page.close()
    sections = dict(found)
    assert 0 < sections["Exercises"] <= MOST, f"px from the top: {sections}"
    assert outside == []
