"""Looking at the desktop during a run: moments, kept frames, and waiting for change instead of sleeping."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from msgspec import structs

from workbench.desktop.ports import Desktop, Frame
from workbench.geometry import Rect
from workbench.library.frames import FrameStore
from workbench.locate.sight import Sight
from workbench.trajectory import Element, FrameId

POLL_S = 0.1
"""The longest wait between two looks: accessibility can change without a pixel."""

MASK = (96, 96, 96, 255)


@dataclass
class Eyes:
    """Sight of one desktop; `check` raises `StoppedError` when the run has to end. `seen` is the last frame seen."""

    desktop: Desktop
    frames: FrameStore
    check: Callable[[], None]
    secrets: list[Element] = field(default_factory=list)
    seen: Frame | None = None

    def look(self) -> Sight:
        """This moment."""
        self.check()
        ports = self.desktop
        self.seen = ports.screens.grab()
        return Sight(
            frame=self.seen,
            screens=ports.screens.layout(),
            active=ports.windows.active(),
            windows=ports.windows.all(),
            accessibility=ports.accessibility,
            load_frame=self.frames.load,
        )

    def keep(self, frame: Frame) -> FrameId:
        """Store a frame, with every known password field painted over."""
        covered = [frame.bounds.intersection(region) for region in self._secret_regions()]
        if covered:
            frame = replace(frame, pixels=frame.pixels.copy())
        for region in filter(None, covered):
            frame.crop(region)[:] = MASK
        return self.frames.put(frame.pixels, origin=frame.origin)

    def hide(self, element: Element) -> None:
        """From now on paint over this field, wherever it is, in every frame that is kept."""
        if all(known.ref != element.ref for known in self.secrets):
            self.secrets.append(element)

    def wait(self, until_s: float) -> bool:
        """Wait for a change, at most until this monotonic time; False when the time is up."""
        self.check()
        left_s = until_s - time.monotonic()
        if left_s <= 0:
            return False
        self.desktop.screens.wait_for_change(min(left_s, POLL_S))
        return True

    def pause(self, seconds: float) -> None:
        """Let time pass, but end at once when the run has to."""
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0:
            self.check()
            time.sleep(min(left_s, 0.05))

    def _secret_regions(self) -> list[Rect]:
        accessibility = self.desktop.accessibility
        if accessibility is not None:
            now = [accessibility.refresh(element) or element for element in self.secrets]
            self.secrets = [structs.replace(seen, ref=old.ref) for seen, old in zip(now, self.secrets, strict=True)]
        return [element.bounds for element in self.secrets]
