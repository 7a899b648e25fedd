"""Puts controls that go on without a kernel in the place of the pictures that a notebook stores of them.

A control is made anew by the statement that shows it, after those statements only that make what it needs: which names
a statement binds and reads its code tells. Where one of them asks for its pace, the control shows what a lesson
trained, and its picture stays: nothing is trained for a page. What is made must say in words what the stored picture
says. Where one cannot be made, as it needs what another statement trained, its picture stays, too.
"""

import ast
import copy
import re
from collections.abc import Iterator
from symtable import SymbolTable, symtable
from typing import NamedTuple

from course import execute
from course_files import code, said
from nbformat import NotebookNode
from notebook_files import tree

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
PACE = "pace"  # what trains asks it how long
SHOW = "display"


class Statement(NamedTuple):
    """A statement at a cell's top level, and the global names in it."""

    cell: str  # its cell's id
    text: str
    bound: set[str]
    changed: set[str]  # a part of what has this name is set: x.y = 1, x[0] = 1
    read: set[str]
    shows: bool  # what it gives is an output of its cell


def enliven(book, folder):
    """Put a control in the place of each stored picture whose words it says when it is made again."""
    alive = copy.deepcopy(book)
    needed = sources(book)
    for cell in alive.cells:  # they keep their numbers, by which one that fails is named
        if cell.cell_type == "code":
            cell.source = needed.get(cell.id, "")
            cell.metadata["tags"] = ["raises-exception"]  # what one lacks, others may not need
    if needed:
        execute(alive, folder, "test", ALIVE)
    made = {cell.id: cell.outputs for _, cell in code(alive)}
    for _, stored in code(book):
        controls = {alt: output for output in made.get(stored.id, []) if (alt := said(output, "text/html"))}
        stored.outputs = [controls.get(said(output, "image/png"), output) for output in stored.outputs]


def sources(book) -> dict[str, str]:
    """Of each cell that a control needs for which nothing is trained, by its id, those statements that it needs."""
    statements = [each for _, cell in code(book) for each in parts(cell)]
    shown = {cell.id for _, cell in code(book) if any(shows_control(output) for output in cell.outputs)}
    needed: set[int] = set()
    for n, statement in enumerate(statements):
        if statement.cell in shown and statement.shows:
            found = makers(statements, n)
            needed |= set() if any(PACE in statements[each].read for each in found) else found
    result: dict[str, str] = {}
    for each in (statements[n] for n in sorted(needed)):
        result[each.cell] = f"{result.get(each.cell, '')}{each.text}\n"
    return result


def makers(statements: list[Statement], last: int) -> set[int]:
    """Places of a statement and of those above it that bind, or change a part of, what is read below them."""
    found, wanted = {last}, set(statements[last].read)
    for n in range(last - 1, -1, -1):
        each = statements[n]
        if (each.bound | each.changed) & wanted:
            found.add(n)
            wanted = wanted - each.bound | each.read
    return found


def shows_control(output: NotebookNode) -> bool:
    """Whether an output is the stored picture of a control: it names itself as Python would make it."""
    data = output.get("data", {})
    return "image/png" in data and bool(re.match(r"[A-Z]\w*\(", data.get("text/plain", "")))


def parts(cell: NotebookNode) -> Iterator[Statement]:
    """The statements of a cell, IPython's own among them."""
    body = tree(cell.source).body
    for node in body:
        text = ast.unparse(node)
        table = symtable(text, "cell", "exec")
        bound = {each.get_name() for each in table.get_symbols() if each.is_assigned() or each.is_imported()}
        places = [each for each in ast.walk(node) if isinstance(getattr(each, "ctx", None), ast.Store)]
        inner = [each for place in places if not isinstance(place, ast.Name) for each in ast.walk(place)]
        inner += [each for each in ast.walk(node) if isinstance(each, ast.With) for each in entered(each)]
        changed, read = {each.id for each in inner if isinstance(each, ast.Name)}, asked([node])
        yield Statement(
            cell.id, text, bound, changed, read, isinstance(node, ast.Expr) and (node is body[-1] or SHOW in read)
        )


def entered(node: ast.With) -> Iterator[ast.AST]:
    """Names between `with` and the colon: `with guess:` hands a guess what is printed within."""
    yield from (item.context_expr for item in node.items if isinstance(item.context_expr, ast.Name))


def asked(body: list[ast.stmt]) -> set[str]:
    """Names that statements read before one of them has bound them: what a loop goes by it brings itself."""
    found: set[str] = set()
    bound: set[str] = set()
    for node in body:
        own: set[str] = set()
        if isinstance(node, ast.For):
            read = names_in(node.iter) | asked(node.body) - stored_in(node.target) | asked(node.orelse)
        elif isinstance(node, ast.With):
            given = [item.optional_vars for item in node.items if item.optional_vars]
            read = set().union(*(names_in(item.context_expr) for item in node.items))
            read |= asked(node.body) - set().union(*map(stored_in, given))
        else:
            read = names_in(node)
            own = stored_in(node) if isinstance(node, ast.Assign | ast.AnnAssign) else set()
        found |= read - bound
        bound |= own
    return found


def names_in(node: ast.AST) -> set[str]:
    """Global names that a piece of code reads."""
    return read_in(symtable(ast.unparse(node), "cell", "exec"))


def stored_in(node: ast.AST) -> set[str]:
    """Names that it binds."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


def read_in(table: SymbolTable) -> set[str]:
    """Names that a piece of code, and the functions in it, read as global ones."""
    outer = table.get_type() == "module"
    here = {each.get_name() for each in table.get_symbols() if each.is_referenced() and (outer or each.is_global())}
    return here.union(*map(read_in, table.get_children()))
