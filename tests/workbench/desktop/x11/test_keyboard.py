import os
import signal
import threading

import pytest
from Xlib import X

from workbench.desktop.x11.xkb import Xkb
from workbench.errors import BadInputError, StoppedError

MIXED = "Hello, World! <a@b.c> ~`'\"^ äöüß é€ – „so“ жЯщ λπ 日本語 한글 😀👍🏽 e\u0301a\u0308 ∑≤→ שלום"


def _down(link) -> set[int]:
    pressed = link.query_keymap()
    return {code for code in range(8, 256) if pressed[code // 8] >> code % 8 & 1}


@pytest.mark.parametrize(("layout", "variant"), [("us", ""), ("de", ""), ("fr", ""), ("us", "intl"), ("ru,us", "")])
def test_any_text_arrives_exactly_whatever_the_layout(editor, set_layout, layout, variant):
    set_layout(layout, variant)
    assert editor.typed(lambda: editor.desktop.keyboard.type_text(MIXED)) == MIXED


def test_more_foreign_characters_than_keycodes_arrive_exactly(editor):
    text = "".join(chr(code) for code in range(0x410, 0x450)) * 3 + "".join(chr(code) for code in range(0x3B1, 0x3C9))
    assert editor.typed(lambda: editor.desktop.keyboard.type_text(text)) == text


def test_newlines_and_tabs_are_keys(editor):
    assert editor.typed(lambda: editor.desktop.keyboard.type_text("a\r\nb\n\tc")) == "a\nb\n\tc"


def test_typing_is_right_while_modifiers_are_held_and_caps_is_locked(editor, link):
    keyboard, xkb = editor.desktop.keyboard, Xkb(link)

    def act() -> None:
        keyboard.press("shift")
        xkb.lock(X.LockMask, X.LockMask)
        link.sync()
        keyboard.type_text("aB1ж")
        assert xkb.state().locked & X.LockMask
        assert xkb.state().base & X.ShiftMask
        keyboard.release("shift")
        xkb.lock(X.LockMask, 0)
        link.sync()

    assert editor.typed(act) == "aB1ж"


def test_a_modifier_that_another_program_holds_does_not_change_the_text(editor, link):
    def act() -> None:
        link.xtest_fake_input(X.KeyPress, 37)
        link.sync()
        editor.desktop.keyboard.type_text("quiet")

    assert editor.typed(act) == "quiet"
    assert _down(link) == set()


def test_typing_leaves_no_key_down_and_the_layout_as_it_was(desktop, canvas, link):
    canvas()
    before = Xkb(link).map_bytes()
    desktop.keyboard.type_text("Aж{")
    assert _down(link) == set()
    desktop.keyboard.close()
    assert Xkb(link).map_bytes() == before


def test_a_chord_reaches_the_window_with_its_modifiers(desktop, canvas):
    window = canvas()
    for key in ("ctrl", "shift", "s"):
        desktop.keyboard.press(key)
    for key in ("s", "shift", "ctrl"):
        desktop.keyboard.release(key)
    last = window.events(X.KeyPress)[-1]
    assert (last.detail, last.state & 0xFF) == (39, X.ControlMask | X.ShiftMask)


def test_a_key_on_a_higher_level_brings_its_modifiers_along(desktop, canvas, link):
    window = canvas()
    desktop.keyboard.press("ctrl")
    desktop.keyboard.press("plus")
    assert len(_down(link)) == 3
    desktop.keyboard.release("plus")
    desktop.keyboard.release("ctrl")
    assert window.events(X.KeyPress)[-1].state & 0xFF == X.ControlMask | X.ShiftMask
    assert _down(link) == set()


def test_a_key_that_the_layout_lacks_can_be_pressed_and_leaves_no_trace(desktop, canvas, link, unrepeated):
    window, before = canvas(), Xkb(link).map_bytes()
    desktop.keyboard.press("я")
    desktop.keyboard.release("я")
    assert len(window.events(X.KeyPress)) == 1
    desktop.keyboard.close()
    assert Xkb(link).map_bytes() == before


@pytest.mark.parametrize("name", ["enter", "Ctrl", "", "nonsense"])
def test_a_name_that_no_keyboard_has_is_refused(desktop, link, name):
    with pytest.raises(BadInputError, match="no keyboard has"):
        desktop.keyboard.press(name)
    assert _down(link) == set()


def test_a_control_character_is_refused_before_anything_is_typed(desktop, canvas):
    window = canvas()
    with pytest.raises(BadInputError, match=r"U\+0007"):
        desktop.keyboard.type_text("abc\x07")
    assert window.events(X.KeyPress) == []


def test_letting_go_of_a_key_that_is_not_held_does_nothing(desktop, canvas):
    window = canvas()
    desktop.keyboard.release("a")
    assert window.events(X.KeyRelease) == []


def test_release_all_lets_go_of_keys_and_buttons(desktop, canvas, link):
    canvas()
    for key in ("ctrl", "alt", "A"):
        desktop.keyboard.press(key)
    desktop.pointer.press("left")
    desktop.pointer.press("back")
    desktop.keyboard.release_all()
    assert _down(link) == set()
    assert not link.screen().root.query_pointer().mask & 0xFF00


def test_closing_the_desktop_lets_go_of_everything(desktop, link):
    desktop.keyboard.press("super")
    assert _down(link)
    desktop.keyboard.close()
    assert _down(link) == set()


def test_releasing_everything_from_another_thread_ends_a_text_in_its_middle(desktop, canvas, link, wait_until):
    window, text, raised = canvas(), "Ab" * 20_000, []

    def type_it() -> None:
        try:
            desktop.keyboard.type_text(text)
        except StoppedError as stop:
            raised.append(stop)

    desktop.keyboard.press("ctrl")
    assert len(window.events(X.KeyPress)) == 1
    typist = threading.Thread(target=type_it)
    typist.start()
    begun = []
    wait_until(lambda: begun.extend(window.events(X.KeyPress)) or begun, "the beginning of the text")
    desktop.keyboard.release_all()
    typist.join()
    assert raised
    assert len(begun) + len(window.events(X.KeyPress)) < len(text)
    assert _down(link) == set()


def test_an_application_that_hangs_does_not_hold_up_releasing(desktop, editor, link, wait_until):
    many = "".join(chr(code) for code in range(0x410, 0x450))
    hung = desktop.windows.active().pid
    os.kill(hung, signal.SIGSTOP)
    raised = []

    def type_it() -> None:
        try:
            desktop.keyboard.type_text(many)
        except StoppedError as stop:
            raised.append(stop)

    typist = threading.Thread(target=type_it)
    typist.start()
    wait_until(lambda: desktop.keyboard._listener is not None, "waiting for the application")
    desktop.keyboard.release_all()
    typist.join(60)
    os.kill(hung, signal.SIGCONT)
    assert raised
    assert _down(link) == set()
