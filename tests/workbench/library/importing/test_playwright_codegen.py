"""Playwright's recorder: every action and every kind of locator that it writes, and what is wrong in a file."""

import json

import pytest

from workbench.actions import Check, Click, Condition, Hover, Note, PressKeys, TypeText
from workbench.geometry import Point, Rect
from workbench.library.importing.known import find, recognise
from workbench.library.importing.source import Source
from workbench.library.importing.taking import Refused

HEADER = '{"browserName":"chromium","launchOptions":{"headless":false},"contextOptions":{}}'
PAGE = "page@6f2f7643bad0a7b6144946d6e5ac0c52"


def link(kind, body, following=None, **options):
    found = {"kind": kind, "body": body, "options": options}
    return found | ({"next": following} if following else {})


SAVE = {
    "selector": 'internal:role=button[name="Save"i]',
    "locator": link("role", "button", attrs=[], exact=False, name="Save"),
}
USER = {"selector": 'internal:role=textbox[name="User"i]', "locator": link("role", "textbox", name="User")}


@pytest.fixture
def script(tmp_path):
    """Writes what the recorder writes for these actions."""

    def written(*acts):
        lines = [json.dumps(dict(act) | {"signals": act.get("signals", []), "pageGuid": PAGE}) for act in acts]
        path = tmp_path / "recorded.jsonl"
        path.write_text("\n".join([HEADER, *lines]) + "\n")
        return path

    return written


def do(name, where=SAVE, **fields):
    return {"name": name} | where | fields


def actions(taken):
    return [step.action for step in taken.trajectory.steps]


def test_every_action_of_the_recorder_is_read(script, take_one):
    taken = take_one(
        script(
            {"name": "openPage", "url": "about:blank"}, {"name": "navigate", "url": "https://a.example/"},
            {"name": "openPage", "url": "https://b.example/"},
            do("click", button="left", modifiers=0, clickCount=1),
            do("click", button="right", modifiers=10, clickCount=2), do("hover"), do("check"), do("uncheck"),
            do("fill", USER, text="ada, {{x}}"), do("press", USER, key="Enter", modifiers=0),
            do("press", USER, key="A", modifiers=2), do("select", USER, options=["Red", "Green"]),
            do("setInputFiles", USER, files=["a.txt"]), {"name": "closePage"},
        )
    )  # fmt: skip
    assert actions(taken) == [
        Note("Go to https://a.example/"), Note("Open https://b.example/"), Click(),
        Click("right", 2, ("ctrl", "shift")), Hover(), Click(), Click(), Click(),
        TypeText("ada, {{x}}"), PressKeys(("Return",)), PressKeys(("ctrl", "a")),
        Note("Choose “Red”, “Green” in the list User"), Note("Upload “a.txt”"), Note("Close the page"),
    ]  # fmt: skip


def test_a_field_that_was_just_clicked_is_not_clicked_again_to_be_filled(script, take_one):
    taken = take_one(script(do("click", USER), do("fill", USER, text="a"), do("fill", SAVE, text="b")))
    assert actions(taken) == [Click(), TypeText("a"), Click(), TypeText("b")]
    assert [remark.step for remark in taken.remarks if remark.step] == [3]


def test_checks_say_what_the_recorder_asserted(script, take_one):
    words = {"selector": 'internal:text="Total"i', "locator": link("text", "Total")}
    taken = take_one(
        script(
            do("assertVisible"), do("assertVisible", words), do("assertText", text="42", substring=True),
            do("assertValue", USER, value=""), do("assertChecked", checked=True), do("assertSnapshot"),
        )
    )  # fmt: skip
    assert actions(taken) == [
        Check(Condition(element="Save", role="push button")), Check(Condition(text="Total")),
        Check(Condition(text="42")),
        Check(Condition(element="User", role="entry", value="")),
    ]  # fmt: skip
    assert [remark.step for remark in taken.remarks if remark.step] == [5, 5]


@pytest.mark.parametrize(
    ("locator", "role", "name", "label", "text"),
    [
        (link("role", "checkbox", name="On"), "check box", "On", "", None),
        (link("role", "tab"), "page tab", "", "", None),
        (link("role", "meter", name="Load"), "meter", "Load", "", None),
        (link("label", "User"), "", "", "User", None),
        (link("placeholder", "Search"), "", "Search", "", None),
        (link("title", "Close"), "", "Close", "", None),
        (link("role", "list", link("role", "link", name="Help")), "link", "Help", "", None),
        (link("test-id", "zone", link("role", "button", name="Go")), "push button", "Go", "", None),
        (link("role", "button", link("nth", "2"), name="Go"), "push button", "Go", "", None),
    ],
)
def test_elements_are_known_by_what_the_locator_says_for_people(script, take_one, locator, role, name, label, text):
    step = take_one(script(do("click", {"selector": "s", "locator": locator}))).trajectory.steps[0]
    element = step.target.element
    assert (element.role, element.name, element.label) == (role, name, label)
    assert (step.target.point, element.bounds) == (Point(0, 0), Rect(0, 0, 0, 0))
    assert step.target.window is None
    assert step.observation.frame is None


def test_a_text_is_a_witness_of_its_own_and_a_place_inside_is_kept(script, take_one):
    where = {"selector": 'internal:text="Help"i', "locator": link("text", "Help")}
    target = take_one(script(do("click", where, position={"x": 7.5, "y": 3}))).trajectory.steps[0].target
    assert (target.text.text, target.element, target.point) == ("Help", None, Point(7, 3))


@pytest.mark.parametrize(
    "locator", [link("test-id", "zone"), link("default", "#a > b"), link("role", 3), None, link("", {})]
)
def test_an_element_that_only_the_source_knows_becomes_a_note(script, take_one, locator):
    taken = take_one(script(do("click", {"selector": "css=#a", "locator": locator})))
    assert actions(taken) == [Note("click on css=#a")]
    assert 1 in [remark.step for remark in taken.remarks]


@pytest.mark.parametrize(
    "where",
    [
        {"selector": 'input[type="password"]', "locator": link("role", "textbox", name="x")},
        {"selector": "s", "locator": link("role", "textbox", name="Pass word")},
        {"selector": "s", "locator": link("label", "Your password")},
        {"selector": "s", "locator": link("placeholder", "Passwort")},
    ],
)  # fmt: skip
def test_what_is_typed_into_a_field_for_passwords_is_never_kept(script, take_one, where):
    taken = take_one(script(do("click", where), do("fill", where, text="hunter2")))
    step = taken.trajectory.steps[1]
    assert step.action == TypeText(secret="password")
    assert step.masked
    assert step.target.element.password
    assert "hunter2" not in repr(taken)


@pytest.mark.parametrize(
    "odd",
    [
        do("click", button="nose"), do("click", clickCount=10**6), do("press", key="no such key"), do("press"),
        do("wiggle"),
        do("fill", USER, text=""), {"name": "wiggle"}, do("assertText"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_here_is_dropped_with_a_remark(script, take_one, odd):
    taken = take_one(script(do("hover"), odd, do("hover")))
    assert [action for action in actions(taken) if action != Click()] == [Hover(), Hover()]
    assert 2 in [remark.step for remark in taken.remarks] or 3 in [remark.step for remark in taken.remarks]


def test_a_dialog_is_remarked(script, take_one):
    taken = take_one(script(do("click", signals=[{"name": "dialog", "dialogAlias": ""}])))
    assert any("dialog" in remark.what for remark in taken.remarks)


@pytest.mark.parametrize(
    "line",
    ["{", "3", '{"x": 1}', '{"name": 3}', '{"name": "click", "locator": 4}', '{"name":"click","modifiers":1e400}'],
)
def test_a_damaged_line_is_refused_with_its_number(script, take_all, line):
    path = script(do("hover"))
    path.write_text(path.read_text() + line + "\n")
    (refused,) = take_all(path)
    assert isinstance(refused, Refused)
    assert "line 3" in str(refused.why)


def test_a_locator_as_deep_as_the_sea_is_no_traceback(script, take_all):
    deep = '{"kind":"role","body":"button","next":' * 20_000 + "null" + "}" * 20_000
    path = script(do("hover"))
    path.write_text(f'{path.read_text()}{{"name":"click","selector":"s","locator":{deep}}}\n')
    (refused,) = take_all(path)
    assert isinstance(refused, Refused)


def test_a_file_without_actions_is_refused(script, take_all):
    (refused,) = take_all(script())
    assert isinstance(refused, Refused)


@pytest.mark.parametrize("text", ["", "{}", '{"name":"click"}', '{"browserName":3}', "[" * 5000])
def test_other_files_are_none_of_this_format(tmp_path, text):
    path = tmp_path / "recorded.jsonl"
    path.write_text(text)
    assert recognise(Source(path)) != "playwright-codegen"


def test_a_script_is_recognised_told_and_goes_round(script, take_one, goes_round, shown):
    path = script({"name": "navigate", "url": "https://a.example/"}, do("click"), do("fill", USER, text="ada"))
    assert [found.format for found in find(path)] == ["playwright-codegen"]
    trajectory = take_one(path).trajectory
    goes_round(trajectory)
    assert shown(trajectory)["title"] == "recorded"
