"""`SendInput`: what is sent as plain data, and the one function that sends it."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.desktop.windows import native
from workbench.errors import UnavailableError
from workbench.geometry import Point, Rect

KEY_UP = 0x0002
KEY_EXTENDED = 0x0001
KEY_UNICODE = 0x0004

MOUSE_MOVE = 0x0001
MOUSE_WHEEL = 0x0800
MOUSE_HWHEEL = 0x1000
MOUSE_VIRTUAL_DESK = 0x4000
MOUSE_ABSOLUTE = 0x8000

WHEEL_NOTCH = 120

_MOUSE, _KEYBOARD = 0, 1


@dataclass(frozen=True)
class KeyStroke:
    """One `KEYBDINPUT`: a virtual key, or with `KEY_UNICODE` a UTF-16 unit in `scan`."""

    code: int = 0
    scan: int = 0
    flags: int = 0


@dataclass(frozen=True)
class MouseStroke:
    """One `MOUSEINPUT`; `x` and `y` are 0 to 65535 across the virtual desktop, `data` a wheel delta or X button."""

    flags: int
    x: int = 0
    y: int = 0
    data: int = 0


Stroke = KeyStroke | MouseStroke


def absolute(point: Point, desktop: Rect) -> tuple[int, int]:
    """The point in the units of `MOUSE_ABSOLUTE`: the middle of its pixel, so that no rounding leaves the pixel."""
    return (
        ((2 * (point.x - desktop.x) + 1) * 65536) // (2 * desktop.width),
        ((2 * (point.y - desktop.y) + 1) * 65536) // (2 * desktop.height),
    )


def utf16_units(text: str) -> tuple[int, ...]:
    """The UTF-16 code units of the text."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    return tuple(int.from_bytes(encoded[place : place + 2], "little") for place in range(0, len(encoded), 2))


class _MouseInput(ctypes.Structure):
    _fields_ = (
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
        ("data", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("time", ctypes.c_uint32),
        ("extra", ctypes.c_void_p),
    )


class _KeyInput(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("scan", ctypes.c_uint16),
        ("flags", ctypes.c_uint32),
        ("time", ctypes.c_uint32),
        ("extra", ctypes.c_void_p),
    )


class _Either(ctypes.Union):
    _fields_ = (("mouse", _MouseInput), ("key", _KeyInput))


class Input(ctypes.Structure):
    """The `INPUT` structure of 64-bit Windows."""

    _fields_ = (("kind", ctypes.c_uint32), ("either", _Either))


def packed(strokes: Sequence[Stroke]) -> "ctypes.Array[Input]":
    """The strokes as the array that `SendInput` takes."""
    array = (Input * len(strokes))()
    for place, stroke in enumerate(strokes):
        entry = array[place]
        if isinstance(stroke, KeyStroke):
            entry.kind = _KEYBOARD
            entry.either.key = _KeyInput(stroke.code, stroke.scan, stroke.flags, 0, None)
        else:
            entry.kind = _MOUSE
            # A wheel delta is signed, the field is not.
            entry.either.mouse = _MouseInput(stroke.x, stroke.y, stroke.data & 0xFFFFFFFF, stroke.flags, 0, None)
    return array


def send(strokes: Sequence[Stroke]) -> None:
    """Put the strokes into the system's input stream, without anything in between.

    Raises `UnavailableError` when Windows takes fewer. It also drops input for windows of programs that run as
    administrator without saying so; callers see that by what did not happen.
    """
    if not strokes:
        return
    array = packed(strokes)
    taken = native.user32().SendInput(len(strokes), array, ctypes.sizeof(Input))
    if taken != len(strokes):
        raise UnavailableError(
            f"Windows took {taken} of {len(strokes)} input events: the screen is locked or asks for permission; "
            "unlock it, or start the workbench as administrator to drive programs that run as administrator"
        )
