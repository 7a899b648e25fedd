"""The GAN: players, the pieces of a step, where a run stands, and how all of that is kept in a checkpoint.

It works with any pieces: functions, or objects that also fit, follow and remember (`core.training.contract`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import integer, one_of, series, table, text
from gan_edu.core.safety.interrupts import alone
from gan_edu.core.training import pieces, stored_state, tensors, threads
from gan_edu.core.training.contract import (
    Averages,
    Averaging,
    Fitting,
    Penalty,
    Player,
    Remembering,
    State,
    View,
)
from gan_edu.core.training.loss import Loss, non_saturating
from gan_edu.core.training.nan_guard import Alarm
from gan_edu.core.training.networks import adam, has_batch_statistics
from gan_edu.core.training.remembers import OfOneGan
from gan_edu.core.training.step_checks import condition_fits, generated, judged, latents_fit
from gan_edu.core.training.streams import begin_streams, check_streams, in_a_step, looking, take_streams
from gan_edu.core.training.tensors import MOST_AT_ONCE

LATENTS, PRECISIONS = ("gaussian", "uniform"), ("float32", "bfloat16")
IN_A_STATE = (
    "kinds",
    "hooks",
    "weights",
    "settings",
    "noise_stream",
    "display_stream",
    "network_stream",
    "seed",
    "step",
    "turn",
    "threads",
)  # beside networks and optimisers
LEAST = {"latent_dim": 0, "d_steps": 1, "g_steps": 1, "seed": 0, "step": 0, "d_steps_done": 0}


@dataclass(eq=False)
class GAN:
    """Players that learn from each other, and the pieces of a step. All state of a run is here and in its batches.

    generator: latents z (N, latent_dim) → samples (N, …); where batches have a condition it is called with
    (z, condition), and with latent_dim = 0 with the condition alone. discriminator: samples, or (samples, condition) →
    logits (N, 1), a map of them (N, 1, H, W), or a tuple of heads. others: further players by name, for steps of one's
    own; None in the discriminator's place leaves it out, for a step that trains the generator alone.
    view is applied to everything D sees, and keeps its shape. Penalties are functions (discriminator, real, fake) →
    scalar, added to the loss of D or of G; real and fake are as D sees them. Each hook of after_step is called with the
    GAN when a step is done. What pieces may have beside, to fit, follow and be kept, is in `core.training.contract`:
    where a hook has an `average` of the generator, that is what `generate` shows. Raises TypeError or ValueError for a
    piece that cannot be trained: each weight that learns is in one of the optimisers.
    """

    generator: nn.Module
    discriminator: nn.Module  # None leaves it out
    latent_dim: int
    loss: Loss = non_saturating
    # none given: adam(network), the textbook's, which __post_init__ makes, so that a player always has one
    g_optimizer: torch.optim.Optimizer = None  # type: ignore[assignment]
    d_optimizer: torch.optim.Optimizer = None  # type: ignore[assignment]
    d_steps: int = 1  # D's steps in a round
    g_steps: int = 1  # G's steps in a round
    latent: str = "gaussian"  # or "uniform" on [−1, 1]
    view: View | None = None
    d_penalties: Sequence[Penalty] = ()
    g_penalties: Sequence[Penalty] = ()
    after_step: Sequence[Callable] = ()
    precision: str = "float32"  # or "bfloat16": autocast around the networks
    seed: int = 0  # of the random streams; the weights have theirs
    step: int = 0
    d_steps_done: int = 0  # D's steps done of a step that is under way, where it was left
    others: dict[str, Player] = field(default_factory=dict)

    def __post_init__(self) -> None:
        pieces.network("generator", self.generator)
        self._first: tuple[nn.Module, Tensor] = self.generator, next(self.generator.parameters())
        self._asked: tuple[nn.Module, bool] | None = None  # D, and what `apart` is for it
        self.g_optimizer = adam(self.generator) if self.g_optimizer is None else self.g_optimizer
        if self.discriminator is not None:
            pieces.network("discriminator", self.discriminator)
            self.d_optimizer = adam(self.discriminator) if self.d_optimizer is None else self.d_optimizer
        self.others = pieces.others(self.others, IN_A_STATE)
        self._plain_values()
        self.noise_stream, self.display_stream = torch.Generator(self.device), torch.Generator(self.device)
        self.network_stream: list[Tensor]  # begin_streams makes it, as what is drawn goes on in it
        self.in_a_step = False
        self.threads: int | None = None  # that it computes with, once chosen; None: as many as torch just has
        self.ranks: Averages | None = None  # within a step that other processes share
        begin_streams(self, self.seed)
        self.alarm = Alarm()
        self.fit()

    def __copy__(self) -> NoReturn:
        raise TypeError("a shallow copy would share the networks and count its own steps: copy.deepcopy(gan)")

    @property
    def players(self) -> dict[str, Player]:
        """All that learn, by name: generator, discriminator where there is one, and the others."""
        d = {} if self.discriminator is None else {"discriminator": Player(self.discriminator, self.d_optimizer)}
        return {"generator": Player(self.generator, self.g_optimizer), **d, **self.others}

    @property
    def device(self) -> torch.device:
        """Where the generator's weights are."""
        return self._weight.device

    @property
    def _weight(self) -> Tensor:
        """The generator's first. It is kept, as asking for it goes through layers: 50 µs a step where they are cold."""
        if self._first[0] is not self.generator:
            self._first = self.generator, next(self.generator.parameters())
        return self._first[1]

    @property
    def apart(self) -> bool:
        """Whether D sees real and fake samples in separate passes, since its layers have batch statistics. They are
        asked by `fit`, and where another D is there."""
        if self._asked is None or self._asked[0] is not self.discriminator:
            self._asked = self.discriminator, has_batch_statistics(self.discriminator)
        return self._asked[1]

    # ------------------------------------------------------------ looking, which disturbs nothing

    def latents(self, count: int, stream: torch.Generator | None = None) -> Tensor:
        """z (count, latent_dim), drawn from the display stream unless another is given. count: at most 10 million."""
        count, stream = integer("count", count, 1, MOST_AT_ONCE), tensors.stream_or_none("stream", stream)
        weight = self._weight
        z = torch.empty(count, self.latent_dim, device=weight.device, dtype=weight.dtype)
        stream = stream or self.display_stream
        return z.normal_(generator=stream) if self.latent == "gaussian" else z.uniform_(-1, 1, generator=stream)

    def generate(self, z: Tensor, condition: Tensor | None = None) -> Tensor:
        """Samples (N, …) for latents z (N, latent_dim) and their condition (N, …), in eval mode; disturbs nothing."""
        latents_fit(z, self.latent_dim)
        condition = condition_fits(condition, z)
        with looking(self.shown), threads.lent(self.threads):
            return generated(self.shown, z.to(self.device), condition)

    def judge(self, samples: Tensor, condition: Tensor | None = None) -> Tensor:
        """D's logits (N, 1) for samples (N, …), in eval mode; of several heads the first. Disturbs nothing.

        Raises ValueError for a GAN without a discriminator.
        """
        tensors.tensor("samples", samples)
        if self.discriminator is None:
            raise ValueError("this GAN has no discriminator that could judge samples")
        with looking(self.discriminator), threads.lent(self.threads):
            return pieces.first(judged(self.discriminator, samples.to(self.device), condition_fits(condition, samples)))

    @property
    def shown(self) -> nn.Module:
        """The generator whose samples are looked at: a hook's average of the weights, where there is one."""
        hooks: Sequence[object] = self.after_step
        averages = (hook.average for hook in hooks if isinstance(hook, Averaging))
        return next((each for each in averages if isinstance(each, nn.Module)), self.generator)

    # ------------------------------------------------------------ its pieces together

    @property
    def hooks(self) -> list[object]:
        """The view, the penalties on D and on G, the hooks of after_step, in this order, as far as there are any."""
        view = [] if self.view is None else [self.view]
        return [*view, *self.d_penalties, *self.g_penalties, *self.after_step]

    def fit(self) -> None:
        """Raise TypeError for a piece of the wrong kind, ValueError where two hooks, or a network and its optimiser,
        cannot work together.

        To be called again where one of them was changed.
        """
        self._plain_values()
        self._asked = None
        for name, (network, optimizer) in self.players.items():
            pieces.network(name, network)
            pieces.optimizer(pieces.optimizer_of(name), optimizer)
        pieces.each_weight_has_one_owner(self.players)
        pieces.functions(self)
        pieces.one_type_of_numbers(self.players, self.precision)
        of_one_gan = [hook for hook in self.hooks if isinstance(hook, OfOneGan)]
        for own in of_one_gan:
            own.is_free_for(self)
        for hook in self.hooks:
            if isinstance(hook, Fitting):
                hook.fits(self)
        for own in of_one_gan:
            own.join(self)

    def _plain_values(self) -> None:
        """Raise ValueError for a number or a word that cannot be, also one set by hand since the GAN was made."""
        one_of("latent", self.latent, LATENTS)
        one_of("precision", self.precision, PRECISIONS)
        for name, least in LEAST.items():
            setattr(self, name, integer(name, getattr(self, name), least))

    def exchange(self, **new: object) -> None:
        """Put other pieces into view, d_penalties, g_penalties or after_step: `gan.exchange(view=InstanceNoise(0.3))`.

        A piece in the place of one of its kind goes on from that one's state: an average stays the average of the run.
        Raises ValueError where the new ones cannot work with the others; then the old ones stay.
        """
        before = {name: getattr(self, name) for name in new}
        old = self.hooks
        try:
            vars(self).update(new)
            self.fit()
            for piece in (hook for hook in self.hooks if all(hook is not each for each in old)):
                alike = next((each for each in old if pieces.kind_of(each) == pieces.kind_of(piece)), None)
                if isinstance(alike, Remembering) and isinstance(piece, Remembering):
                    piece.load_state_dict(alike.state_dict())
            self.fit()
        except Exception:
            vars(self).update(before)
            raise

    # ------------------------------------------------------------ for checkpoints

    def state_dict(self) -> State:
        """Everything a checkpoint needs of the GAN: weights, optimisers, hooks, the random streams, the step.

        Raises NonFiniteLoss where training has failed since the flag was last read, ValueError within a step.
        """
        with alone():  # another thread's step is waited for
            self._between_steps()
            self.alarm.read(self)  # what a failure has stopped is no state to go on from
            return {
                **{name: network.state_dict() for name, (network, _) in self.players.items()},
                **{pieces.optimizer_of(name): each.optimizer.state_dict() for name, each in self.players.items()},
                "kinds": self._kinds(),
                "hooks": [hook.state_dict() if isinstance(hook, Remembering) else None for hook in self.hooks],
                "weights": self._weights(),
                "settings": self._settings(),
                "noise_stream": self.noise_stream.get_state(),
                "display_stream": self.display_stream.get_state(),
                "network_stream": list(self.network_stream),
                "seed": self.seed,
                "step": self.step,
                "turn": self.d_steps_done,
                "threads": self.threads or torch.get_num_threads(),
            }

    def check_state(self, state: State, finite: bool = True) -> None:
        """Raise ValueError for a state of other players, optimisers, hooks or settings. Changes nothing.

        finite: also for one with weights that are NaN or infinite.
        """
        with alone():
            self._between_steps()
        optimizers = [pieces.optimizer_of(name) for name in self.players]
        table("the state", state, *self.players, *optimizers, *IN_A_STATE)
        self._check_kinds(state)
        own = self._settings()
        for name, value in table("settings", state["settings"], *own).items():
            if name in own:
                stored_state.equal(name, value, own[name])
        if state["weights"] != self._weights():
            raise ValueError("the optimisers had the weights in another order, or others: build them as for the run")
        for name, (network, optimizer) in self.players.items():
            stored_state.network(name, state[name], network, finite)
            stored_state.optimizer(pieces.optimizer_of(name), state[pieces.optimizer_of(name)], optimizer)
        for kind, hook, kept in zip(self._kinds(), self.hooks, state["hooks"], strict=True):
            stored_state.hook(kind, kept, hook)
        check_streams(self, state)
        for name, least in (("seed", 0), ("step", 0), ("turn", 0), ("threads", 1)):
            integer(name, state[name], least)

    def load_state_dict(self, state: State) -> None:
        """Take over a state of the same networks and hooks, from this kind of device or another.

        Raises ValueError where it does not fit. Warns where it comes from another kind of device: what was random on a
        GPU cannot go on on a CPU, nor the other way.
        """
        self.check_state(state, finite=False)
        for name, (network, optimizer) in self.players.items():
            network.load_state_dict(state[name])
            optimizer.load_state_dict(stored_state.in_the_way_of(optimizer, state[pieces.optimizer_of(name)]))
        for hook, kept in zip(self.hooks, state["hooks"], strict=True):
            if kept is not None and isinstance(hook, Remembering):
                hook.load_state_dict(kept)
        take_streams(self, state)
        self.seed, self.step, self.d_steps_done = state["seed"], state["step"], state["turn"]
        self.alarm = Alarm(self.alarm.flagged)
        if not threads.of_ones_own():  # sums in another order would make another run of it
            self.threads = threads.take(state["threads"])

    def _between_steps(self) -> None:
        """Within a step a player has moved and the other not yet, or hooks are still to come that belong to it."""
        if in_a_step(self):
            raise ValueError(
                "a step is under way, so that the GAN's state is half old and half new: save and load between "
                "two steps, as in `for record in train(gan, batches, steps): …`, and not in a hook "
                "(a hook may call a Live's save, which waits for the step's end)"
            )

    def _kinds(self) -> list[str]:
        """What kind of thing each hook is, and its name where it has one: of the penalties, R1 is one, R2 another."""
        return [" ".join(filter(None, pieces.kind_of(hook))) for hook in self.hooks]

    def _settings(self) -> dict[str, str | int]:
        """What a run must be built with to go on as it began, beside networks, optimisers and hooks."""
        return {
            "loss": self.loss.name,
            **{name: getattr(self, name) for name in ("latent", "latent_dim", "precision", "d_steps", "g_steps")},
            **{pieces.optimizer_of(name): type(each.optimizer).__name__ for name, each in self.players.items()},
        }

    def _weights(self) -> dict[str, list[list[str]]]:
        return {
            pieces.optimizer_of(name): stored_state.weight_names(each.optimizer, each.network)
            for name, each in self.players.items()
        }

    def _check_kinds(self, state: State) -> None:
        """Raise ValueError where the hooks are not as many, or of other kinds."""
        series("hooks", state["hooks"], lambda name, value: None)
        if len(state["hooks"]) != len(self.hooks):
            raise ValueError(
                f"this state was saved with {len(state['hooks'])} hooks (view, penalties, after_step), the "
                f"GAN has {len(self.hooks)}: build it as it was built for the run"
            )
        if series("kinds", state["kinds"], text) != self._kinds():
            raise ValueError(
                f"this state was saved with the hooks {', '.join(state['kinds'])}, the GAN has "
                f"{', '.join(self._kinds())}: build it as it was built for the run"
            )
