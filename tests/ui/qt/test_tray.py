"""The tray's menu and its calls."""

import pytest
from PySide6.QtWidgets import QMainWindow, QSystemTrayIcon

from ui.qt.tray import Tray


@pytest.fixture
def window(shown):
    return shown(QMainWindow(), 300, 200)


@pytest.fixture
def tray(core, window):
    return Tray(core, window, window.show)


def test_the_menu_shows_and_hides_the_window(tray, window):
    tray.show_or_hide.trigger()
    assert not window.isVisible()
    tray.show_or_hide.trigger()
    assert window.isVisible()


def test_a_recording_from_the_tray_brings_the_hidden_window_back(tray, window, core):
    wanted = []
    core.record_wanted.connect(lambda: wanted.append(1))
    window.hide()
    tray.record.trigger()
    assert (wanted, window.isVisible()) == ([1], True)


def test_what_runs_is_named_and_can_be_stopped_only_then(tray, core):
    stopped = []
    core.stop_wanted.connect(lambda: stopped.append(1))
    assert not tray.stop.isEnabled()
    core.begins("recording", "a recording")
    assert "a recording" in tray.tip
    tray.stop.trigger()
    core.ends("recording")
    assert (stopped, tray.stop.isEnabled(), tray.tip) == ([1], False, "GUI agent workbench")


def test_a_click_on_the_call_leads_to_the_room_that_waits(tray, window, core):
    rooms = []
    core.room_wanted.connect(rooms.append)
    window.hide()
    core.need("Step 3 of a run waits for approval", "run")
    tray._icon.messageClicked.emit()
    assert (rooms, window.isVisible()) == (["run"], True)


@pytest.mark.parametrize(("looking", "calls"), [(True, []), (False, ["Step 3 waits for approval"])])
def test_a_person_is_called_only_while_looking_elsewhere(looking, calls, tray, core, window, monkeypatch):
    shown = []
    monkeypatch.setattr("ui.qt.tray.QApplication.activeWindow", lambda: window if looking else None)
    monkeypatch.setattr(QSystemTrayIcon, "isVisible", lambda _icon: True)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, _title, text, *_rest: shown.append(text))
    core.person_needed.emit("Step 3 waits for approval")
    assert shown == calls
