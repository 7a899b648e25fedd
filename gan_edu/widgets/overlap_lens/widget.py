"""The overlap lens: which output a growing layer writes how often, along a line and in a picture.

A transposed convolution whose kernel is no multiple of its stride writes neighbours differently often: a checkerboard,
unless the weights make up for it. Odena, Dumoulin and Olah (2016), "Deconvolution and checkerboard artifacts", Distill,
doi 10.23915/distill.00003. Beside it a resized row and a shuffle (Shi et al. 2016, arXiv 1609.05158), in which
weights still may make the pattern (Aitken et al. 2017, arXiv 1707.02937). Used in notebook 10. Everything is computed
in the browser: math.js; the same with torch: written.py.
"""

from __future__ import annotations

import traitlets

from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import real
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import within
from gan_edu.widgets.kit.valid_state import Whole, valid
from gan_edu.widgets.overlap_lens.written import Layer, Written, written

KINDS, WIDEST, HEAVIEST = ("transposed", "resize", "shuffle"), 7, 2
EQUAL: list = [1.0] * WIDEST


class OverlapLens(Control):
    """`OverlapLens("transposed", kernel=3, stride=2)`: point at an output, and see which inputs write it.

    kind: how a row grows, "transposed", "resize" (each input `stride` times, then a convolution) or "shuffle" (a kernel
    for each of `stride` maps, which take turns). kernel: 1 to 7. stride: 1 to 4. padding: 0 to 3. inputs: 3 to 8.
    layers: 1 to 3, the same one after another. weighted: whether the kernel has `weights`, 7 numbers in [0, 2] of which
    it takes the first (of a shuffle one for each map); else all are 1. output: the one that is pointed at, from 0; the
    last where there are fewer. All are ordinary traits. Raises traitlets.TraitError for what lies outside.
    """

    folder, _esm, height = "overlap_lens", bundle("overlap_lens"), 680
    kind = traitlets.Enum(KINDS, "transposed").tag(sync=True)
    kernel, stride = Whole(3, min=1, max=WIDEST).tag(sync=True), Whole(2, min=1, max=4).tag(sync=True)
    padding, inputs = Whole(0, min=0, max=3).tag(sync=True), Whole(6, min=3, max=8).tag(sync=True)
    layers, output = Whole(1, min=1, max=3).tag(sync=True), Whole(4, min=0, max=1000).tag(sync=True)
    weighted = traitlets.Bool(False).tag(sync=True)
    weights = traitlets.List(traitlets.Any(), EQUAL).tag(sync=True)

    def __init__(self, kind: str = "transposed", **state: object):
        super().__init__(kind=kind, **state)

    @traitlets.validate("weights")
    def _seven(self, proposal: traitlets.Bunch) -> list[float]:
        weights = proposal["value"]
        if len(weights) != WIDEST:
            raise traitlets.TraitError(f"weights must be {WIDEST} numbers, got {len(weights)}")
        return [valid(real, f"weights[{k}]", each, least=0, most=HEAVIEST) for k, each in enumerate(weights)]

    def written(self) -> Written:
        """What is shown, by torch: what outputs get, which inputs write them, the least and most inside the border."""
        count = self.stride if self.kind == "shuffle" else self.kernel
        weights = self.weights[:count] if self.weighted else [1.0] * count
        layer = Layer(self.kind, self.kernel, self.stride, self.padding, weights)
        return written(layer, self.inputs, self.layers)

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        seen = self.written()
        layer = {"kernel": self.kernel, "stride": self.stride, "padding": self.padding, "count": self.layers}
        inputs = {"kind": say("overlap_lens", self.kind), "inputs": self.inputs, "outputs": len(seen.values)}
        told = say("overlap_lens", "alt", **layer, **inputs, least=f"{seen.least:g}", most=f"{seen.most:g}")
        return say("overlap_lens", "joined", first=told, second=self._pointed(seen))

    def _pointed(self, seen: Written) -> str:
        if not seen.values:
            return say("overlap_lens", "nothing")
        output = min(self.output, len(seen.values) - 1)
        ways = {i: row[output] for i, row in enumerate(seen.ways) if row[output]}
        if not ways:
            return say("overlap_lens", "never", output=output)
        by = [say("overlap_lens", "byTimes" if n > 1 else "by", input=i, times=n) for i, n in ways.items()]
        count, key = sum(ways.values()), "ways" if self.layers > 1 else "written"
        return say("overlap_lens", key, output=output, count=count, by=say("overlap_lens", "between").join(by))

    def __repr__(self) -> str:
        layer = f"kernel={self.kernel}, stride={self.stride}, padding={self.padding}, layers={self.layers}"
        return f"OverlapLens({self.kind!r}, {layer}; {self.inputs} → {len(self.written().values)})"

    def picture(self) -> bytes:
        """Who writes which output, and what a picture of equal inputs becomes, as a PNG."""
        from gan_edu.core.notebook.figures import show
        from gan_edu.widgets.overlap_lens.still import drawn

        seen = self.written()
        return show(drawn(seen, min(self.output, max(0, len(seen.values) - 1))), self.alt).png

    def shared(self) -> dict[str, dict]:
        """What a link may set: the weights, too."""
        return {**super().shared(), "weights": within(0, HEAVIEST)}
