"""The recipe board in a real JupyterLab: the chosen recipe trains below it, the next takes its place, a kernel ends."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SHOWN = f"""import sys
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
from helpers.controls import small_pictures
from helpers.small_recipes import INGREDIENTS, recipes
from gan_edu.training_loop import train
from gan_edu.widgets import Live, RecipeBoard
made = []
def trained(on):
    if "residual" in on:
        raise RuntimeError("no such networks here")
    made.append(Live(small_pictures, train, " + ".join(on) or "plain"))
    made[-1].start()
    return made[-1]
board = RecipeBoard(recipes(), INGREDIENTS, trained)
board"""


@pytest.fixture(scope="module")
def notebook(jupyter):
    with jupyter.open("recipes", SHOWN) as opened:
        yield opened


def test_the_chosen_recipe_trains_below_and_the_next_takes_its_place(notebook):
    page = notebook.page
    notebook.run_all()
    board, living = page.locator(".recipe_board"), page.locator(".living")
    press, note = board.get_by_role("button", name="Train this recipe"), board.get_by_role("status")
    expect(note).to_have_text("Live, in the kernel: it appears below.")
    assert living.count() == 0
    expect(page.locator(".gan-edu-still")).to_be_hidden()

    board.get_by_role("switch", name="pairs").click()
    notebook.comes_to_say("print(board.on, board.before)", "['pairs'] []")
    press.click()
    expect(living.locator("h3")).to_have_text("pairs")
    expect(note).to_have_text("Below: pairs. A new press takes its place.")
    assert living.bounding_box()["y"] > board.bounding_box()["y"] + board.bounding_box()["height"] - 1
    notebook.comes_to_say("print(made[0].driver.running, board.live is made[0])", "True True")

    board.get_by_role("switch", name="average of G").click()
    press.click()
    expect(living.locator("h3")).to_have_text("pairs + average")
    expect(living).to_have_count(1)
    notebook.comes_to_say("print(len(made), made[0], made[1].driver.running)", "2 Live(closed) True")

    board.get_by_role("switch", name="no normalisation").click()
    press.click()  # what goes wrong is said, and what trains is left alone
    expect(note).to_have_text("That could not be trained. RuntimeError: no such networks here")
    notebook.comes_to_say("print(len(made), made[1].driver.running)", "2 True")
    notebook.says("board.close()")
    notebook.comes_to_say("print(made[1])", "Live(closed)")
    expect(living).to_have_count(0)


def test_a_board_whose_kernel_has_gone_says_so_and_what_is_stored_lives_on(notebook):
    page = notebook.page
    notebook.run_all()
    board = page.locator(".recipe_board")
    expect(board).to_be_visible()
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    board.get_by_role("button", name="Train this recipe").click()
    expect(board.get_by_role("status")).to_contain_text("No answer from the kernel yet.")
    board.get_by_role("switch", name="R1 and R2").click()
    expect(board.locator(".score .now td").first).to_have_text("32.0")
