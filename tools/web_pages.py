#!/usr/bin/env python3
"""Writes the notebooks as pages that need no kernel and no network: python tools/web_pages.py (`make pages`).

A page holds what the notebook's last lesson stored. Each control that the browser computes alone is made anew and takes
its picture's place, in about a minute for all chapters: tools/alive.py. The page's address keeps what a learner sets,
so that a link opens it. Texts that a page links to have pages, too. With --run the notebooks run at lesson pace, some
minutes each, and what was trained is alive, too. No address is asked. A chapter that fails is named, and the others are
written. With --slides it writes decks in place of pages (`make slides`): tools/web_slides.py.
"""

import argparse
import re
import sys
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template
from typing import NamedTuple

import web_slides
from alive import ALIVE, enliven
from chapter_list import chapters
from course import Refused, execute, named, tidy
from course_files import notebooks
from links import repository
from nbformat import NotebookNode
from notebook_files import read
from pygments.formatters import HtmlFormatter
from web_cells import Cells, prose, still, title
from web_text import html, page_of

from gan_edu.core.safety import durable
from gan_edu.widgets.kit.page import POLICY

ROOT = Path(__file__).resolve().parent.parent
WEB = Path(__file__).with_name("web")
GLOSSARY = "notebooks/glossary.md"
RUN_FIRST = re.compile(r"^First run all cells [^\n]*\n\n", re.MULTILINE)  # a page is alive without a kernel
NAME = "GANs to play with"
INTRODUCTION = f"""<h1>{NAME}</h1><p>The chapters as they were last run. Their controls are alive; what has to train
first is a picture. To train, open a chapter where there is a kernel.</p>"""


class Made(NamedTuple):
    """What is shown of a notebook: its cells, markdown as HTML by now, and what an index says of it."""

    title: str
    still: str
    book: NotebookNode


def file(name):
    return (WEB / name).read_text(encoding="utf-8")


def colours():
    """Pygments' classes, for a light and a dark screen."""
    light, dark = (HtmlFormatter(style=style).get_style_defs(".highlight") for style in ("default", "github-dark"))
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n.highlight {{ background: var(--field); }}"


def page(name, content, *more):
    """A page of its own; more: names of further styles and scripts, beside those of every page."""
    parts = {end: "\n".join(file(f"{each}.{end}") for each in ("page", *more)) for end in ("css", "js")}
    return Template(file("page.html")).substitute(
        policy=f"{POLICY}; img-src data:",
        title=escape(name),
        style=parts["css"] + colours(),
        script=parts["js"],
        body=content,
    )


def chapter_page(name, content, around, root):
    address = escape(repository(root))
    body = Template(file("chapter.html")).substitute(content=content, around=around, repository=address)
    return page(name, body)


def around(titles, name, texts):
    """Links to the glossary, and to the chapters before and after the one of this name; titles: {name: title}."""
    names, links = list(titles), []
    if GLOSSARY in texts:
        links.append(f'<a href="{page_of(GLOSSARY)}">Glossary</a>')
    if name in names:
        at = names.index(name)
        for word, rel, near in (("Back", "prev", names[:at][-1:]), ("Next", "next", names[at + 1 :][:1])):
            links += [f'<a href="{each}.html" rel="{rel}">{word}: {escape(titles[each])}</a>' for each in near]
    return "".join(links)


def prepared(root, texts, failed, anew, split=lambda book: None):
    """{name: Made} of all notebooks that can be shown, with their controls alive. texts: takes what they link to.

    split: what is done to a notebook before its text becomes HTML.
    """
    made = {}
    for path in notebooks(root):  # what cannot be shown is said before the runs
        with named(path, failed):
            book = read(path)
            about = title(book), still(book)
            book.cells[0].source = RUN_FIRST.sub("", book.cells[0].source)
            split(book)
            prose(book, root, texts)
            made[path] = Made(*about, book)
    for path, (_, _, book) in list(made.items()):
        with named(path, failed):
            execute(book, path.parent, "lesson", ALIVE) if anew else enliven(book, path.parent)
            tidy(book)
            continue
        del made[path]
    return {path.stem: each for path, each in made.items()}


def text_pages(root, texts):
    """{name: (title, HTML)} of the texts that are linked to, and of those that they link to."""
    pages: dict[str, tuple[str, str]] = {}
    while left := sorted(texts - set(pages)):
        for path in left:
            source = (root / path).read_text(encoding="utf-8")
            try:
                pages[path] = source.partition("\n")[0].lstrip("# "), html(source, root, str(Path(path).parent), texts)
            except Exception as error:
                raise Refused(f"{path} cannot be shown: {type(error).__name__}: {error}") from error
    return {page_of(path).removesuffix(".html"): each for path, each in pages.items()}


def index(made, root):
    """The chapters by their parts, each with a picture, its title and a sentence, as far as the list has them."""
    listed = {each.notebook: each for each in chapters(root) if each.whole}
    blocks = []
    for part, names in groupby(made, lambda name: listed[name].part if name in listed else ""):
        heading = f"<h2>{escape(part)}</h2>" if part else ""
        blocks.append(f'{heading}<ul class="chapters">{"".join(card(n, made[n], listed.get(n)) for n in names)}</ul>')
    return INTRODUCTION + "".join(blocks)


def card(name, made, row):
    """A chapter in the index. row: of the list of chapters, or None."""
    sentence = f"<p>{escape(row.play[:1].upper() + row.play[1:])}. {row.minutes} minutes.</p>" if row else ""
    return f'<li><a href="{name}.html">{made.still}{escape(made.title)}</a>{sentence}</li>'


def build(root, folder, anew=False):
    """Write a page for each notebook and each text that is linked to, and an index. anew: of a run at lesson pace.

    Returns their paths, and the names of the chapters that failed. Raises OSError where `folder` takes no files, and
    ValueError without an address of the repository, before anything is run.
    """
    durable.ask(folder)
    repository(root)
    failed: list[str] = []
    texts = {GLOSSARY} if (root / GLOSSARY).exists() else set()
    made = prepared(root, texts, failed, anew)
    others = text_pages(root, texts)
    titles = {name: each.title for name, each in made.items()}
    contents = {name: (each.title, "".join(map(Cells().shown, each.book.cells))) for name, each in made.items()}
    contents |= others | {"index": (NAME, index(made, root))}
    pages = {name: chapter_page(*each, around(titles, name, texts), root) for name, each in contents.items()}
    return written(pages, folder), failed


def slides(root, folder):
    """Write a deck of slides for each notebook, and an index. Returns as `build` does."""
    durable.ask(folder)
    repository(root)
    failed: list[str] = []
    made = prepared(root, set(), failed, False, web_slides.split)
    decks = {name: page(each.title, web_slides.deck(each.book.cells), "deck") for name, each in made.items()}
    decks["index"] = page(NAME, f"<main>{index(made, root)}</main>")
    return written(decks, folder), failed


def written(pages, folder):
    for name, text in pages.items():
        durable.write(folder / f"{name}.html", text.encode())
    return [folder / f"{name}.html" for name in pages]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", action="store_true", help="at lesson pace: what was trained is alive, too")
    parser.add_argument("--slides", action="store_true", help="decks of slides, in slides/")
    options = parser.parse_args()
    try:
        made, failed = slides(ROOT, ROOT / "slides") if options.slides else build(ROOT, ROOT / "pages", options.run)
    except (OSError, ValueError, Refused) as reason:  # a folder that takes no files, an address that is none
        sys.exit(str(reason))
    for path in made:
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.1f} MB")
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
