"""The inbox keeps the order of everything, and wakes only for what should not wait."""

import threading

from recorder.inbox import Inbox


def test_what_is_quiet_comes_in_its_place_among_what_wakes() -> None:
    inbox = Inbox[int]()
    inbox.put(1, quietly=True)
    inbox.put(2)
    inbox.put(3, quietly=True)
    assert len(inbox) == 3
    assert inbox.take(10.0) == [1, 2, 3]
    assert len(inbox) == 0


def test_what_is_quiet_comes_at_the_end_of_the_patience() -> None:
    inbox = Inbox[int]()
    inbox.put(1, quietly=True)
    assert inbox.take(0.0) == [1]
    assert inbox.take(0.0) == []


def test_a_call_ends_the_wait_with_nothing() -> None:
    inbox = Inbox[int]()
    threading.Timer(0.01, inbox.wake).start()
    assert inbox.take(30.0) == []
