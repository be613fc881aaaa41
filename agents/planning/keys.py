"""Keys as people and models write them (`Ctrl+S`, `enter`, `shift+page down`), read into the names of an action."""

import re

from workbench.actions import Modifier, PressKeys
from workbench.desktop.keysyms import character_of, name_of

MODIFIERS: dict[str, Modifier] = {
    "ctrl": "ctrl", "control": "ctrl", "strg": "ctrl", "shift": "shift", "alt": "alt", "option": "alt",
    "super": "super", "win": "super", "windows": "super", "cmd": "super", "command": "super", "meta": "super",
}  # fmt: skip

NAMED: dict[str, str] = {
    "return": "Return", "enter": "Return", "kp_enter": "KP_Enter", "tab": "Tab", "escape": "Escape", "esc": "Escape",
    "space": "space", "spacebar": "space", "backspace": "BackSpace", "delete": "Delete", "del": "Delete",
    "insert": "Insert", "ins": "Insert", "home": "Home", "end": "End", "pageup": "Page_Up", "pgup": "Page_Up",
    "prior": "Page_Up", "pagedown": "Page_Down", "pgdn": "Page_Down", "pgdown": "Page_Down", "next": "Page_Down",
    "left": "Left", "right": "Right", "up": "Up", "down": "Down", "arrowleft": "Left", "arrowright": "Right",
    "arrowup": "Up", "arrowdown": "Down", "menu": "Menu", "print": "Print", "printscreen": "Print", "pause": "Pause",
    "plus": "plus", "minus": "minus", **{f"f{number}": f"F{number}" for number in range(1, 25)},
}  # fmt: skip

MOST_KEYS = 5
"""All four modifiers and one key."""

_JOINT = re.compile(r"\s*\+\s*(?=.)", re.S)


def pressed(words: str, count: int = 1) -> PressKeys:
    """The action that presses these keys together; the modifiers stand first, in their own order.

    Raises ValueError, naming what is wrong, for keys that nobody knows, for none, and for more than one at a time.
    """
    names = [_key_name(part) for part in _JOINT.split(words.strip()) if part.strip()]
    modifiers = [name for name in dict.fromkeys(MODIFIERS.values()) if name in names]
    keys = [name for name in names if name not in modifiers]
    if not names or len(names) > MOST_KEYS or len(set(names)) < len(names):
        raise ValueError(f"keys are written like ctrl+s or enter, each once, not like {words[:40]!r}")
    if len(keys) > 1:
        raise ValueError(f"one key at a time with its modifiers: {words[:40]!r} has {len(keys)}")
    return PressKeys((*modifiers, *(_plain(key) if modifiers else key for key in keys)), count)


def _key_name(part: str) -> str:
    if len(part) == 1:
        return name_of(part)
    plain = re.sub(r"[ _-]", "", part).lower() if part.lower() != "kp_enter" else "kp_enter"
    known = MODIFIERS.get(plain) or NAMED.get(plain) or NAMED.get(plain.removesuffix("key").removesuffix("arrow"))
    if known is None and not character_of(part):
        raise ValueError(f"no key is called {part[:20]!r}; name it like enter, tab, escape, f5, page down or a letter")
    return known or part


def _plain(key: str) -> str:
    """With a modifier a letter means its key: `Ctrl+S` is written with a capital and pressed without shift."""
    return key.lower() if len(key) == 1 else key
