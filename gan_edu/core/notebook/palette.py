"""The palette, from palette.json, which the controls' JavaScript reads too. Pictures stand on light ground."""

from __future__ import annotations

import json
from pathlib import Path

_PALETTE = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
LIGHT = _PALETTE["light"]
REAL, FAKE, DISCRIMINATOR, GENERATOR = (LIGHT[role] for role in ("real", "fake", "discriminator", "generator"))
INK, SOFT, LINES, PAPER = (LIGHT[role] for role in ("ink", "soft", "lines", "paper"))
OTHERS = tuple(LIGHT["runs"][1:4])  # of things that are neither real nor fake, D nor G
VERDICT = tuple(_PALETTE["maps"]["verdict"])  # from one end over nothing to the other
HEAT = tuple(_PALETTE["maps"]["cividis"])  # from nothing to all
