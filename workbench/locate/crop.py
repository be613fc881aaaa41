"""The crop witness: the pixels around the recorded point, found again in the windows of the application."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from workbench.desktop.ports import Frame, Pixels
from workbench.errors import WorkbenchError
from workbench.geometry import Point, Rect
from workbench.locate.decide import stands_out
from workbench.locate.pixels import (
    EXACT,
    Fit,
    Peak,
    borrowed_gray,
    edges,
    gray,
    is_flat,
    same_details,
    same_tint,
    scaled,
    search,
)
from workbench.locate.probes import Gray
from workbench.locate.sight import Sight
from workbench.locate.standing import Standing, covering, search_areas
from workbench.locate.verdict import Vote
from workbench.trajectory import Target

LEAST_SCORE = 0.90
"""At the recorded size: hovering, JPEG, noise and 30 % less brightness stay above 0.98, another word below 0.9."""

LEAST_RESTYLED_SCORE = 0.80
"""For other sizes and for outlines: the same label rendered 1.25x as large scores 0.80 to 0.95 against itself."""

RESTYLED_CEILING = 0.96
"""What a match at another size, by outlines or with another stroke can be worth at most: it never suffices alone."""

SCALES = (1.25, 0.8, 1.5, 1.1, 0.9, 1.33)
"""Sizes that are tried when the recorded one is nowhere: the font scales that desktops offer, likeliest first."""

ALIKE_SCORE = 0.9
"""From here on two places look alike to a person in a hurry."""


MOST_TINTED = 8
"""Places whose colours are compared, the best first: more look-alikes of another colour stand on no screen."""

INSET_PX = 3
"""What is left out at the borders of an element when it is compared: focus rings and shadows."""

SAME_SCORE = 0.97
"""From here on two pictures of a button show the same label."""


@dataclass(frozen=True)
class Recorded:
    """The recorded pixels: in colour and gray, where they stood, and the hot point's offset from their top left."""

    colour: Pixels
    gray: Gray
    region: Rect
    hot_dx: int
    hot_dy: int


@dataclass(frozen=True)
class _Look:
    """One way of looking: the template, its size relative to the recording, and whether outlines are compared."""

    template: Gray
    scale: float = 1.0
    outlines: bool = False


@dataclass(frozen=True)
class _Sighted:
    """A place that the template fits: hot point, what it covers, and the peak."""

    point: Point
    region: Rect
    peak: Peak


def load(target: Target, load_frame: Callable[[str], Frame]) -> Recorded | None:
    """The recorded crop; None when there is none or its frame is gone."""
    if target.crop is None:
        return None
    try:
        frame = load_frame(target.crop.frame)
        colour = frame.crop(target.crop.region)
    except (WorkbenchError, ValueError, KeyError):
        return None
    region = target.crop.region.intersection(frame.bounds) or target.crop.region
    return Recorded(colour, gray(colour), region, *_offset(target.point, region))


def ask(recorded: Recorded | None, sight: Sight, standing: Standing) -> Vote:
    """Where the crop stands today at its recorded size."""
    blind = _blind(recorded)
    if blind is not None or recorded is None:
        return blind or Vote("crop", "blind")
    places, runner_up = _looked(_Look(recorded.gray), recorded, sight, standing)
    return _judged(places, runner_up, LEAST_SCORE, _ceiling(recorded, places, sight))


def ask_restyled(recorded: Recorded | None, sight: Sight, standing: Standing) -> Vote:
    """Where the crop stands at another size or in another theme; costs some ten times more than `ask`."""
    blind = _blind(recorded)
    if blind is not None or recorded is None:
        return blind or Vote("crop", "blind")
    best = Vote("crop", "absent", reason="the recorded pixels are nowhere, in no size and no theme")
    for look in _restyled(recorded):
        vote = _judged(*_looked(look, recorded, sight, standing), LEAST_RESTYLED_SCORE, RESTYLED_CEILING)
        if vote.state == "found":
            return vote
        best = max(best, vote, key=lambda answer: answer.confidence)
    return best


def count_alike(recorded: Recorded | None, target: Target, frame: Frame) -> int:
    """How many places of the recorded window looked like the target's element; 0 when that cannot be told."""
    if recorded is None or target.element is None:
        return 0
    window = target.window.bounds if target.window else frame.bounds
    try:
        template = gray(frame.crop(target.element.bounds))
        area = gray(frame.crop(window))
    except ValueError:
        return 0
    return sum(peak.score >= ALIKE_SCORE for peak in search(template, area).peaks)


def stood_then(bounds: Rect, sight: Sight, target: Target, recorded: Frame) -> bool:
    """Whether what stands at `bounds` today stood in the recorded window too, but not where the target was."""
    if target.window is None or target.element is None:
        return False
    within = target.window.bounds.intersection(recorded.bounds)
    inner = bounds.grown(-INSET_PX).intersection(sight.frame.bounds)
    if within is None or inner is None:
        return False
    peaks = search(gray(sight.frame.crop(inner)), gray(recorded.crop(within))).peaks
    same = [Point(within.x + peak.x_px, within.y + peak.y_px) for peak in peaks if peak.score >= SAME_SCORE]
    own = target.element.bounds
    return any(Rect(at.x, at.y, inner.width, inner.height).intersection(own) is None for at in same)


def _offset(point: Point, region: Rect) -> tuple[int, int]:
    """From the region's top left to the point."""
    return point.x - region.x, point.y - region.y


def _blind(recorded: Recorded | None) -> Vote | None:
    """The answer when there is nothing to look for."""
    if recorded is None:
        return Vote("crop", "blind", reason="no pixels were recorded, or their frame is gone")
    if is_flat(recorded.gray):
        return Vote("crop", "blind", reason="the recorded pixels are one plain surface")
    return None


def _restyled(recorded: Recorded) -> Iterator[_Look]:
    """The other ways in which the crop may look today, cheapest first."""
    yield _Look(edges(recorded.gray), outlines=True)
    for factor in SCALES:
        yield _Look(scaled(recorded.gray, factor), factor)


def _looked(look: _Look, recorded: Recorded, sight: Sight, standing: Standing) -> tuple[list[_Sighted], float]:
    """The visible places that fit, best first, and the runner-up's score."""
    places: list[_Sighted] = []
    for area in search_areas(standing, sight.frame.bounds):
        colour = sight.frame.crop(area)
        fit = _fitted(look, colour)
        hot = (round(recorded.hot_dx * look.scale), round(recorded.hot_dy * look.scale))
        sightings = (_sighted(peak, look.template, area, hot) for peak in fit.peaks)
        places += [place for place in sightings if covering(place.point, standing, sight) is None]
    places = _distinct(sorted(places, key=lambda place: -place.peak.score))
    if look.scale == 1.0 and not look.outlines:
        places = list(islice(_same_tinted(places, recorded, sight), 2))
    return places, max(0.0, places[1].peak.score) if len(places) > 1 else 0.0


def _same_tinted(places: list[_Sighted], recorded: Recorded, sight: Sight) -> Iterator[_Sighted]:
    """Those of the best places that have the recorded colours."""
    for place in places[:MOST_TINTED]:
        if same_tint(recorded.colour, sight.frame.crop(place.region)):
            yield place


def _fitted(look: _Look, colour: Pixels) -> Fit:
    """Where the template fits in these pixels."""
    today = borrowed_gray(colour)
    return search(look.template, edges(today) if look.outlines else today)


def _sighted(peak: Peak, template: Gray, area: Rect, hot: tuple[int, int]) -> _Sighted:
    """A peak in desktop pixels."""
    height, width = template.shape
    region = Rect(area.x + peak.x_px, area.y + peak.y_px, width, height)
    return _Sighted(Point(region.x + hot[0], region.y + hot[1]), region, peak)


def _distinct(places: Iterable[_Sighted]) -> list[_Sighted]:
    """Each place once, though the windows in which it was seen overlap."""
    kept: dict[Point, _Sighted] = {}
    for place in places:
        kept.setdefault(place.point, place)
    return list(kept.values())


def _ceiling(recorded: Recorded, places: list[_Sighted], sight: Sight) -> float:
    """What the best place can be worth: less where a stroke differs."""
    if not places:
        return 1.0
    today = gray(sight.frame.crop(places[0].region))
    return 1.0 if same_details(recorded.gray, today) else RESTYLED_CEILING


def _judged(places: list[_Sighted], runner_up: float, least: float, ceiling: float = 1.0) -> Vote:
    """The best place, unless it is not good enough or another one is nearly as good."""
    score = max(0.0, places[0].peak.score) if places else 0.0
    if score < least:
        reason = f"the recorded pixels are nowhere (best {score:.2f})"
        return Vote("crop", "absent", confidence=round(score, 4), runner_up=round(runner_up, 4), reason=reason)
    worth = round(min(ceiling, 1.0 if score >= EXACT else score), 4)
    if stands_out(score, runner_up):
        best = places[0]
        return Vote("crop", "found", best.point, best.region, worth, round(runner_up, 4), "the recorded pixels")
    alike = runner_up >= ALIKE_SCORE
    reason = (
        f"{'two places look' if alike else 'nothing looks quite'} like the recording ({score:.2f}, {runner_up:.2f})"
    )
    if alike:
        return Vote("crop", "blind", confidence=worth, runner_up=round(runner_up, 4), cause="ambiguous", reason=reason)
    return Vote("crop", "absent", confidence=worth, runner_up=round(runner_up, 4), reason=reason)
