"""The element list: one line per control of the screen, short enough for a small model and plain enough for any.

A line reads like this, its reference last, so that a model which reads from left to right has seen everything about
the control when it comes to the name by which the control is chosen:

    field "Customer name" = "Bob" focused [e2]
    button "Save" in "Address" new [e5]
"""

from collections.abc import Callable, Sequence
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

Role = Literal[
    "button",
    "link",
    "field",
    "text area",
    "password field",
    "number field",
    "checkbox",
    "option",
    "switch",
    "tab",
    "menu",
    "menu item",
    "dropdown",
    "item",
    "cell",
    "slider",
    "heading",
    "image",
    "text",
    "window",
    "element",
]
"""The words for what a control is, the same on every system; `element` where the system says nothing better."""

ROLES: tuple[Role, ...] = get_args(Role)

State = Literal["checked", "selected", "pressed", "expanded", "focused", "disabled"]

Mark = Literal["", "new", "changed"]
"""How a control differs from the last time the list was made."""

MOST_LINES = 99
"""References go from e1 to e99: more than a model can weigh, and two digits at most."""

LONGEST_NAME = 60
LONGEST_VALUE = 80
"""In characters; what is longer is cut in the middle."""


class Line(Struct, frozen=True):
    """One control as a model is shown it.

    `ref` is `e` and a number from 1. `near` is the heading or group that it stands in, given where another line has the
    same role and name, and where it has no name.
    """

    ref: str
    role: Role
    name: str = ""
    value: str = ""
    states: tuple[State, ...] = ()
    near: str = ""
    mark: Mark = ""


class ElementList(Struct, frozen=True):
    """What a screen shows: the window in front, its controls in reading order, how many more did not fit."""

    app: str
    window: str
    lines: tuple[Line, ...] = ()
    left_out: int = 0

    def line(self, ref: str) -> Line | None:
        """The line of that reference."""
        return next((line for line in self.lines if line.ref == ref), None)


_SIGNS = str.maketrans({'"': "'", "[": "(", "]": ")"})

Quote = Callable[[str], str]
"""How a name or value is put between quotation marks."""


def harmless(text: str) -> str:
    """The text without what could end its quotation or pass for a reference."""
    return text.translate(_SIGNS)


def quoted(text: str) -> str:
    """The text between quotation marks, on one line, without marks and brackets of its own."""
    return '"' + " ".join(harmless(text).split()) + '"'


def written(line: Line, quote: Quote = quoted) -> str:
    """The line as a model reads it."""
    words = [called(line, quote)]
    if line.value:
        words.append(f"= {quote(cut(line.value, LONGEST_VALUE))}")
    if line.near:
        words.append(f"in {quote(cut(line.near, LONGEST_NAME))}")
    return " ".join([*words, *line.states, *filter(None, [line.mark]), f"[{line.ref}]"])


def called(line: Line, quote: Quote = quoted) -> str:
    """Role and name, as steps are told in words."""
    return f"{line.role} {quote(cut(line.name, LONGEST_NAME))}" if line.name else line.role


def listed(shown: ElementList, quote: Quote = quoted) -> str:
    """The whole list, one line each, the window first."""
    head = f"window {quote(cut(shown.window, LONGEST_NAME))} of {shown.app}" if shown.app else "no window"
    more = [f"{shown.left_out} more not shown"] if shown.left_out else []
    return "\n".join([head, *(written(line, quote) for line in shown.lines), *more])


def cut(text: str, longest: int) -> str:
    """The text in at most so many characters, its middle left out where it is longer."""
    if len(text) <= longest:
        return text
    kept = longest - 1
    return text[: kept - kept // 3] + "…" + text[len(text) - kept // 3 :]


def reference(number: int) -> str:
    """The reference of the line with that number, from 1; raises ValueError above `MOST_LINES`."""
    if not 1 <= number <= MOST_LINES:
        raise ValueError(f"a list has lines 1 to {MOST_LINES}, not {number}")
    return f"e{number}"


def numbered(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with references in order."""
    return tuple(replace(line, ref=reference(number)) for number, line in enumerate(lines, 1))
