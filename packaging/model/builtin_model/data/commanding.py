"""Tasks in the words of people who use an application: what they want, not what the control is called."""

from agents.prompts.choosing import Choice, ClickIt, Finished, NoneFits, Situation, TypeInto, step_words
from agents.prompts.folding import folded
from agents.screen.alike import split as words_of
from agents.screen.listing import Line, called
from builtin_model.case import Case
from builtin_model.data.applications import VALUE, Application, Command, Part, applications, of_split
from builtin_model.data.furnishing import alone_in, known
from builtin_model.data.labels import number
from builtin_model.data.phrases import Marked, filled, marked, template
from builtin_model.data.saying import (
    Clause,
    asked,
    case,
    clicking,
    fresh_value,
    given,
    mention,
    say,
    typing,
    value_for,
)
from builtin_model.data.screens import Stage
from builtin_model.data.sheet import FIELDS, TICKED
from builtin_model.data.vocabulary import groups_of

_TRIES = 8
_SENTENCE = 0.65
"""How often a task says what is wanted, instead of another name for the control."""

_WRITTEN = 0.3
"""How often, where there are fields, one of these is asked for and not just any control."""

_UNDRESSED = 0.6
"""How often nothing is said around it."""

_SETTLED = {"tab": "selected", "item": "selected", "dropdown": "expanded"}
"""What is as wanted in this state, so that nobody would ask for it."""


def command(at: Stage) -> Case | None:
    """A control of an application by what it is for, or by another name of it."""
    refs = sorted(at.meant)
    written = [ref for ref in refs if at.meant[ref].role in FIELDS]
    for _ in range(_TRIES if refs else 0):
        ref = at.rng.choice(written if written and at.rng.random() < _WRITTEN else refs)
        line = at.shown.line(ref)
        clause = commanded(at, line) if line is not None else None
        if clause is not None:
            return asked(at, "command", clause)
    return None


def none_command(at: Stage) -> Case | None:
    """What is asked for is a control of an application that is not on the screen."""
    if at.application is None:
        return None
    for _ in range(_TRIES):
        of = at.application if at.rng.random() < 0.65 else at.rng.choice(applications())
        part = at.rng.choice(of.parts)
        wanted = at.rng.choice(part.commands)
        if _absent(at, wanted, _open(at, part)) and not _behind_a_menu(at, of, part):
            clause = _clause(at, Line("e1", wanted.role, wanted.labels[0]), wanted)
            if clause is not None:
                return case("none_command", Situation(at.shown, clause.said.text), NoneFits())
    return None


def commanded(at: Stage, line: Line) -> Clause | None:
    """The line asked for in the words of its application; None where these would not be clear."""
    if _SETTLED.get(line.role) in line.states:
        return None
    return _clause(at, line, at.meant[line.ref])


def _clause(at: Stage, line: Line, wanted: Command) -> Clause | None:
    off = line.role in TICKED and at.rng.random() < 0.45
    sentences = of_split(wanted.off if off else wanted.sentences, at.split)
    names = [name for name in of_split(wanted.names, at.split) if folded(name) not in at.names]
    if sentences and (at.rng.random() < _SENTENCE or not names):
        said = at.rng.choice(sentences)
        return _by_sentence(at, line, said, off=off) if _clear(at, said, wanted) else None
    if not names:
        return None
    said = at.rng.choice(names)
    return _by_name(at, line, said, off=off) if _clear(at, said, wanted) else None


def _clear(at: Stage, said: str, wanted: Command) -> bool:
    """Whether no other control of the screen is asked for in these words."""
    return alone_in(said, wanted, tuple(at.meant.values())) and folded(said) not in at.names


def _by_sentence(at: Stage, line: Line, sentence: str, *, off: bool) -> Clause:
    value = _value(at, line) if VALUE in sentence else ""
    said = _said(at, _worded(at, sentence, value))
    if _so_already(line, value, off=off):
        return Clause("", Marked(said.text), Finished(), "")
    choice: Choice = TypeInto(line.ref, value) if line.role in FIELDS else ClickIt(line.ref)
    words = step_words("type", called(line), value) if line.role in FIELDS else step_words("click", called(line))
    half_done = line.role in {"dropdown", "slider"} and value
    return Clause("", _for_answer(said, choice), choice, "" if half_done else words)


def _by_name(at: Stage, line: Line, name: str, *, off: bool) -> Clause:
    """Another name for it, in sentences that name controls."""
    named = mention(at, line, name)
    if line.role in FIELDS:
        return typing(at, line, named, value_for(at, line), quotes=at.rng.random() < 0.4)
    if line.role in TICKED:
        said = say(at, template(at.rng, at.split, "untick" if off else "tick"), x=named)
    elif line.role == "dropdown" and at.rng.random() < 0.6:
        value = _value(at, line)
        given_ = marked(value, "v") if at.rng.random() < 0.5 else given(at, value, quotes=True)
        said = say(at, template(at.rng, at.split, "choose"), x=named, v=given_)
        choice: Choice = Finished() if _so_already(line, value, off=False) else ClickIt(line.ref)
        return Clause("", _for_answer(said, choice), choice, "")
    elif at.rng.random() < 0.5:
        frame = "{x}" if at.plain else template(at.rng, at.split, "plain")
        said = _said(at, filled(frame, x=marked(name, "m")))
    else:
        clause = clicking(at, line, named)
        return clause if not _so_already(line, "", off=off) else Clause("", Marked(clause.said.text), Finished(), "")
    if _so_already(line, "", off=off):
        return Clause("", Marked(said.text), Finished(), "")
    return Clause("", said, ClickIt(line.ref), step_words("click", called(line)))


def _for_answer(said: Marked, choice: Choice) -> Marked:
    """What is said with those marks that the answer needs."""
    if isinstance(choice, Finished):
        return Marked(said.text)
    kept = {"m", "v"} if isinstance(choice, TypeInto) else {"m"}
    return Marked(said.text, {mark: place for mark, place in said.marks.items() if mark in kept})


def _so_already(line: Line, value: str, *, off: bool) -> bool:
    if line.role in TICKED:
        return off != ("checked" in line.states)
    if line.role == "option":
        return "checked" in line.states
    return bool(value) and line.role in {"dropdown", "slider"} and folded(value) == folded(line.value)


def _value(at: Stage, line: Line) -> str:
    if line.role == "slider":
        return number(at.rng, at.split)
    if line.role == "dropdown":
        return line.value if line.value and at.rng.random() < 0.2 else fresh_value(at, unlike=line.value)
    return value_for(at, line)


def _worded(at: Stage, sentence: str, value: str) -> Marked:
    """The sentence with its value; the longer part beside the value says which control is meant."""
    if not value:
        return marked(sentence, "m")
    before, after = sentence.split(VALUE)
    parts = {"a": before, "c": after}
    longer = "a" if len(before) >= len(after) else "c"
    core = parts[longer].strip()
    lead, tail = parts[longer].split(core, 1)
    pieces: dict[str, Marked | str] = {**parts, longer: filled("{l}{m}{t}", l=lead, m=marked(core, "m"), t=tail)}
    return filled("{a}{v}{c}", **pieces, v=given(at, value, quotes=at.rng.random() < 0.35))


def _said(at: Stage, core: Marked) -> Marked:
    """The words as they are, or with what people say around them."""
    if at.rng.random() > _UNDRESSED:
        return say(at, "{x}", x=core)
    text = core.text[:1].upper() + core.text[1:] if at.rng.random() < 0.3 else core.text
    return Marked(text + at.rng.choice(("", "", "", ".")), core.marks)


def _open(at: Stage, part: Part) -> bool:
    """Whether the part is on the screen, be it without some of its controls."""
    return any(one in part.commands for one in at.meant.values())


def _behind_a_menu(at: Stage, of: Application, part: Part) -> bool:
    """Whether a menu of the screen would show it."""
    return of is at.application and part.kind == "menu" and not _open(at, part) and "menu" in at.roles


def _absent(at: Stage, wanted: Command, beside: bool) -> bool:
    """Whether nothing on the screen could be meant: no other words for it, and no like ones unless it stands beside."""
    there = tuple(at.meant.values())
    names = frozenset(folded(name) for name in wanted.names)
    shown = at.names.union(*(frozenset(map(folded, one.names)) for one in there))
    if wanted in there or not names.isdisjoint(shown) or not _meanings(names).isdisjoint(_meanings(shown)):
        return False
    if any(not known(wanted).isdisjoint(known(one)) for one in there):
        return False
    if wanted.role in FIELDS and any(line.role == "text area" or not line.name for line in at.writable):
        return False
    return beside or _words(names).isdisjoint(_words(shown))


def _meanings(names: frozenset[str]) -> frozenset[int]:
    return frozenset().union(*(groups_of().get(name.rstrip("…:.* "), frozenset()) for name in names))


def _words(names: frozenset[str]) -> frozenset[str]:
    return frozenset(word for name in names for word in words_of(name) if len(word) > 2)
