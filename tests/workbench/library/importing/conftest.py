"""Recordings of other tools: real samples where they are, pictures and files to build others, and taking them in."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from recorder.reduce import reduce
from ui.cli.main import main
from workbench.library.bundle import export_bundle, import_bundle
from workbench.library.importing import known
from workbench.library.importing.taking import Refused, Taken, take
from workbench.library.store import Library
from workbench.report.words import caption
from workbench.trajectory import Trajectory, frames_of


@pytest.fixture
def take_all(library: Library) -> Callable[[Path], list[Taken | Refused]]:
    """Takes everything that is recognised in a path."""

    def taken(path: Path) -> list[Taken | Refused]:
        found = known.find(path)
        return list(take(library, found, reduce=lambda whole: reduce(whole.events, whole.sightings)))

    return taken


@pytest.fixture
def take_one(take_all: Callable[[Path], list[Taken | Refused]]) -> Callable[[Path], Taken]:
    """Takes the one recording that is in a path."""

    def taken(path: Path) -> Taken:
        (one,) = take_all(path)
        assert isinstance(one, Taken), one.why
        return one

    return taken


@pytest.fixture
def goes_round(library: Library, tmp_path: Path) -> Iterator[Callable[[Trajectory], None]]:
    """Asserts that a trajectory can be told, leaves as a bundle, and comes back equal with every picture.

    The name of a picture is the digest of its pixels; one of them is compared nonetheless.
    """
    path = tmp_path / "round.trajectory"
    with Library.open(tmp_path / "elsewhere") as other:

        def round_(trajectory: Trajectory) -> None:
            assert all(caption(step) for step in trajectory.steps)
            export_bundle(library, trajectory.id, path)
            arrived = import_bundle(other, path)
            assert replace(arrived, purges=0) == replace(library.get(trajectory.id), purges=0, reviewed=False)
            frames = sorted(frames_of(arrived))
            assert all(other.frames.has(frame) for frame in frames)
            for frame in frames[:1]:
                assert (other.frames.load(frame).pixels == library.frames.load(frame).pixels).all()

        yield round_


@pytest.fixture
def shown(
    library: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Trajectory], dict[str, object]]:
    """What `workbench-cli show --json` says of a trajectory."""
    monkeypatch.setenv("WORKBENCH_LIBRARY", str(library.path))

    def show(trajectory: Trajectory) -> dict[str, object]:
        capsys.readouterr()
        assert main(["show", trajectory.id, "--json"]) == 0
        return dict(json.loads(capsys.readouterr().out))

    return show


@pytest.fixture(scope="session")
def png() -> Callable[..., bytes]:
    """An encoded picture of so many pixels whose look follows from the seed."""

    def painted(seed: int = 0, *, width: int = 320, height: int = 200, kind: str = "PNG") -> bytes:
        pixels = np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, kind)
        return file.getvalue()

    return painted


@pytest.fixture(scope="session")
def film() -> Callable[..., None]:
    """Writes a video whose frame number n, at 10 frames a second, is one grey of brightness 3 n."""

    def written(path: Path, count: int, *, width: int = 320, height: int = 200) -> None:
        import cv2

        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, (width, height))
        assert writer.isOpened()
        for number in range(count):
            writer.write(np.full((height, width, 3), 3 * number, np.uint8))
        writer.release()

    return written


@pytest.fixture
def frame_number(library: Library) -> Callable[[str | None], int | None]:
    """Which frame of `film` a stored picture is; its codec makes everything a little darker."""
    darker = 2.5

    def number(frame: str | None) -> int | None:
        return None if frame is None else round((float(library.frames.load(frame).pixels[..., :3].mean()) + darker) / 3)

    return number
