"""The library: everything that was recorded, found again, sorted, named, handed on."""
