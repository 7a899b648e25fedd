"""How pictures are recorded: a grid of samples, the same latents every time, D's verdict on each, and scores.

With a scorer, such as `core.measures.Scorer`, some frames have FID and classes. Of notebook 04_mnist_gan.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from gan_edu.core.data.pixels import as_grid, as_image, pictures, to_uint8
from gan_edu.core.recording.format import picture_scores
from gan_edu.core.recording.frame_schedule import Schedule
from gan_edu.core.recording.recording import Recording, build, layout
from gan_edu.core.recording.records import Recordable, Scores
from gan_edu.core.safety.checked import integer, measured, short, table
from gan_edu.core.safety.strict_json import rounded
from gan_edu.core.training import stored_state
from gan_edu.core.training.contract import State

MOST_SAMPLES = 10_000  # in a row or a column of a frame


@runtime_checkable
class CanScore(Protocol):
    """What a scorer must at least do."""

    def score(self, gan: Recordable) -> dict: ...


@runtime_checkable
class Choosy(Protocol):
    """A scorer that cannot score every kind of picture."""

    def takes(self, samples: Tensor) -> None:
        """Raise ValueError for samples that it cannot score."""


class GridLook:
    """rows × columns pictures (N, 1 or 3, H, W) a frame. scorer: scores some of the frames, or None. condition: what
    each picture is asked for, (rows · columns, …), of a GAN that is given one.

    Raises ValueError for sizes that no picture has, TypeError for a scorer that has no `score(gan)`.
    """

    kind, facts, edition = "images", ("epoch", "logits", "scores"), 0  # nothing it says changes
    gan: Recordable

    def __init__(self, rows: int = 8, columns: int = 8, scorer: Scores | None = None, condition: Tensor | None = None):
        self.rows, self.columns = integer("rows", rows, 1, MOST_SAMPLES), integer("columns", columns, 1, MOST_SAMPLES)
        if scorer is not None and not isinstance(scorer, CanScore):
            raise TypeError(f"a scorer has a method score(gan), as core.measures.Scorer; got {short(scorer)}")
        self.scorer, self.condition = scorer, condition

    def begin(self, gan: Recordable, at: Schedule) -> None:
        """Draw the latents. Raises ValueError for samples that are no pictures, or that one picture cannot hold."""
        self.latents = gan.latents(self.rows * self.columns)  # drawn once: the same at every frame
        sample = gan.generate(self.latents, self.condition)[:1]  # (1, …)
        if sample.ndim != 4 or sample.shape[1] not in (1, 3):
            raise ValueError(
                "pictures (N, 1 or 3, H, W) can be recorded, the generator makes samples of the shape "
                f"{tuple(sample.shape)}"
            )
        if isinstance(self.scorer, Choosy):
            self.scorer.takes(sample)
        self.gan, self.shape = gan, tuple(sample.shape[1:])
        at.fit(self.rows * self.columns * sample.numel())
        layout(max(1, at.most), self.columns * sample.shape[3], self.rows * sample.shape[2])

    def see(self) -> dict:
        """The grid's samples as pixels, and D's logit of each."""
        samples = self.gan.generate(self.latents, self.condition)  # (rows · columns, C, H, W)
        packed = to_uint8(pictures("samples", samples))
        if self.gan.discriminator is None:
            return {"packed": packed, "logits": None, "scores": None}
        logits = self.gan.judge(samples, self.condition).flatten(1).mean(1)  # of patches the mean
        return {"packed": packed, "logits": logits.float().cpu(), "scores": None}

    def score(self) -> dict | None:
        """The scorer's."""
        return None if self.scorer is None else self.scorer.score(self.gan)

    def about(self) -> dict:
        """How the samples lie in a frame."""
        channels, height, width = self.shape
        return {
            "subtitle": f"the same {self.rows * self.columns} latents at every frame",
            "grid": {
                "rows": self.rows,
                "columns": self.columns,
                "tile_height": height,
                "tile_width": width,
                "channels": channels,
            },
        }

    def scoring(self) -> dict | None:
        """How many samples were scored, against what, and what real data would score."""
        if self.scorer is None:
            return None
        return {
            "samples": self.scorer.samples,
            "reference": self.scorer.reference,
            "fid_floor": round(self.scorer.floor, 4),
            "features": "gan_edu.core.measures.mnist_scores",
        }

    def told(self, name: str, value: Tensor | dict | None) -> object:
        """Logits to two digits, scores to four."""
        return rounded(value.tolist(), 2) if isinstance(value, Tensor) else rounded(value, 4)

    def sent(self, packed: Tensor) -> bytes:
        """The frame as a WebP picture."""
        buffer = io.BytesIO()
        as_image(as_grid(packed, self.columns)).save(buffer, "WEBP", quality=80, method=0)
        return buffer.getvalue()

    def build(self, packed: list[Tensor], meta: dict, quality: int) -> Recording:
        """All frames in one WebP picture. quality: 1–100."""
        return build([as_image(as_grid(each, self.columns)) for each in packed], meta, quality)

    def checks(self) -> dict[str, Callable[[str, object], object]]:
        """What checks one stored value of a frame."""
        count = self.rows * self.columns
        pixels, logits = torch.empty(count, *self.shape, dtype=torch.uint8), torch.zeros(count)
        return {
            "packed": lambda name, value: stored_state.tensor(name, value, pixels),
            "logits": lambda name, value: value is None or stored_state.tensor(name, value, logits),
            "scores": lambda name, value: picture_scores(name, value, measured),
        }

    def state_dict(self) -> State:
        """The latents."""
        return {"latents": self.latents}

    def check_state(self, state: State) -> None:
        """Raise ValueError for latents of another number or shape."""
        latents = table("the look's state", state, "latents")["latents"]
        if isinstance(latents, Tensor) and latents.ndim and len(latents) != self.rows * self.columns:
            raise ValueError(
                f"it was recorded with {len(latents)} samples a frame, this recorder has {self.rows} × {self.columns}"
            )
        stored_state.finite("latents", latents, self.latents)

    def load_state_dict(self, state: State) -> None:
        """Go on with the same latents."""
        self.latents = state["latents"].to(self.gan.device)
