"""Key codes of macOS and the names of keys in a trajectory, both ways."""

from collections.abc import Iterable

from workbench.actions import Modifier

NAMED: dict[str, int] = {
    "ctrl": 0x3B,
    "shift": 0x38,
    "alt": 0x3A,
    "super": 0x37,
    "Return": 0x24,
    "Tab": 0x30,
    "space": 0x31,
    "BackSpace": 0x33,
    "Escape": 0x35,
    "Caps_Lock": 0x39,
    "Help": 0x72,
    "Home": 0x73,
    "Page_Up": 0x74,
    "Delete": 0x75,
    "End": 0x77,
    "Page_Down": 0x79,
    "Left": 0x7B,
    "Right": 0x7C,
    "Down": 0x7D,
    "Up": 0x7E,
    "KP_Decimal": 0x41,
    "KP_Multiply": 0x43,
    "KP_Add": 0x45,
    "KP_Divide": 0x4B,
    "KP_Enter": 0x4C,
    "KP_Subtract": 0x4E,
    "KP_Equal": 0x51,
    **{f"KP_{digit}": code for digit, code in enumerate((0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5B, 0x5C))},
    **{
        f"F{number + 1}": code
        for number, code in enumerate(
            (0x7A, 0x78, 0x63, 0x76, 0x60, 0x61, 0x62, 0x64, 0x65, 0x6D, 0x67, 0x6F, 0x69, 0x6B, 0x71, 0x6A)
        )
    },
    "F17": 0x40,
    "F18": 0x4F,
    "F19": 0x50,
    "F20": 0x5A,
}

ALIASES = {"Prior": "Page_Up", "Next": "Page_Down", "Enter": "Return", "Esc": "Escape", "Insert": "Help"}
"""Other X11 spellings, those that people write by hand, and the key that sits where Insert does elsewhere."""

FLAGS: dict[Modifier, int] = {"shift": 0x20000, "ctrl": 0x40000, "alt": 0x80000, "super": 0x100000}
"""The bits of event flags that say a modifier is down."""

CAPS_LOCK = 0x39

MODIFIER_CODES: dict[int, tuple[Modifier, int]] = {
    0x3B: ("ctrl", 0x1),
    0x38: ("shift", 0x2),
    0x3C: ("shift", 0x4),
    0x37: ("super", 0x8),
    0x36: ("super", 0x10),
    0x3A: ("alt", 0x20),
    0x3D: ("alt", 0x40),
    0x3E: ("ctrl", 0x2000),
}
"""Both keys of each modifier, with the bit that says this very one is down."""

_ALL_SIDES = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x40 | 0x2000

_NAME_OF_CODE = {code: name for name, code in NAMED.items()}


def named(name: str) -> int | None:
    """The code of the key of that name; None for names that stand for a character of the layout, and unknown ones."""
    return NAMED.get(ALIASES.get(name, name))


def name_of(code: int) -> str:
    """The name of a key that types no character of its own; empty for all others."""
    if code in MODIFIER_CODES:
        return MODIFIER_CODES[code][0]
    return _NAME_OF_CODE.get(code, "")


def is_modifier_down(code: int, flags: int) -> bool:
    """Whether a report that modifiers changed means that this key went down.

    The bits per side decide; events made by programs often lack them, then the modifier's own bit does.
    """
    modifier, side = MODIFIER_CODES[code]
    if flags & _ALL_SIDES:
        return bool(flags & side)
    return bool(flags & FLAGS[modifier])


def flags_of(held: Iterable[str]) -> int:
    """The event flags while these are held, in the spelling of `Held`: `key shift`, `button left`."""
    names = set(held)
    return sum(flag for modifier, flag in FLAGS.items() if f"key {modifier}" in names)
