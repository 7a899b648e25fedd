"""A notebook's cells as HTML, each by itself: for a page, which sets one below the other, and for a deck of slides."""

import re
from base64 import b64decode, b64encode
from html import escape
from io import BytesIO

from chapter_list import NEAR  # a page has its own links to the chapters around it
from course import Refused
from course_files import code, said
from links import TAG
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from PIL import Image
from web_text import html

from gan_edu.core.notebook.stills import are_words

CONTROL = re.compile(r"data-control=&quot;(\w+)&quot;")  # what a frame's page says it shows
FRAME = '<div class="control" id="{id}">{frame}<p class="share"><button type="button" hidden>{words}</button></p></div>'
STILL = (480, 320)  # pixels of a picture that stands for a chapter, at most


class Cells:
    """The cells of one page, whose controls have names of their own in its address."""

    def __init__(self):
        html = {"markdown2html": lambda html: html}  # it is HTML by now
        self.whole = HTMLExporter(template_name="basic", filters=html)
        self.results = HTMLExporter(template_name="basic", filters=html, exclude_input=True)
        self.counts: dict[str, int] = {}

    def shown(self, cell):
        """A cell as HTML. What a notebook folds, a page folds, too."""
        if cell.cell_type == "code" and cell.metadata.get("jupyter", {}).get("source_hidden"):
            return self.folded(cell) + self.outputs(cell)
        return self.made(cell, self.whole)

    def folded(self, cell):
        """A cell's code alone, folded."""
        alone = NotebookNode({**cell, "outputs": []})
        return f'<details class="code"><summary>Code</summary>{self.made(alone, self.whole)}</details>'

    def outputs(self, cell):
        """A cell's outputs alone."""
        return self.made(cell, self.results)

    def made(self, cell, exporter):
        """Controls are put in last: they are large, and nothing need parse them."""
        frames: dict[str, str] = {}
        if cell.cell_type == "code":  # a page's pictures have their words as alt text
            outputs = [output for output in cell.outputs if not are_words(output.get("data", {}))]
            cell = NotebookNode({**cell, "outputs": [self.marked(output, frames) for output in outputs]})
        text, _ = exporter.from_notebook_node(new_notebook(cells=[cell], metadata=LANGUAGE))
        return re.sub('<i id="frame[0-9]+"></i>', lambda found: frames[found[0]], text) if frames else text

    def marked(self, output, frames):
        """An output with a mark in the place of a control, which is noted beside it."""
        frame = output.get("data", {}).get("text/html", "")
        if "<iframe" not in frame:
            return output
        mark = f'<i id="frame{len(frames)}"></i>'
        frames[mark] = self.control(frame)
        return NotebookNode({**output, "data": {"text/html": mark}})

    def control(self, frame):
        """A control's frame, named for the address, with the button that copies a link to it."""
        found = CONTROL.search(frame)
        name = found[1] if found else "frame"
        count = self.counts[name] = self.counts.get(name, 0) + 1
        words = "Copy a link to this setting"
        return FRAME.format(id=name if count == 1 else f"{name}-{count}", frame=frame, words=words)


LANGUAGE = {"language_info": {"name": "ipython", "pygments_lexer": "ipython3"}}


def prose(book, root, texts):
    """Put HTML in the place of a notebook's markdown. Raises Refused for a cell that cannot be shown, and names it."""
    for n, cell in enumerate(book.cells, 1):
        if cell.cell_type == "markdown":
            try:
                cell.source = html(NEAR.sub("", cell.source), root, "notebooks", texts, cell.get("attachments"))
            except Exception as error:
                raise Refused(f"cell {n} cannot be shown: {type(error).__name__}: {error}") from error
    book.cells = [cell for cell in book.cells if TAG not in cell.metadata.get("tags", [])]


def title(book):
    """A notebook's first line; what else it is called by is its file's name."""
    return book.cells[0].source.partition("\n")[0].removeprefix("#").removeprefix(" ")


def still(book):
    """The notebook's first picture, small, as HTML; nothing where it has none."""
    for _, cell in code(book):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                picture, buffer = Image.open(BytesIO(b64decode(output.data["image/png"]))).convert("RGB"), BytesIO()
                picture.thumbnail(STILL)
                picture.save(buffer, "WEBP", quality=80)
                data, alt = b64encode(buffer.getvalue()).decode(), escape(said(output, "image/png"))
                return f'<img alt="{alt}" src="data:image/webp;base64,{data}">'
    return ""
