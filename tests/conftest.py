"""What all tests share."""

import os
import tempfile
from itertools import chain, zip_longest

# Tests start programs and `make` themselves. What the make that runs these tests was told is not meant for those.
for name in ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "PYTHON", "TORCH", "PINS", "RUN", "LAB"):
    os.environ.pop(name, None)
os.environ.pop("GAN_EDU_LANG", None)  # they read English
STATE = tempfile.TemporaryDirectory(prefix="gan_edu_state_")  # of exercises solved here nothing is kept for the user
os.environ |= {"XDG_STATE_HOME": STATE.name, "LOCALAPPDATA": STATE.name}


def pytest_collection_modifyitems(items):
    """Files of browser tests and of others take turns: while the ones wait for a page, the others compute."""
    files = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    in_browser = [file for path, file in files.items() if "browser" in path.parts]
    others = [file for path, file in files.items() if "browser" not in path.parts]
    items[:] = chain(*filter(None, chain(*zip_longest(in_browser, others))))
