"""Exporting from any room: which format and where to, a look for leaks, and what is done with each."""
