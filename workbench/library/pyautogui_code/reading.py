"""What a person would say that calls of pyautogui do: actions and the places they go to.

Several calls can be one action: a pointer that is moved and then clicks, keys that are held around a click, a button
that goes down here and up there. What stands on one line belongs together.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from workbench.actions import (
    Action,
    Ask,
    Button,
    Click,
    Drag,
    Fail,
    Finish,
    Hover,
    Modifier,
    PressKeys,
    Scroll,
    TypeText,
    Wait,
)
from workbench.desktop.keysyms import MODIFIERS
from workbench.errors import BadInputError
from workbench.library.importing.collecting import MOST_NOTCHES, notches, seconds, secret_name
from workbench.library.pyautogui_code.arguments import Spot, count_of, key_of, milliseconds_of, shifted, spot_of
from workbench.library.pyautogui_code.calls import (
    LONGEST_CHARACTERS,
    MOST_CALLS,
    MOST_TIMES,
    Call,
    LeftOut,
    Program,
    Secret,
    Value,
    parse,
)

BUTTONS: dict[Value, Button] = {
    "left": "left", "middle": "middle", "right": "right", "primary": "left", "secondary": "right",
    1: "left", 2: "middle", 3: "right",
}  # fmt: skip

_QUIET = frozenset({"screenshot", "size", "position", "failSafeCheck", "onScreen", "locateOnScreen", "input"})


@dataclass(frozen=True)
class Act:
    """One action, where it goes, and the line it begins in.

    `to` is where a drag ends, `path` where it passes and when, in milliseconds since the button went down.
    """

    action: Action
    line: int
    at: Spot | None = None
    to: Spot | None = None
    path: tuple[tuple[Spot, int], ...] = ()


@dataclass(frozen=True)
class Reading:
    """The actions of some code, and the lines of it that were left out."""

    acts: tuple[Act, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass
class _Down:
    """A button that is held."""

    call: Call
    at: Spot | None
    button: Button
    path: list[tuple[Spot, int]]
    elapsed_ms: int = 0


class CodeReader:
    """Reads code piece by piece; the pointer stays where one piece left it, and held keys stay down."""

    def __init__(self) -> None:
        self._acts: list[Act] = []
        self._left_out: list[LeftOut] = []
        self._pointer: Spot | None = None
        self._moved: Call | None = None
        self._held: list[str] = []
        self._unused = False
        self._typed = 0
        self._down: _Down | None = None

    def read(self, code: str) -> Reading:
        """The actions of one piece; raises `BadInputError` for what is no Python."""
        return self.follow(parse(code))

    def follow(self, program: Program) -> Reading:
        """The actions of one piece that was parsed."""
        self._left_out += program.left_out
        for call in program.calls:
            self._take(call)
        self._rest()
        return self._taken()

    def finish(self) -> Reading:
        """What was begun and never ended, after the last piece."""
        if self._down:
            self._leave(self._down.call, "a button goes down and never up")
        if self._held:
            self._leave(Call("keyDown"), "a key is held and never let go")
        return self._taken()

    def _taken(self) -> Reading:
        taken = Reading(tuple(self._acts), tuple(sorted(self._left_out, key=lambda one: one.line)))
        self._acts, self._left_out = [], []
        return taken

    def _take(self, call: Call) -> None:
        handler = _HANDLERS.get(call.name)
        if handler:
            for _ in range(1 if call.name in _COUNTED else call.times):
                handler(self, call)
        elif call.name not in _QUIET:
            self._leave(call, "it calls a function that is not read")

    def _leave(self, call: Call, what: str) -> None:
        self._left_out.append(LeftOut(call.line, what))

    def _emit(self, call: Call, action: Action, at: Spot | None = None) -> None:
        self._append(Act(action, call.line, at))

    def _append(self, act: Act) -> None:
        self._unused = False
        self._acts.append(act)
        self._typed += len(act.action.text) if isinstance(act.action, TypeText) else 0
        if len(self._acts) > MOST_CALLS or self._typed > LONGEST_CHARACTERS:
            raise BadInputError("the code does more than a script of clicks does; split it")

    def _rest(self) -> None:
        """The pointer was moved and nothing else was done there."""
        if self._moved:
            call, self._moved = self._moved, None
            self._emit(call, Hover(), self._pointer)

    @property
    def _modifiers(self) -> tuple[Modifier, ...]:
        return tuple(name for name in MODIFIERS if name in self._held)

    def _aim(self, call: Call, first: int = 0) -> Spot | None:
        """Where a call goes: its own place, or that of the pointer, which was only moved for it then."""
        spot = spot_of(call, first, self._pointer)
        if spot is None:
            self._moved = None
            return self._pointer
        self._rest()
        self._pointer = spot
        return spot

    def _click(self, call: Call) -> None:
        known = _CLICKS[call.name]
        button = BUTTONS.get(call.value(4 if call.name == "click" else 3, "button") or known.button)
        count = call.value(2, "clicks") if call.name == "click" else None
        if isinstance(call.value(0, "x"), str | Secret) or button is None:
            return self._leave(call, "it clicks on a picture or with an unknown button")
        clicks = count_of(known.count if count is None else count)
        if not clicks:
            return self._leave(call, "it clicks an impossible number of times")
        at = self._aim(call)
        return self._emit(call, Click(button, clicks, self._modifiers), at)

    def _move(self, call: Call) -> None:
        spot = shifted(self._pointer, call) if call.name in ("move", "moveRel") else spot_of(call, 0, self._pointer)
        if spot is None:
            return self._leave(call, "where it moves to is not told")
        if self._down:
            self._down.elapsed_ms += milliseconds_of(call.value(2, "duration"))
            self._down.path.append((spot, self._down.elapsed_ms))
        else:
            self._rest()
            self._moved = call
        self._pointer = spot
        return None

    def _drag(self, call: Call) -> None:
        relative = call.name in ("drag", "dragRel")
        at = self._pointer
        to = shifted(at, call) if relative else spot_of(call, 0, at)
        button = BUTTONS.get(call.value(4, "button") or "left")
        self._moved = None
        if at is None or to is None or button is None:
            return self._leave(call, "where it drags from or to is not told")
        lasts_ms = milliseconds_of(call.value(2, "duration"))
        self._pointer = to
        path = ((to, lasts_ms),) if lasts_ms else ()
        self._append(Act(Drag((), button, self._modifiers), call.line, at, to, path))
        return None

    def _press_button(self, call: Call) -> None:
        button = BUTTONS.get(call.value(2, "button") or "left")
        at = self._aim(call)
        if self._down or button is None:
            return self._leave(call, "a second button goes down")
        self._down = _Down(call, at, button, [])
        return None

    def _let_button_go(self, call: Call) -> None:
        down, self._down = self._down, None
        if down is None:
            return self._leave(call, "a button goes up that never went down")
        to = spot_of(call, 0, self._pointer) or self._pointer
        self._pointer = to
        if to == down.at:
            return self._emit(down.call, Click(down.button, 1, self._modifiers), down.at)
        if down.at is None or to is None:
            return self._leave(call, "where it drags from is not told")
        self._append(Act(Drag((), down.button, self._modifiers), down.call.line, down.at, to, tuple(down.path)))
        return None

    def _scroll(self, call: Call) -> None:
        count = call.value(0, "clicks", "amount_to_scroll")
        turned = notches(count) if isinstance(count, int | float) else None
        if turned is None:
            return self._leave(call, f"it turns the wheel by no number, or by more than {MOST_NOTCHES}")
        at = self._aim(call, 1)
        action = Scroll(turned, 0, self._modifiers) if call.name == "hscroll" else Scroll(0, -turned, self._modifiers)
        last = self._acts[-1] if self._acts else None
        if last and last.line == call.line and isinstance(last.action, Scroll) and last.at == at:
            one = last.action
            if (one.dx == 0) != (action.dx == 0) or (one.dy == 0) != (action.dy == 0):
                action = Scroll(one.dx + action.dx, one.dy + action.dy, self._modifiers)
                self._acts[-1] = replace(last, action=action)
                return None
        return self._emit(call, action, at)

    def _write(self, call: Call) -> None:
        self._rest()
        text = call.value(0, "message", "text")
        if self._held:
            self._leave(call, "keys are held while a text is typed; they are left out")
        match text:
            case Secret(name):
                self._emit(call, TypeText(secret=secret_name(name)))
            case str():
                self._emit(call, TypeText(text))
            case tuple():
                self._press(Call("press", (text,), line=call.line))
            case _:
                self._leave(call, "what it types is no text")

    def _press(self, call: Call) -> None:
        self._rest()
        named = call.value(0, "keys", "key")
        times = count_of(call.value(1, "presses") if call.value(1, "presses") is not None else 1) * call.times
        names = named if isinstance(named, tuple) else (named,)
        if not 0 < times <= MOST_TIMES:
            return self._leave(call, "it presses a key an impossible number of times")
        rounds, count = (1, times) if len(names) == 1 else (times, 1)  # several keys are pressed in turn
        for name in names * rounds:
            key = key_of(name)
            if key is None:
                self._leave(call, "it presses a key that has no such name")
            else:
                self._emit(call, PressKeys(_together(self._held, (key,)), count))
        return None

    def _hotkey(self, call: Call) -> None:
        self._rest()
        given = call.given or (call.value(0, "keys"),)
        names = [name for one in given for name in (one if isinstance(one, tuple) else (one,))]
        keys = [key_of(name) for name in names]
        known = tuple(key for key in keys if key)
        if not known or len(known) < len(keys) or len(set(known)) < len(known):
            return self._leave(call, "it presses keys of which one has no such name")
        return self._emit(call, PressKeys(_together(self._held, known), call.times))

    def _hold(self, call: Call) -> None:
        self._rest()
        key = key_of(call.value(0, "key"))
        if key is None:
            return self._leave(call, "it holds a key that has no such name")
        if key not in self._held:
            self._held.append(key)
            self._unused = True
        return None

    def _let_go(self, call: Call) -> None:
        self._rest()
        key = key_of(call.value(0, "key"))
        if key not in self._held or key is None:
            return self._leave(call, "it lets go of a key that is not held")
        if self._unused:
            self._emit(call, PressKeys(tuple(self._held)))
        self._held.remove(key)
        return None

    def _sleep(self, call: Call) -> None:
        given = call.value(0, "seconds", "secs", "time", "duration")
        if given is not None and (isinstance(given, bool) or not isinstance(given, int | float)):
            return self._leave(call, "how long it waits is no number")
        lasts_s = seconds(float(given or 0))
        if self._down:
            self._down.elapsed_ms += round(lasts_s * 1000)
            return None
        if self._moved and self._moved.line == call.line:
            moved, self._moved = self._moved, None
            return self._emit(moved, Hover(round(lasts_s * 1000)), self._pointer)
        self._rest()
        if given is None:
            self._leave(call, "how long it waits is not told")
        return self._emit(call, Wait(lasts_s))

    def _end(self, call: Call) -> None:
        self._rest()
        status, said = call.value(0, "status"), call.value(1, "answer", "reason")
        words = said if isinstance(said, str) else ""
        good = isinstance(status, str) and status.lower() in ("success", "done", "finished", "completed")
        self._emit(call, Finish(words) if good else Fail(words))

    def _ask(self, call: Call) -> None:
        self._rest()
        question = call.value(0, "text")
        self._emit(call, Ask(question if isinstance(question, str) else "", call.into))


_CLICKS = {
    "click": Click(), "leftClick": Click(), "rightClick": Click("right"), "middleClick": Click("middle"),
    "doubleClick": Click(count=2), "tripleClick": Click(count=3),
}  # fmt: skip

_HANDLERS: dict[str, Callable[[CodeReader, Call], None]] = {
    **dict.fromkeys(_CLICKS, CodeReader._click),
    **dict.fromkeys(("moveTo", "move", "moveRel"), CodeReader._move),
    **dict.fromkeys(("dragTo", "drag", "dragRel"), CodeReader._drag),
    **dict.fromkeys(("scroll", "vscroll", "hscroll"), CodeReader._scroll),
    **dict.fromkeys(("write", "typewrite"), CodeReader._write),
    **dict.fromkeys(("sleep", "wait"), CodeReader._sleep),
    "mouseDown": CodeReader._press_button,
    "mouseUp": CodeReader._let_button_go,
    "press": CodeReader._press,
    "hotkey": CodeReader._hotkey,
    "keyDown": CodeReader._hold,
    "keyUp": CodeReader._let_go,
    "terminate": CodeReader._end,
    "prompt": CodeReader._ask,
}

_COUNTED = frozenset({"press", "hotkey"})
"""Calls whose repetition is one action with a count."""


def _together(held: list[str], keys: tuple[str, ...]) -> tuple[str, ...]:
    return (*(key for key in held if key not in keys), *keys)
