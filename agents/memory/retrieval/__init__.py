"""Exemplar memory: finding, among all that was ever recorded, what is worth showing to a model now."""
