"""The pill on a real screen, where a recording would see it."""

import os
import subprocess
import sys

from workbench.desktop.opening import open_desktop
from workbench.trajectory import Window

SHOW_PILL = """
import sys
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from ui.qt.core import Core
from ui.qt.parts.unseen import keep_unseen
from ui.qt.recording.pill import Pill
from ui.qt.theme.dressing import Dress

application = QApplication(["pill"])
pill = Pill(Core(Dress(application, "light")), QSettings(sys.argv[1], QSettings.Format.IniFormat))
keep_unseen(pill)
pill.appear()
while not pill.windowHandle().isExposed():
    application.processEvents()
print("shown", flush=True)
application.exec()
"""


def test_the_pill_is_painted_over_in_every_picture_although_people_see_it(there, root, tmp_path, until) -> None:
    environment = dict(os.environ) | {"QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(root)}
    words = [sys.executable, "-c", SHOW_PILL, str(tmp_path / "pill.ini")]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as shown:
        try:
            assert shown.stdout
            assert shown.stdout.readline() == "shown\n"
            desktop = open_desktop(None, with_accessibility=False)

            def windows() -> list[Window]:
                return [window for window in desktop.windows.all() if window.pid == shown.pid]

            seen: list[Window] = []

            def at_rest() -> bool:
                """Whether the window manager knows it and lets it stand where it is."""
                seen[:], before = windows(), list(seen)
                return bool(before) and before == seen

            until(at_rest)
            picture = desktop.screens.grab().crop(seen[0].bounds)[..., :3]
            desktop.close()
        finally:
            shown.kill()
    assert [window.title for window in seen] == ["Recording"]
    assert picture.min() == picture.max()
