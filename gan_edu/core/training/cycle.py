"""Two kinds of pictures and no pairs: one network goes there, one back, and the way round must end where it began.

    gan = GAN(F, D_y, 0, loss, others={"back": Player(B, …), "back_discriminator": Player(D_x, …)})
    train(gan, Together(Batches(x), Batches(y)), steps, step=cycling())

    L = L_G(D_y(F(x))) + L_G(D_x(B(y))) + cycle · (E|B(F(x)) − x| + E|F(B(y)) − y|)
      + identity · (E|F(y) − y| + E|B(x) − x|)

Zhu et al. (2017), "Unpaired image-to-image translation using cycle-consistent adversarial networks", arXiv 1703.10593,
equations 1–3, and section 5.2 for the identity. Their pool of older fakes is left out. Notebook 13_restoration.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from gan_edu.core.safety.checked import real
from gan_edu.core.training.contract import GAN, Batch, Batches, Record
from gan_edu.core.training.pieces import first
from gan_edu.core.training.step import learn, one_step
from gan_edu.core.training.step_checks import drawn, following, judged, value_of

OTHERS = ("back", "back_discriminator")


def cycling(cycle: float = 10.0, identity: float = 0.0) -> Callable[[GAN, Batches], Record]:
    """A step for `train`: both discriminators learn, then both generators, by one loss.

    cycle, identity: weights, ≥ 0. Batches are pairs that do not belong together, (x, y) of one size, such as
    `Together`'s. Records have `cycle` and `identity` before their weights. Raises ValueError where a player is missing,
    for a loss that needs real logits for G, and for a view or penalties, which this step leaves out.
    """
    cycle, identity = real("cycle", cycle, 0), real("identity", identity, 0)

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        _can_cycle(gan)
        x, y = (drawn(iter([each]))[0] for each in _two(following(batches)))
        forth, back = gan.generator, gan.others["back"].network
        d_y, d_x = gan.discriminator, gan.others["back_discriminator"].network
        to_y, to_x = forth(x), back(y)
        d_loss = _told_apart(gan, "discriminator", d_y, y, to_y)
        back_d_loss = _told_apart(gan, "back_discriminator", d_x, x, to_x)
        fake_logits, back_logits = judged(d_y, to_y), judged(d_x, to_x)
        round_trip = (back(to_y) - x).abs().mean() + (forth(to_x) - y).abs().mean()
        verdict = value_of(gan.loss, gan.loss.g, fake_logits, None) + value_of(gan.loss, gan.loss.g, back_logits, None)
        loss = verdict + cycle * round_trip
        values = {"cycle": round_trip, "adversarial": verdict}
        if identity:
            values["identity"] = (forth(y) - y).abs().mean() + (back(x) - x).abs().mean()
            loss = loss + identity * values["identity"]
        learn(gan, ("generator", "back"), loss, fake_logits, back_logits)
        logits = {"real_logits": first(judged(d_y, y)).detach(), "fake_logits": first(fake_logits)}
        return {"d_loss": d_loss + back_d_loss, "g_loss": loss, **values, **logits}

    return step


def _told_apart(gan: GAN, name: str, discriminator: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    """A discriminator's loss; it has learned from it once."""
    logits = judged(discriminator, real), judged(discriminator, fake.detach())
    loss = value_of(gan.loss, gan.loss.d, *logits)
    learn(gan, name, loss, *logits)
    return loss


def _can_cycle(gan: GAN) -> None:
    if missing := [name for name in OTHERS if name not in gan.others]:
        raise ValueError(f"{' and '.join(missing)} must be among others: GAN(F, D, 0, others={{name: Player(…), …}})")
    if gan.discriminator is None or gan.loss.g_needs_real:
        raise ValueError("a cycle needs a discriminator, and a loss whose g needs no real logits: least_squares, say")
    if gan.view is not None or gan.d_penalties or gan.g_penalties:
        raise ValueError("a cycle takes no view and no penalties: it has two discriminators; spectral_norm calms both")


def _two(batch: object) -> tuple[Batch, Batch]:
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        raise ValueError("a cycle takes batches (x, y): Together(Batches(x), Batches(y))")
    return batch[0], batch[1]
