"""The screen is looked at when it rests, and what applications say is asked for again when it may be different."""

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from workbench.geometry import Rect
from workbench.library.frames import FrameStore
from workbench.session.eyes import Eyes, Rest
from workbench.trajectory import Element

BUTTON = Element("shop", "Orders", "push button", "Pay", Rect(0, 0, 8, 8))
GLOW, ELSEWHERE, CARET = Rect(0, 0, 8, 8), Rect(16, 12, 9, 6), Rect(20, 2, 2, 12)
FAR_S = 30.0
"""More than any of these waits takes."""


class Clock:
    """Time that passes only where somebody sleeps, so that no busy machine makes a short wait a long one."""

    now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Clock()
    monkeypatch.setattr(time, "monotonic", made.monotonic)
    monkeypatch.setattr(time, "sleep", made.sleep)


class Talking:
    """Accessibility of one application that says when it changes; it counts how often it is walked."""

    def __init__(self) -> None:
        self.unanswered, self.walks, self.said = 0, 0, cast("int | None", 0)

    def news(self) -> int | None:
        return self.said

    def walk(self, app: str) -> Iterator[Element]:
        self.walks += 1
        yield BUTTON

    def refresh(self, element: Element) -> Element | None:
        return element


class Bench:
    def __init__(self, screens: Any, folder: Path) -> None:
        self.screens, self.trees, window = screens, Talking(), None
        windows = SimpleNamespace(active=lambda: window, all=lambda: ())
        desktop = SimpleNamespace(screens=screens, windows=windows, accessibility=self.trees)
        self.eyes = Eyes(cast("Any", desktop), FrameStore(folder), lambda: None)

    def walked(self) -> list[Element]:
        accessibility = self.eyes.look().accessibility
        assert accessibility is not None
        return list(accessibility.walk("shop"))

    def rested(self, rest: Rest) -> Any:
        return self.eyes.rest(rest, time.monotonic() + FAR_S)

    def paints(self, *places: Rect) -> None:
        """On each later wait for a change the next place is painted, in another shade each time."""
        self.screens.script = [
            lambda place=place, shade=shade: self.screens.paint(place, shade) for shade, place in enumerate(places, 1)
        ]


@pytest.fixture
def bench(painted: Any, tmp_path: Path) -> Bench:
    return Bench(painted(), tmp_path)


def test_a_tree_that_nothing_changed_is_walked_once(bench: Bench) -> None:
    assert [bench.walked() for _ in range(3)] == [[BUTTON]] * 3
    assert bench.trees.walks == 1


@pytest.mark.parametrize("place", [ELSEWHERE, GLOW])
def test_it_is_walked_again_after_pixels_changed(bench: Bench, place: Rect) -> None:
    bench.walked()
    bench.screens.paint(place, 1)
    bench.walked()
    assert bench.trees.walks == 2


def test_it_is_walked_again_after_the_application_said_so(bench: Bench) -> None:
    bench.walked()
    bench.trees.said = 1
    bench.walked()
    assert bench.trees.walks == 2


def test_what_changed_while_the_program_was_kept_waiting_is_looked_at_before_it_is_called_rest(bench: Bench) -> None:
    def stopped() -> int:
        bench.trees.news = lambda: 0
        bench.screens.paint(ELSEWHERE, 7)
        time.sleep(5.0)
        return 0

    bench.eyes.look()
    bench.trees.news = stopped
    assert (bench.rested(Rest(0.1)).frame.crop(ELSEWHERE) == 7).all()


def test_it_is_walked_again_after_an_action_though_nothing_is_to_be_seen_or_heard(bench: Bench) -> None:
    bench.walked()
    bench.eyes.acted()
    bench.walked()
    assert bench.trees.walks == 2


def test_a_caret_that_blinks_is_no_reason_to_walk_again(bench: Bench) -> None:
    bench.walked()
    bench.screens.paint(CARET, 1)
    bench.walked()
    assert bench.trees.walks == 1


def test_it_is_always_walked_where_applications_may_keep_changes_quiet(bench: Bench) -> None:
    bench.trees.said = None
    for _ in range(3):
        bench.walked()
    assert bench.trees.walks == 3


def test_a_walk_in_which_somebody_did_not_answer_is_done_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(app: str) -> Iterator[Element]:
        yield BUTTON
        bench.trees.unanswered += 1

    monkeypatch.setattr(bench.trees, "walk", interrupted)
    bench.walked()
    monkeypatch.undo()
    bench.walked()
    assert bench.trees.walks == 1


def test_what_changed_where_it_glowed_is_walked_again_when_that_is_over(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.eyes.acted([GLOW])
    bench.walked()
    bench.screens.paint(GLOW, 1)
    bench.walked()
    assert bench.trees.walks == 1
    monkeypatch.setattr("workbench.session.eyes.GLOW_S", 0.0)
    bench.walked()
    assert bench.trees.walks == 2


def test_rest_comes_after_the_last_change(bench: Bench) -> None:
    bench.paints(ELSEWHERE, ELSEWHERE, ELSEWHERE)
    sight = bench.rested(Rest(still_s=0.03))
    assert bench.screens.script == []
    assert (sight.frame.crop(ELSEWHERE) == 3).all()


def test_what_only_glows_or_blinks_is_rest(bench: Bench) -> None:
    bench.eyes.look()
    bench.eyes.acted([GLOW])
    bench.paints(*[GLOW, CARET] * 40)
    started_s = time.monotonic()
    bench.screens.script = [lambda deed=deed: (time.sleep(0.005), deed()) for deed in bench.screens.script]
    bench.rested(Rest(still_s=0.03))
    assert bench.screens.script or time.monotonic() - started_s > FAR_S


def test_a_first_change_is_waited_for(bench: Bench) -> None:
    bench.rested(Rest(still_s=0.01))
    bench.screens.script = [lambda: time.sleep(0.02), lambda: bench.screens.paint(ELSEWHERE, 5)]
    sight = bench.rested(Rest(still_s=0.01, first_s=FAR_S))
    assert (sight.frame.crop(ELSEWHERE) == 5).all()


def test_a_screen_without_rest_is_looked_at_when_the_time_is_up(bench: Bench) -> None:
    def flicker() -> None:
        bench.screens.paint(ELSEWHERE, len(bench.screens.script) % 7)
        time.sleep(0.002)

    bench.screens.script = [flicker] * 5000
    bench.eyes.rest(Rest(still_s=0.5), time.monotonic() + 0.1)
    assert bench.screens.script


def test_a_frame_that_was_kept_is_not_kept_again_until_it_or_what_is_hidden_in_it_changes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored: list[object] = []
    put = FrameStore.put
    monkeypatch.setattr(FrameStore, "put", lambda *args, **named: (stored.append(args), put(*args, **named))[1])
    first = bench.eyes.keep(bench.eyes.look().frame)
    assert bench.eyes.keep(bench.eyes.look().frame) == first
    assert len(stored) == 1
    bench.screens.paint(ELSEWHERE, 9)
    assert bench.eyes.keep(bench.eyes.look().frame) != first
    shown = bench.eyes.keep(bench.eyes.look().frame)
    bench.eyes.hide(BUTTON)
    assert bench.eyes.keep(bench.eyes.look().frame) != shown
