"""A check says how fast a model is, and in words what is wrong with it; real files where files can be so wrong."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import gguf
import msgspec
import numpy as np
import pytest

from agents.runtime.checking import SCREEN, check, draw_screen
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.ports import PLAIN, Answer, Asking, Heard, Loaded, ModelError, Timings, Vectors
from agents.runtime.prompt import Prompt, pictures_of
from workbench.errors import BadInputError, StoppedError, UnavailableError

DATA = Path(__file__).parents[2] / "data" / "tiny_vlm"
LM, MMPROJ = DATA / "lm.gguf", DATA / "mmproj.gguf"
POINT = '{"x":1,"y":2}'
FAST = Timings(prompt_tokens=500, image_tokens=2000, answer_tokens=20, image_ms=900.0, prompt_ms=500.0, answer_ms=100.0)


def _check(model: Path, mmproj: Path | None = MMPROJ, context: int = 0):
    load = Load(0, str(model), str(mmproj) if mmproj else "", context=context, threads=1)
    with LocalModel("tiny", load) as local:
        return check(local, "tiny")


def _mended(report) -> str:
    """The only problem of a report that is not well."""
    assert report.ok is False
    (problem,) = report.problems
    assert "\n" not in problem
    return problem


class Scripted:
    """A model that answers with what it is given."""

    name = "scripted"

    def __init__(self, timings: Timings = FAST, text: str = POINT, architecture: str = "fake") -> None:
        self.constrained = True
        self.timings = timings
        self.text = text
        self.architecture = architecture

    @property
    def loaded(self) -> Loaded:
        return Loaded("scripted", self.architecture, 8192, True, gpu="a GPU", load_ms=12.34)

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        text = self.text if pictures_of(prompt) else "one, two"
        return Answer(text, timings=self.timings, constrained=self.constrained)

    def count(self, prompt: Prompt) -> int:
        return 2000

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.ones((len(texts), 1), np.float32)

    def cancel(self) -> None:
        pass

    def close(self) -> None:
        pass


class Failing(Scripted):
    """A model that fails when it is asked."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        raise self.error


def test_a_good_model_has_figures_and_no_problems():
    report = _check(LM)
    assert (report.name, report.ok, report.problems) == ("tiny", True, ())
    figures = (report.load_ms, report.image_ms, report.prompt_tokens_per_s, report.generate_tokens_per_s)
    assert all(figure > 0 for figure in figures)
    assert (report.image_tokens > 0, report.context) == (True, 4096)


def test_the_report_is_the_document_that_the_command_line_promises():
    document = msgspec.json.decode(msgspec.json.encode(check(Scripted(), "scripted")))
    assert document == {
        "name": "scripted",
        "ok": True,
        "load_ms": 12.3,
        "image_ms": 900.0,
        "image_tokens": 2000,
        "prompt_tokens_per_s": 1000.0,
        "generate_tokens_per_s": 200.0,
        "gpu": "a GPU",
        "context": 8192,
        "problems": [],
    }


def test_a_model_without_its_picture_part_is_told_how_to_get_it():
    assert "takes no pictures" in _mended(_check(LM, None))


def test_what_loading_found_wanting_is_a_problem(monkeypatch):
    model = Scripted()
    loaded = Loaded("scripted", "fake", 8192, sees=True, problem="the card's memory is not known")
    monkeypatch.setattr(Scripted, "loaded", loaded)
    assert "memory is not known" in _mended(check(model, "x"))


def test_a_context_too_small_for_a_screenshot_is_a_problem():
    assert "context of 256 tokens is too small" in _mended(_check(LM, context=256))


def test_a_file_that_cannot_be_loaded_is_a_problem_and_no_error(tmp_path):
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(LM.read_bytes()[:300_000])
    assert "cut.gguf" in _mended(_check(cut))
    assert "gone.gguf" in _mended(_check(tmp_path / "gone.gguf"))


def test_a_model_without_a_chat_template_is_a_problem(tmp_path):
    plain = tmp_path / "plain.gguf"
    plain.write_bytes(LM.read_bytes().replace(b"tokenizer.chat_template", b"tokenizer.chat_templitz"))
    report = _check(plain)
    assert report.ok is False
    assert all("template" in problem for problem in report.problems)


def test_weights_that_are_no_numbers_are_a_problem(tmp_path):
    broken = tmp_path / "nan.gguf"
    shutil.copy(LM, broken)
    broken.chmod(0o600)
    reader = gguf.GGUFReader(broken, "r+")
    tensor = next(tensor for tensor in reader.tensors if tensor.name == "output_norm.weight")
    tensor.data[:] = np.nan
    del tensor, reader
    report = _check(broken)
    assert report.ok is False
    assert any("NaN" in problem for problem in report.problems)


def test_an_answer_that_breaks_the_grammar_is_a_problem():
    assert "breaks the grammar" in _mended(check(Scripted(text="\x00\x00"), "x"))
    assert "breaks the grammar" in _mended(check(Scripted(text='{"x":01,"y":2}'), "x"))


@pytest.mark.parametrize("text", ['{"x": 1, "y": 2}', '\n{\n  "y": 999,\n  "x": 0\n}\n'])
def test_a_point_may_be_written_with_white_space_as_servers_do(text):
    assert check(Scripted(text=text), "x").ok


@pytest.mark.parametrize(
    "text", ['{"x":1000,"y":2}', '{"x":-1,"y":2}', '{"x":1.5,"y":2}', '{"x":1}', "\ud800", "[" * 5000]
)
def test_what_is_no_point_is_a_problem(text):
    assert "breaks the grammar" in _mended(check(Scripted(text=text), "x"))


def test_a_server_without_forms_is_not_taken_for_a_damaged_file():
    model = Scripted(text="I would click at (3, 4).")
    model.constrained = False
    problem = _mended(check(model, "x"))
    assert "the server does not hold answers to a form" in problem
    assert "damaged" not in problem


class Embedder(Scripted):
    """A model that makes vectors of texts and answers no questions."""

    def __init__(self, *rows: Sequence[float]) -> None:
        super().__init__()
        self.rows = rows

    @property
    def loaded(self) -> Loaded:
        return Loaded("embedder", "bert", 512, False, embedding_size=2, embeds=True)

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        raise BadInputError("it was loaded to embed, not to answer")

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self.rows, np.float32)


def test_an_embedder_is_given_texts_and_asked_nothing():
    report = check(Embedder((1.0, 0.0), (0.6, 0.8)), "x")
    assert (report.ok, report.problems, report.image_tokens, report.context) == (True, (), 0, 512)


@pytest.mark.parametrize("rows", [((1.0, 0.0), (1.0, 0.0)), ((np.nan, 0.0), (0.6, 0.8)), ((1.0, 0.0),)])
def test_an_embedder_whose_vectors_tell_nothing_is_a_problem(rows):
    assert "do not tell two texts apart" in _mended(check(Embedder(*rows), "x"))


def test_a_real_model_that_was_loaded_to_embed_is_checked_as_one():
    with LocalModel("tiny", Load(0, str(LM), threads=1, embeds=True)) as local:
        report = check(local, "tiny")
    assert (report.ok, report.problems) == (True, ())


@pytest.mark.parametrize(
    ("architecture", "tokens", "well"),
    [
        ("qwen2vl", 1023, False),
        ("qwen3vlmoe", 900, False),
        ("qwen2vl", 1024, True),
        ("qwen3", 96, True),
        ("gemma3", 256, True),
    ],
)
def test_qwen_vl_models_that_see_too_coarsely_are_a_problem(architecture, tokens, well):
    report = check(Scripted(msgspec.structs.replace(FAST, image_tokens=tokens), architecture=architecture), "x")
    assert report.ok is well
    assert well or "image_min_tokens" in _mended(report)


@pytest.mark.parametrize("changes", [{"image_ms": 200_000.0}, {"answer_ms": 40_000.0}])
def test_a_model_too_slow_to_use_is_a_problem(changes):
    assert "unusably slow" in _mended(check(Scripted(msgspec.structs.replace(FAST, **changes)), "x"))


def test_a_model_that_dies_when_asked_is_a_problem_said_once():
    assert _mended(check(Failing(ModelError("it died")), "x")) == "it died"


def test_a_check_that_is_stopped_is_stopped():
    with pytest.raises(StoppedError):
        check(Failing(StoppedError("enough")), "x")


def test_the_screen_that_is_looked_at_is_new_for_each_seed_and_the_same_for_one():
    first, again, other = (draw_screen(*SCREEN, seed=seed) for seed in (1, 1, 2))
    assert (first.width, first.height) == SCREEN
    assert first.digest == again.digest
    assert first.digest != other.digest


def test_where_this_machine_cannot_run_any_model_that_is_no_finding_about_this_one() -> None:
    class Nowhere:
        name = "any"

        @property
        def loaded(self) -> Loaded:
            raise UnavailableError("llama.cpp cannot be used here: install it")

    with pytest.raises(UnavailableError, match="install it"):
        check(Nowhere(), "any")  # type: ignore[arg-type]  # nothing else of it is asked
