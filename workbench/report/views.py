"""Drawn pictures: a frame of the album, seen whole or close, with what the witnesses saw marked on it.

All places are desktop pixels: each drawing's view box is in them, so marks need no conversion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from workbench.geometry import Point, Rect, union
from workbench.locate.verdict import Verdict, Vote, WitnessName
from workbench.report.markup import Html, joined, tag
from workbench.trajectory import Target

if TYPE_CHECKING:
    # pictures need libraries that take a tenth of a second to load
    from workbench.report.album import Plate

MarkKind = Literal["recorded", "changed", "view", "element", "crop", "text", "model", "person"]

WITNESS_NAMES: dict[WitnessName, str] = {
    "element": "accessible element",
    "crop": "picture",
    "text": "printed text",
    "model": "model",
    "person": "person",
}

_CLOSE_WIDTH_PX = 480
_CLOSE_HEIGHT_PX = 300
_MARGIN_PX = 48
_POINT_ONLY_PX = 24


@dataclass(frozen=True)
class Mark:
    """A rectangle to draw, and what it is called in the drawing's tooltip."""

    kind: MarkKind
    region: Rect
    label: str


def drawing(plate: "Plate", *, view: Rect, marks: Sequence[Mark] = (), points: Sequence[Point] = (), alt: str) -> Html:
    """The part `view` of the frame with the marks on it; `alt` says in words what is to be seen."""
    box = f"{view.x} {view.y} {view.width} {view.height}"
    shapes = [_rectangle(mark) for mark in marks if mark.region.intersection(view)]
    crosses = [_cross(point, view) for point in points]
    return tag(
        "svg",
        tag("title", alt),
        tag("use", href=plate.href),
        *shapes,
        *crosses,
        viewBox=box,
        role="img",
        aria_label=alt,
        preserveAspectRatio="xMidYMid meet",
    )


def close_view(bounds: Rect, places: Sequence[Rect]) -> Rect:
    """A part of the frame around the places, at least 480 x 300 where the frame is that large, in its shape."""
    inside = [place for place in places if place.intersection(bounds)]
    around = union(inside).grown(_MARGIN_PX) if inside else bounds
    width = max(_CLOSE_WIDTH_PX, around.width, around.height * _CLOSE_WIDTH_PX // _CLOSE_HEIGHT_PX)
    height = max(_CLOSE_HEIGHT_PX, around.height, width * _CLOSE_HEIGHT_PX // _CLOSE_WIDTH_PX)
    width, height = min(width, bounds.width), min(height, bounds.height)
    left = _kept(around.centre.x - width // 2, bounds.x, bounds.right - width)
    top = _kept(around.centre.y - height // 2, bounds.y, bounds.bottom - height)
    return Rect(left, top, width, height)


def recorded_mark(target: Target | None) -> list[Mark]:
    """Where the target stood in the recording."""
    return [Mark("recorded", recorded_region(target), "recorded place")] if target else []


def recorded_region(target: Target) -> Rect:
    """The recorded element's bounds, else those of the printed text, the crop, or a little around the point."""
    if target.element and target.element.bounds.area:
        return target.element.bounds
    if target.text and target.text.bounds.area:
        return target.text.bounds
    point = Rect(target.point.x, target.point.y, 0, 0)
    return target.crop.region if target.crop else point.grown(_POINT_ONLY_PX)


def vote_marks(verdict: Verdict | None) -> list[Mark]:
    """What each witness recognised."""
    if verdict is None:
        return []
    return [
        Mark(vote.witness, vote.region, f"{WITNESS_NAMES[vote.witness]}{_said(vote)}")
        for vote in verdict.votes
        if vote.region is not None
    ]


def legend(marks: Sequence[Mark], *, acted: bool) -> Html | None:
    """What the colours on a drawing mean."""
    entries = {mark.kind: mark.label for mark in marks if mark.kind != "view"}
    items = [tag("li", tag("span", class_=f"swatch {kind}"), label) for kind, label in entries.items()]
    if acted:
        items.append(tag("li", tag("span", class_="swatch acted"), "acted here"))
    return tag("ul", *items, class_="legend") if items else None


def _said(vote: Vote) -> str:
    return " objects" if vote.state == "veto" else f" {vote.confidence:.0%}"


def _rectangle(mark: Mark) -> Html:
    region = mark.region
    place = {"x": region.x, "y": region.y, "width": region.width, "height": region.height, "rx": 2}
    return tag(
        "g",
        tag("title", mark.label),
        tag("rect", class_="halo", **place),
        tag("rect", class_=f"mark {mark.kind}", **place),
    )


def _cross(point: Point, view: Rect) -> Html:
    reach = max(4.0, view.width / 90)
    x, y = point.x + 0.5, point.y + 0.5
    lines = (
        f"M{x - 2 * reach:g} {y:g}H{x - reach / 2:g}M{x + reach / 2:g} {y:g}H{x + 2 * reach:g}"
        f"M{x:g} {y - 2 * reach:g}V{y - reach / 2:g}M{x:g} {y + reach / 2:g}V{y + 2 * reach:g}"
    )
    shapes = [
        joined(tag("circle", cx=x, cy=y, r=reach, class_=kind), tag("path", d=lines, class_=kind))
        for kind in ("halo", "acted")
    ]
    return tag("g", tag("title", f"acted at {point.x}, {point.y}"), *shapes)


def _kept(value: int, low: int, high: int) -> int:
    return min(max(value, low), max(low, high))
