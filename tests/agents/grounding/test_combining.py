"""Model and letters together: neither alone decides, and where one knows nothing the other is heard."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.grounding.combining import (
    AS_THE_MODEL_SAYS,
    TUNED,
    Opinion,
    Resemblance,
    Weights,
    absent,
    combined,
    resemblances,
)
from agents.grounding.weighing import Asker
from agents.planning.scripted import ScriptedModel
from agents.prompts.choosing import (
    ClickIt,
    Example,
    Finished,
    NoneFits,
    ShownStep,
    Situation,
    TypeInto,
)
from agents.runtime.ports import Answer, Weighed
from agents.screen.listing import ElementList, Line, numbered

EAGER = Weights(model=1.0, wanted=4.0, long=1.0, shown=4.0, gate=1.0, none=-1.0, foreign=1.0)
LIST = ElementList("shop", "Customers", numbered([Line("", "button", name) for name in ("Save", "Delete", "Print")]))

chances = st.floats(0, 1)
letters = st.dictionaries(st.sampled_from(["e1", "e2", "e3"]), st.builds(Resemblance, chances, chances, chances))
opinions = st.builds(Opinion, st.dictionaries(st.sampled_from(["e1", "e2", "e3"]), chances), chances)


@given(opinions, letters, st.sampled_from([AS_THE_MODEL_SAYS, TUNED, EAGER]))
def test_what_comes_out_sums_to_one(said, known, weights):
    together = combined(said, known, weights)
    assert sum(together.lines.values()) + together.none == pytest.approx(1.0)
    assert all(0 <= chance <= 1 for chance in together.lines.values())


@given(letters)
def test_with_no_weight_on_letters_the_model_is_believed(known):
    together = combined(Opinion({"e1": 0.5, "e2": 0.3}, 0.2), known, AS_THE_MODEL_SAYS)
    assert together.lines["e1"] == pytest.approx(0.5, abs=1e-4)
    assert together.none == pytest.approx(0.2, abs=1e-4)
    assert together.best == "e1"


@given(opinions, letters, st.sampled_from(["e1", "e2", "e3"]))
def test_a_name_that_is_more_alike_never_makes_its_line_less_likely(said, known, ref):
    before = combined(said, {**known, ref: Resemblance(0.3, 0.0, 0.5)}, EAGER)
    after = combined(said, {**known, ref: Resemblance(0.9, 0.0, 0.5)}, EAGER)
    assert after.of(ref) >= before.of(ref) - 1e-9


def test_letters_decide_where_the_model_cannot():
    unsure = Opinion({"e1": 0.26, "e2": 0.25, "e3": 0.24}, 0.25)
    assert combined(unsure, {"e2": Resemblance(1.0, 0.0, 0.5)}, EAGER).best == "e2"


def test_a_model_that_is_sure_is_not_outdone_by_a_word_that_stands_in_a_name():
    sure = Opinion({"e1": 0.998}, 0.001)
    assert combined(sure, {"e2": Resemblance(0.4, 0.0, 0.3)}, EAGER).best == "e1"


def test_none_is_likelier_where_no_name_resembles_anything():
    assert absent(0.5, {}, EAGER) > absent(0.5, {"e1": Resemblance(1.0, 0.0, 0.5)}, EAGER)


def test_nothing_to_choose_from_is_none():
    assert combined(Opinion({}, 0.1), {}, EAGER).best == ""


def test_names_are_compared_with_the_goal_and_with_the_step_that_is_due():
    steps = (ShownStep(-1, 'click button "Save"'), ShownStep(0, 'click button "Delete"'))
    situation = Situation(LIST, "save and print", goal="print", examples=(Example("print", steps),))
    found = resemblances(situation)
    assert found["e3"].wanted == 1.0
    assert found["e2"].shown == 1.0
    assert "e1" not in found


def _model(*answers):
    """A model that gives these answers, each with the alternatives it names: pairs of text and likelihood by token."""
    left = iter(answers)

    class Telling(ScriptedModel):
        def ask(self, prompt, asking, heard=None):
            self.askings.append(asking)
            choice, tokens = next(left)
            text = msgspec.json.encode(choice).decode()
            said, weighed = "", []
            for options in tokens:
                weighed.append(Weighed(said, tuple(options.items())))
                said += next(iter(options))
            return Answer(text, likelihood=0.9, weighed=tuple(weighed))

    return Telling(["never said"])


CLICK, NONE = '{"action":"click","element":', '{"action":"none"}'


def test_the_answer_is_corrected_by_letters_and_says_how_sure_both_are():
    lines = {'"e1"}': 0.4, '"e2"}': 0.35, '"e3"}': 0.25}
    model = _model((ClickIt("e1"), [{CLICK: 0.9, NONE: 0.1}, lines]))
    settled = Asker(model).settled(Situation(LIST, "click delete"), EAGER)
    assert settled.choice == ClickIt("e2")
    assert 0.5 < settled.sureness < 1.0


def test_a_none_that_letters_doubt_is_asked_about_once_more_without_that_way_out():
    first = (NoneFits(), [{NONE: 0.6, CLICK: 0.4}])
    second = (ClickIt("e2"), [{CLICK: 1.0}, {'"e2"}': 0.9, '"e1"}': 0.1}])
    model = _model(first, second)
    settled = Asker(model).settled(Situation(LIST, "click delete"), EAGER)
    assert settled.choice == ClickIt("e2")
    assert "none" in model.askings[0].grammar
    assert "none" not in model.askings[1].grammar


def test_a_none_that_nothing_speaks_against_is_not_asked_about_again():
    model = _model((NoneFits(), [{NONE: 0.95, CLICK: 0.05}]))
    assert Asker(model).settled(Situation(LIST, "order a pizza"), EAGER).choice == NoneFits()
    assert len(model.askings) == 1


@pytest.mark.parametrize("choice", [TypeInto("e1", "x"), NoneFits(), Finished(), ClickIt("e9")])
def test_a_model_that_does_not_tell_is_taken_at_its_word(choice):
    settled = Asker(_model((choice, []))).settled(Situation(LIST, "click delete"), EAGER)
    assert (settled.choice, settled.sureness) == (choice, 0.9)


def test_a_model_that_spells_references_is_taken_at_its_word():
    spelled = [{CLICK: 0.9, NONE: 0.1}, {'"e': 0.9, '"e1"}': 0.1}, {"1": 0.5, "2": 0.5}]
    settled = Asker(_model((ClickIt("e1"), spelled))).settled(Situation(LIST, "click delete"), EAGER)
    assert settled.choice == ClickIt("e1")


def test_what_keys_to_press_or_that_all_is_done_letters_have_no_say_in():
    model = _model((Finished(), [{'{"action":"finish"}': 0.5, CLICK: 0.5}]))
    assert Asker(model).settled(Situation(LIST, "click delete"), EAGER).choice == Finished()
