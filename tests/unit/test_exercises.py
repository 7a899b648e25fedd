"""Every worked solution passes its check, wrong answers do not, and open ones are called open."""

import ast
import math
import re
from pathlib import Path

import pytest
import torch
from notebook_files import read

from gan_edu.core.data.datasets import fashion_mnist, mnist
from gan_edu.core.data.mnist_files import FASHION_FOLDER
from gan_edu.core.data.pixels import scaled
from gan_edu.core.recording.recording import shipped
from gan_edu.exercises import Feedback, convergence, mnist_gan, start_here, training_loop

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9][0-9]_*.ipynb"))
STARTS_WRONG = ("03_training_loop", 2)  # its cell holds the loop that is to be repaired


def exercises_of(path):
    """[(an exercise's cell, its solution)] of a notebook."""
    cells = read(path).cells
    asked = [cell.source for cell in cells if cell.cell_type == "code" and "\nexercises." in cell.source]
    solved = re.findall(
        r"<summary>Solution</summary>\n\n```python\n(.*?)```", "\n".join(cell.source for cell in cells), re.S
    )
    return list(zip(asked, solved, strict=True))


EXERCISES = {(path.stem, number): pair for path in NOTEBOOKS for number, pair in enumerate(exercises_of(path), 1)}


def shown(source):
    """What a notebook shows below a cell that runs first of all, in a new kernel: its last line's value."""
    tree = ast.parse(source)
    last, names = tree.body.pop(), {}
    assert isinstance(last, ast.Expr), f"the cell shows nothing: it ends in {ast.unparse(last)}"
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def test_every_chapter_has_three_to_five_exercises_with_a_solution_each():
    for path in NOTEBOOKS:
        assert 3 <= sum(name == path.stem for name, _ in EXERCISES) <= 5, path.stem


@pytest.mark.parametrize("name, number", EXERCISES)
def test_an_exercise_runs_alone_and_says_that_it_is_open(name, number):
    feedback = shown(EXERCISES[name, number][0])
    if (name, number) == STARTS_WRONG:
        assert feedback.correct is False and "did not change at all" in feedback.text
    else:
        assert feedback.correct is None and "not attempted yet" in repr(feedback)


@pytest.mark.parametrize("name, number", EXERCISES)
def test_a_solution_in_its_place_runs_alone_and_shows_that_it_is_correct(name, number):
    if (name, number) == ("04_mnist_gan", 4) and not FASHION_FOLDER.is_dir():
        pytest.skip("Debian's package dataset-fashion-mnist is not installed")
    feedback = shown(EXERCISES[name, number][1])
    assert isinstance(feedback, Feedback) and feedback.correct, feedback


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: start_here.unsupervised(5), "in quotes, got 5"),
        (lambda: start_here.unsupervised(""), "empty answer names no question"),
        (lambda: start_here.unsupervised("bdx"), "'x' is none of them"),
        (lambda: start_here.kinds_of_density(True, "implicit"), "in quotes, got True"),
        (lambda: convergence.critical("2"), "give a number, got '2'"),
        (lambda: convergence.critical(True), "give a number, got True"),
        (lambda: convergence.critical(lambda: 2), "give a number, got <function"),
        (lambda: convergence.who_converges(1, 0, 1), "True or False, got 1"),
        (
            lambda: convergence.critical(),
            "critical takes gamma .missing a required argument: 'gamma'.*asked: The γ of R1",
        ),
        (lambda: training_loop.weight_changes(600), "takes changes_of_d, changes_of_g"),
        (lambda: training_loop.weight_changes(600, 200, 1), "takes changes_of_d, changes_of_g .too many"),
        (lambda: training_loop.weight_changes(changes_of_d=600, of_g=200), "takes changes_of_d, changes_of_g"),
        (lambda: training_loop.weight_changes(changes_of_d="600", changes_of_g=200), "give a number, got '600'"),
        (lambda: convergence.own_extra_gradient(3), "the function itself, not a value of it, got 3"),
        (lambda: convergence.own_extra_gradient(lambda v, theta, psi, h: 3), "asked: A function .v, theta, psi, h. → "),
        (lambda: convergence.own_extra_gradient(lambda v: v), "asked: A function .v, theta, psi, h. → "),
        (lambda: convergence.own_extra_gradient(lambda v, theta, psi, h: 1 / 0), "stops with ZeroDivisionError"),
        (
            lambda: convergence.own_extra_gradient(lambda v, theta, psi, h: v(theta)),
            "your function stops with TypeError",
        ),
    ],
)
def test_an_answer_that_cannot_be_used_is_told_what_is_asked(feedback, words):
    found = feedback()
    assert found.correct is False and re.search(words, found.text), found


def test_a_separator_and_a_capital_do_no_harm():
    assert start_here.unsupervised("B, d").correct


def test_open_answers_are_called_open():
    for check, count in (
        (start_here.unsupervised, 1),
        (start_here.kinds_of_density, 2),
        (mnist_gan.steps_of, 1),
        (mnist_gan.losses_of_a_believer, 2),
        (mnist_gan.one_digit, 2),
        (mnist_gan.fashion, 1),
        (mnist_gan.length_on_the_line, 1),
    ):
        feedback = check(*[...] * count)
        assert feedback.correct is None and "not attempted yet" in repr(feedback)


def digits(count, only=None):
    images, labels = mnist(train=False)
    return images[labels == only][:count] if only is not None else images[:count]


def noise():
    return torch.rand(100, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1


def dark_noise(lightest=0.3, skew=1):
    """Noise from black, −1, up to −1 + lightest; with a large skew most of it is nearly black."""
    return lightest * ((noise() + 1) / 2) ** skew - 1


NEEDS_CLOTHES = pytest.mark.skipif(
    not FASHION_FOLDER.is_dir(), reason="Debian's package dataset-fashion-mnist is not installed"
)


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: start_here.unsupervised("ab"), "a and c ask for a name"),
        (lambda: start_here.unsupervised("b"), "one more question"),
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
        (lambda: mnist_gan.losses_of_a_believer("a", "b"), "give a number"),
        (lambda: mnist_gan.length_on_the_line(10), "straight line|shorter|arc"),
        (lambda: mnist_gan.one_digit(digits(200), 7), "of your samples read as a 7"),
        (lambda: mnist_gan.one_digit(digits(1, 7).expand(120, 1, 28, 28), 7), "nearly one picture"),
        (lambda: mnist_gan.one_digit(noise(), 8), "far from real ones.*calls noise an 8"),
        (lambda: mnist_gan.one_digit(dark_noise(), 8), "of their pixels are light.*Dark noise is as near"),
        (lambda: mnist_gan.one_digit(dark_noise(0.6), 8), "of their pixels are light.*Dark noise is as near"),
        (lambda: mnist_gan.one_digit(dark_noise(2, 20), 1), "far from real ones.*an 8 too, or a 1"),
        *(
            pytest.param(lambda x=x: mnist_gan.fashion(x), "Dark noise is as near", marks=NEEDS_CLOTHES)
            for x in (dark_noise(), dark_noise(0.6), dark_noise(0.6, 3), dark_noise(2, 14), dark_noise(2, 20))
        ),
        (lambda: mnist_gan.one_digit(digits(50, 7), 7), "50 samples are too few"),
        (lambda: mnist_gan.one_digit([1, 2], 7), r"shape \(N, 1, 28, 28\).*got list"),
        (lambda: mnist_gan.one_digit(torch.zeros(100, 784), 7), r"got \(100, 784\)"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    found = feedback()
    assert found.correct is False and re.search(words, found.text), found


@pytest.mark.parametrize("kind", [torch.uint8, torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_samples_of_any_type_are_judged(kind):
    samples = digits(120, 7)
    feedback = mnist_gan.one_digit(samples if kind == torch.uint8 else scaled(samples).to(kind), 7)
    assert feedback.correct, feedback


def test_answers_may_be_named():
    assert training_loop.weight_changes(changes_of_g=200, changes_of_d=600).correct


@NEEDS_CLOTHES
def test_digits_are_no_clothes():
    assert "nearer to digits" in mnist_gan.fashion(digits(100)).text
    assert "true of noise too" in mnist_gan.fashion(noise()).text
    assert mnist_gan.fashion(fashion_mnist(train=False)[0][:100]).correct
    assert "nearly one picture" in mnist_gan.fashion(fashion_mnist()[0][:1].expand(100, 1, 28, 28)).text


def test_real_sevens_and_eights_are_digits():
    assert mnist_gan.one_digit(digits(200, 7), 7).correct
    assert mnist_gan.one_digit(digits(200, 8), 8).correct  # the digit whose real pictures are farthest apart
