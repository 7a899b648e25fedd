"""Files that Python loads in place of its own modules of that name: a learner's queue.py beside a notebook.

Needs little more than Python has loaded before it looks into any folder, so that it can still speak when nothing else
starts.
"""

from __future__ import annotations

import os
import sys

CURE = "give it another name, for Python takes it for a module of its own"


def found() -> list[str]:
    """Their paths: they lie in folders where Python looks before it comes to its own modules."""
    places = [os.path.abspath(folder) for folder in sys.path]
    own = os.path.dirname(os.__file__)
    before = places[: places.index(own)] if own in places else []
    paths = {
        os.path.join(folder, path)
        for folder in before
        for name in sys.stdlib_module_names
        for path in (f"{name}.py", os.path.join(name, "__init__.py"))
    }
    return sorted(path for path in paths if os.path.isfile(path))
