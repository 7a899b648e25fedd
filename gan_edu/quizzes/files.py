"""A file for Moodle and one for Canvas of each chapter."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gan_edu.core.notebook import quizzes
from gan_edu.core.safety import durable
from gan_edu.core.safety.checked import path
from gan_edu.quizzes.canvas import canvas
from gan_edu.quizzes.moodle import moodle


def write(chapters: Iterable[str] = (), into: str | Path = "quizzes") -> list[Path]:
    """Write NN_moodle.xml and NN_canvas.zip of these chapters, or of all, into a folder; returns their paths.

    In the language in force. Raises ValueError for a chapter without questions, before anything is written.
    """
    chosen = [quizzes.number(each) for each in chapters] or quizzes.chapters()
    folder, written = path("into", into), []
    folder.mkdir(parents=True, exist_ok=True)
    for chapter in chosen:
        for name, content in ((f"{chapter}_moodle.xml", moodle(chapter)), (f"{chapter}_canvas.zip", canvas(chapter))):
            durable.write(folder / name, content)
            written.append(folder / name)
    return written
