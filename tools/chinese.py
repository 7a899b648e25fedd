"""The Chinese edition: notebooks/zh/NN_name.ipynb, README.zh.md and notebooks/zh/glossary.md. It is made of the English
and of notebooks/zh/prose, which tools/chinese_cells.py reads.

Code, outputs and pictures of a notebook are the English one's: nobody can change one edition's code alone. Badges,
links to the chapters around, and the map are written here; no block holds them. A block links as its English does,
`03_training_loop.ipynb`; here the link is led to the Chinese notebook, where there is one.
"""

import re

import glossary
import links
from chapter_list import MAP, NEAR, START, chapters, parts
from chinese_cells import (
    FOLDER,
    SECTION,
    WRITTEN,
    Apart,
    cells,
    chinese,
    english,
    pairs,
    prose_of,
    stored,
    there,
)
from nbformat import from_dict
from notebook_files import form, read
from toml_reader import tomllib

from gan_edu.core.safety import durable

LIST = f"{FOLDER}/course.toml"
LINK = re.compile(r"(\]\(\s*<?|\b(?:src|href)=[\"'])([^)\s>\"']+)")
NO_LINK = re.compile(r"(```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$(?:[^$\n]|\n(?!\n))+\$)", re.DOTALL)
HEADING = re.compile(r"^(#{1,6}) +(.+?)\s*$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
TABLE = """# 术语表

一个概念一个术语，按英文排序。同一事物的几个名字并列；括号里的可以省略。中文文献沿用英文名的，这里也用英文名。最后一列是首先用到这个词的那一章。

| 中文 | 英文 | 含义 | 章 |
|---|---|---|---|
"""


# Links


def relinked(text, led):
    """A text whose links are led elsewhere; code and formulas stay as they are. led: a target's new one."""
    pieces = NO_LINK.split(text)
    pieces[::2] = [LINK.sub(lambda at: at[1] + led(at[2]), piece) for piece in pieces[::2]]
    return "".join(pieces)


def from_notebook(root, name, target):
    """A link of the English chapter `name` as its Chinese notebook has it."""
    place, hash_, wanted = target.partition("#")
    if re.match(r"[a-z][a-z0-9+.-]*:", place):
        return target
    chapter = re.fullmatch(r"(\d\d_\w+)\.ipynb", place)
    home = chapter[1] if chapter else "" if place else name
    if home in there(root):
        return f"{place}{hash_}{anchor(root, home, wanted) if wanted else ''}"
    is_here = place == "glossary.md" and prose_of(root, "glossary").exists()
    return target if is_here or not place else f"../{target}"


def from_readme(root, target, sections):
    """A link of README.md as README.zh.md has it. sections: {English: Chinese}, as links name them."""
    if target.startswith("#"):
        return f"#{sections.get(target[1:], target[1:])}"
    if target == "README.zh.md":
        return "README.md"
    name = target.removeprefix("notebooks/").removesuffix(".ipynb").removesuffix(".md")
    return str(chinese(root, name).relative_to(root)) if prose_of(root, name).exists() else target


def headings(texts):
    """The headings of texts, as a link to a notebook names them."""
    return [found[2].replace(" ", "-") for text in texts for found in HEADING.finditer(FENCE.sub("", text))]


def anchor(root, name, wanted):
    """The Chinese name of a heading of a chapter, by its place; the same name where there is none."""
    english_names = headings(cell.text for cell in cells(root, name))
    chinese_names = headings(block.text for block in stored(root, name))
    at = english_names.index(wanted) if wanted in english_names else len(chinese_names)
    return chinese_names[at] if at < len(chinese_names) else wanted


def slug(section):
    """A section's heading as the host names it in links: small letters, hyphens, no signs."""
    return re.sub(r"[^\w -]", "", section.partition("\n")[0].lstrip("# ").lower()).replace(" ", "-")


# The chapters around, and the map


def words(root):
    """notebooks/zh/course.toml: the Chinese names of parts and chapters, and what one plays with."""
    path = root / LIST
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def title(root, row):
    """'02 损失', and that it is English where it is not translated yet."""
    own_title = words(root).get("chapter", {}).get(row.notebook, {}).get("title", row.title)
    return f"{row.number} {own_title}{'' if row.notebook in there(root) else '（英文）'}"


def near(root, name):
    """Links to the chapters before and after, between their marks; "" for a chapter that the list does not hold."""
    rows = [row for row in chapters(root) if row.whole or row.notebook == name]
    at = next((n for n, row in enumerate(rows) if row.notebook == name), None)
    if at is None:
        return ""
    said = [f"← [{title(root, row)}]({row.notebook}.ipynb)" for row in rows[max(at - 1, 0) : at]]
    said += [f"[全部章节]({START}.ipynb#The-map)"] if name != START else []
    said += [f"[{title(root, row)}]({row.notebook}.ipynb) →" for row in rows[at + 1 : at + 2]]
    return f"<!-- near -->\n{' · '.join(said)}\n<!-- /near -->"


def the_map(root, folder=""):
    """The map in Chinese, between its marks. folder: where notebooks/ lies, as seen from the text."""
    said, rows, shown = words(root), [("部分", "章", "可以玩什么", "分钟"), ("---",) * 4], None
    for row in (row for row in chapters(root) if row.whole):
        part = said.get("part", {}).get(row.part, row.part) if row.part != shown else ""
        play = said.get("chapter", {}).get(row.notebook, {}).get("play", row.play)
        shown = row.part
        rows.append((part, f"[{title(root, row)}]({folder}{row.notebook}.ipynb)", play, str(row.minutes)))
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"<!-- map -->\n{table}\n\n{in_the_making(root)}\n<!-- /map -->"


def in_the_making(root):
    """The line about chapters that are not there yet, or not whole."""
    names = {name for part in parts(root) for name in part.get("making", [])}
    names |= {row.notebook for row in chapters(root) if not row.whole}
    given = words(root).get("chapter", {})
    told = [f"{name[:2]} {given.get(name, {}).get('title', name[3:])}" for name in sorted(names)]
    return f"正在编写：{'、'.join(told)}。" if told else "各章都已完成。"


# What is made


def made(root, name):
    """The Chinese of what has this name, as the text of its file. Raises Apart."""
    return {"README": readme, "glossary": table}.get(name, notebook)(root, name)


def notebook(root, name):
    """The English notebook as it is now, with the text of the prose file."""
    book, said = read(english(root, name)), {cell.number: block.text for cell, block in pairs(root, name)}

    def led(target):
        return from_notebook(root, name, target)

    around = relinked(near(root, name), led)
    for n, cell in enumerate(book.cells, 1):
        if cell.cell_type != "markdown":
            continue
        text = relinked(MAP.sub(lambda _: the_map(root), said.get(n, "")), led)
        if n == 1:
            text = titled(root, text, name, "../", around)
        elif NEAR.search(f"\n{cell.source}"):
            text = f"{text}\n\n{around}".strip()
        cell.source = text
    book.metadata["gan_edu"] = from_dict({"language": "zh"})
    return form(book)


def readme(root, name):
    """README.zh.md: its map in Chinese, its measurements as they stand in README.md."""
    english_text, said = english(root, name).read_text(encoding="utf-8"), [block.text for _, block in pairs(root, name)]
    parts_of = {found[1]: found[0] for found in WRITTEN.finditer(english_text)}
    parts_of["map"] = the_map(root, "notebooks/")
    shields = [line for line in english_text.splitlines() if line.startswith("[![") and "![Open in" not in line]
    said[0] += "\n\n" + "\n".join(shields)
    names = dict(zip(map(slug, SECTION.split(english_text)[1:]), map(slug, said[1:]), strict=True))
    whole = WRITTEN.sub(lambda at: parts_of[at[1]], "\n\n".join(said))
    return titled(root, relinked(whole, lambda target: from_readme(root, target, names)), START, "notebooks/") + "\n"


def table(root, name):
    """The glossary in Chinese."""
    rows = zip(glossary.stored(root).rows, [block.text for _, block in pairs(root, name)], strict=True)
    return TABLE + "".join(f"| {row.chinese} | {row.term} | {meaning} | {row.chapter} |\n" for row, meaning in rows)


def titled(root, text, name, folder, around=""):
    """A text with the badges that open the Chinese notebook `name`, and with the chapters around, under its title."""
    address = links.repository(root)
    marks = links.badges(address, f"zh/{name}", folder) if address else ""
    return links.titled(text, "\n\n".join(filter(None, [marks, around])), f"the prose of {name}")


def store(root, name):
    """Write the Chinese of what has prose under this name; returns its path where that changed it. Raises Apart."""
    path, text = chinese(root, name), made(root, name).encode()
    if path.exists() and path.read_bytes() == text:
        return None
    durable.write(path, text)
    return path


def follow(root, name):
    """After an English notebook was written: its Chinese one takes its code and outputs. What hinders, `check` says."""
    if prose_of(root, name).exists():
        try:
            store(root, name)
        except Apart as reason:
            print(f"notebooks/zh/{name}.ipynb stays as it was: {reason}")
