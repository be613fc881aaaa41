"""The log in the window: the program's own lines, the newest 2 000, narrowed and copied."""

import logging
import threading

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from ui.qt.log import MOST_LINES, PACKAGES, LogDialog, LogKeeper, LogLines


@pytest.fixture
def keeper(application):
    made = LogKeeper()
    yield made
    made.deleteLater()
    application.processEvents()
    application.sendPostedEvents(None, 52)  # DeferredDelete: no event loop runs that would do it


@pytest.fixture
def dialog(keeper, shown):
    made = shown(LogDialog(keeper))
    QAbstractItemModelTester(made.lines, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def _texts(dialog) -> list[str]:
    return dialog.lines.texts([]).splitlines()


def test_lines_of_every_thread_and_package_appear_and_debug_and_others_do_not(dialog, until):
    thread = threading.Thread(target=logging.getLogger("agents.runtime.local").warning, args=("from a thread",))
    thread.start()
    thread.join()
    logging.getLogger("workbench.desktop").info("told")
    logging.getLogger("workbench.desktop").debug("too much")
    logging.getLogger("somebody.else").error("not ours")
    until(lambda: len(_texts(dialog)) == 2)
    assert _texts(dialog)[0].endswith("warning  agents.runtime.local: from a thread")
    until(lambda: not dialog.nothing.isVisible())


def test_lines_are_narrowed_by_level_and_words_and_copied(dialog, until):
    for level, text in (("info", "one model"), ("warning", "one card"), ("error", "two cards")):
        getattr(logging.getLogger("ui.qt"), level)(text)
    until(lambda: len(_texts(dialog)) == 3)
    dialog.level.setCurrentIndex(1)
    assert len(_texts(dialog)) == 2
    dialog.search.setText("TWO")
    assert len(_texts(dialog)) == 1
    dialog.copy.click()
    assert QGuiApplication.clipboard().text().endswith("two cards")
    dialog.search.setText("nothing like that")
    assert not dialog.copy.isEnabled()


def test_only_the_newest_lines_are_kept(keeper, until):
    lines = LogLines(keeper, keeper)
    logger = logging.getLogger("recorder")
    for number in range(MOST_LINES + 10):
        logger.info("line %d", number)
    until(lambda: keeper.lines and keeper.lines[-1][1].endswith(f"line {MOST_LINES + 9}"))
    assert len(keeper.lines) == MOST_LINES
    assert lines.rowCount() == MOST_LINES
    assert lines.texts([0]).endswith("line 10")


def test_a_line_is_one_line_and_no_traceback_with_values_comes_along(dialog, until):
    try:
        raise ValueError("typed by a person: hunter2")
    except ValueError:
        logging.getLogger("ui").error("it\nbroke", exc_info=True)
    until(lambda: _texts(dialog))
    assert _texts(dialog)[0].endswith("ui: it broke")
    assert "hunter2" not in dialog.lines.texts([])


def test_a_keeper_that_is_gone_is_told_nothing_more(application):
    before = [list(logging.getLogger(name).handlers) for name in PACKAGES]
    keeper = LogKeeper()
    assert [list(logging.getLogger(name).handlers) for name in PACKAGES] != before
    keeper.deleteLater()
    application.sendPostedEvents(None, 52)
    assert [list(logging.getLogger(name).handlers) for name in PACKAGES] == before
    logging.getLogger("ui").warning("nobody hears that")
