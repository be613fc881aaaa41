"""The exported file says in llama.cpp what the network says in PyTorch."""

import random

import gguf
import llama_cpp
import numpy as np
import pytest
import torch

from agents.prompts.choosing import BUILT_IN, ClickIt, Situation, TypeInto, question_text, screen_text
from agents.runtime.llama.vocabulary import Vocabulary
from agents.screen.listing import ElementList, Line, numbered

WORDS = "abc|E7 e7 | [e7]|e7,| e12|, e3 4|'s|'ll|123|button|\nbutton |\nfield \"|task:|\ntask:| focused|\nalike: e9 9"
SIGNS = '"|" |\n|\n\n| |  |\t|_|.|+|<|im_end>|{"action":"click",|"e5"}|\u2028|\u00a0|\u3000|\u0301|\u200d'
STRANGE = "é|ß|ж|日本|٣|²|½|№|…|—|🙂|ﬁ|𝔘"
PIECES = "|".join((WORDS, SIGNS, STRANGE)).split("|")


@pytest.fixture(scope="module")
def vocabulary(model_file):
    llama_cpp.llama_backend_init()
    settings = llama_cpp.llama_model_default_params()
    settings.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(str(model_file).encode(), settings)
    assert model
    yield Vocabulary(model)
    llama_cpp.llama_model_free(model)


def _texts(seed, count):
    draw = random.Random(seed)

    def piece():
        lowest, highest = draw.choice([(32, 127), (160, 0x600), (0x600, 0xD7FF), (0x10000, 0x1F000)])
        return draw.choice(PIECES) if draw.random() < 0.7 else chr(draw.randrange(lowest, highest))

    for _ in range(count):
        yield "".join(piece() for _ in range(draw.randint(1, 30)))


def test_llama_cpp_reads_thousands_of_strange_texts_as_the_same_tokens(vocabulary, tokeniser):
    other = [text for text in _texts(7, 4000) if vocabulary.tokens(text, special=False) != tokeniser.encode(text)]
    assert other == []


def test_llama_cpp_reads_prompts_as_the_same_tokens(vocabulary, tokeniser, made_cases):
    for case in made_cases:
        text = screen_text(case.situation.shown_list, BUILT_IN) + "\n" + question_text(case.situation, BUILT_IN)
        assert vocabulary.tokens(text, special=False) == tokeniser.encode(text)


def test_llama_cpp_reads_the_frame_as_the_same_tokens(vocabulary, tokeniser):
    from builtin_model.tokens import ANSWERING, ASKED

    for frame in (ASKED, ANSWERING):
        assert vocabulary.tokens(frame, special=True) == tokeniser.encode_frame(frame)


def test_the_file_says_what_it_is(model_file):
    fields = gguf.GGUFReader(model_file).fields
    wanted = {"general.name": "workbench-builtin", "general.license": "MIT", "workbench.prompt": "choosing-1"}
    assert {key: fields[key].contents() for key in wanted} == wanted
    assert not any("author" in key or "organization" in key for key in fields)


@pytest.mark.parametrize(("kind", "tolerance"), [("f32", 0.002), ("f16", 0.02), ("q8_0", 0.3)])
def test_llama_cpp_computes_the_logits_of_the_network(network, tokeniser, tmp_path, kind, tolerance):
    from builtin_model.exporting import export
    from builtin_model.packing import Question, Screen, packed

    file = tmp_path / f"{kind}.gguf"
    export(network, tokeniser, file, kind)
    screen, asked = tokeniser.encode('window " x " of y\nbutton " save " [e1]'), tokeniser.encode("\ntask: click save")
    question = Question(tuple(asked), (tokeniser.end,), "exact")
    with torch.no_grad():
        expected = network.run(packed([Screen(tuple(screen), (), (question,))], guided=False))[0][-1].numpy()
    model = llama_cpp.Llama(str(file), n_ctx=256, n_threads=1, n_threads_batch=1, logits_all=True, verbose=False)
    model.eval(screen + asked)
    found = np.asarray(model.scores[model.n_tokens - 1])
    model.close()
    np.testing.assert_allclose(found, expected, atol=tolerance * np.abs(expected).max(), rtol=0)


@pytest.fixture(scope="module")
def by_heart(tokeniser, one_thread):
    """A small network that was taught six answers until it gave them, and the cases."""
    from builtin_model.case import Case
    from builtin_model.network import Network, Shape
    from builtin_model.packing import Encoder, packed

    names = ("Customer", "Invoice", "Address")
    shown = ElementList("shop", "Page", numbered([Line("", "field", name) for name in names]))
    cases = [Case(Situation(shown, f"click {name}"), ClickIt(f"e{n}"), "exact") for n, name in enumerate(names, 1)]
    cases += [
        Case(Situation(shown, f'type "{name} 12" into {name}'), TypeInto(f"e{n}", f"{name} 12"), "type_quoted")
        for n, name in enumerate(names, 1)
    ]
    network = Network(Shape(layers=4, width=64, heads=2, head_width=32, inner=96, context=2048), tokeniser, seed=1)
    batch = packed([Encoder(tokeniser).screen(shown, cases)], guided=False)
    learner = torch.optim.AdamW(network.parameters(), lr=4e-3)
    for _ in range(150):
        loss = torch.nn.functional.cross_entropy(network.run(batch)[0], batch.targets)
        if float(loss.detach()) < 0.01:
            break
        learner.zero_grad()
        loss.backward()
        learner.step()
    return network.eval(), cases


def test_the_product_gives_the_answers_that_the_network_learned(by_heart, tokeniser, tmp_path):
    from builtin_model.exporting import export
    from builtin_model.parity import compared, table

    from agents.runtime.local import LocalModel
    from agents.runtime.messages import Load

    network, cases = by_heart
    file = tmp_path / "learned.gguf"
    export(network, tokeniser, file, "f16")
    with LocalModel("built-in", Load(0, str(file), gpu_layers=0, threads=1)) as model:
        found = compared(network, tokeniser, model, cases)
    assert (found.prompts, found.equal, found.right, found.other_tokens) == (6, 1.0, 1.0, 0)
    assert "decision ms" in table(found)
