"""The ground floor: trajectories, the desktop, locating targets and the one step loop."""
