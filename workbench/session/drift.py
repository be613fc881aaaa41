"""Asking a person where a step goes when the witnesses cannot settle it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from msgspec import structs

from workbench.actions import PressKeys, TypeText
from workbench.desktop.picking import pick_point
from workbench.errors import StoppedError
from workbench.geometry import Point, Rect
from workbench.locate.sight import Sight
from workbench.locate.verdict import Verdict, Vote
from workbench.session.expecting import differs
from workbench.session.eyes import Eyes
from workbench.session.grounding import element_under
from workbench.session.roles import Grounder, Grounding
from workbench.trajectory import Step

ANSWER_S = 120.0
"""How long a person has to point at the place."""


AROUND_PX = 16
"""What has to look the same around a place that was shown: about a button."""


@dataclass(frozen=True)
class Shown:
    """A place that a person pointed at for a step."""

    step: Step
    grounding: Grounding


@dataclass(frozen=True)
class AskingGrounder:
    """Lets another grounder try first; where that halts, takes the place that a person clicks.

    `ask` says that a person is wanted and returns whether somebody is there, or the place that they chose in a picture
    of the desktop. A click on the desktop itself is caught before any application sees it.
    """

    first: Grounder
    eyes: Eyes
    ask: Callable[[Verdict], Point | bool]
    _shown: list[Shown] = field(default_factory=list)

    def ground(self, step: Step) -> Grounding:
        """The place of the witnesses or of the person; raises `StoppedError` when nobody points.

        A step that is grounded again, because somebody approved it meanwhile, keeps the place that was shown for it
        as long as the same thing stands there.
        """
        shown = self._shown.pop() if self._shown else None
        if shown is not None and shown.step == step:
            sight = self.eyes.look()
            if stands_there(shown.grounding, sight):
                return replace(shown.grounding, sight=sight)
        grounding = self.first.ground(step)
        if grounding.ok or step.target is None or isinstance(step.action, TypeText | PressKeys):
            return grounding
        answer = self.ask(grounding.verdict)
        if answer is False:
            raise StoppedError(f"{grounding.verdict.reason}; nobody is there to point at the place")
        pointed = pointed_at(grounding, self.eyes, at=answer if isinstance(answer, Point) else None)
        self._shown.append(Shown(step, pointed))
        return pointed


def pointed_at(grounding: Grounding, eyes: Eyes, *, at: Point | None = None) -> Grounding:
    """The place that the person who is there clicks instead, or chose already, `at`.

    Raises `StoppedError` when they click nowhere, or end it.
    """
    started_s = time.monotonic()
    point = at or pick_point(eyes.desktop.backend, eyes.desktop.name, ANSWER_S, eyes.check)
    if point is None:
        raise StoppedError(f"{grounding.verdict.reason}; nobody pointed at a place")
    vote = Vote("person", "found", point=point, confidence=1.0, reason="a person pointed here")
    verdict = structs.replace(
        grounding.verdict,
        point=point,
        located_by=("person",),
        confidence=1.0,
        votes=(*grounding.verdict.votes, vote),
        cause="",
        reason="a person pointed at the place",
    )
    waited_ms = grounding.waited_ms + (time.monotonic() - started_s) * 1000
    sight = eyes.look()
    element = element_under(point, sight)
    return replace(grounding, ok=True, verdict=verdict, sight=sight, element=element, waited_ms=waited_ms)


def stands_there(shown: Grounding, sight: Sight) -> bool:
    """Whether the element at the place that was found is still there; without accessibility its pixels say so."""
    point, was = shown.point, shown.element
    assert point is not None
    if was is None:
        return not differs(shown.sight.frame, sight.frame, Rect(point.x, point.y, 1, 1).grown(AROUND_PX))
    now = element_under(point, sight)
    return now is not None and (now.ref, now.role, now.name) == (was.ref, was.role, was.name)
