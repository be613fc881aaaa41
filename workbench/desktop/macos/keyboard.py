"""The keyboard of macOS by Quartz events: text as Unicode, shortcuts as key codes of the current layout."""

from collections.abc import Callable, Mapping, Sequence

from workbench.desktop.held import Held
from workbench.desktop.keysyms import character_of
from workbench.desktop.macos import layout
from workbench.desktop.macos.injecting import KeyStroke, Stroke, TextStroke, send
from workbench.desktop.macos.key_codes import FLAGS, MODIFIER_CODES, NAMED, flags_of, named
from workbench.desktop.macos.layout import Chord
from workbench.errors import BadInputError

_TYPED_BY_KEY = {"\n": "Return", "\t": "Tab"}


def chord_for(name: str, characters: Callable[[], Mapping[str, Chord]]) -> Chord:
    """What to press for a key name; raises `BadInputError` when no key of this layout is called that."""
    code = named(name)
    if code is not None:
        return Chord(code)
    chord = characters().get(character_of(name))
    if chord is None:
        raise BadInputError(f"no key of this keyboard layout is called “{name}”; use a name such as Return, F4 or a")
    return chord


class MacKeyboard:
    """The `Keyboard` port; what it holds is in `held`, shared with the pointer. Belongs to the main thread."""

    def __init__(
        self,
        held: Held,
        sender: Callable[[Sequence[Stroke]], None] = send,
        characters: Callable[[], Mapping[str, Chord]] = layout.current,
    ) -> None:
        self._held = held
        self._send = sender
        self._characters = characters

    def press(self, key: str) -> None:
        """Press and hold; Shift or Option that the layout needs for it count as held while it is down."""
        chord = chord_for(key, self._characters)
        needed = sum(FLAGS[modifier] for modifier in chord.modifiers)
        own = FLAGS[MODIFIER_CODES[chord.code][0]] if chord.code in MODIFIER_CODES else 0
        flags = flags_of(self._held.names()) | needed | own
        self._held.hold(f"key {key}", lambda: self._let_go(chord.code))
        self._send([KeyStroke(chord.code, down=True, flags=flags)])

    def release(self, key: str) -> None:
        """Let go; a key that is not held by us stays as it is."""
        self._held.release(f"key {key}")

    def type_text(self, text: str) -> None:
        """Type any Unicode text; newline presses Return, tab Tab.

        Modifiers that we hold come up first. Every character is an event of its own: some applications read only
        the first of several.
        """
        for name in self._held.names():
            if name.startswith("key "):
                self._held.release(name)
        for character in text.replace("\r\n", "\n").replace("\r", "\n"):
            self._send(self._typing(character))

    def release_all(self) -> None:
        """Let go of everything that keyboard and pointer hold."""
        self._held.release_all()

    def _typing(self, character: str) -> list[Stroke]:
        if character in _TYPED_BY_KEY:
            code = NAMED[_TYPED_BY_KEY[character]]
            return [KeyStroke(code, down=True), KeyStroke(code, down=False)]
        return [TextStroke(character, down=True), TextStroke(character, down=False)]

    def _let_go(self, code: int) -> None:
        self._send([KeyStroke(code, down=False, flags=flags_of(self._held.names()))])
