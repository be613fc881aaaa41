"""A trajectory as a film: the pointer goes to every place, clicks show, keys and typed text stand on a plate.

The film is told once, as pictures that each stand for a time; how they are written down is the formats' business.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.actions import Click, Drag, Hover, PressKeys, Scroll, TypeText
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.library.exporting import drawing
from workbench.library.exporting.guide import Act, Aside, Guide, Heading, is_hidden, without_picture
from workbench.library.importing.drafts import Remark
from workbench.report.words import describe_keys, tidy
from workbench.trajectory import FrameId

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame
    from workbench.library.exporting.drawing import Picture, Spot

MOMENT_MS = 100
"""How long one picture of a movement stands; every other time is a multiple of it."""

DOTS = "•" * 8
"""What stands for a secret, however long it is."""

_MOVE, _RIPPLE, _TYPING = 6, 4, 8
"""How many pictures a movement, a click and typing have."""

_NARROWEST_PX = 400
"""Below this words could not be read."""

_MOST_CLICKS = 3
_LONGEST_TYPED = 160
_LONGEST_CARD = 400


@dataclass(frozen=True)
class Shot:
    """One picture of the film, (height, width, 3) uint8 blue green red, and how long it stands."""

    picture: "Picture"
    stands_ms: int


@dataclass(frozen=True)
class Stage:
    """How large the film is: the screen in `width` x `height` pixels, and a bar for words below it."""

    width: int
    height: int

    @property
    def letter_px(self) -> int:
        """How large words are."""
        return max(13, round(self.width / 46))

    @property
    def bar_px(self) -> int:
        """How high the bar is: two lines of words, even."""
        return 2 * round(self.letter_px * 1.75)

    @property
    def whole_height(self) -> int:
        """Screen and bar."""
        return self.height + self.bar_px


def stage_for(bounds: Rect, *, widest_px: int, highest_px: int) -> Stage:
    """The stage for a screen of that shape, as large as it is where that is allowed and readable; sides are even."""
    scale = min(max(1.0, _NARROWEST_PX / bounds.width), widest_px / bounds.width, highest_px / bounds.height)
    width, height = (2 * round(side * scale / 2) for side in (bounds.width, bounds.height))
    return Stage(max(width, _NARROWEST_PX), max(height, 2))


def first_picture(guide: Guide, picture: "Callable[[FrameId], Frame]") -> "Frame":
    """The first picture that can be shown; raises `BadInputError` where there is none."""
    for act in guide.acts:
        for frame in (act.frame, act.step.outcome.frame):
            try:
                if frame:
                    return picture(frame)
            except BadInputError:
                continue
    raise BadInputError(f"“{guide.title}” has no pictures, so there is nothing to film; export it as markdown")


class Film:
    """Tells a guide in shots, one after the other; `remarks` says afterwards what could not be shown.

    `told` hears of every step.
    """

    def __init__(
        self, guide: Guide, stage: Stage, *, picture: "Callable[[FrameId], Frame]", told: Callable[[], None]
    ) -> None:
        self.remarks: list[Remark] = []
        self._guide, self._stage, self._load, self._told = guide, stage, picture, told
        self._scene = _Scene(stage)
        self._pointer: Spot | None = None

    def shots(self) -> Iterator[Shot]:
        """The whole film from its title on."""
        yield self._card(self._guide.title, self._guide.task)
        for block in self._guide.blocks:
            if isinstance(block, Act):
                yield from self._act(block)
                self._told()
            else:
                yield self._remark(block)

    def _remark(self, block: Heading | Aside) -> Shot:
        return self._card(block.text, "") if isinstance(block, Heading) else self._card("", block.text)

    def _card(self, title: str, text: str) -> Shot:
        stage, size = self._stage, self._stage.letter_px
        picture = _blank(stage)
        room = round(stage.width * 0.8)
        head = drawing.laid_out(title, round(size * 1.6), room, most_lines=2, weight=700)
        body = drawing.laid_out(tidy(text, _LONGEST_CARD), size, room, most_lines=5)
        left, top = stage.width * 0.1, max(0, (stage.whole_height - head.height - body.height - size) / 2)
        drawing.draw_words(picture, head, (left, top), weight=700)
        drawing.draw_words(picture, body, (left, top + head.height + size), drawing.SOFT)
        return Shot(picture, _reading_ms(title + text))

    def _act(self, act: Act) -> Iterator[Shot]:
        if act.frame is None:
            self.remarks += without_picture(act)
        else:
            self._show(act, act.frame)
        self._scene.title(f"{act.number}/{len(self._guide.acts)}", act.words)
        self._scene.region = act.region
        yield self._shot(_reading_ms(act.words))
        spots = [self._scene.spot(point) for point in act.points]
        if spots:
            yield from self._moved(spots[0])
        yield from self._done(act, spots)
        self._scene.region = None
        if act.step.outcome.frame and self._shows(act.step.outcome.frame):
            yield self._shot(7 * MOMENT_MS)

    def _done(self, act: Act, spots: "list[Spot]") -> Iterator[Shot]:
        action = act.step.action
        if isinstance(action, Click):
            for _ in range(min(max(action.count, 1), _MOST_CLICKS)):
                yield from self._rippled()
        elif isinstance(action, Drag):
            yield from self._rippled()
            yield from self._moved(spots[-1]) if spots else ()
            yield from self._rippled()
        elif isinstance(action, TypeText):
            yield from self._typed(DOTS if is_hidden(act.step) else tidy(action.text, _LONGEST_TYPED))
        elif isinstance(action, Hover | Scroll | PressKeys):
            yield self._shot(9 * MOMENT_MS, plate=_plate(action))

    def _typed(self, text: str) -> Iterator[Shot]:
        parts = min(_TYPING, len(text))
        for part in range(1, parts):
            yield self._shot(MOMENT_MS, plate=text[: len(text) * part // parts])
        yield self._shot(9 * MOMENT_MS, plate=text)

    def _moved(self, goal: "Spot") -> Iterator[Shot]:
        start = self._pointer or (self._stage.width / 2, self._stage.height / 2)
        for part in range(1, _MOVE + 1):
            way = part / _MOVE
            eased = way * way * (3 - 2 * way)
            self._pointer = (start[0] + (goal[0] - start[0]) * eased, start[1] + (goal[1] - start[1]) * eased)
            yield self._shot(MOMENT_MS)

    def _rippled(self) -> Iterator[Shot]:
        for part in range(1, _RIPPLE + 1):
            yield self._shot(MOMENT_MS, ring_px=self._stage.letter_px * 0.45 * part)

    def _shot(self, stands_ms: int, *, plate: str = "", ring_px: float = 0) -> Shot:
        picture = self._scene.drawn()
        if ring_px and self._pointer:
            drawing.draw_ring(picture[: self._stage.height], self._pointer, ring_px)
        if self._pointer:
            drawing.draw_pointer(picture[: self._stage.height], self._pointer, self._stage.letter_px * 0.95)
        if plate:
            size = round(self._stage.letter_px * 1.25)
            words = drawing.laid_out(plate, size, round(self._stage.width * 0.8), most_lines=2, weight=600)
            drawing.draw_plate(picture, words, bottom=self._stage.height - size)
        return Shot(picture, stands_ms)

    def _show(self, act: Act, frame: FrameId) -> None:
        try:
            self._scene.show(self._load(frame))
        except BadInputError as error:
            self.remarks += without_picture(act, str(error))

    def _shows(self, frame: FrameId) -> bool:
        try:
            self._scene.show(self._load(frame))
        except BadInputError:
            return False
        return True


class _Scene:
    """The screen as it is now, fitted into the stage, with the bar of words below."""

    def __init__(self, stage: Stage) -> None:
        self.region: Rect | None = None
        self._stage = stage
        self._picture = _blank(stage)
        self._bounds = Rect(0, 0, stage.width, stage.height)
        self._scale, self._left, self._top = 1.0, 0, 0

    def show(self, frame: "Frame") -> None:
        """Put another screen there."""
        stage, bounds = self._stage, frame.bounds
        self._bounds, self._scale = bounds, min(stage.width / bounds.width, stage.height / bounds.height)
        width, height = (max(1, round(side * self._scale)) for side in (bounds.width, bounds.height))
        self._left, self._top = (stage.width - width) // 2, (stage.height - height) // 2
        self._picture[: stage.height] = drawing.PLATE
        shown = drawing.scaled(drawing.colours_of(frame.pixels), width, height)
        self._picture[self._top : self._top + height, self._left : self._left + width] = shown

    def title(self, number: str, words: str) -> None:
        """Put other words into the bar."""
        stage, size = self._stage, self._stage.letter_px
        self._picture[stage.height :] = drawing.PLATE
        count = drawing.laid_out(number, size, stage.width // 4, most_lines=1)
        line = drawing.laid_out(words, size, stage.width - count.width - 3 * size, most_lines=2, weight=600)
        top = stage.height + (stage.bar_px - line.height) / 2
        drawing.draw_words(self._picture, count, (size, top), drawing.SOFT)
        drawing.draw_words(self._picture, line, (count.width + 2 * size, top), weight=600)

    def spot(self, point: Point) -> "Spot":
        """Where a point of the desktop is on the stage; the nearest place for one that is outside."""
        x, y = self._at(point.x + 0.5, point.y + 0.5)
        return min(max(x, 0.0), self._stage.width - 1.0), min(max(y, 0.0), self._stage.height - 1.0)

    def drawn(self) -> "Picture":
        """A copy to draw the moment into, with the region marked."""
        picture = self._picture.copy()
        inside = self.region.intersection(self._bounds) if self.region else None
        if inside:
            moved = drawing.enlarged(inside.offset(-self._bounds.x, -self._bounds.y), self._scale)
            drawing.draw_frame(picture[: self._stage.height], moved.offset(self._left, self._top))
        return picture

    def _at(self, x: float, y: float) -> "Spot":
        return (x - self._bounds.x) * self._scale + self._left, (y - self._bounds.y) * self._scale + self._top


def _blank(stage: Stage) -> "Picture":
    import numpy as np

    return np.full((stage.whole_height, stage.width, 3), drawing.PLATE, np.uint8)


def _reading_ms(text: str) -> int:
    """How long a line is to be read."""
    return MOMENT_MS * round(min(max(700 + 35 * len(text), 1200), 5000) / MOMENT_MS)


def _plate(action: Hover | Scroll | PressKeys) -> str:
    if isinstance(action, PressKeys):
        return describe_keys(action.keys) + (f" × {action.count}" if action.count > 1 else "")
    if isinstance(action, Scroll):
        turns = ((action.dy, "↓", "↑"), (action.dx, "→", "←"))
        return "  ".join(f"{forth if n > 0 else back} {abs(n)}" for n, forth, back in turns if n)
    return ""
