"""Stacked MNIST: pictures of three random digits, one in each colour, so that there are 1,000 kinds of them.

The usual test of whether a GAN of pictures finds all modes: Metz et al. (2017), "Unrolled generative adversarial
networks", arXiv 1611.02163; Lin et al. (2018), "PacGAN", arXiv 1712.04086. Used in notebook 08_mode_collapse.
"""

from __future__ import annotations

import torch
from torch import Tensor

from gan_edu.core.data.batches import Batches
from gan_edu.core.safety.checked import integer, kind
from gan_edu.core.training.contract import State

COLOURS = 3


class Stacked:
    """Batches (N, 3, 28, 28) without end, of three pictures each, which were drawn one by one as `Batches` does.

    images: (M, 1, H, W), uint8 or in [−1, 1]. In each pass every picture is used once, in one of the colours. Raises as
    `Batches`, and ValueError for pictures that are not grey.
    """

    def __init__(self, images: Tensor, batch_size: int = 64, seed: int = 0, device: torch.device | str | None = None):
        self.singles = Batches(images, COLOURS * integer("batch_size", batch_size, 1), seed, device)
        if self.singles.data.ndim != 4 or self.singles.data.shape[1] != 1:
            raise ValueError(
                f"stacked are grey pictures (N, 1, H, W), got {tuple(self.singles.data.shape)}: of colours take one"
            )

    @property
    def batch_size(self) -> int:
        """N; it may be changed between two batches."""
        return self.singles.batch_size // COLOURS

    @batch_size.setter
    def batch_size(self, size: int) -> None:
        self.singles.batch_size = COLOURS * integer("batch_size", size, 1)

    @property
    def steps_per_epoch(self) -> int:
        """Batches in which every picture is used once."""
        return self.singles.steps_per_epoch

    def __iter__(self) -> Stacked:
        return self

    def __next__(self) -> Tensor:
        return stacked(kind("a batch", next(self.singles), Tensor))

    def state_dict(self) -> State:
        """Where the pass stands, for a checkpoint."""
        return self.singles.state_dict()

    def check_state(self, state: State) -> None:
        """Raise ValueError for a state of other pictures."""
        self.singles.check_state(state)

    def load_state_dict(self, state: State) -> None:
        """Go on where `state` was taken."""
        self.singles.load_state_dict(state)


def stacked(images: Tensor) -> Tensor:
    """(3N, 1, H, W) → (N, 3, H, W): each three that follow one another become one picture in colour."""
    return images.unflatten(0, (-1, COLOURS)).flatten(1, 2)


def unstacked(pictures: Tensor) -> Tensor:
    """(N, 3, H, W) → (3N, 1, H, W): the way back."""
    return pictures.flatten(0, 1)[:, None]
