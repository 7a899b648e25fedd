"""A run as it was seen: frames, curves and provenance in one folder, which every view shows."""

from typing import TYPE_CHECKING

from gan_edu.core.handed_on import handed_on

if TYPE_CHECKING:
    from .equal_time import in_steps_of as in_steps_of, until as until
    from .grid_look import GridLook as GridLook
    from .points_look import PointsLook as PointsLook
    from .recorder import Recorder as Recorder, frame_steps as frame_steps
    from .recording import Recording as Recording, family as family, shipped as shipped

__getattr__, __dir__, __all__ = handed_on(__name__)
