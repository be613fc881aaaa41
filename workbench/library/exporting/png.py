"""Pictures of the library as PNG, for the formats that want files."""

from typing import TYPE_CHECKING

from workbench.errors import BadInputError

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame


def encoded(frame: "Frame") -> bytes:
    """The picture without loss; some 30 ms for a whole desktop."""
    import cv2

    good, data = cv2.imencode(".png", frame.pixels[..., :3], [cv2.IMWRITE_PNG_COMPRESSION, 3])
    if not good:
        raise BadInputError("a picture cannot be written as PNG; verify the library")
    return data.tobytes()
