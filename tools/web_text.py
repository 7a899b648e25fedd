"""Markdown as HTML for pages without a network: formulas become MathML, links lead from page to page."""

import re
from html import escape
from posixpath import normpath
from xml.etree import ElementTree

from latex2mathml.converter import convert
from links import BRANCH, repository
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

MATHML = "http://www.w3.org/1998/Math/MathML"
LIMITED = {"min", "max", "sup", "inf", "lim"}  # in a formula of its own: x stands below
FUNCTION = re.compile(r"<mi>(\w{2,})</mi>(<mo stretchy=\"false\">&#x00028;)?")  # log, exp, max, …


class Renderer(IPythonRenderer):
    """Markdown with formulas as MathML and links that fit a folder of pages.

    place: the file's folder, as seen from the root. texts: paths of linked texts are added, which get pages, too.
    """

    def __init__(self, root, place, texts, **options):
        super().__init__(escape=False, embed_images=True, path=str(root / place), **options)
        self.root, self.place, self.texts = root, place, texts

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
            place = self.address(normpath(f"{self.place}/{place}"))
        return super().link(text, place + hash_ + anchor, title)

    def address(self, path):
        """Where a page finds a file of the repository: notebooks and texts have pages, the rest is on the host."""
        if re.fullmatch(r"notebooks/[0-9][0-9]_\w+\.ipynb", path):
            return path.removeprefix("notebooks/").replace(".ipynb", ".html")
        if path.endswith(".md") and (self.root / path).is_file():
            self.texts.add(path)
            return page_of(path)
        return f"{repository(self.root)}/blob/{BRANCH}/{path}"


def page_of(path):
    """The name of a text's page: notebooks/glossary.md has glossary.html, docs/contract.md docs-contract.html."""
    return path.removeprefix("notebooks/").replace("/", "-").replace(".md", ".html").lower()


def html(markdown, root, place, texts, attachments=None):
    """A text in Markdown as HTML. Raises many kinds of errors, ValueError for a formula not understood."""
    return MarkdownWithMath(renderer=Renderer(root, place, texts, attachments=attachments)).render(markdown)


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
