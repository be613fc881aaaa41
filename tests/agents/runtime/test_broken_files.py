"""Files, pictures and prompts that cannot work: each gives one clear error, and the worker answers the next request.

Where llama.cpp ends the process, the worker dies in a way that its parent sees.
"""

import numpy as np
import pytest

from agents.runtime.messages import Answered, Image, Ready


@pytest.fixture
def lm(talking):
    return talking.TINY / "lm.gguf"


@pytest.fixture
def mmproj(talking):
    return talking.TINY / "mmproj.gguf"


@pytest.fixture
def still_works(worker, tiny, answers):
    """After the test, the same worker loads the good files and answers."""
    yield
    assert isinstance(worker.load(tiny), Ready)
    assert answers(worker)


@pytest.mark.usefixtures("still_works")
class TestRefusedAtLoad:
    def test_a_missing_model(self, worker, talking, refused, tmp_path):
        refused(worker.load(talking.load(tmp_path / "no.gguf")), "no.gguf", "no file")

    def test_a_missing_mmproj(self, worker, talking, refused, lm, tmp_path):
        refused(worker.load(talking.load(lm, tmp_path / "no.gguf")), "no.gguf", "no file")

    def test_a_folder(self, worker, talking, refused, tmp_path):
        refused(worker.load(talking.load(tmp_path)), str(tmp_path), "no file")

    @pytest.mark.parametrize("size_bytes", [0, 3, 20, 5000, 600_000])
    def test_a_model_that_was_cut_off(self, worker, talking, refused, gguf_files, lm, tmp_path, size_bytes):
        broken = gguf_files.truncated(lm, tmp_path / "cut.gguf", size_bytes)
        refused(worker.load(talking.load(broken)), "cut.gguf")

    def test_an_mmproj_that_was_cut_off(self, worker, talking, refused, gguf_files, lm, mmproj, tmp_path):
        broken = gguf_files.truncated(mmproj, tmp_path / "cut.gguf", 700_000)
        refused(worker.load(talking.load(lm, broken)), "cut.gguf")

    def test_garbage(self, worker, talking, refused, tmp_path):
        broken = tmp_path / "garbage.gguf"
        broken.write_bytes(np.random.default_rng(0).bytes(100_000))
        refused(worker.load(talking.load(broken)), "garbage.gguf")

    def test_a_head_of_garbage_behind_the_right_beginning(self, worker, talking, refused, tmp_path):
        broken = tmp_path / "garbage.gguf"
        broken.write_bytes(b"GGUF\x03\0\0\0" + np.random.default_rng(0).bytes(100_000))
        refused(worker.load(talking.load(broken)), "garbage.gguf")

    def test_an_mmproj_in_the_place_of_the_model(self, worker, talking, refused, mmproj):
        refused(worker.load(talking.load(mmproj)), "mmproj.gguf", "mmproj")

    def test_a_model_in_the_place_of_the_mmproj(self, worker, talking, refused, lm):
        refused(worker.load(talking.load(lm, lm)), "lm.gguf", "no mmproj")

    def test_the_mmproj_of_another_model(self, worker, talking, refused, gguf_files, lm, mmproj, tmp_path):
        narrow = {"mm.2.weight": lambda value: value[:64], "mm.2.bias": lambda value: value[:64]}
        other = gguf_files.copy(
            mmproj,
            tmp_path / "other.gguf",
            key=lambda name, value: 64 if name == "clip.vision.projection_dim" else value,
            tensor=lambda name, value: narrow[name](value) if name in narrow else value,
        )
        refused(worker.load(talking.load(lm, other)), "other.gguf", "another model", "64", "128")

    def test_an_mmproj_without_a_tensor(self, worker, talking, refused, gguf_files, lm, mmproj, tmp_path):
        names = ("v.blk.0.attn_q.weight",)
        broken = gguf_files.with_tensor(mmproj, tmp_path / "hole.gguf", *names, change=lambda value: None)
        refused(worker.load(talking.load(lm, broken)), "hole.gguf")

    def test_a_vocabulary_with_a_token_twice(self, worker, talking, refused, gguf_files, lm, tmp_path):
        broken = gguf_files.with_token_twice(lm, tmp_path / "twice.gguf")
        refused(worker.load(talking.load(broken)), "twice.gguf", "twice")

    def test_a_model_with_a_tensor_of_another_shape(self, worker, talking, refused, gguf_files, lm, tmp_path):
        names = ("blk.1.ffn_up.weight",)
        broken = gguf_files.with_tensor(lm, tmp_path / "shape.gguf", *names, change=lambda value: value[:-8])
        reply = refused(worker.load(talking.load(broken)), "shape.gguf", "blk.1.ffn_up.weight")
        assert any("blk.1.ffn_up.weight" in line for line in reply.native)

    def test_an_mmproj_with_a_layer_whose_parts_differ(
        self, worker, talking, refused, gguf_files, lm, mmproj, tmp_path
    ):
        names = ("v.blk.0.attn_q.weight",)
        broken = gguf_files.with_tensor(mmproj, tmp_path / "shape.gguf", *names, change=lambda value: value[:-32])
        refused(worker.load(talking.load(lm, broken)), "shape.gguf", "v.blk.0.attn_q")


def test_an_mmproj_with_shapes_that_only_llama_cpp_checks_ends_the_worker_visibly(
    worker, talking, gguf_files, lm, mmproj, tmp_path
):
    names = ("v.blk.0.ln1.weight", "v.blk.0.ln1.bias")
    broken = gguf_files.with_tensor(mmproj, tmp_path / "shape.gguf", *names, change=lambda value: value[:-32])
    reply = worker.load(talking.load(lm, broken))
    if isinstance(reply, Ready):
        reply = worker.ask(talking.user(talking.noise(192, 128), "click red"))
    assert reply is None
    assert worker.process.wait(30) != 0
    assert "GGML_ASSERT" in worker.said()


def test_a_model_without_a_chat_template_is_loaded_to_embed_alone(worker, talking, refused, gguf_files, lm, tmp_path):
    plain = gguf_files.with_template(lm, tmp_path / "plain.gguf", None)
    refused(worker.load(talking.load(plain)), "plain.gguf", "no chat template")
    assert isinstance(worker.load(talking.load(plain, embeds=True)), Ready)


def test_weights_that_are_no_numbers_give_an_error_instead_of_nonsense(
    worker, talking, refused, gguf_files, screens, lm, tiny, answers, tmp_path
):
    names = ("output_norm.weight",)
    broken = gguf_files.with_tensor(lm, tmp_path / "nan.gguf", *names, change=lambda value: value * np.nan)
    assert isinstance(worker.load(talking.load(broken)), Ready)
    refused(worker.ask(talking.user("click red")), "NaN", "download", exit_code=1)
    refused(worker.ask(talking.user("click red"), grammar=screens.GRAMMAR), "NaN", exit_code=1)
    refused(worker.ask(talking.user("click red"), temperature=1.0), "NaN", exit_code=1)
    assert isinstance(worker.load(tiny), Ready)
    assert answers(worker)


@pytest.mark.parametrize("size", [(1, 1), (20_000, 10), (10, 20_000), (6000, 4000)])
def test_a_picture_of_any_shape_is_looked_at(loaded, talking, answers, size):
    width, height = size
    reply = loaded.ask(talking.user(talking.image(np.full((height, width, 3), 200, np.uint8)), "click red"))
    assert isinstance(reply, Answered)
    assert reply.answer.timings.image_tokens > 0
    assert answers(loaded)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (Image("a", 0, 0, b""), ("0x0",)),
        (Image("b", 10, 10, b"\x89PNG not pixels"), ("10x10", "bytes")),
        (Image("c", 50_000, 50_000, b"xyz"), ("50000x50000",)),
    ],
)
def test_what_is_no_picture_is_refused(loaded, talking, refused, answers, picture, words):
    refused(loaded.ask(talking.user(picture, "click red")), *words)
    assert answers(loaded)


def test_a_picture_for_a_model_that_does_not_see_is_refused(worker, talking, refused, lm):
    worker.load(talking.load(lm))
    refused(worker.ask(talking.user(talking.noise(192, 128), "click red")), "tiny-gui-vlm", "no pictures", "mmproj")
    assert isinstance(worker.ask(talking.user("click red")), Answered)


def test_a_prompt_longer_than_the_context_is_refused_with_both_numbers(loaded, talking, refused, answers):
    refused(loaded.ask(talking.user("x" * 1000)), "100", "512", "context")
    assert answers(loaded)


@pytest.mark.parametrize("grammar", ["root ::= nothing", "root ::= (", 'start ::= "a"', "root ::= root"])
def test_a_grammar_that_does_not_parse_is_refused(loaded, talking, refused, answers, grammar):
    refused(loaded.ask(talking.user("click red"), grammar=grammar), "the grammar")
    assert answers(loaded)
