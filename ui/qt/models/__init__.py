"""The room of the models: which there are, what each is and can do, who has which part in a run."""
