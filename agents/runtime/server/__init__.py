"""A model that a server runs, behind the same port as one of this machine."""
