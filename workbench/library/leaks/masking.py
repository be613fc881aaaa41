"""Material with leaks taken out: their words replaced everywhere, their places in pictures boxed."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.errors import BadInputError
from workbench.events import Event
from workbench.geometry import Rect
from workbench.library.exporting.material import Hint, Material, Run
from workbench.library.forgetting import words_changer
from workbench.library.leaks.leak import Leak, Place
from workbench.library.leaks.likeness import SHORTEST_KNOWN
from workbench.library.leaks.words import of_run, of_trajectory
from workbench.library.records import RunSummary
from workbench.library.store import MASK
from workbench.trajectory import FrameId, Trajectory

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame, Pixels

GREY = 128

_MARGIN_PX = 2
"""How much a box is larger than what was read."""


def masked(material: Material, leaks: Sequence[Leak]) -> Material:
    """The material without these: `▇▇▇` in place of each text wherever it occurs, grey boxes in pictures.

    A picture that shows the same pixels in the same region is boxed too. Raises `BadInputError` for a text that cannot
    be replaced because it is part of what a record is.
    """
    words = _Words(leaks)
    trajectories = tuple(_trajectory(one, words) for one in material.trajectories)
    boxes = _Boxes(material.picture, [place for leak in leaks for place in leak.places if place.region])

    def runs(trajectory_id: str) -> list[Run]:
        held = next((one for one in trajectories if one.id == trajectory_id), Trajectory(trajectory_id, ""))
        return [_run(run, words, held) for run in material.runs(trajectory_id)]

    def hints(trajectory_id: str) -> list[Hint]:
        return [words.replaced(hint, Hint) for hint in material.hints(trajectory_id)]

    return replace(material, trajectories=trajectories, picture=boxes.picture, runs=runs, hints=hints)


@dataclass(frozen=True)
class _Box:
    """A region, and what it shows where it was found."""

    region: Rect
    shown: "Pixels"


class _Boxes:
    """Loads pictures with boxes over all that may not be seen."""

    def __init__(self, load: "Callable[[FrameId], Frame]", places: Sequence[Place]) -> None:
        self._load = load
        self._places = places
        self._boxes: list[_Box] | None = None

    def picture(self, frame: FrameId) -> "Frame":
        """The picture, with boxes where it was found to show something, and where it looks as those do."""
        found = self._load(frame)
        own = [place.region for place in self._places if place.frame == frame and place.region]
        own += [box.region for box in self._all() if _shows(found, box)]
        return _boxed(found, own) if own else found

    def _all(self) -> list[_Box]:
        """Every look of every region once."""
        if self._boxes is None:
            looks: dict[tuple[int, int, int, int, bytes], _Box] = {}
            for place in self._places:
                for box in self._box(place):
                    at = box.region
                    looks.setdefault((at.x, at.y, at.width, at.height, box.shown.tobytes()), box)
            self._boxes = list(looks.values())
        return self._boxes

    def _box(self, place: Place) -> list[_Box]:
        frame = self._load(place.frame)
        region = place.region.intersection(frame.bounds) if place.region else None
        return [_Box(region, frame.crop(region)[..., :3].copy())] if region else []


def _shows(frame: "Frame", box: _Box) -> bool:
    import numpy as np

    if frame.bounds.intersection(box.region) != box.region:
        return False
    return np.array_equal(frame.crop(box.region)[..., :3], box.shown)


def _boxed(frame: "Frame", regions: Sequence[Rect]) -> "Frame":
    pixels = frame.pixels.copy()
    for region in regions:
        inside = frame.bounds.intersection(region.grown(_MARGIN_PX))
        if inside:
            left, top = inside.x - frame.origin.x, inside.y - frame.origin.y
            pixels[top : top + inside.height, left : left + inside.width, :3] = GREY
    return replace(frame, pixels=pixels)


def _trajectory(trajectory: Trajectory, words: "_Words") -> Trajectory:
    found: Trajectory = words.replaced(trajectory, Trajectory)
    words.check((one.text for one in of_trajectory(found)), what=trajectory.id)
    return found


def _run(run: Run, words: "_Words", trajectory: Trajectory) -> Run:
    events = tuple(words.replaced(event, Event) for event in run.events)
    found = replace(run, summary=words.replaced(run.summary, RunSummary), events=events)
    words.check((one.text for one in of_run(trajectory, found)), what=f"run {run.summary.id}")
    return found


class _Words:
    """Replaces texts, the longest first; short ones only where they stand alone."""

    def __init__(self, leaks: Sequence[Leak]) -> None:
        texts = sorted({text for leak in leaks for text in leak.texts}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_pattern, texts))) if texts else None
        self._change = words_changer(self._masked)

    def replaced(self, record: object, kind: Any) -> Any:
        """The record, of that kind, with the mask in place of the texts."""
        body = msgspec.json.encode(record).decode()
        changed = self._change(body)
        return record if changed == body else msgspec.json.decode(changed, type=kind)

    def check(self, words: Iterable[str], *, what: str) -> None:
        """Refuse what still has one of the texts; nothing of it is said."""
        if self._pattern and any(self._pattern.search(one) for one in words):
            raise BadInputError(f"{what} has a finding where nothing can be masked; edit the trajectory, or accept it")

    def _masked(self, text: str) -> str:
        return self._pattern.sub(MASK, text) if self._pattern else text


def _pattern(text: str) -> str:
    escaped = re.escape(text)
    return escaped if len(text) >= SHORTEST_KNOWN else rf"(?<!\w){escaped}(?!\w)"
