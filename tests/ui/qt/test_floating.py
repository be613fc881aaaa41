"""Small windows above all others stay where they were put."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.qt.parts.floating import Floating
from workbench.desktop.private import PrivateDesktop

ROOT = Path(__file__).resolve().parents[3]
PLACE, CORNER = QPoint(120, 80), QPoint(0, 0)


def test_the_display_and_qt_agree_where_it_is_when_its_size_changes_while_it_appears() -> None:
    with PrivateDesktop.start((1280, 800)) as desktop:
        done = subprocess.run(
            [sys.executable, str(ROOT / "tests" / "apps" / "floating_bars.py")],
            env=desktop.environment() | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "xcb"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    places = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(places) > 1
    assert places == [[put] * 3 for put, _, _ in places]


def test_it_goes_back_to_its_place_until_somebody_insists(application: QApplication, until: Callable[..., Any]) -> None:
    bar = Floating()
    bar.put(PLACE)
    bar.show()
    for _ in range(3):
        bar.move(CORNER)
        until(lambda: bar.pos() == PLACE)
    bar.move(CORNER)
    application.processEvents()
    assert bar.pos() == CORNER
    bar.put(PLACE)
    assert bar.pos() == PLACE
    bar.close()


def test_it_stays_where_it_was_dragged_to(application: QApplication) -> None:
    bar = Floating()
    bar.resize(100, 40)
    bar.put(PLACE)
    bar.show()
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    QTest.mouseMove(bar, QPoint(60, 30))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    application.processEvents()
    assert bar.pos() == PLACE + QPoint(50, 20)
    bar.close()
