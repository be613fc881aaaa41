"""Names of keys as X11 spells them, for systems that have no keysyms: characters to names and back."""

import re

from workbench.actions import Modifier

MODIFIERS: tuple[Modifier, ...] = ("ctrl", "shift", "alt", "super")

_ASCII = {
    " ": "space", "!": "exclam", '"': "quotedbl", "#": "numbersign", "$": "dollar", "%": "percent", "&": "ampersand",
    "'": "apostrophe", "(": "parenleft", ")": "parenright", "*": "asterisk", "+": "plus", ",": "comma", "-": "minus",
    ".": "period", "/": "slash", ":": "colon", ";": "semicolon", "<": "less", "=": "equal", ">": "greater",
    "?": "question", "@": "at", "[": "bracketleft", "\\": "backslash", "]": "bracketright", "^": "asciicircum",
    "_": "underscore", "`": "grave", "{": "braceleft", "|": "bar", "}": "braceright", "~": "asciitilde",
}  # fmt: skip

_UNICODE = re.compile("U[0-9A-Fa-f]{4,6}")

_LATIN_1 = """
nobreakspace exclamdown cent sterling currency yen brokenbar section diaeresis copyright ordfeminine
guillemotleft notsign hyphen registered macron degree plusminus twosuperior threesuperior acute mu paragraph
periodcentered cedilla onesuperior masculine guillemotright onequarter onehalf threequarters questiondown
Agrave Aacute Acircumflex Atilde Adiaeresis Aring AE Ccedilla Egrave Eacute Ecircumflex Ediaeresis Igrave Iacute
Icircumflex Idiaeresis ETH Ntilde Ograve Oacute Ocircumflex Otilde Odiaeresis multiply Oslash Ugrave Uacute
Ucircumflex Udiaeresis Yacute THORN ssharp agrave aacute acircumflex atilde adiaeresis aring ae ccedilla egrave
eacute ecircumflex ediaeresis igrave iacute icircumflex idiaeresis eth ntilde ograve oacute ocircumflex otilde
odiaeresis division oslash ugrave uacute ucircumflex udiaeresis yacute thorn ydiaeresis
"""

_NAMES = {**_ASCII, **{chr(0xA0 + place): name for place, name in enumerate(_LATIN_1.split())}, "€": "EuroSign"}
_CHARACTERS = {name: character for character, name in _NAMES.items()}

_DEAD = {
    "`": "dead_grave", "´": "dead_acute", "'": "dead_acute", "^": "dead_circumflex", "~": "dead_tilde",
    "¯": "dead_macron", "˘": "dead_breve", "˙": "dead_abovedot", "¨": "dead_diaeresis", '"': "dead_diaeresis",
    "°": "dead_abovering", "˝": "dead_doubleacute", "ˇ": "dead_caron", "¸": "dead_cedilla", "˛": "dead_ogonek",
}  # fmt: skip

_CONTROL = {"\r": "Return", "\n": "Return", "\t": "Tab", "\b": "BackSpace", "\x1b": "Escape", "\x7f": "Delete"}


def name_of(character: str) -> str:
    """The keysym name of one character: `a`, `plus`, `eacute`, `U0416`; empty for none or several."""
    if len(character) != 1:
        return ""
    if character in _CONTROL:
        return _CONTROL[character]
    if character.isascii() and character.isalnum():
        return character
    return _NAMES.get(character) or f"U{ord(character):04X}"


def character_of(name: str) -> str:
    """The character that a keysym name types; empty when it types none (`Return`, `F4`) or nobody knows it."""
    if len(name) == 1:
        return name
    if name in _CHARACTERS:
        return _CHARACTERS[name]
    if (
        name.startswith("U")
        and 4 <= len(name) - 1 <= 6
        and all(digit in "0123456789ABCDEFabcdef" for digit in name[1:])
    ):
        code = int(name[1:], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
    return ""


def dead_name_of(accent: str) -> str:
    """The keysym name of the dead key that shows this accent; empty when there is none."""
    return _DEAD.get(accent, "")
