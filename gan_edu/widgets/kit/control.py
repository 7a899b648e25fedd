"""What every control has in common: its words, a page of its own, and a picture that stays in a saved notebook.

JupyterLab and Notebook show a control's view wherever an output holds one, even when the kernel that knew it is gone:
then they print an error, and a picture in the same output is not seen. Hence three outputs: the view, the picture, its
words; `core.notebook.stills` has the style sheet that lets a notebook show one of them. Where each output is a page of
its own (Colab), or the host chooses among the forms in one output (VS Code), view and picture are one output.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import traitlets
from IPython.display import HTML
from ipywidgets import Widget

from gan_edu.core.notebook import stills
from gan_edu.core.notebook.environment import host
from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.words import catalogue, say
from gan_edu.widgets.kit.page import framed, html_page
from gan_edu.widgets.kit.shared import rules_of
from gan_edu.widgets.kit.still import INK, PAPER
from gan_edu.widgets.kit.valid_state import ValidState

VIEW = "application/vnd.jupyter.widget-view+json"
PLAIN = (bool, int, float, str, tuple)  # settings that its repr shows
ONE_OUTPUT = {"Colab", "VS Code"}


class Control(ValidState):
    """A control says what its picture is (`picture`, a PNG) and shows (`alt`), and what its page holds (`page_state`).

    folder: that of gan_edu/widgets which it lives in; its bundle, its page and its section of words have that name.
    sections: of words that its view says beside its own. spoils: whether its picture shows what the view holds back.
    height: of its iframe in pixels, until the page tells its own. below: a widget that stands under it while there is a
    kernel.
    """

    folder: str
    sections: Sequence[str] = ()
    spoils = False
    height = 820
    below: Widget | None = None
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, **state: object):
        super().__init__(**{"words": catalogue(*self.sections, self.folder), **state})

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        raise NotImplementedError

    def picture(self) -> bytes:
        """The control as it stands, as a PNG."""
        raise NotImplementedError

    @classmethod
    def sent(cls) -> list[str]:
        """The names of its own traits that its view is sent, in the order in which they are written."""
        own = [each for each in reversed(cls.__mro__) if issubclass(each, Control) and each is not Control]
        found = [name for each in own for name in vars(each) if name in each.class_traits(sync=True)]
        return [name for name in dict.fromkeys(found) if not name.startswith("_")]

    def page_state(self) -> dict:
        """What a page without a kernel shows, by the names that its view reads: what it is sent, bytes as base64."""
        return {name: _on_page(getattr(self, name)) for name in self.sent()}

    def __repr__(self) -> str:
        shown = {name: getattr(self, name) for name in self.sent()}
        told = ", ".join(f"{name}={value!r}" for name, value in shown.items() if isinstance(value, PLAIN))
        return f"{type(self).__name__}({told})"

    def shared(self) -> dict[str, dict]:
        """What of the page's state its address holds, so that a link opens it: rules, by name, as in `kit.shared`.

        Traits whose kind tells their bounds are there by themselves; where the bounds lie in what is shown, say so.
        """
        return rules_of(self)

    @property
    def page_title(self) -> str:
        """The title of its page."""
        return say(self.folder, "title")

    @property
    def frame_title(self) -> str:
        """What its iframe is called for screen readers."""
        return self.alt

    def page_content(self) -> dict:
        """What its page holds: its state, and what of that a link may set."""
        return {**self.page_state(), "shared": self.shared()}

    def to_html(self, path: str | Path | None = None) -> HTML:
        """The control in an iframe that needs no kernel and no network; `path` also writes it as a page of its own."""
        text = html_page(self.folder, self.page_title, self.page_content(), self.sections)
        return framed(text, self.frame_title, path, self.height)

    def _ipython_display_(self) -> None:
        """The view, its picture, its words. Raises NotImplementedError where IPython is to ask for one bundle."""
        from IPython.display import display

        view = super()._repr_mimebundle_()
        if view is None or self.comm is None or (host() in ONE_OUTPUT and self.below is None):
            raise NotImplementedError
        data, metadata = view
        still, about, words = self._still()
        if host() in ONE_OUTPUT:
            display({**data, **still}, metadata={**metadata, **about}, raw=True)
        else:
            display({VIEW: data[VIEW]}, metadata=metadata, raw=True)  # an untrusted notebook shows nothing of it
            display(still, metadata=about, raw=True)
            display(stills.words_instead(words, self.spoils), raw=True)
        if self.below is not None:
            display({VIEW: {**data[VIEW], "model_id": self.below.model_id}}, raw=True)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict] | None:  # IPython's include and exclude
        """View, picture, alt text and name in one; None once it is closed."""
        view = super()._repr_mimebundle_(**kwargs)
        if view is None or self.comm is None:
            return None
        data, metadata = view
        still, about, _ = self._still()
        return {**data, **still}, {**metadata, **about}

    def _still(self) -> tuple[dict, dict, str]:
        """The picture as display data, their metadata, the picture's words."""
        try:
            png, alt = self.picture(), self.alt
        except Exception as problem:  # a by-product: the control itself is there all the same
            fault = f"{type(problem).__name__}: {problem}"
            alt = say("kit", "noPicture", name=type(self).__name__, problem=fault)
            png = _sign(alt)
        return *stills.picture(png, alt, repr(self)), alt


def _on_page(value: object) -> object:
    """A trait as JSON can hold it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: _on_page(each) for key, each in value.items()}
    return [_on_page(each) for each in value] if isinstance(value, (list, tuple)) else value


def _sign(words: str) -> bytes:
    """Some words as a PNG, in the place of a picture."""
    from PIL import Image, ImageDraw

    paper, buffer = Image.new("L", (720, 32), PAPER), io.BytesIO()
    write(ImageDraw.Draw(paper), (12, 8), words[:100], 12, INK)
    paper.save(buffer, "PNG")
    return buffer.getvalue()
