"""The process of a replay that has a model repair what does not fit: `python -m agents.session.repair_child`.

It is ordered, answered and stopped exactly as the process of a replay (`workbench.session.child`).
"""

import sys
from typing import TYPE_CHECKING

from agents.session.messages import RepairOrder
from workbench.session.child import Pipe, serve

if TYPE_CHECKING:
    from workbench.session.running import Ready


def main() -> int:
    """Carry out the one replay that standard input orders."""
    return serve(RepairOrder, _replay)


def _replay(order: RepairOrder, pipe: Pipe, ready: "Ready") -> None:
    from agents.session.repair_running import carry_out

    carry_out(order, pipe, ready)


if __name__ == "__main__":
    sys.exit(main())
