"""Carrying out `workbench-cli replay`: the runs, their progress, what is kept of them, how they are summed up."""

import subprocess
from argparse import Namespace
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
from workbench import events
from workbench.errors import BadInputError
from workbench.report.document import ReplayDocument, document_of, rows_of, to_plain
from workbench.report.words import duration
from workbench.session.messages import Drift, Order, Pace
from workbench.session.parent import RunChild
from workbench.session.replaying import check_pace, new_run_id, prepared, secret_names
from workbench.session.variables import parse_assignments, read_rows

EXITS = {"finished": 0, "failed": 1, "stopped": 3}


def replay(args: Namespace, console: Console, early: "subprocess.Popen[bytes] | None") -> int:
    """Replay once, or once per row; the exit code is that of the worst run.

    `early` is the process of the run, where it could be started before everything else.
    """
    with RunChild(early) if early else nullcontext() as child:
        _refuse_what_is_missing(args)
        rows = read_rows(args.data) if args.data else [{}]
        given = parse_assignments(args.var)
        with opened(args.trajectory, console) as found:
            runs = Replay(args, console, found, _order(args, found), child)
            orders = [runs.filled(given | row) for row in rows]
            documents = runs.all(orders)
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

    def all(self, orders: list[Order]) -> list[ReplayDocument]:
        """One run per order, until one of them is stopped; the secrets are there before the first begins.

        What a run repaired, and somebody agreed to keep, holds for the orders after it.
        """
        values = _fetch(secret_names(orders[0].trajectory)) if not self.args.dry_run else {}
        documents: list[ReplayDocument] = []
        for number, order in enumerate(orders, 1):
            if self.args.data:
                self.console.say(f"row {number} of {len(orders)}")
            told, report = self._one(order, values)
            documents.append(document_of(told, report=report))
            orders[number:] = self._mended(order, told, orders[number:])
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
        with place(self.args.private_desktop, self.args.app) as where, self._child(where, order) as child:
            face = Terminal(self.console, seen=not where.private)
            try:
                child.conduct(order, face, secrets.__getitem__)
            finally:
                report = self._keep(order, child.told)
        return child.told, report

    def _child(self, where: Place, order: Order) -> AbstractContextManager[RunChild]:
        if order.drift == "repair":
            from agents.session.messages import REPAIRING

            return RunChild.start(where.environment, module=REPAIRING)
        return nullcontext(self.early) if self.early else RunChild.start(where.environment)

    def _mended(self, order: Order, told: Sequence[events.Event], rest: list[Order]) -> list[Order]:
        """The other orders, of the repaired trajectory where a repair was kept."""
        if order.drift != "repair":
            return rest
        from ui.cli.mending import offer

        kept = offer(self.found, order, told, self.console)
        if kept is None:
            return rest
        laid_out = [prepared(kept, other.values, self.found.library.find)[0] for other in rest]
        return [replace(other, trajectory=each) for other, each in zip(rest, laid_out, strict=True)]

    def _keep(self, order: Order, told: list[events.Event]) -> Path | None:
        """Write the report, whatever the outcome; end the run's log where the process of the run could not."""
        if not told or not isinstance(told[0], events.RunStarted):
            return None
        if order.library is not None and isinstance(told[-1], events.RunEnded):
            self.found.library.end_run(order.run, told[-1])
        return self._report(order, told)

    def _report(self, order: Order, told: list[events.Event]) -> Path | None:
        folder = self.args.report
        if folder is None:
            return None
        from workbench.report.html import write_html

        return write_html(told, self.found.library.frames.load, folder / order.run if self.args.data else folder)


def _order(args: Namespace, found: Opened) -> Order:
    from workbench import settings

    loaded = settings.load()
    chosen = loaded.replay
    pace = Pace(
        first=args.first,
        last=args.last,
        breaks=tuple(args.break_at),
        single=args.step,
        speed=chosen.speed if args.speed is None else args.speed,
        timeout_s=chosen.timeout_s if args.timeout is None else args.timeout,
        dry=args.dry_run,
    )
    order = Order(
        run="",
        trajectory=found.trajectory,
        frames=str(found.library.frames_folder),
        library=None if found.from_bundle else str(found.library.path),
        pace=pace,
        approve=args.approve or chosen.approve,
        policy=settings.policy(loaded),
        drift=_drift(args, chosen.on_drift),
        emergency_hotkey=chosen.emergency_hotkey,
    )
    if order.drift != "repair":
        return order
    from ui.cli.mending import repairing

    return repairing(order, args)


def _drift(args: Namespace, usual: Drift) -> Drift:
    """What is done about drift: a rehearsal only finds it, and who names a model wants it to repair."""
    if args.dry_run:
        return "halt"
    chosen: Drift | None = args.on_drift or ("repair" if args.model else None)
    return chosen or usual


def _refuse_what_is_missing(args: Namespace) -> None:
    if args.private_desktop:
        parse_size(args.private_desktop)
    if args.model and args.on_drift in ("halt", "ask"):
        raise BadInputError(f"--model names who repairs, and --on-drift {args.on_drift} repairs nothing; leave one out")


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
