"""`workbench-cli import`: trajectories from files; what a file is shows in its content, not its name."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ui.cli.console import Console
from ui.cli.opening import open_library
from ui.exchange import IMPORTS, recognise, take
from workbench.report.words import tidy

HELP = "take trajectories from files into the library"
EXAMPLE = "workbench-cli import sum.trajectory"


def configure(parser: ArgumentParser) -> None:
    """Which files, and what they are where that should not be recognised."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files to import")
    parser.add_argument("--from", dest="format", choices=IMPORTS, help="the format (default: recognised by content)")


def run(args: Namespace, console: Console) -> int:
    """Import every file; all are recognised before the first is taken, each is taken whole or not at all."""
    for path in args.paths:
        recognise(path, chosen=args.format)
    with open_library(console) as library:
        taken = [(path, take(library, path)) for path in args.paths]
    answer = [{"id": t.id, "title": t.title, "steps": len(t.steps), "path": str(path)} for path, t in taken]
    lines = [
        f"{t.id}  {tidy(t.title)}  ({len(t.steps)} steps; look at it, then `edit {t.id} --reviewed`)" for _, t in taken
    ]
    console.data(answer, "\n".join(lines))
    return 0
