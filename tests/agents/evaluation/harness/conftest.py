"""A toy suite that other processes can load too."""

from pathlib import Path

import pytest
import toy_suite


@pytest.fixture
def toys(tmp_path, monkeypatch) -> Path:
    """The folder of the toy suite, in which trouble is made and what was played is told."""
    folder = tmp_path / "toys"
    folder.mkdir()
    monkeypatch.setenv("WORKBENCH_TOY", str(folder))
    monkeypatch.setenv("PYTHONPATH", str(Path(toy_suite.__file__).parent))
    return folder
