"""What a GAN learns from: pictures of digits or your own, densities to draw from, paths through latent space."""
from typing import TYPE_CHECKING

from gan_edu.core.handed_on import handed_on

if TYPE_CHECKING:
    from .datasets import (
        Batches as Batches,
        fashion_mnist as fashion_mnist,
        images_from_folder as images_from_folder,
        mnist as mnist,
        scaled as scaled,
    )
    from .distributions import (
        Draws as Draws,
        Mixture as Mixture,
        blobs as blobs,
        gaussian as gaussian,
        grid as grid,
        line as line,
        on_line as on_line,
        ring as ring,
        uniform as uniform,
    )
    from .latent_paths import lerp as lerp, slerp as slerp
    from .quadrature import points as points

__getattr__, __dir__, __all__ = handed_on(__name__)
