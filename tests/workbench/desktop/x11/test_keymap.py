import pytest

from workbench.desktop.x11 import keysyms
from workbench.desktop.x11.keymap import LOCK, SHIFT, Key, Keymap, KeyType, parse
from workbench.desktop.x11.xkb import State, Xkb

ONE = KeyType(0, {})
TWO = KeyType(SHIFT, {SHIFT: 1})
LETTER = KeyType(SHIFT | LOCK, {SHIFT: 1, LOCK: 1})


def _symbol(key: Key, state: State) -> str:
    return chr(Keymap({38: key}, {}).keysym(38, state))


def test_shift_and_caps_lock_cancel_each_other_on_a_letter():
    key = Key(((LETTER, (ord("a"), ord("A"))),))
    states = [State(), State(SHIFT), State(LOCK), State(SHIFT | LOCK)]
    assert [_symbol(key, state) for state in states] == ["a", "A", "A", "a"]


def test_caps_lock_capitalises_what_a_type_without_it_gives():
    assert _symbol(Key(((TWO, (ord("a"), ord("b"))),)), State(LOCK)) == "A"


@pytest.mark.parametrize(("overflow", "found"), [(0x00, "a"), (0x40, "b"), (0x80, "a"), (0x90, "b")])
def test_a_group_that_a_key_lacks_wraps_clamps_or_is_redirected(overflow, found):
    key = Key(((ONE, (ord("a"),)), (ONE, (ord("b"),))), overflow)
    assert _symbol(key, State(group=2)) == found


def test_a_key_without_groups_gives_nothing():
    assert Keymap({8: Key(())}, {}).keysym(8, State()) == 0
    assert Keymap({}, {}).keysym(9, State()) == 0


@pytest.mark.parametrize(
    ("layout", "variant", "present", "absent"),
    [
        ("us", "", "aA1!~", "äé€я"),
        ("de", "", "äÄß€@~", "éя"),
        ("fr", "", "éèç&€", "ж"),
        ("us", "intl", "äéß'\"", "я"),
        ("ru", "", "яЯё№", "ä"),
    ],
)
def test_the_characters_of_a_layout_are_found_and_lead_back(link, set_layout, layout, variant, present, absent):
    set_layout(layout, variant)
    keymap = parse(Xkb(link).map_bytes())
    strokes = keymap.strokes(0).by_character
    assert set(present) <= set(strokes)
    assert not set(absent) & set(strokes)
    for character, stroke in strokes.items():
        assert keysyms.text_of(keymap.keysym(stroke.keycode, State(stroke.modifiers))) == character


def test_the_number_pad_is_never_used_for_typing(link):
    keymap = parse(Xkb(link).map_bytes())
    pad = keymap.strokes(0).by_keysym[keysyms.named("KP_Add")].keycode
    assert pad not in {stroke.keycode for stroke in keymap.strokes(0).by_character.values()}


def test_spare_keycodes_carry_nothing(link):
    keymap = parse(Xkb(link).map_bytes())
    assert keymap.spare()
    for keycode in keymap.spare():
        assert keycode not in keymap.modifier_map
        assert not any(keymap.keysym(keycode, State(mask)) for mask in range(256))
