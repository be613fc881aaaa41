"""The desktop application: `workbench`, or a double-click."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

_MISSING = "the window needs PySide6: install it with `pip install gui-agent-workbench[window]`"


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window and stay until it is closed; 0 then, 4 where this machine cannot show one."""
    asked = _parser().parse_args(arguments)
    try:
        from ui.qt.application import start
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("PySide6"):
            raise
        sys.stderr.write(f"workbench: {_MISSING}\n")
        return 4
    return start(asked.library, asked.room, asked.trajectory)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("workbench", description="Record, replay and run on this desktop, in a window.")
    parser.add_argument("trajectory", nargs="?", default="", help="show this trajectory: its id, title or bundle")
    parser.add_argument("--library", type=Path, help="the folder of the library")
    parser.add_argument("--room", default="", help="the room to open: library, run, experience, models, settings")
    return parser


if __name__ == "__main__":
    sys.exit(main())
