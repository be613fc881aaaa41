"""The smallest things a person does with a mouse and a keyboard, read off raw input events.

Pure: the same events always give the same atoms. An atom owns the events it was read from; every other event gets a
reason why it belongs to none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workbench.actions import Modifier
from workbench.geometry import Point
from workbench.inputs import InputEvent

MODIFIERS: dict[str, Modifier] = {
    "ctrl": "ctrl",
    "Control_L": "ctrl",
    "Control_R": "ctrl",
    "shift": "shift",
    "Shift_L": "shift",
    "Shift_R": "shift",
    "alt": "alt",
    "Alt_L": "alt",
    "Alt_R": "alt",
    "Meta_L": "alt",
    "Meta_R": "alt",
    "super": "super",
    "Super_L": "super",
    "Super_R": "super",
}
"""Keysyms that hold a modifier of `workbench.actions`."""

SILENT_KEYS = frozenset(
    {"Caps_Lock", "Num_Lock", "Scroll_Lock", "Shift_Lock", "Mode_switch", "Hyper_L", "Hyper_R", "NoSymbol", ""}
)
"""Keys that only change what later keys mean, which the later events already say."""

TAPPABLE: frozenset[Modifier] = frozenset({"super", "alt"})
"""Modifiers that do something when pressed alone: they open the system's or the window's menu."""

ORDER: tuple[Modifier, ...] = ("ctrl", "alt", "super", "shift")
"""The order in which modifiers are written."""


@dataclass(frozen=True)
class Press:
    """A button that went down and came up again; `moves` are those in between."""

    down: InputEvent
    up: InputEvent
    moves: tuple[InputEvent, ...]
    modifiers: tuple[Modifier, ...]

    @property
    def first(self) -> InputEvent:
        """The event that decides its place in the order."""
        return self.down

    @property
    def events(self) -> tuple[InputEvent, ...]:
        """Everything it was read from."""
        return (self.down, *self.moves, self.up)

    @property
    def start(self) -> Point:
        """Where the button went down."""
        return self.down.point or Point(0, 0)

    @property
    def end(self) -> Point:
        """Where the button came up."""
        return self.up.point or self.start


@dataclass(frozen=True)
class Turn:
    """Notches of the wheel."""

    first: InputEvent
    modifiers: tuple[Modifier, ...]

    @property
    def events(self) -> tuple[InputEvent, ...]:
        """Everything it was read from."""
        return (self.first,)


@dataclass(frozen=True)
class Stroke:
    """A key that went down, once for each automatic repetition; `hold` numbers how often the modifiers changed."""

    first: InputEvent
    modifiers: tuple[Modifier, ...]
    hold: int = 0

    @property
    def events(self) -> tuple[InputEvent, ...]:
        """Everything it was read from."""
        return (self.first,)


@dataclass(frozen=True)
class Mark:
    """Something the recorder itself put among the events: a note, a secret, a pause, something left out."""

    first: InputEvent

    @property
    def events(self) -> tuple[InputEvent, ...]:
        """Everything it was read from."""
        return (self.first,)


Atom = Press | Turn | Stroke | Mark


@dataclass(frozen=True)
class Reading:
    """Atoms in the order they began, and by sequence number why every other event is in none of them."""

    atoms: tuple[Atom, ...]
    aside: dict[int, str]


def read_atoms(events: Iterable[InputEvent]) -> Reading:
    """Read raw events in their order; tolerates what is cut off at either end and across pauses."""
    reader = _Reader()
    for event in events:
        reader.take(event)
    reader.let_go("pressed, but not released before the end")
    atoms = sorted(reader.atoms, key=lambda atom: atom.first.seq)
    return Reading(tuple(atoms), reader.aside)


@dataclass
class _Held:
    down: InputEvent
    modifiers: tuple[Modifier, ...]
    moves: list[InputEvent] = field(default_factory=list)


@dataclass
class _Reader:
    """What is held down while reading."""

    atoms: list[Atom] = field(default_factory=list)
    aside: dict[int, str] = field(default_factory=dict)
    buttons: dict[str, _Held] = field(default_factory=dict)
    modifiers: dict[int | str, Modifier] = field(default_factory=dict)
    lone: InputEvent | None = None
    hold: int = 0

    def take(self, event: InputEvent) -> None:
        """Read one event."""
        if event.kind not in ("move", "key_up"):
            self.lone = None
        match event.kind:
            case "move":
                self._move(event)
            case "button_down":
                self._button_down(event)
            case "button_up":
                self._button_up(event)
            case "scroll":
                self.atoms.append(Turn(event, self._held_modifiers()))
            case "key_down":
                self._key_down(event)
            case "key_up":
                self._key_up(event)
            case _:
                self._other(event)

    def let_go(self, why: str) -> None:
        """Forget what is held, because nobody will see it released."""
        for held in self.buttons.values():
            self.aside |= {event.seq: why for event in (held.down, *held.moves)}
        self.buttons.clear()
        self.modifiers.clear()
        self.lone = None

    def _held_modifiers(self) -> tuple[Modifier, ...]:
        held = set(self.modifiers.values())
        return tuple(modifier for modifier in ORDER if modifier in held)

    def _move(self, event: InputEvent) -> None:
        if not self.buttons:
            self.aside[event.seq] = "the pointer moved"
            return
        next(iter(self.buttons.values())).moves.append(event)

    def _button_down(self, event: InputEvent) -> None:
        stale = self.buttons.pop(event.button, None)
        if stale is not None:
            self.aside |= {old.seq: "pressed, but not released" for old in (stale.down, *stale.moves)}
        self.buttons[event.button] = _Held(event, self._held_modifiers())

    def _button_up(self, event: InputEvent) -> None:
        held = self.buttons.pop(event.button, None)
        if held is None:
            self.aside[event.seq] = "released, but not pressed while recording"
            return
        self.atoms.append(Press(held.down, event, tuple(held.moves), held.modifiers))

    def _key_down(self, event: InputEvent) -> None:
        modifier = MODIFIERS.get(event.keysym)
        if modifier is not None:
            self._modifier_down(event, modifier)
        elif event.keysym in SILENT_KEYS or event.keysym.startswith("ISO_Level"):
            self.aside[event.seq] = "a modifier"
        else:
            self.atoms.append(Stroke(event, self._held_modifiers(), self.hold))

    def _modifier_down(self, event: InputEvent, modifier: Modifier) -> None:
        repeated = _key(event) in self.modifiers
        alone = not self.modifiers and not self.buttons
        self.modifiers[_key(event)] = modifier
        self.hold += 1
        self.aside[event.seq] = "a modifier that repeats" if repeated else "a modifier"
        if alone and modifier in TAPPABLE:
            self.lone = event

    def _key_up(self, event: InputEvent) -> None:
        self.aside[event.seq] = "a key came up"
        if self.lone is not None and _key(self.lone) != _key(event):
            self.lone = None
        modifier = self.modifiers.pop(_key(event), None)
        if modifier is None:
            return
        self.hold += 1
        if self.lone is not None:
            self.atoms.append(Stroke(self.lone, (), self.hold))
            del self.aside[self.lone.seq]
            self.lone = None

    def _other(self, event: InputEvent) -> None:
        if event.kind in ("keymap", "screens"):
            self.aside[event.seq] = f"the {'keyboard layout' if event.kind == 'keymap' else 'screens'} changed"
            return
        if event.kind in ("pause", "resume"):
            self.let_go("held while recording was paused")
        self.atoms.append(Mark(event))


def _key(event: InputEvent) -> int | str:
    return event.keycode or event.keysym


def is_break(atom: Atom) -> bool:
    """Whether what came before and after it are not one flow of work."""
    return isinstance(atom, Mark) and atom.first.kind in ("pause", "resume", "excluded")


def gap_ms(earlier: InputEvent, later: InputEvent) -> float:
    """Milliseconds between two events by the recorder's clock."""
    return (later.monotonic_ns - earlier.monotonic_ns) / 1e6


def extent_px(press: Press) -> float:
    """How far the pointer got from where the button went down."""
    places: Sequence[InputEvent] = (*press.moves, press.up)
    return max((press.start.distance(event.point) for event in places if event.point), default=0.0)
