"""TODO: what one moves and what one sees; its papers. Used in notebook TODO. Moving stays in the browser: view.js."""

from __future__ import annotations

from gan_edu.core.notebook.words import say
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.valid_state import Finite


class EditSlider(Control):
    """`EditSlider(x=0.5)`: TODO: what it shows. What it drives, a loss or a run, it is handed; it imports no chapter.

    x: TODO: what it is, in [0, 1]. An ordinary trait. Raises traitlets.TraitError for what lies outside.
    """

    folder, _esm, height = "edit_slider", bundle("edit_slider"), 400
    x = Finite(0.5, min=0, max=1).tag(sync=True)

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return say("edit_slider", "alt", x=f"{self.x:.2f}", square=f"{self.x**2:.3f}")

    def picture(self) -> bytes:
        """The curve and the point, as a PNG (TODO)."""
        from gan_edu.core.notebook.figures import INK, LINES, show, subplots

        figure, axes = subplots()
        line = [k / 100 for k in range(101)]
        axes.plot(line, [x**2 for x in line], color=LINES)
        axes.plot(self.x, self.x**2, "o", color=INK)
        axes.set(xlabel="x", ylabel="x²")
        return show(figure, self.alt).png
