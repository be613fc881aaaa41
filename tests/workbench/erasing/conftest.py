"""A recording in whose pictures a text is printed, and a way to look for it in the library's folder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from workbench.actions import Click, TypeText
from workbench.desktop.ports import Frame
from workbench.erasing.text import Found, erase, look
from workbench.events import Progress, RunStarted, StepEnded, StepProposed
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent, Sighting
from workbench.library.learning import Lesson, Span
from workbench.library.store import Library, RecordingOpening
from workbench.trajectory import Element, Observation, Outcome, Step, Target, TextWitness, Trajectory

WORD = "Swordfish-4711"
SIZE = (640, 200)
PLACE = Rect(196, 100, 120, 28)
"""Where the word is printed in the first pictures, in part."""


def drawn(*texts: tuple[str, int, int]) -> np.ndarray:
    """A light desktop with a toolbar, and each of these texts printed at its place."""
    pixels = np.full((SIZE[1], SIZE[0], 4), 244, np.uint8)
    pixels[:30] = (200, 190, 180, 255)
    cv2.putText(pixels, "File  Edit  View", (10, 21), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20,) * 3, 1, cv2.LINE_AA)
    for text, x, y in texts:
        cv2.putText(pixels, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (10,) * 3, 1, cv2.LINE_AA)
    return pixels


@dataclass(frozen=True)
class Told:
    """A library with a recording that tells the word everywhere, and which of its pictures show it."""

    library: Library
    trajectory: Trajectory
    frames: dict[str, str]


@dataclass(frozen=True)
class Erased:
    """What was told, what was found of it, how many records changed, and pixels of the word."""

    told: Told
    found: Found
    records: int
    parts: tuple[Frame, ...]


@pytest.fixture
def draw() -> Callable[..., np.ndarray]:
    return drawn


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def told(library) -> Told:
    """The word is typed, printed in three pictures in two places, said in a run, learned, and in undone revisions."""
    return _told(library)


@pytest.fixture(scope="module")
def erased(tmp_path_factory) -> Iterator[Erased]:
    """The same once the word was erased; what is asked of it changes nothing."""
    with Library.open(tmp_path_factory.mktemp("erased") / "library") as library:
        told = _told(library)
        parts = [library.frames.load(told.frames[name]).part(PLACE) for name in ("half", "typed")]
        found = look(library, told.trajectory.id, WORD)
        records = erase(library, found, told.trajectory.id)
        yield Erased(told, found, records, tuple(parts))


@pytest.fixture
def small(library) -> Trajectory:
    """One click, in a small picture that shows the word and nothing else."""
    frame = library.frames.put(drawn((WORD, 20, 60))[:80, :320], origin=Point(0, 0))
    return library.save(Trajectory(library.new_id(), "Click", (Step("s1", Click(), Observation(frame=frame)),)))


def _told(library: Library) -> Told:
    pictures = {
        "before": drawn(("Account", 40, 120)),
        "half": drawn(("Account", 40, 120), (WORD[:9], 200, 120)),
        "typed": drawn(("Account", 40, 120), (WORD, 200, 120)),
        "moved": drawn(("Hello", 40, 80), (f"Your name is {WORD} now", 60, 170)),
        "after": drawn(("Thank you", 40, 120)),
    }
    frames = {name: library.frames.put(pixels, origin=Point(0, 0)) for name, pixels in pictures.items()}
    writer = library.begin_recording(RecordingOpening(f"Log in as {WORD}"))
    keys = [InputEvent(n, n * 10**6, "key_down", keysym=key, text=key) for n, key in enumerate(WORD, 2)]
    seen = [Sighting(2 + n, (2 + n) * 10**6, frame=frames[name]) for n, name in enumerate(("before", "half", "typed"))]
    writer.append([InputEvent(1, 10**6, "button_down", button="left"), *keys], seen)
    trajectory = writer.finish(Trajectory(writer.id, f"Log in as {WORD}", _steps(frames, keys[-1].seq)))
    library.revise(trajectory, note=f"typed {WORD}")
    library.undo(trajectory.id)
    run = [StepProposed(index=1, step=trajectory.steps[1], frame=frames["moved"], why=f"to be {WORD}")]
    ends = [Progress(text=f"typing {WORD}"), StepEnded(index=1, status="done", frame=frames["moved"])]
    library.save_run("r1", [RunStarted(run="r1", trajectory=trajectory.id, title=WORD), *run, *ends])
    lesson = Lesson("h", "hint", "notes", f"be {WORD}", (Span(trajectory.id, 1, 2, 1),), body={"say": [WORD]})
    library.learning.put(lesson)
    return Told(library, library.get(trajectory.id), frames)


def _steps(frames: dict[str, str], last: int) -> tuple[Step, ...]:
    field = Element("notes", "Notes", "text", "Account", Rect(190, 95, 300, 36))
    printed = Target(Point(210, 165), text=TextWitness(f"Your name is {WORD} now", Rect(60, 150, 400, 30)))
    typing = Step(
        "s2",
        TypeText(WORD),
        Observation(2 * 10**6, frame=frames["before"], focused=field),
        outcome=Outcome(frame=frames["typed"]),
        description=f"type {WORD}",
        first_event=2,
        last_event=last,
    )
    click = Step("s1", Click(), Observation(10**6, frame=frames["before"]), first_event=1, last_event=1)
    later = Step("s3", Click(), Observation(40 * 10**6, frame=frames["moved"]), printed)
    return click, typing, later, Step("s4", Click(), Observation(50 * 10**6, frame=frames["after"]))


@pytest.fixture
def kept() -> Callable[[Library], bytes]:
    """All bytes of the folder."""

    def read(library: Library) -> bytes:
        return b"".join(path.read_bytes() for path in library.path.rglob("*") if path.is_file())

    return read
