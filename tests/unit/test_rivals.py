"""core.rivals: probabilities of grey levels, bounds, what a pixel sees, DDIM's steps, against what is known of each."""

import math
from itertools import pairwise

import pytest
import scipy.integrate
import scipy.stats
import torch
from torch import nn
from torch.distributions import Normal, kl_divergence

from gan_edu.core.data import Batches
from gan_edu.core.rivals import (
    Decoder,
    Diffusion,
    Encoder,
    Logistics,
    PixelGenerator,
    UNet,
    bits_a_pixel,
    denoise,
    diffusion_bits,
    distil,
    elbo,
    pixel_after_pixel,
    pixel_bits,
    vae_bits,
)
from gan_edu.core.rivals.diffusion import FIRST, alpha_sigma, first_step
from gan_edu.core.rivals.unet import DenseBlock, TimedBlock
from gan_edu.core.rivals.vae import divergence
from gan_edu.core.training.convolutional import ConvDiscriminator
from gan_edu.core.training.networks import copied
from gan_edu.training_loop import GAN, Player, adam, train, train_step
from gan_edu.tricks import EMA, CosineDecay

LEVELS = 2 * torch.arange(256, dtype=torch.float64) / 255 - 1


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def digits(count=16):
    """Grey levels, no two pixels alike but by chance."""
    levels = torch.randint(256, (count, 1, 28, 28), generator=torch.Generator().manual_seed(1))
    return 2 * levels / 255 - 1


def batches(size=4):
    return Batches(digits(), size)


def autoencoder(**options):
    E = Encoder(3, 2, 4)
    return GAN(Decoder(3, 2, 4), None, 3, others={"encoder": Player(E, adam(E, 1e-3))}, **options)


def pixelwise(**options):
    return GAN(PixelGenerator(5, 2, 2, 4, 2), None, 784, **{"latent": "uniform", **options})


def noisy(**options):
    return GAN(Diffusion(UNet(2, 1, 4), 3), None, 784, **options)


def student(**options):
    return GAN(Diffusion(UNet(2, 1, 4), 1), ConvDiscriminator(1, 2, 4), 784, **options)


def taught(weight=1.0):
    torch.manual_seed(5)
    return distil(awake(Diffusion(UNet(2, 1, 4))), weight)


MODELS = {
    "autoencoder": (autoencoder, elbo),
    "pixel after pixel": (pixelwise, lambda: pixel_after_pixel),
    "diffusion": (noisy, lambda: denoise),
    "student": (student, taught),
}


def awake(network):
    """The network with no weight at 0, so that its blocks do something."""
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(0.3 * torch.randn_like(weight))
    return network


# ------------------------------------------------------------------ grey levels


def mixtures(count=40):
    """(count, 3 · 4) numbers, of narrow and wide logistics, some beyond the levels."""
    numbers = torch.randn(count, 3, 4, dtype=torch.float64) * torch.tensor([1.0, 1.0, 2.0]).view(3, 1)
    return (numbers - torch.tensor([0.0, 0.0, 3.0]).view(3, 1)).flatten(1)


def of_all_levels(numbers):
    """P of each level, (count, 256)."""
    return Logistics(numbers[:, None]).log_probability(LEVELS.expand(len(numbers), -1)).exp()


def test_probabilities_are_areas_between_borders_and_add_up_to_one():
    numbers = mixtures()
    weights, means, scales = numbers[:, :4].softmax(1), numbers[:, 4:8], numbers[:, 8:].clamp(-7, 3).exp()
    borders = torch.cat([torch.tensor([-math.inf]), LEVELS[:-1] + 1 / 255, torch.tensor([math.inf])])
    found = scipy.stats.logistic.cdf(borders[:, None, None], means, scales)  # (257, count, 4)
    areas = torch.as_tensor(found).diff(dim=0).mul(weights).sum(2).T
    assert torch.allclose(of_all_levels(numbers), areas, atol=1e-12)
    assert torch.allclose(of_all_levels(numbers).sum(1), torch.ones(len(numbers), dtype=torch.float64), atol=1e-12)


def test_a_level_far_from_all_logistics_keeps_its_logarithm_and_its_slope():
    numbers = torch.tensor([[0.0, -0.9, -7.0]], requires_grad=True)
    found = Logistics(numbers).log_probability(torch.tensor([0.9]))
    assert found.item() == pytest.approx(-(1.8 - 1 / 255) / math.exp(-7) + math.log1p(-math.exp(-2 / 255 * math.e**7)))
    (slope,) = torch.autograd.grad(found.sum(), numbers)
    assert slope.isfinite().all() and slope[0, 1] > 100


def test_a_level_is_found_again_by_each_share_of_its_part():
    numbers = mixtures(6)
    upper = of_all_levels(numbers).cumsum(1)
    lower = upper - of_all_levels(numbers)
    wide = upper - lower > 1e-9
    for part in (0.01, 0.5, 0.99):
        found = Logistics(numbers[:, None].expand(-1, 256, -1)).at(lower + part * (upper - lower))
        assert torch.allclose(found[wide], LEVELS.expand(6, -1)[wide])
    ends = Logistics(numbers.expand(2, -1, -1)).at(torch.tensor([[0.0], [1.0]], dtype=torch.float64).expand(-1, 6))
    assert (ends[0] == -1).all() and (ends[1] <= 1).all()


def test_the_mean_is_that_of_the_levels_but_for_half_a_level():
    numbers = mixtures(200)
    means = (of_all_levels(numbers) * LEVELS).sum(1)
    assert (Logistics(numbers).mean() - means).abs().max() < 1 / 255


def test_bits_of_a_fair_draw_of_256_levels_are_8():
    assert bits_a_pixel(torch.full((3, 4), -math.log(256.0))).item() == pytest.approx(8)


# ------------------------------------------------------------------ autoencoder


def test_the_divergence_is_torchs():
    mean, log_deviation = torch.randn(2, 5, 3)
    known = kl_divergence(Normal(mean, log_deviation.exp()), Normal(0.0, 1.0)).sum(1)
    assert torch.allclose(divergence(mean, log_deviation), known, atol=1e-5)


def constant(network, value=0.0):
    """The network with a last layer of zeros, so that it always says its biases."""
    with torch.no_grad():
        network.weight.zero_()
        network.bias.fill_(value)


def test_the_bound_is_exact_where_z_says_nothing():
    gan = autoencoder()
    constant(gan.others["encoder"].network.layers[-1])
    constant(gan.generator.layers.grow[-2][-1], -0.5)
    numbers = torch.tensor([-0.5, -0.5, -0.5]).expand(784, 3)
    known = bits_a_pixel(Logistics(numbers).log_probability(digits().flatten(1)))
    assert vae_bits(gan, digits()) == pytest.approx(known.item(), rel=1e-5)
    with torch.no_grad():
        gan.others["encoder"].network.layers[-1].bias[:3] = 2  # all means: a KL of 3 · 2²/2 nats
    assert vae_bits(gan, digits()) == pytest.approx(known.item() + 6 / math.log(2) / 784, rel=1e-5)


@pytest.mark.parametrize("beta", [0.0, 1.0, 3.0])
def test_beta_weighs_the_divergence_alone(beta):
    (record,) = train(autoencoder(), batches(), 1, step=elbo(beta))
    found = {name: value.item() for name, value in record.values.items()}
    assert found["g_loss"] == pytest.approx(found["missed"] + beta * found["kl"])
    assert found["kl"] > 0


def test_the_encoder_learns_what_z_is_good_for():
    """Through z = μ + σ · noise: without a weight on the KL only the likelihood moves it."""
    gan = autoencoder()
    before = copied(gan.others["encoder"].network)
    list(train(gan, batches(), 2, step=elbo(0)))
    moved = zip(before.parameters(), gan.others["encoder"].network.parameters(), strict=True)
    assert all((a != b).any() for a, b in moved)


# ------------------------------------------------------------------ pixel after pixel


def test_no_pixel_sees_itself_or_what_comes_after():
    generator = awake(PixelGenerator(5, 2, 2, 4, 2))
    x = digits(1).requires_grad_()
    found = generator.pixels(x)
    said = (found.log_weights + found.means + found.scales).sum(4).flatten()
    for place in (0, 27, 28, 5 * 28 + 13, 783):
        (slope,) = torch.autograd.grad(said[place], x, retain_graph=True)
        seen = slope.flatten() != 0
        assert not seen[place:].any()
        assert seen[: place - place % 28].all() and seen[max(place - 2, place - place % 28) : place].all()


def known_shares(generator, x):
    """For each pixel of x the middle of its level's part, z in [−1, 1], (N, 784)."""
    found = generator.pixels(x)
    level = ((x + 1) * 255 / 2).round()
    upper = torch.where(level == 255, 1, found.cumulative(level))
    lower = torch.where(level == 0, 0, found.cumulative(level - 1))
    return (upper + lower - 1).flatten(1)


def test_the_shares_of_a_known_picture_give_it_back():
    """So sampling, pixel by pixel, says of each what the parallel pass says."""
    generator, x = awake(PixelGenerator(5, 2, 2, 4, 2)).double(), digits(3).double()
    assert torch.allclose(generator(known_shares(generator, x)), x, atol=1e-6)


def test_samples_are_as_likely_as_the_model_says():
    """A pixel's level lies below the median for half of the latents."""
    gan = pixelwise()
    first = gan.generate(gan.latents(200))[:, 0, 0, 0]
    median = gan.generate(torch.zeros(1, 784))[0, 0, 0, 0]
    below = (first <= median).double().mean().item()
    known = gan.generator.pixels(digits(1)).cumulative(
        ((median + 1) * 255 / 2).round().view(1, 1, 1, 1).expand(1, 1, 28, 28)
    )
    assert below == pytest.approx(known[0, 0, 0, 0].item(), abs=0.1)


def test_bits_are_the_mean_over_pixels():
    gan = pixelwise()
    known = gan.generator.pixels(digits()).log_probability(digits()).mean().item() / -math.log(2)
    assert pixel_bits(gan, digits()) == pytest.approx(known)


# ------------------------------------------------------------------ diffusion


class Perfect(nn.Module):
    """v̂ of E[x|x_t], where each pixel has a density of its own that is known: `of_values`, or a Gaussian."""

    def __init__(self, mean):
        super().__init__()
        self.mean, self.weight = mean, nn.Parameter(torch.zeros(1))

    def forward(self, x_t, t):
        alpha, sigma = alpha_sigma(t)
        return (alpha * x_t - self.mean(x_t, alpha, sigma)) / sigma


def of_values(values, shares):
    """E[x|x_t] of a pixel that is one of some values: weights by the Gaussians around α · value."""
    values, shares = torch.tensor(values), torch.tensor(shares)

    def mean(x_t, alpha, sigma):
        apart = (x_t[..., None] - alpha[..., None] * values) / sigma[..., None]
        return ((shares.log() - apart.square() / 2).softmax(-1) * values).sum(-1)

    return mean


def test_x_and_noise_come_back_from_v():
    x, noise = digits(5), torch.randn(5, 1, 28, 28)
    alpha, sigma = alpha_sigma(torch.linspace(0, 1, 5))
    x_t, v = alpha * x + sigma * noise, alpha * noise - sigma * x
    assert torch.allclose(alpha * x_t - sigma * v, x, atol=1e-5)
    assert torch.allclose(sigma * x_t + alpha * v, noise, atol=1e-5)


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_of_one_picture_each_noise_becomes_that_picture(steps):
    G = Diffusion(Perfect(lambda x_t, alpha, sigma: 0.3 * torch.ones_like(x_t)), steps)
    assert torch.allclose(G(torch.randn(2, 784)), torch.full((2, 1, 28, 28), 0.3), atol=1e-5)


def test_ddims_many_steps_stretch_a_gaussian():
    """The way without noise that leads N(0, 1) to N(0, s²) is x = s · z, which DDIM comes near in many steps."""
    s, z = 0.2, torch.linspace(-3, 3, 784).view(1, -1)

    def mean(x_t, alpha, sigma):
        return alpha * s**2 / (alpha**2 * s**2 + sigma**2) * x_t

    errors = [(Diffusion(Perfect(mean), n)(z).flatten() - s * z[0]).abs().max() for n in (10, 100, 1000)]
    assert errors[2] < 5e-3 and all(b < a / 5 for a, b in pairwise(errors))


def test_another_number_of_steps_is_the_same_network():
    G = awake(Diffusion(UNet(2, 1, 4), 3))
    assert G.with_steps(1).network is G.network and G.with_steps(1).steps == 1
    z = torch.randn(2, 784)
    x_t, t = z.view(2, 1, 28, 28), torch.ones(2)
    assert torch.allclose(G.with_steps(1)(z), -G.network(x_t, t), atol=1e-5)  # α = 0, σ = 1


def test_the_loss_is_of_v():
    """A network that says 0 has E v² = α² + σ² E x², over α and σ a half of each."""
    gan = GAN(Diffusion(Perfect(None)), None, 784)
    gan.generator.network.forward = lambda x_t, t: x_t * gan.generator.network.weight
    (record,) = train(gan, batches(16), 1, step=denoise)
    assert record.g_loss.item() == pytest.approx((1 + digits().square().mean().item()) / 2, abs=0.03)


@pytest.mark.parametrize("share", [0.5, 0.1])
def test_the_bound_of_a_perfect_network_is_the_entropy(share):
    """Pixels that are black or white, each by itself: the best bound there is, −Σ p log₂ p."""
    white = torch.rand(200, 1, 28, 28, generator=torch.Generator().manual_seed(2)) < share
    images = white.float() * 2 - 1
    gan = GAN(Diffusion(Perfect(of_values([-1.0, 1.0], [1 - share, share]))), None, 784)
    entropy = scipy.stats.entropy([share, 1 - share], base=2)
    found = sum(diffusion_bits(gan, images, seed) for seed in range(8)) / 8  # one alone scatters by 2 percent
    assert found == pytest.approx(entropy, rel=0.03)


def test_the_first_step_is_a_choice_of_256_levels():
    x, noise = LEVELS[[0, 1, 100, 255]].view(1, 1, 1, 4), torch.tensor([-4.0, 3.5, 3.0, 0.1], dtype=torch.float64)
    alpha, places = math.sqrt(1 - FIRST**2), noise.view(1, 1, 1, 4) * FIRST
    known = scipy.stats.norm.pdf(alpha * x + places, alpha * LEVELS.view(256, 1, 1, 1), FIRST)  # (256, 1, 1, 4)
    own = scipy.stats.norm.pdf(alpha * x + places, alpha * x, FIRST)
    found = first_step(x.float(), noise.float().view(1, 1, 1, 4))
    assert torch.allclose(found.double(), torch.as_tensor(own[0] / known.sum(0)).log(), atol=2e-4)
    assert found[..., 1] < -0.3  # half way to the next level, which is as likely then


def test_of_one_grey_picture_the_first_step_is_all_that_is_paid():
    """The network is sure. Noise of a sixth of a level leaves E log Σ exp(−½ (d k + ε)² + ½ ε²), levels d σ apart."""
    gan, grey = GAN(Diffusion(Perfect(lambda x_t, alpha, sigma: 0 * x_t + LEVELS[100].float())), None, 784), LEVELS[100]

    def paid(noise):
        apart = [k * 2 / 255 * math.sqrt(1 - FIRST**2) / FIRST + noise for k in range(-2, 3)]
        return math.log(sum(math.exp((noise**2 - each**2) / 2) for each in apart)) * scipy.stats.norm.pdf(noise)

    known = scipy.integrate.quad(paid, -8, 8, points=[-3, 3])[0] / math.log(2)
    assert diffusion_bits(gan, grey.float().expand(250, 1, 28, 28)) == pytest.approx(known, rel=0.15)


def test_the_bound_of_256_levels_alike_is_8_bits():
    gan = GAN(Diffusion(Perfect(of_values(LEVELS.tolist(), [1 / 256] * 256))), None, 784)
    assert diffusion_bits(gan, digits(16)) == pytest.approx(8, rel=0.05)


def test_blocks_begin_by_handing_on_and_learn_from_the_clock():
    x, told = torch.randn(2, 4, 7, 7), torch.randn(2, 3)
    for block in (TimedBlock(4, 3), DenseBlock(4, 3, 5)):
        assert torch.equal(block(x, told), x)
        awake(block)
        assert (block(x, told) != block(x, told + 1)).any()
    G = awake(UNet(2, 1, 4))
    x = torch.randn(1, 1, 28, 28)
    assert (G(x, torch.tensor([0.2])) != G(x, torch.tensor([0.3]))).any()


def test_each_place_of_the_smallest_size_sees_every_other():
    x, told = torch.randn(1, 4, 7, 7, requires_grad=True), torch.randn(1, 3)
    for block, seen in ((DenseBlock(4, 3, 5), 49), (TimedBlock(4, 3), 9)):  # two 3 × 3 from a corner: 3 × 3 places
        (slope,) = torch.autograd.grad(awake(block)(x, told)[0, 0, 0, 0], x)
        assert (slope != 0).any(1).sum() == seen


def test_each_block_of_the_network_has_its_say():
    network, x, t = awake(UNet(2, 1, 4)), torch.randn(1, 1, 28, 28), torch.tensor([0.5])
    before, blocks = network(x, t), [each for each in network.modules() if isinstance(each, (TimedBlock, DenseBlock))]
    assert [type(each) for each in blocks] == [TimedBlock, TimedBlock, DenseBlock, TimedBlock, TimedBlock]
    for block in blocks:
        last = block.widen if isinstance(block, DenseBlock) else block.last
        with torch.no_grad():
            last.bias += 1
        after, before = before, network(x, t)
        assert (after != before).any()


# ------------------------------------------------------------------ a student


def test_a_student_without_a_teachers_weight_takes_the_step_of_a_gan():
    gans = [student(), student()]
    gans[1].load_state_dict(gans[0].state_dict())
    for gan, step in zip(gans, (train_step, taught(0.0)), strict=True):
        list(train(gan, batches(), 1, step=step))
    for a, b in zip(gans[0].generator.parameters(), gans[1].generator.parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_teacher_pulls_towards_what_it_takes_the_picture_for():
    """G is one picture g, the teacher knows one picture: the slope is that of weight · E α (g − picture)²."""
    G = Diffusion(Perfect(lambda x_t, alpha, sigma: 0 * x_t))
    G.picture = nn.Parameter(torch.full((1, 1, 28, 28), 0.6))
    G.forward = lambda z: G.picture.expand(len(z), -1, -1, -1) + 0 * G.network.weight
    D = ConvDiscriminator(1, 1, 2)
    constant(D.layers[-1])
    gan = GAN(G, D, 784, g_optimizer=torch.optim.SGD(G.parameters(), 1.0), d_optimizer=adam(D, 0.0))
    teacher = Diffusion(Perfect(lambda x_t, alpha, sigma: torch.full_like(x_t, 0.1)))
    (record,) = train(gan, batches(16), 1, step=distil(teacher, 784 * 0.2))
    alpha = 2 / math.pi  # the mean of cos(π t/2)
    assert record.values["pull"].item() == pytest.approx(alpha * 0.25, rel=0.05)
    assert G.picture.detach().mean().item() == pytest.approx(0.6 - 0.2 * 2 * alpha * 0.5, rel=0.05)


def test_the_teacher_is_a_copy_and_does_not_learn():
    """A student may share its network and learn: what pulls is the teacher as it was handed over."""
    found = []
    for shares in (False, True):
        torch.manual_seed(0)
        teacher = awake(Diffusion(UNet(2, 1, 4)))
        step = distil(teacher)
        gan = GAN(teacher.with_steps(1) if shares else copied(teacher.with_steps(1)), ConvDiscriminator(1, 2, 4), 784)
        before = [weight.clone() for weight in teacher.parameters()]
        found += [[record.values["pull"].item() for record in train(gan, batches(), 4, step=step)]]
        moved = any((a != b).any() for a, b in zip(before, teacher.parameters(), strict=True))
        assert moved == shares and all(weight.requires_grad for weight in teacher.parameters())
    assert found[0] == found[1]


# ------------------------------------------------------------------ all of them


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_run_goes_on_from_its_checkpoint_bit_for_bit(name, precision):
    make, step = MODELS[name]

    def begun():
        torch.manual_seed(3)
        return make(precision=precision, after_step=[EMA(0.9), CosineDecay(8)]), batches(), step()

    whole, given, take = begun()
    list(train(whole, given, 6, step=take))
    first, given, take = begun()
    list(train(first, given, 3, step=take))
    kept, place = first.state_dict(), given.state_dict()
    second, given, take = begun()
    second.load_state_dict(kept)
    given.load_state_dict(place)
    list(train(second, given, 3, step=take))
    for a, b in zip(whole.shown.parameters(), second.shown.parameters(), strict=True):
        assert torch.equal(a, b)
    for own, other in zip(whole.players.values(), second.players.values(), strict=True):
        for a, b in zip(own.network.parameters(), other.network.parameters(), strict=True):
            assert torch.equal(a, b)
    pictures = whole.generate(whole.latents(2))
    assert pictures.shape == (2, 1, 28, 28) and pictures.isfinite().all() and pictures.dtype == torch.float32


@pytest.mark.parametrize("bits", [vae_bits, pixel_bits, diffusion_bits])
def test_to_count_bits_disturbs_nothing_and_refuses_other_pictures(bits):
    gan = {vae_bits: autoencoder, pixel_bits: pixelwise, diffusion_bits: noisy}[bits]()
    before = gan.state_dict()
    assert bits(gan, digits(3)) == bits(gan, digits(3)) > 0
    after = gan.state_dict()
    assert all(torch.equal(before[stream], after[stream]) for stream in ("noise_stream", "display_stream"))
    assert gan.generator.training
    for wrong, error, told in (
        (digits(2) * 2, ValueError, r"\[−1, 1\], got -2 to 2|\[−1, 1\], got"),
        (digits(2)[:, :, :27], ValueError, r"\(N, 1, 28, 28\), grey"),
        (digits(2)[:0], ValueError, r"\(N, 1, 28, 28\), grey"),
        (digits(2) * math.nan, ValueError, "got nan"),
        (digits(2).to(torch.uint8), TypeError, "scaled"),
        ([1.0], TypeError, "tensor"),
    ):
        with pytest.raises(error, match=told):
            bits(gan, wrong)


@pytest.mark.parametrize(
    ("gan", "step", "error", "told"),
    [
        (pixelwise, elbo(), ValueError, "a VAE has an encoder"),
        (noisy, pixel_after_pixel, ValueError, 'latent="uniform"'),
        (lambda: noisy(latent="uniform"), pixel_after_pixel, TypeError, "PixelGenerator"),
        (autoencoder, denoise, TypeError, "Diffusion"),
        (pixelwise, denoise, ValueError, "noise is Gaussian"),
        (lambda: autoencoder(latent="uniform"), elbo(), ValueError, "latents are Gaussian"),
    ],
)
def test_a_step_says_which_gan_it_is_for(gan, step, error, told):
    with pytest.raises(error, match=told):
        list(train(gan(), batches(), 1, step=step))


def test_other_pictures_and_teachers_are_refused():
    for make, step in (MODELS[name] for name in ("autoencoder", "pixel after pixel", "diffusion")):
        with pytest.raises(ValueError, match=r"\(N, 1, 28, 28\), grey"):
            list(train(make(), Batches(torch.zeros(4, 1, 32, 32), 4), 1, step=step()))
    with pytest.raises(TypeError, match="teacher must be a .*Diffusion, got UNet"):
        distil(UNet(2, 1, 4))
    with pytest.raises(ValueError, match="3 numbers for each logistic, got 4"):
        Logistics(torch.zeros(2, 4))
    with pytest.raises(TypeError, match="numbers must be a tensor"):
        Logistics([1.0, 2.0, 3.0])
