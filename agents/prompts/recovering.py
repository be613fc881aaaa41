"""What the planner is told after trouble: what was seen, why that may be, and that another way is wanted.

The order is that of DEPS (arXiv 2302.01560): describe, explain, plan again. The sentences are made by rule: a model
that is in trouble should not be asked to explain it in its own words, which cost tokens and are often wrong.
"""

from agents.screen.listing import cut, quoted

LONGEST_QUOTE = 160
"""In characters, of what a step was meant to show and of what was seen."""


def no_effect(step: str, expected: str, observed: str) -> str:
    """A step that changed nothing that was expected; `observed` is empty where nothing changed at all."""
    if observed:
        return f"{_meant(step, expected)} but this was seen instead: {_quote(observed)}. Plan from what is there now."
    return (
        f"{_meant(step, expected)} but nothing changed: it is disabled, not the right control, or something has to be "
        "done first. Find another way."
    )


def rejected(step: str, said: str) -> str:
    """A step that a person did not permit, with what they said about it."""
    return (
        f"a person rejected “{_short(step)}” and it was not done: {_quote(said)}. "
        "Do what they want instead; where that is not known, ask them."
    )


def repeated(step: str, times: int) -> str:
    """The same step on the very same screen."""
    return (
        f"“{_short(step)}” was done {times} times on this very screen and led back to it: repeating it leads nowhere. "
        "Find another way."
    )


def cycling(steps: tuple[str, ...], rounds: int) -> str:
    """The same few steps, over and over."""
    chain = ", ".join(f"“{_short(step)}”" for step in steps)
    return f"the steps {chain} were done {rounds} times over: they undo each other. Do something else than these."


def stalled(steps: int) -> str:
    """Many steps without anything new on the screen."""
    return (
        f"the last {steps} steps showed nothing that was not seen before: this part of the plan does not work. "
        "Plan it anew, or ask the person."
    )


def abandoning(failures: int) -> str:
    """Why a subgoal is given up."""
    return f"{failures} steps for it in a row did not work"


def _meant(step: str, expected: str) -> str:
    wish = f" was to show: {_quote(expected)}," if expected else " was done,"
    return f"“{_short(step)}”{wish}"


def _quote(text: str) -> str:
    return quoted(cut(text, LONGEST_QUOTE))


def _short(step: str) -> str:
    return cut(" ".join(step.split()), LONGEST_QUOTE)
