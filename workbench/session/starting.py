"""Starting the process of a run (`workbench.session.child`), before anything that its parent needs is loaded."""

import os
import subprocess
from collections.abc import Mapping

from workbench.own_processes import own_process

REPLAYING = "workbench.session.child"
"""The module of the process that replays; an agent's run has one of its own."""


def start_process(
    environment: Mapping[str, str] | None = None, *, module: str = REPLAYING
) -> "subprocess.Popen[bytes]":
    """The process, with pipes for its order and its events; it loads while the order is prepared.

    It serves the desktop of `environment`, by default of this process's, and ends when its input closes: whoever
    starts it wraps it in `workbench.session.parent.RunChild`.
    """
    return subprocess.Popen(
        own_process(module),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(environment if environment is not None else os.environ),
        start_new_session=True,
    )
