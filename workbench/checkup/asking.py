"""Runs the checks in a process that may be given up on, so that nothing on the machine can hang who asks."""

import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from workbench.checkup.checks import Check, checks
from workbench.checkup.findings import Finding, Scope

LIMIT_S = 8.0
"""How long one check may take, the start of its process included."""


def examine(scope: Scope, *, more: Mapping[str, Check] | None = None, limit_s: float = LIMIT_S) -> Iterator[Finding]:
    """Every finding, in order and as soon as it is there; a check that takes longer or dies is a finding too.

    `more` are checks of higher floors by name, functions of modules, shown after the others.
    """
    known = checks() | dict(more or {})
    waiting = list(known)
    while waiting:
        receiver, sender = multiprocessing.get_context("spawn").Pipe(duplex=False)
        process = multiprocessing.get_context("spawn").Process(
            target=_work, args=(scope, {name: known[name] for name in waiting}, sender), daemon=True
        )
        process.start()
        sender.close()
        try:
            for finding in _heard(receiver, waiting, limit_s):
                waiting.pop(0)
                yield finding
        finally:
            _end(process, receiver)


def _heard(receiver: Connection, waiting: Sequence[str], limit_s: float) -> Iterator[Finding]:
    """The findings that the process sends; the one that it does not send is said to be missing, as the last."""
    for name in tuple(waiting):
        try:
            if not receiver.poll(limit_s):
                yield _silent(name, f"no answer within {limit_s:g} s")
                return
            yield receiver.recv()
        except EOFError:
            yield _silent(name, "the check ended without an answer")
            return


def _silent(name: str, found: str) -> Finding:
    return Finding(name, False, found, f"see why {name} hangs or crashes on this machine: something it needs is stuck")


def _end(process: BaseProcess, receiver: Connection) -> None:
    receiver.close()
    process.kill()
    process.join()
    process.close()


def _work(scope: Scope, waiting: Mapping[str, Check], sender: Connection) -> None:
    for name, check in waiting.items():
        sender.send(_finding(name, check, scope))


def _finding(name: str, check: Check, scope: Scope) -> Finding:
    try:
        return check(scope)
    except ImportError as error:
        return Finding(name, False, f"the package “{error.name}” is missing", "set the program up again")
    except OSError as error:
        return Finding(name, False, f"the system refused: {error.strerror or error}", "see what the message names")
