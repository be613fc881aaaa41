"""Keys that answer a run while another program has the keyboard, on a real X display."""

from threading import Event
from types import SimpleNamespace

import pytest

from ui.orders.desktops import Place
from ui.qt.run.everywhere import KeysEverywhere
from ui.qt.run.helm import Helm, Waiting
from workbench.desktop.hand import Hand, KeyDown, KeyUp
from workbench.desktop.private import PrivateDesktop


@pytest.fixture(scope="module")
def desktop():
    with PrivateDesktop.start((320, 240)) as started:
        yield started


@pytest.fixture
def person(desktop):
    """Presses keys together on that desktop."""
    hand = Hand(desktop.environment(), lambda _text: None)

    def press(*keys: str) -> None:
        for key in keys:
            hand.do(KeyDown(key))
        for key in reversed(keys):
            hand.do(KeyUp(key))

    yield press
    ended = Event()
    hand.close(ended.set)  # its keys are up before the next test presses any
    assert ended.wait(60)


@pytest.fixture
def table(core, desktop, until, monkeypatch):
    """A helm that waits for what a test says, its keys, and the answers that were given."""
    helm, given = Helm(core), []
    monkeypatch.setattr(helm, "_decide", lambda decision: given.append(decision.word))
    monkeypatch.setattr(helm, "go_on", lambda: given.append("go on"))
    monkeypatch.setattr(helm, "stop", lambda: given.append("stop"))
    keys = KeysEverywhere(core, helm, desktop.display)

    def ask(waiting: Waiting | None, *words: str) -> None:
        helm._set(waiting)
        until(lambda: tuple(keys.keys) == words)
        until(lambda: not keys._settling.isActive())

    made = SimpleNamespace(helm=helm, keys=keys, given=given, ask=ask, core=core)
    yield made
    monkeypatch.setattr(Helm, "running", False)
    made.ask(None)


DECISION = Waiting("decision", 1)


def test_a_step_is_decided_by_keys_that_work_everywhere(table, person, until):
    table.ask(DECISION, "approve", "reject", "take over")
    person("ctrl", "alt", "Return")
    until(lambda: table.given == ["approve"])
    person("ctrl", "alt", "BackSpace")
    person("ctrl", "alt", "t")
    until(lambda: table.given == ["approve", "reject", "take-over"])


def test_the_key_of_approval_lets_a_run_go_on_that_paused(table, person, until):
    table.ask(Waiting("hands", 1), "approve")
    person("ctrl", "alt", "Return")
    until(lambda: table.given == ["go on"])


def test_a_question_that_has_just_come_up_is_not_answered(table, person, until, monkeypatch):
    table.ask(DECISION, "approve", "reject", "take over")
    table.keys._settling.start(60_000)
    heard, press = [], table.keys._press
    monkeypatch.setattr(table.keys, "_press", lambda word: (press(word), heard.append(word)))
    person("ctrl", "alt", "Return")
    person("ctrl", "alt", "t")
    until(lambda: heard == ["approve", "take over"])
    table.keys._settling.stop()
    person("ctrl", "alt", "BackSpace")
    until(lambda: table.given == ["reject"])


def test_a_run_on_a_private_desktop_is_stopped_from_this_one_even_while_nothing_is_asked(table, person, until):
    table.helm.place, table.helm._conductor._running = Place({}, ":1", private=True), True
    table.ask(None, "stop")
    person("ctrl", "alt", "Escape")
    until(lambda: table.given == ["stop"])
    table.helm._conductor._running = False


def test_a_key_that_another_program_has_is_told_once_and_the_others_work(table, core, desktop, person, until):
    table.ask(DECISION, "approve", "reject", "take over")
    other = KeysEverywhere(core, table.helm, desktop.display)
    other.refresh()
    until(lambda: not other._busy and len(core.notices.shown) == 3)
    assert not other.keys
    assert tuple(table.keys.keys) == ("approve", "reject", "take over")
    assert any("another program has taken ctrl+alt+t" in each.text for each in core.notices.shown)
    table.helm._set(None)
    until(lambda: not other._busy and not table.keys._busy and not other._taken.words)


def test_nothing_is_taken_where_the_window_is_on_no_display_of_x11(core):
    helm = Helm(core)
    keys = KeysEverywhere(core, helm, None)
    helm._set(DECISION)
    keys.refresh()
    assert not keys._busy
