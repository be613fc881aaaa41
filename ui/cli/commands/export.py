"""`workbench-cli export`: trajectories as files for other people and other tools, looked through for leaks first."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ui.cli.console import Console
from ui.cli.naming import is_bundle_path, opened
from ui.cli.opening import find_complete, open_library
from ui.orders import exporting
from ui.orders.exporting import Decisions, Examined, Exported, LeaksFoundError, Order
from workbench.errors import BadInputError

if TYPE_CHECKING:
    from workbench.library.leaks.leak import Leak
    from workbench.library.store import Library
    from workbench.trajectory import Trajectory

HELP = "write trajectories to a file or folder, after a look for what should not leave"
EXAMPLE = 'workbench-cli export "Add two numbers" --to bundle -o sum.trajectory'

_MOST_REMARKS = 5
"""How many are told; JSON has all of them."""


def configure(parser: ArgumentParser) -> None:
    """What, in which format, where to, and what is done with findings."""
    parser.add_argument("trajectories", nargs="+", metavar="T", help="id, prefix, title or bundle")
    names = exporting.names()
    parser.add_argument(
        "--to", metavar="FORMAT", choices=names, default=names[0], help=f"the format: {', '.join(names)}"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="PATH", help="the file or folder (default: named ID, here)"
    )
    parser.add_argument(
        "--leaks",
        choices=exporting.POLICIES,
        default="refuse",
        help="secrets, tokens, addresses and numbers that were found: refuse (default), mask all, accept all",
    )
    for word, what in (("mask", "mask these findings, by their ids"), ("accept", "let these findings leave")):
        parser.add_argument(f"--{word}", type=_ids, default=frozenset(), metavar="ID,…", help=what)
    parser.add_argument(
        "--test-share",
        type=_share,
        default=0.0,
        metavar="SHARE",
        help="what part of the trajectories training sets put aside for testing, such as 0.1 (default: none)",
    )
    parser.add_argument(
        "--unread-pictures", action="store_true", help="do not read pictures: what they show leaves unseen"
    )


def run(args: Namespace, console: Console) -> int:
    """Write it whole or not at all, and say where it is; 3 where findings speak against it, which are listed."""
    decisions = Decisions(args.leaks, args.mask, args.accept)
    with _opened(args.trajectories, console) as (library, trajectories):
        order = Order(
            trajectories,
            args.to,
            args.output,
            pictures_read=not args.unread_pictures,
            test_share=args.test_share,
        )
        examined = exporting.examine(library, order, told=_Bar(console).told)
        for note in examined.notes:
            console.say(note)
        try:
            done = exporting.write(library, examined, decisions, told=_Bar(console).told)
        except LeaksFoundError as refused:
            _tell_findings(examined, decisions, console)
            raise refused from None
    _tell_done(examined, decisions, done, console)
    return 0


@contextmanager
def _opened(names: list[str], console: Console) -> "Iterator[tuple[Library, tuple[Trajectory, ...]]]":
    """One bundle, or trajectories of the library, each once."""
    if len(names) == 1:
        with opened(names[0], console) as found:
            yield found.library, (found.trajectory,)
        return
    for name in names:
        if is_bundle_path(name):
            raise BadInputError(f"{name} is a bundle: export it alone, or import it first")
    with open_library(console) as library:
        found_all = {one.id: one for one in (find_complete(name, library, console) for name in names)}
        yield library, tuple(found_all.values())


class _Bar:
    """Shows how far it is, a hundred times at most."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown = ""

    def told(self, what: str, done: int, of: int) -> None:
        """So many of so many."""
        line = f"{what}: {100 * done // max(of, 1)} % of {of}"
        if of and line != self._shown:
            self._shown = line
            self._console.pass_by(line)


def _tell_findings(examined: Examined, decisions: Decisions, console: Console) -> None:
    undecided = [leak for leak in examined.leaks if decisions.on(leak) == "refuse"]
    answer = {"exported": False, "leaks": [_finding(leak, decisions) for leak in examined.leaks]}
    console.data(answer, "\n".join(f"{leak.id}  {leak.name}  {leak.excerpt}  ({leak.where})" for leak in undecided))
    console.say(
        "Look at them; then `--mask ID,…` and `--accept ID,…` decide one by one, `--leaks mask` or `--leaks accept` "
        "all others."
    )


def _finding(leak: "Leak", decisions: Decisions) -> dict[str, object]:
    decided = decisions.on(leak)
    return {
        "id": leak.id,
        "kind": leak.kind,
        "excerpt": leak.excerpt,
        "decision": None if decided == "refuse" else decided,
        "places": [
            {
                "trajectory": place.trajectory,
                "step": place.step,
                "field": place.field,
                "run": place.run or None,
                "frame": place.frame or None,
                "region": place.region,
            }
            for place in leak.places
        ],
    }


def _tell_done(examined: Examined, decisions: Decisions, done: Exported, console: Console) -> None:
    for note in done.notes[len(examined.notes) :]:
        console.say(note)
    for remark in done.remarks[:_MOST_REMARKS]:
        console.say(exporting.line(remark))
    if len(done.remarks) > _MOST_REMARKS:
        console.say(f"and {len(done.remarks) - _MOST_REMARKS} more remarks: `--json` has all of them")
    for word, what in (("mask", "masked"), ("accept", "let leave")):
        count = sum(decisions.on(leak) == word for leak in examined.leaks)
        if count:
            console.say(f"{count} finding{'s' if count > 1 else ''} {what}")
    answer = {
        "exported": True,
        "trajectory": examined.order.trajectories[0].id,
        "trajectories": [each.id for each in examined.order.trajectories],
        "format": examined.order.format,
        "path": str(done.path),
        "bytes": done.size_bytes,
        "leaks": [_finding(leak, decisions) for leak in examined.leaks],
        "remarks": [{"step": remark.step, "what": remark.what} for remark in done.remarks],
        "notes": list(done.notes),
    }
    console.data(answer, f"{done.path}  ({done.size_bytes} bytes)")


def _share(text: str) -> float:
    """A share from 0 to below 1."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share < 1:
        raise ArgumentTypeError("give a share from 0 to below 1, such as 0.1")
    return share


def _ids(text: str) -> frozenset[str]:
    """The ids of findings, with commas between them."""
    found = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not found:
        raise ArgumentTypeError("give the ids of findings, with commas between them")
    return found
