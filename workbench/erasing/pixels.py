"""Finding the same pixels again in another picture, and painting over them."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from workbench.geometry import Rect

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame, Pixels

GREY = 128

MOST_PLACES = 200
"""A pattern that repeats itself more often than this is a background: beyond it, only the same place counts."""


_LOOKED_AT = 64
"""Pixels that are compared before all of them are."""


def same_pixels(part: "Frame", picture: "Frame") -> list[Rect]:
    """Where the picture shows exactly what the part shows: at its own place, or anywhere; desktop pixels.

    A part of one colour, or of a pattern that fills the picture, is only looked for at its own place.
    """
    found = list(_places(_packed(part), _packed(picture)))
    if len(found) > MOST_PLACES or (_packed(part) == _packed(part)[0, 0]).all():
        found = []
    shifted = [part.bounds.offset(left - part.origin.x, top - part.origin.y) for left, top in _on(picture, found)]
    home = part.bounds
    if home not in shifted and _shows(picture, part):
        shifted.append(home)
    return shifted


def painted(picture: "Frame", areas: Iterable[Rect]) -> "Pixels":
    """The picture's pixels with grey over the areas."""
    pixels = picture.pixels.copy()
    for area in areas:
        inside = picture.bounds.intersection(area)
        if inside is not None:
            left, top = inside.x - picture.origin.x, inside.y - picture.origin.y
            pixels[top : top + inside.height, left : left + inside.width] = GREY
    return pixels


def _on(picture: "Frame", places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for left, top in places:
        yield picture.origin.x + left, picture.origin.y + top


def _shows(picture: "Frame", part: "Frame") -> bool:
    home = picture.bounds.intersection(part.bounds)
    return home == part.bounds and bool((_packed(picture.part(part.bounds)) == _packed(part)).all())


def _packed(picture: "Frame") -> "Pixels":
    """One number for each pixel, without the fourth channel."""
    import numpy as np

    whole = np.ascontiguousarray(picture.pixels).view("<u4")[..., 0]
    return whole & np.uint32(0xFFFFFF)


def _places(part: "Pixels", whole: "Pixels") -> Iterator[tuple[int, int]]:
    """Left and top of every place: where the rarest pixel of the part is, compared with ever more of it."""
    height, width = part.shape
    if height > whole.shape[0] or width > whole.shape[1]:
        return
    inside = whole[: whole.shape[0] - height + 1, : whole.shape[1] - width + 1]
    (down, across), *others = _telling(part)
    fits = whole[down : down + inside.shape[0], across : across + inside.shape[1]] == part[down, across]
    tops, lefts = fits.nonzero()
    for down, across in others:
        same = whole[tops + down, lefts + across] == part[down, across]
        tops, lefts = tops[same], lefts[same]
    for top, left in zip(tops.tolist(), lefts.tolist(), strict=True):
        if (whole[top : top + height, left : left + width] == part).all():
            yield left, top


def _telling(part: "Pixels") -> list[tuple[int, int]]:
    """Places of pixels that tell the part from others, the rarest first: row and column."""
    import numpy as np

    _, first, which, counts = np.unique(part, return_index=True, return_inverse=True, return_counts=True)
    rarest = first[np.argsort(counts, kind="stable")][:_LOOKED_AT]
    drawn = np.flatnonzero(which.ravel() != counts.argmax())
    spread = drawn[:: max(1, len(drawn) // _LOOKED_AT)]
    return [divmod(int(at), part.shape[1]) for at in dict.fromkeys([*rarest.tolist(), *spread.tolist()])]
