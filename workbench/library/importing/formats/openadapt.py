"""Recordings of OpenAdapt: a folder of openadapt-capture, or the shared database of the older OpenAdapt.

`recording.db` or `openadapt.db` has the input, the windows in front and the screenshots, as PNG or only as times of
frames in `oa_recording-….mp4`. Times are seconds since 1970. Coordinates are pixels of the pictures where the recording
names its `coordinate_space`; otherwise they are logical: times `pixel_ratio` where that was measured, and as the older
OpenAdapt did it in the ratio of the pictures to the monitor where it was not.

A database alone, without its folder, is read without its video.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, field

from workbench.errors import BadInputError
from workbench.geometry import Rect, Screen
from workbench.inputs import Sighting
from workbench.library.importing import filming
from workbench.library.importing.collecting import title_of
from workbench.library.importing.drafts import Draft, Item
from workbench.library.importing.moments import moments
from workbench.library.importing.openadapt_database import HEAD, opened
from workbench.library.importing.openadapt_input import Input, Windows, windows_of
from workbench.library.importing.openadapt_look import Look
from workbench.library.importing.openadapt_rows import Row
from workbench.library.importing.source import Source, decoded
from workbench.library.importing.tape import Losses, Scale, Spot, Tape
from workbench.library.records import RecordingOpening
from workbench.library.transfer import WholeRecording

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures

TITLE = "OpenAdapt"

DATABASES = ("recording.db", "openadapt.db")
VIDEO = "oa_recording-"
HANDOFFS = "authentication-handoffs.json"
WINDOW_PIXELS = "window_pixels"
IN_PIXELS = frozenset({"virtual_desktop_pixels", WINDOW_PIXELS})


class Scope(Struct):
    """What was captured."""

    coordinate_space: str | None = None


class Config(Struct):
    """The settings that a recording was made with."""

    coordinate_space: str | None = None
    pixel_ratio: float | None = None
    capture_desktop: Scope | None = None
    capture_window: Scope | None = None
    desktop_capture: Scope | None = None
    window_capture: Scope | None = None

    @property
    def spaces(self) -> set[str | None]:
        """All that is said about what coordinates mean."""
        scopes = (self.capture_desktop, self.capture_window, self.desktop_capture, self.window_capture)
        return {self.coordinate_space, *(scope.coordinate_space for scope in scopes if scope)}


class Interval(Struct):
    """When somebody signed in and nothing was recorded."""

    started_at: float
    ended_at: float | None = None


class Handoffs(Struct):
    """All such intervals."""

    intervals: list[Interval] = field(default_factory=list)


def recognises(source: Source) -> bool:
    """Whether it is a database of OpenAdapt, or a folder with one."""
    name = _database(source)
    if name is None or source.start(name, count=len(HEAD)) != HEAD:
        return False
    try:
        with opened(source.file(name)) as database:
            return database.is_openadapt
    except BadInputError:
        return False


def items(source: Source) -> Iterator[Item]:
    """Every recording in the database."""
    with opened(source.file(_database(source) or "")) as database:
        found = list(database.recordings())
    for number, recording in enumerate(found, start=1):
        name = source.name if len(found) == 1 else f"{source.name} {number}"
        yield Item(name, partial(_read, source, recording, name))


def _database(source: Source) -> str | None:
    if not source.is_folder:
        return ""
    return next((name for name in DATABASES if source.has(name)), None)


def _read(source: Source, recording: Row, name: str, pictures: "Pictures") -> Draft:
    losses, config = Losses(), _config(recording)
    file = _database(source) or ""
    if file and source.has(f"{file}-wal") and source.size(f"{file}-wal"):
        losses.add("what OpenAdapt had not yet written into the database itself was not read")
    film = _film(source, recording, losses)
    with opened(source.file(file)) as database, filming.opened(source, film, pictures, losses) as video:
        source.read_bytes(source.size(file))
        look = Look(database, database.stills(recording), pictures, video, _video_start_s(recording))
        tape = Tape(_scale(recording, config, look.size, losses), recording.number("timestamp"), losses)
        hand = Input(tape, recording.text("platform"), database.pages(recording))
        for row in database.of("action_event", recording):
            hand.take(row)
        _pauses(source, tape)
        scoped = look.size if WINDOW_PIXELS in config.spaces else None
        windows = windows_of(database.of("window_event", recording), tape, frame=scoped)
        return _draft(_opening(recording, name, look), hand, look, windows)


def _config(recording: Row) -> Config:
    text = recording.text("config")
    return decoded(text, Config, what="the settings of the recording") if text.startswith("{") else Config()


def _video_start_s(recording: Row) -> float:
    return recording.number("video_start_time") or recording.number("timestamp") or 0.0


def _film(source: Source, recording: Row, losses: Losses) -> str | None:
    """The video of the recording: the one in its folder, or of several recordings the one that is named by its time."""
    if not source.is_folder:
        return None
    if source.has(DATABASES[0]):
        return filming.video_in(source, losses, starting=VIDEO) or filming.video_in(source, losses)
    own = f"{VIDEO}{recording.number('timestamp')}.mp4"
    return next((name for name in (own, f"videos/{own}") if source.has(name)), None)


def _scale(recording: Row, config: Config, size: tuple[int, int] | None, losses: Losses) -> Scale:
    if IN_PIXELS & config.spaces:
        return Scale()
    ratio = recording.number("pixel_ratio") or config.pixel_ratio or 0.0
    if 0.1 <= ratio <= 10:
        return Scale(ratio, ratio)
    width, height = recording.number("monitor_width") or 0, recording.number("monitor_height") or 0
    return filming.scale_to(size, width, height, losses) if size else Scale()


def _pauses(source: Source, tape: Tape) -> None:
    """Stretches that were kept private are pauses."""
    if not (source.is_folder and source.has(HANDOFFS)):
        return
    for interval in source.json(Handoffs, HANDOFFS).intervals:
        tape.mark("pause", Spot(interval.started_at, HANDOFFS))
        if interval.ended_at is not None:
            tape.mark("resume", Spot(interval.ended_at, HANDOFFS))


def _opening(recording: Row, name: str, look: Look) -> RecordingOpening:
    size = look.size or (round(recording.number("monitor_width") or 0), round(recording.number("monitor_height") or 0))
    known = 0 < size[0] <= 1e5 and 0 < size[1] <= 1e5
    screens = (Screen("recorded", Rect(0, 0, *size), primary=True),) if known else ()
    task = recording.text("task_description").strip()
    epoch_s = recording.number("timestamp") or 0.0
    return RecordingOpening(title_of(task, name), task, recording.text("platform"), screens=screens, epoch_s=epoch_s)


def _draft(opening: RecordingOpening, hand: Input, look: Look, windows: Windows) -> Draft:
    taped = hand.tape.taped()
    elements = {taped.seq(added): element for added, element in hand.elements.items()}
    focused = {taped.seq(added): element for added, element in hand.focused.items()}
    sightings = []
    for moment in moments(taped.events):
        at_s, event_s = hand.tape.seconds(moment.at_ns), hand.tape.seconds(moment.event_ns)
        shot = look.before(event_s) if moment.before else look.after(at_s, event_s)
        window = windows.at(event_s if moment.before else at_s)
        sightings.append(
            Sighting(
                moment.seq,
                moment.at_ns,
                before=moment.before,
                frame=shot.frame if shot else None,
                window=window,
                active=window,
                element=elements.get(moment.seq) if moment.before else None,
                focused=focused.get(moment.seq) if moment.before else None,
                screens=opening.screens,
                epoch_s=at_s,
            )
        )
    if look.changed:
        hand.tape.losses.add("the pictures change their size, so that places may be off")
    return Draft(
        opening.title,
        opening.task,
        recording=WholeRecording(opening, taped.events, tuple(sightings)),
        created=opening.epoch_s,
        seconds=taped.events[-1].monotonic_ns / 1e9 if taped.events else 0.0,
        platform=opening.platform,
        screens=opening.screens,
        remarks=tuple(hand.tape.losses.remarks()),
    )
