"""Which files of a folder are pictures: by how they end, and where that says nothing, by how they begin."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

# What pictures end in; where a file ends otherwise, Pillow is asked whether it is one. Those of them that it has no
# reader for here (HEIC without pillow-heif) are left aside; it is said.
SUFFIXES = {
    ".png",
    ".apng",
    ".jpg",
    ".jpeg",
    ".jpe",
    ".jfif",
    ".bmp",
    ".dib",
    ".gif",
    ".webp",
    ".avif",
    ".tif",
    ".tiff",
    ".jp2",
    ".j2k",
    ".pbm",
    ".pgm",
    ".ppm",
    ".pnm",
    ".pcx",
    ".tga",
    ".ico",
    ".heic",
    ".heif",
    ".jxl",
    ".psd",
    ".svg",
    ".dng",
    ".cr2",
    ".cr3",
    ".nef",
    ".arw",
}
OF_SYSTEMS = {"__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "lost+found"}


def readers() -> dict[str, str]:
    """{suffix: format} of the pictures that Pillow reads here, with what plug-ins have brought."""
    from PIL import Image

    return {
        suffix: kind
        for suffix, kind in Image.registered_extensions().items()
        if suffix in SUFFIXES and kind in Image.OPEN
    }


def pictures_in(folder: Path, readers: dict[str, str]) -> list[Path]:
    if not folder.is_dir():
        raise NotADirectoryError(f"{str(folder)!r} is not a folder: give the folder that holds your pictures")
    paths: list[Path] = []
    unread: list[Path] = []
    links: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in OF_SYSTEMS]
        links += [path for name in folders if (path := Path(place, name)).is_symlink()]
        for path in (Path(place, name) for name in names if not name.startswith(".")):
            if path.suffix.lower() in SUFFIXES:
                (paths if path.suffix.lower() in readers else unread).append(path)
            elif _is_picture(path, readers):
                paths.append(path)
    told = _left_aside(unread, links)
    if not paths:
        raise FileNotFoundError(f"no pictures in {str(folder)!r}: looked for {', '.join(sorted(readers))}. {told}")
    if told:
        warnings.warn(told, stacklevel=3)
    return sorted(paths)


def _is_picture(path: Path, readers: dict[str, str]) -> bool:
    """Whether a file of another name, or of none that says anything, begins as a picture."""
    from PIL import Image

    with warnings.catch_warnings():  # of its size: `_read` says it
        warnings.simplefilter("ignore")
        if not path.is_file():
            return False
        try:
            with Image.open(path, formats=sorted(set(readers.values()) - {"TGA"})):  # whose beginning says little
                return True
        except Image.DecompressionBombError:
            return True
        except Exception:
            return False


def _left_aside(unread: list[Path], links: list[Path]) -> str:
    """What may have been meant and is not read, in words; none where there is no such thing."""
    told = []
    if unread:
        told.append(
            f"{len(unread)} left aside that Pillow has no reader for here, {str(min(unread))!r} first: save "
            "them as PNG or JPEG"
        )
    if links:
        told.append(f"{len(links)} left aside that are links to folders, {str(min(links))!r} first: copy the folders")
    return "; ".join(told)


def _unreadable(error: OSError) -> None:
    raise OSError(
        f"the folder {error.filename!r} cannot be read ({error.strerror}): give yourself the right to read "
        "it, or move it away"
    ) from error
