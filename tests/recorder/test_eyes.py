"""What the recorder concludes from the silence of applications."""

from typing import Any

import pytest

from recorder.eyes import STARTING_S, Eyes
from workbench.desktop.dry import DryAccessibility, DryWindows
from workbench.geometry import Rect
from workbench.trajectory import Element

FIELD = Element("mail", "Log in", "password text", "", Rect(10, 40, 100, 20), password=True)
BUTTON = Element("mail", "Log in", "push button", "Log in", Rect(10, 80, 100, 20))


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"nobody should ask for time.{name}")


class Slow(DryAccessibility):
    """An application that answers too late."""

    def find(self, **_: Any) -> list[Element]:
        self.unanswered += 1
        return []


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("recorder.eyes.time", clock)
    return clock


def eyes(accessibility: DryAccessibility) -> Eyes:
    return Eyes(DryWindows([], lambda deed: None), accessibility)


def test_an_application_that_shows_no_password_field_is_fieldless() -> None:
    assert eyes(DryAccessibility([BUTTON])).fieldless("mail")
    assert not eyes(DryAccessibility([BUTTON, FIELD])).fieldless("mail")


def test_a_search_that_was_not_answered_in_time_shows_nothing() -> None:
    assert eyes(Slow([BUTTON])).passwords("mail") == ([], False)
    assert not eyes(Slow([BUTTON])).fieldless("mail")


def test_an_application_that_is_silent_may_only_be_starting(clock: Clock) -> None:
    accessibility = DryAccessibility([])
    looking = eyes(accessibility)
    assert not looking.fieldless("mail")
    clock.now_s += STARTING_S / 2
    assert not looking.fieldless("mail")
    accessibility.elements += [BUTTON, FIELD]
    clock.now_s += STARTING_S
    assert not looking.fieldless("mail")


def test_an_application_that_stays_silent_has_no_field_that_could_be_seen(clock: Clock) -> None:
    looking = eyes(DryAccessibility([]))
    assert not looking.fieldless("xterm")
    clock.now_s += STARTING_S
    assert looking.fieldless("xterm")


def test_one_that_was_silent_long_ago_may_be_starting_again(clock: Clock) -> None:
    looking = eyes(DryAccessibility([]))
    looking.fieldless("mail")
    clock.now_s += STARTING_S
    assert looking.fieldless("mail")
    clock.now_s += 60
    assert not looking.fieldless("mail")
