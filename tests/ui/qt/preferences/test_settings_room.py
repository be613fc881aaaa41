"""The room of settings: made from the table, kept at once, wrong values told where they are."""

import threading

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest

from ui.qt.preferences.editors import EDITORS
from ui.qt.preferences.keys import hotkey_of
from ui.qt.preferences.room import SettingsRoom
from workbench import settings
from workbench.settings import TABLE, shown

OTHER = {
    "choice": lambda setting: next(each for each in setting.choices if each != setting.default),
    "number": lambda setting: f"{(setting.limits[0] + setting.limits[1]) / 4:g}",
    "automatic": lambda _: "256",
    "hotkey": lambda _: "ctrl+shift+F9",
    "size": lambda _: "800x600",
    "folder": lambda _: "/tmp/elsewhere",
    "address": lambda _: "https://hub.example",
    "list": lambda _: "KeePassXC, Signal",
    "rules": lambda _: "ask ask block",
}


@pytest.fixture
def room(core, shown_room):
    return shown_room(core)


@pytest.fixture
def shown_room(shown, until):
    def make(core) -> SettingsRoom:
        made = shown(SettingsRoom(core))
        made.entered()
        until(lambda: made.settings.lines)
        return made

    return make


def _line(room, key: str):
    return room.settings.lines[key]


def test_every_setting_of_the_window_has_a_line_with_its_help(room):
    assert set(room.settings.lines) == {each.key for each in TABLE if each.face != "terminal"}
    assert all(room.settings.lines[each.key].help.text() == each.help for each in TABLE)


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.key)
def test_an_editor_shows_any_value_and_says_the_same_text_back(setting, application):
    text = OTHER[setting.kind](setting)
    value = settings.parse(setting.key, text)
    editor = EDITORS[setting.kind](setting)
    said = []
    editor.edited.connect(said.append)
    editor.show_value(value)
    assert said == []
    editor.show_value(setting.default)
    _edit(editor, text)
    assert said
    assert settings.parse(setting.key, said[-1]) == value


def _edit(editor, text: str) -> None:  # noqa: C901 - one case per kind of editor
    """Do with the widgets what a person would."""
    match editor.setting.kind:
        case "choice":
            editor.box.setCurrentText(text)
            editor.box.activated.emit(0)
        case "number":
            editor.box.setValue(float(text))
        case "automatic":
            editor.auto.click()
            editor.box.setValue(int(text))
        case "hotkey":
            QTest.keyClick(
                editor.field, Qt.Key.Key_F9, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            )
        case "size" | "address":
            editor.field.setText(text)
            QTest.keyClick(editor.field, Qt.Key.Key_Return)
        case "folder":
            editor.path.field.setText(text)
            QTest.keyClick(editor.path.field, Qt.Key.Key_Return)
        case "list":
            for name in text.split(", "):
                editor.add.click()
                editor.names.item(editor.names.count() - 1).setText(name)
        case "rules":
            for box, rule in zip(editor.boxes, text.split(), strict=True):
                box.setCurrentText(rule)
            editor.boxes[2].activated.emit(0)


def test_what_is_edited_is_kept_at_once_marked_and_reset(room, core, until):
    line, told = _line(room, "replay.timeout_s"), []
    core.settings_changed.connect(told.append)
    assert line.reset.isHidden()
    line.editor.box.setValue(42)
    assert not line.reset.isHidden()
    until(lambda: told)
    assert settings.load().replay.timeout_s == 42
    assert core.settings.replay.timeout_s == 42
    assert told == ["replay.timeout_s"]
    QTest.mouseClick(line.reset, Qt.MouseButton.LeftButton)
    until(lambda: len(told) == 2)
    assert settings.load().replay.timeout_s == 20
    assert line.reset.isHidden()
    assert line.editor.box.value() == 20


def test_two_hotkeys_that_would_be_the_same_are_refused_beside_the_second_and_not_kept(room, core, until):
    line = _line(room, "record.stop_hotkey")
    line.editor.field.setFocus()
    QTest.keyClick(
        line.editor.field, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    assert "record.pause_hotkey" in line.wrong.text()
    assert not line.wrong.isHidden()
    assert core.notices.shown == []
    assert settings.load().record.stop_hotkey == "ctrl+alt+s"
    QTest.keyClick(
        line.editor.field, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    assert line.wrong.isHidden()
    until(lambda: settings.load().record.stop_hotkey == "ctrl+alt+x")


def test_a_hotkey_that_another_line_gave_up_can_be_taken_at_once(room, until):
    _line(room, "record.pause_hotkey").keep("ctrl+alt+q")
    _line(room, "record.stop_hotkey").keep("ctrl+alt+p")
    until(lambda: settings.load().record.stop_hotkey == "ctrl+alt+p")
    assert settings.load().record.pause_hotkey == "ctrl+alt+q"


def test_what_cannot_be_stored_goes_back_to_what_holds_and_says_why_beside_it(room, core, until):
    line, told = _line(room, "replay.timeout_s"), []
    core.settings_changed.connect(told.append)
    settings.path().parent.mkdir(parents=True, exist_ok=True)
    settings.path().write_text("[replay\n")
    line.editor.box.setValue(42)
    until(lambda: not line.wrong.isHidden())
    assert "mend the line" in line.wrong.text()
    assert line.editor.box.value() == 20
    assert line.reset.isHidden()
    assert (told, core.notices.shown) == ([], [])


def test_no_settings_are_read_or_written_by_the_thread_that_paints(core, until, shown_room, monkeypatch):
    here, there = threading.get_ident(), []
    for name in ("load", "store"):
        real = getattr(settings, name)

        def spied(*given, real=real):
            there.append(threading.get_ident())
            return real(*given)

        monkeypatch.setattr(settings, name, spied)
    room = shown_room(core)
    _line(room, "window.theme").keep("dark")
    until(lambda: core.settings.window.theme == "dark")
    room.entered()
    until(lambda: not core.tasks._running)
    assert there
    assert here not in there


def test_an_address_without_tls_is_refused_beside_it(room):
    line = _line(room, "model.hub")
    line.editor.field.setText("http://models.example")
    QTest.keyClick(line.editor.field, Qt.Key.Key_Return)
    assert "https://" in line.wrong.text()
    assert settings.load().model.hub == "https://huggingface.co"


@pytest.mark.parametrize(
    ("key", "held", "text"),
    [
        (Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier, "ctrl+s"),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.AltModifier, "alt+Escape"),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.MetaModifier, "super+Prior"),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier, "ctrl+space"),
        (Qt.Key.Key_Control, Qt.KeyboardModifier.NoModifier, "ctrl+"),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, None),
        (Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier, None),
        (Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, None),
    ],
)
def test_a_pressed_hotkey_is_written_as_settings_write_it(key, held, text):
    found = hotkey_of(QKeyEvent(QEvent.Type.KeyPress, key, held))
    assert found == text
    if text and not text.endswith("+"):
        assert shown(settings.parse("record.stop_hotkey", text)) == text


def test_searching_leaves_only_the_settings_with_the_words(room):
    QTest.keyClicks(room.settings.search, "hotkey emergency")
    visible = [key for key, line in room.settings.lines.items() if line.isVisible()]
    assert visible == ["replay.emergency_hotkey"]
    room.settings.search.setText("no such words")
    assert room.settings.nothing.isVisible()
    room.settings.search.clear()
    assert all(not line.isHidden() for line in room.settings.lines.values())


def test_a_section_is_brought_to_the_top_by_keyboard_alone(room, until):
    room.pages.setFocus()
    for _ in range(4):
        QTest.keyClick(room.pages, Qt.Key.Key_Down)
    until(lambda: room.settings.area.verticalScrollBar().value() > 0)
    assert room.pages.currentItem().text() == "Approval"


def test_colours_changed_in_the_menu_show_here_too(room, core, until):
    core.change("window.theme", "dark")
    until(lambda: _line(room, "window.theme").editor.box.currentText() == "dark")


def test_the_library_is_counted_measured_and_found_whole(room, core, until):
    core.tasks.with_library(lambda library: library.new_id()).result()
    room.open("storage")
    until(lambda: room.storage.count.text() == "0" and "B" in room.storage.room.text())
    QTest.mouseClick(room.storage.verify, Qt.MouseButton.LeftButton)
    assert not room.storage.verify.isEnabled()
    until(lambda: room.storage.outcome.text() == "Everything is there and whole.")
    assert room.storage.verify.isEnabled()


def test_the_files_of_the_library_are_measured_once_however_often_that_is_asked(room, core, until, monkeypatch):
    from ui.qt.preferences import storage_page

    held, walks = threading.Event(), []
    real = storage_page._size_bytes

    def measure(folder):
        held.wait(20)
        walks.append(1)
        return real(folder)

    monkeypatch.setattr(storage_page, "_size_bytes", measure)
    core.tasks.with_library(lambda library: library.new_id()).result()
    room.open("storage")
    room.entered()
    room.storage.refresh()
    held.set()
    until(lambda: "B" in room.storage.room.text())
    assert walks == [1]
    room.storage.refresh()
    until(lambda: walks == [1, 1])
