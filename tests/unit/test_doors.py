"""Each public number, path and function is looked at where it is handed over: a table of all doors, complete by search.

A door is a parameter of a public function or class of the package that is annotated as a number, a truth, a path or a
function.
Each is in DOORS, with a call that hands a value over, or in ELSEWHERE, with the reason. What must be refused follows
from the annotation (True, "3", NaN … as a count) and from the table; what must be taken is the good value as numpy's,
with the same result.
"""

import inspect
import itertools
import json
import math
import pkgutil
import re
from contextlib import nullcontext
from dataclasses import replace
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
import traitlets
from helpers import small_few, small_machines, small_recipes
from helpers.controls import EXAMPLES, name_machine, secret_message, sharpening
from helpers.small_bench import small_bench
from torch import nn
from torch.utils.data import TensorDataset

import gan_edu
from gan_edu import (
    convergence,
    convolutional as chapter_10,
    evaluation,
    finance,
    losses,
    mnist_gan,
    mode_collapse,
    modern,
    molecules,
    restoration,
    scaling,
    text,
    training_loop,
    transfer,
    translation,
    tricks,
    value_function,
    wasserstein,
    widgets,
)
from gan_edu.__main__ import main
from gan_edu.core.data import (
    batches as batch_module,
    ciphers,
    damage,
    datasets,
    distributions,
    handling,
    lambert_w,
    latent_paths,
    molecule_graphs,
    own_pictures,
    pixels,
    returns,
    running_text,
    stacked,
    texts,
)
from gan_edu.core.data.streamed import Streamed
from gan_edu.core.games import (
    eigenvalues,
    examples,
    field,
    two_numbers,
    update_rules,
)
from gan_edu.core.live import driver, run
from gan_edu.core.live.settings import Settings
from gan_edu.core.measures import (
    feature_scores,
    lexicons,
    mixture_scores,
    mnist_scores,
    probe,
    provenance,
    sample_scores,
    score,
    stacked_scores,
    step_cost,
    stored_machines,
    stored_scores,
    stylised_facts,
    text_scores,
    value_at_risk,
    variety,
)
from gan_edu.core.notebook import figures
from gan_edu.core.recording import collapse_alarm, equal_time, frame_schedule, grid_look, recorder, recording
from gan_edu.core.rivals import autoregressive, diffusion, garch, unet, vae
from gan_edu.core.safety import durable
from gan_edu.core.safety.interrupts import Paused
from gan_edu.core.training import (
    batch_layers,
    beta2,
    checkpoint,
    compact,
    convolutional,
    cosine_decay,
    cycle,
    few_labels,
    graphs,
    inversion,
    launched,
    learning_rates,
    networks,
    penalties,
    ranks,
    residual,
    scheduled,
    sequences,
    style,
    translator,
)
from gan_edu.core.training.alphabet import Symbols
from gan_edu.core.training.captured import captured
from gan_edu.core.training.loss import Loss
from gan_edu.quizzes import files as quiz_files
from gan_edu.recordings import recipes, resumable
from gan_edu.widgets.collapse_theatre.stage import Cure, Pictures
from gan_edu.widgets.kit import still
from gan_edu.widgets.market_maker import shuffle
from gan_edu.widgets.plane import build as laboratory, trick_settings

PICTURES = torch.linspace(-1, 1, 8 * 4 * 4).view(8, 1, 4, 4)
Z = torch.tensor([1.0, 2.0])
SAMPLES = torch.linspace(0, 1, 24, dtype=torch.float64).view(12, 2) ** 2


def small(**fields):
    """A GAN of pictures (N, 1, 4, 4)."""
    torch.manual_seed(0)
    generator = networks.MLPGenerator(2, (1, 4, 4), (4,))
    return training_loop.GAN(generator, networks.MLPDiscriminator((1, 4, 4), (4,)), **{"latent_dim": 2, **fields})


def batches(**options):
    return batch_module.Batches(PICTURES, **{"batch_size": 4, **options})


def streaming(**options):
    return Streamed(TensorDataset(PICTURES, PICTURES), **{"batch_size": 4, "workers": 0, **options})


def pictured(**options):
    return own_pictures.PictureFolder(**{"folder": "~/pictures", "size": 4, **options})[0]


def film(**options):
    """A recording of two frames."""
    gan = small()
    watching = recorder.Recorder(gan, [0, 2], "t", grid_look.GridLook(1, 2), **options)
    return watching.record(training_loop.train(gan, batches(), 2))


def film_of(**options):
    """What of a recording does not depend on the clock."""
    meta = film(**options).meta
    return {name: meta[name] for name in ("grid", "steps_per_epoch", "frames", "title", "name")}


class Running(run.Run):
    """A run that nobody watches but its recorder."""

    def __init__(self, build=lambda: (small(), batches()), train=training_loop.train, rate=10, resume=None):
        self.begin(build, train, rate, resume)

    def recorder_of(self, gan, batches):
        return recorder.Recorder(gan, frame_schedule.OpenEnded(), "t", grid_look.GridLook(1, 1))

    def then(self, job):
        """What it is after a job: its step, settings and samples."""
        job(self)
        self.wait()
        return self.gan.step, self.live_settings.values(), self.gan.generate(torch.zeros(1, 2))


def learned(optimizer_of):
    """The settings of an optimiser."""
    return {name: value for name, value in optimizer_of(small().generator).param_groups[0].items() if name != "params"}


def saved(folder):
    """A folder that a run was saved in."""
    return Running().save(folder)


def weights(network):
    return [tuple(each.shape) for each in network.parameters()]


def mixture(p):
    return p.name, p.centres, p.scales, p.weights


def values(thing):
    """What a small object keeps."""
    return {name: value for name, value in vars(thing).items() if isinstance(value, (int, float, str, tuple))}


def penalty(discriminator, real, fake):
    return real.sum()


def followed(**options):
    """The steps of a short run's looks, and how far its samples were."""
    gan, real = small(), PICTURES[:4]
    looks = wasserstein.followed(gan, batches(), **{"steps": 4, "real": real, "looks": 2, **options})
    return [(look.step, look.distance) for look in looks]


def v(theta, psi):
    return -psi, theta


def density(name, least=None):
    """The doors of a distribution's one argument."""
    return lambda value: mixture(getattr(distributions, name)(**{least: value}))


def rebuilt(quality):
    old = film()
    meta = {name: value for name, value in old.meta.items() if name not in ("atlas", "checksum")}
    return recording.build([old.frame(0), old.frame(1)], meta, quality).atlas


def changed(optimizer, rate):
    learning_rates.set_rate(small(), optimizer, rate)
    return optimizer


def film_of_grid(**sizes):
    look = grid_look.GridLook(**{"rows": 1, "columns": 1, **sizes})
    return recorder.Recorder(small(), [0], "t", look).about()["grid"]


def watched():
    watching = recorder.Recorder(small(), [0], "t", grid_look.GridLook(1, 1))
    watching.keep()
    return watching


def led(**options):
    return eigenvalues.leading_eigenvalues(small(), PICTURES, torch.ones(4, 2), **{"count": 2, **options}).abs()


def losses_of(d, g):
    return d * g


def divergence(**pieces):
    made = losses.FDivergence(
        "f", **{**dict.fromkeys(("f", "conjugate", "activation", "composed"), abs), "at_one": (0.0, 0.0), **pieces}
    )
    return made.at_one


def lsgan(*targets):
    return losses.least_squares_with(*targets).optimum


def filmed(**options):
    watching = recorder.Recorder(small(), [0], "t", grid_look.GridLook(1, 1))
    return resumable.record(
        watching, batches(), **{"train": training_loop.train, "total": 1, "into": "into", "every": 1, **options}
    )


def scales(**options):
    gan = small()
    made = tricks.two_time_scales(gan.generator, gan.discriminator, **options)
    return [learned(lambda _, each=each: each) for each in made.values()]


def scored(features=None, least=2, groups=20):
    """A score, called: it takes samples apart, and knows how many it needs."""
    made = score.Score("s", lambda real, fake: fake.mean().item(), features, least=least, groups=groups)
    return made(SAMPLES, SAMPLES + 1)


def way(generate=torch.sin, features=torch.square, step=0.5):
    return feature_scores.path_length(generate, features, step)(SAMPLES, SAMPLES + 1)


def spoiled(level=0.5, seed=0):
    return evaluation.corrupted(evaluation.Splits(*[PICTURES[:2]] * 4), "noise", level, seed)


def drawn(z):
    return torch.zeros(len(z), 1, 4, 4)


def classes_of(pictures):
    return pictures[:, 0, 0, 0].long() * 0


def asked_board(generate=lambda z, y: drawn(z), reads=None):
    return widgets.ConditionBoard(generate, torch.ones(2, 2), ("a", "b"), reads).board


def half(seen, known):
    return seen / 2


def asked_painter(restore=half, real_of=None):
    return widgets.MaskPainter(torch.zeros(1, 1, 28, 28), {"0": restore}, real_of=real_of).hole


def near(samples, count):
    return torch.zeros(1, count, 1, 4, 4)


def explorer(**options):
    return widgets.LatentExplorer(drawn, torch.ones(2, 2), **options)


def live(build=lambda: (small(), batches()), train=training_loop.train, **options):
    made = widgets.Live(build, train, **options)
    return made.gan.step, made.recorder.about()["grid"], values(made.recorder.at)


def plane(**options):
    made = widgets.Plane(**{"GAN": training_loop.GAN, "train": training_loop.train, "losses": losses.LOSSES, **options})
    return made.laboratory.seed, made.recorder.at.every


def alarm_with(**options):
    made = collapse_alarm.CollapseAlarm({"a": lambda samples: 1.0}, **options)
    return made.below, made.after, made.samples


def on_a_ring(steps=4, **options):
    gan = training_loop.GAN(networks.mlp([2, 2]), networks.mlp([2, 1]), 2)
    return mode_collapse.watched(gan, distributions.Draws(distributions.ring(), 8), steps, **{"looks": 1, **options})


def after_unrolled(**options):
    """What G makes after a step."""
    gan, step = small(), mode_collapse.unrolled(**{"k": 2, "rate": 0.1, **options})
    for _ in training_loop.train(gan, batches(), 1, step=step):
        pass
    return gan.generate(torch.zeros(1, 2))


SMALL_CONVOLUTIONS = {
    convolutional.ConvGenerator: {"latent_dim": 3, "channels": 1, "width": 3},
    convolutional.ConvDiscriminator: {"channels": 1, "width": 3, "hidden": 3},
}


SMALL_RESIDUAL = {"channels": 1, "widths": (4, 4), "side": 4, "blocks": (1, 1), "expansion": 1, "group": 4}
SMALL_COMPACT = {"channels": 1, "width": 2, "side": 28, "blocks": 1, "expansion": 1, "group": 0}
BLOCK = {"maps": 4, "expansion": 1, "group": 2, "blocks": 1}


def of_style(**options):
    torch.manual_seed(0)
    return style.StyleGenerator(**{"latent_dim": 3, "widths": (2, 2), "side": 4, "styles": 3, "depth": 1, **options})


GREY = torch.linspace(-1, 1, 4 * 784).view(4, 1, 28, 28)
SMALL_RIVALS = {  # the numbers of each network, all good
    vae.Decoder: {"latent_dim": 2, "width": 2, "hidden": 2, "logistics": 2},
    vae.Encoder: {"latent_dim": 2, "width": 2, "hidden": 2},
    autoregressive.PixelGenerator: {"units": 2, "context": 2, "reach": 2, "width": 2, "logistics": 2},
    unet.TimedBlock: {"maps": 2, "told": 2},
    unet.DenseBlock: {"maps": 2, "told": 2, "units": 2, "few": 2},
    unet.Hourglass: {"channels": 2, "told": 2, "width": 2, "blocks": 2, "units": 2, "few": 2, "wide": 2},
    unet.UNet: {"width": 2, "blocks": 2, "units": 2},
}


LIGHT = (GREY + 1) / 2
PAIR = {"latent_dim": 3, "width": 3, "hidden": 3}


def lost(make):
    """What a damage leaves of grey pictures, of the same stream each time."""
    return [each.sum() for each in make(LIGHT, torch.Generator().manual_seed(0))]


def restorer(**options):
    torch.manual_seed(0)
    return restoration.Restorer(**{"latent_dim": 2, "width": 2, "units": 2, "few": 2, **options})


def answered(**options):
    return restorer().answers(LIGHT, torch.zeros_like(LIGHT), **options).sum()


def few(**options):
    """Of two classes, four pictures each."""
    labels = torch.arange(8) % 2
    return transfer.few(PICTURES, labels, **{"classes": [0, 1], "each": 1, **options})[0].sum()


def handed_over(**options):
    """The first step's sums of a GAN that begins where another is."""
    torch.manual_seed(0)
    source = training_loop.GAN(*transfer.pair(2, 2, 2), 2)
    gan = transfer.transferred(source, **options)
    for _ in training_loop.train(gan, batch_module.Batches(torch.linspace(-1, 1, 4 * 784).view(4, 1, 28, 28), 4), 2):
        pass
    return [weight.sum() for player in (gan.generator, gan.discriminator) for weight in player.parameters()]


def cycled(**options):
    """The generators' loss of one step of two networks of points."""
    torch.manual_seed(0)
    forth, back, *judges = (networks.mlp([2, size]) for size in (2, 2, 1, 1))
    others = {
        name: training_loop.Player(network, networks.adam(network))
        for name, network in (("back", back), ("back_discriminator", judges[0]))
    }
    gan = training_loop.GAN(forth, judges[1], 0, losses.least_squares, others=others)
    return float(cycle.cycling(**options)(gan, iter([(SAMPLES.float(), 1 - SAMPLES.float())])).values["g_loss"])


def of_few_labels(weight):
    """What D has learned in a step from points without labels, and with."""
    torch.manual_seed(0)
    G, D = networks.mlp([2, 2]), few_labels.NamesClasses(networks.mlp([2, 4]), 4, 3)
    gan = training_loop.GAN(G, D, 2, mode_collapse.feature_matching)
    batch = SAMPLES.float(), (SAMPLES.float(), torch.arange(12) % 3)
    few_labels.semi_supervised(weight)(gan, iter([batch]))
    return weights(D)


def seen_by(layer):
    torch.manual_seed(0)
    return layer(SAMPLES)


MARK, CLASSES = provenance.key(0), torch.arange(12) % 3


ROWS = torch.rand(2, 12, 5, generator=torch.Generator().manual_seed(0)).double()
FEW_WORDS = running_text.counted(["a b c a b d a c b d a", "d c b a"])


def deciphering(**options):
    torch.manual_seed(0)
    return translation.Decipher(**options)(torch.eye(27)[None, :, :12]).detach()


def translating(**options):
    torch.manual_seed(0)
    network = translator.Translator(**{"source": 5, "target": 6, "units": 3, "most": 2, **options})
    return network.translated(torch.ones(1, 2).long())


def verdict(told="g_loss", **options):
    torch.manual_seed(0)
    gan = training_loop.GAN(translator.Translator(5, 6, 3, 2), translator.SentenceCritic(5, 6, 3), 0)
    x = torch.ones(2, 2)
    return float(translator.by_verdict(**options)(gan, iter([(x, x.long())])).values[told])


def upright(beta):
    gan = training_loop.GAN(translation.Rotation(2), networks.mlp([2, 1]), 0)
    with torch.no_grad():
        gan.generator.weight.mul_(1.5)
    translation.upright(beta)(gan)
    return gan.generator.weight.detach()


def encoded(**options):
    gan = small(
        others={
            "encoder": training_loop.Player(code := nn.Sequential(nn.Flatten(), nn.Linear(16, 2)), networks.adam(code))
        }
    )
    return costs_of(gan, inversion.encoding(**options), PICTURES)


def searched(**options):
    gan = training_loop.GAN(inversion.Latents(small().generator, 2, 8), None, 0)
    return costs_of(gan, inversion.inverting(**options), PICTURES)


def costs_of(gan, step, x):
    return float(step(gan, itertools.repeat(x)).values["g_loss"])


WORDS_OF = text.NAMES
PAYS = torch.tensor([0.3, -0.5, 1.1]), torch.tensor([1.0, 2.0, 5.0])
HALVES = torch.full((2, 13), 0.5)


def writer(width=2):
    torch.manual_seed(0)
    return text.Writer(WORDS_OF, width)


def spelled():
    """A GAN of a writer and a reader."""
    G = writer()
    return training_loop.GAN(G, text.Reader(WORDS_OF, 2), G.latent_dim, latent="uniform")


def step_of_names(step):
    return float(step(spelled(), itertools.repeat(WORDS_OF.encode(["smith", "jones"]))).values["g_loss"])


TRIANGLE = graphs.GraphForm(3, 3, 3)


def graph_writer(**given):
    torch.manual_seed(0)
    return graphs.GraphWriter(TRIANGLE, **{"draws": False, "code": 2, "width": 2, **given})


def shares_of(**given):
    return graph_writer(**given)(torch.ones(1, 2)).flatten().tolist()


def worth(texts):
    """Of an objective."""
    return [len(each) / 100 for each in texts]


def written(**options):
    return writer().write(HALVES, **options).argmax(2).tolist()


def relaxed(**options):
    return writer().relaxed(HALVES[..., None].expand(-1, -1, 27).contiguous(), **options).sum().item()


def gumbel(**options):
    return sequences.gumbel_softmax(PAYS[0], torch.tensor([0.2, 0.5, 0.9]), **options).sum().item()


def rival():
    """A small autoencoder, which is never trained."""
    torch.manual_seed(0)
    G, E = (network(**SMALL_RIVALS[network]) for network in (vae.Decoder, vae.Encoder))
    return training_loop.GAN(G, None, 2, others={"encoder": training_loop.Player(E, networks.adam(E))})


def denoising(steps=2):
    torch.manual_seed(0)
    return diffusion.Diffusion(unet.UNet(2, 1, 2), steps)


def costs(gan, step, name):
    """A value of a GAN's first step."""
    return float(step(gan, batch_module.Batches(GREY, 4)).values[name])


def of_recipe(**options):
    """The numbers of R3GAN's pieces, as they begin."""
    gan = small()
    pieces = modern.recipe(gan.generator, gan.discriminator, **{"steps": 4, **options})
    rates = [pieces[name].param_groups[0]["lr"] for name in ("g_optimizer", "d_optimizer")]
    return rates, [values(each) for each in (*pieces["d_penalties"], *pieces["after_step"])]


def unread(**weights):
    """What G and the reader of a small InfoGAN pay in its first step."""
    torch.manual_seed(0)
    G, Q = chapter_10.Coded(convolutional.ConvGenerator(5, width=1), 2, 1), reading(2, 1)
    players = {"reader": chapter_10.Player(Q, networks.adam(Q))}
    gan = training_loop.GAN(G, convolutional.ConvDiscriminator(1, 1, 2), 5, others=players)
    given = batch_module.Batches(torch.zeros(4, 1, 28, 28), 4)
    return float(chapter_10.informed(**weights)(gan, given).values["unread"])


def reading(*sizes):
    return chapter_10.Reading(convolutional.ConvDiscriminator(1, 1, 2), *sizes)


def by_steps(gan, given, steps, step):
    return training_loop.train(gan, given, steps, step=step)


def stage(**fields):
    """The theatre's ring with other fields."""
    made = replace(mode_collapse.stages()["ring"], **fields)
    return [getattr(made, name) for name in fields]


def cure(**fields):
    made = Cure("a cure", "what it does", **fields)
    return [getattr(made, name) for name in fields]


def shown(**options):
    """What the theatre was made with."""
    pieces = {"train": by_steps, "step": training_loop.train_step, **options}
    made = widgets.CollapseTheatre(mode_collapse.stages(), mode_collapse.cures(), **pieces)
    return made.seed, made.gan.step


def pictures(rows=1, columns=1, read=list, **options):
    look = Pictures(rows, columns, read, **options)
    return look.rows, look.columns, look.samples


HINGE = {"hinge": losses.hinge}


def work(**other):
    return step_cost.work_of_mlps(**{"generator": (3, 2), "discriminator": (2, 1), "batch": 4, **other})


DAYS = torch.randn(300, generator=torch.Generator().manual_seed(0), dtype=torch.float64)  # of a market
GARCH = garch.Garch(0.0, 0.1, 0.1, 0.0, 0.8)
BEYOND = DAYS < -1.6


def priced(**options):
    """Paths of a small generator, and whether it has a past."""
    torch.manual_seed(0)
    return finance.Paths(**{"series": 1, "length": 8, "past": 4, "noise": 2, "width": 2, "reach": 4, **options})


def judged_window(**options):
    torch.manual_seed(0)
    given = {"series": 1, "length": 8, "past": 0, "width": 2, "size": True, **options}
    return weights(finance.WindowCritic(**given))


def windowed(**options):
    batch = next(finance.Market.of(DAYS).batches(**{"length": 8, "past": 4, "batch_size": 4, "seed": 1, **options}))
    return [each.shape for each in batch], batch[0].sum()


def said_each_day():
    return value_at_risk.Risk(torch.full_like(DAYS, 1.6), torch.full_like(DAYS, 2.0))


def daily(**options):
    way = lambert_w.Gaussianised.scaled(DAYS)
    return finance.risk_each_day(priced(), way, DAYS, **{"level": 0.1, "draws": 200, **options}).value.sum()


def path_of(**options):
    way = lambert_w.Gaussianised.scaled(DAYS)
    return finance.simulated(priced(past=0), way, **{"count": 1, "days": 9, **options})


FRESH = object()  # a path that nothing lies at yet
lerp = latent_paths.lerp

# parameter: (call(value), good value, *values to be refused beside those that its kind refuses)
DOORS = {
    "core.data.lambert_w.heavy.delta": (lambda x: lambert_w.heavy(DAYS, x).sum(), 0.5, -0.1, 6),
    "core.data.lambert_w.light.delta": (lambda x: lambert_w.light(DAYS, x).sum(), 0.5, -0.1, 6),
    "core.data.returns.windows.length": (lambda x: returns.windows(DAYS, x).shape, 3, 0, 301),
    "core.data.returns.followed.ahead": (lambda x: returns.followed(DAYS, x, 3)[0].shape, 3, 0),
    "core.data.returns.followed.past": (lambda x: returns.followed(DAYS, 3, x)[0].shape, 3, 0),
    "core.measures.stylised_facts.tail_index.share": (lambda x: stylised_facts.tail_index(DAYS, x), 0.5, 0, 0.6),
    "core.measures.stylised_facts.autocorrelation.lags": (
        lambda x: stylised_facts.autocorrelation(DAYS, x),
        [1, 2],
        [0],
        [300],
    ),
    "core.measures.stylised_facts.leverage.lags": (lambda x: stylised_facts.leverage(DAYS, x), [1, 2], [0], [300]),
    "core.measures.stylised_facts.gain_loss.move": (lambda x: stylised_facts.gain_loss(DAYS, x, 9), 0.5, 0),
    "core.measures.stylised_facts.gain_loss.wait": (lambda x: stylised_facts.gain_loss(DAYS, 1.0, x), 3, 0, 300),
    "core.measures.stylised_facts.correlation.size": (
        lambda x: stylised_facts.correlation(DAYS.view(2, 150), x),
        True,
    ),
    **{
        f"core.measures.stylised_facts.block_bootstrap.{name}": (
            lambda x, name=name: stylised_facts.block_bootstrap(**{"days": 9, "draws": 2, "block": 2.0, name: x}),
            good,
            *bad,
        )
        for name, good, *bad in (("days", 3, 0), ("draws", 3, 0), ("block", 1.5, 0.5), ("seed", 3, -1))
    },
    **{
        f"core.measures.stylised_facts.intervals.{name}": (
            lambda x, name=name: stylised_facts.intervals(DAYS, **{"draws": 2, "names": ["tail"], name: x}),
            good,
            *bad,
        )
        for name, good, *bad in (("draws", 3, 0), ("block", 1.5, 0.5), ("level", 0.5, 0, 1), ("seed", 3, -1))
    },
    "core.measures.value_at_risk.at_risk.level": (lambda x: value_at_risk.at_risk(DAYS, x), 0.25, 0, 0.5),
    "core.measures.value_at_risk.conditional.level": (
        lambda x: value_at_risk.conditional(DAYS[:2], DAYS[:2].abs(), DAYS, x).value,
        0.25,
        0,
        0.5,
    ),
    "core.measures.value_at_risk.conditional.back": (
        lambda x: value_at_risk.conditional(DAYS[:2], DAYS[:2].abs(), DAYS, 0.1, x).value,
        torch.exp,
    ),
    **{
        f"core.measures.value_at_risk.{name}.level": (
            lambda x, name=name: getattr(value_at_risk, name)(BEYOND, x),
            0.25,
            0,
            0.5,
        )
        for name in ("kupiec", "christoffersen")
    },
    "core.measures.value_at_risk.quantile_loss.level": (
        lambda x: value_at_risk.quantile_loss(DAYS, torch.ones_like(DAYS), x),
        0.25,
        0,
        0.5,
    ),
    **{
        f"core.measures.value_at_risk.{name}.level": (
            lambda x, name=name: getattr(value_at_risk, name)(DAYS, said_each_day(), x),
            0.25,
            0,
            0.5,
        )
        for name in ("joint_loss", "shortfall_missed")
    },
    "core.rivals.garch.shocks.count": (lambda x: garch.shocks(GARCH, x), 3, 0),
    **{
        f"core.rivals.garch.paths.{name}": (
            lambda x, name=name: garch.paths(GARCH, **{"count": 2, "days": 2, name: x}),
            3,
            -1,
        )
        for name in ("count", "days", "seed")
    },
    **{
        f"core.rivals.garch.bootstrapped.{name}": (
            lambda x, name=name: garch.bootstrapped(DAYS, **{"count": 2, "days": 2, name: x}),
            3,
            -1,
        )
        for name in ("count", "days", "seed")
    },
    **{
        f"finance.Paths.{name}": (lambda x, name=name: weights(priced(**{name: x})), good, *bad)
        for name, good, *bad in (
            ("series", 2, 0),
            ("length", 3, 0),
            ("past", 8, -1, 1, 6),
            ("noise", 3, 0),
            ("width", 3, 0),
        )
    },
    "finance.Paths.reach": (lambda x: weights(priced(past=0, reach=x)), 8, 0, 1, 6),
    **{
        f"finance.WindowCritic.{name}": (lambda x, name=name: judged_window(**{name: x}), good, *bad)
        for name, good, *bad in (
            ("series", 2, 0),
            ("length", 9, 7),
            ("past", 3, -1),
            ("width", 3, 0),
            ("size", False),
        )
    },
    "finance.Market.of.transform": (lambda x: finance.Market.of(DAYS, x).way.delta, False),
    **{
        f"finance.Market.batches.{name}": (lambda x, name=name: windowed(**{name: x}), good, bad)
        for name, good, bad in (("length", 3, 0), ("past", 3, -1), ("batch_size", 3, 0), ("seed", 3, -1))
    },
    **{
        f"finance.simulated.{name}": (lambda x, name=name: path_of(**{name: x}), 3, -1)
        for name in ("count", "days", "seed")
    },
    **{
        f"finance.risk_each_day.{name}": (lambda x, name=name: daily(**{name: x}), good, *bad)
        for name, good, *bad in (("level", 0.25, 0, 0.5), ("draws", 128, 99), ("seed", 3, -1))
    },
    "finance.shuffled.seed": (lambda x: finance.shuffled(DAYS, x).sum(), 3, -1),
    "core.data.texts.split.part": (lambda x: texts.split(["smith", "jones"], x), 2, -1, 4),
    "core.measures.text_scores.share.valid": (lambda x: text_scores.share(["a"], valid=x), bool),
    **{
        f"core.measures.text_scores.{name}.n": (lambda x, call=call: call(["smith"] * 2, x), 2, 0)
        for name, call in (
            ("ngram_divergence", lambda of, n: text_scores.ngram_divergence(of, of, n)),
            ("bleu", lambda of, n: text_scores.bleu(of, of, n)),
            ("self_bleu", text_scores.self_bleu),
        )
    },
    "core.data.letter_counts.LetterCounts.after": (lambda x: text.LetterCounts(["smith"], x).complete(), 2, -1, 11),
    "core.data.letter_counts.LetterCounts.complete.temperature": (
        lambda x: text.LetterCounts(["smith", "jones"]).complete(temperature=x),
        0.5,
        0,
        21,
    ),
    "core.data.letter_counts.LetterCounts.complete.count": (
        lambda x: text.LetterCounts(["smith"]).complete(count=x),
        2,
        0,
        100_001,
    ),
    "core.data.letter_counts.LetterCounts.complete.seed": (
        lambda x: text.LetterCounts(["smith", "jones"]).complete(seed=x),
        3,
        -1,
    ),
    "core.training.alphabet.Alphabet.length": (lambda x: text.Alphabet("ab", x), 3, 1),
    "core.training.alphabet.Symbols.length": (lambda x: Symbols("C Cl", x), 3, 1),
    "core.data.molecule_graphs.graph_form.most_atoms": (lambda x: molecule_graphs.graph_form(x).shape, 6, 4, 23),
    "core.data.molecules.Writing.written": (lambda x: molecules.Writing("a", WORDS_OF, x, str).written("C"), str),
    "core.data.molecules.Writing.read": (lambda x: molecules.Writing("a", WORDS_OF, str, x).read("C"), str),
    "molecules.drug_like.score": (
        lambda x: molecules.drug_like(molecules.Writing("a", WORDS_OF, str, str), x) is not None,
        lambda smiles: 0.5,
    ),
    "molecules.divided.same": (lambda x: molecules.divided(PAYS[0], ["a", "b", "b"], x), str.upper),
    "molecules.organ.objective": (lambda x: step_of_names(molecules.organ(x, 0.5)), worth),
    "molecules.organ.share": (lambda x: step_of_names(molecules.organ(worth, x)), 1, -0.1, 1.1),
    "molecules.organ.pull": (lambda x: step_of_names(molecules.organ(worth, 0.5, writer(2), x)), 1, -0.1),
    "molecules.organ.same": (lambda x: step_of_names(molecules.organ(worth, 0.5, same=x)), str.upper),
    "molecules.random_walk.lengths": (lambda x: molecules.random_walk(WORDS_OF, x), [3, 4], [0], [14]),
    "molecules.random_walk.seed": (lambda x: molecules.random_walk(WORDS_OF, [3], x), 3, -1),
    "core.training.alphabet.Alphabet.encode.whole": (lambda x: WORDS_OF.encode(["a"], x).sum(), True),
    "core.training.sequences.gumbel_softmax.temperature": (lambda x: gumbel(temperature=x), 0.5, 0),
    "core.training.sequences.gumbel_softmax.hard": (lambda x: gumbel(hard=x), False),
    "core.training.sequences.Writer.width": (lambda x: weights(writer(x)), 3, 0),
    "core.training.sequences.Writer.write.temperature": (lambda x: written(temperature=x), 0.5, 0, 21),
    "core.training.sequences.Writer.relaxed.temperature": (lambda x: relaxed(temperature=x), 0.5, 0),
    "core.training.sequences.Writer.complete.temperature": (lambda x: writer().complete("", x), 0.5, 0, 21),
    "core.training.sequences.Writer.complete.count": (lambda x: writer().complete("", count=x), 3, 0),
    "core.training.sequences.Writer.complete.seed": (lambda x: writer().complete("", seed=x), 3, -1),
    "core.training.sequences.Reader.width": (lambda x: weights(text.Reader(WORDS_OF, x)), 3, 0),
    "core.training.sequences.Babbler.latent_dim": (lambda x: weights(text.Babbler(WORDS_OF, x, 2)), 3, 0),
    "core.training.sequences.Babbler.width": (lambda x: weights(text.Babbler(WORDS_OF, 2, x)), 3, 0),
    "core.training.graphs.GraphForm.atoms": (lambda x: graphs.GraphForm(x, 3, 3).shape, 3, 1, 101),
    "core.training.graphs.GraphForm.kinds": (lambda x: graphs.GraphForm(3, x, 3).shape, 3, 1),
    "core.training.graphs.GraphForm.bonds": (lambda x: graphs.GraphForm(3, 3, x).shape, 3, 1),
    "core.training.graphs.Relational.inputs": (lambda x: weights(graphs.Relational(x, 2, 3)), 3, 0),
    "core.training.graphs.Relational.outputs": (lambda x: weights(graphs.Relational(2, x, 3)), 3, 0),
    "core.training.graphs.Relational.bonds": (lambda x: weights(graphs.Relational(2, 2, x)), 3, 1),
    "core.training.graphs.GraphReader.width": (lambda x: weights(graphs.GraphReader(TRIANGLE, x)), 3, 0),
    "core.training.graphs.GraphReader.layers": (lambda x: weights(graphs.GraphReader(TRIANGLE, 2, x)), 3, 0, 21),
    "core.training.graphs.GraphWriter.draws": (lambda x: graphs.GraphWriter(TRIANGLE, x).latent_dim, False),
    "core.training.graphs.GraphWriter.code": (lambda x: graph_writer(code=x).latent_dim, 3, 0),
    "core.training.graphs.GraphWriter.width": (lambda x: weights(graph_writer(width=x)), 3, 0),
    "core.training.graphs.GraphWriter.temperature": (lambda x: shares_of(temperature=x), 0.5, 0),
    "core.training.graphs.GraphWriter.gain": (lambda x: shares_of(gain=x), 0.5, 0),
    "text.nudged.value": (lambda x: text.nudged(x, PAYS[0]), torch.sum),
    "text.nudged.size": (lambda x: text.nudged(torch.sum, PAYS[0], x), 0.5, 0),
    "text.reinforced.baseline": (lambda x: text.reinforced(*PAYS, torch.tensor([1, 2]), x), 0.5),
    "text.estimates.count": (lambda x: text.estimates(*PAYS, count=x), 3, 1),
    "text.estimates.baseline": (lambda x: text.estimates(*PAYS, 3, baseline=x), 0.5),
    "text.estimates.seed": (lambda x: text.estimates(*PAYS, 3, seed=x), 3, -1),
    "text.variance.baseline": (lambda x: text.variance(*PAYS, baseline=x), 0.5),
    "text.policy.rollouts": (lambda x: step_of_names(text.policy(x)), 2, 0),
    "text.rewards.rollouts": (lambda x: text.rewards(spelled(), WORDS_OF.encode(["smith"]), x).sum(), 2, 0),
    "text.straight_through.temperature": (lambda x: step_of_names(text.straight_through(x)), 0.5, 0),
    "core.measures.step_cost.Machine.throughput": (lambda x: step_cost.Machine(x, 1.0).ridge, 0.5, 0, -1),
    "core.measures.step_cost.Machine.bandwidth": (lambda x: step_cost.Machine(1.0, x).ridge, 0.5, 0, -1),
    "core.measures.step_cost.Machine.overhead": (lambda x: step_cost.Machine(1.0, 1.0, x).overhead, 0.5, -1),
    "core.measures.step_cost.work_of_mlps.generator": (lambda x: work(generator=x), (3, 2), (3,), (3, 0)),
    "core.measures.step_cost.work_of_mlps.discriminator": (lambda x: work(discriminator=x), (3, 2), (3,), (3, 0)),
    "core.measures.step_cost.work_of_mlps.batch": (lambda x: work(batch=x), 3, 0),
    "core.training.launched.launch.processes": (lambda x: launched.launch(x, list), 1, 0, 1025),
    "core.training.launched.free.port": (lambda x: launched.free(x), None, 0, 65_536),
    "core.training.ranks.equal_parts.count": (lambda x: ranks.equal_parts(6, x), 3, 0),
    "scaling.layers_of.width": (lambda x: scaling.layers_of(x), 3, 0),
    "scaling.layers_of.depth": (lambda x: scaling.layers_of(3, x), 3, 0),
    "scaling.of_width.width": (lambda x: scaling.of_width(x, 2)().step, 3, 0),
    "scaling.of_width.batch": (lambda x: scaling.of_width(2, x)().step, 3, 0),
    "scaling.of_width.depth": (lambda x: scaling.of_width(2, 2, x)().step, 3, 0),
    "scaling.timed.rounds": (lambda x: list(scaling.timed({1: list}, x, 1e-6)), 3, 0),
    "scaling.timed.seconds": (lambda x: list(scaling.timed({1: list}, 1, x)), 2**-10, 0, -1),
    "scaling.where_time_goes.steps": (lambda x: list(scaling.where_time_goes(small(), batches(), x)), 1, 0),
    "convergence.dirac_eigenvalues.gamma": (lambda x: convergence.dirac_eigenvalues(gamma=x), 0.5, -1),
    "convergence.dirac_eigenvalues.noise": (lambda x: convergence.dirac_eigenvalues(noise=x), 0.5, -1),
    "convergence.Method.path.count": (lambda x: convergence.Method(examples.dirac()).path(count=x), 3, 0),
    "convergence.methods.seed": (lambda x: list(convergence.methods(x)), 3, -1),
    "convergence.outcomes.seed": (lambda x: convergence.outcomes(x), None, -1),
    "core.training.checkpoint.load.path": (lambda x: checkpoint.load(x, gan=small()), "run.ckpt"),
    "core.training.checkpoint.read.path": (lambda x: checkpoint.read(x)["gan"]["step"], "run.ckpt"),
    "core.training.checkpoint.save.path": (lambda x: checkpoint.save(x, gan=small()).name, FRESH),
    "core.measures.mixture_scores.skew_divergence.skew": (
        lambda x: mixture_scores.skew_divergence(Z / 3, Z / 3, x),
        0.25,
        -1,
        1,
    ),
    "core.data.batches.Batches.batch_size": (lambda x: batches(batch_size=x).state_dict(), 4, 0, 9),
    "core.data.batches.Batches.seed": (lambda x: next(batches(seed=x)), 3, -1),
    "core.data.streamed.Streamed.batch_size": (lambda x: streaming(batch_size=x).state_dict(), 4, 0, 9),
    "core.data.streamed.Streamed.seed": (lambda x: next(streaming(seed=x)), 3, -1),
    "core.data.streamed.Streamed.conditions": (lambda x: next(streaming(conditions=x)), True),
    "core.data.streamed.Streamed.workers": (lambda x: streaming(workers=x).workers, 3, -1, 65),
    **{
        f"core.data.own_pictures.PictureFolder.{name}": (lambda x, name=name: pictured(**{name: x}), good, *more)
        for name, good, *more in (("colour", True), ("folder", "pictures"), ("size", 4, 0))
    },
    "core.data.stacked.Stacked.batch_size": (lambda x: next(stacked.Stacked(PICTURES, x)), 2, 0, 10),
    "core.data.stacked.Stacked.seed": (lambda x: next(stacked.Stacked(PICTURES, 2, x)), 3, -1),
    "core.measures.stacked_scores.StackedScorer.samples": (
        lambda x: stacked_scores.StackedScorer(x).samples,
        1500,
        999,
        10**7,
    ),
    "core.measures.stacked_scores.StackedScorer.floor.seed": (
        lambda x: stacked_scores.StackedScorer(1000).floor(x),
        None,
        -1,
    ),
    "core.measures.variety.feature_variance.features": (
        lambda x: variety.feature_variance(x, SAMPLES)(SAMPLES),
        torch.sin,
    ),
    "core.recording.collapse_alarm.CollapseAlarm.below": (lambda x: alarm_with(below=x), 0.5, -0.1, 1.1),
    "core.recording.collapse_alarm.CollapseAlarm.after": (lambda x: alarm_with(after=x), 3, -1),
    "core.recording.collapse_alarm.CollapseAlarm.samples": (lambda x: alarm_with(samples=x), 3, 1, 10**6),
    **{
        f"core.training.convolutional.{network.__name__}.{name}": (
            lambda x, network=network, name=name: weights(network(**{**SMALL_CONVOLUTIONS[network], name: x})),
            2,
            0,
        )
        for network, sizes in SMALL_CONVOLUTIONS.items()
        for name in sizes
    },
    **{
        f"core.training.convolutional.{network.__name__}.side": (
            lambda x, network=network, sizes=sizes: weights(network(**sizes, side=x)),
            32,
            30,
        )
        for network, sizes in SMALL_CONVOLUTIONS.items()
    },
    "core.training.convolutional.ConvGenerator.hidden": (
        lambda x: weights(convolutional.ConvGenerator(3, width=3, hidden=x)),
        2,
        -1,
    ),
    **{
        f"core.training.beta2.Beta2.{name}": (
            lambda x, name=name: values(beta2.Beta2(**{"until": 9, name: x})),
            good,
            *wrong,
        )
        for name, good, *wrong in (("until", 3, 0), ("start", 0.5, -1, 1), ("end", 0.5, -1, 1))
    },
    **{
        f"core.training.residual.ResidualBlock.{name}": (
            lambda x, name=name: weights(residual.ResidualBlock(**{**BLOCK, name: x})),
            2,
            3 if name == "group" else 0,
        )
        for name in BLOCK
    },
    **{
        f"core.training.residual.{network.__name__}.{name}": (
            lambda x, network=network, name=name: weights(network(**{**SMALL_RESIDUAL, name: x})),
            good,
            *wrong,
        )
        for network in (residual.ResidualGenerator, residual.ResidualDiscriminator)
        for name, good, *wrong in (
            ("channels", 2, 0),
            ("widths", (4, 8), (), (0, 4)),
            ("side", 6, 0, 5),
            ("blocks", (1, 0), (1,), (1, -1)),
            ("expansion", 2, 0),
            ("group", 2, 3),
        )
    },
    **{
        f"core.training.compact.{network.__name__}.{name}": (
            lambda x, network=network, name=name: weights(network(**{**SMALL_COMPACT, name: x})),
            good,
            *wrong,
        )
        for network in (compact.CompactGenerator, compact.CompactDiscriminator)
        for name, good, *wrong in (
            ("channels", 2, 0),
            ("width", 4, 0),
            ("side", 32, 14),
            ("blocks", 2, -1),
            ("expansion", 2, 0),
            ("group", 2, 3),
        )
    },
    "core.training.convolutional.quarter.side": (convolutional.quarter, 32, 14),
    "core.training.compact.CompactGenerator.latent_dim": (
        lambda x: weights(compact.CompactGenerator(x, **SMALL_COMPACT)),
        3,
        0,
    ),
    "core.training.residual.ResidualGenerator.latent_dim": (
        lambda x: weights(residual.ResidualGenerator(x, **SMALL_RESIDUAL)),
        3,
        0,
    ),
    **{
        f"core.training.style.StyleGenerator.{name}": (
            lambda x, name=name: (weights(of_style(**{name: x})), of_style(**{name: x}).mixing),
            good,
            *wrong,
        )
        for name, good, *wrong in (
            ("latent_dim", 2, 0),
            ("channels", 2, 0),
            ("widths", (2, 4), (), (0, 4)),
            ("side", 6, 0, 5),
            ("styles", 2, 0),
            ("depth", 2, 0),
            ("mixing", 0.5, -1, 2),
            ("bounded", True, 2, None),
        )
    },
    "core.training.style.StyleGenerator.mixed.crossover": (
        lambda x: of_style().mixed(torch.zeros(1, 3), torch.ones(1, 3), x),
        1,
        -1,
        4,
    ),
    **{
        f"modern.recipe.{name}": (lambda x, name=name: of_recipe(**{name: x}), good, *wrong)
        for name, good, *wrong in (
            ("steps", 3, 0),
            ("gamma", 0.5, -1),
            ("g_lr", 0.5, -1, 2),
            ("d_lr", 0.5, -1, 2),
            ("decay", 0.5, -1, 1),
        )
    },
    "modern.mean_style.count": (lambda x: modern.mean_style(of_style(), x), 3, 0),
    **{
        f"core.rivals.{network.__module__.rpartition('.')[2]}.{network.__name__}.{name}": (
            lambda x, network=network, name=name: weights(network(**{**SMALL_RIVALS[network], name: x})),
            good,
            -1 if (name == "hidden" and network is vae.Decoder) or name == "wide" else 0,
        )
        for network, numbers in SMALL_RIVALS.items()
        for name, good in numbers.items()
    },
    **{
        f"core.data.{make.__module__.rpartition('.')[2]}.{make.__name__}.{name}": (
            lambda x, make=make, name=name, more=more: lost(make(**{**more, name: x})),
            good,
            *wrong,
        )
        for make, name, good, more, *wrong in (
            (damage.hole, "side", 3, {}, 0),
            (damage.strokes, "count", 2, {}, 0),
            (damage.strokes, "width", 2.5, {}, 0),
            (damage.noise, "sigma", 0.5, {}, -1),
            (damage.blur, "sigma", 0.5, {}, 0),
            (damage.smaller, "factor", 2, {}, 0, 3),
            (handling.jpeg, "quality", 40, {}, 0, 96),
            (handling.resized, "side", 3, {}, 0),
            (handling.moved, "down", 2, {}, 1001),
            (handling.moved, "right", 2, {}, -1001),
            (damage.rectangle, "left", 3, {"top": 2, "width": 4, "height": 5}, -1),
            (damage.rectangle, "top", 3, {"left": 2, "width": 4, "height": 5}, -1),
            (damage.rectangle, "width", 3, {"left": 2, "top": 4, "height": 5}, 0),
            (damage.rectangle, "height", 3, {"left": 2, "top": 4, "width": 5}, 0),
        )
    },
    **{
        f"restoration.Restorer.{name}": (
            lambda x, name=name: weights(restorer(**{name: x})),
            2,
            -1 if name == "latent_dim" else 0,
        )
        for name in ("latent_dim", "width", "units", "few")
    },
    **{
        f"transfer.few.{name}": (lambda x, name=name: few(**{name: x}), good, *wrong)
        for name, good, *wrong in (
            ("classes", (1, 0), (), (1, 1), (2,)),
            ("each", 2, 0, 5),
            ("seed", 3, -1),
            ("out_of", 4, 0),
        )
    },
    **{
        f"transfer.pair.{name}": (lambda x, name=name: [*map(weights, transfer.pair(**{**PAIR, name: x}))], 2, 0)
        for name in PAIR
    },
    **{
        f"transfer.transferred.{name}": (lambda x, name=name: handed_over(**{name: x}), good, *wrong)
        for name, good, *wrong in (
            ("g_lr", 0.5, -1, 2),
            ("d_lr", 0.5, -1, 2),
            ("betas", (0.5, 0.75), (0.5,), (0.5, 1.0)),
        )
    },
    "transfer.transferred.frozen": (lambda x: handed_over(frozen=x), 2, -1, 4),
    "transfer.freeze.layers": (
        lambda x: [weight.requires_grad for weight in transfer.freeze(transfer.pair(2, 2, 2)[1], x).parameters()],
        2,
        -1,
        4,
    ),
    **{
        f"transfer.ADA.{name}": (lambda x, name=name: values(transfer.ADA(PICTURES, **{name: x})), good, *wrong)
        for name, good, *wrong in (
            ("target", 0.5, -2, 2),
            ("rise", 3, 0),
            ("every", 3, 0),
            ("empty", 0.5),
            ("count", 3, 0),
            ("most", 0.5, -0.1, 1.1),
        )
    },
    "transfer.copied.rare": (lambda x: transfer.copied(PICTURES, PICTURES[:3], PICTURES[3:], x), 0.5, -0.1, 1.1),
    "restoration.Restorer.answers.count": (lambda x: answered(count=x), 2, 0),
    "restoration.Restorer.answers.seed": (lambda x: answered(seed=x), 3, -1),
    "core.training.patches.PatchDiscriminator.width": (lambda x: weights(restoration.PatchDiscriminator(x)), 2, 0),
    "core.training.patches.PatchDiscriminator.given": (lambda x: weights(restoration.PatchDiscriminator(2, x)), 2, -1),
    "restoration.Redrawer.near": (lambda x: restoration.Redrawer(x, 2, 2, 2).near, 0.5, -1),
    "restoration.restorers.answers": (lambda x: list(restoration.restorers(x)), 4, 0),
    **{
        f"restoration.Redrawer.{name}": (
            lambda x, name=name: weights(restoration.Redrawer(**{"width": 2, "units": 2, "few": 2, name: x})),
            2,
            0,
        )
        for name in ("width", "units", "few")
    },
    **{
        f"restoration.restoring.{name}": (
            lambda x, name=name: costs(
                training_loop.GAN(restorer(), restoration.PatchDiscriminator(2), 2),
                restoration.restoring(damage.hole(3), **{name: x}),
                "g_loss",
            ),
            0.5,
            -1,
        )
        for name in ("adversarial", "perceptual")
    },
    "restoration.restoring.answers": (
        lambda x: costs(
            training_loop.GAN(restorer(), restoration.PatchDiscriminator(2), 2),
            restoration.restoring(damage.hole(3), answers=x),
            "g_loss",
        ),
        2,
        0,
    ),
    "restoration.of_digits.count": (
        lambda x: len(restoration.of_digits(restorer(), damage.hole(3), x).held),
        100,
        99,
    ),
    "core.data.ciphers.vigenere.shifts": (lambda x: ciphers.vigenere(torch.arange(9), x), [3, 0], [], [27]),
    "core.data.ciphers.windows.length": (lambda x: ciphers.windows(torch.arange(9), x), 4, 0),
    "core.data.running_text.counted.most": (lambda x: running_text.counted(["a b b c"], x), 2, 0),
    "core.measures.lexicons.near.window": (lambda x: lexicons.near(FEW_WORDS, x), 2, 0, 101),
    "core.measures.lexicons.embedded_words.size": (lambda x: lexicons.embedded_words(FEW_WORDS, x), 2, 0, 4),
    "core.measures.lexicons.embedded_words.window": (lambda x: lexicons.embedded_words(FEW_WORDS, 2, x), 2, 0),
    "core.measures.lexicons.embedded_words.shift": (lambda x: lexicons.embedded_words(FEW_WORDS, 2, 2, x), 0, -1, 11),
    "core.measures.lexicons.embedded_words.power": (
        lambda x: lexicons.embedded_words(FEW_WORDS, 2, 2, 0.0, x),
        1,
        -1,
        2,
    ),
    "core.measures.lexicons.ppmi.shift": (lambda x: lexicons.ppmi(ROWS[0, :5], x), 1, -1, 11),
    "core.measures.lexicons.factored.size": (lambda x: lexicons.factored(ROWS[0, :5], x), 2, 0, 5),
    "core.measures.lexicons.factored.power": (lambda x: lexicons.factored(ROWS[0, :5], 2, x), 1, -1, 2),
    "core.measures.lexicons.csls.k": (lambda x: lexicons.csls(*ROWS, x), 3, 0, 13),
    "core.measures.lexicons.confidence.most": (lambda x: lexicons.confidence(ROWS[0], x), 3, 0),
    **{
        f"core.measures.lexicons.refined.{name}": (lambda x, name=name: lexicons.refined(*ROWS, **{name: x}), 10, 0)
        for name in ("rounds", "most")
    },
    "core.measures.lexicons.precision.k": (
        lambda x: lexicons.precision(ROWS[0, :2, :2], ("a", "b"), ("c", "d"), {"a": ("c",)}, x),
        2,
        0,
        3,
    ),
    "core.measures.lexicons.wilson.hits": (lambda x: lexicons.wilson(x, 9), 3, -1, 10),
    "core.measures.lexicons.wilson.count": (lambda x: lexicons.wilson(3, x), 9, 0),
    "core.measures.lexicons.wilson.z": (lambda x: lexicons.wilson(3, 9, x), 2.0, 0),
    **{
        f"core.training.translator.Translator.{name}": (lambda x, name=name: translating(**{name: x}), 5, least)
        for name, least in (("source", 3), ("target", 3), ("units", 0), ("most", 0))
    },
    **{
        f"core.training.translator.SentenceCritic.{name}": (
            lambda x, name=name: weights(translator.SentenceCritic(**{"source": 5, "target": 6, "units": 3, name: x})),
            5,
            least,
        )
        for name, least in (("source", 3), ("target", 3), ("units", 0))
    },
    "core.training.translator.by_verdict.likelihood": (lambda x: verdict(likelihood=x), 0.5, -1),
    "core.training.translator.by_verdict.first": (lambda x: verdict("d_loss", first=x), 1, -1),
    "translation.unpaired.batch_size": (lambda x: next(translation.unpaired(*ROWS, x)), 3, 0, 13),
    "translation.unpaired.seed": (lambda x: next(translation.unpaired(*ROWS, 3, x)), 3, -1),
    "translation.straight_through.temperature": (lambda x: translation.straight_through(ROWS[0], x), 0.5, 0),
    "translation.sinkhorn.rounds": (lambda x: translation.sinkhorn(ROWS[0, :5], x), 3, 0),
    "translation.Decipher.period": (lambda x: deciphering(period=x), 3, 0, 28),
    "translation.Decipher.temperature": (lambda x: deciphering(temperature=x), 0.5, 0),
    "translation.Critic.width": (lambda x: weights(translation.Critic(width=x)), 2, 0),
    "translation.Critic.reach": (lambda x: weights(translation.Critic(reach=x)), 2, 0, 31),
    "translation.broken.steps": (lambda x: next(translation.broken(torch.arange(27), x))[1], 2, 0),
    "translation.broken.seed": (lambda x: next(translation.broken(torch.arange(27), 2, x))[1], 3, -1),
    "translation.Rotation.size": (lambda x: weights(translation.Rotation(x)), 2, 0),
    "translation.upright.beta": (upright, 0.25, -1, 0.6),
    "core.training.cycle.cycling.cycle": (lambda x: cycled(cycle=x), 0.5, -1),
    "core.training.cycle.cycling.identity": (lambda x: cycled(identity=x), 0.5, -1),
    "core.training.few_labels.semi_supervised.weight": (of_few_labels, 0.5, -1),
    "core.training.few_labels.Noise.sigma": (lambda x: seen_by(few_labels.Noise(x)), 0.5, -1),
    "core.training.few_labels.NamesClasses.features": (
        lambda x: weights(few_labels.NamesClasses(networks.mlp([2, 2]), x, 3)),
        2,
        0,
    ),
    "core.training.few_labels.NamesClasses.classes": (
        lambda x: weights(few_labels.NamesClasses(networks.mlp([2, 2]), 2, x)),
        3,
        1,
    ),
    "core.measures.probe.Probe.penalty": (lambda x: probe.Probe(SAMPLES, CLASSES, x).weights, 0.5, 0),
    "core.measures.probe.Probe.classes": (lambda x: probe.Probe(SAMPLES, CLASSES, 1.0, x).weights, 4, 2),
    **{
        f"core.measures.provenance.key.{name}": (
            lambda x, name=name: provenance.key(**{"seed": 1, "side": 4, name: x}),
            good,
            wrong,
        )
        for name, good, wrong in (("seed", 3, -1), ("side", 6, 0), ("grain", 2, 3))
    },
    "core.measures.provenance.marked.strength": (lambda x: provenance.marked(LIGHT, MARK, x), 0.1, -0.1, 1.1),
    "core.measures.provenance.Marked.strength": (
        lambda x: provenance.Marked(small().generator, provenance.key(0, 4), x)(torch.ones(3, 2)).detach(),
        0.1,
        -0.1,
        1.1,
    ),
    "core.measures.provenance.evidence.reach": (lambda x: provenance.evidence(LIGHT, MARK, x), 1, -1),
    "core.measures.provenance.evidence.limit": (lambda x: provenance.evidence(LIGHT, MARK, 0, x), 0.1, 0),
    "core.measures.provenance.differences.grain": (lambda x: provenance.differences(LIGHT, x), 2, 0),
    "core.measures.provenance.differences.limit": (lambda x: provenance.differences(LIGHT, 1, x), 0.1, 0),
    "core.measures.provenance.threshold.false_positives": (provenance.threshold, 0.25, 0, 1),
    "core.measures.provenance.threshold.tries": (lambda x: provenance.threshold(0.1, x), 3, 0),
    "core.measures.provenance.found_at.false_positives": (
        lambda x: provenance.found_at(SAMPLES[:, 0], SAMPLES[:, 1], x),
        0.25,
        0,
    ),
    "core.training.inversion.inverting.prior": (lambda x: searched(prior=x), 0.5, -1),
    "core.training.inversion.encoding.pictures": (lambda x: encoded(pictures=x), 0.5, -1),
    **{
        f"core.training.inversion.Latents.{name}": (
            lambda x, name=name: (
                inversion.Latents(small().generator, **{"latent_dim": 2, "count": 4, name: x}).z.detach().sum()
            ),
            2,
            -1 if name == "seed" else 0,
        )
        for name in ("latent_dim", "count", "seed")
    },
    "core.rivals.vae.elbo.beta": (lambda x: costs(rival(), vae.elbo(x), "g_loss"), 0.5, -1),
    "core.rivals.vae.vae_bits.seed": (lambda x: vae.vae_bits(rival(), GREY, x), 3, -1),
    "core.rivals.diffusion.Diffusion.steps": (lambda x: denoising(x)(GREY.flatten(1)), 3, 0),
    "core.rivals.diffusion.Diffusion.with_steps.steps": (lambda x: denoising().with_steps(x)(GREY.flatten(1)), 3, 0),
    "core.rivals.diffusion.distil.weight": (
        lambda x: costs(
            training_loop.GAN(denoising(1), convolutional.ConvDiscriminator(1, 1, 2), 784),
            diffusion.distil(denoising(), x),
            "pull",
        ),
        0.5,
        -1,
    ),
    "core.rivals.diffusion.diffusion_bits.seed": (
        lambda x: diffusion.diffusion_bits(training_loop.GAN(denoising(), None, 784), GREY, x),
        3,
        -1,
    ),
    "modern.mean_style.seed": (lambda x: modern.mean_style(of_style(), 3, x), 3, -1),
    "modern.truncated.psi": (lambda x: modern.truncated(Z, Z + 1, x), 0.5),
    "modern.DiffAugment.empty": (lambda x: modern.DiffAugment(empty=x), 0.5),
    "core.training.scheduled.Scheduled.penalty": (
        lambda x: scheduled.Scheduled(x, 1.0, 0.5, 9)(networks.mlp([2, 1]), SAMPLES, SAMPLES),
        lambda discriminator, real, fake: fake.mean(),
    ),
    "core.training.scheduled.Scheduled.start": (lambda x: scheduled.Scheduled(print, x, 0.5, 9).weight, 0.5, -1),
    "core.training.scheduled.Scheduled.end": (lambda x: scheduled.Scheduled(print, 1.0, x, 9).end, 0.5, -1),
    "core.training.scheduled.Scheduled.until": (lambda x: scheduled.Scheduled(print, 1.0, 0.5, x).until, 3, 0),
    "core.training.batch_layers.Packed.count": (
        lambda x: batch_layers.Packed(networks.mlp([2, 1]), x).count,
        3,
        0,
        1001,
    ),
    "core.training.batch_layers.MinibatchDiscrimination.features": (
        lambda x: weights(batch_layers.MinibatchDiscrimination(x)),
        3,
        0,
    ),
    "core.training.batch_layers.MinibatchDiscrimination.kernels": (
        lambda x: weights(batch_layers.MinibatchDiscrimination(3, x)),
        3,
        0,
    ),
    "core.training.batch_layers.MinibatchDiscrimination.width": (
        lambda x: weights(batch_layers.MinibatchDiscrimination(3, 2, x)),
        3,
        0,
    ),
    "mode_collapse.unrolled.k": (lambda x: after_unrolled(k=x), 3, -1, 1001),
    "mode_collapse.unrolled.rate": (lambda x: after_unrolled(rate=x), 0.5, 0),
    "mode_collapse.watched.steps": (lambda x: on_a_ring(steps=x).steps, 3, 0),
    "mode_collapse.watched.looks": (lambda x: on_a_ring(looks=x).steps, 3, 0, 5),
    "mode_collapse.watched.step": (lambda x: on_a_ring(step=x).steps, training_loop.train_step),
    "mode_collapse.calm.start": (lambda x: [values(each) for each in mode_collapse.calm(x, 0.5, 9)], 0.5, -1),
    "mode_collapse.calm.end": (lambda x: [values(each) for each in mode_collapse.calm(1.0, x, 9)], 0.5, -1),
    "mode_collapse.calm.until": (lambda x: [values(each) for each in mode_collapse.calm(1.0, 0.5, x)], 3, 0),
    "mode_collapse.calm.every": (
        lambda x: [type(each.penalty).__name__ for each in mode_collapse.calm(1.0, 0.5, 9, x)],
        3,
        0,
    ),
    "core.data.pixels.as_grid.columns": (lambda x: pixels.as_grid(PICTURES, x), 2, 0),
    "core.data.datasets.mnist.train": (lambda x: len(datasets.mnist(x)[0]), False),
    "core.data.datasets.fashion_mnist.train": (lambda x: datasets.fashion_mnist(x), None),
    "core.data.datasets.fashion_mnist.folder": (lambda x: datasets.fashion_mnist(folder=x), None),
    "core.data.datasets.mnist_as_torchvision.folder": (lambda x: datasets.mnist_as_torchvision(x).name, FRESH),
    "core.training.cosine_decay.CosineDecay.floor": (
        lambda x: values(cosine_decay.CosineDecay(10, x)),
        0.5,
        -0.1,
        1.1,
    ),
    "core.training.cosine_decay.CosineDecay.until": (lambda x: values(cosine_decay.CosineDecay(x)), 10, 0),
    "core.data.distributions.Draws.batch_size": (
        lambda x: distributions.Draws(distributions.ring(), x).state_dict(),
        4,
        0,
        10**8,
    ),
    "core.data.distributions.Draws.seed": (lambda x: next(distributions.Draws(distributions.ring(), 2, x)), 3, -1),
    "core.data.distributions.Mixture.sample.count": (
        lambda x: distributions.ring().sample(x, torch.Generator().manual_seed(0)),
        3,
        0,
    ),
    "core.data.distributions.blobs.std": (lambda x: mixture(distributions.blobs([[0.0, 0.0]], x)), 0.5, 0, -1),
    "core.data.distributions.circle.radius": (density("circle", "radius"), 0.5, -1),
    "core.data.distributions.circle.std": (density("circle", "std"), 0.5, 0),
    "core.data.distributions.curve.std": (lambda x: mixture(distributions.curve([[0.0, 0.0]], x, "c")), 0.5, 0),
    "core.data.distributions.drawn.std": (lambda x: mixture(distributions.drawn([[0.0, 0.0]], x)), 0.5, 0),
    "core.data.distributions.gaussian.mean": (density("gaussian", "mean"), 0.5),
    "core.data.distributions.gaussian.std": (density("gaussian", "std"), 0.5, 0),
    "core.data.distributions.grid.side": (density("grid", "side"), 3, 0, 10**6),
    "core.data.distributions.grid.spacing": (density("grid", "spacing"), 0.5),
    "core.data.distributions.grid.std": (density("grid", "std"), 0.5, 0),
    "core.data.distributions.laplace.mean": (density("laplace", "mean"), 0.5),
    "core.data.distributions.laplace.scale": (density("laplace", "scale"), 0.5, 0),
    "core.data.distributions.on_line.means": (lambda x: mixture(distributions.on_line("p", x, [1.0])), [0.5]),
    "core.data.distributions.on_line.weights": (lambda x: mixture(distributions.on_line("p", [0.0], [1.0], x)), [0.5]),
    "core.data.distributions.on_line.widths": (lambda x: mixture(distributions.on_line("p", [0.0], x)), [0.5]),
    "core.data.distributions.ring.count": (density("ring", "count"), 3, 0, 10**9),
    "core.data.distributions.ring.radius": (density("ring", "radius"), 0.5, -1),
    "core.data.distributions.ring.std": (density("ring", "std"), 0.5, 0),
    "core.data.distributions.segment.std": (density("segment", "std"), 0.5, 0),
    "core.data.distributions.spirals.arms": (density("spirals", "arms"), 3, 0),
    "core.data.distributions.spirals.std": (density("spirals", "std"), 0.5, 0),
    "core.data.distributions.spirals.rotations": (density("spirals", "rotations"), 0.5),
    "core.data.distributions.swiss_roll.std": (density("swiss_roll", "std"), 0.5, 0),
    "core.data.distributions.two_gaussians.distance": (density("two_gaussians", "distance"), 0.5),
    "core.data.distributions.two_gaussians.std": (density("two_gaussians", "std"), 0.5, 0),
    "core.data.distributions.two_moons.std": (density("two_moons", "std"), 0.5, 0),
    "core.data.distributions.uniform.high": (density("uniform", "high"), 0.5, -1),
    "core.data.distributions.uniform.low": (density("uniform", "low"), 0.5),
    "core.live.driver.Driver.on_progress": (lambda x: driver.Driver(lambda steps: iter([]), x).running, print),
    "core.live.driver.Driver.rate": (lambda x: driver.Driver(lambda steps: iter([]), print, x).interval, 0.5, 0, -1),
    "core.live.driver.Driver.records": (lambda x: driver.Driver(x, print).running, print),
    "core.live.driver.Driver.rest.seconds": (lambda x: driver.Driver(print, print).rest(x), 0.5, -1),
    "core.live.driver.Driver.train_for.steps": (lambda x: Running().then(lambda live: live.driver.train_for(x)), 2, -1),
    "core.live.driver.Driver.start.steps": (lambda x: Running().then(lambda live: live.driver.start(x)), 2, -1),
    "core.live.driver.Driver.wait.timeout": (lambda x: Running().driver.wait(x), 0.5, -1),
    "core.safety.durable.write.path": (lambda x: durable.write(x, b"").name, FRESH),
    "core.safety.durable.write_together.folder": (lambda x: durable.write_together(x, {"a": b""}).name, FRESH),
    "core.recording.equal_time.until.step": (lambda x: equal_time.until(film(), x).steps, 1, -1),
    "core.measures.mnist_scores.Scorer.samples": (mnist_scores.Scorer, None, 1, 60_001),
    "core.measures.mnist_scores.train_features.epochs": (lambda x: mnist_scores.train_features(x), None, 0),
    "core.measures.mnist_scores.train_features.seed": (lambda x: mnist_scores.train_features(seed=x), None, -1),
    "core.measures.mnist_scores.train_features.say": (lambda x: mnist_scores.train_features(say=x), None),
    "core.measures.feature_scores.maximum_mean_discrepancy.width": (
        lambda x: feature_scores.maximum_mean_discrepancy(SAMPLES, SAMPLES + 1, x),
        0.5,
        0,
    ),
    **{
        f"core.measures.{measure.__module__.rsplit('.', 1)[1]}.{measure.__name__}.k": (
            lambda x, measure=measure: measure(SAMPLES, SAMPLES + 0.1, x),
            3,
            0,
            12,
        )
        for measure in (
            feature_scores.precision,
            feature_scores.recall,
            feature_scores.density,
            feature_scores.coverage,
        )
    },
    "core.measures.sample_scores.two_sample.k": (lambda x: sample_scores.two_sample(SAMPLES, SAMPLES + 0.1, x), 3, 0),
    "core.measures.sample_scores.sliced_wasserstein.directions": (
        lambda x: sample_scores.sliced_wasserstein(SAMPLES, SAMPLES + 1, x),
        3,
        0,
    ),
    "core.measures.sample_scores.sliced_wasserstein.p": (
        lambda x: sample_scores.sliced_wasserstein(SAMPLES, SAMPLES + 1, 3, x),
        2.0,
        0.5,
        101,
    ),
    "core.measures.sample_scores.wasserstein.p": (
        lambda x: sample_scores.wasserstein(SAMPLES, SAMPLES + 1, x),
        2.0,
        0.5,
        101,
    ),
    **{
        f"convolutional.overlap.{name}": (
            lambda x, name=name: chapter_10.overlap(**{"inputs": 4, "kernel": 3, "stride": 2, name: x}),
            1,
            -1,
            1001,
        )
        for name in ("inputs", "kernel", "stride", "padding")
    },
    **{
        f"convolutional.{wrapper.__name__}.classes": (
            lambda x, wrapper=wrapper, of=of: (wrapper(of(), x).classes, weights(wrapper(of(), x))),
            3,
            1,
        )
        for wrapper, of in (
            (chapter_10.Labelled, lambda: nn.Linear(2, 2)),
            (chapter_10.LabelledD, lambda: nn.Linear(2, 2)),
            (chapter_10.Projection, lambda: convolutional.ConvDiscriminator(1, 1, 2)),
            (chapter_10.Classifying, lambda: convolutional.ConvDiscriminator(1, 1, 2)),
        )
    },
    "convolutional.ac_gan.weight": (lambda x: chapter_10.ac_gan(weight=x).g((Z, Z)), 0.5, -1),
    "convolutional.Coded.categories": (lambda x: chapter_10.Coded(nn.Linear(2, 2), x).categories, 3, 1),
    "convolutional.Coded.numbers": (lambda x: chapter_10.Coded(nn.Linear(2, 2), 3, x).numbers, 2, -1),
    "convolutional.Reading.categories": (lambda x: weights(reading(x)), 3, 1),
    "convolutional.Reading.numbers": (lambda x: weights(reading(3, x)), 2, -1),
    "convolutional.informed.of_category": (lambda x: unread(of_category=x), 0.5, -1),
    "convolutional.informed.of_numbers": (lambda x: unread(of_numbers=x), 0.5, -1),
    "wasserstein.on_a_line.p": (lambda x: wasserstein.on_a_line(Z, Z + 1, p=x), 2.0, 0.5, 101),
    "wasserstein.cheapest_plan.p": (lambda x: wasserstein.cheapest_plan(Z, Z + 1, p=x).cost, 2.0, 0.5, 101),
    "wasserstein.blurred_plan.p": (lambda x: wasserstein.blurred_plan(Z, Z + 1, 1.0, x).cost, 2.0, 0.5, 101),
    "wasserstein.blurred_plan.epsilon": (lambda x: wasserstein.blurred_plan(Z, Z + 1, x).cost, 0.5, 0),
    "wasserstein.clipped.clip": (
        lambda x: learned(lambda network: wasserstein.clipped(networks.adam(network), x)),
        0.5,
        0,
    ),
    "wasserstein.at_the_clip.clip": (lambda x: wasserstein.at_the_clip(small().discriminator, x), 0.5, 0),
    "wasserstein.steepest.places": (
        lambda x: wasserstein.steepest(nn.Softplus(), SAMPLES, SAMPLES + 1, x),
        3,
        -1,
        1001,
    ),
    "wasserstein.followed.steps": (lambda x: followed(steps=x), 3, 0),
    "wasserstein.followed.looks": (lambda x: followed(looks=x), 3, 1, 6),
    "wasserstein.followed.step": (lambda x: followed(step=x), training_loop.train_step),
    "core.measures.feature_scores.path_length.generate": (lambda x: way(generate=x), torch.sin),
    "core.measures.feature_scores.path_length.features": (lambda x: way(features=x), torch.square),
    "core.measures.feature_scores.path_length.step": (lambda x: way(step=x), 0.5, 0),
    "core.measures.score.Score.features": (lambda x: scored(features=x), torch.sin),
    "core.measures.score.Score.least": (lambda x: scored(least=x), 3, 0),
    "core.measures.score.Score.groups": (lambda x: scored(groups=x), 3, 1, 1001),
    "core.measures.score.embedded.features": (lambda x: score.embedded(x, SAMPLES), torch.sin),
    "evaluation.splits.count": (lambda x: evaluation.splits(x).fake.sum(), 3, 1, 10_001),
    "evaluation.splits.seed": (lambda x: evaluation.splits(2, x).fake.sum(), 3, -1),
    "evaluation.corrupted.level": (lambda x: spoiled(level=x), 0.5, -1, 2),
    "evaluation.corrupted.seed": (lambda x: spoiled(seed=x), 3, -1),
    "core.notebook.figures.probability_map.edge": (
        lambda x: figures.probability_map(None, small().discriminator, Z, Z, "t", x),
        None,
        0,
    ),
    "core.notebook.figures.pictures.columns": (lambda x: figures.pictures(PICTURES, "t", x).png, 2, 0),
    "core.notebook.figures.pictures.gap": (lambda x: figures.pictures(PICTURES, "t", gap=x).png, 2, -1),
    "core.notebook.figures.show.drawn": (lambda x: figures.show(figures.subplots()[0], "t", x).drawn, True),
    "core.notebook.figures.pictures.scale": (lambda x: figures.pictures(PICTURES, "t", scale=x).png, 2, 0),
    "core.games.field.consensus.strength": (lambda x: field.consensus(field.field(examples.dirac()), x)(*Z), 0.5, -1),
    "core.games.field.flow.count": (lambda x: field.flow(v, 1.0, 0.0, 1.0, x), 3, 0),
    "core.games.field.flow.time": (lambda x: field.flow(v, 1.0, 0.0, x, 3), 0.5, 0),
    "widgets.plane.build.Laboratory.GAN": (
        lambda x: laboratory.Laboratory(x, losses.LOSSES, {}).seed,
        training_loop.GAN,
    ),
    "widgets.plane.build.Laboratory.seed": (
        lambda x: laboratory.Laboratory(training_loop.GAN, losses.LOSSES, {}, x).state_dict(),
        3,
        -1,
    ),
    "core.data.latent_paths.latent_grid.columns": (
        lambda x: latent_paths.latent_grid(Z, -Z, Z + 1, columns=x, path=lerp),
        2,
        1,
    ),
    "core.data.latent_paths.latent_grid.path": (
        lambda x: latent_paths.latent_grid(Z, -Z, Z + 1, path=x),
        latent_paths.lerp,
    ),
    "core.data.latent_paths.latent_grid.rows": (
        lambda x: latent_paths.latent_grid(Z, -Z, Z + 1, rows=x, path=lerp),
        2,
        1,
    ),
    "core.training.loss.Loss.d": (lambda x: Loss("l", x, abs).optimum, abs),
    "core.training.loss.Loss.g_needs_real": (lambda x: Loss("l", abs, abs, x).optimum, True),
    "core.training.loss.Loss.g": (lambda x: Loss("l", abs, x).optimum, abs),
    "core.training.loss.Loss.optimum": (lambda x: Loss("l", abs, abs, optimum=x).optimum, [0.5, 1.0], [0.5]),
    "core.training.networks.MLPDiscriminator.hidden": (lambda x: weights(networks.MLPDiscriminator((4,), x)), [3], [0]),
    "core.training.networks.MLPDiscriminator.shape": (lambda x: weights(networks.MLPDiscriminator(x, (3,))), [4], [0]),
    "core.training.networks.MLPGenerator.hidden": (lambda x: weights(networks.MLPGenerator(2, (4,), x)), [3], [0]),
    "core.training.networks.MLPGenerator.latent_dim": (lambda x: networks.MLPGenerator(x, (4,), (3,)).latent_dim, 3, 0),
    "core.training.networks.MLPGenerator.shape": (lambda x: networks.MLPGenerator(2, x, (3,)).shape, [4], [0]),
    "core.training.networks.adam.betas": (
        lambda x: learned(lambda G: networks.adam(G, betas=x)),
        [0.5, 0.75],
        [0.5],
        [0, 1],
    ),
    "core.training.networks.adam.lr": (lambda x: learned(lambda G: networks.adam(G, x)), 0.5, -1, 2),
    "core.training.networks.linear.inputs": (lambda x: str(networks.linear(x, 1)), 3, 0),
    "core.training.networks.linear.outputs": (lambda x: str(networks.linear(1, x)), 3, 0),
    "core.training.networks.mlp.sizes": (lambda x: str(networks.mlp(x)), [3, 2], [0, 2], [3]),
    "core.training.networks.mlp.slope": (lambda x: str(networks.mlp([3, 2, 1], x)), 0.5),
    "core.data.own_pictures.image_from_file.path": (own_pictures.image_from_file, "pictures/a.png"),
    "core.data.own_pictures.image_from_file.size": (
        lambda x: own_pictures.image_from_file("~/pictures/a.png", x),
        4,
        0,
    ),
    "core.data.own_pictures.images_from_folder.colour": (
        lambda x: own_pictures.images_from_folder("~/pictures", 4, colour=x),
        True,
    ),
    "core.data.own_pictures.images_from_folder.folder": (lambda x: own_pictures.images_from_folder(x, 4), "pictures"),
    "core.data.own_pictures.images_from_folder.size": (
        lambda x: own_pictures.images_from_folder("~/pictures", x),
        4,
        0,
    ),
    "core.training.penalties.GradientPenalty.at": (
        lambda x: penalties.GradientPenalty("p", 1.0, x, abs, None).weight,
        penalties.at_real,
    ),
    "core.training.penalties.GradientPenalty.cost": (
        lambda x: penalties.GradientPenalty("p", 1.0, penalties.at_real, x, None).weight,
        abs,
    ),
    "core.training.penalties.GradientPenalty.slope": (
        lambda x: values(penalties.GradientPenalty("p", 1.0, penalties.at_real, abs, x)),
        0.5,
        -1,
    ),
    "core.training.penalties.GradientPenalty.weight": (lambda x: values(tricks.r1(x)), 0.5, -1),
    "core.training.penalties.around.spread": (lambda x: penalties.around(x)(0 * Z, Z).numel(), 0.5, -1),
    "core.training.penalties.lazy.every": (lambda x: values(tricks.lazy(penalty, x)), 3, 0),
    "core.training.captured.captured.near": (lambda x: captured(training_loop.train_step, x).near, 0.25, -1, 1),
    "core.training.captured.captured.step": (lambda x: captured(x).near, training_loop.train_step),
    "core.training.penalties.lazy.penalty": (lambda x: tricks.lazy(x, 3).every, penalty),
    "core.training.penalties.times.factor": (lambda x: values(penalties.times(x, penalty)), 0.5),
    "core.training.penalties.times.penalty": (lambda x: penalties.times(0.5, x).factor, penalty),
    "core.training.learning_rates.set_rate.rate": (
        lambda x: learned(lambda G: changed(networks.adam(G), x)),
        0.5,
        -1,
    ),
    "core.recording.grid_look.GridLook.columns": (lambda x: film_of_grid(columns=x), 2, 0),
    "core.recording.grid_look.GridLook.rows": (lambda x: film_of_grid(rows=x), 2, 0),
    "core.recording.recorder.Recorder.at": (lambda x: sorted(recorder.Recorder(small(), x, "t").at), [0, 2], [-1]),
    "core.recording.recorder.Recorder.recording.quality": (lambda x: watched().recording(x).atlas, 50, 0, 101),
    "core.recording.recorder.Recorder.steps_per_epoch": (lambda x: film_of(steps_per_epoch=x), 0.5, 0, -1),
    "core.recording.recording.Recording.load.folder": (lambda x: recording.Recording.load(x).steps, "film"),
    "core.recording.recording.Recording.save.folder": (lambda x: film().save(x).name, FRESH),
    "core.recording.recording.build.quality": (lambda x: rebuilt(x), 50, 0, 101),
    "core.live.run.Run.begin.build": (lambda x: Running(build=x).gan.step, lambda: (small(), batches())),
    "core.live.run.Run.begin.rate": (lambda x: Running(rate=x).gan.step, 0.5, 0),
    "core.live.run.Run.begin.resume": (lambda x: Running(resume=x).gan.step, "saved"),
    "core.live.run.Run.begin.train": (lambda x: Running(train=x).gan.step, training_loop.train),
    "core.live.run.Run.load.folder": (lambda x: Running().then(lambda live: live.load(x)), "saved"),
    "core.live.run.Run.recording.quality": (lambda x: Running().recording(x).atlas, 50, 0, 101),
    "core.live.run.Run.train_to.steps": (lambda x: Running().then(lambda live: live.train_to(x)), 2, -1),
    "core.live.run.Run.save.folder": (lambda x: Running().save(x).name, FRESH),
    "core.live.run.Run.start.steps": (lambda x: Running().then(lambda live: live.start(x)), 2, -1),
    "core.live.run.Run.wait.timeout": (lambda x: Running().wait(x), 0.5, -1),
    "core.recording.frame_schedule.OpenEnded.every": (lambda x: values(frame_schedule.OpenEnded(x)), 3, 0),
    "core.recording.frame_schedule.OpenEnded.most": (lambda x: values(frame_schedule.OpenEnded(most=x)), 30, 0),
    "core.recording.frame_schedule.OpenEnded.score_every": (
        lambda x: values(frame_schedule.OpenEnded(score_every=x)),
        3,
        0,
    ),
    "core.recording.frame_schedule.frame_steps.every": (lambda x: frame_schedule.frame_steps(10, x), 3, 0),
    "core.recording.frame_schedule.frame_steps.total": (lambda x: frame_schedule.frame_steps(x, 3), 10, -1),
    "core.measures.stored_machines.step.batch": (lambda x: stored_machines.step(64, x), 8, 0),
    "core.measures.stored_machines.step.width": (lambda x: stored_machines.step(x, 8), 64, 0),
    "core.measures.stored_machines.stored_machines.source": (
        lambda x: [each.name for each in stored_machines.stored_machines(x)],
        "machines.json",
    ),
    "core.measures.stored_scores.cost.source": (lambda x: stored_scores.cost("best", source=x), None),
    "core.measures.stored_scores.scores.source": (lambda x: list(stored_scores.scores(x)), None),
    "core.measures.stored_scores.slopes.source": (lambda x: list(stored_scores.slopes(x)), None),
    "core.measures.stored_scores.trials.source": (lambda x: len(stored_scores.trials(x)), None),
    "core.games.eigenvalues.leading_eigenvalues.count": (lambda x: led(count=x), 2, 0),
    "core.games.eigenvalues.leading_eigenvalues.iterations": (lambda x: led(iterations=x), 3000, 0),
    "widgets.plane.trick_settings.Trick.more": (
        lambda x: trick_settings.Trick("s", trick_settings.Sets.VIEW, abs, None, ["off"], "off", x).off,
        True,
    ),
    "widgets.plane.trick_settings.Trick.make": (
        lambda x: trick_settings.Trick("s", trick_settings.Sets.VIEW, x, None, ["off"], "off").off,
        abs,
    ),
    "core.games.examples.dirac.gamma": (lambda x: examples.dirac("GAN", "R1", x).d(*Z), 0.5, -1),
    "core.games.examples.dirac.noise": (lambda x: examples.dirac(noise=x).d(*Z), 0.5, -1),
    "core.games.examples.dirac.samples": (lambda x: examples.dirac(noise=1, samples=x).d(*Z).ndim, 3, 0),
    "core.games.examples.dirac.target": (lambda x: examples.dirac("WGAN", "WGAN-GP", target=x).d(*Z), 0.5, -1),
    "core.games.examples.gaussian.deviation": (lambda x: examples.gaussian(deviation=x).d(Z, Z), 0.5, 0),
    "core.games.examples.gaussian.gamma": (lambda x: examples.gaussian("GAN", "R1", x).d(Z, Z), 0.5, -1),
    "core.games.examples.gaussian.mean": (lambda x: examples.gaussian(mean=x).d(Z, Z), 0.5),
    "core.games.two_numbers.path.count": (lambda x: two_numbers.path(losses_of, (1, 1), count=x), 3, 0),
    "core.games.two_numbers.path.start": (lambda x: two_numbers.path(losses_of, x, count=2), [0.5, 1.0], [0.5]),
    "core.games.two_numbers.path.step": (lambda x: two_numbers.path(losses_of, (1, 1), x, 3), 0.5, 0),
    "core.games.update_rules.Rule.clip": (lambda x: update_rules.Rule(clip=x), 0.5, 0),
    "core.games.update_rules.Rule.momentum": (lambda x: update_rules.Rule(momentum=x), 0.5, -1, 1),
    "core.games.update_rules.Rule.step": (lambda x: update_rules.Rule(step=x), 0.5, 0),
    "core.games.update_rules.trajectory.count": (
        lambda x: update_rules.trajectory(v, 1.0, 0.0, update_rules.Rule(), x),
        3,
        0,
    ),
    "losses.FDivergence.activation": (lambda x: divergence(activation=x), abs),
    "losses.FDivergence.at_one": (lambda x: divergence(at_one=x), [0.5, 1.0], [0.5]),
    "losses.FDivergence.composed": (lambda x: divergence(composed=x), abs),
    "losses.FDivergence.conjugate": (lambda x: divergence(conjugate=x), abs),
    "losses.FDivergence.f": (lambda x: divergence(f=x), abs),
    "losses.least_squares_with.a": (lambda x: lsgan(x, 1, 1), 0.5),
    "losses.least_squares_with.b": (lambda x: lsgan(0, x, 1), 0.5),
    "losses.least_squares_with.c": (lambda x: lsgan(0, 1, x), 0.5),
    "mnist_gan.nearest_digits.count": (lambda x: mnist_gan.nearest_digits(PICTURES, PICTURES, x), 3, 0, 9),
    "mnist_gan.textbook.seed": (lambda x: mnist_gan.textbook(x).latents(1), 3, -1),
    "mnist_gan.textbook_batches.batch_size": (lambda x: mnist_gan.textbook_batches(batch_size=x).batch_size, 4, 0),
    "mnist_gan.textbook_batches.seed": (lambda x: mnist_gan.textbook_batches(x).order.following(9), 3, -1),
    "recordings.recipes.poster.frames": (lambda x: recipes.poster(film(), "~/p.webp", x), 2, 1),
    "recordings.recipes.poster.milliseconds": (lambda x: recipes.poster(film(), "~/p.webp", 2, x), 9, 0),
    "recordings.recipes.poster.path": (lambda x: len(recipes.poster(film(), x, 2)) > 9, FRESH),
    "recordings.resumable.trial.epochs": (lambda x: resumable.trial("a", x, "b", 9), 3, 0),
    "quizzes.files.write.into": (lambda x: quiz_files.write(["02"], x), FRESH),
    "recordings.resumable.trial.into": (lambda x: resumable.trial("a", 1, x, 9)[1].name, "b"),
    "recordings.resumable.record.every": (lambda x: filmed(every=x), None, 0),
    "recordings.resumable.record.into": (lambda x: filmed(into=x), None),
    "recordings.resumable.record.quality": (lambda x: filmed(quality=x), None, 0, 101),
    "recordings.resumable.record.total": (lambda x: filmed(total=x), None, -1),
    "recordings.resumable.record.train": (lambda x: filmed(train=x), None),
    "core.training.gan.GAN.d_steps": (lambda x: small(d_steps=x).d_steps, 3, 0),
    "core.training.gan.GAN.g_steps": (lambda x: small(g_steps=x).g_steps, 3, 0),
    "core.training.gan.GAN.latent_dim": (lambda x: small(latent_dim=x).latent_dim, 2, -1),
    "core.training.gan.GAN.latents.count": (lambda x: small().latents(x), 3, 0),
    "core.training.gan.GAN.seed": (lambda x: (small(seed=x).seed, small(seed=x).latents(2)), 3, -1),
    "core.training.gan.GAN.step": (lambda x: small(step=x).step, 3, -1),
    "core.training.gan.GAN.d_steps_done": (lambda x: small(d_steps_done=x).d_steps_done, 3, -1),
    "training_loop.train.step": (
        lambda x: [r.step for r in training_loop.train(small(), batches(), 2, x)],
        training_loop.train_step,
    ),
    "training_loop.train.steps": (lambda x: [r.step for r in training_loop.train(small(), batches(), x)], 2, -1),
    "tricks.EMA.decay": (lambda x: values(tricks.EMA(x)), 0.5, -1, 1),
    "tricks.InstanceNoise.std": (lambda x: tricks.InstanceNoise(x), 0.5, -1),
    "tricks.InstanceNoise.until": (lambda x: tricks.InstanceNoise(0.5, x), 3, -1),
    "tricks.dragan.spread": (lambda x: tricks.dragan(spread=x).weight, 0.5, -1),
    "tricks.dragan.weight": (lambda x: values(tricks.dragan(x)), 0.5, -1),
    "tricks.one_sided.weight": (lambda x: values(tricks.one_sided(x)), 0.5, -1),
    "tricks.r1.gamma": (lambda x: values(tricks.r1(x)), 0.5, -1),
    "tricks.r2.gamma": (lambda x: values(tricks.r2(x)), 0.5, -1),
    "tricks.smooth.fake": (lambda x: values(tricks.smooth(losses.minimax, fake=x)), 0.5, -1, 1),
    "tricks.smooth.real": (lambda x: values(tricks.smooth(losses.minimax, x)), 0.5, 0, 2),
    "tricks.two_time_scales.betas": (lambda x: scales(betas=x), [0.5, 0.75], [0.5], [0, 1]),
    "tricks.two_time_scales.d_lr": (lambda x: scales(d_lr=x), 0.5, -1, 2),
    "tricks.two_time_scales.g_lr": (lambda x: scales(g_lr=x), 0.5, -1, 2),
    "tricks.wgan_gp.weight": (lambda x: values(tricks.wgan_gp(x)), 0.5, -1),
    "value_function.value_by_monte_carlo.count": (
        lambda x: value_function.value_by_monte_carlo([0.5, 0.5], [0.5, 0.5], None, x),
        3,
        1,
    ),
    "widgets.corruption_bench.widget.CorruptionBench.verdicts.count": (
        lambda x: small_bench().verdicts(count=x),
        1000,
        300,
    ),
    "widgets.corruption_bench.widget.CorruptionBench.verdicts.level": (lambda x: small_bench().verdicts(x), 2, -1, 3),
    "mode_collapse.theatre.seed": (lambda x: mode_collapse.theatre(seed=x).seed, 3, -1),
    "widgets.collapse_theatre.stage.Stage.build": (lambda x: stage(build=x), small),
    "widgets.collapse_theatre.stage.Stage.discriminator": (lambda x: stage(discriminator=x), networks.mlp),
    "widgets.collapse_theatre.stage.Stage.optimizer": (lambda x: stage(optimizer=x), networks.adam),
    "widgets.collapse_theatre.stage.Stage.look": (lambda x: stage(look=x), list),
    "widgets.collapse_theatre.stage.Stage.fair": (lambda x: stage(fair=x), [1 / 8] * 8, [0.5], [2.0] * 8),
    "widgets.collapse_theatre.stage.Stage.signs": (lambda x: stage(signs=x), dict),
    "widgets.collapse_theatre.stage.Stage.every": (lambda x: stage(every=x), 3, 0),
    "widgets.collapse_theatre.stage.Stage.watched": (lambda x: stage(watched=x), 3, 1),
    "widgets.collapse_theatre.stage.Cure.step": (lambda x: cure(step=x), training_loop.train_step),
    "widgets.collapse_theatre.stage.Cure.view": (lambda x: cure(view=x), lambda: torch.neg),
    "widgets.collapse_theatre.stage.Cure.d_penalties": (lambda x: cure(d_penalties=x), list),
    "widgets.collapse_theatre.stage.Cure.fresh": (lambda x: cure(fresh=x), networks.mlp),
    "widgets.collapse_theatre.stage.Cure.within": (lambda x: cure(within=x), networks.copied),
    "widgets.collapse_theatre.stage.Pictures.rows": (lambda x: pictures(rows=x), 2, 0),
    "widgets.collapse_theatre.stage.Pictures.columns": (lambda x: pictures(columns=x), 2, 0),
    "widgets.collapse_theatre.stage.Pictures.read": (lambda x: pictures(read=x), list),
    "widgets.collapse_theatre.stage.Pictures.samples": (lambda x: pictures(samples=x), 3, 1),
    "widgets.collapse_theatre.widget.CollapseTheatre.train": (lambda x: shown(train=x), by_steps),
    "widgets.collapse_theatre.widget.CollapseTheatre.step": (lambda x: shown(step=x), training_loop.train_step),
    "widgets.collapse_theatre.widget.CollapseTheatre.seed": (lambda x: shown(seed=x), 3, -1),
    "widgets.collapse_theatre.widget.CollapseTheatre.switch.on": (
        lambda x: mode_collapse.theatre().switch("noise", x),
        True,
    ),
    "widgets.condition_board.widget.ConditionBoard.generate": (asked_board, lambda z, y: drawn(z)),
    "widgets.condition_board.widget.ConditionBoard.reads": (lambda x: asked_board(reads=x), classes_of),
    "widgets.market_maker.shuffle.order.count": (lambda x: shuffle.order(x, 0), 3, -1),
    "widgets.market_maker.shuffle.order.seed": (lambda x: shuffle.order(9, x), 3, -1),
    "widgets.market_maker.shuffle.game_order.path": (lambda x: shuffle.game_order(x, 9), 3, -1),
    "widgets.market_maker.shuffle.game_order.days": (lambda x: shuffle.game_order(0, x), 3, -1),
    "widgets.market_maker.shuffle.rounds.models": (lambda x: shuffle.rounds(x, 5), 3, 0),
    "widgets.market_maker.shuffle.rounds.paths": (lambda x: shuffle.rounds(2, x), 3, 0),
    "widgets.market_maker.shuffle.rounds.deal": (lambda x: shuffle.rounds(2, 5, x), 3, -1, 10_000),
    "widgets.mask_painter.widget.MaskPainter.restore": (asked_painter, half),
    "widgets.mask_painter.widget.MaskPainter.real_of": (lambda x: asked_painter(real_of=x), half),
    "widgets.name_machine.widget.NameMachine.judge": (
        lambda x: name_machine(judge=x).pairs,
        lambda names: [0.5] * len(names),
    ),
    "widgets.name_machine.widget.NameMachine.rounds": (lambda x: name_machine(rounds=x).pairs, 3, -1, 201),
    "widgets.name_machine.widget.NameMachine.temperatures": (
        lambda x: name_machine(temperatures=x).board,
        [0.5, 1.0],
        [1.0],
        [1.0, 0.5],
        [0.0, 1.0],
    ),
    "widgets.secret_message.widget.SecretMessage.train": (
        lambda x: secret_message(train=x).board["trains"],
        sharpening,
    ),
    "widgets.secret_message.widget.SecretMessage.wait.timeout": (lambda x: secret_message().wait(x), 0.5, -1),
    "widgets.kit.still.contact_sheet.columns": (lambda x: still.contact_sheet((film(),), x), 2, 0),
    "widgets.latent.widget.LatentExplorer.band": (lambda x: explorer(band=x).band, [0.5, 1.0], [0.5], [-1, 1]),
    "widgets.latent.widget.LatentExplorer.generate": (
        lambda x: widgets.LatentExplorer(x, torch.ones(2, 2)).seed,
        drawn,
    ),
    "widgets.latent.widget.LatentExplorer.keep.neighbour": (lambda x: explorer().keep(x), 3, -1, 16),
    "widgets.latent.widget.LatentExplorer.nearest": (lambda x: explorer(nearest=x).near, near),
    "widgets.latent.widget.LatentExplorer.seed": (lambda x: explorer(seed=x).seed, 3, -1),
    "widgets.live.widget.Live.build": (lambda x: live(build=x), lambda: (small(), batches())),
    "widgets.live.widget.Live.columns": (lambda x: live(columns=x), 2, 0),
    "widgets.live.widget.Live.every": (lambda x: live(every=x), 3, 0),
    "widgets.live.widget.Live.resume": (lambda x: live(rows=1, columns=1, resume=x), "saved"),
    "widgets.live.widget.Live.rows": (lambda x: live(rows=x), 2, 0),
    "widgets.live.widget.Live.start.steps": (
        lambda x: widgets.Live(lambda: (small(), batches()), training_loop.train).start(x),
        None,
        -1,
    ),
    "widgets.live.widget.Live.train": (lambda x: live(train=x), training_loop.train),
    "widgets.loss_explorer.widget.LossExplorer.at.logit": (lambda x: widgets.LossExplorer(HINGE).at("hinge", x), 0.5),
    "widgets.recipe_board.widget.RecipeBoard.train": (
        lambda x: widgets.RecipeBoard(small_recipes.recipes(), small_recipes.INGREDIENTS, x).training["offered"],
        lambda on: live(),
    ),
    "widgets.few_images.widget.FewImages.stored": (lambda x: widgets.FewImages(x).board, "few.json"),
    "widgets.roofline.widget.Roofline.source": (lambda x: widgets.Roofline(source=x).chosen, "machines.json"),
    "widgets.plane.widget.Plane.GAN": (lambda x: plane(GAN=x), training_loop.GAN),
    "widgets.plane.widget.Plane.d_step": (lambda x: plane(d_step=x), training_loop.d_step),
    "widgets.plane.widget.Plane.every": (lambda x: plane(every=x), 3, 0),
    "widgets.guess.widget.Guess.curve.near": (
        lambda x: widgets.Guess.curve("c", "?", (0, 1), (0, 1), near=x).near,
        0.5,
        0,
    ),
    "widgets.guess.widget.Guess.curve.x": (lambda x: widgets.Guess.curve("x", "?", x, (0, 1)).across, (0, 3)),
    "widgets.guess.widget.Guess.curve.y": (lambda x: widgets.Guess.curve("y", "?", (0, 1), x).high, (0, 3)),
    "widgets.guess.widget.Guess.number.high": (lambda x: widgets.Guess.number("h", "?", 0, x).high, 3, 0),
    "widgets.guess.widget.Guess.number.log": (lambda x: widgets.Guess.number("l", "?", 1, 9, log=x).log, True),
    "widgets.guess.widget.Guess.number.low": (lambda x: widgets.Guess.number("b", "?", x, 9).low, 3),
    "widgets.guess.widget.Guess.number.near": (lambda x: widgets.Guess.number("n", "?", 0, 9, near=x).near, 3, 0),
    "widgets.guess.widget.Guess.number.step": (lambda x: widgets.Guess.number("s", "?", 0, 9, step=x).step, 3, 0),
    "widgets.plane.widget.Plane.g_step": (lambda x: plane(g_step=x), training_loop.g_step),
    "widgets.plane.widget.Plane.seed": (lambda x: plane(seed=x), 3, -1),
    "widgets.plane.widget.Plane.substeps": (lambda x: plane(substeps=x), training_loop.substeps),
    "widgets.plane.widget.Plane.train": (lambda x: plane(train=x), training_loop.train),
    "widgets.replay.widget.Replay.to_html.height": (
        lambda x: len(widgets.Replay(film()).to_html(height=x).data) > 0,
        3,
        0,
    ),
    "widgets.replay.widget.Replay.to_png.columns": (lambda x: widgets.Replay(film()).to_png(x).data, 2, 0),
    "widgets.saddle.widget.Saddle.games": (lambda x: list(widgets.Saddle({"g": x}).games), losses_of),
}

# doors that are looked at another way, and why
ELSEWHERE = {
    "core.notebook.course_folder.*|core.notebook.course_record.*": "in test_course_folder",
    "recordings.provenance.*": "names of files and recordings: in test_provenance_of_data",
    "text.writers.source|text.reader.source": "in test_text",
    "finance.markets.source": "in test_bench_finance",
    "core.training.drawn_rows.*|core.training.ranks.Ranks.*|core.training.ranks.equal_parts.size"
    "|core.training.launched.from_accelerate.*|core.training.shared_step.is_a_mean.*"
    "|recordings.resumable.follow.*": "of processes that were started, what has been looked at: test_ranks",
    "core.data.handling.shifted.*": "parts of `moved` and `evidence`, which have looked at them",
    "core.data.number_words.said.numbers": "in test_translation, where num2words is",
    "molecules.mixed_rewards.share|molecules.mixed_rewards.same": "a part of `organ`, which has looked at them",
    "core.data.molecules.nci.most_atoms": "in test_molecule_scores, where rdkit is",
    "core.data.molecule_graphs.graph_of.most_atoms|core.data.molecule_graphs.graphs.most_atoms": "handed on to "
    "`graph_form`, and in test_molecule_graphs, where rdkit is",
    "core.data.lambert_w.Gaussianised.delta": "found by the class itself, `of`",
    "finance.LookingBack.*": "a part of Paths, which has looked at the values",
    "core.training.launched.launch.function|core.training.launched.launch.port|core.training.shared_step.shared.step"
    "|scaling.where_time_goes.step|scaling.timed.arms|core.measures.step_cost.Work.*"
    "|core.measures.step_cost.fitted.seconds": "in test_ranks and test_scaling",
    "restoration.restorers.source|restoration.restore_files.*": "in test_restoration",
    "exercises.*": "a learner's answer: its check says what is wrong with it",
    "convolutional.shares.*|core.training.convolutional.growing.*|core.training.convolutional.normalising.*"
    "|core.training.residual.begun.*|core.training.residual.pointwise.*|core.training.residual.sizes.*"
    "|core.training.style.modulated.*|core.training.style.StyledConvolution.*"
    "|modern.recoloured.*|modern.translated.*|modern.cut_out.*|transfer.flipped.*|transfer.turned.*"
    "|widgets.condition_board.asked.*|widgets.condition_board.still.*"
    "|widgets.name_machine.asked.*"
    "|widgets.secret_message.film.*|widgets.secret_message.still.*|widgets.secret_message.training.*"
    "|widgets.edit_slider.still.*|widgets.mask_painter.answers.*"
    "|widgets.few_images.still.*|widgets.few_images.stored.*|widgets.few_images.tiles.tile.*"
    "|widgets.kit.checked_latents.*": "parts of what has looked at the values",
    "recordings.best_recipe.*|recordings.convolutional_recipe.*|recordings.plane_recipes.*|recordings.recipes.[!p]*"
    "|recordings.digits_film.*|recordings.of_settings.*|recordings.rivals_recipe.*"
    "|recordings.resumable.*.beside|recordings.step_recipe.*|recordings.theatre_recipes.*"
    "|recordings.resumable.trial.usual": "handed on to what records, `recordings.resumable`",
    "core.safety.checked.*": "the checks themselves",
    "core.data.passes.*|core.data.picture_files.*|core.data.rows.*|core.data.sample_reader.*"
    "|core.data.sources.*": "parts of batches, which have the doors",
    "mode_collapse.Watched.*": "what `watched` hands back",
    "core.training.checks.*|core.training.step_checks.*": "the checks of networks and samples",
    "core.training.stored_state.*": "the checks of what a checkpoint holds",
    "core.training.penalties.innermost.*|core.training.penalties.lazy.path.*"
    "|core.training.captured.StepGraph.*|core.training.kinds_of_steps.*"
    "|core.recording.collapse_alarm.CollapseAlarm.forget_after.*": "of the package's own",
    "core.training.contract.*|core.measures.mnist_scores.Generates.*"
    "|core.recording.recorder.MakesSamples.*": "what a room asks of a GAN, which has the doors",
    "core.training.nan_guard.*|core.training.step.*|core.notebook.stills.words_instead.spoils"
    "|core.live.driver.Driver.stopped_by_hand.anew"
    "|widgets.plane.trick_settings.Trick.more"
    "|core.notebook.figures.Picture.drawn|core.notebook.stills.*.drawn"
    "|widgets.kit.valid_state.*.drop_defaults": "called by the package, with True or False",
    "core.safety.interrupts.*|core.training.threads.*|core.training.streams.*|core.safety.lock.*"
    "|core.notebook.environment.*|core.notebook.report_rows.*|core.games.path_outcome.*|widgets.plane.as_program.*"
    "|widgets.plane.settings.*|widgets.plane.log.*|widgets.plane.stills.*|core.recording.curves.*"
    "|widgets.kit.shared.*|widgets.collapse_theatre.still.*|widgets.collapse_theatre.treatment.*"
    "|core.recording.points_look.*|core.notebook.fonts.*"
    "|core.live.run.note.*|core.live.settings.Setting.*|widgets.plane.trick_settings.Hook.*"
    "|core.training.called.Call.*|core.training.device.describe.count": "called by the package, with values of its own",
    "core.safety.durable.ask.*|core.safety.durable.sweep.*|core.safety.durable.read_*|core.safety.durable.shipped_pair.*"
    "|core.data.mnist_files.*": "called by the package, with files of its own",
    "core.training.weight_average.Average.follow.*"
    "|core.training.cosine_decay.CosineDecay.share.*|core.training.cosine_decay.cosine.*"
    "|core.training.learning_rates.Schedule.share.*"
    "|core.recording.frame_schedule.OpenEnded.*.*|core.recording.frame_schedule.Schedule.*"
    "|core.recording.frame_schedule.Listed.*": "called in every step, with what was looked at before",
    "core.training.inversion.Latents.train.mode": "torch's own",
    "core.live.driver.Driver.ask.*|core.live.driver.Driver.call.*|core.live.driver.Driver.look.*"
    "|core.live.driver.Driver.stopped_by_hand.*": "jobs of the package's own",
    "core.training.gan.GAN.check_state.finite"
    "|core.training.step.fakes.graph|core.training.step.draw.graph"
    "|widgets.kit.valid_state.ValidState.get_state.*": "said by the package, or by a framework that calls it",
    "widgets.plane.build.Laboratory.events.*|widgets.plane.build.Laboratory.led_to.*"
    "|core.games.field.flat_jacobian.*"
    "|core.safety.strict_json.rounded.*"
    "|core.recording.recorder.Recorder.facts_of.*|core.recording.look.Look.*|core.recording.grid_look.GridLook.build.*"
    "|core.recording.recording.Recording.folder"
    "|core.notebook.figures.plainly.*|widgets.kit.still.fitted.*|widgets.replay.widget.checked.*"
    "|widgets.kit.valid_state.place.*|widgets.kit.two_numbers.*"
    "|widgets.kit.still.told.*|widgets.kit.still.Film.*|widgets.live.film.*|widgets.latent.page.*"
    "|widgets.phase_portrait.math.*"
    "|widgets.moving_earth.earth.*|widgets.moving_earth.still.*"
    "|widgets.overlap_lens.written.*|widgets.overlap_lens.still.*"
    "|widgets.roofline.texts.*|widgets.roofline.still.*"
    "|widgets.kit.page.framed.*|core.data.own_pictures.fitted.*"
    "|core.measures.mnist_scores.trained.*"
    "|widgets.corruption_bench.arranged.*|widgets.corruption_bench.still.*"
    "|widgets.score_table.score_rows.*|core.recording.recording.layout.*"
    "|widgets.guess.compare.*|widgets.guess.sheet.*|widgets.guess.widget.axis.*"
    "|widgets.game_picture.still.*|widgets.game_picture.widget.mean.*"
    "|core.measures.stored_scores.Column.*|core.measures.feature_scores.Given.*"
    "|evaluation.Corruption.*"
    "|widgets.kit.valid_state.valid.*": "helpers of one caller, which has looked at the value",
    "convergence.radius.path": "a `core.games.field.Path`, as a trajectory returns it",
    "core.data.latent_paths.lerp.t|core.data.latent_paths.slerp.t"
    "|core.data.latent_paths.neighbours.strength": "a tensor, or a number that becomes one",
    "core.recording.recording.Recording.frame.*|core.recording.recording.Recording.tile.*"
    "|core.recording.recording.Recording.tiles.*"
    "|core.recording.recording.Recording.index.*": "a place, as in a list: IndexError or TypeError (test_recording)",
    "core.training.gan.GAN.view|core.training.gan.GAN.*_penalties"
    "|core.training.gan.GAN.after_step": "together, by GAN.fit",
    "widgets.collapse_theatre.widget.CollapseTheatre.resume": "as of Live (test_collapse_theatre)",
    "widgets.mask_painter.widget.MaskPainter.add.given": "as `real_of` does (test_mask_painter)",
    "widgets.live.widget.Live.milestones": "steps by name, each looked at (test_live)",
    "widgets.phase_portrait.widget.*|widgets.smoothing_player.widget.*": "traits (test_traits_…)",
    "widgets.roofline.widget.Roofline.batch|widgets.roofline.widget.Roofline.width": "traits (test_roofline)",
}

REFUSED = {  # of each kind; (values, error)
    "int": ([True, 1.5, math.nan, math.inf, "3", 2**70, b"3", [3], torch.tensor(3)], ValueError),
    "float": (
        [True, math.nan, -math.inf, "0.5", 10**400, [0.5], torch.tensor([0.5]), torch.tensor(math.nan), 1j],
        ValueError,
    ),
    "several": (
        [itertools.count(0, 100), range(3 * 10**7), 3, "3", [math.nan], [True, True], ["1", "2"], {1: 2}],
        ValueError,
    ),
    "bool": (["test", "no", "False", "", 1, 0, 1.0, [True], math.nan, torch.tensor(True)], ValueError),
    "path": ([3, True, b"x", ["x"]], TypeError),
    "function": ([3, "print", [print]], TypeError),
}
KINDS = [
    ("function", r"Callable|\b(View|Penalty|Step)\b"),
    ("path", r"\bPath\b"),
    ("several", r"(Sequence|tuple|Iterable)\[.*(int|float)"),
    ("int", r"\bint\b"),
    ("float", r"\bfloat\b"),
    ("bool", r"\bbool\b"),
]


def found():
    """{door: (kind, whether None is allowed)} of all public functions and classes of the package."""
    doors = {}
    for module in map(import_module, (each.name for each in pkgutil.walk_packages(gan_edu.__path__, "gan_edu."))):
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", "") != module.__name__:
                continue
            for path, function in calls(name, thing):
                for parameter in inspect.signature(function).parameters.values():
                    told = str(parameter.annotation)
                    kind = next((kind for kind, words in KINDS if re.search(words, told)), None)
                    if kind:
                        door = f"{module.__name__}.{path}.{parameter.name}".removeprefix("gan_edu.")
                        doors[door] = kind, "None" in told
    return doors


def calls(name, thing):
    """(path, function) of a public function, or of a class and its public methods."""
    if inspect.isfunction(thing):
        yield name, thing
    elif inspect.isclass(thing):
        if "__init__" in vars(thing):
            yield name, thing.__init__
        for method, function in vars(thing).items():
            function = getattr(function, "__func__", function)
            if not method.startswith("_") and inspect.isfunction(function):
                yield f"{name}.{method}", function


FOUND = found()


def told_elsewhere(door):
    return any(fnmatch(door, each) for patterns in ELSEWHERE for each in patterns.split("|"))


def test_no_door_is_forgotten():
    """A new parameter that is a number, a path or a function: into DOORS with it, or say in ELSEWHERE who looks."""
    assert len(FOUND) > 250
    forgotten = [door for door in FOUND if not told_elsewhere(door) and door not in DOORS and not page(door)]
    assert forgotten == [], "a row in DOORS of this file says what each takes, or one in ELSEWHERE why it has none"
    assert [door for door in DOORS if door not in FOUND] == []
    assert [
        each for patterns in ELSEWHERE for each in patterns.split("|") if not any(fnmatch(door, each) for door in FOUND)
    ] == []


def page(door):
    """Of a page without a kernel: all are written alike, and tried below."""
    return fnmatch(door, "widgets.*.to_html.path")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home folder with a checkpoint, a film, a saved run, machines and pictures."""
    from PIL import Image

    place = tmp_path_factory.mktemp("home")
    checkpoint.save(place / "run.ckpt", gan=small())
    film().save(place / "film")
    Running().save(place / "saved")
    small_machines.stored(place)
    (place / "few.json").write_text(json.dumps(small_few.stored()), encoding="utf-8")
    (place / "pictures").mkdir()
    Image.new("L", (4, 4)).save(place / "pictures" / "a.png")
    return place


@pytest.fixture(autouse=True)
def at_home(home, monkeypatch):
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))


@pytest.mark.parametrize("door", DOORS)
def test_what_cannot_be_is_refused_by_name(door):
    (kind, optional), (call, _, *more) = FOUND[door], DOORS[door]
    values, error = REFUSED[kind]
    for value in [*values, *more, *([] if optional else [None])]:
        with pytest.raises(error) as refused:
            call(value)
        name = door.rsplit(".", 1)[1]
        assert re.search(rf"\b({name}|{WORDS.get(door, name)})\b", str(refused.value)), (value, str(refused.value))
        assert type(refused.value) in (ValueError, TypeError), refused.value


WORDS = {
    "tricks.r1.gamma": "weight of R1",
    "tricks.r2.gamma": "weight of R2",
    "transfer.transferred.frozen": "layers",
}


@pytest.mark.parametrize("door", [door for door, (_, good, *_) in DOORS.items() if good is not None])
def test_what_can_be_is_taken_whatever_it_is_made_of(door, home, tmp_path):
    kind, (call, good, *_) = FOUND[door][0], DOORS[door]
    if good is FRESH:
        name = door.replace(".", "_")
        for given in (str(tmp_path / "a"), tmp_path / "b", f"~/{name}", Path("~", f"{name}_2")):
            call(given)
            assert Path(str(given).replace("~", str(home))).exists(), given
        return
    same = {
        "int": [np.int64(good), np.uint16(good)] if kind == "int" else [],
        "float": [make(good) for make in (np.float32, np.float64, torch.tensor, np.array) if kind == "float"],
        "bool": [np.bool_(good)] if kind == "bool" else [],
        "several": [np.array(good), tuple(good)] if kind == "several" else [],
        "path": [f"~/{good}", Path("~") / str(good), home / str(good)],
        "function": [good],
    }[kind]
    if kind == "path":
        good = str(home / good)
    expected = plainly(call(good))
    assert "np." not in expected
    for value in same:
        assert plainly(call(value)) == expected, value


def plainly(result):
    """What came out, to the last digit and with its types."""
    with torch.no_grad():
        torch.set_printoptions(precision=17, threshold=10**6)
        try:
            return repr(result)
        finally:
            torch.set_printoptions(profile="default")


def test_traits_take_numpys_numbers_and_refuse_what_is_none():
    """Each number of a control is a trait that keeps Python's own number."""
    from gan_edu.widgets.kit.valid_state import Finite, Whole

    for control in filter(inspect.isclass, (getattr(widgets, name) for name in widgets.__all__)):
        numbers = [
            trait
            for trait in control.class_traits(sync=True).values()
            if isinstance(trait, traitlets.Int | traitlets.Float) and trait.name not in ("_view_count", "film")
        ]
        assert [trait.name for trait in numbers if not isinstance(trait, Finite | Whole)] == [], control
    portrait = widgets.PhasePortrait(gamma=np.float32(0.5), steps=np.int64(100), start=(np.float32(1), np.float64(0.5)))
    assert "np." not in repr(portrait) and portrait.get_state("start") == {"start": [1.0, 0.5]}
    for bad in (True, "1", math.nan, math.inf, None, 4):
        with pytest.raises(traitlets.TraitError, match="gamma"):
            portrait.gamma = bad
    for bad in (True, "100", 100.5, math.nan, None, 1):
        with pytest.raises(traitlets.TraitError, match="steps"):
            portrait.steps = bad


@pytest.mark.parametrize("name", [name for name in EXAMPLES if hasattr(getattr(widgets, name), "to_html")])
def test_a_page_goes_where_it_is_told(name, home):
    control = EXAMPLES[name]()
    page = Path("~", "pages", f"{name}.html")
    control.to_html(page)
    assert (home / "pages" / page.name).read_text().startswith("<!doctype html>")
    for bad in REFUSED["path"][0]:
        with pytest.raises(TypeError, match="path must be a path"):
            control.to_html(bad)


def test_a_film_that_begins_later_has_nothing_before():
    gan = small()
    late = recorder.Recorder(gan, [2], "t", grid_look.GridLook(1, 1)).record(training_loop.train(gan, batches(), 2))
    with pytest.raises(ValueError, match="begins at step 2, after 1"):
        equal_time.until(late, 1)


# ---------------------------------------------------------------- before the work, not after it

TOLD = {
    "batch": (np.int64(64), 64),
    "rate": (np.float32(0.5), 0.5),
    "γ": (torch.tensor(2.0), 2.0),
    "device": (torch.device("cpu"), "cpu"),
    "type": (torch.float16, "torch.float16"),
    "from": (Path("a/b"), "a/b"),
    "sizes": ((np.int64(3), 4), [3, 4]),
    "seen": (np.array([1.0, math.nan]), [1.0, None]),
    "on": (np.True_, True),
    "deep": ({"a": [torch.tensor([1, 2])]}, {"a": [[1, 2]]}),
    "none": (None, None),
    "lr": (math.inf, None),
}


def test_settings_of_any_kind_of_number_are_told_plainly(tmp_path):
    made = film(settings={name: given for name, (given, _) in TOLD.items()})
    expected = {name: plain for name, (_, plain) in TOLD.items()}
    assert made.meta["provenance"]["settings"] == expected
    assert recording.Recording.load(made.save(tmp_path / "film")).meta["provenance"]["settings"] == expected


@pytest.mark.parametrize(
    "options, words",
    [
        ({"settings": {"loss": losses.hinge}}, "settings: loss must be a text, a number, or a list or dict"),
        ({"settings": {"tags": {"a"}}}, "settings: tags must be"),
        ({"settings": {3: 4}}, "settings must be a table"),
        ({"settings": [1]}, "settings must be a table"),
        ({"settings": {"cost": "2"}}, "settings: cost must be a finite"),
        ({"title": 5}, "title must be a text, got 5"),
        ({"title": None}, "title must be a text"),
        ({"name": Path("a")}, "name must be a text"),
    ],
)
def test_what_no_film_can_tell_is_refused_before_the_first_step(options, words):
    with pytest.raises(ValueError, match=words):
        recorder.Recorder(small(), [0], **{"title": "t", **options})


class Large(nn.Module):
    """A generator of pictures of any size that cost nothing."""

    def __init__(self, side):
        super().__init__()
        self.side, self.weight = side, nn.Parameter(torch.zeros(1))

    def forward(self, z):
        return self.weight.expand(len(z), 1, self.side, self.side)


@pytest.mark.parametrize(
    "side, columns, frames, fits",
    [
        (1024, 1, 180, False),
        (1024, 1, 169, True),
        (1024, 16, 1, False),
        (1024, 15, 10, True),
        (28, 8, 3000, True),
        (28, 8, 3600, False),
    ],
)
def test_more_than_one_picture_can_hold_is_refused_before_the_first_step(side, columns, frames, fits):
    generator = Large(side)
    gan = training_loop.GAN(generator, networks.MLPDiscriminator((1, side, side), (1,)), 2)
    made = pytest.raises(recording.RecordingError, match="do not fit one picture") if not fits else nullcontext()
    with made:
        recorder.Recorder(gan, range(frames), "t", grid_look.GridLook(columns if side == 28 else 1, columns))


def test_what_is_written_can_be_opened():
    """`build` refuses what Pillow would not open; the largest that it takes is opened."""
    from PIL import Image

    meta = {name: value for name, value in film().meta.items() if name not in ("atlas", "checksum")}
    with pytest.raises(recording.RecordingError, match="do not fit one picture"):
        recording.build([Image.new("L", (1024, 1024))] * 180, meta)
    assert math.prod(recording.layout(169, 1024, 1024)) * 1024**2 <= 2 * Image.MAX_IMAGE_PIXELS


@pytest.mark.parametrize("name", ["d_steps", "g_steps"])
def test_what_is_set_by_hand_is_looked_at_before_the_next_run(name):
    gan = small()
    for bad in [0, *REFUSED["int"][0]]:
        setattr(gan, name, bad)
        with pytest.raises(ValueError, match=f"{name} must be a whole number"):
            training_loop.train(gan, batches(), 1)
    setattr(gan, name, np.int64(2))
    assert len(list(training_loop.train(gan, batches(), 1))) == 1 and type(getattr(gan, name)) is int


@pytest.mark.parametrize(
    "make, good, bad",
    [
        (Running, {"d_lr": 0.5}, {"batch_size": "bad"}),
        (Running, {"d_steps": 3}, {"batch_size": 9}),
        (Running, {"d_steps": 3}, {"d_lr": math.nan}),
        (Running, {"d_steps": 3}, {"no_such": 1}),
        (lambda: widgets.Plane(training_loop.GAN, training_loop.train, losses.LOSSES), {"d_lr": 0.01}, {"data": "bad"}),
        (
            lambda: widgets.Plane(training_loop.GAN, training_loop.train, losses.LOSSES, tricks=tricks.TRICKS),
            {"loss": "hinge"},
            {"real_target": 0.9},
        ),
    ],
)
def test_all_settings_or_none(make, good, bad):
    made = make()
    made.train_to(1)
    before, told = made.live_settings.values(), getattr(made, "settings", None)
    with pytest.raises((ValueError, KeyError)):
        made.set(**good, **bad)
    assert (made.live_settings.values(), getattr(made, "settings", None), made.recorder.log) == (before, told, [])
    made.set(**good)
    assert len(made.recorder.log) == 1


def test_a_look_at_a_state_writes_nothing():
    """`check_state` of the settings reads; a batch size that is looked at is not set, even for a moment."""
    gan, written = small(), []
    size = property(lambda self: 4, lambda self, value: written.append(value))
    made = Settings(gan, type("Watched", (), {"batch_size": size})())
    made.check_state({"batch_size": 2, "d_steps": 2})
    with pytest.raises(ValueError, match="D steps per G step must be a whole number"):
        made.check_state({"batch_size": 2, "d_steps": 0})
    assert written == [] and gan.d_steps == 1


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--epochs", "0"], "--epochs must be a whole number ≥ 1, got 0"),
        (["--epochs", "-1"], "≥ 1, got -1"),
        (["--epochs", "1.5"], "invalid int"),
        (["--epochs", "nan"], "invalid int"),
        (["--epochs", "x"], "invalid int"),
        (["--into", ""], "--into must be a path, got ''"),
        (["--all"], "or --all without a name"),
        (["--seed", "x"], "unrecognized arguments"),
    ],
)
def test_the_command_line_refuses(arguments, words, capsys):
    with pytest.raises(SystemExit) as left:
        main(["record", "mnist_textbook", *arguments])
    assert left.value.code == 2 and re.search(words, capsys.readouterr().err)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, Paused])
def test_ctrl_c_at_the_command_line_is_one_line(stop, monkeypatch, capsys):
    def stopped(name, epochs, into):
        raise stop

    monkeypatch.setitem(recipes.RECIPES, "mnist_textbook", stopped)
    assert main(["record", "mnist_textbook"]) == 130
    told = capsys.readouterr().err.strip()
    assert "Run the same command again" in told and "\n" not in told


@pytest.mark.parametrize("path", ["films/", "films//", ".", "..", "a/..", "/"])
def test_a_file_is_not_written_under_the_name_of_a_folder(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for write in (
        lambda: durable.write(path, b""),
        lambda: checkpoint.save(path, gan=small()),
        lambda: recipes.poster(film(), path),
    ):
        with pytest.raises(ValueError, match="must be a file, got the folder"):
            write()
    assert main(["poster", ""]) == 1 and "path must be a path, got ''" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_knows_ones_home(monkeypatch, home):
    asked = []
    monkeypatch.setitem(recipes.RECIPES, "mnist_textbook", lambda name, epochs, into: asked.append((epochs, into)))
    assert main(["record", "mnist_textbook", "--epochs", "1", "--into", "~/films"]) == 0
    assert asked == [(1, home / "films")]
