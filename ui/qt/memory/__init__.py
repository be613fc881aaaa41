"""What a run has in mind, live, and what a person may change of it."""
