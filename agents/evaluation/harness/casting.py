"""Who plays where: a suite and its actors by name, so that any process on any machine can make them.

A name is that of a suite, or `module:attribute` for what is none of ours.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Protocol, cast

from msgspec import Raw, Struct

from agents.evaluation.harness.conditions import Condition
from agents.evaluation.suites import Actor, Limits, StageOptions, Suite
from workbench.errors import BadInputError

SUITES: Mapping[str, str] = {
    "miniwob": "agents.evaluation.miniwob.episodes:MiniWob",
    "desktop": "agents.evaluation.desktop.episodes:DesktopSuite",
}
"""The suites that are played on desktops."""

AGENT = "agents.evaluation.harness.agent_cast:AgentCast"


class Casting(Struct, frozen=True):
    """Everything that a process has to know to play: the suite, who acts, how far an episode may go.

    `actors` names a `Cast` that is made from `told`, JSON that only it can read.
    """

    suite: str
    actors: str = AGENT
    told: Raw = Raw(b"null")
    limits: Limits = Limits()
    stage: StageOptions = StageOptions()


class Cast(Protocol):
    """Actors for conditions; they may share what is costly to start. For one thread."""

    def actor(self, condition: Condition) -> Actor:
        """Who acts in the next episode; asked for before each."""
        ...

    def close(self) -> None:
        """Let go of everything; idempotent."""
        ...


def suite_named(name: str) -> Suite:
    """The suite of that name; raises `BadInputError` where there is none."""
    return cast(Suite, named(SUITES.get(name, name))())


def cast_of(casting: Casting) -> Cast:
    """The actors; raises `BadInputError` where there are none of that name."""
    return cast(Cast, named(casting.actors)(casting.told))


def named(reference: str) -> Callable[..., Any]:
    """What a name of the form `module:attribute` means; raises `BadInputError` where that is nothing to call."""
    module, _, attribute = reference.partition(":")
    try:
        found = getattr(import_module(module), attribute, None) if attribute else None
    except ModuleNotFoundError as error:
        if error.name is None or not module.startswith(error.name):
            raise
        found = None
    if not callable(found):
        raise BadInputError(f"there is no suite or actor “{reference}”; there are {', '.join(SUITES)}")
    return cast("Callable[..., Any]", found)
