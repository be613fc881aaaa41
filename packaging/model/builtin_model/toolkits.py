"""Random applications to look at: what is in a window, drawn at random, and how HTML shows it.

An application is a tree of widgets that knows no toolkit; `builtin_model.qt_screen` shows the same trees in Qt. The
labels are words without meaning for the task: who learns from the screens puts labels of their own in their place. Only
the standard library is used, because the program that shows the Qt windows runs in another environment.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Literal

Split = Literal["train", "test"]

Kind = Literal[
    "button", "toggle", "checkbox", "radio", "switch", "field", "password", "number", "date", "area", "dropdown",
    "slider", "link", "label", "heading", "list", "tree", "table", "keypad", "group", "row", "column", "tabs",
    "toolbar", "menubar", "form",
]  # fmt: skip

FILLED: tuple[Kind, ...] = ("field", "field", "field", "dropdown", "number", "area", "date", "slider")
TICKED: tuple[Kind, ...] = ("checkbox", "checkbox", "switch")
"""What takes a value and what is on or off, the frequent ones more than once."""

_OUTDOORS = (
    "amber anchor apricot arch ash badge bamboo barley basin beacon birch bramble brass brick brook canyon cedar "
    "chalk cherry cliff clover cobalt copper coral cotton crane crater creek crystal dahlia delta drift dune elm "
    "ember fern fjord flint forest fox garnet ginger glacier glade granite grove gull harbor hazel heather heron "
    "hill indigo iris island ivory ivy jade jasper juniper kelp lagoon lake lark lava lemon lichen lilac linen "
    "lotus maple marble marsh meadow mesa mint moss moth nectar nettle oak oasis ochre olive onyx opal orchid "
    "osprey otter pearl pebble pepper petal pine plum pond poppy prairie quail quartz quill rapids raven reed "
    "ridge river robin ruby saffron sage sand shale shell silver slate snow sparrow spruce stone stream summit "
    "swan teal thistle thunder tide timber topaz tulip tundra valley velvet violet walnut wave wheat willow wren "
)
WORDS = tuple(_OUTDOORS.split())
"""Things found outdoors: they name no function of any program."""


@dataclass(frozen=True)
class Widget:
    """One widget: its label, what it holds, whether it is on or chosen, and the widgets in it.

    The choices of a dropdown, the rows of a list and the cells of a table are `parts` too.
    """

    kind: Kind
    label: str = ""
    value: str = ""
    on: bool = False
    disabled: bool = False
    parts: "tuple[Widget, ...]" = ()


@dataclass(frozen=True)
class Application:
    """One window: its title, what is in it, and whether it is shown with the other set of widgets."""

    title: str
    parts: tuple[Widget, ...]
    other_set: bool = False


@dataclass
class Drawer:
    """Draws widgets at random; no label comes twice in a window unless it is meant to."""

    chance: random.Random
    used: set[str] = field(default_factory=set)

    def words(self, most: int = 3) -> str:
        """One to `most` words, the first with a capital."""
        while True:
            said = " ".join(self.chance.sample(WORDS, self.chance.randint(1, most))).capitalize()
            if said not in self.used:
                self.used.add(said)
                return said

    def often(self, share: float) -> bool:
        """True so often."""
        return self.chance.random() < share

    def some(self, make: Callable[[], Widget], fewest: int, most: int) -> tuple[Widget, ...]:
        """Between so many and so many of them."""
        return tuple(make() for _ in range(self.chance.randint(fewest, most)))

    def one(self, kind: Kind, **said: object) -> Widget:
        """A widget with a label of its own; now and then it cannot be used."""
        made = Widget(kind, self.words(), disabled=self.often(0.06))
        return replace(made, **said)  # type: ignore[arg-type]  # the fields of Widget, passed through

    def button(self) -> Widget:
        """A button to press."""
        return self.one("toggle", on=self.often(0.5)) if self.often(0.1) else self.one("button")

    def filled(self) -> Widget:
        """Something that takes a value."""
        kind = self.chance.choice(FILLED)
        if kind == "dropdown":
            return self.dropdown()
        if kind in ("number", "slider"):
            return self.one(kind, value=str(self.chance.randint(0, 99)))
        return self.one(kind, value=self.words() if self.often(0.4) and kind != "date" else "")

    def dropdown(self) -> Widget:
        """A box to choose from."""
        return self.one("dropdown", parts=self.some(lambda: Widget("label", self.words(2)), 2, 6))

    def ticked(self) -> Widget:
        """Something that is on or off."""
        return self.one(self.chance.choice(TICKED), on=self.often(0.4))

    def radios(self) -> tuple[Widget, ...]:
        """Choices of which one is on."""
        made = self.some(lambda: self.one("radio"), 2, 4)
        chosen = self.chance.randrange(len(made))
        return tuple(replace(one, on=place == chosen) for place, one in enumerate(made))

    def rows(self, fewest: int, most: int) -> tuple[Widget, ...]:
        """Rows of a list, one of them often chosen."""
        made = self.some(lambda: Widget("label", self.words()), fewest, most)
        chosen = self.chance.randrange(2 * len(made))
        return tuple(replace(one, on=place == chosen) for place, one in enumerate(made))

    def table(self, *, columns: int, rows: int) -> Widget:
        """A table; its first row is the header."""
        cells = [tuple(Widget("label", self.words(2)) for _ in range(columns)) for _ in range(rows + 1)]
        return Widget("table", self.words(), parts=tuple(Widget("row", parts=row) for row in cells))

    def menubar(self) -> Widget:
        """The menus above everything."""
        return Widget("menubar", parts=self.some(lambda: Widget("button", self.words(1)), 3, 7))

    def toolbar(self) -> Widget:
        """A row of buttons below the menus."""
        return Widget("toolbar", self.words(), parts=self.some(self.button, 3, 8))

    def ending(self) -> Widget:
        """The buttons with which a dialog ends."""
        return Widget("row", parts=self.some(self.button, 1, 4))

    def group(self, parts: Sequence[Widget]) -> Widget:
        """A box with a title."""
        return Widget("group", self.words(2), parts=tuple(parts))


Layout = Callable[[Drawer], tuple[Widget, ...]]


def entry_form(draw: Drawer) -> tuple[Widget, ...]:
    """Fields in groups, ticks, and the buttons that end it."""
    groups = [
        draw.group([Widget("form", parts=draw.some(draw.filled, 2, 6))]) for _ in range(draw.chance.randint(1, 3))
    ]
    return (*groups, *draw.some(draw.ticked, 0, 3), draw.ending())


def editor(draw: Drawer) -> tuple[Widget, ...]:
    """Menus, tools, and a page to write on."""
    return (draw.menubar(), draw.toolbar(), draw.one("area", value=draw.words()), Widget("label", draw.words()))


def keypad(draw: Drawer) -> tuple[Widget, ...]:
    """Keys in rows below what they show."""
    side = draw.chance.randint(3, 5)
    keys = draw.some(lambda: Widget("button", draw.words(1)), side * 3, side * 4)
    return (draw.menubar(), draw.one("field", value="0"), Widget("keypad", str(side), parts=keys))


def settings(draw: Drawer) -> tuple[Widget, ...]:
    """Tabs with ticks, choices and fields."""
    inside = [
        *draw.some(draw.ticked, 2, 6),
        draw.group(draw.radios()),
        Widget("form", parts=draw.some(draw.filled, 1, 4)),
    ]
    draw.chance.shuffle(inside)
    tabs = (Widget("column", draw.words(2), parts=tuple(inside)), *draw.some(lambda: draw.one("column"), 1, 4))
    return (Widget("tabs", parts=tabs), draw.ending())


def list_and_details(draw: Drawer) -> tuple[Widget, ...]:
    """A list at the left and what is known of the chosen row at the right."""
    details = Widget(
        "column", parts=(draw.one("heading"), Widget("form", parts=draw.some(draw.filled, 2, 6)), draw.ending())
    )
    return (draw.toolbar(), Widget("row", parts=(Widget("list", draw.words(), parts=draw.rows(4, 12)), details)))


def sign_in(draw: Drawer) -> tuple[Widget, ...]:
    """A name, a password, and ways around them."""
    fields = Widget("form", parts=(draw.one("field"), draw.one("password"), *draw.some(draw.filled, 0, 2)))
    return (
        draw.one("heading"),
        fields,
        *draw.some(draw.ticked, 0, 2),
        draw.ending(),
        *draw.some(lambda: draw.one("link"), 1, 4),
    )


def results(draw: Drawer) -> tuple[Widget, ...]:
    """What a search found: links with words below them."""
    found = [
        part for _ in range(draw.chance.randint(3, 8)) for part in (draw.one("link"), Widget("label", draw.words(3)))
    ]
    asked = Widget("row", parts=(draw.one("field", value=draw.words()), draw.button(), draw.dropdown()))
    return (asked, draw.one("heading"), *found, Widget("row", parts=draw.some(lambda: draw.one("link"), 2, 6)))


def orders(draw: Drawer) -> tuple[Widget, ...]:
    """A table under tools and menus."""
    table = draw.table(columns=draw.chance.randint(2, 5), rows=draw.chance.randint(2, 6))
    return (draw.menubar(), draw.toolbar(), table, Widget("label", draw.words()))


def chat(draw: Drawer) -> tuple[Widget, ...]:
    """People at the left, what was said, and a line to answer in."""
    said = tuple(Widget("label", draw.words(3)) for _ in range(draw.chance.randint(3, 8)))
    answer = Widget("row", parts=(draw.one("field"), draw.button(), draw.button()))
    talk = Widget("column", parts=(draw.one("heading"), *said, answer))
    return (Widget("row", parts=(Widget("list", draw.words(), parts=draw.rows(3, 9)), talk)),)


def player(draw: Drawer) -> tuple[Widget, ...]:
    """A picture's place, a slider, and buttons that say what happens next."""
    tools = Widget("row", parts=draw.some(draw.button, 4, 7))
    return (draw.menubar(), draw.one("heading"), draw.one("slider", value="30"), tools, draw.one("slider", value="70"),
            Widget("list", draw.words(), parts=draw.rows(3, 8)))  # fmt: skip


def explorer(draw: Drawer) -> tuple[Widget, ...]:
    """A tree of folders beside a table of what is in one."""
    tree = Widget("tree", draw.words(), parts=draw.rows(4, 9))
    table = draw.table(columns=draw.chance.randint(2, 4), rows=draw.chance.randint(2, 5))
    return (draw.toolbar(), draw.one("field", value=draw.words()), Widget("row", parts=(tree, table)))


def cards(draw: Drawer) -> tuple[Widget, ...]:
    """Boxes of one kind with the same buttons in each."""
    same = draw.some(draw.button, 1, 3)
    made = [draw.group((Widget("label", draw.words(3)), *same)) for _ in range(draw.chance.randint(3, 6))]
    return (draw.one("heading"), Widget("row", parts=draw.some(lambda: draw.one("link"), 2, 6)), *made)


def booking(draw: Drawer) -> tuple[Widget, ...]:
    """One step of several: choices, days and numbers."""
    steps = Widget("row", parts=draw.some(lambda: Widget("label", draw.words(1)), 3, 5))
    when = Widget("form", parts=(draw.one("date"), draw.one("date"), draw.one("number", value="2"), draw.dropdown()))
    return (steps, draw.one("heading"), draw.group(draw.radios()), when, *draw.some(draw.ticked, 1, 4), draw.ending())


LAYOUTS: dict[Split, tuple[Layout, ...]] = {
    "train": (entry_form, editor, keypad, settings, list_and_details, sign_in, results, orders),
    "test": (chat, player, explorer, cards, booking),
}
"""What windows are like; those of the test are never learnt from."""


def application(seed: int, split: Split) -> Application:
    """A random application; the same seed gives the same one. Those of the test use the other set of widgets."""
    layouts = LAYOUTS[split]
    # the seed of a string is the same in every process
    draw = Drawer(random.Random(f"{split} {seed}"))  # noqa: S311 - nothing secret is drawn
    return Application(draw.words(2), layouts[seed % len(layouts)](draw), other_set=split == "test")


def html(application: Application) -> str:
    """The application as a page; the other set are widgets that say by themselves what they are (WAI-ARIA)."""
    body = "\n".join(_html(part, aria=application.other_set) for part in application.parts)
    style = "body{font:14px sans-serif} .row{display:flex;gap:12px;align-items:start} .keypad{display:grid;gap:4px}"
    return f"<!doctype html><meta charset=utf-8><title>{escape(application.title)}</title><style>{style}</style>{body}"


def _html(widget: Widget, *, aria: bool) -> str:
    label, value = escape(widget.label), escape(widget.value)
    off = " aria-disabled=true" if aria and widget.disabled else " disabled" if widget.disabled else ""
    inside = "".join(_html(part, aria=aria) for part in widget.parts)
    match widget.kind:
        case "group":
            return f"<fieldset><legend>{label}</legend>{inside}</fieldset>"
        case "row" | "column" | "form":
            return f"<div class={widget.kind}>{inside}</div>"
        case "toolbar" | "menubar":
            return f"<div role={widget.kind} aria-label='{label}' class=row>{inside}</div>"
        case "keypad":
            return f"<div class=keypad style='grid-template-columns:repeat({label},60px)'>{inside}</div>"
        case "tabs":
            return _html_tabs(widget, aria=aria)
        case "list" | "tree":
            return _html_list(widget)
        case "table":
            return _html_table(widget)
        case "dropdown":
            chosen = "".join(f"<option>{escape(part.label)}" for part in widget.parts)
            return f"<p><label>{label} <select{off}>{chosen}</select></label></p>"
    return _html_leaf(widget, label, value, off, aria=aria)


_TYPES = {"field": "text", "password": "password", "number": "number", "date": "date", "slider": "range"}


def _html_leaf(widget: Widget, label: str, value: str, off: str, *, aria: bool) -> str:
    kind = widget.kind
    role = {"toggle": "button"}.get(kind, kind)
    on = "true" if widget.on else "false"
    if kind in _TYPES:
        return f"<p><label>{label} <input type={_TYPES[kind]} value='{value}'{off}></label></p>"
    if kind == "area":
        return f"<p><label>{label}<br><textarea rows=3 cols=40{off}>{value}</textarea></label></p>"
    if kind in ("checkbox", "radio") and not aria:
        return f"<p><label><input type={kind}{' checked' if widget.on else ''}{off}>{label}</label></p>"
    if kind in ("checkbox", "radio", "switch"):
        return f"<div role={role} aria-checked={on} tabindex=0{off}>{label}</div>"
    if kind in ("button", "toggle"):
        pressed = f" aria-pressed={on}" if kind == "toggle" else ""
        return (
            f"<div role=button tabindex=0{pressed}{off}>{label}</div>"
            if aria
            else f"<button{pressed}{off}>{label}</button>"
        )
    return {"link": f"<p><a href='#'>{label}</a></p>", "heading": f"<h2>{label}</h2>"}.get(kind, f"<p>{label}</p>")


def _html_tabs(widget: Widget, *, aria: bool) -> str:
    heads = "".join(
        f"<span role=tab tabindex=0 aria-selected={'false' if place else 'true'}>{escape(part.label)}</span> "
        for place, part in enumerate(widget.parts)
    )
    first = "".join(_html(part, aria=aria) for part in widget.parts[0].parts)
    return f"<div role=tablist>{heads}</div><div role=tabpanel>{first}</div>"


def _html_list(widget: Widget) -> str:
    box, row = ("listbox", "option") if widget.kind == "list" else ("tree", "treeitem")
    rows = "".join(
        f"<div role={row} tabindex=0 aria-selected={'true' if part.on else 'false'}>{escape(part.label)}</div>"
        for part in widget.parts
    )
    return f"<div role={box} aria-label='{escape(widget.label)}'>{rows}</div>"


def _html_table(widget: Widget) -> str:
    head, *rows = ("".join(f"<t{{}}>{escape(cell.label)}" for cell in row.parts) for row in widget.parts)
    body = "".join("<tr>" + row.replace("<t{}>", "<td>") for row in rows)
    return f"<table><caption>{escape(widget.label)}</caption><tr>" + head.replace("<t{}>", "<th>") + body + "</table>"
