"""How good samples are: scores of digits, of mixtures whose density is known, and scores that were stored."""

from typing import TYPE_CHECKING

from gan_edu.core.handed_on import handed_on

if TYPE_CHECKING:
    from .mixture_scores import Coverage as Coverage
    from .mnist_scores import Scorer as Scorer, classes as classes, feature_net as feature_net
    from .stored_scores import cost as cost, scores as scores, slopes as slopes, trials as trials

__getattr__, __dir__, __all__ = handed_on(__name__)
