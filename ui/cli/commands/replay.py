"""`workbench-cli replay`: do a recorded trajectory again on today's screen."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from ui.cli.console import Console
from ui.cli.desktops import Place, parse_size, place
from ui.cli.naming import Opened, opened
from ui.cli.terminal import Terminal
from ui.cli.values import positive, seconds, speed
from workbench import events
from workbench.errors import UnavailableError
from workbench.report.document import ReplayDocument, document_of, rows_of, to_plain
from workbench.report.words import duration
from workbench.session.messages import Order, Pace
from workbench.session.parent import RunChild
from workbench.session.replaying import check_pace, new_run_id, prepared, secret_names
from workbench.session.variables import parse_assignments, read_rows

HELP = "do a recorded trajectory again on today's screen"
EXAMPLE = 'workbench-cli replay "Add two numbers" --private-desktop --app galculator --report report'

EXITS = {"finished": 0, "failed": 1, "stopped": 3}


def configure(parser: ArgumentParser) -> None:
    """The trajectory, where to replay it, and how."""
    parser.add_argument(
        "trajectory", metavar="TRAJECTORY", help="id, prefix, title or bundle; T@3 is its third revision"
    )
    where = parser.add_argument_group("where")
    where.add_argument("--app", action="append", default=[], metavar="CMD", help="start this application first")
    where.add_argument(
        "--private-desktop", nargs="?", const="", metavar="WxH", help="on a desktop of its own that nobody sees"
    )
    _configure_values(parser)
    _configure_pace(parser)
    parser.add_argument("--approve", choices=("ask", "auto", "risky", "never"), help="who approves steps")
    parser.add_argument("--on-drift", choices=("halt", "ask", "repair"), help="what to do where the place is unsure")
    parser.add_argument("--model", metavar="NAME", help="the model that repairs")
    parser.add_argument("--report", metavar="DIR", type=Path, help="write a report that opens in a browser")
    parser.add_argument("--junit", metavar="FILE", type=Path, help="write a JUnit file for CI")


def _configure_values(parser: ArgumentParser) -> None:
    values = parser.add_argument_group("values")
    values.add_argument("--var", action="append", default=[], metavar="NAME=VALUE", help="type this instead")
    values.add_argument("--data", metavar="FILE.csv", type=Path, help="one run per row of this file")


def _configure_pace(parser: ArgumentParser) -> None:
    pace = parser.add_argument_group("pace")
    pace.add_argument("--dry-run", action="store_true", help="locate every step, do none")
    pace.add_argument("--speed", type=speed, metavar="X", help="at X times the recorded pace (default: no pauses)")
    pace.add_argument("--from", dest="first", type=positive, default=1, metavar="N", help="begin with step N")
    pace.add_argument("--to", dest="last", type=positive, metavar="N", help="end after step N")
    pace.add_argument("--break-at", type=positive, action="append", default=[], metavar="N", help="pause before step N")
    pace.add_argument("--step", action="store_true", help="pause before every step")
    pace.add_argument("--timeout", type=seconds, metavar="S", help="the longest that a step may wait (default 20)")


def run(args: Namespace, console: Console) -> int:
    """Replay once, or once per row; the exit code is that of the worst run."""
    _refuse_what_is_missing(args)
    rows = read_rows(args.data) if args.data else [{}]
    given = parse_assignments(args.var)
    with _early_child(args) as child, opened(args.trajectory, console) as found:
        replay = Replay(args, console, found, _order(args, found), child)
        orders = [replay.filled(given | row) for row in rows]
        documents = replay.all(orders)
    value: Any = to_plain(rows_of(documents)) if args.data else to_plain(documents[0])
    console.data(value, _summaries(documents, orders) if args.data else _summary(documents[0], orders[0]))
    return max((EXITS[document.outcome] for document in documents if document.outcome != "finished"), default=0)


@dataclass(frozen=True)
class Replay:
    """One trajectory that is replayed with one set of values after the other.

    `early` is the process of the run, where it could be started before everything else.
    """

    args: Namespace
    console: Console
    found: Opened
    order: Order
    early: RunChild | None

    def all(self, orders: Sequence[Order]) -> list[ReplayDocument]:
        """One run per order, until one of them is stopped; the secrets are there before the first begins."""
        values = _fetch(secret_names(orders[0].trajectory)) if not self.args.dry_run else {}
        documents: list[ReplayDocument] = []
        for number, order in enumerate(orders, 1):
            if self.args.data:
                self.console.say(f"row {number} of {len(orders)}")
            told, report = self._one(order, values)
            documents.append(document_of(told, report=report))
            if documents[-1].outcome == "stopped" and len(documents) < len(orders):
                self.console.say(f"{len(orders) - len(documents)} of {len(orders)} rows were not begun")
                break
        if self.args.junit:
            from workbench.report.junit import write_junit

            write_junit(documents, self.args.junit)
        return documents

    def filled(self, row: Mapping[str, str]) -> Order:
        """The order with these values; raises `BadInputError` for what can be known to be wrong before a run."""
        trajectory, values = prepared(self.order.trajectory, row, self.found.library.find)
        check_pace(self.order.pace, trajectory)
        return replace(self.order, run=new_run_id(), trajectory=trajectory, values=values)

    def _one(self, order: Order, secrets: Mapping[str, str]) -> tuple[list[events.Event], Path | None]:
        with place(self.args.private_desktop, self.args.app) as where, self._child(where) as child:
            face = Terminal(self.console, seen=not where.private)
            try:
                child.conduct(order, face, secrets.__getitem__)
            finally:
                report = self._keep(order, child.told)
        return child.told, report

    def _child(self, where: Place) -> AbstractContextManager[RunChild]:
        return nullcontext(self.early) if self.early else RunChild.start(where.environment)

    def _keep(self, order: Order, told: list[events.Event]) -> Path | None:
        """Save the run and write its report, whatever its outcome."""
        if not told or not isinstance(told[0], events.RunStarted):
            return None
        if not self.found.from_bundle:
            self.found.library.save_run(order.run, told)
        return self._report(order, told)

    def _report(self, order: Order, told: list[events.Event]) -> Path | None:
        folder = self.args.report
        if folder is None:
            return None
        from workbench.report.html import write_html

        return write_html(told, self.found.library.frames.load, folder / order.run if self.args.data else folder)


def _early_child(args: Namespace) -> AbstractContextManager[RunChild | None]:
    """The process of the run, loading while the library is opened; not where its desktop is only to be prepared."""
    prepared_first = args.private_desktop is not None or args.app or args.data
    return nullcontext() if prepared_first else RunChild.start()


def _order(args: Namespace, found: Opened) -> Order:
    from workbench import settings

    chosen = settings.load().replay
    pace = Pace(
        first=args.first,
        last=args.last,
        breaks=tuple(args.break_at),
        single=args.step,
        speed=chosen.speed if args.speed is None else args.speed,
        timeout_s=chosen.timeout_s if args.timeout is None else args.timeout,
        dry=args.dry_run,
    )
    return Order(
        run="",
        trajectory=found.trajectory,
        frames=str(found.library.frames.folder),
        pace=pace,
        approve=args.approve or chosen.approve,
        drift=args.on_drift or chosen.on_drift,
        emergency_hotkey=chosen.emergency_hotkey,
    )


def _refuse_what_is_missing(args: Namespace) -> None:
    if args.private_desktop:
        parse_size(args.private_desktop)
    if args.on_drift == "repair" or args.model:
        raise UnavailableError("no model is installed that could repair a step; use --on-drift halt or ask")


def _fetch(names: Sequence[str]) -> Mapping[str, str]:
    if not names:
        return {}
    from workbench import secrets

    return secrets.fetch(names)


def _summaries(documents: Sequence[ReplayDocument], orders: Sequence[Order]) -> str:
    lines = [f"row {number}: {_summary(*run)}" for number, run in enumerate(zip(documents, orders, strict=False), 1)]
    counts = rows_of(documents).summary
    ended = f"{counts.finished} finished, {counts.failed} failed, {counts.stopped} stopped"
    return "\n".join([*lines, f"{len(orders)} rows: {ended}"])


def _summary(document: ReplayDocument, order: Order) -> str:
    pace = order.pace
    planned = (pace.last or len(order.trajectory.steps)) - pace.first + 1
    done = sum(step.status in ("done", "repaired", "would-do") for step in document.steps)
    outcome = "rehearsed" if pace.dry and document.outcome == "finished" else document.outcome
    how = " located, nothing was done" if pace.dry else ""
    reason = f": {document.reason}" if document.reason else ""
    report = f"\nreport: {document.report}" if document.report else ""
    return f"{outcome}{reason} ({done} of {planned} steps{how}, {duration(document.elapsed_ms)}){report}"
