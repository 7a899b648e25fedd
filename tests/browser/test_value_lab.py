"""Both players, saddle, phase portrait in a real JupyterLab with the network cut off: a drag reaches the kernel."""
import pytest
from lab import Notebook, lab, write_notebook
from value_page import drag, number

pytestmark = pytest.mark.browser

SOURCE = """from gan_edu.value_function import dirac, two_points, value
from gan_edu.widgets import DensityPlayer, PhasePortrait, Saddle, SmoothingPlayer
import ipywidgets
player, saddle = DensityPlayer(), Saddle({"two points": two_points, "Dirac-GAN": dirac})
slider = ipywidgets.FloatSlider(min=-5, max=5, description="mean")
link = ipywidgets.jslink((slider, "value"), (player, "data_mean_1"))
portrait = PhasePortrait(penalty="R1", gamma=0.3)
smoothing = SmoothingPlayer()
display(player, saddle, portrait, smoothing)"""


@pytest.fixture(scope="module")
def opened(chromium, tmp_path_factory):
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("course")
    write_notebook(folder / "value.ipynb", SOURCE, "print(player.fake_mean_1, "
                   "f'{value(player.p_data, player.p_g):.4f}', saddle.d, saddle.g, *portrait.start, portrait.gamma,"
                   "abs(portrait.eigenvalues()[0].imag).max())")
    with lab(folder, home) as address:
        page = chromium.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(90_000)
        outside = []
        page.route("**/*", lambda route: route.continue_() if route.request.url.startswith(address)
                   else (outside.append(route.request.url), route.abort()))
        notebook = Notebook(page, address, "value.ipynb")
        notebook.run_all(seconds=120)
        page.locator(".density .handle").first.wait_for()
        yield notebook, outside
        page.close()


def kernel_says(notebook):
    """What the second cell prints now."""
    page = notebook.page
    page.evaluate("""() => { const app = window.jupyterapp, book = app.shell.currentWidget.content;
        book.activeCellIndex = 1; window.ran = null;
        app.commands.execute('notebook:run-cell').then(() => { window.ran = true; }); }""")
    page.wait_for_function("() => window.ran")
    notebook.idle()
    return page.evaluate("""() => window.jupyterapp.shell.currentWidget.model.cells.get(1).outputs.get(0).toJSON()
        .text""").split()


def test_drag_the_density_read_v_and_ask_the_kernel(opened):
    notebook, outside = opened
    page = notebook.page
    drag(page, page.locator("[data-name=fake_mean_1] .hold"), -60)
    page.locator(".saddle .start").scroll_into_view_if_needed()
    page.locator(".saddle .start").press("ArrowRight")
    page.locator(".phase .start").scroll_into_view_if_needed()
    side = float(page.locator("#clip-field rect").get_attribute("width"))
    drag(page, page.locator(".phase .start"), side / 6, up=-side / 3)
    page.get_by_label("strength of the regulariser").press("End")
    for _ in range(20):                                   # the last change may still be on its way to the kernel
        mean, v, d, g, theta, psi, gamma, turning = kernel_says(notebook)
        if gamma == "3.0":
            break
        page.wait_for_timeout(250)
    assert (float(theta), float(psi)) == pytest.approx((2, -1), abs=0.05) and (gamma, turning) == ("3.0", "0.0")
    assert float(mean) < 0.5 and (float(d), float(g)) == (-1.9, 2)
    shown = page.locator(".density tr:has(b):has-text('V(D*, G)') td").first.inner_text()
    assert number(shown) == pytest.approx(float(v), abs=1e-3)
    assert notebook.cells() == 2 and outside == []


def test_a_plain_slider_moves_the_density(opened):
    page = opened[0].page
    page.evaluate("""() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute(
        {code: 'slider.value = -3.5'}).done""")
    handle = page.locator("[data-name=data_mean_1][aria-valuenow='-3.5']")
    handle.wait_for()


def test_the_smoothing_players_targets_reach_the_kernel_and_back(opened):
    page, said = opened[0].page, "smoothing.real_target = 0.6 if smoothing.fake_mean < 1.2 else 0.7"
    page.get_by_label("β, target for fake").press("End")
    page.locator(".smoothing .line-box.densities").scroll_into_view_if_needed()
    drag(page, page.locator(".smoothing [data-name=fake_mean] .hold"), -60)
    page.locator(".smoothing .acts .main").click()        # it was woken: pause
    page.evaluate("""(code) => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute(
        {code}).done""", "slider.value = smoothing.fake_target; " + said)
    page.locator("[data-name=data_mean_1][aria-valuenow='0.4']").wait_for()
    best = page.locator(".smoothing tr:has-text('where p_g = p_data') td")
    best.filter(has_text="0.5000").wait_for()
