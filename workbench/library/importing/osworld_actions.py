"""The forms that an action has in OSWorld's runs, as calls of pyautogui."""

import re
from dataclasses import replace
from typing import Any

from workbench.library.pyautogui_code.calls import Call, LeftOut, Program, Value, parse

WORDS = {
    "DONE": Call("terminate", ("success",)),
    "FAIL": Call("terminate", ("failure",)),
    "WAIT": Call("wait"),
}
"""Actions that are one word."""

_CODE_FIELDS = ("command", "code", "action", "pyautogui_code")

_FUNCTIONS = {
    "MOVE_TO": "moveTo", "CLICK": "click", "MOUSE_DOWN": "mouseDown", "MOUSE_UP": "mouseUp",
    "RIGHT_CLICK": "rightClick", "DOUBLE_CLICK": "doubleClick", "DRAG_TO": "dragTo", "TYPING": "write",
    "PRESS": "press", "KEY_DOWN": "keyDown", "KEY_UP": "keyUp", "HOTKEY": "hotkey",
}  # fmt: skip
"""The actions of `computer_13` by the function that does them."""

_FIELDS = {"num_clicks": "clicks"}

_MOST = 100
"""How many actions one line may list; no agent says more in one turn."""

_FENCE = re.compile(r"^\s*```(?:python)?\s*\n?(.*?)\n?\s*```\s*$", re.S)


def program_of(action: Any) -> Program:
    """The calls that an action makes; raises `BadInputError` for code that is no Python."""
    if isinstance(action, str):
        return _code(action)
    if isinstance(action, list):
        programs = [
            _nothing("lists in lists are not read") if isinstance(one, list) else program_of(one)
            for one in action[:_MOST]
        ]
        if len(action) > _MOST:
            programs.append(_nothing(f"of its {len(action)} actions only the first {_MOST} are read"))
        return Program(
            tuple(call for program in programs for call in program.calls),
            left_out=tuple(one for program in programs for one in program.left_out),
        )
    if isinstance(action, dict):
        return _object(action)
    return _nothing("it has no action")


def _code(text: str) -> Program:
    fenced = _FENCE.match(text)
    bare = (fenced[1] if fenced else text).strip()
    if bare.upper() in WORDS:
        return Program((WORDS[bare.upper()],))
    last = bare.rpartition("\n")
    if last[2].strip().upper() in WORDS:
        found = parse(last[0])
        word = replace(WORDS[last[2].strip().upper()], line=bare.count("\n") + 1)
        return Program((*found.calls, word), left_out=found.left_out)
    return parse(bare)


def _object(action: dict[str, Any]) -> Program:
    code = next((action[name] for name in _CODE_FIELDS if isinstance(action.get(name), str) and action[name]), None)
    if code is not None:
        return _code(code)
    name = str(action.get("action_type", "")).upper()
    if name in WORDS:
        return Program((WORDS[name],))
    inner = action.get("parameters", action)
    given: dict[str, Any] = inner if isinstance(inner, dict) else {}
    named = {_FIELDS.get(key, key): _value(value) for key, value in given.items()}
    if name == "SCROLL":
        turns = (("hscroll", named.get("dx")), ("scroll", named.get("dy")))
        return Program(tuple(Call(function, (count,)) for function, count in turns if count))
    if name in _FUNCTIONS:
        return Program((Call(_FUNCTIONS[name], (), named),))
    return _nothing("its kind of action is not read")


def _nothing(what: str) -> Program:
    return Program((), left_out=(LeftOut(1, what),))


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(one if isinstance(one, str | int | float) else None for one in value)
    return value if isinstance(value, str | int | float) else None
