"""What the window has to say."""

from PySide6.QtWidgets import QLabel, QPushButton

from ui.qt.notices import MOST_SHOWN, Notice, NoticeBar


def test_the_same_words_again_are_counted_and_not_repeated(core):
    for _ in range(5):
        core.notices.say(Notice("the disk is full; free some space", "error"))
    assert [(notice.text, notice.times) for notice in core.notices.shown] == [("the disk is full; free some space", 5)]


def test_a_storm_leaves_the_latest_few(core):
    for number in range(100):
        core.notices.say(Notice(f"step {number} failed", "error"))
    assert [notice.text for notice in core.notices.shown] == [f"step {number} failed" for number in range(97, 100)]
    assert len(core.notices.shown) == MOST_SHOWN


def test_news_of_one_thing_take_the_place_of_older_news_of_it(core):
    core.notices.say(Notice("fetching, 10 %", about="model a"))
    core.notices.say(Notice("fetching, 20 %", about="model a"))
    assert [notice.text for notice in core.notices.shown] == ["fetching, 20 %"]


def test_the_bar_shows_words_as_they_are_and_acts_once(core, shown):
    bar = shown(NoticeBar(core.notices, core.dress))
    acted = []
    core.notices.say(Notice("<b>no markup</b>", "warning", action="Mend it", act=lambda: acted.append(1)))
    assert any(label.text() == "<b>no markup</b>" for label in bar.findChildren(QLabel))
    bar.findChild(QPushButton).click()
    assert acted == [1]
    assert core.notices.shown == []
    assert not bar.isVisible()
