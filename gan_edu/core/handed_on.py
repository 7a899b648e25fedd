"""The names that a room hands on, each loaded when it is first used.

They stand under `if TYPE_CHECKING:` in the room's __init__.py, where a type checker reads them as imports, and Python
here as a list. So `import gan_edu.core.recording` loads no torch.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path


def handed_on(package: str) -> tuple[Callable[[str], object], Callable[[], list[str]], list[str]]:
    """(__getattr__, __dir__, __all__) of a package, called in its __init__.py with its __name__ (PEP 562)."""
    module = sys.modules[package]
    tree = ast.parse(Path(module.__path__[0], "__init__.py").read_text(encoding="utf-8"))
    homes = {
        alias.name: f"{package}.{node.module}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }

    def load(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"{package} has no {name!r}; it has {', '.join(sorted(homes))}")
        return getattr(import_module(homes[name]), name)

    return load, lambda: sorted({*vars(module), *homes}), sorted(homes)
