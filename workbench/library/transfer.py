"""Everything that the library has about one trajectory, taken out whole and put in whole."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import BadInputError
from workbench.inputs import InputEvent, Sighting
from workbench.library import recordings, revisions
from workbench.library.records import RecordingOpening, check_id, storable, written
from workbench.library.revisions import Revision
from workbench.trajectory import FrameId, Trajectory, frames_of

if TYPE_CHECKING:
    import sqlite_utils


@dataclass(frozen=True)
class WholeRecording:
    """The raw part: what began it, its events and sightings, and which stretches of events were forgotten."""

    opening: RecordingOpening
    events: tuple[InputEvent, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    forgotten: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Kept:
    """One revision with its decoded trajectory; `parent` is 0 for the first, `saved` seconds since the epoch."""

    trajectory: Trajectory
    parent: int = 0
    note: str = ""
    saved: float = 0.0


@dataclass(frozen=True)
class Whole:
    """A trajectory with its revisions, numbered from 1 without gaps, and its recording where there is one."""

    id: str
    head: int
    history: tuple[Kept, ...]
    recording: WholeRecording | None = None

    @property
    def trajectory(self) -> Trajectory:
        """The head."""
        return self.history[self.head - 1].trajectory

    def frames(self) -> set[FrameId]:
        """Every frame that anything in it refers to."""
        seen = self.recording.sightings if self.recording else ()
        found = {sighting.frame for sighting in seen if sighting.frame}
        return found.union(*(frames_of(kept.trajectory) for kept in self.history))


def check_recording(recording: WholeRecording) -> None:
    """Raise `BadInputError` for what could not be stored: numbers that do not rise or are too long."""
    numbers = [event.seq for event in recording.events]
    if numbers != sorted(set(numbers)) or (numbers and numbers[0] < 1):
        raise BadInputError("the numbers of its events do not rise")
    if any(not 0 <= bound < recordings.MAX_INTEGER for stretch in recording.forgotten for bound in stretch):
        raise BadInputError("it forgets events of impossible numbers")
    recordings.event_rows("", recording.events)
    recordings.sighting_rows("", recording.sightings)


def read(db: "sqlite_utils.Database", trajectory_id: str) -> Whole:
    """Take it out; raises `BadInputError` for a recording without steps and for damaged rows."""
    head = revisions.existing_head(db, trajectory_id)
    history = tuple(_kept(trajectory_id, revision) for revision in revisions.read_all(db, trajectory_id))
    recorded = recordings.is_recorded(db, trajectory_id)
    return Whole(trajectory_id, head, history, _read_recording(db, trajectory_id) if recorded else None)


def write(db: "sqlite_utils.Database", whole: Whole) -> Trajectory:
    """Put it in; raises `BadInputError` when the id is taken."""
    check_id(whole.id)
    revisions.refuse_taken(db, whole.id)
    revisions.insert_row(db, whole.trajectory)
    if whole.recording:
        _write_recording(db, whole.id, whole.recording)
    kept = [_revision(kept) for kept in whole.history]
    return revisions.restore(db, whole.id, kept, head=whole.head)


def _kept(trajectory_id: str, revision: Revision) -> Kept:
    trajectory = revision.decode(what=f"{trajectory_id}@{revision.number}")
    return Kept(trajectory, revision.parent, revision.note, revision.saved)


def _revision(kept: Kept) -> Revision:
    number = kept.trajectory.revision
    body = written(storable(kept.trajectory, number), Trajectory, what=f"{kept.trajectory.id}@{number}")
    return Revision(number, kept.parent, kept.note, kept.saved, body)


def _read_recording(db: "sqlite_utils.Database", trajectory_id: str) -> WholeRecording:
    return WholeRecording(
        recordings.opening(db, trajectory_id),
        tuple(recordings.events(db, trajectory_id)),
        tuple(recordings.sightings(db, trajectory_id)),
        tuple(recordings.forgotten(db, trajectory_id)),
    )


def _write_recording(db: "sqlite_utils.Database", trajectory_id: str, recording: WholeRecording) -> None:
    opening = written(recording.opening, RecordingOpening, what="the recording")
    db["recordings"].insert({"trajectory": trajectory_id, "opening": opening})
    recordings.refuse_taken(db, trajectory_id, recording.events)
    recordings.insert_events(db, recordings.event_rows(trajectory_id, recording.events))
    recordings.insert_sightings(db, recordings.sighting_rows(trajectory_id, recording.sightings))
    recordings.forget_numbers(db, trajectory_id, recording.forgotten)
