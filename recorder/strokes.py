"""What keystrokes amount to: text that was typed, and keys that were pressed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from recorder.atoms import Stroke, gap_ms
from recorder.composing import Composer, Typed
from recorder.gestures import Gesture
from recorder.seen import Seen, same_element, same_window
from workbench.actions import PressKeys, TypeText
from workbench.inputs import InputEvent
from workbench.trajectory import Element

REPEAT_MS = 1000
"""The same key again within a second is one act with a count; later it answers what happened in between."""

NAMED_TEXT = {"Return": "\n", "KP_Enter": "\n"}
UNSHIFTED = {"ISO_Left_Tab": "Tab"}
COMMAND = frozenset({"ctrl", "alt", "super"})


@dataclass(frozen=True)
class Strokes:
    """The gestures of a run of keystrokes, and by sequence number why a stroke is in none."""

    gestures: list[Gesture]
    aside: dict[int, str]


def read_strokes(strokes: Sequence[Stroke], seen: Seen) -> Strokes:
    """Text and keys from keystrokes that follow each other without anything in between."""
    reader = _Reader(seen)
    for stroke in strokes:
        reader.take(stroke)
    reader.end_text()
    return Strokes(reader.gestures, reader.aside)


@dataclass
class _Reader:
    seen: Seen
    gestures: list[Gesture] = field(default_factory=list)
    aside: dict[int, str] = field(default_factory=dict)
    pieces: list[Typed] = field(default_factory=list)
    owned: list[InputEvent] = field(default_factory=list)
    composer: Composer = field(default_factory=Composer)
    hold: int = -1

    def take(self, stroke: Stroke) -> None:
        """Read one key."""
        if self.owned and self._moved_on(stroke.first):
            self.end_text()
        if COMMAND & set(stroke.modifiers):
            self._keys(stroke)
        elif self.composer.pending or self.composer.opens(stroke.first.keysym):
            self._composed(stroke)
        elif stroke.first.keysym == "BackSpace" and self.pieces and not stroke.modifiers:
            self.pieces.pop()
            self.owned.append(stroke.first)
        elif (text := self._text(stroke)) is not None:
            self.pieces.append(Typed(text))
            self.owned.append(stroke.first)
        else:
            self._keys(stroke)

    def end_text(self) -> None:
        """Close the text that is being typed."""
        self.composer.cancel()
        text = "".join(piece.text for piece in self.pieces)
        if not text:
            self.aside |= {event.seq: "typed and taken back" for event in self.owned}
        else:
            certain = all(piece.certain for piece in self.pieces)
            self.gestures.append(Gesture(TypeText(text), tuple(self.owned), certain=certain))
        self.pieces, self.owned = [], []

    def _composed(self, stroke: Stroke) -> None:
        self.owned.append(stroke.first)
        if stroke.first.keysym in ("BackSpace", "Escape"):
            self.composer.cancel()
            return
        typed = self.composer.take(stroke.first.keysym, stroke.first.text)
        if typed is not None and typed.text:
            self.pieces.append(typed)

    def _text(self, stroke: Stroke) -> str | None:
        """The text that the key puts into a field, None where it does something else."""
        keysym = stroke.first.keysym
        if keysym in NAMED_TEXT:
            return NAMED_TEXT[keysym] if self.pieces and self._multi_line() and not stroke.modifiers else None
        text = stroke.first.text
        return text if text and text.isprintable() else None

    def _multi_line(self) -> bool:
        focused = self.seen.focused(self.owned[0].seq)
        return focused is not None and "multi-line" in focused.states

    def _moved_on(self, event: InputEvent) -> bool:
        """Whether the keyboard reaches another field, or another hand types, than when this text was begun."""
        start, now = self.seen.before(self.owned[0].seq), self.seen.before(event.seq)
        if event.by_program != self.owned[0].by_program:
            return True
        if start is None or now is None:
            return False
        return not same_window(start.active, now.active) or _another(start.focused, now.focused)

    def _keys(self, stroke: Stroke) -> None:
        self.end_text()
        keys = chord(stroke)
        last = self.gestures[-1] if self.gestures else None
        if last is not None and isinstance(last.action, PressKeys) and self._again(last, keys, stroke):
            action = PressKeys(keys, last.action.count + 1)
            self.gestures[-1] = Gesture(action, (*last.events, stroke.first))
        else:
            self.gestures.append(Gesture(PressKeys(keys), (stroke.first,)))
        self.hold = stroke.hold

    def _again(self, last: Gesture, keys: tuple[str, ...], stroke: Stroke) -> bool:
        assert isinstance(last.action, PressKeys)
        if keys != last.action.keys or stroke.first.by_program != last.first.by_program:
            return False
        return gap_ms(last.last, stroke.first) <= REPEAT_MS or _switches(keys, held=stroke.hold == self.hold)


def chord(stroke: Stroke) -> tuple[str, ...]:
    """The key with what was held, as `PressKeys` writes it: `("ctrl", "shift", "z")`."""
    keysym = UNSHIFTED.get(stroke.first.keysym, stroke.first.keysym)
    if len(keysym) == 1:
        keysym = keysym.lower()
    alone = {"Super_L": "super", "Super_R": "super", "Alt_L": "alt", "Alt_R": "alt"}
    shifted = stroke.first.keysym in UNSHIFTED and "shift" not in stroke.modifiers
    return (*stroke.modifiers, *(("shift",) if shifted else ()), alone.get(keysym, keysym))


def _switches(keys: tuple[str, ...], *, held: bool) -> bool:
    """Whether this walks on through the list of windows while its modifier stays down."""
    return held and keys[-1] == "Tab" and bool({"alt", "super"} & set(keys))


def _another(start: Element | None, now: Element | None) -> bool:
    return start is not None and now is not None and not same_element(start, now)
