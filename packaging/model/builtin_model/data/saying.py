"""How people name a control and say what is to be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.prompts.choosing import (
    Choice,
    ClickIt,
    DoubleClickIt,
    Example,
    RightClickIt,
    ShownStep,
    Situation,
    TypeInto,
    step_words,
)
from agents.prompts.folding import folded
from agents.prompts.likening import with_likeness
from agents.screen.listing import Line, Role, called
from builtin_model.case import Case, Kind, Span, Supervision
from builtin_model.data.labels import code, label, number, person, value
from builtin_model.data.phrases import Marked, bare, filled, marked, sentence, template, templates
from builtin_model.data.screens import Stage
from builtin_model.data.sheet import FIELDS, TICKED
from builtin_model.data.vocabulary import nouns, pseudo

ROLE_WORDS: Mapping[Role, tuple[str, ...]] = {
    "button": ("button", "button", "push button", "key", "icon", "command"),
    "link": ("link", "link", "hyperlink"),
    "field": ("field", "box", "input", "text field", "textbox", "text box", "entry", "entry field", "line"),
    "text area": ("text area", "box", "text box", "editor", "field", "big text field"),
    "password field": ("field", "box", "password field", "input"),
    "number field": ("field", "box", "number field", "spin box", "input"),
    "checkbox": ("checkbox", "check box", "tick box", "box", "setting"),
    "option": ("option", "radio button", "choice", "option button"),
    "switch": ("switch", "toggle", "setting"),
    "tab": ("tab", "tab", "page", "register"),
    "menu": ("menu", "menu", "menu title"),
    "menu item": ("menu item", "menu entry", "entry", "command", "menu option"),
    "dropdown": ("dropdown", "combo box", "list", "drop-down", "selection", "choice list"),
    "item": ("item", "row", "entry", "line", "list item"),
    "cell": ("cell", "table cell", "field"),
    "slider": ("slider", "bar", "control"),
    "heading": ("heading", "title"),
    "image": ("image", "picture", "icon"),
    "text": ("text", "line", "label"),
    "window": ("window", "window"),
    "element": ("element", "thing", "control"),
}
"""What people call the controls of a role."""

_ORDINALS = (("first", "1st"), ("second", "2nd"), ("third", "3rd"), ("fourth", "4th"), ("fifth", "5th"))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILLING = _words(
    "enter do execute run complete call make apply set is need needs give gimme get want have take like i'll fetch be "
    "it's would"
)
_TICKING = _words(
    "activate use used using employ apply have like want need take trigger start set run gimme give get execute do for "
    "with be we my cause invoke then"
)
_OPENING = _words(
    "open enter run start execute view see visit access show go into call launch up get use work pull trigger activate "
    "jump switch to invoke fire do used"
)
"""Words of frames for clicks that mean more when they are said of a field, a box to tick, or a file."""

_MOST_NAMED = 45
"""Characters of a name that somebody would say."""


@dataclass(frozen=True)
class Clause:
    """Something to do with one control: how it is said, the answer, and the step in the prompt's words.

    `section` is where its template is from; `words` is empty where the answer is only the first of two steps.
    """

    section: str
    said: Marked
    choice: Choice
    words: str


def role_word(at: Stage, role: Role) -> str:
    """A word that people use for the role."""
    return at.rng.choice(ROLE_WORDS[role])


def mention(at: Stage, line: Line, words: str | None = None, *, form: str = "named") -> Marked:
    """The control named by its name, or by the words instead; these are marked `m`."""
    said = marked(recased(at, words if words is not None else line.name), "m")
    frame = at.rng.choice(templates(at.split)[form])
    return filled(frame, n=said, r=role_word(at, line.role))


def ordinal(at: Stage, line: Line, *, place: int, of: int) -> Marked:
    """The control named by its place among those of its name, counted from 0."""
    word = "last" if place == of - 1 and at.rng.random() < 0.4 else at.rng.choice(_ORDINALS[place])
    frame = at.rng.choice(templates(at.split)["ordinal"])
    said = marked(recased(at, line.name), "m")
    return filled(frame, n=said, r=role_word(at, line.role), o=word, c=str(place + 1))


def recased(at: Stage, words: str) -> str:
    """The words with the capitals that somebody in a hurry gives them; a trailing colon or dots are left out."""
    bare = words.rstrip("…:.* ") or words
    chance = at.rng.random()
    changed = bare.lower() if chance < 0.45 else bare.upper() if chance > 0.96 else bare
    return changed if folded(changed) == folded(bare) else bare


def clicking(at: Stage, line: Line, named: Marked) -> Clause:
    """A click on the control, mostly a single one; a file is opened by a double one."""
    chance = at.rng.random()
    if line.ref in at.files and chance < 0.5:
        opened = say(at, template(at.rng, at.split, "open_file"), x=named)
        return Clause("open_file", opened, DoubleClickIt(line.ref), step_words("double-click", called(line)))
    if line.role in {"item", "cell", "link", "button", "image", "text area"} and chance > 0.84:
        section, kind = ("double", DoubleClickIt) if chance > 0.92 else ("right", RightClickIt)
        said = at.rng.choice(templates(at.split)[section])
        return Clause(section, say(at, said, x=named), kind(line.ref), step_words(f"{section}-click", called(line)))
    return Clause(
        "click", say(at, _click_frame(at, line), x=named), ClickIt(line.ref), step_words("click", called(line))
    )


def typing(at: Stage, line: Line, named: Marked, typed: str, *, quotes: bool) -> Clause:
    """Text put into the control; the text is marked `v`."""
    said = say(at, template(at.rng, at.split, "type"), x=named, v=given(at, typed, quotes=quotes))
    return Clause("type", said, TypeInto(line.ref, typed), step_words("type", called(line), typed))


def said_again(at: Stage, clause: Clause, line: Line) -> Marked:
    """The clause about the line in other words."""
    frame = _click_frame(at, line) if clause.section == "click" else template(at.rng, at.split, clause.section)
    if "v" not in clause.said.marks:
        return say(at, frame, x=mention(at, line))
    start, end = clause.said.marks["v"]
    value_ = given(at, clause.said.text[start:end], quotes=at.rng.random() < 0.5)
    return say(at, frame, x=mention(at, line), v=value_)


def say(at: Stage, frame: str, **slots: Marked | str) -> Marked:
    """The frame filled and dressed, no name of the screen said in passing; bare while the stage is `plain`."""
    if at.plain:
        return bare(frame, **slots)
    return sentence(at.rng, at.split, frame, shown=at.names, **slots)


def given(at: Stage, text: str, *, quotes: bool) -> Marked:
    """A value as it is said, marked `v`."""
    if not quotes:
        return marked(text, "v")
    return filled(at.rng.choice(('"{t}"', '"{t}"', "'{t}'", "“{t}”", "«{t}»", "„{t}“")), t=marked(text, "v"))


def value_for(at: Stage, line: Line) -> str:
    """A value to type into the field, not the one that it shows: mostly a number where it is for numbers."""
    if line.role == "number field" and at.rng.random() < 0.8:
        drawn = number(at.rng, at.split)
        return drawn if drawn != line.value and drawn not in at.names else fresh_value(at, unlike=line.value)
    return fresh_value(at, unlike=line.value)


def fresh_value(at: Stage, *, unlike: str = "") -> str:
    """A value that is no name on the screen."""
    while True:
        drawn = value(at.rng, at.split)
        if folded(drawn) not in at.names and folded(drawn) != folded(unlike):
            return drawn


def subject(at: Stage) -> str:
    """What a task is about: a word or two that no name on the screen holds."""
    while True:
        words = at.rng.choice((pseudo(at.rng), at.rng.choice(nouns(at.split)), f"{_noun(at)} {_noun(at)}", _noun(at)))
        if at.all_words.isdisjoint(words.split()):
            return words


def parameter(at: Stage) -> str:
    """What differs from one task to the next alike."""
    return at.rng.choice((fresh_value, fresh_value, lambda stage: person(stage.rng, stage.split)))(at)


def case(kind: Kind, situation: Situation, answer: Choice, supervision: Supervision | None = None) -> Case:
    """The case with the lines told that look alike."""
    return Case(with_likeness(situation, word_for_word=False), answer, kind, supervision or Supervision())


def asked(at: Stage, kind: Kind, clause: Clause, *, shown: Situation | None = None) -> Case:
    """The case of one clause that is the whole task, sometimes beside a past that has nothing to do with it."""
    situation = shown or Situation(at.shown, clause.said.text, done=past(at, clause), examples=other_example(at))
    spans = Supervision(clause.said.span("m", "task"), clause.said.span("v", "task"))
    return case(kind, situation, clause.choice, spans)


def past(at: Stage, clause: Clause) -> tuple[str, ...]:
    """Steps done before that are not the clause's: mostly none."""
    if at.rng.random() < 0.85:
        return ()
    steps = [some_step(at) for _ in range(at.rng.choice((1, 1, 2, 3)))]
    line = at.shown.line(getattr(clause.choice, "element", ""))
    return tuple(step for step in steps if step != clause.words and not (line and step.endswith(called(line))))


def other_example(at: Stage) -> tuple[Example, ...]:
    """A recorded step of some other task, which a task that names its control does not need: mostly none."""
    if at.rng.random() < 0.93:
        return ()
    task = filled(at.rng.choice(templates(at.split)["one"]), w=subject(at), v=parameter(at)).text
    return (Example(task, (ShownStep(0, some_step(at)),)),)


def some_step(at: Stage) -> str:
    """A step on the screen, or on another."""
    if at.clickable and at.rng.random() < 0.7:
        line = at.rng.choice(at.clickable)
    else:
        line = Line("e1", at.rng.choice(("button", "field", "menu item", "link")), short_label(at))
    if line.role in FIELDS:
        return step_words("type", called(line), fresh_value(at))
    return step_words("click", called(line))


def short_label(at: Stage) -> str:
    """A fresh name that can be said."""
    while True:
        name = at.rng.choice((label, label, code))(at.rng, at.split)
        if len(name) <= _MOST_NAMED:
            return name


def speakable(line: Line) -> bool:
    """Whether somebody would say the name: not too long, without quotation marks."""
    return 0 < len(line.name) <= _MOST_NAMED and '"' not in line.name


def name_span(words: str, name: str) -> Span | None:
    """Where the control's name stands in a recorded step: it is the last thing between quotation marks."""
    start = words.rfind(f'"{name}"')
    return Span("step", start + 1, start + 1 + len(name)) if start >= 0 else None


def _click_frame(at: Stage, line: Line) -> str:
    """A frame for a click; one that could ask for a value to be typed is not said of fields."""
    section = "open" if line.role in {"menu", "tab", "window"} and at.rng.random() < 0.5 else "click"
    while True:
        frame = template(at.rng, at.split, section)
        if not _means_more(at, frame, line):
            return frame


def _means_more(at: Stage, frame: str, line: Line) -> bool:
    """Whether the frame, said of such a control, would also mean to fill, tick or open it."""
    words = frozenset(frame.replace(",", " ").split())
    if line.role in FIELDS:
        return not words.isdisjoint(_FILLING)
    if line.role in TICKED:
        return not words.isdisjoint(_TICKING)
    return line.ref in at.files and not words.isdisjoint(_OPENING)


def _noun(at: Stage) -> str:
    return at.rng.choice(nouns(at.split))
