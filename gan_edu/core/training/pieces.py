"""The pieces of a GAN by themselves: whether each is of the right kind, and each weight has one optimiser.

`training_loop.GAN` asks this when it is made, and again at the door of `train`; `core.training.checks` tries them
together.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from gan_edu.core.safety.checked import real
from gan_edu.core.training.contract import GAN

NEVER_RUN = (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction)
PLAYERS = {"generator": "g_optimizer", "discriminator": "d_optimizer"}


def network(name: str, given: object) -> None:
    """Raise TypeError for what is no network, ValueError for one whose weights cannot learn."""
    if not isinstance(given, nn.Module):
        raise TypeError(f"{name} must be a torch.nn.Module, got {type_name(given)}")
    weights = list(given.parameters())
    if not weights:
        raise ValueError(
            f"the {name} has no weights, so that it can learn nothing: give it layers that have some, as "
            "attributes or in a Sequential or ModuleList (a plain list hides them)"
        )
    if any(is_lazy(weight) for weight in weights):
        raise ValueError(
            f"the {name} has lazy layers, whose weights are not there yet: send two samples through it "
            "before the GAN is made, as generator(torch.zeros(2, latent_dim)), discriminator(data[:2])"
        )
    if any(getattr(layer, "sparse", False) is True for layer in given.modules()):
        raise ValueError(
            f"the {name} has an embedding with sparse gradients, which neither Adam nor the guard against "
            "NaN takes: leave sparse=True out"
        )
    if any(weight.dtype == torch.float16 and weight.requires_grad for weight in weights):
        raise ValueError(
            f"the {name} has float16 weights, and in float16 Adam's squares vanish, so that its steps "
            f'explode: {name}.float(), and for speed GAN(…, precision="bfloat16")'
        )


def optimizer(name: str, given: object) -> None:
    """Raise TypeError for what is no optimiser, ValueError for one that asks for the loss again within a step."""
    if not isinstance(given, torch.optim.Optimizer):
        raise TypeError(
            f"{name} must be a torch optimiser made of a network's weights, such as adam(network, 2e-4), "
            f"got {type_name(given)}"
        )
    if _needs_closure(type(given).step):
        raise ValueError(
            f"{name} is {type(given).__name__}, which computes the loss several times within a step, "
            "and here each step has one loss: take Adam, RMSprop or SGD"
        )
    if isinstance(given, torch.optim.SparseAdam):
        raise ValueError(f"{name} is SparseAdam, which takes sparse gradients alone: take Adam, RMSprop or SGD")
    for group in given.param_groups:
        real(f"{name}'s learning rate", group["lr"], 0)
        if group.get("maximize"):
            raise ValueError(f"{name} climbs the loss, which is to be descended: leave maximize=True out")


@cache
def _needs_closure(step: Callable) -> bool:
    closure = inspect.signature(step).parameters.get("closure")
    return closure is not None and closure.default is inspect.Parameter.empty


def each_weight_has_one_owner(gan: GAN) -> None:
    """Raise ValueError for a weight that learns and is in both optimisers, in none, or in that of another network."""
    own = {player: dict(getattr(gan, player).named_parameters()) for player in PLAYERS}
    held = {
        player: {id(weight) for group in getattr(gan, name).param_groups for weight in group["params"]}
        for player, name in PLAYERS.items()
    }
    for player, name in PLAYERS.items():
        if held[player] - {id(weight) for weight in own[player].values()}:
            raise ValueError(
                f"{name} holds weights that are not the {player}'s: make it of {player}.parameters(), "
                "after the last change of its layers"
            )
    for player, name in PLAYERS.items():
        learn = {label: id(weight) for label, weight in own[player].items() if weight.requires_grad}
        if both := [label for label, key in learn.items() if key in held["generator"] & held["discriminator"]]:
            raise ValueError(
                f"generator and discriminator share weights ({_some(both)}), which both would pull: give "
                "each player its own, such as copy.deepcopy(layer), or requires_grad_(False)"
            )
        if lost := [label for label, key in learn.items() if key not in held["generator"] | held["discriminator"]]:
            raise ValueError(
                f"the {player} has weights that no optimiser holds ({_some(lost)}), so that they would "
                f"never learn: make {name} of {player}.parameters(), after the last change of its layers, "
                "or say that they stay with requires_grad_(False)"
            )


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def functions(gan: GAN) -> None:
    """Raise TypeError where the loss is no pair of functions, or a hook cannot be called as it will be."""
    loss("loss", gan.loss)
    if gan.view is not None:
        callable_with("view", gan.view, "samples")
    for name, arguments in {
        "d_penalties": ("discriminator", "real", "fake"),
        "after_step": ("gan",),
        "g_penalties": ("discriminator", "real", "fake"),
    }.items():
        if isinstance(given := getattr(gan, name), str) or not hasattr(given, "__len__"):
            raise TypeError(f"{name} must be a list of functions, got {type_name(given)}: write {name}=[…]")
        for each in given:
            callable_with(f"each of {name}", each, *arguments)
            if name == "after_step":
                takes_a_gan(each)
    for piece in gan.hooks:
        reloads(type(piece).__name__, piece)
        for method in ("fits", "after_step"):
            if hasattr(piece, method):
                callable_with(f"{type(piece).__name__}.{method}", getattr(piece, method), "gan")


def takes_a_gan(hook: object) -> None:
    """Raise TypeError for a method of a torch schedule or a progress bar, which would take the GAN for a number."""
    if inspect.ismethod(hook) and hook.__module__.partition(".")[0] in ("torch", "tqdm"):
        name = f"{type(hook.__self__).__name__}.{hook.__name__}"
        raise TypeError(
            f"each of after_step is called with the GAN, and {name} takes something else: write "
            f"after_step=[lambda gan: it.{hook.__name__}()], with its own arguments and your name for it"
        )


def reloads(name: str, given: object) -> None:
    """Raise TypeError for what has a state_dict and no way back: what it would save nothing could load."""
    if hasattr(given, "state_dict") and not hasattr(given, "load_state_dict"):
        raise TypeError(
            f"{name} has a state_dict and no load_state_dict, so that nothing could load what it saves: "
            "write both, or neither"
        )


def one_type_of_numbers(gan: GAN) -> None:
    """Raise ValueError where the networks, an optimiser or the precision are of different types of floating point."""
    for player, name in PLAYERS.items():
        weights = list(getattr(gan, player).parameters())
        if gan.precision == "bfloat16" and any(weight.dtype == torch.float64 for weight in weights):
            raise ValueError(
                f'precision="bfloat16" is for float32 networks, the {player} is float64: '
                f"{player}.float(), or leave the precision out"
            )
        kept = ((weight, value) for weight in weights for value in getattr(gan, name).state.get(weight, {}).values())
        for weight, value in kept:
            if (
                isinstance(value, Tensor)
                and value.shape == weight.shape
                and value.is_floating_point()
                and value.dtype != weight.dtype
                and type(getattr(gan, name)).__module__.startswith("torch.")
            ):
                raise ValueError(
                    f"the {player} is {weight.dtype} and has learned as {value.dtype}: convert networks "
                    "before the GAN is made, and not between two steps"
                )


def loss(name: str, given: object) -> None:
    """Raise TypeError for what is no loss: a pair of functions, its name, and what g needs."""
    if missing := [part for part in ("d", "g", "g_needs_real", "name") if not hasattr(given, part)]:
        raise TypeError(
            f"{name} must be a losses.Loss, a pair of functions d and g, got {type_name(given)}: such as "
            f"losses.non_saturating, or a Loss(name, d, g) of your own; it lacks {', '.join(missing)}"
        )


def callable_with(name: str, given: object, *arguments: str) -> None:
    """Raise TypeError for what cannot be called as given(*arguments)."""
    wanted = f"{name} must be a function ({', '.join(arguments)})"
    if isinstance(given, type) or not callable(given):
        raise TypeError(f"{wanted}, got {type_name(given)}")
    if any(sort(each) for each in (given, type(given).__call__) for sort in NEVER_RUN):
        raise TypeError(
            f"{wanted}, and a function with async or yield in it does nothing when it is called: leave these out"
        )
    try:
        inspect.signature(given).bind(*arguments)
    except ValueError:  # some functions of C do not say what they take
        pass
    except TypeError as error:
        called = getattr(given, "__name__", type(given).__name__)
        raise TypeError(
            f"{wanted}, and {called} cannot be called so ({error}); where it makes one, call it: {called}(…)"
        ) from None


def type_name(given: object) -> str:
    """What was given, in a word."""
    return (
        f"the class {given.__name__}: make one, {given.__name__}(…)"
        if isinstance(given, type)
        else type(given).__name__
    )
