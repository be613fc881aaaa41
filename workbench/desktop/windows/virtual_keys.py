"""Virtual-key codes of Windows and the names of keys in a trajectory, both ways."""

from dataclasses import dataclass

from workbench.actions import Modifier

PACKET = 0xE7
"""The code under which Windows hands characters that no key types."""

ALTGR_CTRL_SCAN = 0x21D
"""The scan code of the left Ctrl that Windows makes up whenever AltGr goes down."""


@dataclass(frozen=True)
class VirtualKey:
    """A key as `SendInput` takes it; `extended` keys share their code with one of the number pad."""

    code: int
    extended: bool = False


NAMED: dict[str, VirtualKey] = {
    "ctrl": VirtualKey(0xA2),
    "shift": VirtualKey(0xA0),
    "alt": VirtualKey(0xA4),
    "super": VirtualKey(0x5B, extended=True),
    "BackSpace": VirtualKey(0x08),
    "Tab": VirtualKey(0x09),
    "Return": VirtualKey(0x0D),
    "KP_Enter": VirtualKey(0x0D, extended=True),
    "Pause": VirtualKey(0x13),
    "Caps_Lock": VirtualKey(0x14),
    "Escape": VirtualKey(0x1B),
    "space": VirtualKey(0x20),
    "Page_Up": VirtualKey(0x21, extended=True),
    "Page_Down": VirtualKey(0x22, extended=True),
    "End": VirtualKey(0x23, extended=True),
    "Home": VirtualKey(0x24, extended=True),
    "Left": VirtualKey(0x25, extended=True),
    "Up": VirtualKey(0x26, extended=True),
    "Right": VirtualKey(0x27, extended=True),
    "Down": VirtualKey(0x28, extended=True),
    "Print": VirtualKey(0x2C, extended=True),
    "Insert": VirtualKey(0x2D, extended=True),
    "Delete": VirtualKey(0x2E, extended=True),
    "Menu": VirtualKey(0x5D, extended=True),
    "KP_Multiply": VirtualKey(0x6A),
    "KP_Add": VirtualKey(0x6B),
    "KP_Subtract": VirtualKey(0x6D),
    "KP_Decimal": VirtualKey(0x6E),
    "KP_Divide": VirtualKey(0x6F, extended=True),
    "Num_Lock": VirtualKey(0x90, extended=True),
    "Scroll_Lock": VirtualKey(0x91),
    "ISO_Level3_Shift": VirtualKey(0xA5, extended=True),
    **{f"KP_{digit}": VirtualKey(0x60 + digit) for digit in range(10)},
    **{f"F{number}": VirtualKey(0x6F + number) for number in range(1, 25)},
}

ALIASES = {"Prior": "Page_Up", "Next": "Page_Down", "Enter": "Return", "Esc": "Escape"}
"""Other X11 spellings of the same keys, and the two that people write by hand."""

_SIDES = {
    0x10: "shift",
    0x11: "ctrl",
    0x12: "alt",
    0xA1: "shift",
    0xA3: "ctrl",
    0x5C: "super",
}

_NAME_OF_CODE = {**{key.code: name for name, key in NAMED.items() if not name.startswith("KP_Enter")}, **_SIDES}

SHIFT_BITS: tuple[Modifier, ...] = ("shift", "ctrl", "alt")
"""What the bits of the upper byte of `VkKeyScanExW` mean, from the lowest."""


def named(name: str) -> VirtualKey | None:
    """The key of that name; None for names that stand for a character of the layout, and unknown ones."""
    return NAMED.get(ALIASES.get(name, name))


def name_of(code: int, *, extended: bool) -> str:
    """The name of a key that types no character of its own; empty for all others."""
    if code == 0x0D and extended:
        return "KP_Enter"
    return _NAME_OF_CODE.get(code, "")


def modifiers_of(scan_result: int) -> tuple[Modifier, ...]:
    """The modifiers that `VkKeyScanExW` says a character needs, from its 16-bit result."""
    bits = (scan_result >> 8) & 0xFF
    return tuple(modifier for place, modifier in enumerate(SHIFT_BITS) if bits & (1 << place))
