"""An order counts from the moment at which it was given, whatever waited before it was handled."""

import itertools
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from recorder.entries import Entry, Forget, Glimpse, Noted
from recorder.exclusion import Exclusion
from recorder.eyes import Eyes
from recorder.hotkeys import HotkeyWatch
from recorder.leaving_out import LeavingOut
from recorder.looking import Looker
from recorder.options import Hotkeys, RecordingOptions
from recorder.recording import Recorder
from recorder.reduce import reduce
from recorder.ring import Picture, Shot
from recorder.watching import Order, Watcher
from workbench.actions import PressKeys, TypeText
from workbench.desktop.dry import DryAccessibility, DryDesktop, DryWindows
from workbench.geometry import Rect
from workbench.inputs import EventKind, InputEvent
from workbench.library.store import Library
from workbench.trajectory import Element, Window

WAIT_S = 60.0
MS = 1_000_000
SECRET = "hunter2"
PIXELS = np.zeros((1, 1, 4), np.uint8)
WINDOW = Window("mail", "Log in", Rect(0, 0, 400, 300), handle=1)
STATES = ("editable", "focused", "showing")
NAME = Element("mail", "Log in", "text", "", Rect(10, 10, 100, 20), label="Name", value="", states=STATES)
PIN = replace(NAME, label="Pin", bounds=Rect(10, 40, 100, 20), index=1, value=SECRET)


class Desk(DryAccessibility):
    """An application whose focus is `elements[0]`; while `silent` it answers nothing in time."""

    def __init__(self, focused: Element = NAME) -> None:
        super().__init__([focused])
        self.silent = False

    def find(self, **wanted: Any) -> list[Element]:
        self.unanswered += self.silent
        return [] if self.silent else super().find(**wanted)

    def focused(self) -> Element | None:
        return None if self.silent else self.elements[0]

    def speaks_for(self, app: str) -> bool | None:
        return None if self.silent else True


class Watched:
    """A watcher that is fed through its inbox, and what it passed on."""

    def __init__(self, desk: Desk | None = None) -> None:
        self.out: list[Any] = []
        self.heard: list[str] = []
        self.desk = desk or Desk()
        self.active = WINDOW
        eyes = Eyes(DryWindows([WINDOW], lambda deed: None), self.desk)
        self.watcher = Watcher(
            looker=Looker(eyes, None, Exclusion()),
            capture=None,
            leaving_out=LeavingOut(Exclusion(), eyes),
            hotkeys=HotkeyWatch.of(Hotkeys()),
            sink=self.out.append,
            heard=self.heard.append,
            failed=lambda sentence: pytest.fail(sentence),
        )
        self._now_ns, self._read = time.monotonic_ns(), 0

    def go_on(self) -> None:
        """What comes from here on is read now."""
        self._now_ns = time.monotonic_ns()

    def ns(self, ms: float) -> int:
        """A moment so long ago."""
        return self._now_ns - round(ms * MS)

    def key(self, ago_ms: float, keysym: str, *, up: bool = False, read_ms: float = 0) -> Noted:
        """A key that happened so long ago, and was read just now, or so long ago."""
        self._read += 1
        read_ns, text = self.ns(read_ms) + self._read, keysym if len(keysym) == 1 and not up else ""
        kind: EventKind = "key_up" if up else "key_down"
        event = InputEvent(0, read_ns, kind, keysym=keysym, text=text, keycode=9 + sum(map(ord, keysym)) % 200)
        return Noted(event, happened_ns=self.ns(ago_ms))

    def hotkey(self, ago_ms: float, letter: str) -> list[Noted]:
        held = ("Control_L", "Alt_L")
        downs = [self.key(ago_ms, name) for name in (*held, letter)]
        return [*downs, *(self.key(ago_ms, name, up=True) for name in (letter, *held))]

    def feed(self, *things: Noted | Order) -> None:
        for thing in things:
            self.watcher.inbox.put(thing, quietly=True)
        self.watcher.inbox.wake()

    def run(self, *things: Noted | Order) -> None:
        """All in one go, from the beginning to the end."""
        self.feed(*things, Order("stop"))
        self.watcher.start()
        self.watcher.join()

    def until(self, condition: Callable[[], Any]) -> Any:
        end_s = time.monotonic() + WAIT_S
        while not (found := condition()):
            assert time.monotonic() < end_s, self.out
            time.sleep(0.005)
        return found

    def events(self) -> list[InputEvent]:
        found = [message.event for message in self.out if isinstance(message, Entry)]
        return [replace(event, seq=number) for number, event in enumerate(found, 1)]

    def typed(self) -> str:
        return "".join(event.text for event in self.events() if event.kind == "key_down")

    def seen(self) -> list[Element]:
        glimpses = [message for message in self.out if isinstance(message, Glimpse)]
        return [each for glimpse in glimpses for each in (glimpse.element, glimpse.focused) if each is not None]


def orders_and_keys(watched: Watched) -> dict[str, list[Noted | Order]]:
    """A person types b, pauses, types p, goes on and types a; all of it waited."""
    return {
        "P": [Order("pause", given_ns=watched.ns(4000))],
        "R": [Order("resume", given_ns=watched.ns(2000))],
        "b": [watched.key(5000, "b"), watched.key(4900, "b", up=True)],
        "p": [watched.key(3000, "p"), watched.key(2900, "p", up=True)],
        "a": [watched.key(1000, "a"), watched.key(900, "a", up=True)],
    }


@pytest.mark.parametrize("turn", ["PRbpa", "bpaPR", "PbRpa", "bPRpa", "PbpRa", "bpPRa", "PbpaR", "bpPaR"])
def test_whether_a_key_falls_into_a_pause_is_decided_by_when_both_happened(turn: str) -> None:
    watched = Watched()
    things = orders_and_keys(watched)
    watched.run(*itertools.chain.from_iterable(things[each] for each in turn))
    assert [event.keysym or event.kind for event in watched.events()] == ["b", "b", "pause", "resume", "a", "a"]
    assert [step.action for step in reduce(watched.events(), [])] == [TypeText("b"), TypeText("a")]


def test_what_was_typed_before_a_pause_is_not_lost_though_it_is_read_after_it_and_nothing_follows() -> None:
    watched = Watched()
    things = orders_and_keys(watched)
    watched.run(*things["P"], *things["b"], *things["p"])
    assert [event.keysym or event.kind for event in watched.events()] == ["b", "b", "pause"]


@pytest.mark.parametrize("turn", ["bpaPR", "PRbpa"])
def test_a_key_that_is_held_across_the_end_of_a_pause_tells_nothing(turn: str) -> None:
    watched = Watched()
    things = orders_and_keys(watched)
    things["p"].pop()
    things["a"] = [watched.key(1500, "p"), watched.key(1400, "p", up=True), *things["a"], watched.key(500, "p")]
    watched.run(*itertools.chain.from_iterable(things[each] for each in turn))
    assert watched.typed() == "bap", "what repeats is left out with the press, another press is not"
    assert [event.keysym for event in watched.events() if event.kind == "key_up"] == ["b", "a"]


def test_a_key_that_is_held_into_a_pause_leaves_no_modifier_behind() -> None:
    watched = Watched()
    shift = [watched.key(5000, "Shift_L"), watched.key(3000, "Shift_L", up=True)]
    things = orders_and_keys(watched)
    watched.run(shift[0], *things["P"], shift[1], *things["R"], *things["a"])
    assert [step.action for step in reduce(watched.events(), [])] == [TypeText("a")]


def test_a_secret_key_whose_release_falls_into_a_pause_does_not_swallow_a_later_one() -> None:
    watched = Watched()
    in_secret = watched.key(5500, "Control_L"), watched.key(4500, "Control_L", up=True)
    watched.run(
        Order("secret", given_ns=watched.ns(6000)),
        in_secret[0],
        Order("pause", given_ns=watched.ns(5000)),
        in_secret[1],
        Order("resume", given_ns=watched.ns(4000)),
        Order("secret", given_ns=watched.ns(3500)),
        *(watched.key(3000, "Control_L"), watched.key(2900, "c"), watched.key(2800, "Control_L", up=True)),
        watched.key(1000, "b"),
    )
    assert [step.action for step in reduce(watched.events(), [])] == [PressKeys(("ctrl", "c")), TypeText("b")]


def test_a_pause_that_comes_too_late_takes_back_what_was_passed_on_already() -> None:
    watched = Watched()
    early, late = watched.key(5000, "b"), watched.key(3000, "p")
    watched.feed(early, late)
    watched.watcher.start()
    watched.until(lambda: watched.typed() == "bp")
    watched.feed(Order("pause", given_ns=watched.ns(4000)), Order("stop"))
    watched.watcher.join()
    (forgotten,) = [message for message in watched.out if isinstance(message, Forget)]
    assert forgotten.since_ns == early.event.monotonic_ns, "what was seen beside it may be from the pause"


def test_what_a_field_holds_in_a_pause_is_not_seen_beside_a_key_from_before_it() -> None:
    watched = Watched(Desk(replace(NAME, value=f"b{SECRET}")))
    watched.run(watched.key(10, "b"), Order("pause"))
    assert watched.typed() == "b"
    assert [(element.label, element.value) for element in watched.seen()] == [("Name", None)]


@pytest.mark.parametrize("gap_ms", [0, 20])
def test_the_hotkey_pauses_and_resumes_at_the_moment_at_which_it_was_pressed(gap_ms: int) -> None:
    watched = Watched()
    watched.run(
        watched.key(5000, "b"),
        *watched.hotkey(4000, "p"),
        watched.key(4000 - gap_ms, "x"),
        watched.key(2000 + gap_ms, "y"),
        *watched.hotkey(2000, "p"),
        watched.key(1000, "a"),
    )
    assert watched.typed() == "ba"
    assert watched.heard == ["pause", "resume"]


def test_forgetting_counts_from_when_it_was_asked_for() -> None:
    watched = Watched()
    given_ns = watched.ns(10_000)
    kept, forgotten = watched.key(11_500, "k", read_ms=11_500), watched.key(10_500, "f", read_ms=10_500)
    on_its_way, later = watched.key(10_400, "w"), watched.key(100, "l")
    watched.run(kept, forgotten, Order("forget", seconds=1, given_ns=given_ns), on_its_way, later)
    assert [message.since_ns for message in watched.out if isinstance(message, Forget)] == [given_ns - 1000 * MS]
    assert watched.typed() == "kl"


@pytest.mark.parametrize("turn", ["SEbpa", "bpaSE", "SbEpa"])
def test_what_was_typed_while_it_was_a_secret_is_one_whenever_that_is_handled(turn: str) -> None:
    watched = Watched()
    things = orders_and_keys(watched)
    things["S"] = [Order("secret", given_ns=watched.ns(4000))]
    things["E"] = [Order("secret", given_ns=watched.ns(2000))]
    watched.run(*itertools.chain.from_iterable(things[each] for each in turn))
    assert "p" not in watched.typed()
    assert watched.typed().startswith("b")
    assert [event.text for event in watched.events() if event.kind == "secret"] == ["mail.secret"]


def secret_typed(watched: Watched) -> Iterable[Noted]:
    yield from watched.hotkey(3000, "k")
    yield watched.key(2500, "h")
    yield from watched.hotkey(2000, "k")


def look_at(watched: Watched, *elements: Element) -> None:
    """Press on each of them, in an application that answers."""
    for element in elements:
        event = InputEvent(0, time.monotonic_ns(), "button_down", element.bounds.centre, button="left")
        watched.feed(Noted(event), Noted(replace(event, kind="button_up", monotonic_ns=event.monotonic_ns + 1)))
        watched.until(lambda label=element.label: any(label == one.label for one in watched.seen()))
    watched.feed(Order("stop"))
    watched.watcher.join()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a busy machine takes from one line to the next, no press is read too late."""
    monkeypatch.setattr("recorder.looking.LATE_NS", 60_000_000_000)


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("silent", [False, True], ids=["on and off in one go", "in a silent application"])
def test_the_field_of_a_secret_is_found_after_the_secret(silent: bool) -> None:
    watched = Watched(Desk(PIN))
    watched.desk.silent = silent
    watched.feed(*secret_typed(watched))
    watched.watcher.start()
    watched.until(lambda: watched.heard == ["secret"] * 2)
    watched.desk.silent = False
    watched.until(lambda: watched.watcher.looker.secrets.holds(PIN))
    watched.until(lambda: not watched.watcher.looker.secrets.veils)
    watched.desk.elements.append(replace(NAME, value="bob", states=("editable", "showing")))
    look_at(watched, PIN, NAME)
    assert {(one.label, one.value) for one in watched.seen()} == {("Pin", None), ("Name", "bob")}


@pytest.mark.usefixtures("unhurried")
def test_the_field_of_a_secret_is_kept_out_though_what_was_typed_is_still_on_its_way() -> None:
    watched = Watched(Desk(PIN))
    watched.feed(Order("secret", given_ns=watched.ns(3000)), Order("secret", given_ns=watched.ns(2000)))
    watched.watcher.start()
    watched.until(lambda: watched.heard == ["secret"] * 2)
    look_at(watched, PIN)
    assert {one.value for one in watched.seen()} == {None}


@pytest.mark.usefixtures("unhurried")
def test_where_the_field_of_a_secret_cannot_be_found_any_more_its_window_is_not_seen() -> None:
    watched = Watched(Desk(PIN))
    watched.desk.silent = True
    watched.feed(*secret_typed(watched), watched.key(1000, "Tab"))
    watched.watcher.start()
    watched.until(lambda: watched.heard == ["secret"] * 2)
    watched.desk.silent = False
    watched.desk.elements.insert(0, NAME)
    watched.desk.elements[1] = replace(PIN, states=("editable", "showing"))
    look_at(watched, NAME, PIN)
    assert {(one.label, one.value) for one in watched.seen()} == {("Pin", None), ("Name", None)}
    assert WINDOW.bounds in watched.watcher.looker.secrets.covered(time.monotonic_ns())
    assert WINDOW.bounds not in watched.watcher.looker.secrets.covered(watched.ns(3500))


@pytest.mark.usefixtures("unhurried")
def test_of_two_fields_that_a_secret_went_to_the_one_that_nobody_named_is_kept_out_too() -> None:
    watched = Watched()
    watched.feed(Order("secret", given_ns=watched.ns(3000)))
    watched.watcher.start()
    watched.until(lambda: watched.watcher.looker.secrets.holds(NAME) and not watched.watcher.looker.secrets.veils)
    watched.desk.silent = True
    watched.go_on()
    tab, typed, tab_again = watched.key(900, "Tab"), watched.key(800, "h"), watched.key(700, "Tab")
    watched.feed(tab, typed, tab_again, Order("secret"))
    watched.until(lambda: watched.heard == ["secret"] * 2)
    watched.desk.silent = False
    watched.desk.elements.append(replace(PIN, states=("editable", "showing")))
    look_at(watched, PIN)
    assert {one.value for one in watched.seen()} == {None}


def test_a_veil_follows_its_window_and_the_field_of_a_terminal_needs_none() -> None:
    watched = Watched(Desk(replace(NAME, role="terminal", value=SECRET)))
    looker, now_ns = watched.watcher.looker, time.monotonic_ns()
    looker.expect_secret(now_ns, now_ns, [WINDOW])
    moved = replace(WINDOW, bounds=Rect(500, 0, 400, 300))
    looker.follow_veils([moved])
    assert looker.secrets.covered(time.monotonic_ns()) == [WINDOW.bounds, moved.bounds]
    looker.see_active()
    watched.until(lambda: looker.learn_secret(now=True) or not looker.secrets.veils)
    assert looker.secrets.known() == []


PILL = Window("pill", "Recording", Rect(1000, 0, 100, 50), handle=2, pid=77)
OWN = Exclusion(own_pids=(77,))


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """A silent application in a secret; the window that is active is `watched.active`."""
    watched = Watched(Desk(PIN))
    watched.desk.silent = True
    looker = watched.watcher.looker
    looker.exclusion = OWN
    monkeypatch.setattr(looker.eyes.windows, "active", lambda: watched.active)
    watched.feed(Order("secret"))
    watched.watcher.start()
    watched.until(lambda: looker.secrets.veils)
    return watched


def test_a_window_that_got_the_focus_by_itself_in_a_secret_gets_a_veil_too(silent: Watched) -> None:
    asked = replace(WINDOW, app="pinentry", handle=5)
    silent.active = asked
    looker = silent.watcher.looker
    silent.until(lambda: looker.active == asked)
    silent.go_on()
    silent.feed(silent.key(0, "h"))
    silent.until(lambda: {veil.window for veil in looker.secrets.veils} == {WINDOW, asked})
    silent.feed(Order("stop"))
    silent.watcher.join()


def test_an_answer_about_another_window_lifts_no_veil(silent: Watched) -> None:
    silent.active = PILL
    silent.desk.elements.insert(0, replace(NAME, app="pill", window="Recording", role="push button", label="Hide"))
    looker = silent.watcher.looker
    silent.feed(Order("secret"))
    silent.desk.silent = False
    silent.until(lambda: any(answer.place == ("pill", 2) for answer in list(looker.log._answers)))
    silent.feed(Order("stop"))
    silent.watcher.join()
    assert not looker.secrets.holds(PIN)
    assert [veil.window for veil in looker.secrets.veils] == [WINDOW]


def test_no_picture_from_within_a_secret_is_kept_though_the_order_is_handled_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched, picture, early = Watched(), Picture(Shot(PIXELS), None, 0), Picture(Shot(PIXELS), None, 0)
    released: list[Any] = []
    monkeypatch.setattr(watched.watcher, "_release", released.append)
    monkeypatch.setattr(watched.watcher._keeper, "release", released.append)
    press = InputEvent(0, watched.ns(0), "button_down", NAME.bounds.centre, button="left")
    watched.run(
        watched.key(4000, "b"),
        Noted(press, early, watched.ns(3500)),
        Order("secret", given_ns=watched.ns(3600)),
        Order("secret", given_ns=watched.ns(2000)),
        Noted(press, picture, watched.ns(3000)),
    )
    assert [message for message in watched.out if isinstance(message, Glimpse) and message.picture] == []
    assert early in released
    assert picture in released


def test_what_was_pressed_in_a_window_that_is_left_out_and_released_in_a_pause_is_heard_when_pressed_again() -> None:
    watched = Watched()
    leaving_out, down = LeavingOut(OWN, watched.watcher.looker.eyes), watched.key(100, "Control_L").event
    assert leaving_out.judge(down, [PILL]) == "more"
    assert leaving_out.judge(down, [WINDOW]) is None
    assert leaving_out.judge(replace(down, kind="key_up"), [WINDOW]) is None, "or it would be held for good"


class Searched(DryAccessibility):
    """An application that takes until `gate` opens to say which password fields it shows."""

    def __init__(self) -> None:
        super().__init__([NAME])
        self.searched = False

    def find(self, **wanted: Any) -> list[Element]:
        time.sleep(0.3)
        self.searched = True
        return super().find(**wanted)


def test_a_recording_is_ready_when_all_windows_have_been_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.recording.SEARCHED_S", WAIT_S)
    dry = DryDesktop(windows=[WINDOW], elements=[NAME])
    accessibility = Searched()
    object.__setattr__(dry.desktop, "accessibility", accessibility)
    with Library.open(tmp_path) as library:
        recorder = Recorder(dry.desktop, library, RecordingOptions())
        recorder.start()
        searched = accessibility.searched
        recorder.stop()
    assert searched
