"""The first lines of the frozen program: `workbench` opens the window, `workbench-cli` reads a command line.

Both are this file under two names. Asked with `--module`, either becomes one of the program's own processes.
"""

import os
import sys
from pathlib import Path

from workbench.own_processes import become_child


def main() -> int:
    """Be what the file is called."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # on Windows a program without a console has nowhere to write to
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for as long as it runs
    become_child()
    if Path(sys.executable).stem.endswith("-cli"):
        from ui.cli.main import main as command_line

        return command_line()
    from ui.qt.main import main as window

    return window()


if __name__ == "__main__":
    sys.exit(main())
