"""Names of any length and pictures of any shape stay within the page."""

import pytest
import torch
from helpers.lab import settle

from gan_edu.losses import LOSSES
from gan_edu.widgets import LatentExplorer, LossExplorer, Saddle, ScoreTable

pytestmark = pytest.mark.browser

NAME = "n" * 1000
ROW = {"name": NAME, "title": NAME, "group": NAME, "baseline": True, "values": {NAME: [1, 2]}}
COLUMN = {"key": NAME, "title": NAME, "unit": NAME, "better": "lower"}
MADE = {
    "losses": lambda: LossExplorer({NAME: LOSSES["minimax"], "mine": LOSSES["KL"]}),
    "saddle": lambda: Saddle({NAME: lambda d, g: d * g}),
    "scores": lambda: ScoreTable({NAME: {"columns": [COLUMN], "rows": [ROW]}}),
    "columns of pixels": lambda: LatentExplorer(lambda z: z.new_zeros(len(z), 1, 784, 1), torch.eye(6)),
}


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("width", [400, 1100])
def test_nothing_widens_the_page(new_page, tmp_path, name, width):
    page = new_page(viewport={"width": width, "height": 800})
    MADE[name]().to_html(tmp_path / "page.html")
    page.set_content((tmp_path / "page.html").read_text(encoding="utf-8"))
    page.wait_for_function("[...document.querySelectorAll('main *')].some((node) => node.shadowRoot)")
    wide, high = settle(settle(page)).evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert wide <= width and high < 4000
