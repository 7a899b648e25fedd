"""The market maker's shuffles, its rounds and its numbers: tests/js/market_maker.json, which its test in node reads."""

import numpy as np
import torch
from helpers import small_market as small
from helpers.js_values import held

from gan_edu.core.measures.stylised_facts import autocorrelation
from gan_edu.widgets import MarketMaker
from gan_edu.widgets.market_maker.shuffle import game_order, order, rounds
from gan_edu.widgets.market_maker.widget import prices


def test_what_the_browser_computes():
    market = MarketMaker(small.stored())
    paths = np.array(market.shown["paths"])
    sizes = torch.from_numpy(np.abs(paths))
    reach = np.abs(paths[2]).max()
    games = []
    for deal in (0, 7, 1000):
        market.deal, market.guesses = deal, [0, 1, 1, 0, 1, 0, 0]
        games.append({"deal": deal, "guesses": market.guesses, "score": market.score})
    held(
        "market_maker",
        {
            "orders": [
                {"count": count, "seed": seed, "order": order(count, seed)}
                for count, seed in ((1, 0), (2, 1), (9, 0), (9, 1), (500, 3), (500, 1000), (120, 10_002))
            ],
            "game": game_order(3, small.DAYS),
            "rounds": [{"of": list(of), "rounds": [each._asdict() for each in rounds(*of)]} for of in ROUNDS],
            "market": market.market,
            "prices": prices(paths[1]).tolist(),
            "fan": market.fan().tolist(),
            "memory": autocorrelation(sizes[0], range(1, 61)).tolist(),
            "clustering": autocorrelation(sizes).mean(-1).tolist(),
            "histogram": np.histogram(paths[2], 41, (-reach, reach))[0].tolist(),
            "sizes": [np.abs(part).mean() for part in np.split(paths[3], 10)],
            "games": games,
        },
    )


ROUNDS = ((1, 20, 0), (2, 5, 0), (2, 5, 1), (3, 20, 999), (1, 2, 5))
