import pytest

pytest.importorskip("PySide6.QtCore", reason="the window is an extra: pip install .[window]")

from PySide6.QtCore import Qt

from ui.qt.parts.key_names import MODIFIERS, key_name
from workbench.desktop.x11 import keysyms


def test_every_key_that_has_a_name_has_one_that_a_keyboard_of_x11_knows():
    named = {key: key_name(key) for key in Qt.Key if key not in MODIFIERS and key_name(key)}
    assert len(named) > 150
    assert {key: name for key, name in named.items() if not keysyms.named(name)} == {}


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Qt.Key.Key_A, "a"),
        (Qt.Key.Key_Plus, "plus"),
        (Qt.Key.Key_Odiaeresis, "odiaeresis"),
        (Qt.Key.Key_Backtab, "Tab"),
        (Qt.Key.Key_Enter, "KP_Enter"),
        (Qt.Key.Key_F12, "F12"),
        (Qt.Key.Key_CapsLock, ""),
    ],
)
def test_keys_are_called_as_on_x11(key, name):
    assert key_name(key) == name
