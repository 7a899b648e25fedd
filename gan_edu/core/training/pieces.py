"""The pieces of a GAN by themselves: whether each is of the right kind, and each weight has one optimiser.

`training_loop.GAN` asks this when it is made, and again at the door of `train`; `core.training.checks` tries them
together.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from gan_edu.core.safety.checked import real
from gan_edu.core.training.contract import GAN, Fitting, Following, Logits, Named, Player, Remembering

PLAYER = "others={'encoder': Player(network, adam(network))}"
NEVER_RUN = (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction)
OPTIMIZERS = {"generator": "g_optimizer", "discriminator": "d_optimizer"}


def optimizer_of(player: str) -> str:
    """What a player's optimiser is called, in errors and in checkpoints."""
    return OPTIMIZERS.get(player, f"{player}_optimizer")


def kind_of(hook: object) -> tuple[str, str]:
    """What kind of thing a hook is, and its name, "" where it has none."""
    return type(hook).__name__, (hook.name or "") if isinstance(hook, Named) else ""


def called(piece: object) -> str:
    """What a piece is called: its name, or that of the function or class that it is."""
    name = getattr(piece, "name", None)  # of a `Named`, quickly, as it is asked in every step
    return str(name or getattr(piece, "__name__", type(piece).__name__))


def first(logits: Logits) -> Tensor:
    """Of several heads the first, which tells real from fake."""
    return logits[0] if isinstance(logits, tuple) else logits


def detached(logits: Logits) -> Logits:
    """The same numbers, from which nothing is learned."""
    return tuple(each.detach() for each in logits) if isinstance(logits, tuple) else logits.detach()


def others(given: object, taken: Iterable[str]) -> dict[str, Player]:
    """Further players by name. Raises TypeError for what is none, ValueError for a name that is taken."""
    if not isinstance(given, Mapping):
        raise TypeError(f"others must be a table of players by name, got {type_name(given)}: {PLAYER}")
    used = {*taken, *OPTIMIZERS, *OPTIMIZERS.values()}
    for name, player in given.items():
        if not isinstance(name, str) or not name.isidentifier() or {name, optimizer_of(name)} & used:
            raise ValueError(f"others: a player needs a name of its own, such as 'encoder', got {name!r}")
        if not isinstance(player, tuple) or len(player) != 2:
            raise TypeError(f"others: {name} must be a Player, got {type_name(player)}: {PLAYER}")
    return {name: Player(*player) for name, player in given.items()}


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


def each_weight_has_one_owner(players: Mapping[str, Player]) -> None:
    """Raise ValueError for a weight that learns and is in two optimisers, in none, or in that of another network."""
    own = {name: dict(player.network.named_parameters()) for name, player in players.items()}
    held = {
        name: {id(weight) for group in player.optimizer.param_groups for weight in group["params"]}
        for name, player in players.items()
    }
    for name in players:
        if held[name] - {id(weight) for weight in own[name].values()}:
            raise ValueError(
                f"{optimizer_of(name)} holds weights that are not the {name}'s: make it of {name}.parameters(), "
                "after the last change of its layers"
            )
    for name in players:
        learn = {label: id(weight) for label, weight in own[name].items() if weight.requires_grad}
        for other in players:
            both = [label for label, key in learn.items() if key in held[name] & held[other]]
            if other != name and both:
                raise ValueError(
                    f"{name} and {other} share weights ({_some(both)}), which both would pull: give "
                    "each player its own, such as copy.deepcopy(layer), or requires_grad_(False)"
                )
        if lost := [label for label, key in learn.items() if not any(key in each for each in held.values())]:
            raise ValueError(
                f"the {name} has weights that no optimiser holds ({_some(lost)}), so that they would "
                f"never learn: make {optimizer_of(name)} of {name}.parameters(), after the last change of its layers, "
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
        kind = type(piece).__name__
        reloads(kind, piece)
        if isinstance(piece, Fitting):
            callable_with(f"{kind}.fits", piece.fits, "gan")
        if isinstance(piece, Following):
            callable_with(f"{kind}.after_step", piece.after_step, "gan")


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
    if hasattr(given, "state_dict") and not isinstance(given, Remembering):
        raise TypeError(
            f"{name} has a state_dict and no load_state_dict, so that nothing could load what it saves: "
            "write both, or neither"
        )


def one_type_of_numbers(players: Mapping[str, Player], precision: str) -> None:
    """Raise ValueError where the networks, an optimiser or the precision are of different types of floating point."""
    for name, (network, optimizer) in players.items():
        weights = list(network.parameters())
        if precision == "bfloat16" and any(weight.dtype == torch.float64 for weight in weights):
            raise ValueError(
                f'precision="bfloat16" is for float32 networks, the {name} is float64: '
                f"{name}.float(), or leave the precision out"
            )
        kept = ((weight, value) for weight in weights for value in optimizer.state.get(weight, {}).values())
        for weight, value in kept:
            if (
                isinstance(value, Tensor)
                and value.shape == weight.shape
                and value.is_floating_point()
                and value.dtype != weight.dtype
                and type(optimizer).__module__.startswith("torch.")
            ):
                raise ValueError(
                    f"the {name} is {weight.dtype} and has learned as {value.dtype}: convert networks "
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
