"""What the colours on a picture mean: a line of squares with words, on two lines where one is too short."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.qt.theme.dressing import look

_GAP = " &nbsp; "


class Legend(QLabel):
    """Shows colours with what has them, or a hint instead; takes as little room as its longest entry."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[tuple[str, str], ...] | None = None
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        look(self, "faint")

    def show_entries(self, entries: Sequence[tuple[str, str]]) -> None:
        """Show these colours and words instead."""
        shown = tuple(entries)
        if shown == self._shown:
            return
        self._shown = shown
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setText(_GAP.join(_entry(colour, words) for colour, words in shown) or "&nbsp;")
        self.setAccessibleName(", ".join(words for _, words in shown))

    def say(self, words: str) -> None:
        """A hint instead of the colours."""
        self._shown = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(words)
        self.setAccessibleName(words)


def _entry(colour: str, words: str) -> str:
    together = escape(words).replace(" ", "&nbsp;")
    return f'<span style="color:{colour}">■</span>&nbsp;{together}'
