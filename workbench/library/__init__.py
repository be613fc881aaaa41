"""Where trajectories live: SQLite, frames, search, import and export."""
