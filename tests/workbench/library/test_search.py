"""Searching: whatever is typed, it finds what is there and nothing breaks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.actions import TypeText
from workbench.library.store import Library
from workbench.trajectory import Observation, Step, Trajectory


@pytest.fixture
def filled(library, a_trajectory) -> Library:
    library.save(a_trajectory("one"))
    return library


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("numbers", None),
        ("compute", None),
        ("calculator", 1),
        ("galculator", 1),
        ("seven", 1),
        ("hello", 2),
        ("wörld", 2),
        ("WORLD", 2),
        ("done", 3),
        ("click seven", 1),
        ("sev", 1),
        ("click sev", 1),
    ],
)
def test_titles_tasks_windows_elements_text_and_descriptions_are_found(filled, words, step):
    assert step in [hit.step for hit in filled.search(words)]


def test_a_hit_names_its_trajectory_title_and_surroundings(filled):
    (hit,) = filled.search("hello")
    assert (hit.trajectory, hit.title, hit.step) == ("one", "Add numbers", 2)
    assert "hello wörld" in hit.snippet


@pytest.mark.parametrize("words", ["absent", "seven absent", "even", "", "   ", "=", "sev click"])
def test_what_is_not_there_is_not_found(filled, words):
    assert filled.search(words) == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.text(max_size=40)
    | st.sampled_from(['"', 'a"b', "a* OR b", "NEAR(a b)", "title:x", "^a", "-a", "a AND", "(", "\0", "'; DROP", "%"])
)
def test_any_text_is_safe_to_search_for(filled, words):
    filled.search(words)


def test_a_very_long_question_is_answered(filled):
    assert filled.search("seven " * 5000) != []
    assert filled.search("x" * 100_000) == []


def test_names_without_letters_are_found_as_they_stand(library):
    library.save(Trajectory("one", "T", (Step("s", TypeText("2 + 2 =")),)))
    assert [hit.step for hit in library.search("+")] == [1]
    assert [hit.step for hit in library.search("🙂")] == []


def test_titles_come_first_and_then_the_newest(library):
    library.save(Trajectory("title", "invoice"))
    library.save(Trajectory("old", "T", (Step("s", TypeText("an invoice")),)))
    library.save(
        Trajectory("text", "T", (Step("s", TypeText("a long text in which one invoice is mentioned among much else")),))
    )
    hits = library.search("invoice")
    assert [hit.trajectory for hit in hits] == ["title", "text", "old"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.trajectory for hit in library.search("invoice", limit=1)] == ["title"]


def test_the_limit_holds(library):
    steps = tuple(Step(f"s{n}", TypeText("same"), Observation()) for n in range(80))
    library.save(Trajectory("one", "T", steps))
    assert len(library.search("same", limit=7)) == 7
    assert len(library.search("same", limit=500)) == 80


def test_only_the_head_is_searched(filled):
    head = filled.get("one")
    filled.revise(replace(head, steps=head.steps[:1]), note="")
    assert filled.search("hello") == []
    filled.undo("one")
    assert filled.search("hello") != []
    filled.delete("one")
    assert filled.search("hello") == []
