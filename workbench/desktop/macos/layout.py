"""Which key types which character on the current keyboard layout of macOS."""

import ctypes
from dataclasses import dataclass
from functools import cache

from workbench.actions import Modifier

_CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
_FOUNDATION = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"

_KEYS = range(128)
_STATES: dict[int, tuple[Modifier, ...]] = {0: (), 2: ("shift",), 8: ("alt",), 10: ("shift", "alt")}
"""Modifier states as `UCKeyTranslate` counts them, plainest first."""

_ACTION_DISPLAY, _NO_DEAD_KEYS = 3, 1


@dataclass(frozen=True)
class Chord:
    """A key code with the modifiers that are needed for it."""

    code: int
    modifiers: tuple[Modifier, ...] = ()


def characters(translate: "dict[tuple[int, int], str]") -> dict[str, Chord]:
    """The plainest chord for every character, from what each key code types in each modifier state."""
    found: dict[str, Chord] = {}
    for state, modifiers in _STATES.items():
        for code in _KEYS:
            character = translate.get((code, state), "")
            if len(character) == 1 and character.isprintable():
                found.setdefault(character, Chord(code, modifiers))
    return found


def current() -> dict[str, Chord]:
    """The characters of the layout in use. Must run on the main thread: macOS ends processes that ask elsewhere."""
    carbon, foundation = _libraries()
    source = carbon.TISCopyCurrentKeyboardLayoutInputSource()
    try:
        data = carbon.TISGetInputSourceProperty(
            source, ctypes.c_void_p.in_dll(carbon, "kTISPropertyUnicodeKeyLayoutData")
        )
        layout = foundation.CFDataGetBytePtr(data) if data else None
        if layout is None:
            return {}
        kind = carbon.LMGetKbdType()
        return characters({(code, state): _typed(layout, code, state, kind) for code in _KEYS for state in _STATES})
    finally:
        foundation.CFRelease(source)


def _typed(layout: int, code: int, state: int, kind: int) -> str:
    dead, length, buffer = ctypes.c_uint32(), ctypes.c_ulong(), (ctypes.c_uint16 * 8)()
    failed = _libraries()[0].UCKeyTranslate(
        layout, code, _ACTION_DISPLAY, state, kind, _NO_DEAD_KEYS, ctypes.byref(dead), 8, ctypes.byref(length), buffer
    )
    return "" if failed else bytes(buffer)[: 2 * length.value].decode("utf-16-le", "replace")


@cache
def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    carbon, foundation = ctypes.CDLL(_CARBON), ctypes.CDLL(_FOUNDATION)
    pointer = ctypes.c_void_p
    carbon.TISCopyCurrentKeyboardLayoutInputSource.restype = pointer
    carbon.TISGetInputSourceProperty.restype = pointer
    carbon.TISGetInputSourceProperty.argtypes = [pointer, pointer]
    carbon.UCKeyTranslate.argtypes = [
        pointer, ctypes.c_uint16, ctypes.c_uint16, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32,
        pointer, ctypes.c_ulong, pointer, pointer,
    ]  # fmt: skip
    foundation.CFDataGetBytePtr.restype = pointer
    foundation.CFDataGetBytePtr.argtypes = foundation.CFRelease.argtypes = [pointer]
    return carbon, foundation
