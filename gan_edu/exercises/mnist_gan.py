"""Checks of notebook 04_mnist_gan."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.mnist_scores import classes, feature_net
from gan_edu.exercises import Feedback, check, close, correct, wrong
from gan_edu.mnist_gan import nearest_digits

# Median distance to the nearest real pictures. Real test digits have 3 (the 1s) to 10, clothes 8; full-range noise and
# soft blobs 18 to 30. Dark noise has 5 to 12, and black 4 and 7: so the samples must hold light pixels, too.
FAR_FROM_DIGITS, FAR_FROM_ONES, FAR_FROM_CLOTHES = 13, 9, 11
LEAST_LIGHT = 1 / 3  # of the light pixels of real pictures, which are 8 to 18 % in digits, 31 % in clothes


@check
def steps_of(steps: int) -> Feedback:
    """How many steps are 20 epochs of MNIST at batch size 128?"""
    if steps == 20 * (60_000 // 128):
        return correct("60,000 / 128 = 468.75; the odd batch is dropped, so an epoch has 468 steps, and 20 have 9,360.")
    if steps == 20 * 469:
        return wrong("`Batches` drops the last, incomplete batch of each epoch.")
    if steps == 20 * 937:
        return wrong("that is for a batch size of 64.")
    return wrong(
        f"an epoch shows each of the 60,000 images at most once, in full batches of 128; that does not give {steps}."
    )


@check
def losses_of_a_believer(d_loss: float, g_loss: float) -> Feedback:
    """L_D and the non-saturating L_G of a D that answers 0.9 to everything."""
    if close(d_loss, 2.4079) and close(g_loss, 0.1054):
        return correct("−log 0.9 − log 0.1 = 2.41 and −log 0.9 = 0.11: G is content, and its samples may be noise.")
    if close(d_loss, 0.1054 + 0.1054):
        return wrong("for fake samples D's loss is −log(1 − D(G(z))), and 1 − 0.9 = 0.1.")
    if not close(d_loss, 2.4079):
        return wrong("L_D has two terms: −log D(x) for the real and −log(1 − D(G(z))) for the fake samples.")
    return wrong("L_D is right; the non-saturating L_G is −log D(G(z)).")


@check
def one_digit(samples: Tensor, digit: int) -> Feedback:
    """100 or more samples of a GAN that was trained on one digit only.

    The network reads noise as an 8, and is sure of it: so the samples must also be near real pictures of the digit.
    """
    problem = _not_pictures(samples)
    if problem:
        return wrong(problem)
    net = feature_net()
    with torch.no_grad():
        found = classes(net.classify(net(scaled(samples).float().cpu())))
    share = (found == digit).float().mean().item()
    if share < 0.8:
        common = int(found.mode().values)
        return wrong(
            f"{share:.0%} of your samples read as a {digit} ({common} is the most common): choose the images "
            "with labels == digit before you make Batches, and train on until the shapes are digits."
        )
    images, labels = mnist()
    distance = _far_from(images[labels == digit], samples)
    allowed = FAR_FROM_ONES if digit == 1 else FAR_FROM_DIGITS
    if distance > allowed:
        return wrong(
            f"{share:.0%} read as a {digit}, but they are far from real ones (median distance {distance:.1f}; "
            f"{allowed} or less is asked): the network calls noise an 8 too, or a 1. Train on."
        )
    if dark := _too_dark(images[labels == digit], samples):
        return wrong(f"{share:.0%} read as a {digit}, but {dark}")
    if _spread(samples) < 2:
        return wrong(f"{share:.0%} read as a {digit}, but all your samples are nearly one picture: give different z.")
    return correct(f"{share:.0%} read as a {digit}, and they differ from each other.")


@check
def fashion(samples: Tensor) -> Feedback:
    """100 or more samples of a GAN that was trained on Fashion-MNIST."""
    from gan_edu.core.data.datasets import fashion_mnist

    problem = _not_pictures(samples)
    if problem:
        return wrong(problem)
    distances = [_far_from(images, samples) for images in (fashion_mnist()[0], mnist()[0])]
    if distances[0] >= distances[1]:
        return wrong(
            f"your samples are nearer to digits than to clothes (median distance {distances[1]:.1f} against "
            f"{distances[0]:.1f}): pass fashion_mnist()[0] to Batches, and train for about 1,000 steps with "
            "the optimisers of exercise 3's hint, 2,500 or more with the textbook's."
        )
    if distances[0] > FAR_FROM_CLOTHES:
        return wrong(
            f"your samples are far from clothes (median distance {distances[0]:.1f}; {FAR_FROM_CLOTHES} or "
            "less is asked). That they are farther still from digits is true of noise too: train on."
        )
    if dark := _too_dark(fashion_mnist()[0], samples):
        return wrong(f"your samples are near clothes, but {dark}")
    if _spread(samples) < 2:
        return wrong("all your samples are nearly one picture: train longer, or try another seed.")
    return correct(
        f"your samples are nearer to clothes than to digits (median distance {distances[0]:.1f} against "
        f"{distances[1]:.1f}), and the networks and the loss are those of the digits."
    )


@check
def length_on_the_line(length: float) -> Feedback:
    """How long is z a third of the way along the straight line between two latents with 100 numbers?"""
    if close(length, 7.45, 0.1):
        return correct("|z|² = (2/3)²·100 + (1/3)²·100 = 55.6 on average, as a·b is near 0; so |z| ≈ 7.5.")
    if close(length, 7.07, 0.1):
        return wrong("that is halfway; a third of the way, a weighs 2/3 and b weighs 1/3.")
    if close(length, 10, 0.1):
        return wrong("that is the arc; the straight line leaves the shell of length 10.")
    return wrong("write z = (2/3) a + (1/3) b and square: |a|² and |b|² are near 100, and a·b is near 0.")


def _not_pictures(samples: Tensor) -> str | None:
    if not isinstance(samples, Tensor) or samples.ndim != 4 or samples.shape[1:] != (1, 28, 28):
        shape = tuple(samples.shape) if isinstance(samples, Tensor) else type(samples).__name__
        return f"samples must be a tensor of the shape (N, 1, 28, 28), as gan.generate gives; got {shape}."
    if len(samples) < 100:
        return f"{len(samples)} samples are too few to judge: generate 100 or more."
    if lost := int((~samples.isfinite()).flatten(1).any(1).sum()):
        return f"{lost} of {len(samples)} samples hold NaN or infinity: has a loss blown up in training?"
    return None


def _far_from(images: Tensor, samples: Tensor) -> float:
    """Median distance of the samples to the nearest of 10,000 real pictures (of all where there are fewer)."""
    return nearest_digits(samples.cpu(), images[:10_000])[0].median().item()


def _too_dark(images: Tensor, samples: Tensor) -> str | None:
    real, light = ((scaled(x).float() > 0).float().mean().item() for x in (images[:10_000], samples))
    if light < LEAST_LIGHT * real:
        return (
            f"{light:.1%} of their pixels are light, {real:.1%} in real ones ({LEAST_LIGHT * real:.1%} or more is "
            "asked). Dark noise is as near: train on, until you see light shapes."
        )
    return None


def _spread(samples: Tensor) -> float:
    """Median distance between two samples, in pixels of [−1, 1]: 0 where all are one picture."""
    flat = scaled(samples).float().cpu().flatten(1)
    return torch.cdist(flat[: len(flat) // 2], flat[len(flat) // 2 :]).median().item()
