"""`workbench-cli verify`: is everything in the library there and whole?"""

from argparse import ArgumentParser, Namespace

from ui.cli.console import Console
from ui.cli.opening import open_library

HELP = "check that nothing in the library is missing or damaged"
EXAMPLE = "workbench-cli verify"


def configure(parser: ArgumentParser) -> None:
    """One trajectory, or all."""
    parser.add_argument("trajectory", metavar="T", nargs="?", help="only this trajectory (default: all)")


def run(args: Namespace, console: Console) -> int:
    """Print every problem with what mends it; exit 1 when there is one."""
    with open_library(console) as library:
        name: str | None = args.trajectory
        problems = library.verify(None if name is None else library.find(name).id)
    lines = [f"{problem.where}: {problem.what}; {problem.mend}" for problem in problems]
    console.data({"ok": not problems, "problems": problems}, "\n".join(lines) or "everything is there and whole")
    return 1 if problems else 0
