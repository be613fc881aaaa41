"""`workbench-cli import`: trajectories from files of many tools; what a file is shows in its content, not its name."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from ui.cli.console import Console
from ui.cli.opening import open_library
from ui.orders import importing
from workbench.errors import BadInputError, WorkbenchError
from workbench.report.words import tidy

if TYPE_CHECKING:
    from workbench.library.importing.drafts import Remark
    from workbench.library.importing.taking import Taken

HELP = "take recordings of this and other tools into the library"
EXAMPLE = "workbench-cli import sum.trajectory"

_MOST_REMARKS = 5
"""How many are told at once; all of them are in the history."""


def configure(parser: ArgumentParser) -> None:
    """Which files and folders, and what they are where that should not be recognised."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders to import")
    parser.add_argument(
        "--from",
        dest="format",
        metavar="FORMAT",
        choices=importing.formats(),
        help=f"the format (default: recognised by content): {', '.join(importing.formats())}",
    )


def run(args: Namespace, console: Console) -> int:
    """Import everything in these paths, each recording whole or not at all; 2 where one was refused.

    All paths are recognised before the first is taken.
    """
    from workbench.library.importing.taking import Taken

    recognised = [importing.recognise(path, chosen=args.format) for path in args.paths]
    taken: list[Taken] = []
    refused: list[WorkbenchError] = []
    with open_library(console) as library:
        for one in importing.take(library, recognised, told=_Bar(console).read):
            if isinstance(one, Taken):
                taken.append(one)
                _tell_remarks(one, console)
            else:
                refused.append(importing.why(one))
    if not taken:
        _raise_all(refused, console)
    for error in refused:
        console.complain(error)
    console.data([_document(one) for one in taken], "\n".join(_line(one) for one in taken))
    if refused:
        console.say(f"{len(taken)} taken, {len(refused)} refused")
    return 2 if refused else 0


def _raise_all(refused: "Sequence[WorkbenchError]", console: Console) -> NoReturn:
    """Nothing was taken: all that speaks against it, the last as the error of the command."""
    if not refused:
        raise BadInputError("there is no recording in it; `workbench-cli import --help` lists what is looked for")
    *others, last = refused
    for error in others:
        console.complain(error)
    raise last


class _Bar:
    """Shows how much was read, a hundred times at most."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown = -1

    def read(self, done: int, of: int) -> None:
        """So many bytes of so many."""
        percent = 100 * done // max(of, 1)
        if percent > self._shown:
            self._shown = percent
            self._console.pass_by(f"[{'#' * (percent // 4):.<25}] {percent} % of {of / 1e6:.1f} MB")


def _tell_remarks(one: "Taken", console: Console) -> None:
    """Say what was dropped or repaired, under the recording's name."""
    if one.remarks:
        console.say(f"{tidy(one.name)}:")
    for line in _remark_lines(one.remarks):
        console.say(f"  {line}")
    if len(one.remarks) > _MOST_REMARKS:
        more = len(one.remarks) - _MOST_REMARKS
        console.say(f"  and {more} more remarks: `workbench-cli show {one.trajectory.id} --history`")


def _remark_lines(remarks: "Sequence[Remark]") -> Iterator[str]:
    for remark in remarks[:_MOST_REMARKS]:
        yield f"step {remark.step}: {remark.what}" if remark.step else remark.what


def _line(one: "Taken") -> str:
    trajectory = one.trajectory
    ready = f"look at it, then `edit {trajectory.id} --reviewed`"
    return f"{trajectory.id}  {tidy(trajectory.title)}  ({one.format}, {len(trajectory.steps)} steps; {ready})"


def _document(one: "Taken") -> dict[str, object]:
    trajectory = one.trajectory
    return {
        "id": trajectory.id,
        "title": trajectory.title,
        "steps": len(trajectory.steps),
        "path": str(one.path),
        "name": one.name,
        "format": one.format,
        "remarks": [{"step": remark.step, "what": remark.what} for remark in one.remarks],
    }
