"""`workbench-cli edit`: change a trajectory; every change is a new revision, and undo goes back."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from ui.cli.console import Console
from ui.cli.editing import (
    KINDS,
    Change,
    Desk,
    InOrder,
    area,
    changed,
    changes_of,
    numbered,
    refuse_secrets_of_new_steps,
)
from ui.cli.erasing import asks, erased, make_sure, texts_given
from ui.cli.opening import find_complete, open_library
from ui.cli.values import positive
from workbench.errors import BadInputError
from workbench.report.words import tidy
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

HELP = "change a trajectory; every change is a revision that can be undone"
EXAMPLE = 'workbench-cli edit "Add two numbers" --trim 2-5 --variable 3=amount'

_ALONE = ("undo", "redo", "repair", "erasures")
"""What stands alone."""


def configure(parser: ArgumentParser) -> None:
    """The trajectory and what to change; several changes at once are made in their order, as one revision."""
    told = "id, prefix or title; changes are made in their order, each by the step numbers that those before left"
    parser.add_argument("trajectory", metavar="T", help=told)
    parser.set_defaults(changes=(), erasures=())
    for kind in KINDS:
        taken: dict[str, Any] = {"metavar": kind.metavar, "type": kind.read} if kind.metavar else {"nargs": 0}
        parser.add_argument(kind.option, dest="changes", action=InOrder, help=kind.help.replace("%", "%%"), **taken)
    _configure_erasures(parser)
    _repeatable(parser, "--tag", "keep it together with others under this word; no revision comes of it")
    _repeatable(parser, "--untag", "take that word from it")
    parser.add_argument("--repair", metavar="RUN", help="keep what this run repaired (`replay --on-drift repair`)")
    direction = parser.add_mutually_exclusive_group()
    direction.add_argument("--undo", action="store_true", help="take back the last edit")
    direction.add_argument("--redo", action="store_true", help="go forward again")
    parser.add_argument("--yes", action="store_true", help="do not ask before what cannot be undone")


def run(args: Namespace, console: Console) -> int:
    """Make the changes and say which revision came of it; exit 3 where nobody agrees to what cannot be undone."""
    words = _asked_for(args)
    with open_library(console) as library:
        trajectory = find_complete(args.trajectory, library, console)
        more = _done(library, trajectory, args, console)
        result = library.get(trajectory.id)
    answer = {"trajectory": result.id, "revision": result.revision, "title": result.title, "steps": len(result.steps)}
    console.data(answer | more, f"{result.id}@{result.revision}  {tidy(result.title)}  ({', '.join(words)})")
    return 0


def _configure_erasures(parser: ArgumentParser) -> None:
    texts = "take this text out of everything kept of it, words and pictures, for good (- reads it unseen); asks"
    place = "cover this part of step N's picture, and the same pixels in all its pictures, for good; asks"
    forget = "take step N out with its input and pictures, for good; asks"
    taken: dict[str, Any] = {"dest": "erasures", "action": InOrder}
    parser.add_argument("--redact-text", metavar="TEXT", help=texts, **taken)
    parser.add_argument(
        "--redact-region", metavar="N=X,Y,WxH", type=numbered(area, "3=10,20,300x40"), help=place, **taken
    )
    parser.add_argument("--forget-step", metavar="N", type=positive, help=forget, **taken)


def _repeatable(parser: ArgumentParser, option: str, text: str) -> None:
    parser.add_argument(option, action="append", default=[], metavar="TAG", help=text)


def _asked_for(args: Namespace) -> list[str]:
    """What was asked for, in words.

    Raises `BadInputError` for nothing, and for what stands alone together with anything else.
    """
    given = [option for option, _ in (*args.changes, *args.erasures)]
    wanted = [*given, *(f"--{name}" for name in ("tag", "untag", "repair", "undo", "redo") if getattr(args, name))]
    if not wanted:
        raise BadInputError("nothing to change; `workbench-cli edit --help` lists what can be")
    alone = [name for name in _ALONE if getattr(args, name)]
    if alone and (len(alone) > 1 or args.changes or args.tag or args.untag):
        name = args.erasures[0][0] if alone[0] == "erasures" else f"--{alone[0]}"
        raise BadInputError(f"{name} stands alone; leave out the other changes")
    return [option.removeprefix("--").replace("-", " ") for option in dict.fromkeys(wanted)]


def _done(library: "Library", trajectory: Trajectory, args: Namespace, console: Console) -> dict[str, Any]:
    """Do it; what there is to tell besides the trajectory."""
    if args.repair:
        return _repaired(library, trajectory, args.repair, console)
    if args.undo or args.redo:
        (library.undo if args.undo else library.redo)(trajectory.id)
        return {}
    if args.erasures:
        given = texts_given(args.erasures)
        return {"redacted": erased(library, trajectory, given, yes=args.yes, console=console)}
    changes = changes_of(args.changes)
    if not changes:
        _tag(library, trajectory, args)
        return {}
    return _revised(library, trajectory, changes, args, console)


def _repaired(library: "Library", trajectory: Trajectory, run_id: str, console: Console) -> dict[str, Any]:
    """The repair may have changed only workflows that the trajectory calls."""
    from ui.orders.mending import repaired

    for kept in repaired(library, trajectory, run_id):
        if kept.id != trajectory.id:
            console.say(f"repaired in “{kept.title}”, which it calls: {kept.id}@{kept.revision}")
    return {}


def _tag(library: "Library", trajectory: Trajectory, args: Namespace) -> None:
    for tag in args.untag:
        library.untag(trajectory.id, tag)
    for tag in args.tag:
        library.tag(trajectory.id, tag)


def _revised(
    library: "Library", trajectory: Trajectory, changes: list[Change], args: Namespace, console: Console
) -> dict[str, Any]:
    """Try all of it first, purge what becomes a secret, and save one revision and what was split off."""
    desk = Desk(library)
    edited = changed(desk, trajectory, changes)
    refuse_secrets_of_new_steps(desk, trajectory)
    if asks(args):
        make_sure("what becomes a secret is purged from everything kept of it", yes=args.yes, console=console)
    _tag(library, trajectory, args)
    if desk.secrets:
        hidden, desk = _hidden(library, desk, trajectory), Desk(library)
        edited = changed(desk, hidden, changes)
    _save(library, desk, edited, note=", ".join(dict.fromkeys(change.kind.words for change in changes)))
    for made in desk.made:
        console.say(f"the steps from there on are now {made.id}, “{tidy(made.title)}”")
    return {"made": [made.id for made in desk.made]} if desk.made else {}


def _hidden(library: "Library", desk: Desk, trajectory: Trajectory) -> Trajectory:
    """The trajectory once the library holds nothing any more of what becomes a secret."""
    from workbench.redaction import hide_typed_text

    for step_id in desk.secrets:
        number = next(number for number, step in enumerate(trajectory.steps, 1) if step.id == step_id)
        trajectory = hide_typed_text(library, trajectory, number)
    return trajectory


def _save(library: "Library", desk: Desk, edited: Trajectory, *, note: str) -> None:
    """All of it, or nothing."""
    for made in desk.made:
        library.save(made, read=desk.read)
    try:
        library.revise(edited, note=note, read=desk.read)
    except BaseException:
        for made in desk.made:
            library.delete(made.id)
        raise
