"""An alarm for mode collapse: it looks at how varied the samples are while a run goes on, and says when they are not.

    Recorder(gan, at, "run", look, alarm=CollapseAlarm({"modes": covered_share(ring())}))

What it says stands in the recording's log, at the step where it was seen, and in every view that shows the log.
Belongs to notebook 08_mode_collapse.
"""

from __future__ import annotations

from collections.abc import Mapping

from gan_edu.core.measures.variety import Sign
from gan_edu.core.notebook.words import say
from gan_edu.core.recording.records import Recordable
from gan_edu.core.safety.checked import function, integer, real, series, table, text
from gan_edu.core.training import stored_state
from gan_edu.core.training.contract import State


class CollapseAlarm:
    """Raised where a sign lies below its bound at two looks one after the other; it is told again once it was above.

    signs: {name: samples → share}, 1 for what is as varied as the data (`core.measures.variety`). below: the bound, in
    (0, 1]. after: the step from which it counts, as at first every G is poor. samples: how many a look draws; its
    latents are drawn once. A share that is no number counts as below. Raises ValueError for no sign, and for an alarm
    that watches another run already.
    """

    def __init__(self, signs: Mapping[str, Sign], below: float = 0.5, after: int = 500, samples: int = 1000):
        self.signs = {text("a sign", name): function(name, sign) for name, sign in table("signs", signs).items()}
        if not self.signs:
            raise ValueError("an alarm needs a sign to watch, such as {'modes': covered_share(mixture)}")
        self.below, self.after = real("below", below, 0, 1), integer("after", after)
        self.samples = integer("samples", samples, 2, 100_000)
        self.low = dict.fromkeys(self.signs, 0)  # looks one after the other at which it lay below
        self.seen: list[dict] = []  # {"step", and a share for each sign}, of every look

    def begin(self, gan: Recordable) -> None:
        """Watch this GAN from now on. Raises ValueError for a second one."""
        if hasattr(self, "gan"):
            raise ValueError("this CollapseAlarm watches another run: make one for each")
        self.gan, self.latents = gan, gan.latents(self.samples)

    def look(self) -> list[str]:
        """Look at the GAN as it stands; what is to be said, mostly nothing."""
        samples = self.gan.generate(self.latents)
        shares = {name: float(sign(samples)) for name, sign in self.signs.items()}
        self.seen.append({"step": self.gan.step, **shares})
        if self.gan.step < self.after:
            return []
        told = []
        for name, share in shares.items():
            self.low[name] = 0 if share >= self.below else self.low[name] + 1
            if self.low[name] == 2:
                told.append(say("alarm", "collapse", sign=name, share=f"{share:.2f}"))
        return told

    def forget_after(self, step: int) -> None:
        """Drop what was seen after this step, to which a run has gone back."""
        self.seen = [each for each in self.seen if each["step"] <= step]
        self.low = dict.fromkeys(self.signs, 0)

    def state_dict(self) -> State:
        """Its latents and what it has seen, for a checkpoint."""
        return {"latents": self.latents, "low": dict(self.low), "seen": list(self.seen)}

    def check_state(self, state: State) -> None:
        """Raise ValueError for what another alarm has kept. Changes nothing."""
        table("the alarm's state", state, "latents", "low", "seen")
        for name, looks in table("low", state["low"], *self.signs).items():
            integer(f"low: {name}", looks)
        stored_state.finite("the alarm's latents", state["latents"], self.latents)
        series("seen", state["seen"], lambda name, value: table(name, value, "step", *self.signs))

    def load_state_dict(self, state: State) -> None:
        """Go on where `state` was taken. Raises as `check_state` does."""
        self.check_state(state)
        self.latents = state["latents"].to(self.gan.device)
        self.low, self.seen = dict(state["low"]), list(state["seen"])
