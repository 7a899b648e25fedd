"""One player alone: a denoiser, the network of a diffusion model, trained by the same `train`.

G is given x + σ ε and says what x was; its loss is the mean square. There is no discriminator. The noise is drawn from
the GAN's own stream, so that a run that is paused or resumed meets the same. After Vincent et al. (2008), "Extracting
and composing robust features with denoising autoencoders"; Ho et al. (2020), "Denoising diffusion probabilistic
models", arXiv 2006.11239.
"""

import torch
from conditional import small_digits
from torch import nn

from gan_edu.core.data import Batches
from gan_edu.core.training import mlp
from gan_edu.core.training.step import learn, one_step
from gan_edu.training_loop import GAN, adam, train

SIGMA = 0.5  # of the noise, in the data's units


class Denoiser(nn.Module):
    """G(x + σ ε) → x, (N, 1, 8, 8)."""

    def __init__(self):
        super().__init__()
        self.layers = mlp([64, 256, 64])

    def forward(self, noisy):
        return self.layers(noisy.flatten(1)).view_as(noisy)


@one_step
def denoise(gan, batches):
    """One step of the only player."""
    x = next(batches)
    noisy = x + SIGMA * torch.empty_like(x).normal_(generator=gan.noise_stream)
    loss = (gan.generator(noisy) - x).square().mean()
    learn(gan, "generator", loss)
    return {"g_loss": loss}


def build(seed=0):
    """(gan, batches), fresh ones."""
    torch.manual_seed(seed)
    generator = Denoiser()
    gan = GAN(generator, None, latent_dim=0, g_optimizer=adam(generator, 1e-3), seed=seed)
    return gan, Batches(small_digits()[0], 64, seed=seed)


def errors(gan, images, seed=0):
    """Mean squares (N, …) → (of G's answer, of the noisy picture, of the best linear answer)."""
    noisy = images + SIGMA * torch.randn(images.shape, generator=torch.Generator().manual_seed(seed))
    x = small_digits()[0].flatten(1)
    centred, mean = x - x.mean(0), x.mean(0)
    covariance = centred.T @ centred / len(x)
    wiener = torch.linalg.solve(covariance + SIGMA**2 * torch.eye(64), covariance)  # E[x | noisy], were x Gaussian
    linear = ((noisy.flatten(1) - mean) @ wiener + mean).view_as(images)
    answers = gan.generate(gan.latents(len(images)), noisy), noisy, linear
    return tuple((each - images).square().mean().item() for each in answers)


if __name__ == "__main__":
    gan, batches = build()
    for _ in train(gan, batches, 2000, step=denoise):
        pass
    told = errors(gan, small_digits(train=False)[0])
    print("mean square: G {:.4f}, noisy {:.4f}, best linear {:.4f}".format(*told))
