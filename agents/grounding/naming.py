"""How words name a control: by its name, its role, its number among equals, and what it stands in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from agents.screen.alike import split
from agents.screen.listing import Role

Tokens = tuple[str, ...]

_ROLES: Mapping[str, tuple[Role, ...]] = {
    "button": ("button", "switch"),
    "key": ("button",),
    "push button": ("button",),
    "toggle button": ("button", "switch"),
    "icon": ("button", "item", "image"),
    "link": ("link",),
    "field": ("field", "text area", "password field", "number field", "dropdown"),
    "text field": ("field", "text area", "password field", "number field"),
    "input field": ("field", "text area", "password field", "number field"),
    "password field": ("password field",),
    "number field": ("number field",),
    "text box": ("field", "text area", "number field"),
    "box": ("field", "text area", "checkbox", "dropdown", "number field"),
    "entry": ("field", "menu item", "item"),
    "input": ("field", "text area", "number field"),
    "text area": ("text area",),
    "editor": ("text area",),
    "checkbox": ("checkbox",),
    "check box": ("checkbox",),
    "tick box": ("checkbox",),
    "option": ("option", "menu item", "item"),
    "radio button": ("option",),
    "switch": ("switch", "button"),
    "toggle": ("switch", "button", "checkbox"),
    "tab": ("tab",),
    "menu": ("menu", "menu item"),
    "menu item": ("menu item", "menu"),
    "menu entry": ("menu item", "menu"),
    "dropdown": ("dropdown",),
    "drop down": ("dropdown",),
    "drop - down": ("dropdown",),
    "combo box": ("dropdown",),
    "list": ("dropdown", "item"),
    "item": ("item", "menu item"),
    "row": ("item", "cell"),
    "cell": ("cell",),
    "slider": ("slider",),
    "heading": ("heading",),
    "image": ("image",),
    "picture": ("image",),
    "text": ("text",),
    "label": ("text",),
    "window": ("window",),
    "element": (),
}
"""What people call controls, and which lines of a list that may be; the words of the list itself are among them."""

_PHRASES: tuple[tuple[Tokens, frozenset[Role]], ...] = tuple(
    sorted(((tuple(words.split()), frozenset(roles)) for words, roles in _ROLES.items()), key=lambda one: -len(one[0]))
)

_COUNTS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINALS: Mapping[str, int] = {word: number for number, word in enumerate(_COUNTS, 1)} | {"last": -1}
_NTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")

_ARTICLES = frozenset({"the", "a", "an"})
_INSIDE: tuple[Tokens, ...] = (
    ("next", "to"),
    ("in",),
    ("under",),
    ("of",),
    ("for",),
    ("near",),
    ("beside",),
    ("within",),
    ("inside",),
)
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]")
_TRAILING = frozenset({".", "…", ":", "*"})


@dataclass(frozen=True)
class Naming:
    """One way to understand words.

    `name` are the words and signs of the name, empty where only the role is named; `roles` what the control may be,
    empty where nothing is said; `ordinal` its number among equals in reading order, -1 for the last, 0 where none is
    said; `near` the words of what it stands in or beside.
    """

    name: Tokens
    roles: frozenset[Role] = frozenset()
    ordinal: int = 0
    near: Tokens = ()


def named(text: str) -> Tokens:
    """The words and signs of a control's name, without the marks that trail captions."""
    tokens = list(split(text))
    while len(tokens) > 1 and tokens[-1] in _TRAILING:
        tokens.pop()
    return tuple(tokens)


def readings(words: str) -> tuple[Naming, ...]:
    """The ways to understand the words, those that take them most literally first; empty where there are no words."""
    quoted = [named(found) for found in _QUOTED.findall(words)]
    if quoted:
        rest = split(_QUOTED.sub(" ", words))
        return (_with_quotes(quoted, rest),)
    tokens = named(words)
    whole = list(_told(tokens))
    for left, right in _placed(tokens):
        whole += [replace(one, near=right) for one in _told(left)]
    return tuple(dict.fromkeys(whole))


def _with_quotes(quoted: list[Tokens], rest: Tokens) -> Naming:
    """What the words around a quoted name add to it."""
    described = [
        one for one in _told(tuple(word for word in rest if word not in _ARTICLES)) if one.roles or one.ordinal
    ]
    most = described[-1] if described else Naming(())
    return Naming(quoted[0], most.roles, most.ordinal, quoted[1] if len(quoted) > 1 else ())


def _told(tokens: Tokens) -> Iterator[Naming]:
    """The words as a name, then with ever more of them understood as article, role and number."""
    if not tokens:
        return
    yield Naming(tokens)
    bare = tokens[1:] if tokens[0] in _ARTICLES else tokens
    if not bare:
        return
    yield Naming(bare)
    yield from _with_role(bare, 0)
    ordinal = _ordinal(bare[0])
    if ordinal and len(bare) > 1:
        yield Naming(bare[1:], ordinal=ordinal)
        yield from _with_role(bare[1:], ordinal)


def _with_role(tokens: Tokens, ordinal: int) -> Iterator[Naming]:
    for phrase, roles in _PHRASES:
        if tokens[-len(phrase) :] == phrase:
            yield Naming(tokens[: -len(phrase)], roles, ordinal)
            return
        if tokens[: len(phrase)] == phrase:
            yield Naming(tokens[len(phrase) :], roles, ordinal)
            return


def _ordinal(word: str) -> int:
    nth = _NTH.fullmatch(word)
    return int(nth[1]) if nth else _ORDINALS.get(word, 0)


def _placed(tokens: Tokens) -> Iterator[tuple[Tokens, Tokens]]:
    """The words before and behind one that says where, the last such word first."""
    for at in range(len(tokens) - 1, 0, -1):
        for phrase in _INSIDE:
            behind = tokens[at + len(phrase) :]
            if tokens[at : at + len(phrase)] == phrase and behind:
                yield tokens[:at], behind[1:] if behind[0] in _ARTICLES and len(behind) > 1 else behind
