"""What was found becomes examples in rank order, as long as there is room, with marks of order."""

from agents.memory.retrieval.packing import packed, step_example, tokens_of, whole_example
from agents.memory.retrieval.ports import Found
from agents.prompts.choosing import Example, ShownStep

SAVE, NAME, PRINT = ("push button", "Save"), ("text", "Customer name"), ("push button", "Print")


def _found(identifier):
    return Found(identifier, "whole", 1, 2, identifier, 0.9, 0.9, 0.9, "alike")


def _example(words):
    return Example("a task", (ShownStep(0, words),))


def test_packing_ends_at_the_first_that_does_not_fit_even_where_a_later_one_would():
    examples = {"short": _example("a"), "long": _example("a" * 400), "tiny": _example("b")}
    budget = tokens_of(examples["short"]) + tokens_of(examples["tiny"])
    lent = packed([_found(name) for name in examples], lambda one: examples[one.trajectory], budget)
    assert [one.found.trajectory for one in lent] == ["short"]
    assert sum(one.tokens for one in lent) <= budget


def test_what_has_nothing_to_show_is_passed_over():
    lent = packed(
        [_found("none"), _found("one")], lambda one: None if one.trajectory == "none" else _example("a"), 1000
    )
    assert [one.found.trajectory for one in lent] == ["one"]


def test_a_found_step_is_shown_between_its_neighbours_remarks_left_out(recorded):
    trajectory = recorded("one", "add a customer", NAME, "a remark", SAVE, PRINT)
    example = step_example(trajectory, 3)
    assert [(step.mark, step.words) for step in example.steps] == [
        (-1, 'type "x" into field "Customer name"'),
        (0, 'click button "Save"'),
        (1, 'click button "Print"'),
    ]
    assert [step.mark for step in step_example(trajectory, 1).steps] == [0, 1]
    assert step_example(trajectory, 2) is None
    assert step_example(trajectory, 99) is None


def test_a_whole_trajectory_shows_the_step_that_is_due(recorded):
    trajectory = recorded("one", "add a customer", NAME, SAVE, PRINT)
    example = whole_example(trajectory, ('type "Eve" into field "Customer name"',))
    assert next(step.words for step in example.steps if step.mark == 0) == 'click button "Save"'
