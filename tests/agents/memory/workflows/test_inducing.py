"""Routines become workflows: what differs is a variable named after its field, what is private is no part of any."""

from msgspec.structs import replace

from agents.memory.workflows.drafts import draft_of
from agents.memory.workflows.inducing import induced
from agents.memory.workflows.values import values_of
from workbench.actions import Click, Note, Scroll, TypeText, Wait


def test_what_differs_becomes_a_variable_named_after_its_field_and_what_does_not_stays(adding):
    (found,) = induced([adding("a", "Bob", "Bonn"), adding("b", "Eve Berg", "Bonn"), adding("c", "Cem", "Bonn")])
    draft = draft_of(found)
    assert [one.name for one in draft.variables] == ["full_name"]
    assert draft.variables[0].description == "what is typed into “Full name”"
    assert [step.words for step in draft.steps] == [
        'click button "New"',
        'type "{{full_name}}" into field "Full name"',
        'type "Bonn" into field "City"',
        "press ctrl+s",
    ]
    assert found.words == "add customer {{full_name}} from Bonn"
    assert draft.title == "Add customer … from Bonn"
    assert (found.kind, found.app, found.status) == ("workflow", "shop", "proposed")
    assert {(span.trajectory, span.first, span.last) for span in found.sources} == {
        ("a", 1, 4),
        ("b", 1, 4),
        ("c", 1, 4),
    }


def test_remarks_looking_around_and_waiting_are_no_part_of_a_routine(adding, step_of):
    noisy = adding("b", "Eve", "Rome")
    extra = [step_of(Note("now")), step_of(Scroll(dy=3), "list", "All"), step_of(Wait(1.0))]
    steps = [noisy.steps[0], *extra, *noisy.steps[1:]]
    (found,) = induced([adding("a", "Bob", "Bonn"), replace(noisy, steps=tuple(steps))])
    assert sorted((span.trajectory, span.first, span.last) for span in found.sources) == [("a", 1, 4), ("b", 1, 7)]
    assert len(draft_of(found).steps) == 4


def test_what_was_done_alike_in_everything_is_one_piece_of_evidence(adding):
    assert induced([adding("a", "Bob", "Bonn"), adding("b", "Bob", "Bonn")]) == ()
    assert len(induced([adding("a", "Bob", "Bonn"), adding("b", "Bob", "Bonn"), adding("c", "Eve", "Bonn")])) == 1


def test_no_routine_leads_over_what_privacy_left_out_or_a_place_without_a_name(recording, step_of):
    masked = replace(step_of(Click(), "push button", "Log in"), masked="work was left out before this step")
    nameless = step_of(Click(), "panel", "")
    for gap in (masked, nameless):
        parts = ("One", gap, "Two")
        assert induced([recording("a", "x", *parts), recording("b", "y", *parts)]) == ()


def test_what_was_typed_into_a_password_field_in_plain_words_is_part_of_no_routine(recording, step_of):
    typed = step_of(TypeText("hunter2"), "password text", "Password")
    hidden = replace(typed, target=replace(typed.target, element=replace(typed.target.element, password=True)))
    parts = ("Open", hidden, "Log in", "Close")
    (found,) = induced([recording("a", "log in", *parts), recording("b", "log me in", *parts)])
    assert [step.words for step in draft_of(found).steps] == ['click button "Log in"', 'click button "Close"']


def test_a_secret_is_typed_by_its_name_and_is_no_variable(recording, step_of):
    secret = step_of(TypeText(secret="bank"), "password text", "Password")
    parts = (secret, "Log in")
    (found,) = induced([recording("a", "log in", *parts), recording("b", "log me in", *parts)])
    assert draft_of(found).variables == ()
    assert draft_of(found).steps[0].words == 'type the secret "bank" into password field "Password"'


def test_the_row_that_is_chosen_is_a_variable_too(recording, step_of):
    def opening(identifier, name):
        return recording(identifier, f"open {name}", step_of(Click(count=2), "list item", name), "Read")

    (found,) = induced([opening("a", "Letters"), opening("b", "Bills")])
    draft = draft_of(found)
    assert [one.name for one in draft.variables] == ["item"]
    assert draft.steps[0].words == 'double-click item "{{item}}"'
    assert found.words == "open {{item}}"


def test_a_value_that_is_typed_in_two_places_is_one_variable(recording):
    def twice(identifier, name):
        return recording(identifier, f"call it {name}", ("Name", name), ("Name again", name), "OK")

    (found,) = induced([twice("a", "x"), twice("b", "y")])
    assert [one.name for one in draft_of(found).variables] == ["name"]
    assert [step.text for step in draft_of(found).steps] == ["{{name}}", "{{name}}", ""]


def test_only_the_part_of_a_value_that_a_task_names_is_the_variable(recording):
    def saving(identifier, name):
        return recording(identifier, f"save it as {name}", ("Name", f"/data/{name}.csv\n"), "OK")

    (found,) = induced([saving("a", "may"), saving("b", "june")])
    assert draft_of(found).steps[0].text == "/data/{{name}}.csv\n"
    assert found.words == "save it as {{name}}"


def test_a_routine_whose_values_no_task_names_is_told_by_its_steps_and_what_it_needs(recording):
    parts = [("New", ("Name", name), "OK") for name in ("x", "y")]
    (found,) = induced([recording("a", "", *parts[0]), recording("b", "", *parts[1])])
    assert draft_of(found).patterns == ()
    assert found.words == 'Click button "New" … click button "OK" (with {{name}})'


def test_people_s_recordings_are_better_sources_than_runs(adding):
    (found,) = induced([replace(adding("a", "Bob", "Bonn"), source="agent"), adding("b", "Eve", "Rome")])
    assert [span.trajectory for span in found.sources] == ["b", "a"]


def test_only_what_belongs_to_an_application_is_found_where_it_is_named(adding):
    done = [adding("a", "Bob", "Bonn"), adding("b", "Eve", "Rome")]
    assert induced(done, app="writer") == ()
    assert len(induced(done, app="Shop")) == 1


def test_a_step_without_a_value_each_time_has_no_variable():
    assert values_of([[], []], ["a", "b"]).variables == ()
