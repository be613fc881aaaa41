"""The demonstration that `make run` shows: a real application, recorded and replayed where nobody is disturbed."""
