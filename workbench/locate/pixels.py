"""Finding one picture in another: normalised cross-correlation on a pyramid, verified at full resolution.

Scores are those of `cv2.TM_CCOEFF_NORMED`, -1 to 1: brightness and contrast do not matter, structure does. Coordinates
are columns and rows of the searched picture. A coarse pass only proposes places; every score that is returned was
computed on unreduced pixels, because a reduced template confuses small labels.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from workbench.desktop.ports import Pixels
from workbench.locate.probes import Gray, likely_places
from workbench.locate.scratch import borrowed

FLAT_DEVIATION = 3.0
"""Below this standard deviation, in gray levels, a picture has no structure: gradients of buttons measure 1 to 2."""

PROPOSED = 160
"""Places that the coarse pass may propose: at a quarter of the size, 250 buttons in a row are hard to tell apart."""

REFINED = 32
"""Places that are measured at full resolution: enough to compare every key of a calculator with the one meant."""

UNCHANGED = 8
"""Unchanged places and look-alikes in the same style that are measured."""

SAME_PLACE_PX = 8
"""Fits that lie this near to a better one are the same place; one letter of a label is wider."""

EXACT = 0.999
"""A score that only unchanged pixels reach."""

COARSE_SLACK = 0.3
"""How far below the best coarse score a proposed place may lie; reduction costs thin text up to 0.25."""

LEAST_CONTRAST = 0.6
"""A place with less contrast than this part of the recorded one is greyed out (GTK: 0.5); dimming keeps 0.7."""

TINT_CELL_PX = 6
"""Side of the cells whose colours are compared: small enough for a lamp, large enough to even out coloured text."""

TINT_TOLERANCE = 30.0
"""Difference of a cell's colour, in levels after removing brightness, that rendering and hovering explain."""


DETAIL_PX = 3
"""Side of the neighbourhoods whose brightness is compared: about the size of the stroke that makes a 6 of a 5."""

DETAIL_TOLERANCE = 24.0
"""Difference of a neighbourhood's brightness, after contrast is evened out, that noise and rendering explain."""


@dataclass(frozen=True)
class Peak:
    """A place where the template fits: top-left column and row, and the score there."""

    x_px: int
    y_px: int
    score: float


@dataclass(frozen=True)
class Fit:
    """The best place and the score of the best other place; `best` is None when nothing fits."""

    best: Peak | None
    runner_up: float = 0.0
    peaks: tuple[Peak, ...] = ()


def gray(pixels: Pixels) -> Gray:
    """Brightness of BGRA pixels."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY), dtype=np.uint8)


def borrowed_gray(pixels: Pixels) -> Gray:
    """The same in memory that the thread's next call overwrites: for large pictures that are searched once."""
    lent = borrowed("gray", *pixels.shape[:2])
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY, dst=lent), dtype=np.uint8)


def edges(picture: Gray) -> Gray:
    """Outlines, a little blurred: what stays when a theme swaps light and dark."""
    return np.asarray(cv2.GaussianBlur(cv2.Canny(picture, 60, 140), (3, 3), 0), dtype=np.uint8)


def scaled(picture: Gray, factor: float) -> Gray:
    """The picture at `factor` times its size, at least one pixel."""
    size = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=method), dtype=np.uint8)


def is_flat(picture: Gray) -> bool:
    """Whether there is nothing in the picture by which to recognise it."""
    return picture.size == 0 or float(picture.std()) < FLAT_DEVIATION


def search(template: Gray, area: Gray) -> Fit:
    """Where the template fits best in the area, and how good the next best place is.

    Unchanged places are looked for first; only without one is the whole area correlated. Without structure in the
    template, or with an area smaller than it, nothing fits.
    """
    if is_flat(template) or area.shape[0] < template.shape[0] or area.shape[1] < template.shape[1]:
        return Fit(None)
    fit = _fit(_measured(likely_places(template, area, UNCHANGED), template, area))
    if fit.best is not None and fit.best.score >= EXACT:
        return fit
    return _fit([_contrasted(peak, template, area) for peak in _correlated(template, area)])


def same_tint(template: Pixels, place: Pixels) -> bool:
    """Whether a place of the template's size has its colours, brightness aside: tells a red lamp from a green one."""
    difference = float(np.abs(_tint(place) - _tint(template)).max())
    return difference <= TINT_TOLERANCE


def same_details(template: Gray, place: Gray) -> bool:
    """Whether a place shows the template's every stroke: tells "5 items" from "6 items", which correlate at 0.98."""
    today, recorded = place.astype(np.float32), template.astype(np.float32)
    gain = float(recorded.std()) / max(1e-6, float(today.std()))
    evened = (today - today.mean()) * gain + recorded.mean()
    differing = cv2.blur(evened - recorded, (DETAIL_PX, DETAIL_PX))
    return float(np.abs(differing).max()) <= DETAIL_TOLERANCE


def _tint(pixels: Pixels) -> NDArray[np.float32]:
    """Blue, green and red of every cell with their common brightness taken off."""
    size = (max(1, pixels.shape[1] // TINT_CELL_PX), max(1, pixels.shape[0] // TINT_CELL_PX))
    cells = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)[:, :, :3].astype(np.float32)
    return np.asarray(cells - cells.mean(axis=2, keepdims=True))


def _measured(places: list[tuple[int, int]], template: Gray, area: Gray) -> list[Peak]:
    """The score at exactly these places."""
    height, width = template.shape
    wanted = _vector(template)
    wanted -= wanted.mean()
    length = _dot(wanted, wanted) ** 0.5
    peaks = []
    for x, y in places:
        patch = _vector(area[y : y + height, x : x + width])
        spread = _dot(patch, patch) - float(patch.sum()) ** 2 / patch.size
        # sums of whole numbers are exact: a surface has no spread at all, one other pixel gives it nearly 1
        score = _dot(wanted, patch) / (length * spread**0.5) if spread > 0.5 else 0.0
        peaks.append(Peak(x, y, score))
    return peaks


def _vector(picture: Gray) -> NDArray[np.float64]:
    """The gray levels one after the other."""
    return picture.astype(np.float64).ravel()


def _dot(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """The inner product, without the threads of BLAS: on a busy machine they wait for each other for 100 ms."""
    return float((first * second).sum())


def _correlated(template: Gray, area: Gray) -> list[Peak]:
    """The best places by correlation: proposed on reduced pixels, measured on unreduced ones."""
    factor = _reduction(template)
    peaks = _maxima(_correlate(_reduced(area, factor), _reduced(template, factor)), PROPOSED if factor > 1 else REFINED)
    while factor > 1:
        finer = factor // 2
        smaller, where = _reduced(template, finer), _reduced(area, finer)
        peaks = sorted((_refined(peak, smaller, where) for peak in peaks), key=_by_score)[:REFINED]
        factor = finer
    return peaks


def _by_score(peak: Peak) -> float:
    """Sorts the best first."""
    return -peak.score


def _reduction(template: Gray) -> int:
    """By how much the coarse pass reduces: so that at least six rows or columns of the template remain."""
    smallest = min(template.shape)
    return 4 if smallest >= 24 else 2 if smallest >= 12 else 1


def _reduced(picture: Gray, factor: int) -> Gray:
    """The picture at 1/factor of its size."""
    if factor == 1:
        return picture
    size = (max(1, picture.shape[1] // factor), max(1, picture.shape[0] // factor))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _correlate(area: Gray, template: Gray) -> NDArray[np.float32]:
    """The score at every place."""
    return np.asarray(cv2.matchTemplate(area, template, cv2.TM_CCOEFF_NORMED), dtype=np.float32)


def _maxima(scores: NDArray[np.float32], most: int) -> list[Peak]:
    """The highest local maxima, best first."""
    top = float(scores.max())
    ridge = cv2.dilate(scores, np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero((scores >= ridge) & (scores >= top - COARSE_SLACK))
    order = np.argsort(scores[rows, columns])[::-1][:most]
    return [Peak(int(columns[i]), int(rows[i]), float(scores[rows[i], columns[i]])) for i in order]


def _refined(coarse: Peak, template: Gray, area: Gray) -> Peak:
    """The best place around one that was found on pixels twice as coarse."""
    height, width = template.shape
    left = min(max(0, coarse.x_px * 2 - 3), area.shape[1] - width)
    top = min(max(0, coarse.y_px * 2 - 3), area.shape[0] - height)
    around = area[top : top + height + 6, left : left + width + 6]
    _, score, _, (x, y) = cv2.minMaxLoc(_correlate(around, template))
    return Peak(left + x, top + y, float(score))


def _contrasted(peak: Peak, template: Gray, area: Gray) -> Peak:
    """The peak, worth nothing where the contrast is another one (correlation alone cannot see that)."""
    height, width = template.shape
    patch = area[peak.y_px : peak.y_px + height, peak.x_px : peak.x_px + width]
    ratio = float(patch.std()) / float(template.std())
    return peak if LEAST_CONTRAST <= ratio <= 1 / LEAST_CONTRAST else replace(peak, score=0.0)


def _fit(peaks: list[Peak]) -> Fit:
    """The peaks that are not beside a better one, summed up."""
    apart: list[Peak] = []
    for peak in sorted(peaks, key=_by_score):
        if all(_apart(peak, other) for other in apart):
            apart.append(peak)
    if not apart:
        return Fit(None)
    return Fit(apart[0], max(0.0, apart[1].score) if len(apart) > 1 else 0.0, tuple(apart))


def _apart(first: Peak, second: Peak) -> bool:
    """Whether two places are different ones; a line fits at every pixel along itself and so nowhere for certain."""
    return abs(first.x_px - second.x_px) > SAME_PLACE_PX or abs(first.y_px - second.y_px) > SAME_PLACE_PX
