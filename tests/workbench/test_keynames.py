"""Keys as people, models and other tools write them are read into the names of an action, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.actions import PressKeys
from workbench.desktop.macos import key_codes
from workbench.desktop.windows import virtual_keys
from workbench.keynames import MODIFIERS, NAMED, keysym, pressed


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("ctrl+s", ("ctrl", "s")),
        ("Ctrl + S", ("ctrl", "s")),
        ("shift+ctrl+T", ("ctrl", "shift", "t")),
        ("enter", ("Return",)),
        ("Return", ("Return",)),
        ("Enter key", ("Return",)),
        ("page down", ("Page_Down",)),
        ("Page_Up", ("Page_Up",)),
        ("down arrow", ("Down",)),
        ("cmd+c", ("super", "c")),
        ("F11", ("F11",)),
        ("alt+f4", ("alt", "F4")),
        ("+", ("plus",)),
        ("ctrl++", ("ctrl", "plus")),
        ("/", ("slash",)),
        ("ö", ("odiaeresis",)),
        ("A", ("A",)),
        ("super", ("super",)),
        ("KP_Enter", ("KP_Enter",)),
    ],
)
def test_keys_are_read_as_they_are_meant(words, keys):
    assert pressed(words) == PressKeys(keys)


@pytest.mark.parametrize(
    "words", ["", "s+s", "banana", "ctrl+banana", "a+b", "ctrl+ctrl", "ctrl+s+ctrl", "hello world"]
)
def test_what_no_key_is_called_is_refused(words):
    with pytest.raises(ValueError, match="key"):
        pressed(words)


@given(st.sets(st.sampled_from(sorted(MODIFIERS)), max_size=3), st.sampled_from(sorted(NAMED)), st.booleans())
def test_modifiers_stand_first_in_one_order_however_they_are_written(modifiers, key, loud):
    names = {MODIFIERS[name] for name in modifiers}
    distinct = sorted({MODIFIERS[name]: name for name in modifiers}.values())
    words = "+".join([*distinct, key])
    action = pressed(words.upper() if loud else words)
    assert set(action.keys[:-1]) == names
    assert list(action.keys[:-1]) == [name for name in ("ctrl", "shift", "alt", "super") if name in names]
    assert action.keys[-1].casefold() == NAMED[key].casefold()


def test_every_named_key_is_known_to_other_systems_too():
    known = set(virtual_keys.NAMED) | {"plus", "minus"}
    assert set(NAMED.values()) - known == set()
    assert {"Return", "Tab", "Escape", "Page_Down", "Left", "Delete", "F12"} <= set(key_codes.NAMED)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_and_never_breaks(words):
    try:
        action = pressed(words)
    except ValueError:
        return
    assert 1 <= len(action.keys) <= 5


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("winleft", "super"), ("ctrlright", "ctrl"), ("altleft", "alt"), ("num7", "KP_7"), ("prtscr", "Print"),
        ("apps", "Menu"), ("volumeup", "XF86AudioRaiseVolume"), ("add", "KP_Add"), ("\t", "Tab"), ("\n", "Return"),
        ("Key.ctrl_l", "ctrl"), ("Key.print_screen", "Print"), ("Key.cmd_r", "super"),
        ("Key.alt_gr", "ISO_Level3_Shift"), ("'a'", "a"),
        ("'''", "apostrophe"),
        ("<shift>", "shift"), ("Key.media_play_pause", "XF86AudioPlay"), ("Key.caps_lock", "Caps_Lock"),
        ("Control_L", "ctrl"), ("Super_R", "super"), ("Prior", "Page_Up"), ("KP_Enter", "KP_Enter"), ("KP_5", "KP_5"),
        ("XF86Back", "XF86Back"), ("ISO_Level3_Shift", "ISO_Level3_Shift"), ("eacute", "eacute"), ("U0416", "U0416"),
        ("dead_acute", "dead_acute"), ("Meta_L", "super"),
        ("ArrowLeft", "Left"), ("KeyA", "a"), ("Digit5", "5"), ("NumpadEnter", "KP_Enter"), ("Numpad0", "KP_0"),
        ("ControlOrMeta", "ctrl"), ("MetaLeft", "super"), ("BracketLeft", "bracketleft"), ("Backquote", "grave"),
        ("Quote", "apostrophe"), ("Comma", "comma"), ("ContextMenu", "Menu"), ("AltGraph", "ISO_Level3_Shift"),
        ("VK_RETURN", "Return"), ("VK_MENU", "alt"), ("VK_LWIN", "super"), ("VK_BACK", "BackSpace"), ("VK_A", "a"),
        ("VK_OEM_PERIOD", "period"), ("VK_NUMPAD3", "KP_3"), ("VK_SNAPSHOT", "Print"), ("VK_APPS", "Menu"),
        ("a", "a"), ("A", "A"), ("+", "plus"), (" ", "space"), ("€", "EuroSign"), ("Page Down", "Page_Down"),
        ("enter", "Return"), ("F12", "F12"), ("Eacute", "Eacute"), ("plus", "plus"),
    ],
)  # fmt: skip
def test_a_key_is_known_by_the_name_that_another_tool_gives_it(name, key):
    assert keysym(name) == key


@pytest.mark.parametrize("name", ["", "banana", "Unidentified", "Key.", "VK_", "ctrl+s", "F99", "x" * 10_000, "<>"])
def test_what_no_tool_calls_a_key_is_none(name):
    assert keysym(name) is None


@pytest.mark.parametrize("name", sorted({*virtual_keys.NAMED, *key_codes.NAMED} - {"Help"}))
def test_the_names_that_the_workbench_uses_itself_are_read_as_they_are(name):
    assert keysym(name) == name


@given(st.text(max_size=50))
def test_a_name_that_was_read_is_read_as_itself_again(name):
    key = keysym(name)
    assert key is None or keysym(key) == key
