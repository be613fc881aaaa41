"""X11 keysyms, their names and the characters they type.

A keysym is the number X gives to the symbol on a key (X11 protocol, appendix A). Three kinds type characters: Latin-1
(the code point itself), Unicode (0x01000000 plus the code point) and the older national sets, most of which follow an
8-bit character set of their time.
"""

import functools
import importlib
import unicodedata

UNICODE = 0x01000000

MODIFIER_NAMES: dict[str, str] = {
    "Control_L": "ctrl",
    "Control_R": "ctrl",
    "Shift_L": "shift",
    "Shift_R": "shift",
    "Alt_L": "alt",
    "Alt_R": "alt",
    "Meta_L": "alt",
    "Meta_R": "alt",
    "Super_L": "super",
    "Super_R": "super",
}
"""How modifier keys are called here, by their X11 names."""

MODIFIER_KEYS: dict[str, str] = {"ctrl": "Control_L", "shift": "Shift_L", "alt": "Alt_L", "super": "Super_L"}
"""The key that stands for each modifier."""

_NATIONAL_SETS = {
    0x01: "iso8859-2",
    0x02: "iso8859-3",
    0x03: "iso8859-4",
    0x04: "shift_jis",
    0x05: "iso8859-6",
    0x06: "koi8-u",
    0x07: "iso8859-7",
    0x0C: "iso8859-8",
    0x0D: "tis-620",
    0x12: "iso8859-14",
    0x13: "iso8859-15",
}

# Where the old sets left their character set, as runs: Cyrillic beyond Russian, Greek with accents, signs, Hangul.
_RUNS = {
    0x47E: "\u203e",
    0x4DE: "゛゜",
    0x6A1: "ђѓёєѕіїјљњћќґўџ№ЂЃЁЄЅІЇЈЉЊЋЌҐЎЏ",
    0x7A1: "ΆΈΉΊΪ",
    0x7A7: "ΌΎΫ",
    0x7AB: "Ώ",
    0x7AE: "΅",
    0x7B1: "άέήίϊΐόύϋΰώ",
    0x7D2: "Σ",
    0x7F2: "σς",
    0x8BC: "≤≠≥∫",
    0x8C2: "∞",
    0x8C5: "∇",
    0x8D6: "√",
    0x8EF: "∂",
    0x8F6: "ƒ",
    0x8FB: "←↑→↓",
    0xAA9: "—–",
    0xAAE: "…",
    0xAB0: "⅓⅔⅕⅖⅗⅘⅙⅚",
    0xAC3: "⅛⅜⅝⅞",
    0xAC9: "™",
    0xAD0: "‘’“”℞",
    0xAD6: "′″",
    0xAE6: "•",
    0xAF1: "†‡",
    0xAFD: "‚„",
    0xDDE: "\u0e3e",
    0xEA1: "".join(map(chr, range(0x3131, 0x3164))),
    0x20AC: "€",
}
_EXCEPTIONS = {start + place: text for start, run in _RUNS.items() for place, text in enumerate(run)}

_KEYPAD = {
    0xFF80: " ",
    0xFFAA: "*",
    0xFFAB: "+",
    0xFFAC: ",",
    0xFFAD: "-",
    0xFFAE: ".",
    0xFFAF: "/",
    0xFFBD: "=",
    **{0xFFB0 + digit: str(digit) for digit in range(10)},
}

_NAME_SETS = [
    "miscellany",
    "latin1",
    "latin2",
    "latin3",
    "latin4",
    "katakana",
    "arabic",
    "cyrillic",
    "greek",
    "technical",
    "special",
    "publishing",
    "apl",
    "hebrew",
    "thai",
    "korean",
    "xkb",
    "xf86",
]

# Two names for one keysym: these are the ones people know.
_PREFERRED = ("Page_Up", "Page_Down", "apostrophe", "grave", "ISO_Level3_Shift", "Mode_switch", "Henkan_Mode", "F11")


@functools.cache
def text_of(keysym: int) -> str:
    """The character that the keysym types, empty for function, modifier and dead keys."""
    if 0x20 <= keysym <= 0x7E or 0xA0 <= keysym <= 0xFF:
        return chr(keysym)
    if UNICODE + 0x20 <= keysym <= UNICODE + 0x10FFFF:
        return chr(keysym - UNICODE)
    return _EXCEPTIONS.get(keysym) or _KEYPAD.get(keysym) or _national(keysym)


def keysym_of(character: str) -> int:
    """The keysym that types the character, in the form that every toolkit of today understands."""
    code = ord(character)
    return code if 0x20 <= code <= 0x7E or 0xA0 <= code <= 0xFF else UNICODE + code


def is_keypad(keysym: int) -> bool:
    """Whether it is on the number pad, where Num Lock changes what keys mean."""
    return 0xFF80 <= keysym <= 0xFFBD


def name_of(keysym: int) -> str:
    """The X11 name of a keysym; `U` with the hexadecimal code point where it has none, empty for 0."""
    if not keysym:
        return ""
    if UNICODE <= keysym <= UNICODE + 0x10FFFF:
        return f"U{keysym - UNICODE:04X}"
    return _names().get(keysym, f"0x{keysym:x}")


def named(name: str) -> int:
    """The keysym of an X11 name (`Return`, `F4`, `U0436`) or of a single character; 0 where there is none."""
    known = _values().get(name)
    if known:
        return known
    if len(name) == 1 and name.isprintable():
        return keysym_of(name)
    return _from_code_point(name)


def _from_code_point(name: str) -> int:
    digits = name[1:]
    if not name.startswith("U") or not 4 <= len(digits) <= 6 or not set(digits) <= set("0123456789abcdefABCDEF"):
        return 0
    code = int(digits, 16)
    return keysym_of(chr(code)) if 0x20 <= code <= 0x10FFFF else 0


def _national(keysym: int) -> str:
    codec = _NATIONAL_SETS.get(keysym >> 8)
    low = keysym & 0xFF
    if codec is None or low < 0xA0:
        return ""
    try:
        text = bytes([low]).decode(codec)
    except UnicodeDecodeError:
        return ""
    # The katakana of shift_jis are the half-width ones; keyboards mean the full width.
    return unicodedata.normalize("NFKC", text) if codec == "shift_jis" else text


@functools.cache
def _values() -> dict[str, int]:
    found: dict[str, int] = {}
    for group in _NAME_SETS:
        module = importlib.import_module(f"Xlib.keysymdef.{group}")
        for attribute, value in vars(module).items():
            if attribute.startswith("XK_"):
                found.setdefault(attribute.removeprefix("XK_").replace("XF86_", "XF86"), value)
    found["EuroSign"] = 0x20AC
    found.pop("VoidSymbol", None)
    return found


@functools.cache
def _names() -> dict[int, str]:
    found: dict[int, str] = {}
    for name, value in _values().items():
        found.setdefault(value, name)
    return found | {_values()[name]: name for name in _PREFERRED}
