"""What `course.py check` asks of the Chinese edition: that it says what the English one says today, in the glossary's
words, and that it is the same notebook but for its text. What one can count is counted: formulas, numbers, links, code,
headings; whether a sentence is true to its English, a reader has to judge.
"""

import re
from collections import Counter

import chapter_list
import chinese
import chinese_cells
import glossary
from course_files import chapters, code
from glossary import CODE, NOT_READ, QUOTE
from markdown_it import MarkdownIt
from notebook_files import parsed, read
from toml_reader import tomllib

TERMS = f"{chinese_cells.FOLDER}/terms.toml"
HAN = "\u3400-\u9fff"
MARKS = "，。：；！？、）】》”’"
NUMBER = re.compile(r"(?<![A-Za-z_0-9.,])[0-9]+(?:[.,][0-9]+)*")
FORMULA = re.compile(r"\$\$.*?\$\$|\$(?:[^$\n]|\n(?!\n))+\$", re.DOTALL)
TAG = re.compile(r"</?[a-z][a-z0-9]*\b[^>]*>")
INLINE = re.compile(r"`[^`\n]+`")
GIVEN = re.compile(rf"\(([A-Za-z0-9 -]*[{HAN}][^()]*(?:\([^()]*\))?[^()]*)\)")  # a term's Chinese, in the English text
BROKEN = re.compile(rf"[{HAN}{MARKS}]\n(?=[{HAN}“（])")
NARROW = re.compile(rf"[{HAN}][,;:?!(]|[{HAN}]\.(?=\s|$)|\)[{HAN}]")
MARKDOWN = MarkdownIt("commonmark").enable("table")
STRESS = {"em_open": "*…* (put full-width signs outside)", "strong_open": "**…** (put full-width signs outside)"}
POLITE = "您"
COMMAND = "python tools/course.py zh"


# A cell beside its English


def counted(text):
    """{what it is called: how often what} of all that both texts must have."""
    no_fence = chinese.FENCE.sub("", text)
    no_code = INLINE.sub(" ", no_fence)
    no_formula = FORMULA.sub(" ", no_code)
    said = TAG.sub(" ", re.sub(r"\]\([^)]*\)", "]", no_formula))
    return {
        "formula": Counter("".join(found.split()) for found in FORMULA.findall(no_code)),
        "number": Counter(NUMBER.findall(said)),
        "link": Counter(found[1] for found in chinese.LINK.findall(no_formula)),
        "code": Counter([*chinese.FENCE.findall(text), *INLINE.findall(no_fence)]),
        "heading of level": Counter(found[0] for found in chinese.HEADING.findall(no_fence)),
        "tag": Counter(TAG.findall(no_formula)),
        "stress": stress(text),
        "paragraph": Counter("¶" for part in re.split(r"\n\s*\n", no_fence) if part.strip()),
        "item or row": Counter(re.findall(r"^>? ?(\||[-*](?= )|\d+[.](?= ))", no_fence, re.MULTILINE)),
    }


def bare(text):
    """A text as JupyterLab's Markdown reads it: signs in place of formulas, here of code, too."""
    return FORMULA.sub("@@0@@", INLINE.sub("@@0@@", chinese.FENCE.sub("", text)))


def stress(text):
    """What shows as stressed; a star beside a full-width sign may stress nothing, and then shows."""
    found = (child.type for token in MARKDOWN.parse(bare(text)) for child in token.children or [])
    return Counter(STRESS[kind] for kind in found if kind in STRESS)


def differs(cell, block):
    """Formulas, numbers, links, code, headings and tags of which the Chinese has more or fewer than the English."""
    given, mine = counted(cell.text), counted(block.text)
    for kind in given:
        for what in given[kind] - mine[kind]:
            yield f"lacks the {kind} {what:.60}"
        for what in mine[kind] - given[kind]:
            yield f"has the {kind} {what:.60}, which its English lacks, or more often"


def untranslated(block):
    """A line of English words without a Chinese letter."""
    if not block.text:
        yield "is empty"
    for line in NOT_READ.sub("", bare(block.text)).split("\n"):
        if re.search(r"[a-z]{2,},? [a-z]{2,}", line) and not re.search(f"[{HAN}]", line):
            yield f"is not translated: {line:.60}"


def written_well(cell, block):
    """Signs and breaks that show on the screen, or that a Chinese text does not have."""
    flowing = chinese.HEADING.sub(r"\1 …", bare(block.text))
    for found in BROKEN.finditer(flowing):
        near = flowing[max(0, found.start() - 8) : found.end() + 8]
        yield f"breaks a line between two Chinese letters, which shows as a space: join …{near!r}…"
    no_link = re.sub(r"\]\([^)]*\)", "]", bare(block.text))
    for found in NARROW.finditer(no_link):
        near = no_link[max(0, found.start() - 6) : found.end() + 6]
        yield f"has a narrow sign beside a Chinese letter: write ，。：；？！（） in …{near!r}…"
    if POLITE in block.text:
        yield "says 您: the course says 你"


# Terms


def terms(root):
    """{English term: other Chinese words for it that serve as well}, of notebooks/zh/terms.toml."""
    path = root / TERMS
    return tomllib.loads(path.read_text(encoding="utf-8"))["also"] if path.exists() else {}


def read_text(text):
    """What a reader reads of a cell: no code, no formulas, no links' targets."""
    return " ".join(QUOTE.sub("", NOT_READ.sub("", CODE.sub(" … ", glossary.LINK.sub(r"\1", text)))).split())


def used(text, rows):
    """{row: its words} of the terms in a text; of two that begin or end together only the longer, "mode collapse"."""
    spans = [(*found.span(), row) for row in rows for found in row.pattern.finditer(text)]
    return {
        row: text[start:end]
        for start, end, row in spans
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in spans)
    }


def other_terms(cell, block, words, also):
    """Terms of the English for which the Chinese has another word than the glossary's."""
    given, mine = read_text(cell.text).replace("*", ""), read_text(block.text).replace("*", "")
    for row, said in used(given, words.rows).items():
        allowed = {*row.chinese_names, *also.get(row.term, [])}
        if not row.pattern.search(mine) and not any(name in mine for name in allowed):
            yield f"{said!r} is {' or '.join(sorted(allowed))} in the glossary, and it says neither"
    for name in GIVEN.findall(cell.text):
        row = next((row for row in words.rows if name in row.chinese_names), None)
        shown = re.search(re.escape(name) + r"\*{0,2}（([^）]+)）", block.text)
        if row and not (shown and any(each in row.names for each in [shown[1], *shown[1].split("，")])):
            yield f"introduces {name}: the English name in brackets follows, {name}（{row.term.split(', ')[0]}）"


# The edition


def of_one(root, name, words, also):
    """(path, complaint) of one chapter's or text's prose."""
    path = chinese_cells.prose_of(root, name)
    if not chinese_cells.english(root, name).exists():
        yield path, f"has no English, {chinese_cells.english(root, name).name}"
        return
    try:
        found = chinese_cells.pairs(root, name)
    except chinese_cells.Apart as reason:
        yield path, str(reason)
        return
    for cell, block in found:
        at = f"line {block.line}, cell {cell.number}"
        if cell.digest != block.digest:
            yield path, f"{at}: its English has changed since: mend it, then {COMMAND} {name} --translated"
        said = list(untranslated(block)) or [
            *differs(cell, block),
            *written_well(cell, block),
            *other_terms(cell, block, words, also),
        ]
        yield from ((path, f"{at} {text}") for text in said)
    yield from as_made(root, name)


def as_made(root, name):
    """What is stored is what the English and the prose make; of a notebook first its code."""
    path = chinese_cells.chinese(root, name)
    if not path.exists():
        yield path, f"is not there: {COMMAND} {name}"
        return
    wanted = chinese.made(root, name)
    if path.suffix == ".ipynb":
        ours, theirs = [[cell.source for _, cell in code(book)] for book in (read(path), parsed(wanted, path))]
        for n, (mine, given) in enumerate(zip(ours, theirs, strict=False), 1):
            if mine != given:
                yield path, f"code cell {n} is not the English notebook's: change it there, then {COMMAND} {name}"
                return
    if path.read_bytes() != wanted.encode():
        yield path, f"is not what its English and its prose make: {COMMAND} {name}"


def names_of_chapters(root):
    """notebooks/zh/course.toml names chapters that there are, and each that is translated."""
    path, given = root / chinese.LIST, chinese.words(root).get("chapter", {})
    known = {row.notebook for row in chapter_list.chapters(root)}
    known |= {name for part in chapter_list.parts(root) for name in part.get("making", [])}
    for name in given.keys() - known:
        yield path, f"{name} is no chapter of {chapter_list.LIST}"
    for name in chinese_cells.there(root):
        if lacking := {"title", "play"} - given.get(name, {}).keys():
            yield path, f"{name} has no Chinese {' and no '.join(sorted(lacking))}"


def complaints(root):
    """(path, text) of every place where the Chinese edition falls short; chapters that are not begun are none."""
    if not (root / chinese_cells.FOLDER).exists():
        return
    words, also = glossary.stored(root), terms(root)
    for path in chapters(root / chinese_cells.FOLDER, ".ipynb"):
        if path.stem not in chinese_cells.there(root):
            yield path, "has no prose to be made of: see CONTRIBUTING.md, “In Chinese”"
    for name in also.keys() - {row.term for row in words.rows}:
        yield root / TERMS, f"{name!r} is no term of the glossary"
    yield from names_of_chapters(root)
    for name in chinese_cells.begun(root):
        yield from of_one(root, name, words, also)
