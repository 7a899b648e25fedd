"""An example of every control, for the tests that look at all of them; `make check` says which is missing."""

import torch

from gan_edu import widgets
from gan_edu.core.data.batches import Batches
from gan_edu.core.recording.recording import shipped
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.losses import LOSSES
from gan_edu.mode_collapse import theatre
from gan_edu.training_loop import GAN, train
from gan_edu.value_function import two_points
from helpers.small_bench import small_bench
from helpers.small_recipes import INGREDIENTS, recipes

TABLES = {
    "T": {
        "columns": [{"key": "fid", "title": "FID", "better": "lower"}],
        "rows": [
            {"name": "base", "title": "Base", "baseline": True, "values": {"fid": [3.0, 4.0, 5.0]}},
            {"name": "good", "title": "Good", "values": {"fid": [1.0, 2.0, 3.0]}},
        ],
    }
}


def small_pictures():
    """A GAN of pictures of 4 × 4, and its batches."""
    shape = (1, 4, 4)
    data = torch.rand(64, *shape, generator=torch.Generator().manual_seed(0)) * 2 - 1
    return GAN(MLPGenerator(3, shape, (16,)), MLPDiscriminator(shape, (16,)), 3), Batches(data, 8, 0)


def grey(z):
    """A picture of 4 × 4 a latent, of its first number."""
    return z[:, :1, None, None].expand(-1, 1, 4, 4).tanh()


def bars(z, y):
    """Pictures of 12 × 12: a bright column for each class, as bright as its share, from the top as far as z says."""
    columns = torch.nn.functional.pad(y, (0, 12 - y.shape[1]))[:, None, :]  # (N, 1, 12)
    rows = (torch.arange(12.0) < 6 + 4 * z[:, :1].tanh())[:, :, None]  # (N, 12, 1)
    return (2 * columns * rows - 1)[:, None]


def widest(pictures):
    """The class whose column is the brightest, as a reader; of the bars."""
    return pictures[:, 0, 0].argmax(1)


def asked():
    """A number to guess, with its answer."""
    return widgets.Guess.number("example", "How many?", 0, 10, unit="digits", step=1).answer(7, "seven of them")


REAL_NAMES = [first + last for first in ("mar", "mil", "bro", "bren", "hal", "sten") for last in ("tin", "ler", "son")]


class Endings:
    """A stand-in for a network of names: beginning, temperature, seed and number choose the ending; no randomness."""

    def __init__(self, *endings):
        self.endings = endings

    def complete(self, beginning, temperature, count, seed):
        """`count` names."""
        first = round(100 * temperature) + 3 * seed
        return [beginning + self.endings[(first + k) % len(self.endings)] + "a" * (k // 10) for k in range(count)]


def by_length(names):
    """A stand-in for D: the longer a name, the less real."""
    return [1 / (1 + len(name) / 6) for name in names]


def name_machine(**options):
    """A name machine of two such stand-ins."""
    generators = {"MLE": Endings("tens", "bels", "lin", "mosa", "ro"), "GAN": Endings("ton", "hart", "iel")}
    return widgets.NameMachine(generators, **{"real": REAL_NAMES, "judge": by_length, **options})


def never(on):
    """A function that trains a recipe, where none is trained."""
    raise AssertionError(f"asked to train {on}")


# What the latent explorer's view reads of its model.
LATENT_NAMES = (
    "a",
    "b",
    "c",
    "d",
    "selected",
    "view",
    "position",
    "strength",
    "fresh",
    "tiles",
    "walk",
    "plane",
    "more",
    "near",
    "error",
    "words",
)

EXAMPLES = {
    "CorruptionBench": small_bench,
    "CollapseTheatre": theatre,
    "ConditionBoard": lambda: widgets.ConditionBoard(bars, torch.eye(3), reads=widest),
    "DensityPlayer": widgets.DensityPlayer,
    "GamePicture": widgets.GamePicture,
    "Guess": asked,
    "Guesses": lambda: asked() and widgets.Guesses(),
    "LatentExplorer": lambda: widgets.LatentExplorer(grey, torch.eye(4)),
    "Live": lambda: widgets.Live(small_pictures, train, "An example"),
    "LossExplorer": lambda: widgets.LossExplorer(LOSSES),
    "MovingEarth": widgets.MovingEarth,
    "NameMachine": name_machine,
    "OverlapLens": widgets.OverlapLens,
    "PhasePortrait": widgets.PhasePortrait,
    "Plane": lambda: widgets.Plane(GAN, train, LOSSES, "An example"),
    "PlaneReplay": lambda: widgets.PlaneReplay(shipped("plane/ring")),
    "RecipeBoard": lambda: widgets.RecipeBoard(recipes(), INGREDIENTS, never, on=["average"], before=[]),
    "Replay": lambda: widgets.Replay(shipped("mnist_textbook")),
    "Roofline": widgets.Roofline,
    "Saddle": lambda: widgets.Saddle({"two points": two_points}),
    "ScoreTable": lambda: widgets.ScoreTable(TABLES),
    "SmoothingPlayer": widgets.SmoothingPlayer,
}
