"""Which tensors and random streams are taken: numbers one by one in memory, of a type that is computed with."""

from __future__ import annotations

import torch
from torch import Tensor

WHOLE, HALF = (torch.float32, torch.float64), (torch.float16, torch.bfloat16)
NUMBERS = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool, *WHOLE, *HALF)
PIXELS = (torch.uint8, *WHOLE, *HALF)  # 0…255, or numbers as they are
MOST_AT_ONCE = 10**7  # samples or latents: more would fill the memory


def tensor(name: str, value: object, types: tuple[torch.dtype, ...] = PIXELS) -> Tensor:
    """An ordinary tensor of one of some types. TypeError, with the cure, for a list, an array, and a sparse, nested,
    complex or other one."""
    told = ", ".join(str(each).removeprefix("torch.") for each in types)
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name} must be a tensor ({told}), got {type(value).__name__}: of an array take "
            "torch.as_tensor(array), of a list of tensors torch.stack(list)"
        )
    if value.is_nested or value.layout is not torch.strided:
        cure = f"torch.stack({name}.unbind())" if value.is_nested else f"take {name}.to_dense()"
        raise TypeError(f"{name} must be an ordinary tensor ({told}), got a sparse or nested one: {cure}")
    if value.dtype not in types:
        raise TypeError(f"{name} must be a tensor of the type {told}, got {value.dtype}: " + _cure(name, value, types))
    return value


def _cure(name: str, value: Tensor, types: tuple[torch.dtype, ...]) -> str:
    if value.is_complex():
        return f"torch.view_as_real({name}) makes two real numbers of each"
    if torch.uint8 in types and not value.is_floating_point():
        return f"{name}.to(torch.uint8) for pixels 0…255, which come out in [−1, 1], else {name}.float()"
    return f"take {name}.float()"


def stream_or_none(name: str, value: object) -> torch.Generator | None:
    """A random stream, or None. TypeError for a seed."""
    if value is not None and not isinstance(value, torch.Generator):
        raise TypeError(
            f"{name} must be a torch.Generator, such as torch.Generator().manual_seed(5), got {value!r:.80}"
        )
    return value
