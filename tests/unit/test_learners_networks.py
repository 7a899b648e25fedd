"""What a learner hands over that cannot be trained is named, with the cure, before a weight moves: a table of it."""

import copy
import functools
import itertools
import re
import warnings

import pytest
import torch
import tqdm
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from gan_edu import losses
from gan_edu.core.data import distributions
from gan_edu.core.data.batches import Batches, endless
from gan_edu.core.data.pixels import scaled, to_uint8
from gan_edu.core.games.eigenvalues import leading_eigenvalues
from gan_edu.core.measures.mixture_scores import Coverage
from gan_edu.core.measures.mnist_scores import Scorer
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.training import checkpoint
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.losses import Loss, hinge, least_squares, non_saturating, relativistic, wasserstein
from gan_edu.mnist_gan import nearest_digits, salt
from gan_edu.training_loop import GAN, adam, check, d_step, g_step, substeps, train, train_step
from gan_edu.tricks import EMA, InstanceNoise, lazy, r1, slopes_at, spectral_norm, wgan_gp
from gan_edu.value_function import kl, value_by_monte_carlo
from gan_edu.widgets import Live

SHAPE = (1, 4, 4)


class Then(nn.Module):
    """A network and what is done with its output, or with its input before it."""

    def __init__(self, inner, after=lambda x: x, before=lambda x: x):
        super().__init__()
        self.inner, self.after, self.before = inner, after, before

    def forward(self, x):
        return self.after(self.inner(self.before(x)))


class Labelled(nn.Module):
    """A conditional generator as the papers write it, which this loop does not call."""

    def __init__(self):
        super().__init__()
        self.inner = G()

    def forward(self, z, labels):
        return self.inner(z)


class OnlyWhileItTrains(nn.Module):
    """As GoogLeNet: a second output while it trains."""

    def __init__(self):
        super().__init__()
        self.inner = D()

    def forward(self, x):
        return (self.inner(x), x) if self.training else self.inner(x)


class Pictures(Dataset):
    def __len__(self):
        return 64

    def __getitem__(self, k):
        return data()[k], 3


def G():
    return MLPGenerator(3, SHAPE, (8,))


def D():
    return MLPDiscriminator(SHAPE, (8,))


def data():
    """64 pictures in [−1, 1]."""
    return torch.rand(64, *SHAPE, generator=torch.Generator().manual_seed(7)) * 2 - 1


def gan(generator=None, discriminator=None, loss=non_saturating, **pieces):
    torch.manual_seed(0)
    return GAN(
        G() if generator is None else generator, D() if discriminator is None else discriminator, 3, loss, **pieces
    )


def g(after=lambda x: x, before=lambda x: x, **pieces):
    return lambda: gan(Then(G(), after, before), **pieces)


def d(after=lambda x: x, before=lambda x: x, **pieces):
    return lambda: gan(discriminator=Then(D(), after, before), **pieces)


def of(**pieces):
    return lambda: gan(**pieces)


def optimised(make, player="d"):
    """A GAN one of whose optimisers is make(its network)."""

    def build():
        nets = {"g": G(), "d": D()}
        return gan(nets["g"], nets["d"], **{f"{player}_optimizer": make(nets[player])})

    return build


def shared(frozen=False):
    layer = nn.Linear(16, 16).requires_grad_(not frozen)
    return gan(
        nn.Sequential(nn.Linear(3, 16), layer, nn.Tanh(), nn.Unflatten(1, SHAPE)),
        nn.Sequential(nn.Flatten(), layer, nn.Linear(16, 1)),
    )


def changed(change):
    """A GAN that was changed after it was made."""

    def build():
        change(made := gan())
        return made

    return build


def another_layer(made):
    made.discriminator.layers.append(nn.Linear(1, 1))


def other_weights(made):
    made.generator.layers[0] = nn.Linear(3, 8)


def without_gradients(function):
    def inner(x):
        with torch.no_grad():
            return function(x)

    return inner


def loader(labels=False, **options):
    return DataLoader(Pictures() if labels else data(), batch_size=8, **options)


def forever(batch):
    return lambda: itertools.repeat(batch)


def without_gradients_net(net):
    net.forward = without_gradients(net.forward)
    return net


def no_forward(net):
    made = nn.Module()
    made.inner = net
    return made


def waits(gan):
    yield


async def lasts(gan):
    pass


class Waits:
    def __call__(self, gan):
        yield


def hook(**parts):
    """A hook, of view or after_step, that has these things besides."""
    return type(
        "Hook",
        (),
        {
            "__call__": lambda self, given: given,
            **{name: staticmethod(part) if callable(part) else part for name, part in parts.items()},
        },
    )()


def scheduled(schedule, *arguments):
    made = gan()
    return gan(
        made.generator,
        made.discriminator,
        g_optimizer=made.g_optimizer,
        d_optimizer=made.d_optimizer,
        after_step=[schedule(made.d_optimizer, *arguments).step],
    )


class InGroups(MLPDiscriminator):
    """As StyleGAN's: how much four samples differ among themselves is seen by each."""

    batch_statistics = True

    def forward(self, x):
        return super().forward(x) + x.reshape(-1, 4, 16).std(1).mean()


class KeepsItsOutput(MLPGenerator):
    def forward(self, z):
        self.seen = super().forward(z)
        return self.seen


def compiled(net):
    return torch.compile(net, backend="eager")


# What was given, the error, and words of its message: the thing's name, and the cure.
NETWORKS = {
    "G a tuple": (g(lambda x: (x, x)), TypeError, "generator must return one .*tensor.*got tuple: return that alone"),
    "G a dict": (g(lambda x: {"x": x}), TypeError, "the generator must return one .*got dict: return that alone"),
    "G nothing": (g(lambda x: None), TypeError, "the generator must return one .*got NoneType"),
    "G a number": (g(lambda x: 1.0), TypeError, "the generator must return one .*got float"),
    "G numpy": (g(lambda x: x.detach().numpy()), TypeError, "the generator must return one .*got ndarray"),
    "G integers": (g(lambda x: x.long()), TypeError, "the generator must return one floating-point.*got torch.int64"),
    "G detached": (g(torch.detach), ValueError, "generator's samples have lost their gradient.*leave detach"),
    "G no_grad": (lambda: gan(Then(without_gradients_net(G()))), ValueError, "generator's samples have lost .*no_grad"),
    "G folds the batch": (g(lambda x: x.view(1, -1, 4, 4)), ValueError, "one sample of each latent.*begin with len"),
    "G of another shape": (
        g(lambda x: x[..., :3]),
        ValueError,
        r"(generator makes|take) samples of the shape \(N, 1, 4, 3\)",
    ),
    "G of other latents": (of(generator=MLPGenerator(5, SHAPE)), ValueError, r"not take latents of the shape \(N, 3\)"),
    "G wants labels": (of(generator=Labelled()), ValueError, "the generator does not take latents.*labels"),
    "G without forward": (lambda: gan(no_forward(G())), ValueError, "the generator does not take.*forward"),
    "G without weights": (of(generator=nn.Tanh()), ValueError, "the generator has no weights.*ModuleList"),
    "G lazy": (
        of(generator=nn.Sequential(nn.LazyLinear(16), nn.Unflatten(1, SHAPE))),
        ValueError,
        r"the generator has lazy layers.*send .* generator\(torch.zeros",
    ),
    "G half": (lambda: gan(G().half()), ValueError, r"generator has float16 weights.*generator.float\(\).*bfloat16"),
    "G frozen": (lambda: gan(G().requires_grad_(False)), ValueError, "generator has no weights that learn: requires"),
    "G a class": (of(generator=MLPGenerator), TypeError, r"generator must be .*the class MLPGenerator: make one"),
    "G a function": (of(generator=lambda z: z), TypeError, "generator must be a torch.nn.Module, got function"),
    "D a tuple": (
        d(lambda x: (x, x)),
        TypeError,
        "the discriminator returns a tuple of 2 heads.*Return the logits .* alone",
    ),
    "D a tuple in training": (
        lambda: gan(discriminator=OnlyWhileItTrains()),
        TypeError,
        "the discriminator returns a tuple of 2 heads, and the loss .* cannot be computed of them.*Return the logits",
    ),
    "D nothing": (d(lambda x: None), TypeError, "the discriminator must return one .*got NoneType"),
    "D a number": (d(lambda x: x.mean().item()), TypeError, "the discriminator must return one .*got float"),
    "D a truth value": (d(lambda x: x > 0), TypeError, "the discriminator must return one floating.*got torch.bool"),
    "D squeezed": (d(lambda x: x.squeeze(1)), ValueError, r"discriminator must give one logit.*reshape\(-1, 1\)"),
    "D a map of two": (
        d(lambda x: x[..., None, None].expand(-1, 2, 3, 3)),
        ValueError,
        r"one logit.*each patch is \(N, 1, H, W\)",
    ),
    "D one for all": (d(lambda x: x.mean(0, keepdim=True)), ValueError, r"one logit a sample.*\(1, 1\)"),
    "D two logits": (
        lambda: gan(discriminator=nn.Sequential(nn.Flatten(), nn.Linear(16, 2))),
        ValueError,
        r"one logit a sample.*, 2\): let its last layer have one output",
    ),
    "D a sigmoid": (
        lambda: gan(discriminator=nn.Sequential(D(), nn.Sigmoid())),
        ValueError,
        "discriminator ends in a sigmoid.*between 0 and 1.*'non-saturating' needs logits.*leave the",
    ),
    "D a sigmoid, as a function": (d(torch.sigmoid), ValueError, "ends in a sigmoid.*leave the sigmoid out"),
    "D a sigmoid, reshaped": (d(lambda x: x.sigmoid().squeeze().unsqueeze(1)), ValueError, "ends in a sigmoid"),
    "D a sigmoid, hinge": (d(torch.sigmoid, loss=hinge), ValueError, "sigmoid.*the loss 'hinge' needs logits"),
    "D a sigmoid, WGAN": (d(torch.sigmoid, loss=wasserstein), ValueError, "sigmoid.*'Wasserstein' needs logits"),
    "D a sigmoid, relativistic": (d(torch.sigmoid, loss=relativistic), ValueError, "'relativistic' needs logits"),
    "D a sigmoid, compiled": (lambda: gan(discriminator=compiled(Then(D(), torch.sigmoid))), ValueError, "a sigmoid"),
    "D a softmax": (d(lambda x: x.softmax(1)), ValueError, "discriminator ends in a softmax.*leave the softmax out"),
    "D a tanh": (d(torch.tanh), ValueError, "discriminator ends in a tanh.*between −1 and 1.*leave the tanh out"),
    "D a ReLU": (d(torch.relu), ValueError, "discriminator ends in a relu.*≥ 0.*leave the relu out"),
    "D detaches": (d(before=torch.detach), ValueError, "discriminator's logits have no gradient.*leave detach"),
    "D no_grad": (lambda: gan(discriminator=Then(without_gradients_net(D()))), ValueError, "logits have no .*no_grad"),
    "D of another shape": (
        of(discriminator=MLPDiscriminator((1, 5, 5))),
        ValueError,
        r"discriminator does not take samples of the shape \(N, 1, 4, 4\)",
    ),
    "D wants one more dimension": (
        lambda: gan(discriminator=nn.Sequential(nn.BatchNorm3d(1), D())),
        ValueError,
        r"discriminator does not take samples of the shape \(N, 1, 4, 4\).*5D",
    ),
    "D half": (lambda: gan(discriminator=D().half()), ValueError, r"discriminator has float16.*discriminator.float\("),
    "D double": (lambda: gan(discriminator=D().double()), ValueError, "not take samples .* the type torch.float32"),
    "D lazy": (
        lambda: gan(discriminator=nn.Sequential(nn.Flatten(), nn.LazyLinear(1))),
        ValueError,
        r"the discriminator has lazy layers.*discriminator\(data",
    ),
    "D frozen": (lambda: gan(discriminator=D().requires_grad_(False)), ValueError, "discriminator has no weights that"),
    "D on another device": (lambda: gan(discriminator=D().to("meta")), ValueError, "discriminator does not .* meta"),
}
ENDS = [name for name, (_, error, words) in NETWORKS.items() if re.search("sigmoid|softmax|tanh|ReLU", name)]
WEIGHTS = {
    "a layer of both": (shared, ValueError, r"generator and discriminator share weights \(1.weight, .*deepcopy"),
    "one network for both": (lambda: GAN(net := nn.Linear(1, 1), net, 1), ValueError, "generator and .* share weights"),
    "a layer added": (
        changed(another_layer),
        ValueError,
        r"the discriminator has weights that no optimiser holds \(layers.3.*make d_optimizer of",
    ),
    "weights exchanged": (changed(other_weights), ValueError, "g_optimizer holds weights that are not .* last change"),
    "half of the weights": (
        optimised(lambda net: adam(net.layers[0])),
        ValueError,
        r"no optimiser holds \(layers.2.weight, .*requires_grad_\(False\)",
    ),
    "the other's weights": (optimised(lambda net: adam(G())), ValueError, r"d_optimizer holds .*discriminator.param"),
    "a text": (of(g_optimizer="Adam"), TypeError, "g_optimizer must be a torch optimiser.*adam.*got str"),
    "an empty text": (of(g_optimizer=""), TypeError, "g_optimizer must be a torch optimiser.*got str"),
    "a rate": (of(d_optimizer=2e-4), TypeError, "d_optimizer must be a torch optimiser.*got float"),
    "a class": (of(d_optimizer=torch.optim.Adam), TypeError, r"d_optimizer must be .*class Adam: make one, Adam\("),
    "a schedule": (
        optimised(lambda net: torch.optim.lr_scheduler.ConstantLR(adam(net))),
        TypeError,
        "d_optimizer must be a torch optimiser.*got ConstantLR",
    ),
    "SparseAdam": (optimised(lambda net: torch.optim.SparseAdam(net.parameters())), ValueError, "is SparseAdam"),
    "a climb": (
        optimised(lambda net: torch.optim.SGD(net.parameters(), 0.1, maximize=True)),
        ValueError,
        "d_optimizer climbs the loss.*leave maximize",
    ),
    "no rate": (
        changed(lambda made: made.d_optimizer.param_groups[0].update(lr=float("nan"))),
        ValueError,
        "d_optimizer's learning rate must be a finite number ≥ 0, got nan",
    ),
    "a sparse embedding": (
        lambda: gan(nn.Sequential(nn.Embedding(9, 9, sparse=True), G())),
        ValueError,
        "the generator has an embedding with sparse gradients.*leave sparse=True out",
    ),
    "LBFGS": (optimised(lambda net: torch.optim.LBFGS(net.parameters())), ValueError, "d_optimizer is LBFGS.*take A"),
}
FUNCTIONS = {
    "a penalty": (of(d_penalties=r1(1.0)), TypeError, r"d_penalties must be a list .*got Grad.*d_penalties=\["),
    "a penalty's maker": (of(d_penalties=[r1]), TypeError, r"each of d_penalties must be a function .*call it: r1\("),
    "no penalty's call": (of(g_penalties=[1.0]), TypeError, "each of g_penalties must be a function .*got float"),
    "a tensor": (of(d_penalties=torch.ones(2)), TypeError, "each of d_penalties must be a function .*got Tensor"),
    "an average": (of(after_step=EMA()), TypeError, r"after_step must be a list .*got EMA: write after_step=\["),
    "an average's class": (of(after_step=[EMA]), TypeError, r"each of after_step .*the class EMA: make one, EMA\("),
    "a penalty of vectors": (
        of(d_penalties=[lambda D, real, fake: D(real)]),
        ValueError,
        r"each penalty must return one number.*shape \(8, 1\): take the mean",
    ),
    "a penalty of nothing": (of(d_penalties=[lambda D, real, fake: None]), ValueError, "each penalty .*got NoneType"),
    "a penalty's number": (
        of(d_penalties=[lambda D, real, fake: D(real).mean().item()]),
        ValueError,
        "a penalty of .* has no gradient.*leave detach",
    ),
    "a penalty detached": (
        of(d_penalties=[lambda D, real, fake: D(fake).mean().detach()]),
        ValueError,
        "a penalty of .* has no gradient.*leave detach",
    ),
    "a penalty of complex numbers": (
        of(d_penalties=[lambda D, real, fake: D(real).mean() * 1j]),
        ValueError,
        "each penalty must return one number.*complex64",
    ),
    "a hook with a yield": (of(after_step=[waits]), TypeError, r"each of after_step .*\(gan\), and .* async or yield"),
    "a hook that is async": (of(after_step=[lasts]), TypeError, "each of after_step .* async or yield .*does nothing"),
    "an object with a yield": (of(after_step=[Waits()]), TypeError, "each of after_step .* async or yield .*nothing"),
    "half of a hook with a yield": (of(after_step=[functools.partial(waits)]), TypeError, "async or yield in it"),
    "a schedule's step": (
        lambda: scheduled(torch.optim.lr_scheduler.ExponentialLR, 0.9),
        TypeError,
        r"ExponentialLR.step takes something else: write after_step=\[lambda gan: it.step\(\)\]",
    ),
    "another schedule's step": (
        lambda: scheduled(torch.optim.lr_scheduler.CosineAnnealingLR, 9),
        TypeError,
        "CosineAnnealingLR.step takes something else",
    ),
    "a schedule of losses": (
        lambda: scheduled(torch.optim.lr_scheduler.ReduceLROnPlateau),
        TypeError,
        "ReduceLROnPlateau.step takes something else",
    ),
    "a progress bar": (lambda: gan(after_step=[tqdm.tqdm(disable=True).update]), TypeError, "tqdm.update takes some"),
    "torch's average": (
        lambda: gan(after_step=[torch.optim.swa_utils.AveragedModel(G()).update_parameters]),
        TypeError,
        "AveragedModel.update_parameters takes something else",
    ),
    "a state and no way back": (
        of(after_step=[hook(state_dict=lambda: {})]),
        TypeError,
        "Hook has a state_dict and no load_state_dict.*write both",
    ),
    "fits of nothing": (of(after_step=[hook(fits=lambda: None)]), TypeError, r"Hook.fits must be a function \(gan\)"),
    "after_step of nothing": (of(view=hook(after_step=3)), TypeError, r"Hook.after_step must be a function \(gan\)"),
    "views": (of(view=[torch.clone]), TypeError, r"view must be a function \(samples\), got list"),
    "a view's class": (of(view=InstanceNoise), TypeError, r"view must be .*the class InstanceNoise: make one"),
    "a view of nothing": (of(view=lambda x: None), TypeError, "view must return one .*got NoneType"),
    "a view of another shape": (of(view=lambda x: x[..., :3]), ValueError, r"view must keep the shape .*\(N, 1, 4"),
    "a view of fewer": (of(view=lambda x: x[1:]), ValueError, "view must keep the shape of the samples"),
    "a view of other numbers": (of(view=torch.Tensor.double), ValueError, "not take samples .* the type torch.float64"),
    "a loss's half": (of(loss=losses.hinge_d), TypeError, "loss must be a losses.Loss.*got function: such as losses."),
    "a loss's name": (of(loss="hinge"), TypeError, "loss must be a losses.Loss.*got str: such as losses."),
    "a loss of one": (
        of(loss=Loss("x", non_saturating.d, lambda fake: fake.mean())),
        ValueError,
        r"the loss 'x' cannot be .*called as .* g\(fake_logits, real_logits\)",
    ),
    "a loss of vectors": (of(loss=Loss("x", lambda r, f: r - f, non_saturating.g)), ValueError, "'x': d .* take the m"),
    "a loss that wants real": (
        of(loss=Loss("x", non_saturating.d, lambda f, r: (r - f).mean())),
        ValueError,
        "the loss 'x' cannot be computed.*g_needs_real=True",
    ),
}
BATCHES = {
    "a loader": (loader, TypeError, r"batches must give .*got DataLoader.*endless\(loader\)"),
    "a tensor": (data, TypeError, r"batches must give batches without end, got Tensor: take core.data.Batches\(data\)"),
    "one pass": (lambda: iter(loader()), ValueError, r"come to their end after 8.*core.data.endless\(loader\)"),
    "a list's": (lambda: iter([data()]), ValueError, r"come to their end after 1.*core.data.endless\(loader\)"),
    "a pass of a generator's": (lambda: (x for x in []), ValueError, r"come to their end.*core.data.endless"),
    "labels": (
        lambda: endless(loader(labels=True)),
        ValueError,
        r"the generator does not take .*a condition.*\(x for x, label in",
    ),
    "pixels": (forever(data().byte()), TypeError, "a batch must be .*got torch.uint8.*core.data.scaled"),
    "none, as a function forgot": (
        lambda: map(lambda x: None, Batches(data(), 8)),
        TypeError,
        "a batch must be one tensor .*got NoneType",
    ),
    "numpy": (lambda: itertools.repeat(data().numpy()), TypeError, "a batch must be one tensor .*got ndarray"),
    "nothing": (forever(data()[:0]), ValueError, r"a batch holds no samples.*\(0, 1, 4, 4\)"),
    "a lone number": (forever(torch.ones(())), ValueError, r"a batch holds no samples.*\(\)"),
    "another shape": (forever(data()[..., :3]), ValueError, r"shape \(N, 1, 4, 4\), the batches have \(N, 1, 4, 3\)"),
    "another type": (forever(data().double()), ValueError, r"the batches are torch.float64.*data.float\(\)"),
    "data on another device": (
        lambda: Batches(data(), 8, device="meta"),
        ValueError,
        r"the data is on meta, the generator on cpu: Batches\(…, device='cpu'\)",
    ),
    "another place": (lambda: itertools.repeat(data().to("meta")), ValueError, r"on meta, .* cpu: batch.to\('cpu'\)"),
}
SCALES = {
    "0…255": (lambda: Batches((data() + 1) * 127.5, 8), "real samples lie from .*ends in a tanh.*127.5"),
    "0…1": (lambda: Batches((data() + 1) / 2, 8), r"real samples lie from .* none below 0.*tanh.*2 \* x - 1"),
    "0…1 of a loader": (lambda: endless(DataLoader((data() + 1) / 2, 8)), r"none below 0.*tanh.*2 \* x - 1"),
    "standardised": (lambda: Batches(data() * 2.5, 8), "lie from -2.* to 2.*ends in a tanh.*leave the tanh out"),
}


MISFITS = {
    **{
        f"{name}": (make, lambda: Batches(data(), 8), error, words)
        for table in (NETWORKS, WEIGHTS, FUNCTIONS)
        for name, (make, error, words) in table.items()
    },
    **{f"batches: {name}": (gan, batches, error, words) for name, (batches, error, words) in BATCHES.items()},
}


def by_train(make, batches):
    list(train(make(), batches(), 10))


def by_recorder(make, batches):
    Recorder(made := make(), range(0, 11), "a film", GridLook(2, 2)).record(train(made, batches(), 10))


def by_live(make, batches):
    live = Live(lambda: (make(), batches()), train, title="misfits", rows=2, columns=2)
    try:
        live.train_to(10)
    finally:
        live.close()


def weights(made):
    return [weight.detach().clone() for net in (made.generator, made.discriminator) for weight in net.parameters()]


def still(before, after):
    return all(was.is_meta or torch.equal(was, now) for was, now in zip(before, after, strict=True))


WAYS = {"train": by_train, "recorder": by_recorder, "inline": by_live, "thread": by_live}


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    """A way in; a Live trains in its cell or in a thread."""
    if request.param in ("inline", "thread"):
        monkeypatch.setenv("GAN_EDU_DRIVER", request.param)
    return WAYS[request.param]


@pytest.mark.parametrize("name", MISFITS)
def test_what_misfits_is_named_with_its_cure_whatever_the_way_in(name, way):
    make, batches, error, words = MISFITS[name]
    made = []

    def build():
        made.append(make())
        made.append(weights(made[0]))
        return made[0]

    with pytest.raises(error, match=words):
        way(build, batches)
    assert not made or still(made[1], weights(made[0])), "a weight has moved before it was told"


@pytest.mark.parametrize("name", [name for name in NETWORKS if name not in ENDS])
@pytest.mark.parametrize("step", [train_step, lambda *pieces: list(substeps(*pieces))], ids=["fast", "slow"])
def test_a_step_by_itself_names_what_a_network_gives_back(name, step):
    make, error, words = NETWORKS[name]
    with pytest.raises((ValueError, TypeError), match="generator|discriminator"):
        step(make(), Batches(data(), 8))


def test_single_steps_of_a_player_name_it_too():
    for name in ("G a tuple", "D nothing", "D squeezed", "D a tuple in training"):
        make, error, words = NETWORKS[name]
        for step in (d_step, g_step):
            with pytest.raises(error, match=words):
                step(make(), Batches(data(), 8))


@pytest.mark.parametrize("name", ["D a sigmoid", "D detaches", "G detached", "D a tuple in training", "D a map of two"])
def test_a_resumed_run_is_looked_at_as_a_fresh_one(name):
    make, error, words = NETWORKS[name]
    made = make()
    made.step = 3
    made.load_state_dict(make().state_dict())
    with pytest.raises(error, match=words):
        list(train(made, Batches(data(), 8), 10))


@pytest.mark.parametrize("change", [dict(view=[1]), dict(after_step=EMA()), dict(d_penalties=[r1])])
def test_what_is_exchanged_in_a_run_is_looked_at_too(change):
    made = gan()
    with pytest.raises(TypeError, match=f"{next(iter(change))} must be"):
        made.exchange(**change)
    assert made.view is None and made.d_penalties == made.after_step == ()
    vars(made).update(change)  # past that door, the next one
    with pytest.raises(TypeError, match=f"{next(iter(change))} must be"):
        train(made, Batches(data(), 8), 1)


@pytest.mark.parametrize("off", [torch.no_grad, torch.inference_mode])
def test_gradients_that_are_switched_off_are_named(off):
    made, words = gan(), "gradients are switched off here.*train outside of it"
    records = train(made, Batches(data(), 8), 2)
    with off(), pytest.raises(ValueError, match=words):
        train(made, Batches(data(), 8), 2)
    with off(), pytest.raises(ValueError, match=words):
        next(records)
    with off():
        made.judge(made.generate(made.latents(2)))  # to look is allowed


@pytest.mark.parametrize("view", [torch.detach, without_gradients(lambda x: x + 1)], ids=["detach", "no_grad"])
def test_a_view_without_gradient_is_named_before_the_generator_moves(view):
    made = gan(view=view)
    before = weights(made)[:4]
    with pytest.raises(ValueError, match="the view has lost the samples' gradient.*leave detach.*out of it"):
        list(train(made, Batches(data(), 8), 2))
    assert still(before, weights(made)[:4])


def test_a_gradient_lost_only_while_it_trains_is_named():
    class Forgetful(MLPDiscriminator):
        def forward(self, x):
            return super().forward(x.detach() if self.training else x)

    with pytest.raises(ValueError, match="no gradient of its loss reaches the generator's weights.*leave detach"):
        list(train(gan(discriminator=Forgetful(SHAPE, (8,))), Batches(data(), 8), 2))


@pytest.mark.parametrize("given", [gan, lambda: (G(), D()), G], ids=["sound", "a pair", "a network"])
def test_what_is_no_gan_is_named(given):
    if given is gan:
        train(given(), Batches(data(), 8), 1)
        return
    with pytest.raises(TypeError, match="what is trained must be a GAN"):
        train(given(), Batches(data(), 8), 1)


# ------------------------------------------------------------------ what may be meant: a warning, once a run


@pytest.mark.parametrize(
    "step",
    [
        by_train,
        lambda make, batches: d_step(make(), batches()),
        lambda make, batches: g_step(make(), batches()),
        lambda make, batches: list(substeps(make(), batches())),
        by_live,
    ],
)
@pytest.mark.parametrize("name", SCALES)
def test_data_on_another_scale_has_a_word_once(name, step):
    batches, words = SCALES[name]
    for d_steps in (1, 3):
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            warnings.simplefilter("ignore", DeprecationWarning)  # old and new packages of each other
            step(lambda d_steps=d_steps: gan(d_steps=d_steps), batches)
        assert len(said) == 1 and re.search(words, str(said[0].message)), [str(each.message) for each in said]


@pytest.mark.parametrize("last", [torch.sigmoid, torch.relu])
def test_a_generator_that_ends_otherwise_has_its_own_cure(last):
    with pytest.warns(UserWarning, match="End it in a tanh.*or leave the .* out"):
        next(train(gan(Then(linear_g(), last)), sound_data(), 1))


def test_the_word_stands_at_the_learners_line():
    with pytest.warns(UserWarning, match="ends in a tanh") as said:
        list(train(gan(), Batches(data() * 100, 8), 1))
    assert said[0].filename == __file__


@pytest.fixture(scope="module")
def scorer():
    return Scorer(50)


@pytest.mark.parametrize("images", [(data() + 1) / 2, (data() + 1) * 127.5])
def test_pictures_on_another_scale_have_a_word_where_they_are_shown_or_scored(images, scorer):
    images, sigmoid = images.repeat(1, 1, 7, 7), gan(Then(G(), lambda x: (50 * x).sigmoid()))
    large = gan(Then(G(), lambda x: (50 * x).sigmoid().repeat(1, 1, 7, 7)))
    for look in (
        lambda: scorer.score(large),
        lambda: salt(images),
        lambda: nearest_digits(images, images),
        lambda: Recorder(sigmoid, [0], "a film", GridLook(2, 2)).keep(),
    ):
        with pytest.warns(UserWarning, match=r"below 0.*in \[−1, 1\].*2 \* x - 1 .*127.5 - 1"):
            look()


@pytest.mark.parametrize(
    "images, words",
    [
        ((data() + 1) / 2, r"no pixel of the given pictures is below 0.*2 \* x - 1"),
        ((data() + 1) * 127.5, r"no pixel of the given pictures is below 0.*x / 127.5 - 1"),
        (data() * 3, r"reach 3.*standardised.*x \* std \+ mean"),
    ],
)
def test_pictures_on_another_scale_have_no_score(images, words, scorer):
    with pytest.raises(ValueError, match=words):
        scorer.score_images(images.repeat(1, 1, 7, 7))


def test_pictures_as_they_should_be_have_none(scorer):
    digits = data().repeat(1, 1, 7, 7)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for images in (digits, to_uint8(digits), digits.double(), torch.full((4, 1, 28, 28), -1.0)):
            scorer.score_images(images)
            salt(images)


@pytest.mark.parametrize(
    "images, error, words",
    [
        (torch.zeros(4, 1, 28, 28, dtype=torch.int64), TypeError, r"type uint8, .*int64.*torch.uint8"),
        (data().numpy(), TypeError, "must be a tensor.*got ndarray.*torch.as_tensor"),
        (torch.zeros(1, 1, 28, 28), ValueError, "at least 2 images of the shape"),
    ],
)
def test_what_is_no_picture_is_not_scored(images, error, words, scorer):
    with pytest.raises(error, match=words):
        scorer.score_images(images)


# ------------------------------------------------------------------ advice, followed


def trains(batches, **pieces):
    """Whether ten steps go by without a word."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = gan(**pieces)
        return len(list(train(made, batches, 10))) == 10 and all(w.isfinite().all() for w in weights(made))


class Kept:
    """A part of a checkpoint that keeps an array of its own."""

    def __init__(self, array):
        self.array = array

    def state_dict(self):
        return {"array": self.array}

    def load_state_dict(self, state):
        self.array = state["array"]


def normed(norm):
    return nn.Sequential(nn.Flatten(), nn.Linear(16, 8), norm, nn.LeakyReLU(0.2), nn.Linear(8, 1))


def with_a_hole():
    holed = data()
    holed[3, 0, 2] = torch.nan
    return holed


PIXELS, ARRAY = data().add(1).mul(127.5).byte(), data().numpy()
ADVICE = {
    "endless(loader)": lambda: trains(endless(loader())),
    "(x for x, label in batches)": lambda: trains(x for x, label in endless(loader(labels=True))),
    "2 * x - 1": lambda: trains(2 * x - 1 for x in endless(DataLoader((data() + 1) / 2, 8))),
    "x / 127.5 - 1": lambda: trains(Batches(PIXELS.float() / 127.5 - 1, 8)),
    "scaled": lambda: trains(map(scaled, endless(DataLoader(PIXELS, 8)))),
    "data.to(torch.uint8)": lambda: trains(Batches(PIXELS.long().to(torch.uint8), 8)),
    "data.float()": lambda: trains(Batches(data().round().long().float(), 8)),
    "data.float() of float64": lambda: trains(Batches(data().double().float(), 8)),
    "both .double()": lambda: trains(Batches(data().double(), 8), generator=G().double(), discriminator=D().double()),
    "torch.as_tensor(array)": lambda: trains(Batches(torch.as_tensor(ARRAY), 8)),
    "torch.stack": lambda: trains(Batches(torch.stack([x for x, label in Pictures()]), 8)),
    "torch.stack of a TensorDataset": lambda: trains(Batches(torch.stack([x for (x,) in TensorDataset(data())]), 8)),
    "adam(network, 2e-4)": lambda: optimised(lambda net: adam(net, 2e-4))(),
    "after the last change": lambda: (
        optimised(lambda net: net.layers.append(nn.Linear(1, 1)) and adam(net))().fit() is None
    ),
    "copy.deepcopy(layer)": lambda: trains(
        Batches(data(), 8),
        discriminator=nn.Sequential(nn.Flatten(), copy.deepcopy(nn.Linear(16, 16)), nn.Linear(16, 1)),
    ),
    "requires_grad_(False)": lambda: shared(frozen=True),
    "reshape(-1, 1)": lambda: trains(
        Batches(data(), 8), discriminator=Then(D(), lambda x: x.squeeze(1).reshape(-1, 1))
    ),
    "x.flatten(1).mean(1, keepdim=True)": lambda: trains(
        Batches(data(), 8), discriminator=Then(nn.Conv2d(1, 1, 3), lambda x: x.flatten(1).mean(1, keepdim=True))
    ),
    "send two samples through": lambda: trains(
        Batches(data(), 8), discriminator=sent(nn.Sequential(nn.Flatten(), nn.LazyLinear(1)), data()[:2])
    ),
    "float() and bfloat16": lambda: trains(Batches(data(), 8), generator=G().half().float(), precision="bfloat16"),
    "g_needs_real=True": lambda: trains(
        Batches(data(), 8), loss=Loss("x", non_saturating.d, lambda f, r: (r - f).mean(), g_needs_real=True)
    ),
    "r1(…), in a list": lambda: trains(Batches(data(), 8), d_penalties=[r1(1.0)], after_step=[EMA()]),
    "Batches(…, device='cpu')": lambda: trains(Batches(data(), 8, device="cpu")),
    "data[mask]": lambda: trains(Batches(with_a_hole()[with_a_hole().isfinite().flatten(1).all(1)], 8)),
    "LayerNorm": lambda: trains(Batches(data(), 8), discriminator=normed(nn.LayerNorm(8)), d_penalties=[r1(1.0)]),
    "GroupNorm": lambda: trains(Batches(data(), 8), discriminator=normed(nn.GroupNorm(2, 8)), d_penalties=[r1(1.0)]),
    "torch.as_tensor of an array in a checkpoint": lambda: checkpoint.sealed(part=Kept(torch.as_tensor(ARRAY))),
    "without the tanh": lambda: trains(
        Batches(data() * 3, 8), generator=nn.Sequential(nn.Linear(3, 16), nn.Unflatten(1, SHAPE))
    ),
}


def sent(network, samples):
    network(samples)
    return network


@pytest.mark.parametrize("advice", ADVICE)
def test_advice_that_is_followed_helps(advice):
    assert ADVICE[advice]()


def test_endless_begins_anew_and_keeps_nothing():
    torch.manual_seed(0)
    batches = endless(DataLoader(torch.arange(32.0)[:, None], batch_size=8, shuffle=True))
    passes = [torch.cat([next(batches) for _ in range(4)]).flatten() for _ in range(3)]
    assert all(torch.equal(each.sort().values, torch.arange(32.0)) for each in passes)
    assert not torch.equal(passes[0], passes[1]) and not torch.equal(passes[1], passes[2])


@pytest.mark.parametrize(
    "given, error, words",
    [
        (iter([1]), TypeError, "only once.*the DataLoader in place of iter"),
        (3, TypeError, "not iterable"),
        ([], ValueError, "a pass over these batches is empty.*drop_last"),
    ],
)
def test_what_cannot_be_endless_is_named(given, error, words):
    with pytest.raises(error, match=words):
        next(endless(given))


# ------------------------------------------------------------------ honest networks: not a word, and nothing changed


class Convolutions(nn.Sequential):
    """DCGAN, small: BatchNorm in both."""

    def __init__(self, of_g):
        super().__init__(
            *(
                [
                    nn.Linear(3, 8),
                    nn.Unflatten(1, (8, 1, 1)),
                    nn.ConvTranspose2d(8, 8, 2),
                    nn.BatchNorm2d(8),
                    nn.ReLU(True),
                    nn.ConvTranspose2d(8, 1, 2, 2),
                    nn.Tanh(),
                ]
                if of_g
                else [
                    nn.Conv2d(1, 8, 2, 2),
                    nn.BatchNorm2d(8),
                    nn.LeakyReLU(0.2, True),
                    nn.Conv2d(8, 1, 2),
                    nn.Flatten(),
                ]
            )
        )


class Conditional(nn.Module):
    """It draws its labels itself, from torch's stream, and noise in its layers, as StyleGAN does, in eval mode, too."""

    def __init__(self):
        super().__init__()
        self.labels, self.inner = nn.Embedding(10, 3), G()

    def forward(self, z):
        label = torch.randint(10, (len(z),), device=z.device)
        return self.inner(z + self.labels(label) + 0.1 * torch.randn_like(z))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.rows, self.last = nn.LSTM(4, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, x):
        return self.last(self.rows(x.squeeze(1))[0][:, -1])


class Checkpointed(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = D()

    def forward(self, x):
        return torch.utils.checkpoint.checkpoint(self.inner, x, use_reentrant=False)


def in_place(x):
    x *= 0.9
    return x


def clipped(made):
    with torch.no_grad():
        for weight in made.discriminator.parameters():
            weight.clamp_(-0.01, 0.01)


def old_spectral_norm(net):
    nn.utils.spectral_norm(net.layers[0])
    return net


def old_weight_norm(net):
    nn.utils.weight_norm(net.layers[0])
    return net


def sloped(discriminator, real, fake):
    return discriminator(real).mean()


sloped.slope = 0


def drops():
    return nn.Sequential(nn.Flatten(), nn.Linear(16, 8), nn.Dropout(0.5), nn.LeakyReLU(0.2), nn.Linear(8, 1))


def tied():
    """An embedding that both use and one optimiser trains."""
    table = nn.Linear(3, 3)
    generator = nn.Sequential(table, G())
    discriminator = nn.Sequential(nn.Flatten(), nn.Linear(16, 3), table, nn.Linear(3, 1))
    return gan(generator, discriminator, g_optimizer=adam(generator[1]))


def head_alone():
    discriminator = D()
    discriminator.layers[0].requires_grad_(False)
    return gan(discriminator=discriminator, d_optimizer=adam(discriminator.layers[2]))


def two_rates():
    net = D()
    return gan(
        discriminator=net,
        d_optimizer=torch.optim.RMSprop(
            [{"params": net.layers[0].parameters(), "lr": 1e-4}, {"params": net.layers[2].parameters()}], 1e-3
        ),
    )


def linear_g():
    return nn.Sequential(nn.Linear(3, 16), nn.Unflatten(1, SHAPE))


def in_parallel(network):
    """As it is on a machine without a GPU, also on one that has some: there it would move to the first of them."""
    made = nn.DataParallel(network).cpu()
    made.device_ids = []
    return made


HONEST = {
    "the textbook's": gan,
    "DCGAN with BatchNorm": lambda: gan(Convolutions(True), Convolutions(False)),
    "SNGAN": lambda: gan(discriminator=spectral_norm(D()), loss=hinge),
    "the older spectral norm": lambda: gan(discriminator=old_spectral_norm(D())),
    "WGAN, clipped": of(loss=wasserstein, after_step=[clipped], d_steps=3),
    "WGAN-GP": of(loss=wasserstein, d_penalties=[wgan_gp()]),
    "least squares with a sigmoid": d(torch.sigmoid, loss=least_squares),
    "hinge with a tanh": d(torch.tanh, loss=hinge),
    "a sigmoid within": lambda: gan(discriminator=Then(D(), before=torch.sigmoid)),
    "a sigmoid times ten": d(lambda x: 10 * x.sigmoid() - 5),
    "conditional, noisy": lambda: gan(Conditional()),
    "dropout": lambda: gan(discriminator=drops()),
    "recurrent": lambda: gan(discriminator=Recurrent()),
    "checkpointed": lambda: gan(discriminator=Checkpointed()),
    "compiled": lambda: gan(compiled(G()), compiled(D())),
    "data-parallel": lambda: gan(in_parallel(G()), in_parallel(D())),
    "an average": lambda: gan(after_step=[EMA(0.9)]),
    "bfloat16": of(precision="bfloat16"),
    "frozen layers": head_alone,
    "a shared frozen layer": lambda: shared(frozen=True),
    "a shared layer, trained by one": tied,
    "two rates, RMSprop": two_rates,
    "a view": lambda: gan(view=InstanceNoise(0.1, until=5)),
    "a view in place": of(view=in_place),
    "a network as a view": of(view=nn.Identity()),
    "half of a function": of(d_penalties=[functools.partial(lambda D, real, fake, k: k * D(real).mean(), k=0.1)]),
    "a penalty now and then": lambda: gan(d_penalties=[lazy(r1(1.0), 3), lambda D, real, fake: 0]),
    "a built-in as a view": of(view=torch.clone),
    "a G without a tanh": lambda: gan(linear_g()),
    "relativistic": of(loss=relativistic),
    "the best four": of(loss=Loss("top 4", non_saturating.d, lambda f, r: -f.topk(4, 0)[0].mean())),
    "samples in groups of four": lambda: gan(discriminator=InGroups(SHAPE, (8,))),
    "an average of a G that keeps its output": lambda: gan(KeepsItsOutput(3, SHAPE, (8,)), after_step=[EMA()]),
    "an average of a G with the older weight_norm": lambda: gan(old_weight_norm(G()), after_step=[EMA()]),
    "a hook with an average of its own": of(after_step=[hook(average=0.5)]),
    "a penalty with a slope and no name": of(d_penalties=[sloped, r1(1.0)]),
}


def sound_data():
    return Batches(data(), 8)


def honest(name):
    torch.manual_seed(0)
    return HONEST[name]()


@pytest.mark.parametrize("name", HONEST)
def test_what_is_honest_goes_by_without_a_word(name, way):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)  # old and new packages of each other
        way(lambda: honest(name), sound_data)
    assert not [str(each.message) for each in said if "torch" not in each.filename]  # it warns of its own


@pytest.mark.parametrize(
    "make, batches",
    [
        (gan, endless(loader(drop_last=False))),
        (gan, itertools.repeat(data()[:3])),
        (gan, (data()[:8] for _ in range(99))),
        (gan, iter([data()[:8]] * 20)),
        (gan, iter(sound_data())),
        (gan, Batches(data()[:8] * 0, 8)),
        (lambda: gan(linear_g()), Batches((data() + 1) / 2, 8)),
        (lambda: gan(linear_g()), Batches(data() * 3, 8)),
        (lambda: gan(Then(linear_g(), torch.sigmoid)), Batches((data() + 1) / 2, 8)),
        (lambda: gan(Then(linear_g(), torch.relu)), Batches((data() + 1) * 9, 8)),
        (gan, Batches(data() * 1.05, 8)),
    ],
)
def test_honest_data_goes_by_without_a_word(make, batches):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(list(train(make(), batches, 10))) == 10


def everything(made):
    """All that training depends on, and torch's own stream."""
    return copy.deepcopy(
        [
            made.generator.state_dict(),
            made.discriminator.state_dict(),
            made.noise_stream.get_state(),
            made.display_stream.get_state(),
            made.network_stream,
            torch.get_rng_state(),
            [layer.training for layer in [*made.generator.modules(), *made.discriminator.modules()]],
            [weight.grad for weight in made.discriminator.parameters()],
        ]
    )


@pytest.mark.parametrize("name", HONEST)
def test_the_door_changes_nothing(name):
    made, batches = honest(name), sound_data()
    made.discriminator.train()
    next(train(made, batches, 1))  # so that there are gradients and statistics
    before, place = everything(made), batches.position
    check(made, batches)
    torch.testing.assert_close(everything(made), before, rtol=0, atol=0)
    assert batches.position == place


@pytest.mark.parametrize("name", HONEST)
def test_who_comes_through_the_door_often_trains_the_same(name):
    once, often = honest(name), honest(name)
    batches, again = sound_data(), sound_data()
    list(train(once, batches, 6))
    for _ in range(6):
        torch.rand(5)  # the global stream is not the run's
        list(train(often, again, 1))
    assert still(weights(once), weights(often))


# ------------------------------------------------------------------ types of numbers


def in_autocast():
    with torch.autocast("cpu", torch.bfloat16):
        list(train(gan(), sound_data(), 2))


def by_default(dtype, make):
    """What is made while torch makes numbers of another type."""
    torch.set_default_dtype(dtype)
    try:
        return make()
    finally:
        torch.set_default_dtype(torch.float32)


def converted(change, **pieces):
    made = gan(**pieces)
    list(train(made, sound_data(), 2))
    change(made.generator)
    change(made.discriminator)
    train(made, Batches(data().double(), 8), 1)


TYPES = {
    "an autocast around it": (in_autocast, r"train outside of torch.autocast, and say GAN\(…, precision=.bfloat16"),
    "double and bfloat16": (
        lambda: gan(G().double(), D().double(), precision="bfloat16"),
        r"the generator is float64: generator.float\(\), or leave the precision out",
    ),
    "double networks": (
        lambda: list(train(by_default(torch.float64, gan), Batches(PIXELS, 8), 1)),
        r"the batches are torch.float32.* generator.float\(\) and discriminator.float\(\)",
    ),
    "double after training": (lambda: converted(nn.Module.double), "has learned as torch.float32: convert .* before"),
    "double with an average": (lambda: converted(nn.Module.double, after_step=[EMA()]), "convert networks before"),
    "bfloat16 after training": (lambda: converted(nn.Module.bfloat16), "has learned as torch.float32: convert"),
    "precision by hand": (
        lambda: train(changed(lambda made: setattr(made, "precision", "bf16"))(), sound_data(), 1),
        "precision must be one of float32, bfloat16, got 'bf16'",
    ),
    "latent by hand": (
        lambda: train(changed(lambda made: setattr(made, "latent", "normal"))(), sound_data(), 1),
        "latent must be one of gaussian, uniform, got 'normal'",
    ),
}


@pytest.mark.parametrize("name", TYPES)
def test_types_that_do_not_fit_are_named_with_a_cure_that_helps(name):
    do, words = TYPES[name]
    with pytest.raises(ValueError, match=words):
        do()


@pytest.mark.parametrize("make", [lambda net: net, KeepsItsOutput, torch.jit.script])
def test_an_average_begins_as_the_generator_is(make):
    generator = KeepsItsOutput(3, SHAPE, (8,)) if make is KeepsItsOutput else make(G())
    generator(torch.zeros(2, 3))
    made = gan(generator, after_step=[EMA()])
    assert made.shown is not generator and not any(weight.requires_grad for weight in made.shown.parameters())
    assert still(list(generator.parameters()), list(made.shown.parameters()))


def test_a_scorer_is_the_same_whatever_torchs_default(scorer):
    from gan_edu.core.measures.mnist_scores import feature_net

    digits = data().repeat(1, 1, 7, 7)
    feature_net.cache_clear()
    made = by_default(torch.float64, lambda: Scorer(50))
    assert made.score_images(digits) == scorer.score_images(digits)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_the_nearest_digits_of_any_numbers(dtype):
    images = data().repeat(1, 1, 7, 7)
    assert nearest_digits(images[:8].to(dtype), images)[1][:, 0].tolist() == list(range(8))


# ------------------------------------------------------------------ side doors

SPARSE, NESTED = data()[:4].flatten(1).to_sparse(), torch.nested.nested_tensor([data()[0, 0], data()[1, 0]])
PLANE, Z = distributions.ring(), torch.ones(2)
SIDE_DOORS = {
    "d_step of a loader": (lambda: d_step(gan(), loader()), TypeError, r"batches must give .*endless\(loader\)"),
    "g_step of a list": (lambda: g_step(gan(), [data()]), TypeError, "batches must give batches without end, got list"),
    "d_steps of a half": (
        lambda: train_step(changed(lambda made: setattr(made, "d_steps", 2.0))(), sound_data()),
        ValueError,
        "d_steps must be a whole number ≥ 1, got 2.0",
    ),
    "d_steps of none": (
        lambda: train_step(changed(lambda made: setattr(made, "d_steps", 0))(), sound_data()),
        ValueError,
        "d_steps must be a whole number ≥ 1, got 0",
    ),
    "judge an array": (lambda: gan().judge(ARRAY), TypeError, "samples must be a tensor.*ndarray.*torch.as_tensor"),
    "judge a list": (lambda: gan().judge([1, 2]), TypeError, "samples must be a tensor .*got list"),
    "latents of a seed": (lambda: gan().latents(4, 5), TypeError, r"stream must be a torch.Gen.* such as .* got 5"),
    "latents without end": (lambda: gan().latents(10**11), ValueError, "count must be a whole .* to 10,000,000"),
    "points of a seed": (lambda: PLANE.sample(3, 5), TypeError, "stream must be a torch.Generator"),
    "points without end": (lambda: PLANE.sample(10**12), ValueError, "count must be a whole number from 1 to 10,000"),
    "V of a seed": (lambda: value_by_monte_carlo(PLANE, PLANE, stream=0), TypeError, "stream must be a torch.Gen"),
    "a score of pictures": (lambda: Scorer.score(None, data()), TypeError, "must be a GAN, got Tensor: .*score_images"),
    "a scorer nowhere": (lambda: Scorer(50, device="gpu"), ValueError, "the device 'gpu' is not on this machine"),
    "slopes of pixels": (lambda: slopes_at(D(), PIXELS), TypeError, r"x must be .*torch.uint8: take x.float\(\)"),
    "slopes of an array": (lambda: slopes_at(D(), ARRAY), TypeError, "x must be a tensor.*got ndarray"),
    "slopes of a blind D": (
        lambda: slopes_at(lambda x: nn.Linear(1, 1)(torch.ones(2, 1)), data()),
        ValueError,
        "logits that depend on the samples.*leave detach",
    ),
    "slopes of a constant D": (lambda: slopes_at(lambda x: torch.ones(2, 1), data()), ValueError, "logits that depend"),
    "eigenvalues of a network": (
        lambda: leading_eigenvalues(G(), data(), torch.ones(4, 3)),
        TypeError,
        "gan must be a GAN.*got MLPGenerator",
    ),
    "a film of a GAN": (lambda: filmed(gan()), TypeError, "what is watched must give an iterator of records, got GAN"),
    "a film of numbers": (lambda: filmed(iter([1.0, 2.0])), TypeError, "a record must be yielded, got 1.0"),
    "sparse data": (lambda: Batches(SPARSE, 2), TypeError, r"data must be an ordinary .*take data.to_dense\(\)"),
    "data in rows": (lambda: Batches(data().flatten(1).to_sparse_csr(), 2), TypeError, r"take data.to_dense\(\)"),
    "nested data": (lambda: Batches(NESTED, 2), TypeError, r"torch.stack\(data.unbind\(\)\)"),
    "complex data": (lambda: Batches(data() * 1j, 2), TypeError, r"complex64: torch.view_as_real\(data\)"),
    "data of eighths": (lambda: Batches(data().to(torch.float8_e4m3fn), 2), TypeError, r"float8.*take data.float\(\)"),
    "a list of tensors": (lambda: Batches(list(data()), 2), TypeError, r"got list.*torch.stack\(list\)"),
    "sparse pictures": (lambda: salt(data().to_sparse()), TypeError, r"images must .*take images.to_dense\(\)"),
    "sparse points": (lambda: Coverage(PLANE).measure(SPARSE), TypeError, r"take samples.to_dense\(\)"),
    "sparse probabilities": (lambda: kl(torch.eye(2)[0].to_sparse(), [0.5, 0.5]), TypeError, "probabilities must"),
    "a mixture of halves": (
        lambda: distributions.Mixture("m", *[torch.ones(2, 1).half()] * 2, Z),
        TypeError,
        r"centres must be .*torch.float16: take centres.float\(\)",
    ),
}


def filmed(records):
    return Recorder(gan(), [0, 1], "a film", GridLook(2, 2)).record(records)


@pytest.mark.parametrize("name", SIDE_DOORS)
def test_side_doors_have_the_words_of_the_front_door(name):
    do, error, words = SIDE_DOORS[name]
    with pytest.raises(error, match=words):
        do()


def test_a_hook_that_takes_a_step_is_told_as_what_it_is():
    batches = sound_data()
    made = gan(after_step=[lambda made: g_step(made, batches)])
    with pytest.raises(RecursionError):
        next(train(made, batches, 1))


def test_slopes_of_a_function_are_those_of_the_network():
    net, x = D(), data()
    assert torch.equal(slopes_at(lambda x: net(x), x), slopes_at(net, x))


def test_what_the_door_cannot_see():
    """Its docstring says so: here are the limits, held so that the words stay true."""
    hidden = gan(discriminator=Then(D(), lambda x: 1 / (1 + torch.exp(-x))))
    assert len(list(train(hidden, sound_data(), 2))) == 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        list(train(gan(linear_g()), Batches((data() + 1) * 127.5, 8), 2))
