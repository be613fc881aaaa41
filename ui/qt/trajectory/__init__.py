"""Looking into a trajectory step by step, and changing it."""
