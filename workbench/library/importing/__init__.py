"""Recordings of other tools: recognised by their content, read with care, taken into the library one by one."""
