"""What is read of macOS: events, windows, elements and permissions."""

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.desktop.atspi.roles import ROLE_NAMES, STATE_NAMES
from workbench.desktop.macos import opening
from workbench.desktop.macos.ax_mapping import ROLES, SUBROLES, AxFacts, name_of, node_facts, role_of, states_of
from workbench.desktop.macos.permissions import Permissions, require_ears, require_eyes_and_hands
from workbench.desktop.macos.reading import EventNews, EventReader
from workbench.desktop.macos.scaling import Display, PointSpace
from workbench.desktop.macos.shown import FoundWindow, found_window, front_window, takes_clicks, window_at, window_of
from workbench.errors import BadInputError, UnavailableError
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent

SPACE = PointSpace((Display("built-in", 0, 0, 800, 600, 2.0, primary=True),))
SCREEN = Rect(0, 0, 1600, 1200)


def _reader() -> EventReader:
    return EventReader(SPACE.to_pixel)


def _one(news: EventNews) -> InputEvent:
    [event] = _reader().read(news, 5)
    return event


@pytest.mark.parametrize(
    ("news", "kind", "button"),
    [
        (EventNews(1, 3, 4), "button_down", "left"),
        (EventNews(4, 3, 4, button=1), "button_up", "right"),
        (EventNews(25, 3, 4, button=2), "button_down", "middle"),
        (EventNews(25, 3, 4, button=3), "button_down", "back"),
        (EventNews(26, 3, 4, button=4), "button_up", "forward"),
        (EventNews(5, 3, 4), "move", ""),
        (EventNews(27, 3, 4, button=2), "move", ""),
    ],
)
def test_mouse_events_are_read_in_desktop_pixels(news: EventNews, kind: str, button: str) -> None:
    event = _one(news)
    assert (event.kind, event.button, event.point) == (kind, button, Point(6, 8))


def test_events_of_programs_are_told_apart_and_stamped() -> None:
    event = _one(EventNews(1, process=77, time_ns=5_000_000))
    assert event.by_program
    assert event.server_ms == 5
    assert not _one(EventNews(1)).by_program


@given(st.lists(st.integers(1, 90), min_size=1), st.sampled_from([1, -1]))
def test_small_trackpad_movements_add_up_to_whole_lines(parts: list[int], sign: int) -> None:
    reader = _reader()
    events = [event for part in parts for event in reader.read(EventNews(22, up=sign * part, continuous=True), 0)]
    assert sum(event.dy for event in events) == -sign * (sum(parts) // 10)


def test_a_wheel_counts_lines_positive_down_and_right() -> None:
    event = _one(EventNews(22, up=-2, left=-1))
    assert (event.dx, event.dy) == (1, 2)
    assert _reader().read(EventNews(22), 0) == ()


@pytest.mark.parametrize(
    ("news", "keysym", "text"),
    [
        (EventNews(10, key=0, text="a"), "a", "a"),
        (EventNews(10, key=0, text="å"), "aring", "å"),
        (EventNews(10, key=0x24, text="\r"), "Return", ""),
        (EventNews(10, key=0x7E, text="\uf700"), "Up", ""),
        (EventNews(10, key=0x31, text=" "), "space", " "),
        (EventNews(10, key=8, flags=0x40000, text="\x03"), "", ""),
    ],
)
def test_keys_are_named_in_the_words_of_x11(news: EventNews, keysym: str, text: str) -> None:
    event = _one(news)
    if keysym:
        assert event.keysym == keysym
    assert (event.kind, event.text, event.keycode) == ("key_down", text, news.key)


def test_a_key_that_comes_up_types_nothing() -> None:
    event = _one(EventNews(11, key=0, text="a"))
    assert (event.kind, event.keysym, event.text) == ("key_up", "a", "")


@pytest.mark.parametrize(
    ("key", "flags", "kind"),
    [
        (0x38, 0x20002, "key_down"),
        (0x38, 0x20004, "key_up"),
        (0x3C, 0x20004, "key_down"),
        (0x38, 0x100, "key_up"),
        (0x38, 0x20000, "key_down"),
    ],
)
def test_one_shift_may_come_up_while_the_other_stays_down(key: int, flags: int, kind: str) -> None:
    event = _one(EventNews(12, key=key, flags=flags))
    assert (event.kind, event.keysym) == (kind, "shift")


def test_caps_lock_is_pressed_and_released_and_unknown_keys_are_nothing() -> None:
    assert [event.kind for event in _reader().read(EventNews(12, key=0x39), 0)] == ["key_down", "key_up"]
    assert _reader().read(EventNews(12, key=0x3F), 0) == ()
    assert _reader().read(EventNews(99), 0) == ()


def _entry(**changed: object) -> dict[str, object]:
    bounds = {"X": -5.0, "Y": 10.0, "Width": 100.0, "Height": 50.0}
    plain = {"kCGWindowNumber": 7, "kCGWindowOwnerName": "TextEdit", "kCGWindowOwnerPID": 12, "kCGWindowBounds": bounds}
    return {**plain, **changed}


def test_an_entry_of_the_window_list_is_read_in_desktop_pixels() -> None:
    found = found_window(_entry(kCGWindowName="notes"), SPACE)
    window = window_of(found, "TextEdit")
    assert (window.app, window.title, window.bounds) == ("TextEdit", "notes", Rect(-10, 20, 200, 100))
    assert (window.pid, window.handle) == (12, 7)


def test_an_entry_that_says_almost_nothing_is_still_read() -> None:
    found = found_window({}, SPACE)
    assert found == FoundWindow(0, "", 0, "", Rect(0, 0, 0, 0))
    assert not takes_clicks(found, [SCREEN])


MENU = FoundWindow(1, "TextEdit", 12, "", Rect(0, 0, 50, 200), layer=101)
DOCK = FoundWindow(2, "Dock", 9, "", SCREEN, layer=20)
BAR = FoundWindow(3, "Dock", 9, "", Rect(400, 1100, 800, 100), layer=20)
CURSOR = FoundWindow(4, "Window Server", 1, "Cursor", Rect(0, 0, 30, 30), layer=2_000_000)
GHOST = FoundWindow(5, "Overlay", 8, "", SCREEN, alpha=0.0)
NOTES = FoundWindow(6, "TextEdit", 12, "notes", Rect(0, 0, 400, 300))
MAIL = FoundWindow(7, "Mail", 13, "inbox", Rect(0, 0, 1000, 900))
STACK = [CURSOR, MENU, DOCK, BAR, GHOST, NOTES, MAIL]


@pytest.mark.parametrize(
    ("point", "number"),
    [(Point(10, 10), 1), (Point(300, 10), 6), (Point(500, 500), 7), (Point(500, 1150), 3), (Point(1590, 5), None)],
)
def test_the_window_at_a_point_is_the_topmost_that_takes_clicks(point: Point, number: int | None) -> None:
    found = window_at(STACK, point, [SCREEN])
    assert (found.number if found else None) == number


def test_the_active_window_is_the_topmost_normal_one_of_the_focused_process() -> None:
    assert front_window(STACK, 13) == MAIL
    assert front_window(STACK, None) == NOTES
    assert front_window(STACK, 99) is None


def test_a_secure_field_is_known_and_its_value_dropped() -> None:
    facts = node_facts(AxFacts("1", "AXTextField", "AXSecureTextField", title="Pin", value="4711"))
    assert (facts.role, facts.password, facts.value) == ("password text", True, None)
    assert "4711" not in repr(facts)


@given(
    st.builds(
        AxFacts,
        address=st.just("1"),
        role=st.sampled_from([*ROLES, "AXUnknown", ""]),
        subrole=st.sampled_from([*SUBROLES, ""]),
        value=st.just("secret-value"),
        title=st.sampled_from(["", "title"]),
        enabled=st.sampled_from([None, True, False]),
    )
)
def test_no_element_can_be_read_that_leaks_a_password(facts: AxFacts) -> None:
    found = node_facts(facts)
    assert found.role
    assert found.states == tuple(sorted(set(found.states)))
    assert ("enabled" in found.states) == (facts.enabled is not False)
    if facts.subrole == "AXSecureTextField":
        assert found.value is None
        assert "secret-value" not in (found.label, found.description)


@pytest.mark.parametrize(
    ("facts", "role", "state"),
    [
        (AxFacts("1", "AXCheckBox", value="1"), "check box", "checked"),
        (AxFacts("1", "AXCheckBox", value="2"), "check box", "indeterminate"),
        (AxFacts("1", "AXTextArea", settable=True), "text", "multi-line"),
        (AxFacts("1", "AXTextField", settable=True), "text", "editable"),
        (AxFacts("1", "AXWindow", "AXDialog"), "dialog", "enabled"),
        (AxFacts("1", "AXRow", selected=True), "table row", "selected"),
        (AxFacts("1", "AXButton", visible=Rect(0, 0, 5, 5)), "push button", "showing"),
    ],
)
def test_attributes_become_roles_and_states(facts: AxFacts, role: str, state: str) -> None:
    assert role_of(facts) == role
    assert state in states_of(facts)


def test_an_element_scrolled_out_of_its_window_is_not_showing() -> None:
    assert "showing" not in states_of(AxFacts("1", "AXButton", bounds=Rect(0, 0, 5, 5), visible=None))


def test_roles_and_states_are_words_of_at_spi() -> None:
    everything = AxFacts(
        "1", "AXTextArea", selected=True, expanded=True, settable=True, focused=True, bounds=SCREEN, visible=SCREEN
    )
    assert {*ROLES.values(), *SUBROLES.values()} <= {*ROLE_NAMES}
    assert {*states_of(everything), *states_of(AxFacts("1", "AXCheckBox", value="2"))} <= {*STATE_NAMES}


def test_names_come_from_the_title_then_the_description_then_the_printed_text() -> None:
    assert name_of(AxFacts("1", "AXButton", title="Save", description="saves")) == "Save"
    assert name_of(AxFacts("1", "AXButton", description="saves")) == "saves"
    assert name_of(AxFacts("1", "AXStaticText", value="Total")) == "Total"
    assert name_of(AxFacts("1", "AXTextField", value="typed text")) == ""


@pytest.mark.parametrize(
    ("granted", "pane"),
    [
        (Permissions(False, True, True), "Screen & System Audio Recording"),
        (Permissions(True, False, True), "Accessibility"),
    ],
)
def test_a_missing_permission_is_named_with_the_place_to_give_it(granted: Permissions, pane: str) -> None:
    with pytest.raises(UnavailableError, match=f"System Settings > Privacy & Security > {pane}"):
        require_eyes_and_hands(granted)


def test_recording_needs_input_monitoring_and_nothing_else_does() -> None:
    require_eyes_and_hands(Permissions(True, True, False))
    with pytest.raises(UnavailableError, match="Input Monitoring"):
        require_ears(Permissions(True, True, False))
    require_ears(Permissions(False, False, True))


def test_a_desktop_name_is_refused_because_macos_has_one_desktop() -> None:
    with pytest.raises(BadInputError, match="leave the name out"):
        opening.open_desktop(":1")


@pytest.mark.parametrize(
    "module", ["ax", "displays", "keyboard", "layout", "observer", "opening", "pointer", "windows", "permissions"]
)
def test_every_module_imports_where_macos_is_not(module: str) -> None:
    assert importlib.import_module(f"workbench.desktop.macos.{module}")
