"""Other ways to a G(z) of pictures, beside which a GAN stands: autoencoders, pixel after pixel, noise taken away.

Each is a `GAN(G, None, …)` without a discriminator, and a step of its own for `train`.
"""

from typing import TYPE_CHECKING

from gan_edu.core.handed_on import handed_on

if TYPE_CHECKING:
    from .likelihood import Logistics as Logistics, bits_a_pixel as bits_a_pixel
    from .vae import Decoder as Decoder, Encoder as Encoder, elbo as elbo, vae_bits as vae_bits

__getattr__, __dir__, __all__ = handed_on(__name__)
