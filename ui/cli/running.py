"""Carrying out `workbench-cli run`: who thinks, what they may see, the run itself, and what is kept of it."""

import re
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from agents.session.messages import MODULE, AgentOrder, Minds
from ui.cli.console import Console, one_line
from ui.cli.desktops import parse_size, place
from ui.cli.opening import find_complete, open_library
from ui.cli.terminal import Terminal
from workbench import events, settings
from workbench.errors import BadInputError, UnavailableError, WorkbenchError
from workbench.report.document import ReplayDocument, document_of, to_plain
from workbench.report.words import duration
from workbench.session.parent import RunChild
from workbench.session.replaying import new_run_id
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from agents.runtime.models.registry import Registry
    from workbench.library.store import Library

EXITS = {"finished": 0, "failed": 1, "stopped": 3}
GOES_ON = ("failed", "stopped")
SECRET = re.compile(r"\{\{secret:([A-Za-z0-9._-]+)\}\}")


def carry_out(args: Namespace, console: Console) -> int:
    """Carry out the task and print how it ended; the exit code says the same."""
    _check(args)
    with open_library(console) as library:
        order = _resumed(args, library, console) if args.resume else _ordered(args, library, console)
        values = _fetch(order.secrets)
        told = _run(args, order, library, console, values)
    console.data(to_plain(told.document), _summary(told.document))
    return told.exit_code


def _check(args: Namespace) -> None:
    """Refuse what can be known to go wrong before anything is started."""
    if args.task and args.resume is not None:
        raise BadInputError("a resumed run knows its task; leave the task out, or --resume")
    if args.resume is not None and args.exemplars is not None:
        raise BadInputError("a resumed run keeps the exemplars that it began with; leave --exemplars out, or --resume")
    if args.resume is not None and not args.save:
        raise BadInputError("a resumed run goes on with the trajectory that is kept; leave --no-save out, or --resume")
    if not args.task and not args.resume:
        raise BadInputError('say what is to be done, such as workbench-cli run "press 7", or --resume RUN')
    if args.private_desktop:
        parse_size(args.private_desktop)
    if args.report is not None:
        from workbench.report.html import make_folder

        make_folder(args.report)


@dataclass(frozen=True)
class _Over:
    """A run that is over."""

    document: ReplayDocument
    exit_code: int


def _run(args: Namespace, order: AgentOrder, library: "Library", console: Console, secrets: dict[str, str]) -> _Over:
    told: list[events.Event] = []
    with (
        place(args.private_desktop, _applications(args, order)) as where,
        RunChild.start(where.environment, module=MODULE) as child,
    ):
        face = Terminal(console, seen=not where.private)
        try:
            child.conduct(order, face, secrets.__getitem__)
        except WorkbenchError:
            if order.library is not None and child.told and isinstance(child.told[0], events.RunStarted):
                console.say(_how_to_go_on(order.run))
            raise
        finally:
            told = child.told
            report = _kept(args, order, library, told)
    document, end = document_of(told, report=report), told[-1]
    return _Over(document, end.exit_code if isinstance(end, events.RunEnded) else EXITS[document.outcome])


def _kept(args: Namespace, order: AgentOrder, library: "Library", told: Sequence[events.Event]) -> Path | None:
    """Write the report; the run logged itself, unless its process could not end that."""
    if not told or not isinstance(told[0], events.RunStarted):
        return None
    if order.library is not None and isinstance(told[-1], events.RunEnded):
        library.end_run(order.run, told[-1])
    if args.report is None:
        return None
    from workbench.report.html import write_html

    return write_html(told, library.frames.load, args.report)


def _ordered(args: Namespace, library: "Library", console: Console) -> AgentOrder:
    """The order of a new run, from what was asked and what the settings say."""
    from agents.runtime.models.registry import Registry

    loaded, registry = settings.load(), Registry.usual()
    task = args.task.strip()
    if not task:
        raise BadInputError("the task is empty; say in words what is to be done")
    order = AgentOrder(
        run=new_run_id(),
        task=task,
        library=str(library.path) if args.save else None,
        frames=str(library.frames_folder),
        minds=minds_for(args.model, registry),
        memory=args.memory or "hierarchical",
        approve=args.approve or loaded.run.approve,
        policy=settings.policy(loaded),
        exemplars=_exemplars(args.exemplars or "auto", task, library, console),
        secrets=tuple(dict.fromkeys(SECRET.findall(task))),
        commands=tuple(args.app),
        emergency_hotkey=loaded.replay.emergency_hotkey,
        seen=args.private_desktop is None,
    )
    return _limited(order, args)


def _resumed(args: Namespace, library: "Library", console: Console) -> AgentOrder:
    """The order of the run that broke off, for the run that goes on with it."""
    from workbench.session.resuming import named_run, resumable

    earlier = resumable(library, named_run(library, args.resume))
    try:
        order = msgspec.convert({**earlier.order, **_here(args, library, earlier.order)}, AgentOrder)
    except msgspec.ValidationError as error:
        raise BadInputError(f"the run {earlier.run} is no run of a model: {error}; replay its trajectory") from error
    warning = _starting_anew(len(earlier.kept)) if args.private_desktop is not None else ""
    for line in filter(None, ("" if earlier.run == args.resume else f"going on with run {earlier.run}", warning)):
        console.say(line)
    exemplars = tuple(library.get(each) for each in order.exemplar_ids if each in library)
    return _limited(_said_anew(replace(order, resumes=earlier.run, warning=warning, exemplars=exemplars), args), args)


def _said_anew(order: AgentOrder, args: Namespace) -> AgentOrder:
    """The order of the run that broke off, but for what this call says otherwise."""
    from agents.runtime.models.registry import Registry

    minds = order.minds if args.model is None else minds_for(args.model, Registry.usual())
    return replace(order, minds=minds, memory=args.memory or order.memory, approve=args.approve or order.approve)


def _starting_anew(kept: int) -> str:
    """What a private desktop, which is always a new one, has lost of the run that broke off; empty where nothing."""
    if not kept:
        return ""
    steps = "1 kept step" if kept == 1 else f"{kept} kept steps"
    return f"the applications start anew: what the {steps} did on screen is gone; replay the trajectory first"


def _applications(args: Namespace, order: AgentOrder) -> Sequence[str]:
    """What to start: what was named, else what the run that broke off had, where its desktop is gone."""
    named: list[str] = args.app
    anew = order.resumes and args.private_desktop is not None
    return named or (order.commands if anew else ())


def _here(args: Namespace, library: "Library", logged: dict[str, Any]) -> dict[str, Any]:
    """What no log tells, because it is of this machine and this call."""
    from agents.runtime.models.registry import Registry

    here = {
        "run": new_run_id(),
        "library": str(library.path),
        "frames": str(library.frames_folder),
        "seen": args.private_desktop is None,
    }
    minds = logged.get("minds")
    if isinstance(minds, dict):
        here["minds"] = {**minds, "folder": str(Registry.usual().folder)}
    return here


def _limited(order: AgentOrder, args: Namespace) -> AgentOrder:
    from dataclasses import replace as with_fields

    limits = with_fields(order.limits, steps=args.max_steps or order.limits.steps)
    return replace(order, limits=limits, timeout_s=args.timeout or order.timeout_s)


def minds_for(name: str | None, registry: "Registry") -> Minds:
    """Who thinks: the model that was named, else the one with the role, else the one that comes with the program.

    Raises `UnavailableError` for a name that no model has, the empty one included.
    """
    from agents.runtime.models import built_in

    roles = {role: each for each in reversed(registry.names()) for role in registry.get(each).roles}
    usual = roles.get("planner") or (built_in.NAME if built_in.comes_along() else None)
    planner = usual if name is None else name
    if planner is None:
        raise UnavailableError("there is no model to think: fetch one with `workbench-cli models get`, then name it")
    registry.get(planner)
    return Minds(str(registry.folder), planner, roles.get("grounder", ""), roles.get("judge", ""))


def _exemplars(wanted: str, task: str, library: "Library", console: Console) -> tuple[Trajectory, ...]:
    """The trajectories that are shown to the model: those that were named, or those of the most alike tasks."""
    if wanted == "none":
        return ()
    if wanted != "auto":
        return tuple(find_complete(name.strip(), library, console) for name in wanted.split(",") if name.strip())
    from agents.memory.exemplars import most_alike

    chosen = []
    for one in most_alike(task, library.summaries()):
        trajectory = find_complete(one.summary.id, library, console)
        name = f"{one.summary.title} ({one.summary.id}), its task is alike by {one.likeness:.2f}"
        if trajectory.reviewed:
            console.say(f"exemplar: {name}")
            chosen.append(trajectory)
        else:
            console.say(f"no exemplar, because nobody has reviewed it: {name}")
    return tuple(chosen)


def _fetch(names: Sequence[str]) -> dict[str, str]:
    if not names:
        return {}
    from workbench import secrets

    return dict(secrets.fetch(names))


def _how_to_go_on(run: str) -> str:
    return f"to go on with it: workbench-cli run --resume {run}"


def _summary(document: ReplayDocument) -> str:
    done = sum(step.status in ("done", "repaired") for step in document.steps)
    reason = f": {one_line(document.reason)}" if document.reason else ""
    kept = f"\ntrajectory: {document.trajectory}" if document.trajectory else ""
    report = f"\nreport: {document.report}" if document.report else ""
    on = f"\n{_how_to_go_on(document.run)}" if kept and document.outcome in GOES_ON else ""
    steps = "1 step" if done == 1 else f"{done} steps"
    return f"{document.outcome}{reason} ({steps}, {duration(document.elapsed_ms)}){kept}{on}{report}"
