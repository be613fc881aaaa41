"""The model that comes with the program: always there, never downloaded, in nobody's folder."""

from importlib import resources
from pathlib import Path

NAME = "built-in"
"""What people call it; no other model may be called that."""

FAMILY = "built-in"


def built_in_file() -> Path:
    """Where its weights are; raises FileNotFoundError in a copy of the program that comes without them."""
    path = Path(str(resources.files("assets") / "models" / "built-in.gguf"))
    if not path.is_file():
        raise FileNotFoundError(path)
    return path


def comes_along() -> bool:
    """Whether this copy of the program holds it."""
    try:
        built_in_file()
    except (FileNotFoundError, ModuleNotFoundError):
        return False
    return True
