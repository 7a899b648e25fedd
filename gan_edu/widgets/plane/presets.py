"""Situations to try in the plane: each is all of the settings, and shows what a chapter speaks of.

`benchmarks/presets.py` trains each on five seeds and says whether it does. Belongs to notebooks 03_training_loop and
05_tricks.
"""

from __future__ import annotations

from gan_edu.widgets.plane.build import Laboratory

BETAS = {f"{player}_beta{k}": beta for player in "dg" for k, beta in ((1, 0.5), (2, 0.9))}
CIRCLE = {"loss": "non-saturating", "g_lr": 5e-4, "g_steps": 2, **BETAS}
PRESETS: dict[str, dict] = {  # what differs from how each setting starts
    "collapse": {**CIRCLE, "g_lr": 1e-3, "g_steps": 5, "d_lr": 1e-4},  # all of G goes where the slow D says "real" most
    "circle": CIRCLE,  # D answers, and the samples run on to the next place
    "save": {**CIRCLE, "r1": 1.0},  # as circle, and D may not be steep where the data are
}


def offered(laboratory: Laboratory) -> list[str]:
    """The situations whose settings this laboratory has: R1 is a trick that is handed in."""
    return [name for name, settings in PRESETS.items() if all(_has(laboratory, *each) for each in settings.items())]


def _has(laboratory: Laboratory, name: str, value: object) -> bool:
    setting = laboratory.choices.get(name)
    return setting is not None and (not isinstance(value, str) or value in setting.values)


def settings(laboratory: Laboratory, name: str) -> dict:
    """All settings of a situation. Raises KeyError for one that is not offered."""
    if name not in (names := offered(laboratory)):
        raise KeyError(f"there is no situation {name!r}; there are: {', '.join(names)}")
    return {**{each: setting.start for each, setting in laboratory.choices.items()}, **PRESETS[name]}
