"""Data that ships with the program: the built-in model, icons, samples. Nothing here is code."""
