"""The changes that `workbench-cli edit` can make of a trajectory: how each is written, and what it does.

They are kept in the order in which they are given. Steps are numbered as the changes before left them; steps to delete
that are given one behind the other are deleted together.
"""

import re
from argparse import Action, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from ui.cli.values import positive
from workbench import arranging, editing, merging
from workbench.actions import Check, Condition, Note, Wait
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.trajectory import Target, Trajectory

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from workbench.library.store import Library

LONGEST_WAIT_S = 3600.0
_CONDITIONS = ("text", "window", "element")
_CONDITION = re.compile(rf"({'|'.join(_CONDITIONS)}):")
_NEXT_CONDITION = re.compile(rf";(?=(?:{'|'.join(_CONDITIONS)}):)")
_AREA = re.compile(r"(-?\d{1,5}),(-?\d{1,5}),(\d{1,5})x(\d{1,5})")
_POINT = re.compile(r"(-?\d{1,5}),(-?\d{1,5})")


class Numbered(NamedTuple):
    """A step's number, counted from 1, and what is said of it."""

    number: int
    value: Any


@dataclass
class Desk:
    """What changes take from the library, and what they leave to be saved beside the trajectory itself.

    `made` are new trajectories, `read` others that something was taken from with their `Trajectory.purges`, `secrets`
    the ids of steps whose text has to be purged.
    """

    library: "Library"
    made: list[Trajectory] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)


Make = Callable[[Desk, Trajectory, Any], Trajectory]


@dataclass(frozen=True)
class Kind:
    """One change: its option, how its value is shown and read, what it does; `metavar` is empty where it has none."""

    option: str
    metavar: str
    help: str
    make: Make
    read: Callable[[str], Any] = str

    @property
    def words(self) -> str:
        """Its name in the history."""
        return self.option.removeprefix("--").replace("-", " ")


@dataclass(frozen=True)
class Change:
    """One change that was asked for."""

    kind: Kind
    value: Any


class InOrder(Action):
    """Keeps what was given in one list, in the order of the command line, as pairs of option and value."""

    def __call__(
        self, _parser: "ArgumentParser", namespace: Namespace, values: Any, option_string: str | None = None
    ) -> None:
        """Add one to the list."""
        kept = getattr(namespace, self.dest, ())
        setattr(namespace, self.dest, (*kept, (str(option_string), values)))


def changes_of(given: Sequence[tuple[str, Any]]) -> list[Change]:
    """The changes that these options and values ask for."""
    return [Change(BY_OPTION[option], value) for option, value in given]


def changed(desk: Desk, trajectory: Trajectory, changes: Sequence[Change]) -> Trajectory:
    """The trajectory after the changes, in their order; nothing is saved.

    Raises `BadInputError` for what makes no sense.
    """
    for option, alike in groupby(changes, lambda change: change.kind.option):
        several = list(alike)
        if option == _DELETE:
            trajectory = editing.without_steps(trajectory, {change.value for change in several})
        else:
            for change in several:
                trajectory = change.kind.make(desk, trajectory, change.value)
    return trajectory


def numbered(read: Callable[[str], Any], example: str) -> Callable[[str], Numbered]:
    """A reader of `STEP=VALUE`."""

    def reads(text: str) -> Numbered:
        number, equals, value = text.partition("=")
        if not equals or not value:
            raise ArgumentTypeError(f"“{text}” is not of the form STEP=…, such as {example}")
        return Numbered(positive(number), read(value))

    return reads


def area(text: str) -> Rect:
    """`X,Y,WxH`: a part of the desktop."""
    found = _AREA.fullmatch(text)
    rect = Rect(*map(int, found.groups())) if found else None
    if rect is None or not rect.area:
        raise ArgumentTypeError(f"“{text}” is no part of a picture, such as 10,20,300x40")
    return rect


def _point(text: str) -> Point:
    found = _POINT.fullmatch(text)
    if not found:
        raise ArgumentTypeError(f"“{text}” is no place in a picture, such as 120,45")
    return Point(*map(int, found.groups()))


def _span(text: str) -> tuple[int, int | None]:
    first, dash, last = text.partition("-")
    if not dash:
        raise ArgumentTypeError(f"“{text}” is not of the form A-B, such as 2-5, or 2- for all from step 2 on")
    return positive(first), positive(last) if last else None


def _condition(text: str) -> Condition:
    """`text:Saved`, `window:Notes;element:Save`: everything that has to be seen."""
    given: dict[str, str] = {}
    for part in _NEXT_CONDITION.split(text):
        found = _CONDITION.match(part)
        words = part[found.end() :].strip() if found else ""
        if not found or not words or found[1] in given:
            raise ArgumentTypeError(
                f"“{text}” says nothing that could be seen; write text:…, window:… or element:…, joined by “;”"
            )
        given[found[1]] = words
    return Condition(text=given.get("text"), window=given.get("window"), element=given.get("element"))


def _wait(text: str) -> Wait:
    if _CONDITION.match(text):
        return Wait(until=_condition(text))
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST_WAIT_S:
        raise ArgumentTypeError(f"“{text}” is no wait; give seconds up to {LONGEST_WAIT_S:g}, or what to wait for")
    return Wait(seconds=seconds)


def _note(text: str) -> Note:
    if not text.strip():
        raise ArgumentTypeError("a note needs words; say what the next steps are for")
    return Note(text.strip())


def _of(change: Callable[[Trajectory, Any], Trajectory]) -> Make:
    """A change that takes nothing from the library."""

    def make(_desk: Desk, trajectory: Trajectory, value: Any) -> Trajectory:
        return change(trajectory, value)

    return make


def _at(change: Callable[[Trajectory, int, Any], Trajectory]) -> Make:
    """A change of one step that takes nothing from the library."""

    def make(_desk: Desk, trajectory: Trajectory, given: Numbered) -> Trajectory:
        return change(trajectory, given.number, given.value)

    return make


def _titled(trajectory: Trajectory, title: str) -> Trajectory:
    return editing.with_heading(trajectory, title=title, task=trajectory.task)


def _for_task(trajectory: Trajectory, task: str) -> Trajectory:
    return editing.with_heading(trajectory, title=trajectory.title, task=task)


def _without(trajectory: Trajectory, number: int) -> Trajectory:
    return editing.without_steps(trajectory, {number})


def _trimmed(trajectory: Trajectory, span: tuple[int, int | None]) -> Trajectory:
    first, last = span
    return arranging.trimmed(trajectory, first, len(trajectory.steps) if last is None else last)


def _described(trajectory: Trajectory, number: int, words: str) -> Trajectory:
    step = editing.step_at(trajectory, number)
    return editing.with_words(trajectory, number, description=words, thought=step.thought)


def _thought(trajectory: Trajectory, number: int, words: str) -> Trajectory:
    step = editing.step_at(trajectory, number)
    return editing.with_words(trajectory, number, description=step.description, thought=words)


def _reviewed(trajectory: Trajectory, _value: object) -> Trajectory:
    return editing.as_reviewed(trajectory)


def _secret(desk: Desk, trajectory: Trajectory, given: Numbered) -> Trajectory:
    changed = editing.with_secret(trajectory, given.number, given.value)
    desk.secrets.append(trajectory.steps[given.number - 1].id)
    return changed


def _merged(desk: Desk, trajectory: Trajectory, name: str) -> Trajectory:
    other = desk.library.find(name)
    desk.read[other.id] = other.purges
    return arranging.appended(trajectory, other)


def _split(desk: Desk, trajectory: Trajectory, number: int) -> Trajectory:
    first, second = arranging.halves(trajectory, number, desk.library.new_id())
    desk.made.append(second)
    desk.read[trajectory.id] = trajectory.purges
    return first


def _placed(desk: Desk, trajectory: Trajectory, given: Numbered) -> Trajectory:
    return editing.with_target(trajectory, given.number, _target(desk, trajectory, given))


def _ended(desk: Desk, trajectory: Trajectory, given: Numbered) -> Trajectory:
    return editing.with_destination(trajectory, given.number, _target(desk, trajectory, given))


def _target(desk: Desk, trajectory: Trajectory, given: Numbered) -> Target:
    """What is known of that place of the step's picture."""
    from workbench.redaction import recording_of
    from workbench.retargeting import known_in, target_at

    step = editing.step_at(trajectory, given.number)
    recording = recording_of(desk.library, trajectory, step)
    known = known_in(trajectory, step, desk.library.sightings(recording) if recording else ())
    return target_at(known, given.value, desk.library.frames.load(known.frame))


def _check(text: str) -> Check:
    return Check(that=_condition(text))


_DELETE = "--delete-step"

_HEADING = (
    Kind("--title", "TEXT", "call it this", _of(_titled)),
    Kind("--task", "TEXT", "what it is for, in a sentence", _of(_for_task)),
    Kind("--reviewed", "", "say that you have looked at it and trust it", _of(_reviewed)),
)
_ORDER = (
    Kind("--trim", "A-B", "keep steps A to B alone (A- for all from A on)", _of(_trimmed), _span),
    Kind(_DELETE, "N", "leave it out", _of(_without), positive),
    Kind("--move", "N=M", "put step N where step M is", _at(editing.with_moved_step), numbered(positive, "3=1")),
    Kind("--merge", "OTHER", "append the steps of another trajectory, which stays as it is", _merged),
    Kind("--split", "N", "let the steps from N on become a trajectory of their own", _split, positive),
    Kind("--merge-next", "N", "make one step of step N and the next", _of(merging.merged), positive),
    Kind(
        "--cut-text",
        "N=K",
        "cut what step N types in two behind K letters",
        _at(merging.split_text),
        numbered(positive, "3=5"),
    ),
)
_INSERTED = (
    Kind(
        "--insert-wait",
        "N=WHAT",
        "wait in front of step N: seconds, or until WHAT",
        _at(editing.with_inserted),
        numbered(_wait, "3=1.5"),
    ),
    Kind(
        "--insert-check",
        "N=WHAT",
        "fail in front of step N unless WHAT is seen: text:…, window:… or element:…, joined by “;”",
        _at(editing.with_inserted),
        numbered(_check, "3=text:Saved"),
    ),
    Kind(
        "--insert-note",
        "N=TEXT",
        "put a note in front of step N",
        _at(editing.with_inserted),
        numbered(_note, "3=Now save"),
    ),
    Kind(
        "--chapter",
        "N=TITLE",
        "let a chapter begin at step N, or call the one that does so TITLE",
        _at(arranging.with_chapter),
        numbered(str, "3=Saving"),
    ),
)
_TYPED = (
    Kind("--type", "N=TEXT", "let step N type another text", _at(editing.with_text), numbered(str, "3=Hello")),
    Kind(
        "--variable",
        "N=NAME",
        "turn what step N types into {{NAME}}, which a replay may be given",
        _at(editing.with_variable),
        numbered(str, "3=amount"),
    ),
    Kind(
        "--secret",
        "N=NAME",
        "let step N type a secret of the keyring; its text is purged for good, so it asks",
        _secret,
        numbered(str, "3=mail.password"),
    ),
)
_SAID = (
    Kind("--describe", "N=TEXT", "say in words what step N does", _at(_described), numbered(str, "3=Save it")),
    Kind("--thought", "N=TEXT", "say why step N is done", _at(_thought), numbered(str, "3=It must be saved")),
    Kind("--point", "N=X,Y", "let step N act at that place of its picture", _placed, numbered(_point, "3=120,45")),
    Kind("--point-end", "N=X,Y", "let the drag of step N end there", _ended, numbered(_point, "3=120,45")),
)

KINDS = (*_HEADING, *_ORDER, *_INSERTED, *_TYPED, *_SAID)
"""Every change, as they are shown."""

BY_OPTION = {kind.option: kind for kind in KINDS}


def refuse_secrets_of_new_steps(desk: Desk, trajectory: Trajectory) -> None:
    """Raise `BadInputError` where a step is to become a secret that the trajectory does not have yet."""
    known = {step.id for step in trajectory.steps}
    if not known.issuperset(desk.secrets):
        raise BadInputError("a step that was only just added cannot become a secret; do that in a call of its own")
