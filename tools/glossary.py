"""The glossary, notebooks/glossary.md, and where the chapters' prose uses its terms first.

A row's first field lists the names of one thing, the one to be used first: "two time-scale update rule, TTUR". What
stands in brackets may be left out: "hinge (loss)" is also hinge.
"""

import itertools
import re
from functools import cached_property

from chapter_list import MAP, NEAR, chapters
from notebook_files import read

GLOSSARY = "notebooks/glossary.md"
HEAD = "| term | 中文 | what it means | chapter |"
LIST_OF_WORDS = "| term | what it means | 中文 |"  # in a chapter, of the words that are to come

# Names that are plain English as well: they count as the term in bold or in italics only.
PLAIN = {"flow", "precision", "recall", "round"}

WORD = re.compile(r"`(\w+)`")
CODE = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]+\$", re.DOTALL)
NOT_READ = re.compile(r"</?[a-z][^<>]*>|\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?")
QUOTE = re.compile(r"^>[ ]?", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
BOLD = re.compile(r"\*\*(.+?)\*\*( [\w-]+)?")
ITALIC = re.compile(r"(?<![\w*])\*([^*]+)\*(?![\w*])")
NEVER = "(?!)"
BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]\s|\||\d+\.\s|#))")


# The glossary


class Row:
    def __init__(self, line):
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if len(cells) != 4:
            raise ValueError(f"a row has four cells: {line}")
        self.term, self.chinese, self.meaning, self.chapter = cells
        self.names = {short for name in self.term.split(", ") for short in shortened(name) if len(short) > 1}
        self.chinese_names = {self.chinese, *shortened(self.chinese)}
        words = [as_words(name) for name in sorted(self.names - PLAIN, key=len, reverse=True)]
        self.pattern = re.compile("|".join(words) or NEVER)

    def __repr__(self):
        return self.term


def shortened(name):
    """'hinge (loss)': 'hinge loss' and 'hinge'."""
    parts = [
        (part, "") if optional else (part,)
        for part, optional in (
            (text.strip("()"), text.startswith("(")) for text in re.findall(r"\([^)]*\)|[^()]+", name)
        )
    ]
    return [" ".join("".join(chosen).split()) for chosen in itertools.product(*parts)]


def as_words(name):
    """A pattern for a name in running text: any case unless it is an abbreviation, and the plural."""
    words = re.escape(name).replace(r"\ ", "[ -]").replace(r"\-", "[ -]?")
    plural = rf"{words[:-1]}(?:y|ies)" if name.endswith("y") else rf"{words}(?:e?s)?"
    any_case = plural if sum(letter.isupper() for letter in name) > 1 else f"(?i:{plural})"
    return rf"(?<![\w-]){any_case}(?![\w-])"


class Glossary:
    def __init__(self, text):
        self.rows = [Row(line) for line in text.partition(HEAD)[2].splitlines() if line.startswith("| ")]
        self.by_name = {name.lower(): row for row in self.rows for name in row.names}

    def row_of(self, text):
        """The row whose name this is: without an article, in any case, singular or plural."""
        text = re.sub(r"^(?:an?|the) ", "", text.strip().rstrip(".:,").lower())
        forms = text, text.removesuffix("s"), text.removesuffix("es")
        return next((self.by_name[form] for form in forms if form in self.by_name), None)


def stored(root):
    return Glossary((root / GLOSSARY).read_text(encoding="utf-8"))


# The chapters' prose


class Prose:
    """A chapter's paragraphs, list items and table rows, one line each; no code, formulas and no map."""

    def __init__(self, script):
        self.number = script.stem[:2]
        cells = [cell.source for cell in read(script).cells if cell.cell_type == "markdown"]
        written = (WORD.sub(r"\1", NEAR.sub("", MAP.sub("", cell))) for cell in cells)
        texts = (QUOTE.sub("", NOT_READ.sub("", CODE.sub(" … ", cell))) for cell in written)
        self.blocks = [" ".join(block.split()) for text in texts for block in BLOCK.split(text) if block.strip()]

    @cached_property
    def text(self):
        return plain(self.blocks)

    @cached_property
    def told(self):
        """What is left without that which only names things to come: the list of words, readings, what is next."""
        kept = [block for block in self.blocks if not block.startswith(("**Read", "**Next"))]
        return plain(kept[: kept.index(LIST_OF_WORDS)] if LIST_OF_WORDS in kept else kept)

    @cached_property
    def bold(self):
        """(what is bold, the word after it)"""
        return {found for block in self.blocks for found in BOLD.findall(LINK.sub(r"\1", block))}

    @cached_property
    def italic(self):
        return {found for block in self.blocks for found in ITALIC.findall(block)}


def plain(blocks):
    """Blocks as one text, without links and stress."""
    return LINK.sub(r"\1", " ".join(blocks)).replace("*", "")


def proses(root):
    scripts = [root / "notebooks" / "scripts" / f"{each.notebook}.py" for each in chapters(root)]
    return [Prose(script) for script in scripts if script.exists()]


# One against the other


def first_use(row, glossary, course):
    """(chapter, words) of the first of these proses that uses a term; else of the first that lists it; else None."""
    for part in ("told", "text"):
        for prose in course:
            if words := used(row, glossary, prose, getattr(prose, part)):
                return prose.number, words
    return None


def used(row, glossary, prose, text):
    """The words with which a chapter uses a term, "" where it does not."""
    if found := row.pattern.search(text):
        return text[max(0, found.start() - 30) : found.end() + 30]
    stressed = [words for words, _ in prose.bold if glossary.row_of(words) is row]
    return next(iter([*stressed, *(row.names & PLAIN & prose.italic)]), "")


def complaints(root):
    """(path, text) where a row names another chapter than the first that uses its term."""
    path = root / GLOSSARY
    if not path.exists():
        return
    try:
        glossary, course = stored(root), proses(root)
    except ValueError as error:
        yield path, str(error)
        return
    for row in glossary.rows:
        found = first_use(row, glossary, course)
        if found is None:
            yield path, f"{row.term!r} is used in no chapter: take its row out"
        elif found[0] != row.chapter:
            yield path, f"{row.term!r} is used first in {found[0]}, not {row.chapter}: … {found[1]} …"
