"""Editing digits, for notebook 13: latents found again, directions, and a cycle without pairs.

    python -m benchmarks.editing run [cycle …]     all runs that are not stored, seed by seed
    python -m benchmarks.editing table                 medians and ranges
    python -m benchmarks.editing ship                  writes `gan_edu/data/editing.json`, for notebook 13

inversion: which z the textbook's generator makes a test digit of, by a search, by an encoder, and by a search that
begins where the encoder ends. directions: thickness and slant against steps along the direction that a regression
found. cycle: thin digits to thick ones and back, with and without the cycle's loss; what counts is whether thickness
moves and the reader sees the same digit.
garments: digits to clothes, of Fashion-MNIST, and back. Two may run side by side. Trials, of seeds 0–2, are scored on
training pictures that no run learns from; runs are of seeds 10–14 and are scored on test pictures.
"""

from __future__ import annotations

import base64
import io
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import repeat
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks.stored_runs import FIVE, RESULTS, THREE, Arm, StoredRuns, command, spread
from gan_edu.core.data.batches import Batches, Together
from gan_edu.core.data.datasets import fashion_mnist, mnist
from gan_edu.core.data.pixels import as_grid, as_image, scaled, to_uint8
from gan_edu.core.measures.familiar import Familiar
from gan_edu.core.measures.mnist_scores import feature_net
from gan_edu.core.measures.score import embedded
from gan_edu.core.measures.strokes import direction, r_squared, slant, thickness
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.convolutional import ConvDiscriminator
from gan_edu.core.training.cycle import cycling
from gan_edu.core.training.inversion import Latents, encoding, inverting
from gan_edu.core.training.networks import linear
from gan_edu.core.training.streams import looking
from gan_edu.losses import least_squares
from gan_edu.mnist_gan import trained_textbook
from gan_edu.restoration import PatchDiscriminator, Redrawer, light
from gan_edu.training_loop import GAN, Player, adam, train

RUNS = StoredRuns(RESULTS / "editing.json")
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "editing.json"
KEPT, SHOWN = RESULTS / "dressed.png", 12  # digits, what F makes of them, and the way back
PICTURES, LEARNED = 64, 20_000  # to invert, to learn from
DRAWN, HELD = 4_000, 500  # to find directions, to try them
KNOWN = 2_000  # clothes, of which it is known what is usual, and as many to compare with
STRENGTHS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
MEASURES = {"thickness": thickness, "slant": slant}
BETAS = (0.5, 0.99)
GREY = -0.2  # pixels below, 0.4 of white, are made black, to see what stands out


def held(seed: int, data: Callable = mnist) -> tuple[Tensor, Tensor]:
    """10,000 pictures and their labels that are not learned from: training pictures in a trial, else test pictures."""
    return tuple(each[-10_000:] for each in data(train=seed < min(FIVE)))


def reads(pictures: Tensor) -> Tensor:
    """The digit (N,) that is read of each picture in [−1, 1]."""
    net = feature_net()
    with looking(net):
        return net.classify(embedded(net, pictures)).argmax(1)


# ------------------------------------------------------------------ latents found again


def coder(latent_dim: int = 100) -> nn.Module:
    """E: (N, 1, 28, 28) → z."""
    network = ConvDiscriminator(1, 16, 256)
    network.layers[-1] = linear(network.hidden, latent_dim)
    return network


def found_again(s: dict) -> dict:
    """Errors of test digits, and what the reader says: of the search alone, of the encoder, of both."""
    torch.manual_seed(s["seed"])
    start, E = trained_textbook(), coder()
    G, encoder = start.generator, Player(E, adam(E, 1e-3, BETAS))
    gan = GAN(G, None, 100, others={"encoder": encoder}, seed=s["seed"])
    images, labels = held(s["seed"])
    chosen = torch.randperm(len(images), generator=torch.Generator().manual_seed(s["seed"]))[:PICTURES]
    x, labels = scaled(images[chosen]), labels[chosen]
    batches = Batches(mnist(train=True)[0][:LEARNED], 64, seed=s["seed"])
    for _ in train(gan, batches, s["encoder_steps"], step=encoding(s["pictures"])):
        pass
    with looking(E, G):
        z = E(x)
        coded = G(z)
    made = {"encoder": coded}
    for name, begin, steps in (
        ("search", None, s["search_steps"]),
        ("long search", None, s["long"]),
        ("both", z, s["search_steps"]),
    ):
        latents = Latents(G, 100, PICTURES, s["seed"], begin)
        search = GAN(latents, None, 0, g_optimizer=adam(latents, s["lr"], (0.9, 0.99)))
        for _ in train(search, repeat(x), steps, step=inverting(s["prior"])):
            pass
        with looking(latents):
            made[name] = latents()
    mean = scaled(mnist(train=True)[0][:LEARNED]).mean(0, keepdim=True).expand_as(x)
    own = gan.generate(gan.latents(PICTURES, torch.Generator().manual_seed(s["seed"])))
    found = {}
    for name, pictures in {**made, "mean picture": mean, "another sample": own}.items():
        found[f"error {name}"] = (light(pictures) - light(x)).square().mean().item()
        found[f"accuracy {name}"] = (reads(pictures) == labels).double().mean().item()
    found["accuracy true"] = (reads(x) == labels).double().mean().item()
    return found


# ------------------------------------------------------------------ directions


def directions(s: dict) -> dict:
    """R² of the regression on other latents than those it was made of, and of strength against measured change."""
    gan = trained_textbook()
    stream = torch.Generator().manual_seed(s["seed"])
    z, held = gan.latents(DRAWN, stream), gan.latents(HELD, stream)
    made, before = light(gan.generate(z)), light(gan.generate(held))
    found, random = {}, nn.functional.normalize(torch.randn(1, 100, generator=stream))[0]
    for name, measure in MEASURES.items():
        way = direction(z, measure(made))
        linear_guess = held.double() @ (way.unit.double() * way.slope)
        found[f"{name} r2"] = way.r2
        found[f"{name} r2 held"] = _correlated(linear_guess, measure(before)) ** 2
        for kind, unit in (("", way.unit), (" random", random)):
            change, same = _moved(gan, held, unit, measure)
            strengths = torch.tensor(STRENGTHS, dtype=torch.float64)
            slope = (strengths * change).sum() / strengths.square().sum()
            found[f"{name} slope{kind}"] = slope.item()
            found[f"{name} line{kind}"] = r_squared(change, slope * strengths)
            found[f"{name} same digit{kind}"] = same
    return found


def _moved(gan: GAN, z: Tensor, unit: Tensor, measure: Callable[[Tensor], Tensor]) -> tuple[Tensor, float]:
    """The mean change of a measure for each strength, and the share that is read as before at the strongest two."""
    values, read = [], []
    for strength in STRENGTHS:
        pictures = gan.generate(z + strength * unit)
        values.append(measure(light(pictures)))
        read.append(reads(pictures) if strength in (0.0, STRENGTHS[0], STRENGTHS[-1]) else None)
    same = [(read[k] == read[STRENGTHS.index(0.0)]).double().mean().item() for k in (0, -1)]
    return torch.stack(values).sub(values[STRENGTHS.index(0.0)]).mean(1), sum(same) / 2


def _correlated(a: Tensor, b: Tensor) -> float:
    return torch.corrcoef(torch.stack([a.double(), b.double()]))[0, 1].item()


# ------------------------------------------------------------------ a cycle


def kinds(images: Tensor) -> tuple[Tensor, Tensor]:
    """(thin, thick): the thirds of digits (N, 1, 28, 28) with the thinnest and the thickest strokes, uint8."""
    order = torch.cat([thickness(light(scaled(part))) for part in images.split(2000)]).argsort()
    third = len(images) // 3
    return images[order[:third]], images[order[-third:]]


def cycled(s: dict, x: Tensor, y: Tensor) -> tuple[GAN, dict]:
    """A GAN of two ways, trained between two sets of pictures; the last values of its losses."""
    torch.manual_seed(s["seed"])
    forth, back = Redrawer(s["near"]), Redrawer(s["near"])
    d_y, d_x = PatchDiscriminator(16, 0), PatchDiscriminator(16, 0)
    others = {
        "back": Player(back, adam(back, s["g_lr"], BETAS)),
        "back_discriminator": Player(d_x, adam(d_x, s["d_lr"], BETAS)),
    }
    optimizers = {"g_optimizer": adam(forth, s["g_lr"], BETAS), "d_optimizer": adam(d_y, s["d_lr"], BETAS)}
    gan = GAN(forth, d_y, 0, least_squares, others=others, seed=s["seed"], **optimizers)
    batches = Together(Batches(x, 32, seed=s["seed"]), Batches(y, 32, seed=s["seed"] + 100))
    *_, record = train(gan, batches, s["steps"], step=cycling(s["cycle"], s["identity"]))
    return gan, {name: record.values[name].item() for name in ("cycle", "identity") if name in record.values}


def cycle(s: dict) -> dict:
    """Thickness before and after, both ways, and how often the reader sees the same digit."""
    gan, found = cycled(s, *kinds(mnist(train=True)[0][:LEARNED]))
    forth, back = gan.generator, gan.others["back"].network
    test = [scaled(each[:500]) for each in kinds(held(s["seed"])[0][:3000])]
    for way, network, other, x, y in (
        ("thicker", forth, back, test[0], test[1]),
        ("thinner", back, forth, test[1], test[0]),
    ):
        with looking(network, other):
            made = network(x)
            again = other(made)
        found |= {
            f"{way} before": thickness(light(x)).mean().item(),
            f"{way} after": thickness(light(made)).mean().item(),
            f"{way} aim": thickness(light(y)).mean().item(),
            f"{way} same digit": (reads(made) == reads(x)).double().mean().item(),
            f"{way} round trip": (again - x).abs().mean().item(),
        }
    return found


def garments(s: dict) -> dict:
    """Digits to clothes and back: what looks like clothes to a network that knows them, and what survives the way."""
    gan, found = cycled(s, mnist(train=True)[0][:LEARNED], fashion_mnist(train=True)[0][:LEARNED])
    forth, back = gan.generator, gan.others["back"].network
    x, clothes = scaled(held(s["seed"])[0][:500]), held(s["seed"], fashion_mnist)
    net = feature_net(data="fashion")
    own = embedded(net, clothes[0][: 2 * KNOWN])
    usual = Familiar(own[:KNOWN], clothes[1][:KNOWN], own[KNOWN:])
    with looking(forth, back):
        made = forth(x)
        again = back(made)
    kinds = {"digits": x, "made": made, "clothes": scaled(clothes[0][2 * KNOWN :][:500])}
    share = {
        f"usual {name}": (usual.rarity(embedded(net, each)) >= 0.01).double().mean().item()
        for name, each in kinds.items()
    }
    if s["seed"] == min(FIVE):
        keep(x, made, again)
    return {
        **found,
        **share,
        "same digit after both ways": (reads(again) == reads(x)).double().mean().item(),
        "same digit as clothes": (reads(made) == reads(x)).double().mean().item(),
        "same digit, greys black": (reads(made.where(made > GREY, -1.0)) == reads(x)).double().mean().item(),
        "round trip": (again - x).abs().mean().item(),
    }


def keep(*rows: Tensor) -> None:
    """Store the first pictures of each as one picture, a PNG."""
    shown = torch.cat([to_uint8(row[:SHOWN]) for row in rows])
    image = as_image(as_grid(shown, SHOWN))
    twice = image.resize((2 * image.width, 2 * image.height), resample=0)  # each pixel as it is
    twice.save(buffer := io.BytesIO(), "PNG", optimize=True)
    durable.write(KEPT, buffer.getvalue())


# ------------------------------------------------------------------ arms

INVERSION = {"encoder_steps": 500, "pictures": 1.0, "search_steps": 200, "lr": 0.05, "prior": 0.001, "long": 2000}
CYCLE = {"g_lr": 2e-3, "d_lr": 1e-3, "steps": 250, "cycle": 10.0, "identity": 0.0, "near": 2.0}
TASKS = {"inversion": found_again, "directions": directions, "cycle": cycle, "garments": garments}
ARMS = {
    "directions": {"regression": Arm("regression", {}, FIVE)},
    "inversion": {"both": Arm("search, encoder, both", INVERSION, FIVE)},
    "cycle": {
        "with": Arm("cycle 10", CYCLE, FIVE),
        "without": Arm("no cycle", {**CYCLE, "cycle": 0.0}, FIVE),
        "grey with": Arm("begun in grey, cycle 10", {**CYCLE, "near": 0.0}, FIVE),
        "grey without": Arm("begun in grey, no cycle", {**CYCLE, "near": 0.0, "cycle": 0.0}, FIVE),
    },
    "garments": {"with": Arm("cycle 10", CYCLE, THREE)},
}


def measured(data: str, settings: dict) -> dict:
    """One run of a task."""
    begun = time.process_time()
    found = TASKS[data](settings)
    return {**{name: round(v, 5) for name, v in found.items()}, "cpu_seconds": round(time.process_time() - begun, 1)}


def table() -> str:
    """Medians and ranges, as Markdown."""
    lines = []
    for data, arms in ARMS.items():
        for name, about in arms.items():
            if rows := RUNS.rows(data, name):
                lines += [f"\n| {data}: {about.label} | {len(rows)} seeds |", "|---|---|"]
                lines += [f"| {key} | {spread([row[key] for row in rows])} |" for key in rows[0] if key not in UNSHOWN]
    return "\n".join(lines)


def ship() -> None:
    """Write what notebook 13 shows."""
    found = RUNS.read()
    arms = {
        data: {name: {"label": arm.label, "settings": arm.settings} for name, arm in of.items()}
        for data, of in ARMS.items()
    }
    content = {"arms": arms, "runs": found["runs"], "trials": RUNS.trials(ARMS), "strengths": STRENGTHS}
    content["dressed"] = base64.b64encode(KEPT.read_bytes()).decode()  # of the first seed, a PNG
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


UNSHOWN = ("data", "arm", "seed")


def run(*wanted: str) -> None:
    """All runs that are not stored yet."""
    RUNS.run(measured, ARMS, wanted)


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(what, given, {"trial": partial(RUNS.trial, measured), "run": run, "table": table, "ship": ship})


if __name__ == "__main__":
    main(*sys.argv[1:])
