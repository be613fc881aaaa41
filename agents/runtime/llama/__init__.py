"""What runs in the worker process: the only code that knows llama.cpp."""
