"""Finding where a recorded step goes: the witnesses for the pointer, the focus for the keyboard."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from msgspec import structs

from workbench.actions import Drag, PressKeys, TypeText
from workbench.desktop.ports import Frame
from workbench.geometry import Point, union
from workbench.locate.locator import locate
from workbench.locate.sight import Sight
from workbench.locate.verdict import Cause, Verdict
from workbench.session.expecting import differs
from workbench.session.eyes import Eyes
from workbench.session.focus import Found, focus_verdict
from workbench.session.roles import Grounding
from workbench.trajectory import Element, Step, Target

DECIDED: tuple[Cause, ...] = ("renamed", "ambiguous", "disagreement", "no-witness", "weak")
"""Causes that waiting hardly ever mends: an application that is still loading is quiet again within `PATIENCE_S`."""

PATIENCE_S = 2.0
QUIET_S = 0.018
"""No pixel changed for longer than one frame of a 60 Hz screen: nothing moves under the target."""

STEADY_PX = 2.0
"""On a screen that never rests, two looks in a row that agree this closely will do."""


@dataclass(frozen=True)
class WitnessGrounder:
    """Asks the witnesses until they are sure and the target stands still, at most `timeout_s`."""

    eyes: Eyes
    timeout_s: float

    def ground(self, step: Step) -> Grounding:
        """Where the step goes now; `ok` is false with the cause when the time is up."""
        if isinstance(step.action, TypeText | PressKeys):
            return self._wait_for(lambda sight: focus_verdict(step, sight))
        target = step.target
        if target is None:
            return Grounding(True, Verdict(), self.eyes.look())
        grounding = self._wait_for(lambda sight: _place(target, sight))
        grounding = replace(grounding, element=_element_at(grounding, target))
        if isinstance(step.action, Drag) and step.destination is not None and grounding.ok:
            return _with_end(grounding, locate(step.destination, grounding.sight))
        return grounding

    def _wait_for(self, ask: Callable[[Sight], Found]) -> Grounding:
        start_s = time.monotonic()
        end_s, patient_until_s = start_s + self.timeout_s, start_s + min(PATIENCE_S, self.timeout_s)
        last: Verdict | None = None
        while True:
            before = self.eyes.seen
            sight = self.eyes.look()
            found = ask(sight)
            now_s = time.monotonic()
            grounding = Grounding(
                found.ok, found.verdict, sight, element=found.element, waited_ms=(now_s - start_s) * 1000
            )
            if found.ok and (_agree(last, found.verdict) or self._stands_still(found.verdict, sight.frame, before)):
                return grounding
            if not found.ok and _is_decided(found.verdict) and now_s > patient_until_s:
                return grounding
            last = found.verdict if found.ok else None
            if now_s > end_s and found.ok:
                return replace(grounding, ok=False, verdict=_unsteady(found.verdict))
            if not found.ok and not self.eyes.wait(end_s):
                return grounding

    def _stands_still(self, verdict: Verdict, now: Frame, before: Frame | None) -> bool:
        """Whether what was found has looked the same for `QUIET_S`, or nothing on the screen moves for as long."""
        regions = [vote.region for vote in verdict.votes if vote.state == "found" and vote.region]
        old_enough = before is not None and now.monotonic_ns - before.monotonic_ns >= QUIET_S * 1e9
        if before is not None and old_enough and regions and not any(differs(before, now, r) for r in regions):
            return True
        if not self.eyes.desktop.screens.wait_for_change(QUIET_S):
            return True
        looked_at = union(regions).intersection(now.bounds) if regions else None
        if looked_at is None:
            return False
        after = self.eyes.desktop.screens.grab_part(looked_at)
        return not any(differs(now.part(looked_at), after, region) for region in regions)


def _is_decided(verdict: Verdict) -> bool:
    """Whether waiting hardly helps; an application that does not answer is busy, and has decided nothing yet."""
    busy = any((vote.witness, vote.state, vote.cause) == ("element", "blind", "weak") for vote in verdict.votes)
    return verdict.cause in DECIDED and not busy


def _place(target: Target, sight: Sight) -> Found:
    verdict = locate(target, sight)
    return Found(verdict.point is not None, verdict)


def _element_at(grounding: Grounding, target: Target) -> Element | None:
    if grounding.point is None or target.element is None:
        return None
    return element_under(grounding.point, grounding.sight)


def element_under(point: Point, sight: Sight) -> Element | None:
    """The accessible element at a place of this moment; None where accessibility sees none."""
    under = next((window for window in sight.windows if window.bounds.contains(point)), sight.active)
    return sight.element_at(point, under)


def _agree(last: Verdict | None, now: Verdict) -> bool:
    if last is None:
        return False
    if last.point is None or now.point is None:
        return last.point == now.point
    return last.point.distance(now.point) <= STEADY_PX


def _unsteady(verdict: Verdict) -> Verdict:
    reason = "the target does not stand still; wait for the animation to end before this step"
    return structs.replace(verdict, point=None, located_by=(), cause="unsteady", reason=reason)


def _with_end(grounding: Grounding, end: Verdict) -> Grounding:
    if end.point is not None:
        return replace(grounding, end=end)
    reason = f"where the drag ends: {end.reason}"
    return replace(grounding, ok=False, end=end, verdict=Verdict(votes=end.votes, cause=end.cause, reason=reason))
