"""`workbench-cli export`: a trajectory as a file for another machine."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ui.cli.console import Console
from ui.cli.naming import SUFFIX, opened
from workbench.errors import BadInputError

HELP = "write a trajectory to a file for somebody else"
EXAMPLE = 'workbench-cli export "Add two numbers" --to bundle -o sum.trajectory'
FORMATS = ("bundle",)


def configure(parser: ArgumentParser) -> None:
    """What, in which format, and where to."""
    parser.add_argument("trajectory", metavar="T", help="id, prefix or title")
    parser.add_argument("--to", choices=FORMATS, default="bundle", help="the format (default: bundle)")
    parser.add_argument("-o", "--output", type=Path, metavar="PATH", help="the file (default: ID.trajectory, here)")


def run(args: Namespace, console: Console) -> int:
    """Write the file whole or not at all, and say where it is; only another bundle is ever replaced."""
    from workbench.library.bundle import export_bundle

    with opened(args.trajectory, console) as found:
        trajectory = found.trajectory
        path = _free(args.output or Path(trajectory.id + SUFFIX))
        export_bundle(found.library, trajectory.id, path)
    size = path.stat().st_size
    answer = {"trajectory": trajectory.id, "format": args.to, "path": str(path), "bytes": size}
    console.data(answer, f"{path}  ({size} bytes)")
    return 0


def _free(path: Path) -> Path:
    """The path, if writing there destroys nothing but another bundle."""
    from workbench.library.bundle import is_bundle

    if "\0" in str(path) or not path.parent.is_dir():
        raise BadInputError(f"there is no folder {path.parent} to write {path.name} into; make it first")
    if path.is_dir() or (path.exists() and not is_bundle(path)):
        raise BadInputError(f"{path} is something else already; choose another path")
    return path
