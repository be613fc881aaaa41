"""Carrying out `workbench-cli replay`: the runs, their progress, what is kept of them, how they are summed up."""

import subprocess
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ui.cli.console import Console
from ui.cli.naming import Opened, opened
from ui.cli.terminal import Terminal
from ui.orders.desktops import Place, parse_size, place
from ui.orders.replay import ReplayWish, Steps, end_log, filled, module_of, order_of, summary, with_kept
from workbench import events
from workbench.report.document import ReplayDocument, document_of, rows_of, to_plain
from workbench.session.messages import Order
from workbench.session.parent import RunChild
from workbench.session.replaying import secret_names
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
            order = order_of(_wish(args), found.trajectory, found.library, logged=not found.from_bundle)
            runs = Replay(args, console, found, order, child)
            orders = [runs.filled(given | row) for row in rows]
            documents = runs.all(orders)
    value: Any = to_plain(rows_of(documents)) if args.data else to_plain(documents[0])
    console.data(value, _summaries(documents, orders) if args.data else summary(documents[0], orders[0]))
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
        return filled(self.order, row, self.found.library)

    def _one(self, order: Order, secrets: Mapping[str, str]) -> tuple[list[events.Event], Path | None]:
        with place(self.args.private_desktop, self.args.app) as where, self._child(where, order) as child:
            face = Terminal(self.console, seen=not where.private)
            try:
                child.conduct(order, face, secrets.__getitem__)
            finally:
                report = self._keep(order, child.told)
        return child.told, report

    def _child(self, where: Place, order: Order) -> AbstractContextManager[RunChild]:
        if self.early and order.drift != "repair":
            return nullcontext(self.early)
        return RunChild.start(where.environment, module=module_of(order))

    def _mended(self, order: Order, told: Sequence[events.Event], rest: list[Order]) -> list[Order]:
        """The other orders, of the repaired trajectory where a repair was kept."""
        if order.drift != "repair":
            return rest
        from ui.cli.mending import offer

        kept = offer(self.found, order, told, self.console)
        return rest if kept is None else with_kept(rest, kept, self.found.library)

    def _keep(self, order: Order, told: list[events.Event]) -> Path | None:
        """Write the report, whatever the outcome; end the run's log where the process of the run could not."""
        if not told or not isinstance(told[0], events.RunStarted):
            return None
        end_log(order, told, self.found.library)
        return self._report(order, told)

    def _report(self, order: Order, told: list[events.Event]) -> Path | None:
        folder = self.args.report
        if folder is None:
            return None
        from workbench.report.html import write_html

        return write_html(told, self.found.library.frames.load, folder / order.run if self.args.data else folder)


def _wish(args: Namespace) -> ReplayWish:
    return ReplayWish(
        steps=Steps(args.first, args.last, tuple(args.break_at), args.step),
        speed=args.speed,
        timeout_s=args.timeout,
        dry=args.dry_run,
        approve=args.approve,
        drift=args.on_drift,
        model=args.model,
    )


def _refuse_what_is_missing(args: Namespace) -> None:
    if args.private_desktop:
        parse_size(args.private_desktop)


def _fetch(names: Sequence[str]) -> Mapping[str, str]:
    if not names:
        return {}
    from workbench import secrets

    return secrets.fetch(names)


def _summaries(documents: Sequence[ReplayDocument], orders: Sequence[Order]) -> str:
    lines = [f"row {number}: {summary(*run)}" for number, run in enumerate(zip(documents, orders, strict=False), 1)]
    counts = rows_of(documents).summary
    ended = f"{counts.finished} finished, {counts.failed} failed, {counts.stopped} stopped"
    return "\n".join([*lines, f"{len(orders)} rows: {ended}"])
