"""What may be approved together: what several recordings agree on, as far as that is sure, and never a risky step."""

from collections.abc import Iterator, Sequence
from math import prod
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.memory.batches import (
    CONFIDENT,
    END,
    LEAST_RECORDINGS,
    ORDER,
    Foreseen,
    HistoryGraph,
    Walk,
    expected_after,
    key_of,
    walk_of,
)
from workbench.actions import Activate, Click, Finish, Note, PressKeys, Scroll, TypeText
from workbench.geometry import Point, Rect
from workbench.library.learning import Standing
from workbench.library.store import Library
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, Window

PLACE = Rect(0, 0, 50, 20)
WINDOW = Window("shop", "Customers", PLACE)


def click(name: str, role: str = "push button") -> Step:
    return Step(
        f"click {name}",
        Click(),
        Observation(window=WINDOW),
        Target(Point(1, 1), WINDOW, Element("shop", "", role, name, PLACE)),
    )


def typed(text: str) -> Step:
    return Step(f"type {text}", TypeText(text), Observation(window=WINDOW))


ROUTINE = (click("New"), click("Name", "text"), typed("Bob"), click("Save"))


def recorded(identifier: str, *steps: Step, title: str = "Add a customer") -> Trajectory:
    return Trajectory(identifier, title, (*steps, Step("end", Finish())), task="add a customer")


def keys(*steps: Step) -> list[str]:
    return [key_of(step) for step in steps]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


walks = st.lists(st.lists(st.sampled_from("abcdef"), max_size=8), max_size=8)


def graph_of(sequences: Sequence[Sequence[str]], risky: str = "") -> HistoryGraph:
    return HistoryGraph.of(
        Walk(f"t{number}", "", tuple((key, key) for key in one), frozenset(risky))
        for number, one in enumerate(sequences)
    )


@given(walks, st.lists(st.sampled_from("abcdefx"), max_size=6))
def test_whatever_was_recorded_a_batch_is_sure_never_longer_than_it_may_be_and_no_shorter_batch_is_another(
    sequences: list[list[str]], history: list[str]
) -> None:
    graph = graph_of(sequences)
    found = graph.ahead(history)
    assert all(0 < one.probability <= 1 for one in found)
    assert not found or prod(one.probability for one in found) >= CONFIDENT
    for most in range(len(found) + 1):
        assert graph.ahead(history, most=most) == found[:most]


@given(walks, st.lists(st.sampled_from("abcdef"), max_size=6), st.sets(st.sampled_from("abcdef")))
def test_whatever_was_recorded_a_batch_has_only_steps_that_several_recordings_took_and_ends_before_a_risky_one(
    sequences: list[list[str]], history: list[str], risky: set[str]
) -> None:
    walked = list(history)
    for one in graph_of(sequences, "".join(risky)).ahead(history):
        assert one.key not in risky | {END}
        assert len(one.lent) >= LEAST_RECORDINGS
        followed = [
            place
            for sequence in sequences
            for place, key in enumerate(sequence)
            if key == one.key and (sequence[place - 1] if place else None) == (walked[-1] if walked else None)
        ]
        assert followed
        walked.append(one.key)


@given(walks, st.lists(st.sampled_from("abcdef"), min_size=ORDER, max_size=9))
def test_what_comes_next_depends_on_the_last_steps_alone(sequences: list[list[str]], history: list[str]) -> None:
    graph = graph_of(sequences)
    assert graph.ahead(history) == graph.ahead(["x", *history])


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6, unique=True), st.integers(2, 12))
def test_the_more_recordings_agree_the_longer_is_the_batch(routine: list[str], times: int) -> None:
    fewer, more = (graph_of([routine] * count).ahead(routine[:1]) for count in (times, times + 1))
    assert len(fewer) <= len(more) <= len(routine) - 1
    assert len(graph_of([routine] * 40).ahead(routine[:1])) == len(routine) - 1


def test_what_one_recording_shows_however_often_is_no_batch() -> None:
    assert graph_of(["abababababab"]).ahead("ab") == ()


def test_recordings_that_part_ways_are_followed_up_to_there() -> None:
    sequences = ["abcd", "abce", "abcd", "abce"]
    assert [one.key for one in graph_of(sequences).ahead("a")] == ["b", "c"]


def test_a_batch_says_its_steps_without_what_was_typed_and_on_what_it_rests() -> None:
    routines = [recorded(f"t{number}", *ROUTINE, title=f"Add {number}") for number in range(3)]
    expected = expected_after(HistoryGraph.of(map(walk_of, routines)), keys(ROUTINE[0]))
    assert expected is not None
    batch = expected.batch
    assert batch.steps == ("click the field “Name” in Shop", "type a text", "click the button “Save” in Shop")
    assert (batch.size, batch.lent) == (3, ("t0", "t1", "t2"))
    assert batch.why == "as in “Add 0” and 2 more, sure by 0.79"
    assert batch.confidence == pytest.approx(0.787, abs=0.001)


@pytest.mark.parametrize("risky", [click("Delete all"), Step("s", TypeText(secret="bank"), Observation(window=WINDOW))])
def test_a_step_that_could_be_risky_ends_the_batch_before_it(risky: Step) -> None:
    graph = HistoryGraph.of(walk_of(recorded(f"t{n}", *ROUTINE[:2], risky, click("Save"))) for n in range(5))
    expected = expected_after(graph, keys(ROUTINE[0]))
    assert expected is not None
    assert expected.batch.size == 1


def test_a_place_that_nobody_can_name_is_in_no_batch_and_nothing_is_expected_across_it() -> None:
    nameless = Step("s", Click(), Observation(window=WINDOW), Target(Point(9, 9), WINDOW))
    graph = HistoryGraph.of(walk_of(recorded(f"t{n}", *ROUTINE[:2], nameless, click("Save"))) for n in range(5))
    assert [one.key for one in graph.ahead(keys(ROUTINE[0]))] == keys(ROUTINE[1])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (typed("Bob"), typed("Eve"), True),
        (click("Save"), click("save"), True),
        (click("Save"), click("Open"), False),
        (Step("s", PressKeys(("ctrl", "s")), Observation(window=WINDOW)), Step("s", PressKeys(("ctrl", "q"))), False),
        (Step("s", Activate("shop", "One")), Step("s", Activate("shop", "Two")), True),
    ],
)
def test_steps_are_known_by_what_they_do_and_not_by_what_is_typed(one: Step, other: Step, same: bool) -> None:
    assert (key_of(one) == key_of(other)) is same


def saved(library: Library, *trajectories: Trajectory) -> None:
    for one in trajectories:
        library.save(one)


def size(foreseen: Foreseen, step: Step = ROUTINE[0]) -> int:
    expected = foreseen.expected(step)
    return expected.batch.size if expected else 0


def test_history_is_what_was_reviewed_and_nobody_retired(library: Library) -> None:
    from msgspec.structs import replace

    saved(library, recorded("one", *ROUTINE), recorded("two", *ROUTINE))
    saved(
        library,
        replace(recorded("three", *ROUTINE), reviewed=False),
        replace(recorded("four", *ROUTINE), source="agent"),
    )
    assert size(Foreseen(library.path)) == 2
    library.learning.stand(Standing("two", active=False, by="person"))
    assert size(Foreseen(library.path)) == 0


def test_looking_around_changes_nothing_and_what_a_person_did_by_hand_is_unknown(library: Library) -> None:
    saved(library, *(recorded(f"t{number}", *ROUTINE) for number in range(4)))
    foreseen = Foreseen(library.path)
    for step in (ROUTINE[0], Step("s", Scroll(dy=3)), Step("n", Note("so far"))):
        foreseen.went(step)
    assert size(foreseen, ROUTINE[1]) == 2
    assert foreseen.expected(Step("s", Scroll(dy=3))) is None
    foreseen.went(None)
    assert size(foreseen, click("Somewhere else")) == 0


def test_a_trajectory_that_cannot_be_read_is_left_out_of_history(library: Library) -> None:
    import sqlite3

    saved(library, *(recorded(f"t{number}", *ROUTINE) for number in range(3)))
    (database,) = library.path.glob("*.db")
    with sqlite3.connect(database) as other:
        other.execute("UPDATE revisions SET body = 'damaged' WHERE trajectory = 't1'")
    assert size(Foreseen(library.path)) == 2
