"""What training sets have in common: states, decisions, how runs went, and the words in which models are told."""
