"""What controls and checks say lies in gan_edu/words/ and nowhere else: how it is looked up, what may be missing."""

import ast
import json
import re
import subprocess
import sys
import warnings
from functools import partial
from itertools import chain
from pathlib import Path

import pytest
from helpers.controls import EXAMPLES
from helpers.sentences import in_javascript, in_python, looked_up

import gan_edu
from gan_edu.core.games.path_outcome import OUTCOMES
from gan_edu.core.notebook import words
from gan_edu.core.notebook.words import PLACE, catalogue, language, languages, say, set_language, shown
from gan_edu.core.recording.recording import shipped
from gan_edu.exercises import not_attempted
from gan_edu.widgets import Replay
from gan_edu.widgets.corruption_bench.arranged import MARKS
from gan_edu.widgets.phase_portrait.math import ORDERS, PENALTIES
from gan_edu.widgets.plane.settings import DATA

PACKAGE = Path(gan_edu.__file__).parent
WORDS = PACKAGE / "words"
SAYING = sorted([*(PACKAGE / "widgets").rglob("*.py"), *(PACKAGE / "exercises").glob("*.py")])
ENGLISH = json.loads((WORDS / "en.json").read_text(encoding="utf-8"))

STAYS = {  # in Python, by file: what is no word for a learner, as a pattern
    "corruption_bench/told.py": "^nearer to what G saw$",  # a score's name
    "kit/scripts.py": "^export default",  # a module
    "plane/as_program.py": ".",  # it writes a program
    "plane/settings.py": "^# β₁ and β₂ are Adam's$",  # a line of that program
    "secret_message/widget.py": "^meet me at the old bridge",  # what is enciphered is English
    "plane/trick_settings.py": r"make\(",  # what each piece means, for who writes a trick
}
VALUES = {
    *PENALTIES,
    *ORDERS,
    *OUTCOMES,
    *DATA,
    *MARKS,
    "Home End",
    "PgUp PgDn",
}  # of traits, by which both languages know them; keys


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.delenv("GAN_EDU_LANG", raising=False)


def sections(tree, name=""):
    """{section: its texts by key}, as `say` calls them."""
    found = {}
    for key, value in tree.items():
        if isinstance(value, dict) and not {"one", "other"} & value.keys():
            found |= sections(value, f"{name}{key}.")
        else:
            found.setdefault(name[:-1], {})[key] = value
    return found


def places(text):
    """The places of each form of a text."""
    return [set(PLACE.findall(form)) for form in (text.values() if isinstance(text, dict) else [text])]


# ---------------------------------------------------------------- nothing that a learner reads stands in code


@pytest.mark.parametrize("path", SAYING, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_sentence_stands_in_python(path):
    stays = STAYS.get("/".join(path.parts[-2:]), "^$")
    found = [text for _, text in in_python(path.read_text(encoding="utf-8"))]
    assert [text for text in found if not re.search(stays, text)] == [], "move it into gan_edu/words/en.json"
    assert found or stays == "^$", "nothing stays there any more: take it out of STAYS"


def test_no_sentence_stands_in_javascript():
    sources = [path for path in (PACKAGE / "widgets").rglob("*.js") if path.parent.name != "bundles"]
    assert len(sources) > 80
    left = {path: in_javascript(path.read_text(encoding="utf-8")) for path in sorted(sources)}
    assert [(path.name, text) for path, texts in left.items() for text in texts if text.strip() not in VALUES] == []


@pytest.mark.parametrize(
    "source, found",
    [
        ("def f():\n    return 'take the mean of it'", ["take the mean of it"]),
        ("title = f'a step of {player} alone'", ["a step of § alone"]),
        ("axes.set(title=f'the {n} steps of D and their ends')", ["the § steps of D and their ends"]),
        ("def f():\n    '''What it gives back.'''\n    raise ValueError(f'it must be {n}, and no less')", []),
        ("def __repr__(self):\n    return 'one two three four'", []),
        ("from gan_edu.core.safety.checked import real\nreal('the number of steps', n)", []),
        ("warnings.warn('this is not so good')", []),
        ("name = 'two words'", []),
    ],
)
def test_what_counts_as_a_sentence_in_python(source, found):
    assert [text for _, text in in_python(source)] == found


@pytest.mark.parametrize(
    "source, found",
    [
        ('make("b", {}, "point at a sample")', ["point at a sample"]),
        ("const a = `step ${whole(`of ${n}`)}`, b = 'of course';", ["of §", "step §", "of course"]),
        ("say(`${count} samples of ${title}`)", ["§ samples of §"]),
        ("x = text.replace(/['`]/g, ''); y = 'one more';", ["one more"]),
        ('make("div", { class: "grid lines", title: `a ${kind}` })', []),
        ("const PLAY_STYLE = `\n.replay { display: block; margin: 0 auto }\n`", []),
        ("// these are words\n/* and 'these too' */ const d = 'M0 1L2 3', t = `translate(${x} ${y})`;", []),
        ('make("div", { class: name }, "two words")', ["two words"]),
    ],
)
def test_what_counts_as_a_sentence_in_javascript(source, found):
    assert in_javascript(source) == found


# ---------------------------------------------------------------- the catalogues


def test_each_catalogue_is_sorted_and_says_nothing_twice():
    for path in WORDS.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        once = json.loads(text, object_pairs_hook=unique)
        assert text == json.dumps(once, indent=2, sort_keys=True, ensure_ascii=False) + "\n", path.name


def unique(pairs):
    names = [name for name, _ in pairs]
    assert len(set(names)) == len(names), f"twice: {sorted(name for name in names if names.count(name) > 1)}"
    return dict(pairs)


def test_every_form_of_an_english_text_has_the_same_places_but_for_the_count_of_one():
    for section, texts in sections(ENGLISH).items():
        for key, text in texts.items():
            if isinstance(text, dict):
                assert text.keys() == {"one", "other"}, (section, key)
                assert {frozenset(each | {"count"}) for each in places(text)} == {frozenset(places(text)[1])}, (
                    section,
                    key,
                )


@pytest.mark.parametrize("name", sorted({path.stem for path in WORDS.glob("*.json")} - {"en"}))
def test_a_translation_says_what_english_says(name):
    theirs, ours = sections(json.loads((WORDS / f"{name}.json").read_text(encoding="utf-8"))), sections(ENGLISH)
    assert not theirs.keys() - ours.keys()
    for section, texts in theirs.items():
        assert not texts.keys() - ours[section].keys(), section
        for key, text in texts.items():
            assert not isinstance(text, dict) or "other" in text, (section, key)
            most = set().union(*places(ours[section][key]))
            assert all(each | {"count"} == most | {"count"} for each in places(text)), (section, key)


def test_chinese_has_all_that_the_controls_say():
    theirs = sections(json.loads((WORDS / "zh.json").read_text(encoding="utf-8")))
    for section, texts in sections(ENGLISH).items():
        if not section.startswith("exercises"):
            assert theirs[section].keys() == texts.keys(), section


def test_a_control_has_no_word_of_its_own_for_what_all_share():
    for section, texts in sections(ENGLISH).items():
        if not section.startswith("exercises"):
            assert section == "kit" or not texts.keys() & ENGLISH["kit"].keys(), section


# ---------------------------------------------------------------- what is looked up is there, and the other way


def lookups():
    """[(path, section, keys, names of values)] of each `say` in Python."""
    rooms = [sorted((PACKAGE / "core" / room).glob("*.py")) for room in ("live", "notebook", "recording")]
    for path in [*SAYING, *chain(*rooms), *PACKAGE.glob("*.py")]:
        source = path.read_text(encoding="utf-8")
        yield from ((path, *found) for found in looked_up(source, path.stem))


def test_every_text_that_python_looks_up_is_there_with_a_value_for_each_place():
    known, seen = sections(ENGLISH), 0
    for path, section, keys, names in lookups():
        for key in keys:
            assert key in known[section], f"{path.relative_to(PACKAGE)}: {section}: {key}"
            lacking = set().union(*places(known[section][key])) - (names or set())
            assert names is None or not lacking, f"{path.relative_to(PACKAGE)}: {section}: {key} lacks {lacking}"
            seen += 1
    assert seen > 200


def test_every_text_is_looked_up():
    """By Python, or by JavaScript."""
    python = {}
    for path, section, _, _ in lookups():
        strings = {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)}
        python.setdefault(section, set()).update(filter(lambda text: isinstance(text, str), strings))
    sources = [path for path in (PACKAGE / "widgets").rglob("*.js") if path.parent.name != "bundles"]
    views = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    for section, texts in sections(ENGLISH).items():
        own = python.get(section, set())
        unused = [key for key in texts if key not in own and not re.search(rf"[.\"'`]{key}\b", views)]
        assert unused == [], f"{section} of en.json has texts that nobody looks up"


# ---------------------------------------------------------------- how it is looked up


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Catalogues of a language that lacks words."""
    english = {
        "kit": {"ok": "fine"},
        "film": {"frames": {"one": "{count} frame", "other": "{count} frames"}, "at": "at {x}"},
    }
    other = {"film": {"at": "bei {x}", "frames": {"other": "{count} Bilder"}}}
    for name, texts in (("en", english), ("de", other)):
        (tmp_path / f"{name}.json").write_text(json.dumps(texts), encoding="utf-8")
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    caches = [each for each in vars(words).values() if hasattr(each, "cache_clear")]
    assert caches
    [each.cache_clear() for each in caches]
    yield
    [each.cache_clear() for each in caches]


def test_a_text_has_its_values_and_its_plural(own):
    assert say("film", "frames", count=1) == "1 frame" and say("film", "frames", count=1200) == "1,200 frames"
    assert say("film", "at", x="{y}") == "at {y}"  # what is put in is no text with places


def test_another_language_falls_back_word_by_word(own, monkeypatch):
    set_language("de")
    assert (
        say("film", "at", x=2) == "bei 2"
        and say("kit", "ok") == "fine"
        and say("film", "frames", count=1) == "1 Bilder"
    )
    assert catalogue("film") == {"lang": "de", "ok": "fine", "at": "bei {x}", "frames": {"other": "{count} Bilder"}}
    set_language("en")
    assert catalogue()["lang"] == "en" and say("film", "at", x=2) == "at 2"


def test_a_text_or_value_that_is_missing_is_named(own):
    with pytest.raises(KeyError, match="film: nowhere is not in gan_edu/words/en.json"):
        say("film", "nowhere")
    with pytest.raises(KeyError, match="has no section music"):
        say("music", "at")
    with pytest.raises(ValueError, match="film: at has a place for x, which was given no value: at {x}"):
        say("film", "at", y=1)


def test_a_language_that_is_not_there_is_refused_and_the_others_named(monkeypatch):
    with pytest.raises(ValueError, match="the language must be one of en, zh, got 'fr'"):
        gan_edu.set_language("fr")
    assert language() == "en"
    monkeypatch.setenv("GAN_EDU_LANG", "tlh")
    with pytest.warns(UserWarning, match="GAN_EDU_LANG=tlh is none of en, zh; English is shown"):
        assert language() == "en"
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # once is enough
        assert language() == "en"


def test_the_environment_chooses_and_set_language_wins(monkeypatch):
    monkeypatch.setenv("GAN_EDU_LANG", "zh")
    assert language() == "zh"
    gan_edu.set_language("en")
    assert language() == "en" and languages() == ["en", "zh"]


def test_a_notebook_in_a_folder_named_as_a_language_speaks_it(monkeypatch, tmp_path):
    monkeypatch.delenv("GAN_EDU_LANG", raising=False)
    for name, spoken in (("zh", "zh"), ("notebooks", "en"), ("tlh", "en")):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        assert language() == spoken
    monkeypatch.chdir(tmp_path / "zh")
    monkeypatch.setenv("GAN_EDU_LANG", "en")
    assert language() == "en", "the folder overrules what was chosen"


@pytest.mark.parametrize(
    "value, text",
    [
        (1234567, "1,234,567"),
        (0.12345, "0.123"),
        (2.0, "2"),
        (1234.5, "1,234.5"),
        (-7, "-7"),
        ("1e3", "1e3"),
        (True, "True"),
    ],
)
def test_numbers_are_shown_as_intl_shows_them(value, text):
    assert shown(value) == text


def test_no_torch_is_loaded_for_it():
    run = "import sys, gan_edu; gan_edu.set_language('zh'); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", run]).returncode == 0


# ---------------------------------------------------------------- seen in a control


def test_a_replay_in_chinese_and_back(monkeypatch):
    replay = Replay(shipped("mnist_best"))
    before = replay.alt
    monkeypatch.setenv("GAN_EDU_LANG", "zh")
    assert re.fullmatch(r".+：\d+ 个录制帧中的生成样本网格，从第 0 步到第 [\d,]+ 步，最终 FID 为 [\d.]+。", replay.alt)
    assert 'html lang="zh"' in replay.to_html().data.replace("&quot;", '"') and replay.to_html().data.count("回放：")
    assert replay.picture()
    monkeypatch.setenv("GAN_EDU_LANG", "en")
    assert replay.alt == before and 'html lang="en"' in replay.to_html().data.replace("&quot;", '"')


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_control_has_words_in_every_language(name, monkeypatch):
    monkeypatch.setenv("GAN_EDU_LANG", "zh")
    control = EXAMPLES[name]()
    assert len(control.alt) > 20 and not PLACE.search(control.alt)
    control.close()


def test_a_verdict_is_looked_up_when_it_is_said():
    assert repr(not_attempted()) == "○ not attempted yet: replace the ... by your answer and run the cell again"
    assert partial(say, "exercises.all")("notYet", text="no") == "✗ not yet: no"
