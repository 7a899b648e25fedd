"""The smoothing player: D's targets for real and fake, the best D for them, a trained one, and the pull that G feels.

Moving stays in the browser: view.js, in three wrappers as for the replay. Used in notebook 05. One-sided
smoothing is Salimans et al. (2016), "Improved techniques for training GANs", arXiv 1606.03498, section 3.4; why not
the other side too: Goodfellow (2016), "NIPS 2016 tutorial", arXiv 1701.00160, section 4.2.
"""

from __future__ import annotations

import math

import torch
import traitlets
from torch import Tensor

from gan_edu.core.data.distributions import Mixture, on_line
from gan_edu.core.notebook.words import say
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.valid_state import Finite

NAMES = ("real_target", "fake_target", "data_mean", "data_other", "data_width", "fake_mean", "fake_other", "fake_width")


def _number(start: float, least: float, most: float) -> Finite:
    return Finite(start, min=least, max=most).tag(sync=True)


def _other() -> Finite:
    """The mean of a second bump; None where there is none."""
    return Finite(None, min=-5, max=5, allow_none=True).tag(sync=True)


class SmoothingPlayer(Control):
    """`SmoothingPlayer(0.9, fake_target=0.1)`: slide both targets, drag p_g, and see D* and the pull on G change.

    real_target, α: D's target for real, in [0.5, 1]. fake_target, β: for fake, in [0, 0.4], so that it stays below α.
    p_data is N(data_mean, data_width²), or with data_other, a second mean, two such bumps in equal shares; p_g likewise
    from fake_mean, which is dragged, fake_other and fake_width. Means lie in [−5, 5], widths in [0.1, 3]. training:
    whether the browser trains its D on the targets; a move switches it on. All are ordinary traits. Raises
    traitlets.TraitError for what lies outside.
    """

    folder, _esm = "smoothing_player", bundle("smoothing_player")
    real_target, fake_target = _number(0.9, 0.5, 1), _number(0.0, 0, 0.4)  # D's for real stays above that for fake
    data_mean, data_other, data_width = _number(-1.5, -5, 5), _other(), _number(0.7, 0.1, 3)
    fake_mean, fake_other, fake_width = _number(1.5, -5, 5), _other(), _number(0.7, 0.1, 3)
    training = traitlets.Bool(False).tag(sync=True)

    def __init__(self, real_target: float = 0.9, fake_target: float = 0.0, **state: object):
        super().__init__(real_target=real_target, fake_target=fake_target, **state)

    @property
    def p_data(self) -> Mixture:
        """The data's density, as it is shown."""
        return self._density("data", "p_data")

    @property
    def p_g(self) -> Mixture:
        """The density of G's samples, as it is shown."""
        return self._density("fake", "p_g")

    def _density(self, side: str, name: str) -> Mixture:
        means = [m for m in (getattr(self, f"{side}_mean"), getattr(self, f"{side}_other")) if m is not None]
        return on_line(name, means, [getattr(self, f"{side}_width")] * len(means))

    # ---------------------------------------------------------------- what the browser shows, for Python

    def best(self, x: Tensor) -> Tensor:
        """D*(x) = (α p_data + β p_g) / (p_data + p_g) for x (N, 1); (N,), in [β, α]."""
        alpha, beta = self.real_target, self.fake_target
        return beta + (alpha - beta) * self._logit(x).sigmoid()

    def pull(self, x: Tensor, smoothed: bool = True) -> Tensor:
        """d/dx log D*(x) for x (N, 1): where a fake at x is moved to, per unit of x; (N,). smoothed: with α and β.

        (1 − D) (log p_data/p_g)' with the D of no smoothing, times what smoothing leaves, (α − β) / (α + β p_g/p_data):
        1 for β = 0, and never below 0.
        """
        logit = self._logit(x)
        full = (-logit).sigmoid() * (_score(self.p_data, x) - _score(self.p_g, x))
        return full * self._left(logit) if smoothed else full

    def _logit(self, x: Tensor) -> Tensor:
        """log p_data/p_g: the logit of the best D without smoothing, finite far outside too."""
        return self.p_data.log_density(x) - self.p_g.log_density(x)

    def _left(self, logit: Tensor) -> Tensor:
        alpha, beta = self.real_target, self.fake_target
        odds = math.log(alpha / beta) if beta else math.inf
        return (1 - beta / alpha) * (logit + odds).sigmoid()

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""

        def told(density: Mixture) -> str:
            means = say("kit", "andJoin").join(f"{mean:.1f}" for mean in density.centres[:, 0].tolist())
            return say("smoothing_player", "around", means=means, width=f"{density.scales[0, 0].item():.1f}")

        x = torch.tensor([[self.fake_mean]], dtype=torch.float64)
        full, smoothed = self.pull(x, smoothed=False).item() + 0.0, self.pull(x).item() + 0.0
        share = self._left(self._logit(x)).item()
        end = (
            say("smoothing_player", "oneSided")
            if self.fake_target == 0
            else say("smoothing_player", "bothSides", pull=f"{smoothed:.3f}", share=f"{share:.1%}")
        )
        levels = {
            "alpha": self.real_target,
            "beta": self.fake_target,
            "best": self.best(x).item(),
            "middle": (self.real_target + self.fake_target) / 2,
        }
        return say(
            "smoothing_player",
            "alt",
            **{name: f"{level:.2f}" for name, level in levels.items()},
            data=told(self.p_data),
            fakes=told(self.p_g),
            pull=f"{full:.3f}",
            end=end,
        )

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name):g}" for name in NAMES if getattr(self, name) is not None)
        return f"SmoothingPlayer({shown})"

    def picture(self) -> bytes:
        """The densities, D* and the pull, as a PNG."""
        from gan_edu.core.notebook.figures import D_LINE, FAKE, G_LINE, INK, LINES, REAL, show, subplots

        x, alpha, beta = torch.linspace(-6, 6, 601, dtype=torch.float64)[:, None], self.real_target, self.fake_target
        figure, (over, d, pull) = subplots(3, 1, figsize=(7.2, 5.2), sharex=True, height_ratios=(2, 1.2, 1.4))
        wide = {"color": LINES, "linewidth": 6, "label": say("smoothing_player", "noSmoothing")}
        over.plot(x, self.p_data.density(x), color=REAL, label="$p_{data}$")
        over.plot(x, self.p_g.density(x), "--", color=FAKE, label="$p_g$")
        d.plot(x, self._logit(x).sigmoid(), **wide)
        d.plot(x, self.best(x), **{**D_LINE, "linestyle": ":", "linewidth": 2.5}, label="D*")
        for level in (alpha, beta):
            d.axhline(level, color=INK, linewidth=0.8)
        pull.plot(x, self.pull(x, smoothed=False), **wide)
        pull.plot(
            x, self.pull(x, smoothed=False), color=INK, linewidth=1, label=say("smoothing_player", "alphaAlone")
        )  # the same line
        pull.plot(x, self.pull(x), **G_LINE, label=say("smoothing_player", "alphaAndBeta"))
        over.set(title=say("smoothing_player", "densities"), ylim=(0, None))
        targets = {"alpha": f"{alpha:.2f}", "beta": f"{beta:.2f}"}
        d.set(title=say("smoothing_player", "bestTitle", **targets), ylim=(-0.05, 1.05))
        pull.set(title=say("smoothing_player", "pullTitle"), xlabel="x")
        for axes in (over, d, pull):
            axes.legend()
        return show(figure, self.alt).png

    def page_state(self) -> dict:
        """What a page without a kernel shows."""
        return {**super().page_state(), "training": False}


def _score(density: Mixture, x: Tensor) -> Tensor:
    """d/dx log p(x) (N,) of Gaussian bumps: the mean of (mean − x) / width², each bump by its share of p(x)."""
    centres, scales = density.centres[:, 0], density.scales[:, 0]
    u = (x - centres) / scales  # (N, K)
    share = (density.weights.log() - scales.log() - u.square() / 2).softmax(1)
    return -(share * u / scales).sum(1)
