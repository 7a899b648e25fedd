"""The curves of a run: at every so many steps the mean over those steps, so that a run of any length fits a screen."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_edu.core.safety.checked import integer, measured, rising, series, table, text
from gan_edu.core.training import stored_state
from gan_edu.core.training.contract import Record

SHARES = {"d_real": "real_logits", "d_fake": "fake_logits"}  # D's mean probability of "real", and the logits it is of
LONGEST = 600  # of a curve: more cannot be told apart on a screen
MOST_CURVES = 100
Numbers = list[float | None]  # of a curve: None where a run had no such value at that time


class Curves:
    """Each scalar that a step leaves behind, by its name, and D's mean probability of "real" for real samples and for
    fakes: `curves["d_loss"]` at `curves["step"]`.

    width: how many steps a number stands for. It doubles whenever there would be more than 600 numbers.
    """

    def __init__(self) -> None:
        self.width, self.step = 1, 0  # step: the last one that was noted
        self._kept: dict[str, list] = {"step": []}
        self._pending: list[tuple[tuple[str, ...], Tensor]] = []  # names and values of the steps since, on their device

    def __getitem__(self, name: str) -> list:
        return self._kept[name]

    def note(self, record: Record) -> None:
        """Take in the record of a step."""
        values = drawable(record)
        self.step = record.step
        if values:
            self._pending.append((tuple(values), torch.stack([*values.values()]).float()))
        if record.step % self.width == 0:
            self._kept, self._pending = self.so_far(), []
        if len(self["step"]) >= LONGEST:
            self._halve()

    def so_far(self) -> dict[str, list]:
        """The curves by name, with one more number: the mean over the steps since the last one."""
        if not self._pending:
            return self._kept
        means, count = self._means(), len(self["step"])
        curves = {name: [*values, means.get(name)] for name, values in self._kept.items()}
        new = {name: [*[None] * count, mean] for name, mean in means.items() if name not in curves}
        return {**curves, **new, "step": [*self["step"], self.step]}

    def _means(self) -> dict[str, float]:
        """Of each value the mean over those of the pending steps that had it."""
        names = dict.fromkeys(name for given, _ in self._pending for name in given)
        if all(len(given) == len(names) for given, _ in self._pending):  # as nearly always: one wait for the device
            return dict(zip(names, torch.stack([each for _, each in self._pending]).mean(0).tolist(), strict=True))
        return {
            name: torch.stack([each[given.index(name)] for given, each in self._pending if name in given]).mean().item()
            for name in names
        }

    def _halve(self) -> None:
        """Join neighbouring numbers."""
        self.width *= 2
        joined = {name: [_mean(a, b) for a, b in _pairs(values)] for name, values in self._kept.items()}
        self._kept = {**joined, "step": self["step"][1::2]}

    def forget_after(self, step: int) -> None:
        """Drop what lies after a step."""
        self._pending = self._pending[: max(0, len(self._pending) - max(0, self.step - step))]
        count = sum(each <= step for each in self["step"])
        self._kept = {name: values[:count] for name, values in self._kept.items()}
        self.step = min(self.step, step)

    def state_dict(self) -> dict:
        """For checkpoints."""
        pending = [[list(names), each] for names, each in self._pending]
        return {"curves": self._kept, "width": self.width, "pending": pending}

    def check_state(self, state: dict, step: int) -> None:
        """Raise ValueError for what no run of so many steps can have left."""
        kept = table("curves", state["curves"], "step")
        count = integer("numbers of the curves", len(rising("curves: step", kept["step"], step)), 0, LONGEST - 1)
        integer("the number of curves", len(kept), 1, MOST_CURVES)
        for name in set(kept) - {"step"}:
            series(f"curves: {text('the name of a curve', name)}", kept[name], measured, count)
        series("pending", state["pending"], _pending)
        integer("width", state["width"], 1)

    def load_state_dict(self, state: dict, step: int, device: torch.device) -> None:
        """Take over what `state_dict` gave at a step, after `check_state`."""
        self.width, self.step = state["width"], step
        self._kept = {name: list(values) for name, values in state["curves"].items()}
        self._pending = [(tuple(names), each.to(device)) for names, each in state["pending"]]


def drawable(record: Record) -> dict[str, Tensor]:
    """What is drawn of a record: its losses, D's two mean probabilities, then its other scalars, each 0-d."""
    values = {name: record.values[name] for name in ("d_loss", "g_loss") if name in record.values}
    shares = {name: record.values[of].sigmoid().mean() for name, of in SHARES.items() if of in record.values}
    return {**values, **shares, **{name: each for name, each in record.values.items() if not each.ndim}}


def _pending(name: str, value: object) -> None:
    """The names and values of one step."""
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise ValueError(f"{name} must be names and their values")
    names = series(f"{name}: names", value[0], text, integer(f"{name}: values", len(value[0]), 1, MOST_CURVES))
    stored_state.tensor(name, value[1], torch.zeros(len(names)))


def _pairs(values: list) -> list[tuple]:
    return list(zip(values[::2], values[1::2], strict=False))


def _mean(a: float | None, b: float | None) -> float | None:
    if a is None or b is None:
        return b if a is None else a
    return (a + b) / 2
