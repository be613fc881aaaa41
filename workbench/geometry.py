"""Points, rectangles and screens in the one coordinate space of the workbench.

*Desktop pixels*: physical pixels of the virtual desktop, x to the right, y down. The origin is the one that the
system uses (the top-left corner of the primary screen on Windows and macOS, of the root window on X11), so
screens to the left of or above it have negative coordinates. Scale factors never enter: a `Screen` states its own
for those who need to convert.
"""

from collections.abc import Iterable

from msgspec import Struct


class Point(Struct, frozen=True, order=True):
    """A place in desktop pixels."""

    x: int
    y: int

    def offset(self, dx: int, dy: int) -> "Point":
        """The point `dx` to the right and `dy` below."""
        return Point(self.x + dx, self.y + dy)

    def distance(self, other: "Point") -> float:
        """Euclidean distance in pixels."""
        return float(((self.x - other.x) ** 2 + (self.y - other.y) ** 2) ** 0.5)


class Rect(Struct, frozen=True):
    """A rectangle in desktop pixels; `width` and `height` may be 0, never negative."""

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        """Refuse negative sizes, which no screen or element has."""
        if self.width < 0 or self.height < 0:
            raise ValueError(f"a rectangle cannot measure {self.width} x {self.height}")

    @property
    def right(self) -> int:
        """The first column that is outside."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row that is outside."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """The middle, rounded towards the top left."""
        return Point(self.x + self.width // 2, self.y + self.height // 2)

    @property
    def area(self) -> int:
        """Number of pixels."""
        return self.width * self.height

    def contains(self, point: Point) -> bool:
        """Whether the point is inside."""
        return self.x <= point.x < self.right and self.y <= point.y < self.bottom

    def intersection(self, other: "Rect") -> "Rect | None":
        """The part that both cover, or None."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rect(left, top, right - left, bottom - top) if right > left and bottom > top else None

    def offset(self, dx: int, dy: int) -> "Rect":
        """The same size, moved."""
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    def grown(self, margin: int) -> "Rect":
        """`margin` pixels more on every side."""
        return Rect(self.x - margin, self.y - margin, max(0, self.width + 2 * margin), max(0, self.height + 2 * margin))


class Screen(Struct, frozen=True):
    """One monitor: its place on the desktop and the system's scale factor for it (1.0 = 96 dpi)."""

    name: str
    bounds: Rect
    scale: float = 1.0
    primary: bool = False


def union(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle around all of them; raises ValueError when there is none."""
    found = list(rects)
    if not found:
        raise ValueError("no rectangles to unite")
    left, top = min(r.x for r in found), min(r.y for r in found)
    return Rect(left, top, max(r.right for r in found) - left, max(r.bottom for r in found) - top)


def around(*areas: Rect) -> Rect:
    """The smallest rectangle around those that have any pixel; one without area where none has."""
    return union([area for area in areas if area.area] or [Rect(0, 0, 0, 0)])
