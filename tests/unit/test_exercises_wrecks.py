"""No check of any exercise calls an answer correct that is not finite, and none raises."""

import importlib
import inspect
import math
import pkgutil

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from gan_edu import exercises
from gan_edu.core.recording.recording import shipped
from gan_edu.exercises import Feedback, check, losses, mnist_gan, training_loop
from gan_edu.losses import non_saturating

MODULES = [
    importlib.import_module(f"gan_edu.exercises.{module.name}") for module in pkgutil.iter_modules(exercises.__path__)
]
CHECKS = {
    f"{module.__name__.split('.')[-1]}.{name}": each
    for module in MODULES
    for name, each in vars(module).items()
    if hasattr(each, "__wrapped__") and each.__module__ == module.__name__
}
SLOW = {"training_loop.repair", "training_loop.least_squares"}  # they train
FILM = shipped("mnist_textbook")
NUMBERS = [math.nan, math.inf, -math.inf, np.float64("nan"), torch.tensor(math.nan), torch.tensor([math.inf])]
PICTURES = [torch.full((100, 1, 28, 28), value) for value in (math.nan, math.inf)]
FUNCTIONS = [
    lambda *args: math.nan,
    lambda *args: torch.tensor(math.nan, requires_grad=True),
    lambda x, *args: x * math.nan,
    lambda x, *args: x - math.inf,
    lambda *args: 1 / 0,
    lambda *args: {}["absent"],
    lambda v, theta, psi, h: (theta * math.nan, psi),
]
WRECKS = [*NUMBERS, *PICTURES, *FUNCTIONS, [math.nan] * 3, (1.0, math.nan, 0.0), "nan", FILM]
HALF = [idx for idx, value in enumerate(FILM.scores) if value and value["fid"] < FILM.scores[0]["fid"] / 2][0]
RIGHT = {
    "convergence.critical": (2.0,),
    "convergence.largest_step": (1.2,),
    "losses.two_slopes": (-0.2, -0.8),
    "losses.smoothed_judge": (0.675,),
    "mnist_gan.steps_of": (9360,),
    "training_loop.weight_changes": (600, 200),
    "mnist_gan.losses_of_a_believer": (2.4079, 0.1054),
    "mnist_gan.length_on_the_line": (7.45,),
    "tricks.smoothed": (0.3,),
    "tricks.rescaled": (0.5,),
    "value_function.three_fakes": (0.5,),
    "value_function.what_it_proves": ((-0.9 + math.log(4)) / 2,),
    "start_here.first_digits": (FILM.steps[HALF], FILM.scores[HALF]["fid"]),
}


def test_all_checks_are_looked_at():
    assert len(CHECKS) >= 25 and set(RIGHT) | SLOW < set(CHECKS)


@pytest.mark.parametrize("name", sorted(set(CHECKS) - SLOW))
@settings(max_examples=25, deadline=None)
@given(chosen=st.lists(st.sampled_from(WRECKS), min_size=3, max_size=3))
def test_no_wreck_is_correct(name, chosen):
    count = len(inspect.signature(CHECKS[name].__wrapped__).parameters)
    feedback = CHECKS[name](*chosen[:count])
    assert isinstance(feedback, Feedback) and feedback.correct is not True, feedback


@pytest.mark.parametrize("name, answers", RIGHT.items())
def test_a_right_answer_with_a_wreck_in_it_is_not_correct(name, answers):
    film = (FILM,) if name == "start_here.first_digits" else ()
    assert CHECKS[name](*answers, *film).correct is True
    for place in range(len(answers)):
        for wreck in NUMBERS:
            feedback = CHECKS[name](*answers[:place], wreck, *answers[place + 1 :], *film)
            assert feedback.correct is False, (place, wreck, feedback)


@pytest.mark.parametrize(
    "name, loss",
    [
        ("repair", (non_saturating.d, non_saturating.g)),
        ("least_squares", (training_loop.least_squares_d, training_loop.least_squares_g)),
    ],
)
def test_weights_that_are_lost_are_not_those_of_the_right_loop(name, loss):
    """The last bias alone is NaN: all before it is right."""
    right = training_loop.right_loop(*loss)

    def wreck(G, D, *rest):
        right(G, D, *rest)
        for player in (G, D):
            list(player.parameters())[-1].data.fill_(math.nan)

    assert getattr(training_loop, name)(right).correct is True
    assert getattr(training_loop, name)(wreck).correct is False


def test_samples_that_are_lost_show_no_digit():
    """argmax reads NaN as a 0, and no distance between wrecks is below a limit."""
    for wreck in PICTURES:
        assert "100 of 100 samples hold NaN or infinity" in mnist_gan.one_digit(wreck, 0).text
        assert "100 of 100 samples hold NaN or infinity" in mnist_gan.fashion(wreck).text
    one = torch.rand(100, 1, 28, 28)
    one[7, 0, 0, 0] = math.nan
    assert "1 of 100 samples" in mnist_gan.one_digit(one, 0).text


@pytest.mark.parametrize("spoil", [lambda t: t * math.nan, lambda t: torch.where(t > 0.49, math.nan, t)])
def test_an_activation_that_is_lost_is_no_total_variation(spoil):
    good = losses.seventh_divergence(lambda l: 0.5 * l.tanh(), lambda t: t)
    assert good.correct is True
    assert losses.seventh_divergence(lambda l: spoil(0.5 * l.tanh()), lambda t: t).correct is False
    near = losses.seventh_divergence(lambda l: 0.5 * l.tanh(), lambda t: spoil(t) if len(t) == 321 else t)
    assert near.correct is False


@pytest.mark.parametrize("error", [OverflowError, ZeroDivisionError, KeyError, IndexError, ValueError, TypeError])
def test_an_answer_that_raises_is_not_correct(error):
    @check
    def always(answer):
        """Any number."""
        raise error("by the learner's function")

    assert always(1).correct is False and always(1).text == "1 cannot be used. What is asked: Any number."
