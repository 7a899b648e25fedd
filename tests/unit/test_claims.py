"""What a claims file is held to: tools/claims.py on a small notebook, and on the course's own."""

import claims
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PROSE = """# 3 · A title with 5 in it

Here is a list of 4. It holds nothing. It is slow because it waits, and $a <
b$ stays. As Gulrajani et al. (2017) say, see section 3. Is it 7? You never know.

| a | 12 |
|---|---|
- one in **three** [of 9](x.md)
"""
CODE = "%matplotlib inline\nx = 1\nassert x <  2, 'too large'\nprint(x)"
GOOD = {
    "says": "It is slow because it waits, and $a < b$ stays.",
    "judged": "derived",
    "how": "by hand",
    "fails": "x < 2",
}


def book(prose=PROSE, code=CODE):
    return new_notebook(cells=[new_markdown_cell(prose), new_code_cell(code)])


def test_numbers_causes_and_laws_need_an_entry_and_no_other_sentence():
    assert [each for each in claims.sentences(book()) if claims.states(each)] == [
        "Here is a list of 4.",
        "It is slow because it waits, and $a < b$ stays.",
        "You never know.",
        "a | 12 |",
        "one in **three** of 9",
    ]


@pytest.mark.parametrize(
    "sentence, needs",
    [
        ("The paper is arXiv 1701.00160.", False),
        ("See chapter 05 and section 3.", False),
        ("Is it 5?", False),
        ("**Predict:** is it 5, or more?", False),
        ("Use `range(5)`.", False),
        ("It comes from noise.", True),
        ("Most of it is noise.", True),
        ("Almost.", False),
        ("It is 2.5 times as fast.", True),
    ],
)
def test_what_is_a_statement(sentence, needs):
    assert claims.states(sentence) is needs


def test_sentences_are_split_where_a_reader_stops():
    each = ["By Mao et al. (2017).", "It is $a. B$ here.", "**Both** end, e.g. Here.", "Read 1701.00160.", "σ grows."]
    assert claims.split(" ".join(each)) == each
    wrapped = new_notebook(cells=[new_markdown_cell("Read arXiv\n1701.00160.\n2. two\n\n> **Box.** One\n> line")])
    assert list(claims.sentences(wrapped)) == ["Read arXiv 1701.00160.", "two", "**Box.**", "One line"]


BROKEN = {
    "gone": ({"says": "It is fast."}, "no longer says"),
    "nothing said": ({"says": ""}, "no longer says"),
    "judged at will": ({"judged": "believed"}, "judged must be one of"),
    "no way told": ({"how": " "}, "how was it"),
    "nothing fails": ({"fails": []}, "what would fail"),
    "no assert": ({"fails": "print(x)"}, "neither an assert"),
    "empty": ({"fails": ""}, "neither an assert"),
    "no such test": ({"fails": "tests/unit/test_claims.py::test_no"}, "neither an assert"),
    "no such file": ({"fails": ["x < 2", "tests/unit/test_none.py::test_x"]}, "test_none"),
}


@pytest.mark.parametrize("change, complaint", BROKEN.values(), ids=BROKEN)
def test_an_entry_that_proves_nothing_is_refused(change, complaint):
    (line,) = claims.faults({**GOOD, **change}, " ".join(claims.sentences(book())), book(), claims.ROOT)
    assert complaint in line


ENTRY = """[[claim]]
says = "There are 7."
judged = "by definition"
how = "we say so"
"""
NO_CLAIMS = {
    "one bracket": (ENTRY.replace("[[claim]]", "[claim]"), "07.toml cannot be read: each entry begins with [[claim]]"),
    "a number": ("claim = 3", "[[claim]]"),
    "texts": ('claim = ["x"]', "[[claim]]"),
    "no TOML": ("says = '", "07.toml cannot be read"),
    "Latin-1": (ENTRY.encode() + b"# \xe9", "07.toml cannot be read: 'utf-8' codec"),
    "UTF-16": (ENTRY.encode("utf-16"), "07.toml cannot be read: 'utf-8' codec"),
    "too deep": ("a=" + "[" * 5000, "07.toml cannot be read: RecursionError"),
    "a number said": (ENTRY.replace('"There are 7."', "7"), "entry 1: a text is wanted in says"),
    "a list in a list": (ENTRY.replace('"There are 7."', '[["There are 7."]]'), "entry 1: a text is wanted in says"),
    "a table said": (ENTRY.replace('"There are 7."', "{a = 1}"), "entry 1: a text is wanted in says"),
    "ways": (ENTRY.replace('"we say so"', '["by", "hand"]'), "entry 1: a text is wanted in how"),
    "numbers": (ENTRY.replace('"we say so"', "5") + "fails = 3", "entry 1: a text is wanted in how, fails"),
    "no sentence": (ENTRY + ENTRY.replace('"There are 7."', "[]"), "entry 2: the notebook no longer says: ''"),
    "twice": (ENTRY + ENTRY, "entry 2: there is an entry already for 'There are 7.'"),
    "another tree's test": (
        ENTRY + f'fails = "tests/../../{claims.ROOT.name}/tests/unit/test_links.py::contents"',
        "neither an assert",
    ),
}


@pytest.mark.parametrize("text, complaint", NO_CLAIMS.values(), ids=NO_CLAIMS)
def test_what_holds_no_claims_is_told_and_named(tmp_path, text, complaint):
    path = tmp_path / "07.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    lines = list(claims.complaints(path, book("There are 7."), claims.ROOT))
    assert complaint in lines[0] and len(lines) <= 2


def test_a_folder_in_its_place_is_told(tmp_path):
    (line,) = claims.complaints(tmp_path, book("Nothing."), claims.ROOT)
    assert "IsADirectoryError" in line


def test_good_entries_are_welcome():
    said = " ".join(claims.sentences(book()))
    for fails in ("assert x < 2", ["x < 2", "tests/unit/test_claims.py::test_good_entries_are_welcome"]):
        assert list(claims.faults({**GOOD, "fails": fails}, said, book(), claims.ROOT)) == []
    looked_up = {"says": "You never know.", "judged": "looked up", "how": "Gulrajani et al. 2017, section 3"}
    assert list(claims.faults(looked_up, said, book(), claims.ROOT)) == []
    compared = book(code="print(x < 3)")
    assert not claims.asserted("x < 3", compared)
    compared.cells[1].metadata["tags"] = ["nbval-check-output"]
    assert claims.asserted("x < 3", compared)


def test_a_file_is_held_to_its_notebook(tmp_path):
    path = tmp_path / "03.toml"
    assert len(list(claims.complaints(path, book(), claims.ROOT))) == 5
    path.write_text("""
[[claim]]
says = ["Here is a list of 4.", "You never know.", "a | 12 |", "one in **three** of 9"]
judged = "by definition"
how = "it is the course's own list"

[[claim]]
says = '''It is slow because it waits, and $a < b$ stays.'''
judged = "recomputed"
how = "run"
fails = "x < 2"
""")
    assert list(claims.complaints(path, book(), claims.ROOT)) == []
    assert list(claims.complaints(path, book(PROSE + "\nThree of 3 agree."), claims.ROOT)) == [
        "no entry says how this was judged: Three of 3 agree."
    ]
    path.write_text("[[claim]]\nsays = '")
    (line,) = claims.complaints(path, book("Nothing."), claims.ROOT)
    assert "cannot be read" in line
