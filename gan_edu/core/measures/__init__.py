"""How good samples are: scores of features, of pictures, of mixtures whose density is known, and stored scores."""

from typing import TYPE_CHECKING

from gan_edu.core.handed_on import handed_on

if TYPE_CHECKING:
    from .inception import inception_features as inception_features
    from .mixture_scores import Coverage as Coverage
    from .mnist_scores import Scorer as Scorer, classes as classes, feature_net as feature_net
    from .score import Score as Score, Scored as Scored, embedded as embedded
    from .stored_scores import cost as cost, measured as measured, scores as scores, slopes as slopes, trials as trials

__getattr__, __dir__, __all__ = handed_on(__name__)
