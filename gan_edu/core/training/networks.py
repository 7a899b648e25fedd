"""Networks: the two small multilayer perceptrons of the textbook GAN, and the questions the training loop asks of any.

Chapter 04 trains them; `mlp` makes those of the plane. A network of your own needs no base class: a generator maps
latents (N, latent_dim) to samples (N, …), a discriminator maps samples to **logits** (N, 1); the sigmoid stands in the
loss.
The sizes are those of the course's source document; LeakyReLU in D follows Radford et al. (2016), arXiv 1511.06434.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from gan_edu.core.safety import checked
from gan_edu.core.safety.checked import integer, several
from gan_edu.core.training import pieces

MOST_UNITS = 10**7  # of a layer: more is a slip, and would fill the memory


class MLPGenerator(nn.Module):
    """G: z (N, latent_dim) → pictures (N, *shape) in [−1, 1], through ReLU layers and a tanh."""

    def __init__(
        self, latent_dim: int = 100, shape: Sequence[int] = (1, 28, 28), hidden: Sequence[int] = (128, 256, 512)
    ):
        super().__init__()
        self.latent_dim, self.shape = integer("latent_dim", latent_dim, 1, MOST_UNITS), tuple(_sizes("shape", shape))
        sizes = [self.latent_dim, *_sizes("hidden", hidden)]
        layers = [layer for a, b in zip(sizes, sizes[1:], strict=False) for layer in (linear(a, b), nn.ReLU())]
        self.layers = nn.Sequential(*layers, linear(sizes[-1], math.prod(self.shape)), nn.Tanh())

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(z).view(-1, *self.shape)  # (N, 1, 28, 28)


class MLPDiscriminator(nn.Module):
    """D: pictures (N, *shape) → logits (N, 1), through LeakyReLU layers of slope 0.2."""

    def __init__(self, shape: Sequence[int] = (1, 28, 28), hidden: Sequence[int] = (512, 256)):
        super().__init__()
        sizes = [math.prod(_sizes("shape", shape)), *_sizes("hidden", hidden)]
        layers = [layer for a, b in zip(sizes, sizes[1:], strict=False) for layer in (linear(a, b), nn.LeakyReLU(0.2))]
        self.layers = nn.Sequential(*layers, linear(sizes[-1], 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x.flatten(1))  # (N, 784) → (N, 1)


def mlp(sizes: Sequence[int], slope: float = 0.0) -> nn.Sequential:
    """(N, sizes[0]) → (N, sizes[-1]): linear layers with LeakyReLU of this slope between them; 0 is ReLU."""
    sizes, slope = _sizes("sizes", sizes), checked.real("slope", slope)
    if len(sizes) < 2:
        raise ValueError(f"sizes must be two or more, the input's and the output's among them, got {sizes}")
    pairs = zip(sizes[:-1], sizes[1:], strict=True)
    layers = [layer for a, b in pairs for layer in (linear(a, b), nn.LeakyReLU(slope))]
    return nn.Sequential(*layers[:-1])


def linear(inputs: int, outputs: int) -> nn.Linear:
    """A fully connected layer with PyTorch's own initialisation. Raises ValueError for a size below 1."""
    return nn.Linear(integer("inputs", inputs, 1, MOST_UNITS), integer("outputs", outputs, 1, MOST_UNITS))


def copied(network: nn.Module) -> nn.Module:
    """A deep copy. What it keeps of its last pass, as self.h or the older weight_norm's weight, becomes numbers."""
    last = {
        id(kept): kept.detach().clone()
        for layer in network.modules()
        for kept in vars(layer).values()
        if isinstance(kept, Tensor) and not kept.is_leaf
    }
    with torch.no_grad():  # TorchScript's weights would remember what they are copies of
        return copy.deepcopy(network, last)


def parameter_count(network: nn.Module) -> int:
    """How many numbers a network learns."""
    return sum(parameter.numel() for parameter in network.parameters() if parameter.requires_grad)


def adam(network: nn.Module, lr: float = 2e-4, betas: tuple[float, float] = (0.9, 0.999)) -> torch.optim.Adam:
    """Adam in its fused form, which updates a weight in one pass over memory; lr 2e-4 is the textbook's.

    Raises ValueError for a lr outside [0, 1] and for betas outside [0, 1), TypeError for what is no network.
    """
    pieces.network("network", network)
    lr = checked.real("lr", lr, 0, 1)
    first, second = several("betas", betas, lambda name, beta: checked.real(name, beta, 0, below=1), 2)
    fused = all(weight.device.type in ("cpu", "cuda") for weight in network.parameters())
    return torch.optim.Adam(network.parameters(), lr=lr, betas=(first, second), fused=fused)


def has_batch_statistics(network: nn.Module) -> bool:
    """Whether a sample's output depends on its batch: BatchNorm, or a layer that says `batch_statistics = True`.

    Such a network sees real and fake samples in separate passes here, each with its own statistics, as is usual.
    """
    return any(_mixes(layer) for layer in network.modules())


def mixing_layers(network: nn.Module) -> list[nn.Module]:
    """Its layers with batch statistics; of those that lie within each other the outermost."""
    if _mixes(network):
        return [network]
    return [layer for child in network.children() for layer in mixing_layers(child)]


def _mixes(layer: nn.Module) -> bool:
    return isinstance(layer, nn.modules.batchnorm._BatchNorm) or _says_so(layer)


def _says_so(layer: nn.Module) -> bool:
    kind = type(layer)  # whom a plain layer need not ask: a Module takes a microsecond to say that it has no such thing
    plain = kind.__getattr__ is nn.Module.__getattr__ and not hasattr(kind, "batch_statistics")
    return vars(layer).get("batch_statistics", False) if plain else getattr(layer, "batch_statistics", False)


def _sizes(name: str, sizes: Sequence[int]) -> list[int]:
    return several(name, sizes, lambda name, size: integer(name, size, 1, MOST_UNITS))
