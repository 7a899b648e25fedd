"""Chapter 05's own pieces: films at equal time, the best combination and its shipped film, D's map, stored scores."""

import json
import math
from pathlib import Path
from statistics import median

import matplotlib
import pytest
import torch

from gan_edu.core.data.batches import Batches
from gan_edu.core.data.distributions import Draws, blobs, gaussian, grid, ring
from gan_edu.core.games import field, update_rules
from gan_edu.core.measures.mixture_scores import Coverage
from gan_edu.core.measures.stored_scores import cost, scores, trials
from gan_edu.core.notebook.figures import probability_map, show, subplots
from gan_edu.core.recording.equal_time import in_steps_of, until
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.point_frames import frames_of
from gan_edu.core.recording.points_look import PointsLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import shipped
from gan_edu.core.training.networks import mlp, parameter_count
from gan_edu.losses import wasserstein
from gan_edu.mnist_gan import salt, textbook
from gan_edu.recordings.best_recipe import BATCH, BETAS, DECAY, EVERY, GAMMA, RATES, best_textbook
from gan_edu.training_loop import GAN, adam, d_step, train
from gan_edu.tricks import EMA, r1, slopes_at, spectral_norm, wgan_gp
from gan_edu.value_function import js, optimal_logit
from gan_edu.widgets import compare

ROOT = Path(__file__).parents[2]


def test_steps_are_counted_in_the_other_runs():
    textbooks, best = shipped("mnist_textbook"), shipped("mnist_best")
    ratio = best.meta["provenance"]["settings"]["cost"]
    assert ratio == pytest.approx(cost("best"), rel=1e-3) and ratio > 1
    counted = in_steps_of(textbooks, best)
    assert counted.steps == [round(step * ratio) for step in best.steps] and counted.atlas == best.atlas
    assert counted.meta["curves"]["step"] == [round(step * ratio) for step in best.meta["curves"]["step"]]
    assert counted.meta["frames"]["epoch"][-1] == pytest.approx(counted.steps[-1] / 937, abs=1e-3)
    assert counted.scores == best.scores and best.steps == shipped("mnist_best").steps  # as it was
    near = [min(abs(step - other) for other in textbooks.steps) for step in counted.steps]
    assert max(near) <= 2  # both films change at the same places of the slider
    assert len(compare(textbooks, counted).steps) >= len(textbooks)


def test_a_film_up_to_a_step():
    whole = shipped("mnist_textbook")
    part = until(whole, 24 * 937 + 1)
    assert part.steps == [step for step in whole.steps if step <= 24 * 937 + 1] and part.steps[-1] == 24 * 937
    assert part.scores == whole.scores[: len(part)] and part.meta["curves"]["step"][-1] <= 24 * 937 + 1
    assert part.tiles(len(part) - 1).tolist() == whole.tiles(len(part) - 1).tolist()
    assert all(len(values) == len(part) for values in part.meta["frames"].values())
    assert len(whole) > len(part) and len(until(whole, 10**9)) == len(whole)
    with pytest.raises(ValueError, match="step must be a whole number ≥ 0, got -1"):
        until(whole, -1)


def small_film(cost=10, at=(0, 2, 4)):
    """Of 4 steps, with a change noted at 1 and at 3."""
    gan, data = textbook(), Batches(torch.zeros(8, 1, 28, 28), 4)
    recorder = Recorder(gan, at, "small", GridLook(1, 1), settings={"cost": cost})
    recorder.log += [{"step": 1, "change": "early"}, {"step": 3, "change": "late"}]
    return recorder.record(train(gan, data, 4))


def film_of_points():
    """Of 4 steps, whose data are others from step 2 on."""
    gan = GAN(mlp([2, 4, 2]), mlp([2, 4, 1]), 2)
    recorder = Recorder(gan, (0, 2, 4), "points", PointsLook(ring(), compact=True), settings={"cost": 10})
    list(recorder.watch(train(gan, Draws(ring(), 4), 2)))
    recorder.look.show(ring(1))
    return recorder.record(train(gan, Draws(ring(), 4), 2))


def test_all_that_is_dated_is_counted_alike():
    film = in_steps_of(small_film(), small_film())
    assert film.steps == [0, 20, 40] and [event["step"] for event in film.meta["log"]] == [10, 30]
    assert [event["change"] for event in until(film, 20).meta["log"]] == ["early"]
    points = film_of_points()
    assert [each["from"] for each in points.meta["reals"]] == [0, 2]
    assert [each["from"] for each in in_steps_of(points, points).meta["reals"]] == [0, 20]
    assert [each["from"] for each in until(points, 1).meta["reals"]] == [0]
    assert frames_of(until(points, 2)) == frames_of(points)[:2]
    with pytest.raises(ValueError, match="'small · at equal time' is counted in steps of 'small' already"):
        in_steps_of(small_film(), film)
    with pytest.raises(ValueError, match="costs 1e-09, so that two of its frames would fall on one step"):
        in_steps_of(film, small_film(1e-9))


def test_a_film_that_does_not_say_what_a_step_cost():
    with pytest.raises(ValueError, match="does not say what a step cost"):
        in_steps_of(shipped("mnist_best"), shipped("mnist_textbook"))


def test_the_shipped_film_is_of_the_textbooks_networks_in_the_textbooks_time():
    best, textbooks = shipped("mnist_best"), shipped("mnist_textbook")
    facts = best.meta["provenance"]
    assert facts["steps"] * facts["settings"]["cost"] <= 24 * 937 + 2 and facts["settings"]["batch_size"] == BATCH
    at = textbooks.steps.index(24 * 937)
    assert best.scores[-1]["fid"] < 0.05 * textbooks.scores[at]["fid"]


def test_the_best_combination_changes_no_network():
    (gan, batches), plain = best_textbook(3), textbook(3)
    assert [parameter_count(each) for each in (gan.generator, gan.discriminator)] == [
        parameter_count(each) for each in (plain.generator, plain.discriminator)
    ]
    assert all(torch.equal(a, b) for a, b in zip(gan.generator.parameters(), plain.generator.parameters(), strict=True))
    assert batches.batch_size == BATCH and next(train(gan, batches, 1)).step == 1


def test_the_stored_table_is_the_one_that_ships():
    stored = json.loads((ROOT / "benchmarks" / "results" / "tricks.json").read_text())
    ours = json.loads((ROOT / "gan_edu" / "data" / "tricks.json").read_text())
    assert ours == stored, "copy benchmarks/results/tricks.json to gan_edu/data"
    assert {"settings", "arms", "runs", "trials"} <= set(ours)
    for run in ours["runs"]:
        assert run["steps"] == ours["arms"][run["data"]][run["arm"]]["steps"]
    seeds = {trial["seed"] for trial in ours["trials"]}
    assert seeds.isdisjoint({run["seed"] for run in ours["runs"]})  # tuned on others than are reported


def test_what_a_step_of_an_arm_cost():
    assert cost("baseline") == 1 and cost("k steps") > 3 and round(cost("best"), 2) == 1.93
    with pytest.raises(KeyError, match="has no arm 'magic'"):
        cost("magic")


def test_a_larger_batch_costs_more_a_step_and_gets_fewer():
    """In the trials, whose other settings are alike; in the table, where other settings of "rates" differ too."""
    names = {"batch", "steps", "seed", "cpu_seconds", "fid", "confidence"}
    same = {"r1": 2, "r2": 0, "every": 8, "ema": 0.998, "g_lr": 2e-3, "d_lr": 1e-3, "beta1": 0.0, "decay": False}
    found = {}
    for trial in trials():
        if trial["data"] == "mnist" and trial["loss"] == "non-saturating" and same.items() <= trial.items():
            found[trial["batch"], trial["steps"]] = trial
    plain, large = found[64, 10_000], found[256, 3600]
    assert {name for name in plain if plain[name] != large[name]} <= names
    assert large["cpu_seconds"] / large["steps"] > 1.5 * plain["cpu_seconds"] / plain["steps"]
    assert 256 * 3600 == 1.44 * 64 * 10_000  # digits seen
    assert 4.5 < plain["fid"] - large["fid"] < 5.5 and large["cpu_seconds"] < plain["cpu_seconds"]  # in less time
    arms = json.loads((ROOT / "gan_edu" / "data" / "tricks.json").read_text())["arms"]["mnist"]
    assert arms["rates"]["ms_per_step"] > 1.5 * arms["baseline"]["ms_per_step"]
    assert arms["rates"]["steps"] < 0.7 * arms["baseline"]["steps"]


def test_what_the_search_found():
    """30 trials on MNIST, and the first of them is the combination; 8 on the grid, the second of which was taken."""
    of = {data: [trial for trial in trials() if trial["data"] == data] for data in ("mnist", "grid")}
    first = min(of["mnist"], key=lambda trial: trial["fid"])
    assert len(of["mnist"]) == 30 and (first["batch"], first["g_lr"], first["d_lr"]) == (BATCH, *RATES)
    assert (first["beta1"], first["beta2"], first["r1"], first["every"], first["ema"]) == (*BETAS, GAMMA, EVERY, DECAY)
    assert first["steps"] == 9500 and sum(trial["steps"] == 9500 for trial in of["mnist"]) == 2
    assert all(trial["cpu_seconds"] < 120 for trial in of["mnist"] if trial["steps"] != 9500)  # the shorter time
    batch_128, batch_256, *_ = sorted((t for t in of["mnist"] if t["steps"] != 9500), key=lambda trial: trial["fid"])
    assert [(t["batch"], round(t["fid"], 1)) for t in (batch_128, batch_256)] == [(128, 28.0), (256, 28.4)]
    assert all(batch_256[name] == first[name] for name in set(first) - {"steps", "cpu_seconds", "fid", "confidence"})
    assert not first["decay"] and first["r2"] == 0 and {trial["seed"] for trial in trials()} == {100}
    average_alone, taken, *_ = sorted(of["grid"], key=lambda trial: trial["js"])
    assert len(of["grid"]) == 8 and [round(each["js"], 3) for each in (average_alone, taken)] == [0.053, 0.055]
    assert average_alone["r1"] == 0 < average_alone["ema"] and taken["r1"] == 0.02 and taken["ema"] == 0.999
    arms = json.loads((ROOT / "gan_edu" / "data" / "tricks.json").read_text())["arms"]["grid"]
    assert {trial["steps"] for trial in of["grid"]} == {8000}
    assert arms["best"]["steps"] / 8000 == pytest.approx(5, abs=0.05)
    assert [t["decay"] for t in trials()].count("linear over the second half") == 2


def test_what_differs_in_the_arms_beside_best():
    arms = json.loads((ROOT / "gan_edu" / "data" / "tricks.json").read_text())["arms"]

    def changed(data, a, b):
        a, b = arms[data][a]["settings"], arms[data][b]["settings"]
        return {name for name in a if a[name] != b[name]}

    assert changed("mnist", "rates", "baseline") == {"batch", "precision", "G optimizer", "D optimizer"}
    assert changed("grid", "rates", "baseline") == {"G optimizer"}
    assert "0.0005" in arms["grid"]["rates"]["settings"]["G optimizer"]
    assert all(changed(data, "best", "rates") == {"d_penalties", "after_step"} for data in ("mnist", "grid"))
    assert changed("grid", "r1", "baseline") == {"d_penalties"}
    plain, ours = arms["mnist"]["baseline"], arms["mnist"]["rates"]
    assert (ours["steps"], plain["steps"]) == (7172, 11457)
    digits = [arm["steps"] * arm["settings"]["batch"] for arm in (ours, plain)]
    assert digits[0] / digits[1] == pytest.approx(2.5, abs=0.05)
    both = [
        name
        for name, arm in arms["mnist"].items()
        if "R1" in str(arm["settings"]["d_penalties"]) and "EMA" in str(arm["settings"]["after_step"])
    ]
    assert both == ["best"]  # no arm has both tricks at the textbook's settings
    assert {"batch", "G optimizer", "D optimizer"} <= changed("mnist", "best", "baseline")
    assert arms["grid"]["spectral"]["steps"] / arms["grid"]["baseline"]["steps"] == pytest.approx(3 / 4, abs=0.03)
    assert arms["grid"]["r1"]["steps"] / arms["grid"]["baseline"]["steps"] == pytest.approx(2 / 3, abs=0.05)


def test_the_seeds_of_two_arms_differ_by_a_tenth_and_a_fifth():
    rows = {row["name"]: row["values"]["fid"] for row in scores()["MNIST"]["rows"]}
    spread = {arm: (max(rows[arm]) - min(rows[arm])) / median(rows[arm]) for arm in ("best", "rates")}
    assert spread["best"] == pytest.approx(0.1, abs=0.02) and spread["rates"] == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("table, score, better", [("Grid of 25", "js", 5), ("MNIST", "fid", 2)])
def test_on_how_many_seeds_an_average_of_g_is_better(table, score, better):
    rows = {row["name"]: row["values"][score] for row in scores()[table]["rows"]}
    assert sum(ours < other for ours, other in zip(rows["ema"], rows["baseline"], strict=True)) == better


def test_what_is_left_of_the_textbooks_excess():
    for name in ("MNIST", "MNIST, twice the time"):
        table = scores()[name]
        fids = {row["name"]: [fid for fid in row["values"]["fid"] if fid is not None] for row in table["rows"]}
        best, plain = (median(fids[arm]) - table["columns"][0]["floor"] for arm in ("best", "baseline"))
        assert min(len(fids[arm]) for arm in ("best", "baseline")) >= 5 and best < 0.04 * plain


def test_noise_on_both_sides_leaves_the_best_g_as_it_is():
    """JS of blurred Gaussians is least at the data's own width; with noise on the real ones alone, at the blurred."""
    widths = [0.05 * k for k in range(1, 21)]

    def best(on_real, on_fake):
        real = gaussian(0.0, (0.15**2 + on_real**2) ** 0.5)
        return min(widths, key=lambda width: js(real, gaussian(0.0, (width**2 + on_fake**2) ** 0.5)))

    assert best(0.4, 0.4) == pytest.approx(0.15) and best(0.0, 0.0) == pytest.approx(0.15)
    assert best(0.8, 0.0) == pytest.approx(0.8)  # the square root of 0.15² + 0.8² is 0.81


def test_the_map_shows_ds_probability_where_it_is():
    D = mlp([2, 1])
    with torch.no_grad():
        D[0].weight.copy_(torch.tensor([[-4.0, 0.0]]))
        D[0].bias.zero_()  # real on the left
    figure, axes = subplots()
    probability_map(axes, D, torch.tensor([[-1.0, 0.5]]), torch.tensor([[1.0, -0.5]]), "a field")
    mesh = axes.collections[0]
    values = mesh.get_array().reshape(80, 80)
    assert values[:, 0].min() > 0.99 and values[:, -1].max() < 0.01  # columns are x
    pale = mesh.get_cmap()
    assert pale(1.0)[2] > pale(1.0)[0] and pale(0.0)[0] > pale(0.0)[2] and min(pale(0.5)[:3]) > 0.99  # blue, orange
    lines, real, fake = axes.collections[1:]
    assert lines.levels.tolist() == [0.1, 0.5, 0.9] and lines.linestyles == ["dotted", "solid", "dashed"]
    assert axes.get_xlim() == axes.get_ylim() == (-1.5, 1.5)
    for points, marker in ((real, "o"), (fake, "^")):
        style = matplotlib.markers.MarkerStyle(marker)
        outline = style.get_path().transformed(style.get_transform()).vertices
        assert points.get_paths()[0].vertices.tolist() == outline.tolist()
    assert real.get_offsets().tolist() == [[-1.0, 0.5]] and fake.get_offsets().tolist() == [[1.0, -0.5]]
    assert show(figure, "a field").png.startswith(b"\x89PNG")


def test_averaged_over_a_whole_circle_the_points_give_its_middle():
    """d · g by turns, with steps of which 40 are one round of the circle: the next point is the first again."""
    v = field.field(field.Game(lambda theta, psi: (theta * psi).sum(), lambda theta, psi: -(theta * psi).sum()))
    path = update_rules.trajectory(v, 1.0, 1.0, update_rules.Rule("alternating", 2 * math.sin(math.pi / 40)), 40)
    points = torch.stack([path.theta.flatten(), path.psi.flatten()], 1)
    assert torch.allclose(points[40], points[0], atol=1e-9)
    assert points[:40].mean(0).norm() < 1e-9 and points[:20].mean(0).norm() > 0.5  # not so over half a circle


def test_the_best_ds_slope_between_the_two_clouds():
    """Two Gaussians 1.4 apart and 0.15 wide, blurred by σ: the logit of D* is a straight line."""
    for sigma, slope in ((0.0, 62), (0.2, 22), (0.5, 5.1)):
        width = (0.15**2 + sigma**2) ** 0.5
        x = torch.linspace(-1, 1, 9, dtype=torch.float64)[:, None]
        logits = optimal_logit(gaussian(-0.7, width), gaussian(0.7, width), x)
        found = -logits.flatten().diff() / x.flatten().diff()
        assert found.tolist() == pytest.approx([1.4 / width**2] * 8)
        assert found.tolist() == pytest.approx([slope] * 8, rel=0.02)


def test_js_is_at_most_log_2_and_comes_near_it():
    torch.manual_seed(0)
    for sharp in (0.1, 1.0, 10.0, 100.0):
        p, q = (torch.softmax(sharp * torch.randn(6, dtype=torch.float64), 0).tolist() for _ in range(2))
        assert 0 < js(p, q) <= math.log(2) + 1e-12
    assert Coverage(ring()).measure(torch.full((2500, 2), 1.4))["js"] == pytest.approx(math.log(2), abs=0.01)


def test_how_many_steps_old_the_weights_of_an_average_are():
    """Its decay grows: 75 and 150 steps in the run of section 10, halfway and at the end, and 199 in a long one."""
    G, hook = torch.nn.Linear(1, 1).double(), EMA(0.995)
    gan = GAN(G, mlp([1, 1]).double(), 1, after_step=[hook])
    with torch.no_grad():
        for step in range(6000):
            G.weight.fill_(step)  # a weight that moves by 1 a step
            hook(gan)
            if step in (750, 1500):
                assert step - hook.average.weight.item() == pytest.approx(step / 10, abs=1.5)
    assert 5999 - hook.average.weight.item() == pytest.approx(0.995 / 0.005, abs=0.5)


def test_while_weights_move_spectral_normalisation_comes_a_little_late():
    """One power iteration in each pass of training finds too small a norm first, and arrives where W stands still."""
    torch.manual_seed(0)
    layer = spectral_norm(torch.nn.Linear(32, 32))
    x = torch.randn(2, 32)

    def norm(passes):
        layer.train()
        for _ in range(passes):
            layer(x)
        return torch.linalg.matrix_norm(layer.eval().weight, 2).item()

    assert norm(500) == pytest.approx(1, abs=1e-3)
    with torch.no_grad():
        layer.parametrizations.weight.original += 0.1 * torch.randn(32, 32)
    late = norm(1)
    assert 1.005 < late < 1.5 and late > norm(5) > norm(500) == pytest.approx(1, abs=1e-3)


def test_spectral_normalisation_makes_one_power_iteration_a_training_pass():
    """It goes on from the vector of the pass before; a pass of judging makes none."""
    torch.manual_seed(0)
    layer, unit = spectral_norm(torch.nn.Linear(32, 32)), torch.nn.functional.normalize
    made = layer.parametrizations.weight
    with torch.no_grad():
        made.original.copy_(torch.randn(32, 32))  # far from what its vector was made for
        vector = dict(made[0].named_buffers())["_v"]
        for _ in range(3):
            v = unit(made.original.T @ unit(made.original @ vector, dim=0), dim=0)
            layer.train()(torch.randn(2, 32))
            assert torch.allclose(vector, v, atol=1e-6)
            layer.eval()(torch.randn(2, 32))
            assert torch.allclose(vector, v, atol=1e-6)


def test_a_flat_d_pays_nothing_with_r1_and_pays_with_wgan_gp():
    D, x = torch.nn.Linear(2, 1), torch.randn(8, 2)
    torch.nn.init.zeros_(D.weight)
    assert r1(1.0)(D, x, x + 1).item() == 0 and wgan_gp(1.0)(D, x, x + 1).item() == pytest.approx(1)
    with torch.no_grad():
        D.weight.fill_(0.0)
        D.weight[0, 0].fill_(0.5)
    assert r1(1.0)(D, x, x + 1).item() > 0 and wgan_gp(1.0)(D, x, x + 1).item() < 1  # a slope of ½ is dearer, cheaper


def test_with_the_wasserstein_loss_the_penalised_slope_is_about_1_at_all_three_places():
    """At the data, between the clouds and at the fakes of section 2, which stand still."""
    p_data, p_g = blobs([[-0.7, 0.0]], 0.15), blobs([[0.7, 0.0]], 0.15)
    real, fake = (p.sample(200, torch.Generator().manual_seed(seed)).float() for seed, p in ((1, p_data), (2, p_g)))
    G = torch.nn.Linear(2, 2)
    G.load_state_dict({"weight": 0.15 * torch.eye(2), "bias": torch.tensor([0.7, 0.0])})
    torch.manual_seed(0)
    D = mlp([2, 64, 64, 1], slope=0.2)
    gan = GAN(G, D, 2, wasserstein, d_optimizer=adam(D, 2e-3, (0.0, 0.99)), d_penalties=[wgan_gp(10.0)])
    batches = Draws(p_data, 256, 0)
    for _ in range(200):
        d_step(gan, batches)
    for x in (real, (real + fake) / 2, fake):
        assert slopes_at(D, x).mean().item() == pytest.approx(1, abs=0.1)


def test_by_turns_the_points_of_the_rotation_stay_on_one_ellipse():
    """d · g by turns with step η keeps θ² + ψ² ± η·θ·ψ; both at once each round grows."""
    eta = 0.1
    v = field.field(field.Game(lambda theta, psi: (theta * psi).sum(), lambda theta, psi: -(theta * psi).sum()))
    path = update_rules.trajectory(v, 1.0, 1.0, update_rules.Rule("alternating", eta), 200)
    theta, psi = path.theta.flatten(), path.psi.flatten()
    spread = [(theta**2 + psi**2 + sign * eta * theta * psi).std().item() for sign in (1, -1)]
    assert min(spread) < 1e-9 < 1e-3 < max(spread)


def test_how_far_apart_and_how_wide_the_modes_of_the_grid_are():
    modes = grid()
    apart = torch.cdist(modes.centres, modes.centres).fill_diagonal_(math.inf).min().item()
    assert len(modes.centres) == 25 and apart == pytest.approx(0.45)
    assert modes.scales.unique().tolist() == pytest.approx([0.03])


def test_all_arms_get_the_steps_that_fit_into_one_time():
    found = json.loads((ROOT / "gan_edu" / "data" / "tricks.json").read_text())
    budget = found["settings"]["budget_cpu_seconds"]
    for data in ("mnist", "grid"):
        for arm in found["arms"][data].values():
            assert arm["steps"] * arm["ms_per_step"] / 1000 == pytest.approx(budget[data], rel=1e-3)
    took = [run["cpu_seconds"] for run in found["runs"] if run["data"] in ("mnist", "grid")]
    assert [round(edge(took)) for edge in (min, max)] == [114, 176] and budget["mnist"] == budget["grid"] == 127


def test_what_a_step_of_an_arm_that_changes_rates_alone_cost():
    """Two have the baseline's time; the others were timed themselves, and differ little."""
    arms = json.loads((ROOT / "gan_edu" / "data" / "tricks.json").read_text())["arms"]
    for data, name in (("mnist", "two rates"), ("grid", "two rates"), ("grid", "one rate")):
        assert arms[data][name]["ms_per_step"] == arms[data]["baseline"]["ms_per_step"]
        assert arms[data][name]["steps"] == arms[data]["baseline"]["steps"]
    for data, name in (("mnist", "half and double"), ("grid", "half and double"), ("grid", "rates")):
        assert 0 < abs(cost(name, data) - 1) < 0.03
        assert arms[data][name]["steps"] == pytest.approx(arms[data]["baseline"]["steps"], rel=0.03)


def test_the_weights_of_the_penalties_on_mnist():
    arms = json.loads((ROOT / "gan_edu" / "data" / "tricks.json").read_text())["arms"]["mnist"]
    of = {name: arms[name]["settings"]["d_penalties"] for name in ("wgan_gp", "r1")}
    assert of == {"wgan_gp": ["WGAN-GP, weight 10"], "r1": ["R1, weight 2"]}


def test_untrained_grey_has_no_salt():
    gan = textbook(0)
    assert salt(gan.generate(gan.latents(100))) == 0
    noise = 2 * torch.rand(1000, 1, 28, 28, generator=torch.Generator().manual_seed(0)) - 1
    assert 1e4 * salt(noise) == pytest.approx(114, abs=2)
