import ctypes
import ctypes.util

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.desktop.x11 import keysyms

PRINTABLE = st.characters(exclude_categories=("Cs", "Cc"))


@given(PRINTABLE)
def test_the_keysym_of_a_character_types_that_character(character):
    assert keysyms.text_of(keysyms.keysym_of(character)) == character


@given(st.sampled_from([0xFF0D, 0xFF55, 0xFFBE, 0x61, 0x41, 0x20AC, 0x6C1, 0x7F3, 0xFE51, 0x1008FF11, 0x1000436]))
def test_the_name_of_a_keysym_leads_back_to_it(keysym):
    assert keysyms.named(keysyms.name_of(keysym)) == keysym


@given(PRINTABLE)
def test_a_single_character_names_a_key_that_types_it(character):
    assert not character.isprintable() or keysyms.text_of(keysyms.named(character)) == character


@pytest.mark.parametrize("name", ["", "NoSuchKey", "U12", "U110000", "ctrl+a", "\x00", "enter"])
def test_what_no_keyboard_has_is_not_named(name):
    assert keysyms.named(name) == 0


@pytest.mark.parametrize(
    "name", ["Return", "BackSpace", "F4", "Shift_L", "dead_acute", "ISO_Level3_Shift", "Multi_key"]
)
def test_function_modifier_and_dead_keys_type_nothing(name):
    assert keysyms.named(name)
    assert keysyms.text_of(keysyms.named(name)) == ""


def test_national_keysyms_type_what_xkbcommon_says():
    path = ctypes.util.find_library("xkbcommon")
    if path is None:
        pytest.skip("libxkbcommon is not installed")
    to_utf32 = ctypes.CDLL(path).xkb_keysym_to_utf32
    to_utf32.restype = ctypes.c_uint32
    known = {
        code: to_utf32(code) for code in [*range(0x100, 0x800), *range(0xC00, 0xE00), *range(0xEA1, 0xED4), 0x20AC]
    }
    assert {code: keysyms.text_of(code) for code, text in known.items() if text} == {
        code: chr(text) for code, text in known.items() if text
    }
