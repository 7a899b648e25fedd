"""The one list of chapters, notebooks/course.toml, and the map of the course that is made of it."""

import json
import re
from dataclasses import dataclass

from toml_reader import tomllib

LIST = "notebooks/course.toml"
START = "00_start_here"  # the one chapter without a module
UNWRITTEN = "TODO"
MAP = re.compile(r"<!-- map -->\n.*?<!-- /map -->", re.DOTALL)
NEAR = re.compile(r"\n*<!-- near -->\n.*?\n<!-- /near -->", re.DOTALL)


@dataclass(frozen=True)
class Chapter:
    """A row of the list. notebook: its file's name, 05_tricks."""

    part: str
    notebook: str
    title: str
    play: str
    controls: list[str]
    minutes: int | str

    @property
    def number(self):
        return self.notebook[:2]

    @property
    def name(self):
        return self.notebook[3:]

    @property
    def whole(self):
        return UNWRITTEN not in f"{self.title} {self.play} {self.minutes}"


def parts(root):
    """The list as it is stored, [{title, making, chapter}]; none where there is no such file."""
    path = root / LIST
    return tomllib.loads(path.read_text(encoding="utf-8"))["part"] if path.exists() else []


def chapters(root):
    """The chapters that are begun or done, in the order of the course. Raises TypeError for a row of other fields."""
    return [Chapter(part["title"], **row) for part in parts(root) for row in part.get("chapter", [])]


def begun(stored, notebook):
    """The list with one chapter more: in the part that has it in the making, else in the last."""
    home = next((part for part in stored if notebook in part.get("making", [])), stored[-1])
    home["making"] = [each for each in home.get("making", []) if each != notebook]
    row = {"notebook": notebook, "title": UNWRITTEN, "play": UNWRITTEN, "controls": [], "minutes": UNWRITTEN}
    home["chapter"] = sorted([*home.get("chapter", []), row], key=lambda row: row["notebook"])
    return stored


def as_toml(root, stored):
    """The text of the list; what stands above its first part is kept."""
    head = (root / LIST).read_text(encoding="utf-8").partition("[[part]]")[0]
    blocks = []
    for part in stored:
        making = {"making": part["making"]} if part.get("making") else {}
        blocks.append("[[part]]\n" + lines({"title": part["title"], **making}))
        blocks += ["[[part.chapter]]\n" + lines(row) for row in part.get("chapter", [])]
    return head + "\n".join(blocks)


def lines(row):
    """JSON's texts, numbers and lists are TOML's too."""
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in row.items())


def neighbours(root, notebook):
    """Links to the chapters before and after this one, between their marks; "" for what the list does not hold."""
    rows = [each for each in chapters(root) if each.whole or each.notebook == notebook]
    at = next((n for n, each in enumerate(rows) if each.notebook == notebook), None)
    if at is None:
        return ""
    before, after = rows[max(at - 1, 0) : at], rows[at + 1 : at + 2]
    said = [f"← [{each.number} {each.title}]({each.notebook}.ipynb)" for each in before]
    said += [f"[all chapters]({START}.ipynb#The-map)"] if notebook != START else []
    said += [f"[{each.number} {each.title}]({each.notebook}.ipynb) →" for each in after]
    return f"<!-- near -->\n{' · '.join(said)}\n<!-- /near -->" if said else ""


# The map


def the_map(root, folder):
    """The map in Markdown, between its marks. folder: where the notebooks lie, "" as seen from one of them."""
    table = [("part", "chapter", *(["module"] if folder else []), "you play with", "minutes")]
    table.append(("---",) * len(table[0]))
    shown = None
    for each in (each for each in chapters(root) if each.whole):
        words = f"{each.number} {each.title}"
        here = each.notebook == START and not folder
        chapter = f"{words} (this one)" if here else f"[{words}]({folder}{each.notebook}.ipynb)"
        module = "`gan_edu.core`" if each.notebook == START else f"[`{each.name}`](gan_edu/{each.name}.py)"
        part = each.part if each.part != shown else ""
        table.append((part, chapter, *([module] if folder else []), each.play, str(each.minutes)))
        shown = each.part
    rows = "\n".join(f"| {' | '.join(row)} |" for row in table)
    return f"<!-- map -->\n{rows}\n\n{in_the_making(root)}\n<!-- /map -->"


def in_the_making(root):
    """The line about chapters that are not there yet, or not whole."""
    begun: dict[str, list[str]] = {part["title"]: [] for part in parts(root)}
    for each in chapters(root):
        begun[each.part] += [] if each.whole else [each.notebook]
    wanted = {part["title"]: sorted([*begun[part["title"]], *part.get("making", [])]) for part in parts(root)}
    told = [
        f"*{title}*: {', '.join(each.replace('_', ' ') for each in names)}" for title, names in wanted.items() if names
    ]
    return f"In the making: {'; '.join(told)}." if told else "All chapters are there."


def mapped(text, root, folder):
    """A text with the map, as it is now, in the place of the one between its marks; without marks the same text."""
    return MAP.sub(lambda _: the_map(root, folder), text) if parts(root) else text
