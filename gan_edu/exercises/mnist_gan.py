"""Checks of notebook 04_mnist_gan."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.mnist_scores import classes, feature_net
from gan_edu.exercises import Feedback, check, close, correct, sayer, wrong
from gan_edu.mnist_gan import nearest_digits

# Median distance to the nearest real pictures. Real test digits have 3 (the 1s) to 10, clothes 8; full-range noise and
# soft blobs 18 to 30. Dark noise has 5 to 12, and black 4 and 7: so the samples must hold light pixels, too.
FAR_FROM_DIGITS, FAR_FROM_ONES, FAR_FROM_CLOTHES = 13, 9, 11
LEAST_LIGHT = 1 / 3  # of the light pixels of real pictures, which are 8 to 18 % in digits, 31 % in clothes

say = sayer(__name__)


@check
def steps_of(steps: int) -> Feedback:
    """How many steps are 20 epochs of MNIST at batch size 128?"""
    if steps == 20 * (60_000 // 128):
        return correct(say("stepsRight"))
    if steps == 20 * 469:
        return wrong(say("stepsIncompleteBatch"))
    if steps == 20 * 937:
        return wrong(say("stepsOfOtherSize"))
    return wrong(say("stepsWrong", steps=steps))


@check
def losses_of_a_believer(d_loss: float, g_loss: float) -> Feedback:
    """L_D and the non-saturating L_G of a D that answers 0.9 to everything."""
    if close(d_loss, 2.4079) and close(g_loss, 0.1054):
        return correct(say("believerRight"))
    if close(d_loss, 0.1054 + 0.1054):
        return wrong(say("believerFakeTerm"))
    if not close(d_loss, 2.4079):
        return wrong(say("believerTwoTerms"))
    return wrong(say("believerOfG"))


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
        return wrong(say("digitOtherDigits", share=f"{share:.0%}", digit=digit, common=common))
    images, labels = mnist()
    distance = _far_from(images[labels == digit], samples)
    allowed = FAR_FROM_ONES if digit == 1 else FAR_FROM_DIGITS
    if distance > allowed:
        return wrong(say("digitFar", share=f"{share:.0%}", digit=digit, distance=f"{distance:.1f}", allowed=allowed))
    if dark := _too_dark(images[labels == digit], samples):
        return wrong(say("digitTooDark", share=f"{share:.0%}", digit=digit, dark=dark))
    if _spread(samples) < 2:
        return wrong(say("digitOnePicture", share=f"{share:.0%}", digit=digit))
    return correct(say("digitRight", share=f"{share:.0%}", digit=digit))


@check
def fashion(samples: Tensor) -> Feedback:
    """100 or more samples of a GAN that was trained on Fashion-MNIST."""
    from gan_edu.core.data.datasets import fashion_mnist

    problem = _not_pictures(samples)
    if problem:
        return wrong(problem)
    clothes, digits = fashion_mnist()[0], mnist()[0]
    distances = [_far_from(images, samples) for images in (clothes, digits)]
    if distances[0] >= distances[1]:
        return wrong(say("fashionNearDigits", toDigits=f"{distances[1]:.1f}", toClothes=f"{distances[0]:.1f}"))
    if distances[0] > FAR_FROM_CLOTHES:
        return wrong(say("fashionFar", toClothes=f"{distances[0]:.1f}", allowed=FAR_FROM_CLOTHES))
    if dark := _too_dark(clothes, samples):
        return wrong(say("fashionTooDark", dark=dark))
    if _spread(samples) < 2:
        return wrong(say("fashionOnePicture"))
    return correct(say("fashionRight", toClothes=f"{distances[0]:.1f}", toDigits=f"{distances[1]:.1f}"))


@check
def length_on_the_line(length: float) -> Feedback:
    """How long is z a third of the way along the straight line between two latents with 100 numbers?"""
    if close(length, 7.45, 0.1):
        return correct(say("lengthRight"))
    if close(length, 7.07, 0.1):
        return wrong(say("lengthHalfway"))
    if close(length, 10, 0.1):
        return wrong(say("lengthOfArc"))
    return wrong(say("lengthFormula"))


def _not_pictures(samples: Tensor) -> str | None:
    if not isinstance(samples, Tensor) or samples.ndim != 4 or samples.shape[1:] != (1, 28, 28):
        shape = tuple(samples.shape) if isinstance(samples, Tensor) else type(samples).__name__
        return say("noPictures", shape=shape)
    if len(samples) < 100:
        return say("tooFewSamples", samples=len(samples))
    if lost := int((~samples.isfinite()).flatten(1).any(1).sum()):
        return say("notFinite", lost=lost, samples=len(samples))
    return None


def _far_from(images: Tensor, samples: Tensor) -> float:
    """Median distance of the samples to the nearest of 10,000 real pictures (of all where there are fewer)."""
    return nearest_digits(samples.cpu(), images[:10_000])[0].median().item()


def _too_dark(images: Tensor, samples: Tensor) -> str | None:
    real, light = ((scaled(x).float() > 0).float().mean().item() for x in (images[:10_000], samples))
    if light < LEAST_LIGHT * real:
        return say("tooDark", light=f"{light:.1%}", real=f"{real:.1%}", least=f"{LEAST_LIGHT * real:.1%}")
    return None


def _spread(samples: Tensor) -> float:
    """Median distance between two samples, in pixels of [−1, 1]: 0 where all are one picture."""
    flat = scaled(samples).float().cpu().flatten(1)
    return torch.cdist(flat[: len(flat) // 2], flat[len(flat) // 2 :]).median().item()
