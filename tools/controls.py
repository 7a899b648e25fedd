"""The one list of controls, gan_edu/widgets/__init__.py, and what belongs to each: files, a picture, words, tests."""

import ast

import syntax
from chapter_list import LIST, chapters

AT_WILL = {"Quiz"}  # asks about any chapter, wherever a teacher wants it: it is named in no row of the list
HANDED_ON, EXAMPLES = "gan_edu/widgets/__init__.py", "tests/helpers/controls.py"


def homes(root):
    """{name: the folder of gan_edu/widgets that it comes from}, of all names handed on."""
    tree = syntax.module((root / HANDED_ON).read_text(encoding="utf-8"))
    return {
        alias.name: node.module.partition(".")[0]
        for node in syntax.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module
        for alias in node.names
    }


def folders(root):
    """The controls' folders."""
    return sorted(
        path for path in (root / "gan_edu" / "widgets").iterdir() if path.name != "kit" and any(path.glob("*.py"))
    )


def examples(root):
    """Names of the controls that tests of all controls are given."""
    for node in syntax.nodes((root / EXAMPLES).read_text(encoding="utf-8")):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES":
            keys = node.value.keys if isinstance(node.value, ast.Dict) else []
            return {ast.literal_eval(key) for key in keys if key}
    return set()


def complaints(root):
    """(path, text) where a control lacks what belongs to one."""
    if not (root / EXAMPLES).exists():
        return
    known = homes(root)
    for folder in folders(root):
        if folder.name not in known.values():
            yield root / HANDED_ON, f"hands on nothing of {folder.name}: from .{folder.name}.widget import NAME as NAME"
        code = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
        for part, what in (("picture", "no picture"), ("alt", "no alt text")):
            if f"def {part}(self" not in code:
                yield folder, f"has {what}: a Control defines {part}"
        if not (folder / "entry.js").exists():
            yield folder, "has no entry.js, which ties its view to a notebook and to a page"
        if not list((root / "tests" / "browser").glob(f"test_{folder.name}*.py")):
            yield folder, f"has no test in a browser, tests/browser/test_{folder.name}.py"
    classes = {name for name in known if name[0].isupper()}
    played = {name for each in chapters(root) for name in each.controls}
    yield from ((root / EXAMPLES, f"lacks an example of {name}") for name in sorted(classes - examples(root)))
    yield from ((root / EXAMPLES, f"has {name}, which is no control") for name in sorted(examples(root) - classes))
    yield from ((root / LIST, f"{name} is played with in no chapter") for name in sorted(classes - played - AT_WILL))
