"""Made-up screens: drawn from layouts, or captured from real toolkits and given fresh labels."""

from collections import Counter
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from random import Random

import msgspec
from msgspec.structs import replace

from agents.prompts.folding import folded
from agents.screen.alike import split as words_of
from agents.screen.listing import ElementList, Line, Role, numbered
from builtin_model.case import Split
from builtin_model.data.labels import code, file_name, label, number, person, value
from builtin_model.data.programs import draw
from builtin_model.data.sheet import Sheet

SKELETONS = Path(__file__).parent / "skeletons"
"""Files of captured screens; those whose names begin with `test_` are for the test split."""

FEWEST, MOST = 4, 40
"""Lines of a screen."""

_CAPTURED = 0.5
_CHAINS = 0.3
"""How many screens without a keypad are asked about several clauses in their order."""

_DEAD: frozenset[Role] = frozenset({"heading", "text", "window"})
FIELDS: frozenset[Role] = frozenset({"field", "text area", "password field", "number field"})
TICKED: frozenset[Role] = frozenset({"checkbox", "switch"})


class Stage:
    """A screen to ask about, and what makers of questions want to know of it.

    `folded` are the names by reference, `count` says how many lines have a name, `chains` whether the screen is one of
    those that are asked about several clauses in their order.
    """

    def __init__(self, rng: Random, split: Split, shown: ElementList) -> None:
        self.rng = rng
        self.split = split
        self.shown = shown
        self.lines = shown.lines
        self.folded = {line.ref: folded(line.name) for line in self.lines}
        self.chains = rng.random() < _CHAINS
        self.count = Counter(self.folded.values())

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
    def fields(self) -> list[Line]:
        """Lines alone in their name that one types into."""
        return [line for line in self.alone if line.role in FIELDS]


def stage(rng: Random, split: Split) -> Stage:
    """A fresh screen of the split."""
    while True:
        captured = skeletons(split)
        lines = _fleshed(rng, split, captured) if captured and rng.random() < _CAPTURED else _drawn(rng, split)
        if FEWEST <= len(lines) <= MOST:
            title = label(rng, split) if rng.random() < 0.9 else ""
            app = rng.choice((label, file_name))(rng, split) if rng.random() < 0.6 else title or "app"
            return Stage(rng, split, ElementList(app.lower().split(" ")[0], title, numbered(_finished(rng, lines))))


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
    """The lines as the product lists them: told where they stand only if they have a double, some marked as new."""
    doubles = Counter((line.role, line.name) for line in lines)
    first_new = rng.randrange(len(lines)) if rng.random() < 0.25 else len(lines)
    last_new = first_new + rng.randint(1, 8)
    changed = rng.randrange(len(lines)) if rng.random() < 0.2 else -1
    finished = []
    for place, line in enumerate(lines):
        near = line.near if doubles[line.role, line.name] > 1 else ""
        mark = "changed" if place == changed else "new" if first_new <= place < last_new else ""
        finished.append(replace(line, near=near, mark=mark))
    return finished


def _settled(line: Line) -> bool:
    return line.role in TICKED | {"option", "tab", "item"} and not {"checked", "selected"}.isdisjoint(line.states)


def any_name(rng: Random, split: Split) -> str:
    """A name that might stand on some screen."""
    return rng.choice((label, label, label, person, code))(rng, split)
