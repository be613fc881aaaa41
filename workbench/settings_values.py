"""What the values of settings may be: one check and one sentence per kind."""

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from workbench.settings import Setting

Kind = Literal["choice", "number", "automatic", "hotkey", "size", "folder", "address", "list", "rules"]
Value = str | float | tuple[str, ...]

MODIFIERS = ("ctrl", "alt", "shift", "super")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Hosts that never leave this machine, which alone may be spoken to without TLS."""

_LONGEST_CHARACTERS = 1000

ALLOWED: dict[Kind, str] = {
    "hotkey": "keys joined by +, with at least one of ctrl, alt, shift, super",
    "size": "WIDTHxHEIGHT, from 320x200 to 7680x4320",
    "folder": "a folder",
    "address": "an https:// address, or an http:// one of this machine itself",
    "list": "names with commas between them",
    "rules": "three of auto, ask, block, for sure, unsure and doubtful steps, never growing milder",
}
"""What may be given, in words, for kinds whose choices and limits do not say it."""


def _text(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > _LONGEST_CHARACTERS or not value.isprintable():
        return None
    return value


def _check_choice(setting: "Setting", given: object) -> Value | None:
    return given if isinstance(given, str) and given in setting.choices else None


def _check_number(setting: "Setting", given: object) -> Value | None:
    if isinstance(given, bool) or not isinstance(given, int | float) or setting.limits is None:
        return None
    low, high = setting.limits
    return float(given) if math.isfinite(given) and low <= given <= high else None


def _check_automatic(setting: "Setting", given: object) -> Value | None:
    """`auto` or a whole number within the limits, as text."""
    text = str(given).strip() if isinstance(given, int | str) and not isinstance(given, bool) else ""
    if text == "auto":
        return text
    if setting.limits is None or not re.fullmatch(r"[0-9]{1,9}", text):
        return None
    low, high = setting.limits
    return str(int(text)) if low <= int(text) <= high else None


def _check_hotkey(setting: "Setting", given: object) -> Value | None:
    if given == "" and setting.default == "":
        return ""
    keys = (_text(given) or "").split("+")
    held = [key.lower() for key in keys[:-1]]
    known = all(key in MODIFIERS for key in held) and len(set(held)) == len(held)
    last = re.fullmatch(r"[A-Za-z0-9_]{1,30}", keys[-1])
    if not held or not known or not last or keys[-1].lower() in MODIFIERS:
        return None
    key = keys[-1].lower() if len(keys[-1]) == 1 else keys[-1]
    return "+".join([*sorted(held, key=MODIFIERS.index), key])


def _check_size(_setting: "Setting", given: object) -> Value | None:
    match = re.fullmatch(r"([1-9][0-9]{2,3})x([1-9][0-9]{2,3})", _text(given) or "")
    if not match:
        return None
    width, height = int(match[1]), int(match[2])
    return f"{width}x{height}" if 320 <= width <= 7680 and 200 <= height <= 4320 else None


def _check_folder(_setting: "Setting", given: object) -> Value | None:
    return _text(given)


def _check_address(_setting: "Setting", given: object) -> Value | None:
    """An https address; plain http only to this machine itself."""
    text = (_text(given) or "").rstrip("/")
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        wrong = bool(parts.username or parts.query or parts.fragment) or (parts.port or 1) < 1
    except ValueError:
        return None
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    return text if safe and host and not wrong and " " not in text else None


def _check_list(_setting: "Setting", given: object) -> Value | None:
    if not isinstance(given, list | tuple):
        return None
    parts = [_text(part) for part in given]
    return tuple(part for part in parts if part) if all(parts) else None


def _check_rules(_setting: "Setting", given: object) -> Value | None:
    from workbench.approval import parse_row
    from workbench.errors import BadInputError

    try:
        return " ".join(parse_row(_text(given) or ""))
    except BadInputError:
        return None


CHECKS: dict[Kind, Callable[["Setting", object], Value | None]] = {
    "choice": _check_choice,
    "number": _check_number,
    "automatic": _check_automatic,
    "hotkey": _check_hotkey,
    "size": _check_size,
    "folder": _check_folder,
    "address": _check_address,
    "list": _check_list,
    "rules": _check_rules,
}
