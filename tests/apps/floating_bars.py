"""Opens floating bars one after the other, changes their size while they appear, and says where each ended up.

Each line of the output is JSON: where it was put, where Qt believes it is, where the display says it is.
"""

import json
import sys
import time

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton
from Xlib import display

from ui.qt.parts.floating import Floating
from ui.qt.parts.unseen import keep_unseen

BARS = 8
AT_REST_MS, AGAIN_MS, PATIENCE_S = 300, 50, 5.0
"""A window manager that is kept waiting may put a bar where it belongs later than others do."""

WIDER_MS = (0, 15, 40, 90)


class Bar(Floating):
    """Grows by a button at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self.widen()

    def widen(self) -> None:
        self._row.addWidget(QPushButton("wider"))
        self.adjustSize()


def opened(number: int) -> Bar:
    bar = Bar()
    keep_unseen(bar)
    bar.put(QPoint(200 + 10 * number, 100 + number))
    bar.show()
    for after_ms in WIDER_MS:
        QTimer.singleShot(after_ms, bar, bar.widen)
    return bar


def main() -> None:
    application = QApplication(sys.argv)
    connection = display.Display()
    root = connection.screen().root

    def look(number: int, bar: Bar, until_s: float) -> None:
        window = connection.create_resource_object("window", int(bar.winId()))
        shown = root.translate_coords(window, 0, 0)
        believed = bar.mapToGlobal(QPoint(0, 0))
        places = [[200 + 10 * number, 100 + number], [believed.x(), believed.y()], [shown.x, shown.y]]
        if places != places[:1] * 3 and time.monotonic() < until_s:
            QTimer.singleShot(AGAIN_MS, bar, lambda: look(number, bar, until_s))
            return
        sys.stdout.write(json.dumps(places) + "\n")
        bar.close()
        begin(number + 1)

    def begin(number: int) -> None:
        if number == BARS:
            application.quit()
            return
        bar = opened(number)
        QTimer.singleShot(AT_REST_MS, bar, lambda: look(number, bar, time.monotonic() + PATIENCE_S))

    begin(0)
    application.exec()
    connection.close()


if __name__ == "__main__":
    main()
