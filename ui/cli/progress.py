"""How far something long has come: a bar on a terminal, elsewhere a line for each thing that is done."""

import time
from dataclasses import dataclass, field

from ui.cli.console import Console
from workbench.report.words import duration

CELLS = 24


@dataclass
class Progress:
    """Told of each thing that is done; speaks on standard error."""

    console: Console
    _begun_s: float = field(default_factory=time.monotonic)
    _now: int = 0

    def done(self, number: int, of: int, what: str) -> None:
        """`number` of `of` are done, `what` is the one that was done last."""
        self._now += 1
        if not self.console.on_terminal:
            self.console.say(f"{number}/{of}  {what}")
            return
        full = CELLS * number // of
        self.console.pass_by(
            f"[{'#' * full}{'.' * (CELLS - full)}] {number}/{of}{self._left(of - number)}  {what[:60]}"
        )

    def _left(self, waiting: int) -> str:
        if not waiting:
            return ""
        each_ms = (time.monotonic() - self._begun_s) * 1000 / self._now
        return f", {duration(each_ms * waiting)} left"
