"""What the locator may look at: one moment of today's desktop and the recorded frames."""

from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.desktop.ports import Accessibility, Frame
from workbench.geometry import Point, Screen
from workbench.trajectory import Element, FrameId, Window


@dataclass(frozen=True)
class Sight:
    """Today's frame, windows (topmost first) and accessibility, and how to load what was recorded."""

    frame: Frame
    screens: tuple[Screen, ...]
    active: Window | None
    windows: tuple[Window, ...]
    accessibility: Accessibility | None
    load_frame: Callable[[FrameId], Frame]
    _elements: dict[tuple[Point, Window | None], Element] = field(default_factory=dict, repr=False, compare=False)

    def element_at(self, point: Point, window: Window | None) -> Element | None:
        """The accessible element at the point in that window's application, asked for once in this moment.

        None where accessibility sees none; silence is not remembered.
        """
        if self.accessibility is None:
            return None
        found = self._elements.get((point, window)) or self.accessibility.element_at(point, window)
        if found is not None:
            self._elements[point, window] = found
        return found
