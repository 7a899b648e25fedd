"""The market maker: simulated price paths as a fan, and what of a path a shuffle of its days destroys. Notebook 17.

Returns of markets come in clusters: their sizes |r| are remembered for weeks, their signs are not (Cont, 2001,
"Empirical properties of asset returns"). In another order the same days have the same histogram and the same end, and
no memory. A game asks who notices: the reader, a judge of one number, and D. All is stored, it needs no kernel; moving
stays in the browser (view.js).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
import traitlets

from gan_edu.core.measures.stylised_facts import autocorrelation
from gan_edu.core.notebook.words import say
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of, within
from gan_edu.widgets.kit.valid_state import Whole, valid
from gan_edu.widgets.market_maker.shuffle import game_order, order, rounds
from gan_edu.widgets.market_maker.stored import arranged

BAND = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST = 1000  # shuffles, and deals of the game


class MarketMaker(Control):
    """`MarketMaker(stored)`: a fan of simulated prices, a path's returns, their autocorrelation, a shuffle, a game.

    stored: {"days": T, 100 to 2500; "models": 1 to 5 of {"key", "label": what it is called, "paths": a list of 2 to
    100 paths, each T log-returns in [−1, 1], as many paths for each model; "sigma": likewise the σ of each day, or
    None; "judged": [D(path), D(shuffled path)] of each path, the days in `shuffle.game_order`, larger where it looks
    more real, or None}}, as JSON holds it. Simulated paths only: no day of a market is in it.
    model: a key, by default the first. path: its place. shuffle: 0, in order, or the number of another order, up to
    1000. guesses: what was said in each round of the game, 0 or 1, the place of the shuffle. deal: which game. Ordinary
    traits. Raises ValueError for what `stored` lacks or must not hold, traitlets.TraitError for a setting that is not
    there.
    """

    folder, _esm, height = "market_maker", bundle("market_maker"), 880
    market = traitlets.Dict().tag(sync=True)  # as stored.arranged makes it
    model = traitlets.Unicode("").tag(sync=True)
    path = Whole(0, min=0).tag(sync=True)
    shuffle = Whole(0, min=0, max=MOST).tag(sync=True)
    guesses = traitlets.List(traitlets.Any()).tag(sync=True)
    deal = Whole(0, min=0, max=MOST).tag(sync=True)

    def __init__(self, stored: Mapping[str, Any], **state: object):
        market = arranged(stored)
        super().__init__(**{"market": market, "model": market["models"][0]["key"], **state})

    @traitlets.validate("model", "path", "guesses")
    def _there(self, proposal: traitlets.Bunch) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        return valid(getattr(self, f"_check_{name}"), name, value)

    def _check_model(self, name: str, value: object) -> str:
        return _among(name, value, self._keys)

    def _check_path(self, name: str, value: int) -> int:
        return _among(name, value, range(self._count))

    def _check_guesses(self, name: str, value: list) -> list[int]:
        if len(value) > len(rounds(len(self._keys), self._count)):
            raise ValueError(f"{name} must be one a round at most, got {len(value)}")
        return [_among(f"{name}, place {k}", each, (0, 1)) for k, each in enumerate(value)]

    @property
    def _keys(self) -> list[str]:
        return [each["key"] for each in self.market["models"]]

    @property
    def _count(self) -> int:
        return len(self.market["models"][0]["paths"])

    def shared(self) -> dict[str, dict]:
        """What a link may set: model and path among those stored, the shuffle, the deal."""
        return {**super().shared(), "model": one_of(self._keys), "path": within(0, self._count - 1, whole=True)}

    # ---------------------------------------------------------------- what is shown

    @property
    def shown(self) -> dict[str, Any]:
        """The model on show: {"key", "label", "paths", "sigma", "judged"}."""
        return self.market["models"][self._keys.index(self.model)]

    @property
    def days(self) -> list[int]:
        """Which day of the path stands at each place: 0, 1, … until it is shuffled."""
        days = self.market["days"]
        return order(days, self.shuffle) if self.shuffle else list(range(days))

    @property
    def returns(self) -> np.ndarray:
        """The log-returns (T,) of the path, in the order on show."""
        return np.array(self.shown["paths"][self.path])[self.days]

    def fan(self) -> np.ndarray:
        """Prices (5, T + 1) that 5, 25, 50, 75 and 95 % of the model's paths lie below, from 1 on the first evening."""
        return np.quantile(prices(np.array(self.shown["paths"])), BAND, axis=0)

    @property
    def clustering(self) -> float:
        """The autocorrelation of |r|, its mean over lags 1 to 20, in the order on show."""
        return clustering(self.returns)

    @property
    def score(self) -> dict[str, int]:
        """Of the rounds played: {"played", "you", "judge", "d"}, how many each got right, and "judged", by D."""
        played = list(zip(rounds(len(self._keys), self._count, self.deal), self.guesses, strict=False))
        models, days = self.market["models"], self.market["days"]
        found = {"played": len(played), "you": sum(each.shuffled == guess for each, guess in played)}
        found |= {"judge": 0, "d": 0, "judged": 0}
        for (model, path, place), _ in played:
            in_order = np.array(models[model]["paths"][path])
            pair = clustering(in_order), clustering(in_order[game_order(path, days)])
            found["judge"] += _less(pair, place) == place
            if judged := models[model]["judged"]:
                found["judged"] += 1
                found["d"] += _less(judged[path], place) == place
        return found

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        fan, shown = self.fan()[:, -1], self.shown
        numbers = {"low": fan[0], "high": fan[-1], "end": prices(self.returns)[-1], "memory": self.clustering + 0.0}
        told = {key: f"{value:.2f}".replace("-0.00", "0.00") for key, value in numbers.items()}
        state = say("market_maker", "altShuffled" if self.shuffle else "altInOrder")
        about = {"model": shown["label"], "count": self._count, "days": self.market["days"], "path": self.path + 1}
        return say("market_maker", "alt", state=state, **about, **told)

    def __repr__(self) -> str:
        at = f"model={self.model!r}, path={self.path}, shuffle={self.shuffle}"
        return f"MarketMaker({len(self._keys)} models of {self._count} paths; {at})"

    def picture(self) -> bytes:
        """Fan, returns, autocorrelation and histogram, as a PNG."""
        from gan_edu.widgets.market_maker.still import still

        sigma = self.shown["sigma"]
        scales = np.array(sigma[self.path])[self.days] if sigma else None
        return still(self.fan(), self.returns, scales, self.shown["label"], self.alt)


def prices(returns: np.ndarray) -> np.ndarray:
    """exp Σ r (…, T + 1) of log-returns (…, T): prices each evening, 1 before the first day."""
    before = np.zeros((*returns.shape[:-1], 1))
    return np.exp(np.concatenate([before, returns.cumsum(-1)], -1))


def clustering(returns: np.ndarray) -> float:
    """The mean autocorrelation of |r| (T,) over lags 1 to 20; NaN where a return is no number."""
    if not np.isfinite(returns).all():
        return float("nan")
    return autocorrelation(torch.from_numpy(np.abs(returns))).mean().item()


def _less(pair: Sequence[float], place: int) -> int:
    """Which of two is the lesser, 0 or 1. pair: of the path and its shuffle, which stands at `place`; the first of two
    alike."""
    first, second = pair if place else reversed(pair)
    return int(second < first)


def _among(name: str, value: Any, allowed: Any) -> Any:
    if isinstance(value, bool) or value not in allowed:
        listed = ", ".join(map(str, allowed)) if len(allowed) < 9 else f"{min(allowed)} to {max(allowed)}"
        raise ValueError(f"{name} must be one of {listed}, got {value!r}")
    return value
