"""The course's commands: `python -m gan_edu course DIR | check | record NAME | train NAME | quizzes | …`."""

from __future__ import annotations

import argparse
import codecs
import os
import sys

from gan_edu.core.safety.checked import integer, path

IN_ASCII = {"→": "->", "×": "x", "·": "*", "–": "-", "−": "-", "…": "...", "≤": "<=", "≥": ">="}


def in_ascii(error: UnicodeError) -> tuple[str, int]:
    """For a terminal that lacks a character: ASCII in its place, not an error in place of the whole text."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(IN_ASCII.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    codecs.register_error("gan_edu", in_ascii)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="gan_edu")
    parser = argparse.ArgumentParser(prog="python -m gan_edu", description="gan_edu, a course on GANs")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="look at Python, torch, device, memory and data, with a cure beside each fault")
    add_course(commands)
    record = commands.add_parser("record", help="make a shipped recording anew (interrupted, it resumes)")
    record.add_argument("names", nargs="*", metavar="NAME", help="mnist_textbook, mnist_textbook_seeds, plane/ring …")
    record.add_argument("--all", action="store_true", help="all of them")
    record.add_argument("--epochs", type=int, help="fewer epochs, for a trial; needs --into")
    record.add_argument("--into", help="another folder than the package's")
    add_train(commands)
    features = commands.add_parser("train-features", help="train the frozen network that scores digits (20 minutes)")
    features.add_argument("--data", default="mnist", help="mnist, or fashion for the one that scores clothes (40)")
    add_restore(commands)
    add_quizzes(commands)
    poster = commands.add_parser("poster", help="the README's animated picture, from a shipped recording")
    poster.add_argument("path", nargs="?", default="docs/digits.webp")
    arguments = sys.argv[1:] if arguments is None else arguments
    chosen = parser.parse_args(arguments, argparse.Namespace(arguments=arguments))
    try:
        return carry_out(parser, chosen)
    except (OSError, ValueError) as error:  # a disk, a folder, a checkpoint: the message says what to do
        who = ""
        if (count := os.environ.get("WORLD_SIZE", "1")) != "1":
            from gan_edu.core.training.launched import first_speaks

            first_speaks()
            who = f", process {os.environ.get('RANK')} of {count}"
        print(f"python -m gan_edu{who}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "\npython -m gan_edu: stopped. Run the same command again: a recording goes on from its last checkpoint.",
            file=sys.stderr,
        )
        return 130  # as shells have it: 128 + SIGINT


def add_course(commands: argparse._SubParsersAction) -> None:
    """What `course` and `provenance` take."""
    course = commands.add_parser(
        "course", help="lay the notebooks into the folder DIR, or bring it up to date; what you changed stays"
    )
    course.add_argument("folder", metavar="DIR", help="a folder of yours; it is made where there is none")
    origin = commands.add_parser("provenance", help="say of all data that is shipped what makes it anew")
    origin.add_argument("--rebuild", metavar="NAME", help="train the first steps of a recording again, and compare")
    origin.add_argument("--epochs", type=int, default=1, help="how many of them: 1; of the plane thousands of steps")


def add_train(commands: argparse._SubParsersAction) -> None:
    """What `train` takes."""
    train = commands.add_parser(
        "train", help="train a recipe, in as many processes as you like; interrupted, it resumes"
    )
    train.add_argument("name", metavar="NAME", help="mnist_textbook")
    train.add_argument("--processes", type=int, help="how many share each batch; torchrun and others say so themselves")
    train.add_argument("--epochs", type=int, default=100, help="100 if not given")
    train.add_argument("--into", default="runs", help="the folder its film goes to: runs")
    train.add_argument("--port", type=int, help="where the processes meet; any free one if not given")


def add_restore(commands: argparse._SubParsersAction) -> None:
    """What `restore` takes."""
    restore = commands.add_parser(
        "restore", help="restore a folder of damaged digits, 28 × 28, into the folder PATH_restored"
    )
    restore.add_argument("path", metavar="PATH", help="the folder; its pictures stay as they are")
    kind = restore.add_mutually_exclusive_group(required=True)
    kind.add_argument("--hole", metavar="X,Y,W,H", help="these pixels are unknown: from the left, from the top, sizes")
    kind.add_argument("--noise", action="store_true", help="all pixels are noisy, by about 0.4 of white")
    kind.add_argument("--factor", type=int, help="2: only 14 × 14 pixels are left, each twice as large; 4: 7 × 7")
    restore.add_argument("--weight", type=float, default=0.1, help="λ of the network, 0 to 1: sharper as it grows")


def add_quizzes(commands: argparse._SubParsersAction) -> None:
    """What `quizzes` takes."""
    quizzes = commands.add_parser("quizzes", help="five questions a chapter, as files that Moodle and Canvas import")
    quizzes.add_argument("chapters", nargs="*", metavar="CHAPTER", help="02, for one; all if none is given")
    quizzes.add_argument("--into", default="quizzes", help="the folder they go to: quizzes")
    quizzes.add_argument("--language", help="en, or zh; GAN_EDU_LANG if not given")


def carry_out(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> int:
    """Carry out the parsed command."""
    if chosen.command == "check":
        try:
            from gan_edu.core.notebook import environment
        except (ImportError, AttributeError) as error:
            from gan_edu.core.notebook import shadows

            print(f"FAIL  {error}", *(f"      → {path}: {shadows.CURE}" for path in shadows.found()), sep="\n")
            return 1
        return environment.main()
    if chosen.command == "course":
        from gan_edu.core.notebook import course_folder

        print(*course_folder.told(chosen.folder, course_folder.lay(chosen.folder)), sep="\n")
    elif chosen.command == "provenance":
        provenance_command(chosen)
    elif chosen.command == "train-features":
        from gan_edu.core.measures.mnist_scores import train_features

        print(f"test accuracy {train_features(data=chosen.data):.4f}")
    elif chosen.command == "restore":
        restore_command(parser, chosen)
    elif chosen.command == "quizzes":
        quizzes_command(chosen)
    elif chosen.command == "train":
        train_command(parser, chosen)
    elif chosen.command == "poster":
        from gan_edu.core.recording.recording import shipped
        from gan_edu.recordings.recipes import poster

        print(poster(shipped("mnist_textbook"), chosen.path))
    else:
        record_command(parser, chosen)
    return 0


def record_command(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> None:
    """Make shipped recordings anew, or a trial elsewhere."""
    from gan_edu.recordings import recipes

    names = list(recipes.RECIPES) if chosen.all else chosen.names
    if not names or set(names) - set(recipes.RECIPES) or (chosen.all and chosen.names):
        parser.error(f"name a recording: {', '.join(recipes.RECIPES)}, or --all without a name")
    try:
        chosen.epochs = None if chosen.epochs is None else integer("--epochs", chosen.epochs, 1)
        chosen.into = None if chosen.into is None else path("--into", chosen.into)
    except ValueError as error:
        parser.error(str(error))
    if chosen.epochs and not chosen.into:
        parser.error("--epochs makes a trial: say with --into which folder it goes to")
    for name in names:
        recipes.RECIPES[name](name, epochs=chosen.epochs, into=chosen.into)


def provenance_command(chosen: argparse.Namespace) -> None:
    """Print where data comes from, or what a short run makes of a recording."""
    from gan_edu.recordings import provenance

    epochs = integer("--epochs", chosen.epochs, 1)
    for line in provenance.rebuilt(chosen.rebuild, epochs) if chosen.rebuild else provenance.table():
        print(line, flush=True)


def train_command(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> None:
    """Start the processes that train, or be one of those that were started."""
    from gan_edu.core.training.launched import launch
    from gan_edu.core.training.ranks import equal_parts
    from gan_edu.recordings.recipes import SHARED

    if chosen.name not in SHARED:
        parser.error(f"name what is to be trained: {', '.join(SHARED)}")
    (run, batch), started = SHARED[chosen.name], int(os.environ.get("WORLD_SIZE", 1))
    try:
        epochs, processes = (
            integer("--epochs", chosen.epochs, 1),
            integer("--processes", chosen.processes or started, 1),
        )
        equal_parts(batch, processes)
    except ValueError as error:
        parser.error(str(error))
    if started not in (1, processes):
        parser.error(f"--processes {processes}: {started} are started already, as torchrun does; leave it out")
    if started == processes:
        run(chosen.name, epochs, chosen.into)
    else:
        launch(processes, once_more, chosen.arguments, port=chosen.port)


def restore_command(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> None:
    """Restore a folder, and say which pictures are of another kind than the network has learned."""
    from gan_edu import restoration

    if chosen.hole is not None:
        try:
            left, top, width, height = (int(each) for each in chosen.hole.split(","))
            damage = restoration.rectangle(left, top, width, height)
        except ValueError as error:
            parser.error(f"--hole takes four whole numbers X,Y,W,H, such as 8,8,12,12, got {chosen.hole!r}: {error}")
    elif chosen.factor not in (None, 2, 4):
        parser.error(f"--factor must be 2 or 4, which the networks have learned, got {chosen.factor}")
    else:
        damage = restoration.noise() if chosen.noise else restoration.smaller(chosen.factor)
    found = restoration.restore_files(chosen.path, damage, ruined=chosen.noise, weight=chosen.weight)
    for each in found:
        told = f"reads as {each.digit}" if each.usual else "NOT what the network was trained on: do not trust it"
        print(f"{each.path}: {told} ({each.rarity:.1%} of restored digits look as odd)")
    if strange := sum(not each.usual for each in found):
        print(f"{strange} of {len(found)}: no light digit on black, as far as the network sees.")


def quizzes_command(chosen: argparse.Namespace) -> None:
    """Write the quizzes, and say where they are."""
    from gan_edu.core.notebook.words import set_language
    from gan_edu.quizzes.files import write

    if chosen.language is not None:
        set_language(chosen.language)
    print(*write(chosen.chapters, chosen.into), sep="\n")


def once_more(arguments: list[str]) -> None:
    """The same command in a process that was started for it."""
    if status := main(arguments):
        sys.exit(status)


if __name__ == "__main__":
    sys.exit(main())
