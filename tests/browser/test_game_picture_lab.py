"""The game's picture in a real JupyterLab with the network cut off: it moves when its cell has run; Python moves it."""

import pytest

pytestmark = pytest.mark.browser
SOURCE = """import sys
from gan_edu.widgets import GamePicture
game = GamePicture()
assert "torch" not in sys.modules, "the first picture waits for torch"
game"""


def test_it_moves_by_itself_once_and_python_and_hand_move_it(jupyter):
    with jupyter.open("game", SOURCE, height=800) as notebook:
        page = notebook.page
        notebook.run_all(seconds=480)
        page.locator(".game_picture .rail [aria-current]:has-text('3')").wait_for(timeout=240_000)
        page.locator(".game_picture .stage").press("Home")  # a key that does nothing leaves it running
        page.get_by_role("button", name="phase 5: D learns").click()
        notebook.comes_to_say("print(game.station, game.phase)", "4 5")
        notebook.says("game.station, game.phase = 1, 8")
        page.locator(".game_picture .ages output:has-text('after 1 epoch')").wait_for()
        page.locator(".game_picture .stage").press("ArrowLeft")
        notebook.comes_to_say("print(game.station, game.phase)", "1 7")
        assert notebook.cells() == 1
