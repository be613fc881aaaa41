"""Tooltips for words that came from a screen, a file or a model: shown as they are, never taken for markup."""

from PySide6.QtGui import Qt


def plain_tip(words: str) -> str:
    """The words for a tooltip, which has no plain text of its own: what looks like markup is escaped."""
    return Qt.convertFromPlainText(words) if Qt.mightBeRichText(words) else words
