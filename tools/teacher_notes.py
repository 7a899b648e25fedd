"""What a teacher finds in the instructor's version of a chapter, taken from what the course has stored of it.

Minutes to read are the chapter's own, shared out by length; seconds to wait were measured by its last lesson. The
answer to a guess stands in the stored picture of its control. What usually goes wrong: the common misreadings that its
text names, with how they were judged (tests/claims), and what the checks of its exercises say of wrong answers.
"""

import ast
import json
import re
from dataclasses import dataclass
from functools import cache

import claims
import syntax
from course_files import said
from nbformat.v4 import new_markdown_cell, new_notebook
from skeleton import WORDS

HEADING = re.compile(r"^## ", re.MULTILINE)
GUESS = re.compile(r"Guess\((?:'[^']*'|\"[^\"]*\"): (.*)\)", re.DOTALL)
BOX = re.compile(r"^(?:> )?\*\*Common misreading\.\*\*(.*?)(?=^>?[ ]*$|\Z)", re.MULTILINE | re.DOTALL)
FOLDED_BOX = re.compile(r"<details><summary>Common misreading: ([^\n]*)</summary>\n(.*?)</details>", re.DOTALL)
QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]")
PLACE = re.compile(r"\{(\w+)\}")
EXERCISES, APPENDIX = "Exercises", "Appendix"


@dataclass
class Section:
    """A part of a notebook, from one heading of level 2 to the next. text: its prose; letters: of prose and shown code;
    waits: seconds of its slow cells; guesses: how many it asks for."""

    title: str
    text: str = ""
    letters: int = 0
    waits: int = 0
    guesses: int = 0


def sections(book):
    """The sections of a notebook. What stands above the first heading belongs to one that has the notebook's title."""
    slow = book.metadata.get("gan_edu", {}).get("slow", {})
    found = [Section("Opening")]
    for cell in book.cells:
        if cell.cell_type == "markdown":
            first, *others = HEADING.split(cell.source)
            found[-1].text += f"\n\n{first}"
            found += [Section(*part.partition("\n")[::2]) for part in others]
        elif cell.cell_type == "code":
            found[-1].waits += slow.get(cell.id, 0)
            found[-1].guesses += len(guesses(cell))
            found[-1].letters += 0 if cell.metadata.get("jupyter", {}).get("source_hidden") else len(cell.source)
    for section in found:
        section.letters += len(section.text)
    return found


@cache
def english():
    """All that controls and checks say."""
    root = claims.ROOT
    return json.loads((root / WORDS).read_text(encoding="utf-8"))


def guesses(cell):
    """[(question, answer)] of the guesses that a code cell stores a picture of."""
    found = []
    for output in cell.outputs:
        asked = GUESS.fullmatch("".join(output.get("data", {}).get("text/plain", "")))
        if asked and (alt := said(output, "image/png")):
            before, after = english()["guess"]["alt"].format(question=asked[1], answer="\0", more="\0").split("\0")[:2]
            answer = f"{alt} ".removeprefix(before).partition(after)[0]
            found += [(asked[1], answer)] if alt.startswith(before) else []
    return found


# What usually goes wrong


def misreadings(text):
    """[(what is misread, the whole box)] of the boxes "Common misreading" in a section's text."""
    boxes = [(box[1], box[0]) for box in BOX.finditer(text)]
    boxes += [(box[1], box[2]) for box in FOLDED_BOX.finditer(text)]
    for head, box in boxes:
        quoted = QUOTED.search(" ".join(head.replace("\n>", " ").split()))
        yield quoted[1] if quoted else head.strip(), box


def judged(box, entries):
    """How the statements of a box were judged, each once, as the claims file has it."""
    stated = set(claims.sentences(new_notebook(cells=[new_markdown_cell(box)])))
    return list(dict.fromkeys(entry["how"] for entry in entries if stated & set(claims.listed(entry["says"]))))


def mistakes(module, check):
    """What a check says of answers that are not right, in the order of its lines; ‹…› stands for what it fills in.

    Read from the check itself and what it calls in its file, or in one beside it that its file takes functions from:
    each of its words, but those that praise.
    """
    source, words = text_of(module), english()["exercises"][module]
    beside = [text_of(each) for each in re.findall(r"^from gan_edu\.exercises\.(\w+) import", source, re.MULTILINE)]
    tops = {name: node for text in (*beside, source) for name, node in defined(text).items()}
    praised, told = praise(source, words), dict.fromkeys(keys(tops[check], tops, {check}))
    return [PLACE.sub(r"‹\1›", words[key]) for key in told if key in words and key not in praised]


def text_of(module):
    """The source of a file of exercises."""
    return (claims.ROOT / "gan_edu" / "exercises" / f"{module}.py").read_text(encoding="utf-8")


def defined(source):
    """{name: node} of the functions and tables of a file."""
    found: dict[str, ast.AST] = {}
    for node in syntax.module(source).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
    return found


def keys(node, tops, seen):
    """The texts that stand in a node, and in the functions and tables of its file that it names, in their order."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.Name) and node.id in tops and node.id not in seen:
        seen.add(node.id)
        yield from keys(tops[node.id], tops, seen)
    for child in ast.iter_child_nodes(node):
        yield from keys(child, tops, seen)


def praise(source, words):
    """The names of the texts with which the checks of a file praise: what stands in `correct(…)`, or is called so."""
    calls = [
        node
        for node in syntax.nodes(source)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "correct"
    ]
    return {key for call in calls for key in keys(call, {}, set())} | {key for key in words if key.endswith("Right")}


# The notes


def overview(book, row, entries, asked):
    """What stands at the head of a chapter. row: of the list of chapters; entries: its claims; asked: its exercises."""
    found, lesson = sections(book), book.metadata.get("gan_edu", {}).get("minutes", "?")
    return f"""## For the teacher

The students' version has no such notes, no outputs and no solutions. Minutes to read and play are the chapter's
{row.minutes}, shared out by the length of text and code; exercises say their own. Waits were measured when the stored
outputs were made: cells of 10 seconds or more; all cells together took {lesson} minutes on two cores.

{table(found, row.minutes, asked)}

**What usually goes wrong.** {wrong(found, entries)}"""


def table(found, minutes, asked):
    """Sections with their minutes, waits and guesses, in Markdown."""
    read = [each for each in found if each.title not in (EXERCISES, APPENDIX)]
    pace = minutes / max(1, sum(each.letters for each in read))
    lines = ["| section | minutes | wait, seconds | guesses |", "|---|---|---|---|"]
    for each in found:
        own = sum(one.minutes for one in asked) if each.title == EXERCISES else max(1, round(pace * each.letters))
        more = {EXERCISES: ", besides", APPENDIX: ", not counted above"}.get(each.title, "")
        lines.append(f"| {each.title}{more} | {own} | {each.waits or ''} | {each.guesses or ''} |")
    return "\n".join(lines)


def wrong(found, entries):
    """The misreadings that the text names, each with its section and with how it was judged."""
    lines = []
    for section in found:
        for quote, box in misreadings(section.text):
            how = "; ".join(judged(box, entries)).rstrip(".")
            lines.append(f"- *{section.title}:* “{quote}”{f' How it was judged: {how}.' if how else ''}")
    at_exercises = "What the checks of the exercises say of wrong answers stands below each."
    named = "Learners take these for true; the section says what is:\n\n" + "\n".join(lines) + "\n\n"
    return (named if lines else "") + at_exercises


def guess_note(cell):
    """What is expected of the guesses of a cell."""
    return "\n\n".join(f"**For the teacher.** {question} Expected: **{answer}**" for question, answer in guesses(cell))


def exercise_note(exercise):
    """What the check of an exercise says of wrong answers."""
    told = "\n".join(f"- {text}" for text in mistakes(exercise.module, exercise.check))
    return f"""**For the teacher.** Points in `make assignment`: {exercise.points}. What the check says of answers
that are not right, the usual mistakes among them:

{told}

A solution:"""
