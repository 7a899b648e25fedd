"""A remark: a warning about what may be meant, shown once at the learner's own line."""
from __future__ import annotations

import sys
import warnings


def remark(text: str) -> None:
    """Warn at the line outside of gan_edu from which this came, as the cell that trains. Each text once a line."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_globals.get("__name__", "").startswith("gan_edu"):
        frame, level = frame.f_back, level + 1
    warnings.warn(text, stacklevel=level)
