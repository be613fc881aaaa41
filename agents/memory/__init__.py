"""What an agent keeps in mind: its working memory, and what people corrected."""
