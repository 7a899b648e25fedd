"""What a GAN learns from: pictures of digits or your own, densities to draw from, paths through latent space."""

from typing import TYPE_CHECKING

from gan_edu.core.handed_on import handed_on

if TYPE_CHECKING:
    from .batches import Batches as Batches, endless as endless
    from .datasets import fashion_mnist as fashion_mnist, mnist as mnist
    from .distributions import (
        Draws as Draws,
        Mixture as Mixture,
        blobs as blobs,
        gaussian as gaussian,
        grid as grid,
        on_line as on_line,
        ring as ring,
        uniform as uniform,
    )
    from .latent_paths import lerp as lerp, slerp as slerp
    from .own_pictures import PictureFolder as PictureFolder, images_from_folder as images_from_folder
    from .pixels import scaled as scaled
    from .quadrature import nodes as nodes
    from .streamed import Streamed as Streamed

__getattr__, __dir__, __all__ = handed_on(__name__)
