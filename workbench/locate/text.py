"""The text witness: the words that were printed at or near the target, read again on today's screen."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from workbench.geometry import Point, Rect
from workbench.locate.ocr import Printed, read_text
from workbench.locate.sight import Sight
from workbench.locate.standing import Standing, covering, search_areas
from workbench.locate.verdict import Vote
from workbench.trajectory import Target, TextWitness

LOOK_AROUND_PX = (200, 50)
"""How far to the sides of an expected place text is read first: 400x100 pixels cost some 0.15 s."""

FUZZY_FROM = 6
"""Shorter words must be read exactly: one letter makes another word of them."""

CEILING = 0.96
"""What a reading is worth at most: the same word may stand elsewhere, so text alone is never enough."""

PLACED_PX = 16
"""How exactly the middle of a reading is placed: its bounds include some background, more or less."""

ALIKE = 0.88
"""Similarity that reading mistakes explain in longer words: one letter of eight."""

OTHER = 0.6
"""Below this similarity something else is printed there, whatever was misread."""

SURE = 0.9
"""Confidence of reading from which another text counts as evidence against."""


def ask(target: Target, sight: Sight, standing: Standing, places: Sequence[Point], seen: Point | None = None) -> Vote:
    """Where the recorded text is printed: around the expected places first, then anywhere in the windows.

    Text that is found where another witness has already `seen` the target bears that witness out and need not be the
    only one of its kind, so its runner-up counts as equal; otherwise all of the windows are read.
    """
    wanted = target.text
    if wanted is None or not normal(wanted.text):
        return Vote("text", "blind", reason="no printed text was recorded")
    near = _read(_around(places[:1], wanted, target, sight), sight, standing)
    bearing_out = [
        line for line in near if alike(wanted.text, line.text) and _near(_mapped(target, wanted, line), seen)
    ]
    if len(bearing_out) == 1:
        return _found(target, wanted, bearing_out[0], runner_up=bearing_out[0].confidence)
    other = _instead(wanted, places[:1], target, near)
    everywhere = _read(search_areas(standing, sight.frame.bounds), sight, standing)
    matching = [line for line in everywhere if alike(wanted.text, line.text)]
    if not matching:
        return other or Vote("text", "absent", reason=f"'{wanted.text}' is printed nowhere in the window")
    if len(matching) > 1:
        reason = f"'{wanted.text}' is printed in {len(matching)} places"
        return Vote("text", "blind", runner_up=1.0, cause="ambiguous", reason=reason)
    return _found(target, wanted, matching[0], runner_up=_next_best(wanted, everywhere))


def alike(recorded: str, now: str) -> bool:
    """Whether a reading says the recorded text, reading mistakes in long words allowed."""
    first, second = normal(recorded), normal(now)
    if first == second:
        return True
    same_digits = re.findall(r"\d", first) == re.findall(r"\d", second)
    return min(len(first), len(second)) >= FUZZY_FROM and same_digits and likeness(first, second) >= ALIKE


def normal(text: str) -> str:
    """The text without the differences that reading off pixels makes: spaces and trailing marks."""
    return re.sub(r"\s+", "", text).strip(":.…·")


def likeness(first: str, second: str) -> float:
    """How similar two texts are, 0 to 1."""
    return SequenceMatcher(None, first, second).ratio()


def _around(places: Sequence[Point], wanted: TextWitness, target: Target, sight: Sight) -> tuple[Rect, ...]:
    """Regions in which the text is expected, inside the frame."""
    shift = (wanted.bounds.centre.x - target.point.x, wanted.bounds.centre.y - target.point.y)
    across, down = LOOK_AROUND_PX
    centres = [place.offset(*shift) for place in places]
    regions = (
        Rect(at.x - across, at.y - down, 2 * across, 2 * down).intersection(sight.frame.bounds) for at in centres
    )
    return tuple(region for region in regions if region is not None)


def _read(regions: Sequence[Rect], sight: Sight, standing: Standing) -> list[Printed]:
    """The text printed in the regions, where no other window lies over it; each line once."""
    lines: dict[Rect, Printed] = {}
    for region in regions:
        for line in read_text(sight.frame.crop(region), Point(region.x, region.y)):
            if covering(line.bounds.centre, standing, sight) is None:
                lines.setdefault(line.bounds, line)
    return list(lines.values())


def _near(point: Point, seen: Point | None) -> bool:
    """Whether the text names the place that was seen, as exactly as readings of text are placed."""
    return seen is not None and abs(point.x - seen.x) <= PLACED_PX and abs(point.y - seen.y) <= PLACED_PX


def _mapped(target: Target, wanted: TextWitness, line: Printed) -> Point:
    """The point, as far from the text's middle as it was, in proportion to the text's length."""
    # of texts from elsewhere only the middle may be known: bounds without a width
    grown = line.bounds.width / wanted.bounds.width if wanted.bounds.width else 1.0
    growth = grown if grown > 1.15 or grown < 0.87 else 1.0
    dx, dy = target.point.x - wanted.bounds.centre.x, target.point.y - wanted.bounds.centre.y
    return line.bounds.centre.offset(round(dx * growth), round(dy * growth))


def _found(target: Target, wanted: TextWitness, line: Printed, runner_up: float) -> Vote:
    """A place, less sure where the reading differs from the recorded one."""
    read = line.confidence * likeness(normal(wanted.text), normal(line.text))
    confidence = round(min(CEILING, read), 4)
    point = _mapped(target, wanted, line)
    return Vote("text", "found", point, line.bounds, confidence, round(runner_up, 4), f"'{line.text}'")


def _instead(wanted: TextWitness, places: Sequence[Point], target: Target, near: list[Printed]) -> Vote | None:
    """A veto when something clearly else is printed where the text stood on the target itself."""
    if not places or not wanted.bounds.contains(target.point):
        return None
    for line in near:
        said = likeness(normal(wanted.text), normal(line.text))
        if line.bounds.contains(places[0]) and line.confidence >= SURE and said < OTHER:
            reason = f"where '{wanted.text}' was printed it now says '{line.text}'"
            return Vote("text", "veto", region=line.bounds, cause="renamed", reason=reason)
    return None


def _next_best(wanted: TextWitness, lines: list[Printed]) -> float:
    """How similar the most similar other text is."""
    others = [likeness(normal(wanted.text), normal(line.text)) for line in lines if not alike(wanted.text, line.text)]
    return max(others, default=0.0)
