"""Windows backend: written for real, not run on this project's machines."""
