"""Whether a step worked, without a recording to compare with: what was seen to change, strong signs first."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec.structs import replace

from agents.grounding.differences import Change, Difference, changes_between
from agents.grounding.looking import read_whole
from agents.grounding.placing import stored
from agents.screen.listing import cut
from agents.screen.reading import Read as ElementsRead
from workbench.actions import SILENT, Activate, Click, Drag, PressKeys, Scroll, TypeText
from workbench.geometry import Rect
from workbench.locate.sight import Sight
from workbench.session.expecting import GLOW_PX, TextArrives
from workbench.session.eyes import Eyes, Rest
from workbench.session.focus import same_window
from workbench.session.observing import Moments, lasting_changes
from workbench.session.roles import Grounding, Verification
from workbench.trajectory import Element, Outcome, Step, Window

EFFECTIVE = (Click, Drag, Scroll, TypeText, PressKeys)
"""Actions that should have an effect which can be seen."""

UNSEEN_KEYS = (("ctrl", "c"), ("ctrl", "s"), ("ctrl", "a"), ("ctrl", "Insert"), ("Home",), ("End",))
"""Keys whose effect is often not to be seen: copying, saving what is saved, selecting or going to where one is."""

RESTS = Rest(still_s=0.04, first_s=0.15)
"""The screen has come to rest when nothing changed for so long since a first change, for which it is given longer."""

LATE_S = 1.0
"""So long an effect is waited for where all that is seen is that the button took the click: a calculator shows no more
when its plus key is pressed."""

STALLED_S = 1.5
"""Typed text that grows in its field is still arriving until it has not grown for so long."""

LIGHTS_UP_PX = (80, 40)
"""Half the sides of the largest button: larger things do not light up as a whole under the pointer."""

LONGEST = 160
"""Characters of what was observed."""

NOT_ARRIVED = "the text that was typed is not what the field holds"


@dataclass
class AgentVerifier:
    """Waits until the screen rests, at most `timeout_s`, and says what changed; typed text may go on arriving longer.

    `before` gives the element list of the moment before the action. `read` is the one of the moment after it. Either is
    None where it could not be read without gaps: then nothing follows from lists.
    """

    eyes: Eyes
    before: Callable[[], ElementsRead | None]
    timeout_s: float = 3.0
    read: ElementsRead | None = None
    _left: Rect | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """What lies under the pointer may glow until the first step moves it away."""
        at = self.eyes.desktop.pointer.position()
        across, down = LIGHTS_UP_PX
        self._left = Rect(at.x - across, at.y - down, 2 * across, 2 * down)

    def verify(self, step: Step, grounding: Grounding) -> Verification:
        """What was observed, and whether that proves the step.

        `ok` is False where an action that should have an effect had none that can be seen, None where nothing can be
        expected, as of a question or a copy. `outcome` is filled as a recording would fill it.
        """
        if isinstance(step.action, SILENT):
            return Verification(None)
        start_s = time.monotonic()
        self.eyes.acted(self._glowing(grounding))
        self._await_text(step, grounding)
        until_s = time.monotonic() + self.timeout_s
        sight = self.eyes.rest(RESTS, until_s)
        judged = self._judged(step, grounding, sight)
        while (wait_s := judged.waits_s(self.timeout_s)) and self.eyes.wait(start_s + wait_s):
            sight = self.eyes.rest(Rest(RESTS.still_s), until_s)
            judged = self._judged(step, grounding, sight)
        self._left = _own_place(grounding) if grounding.point is not None else self._left
        return self._told(step, (grounding, sight), judged, (time.monotonic() - start_s) * 1000)

    def _await_text(self, step: Step, grounding: Grounding) -> None:
        """Wait for all of the text that was typed, as long as more and more of it stands in the field."""
        expected = _arrival(step.action, grounding) if isinstance(step.action, TypeText) else None
        if expected is None:
            return
        until_s, arrived = time.monotonic() + min(STALLED_S, self.timeout_s), 0
        sight = self.eyes.look()
        while not expected.met(grounding, sight):
            now = expected.arrived(grounding, sight)
            until_s = time.monotonic() + STALLED_S if now > arrived else until_s
            arrived = max(now, arrived)
            if not self.eyes.wait(until_s):
                return
            sight = self.eyes.look()

    def _glowing(self, grounding: Grounding) -> tuple[Rect, ...]:
        """Where the pointer is and where it came from, which may light up and fade whatever the step does."""
        return tuple(place for place in (_own_place(grounding), self._left) if place is not None)

    def _judged(self, step: Step, grounding: Grounding, sight: Sight) -> "_Judged":
        before = self.before()
        self.read = read_whole(sight, before=before)
        change = Change(grounding.sight, sight, before, self.read, _acted_on(grounding))
        found = changes_between(change, grounding.element, ignored=self._glowing(grounding))
        if isinstance(step.action, TypeText) and step.action.secret is not None:
            found = tuple(one for one in found if one.by in ("window", "focus", "region"))
        return _judged(step, grounding, (sight, found))

    def _told(self, step: Step, moments: tuple[Grounding, Sight], judged: "_Judged", waited_ms: float) -> Verification:
        grounding, sight = moments
        frame = self.eyes.keep(sight.frame)
        by = ", ".join(dict.fromkeys(one.by for one in judged.proof))
        outcome = Outcome(
            frame=frame,
            window=_lasting(sight.active),
            element=_afterwards(step, grounding, sight),
            changed=lasting_changes(Moments(grounding.sight.frame, sight.frame)),
            verified_by=by,
        )
        differed = judged.missing if judged.ok is False else ()
        return Verification(judged.ok, by, differed, frame, waited_ms, _observed(judged), outcome)


@dataclass(frozen=True)
class _Judged:
    """What a look was worth: `missing` says what still may come."""

    ok: bool | None
    proof: tuple[Difference, ...]
    seen: tuple[Difference, ...]
    missing: tuple[str, ...] = ()

    def waits_s(self, timeout_s: float) -> float:
        """How long after the action it is worth looking for more."""
        if self.missing:
            return timeout_s
        return min(LATE_S, timeout_s) if self.ok and all(one.mere for one in self.proof) else 0.0


def _judged(step: Step, grounding: Grounding, now: tuple[Sight, tuple[Difference, ...]]) -> _Judged:
    sight, found = now
    action = step.action
    if isinstance(action, Activate):
        return _activated(action, sight, found)
    if isinstance(action, TypeText):
        expected = _arrival(action, grounding)
        if expected is not None:
            arrived = expected.met(grounding, sight)
            stands = (Difference("text", "the text stands in the field"),) if arrived else ()
            return _Judged(arrived, stands, (*stands, *found), () if arrived else (NOT_ARRIVED,))
    if isinstance(action, Click) and _is_focused(grounding, sight):
        found = (*found, Difference("focus", "the field has the focus"))
    proof = tuple(one for one in found if not one.foreign)
    if proof:
        return _Judged(True, proof, found)
    if not isinstance(action, EFFECTIVE) or (isinstance(action, PressKeys) and action.keys in UNSEEN_KEYS):
        return _Judged(None, (), found)
    where = "where the step acted" if found else "on the screen"
    return _Judged(False, (), found, (f"nothing changed {where}",))


def _acted_on(grounding: Grounding) -> Window | None:
    """The window under the pointer; None where the step went to the one in front."""
    point = grounding.point
    if point is None:
        return None
    return next((window for window in grounding.sight.windows if window.bounds.contains(point)), None)


def _activated(action: Activate, sight: Sight, found: tuple[Difference, ...]) -> _Judged:
    wanted = Window(action.app, action.title, Rect(0, 0, 0, 0))
    active = sight.active
    if active is not None and active.app == action.app and (not action.title or same_window(wanted, active)):
        proof = (Difference("window", f"the window {_quoted(active.title)} is in front"),)
        return _Judged(True, proof, proof)
    return _Judged(False, (), found, (f"the window {_quoted(action.title or action.app)} did not come to the front",))


def _arrival(action: TypeText, grounding: Grounding) -> TextArrives | None:
    """What must stand in the field; None where accessibility does not say what it holds, or a key at the end acts."""
    element = grounding.element
    if action.secret is not None or element is None or element.value is None or not action.text.strip():
        return None
    if action.text[-1] in "\n\t":
        return None
    return TextArrives("text", NOT_ARRIVED, action.text, alone=False)


def _is_focused(grounding: Grounding, sight: Sight) -> bool:
    """Whether a field that was clicked has the focus, though it may have had it before."""
    element = grounding.element
    if element is None or element.value is None or sight.accessibility is None:
        return False
    now = sight.accessibility.refresh(element)
    return now is not None and "focused" in now.states and "editable" in now.states


def _afterwards(step: Step, grounding: Grounding, sight: Sight) -> Element | None:
    """The step's target, for typing the focused field, as it is now; None where it is gone."""
    if step.target is None or grounding.element is None or sight.accessibility is None:
        return None
    return stored(sight.accessibility.refresh(grounding.element))


def _own_place(grounding: Grounding) -> Rect | None:
    """What may glow under the pointer without anything having happened."""
    if grounding.point is None:
        return None
    element, point = grounding.element, grounding.point
    if element is not None and not {"editable", "multi-line"} & set(element.states) and _lights_up(element.bounds):
        return element.bounds.grown(GLOW_PX)
    return Rect(point.x, point.y, 1, 1).grown(GLOW_PX)


def _lights_up(bounds: Rect) -> bool:
    across, down = LIGHTS_UP_PX
    return bounds.width <= 2 * across and bounds.height <= 2 * down


def _observed(judged: _Judged) -> str:
    words = "; ".join(dict.fromkeys(one.words for one in judged.seen if one.words))
    return cut(words or "nothing changed on the screen", LONGEST)


def _quoted(text: str) -> str:
    return f"“{cut(' '.join(text.split()), 40)}”"


def _lasting(window: Window | None) -> Window | None:
    return replace(window, handle=None, pid=None) if window else None
