"""The exercises of a notebook, taken apart: what is asked, the place for the answer, its check, the hint, the solution.

An exercise is a heading, "### 1 · Count steps (2 minutes, easy)", with what is asked, and perhaps cells with what is
given; a code cell that ends in `exercises.check(answer)`; and a text that begins with its hint and its worked solution,
each in <details>.
"""

import ast
import re
from typing import NamedTuple

import syntax
from course_files import code
from notebook_files import Unreadable, tree

HEAD = re.compile(r"^### (\d+) · ([^\n]+?) \((\d+) minutes, (easy|medium|hard)\)$", re.MULTILINE)
SOLUTION = re.compile(r"<details><summary>Solution</summary>\n.*?</details>\n*", re.DOTALL)
PROGRAM = re.compile(r"```python\n(.*?)```", re.DOTALL)
ASKS = "\nexercises."  # begins the last line of the cell where an answer is written
CHECKS = re.compile(r"^from gan_edu\.exercises import (\w+) as exercises$", re.MULTILINE)
POINTS = {"easy": 1, "medium": 2, "hard": 3}
FORM = (
    "an exercise is a heading, '### 1 · Title (5 minutes, easy)'; below it a code cell that ends in a check, "
    "and right below that its hint and its solution, in <details>"
)


class Exercise(NamedTuple):
    """start, at: the places of its heading and of its code cell among the notebook's cells; between them is what is
    given. stub: what stands in the code cell; solution: what may stand there."""

    start: int
    at: int
    number: int
    title: str
    minutes: int
    level: str
    task: str
    stub: str
    hint: str
    solution: str

    @property
    def points(self):
        return POINTS[self.level]

    @property
    def module(self):
        """The name of the file in gan_edu/exercises that its check stands in."""
        return CHECKS.findall(self.stub)[0]

    @property
    def call(self):
        """How the check is called: exercises.steps_of(steps)."""
        return parted(self.stub)[1]

    @property
    def check(self):
        """The check's name."""
        return re.findall(r"exercises\.(\w+)", self.call)[0]


def exercises(book, name):
    """The exercises of a notebook, in its order. Raises Unreadable, with the cell, for one of another form."""
    return [taken_apart(book.cells, n - 1, name) for n, cell in code(book) if ASKS in cell.source]


def taken_apart(cells, at, name):
    """The exercise whose code cell stands at this place."""
    start = next((n for n in range(at - 1, -1, -1) if cells[n].cell_type == "markdown"), 0)
    above, below = cells[start].source, cells[at + 1].source if at + 1 < len(cells) else ""
    head, solution = list(HEAD.finditer(above))[-1:], SOLUTION.search(below)
    program = PROGRAM.search(solution[0]) if solution else None
    if not (head and solution and program and CHECKS.search(cells[at].source)):
        raise Unreadable(f"{name}, cell {at + 1}: {FORM}")
    number, title, minutes, level = head[0].groups()
    task, hint = above[head[0].end() :].strip(), below[: solution.start()].strip()
    answer = program[1].strip("\n")
    return Exercise(start, at, int(number), title, int(minutes), level, task, cells[at].source, hint, answer)


def parted(source):
    """A program's lines before its last statement, and that statement: (text, text)."""
    lines, last = source.split("\n"), syntax.module(source).body[-1]
    return "\n".join(lines[: last.lineno - 1]), "\n".join(lines[last.lineno - 1 :]).strip()


def alone(source, cells):
    """A cell's code with the imports that it lacks, as the cells above it have them: it then runs without those."""
    names = [node for node in ast.walk(tree(source)) if isinstance(node, ast.Name)]
    lacking = {node.id for node in names} - {node.id for node in names if isinstance(node.ctx, ast.Store)}
    lacking -= {name for name, _ in imports(tree(source))}
    above = dict(pair for cell in cells if cell.cell_type == "code" for pair in imports(tree(cell.source)))
    return "\n".join([*(above[name] for name in sorted(lacking & set(above))), source])


def imports(module):
    """(name, "from x import name") of the imports in a syntax tree."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for each in node.names:
                one = ast.ImportFrom(node.module, [each], 0) if isinstance(node, ast.ImportFrom) else ast.Import([each])
                yield each.asname or each.name.partition(".")[0], ast.unparse(one)
