"""The questions that a trained model is measured with: as many of each kind, on screens of a given length."""

from builtin_model.case import KINDS, Case, Kind
from builtin_model.data.cases import cases


def held_out(seed: int, per_kind: int, *, fewest: int, most: int) -> list[Case]:
    """Cases of the test split, one per screen, so many per kind, their lists from `fewest` to `most` lines long.

    Words, sentences and layouts are none of those of the training split.
    """
    return [case for kind in KINDS for case in _of_kind(seed, kind, per_kind, range(fewest, most + 1))]


def _of_kind(seed: int, kind: Kind, count: int, lengths: range) -> list[Case]:
    found: list[Case] = []
    batch = 0
    while len(found) < count:
        drawn = cases(seed + 7919 * batch, "test", screens=count, per_screen=1, kinds=[kind])
        found += [asked[0] for shown, asked in drawn if len(shown.lines) in lengths]
        batch += 1
    return found[:count]
