"""A real embedder in its real process finds past work by what it means, and never stands in the way of a run."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from agents.memory.lending import Lender, Lending
from agents.memory.retrieval import embedding
from agents.memory.retrieval.embedding import Embedder, Reading, ReadingRetriever, key_of
from agents.memory.retrieval.indexing import bring_up_to_date
from agents.memory.retrieval.lexical import LexicalRetriever
from agents.memory.retrieval.ports import Query
from agents.memory.retrieval.vectors import VectorRetriever, embed_missing, embedded
from agents.memory.tree import remembering
from agents.planning.ports import Due
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.models.registry import Entry, Registry
from agents.screen.listing import ElementList
from agents.screen.reading import Read
from agents.session.borrowing import lender_for
from agents.session.messages import AgentOrder, Minds
from agents.session.minds import opened, pool_of
from workbench.errors import BadInputError
from workbench.library.memories import Entry as Indexed
from workbench.library.store import Library

SAVE = ("push button", "Save")
TINY = Path(__file__).resolve().parents[3] / "data" / "tiny_vlm"


@pytest.fixture
def filled(library, recorded):
    """Three tasks in words of their own."""
    for name, task in (("gone", "delete the record"), ("out", "print a report"), ("mail", "mail all new customers")):
        library.save(recorded(name, task, SAVE))
    bring_up_to_date(library)
    return library


def _of(model: LocalModel) -> Embedder:
    return Embedder(model, beside=model, key="small 1")


def _searching(library: Library, model: LocalModel, say: Callable[[str], None] = print) -> ReadingRetriever:
    embedder = _of(model)
    return ReadingRetriever(
        LexicalRetriever(library.memories),
        VectorRetriever(library.memories, model, embedder.key),
        Reading(library.memories, embedder),
        say,
    )


def test_what_means_the_same_is_found_though_no_word_is_the_same(filled, embedder):
    assert LexicalRetriever(filled.memories).find(Query("erase entry")) == ()
    embed_missing(filled.memories, embedder)
    found = VectorRetriever(filled.memories, embedder).find(Query("erase entry"))
    assert [(one.trajectory, one.by) for one in found] == [("gone", "vectors of small")]
    assert 0.5 < found[0].likeness <= 1


@pytest.mark.parametrize("text", ["print " * 500, "", " \n "])
def test_a_text_that_is_too_long_or_empty_gets_the_vector_of_its_beginning_or_none(embedder, text):
    with_it = embedded(embedder, ["print", text])
    assert with_it.shape == (2, embedder.loaded.embedding_size)
    assert np.isfinite(with_it).all()
    assert embedder.pid is not None


def test_a_text_longer_than_the_places_a_model_has_learned_is_refused_and_ends_no_process(embedder):
    assert embedder.loaded.context == 64
    pid = embedder.pid
    with pytest.raises(BadInputError, match="embeds 1 to 64"):
        embedder.embed(["print " * 70])
    assert embedder.pid == pid


def test_a_model_that_was_made_to_answer_embeds_too_by_the_mean_of_its_tokens(filled):
    if not (TINY / "lm.gguf").is_file():
        pytest.skip("the tiny model is not here")
    with LocalModel("lm", Load(0, str(TINY / "lm.gguf"), threads=1, embeds=True)) as model:
        assert embed_missing(filled.memories, model) == filled.memories.size("step") + filled.memories.size("whole")
        found = VectorRetriever(filled.memories, model).find(Query("delete the record"))
    assert found[0].trajectory == "gone"
    assert found[0].likeness == pytest.approx(1, abs=0.01)


def test_a_few_new_entries_are_read_at_once_and_said(filled, embedder):
    said: list[str] = []
    searching = _searching(filled, embedder, said.append)
    searching.reading.begin(waits=False, check=lambda: None)
    assert [one.by for one in searching.find(Query("erase entry"))] == ["vectors of small"]
    assert said == ["small has read the library: past work is searched for by its vectors from here on"]


class _Held:
    """The embedder, of which only the first few texts are read until it is let go on."""

    def __init__(self, model: LocalModel) -> None:
        self.model, self.name = model, model.name
        self.let_go, self.waits, self.asked = threading.Event(), threading.Event(), 0

    @property
    def loaded(self):
        return self.model.loaded

    def embed(self, texts):
        if self.asked:
            self.waits.set()
            self.let_go.wait()
        self.asked += len(texts)
        return self.model.embed(texts)

    def cancel(self):
        self.let_go.set()
        self.model.cancel()


@contextmanager
def _held(library: Library, model: LocalModel, say: Callable[[str], None]) -> Iterator[tuple[ReadingRetriever, _Held]]:
    held, searching = _Held(model), _searching(library, model, say)
    searching.reading.embedder = Embedder(model, held, "small 1")  # type: ignore[arg-type]  # no question is asked
    searching.reading.begin(waits=False, check=lambda: None)
    held.waits.wait()
    try:
        yield searching, held
    finally:
        searching.reading.end()


@pytest.fixture
def many(filled, monkeypatch):
    """So many entries, and so few at once, that the embedder reads beside the run."""
    monkeypatch.setattr(embedding, "FEW", 2)
    monkeypatch.setattr("agents.memory.retrieval.vectors.AT_ONCE", 2)
    return filled


def test_words_find_until_the_embedder_has_read_all_and_every_answer_says_so(many, embedder):
    said: list[str] = []
    with _held(many, embedder, said.append) as (searching, held):
        (found,) = searching.find(Query("delete the record"))
        assert (found.trajectory, found.by) == ("gone", "words, until small has read the library (2 of 6)")
        assert said == [
            "small reads the library, 2 of 6 entries so far; past work is searched for by words until it has read all"
        ]
        held.let_go.set()
        assert searching.reading._aside.wait(60)
        assert [one.by for one in searching.find(Query("erase entry"))] == ["vectors of small"]
    assert len(said) == 2


def test_ended_in_between_it_goes_on_where_it_was(many, embedder):
    with _held(many, embedder, print) as (searching, _):
        pass
    assert not searching.reading.complete
    assert 2 <= 6 - many.memories.count_uncoded("small 1") < 6
    again = Reading(many.memories, _of(embedder))
    again.begin(waits=True, check=lambda: None)
    assert (again.of < 6, again.complete) == (True, True)


def test_an_embedder_that_fails_is_said_and_words_do(filled, embedder, tmp_path):
    said: list[str] = []
    searching = _searching(filled, embedder, said.append)
    searching.reading.begin(waits=True, check=lambda: None)
    broken = LocalModel("small", Load(0, str(tmp_path / "gone.gguf"), embeds=True))
    searching.vectors = VectorRetriever(filled.memories, broken, "small 1")
    found = searching.find(Query("delete the record"))
    assert [(one.trajectory, one.by) for one in found] == [("gone", "words, because small failed")]
    assert said[-1].startswith("past work is searched for by words from here on: ")
    searching.find(Query("delete the record"))
    assert len(said) == 2


def test_another_file_under_the_same_name_reads_anew(filled, write_embedder, tmp_path):
    registry = Registry(tmp_path / "models")
    found = []
    for seed in (1, 2):
        file = write_embedder(tmp_path / "small.gguf", seed=seed, width=64 * seed)
        registry.add(Entry("small", model=str(file), roles=("embedder",)), replace=True)
        with LocalModel("small", Load(0, str(file), threads=1, embeds=True)) as model:
            key = key_of("small", registry.fingerprint("small"))
            assert filled.memories.count_uncoded(key) == 6
            embed_missing(filled.memories, model, key=key)
            found.append(VectorRetriever(filled.memories, model, key).find(Query("erase entry"))[0].trajectory)
    assert found == ["gone", "gone"]


def test_what_is_purged_while_it_is_read_gets_no_vector(filled, embedder):
    entries = filled.memories.uncoded("small", limit=99)
    filled.delete("gone")
    embed_missing(filled.memories, embedder)
    kept = {one for one, _ in filled.memories.codes("small", "step")}
    assert kept == {one.id for one in entries if one.trajectory != "gone" and one.level == "step"}


def test_an_entry_that_came_in_between_is_read_too(filled, embedder, recorded):
    def told(done: int) -> None:
        if done == 0:
            late = filled.save(recorded("late", "add a client", SAVE))
            words = Indexed("late", "step", 1, 1, "add a client", "add client")
            filled.memories.put(late, [words])

    embed_missing(filled.memories, embedder, told)
    assert filled.memories.count_uncoded("small") == 0


@pytest.fixture
def run_lending(filled, embedder_file, tmp_path):
    """What a run with these models would be lent, from its order on, with what is said meanwhile."""
    registry = Registry(tmp_path / "models")
    registry.add(Entry("far", kind="server", url="http://127.0.0.1:9/v1"))
    registry.add(Entry("small", model=str(embedder_file), roles=("embedder",)))
    said: list[str] = []

    @contextmanager
    def lends(**options) -> Iterator[tuple[Lender, list[str]]]:
        minds = Minds(str(registry.folder), "far", embedder="small")
        lending = Lending(way="whole", **options)
        order = AgentOrder("r", "x", str(filled.path), str(filled.frames_folder), minds, lending=lending)
        with (
            pool_of(minds) as pool,
            lender_for(order, opened(pool, order, lambda: None), check=lambda: None, say=said.append) as lender,
        ):
            yield lender, said

    return lends


def test_a_run_with_an_embedder_is_lent_what_means_the_same_and_its_log_says_by_whom(run_lending):
    screen = Read(ElementList("shop", "shop window", ()), {})
    with run_lending() as (lender, said):
        (loan,) = lender.lends(Due(remembering("erase entry"), screen)).loans
    assert (loan.lent, loan.by) == ("gone", "vectors of small")
    assert said == ["small has read the library: past work is searched for by its vectors from here on"]


@pytest.mark.parametrize(("waits", "by"), [(False, "words, until small has read"), (True, "vectors of small")])
def test_an_evaluation_waits_for_the_embedder_and_a_run_does_not(run_lending, many, monkeypatch, waits, by):
    begun, read = threading.Event(), Reading._read

    def slow(reading, model, check):
        if not waits:
            begun.set()
            while True:  # until the run ends
                check()
                threading.Event().wait(0.01)
        read(reading, model, check)

    monkeypatch.setattr(Reading, "_read", slow)
    screen = Read(ElementList("shop", "shop window", ()), {})
    with run_lending(waits=waits) as (lender, _):
        (loan,) = lender.lends(Due(remembering("delete the record"), screen)).loans
        assert waits or begun.wait(60)
    assert loan.by.startswith(by)
