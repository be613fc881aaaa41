"""Targets recorded on real applications, located after real drift: the place is right, or there is none."""

import pytest

from workbench.actions import Condition
from workbench.geometry import Point
from workbench.locate.conditions import holds
from workbench.locate.locator import Options, locate
from workbench.locate.witness import add_text, build_target

BLIND = Options(read_text=False)
NAMES = ("Save", "Delete", "Cancel", "Apply")
KEYS = ("1", "2", "7", "+", "=", "C")


@pytest.mark.parametrize(
    ("options", "variables"),
    [
        ((), {}),
        (("--at", "700,300"), {}),
        (("--size", "700x560"), {}),
        ((), {"GTK_THEME": "Adwaita:dark"}),
        ((), {"GTK_THEME": "HighContrast"}),
        ((), {"GDK_DPI_SCALE": "1.25"}),
        (("--fill", "Name=Bob", "--fill", "City=Rome"), {}),
        (("--title", "Form of today"), {}),
    ],
    ids=["same", "moved", "resized", "dark", "contrast", "fonts", "data", "title"],
)
def test_benign_drift_finds_every_button_and_field(stage, answered, record, buttons, options, variables):
    stage.form()
    targets = buttons(*NAMES, "Find")
    fields = {label: record(stage.element("text", label=label)) for label in ("Name:", "City:")}
    stage.stop()
    stage.form(*options, **variables)
    stage.element("push button", "Save")
    sight = stage.sight()
    for name, target in targets.items():
        verdict = answered(lambda target=target: locate(target, sight, options=BLIND))
        assert verdict.point is not None, (name, verdict.reason)
        assert stage.element("push button", name).bounds.contains(verdict.point)
    for label, target in fields.items():
        verdict = answered(lambda target=target: locate(target, sight, options=BLIND))
        assert verdict.point is not None, (label, verdict.reason)
        assert stage.element("text", label=label).bounds.contains(verdict.point)


@pytest.mark.parametrize(
    ("option", "cause"),
    [
        ("--rename=Save=Store", "renamed"),
        ("--remove=Save", "missing"),
        ("--remove=Delete", ""),
        ("--look-alike=Save", "ambiguous"),
        ("--look-alike-after=Save", "ambiguous"),
        ("--insensitive=Save", "disabled"),
        ("--dialog=Really?", "covered"),
    ],
)
def test_what_is_no_longer_the_same_halts_and_says_why(stage, answered, buttons, option, cause):
    stage.form()
    target = buttons("Save")["Save"]
    stage.stop()
    stage.form(option)
    stage.element("push button", "Cancel")
    stage.until(lambda: len(stage.desktop.windows.all()) == 1 + option.startswith("--dialog"))
    verdict = answered(lambda: locate(target, stage.sight(), options=BLIND))
    assert verdict.cause == cause
    if not cause:
        assert stage.element("push button", "Save").bounds.contains(verdict.point)


@pytest.mark.parametrize("option", ["--rename=Save=Store", "--remove=Save", "--look-alike=Save", "--insensitive=Save"])
def test_without_accessibility_drift_of_the_target_halts_as_well(stage, buttons, option):
    stage.form()
    target = buttons("Save", accessible=False)["Save"]
    stage.stop()
    stage.form(option)
    assert locate(target, stage.sight(accessible=False), options=BLIND).point is None


def test_keys_of_a_calculator_are_told_apart_with_and_without_accessibility(stage, answered, buttons):
    stage.start("galculator")
    told = buttons(*KEYS, role="toggle button")
    bare = buttons(*KEYS, role="toggle button", accessible=False)
    for accessible, targets in ((True, told), (False, bare)):
        sight = stage.sight(accessible=accessible)
        for target in targets.values():
            verdict = answered(lambda target=target, sight=sight: locate(target, sight, options=BLIND))
            assert verdict.point == target.point


@pytest.mark.parametrize("variables", [{"GTK_THEME": "Adwaita:dark"}, {"GDK_DPI_SCALE": "1.25"}], ids=["dark", "fonts"])
def test_keys_of_a_restyled_calculator_are_found(stage, answered, buttons, variables):
    stage.start("galculator")
    targets = buttons(*KEYS, role="toggle button")
    stage.stop()
    stage.start("galculator", **variables)
    stage.element("toggle button", "1")
    sight = stage.sight()
    for name, target in targets.items():
        verdict = answered(lambda target=target: locate(target, sight, options=BLIND))
        assert stage.element("toggle button", name).bounds.contains(verdict.point)


def test_the_text_of_an_editor_is_found_whatever_it_holds(stage, answered, record, tmp_path):
    first, second = tmp_path / "notes.txt", tmp_path / "other.txt"
    first.write_text("hello world\n")
    second.write_text("quite other words\nand more of them\n")
    stage.start(f"mousepad {first}")
    target = record(stage.element("text"))
    stage.stop()
    stage.start(f"mousepad {second}")
    stage.element("text")
    verdict = answered(lambda: locate(target, stage.sight(), options=BLIND))
    assert stage.element("text").bounds.contains(verdict.point)


def test_an_application_without_accessibility_is_located_by_its_pixels(stage):
    window = stage.start("xcalc")
    frame = stage.desktop.screens.grab()
    stage.frames["xcalc"] = frame
    assert not stage.desktop.accessibility.speaks_for(window.app)
    for dx, dy in ((25, 330), (65, 330), (105, 330), (65, 365)):
        point = Point(window.bounds.x + dx, window.bounds.y + dy)
        target = build_target(point=point, frame=frame, frame_id="xcalc", window=window, element=None)
        verdict = locate(target, stage.sight(), options=BLIND)
        assert verdict.point in (point, None)
        assert verdict.point is not None or verdict.cause in ("ambiguous", "missing", "weak")


def test_another_application_in_front_covers(stage, answered, buttons):
    stage.form()
    target = buttons("Save")["Save"]
    stage.start("galculator")
    front = stage.desktop.windows.all()[0].bounds
    verdict = answered(lambda: locate(target, stage.sight(), options=BLIND))
    assert (verdict.cause == "covered") == front.contains(target.point)


def test_printed_text_bears_out_what_pixels_show_in_another_theme(stage, buttons):
    stage.form()
    target = buttons("Delete", accessible=False)["Delete"]
    target = add_text(target, stage.frames[target.crop.frame])
    assert target.text.text == "Delete"
    stage.stop()
    stage.form(GTK_THEME="Adwaita:dark")
    verdict = stage.until(lambda: (seen := locate(target, stage.sight(accessible=False))).point and seen)
    assert verdict.located_by == ("crop", "text")
    assert stage.element("push button", "Delete").bounds.contains(verdict.point)


def test_conditions_are_answered_by_a_real_application(stage, answered):
    window = stage.form("--fill", "City=Rome")
    stage.element("push button", "Save")
    sight = stage.sight()
    expected = [
        (Condition(app=window.app, window="For"), True),
        (Condition(window="Preferences"), False),
        (Condition(element="Save", role="push button"), True),
        (Condition(element="Store"), False),
        (Condition(element="Store", present=False), True),
        (Condition(element="City:", role="text", value="Rome"), True),
        (Condition(element="City:", role="text", value="Oslo"), False),
        (Condition(app="nowhere", present=False), True),
    ]
    for condition, ok in expected:
        held = answered(lambda condition=condition: holds(condition, sight))
        assert held.ok == ok, (condition, held.reason)
