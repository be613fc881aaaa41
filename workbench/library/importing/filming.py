"""Videos that were recorded beside raw input: which one, whether it can be read, and what it shows at a moment."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from workbench.errors import BadInputError
from workbench.library.importing.tape import Losses, Scale

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures, Video
    from workbench.library.importing.source import Source

SUFFIXES = (".mp4", ".mkv", ".mov", ".webm")

SAME_SHAPE = 0.02
"""Pictures whose sides differ by less from those of the screen show all of it and nothing else."""


def video_in(source: "Source", losses: Losses, *, starting: str = "") -> str | None:
    """The name of the video in a folder, None where it has none; the first of several."""
    found = [name for name in source.files() if name.lower().endswith(SUFFIXES) and name.startswith(starting)]
    if len(found) > 1:
        losses.add("of several videos only the first was used")
    return found[0] if found else None


@contextmanager
def opened(source: "Source", name: str | None, pictures: "Pictures", losses: Losses) -> "Iterator[Video | None]":
    """The video, open; None where there is none or where it cannot be read, which is said."""
    with ExitStack() as stack:
        video = None
        if name is not None:
            try:
                video = stack.enter_context(pictures.video(source.file(name), told=source.read_bytes))
            except BadInputError:
                losses.add("the video cannot be read, so that there are no pictures")
        yield video


def scale_to(size: tuple[int, int], width: float, height: float, losses: Losses) -> Scale:
    """From coordinates on a screen of that size to pixels of pictures of it; 1 where the screen's size is not said."""
    if not (0 < width < 1e6 and 0 < height < 1e6):
        return Scale()
    scale = Scale(size[0] / width, size[1] / height)
    if abs(scale.x / scale.y - 1) > SAME_SHAPE:
        losses.add("the pictures have another shape than the screen, so that places may be off")
    return scale
