"""What a claims file is held to: tests/claims.py on a small notebook, and on the course's own."""
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
GOOD = {"says": "It is slow because it waits, and $a < b$ stays.", "judged": "derived", "how": "by hand",
        "fails": "x < 2"}


def book(prose=PROSE, code=CODE):
    return new_notebook(cells=[new_markdown_cell(prose), new_code_cell(code)])


def test_numbers_causes_and_laws_need_an_entry_and_no_other_sentence():
    assert [each for each in claims.sentences(book()) if claims.states(each)] == [
        "Here is a list of 4.", "It is slow because it waits, and $a < b$ stays.", "You never know.", "a | 12 |",
        "one in **three** of 9"]


@pytest.mark.parametrize("sentence, needs", [
    ("The paper is arXiv 1701.00160.", False), ("See chapter 05 and section 3.", False), ("Is it 5?", False),
    ("**Predict:** is it 5, or more?", False), ("Use `range(5)`.", False), ("It comes from noise.", True),
    ("Most of it is noise.", True), ("Almost.", False), ("It is 2.5 times as fast.", True)])
def test_what_is_a_statement(sentence, needs):
    assert claims.states(sentence) is needs


def test_sentences_are_split_where_a_reader_stops():
    each = ["By Mao et al. (2017).", "It is $a. B$ here.", "**Both** end, e.g. Here.", "Read 1701.00160.", "σ grows."]
    assert claims.split(" ".join(each)) == each
    wrapped = new_notebook(cells=[new_markdown_cell("Read arXiv\n1701.00160.\n2. two\n\n> **Box.** One\n> line")])
    assert list(claims.sentences(wrapped)) == ["Read arXiv 1701.00160.", "two", "**Box.**", "One line"]


BROKEN = {
    "gone": ({"says": "It is fast."}, "no longer says"), "nothing said": ({"says": ""}, "no longer says"),
    "judged at will": ({"judged": "believed"}, "judged must be one of"), "no way told": ({"how": " "}, "how was it"),
    "nothing fails": ({"fails": []}, "what would fail"), "no assert": ({"fails": "print(x)"}, "neither an assert"),
    "empty": ({"fails": ""}, "neither an assert"),
    "no such test": ({"fails": "tests/unit/test_claims.py::test_no"}, "neither an assert"),
    "no such file": ({"fails": ["x < 2", "tests/unit/test_none.py::test_x"]}, "test_none"),
}


@pytest.mark.parametrize("change, complaint", BROKEN.values(), ids=BROKEN)
def test_an_entry_that_proves_nothing_is_refused(change, complaint):
    line, = claims.faults({**GOOD, **change}, " ".join(claims.sentences(book())), book(), claims.ROOT)
    assert complaint in line


def test_good_entries_are_welcome():
    said = " ".join(claims.sentences(book()))
    for fails in ("assert x < 2", ["x < 2", "tests/unit/test_claims.py::test_good_entries_are_welcome"]):
        assert list(claims.faults({**GOOD, "fails": fails}, said, book(), claims.ROOT)) == []
    looked_up = {"says": "You never know.", "judged": "looked up", "how": "Gulrajani et al. 2017, section 3"}
    assert list(claims.faults(looked_up, said, book(), claims.ROOT)) == []
    assert claims.asserted("x < 3", book(code="# NBVAL_CHECK_OUTPUT\nprint(x < 3)"))


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
        "no entry says how this was judged: Three of 3 agree."]
    path.write_text("[[claim]]\nsays = '")
    line, = claims.complaints(path, book("Nothing."), claims.ROOT)
    assert "cannot be read" in line
