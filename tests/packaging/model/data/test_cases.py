"""What the generator of the built-in model's data promises of every case."""

import re
from collections import Counter
from functools import cache

import pytest
from builtin_model.case import KINDS, Case, Span, Split
from builtin_model.data.cases import cases
from builtin_model.data.testing import held_out

from agents.prompts.choosing import BUILT_IN, Finished, NoneFits, TypeInto, question_text, told
from agents.prompts.folding import folded, unfolded
from agents.prompts.likening import with_likeness
from agents.screen.listing import ROLES

SPLITS: tuple[Split, ...] = ("train", "test")
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
KEYED = re.compile(rf"\d|\b(?:{'|'.join(DIGITS)})\b")
NAMES_THE_LINE = {"exact", "ordinal", "role"}


@cache
def drawn(split: Split) -> tuple[Case, ...]:
    return tuple(case for _, asked in cases(11, split, screens=400, per_screen=8) for case in asked)


def of_kind(kind: str) -> list[Case]:
    return [case for split in SPLITS for case in drawn(split) if case.kind == kind]


def place_text(case: Case, span: Span) -> str:
    situation = case.situation
    step = next((step.words for one in situation.examples for step in one.steps if step.mark == 0), "")
    example = situation.examples[0].task if situation.examples else ""
    done = situation.done[-1] if situation.done else ""
    return {"task": situation.task, "goal": situation.goal, "example": example, "step": step, "done": done}[span.place]


def spanned(case: Case, span: Span) -> str:
    text = place_text(case, span)
    assert 0 <= span.start < span.end <= len(text)
    return text[span.start : span.end]


def sources(case: Case) -> tuple[str, ...]:
    situation = case.situation
    examples = [text for one in situation.examples for text in (one.task, *(step.words for step in one.steps))]
    return (situation.task, *examples)


@pytest.mark.parametrize("split", SPLITS)
def test_every_kind_occurs_in_both_splits(split: Split) -> None:
    counted = Counter(case.kind for case in drawn(split))
    assert set(counted) == set(KINDS)
    assert min(counted.values()) >= 30


@pytest.mark.parametrize("split", SPLITS)
def test_the_element_of_every_answer_is_on_the_list(split: Split) -> None:
    for case in drawn(split):
        ref = getattr(case.answer, "element", None)
        assert ref is None or case.situation.shown_list.line(ref) is not None


@pytest.mark.parametrize("split", SPLITS)
def test_every_typed_text_is_found_by_its_folded_form_in_the_task_or_the_example(split: Split) -> None:
    typed = [case for case in drawn(split) if isinstance(case.answer, TypeInto)]
    assert typed
    for case in typed:
        assert isinstance(case.answer, TypeInto)
        found = unfolded(folded(case.answer.text), sources(case))
        assert found is not None, question_text(case.situation, BUILT_IN)
        assert folded(found) == folded(case.answer.text)


@pytest.mark.parametrize("split", SPLITS)
def test_every_text_span_holds_the_text_that_is_typed(split: Split) -> None:
    for case in drawn(split):
        assert (case.supervision.text is not None) == isinstance(case.answer, TypeInto)
        if case.supervision.text is not None and isinstance(case.answer, TypeInto):
            assert folded(spanned(case, case.supervision.text)) == folded(case.answer.text)


@pytest.mark.parametrize("kind", sorted(NAMES_THE_LINE))
def test_a_mention_by_name_is_the_name(kind: str) -> None:
    for case in of_kind(kind):
        line = case.situation.shown_list.line(case.answer.element)  # type: ignore[union-attr]  # these kinds name one
        assert line is not None
        assert case.supervision.mention is not None
        said = folded(spanned(case, case.supervision.mention))
        assert said == folded(line.name.rstrip("…:.* ") or line.name)


def test_a_partial_mention_is_part_of_one_name_only() -> None:
    for case in of_kind("partial"):
        assert case.supervision.mention is not None
        words = set(re.findall(r"\w+|[^\w\s]", folded(spanned(case, case.supervision.mention))))
        lines = case.situation.shown_list.lines
        fitting = [line.ref for line in lines if words <= set(re.findall(r"\w+|[^\w\s]", folded(line.name)))]
        assert fitting == [case.answer.element]  # type: ignore[union-attr]  # a partial name names one


@pytest.mark.parametrize("split", SPLITS)
def test_a_mention_in_a_recorded_step_is_the_name_between_its_quotation_marks(split: Split) -> None:
    found = [case for case in drawn(split) if case.supervision.mention and case.supervision.mention.place == "step"]
    assert found
    for case in found:
        assert case.supervision.mention is not None
        assert place_text(case, case.supervision.mention).endswith(f'"{spanned(case, case.supervision.mention)}"')


@pytest.mark.parametrize("split", SPLITS)
def test_answers_without_an_element_have_no_mention(split: Split) -> None:
    for case in drawn(split):
        if not hasattr(case.answer, "element"):
            assert case.supervision.mention is None


@pytest.mark.parametrize("kind", ["none", "none_hard"])
def test_where_none_fits_no_name_of_several_words_is_said(kind: str) -> None:
    for case in of_kind(kind):
        assert case.answer == NoneFits()
        said = f" {folded(case.situation.goal or case.situation.task)} "
        names = [folded(line.name) for line in case.situation.shown_list.lines if len(line.name.split()) > 1]
        assert not [name for name in names if f" {name} " in said]


def test_a_box_that_is_as_wanted_is_left_alone_and_another_is_clicked() -> None:
    answers = {isinstance(case.answer, Finished) for case in of_kind("set_value")}
    assert answers == {True, False}


def test_the_keys_pressed_and_the_one_that_is_due_stand_in_the_task_in_this_order() -> None:
    keyed = [
        case for case in of_kind("sequence") if case.supervision.mention and "button" in "".join(case.situation.done)
    ]
    more = [case for _, asked in cases(12, "train", screens=400, per_screen=1, kinds=["sequence"]) for case in asked]
    checked = 0
    for case in [*keyed, *(case for case in more if case.supervision.mention and case.situation.done)]:
        line = case.situation.shown_list.line(case.answer.element)  # type: ignore[union-attr]  # a mention needs one
        assert line is not None
        pressed = [match[1] for step in case.situation.done if (match := re.fullmatch(r'click button "(\d)"', step))]
        span = case.supervision.mention
        assert span is not None
        within_a_number = span.start > 0 and place_text(case, span)[span.start - 1].isdigit()
        if len(pressed) == len(case.situation.done) and within_a_number and spanned(case, span).isdigit():
            task = case.situation.task.lower()
            digits = "".join(str(DIGITS.index(word)) if word in DIGITS else word for word in KEYED.findall(task))
            assert "".join([*pressed, line.name]) in digits
            checked += 1
    assert checked >= 10


@pytest.mark.parametrize("split", SPLITS)
def test_what_is_said_stands_on_one_line_with_single_spaces(split: Split) -> None:
    for case in drawn(split):
        situation = case.situation
        for text in (situation.task, situation.goal, *situation.done, *sources(case)):
            assert told(text) == text


@pytest.mark.parametrize("split", SPLITS)
def test_the_lines_told_to_look_alike_are_those_that_the_product_tells(split: Split) -> None:
    for case in drawn(split)[:200]:
        assert with_likeness(case.situation, word_for_word=False) == case.situation


@pytest.mark.parametrize("split", SPLITS)
def test_screens_have_four_to_forty_lines_in_order_and_say_where_for_doubles_and_the_nameless(
    split: Split,
) -> None:
    shown_lists = {case.situation.shown_list for case in drawn(split)}
    assert {line.role for shown in shown_lists for line in shown.lines} == set(ROLES)
    for shown in shown_lists:
        assert 4 <= len(shown.lines) <= 40
        assert [line.ref for line in shown.lines] == [f"e{number}" for number in range(1, len(shown.lines) + 1)]
        doubles = Counter((line.role, line.name) for line in shown.lines)
        assert all(doubles[line.role, line.name] > 1 or not line.name for line in shown.lines if line.near)
        assert all(line.name for line in shown.lines if line.role in {"text", "heading", "image", "item", "cell"})


def test_the_same_seed_gives_the_same_cases_and_another_seed_others() -> None:
    first, again, other = (list(cases(seed, "train", screens=12, per_screen=4)) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_only_the_wanted_kinds_are_drawn() -> None:
    asked = [case for _, made in cases(5, "train", screens=10, per_screen=3, kinds=["ask", "ordinal"]) for case in made]
    assert len(asked) == 30
    assert {case.kind for case in asked} == {"ask", "ordinal"}


def test_held_out_cases_are_balanced_and_their_lists_as_long_as_wanted() -> None:
    asked = held_out(2, 3, fewest=12, most=24)
    assert Counter(case.kind for case in asked) == dict.fromkeys(KINDS, 3)
    assert all(12 <= len(case.situation.shown_list.lines) <= 24 for case in asked)
