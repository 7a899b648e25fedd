"""The curves of a run: at every so many steps the mean over those steps, so that a run of any length fits a screen."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_edu.core.safety.checked import integer, measured, rising, series, table
from gan_edu.core.training import stored_state
from gan_edu.core.training.step import Record

CURVES = ("d_loss", "g_loss", "d_real", "d_fake")
LONGEST = 600  # of a curve: more cannot be told apart on a screen


class Curves:
    """Both losses, and D's mean probability of "real" for real samples and for fakes: `curves["d_loss"]` at steps.

    width: how many steps a number stands for. It doubles whenever there would be more than 600 numbers.
    """

    def __init__(self) -> None:
        self.width, self.step = 1, 0  # step: the last one that was noted
        self._kept: dict[str, list] = {"step": [], **{name: [] for name in CURVES}}
        self._pending: list[Tensor] = []  # of the steps since, on their device, where nobody waits for them

    def __getitem__(self, name: str) -> list:
        return self._kept[name]

    def note(self, record: Record) -> None:
        """Take in the record of a step."""
        shares = (record.real_logits.sigmoid().mean(), record.fake_logits.sigmoid().mean())
        self.step = record.step
        self._pending.append(torch.stack([record.d_loss, record.g_loss, *shares]).float())
        if record.step % self.width == 0:
            self._kept, self._pending = self.so_far(), []
        if len(self["step"]) >= LONGEST:
            self._halve()

    def so_far(self) -> dict[str, list]:
        """The curves by name, with one more number: the mean over the steps since the last one."""
        if not self._pending:
            return self._kept
        means = [self.step, *torch.stack(self._pending).mean(0).tolist()]
        return {name: [*values, new] for (name, values), new in zip(self._kept.items(), means, strict=True)}

    def _halve(self) -> None:
        """Join neighbouring numbers."""
        self.width *= 2
        self._kept["step"] = self["step"][1::2]
        for name in CURVES:
            self._kept[name] = [(a + b) / 2 for a, b in zip(self[name][::2], self[name][1::2], strict=True)]

    def forget_after(self, step: int) -> None:
        """Drop what lies after a step."""
        self._pending = self._pending[: max(0, len(self._pending) - max(0, self.step - step))]
        count = sum(each <= step for each in self["step"])
        self._kept = {name: values[:count] for name, values in self._kept.items()}
        self.step = min(self.step, step)

    def state_dict(self) -> dict:
        """For checkpoints."""
        return {"curves": self._kept, "width": self.width, "pending": self._pending}

    def check_state(self, state: dict, step: int) -> None:
        """Raise ValueError for what no run of so many steps can have left."""
        kept = table("curves", state["curves"], *self._kept)
        count = integer("numbers of the curves", len(rising("curves: step", kept["step"], step)), 0, LONGEST - 1)
        for name in CURVES:
            series(f"curves: {name}", kept[name], measured, count)
        one = torch.zeros(len(CURVES))
        series("pending", state["pending"], lambda name, each: stored_state.tensor(name, each, one))
        integer("width", state["width"], 1)

    def load_state_dict(self, state: dict, step: int, device: torch.device) -> None:
        """Take over what `state_dict` gave at a step, after `check_state`."""
        self.width, self.step = state["width"], step
        self._kept = {name: list(state["curves"][name]) for name in self._kept}
        self._pending = [each.to(device) for each in state["pending"]]
