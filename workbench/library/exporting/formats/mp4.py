"""A film of the steps as MP4: VP9, which browsers and common players show; MPEG-4 where OpenCV has no VP9.

It is for eyes and cannot be read back: it holds the sentences, places and pictures, texts of up to 160 characters and
no secrets. Everything else it cannot hold: thoughts, windows, witnesses, times, variables, commands, revisions.
"""

import struct
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import UnavailableError
from workbench.library.exporting.film import MOMENT_MS, Film, Stage, first_picture, stage_for
from workbench.library.exporting.guide import guide_of
from workbench.library.exporting.material import Material
from workbench.library.importing.drafts import Remark

if TYPE_CHECKING:
    import cv2

TITLE = "film"
SUFFIX = ".mp4"
SEVERAL = False
USES_RUNS = False

WIDEST_PX, HIGHEST_PX = 1280, 960
CODECS = ("vp09", "mp4v")
"""The first that this machine can write is taken. H.264 is not among them: OpenCV comes without a writer for it."""


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the film and tell of the steps without a picture; see `material.Writer`.

    Raises `BadInputError` for a trajectory without any picture.
    """
    (trajectory,) = material.trajectories
    guide = guide_of(trajectory)
    bounds = first_picture(guide, material.picture).bounds
    stage = stage_for(bounds, widest_px=WIDEST_PX, highest_px=HIGHEST_PX)
    film = Film(guide, stage, picture=material.picture, told=material.told)
    named = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)  # OpenCV goes by the name
    try:
        _write(film, stage, named)
        _check(named)
        named.replace(path)
    except BaseException:
        named.unlink(missing_ok=True)
        raise
    return tuple(film.remarks)


def _write(film: Film, stage: Stage, path: Path) -> None:
    out = _opened(path, stage)
    try:
        for shot in film.shots():
            for _ in range(shot.stands_ms // MOMENT_MS):
                out.write(shot.picture)
    finally:
        out.release()


def _opened(path: Path, stage: Stage) -> "cv2.VideoWriter":
    import cv2

    for codec in CODECS:
        letters = cv2.VideoWriter.fourcc(*codec)
        out = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, letters, 1000 / MOMENT_MS, (stage.width, stage.whole_height))
        if out.isOpened():
            return out
    raise UnavailableError("a film cannot be written: OpenCV has neither VP9 nor MPEG-4 here; export it as gif")


def _check(path: Path) -> None:
    """Raise what writing did not say: OpenCV is silent about a full disk, but the file's index is missing then."""
    if not path.exists() or b"moov" not in _boxes(path):
        raise UnavailableError(
            f"the film could not be written to {path.parent}; free some space or choose another place"
        )


def _boxes(path: Path) -> set[bytes]:
    """The kinds of the boxes that the file is made of, as far as each is all there."""
    found, at, size = set(), 0, path.stat().st_size
    with path.open("rb") as file:
        while at < size:
            file.seek(at)
            length, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
            if length == 1:
                (length,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
            if length < 8 or at + length > size:
                break
            found.add(kind)
            at += length
    return found
