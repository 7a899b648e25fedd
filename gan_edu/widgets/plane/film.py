"""The film of a run in the plane that is still going on: its frames are numbers, as the recorder packs them."""

from __future__ import annotations

from gan_edu.widgets.live.film import Film


class PointsFilm(Film):
    """The film of a run in the plane, and beside it what is to be seen at this very step."""

    def _about(self) -> dict:
        names = ("name", "title", "kind", "grid", "noise", "reals", "scoring", "optimum", "steps_per_epoch")
        about = self.recorder.about()
        return {**{name: about[name] for name in names}, "subtitle": about["subtitle"].replace("recorded", "live")}

    def _encoded(self, place: int) -> bytes:
        return self.recorder.frames["pixels"][place].numpy().tobytes()
