"""Parts that programs are made of: menus, forms, tables, keypads. Which programs they make is said in `programs`."""

from collections.abc import Callable

from agents.screen.listing import Role
from builtin_model.data.labels import code, date, file_name, number, person
from builtin_model.data.sheet import Sheet
from builtin_model.data.vocabulary import synonyms

Part = Callable[[Sheet], None]

SIGNS = (("+", "plus", "add"), ("-", "−", "minus", "subtract"), ("*", "×", "multiply"), ("/", "÷", "divide"))
EQUALS = ("=", "equals", "result")
_FUNCTIONS = (
    "C",
    "AC",
    "%",
    "√",
    "x²",
    "±",
    "π",
    "(",
    ")",
    "sin",
    "cos",
    "tan",
    "ln",
    "log",
    "MC",
    "MR",
    "M+",
    "⌫",
    "1/x",
)

_TEXT_ROLES: tuple[Role, ...] = ("field", "field", "field", "text area", "password field", "number field")


def menus(sheet: Sheet) -> None:
    """A menu bar, sometimes with one menu open."""
    for _ in sheet.some(2, 6):
        sheet.add("menu")
    if sheet.chance(0.35):
        for _ in sheet.some(2, 8):
            sheet.add("menu item", states=sheet.maybe(0.08, "disabled"))


def toolbar(sheet: Sheet) -> None:
    """Buttons in a row, some of which stay pressed."""
    for _ in sheet.some(2, 8):
        sheet.add("button", states=sheet.maybe(0.06, "pressed") or sheet.maybe(0.06, "disabled"))


def form(sheet: Sheet) -> None:
    """Fields to fill in, with a heading or without."""
    _heading(sheet)
    for _ in sheet.some(2, 7):
        _field(sheet)


def checks(sheet: Sheet) -> None:
    """Boxes to tick and switches."""
    _heading(sheet)
    role: Role = sheet.rng.choice(("checkbox", "checkbox", "switch"))
    for _ in sheet.some(1, 5):
        sheet.add(role, states=sheet.maybe(0.4, "checked"))


def options(sheet: Sheet) -> None:
    """Round buttons of which one is chosen."""
    _heading(sheet)
    chosen = sheet.rng.randrange(3)
    for number_ in sheet.some(2, 4):
        sheet.add("option", states=("checked",) if number_ == chosen else ())


def dropdowns(sheet: Sheet) -> None:
    """Lists to choose from, one of them sometimes unfolded."""
    for _ in sheet.some(1, 3):
        sheet.add("dropdown", value=sheet.label() or sheet.value())
    if sheet.chance(0.4):
        sheet.add("dropdown", value=sheet.label() or sheet.value(), states=("expanded",))
        for _ in sheet.some(2, 6):
            sheet.add("item")


def listing(sheet: Sheet) -> None:
    """Names one under another."""
    writer = sheet.rng.choice((person, file_name, code, None))
    for _ in sheet.some(2, 9):
        name = writer(sheet.rng, sheet.split) if writer else None
        sheet.add("item", name, states=sheet.maybe(0.08, "selected"))


def table(sheet: Sheet) -> None:
    """Rows of cells, each with the same button."""
    deed = sheet.label()
    for _ in sheet.some(2, 4):
        name = sheet.rng.choice((person, code, file_name))(sheet.rng, sheet.split)
        sheet.add("cell", name)
        sheet.add("cell", sheet.rng.choice((number, date))(sheet.rng, sheet.split))
        sheet.group = name
        sheet.add("button", deed)
        sheet.group = ""


def cells(sheet: Sheet) -> None:
    """A corner of a spreadsheet: cells named by column and row."""
    columns, rows = sheet.rng.randint(2, 4), sheet.rng.randint(2, 4)
    for row in range(1, rows + 1):
        for column in "ABCD"[:columns]:
            sheet.add("cell", f"{column}{row}", value=sheet.value() if sheet.chance(0.3) else "")


def closing(sheet: Sheet) -> None:
    """The buttons that end a dialog."""
    for words in sheet.rng.sample(("ok", "cancel", "apply", "next", "back", "save", "help", "finish"), 2):
        group = next(one for one in synonyms() if words in one.labels)
        sheet.add("button", sheet.rng.choice(group.labels[:3]).capitalize() if sheet.chance(0.8) else None)


def tabs(sheet: Sheet) -> None:
    """Pages with tabs, one in front."""
    front = sheet.rng.randrange(2)
    for number_ in sheet.some(2, 5):
        sheet.add("tab", states=("selected",) if number_ == front else ())


def keypad(sheet: Sheet) -> None:
    """The keys of a calculator, its display first."""
    if sheet.chance(0.6):
        sheet.add("field", sheet.rng.choice(("", "Display", "Result")), value=sheet.rng.choice(("", "0")))
    digits = sheet.rng.choice(("789456123", "123456789"))
    signs = _signs(sheet)
    for row in range(3):
        for digit in digits[row * 3 : row * 3 + 3]:
            sheet.add("button", digit)
        sheet.add("button", signs[row])
    for name in (*sheet.rng.sample(("0", "."), 2), sheet.rng.choice(EQUALS), signs[3], *_functions(sheet)):
        sheet.add("button", name)


def links(sheet: Sheet) -> None:
    """Links of a page, its heading first."""
    _heading(sheet)
    for _ in sheet.some(2, 8):
        sheet.add("link")


def search_bar(sheet: Sheet) -> None:
    """A field to search with and its button."""
    sheet.add("field", sheet.rng.choice(("Search", "Find", "", "Search…", "Address")), value=_filled(sheet, 0.2))
    sheet.add("button", sheet.rng.choice(("Search", "Go", "Find", "")))


def editor(sheet: Sheet) -> None:
    """A large text."""
    sheet.add("text area", sheet.rng.choice(("", sheet.label())), value=_filled(sheet, 0.5), states=("focused",))


def status(sheet: Sheet) -> None:
    """A line of text at the bottom."""
    for _ in sheet.some(1, 2):
        sheet.add("text")


def player(sheet: Sheet) -> None:
    """Buttons of something that plays, and its sliders."""
    for words in sheet.rng.sample(("play", "pause", "stop", "next track", "previous track", "mute", "record"), 4):
        group = next(one for one in synonyms() if words in one.labels)
        sheet.add("button", sheet.rng.choice(group.labels[:2]).capitalize())
    for _ in sheet.some(1, 3):
        sheet.add("slider", value=str(sheet.rng.randint(0, 100)))


def chat(sheet: Sheet) -> None:
    """People, what they said, and a field to answer."""
    for _ in sheet.some(2, 5):
        sheet.add("item", person(sheet.rng, sheet.split), states=sheet.maybe(0.15, "selected"))
    sheet.add("text area", sheet.rng.choice(("Message", "Write a message", "")))
    sheet.add("button", sheet.rng.choice(("Send", "Attach", "Reply")))


def sections(sheet: Sheet) -> None:
    """Two parts with the same controls under different headings."""
    role: Role = sheet.rng.choice(("field", "button", "checkbox", "dropdown"))
    names = [sheet.label() for _ in sheet.some(1, 3)]
    for _ in sheet.some(2, 3):
        _group(sheet)
        for name in names:
            sheet.add(role, name, value=_filled(sheet, 0.2) if role in {"field", "dropdown"} else "")


def pictures(sheet: Sheet) -> None:
    """Pictures, some with a name."""
    for _ in sheet.some(1, 4):
        sheet.add("image", None if sheet.chance(0.7) else "")


def repeated(sheet: Sheet) -> None:
    """The same control a few times with nothing to tell them apart but their order."""
    role: Role = sheet.rng.choice(("button", "link", "item", "field", "checkbox"))
    name = sheet.label()
    for _ in sheet.some(2, 4):
        sheet.add(role, name)
        if sheet.chance(0.5):
            sheet.add(sheet.rng.choice(("text", "item", "field")))


def windows(sheet: Sheet) -> None:
    """Other windows to switch to."""
    for _ in sheet.some(1, 3):
        sheet.add("window")


def namesakes(sheet: Sheet) -> None:
    """One name on controls of two or three kinds."""
    name = sheet.label() or "Name"
    for role in sheet.rng.sample(
        ("button", "link", "field", "tab", "menu item", "checkbox"), sheet.rng.choice((2, 2, 3))
    ):
        sheet.add(role, name)  # type: ignore[arg-type]  # the tuple holds roles only


def panel(sheet: Sheet) -> None:
    """Controls of which the system does not say what they are."""
    for _ in sheet.some(1, 4):
        sheet.add("element")


def palette(sheet: Sheet) -> None:
    """Sliders and switches in turn, as a mixer or a light has them."""
    for _ in sheet.some(2, 5):
        sheet.add("slider", value=str(sheet.rng.randint(0, 255)))
        sheet.add(sheet.rng.choice(("switch", "element", "image")))


def menu_column(sheet: Sheet) -> None:
    """One menu with all its items, as phones and browsers have it."""
    sheet.add("menu", states=("expanded",))
    for _ in sheet.some(4, 10):
        sheet.add("menu item", states=sheet.maybe(0.1, "disabled"))


def ribbon(sheet: Sheet) -> None:
    """Tabs above groups of buttons."""
    tabs(sheet)
    for _ in sheet.some(2, 3):
        _group(sheet)
        for _ in sheet.some(2, 4):
            sheet.add(sheet.rng.choice(("button", "button", "dropdown", "checkbox")))


def wizard(sheet: Sheet) -> None:
    """A step of a wizard: text, a few choices, the way on."""
    sheet.add("text")
    sheet.add("heading")
    for _ in sheet.some(1, 4):
        sheet.add(sheet.rng.choice(("option", "checkbox", "field")))
    closing(sheet)


def month(sheet: Sheet) -> None:
    """A week or two of a calendar."""
    sheet.add("heading")
    first = sheet.rng.randint(1, 18)
    for day in range(first, first + sheet.rng.choice((5, 7, 10))):
        sheet.add("cell", str(day), states=sheet.maybe(0.05, "selected"))


def dial_pad(sheet: Sheet) -> None:
    """The keys of a telephone or a lock."""
    sheet.add("text", sheet.rng.choice(("", "Enter code", "Number")))
    for digit in ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"):
        sheet.add("button", digit)
    sheet.add("button")


def reckoner(sheet: Sheet) -> None:
    """A calculator with its signs first and its digits in a row."""
    for name in (*_signs(sheet), sheet.rng.choice(EQUALS), *_functions(sheet)):
        sheet.add("button", name)
    for digit in sheet.rng.choice(("0123456789", "9876543210")):
        sheet.add("button", digit)
    sheet.add("text", value="0")


def columns(sheet: Sheet) -> None:
    """Columns of cards, each with the same buttons."""
    deed = sheet.label()
    for _ in sheet.some(2, 3):
        _group(sheet)
        for _ in sheet.some(1, 3):
            sheet.add("link")
        sheet.add("button", deed)


def question(sheet: Sheet) -> None:
    """A question with its answers."""
    sheet.add("image", "")
    sheet.add("text")
    for _ in sheet.some(2, 4):
        sheet.add("button")


def sheet_of_fields(sheet: Sheet) -> None:
    """Fields and their buttons in turn."""
    for _ in sheet.some(2, 6):
        _field(sheet)
        if sheet.chance(0.5):
            sheet.add("button")


def _heading(sheet: Sheet) -> None:
    if sheet.chance(0.4):
        _group(sheet)


def _group(sheet: Sheet) -> None:
    sheet.group = ""
    name = sheet.label()
    sheet.add("heading", name)
    sheet.group = name


def _field(sheet: Sheet) -> None:
    if sheet.chance(0.15):
        sheet.add("dropdown", value=sheet.label() or sheet.value())
        return
    role = sheet.rng.choice(_TEXT_ROLES)
    shown = number(sheet.rng, sheet.split) if role == "number field" else _filled(sheet, 0.35)
    sheet.add(role, value="" if role == "password field" else shown, states=sheet.maybe(0.06, "focused"))


def _filled(sheet: Sheet, share: float) -> str:
    return sheet.value() if sheet.chance(share) else ""


def _signs(sheet: Sheet) -> list[str]:
    if sheet.chance(0.7):
        return [sheet.rng.choice(names[: -1 if len(names) == 3 else -2]) for names in SIGNS]
    return [sheet.rng.choice(names[-2:]) for names in SIGNS]


def _functions(sheet: Sheet) -> list[str]:
    return sheet.rng.sample(_FUNCTIONS, sheet.rng.randint(0, 6))
