"""The room of experience: what past work lends to a model today."""

from PySide6.QtWidgets import QLabel, QTabWidget, QVBoxLayout

from ui.qt.core import Core
from ui.qt.experience.corrections_page import CorrectionsPage
from ui.qt.experience.exemplars_page import ExemplarsPage
from ui.qt.experience.hints_page import HintsPage
from ui.qt.experience.merits_page import MeritsPage
from ui.qt.experience.workflows_page import WorkflowsPage
from ui.qt.rooms import Room
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look

PAGES = ("corrections", "exemplars", "grounding", "hints", "workflows")


class ExperienceRoom(Room):
    """Corrections, exemplars, workflows, hints, how good ways of finding are; what is not wanted is forgotten here."""

    name, title, icon = "experience", "Experience", "note"

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self.corrections, self.exemplars, self.merits = CorrectionsPage(core), ExemplarsPage(core), MeritsPage(core)
        self.hints, self.workflows = HintsPage(core), WorkflowsPage(core)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.setAccessibleName("Kinds of experience")
        self.tabs.tabBar().setAccessibleName("Kinds of experience")
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.exemplars, "&Exemplars")
        self.tabs.addTab(self.corrections, "&Corrections")
        self.tabs.addTab(self.workflows, "&Workflows")
        self.tabs.addTab(self.hints, "&Hints")
        self.tabs.addTab(self.merits, "F&inding")
        title = QLabel("Experience")
        look(title, "title")
        about = QLabel("What past work lends to a model. It stays in your library, and you can take it back.")
        look(about, "faint")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 0)
        column.setSpacing(SPACE)
        for widget in (title, about):
            column.addWidget(widget)
        column.addWidget(self.tabs, 1)
        self.tabs.currentChanged.connect(lambda _page: self.refresh())
        core.library_changed.connect(lambda _one: self.refresh() if self.isVisible() else None)

    def entered(self) -> None:
        """Look at what there is now."""
        self.refresh()

    def open(self, *what: str | int) -> None:
        """Show the page of that name: corrections, exemplars, grounding, hints or workflows."""
        there = (self.corrections, self.exemplars, self.merits, self.hints, self.workflows)
        pages = dict(zip(PAGES, there, strict=True))
        if what and what[0] in pages:
            self.tabs.setCurrentWidget(pages[str(what[0])])

    def refresh(self) -> None:
        """Read anew what is in front."""
        page = self.tabs.currentWidget()
        if isinstance(page, CorrectionsPage | ExemplarsPage | HintsPage | MeritsPage | WorkflowsPage):
            page.refresh()
