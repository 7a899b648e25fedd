"""What messages advise is tried: commands exist with their options, and the call that is named mends the case."""

import ast
import re
from pathlib import Path

import course
import numpy as np
import pytest
import torch
from packaging.requirements import Requirement
from torch import nn

from gan_edu import losses, tricks, value_function
from gan_edu.__main__ import main
from gan_edu.core.data import distributions, latent_paths
from gan_edu.core.data.batches import Batches
from gan_edu.core.games.update_rules import Rule
from gan_edu.core.measures.stored_scores import SHIPPED, scores
from gan_edu.core.notebook.figures import Picture
from gan_edu.core.recording import equal_time
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import Recording, shipped
from gan_edu.core.training import checkpoint
from gan_edu.core.training.device import pick
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.training_loop import GAN, LINES, d_step, g_step, substeps, train
from gan_edu.widgets import DensityPlayer, LatentExplorer, Plane, PlaneReplay, Replay, Saddle, compare

ROOT = Path(__file__).parents[2]
NO_TARGETS = ["a", "another", "it", "one", "room"]  # "make room", "make a fresh one"


def texts():
    """(where, text) of what the package and its tools may say; f-strings with their values left out."""
    for path in (*(ROOT / "gan_edu").rglob("*.py"), *(ROOT / "tools").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "NAME" for part in node.values]
                yield path.name, "".join(parts)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path.name, node.value


def advised(pattern):
    """What follows a pattern in any text, and where."""
    return sorted({(name, match[1].strip()) for name, text in texts() for match in re.finditer(pattern, text)})


def ids(case):
    return f"{case[0]}: {case[1]}"


@pytest.mark.parametrize("case", advised(r"python -m gan_edu ([a-z-]+)(?! ?:)"), ids=ids)
def test_a_command_of_the_package_exists(case, capsys):
    with pytest.raises(SystemExit) as ended:
        main([case[1], "--help"])
    assert ended.value.code == 0 and case[1] in capsys.readouterr().out


@pytest.mark.parametrize("case", advised(r"tools/course\.py ([a-z]+(?: NAME)?(?: --[a-z]+ [a-z]+)?)"), ids=ids)
def test_a_command_of_the_course_takes_its_options(case, capsys):
    with pytest.raises(SystemExit) as ended:
        course.main([*case[1].split(), "--help"])
    assert ended.value.code == 0, capsys.readouterr().err


@pytest.mark.parametrize("case", advised(r"(?:`|\b(?:run|with|:) )make ([a-z-]+)\b"), ids=ids)
def test_a_target_of_make_exists(case):
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert case[1] in [*targets, *NO_TARGETS]


@pytest.mark.parametrize("case", advised(r"pip install ((?:--[a-z-]+ )*[a-z][\w>=<.-]*(?: torchvision)?)"), ids=ids)
def test_what_pip_is_told_is_a_requirement(case):
    words = case[1].split()
    assert {word for word in words if word.startswith("-")} <= {"--force-reinstall", "--no-deps", "--upgrade"}
    assert all(Requirement(word) for word in words if not word.startswith("-"))


# ------------------------------------------------------------------ calls

FLAT, CUBE = torch.tensor([[0.0, 0, 0]]), torch.ones(1, 3)


def cube(at=0.0):
    return distributions.Mixture("cube", FLAT + at, CUBE, torch.ones(1))


def gan(discriminator=None, **pieces):
    return GAN(MLPGenerator(2, (4,), (8,)), discriminator or MLPDiscriminator((4,), (8,)), 2, **pieces)


def judge(norm):
    return nn.Sequential(nn.Linear(4, 8), norm, nn.LeakyReLU(0.2), nn.Linear(8, 1))


def trains(made, steps=2):
    data = torch.randn(32, 4, generator=torch.Generator().manual_seed(0))
    return all(torch.isfinite(record.d_loss) for record in train(made, Batches(data, 8), steps))


class Keeps:
    """A hook that keeps something for checkpoints."""

    def __init__(self, kept):
        self.kept = kept

    def state_dict(self):
        return {"kept": self.kept}

    def load_state_dict(self, state):
        self.kept = state["kept"]


def saved(kept):
    return checkpoint.sealed(part=Keeps(kept))


def with_holes():
    data = torch.ones(6, 3)
    data[2, 1] = torch.nan
    return data


def log_of_sigmoid(d, g):
    return torch.sigmoid(-1000 * d).log() + torch.sigmoid(g).log()


def softplus_instead(d, g):
    return -nn.functional.softplus(1000 * d) - nn.functional.softplus(-g)


def plane(**more):
    return Plane(GAN, train, {"non-saturating": losses.non_saturating}, **more)


def explorer(latents):
    return LatentExplorer(lambda z: z.new_zeros(len(z), 1, 2, 2), latents)


def recorded(**settings):
    made = GAN(MLPGenerator(2, (1, 2, 2), (8,)), MLPDiscriminator((1, 2, 2), (8,)), 2)
    data = torch.rand(8, 1, 2, 2)
    return Recorder(made, [0, 1], "t", GridLook(1, 2), **settings).record(train(made, Batches(data, 4), 1))


def full():
    made = explorer(torch.randn(64, 2))
    made.keep(0)


SPECTRAL = [tricks.r1(1.0)]
BULKY = distributions.ring(std=1e-4), distributions.grid()
# name: what goes wrong, the words of the message that advise, and what they come to
CALLS = {
    "samples that are not finite": (
        lambda: Batches(with_holes(), 2),
        "data = data[data.isfinite().flatten(1).all(1)]",
        lambda: Batches((data := with_holes())[data.isfinite().flatten(1).all(1)], 2),
    ),
    "an array in a checkpoint": (
        lambda: saved(np.zeros(3)),
        "torch.as_tensor(array)",
        lambda: saved(torch.as_tensor(np.zeros(3))),
    ),
    "more than a plane": (
        lambda: value_function.js(cube(), cube(1)),
        "value_by_monte_carlo(p_data, p_g)",
        lambda: value_function.value_by_monte_carlo(cube(), cube(1)),
    ),
    "bumps too narrow": (
        lambda: value_function.js(*BULKY),
        "value_by_monte_carlo(p_data, p_g)",
        lambda: value_function.value_by_monte_carlo(*BULKY),
    ),
    "no place": (
        lambda: value_function.optimal_logit(cube(), cube(1)),
        "optimal_logit(p_data, p_g, x)",
        lambda: value_function.optimal_logit(cube(), cube(1), torch.zeros(5, 3)),
    ),
    "slerp of nothing": (
        lambda: latent_paths.slerp(torch.zeros(2), torch.ones(2), 0.5),
        "use lerp",
        lambda: latent_paths.lerp(torch.zeros(2), torch.ones(2), 0.5),
    ),
    "a penalty and batches": (
        lambda: gan(judge(nn.BatchNorm1d(8)), d_penalties=SPECTRAL),
        "take LayerNorm, GroupNorm",
        lambda: [
            trains(gan(judge(norm), d_penalties=SPECTRAL))
            for norm in (nn.LayerNorm(8), nn.GroupNorm(2, 8), nn.Identity())
        ],
    ),
    "a penalty on G": (
        lambda: gan(g_penalties=SPECTRAL),
        "put it into d_penalties",
        lambda: trains(gan(d_penalties=SPECTRAL)),
    ),
    "two slopes": (
        lambda: gan(d_penalties=[tricks.r1(1.0), tricks.wgan_gp()]),
        "take one of the two",
        lambda: trains(gan(d_penalties=[tricks.wgan_gp()])),
    ),
    "two averages": (
        lambda: gan(after_step=[tricks.EMA(), tricks.EMA()]),
        "keep one",
        lambda: trains(gan(after_step=[tricks.EMA()])),
    ),
    "two decays": (
        lambda: gan(after_step=[tricks.CosineDecay(9), tricks.CosineDecay(9)]),
        "keep one",
        lambda: trains(gan(after_step=[tricks.CosineDecay(9)])),
    ),
    "lazy twice": (
        lambda: tricks.lazy(tricks.lazy(tricks.r1(1.0), 2), 2),
        "lazy stands innermost, and once",
        lambda: tricks.lazy(tricks.r1(1.0), 4),
    ),
    "no targets": (
        lambda: tricks.smooth(losses.hinge),
        "take non-saturating or minimax, unsmoothed",
        lambda: [tricks.smooth(loss) for loss in (losses.non_saturating, losses.minimax)],
    ),
    "momentum": (
        lambda: Rule(order="extra-gradient", momentum=0.5),
        "leave momentum at 0",
        lambda: Rule(order="extra-gradient", momentum=0),
    ),
    "a game of log(sigmoid)": (
        lambda: Saddle({"game": log_of_sigmoid}),
        "softplus in place of log(sigmoid)",
        lambda: Saddle({"game": softplus_instead}),
    ),
    "a density in the plane": (
        lambda: DensityPlayer(distributions.ring()),
        "on_line(name, means, widths, weights)",
        lambda: DensityPlayer(distributions.on_line("mine", [-1, 1], [0.5, 0.5], [0.3, 0.7])),
    ),
    "one to compare": (
        lambda: compare(shipped("mnist_best")),
        "use Replay(recording)",
        lambda: Replay(shipped("mnist_best")),
    ),
    "a folder for a recording": (
        lambda: Replay("folder"),
        "Recording.load(folder) or shipped(name)",
        lambda: [Replay(Recording.load(shipped("mnist_best").folder)), Replay(shipped("mnist_best"))],
    ),
    "pictures on the plane": (
        lambda: PlaneReplay(shipped("mnist_best")),
        "use Replay for images",
        lambda: Replay(shipped("mnist_best")),
    ),
    "points in a replay": (
        lambda: Replay(shipped("plane/ring")),
        "use PlaneReplay for points",
        lambda: PlaneReplay(shipped("plane/ring")),
    ),
    "a lone step": (
        lambda: plane().single_step("d"),
        "Plane(…, d_step=…)",
        lambda: [plane(d_step=d_step, g_step=g_step).single_step(letter) for letter in "dg"],
    ),
    "slow motion": (
        lambda: plane().slow_motion(),
        "Plane(…, substeps=substeps, lines=LINES)",
        lambda: plane(substeps=substeps, lines=LINES).slow_motion(),
    ),
    "too many samples": (
        full,
        "another explorer with some of this one's latents",
        lambda: explorer(explorer(torch.randn(64, 2)).latents[:9]).keep(0),
    ),
    "no cost": (
        lambda: equal_time.in_steps_of(recorded(), recorded()),
        "settings={'cost': ",
        lambda: equal_time.in_steps_of(recorded(), recorded(settings={"cost": 2.0})),
    ),
    "no scores": (
        lambda: scores("absent.json"),
        "hand over benchmarks/results/tricks.json",
        lambda: scores(SHIPPED / "tricks.json"),
    ),
    "no words": (lambda: Picture(b"", " "), "say what it shows", lambda: Picture(b"", "a grey square")),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_call_that_is_advised_mends_the_case(name):
    fails, words, mended = CALLS[name]
    with pytest.raises((ValueError, TypeError, OSError)) as told:
        fails()
    assert words in str(told.value)
    assert mended() is not False


def test_a_run_that_was_built_as_for_the_run_loads(tmp_path):
    """As "Build it as it was built for the run" says."""
    path = checkpoint.save(tmp_path / "a.ckpt", gan=gan(after_step=[tricks.EMA()]))
    with pytest.raises(checkpoint.CheckpointError, match="Build it as it was built for the run"):
        checkpoint.load(path, gan=gan())
    checkpoint.load(path, gan=gan(after_step=[tricks.EMA()]))


def test_a_device_that_is_not_there_may_be_unset_or_another(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DEVICE", "abacus")
    with pytest.raises(ValueError, match="there is: cpu") as told:
        pick()
    for offered in str(told.value).split("there is: ")[1].split(", "):
        monkeypatch.setenv("GAN_EDU_DEVICE", offered)
        assert pick().type == offered
    monkeypatch.delenv("GAN_EDU_DEVICE")
    pick()
