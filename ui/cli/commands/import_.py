"""`workbench-cli import`: trajectories from files; what a file is shows in its content, not its name."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ui.cli.console import Console
from ui.cli.opening import open_library
from workbench.errors import BadInputError
from workbench.report.words import tidy

HELP = "take trajectories from files into the library"
EXAMPLE = "workbench-cli import sum.trajectory"
FORMATS = ("bundle",)


def configure(parser: ArgumentParser) -> None:
    """Which files, and what they are where that should not be recognised."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files to import")
    parser.add_argument("--from", dest="format", choices=FORMATS, help="the format (default: recognised by content)")


def run(args: Namespace, console: Console) -> int:
    """Import every file; all are recognised before the first is taken, each is taken whole or not at all."""
    from workbench.library.bundle import import_bundle

    for path in args.paths:
        _recognise(path, chosen=args.format)
    with open_library(console) as library:
        taken = [(path, import_bundle(library, path)) for path in args.paths]
    answer = [{"id": t.id, "title": t.title, "steps": len(t.steps), "path": str(path)} for path, t in taken]
    lines = [
        f"{t.id}  {tidy(t.title)}  ({len(t.steps)} steps; look at it, then `edit {t.id} --reviewed`)" for _, t in taken
    ]
    console.data(answer, "\n".join(lines))
    return 0


def _recognise(path: Path, *, chosen: str | None) -> None:
    """Refuse what is no file and, unless the person chose a format, what looks like none that is known."""
    from workbench.library.bundle import is_bundle

    if "\0" in str(path) or not path.is_file():
        raise BadInputError(f"there is no file {path}; check the path")
    if chosen is None and not is_bundle(path):
        raise BadInputError(f"{path} is no .trajectory bundle; make one with `workbench-cli export T --to bundle`")
