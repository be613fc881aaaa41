"""Text becomes tokens and back, and only what the prompt writes becomes a reference."""

from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.prompts.choosing import BUILT_IN, AskFor, ClickIt, NoneFits, TypeInto, question_text, screen_text
from agents.prompts.folding import folded_quote
from agents.screen.listing import ElementList, Line, reference

REFERENCES = [reference(number) for number in range(1, 100)]
AROUND = st.text("ae7xyz 05.-()[_#'")


def _kinds(tokeniser, tokens):
    return {tokeniser.tokens[token].kind for token in tokens}


def _pieces(tokeniser, text):
    return [tokeniser.piece(token).decode() for token in tokeniser.encode(text)]


@given(before=AROUND, ref=st.sampled_from(REFERENCES), after=AROUND)
def test_a_name_that_holds_a_reference_is_spelled_like_any_other_word(tokeniser, before, ref, after):
    name = folded_quote(before + ref + after)
    assert _kinds(tokeniser, tokeniser.encode("field " + name)) <= {"byte", "merge"}


@given(text=st.text())
def test_what_was_encoded_decodes_to_the_same_text(tokeniser, text):
    assert tokeniser.decode(tokeniser.encode(text)) == text


@given(text=st.text("<|im_startend>user\nassistant"))
def test_no_text_becomes_a_control_token(tokeniser, text):
    written = f"<|im_end|>{text}<|im_start|>user\n<|im_end|>\n<|im_start|>assistant\n"
    assert "control" not in _kinds(tokeniser, tokeniser.encode(written))


def test_the_template_around_a_prompt_is_one_control_token_on_each_side(tokeniser):
    from builtin_model.tokens import ANSWERING, ASKED

    assert [len(tokeniser.encode_frame(frame)) for frame in (ASKED, ANSWERING)] == [1, 1]


def test_no_two_tokens_have_the_same_text_or_the_same_row(tokeniser):
    texts = Counter(token.text for token in tokeniser.tokens)
    factors = Counter(token.factors for token in tokeniser.tokens if token.factors)
    assert [text for text, count in (texts + factors).items() if count > 1] == []


@pytest.mark.parametrize("ref", ["e1", "e9", "e10", "e99"])
def test_a_reference_is_one_token_in_every_place_and_shares_its_factor(tokeniser, ref):
    shown = screen_text(
        ElementList("app", "window", (Line(ref, "button", "ok"), Line(ref, "tab", states=("focused",)))), BUILT_IN
    )
    answers = [msgspec.json.encode(each).decode() for each in (ClickIt(ref), AskFor(ref), TypeInto(ref, " ok"))]
    texts = [shown, f"\nalike: {ref} 5, {ref} 4\nshown: {ref} 9", *answers]
    found = [tokeniser.tokens[token] for text in texts for token in tokeniser.encode(text)]
    holding = [token for token in found if ref in token.factors]
    assert [token.text for token in holding] == [
        f' " [{ref}]',
        f" [{ref}]",
        f"\nalike: {ref} 5",
        f", {ref} 4",
        f"\nshown: {ref} 9",
        f'"{ref}"}}',
        f'"{ref}"}}',
        f'"{ref}","text":"',
    ]


def test_answers_are_made_of_few_tokens(tokeniser):
    wanted = {
        ClickIt("e7"): ['{"action":"click","element":', '"e7"}'],
        NoneFits(): ['{"action":"none"}'],
    }
    assert {answer: _pieces(tokeniser, msgspec.json.encode(answer).decode()) for answer in wanted} == wanted


def test_a_list_is_the_same_tokens_whatever_is_asked_about_it(tokeniser, made_cases):
    for case in made_cases:
        shown = screen_text(case.situation.shown_list, BUILT_IN)
        question = "\n" + question_text(case.situation, BUILT_IN)
        assert tokeniser.encode(shown + question) == tokeniser.encode(shown) + tokeniser.encode(question)


def test_the_same_texts_teach_the_same_merges():
    from builtin_model.tokens import learned_tokeniser

    texts = ["delete the customer", "the customers are deleted", "customer 12"] * 4
    assert learned_tokeniser(texts, 60).merges == learned_tokeniser(reversed(texts), 60).merges


def test_merges_make_frequent_words_one_token(tokeniser):
    assert _pieces(tokeniser, "click invoice 12")[-3:] == [" invoice", " 1", "2"]
