"""Tasks on the text editor (Mousepad), told by the files that it writes, its settings and the text that it shows."""

from random import Random

from agents.evaluation.desktop.deeds import Way, click, pass_by, press, write
from agents.evaluation.desktop.evidence import Holds
from agents.evaluation.desktop.problems import Problem, Setting, Task, goal, on_the_way
from agents.evaluation.desktop.words import NOUNS, drawn

APP = "mousepad"
FILE = "notes.txt"
SAVE: Way = (pass_by("menu", "File"), click("menu item", "Save"))
VIEW = "org/xfce/mousepad/preferences/view"


def opened(text: str = "") -> Setting:
    """The editor with a file of that text."""
    return Setting(("editor",), {FILE: text}, FILE)


def in_file(text: str, name: str = FILE) -> Holds:
    """That a file holds this text; white space at its end is all the same."""
    return lambda seen: seen.file(name) == text


def typed(text: str) -> Holds:
    """That the document holds this text, saved or not; white space at its end is all the same."""
    return lambda seen: (seen.text(APP) or "").rstrip() == text


def _sentence(random: Random, words: int = 3) -> str:
    return " ".join(drawn(random, NOUNS, words))


def _type(random: Random) -> Problem:
    text = _sentence(random)
    told = f'Write "{text}" into the empty document in the text editor. It need not be saved.'
    return Problem(told, opened(), (write(text),), (goal("the text is written", typed(text)),))


def _save(random: Random) -> Problem:
    text = _sentence(random)
    nodes = on_the_way("the text is written", typed(text)), goal("it is saved", in_file(text))
    told = f'Write "{text}" into the empty document in the text editor and save it.'
    return Problem(told, opened(), (write(text), *SAVE), nodes)


def _switch(random: Random) -> Problem:
    menu, name, key = random.choice(_SWITCHES)
    node = goal(f"{name} is on", lambda seen: seen.setting(VIEW, key) == "true")
    way = (pass_by("menu", menu), click("menu item", name))
    return Problem(f"Switch on {name} in the text editor.", opened(_sentence(random)), way, (node,))


_SWITCHES = (
    ("View", "Line Numbers", "show-line-numbers"),
    ("Document", "Word Wrap", "word-wrap"),
    ("Document", "Auto Indent", "auto-indent"),
)


def _rewrite(random: Random) -> Problem:
    old, new = _sentence(random, 4), _sentence(random)
    way = (pass_by("menu", "Edit"), pass_by("menu item", "Select All"), write(new), *SAVE)
    told = f'Replace all of the text in the text editor by "{new}" and save it.'
    nodes = on_the_way("the text is replaced", typed(new)), goal("it is saved", in_file(new))
    return Problem(told, opened(old), way, nodes)


def _save_as(random: Random) -> Problem:
    text, name = _sentence(random), f"{drawn(random, NOUNS)[0]}.txt"
    way = (write(text), *_save_under(name))
    told = f'Write "{text}" into the empty document in the text editor and save it as {name}, in the same folder.'
    nodes = (on_the_way("the text is written", typed(text)), goal(f"it is saved as {name}", in_file(text, name)))
    return Problem(told, opened(), way, nodes)


def _save_under(name: str) -> Way:
    # the dialog selects the old name without its ending, and the click makes sure that it has the focus
    leading = (pass_by("menu", "File"), pass_by("menu item", "Save As..."), pass_by("field", "Name"))
    return (*leading, press("ctrl", "a"), write(name), press("Return"))


def _replace_word(random: Random) -> Problem:
    old, new, *others = drawn(random, NOUNS, 8)
    before = " ".join([others[0], old, *others[1:3], old, *others[3:], old])
    after = before.replace(old, new)
    way = (
        pass_by("menu", "Search"),
        pass_by("menu item", "Find and Replace..."),
        pass_by("dropdown", "Search for"),
        write(old),
        press("Tab"),
        write(new),
        pass_by("checkbox", "Replace all in"),
        pass_by("button", "Replace All"),
        pass_by("button", "Close"),
        press("ctrl", "s"),
    )
    told = f'Replace the word "{old}" by "{new}" everywhere in the text editor and save the document.'
    nodes = on_the_way("every word is replaced", typed(after)), goal("it is saved", in_file(after))
    return Problem(told, opened(before), way, nodes)


def _two_files(random: Random) -> Problem:
    first, second, name = _sentence(random), _sentence(random), f"{drawn(random, NOUNS)[0]}.txt"
    new = (pass_by("menu", "File"), pass_by("menu item", "New"))
    way = (write(first), *SAVE, *new, write(second), *_save_under(name))
    told = (
        f'Write "{first}" into the empty document in the text editor and save it. '
        f'Then make a new document with "{second}" and save it as {name}, in the same folder.'
    )
    nodes = (
        on_the_way("the first text is written", typed(first)),
        goal("the first document is saved", in_file(first)),
        on_the_way("the second text is written", typed(second)),
        goal(f"the second is saved as {name}", in_file(second, name)),
    )
    return Problem(told, opened(), way, nodes)


TASKS = (
    Task("editor-type", 1, _type, is_simple=True),
    Task("editor-save", 3, _save, is_simple=True),
    Task("editor-switch", 3, _switch),
    Task("editor-rewrite", 6, _rewrite, is_simple=True),
    Task("editor-save-as", 6, _save_as),
    Task("editor-replace-word", 12, _replace_word),
    Task("editor-two-files", 12, _two_files),
)
