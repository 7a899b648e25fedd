#!/usr/bin/env python
"""What the notebooks state, and how each statement was judged: tests/claims/NN.toml, read by `make check`.

    python tools/claims.py [NN ...]        what lacks an entry, ready to be filled in; what an entry says that is gone

A sentence needs an entry where it holds a digit, or a word of CAUSE or LAW below; others may have one. An entry is

    [[claim]]
    says = "the sentence as it stands"               # or a list of sentences that stand and fall together
    judged = "derived"                               # derived, recomputed, looked up, by definition
    how = "the slope of softplus is the sigmoid"     # the derivation in a word, what was run, or where it stands
    fails = "assert slope < 1"                       # of one of its cells, or tests/unit/test_x.py::test_y, or a list

What is derived or recomputed names what would fail if it were false. "By definition" is what the course itself lays
down: a setting, a way to count, what a reader is to do.
"""

import re
import sys
from pathlib import Path

import syntax
from course_files import CHECKED
from notebook_files import Unreadable, python, read
from toml_reader import tomllib

ROOT = Path(__file__).resolve().parents[1]
JUDGED = ("derived", "recomputed", "looked up", "by definition")
HIDDEN = re.compile(  # the map and the links to other chapters are compared with the list of chapters as a whole
    r"```.*?```|<!-- map -->.*?<!-- /map -->|<!-- near -->.*?<!-- /near -->|"
    r"</?[a-z][^<>]*>|\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?|^#+ [^\n]*$",
    re.DOTALL | re.MULTILINE,
)
QUOTE = re.compile(r"^>[ ]?", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]\s|\||\d+\.\s))")
MARK = re.compile(r"^\s*(?:[-*]\s+|\||\d+\.\s+)?\s*", re.MULTILINE)
END = re.compile(r"([.!?][*_)”\"]*)\s+(?=[*_(“\"]*[A-Z0-9$`σλγθψμβε−(])")
SHORT = ("et al.", "e.g.", "i.e.", "vs.", "no.", "approx.", "Fig.", "Eq.")
# Numbers that state nothing: years of papers, arXiv's own, chapters, sections, minutes to read; and how long a cell
# takes, which `make check` compares with what it took (laws.waits).
PLACES = re.compile(
    r"\(\d{4}\)|\b(?:19|20)\d\d\b|arXiv:?\s*\d{4}\.\d{4,5}|"
    r"(?:[Cc]hapters?|[Ss]ections?|§)\s*[\d.–, and]+\d*|^Exercise \d|\(\d+ minutes, [a-z]+\)|"
    r"\b\d\d_\w+|`[^`]*`|about (?:a|\d+) (?:seconds|minutes?) on two cores"
)
NUMBER = re.compile(r"\d")
CAUSE = re.compile(
    r"\b(?:because|comes? from|came from|so that|that is why|therefore|hence|due to|the reason)\b", re.IGNORECASE
)
LAW = re.compile(r"\b(?:always|never|most)\b", re.IGNORECASE)


def sentences(book):
    """The sentences of a notebook's prose, each on one line; formulas stay as they are written."""
    for cell in book.cells:
        if cell.cell_type == "markdown":
            text = LINK.sub(r"\1", HIDDEN.sub("", QUOTE.sub("", cell.source)))
            for block in BLOCK.split(text):
                yield from split(" ".join(MARK.sub("", block).split()))


def split(text):
    """A paragraph's sentences. A formula is a word; "et al." ends none."""
    kept: list[str] = []
    for part in END.sub(r"\1\n", text).split("\n"):
        if kept and (kept[-1].endswith(SHORT) or kept[-1].count("$") % 2):
            kept[-1] += " " + part
        else:
            kept.append(part)
    return [part for part in kept if part]


def states(sentence):
    """Whether a sentence needs an entry. A question, a heading without a verb's end and a table's rule need none."""
    bare = sentence.rstrip('*_ "”)')
    if not bare or bare.endswith("?") or sentence.startswith(("**Predict", "Predict")):
        return False
    return bool(NUMBER.search(PLACES.sub("", sentence)) or CAUSE.search(sentence) or LAW.search(sentence))


def listed(value):
    return value if isinstance(value, list) else [value]


def entries(path):
    """The entries of a claims file. Raises ValueError for what holds none, of whatever kind."""
    try:
        claims = tomllib.loads(path.read_text(encoding="utf-8")).get("claim", []) if path.exists() else []
    except (OSError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    if not all(isinstance(entry, dict) for entry in listed(claims)) or not isinstance(claims, list):
        raise ValueError("each entry begins with [[claim]], in two brackets")
    return claims


def malformed(entry):
    """Names of the fields that are no text, and no list of texts where there may be one."""
    for name, value in entry.items():
        texts = listed(value) if name in ("says", "fails") else [value]
        if not all(isinstance(text, str) for text in texts):
            yield name


def complaints(path, book, root):
    """What is amiss between a notebook and its claims file at `path`, one line each."""
    said, known = list(sentences(book)), set()
    text = " ".join(said)
    try:
        found = entries(path)
    except ValueError as error:  # no TOML, or another coding
        yield f"{path.name} cannot be read: {error}"
        return
    for number, entry in enumerate(found, 1):
        if wrong := list(malformed(entry)):
            yield f"entry {number}: a text is wanted in {', '.join(wrong)}"
            continue
        says = listed(entry.get("says", ""))
        yield from (f"entry {number}: there is an entry already for {each!r}" for each in says if each in known)
        known.update(says)
        yield from (f"entry {number}: {reason}" for reason in faults(entry, text, book, root))
    for sentence in said:
        if states(sentence) and sentence not in known:
            yield f"no entry says how this was judged: {sentence}"


def faults(entry, text, book, root):
    for sentence in listed(entry.get("says", "")) or [""]:
        if not sentence.strip() or sentence not in text:
            yield f"the notebook no longer says: {sentence!r}"
    if entry.get("judged") not in JUDGED:
        yield f"judged must be one of {', '.join(JUDGED)}, got {entry.get('judged')!r}"
    if len(entry.get("how", "").strip()) < 3:
        yield "how was it judged?"
    fails = listed(entry.get("fails", []))
    if not fails and entry.get("judged") in ("derived", "recomputed"):
        yield "what would fail if it were false?"
    yield from (
        f"{place!r} is neither an assert of the notebook nor a test"
        for place in fails
        if not (is_test(place, root) or asserted(place, book))
    )


def is_test(place, root):
    """tests/….py::name, of a test that is there."""
    path, _, name = place.partition("::")
    file = root / path
    if not (name and path.startswith("tests/") and ".." not in Path(path).parts and file.is_file()):
        return False
    return name in syntax.defined(file.read_text(encoding="utf-8"))


def asserted(snippet, book):
    """Whether it is part of a cell that would stop: of an assert, or of a cell whose output is compared."""
    snippet = " ".join(snippet.split())
    for cell in book.cells:
        if cell.cell_type == "code":
            if CHECKED in cell.metadata.get("tags", []):
                parts = (" ".join(cell.source.split()),)
            else:
                parts = syntax.asserts(python(cell.source))
            if snippet and any(snippet in part for part in parts):
                return True
    return False


def main(names):
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if not names or path.stem[:2] in names:
            lines = list(complaints(ROOT / "tests" / "claims" / f"{path.stem[:2]}.toml", read(path), ROOT))
            for line in lines:
                head, _, sentence = line.partition(": ")
                print(
                    f"[[claim]]\nsays = '''{sentence}'''\njudged = \"\"\nhow = \"\"\nfails = \"\"\n"
                    if head.startswith("no entry")
                    else f"# {line}"
                )
            print(f"# {path.stem}: {len(lines)} complaints", file=sys.stderr)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (Unreadable, SyntaxError) as error:
        sys.exit(str(error))
