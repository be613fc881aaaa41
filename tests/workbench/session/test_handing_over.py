"""What changed while a person had the desktop, in words."""

from collections.abc import Callable

from workbench.geometry import Rect
from workbench.locate.sight import Sight
from workbench.session.handing_over import Moment, what_changed
from workbench.trajectory import Element, Window

BOX = Rect(0, 0, 50, 50)
NOTES = Window("mousepad", "notes", BOX, handle=1)
SAVE = Window("mousepad", "Save As", BOX, handle=2)
NAME = Element("mousepad", "Save As", "entry", "Name", BOX, value="secret words")

Look = Callable[..., Sight]


def moment(look: Look, *windows: Window, focused: Element | None = None, mark: Rect | None = None) -> Moment:
    return Moment(windows[0] if windows else None, windows, focused, look(None, mark=mark).frame)


def test_where_nothing_is_different_that_is_said(look: Look) -> None:
    assert what_changed(moment(look, NOTES), moment(look, NOTES)) == "nothing that can be seen has changed"


def test_windows_that_opened_closed_and_came_to_the_front_are_named(look: Look) -> None:
    words = what_changed(moment(look, NOTES), moment(look, SAVE, NOTES))
    assert words == "the window “Save As” opened; “Save As” is in front now"
    assert "the window “Save As” closed" in what_changed(moment(look, SAVE, NOTES), moment(look, NOTES))


def test_another_title_of_the_same_window_is_told_as_such(look: Look) -> None:
    renamed = Window("mousepad", "*notes", BOX, handle=1)
    assert what_changed(moment(look, NOTES), moment(look, renamed)) == "the window “notes” is called “*notes” now"


def test_the_field_with_the_focus_is_named_but_never_what_it_holds(look: Look) -> None:
    words = what_changed(moment(look, NOTES), moment(look, NOTES, focused=NAME))
    assert words == "the entry “Name” has the focus"


def test_how_much_of_the_picture_changed_is_told(look: Look) -> None:
    words = what_changed(moment(look, NOTES), moment(look, NOTES, mark=Rect(0, 0, 100, 50)))
    assert words == "25.0% of the picture changed"


def test_of_many_windows_only_the_number_is_told(look: Look) -> None:
    many = [Window("app", f"w{number}", BOX, handle=number) for number in range(10, 15)]
    assert what_changed(moment(look, NOTES), moment(look, NOTES, *many)) == "5 windows opened"
