"""Trajectories as other tools want them: what leaves is scanned first, then written whole or not at all."""
