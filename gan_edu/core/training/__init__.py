"""What a step of training is made of: networks, the step and its checks, penalties, rates, streams, checkpoints."""

from typing import TYPE_CHECKING

from gan_edu.core.handed_on import handed_on

if TYPE_CHECKING:
    from .device import setup as setup
    from .loss import Loss as Loss, non_saturating as non_saturating
    from .networks import (
        MLPDiscriminator as MLPDiscriminator,
        MLPGenerator as MLPGenerator,
        adam as adam,
        mlp as mlp,
        parameter_count as parameter_count,
    )
    from .penalties import slopes_at as slopes_at
    from .waiting import wait_briefly as wait_briefly

__getattr__, __dir__, __all__ = handed_on(__name__)
