"""X11: the complete backend."""
