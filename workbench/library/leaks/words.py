"""All words that would leave, each with the place where it stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from workbench.inputs import InputEvent
from workbench.library.exporting.material import Material, Run
from workbench.library.leaks.leak import Place
from workbench.trajectory import FrameId, Trajectory

if TYPE_CHECKING:
    from workbench.library.transfer import Whole

_CODES = frozenset(
    {"id", "kind", "frame", "expected", "payloads", "recorded_in", "lent", "run", "trajectory", "resumes"}
)
"""Fields that hold digests and names of ours, never anybody's words."""

_NAMED_BY_PEOPLE = "values"

_ENDS = frozenset({"Return", "KP_Enter", "Tab", "ISO_Left_Tab", "Escape"})
"""Keys that lead elsewhere: what is typed after them is another text."""


@dataclass(frozen=True)
class Spoken:
    """One text and its place."""

    place: Place
    text: str


def of_material(material: Material) -> Iterator[Spoken]:
    """The words of trajectories, and of their runs and hints where those leave too."""
    for trajectory in material.trajectories:
        yield from of_trajectory(trajectory)
        for run in material.runs(trajectory.id):
            yield from of_run(trajectory, run)
        for hint in material.hints(trajectory.id):
            yield Spoken(Place(_named(trajectory), field=f"hint {hint.id}"), hint.words)


def of_whole(whole: "Whole") -> Iterator[Spoken]:
    """The words of a trajectory with its history and recording: the head's first, then older ones, notes and keys."""
    yield from of_trajectory(whole.trajectory)
    for kept in reversed(whole.history):
        if kept.trajectory is not whole.trajectory:
            yield from of_trajectory(kept.trajectory)
        yield Spoken(Place(_named(kept.trajectory), field="note of the revision"), kept.note)
    if whole.recording:
        place = Place(whole.id, field="recording")
        yield from _below(whole.recording.opening, place)
        yield from of_events(whole.id, whole.recording.events)
        for sighting in whole.recording.sightings:
            yield from _below(sighting, replace(place, field=f"what was seen at event {sighting.seq}"))


def of_trajectory(trajectory: Trajectory) -> Iterator[Spoken]:
    """The words of its head and of every step."""
    place = Place(_named(trajectory))
    yield from _below(msgspec.structs.replace(trajectory, steps=()), place)
    for number, step in enumerate(trajectory.steps, 1):
        yield from _below(step, replace(place, step=number))


def of_run(trajectory: Trajectory, run: Run) -> Iterator[Spoken]:
    """The words of everything that happened in a run."""
    place = Place(_named(trajectory), run=run.summary.id)
    yield from _below(run.summary, replace(place, field="summary"))
    for event in run.events:
        yield from _below(event, replace(place, field=f"event {event.number}"))


def of_events(recording: str, events: Sequence[InputEvent]) -> Iterator[Spoken]:
    """What recorded keys spell, as they were pressed and with what was taken back, and the notes among them."""
    pressed = [event for event in events if event.kind == "key_down"]
    for field, keys in (("recorded keys", _pressed(pressed)), ("recorded keys, corrected", _corrected(pressed))):
        yield Spoken(Place(recording, field=field), keys)
    for event in events:
        if event.text and not event.kind.startswith("key"):
            yield Spoken(Place(recording, field=f"event {event.seq}"), event.text)


def _pressed(keys: Iterable[InputEvent]) -> str:
    return "".join("\n" if key.keysym in _ENDS else key.text for key in keys)


def _corrected(keys: Iterable[InputEvent]) -> str:
    """What is left once every BackSpace has taken a letter."""
    left: list[str] = []
    for key in keys:
        if key.keysym == "BackSpace":
            del left[-1:]
        else:
            left += "\n" if key.keysym in _ENDS else key.text
    return "".join(left)


def frames_in(run: Run) -> Iterator[FrameId]:
    """The pictures that its events show, in their order."""
    for event in run.events:
        yield from _frames(msgspec.to_builtins(event))


def _frames(value: object) -> Iterator[FrameId]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name in ("frame", "expected") and isinstance(item, str):
                yield item
            else:
                yield from _frames(item)
    elif isinstance(value, list):
        for item in value:
            yield from _frames(item)


def _named(trajectory: Trajectory) -> str:
    return f"{trajectory.id}@{trajectory.revision}"


def _below(record: msgspec.Struct | object, place: Place) -> Iterator[Spoken]:
    yield from _walk(msgspec.to_builtins(record), place)


def _walk(value: object, place: Place) -> Iterator[Spoken]:
    """Every string with the path of names that leads to it."""
    if isinstance(value, str):
        yield Spoken(place, value)
    elif isinstance(value, dict):
        for name, item in value.items():
            below = replace(place, field=f"{place.field}.{name}" if place.field else str(name))
            if place.field.endswith(_NAMED_BY_PEOPLE):
                yield Spoken(below, str(name))
            if name not in _CODES or not isinstance(item, str):
                yield from _walk(item, below)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, place)
