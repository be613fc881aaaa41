"""What is set up before a replay: where, who approves, what is done about drift, which steps, and the values."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.orders.replay import ReplayWish, Steps
from ui.qt.parts.numbers import inset
from ui.qt.parts.quiet import quiet
from ui.qt.replay.values import VALUE, ValuesModel
from ui.qt.replay.wish import Loaded, Setup
from ui.qt.theme.dressing import look
from workbench.approval import Mode
from workbench.session.messages import Drift
from workbench.settings_sections import ReplaySettings

PLACES = ("A private desktop", "This desktop")
APPROVALS: dict[Mode, str] = {
    "risky": "Ask about risky steps",
    "ask": "Ask about every step",
    "auto": "Approve everything",
    "never": "Refuse what would be asked",
}
DRIFTS: dict[Drift, str] = {
    "halt": "Halt and show why",
    "ask": "Ask me for the place",
    "repair": "Let a model repair the step",
}


class SetupForm(QScrollArea):
    """Takes a trajectory in and gives a `Setup` out; knows nothing of the run."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Set up the replay")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._commands: tuple[str, ...] = ()
        self.place = _choices("Where", PLACES)
        self.private_size = _field("Size of the private desktop", "as in the settings, or 1280x800")
        self.applications = QPlainTextEdit()
        self.as_recorded = QPushButton("As &recorded")
        self.approve = _choices("Approval", APPROVALS.values())
        self.drift = _choices("Drift", DRIFTS.values())
        self.model = _choices("Model that repairs", ("The usual one",))
        self.first, self.last = QSpinBox(), QSpinBox()
        self.data = _field("CSV file of values", "a run per row")
        self.values = ValuesModel(self)
        self._table = QTableView()
        self._secrets = QLabel()
        self._values_part, self._secrets_part = QWidget(), QWidget()
        self._build()
        self._follow()

    def show_loaded(self, loaded: Loaded) -> None:
        """Ask for what this trajectory needs."""
        count = len(loaded.steps)
        for spin, value in ((self.first, 1), (self.last, count)):
            spin.setRange(1, count)
            spin.setValue(value)
        self._commands = loaded.trajectory.commands
        self.as_recorded.setVisible(bool(self._commands))
        self.as_recorded.setToolTip("Start what was started for the recording: " + "; ".join(self._commands))
        self.applications.clear()
        self.data.clear()
        self.values.show_variables(loaded.trajectory.variables)
        self._values_part.setVisible(bool(loaded.trajectory.variables))
        self._table.setMaximumHeight(self._table_height())
        self.show_secrets({})
        self._secrets_part.setVisible(bool(loaded.secrets))

    def show_secrets(self, there: dict[str, bool], trouble: str = "") -> None:
        """Say of each secret whether the keyring has it, or why nobody knows."""
        lines = [f"{name}: {'in the keyring' if has else 'not in the keyring'}" for name, has in there.items()]
        self._secrets.setText("\n".join(filter(None, [*lines, trouble])) or "looking into the keyring …")
        look(self._secrets, "warning" if trouble or not all(there.values()) else "faint")

    def show_usual(self, usual: ReplaySettings) -> None:
        """Begin with what the settings say."""
        self.approve.setCurrentIndex(list(APPROVALS).index(usual.approve))
        self.drift.setCurrentIndex(list(DRIFTS).index(usual.on_drift))

    def show_models(self, names: Sequence[str]) -> None:
        """Offer these models for repairs; the one that was chosen stays while it is there."""
        chosen = self.model.currentText()
        self.model.clear()
        self.model.addItems(["The usual one", *names])
        self.model.setCurrentText(chosen)

    def setup(self, *, speed: float | None, dry: bool) -> Setup:
        """What is set up now."""
        last = self.last.value()
        steps = Steps(first=self.first.value(), last=None if last == self.last.maximum() else last)
        drift = list(DRIFTS)[self.drift.currentIndex()]
        model = self.model.currentText() if drift == "repair" and self.model.currentIndex() > 0 else None
        data = self.data.text().strip()
        return Setup(
            wish=ReplayWish(
                steps=steps,
                speed=speed,
                dry=dry,
                approve=list(APPROVALS)[self.approve.currentIndex()],
                drift=drift,
                model=model,
            ),
            size=self.private_size.text().strip() if self.private else None,
            applications=tuple(filter(None, map(str.strip, self.applications.toPlainText().splitlines()))),
            values=self.values.values,
            data=Path(data).expanduser() if data else None,
        )

    @property
    def private(self) -> bool:
        """Whether it goes to a desktop of its own."""
        return self.place.currentIndex() == 0

    def _build(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        form = _form()
        form.addRow("&Where", self.place)
        form.addRow("Si&ze", self.private_size)
        form.addRow("App&lications", self._applications())
        form.addRow("&Approval", self.approve)
        form.addRow("&Drift", self.drift)
        form.addRow("&Model", self.model)
        form.addRow("Ste&ps", self._range())
        column.addLayout(form)
        column.addWidget(self._values())
        column.addWidget(self._secret_names())
        column.addStretch()
        self.setWidget(page)
        self.place.currentIndexChanged.connect(self._follow)
        self.drift.currentIndexChanged.connect(self._follow)
        self._form_of_all = form

    def _applications(self) -> QWidget:
        self.applications.setAccessibleName("Applications to start, one command per line")
        self.applications.setPlaceholderText("one command per line")
        self.applications.setTabChangesFocus(True)
        self.applications.setMaximumHeight(4 * self.applications.fontMetrics().lineSpacing())
        self.as_recorded.clicked.connect(lambda: self.applications.setPlainText("\n".join(self._commands)))
        self.as_recorded.hide()
        return _stacked(self.applications, self.as_recorded)

    def _range(self) -> QWidget:
        for spin, name in ((self.first, "First step"), (self.last, "Last step")):
            spin.setAccessibleName(name)
            inset(spin)
            spin.setRange(1, 1)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.first, 1)
        row.addWidget(QLabel("to"))
        row.addWidget(self.last, 1)
        return box

    def _values(self) -> QWidget:
        quiet(self._table, "Variables")
        self._table.setModel(self.values)
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        browse = QPushButton("&Choose…")
        browse.clicked.connect(self._browse)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.data, 1)
        row.addWidget(browse)
        form = _form()
        form.addRow("&Table", line)
        return _part(self._values_part, "Variables", self._table, form)

    def _secret_names(self) -> QWidget:
        self._secrets.setTextFormat(Qt.TextFormat.PlainText)
        self._secrets.setWordWrap(True)
        return _part(self._secrets_part, "Secrets", self._secrets, None)

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Choose a table of values", "", "CSV files (*.csv);;All files (*)"
        )
        if chosen:
            self.data.setText(chosen)

    def _follow(self) -> None:
        self._form_of_all.setRowVisible(self.private_size, self.private)
        self._form_of_all.setRowVisible(self.model, self.drift.currentIndex() == list(DRIFTS).index("repair"))

    def _table_height(self) -> int:
        rows = min(6, self.values.rowCount())
        header = self._table.horizontalHeader().sizeHint().height()
        return header + rows * self._table.verticalHeader().defaultSectionSize() + 6


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setSpacing(8)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
    return form


def _field(name: str, hint: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    return made


def _choices(name: str, words: Iterable[str]) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.addItems(list(words))
    return made


def _stacked(*widgets: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    for widget in widgets:
        column.addWidget(widget)
    column.setAlignment(widgets[-1], Qt.AlignmentFlag.AlignLeft)
    return box


def _part(box: QWidget, heading: str, widget: QWidget, form: QFormLayout | None) -> QWidget:
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(8)
    title = QLabel(heading)
    look(title, "heading")
    column.addWidget(title)
    column.addWidget(widget)
    if form is not None:
        column.addLayout(form)
    box.hide()
    return box
