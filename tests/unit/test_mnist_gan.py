"""What notebook 04 says of the shipped runs, and of measures that a machine can check without training."""

import math

import pytest
import torch

from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.latent_paths import lerp
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.stored_scores import scores
from gan_edu.core.recording.recording import family, shipped
from gan_edu.losses import non_saturating
from gan_edu.mnist_gan import nearest_digits, salt, textbook, textbook_batches
from gan_edu.training_loop import train


@pytest.fixture(scope="module")
def seeds():
    return family("mnist_textbook_seeds")


def test_each_epoch_leaves_out_another_set():
    batches, left = textbook_batches(seed=0), []
    batches.data = torch.arange(60_000.0)  # numbers in place of pictures
    for _ in range(100):
        left.append(frozenset(range(60_000)) - {*torch.cat([next(batches) for _ in range(937)]).int().tolist()})
    assert {len(each) for each in left} == {32} and len(set(left)) == 100


def test_g_was_trained_on_none_of_the_latents_on_display():
    gan, again = textbook(seed=0), textbook(seed=0)
    shown = again.latents(1000)
    for _ in train(gan, textbook_batches(seed=0), 2):  # 64 latents a step, of the noise stream
        pass
    again.latents(128, again.noise_stream)
    assert torch.equal(gan.latents(64, gan.noise_stream), again.latents(64, again.noise_stream))
    again.noise_stream.manual_seed(textbook(seed=0).noise_stream.initial_seed())
    for _ in range(10):  # an epoch each; four numbers of 100 do
        z = again.latents(937 * 64, again.noise_stream)
        assert not torch.isin(z[:, :4], shown[:, :4]).all(1).any()


def last_epoch(run, name):
    curves = run.meta["curves"]
    values = [v for s, v in zip(curves["step"], curves[name], strict=True) if s >= run.steps[-1] - 937]
    return sum(values) / len(values)


def test_seed_3_is_the_run_whose_d_wins(seeds):
    d, g = ([last_epoch(run, name) for run in seeds] for name in ("d_loss", "g_loss"))
    assert d[2] < 0.1 and g[2] > 7 and last_epoch(seeds[2], "d_real") > 0.97 and last_epoch(seeds[2], "d_fake") < 0.03
    assert min(d[:2] + d[3:]) > 0.35 and max(g[:2] + g[3:]) < 4


def test_after_one_epoch_seed_1_is_three_times_as_far_as_grey(seeds):
    fid = {step: score["fid"] for step, score in zip(seeds[0].steps, seeds[0].scores, strict=True)}
    assert 3 < fid[937] / fid[0] < 3.6


def test_what_no_digit_is_reads_as_an_8_in_every_run(seeds):
    for run in (shipped("mnist_textbook"), *seeds):
        assert all(score["histogram"][8] > 0.999 for score in run.scores[:13])  # grey, and clouds of dots


def test_the_runs_of_chapter_5_that_salt_is_counted_in():
    rows = {row["name"]: row for row in scores("tricks")["MNIST"]["rows"]}
    assert all(len(rows[name]["values"]["salt"]) == 5 for name in ("baseline", "r1", "ema"))
    assert rows["r1"]["facts"]["ms a step"] > 1.3 * rows["baseline"]["facts"]["ms a step"]
    assert rows["r1"]["facts"]["steps"] < 0.8 * rows["baseline"]["facts"]["steps"]


def test_what_salt_is_beside_digits_noise_and_a_constant():
    stream = torch.Generator().manual_seed(0)
    noise = torch.rand(500, 1, 28, 28, generator=stream) * 2 - 1
    assert 1e4 * salt(mnist()[0][:10_000]) == pytest.approx(0.25, abs=0.01) and 100 < 1e4 * salt(noise) < 140
    assert salt(torch.zeros(2, 1, 28, 28)) == 0 and salt(torch.full((2, 1, 28, 28), -1.0)) == 0
    assert 9 < 1e4 * salt(torch.from_numpy(shipped("mnist_textbook").tiles(-1))) < 9.5


def test_halfway_on_the_line_a_latent_has_half_the_variance():
    a, b = (torch.randn(4000, 100, generator=torch.Generator().manual_seed(seed)) for seed in (0, 1))
    assert lerp(a, b, 0.5).var(0).mean() == pytest.approx(0.5, abs=0.01)
    assert lerp(a, b, 1 / 3).norm(dim=1).mean() == pytest.approx(math.sqrt(500 / 9), abs=0.05)


def test_the_films_fid_swings_at_first():
    film = shipped("mnist_textbook")
    fid = {step: score["fid"] / film.scores[0]["fid"] for step, score in zip(film.steps, film.scores, strict=True)}
    assert fid[50] > 2 and 0.9 < fid[100] < 1.1 and fid[937] > 1.5


def test_a_small_loss_of_d_means_few_mistakes():
    """A picture on the wrong side of ½ costs at least log 2, so a mean loss L allows a share of L / log 2 of them."""
    stream = torch.Generator().manual_seed(0)
    for scale, lead in [(s, m) for s in (0.1, 1, 10) for m in (-2, 0, 1, 5)]:
        real, fake = (scale * torch.randn(1000, 1, generator=stream) + sign * lead for sign in (1, -1))
        mistakes = (real < 0).double().mean() + (fake > 0).double().mean()
        assert mistakes <= non_saturating.d(real, fake) / math.log(2) + 1e-6
    fakes = torch.cat([torch.full((9, 1), -20.0), torch.zeros(1, 1)])  # the bound is reached
    assert non_saturating.d(torch.full((10, 1), 20.0), fakes) == pytest.approx(math.log(2) / 10, rel=1e-3)


@pytest.mark.parametrize("samples", [torch.uint8, torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("images", [torch.uint8, torch.float16, torch.float64])
def test_nearest_digits_of_any_type(samples, images):
    digits = mnist(train=False)[0][:20]
    given, among = (digits if kind == torch.uint8 else scaled(digits).to(kind) for kind in (samples, images))
    distances, places = nearest_digits(given, among)
    assert places[:, 0].tolist() == list(range(20)) and distances.max() < 0.1
