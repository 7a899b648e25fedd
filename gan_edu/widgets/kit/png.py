"""A PNG that is handed over as base64, in a table that JSON can hold: looked at before a view shows it."""

from __future__ import annotations

import base64
import io

from gan_edu.core.safety.checked import text


def png(name: str, value: object) -> tuple[bytes, tuple[int, int]]:
    """A PNG and its (width, height) in pixels, of base64. Raises ValueError for anything else."""
    from PIL import Image

    given = text(name, value)
    try:
        found = base64.b64decode(given, validate=True)
        with Image.open(io.BytesIO(found), formats=["PNG"]) as picture:
            picture.load()
            return found, picture.size
    except (ValueError, OSError, SyntaxError) as error:
        raise ValueError(f"{name} must be a PNG as base64 ({type(error).__name__}: {error})") from error
