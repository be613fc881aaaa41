"""Turning points of what the screen showed."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents.completion.chapters import MOST, SHORTEST, State, openings, signature
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect
from workbench.trajectory import Window

PLACE = Rect(0, 0, 10, 10)


def states(*scenes: float | tuple[float, str]) -> list[State]:
    """A state for each level of brightness, in a window of its own where one is named."""
    pairs = [scene if isinstance(scene, tuple) else (scene, "a") for scene in scenes]
    return [State(np.full(64, level, np.float32), Window(app, app, PLACE)) for level, app in pairs]


def test_a_way_that_only_comes_closer_is_one_chapter():
    assert openings(states(0.0, 0.1, 0.2, 0.3, 0.5, 0.6, 0.8, 1.0)) == [0]


def test_turning_away_from_what_was_reached_opens_a_chapter():
    assert openings(states(0.0, 0.1, 0.4, 0.9, 0.6, 0.3, 0.0)) == [0, 2]


def test_carets_and_digits_are_no_turning_points():
    assert openings(states(0.50, 0.51, 0.50, 0.52, 0.51, 0.50, 0.53, 0.50)) == [0]


def test_another_program_that_stays_in_front_opens_a_chapter():
    assert openings(states(*[(0.5, "a")] * 4, *[(0.5, "b")] * 4)) == [0, 3]


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.sampled_from("abc")), min_size=2, max_size=60))
def test_chapters_are_in_order_few_and_not_too_short(scenes):
    found = openings(states(*scenes))
    assert found[0] == 0
    assert found == sorted(set(found))
    assert len(found) <= MOST
    ends = [*found[1:], len(scenes) - 1]
    assert len(found) == 1 or all(end - first >= SHORTEST for first, end in zip(found, ends, strict=True))


def test_a_signature_tells_windows_apart_and_not_letters():
    paper = np.full((400, 640, 4), 240, np.uint8)
    letter, window = paper.copy(), paper.copy()
    letter[200:212, 300:308] = 0
    window[50:300, 100:500] = 60
    first, second, third = (signature(Frame(each, Point(0, 0), 0)) for each in (paper, letter, window))
    assert first.dtype == np.float32
    assert np.sqrt(np.mean((first - second) ** 2)) < 0.05 < np.sqrt(np.mean((first - third) ** 2))
