"""Features of photographs: Inception v3, which has learned the 1,000 classes of ImageNet. Of notebook 07_evaluation.

FID, KID and the Inception Score of papers are those of an Inception network. It has learned to tell photographs of
things apart; digits are none, and what tells digits apart it need not see. Szegedy et al. (2016), "Rethinking the
Inception architecture for computer vision", arXiv 1512.00567.

Numbers of two networks must not be compared, not even of two Inceptions: torchvision's weights, which are taken here,
come from TensorFlow's of 2016, those of most papers from TensorFlow's of 2015 (the package pytorch-fid has them, and
says so). Nor those of two ways to resize: Parmar et al. (2022), "On aliased resizing and surprising subtleties in GAN
evaluation", arXiv 2104.11222.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from gan_edu.core.data.pixels import scaled
from gan_edu.core.training.device import named
from gan_edu.core.training.tensors import tensor

if TYPE_CHECKING:
    from torchvision.models import Inception3

DIMENSIONS = 2048
SIDE = 299  # pixels, of what it has learned
PART = 25  # pictures a pass: at this size they take a tenth of a gigabyte and more


class InceptionFeatures(nn.Module):
    """Pictures (N, 1 or 3, H, W) in [−1, 1] → features (N, 2048): what the last layer before the classes is given.

    They are resized to 299 × 299, bilinearly, with antialiasing where they shrink; grey ones become three equal
    channels. Raises ValueError for another shape, TypeError for what is no tensor of pixels.
    """

    num_features = DIMENSIONS  # torchmetrics asks for it

    def __init__(self, network: Inception3):
        super().__init__()
        network.transform_input = False  # it would undo ImageNet's normalisation: [−1, 1] is what it has learned
        network.aux_logits, network.AuxLogits = False, None
        network.fc = nn.Identity()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        if tensor("images", images).ndim != 4 or images.shape[1] not in (1, 3):
            raise ValueError(f"images must be pictures (N, 1 or 3, H, W), got {tuple(images.shape)}")
        return torch.cat([self.network(_fitted(part)) for part in images.split(PART)])


def _fitted(images: Tensor) -> Tensor:
    coloured = scaled(images).float().expand(-1, 3, -1, -1)  # (N, 3, H, W)
    return interpolate(coloured, (SIDE, SIDE), mode="bilinear", antialias=True)  # (N, 3, 299, 299)


def inception_features(device: torch.device | str = "cpu") -> InceptionFeatures:
    """torchvision's Inception v3 with ImageNet's weights, in eval mode: 100 MB, downloaded once, then from its cache.

    Raises OSError that says what to do where they are neither in the cache nor to be had, ValueError for a device that
    is not here.
    """
    from torchvision.models import Inception_V3_Weights, inception_v3

    device, weights = named(device), Inception_V3_Weights.IMAGENET1K_V1
    try:
        network = inception_v3(weights=weights)
    except (OSError, RuntimeError) as error:  # the latter: not whole
        place = Path(torch.hub.get_dir(), "checkpoints", Path(weights.url).name)
        raise OSError(
            f"Inception's weights are not on this machine, or not whole: remove {place} if it is there. Then either "
            "connect to the network, so that torchvision can download them once (100 MB), or fetch "
            f"{weights.url} elsewhere and put it there. For digits and clothes take feature_net ({error})"
        ) from None
    return InceptionFeatures(network).requires_grad_(False).eval().to(device)
