"""Words become places on real applications, with witnesses, or halt and say why."""

import os
import shlex
import signal

import pytest
from msgspec.structs import replace

from agents.grounding.choosing import Chooser
from agents.grounding.wishes import Wish, typing_steps
from agents.screen.reading import read_screen
from workbench.actions import Activate, Click, PressKeys, Read, Scroll, TypeText
from workbench.session.eyes import Eyes
from workbench.session.grounding import WitnessGrounder
from workbench.session.verifying import OutcomeVerifier
from workbench.trajectory import Step

SAVES = ("--look-alike-after", "Save")


def test_a_calculator_is_worked_by_words_alone_with_a_model_for_those_that_no_key_is_called(bench, meaning):
    bench.stage.start("galculator")
    for words, key in (("7", "7"), ("the plus key", "+"), ("the 5 key", "5"), ("equals", "=")):
        bench.finder.chooser = Chooser(meaning(f'button "{key}"'))
        grounding, proof = bench.do(Click(), words)
        assert bench.stage.element("toggle button" if key != "=" else grounding.element.role, key).bounds.contains(
            grounding.point
        )
        assert proof.ok
    assert "12" in proof.observed


def test_the_grounded_step_carries_witnesses_of_this_very_moment(bench):
    bench.stage.start("galculator")
    grounding = bench.ground(Click(), "the 7 key")
    target = grounding.step.target
    assert (target.element.name, target.element.ref, target.point) == ("7", None, grounding.point)
    assert target.window.handle is None
    assert bench.eyes.frames.load(target.crop.frame).bounds == grounding.sight.frame.bounds
    assert grounding.step.observation.frame == target.crop.frame
    assert grounding.step.observation.window.app == "galculator"


def test_a_step_that_is_grounded_again_keeps_its_place_and_how_sure_its_words_were(bench, meaning):
    bench.stage.start("galculator")
    bench.finder.chooser = Chooser(meaning('button "+"', 0.98))
    first = bench.ground(Click(), "the plus key")
    again = bench.grounder.ground(first.step)
    assert (again.point, again.verdict.confidence) == (first.point, 0.98)
    bench.stage.desktop.pointer.move(first.point)
    bench.stage.rest()
    assert bench.grounder.ground(first.step).ok


def test_a_control_of_an_open_menu_is_clicked_by_its_name(bench, tmp_path):
    (tmp_path / "notes.txt").write_text("hello\n")
    bench.stage.start(f"mousepad {shlex.quote(str(tmp_path / 'notes.txt'))}")
    _, opened = bench.do(Click(), "the Search menu")
    assert opened.ok
    # where the window comes late, that the menu closed is effect enough
    grounding, proof = bench.do(Click(), "Find and Replace", until_in_front="Find and Replace")
    assert grounding.verdict.located_by == ("element",)
    assert (proof.ok, "window" in proof.by) == (True, True)
    assert "“Find and Replace” opened" in proof.observed


def places_of(bench, name):
    """Where the two buttons of that name are."""

    def both():
        found = bench.stage.desktop.accessibility.find(app="gtk_form", role="push button", name=name)
        return found if len(found) == 2 else None

    return [one.bounds for one in bench.stage.until(both)]


def test_a_name_that_fits_two_buttons_is_ambiguous_and_nothing_is_chosen(bench, meaning):
    bench.stage.form(*SAVES)
    bench.finder.chooser = Chooser(meaning('button "Save"', 1.0))
    grounding = bench.ground(Click(), "the Save button")
    assert (grounding.ok, grounding.verdict.cause, grounding.step) == (False, "ambiguous", None)
    second = bench.ground(Click(), "the second Save button")
    places = places_of(bench, "Save")
    assert [place.contains(second.point) for place in places] == [False, True]


@pytest.mark.parametrize("at", [0, 1])
def test_of_two_buttons_of_one_name_a_recorded_step_tells_which_is_meant(bench, at):
    bench.stage.form(*SAVES)
    places = places_of(bench, "Save")
    recorded = bench.ground(Click(), ("the first Save button", "the second Save button")[at]).step.target
    found = bench.ground(Click(), Wish("the Save button", exemplar=recorded))
    assert found.ok, found.verdict.reason
    assert [place.contains(found.point) for place in places] == [at == 0, at == 1]


@pytest.mark.parametrize(
    ("options", "cause"),
    [(("--insensitive", "Save"), "disabled"), (("--remove", "Save"), "missing"), (("--dialog", "Really?"), "covered")],
)
def test_what_cannot_be_clicked_halts_and_says_why(bench, options, cause):
    bench.stage.form(*options)
    if cause == "covered":
        form = next(window for window in bench.stage.desktop.windows.all() if window.title == "Form")
        bench.stage.desktop.windows.activate(form)
        bench.stage.rest()
        bench.stage.until(lambda: "No" in [line.name for line in read_screen(bench.stage.sight()).shown.lines])
    grounding = bench.ground(Click(), "Save")
    assert (grounding.ok, grounding.step) == (False, None)
    assert grounding.verdict.cause in (cause, "missing")


def test_a_window_over_the_target_keeps_it_from_being_clicked(bench):
    bench.stage.form()
    under = bench.ground(Click(), "Save")
    bench.stage.start("xcalc -geometry 500x500+250+180")
    form = next(window for window in bench.stage.desktop.windows.all() if window.title == "Form")
    assert form.bounds.contains(under.point)
    bench.stage.until(lambda: bench.stage.desktop.windows.at(under.point).app == "xcalc")
    bench.grounder.timeout_s = 0.5

    def refused_as_covered():
        grounding = bench.grounder.ground(under.step)
        assert not grounding.ok
        return grounding.verdict.cause == "covered"  # another one while the application does not answer

    bench.stage.until(refused_as_covered)


def test_another_window_is_switched_to_whatever_lies_over_it(bench):
    bench.stage.form("--title", "Orders", "--app", "orders")
    bench.stage.form("--title", "Invoices", "--app", "invoices")
    grounding, proof = bench.do(Click(), "the Orders window")
    assert grounding.step.action == Activate("orders", "Orders")
    assert (proof.ok, bench.stage.desktop.windows.active().title) == (True, "Orders")


def test_text_goes_into_the_field_that_is_named_once_it_has_the_focus(bench):
    bench.stage.form()
    wish = Wish("the City field", replaces=True)
    click, select, typed = typing_steps(Step("s", TypeText("Rome")), field="the City field", replaces=True)
    bench.wishes = {click.id: wish, typed.id: wish}
    early = bench.grounder.ground(typed)
    assert (early.ok, early.verdict.cause) == (False, "renamed")
    assert "“the City field” does not have the focus; click it first" in early.verdict.reason
    for step in (click, select, typed):
        grounding = bench.grounder.ground(step)
        assert grounding.ok, grounding.verdict.reason
        bench.performer.perform(grounding.step, grounding)
        proof = bench.verifier.verify(grounding.step, grounding)  # not before the click has arrived are there keys
    assert (proof.ok, proof.by.split(", ")[0]) == (True, "text")
    assert grounding.step.target.element.label == "City:"
    bench.stage.until(lambda: bench.stage.element("text", label="City:").value == "Rome")


def test_a_secret_is_typed_into_a_field_that_was_named_and_nowhere_else(bench):
    bench.stage.form()
    bench.do(Click(), "Password")
    nameless = bench.ground(TypeText(secret="bank"))
    assert (nameless.ok, nameless.verdict.cause) == (False, "no-witness")
    bench.do(Click(), "the City field")
    wrong = bench.ground(TypeText(secret="bank"), "the City field")
    assert (wrong.ok, wrong.verdict.cause) == (False, "missing")
    bench.do(Click(), "Password")
    named = bench.ground(TypeText(secret="bank"), "Password")
    assert named.ok
    assert named.element.password


def test_a_place_is_never_made_up_for_a_step_without_words(bench):
    bench.stage.form()
    for action in (Click(), Scroll(dy=1), Read("x")):
        grounding = bench.ground(action)
        assert (grounding.ok, grounding.verdict.cause, grounding.point) == (False, "no-witness", None)


def test_keys_without_words_go_to_the_focus_and_the_step_says_where_that_was(bench):
    bench.stage.form()
    bench.do(Click(), "the City field")

    def grounded_at_the_focus():
        grounding = bench.ground(PressKeys(("End",)))
        assert grounding.ok
        return grounding if grounding.step.target is not None else None  # the application did not say in time

    assert bench.stage.until(grounded_at_the_focus).step.target.element.label == "City:"


def test_an_application_that_is_too_busy_to_say_where_its_focus_is_is_waited_for(bench, monkeypatch):
    window = bench.stage.form()
    bench.do(Click(), "the City field")
    answers = []

    def wait(eyes, until_s):
        os.kill(window.pid, signal.SIGCONT)
        answers.append(bench.stage.until(lambda: bench.stage.desktop.accessibility.focused()))
        return True

    monkeypatch.setattr(Eyes, "wait", wait)
    os.kill(window.pid, signal.SIGSTOP)
    grounding = bench.ground(PressKeys(("End",)))
    assert (grounding.step.target.element.label, len(answers)) == ("City:", 1)


def test_an_application_without_accessibility_is_worked_by_its_printed_words(bench, meaning):
    bench.stage.start("xcalc")
    patient_s, bench.verifier.timeout_s = bench.verifier.timeout_s, 1.5  # the sine of 0 shows nothing new
    grounding, _ = bench.do(Click(), "the sin key")
    bench.verifier.timeout_s = patient_s
    assert grounding.verdict.located_by == ("text",)
    assert (grounding.element, grounding.step.target.text.text) == (None, "sin")
    assert grounding.step.target.crop is not None
    bench.finder.chooser = Chooser(meaning('text "7"', 0.9))
    grounding, proof = bench.do(Click(), "7")
    assert grounding.verdict.located_by == ("text", "model")
    assert (proof.ok, proof.by) == (True, "region")


def test_a_person_is_asked_where_nobody_knows_and_the_step_halts_where_nobody_is_there(bench):
    bench.stage.form(*SAVES)
    asked = []
    bench.grounder.ask_person = lambda verdict: bool(asked.append(verdict))
    halted = bench.ground(Click(), "Save")
    assert (halted.ok, halted.verdict.cause, halted.step) == (False, "ambiguous", None)
    assert asked == [halted.verdict]


def test_steps_that_were_grounded_by_words_replay_without_words(bench, meaning):
    bench.stage.start("galculator")
    bench.finder.chooser = Chooser(meaning('button "+"'))
    taken = []
    for words in ("the 7 key", "the plus key", "the 5 key", "the = key"):
        grounding, proof = bench.do(Click(), words)
        assert proof.ok
        taken.append(replace(grounding.step, outcome=proof.outcome))
    bench.stage.stop()
    bench.stage.start("galculator")
    witnesses, outcomes = WitnessGrounder(bench.eyes, 10.0), OutcomeVerifier(bench.eyes, 10.0)
    for step in taken:
        grounding = witnesses.ground(step)
        assert grounding.ok, grounding.verdict.reason
        bench.performer.perform(step, grounding)
        assert outcomes.verify(step, grounding).ok
    walk = bench.stage.desktop.accessibility.walk
    bench.stage.until(lambda: "12" in [one.value for one in walk("galculator")])
