"""What the library answers with, and how it writes things down."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from workbench.codec import from_json
from workbench.errors import BadInputError
from workbench.geometry import Screen
from workbench.trajectory import Element, FrameId, Outcome, Source, Step, Target, Trajectory

State = Literal["complete", "recording", "broken"]

T = TypeVar("T")

NOTHING_ELSE: Mapping[str, int] = {}
"""What is written holds nothing of other trajectories than the one that it is of."""

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class Summary(Struct, frozen=True):
    """One line about a trajectory.

    `created` is seconds since the epoch. `state` is "recording" while its writer lives and "broken" when that died
    before a revision was stored. A recording has no steps then, a run those that were kept until now. `cover` is the
    first frame of the steps, `outcome` that of the last run which ended ("finished", "failed", "stopped").
    """

    id: str
    title: str
    task: str
    created: float
    steps: int
    source: Source
    seconds: float
    state: State
    reviewed: bool = True
    cover: FrameId | None = None
    outcome: str | None = None
    tags: tuple[str, ...] = ()


class Hit(Struct, frozen=True):
    """One place that a search found: `step` counts from 1, or is None for the title and the task.

    `snippet` is the text around the words, `description` that of the step. `score` falls from hit to hit; only its
    order means something.
    """

    trajectory: str
    title: str
    step: int | None
    snippet: str
    score: float
    description: str = ""


class Problem(Struct, frozen=True):
    """One thing that is wrong with the library: what, where, and how to mend it."""

    what: str
    where: str
    mend: str


class RecordingOpening(Struct, frozen=True, omit_defaults=True):
    """What is known when a recording begins; `started_ns` is the recorder's monotonic clock, `epoch_s` wall time."""

    title: str
    task: str = ""
    platform: str = ""
    commands: tuple[str, ...] = ()
    screens: tuple[Screen, ...] = ()
    started_ns: int = 0
    epoch_s: float = 0.0


class RunSummary(Struct, frozen=True):
    """One line about a run; `outcome` is None for one that did not end, `started` is seconds since the epoch."""

    id: str
    trajectory: str | None
    revision: int
    title: str
    started: float
    outcome: str | None
    reason: str | None
    elapsed_ms: float


def written(value: object, kind: type[T], *, what: str) -> str:
    """The value as JSON that reads back as `kind`; raises `BadInputError` when it would not.

    Numbers that JSON lacks (not a number, infinity) and halves of surrogate pairs are refused here, not on reading.
    """
    try:
        text = msgspec.json.encode(value).decode()
    except (msgspec.MsgspecError, UnicodeError, ValueError, TypeError) as error:
        raise BadInputError(f"{what} cannot be saved: {error}; correct it") from error
    from_json(text, kind, what=what)
    return text


def check_id(identifier: str) -> None:
    """Raise `BadInputError` unless it is made of 1 to 64 letters, digits, `-` and `_`."""
    if not _ID.fullmatch(identifier):
        raise BadInputError(f"{identifier[:80]!r} cannot be an id: use 1 to 64 letters, digits, - and _")


def is_id(identifier: str) -> bool:
    """Whether it can be an id."""
    return _ID.fullmatch(identifier) is not None


def storable(trajectory: Trajectory, revision: int) -> Trajectory:
    """The trajectory as that revision, without what only means something while it is at work.

    That is the addresses of elements and the number of purges.
    """
    steps = tuple(_storable_step(step) for step in trajectory.steps)
    return msgspec.structs.replace(trajectory, steps=steps, revision=revision, purges=0)


def without_ref(element: Element | None) -> Element | None:
    """The element without its backend's address."""
    return msgspec.structs.replace(element, ref=None) if element and element.ref else element


def elements_of(step: Step) -> Iterable[Element]:
    """Every element that the step mentions."""
    targets = (step.target, step.destination)
    found = [target.element for target in targets if target]
    return filter(None, [*found, step.observation.focused, step.outcome.element])


def _storable_step(step: Step) -> Step:
    if not any(element.ref for element in elements_of(step)):
        return step
    replace = msgspec.structs.replace
    outcome: Outcome = replace(step.outcome, element=without_ref(step.outcome.element))
    observation = replace(step.observation, focused=without_ref(step.observation.focused))
    target, destination = _storable_target(step.target), _storable_target(step.destination)
    return replace(step, observation=observation, outcome=outcome, target=target, destination=destination)


def _storable_target(target: Target | None) -> Target | None:
    return msgspec.structs.replace(target, element=without_ref(target.element)) if target else None
