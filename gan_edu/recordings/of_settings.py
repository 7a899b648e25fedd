"""Models of notebook 11 as settings name them: GANs of the ladder, and the rivals of one. (gan, batches, step) of each.

What is said in settings is measured by `benchmarks.modern` and `benchmarks.rivals`; `rivals_recipe` makes films of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import fashion_mnist, mnist
from gan_edu.core.rivals import Decoder, Diffusion, Encoder, PixelGenerator, UNet, denoise, elbo, pixel_after_pixel
from gan_edu.core.training.contract import Step
from gan_edu.losses import LOSSES
from gan_edu.mode_collapse import ConvDiscriminator, ConvGenerator, Stacked, calm
from gan_edu.modern import Beta2, CompactDiscriminator, CompactGenerator, fresh
from gan_edu.training_loop import GAN, Player, adam, train_step
from gan_edu.tricks import EMA, CosineDecay

Built = tuple[GAN, Batches, Step]
LADDER = {  # of a GAN, where its settings say nothing else
    "network": "convolutional",  # or "residual", or "grouped"
    "d_norm": "none",  # of a convolutional D
    "loss": "non-saturating",
    "calm": 0.0,  # γ of R1 and R2; 0: none
    "every": 4,  # steps between two penalties
    "schedules": False,  # γ to a tenth, rates to a quarter, β₂ from .9 to .99
    "fresh": False,
    "betas": [0.0, 0.99],
    "g_lr": 2e-3,
    "d_lr": 1e-3,
    "latent_dim": 64,
    "batch": 64,
    "ema": 0.998,
    "steps": 1000,
}


def ladder(data: str, s: dict, device: str = "cpu", precision: str = "bfloat16") -> tuple[GAN, Batches | Stacked, Step]:
    """A GAN on "mnist", "fashion" or "stacked" digits. s: all of LADDER, and a seed."""
    gan, step = modern_gan(s, 3 if data == "stacked" else 1, device, precision)
    images = (fashion_mnist if data == "fashion" else mnist)(train=True)[0]
    return gan, (Stacked if data == "stacked" else Batches)(images, s["batch"], s["seed"], device), step


def modern_gan(s: dict, channels: int = 1, device: str = "cpu", precision: str = "bfloat16") -> tuple[GAN, Step]:
    """A GAN of the ladder, and its step."""
    torch.manual_seed(s["seed"])
    generator, discriminator = (each.to(device) for each in networks(s, channels))
    falling, gamma, steps = s["schedules"], s["calm"], s["steps"]
    betas = (s["betas"][0], 0.9) if falling else s["betas"]
    falls: list[Callable] = [CosineDecay(steps, floor=0.25), Beta2(steps)] if falling else []
    gan = GAN(
        generator,
        discriminator,
        s["latent_dim"],
        LOSSES[s["loss"]],
        adam(generator, s["g_lr"], betas),
        adam(discriminator, s["d_lr"], betas),
        d_penalties=calm(gamma, gamma / 10 if falling else gamma, steps, s["every"]) if gamma else [],
        after_step=[EMA(s["ema"]), *falls],
        precision=precision,
        seed=s["seed"],
    )
    return gan, fresh if s["fresh"] else train_step


def networks(s: dict, channels: int) -> tuple[nn.Module, nn.Module]:
    """(G, D): convolutional, as chapter 10 found them, or residual, with a third of the weights."""
    if s["network"] == "convolutional":
        generator = ConvGenerator(s["latent_dim"], channels, 16, grow="resize", hidden=256)
        return generator, ConvDiscriminator(channels, 16, norm=s["d_norm"])
    inside = {"expansion": 2, "group": 8} if s["network"] == "grouped" else {"expansion": 1, "group": 0}
    return CompactGenerator(s["latent_dim"], channels, 16, **inside), CompactDiscriminator(channels, 16, **inside)


def rival(s: dict) -> Built:
    """A model of digits, of the kind that its settings name: "vae", "pixels", "diffusion" or "gan"."""
    torch.manual_seed(s["seed"])
    batches, more = digits(s), {"discriminator": None, **common(s)}
    match s["kind"]:
        case "vae":
            decoder, encoder = Decoder(s["latent_dim"]), Encoder(s["latent_dim"])
            more["others"] = {"encoder": Player(encoder, adam(encoder, s["lr"], s["betas"]))}
            own = adam(decoder, s["lr"], s["betas"])
            return GAN(decoder, latent_dim=s["latent_dim"], g_optimizer=own, **more), batches, elbo(s["beta"])
        case "pixels":
            pixels = PixelGenerator()
            own = adam(pixels, s["lr"], s["betas"])
            return GAN(pixels, latent_dim=784, g_optimizer=own, latent="uniform", **more), batches, pixel_after_pixel
        case "diffusion":
            diffusion = Diffusion(UNet(s["width"]), s["passes"])
            own = adam(diffusion, s["lr"], s["betas"])
            return GAN(diffusion, latent_dim=784, g_optimizer=own, **more), batches, denoise
        case "gan":
            gan, step = modern_gan({**LADDER, **s})
            return gan, batches, step
        case _:
            raise ValueError(f"a rival is a vae, pixels, a diffusion or a gan, got {s['kind']!r}")


def digits(s: dict) -> Batches:
    """What all rivals learn from."""
    return Batches(mnist(train=True)[0], s["batch"], s["seed"])


def common(s: dict) -> dict[str, Any]:
    """What all rivals have beside their networks, and a GAN has otherwise."""
    after_step = [EMA(s["ema"]), CosineDecay(s["steps"], 0.02)]
    return {"after_step": after_step, "precision": "bfloat16", "seed": s["seed"]}
