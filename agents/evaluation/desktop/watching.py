"""Which nodes of a task are reached, and when, while somebody works on it."""

import time
from contextlib import suppress
from dataclasses import dataclass, field

from agents.evaluation.desktop.applications import Applications
from agents.evaluation.desktop.evidence import Glance, UnresponsiveError
from agents.evaluation.desktop.problems import Node, Problem

_POLL_S = 0.05


@dataclass
class Watch:
    """Looks at the nodes of a problem: at every event of a run, and when it is over. For the thread of the stage."""

    problem: Problem
    applications: Applications
    _holding: set[Node] = field(default_factory=set)
    _reached: set[Node] = field(default_factory=set)
    _parts: dict[int, int] = field(default_factory=dict)
    _looks: int = 0

    def look(self) -> bool:
        """Take a look, which costs milliseconds. False: no task of this suite ends by itself."""
        with suppress(UnresponsiveError):  # it may be busy
            self._look()
        return False

    def settle(self, settles_s: float, hangs_s: float) -> None:
        """Look until the task is solved, for `settles_s` at most.

        Raises `UnresponsiveError` where an application does not answer for `hangs_s`.
        """
        began_s = time.monotonic()
        while True:
            try:
                self._look()
                self.applications.refuse_hung()
            except UnresponsiveError:
                if time.monotonic() - began_s > hangs_s:
                    raise
            else:
                if self.is_solved or time.monotonic() - began_s > settles_s:
                    return
            time.sleep(_POLL_S)

    @property
    def is_solved(self) -> bool:
        """Whether all goals held at the last look, and were reached in order where that is asked for."""
        return self._goals() <= self._holding and (not self.problem.is_ordered or self._is_in_order())

    @property
    def completion(self) -> float:
        """The share of the nodes that were reached: goals are where they held at the last look."""
        reached = [node for node in self.problem.nodes if node in (self._holding if node.is_goal else self._reached)]
        return len(reached) / len(self.problem.nodes)

    def _look(self) -> None:
        self._looks += 1
        glance = Glance(self.applications)
        self._holding = {node for node in self.problem.nodes if node.holds(glance)}
        self._reached |= self._holding
        for part in {node.part for node in self.problem.nodes}:
            if self._goals(part) <= self._holding:
                self._parts.setdefault(part, self._looks)

    def _goals(self, part: int | None = None) -> set[Node]:
        return {node for node in self.problem.nodes if node.is_goal and part in (None, node.part)}

    def _is_in_order(self) -> bool:
        looks = [self._parts[part] for part in sorted(self._parts)]
        return looks == sorted(looks)
