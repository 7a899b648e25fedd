"""Checks of notebook 10_convolutional."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, one_hot

from gan_edu.convolutional import overlap
from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import scaled
from gan_edu.exercises import Feedback, check, close, correct, not_attempted, sayer, wrong

KERNEL, STRIDE, PADDING, INPUTS = 7, 2, 4, 32
CHECKERED = "C"

say = sayer(__name__)


@check
def sizes(down: float, up_again: float) -> Feedback:
    """How many numbers a convolution makes of 32, and how many a transposed one makes of those."""
    places = INPUTS + 2 * PADDING - KERNEL
    right = places // STRIDE + 1
    for value, words in (
        (places / STRIDE + 1, "sizesWhole"),
        (places // STRIDE, "sizesFirst"),
        ((INPUTS + PADDING - KERNEL) // STRIDE + 1, "sizesBothEnds"),
        ((INPUTS - KERNEL) // STRIDE + 1, "sizesNoPadding"),
    ):
        if close(down, value):
            return wrong(say(words))
    if not close(down, right):
        return wrong(say("sizesDown"))
    if close(up_again, INPUTS):
        return wrong(say("sizesNotBack"))
    back = (right - 1) * STRIDE - 2 * PADDING + KERNEL
    return correct(say("sizesRight")) if close(up_again, back) else wrong(say("sizesUp"))


@check
def own_input(function: Callable) -> Feedback:
    """A function (z (N, d), y (N,)) → (N, d + 10): z, then the one-hot of y."""
    z, y = torch.linspace(-1, 1, 12).view(4, 3), torch.tensor([3, 0, 7, 3])  # without a 9
    given = function(z.clone(), y.clone())
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.ndim != 2 or len(given) != len(z):
        return wrong(say("inputShape"))
    if given.shape[1] == z.shape[1] + 1:
        return wrong(say("inputNumber"))
    if given.shape[1] == z.shape[1] + int(y.max()) + 1:
        return wrong(say("inputClasses"))
    if given.shape[1] != z.shape[1] + 10:
        return wrong(say("inputShape"))
    told = one_hot(y, 10).to(z)
    if torch.allclose(given.to(z), torch.cat([told, z], 1)):
        return wrong(say("inputOrder"))
    return (
        correct(say("inputRight")) if torch.allclose(given.to(z), torch.cat([z, told], 1)) else wrong(say("inputOther"))
    )


@check
def own_logit(function: Callable) -> Feedback:
    """A function (phi (N, F), y (N,), w (F,), b, E (10, F)) → w·φ + b + ⟨e_y, φ⟩, (N, 1)."""
    stream = torch.Generator().manual_seed(0)
    phi, w, E = (torch.randn(*size, generator=stream) for size in ((4, 3), (3,), (10, 3)))
    y, b = torch.tensor([3, 0, 7, 3]), torch.tensor(0.7)
    given = function(phi.clone(), y.clone(), w.clone(), b.clone(), E.clone())
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor):
        return wrong(say("logitShape", given=type(given).__name__))
    if given.shape == (4, 4):
        return wrong(say("logitEachOther"))
    if given.shape != (4, 1):
        return wrong(say("logitShape", given=tuple(given.shape)))
    real, fits = (phi * w).sum(1, keepdim=True), (phi * E[y]).sum(1, keepdim=True)
    for other, words in (
        (real + fits, "logitNoBias"),
        (fits + b, "logitNoReal"),
        (fits, "logitNoReal"),
        (real + b, "logitNoLabel"),
        (real + b - fits, "logitSign"),
    ):
        if torch.allclose(given, other, atol=1e-5):
            return wrong(say(words))
    right = torch.allclose(given, real + b + fits, atol=1e-5)
    return correct(say("logitRight")) if right else wrong(say("logitOther"))


def four_sets() -> dict[str, Tensor]:
    """{letter: 200 pictures (200, 1, 28, 28)}: digits blurred; noise; digits as a kernel of 3 writes them; striped."""
    digits = (scaled(mnist(train=False)[0][:200]) + 1) / 2
    noise = torch.rand(digits.shape, generator=torch.Generator().manual_seed(0))
    line = overlap(20, 3, 2)[6:34].float()  # 1 and 2 in turn
    stripes = 1 + 0.8 * torch.sin(torch.arange(28) * 2 * torch.pi / 7)
    return {
        "A": avg_pool2d(digits, 3, 1, 1),
        "B": noise,
        "C": digits * line[:, None] * line,
        "D": digits * stripes,
    }


@check
def which_spectrum(letter: str) -> Feedback:
    """Of four sets the letter of the one with a checkerboard."""
    letter = letter.strip().upper()
    if letter not in "ABCD" or len(letter) != 1:
        return wrong(say("spectrumLetters"))
    if letter == CHECKERED:
        return correct(say("spectrumRight"))
    return wrong(say({"A": "spectrumA", "B": "spectrumB", "D": "spectrumD"}[letter]))
