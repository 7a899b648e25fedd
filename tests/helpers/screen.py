"""A control's page as it stands on the screen: its pixels, and its charts with what their ticks say."""

import re
from dataclasses import dataclass

import numpy as np

from helpers.lab import settle
from helpers.pixels import near, picture_of


def opened(new_page, control, folder, **context):
    """The page that a control writes for where no kernel is, two device pixels a CSS pixel."""
    path = folder / "control.html"
    control.to_html(path)
    page = new_page(**{"device_scale_factor": 2, "viewport": {"width": 1100, "height": 1000}, **context})
    page.goto(path.as_uri())
    page.locator(".replay").wait_for()
    return settle(page)


def shot(node):
    """The pixels of what stands in the place of a node of the page."""
    return picture_of(node.screenshot(animations="disabled"))


# Each text in a chart: [words, where it is anchored across, its middle down], in pixels of the page from its corner.
TEXTS = """(node) => {
  const box = node.getBoundingClientRect();
  const words = [...node.querySelectorAll("text, span")].filter((n) => !n.children.length && n.getClientRects().length);
  return words.map((n) => {
    const r = n.getBoundingClientRect(), anchor = getComputedStyle(n).textAnchor;
    const middle = n.localName === "span" || anchor === "middle";
    const across = middle ? (r.left + r.right) / 2 : anchor === "end" ? r.right : r.left;
    return [n.textContent, across - box.left, (r.top + r.bottom) / 2 - box.top];
  });
}"""
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def tick_value(words):
    """The number that a tick says, or None."""
    if words == "½":
        return 0.5
    if power := re.fullmatch("10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", words):
        return 10.0 ** int(power[1].translate(RAISED))
    plain = words.replace("−", "-").replace(",", "")
    return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None


@dataclass
class Graph:
    """A chart on the screen: its pixels, and its axes as their ticks tell them: pixel = slope × value + at."""

    picture: np.ndarray
    scale: float  # pixels of the picture to one of the page
    across: tuple[float, float]
    up: tuple[float, float]
    log: tuple[bool, bool] = (False, False)

    def place(self, x, y):
        """Where a point stands by the ticks, in pixels of the page."""
        x, y = (np.log10(t) if log else t for t, log in zip((x, y), self.log, strict=True))
        return self.across[0] * x + self.across[1], self.up[0] * y + self.up[1]

    def drawn(self, x, y, colour, reach=3):
        """Whether something of this colour is drawn at a point, at most so many pixels of the page away."""
        right, down = (round(t * self.scale) for t in self.place(x, y))
        by = round(reach * self.scale)
        patch = self.picture[max(0, down - by) : down + by + 1, max(0, right - by) : right + by + 1]
        return bool(patch.size and near(patch, colour).any())


def graph(box, log=(False, False), words=None, below=None):
    """A chart on the page as a `Graph`; its numbers grow right and up, else this fails.

    words: values of ticks that are no numbers. below: the chart under it in a stack, where that has the axis across.
    """
    ticks, under = _ticks(box, words), _ticks(below or box, words)
    foot = max(y for _, _, y in under)
    across = [(v, x) for v, x, y in under if foot - y < 5]
    beside = [(v, y) for v, x, y in ticks if below or foot - y >= 5]
    axes = [_axis(marks, on) for marks, on in zip((across, beside), log, strict=True)]
    assert axes[0][0] > 0, f"the axis does not grow to the right: {across}"
    assert axes[1][0] < 0, f"the axis does not grow upwards: {beside}"
    scale = box.evaluate("() => devicePixelRatio")  # a box may begin within a pixel: its picture is larger
    return Graph(shot(box), scale, *axes, log=log)


def _ticks(box, words):
    """[value, pixel across, pixel down] of each tick."""
    texts = [((words or {}).get(text, tick_value(text)), x, y) for text, x, y in box.evaluate(TEXTS)]
    return [each for each in texts if each[0] is not None]


def _axis(marks, log):
    """(slope, at) of ticks [(value, pixel)] that stand evenly."""
    assert len(marks) >= 2, f"an axis with the ticks {marks}"
    values = np.array([np.log10(v) if log else v for v, _ in marks])
    pixels = np.array([pixel for _, pixel in marks])
    slope, at = np.polyfit(values, pixels, 1)
    assert np.abs(slope * values + at - pixels).max() < 2, f"ticks that do not stand by their values: {marks}"
    return slope, at
