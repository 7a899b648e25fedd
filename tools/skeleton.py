"""New chapters and controls: files from tools/skeletons, a tree like the repository's, their words and their rows.

What is still to be written has the word TODO; `make check` names each such place, and what is missing besides.
"""

import json
import keyword
import re
from pathlib import Path

import chapter_list
from controls import EXAMPLES, HANDED_ON

from gan_edu.core.safety import durable

WORDS = Path("gan_edu", "words", "en.json")
SKELETONS = Path(__file__).resolve().parent / "skeletons"


def chapter(root, name):
    """Make a chapter's files and its row. Returns the paths. Raises ValueError, before writing, for a bad name.

    Its number is the one that the list has for it; a name that is not in the list comes last.
    """
    check("chapter", name, [root / "gan_edu" / f"{name}.py", root / "gan_edu" / name])
    stored = chapter_list.parts(root)
    making = [each for part in stored for each in part.get("making", [])]
    begun = [each.notebook for each in chapter_list.chapters(root)]
    if any(each[3:] == name for each in begun):
        raise ValueError(f"chapter {name} is begun already: {chapter_list.LIST} has its row")
    last = max(int(each[:2]) for each in (*making, *begun))
    notebook = next((each for each in making if each[3:] == name), f"{last + 1:02d}_{name}")
    files = filled(root, "chapter", name, notebook[:2])
    text = chapter_list.as_toml(root, chapter_list.begun(stored, notebook))
    return written({**files, root / chapter_list.LIST: text, root / WORDS: worded(root, "chapter", name)})


def control(root, name):
    """Make a control's folder and test, and name it in both lists. Returns the paths. Raises as `chapter` does."""
    check("control", name, [root / "gan_edu" / "widgets" / name, root / "gan_edu" / f"{name}.py"])
    cls = camel(name)
    handed_on, examples = (root / HANDED_ON, root / EXAMPLES)
    files = filled(root, "control", name)
    named = in_order(
        handed_on.read_text(encoding="utf-8"), f"    from .{name}.widget import {cls} as {cls}\n", r" +from \."
    )
    shown = in_order(
        examples.read_text(encoding="utf-8"), f'    "{cls}": widgets.{cls},\n', r' +"\w+": (lambda: )?widgets\.'
    )
    return written({**files, handed_on: named, examples: shown, root / WORDS: worded(root, "control", name)})


def check(kind, name, taken):
    """Raises ValueError for a name that cannot be a module's, or that is taken."""
    if not re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or keyword.iskeyword(name):
        raise ValueError(
            f"a {kind} is called as a Python module, in small letters, as mode_collapse; got {name!r}: "
            f"make {kind} mode_collapse"
        )
    for path in taken:
        if path.exists():
            raise ValueError(f"there is {path.name} in {path.parent.name}/ already: choose another name for the {kind}")


def camel(name):
    """score_table: ScoreTable"""
    return "".join(part.capitalize() for part in name.split("_"))


def filled(root, kind, name, number=""):
    """{path: text} of a skeleton's files under their new names. Raises ValueError where one is there already."""

    def fill(text):
        text = text.replace("THE_NAME", name.upper()).replace("TheName", camel(name)).replace("the_name", name)
        return text.replace("NN", number)

    folder = SKELETONS / kind
    files = {
        root / fill(str(path.relative_to(folder).with_suffix(""))): fill(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.txt"))
    }
    if there := [path for path in files if path.exists()]:
        raise ValueError(f"{there[0].relative_to(root)} is there already: move it away, or choose another name")
    return files


def worded(root, kind, name):
    """The English catalogue with what a new chapter or control says."""
    said = json.loads((root / WORDS).read_text(encoding="utf-8"))
    new = json.loads((SKELETONS / f"{kind}.json").read_text(encoding="utf-8").replace("the_name", name))
    for section, texts in new.items():
        said[section] = {**said.get(section, {}), **texts}
    return catalogue(said)


def catalogue(said):
    """A file of words: sorted, so that two branches that add words seldom meet in one line."""
    return json.dumps(said, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def in_order(text, line, like):
    """A text with a line more among those that begin as the pattern `like` says, in the order of the alphabet."""
    lines = text.splitlines(keepends=True)
    found = [n for n, each in enumerate(lines) if re.match(like, each)]
    place = next((n for n in found if lines[n] > line), found[-1] + 1)
    return "".join([*lines[:place], line, *lines[place:]])


def written(files):
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        durable.write(path, text.encode())
    return list(files)
