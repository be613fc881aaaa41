"""How sure a model is of its answer, in this process, on the tiny model."""

import numpy as np
import pytest

from agents.runtime.llama.brake import Brake
from agents.runtime.llama.engine import Engine
from agents.runtime.llama.sampling import Grammar, Sampler
from agents.runtime.llama.vocabulary import Vocabulary
from agents.runtime.messages import Answered
from agents.runtime.ports import Asking


@pytest.fixture(scope="module")
def engine(tiny):
    engine = Engine(tiny, Brake())
    yield engine
    engine.close()


def _ask(engine, talking, words="click red", **asking):
    return engine.ask(talking.user(words), Asking(**({"max_tokens": 12} | asking)), lambda piece: None)


def test_nobody_is_told_who_did_not_ask(engine, talking):
    assert _ask(engine, talking).likelihood is None


def test_what_the_grammar_forces_is_certain(engine, talking):
    answer = _ask(engine, talking, grammar='root ::= "7"', likelihood=True)
    assert answer.text == "7"
    assert answer.likelihood == pytest.approx(1.0)


def test_an_answer_between_alternatives_is_as_likely_as_the_alternatives_leave_it(engine, talking):
    likely = _ask(engine, talking, grammar='root ::= "1" | "2"', likelihood=True)
    other = "2" if likely.text == "1" else "1"
    alone = _ask(engine, talking, grammar=f'root ::= "{other}" | "{likely.text}"', likelihood=True)
    assert 0.5 <= likely.likelihood < 1.0
    assert alone.likelihood == pytest.approx(likely.likelihood, rel=1e-3)


def test_more_alternatives_make_no_answer_likelier(engine, talking):
    two = _ask(engine, talking, grammar='root ::= "1" | "2"', likelihood=True)
    ten = _ask(engine, talking, grammar="root ::= [0-9]", likelihood=True)
    assert ten.likelihood <= two.likelihood or ten.text not in "12"


def test_asking_how_likely_changes_no_answer(engine, talking, screens):
    picture = talking.noise(192, 128, 1)
    told = engine.ask(talking.user(picture, "click red"), Asking(screens.GRAMMAR, likelihood=True), lambda piece: None)
    silent = engine.ask(talking.user(picture, "click red"), Asking(screens.GRAMMAR), lambda piece: None)
    assert told.text == silent.text
    assert 0.0 < told.likelihood <= 1.0


def test_without_a_grammar_the_whole_vocabulary_counts(engine, talking):
    logits = np.linspace(0, 5, engine._vocabulary.size).astype(np.float32)
    sampler = Sampler(Asking(likelihood=True), engine._vocabulary, None)
    sampler.choose(logits)
    assert sampler.likelihood == pytest.approx(float(1 / np.exp(logits.astype(np.float64) - 5).sum()), rel=1e-3)


def test_leaving_out_the_hopeless_tokens_costs_no_thousandth(engine):
    vocabulary: Vocabulary = engine._vocabulary
    logits = np.random.default_rng(1).normal(0, 9, vocabulary.size).astype(np.float32)
    with Grammar("root ::= [a-z0-9]", vocabulary) as grammar:
        whole = grammar.masked(np.arange(vocabulary.size), logits).astype(np.float64)
        sampler = Sampler(Asking(likelihood=True), vocabulary, grammar)
        sampler.choose(logits)
    assert sampler.likelihood == pytest.approx(float(1 / np.exp(whole - whole.max()).sum()), abs=1e-3)


def test_the_likelihood_crosses_the_pipe_of_the_worker(loaded, talking):
    reply = loaded.ask(talking.user("click red"), grammar='root ::= "1" | "2"', likelihood=True)
    assert isinstance(reply, Answered)
    assert 0.5 <= reply.answer.likelihood <= 1.0


def test_alternatives_are_told_with_the_text_before_them(engine, talking):
    answer = _ask(engine, talking, grammar='root ::= "1" ("x" | "y")', alternatives=5)
    assert answer.weighed[0].before == ""
    for weighed in answer.weighed:
        text, chance = weighed.options[0]
        assert answer.text.startswith(weighed.before + text)
        assert sum(each for _, each in weighed.options) == pytest.approx(1.0)
        assert chance >= weighed.options[-1][1]
    last = next(weighed for weighed in answer.weighed if weighed.before == "1")
    assert {text for text, _ in last.options} == {"x", "y"}


def test_alternatives_are_told_only_to_who_asks_and_no_more_than_asked(engine, talking):
    assert _ask(engine, talking, grammar="root ::= [0-9]").weighed == ()
    told = _ask(engine, talking, grammar="root ::= [0-9]", alternatives=3).weighed[0].options
    chances = [chance for _, chance in told]
    assert len(told) == 3
    assert chances == sorted(chances, reverse=True)


def test_alternatives_cross_the_pipe_of_the_worker(loaded, talking):
    reply = loaded.ask(talking.user("click red"), grammar='root ::= "1" | "2"', alternatives=2)
    assert {text for text, _ in reply.answer.weighed[0].options} == {"1", "2"}
