"""The export dialog: format and place, then a look for leaks, then what is done with each, then it is written."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from ui.orders.exporting import Decisions, Examined, Exported, line
from ui.qt.core import Core
from ui.qt.exporting.choice_page import ChoicePage
from ui.qt.exporting.findings_page import FindingsPage
from ui.qt.exporting.giving import Giving, Wish
from ui.qt.notices import Notice
from ui.qt.parts.remarks import show_remarks
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench.errors import WorkbenchError

_CHOICE, _PROGRESS, _FINDINGS = 0, 1, 2
_WIDTH_PX, _HEIGHT_PX = 760, 560


class ExportDialog(QDialog):
    """Exports one trajectory; opens with the choice of a format, or goes ahead at once after `go`.

    Cancel is the default while anything was found. What became of it is a notice.
    """

    def __init__(self, core: Core, parent: QWidget, trajectory_id: str, *, title: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Export “{title}”")
        self.resize(_WIDTH_PX, _HEIGHT_PX)
        self._core, self._trajectory_id, self._title = core, trajectory_id, title
        self._at_once = False
        self._examined: Examined | None = None
        self._giving = Giving(core, self)
        self.choice = ChoicePage(_file_name(title, trajectory_id), _documents())
        self.findings = FindingsPage(core.pictures)
        self.progress = QProgressBar()
        self._doing = QLabel(wordWrap=True)
        self._pages = QStackedWidget()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go_on = self._buttons.addButton("Look through and &export", QDialogButtonBox.ButtonRole.ActionRole)
        self.stop = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self._arrange()
        self._connect()
        self._turn_to(_CHOICE)

    def go(self, format_name: str, path: Path) -> None:
        """Export in that format to that place without a question, unless something is found."""
        self._at_once = True
        self._begin(Wish(self._trajectory_id, format_name, path))

    def done(self, result: int) -> None:
        """Close; what still goes on is stopped."""
        self._giving.cancel()
        super().done(result)

    def _next(self) -> None:
        if self._pages.currentIndex() == _CHOICE and self.choice.place:
            pictures = self.choice.pictures.isChecked()
            name = self.choice.format.name
            self._begin(Wish(self._trajectory_id, name, self.choice.place.absolute(), pictures))
        elif self._pages.currentIndex() == _FINDINGS and self._examined:
            self._write(self._examined, self.findings.model.decisions)

    def _begin(self, wish: Wish) -> None:
        self.choice.complain("")
        self._turn_to(_PROGRESS)
        self._progressed("looking through the words", 0, 0)
        self._giving.examine(wish)

    def _look_at(self, examined: Examined) -> None:
        self._examined = examined
        if not examined.leaks:
            self._write(examined, Decisions())
            return
        self.findings.show_findings(examined)
        self._turn_to(_FINDINGS)
        self.findings.table.setFocus()

    def _write(self, examined: Examined, decisions: Decisions) -> None:
        self._turn_to(_PROGRESS)
        self._progressed("writing", 0, 0)
        self._giving.write(examined, decisions)

    def _written(self, exported: Exported) -> None:
        lines = [*exported.notes, *map(line, exported.remarks)]
        text = f"Exported “{self._title}” to {exported.path}"
        window = self.parentWidget()
        notice = Notice(text, "good")
        if lines:
            notice = Notice(f"{text}; some things are to be known of it", "warning", action="Details")
            notice.act = lambda: show_remarks(window, f"About the export of “{self._title}”", lines)
        self._core.notices.say(notice)
        self.accept()

    def _missed(self, error: WorkbenchError) -> None:
        if self._at_once:
            self._core.notices.error(error)
            self.reject()
            return
        self._turn_to(_CHOICE)
        self.choice.complain(str(error))

    def _progressed(self, what: str, done: int, of: int) -> None:
        self._doing.setText(f"{what[:1].upper()}{what[1:]}…")
        self.progress.setRange(0, of)
        self.progress.setValue(done)

    def _turn_to(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        self.go_on.setVisible(page != _PROGRESS)
        self.go_on.setText("&Export" if page == _FINDINGS else "Look through and &export")
        self.go_on.setDefault(page == _CHOICE)
        self.stop.setDefault(page == _FINDINGS)
        self._allow()

    def _allow(self) -> None:
        page = self._pages.currentIndex()
        undecided = self.findings.model.undecided
        self.go_on.setEnabled(self.choice.place is not None if page == _CHOICE else not undecided)
        self.go_on.setToolTip(f"{undecided} not decided yet" if page == _FINDINGS and undecided else "")

    def _arrange(self) -> None:
        waiting = QWidget()
        middle = QVBoxLayout(waiting)
        middle.addStretch(1)
        middle.addWidget(self._doing)
        middle.addWidget(self.progress)
        middle.addStretch(2)
        self.progress.setAccessibleName("Progress of the export")
        for page in (self.choice, waiting, self.findings):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self._pages, 1)
        column.addWidget(self._buttons)
        look(self.go_on, "primary")
        for button in (self.findings.hide_one, self.findings.accept, self.findings.hide_all, self.choice.browse):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        self._buttons.rejected.connect(self.reject)
        self.go_on.clicked.connect(lambda _checked=False: self._next())
        self.choice.changed.connect(self._allow)
        self.choice.list.activated.connect(lambda _index: self._next())
        self.findings.decided.connect(self._allow)
        self._giving.progressed.connect(self._progressed)
        self._giving.examined.connect(self._look_at)
        self._giving.written.connect(self._written)
        self._giving.failed.connect(self._missed)


def ask_export(core: Core, parent: QWidget, trajectory_id: str, *, title: str) -> ExportDialog:
    """Ask how to export it, and do."""
    dialog = ExportDialog(core, parent, trajectory_id, title=title)
    dialog.open()
    return dialog


def _file_name(title: str, trajectory_id: str) -> str:
    """The title with what file names cannot have replaced."""
    name = "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in title).strip()
    return name[:80].strip() or trajectory_id


def _documents() -> Path:
    """Where documents are, else the person's folder."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found) if found and Path(found).is_dir() else Path.home()
