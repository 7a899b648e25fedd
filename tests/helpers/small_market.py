"""A small stored market for the market maker: calm and stormy stretches by a formula, known without a simulation."""

import math

DAYS, PATHS = 120, 5
TURN = 120  # days from one storm to the next


def sigma(path, day):
    """Of a day: from 0.4 to 2 %, in waves, later for each path."""
    return 0.004 + 0.008 * (1 - math.cos(2 * math.pi * (day + 5 * path) / TURN))


def noise(model, path, day):
    """In [−1.5, 1.5]: multiples of the golden ratio, scattered."""
    turn = (1 + 5**0.5) / 2
    return 3 * ((turn * (day + 1) * (7 * path + 3 * model + 5)) % 1) - 1.5


def returns(model, path):
    """Of "waves" they come in clusters; of "even" they do not."""
    size = [sigma(path, day) if model == 0 else 0.01 for day in range(DAYS)]
    return [round(size[day] * noise(model, path, day), 6) for day in range(DAYS)]


def stored(**changed):
    """The table; changed: other values of its keys."""
    waves = {
        "key": "waves",
        "label": "Waves",
        "paths": [returns(0, path) for path in range(PATHS)],
        "sigma": [[round(sigma(path, day), 6) for day in range(DAYS)] for path in range(PATHS)],
        "judged": [[0.5 + 0.1 * path, 0.7] for path in range(PATHS)],
    }
    even = {"key": "even", "label": "Alike", "paths": [returns(1, path) for path in range(PATHS)], "sigma": None}
    return {"models": [waves, even], "days": DAYS, **changed}
