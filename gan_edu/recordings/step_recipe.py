"""Five steps of the textbook GAN, looked at line by line: `python -m gan_edu record mnist_textbook_steps`.

The run is that of the film: seed 0, from fresh weights. After each of STATIONS the next step is taken in slow motion,
to the same end, and what it makes is kept: verdicts and losses of the whole batch, pictures of its first samples.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gan_edu.core.data.batches import Batches
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.device import describe, setup
from gan_edu.core.training.slow_motion import substeps
from gan_edu.mnist_gan import SETTINGS, textbook, textbook_batches
from gan_edu.recordings.resumable import trial
from gan_edu.training_loop import GAN, train

STATIONS = (0, 1, 5, 10, 20)  # epochs that lie behind the step
PICTURED = 6  # of a batch, its first
FILMED = 64  # samples of a frame of the film; their logits tell that this is its run
SPREAD = 3  # latents from −3 to 3 have a shade of their own
KINDS = ("z", "real", "fake", "wish", "change")  # of pictures, as they stand in the file, PICTURED of each


def mnist_textbook_steps(name: str, epochs: int | None = None, into: str | Path | None = None) -> None:
    """Train the textbook GAN up to its last station and store a step at each. Interrupted, it begins anew."""
    epochs, folder = trial(name, epochs, into, STATIONS[-1])
    device = setup()
    gan, batches = textbook(0, device), textbook_batches(0, device)
    durable.ask(folder)
    latents, steps, pictures = gan.latents(FILMED), [], b""  # those that the film shows
    for epoch in (each for each in STATIONS if each <= epochs):
        for _ in train(gan, batches, epoch * batches.steps_per_epoch - gan.step):
            pass
        numbers, tiles = station(gan, batches, latents)
        steps.append({"epoch": epoch, **numbers})
        pictures += tiles
    store(name, folder, gan, steps, pictures)


def station(gan: GAN, batches: Batches, latents: Tensor) -> tuple[dict, bytes]:
    """Train one step. Returns its numbers, among them D's logits of these latents before it, and its pictures."""
    filmed = logits(gan.discriminator, gan.generate(latents))
    numbers, pictures = seen(gan, batches)
    return {**numbers, "filmed": filmed}, b"".join(packed(pictures[kind]) for kind in KINDS)


def store(name: str, folder: Path, gan: GAN, steps: list[dict], pictures: bytes) -> None:
    """Write the steps of a run into the folder: numbers, and a file of pictures."""
    about = {
        "sha256": hashlib.sha256(pictures).hexdigest(),
        "command": f"python -m gan_edu record {name}",
        "seed": gan.seed,
        "settings": SETTINGS,
        "device": describe(gan.device, gan.threads),
        "torch": torch.__version__,
        "steps": steps,
    }
    files = {"steps.json": (as_json(about, separators=(",", ":")) + "\n").encode(), "steps.bin": pictures}
    durable.write_together(folder, files)
    print(f"{folder}: {len(steps)} steps, {sum(map(len, files.values())) / 1e3:.0f} KB")


def seen(gan: GAN, batches: Batches) -> tuple[dict, dict[str, Tensor]]:
    """Train one step. Returns its numbers, and pictures in [−1, 1] by kind, PICTURED of each.

    "before" D learned, "after" it, and "last", when G has learned too, are D's logits of the same real samples and the
    same latents. wish: −∂L_G/∂fake, where G is to draw lighter; change: what its step then did. Both are shares of the
    largest among them, which the numbers name.
    """
    D = gan.discriminator
    numbers: dict[str, Any] = {"step": gan.step}
    made: dict[str, Tensor] = {}
    for line, made in substeps(gan, batches):
        if line in (2, 4):
            numbers["before" if line == 2 else "after"] = {name: logits(D, made[name]) for name in ("real", "fake")}
        elif line == 3:
            numbers["d_gradient"] = gradient_size(D)
        elif line == 6:
            numbers["g_gradient"], wish = gradient_size(gan.generator), wished(gan, made["fake"])[:PICTURED]
    with torch.no_grad():
        again = gan.generator(made["z"])  # (N, 1, 28, 28): the same latents, after G's step
    numbers["last"] = {"real": numbers["after"]["real"], "fake": logits(D, again)}
    numbers |= {name: round(made[name].item(), 4) for name in ("d_loss", "g_loss")}
    change = (again - made["fake"])[:PICTURED]
    largest = {"wish": wish.abs().max(), "change": change.abs().max()}
    numbers["largest"] = {name: float(f"{value:.3g}") for name, value in largest.items()}
    pictures = {"z": made["z"][:PICTURED] / SPREAD, "real": made["real"][:PICTURED], "fake": made["fake"][:PICTURED]}
    return numbers, {**pictures, "wish": wish / largest["wish"], "change": change / largest["change"]}


def logits(discriminator: nn.Module, samples: Tensor) -> list[float]:
    """D's logits of a batch, rounded."""
    with torch.no_grad():
        return [round(each, 3) for each in discriminator(samples).flatten().tolist()]


def gradient_size(network: nn.Module) -> float:
    """The length of the gradient over all weights, ‖∇L‖, to three digits."""
    gradients = [weight.grad.flatten() for weight in network.parameters() if weight.grad is not None]
    return float(f"{torch.cat(gradients).norm():.3g}")


def wished(gan: GAN, fake: Tensor) -> Tensor:
    """−∂L_G/∂fake, (N, 1, 28, 28): how each pixel is to change for L_G to fall."""
    fake = fake.clone().requires_grad_()
    (slope,) = torch.autograd.grad(gan.loss.g(gan.discriminator(fake), None), fake)
    return -slope


def packed(pictures: Tensor) -> bytes:
    """Numbers in [−1, 1] as bytes from 1 to 255, of which 128 is 0."""
    return (128 + 127 * pictures.clamp(-1, 1)).round().byte().cpu().numpy().tobytes()
