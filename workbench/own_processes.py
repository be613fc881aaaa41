"""How this program starts itself again, for the work that it does in processes of their own.

An installed program asks its interpreter for a module. A frozen one (PyInstaller's folder, `packaging/bundle`) has no
interpreter to ask: there the program's own file is given the module's name, and `become_child` hears it.
"""

import os
import sys
from pathlib import Path

PACKAGES = ("workbench", "recorder", "agents", "ui")
"""Whose modules a frozen program runs."""

_CHILD = "--module"
_ROOT = str(Path(__file__).resolve().parents[1])


def own_process(module: str, *words: str) -> list[str]:
    """The command that runs this module of ours as a program; the current folder never lends it modules."""
    if is_frozen():
        return [sys.executable, _CHILD, module, *words]
    return [sys.executable, "-P", "-m", module, *words]


def quick_process(module: str, *words: str) -> list[str]:
    """The same for a module with a function `main` that needs the standard library alone: it is up in 20 ms."""
    if is_frozen():
        return own_process(module, *words)
    start = f"import sys; sys.path.insert(0, {_ROOT!r}); from {module} import main; main()"
    return [sys.executable, "-I", "-S", "-c", start, *words]


def is_frozen() -> bool:
    """Whether the program was built by PyInstaller."""
    return bool(getattr(sys, "frozen", False))


def become_child() -> None:
    """In a frozen program: run the module that the first words name, if they do, and end with it.

    To be called before anything else, on the main thread. Raises SystemExit, with 2 for a module that is none of ours.
    """
    give_back_environment()
    _become_part_of_multiprocessing()
    if sys.argv[1:2] != [_CHILD]:
        return
    import runpy

    module = sys.argv[2] if len(sys.argv) > 2 else ""
    if module.partition(".")[0] not in PACKAGES:
        sys.stderr.write(f"{_CHILD} is how the program starts its own parts, and “{module}” is none of them\n")
        raise SystemExit(2)
    sys.argv[1:] = sys.argv[3:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    raise SystemExit(0)


def _become_part_of_multiprocessing() -> None:
    """Be the worker or the tracker that `multiprocessing` starts for “spawn”, if the words are theirs, and end with it.

    It starts a frozen program as it would start an interpreter; the tracker's words hold code, of which only the number
    is taken.
    """
    if sys.argv[1:2] == ["--multiprocessing-fork"]:
        from multiprocessing.spawn import freeze_support

        freeze_support()
    if sys.argv[-2:-1] == ["-c"] and sys.argv[-1].startswith("from multiprocessing.resource_tracker import main"):
        from multiprocessing.resource_tracker import main

        main(int(sys.argv[-1].rpartition("(")[2].rstrip(")")))
        raise SystemExit(0)


def give_back_environment() -> None:
    """Undo what a frozen program's start changed, so that applications started from here load the system's libraries.

    PyInstaller's loader puts its folder into LD_LIBRARY_PATH and keeps what was there; it does so again in every
    process of our own, which PYINSTALLER_RESET_ENVIRONMENT asks it to begin from nothing. On Windows it sets a folder
    for libraries that processes inherit.
    """
    if sys.platform == "win32" and is_frozen():
        import ctypes

        ctypes.windll.kernel32.SetDllDirectoryW(None)
    kept = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if kept is not None:
        os.environ["LD_LIBRARY_PATH"] = kept
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
