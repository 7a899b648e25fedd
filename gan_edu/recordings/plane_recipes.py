"""How the shipped runs of the plane are made: `python -m gan_edu record plane/ring`.

Eight runs: five that learn, one with noise on a line, and two that fail for a reason a learner can see. They train on
one thread, so that they come out the same on machines with the same build.
"""

from __future__ import annotations

from pathlib import Path

from gan_edu import losses
from gan_edu.core.recording.points_look import PointsLook
from gan_edu.core.recording.recorder import Recorder, frame_steps
from gan_edu.core.recording.recording import Recording
from gan_edu.core.training import threads
from gan_edu.recordings.resumable import record, trial
from gan_edu.training_loop import GAN, train
from gan_edu.widgets.plane.build import Laboratory

LOSSES = {loss.name: loss for loss in (losses.non_saturating, losses.minimax)}
STEPS, FRAMES = 8000, 45
PLANE: dict[str, tuple[str, int, dict]] = {  # name → (title, steps, what differs from the default settings)
    "plane/ring": ("Ring of 8 Gaussians", 2 * STEPS, {}),
    "plane/line": ("A line", STEPS, {"data": "line"}),
    "plane/grid": ("Grid of 25 Gaussians", 2 * STEPS, {"data": "grid of 25"}),
    "plane/two_moons": ("Two moons", STEPS, {"data": "two moons"}),
    "plane/swiss_roll": ("Swiss roll", STEPS, {"data": "swiss roll"}),
    "plane/noise_on_a_line": ("Ring of 8, noise on a line", STEPS, {"latent_dim": 1}),
    "plane/mode_collapse": (
        "Mode collapse: one mode out of eight",
        STEPS // 2,
        {
            "loss": "minimax",
            "d_steps": 10,
            "d_lr": 2e-3,
            "d_beta1": 0.5,
            "d_beta2": 0.9,
            "g_beta1": 0.5,
            "g_beta2": 0.9,
        },
    ),
    "plane/circling": (
        "Never at rest: both players learn too fast",
        STEPS // 2,
        {"data": "line", "g_lr": 1e-3, "d_beta1": 0.5, "d_beta2": 0.9, "g_beta1": 0.5, "g_beta2": 0.9},
    ),
}


def record_plane(name: str, epochs: int | None = None, into: str | Path | None = None) -> Recording:
    """Train one of PLANE and store its recording. epochs: thousands of steps in place of its own number."""
    title, steps, settings = PLANE[name]
    thousands, folder = trial(name, epochs, into, 0)
    steps = 1000 * thousands or steps
    laboratory = Laboratory(GAN, LOSSES, dict(settings))
    with threads.one():
        gan, batches = laboratory.build()
        at = frame_steps(steps, every=max(1, steps // FRAMES))
        look = PointsLook(batches.distribution, compact=True)
        recorder = Recorder(gan, at, title, look, name=name, settings=laboratory.settings)
        recording = record(recorder, batches, train, steps, folder, every=2000)
    size = sum(map(len, recording.packed().values()))
    print(f"{folder}: {len(recording)} frames, {size / 1e3:.0f} KB, {recording.scores[-1]}")
    return recording
