"""Scores at once; FID itself is tested where it is made."""


class Ruler:
    """In a Scorer's place: the FID is the step, so that a test tells which frame was scored."""

    reference, floor = "nothing", 0.0

    def __init__(self, samples=10, *_):
        self.samples = samples

    def score(self, gan):
        return {"fid": float(gan.step), "confidence": 1.0, "histogram": [0.1] * 10}
