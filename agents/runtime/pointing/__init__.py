"""Where a model means: what its numbers count, and finding that out by calibration."""
