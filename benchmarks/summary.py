"""How long something took, many times: what the tables tell of it."""
from __future__ import annotations

import statistics


def summary(milliseconds: list[float]) -> dict:
    """Median, 95 % and worst, in ms."""
    times = sorted(milliseconds)
    return {"median_ms": round(statistics.median(times), 1), "p95_ms": round(times[int(0.95 * len(times))], 1),
            "worst_ms": round(times[-1], 1)}
