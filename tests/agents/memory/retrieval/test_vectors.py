"""The search by vectors finds what an embedder holds to be alike; here one that counts letters, exact by hand."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from agents.memory.retrieval.indexing import bring_up_to_date
from agents.memory.retrieval.ports import Query
from agents.memory.retrieval.vectors import VectorRetriever, embed_missing
from workbench.errors import UnavailableError

SAVE = ("push button", "Save")


@dataclass
class Letters:
    """An embedder: a component for each letter, how often it stands in the text against the average."""

    name: str = "letters"
    components: int = 26
    asked: list[str] = field(default_factory=list)

    def embed(self, texts):
        self.asked += texts
        counted = [[text.lower().count(chr(97 + at % 26)) for at in range(self.components)] for text in texts]
        array = np.array(counted, dtype=np.float32)
        return array - array.mean(axis=1, keepdims=True)


@pytest.fixture
def filled(library, recorded):
    for name, task in (("add", "add a customer"), ("zip", "zip the jazz puzzles"), ("mail", "mail all animals")):
        library.save(recorded(name, task, SAVE))
    bring_up_to_date(library)
    return library


def test_the_closest_by_vector_is_found_first_once_it_has_one(filled):
    embedder = Letters()
    retriever = VectorRetriever(filled.memories, embedder)
    assert retriever.find(Query("zip jazz puzzle")) == ()
    assert embed_missing(filled.memories, embedder) == 6
    assert retriever.find(Query("zip jazz puzzle"))[0].trajectory == "zip"
    others = retriever.find(Query("zip jazz puzzle", without=frozenset({"zip"})))
    assert "zip" not in {one.trajectory for one in others}


def test_only_what_is_new_is_embedded_and_found_by_the_same_retriever(filled, recorded):
    embedder = Letters()
    retriever = VectorRetriever(filled.memories, embedder)
    embed_missing(filled.memories, embedder)
    retriever.find(Query("anything"))
    filled.save(recorded("quiz", "quick quizzes", SAVE))
    bring_up_to_date(filled)
    embedder.asked.clear()
    assert embed_missing(filled.memories, embedder) == 2
    assert "quick quizzes" in embedder.asked
    assert retriever.find(Query("quick quizzes"))[0].trajectory == "quiz"


def test_what_was_deleted_meanwhile_is_not_found(filled):
    embedder = Letters()
    retriever = VectorRetriever(filled.memories, embedder)
    embed_missing(filled.memories, embedder)
    assert retriever.find(Query("zip jazz puzzle"))[0].trajectory == "zip"
    filled.delete("zip")
    assert "zip" not in [one.trajectory for one in retriever.find(Query("zip jazz puzzle"))]


def test_an_embedder_of_another_size_under_the_same_name_is_refused_in_words(filled):
    embed_missing(filled.memories, Letters())
    with pytest.raises(UnavailableError, match="40 components, those that are kept have others"):
        VectorRetriever(filled.memories, Letters(components=40)).find(Query("zip"))


class Leaning(Letters):
    """An embedder to which any two texts are alike by more than 0.8, as they are to many."""

    def embed(self, texts):
        bare = super().embed(texts)
        lengths = np.linalg.norm(bare, axis=1, keepdims=True)
        return np.concatenate([bare / lengths, np.full((len(texts), 1), 2.2, np.float32)], axis=1)


def test_what_is_no_more_alike_than_anything_is_not_found_whatever_the_embedder_calls_alike(filled):
    embedder = Leaning()
    embed_missing(filled.memories, embedder)
    unlike, like = (
        VectorRetriever(filled.memories, embedder).find(Query(words))
        for words in ("hhh kkk www", "zip the jazz puzzle")
    )
    assert unlike == ()
    assert [one.trajectory for one in like] == ["zip"]


def test_an_embedder_that_tells_no_two_texts_apart_finds_what_it_can_and_nothing_breaks(filled):
    embedder = Letters()
    embedder.embed = lambda texts: np.ones((len(texts), 26), np.float32)
    embed_missing(filled.memories, embedder)
    assert len(VectorRetriever(filled.memories, embedder).find(Query("zip"))) == 3
