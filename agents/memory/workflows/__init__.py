"""Workflows: routines that recur across what was done, with what differs each time as variables."""
