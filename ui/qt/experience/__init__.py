"""The room of what past work lends to a model: corrections, exemplars, and which way of finding is right."""
