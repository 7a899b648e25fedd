"""Few images in Python: what is stored, what must not be, files, packed tiles, words, picture, page."""

import base64
import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
import traitlets
from helpers import small_few as small
from helpers.pixels import near, only_so, picture_of
from PIL import Image

import gan_edu
from gan_edu.widgets import FewImages
from gan_edu.widgets.few_images import still
from gan_edu.widgets.few_images.tiles import packed, tile

CELLS = [(method, row, column) for method in small.METHODS for row in range(3) for column in range(4)]


def few(**state):
    return FewImages(small.stored(), **state)


def atlas_of(table):
    return Image.open(io.BytesIO(base64.b64decode(table["atlas"])))


# ---------------------------------------------------------------- what is stored


def test_it_opens_with_the_fewest_images_at_the_end_between_first_and_last():
    control = few()
    assert (control.n, control.step, control.a, control.b) == (20, 4000, "scratch", "both")
    one = FewImages(small.stored(methods=[{"key": "ada", "label": "ADA"}], cells=cells_of("ada")))
    assert one.shown == ["ada"] and one.b == ""


def cells_of(method):
    return {name: cell for name, cell in small.stored()["cells"].items() if name.split("/")[0] == method}


@pytest.mark.parametrize(("method", "row", "column"), CELLS[::7])
def test_each_cell_is_found_where_the_sliders_stand(method, row, column):
    found = few(n=small.IMAGES[row], step=small.LOOKS[column]).at(method)
    assert found["score"] == small.score(method, row, column) and found["copied"] == small.copied(method, row, column)
    assert found["distances"] == [small.distance(method, row, column, k) for k in range(8)]
    assert found["copies"] == [each < small.BELOW for each in found["distances"]]
    pictures = small.drawn()[f"{method}/{small.IMAGES[row]}"]
    for part, drawn in zip(("samples", "nearest"), pictures, strict=True):
        for k, place in enumerate(found[part]):
            seen = np.asarray(tile(atlas_of(small.stored()), place), int)
            assert np.abs(seen - drawn[column, k]).max() <= 9  # 16 greys


def test_a_limit_may_differ_by_the_number_of_images_and_what_lies_on_it_is_no_copy():
    table = small.stored()
    table["copy"]["below"] = [0.03, 0.05, 0.5]
    assert few(n=500).at("scratch")["copies"] == [True] * 2 + [False] * 6
    control = FewImages(table)
    assert control.at("scratch")["copies"] == [True] + [False] * 7
    control.n = 500
    assert control.at("scratch")["copies"] == [True] * 8 and "nearer than 0.500" in control.head


def test_what_is_not_told_is_not_there():
    table = small.stored()
    del table["score"]["floor"], table["copy"]["floor"]
    board = FewImages(table).board
    assert board["score"]["floor"] is None and board["copy"]["floor"] is None


def without(part, key):
    table = small.stored()
    del table[part][key]
    return table


def within(part, **of):
    table = small.stored()
    return {**table, part: {**table[part], **of}}


def cell(**of):
    """The table with other parts of its first cell."""
    table = small.stored()
    table["cells"]["scratch/20"].update(of)
    return table


def of_looks(first):
    """A cell's part whose first look is that, and the others as they are."""
    return [first, *small.stored()["cells"]["scratch/20"]["samples"][1:]]


def sheet(width, height):
    buffer = io.BytesIO()
    Image.new("L", (width, height)).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


METHOD = {"key": "ada", "label": "ADA"}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "stored lacks images, looks, seeds, methods, score, copy, cells, atlas"),
        (small.stored(images=[20, 500, 100]), "images must rise, each above the one before"),
        (small.stored(images=[20]), "images: how many there are must be a whole number from 2 to 6, got 1"),
        (small.stored(images=[0, 20]), "images, place 0 must be a whole number ≥ 1, got 0"),
        (small.stored(looks=[500, 500, 1000, 2000]), "looks must rise"),
        (small.stored(looks=[500, 1000, 2000]), r"cells\['scratch/20'\]: samples must be a list of 3, got 4"),
        (small.stored(seeds=[]), "seeds: how many there are must be a whole number from 1 to 100, got 0"),
        (small.stored(seeds=[1.5]), "seeds, place 0 must be a whole number"),
        (small.stored(methods=[]), "methods: how many there are must be a whole number from 1 to 8, got 0"),
        (small.stored(methods=[METHOD, METHOD]), "methods must have keys that differ"),
        (small.stored(methods=[{"key": "a/b", "label": "x"}]), "key must hold no '/'"),
        (small.stored(methods=[{"key": "a", "label": " "}]), "label must be a text of 1 to 40 letters"),
        (small.stored(methods=[{"key": "a"}]), "methods, place 0 lacks label"),
        (small.stored(methods=[METHOD]), "cells have 'both/100', which is no method/images of this table"),
        (without("cells", "freeze/100"), "cells lacks freeze/100"),
        (without("score", "label"), "score lacks label"),
        (within("score", lower_is_better="yes"), "score: lower_is_better must be True or False, got 'yes'"),
        (within("score", floor=math.nan), "score: floor must be a finite number"),
        (within("copy", below=0), "copy: below, place 0 must be a finite number > 0, got 0"),
        (within("copy", below=[0.1, 0.2]), "copy: below must be a list of 3, got 2"),
        (within("copy", floor=[0, 0.5, 1.2]), "copy: floor, place 2 must be a finite number from 0 to 1, got 1.2"),
        (cell(score=[[1, 2, 3]] * 4), r"score, place 0 must be \[median, lowest, highest\]"),
        (cell(score=[[math.inf, 1, math.inf]] * 4), "score, place 0, place 0 must be a finite number"),
        (cell(copied=[[0.5, 0.4, 1.1]] * 4), "copied, place 0, place 2 must be a finite number from 0 to 1"),
        (
            cell(samples=of_looks([0] * 7)),
            r"cells\['scratch/20'\] must have as many samples at every look, got \[7, 8\]",
        ),
        (cell(samples=of_looks([-1] * 8)), r"cells\['scratch/20'\]: samples, place 0, place 0 must be a whole number"),
        (cell(nearest=of_looks([10**6] * 8)), "nearest, place 0, place 0 must be a whole number from 0 to"),
        (cell(distances=[[-1] * 8] * 4), "distances, place 0, place 0 must be a finite number ≥ 0"),
        (cell(distances=[[0.1] * 7] * 4), "distances, place 0 must be a list of 8, got 7"),
        (small.stored(atlas=""), "atlas must be a PNG as base64"),
        (small.stored(atlas="ä"), "atlas must be a PNG as base64"),
        (small.stored(atlas=sheet(28, 30)), "atlas must hold tiles of 28 × 28 pixels, got 28 × 30"),
        (small.stored(atlas=sheet(28, 56)), "must be a whole number from 0 to 1, got"),
        (small.stored(atlas="A" * 330_001), "atlas has 330,001 characters, 330,000 are allowed: pack 16 greys"),
    ],
    ids=range(34),
)
def test_a_table_that_cannot_be_shown_gets_a_word(table, words):
    with pytest.raises(ValueError, match=words):
        FewImages(table)


@pytest.mark.parametrize(
    "state", [{"n": 50}, {"step": 0}, {"a": "gan"}, {"a": ""}, {"b": "gan"}, {"n": "20"}, {"step": 500.5}]
)
def test_a_setting_that_is_not_there_gets_a_word(state):
    with pytest.raises(traitlets.TraitError, match=next(iter(state))):
        few(**state)


def test_another_method_is_no_method():
    with pytest.raises(ValueError, match="method must be one of scratch, diff"):
        few().at("gan")


def test_a_link_opens_what_is_stored():
    rules = few().shared()
    assert rules["n"]["of"] == small.IMAGES and rules["step"]["of"] == small.LOOKS
    assert rules["a"]["of"] == list(small.METHODS) and rules["b"]["of"] == [*small.METHODS, ""]


# ---------------------------------------------------------------- files and tiles


def test_a_file_is_as_good_as_its_table(tmp_path):
    path = tmp_path / "few.json"
    path.write_text(json.dumps(small.stored()), encoding="utf-8")
    for given in (path, str(path)):
        made = FewImages(given)
        assert made.board == few().board and made.atlas == few().atlas


def test_a_file_that_is_none_gets_a_word(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no table at .*missing\.json"):
        FewImages(tmp_path / "missing.json")
    (tmp_path / "damaged.json").write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match=r"damaged\.json is damaged, no JSON"):
        FewImages(tmp_path / "damaged.json")
    for given in (None, 3, [1]):
        with pytest.raises(TypeError, match="stored must be a table of named values, or the path of its JSON file"):
            FewImages(given)


def test_packed_tiles_come_back_and_none_is_there_twice():
    stream = np.random.default_rng(0)
    tiles = stream.integers(0, 256, (70, 28, 28), dtype=np.uint8)
    tiles[3], tiles[69] = tiles[0], tiles[0]
    atlas, places = packed(tiles)
    picture = Image.open(io.BytesIO(base64.b64decode(atlas)))
    assert picture.size == (32 * 28, 3 * 28) and places[3] == places[69] == places[0] == 0 and max(places) == 67
    for each, place in zip(tiles, places, strict=True):
        assert np.abs(np.asarray(tile(picture, place), int) - each).max() <= 9
    assert len(np.unique(np.asarray(picture))) == 16


@pytest.mark.parametrize("tiles", [None, np.zeros((2, 28, 27), np.uint8), np.zeros((2, 28, 28)), np.zeros((0, 28, 28))])
def test_only_digits_are_packed(tiles):
    with pytest.raises(ValueError, match=r"tiles must be a numpy array \(N, 28, 28\) of uint8"):
        packed(tiles)


def test_six_methods_stay_below_350_kilobytes():
    assert len(small.METHODS) == 6 and len(json.dumps(small.stored())) <= 350_000


# ---------------------------------------------------------------- words, picture, page


def test_its_words_have_its_numbers():
    control = few(n=100, step=1000, a="tuned", b="")
    assert control.head == "100 training pictures, step 1,000; nearer than 0.120 (RMS of pixels) is a copy"
    assert "the training picture that is nearest" in control.alt
    copies = sum(control.at("tuned")["copies"])
    median, low, high = (f"{each:.3g}" for each in small.score("tuned", 1, 1))
    share, least, most = (f"{100 * each:.3g}" for each in small.copied("tuned", 1, 1))
    words = (
        f"fine-tuned: KID × 10³ {median} ({low} to {high}), copies {share} % ({least} to {most} %), {copies} of the 8"
    )
    assert words in control.alt and "both" not in control.alt and 0 < copies < 8
    assert few().alt.count("of the 8 shown") == 2
    shown = "FewImages(scratch, diff, ada, tuned, freeze, both; n=100, step=1000, a='tuned', b='')"
    assert repr(control) == shown


def test_a_limit_has_as_many_digits_as_its_distances():
    table = small.stored()
    table["copy"]["below"] = [10.2871, 8.24, 7.1649]
    control = FewImages(table)
    for n, words in ((20, "10.29"), (100, "8.24"), (500, "7.16")):
        control.n = n
        assert f"nearer than {words} (RMS" in control.head and f"nearer than {words} (RMS" in control.alt


def test_its_english_words_say_pictures():
    said = json.loads((Path(gan_edu.__file__).parent / "words" / "en.json").read_text(encoding="utf-8"))["few_images"]
    assert [words for words in said.values() if "image" in words.lower()] == []


def corner(row, k):
    """Where a pair stands in the picture."""
    top = still.HEAD + row * (still.HIGH + still.GAP) + still.WORDS
    return still.GAP + still.LEFT + k * still.STEP, top


@pytest.mark.parametrize("b", ["both", ""])
def test_the_picture_has_each_sample_above_its_nearest(b):
    picture = picture_of(few(b=b).picture())
    for row, method in enumerate(["scratch", b] if b else ["scratch"]):
        pair = small.drawn()[f"{method}/20"]
        for k in range(8):
            x, y = corner(row, k)
            for line, drawn in enumerate(pair):
                down = y + line * (still.TILE + still.BETWEEN)
                wanted = np.repeat(np.repeat(drawn[3, k].astype(int), 2, 0), 2, 1)

                def stands(seen, wanted=wanted):
                    assert np.abs(seen[..., 0] - wanted).max() <= 20  # greys of the atlas and of the picture

                only_so(stands, picture[down : down + 56, x : x + 56], "upside down", "mirrored", "dark for light")


def test_copies_are_framed_and_no_others():
    control = few()
    picture = picture_of(control.picture())
    for row, method in enumerate(("scratch", "both")):
        for k, copy in enumerate(control.at(method)["copies"]):
            x, y = corner(row, k)
            frame = near(picture[y - 4 : y + 118, x - 4 : x - 2], "#1B1F24", 40)
            assert frame.all() if copy else not frame.any(), (method, k)


def test_its_page_holds_what_it_shows_and_its_picture_is_small(tmp_path):
    control = few()
    assert control.to_html(tmp_path / "page.html") and len(control.picture()) < 60_000
    state = control.page_state()
    assert json.loads(json.dumps(state))["board"] == control.board
    assert base64.b64decode(state["atlas"]) == control.atlas
