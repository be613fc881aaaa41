"""`workbench-cli delete`: a trajectory goes for good, with its history, events and frames."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from ui.cli.console import Console
from ui.cli.opening import open_library
from workbench.errors import StoppedError
from workbench.report.words import named_workflows
from workbench.trajectory import Trajectory

HELP = "delete a trajectory for good, with its frames"
EXAMPLE = 'workbench-cli delete "Add two numbers" --yes'


def configure(parser: ArgumentParser) -> None:
    """The trajectory, and whether to ask."""
    parser.add_argument("trajectory", metavar="T", help="id, prefix or title")
    parser.add_argument("--yes", action="store_true", help="do not ask; needed where no terminal can answer")


def run(args: Namespace, console: Console) -> int:
    """Delete after a yes; exit 3 when the person says no or nobody can be asked."""
    with open_library(console) as library:
        trajectory = library.find(args.trajectory)
        losing = library.losing_pictures([trajectory.id])
        if not args.yes:
            _ask(trajectory, losing, console)
        library.delete(trajectory.id)
    answer = {"deleted": trajectory.id, "title": trajectory.title, "workflows_without_pictures": losing}
    console.data(answer, f"deleted {trajectory.id}")
    return 0


def _ask(trajectory: Trajectory, losing: Sequence[str], console: Console) -> None:
    what = f"“{trajectory.title}” with its {len(trajectory.steps)} steps"
    if losing:
        what += f", and with the pictures of it in {named_workflows(losing)}"
    if not console.interactive:
        raise StoppedError(f"nobody is there to agree that {what} goes for good; add --yes")
    if console.ask(f"Delete {what} for good? [y/N]").lower() not in ("y", "yes"):
        raise StoppedError(f"{what} was kept")
