"""Raw input events and the sightings made beside them: what a recording keeps for good, before any reduction."""

from typing import Literal

from msgspec import Struct

from workbench.geometry import Point, Rect, Screen
from workbench.trajectory import Element, FrameId, Window

EventKind = Literal[
    "move",
    "button_down",
    "button_up",
    "scroll",
    "key_down",
    "key_up",
    "keymap",
    "screens",
    "pause",
    "resume",
    "note",
    "secret",
    "excluded",
]


class InputEvent(Struct, frozen=True, omit_defaults=True):
    """One event as the system reported it, in the order it happened.

    `seq` counts from 1 without gaps within a recording. `monotonic_ns` is the recorder's clock when it was read,
    `server_ms` the system's own stamp. `keysym` is the X11 name of the key under the modifiers and the layout of that
    moment (`a`, `A`, `Return`, `ctrl`, `dead_acute`), `text` the character it would type, empty where none. Scroll
    notches are in `dx`, `dy` (positive down and right). `by_program` marks input synthesised by software.
    For `note` events `text` is the note. A `secret` event stands for all that was typed into a password field: `text`
    is the secret's name, and neither length nor timing is kept. An `excluded` event stands for input to an excluded
    application that was left out.
    """

    seq: int
    monotonic_ns: int
    kind: EventKind
    point: Point | None = None
    button: str = ""
    keycode: int = 0
    keysym: str = ""
    text: str = ""
    dx: int = 0
    dy: int = 0
    by_program: bool = False
    server_ms: int = 0


class Sighting(Struct, frozen=True, omit_defaults=True):
    """What was on the desktop around an event: `before` is set for what was seen before it took effect.

    `seq` is the event it belongs to. `frame` is the whole desktop. `element` is the one under the pointer, `focused`
    the one with the keyboard focus, with `value` where the field is not a secret. `window` is the one under the pointer
    for pointer events, otherwise the one with the focus; `active` is always the one with the focus. `covered` is where
    other windows, pop-ups included, stood in front of `window` when the frame was taken, as far as that is known.
    """

    seq: int
    monotonic_ns: int
    before: bool = True
    frame: FrameId | None = None
    window: Window | None = None
    element: Element | None = None
    focused: Element | None = None
    screens: tuple[Screen, ...] = ()
    epoch_s: float = 0.0
    active: Window | None = None
    covered: tuple[Rect, ...] = ()
