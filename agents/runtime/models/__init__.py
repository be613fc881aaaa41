"""Models as people know them: files, families, the registry, and fetching them."""
