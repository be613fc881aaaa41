"""The moments at which a look is taken are those that steps show, and no time of a video is asked for twice."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from recorder.reduce import reduce
from workbench.geometry import Point
from workbench.inputs import EventKind, InputEvent, Sighting
from workbench.library.importing.moments import gaps_ns, moments

KEYS = ("a", "b", "space", "Return", "BackSpace", "ctrl", "shift", "alt", "Tab")


def _event(kind: EventKind, key: str, x: int) -> InputEvent:
    if kind in ("key_down", "key_up"):
        text = {"space": " "}.get(key, key if len(key) == 1 else "") if kind == "key_down" else ""
        return InputEvent(1, 0, kind, keysym=key, text=text)
    if kind == "scroll":
        return InputEvent(1, 0, kind, Point(x, 0), dy=1 if x % 2 else -1)
    return InputEvent(1, 0, kind, Point(x, 0), button="left" if kind != "move" else "")


@st.composite
def _recordings(draw: st.DrawFn) -> list[InputEvent]:
    kinds: list[EventKind] = ["move", "button_down", "button_up", "scroll", "key_down", "key_up", "pause", "resume"]
    parts = st.tuples(st.sampled_from(kinds), st.sampled_from(KEYS), st.integers(0, 60), st.integers(0, 3000))
    found, at_ns = [], 0
    for number, (kind, key, x, pause_ms) in enumerate(draw(st.lists(parts, max_size=40)), start=1):
        at_ns += pause_ms * 1_000_000
        event = _event(kind, key, x)
        found.append(
            InputEvent(number, at_ns, kind, event.point, event.button, 0, event.keysym, event.text, dy=event.dy)
        )
    return found


@given(_recordings())
def test_every_step_has_a_picture_from_before_it_and_one_from_after(events: list[InputEvent]) -> None:
    looks = list(moments(events))
    seen = [Sighting(look.seq, look.at_ns, look.before, f"{number}") for number, look in enumerate(looks)]
    for step in reduce(events, seen):
        assert step.observation.frame is not None
        assert step.outcome.frame is not None
        assert int(step.observation.frame) < int(step.outcome.frame)


@given(_recordings())
def test_moments_come_in_the_order_of_their_times(events: list[InputEvent]) -> None:
    times = [look.at_ns for look in moments(events)]
    assert all(earlier <= later for earlier, later in pairwise(times))


def test_only_pauses_that_end_have_a_length() -> None:
    marks: list[tuple[int, EventKind]] = [(5, "pause"), (9, "resume"), (20, "pause")]
    assert gaps_ns([InputEvent(n, at, kind) for n, (at, kind) in enumerate(marks, start=1)]) == [(5, 4)]
