"""The camera is opened without asking the system for libraries whose names are known."""

import ctypes.util
from contextlib import closing

import pytest

from workbench.desktop.x11 import camera


def test_a_library_that_has_another_name_here_is_looked_for_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(camera._NAMES, "c", "libnowhere.so.0")
    with camera._known_libraries():
        assert ctypes.util.find_library("c") == "libc.so.6"


def test_afterwards_libraries_are_looked_for_as_before(display: str) -> None:
    before = ctypes.util.find_library
    with closing(camera.open_camera(display)) as opened:
        assert opened.monitors
    assert ctypes.util.find_library is before
