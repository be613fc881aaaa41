"""Where a text stands among lines that were read off a picture, reading mistakes allowed.

A line says a text if it has it, or nearly (`workbench.library.leaks.likeness`), or if it is a large piece of it, as
when it was half typed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.geometry import Rect, union
from workbench.library.leaks.likeness import Plain, alike, plain

if TYPE_CHECKING:
    from workbench.locate.ocr import Printed

SHORTEST_PIECE = 4
PIECE = 0.5
"""How much of the text a line has to say that says nothing else."""

NEARLY_ALL = 0.7
"""Of a line of which the text is this much, nothing is left."""

DRIFT = 0.08
"""How far, of a line's width, letters of different widths may put a place wrong that is told by counting them."""


@dataclass(frozen=True)
class Spot:
    """A place that says the text: `bounds` is what has to be covered, `line` all of the line, `words` as it was read.

    `words` are empty where only a piece of the text stands there.
    """

    bounds: Rect
    line: Rect
    words: str = ""


def spots(text: str, lines: "Iterable[Printed]") -> list[Spot]:
    """Every place among the lines that says the text, or one of its lines; none twice."""
    known = [plain(part) for part in text.splitlines()]
    wanted = [part for part in known if len(part.letters) >= SHORTEST_PIECE]
    return _apart([spot for line in lines for part in wanted for spot in _in(part, line)])


def _in(known: Plain, line: "Printed") -> Iterator[Spot]:
    start, found = 0, alike(known, plain(line.text))
    if found is None and _is_piece(known, plain(line.text)):
        yield Spot(line.bounds.grown(2), line.bounds.grown(2))
    while found is not None:
        first, end = start + found[0], start + found[1]
        yield Spot(_part(line, first, end), line.bounds.grown(2), line.text[first:end])
        start = end
        found = alike(known, plain(line.text[start:]))


def _is_piece(known: Plain, said: Plain) -> bool:
    return len(said.letters) >= max(SHORTEST_PIECE, PIECE * len(known.letters)) and said.letters in known.letters


def _part(line: "Printed", first: int, end: int) -> Rect:
    """Where those letters of the line stand, with some room: letters are not of one width."""
    whole, count = line.bounds, len(line.text)
    if end - first >= NEARLY_ALL * count:
        return whole.grown(2)
    room = whole.height + round(DRIFT * whole.width)
    left = max(whole.x, whole.x + whole.width * first // count - room) if first else whole.x
    right = min(whole.right, whole.x + whole.width * end // count + room) if end < count else whole.right
    return Rect(left, whole.y, right - left, whole.height).grown(2)


def _apart(found: list[Spot]) -> list[Spot]:
    """Each place once: panes that overlap show some twice."""
    kept: list[Spot] = []
    for spot in found:
        same = next((at for at, other in enumerate(kept) if _same(spot.bounds, other.bounds)), None)
        if same is None:
            kept.append(spot)
        else:
            other = kept[same]
            bounds, line = union([spot.bounds, other.bounds]), union([spot.line, other.line])
            kept[same] = Spot(bounds, line, other.words or spot.words)
    return kept


def _same(one: Rect, other: Rect) -> bool:
    both = one.intersection(other)
    return both is not None and 2 * both.area >= min(one.area, other.area)
