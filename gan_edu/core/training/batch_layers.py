"""A D that sees more than one sample: packs, and layers that tell it about the batch.

A sample of a collapsed generator may be good; what betrays it is that all are alike, and that no single one shows. Each
of these makes a logit depend on the other samples of its batch, and says so (`batch_statistics`): real and fake go in
apart, and no penalty asks for one sample's slope. Papers: Salimans et al. (2016), arXiv 1606.03498; Karras et al.
(2018), arXiv 1710.10196; Lin et al. (2018), arXiv 1712.04086. Used in notebook 08_mode_collapse.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import integer
from gan_edu.core.training.pieces import network


class Packed(nn.Module):
    """D on packs of `count` samples: (N, C, …) → N/count packs (count · C, …) → a logit each, which its samples share.

    A pack of a collapsed G holds count alike, a pack of data hardly ever. Lin et al. (2018), "PacGAN", arXiv
    1712.04086.
    discriminator: takes count times the channels, or numbers, of one sample. Where N is no multiple of count, the last
    pack is filled with the first samples again.
    """

    batch_statistics = True  # real and fake are packed apart, and no penalty asks for a single sample's slope

    def __init__(self, discriminator: nn.Module, count: int = 2):
        super().__init__()
        network("discriminator", discriminator)
        self.discriminator, self.count = discriminator, integer("count", count, 1, 1000)

    def forward(self, x: Tensor) -> Tensor:
        places = torch.arange(-(-len(x) // self.count) * self.count, device=x.device) % len(x)
        packs = x[places].unflatten(0, (-1, self.count)).flatten(1, 2)  # (N/count, count · C, …)
        return self.discriminator(packs).repeat_interleave(self.count, 0)[: len(x)]  # (N, 1)


class MinibatchStd(nn.Module):
    """One more number, or map, for each sample: the standard deviation over the batch, averaged over all features.

    (N, F) → (N, F + 1), (N, C, H, W) → (N, C + 1, H, W). Karras et al. (2018), "Progressive growing of GANs",
    arXiv 1710.10196, section 3.
    """

    batch_statistics = True

    def forward(self, x: Tensor) -> Tensor:
        spread = (x.var(0, unbiased=False) + 1e-8).sqrt().mean()  # the root has no slope at 0
        return torch.cat([x, spread.expand(len(x), 1, *x.shape[2:])], 1)


class MinibatchDiscrimination(nn.Module):
    """How near each sample is to the others of its batch: (N, F) → (N, F + kernels).

    o_b(x_i) = Σ_j exp(−‖M_ib − M_jb‖₁) with M_i = f(x_i) T, (kernels, width). Salimans et al. (2016), "Improved
    techniques for training GANs", arXiv 1606.03498, section 3.2.
    """

    batch_statistics = True

    def __init__(self, features: int, kernels: int = 16, width: int = 8):
        super().__init__()
        self.shape = integer("kernels", kernels, 1, 10**4), integer("width", width, 1, 10**4)
        self.table = nn.Linear(integer("features", features, 1, 10**6), kernels * width, bias=False)  # T

    def forward(self, x: Tensor) -> Tensor:
        m = self.table(x).unflatten(1, self.shape)  # (N, kernels, width)
        apart = (m[:, None] - m[None]).abs().sum(3)  # (N, N, kernels)
        return torch.cat([x, (-apart).exp().sum(1)], 1)
