"""A real recorded picture with words painted on it, and trajectories that have private things in every field."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from workbench.desktop.ports import Frame, Pixels
from workbench.library.bundle import opened_bundle
from workbench.library.exporting.material import Material, Run
from workbench.library.leaks.leak import Leak
from workbench.library.leaks.scanning import scan
from workbench.trajectory import Trajectory

Painted = Callable[..., Pixels]


@pytest.fixture(scope="session")
def screen() -> Iterator[Pixels]:
    """The top left of the first picture of a recording of a calculator."""
    sample = Path(__file__).parents[4] / "assets" / "samples" / "add-two-numbers.trajectory"
    with opened_bundle(sample) as opened:
        frame = next(step.observation.frame for step in opened.trajectory.steps if step.observation.frame)
        yield opened.library.frames.load(frame).pixels[:240, :600].copy()


@pytest.fixture(scope="session")
def painted(screen: Pixels) -> Painted:
    """That picture with lines of text in a white box, the first at `y`."""

    def paint(*lines: str, y: int = 40, size: int = 15) -> Pixels:
        picture = Image.fromarray(np.ascontiguousarray(screen[..., 2::-1]))
        draw, font = ImageDraw.Draw(picture), ImageFont.load_default(size)
        draw.rectangle((10, y - 8, 560, y + 28 * max(len(lines), 1)), fill="white")
        for number, line in enumerate(lines):
            draw.text((20, y + 28 * number), line, fill="black", font=font)
        pixels = np.full(screen.shape, 255, np.uint8)
        pixels[..., :3] = np.asarray(picture)[..., ::-1]
        return pixels

    return paint


@pytest.fixture(scope="session")
def look_through() -> Callable[..., tuple[Leak, ...]]:
    """Scans trajectories with these pictures, known secrets and runs."""

    def look(
        *trajectories: Trajectory,
        pictures: dict[str, Frame] | None = None,
        known: dict[str, str] | None = None,
        runs: tuple[Run, ...] = (),
    ) -> tuple[Leak, ...]:
        material = Material(trajectories, (pictures or {}).__getitem__, lambda _: runs, lambda: None)
        return scan(material, known or {}, told=lambda _done, _of: None, pictures=bool(pictures))

    return look
