"""The overlap lens: what JavaScript writes where is held to torch's own layers, and the counts to chapter 10's."""

import itertools

import pytest
from helpers.js_values import held

from gan_edu.convolutional import overlap
from gan_edu.widgets import OverlapLens

WEIGHTS = [0.25, 1.5, 0.5, 2.0, 0.75, 1.25, 1.0]  # no two sums alike
SHAPES = [  # kernel, stride, padding, inputs
    (3, 2, 0, 6),
    (4, 2, 1, 6),
    (5, 2, 2, 4),
    (7, 3, 1, 5),
    (2, 4, 1, 3),
    (1, 3, 1, 4),
    (6, 4, 3, 3),
    (3, 1, 1, 8),
]


def settings():
    for kind, (kernel, stride, padding, inputs) in itertools.product(("transposed", "resize", "shuffle"), SHAPES):
        for layers, weighted in ((1, False), (1, True), (2, True), (3, False)):
            shape = {"kernel": kernel, "stride": stride, "padding": padding, "inputs": inputs, "layers": layers}
            yield {"kind": kind, **shape, "weighted": weighted, "weights": WEIGHTS}
    yield {"kind": "transposed", **OVER, "padding": 3, "layers": 2}
    yield {"kind": "shuffle", **OVER, "kernel": 7, "padding": 0}


OVER = {"kernel": 1, "stride": 1, "inputs": 3, "layers": 1, "weighted": False, "weights": WEIGHTS}  # nothing is left


def test_what_is_written():
    told = []
    for setting in settings():
        seen = OverlapLens(**setting).written()
        few = len(seen.values) <= 60  # of long rows the ends and the middle say enough
        ways = seen.ways if few else [row[:20] for row in seen.ways]
        told.append(
            {
                "setting": {key: value for key, value in setting.items() if key != "weights"},
                "count": len(seen.values),
                "values": seen.values if few else seen.values[:20],
                "ways": ways,
                "inside": [seen.least, seen.most],
            }
        )
        if setting["kind"] == "transposed" and setting["layers"] == 1 and not setting["weighted"]:
            counts = overlap(setting["inputs"], setting["kernel"], setting["stride"], setting["padding"]).tolist()
            assert seen.values == pytest.approx(counts)
    held("overlap_lens", {"weights": WEIGHTS, "told": told})
