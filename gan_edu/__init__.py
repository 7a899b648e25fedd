"""gan_edu: a course on generative adversarial networks that you play with.

One chapter is one notebook and one module of the same name: `gan_edu.losses` belongs to 02_losses (00 has none).
`gan_edu.core` holds the foundations, `gan_edu.widgets` what a learner moves.
Importing the package costs milliseconds: modules, and torch with them, are loaded when first used.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_edu.core.training.waiting import wait_briefly

if TYPE_CHECKING:
    from gan_edu.core.notebook.words import set_language as set_language
    from gan_edu.exercises.progress import Progress

    progress = Progress

__version__ = "0.1.0"
wait_briefly()  # before torch is loaded

FUNCTIONS = {
    "set_language": ("gan_edu.core.notebook.words", "set_language"),
    "progress": ("gan_edu.exercises.progress", "Progress"),
}
# what lies beside this file; pkgutil would tell the same, and take longer than all else here
MODULES = sorted(
    path.stem
    for path in Path(__file__).parent.iterdir()
    if path.stem[0] not in "_." and (path.suffix == ".py" or (path / "__init__.py").exists())
)


def __getattr__(name: str) -> Any:
    if name in MODULES:
        return import_module(f"{__name__}.{name}")
    if name in FUNCTIONS:
        module, own_name = FUNCTIONS[name]
        return getattr(import_module(module), own_name)
    raise AttributeError(f"gan_edu has no module {name!r}; it has {', '.join(MODULES)}")


def __dir__() -> list[str]:
    return [*globals(), *MODULES, *FUNCTIONS]
