"""The plane in slow motion: a step of training sub-step by sub-step, and a still of what each one changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from torch import Tensor

from gan_edu.core.recording.points_look import PointsLook, whole
from gan_edu.core.training.contract import Record


def watched(
    substeps: Callable, batches: Iterator[Tensor], look: PointsLook, stills: list[dict], frames: list[bytes]
) -> Iterator[Record]:
    """Look after each sub-step of the look's GAN, and hand on the record that the last one makes.

    substeps: (gan, batches) → (line, what it made), one after the other. What is seen goes to stills and frames.
    """
    for line, made in substeps(look.gan, batches):
        seen, scores = look.now(made.get("z"), scored=False)
        values = {name: float(made[name]) for name in ("d_loss", "g_loss") if name in made}
        stills.append(
            {
                "line": line,
                "step": look.gan.step,
                "scores": scores,
                "fake": "fake" in made,
                "real": whole(made["real"][: look.fakes]),
                **values,
            }
        )
        frames.append(seen)
        if "record" in made:
            yield made["record"]
