"""Made-up screens: drawn from layouts, captured from real toolkits and given fresh labels, or of an application."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from random import Random

import msgspec
from msgspec.structs import replace

from agents.prompts.folding import folded
from agents.screen.alike import split as words_of
from agents.screen.listing import ElementList, Line, Role, numbered
from agents.screen.roles import NAMED_ONLY, TEXTS
from builtin_model.case import Split
from builtin_model.data.applications import Application, Command, applications
from builtin_model.data.furnishing import furnished
from builtin_model.data.labels import file_name, label, number, value
from builtin_model.data.programs import draw
from builtin_model.data.sheet import FIELDS, TICKED, Sheet

SKELETONS = Path(__file__).parent / "skeletons"
"""Files of captured screens; those whose names begin with `test_` are for the test split."""

FEWEST, MOST = 4, 40
"""Lines of a screen."""

_REAL = 0.35
"""How many screens are those of applications that the corpus of commands tells."""

_CAPTURED = 0.5
"""How many of the others have the structure of a window that was built with a real toolkit."""

_CHAINS = 0.3
"""How many screens without a keypad are asked about several clauses in their order."""

_FILE = re.compile(r"\w\.(?:txt|pdf|png|csv|md|odt|xlsx|jpg|zip|mp3|py|html)$")
_DEAD: frozenset[Role] = frozenset({"heading", "text", "window"})


class Stage:
    """A screen to ask about, and what makers of questions want to know of it.

    `folded` are the names by reference, `count` says how many lines have a name, `chains` whether the screen is one of
    those that are asked about several clauses in their order. Of a screen of an application, `meant` says by reference
    which of its controls a line is; keys of a calculator are told on every screen. `files` are what one opens with a
    double click. While it is `plain`, nothing is said around what is wanted.
    """

    def __init__(self, rng: Random, split: Split, shown: ElementList, of: "Origin | None" = None) -> None:
        self.rng = rng
        self.split = split
        self.shown = shown
        self.lines = shown.lines
        self.folded = {line.ref: folded(line.name) for line in self.lines}
        self.chains = rng.random() < _CHAINS
        self.plain = False
        self.count = Counter(self.folded.values())
        self.application = of.application if of else None
        self.meant = of.meant if of else _keys_meant(shown)
        self.files = of.files if of else _files_among(shown)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names on the screen, folded."""
        return frozenset(self.count)

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        """The words of each line's name."""
        return {line.ref: frozenset(words_of(self.folded[line.ref])) for line in self.lines}

    @cached_property
    def all_words(self) -> frozenset[str]:
        """All words of all names."""
        return frozenset().union(*self.words.values())

    @cached_property
    def alone(self) -> list[Line]:
        """Lines with a name that no other line has."""
        return [line for line in self.lines if line.name and self.count[self.folded[line.ref]] == 1]

    @cached_property
    def clickable(self) -> list[Line]:
        """Lines alone in their name that one clicks, and that are not yet what a click would make them."""
        return [line for line in self.alone if line.role not in _DEAD and not _settled(line)]

    @cached_property
    def writable(self) -> list[Line]:
        """Lines that one types into, named or not."""
        return [line for line in self.lines if line.role in FIELDS]

    @cached_property
    def roles(self) -> Counter[Role]:
        """How many lines there are of each role."""
        return Counter(line.role for line in self.lines)

    @cached_property
    def fields(self) -> list[Line]:
        """Lines alone in their name that one types into."""
        return [line for line in self.alone if line.role in FIELDS]


@dataclass(frozen=True)
class Origin:
    """What a screen of an application knows of its lines, by reference."""

    application: Application
    meant: Mapping[str, Command]
    files: frozenset[str]


def stage(rng: Random, split: Split) -> Stage:
    """A fresh screen of the split."""
    while True:
        made = _of_application(rng, split) if rng.random() < _REAL else _made_up(rng, split)
        if made is not None and FEWEST <= len(made.lines) <= MOST:
            return made


def _of_application(rng: Random, split: Split) -> Stage | None:
    room = furnished(rng, split)
    if not room.sheet.lines:
        return None
    kept = _finished(rng, [replace(line, ref=str(place)) for place, line in enumerate(room.sheet.lines)])
    if not FEWEST <= len(kept) <= MOST:
        return None
    lines = numbered(kept)
    places = {int(line.ref): new.ref for line, new in zip(kept, lines, strict=True)}
    meant = {places[place]: command for place, command in room.meant.items() if place in places}
    files = frozenset(places[place] for place in room.files if place in places)
    app = room.application.name if rng.random() < 0.4 else label(rng, split).split(" ")[0].lower()
    shown = ElementList(app, room.title, lines)
    return Stage(rng, split, shown, Origin(room.application, meant, files))


def _made_up(rng: Random, split: Split) -> Stage | None:
    captured = skeletons(split)
    drawn = _fleshed(rng, split, captured) if captured and rng.random() < _CAPTURED else _drawn(rng, split)
    lines = _finished(rng, drawn) if FEWEST <= len(drawn) <= MOST else []
    if not lines:
        return None
    title = label(rng, split) if rng.random() < 0.9 else ""
    app = rng.choice((label, file_name))(rng, split) if rng.random() < 0.6 else title or "app"
    return Stage(rng, split, ElementList(app.lower().split(" ")[0], title, numbered(lines)))


@cache
def skeletons(split: Split, folder: Path = SKELETONS) -> tuple[ElementList, ...]:
    """The captured screens of the split, in the order of their files' names."""
    files = (path for path in sorted(folder.glob("*.json")) if path.name.startswith("test_") == (split == "test"))
    return tuple(one for path in files for one in msgspec.json.decode(path.read_bytes(), type=list[ElementList]))


def _drawn(rng: Random, split: Split) -> list[Line]:
    sheet = Sheet(rng, split)
    draw(sheet)
    return sheet.lines


def _fleshed(rng: Random, split: Split, captured: tuple[ElementList, ...]) -> list[Line]:
    """A captured screen, its lines in their order and with their states, under fresh names; equal names stay equal."""
    bones = rng.choice(captured)
    fresh: dict[str, str] = {}
    for line in bones.lines:
        for name in (line.name, line.near):
            if name not in fresh:
                fresh[name] = _renamed(rng, split, name, fresh)
    start = rng.randrange(max(1, len(bones.lines) - MOST + 1))
    return [_fresh(rng, split, line, fresh) for line in bones.lines[start : start + MOST]]


def _renamed(rng: Random, split: Split, name: str, fresh: Mapping[str, str]) -> str:
    if len(name) <= 1 or name.isdigit():
        return name
    drawn = Sheet(rng, split, [Line("e1", "text", other) for other in fresh.values() if other]).label()
    return drawn or label(rng, split)


def _fresh(rng: Random, split: Split, line: Line, fresh: Mapping[str, str]) -> Line:
    shown = _value_like(rng, split, line) if line.value else ""
    return replace(line, name=fresh[line.name], near=fresh[line.near], value=shown, mark="")


def _value_like(rng: Random, split: Split, line: Line) -> str:
    if line.role in {"slider", "number field"} or line.value.isdigit():
        return number(rng, split)
    return label(rng, split) if line.role == "dropdown" else value(rng, split)


def _finished(rng: Random, lines: list[Line]) -> list[Line]:
    """The lines as the product lists them: told where they stand only if they have a double or no name, some as new."""
    lines = list(_worth_a_line(lines))
    if not lines:
        return lines
    doubles = Counter((line.role, line.name) for line in lines)
    first_new = rng.randrange(len(lines)) if rng.random() < 0.25 else len(lines)
    last_new = first_new + rng.randint(1, 8)
    changed = rng.randrange(len(lines)) if rng.random() < 0.2 else -1
    focused = next((place for place, line in enumerate(lines) if "focused" in line.states), -1)
    finished = []
    for place, line in enumerate(lines):
        near = line.near if doubles[line.role, line.name] > 1 or not line.name else ""
        mark = "changed" if place == changed else "new" if first_new <= place < last_new else ""
        states = line.states if place == focused else tuple(state for state in line.states if state != "focused")
        finished.append(replace(line, near=near, mark=mark, states=states))
    return finished


def _worth_a_line(lines: list[Line]) -> Iterator[Line]:
    """Without nameless texts, pictures and items, and without texts that say what another line says."""
    told = {folded(line.name).rstrip(" :*") for line in lines if line.role not in TEXTS}
    for line in lines:
        if line.role in TEXTS:
            key = folded(line.name).rstrip(" :*")
            if key in told:
                continue
            told.add(key)
        if line.name or line.role not in NAMED_ONLY:
            yield line


@cache
def _calculator() -> Mapping[str, Command]:
    """The keys of a calculator by their printed names; empty where no application is one."""
    keys = [one for app in applications() if app.name == "calculator" for one in app.commands if one.role == "button"]
    return {folded(name): key for key in reversed(keys) for name in key.labels}


def _keys_meant(shown: ElementList) -> dict[str, Command]:
    """Which keys of a calculator stand on a screen with a keypad."""
    names = {folded(line.name): line for line in shown.lines if line.role == "button"}
    if not {"1", "7"} <= names.keys():
        return {}
    return {line.ref: _calculator()[name] for name, line in names.items() if name in _calculator()}


def _files_among(shown: ElementList) -> frozenset[str]:
    """What is called like a file, where several are."""
    found = [line.ref for line in shown.lines if line.role in {"item", "cell"} and _FILE.search(line.name)]
    return frozenset(found) if len(found) > 1 else frozenset()


def _settled(line: Line) -> bool:
    return line.role in TICKED | {"option", "tab", "item"} and not {"checked", "selected"}.isdisjoint(line.states)
