"""What a model hit and missed while it was calibrated, and a picture of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agents.runtime.pointing.targets import Scene, Target
from agents.runtime.prompt import RGB
from workbench.geometry import Point

PANEL_PX = 640
"""About how wide a screen is shown."""

_WHITE, _GREEN, _RED = (255, 255, 255), (0, 170, 60), (230, 0, 40)


@dataclass(frozen=True)
class Shot:
    """One question and where its answer lies by the convention that was found; None where it names no place."""

    scene: Scene
    target: Target
    at: Point | None

    @property
    def hit(self) -> bool:
        """Whether a click there would have met the target."""
        return self.at is not None and self.target.bounds.contains(self.at)


def picture(shots: Sequence[Shot]) -> bytes:
    """The first screen of each size with its shots, one below the other, as PNG.

    Targets asked for have a white frame; a green ring is a hit, a red cross a miss, joined to its target by a line.
    """
    import cv2  # only who draws needs it

    first: dict[tuple[int, int], Scene] = {}
    for shot in shots:
        first.setdefault((shot.scene.picture.width, shot.scene.picture.height), shot.scene)
    panels = [_panel(one, [shot for shot in shots if shot.scene is one]) for one in first.values()]
    width = max((panel.shape[1] for panel in panels), default=1)
    padded = [np.pad(panel, ((0, 8), (0, width - panel.shape[1]), (0, 0))) for panel in panels]
    whole = np.concatenate(padded) if padded else np.zeros((1, 1, 3), np.uint8)
    return bytes(cv2.imencode(".png", cv2.cvtColor(whole, cv2.COLOR_RGB2BGR))[1].tobytes())


def _panel(drawn: Scene, shots: Sequence[Shot]) -> RGB:
    """One screen, enlarged or shrunk to about the width of a panel, with its shots."""
    import cv2  # only who draws needs it

    scale = PANEL_PX / drawn.picture.width
    size = (PANEL_PX, max(1, round(drawn.picture.height * scale)))
    shrinks = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    canvas = np.ascontiguousarray(cv2.resize(drawn.picture.pixels, size, interpolation=shrinks), dtype=np.uint8)
    for shot in shots:
        _mark(canvas, shot, scale)
    return canvas


def _mark(canvas: RGB, shot: Shot, scale: float) -> None:
    import cv2  # only who draws needs it

    bounds = shot.target.bounds
    corners = [(round(x * scale), round(y * scale)) for x, y in ((bounds.x, bounds.y), (bounds.right, bounds.bottom))]
    cv2.rectangle(canvas, corners[0], corners[1], _WHITE, 1)
    if shot.at is None:
        return
    at = round((shot.at.x + 0.5) * scale), round((shot.at.y + 0.5) * scale)
    if shot.hit:
        cv2.circle(canvas, at, 6, _GREEN, 2, cv2.LINE_AA)
        return
    centre = round(bounds.centre.x * scale), round(bounds.centre.y * scale)
    cv2.line(canvas, at, centre, _RED, 1, cv2.LINE_AA)
    cv2.drawMarker(canvas, at, _RED, cv2.MARKER_TILTED_CROSS, 12, 2, cv2.LINE_AA)
