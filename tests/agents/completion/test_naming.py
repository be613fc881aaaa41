"""Titles and tasks from what was done."""

from agents.completion.naming import chapter_words, offered, proposal
from workbench.actions import Click, TypeText
from workbench.editing import with_variable
from workbench.geometry import Point, Rect
from workbench.library.records import RecordingOpening
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, Window

PLACE = Rect(0, 0, 80, 20)


def on(role: str, name: str, action, app: str = "galculator", title: str = "galculator") -> Step:
    window = Window(app, title, PLACE)
    return Step(
        name or "s",
        action,
        Observation(window=window),
        Target(Point(3, 3), window, Element(app, title, role, name, PLACE)),
    )


def test_keys_of_a_keypad_are_one_clause():
    keys = tuple(on("push button", name, Click()) for name in ("7", "×", "6", "="))
    found = proposal(Trajectory("t", "", keys))
    assert (found.title, found.task) == ("Press 7 × 6 = in Galculator", "Press 7 × 6 = in Galculator.")


def test_what_was_typed_and_the_name_it_was_saved_under_are_the_task(letter):
    found = proposal(letter)
    assert found.task.startswith("Fill in “Body” with “Dear Ada”, then save as “letter.txt”, then")
    assert found.title == "Save as “letter.txt” in Mousepad"


def test_a_form_is_told_by_its_fields():
    steps = (
        on("text", "Name", TypeText("Ada")),
        on("text", "City", TypeText("Oslo")),
        on("push button", "OK", Click()),
    )
    assert proposal(Trajectory("t", "", steps)).task == (
        "Fill in “Name” with “Ada” and “City” with “Oslo”, then click “OK” in Galculator."
    )


def test_a_variable_is_told_by_the_value_that_was_recorded():
    whole = with_variable(Trajectory("t", "x", (on("text", "Name", TypeText("Ada")),)), 1, "who")
    assert "“Ada”" in proposal(whole).task


def test_nothing_that_was_done_has_no_name():
    assert not proposal(Trajectory("t", "x"))
    assert chapter_words([Step("s", Click())]) == ""


def test_a_title_is_offered_only_where_nobody_gave_one(library):
    steps = (on("text", "Name", TypeText("Ada")),)

    def recorded(**given) -> Trajectory:
        writer = library.begin_recording(RecordingOpening(title=given.get("title", ""), task=given.get("task", "")))
        writer.close()
        name = next(iter(library.unfinished()))
        return library.complete_recording(
            Trajectory(name, given.get("title") or "Type “Ada”", steps, given.get("task", ""))
        )

    assert offered(library, recorded()).title
    assert not offered(library, recorded(title="Mine")).title
    assert not offered(library, recorded(task="Mine")).title
    assert not offered(library, recorded(task="Mine")).task
