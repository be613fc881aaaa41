"""The pictures of a training set: each a file once, and how large it is."""

from pathlib import Path

from workbench.errors import BadInputError
from workbench.geometry import Rect
from workbench.library.exporting import png
from workbench.library.exporting.material import Material
from workbench.trajectory import FrameId

FOLDER = "images"


class Album:
    """Pictures that are written into a folder when they are first asked for; raises as `Material.picture` does."""

    def __init__(self, material: Material, path: Path) -> None:
        """Write below `path`, which exists."""
        self._material, self._path = material, path
        self._bounds: dict[FrameId, Rect] = {}
        self._written: set[str] = set()

    def bounds(self, frame: FrameId) -> Rect:
        """What the picture covers, in desktop pixels."""
        if frame not in self._bounds:
            self._bounds[frame] = self._material.picture(frame).bounds
        return self._bounds[frame]

    def file(self, frame: FrameId) -> str:
        """The picture's path below the folder of the set: a PNG that several lines may share."""
        return self.copy(frame, f"{FOLDER}/{frame}.png")

    def copy(self, frame: FrameId, name: str) -> str:
        """The picture under that path below the folder of the set; the path."""
        if name not in self._written:
            place = self._path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(self.data(frame))
            self._written.add(name)
        return name

    def data(self, frame: FrameId) -> bytes:
        """The picture as PNG."""
        if not frame.isalnum():
            raise BadInputError("a picture has no name that a file can have; verify the library")
        return png.encoded(self._material.picture(frame))
