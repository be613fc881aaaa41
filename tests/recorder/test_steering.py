"""Hotkeys, exclusions, and which events begin something."""

from typing import Any

import pytest

from recorder.exclusion import Exclusion, window_at
from recorder.hands import Beginnings, Hands
from recorder.hotkeys import HotkeyWatch, parse
from recorder.options import Hotkeys
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.trajectory import Window


def heard(kit: Any, hotkeys: Hotkeys, hand: Any) -> list[str]:
    watch = HotkeyWatch.of(hotkeys)
    return [word for event in hand.events if (word := watch.take(event)) is not None]


def test_a_hotkey_is_heard_with_exactly_its_modifiers(kit: Any) -> None:
    hand = kit.hand().key("s", "s", held=("ctrl",)).key("s", "s", held=("alt", "ctrl"))
    hand.key("S", "S", held=("ctrl", "shift", "alt")).key("n", "n", held=("Control_R", "Alt_L"))
    assert heard(kit, Hotkeys(), hand) == ["stop", "note"]


def test_an_empty_hotkey_means_none(kit: Any) -> None:
    assert heard(kit, Hotkeys(stop=""), kit.hand().key("s", "s", held=("ctrl", "alt"))) == []


@pytest.mark.parametrize("text", ["s", "ctrl+", "hyper+s", "+"])
def test_what_is_no_hotkey_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(BadInputError, match="is no hotkey"):
        parse(text)


def test_two_meanings_of_one_hotkey_are_refused() -> None:
    with pytest.raises(BadInputError, match="both stop and pause"):
        HotkeyWatch.of(Hotkeys(stop="ctrl+alt+x", pause="alt+ctrl+x"))


@pytest.mark.parametrize(
    ("pattern", "out"),
    [("keepassxc", True), ("KeePass*", True), ("bank", True), ("keepass", False), ("My b?nk", True), ("other", False)],
)
def test_windows_are_excluded_by_application_or_by_words_of_the_title(pattern: str, out: bool) -> None:
    window = Window(app="keepassxc", title="My Bank – Login", bounds=Rect(0, 0, 10, 10))
    assert Exclusion((pattern,)).covers(window) is out


def test_windows_of_our_own_processes_are_excluded() -> None:
    window = Window(app="workbench", title="", bounds=Rect(0, 0, 10, 10), pid=7, handle=70)
    exclusion = Exclusion(own_pids=(7,))
    assert exclusion.own(window)
    assert exclusion.handles([window]) == (70,)


def test_the_topmost_window_at_a_place_counts() -> None:
    upper = Window(app="a", title="", bounds=Rect(0, 0, 10, 10))
    lower = Window(app="b", title="", bounds=Rect(0, 0, 100, 100))
    assert window_at([upper, lower], Point(5, 5)) is upper
    assert window_at([upper, lower], Point(50, 5)) is lower
    assert window_at([upper], Point(50, 5)) is None


def test_only_what_may_begin_a_step_gets_a_picture(kit: Any) -> None:
    hand = kit.hand().click(50, 50, count=2).type("ab").wait(1500).type("c").key("Tab").type("d")
    hand.scroll(0, 1, times=3)
    beginnings = Beginnings()
    begun = [(event.kind, event.keysym) for event in hand.events if beginnings.begins(event)]
    assert begun == [
        ("button_down", ""),
        ("key_down", "a"),
        ("key_down", "c"),
        ("key_down", "Tab"),
        ("key_down", "d"),
        ("scroll", ""),
    ]


def test_a_pointer_rests_once_it_stood_still_and_nobody_has_looked(kit: Any) -> None:
    hand, hands = kit.hand(), Hands()
    hands.follow(hand.move(50, 50))
    now_ns = hand.events[-1].monotonic_ns
    assert not hands.rests(now_ns + 10_000_000)
    assert hands.rests(now_ns + 100_000_000)
    hands.looked_at_rest = True
    assert not hands.rests(now_ns + 200_000_000)
    hands.follow(hand.down())
    assert not hands.rests(now_ns + 300_000_000)
