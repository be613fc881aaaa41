"""Raw input events in words: what a step was made from, with runs of pointer moves as one line.

Pure functions. Of a step that hides what was typed, keys that type a character are shown as such and no more.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from workbench.actions import TypeText
from workbench.inputs import InputEvent
from workbench.report.words import describe_keys, tidy
from workbench.trajectory import Step

HIDDEN = "a character"

_NAMES = {
    "button_down": "button down",
    "button_up": "button up",
    "key_down": "key down",
    "key_up": "key up",
    "keymap": "keyboard layout",
    "screens": "screens changed",
}


@dataclass(frozen=True)
class EventRow:
    """One line: the number of its first event, milliseconds since the step's first, what, and where or which."""

    seq: int
    at_ms: float
    what: str
    detail: str


def rows_of(events: Iterable[InputEvent], step: Step) -> tuple[EventRow, ...]:
    """The events between the step's first and last, in order; none where it was not recorded."""
    if step.first_event is None or step.last_event is None:
        return ()
    own = [event for event in events if step.first_event <= event.seq <= step.last_event]
    return tuple(_rows(own, hidden=is_hidden(step)))


def is_hidden(step: Step) -> bool:
    """Whether what was typed in the step must not be shown."""
    secret = isinstance(step.action, TypeText) and step.action.secret is not None
    fields = (step.target.element if step.target else None, step.observation.focused)
    return secret or bool(step.masked) or any(field is not None and field.password for field in fields)


def _rows(events: Sequence[InputEvent], *, hidden: bool) -> Iterator[EventRow]:
    start_ns = events[0].monotonic_ns if events else 0
    for moving, group in groupby(events, lambda event: event.kind == "move"):
        run = list(group)
        if moving:
            yield _moves(run, start_ns)
        else:
            yield from (_row(event, start_ns, hidden=hidden) for event in run)


def _moves(run: Sequence[InputEvent], start_ns: int) -> EventRow:
    first, last = run[0], run[-1]
    way = _place(last) if len(run) == 1 else f"{_place(first)} → {_place(last)}"
    what = "move" if len(run) == 1 else f"{len(run)} moves"
    return EventRow(first.seq, (first.monotonic_ns - start_ns) / 1e6, what, way)


def _row(event: InputEvent, start_ns: int, *, hidden: bool) -> EventRow:
    what = _NAMES.get(event.kind, event.kind)
    by = " (by a program)" if event.by_program else ""
    detail = _detail(event, hidden=hidden)
    return EventRow(event.seq, (event.monotonic_ns - start_ns) / 1e6, what, f"{detail}{by}".strip())


def _detail(event: InputEvent, *, hidden: bool) -> str:
    match event.kind:
        case "key_down" | "key_up":
            types = bool(event.text.strip()) or len(event.keysym) == 1 or event.keysym == "space"
            return HIDDEN if hidden and types else describe_keys((event.keysym,)) if event.keysym else "unknown key"
        case "button_down" | "button_up":
            return f"{event.button} at {_place(event)}"
        case "scroll":
            return f"{event.dx}, {event.dy} notches at {_place(event)}"
        case "note" | "secret":
            return tidy(event.text)
    return ""


def _place(event: InputEvent) -> str:
    return f"{event.point.x}, {event.point.y}" if event.point else ""
