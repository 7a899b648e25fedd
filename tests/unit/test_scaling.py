"""Chapter 12: what a step costs, counted and fitted, and where its time goes."""

import time

import pytest
import torch

from gan_edu.core.data.batches import Batches
from gan_edu.core.measures.step_cost import Machine, Work, fitted, work_of_mlps
from gan_edu.core.training.networks import mlp, parameter_count
from gan_edu.core.training.streams import seeded
from gan_edu.scaling import GROUPS, PYTHON, REST, layers_of, of_width, operations, timed, where_time_goes
from gan_edu.training_loop import GAN

TEXTBOOK = (100, 128, 256, 512, 784), (784, 512, 256, 1)
MADE = Machine(6e10, 1e10, 3e-3)
SPREAD = [(width, batch) for width in (64, 256, 1024) for batch in (16, 64, 256)]


def gan_of(g, d, batch):
    with seeded(0):
        return GAN(mlp(g), mlp(d), g[0]), Batches(torch.rand(4 * batch, d[0]) * 2 - 1, batch)


@pytest.mark.parametrize(
    "sizes", [TEXTBOOK, ((3, 5, 7), (7, 1)), ((8, 4), (4, 6, 6, 1)), layers_of(32), layers_of(16, 4)]
)
@pytest.mark.parametrize("batch", [2, 24])
def test_operations_are_those_that_torch_counts(sizes, batch):
    assert work_of_mlps(*sizes, batch).operations == operations(*gan_of(*sizes, batch))


def test_bytes_of_the_smallest_step_counted_by_hand():
    """G 2 → 3 and D 3 → 1, with biases 9 and 4 weights, batch 5."""
    weights = 9 * (2 + 8) + 4 * (4 + 8)
    outputs = 8 * (5 * 3 * 1 + 5 * 1 * 3)
    assert work_of_mlps((2, 3), (3, 1), 5).bytes == 4 * (weights + outputs)
    half = 9 * (2 * 2 + 2 * 4 + 8 * 4) + 4 * (4 * 2 + 4 * 4 + 8 * 4) + 2 * outputs
    assert work_of_mlps((2, 3), (3, 1), 5, "bfloat16").bytes == half


def test_a_weight_of_a_wide_network_moves_what_adam_moves():
    """Where the batch is 1, bytes are those of weights: 4 each for reading, writing the gradient, and 28 for Adam."""
    g, d = layers_of(4096)
    count = [parameter_count(mlp(sizes)) for sizes in (layers_of(64)[0], layers_of(64)[1])]
    assert count == [sum((a + 1) * b for a, b in zip(s, s[1:], strict=False)) for s in layers_of(64)]
    per_weight = work_of_mlps(g, d, 1).bytes / sum((a + 1) * b for s in (g, d) for a, b in zip(s, s[1:], strict=False))
    assert 4 * (2 + 8) < per_weight < 4 * (4 + 8) + 1


def test_a_larger_batch_does_more_with_each_byte():
    intensities = [work_of_mlps(*layers_of(512), batch).intensity for batch in (1, 16, 64, 256)]
    assert intensities == sorted(intensities) and intensities[-1] > 4 * intensities[0]
    assert work_of_mlps(*layers_of(512), 64, "bfloat16").operations == work_of_mlps(*layers_of(512), 64).operations


def test_fitting_finds_the_machine_that_made_the_times():
    works = [work_of_mlps(*layers_of(width), batch) for width, batch in SPREAD]
    found = fitted(works, [MADE.seconds(work) for work in works])
    for name in ("throughput", "bandwidth", "overhead"):
        assert getattr(found, name) == pytest.approx(getattr(MADE, name), rel=1e-9)
    assert found.ridge == pytest.approx(6)


def test_a_step_is_the_sum_of_its_parts():
    work = Work(6e9, 1e9)
    assert MADE.parts(work) == {"products": 0.1, "memory": 0.1, "overhead": 3e-3}
    assert MADE.seconds(work) == pytest.approx(0.203)


def test_small_steps_count_as_much_as_long_ones():
    """Errors are relative: one long step that is off by a tenth does not spoil the short ones."""
    works = [work_of_mlps(*layers_of(width), batch) for width, batch in SPREAD]
    times = [MADE.seconds(work) for work in works]
    times[-1] *= 1.1
    found = fitted(works, times)
    assert abs(found.seconds(works[0]) / times[0] - 1) < 0.05


def test_what_cannot_be_fitted_says_so():
    works = [work_of_mlps(*layers_of(width), 64) for width in (64, 128, 256)]
    with pytest.raises(ValueError, match="three timed steps or more, got 2 and 2"):
        fitted(works[:2], [1.0, 2.0])
    with pytest.raises(ValueError, match="got 3 and 2"):
        fitted(works, [1.0, 2.0])
    with pytest.raises(ValueError, match="seconds must be"):
        fitted(works, [1.0, 0.0, 2.0])
    with pytest.raises(ValueError, match="do not tell products from memory"):
        fitted(works, [3.0, 2.0, 1.0])  # the wider, the faster


def test_what_is_no_network_is_refused():
    for sizes, match in (((3,), "generator must be two sizes or more"), ((3, 0), "place 1"), ("abc", "must be a list")):
        with pytest.raises((TypeError, ValueError), match=match):
            work_of_mlps(sizes, (3, 1))
    with pytest.raises(ValueError, match="precision must be one of float32, bfloat16"):
        work_of_mlps(*TEXTBOOK, precision="float16")
    for wrong in ({"throughput": 0}, {"bandwidth": -1}, {"overhead": float("nan")}):
        with pytest.raises(ValueError):
            Machine(**{"throughput": 1.0, "bandwidth": 1.0, **wrong})


def test_timing_is_the_median_of_turns():
    calls = []

    def arm(name, seconds):
        def one():
            calls.append(name)
            time.sleep(seconds)

        return one

    found = timed({"short": arm("short", 0.002), "long": arm("long", 0.02)}, rounds=3, seconds=0.03)
    assert 0.002 <= found["short"] < 0.015 < 0.02 <= found["long"] < 0.1
    turns = [name for name, before in zip(calls, [None, *calls], strict=False) if name != before]
    assert turns == ["short", "long"] * 4  # a round to warm up, and three


def test_timing_takes_functions():
    with pytest.raises(TypeError, match=r"arms\['a'\] must be a function"):
        timed({"a": 3})
    for wrong in ({"rounds": 0}, {"seconds": 0}):
        with pytest.raises(ValueError):
            timed({"a": lambda: None}, **wrong)


def test_a_steps_time_is_told_by_what_it_goes_to():
    gan, batches = gan_of((100, 600, 784), (784, 600, 1), 64)
    found = where_time_goes(gan, batches, steps=1)
    assert list(found) == [*GROUPS, REST, PYTHON]
    assert found["products"] > 0 and found["optimiser"] > 0 and found["noise"] > 0
    assert found["products"] == max(found[group] for group in GROUPS)  # Python's share is the machine's
    assert gan.step == 12  # two to warm up, and five rounds of one and one


def test_a_step_of_a_width_is_one_call():
    step = of_width(8, batch=4, depth=3, data=torch.rand(16, 784))
    assert [step().step, step().step] == [1, 2]
    with pytest.raises(ValueError, match="width"):
        of_width(0)
