"""`workbench-cli list`: the trajectories of the library, newest first."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from ui.cli.console import Console
from ui.cli.opening import open_library
from ui.cli.tables import local_time, table
from workbench.library.tags import spelled

if TYPE_CHECKING:
    from workbench.library.store import Summary

HELP = "list the trajectories of the library"
EXAMPLE = "workbench-cli list --json"

_HEADS = ("ID", "STEPS", "SECONDS", "SOURCE", "CREATED", "TAGS", "TITLE")


def configure(parser: ArgumentParser) -> None:
    """Which trajectories."""
    parser.add_argument("--tag", action="append", default=[], metavar="TAG", help="only those that have this tag")


def run(args: Namespace, console: Console) -> int:
    """Print a line, or a JSON object, for every trajectory."""
    with open_library(console) as library:
        wanted = {spelled(tag).lower() for tag in args.tag}
        summaries = [each for each in library.summaries() if wanted <= {tag.lower() for tag in each.tags}]
    rows = [_row(summary) for summary in summaries]
    empty = "no trajectory has these tags" if wanted else "no trajectories yet; `workbench-cli record` makes one"
    console.data(summaries, table(_HEADS, rows) if rows else empty)
    return 0


def _row(summary: "Summary") -> tuple[str, ...]:
    state = "" if summary.state == "complete" else f" ({summary.state})"
    return (
        summary.id,
        str(summary.steps),
        f"{summary.seconds:.1f}",
        summary.source,
        local_time(summary.created),
        ", ".join(summary.tags),
        summary.title + state,
    )
