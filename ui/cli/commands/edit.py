"""`workbench-cli edit`: change a trajectory; every change is a new revision, and undo goes back."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from ui.cli.console import Console
from ui.cli.opening import find_complete, open_library
from ui.cli.values import positive, step_name
from workbench import editing
from workbench.errors import BadInputError
from workbench.report.words import tidy
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

HELP = "change a trajectory; every change is a revision that can be undone"
EXAMPLE = 'workbench-cli edit "Add two numbers" --variable 3=amount'

_REVISED = ("title", "task", "variable", "secret", "delete_step", "reviewed")
"""The options that make a revision; tags are outside of them."""


def configure(parser: ArgumentParser) -> None:
    """The trajectory and what to change; several changes at once make one revision."""
    parser.add_argument("trajectory", metavar="T", help="id, prefix or title")
    parser.add_argument("--title", metavar="TEXT", help="call it this")
    parser.add_argument("--task", metavar="TEXT", help="what it is for, in a sentence")
    _repeatable(parser, "--variable", "turn what the step types into {{NAME}}, which a replay may be given")
    _repeatable(parser, "--secret", "let the step type a secret of the keyring; the text is purged for good")
    parser.add_argument("--delete-step", type=positive, action="append", default=[], metavar="N", help="leave it out")
    _repeatable_text(parser, "--tag", "keep it together with others under this word; no revision comes of it")
    _repeatable_text(parser, "--untag", "take that word from it")
    parser.add_argument("--reviewed", action="store_true", help="say that you have looked at it and trust it")
    parser.add_argument("--repair", metavar="RUN", help="keep what this run repaired (`replay --on-drift repair`)")
    direction = parser.add_mutually_exclusive_group()
    direction.add_argument("--undo", action="store_true", help="go back one revision")
    direction.add_argument("--redo", action="store_true", help="go forward again")


def run(args: Namespace, console: Console) -> int:
    """Make the changes and say which revision came of it."""
    changes = _changes(args)
    with open_library(console) as library:
        trajectory = find_complete(args.trajectory, library, console)
        result = _changed(library, trajectory, args, console)
    answer = {"trajectory": result.id, "revision": result.revision, "title": result.title, "steps": len(result.steps)}
    console.data(answer, f"{result.id}@{result.revision}  {tidy(result.title)}  ({', '.join(changes)})")
    return 0


def _repeatable(parser: ArgumentParser, option: str, text: str) -> None:
    parser.add_argument(option, type=step_name, action="append", default=[], metavar="STEP=NAME", help=text)


def _repeatable_text(parser: ArgumentParser, option: str, text: str) -> None:
    parser.add_argument(option, action="append", default=[], metavar="TAG", help=text)


def _changes(args: Namespace) -> list[str]:
    """What was asked for, in words.

    Raises `BadInputError` for nothing, and for what stands alone together with anything else.
    """
    names = (*_REVISED, "tag", "untag")
    wanted = _wanted(args, names)
    moves = [name for name in ("undo", "redo", "repair") if getattr(args, name)]
    if not wanted and not moves:
        raise BadInputError("nothing to change; `workbench-cli edit --help` lists what can be")
    if moves and len(wanted + moves) > 1:
        raise BadInputError(f"--{moves[0]} stands alone; leave out the other changes")
    return wanted + moves


def _wanted(args: Namespace, names: Sequence[str]) -> list[str]:
    """Which of these options were given, in words."""
    return [name.replace("_", " ") for name in names if getattr(args, name) not in (None, False, [])]


def _changed(library: "Library", trajectory: Trajectory, args: Namespace, console: Console) -> Trajectory:
    if args.repair:
        return _repaired(library, trajectory, args.repair, console)
    if args.undo or args.redo:
        return _moved(library, trajectory, args)
    _tag(library, trajectory, args)
    return _revised(library, trajectory, args) if _wanted(args, _REVISED) else library.get(trajectory.id)


def _repaired(library: "Library", trajectory: Trajectory, run_id: str, console: Console) -> Trajectory:
    """The trajectory after the repair, which may have changed only workflows that it calls."""
    from ui.orders.mending import repaired

    for kept in repaired(library, trajectory, run_id):
        if kept.id != trajectory.id:
            console.say(f"repaired in “{kept.title}”, which it calls: {kept.id}@{kept.revision}")
    return library.get(trajectory.id)


def _moved(library: "Library", trajectory: Trajectory, args: Namespace) -> Trajectory:
    return library.undo(trajectory.id) if args.undo else library.redo(trajectory.id)


def _tag(library: "Library", trajectory: Trajectory, args: Namespace) -> None:
    for tag in args.untag:
        library.untag(trajectory.id, tag)
    for tag in args.tag:
        library.tag(trajectory.id, tag)


def _revised(library: "Library", trajectory: Trajectory, args: Namespace) -> Trajectory:
    edited = _edited(trajectory, args)
    if args.secret:
        edited = _edited(_hidden(library, trajectory, args), args)
    return library.revise(edited, note=", ".join(_wanted(args, _REVISED)))


def _hidden(library: "Library", trajectory: Trajectory, args: Namespace) -> Trajectory:
    """The trajectory once the library holds nothing any more of what becomes a secret."""
    from workbench.redaction import hide_typed_text

    for number, _ in args.secret:
        trajectory = hide_typed_text(library, trajectory, number)
    return trajectory


def _edited(trajectory: Trajectory, args: Namespace) -> Trajectory:
    changed = trajectory
    for number, name in args.variable:
        changed = editing.with_variable(changed, number, name)
    for number, name in args.secret:
        changed = editing.with_secret(changed, number, name)
    changed = editing.without_steps(changed, set(args.delete_step))
    return msgspec.structs.replace(
        changed,
        title=changed.title if args.title is None else _title(args.title),
        task=changed.task if args.task is None else args.task,
        reviewed=changed.reviewed or args.reviewed,
    )


def _title(text: str) -> str:
    if not text.strip():
        raise BadInputError("a title cannot be empty; say what the trajectory does")
    return text.strip()
