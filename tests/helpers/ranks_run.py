"""What processes do in tests of `core.training.ranks`: `ranks_run.py JOB PATH …`, JOB is a function of JOBS.

`ranks_run.py copies` waits for lines and makes a copy of itself for each: what it has loaded is loaded once for all.
"""

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import torch
from torch import nn

from gan_edu.core.data.batches import Batches
from gan_edu.core.training import checkpoint
from gan_edu.core.training.batch_layers import MinibatchDiscrimination, MinibatchStd, Packed
from gan_edu.core.training.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.core.training.launched import launch
from gan_edu.core.training.networks import mlp
from gan_edu.core.training.penalties import lazy
from gan_edu.core.training.ranks import joined
from gan_edu.core.training.shared_step import shared
from gan_edu.core.training.streams import seeded
from gan_edu.losses import Loss, non_saturating, relativistic
from gan_edu.mnist_gan import textbook
from gan_edu.modern import DiffAugment, fresh, recipe
from gan_edu.training_loop import GAN, train, train_step
from gan_edu.tricks import EMA, CosineDecay, InstanceNoise, dragan, r1, spectral_norm, wgan_gp

STEPS = 100
SEED = 3
SEEDS = (0, 2)  # of runs in float32
SHORT = ("batch normalisation", "now and then", "dropout", "minibatch statistics", "packs", "pictures", "conditions")
SAVED = "views, averages, rates"  # the case of checkpoints


def points(dtype=torch.float64, batch=12):
    data = torch.randn(60, 2, generator=torch.Generator().manual_seed(7))
    return Batches(data.to(dtype), batch, SEED)


def pictures():
    data = torch.rand(48, 1, 28, 28, generator=torch.Generator().manual_seed(7)) * 2 - 1
    return Batches(data.double(), 8, SEED)


def plane(g=None, d=None, **pieces):
    """A small GAN in the plane, float64."""
    with seeded(SEED):
        networks = [each.double() for each in ((g or (lambda: mlp((4, 16, 2))))(), (d or (lambda: mlp((2, 16, 1))))())]
    return GAN(*networks, 4, seed=SEED, **pieces), points()


def normed():
    """G with batch normalisation."""
    return nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))


def with_layer(layer, width=16):
    return lambda: nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), layer, nn.Linear(width, 1))


def batch_layers():
    return nn.Sequential(
        nn.Linear(2, 16), nn.ReLU(), MinibatchStd(), MinibatchDiscrimination(17, 3, 2), nn.Linear(20, 1)
    )


def on_pictures():
    with seeded(SEED):
        networks = [ConvGenerator(4, 1, 2, grow="resize").double(), ConvDiscriminator(1, 2).double()]
    return GAN(*networks, 4, view=DiffAugment(), seed=SEED), pictures()


def modern():
    with seeded(SEED):
        g, d = mlp((4, 16, 2)).double(), mlp((2, 16, 1)).double()
    return GAN(g, d, 4, **recipe(g, d, STEPS, gamma=0.1), seed=SEED), points()


def with_conditions():
    class Given(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.layers = mlp((inputs, 16, outputs))

        def forward(self, x, condition):
            return self.layers(torch.cat([x, condition], 1))

    with seeded(SEED):
        g, d = Given(6, 2).double(), Given(4, 1).double()
    data = torch.randn(60, 4, generator=torch.Generator().manual_seed(7)).double()
    return GAN(g, d, 4, d_penalties=[r1(0.5)], seed=SEED), Batches(data[:, :2], 12, SEED, conditions=data[:, 2:])


CASES = {  # what is random or couples samples, in each place where it may be
    "plain": (plane, train_step),
    "views, averages, rates": (
        lambda: plane(view=InstanceNoise(0.3, until=80), after_step=[EMA(0.9), CosineDecay(STEPS)], d_steps=2),
        train_step,
    ),
    "points of penalties": (
        lambda: plane(d_penalties=[wgan_gp(1.0), dragan(1.0)], loss=relativistic, g_steps=2, latent="uniform"),
        train_step,
    ),
    "now and then": (lambda: plane(d_penalties=[lazy(r1(1.0), every=4)], d=spectral), train_step),
    "dropout": (lambda: plane(d=with_layer(nn.Dropout(0.3))), train_step),
    "batch normalisation": (lambda: plane(g=normed, after_step=[EMA(0.9)]), train_step),
    "minibatch statistics": (
        lambda: plane(d=batch_layers),
        train_step,
    ),
    "packs": (lambda: plane(d=lambda: Packed(nn.Sequential(mlp((4, 16, 1)), nn.Dropout(0.1)), 2)), train_step),
    "pictures": (on_pictures, train_step),
    "modern": (modern, fresh),
    "conditions": (with_conditions, train_step),
}


def spectral():
    return spectral_norm(mlp((2, 16, 1)))


def end_of(name, here):
    """Train a case, of those in SHORT fewer steps. Returns what it ends with: numbers, streams, the records' values."""
    build, step = CASES[name]
    gan, batches = build()
    records = [r.values for r in train(gan, batches, 30 if name in SHORT else STEPS, step=shared(step, here))]
    state = gan.state_dict()
    average = gan.shown.state_dict() if gan.shown is not gan.generator else {}
    weights = [*state["generator"].values(), *state["discriminator"].values(), *average.values()]
    return {
        "weights": torch.cat([each.double().flatten() for each in weights]),
        "streams": [state["noise_stream"], *state["network_stream"]],
        "records": {name: torch.stack([each[name] for each in records]) for name in records[0]},
        "place": (batches.epoch, batches.position),
    }


class Reversed:
    """The same batches, each with its samples in the other order: sums are the same but for rounding."""

    def __init__(self, batches):
        self.batches = batches

    def __next__(self):
        return next(self.batches).flip(0)


def textbook_end(here, seed, backwards=False, steps=30):
    """Float32 weights of the textbook's GAN."""
    data = torch.rand(640, 1, 28, 28, generator=torch.Generator().manual_seed(seed)) * 2 - 1
    gan, batches = textbook(seed), Batches(data, 64, seed)
    if backwards:
        latents = gan.latents
        gan.latents, batches = lambda count, stream=None: latents(count, stream).flip(0), Reversed(batches)
    for _ in train(gan, batches, steps, step=shared(train_step, here)):
        pass
    return torch.cat([w.detach().flatten() for w in [*gan.generator.parameters(), *gan.discriminator.parameters()]])


def laws(path):
    """Each case, the textbook's GAN in float32, and a checkpoint of step 40 that process 0 saves."""
    with joined() as here:
        ends = {name: end_of(name, here) for name in CASES}
        ends["float32"] = [textbook_end(here, seed) for seed in SEEDS]
        torch.save(ends, f"{path}.{here.rank}")
        begun(f"{path}.ckpt", here)
    names = [each.read_text().strip() for each in Path("/proc/self/task").glob("*/comm")]
    assert not [name for name in names if "gloo" in name], names  # they may abort a process at the end of Python


def begun(path, here):
    """A run saved at step 40."""
    gan, batches = CASES[SAVED][0]()
    for _ in train(gan, batches, 40, step=shared(train_step, here)):
        pass
    if here.first:
        checkpoint.save(path, gan=gan, batches=batches)


def gone_on(path, here):
    """The rest of it, to the end; process 0 alone reads the file."""
    gan, batches = CASES[SAVED][0]()
    if here.first:
        checkpoint.load(path, gan=gan, batches=batches)
    here.alike(gan=gan, batches=batches)
    for _ in train(gan, batches, STEPS - gan.step, step=shared(train_step, here)):
        pass
    if here.first:
        checkpoint.save(path, gan=gan, batches=batches)


class Centred(nn.Module):
    """A layer that sees the batch and does not say so."""

    def forward(self, x):
        return x - x.mean(0)


def mean_real(r, f):
    return nn.functional.softplus(f - r.mean()).mean() + nn.functional.softplus(f.mean() - r).mean()


def another(gan):
    """A hook that does something else in each process."""
    with torch.no_grad():
        gan.generator[0].weight.mul_(1 + 0.01 * int(os.environ["RANK"]))


def built(**pieces):
    """Process 0 without, the others with the pieces."""
    return plane(**(pieces if os.environ["RANK"] == "1" else {}))


FAULTS = {
    "a loss that is no mean": lambda: plane(loss=Loss("average", mean_real, non_saturating.g)),
    "a layer that does not say so": lambda: plane(d=with_layer(Centred())),
    "a shuffle": lambda: plane(view=lambda x: x + 0.5 * x[torch.randperm(len(x))]),
    "other batches": lambda: (plane()[0], other_batches()),
    "built otherwise": lambda: built(d_penalties=[r1(1.0)]),
    "not divisible": lambda: (plane()[0], points(batch=15)),
    "drifting apart": lambda: plane(after_step=[another]),
}


def other_batches():
    stream = torch.Generator().manual_seed(int(os.environ["RANK"]))
    while True:
        yield torch.randn(12, 2, generator=stream).double()


def faults(path):
    """What each fault is told as, by both processes."""
    told = {}
    with joined() as here:
        for name, build in FAULTS.items():
            gan, batches = build()
            try:
                for _ in train(gan, batches, STEPS, step=shared(train_step, here)):
                    pass
            except ValueError as error:
                told[name] = str(error)
        torch.save(told, f"{path}.{here.rank}")


def say(line):
    """A line that no other process's runs into."""
    os.write(1, f"{line}\n".encode())


def slowly(path):
    """A run to be killed: it says which process is which, and saves each 10 steps."""
    with joined() as here:
        gan, batches = CASES[SAVED][0]()
        if here.first and Path(path).is_file():
            checkpoint.load(path, gan=gan, batches=batches)
        here.alike(gan=gan, batches=batches)
        say(f"process {here.rank} is {os.getpid()}, from step {gan.step}")
        for record in train(gan, batches, STEPS - gan.step, step=shared(train_step, here)):
            if here.first and record.step % 10 == 0:
                checkpoint.save(path, gan=gan, batches=batches)
            if here.first and record.step == 60 and "wait" in sys.argv:
                say("at step 60")
            time.sleep(1 if record.step >= 60 and "wait" in sys.argv else 0)


def waiting(path):
    """Process 0 waits for the other, which does not come."""
    with joined() as here:
        say("both are there")
        time.sleep(1 if here.first else 1000)
        here.told("nothing")


class NoDistance(nn.Module):
    """In the place of torchmetrics' FID, which takes longer to load than all else; test_features.py tests scores."""

    def __init__(self, **_):
        super().__init__()

    def set_dtype(self, dtype):
        """As torchmetrics has it."""

    def reset(self):
        """As torchmetrics has it."""

    def update(self, features, real):
        """As torchmetrics has it."""

    def compute(self):
        return torch.tensor(1.0)


def command(path):
    """The course's own command with a small stock of pictures and a quick score."""
    from gan_edu import __main__
    from gan_edu.core.measures import mnist_scores
    from gan_edu.recordings import recipes

    data = torch.randint(0, 256, (640, 1, 28, 28), generator=torch.Generator().manual_seed(7), dtype=torch.uint8)
    recipes.textbook_batches = lambda seed, device: Batches(data, 64, seed, device)
    features = torch.rand(200, mnist_scores.DIMENSIONS, generator=torch.Generator().manual_seed(7))
    mnist_scores._test_features = lambda *_: features.double()
    sys.modules["torchmetrics.image.fid"] = SimpleNamespace(FrechetInceptionDistance=NoDistance)
    recipes.Scorer = lambda samples, device: mnist_scores.Scorer(100, device)
    os.chdir(path)
    sys.exit(__main__.main(sys.argv[3:]))


def in_colab(path):
    """Each says that it is there, and which it is."""
    with joined() as here:
        torch.save(here.count, f"{path}.{here.rank}")


class Colab:
    """What accelerate knows Colab by."""

    def get_ipython(self):
        return "<google.colab._shell.Shell object>"


JOBS = {job.__name__: job for job in (laws, faults, slowly, waiting, command, in_colab)}


def run():
    """The job that is asked for, in the processes that are there, or else in two."""
    job, where = JOBS[sys.argv[1]], sys.argv[2]
    if job is command or int(os.environ.get("WORLD_SIZE", 1)) > 1:
        job(where)
    else:
        if job is in_colab:
            sys.modules["IPython"] = Colab()
        launch(2, job, where)


def copies():
    """For each line, [a path, arguments …], a copy of this process that runs them and speaks into the path.

    It tells the copy's number, and then how it ended.
    """
    for name in ("torch._dynamo", "accelerate", "gan_edu.recordings.recipes"):  # what jobs would load, each for itself
        import_module(name)
    for line in sys.stdin:
        heard, *arguments = json.loads(line)
        if not (copy := os.fork()):
            out = os.open(heard, os.O_WRONLY)
            os.dup2(out, 1)
            os.dup2(out, 2)
            os.close(out)
            sys.argv[1:] = arguments
            run()
            return
        print(copy, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]), flush=True)


if __name__ == "__main__":
    copies() if sys.argv[1] == "copies" else run()
