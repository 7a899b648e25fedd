"""What notebook 04 says of the shipped runs, and of measures that a machine can check without training."""

import json
import math

import pytest
import torch

from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import fashion_mnist, mnist
from gan_edu.core.data.latent_paths import lerp, slerp
from gan_edu.core.data.mnist_files import FASHION_FOLDER
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.mnist_scores import Scorer, classes, feature_net
from gan_edu.core.measures.stored_scores import SHIPPED as DATA, scores
from gan_edu.core.recording.recording import family, shipped
from gan_edu.exercises import mnist_gan as exercises
from gan_edu.losses import non_saturating
from gan_edu.mnist_gan import FIRST_DIGITS, nearest_digits, salt, textbook, textbook_batches, trained_textbook
from gan_edu.training_loop import NonFiniteLoss, adam, train


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
    facts = [rows[name]["facts"] for name in ("baseline", "r1", "ema")]
    assert [each["steps"] * each["ms a step"] / 1000 for each in facts] == pytest.approx([127] * 3, abs=0.5)
    assert rows["r1"]["facts"]["ms a step"] > 1.3 * rows["baseline"]["facts"]["ms a step"]
    assert rows["r1"]["facts"]["steps"] < 0.8 * rows["baseline"]["facts"]["steps"]


def test_these_runs_have_the_textbooks_networks_and_differ_in_one_piece():
    arms = json.loads((DATA / "tricks.json").read_text(encoding="utf-8"))["arms"]["mnist"]
    baseline, r1, ema = (arms[name]["settings"] for name in ("baseline", "r1", "ema"))
    for name, network in (("G weights", textbook().generator), ("D weights", textbook().discriminator)):
        assert baseline[name] == [[*each.shape] for each in network.parameters() if each.ndim > 1]
    assert {**r1, "d_penalties": []} == baseline == {**ema, "after_step": []}
    assert (r1["d_penalties"], ema["after_step"]) == (["R1, weight 2"], ["EMA(0.999)"])


def test_the_textbooks_optimisers_are_adam_with_2e_4():
    gan = textbook()
    for optimizer in (gan.g_optimizer, gan.d_optimizer):
        assert isinstance(optimizer, torch.optim.Adam) and optimizer.param_groups[0]["lr"] == 2e-4


def test_what_salt_is_beside_digits_noise_and_a_constant():
    stream = torch.Generator().manual_seed(0)
    noise = torch.rand(500, 1, 28, 28, generator=stream) * 2 - 1
    assert 1e4 * salt(mnist()[0][:10_000]) == pytest.approx(0.25, abs=0.01) and 100 < 1e4 * salt(noise) < 140
    assert salt(torch.zeros(2, 1, 28, 28)) == 0 and salt(torch.full((2, 1, 28, 28), -1.0)) == 0
    assert 9 < 1e4 * salt(torch.from_numpy(shipped("mnist_textbook").tiles(-1))) < 9.5
    corner = torch.full((1, 1, 28, 28), -1.0)
    corner[..., 0, 0] = 0.0  # middle grey; outside the picture counts as black
    assert salt(corner) == pytest.approx(1 / 784)


def test_about_2_in_100_digits_hold_salt():
    assert sum(salt(digit[None]) > 0 for digit in mnist()[0][:10_000]) == 188


def test_halfway_on_the_line_a_latent_has_half_the_variance():
    a, b = (torch.randn(4000, 100, generator=torch.Generator().manual_seed(seed)) for seed in (0, 1))
    assert lerp(a, b, 0.5).var(0).mean() == pytest.approx(0.5, abs=0.01)
    assert lerp(a, b, 1 / 3).norm(dim=1).mean() == pytest.approx(math.sqrt(500 / 9), abs=0.05)


def test_the_films_fid_swings_at_first():
    film = shipped("mnist_textbook")
    fid = {step: score["fid"] / film.scores[0]["fid"] for step, score in zip(film.steps, film.scores, strict=True)}
    assert fid[50] > 2 and 1 < fid[100] < 1.1 and 1 < fid[200] < 1.1 and 1.8 < fid[937] < 2


def test_a_point_of_the_films_curves_stands_for_256_steps():
    steps = shipped("mnist_textbook").meta["curves"]["step"]
    assert steps == [*range(256, 93_700, 256), 93_700]


def test_some_runs_go_above_half_of_the_first_fid_again(seeds):
    below = []
    for run in (shipped("mnist_textbook"), *seeds):
        epochs = [
            (step // 937, score["fid"]) for step, score in zip(run.steps, run.scores, strict=True) if step % 937 == 0
        ]
        below.append([epoch for epoch, fid in epochs if epoch <= 20 and fid < run.scores[0]["fid"] / 2])
    again = [bool(epochs) and len(epochs) < 21 - epochs[0] for epochs in below]
    assert again == [True, True, False, False, False, True] and not {13, 14} & {*below[0]}


def test_five_runs_differ_only_in_their_seed(seeds):
    provenance = [run.meta["provenance"] for run in seeds]
    assert [each["seed"] for each in provenance] == [1, 2, 3, 4, 5]
    for name in ("settings", "steps", "loss", "precision"):
        assert all(each[name] == provenance[0][name] for each in provenance)


def test_five_seeds_end_at_five_different_fids(seeds):
    fids = sorted(run.scores[-1]["fid"] for run in seeds)
    assert all(b > 1.05 * a for a, b in zip(fids, fids[1:], strict=False))


@pytest.fixture(scope="module")
def some_training_digits():
    return scaled(mnist()[0][:20_000]).float().flatten(1)


def far(pictures, digits):
    return torch.cdist(pictures.flatten(1), digits).amin(1)


def test_as_a_set_samples_are_a_few_percent_nearer_than_new_digits(some_training_digits):
    gan = trained_textbook()
    chosen = torch.randperm(10_000, generator=torch.Generator().manual_seed(0))[:2000]
    samples, new = gan.generate(gan.latents(2000)), scaled(mnist(train=False)[0][chosen]).float()
    ratio = far(samples, some_training_digits).median() / far(new, some_training_digits).median()
    assert 0.9 < ratio < 0.99, f"the samples' median distance is {ratio:.3f} of the new digits'"


def test_class_by_class_samples_are_a_little_farther_than_new_digits(some_training_digits):
    """Three draws of a thousand test digits each: what is said must not hang on the draw."""
    gan, (images, labels), net = trained_textbook(), mnist(train=False), feature_net()
    samples = gan.generate(gan.latents(1000))
    with torch.no_grad():
        read = classes(net.classify(net(samples)))
    a, ratios = far(samples, some_training_digits), []
    for chosen in torch.randperm(10_000, generator=torch.Generator().manual_seed(0))[:3000].split(1000):
        b, kinds = far(scaled(images[chosen]).float(), some_training_digits), labels[chosen]
        ratios.append([float(a[read == digit].median() / b[kinds == digit].median()) for digit in range(10)])
        assert sum(ratios[-1]) / 10 > 1.02 and sum(ratio > 1 for ratio in ratios[-1]) >= 7
        without_ones = a[read != 1].median() / b[kinds != 1].median()
        assert 0.94 < a.median() / b.median() < 1 and without_ones > a.median() / b.median() + 0.02
    mean = torch.tensor(ratios).mean(0)
    assert 1.05 < mean[1] < 1.15 and mean[1] > mean[7:9].max() + 0.03 and (mean[7:9] - 1).abs().max() < 0.04


def test_the_arc_differs_from_ordinary_latents_no_more_than_draws_of_these_do():
    gan, scorer, stream = trained_textbook(), Scorer(samples=1000), torch.Generator().manual_seed(0)
    arcs, ordinary = [], []
    for _ in range(5):
        a, b = gan.latents(2000, stream), gan.latents(2000, stream)
        arc, one = (scorer.score_images(gan.generate(z))["fid"] for z in (slerp(a, b, 0.5), a))
        arcs.append(arc)
        ordinary.append(one)
    spread = max(ordinary) - min(ordinary)
    assert abs(sum(arcs) - sum(ordinary)) / 5 < spread / 4 and spread > 0.12 * max(ordinary)
    assert min(arcs) > min(ordinary) - spread / 4 and max(arcs) < max(ordinary) + spread / 4
    assert abs(arcs[0] - ordinary[0]) < spread  # the difference that the cell prints


def test_the_logit_of_a_believer_is_log_9():
    right = []
    for logit in (math.log(0.9 / 0.1), math.log(0.1 / 0.9), math.log(0.9), 0.9):
        logits = torch.full((4, 1), logit)
        losses = float(non_saturating.d(logits, logits)), float(non_saturating.g(logits))
        right.append(exercises.losses_of_a_believer(*losses).correct)
    assert right == [True, False, False, False]


def test_a_copy_moved_by_one_pixel_looks_new(some_training_digits):
    moved = some_training_digits[:300].reshape(-1, 1, 28, 28).roll(1, 3)
    new = scaled(mnist(train=False)[0][:300]).float()
    assert far(moved, some_training_digits).median() > far(new, some_training_digits).median()


def fast(seed):
    """The textbook GAN with the optimisers of exercise 3's hint."""
    gan = textbook(seed)
    gan.g_optimizer, gan.d_optimizer = (
        adam(network, lr=1e-3, betas=(0.5, 0.999)) for network in (gan.generator, gan.discriminator)
    )
    return gan


@pytest.mark.slow
@pytest.mark.skipif(not FASHION_FOLDER.is_dir(), reason="Debian's package dataset-fashion-mnist is not installed")
def test_with_fast_optimisers_clothes_come_sooner():
    verdicts = []
    for gan in (textbook(seed=1), fast(seed=1)):
        for _ in train(gan, Batches(fashion_mnist()[0], seed=1), 600):
            pass
        verdicts.append(exercises.fashion(gan.generate(gan.latents(100))).correct)
    assert verdicts == [False, True]


@pytest.mark.filterwarnings("ignore:The real samples lie from 0 to 1")
def test_from_data_in_0_to_1_g_learns_to_draw_black_as_grey():
    corners, images = [], scaled(mnist()[0]).float()
    for data in (images, (images + 1) / 2):
        gan = fast(seed=1)
        for _ in train(gan, Batches(data, seed=1), 100):
            pass
        corners.append(float(gan.generate(gan.latents(100))[..., :3, :3].mean()))
    assert corners[0] < -0.6 and abs(corners[1]) < 0.1


def test_a_learning_rate_too_high_is_named():
    gan = textbook(seed=0)
    gan.d_optimizer.param_groups[0]["lr"] = 1e30
    with pytest.raises(NonFiniteLoss, match=r"step \d+: .*learning rates too high \(D's 1e\+30"):
        for _ in train(gan, textbook_batches(seed=0), 5):
            pass


def test_at_the_optimum_d_is_a_coin_toss_and_its_loss_cannot_be_raised():
    """The best D against p, q costs 2 log 2 − 2 JS: 2 log 2 where q = p, less elsewhere; and where q = p it says ½."""
    logits = torch.linspace(-3, 3, 61, dtype=torch.float64)
    costs = torch.stack([non_saturating.d(each.reshape(1, 1), each.reshape(1, 1)) for each in logits])
    assert logits[costs.argmin()] == pytest.approx(0, abs=1e-9) and costs.min() == pytest.approx(2 * math.log(2))
    p, q = torch.rand(2, 100, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) + 0.01
    p, q = p / p.sum(1, keepdim=True), q / q.sum(1, keepdim=True)
    best = (p / q).log()
    softplus = torch.nn.functional.softplus
    loss = (p * softplus(-best) + q * softplus(best)).sum(1)
    assert loss.max() < 2 * math.log(2) and non_saturating.g(torch.zeros(1, 1)) == pytest.approx(math.log(2))


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


def test_first_digits_are_usually_seen_at_the_step_that_live_names(seeds):
    """By eye digits show where FID falls below four fifths of its start: in half of the six films by that step."""
    firsts = []
    for run in (shipped("mnist_textbook"), *seeds):
        fid = [score["fid"] for score in run.scores]
        firsts.append(next((run.steps[k] for k, value in enumerate(fid) if value < 0.8 * fid[0]), math.inf))
    (step,) = FIRST_DIGITS.values()
    assert step % 937 == 0 and sorted(firsts)[2] <= step <= sorted(firsts)[3]
