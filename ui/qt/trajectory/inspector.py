"""What is known of the current step, page by page; only the page in front is kept up to date."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QTabWidget

from ui.qt.core import Core
from ui.qt.trajectory.details import DetailsPage
from ui.qt.trajectory.edited import Edited
from ui.qt.trajectory.events_page import EventsPage
from ui.qt.trajectory.pages import ElementPage, HistoryPage, WitnessesPage
from workbench.trajectory import Step

_SETTLE_MS = 40
"""Stepping with a key held down is faster than anybody reads."""


class Inspector(QTabWidget):
    """Details, element, witnesses, raw events and history. `worded` is that of `DetailsPage`."""

    worded = Signal(str, str, str)

    def __init__(self, core: Core, edited: Edited) -> None:
        super().__init__()
        self._edited = edited
        self._step: Step | None = None
        self.details = DetailsPage()
        self.element = ElementPage()
        self.witnesses = WitnessesPage(core)
        self.events = EventsPage(core)
        self.history = HistoryPage(core.dress)
        self.setAccessibleName("Inspector")
        self.setDocumentMode(True)
        self.setUsesScrollButtons(True)
        self.tabBar().setDrawBase(False)
        self.tabBar().setAccessibleName("Pages of the inspector")
        self.tabBar().setStyleSheet("QTabBar::tab { padding: 7px 5px; }")
        for page, title in (
            (self.details, "Details"),
            (self.element, "Element"),
            (self.witnesses, "Witnesses"),
            (self.events, "Events"),
            (self.history, "History"),
        ):
            self.addTab(page, title)
        self._settled = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settled.timeout.connect(self._bring_up)
        self.details.worded.connect(self.worded)
        self.currentChanged.connect(lambda _index: self._bring_up())
        edited.history_changed.connect(self._show_history)

    def show_step(self, step: Step | None) -> None:
        """Show another step, once nobody steps on at once; what was written about the one before is said now."""
        if step != self._step:
            self.details.commit()
        self._step = step
        self._settled.start()

    def _bring_up(self) -> None:
        page = self.currentWidget()
        if page is self.details:
            self.details.show_step(self._step)
        elif page is self.element:
            self.element.show_step(self._step)
        elif page is self.witnesses:
            self.witnesses.show_step(self._step)
        elif page is self.events and self._edited.trajectory is not None:
            self.events.show_step(self._edited.trajectory.id, self._step)

    def _show_history(self) -> None:
        trajectory = self._edited.trajectory
        self.history.lines.show_lines(self._edited.history, trajectory.revision if trajectory else 0)
