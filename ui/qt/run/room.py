"""The room in which a model carries out tasks: the brief before, the stage while it runs and after."""

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout

from agents.session.messages import AgentOrder
from ui.orders.agent import Wish, applications_for, order_of, order_to_go_on
from ui.qt.core import Core
from ui.qt.parts.display import display_of_window
from ui.qt.parts.window_state import window_state
from ui.qt.rooms import Room
from ui.qt.run.bar import ApprovalBar
from ui.qt.run.brief import BriefPage
from ui.qt.run.everywhere import KeysEverywhere
from ui.qt.run.helm import Helm
from ui.qt.run.offers import offers_of
from ui.qt.run.stage import RunStage
from workbench.errors import WorkbenchError


class RunRoom(Room):
    """`open` with the words of a task begins a brief with them; nothing else is taken from a run that goes on."""

    name = "run"
    title = "Run"
    icon = "run"

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self.helm = Helm(core, self)
        self.brief = BriefPage()
        self.stage = RunStage(core, self.helm)
        self.bar = ApprovalBar(core, self.helm, window_state())
        self.keys = KeysEverywhere(core, self.helm, display_of_window())
        self._wish = Wish()
        self._said: list[str] = []
        self._ordering = False
        self._pages = QStackedWidget()
        self._pages.addWidget(self.brief)
        self._pages.addWidget(self.stage)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.brief.wanted.connect(self.begin)
        self.stage.left.connect(self._leave)
        self.stage.outcome.resumed.connect(self._resume)
        self.bar.wanted.connect(self._to_front)
        self.bar.modify_wanted.connect(self._modify)
        self.keys.changed.connect(self.bar.show_keys)
        self.helm.changed.connect(self._show_bar)
        core.library_changed.connect(lambda _what: self._offer())
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.aboutToQuit.connect(self.helm.stop)
            application.applicationStateChanged.connect(lambda _state: self._show_bar())
        self._offer()

    def entered(self) -> None:
        """Bring up to date what can be chosen."""
        self._offer()

    def open(self, *what: str | int) -> None:
        """Begin a brief with these words of a task, unless a run goes on."""
        task = str(what[0]) if what else ""
        if self.helm.running:
            return
        self._pages.setCurrentWidget(self.brief)
        if task:
            self.brief.set_task(task)

    def begin(self, wish: Wish) -> None:
        """Carry out what is wished."""
        self._order(wish, "")

    def changeEvent(self, event: QEvent) -> None:
        """Another window may have come to the front."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._show_bar()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window was minimised, or came back."""
        if event.type() == QEvent.Type.WindowStateChange:
            self._show_bar()
        return super().eventFilter(watched, event)

    def _order(self, wish: Wish, resumes: str) -> None:
        if self.helm.running or self._ordering:
            return
        self._wish, self._said, self._ordering = wish, [], True
        say = self._said.append
        self.brief.set_busy(busy=True)
        self.core.tasks.with_library(
            lambda library: order_to_go_on(resumes, wish, library, say) if resumes else order_of(wish, library, say),
            self._begin,
            self._refused,
        )

    def _begin(self, order: AgentOrder) -> None:
        self._ordering = False
        self.brief.set_busy(busy=False)
        applications = applications_for(order, self._wish)
        self.window().installEventFilter(self)
        self.helm.begin(replace(order, seen=True), size=self._wish.size, applications=applications)
        self.stage.begin()
        self._pages.setCurrentWidget(self.stage)
        for line in self._said:
            self.core.notices.info(line)

    def _refused(self, error: WorkbenchError) -> None:
        self._ordering = False
        self.brief.set_busy(busy=False)
        self.core.notices.error(error)

    def _resume(self, run: str) -> None:
        self._order(Wish(size=self._wish.size, applications=self._wish.applications), run)

    def _leave(self) -> None:
        if not self.helm.running:
            self._pages.setCurrentWidget(self.brief)
            self._offer()

    def _offer(self) -> None:
        self.core.tasks.with_library(offers_of, self.brief.offer)

    def _show_bar(self) -> None:
        """The bar stands above other programs while the run needs a person who does not look at the window."""
        window = self.window()
        looks = window.isActiveWindow() and not window.isMinimized() and self.isVisible()
        self.bar.set_wanted(wanted=self.helm.waiting is not None and not looks)

    def _modify(self) -> None:
        self._to_front()
        self.stage.question.begin_modifying()

    def _to_front(self) -> None:
        self.core.room_wanted.emit(self.name)
        window = self.window()
        window.showNormal() if window.isMinimized() else window.show()
        window.raise_()
        window.activateWindow()
