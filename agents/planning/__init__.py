"""Deciding which step comes next, from a task in words: the agent's half of the step loop."""
