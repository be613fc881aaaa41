"""The tables of the protocol."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.desktop.atspi.roles import (
    ROLE_NAMES,
    STATE_NAMES,
    role_name,
    role_number,
    role_words,
    state_names,
    state_words,
)


def test_roles_stand_at_the_numbers_of_the_protocol() -> None:
    known = {7: "check box", 23: "frame", 40: "password text", 43: "push button", 61: "text", 79: "entry", 88: "link"}
    known |= {95: "document web", 116: "static", 130: "switch"}
    assert {number: ROLE_NAMES[number] for number in known} == known


def test_states_stand_at_the_bits_of_the_protocol() -> None:
    known = {1: "active", 7: "editable", 12: "focused", 25: "showing", 30: "visible", 43: "read-only"}
    assert {bit: STATE_NAMES[bit] for bit in known} == known


@given(st.integers(0, len(ROLE_NAMES) - 1))
def test_every_role_has_one_number(number: int) -> None:
    assert role_number(role_name(number)) == number


@given(st.integers().filter(lambda number: not 0 <= number < len(ROLE_NAMES)))
def test_a_role_of_a_later_version_is_unknown(number: int) -> None:
    assert role_name(number) == "unknown"


@given(st.sets(st.sampled_from(STATE_NAMES)))
def test_states_survive_the_way_through_words(names: set[str]) -> None:
    words = [word & 0xFFFFFFFF for word in state_words(*names)]
    assert state_names(words) == tuple(sorted(names))


def test_words_of_roles_are_signed_as_the_protocol_wants() -> None:
    assert role_words("image map") == [0, 0, 0, 1 << 4, 0]
    assert role_words("list") == [-(1 << 31), 0, 0, 0, 0]
