"""What the built-in model learns from: made-up screens, sentences about them, and the right answers."""
