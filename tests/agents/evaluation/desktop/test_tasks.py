"""The tasks as they are made: words, values, settings, ways and nodes, without any desktop."""

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.evaluation.desktop import calculator, editor, pages
from agents.evaluation.desktop.catalogue import SINGLE, names, task_named
from agents.evaluation.desktop.composing import LEVELS, SIMPLE, chained, composite
from agents.evaluation.desktop.deeds import click, find, find_wrong, press, write, wrong_words
from agents.evaluation.desktop.evidence import FormState, file_in, setting_in
from agents.evaluation.desktop.forms import Form, filled, page_of, saved, state_of, ticked
from agents.evaluation.desktop.problems import LENGTHS
from agents.evaluation.desktop.watching import Watch
from agents.screen.listing import Line
from workbench.actions import TypeText
from workbench.errors import BadInputError

SEEDS = st.integers(0, 10_000)
FEW = 8
"""Seeds for each of so many tasks."""


@dataclass
class Evidence:
    """What a test says there is to see."""

    files: dict = field(default_factory=dict)
    texts: dict = field(default_factory=dict)
    forms: dict = field(default_factory=dict)
    settings: dict = field(default_factory=dict)

    def file(self, name):
        return self.files.get(name)

    def setting(self, section, key):
        return self.settings.get((section, key), "")

    def text(self, app):
        return self.texts.get(app)

    def shows(self, app, role, name):
        return False

    def page(self):
        return self.forms

    def refuse_hung(self):
        pass


def test_there_are_at_least_five_tasks_of_every_length():
    assert len(SINGLE) >= 25
    counted = Counter(task.length for task in SINGLE)
    assert set(counted) == set(LENGTHS)
    assert min(counted.values()) >= 5
    assert len(set(names())) == len(names())


@pytest.mark.parametrize("name", names())
@settings(max_examples=FEW)
@given(seed=SEEDS)
def test_a_seed_always_makes_the_same_task_with_a_way_as_long_as_it_says(name, seed):
    task = task_named(name)
    first, again = task.problem(seed), task.problem(seed)
    assert (first.told, first.way, first.setting) == (again.told, again.way, again.setting)
    assert first.setting.apps
    assert any(node.is_goal for node in first.nodes)
    if task in SINGLE:
        assert len(first.way) in LENGTHS[task.length], len(first.way)


@pytest.mark.parametrize("name", names())
@settings(max_examples=FEW)
@given(seed=SEEDS)
def test_every_word_that_is_to_be_typed_can_be_read_in_the_task_or_worked_out(name, seed):
    problem = task_named(name).problem(seed)
    shown = problem.told + "".join(problem.setting.files.values())
    typed = [deed.action.text.strip() for deed in problem.way if isinstance(deed.action, TypeText)]
    assert [text for text in typed if not name.startswith("calculator-to") and text not in shown] == []


def test_seeds_make_tasks_differ():
    for name in names():
        assert len({task_named(name).problem(seed).way for seed in range(20)}) > 1, name


@pytest.mark.parametrize("name", ["", "page", "chain-1", "chain-9", "chain-22", "after", "PAGE-BOX"])
def test_an_unknown_task_is_refused(name):
    with pytest.raises(BadInputError, match="no desktop task"):
        task_named(name)


@settings(max_examples=40)
@given(seed=SEEDS, level=st.sampled_from(LEVELS), kind=st.sampled_from(["chain", "after"]))
def test_a_composite_has_as_many_parts_as_its_level_and_no_control_twice(seed, level, kind):
    problem = composite(f"{kind}-{level}").problem(seed)
    assert {node.part for node in problem.nodes} == set(range(level))
    forms = [form.name for form in problem.setting.forms]
    assert len(forms) == len(set(forms))
    labels = [one.label for form in problem.setting.forms for one in form.fields] + [
        form.save for form in problem.setting.forms if form.save
    ]
    assert len(labels) == len(set(labels))


@settings(max_examples=FEW)
@given(seed=SEEDS)
def test_an_order_swapped_task_is_told_backwards_and_done_forwards(seed):
    parts = [task.problem(seed) for task in SIMPLE[-3:]]
    plain, swapped = chained(parts, is_swapped=False), chained(parts, is_swapped=True)
    places = [[problem.told.index(part.told) for part in parts] for problem in (plain, swapped)]
    assert places[0] == sorted(places[0])
    assert places[1] == sorted(places[1], reverse=True)
    assert plain.way == swapped.way


def watched(problem, seen: Evidence) -> Watch:
    return Watch(problem, seen)


def two_parts(*, is_swapped=False):
    """To press a digit of the calculator, then to write into the editor; and what is seen after each."""
    digit = next(task for task in SIMPLE if task.name == "calculator-digit").problem(1)
    text = next(task for task in SIMPLE if task.name == "editor-type").problem(1)
    shown = {calculator.APP: digit.told[10], editor.APP: text.told.split('"')[1]}
    return chained([digit, text], is_swapped=is_swapped), shown


@pytest.mark.parametrize("is_swapped", [False, True])
def test_parts_that_are_done_in_order_solve_it_and_the_other_way_round_do_not(is_swapped):
    problem, shown = two_parts(is_swapped=is_swapped)
    for order, solved in ((list(shown), True), (list(shown)[::-1], False)):
        seen = Evidence()
        watch = watched(problem, seen)
        for app in order:
            seen.texts[app] = shown[app]
            assert watch.look() is False
        assert watch.is_solved is solved
        assert watch.completion == 1.0


def test_a_goal_that_was_reached_and_undone_does_not_count():
    problem, shown = two_parts()
    seen = Evidence(texts=dict(shown))
    watch = watched(problem, seen)
    watch.look()
    assert watch.is_solved
    seen.texts[editor.APP] = ""
    watch.look()
    assert not watch.is_solved
    assert watch.completion == 0.5


def test_a_state_on_the_way_counts_for_completion_even_when_it_has_passed():
    problem = next(task for task in SINGLE if task.name == "editor-save").problem(1)
    text = problem.told.split('"')[1]
    seen = Evidence(texts={editor.APP: text})
    watch = watched(problem, seen)
    watch.look()
    seen.texts.clear()
    watch.look()
    assert (watch.is_solved, watch.completion) == (False, 0.5)
    seen.files[editor.FILE] = text
    watch.look()
    assert (watch.is_solved, watch.completion) == (True, 1.0)


@settings(max_examples=FEW)
@given(seed=SEEDS)
def test_nothing_is_solved_before_it_begins(seed):
    for task in SINGLE:
        problem = task.problem(seed)
        seen = Evidence(
            files={name: text.rstrip() for name, text in problem.setting.files.items()},
            texts={editor.APP: problem.setting.files.get(problem.setting.opened, ""), calculator.APP: "0"},
            forms={form.name: FormState({one.label: "" for one in form.fields}) for form in problem.setting.forms},
        )
        watch = watched(problem, seen)
        watch.look()
        assert not watch.is_solved, task.name


def test_a_form_counts_as_saved_only_with_these_values_and_no_others():
    form = Form("f", "F", (*pages.texts("A", "B"), *pages.boxes("C")), "Save")
    holds = saved(form, {"A": "1", "C": "yes"})
    right = {"A": "1", "B": "", "C": "yes"}
    for values, expected in ((right, True), ({**right, "B": "x"}, False), ({**right, "C": ""}, False), (None, False)):
        assert holds(Evidence(forms={"f": FormState({}, values)})) is expected
    assert not holds(Evidence())
    assert filled(form, "A", "1")(Evidence(forms={"f": FormState({"A": "1"})}))
    assert not ticked(form, ["C"])(Evidence(forms={"f": FormState({"C": ""})}))


def test_the_state_of_the_page_is_read_as_it_was_told():
    told = {"f": {"now": {"A": "1"}, "saved": None}, "g": {"now": {}, "saved": {"B": "2"}}}
    assert state_of(told) == {"f": FormState({"A": "1"}), "g": FormState({}, {"B": "2"})}


@given(text=st.text(max_size=20))
def test_labels_of_a_page_are_text_and_never_markup(text):
    page = page_of([Form("f", f"<script>{text}</script>", pages.texts("<b>"), "Save")])
    assert page.count("<script>") == 1
    assert "<b>" not in page


@given(numbers=st.lists(st.integers(0, 999), min_size=1, max_size=6), data=st.data())
def test_a_sum_is_worked_out_from_left_to_right(numbers, data):
    signs = data.draw(st.lists(st.sampled_from("+-"), min_size=len(numbers) - 1, max_size=len(numbers) - 1))
    text = str(numbers[0]) + "".join(f"{sign}{number}" for sign, number in zip(signs, numbers[1:], strict=True))
    expected = numbers[0] + sum(n if s == "+" else -n for s, n in zip(signs, numbers[1:], strict=True))
    assert calculator.value_of(text) == expected
    assert calculator.value_of("12*12") == 144


LINES = (
    Line("e1", "menu", "File"),
    Line("e2", "button", "One"),
    Line("e3", "button", "Two"),
    Line("e4", "button", "Three", states=("disabled",)),
    Line("e5", "menu item", "Save As…"),
)


def test_a_control_is_found_by_role_and_name_and_mistaken_for_its_nearest_neighbour():
    assert find(click("button", "Two"), LINES).ref == "e3"
    assert find(click("menu", "Two"), LINES) is None
    assert find(click("menu item", "Save As..."), LINES).ref == "e5"
    assert find_wrong(click("button", "Two"), LINES).ref == "e2"
    assert find_wrong(click("menu", "File"), LINES) is None


@given(text=st.text(st.characters(categories=["L"]), min_size=1))
def test_wrong_words_are_others_and_end_alike(text):
    for deed in (write(text), write(f"{text}\n")):
        wrong = wrong_words(deed).action.text
        assert wrong != deed.action.text
        assert wrong.endswith("\n") == deed.action.text.endswith("\n")
    assert wrong_words(press("Return")) == press("Return")


def test_a_file_that_is_missing_or_no_text_holds_nothing(tmp_path):
    assert file_in(tmp_path, "none.txt") is None
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    assert file_in(tmp_path, "bytes") is None
    (tmp_path / "text").write_text("a b \n\n", "utf-8")
    assert file_in(tmp_path, "text") == "a b"


def test_a_setting_is_read_from_the_keyfile_and_empty_where_there_is_none(tmp_path):
    keyfile = tmp_path / "keyfile"
    assert setting_in(keyfile, "a/b", "key") == ""
    keyfile.write_text("[a/b]\nkey=true\nodd=100%\n", "utf-8")
    assert (setting_in(keyfile, "a/b", "key"), setting_in(keyfile, "a/b", "odd")) == ("true", "100%")
    keyfile.write_text("[a/b\nkey", "utf-8")
    assert setting_in(keyfile, "a/b", "key") == ""
