"""What the distances of a path from its rest point say: one rule for the table and the control of notebook 06."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LAST = 50  # steps at the end that are looked at
CONVERGED, CLOSE, SLOW = 1e-3, 0.05, 0.9  # the bands
OUTCOMES = ("converges", "stays close", "converges slowly", "does not converge")


def outcome(radii: Sequence[float] | np.ndarray) -> str:
    """One of OUTCOMES for the distances (T,) of a path's points, the start's first. R, the last 50's largest, decides.

    R ≤ 0.1 % of the start's: converges. R ≤ 5 %: stays close, as steps with noise do. R ≤ 0.9 of the largest of the 50
    up to the middle: converges slowly. Else, or where a distance is not finite, it does not.
    """
    r = np.asarray(radii, dtype=float)
    if not np.isfinite(r).all():  # every band is wide enough for an infinite start
        return OUTCOMES[-1]
    largest, before = r[-LAST:].max(), r[: len(r) // 2 + 1][-LAST:].max()
    bands = largest <= CONVERGED * r[0], largest <= CLOSE * r[0], largest <= SLOW * before, True
    return OUTCOMES[bands.index(True)]
