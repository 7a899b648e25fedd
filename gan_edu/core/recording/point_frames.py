"""Frames of points in a recording: packed numbers in place of pictures. Reading them needs no torch.

A frame is int16 fakes, pulls and image of the latents' grid, in units of 1/1000 (a pull: of its frame's longest), then
uint8 probabilities of D on a square grid, row by row from the bottom; all little-endian.
`core.recording.points_look` makes them. What is not finite is stored as LOST, which no number becomes: both of a
point's coordinates, or a cell of D's probability; there a recording's grid names it, since in older ones that byte is a
probability of 1.
"""

from __future__ import annotations

import zlib

import numpy as np

from gan_edu.core.recording.recording import Recording, RecordingError, sealed

UNIT = 1000  # steps of int16 to one unit of length: to ± 32
LOST, LOST_LEVEL = -32_768, 255  # a coordinate, a probability that is no finite number


def build(frames: list[bytes], meta: dict) -> Recording:
    """A recording of packed frames, compressed as zlib does."""
    data = zlib.compress(b"".join(frames), 9)
    atlas = {"file": "frames.bin", "frame_bytes": len(frames[0]) if frames else 0, "frames": len(frames)}
    return sealed(meta, atlas, data)


def frames_of(recording: Recording) -> list[bytes]:
    """The packed frames of a recording of kind "points". Raises RecordingError where they are not what it says."""
    size, count = recording.meta["atlas"]["frame_bytes"], len(recording)
    try:
        data = zlib.decompressobj().decompress(recording.atlas, size * count + 1)  # no more than there may be
    except zlib.error as error:
        raise RecordingError(f"the frames of {recording.meta['title']!r:.80} are no zlib data ({error})") from None
    if len(data) != size * count:
        raise RecordingError(
            f"the frames of {recording.meta['title']!r:.80} are not {count:,} of {size:,} bytes: record again"
        )
    return [data[i : i + size] for i in range(0, len(data), size)]


def unpack(meta: dict, frame: bytes) -> dict[str, np.ndarray]:
    """fakes, pulls and sheet (…, 2) in the data's units, sure, D's probability (side, side),, its first row the lowest.

    NaN for what was not finite.
    """
    counts, side = [meta["grid"][name] for name in ("fakes", "pulls", "sheet")], meta["grid"]["field"]
    numbers = np.frombuffer(frame, "<i2", 2 * sum(counts)).reshape(-1, 2)
    points = np.where(numbers == LOST, np.nan, numbers / meta["grid"]["unit"])
    fakes, pulls, image = np.split(points, np.cumsum(counts)[:-1])
    levels = np.frombuffer(frame, np.uint8, side * side, 4 * sum(counts)).reshape(side, side)
    sure = np.where(levels == meta["grid"].get("lost_field"), np.nan, levels / 255)
    return {"fakes": fakes, "pulls": pulls, "sheet": image, "sure": sure}
