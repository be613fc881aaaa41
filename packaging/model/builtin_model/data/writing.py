"""Tasks that give a control a value, lack one, press keys, or ask for what the screen already shows."""

import re
from collections.abc import Callable
from itertools import takewhile

from agents.prompts.choosing import (
    AskFor,
    Choice,
    ClickIt,
    Example,
    Finished,
    Press,
    ShownStep,
    Situation,
    step_words,
)
from agents.prompts.folding import folded
from agents.screen.listing import Line, called
from builtin_model.case import Case, Kind, Supervision
from builtin_model.data.commanding import commanded
from builtin_model.data.phrases import Marked, filled, marked, template, templates
from builtin_model.data.saying import (
    Clause,
    asked,
    case,
    clicking,
    fresh_value,
    given,
    mention,
    name_span,
    other_example,
    parameter,
    past,
    say,
    speakable,
    subject,
    typing,
    value_for,
)
from builtin_model.data.screens import Stage
from builtin_model.data.sheet import TICKED

_NAMED_KEYS = {
    "Return": ("enter", "return", "the enter key", "the return key"),
    "Escape": ("escape", "esc", "the escape key", "the esc key"),
    "Tab": ("tab", "the tab key", "the tabulator key"),
    "Delete": ("delete", "del", "the delete key"),
    "BackSpace": ("backspace", "the backspace key"),
    "space": ("the space bar", "space", "the space key"),
    "Up": ("the up arrow", "arrow up", "the up key", "cursor up"),
    "Down": ("the down arrow", "arrow down", "the down key", "cursor down"),
    "Left": ("the left arrow", "arrow left", "the left key"),
    "Right": ("the right arrow", "arrow right", "the right key"),
    "Page_Up": ("page up", "pgup", "the page up key"),
    "Page_Down": ("page down", "pgdn", "the page down key"),
    "Home": ("the home key", "home"),
    "End": ("the end key", "end"),
    "Insert": ("the insert key", "insert"),
    "Print": ("print screen", "the print key"),
}
_MODIFIERS = {"ctrl": ("ctrl", "control", "Ctrl", "CTRL"), "alt": ("alt", "Alt"), "shift": ("shift", "Shift")}
_COMBINED = (("ctrl",), ("ctrl",), ("ctrl",), ("alt",), ("ctrl", "shift"), ("ctrl", "alt"), ("shift",))
_VALUE_LAST = re.compile(r"(?<=\{w\})(?:,|:| for| of| to| from| as| with| called)? \{v\}$")
"""The end of a frame that gives the value, with the words that lead to it."""

_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def type_quoted(at: Stage) -> Case | None:
    """A value between quotation marks, and the field it belongs in."""
    return _typed(at, "type_quoted", quotes=True)


def type_plain(at: Stage) -> Case | None:
    """A value without quotation marks, and the field it belongs in."""
    return _typed(at, "type_plain", quotes=False)


def set_value(at: Stage) -> Case | None:
    """A box to tick or a list to choose from; nothing is left to do where it is so already."""
    lines = [line for line in at.alone if line.role in TICKED | {"dropdown"} and speakable(line)]
    lines = [line for line in lines if "expanded" not in line.states or unfolded(at, line)]
    if not lines:
        return None
    line = at.rng.choice(lines)
    clause = choosing_clause(at, line) if line.role == "dropdown" else ticking(at, line)
    return asked(at, "set_value", clause)


def ticking(at: Stage, line: Line, named: Marked | None = None) -> Clause:
    """A box ticked or not: a click, unless it is so already. It is said by its name, or as it is `named`."""
    on = at.rng.random() < 0.6
    said = say(at, template(at.rng, at.split, "tick" if on else "untick"), x=named or mention(at, line))
    if on == ("checked" in line.states):
        return Clause("", Marked(said.text), Finished(), "")
    return Clause("tick" if on else "untick", said, ClickIt(line.ref), step_words("click", called(line)))


def choosing_clause(at: Stage, line: Line) -> Clause:
    """A value chosen from a list: open it, take the item where it is open, or finish where it shows the value."""
    items = unfolded(at, line)
    target = at.rng.choice(items) if items else line
    if items:
        wanted = target.name
    else:
        wanted = line.value if line.value and at.rng.random() < 0.25 else fresh_value(at, unlike=line.value)
    said = say(
        at,
        template(at.rng, at.split, "choose"),
        x=mention(at, line),
        v=marked(wanted, "v") if at.rng.random() < 0.5 else given(at, wanted, quotes=True),
    )
    if folded(wanted) == folded(line.value) and not items:
        return Clause("", Marked(said.text), Finished(), "")
    marks = {"m": said.marks["v" if items else "m"]}
    done = step_words("click", called(target)) if items else ""
    return Clause("", Marked(said.text, marks), ClickIt(target.ref), done)


def unfolded(at: Stage, line: Line) -> list[Line]:
    """The items of the list below the dropdown that is open, those that one would name; none where it is not."""
    below = at.lines[at.lines.index(line) + 1 :] if "expanded" in line.states else ()
    items = takewhile(lambda one: one.role == "item", below)
    return [one for one in items if one in at.alone and speakable(one) and folded(one.name) != folded(line.value)]


def press(at: Stage) -> Case | None:
    """Keys to press."""
    keys, spoken = _keys(at)
    if folded(spoken) in at.names or folded(keys) in at.names:
        return None
    if at.rng.random() < 0.2:
        example, task = _pressed_before(at, keys)
        situation = Situation(at.shown, task, examples=(example,))
    else:
        said = say(at, template(at.rng, at.split, "press"), k=spoken)
        clause = Clause("press", said, Press(keys), step_words("press", text=keys))
        situation = Situation(at.shown, said.text, done=past(at, clause), examples=other_example(at))
    return case("press", situation, Press(keys))


def ask(at: Stage) -> Case | None:
    """A field that is to be filled in, and no value for it in the task."""
    lines = [line for line in at.fields if speakable(line) and not line.value]
    if not lines:
        return None
    line = at.rng.choice(lines)
    return _ask_after_example(at, line) if at.rng.random() < 0.35 else _ask(at, line)


def finish(at: Stage) -> Case | None:
    """What was wanted is done, or the screen shows it."""
    makers: tuple[Callable[[Stage], Case | None], ...] = (_stands_there, _clicked, _typed_before, _pressed, _ticked)
    return at.rng.choice(makers)(at)


def _typed(at: Stage, kind: Kind, *, quotes: bool) -> Case | None:
    lines = [line for line in at.fields if speakable(line)]
    if not lines:
        return None
    line = at.rng.choice(lines)
    return asked(at, kind, typing(at, line, mention(at, line), value_for(at, line), quotes=quotes))


def _keys(at: Stage) -> tuple[str, str]:
    """Keys as the answer writes them and as they are said."""
    key, names = at.rng.choice(tuple(_NAMED_KEYS.items()))
    chance = at.rng.random()
    if chance < 0.35:
        return key, at.rng.choice(names)
    if chance < 0.42:
        number = at.rng.randint(1, 12)
        return f"F{number}", at.rng.choice((f"F{number}", f"f{number}", f"the F{number} key"))
    held = at.rng.choice(_COMBINED)
    if chance < 0.8:
        key = at.rng.choice(_CHARACTERS)
        names = (key, key.upper())
    spoken = [at.rng.choice(_MODIFIERS[one]) for one in held] + [at.rng.choice(names).removeprefix("the ")]
    return "+".join((*held, key)), at.rng.choice(("+", "+", "+", " ", "-", " + ", " and ")).join(spoken)


def _pressed_before(at: Stage, keys: str) -> tuple[Example, str]:
    about = subject(at)
    frame = at.rng.choice(templates(at.split)["one"])
    tasks = [filled(frame, w=about, v=parameter(at)).text for _ in range(2)]
    return Example(tasks[0], (ShownStep(0, step_words("press", text=keys)),)), tasks[1]


def _ask(at: Stage, line: Line) -> Case:
    said = say(at, template(at.rng, at.split, "ask"), x=mention(at, line))
    if at.rng.random() < 0.5:
        task = filled(template(at.rng, at.split, "none"), w=subject(at)).text
        spans = Supervision(said.span("m", "goal"))
        return case("ask", Situation(at.shown, task, said.text), AskFor(line.ref), spans)
    situation = Situation(at.shown, said.text, examples=other_example(at))
    return case("ask", situation, AskFor(line.ref), Supervision(said.span("m", "task")))


def _ask_after_example(at: Stage, line: Line) -> Case:
    """The recorded value stands in the recorded task, and today's task ends before it."""
    about, recorded = subject(at), parameter(at)
    frames = [frame for frame in templates(at.split)["one"] if _VALUE_LAST.search(frame)]
    frame = at.rng.choice(frames)
    task = filled(_VALUE_LAST.sub("", frame), w=about).text
    words = step_words("type", called(line), recorded)
    example = Example(filled(frame, w=about, v=recorded).text, (ShownStep(0, words),))
    spans = Supervision(name_span(words, line.name))
    return case("ask", Situation(at.shown, task, examples=(example,)), AskFor(line.ref), spans)


def _stands_there(at: Stage) -> Case | None:
    """The field shows the value already."""
    lines = [line for line in at.fields if line.value and '"' not in line.value and speakable(line)]
    if not lines:
        return None
    line = at.rng.choice(lines)
    clause = typing(at, line, mention(at, line), line.value, quotes=at.rng.random() < 0.5)
    done = (clause.words,) if at.rng.random() < 0.6 else ()
    return _finished(at, clause.said.text, done)


def _clicked(at: Stage) -> Case | None:
    lines = [line for line in at.clickable if speakable(line)]
    if not lines:
        return None
    line = at.rng.choice(lines)
    known = commanded(at, line) if line.ref in at.meant and at.rng.random() < 0.6 else None
    clause = known if known and known.words else clicking(at, line, mention(at, line))
    return _finished(at, clause.said.text, (*past(at, clause), clause.words))


def _typed_before(at: Stage) -> Case | None:
    """Typed into a field that shows no value, as fields for passwords and fields of the terminal do."""
    lines = [line for line in at.fields if not line.value and speakable(line)]
    if not lines:
        return None
    line = at.rng.choice(lines)
    clause = typing(at, line, mention(at, line), value_for(at, line), quotes=at.rng.random() < 0.5)
    return _finished(at, clause.said.text, (*past(at, clause), clause.words))


def _pressed(at: Stage) -> Case | None:
    keys, spoken = _keys(at)
    said = say(at, template(at.rng, at.split, "press"), k=spoken)
    return _finished(at, said.text, (step_words("press", text=keys),))


def _ticked(at: Stage) -> Case | None:
    lines = [line for line in at.alone if line.role in TICKED | {"dropdown"} and speakable(line)]
    for line in at.rng.sample(lines, min(3, len(lines))):
        clause = choosing_clause(at, line) if line.role == "dropdown" else ticking(at, line)
        if clause.choice == Finished():
            return _finished(at, clause.said.text, ())
    return None


def _finished(at: Stage, said: str, done: tuple[str, ...]) -> Case:
    """The words are the whole task, or the goal within another."""
    answer: Choice = Finished()
    if at.rng.random() < 0.3:
        task = filled(template(at.rng, at.split, "one"), w=subject(at), v=parameter(at)).text
        return case("finish", Situation(at.shown, task, said, done), answer)
    return case("finish", Situation(at.shown, said, done=done, examples=other_example(at)), answer)
