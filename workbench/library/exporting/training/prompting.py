"""What a model is told of a state, in words; the picture goes with it."""

from workbench.library.exporting.training.study import State

MOST_HISTORY = 30
"""So many steps before are told, the newest of them."""


def prompt(state: State, *, hint: str = "") -> str:
    """Task, steps before, and a hint where one is told; of steps that are not told any more their number."""
    told = state.history[-MOST_HISTORY:]
    first = len(state.history) - len(told)
    lines = [f"Task: {state.task or 'nobody said'}", ""]
    lines += ["Steps so far:" if state.history else "Steps so far: none"]
    lines += [f"({first} earlier {'step is' if first == 1 else 'steps are'} not told)"] if first else []
    lines += [f"{number}. {words}" for number, words in enumerate(told, first + 1)]
    lines += ["", f"Hint: {hint}"] if hint else []
    return "\n".join([*lines, "", "What is the next action?"])
