"""`workbench-cli learn`: workflows and hints that were learned from trajectories, and a person's word on them."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ui.cli.console import Console
from ui.cli.opening import open_library
from workbench.errors import BadInputError

if TYPE_CHECKING:
    from ui.orders.learning import ShownLesson
    from workbench.library.learning import Lesson
    from workbench.library.store import Library

HELP = "find workflows and hints in what was done, and say which of them a model may be lent"
EXAMPLE = "workbench-cli learn propose"


def configure(parser: ArgumentParser) -> None:
    """What can be done with what was learned."""
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="propose|list|show|approve|retire|remove|embed"
    )
    propose = actions.add_parser("propose", help="look for routines that recur and for what runs showed")
    propose.add_argument("--app", default="", metavar="A", help="only what belongs to this application")
    propose.add_argument(
        "--model", default="", metavar="NAME", help="let this model put hints in better words (default: as rules say)"
    )
    actions.add_parser("list", help="all workflows and hints: proposals first, then what is lent")
    show = actions.add_parser("show", help="one of them: its steps, variables, and what it was learned from")
    show.add_argument("id", metavar="ID", help="as the list shows it, the beginning of one, or a workflow's title")
    actions.add_parser("embed", help="have the embedder read what is new in the library; ended, it goes on there")
    for name, text in (
        ("approve", "let a workflow be called, a hint be told, or a trajectory be shown to models"),
        ("retire", "do not lend it any more, and do not propose it again"),
        ("remove", "forget a workflow or hint; the trajectory of an approved workflow stays"),
    ):
        action = actions.add_parser(name, help=text)
        of = "a workflow or a hint" if name == "remove" else "a workflow, a hint, or a trajectory by any of its names"
        action.add_argument("id", metavar="ID", help=of)


def run(args: Namespace, console: Console) -> int:
    """Do what was asked; raises `BadInputError` for what is not there."""
    actions = {
        "propose": lambda library: _propose(args, library, console),
        "list": lambda library: _list(library, console),
        "show": lambda library: _show(args, library, console),
        "approve": lambda library: _decide(args, library, console),
        "retire": lambda library: _decide(args, library, console),
        "remove": lambda library: _remove(args, library, console),
        "embed": lambda library: _embed(library, console),
    }
    with open_library(console) as library:
        actions[args.action](library)
    return 0


def _propose(args: Namespace, library: "Library", console: Console) -> None:
    from ui.orders.learning import propose

    found = propose(library, console.say, app=args.app, model=args.model)
    lines = [*_lines((*found.workflows, *found.hints))]
    nothing = f"nothing new in {found.looked_at} trajectories; a routine is found once it was recorded twice"
    plain = {"workflows": found.workflows, "hints": found.hints, "looked_at": found.looked_at}
    console.data(plain, "\n".join(lines) or nothing)


def _list(library: "Library", console: Console) -> None:
    from ui.orders.learning import lessons

    kept = lessons(library)
    empty = "nothing was learned yet; `workbench-cli learn propose` looks for it"
    console.data(kept, "\n".join(_lines(kept)) or empty)


def _show(args: Namespace, library: "Library", console: Console) -> None:
    from ui.orders.learning import find_lesson, shown

    found = shown(library, find_lesson(library, args.id))
    console.data(found, "\n".join(_all_of(found)))


def _decide(args: Namespace, library: "Library", console: Console) -> None:
    """Approve or retire a lesson, or else a trajectory."""
    from ui.orders.learning import approve, find_lesson, retire

    try:
        lesson = find_lesson(library, args.id)
    except BadInputError as unknown:
        _stand(args, library, console, unknown)
        return
    decided = approve(library, lesson, console.say) if args.action == "approve" else retire(library, lesson)
    made = f"; it is the trajectory {decided.trajectory}" if decided.trajectory and args.action == "approve" else ""
    console.data(decided, f"{decided.status}: {decided.words}{made}")


def _stand(args: Namespace, library: "Library", console: Console, unknown: BadInputError) -> None:
    """Say whether a trajectory may be shown to models as an exemplar."""
    from ui.orders.lending import allow, retire

    try:
        trajectory = library.identify(args.id)
    except BadInputError:
        raise unknown from None
    lent = args.action == "approve"
    (allow if lent else retire)(library, trajectory)
    console.data({"trajectory": trajectory, "lent": lent}, f"{trajectory} is {'' if lent else 'not '}shown to models")


def _remove(args: Namespace, library: "Library", console: Console) -> None:
    from ui.orders.learning import find_lesson

    lesson = find_lesson(library, args.id)
    library.learning.remove(lesson.id)
    stays = f"; its trajectory {lesson.trajectory} stays" if lesson.trajectory else ""
    console.data({"removed": lesson.id, "trajectory": lesson.trajectory}, f"forgot {lesson.words}{stays}")


def _embed(library: "Library", console: Console) -> None:
    from agents.runtime.models.registry import Registry
    from ui.cli.progress import Progress
    from ui.orders.completing import nothing_stops
    from ui.orders.embedding import embedder_name, read_library
    from ui.orders.model_trials import opened

    registry, progress, said = Registry.usual(), Progress(console), -1
    name = embedder_name(registry)

    def told(done: int, of: int) -> None:
        nonlocal said
        tenths = 10 * done // of
        if console.on_terminal or tenths > said:
            said = tenths
            progress.done(done, of, f"entries read by {name}")

    with opened(name, console.say) as model:
        read = read_library(model, library, registry, told=told, check=nothing_stops)
    console.data(read, f"{name} has read {read.entries} entries that were new to it; runs search by its vectors")


def _lines(lessons: "Sequence[Lesson]") -> Iterator[str]:
    for one in lessons:
        times = "1 place" if len(one.sources) == 1 else f"{len(one.sources)} places"
        yield f"{one.id}  {one.status} {one.kind}  {one.app or 'any'}: {one.words} (from {times})"


def _all_of(found: "ShownLesson") -> Iterator[str]:
    lesson = found.lesson
    yield f"{lesson.kind} {lesson.id}, {lesson.status}, for {lesson.app or 'any application'}"
    yield f"  {lesson.words}"
    if found.variables:
        yield "variables:"
        yield from (f"  {one.name}: {one.description}" for one in found.variables)
    if found.steps:
        yield "steps:"
        yield from (f"  {one.number:3}  {one.words}" for one in found.steps)
    yield "learned from:" if found.sources else "what it was learned from is deleted"
    for one in found.sources:
        steps = f"step {one.first}" if one.first == one.last else f"steps {one.first} to {one.last}"
        yield f"  {one.trajectory}  {one.title}, {steps}"
    if lesson.trajectory:
        yield f"called as the trajectory {lesson.trajectory}"
    if found.runs:
        yield f"lent to {found.runs} runs, of which {found.reached} reached their task"
