"""Figures that belong together: one palette, one matplotlib style, alt text on every picture.

Blue is real, orange is fake, in every chapter; they differ by marker (● ▲) as well. D is green and solid, G is purple
and dashed. `show(figure, alt)` ends a cell: the picture and, for those who do not see it, what it shows.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from gan_edu.core.data.pixels import as_grid, as_image, to_uint8
from gan_edu.core.notebook import stills
from gan_edu.core.notebook.fonts import families, readable
from gan_edu.core.notebook.palette import (
    DISCRIMINATOR,
    FAKE,
    GENERATOR,
    INK,
    LINES,
    PAPER,
    REAL,
    SOFT,
)
from gan_edu.core.safety import checked
from gan_edu.core.safety.checked import flag, integer, kind, text
from gan_edu.core.training.streams import looking

if TYPE_CHECKING:  # matplotlib is loaded with the first figure
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import Formatter
    from matplotlib.typing import RcKeyType
    from PIL import Image

REAL_MARKER, FAKE_MARKER = "o", "^"
D_LINE = {"color": DISCRIMINATOR, "linestyle": "-"}
G_LINE = {"color": GENERATOR, "linestyle": "--"}
STYLE: dict[RcKeyType, object] = {
    "figure.figsize": (7.2, 3.0),
    "figure.dpi": 100,
    "figure.facecolor": PAPER,
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": LINES,
    "axes.labelcolor": INK,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": LINES,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "lines.linewidth": 2,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "legend.frameon": False,
    "image.cmap": "cividis",
}


class Picture:
    """A PNG with the words that say what it shows; a notebook displays it and stores both.

    drawn: lines and text on light ground, which follow a dark theme.
    """

    def __init__(self, png: bytes, alt: str, drawn: bool = False):
        if not text("alt", alt).strip():
            raise ValueError("a picture needs alt text: say what it shows, for those who do not see it")
        self.png, self.alt, self.drawn = png, alt, drawn

    def _ipython_display_(self) -> None:
        """The picture, then its words for screen readers."""
        from IPython.display import display

        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        display(stills.words(self.alt, self.drawn), raw=True)

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        return stills.picture(self.png, self.alt, drawn=self.drawn)

    def __repr__(self) -> str:
        return self.alt


def subplots(*args: Any, **kwargs: Any) -> tuple[Figure, Any]:  # as matplotlib's: axes, or an array of them
    """matplotlib's own subplots in the course's style: (figure, axes)."""
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE):
        return plt.subplots(*args, **kwargs)


def plainly(name: str, widest: int = 60) -> str:
    """A learner's own text for a figure: no "$" in it begins a formula, no "_" hides it from the legend.

    widest: letters; of a longer one the beginning is shown.
    """
    name = name if len(name) <= widest else name[: widest - 1] + "…"
    return ("\u200b" if name.startswith("_") else "") + name.replace("$", r"\$")  # a space of no width


def show(figure: Figure, alt: str, drawn: bool = True) -> Picture:
    """The figure as a Picture with alt text, at 100 dots an inch; closes the figure, so that it is not shown twice.

    drawn: whether a dark theme turns light and dark round; False where words speak of them, as of a picture's greys.
    """
    import matplotlib.pyplot as plt
    from PIL import Image

    buffer = io.BytesIO()
    with plt.rc_context(STYLE):
        _lettered(figure)
        figure.savefig(buffer, format="png", facecolor=PAPER)
    plt.close(figure)
    return Picture(_small(Image.open(buffer).convert("RGB"), 128), alt, drawn=flag("drawn", drawn))


def _lettered(figure: Figure) -> None:
    """Give each text of a figure the fonts that have its letters, and leave out of it what none has."""
    from matplotlib.text import Text

    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        labels = [label.get_text() for label in axis.get_ticklabels()]  # written anew whenever it is drawn
        if any(_lines(each) != each for each in labels):
            axis.set_major_formatter(_readable(axis.get_major_formatter()))
    for words in figure.findobj(Text):
        if others := families(words.get_text()):
            words.set_fontfamily([*words.get_fontfamily(), *others])
        words.set_text(_lines(words.get_text()))


def _readable(own: Formatter) -> Callable[[float, Any], str]:  # (value, place), as matplotlib calls it
    return lambda value, at: _lines(own(value, at))


def _lines(text: str) -> str:
    return "\n".join(map(readable, text.split("\n")))


def _small(picture: Image.Image, colours: int) -> bytes:
    """A PNG of few colours: about half the size, and no difference to the eye in drawings of few colours."""
    from PIL import Image

    buffer = io.BytesIO()
    picture.quantize(colours, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def pictures(images: Tensor, alt: str, columns: int | None = None, scale: int = 2, gap: int = 1) -> Picture:
    """A grid of images (N, 1 or 3, H, W), uint8 or in [−1, 1]; each pixel becomes scale × scale.

    Raises ValueError for another shape, for nothing to show, or for numbers out of range.
    """
    scale, gap = integer("scale", scale, 1, 1000), integer("gap", gap, 0, 1000)
    from PIL import Image

    if kind("images", images, Tensor).ndim != 4 or images.shape[1] not in (1, 3) or not len(images):
        raise ValueError(f"pictures have the shape (N, 1 or 3, H, W) with N ≥ 1, got {tuple(images.shape)}")
    if images.is_floating_point():
        images = to_uint8(images)
    if images.dtype != torch.uint8:
        raise ValueError(f"images must be uint8 (0…255) or floating point (−1…1), got {images.dtype}")
    images = images.cpu()
    padded = images.new_full((*images.shape[:2], images.shape[2] + gap, images.shape[3] + gap), 128)
    padded[:, :, : images.shape[2], : images.shape[3]] = images
    grid = as_grid(padded, columns)[:, : -gap or None, : -gap or None]  # (C, H, W)
    picture = as_image(grid)
    picture = picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST)
    return Picture(_small(picture, 16 if len(grid) == 1 else 256), alt)


def probability_map(
    axes: Axes, discriminator: nn.Module, real: Tensor, fake: Tensor, title: str, edge: float = 1.5
) -> None:
    """Draw D's probability over [−edge, edge]², pale orange 0, white ½, pale blue 1, with its levels 0.1, 0.5 and 0.9;
    on it real ● and fake ▲ points, (N, 2) each."""
    from matplotlib.colors import LinearSegmentedColormap, to_rgb

    pale = [[0.55 * part + 0.45 for part in to_rgb(colour)] for colour in (FAKE, PAPER, REAL)]  # points stand out
    edge = checked.real("edge", edge, above=0)
    line = torch.linspace(-edge, edge, 80)
    x, y = torch.meshgrid(line, line, indexing="xy")
    with looking(discriminator):
        where = next(discriminator.parameters(), x)
        points = torch.stack([x, y], 2).view(-1, 2).to(where)
        sure = discriminator(points).sigmoid().view(80, 80)  # rows from the bottom
    drawn = [each.float().cpu().numpy() for each in (x, y, sure)]
    axes.pcolormesh(
        *drawn,
        cmap=LinearSegmentedColormap.from_list("D", pale),
        vmin=0,
        vmax=1,
        shading="gouraud",
        rasterized=True,
    )
    axes.contour(*drawn, [0.1, 0.5, 0.9], colors=INK, linewidths=0.8, linestyles=["dotted", "solid", "dashed"])
    for points, colour, marker in ((real, REAL, REAL_MARKER), (fake, FAKE, FAKE_MARKER)):
        across, up = points.detach().cpu().T
        axes.scatter(across, up, s=13, c=colour, marker=marker, linewidths=0.4, edgecolors=PAPER)
    if lost := int((~fake.isfinite()).any(1).sum()):
        axes.text(0.5, 0.02, f"{lost} of {len(fake)} fakes are not numbers", transform=axes.transAxes, ha="center")
    axes.set(title=title, xticks=[], yticks=[], aspect="equal", xlim=(-edge, edge), ylim=(-edge, edge))
