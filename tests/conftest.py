"""What every test gets: a home, a library and settings of its own, and nothing of the person's."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # how long one takes depends on the machine
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests off the person's library, settings and secrets, in this process and in those it starts."""
    home = tmp_path_factory.mktemp("home")
    for name, folder in {
        "XDG_DATA_HOME": "data",
        "XDG_CONFIG_HOME": "config",
        "XDG_CACHE_HOME": "cache",
        "XDG_STATE_HOME": "state",
    }.items():
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.delenv("WORKBENCH_LIBRARY", raising=False)
    monkeypatch.delenv("WORKBENCH_SETTINGS", raising=False)


@pytest.fixture
def root() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parents[1]
