"""Trajectories: ordered steps of one attempt at a task, by a person, an agent or an importer.

Everything here is frozen and serialises to JSON and back without loss. Frames are referred to by their digest; the
library holds their pixels. Rectangles and points are desktop pixels of the desktop that was recorded.
"""

from typing import Literal

from msgspec import Struct, field

from workbench.actions import Action
from workbench.geometry import Point, Rect, Screen

SCHEMA_VERSION = 1

FrameId = str
"""The digest of a frame's pixels, in hexadecimal; see `workbench.library.frames`."""

Source = Literal["human", "agent", "import"]


class _Record(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What all records on disk share: unknown fields are refused, defaults are left out."""


class Window(_Record, frozen=True):
    """A top-level window: application, title and outer bounds; `handle` is only valid while it lives."""

    app: str
    title: str
    bounds: Rect
    pid: int | None = None
    handle: int | None = None


class PathNode(_Record, frozen=True):
    """One ancestor on the way from the window to an element."""

    role: str
    name: str = ""
    index: int = 0


DIALOG_ROLES = ("dialog", "alert", "file chooser", "color chooser", "font chooser")
"""Roles of windows that ask something: there another title is another question."""

WINDOW_ROLES = frozenset({"frame", "window", *DIALOG_ROLES})
"""Roles with which a path begins that leads from the window down to the element without a gap."""


class Element(_Record, frozen=True):
    """An accessible element as it was seen; `path` leads from the window down to its parent.

    `ref` is the backend's address of it and only valid while the application lives; it is not stored.
    `label` is the name of the element that labels it, where it has none of its own.
    """

    app: str
    window: str
    role: str
    name: str
    bounds: Rect
    path: tuple[PathNode, ...] = ()
    index: int = 0
    label: str = ""
    description: str = ""
    states: tuple[str, ...] = ()
    value: str | None = None
    password: bool = False
    ref: tuple[str, str] | None = None

    @property
    def has_whole_path(self) -> bool:
        """Whether its path begins at the window: a busy application may not have told all of it in time."""
        return bool(self.path) and self.path[0].role in WINDOW_ROLES


class CropWitness(_Record, frozen=True):
    """Pixels around the target: `region` of frame `frame`; the hot point is `target.point`."""

    frame: FrameId
    region: Rect


class TextWitness(_Record, frozen=True):
    """Printed text at or near the target; `bounds` is where it stood in the recorded frame."""

    text: str
    bounds: Rect


class Target(_Record, frozen=True):
    """Independent witnesses of where an action goes.

    `point` is the hot point that was recorded. It never decides alone: it anchors the others (the crop's and the
    text's offset to it) and is shown to people.
    """

    point: Point
    window: Window | None = None
    element: Element | None = None
    crop: CropWitness | None = None
    text: TextWitness | None = None


class Observation(_Record, frozen=True):
    """What was seen before acting."""

    monotonic_ns: int = 0
    epoch_s: float = 0.0
    frame: FrameId | None = None
    window: Window | None = None
    screens: tuple[Screen, ...] = ()
    focused: Element | None = None


class Outcome(_Record, frozen=True):
    """What followed: the frame after things settled and what could be seen to have changed.

    `element` is the step's target (for typing: the focused field) as it was afterwards. `changed` are the regions
    whose pixels differ from the observation's. `verified_by` names what proved it, in runs.
    """

    frame: FrameId | None = None
    window: Window | None = None
    element: Element | None = None
    changed: tuple[Rect, ...] = ()
    verified_by: str = ""


class Step(_Record, frozen=True):
    """One action with what was seen before, where it went, and what followed.

    `first_event` and `last_event` are the sequence numbers of the input events it was reduced from, in the recording
    `recorded_in`, which is empty where that is the trajectory itself. `masked` says in words what privacy left out.
    """

    id: str
    action: Action
    observation: Observation = field(default_factory=Observation)
    target: Target | None = None
    destination: Target | None = None
    outcome: Outcome = field(default_factory=Outcome)
    description: str = ""
    thought: str = ""
    masked: str = ""
    first_event: int | None = None
    last_event: int | None = None
    by_program: bool = False
    recorded_in: str = ""


class Variable(_Record, frozen=True):
    """A value that a run may be given instead of the recorded one."""

    name: str
    default: str | None = None
    description: str = ""


class Trajectory(_Record, frozen=True):
    """Ordered steps of one attempt.

    `created` is seconds since the epoch, `seconds` how long the attempt took. `commands` are those that started the
    applications; they are shown, never started by themselves. `reviewed` is false for what came from elsewhere
    until a person has looked at it. `purges` is how often something had been purged of it when it was read from the
    library, which refuses to write what was read before a purge; it is no part of what is stored.
    """

    id: str
    title: str
    steps: tuple[Step, ...] = ()
    task: str = ""
    source: Source = "human"
    created: float = 0.0
    seconds: float = 0.0
    platform: str = ""
    commands: tuple[str, ...] = ()
    variables: tuple[Variable, ...] = ()
    screens: tuple[Screen, ...] = ()
    reviewed: bool = True
    revision: int = 0
    schema_version: int = SCHEMA_VERSION
    purges: int = 0


def frames_of(trajectory: Trajectory) -> set[FrameId]:
    """Every frame that the steps refer to."""
    found: set[FrameId | None] = set()
    for step in trajectory.steps:
        found |= {step.observation.frame, step.outcome.frame}
        found |= {t.crop.frame for t in (step.target, step.destination) if t and t.crop}
    return {frame for frame in found if frame}
