"""The process in which the solver works on a desktop: `python -m agents.evaluation.desktop.solving`.

What it sees of the applications are their controls, and what it does goes through pointer and keys.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agents.evaluation.acting import SessionActor
from agents.evaluation.desktop.deeds import Deed, Way, find, find_wrong, wrong_words
from agents.evaluation.solving import MOST_LINES, Scripted, SolverOrder, carry_out
from agents.evaluation.suites import Assignment
from workbench.locate.verdict import Verdict
from workbench.session.child import Pipe, serve
from workbench.session.roles import Ending, Grounding, Proposal
from workbench.trajectory import Element, Step

if TYPE_CHECKING:
    from workbench.locate.sight import Sight
    from workbench.session.running import Ready

MODULE = "agents.evaluation.desktop.solving"

_SHOWS_S = 8.0
"""How long a control is waited for."""


class WayOrder(SolverOrder, frozen=True, kw_only=True):
    """The order with the way to do the task."""

    way: Way


def way_actor(way: Way, frames: Path, *, library: Path | None = None, wrong: bool = False) -> SessionActor:
    """The scripted solver on that way; a `wrong` one does the same to other controls, with other words."""

    def ordered(assignment: Assignment) -> SolverOrder:
        return WayOrder.keeping(assignment.task, frames, library, wrong=wrong, way=way)

    return SessionActor(MODULE, ordered)


@dataclass
class Walker(Scripted):
    """Takes the deeds of a way, one after the other."""

    way: Way
    wrong: bool = False
    index: int = 0

    def propose(self) -> Proposal | Ending:
        """The next deed."""
        if self.index == len(self.way):
            return Ending("finished")
        self.index += 1
        return Proposal(self.index, Step(f"s{self.index}", self._deed.action))

    def place(self, sight: "Sight") -> Grounding | None:
        """Where the control of the deed is."""
        element = self._control(sight)
        if element is None:
            return None
        return Grounding(True, Verdict(element.bounds.centre, ("element",), 1.0), sight, element=element)

    @property
    def wanted(self) -> str:
        """The control of the deed."""
        return f"{self._deed.role} {self._deed.name!r}"

    @property
    def _deed(self) -> Deed:
        deed = self.way[self.index - 1]
        return wrong_words(deed) if self.wrong else deed

    def _control(self, sight: "Sight") -> Element | None:
        from agents.screen.reading import read_screen

        deed, read = self._deed, read_screen(sight, most=MOST_LINES, wanted=self._deed.name)
        lines = read.shown.lines
        right = find(deed, lines)
        if right is None:
            return None
        line = find_wrong(deed, lines) or right if self.wrong and deed.matters else right
        return read.elements[line.ref]


def main() -> int:
    """Carry out the one way that standard input orders."""
    return serve(WayOrder, _carry_out)


def _carry_out(order: WayOrder, pipe: Pipe, ready: "Ready") -> None:
    carry_out(order, pipe, ready, cast=lambda eyes: Walker(eyes, _SHOWS_S, order.way, order.wrong))


if __name__ == "__main__":
    sys.exit(main())
