"""From raw input events to steps: a pure function that can be run again on any old recording.

The way: events are read into atoms (a press with its release, a notch, a keystroke), atoms into gestures (a double
click, a drag, text), gestures get what must be said between them, and the sightings give each its target and outcome.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, zip_longest

from recorder.atoms import Atom, Mark, Press, Reading, Stroke, Turn, gap_ms, is_break, read_atoms
from recorder.attaching import Deed, step_of
from recorder.gaps import bridge, switched_to
from recorder.gestures import Gesture, press_gestures, turn_gestures
from recorder.hovering import hover_before
from recorder.seen import Seen, arrived_text, change, index
from recorder.strokes import read_strokes
from workbench.actions import Action, Activate, Note, TypeText
from workbench.inputs import InputEvent, Sighting
from workbench.trajectory import Step

LAST_SEQ = 1 << 62
"""Beyond every sequence number."""


@dataclass(frozen=True)
class Reduction:
    """Steps, and by sequence number why each event that is in no step is in none."""

    steps: tuple[Step, ...]
    aside: dict[int, str]
    members: dict[int, str]


def reduce(events: Sequence[InputEvent], sightings: Sequence[Sighting]) -> tuple[Step, ...]:
    """The steps that these events amount to, without witnesses that need pixels; never raises on odd input."""
    return explain(events, sightings).steps


def explain(events: Sequence[InputEvent], sightings: Sequence[Sighting]) -> Reduction:
    """The steps, and for every event the step it belongs to (`members`) or why it belongs to none (`aside`)."""
    seen = index(sightings)
    reading = read_atoms(events)
    flow = _Flow(dict(reading.aside))
    for parts in _runs(reading):
        flow.take(parts, seen)
    deeds = list(_deeds(_with_hovers(flow, events, seen), seen))
    steps = tuple(step_of(deed, number) for number, deed in enumerate(deeds, start=1))
    pairs = [(step, deed.gesture) for step, deed in zip(steps, deeds, strict=True) if deed.gesture]
    members = {event.seq: step.id for step, gesture in pairs for event in gesture.events}
    aside = {seq: why for seq, why in flow.aside.items() if seq not in members}
    return Reduction(steps, aside, members)


@dataclass(frozen=True)
class _Moment:
    """A gesture, and whether the flow was interrupted before it; `masked` says what was left out there."""

    gesture: Gesture
    interrupted: bool = False
    masked: str = ""


@dataclass
class _Flow:
    """Gestures in order while atoms are read."""

    aside: dict[int, str]
    moments: list[_Moment] = field(default_factory=list)
    interrupted: bool = False
    masked: str = ""

    def take(self, atoms: list[Atom], seen: Seen) -> None:
        """Read atoms of one kind."""
        first = atoms[0]
        if is_break(first):
            self._break(first.first)
        elif isinstance(first, Mark):
            self._add([_marked(first)])
        elif isinstance(first, Press):
            self._add(press_gestures([atom for atom in atoms if isinstance(atom, Press)]))
        elif isinstance(first, Turn):
            self._add(turn_gestures([atom for atom in atoms if isinstance(atom, Turn)]))
        else:
            strokes = read_strokes([atom for atom in atoms if isinstance(atom, Stroke)], seen)
            self.aside |= strokes.aside
            self._add(strokes.gestures)

    def _break(self, event: InputEvent) -> None:
        self.interrupted = True
        self.aside[event.seq] = {"excluded": "an excluded application"}.get(event.kind, f"recording: {event.kind}")
        if event.kind == "excluded":
            self.masked = "work in an excluded application was left out before this step"

    def _add(self, gestures: list[Gesture]) -> None:
        for gesture in gestures:
            self.moments.append(_Moment(gesture, self.interrupted, self.masked))
            self.interrupted, self.masked = False, ""


def _runs(reading: Reading) -> Iterator[list[Atom]]:
    for kind, atoms in groupby(reading.atoms, key=type):
        if kind is Mark:
            yield from ([atom] for atom in atoms)
        else:
            yield list(atoms)


def _marked(mark: Mark) -> Gesture:
    event = mark.first
    action: Action = Note(event.text) if event.kind == "note" else TypeText(secret=event.text)
    return Gesture(action, (event,))


def _with_hovers(flow: _Flow, events: Sequence[InputEvent], seen: Seen) -> list[_Moment]:
    """The gestures with meaningful rests of the pointer before those that they lead to."""
    seqs = [event.seq for event in events]
    found: list[_Moment] = []
    last_seq = 0
    for moment in flow.moments:
        way = events[bisect_right(seqs, last_seq) : bisect_left(seqs, moment.gesture.first.seq)]
        hover = hover_before(moment.gesture, [event for event in way if event.kind == "move"], seen)
        if hover is not None:
            found.append(replace(moment, gesture=hover))
            moment = _Moment(moment.gesture)
        found.append(moment)
        last_seq = moment.gesture.last.seq
    return found


@dataclass(frozen=True)
class _Past:
    """What is known when a gesture begins: the one before, what was seen after it, and at all, and who was active."""

    gesture: Gesture | None = None
    settled: Sighting | None = None
    latest: Sighting | None = None
    known: frozenset[str] = frozenset()


def _deeds(moments: Sequence[_Moment], seen: Seen) -> Iterator[Deed]:
    """Every gesture with what was seen around it, preceded by what must be said before it."""
    past = _Past()
    for here, following in zip_longest(moments, moments[1:]):
        gesture = here.gesture
        before = seen.before(gesture.first.seq)
        said = _said(past, here, before)
        if said is not None:
            yield Deed(said, before=past.latest, after=before)
        settled = seen.after(gesture.first.seq, following.gesture.first.seq - 1 if following else LAST_SEQ)
        after = settled or (seen.before(following.gesture.first.seq) if following else None)
        release = seen.before(gesture.last.seq) if gesture.end is not None else None
        yield Deed(_settled(gesture, before, after), gesture, before, after, here.masked, release)
        active = {sighting.active.app for sighting in (before, after) if sighting and sighting.active}
        past = _Past(gesture, settled, settled or before or past.latest, past.known | active)


def _said(past: _Past, here: _Moment, before: Sighting | None) -> Action | None:
    if past.gesture is None:
        return None
    left = past.latest if here.interrupted else past.settled
    break_ms = None if here.interrupted else gap_ms(past.gesture.last, here.gesture.first)
    return bridge(here.gesture, left, before, break_ms=break_ms, known=past.known)


def _settled(gesture: Gesture, before: Sighting | None, after: Sighting | None) -> Action:
    """The gesture's action in the light of what followed."""
    window = switched_to(gesture, after)
    if window is not None:
        return Activate(app=window.app, title=window.title)
    if isinstance(gesture.action, TypeText) and gesture.action.secret is None:
        return TypeText(arrived_text(gesture.action.text, change(before, after), certain=gesture.certain))
    return gesture.action
