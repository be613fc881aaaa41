"""What models are asked, word for word, and the forms in which they answer."""
