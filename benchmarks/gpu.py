"""Steps a second on a GPU: the textbook loop, plain loops, `train`, and `train` with the whole step captured.

    python -m benchmarks.gpu [OUT.json]      prints a table, and writes it with the card's name, for notebook 12
    python -m benchmarks.gpu quote           puts what is stored in the README

All arms of a part take turns, each as many steps as last about a sixth of a second, seven times over; told are medians.
A part is written as soon as it is measured. Float32 products are in full precision, convolutions in TF32, as torch has
it by default; that holds for all arms.
"""

from __future__ import annotations

import copy
import gc
import json
import math
import statistics
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from benchmarks.steps import textbook_loop
from benchmarks.stored_runs import RESULTS
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist, mnist_as_torchvision
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.captured import captured
from gan_edu.core.training.compact import CompactDiscriminator, CompactGenerator
from gan_edu.core.training.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator, adam
from gan_edu.core.training.residual import ResidualDiscriminator, ResidualGenerator
from gan_edu.modern import fresh, recipe
from gan_edu.training_loop import GAN, train, train_step

ROUNDS, SECONDS, WARM = 7, 0.16, 12
FOREVER, RUN = 10**9, 20_000  # steps; of a run of the modern recipe
DEVICE = torch.device("cuda")
Networks = tuple[nn.Module, nn.Module]


def of_mlps() -> Networks:
    return MLPGenerator().to(DEVICE), MLPDiscriminator().to(DEVICE)


def of_convolutions() -> Networks:
    return ConvGenerator().to(DEVICE), ConvDiscriminator().to(DEVICE)


def compact() -> Networks:
    return CompactGenerator(64, 3).to(DEVICE), CompactDiscriminator(3).to(DEVICE)


def residual() -> Networks:
    wide = (256, 128, 64)
    return ResidualGenerator(64, 3, wide).to(DEVICE), ResidualDiscriminator(3, wide).to(DEVICE)


def drawn(images: Tensor, batch: int) -> Iterator[Tensor]:
    """Batches of pictures on the card, in [−1, 1], as a plain loop draws them."""
    while True:
        for chosen in torch.randperm(len(images), device=DEVICE).split(batch)[: len(images) // batch]:
            yield images[chosen].float() / 127.5 - 1


def plain(networks: Networks, images: Tensor, batch: int) -> Iterator[None]:
    """A plain loop of the textbook's GAN: logits, softplus, fused Adam, data on the card."""
    G, D = networks
    g_adam, d_adam = adam(G), adam(D)
    for real in drawn(images, batch):
        fake = G(torch.randn(batch, 100, device=DEVICE))
        d_adam.zero_grad()
        (softplus(-D(real)).mean() + softplus(D(fake.detach())).mean()).backward()
        d_adam.step()
        g_adam.zero_grad()
        softplus(-D(fake)).mean().backward()
        g_adam.step()
        yield


def plain_modern(networks: Networks, images: Tensor, batch: int) -> Iterator[None]:
    """A plain loop of the recipe: pairs, R1 and R2, schedules of γ, rates and β₂, an average of G."""
    G, D = networks
    average, latent_dim = copy.deepcopy(G), 64
    g_adam, d_adam = (adam(net, 2e-4, (0.0, 0.9)) for net in networks)
    batches = drawn(images, batch)

    def slope(x: Tensor) -> tuple[Tensor, Tensor]:
        x = x.detach().requires_grad_()
        logits = D(x)
        return logits, torch.autograd.grad(logits.sum(), x, create_graph=True)[0].flatten(1).square().sum(1).mean()

    for step in range(FOREVER):
        left = (1 + math.cos(math.pi * min(1, step / RUN))) / 2
        for group in (*g_adam.param_groups, *d_adam.param_groups):
            group["lr"], group["betas"] = 2e-4 * (0.25 + 0.75 * left), (0.0, 0.99 - 0.09 * left)
        with torch.no_grad():
            fake = G(torch.randn(batch, latent_dim, device=DEVICE))
        (real_logits, r1), (fake_logits, r2) = slope(next(batches)), slope(fake)
        d_adam.zero_grad()
        (softplus(fake_logits - real_logits).mean() + (0.1 + 0.9 * left) / 2 * (r1 + r2)).backward()
        d_adam.step()
        fake, real = G(torch.randn(batch, latent_dim, device=DEVICE)), next(batches)
        g_adam.zero_grad()
        softplus(D(real) - D(fake)).mean().backward()
        g_adam.step()
        with torch.no_grad():
            torch._foreach_lerp_(list(average.parameters()), list(G.parameters()), 1e-3)
        yield


def ours(networks: Networks, images: Tensor, batch: int, graph: bool, precision: str = "float32") -> Iterator:
    """`train` on the textbook's GAN."""
    gan = GAN(*networks, 100, precision=precision)
    return train(gan, Batches(images, batch), FOREVER, step=captured(train_step) if graph else train_step)


def ours_modern(networks: Networks, images: Tensor, batch: int, graph: bool, precision: str = "float32") -> Iterator:
    """`train` on the recipe."""
    gan = GAN(*networks, 64, **recipe(*networks, RUN), precision=precision)
    return train(gan, Batches(images, batch), FOREVER, step=captured(fresh) if graph else fresh)


def in_channels_last(networks: Networks) -> Networks:
    return tuple(each.to(memory_format=torch.channels_last) for each in networks)  # type: ignore[return-value]


def arms(make: Callable[[], Networks], images: Tensor, batch: int, modern: bool, convolutions: bool) -> dict:
    """The arms that each part has: a plain loop, `train`, and captured ones."""
    loop, trained = (plain_modern, ours_modern) if modern else (plain, ours)
    of_all = {
        "plain loop": loop(make(), images, batch),
        "train": trained(make(), images, batch, False),
        "captured": trained(make(), images, batch, True),
        "captured bfloat16": trained(make(), images, batch, True, "bfloat16"),
    }
    if convolutions:
        networks = in_channels_last(make())
        of_all["captured bfloat16 channels last"] = trained(networks, images, batch, True, "bfloat16")
    return of_all


def several(arm: Iterator, steps: int) -> float:
    """Seconds for so many steps."""
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(steps):
        next(arm)
    torch.cuda.synchronize()
    return time.perf_counter() - start


def measured(of_all: dict[str, Iterator], batch: int, against: str) -> dict:
    """Median milliseconds a step, samples a second, and how many times as fast as one of them, round by round."""
    counts, times, failed = {}, {name: [] for name in of_all}, {}
    for name, arm in of_all.items():
        try:
            several(arm, WARM)
            counts[name] = max(3, round(SECONDS / (several(arm, 6) / 6)))
            several(arm, counts[name] // 2)
        except Exception as error:  # the other arms still tell something
            failed[name] = "".join(traceback.format_exception(error))
            print(name, "FAILED", str(error)[:300])
    for _ in range(ROUNDS):
        for name, count in counts.items():
            times[name].append(several(of_all[name], count) / count)
    table = {}
    for name in counts:
        ms = 1e3 * statistics.median(times[name])
        ratio = (
            statistics.median(a / b for a, b in zip(times[against], times[name], strict=True))
            if against in counts
            else 0
        )
        row = {"ms_a_step": ms, "samples_a_second": 1e3 * batch / ms, "times_as_fast": ratio}
        table[name] = {key: float(f"{value:.4g}") for key, value in row.items()}
        table[name]["range_ms"] = [float(f"{1e3 * each(times[name]):.4g}") for each in (min, max)]
    return {"batch": batch, "against": against, "arms": table, **({"failed": failed} if failed else {})}


def capture_cost() -> float:
    """Milliseconds to capture a step of the recipe anew, on residual networks."""
    networks = compact()
    gan = GAN(*networks, 64, **recipe(*networks, RUN))
    images = torch.randint(0, 256, (1024, 3, 28, 28), dtype=torch.uint8, device=DEVICE)
    arm, times = train(gan, Batches(images, 256), FOREVER, step=captured(fresh, near=0)), []
    several(arm, 5)
    for _ in range(7):
        times.append(several(arm, 1))
    return float(f"{1e3 * statistics.median(times):.3g}")


def parts() -> Iterator[tuple[str, Callable[[], dict]]]:
    """What is measured, one after the other."""
    digits = mnist(train=True)[0].to(DEVICE)
    colours = torch.randint(0, 256, (20_000, 3, 28, 28), dtype=torch.uint8, device=DEVICE)

    def textbook() -> dict:
        with tempfile.TemporaryDirectory() as folder:
            mnist_as_torchvision(folder)
            of_all = {"textbook loop": textbook_loop(folder, DEVICE), **arms(of_mlps, digits, 64, False, False)}
            return measured(of_all, 64, "textbook loop")

    yield "textbook MLPs", textbook
    for batch in (64, 256):
        yield (
            f"convolutional, batch {batch}",
            lambda batch=batch: measured(arms(of_convolutions, digits, batch, False, True), batch, "plain loop"),
        )
    yield "modern, compact", lambda: measured(arms(compact, colours, 256, True, True), 256, "plain loop")
    yield "modern, residual", lambda: measured(arms(residual, colours, 256, True, True), 256, "plain loop")
    yield "capturing", lambda: {"ms_to_capture_a_modern_step_anew": capture_cost()}


# ------------------------------------------------------------------ the README's table

STORED = RESULTS / "gpu.json"
README = Path(__file__).parents[1] / "README.md"
MARKS = "<!-- gpu -->", "<!-- /gpu -->"
ROWS = {  # of the table, by the benchmark's parts; and how many times as fast a captured step shall be
    "textbook MLPs": ("the textbook's MLPs, batch 64", 20),
    "convolutional, batch 64": ("chapter 10's convolutional networks, batch 64", 3),
    "convolutional, batch 256": ("the same, batch 256", 3),
    "modern, compact": ("chapter 11's, residual, with R1 and R2 in each step, 3 × 28 × 28, batch 256", 3),
}


def table(found: dict) -> str:
    """Milliseconds a step and what a captured step is worth, as Markdown; without figures it says so."""
    if not found:
        return "No graphics card was at hand: this table is empty."
    lines = [
        f"{found['card']}, PyTorch {found['torch']}, {found['date']}, float32:",
        "",
        "| what | plain loop | `train` | `captured(train_step)` | bar |",
        "|---|---|---|---|---|",
    ]
    for name, (told, bar) in ROWS.items():
        of = found["parts"][name]
        loop, plain, ours = (of["arms"][arm]["ms_a_step"] for arm in ("plain loop", "train", "captured"))
        times = f"{of['arms']['captured']['times_as_fast']:.1f} × the {of['against']}"
        lines.append(f"| {told} | {loop:.2f} ms | {plain:.2f} ms | {ours:.2f} ms: {times} | ≥ {bar} × |")
    return "\n".join(lines)


def quote(text: str, found: dict) -> str:
    """The README with the table between its two marks."""
    before, rest = text.split(MARKS[0])
    return f"{before}{MARKS[0]}\n{table(found)}\n{MARKS[1]}{rest.split(MARKS[1])[1]}"


def stored() -> dict:
    """What was measured, {} where nothing was."""
    return json.loads(STORED.read_text()) if STORED.is_file() else {}


def measure(path: Path) -> None:
    """All parts, each written as soon as it is there."""
    torch.manual_seed(0)
    found: dict = {
        "card": torch.cuda.get_device_name(DEVICE),
        "torch": torch.__version__,
        "date": date.today().isoformat(),
        "tf32": {"products": torch.backends.cuda.matmul.allow_tf32, "convolutions": torch.backends.cudnn.allow_tf32},
        "parts": {},
    }
    print(found)
    for name, part in parts():
        start = time.perf_counter()
        try:
            found["parts"][name] = part()
        except Exception as error:
            found["parts"][name] = {"failed": "".join(traceback.format_exception(error))}
            print(name, "FAILED", str(error)[:300])
        gc.collect()
        torch.cuda.empty_cache()
        print(
            f"{name}, {time.perf_counter() - start:.0f} s, {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB at most"
        )
        for arm, row in found["parts"][name].get("arms", {}).items():
            ms, rate, times = row["ms_a_step"], row["samples_a_second"], row["times_as_fast"]
            print(f"  {arm:32} {ms:8.3f} ms {rate:12,.0f} /s  ×{times:.2f}", flush=True)
        path.write_text(as_json(found, indent=1) + "\n")


def main(what: str = str(STORED)) -> None:
    """The command."""
    if what != "quote":
        if not torch.cuda.is_available():
            raise SystemExit("this needs a graphics card that torch can use (CUDA); the other benchmarks need none")
        measure(Path(what))
    durable.write(README, quote(README.read_text(encoding="utf-8"), stored()).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
