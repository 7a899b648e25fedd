"""What all tests share."""

import os
import tempfile

# Tests start programs and `make` themselves. What the make that runs these tests was told is not meant for those.
for name in ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "PYTHON", "TORCH", "PINS", "RUN", "LAB"):
    os.environ.pop(name, None)
os.environ.pop("GAN_EDU_LANG", None)  # they read English
STATE = tempfile.TemporaryDirectory(prefix="gan_edu_state_")  # of exercises solved here nothing is kept for the user
os.environ |= {"XDG_STATE_HOME": STATE.name, "LOCALAPPDATA": STATE.name}
