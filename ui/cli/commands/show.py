"""`workbench-cli show`: a trajectory's steps, or everything about one of them."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ui.cli.console import Console
from ui.cli.naming import opened
from ui.cli.showing_runs import is_run, lent_lines, show_run
from ui.cli.tables import local_time
from workbench.actions import kind
from workbench.editing import step_at
from workbench.report.words import caption, describe_target, tidy
from workbench.trajectory import Element, Step, Target, Trajectory

if TYPE_CHECKING:
    from workbench.library.revisions import Revision
    from workbench.library.store import Library

HELP = "show a trajectory's steps, or what happened in a run"
EXAMPLE = 'workbench-cli show "Add two numbers" --step 2'


def configure(parser: ArgumentParser) -> None:
    """The trajectory, and which step of it."""
    parser.add_argument(
        "trajectory", metavar="T", help="id, prefix, title or bundle; T@3 is its third revision; or the id of a run"
    )
    alone = parser.add_mutually_exclusive_group()
    alone.add_argument("--step", type=int, metavar="N", help="only step N, in detail")
    alone.add_argument("--history", action="store_true", help="its revisions, and what an import dropped or repaired")


def run(args: Namespace, console: Console) -> int:
    """Print the steps in words, or the whole trajectory as JSON."""
    if is_run(args.trajectory, console):
        return show_run(args.trajectory, args.step, console)
    with opened(args.trajectory, console) as found:
        trajectory = found.trajectory
        broken = [run.id for run in found.library.broken_off(trajectory.id)]
        if args.history:
            return _show_history(found.library, trajectory.id, console)
        step = None if args.step is None else step_at(trajectory, args.step)
        lent = lent_lines(found.library, trajectory.id, step) if step is not None else []
    if step is None:
        console.data(trajectory, "\n".join(_overview(trajectory, broken)))
    else:
        console.data(step, "\n".join([*_details(step, args.step), *lent]))
    return 0


def _show_history(library: "Library", identifier: str, console: Console) -> int:
    revisions = library.history(identifier)
    facts = ("number", "parent", "note", "saved")
    answer = [{name: getattr(one, name) for name in facts} for one in revisions]
    console.data(answer, "\n".join(line for one in revisions for line in _revision_lines(one)))
    return 0


def _revision_lines(revision: "Revision") -> Iterator[str]:
    first, *others = revision.note.splitlines() or ["changed" if revision.parent else "recorded"]
    made_from = f", made from {revision.parent}" if revision.parent else ""
    yield f"@{revision.number}  {local_time(revision.saved)}  {tidy(first, 200)}{made_from}"
    yield from (f"      {tidy(line, 200)}" for line in others)


def _overview(trajectory: Trajectory, broken: Sequence[str]) -> Iterator[str]:
    made = " · ".join(
        filter(None, [f"{len(trajectory.steps)} steps", trajectory.source, local_time(trajectory.created)])
    )
    yield f"{tidy(trajectory.title, 200)}  ({trajectory.id}@{trajectory.revision}, {made})"
    if trajectory.task:
        yield f"task: {tidy(trajectory.task, 400)}"
    for command in trajectory.commands:
        yield f"started with: {tidy(command, 400)}"
    for variable in trajectory.variables:
        yield f"variable {variable.name}: {tidy(variable.default or 'has to be given', 200)}"
    if not trajectory.reviewed:
        yield f"not reviewed yet: asks at every step until `workbench-cli edit {trajectory.id} --reviewed`"
    yield from (f"broke off: workbench-cli run --resume {run}" for run in broken)
    width = len(str(len(trajectory.steps)))
    for number, step in enumerate(trajectory.steps, 1):
        yield f"{number:>{width}}. {caption(step)}"


def _details(step: Step, number: int) -> Iterator[str]:
    yield f"step {number}: {caption(step)}"
    window = step.observation.window
    facts = {
        "action": kind(step.action),
        "in the window": f"{window.title} ({window.app})" if window else "",
        "frame before": step.observation.frame or "",
        "frame after": step.outcome.frame or "",
        "left out": step.masked,
        "thought": step.thought,
        "input events": _events(step),
    }
    yield from (f"  {name}: {tidy(text, 400)}" for name, text in facts.items() if text)
    yield from _witnesses("where", step.target)
    yield from _witnesses("to where", step.destination)


def _events(step: Step) -> str:
    if step.first_event is None:
        return ""
    of = f" of {step.recorded_in}" if step.recorded_in else ""
    return f"{step.first_event} to {step.last_event}{of}"


def _witnesses(heading: str, target: Target | None) -> Iterator[str]:
    if target is None:
        return
    yield f"  {heading}: {describe_target(target)}"
    yield f"    point: {target.point.x}, {target.point.y}"
    if target.element:
        yield f"    element: {_element(target.element)}"
    if target.crop:
        box = target.crop.region
        yield f"    crop: {box.width} x {box.height} at {box.x}, {box.y}"
    if target.text:
        yield f"    text: {tidy(target.text.text, 200)}"


def _element(element: Element) -> str:
    path = " > ".join(tidy(node.name) or node.role for node in element.path)
    place = path or element.window
    return tidy(f"{element.role} “{element.name or element.label}”" + (f" in {place}" if place else ""), 400)
