"""What is drawn on the pictures of a step, and which picture shows what."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ui.qt.parts.picture_view import Mark
from ui.qt.theme.colours import LIGHT, Colours
from workbench.geometry import Rect, union
from workbench.trajectory import FrameId, Step, Target

Side = Literal["before", "where", "after"]

SIDES: dict[Side, str] = {"before": "Before", "where": "Where", "after": "After"}

_MARGIN_PX = 24
_CLOSE_PX = (480, 300)


@dataclass(frozen=True)
class Sign:
    """A mark and what it is called below the picture."""

    words: str
    mark: Mark


def frame_at(step: Step, side: Side) -> FrameId | None:
    """The picture of that side; the place is shown in the one that its crop was cut from."""
    if side == "after":
        return step.outcome.frame
    crop = step.target.crop if step.target else None
    if side == "where" and crop is not None:
        return crop.frame
    return step.observation.frame


def signs(step: Step, side: Side, colours: Colours) -> tuple[Sign, ...]:
    """What is drawn on that side: the witnesses of the place, or what changed."""
    if side == "before":
        return ()
    if side == "after":
        return tuple(Sign("changed", Mark(colours.warning, area=area)) for area in step.outcome.changed)
    found = list(_witnesses(step.target, colours))
    if step.target is not None:
        found.append(Sign("point", Mark(colours.bad, point=step.target.point)))
    found += _witnesses(step.destination, colours)
    if step.destination is not None:
        found.append(Sign("destination", Mark(colours.text, point=step.destination.point)))
    return tuple(found)


def legend(drawn: tuple[Sign, ...]) -> tuple[tuple[str, str], ...]:
    """The colour and the name of each kind of mark, once."""
    return tuple((colour, words) for words, colour in {sign.words: sign.mark.colour for sign in drawn}.items())


def close_area(step: Step, side: Side) -> Rect | None:
    """The part of the picture that the place is in, with something around it; None where all of it is to be seen."""
    areas = [_area(sign.mark) for sign in signs(step, side, LIGHT)] if side == "where" else []
    if not areas:
        return None
    inside = union(areas).grown(_MARGIN_PX)
    across = max(0, _CLOSE_PX[0] - inside.width) // 2
    down = max(0, _CLOSE_PX[1] - inside.height) // 2
    return Rect(inside.x - across, inside.y - down, inside.width + 2 * across, inside.height + 2 * down)


def _witnesses(target: Target | None, colours: Colours) -> Iterator[Sign]:
    if target is None:
        return
    if target.crop is not None:
        yield Sign("picture", Mark(colours.warning, area=target.crop.region, dashed=True))
    if target.element is not None:
        yield Sign("element", Mark(colours.accent, area=target.element.bounds))
    if target.text is not None:
        yield Sign("printed text", Mark(colours.good, area=target.text.bounds))


def _area(mark: Mark) -> Rect:
    if mark.area is not None:
        return mark.area
    assert mark.point is not None, "a mark has an area or a point"
    return Rect(mark.point.x, mark.point.y, 1, 1)
