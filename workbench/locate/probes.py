"""Places where a picture stands unchanged, found by its rarest pixels.

Screens repeat themselves to the last bit as long as nothing was restyled, so most targets stand today exactly as they
were recorded. A few gray values of the template that are rare in the searched picture lead to all such places, and to
those that share half of the template's telling pixels, in a fraction of the time that correlation takes.
"""

from collections import Counter
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workbench.locate.scratch import borrowed

Gray = NDArray[np.uint8]
"""Shape (height, width), uint8."""

SEEDS = 2
"""Rare values whose every occurrence is tried: the second one finds what the first, if it was restyled, does not."""

PROBES = 24
"""Rare pixels compared at every occurrence: chance agreement of half of them is below one in a million."""

SHARE = 0.5
"""Part of the probes that must agree; what agrees in less is no look-alike in the same style."""

SAMPLED_ROWS = 16
"""Every which row is counted to learn what is rare: one in sixteen costs 0.1 ms on 1920x1080, all of them 1.6 ms."""

MOST_OCCURRENCES = 40_000
"""A value seen more often than this is not rare; trying it would cost more than correlation."""


MOST_EXAMINED = 2_000
"""Agreeing places that are looked through; a text has some hundred, a repeating pattern any number."""

_WORD = 8
"""Pixels that numpy compares with nothing at once."""

CELL_PX, MOST_PER_CELL = 8, 2
"""Neighbourhoods, and how many places of one are kept."""


@dataclass(frozen=True)
class _Telling:
    """The template's pixels that are rarest in the area: flat indices into the template, rarest first."""

    order: NDArray[np.intp]
    values: NDArray[np.uint8]


def likely_places(template: Gray, area: Gray, most: int) -> list[tuple[int, int]]:
    """Top-left columns and rows where at least half of the telling pixels agree, the best `most` of them."""
    telling = _telling(template, area)
    flat = np.ascontiguousarray(area).ravel()
    starts = np.concatenate([_starts(flat, area.shape, template.shape, seed) for seed in _seeds(telling)])
    agreeing = _probed(flat, area.shape[1], starts, (telling, template.shape[1]))
    best = sorted(agreeing, key=lambda start: agreeing[start], reverse=True)[:MOST_EXAMINED]
    return _spread([(start % area.shape[1], start // area.shape[1]) for start in best], most)


def _spread(places: list[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """The first places, but few of each neighbourhood: along a line every pixel fits, and its end must be seen too."""
    taken: Counter[tuple[int, int]] = Counter()
    kept: list[tuple[int, int]] = []
    for x, y in places:
        cell = (x // CELL_PX, y // CELL_PX)
        taken[cell] += 1
        if taken[cell] <= MOST_PER_CELL:
            kept.append((x, y))
        if len(kept) == most:
            break
    return kept


def _telling(template: Gray, area: Gray) -> _Telling:
    """The rarest eighth of the template's pixels."""
    counted = cv2.calcHist([np.ascontiguousarray(area[::SAMPLED_ROWS])], [0], None, [256], [0, 256]).ravel()
    values = template.ravel()
    rarity = counted[values]
    kept = min(rarity.size, max(PROBES, rarity.size // 8))
    order = np.argpartition(rarity, kept - 1)[:kept]
    order = order[np.argsort(rarity[order], kind="stable")]
    return _Telling(order, values[order])


def _seeds(telling: _Telling) -> list[tuple[int, int]]:
    """The rarest distinct values: position in the template and value."""
    _, first = np.unique(telling.values, return_index=True)
    return [(int(telling.order[i]), int(telling.values[i])) for i in np.sort(first)[:SEEDS]]


def _starts(flat: Gray, area: tuple[int, ...], template: tuple[int, ...], seed: tuple[int, int]) -> NDArray[np.intp]:
    """Flat indices where the template could begin, given where the seed's value occurs."""
    at = _occurrences(flat, seed[1])
    if at.size > MOST_OCCURRENCES:
        return at[:0]
    row, column = divmod(seed[0], template[1])
    starts = at - (row * area[1] + column)
    starts = starts[(starts >= 0) & (starts <= (area[0] - template[0]) * area[1] + area[1] - template[1])]
    # a start in the last columns would let the template run over the right edge
    return np.asarray(starts[starts.astype(np.int32) % area[1] <= area[1] - template[1]])


def _occurrences(flat: Gray, value: int) -> NDArray[np.intp]:
    """Where a value stands; eight pixels are looked at together, because hardly any have it."""
    # the last eight are filled up with places that do not count
    equal = borrowed("equal", -(-flat.size // _WORD) * _WORD).view(np.bool_)
    np.equal(flat, value, out=equal[: flat.size])
    equal[flat.size :] = False
    words = np.flatnonzero(equal.view(np.uint64) != 0)
    listed = np.flatnonzero(equal.reshape(-1, _WORD)[words])
    return np.asarray(words[listed // _WORD] * _WORD + listed % _WORD)


def _probed(flat: Gray, area_width: int, starts: NDArray[np.intp], telling: tuple[_Telling, int]) -> dict[int, int]:
    """How many probes agree at each start, for those where enough do."""
    pixels, template_width = telling
    stride = max(1, pixels.order.size // PROBES)
    probes, values = pixels.order[::stride][:PROBES], pixels.values[::stride][:PROBES]
    rows, columns = np.divmod(probes, template_width)
    agreeing = np.zeros(starts.size, dtype=np.int32)
    for offset, value in zip(rows * area_width + columns, values, strict=True):
        agreeing += flat[starts + offset] == value
    enough = np.flatnonzero(agreeing >= SHARE * probes.size)
    return {int(starts[i]): int(agreeing[i]) for i in enough}
