"""Covering a part of what a step shows, in its picture and wherever the same pixels show in other pictures."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench import editing
from workbench.erasing.pixels import painted, same_pixels
from workbench.erasing.text import Told, in_order
from workbench.errors import BadInputError
from workbench.geometry import Rect
from workbench.trajectory import FrameId

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame
    from workbench.library.store import Library


def part_of(library: "Library", trajectory_id: str, number: int, area: Rect) -> "Frame":
    """What the step shows there before it acts; raises `BadInputError` where it shows nothing there."""
    step = editing.step_at(library.get(trajectory_id), number)
    if step.observation.frame is None:
        raise BadInputError(f"step {number} has no picture that could be covered; name one that has")
    picture = library.frames.load(step.observation.frame)
    if not area.area or picture.bounds.intersection(area) is None:
        seen = picture.bounds
        raise BadInputError(
            f"the picture of step {number} shows {seen.x},{seen.y},{seen.width}x{seen.height}, which that place is "
            "outside of; choose one inside"
        )
    return picture.part(area)


def look(
    library: "Library", trajectory_id: str, part: "Frame", *, told: Told = lambda _done, _of: None
) -> dict[FrameId, tuple[Rect, ...]]:
    """Where the pictures of the trajectory show the same as the part, by picture; nothing is changed.

    A picture that is missing or damaged is there without places: nobody knows what it shows.
    """
    found: dict[FrameId, tuple[Rect, ...]] = {}
    order = in_order(library, library.get(trajectory_id))
    for number, frame in enumerate(order, 1):
        try:
            places = same_pixels(part, library.frames.load(frame))
            found |= {frame: tuple(places)} if places else {}
        except BadInputError:
            found[frame] = ()
        told(number, len(order))
    return found


def erase(library: "Library", trajectory_id: str, places: Mapping[FrameId, tuple[Rect, ...]]) -> int:
    """Paint over these places, and let go of pictures without any; how many changed. Nothing brings back what was."""
    replaced = {frame: _covered(library, frame, areas) for frame, areas in places.items()}
    changed = {frame: new for frame, new in replaced.items() if new != frame}
    if changed:
        library.purge_frames(trajectory_id, changed)
    return len(changed)


def _covered(library: "Library", frame: FrameId, areas: tuple[Rect, ...]) -> FrameId | None:
    if not areas:
        return None
    picture = library.frames.load(frame)
    return library.frames.put(painted(picture, areas), origin=picture.origin)
