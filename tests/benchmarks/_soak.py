"""The whole window while runs of a model go on in it for a long time: every step is told by a real child process."""

import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
from _tally import Tally, taken
from PySide6.QtCore import QEvent, QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from agents.planning.recovery import Limits
from agents.runtime.models.registry import Entry, Registry
from agents.session.messages import AgentOrder, Minds
from ui.qt.core import Core
from ui.qt.log import LogDialog
from ui.qt.theme.dressing import Dress
from ui.qt.window import MainWindow
from workbench import events
from workbench.geometry import Point
from workbench.library.store import Library

APPS = Path(__file__).resolve().parents[1] / "apps"
FRAMES = 80
LOOK_EVERY_MS = 5
LOG = logging.getLogger("ui.soak")


class Soak:
    """A window with its log open; `session` lets one run go from its brief to its end."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        self.application, self.told = application, 0
        self._models = folder / "models"
        self._frames = _frames(folder / "library")
        self.core = Core(Dress(application, "light"), folder / "library")
        self.window = MainWindow(self.core, QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat))
        self.window.resize(1240, 800)
        self.window.show()
        self.room = self.window.go("run")
        self.log = LogDialog(self.window._log, self.window)
        self.log.show()
        self.room.helm.heard.connect(self._heard)
        self.room.helm.changed.connect(self._answer)

    def session(self, steps: int) -> None:
        """One run of so many steps, every question answered, then back to the brief."""
        minds = Minds(str(self._models), "planned")
        order = AgentOrder(
            f"run{self.told}",
            f"Pay {steps} invoices",
            None,
            "",
            minds,
            limits=Limits(steps=steps),
            exemplar_ids=self._frames,
        )
        self.room._begin(order)
        self.until(lambda: not self.room.helm.running)
        self.until(lambda: not self.core.tasks._running)
        assert self.room.stage.steps.rowCount() == steps, "every step was shown"
        self.room.stage.left.emit()

    def tally(self) -> Tally:
        """What the process holds now, with nothing on its way any more."""
        tasks = self.core.tasks
        self.until(lambda: not tasks._running and not any(each.is_alive() for each in tasks._asides))
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return taken(self.told, [self.application, self.core])

    def until(self, done) -> None:
        """Let the window work until then, in a loop like the program's own: it deletes what is to be deleted."""
        loop, look = QEventLoop(), QTimer(interval=LOOK_EVERY_MS)
        look.timeout.connect(lambda: loop.quit() if done() else None)
        look.start()
        loop.exec()

    def close(self) -> None:
        """End it all."""
        self.log.close()
        self.window.close()
        self.room.bar.hide()
        self.core.close()

    def _heard(self, event: events.Event) -> None:
        if isinstance(event, events.StepEnded):
            self.told += 1
            LOG.info("step %d ended", event.index)

    def _answer(self) -> None:
        helm = self.room.helm
        if helm.waiting is not None:
            call = helm.approve if helm.waiting.kind == "decision" else lambda: helm.answer("42")
            self.core.tasks.back(call)


@contextmanager
def soaking(application: QApplication, folder: Path) -> Iterator[Soak]:
    """A window whose models run in `tests/apps/told_run.py`, with settings and models of its own."""
    Registry(folder / "models").add(Entry("planned", kind="server", url="http://127.0.0.1:1/v1", roles=("planner",)))
    surroundings = {
        "PYTHONPATH": str(APPS),
        "WORKBENCH_MODELS": str(folder / "models"),
        "XDG_CONFIG_HOME": str(folder / "settings"),
    }
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, surroundings))
        stack.enter_context(patch("ui.qt.run.helm.MODULE", "told_run"))
        soak = Soak(application, folder)
        stack.callback(soak.close)
        yield soak


def _frames(folder: Path) -> tuple[str, ...]:
    with Library.open(folder) as library:
        return tuple(library.frames.put(_picture(number), origin=Point(0, 0)) for number in range(FRAMES))


def _picture(number: int) -> np.ndarray:
    pixels = np.full((800, 1280, 4), 235, np.uint8)
    pixels[200:230, 100 : 190 + 9 * number] = (90, 120, 30 + number, 255)
    pixels[300:700:26, 60 : 500 + 7 * number] = 30
    return pixels
