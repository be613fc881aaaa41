"""What can be had without a model: the name that is most like the words, and the same with rules written by hand.

Both are given every chance: their scorer and their threshold for "none" are tuned on questions like those asked.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.grounding.naming import Naming, readings
from agents.prompts.choosing import Choice, ClickIt, DoubleClickIt, Finished, NoneFits, Press, Situation, TypeInto
from agents.prompts.folding import folded
from agents.screen.alike import likeness, split
from agents.screen.listing import Line, called
from builtin_model.questions import Question

Scorer = Callable[[str, str], float]

_COMMON = """
    please click press on hit choose tap select push go to now use activate open i want you should could
    just pick then navigate give a an the labelled called into in with as type enter fill set write put
    input change be let insert which reads reading titled showing would kindly
"""
_FILLING = frozenset(_COMMON.split())
_TYPES = re.compile(r"\b(?:type|enter|fill|write|put|input|insert|populate|set|replace|search)\b")
_KEYS = re.compile(r"\b((?:(?:ctrl|control|alt|shift|super|win|cmd)\s?[+-]\s?)+\w+)")
_QUOTED = re.compile(r"[\"“„«]([^\"”“»]+)[\"”“»]")
_VALUE = re.compile(
    r"(?:type|enter|write|put|insert|input|set)\s+(.+?)\s+(?:into|in|as|for)\b|\b(?:with|to|says|say|is|as)\s+(.+)$",
    re.I,
)
_FIELDS = frozenset({"field", "text area", "password field", "number field", "dropdown"})
_STEP = re.compile(r'^(?P<kind>[\w-]+) (?:"(?P<text>[^"]*)" into )?(?P<target>.*)$')


def coverage(words: str, name: str) -> float:
    """How much of the name stands in the words; of equals the longer."""
    return likeness(split(words), split(name)) + min(len(name), 30) / 300


def both_ways(words: str, name: str) -> float:
    """How much of each stands in the other."""
    wanted, own = split(words), split(name)
    there, back = likeness(wanted, own), likeness(own, wanted)
    return 2 * there * back / (there + back) if there + back else 0.0


def token_set(words: str, name: str) -> float:
    """The library's own measure for names within sentences."""
    from rapidfuzz import fuzz

    return 0.7 * fuzz.token_set_ratio(words, name) / 100 + 0.3 * fuzz.ratio(words, name) / 100


def weighted(words: str, name: str) -> float:
    """The library's own best guess."""
    from rapidfuzz import fuzz

    return float(fuzz.WRatio(words, name)) / 100


SCORERS: tuple[Scorer, ...] = (coverage, both_ways, token_set, weighted)


@dataclass(frozen=True)
class Lexical:
    """Clicks the name that is most like the goal or task; with `rules` it heeds roles, order, examples and values."""

    scorer: Scorer
    threshold: float
    rules: bool = False

    def choose(self, situation: Situation) -> Choice:
        """The answer, "none" below the threshold."""
        score, choice = self.scored(situation)
        return choice if score >= self.threshold else NoneFits()

    def scored(self, situation: Situation) -> tuple[float, Choice]:
        """The best answer that names an element, and how well its name fits."""
        wanted = situation.goal or situation.task
        if self.rules:
            return _ruled(situation, wanted, self.scorer)
        scores = [self.scorer(_stripped(wanted), line.name) for line in situation.shown_list.lines]
        best = scores.index(max(scores))
        return scores[best], ClickIt(situation.shown_list.lines[best].ref)


def tuned(questions: Sequence[Question], *, rules: bool) -> Lexical:
    """The scorer and the threshold that answer most of these questions right."""
    best, most = Lexical(coverage, 0.0, rules), -1
    for scorer in SCORERS:
        trial = Lexical(scorer, 0.0, rules)
        scored = [(*trial.scored(question.situation), question) for question in questions]
        for step in range(44):
            threshold = step * 0.03
            right = sum(_is_hit(score >= threshold, choice, question) for score, choice, question in scored)
            if right > most:
                best, most = Lexical(scorer, threshold, rules), right
    return best


def _is_hit(accepted: bool, choice: Choice, question: Question) -> bool:
    return question.hits(choice) if question.aims and accepted else question.absent and not accepted


def _stripped(words: str) -> str:
    kept = [word for word in split(folded(words)) if word not in _FILLING and word != '"']
    return " ".join(kept) or words.lower()


def _ruled(situation: Situation, wanted: str, scorer: Scorer) -> tuple[float, Choice]:
    """By rules: what was recorded, then roles and ordinals, then which line's name fits best."""
    due = next((step.words for example in situation.examples for step in example.steps if step.mark == 0), "")
    keys = _KEYS.search(wanted.lower())
    if keys and not due:
        return 9.0, Press(re.sub(r"\s?[+-]\s?", "+", keys.group(1)))
    if situation.examples and not due:
        return 9.0, Finished()
    step = _STEP.match(due) if due else None
    words = _target(step["target"], situation) if step else wanted
    line, score = _best(situation, words, scorer)
    if not step and any(called(line) in done for done in situation.done[-1:]):
        return 9.0, Finished()
    return score, _acted(line, situation, step)


def _target(recorded: str, situation: Situation) -> str:
    """The recorded target, under today's name where the recorded task named it."""
    role, _, name = recorded.partition(' "')
    return f'{role} "{_carried(name.rstrip(chr(34)), situation)}"' if name else recorded


def _best(situation: Situation, words: str, scorer: Scorer) -> tuple[Line, float]:
    lines = situation.shown_list.lines
    naming = next(iter(readings(folded(words))), Naming(()))
    typing = bool(_TYPES.search(words.lower()))
    scores = [
        scorer(_stripped(words), line.name)
        + 0.08 * (line.role in naming.roles or f" {line.role} " in f" {words.lower()} ")
        + 0.06 * (typing and line.role in _FIELDS)
        for line in lines
    ]
    best = scores.index(max(scores))
    same = [line for line in lines if (line.role, line.name) == (lines[best].role, lines[best].name)]
    ordinal = naming.ordinal or _ordinal(words)
    if ordinal and len(same) >= abs(ordinal):
        return same[ordinal - 1 if ordinal > 0 else ordinal], scores[best]
    return lines[best], scores[best]


def _ordinal(words: str) -> int:
    found = re.search(r"\b(last|first|second|third|fourth|1st|2nd|3rd|4th)\b", words.lower())
    orders = {"last": -1, "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
    return orders[found.group(1)] if found else 0


def _acted(line: Line, situation: Situation, step: "re.Match[str] | None") -> Choice:
    if step and step["kind"] == "type":
        return TypeInto(line.ref, _carried(step["text"] or "", situation))
    wanted = situation.goal or situation.task
    if "double" in wanted.lower() or (step and step["kind"] == "double-click"):
        return DoubleClickIt(line.ref)
    text = _value(wanted, line)
    if not step and line.role in _FIELDS - {"dropdown"} and text:
        return TypeInto(line.ref, text)
    return ClickIt(line.ref)


def _value(wanted: str, line: Line) -> str:
    """What is to be typed: what stands between quotation marks and is no name, else what stands where a value does."""
    quoted = [text for text in _QUOTED.findall(wanted) if folded(text) != folded(line.name)]
    if quoted:
        return str(quoted[0])
    found = _VALUE.search(wanted)
    return next(filter(None, found.groups()), "").strip(" .!") if found else ""


def _carried(recorded: str, situation: Situation) -> str:
    """Today's value for a recorded one: what stands in the task where that stood in the recorded task."""
    told, today = folded(situation.examples[0].task).split(), folded(situation.goal or situation.task).split()
    value = folded(recorded).split()
    for at in range(len(told) - len(value) + 1):
        if told[at : at + len(value)] == value:
            after = len(told) - at - len(value)
            return " ".join(today[at : len(today) - after]).strip('" ') or recorded
    return recorded
