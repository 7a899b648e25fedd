"""What all tests share."""

import os

# Tests start programs and `make` themselves. What the make that runs these tests was told is not meant for those.
for name in ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "PYTHON", "TORCH", "PINS", "RUN", "LAB"):
    os.environ.pop(name, None)
os.environ.pop("GAN_EDU_LANG", None)  # they read English
