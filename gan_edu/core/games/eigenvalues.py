"""The leading eigenvalues of a real GAN's field, without its Jacobian. Used from notebook 06 on.

The Jacobian of a GAN of ten thousand weights has a hundred million entries. But J w costs no more than a few
passes backward, and Arnoldi's method needs nothing else to find the outermost eigenvalues (Lehoucq, Sorensen and Yang
1998, "ARPACK users' guide"). As in `core.games.field`, v = (−∇_θ L_G, −∇_ψ L_D) over all weights θ of G and ψ of D.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd import grad

from gan_edu.core.data.pixels import scaled
from gan_edu.core.games.field import join, split
from gan_edu.core.safety.checked import integer, one_of
from gan_edu.core.training.contract import GAN, Occasional, Penalty
from gan_edu.core.training.networks import copied
from gan_edu.core.training.streams import lent_stream
from gan_edu.core.training.tensors import tensor

WHICH = {"real": "LR", "imaginary": "LI", "magnitude": "LM"}
SEED = 0  # of the vector that Arnoldi's method starts from


class Linearised:
    """v and its Jacobian J at a GAN's present weights, on one batch: v (n,), size n, `times` and `transposed_times`.

    gan: a `training_loop.GAN` or alike. real (N, …): samples, uint8 or floating point; z (M, latent_dim): latents.
    Works on copies in float64 and eval mode, so that nothing of the GAN changes; losses, view and penalties are the
    GAN's own, lazy ones as they are on average. What a penalty detaches is held fixed: its pull is in v, its change
    with that part is not in J.
    Raises ValueError for samples or latents that do not fit, or are not finite, for losses without a slope, or for a
    field that is not finite; TypeError for what is no GAN or no tensor of numbers.
    """

    def __init__(self, gan: GAN, real: Tensor, z: Tensor):
        if not hasattr(gan, "discriminator"):
            raise TypeError(f"gan must be a GAN(generator, discriminator, latent_dim), got {type(gan).__name__}")
        generator, discriminator = (copied(net).double().eval() for net in (gan.generator, gan.discriminator))
        real, z = (_batch(name, given, gan.device) for name, given in (("real", real), ("z", z)))
        self.theta, self.psi = _weights(generator, "generator"), _weights(discriminator, "discriminator")
        self.weights = [*self.theta, *self.psi]
        with torch.enable_grad():
            slopes = self._slopes(gan, generator, discriminator, real, z)
            self._v = -join(*slopes[0], *slopes[1])  # its graph stays: each product is one more pass through it
            self._dummy = torch.zeros_like(self._v, requires_grad=True)
            self._back = self._pull_back(self._dummy, again=True)
        self.v, self.size = self._v.detach(), len(self._v)
        if not self.v.isfinite().all():
            raise ValueError("the GAN's field is not finite here: its weights or its losses hold NaN or infinity")

    def _slopes(
        self, gan: GAN, generator: nn.Module, discriminator: nn.Module, real: Tensor, z: Tensor
    ) -> list[tuple[Tensor, ...]]:
        try:
            losses = _losses(gan, generator, discriminator, real, z)
            return [
                grad(loss, weights, create_graph=True, materialize_grads=True)
                for loss, weights in zip(losses, (self.theta, self.psi), strict=True)
            ]
        except RuntimeError as error:
            raise ValueError(f"real {tuple(real.shape)} and z {tuple(z.shape)} do not fit this GAN: {error}") from error

    def transposed_times(self, w: Tensor) -> Tensor:
        """Jᵀ w (n,): a gradient of v · w."""
        return self._pull_back(self._fits(w), again=False).detach()

    def times(self, w: Tensor) -> Tensor:
        """J w (n,): Jᵀ u is linear in u, and the gradient of (Jᵀ u) · w by u is J w (double backward)."""
        w = self._fits(w)
        if not self._back.requires_grad:
            return torch.zeros_like(w)
        return grad(self._back, self._dummy, w, retain_graph=True, materialize_grads=True)[0]

    def _pull_back(self, w: Tensor, again: bool) -> Tensor:
        if not self._v.requires_grad:
            return torch.zeros_like(w)
        return join(*grad(self._v, self.weights, w, retain_graph=True, create_graph=again, materialize_grads=True))

    def _fits(self, w: Tensor) -> Tensor:
        if not isinstance(w, Tensor) or w.shape != (self.size,):
            raise ValueError(f"J has {self.size} columns and rows: w must be a tensor ({self.size},)")
        return w.to(self.v)

    def parts(self, w: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """w (n,) in the shapes of G's weights and of D's."""
        found = split(self._fits(w), *self.weights)
        return found[: len(self.theta)], found[len(self.theta) :]


def leading_eigenvalues(
    gan: GAN, real: Tensor, z: Tensor, count: int = 6, which: str = "magnitude", iterations: int = 3000
) -> Tensor:
    """`count` eigenvalues (complex128) of the Jacobian of a GAN's field at its weights: the first of `which`.

    which: "magnitude" (farthest from 0), "real" (largest real part: where it is below 0, the flow comes back to a rest
    point) or "imaginary" (the fastest rotating). Sorted by it; of a conjugate pair at the end one may be left out.
    gan, real, z: as `Linearised`.
    Raises ValueError for another word, a count outside 1 … n − 2 or a Jacobian that is not finite; RuntimeError where
    `iterations` do not suffice.
    """
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigs

    one_of("which", which, WHICH)
    count, iterations = integer("count", count, 1), integer("iterations", iterations, 1)
    J = Linearised(gan, real, z)
    if count > J.size - 2:
        raise ValueError(f"of {J.size} eigenvalues at most {J.size - 2} can be asked for, got count {count}")

    def times(w: np.ndarray) -> np.ndarray:
        found = J.times(torch.from_numpy(w.ravel().copy()))
        if not found.isfinite().all():  # Arnoldi's method would make numbers of it
            raise ValueError("the Jacobian of the GAN's field is not finite here, as of a square root at 0")
        return found.cpu().numpy()

    start = torch.randn(J.size, dtype=torch.float64, generator=torch.Generator().manual_seed(SEED)).numpy()
    try:
        found = eigs(
            LinearOperator((J.size, J.size), times, dtype="float64"),
            count,
            which=WHICH[which],
            v0=start,
            maxiter=iterations,
            return_eigenvectors=False,
        )
    except ArpackNoConvergence as error:
        raise RuntimeError(
            f"Arnoldi's method found {len(error.eigenvalues)} of {count} eigenvalues in {iterations} "
            "iterations: ask for others, by which=, or allow more"
        ) from error
    order = {"real": lambda e: -e.real, "imaginary": lambda e: -abs(e.imag), "magnitude": lambda e: -abs(e)}[which]
    return torch.tensor(sorted(found.tolist(), key=lambda e: (round(order(e), 10), -e.imag)), dtype=torch.complex128)


def _expected(penalty: Penalty) -> Penalty:
    """What a penalty is on average, so that a look is no call of it."""
    return penalty.expected if isinstance(penalty, Occasional) else penalty


def _losses(gan: GAN, generator: nn.Module, discriminator: nn.Module, real: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
    """L_G and L_D as `training_loop` takes them, with G's graph left in both; the GAN's random stream stays put."""
    before = gan.network_stream
    try:
        with lent_stream(gan):
            fake = generator(z)  # (M, …)
            real, fake = (each if gan.view is None else gan.view(each) for each in (real, fake))
            logits = discriminator(real), discriminator(fake)  # (N, 1), (M, 1)
            g_loss = gan.loss.g(logits[1], logits[0] if gan.loss.g_needs_real else None)
            d_loss = gan.loss.d(*logits)
            costs = [
                sum(_expected(penalty)(discriminator, real, fake) for penalty in penalties)
                for penalties in (gan.g_penalties, gan.d_penalties)
            ]
            return g_loss + costs[0], d_loss + costs[1]
    finally:
        gan.network_stream = before


def _weights(network: nn.Module, name: str) -> list[nn.Parameter]:
    found = [weight for weight in network.parameters() if weight.requires_grad]
    if not found:
        raise ValueError(f"the {name} has no weights that learn")
    return found


def _batch(name: str, given: Tensor, device: torch.device) -> Tensor:
    if tensor(name, given).ndim < 2 or not len(given) or not given.isfinite().all():
        raise ValueError(f"{name} must be a batch of finite numbers, a tensor (N, …) with N ≥ 1")
    return scaled(given.detach()).to(device, torch.float64)
