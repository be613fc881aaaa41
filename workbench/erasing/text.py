"""Taking a text out of everything that is kept of a trajectory, in words and in pictures: look first, then erase.

Pictures are read (`workbench.locate.ocr`), and what shows the text is covered, also where a picture has the same pixels
that another one was read off. A text that breaks into lines is looked for line by line; one that an application has
broken into lines is not known to be one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from workbench.erasing.pixels import painted, same_pixels
from workbench.erasing.reading import Reader
from workbench.erasing.spotting import Spot, spots
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.library.forgetting import words_changer
from workbench.library.leaks.likeness import plain
from workbench.redaction import SHORTEST_TEXT
from workbench.trajectory import FrameId, Step, Trajectory, frames_of

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame
    from workbench.library.store import Library

BESIDE_PX = 200
"""How far to the sides of a box it is read again whether something of the text was left."""

Told = Callable[[int, int], None]
"""Hears how many pictures of how many were looked at; what it raises ends the look, with nothing changed."""


@dataclass(frozen=True)
class Found:
    """Where a text stands in what is kept of a trajectory.

    `steps` counts places in its title, task and steps as they are now, `kept` those in its earlier revisions, input and
    runs, and in what was learned from it. `pictures` has the places in each picture that shows the text, `unread`
    are pictures that are missing or damaged. `misread` are words that pictures were read to say instead of the text.
    """

    text: str = field(repr=False)
    steps: int = 0
    kept: int = 0
    pictures: Mapping[FrameId, tuple[Rect, ...]] = field(default_factory=dict)
    unread: frozenset[FrameId] = frozenset()
    misread: tuple[str, ...] = field(default=(), repr=False)
    looked_at: frozenset[FrameId] = frozenset()

    @property
    def anywhere(self) -> bool:
        """Whether there is anything to erase."""
        return bool(self.steps or self.kept or self.pictures)

    @property
    def sentence(self) -> str:
        """`3 places in its words, 12 in its history, input and runs, and 4 places in 2 of 9 pictures`."""
        places = sum(map(len, self.pictures.values()))
        shown = f"{_many(places, 'place')} in {len(self.pictures)} of {_many(len(self.looked_at), 'picture')}"
        lost = f"; {_many(len(self.unread), 'picture')} cannot be read and will go" if self.unread else ""
        return (
            f"{_many(self.steps, 'place')} in its words, {self.kept} in its history, input and runs, and {shown}{lost}"
        )


def look(library: "Library", trajectory_id: str, text: str, *, told: Told = lambda _done, _of: None) -> Found:
    """Where the text stands; nothing is changed. Blocks for some seconds for every picture unlike the one before.

    Raises `BadInputError` for a text that is too short to be erased without harm, `UnavailableError` where pictures
    cannot be read.
    """
    if max((len(plain(line).letters) for line in text.splitlines()), default=0) < SHORTEST_TEXT:
        raise BadInputError(f"a text of fewer than {SHORTEST_TEXT} letters occurs in too much else; cover its place")
    trajectory = library.get(trajectory_id)
    now = _said(trajectory, text)
    seen = _Seen(text)
    order = in_order(library, trajectory)
    for number, frame in enumerate(order, 1):
        seen.look(library, frame)
        told(number, len(order))
    seen.look_again(library, order)
    kept = max(0, library.count_text(trajectory_id, text) - now)
    return Found(
        text, now, kept, seen.places(), frozenset(seen.unread), tuple(seen.misread), looked_at=frozenset(order)
    )


def erase(library: "Library", found: Found, trajectory_id: str) -> int:
    """Take out what was found, and what has come to it since; how many records changed. Nothing brings it back.

    Raises `BadInputError`, with nothing changed, where nothing was found.
    """
    if not found.anywhere:
        raise BadInputError("the text is written nowhere in what is kept of it, and shown in no picture; check it")
    pictures = dict(found.pictures)
    late = _Seen(found.text)
    for frame in library.pictures(trajectory_id) - found.looked_at:
        late.look(library, frame)
    pictures |= late.places()
    replaced: dict[FrameId, FrameId | None] = {
        frame: _covered(library, frame, at, found.text) for frame, at in pictures.items()
    }
    replaced |= dict.fromkeys(found.unread | late.unread)
    changed = library.purge_frames(trajectory_id, replaced) if replaced else 0
    for words in (found.text, *found.misread, *late.misread):
        if words == found.text or library.count_text(trajectory_id, words):
            changed += library.purge_text(trajectory_id, words)
    return changed


def in_order(library: "Library", trajectory: Trajectory) -> list[FrameId]:
    """All pictures that erasing reaches, those that follow each other beside each other."""
    there = library.pictures(trajectory.id)
    recorded = [sighting.frame for sighting in library.sightings(trajectory.id)]
    stepped = [frame for step in trajectory.steps for frame in _frames(step)]
    known = dict.fromkeys(frame for frame in (*recorded, *stepped) if frame in there)
    return [*(frame for frame in known if frame), *sorted(there - known.keys())]


class _Seen:
    """What pictures were seen to show."""

    def __init__(self, text: str) -> None:
        self._text, self._reader = text, Reader()
        self._spots: dict[FrameId, tuple[Spot, ...]] = {}
        self._parts: dict[object, Frame] = {}
        self._same: dict[FrameId, list[Rect]] = {}
        self.misread: dict[str, None] = {}
        self.unread: set[FrameId] = set()

    def look(self, library: "Library", frame: FrameId) -> None:
        """Read one."""
        try:
            picture = library.frames.load(frame)
        except BadInputError:
            self.unread.add(frame)
            return
        found = spots(self._text, self._reader.lines(picture))
        if found:
            self._spots[frame] = tuple(found)
            self._remember(picture, found)

    def look_again(self, library: "Library", frames: Iterable[FrameId]) -> None:
        """Look for what was read in one of them in all others, where it may not have been read."""
        for frame in frames if self._parts else ():
            if frame not in self.unread:
                picture = library.frames.load(frame)
                known = self._bounds(frame)
                same = {area for part in self._parts.values() for area in same_pixels(part, picture)}
                self._same[frame] = [area for area in same if not any(_within(area, one) for one in known)]

    def places(self) -> dict[FrameId, tuple[Rect, ...]]:
        """All that has to be covered, by picture."""
        frames = dict.fromkeys([*self._spots, *(frame for frame, areas in self._same.items() if areas)])
        return {frame: (*self._bounds(frame), *self._same.get(frame, ())) for frame in frames}

    def _bounds(self, frame: FrameId) -> list[Rect]:
        return [spot.bounds for spot in self._spots.get(frame, ())]

    def _remember(self, picture: "Frame", found: list[Spot]) -> None:
        for spot in found:
            part = picture.part(spot.bounds)
            self._parts.setdefault((part.pixels.shape, part.pixels.tobytes()), part)
            words = spot.words.strip()
            if len(words) >= SHORTEST_TEXT and words not in self._text and _same_letters(words, self._text):
                self.misread[words] = None


def _covered(library: "Library", frame: FrameId, areas: tuple[Rect, ...], text: str) -> FrameId:
    """The picture without the text: where it can still be read beside a box, all of its line goes."""
    from workbench.locate.ocr import read_text

    picture = library.frames.load(frame)
    whole = _with_pixels(picture, areas)
    for area in areas:
        beside = Rect(area.x - BESIDE_PX, area.y, area.width + 2 * BESIDE_PX, area.height).grown(4)
        strip = whole.part(beside)
        left = spots(text, read_text(strip.pixels, Point(strip.origin.x, strip.origin.y)))
        if left:
            whole = _with_pixels(whole, [spot.line for spot in left])
    return library.frames.put(whole.pixels, origin=picture.origin)


def _with_pixels(picture: "Frame", areas: Iterable[Rect]) -> "Frame":
    from workbench.desktop.ports import Frame

    return Frame(painted(picture, areas), picture.origin, 0)


def _frames(step: Step) -> Iterator[FrameId]:
    before = step.observation.frame
    rest = frames_of(Trajectory("", "", (step,))) - {before, step.outcome.frame}
    yield from filter(None, (before, *sorted(rest), step.outcome.frame))


def _same_letters(words: str, text: str) -> bool:
    """Whether the words differ from a line of the text in nothing but letters that look alike."""
    return plain(words).letters in [plain(line).letters for line in text.splitlines()]


def _within(area: Rect, other: Rect) -> bool:
    return area.intersection(other) == area


def _said(trajectory: Trajectory, text: str) -> int:
    """How often its title, task and steps say the text."""
    found = 0

    def counted(words: str) -> str:
        nonlocal found
        found += words.count(text)
        return words

    words_changer(counted)(msgspec.json.encode(trajectory).decode())
    return found


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
