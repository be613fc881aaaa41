"""The recipe of the built-in model is no installed package: its folder is put on the path."""

import sys
from pathlib import Path

RECIPE = str(Path(__file__).resolve().parents[4] / "packaging" / "model")

if RECIPE not in sys.path:
    sys.path.insert(0, RECIPE)
