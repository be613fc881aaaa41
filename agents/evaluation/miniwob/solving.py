"""The process in which the solver works on a desktop: `python -m agents.evaluation.miniwob.solving`."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from agents.evaluation.acting import SessionActor
from agents.evaluation.miniwob.solver import Deed, Plan, after_click, find, find_wrong, plan_for
from agents.evaluation.solving import MOST_LINES, Scripted, SolverOrder, carry_out
from agents.evaluation.suites import Assignment
from workbench.actions import Action, Click
from workbench.locate.verdict import Verdict
from workbench.session.child import Pipe, serve
from workbench.session.roles import Ending, Grounding, Proposal
from workbench.trajectory import Step

if TYPE_CHECKING:
    from workbench.geometry import Point
    from workbench.locate.sight import Sight
    from workbench.session.eyes import Eyes
    from workbench.session.running import Ready

MODULE = "agents.evaluation.miniwob.solving"

_SHOWS_S = 5.0
"""How long a control is waited for."""

_MARGIN_PX = 40


def solver_actor(frames: Path, *, library: Path | None = None, wrong: bool = False) -> SessionActor:
    """The scripted solver; a `wrong` one does the same to other controls."""

    def ordered(assignment: Assignment) -> SolverOrder:
        return SolverOrder.keeping(assignment.task, frames, library, wrong=wrong)

    return SessionActor(MODULE, ordered)


@dataclass
class Solver(Scripted):
    """Clicks the controls of its deeds, one after the other, and types."""

    plan: Plan
    wrong: bool = False
    index: int = 0
    _deed: Deed | None = None
    _keys: list[Action] = field(default_factory=list)

    def propose(self) -> Proposal | Ending:
        """The next thing to do."""
        action: Action = Click()
        if self._keys:
            action = self._keys.pop(0)
        elif self.plan:
            self._deed, self.plan = self.plan[0], self.plan[1:]
        else:
            return Ending("finished")
        self.index += 1
        return Proposal(self.index, Step(f"s{self.index}", action))

    def place(self, sight: "Sight") -> Grounding | None:
        """Where the control of the deed is."""
        from agents.screen.reading import read_screen

        assert self._deed is not None
        deed, read = self._deed, read_screen(sight, most=MOST_LINES)
        right = find(deed, read.shown.lines)
        if right is None:
            return None
        wrong = self.wrong and deed.matters
        self._keys = list(after_click(deed, right, wrong=wrong))
        line = find_wrong(deed, read.shown.lines) if wrong and deed.kind != "choose" else right
        element = read.elements[line.ref] if line else None
        point = element.bounds.centre if element else _nowhere(sight)
        return Grounding(True, Verdict(point, ("element",), 1.0), sight, element=element)

    @property
    def wanted(self) -> str:
        """The control of the deed."""
        assert self._deed is not None
        return f"{self._deed.roles[0]} as asked for"


def _nowhere(sight: "Sight") -> "Point":
    """A place in the window at which no page has anything."""
    assert sight.active is not None
    area = sight.active.bounds
    return area.centre.offset(area.width // 2 - _MARGIN_PX, area.height // 2 - _MARGIN_PX)


def main() -> int:
    """Carry out the one task that standard input orders."""
    return serve(SolverOrder, _carry_out)


def _carry_out(order: SolverOrder, pipe: Pipe, ready: "Ready") -> None:
    plan = plan_for(order.task)

    def cast(eyes: "Eyes") -> Solver | Ending:
        if plan is None:
            return Ending("failed", "the solver does not know such a task")
        possible = not order.wrong or any(deed.matters for deed in plan)
        return Solver(eyes, _SHOWS_S, plan if possible else (), order.wrong)

    carry_out(order, pipe, ready, cast=cast)


if __name__ == "__main__":
    sys.exit(main())
