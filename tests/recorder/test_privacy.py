"""No key that goes to a password field is let through, whenever accessibility answers."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from recorder.entries import Entry, Glimpse, Noted
from recorder.focus import CAREFUL_SETTLE_NS, Answer, FocusLog
from recorder.keeping import Keeper, Look
from recorder.privacy import SecretFields, secret_name, shielded
from workbench.geometry import Rect
from workbench.inputs import InputEvent
from workbench.trajectory import Element, Window

MS = 1_000_000
WINDOW = Window(app="mail", title="Log in", bounds=Rect(0, 0, 400, 300))
STATES = ("editable", "focused", "showing")
NAME = Element("mail", "Log in", "text", "", Rect(10, 10, 100, 20), label="Name", index=0, states=STATES)
SECRET = Element(
    "mail",
    "Log in",
    "password text",
    "",
    Rect(10, 40, 100, 20),
    label="Password",
    index=1,
    states=STATES,
    password=True,
)


class Desk:
    """A keeper with its sink, driven by hand."""

    def __init__(self) -> None:
        self.out: list[Any] = []
        self.log, self.secrets = FocusLog(), SecretFields()
        self.searched = True
        self.keeper = Keeper(
            self.log,
            self.secrets,
            self.out.append,
            release=lambda shot: None,
            searched=lambda app: self.searched,
            harmless=lambda apps, since_ns: False,
        )

    def key(self, at_ms: int, keysym: str, text: str = "", *, up: bool = False) -> None:
        kind = "key_up" if up else "key_down"
        event = InputEvent(0, at_ms * MS, kind, keysym=keysym, text=text, keycode=ord(keysym[0]))  # type: ignore[arg-type]
        if keysym == "Tab" and not up:
            self.log.moved(event.monotonic_ns)
        self.keeper.add(Noted(event), held=frozenset(), look=Look(active=WINDOW), windows=[WINDOW])

    def answer(self, at_ms: int, element: Element | None) -> None:
        self.log.answered(Answer(at_ms * MS, at_ms * MS + 500_000, element))
        if element is not None and element.password:
            self.secrets.know(element)

    def texts(self) -> str:
        events = [entry.event for entry in self.out if isinstance(entry, Entry)]
        return "".join(event.text for event in events if event.kind == "key_down")

    def markers(self) -> list[str]:
        return [entry.event.text for entry in self.out if isinstance(entry, Entry) and entry.event.kind == "secret"]


def test_a_key_waits_until_its_focus_is_known() -> None:
    desk = Desk()
    desk.key(1000, "a", "a")
    assert desk.log.judge(1000 * MS, 1001 * MS, careful=False) == "wait"
    desk.answer(1001, NAME)
    desk.keeper.let_through()
    assert desk.texts() == "a"


def test_typing_into_a_password_field_leaves_one_marker_with_the_secrets_name_and_no_timing() -> None:
    desk = Desk()
    desk.key(1000, "Escape")
    for number, character in enumerate("geheim"):
        desk.key(2000 + 90 * number, character, character)
        desk.answer(2001 + 90 * number, SECRET)
        desk.key(2040 + 90 * number, character, up=True)
    desk.key(3000, "Return")
    desk.keeper.end()
    events = [entry.event for entry in desk.out if isinstance(entry, Entry)]
    assert [(event.kind, event.keysym) for event in events] == [
        ("key_down", "Escape"),
        ("secret", ""),
        ("key_down", "Return"),
    ]
    assert events[1].monotonic_ns == events[0].monotonic_ns
    assert desk.markers() == ["mail.password"]
    focused = [glimpse.focused for glimpse in desk.out if isinstance(glimpse, Glimpse) and glimpse.focused is not None]
    assert focused
    assert all(element.label == "Password" and element.value is None for element in focused)


def test_keys_typed_faster_than_the_focus_can_be_asked_are_secret_where_a_password_field_shows() -> None:
    desk = Desk()
    desk.secrets.know(SECRET)
    desk.key(1000, "Tab")
    desk.key(1001, "x", "x")
    desk.key(1002, "Tab")
    desk.key(1003, "y", "y")
    desk.answer(1160, NAME)
    desk.answer(1200, NAME)
    desk.keeper.let_through()
    assert desk.texts() == "y"
    assert desk.markers() == ["mail.password"]


def test_a_field_stays_secret_when_it_shows_its_text() -> None:
    fields = SecretFields()
    fields.know(SECRET)
    shown = Element("mail", "Log in", "text", "", SECRET.bounds, label="Password", index=1, value="geheim")
    kept = shielded(shown, fields)
    assert kept is not None
    assert kept.value is None
    assert kept.password


def test_the_place_of_a_password_field_is_covered_before_and_shortly_after_it_was_seen() -> None:
    fields = SecretFields()
    fields.know(SECRET)
    fields.gone(SECRET, 5_000 * MS)
    assert fields.covered(1_000 * MS) == [SECRET.bounds]
    assert fields.covered(5_500 * MS) == [SECRET.bounds]
    assert fields.covered(9_000 * MS) == []


def test_a_field_that_moved_is_covered_at_both_places() -> None:
    fields = SecretFields()
    fields.know(SECRET)
    moved = Element(**{name: getattr(SECRET, name) for name in SECRET.__struct_fields__} | {"bounds": Rect(0, 0, 9, 9)})
    fields.know(moved)
    assert fields.covered(1) == [SECRET.bounds, Rect(0, 0, 9, 9)]


@pytest.mark.parametrize(
    ("app", "label", "name"),
    [("mousepad", "Password:", "mousepad.password"), ("Säfe", "PIN Nr. 1", "safe.pin-nr-1"), ("", "", "secret")],
)
def test_a_secret_is_named_after_application_and_label(app: str, label: str, name: str) -> None:
    assert secret_name(app, label) == name


@dataclass(frozen=True)
class Move:
    """Typing happens `pause_ms` after what came before, in the field that Tab leads to."""

    secret: bool
    text: str
    pauses_ms: tuple[int, ...]
    asks_ms: tuple[int, ...]


MOVES = st.lists(
    st.builds(
        Move,
        st.booleans(),
        st.text("abc", min_size=1, max_size=5),
        st.lists(st.integers(0, 120), min_size=5, max_size=5).map(tuple),
        st.lists(st.integers(0, 400), max_size=6).map(tuple),
    ),
    min_size=1,
    max_size=6,
)


def test_fields_beside_a_password_are_read_once_two_answers_agree() -> None:
    desk = Desk()
    desk.secrets.know(SECRET)
    desk.key(1000, "Tab")
    desk.key(1200, "a", "a")
    desk.answer(1210, NAME)
    assert desk.log.judge(1200 * MS, 1211 * MS, careful=True) == "wait"
    desk.answer(1220, NAME)
    assert desk.log.judge(1200 * MS, 1221 * MS, careful=True) == "wait"
    desk.answer(1250, NAME)
    desk.keeper.let_through()
    assert desk.texts() == "a"


@pytest.mark.parametrize(
    ("searched", "answers_ms", "typed"), [(True, [60], "a"), (False, [60], ""), (False, [160, 200], "a")]
)
def test_where_not_everything_was_searched_one_answer_is_not_enough(
    searched: bool, answers_ms: list[int], typed: str
) -> None:
    desk = Desk()
    desk.searched = searched
    desk.key(1000, "Tab")
    desk.key(1001, "a", "a")
    for after_ms in answers_ms:
        desk.answer(1000 + after_ms, NAME)
    desk.keeper.let_through()
    assert desk.texts() == typed


def test_the_focus_of_a_window_that_has_just_come_up_is_no_proof_that_the_tab_in_it_took() -> None:
    log, bank = FocusLog(), replace(NAME, app="bank", bounds=Rect(500, 10, 100, 20))
    log.answered(Answer(900 * MS, 901 * MS, NAME, place=("mail", 1)))
    log.moved(1000 * MS)
    log.answered(Answer(1012 * MS, 1013 * MS, bank, place=("bank", 2)))
    assert log.judge(1010 * MS, 1020 * MS, careful=True, places={("bank", 2)}) == "wait"


def test_a_click_into_a_field_that_then_has_the_focus_needs_no_waiting() -> None:
    desk = Desk()
    desk.secrets.know(SECRET)
    desk.log.moved(1000 * MS, NAME.bounds.centre)
    desk.key(1010, "a", "a")
    desk.answer(1012, NAME)
    desk.keeper.let_through()
    assert desk.texts() == "a"


def test_an_answer_about_another_window_makes_no_key_public() -> None:
    log = FocusLog()
    log.moved(1000 * MS, NAME.bounds.centre)
    log.answered(Answer(1012 * MS, 1013 * MS, NAME, place=("mail", 1)))
    elsewhere = {("mail", 1), ("bank", 2)}
    assert log.judge(1010 * MS, 1020 * MS, careful=False, places=elsewhere) == "wait"
    assert log.judge(1010 * MS, 1020 * MS, careful=False, places={("mail", 1)}) == "public"


@given(MOVES, st.integers(0, CAREFUL_SETTLE_NS // MS - 1))
def test_whenever_accessibility_is_asked_no_secret_key_gets_through(moves: list[Move], delay_ms: int) -> None:
    desk = Desk()
    desk.secrets.know(SECRET)
    now_ms, asks = 1000, []
    focus: list[tuple[int, Element]] = [(0, NAME)]
    keys: list[tuple[int, str, str]] = []
    for move in moves:
        now_ms += 50
        keys.append((now_ms, "Tab", ""))
        focus.append((now_ms + delay_ms, SECRET if move.secret else NAME))
        asks += [now_ms + ask for ask in move.asks_ms]
        for pause in move.pauses_ms[: len(move.text)]:
            now_ms += pause
            keys.append((now_ms, "S" if move.secret else "n", "S" if move.secret else "n"))
    for at_ms, keysym, text in keys:
        desk.key(at_ms, keysym, text)
    for ask in sorted(asks):
        truth = [element for since_ms, element in focus if since_ms <= ask]
        desk.answer(ask, truth[-1])
    desk.keeper.end()
    assert "S" not in desk.texts()


def test_the_focus_that_another_window_had_just_before_is_not_where_a_key_went() -> None:
    log, left = FocusLog(), replace(NAME, app="recorder bar", label="A note")
    log.answered(Answer(100 * MS, 101 * MS, left))
    assert log.focused(150 * MS, "mail") == left, "nothing better is known"
    log.answered(Answer(160 * MS, 161 * MS, NAME))
    assert log.focused(150 * MS, "mail") == NAME
    assert log.focused(150 * MS, "recorder bar") == left


def test_the_focus_before_a_shortcut_is_that_from_before_it_happened_not_from_before_it_was_read() -> None:
    desk = Desk()
    desk.keeper.harmless = lambda apps, since_ns: True
    other = replace(NAME, label="Location", bounds=Rect(10, 200, 100, 20))
    desk.log.moved(900 * MS)
    desk.answer(980, NAME)
    desk.answer(1010, other)
    event = InputEvent(0, 1030 * MS, "key_down", keysym="l", keycode=46)
    desk.log.moved(event.monotonic_ns)
    noted = Noted(event, happened_ns=1000 * MS)
    desk.keeper.add(noted, held=frozenset({"ctrl"}), look=Look(active=WINDOW), windows=[WINDOW])
    desk.keeper.end()
    (seen,) = [glimpse.focused for glimpse in desk.out if isinstance(glimpse, Glimpse)]
    assert seen is not None
    assert seen.label == "Name"
