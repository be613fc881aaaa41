"""Faces: what a person touches."""
