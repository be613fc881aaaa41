"""Values that a run is given."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from workbench.actions import Ask, TypeText
from workbench.errors import BadInputError
from workbench.session.variables import bind, fill, filled, parse_assignments, read_rows
from workbench.trajectory import Step, Trajectory, Variable

PAID = Trajectory(id="t1", title="pay", variables=(Variable("amount", "10"), Variable("name")))


def test_a_given_value_replaces_the_recorded_one() -> None:
    assert bind(PAID, {"amount": "12", "name": "Ada"}) == {"amount": "12", "name": "Ada"}


def test_a_default_is_used_where_nothing_is_given() -> None:
    assert bind(PAID, {"name": "Ada"})["amount"] == "10"


def test_a_variable_without_any_value_is_refused_by_name() -> None:
    with pytest.raises(BadInputError, match="'name' of 'pay' has no value; give one with --var name=VALUE"):
        bind(PAID, {})


def test_a_variable_that_a_step_sets_needs_no_value_before() -> None:
    steps = (Step("a", Ask("Who?", variable="name")),)
    assert bind(structs.replace(PAID, steps=steps), {}) == {"amount": "10"}
    used_before = (Step("t", TypeText("for {{name}}")), *steps)
    with pytest.raises(BadInputError, match="'name'"):
        bind(structs.replace(PAID, steps=used_before), {})


def test_an_unknown_variable_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInputError, match="no variable 'amout' to give a value to; it has: amount, name"):
        bind(PAID, {"amout": "1", "name": "x"})


@given(st.text())
def test_text_without_declared_names_is_never_changed(text: str) -> None:
    assert fill(text, {}) == text


def test_only_declared_names_are_replaced_and_values_are_not_filled_again() -> None:
    assert fill("{{a}} {{b}} {{ a }}", {"a": "{{b}}"}) == "{{b}} {{b}} {{ a }}"


def test_a_secret_step_is_not_filled() -> None:
    step = Step(id="s1", action=TypeText(secret="pin"))
    assert filled(step, {"pin": "1"}) is step


def test_an_assignment_may_hold_further_equals_signs_and_nothing() -> None:
    assert parse_assignments(["a=b=c", "d="]) == {"a": "b=c", "d": ""}


@pytest.mark.parametrize("pair", ["", "a", "=x", "a b=c", "1a=x"])
def test_anything_else_is_refused(pair: str) -> None:
    with pytest.raises(BadInputError, match="NAME=VALUE"):
        parse_assignments([pair])


def test_rows_keep_quotes_commas_newlines_and_unicode(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes('\ufeffname,note\n"Ada, ü","a ""b""\nc"\nBob,\n'.encode())
    assert read_rows(file) == [{"name": "Ada, ü", "note": 'a "b"\nc'}, {"name": "Bob", "note": ""}]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name\n", "no rows"),
        (b"", "no rows"),
        (b"a,b\n1\n", "line 2"),
        (b"a,b\n1,2,3\n", "line 2"),
        (b"a\n\xff\xfe\n", "UTF-8"),
        (b'a\n"open\n', "CSV"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(content)
    with pytest.raises(BadInputError, match=says):
        read_rows(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"none\.csv"):
        read_rows(tmp_path / "none.csv")
