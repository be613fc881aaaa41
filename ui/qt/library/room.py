"""The library's room: the list of trajectories, what a search finds in them, and what can be done with them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QListView, QStackedWidget, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.library import entries
from ui.qt.library.deeds import DeedBar, Deeds
from ui.qt.library.delegates import EntryDelegate, FoundDelegate
from ui.qt.library.doing import Doing
from ui.qt.library.entries import Found, Order
from ui.qt.library.models import ENTRY, EntriesModel, FoundModel
from ui.qt.library.searching import Search
from ui.qt.library.shelf import DROP, Shelf
from ui.qt.library.thumbnails import Thumbnails
from ui.qt.library.welcome import Welcome
from ui.qt.library.work import LibraryWork
from ui.qt.parts.empty import EmptyState
from ui.qt.parts.taking import dragged_files
from ui.qt.rooms import Room

if TYPE_CHECKING:
    from workbench.library.records import Summary


class LibraryRoom(Room):
    """`open("search")` leads to the search field, `open("import")` asks for files,
    `open("import-folder")` for a folder, `open(words)` searches for them.

    `listed` says that the list is what the library holds now, `searched` that the results fit the words.
    """

    listed = Signal()
    searched = Signal(str)

    name = "library"
    title = "Library"
    icon = "library"

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._all: list[Summary] | None = None
        self._words = ""
        self._work = LibraryWork(core, self)
        self._search = Search(core, self)
        self._thumbnails = Thumbnails(core.pictures, lambda: not self._search.asking, self)
        self._entries, self._found = EntriesModel(self), FoundModel(self)
        self.shelf = Shelf(core.dress)
        self.deeds = Deeds(core.dress, self)
        self._doing = Doing(core, self._work, self)
        self.deeds.wanted.connect(self._doing.do)
        self._bar = DeedBar(self.deeds, core.dress)
        self.trajectories = self._view("Trajectories", self._entries)
        self.trajectories.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.trajectories.setItemDelegate(EntryDelegate(core.dress, self._thumbnails, self.trajectories))
        self.results = self._view("Found", self._found)
        self._found_delegate = FoundDelegate(core.dress, self.results)
        self.results.setItemDelegate(self._found_delegate)
        self._pages = QStackedWidget()
        self._arrange()
        self._connect()
        self.setAcceptDrops(True)

    def entered(self) -> None:
        """List anew; the first time after mending what was cut short."""
        self._thumbnails.forget()
        if self._all is None:
            self._work.recover()
        else:
            self._work.refresh()
        self._front().setFocus()
        self._choose_one()

    def open(self, *what: str | int) -> None:
        """Lead to the search field, ask for files, or search for words."""
        match what:
            case ("import",):
                self._doing.ask_files()
            case ("import-folder",):
                self._doing.ask_folder()
            case ("search",):
                self._to_search()
            case (str(words),):
                self.shelf.field.setText(words)
                self._to_search()

    # --- files that are dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, and say so."""
        if dragged_files(event):
            event.acceptProposedAction()
            self.shelf.show_count(DROP)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Say again how many there are."""
        self._count()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import them."""
        event.acceptProposedAction()
        self._count()
        self._work.take_in(dragged_files(event))

    # --- putting it together

    def _view(self, name: str, model: QAbstractListModel) -> QListView:
        view = QListView()
        view.setAccessibleName(name)
        view.setModel(model)
        view.setMouseTracking(True)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setUniformItemSizes(model is self._entries)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.addActions(list(self.deeds.actions.values()))
        return view

    def _arrange(self) -> None:
        welcome = Welcome(self.core.dress, record=self.core.record_wanted.emit, take=self._work.take_in)
        nothing = EmptyState(
            self.core.dress,
            "search",
            "Nothing found",
            "All words must occur in one step or title; the last may be a beginning. Fewer words find more.",
        )
        for page in (self.trajectories, self.results, welcome, nothing, QWidget()):
            self._pages.addWidget(page)
        self._welcome, self._nothing = welcome, nothing
        self._pages.setCurrentIndex(self._pages.count() - 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.shelf)
        column.addWidget(self._pages, 1)
        column.addWidget(self._bar)
        self._bar.hide()
        self.shelf.show_list_tools(on=False)

    def _connect(self) -> None:
        self._work.listed.connect(self._listed)
        self._search.found.connect(self._show_found)
        self._thumbnails.arrived.connect(self.trajectories.viewport().update)
        self.shelf.sifted.connect(self._sift)
        self.shelf.import_wanted.connect(self._doing.ask_files)
        field = self.shelf.field
        field.textChanged.connect(self._search.ask)
        field.led_on.connect(self._lead_on)
        field.entered.connect(self._open_first)
        field.left.connect(self._leave_search)
        self._doing.open_wanted.connect(self._open_chosen)
        for view in (self.trajectories, self.results):
            view.activated.connect(self._activate)
            view.selectionModel().selectionChanged.connect(lambda _new, _old: self._choose())
            view.model().modelReset.connect(self._choose)
            view.customContextMenuRequested.connect(self._show_menu)
        QShortcut(QKeySequence("Esc"), self.results, self._leave_search, context=Qt.ShortcutContext.WidgetShortcut)
        for keys in (QKeySequence(QKeySequence.StandardKey.Find), QKeySequence("/")):
            QShortcut(keys, self, self._to_search, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.core.library_changed.connect(lambda _one: self._changed())
        self.core.running_changed.connect(self._changed)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._came_back)

    # --- the list

    def _changed(self) -> None:
        if self._all is not None:
            self._work.refresh()
            self._search.again()

    def _came_back(self, state: Qt.ApplicationState) -> None:
        """Somebody else, such as the command line, may have changed the library meanwhile."""
        if state == Qt.ApplicationState.ApplicationActive and self.isVisible():
            self._changed()

    def _listed(self, found: Sequence["Summary"]) -> None:
        self._all = list(found)
        self.shelf.show_tags(entries.tags_of(self._all))
        self.shelf.show_list_tools(on=bool(self._all))
        self._sift()
        self._choose_one()
        self.listed.emit()

    def _sift(self) -> None:
        """Show the list as the tag and the order want it, with what was chosen still chosen."""
        chosen = {index.data(ENTRY).id for index in self.trajectories.selectedIndexes()}
        current = self.trajectories.currentIndex().data(ENTRY)
        shown = entries.tagged(self._all or [], self.shelf.tag)
        self._entries.show(entries.ordered(shown, cast(Order, self.shelf.order)))
        selection = self.trajectories.selectionModel()
        again = QItemSelection()
        for row in (self._entries.row_of(one) for one in chosen):
            again.select(row, row)
        selection.select(again, selection.SelectionFlag.ClearAndSelect)
        if current is not None:
            selection.setCurrentIndex(self._entries.row_of(current.id), selection.SelectionFlag.NoUpdate)
        self._count()
        self._turn()
        self._choose()

    def _choose_one(self) -> None:
        """Choose the line that the keyboard stands on: a list with the focus and nothing chosen answers no key."""
        view = self.trajectories
        if view.hasFocus() and not view.selectionModel().hasSelection():
            current = view.currentIndex()
            view.setCurrentIndex(current if current.isValid() else self._entries.index(0))
            view.selectionModel().select(view.currentIndex(), QItemSelectionModel.SelectionFlag.Select)

    def _count(self) -> None:
        number = self._entries.rowCount()
        words = "" if not number else "1 trajectory" if number == 1 else f"{number} trajectories"
        self.shelf.show_count(words)

    def _turn(self) -> None:
        """Bring the page to the front that fits what there is."""
        page: QWidget = self.trajectories
        if self._words:
            page = self.results if self._found.lines else self._nothing
        elif not self._all:
            page = self._welcome
        focused = self._front().hasFocus()
        self._pages.setCurrentWidget(page)
        self._bar.setVisible(page in (self.trajectories, self.results))
        self.shelf.show_searching(on=bool(self._words))
        if focused:
            page.setFocus()

    def _front(self) -> QWidget:
        page = self._pages.currentWidget()
        assert page is not None, "there are five"
        return page

    # --- searching

    def _to_search(self) -> None:
        self.shelf.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.shelf.field.selectAll()

    def _show_found(self, words: str, lines: list[Found]) -> None:
        row = self.results.currentIndex().row() if words == self._words else 0
        self._words = words
        self._found_delegate.asked = tuple(words.lower().split())
        self._found.show(lines)
        self.results.setCurrentIndex(self._found.index(min(max(row, 0), len(lines) - 1)))
        self._turn()
        self._thumbnails.go_on()
        self.searched.emit(words)

    def _lead_on(self) -> None:
        view = self._front()
        view.setFocus()
        if isinstance(view, QListView) and not view.currentIndex().isValid():
            view.setCurrentIndex(view.model().index(0, 0))

    def _open_first(self) -> None:
        if isinstance(view := self._front(), QListView):
            index = view.currentIndex()
            self._activate(index if index.isValid() else view.model().index(0, 0))

    def _leave_search(self) -> None:
        self.shelf.field.clear()
        self._lead_on()

    # --- doing something

    def _chosen(self) -> list["Summary"]:
        """The trajectories that are chosen in the list, or the one of the chosen line of a search."""
        if self._words:
            named = {index.data(ENTRY).trajectory for index in self.results.selectedIndexes()}
            return [one for one in self._all or [] if one.id in named]
        rows = sorted(index.row() for index in self.trajectories.selectedIndexes())
        return [self._entries.entries[row] for row in rows]

    def _choose(self) -> None:
        chosen = self._chosen()
        self.deeds.choose(chosen)
        self._bar.show_chosen(len(chosen))

    def _activate(self, index: QModelIndex) -> None:
        found = index.data(ENTRY)
        if isinstance(found, Found):
            self.core.trajectory_wanted.emit(found.trajectory, found.step or 1)
        elif found is not None:
            self._open_entry(found)

    def _open_entry(self, entry: "Summary") -> None:
        if entry.state == "complete":
            self.core.trajectory_wanted.emit(entry.id, 1)
        elif entry.state == "recording":
            self.core.room_wanted.emit("recording" if entry.source == "human" else "run")
        else:
            self._work.recover()

    def _open_chosen(self, entry: "Summary") -> None:
        if self._words:
            self._activate(self.results.currentIndex())
        else:
            self._open_entry(entry)

    def _show_menu(self, at: QPoint) -> None:
        view = self._front()
        if self._chosen() and isinstance(view, QListView):
            menu = self.deeds.menu(view, whole=True)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(view.viewport().mapToGlobal(at))

    def changeEvent(self, event: QEvent) -> None:
        """Measure the lines anew where the font has changed."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.trajectories.doItemsLayout()
        super().changeEvent(event)
