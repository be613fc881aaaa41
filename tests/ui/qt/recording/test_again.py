"""Recording a part of a trajectory again: what is asked, what leads up to it, and what takes its place."""

from threading import Event

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from ui.orders.again import Again, order_before, planned
from ui.orders.replay import ReplayWish
from ui.qt.recording.again_page import AgainPage
from ui.qt.recording.lead_up import STOPPED, LeadUp
from ui.qt.recording.review import ReviewPage
from workbench import editing, settings
from workbench.actions import Click, Note, TypeText
from workbench.errors import BadInputError
from workbench.library.store import Library
from workbench.rerecording import Stretch
from workbench.trajectory import Step, Trajectory, Variable


def button(widget, words: str) -> QPushButton:
    return next(each for each in widget.findChildren(QPushButton) if each.text().replace("&", "") == words)


def press(widget, words: str) -> None:
    QTest.mouseClick(button(widget, words), Qt.MouseButton.LeftButton)


def texts(widget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


@pytest.fixture
def page(core, shown) -> AgainPage:
    made = shown(AgainPage(core))
    steps = tuple(Step(f"s{number}", Click()) for number in range(1, 6))
    made.show_trajectory(Trajectory("T", "Greeting", steps, commands=("mousepad",)), Stretch(4))
    return made


def test_the_page_says_what_is_done_and_what_is_replaced(page):
    assert "does steps 1 to 3" in texts(page)
    assert "takes the place of steps 4 to 5" in texts(page)
    page.first.setValue(1)
    assert "does step" not in texts(page)
    page.first.setValue(6)
    assert "comes behind the last step" in texts(page)
    assert not page.last.isEnabled()


def test_what_is_chosen_is_what_is_wanted_and_commands_start_only_if_a_person_says_so(page):
    wanted: list[tuple[Again, tuple[str, ...]]] = []
    page.wanted.connect(lambda again, commands: wanted.append((again, commands)))
    press(page, "Replay and record")
    page.first.setValue(2)
    page.last.setValue(3)
    press(page, "As recorded")
    press(page, "Replay and record")
    assert [(again.stretch, commands) for again, commands in wanted] == [
        (Stretch(4, 5), ()),
        (Stretch(2, 3), ("mousepad",)),
    ]


def test_a_variable_before_the_stretch_is_asked_for_where_it_has_no_value(page):
    wanted: list[Again] = []
    page.wanted.connect(lambda again, _: wanted.append(again))
    steps = (Step("s1", TypeText("{{who}}")), Step("s2", TypeText("{{later}}")), Step("s3", Click()))
    variables = (Variable("who"), Variable("later", "noon"))
    page.show_trajectory(Trajectory("T", "Greeting", steps, variables=variables), Stretch(2))
    (field,) = page.values.findChildren(QLineEdit)
    press(page, "Replay and record")
    assert wanted == []
    assert "“who”" in texts(page) or "'who'" in texts(page)
    field.setText("Ada")
    page.first.setValue(3)
    press(page, "Replay and record")
    assert [again.values for again in wanted] == [{"who": "Ada"}]
    page.first.setValue(1)
    assert not page.values.isVisibleTo(page)


def test_the_replay_that_leads_up_to_it_types_the_value_that_was_given(core, recorded):
    with Library.open(core.library_folder) as library:
        open_one = editing.with_variable(library.get(recorded), 2, "what")
        saved = library.revise(replace(open_one, variables=(Variable("what"),)), note="variable")
        order = order_before(Again(saved, Stretch(3), {"what": "hello"}), ReplayWish(), library)
        assert order is not None
        assert order.values == {"what": "hello"}
        with pytest.raises(BadInputError, match="leave out --var"):
            order_before(Again(saved, Stretch(1), {"what": "hello"}), ReplayWish(), library)


def test_the_last_step_never_comes_before_the_first(page):
    page.last.setValue(4)
    page.first.setValue(5)
    assert page.last.value() == 5


def test_an_older_revision_is_not_recorded_again(core, recorded):
    with Library.open(core.library_folder) as library:
        library.revise(replace(library.get(recorded), title="Newer"), note="title")
        with pytest.raises(BadInputError, match="without the revision"):
            planned(library, f"{recorded}@1", Stretch(1), lambda _: None)


def reviewed(room, core, recorded: str, stretch: Stretch, until) -> tuple[ReviewPage, str]:
    """The review of a second recording, of one note, that is to replace that stretch; its id."""
    with Library.open(core.library_folder) as library:
        again = Again(library.get(recorded), stretch)
        step = Step("s1", Note("anew"), description="Note: anew")
        one = library.save(Trajectory(library.new_id(), "Again", (step,))).id
    review = room.findChild(ReviewPage)
    room.open(one)
    room._reviewer.begin(one, again=again)
    until(lambda: review.step is not None and button(review, "Put in place").isEnabled())
    return review, one


def test_the_reviewed_steps_take_their_place_and_the_trajectory_is_shown_there(room, core, recorded, until):
    review, one = reviewed(room, core, recorded, Stretch(2, 2), until)
    assert "replaces step 2" in texts(review)
    assert not button(review, "Keep and open").isVisibleTo(review)
    opened: list[tuple[str, int]] = []
    core.trajectory_wanted.connect(lambda *where: opened.append(where))
    press(review, "Put in place")
    until(lambda: opened)
    assert opened == [(recorded, 2)]
    with Library.open(core.library_folder) as library:
        new = library.get(recorded)
        assert [type(step.action) for step in new.steps] == [Click, Note, Note]
        assert new.steps[1].recorded_in == one
        assert [step.action for step in library.undo(recorded).steps][1] == TypeText("the quick brown fox")


def test_a_trajectory_that_was_changed_meanwhile_stays_and_the_recording_can_be_kept(room, core, recorded, until):
    review, one = reviewed(room, core, recorded, Stretch(2), until)
    with Library.open(core.library_folder) as library:
        newest = library.revise(replace(library.get(recorded), title="Changed"), note="title")
    press(review, "Put in place")
    until(lambda: any("was changed while" in notice.text for notice in core.notices.shown))
    until(lambda: button(review, "Keep").isEnabled())
    press(review, "Keep")
    until(lambda: review.step is None)
    with Library.open(core.library_folder) as library:
        assert library.get(recorded) == newest
        assert one in library


def test_where_the_steps_before_do_not_fit_it_says_so_and_nothing_is_recorded(room, core, recorded, until, there):
    settings.store("replay.timeout_s", "1")
    settings.store("replay.approve", "auto")
    with Library.open(core.library_folder) as library:
        before = library.get(recorded)
    room.open(recorded, 3, 0)
    asks = room.findChild(AgainPage)
    until(lambda: asks.isVisibleTo(room))
    press(asks, "Replay and record")
    until(lambda: core.running)
    until(lambda: "nothing was recorded or changed" in texts(asks), 60)
    assert "at step 1" in texts(asks)
    assert core.running == ()
    assert not room.pill.isVisible()
    with Library.open(core.library_folder) as library:
        assert library.get(recorded) == before
        assert [each.id for each in library.summaries()] == [recorded]


def test_a_replay_that_was_stopped_before_it_came_up_says_nothing_of_the_one_begun_after_it(core, recorded, until):
    with Library.open(core.library_folder) as library:
        first, impossible = (Again(library.get(recorded), Stretch(number)) for number in (1, 99))
    lead_up, told = LeadUp(core), []
    lead_up.arrived.connect(lambda replayed: told.append(replayed))
    lead_up.failed.connect(lambda error: told.append(str(error)))
    hold = Event()
    core.tasks.with_library(lambda _: hold.wait(20))
    lead_up.begin(first, ())
    lead_up.stop()
    lead_up.begin(impossible, ())
    assert told == [STOPPED]
    hold.set()
    until(lambda: len(told) == 2)
    done = []
    core.tasks.with_library(lambda _: None, done.append)
    until(lambda: done)
    assert len(told) == 2
    assert "not from 99" in told[1]
    assert not lead_up.busy
