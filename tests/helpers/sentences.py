"""Finds sentences that stand in code, by Python's syntax and JavaScript's strings, and who looks them up."""

import ast
import re

WORD = r"[^\W\d_][^\W\d_’'-]+"
PART = r"(?:[^\W\d_][\w’'-]*|§)"  # of a sentence: a word, a letter, or a place, where something is put in
THREE_PARTS = re.compile(rf"(?:{PART}[,;:]? ){{2,}}{PART}")
TWO_WORDS = re.compile(rf"(?<![\w.#-]){WORD}[,;:.]? (?:{WORD}|§)(?![\w-])|§[,;:]? {WORD}(?![\w-])")
CHECKED = "gan_edu.core.safety.checked"  # its functions take the name of what they check, for the exception they raise


def in_python(source):
    """[(line, text)] of the sentences of a module: strings of three words or more, § for what is put in."""
    tree = ast.parse(source)
    apart = {id(node) for each in ast.walk(tree) if hidden(each, checkers(tree)) for node in ast.walk(each)}
    apart |= {id(node) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for node in each.values}
    texts = [(node, written(node)) for node in ast.walk(tree) if id(node) not in apart]
    return [(node.lineno, text) for node, text in texts if text and is_sentence(text)]


def is_sentence(text):
    """Whether three parts of a sentence follow each other, two of them words."""
    return any(len(re.findall(WORD, found)) > 1 for found in THREE_PARTS.findall(text))


def checkers(tree):
    """What a module calls the functions that check what it is handed."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == CHECKED]
    return {alias.asname or alias.name for node in imports for alias in node.names}


def hidden(node, checks):
    """Whether what stands in a node is for programmers: docstrings, exceptions, warnings, reprs, names of doors."""
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        return called in checks or called.startswith("_check") or called.endswith("warn")
    bare = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return bare or isinstance(node, ast.Raise) or isinstance(node, ast.FunctionDef) and node.name == "__repr__"


def written(node):
    """The text of a string, with § for what is put in; None for all else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "§" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


# ------------------------------------------------------------------ JavaScript

COMMENT = r"//[^\n]*|/\*.*?\*/"
REGEX = r"(?<=[(,=:\[!&|?{};])\s*/(?![*/])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\\\n])+/[a-z]*"
QUOTED = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
TOKEN = re.compile(rf"(?P<no>{COMMENT}|{REGEX})|(?P<quoted>{QUOTED})|(?P<tick>`)|(?P<brace>[{{}}])", re.DOTALL)
NO_WORDS = re.compile(r"(\bclass\w*\"?\s*[:=]|classList\.\w+\(|_STYLE\s*=|\bimport\b.*|\bfrom)\s*$|querySelector\w*\($")
CSS = re.compile(r"[{;]\s*[a-z-]+\s*:|^\(prefers-|^calc\(|^[a-z-]+: [^ ]+;|^[.#][a-z-]+ ")


def in_javascript(source):
    """The sentences of a file: quoted and template texts with two words in a row, of which one may be a place (§)."""
    found = []
    _code(source, 0, found)
    return [text for before, text in found if shown(before, text)]


def shown(before, text):
    """Whether a string may be words for a learner: no style, class, selector or address."""
    return bool(TWO_WORDS.search(text)) and not NO_WORDS.search(before) and not CSS.search(text)


def _code(source, at, found):
    """Reads from `at` to the brace that ends it, or to the end; adds (what stands before, text) of each string."""
    depth = 0
    while token := TOKEN.search(source, at):
        at = token.end()
        if token["quoted"]:
            found.append((source[max(0, token.start() - 80) : token.start()], token["quoted"][1:-1]))
        elif token["tick"]:
            at = _template(source, at, found)
        elif token["brace"]:
            depth += 1 if token["brace"] == "{" else -1
            if depth < 0:
                return at
    return len(source)


def _template(source, at, found):
    """Reads a template from behind its first tick to behind its last."""
    start, text = at, ""
    while source[at] != "`":
        if source.startswith("${", at):
            at, text = _code(source, at + 2, found), text + "§"
        else:
            width = 2 if source[at] == "\\" else 1
            at, text = at + width, text + source[at : at + width]
    found.append((source[max(0, start - 81) : start - 1], text))
    return at + 1


# ------------------------------------------------------------------ who looks up what


def looked_up(source, stem):
    """[(section, keys, names of values or None)] of each `say` in a module. keys: all that the call may choose from.

    A module's own `say` may be bound to a section: say = partial(words.say, "kit"), or sayer(__name__).
    """
    tree = ast.parse(source)
    if not re.search(r"notebook\.words import|notebook import .*\bwords\b|import .*\bsayer\b", source):
        return
    own = bound(tree, stem)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "say"]
    for call in calls:
        section, key = (own, call.args[0]) if own else (call.args[0], call.args[1])
        if isinstance(section, ast.expr):
            if not isinstance(section, ast.Constant):
                continue  # of a base class: which section, only its heirs know
            section = section.value
        names = {each.arg for each in call.keywords}
        yield section, choices(key), None if None in names else names


def bound(tree, stem):
    """The section that a module's own `say` is bound to, None where it names one in each call."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "say":
            call = node.value
            return call.args[1].value if ast.unparse(call.func) == "partial" else f"exercises.{stem}"
    return None


def choices(key):
    """The keys that an expression may come to, as far as they stand in it; empty for a name."""
    if isinstance(key, ast.IfExp):
        return choices(key.body) | choices(key.orelse)
    if isinstance(key, ast.Subscript) and isinstance(key.value, ast.Dict):
        return {value.value for value in key.value.values}
    return {key.value} if isinstance(key, ast.Constant) else set()
