"""The latent explorer: pick two samples and walk between them, span a plane by four, find more like one.

On a pick the kernel sends all pictures of a walk at once, as one PNG; sliding then stays in the browser. One
JavaScript core (view.js) in three wrappers, as for the replay: this widget while a kernel is
there, `to_html` without one, and a PNG of the walk that stays in a saved notebook. Used from notebook 04 on.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import traitlets
from torch import Tensor

from gan_edu.core.data import latent_paths
from gan_edu.core.data.pixels import scaled
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import function, integer, real, several
from gan_edu.widgets.kit.checked_latents import checked_latents
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.valid_state import Finite, Whole
from gan_edu.widgets.latent.page import page_state, sheet, walk_picture

VIEWS = ("walk", "plane", "more")
FRAMES, SIDE, AROUND, LEVELS, NEAR = 33, 7, 16, 11, 4  # of a walk, a plane, the neighbours and their strengths
MOST, REMEMBERED = 64, 6  # samples on show; walks that to_html keeps


class LatentExplorer(Control):
    """`LatentExplorer(gan.generate, gan.latents(24))`: walk from sample A to sample B, on the line and on the arc.

    generate: latents (N, d) → pictures (N, 1 or 3, H, W) in [−1, 1]. It is called when a pick asks for pictures: of
    a GAN that another thread is training, hand over a copy's. latents: (N, d), 2 ≤ N ≤ 64; `.latents` holds them and
    those kept since. nearest: function (samples (1, C, H, W), count) → the nearest training pictures, (1, count, C,
    H, W), shown beside the selected sample. seed: of the neighbours' noise, which has a stream of its own.
    band: between which lengths the latents of training lay; by default the middle 99 % of N(0, I).
    a, b, c, d, selected: numbers of samples, from 0. position: 0–32, where the walk's slider stands. strength: 0–1.
    Raises TypeError or ValueError for what cannot be shown. Errors of later picks are told in the view, in `error`.
    """

    folder, _esm = "latent", bundle("latent")
    a, b, c, d, selected = (Whole().tag(sync=True) for _ in range(5))
    view = traitlets.Enum(VIEWS, "walk").tag(sync=True)
    position = Whole(FRAMES // 2, min=0, max=FRAMES - 1).tag(sync=True)
    strength = Finite(0.3, min=0, max=1).tag(sync=True)
    fresh = Whole(0, min=0).tag(sync=True)  # how often other neighbours were asked for
    tiles, walk, plane, more, near = (traitlets.Dict().tag(sync=True) for _ in range(5))  # what the kernel sends
    error = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        generate: Callable,
        latents: Tensor,
        nearest: Callable | None = None,
        seed: int = 0,
        band: tuple[float, float] | None = None,
        **state: object,
    ):
        self.generate = function("generate", generate, "latents → pictures, as gan.generate")
        self._nearest = nearest and function("nearest", nearest, "(samples, count) → pictures")
        self.latents, self.seed, self.walks = checked_latents(latents, 2, MOST), integer("seed", seed), []
        if band is None:
            from scipy.stats import chi  # here, for it takes a second to load

            band = chi.interval(0.99, self.latents.shape[1])  # |z| of z ~ N(0, I) has the chi distribution
        least, most = several("band", band, lambda name, length: real(name, length, 0), 2)
        self.band = least, real("band: its upper end", most, least)
        tiles, last = self._tiles(), len(self.latents) - 1
        super().__init__(**{"tiles": tiles, "b": 1, "c": min(2, last), "d": min(3, last), **state})
        self._answer()
        if not self.walk:  # another view is open, and the picture is of the walk
            self.walks = [pair := self._picks("walk")]
            self.walk = self._made("walk", pair)
        self.observe(lambda change: self._try(self._answer), ["a", "b", "c", "d", "selected", "fresh", "view"])
        self.on_msg(lambda _, content, buffers: self._try(lambda: self.keep(content.get("keep"))))

    @traitlets.validate("a", "b", "c", "d", "selected")
    def _sample_exists(self, proposal: traitlets.Bunch) -> int:
        last = len(self.latents) - 1
        if not 0 <= proposal["value"] <= last:
            raise traitlets.TraitError(
                f"{proposal['trait'].name} must be between 0 and {last}, the samples there are, got {proposal['value']}"
            )
        return proposal["value"]

    def keep(self, neighbour: int) -> int:
        """Add a neighbour of the selected sample (0–15, at the strength that is set) to the samples, and select it.

        Returns its number. Raises ValueError for a neighbour that does not exist, or where 64 samples are there.
        """
        neighbour = integer("neighbour", neighbour, 0, AROUND - 1)
        if len(self.latents) == MOST:
            raise ValueError(f"{MOST} samples are the most: make another explorer with some of this one's latents")
        noise = self._noise(self.selected, self.fresh)
        z = latent_paths.neighbours(self.latents[self.selected], self.strength, noise)[neighbour]
        self.latents = torch.cat([self.latents, z[None]])
        self.tiles = self._tiles()
        self.selected = len(self.latents) - 1
        return self.selected

    # ---------------------------------------------------------------- what the kernel answers

    def _try(self, answer: Callable) -> None:
        """Run a callback; its error would vanish in a log, so the view tells it."""
        try:
            self.error = ""
            answer()
        except Exception as problem:  # generate and nearest are anyone's functions
            self.error = f"{type(problem).__name__}: {problem}"

    def _answer(self) -> None:
        """Send what the open view shows and does not have yet; the nearest pictures last, as they take longest."""
        wanted = self._picks(self.view)
        if getattr(self, self.view).get("of") != wanted:
            setattr(self, self.view, self._made(self.view, wanted))
        if self.view == "walk":
            self.walks = [*(pair for pair in self.walks if pair != wanted), wanted][-REMEMBERED:]
        if self._nearest and self.near.get("of") != self.selected:
            self.near = self._near(self._nearest, self.selected)

    def _picks(self, view: str) -> list[int]:
        names = {"walk": "a b", "plane": "a b c d", "more": "selected fresh"}[view].split()
        return [getattr(self, name) for name in names]

    def _made(self, view: str, picks: list[int]) -> dict:
        """The pictures of a view and the lengths of their latents."""
        ways: dict[str, Callable[..., Tensor]] = {"walk": self._along, "plane": self._across, "more": self._around}
        z = ways[view](*picks)
        columns = {"walk": 11, "plane": SIDE, "more": AROUND}[view]
        return {"of": picks, **sheet(self._pictures(z), columns), "norms": z.norm(dim=1).tolist()}

    def _along(self, a: int, b: int) -> Tensor:
        t = torch.linspace(0, 1, FRAMES)
        return torch.cat(
            [
                path(self.latents[a], self.latents[b], t)  # (2 · 33, d)
                for path in (latent_paths.lerp, latent_paths.slerp)
            ]
        )

    def _across(self, a: int, b: int, c: int, d: int) -> Tensor:
        z = self.latents
        return latent_paths.latent_grid(z[a], z[b], z[c], z[d], SIDE, SIDE).flatten(0, 1)  # (7 · 7, d)

    def _around(self, selected: int, fresh: int) -> Tensor:
        z, strengths = self.latents[selected], torch.linspace(0, 1, LEVELS)
        return latent_paths.neighbours(z, strengths, self._noise(selected, fresh)).flatten(0, 1)  # (11 · 16, d)

    def _noise(self, selected: int, fresh: int) -> Tensor:
        stream = torch.Generator().manual_seed((self.seed * MOST + selected) * 10_007 + fresh)
        return torch.randn(AROUND, self.latents.shape[1], generator=stream, dtype=self.latents.dtype)

    def _tiles(self) -> dict:
        self._samples = self._pictures(self.latents)  # (N, C, H, W)
        return {
            **sheet(self._samples, 8),
            "count": len(self.latents),
            "dim": self.latents.shape[1],
            "norms": self.latents.norm(dim=1).tolist(),
            "band": list(self.band),
        }

    def _near(self, nearest: Callable, selected: int) -> dict:
        sample = self._samples[selected : selected + 1]
        found, wanted = nearest(sample, NEAR), (1, NEAR, *sample.shape[1:])
        if not isinstance(found, Tensor) or found.shape != wanted or found.is_complex():
            shape = tuple(found.shape) if isinstance(found, Tensor) else type(found).__name__
            raise ValueError(
                f"nearest must give the {NEAR} nearest pictures of a sample, a tensor {wanted}, got {shape}"
            )
        found = scaled(found)[0].float().cpu()  # (4, C, H, W)
        return {"of": selected, **sheet(found, NEAR), "distances": (found - sample).flatten(1).norm(dim=1).tolist()}

    def _pictures(self, z: Tensor) -> Tensor:
        images = self.generate(z)
        shape = tuple(images.shape) if isinstance(images, Tensor) else type(images).__name__
        if not isinstance(images, Tensor) or images.ndim != 4 or shape[0] != len(z) or shape[1] not in (1, 3):
            raise ValueError(f"generate must give pictures ({len(z)}, 1 or 3, H, W) for {len(z)} latents, got {shape}")
        return images.detach().float().cpu()

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def alt(self) -> str:
        """What the picture of the walk shows, in words."""
        line, arc = self.walk["norms"][:FRAMES], self.walk["norms"][FRAMES:]
        (a, b), (least, most) = self.walk["of"], self.band
        lengths = {"shortest": min(line), "arcLeast": min(arc), "arcMost": max(arc), "least": least, "most": most}
        return say("latent", "alt", a=a, b=b, **{name: f"{length:.1f}" for name, length in lengths.items()})

    def __repr__(self) -> str:
        return (
            f"LatentExplorer({len(self.latents)} samples, latents of {self.latents.shape[1]} numbers; "
            f"A = {self.a}, B = {self.b})"
        )

    def picture(self) -> bytes:
        return walk_picture(self.walk, FRAMES)

    @property
    def frame_title(self) -> str:
        """What its iframe is called for screen readers."""
        return say("latent", "named", alt=self.alt)

    def shared(self) -> dict[str, dict]:
        """What a link may set: the tab and the slider, as what else there is takes a kernel."""
        return {name: rule for name, rule in super().shared().items() if name in ("view", "position")}

    def page_state(self) -> dict:
        """What a page without a kernel shows."""
        names = ("a", "b", "c", "d", "selected", "view", "position", "strength", "fresh", "tiles", "near")
        state = {name: getattr(self, name) for name in names}
        made = {view: self._made(view, self._picks(view)) for view in VIEWS}
        return page_state({**state, **made}, [self._made("walk", pair) for pair in self.walks])
