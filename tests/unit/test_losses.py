"""losses: every formula against 60-digit arithmetic, in every float type; what stays finite and what overflows."""

import re
from dataclasses import FrozenInstanceError

import mpmath as mp
import pytest
import torch
from hypothesis import example, given, settings, strategies as st
from torch.nn.functional import softplus

from gan_edu import losses
from gan_edu.losses import F_DIVERGENCES, LOSSES, Loss, f_gan, least_squares_with
from gan_edu.widgets.kit.formulas import formulas

mp.mp.dps = 60
TYPES = {"float16": torch.float16, "bfloat16": torch.bfloat16, "float32": torch.float32, "float64": torch.float64}
ALWAYS_FINITE = ("minimax", "non-saturating", "hinge", "Wasserstein", "relativistic", "JS", "GAN")
types = pytest.mark.parametrize("dtype", TYPES.values(), ids=TYPES)


def sigma(l):
    return 1 / (1 + mp.exp(-l))


def log_not(l):
    """log(1 − σ(l)): 1 − σ(l) = σ(−l), which 60 digits do not lose."""
    return mp.log(sigma(-l))


# The formulas as the papers write them: (D's term of a real logit, D's term of a fake logit, G's of a fake logit).
# f-GAN: from the tables' conjugates and activations, one after the other.
FORMULAS = {
    "minimax": (lambda r: -mp.log(sigma(r)), lambda f: -log_not(f), log_not),
    "non-saturating": (lambda r: -mp.log(sigma(r)), lambda f: -log_not(f), lambda f: -mp.log(sigma(f))),
    "least squares": (lambda r: (r - 1) ** 2 / 2, lambda f: f**2 / 2, lambda f: (f - 1) ** 2 / 2),
    "hinge": (lambda r: max(mp.mpf(0), 1 - r), lambda f: max(mp.mpf(0), 1 + f), lambda f: -f),
    "Wasserstein": (lambda r: -r, lambda f: f, lambda f: -f),
    "KL": (lambda r: -r, lambda f: mp.exp(f - 1), lambda f: -mp.exp(f - 1)),
    "reverse KL": (lambda r: mp.exp(-r), lambda f: -1 - mp.log(mp.exp(-f)), lambda f: 1 + mp.log(mp.exp(-f))),
    "Pearson χ²": (lambda r: -r, lambda f: f**2 / 4 + f, lambda f: -(f**2) / 4 - f),
    "squared Hellinger": (
        lambda r: mp.exp(-r) - 1,
        lambda f: (1 - mp.exp(-f)) / mp.exp(-f),
        lambda f: -(1 - mp.exp(-f)) / mp.exp(-f),
    ),
    "JS": (
        lambda r: -mp.log(2) + mp.log(1 + mp.exp(-r)),
        lambda f: -mp.log(2 * sigma(-f)),
        lambda f: mp.log(2 * sigma(-f)),
    ),
    "GAN": (lambda r: mp.log(1 + mp.exp(-r)), lambda f: -log_not(f), log_not),
}
by_name = pytest.mark.parametrize("name", FORMULAS)


def column(values, dtype):
    return torch.tensor(values, dtype=torch.float64).to(dtype)[:, None].requires_grad_()


def logits(bound):
    """One to four logits, and the type they are rounded to; big ones and small ones alike."""
    one = st.one_of(st.floats(-bound, bound), st.floats(-12, 12), st.sampled_from([0.0, 1.0, -1.0, bound, -bound]))
    return st.lists(one, min_size=1, max_size=4)


def slopes(value, *tensors):
    found = torch.autograd.grad(value, tensors, allow_unused=True)
    return [torch.zeros_like(t) if g is None else g for g, t in zip(found, tensors, strict=True)]


def exact(term, tensor):
    return [term(mp.mpf(float(l))) for l in tensor.detach().flatten()]


SOFTPLUS = 2.1e-9  # PyTorch's softplus(l) is l itself from 20 on: off by less than e^-20


def agrees(got, want, terms, dtype):
    """Whether a number in `dtype` is the exact one, to a few roundings of the largest term on the way."""
    return abs(mp.mpf(got.item()) - want) <= SOFTPLUS + 6 * torch.finfo(dtype).eps * (1 + max(map(abs, terms)))


def fit(terms, dtype):
    """Whether each term fits the type, and so does their sum, which a mean passes through."""
    return all(abs(t) <= torch.finfo(dtype).max * 0.999 for t in [*terms, mp.fsum(map(abs, terms))])


def mean(terms):
    return mp.fsum(terms) / len(terms)


# ---------------------------------------------------------------- values and slopes against the formulas


@types
@by_name
@settings(max_examples=40, deadline=None)
@given(real=logits(700), fake=logits(700))
@example(real=[300.0], fake=[300.0])  # float16: a square does not fit where its half does
def test_loss_equals_its_formula(name, dtype, real, fake):
    """L_D and L_G of every loss, wherever the exact terms fit the type."""
    d_real, d_fake, g = FORMULAS[name]
    r, f = column(real, dtype), column(fake, dtype)
    of_real, of_fake, of_g = exact(d_real, r), exact(d_fake, f), exact(g, f)
    want = mean(of_real) + mean(of_fake)
    if fit([*of_real, *of_fake, want], dtype):
        assert agrees(LOSSES[name].d(r, f), want, of_real + of_fake, dtype)
    if fit(of_g, dtype):
        assert agrees(LOSSES[name].g(f, None), mean(of_g), of_g, dtype)


@types
@settings(max_examples=60, deadline=None)
@given(pairs=st.lists(st.tuples(st.floats(-700, 700), st.floats(-12, 12)), min_size=1, max_size=4))
def test_relativistic_equals_its_formula(dtype, pairs):
    """L_D = −E[log σ(C(x) − C(G(z)))] and L_G = −E[log σ(C(G(z)) − C(x))], pair by pair."""
    r, f = (column(values, dtype) for values in zip(*pairs, strict=True))
    loss = LOSSES["relativistic"]
    for got, sign in ((loss.d(r, f), 1), (loss.g(f, r), -1)):
        terms = [-mp.log(sigma(sign * (a - b))) for a, b in zip(exact(mp.mpf, r), exact(mp.mpf, f), strict=True)]
        assert agrees(got, mean(terms), terms, dtype)
    assert loss.g_needs_real and not any(each.g_needs_real for each in LOSSES.values() if each is not loss)


@by_name
@settings(max_examples=25, deadline=None)
@given(l=st.floats(-30, 30))
def test_slope_is_the_derivative_of_the_formula(name, l):
    """dL/dl of every term, by autograd in float64 against the derivative of the formula."""
    if name == "hinge" and min(abs(l - 1), abs(l + 1)) < 1e-6:  # its two corners have no slope
        return
    real, fake = column([l], torch.float64), column([l], torch.float64)
    found = [*slopes(LOSSES[name].d(real, fake), real, fake), *slopes(LOSSES[name].g(fake, None), fake)]
    for slope, term in zip(found, FORMULAS[name], strict=True):
        want = mp.diff(term, mp.mpf(l), h=mp.mpf("1e-25"))
        assert abs(mp.mpf(float(slope)) - want) <= 1e-8 * abs(want) + 1e-14  # softplus is linear from 20 on


@pytest.mark.parametrize("name", LOSSES)
def test_gradient_of_a_weight_is_the_mean_of_slope_times_gradient_of_the_logit(name):
    """l = w x + x²: over a batch dL/dw is the mean of ∂L/∂l · ∂l/∂w, each slope that of the sample (or pair) alone."""
    loss, w = LOSSES[name], torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    real, fake = torch.randn(2, 6, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    (whole,) = torch.autograd.grad(loss.d(w * real + real**2, w * fake + fake**2), w)
    parts = []
    for r, f in zip(real, fake, strict=True):
        l, k = ((w.detach() * x + x**2).view(1, 1).requires_grad_() for x in (r, f))
        of_l, of_k = slopes(loss.d(l, k), l, k)
        parts.append(of_l * r + of_k * f)
    assert float(whole) == pytest.approx(float(torch.stack(parts).mean()), abs=1e-12)


def test_one_step_with_a_gradient_that_is_no_number_makes_no_number_of_each_weight():
    """log(1 − σ(l)) as written, in float32 at l = 17: a step of SGD and of Adam."""
    for make in (torch.optim.SGD, torch.optim.Adam):
        d = torch.nn.Linear(3, 1)
        torch.nn.init.constant_(d.weight, 17 / 3)
        torch.nn.init.zeros_(d.bias)
        (1 - d(torch.ones(1, 3)).sigmoid()).log().mean().backward()
        make(d.parameters(), lr=0.1).step()
        assert d.weight.isnan().all() and d.bias.isnan().all()


def test_softplus_is_linear_above_20_and_off_by_less_than_the_docstring_says():
    """Off by e^−l just above 20 in float64, nowhere else; in float32 by no more than one rounding."""
    for l in (19.5, 20.0, 20.01, 20.5, 25.0, 40.0):
        off = mp.log(1 + mp.exp(mp.mpf(l))) - mp.mpf(float(softplus(torch.tensor(l, dtype=torch.float64))))
        assert abs(off - (mp.exp(-mp.mpf(l)) if l > 20 else 0)) < 1e-14 and off < mp.mpf("2.1e-9")
    l = torch.linspace(-80, 100, 40_001)  # below −87 float32 has fewer digits
    exact64 = l.double().clamp(min=0) + torch.log1p(torch.exp(-l.double().abs()))
    assert ((softplus(l).double() - exact64).abs() <= torch.finfo(torch.float32).eps * exact64).all()


# ---------------------------------------------------------------- what stays finite, and what overflows


@types
@pytest.mark.parametrize("name", ALWAYS_FINITE)
@settings(max_examples=60, deadline=None)
@given(real=logits(1e4), fake=logits(1e4))
@example(real=[1e4], fake=[-1e4])
@example(real=[-1e4], fake=[1e4])
def test_finite_with_finite_slopes_up_to_ten_thousand(name, dtype, real, fake):
    """For |logit| ≤ 1e4 neither a value nor a slope is infinite or NaN, in any float type."""
    count, loss = min(len(real), len(fake)), LOSSES[name]
    r, f = column(real[:count], dtype), column(fake[:count], dtype)
    d, g = loss.d(r, f), loss.g(f, r if loss.g_needs_real else None)
    for tensor in (d, g, *slopes(d, r, f), *slopes(g, f)):
        assert tensor.isfinite().all() and tensor.dtype == dtype


@pytest.mark.parametrize(
    "name, dtype, last, first",
    [
        # the last logit whose value fits the type, and the first whose value does not, of G's loss
        ("KL", torch.float16, 12.0, 12.25),
        ("KL", torch.float32, 89.5, 90.0),
        ("KL", torch.float64, 710.5, 711.0),
        ("squared Hellinger", torch.float16, 11.0, 11.25),
        ("squared Hellinger", torch.float32, 88.5, 89.0),
        ("least squares", torch.float16, 362.0, 364.0),
        ("Pearson χ²", torch.float16, 508.0, 512.0),
    ],
)
def test_overflow_is_shown_and_not_before_its_time(name, dtype, last, first):
    g, value = LOSSES[name].g, FORMULAS[name][2]
    assert fit([value(mp.mpf(last))], dtype) and g(column([last], dtype), None).isfinite()
    assert abs(value(mp.mpf(first))) > torch.finfo(dtype).max and g(column([first], dtype), None).isinf()


def test_a_batch_overflows_with_one_of_its_terms_or_with_their_sum():
    """float32: e^(l−1) is 2.7e38 at 89.5, so one fits and the sum of two does not; float16: 45,150 and 45,000."""
    kl, squares, big = LOSSES["KL"].g, LOSSES["least squares"], column([-300.0], torch.float16)
    assert kl(column([89.5, 0, 0], torch.float32), None).isfinite()
    assert kl(column([89.5, 89.5], torch.float32), None).isinf() and kl(column([90, 0], torch.float32), None).isinf()
    zero = column([0.0], torch.float16)
    assert squares.d(big, zero).isfinite() and squares.d(zero, -big).isfinite() and squares.d(big, -big).isinf()


def test_reverse_kl_overflows_on_the_real_side():
    loss, fake = LOSSES["reverse KL"], column([0.0], torch.float32)
    assert loss.d(column([-88.5], torch.float32), fake).isfinite()
    assert loss.d(column([-89.0], torch.float32), fake).isinf()
    assert loss.g(column([-1e4], torch.float32), None) == 10_001


# ---------------------------------------------------------------- the f-GAN family

RATIOS = torch.tensor([0.01, 0.3, 1.0, 2.5, 40.0], dtype=torch.float64)
POINTS = torch.linspace(-6, 6, 49, dtype=torch.float64)
OF_FORMULAS = {"E": torch.mean, "log": torch.log, "exp": torch.exp, "σ": torch.sigmoid, "max": torch.maximum}


def computed(formula, real, fake):
    """The value of a formula as it stands, for logits of real and of fake samples."""
    told = formula.split(" = ")[1].replace("½ ", "0.5 * ").replace("²", "**2").replace("−", "-")
    told = told.replace("2σ", "2 * σ").replace("log σ", "log @ σ").replace("log D", "log @ D")
    told = re.sub(r"E\[(.*?)\](?= [+-] |$)", r"E(\1)", told).replace("max(0,", "max(zero,")
    told = re.sub(r"log @ (\w)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)", r"log(\1(\2))", told)
    names = {"C": lambda l: l, "l": lambda l: l, "D": torch.sigmoid, "G": lambda z: z, "x": real, "z": fake}
    return eval(told, {**OF_FORMULAS, **names, "zero": torch.zeros(())})


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_says_its_own_formula(name):
    """What controls show of a loss is what it computes."""
    stream, loss = torch.Generator().manual_seed(0), LOSSES[name]
    real, fake = torch.randn(2, 50, 1, generator=stream, dtype=torch.float64)
    of_d, of_g = formulas(loss)
    assert computed(of_d, real, fake).item() == pytest.approx(loss.d(real, fake).item())
    assert computed(of_g, real, fake).item() == pytest.approx(loss.g(fake, real).item())


families = pytest.mark.parametrize("family", F_DIVERGENCES.values(), ids=F_DIVERGENCES)


def at_ratio(family):
    """f'(u) by autograd."""
    u = RATIOS.clone().requires_grad_()
    return torch.autograd.grad(family.f(u).sum(), u)[0]


@families
def test_conjugate_is_the_supremum(family):
    """f*(t) = sup_u (u t − f(u)), attained where f'(u) = t: against a fine search over u."""
    t = at_ratio(family)
    u = torch.logspace(-5, 4, 200_001, dtype=torch.float64)
    searched = (u[None] * t[:, None] - family.f(u)[None]).max(1).values
    torch.testing.assert_close(family.conjugate(t), searched, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(family.conjugate(t), RATIOS * t - family.f(RATIOS), rtol=1e-9, atol=1e-12)


@families
def test_composed_is_conjugate_of_activation(family):
    """f*(g_f(l)), simplified by hand."""
    torch.testing.assert_close(
        family.composed(POINTS), family.conjugate(family.activation(POINTS)), rtol=1e-9, atol=1e-9
    )


@families
def test_activation_rises_and_reaches_every_best_t(family):
    """g_f rises, so more "real" stays more; and for each ratio u some logit gives T* = f'(u)."""
    wide = torch.linspace(-300, 300, 600_001, dtype=torch.float64)
    t = family.activation(wide)
    assert (family.activation(POINTS).diff() > 0).all()
    for best in at_ratio(family):
        assert t.min() <= best <= t.max()


@families
def test_at_one_is_value_and_slope_of_f_at_one(family):
    one = torch.ones((), dtype=torch.float64, requires_grad=True)
    value = family.f(one)
    assert (float(value), float(torch.autograd.grad(value, one)[0])) == pytest.approx(family.at_one, abs=1e-15)


def test_the_gan_member_is_the_minimax_game():
    """f_gan(gan) and minimax are one loss; JS differs by the constants log 4 and log 2 alone."""
    r, f = torch.randn(50, 1, dtype=torch.float64), torch.randn(50, 1, dtype=torch.float64)
    game, js = LOSSES["minimax"], LOSSES["JS"]
    assert torch.equal(LOSSES["GAN"].d(r, f), game.d(r, f)) and torch.equal(LOSSES["GAN"].g(f), game.g(f))
    assert float(js.d(r, f) - game.d(r, f)) == pytest.approx(-2 * losses.LOG2)
    assert float(js.g(f) - game.g(f)) == pytest.approx(losses.LOG2)


# ---------------------------------------------------------------- the values at the end of the game


def test_optimum_is_the_least_d_loss_where_the_densities_are_equal():
    """With p_g = p_data each x is real or fake alike: minimise d(l, l) over l; there g takes the value that is told."""
    l = torch.linspace(-4, 4, 8001, dtype=torch.float64)
    for name, loss in LOSSES.items():
        if loss.optimum is None:
            assert name in ("hinge", "Wasserstein")  # G's value is open there
            continue
        values = torch.stack([loss.d(x.view(1, 1), x.view(1, 1)) for x in l])
        best = l[values.argmin()].view(1, 1)
        assert float(values.min()) == pytest.approx(loss.optimum[0], abs=1e-6), name
        assert float(loss.g(best, best)) == pytest.approx(loss.optimum[1], abs=1e-3), name


@pytest.mark.parametrize("name", ["hinge", "Wasserstein"])
def test_where_the_densities_are_equal_many_d_are_best_and_g_is_open(name):
    """Whatever both kinds of samples are told, within [−1, 1] for the hinge loss, L_D is the same; L_G is not."""
    points = torch.linspace(-1, 1, 9) * (1 if name == "hinge" else 1000)
    values = [(LOSSES[name].d(c.view(1, 1), c.view(1, 1)), LOSSES[name].g(c.view(1, 1))) for c in points]
    assert len({round(float(d), 5) for d, _ in values}) == 1 and len({float(g) for _, g in values}) == 9
    if name == "hinge":
        beyond = torch.tensor([[1.5]])
        assert LOSSES[name].d(beyond, beyond) > values[0][0] + 0.4


def test_least_squares_takes_its_three_targets():
    """½ E[(C(x) − b)²] + ½ E[(C(G(z)) − a)²] and ½ E[(C(G(z)) − c)²], with Mao's first coding."""
    r, f = torch.randn(9, 1, dtype=torch.float64), torch.randn(9, 1, dtype=torch.float64)
    loss = least_squares_with(a=-1, b=1, c=0)
    assert float(loss.d(r, f)) == pytest.approx(float(((r - 1) ** 2).mean() / 2 + ((f + 1) ** 2).mean() / 2))
    assert float(loss.g(f)) == pytest.approx(float((f**2).mean() / 2)) and loss.optimum == (1.0, 0.0)


def test_every_loss_is_in_the_table_under_its_name():
    assert list(LOSSES) == [
        "minimax",
        "non-saturating",
        "least squares",
        "hinge",
        "Wasserstein",
        "relativistic",
        "KL",
        "reverse KL",
        "Pearson χ²",
        "squared Hellinger",
        "JS",
        "GAN",
    ]
    assert set(LOSSES) == {*FORMULAS, "relativistic"}
    assert all(isinstance(loss, Loss) and loss.name == name for name, loss in LOSSES.items())
    assert f_gan(losses.kl).name == "KL"


@pytest.mark.parametrize("made", [losses.gan, losses.minimax], ids=["divergence", "loss"])
def test_what_was_checked_cannot_be_changed_unchecked(made):
    with pytest.raises(FrozenInstanceError):
        made.name = None
