"""Locators of Playwright, as its recorder writes them beside each action: what they say of an element for people.

A locator is a chain of links; each narrows what those before it found. Roles, names, labels and texts are kept,
places among several, test ids and CSS are not: they mean nothing outside of the page's source.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from msgspec import Struct, field

from workbench.library.importing.foreign_roles import MASKED_FIELD, role_of
from workbench.library.importing.native_elements import NOWHERE
from workbench.trajectory import Element, TextWitness

MOST_LINKS = 50

_PASSWORD = re.compile(r"""\[type\s*=\s*\\?["']?password\\?["']?""", re.I)

_NAMED = re.compile(r"pass[- ]?(?:word|phrase|code)|passwort", re.I)
"""The recorder calls a field for passwords a textbox like any other: its name is all that tells."""


class Options(Struct):
    """What a link says beside its body."""

    name: Any = None


class Locator(Struct):
    """One link of the chain."""

    kind: str = ""
    body: Any = None
    options: Options = field(default_factory=Options)
    next: "Locator | None" = None


@dataclass(frozen=True)
class Named:
    """What a locator says; `partly` is set where it also says what cannot be kept, and `words` is for people."""

    element: Element | None
    text: TextWitness | None
    words: str
    partly: bool


def read(locator: Locator | None, selector: str) -> Named:
    """What the chain says of its last element; the selector tells too whether it is a field for passwords."""
    role = name = label = text = ""
    partly = False
    for link in _links(locator):
        body = link.body if isinstance(link.body, str) else ""
        if link.kind == "role":
            said = link.options.name
            role, name, label, text = role_of(body) or body, said if isinstance(said, str) else "", "", ""
        elif link.kind in ("alt", "title", "placeholder"):
            role, name, label, text = "", body, "", ""
        elif link.kind == "label":
            role, name, label, text = "", "", body, ""
        elif link.kind == "text":
            role, name, label, text = "", "", "", body
        else:
            partly = True
            if link.kind in ("default", "test-id", "frame", "frame-locator"):
                role = name = label = text = ""
    password = _PASSWORD.search(selector[:10_000]) is not None or _NAMED.search(name or label) is not None
    role = MASKED_FIELD if password else role
    known = role or name or label
    element = Element("", "", role, name, NOWHERE, label=label, password=password) if known else None
    witness = TextWitness(text, NOWHERE) if text.strip() else None
    return Named(element, witness, name or label or text, partly)


def _links(locator: Locator | None) -> Iterator[Locator]:
    for _ in range(MOST_LINKS):
        if locator is None:
            return
        yield locator
        locator = locator.next
