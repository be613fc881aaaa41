"""What pictures show of card numbers when the reading mistook or dropped a digit, so that no check sum fits."""

import re
from collections.abc import Iterator

from workbench.library.leaks.patterns import Match

_MISTAKEN = str.maketrans({"l": "1", "I": "1", "i": "1", "|": "1", "O": "0", "o": "0", "S": "5", "B": "8"})
_GROUPED = re.compile(r"(?<![\w.,])(?=[3-6])\d{4}( - | |-)\d{3,6}(?:\1\d{2,6}){1,3}(?![\w]|[.,:]\d)")
_FEWEST_DIGITS, _MOST_DIGITS = 13, 19


def loose_cards(text: str) -> Iterator[Match]:
    """Digits in groups as cards have them: three at least, the first of four, 13 to 19 in all."""
    turned = _digits_for_letters(text)
    for found in _GROUPED.finditer(turned):
        digits = sum(letter.isdigit() for letter in found[0])
        if _FEWEST_DIGITS <= digits <= _MOST_DIGITS:
            yield Match("card-number", *found.span())


def _digits_for_letters(text: str) -> str:
    """The text with digits in the place of letters that look like them, in words that have no other letters."""
    return re.sub(r"\S+", lambda word: _digits(word[0]), text)


def _digits(word: str) -> str:
    turned = word.translate(_MISTAKEN)
    return turned if turned.isdigit() else word
