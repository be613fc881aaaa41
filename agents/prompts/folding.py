"""Folding: text as a very small model reads it, without capitals and with every quotation mark a word of its own.

The same word is then the same token wherever it stands. What was folded is found again in the original by `unfolded`.
"""

import re
import unicodedata

from agents.screen.listing import harmless

_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "`": "'", "\u00a0": " "})
_QUOTE = re.compile(r'\s*"\s*')
_SINGLE = re.compile(r"(?<!\w)'([^'\n]+)'(?!\w)")


def folded(text: str) -> str:
    """The text in lower case, in one form of Unicode, with single spaces, quotation marks on their own."""
    return " ".join(_QUOTE.sub(' " ', _SINGLE.sub(r'"\1"', _plain(text))).split())


def folded_quote(text: str) -> str:
    """A name or value between quotation marks that stand alone."""
    return f'" {" ".join(harmless(_plain(text)).split())} "'


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_MARKS)).lower()


def unfolded(span: str, originals: tuple[str, ...]) -> str | None:
    """The span as it was written in the first of the originals that holds it; None where none does.

    Spaces and quotation marks may differ between span and original as folding makes them differ.
    """
    wanted = folded(span).split()
    if not wanted:
        return None
    words = (re.escape(word) for word in wanted)
    pattern = re.compile(r"(?<!\w)" + r"\s*".join(words) + r"(?!\w)")
    for original in originals:
        found = _found(pattern, original)
        if found is not None:
            return found
    return None


def _found(pattern: "re.Pattern[str]", original: str) -> str | None:
    lowered, origin = _lowered(original)
    match = pattern.search(lowered)
    if match is None:
        return None
    return original[origin[match.start()] : origin[match.end() - 1] + 1]


def _lowered(original: str) -> tuple[str, list[int]]:
    """The original folded character by character, and where each character of the result came from."""
    characters: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(original):
        for one in unicodedata.normalize("NFKC", character.translate(_MARKS)).lower():
            characters.append(one)
            origin.append(place)
    return "".join(characters), origin
