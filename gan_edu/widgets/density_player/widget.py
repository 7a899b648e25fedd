"""The density player: two densities on a line that are dragged; under them D*, a D that is
trained, and G with it, the integrands, V and JS.

One JavaScript core (view.js) in three wrappers, as for the replay: this widget while a kernel is there,
`to_html` without one, and a PNG that stays in a saved notebook. Used in notebook 01.
"""

from __future__ import annotations

import torch
import traitlets

from gan_edu.core.data.distributions import KERNELS, Mixture, on_line
from gan_edu.core.data.quadrature import nodes
from gan_edu.core.notebook.figures import DISCRIMINATOR, FAKE, REAL, STYLE, show
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import kind
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.valid_state import Finite

DATA_PART, FAKE_PART = "p_data · log D*", "p_g · log(1 − D*)"  # the integrands of V
SHAPES = {"gaussian": "gaussian", "laplace": "laplace", "uniform": "uniformShape"}  # with their words
PARTS = ("mean_1", "width_1", "share", "mean_2", "width_2")
NAMES = tuple(f"{side}_{part}" for side in ("data", "fake") for part in PARTS)


def _mean(start: float) -> Finite:
    return Finite(start, min=-5, max=5).tag(sync=True)


def _width(start: float) -> Finite:
    return Finite(start, min=0.1, max=3).tag(sync=True)


def _share() -> Finite:
    return Finite(1.0, min=0, max=1).tag(sync=True)


class DensityPlayer(Control):
    """`DensityPlayer()`, or with p_data and p_g to start from: `DensityPlayer(gaussian(-1), gaussian(1, 0.5))`.

    Each density has one bump or two: data_mean_1, data_width_1, data_mean_2, data_width_2, with data_share the weight
    of the first (1: there is no second); fake_… likewise. Means lie in [−5, 5], widths in [0.1, 3]: the kernel's
    scales, of a uniform bump half of its width. shape: of all bumps, one of KERNELS. integrands: with the "best" or the
    "trained" D. numbers: whether V, JS and KL are shown; off, for a guess. training: whether the browser trains its D;
    a drag switches it on. train_g: whether G learns with it, one step after d_steps (1, 5 or 20) of D: means and widths
    of p_g go down the gradient of g_loss, "non-saturating" or "minimax", through that D.
    All are ordinary traits: link them with `ipywidgets.jslink`. `p_data` and `p_g` are what is shown, as densities.
    Raises ValueError for a density that it cannot show.
    """

    folder, _esm = "density_player", bundle("density_player")
    data_mean_1, data_mean_2, fake_mean_1, fake_mean_2 = _mean(-1.0), _mean(2.0), _mean(1.0), _mean(2.0)
    data_width_1, data_width_2, fake_width_1, fake_width_2 = _width(1.0), _width(0.6), _width(1.0), _width(0.6)
    data_share, fake_share = _share(), _share()
    shape = traitlets.Enum(KERNELS, "gaussian").tag(sync=True)
    integrands = traitlets.Enum(("best", "trained"), "best").tag(sync=True)
    numbers = traitlets.Bool(True).tag(sync=True)
    training = traitlets.Bool(False).tag(sync=True)
    train_g = traitlets.Bool(False).tag(sync=True)
    g_loss = traitlets.Enum(("non-saturating", "minimax"), "non-saturating").tag(sync=True)
    d_steps = traitlets.Enum((1, 5, 20), 5).tag(sync=True)

    def __init__(self, p_data: Mixture | None = None, p_g: Mixture | None = None, **state: object):
        given = [(side, density) for side, density in (("data", p_data), ("fake", p_g)) if density is not None]
        start = {name: value for side, density in given for name, value in _traits(side, density).items()}
        kernels = {density.kernel for _, density in given}
        if len(kernels) > 1:
            raise ValueError(f"both densities have bumps of one shape, got {' and '.join(sorted(kernels))}")
        super().__init__(**{**start, **({"shape": kernels.pop()} if kernels else {}), **state})

    @property
    def p_data(self) -> Mixture:
        """The data's density, as it is shown."""
        return self._density("data")

    @property
    def p_g(self) -> Mixture:
        """The density of G's samples, as it is shown."""
        return self._density("fake")

    def _density(self, side: str) -> Mixture:
        mean_1, width_1, share, mean_2, width_2 = (getattr(self, f"{side}_{part}") for part in PARTS)
        bumps = [(m, s, w) for m, s, w in ((mean_1, width_1, share), (mean_2, width_2, 1 - share)) if w > 0]
        means, widths, weights = zip(*bumps, strict=True)
        return on_line({"data": "p_data", "fake": "p_g"}[side], means, widths, weights, kernel=self.shape)

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""

        def told(density: Mixture) -> str:
            bumps = zip(density.centres[:, 0], density.scales[:, 0], density.weights, strict=True)
            return say("kit", "andJoin").join(self._bump(m, s, w) for m, s, w in bumps)

        shape = say("density_player", SHAPES[self.shape]).lower()
        densities = {"shape": shape, "data": told(self.p_data), "fakes": told(self.p_g)}
        if self.numbers:
            return say("density_player", "altWithValue", **densities, value=f"{self.value():.3f}")
        return say("density_player", "alt", **densities)

    def _bump(self, mean: float, width: float, weight: float) -> str:
        numbers = {"mean": f"{mean:.1f}", "width": f"{width:.1f}", "weight": f"{weight:.2f}"}
        if self.shape == "uniform":
            return say("density_player", "uniformOfWeight" if weight < 1 else "uniform", **numbers)
        return say("density_player", "bumpOfWeight" if weight < 1 else "bump", **numbers)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name):g}" for name in NAMES[:3] + NAMES[5:8])
        return f"DensityPlayer({shown}, shape={self.shape!r})"

    def value(self) -> float:
        """V(D*, G) as the browser has it: for the picture's words."""
        x, weight = nodes(self.p_data, self.p_g)
        both = torch.stack([self.p_data.log_density(x), self.p_g.log_density(x)])
        return ((both.exp() * (both - both.logsumexp(0))).nan_to_num(0).sum(0) * weight).sum().item()

    def picture(self) -> bytes:
        """The densities, D* and the integrands, as a PNG."""
        import matplotlib.pyplot as plt
        from matplotlib.figure import Figure

        x = torch.linspace(-6, 6, 1201, dtype=torch.float64)
        logs = torch.stack([p.log_density(x[:, None]) for p in (self.p_data, self.p_g)])  # (2, N)
        shares = logs - logs.logsumexp(0)  # log D*, log(1 − D*)
        with plt.rc_context(STYLE):
            figure = Figure(figsize=(7.2, 4.6), layout="constrained")
            axes = figure.subplots(3, 1, sharex=True, height_ratios=(2, 1, 1))
            for k, (name, colour, line) in enumerate((("$p_{data}$", REAL, "-"), ("$p_g$", FAKE, "--"))):
                axes[0].plot(x, logs[k].exp(), line, color=colour, label=name)
                axes[2].plot(x, (logs[k].exp() * shares[k]).nan_to_num(0), line, color=colour)
            axes[1].plot(x, shares[0].exp(), ":", color=DISCRIMINATOR, linewidth=2.5)
            axes[0].legend()
            value = f": V(D*, G) = {self.value():.4f}" if self.numbers else ""
            axes[0].set(title=say("density_player", "densities") + value, ylim=(0, None))
            axes[1].set(title=say("density_player", "bestD"), ylim=(-0.05, 1.05))
            axes[2].set(title=say("density_player", "integrandsTitle", data=DATA_PART, fakes=FAKE_PART), xlabel="x")
        return show(figure, self.alt).png

    def page_state(self) -> dict:
        """What a page without a kernel shows."""
        return {**super().page_state(), "training": False}


def _traits(side: str, density: Mixture) -> dict:
    if kind(f"the density of {side}", density, Mixture).dim != 1 or not 1 <= len(density.weights) <= 2:
        raise ValueError(
            "a density of the player lies on the line and has 1 or 2 bumps: make one with on_line(name, "
            f"means, widths, weights); got {len(density.weights)} bumps in {density.dim} dimensions"
        )
    traits = {f"{side}_share": density.weights[0].item()}
    bumps = zip(density.centres[:, 0].tolist(), density.scales[:, 0].tolist(), strict=True)
    for k, (mean, width) in enumerate(bumps, 1):
        if not (-5 <= mean <= 5 and 0.1 <= width <= 3):
            raise ValueError(f"the player shows means in [−5, 5] and widths in [0.1, 3], got {mean:g} and {width:g}")
        traits |= {f"{side}_mean_{k}": mean, f"{side}_width_{k}": width}
    return traits
