"""The secret message: one types a text, and a generator that was never told the key reads it. Used in notebook 15.

The text is enciphered by a key; step after step of a recorded training it is read by what the generator then took each
cipher symbol for (CipherGAN: Gomez et al., 2018, arXiv 1801.04883). Reading stays in the browser (view.js). With a
kernel it trains on a key of one's own, in the background (training.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import torch
import traitlets
from torch import Tensor

from gan_edu.core.data.ciphers import letters, new_key, spelled, substituted
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import function
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of
from gan_edu.widgets.kit.valid_state import Whole, valid
from gan_edu.widgets.secret_message.film import LAST_STEP, Film, checked_film, checked_key, reading, right
from gan_edu.widgets.secret_message.training import Training

SOURCES = ("recorded", "own")
LONGEST = 120  # symbols of a message
EXAMPLE = "meet me at the old bridge at midnight"


class SecretMessage(Control):
    """`SecretMessage(film, key, train)`: a text, enciphered, as a generator reads it at each step of its training.

    film: (step, matrix), 1 to 400, with steps that rise; row c of a matrix (27, 27) says what cipher symbol c may stand
    for, whole numbers 0 … 255 or fractions 0 … 1. key: the cipher symbol of each letter, (27,), or a word
    (`core.data.ciphers.keyword_key`). train: function (key (27,)) → an iterator of (step, matrix), which trains on
    another key while it is gone through.
    message: a text, read as a–z and spaces, at most 120 of them. source: "recorded", or "own", what was trained here.
    step: the newest frame up to it is shown, None: the last. wrong: whether what is wrong is marked. Ordinary traits.
    Raises TypeError, ValueError or traitlets.TraitError for what cannot be.
    """

    folder, _esm, height = "secret_message", bundle("secret_message"), 640
    training: Training | None = None  # where there is a `train`
    board = traitlets.Dict().tag(sync=True)  # key, steps and frames of the recorded film; what a view needs
    own = traitlets.Dict().tag(sync=True)  # the same of the newest training, as Training.state tells it
    message = traitlets.Unicode(EXAMPLE).tag(sync=True)
    source = traitlets.Enum(SOURCES, "recorded").tag(sync=True)
    step = Whole(0, min=0, max=LAST_STEP, allow_none=True).tag(sync=True)
    wrong = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        film: Iterable[tuple],
        key: Tensor | str | Sequence,
        train: Callable | None = None,
        **state: object,
    ):
        self._recorded = checked_film(film, key)
        if train is not None:
            function("train", train, "(key) → an iterator of (step, matrix)")
            self.training = Training(train, self._told)
        recorded = {"key": self._recorded.key.tolist(), "steps": self._recorded.steps, "frames": self._recorded.frames}
        offered = self.training is not None and not self.training.driver.inline
        about = {"longest": LONGEST, "offered": offered, "trains": train is not None}
        super().__init__(**{"board": {**recorded, **about}, **state})
        self.on_msg(self._heard)

    @traitlets.validate("message")
    def _read(self, proposal: traitlets.Bunch) -> str:
        text = valid(lambda _, value: spelled(letters(value)), "message", proposal["value"])
        if len(text) > LONGEST:
            raise traitlets.TraitError(f"message must have at most {LONGEST} letters and spaces, got {len(text):,}")
        return text

    def shared(self) -> dict[str, dict]:
        """What a link may set: a film that is there, the step, whether what is wrong is marked."""
        return {**super().shared(), "source": one_of(SOURCES if self.own.get("steps") else SOURCES[:1])}

    # ---------------------------------------------------------------- a key of one's own

    def start(self, key: Tensor | str | Sequence | None = None) -> None:
        """Train on this key, and show it; a training under way ends. Returns at once: `wait` waits for its end.

        key: as in the constructor, None: any. Raises ValueError for what is no key, or where there is no `train`.
        """
        if self.training is None:
            raise ValueError("this control was given no train: SecretMessage(film, key, train)")
        stream = torch.Generator()
        stream.seed()
        chosen = new_key(stream) if key is None else checked_key(key)
        self.source, self.step = "own", None
        self.training.start(chosen)

    def stop(self) -> None:
        """Stop after the step it is in; what it has learned stays."""
        if self.training is not None:
            self.training.driver.pause()

    def wait(self, timeout: float | None = None) -> None:
        """Return when it has stopped. Raises what train raised, TimeoutError, or Paused for Ctrl-C."""
        if self.training is not None:
            self.training.driver.wait(timeout)

    def _told(self, state: dict) -> None:
        self.own = state

    def _heard(self, _: object, content: dict, buffers: list) -> None:
        if content.get("do") == "stop":
            self.stop()
        elif content.get("do") == "train":
            try:
                self.start(content["key"])
            except Exception as error:  # said in the control: nobody sees what a message raises
                self.own = {**self.own, "phase": "failed", "trouble": f"{type(error).__name__}: {error}"[:300]}

    def close(self) -> None:
        """Take the view away, and stop what trains."""
        self.stop()
        super().close()

    # ---------------------------------------------------------------- what is shown

    @property
    def film(self) -> Film:
        """The film on show; one of one's own may have no frames yet."""
        if self.source == "recorded" or not self.own.get("key"):
            return self._recorded if self.source == "recorded" else self._recorded._replace(steps=[], frames=b"")
        return Film(torch.tensor(self.own["key"]), list(self.own["steps"]), self.own["frames"])

    def enciphered(self) -> str:
        """The message as others see it: its symbols, each by the key's; "" where there is no key of one's own yet."""
        if self.source == "own" and not self.own.get("key"):
            return ""
        return spelled(substituted(letters(self.message), self.film.key))

    def deciphered(self) -> str:
        """The message as the generator reads it at this step; "" where it has not been trained."""
        film = self.film
        if (place := film.place(self.step)) < 0:
            return ""
        return spelled(reading(film.frame(place))[substituted(letters(self.message), film.key)])

    def share(self) -> float:
        """The share of its symbols that are read rightly, NaN where nothing was trained."""
        film, text = self.film, letters(self.message)
        place = film.place(self.step)
        return float("nan") if place < 0 else right(film, place, substituted(text, film.key), text)

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        film = self.film
        if not film.steps:
            return say("secret_message", "altNone", message=self.message)
        step = film.steps[film.place(self.step)]
        percent = int(100 * self.share() + 1e-9)  # as the view has it: what is not all right is no 100 %
        told = {"message": self.message, "hidden": self.enciphered().upper().replace(" ", "␣")}
        return say("secret_message", "alt", step=f"{step:,}", read=self.deciphered(), percent=percent, **told)

    def __repr__(self) -> str:
        return (
            f"SecretMessage({self.message!r}; source={self.source!r}, step={self.step}, {len(self.film.steps)} frames)"
        )

    def picture(self) -> bytes:
        """The matrix at the first step, at the one on show and at the last, and what each makes of the message."""
        from gan_edu.widgets.secret_message.still import still

        return still(self.film, self.step, self.message)

    def page_state(self) -> dict:
        """What a page without a kernel shows: nothing trains there."""
        state = super().page_state()
        if state["own"].get("phase") == "training":
            state["own"]["phase"] = "stopped"
        return state
