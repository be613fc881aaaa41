"""What is sent to macOS for pointer and keyboard."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.desktop.held import Held
from workbench.desktop.macos import key_codes
from workbench.desktop.macos.injecting import (
    KeyStroke,
    MouseStroke,
    Stroke,
    TextStroke,
    WheelStroke,
    event_type,
)
from workbench.desktop.macos.key_codes import FLAGS
from workbench.desktop.macos.keyboard import MacKeyboard, chord_for
from workbench.desktop.macos.layout import Chord, characters
from workbench.desktop.macos.pointer import ClickCounter, MacPointer
from workbench.desktop.macos.scaling import Display, PointSpace
from workbench.errors import BadInputError, UnavailableError
from workbench.geometry import Point

SPACE = PointSpace((Display("built-in", 0, 0, 800, 600, 2.0, primary=True), Display("desk", -400, 0, 400, 300)))
US = {"a": Chord(0), "A": Chord(0, ("shift",)), "s": Chord(1), "+": Chord(24, ("shift",))}


class Sent(list[Stroke]):
    """What would have reached the system, and where the pointer then is."""

    def __init__(self, *, allowed: bool = True) -> None:
        super().__init__()
        self.allowed = allowed
        self.at = (0.0, 0.0)

    def __call__(self, strokes: Sequence[Stroke]) -> None:
        self.extend(strokes)
        for stroke in strokes:
            if self.allowed and isinstance(stroke, MouseStroke):
                self.at = (stroke.x, stroke.y)


def _hands(sent: Sent) -> tuple[MacPointer, MacKeyboard]:
    held = Held()
    return MacPointer(held, sent, lambda: SPACE, lambda: sent.at), MacKeyboard(held, sent, lambda: US)


@given(st.integers(-800, 1599), st.integers(0, 599))
def test_the_pointer_goes_to_the_pixel_it_was_told_on_every_display(x: int, y: int) -> None:
    sent = Sent()
    pointer, _ = _hands(sent)
    pointer.move(Point(x, y))
    assert pointer.position() == Point(x, y)
    assert sent == [MouseStroke("move", x / 2, y / 2)]


def test_a_pointer_that_may_not_move_says_where_to_allow_it() -> None:
    pointer, _ = _hands(Sent(allowed=False))
    with pytest.raises(UnavailableError, match="Accessibility"):
        pointer.move(Point(100, 100))


def test_the_second_press_in_place_is_a_double_click_and_one_elsewhere_is_not() -> None:
    clicks = ClickCounter()
    assert clicks.press("left", Point(5, 5), 0.0) == 1
    assert clicks.press("left", Point(6, 5), 0.2) == 2
    assert clicks.press("left", Point(6, 5), 0.4) == 3
    assert clicks.press("left", Point(60, 5), 0.5) == 1
    assert clicks.press("right", Point(60, 5), 0.6) == 1
    assert clicks.press("right", Point(60, 5), 1.2) == 1


def test_moving_with_a_button_down_drags_and_carries_the_modifiers() -> None:
    sent = Sent()
    pointer, keyboard = _hands(sent)
    keyboard.press("shift")
    pointer.press("right")
    pointer.move(Point(20, 20))
    pointer.release("right")
    pointer.move(Point(30, 20))
    kinds = [(stroke.kind, stroke.button, stroke.flags) for stroke in sent if isinstance(stroke, MouseStroke)]
    shift = FLAGS["shift"]
    assert kinds == [
        ("down", "right", shift), ("drag", "right", shift), ("up", "right", shift), ("move", "left", shift),
    ]  # fmt: skip


def test_scrolling_carries_lines_and_modifiers() -> None:
    sent = Sent()
    pointer, _ = _hands(sent)
    pointer.scroll(1, -3)
    assert sent == [WheelStroke(1, -3)]


@pytest.mark.parametrize(
    ("kind", "button", "number"),
    [
        ("down", "left", 1), ("up", "left", 2), ("down", "right", 3), ("up", "right", 4), ("move", "left", 5),
        ("drag", "left", 6), ("drag", "right", 7), ("down", "middle", 25), ("up", "back", 26), ("drag", "forward", 27),
    ],
)  # fmt: skip
def test_mouse_events_have_the_types_of_quartz(kind: str, button: str, number: int) -> None:
    assert event_type(kind, button) == number


def test_a_shortcut_carries_the_flags_of_its_modifiers_and_lets_go_of_them() -> None:
    sent = Sent()
    _, keyboard = _hands(sent)
    for key in ("super", "plus"):
        keyboard.press(key)
    for key in ("plus", "super"):
        keyboard.release(key)
    command, shift = FLAGS["super"], FLAGS["shift"]
    assert sent == [
        KeyStroke(0x37, down=True, flags=command),
        KeyStroke(24, down=True, flags=command | shift),
        KeyStroke(24, down=False, flags=command),
        KeyStroke(0x37, down=False, flags=0),
    ]


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_typed_text_arrives_character_by_character(text: str) -> None:
    sent = Sent()
    _hands(sent)[1].type_text(text)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    typed = [
        stroke.text if isinstance(stroke, TextStroke) else {0x24: "\n", 0x30: "\t"}[stroke.code]
        for stroke in sent
        if isinstance(stroke, TextStroke | KeyStroke) and stroke.down
    ]
    assert "".join(typed) == plain
    assert len(sent) == 2 * len(plain)


def test_release_all_lets_go_of_keys_and_buttons() -> None:
    sent = Sent()
    pointer, keyboard = _hands(sent)
    keyboard.press("ctrl")
    pointer.press("left")
    sent.clear()
    keyboard.release_all()
    assert [type(stroke) for stroke in sent] == [MouseStroke, KeyStroke]
    assert sent[1] == KeyStroke(0x3B, down=False, flags=0)


@pytest.mark.parametrize("name", ["", "NoSuchKey", "U0416", "F99"])
def test_a_name_that_no_key_of_the_layout_has_is_refused(name: str) -> None:
    with pytest.raises(BadInputError, match="no key"):
        chord_for(name, lambda: US)


@pytest.mark.parametrize("name", sorted(key_codes.NAMED))
def test_every_named_key_is_recognised_when_it_is_pressed(name: str) -> None:
    assert key_codes.name_of(key_codes.NAMED[name]) == name


def test_the_plainest_chord_types_a_character() -> None:
    found = characters({(0, 0): "a", (0, 2): "A", (0, 8): "å", (5, 2): "a", (6, 0): "\x10", (7, 0): "ab"})
    assert found == {"a": Chord(0), "A": Chord(0, ("shift",)), "å": Chord(0, ("alt",))}
