"""The tricks against closed forms, finite differences and PyTorch's own losses; what may go together."""

import ast
import copy
import dataclasses
import inspect
import math

import pytest
import torch
from hypothesis import given, settings, strategies as st
from scipy import stats
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from gan_edu import losses, tricks
from gan_edu.core.data.batches import Batches
from gan_edu.core.live.settings import Settings, usual_settings
from gan_edu.core.training import checkpoint, cosine_decay as decay, penalties
from gan_edu.core.training.learning_rates import SCHEDULE
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator, mlp
from gan_edu.core.training.penalties import between, times
from gan_edu.losses import LOSSES, minimax, non_saturating, relativistic
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import (
    EMA,
    CosineDecay,
    InstanceNoise,
    dragan,
    lazy,
    one_sided,
    r1,
    r2,
    slopes_at,
    smooth,
    spectral_norm,
    two_time_scales,
    wgan_gp,
)

pytestmark = pytest.mark.filterwarnings("ignore:The real samples lie")  # of `points`, which a tanh cannot make
PENALTIES = {"R1": r1, "R2": r2, "WGAN-GP": wgan_gp, "one-sided": one_sided, "DRAGAN": dragan}


def networks(seed=0):
    torch.manual_seed(seed)
    return MLPGenerator(2, (4,), (8,)), MLPDiscriminator((4,), (8,))


def gan_of(seed=0, **pieces):
    return GAN(*networks(seed), 2, seed=seed, **pieces)


def points(seed=0, batch_size=8):
    return Batches(torch.randn(64, 4, generator=torch.Generator().manual_seed(7)), batch_size, seed)


def trained(gan, batches, steps):
    for _ in train(gan, batches, steps):
        pass
    return gan


def weights(gan):
    return torch.cat([w.detach().flatten() for w in [*gan.generator.parameters(), *gan.discriminator.parameters()]])


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# ------------------------------------------------------------------ label smoothing


@settings(deadline=None)
@given(alpha=st.floats(0.5, 1), beta=st.floats(0, 0.4))
def test_smoothing_is_the_cross_entropy_with_soft_targets(alpha, beta):
    real, fake = 5 * normal(6, 1), 5 * normal(6, 1, seed=1)
    asked = sum(
        binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))
        for logits, target in ((real, alpha), (fake, beta))
    )
    assert float(smooth(non_saturating, alpha, beta).d(real, fake)) == pytest.approx(float(asked), rel=1e-12)


@pytest.mark.parametrize("alpha, beta", [(0.9, 0.0), (0.9, 0.1), (1.0, 0.2)])
def test_the_best_discriminator_under_smoothing(alpha, beta):
    """D* = (α p + β q) / (p + q), found by Newton's method on each logit of a discrete game."""
    p, q = torch.tensor([0.5, 0.3, 0.2, 1e-3]).double(), torch.tensor([0.1, 0.3, 0.4, 0.199]).double()
    d, logits = smooth(non_saturating, alpha, beta).d, torch.zeros(4, dtype=torch.float64)

    def total(logits):
        def at(i, real, fake):  # one point alone, as real or as fake
            one = logits[i].view(1, 1)
            return d(one, torch.full_like(one, -1e4)) if real else d(torch.full_like(one, 1e4), one)

        return sum(p[i] * at(i, True, False) + q[i] * at(i, False, True) for i in range(4))

    for _ in range(30):
        slope = torch.func.grad(total)(logits)
        logits = logits - slope / torch.func.hessian(total)(logits).diagonal()
    assert torch.sigmoid(logits).allclose((alpha * p + beta * q) / (p + q), atol=1e-12)


@pytest.mark.parametrize("loss", [non_saturating, minimax])
@pytest.mark.parametrize("alpha, beta", [(0.9, 0.0), (0.8, 0.3)])
def test_the_optimum_of_a_smoothed_loss(loss, alpha, beta):
    smoothed, best = smooth(loss, alpha, beta), (alpha + beta) / 2
    logit = torch.full((1, 1), math.log(best / (1 - best)), dtype=torch.float64)
    assert (float(smoothed.d(logit, logit)), float(smoothed.g(logit, None))) == pytest.approx(smoothed.optimum)


@pytest.mark.parametrize("alpha, beta", [(0.9, 0.0), (0.9, 0.1)])
def test_what_smoothing_takes_from_gs_pull(alpha, beta):
    """At the best D: nothing of ∇ log D* where β = 0, else all but (α − β) / (α + β q/p); some of −∇ log(1 − D*)."""
    p, q = stats.norm(-1, 0.5), stats.norm(1, 0.5)
    x = torch.linspace(-1.5, 1.5, 31, dtype=torch.float64, requires_grad=True)
    at_p, at_q = (torch.tensor(density.pdf(x.detach())) for density in (p, q))

    def pull(loss, alpha, beta):
        """−dL_G/dx with the best D for these targets, which is where the slope of the smoothed L_D is 0."""
        smoothed, log_ratio = smooth(loss, alpha, beta), ((x - 1) ** 2 - (x + 1) ** 2) / (2 * 0.5**2)  # log p/q
        logits = torch.logit(beta + (alpha - beta) * torch.sigmoid(log_ratio))
        on_real, on_fake = (logits.detach().requires_grad_() for _ in range(2))
        real, fake = torch.autograd.grad(smoothed.d(on_real, on_fake), (on_real, on_fake))
        assert (at_p * real + at_q * fake).abs().max() < 1e-9
        return -torch.autograd.grad(smoothed.g(logits, None), x)[0]

    left = pull(non_saturating, alpha, beta) / pull(non_saturating, 1.0, 0.0)
    assert left.allclose((alpha - beta) / (alpha + beta * at_q / at_p), rtol=1e-6) and (left > 0).all()
    saturating = pull(minimax, alpha, beta) / pull(minimax, 1.0, 0.0)
    assert saturating.max() < 0.91 and saturating.min() < 0.01


def test_without_smoothing_the_loss_is_as_it_was():
    real, fake = normal(9, 1), normal(9, 1, seed=1)
    assert float(smooth(minimax, 1.0, 0.0).d(real, fake)) == float(minimax.d(real, fake))


@pytest.mark.parametrize("logit", [-1e4, 1e4])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_smoothing_stays_finite(logit, dtype):
    real, fake = (torch.full((4, 1), logit, dtype=dtype, requires_grad=True) for _ in range(2))
    value = smooth(non_saturating).d(real, fake)
    value.backward()
    assert torch.isfinite(value) and torch.isfinite(real.grad).all() and torch.isfinite(fake.grad).all()


@pytest.mark.parametrize("name", sorted(set(LOSSES) - {"minimax", "non-saturating"}))
def test_losses_without_targets_are_not_smoothed(name):
    with pytest.raises(ValueError, match="softens the targets .* of the cross-entropy; .* has no such targets"):
        smooth(LOSSES[name])


@pytest.mark.parametrize("targets", [(1.1, 0), (0.9, -0.1), (0.3, 0.3), (0.2, 0.6), (float("nan"), 0), ("0.9", 0)])
def test_targets_that_are_none(targets):
    with pytest.raises(ValueError, match="real|fake"):
        smooth(non_saturating, *targets)


def test_a_smoothed_loss_is_not_smoothed_twice():
    with pytest.raises(ValueError, match="no such targets"):
        smooth(smooth(non_saturating))


# ------------------------------------------------------------------ gradient penalties


def test_slopes_of_a_linear_and_a_quadratic_discriminator():
    linear, matrix, x = nn.Linear(4, 1).double(), normal(4, 4), normal(6, 4, seed=1)
    assert slopes_at(linear, x).allclose(linear.weight.norm().expand(6), atol=1e-12)
    slopes = slopes_at(Quadratic(matrix), x)
    assert slopes.allclose((x @ (matrix + matrix.T)).norm(dim=1), atol=1e-12)


class Quadratic(nn.Module):
    """D(x) = xᵀ A x, whose gradient is (A + Aᵀ) x."""

    def __init__(self, matrix):
        super().__init__()
        self.matrix = nn.Parameter(matrix.clone())

    def forward(self, x):
        x = x.flatten(1)
        return (x @ self.matrix * x).sum(1, keepdim=True)


def test_slopes_are_those_of_finite_differences():
    D, x = MLPDiscriminator((2, 3), (16, 16)).double(), normal(5, 2, 3)
    steps = 1e-6 * torch.eye(6, dtype=torch.float64).view(6, 2, 3)
    with torch.no_grad():
        columns = torch.cat([(D(x + step) - D(x - step)) / 2e-6 for step in steps], 1)  # (5, 6)
    assert slopes_at(D, x).allclose(columns.norm(dim=1), atol=1e-8)


# What each paper prints, written once more for a D with D(x) = w·x + b, whose slope is ‖w‖ everywhere.
PUBLISHED = {
    "R1": lambda w, norm: w / 2 * norm**2,
    "R2": lambda w, norm: w / 2 * norm**2,
    "WGAN-GP": lambda w, norm: w * (norm - 1) ** 2,
    "one-sided": lambda w, norm: w * max(0, norm - 1) ** 2,
    "DRAGAN": lambda w, norm: w * (norm - 1) ** 2,
}


@pytest.mark.parametrize("name", PENALTIES)
@pytest.mark.parametrize("scale", [0.3, 3.0])
def test_penalties_of_a_linear_discriminator(name, scale):
    D = nn.Linear(4, 1).double()
    D.weight.data.mul_(scale / D.weight.norm())
    value = PENALTIES[name](7.0)(D, normal(5, 4), normal(5, 4, seed=1))
    assert value.item() == pytest.approx(PUBLISHED[name](7.0, scale), rel=1e-12)


@pytest.mark.parametrize("scale", [2.0, 255.0])
def test_penalties_go_with_the_scale_of_the_data(scale):
    """The same judgement of data divided by s: R1 with γ/s², WGAN-GP with slope s in place of 1 and λ/s²."""
    D, real, fake = Quadratic(normal(3, 3)), normal(50, 3), normal(50, 3, seed=1)
    same = Quadratic(scale**2 * D.matrix.data)  # D(s y)
    ours, theirs = r1(2 / scale**2)(same, real / scale, fake / scale), r1(2.0)(D, real, fake)
    assert ours.item() == pytest.approx(theirs.item())
    x = real / scale
    other = 10 / scale**2 * (slopes_at(same, x) - scale).square().mean()
    assert other.item() == pytest.approx((10 * (slopes_at(D, real) - 1).square().mean()).item())


def test_where_each_penalty_looks():
    """With D(x) = ‖x‖² the slope is 2‖x‖, so that the penalty says where it looked."""
    D = Quadratic(torch.eye(3, dtype=torch.float64))
    real, fake = normal(4000, 3), 10 + normal(4000, 3, seed=1)
    assert float(r1(1.0)(D, real, fake)) == pytest.approx(float(2 * real.square().sum(1).mean()))
    assert float(r2(1.0)(D, real, fake)) == pytest.approx(float(2 * fake.square().sum(1).mean()))
    near = dragan(1.0, spread=0.0)(D, real, fake)
    assert float(near) == pytest.approx(float((2 * real.norm(dim=1) - 1).square().mean()))
    torch.manual_seed(0)
    far = dragan(1.0, spread=2.0).at(real, fake) - real
    assert stats.kstest(far.flatten() / 2.0, "norm").pvalue > 0.001


def written_once_more(name, A, real, fake, weight, spread):
    """The papers' formulas on D(x) = xᵀ A x, sample by sample, with the draws taken anew under the same seed."""

    def norms(x):
        return [math.dist([0] * 3, ((A + A.T) @ each).tolist()) for each in x]

    torch.manual_seed(5)
    if name in ("WGAN-GP", "one-sided"):
        alpha = torch.rand(len(real), 1, dtype=real.dtype)
        x = alpha * real + (1 - alpha) * fake
    else:
        x = real + spread * torch.randn_like(real)
    over = [norm - 1 for norm in norms(x)]
    return weight * sum(max(0, each) ** 2 if name == "one-sided" else each**2 for each in over) / len(over)


@pytest.mark.parametrize("name", ["WGAN-GP", "one-sided", "DRAGAN"])
def test_penalties_of_a_quadratic_discriminator_are_means_over_samples(name):
    """Its slope differs from sample to sample: the mean of squares is not the square of a mean."""
    A, real, fake = 0.4 * normal(3, 3), normal(9, 3, seed=1), normal(9, 3, seed=2)
    penalty = dragan(3.0, spread=0.7) if name == "DRAGAN" else PENALTIES[name](3.0)
    torch.manual_seed(5)
    value = penalty(Quadratic(A), real, fake).item()
    assert value == pytest.approx(written_once_more(name, A, real, fake, 3.0, 0.7), rel=1e-12)


def test_noise_is_drawn_for_each_number():
    """Of a picture's pixels no two share their noise, be it the view's or DRAGAN's."""
    torch.manual_seed(0)
    pictures = torch.zeros(4000, 1, 2, 3)
    for noise in (InstanceNoise(1.0)(pictures), dragan(1.0, spread=1.0).at(pictures, pictures)):
        together = torch.corrcoef(noise.flatten(1).T)
        assert together.allclose(torch.eye(6), atol=0.08)
        assert abs(float(torch.corrcoef(noise.view(4000, 6)[:2000].flatten().view(2, -1))[0, 1])) < 0.05


def test_one_alpha_for_each_sample():
    real, fake = torch.zeros(500, 3, 4), torch.ones(500, 3, 4)
    torch.manual_seed(0)
    alpha = 1 - between(real, fake)  # (500, 3, 4): of real = 0 and fake = 1 only α is left
    assert (alpha == alpha[:, :1, :1]).all() and len(alpha[:, 0, 0].unique()) == 500
    assert stats.kstest(alpha[:, 0, 0], "uniform").pvalue > 0.001


@pytest.mark.parametrize("name", PENALTIES)
def test_the_gradient_of_a_penalty_for_the_weights(name):
    """Against finite differences on every weight of a small D, in float64; the same points each time."""
    torch.manual_seed(3)
    D = nn.Sequential(nn.Linear(3, 5), nn.Softplus(), nn.Linear(5, 1)).double()
    for weight in D.parameters():
        weight.data.mul_(3)  # slopes on both sides of 1
    real, fake, penalty = normal(6, 3), normal(6, 3, seed=1), PENALTIES[name](2.0)

    def value():
        torch.manual_seed(0)
        return penalty(D, real, fake)

    grads = torch.autograd.grad(value(), list(D.parameters()), allow_unused=True, materialize_grads=True)
    for weight, grad in zip(D.parameters(), grads, strict=True):
        for i in range(weight.numel()):
            flat, kept = weight.data.view(-1), weight.data.view(-1)[i].item()
            flat[i] = kept + 1e-6
            above = value().item()
            flat[i] = kept - 1e-6
            below = value().item()
            flat[i] = kept
            assert grad.view(-1)[i].item() == pytest.approx((above - below) / 2e-6, abs=1e-6, rel=1e-5)


@pytest.mark.parametrize("name", PENALTIES)
def test_a_penalty_is_finite_at_a_zero_gradient(name):
    D = mlp([4, 8, 1], slope=0.2)
    nn.init.zeros_(D[-1].weight)
    PENALTIES[name](1.0)(D, torch.randn(5, 4), torch.randn(5, 4)).backward()
    assert all(torch.isfinite(w.grad).all() for w in D.parameters() if w.grad is not None)
    gradient = D[0](torch.randn(5, 4)).detach().mul(0).requires_grad_()
    gradient.square().sum(1).sqrt().sum().backward()
    assert gradient.grad.isnan().all()  # what the textbook's form gives there


@settings(deadline=None)
@given(batch=st.integers(1, 40), name=st.sampled_from(["R1", "R2", "WGAN-GP", "one-sided"]))
def test_a_penalty_does_not_depend_on_the_batch_size(batch, name):
    _, D = networks()
    x, penalty = torch.randn(batch, 4), PENALTIES[name](1.0)  # between x and x there is only x
    alone = torch.stack([penalty(D, one, one) for one in x.split(1)]).mean()
    assert float(penalty(D, x, x)) == pytest.approx(float(alone), rel=1e-4)


def test_gamma_goes_with_the_square_of_the_datas_scale():
    _, D = networks()
    x, scale = torch.randn(9, 4), 3.0
    other = copy.deepcopy(D)
    other.layers[0].weight.data.mul_(scale)  # the same function of data divided by 3
    assert other(x / scale).allclose(D(x), atol=1e-6)
    assert float(r1(2 / scale**2)(other, x / scale, x)) == pytest.approx(float(r1(2)(D, x, x)), rel=1e-5)


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf"), "2", None, True])
@pytest.mark.parametrize("name", PENALTIES)
def test_weights_that_are_none(name, weight):
    with pytest.raises(ValueError, match="weight of .* must be a finite number ≥ 0"):
        PENALTIES[name](weight)


def test_batch_statistics_are_refused():
    D = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))
    with pytest.raises(ValueError, match="batch statistics"):
        GAN(networks()[0], D, 2, d_penalties=[r1(1.0)])
    for wrapped in (lazy(r1(1.0), 4), times(2.0, r1(1.0))):
        with pytest.raises(ValueError, match="batch statistics"):
            GAN(networks()[0], D, 2, d_penalties=[wrapped])
    with pytest.raises(ValueError, match="batch statistics"):
        slopes_at(D, torch.randn(8, 4))


def test_with_batch_statistics_the_sum_mixes_the_samples():
    """A row of the gradient of the sum of logits is a sample's own only where D judges each sample on its own."""
    torch.manual_seed(0)
    for norm, alone in ((nn.LayerNorm(8), True), (nn.BatchNorm1d(8), False)):
        D = nn.Sequential(nn.Linear(4, 8), norm, nn.ReLU(), nn.Linear(8, 1))
        x = torch.randn(6, 4, requires_grad=True)
        (mixed,) = torch.autograd.grad(D(x).sum(), x)
        own = torch.stack([torch.autograd.grad(logit, x, retain_graph=True)[0][k] for k, logit in enumerate(D(x))])
        assert torch.allclose(mixed, own, atol=1e-6) == alone


# ------------------------------------------------------------------ lazy penalties


def test_a_lazy_penalty_costs_the_same_over_k_calls():
    _, D = networks()
    real, fake, often, rarely = torch.randn(8, 4), torch.randn(8, 4), r1(3.0), lazy(r1(3.0), 4)
    values = [float(rarely(D, real, fake)) for _ in range(8)]
    assert values[1:4] == values[5:8] == [0.0] * 3 and sum(values) == pytest.approx(8 * float(often(D, real, fake)))


def test_a_lazy_penalty_goes_on_where_it_was_saved(tmp_path):
    whole, first = (gan_of(d_penalties=[lazy(r1(3.0), 4)], d_steps=3) for _ in range(2))
    trained(whole, points(), 9)
    batches = points()
    checkpoint.save(tmp_path / "a.ckpt", gan=trained(first, batches, 5), batches=batches)
    second, rest = gan_of(seed=0, d_penalties=[lazy(r1(3.0), 4)], d_steps=3), points()
    checkpoint.load(tmp_path / "a.ckpt", gan=second, batches=rest)
    assert torch.equal(weights(trained(second, rest, 4)), weights(whole))


# ------------------------------------------------------------------ spectral normalisation


def test_spectral_norm_divides_by_the_largest_singular_value():
    torch.manual_seed(0)
    D = spectral_norm(mlp([6, 12, 12, 1], slope=0.2))
    for _ in range(300):  # power iterations
        D(torch.randn(2, 6))
    D.eval()
    for layer in D:
        if isinstance(layer, nn.Linear):
            assert float(torch.linalg.matrix_norm(layer.weight, 2)) == pytest.approx(1, abs=1e-3)
    a, b = torch.randn(400, 6), torch.randn(400, 6)
    assert ((D(a) - D(b)).abs().squeeze(1) <= 1.001 * (a - b).norm(dim=1)).all()  # 1-Lipschitz


def test_spectral_norm_is_on_convolutions_too():
    D = spectral_norm(nn.Sequential(nn.Conv2d(1, 4, 3), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(16, 1)))
    for _ in range(300):
        D(torch.randn(2, 1, 4, 4))
    D.eval()
    for layer in (D[0], D[3]):  # of a convolution: of its kernels, laid out as rows
        assert float(torch.linalg.matrix_norm(layer.weight.flatten(1), 2)) == pytest.approx(1, abs=1e-3)


def test_of_a_convolution_only_the_kernel_is_bounded():
    """A kernel of ones, divided by its norm as a row, 3, still makes a constant picture 3 times as large."""
    D = nn.Conv2d(1, 1, 3, padding=1, padding_mode="circular", bias=False)
    D.weight.data.fill_(1.0)
    D = spectral_norm(nn.Sequential(D)).eval()
    picture = torch.ones(1, 1, 8, 8)
    assert float(torch.linalg.matrix_norm(D[0].weight.flatten(1), 2)) == pytest.approx(1, abs=1e-4)
    assert float(D(picture).norm() / picture.norm()) == pytest.approx(3, abs=1e-3)


def test_looking_moves_no_power_iteration():
    gan = GAN(networks()[0], spectral_norm(networks()[1]), 2)
    before = copy.deepcopy(gan.discriminator.state_dict())
    gan.judge(torch.randn(8, 4))
    assert all(torch.equal(before[key], value) for key, value in gan.discriminator.state_dict().items())
    trained(gan, points(), 1)
    assert any(
        not torch.equal(before[key], value)
        for key, value in gan.discriminator.state_dict().items()
        if key.endswith("_u")
    )


@pytest.mark.parametrize(
    "network, complaint",
    [(nn.ReLU(), "no weights"), (nn.BatchNorm1d(3), "has none"), (spectral_norm(nn.Linear(4, 1)), "already")],
)
def test_spectral_norm_needs_layers_of_its_own(network, complaint):
    with pytest.raises(ValueError, match=complaint):
        spectral_norm(network)


# ------------------------------------------------------------------ instance noise


def test_instance_noise_has_its_size_and_fades():
    noise = InstanceNoise(0.4, until=10)
    assert float(noise(torch.zeros(200_000)).std()) == pytest.approx(0.4, rel=0.01)
    gan = gan_of(view=noise)
    sizes = [noise.std * noise.share]
    for _ in train(gan, points(), 12):
        sizes.append(noise.std * noise.share)
    assert sizes == pytest.approx([0.4 * max(0, 1 - t / 10) for t in range(13)])
    x = torch.randn(3, 4)
    assert noise(x) is x  # gone: not even a copy


def test_noise_that_stays_and_sizes_that_are_none():
    stays = InstanceNoise(0.4)
    trained(gan_of(view=stays), points(), 3)
    assert stays.share == 1
    for arguments in ((-0.1,), (float("nan"),), (0.1, -1), (0.1, 2.5)):
        with pytest.raises(ValueError, match="std|until"):
            InstanceNoise(*arguments)


def test_both_players_see_the_noise_and_the_penalty_too():
    seen = []
    gan = gan_of(
        view=lambda x: x + 100, d_penalties=[lambda D, real, fake: (seen.append((real, fake)), r2(1)(D, real, fake))[1]]
    )
    trained(gan, points(), 1)
    ((real, fake),) = seen
    assert real.min() > 50 and fake.min() > 50


@pytest.mark.parametrize("loss", [non_saturating, relativistic])
def test_g_learns_from_what_d_sees(loss):
    """Its loss is that of the fakes behind the view, whether the loss needs real samples or not."""
    shifted = gan_of(loss=loss, view=lambda x: x + 3)
    record = next(train(shifted, points(), 1))
    twin = gan_of(loss=loss, view=lambda x: x + 3)
    real, fake = next(points()), twin.generator(twin.latents(8, twin.noise_stream))
    loss.d(twin.discriminator(real + 3), twin.discriminator(fake.detach() + 3)).backward()
    twin.d_optimizer.step()
    expected = loss.g(twin.discriminator(fake + 3), twin.discriminator(real + 3))
    assert float(record.g_loss) == pytest.approx(float(expected), rel=1e-5)


def test_noise_fades_from_where_it_joins():
    gan, batches = gan_of(), points()
    trained(gan, batches, 20)
    gan.exchange(view=InstanceNoise(0.4, until=10))
    assert gan.view.share == 1
    trained(gan, batches, 5)
    assert gan.view.share == pytest.approx(0.5)
    gan.exchange(view=InstanceNoise(0.8, until=10))  # more of it: the fading goes on
    assert gan.view.share == pytest.approx(0.5)


# ------------------------------------------------------------------ two time scales, and the average of G


def test_two_learning_rates():
    G, D = networks()
    gan = GAN(G, D, 2, **two_time_scales(G, D, g_lr=1e-4, d_lr=3e-4, betas=(0.0, 0.9)))
    groups = gan.g_optimizer.param_groups[0], gan.d_optimizer.param_groups[0]
    assert [(g["lr"], g["betas"]) for g in groups] == [(1e-4, (0.0, 0.9)), (3e-4, (0.0, 0.9))]
    usual = two_time_scales(G, D)
    assert [usual[f"{player}_optimizer"].param_groups[0]["lr"] for player in "gd"] == [1e-4, 4e-4]
    with pytest.raises(ValueError, match="d_lr must be a finite number from 0 to 1"):
        two_time_scales(G, D, d_lr=-1)


def test_the_average_is_the_one_written_out():
    hook = EMA(0.6)
    gan = gan_of(after_step=[hook])
    mean, generators = None, [copy.deepcopy(gan.generator)]
    for _ in train(gan, points(), 12):
        generators.append(copy.deepcopy(gan.generator))
    for t, generator in enumerate(generators):
        now = torch.cat([w.detach().double().flatten() for w in generator.parameters()])
        decay = min(0.6, (1 + t) / (10 + t))
        mean = now if mean is None else decay * mean + (1 - decay) * now
    ours = torch.cat([w.double().flatten() for w in hook.average.parameters()])
    assert ours.allclose(mean, atol=1e-6) and not ours.allclose(now, atol=1e-4)


def test_the_average_is_torchs():
    """Weights and buffers; torch's has one decay, so it is given that of each update."""
    torch.manual_seed(0)
    G, hook = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4)), EMA(0.6)
    gan = GAN(G, networks()[1], 2, after_step=[hook])
    torchs = AveragedModel(G)
    torchs.update_parameters(G)  # the first takes the weights as they are
    for t, _ in enumerate(train(gan, points(), 12), 1):
        torchs.multi_avg_fn = get_ema_multi_avg_fn(min(0.6, (1 + t) / (10 + t)))
        torchs.update_parameters(G)
        for ours, other in zip(hook.average.state_dict().values(), torchs.module.state_dict().values(), strict=True):
            assert torch.allclose(ours, other, atol=1e-6)


def test_the_average_takes_over_buffers():
    """Running means of a BatchNorm in G are already averages."""
    torch.manual_seed(0)
    G = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4))
    hook = EMA(0.9)
    trained(GAN(G, networks()[1], 2, after_step=[hook]), points(), 5)
    assert torch.equal(hook.average[1].running_mean, G[1].running_mean) and G[1].num_batches_tracked > 0


def test_another_decay_goes_on_with_the_same_average():
    gan, batches = gan_of(after_step=[EMA(0.9)]), points()
    trained(gan, batches, 10)
    before = [w.clone() for w in gan.shown.parameters()]
    gan.exchange(after_step=[EMA(0.99)])
    assert all(torch.equal(a, b) for a, b in zip(before, gan.shown.parameters(), strict=True))
    assert gan.after_step[0].updates == 10 and not torch.equal(before[0], next(gan.generator.parameters()))


def test_a_piece_that_can_only_load_begins_anew():
    class Loads:
        def __call__(self, gan):
            pass

        def load_state_dict(self, state):
            raise AssertionError("the one before keeps no state")

    gan, second = gan_of(after_step=[Loads()]), Loads()
    gan.exchange(after_step=[second])
    assert gan.after_step == [second]


def test_an_exchange_that_is_refused_changes_nothing():
    gan = gan_of(d_penalties=[r1(1.0)])
    with pytest.raises(ValueError, match="draws"):
        gan.exchange(d_penalties=[r1(1.0), wgan_gp()])
    assert [each.name for each in gan.d_penalties] == ["R1"]


def test_the_average_is_what_is_shown_and_training_never_sees_it():
    plain, averaged = gan_of(), gan_of(after_step=[EMA(0.9)])
    trained(plain, points(), 10)
    trained(averaged, points(), 10)
    assert torch.equal(weights(plain), weights(averaged))
    z = torch.randn(5, 2)
    assert torch.equal(averaged.generate(z), averaged.after_step[0].average(z))
    assert not torch.equal(averaged.generate(z), plain.generate(z))


def test_learning_rates_fall_along_a_cosine_and_resume(tmp_path):
    G, D = networks()
    gan, batches = GAN(G, D, 2, after_step=[CosineDecay(10, floor=0.1)], **two_time_scales(G, D, 1e-3, 4e-3)), points()
    torchs = torch.optim.lr_scheduler.CosineAnnealingLR(torch.optim.SGD(mlp([1, 1]).parameters(), 1e-3), 10, 1e-4)
    for record in train(gan, batches, 10):
        torchs.optimizer.step()
        torchs.step()
        assert [o.param_groups[0]["lr"] for o in (gan.g_optimizer, gan.d_optimizer)] == pytest.approx(
            [torchs.get_last_lr()[0], 4 * torchs.get_last_lr()[0]]
        )
        if record.step == 4:
            checkpoint.save(tmp_path / "run.ckpt", gan=gan, batches=batches)
    trained(gan, batches, 3)
    assert gan.g_optimizer.param_groups[0]["lr"] == pytest.approx(1e-4)  # and stays there
    G, D = networks()
    again, rest = GAN(G, D, 2, after_step=[CosineDecay(10, floor=0.1)], **two_time_scales(G, D, 1e-3, 4e-3)), points()
    checkpoint.load(tmp_path / "run.ckpt", gan=again, batches=rest)
    assert torch.equal(weights(trained(again, rest, 9)), weights(gan))


def test_a_rate_that_is_changed_falls_on_from_there():
    gan, batches = gan_of(after_step=[CosineDecay(10, floor=0.1)]), points()
    trained(gan, batches, 4)
    by_setting(gan, batches, 2 * 2e-4, "g")
    trained(gan, batches, 6)
    assert gan.g_optimizer.param_groups[0]["lr"] == pytest.approx(2 * 2e-4 * 0.1)
    assert gan.d_optimizer.param_groups[0]["lr"] == pytest.approx(2e-4 * 0.1)


def rate_of(gan, player="d"):
    return getattr(gan, f"{player}_optimizer").param_groups[0]["lr"]


def base_of(gan, player="d"):
    return usual_settings()[f"{player}_lr"].read(Settings(gan, None))


def by_setting(gan, batches, rate, player="d"):
    usual_settings()[f"{player}_lr"].write(Settings(gan, batches), {f"{player}_lr": rate})


def by_hand(gan, batches, rate):
    gan.d_optimizer.param_groups[0]["lr"] = rate


@pytest.mark.parametrize("put", [by_setting, by_hand])
@pytest.mark.parametrize("first", [0, 1e-30, 1e-3])
def test_a_rate_is_its_base_times_what_the_decay_leaves(put, first):
    """η_t = η · share(t) for a base η, whenever it was set and whatever it was before: 0, too."""
    decay = CosineDecay(1000)
    gan, batches = gan_of(after_step=[decay]), points()
    trained(gan, batches, 1)
    put(gan, batches, first)
    held = []
    for _ in train(gan, batches, 3):
        held.append(rate_of(gan))
    assert held == pytest.approx([first * decay.share(t) for t in (2, 3, 4)], rel=1e-12, abs=0)
    assert base_of(gan) == first
    put(gan, batches, 2e-4)
    assert rate_of(gan) == (2e-4 * decay.share(4) if put is by_setting else 2e-4)  # by hand: for one step
    assert base_of(gan) == base_of(gan, "g") == 2e-4
    trained(gan, batches, 300)
    assert rate_of(gan) == 2e-4 * decay.share(304) < 1.7e-4
    assert rate_of(gan, "g") == 2e-4 * decay.share(304)  # the other one was left alone


@pytest.mark.parametrize("put", [by_setting, by_hand])
def test_where_a_decay_has_ended_at_0_it_is_taken_out_to_train_on(put):
    gan, batches = gan_of(after_step=[CosineDecay(3, floor=0.0)]), points()
    trained(gan, batches, 4)
    put(gan, batches, 4e-4)
    trained(gan, batches, 4)
    assert rate_of(gan) == 0 and base_of(gan) == 4e-4
    gan.exchange(after_step=[])
    assert base_of(gan) == 0  # the rate itself, as nothing multiplies it
    put(gan, batches, 2e-4)
    assert rate_of(gan) == base_of(gan) == 2e-4
    trained(gan, batches, 4)
    assert rate_of(gan) == 2e-4
    gan.exchange(after_step=[CosineDecay(10, floor=0.5)])  # it begins from the rate as it is
    assert rate_of(gan) == base_of(gan) == 2e-4
    trained(gan, batches, 10)
    assert rate_of(gan) == 1e-4 and base_of(gan) == 2e-4


def test_a_frozen_player_resumes_frozen_and_thaws_alike(tmp_path):
    decay, other = CosineDecay(50), CosineDecay(50)
    gan, batches = gan_of(after_step=[decay]), points()
    trained(gan, batches, 3)
    by_setting(gan, batches, 0)
    trained(gan, batches, 3)
    checkpoint.save(tmp_path / "a.ckpt", gan=gan, batches=batches)
    again, rest = gan_of(after_step=[other]), points()
    checkpoint.load(tmp_path / "a.ckpt", gan=again, batches=rest)
    for each, data in ((gan, batches), (again, rest)):
        trained(each, data, 2)
        by_setting(each, data, 3e-4)
        trained(each, data, 5)
    assert rate_of(again) == rate_of(gan) == 3e-4 * decay.share(13)
    assert torch.equal(weights(gan), weights(again))


def test_an_optimiser_that_comes_in_later_begins_with_its_own_rate():
    decay = CosineDecay(100)
    gan, batches = gan_of(after_step=[decay]), points()
    trained(gan, batches, 50)
    gan.d_optimizer = torch.optim.SGD(gan.discriminator.parameters(), 1e-3)
    trained(gan, batches, 10)
    assert rate_of(gan) == 1e-3 * decay.share(60) and base_of(gan) == 1e-3


def test_a_rate_that_is_a_tensor_is_left_again_in_place():
    G, D = networks()
    rate = torch.tensor(2e-4)
    gan, batches = (
        GAN(G, D, 2, after_step=[CosineDecay(1000)], d_optimizer=torch.optim.Adam(D.parameters(), rate, fused=True)),
        points(),
    )
    for value, steps in ((0, 2), (2e-4, 2)):
        trained(gan, batches, steps)
        by_setting(gan, batches, value)
    trained(gan, batches, 2)
    assert rate_of(gan) is rate and 1.99e-4 < rate < 2e-4


WITH_A_STATE = {
    "EMA": lambda: {"after_step": [EMA()]},
    "CosineDecay": lambda: {"after_step": [CosineDecay(9)]},
    "lazy": lambda: {"d_penalties": [lazy(r1(1.0), 2)]},
    "InstanceNoise": lambda: {"view": InstanceNoise(0.5, until=8)},
}


@pytest.mark.parametrize("name", WITH_A_STATE)
def test_a_piece_with_a_state_belongs_to_one_gan(name):
    pieces = WITH_A_STATE[name]()
    gan, words = trained(gan_of(**pieces), points(), 4), f"this {name} belongs to another GAN.*make a fresh one"
    share = getattr(gan.view, "share", None)
    with pytest.raises(ValueError, match=words):
        gan_of(**pieces)
    other = gan_of()
    vars(other).update(pieces)  # past that door, the next one
    with pytest.raises(ValueError, match=words):
        train(other, points(), 1)
    assert getattr(gan.view, "share", None) == share
    again = dataclasses.replace(gan, loss=losses.hinge)  # the same run with another loss: its state goes on
    assert getattr(again.view, "share", None) == share and trained(again, points(), 1).step == 5


@pytest.mark.parametrize("name", ["EMA", "lazy", "CosineDecay"])
def test_a_piece_with_a_state_stands_in_a_gan_once(name):
    ((field, (piece,)),) = WITH_A_STATE[name]().items()
    with pytest.raises(ValueError, match=f"this {name} stands in the GAN twice"):
        gan_of(**{field: [piece, piece]})


@pytest.mark.parametrize("name", WITH_A_STATE)
def test_a_gan_that_is_refused_keeps_no_piece(name):
    pieces = WITH_A_STATE[name]()
    with pytest.raises(ValueError, match="has no gradient for G"):
        gan_of(**pieces, g_penalties=[r2(1.0)])
    gan = gan_of(**pieces)
    assert all(SCHEDULE not in group or group[SCHEDULE]["base"] == 2e-4 for group in gan.g_optimizer.param_groups)


def rate(gan):
    return gan.d_optimizer.param_groups[0]["lr"]


def test_a_decay_counts_from_where_it_joins(tmp_path):
    gan = trained(gan_of(), points(), 50)
    gan.after_step = [CosineDecay(50, floor=0.1)]
    trained(gan, points(), 25)
    assert rate(gan) == pytest.approx(2e-4 * 0.55)  # halfway between 1 and the floor
    checkpoint.save(tmp_path / "run.ckpt", gan=gan)
    resumed = gan_of(after_step=[CosineDecay(50, floor=0.1)])
    checkpoint.load(tmp_path / "run.ckpt", gan=resumed)
    assert rate(trained(resumed, points(), 25)) == rate(trained(gan, points(), 25)) == pytest.approx(2e-5)


def test_a_later_optimiser_joins_a_decay_where_that_stands():
    gan = trained(gan_of(), points(), 10)
    gan.after_step = [CosineDecay(100, floor=0.1)]
    trained(gan, points(), 50)
    gan.d_optimizer = adam(gan.discriminator, 4e-4)  # at half way: that is its base
    rates = [rate(gan) for _ in train(gan, points(), 50)]
    assert rates[0] == 4e-4 * gan.after_step[0].share(51) and rate(gan) == pytest.approx(4e-4 * 0.1)


def test_an_optimiser_that_comes_in_within_a_run_joins_the_decay_after_a_step():
    gan = trained(gan_of(after_step=[CosineDecay(100)]), points(), 10)
    for record in train(gan, points(), 10):
        if record.step == 15:
            gan.d_optimizer = adam(gan.discriminator, 4e-4)
    assert rate(gan) == 4e-4 * gan.after_step[0].share(20)


def test_a_gradient_penalty_on_g_is_refused():
    for penalty in (r2(1.0), lazy(r2(1.0), 2)):
        with pytest.raises(ValueError, match="R2 has no gradient for G"):
            gan_of(g_penalties=[penalty])


@pytest.mark.parametrize("arguments", [(0,), (2.5,), (10, -0.1), (10, 1.5), (10, float("nan"))])
def test_decays_of_rates_that_are_none(arguments):
    with pytest.raises(ValueError, match="until|floor"):
        CosineDecay(*arguments)


@pytest.mark.parametrize("decay", [-0.1, 1.0, 1.5, float("nan"), "0.9"])
def test_decays_that_are_none(decay):
    with pytest.raises(ValueError, match="decay must be a finite number"):
        EMA(decay)


# ------------------------------------------------------------------ together


@pytest.mark.parametrize("name", PENALTIES)
def test_penalties_in_bfloat16(name):
    """Autocast leaves fakes in bfloat16, and a penalty differentiates a float32 network."""
    gan = gan_of(d_penalties=[PENALTIES[name](1.0)], precision="bfloat16")
    trained(gan, points(), 3)
    assert torch.isfinite(weights(gan)).all() and weights(gan).dtype == torch.float32


def test_a_bound_contradicts_neither_slope():
    """One-sided: any slope up to 1 is free, 0 at the data (R1) and 1 between (WGAN-GP) alike."""
    for other in (r1(1.0), wgan_gp()):
        next(train(gan_of(d_penalties=[one_sided(), other]), points(), 1))


def all_together(seed=0):
    G, D = networks(seed)
    return GAN(
        G,
        spectral_norm(D),
        2,
        relativistic,
        d_steps=2,
        view=InstanceNoise(0.3, until=40),
        d_penalties=[lazy(r1(2.0), 3), lazy(r2(2.0), 3)],
        after_step=[EMA(0.9)],
        seed=seed,
        **two_time_scales(G, D),
    )


def test_all_tricks_together_resume_bit_for_bit(tmp_path):
    whole, first, batches = all_together(), all_together(), points()
    trained(whole, points(), 20)
    checkpoint.save(tmp_path / "run.ckpt", gan=trained(first, batches, 7), batches=batches)
    second, rest = all_together(), points()
    checkpoint.load(tmp_path / "run.ckpt", gan=second, batches=rest)
    second.generate(second.latents(3))  # looking never disturbs
    second.judge(torch.randn(3, 4))
    trained(second, rest, 13)
    assert torch.equal(weights(second), weights(whole))
    assert all(torch.equal(a, b) for a, b in zip(second.shown.parameters(), whole.shown.parameters(), strict=True))


@pytest.mark.parametrize(
    "pieces, complaint",
    [
        ({"d_penalties": [r1(1.0), wgan_gp()]}, "R1 draws D's slope to 0, WGAN-GP draws it to 1"),
        ({"d_penalties": [dragan(), lazy(r2(1.0), 2)]}, "DRAGAN draws .* R2 draws it to 0"),
        ({"d_penalties": [lazy(wgan_gp(), 4), r1(1.0)]}, "WGAN-GP draws"),
        ({"d_penalties": [lazy(wgan_gp(), 4), lazy(r1(1.0), 4)]}, "WGAN-GP draws .* R1 draws"),
        ({"d_penalties": [times(0.5, wgan_gp()), times(2.0, r2(1.0))]}, "WGAN-GP draws"),
        ({"after_step": [EMA(), EMA(0.9)]}, "two EMAs"),
        ({"after_step": [CosineDecay(9), CosineDecay(5)]}, "two decays"),
    ],
)
def test_tricks_that_contradict_each_other(pieces, complaint):
    with pytest.raises(ValueError, match=complaint):
        gan_of(**pieces)
    gan = gan_of()
    for name, value in pieces.items():
        setattr(gan, name, value)  # switched on later: found at the door of the next `train`
    with pytest.raises(ValueError, match=complaint):
        train(gan, points(), 1)


def test_lazy_twice_is_refused():
    with pytest.raises(ValueError, match="lazy keeps a state, .* innermost, and once"):
        lazy(lazy(r1(1.0), 2), 2)
    with pytest.raises(ValueError, match="every must be a whole number"):
        lazy(r1(1.0), 0)


def test_a_state_of_other_hooks_is_refused():
    with pytest.raises(ValueError, match="1 hooks .* the GAN has 0"):
        gan_of().load_state_dict(gan_of(after_step=[EMA()]).state_dict())


def code_lines(node, source):
    """How many lines of code a function or class has: without its head, docstrings, comments and empty lines."""
    told = [
        each.body[0]
        for each in ast.walk(node)
        if isinstance(each, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(each)
    ]
    words = {line for text in told for line in range(text.lineno, text.end_lineno + 1)}
    return sum(
        bool(source[line - 1].split("#")[0].strip())
        for line in range(node.body[0].lineno, node.end_lineno + 1)
        if line not in words
    )


def test_every_trick_is_at_most_15_lines_under_its_formula():
    sizes = {}
    for module in (tricks, penalties, decay):
        source = inspect.getsource(module)
        sizes |= {
            node.name: code_lines(node, source.splitlines())
            for node in ast.parse(source).body
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        }
    assert sizes["smooth"] > 10 and sizes["EMA"] >= 6 and sizes["lazy"] > 10 and sizes["CosineDecay"] > 5
    assert {name: size for name, size in sizes.items() if size > 15} == {}


def test_what_is_made_of_a_plain_function_has_no_name_and_draws_to_no_slope():
    def cost(discriminator, real, fake):
        return discriminator(fake).square().mean()

    for made in (lazy(cost, 1), times(2.0, cost)):
        assert made.name is None and made.slope is None
    real, always = torch.zeros(2, 1), lazy(cost, 1)
    assert [always(lambda x: x, real, real + 3).item() for _ in range(3)] == [9.0] * 3
