"""What a run leaves for people and for CI: an HTML page and a JUnit file."""
