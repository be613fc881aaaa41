"""What a recording is asked to do, and what it says when it has ended."""

from msgspec import Struct


class Hotkeys(Struct, frozen=True, forbid_unknown_fields=True):
    """Gestures that steer a recording and never become steps, written like `ctrl+alt+s`; empty means none."""

    stop: str = "ctrl+alt+s"
    pause: str = "ctrl+alt+p"
    forget: str = "ctrl+alt+f"
    note: str = "ctrl+alt+n"
    secret: str = "ctrl+alt+k"  # noqa: S105 - a key, not a password


class RecordingOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """What to record, and how.

    `commands` are those that started the applications; they are kept to be shown. Nothing is recorded of windows whose
    application is in `exclude` or whose title contains one of its words (`*` and `?` allowed, case ignored). Without
    `frames` no pixels are kept; with `people_only` input made by programs is left out. Windows of the processes
    `own_pids` are our own business and are never recorded.
    """

    title: str = ""
    task: str = ""
    commands: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    frames: bool = True
    people_only: bool = False
    hotkeys: Hotkeys = Hotkeys()
    own_pids: tuple[int, ...] = ()


class RecordingResult(Struct, frozen=True, omit_defaults=False):
    """A recording that has ended and is saved.

    `bytes` is what it takes in the library, `dropped` counts events that were lost.
    """

    trajectory: str
    title: str
    steps: int
    events: int
    dropped: int
    seconds: float
    bytes: int


class Counters(Struct, frozen=True):
    """How a recording is going: events and pictures written, and those that could not be kept."""

    events: int = 0
    frames: int = 0
    dropped: int = 0
    missed_frames: int = 0
    paused: bool = False
    secret: bool = False
    seconds: float = 0.0
