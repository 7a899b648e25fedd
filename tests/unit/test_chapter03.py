"""Notebook 03: its hand-written cell against `training_loop.train` (law 2), its exercises, its diagnoses."""

import copy
import math
import re
from pathlib import Path

import pytest
import scipy.stats
import torch

from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.distributions import Draws, ring
from gan_edu.core.data.pixels import scaled
from gan_edu.core.recording.recording import shipped
from gan_edu.exercises import training_loop
from gan_edu.losses import LOSSES
from gan_edu.mnist_gan import textbook
from gan_edu.training_loop import GAN, train
from gan_edu.widgets.plane.build import Laboratory

SIGN = "loss_G = softplus(D(fake))", "loss_G = softplus(-D(fake))"
CUT = (
    ".detach()\n        loss_D = softplus(-D(real)).mean() + softplus(D(fake))",
    "\n        loss_D = softplus(-D(real)).mean() + softplus(D(fake.detach()))",
)
SCRIPT = Path(__file__).parents[2] / "notebooks" / "scripts" / "03_training_loop.py"


@pytest.fixture(scope="module")
def by_hand():
    """The function of the notebook's cell, taken out of it."""
    (cell,) = re.findall(r'# %% tags=\["by-hand"\]\n(.*?)\n# %%', SCRIPT.read_text(), re.S)
    names = {"torch": torch}
    exec(compile(cell, SCRIPT.name, "exec"), names)
    return names["train_by_hand"]


@pytest.mark.parametrize("dtype, steps, bound", [(torch.float32, 50, 1e-5), (torch.float64, 300, 1e-10)])
def test_the_cell_of_the_notebook_ends_with_the_weights_of_train(by_hand, dtype, steps, bound):
    """On points, whose latents the cell draws."""
    data = ring(8).sample(5000, torch.Generator().manual_seed(0)).to(dtype)
    torch.manual_seed(1)
    G = torch.nn.Sequential(torch.nn.Linear(2, 64), torch.nn.ReLU(), torch.nn.Linear(64, 2)).to(dtype)
    D = torch.nn.Sequential(torch.nn.Linear(2, 64), torch.nn.LeakyReLU(0.2), torch.nn.Linear(64, 1)).to(dtype)
    gan = GAN(copy.deepcopy(G), copy.deepcopy(D), 2)
    opt_G, opt_D = (torch.optim.Adam(net.parameters(), 2e-4) for net in (G, D))
    by_hand(G, D, opt_G, opt_D, Batches(data, 64), torch.Generator().manual_seed(gan.seed), steps)
    for _ in train(gan, Batches(data, 64), steps):
        pass
    for ours, hand in ((gan.generator, G), (gan.discriminator, D)):
        for a, b in zip(ours.parameters(), hand.parameters(), strict=True):
            assert (a - b).abs().max() <= bound


def test_the_cell_is_the_loop_of_images_too(by_hand):
    """The textbook GAN of chapter 04, latents drawn at its own size."""
    source = SCRIPT.read_text()
    assert "torch.randn(len(real), 2, " in source
    (cell,) = re.findall(r'# %% tags=\["by-hand"\]\n(.*?)\n# %%', source, re.S)
    names = {"torch": torch}
    exec(compile(cell.replace("len(real), 2,", "len(real), 100,"), SCRIPT.name, "exec"), names)
    data, gan = scaled(mnist(train=False)[0][:2000]), textbook(seed=0)
    G, D = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    opt_G, opt_D = (torch.optim.Adam(net.parameters(), 2e-4) for net in (G, D))
    names["train_by_hand"](G, D, opt_G, opt_D, Batches(data), torch.Generator().manual_seed(0), 20)
    for _ in train(gan, Batches(data), 20):
        pass
    assert max((a - b).abs().max() for a, b in zip(gan.generator.parameters(), G.parameters(), strict=True)) <= 1e-5


def stub():
    """The loop of exercise 2 as the notebook hands it out."""
    (code,) = re.findall(r"\n(def repaired.*?)\nexercises\.repair", SCRIPT.read_text(), re.S)
    names = {"torch": torch, "softplus": torch.nn.functional.softplus}
    exec(code, names)
    return names["repaired"]


def half_repaired(old, new):
    (code,) = re.findall(r"\n(def repaired.*?)\nexercises\.repair", SCRIPT.read_text(), re.S)
    assert old in code
    names = {"torch": torch, "softplus": torch.nn.functional.softplus}
    exec(code.replace(old, new), names)
    return names["repaired"]


def uncleared(G, D, opt_G, opt_D, batches, noise, steps):
    """The least-squares loop without zero_grad."""
    for _ in range(steps):
        real, fake = next(batches), G(torch.randn(64, 2, generator=noise))
        training_loop.least_squares_d(D(real), D(fake.detach())).backward(inputs=list(D.parameters()))
        opt_D.step()
        training_loop.least_squares_g(D(fake)).backward(inputs=list(G.parameters()))
        opt_G.step()


@pytest.mark.parametrize(
    "answer, words",
    [
        (lambda: training_loop.weight_changes(200, 600), "it is D that has three"),
        (lambda: training_loop.weight_changes(600, 600), "G learns once"),
        (lambda: training_loop.weight_changes(200, 200), "D learns d_steps times"),
        (lambda: training_loop.repair(half_repaired(*SIGN)), "G's weights did not change"),
        (lambda: training_loop.repair(half_repaired(".detach()\n", "\n")), "your function stops with RuntimeError"),
        (lambda: training_loop.repair(half_repaired(*CUT)), "wrong direction"),
        (
            lambda: training_loop.detective("D frozen", "labels swapped", "no zero_grad"),
            "a is something else: look at both",
        ),
        (
            lambda: training_loop.detective("labels swapped", "D frozen", "D frozen"),
            "c is something else: look at the norm",
        ),
        (lambda: training_loop.detective("a bug", "D frozen", "no zero_grad"), "none of them"),
        (lambda: training_loop.least_squares(lambda *_: None), "changed no weight"),
        (lambda: training_loop.least_squares(3), "the function itself"),
        (lambda: training_loop.least_squares(half_repaired(*CUT)), "D's weights differ"),
        (
            lambda: training_loop.least_squares(
                training_loop.right_loop(training_loop.least_squares_d, lambda fake: (fake**2).mean() / 2)
            ),
            "D is right; G's loss",
        ),
        (lambda: training_loop.least_squares(uncleared), "the first round is right, a later one is not"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(answer, words):
    feedback = answer()
    assert not feedback.correct and words in str(feedback)


def test_open_answers_are_called_open():
    assert training_loop.weight_changes(..., ...).correct is None and training_loop.repair(...).correct is None
    assert training_loop.detective(..., "D frozen", "no zero_grad").correct is None


def test_the_unrepaired_loop_does_not_pass():
    feedback = training_loop.repair(stub())
    assert feedback.correct is False and "G's weights did not change at all" in str(feedback)  # and it raises nothing


def test_the_checks_leave_the_global_stream_alone():
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    training_loop.least_squares(lambda *_: None)
    assert torch.equal(torch.rand(3), expected)


def test_simultaneous_steps_on_the_bilinear_game_grow_by_the_closed_form():
    """|(d, g)| is multiplied by √(1 + η²) a round, as the notebook says; by turns the map has determinant 1."""
    eta = 0.1
    at_once = torch.tensor([[1.0, eta], [-eta, 1.0]], dtype=torch.float64)
    by_turns = torch.tensor([[1.0, eta], [-eta, 1 - eta**2]], dtype=torch.float64)
    assert torch.linalg.eigvals(at_once).abs().tolist() == pytest.approx([math.sqrt(1 + eta**2)] * 2, abs=1e-12)
    assert torch.linalg.det(by_turns).item() == pytest.approx(1, abs=1e-12)
    assert torch.linalg.eigvals(by_turns).abs().tolist() == pytest.approx([1, 1], abs=1e-12)


def test_d_loss_pushes_g_against_its_minimax_loss():
    """Without detach: ∂L_D/∂θ = −∂L_G/∂θ for the minimax game, through any G and D."""
    gan, batch = textbook(seed=3), torch.randn(16, 100)
    fakes = gan.discriminator(gan.generator(batch))
    from gan_edu.losses import minimax

    weights = list(gan.generator.parameters())
    of_d = torch.autograd.grad(minimax.d(torch.zeros(1, 1), fakes), weights, retain_graph=True)
    of_g = torch.autograd.grad(minimax.g(fakes), weights)
    assert all(torch.allclose(a, -b, atol=1e-7) for a, b in zip(of_d, of_g, strict=True))


def test_draws_of_the_notebook_never_end():
    batches = Draws(ring(8), 128, 0)
    assert all(next(batches).shape == (128, 2) for _ in range(50))


def test_adam_of_the_notebook_divides_a_gradient_by_its_usual_size():
    """With betas (0.0, 0.9), by hand: Δw = −lr g / √v, v = 0.9 v + 0.1 g² (scaled for its short past). So lr is about
    the length of a step, whatever the gradient's scale; and the fused form is the same but for rounding."""
    gradients = torch.randn(50, 300, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for scale in (1e-3, 1.0, 1e3):
        weights = [torch.zeros(300, dtype=torch.float64, requires_grad=True) for _ in range(2)]
        optimizers = [
            torch.optim.Adam([w], lr=2e-3, betas=(0.0, 0.9), fused=f)
            for w, f in zip(weights, (True, False), strict=True)
        ]
        hand, v = torch.zeros(300, dtype=torch.float64), 0.0
        for k, gradient in enumerate(scale * gradients, 1):
            for w, optimizer in zip(weights, optimizers, strict=True):
                w.grad = gradient.clone()
                optimizer.step()
            v = 0.9 * v + 0.1 * gradient**2
            step = 2e-3 * gradient / (v / (1 - 0.9**k)).sqrt()
            hand -= step
        assert torch.allclose(weights[0], hand, rtol=1e-3) and torch.allclose(weights[0], weights[1], rtol=1e-9)
        assert 1e-3 < step.abs().mean() < 4e-3  # 0.5 to 2 times lr


def test_adam_makes_up_for_small_gradients_but_not_for_those_below_its_eps():
    moved = {}
    for size in (1.0, 1e-5, 1e-11):
        w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.Adam([w], lr=2e-3, betas=(0.0, 0.9), fused=True)
        for _ in range(10):
            w.grad = torch.full_like(w, size)
            optimizer.step()
        moved[size] = w.abs().item() / (10 * 2e-3)
    assert moved[1.0] > 0.99 and moved[1e-5] > 0.99 and moved[1e-11] < 0.002


def labels_swapped(*stages):
    """The notebook's players with swapped labels, for stages of (rounds, Adam's eps) on end.

    After each: (mean distance of the samples from a mode, G's largest gradient).
    """
    (cell,) = re.findall(r"# %%\n(from functools import partial\n\ndef players.*?)\n# %%", SCRIPT.read_text(), re.S)
    names, softplus = {"torch": torch, "nn": torch.nn}, torch.nn.functional.softplus
    exec(cell, names)
    G, D, opt_G, opt_D = names["players"](0)
    batches, noise = Draws(ring(8), 128, 0), torch.Generator().manual_seed(0)
    for rounds, eps in stages:
        for optimizer in (opt_G, opt_D):
            optimizer.param_groups[0]["eps"] = eps
        for _ in range(rounds):
            real, fake = next(batches), G(torch.randn(128, 2, generator=noise))
            training_loop.descend(softplus(D(real)).mean() + softplus(-D(fake.detach())).mean(), opt_D)
            training_loop.descend(softplus(-D(fake)).mean(), opt_G)
        with torch.no_grad():
            z = torch.randn(500, 2, generator=torch.Generator().manual_seed(1))
            away = torch.cdist(G(z), ring(8).modes).min(1).values.mean().item()
        yield away, max(w.grad.abs().max().item() for w in G.parameters())


def test_swapped_labels_come_to_rest_where_the_slopes_lie_below_adams_eps():
    """With a far smaller eps G goes on, at slopes as small: that Adam adds eps is what stops it."""
    (early, _), (late, slope), (gone_on, smaller) = labels_swapped((400, 1e-8), (400, 1e-8), (200, 1e-30))
    assert slope < 1e-8 and late - early < 1 and gone_on > late + 2 and smaller < 1e-8


@pytest.mark.parametrize("place, right", [("at the top", True), ("after its own step", False)])
def test_with_detach_both_may_be_cleared_at_the_top_but_d_not_before_gs_backward(place, right):
    """Cleared after its own step alone, D would take the gradient that G's backward leaves in it for its own."""

    def loop(G, D, opt_G, opt_D, batches, noise, steps):
        for _ in range(steps):
            real = next(batches)
            fake = G(torch.randn(len(real), 2, generator=noise))
            if place == "at the top":
                opt_D.zero_grad()
                opt_G.zero_grad()
            for optimizer in (opt_D, opt_G):
                loss = (
                    LOSSES["non-saturating"].d(D(real), D(fake.detach()))
                    if optimizer is opt_D
                    else LOSSES["non-saturating"].g(D(fake))
                )
                loss.backward()
                optimizer.step()
                if place != "at the top":
                    optimizer.zero_grad()

    _, found, expected = training_loop.compare(loop, LOSSES["non-saturating"].d, LOSSES["non-saturating"].g)
    assert (training_loop.apart(found[1], expected[1]) < 1e-6) is right


def test_chance_decides_about_a_mode_near_the_limit():
    """A mode that truly has 165 of 2,500 samples misses the 157 that are asked in some draws, not in most."""
    assert math.ceil(2500 / 8 / 2) == 157 and 0.1 < scipy.stats.binom.cdf(156, 2500, 165 / 2500) < 0.5


def test_the_film_at_the_top_is_a_run_with_the_planes_first_settings():
    film = shipped("plane/ring")
    assert Laboratory(GAN, LOSSES, {"loss": "non-saturating"}).settings == film.meta["provenance"]["settings"]
    late = [b - a for a, b in zip(film.steps, film.steps[1:], strict=False) if a > 355]
    assert film.meta["provenance"]["seed"] == 0 and set(late[:-1]) == {355}


def test_one_d_cannot_give_both_players_losses_near_0():
    """softplus(l) + softplus(−l) ≥ 2 log 2 for each fake's logit l, so L_D + L_G ≥ 2 log 2 as well."""
    logits = torch.linspace(-30, 30, 601, dtype=torch.float64)
    together = torch.nn.functional.softplus(logits) + torch.nn.functional.softplus(-logits)
    assert together.min().item() == pytest.approx(2 * math.log(2), abs=1e-12) and logits[together.argmin()].abs() < 1e-9


def test_by_turns_the_bilinear_game_stays_on_an_ellipse():
    """d² + η d g + g² or its mirror is kept, so the distance stays within √(1/(1 ± η/2)): no spiral."""
    d, g, eta = 1.0, 0.0, 0.1
    kept = []
    for _ in range(1000):
        d = d + eta * g
        g = g - eta * d
        kept.append((d * d - eta * d * g + g * g, d * d + eta * d * g + g * g))
    spread = [max(each) - min(each) for each in zip(*kept, strict=True)]
    assert min(spread) < 1e-10


def test_train_is_no_generator_function_but_gives_an_iterator():
    gan = GAN(torch.nn.Linear(2, 2), torch.nn.Linear(2, 1), 2)
    records = train(gan, Draws(ring(8), 8, 0), 3)
    assert iter(records) is records and gan.step == 0 and next(records).step == gan.step == 1
