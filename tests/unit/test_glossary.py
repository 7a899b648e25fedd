"""The glossary holds every term that the notebooks give in Chinese, once, with a chapter that exists."""
import re
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CHINESE = re.compile(r"\(((?:KL |JS |f-)?[\u4e00-\u9fff]+)\)|（([\u4e00-\u9fff]+)）")
ROWS = [[cell.strip() for cell in line.split(" | ")] for line in
        (NOTEBOOKS / "glossary.md").read_text(encoding="utf-8").splitlines()[6:]]


def test_every_row_is_whole_and_in_order():
    assert len(ROWS) > 30 and all(len(row) == 4 for row in ROWS)
    terms = [row[0].removeprefix("| ").lower() for row in ROWS]
    assert terms == sorted(terms) and len(set(terms)) == len(terms)
    assert len({row[1] for row in ROWS}) == len(ROWS)


def test_every_chapter_exists():
    there = {path.name[:2] for path in NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")}
    assert {row[3].strip("| ") for row in ROWS} <= there


@pytest.mark.parametrize("path", sorted((NOTEBOOKS / "scripts").glob("*.py")), ids=lambda path: path.stem)
def test_every_chinese_term_of_a_notebook_stands_in_it(path):
    known = " ".join(row[1] for row in ROWS)
    used = {a or b for a, b in CHINESE.findall(path.read_text(encoding="utf-8"))}
    assert all(term in known for term in used), used
