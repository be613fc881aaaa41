"""The keyboard layout in force: which key under which modifiers gives which keysym, and back.

Read through XKB, so levels beyond Shift (AltGr, level 5), several groups and types of keys are exact.
"""

import functools
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from workbench.desktop.x11 import keysyms
from workbench.desktop.x11.xkb import State

SHIFT, LOCK, CONTROL = 1, 2, 4

_LEVEL_KEYS = ("Shift_L", "Shift_R", "ISO_Level3_Shift", "ISO_Level5_Shift", "Mode_switch")
"""Keys that only choose a level; pressing them changes nothing else, so typing may use them."""


@dataclass(frozen=True)
class KeyType:
    """How modifiers choose a level: those of `mask` count, `levels` maps their combinations to levels from 0."""

    mask: int
    levels: Mapping[int, int]

    def level(self, modifiers: int) -> int:
        """The level under these modifiers; 0 for combinations that are not listed."""
        return self.levels.get(modifiers & self.mask, 0)


@dataclass(frozen=True)
class Key:
    """One key: per group its type and the keysym of each level; `overflow` says what higher groups mean."""

    groups: tuple[tuple[KeyType, tuple[int, ...]], ...]
    overflow: int = 0

    def group(self, index: int) -> tuple[KeyType, tuple[int, ...]] | None:
        """The group in force where the keyboard is in group `index`, as XKB's rules for missing groups say."""
        count = len(self.groups)
        if not count:
            return None
        if index < count:
            return self.groups[index]
        if self.overflow & 0xC0 == 0x40:
            return self.groups[-1]
        if self.overflow & 0xC0 == 0x80:
            redirected = self.overflow >> 4 & 3
            return self.groups[redirected if redirected < count else 0]
        return self.groups[index % count]


@dataclass(frozen=True, order=True)
class Stroke:
    """One way to produce a keysym: hold `modifiers` (a mask), press the key."""

    cost: int
    keycode: int
    modifiers: int


@dataclass(frozen=True, eq=False)
class Keymap:
    """The layout at one moment; `modifier_map` says which modifiers a key sets, `records` how keys were on the wire."""

    keys: Mapping[int, Key]
    modifier_map: Mapping[int, int]
    records: Mapping[int, bytes] = field(default_factory=dict)

    def keysym(self, keycode: int, state: State) -> int:
        """The keysym of the key in that state; 0 where it has none. Caps Lock counts as Xlib's lookup counts it."""
        found = self.keys[keycode].group(state.group) if keycode in self.keys else None
        if found is None:
            return 0
        kind, symbols = found
        level = kind.level(state.effective)
        symbol = symbols[level] if level < len(symbols) else 0
        if state.effective & LOCK and not kind.mask & LOCK:
            return _upper(symbol)
        return symbol

    def strokes(self, group: int) -> "Strokes":
        """How to produce each keysym and character while the keyboard is in that group."""
        return _strokes(self, group)

    def modifier_key(self, bit: int) -> int | None:
        """A keycode that sets this one modifier and only chooses a level; None where no key does."""
        for wanted in _LEVEL_KEYS:
            for keycode, mask in self.modifier_map.items():
                if mask == bit and _first_name(self.keys.get(keycode)) == wanted:
                    return keycode
        return None

    def spare(self) -> tuple[int, ...]:
        """Keycodes without any symbol and without a modifier, free to be lent to characters."""
        return tuple(
            code
            for code, key in sorted(self.keys.items())
            if code not in self.modifier_map and not any(any(symbols) for _, symbols in key.groups)
        )


@dataclass(frozen=True)
class Strokes:
    """The cheapest strokes of a layout, by keysym and by character (the number pad serves keysyms only)."""

    by_keysym: Mapping[int, Stroke]
    by_character: Mapping[str, Stroke]


@functools.lru_cache(maxsize=8)
def parse(raw: bytes) -> Keymap:
    """A keymap from the reply to XKB's `GetMap` (types, symbols, modifier map)."""
    low, high, _, _, type_count = struct.unpack_from("=BBHBB", raw, 10)
    first_key, _, key_count = struct.unpack_from("=BHB", raw, 17)
    (modifier_bytes,) = struct.unpack_from("=B", raw, 33)
    offset = 40
    types: list[KeyType] = []
    for _ in range(type_count):
        kind, offset = _key_type(raw, offset)
        types.append(kind)
    keys: dict[int, Key] = {}
    records: dict[int, bytes] = {}
    for keycode in range(first_key, first_key + key_count):
        start = offset
        keys[keycode], offset = _key(raw, start, types)
        records[keycode] = raw[start:offset]
    pairs = struct.iter_unpack("=BB", raw[offset : offset + 2 * modifier_bytes])
    empty = Key(())
    modifiers = {keycode: mask for keycode, mask in pairs if mask}
    return Keymap({code: keys.get(code, empty) for code in range(low, high + 1)}, modifiers, records)


def single(symbol: int) -> bytes:
    """The record of a key that gives this keysym whatever is held or locked; 0: of a key without any."""
    groups = width = count = 1 if symbol else 0
    record = struct.pack("=BBBBBBH", 0, 0, 0, 0, groups, width, count)
    return record + struct.pack("=I", symbol) if symbol else record


def _key_type(raw: bytes, offset: int) -> tuple[KeyType, int]:
    mask, _, _, _, entries, preserves = struct.unpack_from("=BBHBBB", raw, offset)
    offset += 8
    levels = {}
    for position in range(offset, offset + 8 * entries, 8):
        active, entry_mask, level = struct.unpack_from("=BBB", raw, position)
        if active:
            levels[entry_mask] = level
    return KeyType(mask, levels), offset + 8 * entries + (4 * entries if preserves else 0)


def _key(raw: bytes, offset: int, types: list[KeyType]) -> tuple[Key, int]:
    *kinds, info, width, count = struct.unpack_from("=BBBBBBH", raw, offset)
    symbols = struct.unpack_from(f"={count}I", raw, offset + 8)
    groups = tuple((types[kinds[g]], symbols[g * width : (g + 1) * width]) for g in range(info & 0x0F))
    return Key(groups, info), offset + 8 + 4 * count


@functools.lru_cache(maxsize=8)
def _strokes(keymap: Keymap, group: int) -> Strokes:
    allowed = sum(bit for bit in (1 << n for n in range(8)) if keymap.modifier_key(bit) is not None)
    ways: dict[int, Stroke] = {}
    texts: dict[str, Stroke] = {}
    for keycode, key in keymap.keys.items():
        for symbol, stroke in _ways(keycode, key.group(group), allowed):
            ways[symbol] = min(stroke, ways.get(symbol, stroke))
            text = "" if keysyms.is_keypad(symbol) else keysyms.text_of(symbol)
            if text:
                texts[text] = min(stroke, texts.get(text, stroke))
    return Strokes(ways, texts)


def _ways(keycode: int, group: tuple[KeyType, tuple[int, ...]] | None, allowed: int) -> Iterator[tuple[int, Stroke]]:
    if group is None:
        return
    kind, symbols = group
    for modifiers, level in [(0, kind.level(0)), *kind.levels.items()]:
        if level < len(symbols) and symbols[level] and not modifiers & ~allowed:
            yield symbols[level], Stroke(modifiers.bit_count(), keycode, modifiers)


def _first_name(key: Key | None) -> str:
    return keysyms.name_of(key.groups[0][1][0]) if key and key.groups and key.groups[0][1] else ""


def _upper(symbol: int) -> int:
    text = keysyms.text_of(symbol)
    raised = text.upper()
    return keysyms.keysym_of(raised) if raised != text and len(raised) == 1 else symbol
