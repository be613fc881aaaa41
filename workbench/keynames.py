"""Names of keys as people, models and other tools write them, read into the names that actions use.

X11 names everywhere in the workbench: `ctrl shift alt super` for the modifiers of either side, otherwise as X11 spells
them (`Return`, `Page_Up`, `KP_Add`, `a`, `plus`, `eacute`, `U0416`).
"""

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

_SIDES: dict[str, str] = {
    written: modifier
    for word, modifier in (MODIFIERS | {"os": "super", "ctl": "ctrl"}).items()
    for side in ("left", "right", "l", "r")
    for written in (f"{word}{side}", f"{side}{word}")
}

_PAD = {
    "enter": "KP_Enter", "add": "KP_Add", "plus": "KP_Add", "subtract": "KP_Subtract", "minus": "KP_Subtract",
    "multiply": "KP_Multiply", "divide": "KP_Divide", "decimal": "KP_Decimal", "period": "KP_Decimal",
    "separator": "KP_Separator", "comma": "KP_Separator", "equal": "KP_Equal",
    **{str(digit): f"KP_{digit}" for digit in range(10)},
}  # fmt: skip

_MEDIA = {
    "volumemute": "XF86AudioMute", "volumedown": "XF86AudioLowerVolume", "volumeup": "XF86AudioRaiseVolume",
    "audiovolumemute": "XF86AudioMute", "audiovolumedown": "XF86AudioLowerVolume",
    "audiovolumeup": "XF86AudioRaiseVolume", "mediavolumemute": "XF86AudioMute",
    "mediavolumedown": "XF86AudioLowerVolume", "mediavolumeup": "XF86AudioRaiseVolume",
    "playpause": "XF86AudioPlay", "mediaplaypause": "XF86AudioPlay", "nexttrack": "XF86AudioNext",
    "medianexttrack": "XF86AudioNext", "medianext": "XF86AudioNext", "mediatracknext": "XF86AudioNext",
    "prevtrack": "XF86AudioPrev", "mediaprevtrack": "XF86AudioPrev", "mediaprevious": "XF86AudioPrev",
    "mediatrackprevious": "XF86AudioPrev", "stop": "XF86AudioStop", "mediastop": "XF86AudioStop",
    "browserback": "XF86Back", "browserforward": "XF86Forward", "browserrefresh": "XF86Refresh",
    "browserstop": "XF86Stop", "browsersearch": "XF86Search", "browserfavorites": "XF86Favorites",
    "browserhome": "XF86HomePage", "launchmail": "XF86Mail", "launchmediaselect": "XF86AudioMedia",
    "launchmediaplayer": "XF86AudioMedia", "launchapp1": "XF86Launch0", "launchapp2": "XF86Launch1",
    "launchapplication1": "XF86Launch0", "launchapplication2": "XF86Launch1", "sleep": "XF86Sleep",
}  # fmt: skip

_OTHERS = {
    "prtsc": "Print", "prtscr": "Print", "prntscrn": "Print", "printscrn": "Print", "snapshot": "Print",
    "sysrq": "Print", "apps": "Menu", "contextmenu": "Menu", "break": "Pause", "cancel": "Cancel",
    "capslock": "Caps_Lock", "capital": "Caps_Lock", "numlock": "Num_Lock", "scrolllock": "Scroll_Lock",
    "scroll": "Scroll_Lock", "altgr": "ISO_Level3_Shift", "altgraph": "ISO_Level3_Shift",
    "isolevel3shift": "ISO_Level3_Shift", "isolefttab": "Tab", "help": "Help", "clear": "Clear", "select": "Select",
    "execute": "Execute", "back": "BackSpace", "linefeed": "Return", "ctrlcmd": "ctrl", "controlormeta": "ctrl",
    "kana": "Kana_Lock", "hangul": "Hangul", "hanguel": "Hangul", "hanja": "Hangul_Hanja", "kanji": "Kanji",
    "modechange": "Mode_switch", "convert": "Henkan", "nonconvert": "Muhenkan", "yen": "yen", "undo": "Undo",
    "redo": "Redo", "copy": "XF86Copy", "cut": "XF86Cut", "paste": "XF86Paste", "find": "Find",
    "backquote": "grave", "backtick": "grave", "quote": "apostrophe", "singlequote": "apostrophe",
    "doublequote": "quotedbl", "dot": "period", "equals": "equal", "hash": "numbersign", "dash": "minus",
    "hyphen": "minus", "forwardslash": "slash", "openbracket": "bracketleft", "closebracket": "bracketright",
    "leftbracket": "bracketleft", "rightbracket": "bracketright", "tilde": "asciitilde", "caret": "asciicircum",
    "pipe": "bar", "intlbackslash": "less", "exclamationmark": "exclam", "questionmark": "question",
}  # fmt: skip

_FOREIGN: dict[str, str] = {
    **_SIDES,
    **_MEDIA,
    **_OTHERS,
    **{word: _PAD[word] for word in ("add", "subtract", "multiply", "divide", "decimal", "separator")},
    **{f"{before}{word}": name for word, name in _PAD.items() for before in ("kp", "numpad", "num")},
    **{f"key{chr(code)}": chr(code) for code in range(ord("a"), ord("z") + 1)},
    **{f"digit{digit}": str(digit) for digit in range(10)},
    **{name.lower(): name for name in _MEDIA.values()},
}  # fmt: skip
"""What pyautogui, pynput, xdotool and browsers call keys, in small letters without spaces, `_` and `-`."""

_WINDOWS = {
    "menu": "alt", "lmenu": "alt", "rmenu": "ISO_Level3_Shift", "oemplus": "plus", "oemminus": "minus",
    "oemcomma": "comma", "oemperiod": "period", "oem1": "semicolon", "oem2": "slash", "oem3": "grave",
    "oem4": "bracketleft", "oem5": "backslash", "oem6": "bracketright", "oem7": "apostrophe", "oem102": "less",
}  # fmt: skip
"""What Windows calls keys after `VK_`, where no other tool does, on its American keyboard."""

_PYNPUT = re.compile(r"^(?:Key\.(\w+)|<(\w+)>)$")

_DEAD = re.compile("dead_[a-z]+")

MOST_KEYS = 5
"""All four modifiers and one key."""

LONGEST_NAME = 40
"""Longer names of keys are none."""

_JOINT = re.compile(r"\s*\+\s*(?=.)", re.S)


def keysym(name: str) -> str | None:
    """The name that actions use for a key that another tool calls so; None for what no tool calls a key.

    Reads the names of pyautogui (`winleft`, `num1`), pynput (`Key.ctrl_l`, `'a'`), xdotool and X11 (`Control_L`,
    `Prior`, `XF86Back`), browsers (`ArrowLeft`, `KeyA`, `NumpadEnter`), Windows (`VK_LWIN`), and those of `pressed`.
    A character is its own key; capital letters stay capital. Names of keys that type a character depend on no layout.
    """
    if len(name) == 1:
        return name_of(name) or None
    if len(name) > LONGEST_NAME:
        return None
    if len(name) == 3 and name[0] == name[2] in "'\"":
        return name_of(name[1])
    bare = _PYNPUT.sub(r"\1\2", name.strip())
    if bare.upper().startswith("VK_"):
        return _windows(_plain_word(bare[3:]))
    if character_of(bare) or _DEAD.fullmatch(bare):
        return name_of(bare) or bare
    found = _tool(_plain_word(bare)) or _spoken(bare)
    return name_of(found) or None if found and len(found) == 1 else found


def pressed(words: str, count: int = 1) -> PressKeys:
    """The action that presses keys as people and models write them (`Ctrl+S`, `enter`, `shift+page down`).

    The modifiers stand first, in their own order. Raises ValueError, naming what is wrong, for keys that nobody knows,
    for none, and for more than one at a time.
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
    known = _spoken(part)
    if known is None and not character_of(part):
        raise ValueError(f"no key is called {part[:20]!r}; name it like enter, tab, escape, f5, page down or a letter")
    return known or part


def _spoken(part: str) -> str | None:
    plain = _plain_word(part) if part.lower() != "kp_enter" else "kp_enter"
    return MODIFIERS.get(plain) or NAMED.get(plain) or NAMED.get(plain.removesuffix("key").removesuffix("arrow"))


def _tool(plain: str) -> str | None:
    return MODIFIERS.get(plain) or NAMED.get(plain) or _FOREIGN.get(plain) or (plain if character_of(plain) else None)


def _windows(plain: str) -> str | None:
    if len(plain) == 1:
        return name_of(plain)
    return _WINDOWS.get(plain) or _tool(plain)


def _plain_word(part: str) -> str:
    return re.sub(r"[ _-]", "", part).lower()


def _plain(key: str) -> str:
    """With a modifier a letter means its key: `Ctrl+S` is written with a capital and pressed without shift."""
    return key.lower() if len(key) == 1 else key
