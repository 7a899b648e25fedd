"""A run while one watches and changes it: its thread, its settings, its checkpoint."""

from typing import TYPE_CHECKING

from gan_edu.core.handed_on import handed_on

if TYPE_CHECKING:
    from .driver import Driver as Driver
    from .run import Run as Run

__getattr__, __dir__, __all__ = handed_on(__name__)
