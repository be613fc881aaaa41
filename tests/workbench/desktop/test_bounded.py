"""Questions with a deadline."""

import threading

import pytest

from workbench.desktop.bounded import MAX_STUCK, Bounded


def test_an_answer_in_time_is_handed_over_with_its_thread_prepared_first() -> None:
    prepared: list[int] = []
    bounded = Bounded(lambda: prepared.append(threading.get_ident()), limit_s=30)
    assert bounded.ask(lambda _until_s: threading.get_ident(), 0) == prepared[0] != threading.get_ident()
    bounded.close()


def test_what_the_question_raises_is_raised_to_the_one_who_asks() -> None:
    bounded = Bounded(limit_s=30)
    with pytest.raises(TimeoutError, match="too large"):
        bounded.ask(lambda _until_s: _raise(TimeoutError("too large")), None)
    bounded.close()


def test_a_hung_question_does_not_keep_the_next_one_from_being_answered() -> None:
    bounded, free = Bounded(limit_s=0.05), threading.Event()
    assert bounded.ask(lambda _until_s: free.wait(60), "late") == "late"
    patient = Bounded(limit_s=30)
    assert patient.ask(lambda _until_s: "answer", "late") == "answer"
    free.set()
    patient.close()
    bounded.close()


def test_hung_applications_cannot_pile_up_threads_without_end() -> None:
    bounded, free = Bounded(limit_s=0.02), threading.Event()
    before = threading.active_count()
    for _ in range(MAX_STUCK + 3):
        assert bounded.ask(lambda _until_s: free.wait(60), "late") == "late"
    assert threading.active_count() - before <= MAX_STUCK
    free.set()
    bounded.close()


def _raise(error: Exception) -> None:
    raise error
