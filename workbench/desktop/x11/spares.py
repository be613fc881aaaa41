"""Lending unused keycodes to characters that the layout in force does not have.

Every change of the map makes window managers take all their keys anew (openbox: 70 ms, during which it does nothing
else) and toolkits load the layout again. So a set of characters is lent in one request, and stays lent until the
keycodes are needed for others or given back at the end.
"""

from collections.abc import Iterable

from workbench.desktop.x11.keymap import Keymap, single
from workbench.desktop.x11.xkb import State, Xkb
from workbench.errors import UnavailableError


class Spares:
    """The unused keycodes of a display and the keysyms they are lent to.

    A lent keycode carries its keysym on every level, so no held or locked modifier changes what it types.
    """

    def __init__(self, xkb: Xkb) -> None:
        self._xkb = xkb
        self._lent: dict[int, int] = {}
        self._free: list[int] = []

    @property
    def lent(self) -> dict[int, int]:
        """Keycodes by the keysym they are lent to, the longest lent first."""
        return dict(self._lent)

    def survey(self, keymap: Keymap) -> None:
        """Learn which keycodes the layout leaves unused, and which are still lent: another layout takes them back.

        Raises `UnavailableError` where there are none.
        """
        self._lent = {symbol: code for symbol, code in self._lent.items() if keymap.keysym(code, State()) == symbol}
        self._free = list(keymap.spare())
        if not self._free and not self._lent:
            raise UnavailableError(
                "the keyboard layout uses every keycode, so characters it lacks cannot be typed: "
                "choose a layout with unused keycodes (setxkbmap us)"
            )

    @property
    def capacity(self) -> int:
        """How many different keysyms can be lent at once."""
        return len(self._free) + len(self._lent)

    def takes_back(self, wanted: Iterable[int]) -> bool:
        """Whether lending these takes keycodes from other keysyms, which an application may still have to look up."""
        return len([symbol for symbol in wanted if symbol not in self._lent]) > len(self._free)

    def lend(self, wanted: Iterable[int], keymap: Keymap) -> None:
        """Have a keycode for each of these different keysyms, at most `capacity`; free keycodes are taken first."""
        needed = list(wanted)
        idle = [symbol for symbol in self._lent if symbol not in needed]
        changed: dict[int, int] = {}
        for symbol in needed:
            if symbol not in self._lent:
                keycode = self._free.pop(0) if self._free else self._lent.pop(idle.pop(0))
                self._lent[symbol] = keycode
                changed[keycode] = symbol
        self._map(changed, keymap)

    def give_back(self, keymap: Keymap) -> None:
        """Empty every keycode that is still lent."""
        self.survey(keymap)
        self._map(dict.fromkeys(self._lent.values(), 0), keymap)
        self._lent = {}

    def _map(self, changed: dict[int, int], keymap: Keymap) -> None:
        """One request for the whole range; the keys in between keep what they have."""
        if changed:
            codes = range(min(changed), max(changed) + 1)
            self._xkb.set_symbols(
                codes.start,
                [single(changed[code]) if code in changed else keymap.records[code] for code in codes],
            )
