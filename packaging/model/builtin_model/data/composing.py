"""Tasks of several clauses, of which one is the goal or the next to do; and keys of a keypad in their order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.prompts.choosing import MOST_DONE, Choice, ClickIt, Finished, Situation, step_words
from agents.prompts.folding import folded
from agents.screen.listing import Line, called
from builtin_model.case import Case, Span, Supervision
from builtin_model.data.commanding import commanded
from builtin_model.data.layouts import EQUALS, SIGNS
from builtin_model.data.phrases import Marked, filled, templates
from builtin_model.data.saying import Clause, case, clicking, mention, said_again, say, speakable, typing, value_for
from builtin_model.data.screens import Stage
from builtin_model.data.sheet import FIELDS, TICKED
from builtin_model.data.writing import choosing_clause, ticking

_SPOKEN = {
    "+": ("+", "+", "plus", "plus", "and", "added to"),
    "-": ("-", "−", "minus", "minus", "less", "take away"),
    "*": ("*", "×", "x", "times", "times", "multiplied by"),
    "/": ("/", "÷", "divided by", "divided by", "over"),
}
_EQUALS = ("=", "=", "equals", "is")
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_IN_WORDS = 0.12
"""How often a number of one digit is said in words."""

_KEYING = re.compile(r"\b(?:enter|key|type|tap|feed)\b|^\{s\}")
"""Frames that ask for keys and not for a result: the key for the result is pressed only where it is said."""

_POINT = 0.15
"""How often a number of several digits has a decimal point."""


@dataclass(frozen=True)
class Key:
    """A key to press, and where it is said: characters of the words that say them all."""

    line: Line
    start: int
    end: int


def goal(at: Stage) -> Case | None:
    """The task has two to five clauses; the goal is one of them, in the same words or in others."""
    clauses = _clauses(at, at.rng.choice((2, 2, 3, 3, 4, 5)))
    if clauses is None:
        return None
    chosen = at.rng.choice(clauses)
    task = _joined(at, clauses).text
    said = _as_goal(at, chosen)
    if chosen.words and at.rng.random() < 0.12:
        return case("goal", Situation(at.shown, task, said.text, (chosen.words,)), Finished())
    spans = Supervision(said.span("m", "goal"), said.span("v", "goal"))
    return case("goal", Situation(at.shown, task, said.text), chosen.choice, spans)


def sequence(at: Stage) -> Case | None:
    """Keys of a keypad, or clauses without a goal: the next one is due, and nothing after the last."""
    keys = {at.folded[line.ref]: line for line in at.alone if line.role == "button"}
    if "1" in keys and "7" in keys and at.rng.random() < 0.8:
        return _keyed(at, keys)
    return _in_order(at) if at.chains else None


def _as_goal(at: Stage, chosen: Clause) -> Marked:
    """The clause as it stands in the task, or in other words."""
    ref = getattr(chosen.choice, "element", "")
    line = at.shown.line(ref)
    if chosen.section and line is not None and at.rng.random() < 0.5:
        return said_again(at, chosen, line)
    return Marked(chosen.said.text.rstrip(".! "), chosen.said.marks)


def _in_order(at: Stage) -> Case | None:
    clauses = _clauses(at, at.rng.choice((2, 2, 3, 3, 4)))
    if clauses is None or not all(clause.words for clause in clauses):
        return None
    due = at.rng.randrange(len(clauses) + 1)
    said = _joined(at, clauses)
    situation = Situation(at.shown, said.text, done=tuple(clause.words for clause in clauses[:due]))
    if due == len(clauses):
        return case("sequence", situation, Finished())
    spans = Supervision(said.span(f"m{due}", "task"), said.span(f"v{due}", "task"))
    return case("sequence", situation, clauses[due].choice, spans)


def _clauses(at: Stage, count: int) -> list[Clause] | None:
    """Clauses on different controls; None where the screen has too few.

    Nothing is said around them: "finally" or "first" would put them in another order than that in which they stand.
    """
    lines = [line for line in dict.fromkeys((*at.clickable, *at.fields)) if speakable(line)]
    if len(lines) < count:
        return None
    at.plain = True
    clauses = [_clause(at, line) for line in at.rng.sample(lines, count)]
    at.plain = False
    return clauses


def _clause(at: Stage, line: Line) -> Clause:
    known = commanded(at, line) if line.ref in at.meant and at.rng.random() < 0.6 else None
    return known or _by_its_name(at, line)


def _by_its_name(at: Stage, line: Line) -> Clause:
    named = mention(at, line)
    if line.role in FIELDS and at.rng.random() < 0.9:
        return typing(at, line, named, value_for(at, line), quotes=at.rng.random() < 0.6)
    if line.role in TICKED and at.rng.random() < 0.6:
        return ticking(at, line)
    if line.role == "dropdown" and "expanded" not in line.states and at.rng.random() < 0.6:
        return choosing_clause(at, line)
    return clicking(at, line, named)


def _joined(at: Stage, clauses: Sequence[Clause]) -> Marked:
    """The clauses in one sentence; the marks of each get its number from 0."""
    parts: dict[str, Marked | str] = {}
    for number, clause in enumerate(clauses):
        text = clause.said.text.rstrip(".! ")
        text = text[:1].lower() + text[1:] if number and at.rng.random() < 0.7 else text
        parts[f"c{number}"] = Marked(text, {f"{mark}{number}": span for mark, span in clause.said.marks.items()})
        parts[f"j{number}"] = _joiner(at, last=number == len(clauses) - 2)
    frame = "".join(
        f"{{c{number}}}" + (f"{{j{number}}}" if number + 1 < len(clauses) else "") for number in range(len(clauses))
    )
    return filled(frame, **parts)


def _joiner(at: Stage, *, last: bool) -> str:
    if not last and at.rng.random() < 0.5:
        return ", "
    word = at.rng.choice(templates(at.split)["joined"])
    return f"{word} " if word[0] in ",;." else f" {word} "


def _keyed(at: Stage, keys: dict[str, Line]) -> Case | None:
    signs = {sign: line for sign in _SPOKEN if (line := _key_of(keys, sign)) is not None}
    equals = next((keys[name] for name in EQUALS if name in keys), None)
    if signs and equals is not None and at.rng.random() < 0.8:
        frame = at.rng.choice(templates(at.split)["reckon"])
        words, places = _sum(at, keys, signs, equals, said=_KEYING.search(frame) is not None)
    else:
        words, places = _code(at, keys)
        frame = at.rng.choice(templates(at.split)["dial"])
    if not places:
        return None
    said = say(at, frame, s=Marked(words, {"s": (0, len(words))}))
    return _due_key(at, said, places)


def _due_key(at: Stage, said: Marked, places: Sequence[Key]) -> Case | None:
    """The case of one moment within the keys: any of them, or after the last."""
    steps = tuple(step_words("click", called(key.line)) for key in places)
    due = at.rng.randrange(len(places) + 1)
    if not _placeable(steps, due):
        return None
    start = said.marks["s"][0]
    as_goal = at.rng.random() < 0.3
    task = f"{said.text.rstrip('.! ')}{_joiner(at, last=True)}stop" if as_goal else said.text
    situation = Situation(at.shown, task, said.text if as_goal else "", steps[:due])
    if due == len(places):
        return case("sequence", situation, Finished())
    key = places[due]
    answer: Choice = ClickIt(key.line.ref)
    if key.start == key.end:
        return case("sequence", situation, answer)
    span = Span("goal" if as_goal else "task", start + key.start, start + key.end)
    return case("sequence", situation, answer, Supervision(span))


def _placeable(steps: Sequence[str], due: int) -> bool:
    """Whether the steps that the prompt still tells say how far one is."""
    told = steps[max(0, due - MOST_DONE) : due]
    if due <= MOST_DONE:
        return True
    return sum(steps[end - MOST_DONE : end] == told for end in range(MOST_DONE, len(steps) + 1)) == 1


def _sum(
    at: Stage, keys: dict[str, Line], signs: dict[str, Line], equals: Line, *, said: bool
) -> tuple[str, list[Key]]:
    """Two or three numbers with signs between them; the key for the result comes last, said in any case or not."""
    words, places = _digits(at, keys, "", [])
    for _ in range(at.rng.choice((1, 1, 1, 2))):
        sign = at.rng.choice(sorted(signs))
        spoken = at.rng.choice(_SPOKEN[sign])
        tight = not spoken.isalpha() and " " not in spoken and words[-1].isdigit() and at.rng.random() < 0.4
        words += "" if tight else " "
        places.append(Key(signs[sign], len(words), len(words) + len(spoken)))
        words, places = _digits(at, keys, words + spoken + ("" if tight else " "), places)
    if said or at.rng.random() < 0.4:
        words += " "
        spoken = at.rng.choice(_EQUALS)
        places.append(Key(equals, len(words), len(words) + len(spoken)))
        words += spoken
    else:
        places.append(Key(equals, len(words), len(words)))
    return words, places


def _digits(at: Stage, keys: dict[str, Line], words: str, places: list[Key]) -> tuple[str, list[Key]]:
    shown = [key for key in keys if len(key) == 1 and key in "0123456789"]
    if words[-1:] in ("", " ") and at.rng.random() < _IN_WORDS:
        digit = at.rng.choice(shown)
        spoken = _DIGITS[int(digit)]
        return words + spoken, [*places, Key(keys[digit], len(words), len(words) + len(spoken))]
    for number in range(at.rng.choice((1, 1, 2, 2, 3))):
        digit = at.rng.choice(shown if number else [key for key in shown if key != "0"])
        if number == 1 and "." in keys and at.rng.random() < _POINT:
            places.append(Key(keys["."], len(words), len(words) + 1))
            words += "."
        places.append(Key(keys[digit], len(words), len(words) + 1))
        words += digit
    return words, places


def _code(at: Stage, keys: dict[str, Line]) -> tuple[str, list[Key]]:
    signs = [key for key in keys if len(key) == 1 and key in "0123456789*#"]
    words = "".join(at.rng.choice(signs) for _ in range(at.rng.randint(2, 8)))
    return words, [Key(keys[sign], place, place + 1) for place, sign in enumerate(words)]


def _key_of(keys: dict[str, Line], sign: str) -> Line | None:
    names = next(names for names in SIGNS if names[0] == sign)
    return next((keys[folded(name)] for name in names if folded(name) in keys), None)
