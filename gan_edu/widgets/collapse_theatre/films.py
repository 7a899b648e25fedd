"""What the theatre plays without a kernel: films of a stage, and of what is told of each only what its view shows."""

from __future__ import annotations

from collections.abc import Iterable

from gan_edu.core.recording.recording import Recording, family, shipped, shipped_names
from gan_edu.widgets.replay.widget import packed

NONE = "none"  # the film without a cure
SHOWN = ("title", "kind", "grid", "reals", "atlas", "log")  # of a recording; of its frames steps and scores
MIME = {"points": "application/zlib", "images": "image/webp"}


def films_of(
    stages: Iterable[str], cures: Iterable[str], shipped: str | None, stage: str, own: Recording | None
) -> dict[str, object]:
    """{"films": {stage: {cure: film}}, "stage"} of shipped recordings, `shipped`/stage/cure, or of one's own run.

    Each stage has a film called "none". That of a cure begins at the step at which the cure is switched on; what lies
    before is in the other.
    """
    if own is not None or shipped is None:
        return {"films": {stage: {NONE: _film(own)}} if own else {}, "stage": stage}
    films = {}
    for each in stages:
        found = {recording.meta["name"].rpartition("/")[2]: recording for recording in family(f"{shipped}/{each}")}
        films[each] = {name: _film(found[name]) for name in (NONE, *cures) if name in found}
    return {"films": films, "stage": stage}


def without_a_cure(films: str | None, stage: str) -> Recording | None:
    """The shipped film of a stage on which nothing is switched on, where there is one."""
    name = f"{films}/{stage}/{NONE}"
    return shipped(name) if films is not None and name in shipped_names() else None


def _film(recording: Recording) -> dict:
    """A film as a page holds it."""
    meta = recording.meta
    frames = {name: meta["frames"][name] for name in ("step", "scores")}
    shown = {name: meta[name] for name in SHOWN if name in meta}
    atlas = packed(recording, MIME[meta.get("kind", "images")])["atlas"]
    return {"meta": {**shown, "frames": frames}, "atlas": atlas}
