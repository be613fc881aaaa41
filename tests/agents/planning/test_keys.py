"""Keys as people and models write them are read into the names of an action, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.planning.keys import MODIFIERS, NAMED, pressed
from workbench.actions import PressKeys
from workbench.desktop.macos import key_codes
from workbench.desktop.windows import virtual_keys


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
