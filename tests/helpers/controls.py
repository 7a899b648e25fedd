"""An example of every control, for the tests that look at all of them; `make check` says which is missing."""

import torch

from gan_edu import widgets
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.ciphers import keyword_key, undone
from gan_edu.core.recording.recording import shipped
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.losses import LOSSES
from gan_edu.mode_collapse import theatre
from gan_edu.training_loop import GAN, train
from gan_edu.value_function import two_points
from helpers import small_few, small_market, small_molecules
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


def blurred(seen, known):
    """What is left, and in the hole the mean of all that is known, as a stand-in for a network."""
    mean = (seen * known).sum((1, 2, 3), keepdim=True) / known.sum((1, 2, 3), keepdim=True).clamp(min=1)
    return seen * known + mean * (1 - known)


def halves(seen, known):
    """What is left, and ½ in the hole."""
    return seen * known + 0.5 * (1 - known)


def noisy(sigma):
    """A damage: noise, as strong as sigma, and nothing is known for sure."""

    def spoil(x, stream):
        return x + sigma * torch.randn(x.shape, generator=stream), torch.zeros_like(x)

    return spoil


def edits():
    """Two directions of three pictures: a column that grows wider, at five strengths, and one that moves, at three."""
    grows, moves = torch.full((5, 3, 28, 28), -1.0), torch.full((3, 3, 28, 28), -1.0)
    for n in range(3):
        for s in range(5):
            grows[s, n, 4:24, 12 - s : 14 + s + n] = 1
        for s in range(3):
            moves[s, n, 4:24, 4 + 6 * s + n : 8 + 6 * s + n] = 1
    wide, left = (grows > 0).sum((2, 3)) / 20, torch.arange(4, 20, 6)[:, None] + torch.arange(3)
    return {"width": ([-2, -1, 0, 1, 2], grows, wide), "place": ((-0.5, 0, 0.5), moves, left)}


def editor(**options):
    """An edit slider of these."""
    return widgets.EditSlider(edits(), **options)


def drawings(count=3):
    """Pictures (count, 1, 28, 28): a bright column each, further and further right, on a ground that brightens."""
    x = torch.linspace(0, 0.4, 28)[:, None].expand(28, 28).repeat(count, 1, 1, 1).view(count, 1, 28, 28).clone()
    for k in range(count):
        x[k, :, 4:24, 6 + 6 * k : 10 + 6 * k] = 1
    return x


def painter(**options):
    """A mask painter with two stand-ins for networks, and noise of two strengths."""
    damages = {
        "noise": {"0.1": noisy(0.1), "0.3": noisy(0.3)},
        "darker": lambda x, stream: (x / 2, torch.zeros_like(x)),
    }
    return widgets.MaskPainter(drawings(), {"0": blurred, "0.1": halves}, damages, **options)


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
        first = (round(100 * temperature) if temperature == temperature else 0) + 3 * seed  # NaN, too
        return [beginning + self.endings[(first + k) % len(self.endings)] + "a" * (k // 10) for k in range(count)]


def by_length(names):
    """A stand-in for D: the longer a name, the less real."""
    return [1 / (1 + len(name) / 6) for name in names]


def name_machine(**options):
    """A name machine of two such stand-ins."""
    generators = {"MLE": Endings("tens", "bels", "lin", "mosa", "ro"), "GAN": Endings("ton", "hart", "iel")}
    return widgets.NameMachine(generators, **{"real": REAL_NAMES, "judge": by_length, **options})


CIPHER = keyword_key("zebra")


def sharpening(key=CIPHER, steps=range(0, 500, 100)):
    """A stand-in for a training on a key: (step, matrix) whose logits sharpen, and are wrong at first for some symbols.

    Symbol 3 is wrong until step 300, symbol 5 always.
    """
    truth = undone(torch.as_tensor(key))
    for step in steps:
        logits = torch.zeros(27, 27)
        logits[range(27), truth] = step / 100
        logits[3, 7] = 3.0
        logits[5, truth[5] - 1] = 0.5 + step / 90
        yield step, logits.softmax(1)


def secret_message(**options):
    """A secret message, with a film of that stand-in, which trains too."""
    given = {"film": sharpening(), "key": CIPHER, "train": sharpening}
    return widgets.SecretMessage(**{**given, **options})


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
    "EditSlider": editor,
    "FewImages": lambda: widgets.FewImages(small_few.stored()),
    "GamePicture": widgets.GamePicture,
    "Guess": asked,
    "Guesses": lambda: asked() and widgets.Guesses(),
    "LatentExplorer": lambda: widgets.LatentExplorer(grey, torch.eye(4)),
    "Live": lambda: widgets.Live(small_pictures, train, "An example"),
    "LossExplorer": lambda: widgets.LossExplorer(LOSSES),
    "MarketMaker": lambda: widgets.MarketMaker(small_market.stored()),
    "MaskPainter": painter,
    "MoleculeBoard": lambda: widgets.MoleculeBoard(small_molecules.stored()),
    "MovingEarth": widgets.MovingEarth,
    "NameMachine": name_machine,
    "OverlapLens": widgets.OverlapLens,
    "PhasePortrait": widgets.PhasePortrait,
    "Plane": lambda: widgets.Plane(GAN, train, LOSSES, "An example"),
    "PlaneReplay": lambda: widgets.PlaneReplay(shipped("plane/ring")),
    "Quiz": lambda: widgets.Quiz("02"),
    "RecipeBoard": lambda: widgets.RecipeBoard(recipes(), INGREDIENTS, never, on=["average"], before=[]),
    "Replay": lambda: widgets.Replay(shipped("mnist_textbook")),
    "Roofline": widgets.Roofline,
    "Saddle": lambda: widgets.Saddle({"two points": two_points}),
    "ScoreTable": lambda: widgets.ScoreTable(TABLES),
    "SecretMessage": secret_message,
    "SmoothingPlayer": widgets.SmoothingPlayer,
}
