"""The glossary holds every term of every notebook, once, with the Chinese that the notebooks give it.

A term is seen in a notebook by four nets:

- Chinese in the prose: it must be a row's, and the row's English must stand before it;
- bold: it is a row's name, alone or with the word after it, or one of BOLD_BUT_NO_TERM, which says why it is none, or
  a sentence: five words or more that end in a full stop or a question mark;
- the terms of machine learning in TERMS, in bold or not;
- and backwards: each row must be used, first in the chapter that it names.
"""

import re
from pathlib import Path

import glossary
import pytest
from glossary import as_words, proses, stored
from helpers.bold import BOLD_BUT_NO_TERM

ROOT = Path(__file__).parents[2]
PROSES = proses(ROOT)
GLOSSARY = stored(ROOT)
ROWS, row_of = GLOSSARY.rows, GLOSSARY.row_of
chapters = pytest.mark.parametrize("prose", PROSES, ids=lambda prose: prose.number)

# Bold that is no term. Whatever else is bold must be in the glossary: add it there, or here, and say why it is none.
NO_TERMS = {text.strip() for texts in BOLD_BUT_NO_TERM.values() for text in " ".join(texts.split()).split("|")}

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


def chinese_without_its_row(prose):
    """(what is wrong, where) of Chinese terms that are no row's, or that do not follow their row's English."""
    rows = {name: row for row in ROWS for name in row.chinese_names}
    for block in prose.blocks:
        since = 0
        for found in CHINESE.finditer(block):
            term, before = found[0], block[since : found.start()].replace("*", "")
            row = rows.get(term)
            if row is None and term != "中文":
                yield f"the glossary has no {term!r}", block
            elif row and not row.pattern.search(before):
                yield f"{term} is {row.term!r} in the glossary, which does not stand before it", block
            since = 0 if block.startswith("|") else found.end()


@chapters
def test_every_chinese_term_is_the_glossarys_and_stands_after_its_english(prose):
    wrong = [f"{fault}: … {block[:160]}" for fault, block in chinese_without_its_row(prose)]
    assert not wrong, "\n".join(wrong)


def is_sentence(text):
    return text.endswith((".", "?")) and len(text.split()) >= 5


@chapters
def test_every_bold_term_is_in_the_glossary(prose):
    unknown = sorted(
        text
        for text, after in prose.bold
        if not (text in NO_TERMS or is_sentence(text) or row_of(text) or row_of(text + after))
    )
    assert not unknown, f"bold, neither in the glossary nor in BOLD_BUT_NO_TERM: {unknown}"


def test_what_is_said_to_be_no_term_is_none():
    """An exception cannot swallow a term: none is a row's name, nor one of TERMS."""
    swallowed = [text for text in NO_TERMS if row_of(text) or text.lower() in {word.lower() for word in TERMS}]
    assert not swallowed


def test_what_is_said_to_be_no_term_is_still_bold_somewhere():
    gone = NO_TERMS - {text for prose in PROSES for text, _ in prose.bold}
    assert not gone, f"take off BOLD_BUT_NO_TERM: {sorted(gone)}"


@chapters
def test_every_term_is_in_the_glossary(prose):
    used = [word for word in TERMS if re.search(as_words(word), prose.text)]
    lacking = [word for word in used if not row_of(word)]
    assert not lacking, f"used, and not in the glossary: {lacking}"


# And the glossary against the notebooks


def test_each_term_is_used_first_in_the_chapter_that_its_row_names():
    assert [text for _, text in glossary.complaints(ROOT)] == []
