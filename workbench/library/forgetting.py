"""What forgetting leaves of steps and run events: pure functions from what is stored to what may stay.

Nothing here touches the library; `workbench.library.purging` applies these to every place where something is written.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from workbench.actions import Note
from workbench.approval import Decision
from workbench.events import (
    ApprovalAsked,
    ApprovalDecided,
    Event,
    ExperienceLent,
    MemoryChanged,
    Progress,
    RunEnded,
    StepActing,
    StepEnded,
    StepKept,
    StepLocated,
    StepProposed,
    TakeOverBegan,
    TakeOverEnded,
)
from workbench.inputs import InputEvent
from workbench.locate.verdict import Verdict
from workbench.trajectory import FrameId, Outcome, Step, Trajectory

_NOT_WRITTEN_BY_PEOPLE = frozenset(
    {"kind", "id", "button", "modifiers", "source", "trajectory", "run", "states", "word", "by", "risk", "desktop"}
    | {"witness", "state", "cause", "located_by", "status", "outcome", "platform", "frame", "expected"}
    | {"payloads", "resumes", "sureness", "recorded_in", "lent"}
)
"""Fields that say what a record is: replacing in them would make it unreadable."""

_FRAME_FIELDS = ("frame", "expected")

_NAMED_BY_PEOPLE = "values"
"""The field of a run's order whose names are those of variables: no field of a record, whatever they are called."""


@dataclass(frozen=True)
class Window:
    """A stretch of a recording: nanoseconds of the recorder's clock, both ends included, `until_ns` None for open."""

    since_ns: int
    until_ns: int | None

    def holds(self, at_ns: int) -> bool:
        """Whether that moment is in it."""
        return at_ns >= self.since_ns and (self.until_ns is None or at_ns <= self.until_ns)


@dataclass(frozen=True)
class Remainder:
    """What is left of a trajectory, and the ids of the steps that were removed or lost their outcome."""

    trajectory: Trajectory
    removed: frozenset[str]
    emptied: frozenset[str]


def without(trajectory: Trajectory, window: Window, gone: Collection[int], *, recorded_in: str = "") -> Remainder:
    """The trajectory without the steps that happened in the window or were reduced from events that are gone.

    A step that was followed by something forgotten loses its outcome, which may have been seen then. Both are moments
    and numbers of one recording, that of the steps with this `recorded_in`; others have a clock of their own.
    """
    steps, removed, emptied = [], set(), set()
    forgotten = sorted(gone)
    touched = [s.recorded_in == recorded_in and _touches(s, window, forgotten) for s in trajectory.steps]
    for at, step in enumerate(trajectory.steps):
        after = next((s for s in trajectory.steps[at + 1 : at + 2] if s.recorded_in == recorded_in), None)
        if touched[at]:
            removed.add(step.id)
        elif any(touched[at + 1 : at + 2]) or (step.recorded_in == recorded_in and _followed(step, after, forgotten)):
            emptied.add(step.id)
            steps.append(replace(step, outcome=Outcome()))
        else:
            steps.append(step)
    return Remainder(replace(trajectory, steps=tuple(steps)), frozenset(removed), frozenset(emptied))


def blank_run(events: Sequence[Event], removed: Collection[str], emptied: Collection[str]) -> list[Event]:
    """A run's events with nothing left of removed steps but that they took place, and no outcomes of emptied ones."""
    blanked: list[Event] = []
    names = {event.index: event.step.id for event in events if isinstance(event, StepProposed)}
    names |= {event.index: event.step.id for event in events if isinstance(event, StepKept)}
    step = ""
    for event in events:
        if isinstance(event, StepProposed | StepKept):
            step = names[event.index]
        if step in removed:
            blanked.append(_blank(event))
        else:
            blanked.append(_without_outcome(event) if step in emptied else event)
    return blanked


def blank_keys(event: InputEvent) -> InputEvent:
    """The event without which key it was; any other event as it is."""
    if event.kind not in ("key_down", "key_up", "keymap"):
        return event
    return replace(event, keycode=0, keysym="", text="")


def spelled(events: Sequence[InputEvent], text: str) -> list[tuple[int, int]]:
    """Where the keys that were pressed spell the text: numbers of the first and the last press of each place."""
    typed = [event for event in events if event.kind == "key_down" and event.text]
    letters = "".join(event.text for event in typed)
    owners = [event.seq for event in typed for _ in event.text]
    places, at = [], letters.find(text)
    while at >= 0:
        places.append((owners[at], owners[at + len(text) - 1]))
        at = letters.find(text, at + 1)
    return places


def keys_in(events: Sequence[InputEvent], first_seq: int, last_seq: int) -> set[int]:
    """The numbers of the key events in that range, and of the later releases of keys that were pressed in it."""
    found: set[int] = set()
    held: set[int] = set()
    for event in events:
        if not event.kind.startswith("key") or event.seq < first_seq:
            continue
        inside = event.seq <= last_seq
        if inside or (event.kind == "key_up" and event.keycode in held):
            found.add(event.seq)
        if event.kind == "key_up":
            held.discard(event.keycode)
        elif inside:
            held.add(event.keycode)
    return found


def text_replacer(text: str, replacement: str) -> Callable[[str], str]:
    """A function on JSON that replaces the text in everything a person can have written or read."""

    return words_changer(lambda value: value.replace(text, replacement))


def words_changer(change_text: Callable[[str], str]) -> Callable[[str], str]:
    """A function on JSON that changes every text that a person can have written or read."""

    def change(body: str) -> str:
        return msgspec.json.encode(_walk(msgspec.json.decode(body), change_text)).decode()

    return change


def frame_replacer(frames: Mapping[FrameId, FrameId | None]) -> Callable[[str], str]:
    """A function on JSON that replaces references to frames; None removes the reference."""

    def change(body: str) -> str:
        if not any(frame in body for frame in frames):
            return body
        return msgspec.json.encode(_swap_frames(msgspec.json.decode(body), frames)).decode()

    return change


def without_values(body: str) -> str:
    """A sighting's JSON without the values of its elements."""
    sighting = msgspec.json.decode(body)
    for name in ("element", "focused"):
        if isinstance(sighting.get(name), dict):
            sighting[name].pop("value", None)
    return msgspec.json.encode(sighting).decode()


def _touches(step: Step, window: Window, gone: Sequence[int]) -> bool:
    at_ns = step.observation.monotonic_ns
    if at_ns > 0 and window.holds(at_ns):
        return True
    first = step.first_event
    last = first if step.last_event is None else step.last_event
    return first is not None and last is not None and _any_between(gone, first, last)


def _followed(step: Step, after: Step | None, gone: Sequence[int]) -> bool:
    """Whether something forgotten came between the step and the next one, None for anything after it."""
    last = step.last_event if step.last_event is not None else step.first_event
    if last is None:
        return False
    end = after.first_event if after else None
    return _any_between(gone, last + 1, gone[-1] if end is None and gone else end or 0)


def _any_between(numbers: Sequence[int], first: int, last: int) -> bool:
    at = bisect_left(numbers, first)
    return at < len(numbers) and numbers[at] <= last


def _blank(event: Event) -> Event:
    match event:
        case StepProposed() | StepActing() | StepKept():
            return _blank_step(event)
        case MemoryChanged():
            return replace(event, change={})
        case ExperienceLent():
            return replace(event, loans=(), wanted="")
        case StepLocated():
            return replace(event, verdict=Verdict(), end=None, frame=None)
        case ApprovalAsked() | ApprovalDecided() | TakeOverBegan() | TakeOverEnded():
            return _blank_decision(event)
        case StepEnded():
            return replace(event, message="", differed=(), frame=None, expected=None)
        case Progress():
            return replace(event, text="")
        case RunEnded():
            return replace(event, reason=None)
        case _:
            return event


def _blank_step(event: StepProposed | StepActing | StepKept) -> Event:
    step = Step(event.step.id, Note("forgotten"))
    if isinstance(event, StepProposed):
        return replace(event, step=step, frame=None, why="")
    return replace(event, step=step, frame=None) if isinstance(event, StepActing) else replace(event, step=step)


def _blank_decision(event: ApprovalAsked | ApprovalDecided | TakeOverBegan | TakeOverEnded) -> Event:
    match event:
        case ApprovalAsked():
            return replace(event, reason="", verdict=None, frame=None, elements=(), batch=None)
        case ApprovalDecided():
            bare = Decision(event.decision.word, event.decision.by, risk=event.decision.risk)
            return replace(event, decision=bare, verdict=None, frame=None)
        case TakeOverEnded():
            return replace(event, words="", frame=None)
        case _:
            return replace(event, frame=None)


def _without_outcome(event: Event) -> Event:
    if isinstance(event, StepProposed | StepActing | StepKept):
        return replace(event, step=replace(event.step, outcome=Outcome()))
    if isinstance(event, MemoryChanged):
        return _blank(event)
    if isinstance(event, ApprovalDecided) and event.decision.step:
        return replace(event, decision=Decision(event.decision.word, event.decision.by, event.decision.reason))
    return _blank(event) if isinstance(event, StepEnded) else event


def _walk(value: object, change: Callable[[str], str], name: str = "") -> object:
    if isinstance(value, str):
        return value if name in _NOT_WRITTEN_BY_PEOPLE else change(value)
    if isinstance(value, dict) and name == _NAMED_BY_PEOPLE:
        return {change(key): _walk(item, change) for key, item in value.items()}
    if isinstance(value, dict):
        return {key: _walk(item, change, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_walk(item, change, name) for item in value]
    return value


def _swap_frames(value: object, frames: Mapping[FrameId, FrameId | None]) -> object:
    if isinstance(value, list):
        return [_swap_frames(item, frames) for item in value]
    if not isinstance(value, dict):
        return value
    swapped = {}
    for name, item in value.items():
        if name in _FRAME_FIELDS and isinstance(item, str):
            item = frames.get(item, item)
        elif name == "crop" and isinstance(item, dict) and frames.get(item["frame"], "") is None:
            item = None
        swapped[name] = _swap_frames(item, frames)
    return {name: item for name, item in swapped.items() if item is not None or value[name] is None}
