"""Carrying out `workbench-cli complete`: which trajectories, how far it is, and what came of it."""

import shlex
from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ui.cli.console import Console, one_line
from ui.cli.opening import find_complete, open_library
from ui.orders.completing import completed, nothing_stops, summary, writing_model
from workbench.errors import BadInputError
from workbench.report.words import tidy

if TYPE_CHECKING:
    from agents.completion.completing import Completed
    from agents.completion.naming import Proposal
    from workbench.library.store import Library

SHOWN = 5
"""Of what a model was not believed, so many lines are shown; all with --json."""

EVERY = 50
"""After so many steps is said how far it is; after each where a model writes."""


def carry_out(args: Namespace, console: Console) -> int:
    """Complete what was named and print one line for each; each is one revision that can be undone."""
    if args.all == bool(args.trajectory):
        raise BadInputError("name the trajectory to complete, or all of them with --all")
    with (
        open_library(console) as library,
        writing_model(args.model, console.say, nothing_stops) as model,
    ):
        every = EVERY if model is None else 1
        names = _all(library) if args.all else [find_complete(args.trajectory, library, console).id]
        done = [
            completed(library, name, model=model, told=_progress(name, every, console), check=nothing_stops)
            for name in names
        ]
    plain = [_plain(one) for one in done]
    lines = "\n".join(map(_line, done)) or "the library is empty"
    console.data(plain if args.all else plain[0], lines)
    return 0


def _all(library: "Library") -> list[str]:
    return [one.id for one in library.summaries() if one.steps]


def _progress(name: str, every: int, console: Console) -> Callable[[int, int], None]:
    """Says now and then how far a long one is."""

    def told(done: int, of: int) -> None:
        if done % every == 0 and done < of:
            console.say(f"{name}: {done} of {of} steps")

    return told


def _plain(done: "Completed") -> dict[str, Any]:
    trajectory = done.trajectory
    return {
        "trajectory": trajectory.id,
        "revision": trajectory.revision,
        "steps": len(trajectory.steps),
        "meanings": done.meanings,
        "thoughts": done.thoughts,
        "chapters": done.chapters,
        "refused": list(done.refused),
        "proposed": {"title": done.proposal.title, "task": done.proposal.task},
    }


def _line(done: "Completed") -> str:
    trajectory = done.trajectory
    head = f"{trajectory.id}@{trajectory.revision}  {tidy(trajectory.title)}  ({summary(done)})"
    more = len(done.refused) - SHOWN
    lines = [f"  not taken: {one_line(why)}" for why in done.refused[:SHOWN]]
    lines += [f"  and {more} more were not taken; --json lists them"] if more > 0 else []
    return "\n".join([head, *lines, *_proposed(trajectory.id, done.proposal)])


def _proposed(name: str, proposal: "Proposal") -> list[str]:
    """What to call it, as the command that does so."""
    given = [("--title", proposal.title), ("--task", proposal.task)]
    options = " ".join(f"{option} {shlex.quote(one_line(text))}" for option, text in given if text)
    return [f"  to name it so: workbench-cli edit {name} {options}"] if options else []
