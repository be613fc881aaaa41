"""Finding a recorded target on today's screen."""
