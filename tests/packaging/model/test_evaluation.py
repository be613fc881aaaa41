"""Figures are what was counted, answers are judged as a person would, baselines are no straw men."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.prompts.choosing import (
    ClickIt,
    Example,
    Finished,
    NoneFits,
    Press,
    ShownStep,
    Situation,
    TypeInto,
)
from agents.screen.listing import ElementList, Line, numbered


@pytest.fixture(scope="module")
def form():
    lines = [
        Line("", "button", "Save"),
        Line("", "button", "Save as…"),
        Line("", "field", "Customer name"),
        Line("", "checkbox", "Save"),
        Line("", "field", "Phone"),
    ]
    return ElementList("shop", "Customers", numbered(lines))


def _question(form, *right, words="click it", kind="exact"):
    from builtin_model.questions import Question

    return Question(Situation(form, words), kind, right)


def test_an_answer_hits_where_it_names_a_right_element_whatever_it_does_to_it(form):
    question = _question(form, ClickIt("e1"), ClickIt("e4"))
    assert question.hits(TypeInto("e4", "x"))
    assert not question.hits(ClickIt("e2"))
    assert not question.hits(NoneFits())
    assert not question.is_right(TypeInto("e4", "x"))
    assert question.is_right(ClickIt("e4"))


def test_typed_text_is_judged_without_capitals_and_outer_spaces_and_no_further(form):
    question = _question(form, TypeInto("e3", "Eve Berg"))
    assert question.is_right(TypeInto("e3", " eve berg"))
    assert not question.is_right(TypeInto("e3", "eve"))


def test_every_sentence_names_lines_of_its_screen():
    from builtin_model.questions import named_by, sentences

    found = sentences()
    assert len(found) >= 200
    for question in found:
        for choice in question.right:
            assert isinstance(choice, NoneFits) or question.situation.shown_list.line(named_by(choice))


def test_a_table_counts_elements_only_where_one_is_meant_and_false_nones_only_there(form):
    from builtin_model.figures import part

    asked = [_question(form, ClickIt("e1")), _question(form, ClickIt("e2")), _question(form, NoneFits(), kind="none")]
    found = part("made", asked, {"model": [ClickIt("e1"), NoneFits(), ClickIt("e3")]})
    assert (found.all.element["model"].hits, found.all.element["model"].of) == (1, 2)
    assert (found.all.whole["model"].hits, found.all.whole["model"].of) == (1, 3)
    assert (found.false_none["model"].hits, found.false_none["model"].of) == (1, 2)
    assert [row.name for row in found.kinds] == ["exact", "none"]
    assert found.kinds[1].element == {}


@given(st.lists(st.booleans(), min_size=1, max_size=400))
def test_the_interval_holds_the_share_and_narrows_with_more_of_the_same(truths):
    from builtin_model.figures import share

    few, many = share(truths), share(truths * 4)
    assert 0 <= few.low <= few.share <= few.high <= 1
    assert many.high - many.low < few.high - few.low


def test_wilsons_interval_is_the_published_one():
    from builtin_model.figures import share

    found = share([True] * 81 + [False] * 182)
    assert (found.low, found.high) == (pytest.approx(0.2553, abs=2e-4), pytest.approx(0.3662, abs=2e-4))


@pytest.mark.parametrize(
    ("words", "rules", "letters"),
    [
        ("click Phone", ClickIt("e5"), ClickIt("e5")),
        ("tick the save checkbox", ClickIt("e4"), ClickIt("e1")),
        ('type "Eve" into Customer name', TypeInto("e3", "Eve"), ClickIt("e3")),
        ("press ctrl+s", Press("ctrl+s"), NoneFits()),
        ("open the printer queue", NoneFits(), NoneFits()),
    ],
)
def test_the_baselines_do_what_letters_and_rules_can(form, words, rules, letters):
    from builtin_model.baselines import Lexical, coverage

    situation = Situation(form, words)
    assert Lexical(coverage, 0.5, rules=True).choose(situation) == rules
    assert Lexical(coverage, 0.5).choose(situation) == letters


def test_the_rules_follow_a_recorded_step_with_todays_value(form):
    from builtin_model.baselines import Lexical, coverage

    steps = (ShownStep(0, 'type "Bob" into field "Customer name"'),)
    situation = Situation(form, "add customer Eve Berg today", examples=(Example("add customer Bob today", steps),))
    assert Lexical(coverage, 0.5, rules=True).choose(situation) == TypeInto("e3", "eve berg")
    over = Situation(form, "add customer Eve", examples=(Example("add customer Bob", (ShownStep(-1, "x"),)),))
    assert Lexical(coverage, 0.5, rules=True).choose(over) == Finished()


def test_tuning_a_baseline_never_makes_it_worse_where_it_is_tuned(made_cases):
    from builtin_model.baselines import Lexical, coverage, tuned
    from builtin_model.questions import of_cases

    questions = [question for question in of_cases(made_cases) if question.aims or question.absent]

    def score(lexical):
        said = [(question, lexical.choose(question.situation)) for question in questions]
        return sum(question.hits(one) or (question.absent and isinstance(one, NoneFits)) for question, one in said)

    assert score(tuned(questions, rules=False)) >= score(Lexical(coverage, 0.5))


def test_the_weights_are_fitted_to_what_is_right():
    from builtin_model.tuning import Evidence, accuracy, fitted, loss

    from agents.grounding.combining import AS_THE_MODEL_SAYS, Opinion, Resemblance

    wrong = Opinion({"e1": 0.6, "e2": 0.3}, 0.1)
    evidence = [Evidence(wrong, {"e2": Resemblance(1.0, 0.0, 0.5)}, "e2")] * 5
    weights = fitted(evidence)
    assert accuracy(evidence, AS_THE_MODEL_SAYS) == 0.0
    assert accuracy(evidence, weights) == 1.0
    assert loss(evidence, weights) < loss(evidence, AS_THE_MODEL_SAYS)


def test_questions_for_tuning_are_none_of_the_evaluation():
    from builtin_model.data.testing import held_out
    from builtin_model.evaluation import SEED
    from builtin_model.questions import of_cases
    from builtin_model.tuning import development

    asked = {question.situation for question in of_cases(held_out(SEED, 3, fewest=5, most=30))}
    tuning = development(3)
    assert len(tuning) > 40
    assert not asked & {question.situation for question in tuning}
