"""A library, pictures, trajectories of every kind, and a way to look for bytes in a folder."""

import os
import sys
import types
import typing
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import strategies as st

from workbench.actions import Click, Note, TypeText
from workbench.desktop.ports import Pixels
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent, Sighting
from workbench.library.store import Library
from workbench.trajectory import (
    CropWitness,
    Element,
    FrameId,
    Observation,
    Outcome,
    Step,
    Target,
    TextWitness,
    Trajectory,
    Window,
)

SAMPLES = "WORKBENCH_SAMPLES"

_TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
_NUMBERS = st.integers(-(2**40), 2**40)
_SIZES = st.integers(0, 2**20)


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of recordings that nobody here made; it is no part of the repository."""
    folder = os.environ.get(SAMPLES)
    if not folder or not Path(folder).is_dir():
        pytest.skip(f"{SAMPLES} names no folder of recordings of other tools")
    return Path(folder)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture(scope="session")
def picture() -> Callable[..., Pixels]:
    """A desktop with a patch whose place and colour follow from the seed."""

    def paint(seed: int = 0, *, width: int = 600, height: int = 200) -> Pixels:
        generator = np.random.default_rng(seed)
        pixels = np.full((height, width, 4), 200, dtype=np.uint8)
        left, top = int(generator.integers(0, width - 20)), int(generator.integers(0, height - 20))
        pixels[top : top + 20, left : left + 20] = generator.integers(0, 255, (20, 20, 4), dtype=np.uint8)
        return pixels

    return paint


@pytest.fixture(scope="session")
def a_trajectory() -> Callable[..., Trajectory]:
    """Three steps on a calculator; keyword arguments replace fields."""

    def make(identifier: str, *, frames: tuple[FrameId, ...] = (), **fields: object) -> Trajectory:
        window = Window("galculator", "Calculator", Rect(0, 0, 400, 300))
        button = Element("galculator", "Calculator", "push button", "Seven", Rect(10, 20, 30, 40))
        first, last = (frames[0], frames[-1]) if frames else (None, None)
        crop = CropWitness(first, Rect(0, 0, 50, 50)) if first else None
        target = Target(Point(25, 40), window, button, crop, TextWitness("7", Rect(20, 30, 8, 8)))
        seen = [Observation(at * 10, float(at), first if at < 3 else None, window) for at in (1, 2, 3)]
        steps = (
            Step("s1", Click(), seen[0], target, description="Click Seven", first_event=1, last_event=2),
            Step("s2", TypeText("hello wörld"), seen[1], outcome=Outcome(last), first_event=3, last_event=9),
            Step("s3", Note("all done"), seen[2], first_event=10, last_event=10),
        )
        return msgspec.structs.replace(Trajectory(identifier, "Add numbers", steps, task="compute a sum"), **fields)

    return make


@pytest.fixture(scope="session")
def trajectories() -> Callable[[st.SearchStrategy[FrameId]], st.SearchStrategy[Trajectory]]:
    """Any trajectory at all, with every action and every field, that refers to the given frames."""

    def of(frames: st.SearchStrategy[FrameId]) -> st.SearchStrategy[Trajectory]:
        return _any(Trajectory, frames)

    return of


@pytest.fixture(scope="session")
def any_of() -> Callable[[type, st.SearchStrategy[FrameId]], st.SearchStrategy[object]]:
    """Any value of a stored type."""
    return _any


@pytest.fixture
def bytes_in() -> Callable[[Path, str], list[str]]:
    """The files below a folder that hold a text in any encoding that is written anywhere."""

    def search(folder: Path, text: str) -> list[str]:
        needles = {text.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")}
        needles |= {needle.hex().encode() for needle in needles}
        needles |= {text.encode("unicode_escape"), msgspec.json.encode(text).strip(b'"')}
        files = [path for path in folder.rglob("*") if path.is_file()]
        return sorted({path.name for path in files for needle in needles if needle in path.read_bytes()})

    return search


@pytest.fixture(scope="session")
def typing_events() -> Callable[..., list[InputEvent]]:
    """Keys pressed and released one after the other, a microsecond apart."""

    def type_(text: str, *, first: int = 1, start_ns: int = 0) -> list[InputEvent]:
        events = []
        for letter in text:
            for kind in ("key_down", "key_up"):
                seq = first + len(events)
                shown = letter if kind == "key_down" else ""
                events.append(InputEvent(seq, start_ns + seq * 1000, kind, keycode=38, keysym=letter, text=shown))
        return events

    return type_


@pytest.fixture(scope="session")
def sighting_of() -> Callable[..., Sighting]:
    """What was seen at an event."""

    def see(event: InputEvent, frame: FrameId | None = None, *, value: str | None = None) -> Sighting:
        field = Element("mousepad", "Untitled", "text", "Document", Rect(0, 0, 5, 5), value=value)
        return Sighting(event.seq, event.monotonic_ns, frame=frame, focused=field)

    return see


@pytest.fixture
def python() -> str:
    """The interpreter that runs the tests, for children."""
    return sys.executable


def _any(kind: typing.Any, frames: st.SearchStrategy[FrameId], name: str = "") -> st.SearchStrategy[typing.Any]:
    plain = {str: _TEXT, int: _NUMBERS, bool: st.booleans(), float: st.floats(-1e12, 1e12), type(None): st.none()}
    if name == "frame":
        return st.none() | frames if type(None) in typing.get_args(kind) else frames
    if kind is Rect:
        return st.builds(Rect, _NUMBERS, _NUMBERS, _SIZES, _SIZES)
    if kind in plain:
        return plain[kind]
    if typing.get_origin(kind) is typing.Literal:
        return st.sampled_from(typing.get_args(kind))
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        return st.one_of([_any(part, frames) for part in typing.get_args(kind)])
    if typing.get_origin(kind) is dict:
        return st.dictionaries(_TEXT, _TEXT | _NUMBERS | st.none() | st.lists(_TEXT, max_size=2), max_size=2)
    if typing.get_origin(kind) is tuple:
        return _any_tuple(typing.get_args(kind), frames)
    return st.deferred(lambda: _any_struct(kind, frames))


def _any_tuple(parts: tuple[typing.Any, ...], frames: st.SearchStrategy[FrameId]) -> st.SearchStrategy[typing.Any]:
    if parts[1:] == (Ellipsis,):
        return st.lists(_any(parts[0], frames), max_size=2).map(tuple)
    return st.tuples(*(_any(part, frames) for part in parts))


def _any_struct(kind: type[msgspec.Struct], frames: st.SearchStrategy[FrameId]) -> st.SearchStrategy[typing.Any]:
    hints = typing.get_type_hints(kind)
    fixed = {"ref": st.none(), "schema_version": st.just(1), "seq": st.integers(1, 2**40), "purges": st.just(0)}
    fields = {
        name: fixed[name] if name in fixed else _any(hints[name], frames, name) for name in kind.__struct_fields__
    }
    return st.builds(kind, **fields)
