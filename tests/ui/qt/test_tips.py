"""Tooltips of words that nobody here has written."""

import pytest
from PySide6.QtGui import QTextDocument

from ui.qt.parts.tips import plain_tip


@pytest.mark.parametrize("words", ["<b>Approve</b>", "<img src='/etc/hostname'> Save", "a < b"])
def test_a_name_that_looks_like_markup_is_shown_as_it_is(words):
    shown = QTextDocument()
    tip = plain_tip(words)
    shown.setHtml(tip) if tip != words else shown.setPlainText(tip)
    assert shown.toPlainText() == words


def test_words_without_markup_stay_as_they_are():
    assert plain_tip("click the button “Save”") == "click the button “Save”"
