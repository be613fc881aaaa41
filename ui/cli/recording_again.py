"""Carrying out `workbench-cli record --again`: a replay up to a step, a recording from there, a new revision."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recorder.options import RecordingResult
from ui.cli.console import Console
from ui.cli.opening import chosen_path, open_library
from ui.cli.recording import Recorder, options_of, summary
from ui.cli.replaying import EXITS
from ui.cli.terminal import Terminal
from ui.orders.again import Again, halted, order_before, planned, put_in_place
from ui.orders.desktops import Place, parse_size, place
from ui.orders.replay import ReplayWish, end_log
from workbench.report.document import document_of
from workbench.rerecording import Stretch
from workbench.session.messages import Order
from workbench.session.parent import RunChild
from workbench.session.replaying import secret_names
from workbench.session.variables import parse_assignments
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library


def record_again(args: Namespace, console: Console) -> int:
    """Replay what comes before, record, and put the new steps in their place; the exit code is the replay's or 0."""
    if args.private_desktop:
        parse_size(args.private_desktop)
    values = parse_assignments(args.var)
    with open_library(console) as library:
        again = planned(library, args.again, Stretch(args.first, args.last), console.say, values=values)
        order = order_before(again, ReplayWish(approve=args.approve, timeout_s=args.timeout), library)
        lead_up = _LeadUp(again, order, library, console) if order is not None else None
        options = options_of(args, title=again.title, task=again.trajectory.task)
        recorder = Recorder(console, options, chosen_path(console), args.stop_after, args.private_desktop is None)
        secrets = _fetch(order)
        with place(args.private_desktop, args.app) as where:
            if lead_up is not None and (code := lead_up.replay(where, secrets)):
                return code
            result = recorder.record(where.environment)
        saved = put_in_place(library, again, result.trajectory, console.say)
    console.data(_answer(result, again, saved), _said(result, again, saved))
    return 0


@dataclass(frozen=True)
class _LeadUp:
    """The replay of what comes before."""

    again: Again
    order: Order
    library: "Library"
    console: Console

    def replay(self, where: Place, secrets: Mapping[str, str]) -> int:
        """Replay it there; the exit code, 0 where it got to its end. It says where it ended otherwise."""
        self.console.say(f"replaying up to step {self.again.stretch.first}")
        with RunChild.start(where.environment) as child:
            try:
                child.conduct(self.order, Terminal(self.console, seen=not where.private), secrets.__getitem__)
            finally:
                end_log(self.order, child.told, self.library)
        document = document_of(child.told)
        trouble = halted(self.again, document)
        if trouble:
            self.console.say(f"workbench-cli: {trouble}")
        return EXITS[document.outcome]


def _fetch(order: Order | None) -> dict[str, str]:
    names = secret_names(order.trajectory) if order is not None else ()
    if not names:
        return {}
    from workbench import secrets

    return dict(secrets.fetch(names))


def _answer(result: RecordingResult, again: Again, saved: Trajectory) -> dict[str, object]:
    import msgspec

    stretch = again.stretch
    changed = {"trajectory": saved.id, "revision": saved.revision, "first": stretch.first, "last": stretch.last}
    plain: dict[str, object] = msgspec.to_builtins(result)
    return plain | {"again": changed | {"steps": len(saved.steps)}}


def _said(result: RecordingResult, again: Again, saved: Trajectory) -> str:
    return f"{summary(result)}\n{saved.id}@{saved.revision}  {saved.title}: recorded again, {again.stretch.words}"
