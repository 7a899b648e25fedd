"""How long something took, many times: what the tables tell of it."""

from __future__ import annotations

import math
import statistics


def summary(milliseconds: list[float]) -> dict:
    """Median, 95 % and worst, in ms."""
    if not all(map(math.isfinite, milliseconds)):  # NaN is sorted anywhere
        raise ValueError(f"a time is no finite number: {milliseconds}")
    times = sorted(milliseconds)
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(0.95 * len(times))], 1),
        "worst_ms": round(times[-1], 1),
    }
