"""Work in the background."""

import threading
from types import SimpleNamespace

from PySide6.QtWidgets import QLabel
from shiboken6 import delete

from workbench.errors import BadInputError


def test_what_comes_of_work_is_heard_on_the_windows_own_thread(core, until):
    heard = []
    core.tasks.soon(threading.get_ident, lambda worker: heard.append((worker, threading.get_ident())))
    until(lambda: heard)
    worker, listener = heard[0]
    assert listener == threading.get_ident() != worker


def test_work_with_the_library_keeps_the_order_in_which_it_was_asked_for(core, until):
    heard = []
    for number in range(20):
        core.tasks.with_library(lambda library, number=number: (number, library.path), heard.append)
    until(lambda: len(heard) == 20)
    assert heard == [(number, core.library_folder) for number in range(20)]


def _refuse():
    raise BadInputError("there is no such thing; look again")


def test_what_the_core_refuses_becomes_a_notice_with_its_own_words(core, until):
    core.tasks.soon(_refuse)
    until(lambda: core.notices.shown)
    assert core.notices.shown[0].text == "there is no such thing; look again"
    assert core.notices.shown[0].weight == "error"


def test_who_asked_may_hear_of_a_refusal_instead(core, until):
    heard = []
    core.tasks.soon(_refuse, failed=heard.append)
    until(lambda: heard)
    assert core.notices.shown == []


def test_a_defect_reaches_the_window_instead_of_being_lost(core, until):
    heard = []
    core.tasks.crashed.connect(heard.append)
    core.tasks.soon(lambda: 1 / 0)
    until(lambda: heard)
    assert isinstance(heard[0], ZeroDivisionError)


def test_nothing_is_heard_after_closing(core, application):
    heard, go = [], threading.Event()
    core.tasks.soon(go.wait, heard.append)
    core.tasks.close()
    go.set()
    for _ in range(50):
        application.processEvents()
    assert heard == []


def test_a_library_whose_folder_went_away_is_told_not_made_anew_and_opened_again_when_it_is_back(core, until, tmp_path):
    heard, refused = [], []
    core.tasks.with_library(lambda library: library.new_id(), heard.append)
    until(lambda: heard)
    core.library_folder.rename(tmp_path / "away")
    core.tasks.with_library(lambda library: library.new_id(), heard.append, refused.append)
    until(lambda: refused)
    assert "is gone" in str(refused[0])
    assert not core.library_folder.exists()
    (tmp_path / "away").rename(core.library_folder)
    core.tasks.with_library(lambda library: library.new_id(), heard.append, refused.append)
    until(lambda: len(heard) == 2)
    assert len(refused) == 1


def test_what_was_asked_of_the_library_before_closing_is_still_done(core):
    go = threading.Event()
    core.tasks.with_library(lambda _: go.wait(20))
    change = core.tasks.with_library(lambda library: library.new_id())
    core.tasks.close(within_s=0)
    go.set()
    assert change.result(20)


def test_after_closing_nothing_begins(core):
    core.tasks.close()
    begun = []
    core.tasks.aside(lambda: begun.append(1))
    assert core.tasks.soon(lambda: begun.append(1)).cancelled()
    assert core.tasks.with_library(begun.append).cancelled()
    assert begun == []


def test_who_waits_for_what_has_broken_is_told_too(core, until):
    heard, told = [], []
    core.tasks.crashed.connect(heard.append)
    core.tasks.soon(lambda: 1 / 0, failed=told.append)
    until(lambda: told)
    assert isinstance(heard[0], ZeroDivisionError)
    assert "division" not in str(told[0])


def test_a_dialog_that_was_closed_meanwhile_hears_nothing_and_that_is_no_defect(core, until, monkeypatch):
    uncaught, heard, go = [], [], threading.Event()
    monkeypatch.setattr("sys.excepthook", lambda *error: uncaught.append(error))
    label = QLabel()
    core.tasks.soon(lambda: go.wait(20) and "words", label.setText)
    core.tasks.soon(lambda: go.wait(20) and "words", lambda words: label.setText(words))
    delete(label)
    go.set()
    until(lambda: core.tasks._running == 0)
    core.tasks.soon(lambda: 1, heard.append)
    until(lambda: heard)
    assert uncaught == []


def test_what_is_asked_for_in_order_waits_for_no_library_and_is_done_although_the_window_closes(core):
    held, done = threading.Event(), []
    core.tasks.with_library(lambda _library: held.wait(20))
    first = core.tasks.in_order(lambda: done.append(1))
    first.result(20)
    core.tasks.in_order(lambda: done.append(2))
    last = core.tasks.in_order(lambda: done.append(3))
    held.set()
    core.tasks.close()
    last.result(20)
    assert done == [1, 2, 3]
    assert core.tasks.in_order(lambda: done.append(4)).cancelled()


def test_closing_waits_for_all_threads_together_and_not_for_each(core, monkeypatch):
    held, waited = threading.Event(), []
    for _ in range(4):
        core.tasks.aside(held.wait)
    monkeypatch.setattr("ui.qt.tasks.time", SimpleNamespace(monotonic=lambda: sum(waited)))  # nothing else takes time
    for thread in list(core.tasks._asides):
        thread.join = waited.append
    core.tasks.close(0.2)
    held.set()
    assert waited == [0.2, 0.0, 0.0, 0.0]


def test_what_goes_on_twice_under_one_name_is_over_only_when_both_are(core):
    core.begins("import", "an import")
    core.begins("import", "an import")
    core.ends("import")
    assert core.running == ("an import",)
    core.ends("import")
    core.ends("import")
    assert core.running == ()
