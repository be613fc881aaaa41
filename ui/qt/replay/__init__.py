"""The replay debugger: a trajectory replayed under a person's eyes, with breakpoints, evidence and choices."""
