"""Names of keys agree with X11's."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.desktop.keysyms import character_of, dead_name_of, name_of

PRINTED = [chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))]


@given(st.characters(exclude_categories=("Cs", "Cc")))
def test_every_character_has_a_name_that_leads_back_to_it(character: str) -> None:
    assert character_of(name_of(character)) == character


@pytest.mark.skipif(sys.platform != "linux", reason="python-xlib is only installed where X11 is")
@pytest.mark.parametrize("character", PRINTED)
def test_names_of_latin_characters_are_those_of_x11(character: str) -> None:
    from Xlib import XK

    XK.load_keysym_group("latin1")
    # python-xlib has only the older of the two names that X11 gives this letter.
    known = {"Oslash": "Ooblique"}.get(name_of(character), name_of(character))
    assert XK.string_to_keysym(known) == ord(character)


@given(st.text(max_size=8))
def test_no_name_whatever_it_is_stands_for_more_than_one_character(name: str) -> None:
    assert len(character_of(name)) <= 1


def test_names_of_keys_that_type_nothing_stand_for_no_character() -> None:
    assert [character_of(name) for name in ("Return", "F4", "Up", "UD800", "U110000", "")] == [""] * 6


def test_dead_keys_are_named_after_their_accent() -> None:
    assert dead_name_of("´") == "dead_acute"
    assert dead_name_of("x") == ""
