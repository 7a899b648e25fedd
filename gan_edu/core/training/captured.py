"""A whole step of training as one CUDA graph: recorded once, and then started with one call. Belongs to notebook
12_scaling.

    train(gan, batches, steps, step=captured(train_step))

A step of a small GAN is a few hundred kernels of some microseconds each, and Python needs longer to start one than the
GPU to run it. A graph is started whole. What it replays are the same kernels on the same places in memory, so what
changes between steps must lie in such places, and each step brings it there:

    the batch                                     copied into the tensors that the graph reads
    learning rates, γ, noise levels, the step     `moving` numbers: one small table, copied to the device
    random numbers                                the graph knows the streams, and moves them on as an eager step does
    a penalty on each k-th step                   another kind of step, another graph, chosen by the same counters

The first two steps of each kind are eager ones; in the second, what would wait for the device is refused. Hooks of
`after_step` run between replays. On a CPU the step is taken as it is. PyTorch's notes "CUDA graphs"; Nguyen et al.
(2021), "Accelerating PyTorch with CUDA graphs", PyTorch's blog.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from gan_edu.core.safety.checked import real
from gan_edu.core.safety.interrupts import deaf
from gan_edu.core.training.contract import GAN, Batches, Record, Step
from gan_edu.core.training.kinds_of_steps import (
    Drawn,
    Place,
    alike,
    betas_of,
    counts_of,
    fixed_of,
    groups_of,
    kind_of,
    moved,
    moving_places,
    parts,
)
from gan_edu.core.training.nan_guard import all_heed_the_flag
from gan_edu.core.training.step import Values, done, record_of
from gan_edu.core.training.step_checks import following, named_values
from gan_edu.core.training.streams import lent_stream
from gan_edu.core.training.waits import CURE, nothing_waits, told_of


@dataclass(eq=False)
class captured:
    """A step for `train(…, step=captured(train_step))`: on CUDA a graph that is replayed, elsewhere the step itself.

    step: one made with `one_step`. near: β₂ is part of a graph; it is captured anew where 1 − β₂ has moved by this
    share, 0 for each change. Records, hooks, counters, random streams and checkpoints are as without it; weights have
    no `grad` after a replay. Raises TypeError for another step, in the first steps ValueError for what cannot be
    captured, naming the line.
    """

    step: Step
    near: float = 0.05

    def __post_init__(self) -> None:
        self.near = real("near", self.near, 0, below=1)
        if not callable(taken := getattr(self.step, "taken", None)):
            raise TypeError("captured takes a step made with one_step, as train_step: captured(train_step)")
        self._taken: Callable[..., Values] = taken
        self._runs: WeakKeyDictionary[GAN, _Run] = WeakKeyDictionary()

    def __call__(self, gan: GAN, batches: Batches) -> Record:
        if not on_a_gpu(gan) or gan.d_steps_done:  # a step that was left half done is gone on with as it is
            return self.step(gan, batches)
        if gan not in self._runs:
            self._runs[gan] = _Run(self._taken, self.near)
        with lent_stream(gan):
            values = self._runs[gan].values(gan, batches)
            done(gan)
        return record_of(gan, values)


def on_a_gpu(gan: GAN) -> bool:
    """Whether there are graphs where it computes."""
    return gan.device.type == "cuda"


def cpu_stream() -> Tensor:
    """Where the processor's random numbers are: they stay there in a step that can be captured."""
    return torch.get_rng_state()


# ------------------------------------------------------------------ which graph


class _Run:
    """The graphs of one GAN, by the kind of step."""

    def __init__(self, taken: Callable[..., Values], near: float):
        self.taken, self.near, self.side = taken, near, torch.cuda.Stream()
        self.fixed: Hashable = None
        self._forget()

    def _forget(self) -> None:
        self.draws: int | None = None  # batches of a step
        self.calls = 0  # of a piece within a step, at most
        self.walked: set[Hashable] = set()  # kinds whose second step was taken, and nothing waited for the device
        self.graphs: dict[Hashable, StepGraph] = {}
        self.pool = torch.cuda.graph_pool_handle()

    def values(self, gan: GAN, batches: Batches) -> Values:
        """The named values of the next step, which has been taken."""
        gan.alarm.flag(gan.device)
        fixed, held = fixed_of(gan)
        if fixed != self.fixed:
            self._forget()
            self.fixed, self.held = fixed, held  # what is held keeps its id
        given = [following(batches) for _ in range(self.draws or 0)]
        key = kind_of(gan, self.calls), tuple(each.shape for batch in given for each in parts(batch))
        if key not in self.walked:
            return self.walk(gan, batches, given, key)
        graph = self.graphs.get(key)
        if graph is None or not alike(graph.betas, betas_of(gan), self.near):
            graph = self.graphs[key] = StepGraph(gan, self.taken, given, self.side, self.pool)
        return graph.replay(given)

    def walk(self, gan: GAN, batches: Batches, given: Sequence, key: Hashable) -> Values:
        """An eager step. Once it is known what such a step draws, it is refused where it waits for the device."""
        if not all_heed_the_flag(gan):
            raise ValueError("a captured step needs fused optimisers, as adam(network) and two_time_scales make them")
        source, before, cpu = Drawn(given, batches), counts_of(gan), cpu_stream()
        with deaf(), aside(self.side), nothing_waits() if self.draws is not None else nullcontext():
            values = named_values(self.taken(gan, source))
        counted = moved(before, counts_of(gan))
        if self.draws is not None:
            if not torch.equal(cpu, cpu_stream()):
                raise ValueError(f"this step draws random numbers on the CPU, and a graph would repeat them. {CURE}")
            source.all_of(self.draws)
            self.walked.add(key)
        self.draws, self.calls = source.count, max([self.calls, *(by for *_, by in counted)])
        return values


# ------------------------------------------------------------------ a graph


class StepGraph:
    """One kind of step, captured: Python has gone through it once, and nothing has been computed yet."""

    def __init__(self, gan: Any, taken: Callable[..., Values], given: Sequence, side: Any, pool: Any):
        self.betas, self.graph = betas_of(gan), torch.cuda.CUDAGraph()
        self.graph.register_generator_state(gan.noise_stream)
        self.slots = [tuple(each.to(gan.device, copy=True) for each in parts(batch)) for batch in given]
        self.places: list[Place] = [(vars(gan), "step"), *moving_places(gan)]
        self.table = torch.zeros(len(self.places), dtype=torch.float64, device=gan.device)
        self.single = self.table.float()  # as Adam takes its rate
        before = counts_of(gan)
        try:
            self.out = self.capture(gan, taken, side, pool)
        except Exception as error:
            self.uncount(before)
            gan.d_steps_done = 0
            raise ValueError(f"this step cannot be captured: {told_of(error)}. {CURE}") from error
        self.counted = moved(before, counts_of(gan))
        self.uncount(before)  # `replay` counts
        for weight in (weight for group in groups_of(gan) for weight in group["params"]):
            weight.grad = None  # it is the graph's, and would be another kind's after the next step

    def uncount(self, before: list[tuple[Place, Any]]) -> None:
        """Put all numbers back to what they were."""
        for (table, name), value in before:
            table[name] = value

    def capture(self, gan: GAN, taken: Callable[..., Values], side: Any, pool: Any) -> dict[str, Tensor]:
        """Go through the step once. Returns where its values will stand."""
        source = Drawn([slot if len(slot) > 1 else slot[0] for slot in self.slots])
        torch.cuda.synchronize()
        with deaf(), aside(side), no_garbage():
            self.graph.capture_begin(pool=pool, capture_error_mode="thread_local")
            try:
                self.single.copy_(self.table)
                with standing_in(gan, self.places, self.table, self.single):
                    values = named_values(taken(gan, source))
                source.all_of(len(self.slots))
                out = {name: value.detach() for name, value in values.items()}
                del values
            finally:
                self.graph.capture_end()
        return out

    def replay(self, given: Sequence) -> dict[str, Tensor]:
        """The step, taken with these batches: its values."""
        for slot, batch in zip(self.slots, given, strict=True):
            for place, each in zip(slot, parts(batch), strict=True):
                place.copy_(each, non_blocking=True)
        numbers = torch.tensor([float(table[name]) for table, name in self.places], dtype=torch.float64)
        self.table.copy_(numbers, non_blocking=True)  # CUDA has read them when this returns, as they are not pinned
        self.graph.replay()
        for table, name, by in self.counted:
            table[name] += by
        return {name: value.clone() for name, value in self.out.items()}  # the next replay writes there


@contextmanager
def standing_in(gan: Any, places: list[Place], table: Tensor, single: Tensor) -> Iterator[None]:
    """Inside, tensors stand in the numbers' places, and the optimisers believe that they may be captured."""
    groups = [group for group in groups_of(gan) if "capturable" in group]
    whole = next(gan.generator.parameters()).dtype == torch.float64
    before = [(place, place[0][place[1]]) for place in [*places[1:], *((group, "capturable") for group in groups)]]
    try:
        gan.alarm.step = table[0]  # gan.step itself stays, as Python asks it
        for k, (owner, name) in enumerate(places[1:], 1):
            owner[name] = single[k] if name == "lr" or not whole else table[k]
        for group in groups:
            group["capturable"] = True
        yield
    finally:
        gan.alarm.step = None
        for (owner, name), value in before:
            owner[name] = value


# ------------------------------------------------------------------ around it


@contextmanager
def aside(stream: Any) -> Iterator[None]:
    """On a stream beside the current one, each after the other."""
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        yield
    torch.cuda.current_stream().wait_stream(stream)


@contextmanager
def no_garbage() -> Iterator[None]:
    """Nothing is collected inside, which would free memory in the midst of a capture."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
