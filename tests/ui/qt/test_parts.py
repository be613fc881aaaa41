"""What rooms are made of, as a person sees it."""

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QSpinBox

from ui.qt.about import AboutDialog
from ui.qt.parts.numbers import inset
from ui.qt.parts.picture_view import Mark, PictureView
from ui.qt.parts.pictures import Picture
from ui.qt.theme.dressing import Dress
from ui.qt.window import MainWindow
from workbench.geometry import Point

PINK = QColor("#ff00ff")


def colours_of(widget):
    """All colours that it is painted with."""
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def first_ink_px(widget, colour):
    """How far from the left the first pixel of that colour is, in the middle third."""
    image = widget.grab().toImage()
    third = image.height() // 3
    rows = range(third, 2 * third)
    return next(x for x in range(image.width()) if any(image.pixelColor(x, y).name() == colour for y in rows))


@pytest.fixture
def window(core, shown, tmp_path):
    return shown(MainWindow(core, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))


def test_a_view_without_a_picture_says_why_until_there_is_one(core, shown):
    view = shown(PictureView("Today"), 300, 200)
    view.nothing = ""
    silent = colours_of(view.viewport())
    view.nothing = "Today's screen is shown here once the replay has begun."
    assert len(colours_of(view.viewport())) > len(silent) == 1
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(PINK)
    view.show_picture(Picture(image, Point(0, 0)))
    assert core.dress.colours.faint not in colours_of(view.viewport())


def test_the_words_of_a_point_stand_beside_it_and_not_on_it(core, shown):
    view = shown(PictureView("Today"), 300, 200)
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(PINK)
    view.show_picture(Picture(image, Point(0, 0)), [Mark("#00aa00", point=Point(100, 100), words="7 and more")])
    below = view.grab().toImage().pixelColor(103, 103)
    assert below == PINK


def test_a_number_does_not_touch_the_edge_of_its_field(core, shown):
    box = shown(QSpinBox(value=1), 120, 30)
    text = core.dress.colours.text
    flush = first_ink_px(box, text)
    inset(box)
    assert first_ink_px(box, text) == flush + 8


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_field_says_its_hint_in_the_colour_of_faint_texts(application, core, shown, tmp_path, theme):
    dress = Dress(application, theme)
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window = shown(MainWindow(core, state))
    field = window.go("library").shelf.field
    field.clearFocus()
    assert field.palette().placeholderText().color().name() == dress.colours.faint


def test_the_window_says_what_goes_on_and_takes_no_room_for_it_otherwise(window, core):
    assert not window.statusBar().isVisible()
    core.begins("run", "a run of a model")
    assert window.statusBar().isVisible()
    assert [each.text() for each in window.statusBar().findChildren(QLabel)] == ["In progress: a run of a model"]
    core.ends("run")
    assert not window.statusBar().isVisible()


def test_work_is_spoken_of_only_while_it_lasts(window, core, until):
    said = next(each for each in window.findChildren(QLabel) if each.text() == "working …")
    until(lambda: not said.isVisible())
    core.tasks.busy.emit(1)
    assert not said.isVisible()
    until(said.isVisible)
    core.tasks.busy.emit(0)
    assert not said.isVisible()


def test_keys_are_listed_under_the_room_that_they_work_in(window, core, shown):
    window.go("library")
    dialog = shown(AboutDialog(core, window, "shortcuts"))
    said = [each.text() for each in dialog.findChildren(QLabel)]
    whole, library, everywhere = map(
        said.index, ("In the whole window", "In Library", "Whichever program has the keyboard")
    )
    assert whole < said.index("Ctrl+Q") < library < said.index("Rename") < everywhere
    assert dialog.height() <= 700
