"""The numbers in a model's answer, in the forms that families of models write places.

Reading is strict: an answer with no place in it, or with several, is an error, never the first digits that happen to
be there. Errors do not quote answers, because what a model says it may have read on the screen.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Literal

from agents.runtime.ports import ModelError

Form = Literal["any", "json", "list", "pair", "tag", "box", "start_box", "call"]
"""How a place is written.

`json` {"x": 1, "y": 2} · `list` [1, 2] or [1, 2, 3, 4] · `pair` (1, 2) · `tag` <point>1 2</point> or
<point x="1" y="2"> · `box` [[1, 2, 3, 4]], or (1,2),(3,4) or 1 2 3 4 between box tokens or as the whole answer ·
`start_box` click(start_box='(1,2)') · `call` click(x=1, y=2) or pyautogui.click(1, 2). `any` tries the most telling
first, and takes no box without its marks.
"""

Numbers = tuple[float, ...]

LONGEST = 20_000
"""Characters of an answer that are read; a longer one is refused."""

_N = r"(-?\d{1,7}(?:\.\d{1,12})?)(?![\d.])"
_PAIR = rf"\(\s*{_N}\s*,\s*{_N}\s*\)"
_FOUR = r"\s*,\s*".join([_N] * 4)
_TOKENS = r"(?:<\|?[a-z_]+\|?>)?"
_CALL = r"\b(?:pyautogui\.)?(?:click|doubleClick|rightClick|moveTo|dragTo|double_click|right_click|hover)"

_PATTERNS: dict[Form, tuple[str, ...]] = {
    "start_box": (
        rf"\b(?:start_box|point)\s*=\s*(['\"])\s*{_TOKENS}\s*(?:{_PAIR}|[(\[]\s*{_FOUR}\s*[)\]])\s*{_TOKENS}\s*\1",
    ),
    "call": (
        rf"{_CALL}\(\s*x\s*=\s*{_N}\s*,\s*y\s*=\s*{_N}(?=\s*[,)])",
        rf"{_CALL}\(\s*{_N}\s*,\s*{_N}(?=\s*[,)])",
    ),
    "tag": (
        rf"<point>\s*{_N}[\s,]+{_N}\s*</point>",
        rf"<point\s+x=\"{_N}\"\s+y=\"{_N}\"",
    ),
    "box": (
        rf"\[\s*\[\s*{_FOUR}\s*\]\s*\]",
        rf"<\|box_start\|>\s*{_PAIR}\s*,?\s*{_PAIR}\s*<\|box_end\|>",
        rf"<(?:box|bbox)>\s*\[?\s*{_FOUR}\s*\]?\s*</(?:box|bbox)>",
        rf"<box>\s*{_N}\s+{_N}\s+{_N}\s+{_N}\s*</box>",
    ),
    "list": (
        rf"\[\s*{_N}\s*,\s*{_N}\s*\]",
        rf"\[\s*{_FOUR}\s*\]",
    ),
    "pair": (_PAIR, rf"\(\s*{_FOUR}\s*\)"),
}
_COMPILED = {form: tuple(re.compile(pattern) for pattern in patterns) for form, patterns in _PATTERNS.items()}
_BARE_BOXES = (
    re.compile(rf"{_N}\s+{_N}\s+{_N}\s+{_N}"),
    re.compile(rf"{_PAIR}\s*,?\s*{_PAIR}"),
)
"""What is left of a box whose marks were control tokens, which are not part of the text of an answer."""

_FLAT_OBJECT = re.compile(r"\{[^{}]*\}")
_TELLING: tuple[Form, ...] = ("start_box", "call", "tag", "box", "json", "list", "pair")


def numbers_of(text: str, form: Form = "any") -> Numbers:
    """The two or four numbers that the answer names a place with, as written.

    Raises `ModelError` where there is no place in that form, or more than one, or the answer is too long to be one.
    """
    if len(text) > LONGEST:
        raise ModelError(f"the model answered {len(text)} characters where a place was asked for; ask again")
    flat = " ".join(text.split())  # so that no pattern can lose its way in white space
    for tried in _TELLING if form == "any" else (form,):
        found = list(_candidates(flat, tried)) or (_bare_boxes(flat) if form == "box" else [])
        if len(found) == 1:
            return found[0]
        if found:
            raise ModelError(f"the model named {len(found)} places where one was asked for; ask again")
    raise ModelError(f"the model named no place in its {len(text)} characters; ask again, or calibrate it")


def _candidates(text: str, form: Form) -> Iterator[Numbers]:
    if form == "json":
        yield from _objects(text)
        return
    for pattern in _COMPILED[form]:
        for match in pattern.finditer(text):
            yield tuple(float(group) for group in match.groups() if group is not None and group not in "'\"")


def _bare_boxes(text: str) -> list[Numbers]:
    """The box that is the whole answer, if it is one."""
    matches = (pattern.fullmatch(text) for pattern in _BARE_BOXES)
    return [tuple(float(group) for group in match.groups()) for match in matches if match]


def _objects(text: str) -> Iterator[Numbers]:
    """The numbers x and y of every JSON object that has both."""
    for match in _FLAT_OBJECT.finditer(text):
        try:
            found = json.loads(match.group(), object_pairs_hook=_once, parse_constant=_no_number)
        except ValueError:
            continue
        pair = found.get("x"), found.get("y")
        if all(_is_number(number) for number in pair):
            yield float(pair[0]), float(pair[1])


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no place")


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e7 and math.isfinite(value)
