"""The rules of risk over an element list."""

from agents.safety.rules import assess_listed
from agents.screen.listing import ElementList, Line
from workbench.actions import Click, PressKeys, TypeText
from workbench.trajectory import Step

FORM = ElementList(
    "firefox",
    "Sign up",
    (
        Line("e1", "field", "Name", "Ada"),
        Line("e2", "password field", "Password"),
        Line("e3", "button", "Submit"),
        Line("e4", "button", "Delete account", states=("disabled",)),
    ),
)
NAME, PASSWORD, SUBMIT, _ = FORM.lines


def test_a_click_costs_what_its_line_is_called() -> None:
    assert assess_listed(Step("s", Click()), FORM, line=SUBMIT).risk == "leaves-machine"
    assert assess_listed(Step("s", Click()), FORM, line=NAME).risk == "reversible"


def test_enter_costs_what_the_buttons_of_the_list_cost_unless_they_are_disabled() -> None:
    assert assess_listed(Step("s", PressKeys(("Return",))), FORM, line=NAME).risk == "leaves-machine"
    calm = ElementList("app", "window", (Line("e1", "button", "Delete all", states=("disabled",)),))
    assert assess_listed(Step("s", PressKeys(("Return",))), calm).risk == "reversible"


def test_a_secret_is_misplaced_unless_its_line_is_a_password_field() -> None:
    secret = Step("s", TypeText(secret="mail"))
    assert not assess_listed(secret, FORM, line=PASSWORD).misplaced
    assert assess_listed(secret, FORM, line=NAME).misplaced
    assert assess_listed(secret, FORM).misplaced


def test_a_nameless_line_costs_what_the_planner_says() -> None:
    icon = Line("e9", "button")
    assert assess_listed(Step("s", Click()), FORM, line=icon, said="delete the draft").risk == "irreversible"


def test_commands_count_in_a_terminal() -> None:
    terminal = ElementList("xterm", "bash", (Line("e1", "text area", "", "ada@pc:~$ rm -r notes"),))
    assert assess_listed(Step("s", TypeText("rm x")), terminal).risk == "irreversible"
    assert assess_listed(Step("s", PressKeys(("Return",))), terminal, line=terminal.lines[0]).risk == "irreversible"
