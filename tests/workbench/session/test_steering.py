"""What the process of a run is told while it goes about its steps."""

import io
from dataclasses import dataclass

import msgspec
import pytest

from workbench.errors import StoppedError
from workbench.geometry import Point
from workbench.session.child import Pipe, Questions
from workbench.session.messages import Another, Answer, Go, Reply, Steer, Stop


@dataclass
class Said:
    """What a parent that is still there has said."""

    lines: list[bytes]
    closed: bool = False

    def next(self, timeout_s: float) -> bytes | None:
        return self.lines.pop(0) if self.lines else None


def told(*replies: Reply | Another) -> Pipe:
    """A pipe whose parent has said all of this."""
    said = Said([msgspec.json.encode(reply) for reply in replies])
    return Pipe(said, io.BytesIO())  # type: ignore[arg-type]  # it reads like a LineReader, without a thread


def test_the_newest_breakpoints_count_and_no_wish_to_pause_is_lost() -> None:
    pipe = told(Steer((1,), pause=True), Steer((2, 3)))
    assert pipe.steered() == Steer((2, 3), pause=True)
    assert pipe.steered() is None


def test_steering_never_answers_what_the_run_asks() -> None:
    pipe = told(Steer((2,)), Go("step"), Steer((4,)))
    assert Questions(pipe).resume() == "step"
    assert pipe.steered() == Steer((4,))


def test_a_run_that_is_told_to_end_hears_of_it_where_it_asks_about_pauses() -> None:
    with pytest.raises(StoppedError, match="enough"):
        told(Steer((2,)), Stop("enough")).steered()


def test_what_ended_one_run_does_not_keep_the_process_from_the_next() -> None:
    pipe = told(Steer((2,)), Stop("enough"), Stop("at last"))
    with pytest.raises(StoppedError, match="at last"):
        pipe.check()
    pipe.source.lines += [msgspec.json.encode(one) for one in (Stop("too late"), Another(msgspec.Raw(b"{}"), 1.0))]  # type: ignore[attr-defined]  # of Said
    assert pipe.read_another() == Another(msgspec.Raw(b"{}"), 1.0)
    assert pipe.stop_reason is None


@pytest.mark.parametrize("first", [True, False])
def test_a_signal_or_the_emergency_stop_ends_the_process_whatever_the_parent_says_of_the_run(first: bool) -> None:
    pipe = told(Stop("the task is over"))
    if first:
        pipe.stop_reason = "SIGTERM arrived"
    with pytest.raises(StoppedError, match="SIGTERM" if first else "the task"):
        pipe.check()
    pipe.stop_reason = "SIGTERM arrived"
    pipe.source.lines.append(msgspec.json.encode(Another(msgspec.Raw(b"{}"), 1.0)))  # type: ignore[attr-defined]  # of Said
    assert pipe.read_another() is None


@pytest.mark.parametrize(
    ("answer", "place"),
    [(Answer("", Point(3, 4)), Point(3, 4)), (Answer(""), True), (Answer(None), False), (Go("continue"), False)],
)
def test_a_place_is_one_that_was_chosen_one_to_be_clicked_or_none(answer: Reply, place: Point | bool) -> None:
    assert Questions(told(answer)).pointed() == place
