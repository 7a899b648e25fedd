"""The laws that `tools/course.py check` holds the course to. Each is a small generator of complaints.

A law of the tree takes the repository's root and yields (path, complaint); a law of a notebook takes the notebook
and yields complaints. A complaint says what to do where that is not plain.
"""

import ast
import itertools
import math
import os
import re
import statistics
from pathlib import Path
from urllib.parse import unquote

import chapter_list
import chinese_laws
import claims
import code_laws
import controls
import dependencies
import glossary
import syntax
from chapter_list import LIST, START, UNWRITTEN
from course_files import (
    CHAPTER,
    CHECKED,
    TEXT_FILES,
    about,
    chapters,
    code,
    content,
    every,
    files,
    fingerprint,
    lesson_code,
    notebooks,
    outputs,
    said,
    script_of,
)
from links import repository, texts, write
from notebook_files import Unreadable, form, read, tree

from gan_edu.core.notebook.stills import are_words

LONGEST = 5  # minutes of a notebook at lesson pace
WIDEST = 93  # characters of a line in JupyterLab, in a window 1280 px wide with its file browser open
SLOW = 10  # seconds from which on a cell says before how long it takes
NOT_PROSE = re.compile(r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
WIDGET = "application/vnd.jupyter.widget-view+json"
REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "deb.debian" + ".org")
COMMAND = re.compile(r"(python tools/course\.py \w+) NAME\b")
MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:work|farm|root|tmp|home|Users)/\w+")


# Laws of one notebook


def is_python(book):
    for n, cell in code(book):
        try:
            tree(cell.source)
        except SyntaxError as error:
            yield f"cell {n}, line {error.lineno}: {error.msg}"


def executed(book):
    mark = book.metadata.get("gan_edu", {})
    if mark.get("executed") != fingerprint(book) or mark.get("pace") != "lesson":
        yield "its code changed since it was executed at lesson pace: python tools/course.py lessons NAME"
    if mark.get("minutes", 0) > LONGEST:
        yield f"it took {mark['minutes']} minutes at lesson pace, more than {LONGEST}: train less in a lesson"
    for n, cell in lesson_code(book):
        if cell.execution_count is None:
            yield f"cell {n} never ran"


TOLD = re.compile(r"about (?:(a)|(\d+)) (seconds|minutes?) on two cores")


def waits(book):
    """A slow cell says before it runs how long it takes, to within a factor of two."""
    slow = book.metadata.get("gan_edu", {}).get("slow", {})
    for n, cell in lesson_code(book):
        if taken := slow.get(cell.id):
            told = next(reversed(list(TOLD.finditer(prose_above(book, n)))), None)  # the nearest
            seconds = told and (1 if told[1] else int(told[2])) * (1 if told[3] == "seconds" else 60)
            if not seconds or not seconds / 2 <= taken <= seconds * 2:
                yield f"cell {n} took {taken} seconds: say above it that it takes “about {taken} seconds on two cores”"


def prose_above(book, n):
    """The text between cell n, counted from 1, and the code before it that is not folded."""
    text = []
    for cell in reversed(book.cells[: n - 1]):
        if cell.cell_type == "code" and "cellView" not in about(cell):
            break
        text.append(cell.source if cell.cell_type == "markdown" else "")
    return " ".join(" ".join(reversed(text)).split())


def errors(book):
    for n, cell in code(book):
        if "raises-exception" not in cell.metadata.get("tags", []) and any(
            output.output_type == "error" for output in cell.outputs
        ):
            yield f"cell {n}: its stored output is an error"


def checked_outputs(book):
    """nbval passes a cell to check in silence when nothing is stored to check it against."""
    for n, cell in code(book):
        if CHECKED in cell.metadata.get("tags", []) and (cell.execution_count is None or not cell.outputs):
            yield f"cell {n}: the tag {CHECKED} without a stored output checks nothing"
        if "NBVAL_" in cell.source:
            yield f"cell {n}: nbval's mark is a tag, {CHECKED}, and no line of the cell"


def folds(book):
    """A cell is folded in all front ends or in none; its first line, which they show, says what it does."""
    for n, cell in code(book):
        notes = about(cell)
        if ("cellView" in notes) != ("jupyter" in notes):
            yield f'cell {n} is folded in one front end only: cellView="form" and jupyter={{"source_hidden": true}}'
        elif "cellView" in notes and not cell.source.startswith("# @title "):
            yield f"cell {n} is folded and does not say what it does: its first line is to be # @title …"


def live_views(book):
    for n, output in outputs(book):
        data = output.get("data", {})
        if WIDGET in data or "srcdoc" in data.get("text/html", ""):
            yield f"cell {n}: a live view is stored, which is dead without a kernel: store its PNG instead"


def alt_text(book):
    stored = [*outputs(book), (0, {})]
    for (n, output), (_, after) in itertools.pairwise(stored):
        for mime in output.get("data", {}):
            if mime.startswith("image/") and not said(output, mime):
                yield f"cell {n}: a picture without alt text: show it with figures.show(figure, alt=...)"
            elif mime == "image/png" and not are_words(after.get("data", {})):
                yield f"cell {n}: a picture without its words for screen readers: python tools/course.py tidy NAME"
    texts = [(n, output.get("data", {}).get("text/html", "")) for n, output in outputs(book)]
    texts += [(n, cell.source) for n, cell in enumerate(book.cells, 1) if cell.cell_type == "markdown"]
    for n, text in texts:
        bare = [tag for tag in re.findall(r"<img\b[^>]*>", text) if not re.search(r"\balt=([\"'])\s*[^\"'\s]", tag)]
        if bare or re.search(r"!\[\s*\]\(", text):
            yield f"cell {n}: a picture without alt text"


def pasted(book):
    for n, cell in enumerate(book.cells, 1):
        if cell.cell_type == "markdown" and "(attachment:" in cell.source:
            yield f"cell {n}: its script cannot hold a pasted picture: save it in notebooks/ and link to it"


COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3,4}){1,2}")
FORMAT = re.compile(r"[bgrcmykw][-.:,ov^<>*+xsd]*|C\d.*")
COLOURED = {
    "c",
    "color",
    "colors",
    "fc",
    "ec",
    "facecolor",
    "facecolors",
    "edgecolor",
    "edgecolors",
    "mfc",
    "mec",
    "markerfacecolor",
    "markeredgecolor",
    "ecolor",
}


def palette(book):
    """Colours come from gan_edu.core.notebook.figures, so that one meaning has one colour in the whole course."""
    for n, cell in code(book):
        for node in syntax.walk(tree(cell.source)):
            for text in colour_literals(node):
                yield f"cell {n}: the colour {text!r} is written out: take it from gan_edu.core.notebook.figures"


def colour_literals(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and COLOUR.fullmatch(node.value):
        yield node.value
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg in COLOURED:
                yield from (text for text in strings(keyword.value) if text != "none" and not COLOUR.fullmatch(text))
        if isinstance(node.func, ast.Attribute) and node.func.attr == "plot":
            yield from (text for argument in node.args for text in strings(argument) if FORMAT.fullmatch(text))


def strings(node):
    """The strings an argument is made of; what a subscript or a call holds is a name, not a colour."""
    parts = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def cell_sizes(book):
    """Of the cells that a reader sees; of those that are folded none may be longer than the longest of all."""
    long = {True: [0], False: [0]}  # whether a cell is folded: its lines
    for _, cell in code(book):
        long["cellView" in about(cell)].append(sum(bool(line.strip()) for line in cell.source.splitlines()))
    sizes = sorted(long[False][1:]) or [0]
    ninety = sizes[math.ceil(0.9 * len(sizes)) - 1]
    for name, size, most in (
        ("median", statistics.median(sizes), 10),
        ("90th percentile", ninety, 25),
        ("largest", max(sizes[-1], *long[True]), 40),
    ):
        if size > most:
            yield f"its {name} code cell has {size:g} lines, at most {most} are readable: move plumbing into gan_edu"


def line_widths(book):
    """What is longer is cut off on the screen: code that is not folded, and the code in a text, as of a solution."""
    for n, cell in enumerate(book.cells, 1):
        shown = cell.cell_type == "code" and "jupyter" not in about(cell)
        for at, line in enumerate(cell.source.splitlines(), 1):
            if cell.cell_type == "markdown" and line.startswith("```"):
                shown = line == "```python"
            if shown and len(line) > WIDEST:
                yield f"cell {n}, line {at} has {len(line)} characters, at most {WIDEST} are seen: break it by hand"


NUMBERED = re.compile(r"\s*(\d+)[.)]\s")


def broken_lists(book):
    """A wrapped line of prose that begins with a number and a dot or a bracket becomes a list in JupyterLab."""
    for n, cell in enumerate(book.cells, 1):
        if cell.cell_type == "markdown":
            for block in re.split(r"\n\s*\n", NOT_PROSE.sub(lambda found: "\n" * found[0].count("\n"), cell.source)):
                numbers = [int(found[1]) if (found := NUMBERED.match(line)) else None for line in block.splitlines()]
                begun = numbers[0] if numbers else None
                for number in filter(None, numbers[1:]):
                    if begun is None or number != begun + 1:
                        yield f"cell {n}: a line begins with the number {number}, which JupyterLab makes a list: rewrap"
                    begun = number


def one_meaning(book):
    """A name is imported from one place: a reader may run an earlier cell again."""
    origins: dict[str, str] = {}
    for _, cell in code(book):
        for node in syntax.walk(tree(cell.source)):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    name, origin = alias.asname or alias.name, f"{node.module}.{alias.name}"
                    if origins.setdefault(name, origin) != origin:
                        yield f"{name} is imported from {origins[name]} and from {origin}: give one another name"


def asserts_speak(book):
    """An assert that fails tells a learner what is not so; a bare one shows code."""
    for n, cell in code(book):
        for node in syntax.walk(tree(cell.source)):
            if isinstance(node, ast.Assert) and node.msg is None:
                yield f"cell {n}: an assert without a message: say what is not so, {ast.unparse(node)[:60]}"


def figures_are_shown(book):
    """`show(figure, …)` gives a picture, which a notebook shows only of a cell's last line."""
    for n, cell in code(book):
        for node in tree(cell.source).body[:-1]:
            call = node.value if isinstance(node, ast.Expr) else None
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "show":
                yield f"cell {n}: a figure that nobody sees: show(…) must be the last line of its cell"


BOOK_LAWS = (
    executed,
    waits,
    errors,
    checked_outputs,
    folds,
    live_views,
    alt_text,
    pasted,
    palette,
    cell_sizes,
    line_widths,
    broken_lists,
    one_meaning,
    asserts_speak,
    figures_are_shown,
)


# Laws of the tree


def pairs(root):
    for path in every(root):
        if not (path.exists() and script_of(path).exists()):
            yield path, "one of the pair, notebook and script, is missing: make sync"
        elif content(read(path)) != content(read(script_of(path))):
            yield path, "differs from its script: make sync"
    for path in sorted({*(root / "notebooks").glob("[0-9][0-9]*.ipynb")} - {*notebooks(root)}):
        yield path, "is no chapter's name, 04_mnist_gan: a copy? Move it away, or name it so"


def stored(root):
    """Byte for byte as the course's own tools store it: whoever opens it then finds a kernel, and a diff is small."""
    for path in notebooks(root):
        if path.read_bytes() != form(read(path)).encode():
            yield path, "another program has saved it in a form of its own: python tools/course.py tidy NAME"


def sizes(root, aim=500_000, most=1_000_000):
    for path in notebooks(root):
        size, reason = path.stat().st_size, read(path).metadata.get("gan_edu", {}).get("large")
        if size > most or (size > aim and not reason):
            yield path, f"{size / 1e3:.0f} KB; the aim is {aim // 1000} KB (metadata.gan_edu.large = REASON: 1 MB)"


LINK = re.compile(r"\]\(\s*<?([^)\s>]+)|\b(?:src|href)=[\"']([^\"']+)")


def links(root):
    """Relative links lead to a file. Others are not followed: nothing here needs the network."""
    texts = [(path, path.read_text(encoding="utf-8")) for path in files(root) if path.suffix == ".md"]
    texts = [(path, text) for path, text in texts if path.parent.name != "prose"]  # read as notebooks of notebooks/zh
    texts += [
        (path, "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown"))
        for path in [*notebooks(root), *chapters(root / "notebooks" / "zh", ".ipynb")]
    ]
    for path, text in texts:
        for match in LINK.finditer(NOT_PROSE.sub("", text)):
            target = unquote((match[1] or match[2]).partition("#")[0].partition("?")[0])
            if target.startswith("/"):
                yield path, f"links to {target}, which is a place of one machine: https://… or a path seen from here"
            elif not re.match(r"[a-z][a-z0-9+.-]*:", target) and not os.path.exists(path.parent / target):
                yield path, f"links to {target:.80}, which is not there"


def addresses(root):
    """No registry's host, so that any mirror serves; no folder of the machine where a notebook happened to run."""
    for path in files(root):
        text = path.read_text(encoding="utf-8", errors="replace")
        yield from ((path, f"names the registry host {host}") for host in REGISTRIES if host in text)
        if path.suffix in {".md", ".ipynb"}:
            if path.suffix == ".ipynb":
                text = "\n".join(words(read(path)))
            if found := MACHINE_PATH.search(text):
                yield path, f"bears a path of one machine, {found[0]}"


def words(book):
    """All text of a notebook; pictures are left out, whose base64 may look like anything."""
    for cell in book.cells:
        yield cell.source
    for _, output in outputs(book):
        yield output.get("text", "") + "\n".join(output.get("traceback", []))
        yield from (str(value) for mime, value in output.get("data", {}).items() if mime.startswith("text/"))


def opens_elsewhere(root):
    """Badges, the first cell and the map are what `course.py links` writes, from one address and one list."""
    do = "python tools/course.py links"
    for path in notebooks(root) if repository(root) else []:
        try:
            if write(read(path), path.stem, root):
                yield (
                    path,
                    f"its badges or first cell do not fit pyproject.toml's Repository, or its map {LIST}: {do}",
                )
        except ValueError as error:
            yield path, str(error)
    yield from (
        (path, f"names another repository than pyproject.toml, lacks badges, or its map differs from {LIST}: {do}")
        for path, text in texts(root)
        if path.read_text(encoding="utf-8") != text
    )


def judged(root):
    """Every number, cause and "always" of a notebook's prose has its entry in tests/claims."""
    for path in notebooks(root):
        for text in claims.complaints(root / "tests" / "claims" / f"{path.stem[:2]}.toml", read(path), root):
            yield path, text


def listed(root):
    """The notebooks are the chapters of the list, and each chapter has all that belongs to one."""
    if not (root / LIST).exists():
        return
    rows = chapter_list.chapters(root)
    for path in every(root):
        if path.stem not in {row.notebook for row in rows}:
            yield script_of(path), f"is in no row of {LIST}"
    for row in rows:
        if script_of(root / "notebooks" / f"{row.notebook}.ipynb") not in map(script_of, every(root)):
            yield root / LIST, f"{row.notebook} has no notebook"
            continue
        yield from belongs(root, row)
    numbers = [name[:2] for part in chapter_list.parts(root) for name in part.get("making", [])]
    numbers = sorted([*numbers, *(row.number for row in rows)])
    if numbers != [f"{n:02d}" for n in range(len(numbers))]:
        yield root / LIST, f"its chapters are to be numbered from 00 without a gap, not {', '.join(numbers)}"


def belongs(root, row):
    """What a chapter lacks: a file, words of the glossary, its title, a control that its row names."""
    files = [f"gan_edu/exercises/{row.name}.py", f"tests/unit/test_{row.name}.py", f"tests/claims/{row.number}.toml"]
    files += [f"gan_edu/{row.name}.py"] if row.notebook != START else []
    yield from ((root / LIST, f"{row.notebook} has no {file}") for file in files if not (root / file).exists())
    words = (root / "notebooks" / "glossary.md").read_text(encoding="utf-8")
    if not re.search(rf"\| {row.number} \|$", words, re.MULTILINE):
        yield root / "notebooks" / "glossary.md", f"no term is used first in chapter {row.number}: add those it brings"
    script = script_of(root / "notebooks" / f"{row.notebook}.ipynb")
    book = read(script)
    title = re.match(rf"# {row.number} · ([^:\n]+)", book.cells[0].source)
    if row.whole and not (title and title[1].lower() == row.title.lower()):
        yield script, f"its title is not the one in {LIST}: # {row.number} · {row.title[:1].upper()}{row.title[1:]}"
    shown = {name for _, cell in code(book) for name in imports_of_widgets(cell)}
    yield from (
        (script, f"does not import {name}, which {LIST} says is played with")
        for name in row.controls
        if name not in shown
    )


def imports_of_widgets(cell):
    for node in syntax.walk(tree(cell.source)):
        if isinstance(node, ast.ImportFrom) and node.module == "gan_edu.widgets":
            yield from (alias.name for alias in node.names)


def written(root):
    """What a skeleton left to be written is: each such place has the word in it."""
    folders = ("gan_edu", "notebooks/scripts", "tests/browser", "tests/claims", "tests/unit")
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*")) if path.suffix in TEXT_FILES]
    for path in [*paths, *filter(Path.exists, [root / LIST])]:
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(rf"\b{UNWRITTEN}\b", line):
                yield path, f"line {n} is to be written: {line.strip():.90}"


TREE_LAWS = (
    pairs,
    stored,
    sizes,
    code_laws.floors,
    links,
    addresses,
    opens_elsewhere,
    judged,
    listed,
    glossary.complaints,
    chinese_laws.complaints,
    controls.complaints,
    dependencies.complaints,
    written,
    code_laws.private,
    code_laws.plain_idioms,
)


def readable(path):
    """A notebook, a module or a text; none of the laws can be held to another before it is mended."""
    if CHAPTER.fullmatch(path.stem) and path.suffix in {".ipynb", ".py"}:
        yield from is_python(read(path))
    elif path.suffix:
        text = path.read_text(encoding="utf-8")
        syntax.module(text if path.suffix == ".py" else "")


def held(root, place, law, given):
    """What a law says of the file `place`, as lines; an error that nobody foresaw is one, and stops no other law."""
    try:
        for found in law(given):
            path, text = found if isinstance(found, tuple) else (place, found)
            yield f"{path.relative_to(root)}: {ready(text, path)}"
    except Exception as error:
        unforeseen = f"the law {law.__name__!r} cannot be held to it: {type(error).__name__}: {error}"
        yield f"{place.relative_to(root)}: {error if isinstance(error, Unreadable) else unforeseen}"


def ready(text, path):
    """A complaint with its command as it is to be typed: for NAME, the number of the notebook it is about."""
    return COMMAND.sub(rf"\1 {path.stem[:2]}", text)


def complaints(root):
    """Every place where the course falls short of a law, as one line each."""
    pairs = [path for pair in every(root) for path in (pair, script_of(pair)) if path.exists()]
    found = [line for path in dict.fromkeys([*pairs, *files(root)]) for line in held(root, path, readable, path)]
    if found:
        yield from found
        return
    for law in TREE_LAWS:
        yield from held(root, root, law, root)
    for path in notebooks(root):
        book = read(path)
        for law in BOOK_LAWS:
            yield from held(root, path, law, book)
