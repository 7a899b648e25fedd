"""Many processes that train one GAN: each takes its part of every batch, all have the same weights. Belongs to notebook
12_scaling.

    def lesson():
        with joined() as here:  # through accelerate: gloo between processors, nccl between GPUs
            gan, batches = textbook(0, here.device), textbook_batches(0, here.device)
            for record in train(gan, batches, 937, step=shared(train_step, here)): …

    launch(2, lesson)

N processes with B/N samples each follow one process with B, but for rounding. A batch is that of one process, cut into
N parts; noise, views and penalty points are drawn for all of it (`core.training.drawn_rows`); layers that see a batch
get all of it (`gathered`). A loss is a mean over samples, so that its gradient is the mean of the parts':

    ∇ (1/B) Σ_i L_i = (1/N) Σ_r ∇ (N/B) Σ_{i in part r} L_i

All the rest each process does for itself, to the same end: optimisers, averages, rates, penalties' schedules. Whether a
step comes apart so is tried before the first one (`core.training.shared_step`).
Goyal et al. (2017), "Accurate, large minibatch SGD", arXiv 1706.02677; Li et al. (2020), "PyTorch distributed", arXiv
2006.15704.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

import torch
from torch import Tensor, distributed, nn

from gan_edu.core.safety.checked import integer
from gan_edu.core.training import checkpoint
from gan_edu.core.training.contract import GAN, Part
from gan_edu.core.training.drawn_rows import DrawnRows
from gan_edu.core.training.launched import LET, RESUME, Ended, process_group
from gan_edu.core.training.networks import mixing_layers
from gan_edu.core.training.step import Values

DRIFT = 1e-3  # by which weights of two processes may differ: machines that differ round differently


class Ranks:
    """The processes that train together, as one of them sees it: it is number `rank` of `count`, and has `device`."""

    def __init__(self, rank: int = 0, count: int = 1, device: torch.device | None = None):
        self.rank, self.count, self.device = rank, count, device or torch.device("cpu")
        self.first = rank == 0  # the one that records and saves
        self.rows = DrawnRows(rank, count)
        self._parent, self._gathering = os.getppid(), WeakSet[nn.Module]()

    # ------------------------------------------------------------ together

    @contextmanager
    def together(self) -> Iterator[None]:
        """Around what all processes do at once. Raises Ended where another is not there any more."""
        if os.getppid() != self._parent:
            raise Ended(f"the program that started process {self.rank} has ended, so this one ends, too: {RESUME}")
        try:
            yield
        except RuntimeError as error:
            time.sleep(LET)
            told = (str(error).splitlines() or [""])[0]
            raise Ended(
                f"process {self.rank} of {self.count} ends, as another has ended or does not answer (the first message "
                f"tells why; here: {told:.160}). {RESUME}"
            ) from error

    def average(self, weights: Sequence[Tensor]) -> None:
        """Put the mean over all processes into the place of each gradient."""
        learned = [weight for weight in weights if weight.grad is not None]
        flat = torch.cat([weight.grad.reshape(-1) for weight in learned])  # type: ignore[union-attr]
        with self.together():
            distributed.all_reduce(flat)
        for weight, mean in zip(learned, flat.div_(self.count).split([each.numel() for each in learned]), strict=True):
            weight.grad = mean.view_as(weight)

    def gathered(self, part: Tensor) -> Tensor:
        """(B/N, …) of each process → (B, …), in the order of the batch; gradients flow back to each part's process."""
        return part if self.count == 1 else _Gathered.apply(part, self)

    def told(self, what: object) -> list[Any]:
        """What each process has to tell, in their order."""
        everything: list[Any] = [None] * self.count
        with self.together():
            distributed.all_gather_object(everything, what)
        return everything

    def alike(self, **parts: Part) -> None:
        """All processes take over the state of the first: `here.alike(gan=gan, batches=batches)`, as after a load.

        Raises ValueError where another was built otherwise.
        """
        if self.count == 1:
            return
        sent: list[Any] = [checkpoint.payload(dict(parts)) if self.first else None]
        with self.together():
            distributed.broadcast_object_list(sent)
        fault = None
        try:
            for name, state in ({} if self.first else checkpoint.unpacked(sent[0], "process 0")).items():
                parts[name].load_state_dict(state)
        except (ValueError, TypeError, LookupError, RuntimeError) as error:
            fault = f"process {self.rank} cannot go on with what process 0 has: {error}"
        if faults := [each for each in self.told(fault) if each]:
            raise ValueError(faults[0])

    def agree(self, gan: GAN) -> None:
        """Raise ValueError where the weights of the processes are not alike any more."""
        sums = [
            sum(w.detach().double().abs().sum().item() for w in p.network.parameters()) for p in gan.players.values()
        ]
        told = self.told(sums)
        if not all(math.isclose(a, b, rel_tol=DRIFT) for each in told for a, b in zip(each, told[0], strict=True)):
            raise ValueError(
                f"step {gan.step}: the processes' weights have drifted apart (sums of their sizes: {told}). A hook or "
                "a step of your own does something else in each of them"
            )

    # ------------------------------------------------------------ parts of a batch

    def part(self, batch: Any) -> Any:
        """This process's samples, and their conditions, of a batch."""
        if isinstance(batch, (tuple, list)):
            return tuple(self.part(each) for each in batch)
        return batch.unflatten(0, (self.count, equal_parts(len(batch), self.count)))[self.rank]

    def whole(self, values: Values) -> Values:
        """The values of a step for the whole batch, of those of each part: numbers are means, rows stand in order."""
        flat = torch.cat([value.detach().reshape(-1) for value in values.values()])
        parts = [torch.empty_like(flat) for _ in range(self.count)]
        with self.together():
            distributed.all_gather(parts, flat)
        sizes, table = [value.numel() for value in values.values()], torch.stack(parts)  # (N, numbers)
        return {
            name: own.mean().to(value.dtype) if not value.ndim else own.reshape(-1, *value.shape[1:])
            for (name, value), own in zip(values.items(), table.split(sizes, 1), strict=True)
        }

    def gathers(self, gan: GAN) -> None:
        """Let layers that see a batch see all of it, in steps that are shared."""
        for player in gan.players.values():
            for layer in mixing_layers(player.network):
                if layer not in self._gathering:
                    self._gathering.add(layer)
                    layer.register_forward_pre_hook(self._before)
                    layer.register_forward_hook(self._after)

    def _before(self, layer: nn.Module, given: tuple) -> tuple | None:
        if not self.rows.rows or not layer.training:
            return None
        self.rows.off = True
        return tuple(self.gathered(each) if isinstance(each, Tensor) else each for each in given)

    def _after(self, layer: nn.Module, given: tuple, out: Tensor) -> Tensor | None:
        if not self.rows.rows or not layer.training:
            return None
        self.rows.off = False
        return self.part(out)


class _Gathered(torch.autograd.Function):
    """All parts below each other. A sample's gradient is the sum of those that the processes have for it."""

    @staticmethod
    def forward(context: Any, part: Tensor, here: Ranks) -> Tensor:
        context.here = here
        parts = [torch.empty_like(part, memory_format=torch.contiguous_format) for _ in range(here.count)]
        with here.together():
            distributed.all_gather(parts, part.contiguous())
        return torch.cat(parts)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None]:
        gradient = gradient.contiguous().clone()
        with context.here.together():
            distributed.all_reduce(gradient)
        return context.here.part(gradient), None


def equal_parts(size: int, count: int) -> int:
    """Samples of each of `count` equal parts of a batch. Raises ValueError where there are none."""
    if size % integer("count", count, 1):
        able = [str(k) for k in range(1, min(size, 64) + 1) if size % k == 0]
        fewer = f"there are more processes than samples, {count} for {size}" if count > size else f"not into {count}"
        raise ValueError(f"a batch of {size} comes apart into {', '.join(able)} equal parts: {fewer}")
    return size // int(count)


def samples_of(batch: Any) -> Tensor:
    return samples_of(batch[0]) if isinstance(batch, (tuple, list)) else batch


@contextmanager
def joined() -> Iterator[Ranks]:
    """This process among those that were started together; alone where it was started alone.

    Started they are by `launch`, torchrun, accelerate launch, SLURM or Kubernetes: what all of these leave in the
    environment is read (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT). Raises OSError or ValueError for a place
    without what it takes, and where the processes have different versions.
    """
    with process_group() as (rank, count, device):
        here = Ranks(integer("rank", rank), count, device)
        yield here
