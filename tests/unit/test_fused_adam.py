"""The kernel alone moves weights as torch's own step does, to the bit; where more stands around it, that is called."""

import copy
from contextlib import contextmanager

import pytest
import torch
from torch.optim import Adam
from torch.optim.lr_scheduler import StepLR
from torch.optim.optimizer import register_optimizer_step_post_hook

from gan_edu.core.training import fused_adam
from gan_edu.core.training.fused_adam import take_step
from gan_edu.core.training.networks import MLPGenerator, adam

WAYS = {
    "plain": {},
    "decays": {"weight_decay": 0.01, "eps": 1e-6, "betas": (0.0, 0.99)},
    "climbs": {"maximize": True},
    "amsgrad": {"amsgrad": True},
    "not fused": {"fused": False},
    "a rate on the device": {"lr": torch.tensor(1e-3), "fused": True},
}


def made(**settings):
    """An optimiser of three weights, in two groups."""
    torch.manual_seed(0)
    weights = [torch.randn(shape, requires_grad=True) for shape in ((5, 3), (3,), (2,))]
    groups = [{"params": weights[:2]}, {"params": weights[2:], "lr": 0.1}]
    return Adam(groups, **{"lr": 1e-3, "fused": True, **settings})


def weights_of(optimizer):
    return [weight for group in optimizer.param_groups for weight in group["params"]]


def walk(optimizer, step, steps=5):
    """Gradients of its own, one of them missing now and then; returns weights and state."""
    stream = torch.Generator().manual_seed(1)
    for turn in range(steps):
        for weight in weights_of(optimizer):
            weight.grad = torch.randn(weight.shape, generator=stream, dtype=weight.dtype)
        if turn % 2:
            weights_of(optimizer)[1].grad = None
        step(optimizer)
    state = [value for weight in weights_of(optimizer) for value in optimizer.state[weight].values()]
    return [weight.detach() for weight in weights_of(optimizer)] + state


@contextmanager
def counted(monkeypatch):
    """How often torch's own step is called."""
    calls, step = [], Adam.step
    monkeypatch.setattr(Adam, "step", lambda self, closure=None: (calls.append(1), step(self, closure)))
    yield calls
    monkeypatch.undo()


@pytest.mark.parametrize("settings", WAYS.values(), ids=WAYS)
def test_all_is_as_by_torch_to_the_bit(settings):
    torchs, here = walk(made(**settings), lambda each: each.step()), walk(made(**settings), take_step)
    assert len(torchs) == len(here) and all(map(torch.equal, torchs, here))


def test_in_float64_too_and_with_no_gradient_at_all():
    results = []
    for step in (lambda each: each.step(), take_step):
        torch.manual_seed(0)
        optimizer = adam(MLPGenerator(2, (4,), (8,)).double(), 1e-2)
        results.append(walk(optimizer, step))
        for weight in weights_of(optimizer):
            weight.grad = None
        step(optimizer)
    assert all(map(torch.equal, *results))


def test_a_plain_one_goes_by_the_kernel_once_it_has_a_state(monkeypatch):
    with counted(monkeypatch) as calls:
        walk(optimizer := made(), take_step)
        assert len(calls) == 1
        walk(copy.deepcopy(optimizer), take_step)
        assert len(calls) == 1


@pytest.mark.parametrize("name", ["amsgrad", "not fused", "a rate on the device"])
def test_another_is_left_to_torch(monkeypatch, name):
    with counted(monkeypatch) as calls:
        walk(made(**WAYS[name]), take_step)
        assert len(calls) == 5


def test_hooks_are_called(monkeypatch):
    seen = []
    for register in (Adam.register_step_pre_hook, Adam.register_step_post_hook):
        optimizer = made()
        register(optimizer, lambda *given: seen.append(1))
        walk(optimizer, take_step)
    assert len(seen) == 10
    handle = register_optimizer_step_post_hook(lambda *given: seen.append(1))
    try:
        walk(made(), take_step)
    finally:
        handle.remove()
    assert len(seen) == 15


def test_a_schedule_sees_each_step(recwarn):
    optimizer = made()
    schedule = StepLR(optimizer, 1, 0.5)
    walk(optimizer, take_step)
    schedule.step()
    assert not recwarn.list and optimizer.param_groups[0]["lr"] == 5e-4


def test_one_that_heeds_a_flag_stands_still():
    optimizer = made()
    walk(optimizer, take_step)
    before = [weight.detach().clone() for weight in weights_of(optimizer)]
    vars(optimizer).update(grad_scale=None, found_inf=torch.ones(()))
    walk(optimizer, take_step)
    assert all(map(torch.equal, before, weights_of(optimizer)))


def broken(*lists, **numbers):
    raise TypeError("another signature")


def other(weights, *lists, **numbers):
    for weight in weights:
        weight.add_(1)


@pytest.mark.parametrize("kernel", [None, broken, other], ids=["missing", "another signature", "other numbers"])
def test_a_torch_with_another_kernel_takes_its_own_step(monkeypatch, kernel):
    torchs = walk(made(), lambda each: each.step())
    real = torch._fused_adam_
    step = Adam.step

    def by_torch(self, closure=None):
        torch._fused_adam_, kept = real, torch._fused_adam_
        try:
            return step(self, closure)
        finally:
            torch._fused_adam_ = kept

    monkeypatch.setattr(torch, "_fused_adam_", kernel)
    monkeypatch.setattr(Adam, "step", by_torch)
    fused_adam.is_known.cache_clear()
    try:
        assert not fused_adam.is_known() and all(map(torch.equal, torchs, walk(made(), take_step)))
    finally:
        fused_adam.is_known.cache_clear()
