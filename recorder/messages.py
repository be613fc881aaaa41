"""What a recording's process and the one who started it say to each other: JSON objects, one to a line.

The parent writes one `Begin` and then commands; the child writes events, numbered from 1. `kind` names each. Anything
that is not understood ends the recording with an error rather than being guessed at.
"""

from msgspec import Struct

from recorder.options import Counters, RecordingOptions, RecordingResult

VERSION = 1


class _Command(Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """What all commands share."""


class _Order(_Command, frozen=True, kw_only=True):
    """What steers a recording under way.

    `given_ns` is the monotonic clock of the machine when it was given, 0 where it counts when it is read: an order that
    waits, as everything does on a busy machine, still means that moment.
    """

    given_ns: int = 0


class Begin(_Command, frozen=True, tag="begin"):
    """Record the display of the child's environment into the library in that folder (None: the usual one)."""

    options: RecordingOptions = RecordingOptions()
    library: str | None = None
    version: int = VERSION


class Pause(_Order, frozen=True, tag="pause"):
    """Record nothing until `resume`."""


class Resume(_Order, frozen=True, tag="resume"):
    """Record on."""


class ForgetLast(_Order, frozen=True, tag="forget"):
    """Take back the last seconds."""

    seconds: float = 30.0


class AddNote(_Command, frozen=True, tag="note"):
    """Put a remark among the steps."""

    text: str


class SecretNow(_Order, frozen=True, tag="secret"):
    """What is typed from now on is a secret; said again, it no longer is."""


class Stop(_Command, frozen=True, tag="stop"):
    """End the recording and save it."""


Steering = Pause | Resume | ForgetLast | SecretNow
Command = Pause | Resume | ForgetLast | AddNote | SecretNow | Stop


class _Event(Struct, frozen=True, tag_field="kind", kw_only=True):
    """What all events share."""

    number: int = 0


class Ready(_Event, frozen=True, tag="ready", kw_only=True):
    """From now on every input is heard."""

    trajectory: str
    version: int = VERSION


class Counted(_Event, frozen=True, tag="counters", kw_only=True):
    """How it is going."""

    counters: Counters


class Did(_Event, frozen=True, tag="did", kw_only=True):
    """A command or a hotkey took effect."""

    word: str


class Warned(_Event, frozen=True, tag="warning", kw_only=True):
    """Something is not as it should be, in a sentence; the recording goes on unless an end follows."""

    text: str


class Ended(_Event, frozen=True, tag="ended", kw_only=True):
    """The recording has ended and is saved."""

    result: RecordingResult


class Failed(_Event, frozen=True, tag="failed", kw_only=True):
    """The recording could not begin or not be saved; `exit_code` is that of the command line."""

    text: str
    exit_code: int


Event = Ready | Counted | Did | Warned | Ended | Failed
