#!/usr/bin/env python3
"""Writes the notebooks as pages that need no kernel and no network: python tools/web_pages.py [--run] (`make pages`).

A page holds what the notebook's last lesson stored. The notebooks also run at test pace, in about two minutes, and a
control that then says in words what its stored picture says takes the picture's place: it goes on without a kernel.
With --run they run at lesson pace, some minutes each, and what was trained is alive too. Formulas become MathML, which
browsers draw by themselves. No address is asked. A chapter that fails is named, and the others are written.
"""

import argparse
import copy
import hashlib
import re
import sys
from html import escape
from pathlib import Path
from posixpath import normpath
from string import Template
from xml.etree import ElementTree

from chapter_list import NEAR
from course import Refused, execute, named, tidy
from course_files import code, notebooks, said
from latex2mathml.converter import convert
from links import BRANCH, TAG, repository
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from notebook_files import read
from pygments.formatters import HtmlFormatter

from gan_edu.core.notebook.stills import are_words
from gan_edu.core.safety import durable
from gan_edu.widgets.kit.page import POLICY

ROOT = Path(__file__).resolve().parent.parent
SHELL = Template((Path(__file__).with_name("web_page.html")).read_text(encoding="utf-8"))
# Given to the kernel before a notebook: a control is then shown as its page, which goes on without the kernel.
ALIVE = """
def alive(formatter=get_ipython().display_formatter):
    plain = formatter.format
    def format(shown, include=None, exclude=None):
        if hasattr(shown, "to_html") and hasattr(shown, "alt"):
            return {"text/html": shown.to_html().data, "text/plain": repr(shown)}, {"text/html": {"alt": shown.alt}}
        return plain(shown, include, exclude)
    formatter.format = format
alive()
"""


RUN_FIRST = re.compile(r"^First run all cells [^\n]*\n\n", re.MULTILINE)  # a page is alive without a kernel


class Renderer(IPythonRenderer):
    """Markdown with formulas as MathML and links that fit a folder of pages."""

    def __init__(self, root, **options):
        super().__init__(escape=False, embed_images=True, path=str(root / "notebooks"), **options)
        self.root = root

    def _html_embed_images(self, html):  # the original closes <details>, whose end comes later
        return super()._html_embed_images(html) if "<img" in html else html

    def inline_math(self, body):
        return math(body, "inline")

    def block_math(self, body):
        return f'<div class="formula">{math(body, "block")}</div>'

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def link(self, text, url, title=None):
        place, hash_, anchor = url.partition("#")
        if place and not re.match(r"[a-z][a-z0-9+.-]*:|/", place):
            if re.fullmatch(r"[0-9][0-9]_\w+\.ipynb", place):
                place = place.replace(".ipynb", ".html")
            else:
                place = f"{repository(self.root)}/blob/{BRANCH}/{normpath('notebooks/' + place)}"
        return super().link(text, place + hash_ + anchor, title)


MATHML = "http://www.w3.org/1998/Math/MathML"
LIMITED = {"min", "max", "sup", "inf", "lim"}  # in a formula of its own: x stands below
FUNCTION = re.compile(r"<mi>(\w{2,})</mi>(<mo stretchy=\"false\">&#x00028;)?")  # log, exp, max, …


def math(body, display):
    """A formula as MathML, with its TeX for who reads it aloud. Raises ValueError for a command not understood."""
    body = body.strip()
    tex = re.sub(r"\\(math[a-z]+)\s+(\w)", r"\\\1{\2}", body)  # only so does it find the letter itself
    result = convert(re.sub(r"\{(?:aligned|split)\}", "{align*}", tex), display=display)
    if "\\" in result or "<mi>&<" in result:
        raise ValueError(f"this formula cannot be shown without a network: {body}")
    result = below(result) if display == "block" else result
    result = FUNCTION.sub(
        lambda name: (
            f'<mo form="prefix" lspace="0.17em" rspace="{0 if name[2] else 0.17}em">{name[1]}</mo>{name[2] or ""}'
        ),
        result,
    )
    return result.replace("<math ", f'<math alttext="{escape(body)}" ', 1)


def below(formula):
    """What min, max and their like carry, set below them."""
    ElementTree.register_namespace("", MATHML)
    root = ElementTree.fromstring(formula)
    for part in root.iter(f"{{{MATHML}}}msub"):
        if part[0].text in LIMITED:
            part.tag = f"{{{MATHML}}}munder"
    return ElementTree.tostring(root, encoding="unicode")


def prose(book, root):
    """Put HTML in the place of a notebook's markdown. Raises Refused for a cell that cannot be shown, and names it."""
    book.cells[0].source = RUN_FIRST.sub("", book.cells[0].source)
    for n, cell in enumerate(book.cells, 1):
        if cell.cell_type == "markdown":
            cell.source = NEAR.sub("", cell.source)  # a page has its own
            renderer = Renderer(root, attachments=cell.get("attachments"))
            try:
                cell.source = MarkdownWithMath(renderer=renderer).render(cell.source)
            except Exception as error:
                raise Refused(f"cell {n} cannot be shown: {type(error).__name__}: {error}") from error


def enliven(book, folder):
    """Put a control in the place of each stored picture whose words it says when the notebook runs at test pace."""
    alive = copy.deepcopy(book)
    execute(alive, folder, "test", ALIVE)
    for (_, stored), (_, cell) in zip(code(book), code(alive), strict=True):
        controls = {said(output, "text/html"): output for output in cell.outputs if said(output, "text/html")}
        stored.outputs = [controls.get(said(output, "image/png"), output) for output in stored.outputs]


def body(book):
    """A notebook's cells as HTML. Controls are put in last: they are large, and nothing need parse them."""
    frames = {}
    book.cells = [cell for cell in book.cells if TAG not in cell.metadata.get("tags", [])]
    for _, cell in code(book):  # a page's pictures have their words as alt text
        cell.outputs = [output for output in cell.outputs if not are_words(output.get("data", {}))]
    for output in [output for cell in book.cells for output in cell.get("outputs", [])]:
        frame = output.get("data", {}).get("text/html", "")
        if "<iframe" in frame:
            mark = f"<i>{hashlib.sha256(frame.encode()).hexdigest()}</i>"  # what no notebook says by chance
            output.data, frames[mark] = NotebookNode({"text/html": mark}), frame
    exporter = HTMLExporter(template_name="basic", filters={"markdown2html": lambda html: html})  # it is HTML by now
    html, _ = exporter.from_notebook_node(book)
    return re.sub("<i>[0-9a-f]{64}</i>", lambda found: frames.get(found[0], found[0]), html)


def title(book):
    """A notebook's first line; what else it is called by is its file's name."""
    return book.cells[0].source.partition("\n")[0].removeprefix("#").removeprefix(" ")


def first_picture(book):
    """The notebook's first picture, as HTML; nothing where it has none."""
    for _, cell in code(book):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                png, alt = output.data["image/png"].strip(), escape(said(output, "image/png"))
                return f'<img alt="{alt}" src="data:image/png;base64,{png}">'
    return ""


def colours():
    """Pygments' classes, for a light and a dark screen."""
    light, dark = (HtmlFormatter(style=style).get_style_defs(".highlight") for style in ("default", "github-dark"))
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}"


def page(name, content, around, root):
    return SHELL.substitute(
        policy=f"{POLICY}; img-src data:",
        title=escape(name),
        body=content,
        around=around,
        colours=colours(),
        repository=escape(repository(root)),
    )


def around(titles, name):
    """Links to the chapters before and after the one of this name; titles: {name: title}."""
    names, links = list(titles), []
    at = names.index(name)
    for word, rel, near in (("Back", "prev", names[:at][-1:]), ("Next", "next", names[at + 1 :][:1])):
        links += [f'<a href="{each}.html" rel="{rel}">{word}: {escape(titles[each])}</a>' for each in near]
    return "".join(links)


def build(root, folder, anew=False):
    """Write a page for each notebook and an index; anew: with what a run at lesson pace shows.

    Returns their paths, and the names of the chapters that failed. Raises OSError where `folder` takes no files, and
    ValueError without an address of the repository, before anything is run.
    """
    durable.ask(folder)
    repository(root)
    books, titles, pictures, bodies = {}, {}, {}, {}
    failed: list[str] = []
    for path in notebooks(root):  # what cannot be shown is said before the long runs
        with named(path, failed):
            book = read(path)
            titles[path.stem], pictures[path.stem] = title(book), first_picture(book)
            prose(book, root)
            books[path] = book
    for path, book in books.items():
        with named(path, failed):
            execute(book, path.parent, "lesson", ALIVE) if anew else enliven(book, path.parent)
            tidy(book)
            bodies[path.stem] = body(book)
    titles = {name: titles[name] for name in bodies}
    chapters = "".join(f'<li><a href="{name}.html">{pictures[name]}{escape(titles[name])}</a></li>' for name in bodies)
    pages = {name: page(titles[name], text, around(titles, name), root) for name, text in bodies.items()}
    pages["index"] = page(
        "GANs to play with",
        "<h1>GANs to play with</h1><p>The chapters as they were last run. "
        "Their controls are alive; what has to train first is a picture. To train, open a chapter "
        f'where there is a kernel.</p><ul class="chapters">{chapters}</ul>',
        "",
        root,
    )
    for name, text in pages.items():
        durable.write(folder / f"{name}.html", text.encode())
    return [folder / f"{name}.html" for name in pages], failed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", action="store_true", help="at lesson pace: what was trained is alive, too")
    try:
        pages, failed = build(ROOT, ROOT / "pages", parser.parse_args().run)
    except (OSError, ValueError) as reason:  # a folder that takes no files, an address that is none
        sys.exit(str(reason))
    for made in pages:
        print(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1e6:.1f} MB")
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)
