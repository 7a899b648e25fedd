"""A learner's own pictures: every mode keeps its range, transparency lies on a ground, bad files are named."""

import os
import socket
import struct
import zlib
from pathlib import Path

import numpy as np
import PIL
import pytest
import torch
from PIL import Image

from gan_edu.core.data import own_pictures
from gan_edu.core.data.own_pictures import fitted, images_from_folder

SIDE = 28
PILLOW = tuple(map(int, PIL.__version__.split(".")[:2]))  # older ones read less, and say so or not
RAMP = np.linspace(0, 1, SIDE * SIDE).reshape(SIDE, SIDE)
LEVELS = np.rint(RAMP * 255)  # what a ramp from black to white is in 8 bits
Y, X = np.mgrid[:SIDE, :SIDE]
DISC = (Y - 13.5) ** 2 + (X - 13.5) ** 2 < 81
GREY = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601


def one(folder, name, picture, size=SIDE, save=None, **options):
    """The only picture of a folder, read back: (C, H, W) as floats."""
    picture.save(folder / name, **(save or {}))
    return images_from_folder(folder, size, **options)[0].double().numpy()


def close(found, expected, by=1.0):
    assert found.shape[-2:] == np.shape(expected)[-2:]
    np.testing.assert_allclose(found, np.broadcast_to(expected, found.shape), atol=by)


def test_a_16_bit_ramp_keeps_its_256_levels(tmp_path):
    found = one(tmp_path, "a.png", Image.fromarray(np.rint(RAMP * 65_535).astype(np.uint16)))
    close(found, LEVELS)
    assert found.mean() == pytest.approx(127.5, abs=0.5) and len(np.unique(found)) == 256


def test_16_bits_in_the_other_order_of_bytes(tmp_path):
    big = Image.frombytes("I;16B", (SIDE, SIDE), np.rint(RAMP * 65_535).astype(">u2").tobytes())
    found = one(tmp_path, "a.tif", big)
    close(found, LEVELS)


def test_a_dark_16_bit_picture_stays_dark(tmp_path):
    """The type's range counts, not the picture's: 4096 of 65535 is a sixteenth."""
    found = one(tmp_path, "a.png", Image.fromarray(np.full((SIDE, SIDE), 4096, np.uint16)))
    close(found, 4096 / 65_535 * 255 * np.ones((SIDE, SIDE)), 0.5)


@pytest.mark.parametrize(
    "low, high, black, white",
    [(0, 1, 0, 1), (0, 200, 0, 255), (0, 60_000, 0, 65_535), (-3, 5, -3, 5), (0, 1_000_000, 0, 1_000_000)],
)
@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_32_bits_by_the_rule_that_is_told(tmp_path, dtype, low, high, black, white):
    values = (low + (high - low) * RAMP).astype(dtype)
    found = one(tmp_path, "a.tif", Image.fromarray(values))
    close(found, (values.astype(float) - black) / (white - black) * 255)


def test_floats_from_0_to_1_are_kept_as_such(tmp_path):
    found = one(tmp_path, "a.tiff", Image.fromarray((0.25 + 0.5 * RAMP).astype(np.float32)))
    assert found.min() == pytest.approx(64, abs=1) and found.max() == pytest.approx(191, abs=1)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [-7.0, -3e38, 3e38, -1e-42])
def test_a_picture_of_one_value_outside_every_range(tmp_path, value):
    assert one(tmp_path, "a.tif", Image.fromarray(np.full((4, 4), value, np.float32)), 4).max() == 0


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("low, high", [(-3e38, 3e38), (-1e-42, 0)])
def test_floats_as_far_apart_and_as_near_as_can_be(tmp_path, low, high):
    values = np.linspace(low, high, SIDE * SIDE).astype(np.float32).reshape(SIDE, SIDE)
    close(one(tmp_path, "a.tif", Image.fromarray(values)), np.linspace(0, 255, SIDE * SIDE).reshape(SIDE, SIDE))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_float_picture_that_is_not_finite_is_named(tmp_path, bad):
    values = RAMP.astype(np.float32)
    values[3, 4] = bad
    Image.fromarray(values).save(tmp_path / "burnt.tif")
    with pytest.raises(OSError, match="burnt.tif. cannot be read.*NaN or infinity"):
        images_from_folder(tmp_path)


def test_a_16_bit_picture_is_shrunk_without_losing_its_range(tmp_path):
    big = np.linspace(0, 65_535, 112).astype(np.uint16)[None].repeat(112, 0)
    found = one(tmp_path, "a.png", Image.fromarray(big))
    close(found, (np.arange(SIDE) + 0.5) / SIDE * 255 * np.ones((SIDE, 1)), 2)


def test_8_bit_modes(tmp_path):
    grey = LEVELS.astype(np.uint8)
    close(one(tmp_path, "a.png", Image.fromarray(grey)), grey, 0)
    colours = np.stack([grey, grey.T, 255 - grey], 2)
    close(one(tmp_path, "a.png", Image.fromarray(colours)), colours @ GREY, 0.5001)
    close(one(tmp_path, "a.png", Image.fromarray(colours), colour=True), colours.transpose(2, 0, 1), 0)
    close(one(tmp_path, "a.png", Image.fromarray(DISC)), DISC * 255.0, 0)  # 1 bit a pixel
    palette = Image.new("P", (SIDE, SIDE))
    palette.putpalette([10, 20, 30, 200, 100, 0])
    palette.putdata(DISC.astype(int).flatten().tolist())
    expected = np.where(DISC[..., None], [200, 100, 0], [10, 20, 30])
    close(one(tmp_path, "a.png", palette, colour=True), expected.transpose(2, 0, 1), 0)


def test_cmyk(tmp_path):
    inks = np.stack([LEVELS, 0 * LEVELS, 255 - LEVELS, 0 * LEVELS + 51], 2).astype(np.uint8)
    found = one(tmp_path, "a.tif", Image.frombytes("CMYK", (SIDE, SIDE), inks.tobytes()), colour=True)
    close(found, ((255.0 - inks[..., :3]) * (255 - inks[..., 3:]) / 255).transpose(2, 0, 1), 1)


def clear(colour, mode="RGBA"):
    """A disc of one colour on a transparent ground whose hidden colour is black."""
    pixels = np.zeros((SIDE, SIDE, 4), np.uint8)
    pixels[DISC] = (*colour, 255)
    return Image.fromarray(pixels).convert(mode)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_a_drawing_on_a_clear_ground_is_seen(tmp_path, mode):
    close(one(tmp_path, "a.png", clear((0, 0, 0), mode)), np.where(DISC, 0, 255), 0)  # black: on white
    close(one(tmp_path, "a.png", clear((255, 255, 255), mode)), np.where(DISC, 255, 0), 0)  # white: on black
    close(one(tmp_path, "a.png", clear((255, 255, 255), mode), ground="white"), np.full((SIDE, SIDE), 255), 0)
    close(one(tmp_path, "a.png", clear((0, 0, 0), mode), ground="#808080"), np.where(DISC, 0, 128), 0)


def test_the_ground_may_have_a_colour(tmp_path):
    found = one(tmp_path, "a.png", clear((0, 0, 255)), colour=True, ground="red")
    close(found, np.where(DISC, np.array([0, 0, 255])[:, None, None], np.array([255, 0, 0])[:, None, None]), 0)


@pytest.mark.parametrize("bad", ["whiteish", 7, "", b"white"])
def test_a_ground_that_is_no_colour(tmp_path, bad):
    with pytest.raises(ValueError, match="ground must be the name of a colour"):
        images_from_folder(tmp_path, ground=bad)


def test_half_transparent_pixels_are_mixed_before_they_are_shrunk(tmp_path):
    """As numpy lays them on the ground at full size: colours hidden under transparency must not bleed in."""
    rng = np.random.default_rng(0)
    smooth = np.asarray(Image.fromarray(rng.integers(0, 256, (8, 8, 4), np.uint8)).resize((84, 84)))
    a = smooth[..., 3:] / 255
    mixed = np.rint(smooth[..., :3] * a + 255 * (1 - a)).astype(np.uint8)
    found = one(tmp_path, "a.png", Image.fromarray(smooth), colour=True, ground="white")
    (tmp_path / "flat").mkdir()
    close(found, one(tmp_path / "flat", "a.png", Image.fromarray(mixed), colour=True), 3)


def palette(**transparency):
    made = Image.new("P", (SIDE, SIDE))
    made.putpalette([0, 0, 0, 0, 0, 0])  # 0 is hidden, 1 the drawing: both black
    made.putdata(DISC.astype(int).flatten().tolist())
    return made, transparency


@pytest.mark.parametrize("name, transparency", [("a.png", 0), ("a.png", b"\x00\xff"), ("a.gif", 0)])
def test_palettes_with_a_transparent_colour(tmp_path, name, transparency):
    made, save = palette(transparency=transparency)
    close(one(tmp_path, name, made, save=save), np.where(DISC, 0, 255), 0)


@pytest.mark.parametrize(
    "picture, transparency, drawn",
    [
        (Image.fromarray(np.where(DISC, 30, 0).astype(np.uint8)), 0, 30),
        (Image.fromarray(np.where(DISC[..., None], [30, 30, 30], [0, 0, 1]).astype(np.uint8)), (0, 0, 1), 30),
        (Image.fromarray(np.where(DISC, 7710, 0).astype(np.uint16)), 0, 30),
    ],
)
def test_a_png_with_one_transparent_colour(tmp_path, picture, transparency, drawn):
    close(one(tmp_path, "a.png", picture, save={"transparency": transparency}), np.where(DISC, drawn, 255), 0.5)


def png(depth, rows, *transparent):
    """A PNG of 1, 2, 4 or 16 bits a channel by hand, with one transparent level: grey (H, W), or colours (H, W, 3)."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    bits = [((row.reshape(-1, 1) >> np.arange(depth)[::-1]) & 1).flatten() for row in rows]
    lines = b"".join(b"\0" + np.packbits(line.astype(np.uint8)).tobytes() for line in bits)
    head = struct.pack(">IIBBBBB", rows.shape[1], len(rows), depth, 2 * (rows.ndim == 3), 0, 0, 0)
    level = struct.pack(f">{len(transparent)}H", *transparent)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"tRNS", level)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("depth", [1, 2, 4, 16])
def test_a_greyscale_png_of_any_depth_with_a_transparent_level(tmp_path, depth):
    """White is transparent, the drawing black: it lies on white; black transparent, the drawing white: on black."""
    if depth == 1 and PILLOW < (12, 1):
        pytest.skip("before 12.1 Pillow forgets which level of 1 bit is transparent")
    white = 2**depth - 1
    (tmp_path / "a.png").write_bytes(png(depth, np.where(DISC, 0, white), white))
    (tmp_path / "b.png").write_bytes(png(depth, np.where(DISC, white, 0), 0))
    a, b = images_from_folder(tmp_path, ground="red")[:, 0].numpy()
    red = np.rint(255 * GREY[0])
    close(a, np.where(DISC, 0, red), 0.5)
    close(b, np.where(DISC, 255, red), 0.5)


@pytest.mark.parametrize("mode", ["La", "PA", "RGBa"])
def test_modes_that_only_some_files_open_as(mode):
    if mode == "PA":
        through = Image.new("PA", (SIDE, SIDE))
        through.putpalette([0] * 6)
        through.putalpha(Image.fromarray(DISC).convert("L"))
    else:
        through = clear((0, 0, 0), {"La": "LA", "RGBa": "RGBA"}[mode]).convert(mode)
    assert through.mode == mode
    colours, opacity = fitted(through, SIDE)
    close(colours.transpose(2, 0, 1), np.zeros((SIDE, SIDE)), 0)
    close(opacity.transpose(2, 0, 1), DISC.astype(float), 0)


# ------------------------------------------------------------------ a folder as it is found

FLAT = Image.new("L", (SIDE, SIDE), 200)


def saved(picture=FLAT, **options):
    return lambda path: picture.save(path, **options)


def holds(content):
    return lambda path: path.write_bytes(content)


def folder(path):
    """A folder in place of a file, with one picture in it."""
    path.mkdir()
    FLAT.save(path / "a.png")


def film(path):
    FLAT.save(path, save_all=True, append_images=[Image.new("L", FLAT.size, 9)])


def pipe(path):
    if os.name == "nt":
        pytest.skip("Windows keeps no pipes among its files")
    os.mkfifo(path)


def link(to):
    return lambda path: path.symlink_to(to)


def linked(path):
    FLAT.save(".a", "PNG")
    path.symlink_to(".a")


def cut_short(path):
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[: -path.stat().st_size // 3])


def claims(side):
    """A small file that says it is side × side pixels large."""

    def make(path):
        FLAT.save(path)
        content = bytearray(path.read_bytes())
        content[16:24] = struct.pack(">II", side, side)
        content[29:33] = struct.pack(">I", zlib.crc32(bytes(content[12:29])))
        path.write_bytes(bytes(content))

    return make


def listening(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def tiff(value, dtype, black):
    """An uncompressed TIFF of one channel and one value. black: 1 where 0 is black, 0 where it is white."""

    def make(path):
        values = np.full((SIDE, SIDE), value, dtype)
        kind = {"u": 1, "f": 3}[values.dtype.kind]
        facts = {
            256: SIDE,
            257: SIDE,
            258: 8 * values.itemsize,
            259: 1,
            262: black,
            273: 8,
            277: 1,
            278: SIDE,
            279: values.nbytes,
            339: kind,
        }
        tags = b"".join(struct.pack("<HHII", tag, 4, 1, fact) for tag, fact in facts.items())
        path.write_bytes(
            b"II*\0"
            + struct.pack("<I", 8 + values.nbytes)
            + values.tobytes()
            + struct.pack("<H", len(facts))
            + tags
            + bytes(4)
        )

    return make


READ = {  # each of grey 200, whatever it is kept as
    "lab.tif": saved(Image.merge("LAB", [Image.new("L", FLAT.size, level) for level in (206, 128, 128)])),
    "ycbcr.jpg": saved(FLAT.convert("RGB")),
    "ycbcr.tif": saved(FLAT.convert("YCbCr")),
    "cmyk.jpg": saved(FLAT.convert("RGB").convert("CMYK")),
    "16 bits.png": saved(Image.new("I;16", FLAT.size, 51_400)),
    "white 0, 8 bits.tif": tiff(55, "u1", 0),
    "white 0, 16 bits.tif": tiff(55 * 257, "<u2", 0),
    "white 0, floats.tif": tiff(55 / 255, "<f4", 0),
    "black 0, floats.tif": tiff(200 / 255, "<f4", 1),
    "several.gif": film,
    "several.tif": film,
    "several.webp": film,
    "several.png": film,
    "UPPER.PNG": saved(),
    "from a page.jfif": saved(format="JPEG"),
    "a jpeg.png": saved(format="JPEG"),
    **{
        f"a.{suffix}": saved(FLAT, format=kind)
        for suffix, kind in (
            ("pgm", "PPM"),
            ("pnm", "PPM"),
            ("jpe", "JPEG"),
            ("tga", "TGA"),
            ("ico", "ICO"),
            ("dib", "DIB"),
            ("j2k", "JPEG2000"),
            ("pcx", "PCX"),
            ("data", "PNG"),
        )
    },
    "without a suffix": saved(format="PNG"),
    "thin.png": saved(Image.new("L", (1, 900), 200)),
    "two\nlines.png": saved(),
    "猫 🐈.png": saved(),
    os.fsdecode(b"no \xff text.png"): saved(),
    "exif.png": saved(exif=b"nonsense"),
    "exif.webp": saved(exif=b"nonsense", lossless=True),
    "exif.jpg": saved(exif=b"Exif\0\0II*\0\xff\xff\xff\xff"),
    "folder.png": folder,
    "link.png": linked,
}
LEFT_ASIDE = {  # what a system puts beside pictures, and what is none
    "._a.png": holds(b"\0\5\x16\7"),
    ".hidden.png": saved(),
    ".ipynb_checkpoints": folder,
    "__MACOSX": folder,
    "@eaDir": folder,
    "$RECYCLE.BIN": folder,
    ".DS_Store": holds(b"x"),
    "Thumbs.db": holds(b"x"),
    "desktop.ini": holds(b"x"),
    "notes.txt": holds(b"x"),
    "labels.npy": holds(b"\x93NUMPY\x01\0" + bytes(99)),
    "zeros": holds(bytes(999)),
    "pipe": pipe,
    "dangling": link("nowhere"),
}
UNREAD = "1 left aside that Pillow has no reader for here, '{}' first: save them as PNG or JPEG"
LINK = "1 left aside that are links to folders, '{}' first: copy the folders"
SAID = {
    "phone.heic": (holds(b"x"), UNREAD),
    "drawing.SVG": (holds(b"<svg/>"), UNREAD),
    "round": (link("."), LINK),
    "elsewhere": (link("/"), LINK),
    "camera.nef": (link("a good one.png"), UNREAD),
}
NOTHING, UNKNOWN = "no ordinary file, or a link to nothing", "cannot identify image file"
REFUSED = {
    **{f"cut.{suffix}": (cut_short, "") for suffix in ("png", "jpg", "gif", "webp", "bmp", "tif")},
    "empty.png": (holds(b""), UNKNOWN),
    "text.png": (holds(b"hello"), UNKNOWN),
    "page.jpg": (holds(b"<html>"), UNKNOWN),
    "head.png": (holds(b"\x89PNG\r\n\x1a\n" + bytes(40)), ""),
    "head.tif": (holds(b"II*\0" + b"\xff" * 60), ""),
    "program.png": (saved(FLAT, format="EPS"), UNKNOWN),  # PostScript, which Ghostscript would carry out
    "bomb.png": (claims(60_000), "DecompressionBombError"),
    "large.png": (claims(10_000), "truncated"),
    "flat.png": (claims(0), ""),
    "burnt.tif": (tiff(np.nan, "<f4", 1), "NaN or infinity"),
    "pipe.png": (pipe, NOTHING),
    "socket.png": (listening, NOTHING),
    "device.png": (link("/dev/zero"), NOTHING),
    "dangling.png": (link("nowhere"), NOTHING),
    "loop.png": (link("loop.png"), NOTHING),
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The folder one is in, with one good picture; a socket's path may only be short."""
    monkeypatch.chdir(tmp_path)
    Image.new("L", (SIDE, SIDE), 77).save("a good one.png")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", READ)
def test_what_can_be_read_is_read_as_it_looks(here, name):
    if name == "ycbcr.tif" and PILLOW < (12, 3):
        pytest.skip("before 12.3 Pillow reads no such TIFF: the file is named as one that cannot be read")
    READ[name](Path(name))
    means = sorted(images_from_folder(".").double().mean((1, 2, 3)).tolist())
    assert means == pytest.approx([77, 200], abs=1)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", LEFT_ASIDE)
def test_what_a_system_puts_beside_pictures_is_left_aside(here, name):
    LEFT_ASIDE[name](Path(name))
    assert images_from_folder(".").flatten().unique().tolist() == [77]


@pytest.mark.parametrize("name", SAID)
def test_what_may_have_been_meant_and_is_not_read_is_said_once(here, name):
    make, words = SAID[name]
    make(Path(name))
    with pytest.warns(UserWarning, match=words.format(name)) as told:
        assert len(images_from_folder(".")) == len(told) == 1
    Path("a good one.png").unlink()
    with pytest.raises(FileNotFoundError, match=f"no pictures in.*{words.format(name)}"):
        images_from_folder(".")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", REFUSED)
def test_whatever_is_wrong_with_a_file_it_is_named(here, name):
    make, words = REFUSED[name]
    make(Path(name))
    with pytest.raises(OSError, match=f"'{name}' cannot be read as a picture.*{words}.*: remove it, or save it anew"):
        images_from_folder(".")


def test_a_name_that_is_no_text_can_be_printed(here):
    Path(os.fsdecode(b"\xff\n.png")).touch()
    with pytest.raises(OSError, match=r"'\\udcff\\n.png' cannot be read") as told:
        images_from_folder(".")
    str(told.value).encode()


def test_a_reader_that_a_plug_in_brings_is_used(here, monkeypatch):
    """As pillow_heif.register_heif_opener does."""
    monkeypatch.setattr(Image, "EXTENSION", {**Image.registered_extensions(), ".heic": "PNG"})
    FLAT.save("phone.heic", "PNG")
    assert len(images_from_folder(".")) == 2


def test_a_coloured_png_of_16_bits_with_a_transparent_colour(tmp_path):
    ground = (0x1234, 0x5678, 0x9ABC)
    (tmp_path / "a.png").write_bytes(png(16, np.where(DISC[..., None], 65_535, ground), *ground))
    close(images_from_folder(tmp_path, ground="black")[0, 0].numpy(), np.where(DISC, 255, 0), 0.5)


def test_too_little_memory_is_not_the_pictures_fault(here, monkeypatch):
    def full(*given):
        raise MemoryError

    monkeypatch.setattr(own_pictures, "fitted", full)
    with pytest.raises(ValueError, match="'a good one.png' at 28 × 28 .* does not fit into memory: take a smaller"):
        images_from_folder(".")


@pytest.mark.parametrize("size", [0, -1, 2.5, "28", None, True, float("nan"), 10**9])
def test_a_size_that_cannot_be(here, size):
    with pytest.raises(ValueError, match="size"):
        images_from_folder(".", size)


def test_more_pictures_than_memory(here, monkeypatch):
    def full(*shape, **options):
        raise RuntimeError("can't allocate memory")

    monkeypatch.setattr(torch, "empty", full)
    with pytest.raises(ValueError, match="1 pictures of 28 × 28 pixels do not fit into memory: take a smaller size"):
        images_from_folder(".")


@pytest.mark.parametrize("place", ["absent", "~no such user", "a good one.png"])
def test_what_is_no_folder(here, place):
    with pytest.raises(NotADirectoryError, match="is not a folder: give the folder"):
        images_from_folder(place)
    with pytest.raises(ValueError, match="folder must be a path"):
        images_from_folder("\0")


def test_a_folder_of_hidden_pictures_is_named_by_its_own_path(tmp_path):
    """What counts is below the folder: it may lie in a hidden one itself."""
    (tmp_path / ".mine").mkdir()
    Image.new("L", (4, 4), 9).save(tmp_path / ".mine" / "a.png")
    assert images_from_folder(tmp_path / ".mine", 4).max() == 9
    with pytest.raises(FileNotFoundError, match="no pictures in"):
        images_from_folder(tmp_path)


def test_a_folder_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    Image.new("L", (4, 4)).save(tmp_path / "a.png")
    (tmp_path / "closed").mkdir()
    scandir = os.scandir

    def refuse(path):
        if os.fspath(path).endswith("closed"):  # to root, as in a container, every folder is open
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(OSError, match="the folder .*closed. cannot be read.*Permission denied"):
        images_from_folder(tmp_path)


def test_turned_pictures_are_turned_back(tmp_path):
    pixels = np.zeros((8, 8), np.uint16)
    pixels[:4] = 65_535  # orientation 6: stored with its top at the left
    exif = Image.Exif()
    exif[0x0112] = 6
    found = one(tmp_path, "a.png", Image.fromarray(pixels), 8, save={"exif": exif})
    assert found[0, :, 4:].min() == 255 and found[0, :, :4].max() == 0
    assert torch.equal(images_from_folder(tmp_path, 8), images_from_folder(tmp_path, 8))
