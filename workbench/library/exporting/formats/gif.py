"""A film of the steps as GIF, of bounded size: the longer it is, the smaller its pictures are.

It is for eyes and cannot be read back: beside true colours it cannot hold what the film as MP4 cannot hold either.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from workbench.errors import BadInputError
from workbench.library.exporting import drawing
from workbench.library.exporting.film import Film, Shot, Stage, first_picture, stage_for
from workbench.library.exporting.guide import Guide, guide_of
from workbench.library.exporting.material import Material
from workbench.library.importing.drafts import Remark

if TYPE_CHECKING:
    from PIL.Image import Image as PaletteImage

    from workbench.library.exporting.drawing import Picture

TITLE = "film as GIF"
SUFFIX = ".gif"
SEVERAL = False
USES_RUNS = False

WIDTHS_PX = (960, 720, 540, 400)
MOST_BYTES = 16 * 1024 * 1024
"""A film that would be longer is made smaller, and refused where it is the smallest already."""

_SAMPLES = 16
"""From how many pictures the colours are chosen."""


class _TooLongError(Exception):
    """The file has reached its limit."""


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the film and tell of the steps without a picture; see `material.Writer`.

    Raises `BadInputError` for a trajectory without any picture, and for one that is too long even when it is small.
    """
    (trajectory,) = material.trajectories
    guide = guide_of(trajectory)
    bounds = first_picture(guide, material.picture).bounds
    told = material.told
    for width in WIDTHS_PX:
        stage = stage_for(bounds, widest_px=width, highest_px=width)
        film = Film(guide, stage, picture=material.picture, told=told)
        try:
            _write(film, stage, _colours(guide, material), path)
        except _TooLongError:
            told = _nothing  # the steps were counted in the first attempt
        else:
            return tuple(film.remarks)
    raise BadInputError(
        f"“{guide.title}” is too long for a GIF of {MOST_BYTES // 1024**2} MiB; export it as mp4, or split it"
    )


def _nothing() -> None:
    """Hear of a step that was counted already."""


def _write(film: Film, stage: Stage, colours: "PaletteImage", path: Path) -> None:
    with path.open("wb") as file:
        file.write(_header(stage, colours))
        for part in _parts(film, colours):
            file.write(part)
            _check(file)
        file.write(b";")
        _check(file)


def _check(file: BinaryIO) -> None:
    if file.tell() > MOST_BYTES:
        raise _TooLongError


def _header(stage: Stage, colours: "PaletteImage") -> bytes:
    """Size, the colours of all pictures, and that it begins again at its end."""
    palette = bytes(colours.getpalette() or ()).ljust(768, b"\0")
    size = struct.pack("<HHBBB", stage.width, stage.whole_height, 0b1111_0111, 0, 0)
    return b"GIF89a" + size + palette + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"


def _parts(film: Film, colours: "PaletteImage") -> Iterator[bytes]:
    """Every picture as what differs from the one before; pictures that are alike are one that stands longer."""
    shown: Picture | None = None
    held: Shot | None = None
    for shot in film.shots():
        if held is None:
            held = shot
            continue
        if _differing(held.picture, shot.picture) is None:
            held = Shot(held.picture, held.stands_ms + shot.stands_ms)
            continue
        yield _part(held, shown, colours)
        shown, held = held.picture, shot
    if held is not None:
        yield _part(held, shown, colours)


def _part(shot: Shot, before: "Picture | None", colours: "PaletteImage") -> bytes:
    from PIL import GifImagePlugin, Image

    height, width = shot.picture.shape[:2]
    place = _differing(before, shot.picture) if before is not None else None
    left, top, right, bottom = place or (0, 0, width, height)
    part = _image(shot.picture[top:bottom, left:right]).quantize(palette=colours, dither=Image.Dither.NONE)
    blocks = GifImagePlugin.getdata(part, (left, top), duration=shot.stands_ms)
    return b"".join(blocks)


def _differing(one: "Picture", other: "Picture") -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of what differs, None where nothing does."""
    import numpy as np

    changed = (one != other).any(axis=2)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not rows.size:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _colours(guide: Guide, material: Material) -> "PaletteImage":
    """The 256 colours that suit the pictures and what is drawn into them."""
    import numpy as np
    from PIL import Image

    frames = list(dict.fromkeys(act.frame for act in guide.acts if act.frame))
    chosen = frames[:: max(1, len(frames) // _SAMPLES)][:_SAMPLES]
    tiles = [np.zeros((120, 160, 3), np.uint8)]
    for frame in chosen:
        try:
            tiles.append(drawing.scaled(drawing.colours_of(material.picture(frame).pixels), 160, 120))
        except BadInputError:
            continue
    drawn = (drawing.WHITE, drawing.INK, drawing.PLATE, drawing.SOFT, drawing.ELEMENT, drawing.ACTED)
    tiles += [np.full((12, 160, 3), colour, np.uint8) for colour in drawn]
    return _image(np.concatenate(tiles)).quantize(256, dither=Image.Dither.NONE)


def _image(picture: "Picture") -> "PaletteImage":
    from PIL import Image

    return Image.fromarray(picture[..., ::-1].copy(), "RGB")
