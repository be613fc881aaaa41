"""Known texts found again in what was read off pixels, where letters are mistaken for others."""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.library.leaks.leak import Stretch

SHORTEST_KNOWN = 4
"""A shorter text only counts where it stands alone: it is part of too much else."""

FUZZY_FROM = 8
"""A shorter text must be read rightly but for letters that look alike."""

ALIKE = 85.0
"""How alike, of 100, reading mistakes may leave a longer one: one wrong letter of eight, two of fifteen."""

_LOOKS_LIKE = str.maketrans(
    {"o": "0", "ö": "0", "q": "0", "l": "1", "i": "1", "|": "1", "!": "1", "s": "5", "b": "8", "z": "2", "，": ","}
)


@dataclass(frozen=True)
class Plain:
    """A text without spaces, in which letters that look alike are one; `at` says where each stood."""

    letters: str
    at: tuple[int, ...]


def plain(text: str) -> Plain:
    """The text as readings of it are compared."""
    kept = [(letter.lower()[0], at) for at, letter in enumerate(text) if not letter.isspace()]
    return Plain("".join(letter for letter, _ in kept).translate(_LOOKS_LIKE), tuple(at for _, at in kept))


def exactly(known: str, text: str) -> Iterator[Stretch]:
    """Every place where the text has the known one, letter for letter."""
    at = text.find(known)
    while at >= 0:
        end = at + len(known)
        alone = not (text[:at][-1:].isalnum() or text[end : end + 1].isalnum())
        if len(known) >= SHORTEST_KNOWN or alone:
            yield at, end
        at = text.find(known, end)


def alike(known: Plain, text: Plain) -> Stretch | None:
    """Where a reading has what may be the known text, as a place in what was read; None for nowhere."""
    length = len(known.letters)
    if not length or len(text.letters) < 0.8 * length:
        return None
    at = text.letters.find(known.letters) if length >= SHORTEST_KNOWN else (0 if text.letters == known.letters else -1)
    if at >= 0:
        return text.at[at], text.at[at + length - 1] + 1
    return _nearly(known, text) if length >= FUZZY_FROM else None


def _nearly(known: Plain, text: Plain) -> Stretch | None:
    from rapidfuzz import fuzz

    found = fuzz.partial_ratio_alignment(known.letters, text.letters, score_cutoff=ALIKE)
    if found is None or found.dest_end <= found.dest_start:
        return None
    return text.at[found.dest_start], text.at[found.dest_end - 1] + 1
