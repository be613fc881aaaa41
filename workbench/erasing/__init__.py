"""Taking a text, or a part of a picture, out of everything that is kept of a trajectory: words and pictures alike."""
