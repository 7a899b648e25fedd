"""Other ways to samples: autoencoders, pixel after pixel, noise taken away, and GARCH for returns.

Those of pictures are each a `GAN(G, None, …)` without a discriminator, and a step of its own for `train`.
"""

from typing import TYPE_CHECKING

from gan_edu.core.handed_on import handed_on

if TYPE_CHECKING:
    from .autoregressive import (
        PixelGenerator as PixelGenerator,
        pixel_after_pixel as pixel_after_pixel,
        pixel_bits as pixel_bits,
    )
    from .diffusion import (
        Diffusion as Diffusion,
        denoise as denoise,
        diffusion_bits as diffusion_bits,
        distil as distil,
    )
    from .likelihood import Logistics as Logistics, bits_a_pixel as bits_a_pixel
    from .unet import UNet as UNet
    from .vae import Decoder as Decoder, Encoder as Encoder, elbo as elbo, vae_bits as vae_bits

__getattr__, __dir__, __all__ = handed_on(__name__)
