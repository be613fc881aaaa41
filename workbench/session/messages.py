"""What parent and child of a run say to each other over their pipes: one JSON object per line.

The child writes events (`workbench.events`) and questions; the parent writes the order first, then replies. A closed
pipe on either side ends the run.
"""

from typing import Any, Literal

from msgspec import Raw, Struct

from workbench.approval import Decision, Mode, Policy
from workbench.geometry import Point
from workbench.trajectory import Trajectory

Drift = Literal["halt", "ask", "repair"]
Resume = Literal["continue", "step", "stop"]


class Pace(Struct, frozen=True):
    """How a replay goes about its steps.

    `first` and `last` are step numbers from 1, `breaks` those to pause before. `speed` is the recorded pace times
    this factor; 0 means without any pause. `timeout_s` is the longest that a step may wait for its target or effect.
    """

    first: int = 1
    last: int | None = None
    breaks: tuple[int, ...] = ()
    single: bool = False
    speed: float = 0.0
    timeout_s: float = 20.0
    dry: bool = False


class Order(Struct, frozen=True):
    """Everything that a run needs to know; `values` are those of the variables, `frames` the library's frame folder.

    The run is logged in the library folder `library`, where one is given. `read` maps the trajectories that the steps
    come from to their `Trajectory.purges`: once something more is purged of one, the run ends.
    """

    run: str
    trajectory: Trajectory
    frames: str
    values: dict[str, str] = {}
    pace: Pace = Pace()
    approve: Mode = "risky"
    policy: Policy = Policy()
    drift: Drift = "halt"
    emergency_hotkey: str = "ctrl+alt+Escape"
    library: str | None = None
    read: dict[str, int] = {}


class SecretNeeded(Struct, frozen=True, tag_field="kind", tag="secret-needed"):
    """The child needs the value of a secret for the step that it performs now."""

    name: str


class Another(Struct, frozen=True, tag_field="kind", tag="another"):
    """The order of the next run of a process that carries out several, one after the other.

    `order` is JSON that only that process can read. What it has not ended `killed_after_s` later ends with it.
    """

    order: Raw
    killed_after_s: float


class Crashed(Struct, frozen=True, tag_field="kind", tag="crashed"):
    """The child cannot go on; the text is one line for people, the exit code that of the command line."""

    text: str
    exit_code: int


class Decide(Struct, frozen=True, tag_field="kind", tag="decide"):
    """The answer to an approval."""

    decision: Decision


class Answer(Struct, frozen=True, tag_field="kind", tag="answer"):
    """The answer to a question of a step or of drift; None when nobody answers.

    `point` is the place that a person chose in a picture of the desktop, in its pixels.
    """

    text: str | None
    point: Point | None = None


class Secret(Struct, frozen=True, tag_field="kind", tag="secret"):
    """The value of the secret that was needed; kept for one step only."""

    value: str


class Go(Struct, frozen=True, tag_field="kind", tag="go"):
    """The answer to a pause."""

    word: Resume


class Stop(Struct, frozen=True, tag_field="kind", tag="stop"):
    """End the run now, and why."""

    reason: str


class Steer(Struct, frozen=True, tag_field="kind", tag="steer"):
    """Where a replay pauses from now on; it answers nothing and may be said at any time.

    `breaks` take the place of those of its pace. With `pause` it pauses before its next step as well, once.
    """

    breaks: tuple[int, ...] = ()
    pause: bool = False


class ChangeMemory(Struct, frozen=True, tag_field="kind", tag="change-memory"):
    """A person changes what whoever plans has in mind; `change` is plain JSON as in `events.MemoryChanged`.

    It may be sent at any time and answers nothing. It is heeded before the next thought.
    """

    change: dict[str, Any]


Reply = Decide | Answer | Secret | Go | Stop | Steer | ChangeMemory
