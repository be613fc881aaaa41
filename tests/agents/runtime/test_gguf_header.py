"""Reading what a model file says of itself, from whole files and from broken ones."""

import contextlib
import struct
from pathlib import Path

import gguf
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.runtime.models.gguf_header import check_fit, read_model, read_projector
from agents.runtime.models.gguf_reading import _BLOCKS, read_head
from workbench.errors import BadInputError

TINY = Path(__file__).resolve().parents[2] / "data" / "tiny_vlm"
MODEL, MMPROJ = TINY / "lm.gguf", TINY / "mmproj.gguf"
WIDTH = 32


def _written(writer: gguf.GGUFWriter, shapes: dict[str, tuple[int, ...]]) -> None:
    for name, shape in shapes.items():
        writer.add_tensor(name, np.zeros(shape, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _model(path: Path, *, architecture="qwen2vl", name="Qwen2.5 VL 7B Instruct", tokens=("a", "b", "c"), width=WIDTH):
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name(name)
    writer.add_block_count(2)
    writer.add_embedding_length(WIDTH)
    writer.add_context_length(4096)
    writer.add_token_list(list(tokens))
    _written(writer, {"token_embd.weight": (len(tokens), width)})
    return path


def _mmproj(path: Path, *, projector="qwen2.5vl_merger", name="Qwen2.5 VL 7B Instruct", width=WIDTH, stated=None):
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_type("mmproj")
    if name:
        writer.add_name(name)
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", projector)
    writer.add_uint32("clip.vision.projection_dim", width if stated is None else stated)
    _written(writer, {"mm.2.weight": (width, 8), "mm.2.bias": (width,)})
    return path


def test_a_model_s_header_tells_what_it_is():
    header = read_model(MODEL)
    assert (header.architecture, header.names[0]) == ("qwen3", "tiny-gui-vlm")
    assert (header.embedding_length, header.has_template) == (128, True)


def test_an_mmproj_s_header_tells_its_kind_and_its_width():
    header = read_projector(MMPROJ)
    assert (header.projector, header.width) == ("phi4", 128)
    check_fit(read_model(MODEL), header)


def test_the_table_of_tensor_kinds_is_that_of_ggml():
    assert {int(kind): tuple(sizes) for kind, sizes in gguf.constants.GGML_QUANT_SIZES.items()} == _BLOCKS


@pytest.mark.parametrize(("read", "path"), [(read_model, MMPROJ), (read_projector, MODEL)])
def test_a_file_of_the_other_kind_is_refused_with_where_to_give_it(read, path):
    with pytest.raises(BadInputError, match="--mmproj") as refusal:
        read(path)
    assert str(path) in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"width": WIDTH * 2}, "embeddings of 64 numbers, the model takes 32"),
        ({"projector": "gemma3"}, "goes with no qwen2vl model"),
        ({"projector": "qwen3vl_merger"}, "goes with no qwen2vl model"),
        ({"name": "InternVL3 8B Instruct"}, "was made for “InternVL3 8B Instruct”"),
    ],
)
def test_the_mmproj_of_another_model_is_refused(tmp_path, changes, said):
    model, mmproj = read_model(_model(tmp_path / "m.gguf")), read_projector(_mmproj(tmp_path / "p.gguf", **changes))
    with pytest.raises(BadInputError, match=r"p\.gguf is the mmproj of another model") as refusal:
        check_fit(model, mmproj)
    assert said in str(refusal.value)


@pytest.mark.parametrize("name", ["Qwen2.5 VL 7B Instruct", "qwen2.5-vl-7b", "Qwen2.5VL 7B", "", "Model", "7B F16"])
def test_names_that_are_alike_or_say_nothing_do_not_speak_against_a_pair(tmp_path, name):
    check_fit(read_model(_model(tmp_path / "m.gguf")), read_projector(_mmproj(tmp_path / "p.gguf", name=name)))


def test_the_names_that_a_file_gives_itself_cannot_steer_a_terminal(tmp_path):
    header = read_model(_model(tmp_path / "m.gguf", name="evil\x1b[2J\x9b31m\u202e\nname"))
    assert header.names == ("evil[2J31m name",)


def test_a_person_who_knows_better_can_pair_files_of_different_names_but_not_of_different_widths(tmp_path):
    model = read_model(_model(tmp_path / "m.gguf"))
    check_fit(model, read_projector(_mmproj(tmp_path / "p.gguf", name="Other Family")), by_name=False)
    with pytest.raises(BadInputError, match="another model"):
        check_fit(model, read_projector(_mmproj(tmp_path / "q.gguf", width=8)), by_name=False)


def test_old_projectors_are_believed_by_their_tensors_and_not_by_what_they_state(tmp_path):
    assert read_projector(_mmproj(tmp_path / "p.gguf", projector="mlp", stated=768)).width == WIDTH
    assert read_projector(_mmproj(tmp_path / "q.gguf", projector="resampler", stated=768)).width == 0


def test_an_mmproj_whose_layers_do_not_fit_together_is_refused_before_llama_cpp_aborts_on_it(tmp_path):
    writer = gguf.GGUFWriter(tmp_path / "p.gguf", "clip")
    writer.add_bool("clip.has_vision_encoder", True)
    _written(writer, {"v.blk.0.ffn_up.weight": (16, 8), "v.blk.0.ffn_up.bias": (12,)})
    with pytest.raises(BadInputError, match=r"damaged: .*v\.blk\.0\.ffn_up"):
        read_projector(tmp_path / "p.gguf")


def test_a_vocabulary_with_a_token_twice_is_refused(tmp_path):
    with pytest.raises(BadInputError, match="lists a token twice") as refusal:
        read_model(_model(tmp_path / "m.gguf", tokens=("a", "}", "b", "}")))
    assert "}" in str(refusal.value)


def test_empty_tokens_are_no_duplicates_for_llama_cpp_names_them(tmp_path):
    assert read_model(_model(tmp_path / "m.gguf", tokens=("", "a", ""))).architecture == "qwen2vl"


def test_a_token_table_of_another_shape_than_stated_is_refused(tmp_path):
    with pytest.raises(BadInputError, match="token table measures 16 x 3, not 32 x 3"):
        read_model(_model(tmp_path / "m.gguf", width=16))


def test_a_part_of_a_split_model_is_refused_with_how_to_join_it(tmp_path):
    writer = gguf.GGUFWriter(tmp_path / "m.gguf", "qwen3")
    writer.add_uint16("split.no", 1)
    writer.add_uint16("split.count", 3)
    writer.add_token_list(["a"])
    _written(writer, {"x": (1,)})
    with pytest.raises(BadInputError, match=r"part 2 of 3 .*llama-gguf-split --merge"):
        read_model(tmp_path / "m.gguf")


def test_a_lora_or_a_mere_vocabulary_is_no_model(tmp_path):
    for name, add in (("a", lambda w: w.add_type("adapter")), ("v", lambda w: w.add_token_list(["a"]))):
        writer = gguf.GGUFWriter(tmp_path / name, "qwen3")
        add(writer)
        _written(writer, {"x": (1,)} if name == "a" else {})
        with pytest.raises(BadInputError, match=r"is no (language )?model"):
            read_model(tmp_path / name)


def test_a_layer_that_adds_numbers_to_no_weights_is_refused(tmp_path):
    path = tmp_path / "p.gguf"
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_type("mmproj")
    writer.add_bool("clip.has_vision_encoder", True)
    _written(writer, {"v.blk.0.attn_q.bias": (8,), "mm.2.weight": (8, 8)})
    with pytest.raises(BadInputError, match=r"v\.blk\.0\.attn_q has no weights"):
        read_projector(path)


def test_big_endian_files_and_other_versions_are_refused_by_name(tmp_path):
    for content, said in (
        (b"GGUF" + struct.pack(">I", 3), "big-endian"),
        (b"GGUF" + struct.pack("<I", 9), "version 9"),
    ):
        path = tmp_path / "m.gguf"
        path.write_bytes(content + bytes(64))
        with pytest.raises(BadInputError, match=said):
            read_model(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"\n<!doctype html><title>Log in</title>", "it is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
        (b"PK\x03\x04" + bytes(50), "archive"),
        (b"\x93NUMPY" + bytes(50), "does not begin as one"),
        (b"GGUF", "cut short"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**60, 1), "more than can be"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 2**60), "more than can be"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**50), "more than can be"),
        (b"GGUF" + struct.pack("<IQQQ1sI", 3, 0, 1, 1, b"k", 77), "unknown type 77"),
        (b"GGUF" + struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"k", 9, 9, 1), "unknown type 9"),
        (b"GGUF" + struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"k", 9, 8, 2**23), "more than can be"),
        (b"GGUF" + struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"k", 9, 10, 2**23), "cut short"),
    ],
)
def test_what_is_no_gguf_file_is_refused_with_the_reason(tmp_path, content, said):
    path = tmp_path / "m.gguf"
    path.write_bytes(content)
    with pytest.raises(BadInputError) as refusal:
        read_head(path)
    assert said in str(refusal.value)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_or_a_folder_is_refused(tmp_path):
    for path, said in (
        (tmp_path / "none", "there is no file"),
        (tmp_path, "is no file"),
        (Path("a\0b"), "there is no file"),
    ):
        with pytest.raises(BadInputError, match=said):
            read_head(path)


@pytest.mark.parametrize("part", [0.001, 0.01, 0.3, 0.9, 0.99999])
@pytest.mark.parametrize("path", [MODEL, MMPROJ])
def test_a_file_that_is_cut_short_anywhere_is_noticed(tmp_path, path, part):
    short = tmp_path / "short.gguf"
    short.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with pytest.raises(BadInputError, match="cut short"):
        read_head(short)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 12_000), st.binary(min_size=1, max_size=12))
def test_a_damaged_head_is_read_or_refused_but_never_anything_else(tmp_path_factory, at, damage):
    data = bytearray(MODEL.read_bytes())
    data[at : at + len(damage)] = damage
    path = tmp_path_factory.mktemp("damaged") / "m.gguf"
    path.write_bytes(data)
    with contextlib.suppress(BadInputError):
        read_model(path)
