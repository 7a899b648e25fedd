"""The README quotes the stored measurements, and the textbook arm is the textbook's loop."""

import json

import pytest
import torch

from benchmarks import fast_path, scores, steps, threads_by_width
from benchmarks.__main__ import README, STORED, quote, table


def test_the_readme_quotes_the_stored_result():
    found = json.loads(STORED.read_text())
    text = README.read_text(encoding="utf-8")
    assert quote(text, found) == text
    assert table(found).count("\n") >= 8


def test_the_speed_up_is_shown_for_each_number_of_threads_that_was_measured():
    found = json.loads(STORED.read_text())
    measured = [run for name, run in found.items() if name.startswith("steps, ")]
    lines = [line for line in table(found).splitlines() if "textbook loop" in line or "the same, both" in line]
    assert len(measured) == 2
    assert all(any(f"{run['speed-up float32']:.2f}×" in line for line in lines) for run in measured)


def test_the_products_are_those_of_one_step():
    """The arm multiplies exactly the matrices that a step of `train` does: counted by torch itself."""
    from torch.utils.flop_counter import FlopCounterMode

    from gan_edu.mnist_gan import textbook, textbook_batches
    from gan_edu.training_loop import train

    flops = []
    for arm in (steps.products(torch.device("cpu")), train(textbook(), textbook_batches(), 10)):
        next(arm)
        with FlopCounterMode(display=False) as counter:
            next(arm)
        flops.append(counter.get_total_flops())
    assert flops[0] == flops[1]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_limit_multiplies_numbers_of_the_steps_own_kind(dtype):
    seen = set()

    class Told(torch.utils._python_dispatch.TorchDispatchMode):
        def __torch_dispatch__(self, function, types, arguments=(), named=None):
            out = function(*arguments, **(named or {}))
            if "mm" in str(function):
                seen.update({each.dtype for each in (*arguments[:2], out)})
            return out

    arm = steps.products(torch.device("cpu"), dtype)
    next(arm)
    with Told():
        next(arm)
    assert seen == {dtype}


def test_a_ratio_is_the_share_of_anothers_speed():
    times = {
        "train": [5.0, 10.0, 4.0],
        "plain loop": [4.0, 10.0, 4.4],
        "limit": [4.0, 5.0, 3.6],
        "passes": [3.0, 6.0, 3.0],
        "products": [2.0, 4.0, 2.0],
        "textbook loop": [9.0, 20.0, 8.0],
        "train bfloat16": [4.0, 5.0, 4.0],
        "limit bfloat16": [2.0, 4.0, 3.0],
    }
    found = fast_path.summary(times, 1)
    assert found["train, of the plain loop"] == 1 and found["train, of the limit"] == 0.8
    assert found["ms"]["activations and autograd"] == 1 and "passes" not in found["ms"]
    assert found["bfloat16, of the textbook loop"] == 2.25 and found["bfloat16, of its limit"] == 0.75
    assert fast_path.rows(found, {**found, "train, of the plain loop": 1.25})[0][1] == "1.25; 1.00"
    plain = fast_path.summary({name: each for name, each in times.items() if "bfloat16" not in name}, 1)
    assert len(fast_path.rows(plain, plain)) == 3


def test_the_summary_is_medians_and_their_ratios():
    times = {
        "textbook": [9.0, 10.0, 40.0],
        "products": [2.0, 3.0, 5.0],
        "train float32": [4.0, 5.0, 10.0],
        "no gradient looked at": [4.0, 4.0, 8.0],
    }
    found = steps.summary(times, 2, torch.device("cpu"))
    assert found["ms_per_step"]["textbook"] == 10 and found["speed-up float32"] == pytest.approx(2.25)
    assert found["share of products"] == 0.5 and "speed-up bfloat16" not in found


def test_the_worst_choice_of_threads_counts():
    runs = [{"chosen": count, "ms": {"1": one, "2": 2.0}} for count, one in ((2, 2.5), (1, 2.4), (2, 9.0))]
    assert threads_by_width.summary(runs) == {"ms": {"1": 2.5, "2": 2.0}, "chosen": [2, 1, 2], "of the best": 0.8}
    widths = {str(width): {"of the best": share} for width, share in ((64, 0.97), (128, 0.991))}
    assert threads_by_width.rows({"float32": widths, "bfloat16": widths})[0][1] == "float32 0.97; bfloat16 0.97"


def test_the_scores_that_are_timed_are_the_same_number():
    found = scores.measure(rounds=1, count=300)
    assert 0 < found["FID"] < 30 and found["ratio"]["torchmetrics"] == 1 and len(found["seconds"]) == 3


def test_numbers_that_differ_are_no_comparison(monkeypatch):
    monkeypatch.setattr(scores, "theirs", lambda net, real, fake: 1.0)
    with pytest.raises(AssertionError, match="the numbers differ"):
        scores.measure(rounds=1, count=300)
