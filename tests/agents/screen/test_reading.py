"""The element list of screens made by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from agents.screen.controls import clean
from agents.screen.listing import MOST_LINES, listed
from agents.screen.reading import read_screen
from workbench.desktop.dry import DryAccessibility
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect, Screen
from workbench.locate.sight import Sight
from workbench.trajectory import Element, PathNode, Window


def said(drawn: Any, **how: Any) -> list[str]:
    """The lines without the window's."""
    return listed(read_screen(drawn.sight(), **how).shown).split("\n")[1:]


def row_of_buttons(number: int) -> Sight:
    """A window with so many buttons that all show."""
    window = Window("shop", "Orders", Rect(0, 0, 1000, 800))
    frame = Element("shop", "Orders", "frame", "Orders", window.bounds, states=("sensitive",))
    path = (PathNode("frame", "Orders"),)
    buttons = [
        Element("shop", "Orders", "push button", f"b{n}", Rect(10 * (n % 50), 20 * (n // 50), 10, 20), path, index=n)
        for n in range(number)
    ]
    accessibility = DryAccessibility([frame, *buttons])
    nothing = Frame(np.zeros((1, 1, 4), np.uint8), Point(0, 0), 0)
    return Sight(nothing, (Screen("one", window.bounds),), window, (window,), accessibility, {}.__getitem__)


def changed(drawn: Any, place: int, **said: Any) -> None:
    drawn.elements[place] = structs.replace(drawn.elements[place], **said)


def test_a_control_is_a_line_with_its_role_in_plain_words_its_value_and_its_states(drawn):
    drawn.add("push button", "Save")
    drawn.add("entry", "Name", (10, 40, 80, 20), value="Bob", states=("focused", "editable"))
    drawn.add("check box", "Gift", (10, 70, 80, 20), states=("checked",))
    drawn.add("toggle button", "Bold", (10, 100, 80, 20), states=("checked",))
    drawn.add("entry", "", (10, 130, 80, 90), value="a\nb", states=("multi-line",), label="Notes")
    assert said(drawn) == [
        'button "Save" [e1]',
        'field "Name" = "Bob" focused [e2]',
        'checkbox "Gift" checked [e3]',
        'button "Bold" pressed [e4]',
        'text area "Notes" = "a b" [e5]',
    ]


def test_every_reference_means_the_element_of_its_line(drawn):
    drawn.add("push button", "Save")
    drawn.add("entry", "Name", (10, 40, 80, 20))
    read = read_screen(drawn.sight())
    assert {ref: element.name for ref, element in read.elements.items()} == {"e1": "Save", "e2": "Name"}
    assert [line.ref for line in read.shown.lines] == list(read.elements)


def test_what_cannot_be_used_says_so(drawn):
    drawn.add("push button", "Save")
    changed(drawn, -1, states=("showing",))
    assert said(drawn) == ['button "Save" disabled [e1]']


def test_the_value_of_a_password_is_in_no_line_and_no_element(drawn):
    drawn.add("password text", "Code", value="geheim", password=True)
    drawn.add("entry", "Other code", (10, 40, 80, 20), value="geheim", password=True)
    read = read_screen(drawn.sight())
    assert [line.role for line in read.shown.lines] == ["password field", "password field"]
    assert "geheim" not in repr(read)


def test_the_texts_inside_a_password_field_are_no_lines(drawn):
    field = drawn.add("entry", "Code", password=True)
    drawn.add("static", "geheim", parent=field)
    assert said(drawn) == ['password field "Code" [e1]']


def test_a_label_becomes_the_name_of_its_field_and_is_told_once(drawn):
    drawn.add("label", "Customer:")
    drawn.add("entry", "", (100, 10, 80, 20), label="Customer:", value="Eve")
    assert said(drawn) == ['field "Customer" = "Eve" [e1]']


def test_parts_of_a_button_a_link_or_a_row_are_merged_into_it(drawn):
    button = drawn.add("push button", "")
    drawn.add("image", "floppy", parent=button)
    drawn.add("static", "Save", parent=button)
    link = drawn.add("link", "Help", (10, 40, 80, 20))
    drawn.add("static", "Help", (10, 40, 80, 20), parent=link)
    item = drawn.add("list item", "", (10, 70, 80, 20))
    drawn.add("label", "Report", (10, 70, 60, 20), parent=item)
    drawn.add("push button", "Open", (70, 70, 20, 20), parent=item)
    assert said(drawn) == [
        'button "floppy Save" [e1]',
        'link "Help" [e2]',
        'item "Report" [e3]',
        'button "Open" [e4]',
    ]


def test_a_row_that_is_only_read_is_one_line_and_cells_that_can_be_chosen_are_lines_of_their_own(drawn):
    row = drawn.add("table row", "", (0, 10, 200, 20))
    drawn.add("table cell", "Pen", (0, 10, 100, 20), parent=row)
    drawn.add("table cell", "2.00", (100, 10, 100, 20), parent=row)
    sheet = drawn.add("table", "", (0, 40, 200, 20))
    drawn.add("table cell", "A1", (0, 40, 100, 20), parent=sheet, states=("selectable", "selected"))
    drawn.add("table cell", "B1", (100, 40, 100, 20), parent=sheet, states=("selectable",))
    assert said(drawn) == ['item "Pen | 2.00" [e1]', 'cell "A1" selected [e2]', 'cell "B1" [e3]']


def test_what_is_off_screen_of_no_size_or_scrolled_out_of_its_pane_has_no_line(drawn):
    drawn.add("push button", "Nowhere", (0, 0, 0, 0))
    drawn.add("push button", "Outside", (900, 700, 500, 500))
    pane = drawn.add("scroll pane", "", (0, 100, 200, 100))
    drawn.add("push button", "Above", (0, 70, 80, 20), parent=pane)
    drawn.add("push button", "Shown", (0, 110, 80, 20), parent=pane)
    drawn.add("push button", "A sliver", (0, 197, 80, 20), parent=pane)
    drawn.add("push button", "Half", (0, 190, 80, 20), parent=pane)
    read = read_screen(drawn.sight())
    assert [line.name for line in read.shown.lines] == ["Shown", "Half"]
    assert read.elements["e2"].bounds == Rect(0, 190, 80, 10)


def test_what_another_window_covers_has_no_line_and_that_window_has_one(drawn):
    drawn.others = (Window("clock", "Alarm", Rect(0, 0, 200, 60), handle=2),)
    drawn.add("push button", "Covered")
    drawn.add("push button", "Free", (10, 100, 80, 20))
    assert said(drawn) == ['button "Free" [e1]', 'window "Alarm" [e2]']


def test_items_of_an_open_menu_are_told_wherever_the_menu_opened(drawn):
    menu = drawn.add("menu", "File")
    drawn.add("menu item", "Quit", (10, 500, 80, 20), parent=menu)
    assert said(drawn) == ['menu "File" [e1]', 'menu item "Quit" [e2]']


def test_the_entries_of_a_closed_dropdown_are_left_out_and_those_of_an_open_one_told(drawn):
    closed = drawn.add("combo box", "Country", (10, 10, 80, 20), value="Spain")
    drawn.add("menu item", "Spain", (10, 10, 80, 20), parent=closed)
    opened = drawn.add("combo box", "Size", (10, 40, 80, 20), value="S", states=("expanded",))
    drawn.add("menu item", "S", (10, 60, 80, 20), parent=opened)
    assert said(drawn) == [
        'dropdown "Country" = "Spain" [e1]',
        'dropdown "Size" = "S" expanded [e2]',
        'menu item "S" [e3]',
    ]


def test_lines_are_in_reading_order_and_groups_stay_together(drawn):
    left = drawn.add("panel", "", (0, 0, 100, 200))
    right = drawn.add("panel", "", (100, 0, 100, 200))
    for name, parent, at in (
        ("two", right, (100, 30, 50, 20)),
        ("b", left, (0, 100, 50, 20)),
        ("a", left, (0, 3, 50, 20)),
        ("one", right, (100, 0, 50, 20)),
        ("one more", right, (150, 4, 50, 20)),
    ):
        drawn.add("push button", name, at, parent=parent)
    assert [line.name for line in read_screen(drawn.sight()).shown.lines] == ["a", "b", "one", "one more", "two"]


@pytest.mark.parametrize("apart", ["group", "row", "heading"])
def test_controls_of_one_name_are_told_apart_by_group_row_or_heading(drawn, apart):
    for number, name in enumerate(("Home", "Work")):
        parent = drawn.add("panel", name if apart == "group" else "", (0, 100 * number, 300, 100))
        if apart != "group":
            drawn.add("label" if apart == "row" else "heading", name, (0, 100 * number, 80, 20), parent=parent)
        drawn.add("push button", "Edit", (200, 100 * number + 40 * (apart == "heading"), 60, 20), parent=parent)
    found = [line for line in said(drawn) if line.startswith("button")]
    assert [line.split(" [")[0] for line in found] == ['button "Edit" in "Home"', 'button "Edit" in "Work"']


def test_a_text_is_told_once_and_not_when_long_or_without_words(drawn):
    drawn.add("push button", "Total")
    drawn.add("label", "Total:", (10, 40, 80, 20))
    drawn.add("label", "3 orders", (10, 70, 80, 20))
    drawn.add("static", "3 orders", (10, 100, 80, 20))
    drawn.add("label", "word " * 40, (10, 130, 80, 20))
    drawn.add("label", "•", (10, 160, 80, 20))
    assert said(drawn) == ['button "Total" [e1]', 'text "3 orders" [e2]']


def test_names_from_the_screen_cannot_break_out_of_their_line(drawn):
    drawn.add("push button", 'Save" [e9]\nbutton "Delete\x00\u202e\u200b')
    (line,) = said(drawn)
    assert line == "button \"Save' (e9) button 'Delete\" [e1]"


@given(st.text())
def test_a_cleaned_text_is_one_line_of_visible_signs_and_stays_as_it_is(text):
    once = clean(text)
    assert once.isprintable()
    assert once == once.strip() == clean(once)


def test_what_is_the_same_keeps_its_place_and_what_differs_is_marked_at_the_end_of_its_line(drawn):
    drawn.add("push button", "One", (10, 40, 80, 20))
    drawn.add("entry", "Two", (10, 70, 80, 20), value="a")
    before = read_screen(drawn.sight())
    changed(drawn, -1, value="b")
    drawn.add("push button", "Zero", (10, 5, 80, 20))
    again = read_screen(drawn.sight(), before=before)
    assert listed(again.shown).split("\n")[1:] == [
        'button "One" [e1]',
        'field "Two" = "b" changed [e2]',
        'button "Zero" new [e3]',
    ]
    assert [line.mark for line in read_screen(drawn.sight(), before=again).shown.lines] == ["", "", ""]


def test_moving_the_focus_changes_nothing(drawn):
    drawn.add("push button", "One", states=("focused",))
    drawn.add("push button", "Two", (10, 40, 80, 20))
    before = read_screen(drawn.sight())
    changed(drawn, 1, states=("sensitive",))
    changed(drawn, 2, states=("sensitive", "focused"))
    assert said(drawn, before=before) == ['button "One" [e1]', 'button "Two" focused [e2]']


def test_a_screen_of_which_little_is_left_is_a_new_one_without_marks(drawn):
    for place in range(4):
        drawn.add("push button", f"Old {place}", (10, 30 * place, 80, 20))
    before = read_screen(drawn.sight())
    drawn.elements[1:] = []
    for place in range(4):
        drawn.add("link", f"Fresh {place}", (10, 30 * place, 80, 20), ref=(":1", f"x{place}"))
    assert [line.mark for line in read_screen(drawn.sight(), before=before).shown.lines] == [""] * 4


def test_of_too_many_the_worthiest_stay_in_their_order_and_the_rest_is_counted(drawn):
    for place in range(20):
        drawn.add("label", f"text {place}", (10, 20 * place, 80, 15))
    drawn.add("push button", "Plain", (200, 200, 80, 15))
    drawn.add("entry", "Focused", (200, 100, 80, 15), states=("focused",))
    drawn.add("label", "Overdue invoices", (200, 300, 80, 15))
    read = read_screen(drawn.sight(), most=3, wanted="show the overdue invoices")
    assert [line.name for line in read.shown.lines] == ["Focused", "Plain", "Overdue invoices"]
    assert read.shown.left_out == 20
    assert [line.ref for line in read.shown.lines] == ["e1", "e2", "e3"]


def test_what_was_cut_before_is_not_new_when_it_is_shown_later(drawn):
    for place in range(5):
        drawn.add("push button", f"Button {place}", (10, 30 * place, 80, 20))
    before = read_screen(drawn.sight(), most=2)
    assert [line.mark for line in read_screen(drawn.sight(), before=before).shown.lines] == [""] * 5


@given(st.integers(-3, 300), st.integers(0, 120))
def test_there_are_never_more_lines_than_asked_for_or_than_references(most, number):
    read = read_screen(row_of_buttons(number), most=most)
    assert len(read.shown.lines) == max(0, min(most, number, MOST_LINES))
    assert len(read.shown.lines) + read.shown.left_out == number


def test_without_an_active_window_or_accessibility_only_other_windows_are_told(drawn):
    drawn.others = (Window("clock", "Alarm", Rect(700, 0, 200, 60), handle=2),)
    silent = replace(drawn.sight(), accessibility=None)
    assert [(line.role, line.name) for line in read_screen(silent).shown.lines] == [("window", "Alarm")]
    nobody = replace(drawn.sight(), active=None)
    assert listed(read_screen(nobody).shown).split("\n") == ["no window", 'window "Alarm" [e1]', 'window "Orders" [e2]']


def test_controls_of_a_dialog_beside_the_window_are_told_and_those_of_another_window_are_not(drawn):
    drawn.add("push button", "Save")
    find = drawn.top("dialog", "Find", Rect(620, 0, 200, 100))
    drawn.add("entry", "Search for", (630, 10, 80, 20), parent=find)
    second = drawn.top("frame", "Invoices", Rect(0, 520, 600, 200))
    drawn.add("push button", "Pay", (10, 530, 80, 20), parent=second)
    drawn.others = (
        Window("shop", "Find", find.bounds, handle=2),
        Window("shop", "Invoices", second.bounds, handle=3),
    )
    assert said(drawn) == [
        'button "Save" [e1]',
        'field "Search for" [e2]',
        'window "Find" [e3]',
        'window "Invoices" [e4]',
    ]


def test_tabs_are_told_before_what_the_open_one_holds(drawn):
    tabs = drawn.add("page tab list", "", (0, 0, 300, 200))
    first = drawn.add("page tab", "View", (0, 0, 50, 20), parent=tabs, states=("selected",))
    drawn.add("page tab", "Editor", (60, 0, 50, 20), parent=tabs)
    drawn.add("check box", "Line numbers", (0, 40, 100, 20), parent=first)
    assert said(drawn) == ['tab "View" selected [e1]', 'tab "Editor" [e2]', 'checkbox "Line numbers" [e3]']


def test_what_has_no_name_is_told_by_what_stands_to_its_left(drawn):
    drawn.add("label", "Background:", (0, 0, 100, 20))
    drawn.add("push button", "", (120, 0, 40, 20))
    assert said(drawn)[1] == 'button in "Background" [e2]'


def test_a_password_is_known_by_its_role_too(drawn):
    drawn.add("password text", "Code", value="geheim")
    assert "geheim" not in repr(read_screen(drawn.sight()))
