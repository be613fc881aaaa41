"""The one step loop, and replay as one of its planners."""
