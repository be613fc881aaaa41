"""Screens of applications: a menu bar with an open menu, a toolbar, a dialog or a page, as their files tell them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random

from agents.prompts.folding import folded
from agents.screen.listing import Role, State
from builtin_model.case import Split
from builtin_model.data.applications import Application, Command, Part, applications
from builtin_model.data.labels import address, code, date, file_name, number, person, price
from builtin_model.data.sheet import FIELDS, TICKED, Sheet
from builtin_model.data.vocabulary import nouns, pseudo

_OTHER_NAME = 0.35
"""How often a control has another of its names than the commonest."""

_UNLABELLED = 0.35
"""How often the field has no name and its label stands before it as a text."""

_BESIDE = frozenset(
    ("toolbar", "list", "page", "keypad", "panel", "options", "places", "tabs", "buttons", "settings", "find")
)
"""Kinds of parts that stand beside others."""

_EMPTY = frozenset({"calculator", "system", "appearance", "characters"})
"""Applications in which no documents lie open."""

_BAR = "bar"
"""The first word of a title under which a file tells the heads of the menus."""

_FOLDERS = ("Documents", "Downloads", "Pictures", "Music", "Videos", "Desktop", "Templates", "Public", "backup", "src")


@dataclass
class Furnished:
    """A screen that an application was drawn on: which lines are which of its controls, and which are files.

    `meant` and `files` go by the place of the line on the sheet, and so do `riddles`, fields that nothing names.
    `style` is how the program writes its names.
    """

    sheet: Sheet
    application: Application
    title: str
    style: int
    meant: dict[int, Command] = field(default_factory=dict)
    files: set[int] = field(default_factory=set)
    riddles: set[int] = field(default_factory=set)

    def add(self, command: Command, *, states: tuple[State, ...] = (), value: str = "", label: bool = True) -> None:
        """One control more, under one of its names, unless that name is there already in the same role."""
        name = self._name(command) if label else ""
        taken = {folded(line.name) for line in self.sheet.lines if line.name}
        if name and folded(name) in taken:
            return
        self.meant[len(self.sheet.lines)] = command
        self.sheet.add(command.role, name, value=value, states=states)

    def written(self, name: str) -> str:
        """The name with the capitals of the program."""
        if not any(len(word) > 1 and word.isalpha() for word in name.split()):
            return name if self.style else name.upper()
        if self.style < 6:
            return name[:1].upper() + name[1:]
        if self.style < 9:
            return " ".join(word[:1].upper() + word[1:] for word in name.split())
        return name if self.style < 11 else name.upper()

    def _name(self, command: Command) -> str:
        other = len(command.labels) > 1 and self.sheet.chance(_OTHER_NAME)
        name = self.written(self.sheet.rng.choice(command.labels[1:]) if other else command.labels[0])
        if command.role in {"menu item", "button"} and len(name) > 2 and self.sheet.chance(0.1):
            return name + self.sheet.rng.choice(("…", "..."))
        if command.role in {"button", "tab"} and len(name) > 2 and self.sheet.chance(0.03):
            return f"{name} (Ctrl+{self.sheet.rng.choice('ABCDEFGHIKLMNOPRSTVWXYZ')})"
        return name


def furnished(rng: Random, split: Split) -> Furnished:
    """A screen of some application: one or two of its parts, and what lies open in it."""
    application = rng.choice(applications())
    part = rng.choices(application.parts, [len(one.commands) + 3 for one in application.parts])[0]
    title = part.title if part.kind == "dialog" and rng.random() < 0.6 else _title(rng, split, application)
    room = Furnished(Sheet(rng, split), application, title, rng.randrange(12))
    in_bar = part.kind == "menu" and bool(part.title)
    if in_bar or part.kind == "toolbar" or rng.random() < 0.25:
        _menu_bar(room, part)
    behind = [one for one in application.parts if one.kind in _BESIDE and one is not part]
    if behind and rng.random() < (0.25 if part.kind == "dialog" else 0.6):
        _shown(room, rng.choice(behind), share=0.6)
    if not in_bar:
        _shown(room, part, share=1.0 if part.kind == "keypad" else rng.choice((0.6, 0.8, 0.95)))
    if application.name not in _EMPTY:
        _contents(room)
    _forget_riddles(room)
    return room


def _shown(room: Furnished, part: Part, *, share: float) -> None:
    _head(room, part)
    _fill(room, part, share=share)
    room.sheet.group = ""


def _forget_riddles(room: Furnished) -> None:
    """A field without any name is only known for what it is where there is no other field."""
    if sum(line.role in FIELDS for line in room.sheet.lines) > 1:
        room.meant = {place: command for place, command in room.meant.items() if place not in room.riddles}


def _title(rng: Random, split: Split, application: Application) -> str:
    kind = application.name.replace("_", " ")
    return rng.choice((kind.capitalize(), file_name(rng, split), f"{file_name(rng, split)} - {kind.capitalize()}"))


def _menu_bar(room: Furnished, part: Part) -> None:
    """The heads of the menus; one of them is open where the part is a menu, its items below it or after all heads."""
    below = room.sheet.chance(0.5)
    for head, menu in _heads(room.application):
        opened = menu is part
        if opened or room.sheet.chance(0.85):
            room.add(head, states=("expanded",) if opened and room.sheet.chance(0.3) else ())
        if opened and below:
            _fill(room, part, share=0.85)
    if part.kind == "menu" and part.title and not _is_bar(part) and not below:
        _fill(room, part, share=0.85)


def _heads(application: Application) -> Iterator[tuple[Command, Part | None]]:
    """The menus of the bar and what is in them: those that the file tells, and those that it only has items of.

    Where a file tells of two programs, the title of the bar ends with a word that the titles of its menus end with.
    """
    menus = [part for part in application.parts if part.kind == "menu" and part.title and not _is_bar(part)]
    titles = {menu: menu.title for menu in menus}
    for bar in filter(_is_bar, application.parts):
        titles = {menu: title.removesuffix(bar.title.removeprefix(_BAR)) for menu, title in titles.items()}
        for head in bar.commands:
            menu = next((one for one, title in titles.items() if folded(title) in map(folded, head.labels)), None)
            if menu is not None:
                del titles[menu]
            yield head, menu
    for menu, title in titles.items():
        yield Command("menu", (title.lower(),)), menu


def _is_bar(part: Part) -> bool:
    return part.kind == "menu" and part.title.split(" ")[0] == _BAR


def _head(room: Furnished, part: Part) -> None:
    if part.title and part.kind in {"page", "dialog"} and room.sheet.chance(0.4):
        room.sheet.add("heading", room.written(part.title))
        room.sheet.group = room.written(part.title)


def _fill(room: Furnished, part: Part, *, share: float) -> None:
    """The part's controls, most of them, mostly in their order, in states that programs have."""
    rng = room.sheet.rng
    kept = [command for command in part.commands if rng.random() < share]
    if len(kept) > 22:
        start = rng.randrange(len(kept) - 21)
        kept = kept[start : start + 22]
    if kept and rng.random() < 0.3:
        place = rng.randrange(len(kept))
        kept.insert(rng.randrange(len(kept)), kept.pop(place))
    chosen = {role: rng.choice(kept) for role in ("tab", "option") if kept}
    for command in kept:
        front = chosen.get(command.role) is command
        _control(room, command, front=front)


def _control(room: Furnished, command: Command, *, front: bool) -> None:
    sheet = room.sheet
    if command.role in FIELDS:
        _field(room, command)
    elif command.role == "dropdown":
        room.add(command, value=_choice_of(sheet) if sheet.chance(0.85) else "")
    elif command.role == "slider":
        room.add(command, value=str(sheet.rng.randint(0, 100)))
    else:
        room.add(command, states=_states(sheet, command.role, front=front))


def _states(sheet: Sheet, role: Role, *, front: bool) -> tuple[State, ...]:
    if role in TICKED:
        return sheet.maybe(0.45, "checked")
    if role == "option":
        return ("checked",) if front else ()
    if role == "tab":
        return ("selected",) if front else ()
    if role == "item":
        return sheet.maybe(0.06, "selected")
    return sheet.maybe(0.07, "disabled") if role in {"menu item", "button"} else ()


def _field(room: Furnished, command: Command) -> None:
    """A field; its label sometimes stands before it as a text, and it has no name then."""
    sheet = room.sheet
    shown = ""
    if command.role != "password field" and sheet.chance(0.3):
        shown = number(sheet.rng, sheet.split) if command.role == "number field" else sheet.value()
    states = sheet.maybe(0.12, "focused")
    label = room.written(sheet.rng.choice(command.labels[:2]))
    if not sheet.chance(_UNLABELLED) or folded(label) in {folded(line.name) for line in sheet.lines}:
        room.add(command, value=shown, states=states)
        return
    group = sheet.group
    if sheet.chance(0.75):
        sheet.add("text", label + sheet.rng.choice((":", ":", "")))
        sheet.group = label
    else:
        room.riddles.add(len(sheet.lines))
    room.add(command, value=shown, states=states, label=False)
    sheet.group = group


def _choice_of(sheet: Sheet) -> str:
    drawn = sheet.rng.choice((pseudo(sheet.rng), sheet.rng.choice(nouns(sheet.split)), number(sheet.rng, sheet.split)))
    return drawn.capitalize()


def _contents(room: Furnished) -> None:
    """What lies open in the program: files, rows, a text; sometimes nothing of it shows."""
    chance = room.sheet.rng.random()
    if (room.application.name == "files" and chance < 0.8) or chance < 0.2:
        _files(room)
    elif chance < 0.3:
        _rows(room)
    elif chance < 0.5 and not any(line.role in FIELDS for line in room.sheet.lines):
        sheet = room.sheet
        sheet.add("text area", "", value=sheet.value() if sheet.chance(0.5) else "", states=sheet.maybe(0.7, "focused"))
    elif chance < 0.6:
        for _ in room.sheet.some(1, 2):
            room.sheet.add("text", f"{number(room.sheet.rng, room.sheet.split)} {pseudo(room.sheet.rng)}")


def _files(room: Furnished) -> None:
    sheet = room.sheet
    role: Role = sheet.rng.choice(("item", "item", "cell"))
    names = [file_name(sheet.rng, sheet.split) for _ in sheet.some(2, 6)]
    names = [*sheet.rng.sample(_FOLDERS, sheet.rng.randint(0, 3)), *names]
    taken = {folded(line.name) for line in sheet.lines}
    for name in dict.fromkeys(names):
        if folded(name) not in taken:
            room.files.add(len(sheet.lines))
            sheet.add(role, name, states=sheet.maybe(0.06, "selected") if role == "item" else ())


def _rows(room: Furnished) -> None:
    sheet = room.sheet
    writers = sheet.rng.sample((person, date, price, code, address), 2)
    for _ in sheet.some(2, 5):
        for writer in writers:
            sheet.add("cell", writer(sheet.rng, sheet.split))


def alone_in(said: str, of: Command, others: Sequence[Command]) -> bool:
    """Whether no other control is asked for by the sentence or called so."""
    wanted = folded(said)
    return not any(wanted in known(other) for other in others if other is not of)


@cache
def known(command: Command) -> frozenset[str]:
    """All that is said for the control, folded."""
    return frozenset(folded(said) for said in (*command.names, *command.sentences, *command.off))
