"""Every worked solution passes its check, wrong answers do not, and open ones are called open."""
import math
import re
from pathlib import Path

import pytest
import torch

from gan_edu.core.data import FASHION_FOLDER, fashion_mnist, mnist
from gan_edu.core.recording import shipped
from gan_edu.exercises import mnist_gan, start_here
from gan_edu.mnist_gan import textbook
from gan_edu.training_loop import train

SCRIPTS = Path(__file__).parents[2] / "notebooks" / "scripts"


def solutions(name):
    """The folded solutions of a notebook, as code."""
    text = re.sub(r"(?m)^# ?", "", (SCRIPTS / f"{name}.py").read_text())
    return re.findall(r"```python\n# solution \d+\n(.*?)```", text, re.S)


def solve(name, number, **names):
    exec(compile(solutions(name)[number - 1], f"{name}, solution {number}", "exec"), names)
    return names["verdict"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_solutions_of_start_here(number):
    assert len(solutions("00_start_here")) == 3
    assert solve("00_start_here", number, exercises=start_here, film=shipped("mnist_textbook")).correct


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_solutions_of_mnist_gan(number):
    if number == 4 and not FASHION_FOLDER.is_dir():
        pytest.skip("Debian's package dataset-fashion-mnist is not installed")
    images, labels = mnist()
    verdict = solve("04_mnist_gan", number, exercises=mnist_gan, images=images, labels=labels, textbook=textbook,
                    train=train)
    assert verdict.correct, verdict


def test_open_answers_are_called_open():
    for check, count in ((start_here.unsupervised, 1), (start_here.kinds_of_density, 2), (mnist_gan.steps_of, 1),
                         (mnist_gan.losses_of_a_believer, 2), (mnist_gan.one_digit, 2), (mnist_gan.fashion, 1),
                         (mnist_gan.length_on_the_line, 1)):
        verdict = check(*[...] * count)
        assert verdict.correct is None and "not attempted yet" in repr(verdict)


def digits(count, only=None):
    images, labels = mnist(train=False)
    return images[labels == only][:count] if only is not None else images[:count]


def noise():
    return torch.rand(100, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1


@pytest.mark.parametrize("verdict, words", [
    (lambda: start_here.unsupervised("ab"), "a and c ask for a name"),
    (lambda: start_here.unsupervised("b"), "one more question"),
    (lambda: start_here.unsupervised(7), "two of the questions"),
    (lambda: start_here.kinds_of_density("implicit", "explicit"), "put in an x"),
    (lambda: start_here.kinds_of_density("yes", "no"), "'explicit' or 'implicit'"),
    (lambda: start_here.first_digits(3, 1.0, shipped("mnist_textbook")), "no frame was recorded at step 3"),
    (lambda: start_here.first_digits(0, 1.0, shipped("mnist_textbook")), "too early"),
    (lambda: start_here.first_digits(93_700, 1.0, shipped("mnist_textbook")), "too late"),
    (lambda: mnist_gan.steps_of(20 * 469), "drops the last"),
    (lambda: mnist_gan.steps_of(20 * 937), "batch size of 64"),
    (lambda: mnist_gan.steps_of(20), "does not give 20"),
    (lambda: mnist_gan.losses_of_a_believer(0.21, 0.105), "1 − 0.9"),
    (lambda: mnist_gan.losses_of_a_believer(-2 * math.log(0.1), 0.105), "two terms"),
    (lambda: mnist_gan.losses_of_a_believer(2.408, 2.3), "L_D is right"),
    (lambda: mnist_gan.losses_of_a_believer("a", "b"), "cannot be used"),
    (lambda: mnist_gan.length_on_the_line(10), "straight line|shorter|arc"),
    (lambda: mnist_gan.one_digit(digits(200), 7), "of your samples read as a 7"),
    (lambda: mnist_gan.one_digit(digits(1, 7).expand(120, 1, 28, 28), 7), "nearly one picture"),
    (lambda: mnist_gan.one_digit(noise(), 8), "far from real ones.*calls noise an 8"),
    (lambda: mnist_gan.one_digit(digits(50, 7), 7), "50 samples are too few"),
    (lambda: mnist_gan.one_digit([1, 2], 7), r"shape \(N, 1, 28, 28\).*got list"),
    (lambda: mnist_gan.one_digit(torch.zeros(100, 784), 7), r"got \(100, 784\)"),
])
def test_wrong_answers_are_told_what_is_wrong(verdict, words):
    found = verdict()
    assert found.correct is False and re.search(words, found.text), found


@pytest.mark.skipif(not FASHION_FOLDER.is_dir(), reason="Debian's package dataset-fashion-mnist is not installed")
def test_digits_are_no_clothes():
    assert "nearer to digits" in mnist_gan.fashion(digits(100)).text
    assert "true of noise too" in mnist_gan.fashion(noise()).text
    assert mnist_gan.fashion(fashion_mnist(train=False)[0][:100]).correct
    assert "nearly one picture" in mnist_gan.fashion(fashion_mnist()[0][:1].expand(100, 1, 28, 28)).text


def test_real_sevens_and_eights_are_digits():
    assert mnist_gan.one_digit(digits(200, 7), 7).correct
    assert mnist_gan.one_digit(digits(200, 8), 8).correct            # the digit whose real pictures are farthest apart
