"""Suites that measure how well agents do, and what it costs."""
