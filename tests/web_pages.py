#!/usr/bin/env python3
"""Writes the notebooks as pages that need no kernel and no network: python tests/web_pages.py [--run] (`make pages`).

A page holds what the notebook's last lesson stored. Where that is the picture of a replay of shipped recordings, the
page has the live replay. With --run the notebooks run anew, some minutes each, and every control that has `to_html`
is alive, the reader's own run too. Formulas become MathML, which browsers draw by themselves. No address is asked.
"""
import argparse
import os
import re
from html import escape
from pathlib import Path
from posixpath import normpath
from string import Template

from course import tidy
from latex2mathml.converter import convert
from laws import code, notebooks, read
from links import BRANCH, TAG, repository
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from pygments.formatters import HtmlFormatter

from gan_edu.core import durable
from gan_edu.core.equal_time import in_steps_of, until
from gan_edu.core.recording import shipped, shipped_names
from gan_edu.core.stills import are_words
from gan_edu.widgets import PlaneReplay, Replay
from gan_edu.widgets.contact_sheet import describe
from gan_edu.widgets.plane_page import describe_points

ROOT = Path(__file__).resolve().parent.parent
SHELL = Template((Path(__file__).with_name("web_page.html")).read_text(encoding="utf-8"))
# Given to the kernel before a notebook: a control is then shown as its page, which goes on without the kernel.
ALIVE = """
def alive(formatter=get_ipython().display_formatter):
    plain = formatter.format
    def format(shown, include=None, exclude=None):
        if hasattr(shown, "to_html") and hasattr(shown, "alt"):
            return {"text/html": shown.to_html().data, "text/plain": repr(shown)}, {}
        return plain(shown, include, exclude)
    formatter.format = format
alive()
"""


class Renderer(IPythonRenderer):
    """Markdown with formulas as MathML and links that fit a folder of pages."""

    def __init__(self, root, **options):
        super().__init__(escape=False, embed_images=True, path=str(root / "notebooks"), **options)
        self.root = root

    def _html_embed_images(self, html):                     # the original closes <details>, whose end comes later
        return super()._html_embed_images(html) if "<img" in html else html

    def inline_math(self, body):
        return math(body, "inline")

    def block_math(self, body):
        return f'<div class="formula">{math(body, "block")}</div>'

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def link(self, text, url, title=None):
        place, hash_, anchor = url.partition("#")
        if place and not re.match(r"[a-z][a-z0-9+.-]*:", place):
            if re.fullmatch(r"[0-9][0-9]_\w+\.ipynb", place):
                place = place.replace(".ipynb", ".html")
            else:
                place = f"{repository(self.root)}/blob/{BRANCH}/{normpath('notebooks/' + place)}"
        return super().link(text, place + hash_ + anchor, title)


FUNCTION = re.compile(r"<mi>(\w{2,})</mi>(<mo stretchy=\"false\">&#x00028;)?")        # log, exp, max, …


def math(body, display):
    """A formula as MathML, with its TeX for who reads it aloud. Raises ValueError for a command not understood."""
    body = body.strip()
    tex = re.sub(r"\\(math[a-z]+)\s+(\w)", r"\\\1{\2}", body)            # only so does it find the letter itself
    result = convert(re.sub(r"\{(?:aligned|split)\}", "{align*}", tex), display=display)
    if "\\" in result or "<mi>&<" in result:
        raise ValueError(f"this formula cannot be shown without a network: {body}")
    result = FUNCTION.sub(lambda name: f'<mo form="prefix" lspace="0.17em" rspace="{0 if name[2] else 0.17}em">'
                                       f"{name[1]}</mo>{name[2] or ''}", result)
    return result.replace("<math ", f'<math alttext="{escape(body)}" ', 1)


def runs(said):
    """The runs that a replay's words name: title, frames, from when to when. Its score may be rounded otherwise."""
    return [re.sub(r"(, final FID |, at the end JS ).*", "", each) for each in said.rstrip(".").split("; ")]


def known():
    """{what a replay's words name: the recording}, of all that are shipped."""
    found = {}
    for name in shipped_names():
        recording = shipped(name)
        points = recording.meta.get("kind") == "points"
        said, = runs(describe_points(recording) if points else describe((recording,)))
        if said in found:
            raise ValueError(f"{name} has the words of another recording: {said}; give it a title of its own")
        found[said] = recording
    return found


def counted_otherwise():
    """{its words: the recording}, of the two that notebook 05 shows at equal time, as long as both last."""
    recording = in_steps_of(shipped("mnist_textbook"), shipped("mnist_best"))
    beside = until(shipped("mnist_textbook"), recording.steps[-1])
    return {runs(describe((each,)))[0]: each for each in (recording, beside)}


def live(output, recordings):
    """The live replay for a stored picture of one, or None: of a run of the reader's own only the picture is left."""
    name = output.get("data", {}).get("text/plain", "").split("(")[0]
    if name not in ("Replay", "PlaneReplay"):
        return None
    shown = [recordings.get(run) for run in runs(output.metadata.get("image/png", {}).get("alt", ""))]
    return {"Replay": Replay, "PlaneReplay": PlaneReplay}[name](*shown).to_html().data if all(shown) else None


def run(book, folder):
    """Run a notebook, at the pace of GAN_EDU_PACE, with its controls alive. Raises for a cell that fails."""
    book.cells.insert(0, new_code_cell(ALIVE))
    client = NotebookClient(book, kernel_name="python3", timeout=1800, store_widget_state=False,
                            resources={"metadata": {"path": str(folder)}})
    client.execute(env={**os.environ, "GAN_EDU_DRIVER": "inline"})
    del book.cells[0]
    tidy(book)


def body(book, root, recordings):
    """A notebook's cells as HTML. Controls are put in last: they are large, and nothing need parse them."""
    frames = []
    book.cells = [cell for cell in book.cells if TAG not in cell.metadata.get("tags", [])]
    for _, cell in code(book):                              # a page's pictures have their words as alt text
        cell.outputs = [output for output in cell.outputs if not are_words(output.get("data", {}))]
    for output in [output for cell in book.cells for output in cell.get("outputs", [])]:
        html = output.get("data", {}).get("text/html", "")
        frame = html if "<iframe" in html else live(output, recordings)
        if frame:
            output.data = NotebookNode({"text/html": f"<i>control {len(frames)}</i>"})
            frames.append(frame)
    exporter = HTMLExporter(template_name="basic", filters={
        "markdown2html": lambda source: MarkdownWithMath(renderer=Renderer(root)).render(source)})
    html, _ = exporter.from_notebook_node(book)
    return re.sub(r"<i>control (\d+)</i>", lambda found: frames[int(found[1])], html)


def title(path):
    return re.match(r"# ([^\n]+)", read(path).cells[0].source)[1]


def colours():
    """Pygments' classes, for a light and a dark screen."""
    light, dark = (HtmlFormatter(style=style).get_style_defs(".highlight") for style in ("default", "github-dark"))
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}"


def page(name, content, around, root):
    return SHELL.substitute(title=escape(name), body=content, around=around, colours=colours(),
                            repository=escape(repository(root)))


def around(paths, i):
    """Links to the chapters before and after."""
    links = []
    for word, k in (("Back", i - 1), ("Next", i + 1)):
        if 0 <= k < len(paths):
            links.append(f'<a href="{paths[k].stem}.html" rel="{"prev" if k < i else "next"}">'
                         f"{word}: {escape(title(paths[k]))}</a>")
    return "".join(links)


def build(root, folder, anew=False):
    """Write a page for each notebook and an index; anew: run them first. Returns the pages' paths."""
    paths, recordings, pages = notebooks(root), {**known(), **counted_otherwise()}, {}
    for i, path in enumerate(paths):
        book = read(path)
        if anew:
            run(book, path.parent)
        pages[path.stem] = page(title(path), body(book, root, recordings), around(paths, i), root)
    chapters = "".join(f'<li><a href="{path.stem}.html">{escape(title(path))}</a></li>' for path in paths)
    pages["index"] = page("GANs to play with", f"<h1>GANs to play with</h1><p>The chapters as they were last run. "
                          "The recorded replays are alive: drag their sliders. To train, open a chapter where there "
                          f'is a kernel.</p><ul class="chapters">{chapters}</ul>', "", root)
    for name, text in pages.items():
        durable.write(folder / f"{name}.html", text.encode())
    return [folder / f"{name}.html" for name in pages]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", action="store_true", help="run the notebooks anew, every control alive")
    for made in build(ROOT, ROOT / "pages", parser.parse_args().run):
        print(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1e6:.1f} MB")
