"""The window: the same core as the command line, for people who like to see what happens."""
