"""What guessing gives, by scipy: tests/js/name_machine.json, which tests/js/name_machine.test.mjs reads."""

from helpers.js_values import held
from scipy.stats import binom


def test_what_guessing_gives():
    lows = [int(binom.ppf(0.025, n, 0.5)) if n else 0 for n in range(201)]
    for n, low in enumerate(lows):
        inside = binom.cdf(n - low, n, 0.5) - binom.cdf(low - 1, n, 0.5) if n else 1
        less = binom.cdf(n - low - 1, n, 0.5) - binom.cdf(low, n, 0.5) if n else 0
        assert inside >= 0.95 > less  # the narrowest symmetric range with 95 %
    held("name_machine", {"ranges": [[low, n - low] for n, low in enumerate(lows)]})
