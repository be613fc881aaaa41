"""`workbench-cli corrections`: what people said about a model's steps, and forgetting it."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.cli.console import Console
from ui.cli.opening import open_library
from workbench.errors import BadInputError, StoppedError

if TYPE_CHECKING:
    from agents.memory.corrections import Correction

HELP = "list and forget what you said about a model's steps"
EXAMPLE = "workbench-cli corrections list"

SHORTEST_PREFIX = 4


def configure(parser: ArgumentParser) -> None:
    """The two things that can be done with corrections."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|forget")
    actions.add_parser("list", help="show what is kept, the newest first; models are told of it on similar steps")
    forget = actions.add_parser("forget", help="forget some for good")
    forget.add_argument("id", metavar="ID", nargs="*", help="as the list shows them, or the beginning of one")
    forget.add_argument("--all", action="store_true", help="everything")
    forget.add_argument("--yes", action="store_true", help="do not ask; needed with --all where no terminal can answer")


def run(args: Namespace, console: Console) -> int:
    """Do what was asked; raises `BadInputError` for an unknown id."""
    from agents.memory.corrections import CorrectionShelf

    with open_library(console) as library:
        shelf = CorrectionShelf(library.path)
        if args.action == "list":
            _list(shelf.all(), console)
            return 0
        ids = _meant(args, shelf.all(), console)
        shelf.delete(ids)
    console.data({"forgotten": sorted(ids)}, f"forgot {len(ids)} correction{'' if len(ids) == 1 else 's'}")
    return 0


def _list(kept: Sequence["Correction"], console: Console) -> None:
    from agents.memory.corrections import line_of

    newest = list(reversed(kept))
    lines = [f"{one.id}  {one.app}: {line_of(one)}" for one in newest]
    empty = "nothing is kept; what you reject, change or take over in `workbench-cli run` will be"
    console.data(newest, "\n".join(lines) or empty)


def _meant(args: Namespace, kept: Sequence["Correction"], console: Console) -> set[str]:
    """The ids that are to go; with --all after a yes."""
    if args.all == bool(args.id):
        raise BadInputError("name what is to be forgotten by its id, or all with --all")
    if args.id:
        return {_one(name, kept) for name in args.id}
    if kept and not args.yes:
        _ask(len(kept), console)
    return {one.id for one in kept}


def _one(name: str, kept: Sequence["Correction"]) -> str:
    found = [one.id for one in kept if one.id == name or (len(name) >= SHORTEST_PREFIX and one.id.startswith(name))]
    if len(found) != 1:
        problem = "more than one correction begins" if found else "no correction is kept that begins"
        raise BadInputError(f"{problem} with “{name}”; `workbench-cli corrections list` shows them all")
    return found[0]


def _ask(count: int, console: Console) -> None:
    if not console.interactive:
        raise StoppedError(f"nobody is there to agree that {count} corrections go for good; add --yes")
    if console.ask(f"Forget all {count} corrections for good? [y/N]").lower() not in ("y", "yes"):
        raise StoppedError("nothing was forgotten")
