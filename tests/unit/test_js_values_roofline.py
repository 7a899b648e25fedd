"""The roofline: what JavaScript counts and writes is held to gan_edu.core.measures.step_cost and to the control."""

import itertools
from dataclasses import asdict

from helpers.js_values import held

from gan_edu.core.measures.step_cost import Machine
from gan_edu.core.measures.stored_machines import step
from gan_edu.widgets.roofline.texts import amount, percent, three, time
from gan_edu.widgets.roofline.widget import COST

WIDTHS = [round(2 ** (k / 2)) for k in range(8, 25)] + [17, 500, 1000]
BATCHES = [1, 60, 512, 4096]
MACHINES = [
    Machine(6.2e10, 1e10, 2.9e-3),
    Machine(9.89e14, 3.35e12, 1e-4),
    Machine(3.1e11, 1.7e10),
]
NUMBERS = [0, 0.0123456, 0.5, 1, 9.999, 12, 99.95, 123.4, 999.4, 999.6, 1000, 12_345, 845_043_712, 9.9996e11, 3.3e18]
SECONDS = [0, 3e-8, 9.99e-7, 1.234e-6, 0.00056789, 0.0236, 0.12345, 9.9876, 9.9999, 10, 28.94, 1234.5]
SHARES = [0, 0.0004, 0.0049, 0.0099, 0.00996, 0.0104, 0.1, 0.584, 0.996, 1]


def test_what_a_step_costs():
    told = []
    for width, batch, precision in itertools.product(WIDTHS, BATCHES, ("float32", "bfloat16")):
        work = step(width, batch, precision)
        parts = [list(machine.parts(work).values()) for machine in MACHINES]
        told.append({"step": {"width": width, "batch": batch, "precision": precision}, **asdict(work), "parts": parts})
    texts = {
        "three": [[x, three(x)] for x in NUMBERS],
        "amount": [[x, amount(x)] for x in NUMBERS],
        "time": [[x, time(x)] for x in SECONDS],
        "percent": [[x, percent(x)] for x in SHARES],
    }
    held("roofline", {"cost": COST, "machines": [asdict(each) for each in MACHINES], "told": told, "texts": texts})
