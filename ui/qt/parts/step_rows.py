"""How a step looks in any list: its words, its icon, and how high its row is."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics

from workbench.actions import Note, kind
from workbench.report.words import caption, sentence, tidy
from workbench.trajectory import Step

ROW_PAD_PX = 8
"""The room above and below the words of a row."""

ROW_LEAST_PX = 120
"""How narrow a row may become."""

ICONS = {
    "click": "mouse",
    "hover": "here",
    "drag": "hand",
    "scroll": "down",
    "type_text": "keyboard",
    "press_keys": "keyboard",
    "activate": "window",
    "wait": "clock",
    "check": "check",
    "read": "search",
    "call": "link",
    "ask": "info",
    "note": "note",
    "finish": "check",
    "fail": "cross",
}


def words_of(step: Step) -> str:
    """What the list calls the step; of a note its text."""
    return tidy(step.action.text, 120) if isinstance(step.action, Note) else sentence(caption(step)).rstrip(".")


def icon_of(step: Step) -> str:
    """The icon for what the step does."""
    return ICONS[kind(step.action)]


def row_size(*lines: QFont, pad_px: int = ROW_PAD_PX, least_px: int = ROW_LEAST_PX) -> QSize:
    """As high as lines of these fonts ask for, one below the other, with room around them, whatever the scale."""
    return QSize(least_px, sum(QFontMetrics(font).height() for font in lines) + 2 * pad_px)
