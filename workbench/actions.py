"""The closed, typed set of actions that a step can be.

An action says *what* is done; *where* is the step's target. Actions are data: nothing here is ever executed as code.
On disk each one is an object whose `kind` names it (`click`, `type_text`, …).
"""

from typing import Literal

from msgspec import Struct

Button = Literal["left", "middle", "right", "back", "forward"]
Modifier = Literal["ctrl", "shift", "alt", "super"]


class _Action(Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True, omit_defaults=True):
    """What all actions share: how they are tagged, and that unknown fields are refused."""


class Click(_Action, frozen=True, tag="click"):
    """Press and release a button on the target, `count` times in quick succession."""

    button: Button = "left"
    count: int = 1
    modifiers: tuple[Modifier, ...] = ()


class Hover(_Action, frozen=True, tag="hover"):
    """Rest the pointer on the target, because something appeared when the person did."""

    dwell_ms: int = 500


class PathPoint(Struct, frozen=True):
    """One place of a drag: pixels from its start, milliseconds since the button went down."""

    dx: int
    dy: int
    at_ms: int


class Drag(_Action, frozen=True, tag="drag"):
    """Hold a button on the target, move along `path`, release on the step's destination."""

    path: tuple[PathPoint, ...] = ()
    button: Button = "left"
    modifiers: tuple[Modifier, ...] = ()


class Scroll(_Action, frozen=True, tag="scroll"):
    """Turn the wheel over the target: notches, positive `dy` down, positive `dx` right."""

    dx: int = 0
    dy: int = 0
    modifiers: tuple[Modifier, ...] = ()


class TypeText(_Action, frozen=True, tag="type_text"):
    """Type into the field that has the focus.

    `{{name}}` stands for the variable of that name, if the trajectory declares it; any other text is literal.
    With `secret` the keyring's value of that name is typed and `text` is empty.
    """

    text: str = ""
    secret: str | None = None


class PressKeys(_Action, frozen=True, tag="press_keys"):
    """Press the keys together, in this order, and release them; `count` times.

    Names are X11 keysym names in lower case for modifiers (`ctrl shift alt super`), otherwise as X11 spells them:
    `("ctrl", "s")`, `("Return",)`, `("alt", "F4")`.
    """

    keys: tuple[str, ...]
    count: int = 1


class Activate(_Action, frozen=True, tag="activate"):
    """Bring a window of the application to the front; an empty title means any of its windows."""

    app: str
    title: str = ""


class Condition(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that can be seen to hold: every field that is given must hold at once.

    `window`: part of the active window's title. `element` with `role`: an accessible element of that name exists.
    `value`: that element's text or value equals it. `text`: printed anywhere on the screen. `present=False` turns it
    all around.
    """

    window: str | None = None
    app: str | None = None
    element: str | None = None
    role: str | None = None
    value: str | None = None
    text: str | None = None
    present: bool = True


class Wait(_Action, frozen=True, tag="wait"):
    """Wait a time, or until the condition holds."""

    seconds: float = 0.0
    until: Condition | None = None


class Check(_Action, frozen=True, tag="check"):
    """Fail the step unless the condition holds."""

    that: Condition


class Read(_Action, frozen=True, tag="read"):
    """Read the target's text or value into a variable."""

    variable: str


class Argument(Struct, frozen=True):
    """One named value handed to a workflow."""

    name: str
    value: str


class Call(_Action, frozen=True, tag="call"):
    """Carry out a workflow, named like a trajectory, with these values."""

    workflow: str
    arguments: tuple[Argument, ...] = ()


class Ask(_Action, frozen=True, tag="ask"):
    """Ask the person; the answer goes into `variable` where one is named."""

    question: str
    variable: str | None = None


class Note(_Action, frozen=True, tag="note"):
    """A remark; nothing happens on the desktop."""

    text: str


class Finish(_Action, frozen=True, tag="finish"):
    """The task is done."""

    answer: str = ""


class Fail(_Action, frozen=True, tag="fail"):
    """The task cannot be done, and why."""

    reason: str


Action = (
    Click
    | Hover
    | Drag
    | Scroll
    | TypeText
    | PressKeys
    | Activate
    | Wait
    | Check
    | Read
    | Call
    | Ask
    | Note
    | Finish
    | Fail
)

ACTION_TYPES: tuple[type[_Action], ...] = Action.__args__

SILENT = (Wait, Ask, Note, Finish, Fail)
"""Actions that have no effect to verify: their `verified` is null."""


def kind(action: Action) -> str:
    """The action's name on disk and in the JSON of the command line."""
    return str(type(action).__struct_config__.tag)
