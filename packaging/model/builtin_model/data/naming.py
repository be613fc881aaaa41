"""Tasks that name one control of the screen: by its name, half of it, another word for it, or by its place."""

from collections import defaultdict
from collections.abc import Sequence

from agents.prompts.choosing import ClickIt, step_words
from agents.prompts.folding import folded
from agents.screen.alike import likeness
from agents.screen.alike import split as words_of
from agents.screen.listing import Line, called
from builtin_model.case import Case
from builtin_model.data.phrases import filled, marked, templates
from builtin_model.data.saying import (
    ROLE_WORDS,
    Clause,
    asked,
    clicking,
    mention,
    ordinal,
    recased,
    role_word,
    say,
    speakable,
)
from builtin_model.data.screens import Stage
from builtin_model.data.sheet import FIELDS
from builtin_model.data.vocabulary import groups_of, synonyms

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_JOINTS = frozenset(("the", "for", "from", "with", "and", "all", "per", "out", "off", "not", "this", "that", "into"))
_ANYTHING = frozenset({"control", "thing"})
"""Words for controls of any role, which tell none apart."""

_REACH = 6
"""How many lines apart at most a control is told by another that it follows or precedes."""

_TRIES = 6
_ANOTHER = 0.75
"""Names more alike than this with what is said could be meant as well."""


def exact(at: Stage) -> Case | None:
    """The name as it stands."""
    lines = [line for line in at.clickable if speakable(line)]
    return _named(at, "exact", at.rng.choice(lines)) if lines else None


def partial(at: Stage) -> Case | None:
    """Some words of the name, in a row, that no other name holds all of."""
    lines = [line for line in at.clickable if len(line.name.split()) > 1 and speakable(line)]
    for _ in range(_TRIES if lines else 0):
        line = at.rng.choice(lines)
        words = line.name.split()
        count = at.rng.randint(1, len(words) - 1)
        start = at.rng.randint(0, len(words) - count)
        said = " ".join(words[start : start + count]).strip("…:.*()")
        if _says_something(said) and _only_in(at, line, said):
            return _named(at, "partial", line, said)
    return None


def plural(at: Stage) -> Case | None:
    """The name with an s more or less."""
    lines = [line for line in at.clickable if line.name[-1].isalpha() and len(line.name) > 3 and speakable(line)]
    for _ in range(_TRIES if lines else 0):
        line = at.rng.choice(lines)
        said = (
            line.name[:-1] if line.name[-1] == "s" and line.name[-2] != "s" and len(line.name) > 4 else line.name + "s"
        )
        if folded(said) not in at.names and _nearest(at, line, said):
            return _named(at, "plural", line, said)
    return None


def typo(at: Stage) -> Case | None:
    """The name with one letter wrong, missing or swapped with its neighbour."""
    lines = [line for line in at.clickable if len(line.name) > 5 and speakable(line)]
    for _ in range(_TRIES if lines else 0):
        line = at.rng.choice(lines)
        said = _mistyped(at, line.name)
        if said and folded(said) not in at.names and _nearest(at, line, said):
            return _named(at, "typo", line, said)
    return None


def synonym(at: Stage) -> Case | None:
    """Other words for the same thing."""
    found = [(line, _groups(at, line)) for line in at.clickable]
    known = [(line, numbers) for line, numbers in found if numbers]
    if known and at.rng.random() < 0.65:
        line, numbers = at.rng.choice(known)
        return _said_otherwise(at, line, at.rng.choice(sorted(numbers)))
    return _one_word_otherwise(at)


def ordinals(at: Stage) -> Case | None:
    """One of several controls of the same role and name, by its number."""
    same: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in at.lines:
        same[line.role, at.folded[line.ref]].append(line)
    rows = [lines for (_, name), lines in same.items() if name and 1 < len(lines) <= 5 and len(lines) == at.count[name]]
    rows = [lines for lines in rows if speakable(lines[0]) and lines[0].role not in {"text", "heading"}]
    if not rows:
        return None
    row = at.rng.choice(rows)
    place = at.rng.randrange(len(row))
    return asked(at, "ordinal", clicking(at, row[place], ordinal(at, row[place], place=place, of=len(row))))


def role(at: Stage) -> Case | None:
    """One of several controls of the same name, told apart by what it is."""
    lines = [line for line in at.lines if speakable(line) and _apart_by_role(at, line)]
    if not lines:
        return None
    line = at.rng.choice(lines)
    others = {word for other in _namesakes(at, line) for word in ROLE_WORDS[other.role]} | _ANYTHING
    word = at.rng.choice([word for word in ROLE_WORDS[line.role] if word not in others])
    frame = at.rng.choice([frame for frame in templates(at.split)["named"] if "{r}" in frame])
    named = filled(frame, n=marked(recased(at, line.name), "m"), r=word)
    return asked(at, "role", clicking(at, line, named))


def relation(at: Stage) -> Case | None:
    """A control by where it stands: below another, or in a group that is told beside it."""
    doubles = [line for line in at.lines if line.near and speakable(line) and _only_there(at, line)]
    if doubles and at.rng.random() < 0.6:
        line = at.rng.choice(doubles)
        near = marked(recased(at, line.near), "near")
        frame = at.rng.choice(templates(at.split)["within"])
        named = filled(frame, n=marked(recased(at, line.name), "m"), r=role_word(at, line.role), m=near)
        return asked(at, "relation", clicking(at, line, named))
    return _neighbour(at)


def _named(at: Stage, kind: str, line: Line, words: str | None = None) -> Case:
    return asked(at, kind, clicking(at, line, mention(at, line, words)))  # type: ignore[arg-type]  # kinds of this module


def _says_something(said: str) -> bool:
    """Whether it has a word that is more than a joint of a sentence."""
    return any(len(word) > 2 and word.lower() not in _JOINTS for word in said.split())


def _only_in(at: Stage, line: Line, said: str) -> bool:
    wanted = frozenset(words_of(folded(said)))
    return bool(wanted) and [ref for ref, words in at.words.items() if wanted <= words] == [line.ref]


def _nearest(at: Stage, line: Line, said: str) -> bool:
    """Whether no other name is much like what is said."""
    wanted = words_of(folded(said))
    others = (name for ref, name in at.folded.items() if ref != line.ref)
    return all(likeness(wanted, words_of(name)) < _ANOTHER for name in others)


def _mistyped(at: Stage, name: str) -> str:
    letters = list(name)
    places = [place for place in range(1, len(name) - 1) if name[place].isalpha() and name[place + 1].isalpha()]
    if not places:
        return ""
    place, chance = at.rng.choice(places), at.rng.random()
    if chance < 0.3:
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
    elif chance < 0.55:
        del letters[place]
    elif chance < 0.75:
        letters.insert(place, at.rng.choice((letters[place], at.rng.choice(_LETTERS))))
    else:
        letters[place] = at.rng.choice(_LETTERS)
    return "".join(letters)


def _groups(at: Stage, line: Line) -> frozenset[int]:
    """The groups of synonyms that the name belongs to, and that no other name on the screen belongs to."""
    own = groups_of().get(folded(line.name.rstrip("…:.* ")), frozenset())
    if not own:
        return own
    others = [groups_of().get(name.rstrip("…:.* "), frozenset()) for ref, name in at.folded.items() if ref != line.ref]
    return own.difference(*others)


def _said_otherwise(at: Stage, line: Line, number: int) -> Case | None:
    group = synonyms()[number]
    if group.sentences and at.rng.random() < 0.3:
        said = say(at, "{x}", x=marked(at.rng.choice(group.sentences), "m"))
        return asked(at, "synonym", Clause("click", said, ClickIt(line.ref), step_words("click", called(line))))
    words = [phrase for phrase in (*group.labels, *group.spoken) if not _taken(at, phrase, line)]
    return _named(at, "synonym", line, at.rng.choice(words)) if words else None


def _taken(at: Stage, phrase: str, line: Line) -> bool:
    """Whether the phrase is the name itself, or fits another line of the screen at least as well."""
    wanted = frozenset(words_of(folded(phrase)))
    return folded(phrase) in at.names or any(
        wanted & words for ref, words in at.words.items() if ref != line.ref and words
    )


def _one_word_otherwise(at: Stage) -> Case | None:
    """A name of several words of which one is replaced by another word for it: "remove row" for "Delete row"."""
    lines = [line for line in at.clickable if len(line.name.split()) > 1 and speakable(line)]
    at.rng.shuffle(lines)
    for line in lines:
        words = line.name.split()
        place = at.rng.randrange(len(words))
        other = _other_word(at, words[place])
        kept = [word for number, word in enumerate(words) if number != place]
        said = " ".join([*words[:place], other, *words[place + 1 :]])
        if other and len(" ".join(kept)) > 2 and not _half_fits(at, line, said):
            return _named(at, "synonym", line, said)
    return None


def _other_word(at: Stage, word: str) -> str:
    numbers = sorted(groups_of().get(folded(word), frozenset()))
    labels = [label for number in numbers for label in synonyms()[number].labels if label.isalpha()]
    labels = [label for label in labels if label != folded(word) and len(label) > 2]
    return at.rng.choice(labels) if labels and word.isalpha() else ""


def _half_fits(at: Stage, line: Line, said: str) -> bool:
    """Whether another line shares a word with what is said."""
    wanted = frozenset(words_of(folded(said)))
    return any(wanted & words for ref, words in at.words.items() if ref != line.ref)


def _namesakes(at: Stage, line: Line) -> list[Line]:
    return [other for other in at.lines if other is not line and at.folded[other.ref] == at.folded[line.ref]]


def _apart_by_role(at: Stage, line: Line) -> bool:
    others = _namesakes(at, line)
    if not others or any(other.role == line.role for other in others) or line.role in {"text", "heading"}:
        return False
    taken = {word for other in others for word in ROLE_WORDS[other.role]} | _ANYTHING
    return not taken.issuperset(ROLE_WORDS[line.role])


def _only_there(at: Stage, line: Line) -> bool:
    same = [other for other in _namesakes(at, line) if folded(other.near) == folded(line.near)]
    return not same and folded(line.near) != at.folded[line.ref] and line.role not in {"text", "heading"}


def _neighbour(at: Stage) -> Case | None:
    anchors = [line for line in at.alone if speakable(line)]
    for _ in range(_TRIES if anchors else 0):
        anchor = at.rng.choice(anchors)
        form = at.rng.choice(("later", "earlier", "beside"))
        wanted = at.rng.choice(("button", "field", "checkbox", "link", "item", "cell"))
        found = _standing(at.lines, anchor, form, wanted)
        if found is not None:
            frame = at.rng.choice(templates(at.split)[form])
            named = filled(frame, n=marked(recased(at, anchor.name), "anchor"), r=wanted)
            return asked(at, "relation", clicking(at, found, named))
    return None


def _standing(lines: Sequence[Line], anchor: Line, form: str, role: str) -> Line | None:
    """The nearest control of the role after or before the anchor; beside means right after it and not before it."""
    place = lines.index(anchor)
    before, after = lines[max(0, place - _REACH) : place], lines[place + 1 : place + 1 + _REACH]
    if form == "later":
        return next((line for line in after if _is(line, role)), None)
    if form == "earlier":
        return next((line for line in reversed(before) if _is(line, role)), None)
    if after and _is(after[0], role) and not (before and _is(before[-1], role)):
        return after[0]
    return None


def _is(line: Line, role: str) -> bool:
    """Whether people would call the line so."""
    return line.role == role or (role == "field" and line.role in FIELDS)
