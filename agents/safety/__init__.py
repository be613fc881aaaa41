"""What keeps an agent from harm: a judge's second look, and where secrets may go."""
