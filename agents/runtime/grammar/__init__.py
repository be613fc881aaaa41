"""Grammars that hold an answer to our types."""
