"""What is offered in the place of a proposed step."""

from hypothesis import given
from hypothesis import strategies as st

from ui.orders.modifying import names_of
from workbench.geometry import Rect
from workbench.trajectory import Element


def _button(left: int, top: int, *, name: str = "Save", window: str = "Notes") -> Element:
    return Element("notes", window, "push button", name, Rect(left, top, 40, 20))


def test_namesakes_are_told_apart_by_their_order_in_reading_and_their_place():
    corners = [_button(left, top) for top in (0, 500) for left in (800, 0)]
    middle = [_button(400, 250), _button(400, 250, name="Other")]
    assert names_of([*corners, *middle]) == (
        "button “Save”, 2nd of 5, top right",
        "button “Save”, 1st of 5, top left",
        "button “Save”, 5th of 5, bottom right",
        "button “Save”, 4th of 5, bottom left",
        "button “Save”, 3rd of 5, in the middle",
        "button “Other”",
    )


def test_namesakes_of_several_windows_are_told_apart_by_them():
    elements = [_button(0, 0), _button(0, 0, window="Mail"), _button(300, 0, window="Mail")]
    assert names_of(elements) == (
        "button “Save”, in “Notes”",
        "button “Save”, in “Mail”, 1st of 2, left",
        "button “Save”, in “Mail”, 2nd of 2, right",
    )


buttons = st.builds(
    _button,
    st.integers(-50, 2000),
    st.integers(-50, 2000),
    name=st.sampled_from(["Save", "Open", ""]),
    window=st.sampled_from(["Notes", "Mail", ""]),
)


@given(st.lists(buttons, max_size=40))
def test_no_two_elements_of_a_list_are_called_alike(elements):
    names = names_of(elements)
    assert len(set(names)) == len(elements) == len(names)
