"""An event happened when the server says it did, however late it was read."""

import pytest

from recorder.clock import WRAP_NS, ServerClock, on_this_machine
from workbench.inputs import InputEvent

MS = 1_000_000


def event(read_ms: float, server_ms: int) -> InputEvent:
    return InputEvent(0, round(read_ms * MS), "button_down", server_ms=server_ms)


def test_a_late_reading_does_not_move_the_event() -> None:
    clock = ServerClock()
    assert clock.when_ns(event(5000.4, 5000)) == 5000 * MS
    assert clock.when_ns(event(5039.0, 5004)) == 5004 * MS


def test_without_a_stamp_the_reading_counts() -> None:
    assert ServerClock().when_ns(event(70.0, 0)) == 70 * MS


def test_the_servers_counter_may_wrap() -> None:
    assert ServerClock().when_ns(event(WRAP_NS / MS + 20.5, 20)) == WRAP_NS + 20 * MS


def test_a_server_with_another_clock_is_followed_by_its_least_delay() -> None:
    clock = ServerClock()
    first = clock.when_ns(event(900_000.0, 100_000))
    assert first == 900_000 * MS
    clock.when_ns(event(900_009.0, 100_010))
    assert clock.when_ns(event(900_060.0, 100_020)) == 900_019 * MS


@pytest.mark.parametrize("name", [":0", ":1.0", "unix:0", "unix/host:0"])
def test_an_event_of_this_machine_is_as_old_as_its_stamp_says_however_late_it_is_read(name: str) -> None:
    assert ServerClock(on_this_machine(name)).when_ns(event(9_000.0, 4_000)) == 4_000 * MS


@pytest.mark.parametrize("name", ["localhost:10.0", "remote:0", "10.0.0.1:0"])
def test_a_clock_elsewhere_that_is_seconds_behind_makes_no_event_older(name: str) -> None:
    clock = ServerClock(on_this_machine(name))
    assert clock.when_ns(event(9_000.0, 4_000)) == 9_000 * MS
    assert clock.when_ns(event(9_100.0, 4_100)) == 9_100 * MS
