"""The latent explorer in a real JupyterLab with the network cut off: pick, slide, keep; a kernel answers."""

import pytest
from helpers.lab import settle

pytestmark = pytest.mark.browser

SOURCE = """from gan_edu.mnist_gan import textbook
from gan_edu.widgets import LatentExplorer
import torch
gan = textbook()
explorer = LatentExplorer(gan.generate, gan.latents(24, torch.Generator().manual_seed(0)),
                          nearest=lambda samples, count: samples.expand(count, -1, -1, -1)[None] * 0)
explorer"""
NOW = """print(explorer.a, explorer.b, explorer.position, len(explorer.latents), explorer.walk['of'],
      repr(explorer.error))"""


@pytest.fixture(scope="module")
def opened(jupyter):
    with jupyter.open("explore", SOURCE) as notebook:
        notebook.run_all(seconds=480)
        notebook.page.locator(".latent .tiles button").nth(23).wait_for()
        yield notebook


def sample(page, k):
    return page.locator(".latent .tiles button").nth(k)


def test_two_picks_and_a_slide(opened):
    notebook, page = opened, opened.page
    sample(page, 5).click()
    sample(page, 9).click()
    slider = page.get_by_label("where on the walk from A to B")
    lengths = page.locator(".latent .pair-of-paths .words")
    page.locator(".latent .panel.walk:not(.stale)").wait_for()
    slider.press("Home")
    settle(page)
    start = lengths.all_inner_texts()
    assert start[0] == start[1] and start[0].startswith("length ")  # both paths begin at A
    pictures = [page.locator(".latent .pair-of-paths canvas").nth(k).screenshot() for k in (0, 1)]
    for _ in range(16):
        slider.press("ArrowRight")
    settle(page)
    assert slider.input_value() == "16" and page.locator(".latent .t").inner_text() == "t = 0.50"
    halfway = lengths.all_inner_texts()
    assert halfway[0].endswith("below the band: shorter than in training") and halfway[1].endswith("in the band")
    assert [page.locator(".latent .pair-of-paths canvas").nth(k).screenshot() for k in (0, 1)] != pictures
    slider.press("End")
    notebook.comes_to_say(NOW, "5 9 32 24 [5, 9] ''")


def test_the_kernel_moves_the_view(opened):
    page = opened.page
    opened.says("explorer.a, explorer.b, explorer.position = 2, 3, 8")
    page.wait_for_function("""() => [...document.querySelectorAll('*')].some((n) => n.shadowRoot
        && n.shadowRoot.querySelector('.latent .t')?.textContent === 't = 0.25')""")
    assert sample(page, 2).locator(".badge").inner_text() == "A"
    assert sample(page, 3).locator(".badge").inner_text() == "B"


def test_keys_stay_in_the_explorer(opened):
    notebook = opened
    page, cells = notebook.page, notebook.cells()
    sample(page, 0).focus()
    for key in ("ArrowRight", "ArrowDown", "a", "x", "b", "Enter"):
        page.keyboard.press(key)
    page.get_by_label("where on the walk from A to B").press("ArrowLeft")
    assert notebook.cells() == cells


def test_keep_and_more(opened):
    notebook, page = opened, opened.page
    page.get_by_role("tab", name="More like this").click()
    page.get_by_role("button", name="neighbour 3: keep it").click()
    sample(page, 24).wait_for()
    page.get_by_role("tab", name="Plane").click()
    page.locator(".latent .panel.plane:not(.stale)").wait_for()
    notebook.comes_to_say("print(len(explorer.latents))", "25")
    page.get_by_role("tab", name="Walk").click()


def test_dark_theme(opened):
    notebook = opened
    notebook.theme("JupyterLab Dark")
    try:
        colour = notebook.page.locator(".latent h3").evaluate("node => getComputedStyle(node).color")
        assert min(int(part) for part in colour[4:-1].split(",")[:3]) > 180
    finally:
        notebook.theme("JupyterLab Light")
