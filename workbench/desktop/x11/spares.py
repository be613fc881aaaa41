"""Lending unused keycodes to characters that the layout in force does not have."""

from collections.abc import Iterable
from typing import Any

from workbench.desktop.x11.keymap import Keymap
from workbench.errors import UnavailableError


class Spares:
    """The unused keycodes of a display and the keysyms they are lent to; belongs to the injector's connection.

    A lent keycode carries its keysym on every level, so no held or locked modifier changes what it types.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._lent: dict[int, int] = {}
        self._free: list[int] = []

    @property
    def lent(self) -> dict[int, int]:
        """Keycodes by the keysym they are lent to."""
        return dict(self._lent)

    def survey(self, keymap: Keymap) -> None:
        """Learn which keycodes the layout leaves unused; raises `UnavailableError` where there is none."""
        taken = set(self._lent.values())
        self._free = [code for code in keymap.spare() if code not in taken]
        if not self._free and not self._lent:
            raise UnavailableError(
                "the keyboard layout uses every keycode, so characters it lacks cannot be typed: "
                "choose a layout with unused keycodes (setxkbmap us)"
            )

    @property
    def capacity(self) -> int:
        """How many different keysyms can be lent at once."""
        return len(self._free) + len(self._lent)

    def lend(self, wanted: Iterable[int]) -> bool:
        """Have a keycode for each keysym (at most `capacity`), keeping those that have one.

        Returns whether the map changed. Keycodes of keysyms that are no longer wanted are reused only when no free
        one is left: an application may still be about to look them up.
        """
        needed = list(dict.fromkeys(wanted))
        missing = [symbol for symbol in needed if symbol not in self._lent]
        idle = [symbol for symbol in self._lent if symbol not in needed]
        for symbol in missing:
            keycode = self._free.pop(0) if self._free else self._lent.pop(idle.pop(0))
            self._lent[symbol] = keycode
            self._map(keycode, symbol)
        return bool(missing)

    def give_back(self) -> bool:
        """Empty every lent keycode again; returns whether there was one."""
        lent, self._lent = self._lent, {}
        for keycode in lent.values():
            self._map(keycode, 0)
            self._free.append(keycode)
        return bool(lent)

    def _map(self, keycode: int, symbol: int) -> None:
        self._connection.change_keyboard_mapping(keycode, [(symbol, symbol)])
