"""Dead keys and Compose sequences as the text that arrives.

Follows what X11's input methods do (the Compose file of libX11, en_US.UTF-8): a dead key followed by a letter gives the
letter with that accent, followed by a space or by itself the accent alone. What cannot be known from the keys alone
says so, and the field's value decides.
"""

import unicodedata
from dataclasses import dataclass, field

DEAD = {
    "dead_grave": ("\u0300", "`"),
    "dead_acute": ("\u0301", "´"),
    "dead_circumflex": ("\u0302", "^"),
    "dead_tilde": ("\u0303", "~"),
    "dead_macron": ("\u0304", "¯"),
    "dead_breve": ("\u0306", "˘"),
    "dead_abovedot": ("\u0307", "˙"),
    "dead_diaeresis": ("\u0308", "¨"),
    "dead_abovering": ("\u030a", "°"),
    "dead_doubleacute": ("\u030b", "˝"),
    "dead_caron": ("\u030c", "ˇ"),
    "dead_cedilla": ("\u0327", "¸"),
    "dead_ogonek": ("\u0328", "˛"),
    "dead_stroke": ("\u0335", "/"),
    "dead_belowdot": ("\u0323", "."),
    "dead_hook": ("\u0309", "?"),
    "dead_horn": ("\u031b", "'"),
}
"""By keysym: the combining mark and the character that the accent is by itself."""

COMPOSE_ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    '"': "\u0308",
    "o": "\u030a",
    "*": "\u030a",
    ",": "\u0327",
    "c": "\u030c",
    "<": "\u030c",
    ";": "\u0328",
    "-": "\u0304",
    "b": "\u0306",
    ".": "\u0307",
    "=": "\u030b",
}
"""What a character means as the accent of a two-character Compose sequence."""

COMPOSE_PAIRS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "/o": "ø", "/O": "Ø", "dh": "ð", "DH": "Ð",
    "th": "þ", "TH": "Þ", "=e": "€", "=c": "€", "=C": "€", "=E": "€", "-l": "£", "-L": "£", "=y": "¥",
    "=Y": "¥", "|c": "¢", "/c": "¢", "oc": "©", "oC": "©", "OC": "©", "or": "®", "oR": "®", "OR": "®",
    "tm": "™", "so": "§", "P!": "¶", "<<": "«", ">>": "»", "??": "¿", "!!": "¡", "12": "½", "14": "¼",
    "34": "¾", "+-": "±", "xx": "×", "-:": "÷", "oo": "°", "mu": "µ", "..": "…", "^1": "¹", "^2": "²",
    "^3": "³", "->": "→", "<-": "←", "=>": "⇒", "<3": "♥", "-/": "⌿", "/-": "⌿",
}  # fmt: skip
"""Two-character Compose sequences that are not a letter and its accent."""


@dataclass(frozen=True)
class Typed:
    """Text that one or more keys put into the field; `certain` is false where the keys alone cannot tell."""

    text: str
    certain: bool = True


@dataclass
class Composer:
    """Turns keysyms into text, remembering a dead key or an open Compose sequence."""

    _dead: str = ""
    _sequence: list[str] | None = field(default=None)

    @property
    def pending(self) -> bool:
        """Whether a sequence is open, so that the next key belongs to it."""
        return bool(self._dead) or self._sequence is not None

    def opens(self, keysym: str) -> bool:
        """Whether this key starts a sequence."""
        return keysym in DEAD or keysym == "Multi_key"

    def cancel(self) -> None:
        """Drop an open sequence, as BackSpace and Escape do."""
        self._dead, self._sequence = "", None

    def take(self, keysym: str, text: str) -> Typed | None:
        """The text that arrives with this key; None while the sequence is open."""
        if self._sequence is not None:
            return self._compose(text)
        if self._dead:
            return self._accent(keysym, text)
        if keysym == "Multi_key":
            self._sequence = []
            return None
        if keysym in DEAD:
            self._dead = keysym
            return None
        return Typed(text)

    def _accent(self, keysym: str, text: str) -> Typed:
        mark, alone = DEAD[self._dead]
        same = keysym == self._dead
        self._dead = ""
        if same or text == " ":
            return Typed(alone)
        joined = unicodedata.normalize("NFC", text + mark)
        return Typed(joined) if text and len(joined) == 1 else Typed(alone + text, certain=False)

    def _compose(self, text: str) -> Typed | None:
        assert self._sequence is not None
        self._sequence.append(text)
        if len(self._sequence) < 2:
            return None
        first, second = self._sequence
        self._sequence = None
        return Typed(_composed(first, second), certain=False)


def _composed(first: str, second: str) -> str:
    for pair in (first + second, second + first):
        if pair in COMPOSE_PAIRS:
            return COMPOSE_PAIRS[pair]
    for accent, letter in ((first, second), (second, first)):
        if accent in COMPOSE_ACCENTS and letter:
            joined = unicodedata.normalize("NFC", letter + COMPOSE_ACCENTS[accent])
            if len(joined) == 1:
                return joined
    return first + second
