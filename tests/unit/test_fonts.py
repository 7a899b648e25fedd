"""What a learner writes is readable in every picture, or left out and said beside it: no boxes, no warnings."""

import copy
import io
import logging

import pytest
from helpers.score_samples import SMALL
from PIL import Image

from gan_edu import value_function
from gan_edu.core.notebook import fonts, stills
from gan_edu.core.notebook.figures import show, subplots
from gan_edu.core.notebook.fonts import families, readable
from gan_edu.core.recording.recording import shipped
from gan_edu.widgets import LossExplorer, Saddle, ScoreTable
from gan_edu.widgets.kit.still import contact_sheet
from gan_edu.widgets.plane.page import points_sheet

pytestmark = [
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # what old packages and new ones say of each other
]
CHINESE = [name for name in fonts.OTHERS if (font := fonts.loaded_font(name, 12)) and fonts.has_glyph(font, "猫")]


def fresh():
    for cached in (fonts.font_of, fonts.loaded_font, fonts.family):
        cached.cache_clear()


@pytest.fixture
def without(monkeypatch):
    """A machine with the course's own font alone."""
    monkeypatch.setattr(fonts, "OTHERS", ())
    fresh()
    yield
    fresh()


@pytest.fixture
def with_one():
    if not CHINESE:
        pytest.skip("no font with Chinese letters is installed here")


@pytest.mark.parametrize(
    "text, shown",
    [
        ("My GAN, 2 × θ → ∂", "My GAN, 2 × θ → ∂"),
        ("D 0.5  G 0.7", "D 0.5  G 0.7"),
        ("", ""),
        ("猫", "…"),
        ("学 GAN 学习", "… GAN …"),
        ("cat 🐈‍⬛!", "cat …!"),
        ("❤️ it", "❤ it"),
        ("two\nlines\tand\u00a0more", "two lines and more"),
        ("\ud800", "…"),
        ("bell\a", "bell…"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\ue000", "…"),
    ],
)
def test_what_no_font_has_is_left_out(without, text, shown):
    assert readable(text) == shown


def test_what_a_font_has_is_drawn(with_one):
    assert readable("学 GAN 学习 θ") == "学 GAN 学习 θ"
    assert families("GAN θ") == [] and len(families("学 GAN 习")) == 1


def test_a_system_s_font_is_found_by_its_name(monkeypatch, tmp_path):
    """Of several the first that has the letter; one that cannot be opened or drawn in this size is passed by."""
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    monkeypatch.setattr(fonts, "OTHERS", (str(tmp_path / "broken.ttf"), "absent.ttf", *fonts.OTHERS))
    fresh()
    assert readable("猫") == ("猫" if CHINESE else "…")
    fresh()


def titled(name, title):
    recording = shipped(name)
    recording.meta["title"] = title
    return recording


def sheet(title):
    return contact_sheet((titled("mnist_textbook", title),))


def still_of_the_plane(title):
    return points_sheet((titled("plane/ring", title),))


def figure(title):
    figure, axes = subplots()
    axes.bar([0, 1], [1, 2], label=title)
    axes.set_xticks([0, 1], [title, "b"])
    axes.set(title=title, xlabel=title)
    axes.legend()
    return show(figure, "a figure").png


def score_table(title):
    tables = copy.deepcopy(SMALL)
    for row in tables["By hand"]["rows"]:
        row["title"] = f"{row['title']} {title}"
    tables["By hand"]["columns"][0]["title"] = title
    return ScoreTable(tables).picture()


def losses(title):
    from gan_edu.losses import non_saturating

    return LossExplorer({title: non_saturating}).picture()


def saddle(title):
    return Saddle({title: value_function.two_points}).picture()


PICTURES = [sheet, still_of_the_plane, figure, score_table, losses, saddle]


@pytest.mark.parametrize("picture", PICTURES)
def test_two_titles_look_different_where_a_font_has_them(with_one, caplog, picture):
    """Boxes would be the same."""
    caplog.set_level(logging.WARNING)
    assert pixels(picture("猫")) != pixels(picture("犬")) and not caplog.records


@pytest.mark.parametrize("picture", PICTURES)
def test_where_none_has_them_dots_stand_for_them(without, caplog, picture):
    caplog.set_level(logging.WARNING)
    assert pixels(picture("猫 🐈")) == pixels(picture("… …")) and not caplog.records


def pixels(png):
    return Image.open(io.BytesIO(png)).convert("RGB").tobytes()


def test_what_is_written_in_two_fonts_stands_on_one_line(with_one):
    """The letters of the course's own font are where they would be alone; the others stand to their right."""
    from PIL import ImageDraw

    def drawn(text):
        paper = Image.new("L", (200, 40), 255)
        fonts.write(ImageDraw.Draw(paper), (5, 10), text, 14, "black", bold=True)
        return paper.point(lambda level: 255 - level)

    alone, both = drawn("Cat "), drawn("Cat 猫")
    left, top, right, bottom = alone.getbbox()
    assert both.crop((0, 0, right, 40)).tobytes() == alone.crop((0, 0, right, 40)).tobytes()
    assert both.getbbox()[2] > right + 8 and abs(both.getbbox()[3] - bottom) <= 3


def test_words_are_seen_where_the_picture_lacks_them(without):
    for words in (stills.words, stills.words_instead):
        assert "jp-sr-only" in words("a cat … θ")["text/html"]
        assert "jp-sr-only" not in words("猫: eight grids")["text/html"]
        assert "猫: eight grids" in words("猫: eight grids")["text/html"]
        assert all(stills.are_words(words(alt)) for alt in ("a cat", "猫"))


def test_words_are_heard_alone_where_the_picture_has_them(with_one):
    assert "jp-sr-only" in stills.words("猫")["text/html"]
