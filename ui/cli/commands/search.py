"""`workbench-cli search`: trajectories and steps that mention some words."""

from argparse import ArgumentParser, Namespace

from ui.cli.console import Console
from ui.cli.opening import open_library
from ui.cli.tables import table
from ui.cli.values import positive

HELP = "find trajectories and steps by words"
EXAMPLE = "workbench-cli search invoice save"


def configure(parser: ArgumentParser) -> None:
    """The words, and how many answers are wanted."""
    parser.add_argument("words", nargs="+", metavar="WORDS", help="all of them must occur; the last may be a beginning")
    parser.add_argument("--limit", type=positive, default=50, metavar="N", help="at most N answers (default 50)")


def run(args: Namespace, console: Console) -> int:
    """Print the best matches first: titles, tasks, window titles, names of elements, typed text."""
    with open_library(console) as library:
        hits = library.search(" ".join(args.words), limit=args.limit)
    answer = [{"id": hit.trajectory, "title": hit.title, "step": hit.step, "snippet": hit.snippet} for hit in hits]
    rows = [(hit.trajectory, str(hit.step or ""), hit.title, hit.snippet) for hit in hits]
    console.data(answer, table(("ID", "STEP", "TITLE", "FOUND"), rows) if rows else "nothing found")
    return 0
