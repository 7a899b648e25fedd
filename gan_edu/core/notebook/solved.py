"""Which exercises were solved, kept on this machine only: a small JSON in the user's own state folder, none of the
course's. `gan_edu.progress()` shows it.

Losing the note costs nothing but the note: a file that is damaged counts as none, and where none can be written the
checks answer as ever. At test pace nothing is written.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from gan_edu.core.notebook.paces import claims
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json

Solved = dict[str, list[str]]  # {chapter's module: names of its checks}
PLACES = {"win32": ("LOCALAPPDATA", "AppData/Local"), "darwin": ("", "Library/Application Support")}


def place() -> Path | None:
    """The file, where the system has such things; None for a user without a home folder."""
    variable, in_home = PLACES.get(sys.platform, ("XDG_STATE_HOME", ".local/state"))
    given = os.environ.get(variable, "")
    with suppress(RuntimeError):  # no home
        return Path(given if os.path.isabs(given) else Path.home() / in_home) / "gan_edu" / "progress.json"
    return None


def read() -> Solved:
    """What the file says was solved; nothing where there is none, or one that is damaged."""
    path = place()
    try:
        found = json.loads(path.read_bytes())["solved"] if path else {}
        return {str(chapter): [str(name) for name in names] for chapter, names in found.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def note(module: str, name: str) -> None:
    """A check of this module answered "correct". Where nothing can be written, nothing is."""
    path, found, chapter = place(), read(), module.rpartition(".")[2]
    with suppress(OSError, ValueError):  # ValueError: GAN_EDU_PACE is none of the three
        if path and claims() and name not in found.get(chapter, []):
            found[chapter] = sorted({*found.get(chapter, []), name})
            noted = {"format": "gan_edu progress", "version": 1, "solved": found}
            durable.write(path, as_json(noted).encode())
