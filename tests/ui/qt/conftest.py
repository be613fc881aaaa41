"""The window's widgets without a screen. What needs a real one starts its own: see tests/shows."""

import os
import threading
import time
from collections.abc import Callable

import pytest

QtCore = pytest.importorskip("PySide6.QtCore", reason="the window is an extra: pip install .[window]")
QtWidgets = pytest.importorskip("PySide6.QtWidgets", reason="the window is an extra: pip install .[window]")


@pytest.fixture(scope="session")
def application():
    """The one application that a process may have, drawn into memory."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    made = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["workbench"])
    made.setQuitOnLastWindowClosed(False)
    return made


@pytest.fixture
def until(application) -> Callable[..., None]:
    """Let the window work until a condition holds; fails where it does not within `within_s`."""

    def wait(condition: Callable[[], object], within_s: float = 20.0) -> None:
        end = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < end, "what was waited for did not come"
            application.processEvents()
            time.sleep(0.005)
        application.processEvents()

    return wait


@pytest.fixture
def core(application, tmp_path):
    """A core on a library of the test's own."""
    from ui.qt.core import Core
    from ui.qt.theme.dressing import Dress

    made = Core(Dress(application, "light"), tmp_path / "library")
    yield made
    made.close()
    application.processEvents()


@pytest.fixture
def settled(core, until) -> Callable[[], None]:
    """Lets the window work until nothing goes on in the background and all that came of it has been heard.

    Work counts as done a moment before what came of it is heard, and that may begin more. So each thread is asked for
    one thing more, whose end is heard last, until nothing else was begun meanwhile.
    """

    def wait() -> None:
        others = True
        while others:
            until(lambda: not core.tasks._running)
            counted, heard, both = [], [], threading.Barrier(2)
            counting = core.tasks.busy.connect(counted.append)
            core.tasks.with_library(lambda _library: None, heard.append)
            core.tasks.in_order(lambda: None, heard.append)
            for _ in range(2):
                core.tasks.soon(both.wait, heard.append)
            until(lambda heard=heard: len(heard) == 4)
            core.tasks.busy.disconnect(counting)
            others = len(counted) > 8

    return wait


@pytest.fixture
def shown(application):
    """Show a widget and take it away at the end."""
    made = []

    def show(widget, width: int = 1000, height: int = 700):
        widget.resize(width, height)
        widget.show()
        application.processEvents()
        made.append(widget)
        return widget

    yield show
    for widget in made:
        widget.hide()
        widget.deleteLater()
    # outside of a running event loop nothing else deletes them, and every living widget slows each later test
    application.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete.value)
    application.processEvents()
