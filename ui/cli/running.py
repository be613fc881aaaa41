"""Carrying out `workbench-cli run`: who thinks, what they may see, the run itself, and what is kept of it."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agents.session.messages import MODULE, AgentOrder
from ui.cli.console import Console, one_line
from ui.cli.opening import open_library
from ui.cli.terminal import Terminal
from ui.orders.agent import Exemplars, Wish, applications_for, order_of, order_to_go_on
from ui.orders.desktops import parse_size, place
from ui.orders.joining import join
from ui.orders.lending import name_of
from workbench import events
from workbench.errors import BadInputError, StoppedError, WorkbenchError
from workbench.report.document import ReplayDocument, document_of, to_plain
from workbench.report.words import duration
from workbench.session.parent import RunChild

if TYPE_CHECKING:
    from workbench.library.store import Library

EXITS = {"finished": 0, "failed": 1, "stopped": 3}
GOES_ON = ("failed", "stopped")


def carry_out(args: Namespace, console: Console) -> int:
    """Carry out the task and print how it ended; the exit code says the same."""
    _check(args)
    with open_library(console) as library:
        order = _ordered(args, library, console)
        values = _fetch(order.secrets)
        told = _run(args, order, library, console, values)
        if order.library is not None and join(library, order.run, lambda question: _agrees(console, question)):
            console.say("later runs may be shown this one; `workbench-cli learn retire` takes that back")
    console.data(to_plain(told.document), _summary(told.document))
    return told.exit_code


def _agrees(console: Console, question: str) -> bool:
    """Whether a person at the terminal says yes; nobody there does not."""
    if not console.interactive:
        return False
    try:
        return console.ask(f"{question} [y/n]").lower().startswith("y")
    except StoppedError:
        return False


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
        place(args.private_desktop, applications_for(order, _wish(args))) as where,
        RunChild.start(where.environment, module=MODULE) as child,
    ):
        face = Terminal(console, not where.private, lambda lent: name_of(library, lent))
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

    return write_html(told, library.frames.load, args.report, called=lambda lent: name_of(library, lent))


def _ordered(args: Namespace, library: "Library", console: Console) -> AgentOrder:
    wish = _wish(args)
    if args.resume:
        return order_to_go_on(args.resume, wish, library, console.say)
    return order_of(wish, library, console.say)


def _wish(args: Namespace) -> Wish:
    """What the words of the command line ask for."""
    return Wish(
        task=args.task or "",
        model=args.model,
        exemplars=_exemplars(args.exemplars or "auto"),
        memory=args.memory,
        approve=args.approve,
        size=args.private_desktop,
        applications=tuple(args.app),
        most_steps=args.max_steps,
        timeout_s=args.timeout,
        keeps=args.save,
        lend=args.lend,
        workflows=args.workflows,
        hints=args.hints,
    )


def _exemplars(wanted: str) -> Exemplars:
    match wanted:
        case "auto" | "none":
            return wanted
    return tuple(name.strip() for name in wanted.split(",") if name.strip())


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
