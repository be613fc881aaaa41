"""Tasks on a page in the browser: forms, told by what the page itself holds of them."""

from random import Random

from agents.evaluation.desktop.deeds import Deed, Way, click, write
from agents.evaluation.desktop.forms import OPENED, PRESSED, TICKED, Field, FieldKind, Form, filled, saved, ticked, used
from agents.evaluation.desktop.problems import Node, Problem, Setting, Task, goal, on_the_way
from agents.evaluation.desktop.words import FIRST_NAMES, GOODS, LAST_NAMES, NOUNS, STREETS, TOWNS, drawn, listed

ROOMS = ("Kitchen", "Cellar", "Attic", "Library", "Workshop")
COLOURS = ("Red", "Green", "Blue", "Yellow", "Black", "White")
LETTERS = ("Invoices", "Contracts", "Reports", "Minutes", "Drafts")


def setting(*forms: Form) -> Setting:
    """The browser with these forms on one page."""
    return Setting(("browser",), forms=forms)


def text_in(label: str, text: str) -> Way:
    """Typing into a field."""
    return click("field", label), write(text)


def chosen(label: str, option: str) -> Way:
    """Choosing from a list: it is opened, and its entry typed."""
    return click("dropdown", label, matters=False), write(f"{option}\n")


def save(form: Form) -> Deed:
    """Pressing the form's button."""
    return click("button", form.save, matters=False)


def filling(form: Form, values: dict[str, str]) -> Way:
    """The way to fill in a form with these values and to save it."""
    kinds = {field.label: field.kind for field in form.fields}
    return (*(deed for label, text in values.items() for deed in _filling(kinds[label], label, text)), save(form))


def _filling(kind: FieldKind, label: str, text: str) -> Way:
    if kind == "box":
        return (click("checkbox", label),)
    return chosen(label, text) if kind == "choice" else text_in(label, text)


def kept(form: Form, values: dict[str, str]) -> tuple[Node, ...]:
    """A node for every value, and the goal that all are saved."""
    each = [on_the_way(f"{label} is {text}", filled(form, label, text)) for label, text in values.items()]
    return (*each, goal(f"{form.heading} is saved so", saved(form, values)))


def form_problem(form: Form, values: dict[str, str], told: str) -> Problem:
    """To fill in that form so and to save it."""
    return Problem(told, setting(form), filling(form, values), kept(form, values))


def told_values(values: dict[str, str]) -> str:
    """The values in words; boxes are ticked."""
    fields = [f'{label} "{text}"' for label, text in values.items() if text != TICKED]
    boxes = [f'tick "{label}"' for label, text in values.items() if text == TICKED]
    return "; ".join([", ".join(fields), *boxes])


def texts(*labels: str) -> tuple[Field, ...]:
    """Fields for text."""
    return tuple(Field("text", label) for label in labels)


def boxes(*labels: str) -> tuple[Field, ...]:
    """Boxes to tick."""
    return tuple(Field("box", label) for label in labels)


def _button(random: Random) -> Problem:
    form = Form("lights", "Lights", tuple(Field("button", room) for room in ROOMS))
    room = random.choice(ROOMS)
    node = goal(f"{room} was pressed last", used(form, PRESSED, room))
    return Problem(f'Press the button "{room}" on the page.', setting(form), (click("button", room),), (node,))


def _link(random: Random) -> Problem:
    form = Form("folders", "Archive", tuple(Field("link", letter) for letter in LETTERS))
    letter = random.choice(LETTERS)
    node = goal(f"{letter} was opened last", used(form, OPENED, letter))
    return Problem(f'Open the link "{letter}" on the page.', setting(form), (click("link", letter),), (node,))


def _box(random: Random) -> Problem:
    form = Form("colours", "Colours", boxes(*COLOURS))
    colour = random.choice(COLOURS)
    node = goal(f"only {colour} is ticked", ticked(form, [colour]))
    return Problem(f'Tick the box "{colour}" on the page.', setting(form), (click("checkbox", colour),), (node,))


def _field(random: Random) -> Problem:
    form = Form("search", "Catalogue", texts("Keyword"), "Save keyword")
    word = drawn(random, NOUNS)[0]
    return form_problem(form, {"Keyword": word}, f'Enter "{word}" as the keyword on the page and press "{form.save}".')


def _choice(random: Random) -> Problem:
    form = Form("travel", "Journey", (Field("choice", "Destination", ("Anywhere", *TOWNS)),), "Save journey")
    town = drawn(random, TOWNS)[0]
    told = f'Choose the destination {town} on the page and press "{form.save}".'
    return form_problem(form, {"Destination": town}, told)


def _two_boxes(random: Random) -> Problem:
    goods = drawn(random, GOODS, 6)
    form = Form("list", "Shopping list", boxes(*goods), "Save list")
    wanted = drawn(random, goods, 2)
    told = f'Tick {listed(wanted)} on the shopping list and press "{form.save}".'
    return form_problem(form, dict.fromkeys(wanted, TICKED), told)


def _visitor(random: Random) -> Problem:
    form = Form("visitor", "Visitor", (*texts("Visitor name", "Badge number"), *boxes("Parking")), "Save visitor")
    values = {"Visitor name": _name(random), "Badge number": str(random.randint(1000, 9999)), "Parking": TICKED}
    return form_problem(form, values, f'Enter the visitor on the page: {told_values(values)}. Press "{form.save}".')


def _order(random: Random) -> Problem:
    fields = (Field("choice", "Article", ("None", *GOODS[:8])), *texts("Quantity"), *boxes("Express delivery"))
    form = Form("order", "Order", fields, "Save order")
    values = {"Article": random.choice(GOODS[:8]), "Quantity": str(random.randint(2, 99)), "Express delivery": TICKED}
    return form_problem(form, values, f'Order on the page: {told_values(values)}. Press "{form.save}".')


def _address(random: Random) -> Problem:
    form = Form("address", "Address", texts(*_address_of(random)), "Save address")
    values = _address_of(random)
    return form_problem(form, values, f'Enter the address on the page: {told_values(values)}. Press "{form.save}".')


def _membership(random: Random) -> Problem:
    choice = Field("choice", "Country of birth", ("Unknown", "Chile", "France", "Kenya", "Norway", "Peru"))
    values = _address_of(random)
    more = {"Phone": f"555 {random.randint(1000, 9999)}", "Profession": drawn(random, _PROFESSIONS)[0]}
    values |= more | {choice.label: random.choice(choice.options[1:]), "Member since": str(random.randint(1980, 2020))}
    labels = [label for label in values if label != choice.label]
    fields = (*texts(*labels[:-1]), choice, *texts(labels[-1]), *boxes("Newsletter", "Terms accepted"))
    form = Form("membership", "Membership", fields, "Save membership")
    values["Terms accepted"] = TICKED
    return form_problem(form, values, f'Fill in the membership: {told_values(values)}. Press "{form.save}".')


def _stock(random: Random) -> Problem:
    goods = drawn(random, GOODS, 10)
    form = Form("stock", "Stock", texts(*goods), "Save stock")
    values = {each: str(random.randint(2, 99)) for each in goods}
    counted = ", ".join(f"{count} {each}" for each, count in values.items())
    return form_problem(form, values, f'Enter what is in stock on the page: {counted}. Press "{form.save}".')


def _many_boxes(random: Random) -> Problem:
    form = Form("groceries", "Groceries", boxes(*GOODS), "Save groceries")
    some = set(drawn(random, GOODS, 20))
    wanted = [each for each in GOODS if each in some]
    told = f'Tick these groceries on the page, and no others: {listed(wanted)}. Press "{form.save}".'
    return form_problem(form, dict.fromkeys(wanted, TICKED), told)


def _name(random: Random) -> str:
    return f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"


def _address_of(random: Random) -> dict[str, str]:
    return {
        "First name": random.choice(FIRST_NAMES),
        "Last name": random.choice(LAST_NAMES),
        "Street": f"{random.choice(STREETS)} {random.randint(1, 99)}",
        "Postcode": str(random.randint(10000, 99999)),
        "Town": random.choice(TOWNS),
    }


_PROFESSIONS = ("baker", "carpenter", "gardener", "nurse", "painter", "teacher", "tailor")

TASKS = (
    Task("page-button", 1, _button, is_simple=True),
    Task("page-link", 1, _link, is_simple=True),
    Task("page-box", 1, _box, is_simple=True),
    Task("page-field", 3, _field, is_simple=True),
    Task("page-choice", 3, _choice, is_simple=True),
    Task("page-two-boxes", 3, _two_boxes, is_simple=True),
    Task("page-visitor", 6, _visitor, is_simple=True),
    Task("page-order", 6, _order, is_simple=True),
    Task("page-address", 12, _address),
    Task("page-membership", 20, _membership),
    Task("page-stock", 20, _stock),
    Task("page-many-boxes", 20, _many_boxes),
)
