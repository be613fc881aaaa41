"""Search as you type."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ui.qt.library.models import ENTRY
from ui.qt.library.searching import Search
from workbench.library.store import Library


def _lines(room):
    model = room.results.model()
    found = [model.index(row).data(ENTRY) for row in range(model.rowCount())]
    return [(line.title, line.step) for line in found]


def _type(room, words, until):
    answered = []
    room.searched.connect(answered.append)
    QTest.keyClicks(room.shelf.field, words)
    until(lambda: room.shelf.field.text().strip() in answered)


def test_what_is_typed_finds_steps_grouped_by_trajectory_and_enter_opens_there(add, room, until, heard):
    one, _two = add("One", steps=3, created=1.0), add("Two", created=2.0)
    made, opened = room(), heard("trajectory_wanted")
    made.open("search")
    _type(made, "sav", until)
    assert _lines(made) == [("Two", None), ("Two", 1), ("One", None), ("One", 1), ("One", 2)]
    QTest.keyClick(made.shelf.field, Qt.Key.Key_Down)
    for _ in range(4):
        QTest.keyClick(made.results, Qt.Key.Key_Down)
    QTest.keyClick(made.results, Qt.Key.Key_Return)
    assert opened == [(one.id, 2)]


def test_enter_in_the_field_opens_the_first_result(add, room, until, heard):
    one = add("One letter")
    made, opened = room(), heard("trajectory_wanted")
    _type(made, "one", until)
    QTest.keyClick(made.shelf.field, Qt.Key.Key_Return)
    assert opened == [(one.id, 1)]


def test_typed_text_is_found_and_nothing_found_says_how_to_go_on(add, room, until):
    add("One")
    made = room()
    made.open("łukasiew")
    until(lambda: _lines(made) == [("One", None), ("One", 2)])
    _type(made, "zzz", until)
    assert _lines(made) == []
    assert not made.results.isVisible()
    assert not made.trajectories.isVisible()


def test_escape_leads_back_to_the_whole_list(add, room, until):
    add("One")
    made = room()
    _type(made, "sav", until)
    assert made.results.isVisible()
    QTest.keyClick(made.shelf.field, Qt.Key.Key_Escape)
    until(lambda: made.trajectories.isVisible())
    assert made.shelf.field.text() == ""


def test_escape_in_the_results_leads_back_too(add, room, until):
    add("One")
    made = room()
    made.activateWindow()
    _type(made, "sav", until)
    QTest.keyClick(made.shelf.field, Qt.Key.Key_Down)
    QTest.keyClick(made.results, Qt.Key.Key_Escape)
    until(lambda: made.trajectories.isVisible())


def test_a_search_leaves_alone_what_is_chosen_in_the_list(add, room, until, core):
    add("One", created=1.0)
    add("Two", created=2.0)
    made = room()
    made.trajectories.setCurrentIndex(made.trajectories.model().index(1))
    _type(made, "two", until)
    listed = []
    made.listed.connect(lambda: listed.append(1))
    core.library_changed.emit("")
    until(lambda: listed)
    assert [index.data() for index in made.trajectories.selectedIndexes()] == ["One"]


def test_what_others_change_does_not_move_the_line_that_is_looked_at(add, room, until, core):
    add("One", steps=5)
    made = room()
    _type(made, "sav", until)
    made.results.setCurrentIndex(made.results.model().index(3))
    answered = []
    made.searched.connect(answered.append)
    core.library_changed.emit("")
    until(lambda: answered)
    assert made.results.currentIndex().row() == 3


def test_what_is_chosen_in_the_results_can_be_replayed(add, room, until, heard):
    one = add("One")
    made, replayed = room(), heard("replay_wanted")
    _type(made, "sav", until)
    made.deeds.do("replay")
    assert replayed == [(one.id,)]


def test_of_many_questions_the_newest_is_answered_and_the_ones_between_are_never_asked(core, add, until, monkeypatch):
    add("One")
    asked, answers = [], []
    real = Library.search

    def search(library, words, *, limit=50):
        asked.append(words)
        return real(library, words, limit=limit)

    monkeypatch.setattr(Library, "search", search)
    looking = Search(core)
    looking.found.connect(lambda words, lines: answers.append((words, len(lines))))
    for end in range(1, 5):
        looking.ask("save"[:end])
    until(lambda: answers)
    assert answers == [("save", 2)]
    assert asked == ["s", "save"]


def test_a_blank_asks_nothing_new_and_another_library_is_asked_the_same_again(core, add, until, monkeypatch):
    add("One")
    asked, answers = [], []
    real = Library.search

    def search(library, words, *, limit=50):
        asked.append(words)
        return real(library, words, limit=limit)

    monkeypatch.setattr(Library, "search", search)
    looking = Search(core)
    looking.found.connect(lambda words, lines: answers.append((words, len(lines))))
    looking.ask("save")
    looking.ask("save ")
    until(lambda: answers)
    looking.ask("save")
    assert asked == ["save"]
    add("Two")
    looking.again()
    looking.again()
    until(lambda: len(answers) == 3)
    assert asked == ["save"] * 3
    assert answers[-1] == ("save", 4)


def test_any_words_may_be_searched_for(core, add, until):
    add("One")
    looking, answers = Search(core), []
    looking.found.connect(lambda words, _lines: answers.append(words))
    for words in ('"', "a* OR", "NEAR(", "'; --", "\x00", "𝔘" * 50):
        looking.ask(words)
        until(lambda words=words: words in answers)
    assert core.notices.shown == []
