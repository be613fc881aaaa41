"""Tasks that name something that is not on the screen."""

from agents.prompts.choosing import Example, NoneFits, ShownStep, Situation, step_words
from agents.prompts.folding import folded
from agents.screen.alike import likeness
from agents.screen.alike import split as words_of
from agents.screen.listing import Line, called
from builtin_model.case import Case, Kind
from builtin_model.data.following import pair
from builtin_model.data.phrases import Marked, template
from builtin_model.data.saying import case, fresh_value, given, mention, other_example, say, short_label
from builtin_model.data.screens import Stage
from builtin_model.data.sheet import FIELDS
from builtin_model.data.vocabulary import groups_of, nouns, pseudo

_TRIES = 10
_ROLES = ("button", "link", "field", "tab", "menu item", "dropdown", "checkbox", "item")
_LIKE = 0.3
"""A name that is less like what is said than this has no word in common with it."""


def none(at: Stage) -> Case | None:
    """Nothing on the screen has a word of what is named."""
    for _ in range(_TRIES):
        name = short_label(at).strip("…:.* ")
        if len(name) > 1 and '"' not in name and _foreign_to(at, name):
            return _after_example(at, name) if at.rng.random() < 0.15 else _said(at, "none", name)
    return None


def none_hard(at: Stage) -> Case | None:
    """Names on the screen share a word with what is named, and none has them all."""
    lines = [line for line in at.lines if len(at.words[line.ref]) > 1]
    for _ in range(_TRIES if lines else 0):
        line = at.rng.choice(lines)
        name = _crossed(at, line)
        if name and _only_half(at, name):
            return _said(at, "none_hard", name)
    return None


def _said(at: Stage, kind: Kind, name: str) -> Case:
    role = at.rng.choice(_ROLES)
    line = Line("e1", role, name)  # type: ignore[arg-type]  # the tuple holds roles only
    chance = at.rng.random()
    named = mention(at, line, name)
    if line.role in FIELDS or chance < 0.25:
        typed = given(at, fresh_value(at), quotes=at.rng.random() < 0.5)
        said = say(at, template(at.rng, at.split, "type"), x=named, v=typed)
    else:
        section = "tick" if line.role == "checkbox" and chance < 0.6 else "double" if chance > 0.95 else "click"
        said = say(at, template(at.rng, at.split, section), x=named)
    return case(kind, _situation(at, said), NoneFits())


def _situation(at: Stage, said: Marked) -> Situation:
    if at.rng.random() < 0.15:
        task = pair(at).today.text
        return Situation(at.shown, task, said.text)
    return Situation(at.shown, said.text, examples=other_example(at))


def _after_example(at: Stage, name: str) -> Case:
    """The recorded step's control is not on the screen, and the task names none."""
    told = pair(at)
    role = at.rng.choice(_ROLES)
    line = Line("e1", role, name)  # type: ignore[arg-type]  # the tuple holds roles only
    typed = told.values[0][0]
    words = step_words("type", called(line), typed) if line.role in FIELDS else step_words("click", called(line))
    example = Example(told.recorded.text, (ShownStep(0, words),))
    return case("none", Situation(at.shown, told.today.text, examples=(example,)), NoneFits())


def _foreign_to(at: Stage, name: str) -> bool:
    wanted = words_of(folded(name))
    meant = _meanings(wanted)
    for shown, words in zip(at.folded.values(), at.words.values(), strict=True):
        own = words_of(shown)
        if likeness(wanted, own) >= _LIKE or likeness(own, wanted) >= _LIKE or not words.isdisjoint(wanted):
            return False
        if not meant.isdisjoint(_meanings(own)):
            return False
    return True


def _crossed(at: Stage, line: Line) -> str:
    """A name of a word of the line's and another: from the screen, from the vocabulary, or one that no language has."""
    kept = at.rng.choice([word for word in line.name.split() if len(word) > 2] or [""])
    other = at.rng.choice([other.name for other in at.lines if len(other.name) > 2] or [""])
    fresh = at.rng.choice((at.rng.choice(nouns(at.split)), at.rng.choice(other.split() or [""]), pseudo(at.rng)))
    words = [kept.strip("…:.*()"), fresh.strip("…:.*()")]
    if not all(len(word) > 2 and '"' not in word for word in words):
        return ""
    at.rng.shuffle(words)
    return " ".join(words)


def _only_half(at: Stage, name: str) -> bool:
    """Whether no line could be meant: none has all words, or all of a name, or another word for one."""
    wanted = words_of(folded(name))
    for shown in at.folded.values():
        own = words_of(shown)
        covered = [word for word in wanted if likeness(own, (word,)) > 0]
        if own and (len(covered) == len(wanted) or likeness(wanted, own) > 0.8):
            return False
        missing = [word for word in wanted if word not in covered]
        if covered and not _meanings(tuple(missing)).isdisjoint(_meanings(own)):
            return False
    return True


def _meanings(words: tuple[str, ...]) -> frozenset[int]:
    """The groups of synonyms of the words, and of all of them together."""
    known = groups_of()
    return frozenset().union(*(known.get(word, frozenset()) for word in (*words, " ".join(words))))
