"""Before a run: the task in words, who thinks, what they are shown, who approves, and where it happens."""

from collections.abc import Sequence
from typing import get_args

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from agents.session.messages import Memory
from ui.orders.agent import Exemplars, Wish
from ui.qt.run.offers import Offers, Recent, Shown
from ui.qt.run.recent import RECENT, RecentModel
from ui.qt.theme.dressing import look
from workbench.approval import Mode

_WIDTH_PX = 720
_TASK_LINES = 4

_APPROVALS: dict[Mode, tuple[str, str]] = {
    "ask": ("Every step", "You see each step before it happens, and decide."),
    "risky": ("Risky steps", "You are asked where a step could cost something or is not sure; the rest just happens."),
    "never": (
        "Nothing: refuse what is risky",
        "Nobody is asked; what would need approval is refused.",
    ),
    "auto": ("Nothing: approve all", "Everything happens without being asked for, but for what the settings block."),
}

_EXEMPLARS = {"auto": "The most alike one", "none": "None", "chosen": "Chosen ones"}
_MEMORIES: dict[Memory, str] = {"hierarchical": "Subgoals, folded when they are met", "flat": "Every step, unfolded"}
_PRIVATE, _HERE = "A private one that nobody disturbs", "This one"


class BriefPage(QScrollArea):
    """Emits `wanted` with a `Wish` when somebody asks for a run."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("A new run")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self._make()
        self._arrange()
        self._connect()
        self._changed()

    def offer(self, offers: Offers) -> None:
        """Show what can be chosen; what was chosen already stays, as far as it is still there."""
        before = self._model.currentText()
        self._model.clear()
        self._model.addItems(offers.models)
        kept = before if before in offers.models else offers.model
        self._model.setCurrentText(kept)
        if not self._touched:
            self._approve.setCurrentIndex(list(_APPROVALS).index(offers.approve))
            self._size.setText(offers.size)
        self._list_shown(offers.shown)
        self._recent.show(offers.recent)
        self._recent_words.setVisible(bool(offers.recent))
        self._recent_list.setVisible(bool(offers.recent))
        self._changed()

    def set_task(self, task: str) -> None:
        """Put the words of a task into the field."""
        self._task.setPlainText(task)
        self._task.setFocus()

    @property
    def wish(self) -> Wish:
        """What is chosen now."""
        private = self._where.currentText() == _PRIVATE
        return Wish(
            task=self._task.toPlainText().strip(),
            model=self._model.currentText() or None,
            exemplars=self._exemplars_chosen(),
            memory=get_args(Memory)[self._memory.currentIndex()],
            approve=list(_APPROVALS)[self._approve.currentIndex()],
            size=self._size.text().strip() if private else None,
            applications=tuple(filter(None, (line.strip() for line in self._apps.text().split(";")))),
        )

    def set_busy(self, *, busy: bool) -> None:
        """While the order is put together nothing else can be asked for."""
        self._run.setEnabled(not busy and bool(self._task.toPlainText().strip()))

    def _make(self) -> None:
        self._touched = False
        self._task = QPlainTextEdit()
        self._task.setAccessibleName("Task")
        self._task.setPlaceholderText("What is to be done, such as: click 7, then click *, then click 6, then click =")
        self._task.setTabChangesFocus(True)
        self._task.setFixedHeight(self._task.fontMetrics().lineSpacing() * _TASK_LINES + 24)
        self._model, self._exemplars, self._memory = _box("Model"), _box("Exemplars"), _box("Memory")
        self._approve, self._where = _box("Approval"), _box("Desktop")
        self._exemplars.addItems(list(_EXEMPLARS.values()))
        self._memory.addItems([_MEMORIES[each] for each in get_args(Memory)])
        self._approve.addItems([words for words, _ in _APPROVALS.values()])
        self._where.addItems([_PRIVATE, _HERE])
        self._approve_words = _faint()
        self._exemplar_model = QStandardItemModel(self)
        self._exemplar_filter = QSortFilterProxyModel(self)
        self._exemplar_filter.setSourceModel(self._exemplar_model)
        self._exemplar_filter.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._exemplar_list = QListView()
        self._exemplar_list.setAccessibleName("Trajectories that the model is shown")
        self._exemplar_list.setModel(self._exemplar_filter)
        self._exemplar_list.setFixedHeight(140)
        self._exemplar_words = QLineEdit()
        self._exemplar_words.setPlaceholderText("Search recorded trajectories")
        self._exemplar_words.setAccessibleName("Search recorded trajectories")
        self._size = QLineEdit()
        self._size.setPlaceholderText("1280x800")
        self._size.setAccessibleName("Size of the private desktop in pixels, such as 1280x800")
        self._apps = QLineEdit()
        self._apps.setPlaceholderText("commands, such as galculator; several with ; between them")
        self._apps.setAccessibleName("Applications to start first")
        self._run = QPushButton("Run")
        self._run.setToolTip("Begin the run (Ctrl+Enter)")
        look(self._run, "primary")
        self._recent = RecentModel(self)
        self._recent_words = QLabel("Recent tasks")
        look(self._recent_words, "heading")
        self._recent_list = QListView()
        self._recent_list.setAccessibleName("Recent tasks")
        self._recent_list.setModel(self._recent)
        self._recent_list.setMinimumHeight(120)

    def _arrange(self) -> None:
        title = QLabel("Run")
        look(title, "title")
        told = _faint()
        told.setText("A model carries out a task on a desktop. You see every step, and can stop it at any time.")
        column = QVBoxLayout()
        column.setSpacing(8)
        for widget in (title, told, self._task):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addLayout(self._form())
        column.addSpacing(4)
        row = QHBoxLayout()
        row.addWidget(self._run)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(12)
        column.addWidget(self._recent_words)
        column.addWidget(self._recent_list, 1)
        column.addStretch(0)
        middle = QWidget()
        middle.setMaximumWidth(_WIDTH_PX)
        middle.setLayout(column)
        inside = QWidget()
        across = QHBoxLayout(inside)
        across.setContentsMargins(16, 16, 16, 16)
        across.addStretch(1)
        across.addWidget(middle, 100)
        across.addStretch(1)
        self.setWidget(inside)

    def _form(self) -> QFormLayout:
        shown = QVBoxLayout()
        shown.setSpacing(6)
        for widget in (self._exemplars, self._exemplar_words, self._exemplar_list):
            shown.addWidget(widget)
        approve = QVBoxLayout()
        approve.setSpacing(4)
        approve.addWidget(self._approve)
        approve.addWidget(self._approve_words)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self._where, 1)
        where.addWidget(self._size)
        form = QFormLayout()
        form.setSpacing(10)
        form.setHorizontalSpacing(16)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(_label("&Model", self._model), self._model)
        form.addRow(_label("Approval &of", self._approve), approve)
        form.addRow(_label("&Desktop", self._where), where)
        form.addRow(_label("&Start first", self._apps), self._apps)
        form.addRow(_label("E&xemplars", self._exemplars), shown)
        form.addRow(_label("M&emory", self._memory), self._memory)
        return form

    def _connect(self) -> None:
        self._task.textChanged.connect(self._changed)
        for box in (self._approve, self._where, self._exemplars):
            box.currentIndexChanged.connect(self._changed)
        for box in (self._approve, self._where):
            box.activated.connect(self._touch)
        self._size.textEdited.connect(self._touch)
        self._exemplar_words.textChanged.connect(self._exemplar_filter.setFilterFixedString)
        self._run.clicked.connect(self._ask)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._ask, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._recent_list.activated.connect(self._take_up)
        self._recent_list.clicked.connect(self._take_up)

    def _touch(self) -> None:
        self._touched = True

    def _changed(self) -> None:
        self._run.setEnabled(bool(self._task.toPlainText().strip()))
        self._approve_words.setText(list(_APPROVALS.values())[self._approve.currentIndex()][1])
        self._size.setVisible(self._where.currentText() == _PRIVATE)
        chosen = self._exemplars.currentText() == _EXEMPLARS["chosen"]
        self._exemplar_words.setVisible(chosen)
        self._exemplar_list.setVisible(chosen)

    def _ask(self) -> None:
        if self._run.isEnabled():
            self._touch()
            self.wanted.emit(self.wish)

    def _take_up(self, index: QModelIndex) -> None:
        recent = index.data(RECENT)
        if isinstance(recent, Recent):
            self.set_task(recent.task)

    def _list_shown(self, shown: Sequence[Shown]) -> None:
        chosen = set(self._checked())
        self._exemplar_model.clear()
        for one in shown:
            item = QStandardItem(one.title)
            item.setData(one.id, RECENT)
            item.setEditable(False)
            item.setCheckable(True)
            item.setCheckState(Qt.CheckState.Checked if one.id in chosen else Qt.CheckState.Unchecked)
            self._exemplar_model.appendRow(item)

    def _checked(self) -> list[str]:
        items = [self._exemplar_model.item(row) for row in range(self._exemplar_model.rowCount())]
        return [str(item.data(RECENT)) for item in items if item.checkState() == Qt.CheckState.Checked]

    def _exemplars_chosen(self) -> Exemplars:
        match self._exemplars.currentIndex():
            case 0:
                return "auto"
            case 1:
                return "none"
        return tuple(self._checked()) or "none"


def _box(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(10)
    return box


def _label(words: str, buddy: QWidget) -> QLabel:
    label = QLabel(words)
    label.setBuddy(buddy)
    return label


def _faint() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    look(label, "faint")
    return label
