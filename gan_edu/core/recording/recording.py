"""Recordings: a training run as a film strip that can be slid through, with the numbers that belong to it.

A recording is a folder of two files: `recording.json` (steps, curves, scores, where it came from) and one WebP
picture that holds every frame, laid out in rows and columns. Reading one needs no torch, so that a notebook shows
its first picture at once. `core.recording.recorder` makes recordings; `gan_edu.widgets` shows them.
Used from notebook 00 on.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gan_edu.core.recording.format import MOST_PIXELS, WEBP_LIMIT, check
from gan_edu.core.safety import checked, durable
from gan_edu.core.safety.checked import integer
from gan_edu.core.safety.strict_json import plain

if TYPE_CHECKING:
    import numpy
    from PIL.Image import Image as Picture

FORMAT, VERSION = "gan_edu.recording", 1
SHIPPED = Path(__file__).parents[2] / "recordings"
PICTURE = r"[A-Za-z0-9_-]+\.(webp|bin)"  # its file's name: bare, as a recording may come from anywhere
KEYS = ("name", "title", "grid", "atlas", "frames", "curves", "provenance", "checksum")


class RecordingError(ValueError):
    """A recording that is missing, damaged or not a recording at all; the message says what to do."""


class Recording:
    """A recorded run. `meta` is the content of recording.json; pictures are decoded when first asked for."""

    def __init__(self, meta: dict, atlas: bytes | None = None, folder: Path | None = None):
        self.meta, self.folder = _checked(meta, folder), folder
        if atlas is not None:
            self.atlas = atlas  # fills the cached property

    @cached_property
    def atlas(self) -> bytes:
        """The WebP picture that holds all frames, as it stands on disk, checked against its checksum."""
        path = (self.folder or Path()) / self.meta["atlas"]["file"]
        data = durable.read_matching(path, self.meta["atlas"]["sha256"])
        if data is None:
            wrong = "is damaged (its checksum differs)" if path.is_file() else "is missing"
            raise RecordingError(f"{path} {wrong}: record again, or install gan_edu anew")
        return data

    @cached_property
    def _picture(self) -> Picture:
        from PIL import Image

        layout, mode = self.meta["atlas"], "RGB" if self.meta["grid"]["channels"] == 3 else "L"
        expected = layout["columns"] * layout["frame_width"], layout["rows"] * layout["frame_height"]
        try:
            picture = Image.open(io.BytesIO(self.atlas), formats=["WEBP"])
            if picture.size == expected:  # looked at before it is decoded, which fills the memory
                return picture.convert(mode)
            reason = f"it is {picture.width} × {picture.height} pixels, its frames need {expected[0]} × {expected[1]}"
        except Exception as error:  # bytes made to deceive end in an error of nearly any kind
            reason = str(error)
        raise RecordingError(f"the picture of {self.meta['title']!r:.80} cannot be read ({reason}): record again")

    def __len__(self) -> int:
        """The number of frames."""
        return len(self.meta["frames"]["step"])

    def __repr__(self) -> str:
        return f"Recording({self.meta['title']!r}, {len(self)} frames, {self.steps[-1]:,} steps)"

    @property
    def steps(self) -> list[int]:
        """The training step of each frame; 0 is before training."""
        return self.meta["frames"]["step"]

    @property
    def scores(self) -> list[dict | None]:
        """FID, mean confidence and class histogram of each frame, where they were measured."""
        return self.meta["frames"]["scores"]

    def index(self, frame: int) -> int:
        """A frame's number counted from the front. Raises IndexError or TypeError that names the allowed range."""
        return _place("frame", frame, len(self))

    def frame(self, frame: int) -> Picture:
        """Frame number `frame` as a PIL image: the whole grid of samples."""
        row, column = divmod(self.index(frame), self.meta["atlas"]["columns"])
        width, height = self.meta["atlas"]["frame_width"], self.meta["atlas"]["frame_height"]
        return self._picture.crop((column * width, row * height, (column + 1) * width, (row + 1) * height))

    def tile(self, frame: int, tile: int) -> Picture:
        """Sample number `tile` of a frame (from the top left, row by row) as a PIL image."""
        grid = self.meta["grid"]
        row, column = divmod(_place("tile", tile, grid["rows"] * grid["columns"]), grid["columns"])
        width, height = grid["tile_width"], grid["tile_height"]
        return self.frame(frame).crop((column * width, row * height, (column + 1) * width, (row + 1) * height))

    def tiles(self, frame: int) -> numpy.ndarray:
        """All samples of a frame as a numpy array, uint8 (N, C, H, W), row by row."""
        import numpy

        grid = self.meta["grid"]
        pixels = numpy.asarray(self.frame(frame)).reshape(
            grid["rows"], grid["tile_height"], grid["columns"], grid["tile_width"], grid["channels"]
        )
        return pixels.transpose(0, 2, 4, 1, 3).reshape(-1, grid["channels"], grid["tile_height"], grid["tile_width"])

    def save(self, folder: str | Path) -> Path:
        """Write the recording into `folder`. Returns the folder.

        Whoever reads there at any moment, even after a kill or a power cut, finds the old recording or this one.
        Raises RecordingError before anything is written where it could not be read again, and OSError for a disk that
        is full or a folder that takes no files; then all is as it was.
        """
        return durable.write_together(folder, self.packed())

    def packed(self) -> dict[str, bytes]:
        """{file name: content} of the recording's folder, the JSON before the picture that it names."""
        _checked(self.meta, None)  # it may have been changed since it was built
        try:
            text = json.dumps(self.meta, separators=(",", ":"), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise RecordingError(
                f"this recording cannot be saved, as nobody could read it again ({error}): what "
                "stands in its settings, scores and curves must be text or finite numbers"
            ) from error
        if hashlib.sha256(self.atlas).hexdigest() != self.meta["atlas"]["sha256"]:
            raise RecordingError("this recording cannot be saved: its picture is not the one it was built with")
        return {"recording.json": text.encode(), self.meta["atlas"]["file"]: self.atlas}

    @classmethod
    def load(cls, folder: str | Path) -> Recording:
        """Read the recording in `folder`, whole. Raises RecordingError that says what is wrong with it."""
        folder = checked.path("folder", folder)
        path = folder / "recording.json"
        if not path.is_file():
            raise RecordingError(f"no recording in {folder}: expected {path.name} and a picture beside it")
        text = path.read_bytes()
        try:
            meta = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise RecordingError(f"{path} is not readable as JSON ({error}): record again") from None
        recording = cls(meta, folder=folder)
        try:
            recording.atlas  # noqa: B018  read now: a later save may replace it
        except RecordingError:
            if path.read_bytes() == text:
                raise
            return cls.load(folder)  # another process saved between the two looks
        return recording


def _place(name: str, given: int, count: int) -> int:
    """A place in a row of `count`, counted from the front; as of a list, −1 is the last."""
    if not hasattr(given, "__index__") or isinstance(given, bool):
        raise TypeError(f"{name} must be a whole number between 0 and {count - 1}, got {given!r}")
    if not -count <= given < count:
        raise IndexError(f"{name} must be between 0 and {count - 1}, got {given}")
    return int(given) % count


def shipped(name: str) -> Recording:
    """A recording that comes with the course, `shipped("mnist_textbook")`."""
    if name not in shipped_names():  # a name, and no way out of the folder
        raise RecordingError(f"no shipped recording is called {name!r}; there are: {', '.join(shipped_names())}")
    return Recording.load(SHIPPED / name)


def shipped_names() -> list[str]:
    """Names that `shipped` takes, `mnist_textbook_seeds/1` among them."""
    return sorted(str(path.parent.relative_to(SHIPPED).as_posix()) for path in SHIPPED.rglob("recording.json"))


def family(name: str) -> list[Recording]:
    """Shipped recordings that belong together, such as the five seeds of `mnist_textbook_seeds`."""
    names = [each for each in shipped_names() if each.startswith(name + "/")]
    if not names:
        raise RecordingError(f"no shipped recordings belong to {name!r}; there are: {', '.join(shipped_names())}")
    return [shipped(each) for each in names]


def build(frames: list[Picture], meta: dict, quality: int = 80) -> Recording:
    """Put PIL images of one size into an atlas and complete `meta` with its layout and checksums.

    meta: everything but `atlas`, `format`, `version` and `checksum`; what is not finite in it becomes None. quality:
    WebP's, 1–100. Returns a Recording. Raises RecordingError for frames that `layout` refuses, or none.
    """
    from PIL import Image

    if not frames:
        raise RecordingError(
            "a recording needs at least one frame: none was recorded, as the run came to none of "
            "its steps; recorder.keep() keeps a frame of where it stands"
        )
    quality, (width, height) = integer("quality", quality, 1, 100), frames[0].size
    columns, rows = layout(len(frames), width, height)
    sheet = Image.new(frames[0].mode, (columns * width, rows * height))
    for i, frame in enumerate(frames):
        sheet.paste(frame, (i % columns * width, i // columns * height))
    buffer = io.BytesIO()
    sheet.save(buffer, "WEBP", quality=quality, method=6)
    atlas = {
        "file": "frames.webp",
        "columns": columns,
        "rows": rows,
        "frame_width": width,
        "frame_height": height,
        "frames": len(frames),
    }
    return sealed(meta, atlas, buffer.getvalue())


def sealed(meta: dict, atlas: dict, frames: bytes) -> Recording:
    """A recording of frames that are packed already. atlas: what is said of their file but its checksum."""
    atlas = {**atlas, "sha256": hashlib.sha256(frames).hexdigest()}
    meta = plain({"format": FORMAT, "version": VERSION, **meta, "atlas": atlas})
    return Recording({**meta, "checksum": checksum(meta)}, atlas=frames)


def layout(count: int, width: int, height: int) -> tuple[int, int]:
    """(columns, rows) of the picture that holds `count` frames of width × height pixels.

    Raises RecordingError for more than one picture can hold that can be opened again.
    """
    columns = max(1, min(count, math.ceil(math.sqrt(count * height / width)), WEBP_LIMIT // width))
    rows = math.ceil(count / columns)
    sides = columns * width, rows * height
    if max(sides) > WEBP_LIMIT or sides[0] * sides[1] > MOST_PIXELS:
        raise RecordingError(
            f"{count:,} frames of {width:,} × {height:,} pixels do not fit one picture, whose sides "
            f"are at most {WEBP_LIMIT:,} and which has at most {MOST_PIXELS:,} pixels: record fewer "
            "frames, or smaller ones"
        )
    return columns, rows


def checksum(meta: dict) -> str:
    """SHA-256 of a recording's content, its own checksum left out. Raises RecordingError for what JSON cannot hold."""
    content = {key: value for key, value in meta.items() if key != "checksum"}
    try:
        packed = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise RecordingError(
            f"the recording holds NaN, infinity or what JSON cannot ({error}): what stands in its "
            "settings, scores and curves must be text or finite numbers"
        ) from None
    return hashlib.sha256(packed.encode()).hexdigest()


def _checked(meta: dict, folder: Path | None) -> dict:
    where = f"{folder}: " if folder else ""
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        raise RecordingError(f"{where}not a recording of gan_edu (its format is {_format_of(meta)!r}, not {FORMAT!r})")
    if meta.get("version") != VERSION:
        raise RecordingError(
            f"{where}made by another version of gan_edu (format {meta.get('version')}, this one reads "
            f"{VERSION}): install a newer gan_edu, or record again"
        )
    missing = [key for key in KEYS if key not in meta]
    if missing:
        raise RecordingError(f"{where}the recording lacks {', '.join(missing)}: record again")
    name = meta["atlas"].get("file") if isinstance(meta["atlas"], dict) else None
    if not isinstance(name, str) or not re.fullmatch(PICTURE, name):
        raise RecordingError(
            f"{where}the recording's picture must be a file beside it, such as frames.webp, got "
            f"{name!r}: gan_edu did not make it so; record again"
        )
    if checksum(meta) != meta["checksum"]:
        raise RecordingError(f"{where}recording.json is damaged or was edited (its checksum differs): record again")
    try:
        check(meta)
    except ValueError as error:
        raise RecordingError(f"{where}the recording cannot be shown, as {error}: record again") from None
    return meta


def _format_of(meta: object) -> object:
    return meta.get("format") if isinstance(meta, dict) else type(meta).__name__
