"""GANs as games of two players: fields, update rules, eigenvalues, and small games one can see through."""

from typing import TYPE_CHECKING

from gan_edu.core.handed_on import handed_on

if TYPE_CHECKING:
    from .field import Game as Game, as_tensors as as_tensors
    from .two_numbers import path as path

__getattr__, __dir__, __all__ = handed_on(__name__)
