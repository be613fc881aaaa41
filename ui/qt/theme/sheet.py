"""The style sheet: what the palette cannot say about borders, corners and distances.

Widgets choose a look by the property `look`: `primary` and `danger` buttons, `quiet` ones without a frame, `card` and
`rail` frames, `title`, `heading`, `name`, `faint`, `small` and `mono` labels, `pill` labels, `read`
areas, which are scrolled by keys.
"""

from string import Template

from ui.qt.theme.colours import Colours
from ui.qt.theme.icons import FOLDER

_ARROW = FOLDER / "combo.svg"
"""Style sheets cannot colour a drawing: its grey is seen on light and on dark."""

_SHEET = Template(
    """
QWidget { font-size: 10pt; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }
QMainWindow, QDialog { background: $ground; }
QFrame[look="rail"] { background: $rail; border: none; border-right: 1px solid $line; }
QFrame[look="card"] { background: $raised; border: 1px solid $line; border-radius: 8px; }
QFrame[look="sunken"] { background: $sunken; border: none; border-radius: 6px; }
QFrame[look="rule"] { background: $line; border: none; }
QFrame[look="bar"] { background: $ground; border: none; border-bottom: 1px solid $line; }
QLabel { background: transparent; }
QLabel[look="title"] { font-size: 16pt; font-weight: 600; }
QLabel[look="heading"] { font-size: 11pt; font-weight: 600; }
QLabel[look="name"] { font-weight: 600; }
QLabel[look="faint"] { color: $faint; }
QLabel[look="small"] { color: $faint; font-size: 8pt; }
QLabel[look="good"] { color: $good; }
QLabel[look="warning"] { color: $warning; }
QLabel[look="bad"] { color: $bad; }
QLabel[look="mono"], QPlainTextEdit[look="mono"] { font-family: "DejaVu Sans Mono", monospace; font-size: 9pt; }
QLabel[look="pill"] { background: $hover; color: $faint; border-radius: 9px; padding: 2px 8px; font-size: 9pt; }
QPushButton, QToolButton[look="button"] {
    background: $raised; color: $text; border: 1px solid $line; border-radius: ${radius}px; padding: 5px 12px;
    min-height: 18px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 11px; }
QToolButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $faint; background: $ground; }
QPushButton[look="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600; }
QPushButton[look="primary"]:hover { border: 1px solid $text; }
QPushButton[look="primary"]:focus { border: 2px solid $text; }
QPushButton[look="primary"]:disabled { background: $accent_soft; color: $faint; border: 1px solid $accent_soft; }
QPushButton[look="danger"] { color: $bad; }
QPushButton[look="danger"]:disabled { color: $faint; }
QPushButton[look="record"] {
    background: $recording; color: $on_recording; border: 2px solid $recording; font-weight: 600; padding: 7px 18px;
}
QPushButton[look="record"]:focus { border: 2px solid $text; }
QPushButton[look="record"]:disabled { background: $sunken; color: $faint; border: 2px solid $sunken; }
QToolButton {
    background: transparent; color: $text; border: 1px solid transparent; border-radius: ${radius}px; padding: 5px;
}
QToolButton:hover { background: $hover; }
QToolButton:checked { background: $accent_soft; color: $text; }
QToolButton[look="rail"] { padding: 8px 4px 6px 4px; font-size: 8pt; color: $faint; min-width: 72px; }
QToolButton[look="rail-narrow"] { padding: 9px 4px; min-width: 40px; }
QToolButton[look="rail"]:checked { color: $accent; font-weight: 600; }
QToolButton::menu-indicator { image: none; }
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {
    background: $raised; color: $text; border: 1px solid $line; border-radius: ${radius}px; padding: 5px 8px;
    selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $faint;
}
QLineEdit, QComboBox { min-height: 18px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
    border: 1px solid $accent;
}
QLineEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    background: $ground; color: $faint;
}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0; background: transparent; }
QAbstractSpinBox { padding: 4px 20px 4px 8px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 22px; border: none; background: transparent;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; padding-top: 3px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; padding-bottom: 3px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; border-radius: 4px; }
QAbstractSpinBox::up-arrow { image: url("$folder/spin-up.svg"); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url("$folder/spin-down.svg"); width: 9px; height: 9px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url("$arrow"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; selection-background-color: $accent_soft;
    selection-color: $text; outline: none; }
QGraphicsView { background: $sunken; border: 1px solid $sunken; }
QGraphicsView:focus { border-color: $accent; }
QListView, QTreeView, QTableView {
    background: transparent; gridline-color: $line; border: none; outline: none; alternate-background-color: $ground;
    selection-background-color: $accent_soft; selection-color: $text;
}
QListView::item, QTreeView::item { padding: 3px; }
QTableView::item { padding: 0 6px; border: 1px solid transparent; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item { border: 1px solid transparent; border-radius: 4px; }
QListView::item:selected, QTreeView::item:selected { background: $accent_soft; color: $text; }
QListView::item:focus, QTableView::item:focus, QTreeView::item:focus { border: 1px solid $accent; }
QTableCornerButton::section { background: transparent; border: none; }
QHeaderView { background: transparent; }
QHeaderView::section {
    background: transparent; color: $faint; border: none; border-bottom: 1px solid $line; padding: 5px 10px;
}
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QScrollArea { background: transparent; border: none; }
QScrollArea[look="read"] { border: 1px solid transparent; border-radius: 4px; }
QScrollArea[look="read"]:focus { border-color: $accent; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar::tab { background: transparent; color: $faint; padding: 7px 12px; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $accent; }
QMenuBar { background: $ground; color: $text; border-bottom: 1px solid $line; }
QMenuBar::item { padding: 4px 9px; background: transparent; }
QMenuBar::item:selected { background: $hover; border-radius: 4px; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QProgressBar {
    background: $line; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; color: transparent;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QStatusBar { background: $ground; color: $faint; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QGroupBox { border: 1px solid $line; border-radius: 8px; margin-top: 10px; padding: 10px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; padding: 0 4px; }
QCheckBox, QRadioButton { spacing: 7px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 14px; height: 14px; border: 1px solid $faint; border-radius: 4px; background: $raised;
}
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked { background: $accent; border: 1px solid $accent; image: url("$folder/tick.svg"); }
QCheckBox::indicator:indeterminate { background: $accent_soft; border: 1px solid $accent; }
QCheckBox::indicator:checked:disabled { background: $faint; border: 1px solid $faint; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; background: $sunken; }
QDockWidget::title { background: $ground; padding: 6px; border-bottom: 1px solid $line; }
"""
)


def style_sheet(colours: Colours, radius: int) -> str:
    """The sheet in those colours; `radius` is that of corners, in device-independent pixels."""
    return _SHEET.substitute(vars(colours), radius=radius, arrow=_ARROW.as_posix(), folder=FOLDER.as_posix())
