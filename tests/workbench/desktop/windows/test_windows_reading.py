"""What is read of Windows: hook reports, windows and elements."""

import importlib
import subprocess
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.desktop.atspi.roles import ROLE_NAMES, STATE_NAMES
from workbench.desktop.pynput_observer import KeyNews, MouseReader, PacketReader, key_event, keyboard_state
from workbench.desktop.windows import opening
from workbench.desktop.windows.injecting import utf16_units
from workbench.desktop.windows.shown import STYLE_TRANSPARENT, FoundWindow, app_name, is_shown, window_of
from workbench.desktop.windows.uia_mapping import (
    ROLES,
    UiaFacts,
    address_of,
    control_types_of,
    node_facts,
    role_of,
    states_of,
)
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect

EDIT, BUTTON, CHECK_BOX, WINDOW = 50004, 50000, 50002, 50032


def _mouse(delta: int = 0, *, flags: int = 0, x: int = -5, y: int = 9) -> SimpleNamespace:
    return SimpleNamespace(pt=SimpleNamespace(x=x, y=y), mouseData=(delta & 0xFFFF) << 16, flags=flags, time=77)


@pytest.mark.parametrize(
    ("message", "data", "kind", "button"),
    [
        (0x200, _mouse(), "move", ""),
        (0x201, _mouse(), "button_down", "left"),
        (0x205, _mouse(), "button_up", "right"),
        (0x207, _mouse(), "button_down", "middle"),
        (0x20B, _mouse(1), "button_down", "back"),
        (0x20C, _mouse(2), "button_up", "forward"),
    ],
)
def test_mouse_reports_become_events_with_place_and_time(
    message: int, data: SimpleNamespace, kind: str, button: str
) -> None:
    event = MouseReader().read(message, data, 5)
    assert event is not None
    assert (event.kind, event.button, event.point, event.server_ms) == (kind, button, Point(-5, 9), 77)
    assert (event.monotonic_ns, event.by_program) == (5, False)


@pytest.mark.parametrize("flags", [1, 2, 3])
def test_injected_input_is_told_apart_from_a_person(flags: int) -> None:
    event = MouseReader().read(0x201, _mouse(flags=flags), 0)
    assert event is not None
    assert event.by_program


@given(st.lists(st.integers(1, 500), min_size=1), st.sampled_from([1, -1]), st.sampled_from([0x20A, 0x20E]))
def test_small_wheel_movements_add_up_to_whole_notches(parts: list[int], sign: int, message: int) -> None:
    reader = MouseReader()
    events = [reader.read(message, _mouse(part * sign), 0) for part in parts]
    total = sum(event.dx if message == 0x20E else -event.dy for event in events if event)
    assert total == sign * (sum(parts) // 120)
    assert all(event.dx or event.dy for event in events if event)


def test_unknown_mouse_messages_are_no_events() -> None:
    assert MouseReader().read(0x999, _mouse(), 0) is None
    assert MouseReader().read(0x20B, _mouse(9), 0) is None


@pytest.mark.parametrize(
    ("news", "keysym", "text"),
    [
        (KeyNews(0x41, 30, 0, 0, True, "a"), "a", "a"),
        (KeyNews(0x41, 30, 0, 0, True, "A"), "A", "A"),
        (KeyNews(0xBB, 13, 0, 0, True, "+"), "plus", "+"),
        (KeyNews(0x0D, 28, 0, 0, True, "\r"), "Return", ""),
        (KeyNews(0x0D, 28, 1, 0, True, "\r"), "KP_Enter", ""),
        (KeyNews(0xA3, 29, 1, 0, True), "ctrl", ""),
        (KeyNews(0xDD, 13, 0, 0, True, "´", True), "dead_acute", ""),
        (KeyNews(0xE7, 0, 0, 0, True, "😀"), "U1F600", "😀"),
        (KeyNews(0x20, 57, 0, 0, True, " "), "space", " "),
    ],
)
def test_key_reports_become_events_in_the_words_of_x11(news: KeyNews, keysym: str, text: str) -> None:
    event = key_event(news, 0)
    assert event is not None
    assert (event.kind, event.keysym, event.text) == ("key_down", keysym, text)


def test_the_ctrl_that_altgr_makes_up_is_no_event() -> None:
    assert key_event(KeyNews(0xA2, 0x21D, 0, 0, True), 0) is None


def test_a_key_that_comes_up_types_nothing() -> None:
    event = key_event(KeyNews(0x41, 30, 0x10, 0, False, "a"), 0)
    assert event is not None
    assert (event.kind, event.text, event.by_program) == ("key_up", "", True)


@given(st.text())
def test_typed_characters_come_back_whole_from_their_halves(text: str) -> None:
    reader = PacketReader()
    pressed, released = [], []
    for unit in utf16_units(text):
        pressed.append(reader.read(unit))
        released.append(reader.read(unit))
    assert "".join(pressed) == "".join(released) == text


def test_half_a_character_without_the_other_is_no_event() -> None:
    assert PacketReader().read(0xDC00) == ""
    assert key_event(KeyNews(0xE7, 0, 0, 0, True, ""), 0) is None


def test_ctrl_alone_is_kept_from_the_layout_and_altgr_is_not() -> None:
    ctrl = keyboard_state(lambda code: code == 0x11, lambda _code: False)
    altgr = keyboard_state(lambda code: code in (0x11, 0x12), lambda _code: True)
    assert ctrl == bytes(256)
    assert (altgr[0x11], altgr[0x12], altgr[0x14]) == (0x80, 0x80, 1)


def _window(**changed: object) -> FoundWindow:
    plain = {
        "handle": 5,
        "title": "notes",
        "window_class": "Notepad",
        "bounds": Rect(-800, 0, 400, 300),
        "pid": 12,
        "image": "Notepad.EXE",
    }
    return FoundWindow(**{**plain, **changed})


def test_a_window_is_described_by_its_program_without_exe() -> None:
    window = window_of(_window())
    assert (window.app, window.title, window.pid, window.handle) == ("notepad", "notes", 12, 5)
    assert app_name("") == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"visible": False},
        {"minimised": True},
        {"cloaked": True},
        {"bounds": Rect(0, 0, 0, 300)},
        {"window_class": "Progman"},
        {"extended_style": STYLE_TRANSPARENT},
    ],
)
def test_windows_that_nobody_can_click_are_left_out(changed: dict[str, object]) -> None:
    assert is_shown(_window())
    assert not is_shown(_window(**changed))


def test_a_password_field_is_known_and_its_value_dropped() -> None:
    facts = node_facts(UiaFacts(EDIT, (1, 2), "Pin", value="4711", password=True))
    assert (facts.role, facts.password, facts.value) == ("password text", True, None)
    assert "4711" not in repr(facts)


@given(
    st.builds(
        UiaFacts,
        control_type=st.integers(49999, 50042),
        runtime_id=st.just((1,)),
        password=st.booleans(),
        value=st.just("secret-value"),
        class_name=st.sampled_from(["", "#32770"]),
        bounds=st.tuples(*[st.integers(-3000, 3000)] * 4),
        toggle=st.sampled_from([None, 0, 1, 2]),
        read_only=st.sampled_from([None, True, False]),
    )
)
def test_no_element_can_be_read_that_loses_its_role_or_leaks_a_password(facts: UiaFacts) -> None:
    found = node_facts(facts)
    assert found.states == tuple(sorted(set(found.states)))
    assert (found.value is None) == facts.password
    assert facts.control_type in control_types_of(found.role) or facts.control_type not in ROLES


@pytest.mark.parametrize(
    ("facts", "role", "state"),
    [
        (UiaFacts(CHECK_BOX, (1,), toggle=1), "check box", "checked"),
        (UiaFacts(CHECK_BOX, (1,), toggle=2), "check box", "indeterminate"),
        (UiaFacts(BUTTON, (1,), toggle=0), "toggle button", "checkable"),
        (UiaFacts(WINDOW, (1,), class_name="#32770"), "dialog", "enabled"),
        (UiaFacts(EDIT, (1,), read_only=False, focused=True), "text", "editable"),
        (UiaFacts(EDIT, (1,), bounds=(0, 0, 5, 5)), "text", "showing"),
    ],
)
def test_patterns_become_roles_and_states(facts: UiaFacts, role: str, state: str) -> None:
    assert role_of(facts) == role
    assert state in states_of(facts)


def test_an_element_off_the_screen_or_without_a_size_is_not_showing() -> None:
    assert "showing" not in states_of(UiaFacts(EDIT, (1,), bounds=(0, 0, 5, 5), offscreen=True))
    assert "showing" not in states_of(UiaFacts(EDIT, (1,), bounds=(5, 5, 5, 5)))
    assert "enabled" not in states_of(UiaFacts(EDIT, (1,), enabled=False))


def test_roles_and_states_are_words_of_at_spi() -> None:
    everything = UiaFacts(
        BUTTON, (1,), toggle=1, selected=True, expansion=1, read_only=True, focused=True, focusable=True
    )
    mixed = UiaFacts(BUTTON, (1,), bounds=(0, 0, 1, 1), toggle=2, read_only=False)
    assert {*ROLES.values(), "password text", "toggle button", "dialog"} <= {*ROLE_NAMES}
    assert {*states_of(everything), *states_of(mixed)} <= {*STATE_NAMES}


def test_a_label_counts_only_where_the_element_has_no_name_of_its_own() -> None:
    assert node_facts(UiaFacts(EDIT, (1,), labelled_by="City")).label == "City"
    assert node_facts(UiaFacts(EDIT, (1,), name="Town", labelled_by="City")).label == ""


def test_addresses_of_elements_are_their_run_time_identifiers() -> None:
    assert address_of((42, -7, 3)) == "42.-7.3"


def test_a_desktop_name_is_refused_because_windows_has_one_desktop() -> None:
    with pytest.raises(BadInputError, match="leave the name out"):
        opening.open_desktop(":1")


@pytest.mark.parametrize(
    "module", ["native", "uia", "screens", "keyboard", "pointer", "windows", "injecting", "opening"]
)
def test_every_module_imports_where_windows_is_not(module: str) -> None:
    assert importlib.import_module(f"workbench.desktop.windows.{module}")


def test_importing_the_backends_loads_no_foreign_package() -> None:
    code = (
        "import sys, workbench.desktop.windows.opening, workbench.desktop.macos.opening, workbench.desktop.windows.uia;"
        "import workbench.desktop.macos.ax, workbench.desktop.macos.observer, workbench.desktop.pynput_observer;"
        "print([m for m in ('pynput', 'uiautomation', 'comtypes', 'Quartz', 'AppKit', 'cv2') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
