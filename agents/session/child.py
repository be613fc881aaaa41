"""The process that carries out an agent's run on one desktop: `python -m agents.session.child`.

It is ordered, answered and stopped exactly as the process of a replay (`workbench.session.child`).
"""

import sys
from typing import TYPE_CHECKING

from agents.session.messages import AgentOrder
from workbench.session.child import Pipe, serve

if TYPE_CHECKING:
    from workbench.session.running import Ready


def main() -> int:
    """Carry out the one run that standard input orders."""
    return serve(AgentOrder, _run)


def _run(order: AgentOrder, pipe: Pipe, ready: "Ready") -> None:
    from agents.session.running import carry_out

    carry_out(order, pipe, ready)


if __name__ == "__main__":
    sys.exit(main())
