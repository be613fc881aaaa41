"""The witnesses together: drawn desktops with one drift each; a wrong place is never an answer."""

import msgspec
import numpy as np
import pytest

from workbench.geometry import Point, Rect
from workbench.locate.locator import Options, locate
from workbench.locate.witness import build_target
from workbench.trajectory import Target

BLIND = Options(read_text=False)


def record(scene, name="Save", *, accessible=True) -> Target:
    element = next(e for e in scene.elements if e.name == name)
    point = element.bounds.centre.offset(5, 3)
    return build_target(
        point=point,
        frame=scene.frame(),
        frame_id="recorded",
        window=scene.windows[0],
        element=element if accessible else None,
    )


def test_an_unchanged_desktop_is_located_at_the_very_point_by_element_and_crop(form):
    then = form()
    for name in ("Save", "Delete", "Cancel", "Apply"):
        target = record(then, name)
        verdict = locate(target, form().sight(then.frame()))
        assert verdict.point == target.point
        assert verdict.located_by == ("element", "crop")


def test_an_unchanged_desktop_needs_one_question_to_accessibility(form):
    then = form()
    sight = then.sight(then.frame())
    locate(record(then), sight)
    assert sight.accessibility.asked == ["element_at"]


def test_a_moved_window_moves_the_point(form):
    then = form()
    target = record(then)
    assert locate(target, form(at=(317, 211)).sight(then.frame())).point == target.point.offset(217, 161)


def test_without_accessibility_unchanged_pixels_suffice(form):
    then = form()
    target = record(then, accessible=False)
    verdict = locate(target, form(at=(300, 200)).sight(then.frame(), accessible=False))
    assert verdict.point == target.point.offset(200, 150)
    assert verdict.located_by == ("crop",)


def test_a_dark_theme_is_located(form):
    then = form()
    target = record(then)
    verdict = locate(target, form(dark=True).sight(then.frame()))
    assert verdict.point == target.point
    assert "element" in verdict.located_by


def test_larger_fonts_are_located_on_the_button(form):
    then = form()
    target = record(then, "Cancel")
    now = form(scale=1.25)
    verdict = locate(target, now.sight(then.frame()))
    assert next(e for e in now.elements if e.name == "Cancel").bounds.contains(verdict.point)


def test_a_renamed_button_is_vetoed_and_both_names_are_told(form):
    then = form()
    now = form(names=("Store", "Delete", "Cancel", "Apply"))
    verdict = locate(record(then), now.sight(then.frame()))
    assert verdict.point is None
    assert verdict.cause == "renamed"
    assert "'Save' is now called 'Store'" in verdict.reason


def test_a_button_that_only_accessibility_calls_otherwise_is_vetoed(form):
    then, now = form(), form()
    now.elements[0] = msgspec.structs.replace(now.elements[0], name="Erase")
    assert locate(record(then), now.sight(then.frame())).cause == "renamed"


def test_a_button_that_became_a_check_box_is_vetoed(form):
    then, now = form(), form()
    now.elements[0] = msgspec.structs.replace(now.elements[0], role="check box")
    assert locate(record(then), now.sight(then.frame())).cause == "renamed"


def test_a_missing_button_halts(form):
    then = form()
    now = form(names=("Delete", "Cancel"))
    verdict = locate(record(then, "Apply"), now.sight(then.frame()))
    assert verdict.point is None
    assert verdict.cause == "missing"


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_look_alike_added_anywhere_halts_or_finds_the_recorded_one(form, place):
    then = form()
    names = ["Save", "Delete", "Cancel"]
    target = record(form(names=tuple(names)))
    names.insert(place, "Save")
    verdict = locate(target, form(names=tuple(names)).sight(then.frame()))
    assert verdict.point is None
    assert verdict.cause == "ambiguous"


def test_a_look_alike_in_another_named_group_is_told_apart(form):
    then, now = form(), form()
    group = (then.elements[0].path[0], msgspec.structs.replace(then.elements[0].path[1], name="Billing"))
    then.elements[0] = msgspec.structs.replace(then.elements[0], path=group)
    now.elements[0] = then.elements[0]
    now.button("Save", 10, 100)
    target = record(then)
    verdict = locate(target, now.sight(then.frame()))
    assert verdict.point in (None, target.point)
    assert verdict.point is not None or verdict.cause in ("weak", "ambiguous")


def test_equal_buttons_that_were_there_before_are_told_by_what_stands_around_them(form):
    names = ("Save", "Edit", "Edit", "Edit")
    then = form(names=names)
    for index in (1, 2, 3):
        element = then.elements[index]
        target = build_target(
            point=element.bounds.centre, frame=then.frame(), frame_id="f", window=then.windows[0], element=element
        )
        verdict = locate(target, form(at=(200, 100), names=names).sight(then.frame()))
        assert verdict.point == element.bounds.centre.offset(100, 50)


def test_a_greyed_out_button_halts_as_disabled(form):
    then, now = form(), form()
    now.elements[0] = msgspec.structs.replace(now.elements[0], states=("showing",))
    verdict = locate(record(then), now.sight(then.frame()))
    assert (verdict.point, verdict.cause) == (None, "disabled")


def test_without_the_application_nobody_votes(form, scene):
    then = form()
    other = scene().window(title="Form", app="other")
    other.button("Save", 8, 200)
    verdict = locate(record(then), other.sight(then.frame()))
    assert (verdict.point, verdict.cause, verdict.votes) == (None, "wrong-application", ())


def test_a_foreign_window_over_the_target_halts_as_covered(form):
    then, now = form(), form()
    now.window(Rect(60, 200, 300, 200), title="Notes", app="notes")
    verdict = locate(record(then), now.sight(then.frame()))
    assert (verdict.point, verdict.cause) == (None, "covered")
    assert "Notes" in verdict.reason


def test_pixels_that_a_foreign_window_hides_halt_as_covered_not_as_missing(form):
    then, now = form(), form()
    now.window(Rect(60, 200, 500, 200), title="Notes", app="notes")
    verdict = locate(record(then, accessible=False), now.sight(then.frame(), accessible=False), options=BLIND)
    assert (verdict.point, verdict.cause) == (None, "covered")
    assert "Notes" in verdict.reason


def test_the_same_picture_in_a_foreign_window_is_never_taken(form):
    then = form()
    target = record(then, accessible=False)
    now = form(names=("Delete", "Cancel"))
    now.window(Rect(400, 360, 300, 200), title="Viewer", app="viewer")
    now.button("Save", 20, 60)
    verdict = locate(target, now.sight(then.frame(), accessible=False), options=BLIND)
    assert verdict.point is None


def test_a_dialog_with_another_question_is_another_window(form, scene):
    then = scene().window(Rect(200, 200, 300, 150), title="Discard changes?")
    then.button("Yes", 20, 100, path=(msgspec.structs.replace(form().elements[0].path[0], role="dialog"),))
    target = record(then, "Yes")
    now = scene().window(Rect(200, 200, 300, 150), title="Overwrite report?")
    now.button("Yes", 20, 100, path=then.elements[0].path)
    verdict = locate(target, now.sight(then.frame()))
    assert (verdict.point, verdict.cause) == (None, "wrong-window")


def test_a_title_that_follows_the_document_does_not_matter(form):
    then, now = form(title="a.txt - Editor"), form(title="*Untitled 1 - Editor")
    target = record(then)
    assert locate(target, now.sight(then.frame())).point == target.point


def test_of_two_windows_the_one_with_the_recorded_title_is_meant(form):
    then = form()
    target = record(then)
    now = form(at=(350, 280))
    now.window(Rect(20, 20, 420, 300), title="Preferences")
    now.button("Save", 8, 200)
    assert locate(target, now.sight(then.frame())).point == target.point.offset(250, 230)


def test_a_bare_point_is_never_acted_on(form):
    now = form()
    verdict = locate(Target(point=Point(150, 260), window=now.windows[0]), now.sight())
    assert (verdict.point, verdict.cause) == (None, "no-witness")


def test_a_lost_frame_leaves_the_element_to_decide(form):
    target = record(form())
    verdict = locate(target, form().sight(None))
    assert verdict.point == target.point
    assert verdict.located_by == ("element",)


def test_a_lost_frame_without_accessibility_halts(form):
    target = record(form(), accessible=False)
    verdict = locate(target, form().sight(None, accessible=False))
    assert (verdict.point, verdict.cause) == (None, "no-witness")


def test_a_plain_surface_is_no_evidence(scene):
    then = scene().window()
    target = build_target(point=Point(300, 200), frame=then.frame(), frame_id="f", window=None, element=None)
    blank = then.frame()
    blank.pixels[:] = 200
    verdict = locate(target, scene().window().sight(blank, accessible=False))
    assert verdict.point is None


def test_a_red_lamp_is_not_taken_for_a_green_one(scene):
    def lamp(colour):
        made = scene().window()
        made.pixels[150:170, 200:220, :3] = 20
        made.pixels[154:166, 204:216, :3] = colour
        return made

    red, green = (60, 60, 200), (60, 139, 60)
    then, now = lamp(red), lamp(green)
    target = build_target(point=Point(210, 160), frame=then.frame(), frame_id="f", window=then.windows[0], element=None)
    assert locate(target, then.sight(then.frame(), accessible=False)).point == Point(210, 160)
    assert locate(target, now.sight(then.frame(), accessible=False)).point is None


def test_noise_and_dimming_do_not_hide_the_target(form):
    then = form()
    target = record(then, "Delete", accessible=False)
    now = form(at=(220, 130))
    noise = np.random.default_rng(1).integers(-5, 6, now.pixels.shape)
    now.pixels = np.clip(now.pixels * 0.8 + noise, 0, 255).astype(np.uint8)
    assert locate(target, now.sight(then.frame(), accessible=False)).point == target.point.offset(120, 80)


def test_votes_tell_their_time(form):
    then = form()
    verdict = locate(record(then), form().sight(then.frame()))
    assert all(vote.elapsed_ms > 0 for vote in verdict.votes)
