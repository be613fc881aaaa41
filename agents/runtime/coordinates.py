"""What a model means by a point: in which units it counts, in which order, and on which picture.

Vision models resize a picture before they look at it, and every family counts in its own way. Clicks that land wrong by
a scale factor come from mixing these up; here each way has a name, and one function turns an answer into a place.
"""

from typing import Literal

from msgspec import Struct

Space = Literal["original", "resized", "unit", "percent", "thousand"]
"""Pixels of the picture as it was sent, pixels of the picture as the model saw it, 0-1, 0-100, or 0-1000."""


class Convention(Struct, frozen=True):
    """How a model writes a place.

    `shape` is a point or a box of two corners, `order` which number stands first. `letterbox` says that the numbers
    count the black bars which resizing put around the picture.
    """

    space: Space = "thousand"
    shape: Literal["point", "box"] = "point"
    order: Literal["xy", "yx"] = "xy"
    letterbox: bool = False


class ImageRule(Struct, frozen=True):
    """How a family resizes pictures: sides are multiples of `multiple` pixels, the area stays between two limits.

    Limits are in pixels; 0 means none. `fixed` is the side of the square to which every picture is brought, 0 where it
    keeps its proportions.
    """

    multiple: int = 1
    min_pixels: int = 0
    max_pixels: int = 0
    fixed: int = 0
