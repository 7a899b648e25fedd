#!/usr/bin/env python3
"""Keeps the notebooks: sync (notebook and script alike), check (the laws), lessons (run, and store the outputs),
tidy (bring stored outputs to the form that lessons store, and sort the words of gan_edu/words), links (badges and
first cells, from the repository's address; the maps, from notebooks/course.toml), shipped (the list of data files and
their checksums).

    python tools/course.py sync [NAME ...] [--from script|notebook]
    python tools/course.py check
    python tools/course.py links
    python tools/course.py shipped
    python tools/course.py lessons [NAME ...] [--pace lesson|test|full]
    python tools/course.py tidy [NAME ...]
    python tools/course.py zh [NAME ...] [--missing | --translated]     (notebooks/zh: tools/chinese.py)
    python tools/course.py chapter NEW | control NEW     (their skeletons: tools/skeleton.py)

NAME is a notebook's number or name: 04, mnist_gan, 04_mnist_gan. Without any, all of them.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from contextlib import contextmanager
from difflib import unified_diff
from itertools import zip_longest
from pathlib import Path

import chinese
import chinese_cells
import jupytext
import links
import skeleton
from course_files import code, content, every, fingerprint, said, script_of
from jupytext.combine import combine_inputs_with_outputs
from jupytext.config import load_jupytext_configuration_file
from laws import SLOW, WIDGET, complaints
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from notebook_files import KERNEL, Unreadable, form, parsed, read

from gan_edu.core.notebook import shipped_files
from gan_edu.core.notebook.stills import DRAWN, are_words, words
from gan_edu.core.safety import durable

ROOT = Path(__file__).resolve().parent.parent


class Refused(Exception):
    """What was asked for is not done, and nothing is written; the message says why and what to do."""


def chosen(root, names):
    """Paths of the notebooks that the names mean."""
    paths = {path: {path.stem, path.stem[:2], path.stem[3:]} for path in every(root)}
    unknown = set(names).difference(*paths.values())
    if unknown:
        raise SystemExit(f"no notebook {', '.join(unknown)}; there are {', '.join(path.stem for path in paths)}")
    return [path for path, meant in paths.items() if not names or meant & set(names)]


# Sync: by content, never by time stamps, which a checkout or a copy changes


def digest(book):
    return hashlib.sha256(repr(content(book)).encode()).hexdigest()


def sync(path, source=None):
    """Make a pair alike. Returns what was done, or None. Raises Refused where both sides changed.

    The notebook remembers in metadata.gan_edu.synced what both sides held when they were last alike: the side
    that still holds it is the old one. source: 'script' or 'notebook' decides by hand.
    """
    script = script_of(path)
    if not path.exists():
        return write_notebook(path, read(script))
    book = read(path)
    if not script.exists():
        return write_script(path, book)
    text = read(script)
    synced = book.metadata.get("gan_edu", {}).get("synced")
    if digest(book) == digest(text):
        return None if synced == digest(book) else store(path, book)
    source = source or {digest(book): "script", digest(text): "notebook"}.get(synced)
    if source is None:
        raise Refused(
            f"{path.name} and {script.name} both changed since they were last alike:\n"
            f"{difference(book, text)}\nKeep one: python tools/course.py sync {path.stem} "
            "--from script (or: --from notebook). The other side's edit is lost: copy it first."
        )
    return write_notebook(path, merged(text, book)) if source == "script" else write_script(path, book)


def difference(book, text):
    notebook, script = (
        "\n".join(f"[{kind}] {notes}\n{source}" for kind, source, notes in content(side)) for side in (book, text)
    )
    return "\n".join(unified_diff(notebook.split("\n"), script.split("\n"), "notebook", "script", lineterm="", n=1))


def merged(text, book):
    """The script's cells with the notebook's ids, and its outputs where the code is the same."""
    before = {cell.id: cell.source for cell in book.cells}
    result = combine_inputs_with_outputs(text, book, fmt="py:percent")
    for cell in result.cells:
        if cell.cell_type == "code" and cell.source.strip("\n") != before.get(cell.id, "").strip("\n"):
            cell.outputs, cell.execution_count = [], None
    return result


def write_notebook(path, book):
    store(path, book)
    return f"{path.name} ← {path.stem}.py"


def write_script(path, book):
    config = load_jupytext_configuration_file(str(ROOT / "pyproject.toml"))
    form(book)
    put(script_of(path), jupytext.writes(book, "py:percent", config=config), book)
    store(path, book)
    return f"{path.stem}.py ← {path.name}"


def store(path, book):
    """Write a notebook that agrees with its script, whole or not at all."""
    book.metadata.setdefault("gan_edu", {})["synced"] = digest(book)
    put(path, form(book), book)
    chinese.follow(path.parents[1], path.stem)


def put(path, text, book):
    """Write a text from which the reader gets this notebook's cells back. Raises Refused, before writing, for another.

    A line "# %%" within a cell would come back from a script as the beginning of the next.
    """
    for n, (cell, back) in enumerate(zip_longest(content(book), content(parsed(text, path))), 1):
        if cell != back:
            raise Refused(
                f"cell {n} would not come back from {path.name} as it is, but as {back}: write it otherwise "
                "(a line that begins with # %% begins a cell there)"
            )
    durable.write(path, text.encode())


# The Chinese edition


def do_zh(root, options):
    texts = [name for name in options.names if name in chinese_cells.TEXTS]
    notebooks = [name for name in options.names if name not in texts]
    names = [*(path.stem for path in chosen(root, notebooks) if notebooks), *texts]
    failed: list[str] = []
    for name in names or chinese_cells.begun(root):
        path = chinese_cells.prose_of(root, name)
        with named(path, failed):
            if options.missing or options.translated:
                text, changed = (chinese_cells.laid_in if options.missing else chinese_cells.renewed)(root, name)
                for cell, block in changed:
                    print(f"{name}, line {block.line}: {cell.text[:40]!r} is said by {block.text[:40]!r}")
                durable.write(path, text.encode())
            if not options.missing and (made := chinese.store(root, name)):
                print(made.relative_to(root))
    return int(bool(failed))


# Lessons


def lesson(path, pace):
    """Run one notebook; at lesson pace, store its outputs. Returns the minutes taken. Raises Refused."""
    if pace == "lesson":
        sync(path)
    before, book, start = path.read_bytes(), read(path), time.perf_counter()
    seconds = execute(book, path.parent, pace)
    minutes = (time.perf_counter() - start) / 60
    if pace == "lesson":
        tidy(book)
        book.metadata["gan_edu"] = {
            **book.metadata.get("gan_edu", {}),
            "executed": fingerprint(book),
            "pace": pace,
            "minutes": round(minutes, 1),
            "slow": {cell: round(taken) for cell, taken in seconds.items() if taken >= SLOW},
        }
        if path.read_bytes() != before:
            raise Refused(f"{path.name} was edited while it ran: run it again")
        store(path, book)
    return minutes


def execute(book, folder, pace, first="", kernel=KERNEL["name"]):
    """Run a notebook's cells, which take their outputs; returns {cell's id: seconds that it took}.

    first: code that the kernel runs before. Raises Refused for a cell that fails, which it names.
    """
    for _, cell in code(book):
        cell.outputs, cell.execution_count = [], None
    begun, clock, taken = ["its start"], {}, {}

    def start(cell, cell_index):
        begun.append(named_cell(cell, cell_index + 1))
        clock[cell.id] = time.perf_counter()

    def end(cell, **_):
        taken[cell.id] = time.perf_counter() - clock[cell.id]  # of a cell of code: a text only starts

    environment = {**os.environ, "GAN_EDU_PACE": pace, "GAN_EDU_DRIVER": "inline"}
    client = NotebookClient(
        book,
        kernel_name=kernel,
        timeout=1800,
        iopub_timeout=60,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=start,
        on_cell_executed=end,
        extra_arguments=[f"--IPKernelApp.code_to_run={first}"],
    )
    try:
        client.execute(env=environment)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise Refused(f"stopped at {begun[-1]}\n{error}") from error
    return taken


def named_cell(cell, n):
    """'cell 7 (steps = 300)'"""
    return f"cell {n} ({cell.source.strip().partition(chr(10))[0]})"


def tidy(book):
    """Leave in a notebook what a reader without a kernel can see."""
    for _, cell in code(book):
        cell.outputs = joined([kept for output in cell.outputs for kept in shown(output)])


def shown(output):
    """What is kept of an output: a picture and its words, however it was shown; nothing of a live view alone."""
    data = output.get("data", {})
    if "image/png" in data:
        keep = {"image/png", "text/plain", *DRAWN}
        data, about = (
            {name: value for name, value in each.items() if name in keep} for each in (data, output.metadata)
        )
        alt, drawn = said(output, "image/png"), DRAWN.items() <= about.items()
        return [
            new_output("display_data", data, metadata=about),
            *([new_output("display_data", words(alt, drawn))] if alt else []),
        ]
    return [] if WIDGET in data or are_words(data) else [output]


def joined(outputs):
    """One output a stream, as a terminal would leave it; of stderr (progress bars, warnings) its last line only."""
    result: list[NotebookNode] = []
    for output in outputs:
        last = result[-1] if result else None
        if output.output_type == "stream" and last and last.output_type == "stream" and last.name == output.name:
            last.text += output.text
        else:
            result.append(output)
    for output in result:
        if output.output_type == "stream":
            lines = [line.split("\r")[-1] for line in output.text.replace("\r\n", "\n").split("\n")]
            output.text = "\n".join(lines) if output.name == "stdout" else "".join([li for li in lines if li][-1:])
    return [output for output in result if output.output_type != "stream" or output.text.strip()]


# Commands


@contextmanager
def named(path, failed):
    """What goes wrong with one notebook is said with its name and noted in `failed`, and the others go on."""
    try:
        yield
    except Exception as error:
        failed.append(path.stem)
        kind = "" if isinstance(error, (Refused, Unreadable)) else f"{type(error).__name__}: "
        print(f"{path.stem}: FAILED, nothing stored: {kind}{error}", file=sys.stderr, flush=True)


def do_sync(root, options):
    failed: list[str] = []
    for path in chosen(root, options.names):
        with named(path, failed):
            if done := sync(path, options.source):
                print(done)
    return int(bool(failed))


def do_check(root, options):
    found = sorted(set(complaints(root)))
    print("\n".join(found) if found else "every law holds")
    return int(bool(found))


def do_links(root, options):
    texts, changed = list(links.texts(root)), {}  # all is looked at before any is written
    failed: list[str] = []
    if do_sync(root, argparse.Namespace(names=[], source=None)):
        return 1
    for path in every(root):
        with named(path, failed):
            book = read(path)
            if links.write(book, path.stem, root):
                changed[path] = book
    if failed:
        return 1
    for path, book in changed.items():
        print(write_script(path, book))
    for path, text in texts:
        if path.read_text(encoding="utf-8") != text:
            durable.write(path, text.encode())
            print(path.name)
    return do_zh(root, argparse.Namespace(names=[], missing=False, translated=False))


def do_shipped(root, options):
    durable.write(shipped_files.LIST, shipped_files.listing().encode())
    return 0


def do_chapter(root, options):
    paths = skeleton.chapter(root, options.new)
    (script,) = (path for path in paths if path.parent.name == "scripts")
    path, book = script.parents[1] / f"{script.stem}.ipynb", read(script)
    links.write(book, path.stem, root)
    write_script(path, book)
    return tell([*paths, path], root)


def do_control(root, options):
    return tell(skeleton.control(root, options.new), root)


def tell(paths, root):
    print("\n".join(str(path.relative_to(root)) for path in paths))
    print("Now write what `make check` names.")
    return 0


def do_lessons(root, options):
    failed: list[str] = []
    for path in chosen(root, options.names):
        with named(path, failed):
            print(f"{path.stem}: {lesson(path, options.pace):.1f} min", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


def do_tidy(root, options):
    failed: list[str] = []
    for path in chosen(root, options.names):
        with named(path, failed):
            book, before = read(path), path.read_bytes()
            tidy(book)
            if form(book).encode() != before:
                store(path, book)
                print(path.name)
    for path in sorted((root / skeleton.WORDS).parent.glob("*.json")):
        text = path.read_text(encoding="utf-8")
        if text != (tidied := skeleton.catalogue(json.loads(text))):
            durable.write(path, tidied.encode())
            print(path.name)
    return int(bool(failed))


def main(arguments=None, root=ROOT):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for action, text in (
        (do_sync, "make notebook and script alike"),
        (do_check, "hold the laws"),
        (do_links, "write badges, first cells and maps"),
        (do_shipped, "write the list of data files and their checksums"),
        (do_lessons, "run notebooks and store their outputs"),
        (do_tidy, "bring stored outputs to the form that lessons store, and sort the words"),
        (do_zh, "make the Chinese notebooks, of the English ones and of notebooks/zh/prose"),
        (do_chapter, "begin a chapter"),
        (do_control, "begin a control"),
    ):
        command = commands.add_parser(action.__name__.removeprefix("do_"), help=text)
        command.set_defaults(action=action)
        if action in (do_sync, do_lessons, do_tidy, do_zh):
            command.add_argument("names", nargs="*", metavar="NAME")
        if action in (do_chapter, do_control):
            command.add_argument("new", metavar="NEW")
        if action is do_sync:
            command.add_argument("--from", dest="source", choices=["script", "notebook"])
        if action is do_zh:
            command.add_argument("--missing", action="store_true", help="lay in the English of what has no Chinese")
            command.add_argument("--translated", action="store_true", help="it says what the English says today")
        if action is do_lessons:
            command.add_argument("--pace", choices=["lesson", "test", "full"], default="lesson")
    options = parser.parse_args(arguments)
    try:
        return options.action(root, options)
    except (Refused, ValueError) as reason:  # of `links`, a file whose address or title does not serve
        print(reason, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
