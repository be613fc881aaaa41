"""Where the model lives: llama.cpp in its own process, models as people know them, what a model means by a point."""
