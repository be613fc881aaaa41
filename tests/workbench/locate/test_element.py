"""The element witness and what it takes for the same element."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.geometry import Point, Rect
from workbench.locate.element import map_point
from workbench.locate.identity import called, operable, path_likeness, same_identity
from workbench.locate.locator import Options, locate
from workbench.locate.witness import build_target
from workbench.trajectory import Element, PathNode, Target

BLIND = Options(read_text=False)
SIDES = st.integers(1, 500)


def field(name="", label="", value="", **more) -> Element:
    return Element("form", "Form", "text", name, Rect(120, 100, 200, 30), label=label, value=value, **more)


@given(SIDES, SIDES, SIDES, SIDES, st.data())
def test_a_mapped_point_stays_inside(width, height, new_width, new_height, data):
    old, new = Rect(7, 9, width, height), Rect(300, 40, new_width, new_height)
    point = Point(7 + data.draw(st.integers(0, width - 1)), 9 + data.draw(st.integers(0, height - 1)))
    assert new.contains(map_point(point, old, new))


@given(SIDES, SIDES, st.data())
def test_a_moved_element_keeps_the_point_exactly(width, height, data):
    old = Rect(7, 9, width, height)
    point = Point(7 + data.draw(st.integers(0, width - 1)), 9 + data.draw(st.integers(0, height - 1)))
    assert map_point(point, old, old.offset(50, -3)) == point.offset(50, -3)


def test_small_elements_map_in_proportion_and_large_ones_from_the_nearer_edge():
    assert map_point(Point(10, 5), Rect(0, 0, 40, 20), Rect(0, 0, 80, 40)) == Point(20, 10)
    assert map_point(Point(390, 10), Rect(0, 0, 400, 300), Rect(0, 0, 600, 500)) == Point(590, 10)


def test_what_a_field_contains_is_not_its_name():
    assert called(field(name="Rome", value="Rome", label="City")) == "City"
    assert same_identity(field(label="City", value="Rome"), field(label="City", value="Oslo"))
    assert not same_identity(field(label="City"), field(label="Country"))


def test_a_combo_box_is_not_called_by_its_choice():
    red = Element("form", "Form", "combo box", "Red", Rect(0, 0, 80, 30))
    assert same_identity(red, replace(red, name="Blue"))


def test_the_text_in_a_button_is_the_button():
    path = (PathNode("frame", "Form"), PathNode("push button", "Edit", 3))
    text = Element("form", "Form", "static", "Edit", Rect(10, 10, 20, 10), path=path)
    assert (operable(text).role, operable(text).index, len(operable(text).path)) == ("push button", 3, 1)


def test_the_text_in_a_nameless_row_is_itself():
    path = (PathNode("frame", "Form"), PathNode("list item", ""))
    text = Element("form", "Form", "label", "Apples", Rect(10, 10, 20, 10), path=path)
    assert operable(text) == text


@pytest.mark.parametrize(
    ("roles", "likeness"),
    [(("panel", "filler"), 1.0), (("panel",), 0.75), (("panel", "filler", "box"), 0.8), (("viewport", "grid"), 0.25)],
)
def test_likeness_of_paths_counts_what_is_still_there(roles, likeness):
    def with_path(middle):
        return field(path=(PathNode("frame"), *(PathNode(role) for role in middle), PathNode("row")))

    measured = path_likeness(with_path(("panel", "filler")), with_path(roles))
    assert measured == pytest.approx(likeness, abs=0.26)


def entries(scene, *fields):
    desk = scene().window()
    for index, (label, value) in enumerate(fields):
        box = Rect(200, 80 + index * 50, 200, 30)
        desk.pixels[box.y : box.bottom, box.x : box.right, :3] = 255
        made = field(label=label, value=value, index=index, path=(PathNode("frame", "Form"),), states=("enabled",))
        desk.elements.append(replace(made, bounds=box))
    return desk


def test_a_field_is_found_by_its_label_whatever_it_contains(scene):
    then = entries(scene, ("Name", ""), ("City", ""))
    target = Target(Point(210, 140), then.windows[0], then.elements[1])
    now = entries(scene, ("Title", ""), ("Name", "Bob"), ("City", "Rome"))
    assert locate(target, now.sight(), options=BLIND).point == Point(210, 190)


def test_an_only_field_without_name_or_label_is_found(scene):
    then, now = entries(scene, ("", "")), entries(scene, ("", "other words"))
    target = Target(Point(210, 90), then.windows[0], then.elements[0])
    assert locate(target, now.sight(), options=BLIND).point == Point(210, 90)


def test_of_several_fields_without_name_or_label_none_is_taken(scene):
    then, now = entries(scene, ("", ""), ("", "")), entries(scene, ("", ""), ("", ""))
    target = Target(Point(210, 140), then.windows[0], then.elements[1])
    assert locate(target, now.sight(), options=BLIND).point is None


def test_a_field_with_another_label_is_vetoed(scene):
    then, now = entries(scene, ("City", "")), entries(scene, ("Country", ""))
    verdict = locate(Target(Point(210, 90), then.windows[0], then.elements[0]), now.sight(), options=BLIND)
    assert verdict.cause == "renamed"
    assert "'City' is now called 'Country'" in verdict.reason


def test_an_only_nameless_icon_is_not_enough(form):
    then = form(names=("",))
    target = Target(then.elements[0].bounds.centre, then.windows[0], then.elements[0])
    assert locate(target, form(names=("",)).sight(), options=BLIND).cause == "weak"


def test_a_surrounding_panel_says_nothing_of_the_place_inside_it(scene):
    desk = scene().window()
    panel = Element("form", "Form", "drawing area", "", desk.windows[0].bounds, path=(PathNode("frame", "Form"),))
    desk.elements.append(panel)
    verdict = locate(Target(Point(200, 200), desk.windows[0], panel), desk.sight(), options=BLIND)
    assert (verdict.point, verdict.cause) == (None, "no-witness")


def test_a_name_that_moved_to_another_group_is_not_enough(form):
    then, now = form(), form()
    frame = then.elements[0].path[0]
    then.elements[0] = replace(then.elements[0], path=(frame, PathNode("panel", "Billing")))
    now.elements[0] = replace(now.elements[0], path=(frame, PathNode("panel", "Shipping")))
    target = Target(then.elements[0].bounds.centre, then.windows[0], then.elements[0])
    assert locate(target, now.sight(), options=BLIND).point is None


def test_the_neighbour_that_moved_up_is_no_new_name(form):
    then, now = form(), form(names=("Delete", "Cancel", "Apply"))
    element = then.elements[0]
    target = build_target(
        point=element.bounds.centre, frame=then.frame(), frame_id="f", window=then.windows[0], element=element
    )
    verdict = locate(target, now.sight(then.frame()), options=BLIND)
    assert (verdict.cause, verdict.reason) == ("missing", "no push button 'Save' is in form now")


def test_a_modal_dialog_is_in_the_way_even_beside_the_target(form):
    then, now = form(), form()
    now.window(Rect(500, 400, 200, 100), title="Question")
    now.button("Yes", 10, 40, path=(PathNode("alert", "Question"),))
    top = Element("form", "Question", "alert", "Question", Rect(500, 400, 200, 100), states=("modal", "showing"))
    now.elements.append(top)
    target = Target(then.elements[0].bounds.centre, then.windows[0], then.elements[0])
    verdict = locate(target, now.sight(), options=BLIND)
    assert verdict.cause == "covered"
    assert "'Question'" in verdict.reason


def test_a_window_in_front_that_is_not_described_in_time_may_be_a_question(form, monkeypatch):
    then, now = form(), form()
    now.window(Rect(500, 400, 200, 100), title="Question")
    target = Target(then.elements[0].bounds.centre, then.windows[0], then.elements[0])
    sight = now.sight()
    assert locate(target, sight, options=BLIND).point == target.point
    told = sight.accessibility.element_at

    def silent_in_front(point, window):
        if window is None or window.title != "Question":
            return told(point, window)
        sight.accessibility.unanswered += 1
        return None

    monkeypatch.setattr(sight.accessibility, "element_at", silent_in_front)
    verdict = locate(target, sight, options=BLIND)
    assert (verdict.point, verdict.cause) == (None, "covered")
    assert "'Question' has to be answered first" in verdict.reason


def test_an_application_that_does_not_answer_is_waited_for_rather_than_clicked_by_its_pixels(form, monkeypatch):
    then = form()
    target = build_target(
        point=then.elements[0].bounds.centre,
        frame=then.frame(),
        frame_id="f",
        window=then.windows[0],
        element=then.elements[0],
    )
    sight = form().sight(then.frame())
    monkeypatch.setattr(sight.accessibility, "elements", [])
    monkeypatch.setattr(sight.accessibility, "speaks_for", lambda app: None)
    verdict = locate(target, sight, options=BLIND)
    assert (verdict.point, verdict.cause) == (None, "weak")
    assert "does not answer" in verdict.reason


@pytest.mark.parametrize("told", [0, 1])
def test_an_application_that_answers_in_part_is_waited_for_as_what_is_unsaid_may_be_the_target(form, monkeypatch, told):
    then = form()
    target = Target(then.elements[0].bounds.centre, then.windows[0], then.elements[0])
    now = form()
    moved = replace(now.elements[0], bounds=Rect(400, 300, 90, 32))
    now.elements[:] = [moved, replace(moved, bounds=Rect(400, 350, 90, 32)), *now.elements[1:]]
    sight = now.sight()
    find = sight.accessibility.find

    def cut(**asked):
        sight.accessibility.unanswered += 1
        return find(**asked)[:told]

    monkeypatch.setattr(sight.accessibility, "find", cut)
    verdict = locate(target, sight, options=BLIND)
    assert (verdict.point, verdict.cause) == (None, "weak")
    assert "does not answer" in verdict.reason
