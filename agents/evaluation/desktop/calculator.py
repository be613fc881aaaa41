"""Tasks on the calculator (galculator); what it shows is read through accessibility."""

from random import Random

from agents.evaluation.desktop.deeds import Deed, Way, click, pass_by
from agents.evaluation.desktop.evidence import Evidence, Holds
from agents.evaluation.desktop.problems import Node, Problem, Setting, Task, goal, on_the_way

APP = "galculator"
SETTING = Setting(("calculator",))
SIGNS = {"+": "plus", "-": "minus", "*": "times"}


def keyed(text: str) -> Way:
    """The buttons for a sum; every one of them has its character on it."""
    return tuple(click("button", sign) for sign in text)


def displayed(text: str) -> Holds:
    """That the calculator shows it."""

    def holds(seen: Evidence) -> bool:
        return (seen.text(APP) or "").strip() == text

    return holds


def entered(*numbers: int) -> tuple[Node, ...]:
    """That these stood on the display on the way."""
    return tuple(on_the_way(f"the calculator shows {number}", displayed(str(number))) for number in numbers)


def result(number: int) -> Node:
    """That the calculator shows it in the end."""
    return goal(f"the calculator shows {number}", displayed(str(number)))


def _digit(random: Random) -> Problem:
    digit = random.randint(1, 9)
    return Problem(f"Press the {digit} of the calculator.", SETTING, keyed(str(digit)), (result(digit),))


def _scientific(random: Random) -> Problem:
    name, role, button = random.choice(_MODES)
    way: tuple[Deed, ...] = (pass_by("menu", "View"), click("menu item", name))
    node = goal(f"the calculator is in {name}", lambda seen: seen.shows(APP, role, button))
    return Problem(f"Switch the calculator to {name}.", SETTING, way, (node,))


_MODES = (("Scientific Mode", "toggle button", "sin"), ("Paper Mode", "push button", "Enter"))


def _add(random: Random) -> Problem:
    first, second = random.sample(range(2, 10), 2)
    return _sum(f"{first}+{second}", first, second)


def _multiply(random: Random) -> Problem:
    first, second = random.sample(range(12, 99), 2)
    return _sum(f"{first}*{second}", first, second)


def _add_three(random: Random) -> Problem:
    while True:
        first, second, third = random.sample(range(112, 999), 3)
        if first + second != third:  # the calculator shows 0 before anything is done
            return _sum(f"{first}+{second}-{third}", first, second, third)


def _add_six(random: Random) -> Problem:
    while True:
        numbers = random.sample(range(112, 999), 6)
        signs = [random.choice("+-") for _ in numbers[1:]]
        text = str(numbers[0]) + "".join(f"{sign}{number}" for sign, number in zip(signs, numbers[1:], strict=True))
        if value_of(text):
            return _sum(text, *numbers)


def _sum(text: str, *numbers: int) -> Problem:
    told = text
    for sign, word in SIGNS.items():
        told = told.replace(sign, f" {word} ")
    nodes = (*entered(*numbers), result(value_of(text)))
    return Problem(f"Work out {told} with the calculator.", SETTING, keyed(f"{text}="), nodes)


def value_of(text: str) -> int:
    """What a sum of two signs of one rank comes to, from left to right."""
    value, sign, number = 0, "+", ""
    for character in f"{text}=":
        if character.isdigit():
            number += character
            continue
        value = {"+": value + int(number), "-": value - int(number), "*": value * int(number)}[sign]
        sign, number = character, ""
    return value


TASKS = (
    Task("calculator-digit", 1, _digit, is_simple=True),
    Task("calculator-mode", 3, _scientific),
    Task("calculator-add", 3, _add, is_simple=True),
    Task("calculator-multiply", 6, _multiply, is_simple=True),
    Task("calculator-three-numbers", 12, _add_three),
    Task("calculator-six-numbers", 20, _add_six),
)
