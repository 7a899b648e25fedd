"""How far a learner scrolls: each notebook's way to its exercises, as JupyterLab shows it before anything is run.

All that the notebooks store is drawn there, and none of it asks for anything outside of this machine. The window is
1280 × 800, with the file browser open as it is at first, so the notebook is some 930 px wide.
"""

import shutil
from pathlib import Path

import pytest
from helpers.lab import settle

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9][0-9]_*.ipynb"))
MOST = 12_000  # px
# JupyterLab's own default leaves cells out that are not on the screen. Nothing is run: one kernel serves all notebooks.
ALL_CELLS = """() => {
  const factory = window.jupyterapp.docRegistry.getWidgetFactory("Notebook"), was = factory.notebookConfig;
  factory.notebookConfig = {...was, windowingMode: "none"};
  window.as_it_was = () => { factory.notebookConfig = was; };
  window.one_kernel = {id: window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.id}; }"""
OPEN = """async (path) => {
  const options = {path, factory: "Notebook", kernel: window.one_kernel};
  await (await window.jupyterapp.commands.execute("docmanager:open", options)).context.ready; }"""

# Every markdown cell is there, with its formulas, and so is every picture.
DRAWN = """() => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  const texts = notebook.widgets.filter((cell) => cell.model.type === "markdown");
  return texts.length > 0
    && texts.every((cell) => cell.node.querySelector(".jp-RenderedMarkdown > *"))
    && texts.filter((cell) => /^\\$\\$/m.test(cell.model.sharedModel.source))
      .every((cell) => cell.node.querySelector("mjx-container"))
    && [...notebook.node.querySelectorAll("img")].every((image) => image.complete); }"""

# [heading, px from the first cell's top] of each section.
SECTIONS = """() => {
  const {node} = window.jupyterapp.shell.currentWidget.content;
  const top = node.querySelector(".jp-Cell").getBoundingClientRect().top;
  return [...node.querySelectorAll(":is(h1, h2)")].map((heading) =>
    [heading.textContent.replace("¶", ""), Math.round(heading.getBoundingClientRect().top - top)]); }"""


@pytest.fixture(scope="module")
def page(jupyter):
    shutil.copytree(NOTEBOOKS[0].parent / "badges", jupyter.folder / "badges")
    for path in NOTEBOOKS:
        shutil.copy(path, jupyter.folder)
    with jupyter.open("first", "1", height=800) as notebook:
        notebook.page.evaluate(ALL_CELLS)
        yield notebook.page
        notebook.page.evaluate("as_it_was()")


@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
def test_the_way_to_the_exercises_is_short(page, name):
    page.evaluate(OPEN, f"{name}.ipynb")
    page.wait_for_function(DRAWN, timeout=480_000)
    found = None
    while found != (found := settle(page).evaluate(SECTIONS)):  # until it has come to rest
        pass
    page.evaluate("window.jupyterapp.shell.currentWidget.dispose()")
    sections = dict(found)
    assert 0 < sections["Exercises"] <= MOST, f"px from the top: {sections}"
