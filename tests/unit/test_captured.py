"""A captured step is the eager step: on a CPU itself, on a GPU the same numbers, and what cannot be captured is named.

Where there is no GPU a stand-in plays its part: it goes through Python at each replay, with the tensors of the graph.
"""

from types import SimpleNamespace as S

import pytest
import torch
from helpers.small_gan import points, small
from torch import nn

from gan_edu.core.data.batches import Batches
from gan_edu.core.training import captured as module, waits
from gan_edu.core.training.captured import captured
from gan_edu.core.training.compact import CompactDiscriminator, CompactGenerator
from gan_edu.core.training.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.core.training.kinds_of_steps import alike, counts_of, kind_of, moved
from gan_edu.core.training.nan_guard import NonFiniteLoss
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.core.training.streams import seeded
from gan_edu.losses import relativistic
from gan_edu.mode_collapse import calm
from gan_edu.modern import DiffAugment, fresh, recipe
from gan_edu.training_loop import GAN, d_step, train, train_step
from gan_edu.tricks import EMA, CosineDecay, InstanceNoise, lazy, r1, two_time_scales

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA card")
EXACT = 2.0**-12  # a learning rate that float32 holds exactly, as a graph's rate is a float32


def run(gan, batches, steps, step=train_step):
    """All records of so many steps: {name: (steps, …)}."""
    records = list(train(gan, batches, steps, step=step))
    return {name: torch.stack([record.values[name].double().cpu() for record in records]) for name in records[0].values}


def weights(gan):
    players = [each.network for each in gan.players.values()]
    shown = [gan.shown] if gan.shown is not gan.generator else []
    return torch.cat(
        [w.detach().double().cpu().flatten() for net in [*players, *shown] for w in net.state_dict().values()]
    )


def apart(gan, other):
    """The largest difference of two GANs' weights, averages and running statistics."""
    return float((weights(gan) - weights(other)).abs().max())


# ------------------------------------------------------------------ a CPU


def test_on_a_cpu_it_is_the_step_itself():
    gan, other = small(), small()
    a, b = run(gan, points(), 20), run(other, points(), 20, captured(train_step))
    assert apart(gan, other) == 0 and all((a[name] == b[name]).all() for name in a)


def test_the_door_is_as_strict_as_without_it():
    for step in (train_step, captured(train_step)):
        with pytest.raises(ValueError, match="must be equal"):
            train(small(), Batches(torch.randn(64, 5)), 1, step=step)


@pytest.mark.parametrize("wrong", [lambda gan, batches: None, 3, None])
def test_another_step_is_refused(wrong):
    with pytest.raises(TypeError, match="one_step"):
        captured(wrong)


@pytest.mark.parametrize("near", [-0.1, 1.0, float("nan")])
def test_a_share_outside_is_refused(near):
    with pytest.raises(ValueError, match="near"):
        captured(train_step, near)


# ------------------------------------------------------------------ kinds of steps


def test_a_lazy_penalty_makes_two_kinds():
    gan = small(d_penalties=[lazy(r1(1.0), 4)])
    kinds = []
    for _ in train(gan, points(), 8):
        kinds.append(kind_of(gan, 1))
    assert kinds[3] == kinds[7] and len(set(kinds)) == 2 and kinds.count(kinds[3]) == 2


def test_several_calls_a_step_are_looked_at_together():
    penalty = lazy(r1(1.0), 4)
    assert [penalty.path(3), penalty.calls] == [(True, False, False), 0]
    penalty.calls = 3
    assert penalty.path(3) == (False, True, False)


def test_what_a_step_counts_is_found():
    gan = small(d_penalties=calm(1.0, 0.1, 100, every=4))
    before = counts_of(gan)
    next(train(gan, points(), 1))
    gan.d_penalties[0].weight = gan.d_penalties[1].weight = 1.0  # after the step a hook moves them
    assert [(name, by) for _, name, by in moved(before, counts_of(gan))] == [("calls", 1), ("calls", 1)]


def test_a_number_of_no_known_meaning_is_refused():
    gan = small(view=InstanceNoise(0.5))
    before = counts_of(gan)
    gan.view.share = 0.3
    with pytest.raises(ValueError, match="'share'.*path"):
        moved(before, counts_of(gan))


def test_betas_are_alike_by_what_they_remember():
    assert alike([0.0, 0.9], [0.0, 0.904], 0.05) and not alike([0.0, 0.9], [0.0, 0.906], 0.05)
    assert not alike([0.0, 0.9], [0.0, 0.9000001], 0)


def test_noise_that_has_faded_is_another_kind():
    view = InstanceNoise(0.5, until=3)
    gan = small(view=view)
    kinds = [kind_of(gan, 1), *(kind_of(gan, 1) for _ in train(gan, points(), 4))]
    assert kinds[0] == kinds[2] != kinds[3] == kinds[4]


def test_an_error_names_the_learners_line():
    with pytest.raises(RuntimeError) as caught:
        torch.randn(2, 3) @ torch.randn(2, 3)
    told = waits.told_of(caught.value)
    assert "test_captured.py" in told and "torch.randn(2, 3) @" in told


# ------------------------------------------------------------------ a stand-in for a GPU


@pytest.fixture
def stand_in(monkeypatch):
    """Graphs that go through Python at each replay, on the CPU; counts captures, replays."""
    told = S(captures=0, replays=0)
    real_capture = module.StepGraph.capture

    class Graph:
        again = None

        def register_generator_state(self, stream):
            assert isinstance(stream, torch.Generator)

        def capture_begin(self, pool, capture_error_mode):
            told.captures += 1

        def capture_end(self):
            pass

        def replay(self):
            told.replays += 1
            if self.again:
                self.again()

    def capture(graph, gan, taken, side, pool):
        graph.table.copy_(torch.tensor([float(table[name]) for table, name in graph.places]))
        out = real_capture(graph, gan, taken, side, pool)
        done = [True]  # what a capture computes here is the first replay

        def again():
            if done:
                return done.clear()
            before = counts_of(gan)
            graph.single.copy_(graph.table)
            source = module.Drawn([slot if len(slot) > 1 else slot[0] for slot in graph.slots])
            with module.standing_in(gan, graph.places, graph.table, graph.single):
                values = taken(gan, source)
            for name, value in values.items():
                graph.out[name].copy_(value.detach())
            graph.uncount(before)

        graph.graph.again = again
        return out

    class Stream:
        def wait_stream(self, other):
            pass

    from contextlib import nullcontext

    cuda = {
        "Stream": Stream,
        "CUDAGraph": Graph,
        "graph_pool_handle": lambda: (0, 1),
        "current_stream": Stream,
        "stream": lambda stream: nullcontext(),
        "synchronize": lambda: None,
        "get_sync_debug_mode": lambda: 0,
        "set_sync_debug_mode": lambda mode: None,
    }
    for name, value in cuda.items():
        monkeypatch.setattr(torch.cuda, name, value)
    monkeypatch.setattr(module.StepGraph, "capture", capture)
    monkeypatch.setattr(module, "on_a_gpu", lambda gan: True)
    monkeypatch.setattr(module, "cpu_stream", lambda: torch.zeros(1))  # which is the GPU's here
    return told


PIECES = {
    "plain": dict,
    "lazy": lambda: {"d_penalties": [lazy(r1(1.0), 3)], "d_steps": 2},
    "calm": lambda: {"d_penalties": calm(1.0, 0.1, 20, every=4), "loss": relativistic},
    "noise": lambda: {"view": InstanceNoise(0.5, until=12)},
    "after": lambda: {"after_step": [EMA(0.9), CosineDecay(30)]},
    "float64": lambda: {"d_penalties": calm(1.0, 0.1, 20, every=4), "view": InstanceNoise(0.5, until=12)},
}


def flagged(name, **more):
    gan = small(**PIECES[name](), **more)
    if name == "float64":
        gan = GAN(gan.generator.double(), gan.discriminator.double(), 2, **PIECES[name]())
    gan.alarm.flagged = True
    return gan


@pytest.mark.parametrize("name", PIECES)
@pytest.mark.parametrize("step", [train_step, fresh], ids=["train_step", "fresh"])
def test_replays_are_eager_steps(stand_in, name, step):
    gan, other = flagged(name), flagged(name)
    data = [Batches(points().data.double() if name == "float64" else points().data, 8) for _ in range(2)]
    a, b = run(gan, data[0], 30, step), run(other, data[1], 30, captured(step))
    assert stand_in.replays >= 20
    assert apart(gan, other) <= (1e-9 if name == "float64" else 2e-6)
    assert all(torch.allclose(a[key], b[key], atol=1e-5) for key in a)
    assert gan.state_dict()["hooks"] is not None and kind_of(gan, 1) == kind_of(other, 1)
    assert [type(group["lr"]) for p in other.players.values() for group in p.optimizer.param_groups] == [float, float]


def test_kinds_are_captured_once_each(stand_in):
    list(train(flagged("calm"), points(), 40, step=captured(train_step)))
    assert stand_in.captures == 2 and stand_in.replays > 30


def test_beta2_is_captured_anew_where_it_has_moved(stand_in):
    for near, captures in ((0.0, 28), (0.05, 24), (0.9, 1)):
        gan = small()
        gan = GAN(gan.generator, gan.discriminator, 2, **(recipe(gan.generator, gan.discriminator, 30)))
        gan.alarm.flagged, stand_in.captures = True, 0
        list(train(gan, points(), 30, step=captured(fresh, near)))
        assert stand_in.captures <= captures and (near != 0.05 or stand_in.captures >= 10)


@pytest.mark.parametrize(
    "change",
    [
        lambda gan: gan.exchange(view=InstanceNoise(0.1)),
        lambda gan: setattr(gan, "loss", relativistic),
        lambda gan: gan.g_optimizer.load_state_dict(gan.g_optimizer.state_dict()),
        lambda gan: setattr(gan, "d_steps", 2),
        lambda gan: gan.discriminator.eval(),
    ],
)
def test_what_is_exchanged_is_captured_anew(stand_in, change):
    gan, step, batches = flagged("plain"), captured(train_step), points()
    list(train(gan, batches, 5, step=step))
    assert stand_in.captures == 1
    change(gan)
    list(train(gan, batches, 5, step=step))
    assert stand_in.captures == 2


def test_eager_steps_between_replays(stand_in):
    gan, other = flagged("lazy"), flagged("lazy")
    a, b, step = points(), points(), captured(train_step)
    for _ in range(3):
        run(gan, a, 6)
        run(other, b, 6, step)
        d_step(gan, a)
        d_step(other, b)
    assert apart(gan, other) <= 2e-6


def test_nan_is_found_at_its_step(stand_in):
    gan, data = flagged("plain"), points().data
    spoiled = [*torch.randn(30, 8, 4), torch.full((8, 4), float("nan")), *torch.randn(30, 8, 4)]
    with pytest.raises(NonFiniteLoss, match="step 31: the discriminator's loss"):
        list(train(gan, iter(spoiled), 40, step=captured(train_step)))
    assert gan.step == 30 and weights(gan).isfinite().all() and len(data)


def test_an_optimiser_that_heeds_no_flag_is_refused(stand_in):
    gan = flagged("plain")
    gan.g_optimizer = torch.optim.Adam(gan.generator.parameters(), fused=False)
    with pytest.raises(ValueError, match="fused"):
        next(train(gan, points(), 1, step=captured(train_step)))


def test_random_numbers_on_the_cpu_are_refused(stand_in, monkeypatch):
    monkeypatch.setattr(module, "cpu_stream", torch.get_rng_state)
    gan = flagged("plain")
    gan.exchange(view=lambda x: x + 0.1 * torch.randn(x.shape))
    with pytest.raises(ValueError, match="random numbers on the CPU"):
        list(train(gan, points(), 3, step=captured(train_step)))


def test_another_batch_size_is_another_graph(stand_in):
    gan, other, a, b = flagged("plain"), flagged("plain"), points(), points()
    step = captured(train_step)
    for size in (8, 4, 8):
        a.batch_size = b.batch_size = size
        run(gan, a, 4)
        run(other, b, 4, step)
    assert apart(gan, other) <= 2e-6 and stand_in.captures == 2


# ------------------------------------------------------------------ a GPU


@pytest.fixture
def steady():
    """The same sums in the same order, as far as cuDNN can."""
    before = torch.backends.cudnn.deterministic
    torch.backends.cudnn.deterministic = True
    yield
    torch.backends.cudnn.deterministic = before


def data(channels=1, batch_size=64, conditions=None):
    pictures = torch.rand(512, channels, 28, 28, generator=torch.Generator().manual_seed(3)) * 2 - 1
    return Batches(pictures, batch_size, device="cuda", conditions=conditions)


def mlp(**pieces):
    with seeded(0):
        networks = [MLPGenerator(100).cuda(), MLPDiscriminator().cuda()]
    return GAN(*networks, 100, **two_time_scales(*networks, EXACT, EXACT), **pieces)


def convolutional(**pieces):
    with seeded(0):
        networks = [ConvGenerator(100).cuda(), ConvDiscriminator().cuda()]
    return GAN(*networks, 100, **two_time_scales(*networks, EXACT, EXACT), **pieces)


def dropping(**pieces):
    with seeded(0):
        networks = [MLPGenerator(100).cuda(), nn.Sequential(nn.Dropout(0.3), MLPDiscriminator()).cuda()]
    return GAN(*networks, 100, **two_time_scales(*networks, EXACT, EXACT), **pieces)


def modern(steps=100, **pieces):
    with seeded(0):
        networks = [CompactGenerator(64, 3).cuda(), CompactDiscriminator(3).cuda()]
    parts = {**recipe(*networks, steps), "d_penalties": calm(1.0, 0.1, steps, every=4), "view": DiffAugment()}
    return GAN(*networks, 64, **{**parts, **pieces})


LAWS = {  # how far apart weights may be after 100 steps, in which the rates let them move by about 0.02
    "mlp": (mlp, 1, train_step, 0.0),
    "mlp bfloat16": (lambda: mlp(precision="bfloat16"), 1, train_step, 0.0),
    "dropout": (dropping, 1, train_step, 0.0),
    "lazy": (lambda: mlp(d_penalties=[lazy(r1(1.0), 4)]), 1, train_step, 1e-7),
    "convolutional": (convolutional, 1, train_step, 1e-7),
    "modern": (modern, 3, fresh, 1e-6),
    "modern, train_step": (modern, 3, train_step, 1e-6),
}


@needs_cuda
@pytest.mark.parametrize("name", LAWS)
def test_captured_is_eager(steady, name):
    make, channels, step, bound = LAWS[name]
    gans = [make() for _ in range(3)]
    ways = [step, step, captured(step, near=0)]
    a, _, b = (run(gan, data(channels), 100, way) for gan, way in zip(gans, ways, strict=True))
    itself, other = apart(gans[0], gans[1]), apart(gans[0], gans[2])
    values = {key: float((a[key] - b[key]).abs().max()) for key in a}
    print(f"LAW {name}: eager and eager {itself:.3g}, eager and captured {other:.3g} apart; values {values}")
    assert other <= max(bound, 4 * itself)
    assert all((a[key] - b[key])[:3].abs().max() <= 1e-3 for key in a)
    assert torch.equal(gans[0].noise_stream.get_state(), gans[2].noise_stream.get_state())
    assert all(map(torch.equal, gans[0].network_stream, gans[2].network_stream))
    assert gans[0].step == gans[2].step == 100


@needs_cuda
def test_beta2_as_it_is_by_default(steady):
    gans = [modern(), modern()]
    for gan, way in zip(gans, (fresh, captured(fresh)), strict=True):
        run(gan, data(3), 100, way)
    print(f"LAW modern, β₂ by steps of 5 %: {apart(*gans):.3g} apart")
    assert apart(*gans) <= 1e-3


@needs_cuda
def test_a_condition_is_copied_too(steady):
    class Told(nn.Module):
        def __init__(self, network, inputs):
            super().__init__()
            self.network, self.table = network, nn.Embedding(10, inputs)

        def forward(self, x, labels):
            return self.network(x + self.table(labels).view(len(x), *x.shape[1:]))

    def make():
        with seeded(0):
            networks = [Told(MLPGenerator(100), 100).cuda(), Told(MLPDiscriminator(), 784).cuda()]
        return GAN(*networks, 100, **two_time_scales(*networks, EXACT, EXACT))

    gans, labels = [make(), make(), make()], torch.arange(512) % 10
    for gan, way in zip(gans, (train_step, train_step, captured(train_step)), strict=True):
        run(gan, data(conditions=labels), 30, way)
    assert apart(gans[0], gans[2]) <= max(1e-5, 4 * apart(gans[0], gans[1]))


@needs_cuda
def test_a_run_in_parts_that_is_looked_at(steady):
    whole, inparts, step, a, b = mlp(), mlp(), captured(train_step), data(), data()
    run(whole, a, 60)
    for _ in range(3):
        run(inparts, b, 10, step)
        inparts.generate(inparts.latents(8))
        torch.randn(3, device="cuda")
        run(inparts, b, 10)  # eager steps between
    assert apart(whole, inparts) == 0


@needs_cuda
def test_its_checkpoint_loads_everywhere(steady):
    gan, batches = modern(), data(3)
    run(gan, batches, 12, captured(fresh, near=0))
    state = torch.load(saved(gan), map_location="cpu", weights_only=True)
    for name in ("g_optimizer", "d_optimizer"):
        assert all(type(group["lr"]) is float and group["capturable"] is False for group in state[name]["param_groups"])
    again, step = modern(), captured(fresh, near=0)
    run(again, data(3), 5, step)  # captured, and then another state is put there
    again.load_state_dict(state)
    assert apart(gan, again) == 0
    other = data(3)
    other.load_state_dict(batches.state_dict())
    run(gan, batches, 20, fresh)
    run(again, other, 20, step)
    assert apart(gan, again) <= 1e-3
    with seeded(0):
        networks = [CompactGenerator(64, 3), CompactDiscriminator(3)]
    parts = {**recipe(*networks, 100), "d_penalties": calm(1.0, 0.1, 100, every=4), "view": DiffAugment()}
    here = GAN(*networks, 64, **parts)
    with pytest.warns(UserWarning, match="CUDA"):
        here.load_state_dict(state)
    run(here, Batches(torch.rand(64, 3, 28, 28) * 2 - 1, 8), 2, fresh)


def saved(gan):
    import io

    buffer = io.BytesIO()
    torch.save(gan.state_dict(), buffer)
    buffer.seek(0)
    return buffer


@needs_cuda
def test_nan_is_found_at_its_step_on_the_card(steady):
    gan, step = mlp(), captured(train_step)
    good = [torch.rand(64, 1, 28, 28, device="cuda") * 2 - 1 for _ in range(200)]
    spoiled = [*good[:40], torch.full((64, 1, 28, 28), float("nan"), device="cuda"), *good]
    with pytest.raises(NonFiniteLoss, match="step 41: the discriminator's loss"):
        list(train(gan, iter(spoiled), 150, step=step))
    assert gan.step == 40 and weights(gan).isfinite().all()
    other = mlp()
    run(other, iter(good[:40]), 40)
    assert apart(gan, other) == 0  # nothing moved from there on
    run(gan, iter(good), 50, step)
    assert gan.step == 90 and weights(gan).isfinite().all() and apart(gan, other) > 1e-3


@needs_cuda
@pytest.mark.parametrize(
    "view",
    [
        lambda x: x * (1.0 if float(x.detach().mean()) > -9 else 2.0),
        lambda x: x + 0.1 * torch.randn(x.shape).to(x.device),
        lambda x: x * torch.tensor([1.0], device=x.device),
    ],
)
def test_what_waits_is_named_and_leaves_all_well(view):
    gan = mlp(view=view)
    with pytest.raises(ValueError, match="cannot be captured: test_captured.py, line"):
        list(train(gan, data(), 5, step=captured(train_step)))
    assert torch.cuda.get_sync_debug_mode() == 0
    run(mlp(), data(), 3)
    run(mlp(), data(), 6, captured(train_step))


@needs_cuda
def test_what_fails_in_the_capture_leaves_all_well():
    stream = torch.Generator("cuda").manual_seed(0)
    gan = mlp(view=lambda x: x + 0.1 * torch.empty_like(x).normal_(generator=stream))
    with pytest.raises(ValueError, match="cannot be captured: test_captured.py, line"):
        list(train(gan, data(), 5, step=captured(train_step)))
    run(mlp(), data(), 3)
    torch.randn(3, device="cuda")
    run(dropping(), data(), 6, captured(train_step))


@needs_cuda
def test_capturing_anew_keeps_no_memory():
    gan, step, batches = modern(400), captured(fresh, near=0), data(3)
    run(gan, batches, 30, step)
    early = torch.cuda.memory_reserved()
    run(gan, batches, 100, step)
    print(f"MEMORY {early / 2**20:.0f} MB reserved, {torch.cuda.memory_reserved() / 2**20:.0f} after 100 captures")
    assert torch.cuda.memory_reserved() <= early + 2**28


@needs_cuda
def test_many_turns_of_d(steady):
    gans = [mlp(d_steps=20), mlp(d_steps=20)]
    for gan, way in zip(gans, (train_step, captured(train_step)), strict=True):
        run(gan, data(), 10, way)
    assert apart(*gans) == 0
