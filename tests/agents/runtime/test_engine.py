"""The engine: what is reused, what stays text, how an answer is formed. In this process, on the tiny model."""

import numpy as np
import pytest

from agents.runtime.llama.brake import Brake
from agents.runtime.llama.engine import Engine
from agents.runtime.llama.evaluated import SAVED_PROMPTS, common
from agents.runtime.llama.eye import Patch
from agents.runtime.llama.sampling import TextFlow
from agents.runtime.llama.template import ChatTemplate, Frame
from agents.runtime.messages import Image, Text, Turn
from agents.runtime.ports import Asking, ModelError
from workbench.errors import BadInputError

WORDS = "root ::= [a-z ]{40}"


@pytest.fixture(scope="module")
def engine(tiny):
    engine = Engine(tiny, Brake())
    yield engine
    engine.close()


@pytest.fixture(autouse=True)
def _forgets(engine):
    """Every test begins with nothing evaluated."""
    engine._evaluated.forget()


def _ask(engine, turns, **asking):
    return engine.ask(turns, Asking(**({"max_tokens": 16} | asking)), lambda piece: None)


def test_it_says_what_it_loaded(engine):
    loaded = engine.loaded
    assert (loaded.name, loaded.architecture, loaded.layers, loaded.embedding_size) == ("tiny-gui-vlm", "qwen3", 3, 128)
    assert loaded.sees
    assert loaded.context == 512


def test_a_context_is_rounded_up_to_what_llama_cpp_can_have(talking):
    engine = Engine(talking.load(talking.TINY / "lm.gguf", context=300), Brake())
    assert engine.loaded.context == 512
    engine.close()


def test_a_second_question_about_a_picture_evaluates_only_the_question(engine, talking, screens):
    picture = talking.noise(192, 128, 1)
    first = _ask(engine, talking.user(picture, "click red"), grammar=screens.GRAMMAR).timings
    second = _ask(engine, talking.user(picture, "click blue"), grammar=screens.GRAMMAR).timings
    assert (first.images_encoded, first.reused_tokens, first.image_tokens) == (1, 0, 96)
    assert second.images_encoded == 0
    assert second.prompt_tokens - second.reused_tokens < 10


def test_reuse_does_not_change_the_answer(engine, talking, screens):
    picture = talking.noise(192, 128, 2)
    _ask(engine, talking.user(picture, "click red"), grammar=screens.GRAMMAR)
    reusing = _ask(engine, talking.user(picture, "click blue"), grammar=screens.GRAMMAR)
    engine._evaluated.forget()
    afresh = _ask(engine, talking.user(picture, "click blue"), grammar=screens.GRAMMAR)
    assert reusing.timings.reused_tokens > 96
    assert afresh.timings.reused_tokens == 0
    assert reusing.text == afresh.text


def test_the_same_question_again_still_evaluates_its_last_token(engine, talking):
    prompt = talking.user("click red")
    first, second = _ask(engine, prompt), _ask(engine, prompt)
    assert second.text == first.text
    assert second.timings.reused_tokens == second.timings.prompt_tokens - 1


def test_a_picture_that_moves_is_not_encoded_again(engine, talking):
    picture = talking.noise(192, 128, 3)
    _ask(engine, talking.user(picture, "click red"))
    moved = _ask(engine, talking.user("look: ", picture, "click red")).timings
    assert moved.images_encoded == 0
    assert moved.reused_tokens < 10
    assert moved.image_tokens == 96


def test_several_pictures_stand_where_they_were_put(engine, talking, screens):
    one, other = talking.noise(192, 128, 4), talking.noise(192, 128, 5)
    both = _ask(engine, talking.user(one, "then", other, "click red"), grammar=screens.GRAMMAR).timings
    assert (both.images_encoded, both.image_tokens) == (2, 192)
    swapped = _ask(engine, talking.user(other, "then", one, "click red"), grammar=screens.GRAMMAR).timings
    assert swapped.images_encoded == 0
    assert swapped.reused_tokens < 10


def test_what_was_seen_beforehand_is_reused(engine, talking):
    picture = talking.noise(192, 128, 6)
    seen = engine.see(talking.user(picture)).timings
    asked = _ask(engine, talking.user(picture, "click red")).timings
    assert seen.images_encoded == 1
    assert asked.reused_tokens == seen.prompt_tokens


def test_an_answer_that_becomes_part_of_the_next_prompt_is_reused(engine, talking, screens):
    first = talking.user("click red")
    answer = _ask(engine, first, grammar=screens.GRAMMAR)
    longer = (*first, Turn("assistant", (Text(answer.text),)), *talking.user("click blue"))
    assert _ask(engine, longer).timings.reused_tokens >= answer.timings.prompt_tokens


def test_a_kept_prompt_comes_back_with_its_picture(engine, talking, screens):
    picture = talking.noise(192, 128, 7)
    expected = _ask(engine, talking.user(picture, "click red"), grammar=screens.GRAMMAR)
    engine.save("screen")
    _ask(engine, talking.user("click gray"))
    engine.restore("screen")
    again = _ask(engine, talking.user(picture, "click red"), grammar=screens.GRAMMAR)
    assert again.timings.reused_tokens == again.timings.prompt_tokens - 1
    assert again.text == expected.text


def test_kept_prompts_are_bounded_and_the_oldest_is_forgotten(engine, talking):
    _ask(engine, talking.user("click red"))
    for number in range(SAVED_PROMPTS + 1):
        engine.save(f"prompt {number}")
    engine.restore(f"prompt {SAVED_PROMPTS}")
    with pytest.raises(BadInputError, match="prompt 0"):
        engine.restore("prompt 0")


@pytest.mark.parametrize("text", ["<|im_end|>", "<|im_start|>system\n", "<|endoftext|>", "<__media__>"])
def test_control_tokens_and_marks_in_a_text_stay_text(engine, talking, text):
    vocabulary = engine._vocabulary
    plain, empty = engine.count(talking.user(f"a{text}b")), engine.count(talking.user("ab"))
    assert plain - empty == len(vocabulary.tokens(text, special=False))
    assert not [token for token in vocabulary.tokens(text, special=False) if vocabulary.piece(token) == b""]


def test_words_of_the_vocabulary_that_look_like_control_words_are_not_made_by_a_text(talking, gguf_files, tmp_path):
    renamed = {"gray": "<tool_call>", "lime": "[INST]"}

    def key(name, value):
        return [renamed.get(each, each) for each in value] if name == "tokenizer.ggml.tokens" else value

    path = gguf_files.copy(talking.TINY / "lm.gguf", tmp_path / "other.gguf", key=key)
    engine = Engine(talking.load(path), Brake())
    try:
        vocabulary = engine._vocabulary
        for word in renamed.values():
            (made,) = vocabulary.tokens(word, special=True)
            text = f"<{word}{word[1:]}red{word}"
            found = vocabulary.tokens(text, special=False)
            assert made not in found
            assert b"".join(map(vocabulary.piece, found)).decode() == text
            assert vocabulary.tokens("red", special=False)[0] in found
    finally:
        engine.close()


def test_the_models_own_words_are_still_matched_in_a_text(engine):
    vocabulary = engine._vocabulary
    assert [len(vocabulary.tokens(word, special=False)) for word in ("click ", "red", "42")] == [1, 1, 1]


def test_a_template_that_makes_nothing_of_a_prompt_is_an_error(engine, talking, monkeypatch):
    monkeypatch.setattr(ChatTemplate, "segments", lambda *_, asks: [Frame("")])
    for attempt in (engine.count, engine.see):
        with pytest.raises(BadInputError, match="makes nothing of this prompt"):
            attempt(talking.user("click red"))


def test_a_schema_alone_holds_an_answer_to_its_form(engine, talking):
    schema = '{"type":"object","properties":{"a":{"type":"boolean"}},"required":["a"],"additionalProperties":false}'
    assert _ask(engine, talking.user("click red"), schema=schema).text in ('{"a":true}', '{"a":false}')


@pytest.mark.parametrize(
    ("asking", "said"),
    [
        ({"grammar": 'root ::= "a"\nb ::= ]'}, "line 2"),
        ({"grammar": f"root ::= {'(' * 5000}[a]{')' * 5000}"}, "too deeply"),
        ({"grammar": 'root ::= root "a"'}, "root"),
        ({"schema": "[1"}, "no JSON object"),
        ({"schema": "[1]"}, "no JSON object"),
        ({"schema": '{"a":' * 5000 + "1" + "}" * 5000}, "too deeply"),
    ],
)
def test_a_form_that_cannot_hold_is_refused_with_its_place(engine, talking, asking, said):
    with pytest.raises(BadInputError, match=said):
        _ask(engine, talking.user("click red"), **asking)


def test_text_that_names_a_picture_brings_none(engine, talking):
    prompt = talking.user("<__media__>", talking.noise(192, 128, 8))
    assert _ask(engine, prompt).timings.image_tokens == 96


def test_count_says_what_asking_takes(engine, talking):
    prompt = (Turn("system", (Text("you see"),)), *talking.user(talking.noise(192, 128, 9), "click red"))
    assert engine.count(prompt) == _ask(engine, prompt).timings.prompt_tokens


def test_a_grammar_is_followed_to_the_letter(engine, talking):
    assert _ask(engine, talking.user("click red"), grammar='root ::= "no " ("way" | "chance")').text in (
        "no way",
        "no chance",
    )


def test_characters_of_several_bytes_are_told_whole(engine, talking):
    pieces = []
    asking = Asking(grammar='root ::= "é漢🙂!"', max_tokens=40)
    answer = engine.ask(talking.user("click red"), asking, pieces.append)
    assert pieces == ["é", "漢", "🙂", "!"]
    assert answer.text == "é漢🙂!"
    assert answer.timings.answer_tokens == 2 + 3 + 4 + 1


def test_an_answer_ends_before_a_stop_text_of_which_nothing_is_told(engine, talking):
    pieces = []
    asking = Asking(grammar='root ::= "one<END>two"', stop=("<END>",), max_tokens=40)
    answer = engine.ask(talking.user("click red"), asking, pieces.append)
    assert (answer.text, answer.finish, "".join(pieces)) == ("one", "stop", "one")


def test_an_answer_ends_at_its_length(engine, talking):
    answer = _ask(engine, talking.user("click red"), grammar=WORDS, max_tokens=5)
    assert (answer.finish, answer.timings.answer_tokens) == ("length", 5)


def test_an_answer_that_fills_the_context_ends_for_its_length(engine, talking):
    answer = _ask(engine, talking.user("click red"), grammar="root ::= [a-z] root", max_tokens=10_000)
    assert answer.finish == "length"
    assert answer.timings.prompt_tokens + answer.timings.answer_tokens == engine.loaded.context
    assert _ask(engine, talking.user("click red")).timings.answer_tokens > 0


def test_the_same_seed_draws_the_same_answer_and_another_seed_another(engine, talking):
    prompt = talking.user("click red")
    drawn = [_ask(engine, prompt, grammar=WORDS, max_tokens=40, temperature=2.0, seed=seed).text for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


def test_a_grammar_that_leaves_no_way_on_is_an_error_and_the_next_answer_comes(engine, talking):
    with pytest.raises(ModelError, match="grammar"):
        _ask(engine, talking.user("click red"), grammar="root ::= [z-a]")
    assert _ask(engine, talking.user("click red")).text


@pytest.mark.parametrize(
    "grammar",
    ["root ::= nothing", 'root ::= "a', 'start ::= "a"', 'root ::= root "a"', 'root ::= "a"{1000000}', "root ::= ("],
)
def test_a_grammar_that_does_not_parse_is_refused(engine, talking, grammar):
    with pytest.raises(BadInputError, match="the grammar"):
        _ask(engine, talking.user("click red"), grammar=grammar)


def test_a_prompt_that_does_not_fit_is_refused_with_the_numbers(engine, talking):
    prompt = talking.user(talking.noise(192, 128, 1), "x" * 600)
    with pytest.raises(BadInputError, match=r"takes 70\d tokens \(96 .* 512"):
        _ask(engine, prompt)


def test_an_engine_for_answers_embeds_nothing(engine):
    with pytest.raises(BadInputError, match="embed"):
        engine.embed(["red"])


def test_vectors_of_texts_have_length_one_and_tell_texts_apart(talking):
    engine = Engine(talking.load(talking.TINY / "lm.gguf", embeds=True), Brake())
    vectors = engine.embed(["click red", "click red", "the weather tomorrow"])
    assert vectors.shape == (3, 128)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(vectors[0], vectors[1])
    assert float(vectors[0] @ vectors[2]) < 0.99
    with pytest.raises(BadInputError, match="text 2"):
        engine.embed(["x", "x" * 600])
    engine.close()


def test_a_brake_that_is_pressed_keeps_what_was_evaluated(talking, tiny):
    brake = Brake()
    engine = Engine(tiny, brake)
    asking = Asking(grammar="root ::= [a-z]+", max_tokens=400)
    answer = engine.ask(talking.user("click red"), asking, lambda piece: brake.press())
    assert (answer.finish, answer.timings.answer_tokens) == ("cancelled", 1)
    brake.release()
    assert _ask(engine, talking.user("click red")).timings.reused_tokens > 0
    engine.close()


def test_units_are_common_up_to_the_first_that_differs():
    patch, other = Patch("a", 0, 96, 96), Patch("b", 0, 96, 96)
    assert common([1, patch, 3], [1, patch, 4]) == 2
    assert common([1, patch, 3], [1, other, 3]) == 1
    assert common([1], [1, 2]) == 1
    assert common([], [1]) == 0


def test_a_stop_text_that_comes_in_pieces_is_found_and_its_beginning_alone_is_told_at_the_end():
    flow = TextFlow(("STOP",))
    assert [flow.feed(part) for part in (b"a ST", b"OR", b"Y ST")] == ["a ", "STOR", "Y "]
    assert flow.end() == "ST"
    assert flow.text == "a STORY ST"


LISTS_ONLY = "{% for m in messages %}[{{ m.role }}]{% for p in m.content %}{{ p.text }}{% endfor %}{% endfor %}"
TEXT_ONLY = "{% for m in messages %}[{{ m.role }}]{{ m['content'] | trim }}{% endfor %}>"
NO_SYSTEM = (
    "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
    "[{{ m.role }}]{{ m.content }}{% endfor %}"
)
PICTURE = Image("p", 2, 2, bytes(12))
CONVERSATION = (Turn("system", (Text("be "), Text("good"))), Turn("user", (PICTURE, Text("hello"))))


def _segments(template, turns=CONVERSATION):
    return [part for part in ChatTemplate(template, {}, of="m").segments(turns, asks=True) if part != Frame("")]


def test_templates_that_take_lists_or_text_or_no_system_message_all_work():
    listed = [Frame("[system]"), Text("be good"), Frame("[user]"), PICTURE, Text("hello")]
    assert _segments(LISTS_ONLY) == listed
    assert _segments(TEXT_ONLY) == [*listed, Frame(">")]
    assert _segments(NO_SYSTEM) == [Frame("[user]"), Text("be good\n\n"), PICTURE, Text("hello")]


def test_a_template_never_sees_our_text():
    shouting = "{% for m in messages %}{{ m.content | upper }}{% endfor %}{{ messages | length }}"
    with pytest.raises(BadInputError, match="does not take"):
        _segments(shouting)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("", "no chat template"),
        ("{% for %}", "does not parse"),
        ("{{ messages[0].role }}", "leaves a part of it out"),
        ("{{ raise_exception('alternate!') }}", "alternate!"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "does not take"),
        ("{{ cycler.__init__.__globals__.os.system('true') }}", "does not take"),
        ("{{ messages.append(1) }}", "does not take"),
    ],
)
def test_a_broken_or_hostile_template_is_an_error_and_runs_nothing(template, words):
    with pytest.raises(BadInputError, match=words):
        _segments(template)


def test_a_template_may_ask_for_the_date_and_the_models_own_tokens():
    template = (
        "{{ bos_token }}{{ strftime_now('%Y') | length }}{% generation %}{{ messages[0].content }}{% endgeneration %}"
    )
    found = ChatTemplate(template, {"bos_token": "<s>"}, of="m").segments((Turn("user", (Text("x"),)),), asks=True)
    assert found == [Frame("<s>4"), Text("x"), Frame("")]


def test_an_empty_prompt_is_refused():
    with pytest.raises(BadInputError, match="empty"):
        _segments(TEXT_ONLY, (Turn("user", ()),))
