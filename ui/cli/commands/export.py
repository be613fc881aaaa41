"""`workbench-cli export`: a trajectory as a file for another machine."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ui.cli.console import Console
from ui.cli.naming import SUFFIX, opened
from ui.exchange import EXPORTS, free, give

HELP = "write a trajectory to a file for somebody else"
EXAMPLE = 'workbench-cli export "Add two numbers" --to bundle -o sum.trajectory'


def configure(parser: ArgumentParser) -> None:
    """What, in which format, and where to."""
    parser.add_argument("trajectory", metavar="T", help="id, prefix or title")
    parser.add_argument("--to", choices=EXPORTS, default="bundle", help="the format (default: bundle)")
    parser.add_argument("-o", "--output", type=Path, metavar="PATH", help="the file (default: ID.trajectory, here)")


def run(args: Namespace, console: Console) -> int:
    """Write the file whole or not at all, and say where it is; only another bundle is ever replaced."""
    with opened(args.trajectory, console) as found:
        trajectory = found.trajectory
        path = free(args.output or Path(trajectory.id + SUFFIX))
        give(found.library, trajectory.id, path)
    size = path.stat().st_size
    answer = {"trajectory": trajectory.id, "format": args.to, "path": str(path), "bytes": size}
    console.data(answer, f"{path}  ({size} bytes)")
    return 0
