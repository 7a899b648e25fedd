"""Paths for the market maker: each model's own, judged by a critic as they stand and shuffled."""

import pytest
import torch

pytest.importorskip("arch")

from benchmarks import finance, market_paths
from gan_edu.finance import Gaussianised, autocorrelation
from gan_edu.widgets import MarketMaker


@pytest.fixture(scope="module")
def board():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(market_paths, "COUNT", 4)
        for name in market_paths.NETWORKS:
            arm = finance.ARMS["paths"][name]
            patch.setitem(finance.ARMS["paths"], name, finance.Arm(arm.label, {**arm.settings, "steps": 1}, arm.seeds))
        return market_paths.board()


def test_a_market_maker_takes_it(board):
    widget = MarketMaker(board)
    assert [each["key"] for each in widget.market["models"]] == ["gjr-t", "gan", "plain", "alike"]
    assert [each["sigma"] is None for each in widget.market["models"]] == [False, False, False, True]


def test_sigma_is_that_of_its_day(board):
    for model in board["models"][:3]:
        shocks = torch.tensor(model["paths"]) / torch.tensor(model["sigma"])
        assert 0.8 < shocks.std() < 1.2, model["label"]


def test_garch_clusters_and_days_without_memory_do_not(board):
    of = {each["key"]: autocorrelation(torch.tensor(each["paths"]).abs()).mean().item() for each in board["models"]}
    assert of["gjr-t"] > of["alike"] + 0.03 and abs(of["alike"]) < 0.03


def test_a_critic_s_word_of_a_path_is_the_mean_over_its_windows():
    class Last(torch.nn.Module):
        def forward(self, x):
            return x[:, :, -1]

    way = Gaussianised(torch.zeros(1).double(), torch.ones(1).double(), (0.0,))
    path = torch.arange(250, dtype=torch.float64)
    assert market_paths.judged_by(Last(), way, path) == pytest.approx(path[127:].mean().item())
