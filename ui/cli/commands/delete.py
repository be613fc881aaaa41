"""`workbench-cli delete`: a trajectory goes for good, with its history, events and frames."""

from argparse import ArgumentParser, Namespace

from ui.cli.console import Console
from ui.cli.opening import open_library
from workbench.errors import StoppedError
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
        if not args.yes:
            _ask(trajectory, console)
        library.delete(trajectory.id)
    console.data({"deleted": trajectory.id, "title": trajectory.title}, f"deleted {trajectory.id}")
    return 0


def _ask(trajectory: Trajectory, console: Console) -> None:
    what = f"“{trajectory.title}” with its {len(trajectory.steps)} steps"
    if not console.interactive:
        raise StoppedError(f"nobody is there to agree that {what} goes for good; add --yes")
    if console.ask(f"Delete {what} for good? [y/N]").lower() not in ("y", "yes"):
        raise StoppedError(f"{what} was kept")
