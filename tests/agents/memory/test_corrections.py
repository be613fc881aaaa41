"""What people corrected: kept, found again in similar situations, told in one line, deletable."""

import tempfile
import threading
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.memory.corrections import (
    LOWEST,
    MOST_TOLD,
    Correction,
    CorrectionShelf,
    Occasion,
    alikeness,
    correction_of,
    line_of,
    similar,
)
from workbench.actions import Click, TypeText
from workbench.approval import Decision
from workbench.errors import BadInputError, UnavailableError
from workbench.trajectory import Step

HERE = Occasion("send the report to Ada", "thunderbird", "window Write: report", "click the button “Send”")
TEXTS = st.text(max_size=40)
CORRECTIONS = st.builds(
    Correction,
    st.uuids().map(lambda one: one.hex[:12]),
    TEXTS,
    st.sampled_from(["thunderbird", "mousepad", ""]),
    TEXTS,
    TEXTS,
    st.sampled_from(["modify", "reject", "take-over"]),
    TEXTS,
    TEXTS,
    st.floats(0, 1e10),
)


def correction(
    name: str = "c1", *, occasion: Occasion = HERE, words: str = "ask Eve first", at_s: float = 1.0
) -> Correction:
    return Correction(name, occasion.task, occasion.app, occasion.state, occasion.proposed, "reject", words, at_s=at_s)


@settings(max_examples=30, deadline=None)
@given(st.lists(CORRECTIONS, max_size=6, unique_by=lambda one: one.id))
def test_what_was_kept_comes_back_in_order_and_can_be_deleted(corrections: list[Correction]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shelf = CorrectionShelf(Path(folder))
        for one in corrections:
            shelf.add(one)
        assert list(shelf.all()) == corrections
        gone = [one.id for one in corrections[::2]]
        assert shelf.delete(gone) == len(gone)
        assert list(shelf.all()) == corrections[1::2]


def test_a_shelf_keeps_lists_and_deletes(tmp_path: Path) -> None:
    shelf = CorrectionShelf(tmp_path)
    assert shelf.all() == ()
    first, second = correction("c1"), correction("c2", words="zwei\nZeilen \u2028 “so”")
    for one in (first, second):
        shelf.add(one)
    assert CorrectionShelf(tmp_path).all() == (first, second)
    assert shelf.delete(["c1", "c9"]) == 1
    assert shelf.all() == (second,)
    assert b"Eve" not in shelf.path.read_bytes()


def test_corrections_of_several_writers_are_all_kept(tmp_path: Path) -> None:
    def write(number: int) -> None:
        CorrectionShelf(tmp_path).add(correction(f"c{number}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.id for one in CorrectionShelf(tmp_path).all()} == {f"c{number}" for number in range(8)}


def test_a_line_that_is_no_correction_is_named_with_its_number(tmp_path: Path) -> None:
    shelf = CorrectionShelf(tmp_path)
    shelf.add(correction())
    shelf.path.write_bytes(shelf.path.read_bytes() + b"{\n")
    with pytest.raises(BadInputError, match="line 2, is no correction"):
        shelf.all()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    shelf = CorrectionShelf(tmp_path)
    shelf.path.mkdir()
    with pytest.raises(UnavailableError, match="corrections"):
        shelf.add(correction())


def test_the_same_situation_brings_the_correction_back(tmp_path: Path) -> None:
    assert similar([correction()], HERE) == (correction(),)


def test_a_similar_wording_is_recognised_and_another_task_is_not() -> None:
    close = Occasion("send the reports to Ada", "Thunderbird", "window Write: reports", "click the button “Send”")
    far = Occasion("paint a red circle", "thunderbird", "window Calendar", "click the link “Monday”")
    assert similar([correction()], close)
    assert similar([correction()], far) == ()


def test_another_application_has_nothing_to_say() -> None:
    assert alikeness(correction(), msgspec.structs.replace(HERE, app="mousepad")) == 0


def test_the_newest_of_equal_corrections_comes_first_and_doubles_are_told_once() -> None:
    old, new = correction("old", words="a", at_s=1), correction("new", words="b", at_s=2)
    again = correction("again", words="b", at_s=3)
    assert [one.id for one in similar([old, new, again], HERE)] == ["again", "old"]


@given(
    st.lists(CORRECTIONS, max_size=8), st.builds(Occasion, TEXTS, st.sampled_from(["thunderbird", ""]), TEXTS, TEXTS)
)
def test_only_corrections_of_this_application_that_are_alike_enough_are_told(
    corrections: list[Correction], occasion: Occasion
) -> None:
    told = similar(corrections, occasion)
    assert len(told) <= MOST_TOLD
    scores = [alikeness(one, occasion) for one in told]
    assert scores == sorted(scores, reverse=True)
    assert all(LOWEST <= score <= 1.0001 for score in scores)
    assert all(one.app == occasion.app for one in told)


@given(CORRECTIONS)
def test_a_correction_is_told_in_one_plain_line(one: Correction) -> None:
    line = line_of(one)
    assert line
    assert line.isprintable()


def test_a_correction_says_what_was_wanted_said_and_done_instead() -> None:
    one = correction_of(HERE, Decision("modify", "person", step=Step("s", TypeText("Dear Ada")), words="be polite"))
    assert one is not None
    assert line_of(one) == (
        "when asked to click the button “Send”, the person changed it, saying “be polite”; right was: type “Dear Ada”"
    )
    mine = correction_of(HERE, Decision("take-over", "person"), instead="the window “Print” opened")
    assert mine is not None
    assert line_of(mine).endswith("did it themself; right was: the window “Print” opened")


@pytest.mark.parametrize(
    "decision",
    [Decision("approve", "person"), Decision("stop", "person"), Decision("reject", "policy", "the policy blocks it")],
)
def test_approvals_stops_and_the_policy_s_refusals_are_no_corrections(decision: Decision) -> None:
    assert correction_of(HERE, decision) is None


def test_a_secret_is_remembered_by_its_name_only() -> None:
    one = correction_of(HERE, Decision("modify", "person", step=Step("s", TypeText(secret="mail password"))))
    assert one is not None
    assert "mail password" in one.instead


def test_a_click_that_replaces_a_step_is_told_in_words() -> None:
    one = correction_of(HERE, Decision("modify", "person", step=Step("s", Click(), description="click on Reply")))
    assert one is not None
    assert one.instead == "click on Reply"
