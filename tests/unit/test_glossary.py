"""The glossary holds every term of every notebook, once, with the Chinese that the notebooks give it.

A row's first field lists the names of one thing, the one to be used first: "two time-scale update rule, TTUR". What
stands in brackets may be left out: "hinge (loss)" is also hinge. A term is seen in a notebook by four nets:

- Chinese in the prose: it must be a row's, and the row's English must stand before it;
- bold: it is a row's name, alone or with the word after it, or one of BOLD_BUT_NO_TERM, which says why it is none, or
  a sentence: five words or more that end in a full stop or a question mark;
- the terms of machine learning in TERMS, in bold or not;
- and backwards: each row must be used, first in the chapter that it names.
"""

import itertools
import re
from functools import cache
from pathlib import Path

import pytest
from chapter_list import MAP, chapters
from helpers.bold import BOLD_BUT_NO_TERM
from laws import read

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SCRIPTS = [NOTEBOOKS / "scripts" / f"{each.notebook}.py" for each in chapters(NOTEBOOKS.parent)]
GLOSSARY = (NOTEBOOKS / "glossary.md").read_text(encoding="utf-8")
HEAD = "| term | 中文 | what it means | chapter |"

# Bold that is no term. Whatever else is bold must be in the glossary: add it there, or here, and say why it is none.
NO_TERMS = {text.strip() for texts in BOLD_BUT_NO_TERM.values() for text in " ".join(texts.split()).split("|")}

# Names that are plain English as well: they count as the term in bold or in italics only.
PLAIN = {"flow", "round"}

# Words that are terms wherever a notebook uses them, bold or not. Those of chapters to come are here too.
LISTED = """
    adversarial training|autoregressive|batch|batch normalisation|clipping|weight clipping|conditional GAN|
    consensus|convolution|critic|cross entropy|DCGAN|detach|diffusion|Dirac-GAN|discriminator|DRAGAN|
    eigenvalue|EMA|epoch|equilibrium|extra-gradient|f-divergence|f-GAN|feature matching|FID|fixed point|
    generator|gradient descent|gradient penalty|hinge|inception score|instance noise|Jacobian|Jensen–Shannon|
    JS|KL|Kullback–Leibler|label smoothing|latent|latent space|lazy penalty|learning rate|least squares|
    likelihood|maximum likelihood|Lipschitz|logit|LSGAN|minimax|minibatch discrimination|mode|mode collapse|
    momentum|mutual information|Nash|non-saturating|normalising flow|one-sided|overfitting|PacGAN|penalty|
    MLP|multilayer perceptron|power iteration|precision and recall|progressive growing|quadrature|R1|R2|receptive field|
    regulariser|relativistic|reverse KL|saddle point|saturating|self-attention|sigmoid|singular value|
    softplus|spectral norm|spectral normalisation|spectral radius|standard error|step size|super-resolution|
    supervised|total variation|transposed convolution|truncation trick|TTUR|unrolled|unsupervised|
    value function|variational autoencoder|vector field|Wasserstein|WGAN|WGAN-GP"""
TERMS = [word.strip() for word in " ".join(LISTED.split()).split("|")]

HAN = r"[\u4e00-\u9fff]+"
CHINESE = re.compile(rf"(?:[A-Za-z0-9]+[ -]?)?{HAN}(?:\({HAN}\)|[ -]?{HAN}| [A-Z]+ {HAN}| [A-Z]\w+)*")
WORD = re.compile(r"`(\w+)`")
CODE = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]+\$", re.DOTALL)
NOT_READ = re.compile(r"</?[a-z][^<>]*>|\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?")
QUOTE = re.compile(r"^>[ ]?", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
BOLD = re.compile(r"\*\*(.+?)\*\*( [\w-]+)?")
ITALIC = re.compile(r"(?<![\w*])\*([^*]+)\*(?![\w*])")
BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]\s|\||\d+\.\s|#))")


@cache
def blocks(script):
    """The paragraphs, list items and table rows of a notebook's prose, one line each; no code, formulas and no map."""
    cells = [cell.source for cell in read(script).cells if cell.cell_type == "markdown"]
    texts = (QUOTE.sub("", NOT_READ.sub("", CODE.sub(" … ", WORD.sub(r"\1", MAP.sub("", text))))) for text in cells)
    return [" ".join(block.split()) for text in texts for block in BLOCK.split(text) if block.strip()]


def prose(parts):
    """Blocks as one text, without links and stress."""
    return LINK.sub(r"\1", " ".join(parts)).replace("*", "")


class Row:
    def __init__(self, line):
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        assert len(cells) == 4, f"a row has four cells: {line}"
        self.term, self.chinese, self.meaning, self.chapter = cells
        self.names = {short for name in self.term.split(", ") for short in shortened(name) if len(short) > 1}
        self.chinese_names = {self.chinese, *shortened(self.chinese)}
        self.pattern = re.compile(
            "|".join(as_words(name) for name in sorted(self.names - PLAIN, key=len, reverse=True))
        )

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


ROWS = [Row(line) for line in GLOSSARY.split(HEAD)[1].splitlines() if line.startswith("| ")]
NAMES = {name.lower(): row for row in ROWS for name in row.names}


def row_of(text):
    """The row whose name this is: without an article, in any case, singular or plural."""
    text = re.sub(r"^(?:an?|the) ", "", text.strip().rstrip(".:,").lower())
    forms = text, text.removesuffix("s"), text.removesuffix("es")
    return next((NAMES[form] for form in forms if form in NAMES), None)


# The glossary by itself


def test_rows_are_in_order_and_each_name_stands_once():
    terms = [row.term.lower() for row in ROWS]
    assert len(ROWS) > 80 and terms == sorted(terms)
    names = [name.lower() for row in ROWS for name in row.names]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, f"these English names stand in two rows: {twice}"


def test_each_term_has_one_chinese_name_and_no_two_the_same():
    odd = [row for row in ROWS if not CHINESE.fullmatch(row.chinese) and row.chinese not in row.names]
    assert not odd, f"neither one Chinese term nor the English itself: {[(row, row.chinese) for row in odd]}"
    given = [name for row in ROWS for name in row.chinese_names]
    assert len(set(given)) == len(given), {name for name in given if given.count(name) > 1}


def test_a_meaning_is_short_and_there():
    assert all(3 < len(row.meaning) <= 160 for row in ROWS), [row for row in ROWS if not 3 < len(row.meaning) <= 160]


# The notebooks against it


def chinese_without_its_row(script):
    """(what is wrong, where) of Chinese terms that are no row's, or that do not follow their row's English."""
    rows = {name: row for row in ROWS for name in row.chinese_names}
    for block in blocks(script):
        since = 0
        for found in CHINESE.finditer(block):
            term, before = found[0], block[since : found.start()].replace("*", "")
            row = rows.get(term)
            if row is None and term != "中文":
                yield f"the glossary has no {term!r}", block
            elif row and not row.pattern.search(before):
                yield f"{term} is {row.term!r} in the glossary, which does not stand before it", block
            since = 0 if block.startswith("|") else found.end()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_chinese_term_is_the_glossarys_and_stands_after_its_english(script):
    wrong = [f"{fault}: … {block[:160]}" for fault, block in chinese_without_its_row(script)]
    assert not wrong, "\n".join(wrong)


def bold(script):
    """(what is bold, the word after it) in a notebook's prose."""
    return {found for block in blocks(script) for found in BOLD.findall(LINK.sub(r"\1", block))}


def is_sentence(text):
    return text.endswith((".", "?")) and len(text.split()) >= 5


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_bold_term_is_in_the_glossary(script):
    unknown = sorted(
        text
        for text, after in bold(script)
        if not (text in NO_TERMS or is_sentence(text) or row_of(text) or row_of(text + after))
    )
    assert not unknown, f"bold, neither in the glossary nor in BOLD_BUT_NO_TERM: {unknown}"


def test_what_is_said_to_be_no_term_is_none():
    """An exception cannot swallow a term: none is a row's name, nor one of TERMS."""
    swallowed = [text for text in NO_TERMS if row_of(text) or text.lower() in {word.lower() for word in TERMS}]
    assert not swallowed


def test_what_is_said_to_be_no_term_is_still_bold_somewhere():
    gone = NO_TERMS - {text for script in SCRIPTS for text, _ in bold(script)}
    assert not gone, f"take off BOLD_BUT_NO_TERM: {sorted(gone)}"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_term_is_in_the_glossary(script):
    text = prose(blocks(script))
    used = [word for word in TERMS if re.search(as_words(word), text)]
    lacking = [word for word in used if not row_of(word)]
    assert not lacking, f"used, and not in the glossary: {lacking}"


# And the glossary against the notebooks


@cache
def told(script):
    """A notebook's prose, less what only names things to come: the list of words, readings, what is next."""
    kept = [block for block in blocks(script) if not block.startswith(("**Read", "**Next"))]
    if "| term | what it means | 中文 |" in kept:
        kept = kept[: kept.index("| term | what it means | 中文 |")]
    return prose(kept)


def first_use(row):
    """The number of the first chapter whose text uses a term; else of the first that lists it."""
    for text in (told, lambda script: prose(blocks(script))):
        for script in SCRIPTS:
            if row.pattern.search(text(script)) or any(row_of(each) is row for each, _ in bold(script)):
                return script.stem[:2]
            if row.names & PLAIN & {each for block in blocks(script) for each in ITALIC.findall(block)}:
                return script.stem[:2]
    return None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.term)
def test_the_chapter_of_a_row_is_the_first_that_uses_it(row):
    assert row.chapter == first_use(row), f"{row.term!r} is used first in {first_use(row)}, not {row.chapter}"
