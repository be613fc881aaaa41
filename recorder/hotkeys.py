"""Recognising the gestures that steer a recording among the keys that a person presses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recorder.atoms import MODIFIERS
from recorder.options import Hotkeys
from workbench.actions import Modifier
from workbench.errors import BadInputError
from workbench.inputs import InputEvent

Command = str
"""`stop`, `pause`, `forget`, `note` or `secret`."""


@dataclass
class HotkeyWatch:
    """Knows which modifiers are down, and says when a key completes one of the hotkeys."""

    hotkeys: Mapping[tuple[frozenset[Modifier], str], Command]
    _held: dict[int | str, Modifier] = field(default_factory=dict)

    @classmethod
    def of(cls, hotkeys: Hotkeys) -> "HotkeyWatch":
        """A watch for these; raises `BadInputError` for one that cannot be read or that two share."""
        found: dict[tuple[frozenset[Modifier], str], Command] = {}
        for command in ("stop", "pause", "forget", "note", "secret"):
            text: str = getattr(hotkeys, command)
            if not text:
                continue
            keys = parse(text)
            if keys in found:
                raise BadInputError(f"the hotkey {text} cannot mean both {found[keys]} and {command}; change one")
            found[keys] = command
        return cls(found)

    def take(self, event: InputEvent) -> Command | None:
        """The command that this event completes, or None."""
        key = event.keycode or event.keysym
        if event.kind == "key_up":
            self._held.pop(key, None)
        if event.kind != "key_down":
            return None
        modifier = MODIFIERS.get(event.keysym)
        if modifier is not None:
            self._held[key] = modifier
            return None
        return self.hotkeys.get((self.held(), event.keysym.lower()))

    def held(self) -> frozenset[Modifier]:
        """The modifiers that are down."""
        return frozenset(self._held.values())


def parse(text: str) -> tuple[frozenset[Modifier], str]:
    """The modifiers and the key of a hotkey such as `ctrl+alt+s`; the key in lower case."""
    *modifiers, key = text.split("+")
    known = {MODIFIERS.get(modifier) for modifier in modifiers}
    if not key or not modifiers or None in known:
        raise BadInputError(f"{text!r} is no hotkey: write it like ctrl+alt+s, with ctrl, alt, shift or super")
    return frozenset(modifier for modifier in known if modifier), key.lower()
