"""What is sent to Windows for pointer and keyboard."""

import ctypes
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.desktop.held import Held
from workbench.desktop.windows import virtual_keys
from workbench.desktop.windows.injecting import (
    KEY_EXTENDED,
    KEY_UNICODE,
    KEY_UP,
    Input,
    KeyStroke,
    MouseStroke,
    Stroke,
    absolute,
    packed,
    utf16_units,
)
from workbench.desktop.windows.keyboard import Layout, WindowsKeyboard, chord_for
from workbench.desktop.windows.pointer import button_stroke, physical, wheel_strokes
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect

DESKTOPS = st.builds(Rect, st.integers(-16000, 0), st.integers(-16000, 0), st.integers(1, 16000), st.integers(1, 16000))
SHIFT, US = 0x100, {"a": 0x41, "A": 0x141, "s": 0x53, "+": 0x1BB, "=": 0xBB, "@": 0x132}


class Sent(list[Stroke]):
    """What would have reached the system."""

    def __call__(self, strokes: Sequence[Stroke]) -> None:
        self.extend(strokes)


def _keyboard(sent: Sent, down: frozenset[int] = frozenset()) -> WindowsKeyboard:
    layout = Layout(lambda character: US.get(character, -1), lambda _code: 0, lambda code: code in down)
    return WindowsKeyboard(Held(), sent, layout)


@given(DESKTOPS, st.data())
def test_an_absolute_coordinate_comes_back_as_the_same_pixel_however_windows_rounds(
    desktop: Rect, data: st.DataObject
) -> None:
    x = data.draw(st.integers(desktop.x, desktop.right - 1))
    y = data.draw(st.integers(desktop.y, desktop.bottom - 1))
    across, down = absolute(Point(x, y), desktop)
    assert 0 <= across <= 65535
    assert 0 <= down <= 65535
    assert across * desktop.width // 65536 + desktop.x == x
    assert down * desktop.height // 65536 + desktop.y == y
    assert round(across * (desktop.width - 1) / 65535) + desktop.x == x


def test_the_input_structure_has_the_size_that_64_bit_windows_checks() -> None:
    assert ctypes.sizeof(Input) == 40


def test_packed_strokes_hold_what_was_asked_for() -> None:
    array = packed([KeyStroke(0x41, 30, KEY_UP), MouseStroke(0x0800, data=-120)])
    assert (array[0].kind, array[0].either.key.code, array[0].either.key.scan, array[0].either.key.flags) == (
        1,
        65,
        30,
        2,
    )
    assert (array[1].kind, array[1].either.mouse.flags, array[1].either.mouse.data) == (0, 0x0800, 0xFFFFFF88)


@given(st.text())
def test_typed_text_arrives_as_its_utf16_units_pressed_and_released(text: str) -> None:
    sent = Sent()
    _keyboard(sent).type_text(text)
    keys = [stroke for stroke in sent if isinstance(stroke, KeyStroke)]
    typed = [stroke.scan for stroke in keys if stroke.flags == KEY_UNICODE]
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert tuple(typed) == utf16_units(plain.replace("\n", "").replace("\t", ""))
    assert [stroke.code for stroke in keys if stroke.code].count(0x0D) == 2 * plain.count("\n")
    assert len([k for k in keys if not k.flags & KEY_UP]) == len([k for k in keys if k.flags & KEY_UP])


def test_modifiers_that_somebody_holds_come_up_before_text_and_are_not_pressed_again() -> None:
    sent = Sent()
    keyboard = _keyboard(sent, frozenset({0xA3}))
    keyboard.press("ctrl")
    sent.clear()
    keyboard.type_text("x")
    assert sent[0] == KeyStroke(0xA2, 0, KEY_UP)
    assert sent[1] == KeyStroke(0xA3, 0, KEY_UP | KEY_EXTENDED)
    assert [stroke for stroke in sent if stroke.code and not stroke.flags & KEY_UP] == []


def test_a_shortcut_presses_in_order_and_releases_what_it_pressed() -> None:
    sent = Sent()
    keyboard = _keyboard(sent)
    for key in ("ctrl", "plus"):
        keyboard.press(key)
    for key in ("plus", "ctrl"):
        keyboard.release(key)
    codes = [(stroke.code, bool(stroke.flags & KEY_UP)) for stroke in sent]
    assert codes == [
        (0xA2, False), (0xA0, False), (0xBB, False),
        (0xBB, True), (0xA0, True), (0xA2, True),
    ]  # fmt: skip


def test_a_modifier_that_is_held_already_stays_down_when_the_key_comes_up() -> None:
    sent = Sent()
    keyboard = _keyboard(sent)
    keyboard.press("shift")
    keyboard.press("A")
    keyboard.release("A")
    assert [stroke.code for stroke in sent] == [0xA0, 0x41, 0x41]


@given(st.lists(st.sampled_from(["ctrl", "shift", "alt", "a", "A", "plus", "Return", "F4"]), max_size=8))
def test_release_all_leaves_nothing_down_whatever_was_pressed(keys: list[str]) -> None:
    sent = Sent()
    keyboard = _keyboard(sent)
    for key in keys:
        keyboard.press(key)
    keyboard.release_all()
    down: set[int] = set()
    for stroke in sent:
        (down.discard if stroke.flags & KEY_UP else down.add)(stroke.code)
    assert down == set()


@pytest.mark.parametrize("name", ["", "NoSuchKey", "U0416", "😀", "F99"])
def test_a_name_that_no_key_of_the_layout_has_is_refused(name: str) -> None:
    with pytest.raises(BadInputError, match="no key"):
        chord_for(name, lambda character: US.get(character, -1))


@pytest.mark.parametrize("name", sorted(virtual_keys.NAMED))
def test_every_named_key_is_recognised_when_it_is_pressed(name: str) -> None:
    key = virtual_keys.NAMED[name]
    assert virtual_keys.name_of(key.code, extended=key.extended) == name


def test_exchanged_mouse_buttons_are_exchanged_back() -> None:
    assert [physical(button, swapped=True) for button in ("left", "right", "middle", "back")] == [
        "right", "left", "middle", "back",
    ]  # fmt: skip
    assert physical("left", swapped=False) == "left"


@pytest.mark.parametrize(
    ("button", "down", "up"),
    [("left", 2, 4), ("right", 8, 16), ("middle", 32, 64), ("back", 128, 256), ("forward", 128, 256)],
)
def test_buttons_go_down_and_up_with_the_flags_of_windows(button: str, down: int, up: int) -> None:
    assert (button_stroke(button, down=True).flags, button_stroke(button, down=False).flags) == (down, up)


def test_the_wheel_turns_down_for_positive_and_right_for_positive() -> None:
    assert wheel_strokes(0, 2) == (MouseStroke(0x0800, data=-240),)
    assert wheel_strokes(3, 0) == (MouseStroke(0x1000, data=360),)
    assert wheel_strokes(0, 0) == ()
