"""What people call kinds of controls, in English."""

from collections.abc import Mapping, Sequence
from functools import cache

from agents.screen.listing import Role

_TYPED: tuple[Role, ...] = ("field", "text area", "password field", "number field")

KINDS: Mapping[str, tuple[Role, ...]] = {
    "button": ("button",),
    "push button": ("button",),
    "key": ("button",),
    "link": ("link",),
    "hyperlink": ("link",),
    "tab": ("tab",),
    "page": ("tab",),
    "checkbox": ("checkbox",),
    "check box": ("checkbox",),
    "tick box": ("checkbox",),
    "switch": ("switch",),
    "toggle": ("switch",),
    "option": ("option",),
    "radio button": ("option",),
    "menu": ("menu",),
    "menu item": ("menu item",),
    "menu entry": ("menu item",),
    "dropdown": ("dropdown",),
    "drop-down": ("dropdown",),
    "combo box": ("dropdown",),
    "slider": ("slider",),
    "item": ("item",),
    "list item": ("item",),
    "row": ("item",),
    "entry": ("item", "menu item"),
    "file": ("item", "cell"),
    "folder": ("item", "cell"),
    "cell": ("cell",),
    "table cell": ("cell",),
    "image": ("image",),
    "picture": ("image",),
    "field": _TYPED,
    "input": _TYPED,
    "input field": _TYPED,
    "box": _TYPED,
    "text field": ("field",),
    "text box": ("field",),
    "text area": ("text area",),
    "password field": ("password field",),
    "number field": ("number field",),
    "heading": ("heading",),
    "window": ("window",),
}
"""A phrase for a kind of control, and the roles of all that would be counted as such."""

_LONGEST = 3


def kind_at(words: Sequence[str], start: int) -> tuple[tuple[Role, ...], int]:
    """The roles of the phrase that begins there, singular or plural, and the place behind it; no roles where none does.

    `words` are as `agents.screen.words.split` gives them.
    """
    for count in range(min(_LONGEST, len(words) - start), 0, -1):
        roles = _phrases().get(tuple(_singular(word) for word in words[start : start + count]))
        if roles is not None:
            return roles, start + count
    return (), start


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("xes", "ches")) else word.removesuffix("s")


@cache
def _phrases() -> dict[tuple[str, ...], tuple[Role, ...]]:
    return {tuple(phrase.replace("-", " - ").split()): roles for phrase, roles in KINDS.items()}
