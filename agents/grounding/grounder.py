"""The agent's grounder: steps that only have words get a place on this screen, with witnesses to find it again."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from msgspec import structs

from agents.grounding.finding import NOTHING, Finder, Finding, Looked, with_windows
from agents.grounding.letters import shown
from agents.grounding.looking import read_whole
from agents.grounding.merit import Merits
from agents.grounding.placing import Place, focus_target, observed, target_at, way_to
from agents.grounding.wishes import Wish
from agents.screen.listing import MOST_LINES
from agents.screen.reading import Read as ElementsRead
from agents.screen.reading import read_printed
from workbench.actions import Activate, Click, Drag, Hover, PressKeys, Read, Scroll, TypeText
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect
from workbench.locate.sight import Sight
from workbench.locate.verdict import Cause, Verdict
from workbench.session.drift import AROUND_PX, pointed_at, stands_there
from workbench.session.expecting import differs
from workbench.session.eyes import Eyes, Rest
from workbench.session.focus import same_window
from workbench.session.grounding import PATIENCE_S, WitnessGrounder
from workbench.session.roles import Grounding
from workbench.trajectory import Step, Target, Window

PLACED = (Click, Hover, Drag, Scroll, Read)
"""Actions that need a place."""

POINTABLE: tuple[Cause, ...] = ("missing", "ambiguous", "disagreement", "weak", "no-witness")
"""Causes that a person can settle who shows the place."""

RESTS_S, RESTLESS_S = 0.05, 0.5
"""A screen is looked at when nothing changed for so long, or anyhow after so long."""


@dataclass(frozen=True)
class _Kept:
    """What words were last found to mean."""

    wish: Wish
    grounding: Grounding
    finding: Finding


@dataclass(frozen=True)
class _Printed:
    """Text that was read off a part of a frame; reading takes longer than looking whether anything changed."""

    read: ElementsRead
    frame: Frame
    area: Rect | None


@dataclass
class AgentGrounder:
    """Grounds steps by their words; those that have a target go to its witnesses, as in a replay.

    `wishes` tells the wish of a step that has no target, None where it has none. `timeout_s` is the longest wait for
    what is not there yet. `ask_person` says that a person is wanted to point, and returns the place that they chose, or
    whether they are there to click on it; without it nobody is asked, nor where what the words mean is known and cannot
    be acted on.
    `read` is the element list of the last moment that was looked at.
    """

    eyes: Eyes
    wishes: Callable[[Step], Wish | None]
    finder: Finder
    timeout_s: float
    ask_person: Callable[[Verdict], Point | bool] | None = None
    read: ElementsRead | None = None
    _kept: _Kept | None = field(default=None, repr=False)
    _printed: _Printed | None = field(default=None, repr=False)

    def ground(self, step: Step) -> Grounding:
        """Where the step goes now, with the step as it was grounded; `ok` is false with the cause where nobody knows.

        Its confidence is how surely the words mean what was found. A step that is grounded again, because somebody
        approved it meanwhile, keeps its place as long as the same thing stands there. Raises `StoppedError`.
        """
        if step.target is not None:
            return self._again(step)
        wish = self.wishes(step)
        if wish is not None and isinstance(step.action, PLACED):
            return self._by_words(step, wish)
        if isinstance(step.action, PLACED):
            return self._refused("no-witness", "the step does not say in words what it is about; name a control")
        if isinstance(step.action, TypeText | PressKeys):
            return self._into_field(step, wish) if wish is not None and wish.words else self._to_focus(step, wish)
        return self._seen(step, WitnessGrounder(self.eyes, self.timeout_s).ground(step))

    def judged(self, merits: Merits, at: Point | None) -> Merits:
        """The merits with whether the last finding was right, see `Finding.judged`; as they are where none was made."""
        return self._kept.finding.judged(merits, at) if self._kept is not None else merits

    def _again(self, step: Step) -> Grounding:
        kept = self._kept.grounding if self._kept else None
        if kept is not None and kept.step == step and kept.point is not None:
            sight = self.eyes.look()
            if stands_there(kept, sight):
                self._list(sight)
                return replace(kept, sight=sight)
        grounding = WitnessGrounder(self.eyes, self.timeout_s).ground(step)
        if kept is not None and kept.step is not None and kept.step.target == step.target:
            sureness = min(kept.verdict.confidence, grounding.verdict.confidence)
            grounding = replace(grounding, verdict=structs.replace(grounding.verdict, confidence=sureness))
        self._list(grounding.sight)
        return grounding

    def _by_words(self, step: Step, wish: Wish) -> Grounding:
        """Look until the words are found or the time is up, then ask a person where there is one."""
        start_s = time.monotonic()
        end_s = start_s + self.timeout_s
        patient_until_s = start_s + min(PATIENCE_S, self.timeout_s)
        while True:
            looked = self._looked(wish, end_s)
            finding = self.finder.find(wish, looked) if looked.whole else _unanswered(looked)
            moves = finding.verdict.point is not None and self._moved(looked, finding.verdict.point)
            if moves and time.monotonic() < end_s:
                continue
            grounding = _unsteady(looked, finding) if moves else self._placed(step, finding, looked)
            if grounding.ok or not self.eyes.wait(patient_until_s if looked.whole else end_s):
                break
        grounding = replace(grounding, waited_ms=(time.monotonic() - start_s) * 1000)
        if self.ask_person and grounding.verdict.cause in POINTABLE:
            answer = self.ask_person(grounding.verdict)
            grounding = self._pointed(step, grounding, answer) if answer is not False else grounding
        self._kept = _Kept(wish, grounding, finding)
        return grounding

    def _looked(self, wish: Wish, end_s: float) -> Looked:
        """A moment in which the screen rests, and its list in reading order; no list where that has gaps."""
        sight = self._rested(end_s)
        read = self.read = read_whole(sight, wanted=wish.words)
        if read is None or sight.active is None or any(line.role != "window" for line in read.shown.lines):
            return Looked(sight, read or NOTHING, whole=read is not None)
        app, accessibility = sight.active.app, sight.accessibility
        if accessibility is not None and accessibility.speaks_for(app) is not False:
            return Looked(sight, read)
        printed = self._printed_on(sight, wish.words)
        return Looked(sight, with_windows(printed, read), printed=True)

    def _printed_on(self, sight: Sight, words: str) -> ElementsRead:
        """The printed text of the window in front, read anew only where its pixels are others."""
        assert sight.active is not None
        kept, area = self._printed, sight.active.bounds.intersection(sight.frame.bounds)
        if kept is None or area is None or kept.area != area or differs(kept.frame, sight.frame, area):
            kept = _Printed(read_printed(sight, most=MOST_LINES, wanted=words), sight.frame, area)
            self._printed = kept
        return kept.read

    def _rested(self, end_s: float) -> Sight:
        return self.eyes.rest(Rest(RESTS_S), min(end_s, time.monotonic() + RESTLESS_S))

    def _moved(self, looked: Looked, point: Point) -> bool:
        """Whether the place looks different by now: asking a model takes its time."""
        around = Rect(point.x, point.y, 1, 1).grown(AROUND_PX).intersection(looked.sight.frame.bounds)
        if around is None:
            return False
        return differs(looked.sight.frame, self.eyes.desktop.screens.grab_part(around), around)

    def _placed(self, step: Step, finding: Finding, looked: Looked) -> Grounding:
        """The grounding at what was found, where nothing keeps it from being acted on."""
        verdict = finding.verdict
        if verdict.point is None:
            return Grounding(False, verdict, looked.sight)
        line = looked.read.shown.line(finding.ref) if finding.ref else None
        if line is not None and line.role == "window":
            return self._to_window(step, finding, looked)
        place = Place(verdict.point, finding.ref, looked)
        way = way_to(place)
        if way.cause:
            halted = Verdict(votes=verdict.votes, cause=way.cause, reason=way.reason)
            return Grounding(False, halted, looked.sight, element=way.element)
        frame = self.eyes.keep(looked.sight.frame)
        target = target_at(place, way.element, frame)
        grounded = structs.replace(step, target=target, observation=observed(looked.sight, frame))
        return Grounding(True, verdict, looked.sight, element=way.element, step=grounded)

    def _to_window(self, step: Step, finding: Finding, looked: Looked) -> Grounding:
        """Another window is brought to the front, whatever lies over the middle of it."""
        if not isinstance(step.action, Click):
            reason = "this is another window; switch to it first, then act on what it shows"
            return Grounding(False, Verdict(votes=finding.verdict.votes, cause="covered", reason=reason), looked.sight)
        window = looked.read.elements[finding.ref]
        action = Activate(window.app, window.window)
        observation = observed(looked.sight, self.eyes.keep(looked.sight.frame))
        verdict = structs.replace(finding.verdict, point=None)
        grounded = structs.replace(step, action=action, observation=observation)
        return Grounding(True, verdict, looked.sight, step=grounded)

    def _pointed(self, step: Step, halted: Grounding, answer: Point | bool) -> Grounding:
        """The place that a person shows instead."""
        grounding = pointed_at(halted, self.eyes, at=answer if isinstance(answer, Point) else None)
        assert grounding.point is not None
        self._list(grounding.sight)
        looked = Looked(grounding.sight, NOTHING)
        frame = self.eyes.keep(grounding.sight.frame)
        target = target_at(Place(grounding.point, "", looked), grounding.element, frame)
        observation = observed(grounding.sight, frame)
        return replace(grounding, step=structs.replace(step, target=target, observation=observation))

    def _into_field(self, step: Step, wish: Wish) -> Grounding:
        """Keys go to the field that the words name, once it has the focus."""
        kept = self._kept
        known = kept is not None and kept.grounding.ok and _same_words(kept.wish, wish)
        found = kept.grounding if kept is not None and known else self._by_words(step, wish)
        if not found.ok or found.step is None or found.step.target is None:
            return found
        typed = self._about(step, found.step.target)
        grounding = WitnessGrounder(self.eyes, min(self.timeout_s, PATIENCE_S)).ground(typed)
        self._list(grounding.sight)
        sureness = min(grounding.verdict.confidence, found.verdict.confidence)
        verdict = structs.replace(grounding.verdict, confidence=sureness)
        if not grounding.ok and verdict.cause == "renamed":
            verdict = structs.replace(verdict, reason=f"{shown(wish.words)} does not have the focus; click it first")
        return replace(grounding, verdict=verdict, step=typed)

    def _to_focus(self, step: Step, wish: Wish | None = None) -> Grounding:
        """Keys go to what has the focus, in the window in which the planner saw it; secrets to named fields only.

        Those of a recorded step go to a window like the recorded one, which is waited for.
        """
        recorded = wish.exemplar.window if wish is not None and wish.exemplar is not None else None
        planned = recorded or step.observation.window
        sight = self._rested(time.monotonic() + RESTLESS_S)
        until_s = time.monotonic() + (min(self.timeout_s, PATIENCE_S) if recorded else 0.0)
        while planned is not None and not (sight.active is not None and _is_same(planned, sight.active)):
            if not self.eyes.wait(until_s):
                break
            sight = self.eyes.look()
        if sight.active is None:
            return self._refused("wrong-window", "no window has the focus; switch to one first")
        if planned is not None and not _is_same(planned, sight.active):
            reason = f"the window {shown(sight.active.title)} came to the front while this was thought up; look again"
            return self._refused("wrong-window", reason)
        secret = isinstance(step.action, TypeText) and step.action.secret is not None
        keyed = step if secret or not _goes_to_focus(step) else self._about(step, self._focused(sight), sight)
        return self._seen(keyed, WitnessGrounder(self.eyes, min(self.timeout_s, PATIENCE_S)).ground(keyed))

    def _focused(self, sight: Sight) -> Target | None:
        """What keys would go to; an application that is too busy to say so is waited for, at most `PATIENCE_S`."""
        until_s, accessibility = time.monotonic() + min(self.timeout_s, PATIENCE_S), sight.accessibility
        while True:
            unanswered = accessibility.unanswered if accessibility else 0
            target = focus_target(sight)
            if target is not None or accessibility is None or accessibility.unanswered == unanswered:
                return target
            if not self.eyes.wait(until_s):
                return None

    def _seen(self, step: Step, grounding: Grounding) -> Grounding:
        """The grounding of a step that needs no place, with the moment before it."""
        self._list(grounding.sight)
        if not grounding.ok or step.observation.frame is not None:
            return replace(grounding, step=step if grounding.ok else None)
        return replace(grounding, step=self._about(step, step.target, grounding.sight))

    def _about(self, step: Step, target: Target | None, sight: Sight | None = None) -> Step:
        now = sight or self.eyes.look()
        return structs.replace(step, target=target, observation=observed(now, self.eyes.keep(now.frame)))

    def _list(self, sight: Sight) -> None:
        self.read = read_whole(sight, before=self.read)

    def _refused(self, cause: Cause, reason: str) -> Grounding:
        return Grounding(False, Verdict(cause=cause, reason=reason), self.eyes.look())


def _is_same(planned: Window, now: Window) -> bool:
    """Whether it is the very window; by application and title where nobody knows its handle."""
    if planned.handle is not None and now.handle is not None:
        return planned.handle == now.handle
    return same_window(planned, now)


def _unanswered(looked: Looked) -> Finding:
    app = looked.sight.active.app if looked.sight.active else "the application"
    reason = f"{app} does not answer accessibility in time, so that what it shows is not known; wait until it is idle"
    return Finding(Verdict(cause="weak", reason=reason))


def _unsteady(looked: Looked, finding: Finding) -> Grounding:
    reason = "the target does not stand still; wait for the animation to end before this step"
    return Grounding(False, Verdict(votes=finding.verdict.votes, cause="unsteady", reason=reason), looked.sight)


def _same_words(one: Wish, other: Wish) -> bool:
    return (one.words, one.ref) == (other.words, other.ref)


def _goes_to_focus(step: Step) -> bool:
    """Whether the field with the focus matters: what goes to the window or the system does not care for it."""
    action = step.action
    return isinstance(action, TypeText) or (isinstance(action, PressKeys) and not {"alt", "super"} & set(action.keys))
