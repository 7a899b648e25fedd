"""What a notebook needs beside its subject: figures in one palette, the pace, and where it runs."""

from typing import TYPE_CHECKING

from gan_edu.core.handed_on import handed_on

if TYPE_CHECKING:
    from .figures import (
        D_LINE as D_LINE,
        FAKE_MARKER as FAKE_MARKER,
        G_LINE as G_LINE,
        REAL_MARKER as REAL_MARKER,
        pictures as pictures,
        probability_map as probability_map,
        show as show,
        subplots as subplots,
    )
    from .left_out import leave_out as leave_out
    from .paces import claims as claims, pace as pace
    from .palette import (
        DISCRIMINATOR as DISCRIMINATOR,
        FAKE as FAKE,
        GENERATOR as GENERATOR,
        INK as INK,
        LINES as LINES,
        OTHERS as OTHERS,
        PAPER as PAPER,
        REAL as REAL,
        SOFT as SOFT,
    )

__getattr__, __dir__, __all__ = handed_on(__name__)
