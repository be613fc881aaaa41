"""The worker process, over its pipes: what it answers while it works, how it is stopped, and how it ends."""

import os
import struct

import numpy as np
import pytest

from agents.runtime.llama.worker import Pictures
from agents.runtime.messages import (
    Answered,
    Ask,
    Cancel,
    Count,
    Counted,
    Done,
    Embed,
    Embedded,
    Image,
    Piece,
    Ping,
    Pong,
    Ready,
    Restore,
    Save,
    See,
    Stop,
)
from agents.runtime.ports import Asking

ENDLESS = "root ::= [a-z] root"
PATIENCE_S = 30


@pytest.fixture
def roomy(worker, talking):
    """A worker whose model can go on for seconds."""
    assert isinstance(worker.load(talking.load(talking.TINY / "lm.gguf", context=4096)), Ready)
    return worker


def _begin_endless(worker, talking, **asking):
    """Ask what takes seconds to answer, and wait until the answer began."""
    number = worker.number()
    worker.send(Ask(number, talking.user("click red"), Asking(grammar=ENDLESS, max_tokens=4000, **asking)))
    assert isinstance(worker.hear(), Piece)
    return number


def test_an_answer_comes_in_pieces_that_make_up_its_text(loaded, talking, screens):
    number = loaded.number()
    loaded.send(Ask(number, talking.user("click red"), Asking(grammar=screens.GRAMMAR)))
    pieces = []
    while isinstance(reply := loaded.hear(), Piece):
        assert reply.number == number
        pieces.append(reply.text)
    assert isinstance(reply, Answered)
    assert len(pieces) > 1
    assert "".join(pieces) == reply.answer.text


def test_every_request_is_answered_under_its_number(loaded, talking):
    picture = talking.noise(192, 128)
    prompt = talking.user(picture, "click red")
    seen = loaded.final(See(11, prompt))
    assert (seen.number, seen.answer.text, seen.answer.timings.images_encoded) == (11, "", 1)
    counted = loaded.final(Count(12, prompt))
    assert isinstance(counted, Counted)
    assert counted.tokens == loaded.ask(prompt).answer.timings.prompt_tokens
    assert loaded.final(Save(13, "a")) == Done(13)
    assert loaded.final(Restore(14, "a")) == Done(14)


def test_an_unknown_kept_prompt_is_refused(loaded, refused):
    refused(loaded.final(Restore(loaded.number(), "nowhere")), "'nowhere'", "again")


def test_vectors_come_as_they_were_computed(worker, talking):
    ready = worker.load(talking.load(talking.TINY / "lm.gguf", embeds=True))
    reply = worker.final(Embed(worker.number(), ("red", "blue")))
    assert isinstance(reply, Embedded)
    assert reply.size == ready.loaded.embedding_size == 128
    vectors = np.frombuffer(reply.vectors, "<f4").reshape(2, 128)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_model_for_vectors_answers_no_questions(worker, talking, refused):
    worker.load(talking.load(talking.TINY / "lm.gguf", embeds=True))
    refused(worker.ask(talking.user("click red")), "to embed")


def test_without_a_model_a_question_is_refused(worker, talking, refused):
    refused(worker.ask(talking.user("click red")), "no model is loaded")


def test_another_model_takes_the_place_of_the_first(loaded, tiny, talking, answers):
    assert not loaded.load(talking.load(talking.TINY / "lm.gguf")).loaded.sees
    assert loaded.load(tiny).loaded.sees
    assert answers(loaded)


def test_a_ping_is_answered_while_the_model_works(roomy, talking):
    number = _begin_endless(roomy, talking)
    roomy.send(Ping())
    while isinstance(reply := roomy.hear(), Piece):
        pass
    assert isinstance(reply, Pong)
    roomy.send(Cancel(number))


def test_a_cancelled_question_ends_early_with_what_was_said_and_the_next_is_answered(roomy, talking):
    number = _begin_endless(roomy, talking)
    roomy.send(Cancel(number))
    while isinstance(reply := roomy.hear(), Piece):
        pass
    assert (reply.number, reply.answer.finish) == (number, "cancelled")
    assert 0 < len(reply.answer.text) < 4000
    assert roomy.ask(talking.user("click red"), max_tokens=4).answer.finish in ("stop", "length")


def test_a_question_that_waits_can_be_cancelled_and_others_are_not(roomy, talking):
    running = _begin_endless(roomy, talking)
    waiting, last = roomy.number(), roomy.number()
    for number in (waiting, last):
        roomy.send(Ask(number, talking.user("click blue"), Asking(max_tokens=4)))
    roomy.send(Cancel(waiting))
    roomy.send(Cancel(running))
    finishes = {}
    while len(finishes) < 3:
        if isinstance(reply := roomy.hear(), Answered):
            finishes[reply.number] = reply.answer.finish
    assert (finishes[running], finishes[waiting]) == ("cancelled", "cancelled")
    assert finishes[last] in ("stop", "length")


def test_a_cancel_that_comes_too_late_harms_no_later_question(roomy, talking):
    first = roomy.ask(talking.user("click red"), max_tokens=4)
    roomy.send(Cancel(first.number))
    roomy.send(Cancel(first.number + 1))
    assert roomy.ask(talking.user("click red"), max_tokens=4).answer.finish in ("stop", "length")


def test_a_question_out_of_time_is_refused_and_the_next_is_answered(roomy, talking, refused):
    reply = roomy.ask(talking.user("click red"), grammar=ENDLESS, max_tokens=4000, timeout_s=0.05)
    refused(reply, "no complete answer in time", exit_code=1)
    assert roomy.ask(talking.user("click red"), max_tokens=4).answer.finish in ("stop", "length")


def test_a_picture_is_sent_once_and_named_afterwards(loaded, talking, screens):
    picture = talking.noise(192, 128)
    first = loaded.ask(talking.user(picture, "click red"), grammar=screens.GRAMMAR)
    named = Image(picture.digest, picture.width, picture.height)
    again = loaded.ask(talking.user(named, "click red"), grammar=screens.GRAMMAR)
    assert again.answer.text == first.answer.text


def test_a_picture_that_is_not_here_is_asked_for(loaded, talking, refused):
    known, unknown = talking.noise(8, 8), Image("nowhere", 8, 8)
    reply = refused(loaded.ask(talking.user(known, unknown, "click red")), "again", exit_code=1)
    assert reply.missing == ("nowhere",)
    assert isinstance(loaded.ask(talking.user(Image(known.digest, 8, 8), "click red")), Answered)


def test_kept_pixels_are_bounded_and_the_oldest_go(talking):
    pictures = Pictures(limit_bytes=2 * 8 * 8 * 3)
    given = [talking.noise(8, 8, seed) for seed in range(3)]
    for picture in given:
        pictures.filled(talking.user(picture))
    named = [Image(picture.digest, 8, 8) for picture in given]
    assert pictures.filled(talking.user(named[2], named[1])) == talking.user(given[2], given[1])
    with pytest.raises(Exception, match="send them again") as raised:
        pictures.filled(talking.user(named[0]))
    assert raised.value.digests == (given[0].digest,)


def test_one_prompt_may_have_more_pixels_than_are_kept(talking):
    pictures = Pictures(limit_bytes=8 * 8 * 3)
    given = talking.user(*(talking.noise(8, 8, seed) for seed in range(3)))
    assert pictures.filled(given) == given


def test_nothing_but_messages_comes_out_of_the_pipe(start_worker, tiny, talking, monkeypatch):
    monkeypatch.setenv("WORKBENCH_DEBUG", "1")
    worker = start_worker()
    assert isinstance(worker.load(tiny), Ready)
    assert isinstance(worker.ask(talking.user(talking.noise(192, 128), "click red")), Answered)
    assert "llama_model_loader" in worker.said()


def test_it_is_silent_unless_there_is_something_to_say(loaded, answers):
    assert answers(loaded)
    assert loaded.said() == ""


@pytest.mark.parametrize("how", ["close", "stop", "garbage", "half"])
def test_it_ends_when_there_is_nobody_to_work_for(loaded, how):
    pipe = loaded.process.stdin
    if how == "stop":
        loaded.send(Stop())
    elif how == "garbage":
        pipe.write(struct.pack("<I", 4) + b"\xc1\xc1\xc1\xc1")
    elif how == "half":
        pipe.write(struct.pack("<I", 100) + b"abc")
    if how in ("close", "half"):
        pipe.close()
    else:
        pipe.flush()
    assert loaded.process.wait(PATIENCE_S) == 0


def test_it_ends_in_the_middle_of_an_answer_when_its_input_closes(roomy, talking):
    _begin_endless(roomy, talking)
    roomy.process.stdin.close()
    assert roomy.process.wait(PATIENCE_S) == 0


def test_it_ends_when_nobody_hears_it(roomy, talking):
    _begin_endless(roomy, talking)
    roomy.process.stdout.close()
    assert roomy.process.wait(PATIENCE_S) == 0


def test_without_llama_cpp_it_says_what_to_install(start_worker, tiny, refused, tmp_path, monkeypatch):
    (tmp_path / "llama_cpp.py").write_text("raise ImportError('no module named llama_cpp')\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    refused(start_worker().load(tiny), "llama.cpp", "install", "gui-agent-workbench[model]", exit_code=4)
