"""A case becomes tokens, with the places in them that training points at."""

from agents.prompts.choosing import TypeInto
from agents.prompts.folding import folded
from agents.screen.listing import harmless


def test_copied_text_is_the_same_tokens_in_answer_and_task(tokeniser):
    from builtin_model.packing import answer_text

    task = tokeniser.encode('\ntask: type " customer 12 " into it')
    answer = tokeniser.encode(answer_text(TypeInto("e3", "Customer 12")))
    copied = answer[2:-1]
    assert "".join(tokeniser.decode(copied)) == " customer 12"
    assert any(task[at : at + len(copied)] == copied for at in range(len(task)))


def test_every_line_of_a_list_has_its_reference_and_its_name_where_the_encoder_says(tokeniser, made_cases):
    from builtin_model.packing import Encoder

    encoder = Encoder(tokeniser)
    for case in made_cases:
        screen = encoder.screen(case.situation.shown_list, [])
        named = [line for line in case.situation.shown_list.lines if folded(line.name)]
        told = [
            (tokeniser.decode(screen.tokens[first:last]).strip(), tokeniser.tokens[screen.tokens[column]].factors[0])
            for column, first, last in screen.names
        ]
        short = [line for line in named if len(line.name) < 50]
        assert {(folded(harmless(line.name)), line.ref) for line in short} <= set(told)


def test_every_mention_and_every_copied_text_is_found_in_the_tokens(tokeniser, made_cases):
    from builtin_model.packing import Encoder

    encoder, lines = Encoder(tokeniser), {"task": lambda asked: asked.task, "goal": lambda asked: asked.goal}
    found = 0
    for case in made_cases:
        (question,) = encoder.screen(case.situation.shown_list, [case]).questions
        marked = case.supervision.mention
        assert (question.mention is None) == (marked is None)
        if marked is not None and marked.place in lines:
            words = folded(lines[marked.place](case.situation)[marked.start : marked.end])
            assert words in tokeniser.decode(question.prompt[slice(*question.mention)])
            found += 1
        if question.copied is not None:
            assert tokeniser.decode(question.prompt[slice(*question.copied)]).strip() == folded(case.answer.text)
    assert found > 10
