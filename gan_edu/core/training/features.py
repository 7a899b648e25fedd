"""A discriminator cut in two: what its body makes of a sample, and what its last layer says of that.

Who matches features (chapter 08), or asks a second question of them (chapter 10), needs both.
"""

from __future__ import annotations

from torch import Tensor, nn

from gan_edu.core.training.networks import MLPDiscriminator


class ShowsFeatures(nn.Module):
    """D that returns (logits (N, 1), features (N, F)): what `body` makes of samples, and `head` of that."""

    def __init__(self, body: nn.Module, head: nn.Module):
        super().__init__()
        self.body, self.head = body, head

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        features = self.body(x)
        return self.head(features), features


def showing_features(discriminator: nn.Module) -> ShowsFeatures:
    """The same D, an `mlp` or an MLPDiscriminator, which returns what its last layer reads, too. Weights are shared."""
    if isinstance(discriminator, MLPDiscriminator):
        return ShowsFeatures(nn.Sequential(nn.Flatten(), *discriminator.layers[:-1]), discriminator.layers[-1])
    *body, head = discriminator.children()
    return ShowsFeatures(nn.Sequential(*body), head)
