"""Two trajectories or runs side by side."""
