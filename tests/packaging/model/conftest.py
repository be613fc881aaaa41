"""The recipe of the built-in model is no installed package: its tests put it on the path."""

import sys
from pathlib import Path

import pytest

RECIPE = Path(__file__).resolve().parents[3] / "packaging" / "model"
if str(RECIPE) not in sys.path:
    sys.path.insert(0, str(RECIPE))


@pytest.fixture(scope="session")
def one_thread():
    """PyTorch on one thread: small matrices gain nothing by more, and lose much where other processes are busy."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def tokeniser():
    """A vocabulary with merges learned on a few hundred words of the screen."""
    from builtin_model.tokens import learned_tokeniser

    words = ["customer", "invoice", "address", "type", "page", "save as", "delete", "größe", "η τιμή", "цена"]
    texts = [f'\nbutton " {word} {other} " [e1]\ntask: click {word} 12' for word in words for other in words]
    return learned_tokeniser(texts * 3, 160)


@pytest.fixture(scope="session")
def network(tokeniser, one_thread):
    """A small network nobody has trained."""
    from builtin_model.network import Network, Shape

    return Network(Shape(layers=4, width=64, heads=2, head_width=32, inner=96, context=2048), tokeniser, seed=3).eval()


@pytest.fixture(scope="session")
def model_file(network, tokeniser, tmp_path_factory):
    """The same as a file of 32 bits."""
    from builtin_model.exporting import export

    file = tmp_path_factory.mktemp("model") / "small.gguf"
    export(network, tokeniser, file, "f32")
    return file


@pytest.fixture(scope="session")
def made_cases():
    """Held-out cases of the generator, a few of every kind."""
    from builtin_model.data.testing import held_out

    return held_out(5, 2, fewest=5, most=20)
