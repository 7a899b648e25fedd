"""Two clouds of points and no pairs: two generators, two discriminators, and a cycle that ties them.

F takes a point of X to Y, B takes it back; each has a discriminator of its own. Beside these the way there and back
shall end where it began: L_cycle = E|B(F(x)) − x| + E|F(B(y)) − y|. After Zhu et al. (2017), "Unpaired image-to-image
translation using cycle-consistent adversarial networks", arXiv 1703.10593. Both generators share one loss and learn in
one step; batches come side by side, each in its own order.
"""

import math

import torch
from torch import nn

from gan_edu.core.data import Batches
from gan_edu.core.data.batches import Together
from gan_edu.core.training import mlp
from gan_edu.core.training.contract import Player
from gan_edu.core.training.step import learn, one_step
from gan_edu.training_loop import GAN, adam, train

CENTRES = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [0.0, 0.0]])
TURN, SHIFT = math.radians(30), torch.tensor([0.4, -0.2])
ROTATION = torch.tensor([[math.cos(TURN), math.sin(TURN)], [-math.sin(TURN), math.cos(TURN)]])


class Mover(nn.Module):
    """A generator of points: x → x + f(x), at first nearly x."""

    def __init__(self):
        super().__init__()
        self.layers = mlp([2, 64, 64, 2])

    def forward(self, x):
        return x + 0.1 * self.layers(x)


def clouds(count=2000, seed=0):
    """(X (N, 2), Y (N, 2), which centre each point of X belongs to): Y is another draw, turned and shifted."""
    stream = torch.Generator().manual_seed(seed)
    one, two = (torch.randint(len(CENTRES), (count,), generator=stream) for _ in range(2))
    x, y = (CENTRES[each] + 0.08 * torch.randn(count, 2, generator=stream) for each in (one, two))
    return x, y @ ROTATION + SHIFT, one


@one_step
def there_and_back(gan, batches):
    """Both discriminators learn, then both generators, together."""
    x, y = next(batches)
    forth, back = gan.generator, gan.others["back"].network
    d_y, d_x = gan.discriminator, gan.others["back_discriminator"].network
    to_y, to_x = forth(x), back(y)
    losses = {}
    for name, d, real, fake in (("discriminator", d_y, y, to_y), ("back_discriminator", d_x, x, to_x)):
        logits = d(real), d(fake.detach())
        losses[name] = gan.loss.d(*logits)
        learn(gan, name, losses[name], *logits)
    cycle = (back(to_y) - x).abs().mean() + (forth(to_x) - y).abs().mean()
    real_logits, fake_logits = d_y(y), d_y(to_y)
    g_loss = gan.loss.g(fake_logits, None) + gan.loss.g(d_x(to_x), None) + 10 * cycle
    learn(gan, ("generator", "back"), g_loss, fake_logits)
    d_loss = losses["discriminator"] + losses["back_discriminator"]
    logits = {"real_logits": real_logits, "fake_logits": fake_logits}
    return {"d_loss": d_loss, "g_loss": g_loss, "cycle": cycle, **logits}


def player(network, lr):
    return Player(network, adam(network, lr, (0.5, 0.99)))


def build(seed=0):
    """(gan, batches), fresh ones."""
    torch.manual_seed(seed)
    forth, back, d_y, d_x = Mover(), Mover(), mlp([2, 64, 64, 1], slope=0.2), mlp([2, 64, 64, 1], slope=0.2)
    gan = GAN(
        forth,
        d_y,
        latent_dim=0,  # what F is given is a point of X
        g_optimizer=player(forth, 1e-3).optimizer,
        d_optimizer=player(d_y, 1e-3).optimizer,
        others={"back": player(back, 1e-3), "back_discriminator": player(d_x, 1e-3)},
        seed=seed,
    )
    x, y, _ = clouds()
    return gan, Together(Batches(x, 128, seed=seed), Batches(y, 128, seed=seed + 1))


def right(gan, seed=1):
    """The share of fresh points of X that F takes to the turned and shifted centre of their own."""
    x, _, which = clouds(seed=seed)
    moved = gan.generate(gan.latents(len(x)), x)
    return (torch.cdist(moved, CENTRES @ ROTATION + SHIFT).argmin(1) == which).float().mean().item()


if __name__ == "__main__":
    gan, batches = build()
    print(f"right before {right(gan):.2f}")
    for record in train(gan, batches, 1500, step=there_and_back):
        if record.step % 250 == 0:
            print(record.step, f"cycle {record.values['cycle']:.3f}, right {right(gan):.2f}")
