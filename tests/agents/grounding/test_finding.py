"""All evidence goes to the witnesses' rule: what settles a place, what halts, and who is asked."""

import pytest
from msgspec import structs

from agents.grounding.choosing import Chooser
from agents.grounding.finding import Finder
from agents.grounding.merit import Merit, Merits
from agents.grounding.wishes import Wish
from agents.planning.scripted import ScriptedModel
from agents.screen.listing import Line
from workbench.errors import BadInputError
from workbench.geometry import Point

PLUS = (Line("", "button", "7"), Line("", "button", "+"), Line("", "button", "-"))
SAVES = (Line("", "button", "Save", near="Person"), Line("", "button", "Save", near="Address"))
TWINS = (Line("", "button", "Save"), Line("", "button", "Save"))
PLUS_AT = Point(70, 40)


def _find(looked, wish, model=None, merits=None):
    finder = Finder(Chooser(model) if model else None, merits=merits or Merits())
    return finder.find(Wish(wish) if isinstance(wish, str) else wish, looked)


def test_letters_that_settle_it_ask_no_model(looked, meaning):
    model = meaning('button "-"')
    found = _find(looked(*PLUS), "the 7 key", model)
    assert (found.ref, found.verdict.located_by) == ("e1", ("element",))
    assert model.prompts == []


def test_words_that_no_name_resembles_are_settled_by_a_model_that_is_sure(looked, meaning):
    found = _find(looked(*PLUS), "the plus key", meaning('button "+"'))
    assert (found.ref, found.verdict.point, found.verdict.located_by) == ("e2", PLUS_AT, ("model",))
    assert found.verdict.confidence == pytest.approx(0.99)


@pytest.mark.parametrize("sureness", [0.6, 0.9, None])
def test_a_model_that_is_not_sure_or_does_not_say_halts_alone(looked, meaning, sureness):
    found = _find(looked(*PLUS), "the plus key", meaning('button "+"', sureness))
    assert (found.verdict.point, found.verdict.cause) == (None, "weak")


def test_a_model_and_a_resemblance_that_agree_settle_it(looked, meaning):
    screen = looked(Line("", "field", "Customer name"), *PLUS)
    found = _find(screen, "Cutsomer name", meaning('field "Customer name"', 0.6))
    assert found.verdict.located_by == ("element", "model")


def test_a_model_and_a_resemblance_that_differ_halt(looked, meaning):
    screen = looked(Line("", "field", "Customer name"), *PLUS)
    assert _find(screen, "Cutsomer name", meaning('button "7"')).verdict.cause == "disagreement"


def test_a_model_that_finds_nothing_leaves_it_missing(looked, meaning):
    found = _find(looked(*PLUS), "the print key", meaning(""))
    assert (found.verdict.point, found.verdict.cause) == (None, "missing")
    assert "“the print key”" in found.verdict.reason


def test_a_model_that_answers_out_of_form_settles_nothing(looked):
    found = _find(looked(*PLUS), "the plus key", ScriptedModel(["no", "no", "no"]))
    assert found.verdict.cause == "missing"
    assert any("no usable answer" in one.vote.reason for one in found.evidence)


def test_a_reference_outside_the_list_is_no_place(looked):
    found = _find(looked(*PLUS), "the plus key", ScriptedModel(['{"action":"click","element":"e9"}']))
    assert found.verdict.cause == "missing"


def test_the_line_that_the_planner_chose_settles_what_its_words_do_not(looked):
    screen = looked(*PLUS)
    assert _find(screen, Wish("plus", "e2", 0.99, read=screen.read)).ref == "e2"
    assert _find(screen, Wish("plus", "e2", 0.5, read=screen.read)).verdict.cause == "weak"


def test_the_line_that_the_planner_chose_against_its_own_words_halts(looked):
    screen = looked(*PLUS)
    assert _find(screen, Wish("7", "e2", 0.99, read=screen.read)).verdict.cause == "disagreement"


def test_two_different_questions_with_one_answer_are_enough_where_a_model_does_not_say_how_sure_it_is(looked, meaning):
    screen = looked(*PLUS)
    found = _find(screen, Wish("plus", "e2", read=screen.read), meaning('button "+"', None))
    assert found.ref == "e2"


def test_two_different_questions_with_two_answers_settle_nothing(looked, meaning):
    screen = looked(*PLUS)
    found = _find(screen, Wish("plus", "e3", 0.9, read=screen.read), meaning('button "+"', 0.99))
    assert found.verdict.point is None


def test_a_chosen_line_is_found_again_where_the_list_has_other_references(looked):
    then = looked(*PLUS)
    now = looked(Line("", "button", "C"), *PLUS)
    elements = dict(now.read.elements)
    for old, new in (("e1", "e2"), ("e2", "e3"), ("e3", "e4")):
        elements[new] = structs.replace(elements[new], ref=then.read.elements[old].ref)
    elements["e1"] = structs.replace(elements["e1"], ref=("shop", "new"))
    moved = type(now)(now.sight, type(now.read)(now.read.shown, elements))
    assert _find(moved, Wish("plus", "e2", 0.99, read=then.read)).ref == "e3"


def test_a_chosen_line_that_is_gone_is_not_replaced_by_the_one_in_its_place(looked):
    then, now = looked(*PLUS), looked(*reversed(PLUS))
    assert _find(now, Wish("seven", "e1", 0.99, read=then.read)).verdict.point is None


def test_twins_that_nothing_tells_apart_are_ambiguous_and_no_model_is_asked(looked, meaning):
    model = meaning('button "Save"', 1.0)
    screen = looked(*TWINS)
    for wish in (Wish("Save"), Wish("Save", "e2", 1.0, read=screen.read)):
        assert _find(screen, wish, model).verdict.cause == "ambiguous"
    assert model.prompts == []


def test_equals_are_told_apart_by_the_planner_that_is_sure_and_could_see_how_they_differ(looked):
    screen = looked(*SAVES)
    found = _find(screen, Wish("Save", "e2", 0.95, read=screen.read))
    assert (found.ref, found.verdict.located_by) == ("e2", ("element", "model"))
    assert 0.95 < found.verdict.confidence < 1.0
    assert _find(screen, Wish("Save", "e2", 0.7, read=screen.read)).verdict.cause == "ambiguous"


def test_a_model_that_knows_no_more_than_the_words_does_not_tell_equals_apart(looked, meaning):
    model = meaning('button "Save" in "Address"', 1.0)
    assert _find(looked(*SAVES), "Save", model).verdict.cause == "ambiguous"
    assert model.prompts == []


def test_what_is_greyed_out_is_not_looked_for_elsewhere(looked, meaning):
    model = meaning('button "+"')
    found = _find(looked(*PLUS, Line("", "button", "Save", states=("disabled",))), "Save", model)
    assert (found.verdict.cause, model.prompts) == ("disabled", [])


def test_one_sign_that_was_read_off_the_pixels_needs_a_second_voice(looked, meaning):
    screen = looked(*(structs.replace(line, role="text") for line in PLUS), printed=True)
    assert _find(screen, "7").verdict.cause == "weak"
    assert _find(screen, "7", meaning('text "7"', 0.9)).verdict.located_by == ("text", "model")


def test_words_that_were_read_off_the_pixels_settle_it_where_they_stand_once(looked):
    lines = (Line("", "text", "sqrt"), Line("", "text", "sin"), Line("", "text", "sin"))
    assert _find(looked(*lines, printed=True), "the sqrt key").verdict.located_by == ("text",)
    assert _find(looked(*lines, printed=True), "sin").verdict.cause == "ambiguous"


def test_a_way_that_was_wrong_before_is_not_enough_alone(looked, meaning):
    merits = Merits({"choice": Merit(9, 10)})
    assert _find(looked(*PLUS), "the plus key", meaning('button "+"'), merits).verdict.cause == "weak"


def test_the_same_words_on_the_same_list_are_asked_once(looked, meaning):
    model = meaning('button "+"')
    finder = Finder(Chooser(model))
    for _ in range(3):
        assert finder.find(Wish("the plus key"), looked(*PLUS)).ref == "e2"
    assert len(model.prompts) == 1


def test_what_proved_right_and_what_proved_wrong_is_counted(looked, meaning):
    found = _find(looked(*PLUS), "the plus key", meaning('button "+"'))
    assert found.judged(Merits(), PLUS_AT).known == {"choice": Merit(1, 1)}
    assert found.judged(Merits(), None).known == {"choice": Merit(0, 1)}
    assert found.judged(Merits(), Point(70, 10)).known == {"choice": Merit(0, 1)}


def test_a_list_that_is_too_long_for_the_model_is_no_evidence_and_does_not_end_the_run(looked):
    def refuse(_prompt):
        raise BadInputError("the prompt has 9000 tokens and the model takes 4096; shorten it")

    found = _find(looked(*PLUS), "the plus key", ScriptedModel(refuse))
    (vote,) = [one.vote for one in found.evidence if one.source == "choice"]
    assert (vote.state, vote.reason) == ("blind", "the prompt has 9000 tokens and the model takes 4096; shorten it")
    assert found.verdict.cause == "missing"
