"""A file of four machines for the roofline: one without bfloat16, one of a data sheet, one without float32."""

import json

SLOW = {"throughput": 6.2e10, "bandwidth": 1.0e10, "overhead": 2.9e-3}
FAST = {"throughput": 1.1e11, "bandwidth": 1.6e10, "overhead": 2.4e-3}
HALF = {"throughput": 3.1e11, "bandwidth": 1.5e10, "overhead": 4.0e-3}
SHEET = {"throughput": 6.7e13, "bandwidth": 3.35e12, "overhead": 1e-4}
TIMED = [
    {"width": 128, "batch": 64, "precision": "float32", "ms": 8.0},
    {"width": 512, "batch": 64, "precision": "float32", "ms": 25.0},
    {"width": 1024, "batch": 64, "precision": "float32", "ms": 66.0},
    {"width": 512, "batch": 8, "precision": "float32", "ms": 11.0},
    {"width": 512, "batch": 64, "precision": "bfloat16", "ms": 12.0},
]


def machines():
    """As machines.json holds them."""
    return [
        {"name": "one thread", "from": "measured", "machine": {"float32": SLOW, "bfloat16": None}, "dots": TIMED[:4]},
        {"name": "two threads", "from": "measured", "machine": {"float32": FAST, "bfloat16": HALF}, "dots": TIMED[4:]},
        {
            "name": "a graphics card",
            "from": "data sheet",
            "machine": {"float32": SHEET, "bfloat16": {**SHEET, "throughput": 9.9e14}},
            "dots": [],
        },
        {"name": "halves only", "from": "data sheet", "machine": {"float32": None, "bfloat16": HALF}, "dots": []},
    ]


def stored(folder, found=None):
    """The path of a file of these machines, or of others."""
    path = folder / "machines.json"
    path.write_text(json.dumps({"machines": machines() if found is None else found}), encoding="utf-8")
    return path
