"""A look for tests: samples of any shape as they are, numbers and no picture."""

import zlib

import torch

from gan_edu.core.recording import format
from gan_edu.core.recording.recording import sealed
from gan_edu.core.training import stored_state


class NumbersLook:
    """The float32 samples of the same latents at every frame, as bytes. condition: (N, …) of these, or None."""

    kind, facts, edition = "numbers", ("scores",), 0

    def __init__(self, condition=None, count=10):
        self.condition, self.count = condition, count if condition is None else len(condition)

    def begin(self, gan, at):
        self.gan, self.latents = gan, gan.latents(self.count)
        at.fit(self.see()["packed"].numel())

    def see(self):
        samples = self.gan.generate(self.latents, self.condition).float().contiguous()
        return {"packed": samples.view(-1).view(torch.uint8).clone(), "scores": None}

    def score(self):
        return None

    def about(self):
        return {"subtitle": f"{self.count} samples", "grid": {"rows": self.count}}

    def scoring(self):
        return None

    def told(self, name, value):
        return value

    def sent(self, packed):
        return packed.numpy().tobytes()

    def build(self, packed, meta, quality):
        return sealed(
            meta, {"file": "frames.bin", "frames": len(packed)}, zlib.compress(b"".join(map(self.sent, packed)))
        )

    def checks(self):
        packed = self.see()["packed"]
        return {
            "packed": lambda name, value: stored_state.tensor(name, value, packed),
            "scores": lambda name, value: None,
        }

    def state_dict(self):
        return {"latents": self.latents}

    def check_state(self, state):
        stored_state.finite("latents", state["latents"], self.latents)

    def load_state_dict(self, state):
        self.latents = state["latents"]


format.KINDS.setdefault("numbers", lambda meta, frames, count: None)
