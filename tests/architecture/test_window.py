"""What holds for every room of the window, whoever built it."""

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QT = re.compile(r"^\s*(?:from|import)\s+(PySide6|shiboken6)\b", re.M)

QtWidgets = pytest.importorskip("PySide6.QtWidgets", reason="the window is an extra: pip install .[window]")

Composed = (QtWidgets.QAbstractSpinBox, QtWidgets.QComboBox)
"""Widgets whose parts Qt makes, and which speak for them."""


def _rooms() -> dict[str, tuple[str, str]]:
    from ui.qt.window import RAIL

    return {name: tuple(where.split(":")) for name, (_, _, where) in RAIL.items()}


@pytest.fixture(scope="module")
def application():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QT_QPA_PLATFORM", "offscreen")
        made = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["workbench"])
        yield made


@pytest.fixture
def core(application, tmp_path, monkeypatch):
    from ui.qt.core import Core
    from ui.qt.theme.dressing import Dress

    monkeypatch.setenv("WORKBENCH_MODELS", str(tmp_path / "models"))
    made = Core(Dress(application, "light"), tmp_path / "library")
    yield made
    made.close()
    application.processEvents()


def test_only_the_window_imports_qt(sources):
    found = [each.path for each in sources if not each.path.startswith("ui/qt/") and QT.search(each.text)]
    assert found == []


@pytest.mark.parametrize("name", _rooms())
def test_every_widget_that_takes_the_focus_says_its_name(name, core, application):
    module, kind = _rooms()[name]
    room = getattr(import_module(module), kind)(core)
    room.show()
    room.entered()
    core.tasks.with_library(lambda library: library.path).result()
    application.processEvents()
    nameless = [_told(widget) for widget in room.findChildren(QtWidgets.QWidget) if _is_nameless(widget)]
    room.left()
    room.hide()
    room.deleteLater()
    application.processEvents()
    assert nameless == [], "\n".join(nameless)


def _is_nameless(widget) -> bool:
    from PySide6.QtCore import Qt

    internal = widget.objectName().startswith("qt_") or _belongs_to(widget, Composed)
    takes_none = widget.focusPolicy() == Qt.FocusPolicy.NoFocus
    if takes_none or isinstance(widget, QtWidgets.QLabel) or internal or widget.accessibleName() or _buddied(widget):
        return False
    text = getattr(widget, "text", None)
    editable = isinstance(widget, QtWidgets.QLineEdit)
    return editable or not (callable(text) and text())


def _belongs_to(widget, kinds) -> bool:
    """Whether it is a part that Qt makes of one of these."""
    above = widget.parent()
    while above is not None:
        if isinstance(above, kinds):
            return True
        above = above.parent()
    return False


def _buddied(widget) -> bool:
    """Whether a label's mnemonic leads to it, which then is its name."""
    return any(label.buddy() is widget and label.text() for label in widget.window().findChildren(QtWidgets.QLabel))


def _told(widget) -> str:
    chain, each = [], widget
    while each is not None:
        chain.append(f"{type(each).__name__}({each.objectName()})")
        each = each.parent()
    return " < ".join(chain[:4])
