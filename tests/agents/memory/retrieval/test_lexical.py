"""The search by words finds the task that is meant, whatever its values, and nothing where nothing is alike."""

import functools
import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agents.memory.retrieval import lexical
from agents.memory.retrieval.indexing import bring_up_to_date
from agents.memory.retrieval.lexical import LexicalRetriever
from agents.memory.retrieval.ports import Query, Situation
from agents.memory.retrieval.words import Wanted, Weights, terms_of
from workbench.library.memories import Entry

SAVE = ("push button", "Save")
NAME = ("text", "Customer name")


@pytest.fixture
def find(library):
    """Search the library, brought up to date."""

    def search(words, **fields):
        bring_up_to_date(library)
        return LexicalRetriever(library.memories).find(Query(words, **fields))

    return search


def _ids(found):
    return [one.trajectory for one in found]


def test_the_same_task_with_other_values_is_found_before_another_task_with_the_same_value(library, recorded, find):
    library.save(recorded("add", "add the customer Bob Dylan to the list", NAME, SAVE))
    library.save(recorded("drop", "remove Eve Adams from the archive", ("list item", "Eve Adams")))
    assert _ids(find("add the customer Eve Adams to the list"))[0] == "add"


def test_what_is_not_alike_is_not_found(library, recorded, find):
    library.save(recorded("add", "add the customer Bob to the list", NAME, SAVE))
    assert find("turn the volume down") == ()
    assert find("") == ()


def test_of_equal_tasks_the_one_whose_controls_are_on_the_screen_is_found_first(library, recorded, find):
    library.save(recorded("boxes", "select red and submit", ("check box", "red")))
    library.save(recorded("options", "select green and submit", ("radio button", "green")))
    for controls, best in (({("option", "blue")}, "options"), ({("checkbox", "blue")}, "boxes")):
        found = find("select blue and submit", situation=Situation(controls=frozenset(controls)))
        assert _ids(found)[0] == best
        assert found[0].fit > found[1].fit


def test_of_equal_tasks_the_one_in_the_same_application_is_found_first(library, recorded, find):
    for app in ("shop", "bank", "post"):
        library.save(recorded(app, "send the form", SAVE, app=app))
    assert _ids(find("send the form", situation=Situation("bank")))[0] == "bank"


def test_steps_are_found_by_their_thought_one_for_each_trajectory(library, recorded, find):
    library.save(recorded("one", "add a customer", NAME, ("push button", "New"), SAVE, app="bank"))
    library.save(recorded("two", "write a letter", ("push button", "Print")))
    found = find("click the button Save", level="step")
    assert (found[0].trajectory, found[0].first, found[0].last) == ("one", 3, 3)
    assert _ids(found).count("one") == 1


def test_a_chapter_is_found_by_its_own_sentence(library, recorded, find):
    did = ("open the customer list", ("push button", "Customers"), "export it as a table", ("push button", "Export"))
    library.save(recorded("long", "prepare the yearly report", *did))
    found = find("export the list as a table", level="span")
    assert [(one.first, one.last, one.words) for one in found] == [(4, 5, "export it as a table")]


def test_another_ending_or_a_mistake_at_the_end_of_the_only_telling_word_still_finds(library, recorded, find):
    library.save(recorded("one", "archiving invoices", SAVE))
    assert _ids(find("archive invoices")) == ["one"]
    library.save(recorded("two", "subscribe", SAVE))
    assert _ids(find("subscrbie")) == []
    assert _ids(find("subscriber")) == ["two"]


def test_a_script_without_blanks_is_found_by_its_letters(library, recorded, find):
    library.save(recorded("one", "保存新客户的地址", SAVE))
    library.save(recorded("two", "删除所有旧邮件", SAVE))
    assert _ids(find("保存客户的地址")) == ["one"]


def test_what_is_left_out_by_name_is_not_found_and_the_next_one_is(library, recorded, find):
    for name in ("one", "two"):
        library.save(recorded(name, "add a customer", SAVE))
    assert _ids(find("add a customer", without=frozenset({"two"}), most=1)) == ["one"]


def test_an_edited_task_is_found_by_its_new_words_only(library, recorded, find):
    one = library.save(recorded("one", "add a customer", SAVE))
    assert _ids(find("add a customer")) == ["one"]
    library.revise(replace(one, task="print the calendar"), note="renamed")
    assert find("add a customer") == ()
    assert _ids(find("print the calendar")) == ["one"]


def test_bringing_up_to_date_twice_does_nothing_the_second_time(library, recorded):
    library.save(recorded("one", "add a customer", SAVE))
    told = []
    assert bring_up_to_date(library, lambda done, of: told.append((done, of))) == 1
    assert bring_up_to_date(library) == 0
    assert told == [(1, 1)]


def test_many_entries_with_only_frequent_words_are_searched_through_the_most_telling_first(library, recorded, find):
    for number in range(30):
        library.save(recorded(f"t{number}", "click the button to save it", SAVE))
    library.save(recorded("rare", "click the button to save the zebra", SAVE))
    assert _ids(find("click the button to save the zebra", most=1)) == ["rare"]


@pytest.mark.parametrize("most", [4, 12, 400])
def test_the_one_entry_with_all_the_words_is_found_among_many_newer_ones_with_some(library, find, monkeypatch, most):
    from workbench.trajectory import Trajectory

    monkeypatch.setattr(lexical, "MOST_CANDIDATES", most)
    wanted = "open blue menu item zebra"
    others = ("open blue menu item", "open menu item zebra", "zebra", "blue", "open lion")
    tasks = [wanted, *(task for task in others for _ in range(15)), *["something else"] * 90]
    for number, task in enumerate(tasks):
        saved = library.save(Trajectory(f"t{number}", "any"))
        library.memories.put(saved, [Entry(saved.id, "whole", 1, 1, task, " ".join(terms_of(task)))])
    assert _ids(LexicalRetriever(library.memories).find(Query(wanted)))[0] == "t0"


def test_a_search_leaves_nothing_of_what_it_read_in_the_program(library, recorded):
    library.save(recorded("add", "add the zyzzyva of Qwghlm", ("text", "Xyzzygy name")))
    bring_up_to_date(library)
    assert LexicalRetriever(library.memories).find(Query("add the zyzzyva of Qwghlm", situation=Situation("shop")))
    gc.collect()
    caches = [one for one in gc.get_objects() if type(one) is functools._lru_cache_wrapper]
    own = [one for one in caches if one.__module__.startswith("agents.memory")]
    assert not [text for cache in own for text in _texts(cache) if "zyz" in text.lower() or "qwghlm" in text.lower()]


def _texts(cache):
    """Every text that a cache holds, alone or among others."""
    held = [one for one in gc.get_referents(cache) if isinstance(one, str | tuple | frozenset)]
    while held:
        one = held.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, tuple | frozenset):
            held += one


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_between_nothing_and_one_and_the_same_both_ways(one, other):
    weights = Weights(100, dict.fromkeys(terms_of(one), 7))
    there, back = Wanted(one, weights).likeness(other), Wanted(other, weights).likeness(one)
    assert 0 <= there <= 1.000001
    assert there == pytest.approx(back)
    if terms_of(one):
        assert Wanted(one, weights).likeness(one) == pytest.approx(1)


@given(st.lists(st.text(max_size=40), max_size=8), st.text(max_size=40))
def test_any_words_can_be_kept_and_searched_for(tmp_path_factory, tasks, wanted):
    from workbench.library.store import Library
    from workbench.trajectory import Trajectory

    with Library.open(tmp_path_factory.mktemp("any")) as library:
        for number, task in enumerate(tasks):
            saved = library.save(Trajectory(f"t{number}", "any"))
            library.memories.put(saved, [Entry(saved.id, "whole", 1, 1, task, " ".join(terms_of(task)))])
        found = LexicalRetriever(library.memories).find(Query(wanted, most=8))
    alike = [f"t{number}" for number, task in enumerate(tasks) if task == wanted and terms_of(task)]
    assert set(alike) <= {one.trajectory for one in found}
