"""How a GAN in the plane is recorded: what can be drawn of it, packed into a few kilobytes a frame.

A frame holds the generator's samples for the same latents every time, D's probability on a grid, the pull on some
samples (the direction in which each one's own step down L_G would go), and the image of a grid of latents, which shows
how G bends the noise. Beside it stand scores against the known density (`core.measures.mixture_scores`) and gradient
norms. A recording of kind "points" is a `core.recording.Recording` whose frames are numbers in place of pictures.
Belongs to notebook 03_training_loop.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gan_edu.core.data.distributions import Mixture
from gan_edu.core.measures.mixture_scores import BINS, EDGE, FAIR, SAMPLES, SKEW, Coverage
from gan_edu.core.recording.format import data_on_show, frame_bytes, point_scores
from gan_edu.core.recording.frame_schedule import Schedule
from gan_edu.core.recording.point_frames import LOST, LOST_LEVEL, UNIT, build
from gan_edu.core.recording.recording import Recording
from gan_edu.core.recording.records import Recordable
from gan_edu.core.safety.checked import flag, kind, measured, table
from gan_edu.core.safety.strict_json import rounded
from gan_edu.core.training import stored_state
from gan_edu.core.training.contract import State
from gan_edu.core.training.streams import looking

FAKES, CELLS, PULLS, SHEET, CURVE = 256, 40, 96, 21, 257  # samples; cells a side; arrows; latents a side, on a line
REALS = 300  # data points on show


class PointsLook:
    """Points (N, 2) of a GAN whose data is a `Mixture`: samples, D's map, pulls, and scores of every frame.

    compact: coarser frames, for recordings that ship. shares: a frame's scores also hold the share of samples near each
    mode, for data that have modes. Raises TypeError for data of another kind, ValueError for data
    that do not lie in the plane, and where the generator does not make points in it.
    """

    kind, facts = "points", ("scores",)
    gan: Recordable

    def __init__(self, data: Mixture, compact: bool = False, shares: bool = False):
        self.data, self.edition, self.shares = kind("data", data, Mixture), 0, flag("shares", shares)
        self.fakes, self.side, self.pulls = (160, 28, 48) if flag("compact", compact) else (FAKES, CELLS, PULLS)
        self.across, self.along = (15, 129) if compact else (SHEET, CURVE)  # of the latents' grid
        line = (torch.arange(self.side) + 0.5) * (2 * EDGE / self.side) - EDGE
        y, x = torch.meshgrid(line, line, indexing="ij")
        self.places = torch.stack([x, y], 2).reshape(-1, 2)  # (side², 2), row by row from the bottom

    def begin(self, gan: Recordable, at: Schedule) -> None:
        """Draw the latents and the data on show. Raises ValueError where G does not make points in the plane."""
        self.latents = gan.latents(SAMPLES)  # drawn once: the same at every frame
        sample = gan.generate(self.latents[:1])
        if sample.shape != (1, 2):
            raise ValueError(
                f"the plane shows points (N, 2), the generator makes samples of the shape {tuple(sample.shape)}"
            )
        self.stream = torch.Generator().manual_seed(gan.seed + 3_000_017)  # of the data points on show
        self.noise = sheet(gan.latent_dim, gan.latent, self.across, self.along)
        self.gan = gan
        self.reals: list[dict] = []
        self.show(self.data)
        at.fit(frame_bytes(self.sizes()))

    def show(self, data: Mixture) -> None:
        """From this step on measure against `data`."""
        self.data, self.coverage = data, Coverage(data)
        chance = [self.coverage.measure(data.sample(SAMPLES, self.stream)) for _ in range(4)]
        floors = {name: round(sum(each[name] for each in chance) / len(chance), 4) for name in ("js", "kl")}
        self.real = data.sample(REALS, self.stream).float()
        self.reals = [r for r in self.reals if r["from"] < self.gan.step] + [
            {
                "from": self.gan.step,
                "name": data.name,
                "points": whole(self.real),
                "floor": floors,
                "modes": None if data.modes is None else len(data.modes),
            }
        ]
        self.edition += 1

    def bend(self) -> None:
        """The noise has become another kind: draw latents and their grid anew."""
        self.latents = self.gan.latents(SAMPLES)
        self.noise = sheet(self.gan.latent_dim, self.gan.latent, self.across, self.along)
        self.edition += 1

    # ------------------------------------------------------------ one look

    def see(self) -> dict:
        """A frame and its scores."""
        frame, scores = self.now()
        return {"packed": torch.frombuffer(bytearray(frame), dtype=torch.uint8), "scores": scores}

    def now(self, latents: Tensor | None = None, scored: bool = True) -> tuple[bytes, dict]:
        """What is to be seen now: (a frame, packed; its scores). latents: (N, d), of other samples to show."""
        z = self.latents if scored else self.latents[: self.fakes]
        if latents is not None:
            z = torch.cat([latents[: self.fakes], z[len(latents[: self.fakes]) :]])
        points = self.gan.generate(torch.cat([z, self.noise.to(z)])).float().cpu()  # (2500 + …, 2)
        samples, image = points[: len(z)], points[len(z) :]
        sure = self.gan.judge(self.places.to(z)).float().cpu().sigmoid()[:, 0]  # (side²,)
        pull = self.pull_on(samples[: self.pulls])
        found = self.measured(samples) if scored else {}
        scores = {
            **found,
            "pull": pull.norm(dim=1).mean().item(),
            "d_grad": gradient_norm(self.gan.discriminator),
            "g_grad": gradient_norm(self.gan.generator),
        }
        most = pull.nan_to_num(0, 0, 0).abs().max().clamp(min=1e-12).item()  # of those that are finite
        arrows = pull * (30_000 / UNIT / most)
        return pack(samples[: self.fakes], sure, arrows, image), rounded(scores, 4) | {"most": float(f"{most:.4g}")}

    def measured(self, samples: Tensor) -> dict:
        """Scores of samples (N, 2) against the data."""
        found: dict = {**self.coverage.measure(samples)}
        if self.shares and self.data.modes is not None:
            lost = not samples.isfinite().all()
            shares = self.coverage.near(samples) / len(samples)  # (M,)
            found["shares"] = (shares.fill_(torch.nan) if lost else shares).tolist()
        return found

    def pull_on(self, samples: Tensor) -> Tensor:
        """−N ∂L_G/∂x_i (N, 2): where each sample would go to lower the generator's loss, D held fixed."""
        gan = self.gan
        with looking(gan.discriminator), torch.enable_grad():
            x = samples.to(gan.device, next(gan.discriminator.parameters()).dtype).requires_grad_()
            real = gan.discriminator(self.real[: len(x)].to(x)) if gan.loss.g_needs_real else None
            loss = gan.loss.g(gan.discriminator(x), real)
            (pull,) = torch.autograd.grad(loss, x, allow_unused=True)
        return torch.zeros_like(samples) if pull is None else (-len(x) * pull).float().cpu()

    def score(self) -> None:
        """Every frame has its scores as it is seen."""

    # ------------------------------------------------------------ what is told of it

    def sizes(self) -> dict:
        """How many of each a frame holds."""
        return {"fakes": self.fakes, "field": self.side, "pulls": self.pulls, "sheet": len(self.noise)}

    def about(self) -> dict:
        """What a frame holds, the noise whose image it shows, and the data on show."""
        return {
            "subtitle": f"the same {self.fakes} latents at every frame",
            "grid": {**self.sizes(), "edge": EDGE, "unit": UNIT, "lost_field": LOST_LEVEL},
            "noise": {"dim": self.gan.latent_dim, "kind": self.gan.latent, "points": whole(self.noise)},
            "reals": self.reals,
        }

    def scoring(self) -> dict:
        """How samples are measured against the data."""
        return {"samples": SAMPLES, "bins": BINS, "edge": EDGE, "skew": SKEW, "fair": FAIR}

    def told(self, name: str, value: dict) -> dict:
        """Scores, rounded as they were made."""
        return value

    def sent(self, packed: Tensor) -> bytes:
        """The frame as it is kept."""
        return packed.numpy().tobytes()

    def build(self, packed: list[Tensor], meta: dict, quality: int) -> Recording:
        """All frames in one file. quality: is of no account, as numbers lose nothing."""
        return build([self.sent(each) for each in packed], meta)

    def checks(self) -> dict[str, Callable[[str, object], object]]:
        """What checks one stored value of a frame."""
        packed = torch.empty(frame_bytes(self.sizes()), dtype=torch.uint8)
        return {
            "packed": lambda name, value: stored_state.tensor(name, value, packed),
            "scores": lambda name, value: point_scores(name, value, measured),
        }

    def state_dict(self) -> State:
        """Latents, the noise and the data on show."""
        return {
            "latents": self.latents,
            "noise": self.noise,
            "reals": self.reals,
            "stream": self.stream.get_state(),
            "real": self.real,
        }

    def check_state(self, state: State) -> None:
        """Raise ValueError for what was recorded otherwise, or cannot have been recorded. Changes nothing."""
        table("the look's state", state, "latents", "noise", "reals", "stream", "real")
        for name, own in (("latents", self.latents), ("noise", self.noise), ("real", self.real)):
            stored_state.finite(name, state[name], own)
        stored_state.stream("the stream of the data on show", state["stream"])
        data_on_show("reals", state["reals"])

    def load_state_dict(self, state: State) -> None:
        """Go on with the same latents, and the data that was on show."""
        self.latents = state["latents"].to(self.gan.device)
        self.noise, self.reals, self.real = state["noise"], list(state["reals"]), state["real"]
        self.stream.set_state(state["stream"])
        self.edition += 1


def sheet(dim: int, kind: str, side: int = SHEET, along: int = CURVE) -> Tensor:
    """Latents at even steps of probability: (along, 1) on the line, (side², 2) in the plane, row by row.

    Between neighbours lies the same share of the noise, so that where their images crowd the density is high. Of more
    than two dimensions the first two are spanned.
    """
    t = torch.linspace(0, 1, along if dim == 1 else side)
    line = 2 * t - 1 if kind == "uniform" else torch.special.ndtri(0.005 + 0.99 * t)
    if dim == 1:
        return line[:, None]
    square = torch.cartesian_prod(line, line).flip(1)  # (side², 2)
    return torch.cat([square, torch.zeros(len(square), dim - 2)], 1)


def gradient_norm(network: torch.nn.Module) -> float | None:
    """The length of the gradient that the last step went down; None before the first."""
    gradients = [weight.grad for weight in network.parameters() if weight.grad is not None]
    return torch.stack([g.norm() for g in gradients]).norm().item() if gradients else None


def whole(points: Tensor) -> list[int]:
    """Coordinates in units of 1 / UNIT, flat."""
    return (points * UNIT).round().clamp(-32_767, 32_767).to(torch.int16).flatten().tolist()


def pack(fakes: Tensor, sure: Tensor, pulls: Tensor, image: Tensor) -> bytes:
    """One frame: int16 fakes, pulls and image of the latents' grid, then uint8 probabilities; little-endian.

    A point or a probability that is not finite is stored as what stands for no number, never as one.
    """
    points = torch.cat([fakes, pulls, image])  # (…, 2)
    numbers = (points * UNIT).round().clamp(-32_767, 32_767).where(points.isfinite().all(1, keepdim=True), LOST)
    levels = (sure * 255).round().clamp(max=LOST_LEVEL - 1).where(sure.isfinite(), LOST_LEVEL)
    return numbers.numpy().astype("<i2").tobytes() + levels.to(torch.uint8).numpy().tobytes()
