"""Hints: short cards about an application, learned from what failed and what worked, each linked to its steps."""
