"""What letters alone say about which line of the element list words mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.grounding.naming import Naming, Tokens, named, readings
from agents.screen.alike import likeness
from agents.screen.listing import Line, cut
from agents.screen.roles import PARTS
from workbench.locate.verdict import Vote, WitnessName
from workbench.trajectory import Element

EXACT_WITH_ROLE, EXACT, COUNTED, BY_ROLE, OTHER_ROLE = 1.0, 0.98, 0.97, 0.97, 0.9
"""Confidence of the only line with that name and role; with that name; with that number among its equals; of the only
line of a role where no name is said; with that name and another role than was said."""

PRINTED = 0.97
"""Confidence of the only text that is printed exactly so; a single sign is misread too easily to act on it alone."""
PRINTED_SIGN = 0.9

PARTIAL = 0.9
"""What a resemblance is worth at most: never enough by itself."""

RESEMBLES = 0.75
"""Less likeness than this between words and name says nothing; the model's part begins there."""

FARTHER = 0.1
"""A resemblance counts only where the next best is less alike by this much."""

_LEAST_LETTERS = 2
_SHOWN = 40


@dataclass(frozen=True)
class Letters:
    """A vote, and the lines that it is about: the one that is meant, or all that fit equally well."""

    vote: Vote
    lines: tuple[Line, ...] = ()


def by_letters(words: str, lines: Sequence[Line], elements: Mapping[str, Element], *, printed: bool = False) -> Letters:
    """Which line the words name; `printed` says that the lines were read off the pixels.

    Lines that fit equally well make the words ambiguous, never the first of them meant. A control that is meant but
    disabled is a veto.
    """
    witness: WitnessName = "text" if printed else "element"
    for naming in readings(words):
        fitting = _fitting(naming, lines)
        if fitting:
            return _told(naming, fitting, _Terms(witness, words, lines, elements))
    return _resembling(words, lines, (witness, elements))


@dataclass(frozen=True)
class _Terms:
    witness: WitnessName
    words: str
    lines: Sequence[Line]
    elements: Mapping[str, Element]


def _fitting(naming: Naming, lines: Sequence[Line]) -> list[Line]:
    """The lines with exactly that name, those of the right role and those that can be acted on before others."""
    if not naming.name and not (naming.roles and (naming.ordinal or not naming.near)):
        return []
    same = [line for line in lines if _is_called(naming, line)]
    if naming.near:
        same = [line for line in same if _stands_in(naming.near, line)]
    same = [line for line in same if line.role in naming.roles] or ([] if not naming.name else same)
    acting = [line for line in same if line.role not in (*PARTS, "window")] or same
    if not naming.ordinal:
        return acting
    return acting[naming.ordinal - 1 :][:1] if naming.ordinal > 0 else acting[-1:]


def _is_called(naming: Naming, line: Line) -> bool:
    return not naming.name or named(line.name) == naming.name


def _stands_in(near: Tokens, line: Line) -> bool:
    return bool(line.near) and likeness(near, named(line.near)) >= RESEMBLES


def _told(naming: Naming, fitting: list[Line], terms: _Terms) -> Letters:
    if len(fitting) > 1:
        reason = f"{len(fitting)} controls are called {shown(terms.words)} and nothing tells which one is meant"
        vote = Vote(terms.witness, "blind", runner_up=1.0, cause="ambiguous", reason=reason)
        return Letters(vote, tuple(fitting))
    line = fitting[0]
    if "disabled" in line.states:
        reason = f"the {line.role} {shown(line.name)} is there but greyed out"
        region = terms.elements[line.ref].bounds
        return Letters(Vote(terms.witness, "veto", region=region, cause="disabled", reason=reason), (line,))
    others = [
        _alike(naming.name, other) for other in terms.lines if other is not line and not _is_called(naming, other)
    ]
    scores = (_certainty(naming, line, terms.witness), PARTIAL * max(others, default=0.0))
    return Letters(found(terms.witness, line, terms.elements, scores), (line,))


def _certainty(naming: Naming, line: Line, witness: WitnessName) -> float:
    if witness == "text":
        return PRINTED if sum(map(str.isalnum, line.name)) >= _LEAST_LETTERS else PRINTED_SIGN
    if naming.roles and line.role not in naming.roles:
        return OTHER_ROLE
    if naming.ordinal:
        return COUNTED
    if not naming.name:
        return BY_ROLE
    return EXACT_WITH_ROLE if naming.roles else EXACT


def _resembling(words: str, lines: Sequence[Line], known: tuple[WitnessName, Mapping[str, Element]]) -> Letters:
    witness, elements = known
    ways = [naming.name for naming in readings(words) if naming.name]
    scored = sorted(
        ((max((_alike(way, line) for way in ways), default=0.0), -at) for at, line in enumerate(lines)), reverse=True
    )
    best, at = scored[0] if scored else (0.0, 0)
    second = scored[1][0] if len(scored) > 1 else 0.0
    if best < RESEMBLES:
        return Letters(Vote(witness, "absent", reason=f"no control is called {shown(words)}"))
    if second > best - FARTHER:
        tied = tuple(lines[-at] for score, at in scored if score > best - FARTHER)
        return Letters(
            Vote(witness, "absent", reason=f"{len(tied)} controls are called much like {shown(words)}"), tied
        )
    line = lines[-at]
    scores = (round(PARTIAL * best, 4), round(PARTIAL * second, 4))
    return Letters(found(witness, line, elements, scores), (line,))


def _alike(words: Tokens, line: Line) -> float:
    """How alike words and a name are, whichever has more: 0 to 1."""
    name = named(line.name)
    there, back = likeness(words, name), likeness(name, words)
    return 2 * there * back / (there + back) if there + back else 0.0


def found(witness: WitnessName, line: Line, elements: Mapping[str, Element], scores: tuple[float, float]) -> Vote:
    """A vote for a line, at the middle of the part of it that shows; `scores` are its confidence and the runner-up."""
    bounds = elements[line.ref].bounds
    reason = f"{line.role} {shown(line.name)}" if line.name else f"the {line.role}"
    return Vote(witness, "found", bounds.centre, bounds, round(scores[0], 4), round(scores[1], 4), reason)


def shown(words: str) -> str:
    """Words as a sentence quotes them: on one line, and not many."""
    return f"“{cut(' '.join(words.split()), _SHOWN)}”"
