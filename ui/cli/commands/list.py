"""`workbench-cli list`: the trajectories of the library, newest first."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from ui.cli.console import Console
from ui.cli.opening import open_library
from ui.cli.tables import local_time, table

if TYPE_CHECKING:
    from workbench.library.store import Summary

HELP = "list the trajectories of the library"
EXAMPLE = "workbench-cli list --json"


def configure(_parser: ArgumentParser) -> None:
    """Nothing to choose."""


def run(_args: Namespace, console: Console) -> int:
    """Print a line, or a JSON object, for every trajectory."""
    with open_library(console) as library:
        summaries = library.summaries()
    rows = [_row(summary) for summary in summaries]
    empty = "no trajectories yet; `workbench-cli record` makes one"
    console.data(summaries, table(("ID", "STEPS", "SECONDS", "SOURCE", "CREATED", "TITLE"), rows) if rows else empty)
    return 0


def _row(summary: "Summary") -> tuple[str, ...]:
    state = "" if summary.state == "complete" else f" ({summary.state})"
    return (
        summary.id,
        str(summary.steps),
        f"{summary.seconds:.1f}",
        summary.source,
        local_time(summary.created),
        summary.title + state,
    )
