"""How the steps that a run takes become those of a trajectory: as a recording of a person would keep them.

A kept step has everything that only the moment can tell: pictures, windows, elements, what had the focus. What pixels
can tell later (crop and printed text of a target, changed regions, a description) is completed at the first use, as
with recordings.
"""

import sys
import time
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec.structs import replace

from workbench.actions import Ask, Call, Click, Drag, Hover, Note, PressKeys, Scroll, TypeText
from workbench.events import RunStarted
from workbench.geometry import Point
from workbench.library.naming import new_id
from workbench.locate.sight import Sight
from workbench.report.words import describe
from workbench.session.eyes import Eyes
from workbench.session.messages import Order
from workbench.session.roles import Grounding, Taken
from workbench.trajectory import Element, FrameId, Observation, Outcome, Step, Target, Trajectory, Window

POINTING = (Click, Hover, Drag, Scroll)
"""Actions that go to a place on the screen."""

PERFORMED = ("done", "repaired", "failed")
"""How a step may have ended that was carried out, whether or not it did what was expected."""

LONGEST_TITLE = 80


def becoming(task: str, eyes: Eyes, *, title: str = "", commands: tuple[str, ...] = ()) -> Trajectory:
    """The trajectory that a run of this task is going to be, with a fresh id and no steps yet."""
    line = title or next(iter(task.strip().splitlines()), "") or "A run without a task"
    return Trajectory(
        id=new_id(),
        title=line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…",
        task=task,
        source="agent",
        created=time.time(),
        platform=sys.platform,
        commands=commands,
        screens=eyes.desktop.screens.layout(),
    )


def begun(order: Order, *, steps: int | None) -> RunStarted:
    """The first event of the replay that is ordered; the order in it has no folders and no steps."""
    trajectory = order.trajectory
    plain: dict[str, Any] = msgspec.to_builtins(replace(order, trajectory=replace(trajectory, steps=())))
    for name in ("frames", "library", "run"):
        plain.pop(name)
    return RunStarted(
        run=order.run,
        trajectory=trajectory.id,
        title=trajectory.title,
        revision=trajectory.revision,
        steps=steps,
        task=trajectory.task,
        order=plain,
    )


@dataclass
class TakenRecorder:
    """Makes steps of a trajectory from the steps that a run has taken; `eyes` keep its pictures.

    Known password fields are covered in the pictures and have no value in the steps; secrets have names only.
    """

    eyes: Eyes
    _ids: set[str] = field(default_factory=set)

    def add(self, taken: Taken, before: Sight, after: Sight | None) -> Step | None:
        """The step as the trajectory keeps it; None for one that was not carried out.

        `before` is the moment in which it was grounded, `after` the one in which its effect was looked for.
        """
        if taken.status not in PERFORMED or taken.grounding is None or not _was_performed(taken):
            return None
        step = _by_hand(taken) if taken.verification.by == "person" else _called(taken.proposal.step)
        focused = before.accessibility.focused() if before.accessibility and after is None else None
        target = self._target(taken, taken.grounding)
        kept = replace(
            step,
            id=self._fresh(step.id),
            observation=self._observation(step, before, taken.grounding.element or focused),
            target=target,
            destination=self._destination(step, taken.grounding),
            outcome=self._outcome(taken, target, after),
            thought="" if isinstance(taken.proposal.step.action, Call) else taken.proposal.why or step.thought,
            description="",
            first_event=None,
            last_event=None,
        )
        return replace(kept, description=describe(kept)) if _needs_nothing(kept, taken) else kept

    def know(self, step: Step) -> None:
        """Remember a step that the trajectory has already, so that no other one gets its id."""
        self._ids.add(step.id)

    def _fresh(self, name: str) -> str:
        """The step's own id; numbered where the run has taken one of that id before."""
        found, number = name or "s", 1
        while found in self._ids:
            number += 1
            found = f"{name or 's'}-{number}"
        self._ids.add(found)
        return found

    def _observation(self, step: Step, before: Sight, focused: Element | None) -> Observation:
        keys = isinstance(step.action, TypeText | PressKeys)
        return Observation(
            monotonic_ns=before.frame.monotonic_ns or time.monotonic_ns(),
            epoch_s=time.time(),
            frame=self.eyes.keep(before.frame),
            window=lasting(before.active),
            screens=before.screens,
            focused=self._stored(focused if keys else None),
        )

    def _target(self, taken: Taken, grounding: Grounding) -> Target | None:
        """Where the step went: as it was grounded, where that says so, else the place or field that was found."""
        action, element = taken.proposal.step.action, grounding.element
        if grounding.step is not None and grounding.step.target is not None:
            return self._public(grounding.step.target)
        if isinstance(action, POINTING) and grounding.point is not None:
            return self._place(grounding.point, grounding.sight, element)
        if isinstance(action, TypeText | PressKeys) and element is not None:
            window = lasting(grounding.sight.active)
            return Target(element.bounds.centre, window, self._stored(element))
        return self._public(taken.proposal.step.target)

    def _destination(self, step: Step, grounding: Grounding) -> Target | None:
        end = grounding.end.point if grounding.end else None
        if end is None:
            return self._public(step.destination)
        return self._place(end, grounding.sight, grounding.sight.element_at(end, _under(end, grounding.sight)))

    def _place(self, point: Point, sight: Sight, element: Element | None) -> Target:
        window = _under(point, sight)
        return Target(point, lasting(window), self._stored(element or sight.element_at(point, window)))

    def _outcome(self, taken: Taken, target: Target | None, after: Sight | None) -> Outcome:
        proof = taken.verification
        verified_by = proof.by if proof.ok else ""
        if proof.outcome is not None:
            element = self._stored(proof.outcome.element)
            return replace(proof.outcome, window=lasting(proof.outcome.window), element=element)
        if after is None:
            return Outcome(frame=proof.frame, verified_by=verified_by)
        was = taken.grounding.element if taken.grounding else None
        known = was is not None and target is not None and target.element is not None
        now = after.accessibility.refresh(was) if known and was and after.accessibility else None
        frame: FrameId = proof.frame or self.eyes.keep(after.frame)
        return Outcome(frame, lasting(after.active), self._stored(now), verified_by=verified_by)

    def _public(self, target: Target | None) -> Target | None:
        if target is None:
            return None
        return replace(target, window=lasting(target.window), element=self._stored(target.element))

    def _stored(self, element: Element | None) -> Element | None:
        """The element without its address, and without its text where it is a password field."""
        if element is None:
            return None
        hidden = element.password or any(known.ref and known.ref == element.ref for known in self.eyes.secrets)
        return replace(element, ref=None, value=None if hidden else element.value, password=hidden)


def lasting(window: Window | None) -> Window | None:
    """The window without what is only valid while it lives."""
    return replace(window, handle=None, pid=None) if window else None


def _by_hand(taken: Taken) -> Step:
    """A step that a person did in their own way: whoever replays it has to ask for that again."""
    wanted = taken.verification.observed or describe(taken.proposal.step)
    return Step(taken.proposal.step.id, Ask(f"a person did this by hand ({wanted}): do it and go on"))


def _called(step: Step) -> Step:
    """A call as a remark that opens a chapter: the steps that it consisted of are kept themselves, behind it."""
    return replace(step, action=Note(describe(step))) if isinstance(step.action, Call) else step


def _was_performed(taken: Taken) -> bool:
    """Whether the hands did all of it: a step that broke off half way has no frame of its effect."""
    return taken.status != "failed" or taken.verification.frame is not None


def _needs_nothing(kept: Step, taken: Taken) -> bool:
    """Whether there is nothing left that pixels could add."""
    if taken.verification.outcome is None:
        return False
    target = kept.target
    return not isinstance(kept.action, POINTING) or bool(target and target.crop and target.text)


def _under(point: Point, sight: Sight) -> Window | None:
    return next((window for window in sight.windows if window.bounds.contains(point)), None)
