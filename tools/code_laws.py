"""The laws of the course's code: who imports whom, what is private, and plain idioms. `laws.py` holds them.

Each takes the repository's root and yields (path, complaint).
"""

import ast
import re

import syntax
from course_files import files, notebooks

# Rooms of core, each with the rooms it stands on; training stands on safety, and all others on these two.
FLOORS = {
    "safety": (),
    "training": (),
    "rivals": (),
    "data": (),
    "measures": ("data",),
    "games": ("data",),
    "notebook": ("data",),
    "recording": ("measures", "games", "notebook", "data"),
    "live": ("recording", "measures", "games", "notebook", "data"),
}
GROUND = ("safety", "training", "handed_on")
PRIVATE = re.compile(r"_(?!esm$)[a-zA-Z]\w*(?<!_)")  # anywidget asks for _esm


def imported(path, package):
    """Names below gan_edu that a module imports, as 'core.data.datasets' or 'losses'."""
    for node in syntax.nodes(path.read_text(encoding="utf-8")):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[2] for alias in node.names if alias.name.startswith("gan_edu."))
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                below = ".".join(filter(None, [*path.relative_to(package).parts[: -node.level], module]))
            elif module.partition(".")[0] == "gan_edu":
                below = module.partition(".")[2]
            else:
                continue
            yield from [below] if below else []
            yield from (".".join(filter(None, [below, alias.name])) for alias in node.names)


def floors(root):
    """Chapters stand on core, widgets and earlier chapters; core on itself; widgets on core. No circles."""
    package, chapters = root / "gan_edu", [path.stem[3:] for path in notebooks(root)]
    known = {path: set(imported(path, package)) for path in sorted(package.rglob("*.py"))}
    for path, names in known.items():
        place = path.relative_to(package).parts
        chapter = len(place) == 1 and path.stem in chapters
        floor = chapters.index(path.stem) if path.stem in chapters else len(chapters)
        for name in sorted({name.partition(".")[0] for name in names}):
            if place[0] in ("core", "widgets") and name in chapters:
                yield path, f"{place[0]} knows no chapter, but imports {name}"
            elif place[0] == "core" and name == "widgets":
                yield path, "core knows no widget, but imports widgets"
            elif name in ("exercises", "recordings", "quizzes") and (chapter or place[0] in ("core", "widgets")):
                yield path, f"{name} stand on the chapters, but it imports {name}"
            elif name in chapters and chapters.index(name) > floor:
                yield path, f"imports {name}, which comes later in the course"
        yield from upwards(path, place, names)
    yield from circles(known, package)


def upwards(path, place, names):
    """Imports of a room from a room above it, and of the kit from a control."""
    if place[:2] == ("widgets", "kit"):
        if any(name.startswith("widgets.") and name.split(".")[1] != "kit" for name in names):
            yield path, "the kit knows no control, but imports one"
        return
    if place[0] != "core" or len(place) < 3:
        return
    room, to = place[1], {parts[1] for name in names if (parts := name.split("."))[0] == "core" and len(parts) > 1}
    below = FLOORS.get(room)
    if below is None:
        yield path, f"core has no room {room}: a new one needs its floor in tools/code_laws.py"
        return
    allowed = {room, *below, *(GROUND[: GROUND.index(room)] if room in GROUND else GROUND), "handed_on"}
    for other in sorted(to - allowed):
        yield path, f"room {room} imports upwards, from {other}"


def circles(known, package):
    """Modules that import each other, round about: {path: names below gan_edu that it imports}."""
    names = {".".join(path.relative_to(package).with_suffix("").parts): path for path in known}
    steps = {name: {at for at in known[path] if at in names and at != name} for name, path in names.items()}
    for name, path in names.items():
        seen: set[str] = set()
        waiting = list(steps[name])
        while waiting and name not in seen:
            at = waiting.pop()
            waiting += steps[at] - seen
            seen.add(at)
        if name in seen:
            yield path, "imports itself, by way of others: a circle"


def modules(root):
    """(path, syntax module) of all modules; a notebook's script is none, as its cells show what they end with."""
    for path in files(root):
        if path.suffix == ".py" and not path.is_relative_to(root / "notebooks"):
            yield path, syntax.module(path.read_text(encoding="utf-8"))


def private(root):
    """A leading underscore says that a name is one module's own. Other packages' names are another matter."""
    known = dict(modules(root))
    own = {path: set(filter(PRIVATE.fullmatch, defined(module))) for path, module in known.items()}
    courses = set().union(*own.values())
    for path, module in known.items():
        for name in sorted(reached(module) & courses - own[path]):
            yield path, f"reaches for {name}, which is private to another module: give it a public name, or do without"


def defined(module):
    """Names that a module gives to functions, classes and attributes, and at its top."""
    for node in syntax.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr


def reached(module):
    """Names that a module imports, or takes from something else than `self`, `cls` and `super()`."""
    names = set()
    for node in syntax.walk(module):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and not is_ones_own(node.value):
            names.add(node.attr)
    return names


def is_ones_own(value):
    """Whether it is `self`, `cls` or `super()`."""
    if isinstance(value, ast.Name):
        return value.id in ("self", "cls")
    return isinstance(value, ast.Call) and not value.args and ast.unparse(value) == "super()"


def plain_idioms(root):
    """One statement a line, and an `if` where something is there or not."""
    for path, module in modules(root):
        for node in syntax.walk(module):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Tuple):
                yield path, f"line {node.lineno}: a comma in a semicolon's place: one statement a line"
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and times_a_flag(node.left, node.right):
                yield path, f"line {node.lineno}: {ast.unparse(node):.60} multiplies by a truth value: write an if"


def times_a_flag(left, right):
    """Whether a list, tuple or text is multiplied by what is a truth value for sure."""
    several = isinstance(left, (ast.List, ast.Tuple, ast.JoinedStr))
    several = several or isinstance(left, ast.Constant) and isinstance(left.value, str)
    called = ast.unparse(right.func).rpartition(".")[2] if isinstance(right, ast.Call) else ""
    truth = (
        isinstance(right, (ast.Compare, ast.BoolOp)) or isinstance(right, ast.UnaryOp) and isinstance(right.op, ast.Not)
    )
    return several and (truth or re.match("(bool$|is_|has_|any$|all$)", called) is not None)
