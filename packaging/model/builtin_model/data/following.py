"""Tasks that say nothing of the screen: a recorded step of a task like it shows what is to be done.

Of what the recorded step typed, what stood in the recorded task is replaced by today's; what did not is typed again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.prompts.choosing import (
    Choice,
    ClickIt,
    DoubleClickIt,
    Example,
    Finished,
    ShownStep,
    Situation,
    TypeInto,
    step_words,
)
from agents.prompts.folding import folded
from agents.screen.alike import likeness
from agents.screen.alike import split as words_of
from agents.screen.listing import Line, Role, called
from builtin_model.case import Case, Kind, Span, Supervision
from builtin_model.data.labels import number
from builtin_model.data.phrases import Marked, filled, marked, sentence, template
from builtin_model.data.saying import (
    case,
    fresh_value,
    name_span,
    parameter,
    short_label,
    some_step,
    speakable,
    subject,
)
from builtin_model.data.screens import Stage
from builtin_model.data.sheet import FIELDS
from builtin_model.data.vocabulary import groups_of, nouns, synonyms

_ROLES_LIKE: dict[Role, tuple[Role, ...]] = {
    "button": ("link", "menu item", "button"),
    "link": ("button", "item", "tab"),
    "field": ("text area", "number field", "dropdown"),
    "menu item": ("button", "item"),
    "item": ("cell", "link", "menu item"),
    "checkbox": ("switch", "option"),
}


_WITHIN = 0.2
"""How often the task that was recorded is only a part of today's: its goal."""


@dataclass(frozen=True)
class Pair:
    """One task told twice with different values: when it was recorded, and today. Values are marked `v` and `u`."""

    recorded: Marked
    today: Marked
    values: tuple[tuple[str, str], ...]
    """Each value when it was recorded, and today."""


def ex_type(at: Stage) -> Case | None:
    """The recorded step typed the recorded task's value; today's is typed."""
    lines = [line for line in at.fields if speakable(line)]
    return _typed(at, "ex_type", at.rng.choice(lines), pair(at)) if lines else None


def ex_click(at: Stage) -> Case | None:
    """The recorded step clicked something that the task does not name."""
    lines = [line for line in at.clickable if speakable(line)]
    if not lines:
        return None
    line = at.rng.choice(lines)
    kind, name = _way(at)
    words = step_words(name, called(line))
    told = pair(at)
    return _case(at, "ex_click", told, Due(words, kind(line.ref), Supervision(name_span(words, line.name))))


def ex_param(at: Stage) -> Case | None:
    """The recorded step clicked what the recorded task named; today's task names another."""
    lines = [line for line in at.clickable if speakable(line) and line.role not in FIELDS]
    if not lines:
        return None
    line = at.rng.choice(lines)
    before = _unlike_name(at)
    told = pair_of(at, (before, line.name))
    kind, name = _way(at)
    due = Due(step_words(name, _called(line.role, before)), kind(line.ref), Supervision(told.today.span("v", "task")))
    return _case(at, "ex_param", told, due)


def ex_follow(at: Stage) -> Case | None:
    """A step amid its neighbours: one of two values, a value that stays, a control that got another name, the end."""
    makers: tuple[Callable[[Stage], Case | None], ...] = (_one_of_two, _constant, _moved, _over, _amid)
    return at.rng.choice(makers)(at)


@dataclass(frozen=True)
class Due:
    """The recorded step that is due, in words, and what is right today."""

    words: str
    choice: Choice
    spans: Supervision


def pair(at: Stage) -> Pair:
    """A task about nothing on the screen, with one value."""
    before = parameter(at)
    return pair_of(at, (before, _unlike(at, before)))


def pair_of(at: Stage, first: tuple[str, str], second: tuple[str, str] | None = None) -> Pair:
    """A task told twice, with one or two values."""
    frame = template(at.rng, at.split, "two" if second else "one")
    about = subject(at)
    told = [_told(at, frame, about, first[day], second[day] if second else "") for day in (0, 1)]
    return Pair(told[0], told[1], (first, second) if second else (first,))


def _told(at: Stage, frame: str, about: str, first: str, second: str) -> Marked:
    words = at.rng.choice((first, first, f'"{first}"'))
    value = marked(words, "v") if words == first else filled('"{t}"', t=marked(first, "v"))
    said = filled(frame, w=about, v=value, u=marked(second, "u"))
    return sentence(at.rng, at.split, "{z}", shown=at.names, z=said) if at.rng.random() < 0.15 else said


def _typed(at: Stage, kind: Kind, line: Line, told: Pair, *, which: int = 0) -> Case:
    before, today = told.values[which]
    words = step_words("type", called(line), before)
    text = told.today.span("vu"[which], "task")
    due = Due(words, TypeInto(line.ref, today), Supervision(name_span(words, line.name), text))
    return _case(at, kind, told, due)


def _case(at: Stage, kind: Kind, told: Pair, due: Due) -> Case:
    """The recorded step alone, or with its neighbours, and what was done in the same way so far."""
    steps = [ShownStep(0, due.words)]
    done: tuple[str, ...] = ()
    if at.rng.random() < (0.9 if kind == "ex_follow" else 0.35):
        earlier, later = _elsewhere(at, told), _elsewhere(at, told)
        if at.rng.random() < 0.75:
            steps.insert(0, ShownStep(-1, earlier[0]))
            done = (earlier[1],)
        if at.rng.random() < 0.75:
            steps.append(ShownStep(1, later[0]))
    examples = (Example(told.recorded.text, tuple(steps)),)
    if at.rng.random() < _WITHIN:
        task = filled(
            "{a}{j}{b}", a=pair(at).today, j=at.rng.choice((", then ", " and ", "; ")), b=told.today.text
        ).text
        spans = Supervision(_in_goal(due.spans.mention), _in_goal(due.spans.text))
        return case(kind, Situation(at.shown, task, told.today.text, done, examples), due.choice, spans)
    return case(kind, Situation(at.shown, told.today.text, "", done, examples), due.choice, due.spans)


def _in_goal(span: Span | None) -> Span | None:
    return Span("goal", span.start, span.end) if span is not None and span.place == "task" else span


def _elsewhere(at: Stage, told: Pair) -> tuple[str, str]:
    """Another step of the same task as it was recorded, and as it was done today."""
    if at.rng.random() < 0.3:
        target = _called("field", short_label(at))
        before, today = at.rng.choice(told.values)
        return step_words("type", target, before), step_words("type", target, today)
    step = some_step(at)
    return step, step


def _one_of_two(at: Stage) -> Case | None:
    """Two values: the one is typed that stands where the recorded one stood."""
    lines = [line for line in at.fields if speakable(line)]
    if not lines:
        return None
    first, second = parameter(at), _unlike(at, "")
    third, fourth = _unlike(at, first), _unlike(at, second)
    if len({folded(one) for one in (first, second, third, fourth)}) < 4:
        return None
    told = pair_of(at, (first, third), (second, fourth))
    return _typed(at, "ex_follow", at.rng.choice(lines), told, which=at.rng.randrange(2))


def _constant(at: Stage) -> Case | None:
    """The recorded value did not stand in the recorded task: the same is typed."""
    lines = [line for line in at.fields if speakable(line)]
    if not lines:
        return None
    line, told = at.rng.choice(lines), pair(at)
    typed = at.rng.choice((number(at.rng, at.split), at.rng.choice(nouns(at.split)), fresh_value(at)))
    if folded(typed) in folded(told.recorded.text) or folded(typed) in folded(line.name):
        return None
    words = step_words("type", called(line), typed)
    start = len('type "')
    spans = Supervision(name_span(words, line.name), Span("step", start, start + len(typed)))
    return _case(at, "ex_follow", told, Due(words, TypeInto(line.ref, typed), spans))


def _moved(at: Stage) -> Case | None:
    """The control is called a little differently today, or is another kind of control."""
    lines = [line for line in at.clickable if speakable(line) and line.role in _ROLES_LIKE]
    if not lines:
        return None
    line = at.rng.choice(lines)
    name = _older_name(at, line)
    if not name:
        return None
    kind: Role = at.rng.choice(_ROLES_LIKE[line.role]) if at.rng.random() < 0.5 else line.role
    told = pair(at)
    if line.role in FIELDS:
        before, today = told.values[0]
        words = step_words("type", _called("field", name), before)
        spans = Supervision(name_span(words, name), told.today.span("v", "task"))
        return _case(at, "ex_follow", told, Due(words, TypeInto(line.ref, today), spans))
    words = step_words("click", _called(kind, name))
    return _case(at, "ex_follow", told, Due(words, ClickIt(line.ref), Supervision(name_span(words, name))))


def _over(at: Stage) -> Case | None:
    """The recorded task ended with the step that was done last."""
    told = pair(at)
    recorded, today = _elsewhere(at, told)
    steps = (ShownStep(-1, recorded),)
    done = (_elsewhere(at, told)[1], today) if at.rng.random() < 0.6 else (today,)
    example = Example(told.recorded.text, steps)
    return case("ex_follow", Situation(at.shown, told.today.text, done=done, examples=(example,)), Finished())


def _amid(at: Stage) -> Case | None:
    """A click or a typed value between its neighbours."""
    made = at.rng.choice((ex_type, ex_click, ex_param))(at)
    if made is None or len(made.situation.examples[0].steps) < 2:
        return None
    return Case(made.situation, made.answer, "ex_follow", made.supervision)


def _older_name(at: Stage, line: Line) -> str:
    """Another name for the same, one that fits no other line."""
    words = line.name.split()
    numbers = sorted(groups_of().get(folded(line.name), frozenset()))
    drawn = [
        " ".join([*words, at.rng.choice(nouns(at.split))]),
        " ".join(words[1:]) if len(words) > 1 else "",
        " ".join(words[:-1]) if len(words) > 1 else "",
        at.rng.choice(synonyms()[numbers[0]].labels) if numbers else "",
        line.name.lower(),
    ]
    name = at.rng.choice(drawn).strip("…:.* ")
    return name if len(name) > 2 and '"' not in name and _only_like(at, line, name) else ""


def _only_like(at: Stage, line: Line, name: str) -> bool:
    wanted = words_of(folded(name))
    others: Sequence[frozenset[str]] = [words for ref, words in at.words.items() if ref != line.ref]
    return not any(likeness(wanted, tuple(words)) > 0.4 or likeness(tuple(words), wanted) > 0.4 for words in others)


def _unlike(at: Stage, before: str) -> str:
    drawn = fresh_value(at, unlike=before)
    return drawn if folded(before) not in folded(drawn) or not before else fresh_value(at, unlike=before)


def _unlike_name(at: Stage) -> str:
    while True:
        name = short_label(at)
        if folded(name) not in at.names and '"' not in name:
            return name


def _way(at: Stage) -> tuple[type[ClickIt] | type[DoubleClickIt], str]:
    return (DoubleClickIt, "double-click") if at.rng.random() < 0.08 else (ClickIt, "click")


def _called(role: Role, name: str) -> str:
    return called(Line("e1", role, name))
