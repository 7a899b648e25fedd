"""The Chinese edition is the English one but for its text: each way to break that is found, with its place and cure."""

import json
import re
from pathlib import Path

import chinese
import chinese_cells
import chinese_laws
import course
import laws
import pytest
from glossary import HEAD, Row
from helpers.notebooks import picture, save, words
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[2]
ENGLISH = [
    "# 01 · First: a title\n\nThe **logit** (对数几率) is $l$, see [the loss](02_second.ipynb) and section 2.",
    "## 1 · A heading\n\nA generator has 1,000 weights; `draw` shows $D(x)$ and $D(x)$.\n\n```python\ndraw()\n```",
]
CHINESE = [
    "# 01 · 第一：标题\n\n**对数几率**（logit）是 $l$，见[损失](02_second.ipynb)和第 2 节。",
    "## 1 · 小标题\n\n生成器有 1,000 个权重；`draw` 显示 $D(x)$ 和 $D(x)$。\n\n```python\ndraw()\n```",
]
LIST = '[[part]]\ntitle = "The game"\n' + "".join(
    f'[[part.chapter]]\nnotebook = "{name}"\ntitle = "{name[3:]}"\nplay = "x"\ncontrols = []\nminutes = 5\n'
    for name in ("00_start_here", "01_first", "02_second")
)
NAMES = '[chapter.00_start_here]\ntitle = "开始"\nplay = "博弈"\n[chapter.01_first]\ntitle = "第一"\nplay = "玩"\n'
MAP = "# 00 · Start here\n\n## The map\n\n<!-- map -->\n<!-- /map -->"


@pytest.fixture
def root(tmp_path):
    """Three chapters, of which 00 and 01 are in Chinese, too."""
    (tmp_path / "notebooks" / "zh" / "prose").mkdir(parents=True)
    (tmp_path / "notebooks" / "course.toml").write_text(LIST)
    (tmp_path / chinese.LIST).write_text(NAMES, encoding="utf-8")
    rows = [
        "| generator, G | 生成器 | draws | 01 |",
        "| logit | 对数几率 | any number | 01 |",
        "| loss | 损失 | x | 01 |",
    ]
    (tmp_path / "notebooks" / "glossary.md").write_text("\n".join(["# Glossary", "", HEAD, "|---|---|---|---|", *rows]))
    for name, texts in (("00_start_here", [MAP]), ("01_first", ENGLISH), ("02_second", ["# 02 · Second\n\nWords."])):
        drawn = new_code_cell("draw()", outputs=[picture("curves"), words("curves")])
        book = new_notebook(cells=[new_markdown_cell(texts[0]), drawn, *map(new_markdown_cell, texts[1:])])
        save(tmp_path / "notebooks" / f"{name}.ipynb", book)
    translate(tmp_path, "00_start_here", ["# 00 · 从这里开始\n\n## 课程地图\n\n<!-- map -->\n<!-- /map -->"])
    translate(tmp_path, "01_first", CHINESE)
    assert course.main(["zh"], tmp_path) == 0
    return tmp_path


def translate(root, name, texts):
    digests = [cell.digest for cell in chinese_cells.cells(root, name)]
    chinese_cells.prose_of(root, name).write_text(
        chinese_cells.prose(zip(digests, texts, strict=True)), encoding="utf-8"
    )


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found(root):
    return [f"{path.name}: {text}" for path, text in chinese_laws.complaints(root)]


def test_the_editions_of_the_course_share_code_outputs_and_pictures():
    """What the prose says is for `make check`, which asks all of the laws below."""
    for name in chinese_cells.there(ROOT):
        both = [
            json.loads((ROOT / place / f"{name}.ipynb").read_bytes()) for place in ("notebooks", chinese_cells.FOLDER)
        ]
        shared = [[cell for cell in book["cells"] if cell["cell_type"] == "code"] for book in both]
        assert shared[0] == shared[1], f"{name}: the editions differ in more than their text"


def test_a_notebook_is_the_english_one_with_other_text(root):
    assert found(root) == []
    book, english = (laws.read(root / place / "01_first.ipynb") for place in (chinese_cells.FOLDER, "notebooks"))
    assert [cell.id for cell in book.cells] == [cell.id for cell in english.cells]
    assert book.cells[1] == english.cells[1] and book.metadata.gan_edu == {"language": "zh"}
    assert "对数几率" in book.cells[0].source and "小标题" in book.cells[2].source


def test_links_lead_to_chinese_chapters_where_there_are_any_and_to_their_headings(root):
    first = laws.read(root / chinese_cells.FOLDER / "01_first.ipynb").cells[0].source
    assert "[损失](../02_second.ipynb)" in first and "[全部章节](00_start_here.ipynb#课程地图)" in first
    assert "← [00 开始](00_start_here.ipynb)" in first and "[02 second（英文）](../02_second.ipynb) →" in first
    table = laws.read(root / chinese_cells.FOLDER / "00_start_here.ipynb").cells[0].source
    assert "[01 第一](01_first.ipynb) | 玩 |" in table and "[02 second（英文）](../02_second.ipynb)" in table
    assert not list(laws.links(root))
    translate(root, "02_second", ["# 02 · 第二\n\n文字。"])
    assert course.main(["zh"], root) == 0
    assert "[损失](02_second.ipynb)" in laws.read(root / chinese_cells.FOLDER / "01_first.ipynb").cells[0].source


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("第 2 节", "第 3 节", "lacks the number 2"),
        ("第 2 节", "第 2 节（第 2 节）", "has the number 2"),
        ("$l$", "l", r"lacks the formula \$l\$"),
        ("$D(x)$ 和 $D(x)$", "$D(x)$", r"lacks the formula \$D\(x\)\$"),
        ("02_second", "00_start_here", "lacks the link 02_second.ipynb"),
        ("`draw`", "draw", "lacks the code `draw`"),
        ("\ndraw()\n", "\ndraw(2)\n", "lacks the code ```python draw"),
        ("## 1 ·", "### 1 ·", "lacks the heading of level ##"),
        ("生成器", "发生器", "'generator' is 生成器 in the glossary"),
        ("**对数几率**（logit）", "**对数几率**", r"introduces 对数几率: .* 对数几率（logit）"),
        ("**对数几率**（", "在**“对数几率”**是（", r"lacks the stress \*\*"),
        ("权重；", "权重;", "narrow sign"),
        ("生成器有", "生成器\n有", "breaks a line"),
        ("生成器有", "您的生成器有", "says 您"),
        (CHINESE[1], ENGLISH[1], "is not translated"),
        (CHINESE[1], "", "is empty"),
        (
            "生成器有 1,000 个权重；`draw` 显示 $D(x)$ 和 $D(x)$。",
            ENGLISH[1].split("\n\n")[1],
            "is not translated: A generator",
        ),
        ("和第 2 节", "\n\n和第 2 节", "has the paragraph"),
    ],
    ids=lambda text: text[:12],
)
def test_a_cell_that_does_not_say_what_its_english_says_is_found(root, old, new, said):
    edit(chinese_cells.prose_of(root, "01_first"), old, new)
    text = " ".join(" ".join(found(root)).split())
    assert re.search(rf"01_first.md: line \d+, cell \d {said}|{said}", text), text


def test_english_that_changed_since_is_found_until_somebody_says_that_it_is_said(root, capsys):
    path = chinese_cells.english(root, "01_first")
    edit(laws.script_of(path), "has 1,000 weights", "has no more than 1,000 weights")
    assert course.main(["sync"], root) == 0
    assert [text for text in found(root) if "its English has changed since" in text]
    assert course.main(["zh"], root) == 0 and found(root), "to make the notebook again is not to have read it"
    capsys.readouterr()
    assert course.main(["zh", "01", "--translated"], root) == 0
    assert "01_first, line 6" in capsys.readouterr().out and found(root) == []


def test_cells_that_are_missing_or_left_over_are_found_and_laid_in(root):
    path = chinese_cells.english(root, "01_first")
    book = laws.read(path)
    book.cells.insert(2, new_markdown_cell("A new loss."))
    save(path, book)
    (text,) = found(root)
    assert "cell 3 has no Chinese" in text and "course.py zh 01_first --missing" in text
    assert course.main(["zh", "01"], root) == 1, "a notebook was made without a cell"
    assert course.main(["zh", "01", "--missing"], root) == 0 and course.main(["zh"], root) == 0
    assert ["A new loss." in block.text for block in chinese_cells.stored(root, "01_first")] == [False, True, False]
    assert any("is not translated" in text for text in found(root))
    edit(chinese_cells.prose_of(root, "01_first"), "A new loss.", "一个新的损失。")
    assert course.main(["zh"], root) == 0 and found(root) == []
    del book.cells[2]
    save(path, book)
    (text,) = found(root)
    assert "is of no English cell: take the block out" in text


def test_code_that_was_changed_in_chinese_alone_is_found(root):
    path = root / chinese_cells.FOLDER / "01_first.ipynb"
    edit(path, '"draw()"', '"draw(1)"')
    (text,) = found(root)
    assert "code cell 1 is not the English notebook's" in text
    assert course.main(["zh"], root) == 0 and found(root) == []
    edit(path, "小标题", "别的标题")
    (text,) = found(root)
    assert "is not what its English and its prose make" in text


def test_what_is_stored_of_the_english_reaches_the_chinese(root):
    path = chinese_cells.english(root, "01_first")
    book = laws.read(path)
    book.cells[1].outputs = [picture("another curve"), words("another curve")]
    course.store(path, book)
    assert found(root) == []
    assert "another curve" in (root / chinese_cells.FOLDER / path.name).read_text(encoding="utf-8")


def test_a_file_without_its_other_is_found(root):
    (root / chinese_cells.FOLDER / "01_first.ipynb").unlink()
    assert any("01_first.ipynb: is not there" in text for text in found(root))
    chinese_cells.prose_of(root, "00_start_here").rename(chinese_cells.prose_of(root, "07_nowhere"))
    said = found(root)
    assert any("07_nowhere.md: has no English, 07_nowhere.ipynb" in text for text in said)
    assert any("00_start_here.ipynb: has no prose to be made of" in text for text in said)


def test_chapters_have_chinese_names_and_no_others_have(root):
    edit(root / chinese.LIST, "[chapter.01_first]", "[chapter.01_frist]")
    said = {text for text in found(root) if text.startswith("course.toml")}
    assert said == {
        "course.toml: 01_frist is no chapter of notebooks/course.toml",
        "course.toml: 01_first has no Chinese play and no title",
    }


def test_another_chinese_word_serves_where_the_list_has_it(root):
    edit(chinese_cells.prose_of(root, "01_first"), "生成器", "发生器")
    course.main(["zh"], root)
    terms = root / chinese_laws.TERMS
    terms.write_text('[also]\n"generator, G" = ["发生器"]\n', encoding="utf-8")
    assert found(root) == []
    terms.write_text('[also]\n"generator" = ["发生器"]\n', encoding="utf-8")
    assert any("'generator' is no term of the glossary" in text for text in found(root))


def test_of_two_terms_the_longer_one_is_asked_for():
    rows = [Row("| mode | 模态 | a peak | 01 |"), Row("| mode collapse | 模式崩溃 | few modes | 01 |")]
    assert set(chinese_laws.used("a mode collapse", rows).values()) == {"mode collapse"}
    assert set(chinese_laws.used("a mode, then mode collapse", rows).values()) == {"mode", "mode collapse"}


def test_the_readme_and_the_glossary_are_made_in_the_same_way(root, capsys):
    text = "# Course\n\nSee [below](#the-map), [01](notebooks/01_first.ipynb), [02](notebooks/02_second.ipynb).\n\n"
    bench = "<!-- bench -->\n| a | 3 ms |\n<!-- /bench -->"
    text += f"## The map\n\n{'<!-- map -->'}\nold\n{'<!-- /map -->'}\n\n## Measured\n\n{bench}\n"
    (root / "README.md").write_text(text, encoding="utf-8")
    assert course.main(["zh", "README", "glossary", "--missing"], root) == 0
    readme, terms = (chinese_cells.prose_of(root, name) for name in ("README", "glossary"))
    assert "3 ms" not in readme.read_text(encoding="utf-8"), "what is measured is copied, and not translated"
    for old, new in (
        ("Course", "课程"),
        ("See [below]", "见[下面]"),
        ("), [", ")、["),
        (").", ")。"),
        ("), [", ")、["),
    ):
        edit(readme, old, new)
    edit(readme, "## The map", "## 地图")
    edit(readme, "## Measured", "## 测量")
    for old, new in (("draws", "抽样"), ("any number", "任意数")):
        edit(terms, old, new)
    assert course.main(["zh"], root) == 0 and found(root) == []
    made = (root / "README.zh.md").read_text(encoding="utf-8")
    assert "见[下面](#地图)、[01](notebooks/zh/01_first.ipynb)、[02](notebooks/02_second.ipynb)" in made
    assert bench in made and "[02 second（英文）](notebooks/02_second.ipynb)" in made and "old" not in made
    assert "| 生成器 | generator, G | 抽样 | 01 |" in (root / chinese_cells.FOLDER / "glossary.md").read_text("utf-8")
    edit(root / "README.md", "3 ms", "4 ms")
    assert found(root) == ["README.zh.md: is not what its English and its prose make: python tools/course.py zh README"]
    edit(root / "notebooks" / "glossary.md", "draws", "draws anew")
    assert any("glossary.md: line 1, cell 1: its English has changed since" in text for text in found(root))
