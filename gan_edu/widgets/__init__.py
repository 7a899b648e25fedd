"""What a learner moves: Python and its JavaScript side by side. Importing this loads no torch."""
from importlib import import_module

# name → the module it lives in, loaded when first used
HOMES = {"Replay": "replay", "compare": "replay", "LatentExplorer": "latent", "Live": "live",
         "DensityPlayer": "density_player", "Saddle": "saddle", "LossExplorer": "loss_explorer",
         "Plane": "plane", "PlaneReplay": "plane_replay", "PhasePortrait": "phase_portrait",
         "ScoreTable": "score_table", "SmoothingPlayer": "smoothing_player"}
__all__ = list(HOMES)


def __getattr__(name):
    if name in HOMES:
        return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    raise AttributeError(f"gan_edu.widgets has no {name!r}; it has {', '.join(sorted(HOMES))}")


def __dir__():
    return sorted([*globals(), *HOMES])
