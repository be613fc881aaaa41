"""Tasks that name a control by no name of its own: by its kind, its number among its kind, or the label beside it."""

from collections.abc import Mapping

from agents.prompts.choosing import TypeInto, step_words
from agents.prompts.folding import folded
from agents.screen.listing import Line, Role, called
from builtin_model.case import Case
from builtin_model.data.phrases import Marked, filled, marked, template, templates
from builtin_model.data.saying import Clause, asked, clicking, given, mention, recased, say, typing, value_for
from builtin_model.data.screens import Stage
from builtin_model.data.sheet import FIELDS, TICKED
from builtin_model.data.writing import ticking

_LONE_LINE: frozenset[Role] = frozenset({"field", "password field", "number field"})

KINDS_SAID: Mapping[str, frozenset[Role]] = {
    **{word: frozenset({"button"}) for word in ("button", "push button")},
    **{word: frozenset({"link"}) for word in ("link", "hyperlink")},
    **{word: frozenset({"tab"}) for word in ("tab", "tab page")},
    **{word: frozenset({"checkbox"}) for word in ("checkbox", "check box", "tick box")},
    **{word: frozenset({"switch"}) for word in ("switch", "toggle")},
    **{word: frozenset({"option"}) for word in ("option", "radio button")},
    **{word: frozenset({"menu"}) for word in ("menu", "menu title")},
    **{word: frozenset({"menu item"}) for word in ("menu item", "menu entry")},
    **{word: frozenset({"dropdown"}) for word in ("dropdown", "drop-down", "combo box")},
    **{word: frozenset({"slider"}) for word in ("slider", "slide control")},
    **{word: frozenset({"item"}) for word in ("item", "list item", "row", "item in the list")},
    **{word: frozenset({"cell"}) for word in ("cell", "table cell")},
    **{word: frozenset({"image"}) for word in ("image", "picture")},
    **dict.fromkeys(("field", "input field"), _LONE_LINE),
    **dict.fromkeys(("text field", "text box"), frozenset[Role]({"field"})),
    **{word: frozenset({"text area"}) for word in ("text area", "large text field")},
    "password field": frozenset({"password field"}),
    "number field": frozenset({"number field"}),
}
"""What people call a kind of control, and the roles of all that they would count."""

_UNLESS: Mapping[str, frozenset[Role]] = {
    **dict.fromkeys(("field", "input field"), frozenset({"text area", "cell"})),
    **dict.fromkeys(("text field", "text box"), frozenset({"text area", "cell", "number field", "password field"})),
    **dict.fromkeys(("item", "row"), frozenset({"menu item", "cell"})),
    **dict.fromkeys(("switch", "toggle"), frozenset({"checkbox"})),
    "option": frozenset({"menu item"}),
    "menu": frozenset({"menu item"}),
}
"""Controls beside which the word would not be clear."""

_WRITTEN_ON = ("document", "text", "page", "editor", "writing area", "sheet", "main text", "empty page")
"""What people call the one text area of a program."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SHORT = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th")
_TRIES = 6


def place(at: Stage) -> Case | None:
    """One of several of a kind, by its number among them."""
    for _ in range(_TRIES):
        word = at.rng.choice(tuple(KINDS_SAID))
        row = _counted(at, word)
        if 1 < len(row) <= len(_ORDINALS) * 2:
            number = at.rng.randrange(min(len(row), len(_ORDINALS)))
            number = len(row) - 1 if at.rng.random() < 0.25 else number
            said = _numbered(at, word, number, of=len(row))
            if said is not None and not _settled(row[number]):
                return asked(at, "place", _done_to(at, row[number], said))
    return None


def nameless(at: Stage) -> Case | None:
    """What has no name, or is not named: the only one of its kind, what is beside a label, where one writes."""
    beside = [line for line in at.lines if _goes_by_label(at, line)]
    if beside and at.rng.random() < 0.6:
        return _beside(at, at.rng.choice(beside))
    return at.rng.choice((_only_one, _written))(at)


def plural(word: str) -> str:
    """The word for several: boxes, entries, items in the list."""
    head, _, tail = word.partition(" in ")
    ending = head[:-1] + "ies" if head.endswith("ry") else head + ("es" if head.endswith(("x", "ch")) else "s")
    return f"{ending} in {tail}" if tail else ending


def _counted(at: Stage, word: str) -> list[Line]:
    """The lines that people would call so; none where the word stands in a name or would not be clear."""
    roles = KINDS_SAID[word]
    row = [line for line in at.lines if line.role in roles]
    unclear = any(at.roles[role] for role in _UNLESS.get(word, ()))
    return [] if unclear or not at.all_words.isdisjoint(word.split()) else row


def _numbered(at: Stage, word: str, number: int, *, of: int) -> Marked | None:
    """The words for that one, counted from 0; None where they are part of a name."""
    name = _ordinal(at, number, of=of)
    frame = at.rng.choice(
        [one for one in templates(at.split)["counted"] if number < len(_ORDINALS) or "{c}" not in one]
    )
    said = filled(frame, o=name, r=word, p=plural(word), c=str(number + 1)).text
    return _told(said) if at.all_words.isdisjoint({*said.split()} - {"the", "in", "of", "from"}) else None


def _told(said: str) -> Marked:
    """The words that mean the control, an article before them not among these."""
    article = "the " if said.startswith("the ") else ""
    return Marked(said, {"m": (len(article), len(said))})


def _ordinal(at: Stage, number: int, *, of: int) -> str:
    if number == of - 1 and (number >= len(_ORDINALS) or at.rng.random() < 0.5):
        return at.rng.choice(("last", "last", "very last", "final"))
    if number == of - 2 and of > 2 and at.rng.random() < 0.15:
        return at.rng.choice(("second last", "next to last", "last but one"))
    return at.rng.choice((_ORDINALS[number], _ORDINALS[number], _SHORT[number]))


def _settled(line: Line) -> bool:
    return line.role in {"tab", "item", "option"} and not {"selected", "checked"}.isdisjoint(line.states)


def _done_to(at: Stage, line: Line, named: Marked) -> Clause:
    """What one does with such a control: write, tick, or click."""
    if line.role in FIELDS and at.rng.random() < 0.6:
        return typing(at, line, named, value_for(at, line), quotes=at.rng.random() < 0.5)
    if line.role in TICKED and at.rng.random() < 0.6:
        return ticking(at, line, named)
    return clicking(at, line, named)


def _goes_by_label(at: Stage, line: Line) -> bool:
    """Whether it has no name, and what it is near names nothing else that one could act on."""
    if line.name or not line.near or '"' in line.near:
        return False
    label = folded(line.near).rstrip(" :*")
    for other in at.lines:
        if other is line or other.role in {"text", "heading"}:
            continue
        if label in (at.folded[other.ref].rstrip(" :*"), folded(other.near).rstrip(" :*")):
            return False
    return True


def _beside(at: Stage, line: Line) -> Case:
    """By the label beside it, as if it were its name, or as what stands beside it."""
    label = line.near.rstrip(" :*")
    if at.rng.random() < 0.6:
        return asked(at, "nameless", _done_to(at, line, mention(at, line, label)))
    frame = at.rng.choice(templates(at.split)["beside"])
    word = at.rng.choice([word for word, roles in KINDS_SAID.items() if line.role in roles] or ["control"])
    return asked(at, "nameless", _done_to(at, line, filled(frame, n=marked(recased(at, label), "m"), r=word)))


def _only_one(at: Stage) -> Case | None:
    """The only one of its kind, named by its kind."""
    words = [word for word in KINDS_SAID if len(row := _counted(at, word)) == 1 and not _settled(row[0])]
    if at.roles["text area"] == 1:
        words += [word for word in _WRITTEN_ON if at.all_words.isdisjoint(word.split())] * 2
    if not words:
        return None
    word = at.rng.choice(words)
    roles = KINDS_SAID.get(word, frozenset({"text area"}))
    line = next(line for line in at.lines if line.role in roles)
    named = _told(at.rng.choice(("the {r}", "the {r}", "the {r}", "{r}", "this {r}")).replace("{r}", word))
    return asked(at, "nameless", _done_to(at, line, named))


def _written(at: Stage) -> Case | None:
    """Text to write and no field named: there is only one, or one has the focus."""
    focused = [line for line in at.writable if "focused" in line.states]
    lines = at.writable if len(at.writable) == 1 else focused
    if len(lines) != 1:
        return None
    line = lines[0]
    typed = value_for(at, line)
    if folded(typed) == folded(line.value):
        return None
    said = say(at, template(at.rng, at.split, "write"), v=given(at, typed, quotes=at.rng.random() < 0.5))
    return asked(at, "nameless", Clause("", said, TypeInto(line.ref, typed), step_words("type", called(line), typed)))
