"""Completing recordings: what every step means, what one would have thought, what it was all for, and its chapters.

After PC Agent (arXiv 2412.17589): first the meaning of each step, then a thought that leads to it; by rules at once, by
a model where there is time. What a person wrote is never changed.
"""
