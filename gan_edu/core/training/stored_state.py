"""States out of a checkpoint, compared with the networks and optimisers that are to take them over.

torch copies what it is handed: into other weights in part, into an optimiser's state in whole, whatever its shape, and
a fused optimiser then writes where no weight is. So all is compared before anything is changed. Each function raises
ValueError that says what does not fit.
"""

from __future__ import annotations

import copy
import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable
from numbers import Real
from typing import Any

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import integer, real, series, short, table, text
from gan_edu.core.training.contract import ChecksState, Remembering
from gan_edu.core.training.learning_rates import SCHEDULE

PARTS_OF_A_RUN = {"generator", "samples", "frames", "d_lr", "start"}  # a GAN, batches, recorder, settings, the plane's

STREAMS = {5_056: "a CPU", 16: "CUDA", 36: "MPS"}  # whose random stream has a state of so many bytes
WAYS = {"fused", "foreach", "capturable"}  # how an optimiser computes, and not what: a device's own matter
NEVER_NEGATIVE = {"step", "exp_avg_sq", "max_exp_avg_sq", "square_avg", "acc_delta", "sum"}  # roots are taken of them
BELOW_ONE = math.nextafter(1, 0)


def tensor(name: str, value: object, own: Tensor, least: float | None = None, most: float = math.inf) -> Tensor:
    """A tensor of the shape and type of `own`; where limits are given, with finite numbers between them."""
    if not isinstance(value, Tensor):
        raise ValueError(f"{name} must be a tensor, got {short(value)}")
    if value.shape != own.shape or value.dtype != own.dtype or value.layout != own.layout:
        raise ValueError(f"size mismatch: {name} is {_kind(value)} in the state, here it is {_kind(own)}")
    if least is not None and not ((value >= least) & (value <= most)).all():
        raise ValueError(f"{name} holds NaN, infinity or what is not from {least:g} to {most:g}")
    return value


def finite(name: str, value: object, own: Tensor) -> Tensor:
    """A tensor of the shape and type of `own`, finite."""
    most = torch.finfo(own.dtype).max if own.is_floating_point() else math.inf
    return tensor(name, value, own, -most, most)


def network(name: str, state: object, own: nn.Module, checked: bool = True) -> None:
    """Weights and buffers by name, as `own` has them. checked: also that none is NaN and no weight infinite."""
    mine, weights = own.state_dict(), {key for key, _ in own.named_parameters(remove_duplicate=False)}
    state = table(name, state)
    if set(state) != set(mine):
        raise ValueError(f"{name} has {short(sorted(mine))}, the state holds {short(sorted(state))}")
    for key, ours in mine.items():
        if not isinstance(ours, Tensor):  # what a layer of one's own keeps beside its weights
            continue
        value = tensor(f"{name}: {key}", state[key], ours)
        if checked and key in weights and not ours.is_complex():
            finite(f"{name}: {key}", value, ours)
        elif checked and value.isnan().any():
            raise ValueError(f"{name}: {key} holds NaN")


def weight_names(optimizer: torch.optim.Optimizer, own: nn.Module) -> list[list[str]]:
    """What the network calls the weights of each group of an optimiser, whose state knows their places only."""
    names = {id(weight): name for name, weight in own.named_parameters()}
    return [[names.get(id(weight), "") for weight in group["params"]] for group in optimizer.param_groups]


def optimizer(name: str, state: object, own: torch.optim.Optimizer) -> None:
    """What an optimiser keeps of each weight, and the settings of each group, as `own` would keep and have them."""
    mine = own.state_dict()
    state = table(name, state, "state", "param_groups")
    series(f"{name}'s groups", state["param_groups"], table, len(mine["param_groups"]))
    groups = in_the_way_of(own, state)["param_groups"]
    for k, (group, ours) in enumerate(zip(groups, mine["param_groups"], strict=True)):
        _group(f"{name}, group {k}", group, ours)
    kept = state["state"]
    if not isinstance(kept, dict):
        raise ValueError(f"{name}'s state must be a table by place, got {short(kept)}")
    known = set(kept) <= set(mine["state"]) and all(map(_alike_set, groups, mine["param_groups"]))
    expected = mine["state"] if known else _after_a_step(own, groups)
    for place, values in kept.items():
        if type(place) is not int or place not in expected:
            raise ValueError(f"{name} keeps something of weight {short(place)}, and there are {len(expected)}")
        if set(table(f"{name}, weight {place}", values)) != set(expected[place]):
            raise ValueError(
                f"{name} keeps {short(sorted(values))} of weight {place}, a {type(own).__name__} so set "
                f"keeps {short(sorted(expected[place]))}"
            )
        for key, ours in expected[place].items():
            _alike(f"{name}, weight {place}: {key}", values[key], ours, 0 if key in NEVER_NEGATIVE else None)


def in_the_way_of(own: torch.optim.Optimizer, state: dict) -> dict:
    """An optimiser's state that computes as `own` does: a run goes on where another way is fast, or the only one."""
    groups = [
        {
            **{key: value for key, value in group.items() if key not in WAYS},
            **{key: value for key, value in ours.items() if key in WAYS},
        }
        for group, ours in zip(state["param_groups"], own.param_groups, strict=True)
    ]
    return {**state, "param_groups": groups}


def _group(name: str, group: dict, ours: dict) -> None:
    """The settings of one group. Numbers may differ, as they may have been changed; truth values and names may not."""
    if set(group) - {SCHEDULE} != set(ours) - {SCHEDULE} or (SCHEDULE in ours and SCHEDULE not in group):
        raise ValueError(f"{name} has the settings {short(sorted(ours))}, the state holds {short(sorted(group))}")
    if series(f"{name}: params", group["params"], integer) != ours["params"]:
        raise ValueError(f"{name} has {len(ours['params'])} weights, the state another number or order")
    for key, value in group.items():
        if key == SCHEDULE:
            schedule = table(f"{name}: {key}", value, "base", "share", "began")
            real(f"{name}: {key}: base", schedule["base"], 0)
            real(f"{name}: {key}: share", schedule["share"], 0, 1)
            integer(f"{name}: {key}: began", schedule["began"])
        elif key != "params":
            _alike(f"{name}: {key}", value, ours[key], 0, BELOW_ONE if key == "betas" else math.inf)


def _alike(name: str, value: object, own: object, least: float | None, most: float = math.inf) -> None:
    """A value of the kind of `own`: numbers finite and from `least` to `most`, anything else equal."""
    if isinstance(own, Tensor):
        if own.is_complex():
            tensor(name, value, own)
        else:
            bound = torch.finfo(own.dtype).max if own.is_floating_point() else math.inf
            tensor(name, value, own, -bound if least is None else least, min(bound, most))
    elif isinstance(own, Real) and not isinstance(own, bool):
        real(name, value, -math.inf if least is None or own < 0 else least, most)
    elif isinstance(own, (tuple, list)):
        if not isinstance(value, (tuple, list)) or len(value) != len(own):
            raise ValueError(f"{name} must be {len(own)} values, got {short(value)}")
        for each, ours in zip(value, own, strict=True):
            _alike(name, each, ours, least, most)
    elif type(value) is not type(own) or value != own:
        raise ValueError(f"{name} is {short(value)} in the state, here it is {short(own)}")


def _alike_set(group: dict, ours: dict) -> bool:
    """Whether two groups have one set of settings, but for their rates: then they keep the same of each weight."""
    return all(group[key] == ours[key] for key in ours if key not in ("lr", SCHEDULE))


def _after_a_step(own: torch.optim.Optimizer, groups: list[dict]) -> dict[int, dict]:
    """What an optimiser of this kind keeps of each weight once it has taken a step; found by a copy that takes one."""
    twin = copy.copy(own)
    twin.state, twin.param_groups = (
        defaultdict(dict),
        [{**group, "params": [torch.zeros_like(weight) for weight in group["params"]]} for group in own.param_groups],
    )
    twin.load_state_dict({"state": {}, "param_groups": groups})
    for weight in (weight for group in twin.param_groups for weight in group["params"]):
        weight.requires_grad_(True)
        weight.grad = torch.zeros_like(weight)
    twin.step()
    return twin.state_dict()["state"]


def stream(name: str, state: object, device: torch.device | str = "cpu") -> None:
    """The state of a random stream on a device."""
    generator = torch.Generator(device)
    state = tensor(name, state, generator.get_state())
    try:
        generator.set_state(state)
    except RuntimeError as error:
        raise ValueError(f"{name} is no state of a random stream: {error}") from None


def from_elsewhere(state: object, own: torch.Generator) -> str:
    """The kind of device that a stream's state comes from, where it is another than that of `own`; else nothing."""
    if not isinstance(state, Tensor) or state.dtype != torch.uint8 or state.ndim != 1:
        return ""
    return STREAMS.get(len(state), "") if len(state) != len(own.get_state()) else ""


def equal(name: str, value: object, own: str | int) -> None:
    """Texts and whole numbers that must be those of the run."""
    (text if isinstance(own, str) else integer)(name, value)
    if value != own:
        raise ValueError(f"{name} was {short(value)} when this was saved, now it is {short(own)}")


def hook(name: str, state: Any, own: object) -> None:
    """What a hook of a GAN kept, as far as the hook looks at it: `check_state`, where it has one."""
    remembers = isinstance(own, Remembering)
    if (state is not None) != remembers:
        raise ValueError(f"{name} keeps {'a' if remembers else 'no'} state, and this file holds {short(state)}")
    if isinstance(own, ChecksState):
        own.check_state(state)


def data(name: str, value: object, own: str) -> None:
    """Data of a run, as `fingerprint` tells of it."""
    if text(name, value) != own:
        raise ValueError(
            f"the run was started with other data: {value:.200}; these are {own}. Load the data the run "
            "was started with"
        )


def fingerprint(data: Tensor) -> str:
    """Data in a line that tells it from any other: its shape, its type, and its `digest`."""
    return f"{_kind(data)}, SHA-256 {digest(data)}"


def digest(data: Tensor) -> str:
    """The start of the SHA-256 of all its numbers: of MNIST's 47 MB it takes some hundredths of a second."""
    return hashlib.sha256(data.cpu().contiguous().view(torch.uint8).numpy().data).hexdigest()[:16]


def agree(states: Iterable) -> None:
    """What two parts of a run both say, they say alike: they are of one step, say. Of one run, so of one GAN."""
    ours = [state for state in states if isinstance(state, dict) and PARTS_OF_A_RUN & state.keys()]
    if sum("generator" in state for state in ours) != 1:
        return
    tables = [each for state in ours for each in (state, state.get("settings"))]
    for name in ("step", "batch_size", "d_steps", "g_steps", "latent_dim"):
        values = {each[name] for each in tables if isinstance(each, dict) and type(each.get(name)) is int}
        if len(values) > 1:
            raise ValueError(f"its parts differ in {name}: {', '.join(map(str, sorted(values)))}")


def _kind(value: Tensor) -> str:
    return f"{tuple(value.shape)} of {str(value.dtype).removeprefix('torch.')}"
